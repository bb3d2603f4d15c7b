"""Finding sources named in the text: by author and year, or as an institution of the source list.

Years are looked for, and names are read backwards from each: so a sentence costs what its years cost. A
name in brackets with a year ("Byrne, 2018"), before a year in brackets ("Byrne (2018)"), or with "et al."
is a mention; in running text ("Byrne 2018") only if an entry fits or a word tells that somebody is cited.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from ...toml import read_toml
from ..document import Mention, Reference
from .bibliography import surname

__all__ = ["SourceIndex", "mentions_in"]

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_NAME = rf"(?:[dlDLO]['’])?[{_UPPER}][\w´]*(?:['’](?!s\b)\w+)?(?:[-‐‑][\w'’´]+)*"
_PARTICLES = (
    r"(?:(?:[Vv]an|[Vv]on|vom|[Dd]e|der|den|[Dd]i|[Dd]a|dos|[Dd]u|[Ll]a|[Ll]e|[Dd]el|della|[Tt]en|[Tt]er"
    r"|zu|zur|al|el|bin)\s)"
)
#: In running text they are articles and prepositions ("von Jenkins"), unless the list has such a name.
_WORDS_LIKE_PARTICLES = re.compile(r"(?:(?:von|vom|der|den|de|zu|zur|al)\s)+")
_INITIALS = rf"(?:[{_UPPER}]\.[\s-]?){{1,3}}"
_ET_AL = re.compile(
    r",?\s?\b(?:et\.?\s?al\.?|u\.\s?a\.|and (?:colleagues|co-?workers|others)|und (?:Kolleg|Mitarbeit)\w*)$"
    r"|,?\s?& al\.?$"
)
_SAYS_OTHERS = re.compile(r"\b(?:et\.?\s?al|u\.\s?a\.|colleagues|co-?workers|Kolleg|Mitarbeit|others)|& al")
_POSSESSIVE = re.compile(r"(?:['’]s?)$")
_LAST_AUTHOR = re.compile(
    rf"(?<![\w.@'’-])(?<!\bz\.\s){_PARTICLES}{{0,3}}(?:{_INITIALS}\s?)?(?P<name>{_NAME})(?:,\s{_INITIALS}|\s[{_UPPER}]{{1,2}})?$"
)
_WHOLE_AUTHOR = re.compile(
    rf"{_PARTICLES}{{0,3}}(?:{_INITIALS}\s?)?{_NAME}(?:\s(?:{_PARTICLES})?{_NAME}){{0,2}}"
)
_JOINS = re.compile(r"\s?/\s?|,?\s?&\s?|,?\s(?:and|und|et)\s|,\s")
_LAST_JOIN = re.compile(r"(?:\s?/\s?|,?\s?&\s?|,?\s(?:and|und|et)\s)$")
_COMMA_JOIN = re.compile(r",\s$")
_LEAD_IN = re.compile(
    r"(?:\s|[,:;]|\b(?:vgl|siehe|s|z\.\s?B|u\.\s?a|e\.\s?g|i\.\s?e|cf|see|also|auch|nach|etwa|so"
    r"|for example|for (?:a )?review|reviewed (?:in|by)|zum Beispiel|beispielsweise|unter anderem|zuletzt"
    r"|zit(?:iert)?|aus|in|bei|by|from|according to|laut|as (?:cited )?in|adapted|modified|und|and|sowie"
    r"|review|dazu|hierzu|data|Daten|source|Quelle|reported|described|shown)\b[.,:]?)+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w/–-])(?<!\d[.,])(1[6-9]\d\d|20[0-4]\d)([a-z])?(?![\w%]|[.,]\d|\s?[–-]\s?\d)")
_REACH = 160
_GAP = re.compile(r"(?:,?\s?[(\[]\s?|,\s|\s)$")
_GROUP = re.compile(
    rf"[{_UPPER}][\w&.’'-]*(?:\s(?:[{_UPPER}][\w&.’'-]*|of|the|for|and|für|der|des|und|on|\[[{_UPPER}]+\]))*"
)
_UNSPOKEN = str.maketrans("", "", "'’´-‐‑")
#: What may stand behind a year up to the end of its bracket: a journal, a page.
_REST_OF_BRACKET = re.compile(r"(?:,\s[^()\[\];\d]{1,60})?[)\]]")
_AGAIN = re.compile(r"(?:,|;|\sund|\sand|,?\s&)\s")
_CAPITALISED = re.compile(
    rf"[{_UPPER}][\w&’'-]*(?:\s(?:(?:für|der|des|of|for|the|and|und)\s)?[{_UPPER}][\w&’'-]*){{0,5}}"
)
_FILLERS = frozenset({"der", "die", "das", "des", "für", "fur", "und", "of", "the", "for", "and"})


class SourceIndex:
    """The source list, ready to be asked which entry fits a name and a year."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._by_surname: dict[str, list[Reference]] = defaultdict(list)
        self._by_word: dict[str, list[Reference]] = defaultdict(list)
        self._by_host: dict[str, list[Reference]] = defaultdict(list)
        self._by_label = {reference.label: reference for reference in references}
        self._suffixes: dict[str, str] = {}
        self._answers: dict[tuple[tuple[str, ...], int, str, bool], Reference | None] = {}
        for reference in references:
            for author in reference.authors[:1]:
                family = surname(author)
                last = family.split()[-1] if family else ""
                for name in {_fold(family), _fold(last), _fold(author), _initials(author)} - {""}:
                    self._by_surname[name].append(reference)
            for word in set(re.findall(r"\w{2,}", _fold(f"{reference.title} {reference.text[:1000]}"))):
                self._by_word[word].append(reference)
            for part in _host_parts(reference.url):
                self._by_host[part].append(reference)
            lettered = re.search(r"\b(?:1[6-9]|20)\d\d([a-z])\b", reference.text)
            self._suffixes[reference.label] = lettered[1] if lettered else ""

    def knows(self, names: str) -> bool:
        """Whether a text ends with the family name of an author in the list."""
        last = names.split()[-1:]
        return bool(last) and _fold(last[0]) in self._by_surname

    def has(self, name: str) -> bool:
        """Whether an author in the list has just this family name ("von Berg")."""
        return _fold(name) in self._by_surname

    def is_nameless(self, label: str, year: int | None) -> bool:
        """Whether an entry tells a year, or none, and nobody's name: then the text may tell whose it is."""
        reference = self._by_label.get(label)
        return reference is not None and not reference.authors and reference.year in {year, None}

    def by_author(
        self, authors: Sequence[str], year: int, letter: str = "", *, others: bool = False
    ) -> Reference | None:
        """The entry whose first author and year fit; of several, the one that most else fits.

        :param letter: of "2020a".
        :param others: whether more authors are meant than named ("et al.").
        """
        asked = (tuple(authors), year, letter, others)
        if asked not in self._answers:
            self._answers[asked] = self._by_author(*asked)
        return self._answers[asked]

    def _by_author(self, authors: tuple[str, ...], year: int, letter: str, others: bool) -> Reference | None:
        first = _fold(surname(authors[0]))
        candidates = [ref for ref in self._by_surname.get(first, []) if ref.year in {year, None}]
        if not candidates:
            candidates = [ref for ref in self._headed(first) if ref.year == year or str(year) in ref.text]
        if not candidates:
            return None
        named = [_fold(surname(author)) for author in authors]

        def fit(ref: Reference) -> tuple[bool, bool, int, bool]:
            known = [_fold(surname(author)) for author in ref.authors]
            as_many = len(known) > 2 if others else len(known) == len(named)
            return (
                ref.year == year,
                self._suffixes[ref.label] == letter,
                sum(n in known for n in named),
                as_many,
            )

        return max(candidates, key=fit)

    def _headed(self, name: str) -> list[Reference]:
        """The entries that begin with a name that was not read as an author: of an institution, mostly."""
        return [
            ref
            for ref in self._with_all_words(name)
            if len(ref.authors) < 2 and name in _fold(ref.text[: len(name) + 40])
        ]

    def by_institution(self, name: str, preferred: Sequence[str]) -> Reference | None:
        """The entry that an institution publishes, by its host, its initials or its name in the entry.

        :param preferred: labels that marks of the same sentence name.
        """
        words = [word for word in re.findall(r"\w{2,}", _fold(name)) if word not in _FILLERS]
        capitals = [word for word in name.split() if word[:1].isupper()]
        initials = "".join(word[0] for word in capitals).lower()
        found: dict[str, Reference] = {}
        if len(words) == 1 and (name.isupper() or len(words[0]) >= 6):
            found.update(
                (r.label, r) for r in [*self._by_host.get(words[0], []), *self._by_word.get(words[0], [])]
            )
        if len(words) >= 2:
            found.update((ref.label, ref) for ref in self._with_all_words(" ".join(words)))
            found.update((ref.label, ref) for ref in self._by_host.get("".join(words), []))
            if len(initials) >= 2:
                found.update((ref.label, ref) for ref in self._by_host.get(initials, []))
        return next((found[label] for label in preferred if label in found), next(iter(found.values()), None))

    def _with_all_words(self, name: str) -> list[Reference]:
        words = re.findall(r"\w{2,}", name)
        if not words:
            return []
        rarest = min(words, key=lambda word: len(self._by_word.get(word, [])))
        others = [{id(ref) for ref in self._by_word.get(word, [])} for word in words if word != rarest]
        return [ref for ref in self._by_word.get(rarest, []) if all(id(ref) in other for other in others)]


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
            named = _named_before(text, year, last_end, index, numbered=numbered)
            if named is None:
                continue
            start, last = named
            printed = text[start : year.end()]
            rest = _REST_OF_BRACKET.match(text, year.end())
            if rest and printed.count("(") > printed.count(")") and rest[0][-1] == ")":
                printed += rest[0]
            elif rest and "[" in printed and rest[0] == "]":
                printed += "]"
            others = _SAYS_OTHERS.search(printed) is not None
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


