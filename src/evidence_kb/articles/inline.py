"""A block's text while it is put together, piece by piece, with what is known of each piece."""

from __future__ import annotations

import re

from .manuscript import Block, BlockKind, Span, SpanKind

__all__ = ["InlineText"]

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
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
        folded = " ".join(text.split())  # several times as fast as a regular expression
        if not folded:
            if text and not self._blank:
                self.pieces.append(" ")
                self.length += 1
                self._blank = True
            return
        if not self._blank and text[0].isspace():
            folded = " " + folded
        self._blank = text[-1].isspace()
        if self._blank:
            folded += " "
        self.pieces.append(folded)
        self.length += len(folded)

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
            if start < end and text[start] != " " and text[end - 1] != " ":
                spans.append(span if end == span.end else Span(start, end, span.kind, span.targets))
                continue
            while start < end and text[start] == " ":
                start += 1
            while start < end and text[end - 1] == " ":
                end -= 1
            if start < end:
                spans.append(Span(start, end, span.kind, span.targets))
        if len(spans) > 1:
            spans.sort(key=lambda s: (s.start, s.end))
        return Block(text, kind, level, tuple(spans), line)
