"""What the words on the pages mean, how each is judged, and where this knowledge base ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..vocabulary import Footing
from .page import Page
from .view import View

__all__ = ["pages"]

#: The code lists that pages show as chips, in the order in which readers meet them.
_SCHEMES = ("footings", "directions", "bases", "verdicts", "standings", "wordings", "interests")


class Meaning(NamedTuple):
    """A word, what it means, and how often it is on these pages.

    :param number: ``None`` where it is not counted.
    :param link: the list of what was counted.
    """

    word: str
    text: str
    number: int | None
    link: str


class Limits(NamedTuple):
    """How far the knowledge base goes.

    :param unread: sources with no finding that somebody made from more than the title.
    :param uncompared: claims with no such finding.
    :param unchecked: sources that have an address, none of which was ever checked.
    :param unworded: drafts of claims that wait for a statement.
    """

    claims: int
    sources: int
    unread: int
    uncompared: int
    unchecked: int
    unworded: int


def pages(view: View) -> Iterator[Page]:
    """The one page."""

    def context() -> Mapping[str, object]:
        return {
            "schemes": [(scheme, [*_meanings(view, scheme)]) for scheme in _SCHEMES],
            "limits": limits(view),
        }

    yield Page(f"{view.language}/help.html", "help.html", context)


def limits(view: View) -> Limits:
    """How far the knowledge base goes."""
    facts = view.facts
    read = {finding.source for finding in facts.findings if finding.is_read}
    compared = {finding.claim for finding in facts.findings if finding.is_read}
    return Limits(
        len(facts.claims),
        len(facts.sources),
        sum(iri not in read for iri in facts.sources),
        sum(iri not in compared for iri in facts.claims),
        sum(view.liveness(source) == "unchecked" for source in facts.sources.values()),
        sum(not claim.texts for claim in facts.claims.values()),
    )


def _meanings(view: View, scheme: str) -> Iterator[Meaning]:
    facts = view.facts
    counts: dict[str, Counter[str]] = {
        "footings": Counter(claim.footing.value for claim in facts.claims.values()),
        "directions": Counter(finding.direction.value for finding in facts.findings),
        "verdicts": Counter(view.liveness(source) for source in facts.sources.values()),
        "interests": Counter(source.interest or "" for source in facts.sources.values()),
    }
    lists = {"footings": "claims-{}", "verdicts": "sources-address-{}", "interests": "sources-interest-{}"}
    order = [footing.value for footing in Footing] if scheme == "footings" else view.words_of(scheme)
    for word in order:
        link = f"{view.language}/{lists[scheme].format(view.safe(word))}.html" if scheme in lists else ""
        number = counts[scheme][word] if scheme in counts else None
        yield Meaning(word, facts.meaning(word, scheme, view.language), number, link)
