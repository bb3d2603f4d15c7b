"""Names that several test files share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class Outcome:
    """What a run of ``kb`` printed, and its exit code."""

    code: int
    out: str
    err: str
