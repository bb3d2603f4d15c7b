"""The source list of a DOCX file: which paragraphs at its end are entries, and under which label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...manuscript import BlockKind, PrintedReference, SpanKind
from ...source_lists import is_further_reading, is_source_heading, printed_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .docx_paragraph import Paragraph

__all__ = ["SourceList", "find_sources"]

#: Styles that Word, Zotero, EndNote, Mendeley and Citavi give to entries.
_STYLE = re.compile(
    r"bibliograph|literaturverzeichnis|citavi bibliography entry|endnote bibliography$|references?$"
)
#: What an entry copied from an encyclopedia begins with.
_BACKLINKS = re.compile(r"^[\^↑](?:\s[a-z]{1,2}(?=\s))*\s*")
_FRAME = re.compile(r"^[\s\[\(【]+|[\s\]\)】.:]+$")
_SOURCE = re.compile(
    r"https?://|www\.|\bdoi\b|\b(?:1[89]|20)\d\d\b|\bISBN\b|\bS\.\s*\d|\bpp?\.\s*\d", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_LONGEST = 1500


@dataclass
class SourceList:
    """What was found.

    :param apparatus: places of the paragraphs that are no prose, heading included.
    :param keys: the key of the entry that each bookmark is in.
    """

    references: list[PrintedReference] = field(default_factory=list)
    apparatus: set[int] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)


def find_sources(paragraphs: Sequence[Paragraph]) -> SourceList:
    """The entries below headings such as "Quellen", in bibliography styles, or numbered at the very end."""
    found = SourceList()
    place = 0
    while place < len(paragraphs):
        if _is_heading(paragraphs[place]):
            place = _below_heading(paragraphs, place, found)
        elif _STYLE.search(paragraphs[place].style) and paragraphs[place].kind is not BlockKind.HEADING:
            _add(found, paragraphs, [place])
            place += 1
        else:
            place += 1
    if not found.references:
        _at_the_end(paragraphs, found)
    return found


def _is_heading(paragraph: Paragraph) -> bool:
    if paragraph.kind not in {BlockKind.HEADING, BlockKind.PARAGRAPH}:
        return False
    plain = paragraph.kind is BlockKind.PARAGRAPH
    if plain and (
        len(paragraph.text) > 40
        or not (paragraph.bold or paragraph.text.endswith(":") or " " not in paragraph.text)
    ):
        return False
    return is_source_heading(paragraph.text)


def _below_heading(paragraphs: Sequence[Paragraph], heading: int, found: SourceList) -> int:
    """Take the entries below a heading; the place after them."""
    level = paragraphs[heading].level or 9
    end = heading + 1
    while end < len(paragraphs):
        paragraph = paragraphs[end]
        if paragraph.kind is BlockKind.HEADING and (
            paragraph.level <= level or is_further_reading(paragraph.text)
        ):
            break
        end += 1
    inside = [i for i in range(heading + 1, end) if paragraphs[i].kind is not BlockKind.HEADING]
    labelled = [i for i in inside if _label(paragraphs[i])]
    groups: list[list[int]] = []
    if labelled and len(labelled) * 2 >= len([i for i in inside if _SOURCE.search(paragraphs[i].text)]):
        for i in inside:
            if i in labelled:
                groups.append([i])
            elif groups and (i < labelled[-1] or _ADDRESS.match(paragraphs[i].text)):
                groups[-1].append(i)
    else:
        for i in inside:
            if not _is_source(paragraphs[i]):
                if groups:
                    break
                continue
            groups.append([i])
    if not groups:
        return heading + 1
    for group in groups:
        _add(found, paragraphs, group)
    last = groups[-1][-1]
    found.apparatus.update(range(heading, last + 1))
    return last + 1


def _at_the_end(paragraphs: Sequence[Paragraph], found: SourceList) -> None:
    start = len(paragraphs)
    while start and _label(paragraphs[start - 1]) and _reads_as_source(paragraphs[start - 1]):
        start -= 1
    if len(paragraphs) - start >= 2:
        for i in range(start, len(paragraphs)):
            _add(found, paragraphs, [i])


def _is_source(paragraph: Paragraph) -> bool:
    return len(paragraph.text) < _LONGEST and (paragraph.number is not None or _reads_as_source(paragraph))


def _reads_as_source(paragraph: Paragraph) -> bool:
    if paragraph.kind in {BlockKind.CELL, BlockKind.HEADING} or len(paragraph.text) >= _LONGEST:
        return False
    linked = any(s.kind is SpanKind.LINK for s in paragraph.line.spans)
    return linked or _SOURCE.search(paragraph.text) is not None


def _label(paragraph: Paragraph) -> str:
    if paragraph.number:
        return _FRAME.sub("", paragraph.number)
    return printed_label(paragraph.text)[0]


def _add(found: SourceList, paragraphs: Sequence[Paragraph], group: list[int]) -> None:
    first = paragraphs[group[0]]
    label = _label(first)
    begin = 0 if first.number else printed_label(first.text)[1]
    text = " ".join([first.text[begin:].strip(), *(paragraphs[i].text for i in group[1:])])
    spans = (s for i in group for s in paragraphs[i].line.spans if s.kind is SpanKind.LINK)
    links = [t for s in spans for t in s.targets if not t.startswith("#")]
    links += [a[0].rstrip(".,;)]") for a in _ADDRESS.finditer(text)]
    text = _BACKLINKS.sub("", text)
    key = f"entry-{len(found.references) + 1}"
    found.references.append(PrintedReference(key, label, text, tuple(dict.fromkeys(links))))
    found.apparatus.update(group)
    found.keys.update((name, key) for i in group for name in paragraphs[i].bookmarks)
