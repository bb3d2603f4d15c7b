"""Reading plain text: headings are bare lines, the source list stands at the end.

Nothing in such a file says what a line is; it is told by its length, its ending and its neighbours. So
that others can judge, every block keeps the number of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from ....toml import read_toml
from ...cited_links import cite_links
from ...manuscript import Block, BlockKind, Manuscript, PrintedReference
from ...source_lists import is_further_reading, is_pointer, is_source_heading
from .text_lines import BULLET, UNDERLINE, Line, lines_of, unwrapped
from .text_sources import entries_of, label_of

__all__ = ["read_text"]

_LONGEST_HEADING = 120
_LONGEST_TITLE = 250
_TEASER_REACH = 6
_SAME_BEGINNING = 60
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_NUMBERED_HEADING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s+(?=[^\W\d_a-zß]|[„“\"»])")
_NUMBERED_ITEM = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s+(?=\S)")
#: "Von Max Muster", "By Anna Berg and Carl Thal", "12. Februar 2023", "May 4, 2021"
_BYLINE = re.compile(
    r"(?:[Vv]on|[Bb]y|[Tt]ext)\s(?:Dr\.\s|Prof\.\s)*[^\W\d_a-z]\w+(?:\s(?:und\s|and\s)?[^\W\d_a-z][\w.-]*){1,5}"
    r"|\d{1,2}\.?\s(?:\w{3,9}\s|\d{1,2}\.\s?)\d{4}|\d{1,2}\.\d{1,2}\.\d{2,4}|\w{3,9}\s\d{1,2},\s\d{4}|\d{4}-\d\d-\d\d"
)
_QUOTE = re.compile(r">\s?|[|]\s")
_FEWEST_FOOTNOTES = 2


def read_text(text: str) -> Manuscript:
    """The manuscript that a plain-text article is.

    >>> m = read_text("Tee\\n\\nTee hilft.[1]\\n\\nQuellen\\n[1]\\nÜber Tee\\nhttps://example.org/tee")
    >>> m.title, m.references[0].text
    ('Tee', 'Über Tee https://example.org/tee')
    """
    lines = unwrapped(lines_of(text))
    title, lines = _title(lines)
    lines, notes = _without_teasers(lines)
    body, references, rest = _parts(lines)
    blocks = [Block(title, BlockKind.HEADING, 1, line=1)] if title else []
    blocks += _blocks(body)
    blocks += rest
    blocks, references = cite_links(blocks, references)
    return Manuscript(title, "", tuple(blocks), tuple(references), notes)


def _title(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The first line, if it can be a title, and the lines below."""
    if not lines or len(lines[0].text) > _LONGEST_TITLE or is_source_heading(lines[0].text):
        return "", list(lines)
    below = 2 if len(lines) > 1 and UNDERLINE.fullmatch(lines[1].text) else 1
    if UNDERLINE.fullmatch(lines[0].text):
        return _title(lines[1:])
    hashes = _HASHES.match(lines[0].text)
    return lines[0].text[hashes.end() if hashes else 0 :], list(lines[below:])


