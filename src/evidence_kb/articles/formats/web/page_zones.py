"""Which stretches of a page stand below a heading that announces sources, or further reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...manuscript import BlockKind, SpanKind
from ...source_lists import is_further_reading, is_remark, is_source_heading, printed_label
from .page_pieces import Piece

__all__ = ["looks_like_source", "runs_of", "zones_of"]

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
#: The level of a heading that is only a line ("Quellen:"): below it the list ends at the first other text.
_DEEPEST = 7


def zones_of(pieces: Sequence[Piece]) -> list[str]:
    """For each piece the list it stands in, heading included: "sources", "further" or "".

    What follows, at the end of the article, a list that only a line announces is "after" it.
    """
    zones = [""] * len(pieces)
    now, level = "", 0
    begun = False  # whether the list has entries within the article
    headings = (i for i, p in enumerate(pieces) if p.kind is BlockKind.HEADING and not p.outside)
    last_heading = max(headings, default=-1)
    for index, piece in enumerate(pieces):
        kind = _heading_of(piece)
        if piece.kind is BlockKind.HEADING or kind:
            own_level = piece.level if piece.kind is BlockKind.HEADING else _DEEPEST
            within = now == "sources" and kind == "further" and own_level > level
            if (kind or own_level <= level) and not within:
                now, level = kind, own_level
                begun = False
        elif now == "sources" and begun and piece.outside and not (piece.noted or piece.entry):
            now = "after"  # the article ends here: what follows are menus
        elif (
            level == _DEEPEST
            and now in {"sources", "further"}
            and not piece.item
            and not looks_like_source(piece)
        ):
            now = "after" if now == "sources" and index > last_heading else ""
        elif now == "sources" and not piece.outside and (piece.item or looks_like_source(piece)):
            begun = True
        zones[index] = "" if now == "after" and piece.outside else now
    return zones


def _heading_of(piece: Piece) -> str:
    if piece.kind is not BlockKind.HEADING:
        if (
            piece.item
            or len(piece.text) > 60
            or not (piece.text.endswith(":") or piece.kind is BlockKind.PARAGRAPH)
        ):
            return ""
        if piece.kind in {BlockKind.CELL, BlockKind.QUOTE} or any(
            s.kind is SpanKind.LINK for s in piece.spans
        ):
            return ""
    if is_source_heading(piece.text):
        return "sources"
    return "further" if is_further_reading(piece.text) else ""


def runs_of(zones: Sequence[str], pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """The stretches that are in a zone, each from its heading to before the next heading of a zone."""
    start = 0
    while start < len(zones):
        end = start + 1
        while end < len(zones) and zones[end] == zones[start] and not _heading_of(pieces[end]):
            end += 1
        if zones[start]:
            yield start, end
        start = end


def looks_like_source(piece: Piece) -> bool:
    text = piece.text
    if is_remark(text):
        return False
    if (
        piece.label
        or printed_label(text)[0]
        or (any(s.kind is SpanKind.LINK for s in piece.spans) and len(text) < 600)
    ):
        return True
    return len(text) < 600 and ("http" in text or "doi" in text.lower() or _YEAR.search(text) is not None)
