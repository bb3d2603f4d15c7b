"""From a job to an HTTP response: asked of a worker or taken from memory, sent whole or in pieces.

Every answer depends on the data's version and the request alone; so it has an ETag before it is made, and
a client that has it already costs nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .answers import Answer
from .frames import job_content
from .lanes import Pool
from .protocol import Refusal, negotiate, prefers_html
from .waiting import Ticket

__all__ = ["Delivery", "Reply", "client_of", "header", "refusal_reply"]

_SEND_TIME_S = 60.0
_CACHE_BYTES = 64 * 2**20
_MOST_CACHED_BYTES = 1 * 2**20

Headers = list[tuple[bytes, bytes]]

CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, X-Request-Id"),
]


class Reply:
    """A small response that is there as a whole; an ASGI application."""

    def __init__(self, status: int, body: bytes = b"", headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self.status, self.body, self.headers = status, body, list(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = [] if self.status in {204, 304} else [(b"content-length", str(len(self.body)).encode())]
        await send(
            {"type": "http.response.start", "status": self.status, "headers": [*self.headers, *length]}
        )
        await send({"type": "http.response.body", "body": self.body})


class _Streamed:
    """An answer that is still being made."""

    def __init__(self, delivery: Delivery, answer: Answer, ticket: Ticket, headers: Headers) -> None:
        self._delivery, self._answer, self._ticket, self._headers = delivery, answer, ticket, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = scope.get("evidence_kb.connection")
        if connection:
            connection.on_gone = lambda: self._delivery.pool.cancel(self._ticket)
        entry = scope.get("evidence_kb.entry", {})
        try:
            await send(
                {"type": "http.response.start", "status": self._answer.status, "headers": self._headers}
            )
            async for piece in self._answer.stream():
                async with asyncio.timeout(_SEND_TIME_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            entry["rows"] = self._answer.rows
        except (Refusal, TimeoutError) as broken:
            # The status has gone out; a connection that is cut short tells the client not to trust the rest.
            entry["broken"] = str(broken) or "the client reads too slowly"
        finally:
            if connection:
                connection.on_gone = None
            if not self._answer.ended:
                self._delivery.pool.cancel(self._ticket)


class Delivery:
    """Answers requests with what a pool of workers makes of jobs."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._cache: OrderedDict[tuple[object, ...], tuple[int, bytes, Headers, int | None]] = OrderedDict()
        self._cached_bytes = 0
        #: Why the newest files could not be read; the state before them is served until they can.
        self.trouble: str | None = None
        self.caches = True

    async def answer(
        self,
        request: Request,
        job: dict[str, Any],
        *,
        headers: Headers,
        settled: bool = True,
        style: str = "text",
    ) -> Reply | _Streamed:
        """The response to a request that asks for ``job``.

        :param settled: whether the answer is the same as long as the data is.
        :param style: how a refusal is told: ``text``, ``problem`` (JSON, RFC 9457) or ``page``.
        """
        packed = _accepts_gzip(header(request, b"accept-encoding"))
        version = self.pool.summary.get("version", "")
        line = json.dumps(job).encode()
        key = (version, self.trouble, packed, line)
        if settled:
            state = f"{version}{packed}{self.trouble}".encode()
            tag = b'W/"%b"' % hashlib.blake2b(b"%b\0%b" % (state, line), digest_size=12).hexdigest().encode()
            headers = [*headers, (b"etag", tag), (b"cache-control", b"no-cache")]
            if tag in header(request, b"if-none-match"):
                return Reply(304, headers=headers)
            found = self._cache.get(key)
            if found:
                self._cache.move_to_end(key)
                request.scope.get("evidence_kb.entry", {})["rows"] = found[3]
                return Reply(found[0], found[1], [*found[2], *headers])
        else:
            headers = [*headers, (b"cache-control", b"no-store")]
        ticket = Ticket(job_content(line, packed), client_of(request), line)
        try:
            answer = await self._ask(request, ticket)
        except Refusal as refusal:
            return refusal_reply(refusal, request, style, headers)
        own = [(b"content-type", answer.media.encode())]
        own += [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers.items()]
        if not answer.whole:
            return _Streamed(self, answer, ticket, [*own, *headers])
        body = answer.body
        if self.trouble and answer.media.startswith("text/html"):
            body = self._with_notice(body, own)
        if settled and self.caches and len(body) <= _MOST_CACHED_BYTES:
            self._remember(key, (answer.status, body, own, answer.rows))
        request.scope.get("evidence_kb.entry", {})["rows"] = answer.rows
        return Reply(answer.status, body, [*own, *headers])

    async def _ask(self, request: Request, ticket: Ticket) -> Answer:
        connection = request.scope.get("evidence_kb.connection")
        if connection is None:
            return await self.pool.ask(ticket)
        connection.on_gone = lambda: self.pool.cancel(ticket)
        try:
            return await self.pool.ask(ticket)
        finally:
            connection.on_gone = None

    def _remember(self, key: tuple[object, ...], value: tuple[int, bytes, Headers, int | None]) -> None:
        if key in self._cache:
            return
        self._cache[key] = value
        self._cached_bytes += len(value[1]) + 1000
        while self._cached_bytes > _CACHE_BYTES:
            _, oldest = self._cache.popitem(last=False)
            self._cached_bytes -= len(oldest[1]) + 1000

    def forget(self) -> None:
        """Drop all answers: they are of an old state."""
        self._cache.clear()
        self._cached_bytes = 0

    def _with_notice(self, body: bytes, headers: Headers) -> bytes:
        """A page with a word about files that could not be read on top of what it says."""
        import gzip

        packed = (b"content-encoding", b"gzip") in headers
        page = gzip.decompress(body) if packed else body
        notice = (
            '<p class="notice" role="status"><strong lang="en">The newest files cannot be read; '
            'this is the state before them.</strong> <strong lang="de">Die neuesten Dateien sind '
            "nicht lesbar; dies ist der Stand davor.</strong><br>"
            f"{html.escape(self.trouble or '')}</p>"
        ).encode()
        head, main, rest = page.partition(b"<main")
        inside, close, rest = rest.partition(b">")
        page = head + main + inside + close + notice + rest if close else page
        return gzip.compress(page, 5, mtime=0) if packed else page


