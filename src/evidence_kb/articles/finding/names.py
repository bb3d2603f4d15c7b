"""Reading who is named before a year: "Byrne", "te Morenga, Mallard und Mann", "Oak et al. (Lancet".

Names are read backwards from where the year begins. What stands between them and the year (a bracket, a
comma, the journal, "aus dem Jahr") is told from them here; whether anybody is cited at all is judged in
`mentions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ...toml import read_toml
from .source_index import SourceIndex

__all__ = ["POSSESSIVE", "SAYS_OTHERS", "UPPER", "Named", "is_no_author", "named_before", "words"]

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
SAYS_OTHERS = re.compile(
    r"\b(?:et\.?\s?al|u\.\s?a\.|colleagues|co-?workers|Kolleg|Mitarbeit|Mitautor|others)|& al"
)
POSSESSIVE = re.compile(r"(?:['’]s?)$")

_NAME = rf"(?:[dlDLO]['’])?[{UPPER}][\w´]*(?:['’](?!s\b)\w+)?(?:[-‐‑][\w'’´]+)*"
_PARTICLES = (
    r"(?:(?:[Vv]an|[Vv]on|vom|[Dd]e|der|den|[Dd]i|[Dd]a|dos|[Dd]u|[Ll]a|[Ll]e|[Dd]el|della|[Tt]en?|[Tt]er"
    r"|[Vv]an(?:der|den)|[Ss]t\.|zu|zur|al|el|bin)\s)"
)
#: In running text they are articles and prepositions ("von Jenkins"), unless the list has such a name.
_WORDS_LIKE_PARTICLES = re.compile(r"(?:(?:von|vom|der|den|zu|zur|al)\s)+|de\s")
_INITIALS = rf"(?:[{UPPER}]\.[\s-]?){{1,3}}"
_OTHERS = (
    r"(?:,?\s?\b(?:et\.?\s?al\.?|u\.\s?a\.|and (?:colleagues|co-?workers|others)"
    r"|und (?:ihre |seine |das |ihr |sein )?(?:Kolleg|Mitarbeit|Mitautor|Team)\w*)"
    r"|,?\s?& (?:al\.?|Kolleg\w+|colleagues))"
)
_ET_AL = re.compile(rf"{_OTHERS}$")
_LAST_AUTHOR = re.compile(
    rf"(?<![\w.@'’-])(?<!\bz\.\s){_PARTICLES}{{0,3}}(?:{_INITIALS}\s?)?(?P<name>{_NAME})(?:,\s{_INITIALS}|\s[{UPPER}]{{1,2}})?$"
)
_WHOLE_AUTHOR = re.compile(
    rf"{_PARTICLES}{{0,3}}(?:{_INITIALS}\s?)?{_NAME}(?:\s(?:{_PARTICLES})?{_NAME}){{0,2}}(?:\s[{UPPER}]{{1,2}})?"
)
_JOINS = re.compile(r"\s?/\s?|,?\s?&\s?|,?\s(?:and|und|et)\s|,\s")
_PARTICLE_INSIDE = re.compile(rf"\w\s{_PARTICLES}")
_LAST_JOIN = re.compile(r"(?:\s?/\s?|,?\s?&\s?|,?\s(?:and|und|et)\s)$")
_COMMA_JOIN = re.compile(r",\s$")
_LEAD_IN = re.compile(
    r"(?:\s|[,:;]|\b(?:vgl|siehe|s|z\.\s?B|u\.\s?a|e\.\s?g|i\.\s?e|cf|see|also|auch|nach|etwa|so"
    r"|for example|for (?:a )?review|reviewed (?:in|by)|zum Beispiel|beispielsweise|unter anderem|zuletzt"
    r"|zit(?:iert)?|aus|in|bei|by|from|according to|laut|as (?:cited )?in|adapted|modified|und|and|sowie"
    r"|review|dazu|hierzu|data|Daten|source|Quelle|reported|described|shown)\b[.,:]?)+",
    re.IGNORECASE,
)
_REACH = 160
_GAP = re.compile(r"(?:,?\s?[(\[]\s?|,\s|\s)$")
#: "Huang und Kollegen aus dem Jahr 2016": only behind words for several authors.
_WORDY_GAP = re.compile(r"\s(?:aus(?:\sdem\sJahre?)?|von|im\sJahre?|from|in)\s$")
_CONNECTED = r"(?:of|the|for|and|für|der|des|und|on|in|&)"
_GROUP = re.compile(
    rf"[{UPPER}][\w&.’'-]*(?:\s(?:[{UPPER}][\w&.’'-]*|{_CONNECTED}|\[[{UPPER}]+\]))*"
)  # fmt: skip
_GROUP_AT_END = re.compile(rf"(?:[{UPPER}][\w&’'-]*\s(?:{_CONNECTED}\s){{0,2}}){{1,7}}[{UPPER}][\w’'-]*$")
#: "Oak et al. (Lancet" and "(Oak et al., Cell Metabolism": several authors, then where they published.
_JOURNAL = rf"(?:the\s)?[{UPPER}][\w&.’'-]*(?:\s(?:[{UPPER}][\w&.’':-]*|{_CONNECTED}|[a-z]{{1,8}}\.)){{0,9}}"
_JOURNAL_IN_BRACKETS = re.compile(rf"\s?[(\[]\s?(?:in\s(?:the\s)?|im\s)?(?P<journal>{_JOURNAL}),?\s$")
_OTHERS_THEN_JOURNAL = re.compile(rf"{_OTHERS}[,:;]?\s(?:in\s)?{_JOURNAL}$")
#: "DiRECT" is a study, "DiMeglio" and "MacLean" are people.
_STUDY_NAME = re.compile(r"(?=.*[a-z]).*[A-Z]{3}")
_ACRONYM = re.compile(r"[A-Z][A-Z\d:-]{2,}(?![a-zß-ÿ])")


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named before a year.

    :param start: where the names begin in the text.
    :param several: whether the words themselves say that somebody is cited: more than one author, a
        study group, a possessive.
    :param in_brackets: whether the names stand in the brackets that the year stands in.
    :param bracketed_year: whether the brackets open between the names and the year.
    :param by_comma: whether only a comma stands between them.
    """

    start: int
    authors: tuple[str, ...]
    several: bool
    in_brackets: bool
    bracketed_year: bool
    by_comma: bool


