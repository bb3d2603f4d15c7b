"""Citation marks as printed: in brackets, raised, in round brackets; and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..manuscript import Block, SpanKind
from .mark_labels import DASH, LOCATOR, NUMBERS, Mark, MarkStyle, written_out
from .marked_up import spans_of

__all__ = [
    "bracketed",
    "flattened",
    "is_enumeration",
    "named_sources",
    "raised",
    "round_bracketed",
    "superscripts",
]

_LOOK_BACK = 48
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒⸴⁽⁾", "0123456789-,,()")
_BRACKET = re.compile(r"\[([^\[\]]{1,120})\]|【([^【】]{1,60})】")
_LEAD_IN = (
    r"(?:(?:Ref\.?s?|References?|Nr\.|No\.|Quellen?:?|Sources?:?|Fu(?:ß|ss)note|Lit\.:?|vgl\.|vergleiche|siehe|see|cf\."
    r"|auch|also|u\.\s?a\.|z\.\s?B\.|e\.\s?g\.,?|(?:reviewed|zitiert) (?:in|nach)|nach|in)\s)"
)
_NUMERIC = re.compile(rf"\s*{_LEAD_IN}{{0,3}}({NUMBERS}){LOCATOR}\s*", re.IGNORECASE)
#: "(Quelle 3)" says what it is, however the article cites otherwise.
_NAMED_SOURCES = re.compile(
    r"\((?:siehe |vgl\. |see )?(?:Quellen?|Sources?|References?|Refs?\.?|Lit\.|Literatur|Fußnote)"
    rf"\s({NUMBERS}){LOCATOR}\)"
)
#: A number that was raised before the text was copied: "helps.3 Then", "Blutdruck1,2 und".
_FLATTENED = re.compile(
    rf"(?<=[a-zß-öø-ÿ]{{4}})[)”“\"»’]?[.,;:!?]?[)”“\"»’]?(?P<numbers>[1-9]\d{{0,2}}(?:[,{DASH}][1-9]\d{{0,2}}){{0,10}})"
    r"(?=\s|$|[.,;:)](?:\s|$))"
)
#: Behind these a number is no mark, though nothing parts them: "Kap.3", "Version2".
_BEFORE_NUMBERS = re.compile(
    r"(?:version|kapitel|abbildung|figure|table|tabelle|seite|page|chapter|section|omega|covid|delta|grade|stufe|phase)\.?$",
    re.IGNORECASE,
)
#: What follows a pair of numbers that are bounds: "[1,2] mmol".
_UNIT_BEHIND = re.compile(r"\s?(?:[mkµnc]?(?:mol|g|l|m|Hz|J|cal|Pa)|mmHg|mg/\w+|%|°C|‰|ms|s)(?!\w)")
_STATISTIC = re.compile(r"(?<!\w)(?:[A-Zb-df-xzχ]²?|\w{1,12})$")
_SOURCES_BY_PAGE = re.compile(rf"\s*(\d{{1,4}}){LOCATOR}\s*(?:;|$)", re.IGNORECASE)
_RAISED_DIGITS = re.compile(rf"[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹]|[⁻˒⸴,·{DASH}](?=[⁰¹²³⁴-⁹])){{0,60}}")
_ROUND = re.compile(rf"\(\s?({NUMBERS})\s?\)")
_INTERVAL_BEFORE = re.compile(
    r"(?:\b(?:CI|KI|CrI|IQR|Konfidenzintervall\w*|Vertrauens\w*|interval\w*|range|Spannweite|Bereich|between|zwischen|median|Mittel|mean|SD)|%|∈|=)[\s:=,(]*$",
    re.IGNORECASE,
)
_NUMBERED_THING_BEFORE = re.compile(
    r"\b(?:Gleichung|Gl\.|Formel|equation|Eq\.|Eqs\.|Abb\.|Abbildung|Fig\.|Figure|Tab\.|Tabelle|Table|Satz|Absatz|Abs\.|"
    r"Artikel|Art\.|§|Nr\.|No\.|step|Schritt|Punkt|item|Phase|Stufe|Klasse|class|grade|Grad|n|Box|Example|Beispiel)\s?$",
    re.IGNORECASE,
)
_TWO_DECIMALS = re.compile(r"\s*\d+,\d+\s*[;–-]\s*\d+,\d+\s*")
_INDEXED = re.compile(r"(?:(?<![^\W\d_])[b-df-xz]|\w*_\w*|\)|\])$")
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])(?:[kcdmµμn]?m|ft|in|yd|mi|s|sec|min|h|kg|cd|mol|Chi|chi|sin|cos|tan|log|eta|Eta|[a-zA-Zα-ωΑ-Ω])|\d)$"
)


def bracketed(text: str, style: MarkStyle) -> Iterator[Mark]:
    for match in _BRACKET.finditer(text):
        content = match[1] if match[2] is None else match[2].split("†")[0]
        labels = _labels(content, style)
        if labels and (match[2] is not None or not _is_no_mark(text, match, content, labels, style)):
            yield Mark(match.start(), match.end(), labels)


def _labels(content: str, style: MarkStyle) -> tuple[str, ...]:
    """The labels named between brackets; none if it is no mark."""
    numeric = _NUMERIC.fullmatch(content)
    if numeric:
        labels = tuple(dict.fromkeys(written_out(numeric[1])))
        return labels if all(map(style.plausible, labels)) else ()
    if content.strip() in style.labels:
        return (content.strip(),)
    parts = [part.strip() for part in re.split("[,;]", content)]
    if len(parts) > 1 and all(part in style.labels for part in parts):
        return tuple(dict.fromkeys(parts))
    by_page = [_SOURCES_BY_PAGE.fullmatch(part) for part in content.split(";")]
    found = tuple(match[1] for match in by_page if match)
    return found if len(found) == len(by_page) and all(map(style.plausible, found)) else ()


def _is_no_mark(
    text: str, match: re.Match[str], content: str, labels: tuple[str, ...], style: MarkStyle
) -> bool:
    """Intervals, indices, names of chemical compounds, years in square brackets."""
    start, end = match.span()
    before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + 3]
    if after.lstrip()[:1] in {"=", "<", ">", "≈", "≤", "≥"} and _STATISTIC.search(before):
        return True  # F[1,12] = 8.4, list[3] = 0
    if len(labels) > 1 and _UNIT_BEHIND.match(text, end):
        return True
    known = all(map(style.knows, labels))
    if _TWO_DECIMALS.fullmatch(content) and not (known and ", " in content):
        return True
    if after[:1].isalpha() and not before.rstrip().endswith((".", "!", "?", "]")):
        return True
    if before[-1:] in {"-", "‐"} or re.match(r"-\w", after):
        return not known
    if _INDEXED.search(before) and not (before.endswith(("]", ")")) and known):
        return not known or before[-1:] not in {")", "]"} or after.lstrip()[:1] in {"+", "*"}
    return len(labels) > 1 and _INTERVAL_BEFORE.search(before) is not None


def superscripts(text: str, style: MarkStyle) -> Iterator[Mark]:
    if text.isascii():
        return
    for match in _RAISED_DIGITS.finditer(text):
        yield from _raised_mark(text, match.start(), match.end(), match[0].translate(_SUPERSCRIPTS), style)


def raised(block: Block, style: MarkStyle) -> Iterator[Mark]:
    """Marks in raised characters, those joined by raised or plain commas and dashes read as one."""
    text = block.text
    merged: list[tuple[int, int]] = []
    for start, end in ((span.start, span.end) for span in spans_of(block, SpanKind.RAISED)):
        if merged and re.fullmatch(rf"\s?[,;{DASH}]\s?|", text[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    for start, end in merged:
        yield from _raised_mark(text, start, end, text[start:end].strip("[]()*. \t"), style)


def _raised_mark(text: str, start: int, end: int, content: str, style: MarkStyle) -> Iterator[Mark]:
    numeric = _NUMERIC.fullmatch(content)
    labels = tuple(dict.fromkeys(written_out(numeric[1]))) if numeric else ()
    if not numeric and content in style.labels:
        labels = (content,)
    if not labels or not all(map(style.plausible, labels)):
        return
    before, after = text[max(0, start - 8) : start], text[end : end + 1]
    if not before or before[-1].isspace() or (after in {"⁺", "⁻", "+"} and after):
        return
    if _UNIT.search(before) and not (text[start] in "[(" or len(labels) > 1):
        return
    yield Mark(start, end, labels)


def flattened(text: str, style: MarkStyle) -> Iterator[Mark]:
    """Marks that were raised before the text was copied, all of whose numbers the list has."""
    for match in _FLATTENED.finditer(text):
        labels = tuple(dict.fromkeys(written_out(match["numbers"])))
        before = text[max(0, match.start() - _LOOK_BACK) : match.start("numbers")]
        if all(map(style.knows, labels)) and not _BEFORE_NUMBERS.search(before):
            yield Mark(match.start("numbers"), match.end("numbers"), labels)


def named_sources(text: str, style: MarkStyle) -> Iterator[Mark]:
    """Marks that say what they are: "(Quelle 3)"."""
    for match in _NAMED_SOURCES.finditer(text):
        labels = tuple(dict.fromkeys(written_out(match[1])))
        if all(map(style.knows, labels)):
            yield Mark(match.start(), match.end(), labels)


def round_bracketed(text: str, style: MarkStyle) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    for match in _ROUND.finditer(text):
        labels = tuple(dict.fromkeys(written_out(match[1])))
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if all(map(style.plausible, labels)) and not _NUMBERED_THING_BEFORE.search(before):
            yield match, labels


def is_enumeration(text: str, match: re.Match[str]) -> bool:
    """Whether "(2)" counts off parts: nothing, a colon, a comma or "and" before, a word after."""
    before = text[max(0, match.start() - 8) : match.start()].rstrip()
    if match.end() >= len(text) or not text[match.end()].isspace():
        return False
    return (
        not before or before[-1] in ":,;–—" or re.search(r"\b(?:and|or|und|oder|sowie)$", before) is not None
    )
