"""The source list of a plain-text article: where its entries begin and end, and what comes after.

Lists are printed in many ways: number, title and address on three lines; "1. Author …" on one; a paragraph
each without a number. Whatever way a list begins, it is read on so; what does not fit any more is no entry
but what stands below the list, such as a note about the author.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...identifiers import addresses_in, identifiers_in
from ...manuscript import PrintedReference
from ...source_lists import printed_label
from .text_lines import BULLET, UNDERLINE, Line, joined

__all__ = ["entries_of", "label_of"]

_NUMBER_AND_BLANK = re.compile(r"(\d{1,4})\s+(?=[^\W\d_a-zß]|[„“\"»‘h])")
_ADDRESS_ONLY = re.compile(
    r"(?:(?:URL|Link|Online|Quelle|Source|DOI)\s?:?\s*)?(?:https?://|www\.|doi:)\S+", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[6-9]\d\d|20\d\d)\b")
_SENTENCE_END = re.compile(r"[a-zäöüß]{3}[.!?](?:\s+[^\W\d_a-zß]|$)")
_FURTHEST_JUMP = 10


@dataclass
class _Entry:
    label: str
    lines: list[Line]
    inner_blanks: int = 0

    @property
    def text(self) -> str:
        return joined([line.text for line in self.lines]).strip()

    @property
    def has_address(self) -> bool:
        return any(addresses_in(line.text) or identifiers_in([line.text]) for line in self.lines)


def entries_of(lines: Sequence[Line]) -> tuple[list[PrintedReference], list[Line]]:
    """The entries that some lines are, and the lines below them that are none."""
    lines = [line for line in lines if not UNDERLINE.fullmatch(line.text)]
    if not lines:
        return [], []
    labelled = label_of(lines[0], None)[0] != ""
    entries = _labelled(lines) if labelled else _unlabelled(lines)
    if not entries:
        return [], lines
    rest = _without_rest(entries)
    return [_printed(entry, place) for place, entry in enumerate(entries, start=1)], rest


def label_of(line: Line, last: int | None) -> tuple[str, int]:
    """The label that a line begins with, and where the entry's own words begin.

    :param last: the number of the entry before; a number printed without brackets must follow on it.
    """
    label, end = printed_label(line.text)
    if not label:
        plain = _NUMBER_AND_BLANK.match(line.text)
        if plain is None:
            return "", 0
        label, end = plain[1], plain.end()
        if int(label) != (last or 0) + 1:
            return "", 0
    if line.text[0].isdigit() and not 0 <= int(label) - (last or 0) <= _FURTHEST_JUMP:
        return "", 0
    return label, end


def _labelled(lines: Sequence[Line]) -> list[_Entry]:
    entries: list[_Entry] = []
    last: int | None = None
    for line in lines:
        label, end = label_of(line, last)
        if label:
            last = int(label) if label.isdecimal() else last
            own = line.text[end:]
            entries.append(_Entry(label, [Line(own, line.number)] if own else []))
        elif entries:
            entry = entries[-1]
            entry.inner_blanks += bool(entry.lines) and line.after_blank
            entry.lines.append(line)
    return [entry for entry in entries if entry.lines]


def _unlabelled(lines: Sequence[Line]) -> list[_Entry]:
    """Entries without numbers: one a line or paragraph; an address alone belongs to the line before."""
    blanks = sum(line.after_blank for line in lines[1:])
    by_paragraph = blanks * 3 > len(lines) and blanks < len(lines) - 1
    hanging = any(line.indented for line in lines) and not lines[0].indented
    entries: list[_Entry] = []
    for place, line in enumerate(lines):
        bullet = BULLET.match(line.text)
        text = line.text[bullet.end() :] if bullet else line.text
        own = Line(text, line.number, line.after_blank, line.indented, line.end)
        goes_on = place > 0 and not bullet and (
            (_ADDRESS_ONLY.fullmatch(text) is not None and not entries[-1].has_address)
            or (by_paragraph and not line.after_blank)
            or (hanging and line.indented)
        )  # fmt: skip
        if goes_on:
            entries[-1].inner_blanks += line.after_blank
            entries[-1].lines.append(own)
        else:
            entries.append(_Entry("", [own]))
    return entries


def _without_rest(entries: list[_Entry]) -> list[Line]:
    """Takes the lines that are no part of the list from its end, and gives them back."""
    if entries[-1].label:
        return _rest_of_last(entries)
    last_source = max((place for place, entry in enumerate(entries) if entry.has_address), default=-1)
    blank_within = False
    for place, entry in enumerate(entries[1:], start=1):
        if not entry.lines[0].after_blank:
            continue
        if (not blank_within or place > last_source) and _is_prose(entry):
            rest = [line for other in entries[place:] for line in other.lines]
            del entries[place:]
            return rest
        blank_within = True
    return []


def _rest_of_last(entries: list[_Entry]) -> list[Line]:
    last = entries[-1]
    others = entries[:-1]
    usual = max((len(entry.lines) for entry in others), default=len(last.lines))
    blank_inside = any(entry.inner_blanks for entry in others)
    complete = bool(addresses_in(last.lines[0].text))
    for place, line in enumerate(last.lines[1:], start=1):
        is_source = bool(addresses_in(line.text) or identifiers_in([line.text]))
        parted = line.after_blank and not blank_inside and not (is_source and not complete)
        beyond = place >= usual and not is_source and (complete or line.after_blank) and len(line.text) > 40
        if parted or beyond:
            rest = last.lines[place:]
            del last.lines[place:]
            return rest
        complete = complete or is_source
    return []


def _is_prose(entry: _Entry) -> bool:
    """Whether it reads like sentences about somebody rather than like a source."""
    text = entry.text
    return not entry.has_address and not _YEAR.search(text) and len(_SENTENCE_END.findall(text)) >= 1


def _printed(entry: _Entry, place: int) -> PrintedReference:
    text = entry.text
    titled = (
        len(entry.lines) == 2
        and _ADDRESS_ONLY.fullmatch(entry.lines[1].text) is not None
        and not _YEAR.search(entry.lines[0].text)
    )
    return PrintedReference(
        key=entry.label or f"entry-{place}",
        label=entry.label,
        text=text,
        links=tuple(addresses_in(text)),
        title=entry.lines[0].text.strip(" .,;") if titled else "",
        line=entry.lines[0].number,
    )
