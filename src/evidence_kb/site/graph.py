"""Claims and sources as a graph, and where each of them stands in the picture.

The layout is made here, so that a browser need not push five thousand marks apart: every article is a panel;
its sections stand left and right in the order of the text, their claims as rows of marks; the sources stand
between them, each at about the height of the claims that lean on it. All measures are picture units
(one unit is a pixel at full size).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import NamedTuple, TypeVar

from ..model import Source
from .details import Article, Section
from .facts import Facts

__all__ = ["Block", "Edge", "Graph", "Mark", "Panel", "graph_of"]

_Item = TypeVar("_Item")

STEP = 26.0  #: from one mark to the next
_LABEL = 24.0
_BETWEEN_SECTIONS = 18.0
_GULF = 150.0
_SOURCE_WIDTH = 46.0
_BETWEEN_PANELS = 120.0
_TITLE = 44.0
_ASPECT = 1.5


class Mark(NamedTuple):
    """Where a claim or a source stands."""

    iri: str
    x: float
    y: float


class Edge(NamedTuple):
    """A claim and a source that it leans on: by the author's act, or by a curator's finding.

    :param kind: ``cites``, or the finding's direction.
    """

    claim: str
    source: str
    kind: str


@dataclass(frozen=True)
class Block:
    """A section's claims, below its title.

    :param x: left edge. :param y: top edge, where the title stands.
    """

    section: Section
    x: float
    y: float
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Panel:
    """An article with its sections and its sources.

    :param unused: works that it lists and no claim leans on, at (x, y) of their title.
    """

    article: Article
    x: float
    y: float
    width: float
    height: float
    blocks: tuple[Block, ...]
    sources: tuple[Mark, ...]
    unused: tuple[Mark, ...]
    unused_at: tuple[float, float]


@dataclass(frozen=True)
class Graph:
    """The whole picture."""

    panels: tuple[Panel, ...]
    edges: tuple[Edge, ...]
    width: float
    height: float


def graph_of(facts: Facts) -> Graph:
    """The picture of a knowledge base."""
    home = _homes(facts)
    panels: list[Panel] = []
    for article in facts.articles:
        works = [facts.sources[iri] for iri, where in home.items() if where == article.iri]
        if article.claims or works:
            panels.append(_panel(facts, article, works))
    placed = _placed(panels)
    return Graph(
        tuple(placed),
        tuple(_edges(facts)),
        max((p.x + p.width for p in placed), default=0),
        max((p.y + p.height for p in placed), default=0),
    )


def _edges(facts: Facts) -> Iterable[Edge]:
    for claim in facts.claims.values():
        for source in dict.fromkeys(citation.source for citation in claim.citations):
            if source in facts.sources:
                yield Edge(claim.iri, source, "cites")
    seen = set()
    for finding in facts.findings:
        edge = Edge(finding.claim, finding.source, finding.direction.value)
        if edge not in seen and edge.claim in facts.claims and edge.source in facts.sources:
            seen.add(edge)
            yield edge


def _homes(facts: Facts) -> dict[str, str]:
    """The article that each work stands in: one that lists it, else the first that leans on it."""
    home: dict[str, str] = {}
    for article in facts.articles:
        for entry in article.entries:
            for work in entry.works:
                home.setdefault(work, article.iri)
    for work, claims in facts.claims_leaning.items():
        home.setdefault(work, facts.article_of[claims[0].iri].iri)
    last = facts.articles[-1].iri if facts.articles else ""
    return {work: home.get(work, last) for work in facts.sources}


def _panel(facts: Facts, article: Article, works: Sequence[Source]) -> Panel:
    per_row = max(8, ceil(sqrt(len(article.claims)) / 1.6))
    width = per_row * STEP
    sections = [section for section in article.sections if section.claims]
    left, right = _halves(sections, per_row)
    used = [work for work in works if facts.claims_leaning.get(work.iri)]
    unused = [work for work in works if not facts.claims_leaning.get(work.iri)]
    columns = max(2, ceil(len(works) / 24)) if len(works) > 1 else 1
    middle = columns * _SOURCE_WIDTH
    blocks = [
        *_blocks(left, 0.0, per_row),
        *_blocks(right, width + middle + 2 * _GULF, per_row),
    ]
    bottom = max((block.y + block.height for block in blocks), default=_TITLE)
    at = {mark.iri: mark for block in blocks for mark in block.marks}
    sources, end = _sources(facts, used, at, (width + _GULF, columns, bottom))
    marks, below = _grid(unused, width + _GULF, end + _LABEL + 16, columns)
    return Panel(
        article,
        0,
        0,
        2 * width + middle + 2 * _GULF,
        max(bottom, below),
        tuple(blocks),
        tuple(sources),
        tuple(marks),
        (width + _GULF + middle / 2, end + _LABEL),
    )


def _rows(items: Sequence[_Item], size: int) -> list[Sequence[_Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _height(section: Section, per_row: int) -> float:
    return _LABEL + ceil(len(section.claims) / per_row) * STEP


def _halves(sections: Sequence[Section], per_row: int) -> tuple[list[Section], list[Section]]:
    """The sections in two halves of about one height, in order."""
    half = sum(_height(section, per_row) + _BETWEEN_SECTIONS for section in sections) / 2
    left: list[Section] = []
    height = 0.0
    for section in sections:
        own = _height(section, per_row) + _BETWEEN_SECTIONS
        if left and height + own / 2 > half:
            break
        left.append(section)
        height += own
    return left, list(sections[len(left) :])


def _blocks(sections: Iterable[Section], x: float, per_row: int) -> Iterable[Block]:
    y = _TITLE
    for section in sections:
        height = _height(section, per_row)
        rows = _rows(section.claims, per_row)
        marks = tuple(
            Mark(claim.iri, x + (column + 0.5) * STEP, y + _LABEL + (row + 0.5) * STEP)
            for row, claims in enumerate(rows)
            for column, claim in enumerate(claims)
        )
        yield Block(section, x, y, per_row * STEP, height, marks)
        y += height + _BETWEEN_SECTIONS


def _sources(
    facts: Facts, works: Sequence[Source], at: dict[str, Mark], room: tuple[float, int, float]
) -> tuple[list[Mark], float]:
    """Used works in rows of ``columns``, ordered by the middle of their claims, over the panel's height."""
    x, columns, bottom = room
    middles = {}
    for work in works:
        near = [at[claim.iri] for claim in facts.claims_leaning[work.iri] if claim.iri in at]
        count = len(near) or 1
        middles[work.iri] = (sum(mark.y for mark in near) / count, sum(mark.x for mark in near) / count)
    ordered = sorted((work.iri for work in works), key=lambda iri: (middles[iri][0], iri))
    rows = [sorted(row, key=lambda iri: middles[iri][1]) for row in _rows(ordered, columns)]
    step = max(STEP, min(2 * STEP, (bottom - _TITLE - _LABEL) / max(len(rows), 1)))
    marks = [
        Mark(iri, x + (column + 0.5) * _SOURCE_WIDTH, _TITLE + _LABEL + (row + 0.5) * step)
        for row, iris in enumerate(rows)
        for column, iri in enumerate(iris)
    ]
    return marks, _TITLE + _LABEL + len(rows) * step


