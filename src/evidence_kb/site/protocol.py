"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): from a request to a query.

Also what HTTP says of choosing a format (RFC 9110, section 12). Pure functions: no sockets, no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from ..sparql import keywords_of

__all__ = [
    "ProtocolQuery",
    "Refusal",
    "forbid_service",
    "is_settled",
    "names_dataset",
    "names_graphs",
    "negotiate",
    "preferred_language",
    "prefers_html",
    "read_request",
]

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_MOST_FIELDS = 200
_READ_ONLY = "this endpoint is read-only: it answers queries and takes no updates"


class Refusal(Exception):
    """A request that is not answered as asked.

    :param status: the HTTP status.
    :param title: what is wrong in general, the same for every refusal of its kind.
    :param detail: what is wrong here, and how to mend it.
    :param headers: further headers of the response.
    :param place: ``line`` and ``column`` in the query.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        headers: Sequence[tuple[str, str]] = (),
        place: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.headers, self.place = tuple(headers), dict(place or {})


class ProtocolQuery(NamedTuple):
    """A query as the protocol has it.

    :param default_graphs: IRIs of ``default-graph-uri``; ``None`` where the request names no dataset.
    :param named_graphs: IRIs of ``named-graph-uri``; ``None`` where the request names no dataset.
    :param form: a format asked for by the parameter ``format``, which goes before ``Accept``.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    form: str | None = None


def read_request(method: str, query_string: bytes, content_type: str, body: bytes) -> ProtocolQuery | None:
    """The query in a request; ``None`` if it is a GET that asks for the service description.

    :raises Refusal: 400, 403 (an update) or 415 (another media type).
    """
    fields = _fields(query_string, "the address")
    if method == "POST":
        media, charset = _media_type(content_type)
        if charset not in {"", "utf-8", "utf8", "us-ascii"}:
            raise Refusal(415, "Unsupported encoding", f"queries are sent as UTF-8, not {charset}")
        if media == _FORM:
            fields += _fields(body, "the form")
        elif media == _DIRECT:
            fields.append(("query", _utf8(body, "the query")))
        elif media == _UPDATE:
            raise Refusal(403, "Read-only", _READ_ONLY)
        else:
            raise Refusal(
                415,
                "Unsupported media type",
                f"POST a query as {_FORM} or {_DIRECT}, not {media or 'without a Content-Type'}",
                [("Accept-Post", f"{_FORM}, {_DIRECT}")],
            )
    return _query(fields, may_describe=method != "POST")


def _query(fields: Iterable[tuple[str, str]], may_describe: bool) -> ProtocolQuery | None:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise Refusal(403, "Read-only", _READ_ONLY)
    queries = values.get("query", [])
    dataset = "default-graph-uri" in values or "named-graph-uri" in values
    if not queries and may_describe and not dataset:
        return None
    if len(queries) != 1:
        what = "it has none" if not queries else f"it has {len(queries)}"
        raise Refusal(400, "Bad request", f"a request needs one parameter 'query', and {what}")
    if not queries[0].strip():
        raise Refusal(400, "Bad request", "the query is empty")
    if not dataset:
        return ProtocolQuery(queries[0], form=values.get("format", [None])[0])
    return ProtocolQuery(
        queries[0],
        tuple(values.get("default-graph-uri", ())),
        tuple(values.get("named-graph-uri", ())),
        values.get("format", [None])[0],
    )


