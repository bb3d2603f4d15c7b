"""Stretches of a text, by where they begin and end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import accumulate

__all__ = ["overlapping"]


def overlapping(spans: Iterable[tuple[int, int]]) -> Callable[[int, int], bool]:
    """A test whether a stretch shares a character with any of the given ones, in logarithmic time.

    >>> in_any = overlapping([(3, 5), (0, 1)])
    >>> in_any(1, 3), in_any(4, 9)
    (False, True)
    """
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]
    ends = list(accumulate((end for _, end in ordered), max))

    def test(start: int, end: int) -> bool:
        before = bisect_left(starts, end)
        return before > 0 and ends[before - 1] > start

    return test
