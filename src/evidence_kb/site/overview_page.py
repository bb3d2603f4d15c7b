"""The first page of a knowledge base, and of each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .page import Page
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """The overview."""

    def context() -> Mapping[str, object]:
        facts = view.facts
        return {"claims": list(facts.claims.values()), "footings": facts.footings()}

    yield Page(f"{view.language}/index.html", "overview.html", context)
