"""The page of each claim: what it says, where, what the author cites, what curators found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..model import Claim, Source
from ..text_fragments import TextFragment
from .page import Page
from .view import View

__all__ = ["pages"]


class Event(NamedTuple):
    """Something dated in a claim's history: a finding was made, an address changed."""

    when: str
    kind: str
    word: str
    source: Source | None
    url: str | None = None


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
            "events": _history(view, claim),
            "hangs": facts.falls_of_claim.get(claim.iri, ()),
            "before": same[0],
            "after": same[1],
            "place": facts.kb.place(claim.iri),
        }

    return context


def _history(view: View, claim: Claim) -> list[Event]:
    """What is dated about a claim, newest first."""
    facts = view.facts
    found = facts.findings_of_claim.get(claim.iri, ())
    events = [
        Event(f.generated_at, "finding", f.direction, facts.sources.get(f.source))
        for f in found
        if f.generated_at
    ]
    works = dict.fromkeys([c.source for c in claim.citations] + [f.source for f in found])
    for work in works:
        source = facts.sources.get(work)
        for address in source.addresses if source else ():
            events += [
                Event(check.when, "verdict", check.verdict, source, address.url)
                for check in facts.history.get(address.url, ())
            ]
    return sorted(events, key=lambda e: (e.when, e.kind, e.word), reverse=True)
