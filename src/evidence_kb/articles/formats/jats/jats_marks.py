"""Citation marks of a JATS text: neighbouring `xref` elements become the mark that a reader sees.

"[<xref/>,<xref/>]" is one mark, brackets and all, and so is "<xref>3</xref>–<xref>5</xref>", which names
three references though the file tags two.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ...manuscript import Block, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...manuscript import PrintedReference

__all__ = ["ReferenceOrder", "join_marks", "untagged_is_literal"]

_DASH = "-‐‑‒–—−"
#: A mark by number or letter ("12", "[3]", "S4", "3–5"); four digits are a year instead.
_NUMBER = re.compile(
    rf"[\[\(【]?\s*[A-Za-z]?\d{{1,3}}[a-z]?(?:\s*[{_DASH},;]\s*[A-Za-z]?\d{{1,3}}[a-z]?)*\s*[\]\)】]?"
)
_RANGE = re.compile(rf"\s*[\]\)】]?\s*(?:[{_DASH}]|\bto\b|\bbis\b|\bthrough\b)\s*[\[\(【]?\s*")
_AND = re.compile(r"\s*(?:[,;&+/]|\band\b|\bund\b|,\s*and\b)?\s*")
_SAME = re.compile(r",?\s*[\(\[]?\s*")
_BRACKETED = re.compile(rf"\[\s*\d{{1,3}}(?:\s*[{_DASH},;]\s*\d{{1,3}})*\s*\]")
_RANGE_WITHIN = re.compile(rf"(\d{{1,3}})\s*[{_DASH}]\s*(\d{{1,3}})")
_BRACKETS = {"[": "]", "(": ")", "【": "】"}
_MOST_IN_RANGE = 200


class ReferenceOrder:
    """Where each reference stands in the list, and which one a printed number means."""

    def __init__(self, references: Sequence[PrintedReference]) -> None:
        self.keys = [reference.key for reference in references]
        self.place = {key: place for place, key in enumerate(self.keys)}
        labels = {r.label: r.key for r in reversed(references) if r.label}
        self.by_number = labels or {str(n): key for n, key in enumerate(self.keys, 1)}

    def between(self, first: str, last: str) -> tuple[str, ...]:
        """All keys from one to another; only these two where they do not stand in that order."""
        start, end = self.place.get(first), self.place.get(last)
        if start is None or end is None or not start < end < start + _MOST_IN_RANGE:
            return (first, last)
        return tuple(self.keys[start : end + 1])

    def printed_ranges(self, text: str, targets: tuple[str, ...]) -> tuple[str, ...]:
        """What "3–5" means where the file names its first reference only."""
        found = _RANGE_WITHIN.search(text)
        if not found or not targets or self.by_number.get(found[1]) not in targets:
            return targets
        last = self.by_number.get(found[2])
        if last is None:
            return targets
        return tuple(dict.fromkeys((*targets, *self.between(str(self.by_number[found[1]]), last))))


def join_marks(block: Block, order: ReferenceOrder) -> Block:
    """The block with its neighbouring marks joined, and brackets taken in."""
    marks: list[Span] = []
    for span in (s for s in block.spans if s.kind is SpanKind.MARK):
        printed = block.text[span.start : span.end]
        mark = replace(span, targets=order.printed_ranges(printed, span.targets))
        joined = _joined(marks[-1], mark, block.text, order) if marks else None
        if joined:
            marks[-1] = joined
        else:
            marks.append(mark)
    if not marks and not any(s.kind is SpanKind.LITERAL for s in block.spans):
        return block
    marks = [_framed(mark, block.text) for mark in marks]
    others = [_framed(s, block.text) for s in block.spans if s.kind is not SpanKind.MARK]
    # Raised characters within a mark are the mark's.
    within = {s for mark in marks for s in others if mark.start <= s.start and s.end <= mark.end}
    others = [s for s in others if s not in within]
    return replace(block, spans=tuple(sorted([*marks, *others], key=lambda s: (s.start, s.end))))


def untagged_is_literal(block: Block) -> Block:
    """The block with bracketed numbers that the file did not tag made literal: intervals, degrees of freedom.

    For articles that tag their citations. One that ends a clause ("… in women [14].") was only forgotten.
    """
    taken = [(span.start, span.end) for span in block.spans]
    found = []
    for match in _BRACKETED.finditer(block.text):
        start, end = match.span()
        forgotten = block.text[end : end + 1] in {".", ",", ";"} and block.text[start - 1 : start] == " "
        if not forgotten and not any(first < end and start < last for first, last in taken):
            found.append(Span(start, end, SpanKind.LITERAL))
    if not found:
        return block
    return replace(block, spans=tuple(sorted([*block.spans, *found], key=lambda s: (s.start, s.end))))


def _joined(first: Span, second: Span, text: str, order: ReferenceOrder) -> Span | None:
    gap = text[first.end : second.start]
    if len(gap) > 12:
        return None
    targets: tuple[str, ...] | None = None
    if first.targets == second.targets and _SAME.fullmatch(gap):
        targets = first.targets
    elif _is_number(first, text) and _is_number(second, text) and first.targets and second.targets:
        if _RANGE.fullmatch(gap):
            between = order.between(first.targets[-1], second.targets[0])
            targets = (*first.targets, *between, *second.targets)
        elif gap and _AND.fullmatch(gap):
            targets = first.targets + second.targets
    if targets is None:
        return None
    return Span(first.start, second.end, SpanKind.MARK, tuple(dict.fromkeys(targets)))


def _is_number(span: Span, text: str) -> bool:
    return bool(_NUMBER.fullmatch(text[span.start : span.end].strip()))


def _framed(span: Span, text: str) -> Span:
    """Brackets around nothing else belong to the mark, or to what is no mark (an equation's number)."""
    if span.kind not in {SpanKind.MARK, SpanKind.LITERAL}:
        return span
    start, end = span.start, span.end
    while start > 0 and text[start - 1] == " ":
        start -= 1
    while end < len(text) and text[end] == " ":
        end += 1
    if start > 0 and end < len(text) and _BRACKETS.get(text[start - 1]) == text[end]:
        return replace(span, start=start - 1, end=end + 1)
    if (
        text[span.start : span.end].count("(") > text[span.start : span.end].count(")")
        and text[end : end + 1] == ")"
    ):
        return replace(span, end=end + 1)
    return span
