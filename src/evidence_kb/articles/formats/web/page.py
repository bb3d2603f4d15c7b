"""From the tree of a page to a `Manuscript`: what HTML and Markdown readers have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...cited_links import cite_links
from ...manuscript import Block, BlockKind, Manuscript, PrintedReference, Span, SpanKind
from ...stretches import overlapping
from .page_pieces import IN_PAGE, UNDEFINED, Piece, Place
from .page_sources import Apparatus, find_apparatus
from .page_text import page_text

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["manuscript_of"]

_NUMBER = re.compile(r"[\[(]{0,2}\d{1,3}[\])]{0,2}")
_BRACKETED_NUMBER = re.compile(r"\[\d{1,3}\]")
#: Links that are marks even if what they name is not on the page.
_MARKS_ALWAYS = (f"{IN_PAGE}cite_note", f"{IN_PAGE}{UNDEFINED}")


def manuscript_of(  # noqa: PLR0913  # what a file says of itself
    root: _Element,
    *,
    title: str,
    language: str,
    content: frozenset[_Element] | None = None,
    address: str = "",
    encyclopedia: bool = False,
    notes: tuple[str, ...] = (),
    further: Sequence[PrintedReference] = (),
    lined: bool = False,
) -> Manuscript:
    """The article below an element.

    :param content: the elements that hold it, where that is known.
    :param address: the page's own; links to its host are no sources.
    :param encyclopedia: a MediaWiki page.
    :param further: references that the file gives apart from its text.
    :param lined: see `page_text`.
    """
    pieces, places = page_text(root, content, address, lined=lined)
    if not any(not piece.outside for piece in pieces):
        pieces, places = page_text(root, None, address, lined=lined, all_prose=True)
    apparatus = find_apparatus(pieces, places, encyclopedia=encyclopedia)
    labels = {reference.label for reference in apparatus.references} - {""}
    for reference in further:
        if reference.label in labels:
            continue
        apparatus.references.append(reference)
        apparatus.keys.setdefault(reference.key, reference.key)
    if further and all(reference.label.isdecimal() for reference in apparatus.references):
        apparatus.references.sort(key=lambda reference: int(reference.label))
    blocks = list(_blocks(pieces, apparatus, encyclopedia=encyclopedia))
    if not title:
        title = next((b.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1), "")
    references = _numbered_on(apparatus.references)
    if not (encyclopedia and references):  # there, links in passing are never sources
        blocks, references = cite_links(blocks, references, address)
    if not references and (lost := list(dict.fromkeys(_lost_targets(pieces, places)))):
        shown = ", ".join(lost[:5]) + (", …" if len(lost) > 5 else "")
        notes = (*notes, f"marks link to {shown}, which the file lacks; was its source list cut off?")
    return Manuscript(title, language, tuple(blocks), tuple(references), notes)


def _lost_targets(pieces: Sequence[Piece], places: Mapping[str, Place]) -> Iterable[str]:
    """Where numbers in the prose link to within the page though nothing is there."""
    for piece in pieces:
        for span in piece.spans if not piece.outside else ():
            target = span.targets[0] if span.kind is SpanKind.LINK else ""
            if (
                target.startswith(IN_PAGE)
                and not target.startswith(_MARKS_ALWAYS)
                and target.removeprefix(IN_PAGE) not in places
                and _NUMBER.fullmatch(piece.text[span.start : span.end].strip())
            ):
                yield target


def _blocks(pieces: Sequence[Piece], apparatus: Apparatus, *, encyclopedia: bool) -> Iterable[Block]:
    remarked = False
    for index, piece in enumerate(pieces):
        spans = tuple(_resolved(piece, apparatus))
        if encyclopedia:
            spans = tuple(_only_linked_marks(piece.text, spans))
        if index in apparatus.kept_notes:
            yield Block(piece.text, BlockKind.PARAGRAPH, 0, spans, piece.line)
        elif index in apparatus.entries:
            continue
        elif any(span.kind is SpanKind.MARK for span in spans):
            yield Block(piece.text, piece.kind, piece.level, spans, piece.line)
        elif index in apparatus.remarks:
            if not remarked:
                yield Block("", BlockKind.HEADING, 2, (), piece.line)
            remarked = True
            yield Block(piece.text, BlockKind.NOTE, 0, spans, piece.line)
        elif not (index in apparatus.dropped or piece.outside or piece.boxed):
            remarked = False
            yield Block(piece.text, piece.kind, piece.level, spans, piece.line)


def _numbered_on(references: Sequence[PrintedReference]) -> list[PrintedReference]:
    """The references, those without a label numbered on from the highest if others have one."""
    number = max((int(r.label) for r in references if r.label.isdecimal() and len(r.label) < 6), default=0)
    if not any(reference.label for reference in references):
        return list(references)
    numbered = []
    for reference in references:
        if not reference.label:
            number += 1
            reference = replace(reference, label=str(number))  # noqa: PLW2901
        numbered.append(reference)
    return numbered


def _only_linked_marks(text: str, spans: Sequence[Span]) -> Iterable[Span]:
    """The spans, what looks like a mark and is no link made literal: exponents, and numbers of equations."""
    for span in spans:
        if span.kind is not SpanKind.RAISED:
            yield span
    in_a_span = overlapping((span.start, span.end) for span in spans)
    for match in _BRACKETED_NUMBER.finditer(text) if "[" in text else ():
        if not in_a_span(match.start(), match.end()):
            yield Span(match.start(), match.end(), SpanKind.LITERAL)


def _resolved(piece: Piece, apparatus: Apparatus) -> Iterable[Span]:
    """The spans of a piece, links to entries made marks, other links within the page left out."""
    marked: list[tuple[int, int]] = []
    for span in piece.spans:
        if span.kind is SpanKind.LINK and span.targets[0].startswith(IN_PAGE):
            key = apparatus.key_of(span.targets[0])
            if key is None and span.targets[0].startswith(_MARKS_ALWAYS):
                marked.append((span.start, span.end))
                yield Span(span.start, span.end, SpanKind.MARK)
            elif key is not None:
                marked.append((span.start, span.end))
                yield Span(span.start, span.end, SpanKind.MARK, (key,))
        elif span.kind is not SpanKind.RAISED:
            yield span
    in_a_mark = overlapping(marked)
    for span in piece.spans:
        if span.kind is SpanKind.RAISED and not in_a_mark(span.start, span.end):
            yield span
