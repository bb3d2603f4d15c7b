"""The link check: which sources can still be reached.

`check_links` asks the addresses; `fetch` moves the bytes, `judging` and `verdict` judge them, `history`
remembers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check import check_links
from .fetch import Options
from .result import LinkReport, LinkResult
from .targets import Target, targets_of

if TYPE_CHECKING:
    from .history import History

__all__ = [
    "History",
    "LinkReport",
    "LinkResult",
    "Options",
    "Target",
    "check_links",
    "targets_of",
]


def __getattr__(name: str) -> object:
    """The history reads triples; a plain list is checked without, and need not wait for that."""
    if name == "History":
        from .history import History

        return History
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