def _named_before(
    text: str, year: re.Match[str], not_before: int, index: SourceIndex, *, numbered: bool
) -> tuple[int, tuple[str, ...]] | None:
    """Where the authors before a year begin, and who they are; ``None`` if nobody is cited."""
    floor = max(not_before, year.start() - _REACH)
    stretch = text[floor : year.start()]
    gap = _GAP.search(stretch)
    if gap is None:
        return None
    bracketed_year = gap[0].rstrip()[-1:] in {"(", "["}
    in_brackets = not bracketed_year and (opening := _opening(stretch, not_before > 0)) >= 0
    first = opening + 1 if in_brackets else 0
    if in_brackets and (lead := _LEAD_IN.match(stretch, first)):
        first = lead.end()
    names = _without_journal(stretch[first : gap.start()])
    whole = _authors_throughout(names) if in_brackets else ()
    if whole:
        authors, start, several = whole, 0, True
    else:
        authors, start, several = _authors_at_end(names, in_brackets=in_brackets, index=index)
    several = several or (bracketed_year and _POSSESSIVE.search(names) is not None)
    if in_brackets and not several:
        group = _GROUP.fullmatch(names)
        if group and (" " in group[0] or not authors):
            none = any(word[0].isupper() and _is_no_author(word) for word in group[0].split())
            authors, start = () if none else (group[0],), group.start()
    if not authors:
        return None
    begin = floor + first + start
    fits = index.by_author(authors, int(year[1]), year[2] or "") is not None
    if fits or several:
        return begin, authors
    if numbered or (gap[0] == ", " and not in_brackets):
        return None
    if in_brackets or _is_cited(text, begin, year, bracketed_year=bracketed_year):
        return begin, authors
    return None


