"""The search page; its index is made by `search`."""

from __future__ import annotations

from collections.abc import Iterator

from .page import Page
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """The search page."""
    yield Page(f"{view.language}/search.html", "search.html", dict)
