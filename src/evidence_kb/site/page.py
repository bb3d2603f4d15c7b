"""What a page is: a path, a template, and a way to gather what goes into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Page"]


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