def _without_journal(names: str) -> str:
    """The names without a journal behind them ("Byrne, Lancet 2018")."""
    before, comma, last = names.rpartition(", ")
    return before if comma and last.lower() in _words("journals") else names


def _opening(stretch: str, continues: bool) -> int:
    """Where the bracket opens, or the last semicolon in it stands, before the end of ``stretch``; or -1."""
    depth = 0
    semicolon = -1
    for position in range(len(stretch) - 1, -1, -1):
        character = stretch[position]
        if character in ")]":
            depth += 1
        elif character in "([" and depth:
            depth -= 1
        elif character in "([":
            return max(semicolon, position)
        elif character == ";" and not depth and semicolon < 0:
            semicolon = position
    return semicolon if continues else -1


def _authors_throughout(text: str) -> tuple[str, ...]:
    """The authors, if a text in brackets is a list of several and nothing else."""
    others = _ET_AL.search(text)
    names = _JOINS.split(text[: others.start()] if others else text)
    are_names = all(_WHOLE_AUTHOR.fullmatch(name) for name in names)
    return tuple(names) if are_names and (others or len(names) > 1) else ()


def _authors_at_end(text: str, *, in_brackets: bool, index: SourceIndex) -> tuple[tuple[str, ...], int, bool]:
    """The authors that a text ends with, where they begin, and whether it says that they are several."""
    end = len(_POSSESSIVE.sub("", text))
    others = _ET_AL.search(text, 0, end)
    if others:
        end = others.start()
    names: list[str] = []
    joined = False
    while True:
        author = _LAST_AUTHOR.search(text, 0, end)
        if not author or (not (others or index.has(author["name"])) and _is_no_author(author["name"])):
            break
        name, start = author[0], author.start()
        if not in_brackets and not index.has(name):
            without = _WORDS_LIKE_PARTICLES.sub("", name)
            name, start = without, author.end() - len(without)
        names.insert(0, name)
        join = _LAST_JOIN.search(text, 0, start)
        comma = _COMMA_JOIN.search(text, 0, start)
        if join and not joined and not others:
            end, joined = join.start(), True
        elif comma and (joined or others) and (in_brackets or index.knows(text[: comma.start()])):
            end = comma.start()
        else:
            break
    if not names:
        return (), 0, False
    return tuple(names), start, bool(others) or len(names) > 1


