"""Pointing at a sentence of an article by a few of its words, so that it is found again and not reprinted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..text_fragments import TextFragment, fold, text_digest

__all__ = ["fragment_of", "sentence_digest", "without_marks"]

#: Words at the passage's beginning and end, tried in this order until they are unique.
_LENGTHS = ((3, 2), (4, 2), (4, 3), (5, 3), (6, 4), (6, 6))
_CONTEXT = 4
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


def fragment_of(
    sentence: str, marks: Sequence[str], text: str, before: str = "", after: str = ""
) -> TextFragment:
    """The shortest fragment that points at this sentence and at no other place of ``text``.

    Where a few words at both ends do not tell it from other places, words of its neighbours are added
    as context. If nothing helps (the sentence is not in ``text`` as it stands), the plain one is given.

    :param marks: its citation marks, which are left out: they change, and browsers do not see them so.
    :param before: the sentence before it, and ``after`` the one behind it.
    """
    folded, whole = fold(text), fold(sentence)
    plain: TextFragment | None = None
    for fragment in _candidates(_runs(sentence, marks)):
        plain = plain or fragment
        for candidate in _with_context(fragment, before, after) if fragment.end is None else (fragment,):
            if _points_at(candidate, whole, folded):
                return candidate
    if plain is None:
        return TextFragment(sentence.strip() or "?")
    for fragment in _candidates(_runs(sentence, marks)):
        for candidate in _with_context(fragment, before, after):
            if _points_at(candidate, whole, folded):
                return candidate
    return plain


def _runs(sentence: str, marks: Sequence[str]) -> list[list[str]]:
    """The words between marks; those glued to a mark ("Rücken12") are left out, no search finds their end."""
    pieces = without_marks(sentence, marks)
    runs = []
    for number, piece in enumerate(pieces):
        words = [word for word in piece.split() if re.search(r"\w", word)]
        glued = number + 1 < len(pieces) and piece[-1:].isalnum()
        following = sentence[sum(map(len, pieces[: number + 1])) :][:1] if glued else ""
        if glued and following.isalnum() and len(words) > 3:
            words.pop()
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


def _with_context(fragment: TextFragment, before: str, after: str) -> Iterator[TextFragment]:
    yield fragment
    prefix = " ".join(before.split()[-_CONTEXT:])
    suffix = " ".join(after.split()[:_CONTEXT])
    if prefix:
        yield fragment._replace(prefix=prefix)
    if prefix and suffix:
        yield fragment._replace(prefix=prefix, suffix=suffix)


def _trimmed(words: list[str]) -> str:
    return " ".join(words).lstrip(_OPENING).rstrip(_CLOSING) or " ".join(words)


def _points_at(fragment: TextFragment, whole: str, folded: str) -> bool:
    """Whether ``fragment`` finds only the words of the sentence, from its first to its last one's."""
    start, end = fold(fragment.start), fold(fragment.end or fragment.start)
    expected = whole[whole.find(start) : whole.rfind(end) + len(end)]
    found = {folded[a:b] for a, b in fragment.spans(folded)}
    return found == {expected}
