"""Reading one printed entry: whose it is, from when, and what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..identifiers import without_addresses
from .short_citations import short_citation

__all__ = ["Description", "describe", "surname"]

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_NAME = rf"(?:[{_UPPER}][\w'’´′‐-]{{0,60}}|[dlDLO]['’′][{_UPPER}][\w'’´′-]*)"
_PARTICLE = (
    r"(?:van|von|vom|der|den|de|del|della|di|da|das|dos|du|la|le|te|ten|ter|vander|vanden"
    r"|zu|zur|al|el|bin|ibn|st\.|y)"
)
_SURNAME = rf"(?:{_PARTICLE}\s){{0,3}}{_NAME}(?:\s(?:{_PARTICLE}\s){{0,2}}{_NAME}){{0,2}}"
_INITIAL = rf"[{_UPPER}][a-z]?\.[\s-]?"
_DOTTED = (
    rf"{_INITIAL}(?:{_INITIAL}|(?:d[aeo]s?|di|e|van|von|der)\s(?=[{_UPPER}]\.)){{0,5}}(?:[{_UPPER}](?=\s?[,;:(&]))?"
    r"(?:\s?(?:van|von|de|der|den|da|dos?)(?!\w)){0,2}"
)
_PLAIN_INITIALS = rf"(?:[{_UPPER}](?:[{_UPPER}]|-[{_UPPER}]){{0,5}}|(?:Th|Ch|Yu|Ph|St)(?=[,.;]))"
_SUFFIX = r"(?:,?\s(?:Jr|Sr|II|III|2nd|3rd)\.?)?"
_ET_AL = r"(?:et\s?al\.?|u\.\s?a\.|and others|и др\.)"
_JOIN = r"(?:\s?[,;]\s?(?:&|and|und|…|\.\s?\.\s?\.)?\s?|(?:\s|(?<=\s))(?:&|and|und|et|e|y)\s|/\s?)"
_AFFIX = rf"(?:{_JOIN}?\s?{_ET_AL}|{_JOIN}?\s?\((?:Hrsg|Hg|[Ee]ds?|orgs?|Orgs?|Red)\.?\))?"

#: "Smith, J. A., & Jones, B." — "Smith J.A., Jones B."
_DOTTED_AUTHOR = rf"{_SURNAME}(?:,\s?|\s){_DOTTED}{_SUFFIX}"
#: "J. A. Smith, B. Jones"
_DOTTED_FIRST = rf"{_DOTTED}\s?{_SURNAME}"
#: "Smith JA, Jones B"
_PLAIN_AUTHOR = rf"{_SURNAME}\s{_PLAIN_INITIALS}(?![\w]){_SUFFIX}"
#: "Smith, John; Jones, Mary Ann"
_FULL_AUTHOR = rf"{_SURNAME},\s?{_NAME}(?:\s(?:{_NAME}|[{_UPPER}]\.)){{0,2}}"
#: "John Smith, Mary A. Jones"
_PERSON = rf"{_NAME}(?:\s(?:{_NAME}|[{_UPPER}]\.|{_PARTICLE})){{1,3}}"

_STYLES = tuple(
    re.compile(rf"({author}(?:{_JOIN}{author}){{0,400}}){_AFFIX}")
    for author in (rf"(?:{_DOTTED_AUTHOR}|{_PLAIN_AUTHOR})", _DOTTED_FIRST)
)
_FULL_STYLE = re.compile(rf"({_FULL_AUTHOR}(?:\s?(?:;|&|and|und|/)\s?{_FULL_AUTHOR}){{0,400}}){_AFFIX}")
_PERSON_STYLE = re.compile(rf"({_PERSON}(?:{_JOIN}{_PERSON}){{0,400}}){_AFFIX}")
_ONE_AUTHORS = tuple(
    re.compile(author)
    for author in (rf"{_DOTTED_AUTHOR}|{_PLAIN_AUTHOR}", _DOTTED_FIRST, _FULL_AUTHOR, _PERSON)
)
_INITIALS_LAST = re.compile(rf"({_SURNAME})\s(?:{_PLAIN_INITIALS}|(?:[{_UPPER}]\.?[\s-]?|d[aeo]s?\s){{1,5}})")
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_IN_BRACKETS = rf"\((?:[^()]{{0,24}}?)\b({_YEAR})[a-z]?(?:[,/–-][^()]{{0,30}})?\)"
_NO_YEAR = r"\((?:o\.\s?J\.|n\.\s?d\.|in press|im Druck)\)"
_YEAR_AFTER_AUTHORS = re.compile(
    rf"[\s.,:;]{{0,3}}(?:{_IN_BRACKETS}|{_NO_YEAR}|({_YEAR})[a-z]?(?=[.:,)]))[\s.,:;]{{0,3}}"
)
_INSTITUTION_YEAR = re.compile(
    rf"([^()\"“„‘]{{2,150}}?(?:\s\([A-Z][\w/-]{{1,14}}\))?)[.,]?\s{_IN_BRACKETS}[\s.,:;]{{0,3}}"
)
#: Links back to the marks, as encyclopedias print them before an entry used more than once.
_BACKLINKS = re.compile(rf"\A(?:(?:\d{{1,2}}\s){{2,}}|(?:[a-z]\s){{2,}})(?=[{_UPPER}\"“„])")
_LEAD_IN = re.compile(
    r"\A(?:vgl\.|siehe(?: auch)?|see(?: also)?|cf\.|(?:haupt|original|daten)?quelle:|(?:original)?studie:"
    r"|source:|study:)\s",
    re.IGNORECASE,
)
#: "Stiftung am See: Tee im Test" — what tells an institution from the first half of a title.
_CONNECTED = rf"(?:\(?[{_UPPER}][\w&.’'-]+\)?,?|für|der|des|und|of|the|and|for|on|de|am|im|in)"
_INSTITUTION_COLON = re.compile(rf"([{_UPPER}][\w&.’'-]+(?:\s{_CONNECTED}){{0,9}}):\s(?=\S)")
_INSTITUTION_STOP = re.compile(
    rf"([{_UPPER}][\w&’'-]+(?:\s{_CONNECTED.replace('.', '', 1)}){{0,7}})\.\s(?=\S)"
)
#: "Leeds: Leaf Press" behind a full stop tells that a title stands before it.
_PUBLISHED = re.compile(rf"[{_UPPER}][\w-]+(?:[\s,]{{1,2}}[{_UPPER}][\w.-]*){{0,3}}:\s[{_UPPER}]")
_GUIDELINE = re.compile(r"[Ll]eitlinien?\b|\b[Gg]uidelines?\b|[Bb]ericht\b|\b[Rr]eport\b")
_INSTITUTION = re.compile(
    r"(?:\b(?:Deutsche[rs]?|Bundes\w*|Robert Koch|Stiftung|Universit\w+|Society|Association|Agency"
    r"|Department|Ministry|Academy|College|Council|Foundation|Cent(?:er|re)s? for)|[Ii]nstitute?s?"
    r"|[Gg]esellschaft|[Vv]erband|[Vv]erein|[Zz]entrum|[Zz]entrale|[Oo]rgani[sz]ation|[Mm]inisterium|[Kk]ranken(?:kasse|haus)"
    r"|[Kk]linik(?:um)?)\b"
    r"|\([A-Z]{2,8}\)"
)
_QUOTE_NEXT = re.compile(r",?\s?[“„»«\"‘]")
_QUOTES = "“„»«\"‘'"
_VOLUME_YEAR = re.compile(rf"\b({_YEAR})(?:\s[A-Z][a-z]{{2}}(?:\s\d{{1,2}})?)?\s?;")
_BRACKET_YEAR = re.compile(_IN_BRACKETS)
_ANY_YEAR = re.compile(rf"(?<![\d/.–-])({_YEAR})(?![\d/–-])")
#: "3/2020", "12.03.2021"
_DATED = re.compile(rf"\b(?:\d{{1,2}}\.)?\s?\d{{1,2}}[./]\s?({_YEAR})(?![\d/])")
_AS_OF = re.compile(rf"\b[Ss]tand:?\s[^;()]{{0,20}}?({_YEAR})\b")
_VISITED = re.compile(
    r"[\[(]?(?<![\w-])(?:abgerufen|zugriff|zuletzt|letzter zugriff|abruf|aufgerufen|besucht|eingesehen"
    r"|gesichtet|stand|archiviert|accessed|retrieved|archived|cited|viewed|acesso|citado|consultado)\b"
    r"[^.;\])\d]{0,20}(?:\d[^;\])]{0,40}|(?=[\])]|$))[\])]?",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?:“([^“”]{3,400})”|„([^„“”]{3,400})[“”]|»([^»«]{3,400})«|«([^»«]{3,400})»|\"([^\"]{3,400})\""
    r"|[‘']([^“”„»«\"]{3,400}?)[’'])(?=[\s.,;:)]|$)"
)
_TITLE_END = re.compile(
    r"(?<=[\w)\]”“\"»%])[.?!]\.?(?=\s(?:[^a-zß\s–—|-]|in:)|$)|\s(?=\(?[Ii]n:)|\.\s?/|\s\[(?:Internet|[Oo]nline|PDF)"
)
#: "Tea. I. Green tea." is one title.
_NUMBERED_PART = re.compile(r"\s(?:[IVX]{1,4}|\d)\.\s")
#: "Tee und Schlaf, Berlin 2019"
_PLACE_AND_YEAR = re.compile(rf",\s[{_UPPER}][\w/-]+(?:\s(?:am|a\.|im)\s[{_UPPER}]\w+)?\s{_YEAR}$")
_BIBLIOGRAPHIC = re.compile(
    rf"\bIn:|\bVerlag\b|\bISBN\b|\bISSN\b|\bdoi\b|\bBd\.|\bVol\.|\bS\.\s?\d|\bpp\.\s?\d|\b{_YEAR}\b",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:vs|bzw|ca|z|u|o|St|Dr|Nr|No|[A-Z]|cf|e\.g|i\.e|spp|sp|subsp|var|Bd|Vol|Aufl|Hrsg|Abt|Prof|inkl|ed|al))$"
)


@dataclass(frozen=True, slots=True)
class Description:
    """What an entry says about its source."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None