def _is_no_author(name: str) -> bool:
    plain = re.sub("['’]s?$", "", name.lower())
    parts = re.split("[-‐‑ ]", plain)
    if plain in _words("journals") or any(part in _words("no-author") for part in (plain, parts[-1])):
        return True
    return plain.endswith(_no_author_endings())


def _is_cited(text: str, begin: int, year: re.Match[str], *, bracketed_year: bool) -> bool:
    """Whether words around a name and year in running text tell that somebody is cited."""
    after = re.compile(
        r"[)\]]?[\s,:]*(?:(?:et al\.|auch|bereits|also|already|have|has|haben|hat)\s)?([^\W\d_]+)"
    ).match(text, year.end())
    if after and after[1][0].islower() and after[1].lower().startswith(_verbs()):
        return True
    before = re.search(r"([^\W\d_]+)[.,:]?\s$", text[max(0, begin - 24) : begin])
    if before is None:
        return bracketed_year and begin == 0 and after is not None
    return before[1].lower() in _words("cues" if bracketed_year else "strong-cues")


def _institutions(
    text: str, sentence: int, index: SourceIndex, marked: Sequence[str], taken: Sequence[tuple[int, int]]
) -> Iterator[Mention]:
    for cue in _institution_cues().finditer(text):
        name = _CAPITALISED.match(text, cue.end())
        if name is None or _is_taken(name.start(), name.end(), taken):
            continue
        if re.match(r"[,\s(\[]{1,3}(?:1[6-9]|20)\d\d|\set al", text[name.end() : name.end() + 8]):
            continue
        words = _POSSESSIVE.sub("", name[0]).split()
        if any(word[0].isupper() and _is_no_author(word) for word in words):
            continue
        for length in range(len(words), 0, -1):
            candidate = " ".join(words[:length])
            reference = index.by_institution(candidate, marked)
            if reference is not None:
                yield Mention(sentence, candidate, (candidate,), None, reference.label)
                break


def _initials(name: str) -> str:
    """The letters by which an institution is known ("World Health Organization", "who"); of people, none."""
    capitals = [word[0] for word in re.split(r"[\s-]", name) if word[:1].isupper()]
    return "".join(capitals).lower() if len(capitals) > 2 and "," not in name and "." not in name else ""


def _host_parts(url: str | None) -> set[str]:
    if not url:
        return set()
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return set()
    labels = host.removeprefix("www.").split(".")[:-1]
    return {
        _fold(part)
        for label in labels
        for part in (label.replace("-", ""), *label.split("-"))
        if len(part) > 1
    }


def _fold(text: str) -> str:
    """Lower case, without accents and apostrophes: names are spelt in many ways."""
    plain = text.lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain.replace("ß", "ss"))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub("(?<=[aou])e", "", plain.translate(_UNSPOKEN))  # "Mueller" is "Müller"


@cache
def _institution_cues() -> re.Pattern[str]:
    cues = sorted(_words("institution-cues"), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, cues))})\s(?:(?:der|des|die|dem|den|the)\s)?", re.IGNORECASE
    )


@cache
def _no_author_endings() -> tuple[str, ...]:
    """Words long enough to be told at the end of a compound: "Neuauflage"."""
    return tuple(word for word in _words("no-author") if len(word) > 6)


@cache
def _verbs() -> tuple[str, ...]:
    return tuple(_words("verbs"))


@cache
def _words(name: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath("mentions.toml").read_text(encoding="utf-8")
    return frozenset(read_toml(text)[name])
