"""Finding sources named in the text: by author and year, or as an institution of the source list.

Years are looked for, and names are read backwards from each: so a sentence costs what its years cost. A
name in brackets with a year ("Byrne, 2018"), before a year in brackets ("Byrne (2018)"), or with "et al."
is a mention; in running text ("Byrne 2018") only if an entry fits or a word tells that somebody is cited.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from ..document import Mention
from .names import POSSESSIVE, SAYS_OTHERS, UPPER, is_no_author, named_before, words
from .source_index import SourceIndex

__all__ = ["mentions_in"]

_YEAR = re.compile(r"(?<![\w/–-])(?<!\d[.,])(1[6-9]\d\d|20[0-4]\d)([a-z])?(?![\w%]|[.,]\d|\s?[–-]\s?\d)")
#: What may stand behind a year up to the end of its bracket: a journal, an identifier, a page.
_REST_OF_BRACKET = re.compile(
    r"(?:,\s(?:[^()\[\];\d]{1,60}|[^()\[\];\d]{0,80}\b(?:doi|PMID|PMC|https?):?\s?[^()\[\];\s]{1,100}"
    r"|(?:S|pp?)\.\s?\d{1,4}(?:\s?[–-]\s?\d{1,4}|\s?ff?\.)?))?[)\]]",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"(?:,|;|\sund|\sand|,?\s&)\s")
_CAPITALISED = re.compile(
    rf"[{UPPER}][\w&’'-]*(?:\s(?:(?:für|der|des|of|for|the|and|und)\s)?[{UPPER}][\w&’'-]*){{0,5}}"
)
_LOWER_WORD_BEHIND = re.compile(
    r"[)\]]?[\s,:]*(?:(?:et al\.|auch|bereits|also|already|have|has|haben|hat)\s)?([^\W\d_]+)"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.,:]?\s$")
_YEAR_BEHIND = re.compile(r"[,\s(\[]{1,3}(?:1[6-9]|20)\d\d|\set al")


def mentions_in(
    text: str,
    sentence: int,
    index: SourceIndex,
    *,
    taken: Sequence[tuple[int, int]] = (),
    marked: Sequence[str] = (),
    numbered: bool = False,
) -> Iterator[Mention]:
    """The sources that a sentence names, in order of their years, then institutions.

    :param sentence: its position, for the mentions.
    :param taken: stretches that are marks or formulas already.
    :param marked: the labels that its marks name.
    :param numbered: whether the article cites by numbers throughout; then one name with a year
        ("Berlin (1987)") is a mention only if an entry fits.
    """
    last_end = 0
    last: tuple[str, ...] = ()
    others = False
    for year in _YEAR.finditer(text):
        if _is_taken(year.start(), year.end(), taken):
            continue
        if last and _AGAIN.fullmatch(text[last_end : year.start()]):
            yield _mention(sentence, year[0], last, year, index, others=others)
        else:
            named = _named(text, year, last_end, index, numbered=numbered)
            if named is None:
                continue
            start, last = named
            printed = text[start : year.end()]
            rest = _REST_OF_BRACKET.match(text, year.end())
            if rest and printed.count("(") > printed.count(")") and rest[0][-1] == ")":
                printed += rest[0]
            elif rest and "[" in printed and rest[0] == "]":
                printed += "]"
            others = SAYS_OTHERS.search(printed) is not None
            yield _mention(sentence, printed, last, year, index, others=others)
        last_end = year.end()
    yield from _institutions(text, sentence, index, marked, taken)


def _is_taken(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch overlaps one of those given, which are sorted."""
    place = bisect_left(taken, (end, 0))
    return any(other_end > start for _, other_end in taken[max(place - 2, 0) : place])


def _mention(
    sentence: int,
    text: str,
    authors: tuple[str, ...],
    year: re.Match[str],
    index: SourceIndex,
    *,
    others: bool,
) -> Mention:
    reference = index.by_author(authors, int(year[1]), year[2] or "", others=others)
    return Mention(sentence, text, authors, int(year[1]), reference.label if reference else None)


def _named(
    text: str, year: re.Match[str], not_before: int, index: SourceIndex, *, numbered: bool
) -> tuple[int, tuple[str, ...]] | None:
    """Where the authors before a year begin, and who they are; ``None`` if nobody is cited."""
    named = named_before(text, year.start(), not_before, index)
    if named is None:
        return None
    found = named.start, named.authors
    if named.several or index.by_author(named.authors, int(year[1]), year[2] or "") is not None:
        return found
    if numbered or (named.by_comma and not named.in_brackets):
        return None
    cited = named.in_brackets or _is_cited(text, named.start, year, bracketed_year=named.bracketed_year)
    return found if cited else None


def _is_cited(text: str, begin: int, year: re.Match[str], *, bracketed_year: bool) -> bool:
    """Whether words around a name and year in running text tell that somebody is cited."""
    after = _LOWER_WORD_BEHIND.match(text, year.end())
    if after and after[1][0].islower() and after[1].lower().startswith(_verbs()):
        return True
    before = _WORD_BEFORE.search(text[max(0, begin - 24) : begin])
    if before is None:
        return bracketed_year and begin == 0 and after is not None
    return before[1].lower() in words("cues" if bracketed_year else "strong-cues")


def _institutions(
    text: str, sentence: int, index: SourceIndex, marked: Sequence[str], taken: Sequence[tuple[int, int]]
) -> Iterator[Mention]:
    for cue in _institution_cues().finditer(text):
        name = _CAPITALISED.match(text, cue.end())
        if name is None or _is_taken(name.start(), name.end(), taken):
            continue
        if _YEAR_BEHIND.match(text, name.end()):
            continue
        words = POSSESSIVE.sub("", name[0]).split()
        if any(word[0].isupper() and is_no_author(word) for word in words):
            continue
        for length in range(len(words), 0, -1):
            candidate = " ".join(words[:length])
            reference = index.by_institution(candidate, marked)
            if reference is not None:
                yield Mention(sentence, candidate, (candidate,), None, reference.label)
                break


@cache
def _institution_cues() -> re.Pattern[str]:
    cues = sorted(words("institution-cues"), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, cues))})\s(?:(?:der|des|die|dem|den|the)\s)?", re.IGNORECASE
    )


@cache
def _verbs() -> tuple[str, ...]:
    return tuple(words("verbs"))
