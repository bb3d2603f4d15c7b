"""What a format's reader makes of a file: blocks of text, and the source list as printed.

A `Manuscript` says only what the format itself says. What is a citation, an appeal or a reference's
DOI is found afterwards, by the same code for every format; see `document`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Block", "BlockKind", "Manuscript", "PrintedReference", "Span", "SpanKind"]


class BlockKind(StrEnum):
    """What a block of text is; only prose kinds are searched for sentences."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CAPTION = "caption"
    CELL = "cell"
    #: Outside the running text, such as a note about the author below the source list: its sentences are
    #: kept, so that passages in it can be found, but no mention or appeal is sought in them.
    NOTE = "note"


class SpanKind(StrEnum):
    """What the format says about a few characters of a block."""

    #: A call of a note or reference that the format itself marks up; its targets are reference keys.
    MARK = "mark"
    #: Raised characters without a target: a citation mark, or an exponent.
    RAISED = "raised"
    #: A hyperlink; its one target is the address.
    LINK = "link"
    #: Characters in which no mark, mention or sentence end is to be looked for (code, formulas).
    LITERAL = "literal"


@dataclass(frozen=True)
class Span:
    """Some characters of a block's text.

    >>> block = Block("Tea helps.[2]", spans=(Span(10, 13, SpanKind.MARK, ("cite_note-2",)),))
    >>> block.text[block.spans[0].start : block.spans[0].end]
    '[2]'
    """

    start: int
    end: int
    kind: SpanKind
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list item: text in one piece.

    :param text: plain text, blanks folded to one, citation marks left where they are printed.
    :param level: of headings, 1 for the title.
    :param line: where it begins in the file, counted from 1, where the format has lines.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    spans: tuple[Span, ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class PrintedReference:
    """An entry of the source list, or a foot- or end-note, as the format gives it.

    :param key: what the spans of marks target (an id, a footnote's name, the printed number).
    :param label: the label as printed, without brackets; ``""`` where none is printed.
    :param text: the whole entry as plain text, without its label.
    :param links: addresses linked or printed in it, in order.
    :param title: and the fields below: only where the format itself names them (JATS does).
    :param identifiers: compact ones, such as ``doi:10.1000/182``, where the format names them.
    """

    key: str
    label: str
    text: str
    links: tuple[str, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    identifiers: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class Manuscript:
    """An article as its file says it.

    :param language: as the file declares it (``de``, ``en``); ``""`` where it says nothing.
    :param blocks: in reading order, without navigation, teasers and the entries of the source list. The
        list's heading may stand among them; a note about the author is of the kind `BlockKind.NOTE`, below a
        heading of its own (its text is ``""`` where none is printed).
    :param notes: what the reader noticed and the user should know (a broken table, a repeated teaser).
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    references: tuple[PrintedReference, ...] = ()
    notes: tuple[str, ...] = field(default=())
