"""Linked data: the addresses of things answer with a page for people and with triples for programs.

What a thing's triples are: those that begin at it, with the nameless nodes behind them, and those that lead
to it: citations and findings point at a claim, and a reader of the claim wants them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pyoxigraph as ox

from ..store import Graph
from ..vocabulary import CODE, EKB
from .description import write_triples
from .outbox import Outbox
from .protocol import Refusal, prefers_html
from .state import State

__all__ = ["answer"]

_MOST_LEADING_HERE = 5000
_MOST_ROWS = 1000


def answer(state: State, job: Mapping[str, Any], out: Outbox) -> int | None:
    """The page of a thing (303), a plain page of its triples, or its triples.

    :raises Refusal: 404, 406, or 400 where no IRI was given.
    """
    iri = _iri(state, job)
    triples = list(_triples(state, iri))
    if not triples:
        raise Refusal(404, "Not found", f"this knowledge base says nothing of {iri}")
    if job["format"] or not prefers_html(job["accept"]):
        return write_triples(state, triples, job, out, _notice(triples, iri, job["prefix"]))
    page = state.pages.path_of(iri, job["language"])
    if page:
        out.head(303, "text/plain; charset=utf-8", {"Location": f"{job['prefix']}/{quote(page, safe='/#')}"})
        return None
    depth = job["path"].strip("/").count("/")
    out.head(200, "text/html; charset=utf-8")
    out.write(_page(state, iri, triples, job["language"], depth).encode())
    return len(triples)


def _leading_here(triples: list[ox.Triple], iri: str) -> int:
    """How many triples lead to a thing from elsewhere."""
    here = ox.NamedNode(iri)
    return sum(triple.object == here for triple in triples)


def _notice(triples: list[ox.Triple], iri: str, prefix: str) -> dict[str, str]:
    """A header that says where the rest is, if not all triples that lead to a thing are given."""
    if _leading_here(triples, iri) < _MOST_LEADING_HERE:
        return {}
    query = (
        f"CONSTRUCT {{ ?s ?p <{iri}> }} WHERE {{ ?s ?p <{iri}> }} ORDER BY ?s ?p OFFSET {_MOST_LEADING_HERE}"
    )
    return {
        "Link": f'<{prefix}/sparql?{urlencode({"query": query})}>; rel="next"; '
        f'title="only {_MOST_LEADING_HERE} of the triples that lead here are given; this asks for the rest"'
    }


def _iri_of_path(state: State, path: str) -> str:
    """The IRI that an address stands for: ``/data/tea/article``, ``/ns``, ``/codes/strong``."""
    if path == "/ns":
        return EKB.rstrip("#")
    if path.startswith("/codes/"):
        return CODE + path.removeprefix("/codes/")
    return state.kb.config.base + path.removeprefix("/data/")


def _path_of_iri(state: State, iri: str) -> str:
    """The address of this server, without its first slash, that stands for an IRI."""
    for namespace, folder in ((state.kb.config.base, "data/"), (CODE, "codes/")):
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and rest == unquote(rest) and not set(rest) & set("?#"):
            return folder + quote(rest)
    if iri.startswith(EKB):
        return "ns#" + quote(iri.removeprefix(EKB))
    return "resource?iri=" + quote(iri, safe="")


def _iri(state: State, job: Mapping[str, Any]) -> str:
    if job["path"] != "/resource":
        iri = _iri_of_path(state, job["path"])
    elif job["iri"]:
        iri = job["iri"]
    else:
        raise Refusal(400, "Bad request", "say which thing: /resource?iri=…")
    try:
        ox.NamedNode(iri)
    except ValueError:
        raise Refusal(404, "Not found", "that is no IRI") from None
    return str(iri)


def _triples(state: State, iri: str) -> Iterator[ox.Triple]:
    """What there is to say of ``iri``; for a file's graph, all that is in it."""
    if iri in state.graphs:
        yield from _construct(state, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
        return
    yield from _construct(state, f"DESCRIBE <{iri}>")
    yield from _construct(
        state,
        f"CONSTRUCT {{ ?s ?p <{iri}> }} WHERE {{ ?s ?p <{iri}> }} ORDER BY ?s ?p LIMIT {_MOST_LEADING_HERE}",
    )


def _construct(state: State, query: str) -> Iterator[ox.Triple]:
    store = state.named if "GRAPH" in query else state.kb.store
    graph = store.query(query)
    assert isinstance(graph, Graph)
    yield from graph.triples


def _page(state: State, iri: str, triples: list[ox.Triple], language: str, depth: int) -> str:
    """A plain page of triples, for what has no page of its own."""
    up = "../" * depth
    order = sorted(triples, key=lambda t: (str(t.subject) != f"<{iri}>", str(t)))
    rows = [[_shown(state, term, up) for term in triple] for triple in order[:_MOST_ROWS]]
    places = [_place_of(iri, triple.subject) for triple in order[:_MOST_ROWS]]
    return state.pages.fill(
        "resource.html",
        language,
        depth,
        iri=iri,
        name=state.kb.compact(iri),
        rows=list(zip(rows, _first_only(places), strict=True)),
        left_out=max(len(order) - _MOST_ROWS, 0),
        turtle=f"{up}resource?iri={quote(iri, safe='')}&format=turtle",
    )


def _place_of(iri: str, subject: object) -> str | None:
    """What stands behind the ``#`` of a subject that is a part of ``iri``."""
    part = subject.value.removeprefix(f"{iri}#") if isinstance(subject, ox.NamedNode) else ""
    return part if part and "://" not in part else None


def _first_only(places: list[str | None]) -> Iterator[str | None]:
    """The places, each only where it comes first: an id may stand once in a page."""
    seen: set[str | None] = set()
    for place in places:
        yield None if place in seen else place
        seen.add(place)


def _shown(state: State, term: object, up: str) -> dict[str, str | None]:
    if isinstance(term, ox.NamedNode):
        return {
            "text": state.kb.compact(term.value),
            "href": up + _path_of_iri(state, term.value),
            "lang": None,
        }
    if isinstance(term, ox.Literal):
        return {"text": term.value, "href": None, "lang": term.language}
    return {"text": str(term)[:8] + "…", "href": None, "lang": None}
