"""One state of a knowledge base as a server holds it: its triples, facts, pages and limits, loaded once."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import InputError
from ..knowledge_base import KnowledgeBase
from ..resources import ontology_folder, queries_folder
from ..store import EmbeddedStore
from ..vocabulary import CODE, EKB, PREFIXES
from .facts import Facts
from .pages import Pages
from .words import LANGUAGES

__all__ = ["Limits", "State", "watched_files"]


class Limits(NamedTuple):
    """What one answer may cost.

    :param rows: rows or triples.
    :param size: bytes before compression.
    :param memory: bytes beyond the data itself.
    :param service: whether queries may ask other endpoints.
    """

    rows: int = 100_000
    size: int = 64 * 2**20
    memory: int = 1024 * 2**20
    service: bool = False


class State:
    """One state of a knowledge base, with all that answers are made of.

    :param version: a digest of everything it was read from.
    """

    def __init__(self, kb: KnowledgeBase, facts: Facts, limits: Limits, version: str) -> None:
        self.kb, self.facts, self.limits, self.version = kb, facts, limits, version
        self.pages = Pages(facts, live=True)
        self.prefixes = PREFIXES | dict(kb.config.prefixes)
        self.graphs = graphs_of(kb)

    @classmethod
    def load(cls, folder: str, article_texts: Mapping[str, str], limits: Limits) -> State:
        """Read a knowledge base, and prepare all that its workers would otherwise do again and again.

        :raises InputError: a file cannot be read or is broken.
        """
        kb = KnowledgeBase.open(folder)
        texts = {article: Path(file) for article, file in article_texts.items()}
        version = _digest([*watched_files(kb), *texts.values()])
        state = cls(kb, Facts(kb, texts), limits, version)
        _ = state.named, state.assets
        state._warm_up()
        return state

    @property
    def store(self) -> EmbeddedStore:
        """All triples, in one graph."""
        store = self.kb.store
        assert isinstance(store, EmbeddedStore)
        return store

    @cached_property
    def named(self) -> EmbeddedStore:
        """The same triples once more, each file in a graph of its own."""
        # In one store with the default graph, they would slow down every query by up to a sixth.
        store = EmbeddedStore()
        for graph, path in self.graphs.items():
            store.load(path, graph)
        return store

    @cached_property
    def assets(self) -> dict[str, bytes | Path]:
        """The files that pages need beside themselves; the search index among them is made once."""
        return self.pages.assets()

    def _warm_up(self) -> None:
        """Render one page of every kind: templates get compiled, facts gathered."""
        seen: set[str] = set()
        for path in self.pages.paths():
            kind = self.pages.template_of(path) + path[:3]
            if kind not in seen:
                seen.add(kind)
                with contextlib.suppress(Exception):  # who asks for the page will be told
                    self.pages.render(path)

    def summary(self) -> dict[str, Any]:
        """What the server needs to know of this state."""
        return {
            "version": self.version,
            "name": self.facts.name,
            "triples": len(self.store),
            "languages": [tag for tag in self.kb.config.languages if tag in LANGUAGES] or ["en"],
            "claims": len(self.facts.claims),
        }


def graphs_of(kb: KnowledgeBase) -> dict[str, Path]:
    """The named graphs: one for each file of the knowledge base, one for the vocabulary, one for its codes.

    A file's graph is called by its path behind the base IRI, so that what the author did
    (``…/claims.ttl``) and what curators found (``…/findings.ttl``) can be asked apart.
    """
    ontology = ontology_folder()
    graphs = {EKB.rstrip("#"): ontology / "evidence.ttl", CODE: ontology / "codes.ttl"}
    for path in kb.files():
        inside = path.relative_to(kb.config.folder).as_posix()
        graphs[kb.config.base + quote(inside, safe="/-._~")] = path
    return graphs


def watched_files(kb: KnowledgeBase) -> list[Path]:
    """The files that a state is read from."""
    own = kb.config.folder / "queries"
    queries = [*queries_folder().rglob("*.rq"), *(own.rglob("*.rq") if own.is_dir() else ())]
    return [kb.config.file, *kb.files(), *sorted(queries), *sorted(ontology_folder().glob("*.ttl"))]


def _digest(files: list[Path]) -> str:
    from .. import __version__

    digest = hashlib.sha256(__version__.encode())
    for path in files:
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", path) from None
        digest.update(b"\0")
    return digest.hexdigest()[:16]