def header(request: Request, name: bytes) -> bytes:
    """A request's header, several joined by commas; empty where there is none."""
    found = [value for key, value in request.scope["headers"] if key == name]
    return found[0] if len(found) == 1 else b", ".join(found)


def client_of(request: Request) -> str:
    """Who asks, as far as taking turns goes: the address."""
    client = request.scope["client"]
    return client[0] if client else ""


@lru_cache(maxsize=256)
def _accepts_gzip(accept_encoding: bytes) -> bool:
    for part in accept_encoding.lower().split(b","):
        coding, *parameters = (piece.strip() for piece in part.split(b";"))
        if coding in {b"gzip", b"*"}:
            return not any(p.replace(b" ", b"").rstrip(b"0.") == b"q=" for p in parameters)
    return False


def refusal_reply(refusal: Refusal, request: Request, style: str, headers: Headers) -> Reply:
    """A refusal as text, as a problem (RFC 9457) or as a page."""
    accept = header(request, b"accept").decode("latin-1")
    kept = [(k, v) for k, v in headers if k not in {b"etag", b"cache-control"}]
    kept += [(k.lower().encode(), v.encode("latin-1", "replace")) for k, v in refusal.headers]
    kept.append((b"cache-control", b"no-store"))
    if style != "problem" and negotiate(accept, ("text/plain", "application/problem+json")) != "text/plain":
        style = "problem" if "problem+json" in accept else style
    if style == "problem":
        problem = {"type": "about:blank", "title": refusal.title, "status": refusal.status}
        body = json.dumps({**problem, "detail": refusal.detail, **refusal.place}, ensure_ascii=False).encode()
        media = b"application/problem+json"
    elif style == "page" and prefers_html(accept):
        body = _ERROR_PAGE.format(
            title=html.escape(refusal.title), detail=html.escape(refusal.detail)
        ).encode()
        media = b"text/html; charset=utf-8"
    else:
        body = (refusal.detail + "\n").encode()
        media = b"text/plain; charset=utf-8"
    status = 400 if refusal.status == 499 else refusal.status
    return Reply(status, body, [(b"content-type", media), *kept])


_ERROR_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1><p>{detail}</p><p><a href="/">Start</a></p></main></body></html>
"""
