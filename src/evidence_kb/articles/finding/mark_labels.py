"""Which references the numbers of a citation mark name: ``1, 3–5`` written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "DASH",
    "JOINER",
    "LOCATOR",
    "NUMBERS",
    "ONE_NUMBER",
    "RANGE_JOINER",
    "Mark",
    "MarkStyle",
    "is_ascending",
    "range_of",
    "written_out",
]

#: A range longer than this is a misprint; only its ends are taken.
_LONGEST_RANGE = 200
DASH = "-‐‑‒–—−⁻"
NUMBERS = rf"\d{{1,4}}(?:\s?(?:[,;]|[{DASH}]|bis|to|and|und|&)\s?\d{{1,4}}){{0,40}}"
_LOCATED = r"(?:S|p|pp|Seiten?|pages?|Kap|ch|chap|Abb|fig|Tab|Rn|Rz|vgl|here|hier)\b"
LOCATOR = rf"(?:\s?[,:]\s?(?:{_LOCATED}|§)[^\[\]【】;]{{0,40}})?"
ONE_NUMBER = re.compile(r"\d{1,4}")
JOINER = re.compile(rf"\s?(?:[,;]|[{DASH}]|bis|to|and|und|&)\s?")
RANGE_JOINER = re.compile(rf"\s?(?:[{DASH}]|bis|to)\s?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark in a block's text.

    :param labels: of the references it names, ranges written out, in printed order.
    """

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class MarkStyle:
    """How an article cites.

    :param labels: of its source list.
    :param brackets: whether bracketed numbers are marks: ``[3]``.
    :param superscripts: whether raised numbers are marks: ``³``.
    :param round_brackets: whether numbers in round brackets are marks: ``(3)``.
    :param flattened: whether numbers right behind a word or full stop are marks, raised once: ``helps.3``
    :param highest: the highest number in its source list; 0 if none is numbered.
    """

    labels: frozenset[str] = frozenset()
    brackets: bool = True
    superscripts: bool = False
    round_brackets: bool = False
    flattened: bool = False
    highest: int = 0

    def knows(self, label: str) -> bool:
        return label in self.labels

    def plausible(self, label: str) -> bool:
        """Whether a number that the list lacks may still name a source: it is not far beyond the list."""
        number = int(label)
        if self.knows(label):
            return True
        beyond = self.highest + max(self.highest, 20) if self.labels else 500
        return 0 < number <= beyond and not label.startswith("0")


def written_out(numbers: str) -> Iterator[str]:
    """The numbers of ``1, 3–5``, one by one."""
    last, joiner_start = "", 0
    for match in ONE_NUMBER.finditer(numbers):
        if last and RANGE_JOINER.fullmatch(numbers[joiner_start : match.start()]):
            yield from list(range_of(last, match[0]))[1:]
        else:
            yield match[0]
        last, joiner_start = match[0], match.end()


def range_of(first: str, last: str) -> Iterator[str]:
    if is_ascending(first, last):
        yield from map(str, range(int(first), int(last) + 1))
    else:
        yield from (first, last)


def is_ascending(first: str, last: str) -> bool:
    return first.isdecimal() and last.isdecimal() and 0 < int(last) - int(first) <= _LONGEST_RANGE
