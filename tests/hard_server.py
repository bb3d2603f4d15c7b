"""A web server that misbehaves in every way we know, over real sockets, each case with the verdict it deserves.

A case is a function from the request to the bytes of the answer; what it does to the connection beside that
is in the function. The page under every path that is no case is a plain 404.
"""

from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


@dataclass
class Request:
    """What a client asked, and its connection."""

    method: str
    path: str
    headers: dict[str, str]
    connection: socket.socket
    count: int  #: how often this path was asked before on this host
    port: int
    query: str = ""


Answer = Callable[[Request], bytes]


@dataclass(frozen=True)
class Case:
    """An address, what it answers, and what to make of it."""

    name: str
    verdict: str
    reason: str
    answers: dict[str, Answer]
    start: str = ""
    suffix: str = ""
    title: str = ""


CASES: dict[str, Case] = {}
LOREM = " ".join(
    f"Absatz {n}: Rückenschmerzen sind häufig, und Bewegung hilft meist mehr als Ruhe; Quelle {n * 7}."
    for n in range(60)
)


def html(title: str, body: str = LOREM, *, status: str = "200 OK", extra: str = "", head: str = "") -> bytes:
    """A page."""
    page = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    data = page.encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(data)}\r\n{extra}\r\n"
    ).encode() + data


def bare(status: str, extra: str = "", body: bytes = b"") -> bytes:
    """An answer without a page."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


def to(location: str, status: str = "302 Found", extra: str = "") -> Answer:
    """A redirect; a bare name stands for a path below the case."""

    def answer(request: Request) -> bytes:
        where = location.replace("PORT", str(request.port))
        if ":" not in where and not where.startswith("/"):
            where = f"/{request.path.split('/')[1]}/{where}"
        return bare(status, f"Location: {where}\r\n{extra}")

    return answer


def zipped(data: bytes) -> bytes:
    """A page, compressed."""
    return bare("200 OK", "Content-Encoding: gzip\r\nContent-Type: text/html\r\n", gzip.compress(data))


def reset(request: Request) -> bytes:
    """Close so that the other side sees a reset."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    return b""


def endless_headers(request: Request) -> bytes:
    try:
        request.connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for n in range(400):
            request.connection.sendall(f"X-{n}: {'a' * 1000}\r\n".encode())
    except OSError:
        pass
    return b""


def case(
    name: str,
    verdict: str,
    reason: str,
    answer: Answer | None = None,
    *,
    start: str = "",
    suffix: str = "",
    title: str = "",
    **more: Answer,
) -> None:
    """Add a case; ``more`` are further paths below it, an underscore standing for a slash."""
    answers = {"/" + path.replace("_", "/"): one for path, one in more.items()}
    if answer:
        answers[""] = answer
    CASES[name] = Case(name, verdict, reason, answers, start, suffix, title)


def page(title: str = "Rückenschmerzen", body: str = LOREM, **more: str) -> Answer:
    return lambda _: html(title, body, **more)


# -- alive ---------------------------------------------------------------------------------------------

