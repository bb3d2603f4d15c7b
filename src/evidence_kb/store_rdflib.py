"""The same triples in rdflib: the referee for our queries, and the way to pySHACL.

Slower by one to two orders of magnitude than the embedded store; nothing but tests, ``--shacl`` and
``engine="rdflib"`` uses it.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import ResultRow

from .errors import InputError, QueryError
from .store import Graph, Result, Table, Term, read_turtle

__all__ = ["RdflibStore"]


class RdflibStore:
    """Triples in an ``rdflib.Graph``."""

    def __init__(self) -> None:
        # Literals keep the form they were written in: "2026-09-01T09:00:00Z" must not become "…+00:00".
        rdflib.NORMALIZE_LITERALS = False
        self.graph = rdflib.Graph()

    def load(self, path: Path) -> None:
        """Add a Turtle file.

        :raises InputError: unreadable or broken Turtle.
        """
        data = read_turtle(path)
        try:
            self.graph.parse(data=data, format="turtle")
        except Exception as error:  # noqa: BLE001  rdflib's parser raises many kinds
            raise InputError("broken Turtle: " + " ".join(str(error).split())[:200], path) from None

    def query(self, text: str, name: str | None = None) -> Result:
        try:
            answer = self.graph.query(prepareQuery(text))
            if answer.type == "ASK":
                return bool(answer.askAnswer)
            if answer.type in {"CONSTRUCT", "DESCRIBE"}:
                assert answer.graph is not None
                return Graph(tuple(ox.Triple(*map(_term, triple)) for triple in answer.graph))  # type: ignore[arg-type]
            columns = tuple(str(variable) for variable in answer.vars or ())
            rows = []
            for solution in answer:
                assert isinstance(solution, ResultRow)
                rows.append(tuple(None if t is None else _term(t) for t in solution))
        except QueryError:
            raise
        except Exception as error:  # noqa: BLE001  pyparsing's and rdflib's own errors share no base
            raise QueryError(" ".join(str(error).split())[:300], name) from None
        return Table(columns, tuple(rows))


def _term(term: object) -> Term:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language.lower())
    if term.datatype:
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
    return ox.Literal(str(term))
