"""The lines of a plain-text file, hard line breaks undone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = ["BULLET", "UNDERLINE", "Line", "joined", "lines_of", "unwrapped"]

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s|\[\d{1,4}\]|【\d{1,4}】|[⁰¹²³⁴-⁹]{1,3}\s?\S")
_IN_ADDRESS = re.compile(r"https?://|www\.|10\.\d{4}")
_ADDRESS_GOES_ON = ("/", "-", "_", "=", "?", "&")
_KEEPS_HYPHEN = re.compile(r"(?:und|oder|bzw\.|sowie|and|or)\b")
_SHORTEST_WRAPPED, _LONGEST_WRAPPED = 45, 120
#: Signs before the items of a list.
BULLET = re.compile(r"\s*[-*•·‣▪–—+o✓✔→]\s+(?=\S)")
#: A line that only underlines the one before, or parts two sections.
UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,}|_{3,}|\*{3,}|#{3,}|(?:\* ){2,}\*)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or several put together.

    :param text: blanks folded.
    :param number: of its first line in the file, counted from 1.
    :param after_blank: whether an empty line stands before it.
    :param indented: whether it begins with blanks.
    :param end: number of its last line.
    """

    text: str
    number: int
    after_blank: bool = False
    indented: bool = False
    end: int = 0


def lines_of(text: str) -> list[Line]:
    """The lines that hold something, blanks folded, invisible characters left out."""
    lines: list[Line] = []
    after_blank = False
    for number, raw in enumerate(_BREAK.split(_INVISIBLE.sub("", text)), start=1):
        folded = " ".join(raw.split())
        if folded:
            lines.append(Line(folded, number, after_blank, raw[:1].isspace(), number))
        after_blank = not folded
    return lines


def unwrapped(lines: list[Line]) -> list[Line]:
    """The lines, paragraphs broken at a column put together again; unchanged if there are none."""
    if not _is_wrapped(lines):
        return lines
    paragraphs: list[list[Line]] = []
    for line in lines:
        last = paragraphs[-1] if paragraphs else None
        if last is None or line.after_blank or _begins_anew(line, last):
            paragraphs.append([line])
        else:
            last.append(line)
    return [
        replace(lines[0], text=joined([line.text for line in lines]), end=lines[-1].end)
        for lines in paragraphs
    ]


def joined(lines: Sequence[str]) -> str:
    """The parts of a broken line as one: a hyphen at a break is undone, an address goes on."""
    parts = list(lines[:1])
    for line in lines[1:]:
        last = parts[-1]
        last_word = last.rsplit(" ", 1)[-1]
        if last.endswith("-") and line[:1].islower() and last[-2:-1].isalpha() and "/" not in last_word:
            if _KEEPS_HYPHEN.match(line):
                parts.append(" ")
            else:
                parts[-1] = last[:-1]
        elif not (last_word.endswith(_ADDRESS_GOES_ON) and _IN_ADDRESS.search(last_word)):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _is_wrapped(lines: list[Line]) -> bool:
    """Whether most lines that another follows at once are about as long as a column is wide."""
    followed = [line for line, following in pairwise(lines) if not following.after_blank]
    if len(followed) < 3:
        return False
    too_long = sum(len(line.text) > _LONGEST_WRAPPED for line in lines)
    wide = sum(_SHORTEST_WRAPPED <= len(line.text) <= _LONGEST_WRAPPED for line in followed)
    open_ended = sum(line.text[-1] not in ".!?:" for line in followed)
    return too_long * 20 <= len(lines) and wide * 2 > len(followed) and open_ended * 2 > len(followed)


def _begins_anew(line: Line, paragraph: list[Line]) -> bool:
    last = paragraph[-1]
    if UNDERLINE.fullmatch(line.text) or UNDERLINE.fullmatch(last.text):
        return True
    if BULLET.match(line.text) or _NUMBERED.match(line.text):
        return True
    return len(paragraph) == 1 and len(last.text) < _SHORTEST_WRAPPED and last.text[-1] in ".!?:"