def _fields(data: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("ascii") if data.isascii() else _utf8(data, where),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise Refusal(400, "Bad request", f"{where} is not UTF-8") from None
    except ValueError:
        raise Refusal(400, "Bad request", f"{where} has more than {_MOST_FIELDS} parameters") from None


def _utf8(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "Bad request", f"{where} is not UTF-8") from None


def _media_type(content_type: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type, lower case."""
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((p.partition("=")[2].strip('" ') for p in parameters if p.startswith("charset=")), "")
    return media, charset


# -- what a query is, by its words -----------------------------------------------------------------


_TELLING = ("SERVICE", "GRAPH", "FROM", "NOW", "RAND", "UUID", "\\")


@lru_cache(maxsize=512)
def _keywords(text: str) -> frozenset[str]:
    """The keywords of a query, as far as they matter here."""
    capitals = text.upper()
    if not any(word in capitals for word in _TELLING):  # most queries, and much quicker to see
        return frozenset()
    return keywords_of(text)


def forbid_service(text: str) -> None:
    """Refuse a federated query, wherever in it ``SERVICE`` stands.

    :raises Refusal: 403.
    """
    if "SERVICE" in _keywords(text):
        raise Refusal(
            403,
            "Federated queries are off",
            "SERVICE makes this server ask another one, and that is switched off here; "
            "ask each server by itself (whoever runs this one can allow it with --allow-service)",
        )


def names_graphs(text: str) -> bool:
    """Whether a query speaks of graphs (``GRAPH``); it may be wrong to say yes, never to say no."""
    return "GRAPH" in _keywords(text)


def names_dataset(text: str) -> bool:
    """Whether a query chooses its dataset itself (``FROM``)."""
    return "FROM" in _keywords(text)


def is_settled(text: str) -> bool:
    """Whether a query gives the same answer as long as the data stays the same."""
    return _keywords(text).isdisjoint(("NOW", "RAND", "UUID", "STRUUID", "SERVICE"))


# -- choosing a format -----------------------------------------------------------------------------


class _Range(NamedTuple):
    type: str
    subtype: str
    quality: float


@lru_cache(maxsize=512)
def _ranges(accept: str) -> tuple[_Range, ...]:
    ranges = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind, slash, subtype = media.partition("/")
        if not slash or not kind or not subtype:
            continue
        ranges.append(_Range(kind, subtype, _quality(parameters)))
    return tuple(ranges)


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def negotiate(accept: str, offers: Sequence[str]) -> str | None:
    """The media type of ``offers`` that ``Accept`` likes best; ``None`` if none fits.

    Of several that it likes alike, the first. A missing or unreadable header accepts everything.

    >>> negotiate("text/csv;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    >>> negotiate("image/png", ["text/csv"]) is None
    True
    >>> negotiate("*/*", ["text/csv", "application/json"])
    'text/csv'
    """
    return _best(accept, tuple(offers))


@lru_cache(maxsize=512)
def _best(accept: str, offers: tuple[str, ...]) -> str | None:
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    best, best_quality = None, 0.0
    for offer in offers:
        quality = _quality_of(offer, ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _quality_of(offer: str, ranges: Sequence[_Range]) -> float:
    """How much an offer is liked: what its most specific range says."""
    kind, _, subtype = offer.partition("/")
    quality, specific = 0.0, -1
    for given in ranges:
        if given.type not in {kind, "*"} or given.subtype not in {subtype, "*"}:
            continue
        closeness = (given.type != "*") + (given.subtype != "*")
        if closeness > specific:
            quality, specific = given.quality, closeness
    return quality


def prefers_html(accept: str) -> bool:
    """Whether the asker is a person with a browser: it likes HTML as well as anything, by name."""
    ranges = _ranges(accept)
    html = max((r.quality for r in ranges if (r.type, r.subtype) == ("text", "html")), default=0.0)
    return html > 0 and html >= max(r.quality for r in ranges)


def preferred_language(accept_language: str, languages: Sequence[str]) -> str:
    """The language of a page for an asker: the best of ``Accept-Language``, else the first there is."""
    wanted = []
    for part in accept_language.split(","):
        tag, *parameters = (piece.strip().lower() for piece in part.split(";"))
        wanted.append((-_quality(parameters), tag.partition("-")[0]))
    for quality, tag in sorted(wanted, key=lambda pair: pair[0]):
        if quality < 0 and tag in languages:
            return tag
    return languages[0]