def describe(text: str) -> Description:
    """The authors, year and title of a printed entry.

    >>> describe("Berg A, Thal CD. Green tea and headache. J Tea. 2019;3(1):1-9. doi:10.1000/182")
    Description(title='Green tea and headache', authors=('Berg A', 'Thal CD'), year=2019)
    >>> describe("Berg, A., & Thal, C. D. (2019). Green tea: a trial. Journal of Tea, 3, 1–9.")
    Description(title='Green tea: a trial', authors=('Berg, A.', 'Thal, C. D.'), year=2019)
    """
    plain = _LEAD_IN.sub("", _BACKLINKS.sub("", without_addresses(text).lstrip(" .,;:–—-↑^")))
    short = short_citation(plain)
    if short is not None:
        return Description(*short)
    authors, year, after = _head(plain)
    rest = plain[after:].lstrip(" .,:;–—-/|")
    return Description(
        _title(rest, bool(authors), is_dated=year is not None)
        or _title(plain, bool(authors), is_dated=year is not None)
        or text.strip()[:300],
        authors,
        year or _year(rest),
    )


def surname(author: str) -> str:
    """The family name of an author as printed: "Berg, A." and "Berg A" and "A. Berg" give "Berg"."""
    name = re.sub(r"\s*\([^()]*\)", "", author).strip(" .,;")
    if "," in name:
        return name.partition(",")[0].strip()
    initials_last = _INITIALS_LAST.fullmatch(name)
    if initials_last:
        return initials_last[1]
    parts = name.split()
    for place in range(len(parts) - 1):
        if parts[place] in {
            "van",
            "von",
            "de",
            "der",
            "den",
            "di",
            "du",
            "la",
            "le",
            "del",
            "te",
            "ten",
            "ter",
            "zu",
            "dos",
        }:
            return " ".join(parts[place:])
    return parts[-1] if parts else ""


