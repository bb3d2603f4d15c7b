"""Pointing into a text by a few words at each end, and telling texts apart by a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

__all__ = ["TextFragment", "fold", "text_digest"]


class TextFragment(NamedTuple):
    """A text directive (https://wicg.github.io/scroll-to-text-fragment/).

    >>> TextFragment.parse("text=Studien%20zeigen,einer%20Tasse").end
    'einer Tasse'
    >>> TextFragment.parse("text=Gr%C3%BCner-,Tee,-hilft")
    TextFragment(start='Tee', end=None, prefix='Grüner', suffix='hilft')
    >>> TextFragment("Grüner Tee", "hilft – nachts", suffix="gut.").value
    'text=Gr%C3%BCner%20Tee,hilft%20%E2%80%93%20nachts,-gut.'

    :param prefix: words that stand right before the passage, without being part of it.
    :param suffix: words right behind it.
    """

    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None

    @classmethod
    def parse(cls, value: str) -> TextFragment | None:
        """The fragment in ``text=[prefix-,]start[,end][,-suffix]``; ``None`` if it is none."""
        kind, equals, rest = value.partition("=")
        parts = [part for part in rest.split(",") if part]
        prefix = suffix = None
        if parts and parts[0].endswith("-"):
            prefix = unquote(parts.pop(0)[:-1])
        if parts and parts[-1].startswith("-"):
            suffix = unquote(parts.pop()[1:])
        texts = [unquote(part) for part in parts]
        if kind != "text" or not equals or not 1 <= len(texts) <= 2 or not texts[0].strip():
            return None
        return cls(texts[0], texts[1] if len(texts) == 2 else None, prefix or None, suffix or None)

    @property
    def value(self) -> str:
        """The fragment as it stands in a knowledge base, or behind ``#:~:`` in an address."""
        parts = [_encode(self.start)]
        if self.end is not None:
            parts.append(_encode(self.end))
        if self.prefix:
            parts.insert(0, _encode(self.prefix) + "-")
        if self.suffix:
            parts.append("-" + _encode(self.suffix))
        return "text=" + ",".join(parts)

    def __str__(self) -> str:
        return self.start if self.end is None else f"{self.start} … {self.end}"

    def matches(self, text: str) -> list[str]:
        """The different passages of ``text`` that this points to, blanks folded and case ignored.

        A passage that stands twice, word for word (a teaser repeats it, say), counts once.
        """
        haystack = fold(text)
        found: dict[str, None] = {}
        for first, last in self.spans(haystack):
            found[haystack[first : last if self.end is not None else last + 60]] = None
        return list(found)

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where the passages it points to begin and end in a text that `fold` gave."""
        start = fold(self.start)
        end = None if self.end is None else fold(self.end)
        prefix, suffix = fold(self.prefix or ""), fold(self.suffix or "")
        position = folded.find(start)
        while position >= 0:
            last = position + len(start)
            before = position - (position > 0 and folded[position - 1] == " ")
            if _stands_alone(folded, position, last) and folded.endswith(prefix, 0, before):
                at = last if end is None else folded.find(end, last)
                if at >= 0:
                    close = at + len(end or "")
                    if folded.startswith(suffix, close + (folded[close : close + 1] == " ")):
                        yield position, close
            position = folded.find(start, position + 1)


def text_digest(text: str) -> str:
    """The digest a knowledge base keeps of a text: SHA-256 over it with blanks folded."""
    return "sha256:" + hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def fold(text: str) -> str:
    """``text`` as passages are looked up in it: blanks folded to one, case ignored."""
    return _fold_long(text) if len(text) > 10_000 else " ".join(text.split()).casefold()


@lru_cache(maxsize=2)
def _fold_long(text: str) -> str:
    """Folding an article again for each of its passages would take longer than looking them up."""
    return " ".join(text.split()).casefold()


def _stands_alone(text: str, first: int, last: int) -> bool:
    """Whether no word goes on over either end of a place in ``text``."""
    return not (first and _is_word(text[first - 1])) and not (last < len(text) and _is_word(text[last]))


def _is_word(character: str) -> bool:
    # Chinese and Japanese put no blanks between words
    return character == "_" or (character.isalnum() and character < "\u2e80")


def _encode(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