def named_before(text: str, year_start: int, not_before: int, index: SourceIndex) -> Named | None:
    """Who is named before the year that begins at ``year_start``; ``None`` if nobody is.

    :param not_before: where the mention before this one ends; 0 if there is none.
    """
    floor = max(not_before, year_start - _REACH)
    stretch = text[floor:year_start]
    journal = _JOURNAL_IN_BRACKETS.search(stretch)
    if journal and index.has(journal["journal"]):
        journal = None
    if (
        journal
        and (found := _several_before(stretch[: journal.start()], index))
        and (_ET_AL.search(stretch, 0, journal.start()) or _is_journal(journal["journal"]))
    ):
        return Named(floor + found[0], found[1], True, False, True, False)
    gap = _GAP.search(stretch)
    if gap is None:
        return None
    wordy = _WORDY_GAP.search(stretch)
    if (
        wordy
        and _ET_AL.search(stretch, 0, wordy.start())
        and (found := _several_before(stretch[: wordy.start()], index))
    ):
        return Named(floor + found[0], found[1], True, False, False, False)
    bracketed_year = gap[0].rstrip()[-1:] in {"(", "["}
    goes_on = not_before > 0 and stretch.startswith((",", ";")) and _is_open(text, not_before)
    in_brackets = not bracketed_year and ((opening := _opening(stretch, not_before > 0)) >= 0 or goes_on)
    first = 0
    if in_brackets:
        first = max(opening, 0) + 1
        if lead := _LEAD_IN.match(stretch, first):
            first = lead.end()
    names = stretch[first : gap.start()]
    if in_brackets:
        names = _without_journal(names)
        if _is_journal(names) and not SAYS_OTHERS.search(names) and not index.knows(names):
            return None
    start, authors, several = _authors(names, in_brackets=in_brackets, index=index)
    several = several or (bracketed_year and POSSESSIVE.search(names) is not None)
    if in_brackets and not several:
        group = _GROUP.fullmatch(names)
        if group and (" " in group[0] or not authors):
            none = _is_journal(group[0]) or (
                not _is_group(group[0])
                and any(word[0].isupper() and is_no_author(word) for word in group[0].split())
            )
            start, authors = group.start(), () if none else (group[0],)
    if not authors:
        return None
    return Named(floor + first + start, authors, several, in_brackets, bracketed_year, gap[0] == ", ")


def is_no_author(name: str) -> bool:
    """Whether a capitalised word is anything but a name: a month, a kind of study, a journal."""
    plain = re.sub("['’]s?$", "", name.lower())
    parts = re.split("[-‐‑ ]", plain)
    if plain in words("journals") or any(part in words("no-author") for part in (plain, parts[-1])):
        return True
    return plain.endswith(_no_author_endings()) or _STUDY_NAME.match(name) is not None


@cache
def words(name: str) -> frozenset[str]:
    """A list of ``mentions.toml``."""
    text = resources.files(__package__).joinpath("mentions.toml").read_text(encoding="utf-8")
    return frozenset(read_toml(text)[name])


def _several_before(text: str, index: SourceIndex) -> tuple[int, tuple[str, ...]] | None:
    """The authors that a text ends with and where they begin, if it says that they are several."""
    start, authors, several = _authors_at_end(text, in_brackets=False, index=index)
    return (start, authors) if several else None


