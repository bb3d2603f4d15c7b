"""A folder of Turtle files and the store made of them, as one thing.

The files are the truth; the store is read from them when it is first needed, and again by `reload`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config, find_folder, given_folder, read_config
from .errors import InputError, QueryError, UnknownName, UsageError
from .questions import Question, Questions
from .resources import ontology_folder, queries_folder
from .sparql import with_prefixes
from .store import EmbeddedStore, Result, Store, Table, read_turtle
from .vocabulary import PREFIXES, compact, expand, local_name

if TYPE_CHECKING:
    from .model import Claim, Finding, Source
    from .records import Records
    from .store_rdflib import RdflibStore
    from .turtle import LineIndex

__all__ = ["KnowledgeBase"]


class KnowledgeBase:
    """Claims, sources and findings of one or many articles.

    >>> kb = KnowledgeBase.open("kb")                                   # doctest: +SKIP
    >>> [claim.name for claim in kb.claims() if claim.footing == "disputed"]   # doctest: +SKIP
    >>> kb.query("claims-about", topic="stress")                        # doctest: +SKIP

    :param config: its settings, see `config.read_config`.
    :param engine: ``"oxigraph"``, or ``"rdflib"`` (slow; gives the same rows).
    """

    def __init__(self, config: Config, engine: str = "oxigraph") -> None:
        self.config = config
        self._engine = engine

    @classmethod
    def open(cls, folder: str | Path | None = None, engine: str = "oxigraph") -> KnowledgeBase:
        """The knowledge base in ``folder``; without one, the nearest ``kb.toml`` from here upwards.

        Nothing but ``kb.toml`` is read yet.

        :raises UsageError: there is no knowledge base.
        :raises InputError: its ``kb.toml`` is broken.
        """
        if engine not in {"oxigraph", "rdflib"}:
            raise UsageError(f"no engine is called {engine!r}: it is oxigraph or rdflib")
        found = find_folder(Path.cwd()) if folder is None else given_folder(Path(folder))
        return cls(read_config(found), engine)

    def files(self) -> list[Path]:
        """The Turtle files of the knowledge base, sorted; hidden and temporary ones left out."""
        found = []
        for folder, inner, names in os.walk(self.config.folder):
            inner[:] = [name for name in inner if not name.startswith(".")]
            found += [
                Path(folder, name)
                for name in (*names, *inner)  # a folder of that name is a mistake that reading will tell
                if name.endswith(".ttl") and not name.startswith(".")
            ]
        return sorted(found)

    @cached_property
    def store(self) -> EmbeddedStore | RdflibStore:
        """The triples of all files and of the ontology.

        :raises InputError: a file cannot be read or is broken, with the line.
        """
        if self._engine == "rdflib":
            from .store_rdflib import RdflibStore

            store: EmbeddedStore | RdflibStore = RdflibStore()
        else:
            store = EmbeddedStore()
        ontology = ontology_folder()
        for path in (ontology / "evidence.ttl", ontology / "codes.ttl", *self.files()):
            try:
                store.load(path)
            except InputError as error:
                raise InputError(error.what, self.shown(path), error.line) from None
        return store

    def reload(self) -> None:
        """Forget what was read, so that the files are read again."""
        for name in ("store", "_records", "_lines", "questions"):
            self.__dict__.pop(name, None)

    # -- questions ---------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> Questions:
        """The shipped questions and those in the knowledge base's own ``queries/`` folder."""
        return Questions([queries_folder(), self.config.folder / "queries"])

    def query(self, question: str | Question, store: Store | None = None, /, **parameters: str) -> Result:
        """Ask a named question, or a `Question` of your own.

        The vocabulary's prefixes, and those of ``kb.toml``, need no declaration.

        :param store: another store to ask, for example a `store.RemoteStore`.
        :param parameters: values as a user writes them; missing ones take the question's default.
        :raises UnknownName: no question is called that.
        :raises ParameterError: a parameter is missing or does not fit.
        :raises QueryError: the SPARQL does not parse or cannot be evaluated.
        """
        asked = self.questions[question] if isinstance(question, str) else question
        prefixes = PREFIXES | dict(self.config.prefixes)
        bound = asked.bind(parameters, self.resolve)
        text = with_prefixes(bound, prefixes)
        name = self.shown(asked.path) if asked.path else asked.name
        try:
            return (store or self.store).query(text, name)
        except QueryError as error:
            if error.line != 1 or error.column is None:
                raise
            column = max(error.column - (len(text) - len(bound)), 1)
            raise QueryError(error.what, name, 1, column) from None

    # -- typed objects -----------------------------------------------------------------------------

    @cached_property
    def _records(self) -> Records:
        from .records import Records  # not needed to answer a query

        return Records(self.store, self.footings)

    def claims(self) -> Iterator[Claim]:
        """Every claim, by article and position, with its footing."""
        return self._records.claims()

    def sources(self) -> Iterator[Source]:
        """Every work: listed, named in the text, or brought in by a curator; numbered ones first."""
        works = self._records.sources.values()
        yield from sorted(works, key=lambda s: (not s.entries, [e.number or 0 for e in s.entries], s.iri))

    def findings(self) -> Iterator[Finding]:
        """Every curator's finding."""
        return iter(self._records.findings)

    def footings(self, store: Store | None = None) -> dict[str, tuple[str, str | None]]:
        """Footing and ``via`` of every claim, by IRI; what ``queries/footing.rq`` says."""
        table = self.query("footing", store)
        assert isinstance(table, Table)
        return {
            row["claim"].value: (row["footing"].value, row["via"].value if "via" in row else None)
            for row in table
        }

    def articles(self) -> dict[str, str]:
        """The articles' IRIs by name: the folder they lie in, or the last part of their IRI."""
        table = self.store.query(_ARTICLES)
        assert isinstance(table, Table)
        named = {}
        for row in table:
            iri = row["article"].value
            file, _ = self.place(iri)
            folder = Path(file).resolve().parent if file else self.config.folder
            at_home = folder == self.config.folder.resolve()
            named[local_name(iri) if at_home else folder.name] = iri
        return named

    # -- names and places --------------------------------------------------------------------------

    def resolve(self, name: str) -> str:
        """The IRI that a user's name means.

        An IRI stands for itself; otherwise a prefixed name, the last part of an IRI in the knowledge
        base (``claim-tea-eases-headache``), an entry's number (``9`` or ``[9]``), an identifier
        (``doi:10.1000/182``) or an address.

        :raises UnknownName: nothing, or more than one thing, is called that.
        """
        name = name.strip()
        if "://" in name:
            return name.strip("<>")
        expanded = expand(name, dict(self.config.prefixes))
        if expanded is not None:
            return expanded
        found = self._names.get(name.strip("[]【】").lower(), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            several = ", ".join(sorted(self.compact(iri) for iri in found))
            raise UsageError(f"{name!r} is the name of several things: {several}; use one of these")
        number = name.strip("[]【】")
        if number.isdecimal():
            numbers = sorted(int(n) for n in self._names if n.isdecimal())
            span = f"the numbers go from {numbers[0]} to {numbers[-1]}" if numbers else "there are none yet"
            raise UsageError(f"there is no entry [{number}]: {span}")
        raise UnknownName("claim or source", name, (n for n in self._names if not n.isdigit()))

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """What people may call the things of this knowledge base, lower case."""
        names: dict[str, set[str]] = {}
        table = self.store.query(_NAMES)
        assert isinstance(table, Table)
        for row in table:
            iri = row["thing"].value
            label = row["label"].value if "label" in row else local_name(iri)
            names.setdefault(label.lower(), set()).add(iri)
        return names

    def compact(self, iri: str) -> str:
        """``iri`` with the knowledge base's prefixes."""
        return compact(iri, self.config.prefixes)

    def place(self, subject: str, predicate: str | None = None) -> tuple[str | None, int | None]:
        """File and line where ``subject`` (or its ``predicate``) is written, as shown to users."""
        if subject not in self._lines:
            return None, None
        path, index = self._lines[subject]
        return self.shown(path), index.line(subject, predicate)

    @cached_property
    def _lines(self) -> Mapping[str, tuple[Path, LineIndex]]:
        """For each subject the first file that it is written in, and the lines of that file."""
        from .turtle import LineIndex  # nor this

        lines: dict[str, tuple[Path, LineIndex]] = {}
        for path in self.files():
            index = LineIndex(read_turtle(path).decode())
            for subject in index.subjects():
                lines.setdefault(subject, (path, index))
        return lines

    @staticmethod
    def shown(path: Path) -> str:
        """``path`` as the user would name it: from the working directory where that is shorter."""
        try:
            return path.resolve().relative_to(Path.cwd()).as_posix()
        except ValueError:
            return str(path)


_NAMES = """
PREFIX schema: <https://schema.org/>
PREFIX biro: <http://purl.org/spar/biro/>
SELECT DISTINCT ?thing ?label WHERE {
  { ?thing a ?class . FILTER(ISIRI(?thing)) }
  UNION { ?entry biro:references ?thing ; schema:position ?number . BIND(STR(?number) AS ?label) }
  UNION { ?thing schema:identifier ?label }
}
"""

_ARTICLES = """
PREFIX schema: <https://schema.org/>
SELECT ?article WHERE { ?article a schema:Article } ORDER BY ?article
"""
