"""The server's addresses: pages, the SPARQL endpoint, linked data, the JSON API. It knows HTTP and no RDF."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from .delivery import CORS, Delivery, Headers, Reply, header, refusal_reply
from .front import Front, Log
from .protocol import (
    ProtocolQuery,
    Refusal,
    forbid_service,
    is_settled,
    preferred_language,
    prefers_html,
    read_request,
)
from .words import LANGUAGES

__all__ = ["make_app"]

_MOST_BODY_BYTES = 1 * 2**20
_BODY_TIME_S = 30.0
_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
]
_VARY: tuple[bytes, bytes] = (b"vary", b"Accept, Accept-Encoding")
_VARY_LANGUAGE: tuple[bytes, bytes] = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_READS = ["GET", "HEAD", "OPTIONS"]

Endpoint = Callable[[Request], Awaitable[ASGIApp]]


def make_app(delivery: Delivery, log: Log, allow_service: bool = False) -> ASGIApp:
    """The application.

    :param allow_service: whether queries may ask other endpoints with ``SERVICE``.
    """
    site = _Site(delivery, allow_service)
    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    routes = [
        Route("/health", site.health, methods=["GET", "HEAD"]),
        Route("/openapi.json", _open(site.openapi), methods=_READS),
        Route("/api", site.api_page, methods=["GET", "HEAD"]),
        Route("/api/", site.api_page, methods=["GET", "HEAD"]),
        Route("/api/{path:path}", _open(site.api), methods=every),
        Route("/.well-known/void", _open(site.void), methods=_READS),
        Route("/data/{rest:path}", _open(site.resource), methods=_READS),
        Route("/ns", _open(site.resource), methods=_READS),
        Route("/codes/{rest:path}", _open(site.resource), methods=_READS),
        Route("/resource", _open(site.resource), methods=_READS),
        Route("/assets/{rest:path}", site.asset, methods=["GET", "HEAD"]),
        Route("/", site.front_door, methods=["GET", "HEAD"]),
        Route("/{path:path}", site.page, methods=["GET", "HEAD"]),
    ]
    return Front(_Entrance(_open(site.sparql, "GET, HEAD, POST, OPTIONS"), Router(routes)), log)


class _Entrance:
    """Leads requests to the endpoint at once, past the router, which takes as long as a cheap query."""

    def __init__(self, sparql: Endpoint, others: ASGIApp) -> None:
        self._sparql, self._others = sparql, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _path(scope) == "/sparql":
            response = await self._sparql(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._others(scope, receive, send)


def _open(endpoint: Endpoint, allow: str = "GET, HEAD, OPTIONS") -> Endpoint:
    """An endpoint that scripts on other sites may ask too (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

    async def answer(request: Request) -> ASGIApp:
        if request.method == "OPTIONS":
            return Reply(204, headers=[*CORS, *_PREFLIGHT, (b"allow", allow.encode())])
        return await endpoint(request)

    return answer


class _Site:
    """The endpoints."""

    def __init__(self, delivery: Delivery, allow_service: bool) -> None:
        self._delivery = delivery
        self._allow_service = allow_service

    # -- SPARQL ------------------------------------------------------------------------------------

    async def sparql(self, request: Request) -> ASGIApp:
        """The endpoint; see `protocol`."""
        headers = [*CORS, _VARY]
        try:
            query = await _query_in(request)
            if query is None:
                return await self._service_description(request, headers)
            if not self._allow_service:
                forbid_service(query.text)
        except Refusal as refusal:
            return refusal_reply(refusal, request, "text", headers)
        return await self._answer_query(request, query, headers)

    async def _answer_query(self, request: Request, query: ProtocolQuery, headers: Headers) -> ASGIApp:
        job = {
            "do": "query",
            "query": query.text,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "accept": header(request, b"accept").decode("latin-1"),
            "format": query.form,
        }
        request.scope.get("evidence_kb.entry", {})["query"] = query.text[:500]
        return await self._delivery.answer(request, job, headers=headers, settled=is_settled(query.text))

    async def _service_description(self, request: Request, headers: Headers) -> ASGIApp:
        if prefers_html(header(request, b"accept").decode("latin-1")):
            return self._see(request, f"{self._language(request)}/query.html", [*headers, _VARY_LANGUAGE])
        return await self._described(request, "service", headers)

    async def void(self, request: Request) -> ASGIApp:
        """What the data is, in VoID (https://www.w3.org/TR/void/)."""
        return await self._described(request, "void", [*CORS, _VARY])

    async def _described(self, request: Request, what: str, headers: Headers) -> ASGIApp:
        job = {
            "do": what,
            "root": _root(request),
            "accept": header(request, b"accept").decode("latin-1"),
            "service": self._allow_service,
        }
        return await self._delivery.answer(request, job, headers=headers)

    # -- things ------------------------------------------------------------------------------------

    async def resource(self, request: Request) -> ASGIApp:
        """A thing of the knowledge base or its vocabulary, as a page or as triples."""
        path = _path(request.scope)
        job = {
            "do": "resource",
            "path": path,
            "iri": request.query_params.get("iri"),
            "format": request.query_params.get("format"),
            "accept": header(request, b"accept").decode("latin-1"),
            "language": self._language(request),
            "prefix": request.scope.get("root_path", ""),
        }
        return await self._delivery.answer(request, job, headers=[*CORS, _VARY_LANGUAGE], style="page")

    # -- pages -------------------------------------------------------------------------------------

    async def front_door(self, request: Request) -> ASGIApp:
        """The overview, in the asker's language."""
        return self._see(request, f"{self._language(request)}/index.html", [_VARY_LANGUAGE])

    async def page(self, request: Request) -> ASGIApp:
        """One of the pages."""
        path = request.path_params["path"]
        if path.endswith("/"):
            path += "index.html"
        elif "." not in path.rpartition("/")[2] and path in LANGUAGES:
            return self._see(request, f"{path}/index.html", [])
        job = {"do": "page", "path": path}
        return await self._delivery.answer(
            request, job, headers=[(b"vary", b"Accept-Encoding")], style="page"
        )

    async def asset(self, request: Request) -> ASGIApp:
        """A style sheet, script or search index."""
        job = {"do": "asset", "path": f"assets/{request.path_params['rest']}"}
        return await self._delivery.answer(request, job, headers=[(b"vary", b"Accept-Encoding")])

    # -- facts -------------------------------------------------------------------------------------

    async def openapi(self, request: Request) -> ASGIApp:
        """What the API offers, as OpenAPI."""
        job = {"do": "openapi", "root": _root(request)}
        return await self._delivery.answer(request, job, headers=[*CORS, (b"vary", b"Accept-Encoding")])

    async def api_page(self, request: Request) -> ASGIApp:
        """The same for people."""
        if request.scope["path"].endswith("/"):
            return self._see(request, "api", [])
        job = {"do": "api-page", "root": _root(request), "language": self._language(request)}
        return await self._delivery.answer(request, job, headers=[_VARY_LANGUAGE], style="page")

    async def api(self, request: Request) -> ASGIApp:
        """Facts as JSON; see `api`."""
        headers = [*CORS, (b"vary", b"Accept-Encoding")]
        if request.method not in {"GET", "HEAD"}:
            refusal = Refusal(
                405, "Method not allowed", "facts are read with GET", [("Allow", "GET, HEAD, OPTIONS")]
            )
            return refusal_reply(refusal, request, "problem", headers)
        job = {
            "do": "api",
            "path": request.path_params["path"],
            "parameters": request.query_params.multi_items(),
        }
        return await self._delivery.answer(request, job, headers=headers, style="problem")

    async def health(self, request: Request) -> ASGIApp:
        """Whether all is well: for whoever watches over the server."""
        pool = self._delivery.pool
        state = {
            "status": "stale" if self._delivery.trouble else "ok",
            "trouble": self._delivery.trouble,
            **pool.summary,
            "jobs": pool.load_now,
        }
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        return Reply(200, json.dumps(state, ensure_ascii=False).encode(), headers)

    # -- helpers -----------------------------------------------------------------------------------

    def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang", "")
        if asked in LANGUAGES:
            return asked
        languages = self._delivery.pool.summary.get("languages") or LANGUAGES
        return preferred_language(header(request, b"accept-language").decode("latin-1"), languages)

    def _see(self, request: Request, path: str, headers: Headers) -> Reply:
        location = f"{request.scope.get('root_path', '')}/{quote(path)}"
        return Reply(303, headers=[*headers, (b"location", location.encode())])


async def _query_in(request: Request) -> ProtocolQuery | None:
    """The query that a request to the endpoint asks; ``None`` if it asks for the endpoint's description.

    :raises Refusal: it is no request of the protocol.
    """
    if request.method not in {"GET", "HEAD", "POST"}:
        detail = "queries come by GET or POST; this endpoint is read-only"
        raise Refusal(405, "Method not allowed", detail, [("Allow", "GET, HEAD, POST, OPTIONS")])
    body = await _body(request) if request.method == "POST" else b""
    media = header(request, b"content-type").decode("latin-1")
    return read_request(request.method, request.scope["query_string"], media, body)


async def _body(request: Request) -> bytes:
    """A request's body, within limits of size and time.

    :raises Refusal: 413 or 408.
    """
    length = header(request, b"content-length")
    too_large = Refusal(
        413,
        "Request too large",
        f"a request may have up to {_MOST_BODY_BYTES:,} bytes",
        [("Connection", "close")],
    )
    if length.isdigit() and int(length) > _MOST_BODY_BYTES:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIME_S):
            async for piece in request.stream():
                body += piece
                if len(body) > _MOST_BODY_BYTES:
                    raise too_large
    except TimeoutError:
        raise Refusal(
            408, "Request too slow", "the request's body took too long", [("Connection", "close")]
        ) from None
    except ClientDisconnect:
        raise Refusal(400, "Bad request", "the request broke off") from None
    return bytes(body)


def _path(scope: Scope) -> str:
    """A request's path without the part that a proxy in front of this server adds."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _root(request: Request) -> str:
    """The address that this server's paths begin with, as the client knows it; no slash at its end."""
    host = header(request, b"host").decode("latin-1")
    if not _HOST.fullmatch(host):
        name, port = request.scope["server"] or ("localhost", None)
        host = f"{name}:{port}" if port else name
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}"
