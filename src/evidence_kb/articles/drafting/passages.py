"""Pointing at a sentence of an article by a few of its words, so that it is found again and not reprinted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ...text_fragments import TextFragment, fold, text_digest

__all__ = ["fragment_of", "sentence_digest", "without_marks"]

#: Words at the passage's beginning and end, tried in this order until they are unique.
_LENGTHS = ((3, 2), (4, 2), (4, 3), (5, 3), (6, 4), (6, 6))
_CONTEXT = 4
#: Places of the same words that are looked at for context.
_MOST_PLACES = 3
_OPENING = "„“”\"«»‚‘'([{-–—•*▸►→·… "
_CLOSING = "„“”\"«»‚‘’')]}.,;:!?…-–— "


def without_marks(sentence: str, marks: Sequence[str]) -> list[str]:
    """The pieces of a sentence between its citation marks (given in reading order).

    >>> without_marks("Tee hilft [1], sagt man [2].", ["[1]", "[2]"])
    ['Tee hilft ', ', sagt man ', '.']
    """
    pieces: list[str] = []
    rest = sentence
    for mark in reversed(marks):  # from behind: a raised 12 must not be taken for an earlier "12 people"
        before, found, after = rest.rpartition(mark)
        if found:
            pieces.append(after)
            rest = before
    return [rest, *reversed(pieces)]


def sentence_digest(sentence: str, marks: Sequence[str]) -> str:
    """A digest of the sentence's words; marks, punctuation and blanks make no difference."""
    return text_digest(" ".join(re.findall(r"\w+", " ".join(without_marks(sentence, marks)))))


def fragment_of(sentence: str, marks: Sequence[str], text: str) -> TextFragment:
    """The shortest fragment that points at this sentence and at no other place of ``text``.

    Where a few words at both ends do not tell it from other places, words next to it are added as context.
    If nothing helps (the sentence is not in ``text`` as it stands), the plain one is given.

    :param marks: its citation marks, which are left out: they change, and browsers do not see them so.
    """
    folded, whole = fold(text), fold(sentence)
    runs = _runs(sentence, marks) or _runs(sentence, ())  # some sentences are nothing but a linked title
    fragments = list(_candidates(runs))
    for fragment in fragments:
        if _points_at(fragment, whole, folded):
            return fragment
    for fragment in fragments:
        for before, after in _neighbours(fragment, sentence, text):
            for prefix, suffix in ((before, None), (None, after), (before, after)):
                candidate = fragment._replace(prefix=prefix or None, suffix=suffix or None)
                if _points_at(candidate, whole, folded):
                    return candidate
    for fragment in _later(runs):
        if _points_at(fragment, whole, folded):
            return fragment
    return fragments[0] if fragments else TextFragment(sentence.strip() or "?")


def _neighbours(fragment: TextFragment, sentence: str, text: str) -> Iterator[tuple[str, str]]:
    """The words right before and behind a fragment, wherever the sentence stands; last places first."""
    even, words = _even(text), " ".join(sentence.split())
    end = len(even)
    for _ in range(_MOST_PLACES):
        at = even.rfind(words, 0, end) if words else -1
        if at < 0:
            return
        end = at + len(words)
        first = even.find(fragment.start, at, end)
        last = even.rfind(fragment.end or fragment.start, at, end) + len(fragment.end or fragment.start)
        if first >= 0:
            before, after = even[max(first - 200, 0) : first], even[last : last + 200]
            yield " ".join(before.split()[-_CONTEXT:]), " ".join(after.split()[:_CONTEXT])
        end -= 1


@lru_cache(maxsize=2)
def _even(text: str) -> str:
    return " ".join(text.split())


def _runs(sentence: str, marks: Sequence[str]) -> list[list[str]]:
    """The words between marks; a word glued to a mark ("Rücken12") is left out: no search finds its end."""
    pieces = without_marks(sentence, marks)
    runs = []
    for number, piece in enumerate(pieces):
        words = piece.split()
        if len(words) > 1 and number and piece[:1].isalnum():
            del words[0]
        if len(words) > 1 and number + 1 < len(pieces) and piece[-1:].isalnum():
            glued_to = marks[number][:1] if len(pieces) == len(marks) + 1 else "0"
            if glued_to.isalnum():
                del words[-1]
        while words and not re.search(r"\w", words[0]):
            del words[0]
        while words and not re.search(r"\w", words[-1]):
            del words[-1]
        if words:
            runs.append(words)
    return runs


def _candidates(runs: list[list[str]]) -> Iterator[TextFragment]:
    if not runs:
        return
    if len(runs) == 1 and len(runs[0]) <= 4:
        yield TextFragment(_trimmed(runs[0]))
        return
    first, last = runs[0], runs[-1]
    for head, tail in _LENGTHS:
        if len(runs) == 1:  # the words in the middle stay out, or it would be a reprint
            head = min(head, len(first) - 2)  # noqa: PLW2901 - the lengths are upper bounds
            tail = min(tail, len(first) - head - 1)  # noqa: PLW2901
        yield TextFragment(_trimmed(first[:head]), _trimmed(last[-tail:]))


def _later(runs: list[list[str]]) -> Iterator[TextFragment]:
    """Fragments that begin further inside the sentence: a teaser may repeat its beginning word for word."""
    if runs:
        first, last = runs[0], runs[-1]
        room = len(first) - (6 if len(runs) == 1 else 3)
        for begin in range(3, room, 2):
            yield TextFragment(_trimmed(first[begin : begin + 3]), _trimmed(last[-2:]))


def _trimmed(words: list[str]) -> str:
    return " ".join(words).lstrip(_OPENING).rstrip(_CLOSING) or " ".join(words)


def _points_at(fragment: TextFragment, whole: str, folded: str) -> bool:
    """Whether ``fragment`` finds the words of the sentence from its first to its last ones, and no others."""
    start, end = fold(fragment.start), fold(fragment.end or fragment.start)
    offset = whole.find(start)
    expected = whole[offset : whole.rfind(end) + len(end)]
    spans = list(fragment.spans(folded))
    inside = all(folded[a:b] == expected and folded.startswith(whole, a - offset) for a, b in spans)
    further = 0 if fragment.end is not None else 60  # what follows tells short ones apart
    return bool(spans) and inside and len({folded[a : b + further] for a, b in spans}) == 1
