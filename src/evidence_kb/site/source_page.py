"""The page of each work: what is printed of it, where it is, who publishes it, and what leans on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..model import Claim, Source
from ..vocabulary import Footing
from .page import Page
from .view import View

__all__ = ["pages"]


class Leaning(NamedTuple):
    """A claim that leans on a work: cited for it, or spoken of in findings; and what becomes of it."""

    claim: Claim
    cited: bool
    directions: tuple[str, ...]
    after: Footing | None


def pages(view: View) -> Iterator[Page]:
    """A page for each work."""
    for source in view.facts.sources.values():
        yield Page(view.page(source.iri), "source.html", _gatherer(view, source))


def _gatherer(view: View, source: Source) -> Callable[[], Mapping[str, object]]:
    def context() -> Mapping[str, object]:
        facts = view.facts
        return {
            "source": source,
            "details": facts.details[source.iri],
            "entries": facts.entries_of.get(source.iri, ()),
            "leaning": leaning(view, source),
            "findings": facts.findings_of_source.get(source.iri, ()),
            "audit": facts.audit_of(view.language).get(source.iri, ()),
            "history": [
                (a, facts.addresses.get(a.url), facts.history.get(a.url, ())) for a in source.addresses
            ],
            "relays": [facts.sources.get(iri) or iri for iri in source.primary_sources],
            "relayed_by": facts.relayed_by.get(source.iri, ()),
            "place": facts.place(source.iri),
        }

    return context


def leaning(view: View, source: Source) -> list[Leaning]:
    """The claims that lean on a work, those that would fall with it first."""
    facts = view.facts
    falls = facts.falls.get(source.iri, {})
    citing = {claim.iri for claim in facts.claims_citing.get(source.iri, ())}
    directions: dict[str, list[str]] = {}
    for finding in facts.findings_of_source.get(source.iri, ()):
        directions.setdefault(finding.claim, []).append(finding.direction)
    rows = [
        Leaning(
            claim,
            claim.iri in citing,
            tuple(dict.fromkeys(directions.get(claim.iri, ()))),
            falls.get(claim.iri),
        )
        for claim in facts.claims_leaning.get(source.iri, ())
    ]
    return sorted(rows, key=lambda row: row.after is None)