case("plain", "alive", "200", page())
case(
    "cited-title",
    "alive",
    "200",
    page("Rückenschmerzen verstehen"),
    title="Rückenschmerzen verstehen – Portal",
)
case("query", "alive", "200", page(), suffix="?id=2")
case("temporary-redirect", "alive", "/ok", to("ok"), ok=page())
case("temporary-307", "alive", "/ok", to("ok", "307 Temporary Redirect"), ok=page())
case("see-other", "alive", "/ok", to("ok", "303 See Other"), ok=page())
case(
    "pdf",
    "alive",
    "200",
    lambda _: bare("200 OK", "Content-Type: application/pdf\r\n", b"%PDF-1.7 " + b"x" * 400_000),
)
case("no-content-type", "alive", "200", lambda _: bare("200 OK", "", b"hello"))
case(
    "no-length",
    "alive",
    "200",
    lambda _: (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>x</title>"
        + LOREM.encode()
    ),
)
case(
    "chunked",
    "alive",
    "200",
    lambda _: (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    ),
)
case("gzip", "alive", "200", lambda _: zipped(LOREM.encode()))
case("gzip-bomb", "alive", "200", lambda _: zipped(b"a" * 20_000_000))
case("huge-body", "alive", "200", lambda _: bare("200 OK", "Content-Type: text/html\r\n", b"x" * 8_000_000))
case("continue-first", "alive", "200", lambda _: b"HTTP/1.1 100 Continue\r\n\r\n" + html("Rückenschmerzen"))
case(
    "cookie-then-same",
    "alive",
    "200",
    lambda r: (
        html("Rückenschmerzen")
        if "seen=1" in r.headers.get("cookie", "")
        else bare("302 Found", "Location: /cookie-then-same\r\nSet-Cookie: seen=1; Path=/\r\n")
    ),
)
case(
    "cookie-detour",
    "alive",
    "200",
    lambda r: (
        html("Da")
        if "in=1" in r.headers.get("cookie", "")
        else bare("302 Found", "Location: /cookie-detour/set\r\n")
    ),
    set=lambda _: bare("302 Found", "Location: /cookie-detour\r\nSet-Cookie: in=1; Path=/\r\n"),
)
case("about-404", "alive", "200", page("Was bedeutet der Fehler 404? Page not found erklärt", LOREM * 2))
case(
    "about-404-short",
    "alive",
    "200",
    page("HTTP 404 not found: what the status code means and how to mend it", LOREM[:900]),
    title="HTTP 404 not found: what the status code means",
)
case("umlaut-path", "alive", "200", None, start="umlaut-path/ä", **{"%C3%A4": page()})
case("parentheses", "alive", "200", None, start="parentheses/a_(b)", **{"a (b)".replace(" ", "_x_"): page()})
case("retry-then-fine", "alive", "200", lambda r: html("Da") if r.count else bare("503 Service Unavailable"))
case("reset-then-fine", "alive", "200", lambda r: html("Da") if r.count else reset(r))
case(
    "429-then-fine",
    "alive",
    "200",
    lambda r: html("Da") if r.count else bare("429 Too Many Requests", "Retry-After: 0\r\n"),
)
case(
    "429-date-then-fine",
    "alive",
    "200",
    lambda r: (
        html("Da")
        if r.count
        else bare(
            "429 Too Many Requests",
            f"Retry-After: {format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True)}\r\n",
        )
    ),
)
case(
    "429-without-then-fine",
    "alive",
    "200",
    lambda r: html("Da") if r.count else bare("429 Too Many Requests"),
)
case("fragment-there", "alive", "200", page("Da", f"<h2 id=folgen>Folgen</h2>{LOREM}"), suffix="#folgen")
case("fragment-missing", "alive", "no place called #weg", page(), suffix="#weg")
case("fragment-by-name", "alive", "200", page("Da", f"<a name='alt'></a>{LOREM}"), suffix="#alt")
case("text-fragment-missing", "alive", "is not on it", page(), suffix="#:~:text=Einhornstaub")
case(
    "latin-1",
    "alive",
    "200",
    lambda _: bare(
        "200 OK",
        "Content-Type: text/html; charset=iso-8859-1\r\n",
        f"<title>Rücken</title>{LOREM}".encode("latin-1", "replace"),
    ),
    title="Rücken",
)
case(
    "unknown-charset",
    "alive",
    "200",
    lambda _: bare("200 OK", "Content-Type: text/html; charset=x-none\r\n", LOREM.encode()),
)
case(
    "lower-case-location",
    "alive",
    "/ok",
    lambda _: bare("302 Found", "location: /lower-case-location/ok\r\n"),
    ok=page(),
)
case(
    "utf-8-location",
    "alive",
    "%C3%A4",
    lambda _: "HTTP/1.1 302 Found\r\nLocation: /utf-8-location/ä\r\nContent-Length: 0\r\n\r\n".encode(),
    **{"%C3%A4": page()},
)
case("partial-content", "alive", "206", lambda _: html("Da", status="206 Partial Content"))
case(
    "login-word-in-path",
    "alive",
    "200",
    page("Anmeldung zum Kurs"),
    start="login-word-in-path/anmeldung",
    anmeldung=page("Anmeldung zum Kurs"),
)

# -- moved ---------------------------------------------------------------------------------------------

