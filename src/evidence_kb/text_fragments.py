"""Pointing into a text by a few words at each end, and telling texts apart by a digest."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple
from urllib.parse import unquote

__all__ = ["TextFragment", "text_digest"]


class TextFragment(NamedTuple):
    """A text directive (https://wicg.github.io/scroll-to-text-fragment/), without its context terms.

    >>> TextFragment.parse("text=Studien%20zeigen,einer%20Tasse")
    TextFragment(start='Studien zeigen', end='einer Tasse')
    >>> TextFragment.parse("text=before-,Studien%20zeigen,-after").start
    'Studien zeigen'
    """

    start: str
    end: str | None = None

    @classmethod
    def parse(cls, value: str) -> TextFragment | None:
        """The fragment in ``text=[prefix-,]start[,end][,-suffix]``; ``None`` if it is none."""
        kind, equals, rest = value.partition("=")
        parts = [unquote(part) for part in rest.split(",") if part]
        parts = [
            text
            for raw, text in zip(rest.split(","), parts, strict=False)
            if not raw.endswith("-") and not raw.startswith("-")
        ]
        if kind != "text" or not equals or not 1 <= len(parts) <= 2 or not parts[0].strip():
            return None
        return cls(parts[0], parts[1] if len(parts) == 2 else None)

    def __str__(self) -> str:
        return self.start if self.end is None else f"{self.start} … {self.end}"

    def matches(self, text: str) -> list[str]:
        """The different passages of ``text`` that this points to, blanks folded and case ignored.

        A passage that stands twice, word for word (a teaser repeats it, say), counts once.
        """
        haystack, start = _fold(text), _fold(self.start)
        found: dict[str, None] = {}
        for match in re.finditer(rf"(?<!\w){re.escape(start)}(?!\w)", haystack):
            if self.end is None:
                found[haystack[match.start() : match.end() + 60]] = None
            else:
                tail = _fold(self.end)
                position = haystack.find(tail, match.end())
                if position >= 0:
                    found[haystack[match.start() : position + len(tail)]] = None
        return list(found)


def text_digest(text: str) -> str:
    """The digest a knowledge base keeps of an article's text: SHA-256 over it with blanks folded."""
    return "sha256:" + hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