def _without_teasers(lines: list[Line]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines without a beginning that is repeated at once, as pages do above an article."""
    for place, line in enumerate(lines[:_TEASER_REACH]):
        start = line.text[:_SAME_BEGINNING]
        if len(start) < _SAME_BEGINNING:
            continue
        for again in lines[place + 1 : place + 1 + _TEASER_REACH]:
            if again.text.startswith(start):
                kept = [*lines[:place], *lines[place + 1 :]]
                return kept, (f"line {line.number} repeats the beginning of the article; it is left out",)
    return lines, ()


# --- parts -------------------------------------------------------------------------------------------


def _parts(lines: Sequence[Line]) -> tuple[list[Line], list[PrintedReference], list[Block]]:
    """The running text, the entries of the source lists, and the blocks from the first list's heading on."""
    first = next((p for p, line in enumerate(lines) if _is_list_heading(lines, p)), None)
    if first is None:
        return _footnotes(lines)
    body = list(lines[:first])
    if body and _is_bare(body[-1]) and not BULLET.match(body[-1].text) and not _is_plain(body[-1]):
        body.pop()  # a heading above the list that has nothing below it
    references: list[PrintedReference] = []
    blocks: list[Block] = []
    position = first
    while position < len(lines):
        heading = lines[position]
        end = next(
            (p for p in range(position + 1, len(lines)) if _is_part_heading(lines, p)),
            len(lines),
        )
        below = lines[position + 1 : end]
        if is_source_heading(heading.text):
            entries, rest = entries_of(below)
            references += entries
            blocks.append(_heading(heading))
            if rest:
                blocks.append(Block("", BlockKind.HEADING, 2, line=rest[0].number))
                blocks += [Block(line.text, BlockKind.NOTE, line=line.number) for line in rest]
        elif not is_further_reading(heading.text):
            blocks.append(_heading(heading))
            kind = BlockKind.NOTE if _plain(heading.text) in _words("author") else BlockKind.PARAGRAPH
            blocks += [Block(line.text, kind, line=line.number) for line in below]
        position = end
    return body, references, blocks


def _is_list_heading(lines: Sequence[Line], place: int) -> bool:
    """Whether a source list begins here: its heading, and entries below it."""
    return is_source_heading(lines[place].text) and place + 1 < len(lines)


def _is_part_heading(lines: Sequence[Line], place: int) -> bool:
    """Whether a heading below the source list ends it."""
    text = lines[place].text
    if is_source_heading(text) or is_further_reading(text) or _plain(text) in _words("author"):
        return True
    underlined = place + 1 < len(lines) and UNDERLINE.fullmatch(lines[place + 1].text)
    return (underlined is not None and underlined is not False) or _HASHES.match(text) is not None


def _footnotes(lines: Sequence[Line]) -> tuple[list[Line], list[PrintedReference], list[Block]]:
    """A source list without a heading: labelled lines up to the end of the file."""
    place = len(lines)
    first = None
    while place > 0:
        place -= 1
        line = lines[place]
        label, _ = label_of(line, None) if line.text[:1] in "[(【⁰¹²³⁴⁵⁶⁷⁸⁹^" else ("", 0)
        if label:
            first = place
            if label == "1":
                break
        elif first is not None and not label and len(lines) - place > 3 * (len(lines) - first) + 6:
            break
    if first is None:
        return list(lines), [], []
    entries, rest = entries_of(lines[first:])
    if len(entries) < _FEWEST_FOOTNOTES:
        return list(lines), [], []
    body = list(lines[:first])
    while body and UNDERLINE.fullmatch(body[-1].text):
        body.pop()
    return body, entries, [Block(line.text, BlockKind.NOTE, line=line.number) for line in rest]


# --- blocks ------------------------------------------------------------------------------------------


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    for place, line in enumerate(lines):
        if UNDERLINE.fullmatch(line.text):
            continue
        following = lines[place + 1] if place + 1 < len(lines) else None
        previous = lines[place - 1] if place else None
        if _is_heading(line, previous, following):
            yield _heading(line, following)
        elif bullet := BULLET.match(line.text):
            yield Block(line.text[bullet.end() :], BlockKind.ITEM, line=line.number)
        elif item := _NUMBERED_ITEM.match(line.text):
            yield Block(line.text[item.end() :], BlockKind.ITEM, line=line.number)
        elif quote := _QUOTE.match(line.text):
            yield Block(line.text[quote.end() :], BlockKind.QUOTE, line=line.number)
        else:
            yield Block(line.text, line=line.number)


def _heading(line: Line, following: Line | None = None) -> Block:
    hashes = _HASHES.match(line.text)
    if hashes:
        return Block(
            line.text[hashes.end() :].rstrip("# "), BlockKind.HEADING, len(hashes[1]), line=line.number
        )
    numbered = _NUMBERED_HEADING.match(line.text)
    level = 2 + numbered[1].count(".") if numbered else 2
    if following is not None and following.text.startswith("---") and UNDERLINE.fullmatch(following.text):
        level = 3
    return Block(line.text, BlockKind.HEADING, level, line=line.number)


def _is_heading(line: Line, previous: Line | None, following: Line | None) -> bool:
    if _HASHES.match(line.text):
        return True
    if following is None or len(line.text) > _LONGEST_HEADING:
        return False
    if UNDERLINE.fullmatch(following.text) and not following.after_blank:
        return True
    if not _is_bare(line) or _is_plain(line) or BULLET.match(line.text):
        return False
    if _NUMBERED_ITEM.match(line.text) and (
        _NUMBERED_ITEM.match(following.text) or (previous is not None and _NUMBERED_ITEM.match(previous.text))
    ):
        return False
    return not _in_a_row(line, previous, following)


def _in_a_row(line: Line, previous: Line | None, following: Line) -> bool:
    """Whether bare lines stand close above and below: then it is one of a list without signs."""
    above = previous is not None and not line.after_blank and _is_bare(previous)
    below = not following.after_blank and _is_bare(following) and not _is_plain(following)
    return above and below and not _is_question(line)


def _is_question(line: Line) -> bool:
    return line.text.endswith("?")


def _is_bare(line: Line) -> bool:
    """Whether it could be a heading by itself: short, no end of a sentence, not going on from before."""
    text = line.text
    if len(text) > _LONGEST_HEADING or not text[0].isprintable() or text[0].islower():
        return False
    if text[-1] in ".,;:…" or text.endswith(("]", "】")) or re.search(r"[.!?]\s+[^\W\d_a-zß]\w*", text[3:]):
        return False
    return any(character.isalpha() for character in text) and "://" not in text


def _is_plain(line: Line) -> bool:
    """Whether it looks bare but says who, when, or what else to read."""
    head, colon, _ = line.text.partition(":")
    if _BYLINE.fullmatch(line.text):
        return True
    return is_pointer(line.text) or (bool(colon) and head.strip().lower() in _words("about"))


def _plain(text: str) -> str:
    return text.strip(" :.#*").lower()


@cache
def _words(name: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath("text.toml").read_text(encoding="utf-8")
    return frozenset(read_toml(text)[name])
