"""The picture: claims and sources as a graph, drawn here as SVG, and again by the browser where it can.

Up to `_DRAWN` claims the SVG shows each as a mark with a link. Beyond that it shows each section's claims
as one bar, and the table has a line for each section: what nobody can read mark by mark is no help, and the
graph in the browser still has every mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from ..model import Claim, Source
from ..vocabulary import Direction, Footing
from .frontend import bundle
from .graph import Block, Graph, Mark, graph_of
from .outlines import FOOTING_SHAPES, SOURCE_SHAPES
from .view import View

__all__ = ["Bar", "BarPart", "ClaimMark", "Picture", "SourceMark"]

_DRAWN = 600
_BARS = 60
_GRAPH = "picture-graph.js"

_STATES = {
    "alive": "reached",
    "moved": "reached",
    "dead": "gone",
    "soft-404": "gone",
    "invalid": "gone",
    "unchecked": "unchecked",
    "no-address": "no-address",
}
_EDGES = ("cites", *(direction.value for direction in Direction))


class ClaimMark(NamedTuple):
    """A claim's mark with what is said of it."""

    claim: Claim
    x: float
    y: float
    section: int


class SourceMark(NamedTuple):
    """A source's mark with what is said of it."""

    source: Source
    x: float
    y: float
    state: str
    verdict: str
    label: str


class BarPart(NamedTuple):
    """A section's claims of one footing."""

    footing: str
    x: float
    width: float
    words: str


class Bar(NamedTuple):
    """A section as a bar."""

    title: str
    y: int
    parts: tuple[BarPart, ...]
    end: int
    claims: int


