"""The link check: which sources can still be reached.

`check_links` asks the addresses; `fetch` moves the bytes, `verdict` judges them, `history` remembers.
"""

from __future__ import annotations

from .check import LinkReport, LinkResult, check_links
from .fetch import Options
from .history import History
from .targets import Target, targets_of
from .verdict import Lexicon

__all__ = [
    "History",
    "Lexicon",
    "LinkReport",
    "LinkResult",
    "Options",
    "Target",
    "check_links",
    "targets_of",
]
