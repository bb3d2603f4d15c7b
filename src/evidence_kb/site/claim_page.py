"""The page of each claim: what it says, where, what the author cites, what curators found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..model import Claim, Source
from ..text_fragments import TextFragment
from .page import Page
from .view import View

__all__ = ["pages"]


class Day(NamedTuple):
    """What happened to a claim on one day.

    :param findings: how many findings point in each direction.
    :param verdicts: sources whose address got another verdict, with the verdict.
    """

    date: str
    findings: tuple[tuple[str, int], ...]
    verdicts: tuple[tuple[Source, str], ...]


def pages(view: View) -> Iterator[Page]:
    """A page for each claim."""
    order = [claim for article in view.facts.articles for claim in article.claims]
    for place, claim in enumerate(order):
        before = order[place - 1] if place else None
        after = order[place + 1] if place + 1 < len(order) else None
        yield Page(view.page(claim.iri), "claim.html", _gatherer(view, claim, before, after))


def _gatherer(
    view: View, claim: Claim, before: Claim | None, after: Claim | None
) -> Callable[[], Mapping[str, object]]:
    def context() -> Mapping[str, object]:
        facts = view.facts
        article = facts.article_of[claim.iri]
        same = [c if c and facts.article_of[c.iri] is article else None for c in (before, after)]
        return {
            "claim": claim,
            "article": article,
            "section": facts.section_of.get(claim.iri),
            "others": {tag: text for tag, text in claim.texts.items() if tag != view.language},
            "passages": [(f, TextFragment.parse(f), view.passage(article, f)) for f in claim.passages],
            "citations": claim.citations,
            "findings": facts.findings_of_claim.get(claim.iri, ()),
            "picos": facts.picos.get(claim.iri, ()),
            "relations": facts.relations.get(claim.iri, ()),
            "contradicts": [facts.claims.get(iri) or iri for iri in claim.contradicts],
            "audit": facts.audit_of(view.language).get(claim.iri, ()),
            "days": _history(view, claim),
            "hangs": facts.falls_of_claim.get(claim.iri, ()),
            "before": same[0],
            "after": same[1],
            "place": facts.place(claim.iri),
        }

    return context


def _history(view: View, claim: Claim) -> list[Day]:
    """What is dated about a claim, newest day first."""
    facts = view.facts
    found = facts.findings_of_claim.get(claim.iri, ())
    directions: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in found:
        if finding.generated_at:
            directions[finding.generated_at[:10]][finding.direction] += 1
    verdicts: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for work in dict.fromkeys([c.source for c in claim.citations] + [f.source for f in found]):
        source = facts.sources.get(work)
        for address in source.addresses if source else ():
            for check in facts.history.get(address.url, ()):
                verdicts[check.when[:10]][work, check.verdict] = None
    return [
        Day(
            day,
            tuple(directions[day].items()),
            tuple((facts.sources[work], verdict) for work, verdict in verdicts[day]),
        )
        for day in sorted({*directions, *verdicts}, reverse=True)
    ]