def _head(text: str) -> tuple[tuple[str, ...], int | None, int]:
    """The authors and year that an entry begins with, and where they end."""
    for place, style in enumerate(_STYLES):
        match = style.match(text)
        if match and _ends_authors(text, match.end()):
            year, after = _year_at(text, match.end())
            return _one_by_one(match[1], _ONE_AUTHORS[place]), year, after
    match = _FULL_STYLE.match(text)
    if (
        match
        and not _are_persons(match[1])
        and (
            found := _YEAR_AFTER_AUTHORS.match(text, match.end())
            or re.compile(r"\s?[:.]\s").match(text, match.end())
        )
    ):
        year, after = _year_at(text, match.end())
        return _one_by_one(match[1], _ONE_AUTHORS[2]), year, max(after, found.end())
    match = _PERSON_STYLE.match(text)
    if match and (_BIBLIOGRAPHIC.search(text, match.end()) or _QUOTE_NEXT.match(text, match.end())):
        year, after = _year_at(text, match.end())
        if year or text.startswith((": ", "; "), match.end()) or _QUOTE_NEXT.match(text, match.end()):
            return _one_by_one(match[1], _ONE_AUTHORS[3]), year, after
    named = _INSTITUTION_COLON.match(text)
    if named and (named[1].isupper() or _INSTITUTION.search(named[1]) or text[named.end()] in _QUOTES):
        return (named[1],), None, named.end()
    institution = _INSTITUTION_YEAR.match(text)
    if institution and len(institution[1].split()) <= 12 and institution.end() < len(text):
        return (institution[1].strip(" .,"),), int(institution[2]), institution.end()
    short = _INSTITUTION_STOP.match(text)
    if (
        short
        and _BIBLIOGRAPHIC.search(text, short.end())
        and not (_PUBLISHED.match(text, short.end()) and not _INSTITUTION.search(short[1]))
        and not _GUIDELINE.search(short[1])
    ):
        return (short[1],), None, short.end()
    return (), None, 0


