"""What an editor may do next, the most urgent first, each list with what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..model import Claim, Source
from ..vocabulary import Footing
from .page import Page
from .view import View

__all__ = ["WEAK", "pages"]

#: The footings of claims that stand badly: something speaks against them, or what they stood on is gone.
WEAK = (Footing.DISPUTED, Footing.LOST, Footing.MISCITED, Footing.CONTESTED)
_MOST = 40
_BROKEN = ("dead", "soft-404", "invalid", "unreachable")


class Load(NamedTuple):
    """A work and what it carries.

    :param leaning: claims that cite it, or that somebody compared with it.
    :param falls: of those, the ones that get another footing if it goes.
    """

    source: Source
    leaning: int
    falls: int


class Task(NamedTuple):
    """A list of something to do.

    :param id: its place on the page.
    :param total: how many there are; ``items`` has the first of them.
    """

    id: str
    items: tuple[Claim, ...] | tuple[Load, ...]
    total: int


def pages(view: View) -> Iterator[Page]:
    """The one page."""
    yield Page(f"{view.language}/tasks.html", "tasks.html", lambda: _context(view))


def _context(view: View) -> Mapping[str, object]:
    facts = view.facts
    worst = sorted(facts.claims.values(), key=lambda claim: (not claim.core, view.rank(claim.footing)))
    loads = sorted(
        (_load(view, source) for source in facts.sources.values()), key=lambda x: (-x.falls, -x.leaning)
    )
    read = {finding.source for finding in facts.findings if finding.is_read}
    of_claims = [
        _task("weak", [claim for claim in worst if claim.footing in WEAK]),
        _task("unworded", [claim for claim in worst if not claim.texts]),
    ]
    of_sources = [
        _loads("broken", [load for load in loads if view.liveness(load.source) in _BROKEN]),
        _loads("unread", sorted((x for x in loads if x.source.iri not in read), key=lambda x: -x.leaning)),
        _loads("pillars", [load for load in loads if load.falls]),
    ]
    return {
        "claim_tasks": [task for task in of_claims if task.total],
        "source_tasks": [task for task in of_sources if task.total],
        "unchecked": sum(view.liveness(source) == "unchecked" for source in facts.sources.values()),
    }


def _load(view: View, source: Source) -> Load:
    facts = view.facts
    leaning = len(facts.claims_leaning.get(source.iri, ()))
    return Load(source, leaning, len(facts.falls.get(source.iri, {})))


def _task(name: str, claims: list[Claim]) -> Task:
    return Task(name, tuple(claims[:_MOST]), len(claims))


def _loads(name: str, loads: list[Load]) -> Task:
    return Task(name, tuple(loads[:_MOST]), len(loads))
