"""More hard cases: what today's sites put before, around and in place of a page.

Importing it adds them to `hard_server.CASES`. Each is written from what such sites really send.
"""

from __future__ import annotations

import gzip
import secrets
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hard_server import CASES, LOREM, Request, bare, case, html, page, to

__all__ = ["CASES"]

GOOD = "301 Moved Permanently"
#: Menus and footers in plain boxes, as most sites have them, longer than many an article.
MENU = "".join(
    f"<div><a href='/t/{n}'>Thema {n}: Rat und Hilfe für Rücken, Kopf und Knie</a></div>" for n in range(40)
)
FOOT = "".join(f"<div><a href='/f/{n}'>Impressum, Datenschutz, Kontakt {n}</a></div>" for n in range(30))


def framed(title: str, middle: str, *, status: str = "200 OK") -> bytes:
    """A page between a long menu and a long footer that no element marks as such."""
    return html(title, f"{MENU}<div>{middle}</div>{FOOT}", status=status)


def changing(_: Request) -> bytes:
    """A page for what is not there, with a number and a time of its own in every answer."""
    middle = (
        f"<h1>Seite nicht gefunden</h1><p>Vorgang {secrets.token_hex(8)}, {datetime.now(UTC).isoformat()}</p>"
        f"<script>var id = '{secrets.token_hex(30)}'</script>"
    )
    return framed("Seite nicht gefunden | Gesundheitsportal für alle Lebenslagen im Alltag", middle)


# -- gone, though the server says 200 ------------------------------------------------------------------

case("framed-german", "soft-404", "nicht gefunden", None, start="framed-german/x", **{
    "*": lambda _: framed("Portal – Seite nicht gefunden", "<h1>Seite nicht gefunden</h1>Leider."),
})  # fmt: skip
case("framed-english", "soft-404", "find that page", None, start="framed-english/x", **{
    "*": lambda _: framed("Page Not Found - Back Pain Portal", "<h1>We could not find that page</h1>Sorry."),
})  # fmt: skip
case("framed-french", "soft-404", "introuvable", None, start="framed-french/x", **{
    "*": lambda _: framed("Page introuvable - Santé", "<h1>Oups ! Page introuvable</h1>Désolé."),
})  # fmt: skip
case("framed-by-heading-alone", "soft-404", "404", None, start="framed-by-heading-alone/x", **{
    "*": lambda _: framed("Gesundheitsportal", "<h1>Fehler 404</h1>Hier ist nichts."),
})  # fmt: skip
case("framed-and-changing", "soft-404", "nicht gefunden", None, start="framed-and-changing/x", **{
    "*": changing,
})  # fmt: skip
case("framed-curly-apostrophe", "soft-404", "page can", None, start="framed-curly-apostrophe/x", **{
    "*": lambda _: framed("We’re sorry, this page can’t be found", "<h1>This page can’t be found</h1>"),
})  # fmt: skip
case("framed-with-echo", "soft-404", "nicht gefunden", None, start="framed-with-echo/x", **{
    "*": lambda r: framed(f"{r.path} nicht gefunden", f"<h1>{r.path} wurde nicht gefunden</h1>"),
})  # fmt: skip
case("soft-404-without-404", "soft-404", "page you are looking for", None, start="soft-404-without-404/x", **{
    "*": page("Portal", "<h1>Oops!</h1><p>The page you are looking for may have been moved or deleted.</p>"),
})  # fmt: skip
case("soft-404-in-json", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: application/json\r\n", b'{"error": "not found", "status": 404}'
))  # fmt: skip
case("redirect-to-404-with-query", "soft-404", "error page", to("404?from=/x"), **{
    "404": page("Portal"),
})  # fmt: skip

# -- alive, though a word sounds otherwise ------------------------------------------------------------

case("article-named-404", "alive", "200", None, start="article-named-404/text", text=page(
    "404: Die Geschichte eines Fehlers", f"<h1>404: Die Geschichte eines Fehlers</h1>{LOREM}"
))  # fmt: skip
case("article-nothing-found", "alive", "200", None, start="article-nothing-found/text", text=page(
    "Ursache nicht gefunden: Wenn der Rücken schmerzt und kein Arzt weiß, warum",
    f"<h1>Ursache nicht gefunden</h1>{LOREM}",
))  # fmt: skip
case("short-article-nothing-found", "alive", "200", None, start="short-article-nothing-found/text", text=page(
    "Ursache nicht gefunden", f"<h1>Ursache nicht gefunden</h1>{LOREM[:1200]}"
))  # fmt: skip
case("cited-article-nothing-found", "alive", "200", page(
    "Ursache nicht gefunden", f"<h1>Ursache nicht gefunden</h1>{LOREM[:400]}"
), title="Ursache nicht gefunden")  # fmt: skip
case("number-404-in-a-title", "alive", "200", page(
    "Bundestags-Drucksache 404/19", f"<h1>Drucksache 404/19</h1>{LOREM[:1500]}"
))  # fmt: skip
case("room-404", "alive", "200", None, start="room-404/text", text=page(
    "Sprechstunde in Raum 404", f"<h1>Sprechstunde in Raum 404</h1>{LOREM[:700]}"
))  # fmt: skip
case("single-page-app", "alive", "200", page(
    "Rückenportal", "<div id=root></div><script src=/static/main.js></script>"
    "<noscript>You need to enable JavaScript to run this app.</noscript>",
))  # fmt: skip
case("about-captchas", "alive", "200", page(
    "Was ist ein CAPTCHA?", f"<h1>Was ist ein CAPTCHA?</h1>{LOREM}"
))  # fmt: skip
case("paywall-200", "alive", "200", page(
    "Rückenschmerzen", f"<article><h1>Rückenschmerzen</h1>{LOREM[:600]}<p>Jetzt weiterlesen mit Plus.</p>"
    "<form>E-Mail<input name=mail></form></article>",
))  # fmt: skip
case("canonical-elsewhere", "alive", "200", page(
    head="<link rel=canonical href='https://other.example/rueckenschmerzen'>"
))  # fmt: skip
case("login-form-in-the-menu", "alive", "200", page(
    "Rückenschmerzen", f"<form><input type=password></form><h1>Rückenschmerzen</h1>{LOREM}"
))  # fmt: skip

