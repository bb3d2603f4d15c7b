"""The page of each claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Claim
from .page import Page
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """A page for each claim."""
    for claim in view.facts.claims.values():
        path = view.path(claim.iri)
        assert path is not None
        yield Page(path, "claim.html", _gatherer(view, claim))


def _gatherer(view: View, claim: Claim):  # type: ignore[no-untyped-def]
    def context() -> Mapping[str, object]:
        facts = view.facts
        return {
            "claim": claim,
            "article": facts.article_of[claim.iri],
            "section": facts.section_of.get(claim.iri),
            "findings": facts.findings_of_claim.get(claim.iri, ()),
        }

    return context
