"""What a worker can be asked: queries, pages, facts, descriptions. Each answer goes into an outbox.

Everything here runs in a process that may be killed at any moment, and never in the server itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import resource
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import InputError, QueryError
from ..knowledge_base import KnowledgeBase
from ..resources import ontology_folder, queries_folder
from ..store import Answer, EmbeddedStore
from ..vocabulary import CODE, EKB, PREFIXES
from .facts import Facts
from .outbox import Outbox
from .pages import Pages
from .protocol import Refusal, names_dataset, names_graphs
from .results import content_type, format_for, write_answer
from .words import LANGUAGES

__all__ = ["Limits", "Tasks", "watched_files"]

_MEDIA = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
}


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


class Tasks:
    """One state of a knowledge base, and what can be asked of it.

    :param version: a digest of everything it was read from.
    """

    def __init__(self, kb: KnowledgeBase, facts: Facts, limits: Limits, version: str) -> None:
        self.kb, self.facts, self.limits, self.version = kb, facts, limits, version
        self.pages = Pages(facts, live=True)
        self.prefixes = PREFIXES | dict(kb.config.prefixes)
        self.graphs = graphs_of(kb)

    @classmethod
    def load(cls, folder: str, article_texts: Mapping[str, str], limits: Limits) -> Tasks:
        """Read a knowledge base, and prepare all that its workers would otherwise do again and again.

        :raises InputError: a file cannot be read or is broken.
        """
        kb = KnowledgeBase.open(folder)
        texts = {article: Path(file) for article, file in article_texts.items()}
        version = _digest([*watched_files(kb), *texts.values()])
        tasks = cls(kb, Facts(kb, texts), limits, version)
        _ = tasks.named, tasks.assets
        tasks._warm_up()
        return tasks

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

    def do(self, job: Mapping[str, Any], out: Outbox) -> int | None:
        """Answer a job; gives the number of rows where there are any.

        :raises Refusal: it is not answered as asked.
        """
        return self._actions[job["do"]](job, out)

    @cached_property
    def _actions(self) -> dict[str, Callable[[Mapping[str, Any], Outbox], int | None]]:
        from ..site import api, description, linked_data, openapi

        return {
            "query": self.query,
            "page": self.page,
            "asset": self.asset,
            "api-page": lambda job, out: openapi.write_page(self, job, out),
            "openapi": lambda job, out: openapi.write_document(self, job, out),
            "api": lambda job, out: api.answer(self, job, out),
            "service": lambda job, out: description.write_service(self, job, out),
            "void": lambda job, out: description.write_void(self, job, out),
            "resource": lambda job, out: linked_data.answer(self, job, out),
        }

    # -- queries -----------------------------------------------------------------------------------

    def query(self, job: Mapping[str, Any], out: Outbox) -> int | None:
        """Answer a SPARQL query in the format the asker wants."""
        with self._network(self.limits.service):
            answer = self.evaluate(job["query"], job["default_graphs"], job["named_graphs"])
            form = format_for(answer, job["accept"], job["format"])
            out.head(200, content_type(form.media))
            try:
                return write_answer(answer, form, out.file, self.limits.rows, self.prefixes)
            except (ValueError, RuntimeError, OSError) as error:
                raise Refusal(400, "The query cannot be answered", " ".join(str(error).split())) from None

    def evaluate(
        self, text: str, default_graphs: list[str] | None = None, named_graphs: list[str] | None = None
    ) -> Answer:
        """Begin to answer a query, over the dataset that it or the request names.

        :raises Refusal: 400, with line and column where the text does not parse.
        """
        chosen = default_graphs is not None
        from_inside = names_dataset(text)
        store = self.named if chosen or from_inside or names_graphs(text) else self.store
        try:
            return store.evaluate(
                text,
                self.prefixes,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                union=store is self.named and not chosen and not from_inside,
            )
        except QueryError as error:
            place = {} if error.line is None else {"line": error.line, "column": error.column or 1}
            raise Refusal(400, "The query cannot be understood", str(error), place=place) from None

    @contextlib.contextmanager
    def _network(self, allowed: bool) -> Iterator[None]:
        """Without permission, no file or connection can be opened: what slips through has nowhere to go."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft if allowed else 0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    # -- pages -------------------------------------------------------------------------------------

    def page(self, job: Mapping[str, Any], out: Outbox) -> None:
        """The HTML of one page."""
        html = self.pages.render(job["path"])
        if html is None:
            raise Refusal(404, "Not found", f"there is no page {job['path']}")
        out.head(200, "text/html; charset=utf-8")
        out.write(html.encode())

    def asset(self, job: Mapping[str, Any], out: Outbox) -> None:
        """A style sheet, script or search index."""
        content = self.assets.get(job["path"])
        if content is None:
            raise Refusal(404, "Not found", f"there is no file {job['path']}")
        media = _MEDIA.get(Path(job["path"]).suffix, "application/octet-stream")
        out.head(200, content_type(media) if media != "text/javascript" else media + "; charset=utf-8")
        out.write(content if isinstance(content, bytes) else content.read_bytes())


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
