"""Triples behind one small interface: embedded (Oxigraph) or remote (any SPARQL 1.1 endpoint).

A store answers SPARQL and knows nothing of claims or sources. Terms are pyoxigraph's, whoever answers.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pyoxigraph as ox

from .errors import CannotRun, InputError, QueryError
from .sparql import undeclared_prefixes

if TYPE_CHECKING:
    import requests

__all__ = [
    "Answer",
    "EmbeddedStore",
    "Graph",
    "RemoteStore",
    "Result",
    "Row",
    "Store",
    "Table",
    "Term",
    "read_turtle",
    "turtle_complaint",
]

_BULK = 4_000_000
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = tuple[Term | None, ...]


class Table:
    """What a SELECT gives: column names and rows of terms (``None`` where a column is unbound)."""

    # Not a dataclass: importing dataclasses costs every kb query as much as answering it.
    __slots__ = ("columns", "rows")

    def __init__(self, columns: tuple[str, ...], rows: tuple[Row, ...]) -> None:
        self.columns = columns
        self.rows = rows

    def __iter__(self) -> Iterator[dict[str, Term]]:
        for row in self.rows:
            yield {c: t for c, t in zip(self.columns, row, strict=True) if t is not None}

    def __len__(self) -> int:
        return len(self.rows)


class Graph(NamedTuple):
    """What a CONSTRUCT or DESCRIBE gives: triples, in the order the store gave them."""

    triples: tuple[ox.Triple, ...]


Result = Table | Graph | bool
Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Store(Protocol):
    """Anything that answers SPARQL 1.1 queries."""

    def query(self, text: str, name: str | None = None) -> Result:
        """The answer to ``text``; ``name`` says in errors where the text came from.

        :raises QueryError: the text does not parse or cannot be evaluated.
        :raises CannotRun: the store is out of reach.
        """
        ...


def read_turtle(path: Path) -> bytes:
    """The bytes of a UTF-8 Turtle file, without a byte order mark.

    :raises InputError: it cannot be read, or is in another encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path) from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("is UTF-16; Turtle is UTF-8: save it as UTF-8", path)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        raise InputError("is not text (it has NUL bytes)", path, data[: data.index(b"\0")].count(b"\n") + 1)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8 here; save the file as UTF-8", path, line) from None
    return data


class EmbeddedStore:
    """Triples in this process's memory, in one default graph."""

    def __init__(self) -> None:
        self._store = ox.Store()

    def load(self, path: Path, graph: str | None = None) -> None:
        """Add a Turtle file, to the default graph or to the one of this IRI.

        :raises InputError: unreadable, badly encoded or broken Turtle, with the line.
        """
        data = read_turtle(path)
        try:
            # The bulk loader's threads only pay off for files larger than an article's.
            load = self._store.bulk_load if len(data) > _BULK else self._store.load
            load(data, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph) if graph else None)
        except SyntaxError as error:
            raise InputError(turtle_complaint(str(error.msg)), path, error.lineno) from None
        except ValueError as error:
            raise InputError(str(error), path) from None

    def triples(self) -> Iterator[ox.Triple]:
        """Every triple, in no particular order."""
        return (quad.triple for quad in self._store)

    def copy(self) -> EmbeddedStore:
        """A second store with the same triples, for "what if"."""
        twin = EmbeddedStore()
        twin._store.bulk_extend(self._store)
        return twin

    def add(self, triples: Iterable[ox.Triple]) -> None:
        """Add triples."""
        self._store.extend(ox.Quad(*triple) for triple in triples)

    def remove(self, subject: Term, predicate: ox.NamedNode) -> None:
        """Remove every triple with this subject and predicate."""
        if not isinstance(subject, ox.Literal):
            for quad in list(self._store.quads_for_pattern(subject, predicate, None, None)):
                self._store.remove(quad)

    def __len__(self) -> int:
        return len(self._store)

    def evaluate(
        self,
        text: str,
        prefixes: Mapping[str, str],
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        union: bool = False,
    ) -> Answer:
        """The answer as it comes: solutions and triples are only found while they are read.

        :param prefixes: prefixes that the text need not declare.
        :param default_graphs: IRIs of the graphs to ask instead of the default graph.
        :param named_graphs: IRIs of the graphs that ``GRAPH`` finds; ``None`` for all there are.
        :param union: ask all named graphs at once where the text names none.
        :raises QueryError: the text does not parse, or names something that is no IRI.
        """
        try:
            return self._store.query(
                text,
                prefixes=dict(prefixes),
                default_graph=None if default_graphs is None else [ox.NamedNode(g) for g in default_graphs],
                named_graphs=None if named_graphs is None else [ox.NamedNode(g) for g in named_graphs],
                use_default_graph_as_union=union,
            )
        except SyntaxError as error:
            raise _syntax_error(str(error.msg), text, None, prefixes) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(_one_line(str(error))) from None

    def query(self, text: str, name: str | None = None) -> Result:
        try:
            answer = self._store.query(text)
            if isinstance(answer, ox.QuerySolutions):
                columns = tuple(variable.value for variable in answer.variables)
                return Table(columns, tuple(_row(solution, len(columns)) for solution in answer))
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            return Graph(tuple(answer))
        except SyntaxError as error:
            raise _syntax_error(str(error.msg), text, name) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(_one_line(str(error)), name) from None