def _are_persons(text: str) -> bool:
    """Whether "Anna Berg, Carl Thal" are two people rather than one Carl Thal Anna Berg."""
    first, _, second = text.partition(",")
    return ";" not in text and len(re.findall(_NAME, first)) > 1 and len(second.split()) > 1


def _ends_authors(text: str, end: int) -> bool:
    """Whether the list of authors ends at ``end``: a year, a full stop or a colon follows."""
    if end >= len(text) or text[end - 1] == "." or text[end] in ".:":
        return True
    if _YEAR_AFTER_AUTHORS.match(text, end) or _QUOTE_NEXT.match(text, end):
        return True
    return text[end - 1].isspace()


def _year_at(text: str, position: int) -> tuple[int | None, int]:
    match = _YEAR_AFTER_AUTHORS.match(text, position)
    if not match:
        return None, position
    printed = match[1] or match[2]
    return (int(printed) if printed else None), match.end()


def _one_by_one(text: str, one: re.Pattern[str]) -> tuple[str, ...]:
    found = [match[0].strip(" ,;") for match in one.finditer(text)]
    if len(found) > 1 and not any("." in author for author in found[:-1]):
        found[-1] = found[-1].rstrip(".")  # the full stop before the title
    return tuple(found)


def _year(rest: str) -> int | None:
    text = _VISITED.sub(" ", rest)
    for pattern in (_VOLUME_YEAR, _BRACKET_YEAR):
        match = pattern.search(text)
        if match:
            return int(match[1])
    years = _ANY_YEAR.findall(text) or _DATED.findall(text) or _AS_OF.findall(rest)
    return int(years[-1]) if years else None


def _reads_on(rest: str, position: int) -> bool:
    """Whether a question in a title is followed by more of it rather than by the journal's name."""
    end = _TITLE_END.search(rest, position)
    following = rest[position : end.start() if end else position + 200]
    plain = [word for word in following.split() if word[0].islower() and len(word) > 3]
    return len(plain) >= 3 and not re.search(r"\d\s?[(:;,]|[,;]\s?\d", following)


def _title(rest: str, is_authored: bool, *, is_dated: bool) -> str:
    rest = _VISITED.sub("", rest)
    quoted = _QUOTED.match(rest)
    if quoted:
        inner = str(quoted[quoted.lastindex or 0]).strip()
        closed = inner[-1:] in tuple(".,?!")  # “Tea and sleep,” Journal of Tea
        if closed or not re.match(r"\s?:|\s[^\W\d_]", rest[quoted.end() :]):
            return inner.rstrip(".,")
    position = 0
    while True:
        end = _TITLE_END.search(rest, position)
        if not end:
            whole = rest[:300].strip(" .,;:–—-/|")
            bare = whole if is_dated else re.sub(rf"[\s,]\(?{_YEAR}\)?$", "", whole).strip(" .,;")
            alone = not is_authored and len(re.findall(r"\w+", bare)) < 3  # "Byrne 2018"
            return whole if alone else bare or whole
        if end.start() >= 3 and not _ABBREVIATED.search(rest, max(0, end.start() - 8), end.start()):
            if _NUMBERED_PART.match(rest, end.end()):
                position = end.end() + 4
                continue
            close = end.start() + (rest[end.start()] in "?!")
            if rest[end.start()] in "?!" and _reads_on(rest, end.end()):
                position = end.end()
                continue
            return _PLACE_AND_YEAR.sub("", rest[:close].strip(" ,;:"))[:400]
        position = end.end()