# -- walls ----------------------------------------------------------------------------------------------

case("cloudflare-403", "blocked", "wall", lambda _: html(
    "Just a moment...", "<h1>portal.example</h1><p>Enable JavaScript and cookies to continue</p>",
    status="403 Forbidden", extra="cf-mitigated: challenge\r\nServer: cloudflare\r\n",
))  # fmt: skip
case("akamai", "blocked", "403", lambda _: html(
    "Access Denied", "<h1>Access Denied</h1>You don't have permission to access this. Reference #18.8c",
    status="403 Forbidden", extra="Server: AkamaiGHost\r\n",
))  # fmt: skip
case("akamai-200", "blocked", "wall", page(
    "Access Denied", "<h1>Access Denied</h1>You don't have permission to access this page."
))  # fmt: skip
case("datadome", "blocked", "403", lambda _: html(
    "portal.example", "<p id=cmsg>Please enable JS and disable any ad blocker</p>"
    "<script src='https://ct.captcha-delivery.com/c.js'></script>", status="403 Forbidden",
))  # fmt: skip
case("perimeterx", "blocked", "wall", page(
    "Access to this page has been denied.", "<p>Press &amp; Hold to confirm you are a human.</p>"
))  # fmt: skip
case("anubis-german", "blocked", "wall", page(
    "Wir überprüfen, ob Sie ein Bot sind!", "<h1>Wir überprüfen, ob Sie ein Bot sind!</h1><p>Laden...</p>"
))  # fmt: skip
case("anubis-curly", "blocked", "wall", page("Making sure you’re not a bot!", "<p>Loading...</p>"))
case("linkedin-999", "blocked", "999", lambda _: html("", "<script>x</script>", status="999 Request denied"))
case("paywall-402", "blocked", "402", lambda _: html("Abo", LOREM[:400], status="402 Payment Required"))
case("cookie-wall", "blocked", "consent", page(
    "Portal", "<h1>Willkommen bei portal.example</h1><h2>Mit Werbung weiterlesen</h2>"
    "<p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Zustimmung jederzeit widerrufbar.</p>",
))  # fmt: skip
case("login-on-another-host", "blocked", "login", to("http://127.9.9.9:PORT/login-on-another-host/sso/login"),
    sso_login=page("Anmelden", "<form><input type=password></form>"))  # fmt: skip
case("proxy-auth", "blocked", "407", lambda _: bare("407 Proxy Authentication Required"))
case("wall-429-page", "blocked", "429", lambda _: html("Too Many Requests", "Slow.", status="429 Too Many"))

# -- Retry-After, as servers write it -------------------------------------------------------------------

for name, value in {
    "in-the-past": format_datetime(datetime.now(UTC) - timedelta(days=400), usegmt=True),
    "negative": "-5",
    "with-a-fraction": "0.05",
    "no-number": "soon",
    "impossible-date": "Wed, 99 Feb 2026 99:99:99 GMT",
    "empty": "",
}.items():
    case(f"429-{name}", "alive", "200", lambda r, v=value: (  # type: ignore[misc]
        html("Da") if r.count else bare("429 Too Many Requests", f"Retry-After: {v}\r\n")
    ))  # fmt: skip
case("429-number-without-end", "blocked", "429", lambda _: bare(
    "429 Too Many Requests", f"Retry-After: {'9' * 400}\r\n"
))  # fmt: skip
case("503-then-fine", "alive", "200", lambda r: (
    html("Da") if r.count else bare("503 Service Unavailable", "Retry-After: 1\r\n")
))  # fmt: skip

# -- redirects ------------------------------------------------------------------------------------------

