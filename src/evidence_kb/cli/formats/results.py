"""SPARQL results in the formats that `kb query` gives."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from ...errors import UsageError
from ...store import Graph, Result, Table, Term
from ...vocabulary import PREFIXES
from ..terminal import table as text_table
from .markdown import escape

__all__ = ["FORMATS", "render"]

FORMATS = ("table", "csv", "tsv", "json", "markdown", "turtle", "ntriples")

_Compact = Callable[[str], str]


def render(result: Result, form: str, prefixes: Mapping[str, str], compact: _Compact) -> str:
    """``result`` as text.

    :param compact: shortens IRIs where people read them (table, markdown).
    :raises UsageError: the format is not for this kind of result.
    """
    if isinstance(result, Graph):
        return _graph(result, form, prefixes)
    if form in {"turtle", "ntriples"}:
        raise UsageError(f"--format {form} is for CONSTRUCT and DESCRIBE; this query gives a table")
    if isinstance(result, bool):
        if form == "json":
            return json.dumps({"head": {}, "boolean": result}) + "\n"
        return f"{'true' if result else 'false'}\n"
    return _SELECT[form](result, compact)


def _graph(graph: Graph, form: str, prefixes: Mapping[str, str]) -> str:
    if form in {"table", "turtle"}:
        from ...turtle import write_turtle

        return write_turtle(graph.triples, PREFIXES | dict(prefixes))
    if form == "ntriples":
        return "".join(sorted({f"{triple} .\n" for triple in graph.triples}))
    raise UsageError(f"--format {form} is for tables; this query gives triples: turtle or ntriples")


def _table(table: Table, compact: _Compact) -> str:
    rows = [[_plain(term, compact) for term in row] for row in table.rows]
    return text_table(table.columns, rows) + "\n" if rows else "no rows\n"


def _markdown(table: Table, compact: _Compact) -> str:
    lines = [
        "| " + " | ".join(map(escape, table.columns)) + " |",
        "|" + " --- |" * len(table.columns),
    ]
    lines += ["| " + " | ".join(escape(_plain(term, compact)) for term in row) + " |" for row in table.rows]
    return "\n".join(lines) + "\n"


def _csv(table: Table, _: _Compact) -> str:
    """SPARQL 1.1 Query Results CSV: values without their types."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(["" if term is None else _value(term) for term in row])
    return out.getvalue()


def _tsv(table: Table, _: _Compact) -> str:
    """SPARQL 1.1 Query Results TSV: terms as Turtle writes them."""
    lines = ["\t".join("?" + column for column in table.columns)]
    lines += ["\t".join("" if t is None else str(t) for t in row) for row in table.rows]
    return "\n".join(lines) + "\n"


def _json(table: Table, _: _Compact) -> str:
    """SPARQL 1.1 Query Results JSON."""
    bindings = [{column: _json_term(term) for column, term in row.items()} for row in table]
    document = {"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


_SELECT: dict[str, Callable[[Table, _Compact], str]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "markdown": _markdown,
}


def _plain(term: Term | None, compact: _Compact) -> str:
    if term is None:
        return ""
    return compact(term.value) if isinstance(term, ox.NamedNode) else _value(term)


def _value(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    out = {"type": "literal", "value": term.value}
    if term.language:
        out["xml:lang"] = term.language
    elif term.datatype.value != PREFIXES["xsd"] + "string":
        out["datatype"] = term.datatype.value
    return out
