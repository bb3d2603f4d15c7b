"""Reading a page just enough to judge it: title, headings, text, where it sends its reader."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from .outcome import Exchange

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["Page", "glance", "page_of"]

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_REFRESH = re.compile(r"""^\s*(\d*(?:\.\d*)?)\s*[;,\s]\s*(?:url\s*=\s*)?["']?([^"'\s]+)["']?\s*$""", re.I)
_SLOWEST_REFRESH = 10.0
_SCRIPTED = re.compile(
    r"""(?:^|[^\w.$])(?:(?:window|document|top|self)\s*\.\s*)?location(?:\s*\.\s*href)?\s*"""
    r"""(?:=|\.\s*(?:replace|assign)\s*\()\s*(["'])([^"'\s]+)\1"""
)
_DEEPEST = 10_000  #: elements inside one another; parsing takes the square of that
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: What a glance must heed: elements whose text is seen by nobody, what sends a reader on, and the signs.
_MARKS = re.compile(
    rb"<[!hmnst](?:(?<=s)cript|(?<=s)tyle|(?<=s)vg|(?<=n)oscript|(?<=t)emplate|(?<=!)--|(?<=t)itle|(?<=h)[12]"
    rb"|(?<=m)eta[^>]{0,300}http-equiv)"
)
_SIGNS = frozenset((b"<title", b"<h1", b"<h2"))
_TAG = re.compile(rb"<[^>]*>")
_RUN = re.compile(rb">([^<]{40,})")
_GLANCE, _WINDOW = 65_536, 4_096  #: bytes; what shows its text later than that is read whole
_BLANKS = b" \t\r\n\f"


class Page:
    """An HTML page."""

    def __init__(self, html: str) -> None:
        from selectolax.lexbor import LexborHTMLParser

        if html.count("<") - 2 * html.count("</") > _DEEPEST:
            html = html[:_GLANCE]
        self._tree = LexborHTMLParser(html)

    @cached_property
    def title(self) -> str:
        """The title, blanks folded."""
        node = self._tree.css_first("head > title") or self._tree.css_first("title")
        return _folded(node.text()) if node else ""

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """First- and second-order headings."""
        return tuple(_folded(node.text(separator=" ")) for node in self._tree.css("h1, h2")[:8])

    @cached_property
    def refresh(self) -> str | None:
        """Where a ``<meta http-equiv="refresh">`` sends its reader within ten seconds."""
        for node in self._tree.css("meta[http-equiv]"):
            if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh":
                found = _REFRESH.match(node.attributes.get("content") or "")
                is_quick = found is not None and float(found[1].strip(".") or 0) <= _SLOWEST_REFRESH
                # Inside noscript it is for readers whose browsers run no scripts.
                if found and is_quick and not _is_inside(node, "noscript"):
                    return found[2]
        return None

    @cached_property
    def scripted(self) -> str | None:
        """Where a short script sends the reader, whatever the circumstances."""
        for node in self._tree.css("script"):
            script = node.text()
            found = _SCRIPTED.search(script) if len(script) < 2_000 else None
            if found and not re.search(r"\bif\b|\?.*:", script):
                return found[2]
        return None

    @property
    def sends_to(self) -> str | None:
        """Where the page sends its reader: a redirect by other means."""
        if self.refresh is not None or self.scripted is None:
            return self.refresh
        return self.scripted if len(self.text) < 200 else None

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What ``#fragment`` may name: ids, and names of anchors."""
        ids = {node.attributes.get("id") for node in self._tree.css("[id]")}
        names = {node.attributes.get("name") for node in self._tree.css("a[name]")}
        return frozenset(name for name in ids | names if name)

    @cached_property
    def asks_for_a_password(self) -> bool:
        """Whether it has a field for a password."""
        return self._tree.css_first("input[type=password]") is not None

    @cached_property
    def text(self) -> str:
        """All its text, without scripts, blanks folded."""
        self._drop("script, style, noscript, template, svg")
        body = self._tree.body
        return _folded(body.text(separator=" ")) if body else ""

    @cached_property
    def main_text(self) -> str:
        """Its text without menus, headers, footers, asides, what forms ask, and the like."""
        _ = self.text  # before anything is dropped
        self._drop(
            "nav, header, footer, aside, dialog, form select, form button, form label, form legend, "
            "[role=navigation], [role=banner], [role=contentinfo]"
        )
        node = self._tree.css_first("main") or self._tree.css_first("article") or self._tree.body
        return _folded(node.text(separator=" ")) if node else ""

    def _drop(self, selector: str) -> None:
        _ = self.title, self.anchors, self.headings, self.asks_for_a_password  # seen before they are gone
        _ = self.refresh, self.scripted
        for node in reversed(self._tree.css(selector)):  # what is inside before what is around it
            node.decompose()


def glance(exchange: Exchange, enough: int) -> str | None:
    """Title and headings of a page that has at least ``enough`` characters of text, without a parser.

    ``None`` where that is not sure: for what is short or no plain UTF-8 page, or sends its reader on.
    """
    headers = exchange.headers.raw.lower()
    body = exchange.body[:_GLANCE].lower()
    if b"content-type: text/html" not in headers:
        return None
    if not (body.isascii() or b"utf-8" in headers or b"charset=utf-8" in body[:2048]):
        return None
    seen: list[bytes] = []
    signs: list[bytes] = []
    at = 0
    for mark in _MARKS.finditer(body):
        start, word = mark.start(), mark[0]
        if start < at:
            continue
        if word in _SIGNS:
            end = body.find(b"</" + word[1:], start)
            if end < 0 or len(signs) > 20:
                return None
            sign = body[start:end]
            signs.append(_TAG.sub(b" ", sign + b" "))
        elif word.startswith(b"<meta"):
            return None
        else:
            seen.append(body[at:start])
            at = body.find(b"-->" if word == b"<!--" else b"</" + word[1:], mark.end())
            if at < 0:
                return None
    if seen:
        body = b"".join((*seen, body[at:]))
    if not _has_text(body, enough):
        return None
    return b" \xc2\xb7 ".join(signs).decode("utf-8", "replace").lower()


def _has_text(html: bytes, enough: int) -> bool:
    """Whether there are at least ``enough`` characters beside blanks between the tags, at a low estimate."""
    found = 0
    for start in range(0, len(html), _WINDOW):
        runs = b"".join(_RUN.findall(html[start : start + _WINDOW].translate(None, _BLANKS)))
        found += len(runs) if runs.isascii() else len(runs.decode("utf-8", "ignore"))
        found -= 8 * runs.count(b"&")  # &nbsp; is one character, or none
        if found >= enough:
            return True
    return False


def page_of(exchange: Exchange) -> Page | None:
    """The page in an answer; ``None`` if it is something else (a PDF, say)."""
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = exchange.body[:1024].lstrip().lower()
    is_html = "html" in kind or (kind in {"", "text/plain", "application/octet-stream"} and (
        start.startswith((b"<!doctype html", b"<html")) or b"<title" in start))  # fmt: skip
    return Page(_decoded(exchange)) if is_html and exchange.body else None


def _decoded(exchange: Exchange) -> str:
    body = exchange.body
    found = _CHARSET.search(exchange.headers.get("content-type", "").encode("utf-8") + b" " + body[:2048])
    named = found[1].decode("ascii", "replace") if found else "utf-8"
    marked = next((encoding for mark, encoding in _BOMS if body.startswith(mark)), None)
    for encoding in (marked or named, "utf-8"):
        try:
            return body.decode(encoding, "strict" if exchange.whole and not found else "replace")
        except (LookupError, ValueError):  # no such charset, or it does not fit
            continue
    return body.decode("cp1252", "replace")


def _is_inside(node: LexborNode, tag: str) -> bool:
    around = node.parent
    while around is not None and around.tag != tag:
        around = around.parent
    return around is not None


def _folded(text: str) -> str:
    return " ".join(text.split())