case("301-302-301", "moved", "for good to http", to("a", GOOD), a=to("b"), b=to("c", GOOD), c=page())
case("302-301", "alive", "/b", to("a"), a=to("b", GOOD), b=page())
case("301-to-slash", "moved", "/301-to-slash/", lambda r: (
    html("Da") if r.path.endswith("/") else bare(GOOD, "Location: /301-to-slash/\r\n")
), **{"*": page()})  # fmt: skip
case("301-elsewhere", "moved", "http://127.9.9.9", to("http://127.9.9.9:PORT/301-elsewhere/x", GOOD),
    x=page())  # fmt: skip
case("301-with-fragment", "moved", "/neu", to("neu#teil", GOOD), neu=page())
case("302-with-fragment-missing", "alive", "/neu", to("neu#teil"), neu=page())
case("301-to-itself-with-cookie", "alive", "200", lambda r: (
    html("Da") if "s=1" in r.headers.get("cookie", "")
    else bare(GOOD, "Location: /301-to-itself-with-cookie\r\nSet-Cookie: s=1\r\n")
))  # fmt: skip
case("301-to-pdf", "moved", ".pdf", to("leitlinie.pdf", GOOD), **{"leitlinie.pdf": lambda _: bare(
    "200 OK", "Content-Type: application/pdf\r\n", b"%PDF-1.7 " + b"x" * 90_000
)})  # fmt: skip
case("relative-location", "moved", "/relative-location/neu", None, start="relative-location/a/b",
    a_b=lambda _: bare(GOOD, "Location: ../neu\r\n"), neu=page())  # fmt: skip
case("relative-location-too-high", "dead", "/neu-oben", lambda _: bare(
    GOOD, "Location: ../../../neu-oben\r\n"))  # fmt: skip
case("query-only-location", "alive", "?seite=2", lambda r: (
    html("Da") if r.query else bare("302 Found", "Location: ?seite=2\r\n")
))  # fmt: skip
case("location-without-scheme", "moved", "127.9.9.9", to("//127.9.9.9:PORT/location-without-scheme/x", GOOD),
    x=page())  # fmt: skip
case("location-latin-1", "alive", "%E4", lambda _: (
    "HTTP/1.1 302 Found\r\nLocation: /location-latin-1/ä\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
), **{"%E4": page()})  # fmt: skip
case("location-root", "soft-404", "home page", None, start="location-root/tief/drin", tief_drin=to("/"))
case("301-to-home", "soft-404", "home page", None, start="301-to-home/tief/drin", tief_drin=to("/", GOOD))
case("two-locations", "alive", "/a", lambda _: bare(
    "302 Found", "Location: /two-locations/a\r\nLocation: /two-locations/a\r\n"), a=page())  # fmt: skip
case(
    "300-multiple-choices",
    "unreachable",
    "300 without a place",
    lambda _: html("Welche?", LOREM, status="300 Multiple Choices"),
)
case("refresh-to-home", "soft-404", "home page", None, start="refresh-to-home/tief/drin", tief_drin=page(
    "Weiter", "", head="<meta http-equiv=refresh content='0; url=/'>"))  # fmt: skip

# -- bytes ----------------------------------------------------------------------------------------------

case("length-too-small", "alive", "200", lambda _: (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
    + LOREM.encode()
))  # fmt: skip
case("length-negative", "unreachable", "malformed", lambda _: (
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\nConnection: close\r\n\r\nx"
))  # fmt: skip
case("two-lengths", "unreachable", "malformed", lambda _: (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhello"
))  # fmt: skip
case("trailers", "alive", "200", lambda _: (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
    b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
))  # fmt: skip
case("deflate", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: deflate\r\n", zlib.compress(LOREM.encode())
))  # fmt: skip
case("deflate-raw", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: deflate\r\n", zlib.compress(LOREM.encode())[2:-4]
))  # fmt: skip
case("gzip-twice", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip, gzip\r\n",
    gzip.compress(gzip.compress(html("Da"))),
))  # fmt: skip
case("coding-unknown", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: x-none\r\n", LOREM.encode()
))  # fmt: skip
case("coding-utf-8", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: UTF-8\r\n", LOREM.encode()
))  # fmt: skip
case("utf-16-named", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html; charset=utf-16\r\n",
    f"<title>Rückenschmerzen</title>{LOREM}".encode("utf-16"),
), title="Rückenschmerzen")  # fmt: skip
case("http-1-0", "alive", "200", lambda _: (
    b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + LOREM.encode()
))  # fmt: skip
case("bare-line-feeds", "alive", "200", lambda _: (
    b"HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close\n\n" + LOREM.encode()
))  # fmt: skip
case("early-hints", "alive", "200", lambda _: (
    b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n" + html("Rückenschmerzen")
))  # fmt: skip
case("status-without-words", "alive", "200", lambda _: (
    b"HTTP/1.1 200\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"
))  # fmt: skip
case("status-600", "unreachable", "600", lambda _: bare("600 What"))
case("reset-content", "alive", "205", lambda _: bare("205 Reset Content"))
case("brotli", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\nContent-Encoding: br\r\n", b"\x0b\x02\x80hello\x03"
))  # fmt: skip