case("moved", "moved", "/new", to("new", "301 Moved Permanently"), new=page())
case("moved-308", "moved", "/new", to("new", "308 Permanent Redirect"), new=page())
case(
    "moved-then-temporary", "moved", "for good to http", to("a", "301 Moved Permanently"), a=to("b"), b=page()
)
case(
    "moved-twice",
    "moved",
    "/b",
    to("a", "301 Moved Permanently"),
    a=to("b", "301 Moved Permanently"),
    b=page(),
)
case(
    "meta-refresh",
    "moved",
    "/new",
    page("Weiter", "", head="<meta http-equiv='Refresh' content='0; URL=/meta-refresh/new'>"),
    new=page(),
)

# -- gone, though the server says 200 ----------------------------------------------------------------------

case(
    "soft-german",
    "soft-404",
    "seite nicht gefunden",
    page("Seite nicht gefunden – Portal", "<h1>Seite nicht gefunden</h1>Leider."),
)
case(
    "soft-english",
    "soft-404",
    "page not found",
    page("Page not found", "<h1>Oops</h1>Sorry, it is not here."),
)
case("soft-french", "soft-404", "page introuvable", page("Page introuvable", "<h1>Erreur</h1>Désolé."))
case("soft-heading-only", "soft-404", "404", page("Portal", "<h1>Fehler 404</h1>Hier ist nichts."))
case(
    "soft-long-menu",
    "soft-404",
    "cannot exist",
    None,
    start="soft-long-menu/text",
    text=page("Seite nicht gefunden | Das große Gesundheitsportal für alle Lebenslagen", LOREM),
    **{"*": page("Seite nicht gefunden | Das große Gesundheitsportal für alle Lebenslagen", LOREM)},
)
case(
    "soft-home", "soft-404", "home page", None, start="soft-home/deep/page", deep_page=to("http://HOST:PORT/")
)
case("soft-error-page", "soft-404", "error page", to("error.html"), **{"error.html": page("Portal")})
case(
    "parked",
    "soft-404",
    "parked",
    page("example.com", "<h1>example.com</h1>This domain is for sale. Buy this domain."),
)
case("parked-german", "soft-404", "parked", page("klinik.example", "Diese Domain steht zum Verkauf."))

# -- by other means, and odd ways of saying it ---------------------------------------------------------

