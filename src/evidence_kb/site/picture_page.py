"""The picture's page, and the scripts with its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .page import Page
from .picture import Picture
from .picture_data import data_of, texts_name, texts_of
from .view import View

__all__ = ["pages", "scripts"]


def pages(view: View) -> Iterator[Page]:
    """The picture's page."""

    def context() -> Mapping[str, object]:
        picture = Picture(view)
        return {"picture": picture, "data_of": data_of}

    yield Page(f"{view.language}/picture.html", "picture.html", context)


def scripts(views: Iterable[View]) -> dict[str, bytes]:
    """The files of texts, by name, where the page itself does not have them."""
    pictures = [Picture(view) for view in views]
    return {texts_name(p.view.language): texts_of(p) for p in pictures if not p.drawn}
