"""What the text of a page is cut into, and cutting lists that are mere lines."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from ...manuscript import BlockKind, Span, SpanKind
from ...source_lists import printed_label

__all__ = ["IN_PAGE", "UNDEFINED", "Piece", "Place", "parted"]

#: What the target of a link into the page itself begins with.
IN_PAGE = "#"
#: How the names of notes begin that only a mark can link to, whether the note is there or not.
UNDEFINED = "kb-note-"


#: A paragraph of more lines than this is no list of sources.
_MOST_LINES = 2_000


@dataclass(slots=True)
class Piece:
    """Text in one piece, and where in the page it stands.

    :param spans: links (those into the page begin with `IN_PAGE`), raised and literal characters.
    :param outside: in a menu, a form, a hidden part: no prose, but perhaps a source list.
    :param boxed: in an information box.
    :param item: number of the outermost list item or note it is in; 0 if in none.
    :param listed: number of the list that the item is in.
    :param ordinal: the item's number in an ordered list.
    :param noted: in an element that holds sources or notes.
    :param entry: in an element that is one source or note.
    """

    text: str
    kind: BlockKind
    level: int = 0
    spans: list[Span] = field(default_factory=list)
    line: int | None = None
    outside: bool = False
    boxed: bool = False
    item: int = 0
    listed: int = 0
    ordinal: int | None = None
    noted: bool = False
    entry: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an id is: the piece, and whether it may name a single entry."""

    piece: int
    single: bool


def parted(piece: Piece, breaks: list[int], *, soft: bool) -> list[tuple[int, Piece]]:
    """A piece cut at its line breaks, if the lines are the entries of a list.

    They are if two or more begin with a label, or if each has a link to another page.

    :param soft: the breaks are those of the file, which any prose may have.
    """
    if len(breaks) > _MOST_LINES:
        return [(0, piece)]
    starts = [0, *(place for place in breaks if 0 < place < len(piece.text))]
    lines = [
        (start, piece.text[start:end].rstrip())
        for start, end in zip(starts, [*starts[1:], len(piece.text)], strict=True)
    ]
    if counted := _counted(lines):
        return [
            (start, replace(_cut(piece, start + len(label) + 1, line), label=label))
            for start, label, line in counted
        ]
    labelled = sum(bool(printed_label(line)[0]) for _, line in lines)
    linked = {
        starts[bisect_right(starts, span.start) - 1]
        for span in piece.spans
        if span.kind is SpanKind.LINK and not span.targets[0].startswith(IN_PAGE)
    } | {start for start, line in lines if "http" in line}
    if len(lines) < 2 or (labelled < 2 and (soft or len(linked) < len(lines))):
        return [(0, piece)]
    parts: list[tuple[int, Piece]] = []
    for start, line in lines:
        if not line:
            continue
        if parts and labelled >= 2 and not printed_label(line)[0] and printed_label(parts[-1][1].text)[0]:
            begin, before = parts.pop()
            parts.append((begin, _cut(piece, begin, f"{before.text} {line}")))
        else:
            parts.append((start, _cut(piece, start, line)))
    return parts


def _counted(lines: list[tuple[int, str]]) -> list[tuple[int, str, str]]:
    """The lines by the bare numbers they count by ("1 Oak", "2 Elm"): where each starts, number, words."""
    counted: list[tuple[int, str, str]] = []
    for start, line in lines:
        label = str(len(counted) + 1)
        if line.startswith(f"{label} ") and len(line) > len(label) + 1:
            counted.append((start, label, line[len(label) + 1 :]))
        elif counted:
            begin, before, words = counted[-1]
            counted[-1] = (begin, before, f"{words} {line}".rstrip())
        else:
            return []
    return counted if len(counted) > 1 else []


def _cut(piece: Piece, start: int, text: str) -> Piece:
    end = start + len(text)
    spans = [
        Span(s.start - start, min(s.end, end) - start, s.kind, s.targets)
        for s in piece.spans
        if start <= s.start < end
    ]
    return replace(piece, text=text, spans=spans)
