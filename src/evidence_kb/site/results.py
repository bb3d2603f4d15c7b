"""Answers to queries in every format of the endpoint.

The formats are written by Oxigraph, row by row, as the rows are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, NamedTuple

import pyoxigraph as ox

from ..store import Answer
from .protocol import Refusal, negotiate

__all__ = [
    "GRAPH_FORMATS",
    "TABLE_FORMATS",
    "RowCounter",
    "content_type",
    "format_for",
    "too_many",
    "write_answer",
]


class Format(NamedTuple):
    """A format, by the media type it is sent as and the word that ``format=`` takes."""

    word: str
    media: str
    writer: ox.QueryResultsFormat | ox.RdfFormat


#: Formats of SELECT and ASK; the first is the default.
TABLE_FORMATS = (
    Format("json", "application/sparql-results+json", ox.QueryResultsFormat.JSON),
    Format("xml", "application/sparql-results+xml", ox.QueryResultsFormat.XML),
    Format("csv", "text/csv", ox.QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", ox.QueryResultsFormat.TSV),
    Format("json", "application/json", ox.QueryResultsFormat.JSON),
    Format("xml", "application/xml", ox.QueryResultsFormat.XML),
    Format("xml", "text/xml", ox.QueryResultsFormat.XML),
)
#: Formats of CONSTRUCT and DESCRIBE, and of everything that is described in RDF.
GRAPH_FORMATS = (
    Format("turtle", "text/turtle", ox.RdfFormat.TURTLE),
    Format("ntriples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    Format("rdfxml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
    Format("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
    Format("jsonld", "application/json", ox.RdfFormat.JSON_LD),
    Format("rdfxml", "application/xml", ox.RdfFormat.RDF_XML),
    Format("rdfxml", "text/xml", ox.RdfFormat.RDF_XML),
    Format("ntriples", "text/plain", ox.RdfFormat.N_TRIPLES),
)
# ASK has no CSV and TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/).
_TRUTH_FORMATS = tuple(f for f in TABLE_FORMATS if f.word in {"json", "xml"})


def format_for(answer: Answer | None, accept: str, word: str | None = None) -> Format:
    """The format an asker wants for an answer (``None``: for triples).

    :param word: a format by its word, which goes before ``Accept``; passed over where it does not fit.
    :raises Refusal: 406, with the formats there are.
    """
    formats = _formats(answer)
    for offered in formats:
        if word is not None and word.lower() in {offered.word, offered.media}:
            return offered
    if "text/html" in accept and "*/*" in accept:
        accept = "*/*"  # a browser's header: the XML in it is meant for pages
    offers = tuple([offered.media for offered in formats])
    media = negotiate(accept, offers)
    if media is None:
        there = ", ".join(dict.fromkeys(offers))
        raise Refusal(406, "Not acceptable", f"there is no answer in {accept}; there are: {there}")
    return formats[offers.index(media)]


def _formats(answer: Answer | None) -> tuple[Format, ...]:
    if isinstance(answer, ox.QueryBoolean):
        return _TRUTH_FORMATS
    return TABLE_FORMATS if isinstance(answer, ox.QuerySolutions) else GRAPH_FORMATS


def content_type(media: str) -> str:
    """A media type as a header has it: texts say that they are UTF-8."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def write_answer(
    answer: Answer, form: Format, out: IO[bytes], most_rows: int, prefixes: Mapping[str, str]
) -> int:
    """Write an answer; gives its number of rows or triples.

    :raises Refusal: 422, it has more than ``most_rows``; nobody is told half of an answer as if it were all.
    """
    if isinstance(answer, ox.QueryBoolean):
        answer.serialize(out, form.writer)  # type: ignore[arg-type]  # the formats go with the kinds of answer
        return 1
    if isinstance(answer, ox.QuerySolutions):
        counter = RowCounter(out, form.word, most_rows)
        answer.serialize(counter, form.writer)  # type: ignore[arg-type]  # as above
        return counter.rows
    count = _Count(answer, most_rows)
    ox.serialize(count, out, form.writer, prefixes=dict(prefixes))  # type: ignore[arg-type]  # as above
    return count.rows


class _Count:
    """Triples, counted as they pass."""

    def __init__(self, triples: Iterator[ox.Triple], most: int) -> None:
        self._triples, self._most, self.rows = triples, most, 0

    def __iter__(self) -> Iterator[ox.Triple]:
        for triple in self._triples:
            self.rows += 1
            if self.rows > self._most:
                raise too_many(self._most, "triples")
            yield triple


# What stands between or in front of rows and cannot stand in a value, where quotes and brackets are escaped.
_FIRST_ROW = b'"bindings":[{'
_ROW_MARKS = {"json": b'},{"', "xml": b"<result>", "tsv": b"\n"}


class RowCounter:
    """A file that passes bytes on and counts the rows in them.

    Oxigraph writes a row several times as fast as Python could, so rows are counted in what it wrote.

    :param word: the format: json, xml, csv or tsv.
    """

    def __init__(self, out: IO[bytes], word: str, most: int) -> None:
        self._out, self._word, self._most = out, word, most
        self._tail = b""
        self._quoted = False
        self._marks = 0
        self._begun = False

    @property
    def rows(self) -> int:
        """Rows so far. JSON has marks between rows, the tables a line of names in front of them."""
        if self._word == "json":
            return self._marks + self._begun
        return max(self._marks - 1, 0) if self._word in {"csv", "tsv"} else self._marks

    def write(self, data: bytes) -> int:
        self._marks += self._lines_of_csv(data) if self._word == "csv" else self._marks_in(data)
        if self.rows > self._most:
            raise too_many(self._most, "rows")
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def _marks_in(self, data: bytes) -> int:
        mark = _ROW_MARKS[self._word]
        window = self._tail + data
        if self._word == "json" and not self._begun:
            self._begun = _FIRST_ROW in window
            self._tail = window[1 - len(_FIRST_ROW) :]
            return window.count(mark, window.find(_FIRST_ROW)) if self._begun else 0
        self._tail = window[1 - len(mark) :] if len(mark) > 1 else b""
        return window.count(mark)

    def _lines_of_csv(self, data: bytes) -> int:
        lines = 0
        for place, piece in enumerate(data.split(b'"')):
            self._quoted = not self._quoted if place else self._quoted
            lines += 0 if self._quoted else piece.count(b"\n")
        return lines


def too_many(most: int, what: str) -> Refusal:
    """The refusal of an answer that has more than ``most`` rows or triples."""
    return Refusal(
        422,
        "Too many rows",
        f"the answer has more than {most:,} {what}, the most this server gives at once; "
        "narrow the query, or fetch it in parts with ORDER BY, LIMIT and OFFSET",
    )
