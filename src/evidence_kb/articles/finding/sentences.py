"""Cutting a block of text into sentences, in German and English.

The libraries for it (pysbd, segtok, syntok, sentencex) were measured on the cases in the tests. The best
got half of them right: none leaves a mark after a full stop ("… pain.[3] Then …", "….³", "….【3】") with the
sentence before it, and each breaks at several of "et al. (2025)", "21. Jahrhundert", "Abb. 3". Hence this
module. It reads the text once from left to right, looks at a bounded stretch around each full stop, and
takes what full stops mean after which word from ``sentences.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from ...toml import read_toml

__all__ = ["sentence_spans"]

#: A quotation or bracket longer than this is read sentence by sentence, a shorter one stays in one piece.
_PIECE = 300
#: How far back the word before a full stop may begin.
_REACH = 40
_STOP = re.compile(r"[.!?…‽]+|[。！？]+")
_CLOSERS = "\"'’”“»«›‹)]}"
_OPENERS = "\"'‘“„»«›‹([{¿¡–—- "
_PIECES = re.compile(
    rf"„[^„“”]{{1,{_PIECE}}}[“”]"
    rf"|“[^“”]{{1,{_PIECE}}}”"
    rf"|»[^»«]{{1,{_PIECE}}}«"
    rf"|«[^»«]{{1,{_PIECE}}}»"
    rf"|(?<![\w\"])\"[^\"]{{1,{_PIECE}}}\"(?!\w)"
    rf"|\((?:[^()]|\([^()]{{0,80}}\)){{1,{_PIECE}}}\)"
    r"|\[[^\[\]]{1,80}\]"
)
_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"(\w+)\W*$")


def sentence_spans(
    text: str, marks: Sequence[tuple[int, int]] = (), literals: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Where the sentences of ``text`` begin and end, in order, blanks between them left out.

    :param marks: where its citation marks stand. One that follows a full stop belongs to the sentence
        before it.
    :param literals: stretches that no sentence ends in: formulas, code.

    >>> [("Tee hilft z. B. nachts.[3] Danach nicht.")[a:b] for a, b in
    ...  sentence_spans("Tee hilft z. B. nachts.[3] Danach nicht.", [(23, 26)])]
    ['Tee hilft z. B. nachts.[3]', 'Danach nicht.']
    """
    ends_of_marks = dict(marks)
    kept = sorted([*marks, *literals, *((m.start(), m.end()) for m in _PIECES.finditer(text))])
    spans: list[tuple[int, int]] = []
    start, next_kept, kept_until = _skip_blanks(text, 0), 0, 0
    for stop in _STOP.finditer(text):
        while next_kept < len(kept) and kept[next_kept][0] <= stop.start():
            kept_until = max(kept_until, kept[next_kept][1])
            next_kept += 1
        end = _with_closers(text, stop.end(), ends_of_marks)
        if end < kept_until or stop.start() < start:
            continue
        if _ends_sentence(text, stop, end, start):
            spans.append((start, end))
            start = _skip_blanks(text, end)
    last = len(text.rstrip())
    if start < last:
        spans.append((start, last))
    return spans


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _with_closers(text: str, end: int, ends_of_marks: dict[int, int]) -> int:
    """The end after quotes, brackets and marks that belong to the sentence closing at ``end``."""
    while True:
        if end in ends_of_marks:
            end = ends_of_marks[end]
        elif end < len(text) and text[end] in _CLOSERS and not _opens(text, end):
            end += 1
        else:
            beyond = _skip_blanks(text, end)
            if beyond == end or beyond not in ends_of_marks:
                return end
            after = _skip_blanks(text, ends_of_marks[beyond])
            if after < len(text) and text[after] not in ".,;:)" and not _begins_like_sentence(text, after):
                return end
            end = ends_of_marks[beyond]


def _opens(text: str, position: int) -> bool:
    """Whether a quote sign begins a quotation: a blank before it, a word after it."""
    return (
        text[position] in "\"'’“»«›‹"
        and text[position - 1].isspace()
        and text[position + 1 : position + 2].isalnum()
    )


def _begins_like_sentence(text: str, position: int) -> bool:
    while position < len(text) and text[position] in _OPENERS:
        position += 1
    return position >= len(text) or not text[position].islower()


def _ends_sentence(text: str, stop: re.Match[str], end: int, start: int) -> bool:
    if end >= len(text) or stop[0][0] in "。！？":
        return True
    after_mark = end > stop.end()
    if not text[end].isspace() and not (
        after_mark and text[end].isupper() and text[end - 1] in "]】)¹²³⁴⁵⁶⁷⁸⁹⁰"
    ):
        return False
    if not _begins_like_sentence(text, _skip_blanks(text, end)):
        return False
    if stop[0] != "." or (after_mark and text[stop.end()] not in _CLOSERS):
        return True
    return not _is_inside(text, stop.start(), end, start)


def _is_inside(text: str, dot: int, end: int, start: int) -> bool:
    """Whether the full stop at ``dot`` closes an abbreviation, an ordinal or an initial only."""
    lexicon = _lexicon()
    before = text[max(start, dot - _REACH) : dot]
    token = re.split(r"[\s(\[{„“»«\"/–—,;:]", before)[-1]
    word = token.lower()
    if not word:
        return False
    following = _WORD.search(text, end, end + _REACH)
    next_word = following[0].lower() if following else ""
    previous = _LAST_WORD.search(before[: len(before) - len(token)])
    previous_word = previous[1].lower() if previous else ""
    is_initial = following is not None and len(next_word) == 1 and text.startswith(".", following.end())
    starts = next_word in lexicon["starters"] and not is_initial
    if token.isdigit():
        return _is_ordinal(token, previous_word, next_word, at_start=dot - len(token) == start)
    if len(token) == 1 and token.isupper():
        return previous_word == "z" or (previous_word not in lexicon["lettered"] and not starts)
    if len(token) == 1 and token.islower():
        return not starts or previous_word in {"z", "v"}
    if word in lexicon["numbered"] and next_word[:1].isdigit():
        return True
    if word in lexicon["either"]:
        return not starts
    if word in lexicon["inside"]:
        return True
    if "." in token and all(len(part) <= 2 for part in token.split(".")):
        return not starts
    return False


def _is_ordinal(token: str, previous: str, following: str, *, at_start: bool) -> bool:
    lexicon = _lexicon()
    if len(token) > 3:
        return False
    if at_start or following in lexicon["ordinals"]:
        return True
    return previous in lexicon["determiners"] and following not in lexicon["starters"]


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("sentences.toml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in read_toml(text).items()}
