"""Patterns of words, as people write them into a lexicon file, found in text fast.

A pattern is words between blanks. ``zeig*`` is any word that begins so, ``*forschung`` one that ends so;
``study|trial`` is either; ``…`` is up to three words of any kind. Case does not matter. Patterns are looked
up by the first letters of their first word, so that a text costs little more than its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Lexicon"]

_WORD = re.compile(r"[^\W_]+")
_KEY = 3
_GAPS = frozenset({"…", "..."})
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
# Possessive, since both halves take brackets: a run of them must not be shared out in every way there is.
_GAP = r"(?:[\s,„“”»«\"()-]++[^\s.!?;:]++){0,3}?"


class Lexicon:
    """Patterns under names, ready to be found.

    >>> list(Lexicon({"cue": ["studien … zeig*"]}).find("Viele Studien aus Kiel zeigten das."))
    [('cue', 'Studien aus Kiel zeigten')]
    """

    def __init__(self, patterns: dict[str, Iterable[str]]) -> None:
        """:raises ValueError: a pattern has no word, or begins with a gap."""
        self._by_key: dict[str, list[_Pattern]] = defaultdict(list)
        for name, texts in patterns.items():
            for text in texts:
                pattern = _Pattern(name, _checked(text))
                for key in _keys(text):
                    self._by_key[key].append(pattern)

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """The names of the patterns found and the words that fit, from left to right, none overlapping."""
        folded = text.lower()
        if len(folded) != len(text):
            folded = text
        end = 0
        for word in _WORD.finditer(folded):
            if word.start() < end:
                continue
            first = word[0]
            best: tuple[int, str] | None = None
            for pattern in (*self._by_key.get(first[:_KEY], ()), *self._by_key.get("", ())):
                match = pattern.compiled.match(folded, word.start())
                if match and (best is None or match.end() > best[0]):
                    best = match.end(), pattern.name
            if best is not None:
                end = best[0]
                yield best[1], text[word.start() : end]

    def names(self, text: str) -> set[str]:
        """The names of all patterns found."""
        return {name for name, _ in self.find(text)}


@dataclass(eq=False)
class _Pattern:
    """A pattern, compiled when a text first has the letters it begins with: most articles need few."""

    name: str
    parts: Sequence[str]

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        first, *others = self.parts
        rest = "".join(_GAP if part in _GAPS else r"[\s„“”»«\"(-]+" + _word(part) for part in others)
        return re.compile(_word(first) + rest + r"(?!\w)")


def _checked(text: str) -> list[str]:
    parts = text.lower().split()
    if not parts or parts[0] in _GAPS or parts[-1] in _GAPS:
        raise ValueError(f"a pattern begins and ends with a word: {text!r}")
    return parts


def _word(part: str) -> str:
    choices = [
        (r"\w*" if choice.startswith("*") else "")
        + _spelt_either_way(re.escape(choice.strip("*")))
        + (r"[\w-]*" if choice.endswith("*") else "")
        for choice in part.split("|")
    ]
    return f"(?:{'|'.join(choices)})"


def _spelt_either_way(word: str) -> str:
    """Umlauts also as two letters, as typed without a German keyboard: "Aerzte"."""
    for letter, plain in _UMLAUTS.items():
        word = word.replace(letter, f"(?:{letter}|{plain})")
    return word


def _keys(text: str) -> set[str]:
    first = text.lower().split()[0]
    keys: set[str] = set()
    for choice in first.split("|"):
        stem = choice.rstrip("*")
        head = _WORD.match(stem)
        if head is None or (choice.endswith("*") and len(stem) < _KEY):
            keys.add("")
        else:
            keys.add(head[0][:_KEY])
            plain = head[0]
            for letter, letters in _UMLAUTS.items():
                plain = plain.replace(letter, letters)
            keys.add(plain[:_KEY])
    return keys