class RemoteStore:
    """A SPARQL 1.1 endpoint, asked by POST of a form (which every server we know understands).

    :param url: the endpoint's query address.
    :param timeout: seconds to wait for the connection, and for each silence while reading.
    """

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        self.url, self.timeout = url, timeout
        self._session: requests.Session | None = None

    def query(self, text: str, name: str | None = None) -> Result:
        import requests

        if self._session is None:
            self._session = requests.Session()
            self._session.headers["User-Agent"] = "evidence-kb"
        headers = {
            "Accept": "application/sparql-results+json, text/turtle;q=0.9, application/n-triples;q=0.8"
        }
        try:
            answer = self._session.post(self.url, data={"query": text}, headers=headers, timeout=self.timeout)
        except requests.exceptions.InvalidURL as error:
            raise CannotRun(f"{self.url} is no address of an endpoint ({error})") from None
        except requests.RequestException as error:
            raise CannotRun(f"the endpoint {self.url} does not answer ({type(error).__name__})") from None
        if answer.status_code == 400:
            raise QueryError(f"the endpoint refuses it: {_one_line(answer.text)[:300]}", name)
        if not answer.ok:
            raise CannotRun(f"the endpoint {self.url} answers {answer.status_code} {answer.reason}")
        media = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        return self._read(answer.content, media, text)

    def _read(self, content: bytes, media: str, text: str) -> Result:
        try:
            results = ox.QueryResultsFormat.from_media_type(media)
            if results is None:
                rdf = ox.RdfFormat.from_media_type(media)
                if rdf is None:
                    raise CannotRun(f"the endpoint {self.url} answers in {media or 'no'} format")
                return Graph(tuple(quad.triple for quad in ox.parse(content, rdf)))
            parsed = ox.parse_query_results(content, results)
            if isinstance(parsed, ox.QueryBoolean):
                return bool(parsed)
            columns = tuple(variable.value for variable in parsed.variables)
            rows = tuple(_row(solution, len(columns)) for solution in parsed)
        except (SyntaxError, ValueError) as error:
            raise CannotRun(
                f"the endpoint {self.url} sends an answer that is no {media} ({_one_line(str(error))})"
            ) from None
        if _is_ask(text) and len(rows) == 1 and len(columns) == 1:  # Virtuoso's ASK comes as a table
            return str(rows[0][0]).startswith(('"1"', '"true"'))
        return Table(columns, rows)


def _row(solution: ox.QuerySolution, width: int) -> Row:
    return tuple(solution[i] for i in range(width))


def _is_ask(text: str) -> bool:
    bare = re.sub(r"#[^\n]*\n|PREFIX\s+\S+\s+<[^>]*>|BASE\s+<[^>]*>", " ", text, flags=re.I)
    return bare.lstrip()[:3].upper() == "ASK"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _syntax_error(message: str, text: str, name: str | None, prefixes: Container[str] = ()) -> QueryError:
    """Turn the parser's ``error at 2:9: expected one of …`` into a line an editor can use."""
    for use in undeclared_prefixes(text):
        if use.prefix in prefixes:
            continue
        what = f"the prefix {use.prefix}: is not declared; add PREFIX {use.prefix}: <…> at the top"
        return QueryError(what, name, use.line, use.column)
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.S)
    if not found:
        return QueryError(_one_line(message), name)
    line, column = int(found[1]), int(found[2])
    lines = text.split("\n")
    # The parser's place is just behind what it did not expect, so show what stands before it too.
    seen = lines[line - 1][max(column - 25, 0) : column + 15].strip() if line <= len(lines) else ""
    near = f"near {seen!r}" if seen else "at the end"
    return QueryError(f"this is no SPARQL {near}: something is missing or misspelt", name, line, column)


def turtle_complaint(message: str) -> str:
    """What pyoxigraph's parser says of broken Turtle, without the place (errors name it anyway)."""
    return "broken Turtle: " + _one_line(re.sub(r"^Parser error (at|between) .*?: ", "", message))
