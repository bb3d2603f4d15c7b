"""What a page is: a path, a template, and a way to gather what goes into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Page", "Part", "parts"]

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Page:
    """One page.

    :param path: language first, ``/`` between folders.
    :param template: a file in ``templates/``.
    :param context: the template's variables; called when the page is rendered.
    """

    path: str
    template: str
    context: Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class Part(Generic[_Item]):
    """A piece of a list that is too long for one page.

    :param paths: the paths of all pieces, this one's too.
    :param first: the place of its first item in the whole list, from 1.
    """

    path: str
    items: Sequence[_Item]
    number: int
    paths: Sequence[str]
    first: int
    total: int

    def near(self) -> list[tuple[int, str]]:
        """The pieces that this one links to, by number: the first and last two, and those around it."""
        count = len(self.paths)
        wanted = {1, 2, count - 1, count, *range(self.number - 2, self.number + 3)}
        return [(number, path) for number, path in enumerate(self.paths, 1) if number in wanted]


def parts(items: Sequence[_Item], path: str, size: int = 250) -> Iterator[Part[_Item]]:
    """``items`` in pieces: ``claims.html``, ``claims.2.html`` …; at least one, if only an empty one."""
    stem = path.removesuffix(".html")
    count = max(1, -(-len(items) // size))
    paths = [path, *(f"{stem}.{number}.html" for number in range(2, count + 1))]
    for number, own in enumerate(paths):
        piece = items[number * size : (number + 1) * size]
        yield Part(own, piece, number + 1, paths, number * size + 1, len(items))