SHORT = "<p>Bitte warten.</p>"
case("empty-body", "alive", "200", lambda _: bare("200 OK", "Content-Type: text/html\r\n"))
case("no-content", "alive", "204", lambda _: b"HTTP/1.1 204 No Content\r\n\r\n")
case("refresh-to-itself", "alive", "200", page("Ticker", head="<meta http-equiv=refresh content=5>"))
case(
    "refresh-to-itself-by-name",
    "alive",
    "200",
    page("Ticker", head="<meta http-equiv=refresh content='5; url=/refresh-to-itself-by-name'>"),
)
case(
    "refresh-for-those-without-scripts",
    "alive",
    "200",
    page("Da", head="<noscript><meta http-equiv=refresh content='0; url=/weg'></noscript>"),
)
case(
    "refresh-in-a-circle",
    "dead",
    "circle",
    page("A", "", head="<meta http-equiv=refresh content='0; url=/refresh-in-a-circle/b'>"),
    b=page("B", "", head="<meta http-equiv=refresh content='0; url=/refresh-in-a-circle'>"),
)
case(
    "refresh-to-nothing",
    "dead",
    "404",
    page("A", "", head="<meta http-equiv=refresh content='0;URL=/refresh-to-nothing/weg'>"),
)
case(
    "refresh-to-a-file",
    "refused",
    "scheme file",
    page("A", "", head="<meta http-equiv=refresh content='0; url=file:///etc/passwd'>"),
)
case(
    "script-away",
    "moved",
    "/new",
    page("A", "<script>window.location.href = '/script-away/new';</script>"),
    new=page(),
)
case(
    "script-away-on-a-condition",
    "alive",
    "200",
    page("A", f"<script>if (small) location = '/weg'</script>{SHORT}"),
)
case("empty-location", "unreachable", "without a place", lambda _: bare("302 Found", "Location: \r\n"))
case(
    "location-with-blanks",
    "alive",
    "a%20b",
    lambda _: bare("302 Found", "Location: /location-with-blanks/a b\r\n"),
    **{"a%20b": page()},
)
case(
    "twelve-redirects",
    "alive",
    "/x/x",
    lambda r: bare("302 Found", f"Location: {r.path}/x\r\n"),
    **{
        "*": lambda r: (
            page()(r) if r.path.count("/x") == 12 else bare("302 Found", f"Location: {r.path}/x\r\n")
        )
    },
)
case(
    "content-management-by-query",
    "alive",
    "?p=12",
    None,
    start="content-management-by-query/rueckenschmerz",
    rueckenschmerz=to("http://HOST:PORT/?p=12"),
)
case("query-to-home", "soft-404", "home page", None, start="?p=99")
case(
    "cited-page-is-now-home",
    "alive",
    "200",
    None,
    start="cited-page-is-now-home/a/b",
    a_b=to("http://HOST:PORT/"),
    title="Portal",
)
case("utf-16", "soft-404", "seite nicht gefunden", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\n", "\ufeff<title>Seite nicht gefunden</title>".encode("utf-16-le")
))  # fmt: skip
case("charset-is-no-text", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html; charset=idna\r\n", b"<title>\xff</title>" + LOREM.encode()
))  # fmt: skip
case("deep-nesting", "alive", "200", lambda _: bare(
    "200 OK", "Content-Type: text/html\r\n", b"<div>" * 150_000
))  # fmt: skip
case("short-text-long-script", "blocked", "wall", page(
    "portal.example", f"<p>Please verify you are human</p><script>var a = '{'x' * 9000} '</script>"
))  # fmt: skip
case("menu-around-nothing", "soft-404", "seite nicht gefunden", page(
    "Seite nicht gefunden – das Gesundheitsportal für alle Lebenslagen in Deutschland",
    f"<nav>{LOREM}</nav><main><h1>Seite nicht gefunden</h1>Leider.</main><footer>{LOREM}</footer>",
))  # fmt: skip
case("long-as-the-hosts-404", "soft-404", "cannot exist", None, start="long-as-the-hosts-404/text", **{
    "text": page("Nicht gefunden | Das große Gesundheitsportal für alle Lebenslagen", LOREM),
    "*": page("Nicht gefunden | Das große Gesundheitsportal für alle Lebenslagen", LOREM, status="404 Not Found"),
})  # fmt: skip
case("error-name", "soft-404", "error page", to("page-not-found-404.html"), **{"*": page("Portal")})
case("sent-to-a-dealer", "soft-404", "parked", page(
    "klinik.example", "<p>The domain name is for sale. Make an offer on this domain.</p>"
))  # fmt: skip
case("error-520", "unreachable", "520", lambda _: bare("520 Web Server Returned an Unknown Error"))
case("520-then-fine", "alive", "200", lambda r: html("Da") if r.count else bare("520 Unknown Error"))
case("wall-503", "blocked", "wall", lambda _: html("Just a moment...", "Ray ID", status="503 Unavailable"))
case(
    "wall-403-names-itself",
    "blocked",
    "403",
    lambda _: html("Attention Required! | Cloudflare", "x", status="403 Forbidden"),
)
case("wall-202", "blocked", "wall", lambda _: bare("202 Accepted", "x-amzn-waf-action: challenge\r\n"))
case("wall-anubis", "blocked", "wall", page("Making sure you're not a bot!", "<p>Loading...</p>"))
case("wall-incapsula", "blocked", "wall", page(
    "", "<iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful. Incapsula incident ID: 1</iframe>"
))  # fmt: skip
case(
    "basic-auth",
    "blocked",
    "401",
    lambda _: bare("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"\r\n'),
)
case(
    "login-in-place",
    "blocked",
    "login",
    page("Anmelden", "<form>Konto<input type=password></form>" + LOREM[:900]),
)
case("login-without-password", "blocked", "login", to("/login/x/signin"))
case("consent-in-place", "blocked", "consent", page("Bevor Sie fortfahren", "<p>Wir verwenden Cookies.</p>"))
case(
    "gate-before-reading",
    "blocked",
    "consent",
    to("cookie-consent?back=1"),
    **{"cookie-consent": page("Cookies", SHORT)},
)
case(
    "banner-before-a-page",
    "alive",
    "200",
    page(
        "Rückenschmerzen", f"<h1>Rückenschmerzen</h1><h2>Wir respektieren Ihre Privatsphäre</h2>{LOREM[:900]}"
    ),
)
case(
    "consent-by-heading",
    "blocked",
    "consent",
    page("Portal", "<h2>Wir respektieren Ihre Privatsphäre</h2>Mit Werbung weiterlesen."),
)
case("metadata", "refused", "metadata", to("http://169.254.169.254/latest/"))

# -- dead ----------------------------------------------------------------------------------------------

case("gone-404", "dead", "404", lambda _: html("404", status="404 Not Found"))
case("gone-410", "dead", "410", lambda _: bare("410 Gone"))
case("loop-self", "dead", "circle", to("/loop-self"))
case("loop-two", "dead", "circle", to("/loop-two/b"), b=to("/loop-two"))
case(
    "loop-growing",
    "dead",
    "without end",
    lambda r: bare("302 Found", f"Location: {r.path}/x\r\n"),
    **{"*": lambda r: bare("302 Found", f"Location: {r.path}/x\r\n")},
)
case("redirect-to-404", "dead", "404", to("weg"))
case("moved-to-404", "dead", "404", to("weg", "301 Moved Permanently"))
case("redirect-to-nothing", "dead", "redirects to", to("https://a.example/…/b"))

# -- walls ---------------------------------------------------------------------------------------------

for status in (
    "401 Unauthorized",
    "403 Forbidden",
    "451 Unavailable For Legal Reasons",
    "999 Request denied",
):
    case(f"wall-{status[:3]}", "blocked", status[:3], lambda _, s=status: bare(s))  # type: ignore[misc]
case("429-forever", "blocked", "429", lambda _: bare("429 Too Many Requests", "Retry-After: 0\r\n"))
case("429-endless", "blocked", "429", lambda _: bare("429 Too Many Requests", "Retry-After: 999999999\r\n"))
case("challenge", "blocked", "wall", page("Just a moment...", "Checking your browser before accessing."))
case("challenge-header", "blocked", "wall", lambda _: html("Portal", extra="cf-mitigated: challenge\r\n"))
case("captcha", "blocked", "wall", page("Portal", "Please solve this CAPTCHA to continue."))
case(
    "login",
    "blocked",
    "login",
    to("/login/x/signin?next=1"),
    x_signin=page("Sign in", "<form><input type=password></form>"),
)
case("consent", "blocked", "consent", to("/consent/privacywall/x"), privacywall_x=page("Vor dem Lesen"))

# -- cannot be told ------------------------------------------------------------------------------------

case("error-500", "unreachable", "500", lambda _: bare("500 Internal Server Error"))
case("error-503", "unreachable", "503", lambda _: bare("503 Service Unavailable", "Retry-After: 0\r\n"))
case("teapot", "unreachable", "418", lambda _: bare("418 I'm a teapot"))
case("hangs", "unreachable", "time-out", lambda r: _wait(r, b""))
case("drips-headers", "unreachable", "time-out", lambda r: _drip(r, b"HTTP/1.1 200 OK\r\nX: "))
case(
    "drips-body",
    "unreachable",
    "time-out",
    lambda r: _drip(r, b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
)
case("resets", "unreachable", "no connection", reset)
case("closes-at-once", "unreachable", "", lambda _: b"")
case("no-http", "unreachable", "malformed", lambda _: b"SSH-2.0-OpenSSH_9.6\r\n")
case(
    "short-body",
    "unreachable",
    "malformed",
    lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nConnection: close\r\n\r\nshort",
)
case(
    "bad-chunks",
    "unreachable",
    "malformed",
    lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZZ\r\nhello",
)
case(
    "bad-gzip",
    "unreachable",
    "malformed",
    lambda _: bare("200 OK", "Content-Encoding: gzip\r\nContent-Type: text/html\r\n", b"no gzip at all"),
)
case("endless-headers", "unreachable", "headers are longer", endless_headers)
case("redirect-without-location", "unreachable", "without a place", lambda _: bare("302 Found"))
case("not-modified", "unreachable", "304", lambda _: b"HTTP/1.1 304 Not Modified\r\n\r\n")

# -- drifted -------------------------------------------------------------------------------------------

case(
    "drifted",
    "drifted",
    "title",
    page("Casino-Bonus ohne Einzahlung", "Jetzt spielen und gewinnen, hundert Freispiele warten. " * 30),
    title="Wirksamkeit klassischer Massagetherapie bei Kreuzschmerz",
)

# -- refused -------------------------------------------------------------------------------------------

case("redirect-to-file", "refused", "scheme file", to("file:///etc/passwd"))
case("redirect-to-ftp", "refused", "scheme ftp", to("ftp://a.example/x"))
case("redirect-to-javascript", "refused", "scheme javascript", to("javascript:alert(1)"))


def _wait(_request: Request, answer: bytes) -> bytes:
    time.sleep(4.5)
    return answer


def _drip(request: Request, start: bytes) -> bytes:
    try:
        request.connection.sendall(start)
        for _ in range(45):
            request.connection.sendall(b"a")
            time.sleep(0.1)
    except OSError:
        pass
    return b""


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        server: Server = self.server  # type: ignore[assignment]
        try:
            while self._one(server):
                pass
        except (OSError, ValueError):
            pass

    def _one(self, server: Server) -> bool:
        line = self.rfile.readline(65536).decode("latin-1").split()
        if len(line) < 3:
            return False
        headers = {}
        while field_ := self.rfile.readline(65536).decode("latin-1").strip():
            name, _, value = field_.partition(":")
            headers[name.lower()] = value.strip()
        path = line[1].partition("?")[0]
        host = headers.get("host", "")
        with server.lock:
            count = server.counts[host, path] = server.counts.get((host, path), -1) + 1
            server.log.append((time.monotonic(), line[0], host, line[1], headers))
        request = Request(
            line[0], path, headers, self.connection, count, server.port, line[1].partition("?")[2]
        )
        data = server.answer(request)
        if not data:
            return False
        if line[0] == "HEAD" and b"\r\n\r\n" in data:
            data = data[: data.index(b"\r\n\r\n") + 4]
        self.wfile.write(data)
        return b"Connection: close" not in data[:400] and self.connection.fileno() >= 0


class Server(socketserver.ThreadingTCPServer):
    """Serves the cases; every loopback address is a host of its own."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("", 0), _Handler)
        self.answer, self.context = answer, context
        self.port: int = self.server_address[1]
        self.counts: dict[tuple[str, str], int] = {}
        self.log: list[tuple[float, str, str, str, dict[str, str]]] = []
        self.lock = threading.Lock()

    def finish_request(self, request: object, client_address: object) -> None:
        if self.context is None:
            super().finish_request(request, client_address)  # type: ignore[arg-type]
            return
        try:
            with self.context.wrap_socket(request, server_side=True) as secure:  # type: ignore[arg-type]
                super().finish_request(secure, client_address)
        except OSError:
            pass

    def handle_error(self, request: object, client_address: object) -> None:
        pass


def answer_cases(request: Request) -> bytes:
    """What the case that a path belongs to answers."""
    if request.path == "/":
        return html("Portal", LOREM) if request.query != "p=99" else bare("302 Found", "Location: /\r\n")
    name, _, rest = request.path.strip("/").partition("/")
    if name not in CASES:
        return bare("404 Not Found")
    answers = CASES[name].answers
    rest = f"/{rest}" if rest else ""
    answer = answers.get(rest) or (answers.get("/*") if rest else None)
    if answer is None and name == "parentheses":
        answer = next(iter(answers.values()))
    if answer is None:
        return bare("404 Not Found")
    host = request.headers.get("host", "").rpartition(":")[0]
    return answer(request).replace(b"//HOST:", f"//{host}:".encode())


@contextmanager
def serving(answer: Answer = answer_cases, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server in a thread."""
    server = Server(answer, context)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def host_number(number: int) -> str:
    """A loopback address of its own for each number, where the system has them all."""
    return f"127.0.{number // 250}.{number % 250 + 1}" if sys.platform == "linux" else "127.0.0.1"