def _grid(works: Sequence[Source], x: float, y: float, columns: int) -> tuple[list[Mark], float]:
    marks = [
        Mark(work.iri, x + (column + 0.5) * _SOURCE_WIDTH, y + (row + 0.5) * STEP)
        for row, group in enumerate(_rows(works, columns))
        for column, work in enumerate(group)
    ]
    return marks, y + ceil(len(works) / columns) * STEP


def _placed(panels: Sequence[Panel]) -> list[Panel]:
    """The panels in rows, about as wide as a screen is beside its height."""
    if not panels:
        return []
    area = sum((p.width + _BETWEEN_PANELS) * (p.height + _BETWEEN_PANELS) for p in panels)
    widest = max(sqrt(area * _ASPECT), *(p.width for p in panels), 1.0)
    placed: list[Panel] = []
    x = y = row = 0.0
    for panel in panels:
        if x and x + panel.width > widest:
            x, y, row = 0.0, y + row + _BETWEEN_PANELS, 0.0
        placed.append(_moved(panel, x, y))
        x += panel.width + _BETWEEN_PANELS
        row = max(row, panel.height)
    return placed


def _moved(panel: Panel, dx: float, dy: float) -> Panel:
    def moved(marks: Iterable[Mark]) -> tuple[Mark, ...]:
        return tuple(Mark(mark.iri, mark.x + dx, mark.y + dy) for mark in marks)

    return Panel(
        panel.article,
        dx,
        dy,
        panel.width,
        panel.height,
        tuple(Block(b.section, b.x + dx, b.y + dy, b.width, b.height, moved(b.marks)) for b in panel.blocks),
        moved(panel.sources),
        moved(panel.unused),
        (panel.unused_at[0] + dx, panel.unused_at[1] + dy),
    )