def _authors(names: str, *, in_brackets: bool, index: SourceIndex) -> tuple[int, tuple[str, ...], bool]:
    whole = _authors_throughout(names) if in_brackets else None
    return whole or _authors_at_end(names, in_brackets=in_brackets, index=index)


def _without_journal(names: str) -> str:
    """The names without a journal behind them: "Byrne, Lancet", "Oak et al., Cell Metabolism"."""
    others = _OTHERS_THEN_JOURNAL.search(names)
    if others:
        kept = re.match(_OTHERS, others[0])
        return names[: others.start() + (kept.end() if kept else 0)]
    before, comma, last = names.rpartition(", ")
    return before if comma and _is_journal(last) else names


def _is_journal(name: str) -> bool:
    """Whether a name is one of a journal: a known one, or several words with one that journals go by."""
    plain = name.lower().strip(" .")
    if plain in words("journals"):
        return True
    parts = re.findall(r"\w+", plain)
    telling = [part for part in parts if part in words("journal-words")]
    if telling == ["j"] and len(parts) < 3:
        return False  # an initial
    return len(parts) > 1 and bool(telling) and not _is_group(name)


def _is_group(name: str) -> bool:
    """Whether a name is one of people who publish together: "Risk Factors Collaboration"."""
    return name.rsplit(" ", 1)[-1].lower() in words("groups")


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


def _is_open(text: str, position: int) -> bool:
    """Whether a bracket is open at a position of a text."""
    before = text[max(0, position - 2 * _REACH) : position]
    return any(before.rfind(opening) > before.rfind(closing) for opening, closing in ("()", "[]"))


def _authors_throughout(text: str) -> tuple[int, tuple[str, ...], bool] | None:
    """The authors, if a text in brackets is a list of several and nothing else."""
    others = _ET_AL.search(text)
    end = others.start() if others else len(text)
    starts = [0, *(join.end() for join in _JOINS.finditer(text, 0, end))]
    names = _JOINS.split(text[:end])
    if not all(_WHOLE_AUTHOR.fullmatch(name) for name in names):
        return None
    first = 0  # behind the name of a study or model: "RED-S, Mountjoy et al."
    while first < len(names) - 1 and (is_no_author(names[first]) or _is_acronym(names[first])):
        first += 1
    if len(names) - first < 2 and not others:
        alone = len(names) == 1 and _PARTICLE_INSIDE.search(text)  # "Elm de Thal"
        return (0, (text,), False) if alone else None
    return starts[first], tuple(names[first:]), True


def _is_acronym(name: str) -> bool:
    """Whether a name ends in capitals as studies and panels are called: "DIETFITS", "Konsens zu RED-S"."""
    return _ACRONYM.match(name.rsplit(" ", 1)[-1]) is not None


def _authors_at_end(text: str, *, in_brackets: bool, index: SourceIndex) -> tuple[int, tuple[str, ...], bool]:
    """Where the authors that a text ends with begin, who they are, and whether it says they are several."""
    end = len(POSSESSIVE.sub("", text))
    others = _ET_AL.search(text, 0, end)
    if others:
        end = others.start()
    elif _is_group(text[:end]) and (group := _GROUP_AT_END.search(text, 0, end)):
        article = re.match(r"(?:Die|Der|Das|The|In|Im)\s", group[0])
        start = group.start() + (article.end() if article else 0)
        return start, (text[start:end],), True
    names: list[str] = []
    joined = False
    start = 0
    while True:
        author = _LAST_AUTHOR.search(text, 0, end)
        if not author or (not (others or index.has(author["name"])) and is_no_author(author["name"])):
            break
        if names and _in_passing(text, author.start()):
            break
        name, start = author[0], author.start()
        if not in_brackets and not index.has(name):
            without = _WORDS_LIKE_PARTICLES.sub("", name, count=1)
            name, start = without, author.end() - len(without)
        names.insert(0, name)
        join = _LAST_JOIN.search(text, 0, start)
        comma = _COMMA_JOIN.search(text, 0, start)
        if join and not joined and not others:
            end, joined = join.start(), True
        elif comma and (joined or others):
            end = comma.start()
        else:
            break
    return (start, tuple(names), bool(others) or len(names) > 1) if names else (0, (), False)


def _in_passing(text: str, start: int) -> bool:
    """Whether a capitalised word before a comma is a place or a first word: "In Norway, Oak and Elm"."""
    before = text[max(0, start - 12) : start].rstrip()
    if not before or before[-1] in ".!?:":
        return text[start:].split(",", 1)[0].lower() in words("openers")
    return before.rsplit(" ", 1)[-1].lower() in {"in", "aus", "auf", "at", "on"}


@cache
def _no_author_endings() -> tuple[str, ...]:
    """Words long enough to be told at the end of a compound: "Neuauflage"."""
    return tuple(word for word in words("no-author") if len(word) > 5)
