"""How marks and the links back to them are printed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...manuscript import SpanKind
from .page_pieces import IN_PAGE, Piece, Place

__all__ = ["BRACKETS", "MARK_TEXT", "without_backlinks"]

#: A mark as it is linked: "[12]", "12", "A 1", "note 2", "*", "Fn. 3"; never a word.
MARK_TEXT = re.compile(
    r"[\[(【^]{0,2}\s?(?:(?:[^\W\d_]{1,12}(?:-[^\W\d_]{1,12})?\.?\s?)?\d{1,3}[a-z]?(?:\s?[,;–-]\s?\d{1,3}){0,20}|\d{4}|[a-z]{1,2}|[ivxlc]{1,6}|[A-Z]{1,2}"
    r"|[*†‡§¶#]{1,4})\s?[\])】.:]{0,2}"
)
BRACKETS = "[]()【】^.: "
_BACKLINK_TEXT = re.compile(
    r"[\W_]*(?:[↑↩⤴⏎⇑⬆^←]\W*)?(?:[a-z]{1,2}|\d{1,3}\.\d{1,3}|jump up|jump to .{0,40}|hochspringen.{0,40}"
    r"|back.{0,20}|zurück.{0,20}|return.{0,30})?[\W_]*",
    re.IGNORECASE,
)
_ARROWS = "↑↩⤴⏎⇑⬆^←\ufe0e\ufe0f "


def without_backlinks(piece: Piece, places: Mapping[str, Place], index: int) -> tuple[str, str]:
    """The label that a link back to the prose gives an entry, and the entry's text without such links."""
    label = ""
    text = piece.text
    pieces: list[str] = []
    at = 0
    for span in piece.spans:
        if span.kind is not SpanKind.LINK or not span.targets[0].startswith(IN_PAGE) or span.start < at:
            continue
        place = places.get(span.targets[0].removeprefix(IN_PAGE))
        printed = text[span.start : span.end].strip()
        back = place is None or place.piece < index
        if not back or not (
            _BACKLINK_TEXT.fullmatch(printed) or (span.start <= 3 and MARK_TEXT.fullmatch(printed))
        ):
            continue
        start, end = span.start, span.end
        if start and text[start - 1] in "[(" and text[end : end + 1] in {"]", ")"}:
            start, end = start - 1, end + 1
        if start <= 3 and (number := printed.strip(BRACKETS + _ARROWS)).isdecimal():
            label = label or number
            end += len(text[end:]) - len(text[end:].lstrip(".: "))
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    return label, " ".join("".join(pieces).strip(_ARROWS).split())
