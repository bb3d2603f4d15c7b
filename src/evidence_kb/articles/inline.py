"""A block's text while it is put together, piece by piece, with what is known of each piece."""

from __future__ import annotations

import re

from .manuscript import Block, BlockKind, Span, SpanKind

__all__ = ["InlineText"]

_BLANKS = re.compile(r"\s+")
#: What is printed as nothing: soft hyphens, zero-width blanks, joiners and byte order marks.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")


class InlineText:
    """Text in the making: blanks are folded as it grows, so that spans need no moving afterwards.

    >>> line = InlineText()
    >>> line.add("Tea \\n helps")
    >>> start = line.length
    >>> line.add("[2]")
    >>> line.span(start, SpanKind.MARK, ("ref-2",))
    >>> line.block().text, line.block().spans[0].start
    ('Tea helps[2]', 9)
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.spans: list[Span] = []
        self.length = 0
        self._blank = True

    def add(self, text: str | None) -> None:
        """Append text; a blank after a blank, and at the beginning, is left out."""
        if not text:
            return
        text = _BLANKS.sub(" ", text if text.isascii() else _INVISIBLE.sub("", text))
        if self._blank and text[:1] == " ":
            text = text[1:]
        if text:
            self.pieces.append(text)
            self.length += len(text)
            self._blank = text[-1] == " "

    def span(self, start: int, kind: SpanKind, targets: tuple[str, ...] = ()) -> None:
        """Say what everything from ``start`` on is."""
        if self.length > start:
            self.spans.append(Span(start, self.length, kind, targets))

    @property
    def text(self) -> str:
        """What was added so far, without a blank at the end."""
        return "".join(self.pieces).rstrip()

    def block(self, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 0, line: int | None = None) -> Block:
        """A block of the text, its spans within it and in order, blanks at their ends left out."""
        text = self.text
        spans = []
        for span in self.spans:
            start, end = span.start, min(span.end, len(text))
            while start < end and text[start] == " ":
                start += 1
            while start < end and text[end - 1] == " ":
                end -= 1
            if start < end:
                spans.append(Span(start, end, span.kind, span.targets))
        return Block(text, kind, level, tuple(sorted(spans, key=lambda s: (s.start, s.end))), line)