class Picture:
    """What the picture's template shows."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.facts = view.facts
        self.graph: Graph = graph_of(view.facts)
        self.bundle = _GRAPH if bundle(_GRAPH) else None
        self.shapes = FOOTING_SHAPES
        self.source_shapes = SOURCE_SHAPES

    @property
    def drawn(self) -> bool:
        """Whether every claim has a mark in the SVG, and a line in the table."""
        return len(self.facts.claims) <= _DRAWN

    # -- marks -------------------------------------------------------------------------------------

    @cached_property
    def claims(self) -> list[ClaimMark]:
        """Every claim's mark, in reading order."""
        place = {mark.iri: mark for panel in self.graph.panels for b in panel.blocks for mark in b.marks}
        number = {
            claim.iri: index for index, block in enumerate(self.blocks) for claim in block.section.claims
        }
        return [
            ClaimMark(claim, place[claim.iri].x, place[claim.iri].y, number[claim.iri])
            for claim in self.facts.claims.values()
            if claim.iri in place
        ]

    @cached_property
    def sources(self) -> list[SourceMark]:
        """Every source's mark."""
        return [self._source(mark) for panel in self.graph.panels for mark in (*panel.sources, *panel.unused)]

    def _source(self, mark: Mark) -> SourceMark:
        source = self.facts.sources[mark.iri]
        verdict = self.view.liveness(source)
        numbers = [entry.number for entry in source.entries if entry.number is not None]
        label = str(numbers[0]) if numbers else "·"
        return SourceMark(source, mark.x, mark.y, _STATES.get(verdict, "doubtful"), verdict, label)

    @cached_property
    def blocks(self) -> list[Block]:
        """The sections that have claims, panel by panel."""
        return [block for panel in self.graph.panels for block in panel.blocks]

    @cached_property
    def block_number(self) -> dict[int, int]:
        """The number of each section, by its object's identity (sections may share an empty IRI)."""
        return {id(block): index for index, block in enumerate(self.blocks)}

    def number(self, block: Block) -> int:
        """The number of a section, as the script counts them."""
        return self.block_number[id(block)]

    @cached_property
    def titles(self) -> list[tuple[int, int, str, int]]:
        """Texts in the picture: x, y, text, and how large (2 an article, 1 a section, 0 a remark)."""
        return [*self._titles()]

    @cached_property
    def source_marks(self) -> dict[str, SourceMark]:
        """The sources' marks by IRI."""
        return {mark.source.iri: mark for mark in self.sources}

    @cached_property
    def leans_on(self) -> dict[str, list[str]]:
        """The works that each claim leans on, in the order of the lines."""
        found: dict[str, dict[str, None]] = {iri: {} for iri in self.facts.claims}
        for edge in self.graph.edges:
            found[edge.claim][edge.source] = None
        return {iri: list(works) for iri, works in found.items()}

    @cached_property
    def claim_number(self) -> dict[str, int]:
        """The number of each claim, as the script counts them."""
        return {mark.claim.iri: index for index, mark in enumerate(self.claims)}

    @cached_property
    def places(self) -> dict[str, tuple[float, float]]:
        """Where every claim and source stands."""
        return {m.claim.iri: (m.x, m.y) for m in self.claims} | {
            m.source.iri: (m.x, m.y) for m in self.sources
        }

    def curve(self, claim: str, source: str) -> str:
        """The path from a claim to a source, leaving and arriving level."""
        (x1, y1), (x2, y2) = self.places[claim], self.places[source]
        middle = (x1 + x2) / 2
        return f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"

    # -- a bar for each section ---------------------------------------------------------------------

    def counts(self, block: Block) -> list[int]:
        """How many of a section's claims have each footing, in the legend's order."""
        counts = Counter(claim.footing for claim in block.section.claims)
        return [counts[footing] for footing, _ in self.footings]

    @cached_property
    def bars(self) -> list[Bar]:
        """The longest sections as bars, for a picture of more claims than anyone can tell apart."""
        longest = sorted(self.blocks, key=lambda block: -len(block.marks))[:_BARS]
        most = max((len(block.marks) for block in longest), default=1)
        return [self._bar(block, 20 * row, 540 / most) for row, block in enumerate(longest)]

    @property
    def bars_height(self) -> int:
        """The height of all bars."""
        return 20 * len(self.bars) + 4

    def _bar(self, block: Block, y: int, scale: float) -> Bar:
        parts, x = [], 300.0
        for (footing, _), count in zip(self.footings, self.counts(block), strict=True):
            if count:
                words = f"{self.facts.label(footing, 'footings', self.view.language)}: {count}"
                parts.append(BarPart(footing, round(x, 1), round(count * scale, 1), words))
                x += count * scale
        title = self.section_title(block.section.titles, 44)
        return Bar(title, y, tuple(parts), round(x), len(block.marks))

    # -- words -------------------------------------------------------------------------------------

    def source_words(self, mark: SourceMark) -> str:
        """A source in one line: number, title, what is known of its address."""
        number = f"[{mark.label}] " if mark.label.isdecimal() else ""
        return f"{number}{self.title(mark.source)} ({self.verdict_words(mark.verdict)})"

    def title(self, source: Source) -> str:
        """A work's title as a plain text."""
        printed = next((entry.title for entry in source.entries if entry.title), source.name)
        return self.view.plain(source.titles, printed, 60)

    def verdict_words(self, verdict: str) -> str:
        """A verdict's name, or that there is none."""
        if verdict in {"unchecked", "no-address"}:
            return self.view.t(f"picture.{verdict}")
        return self.facts.label(verdict, "verdicts", self.view.language)

    def section_title(self, titles: Mapping[str, str], most: int = 34) -> str:
        """A section's title in one line."""
        return self.view.plain(titles, self.view.t("picture.no_section"), most)

    # -- legend and filters ------------------------------------------------------------------------

    @property
    def footings(self) -> list[tuple[Footing, int]]:
        """The footings there are, worst first, and how many claims have each."""
        return self.facts.footings()

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """The states of addresses there are: state, the verdicts that it stands for in words, how many."""
        verdicts = Counter((mark.state, mark.verdict) for mark in self.sources)
        found = []
        for state in SOURCE_SHAPES:
            here = [(verdict, n) for (s, verdict), n in sorted(verdicts.items()) if s == state]
            if here:
                words = ", ".join(self.verdict_words(verdict) for verdict, _ in here)
                found.append((state, words, sum(n for _, n in here)))
        return found

    @property
    def edge_kinds(self) -> list[str]:
        """The kinds of lines there are."""
        kinds = {edge.kind for edge in self.graph.edges}
        return [kind for kind in _EDGES if kind in kinds]

    def edge_words(self, kind: str) -> str:
        """What a kind of line means."""
        if kind == "cites":
            return self.view.t("picture.cites")
        return self.facts.label(kind, "directions", self.view.language)

    @property
    def categories(self) -> list[tuple[str, str]]:
        """The claims' categories: word and name, by name."""
        return self._named(((claim.category for claim in self.facts.claims.values())), "categories")

    @property
    def interests(self) -> list[tuple[str, str]]:
        """The interests of the sources' publishers: word and name, by name."""
        return self._named((source.interest for source in self.facts.sources.values()), "interests")

    def _named(self, words: Iterable[str | None], scheme: str) -> list[tuple[str, str]]:
        language = self.view.language
        named = ((word, self.facts.label(word, scheme, language)) for word in sorted({w for w in words if w}))
        return sorted(named, key=lambda pair: pair[1].casefold())

    def _titles(self) -> Iterator[tuple[int, int, str, int]]:
        for panel in self.graph.panels:
            if len(self.graph.panels) > 1:
                title = self.view.plain(panel.article.titles, self.view.t("article.none"), 40)
                yield round(panel.x), round(panel.y + 20), title, 2
            for block in panel.blocks:
                text = self.section_title(block.section.titles)
                yield round(block.x), round(block.y + 12), text, 1
            if panel.unused:
                x, y = panel.unused_at
                yield round(x), round(y), self.view.t("picture.unused"), 0
