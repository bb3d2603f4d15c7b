"""Finding citation marks in running text: which characters are one, and which references they name.

Two passes: `style_of` looks over the whole article for how it cites, then `marks_in` reads each block by
that. So "(2)" is a mark in an article that cites that way and an enumeration in all others, and "m²" is one
in neither. What a format marks up itself (`SpanKind.MARK`) is a mark always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..manuscript import Block, Span, SpanKind

__all__ = ["Mark", "MarkStyle", "marks_in", "style_of"]

#: A range longer than this is a misprint; only its ends are taken.
_LONGEST_RANGE = 200
_LOOK_BACK = 48
#: From more marks than these on, what the format marks up tells how the article cites.
_FEW = 3
_DASH = "-‐‑‒–—−⁻"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒⸴⁽⁾", "0123456789-,,()")

_NUMBERS = rf"\d{{1,4}}(?:\s?(?:[,;]|[{_DASH}]|bis|to|and|und|&)\s?\d{{1,4}}){{0,40}}"
_LOCATED = r"(?:S|p|pp|Seiten?|pages?|Kap|ch|chap|Abb|fig|Tab|Rn|Rz|vgl|here|hier)\b"
_LOCATOR = rf"(?:\s?[,:]\s?(?:{_LOCATED}|§)[^\[\]【】;]{{0,40}})?"
_BRACKET = re.compile(r"\[([^\[\]]{1,120})\]|【([^【】]{1,60})】")
_NUMERIC = re.compile(
    rf"\s*(?:Ref\.?s?\s|Nr\.\s|No\.\s|vgl\.\s|siehe\s|see\s|cf\.\s)?\s*({_NUMBERS}){_LOCATOR}\s*",
    re.IGNORECASE,
)
_SOURCES_BY_PAGE = re.compile(rf"\s*(\d{{1,4}}){_LOCATOR}\s*(?:;|$)", re.IGNORECASE)
_RAISED_DIGITS = re.compile(rf"[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹]|[⁻˒⸴,·{_DASH}](?=[⁰¹²³⁴-⁹])){{0,60}}")
_ROUND = re.compile(rf"\(\s?({_NUMBERS})\s?\)")
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
_ONE_NUMBER = re.compile(r"\d{1,4}")
_JOINER = re.compile(rf"\s?(?:[,;]|[{_DASH}]|bis|to|and|und|&)\s?")
_RANGE_JOINER = re.compile(rf"\s?(?:[{_DASH}]|bis|to)\s?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark in a block's text.

    :param labels: of the references it names, ranges written out, in printed order.
    """

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class MarkStyle:
    """How an article cites.

    :param labels: of its source list.
    :param brackets: whether bracketed numbers are marks: ``[3]``.
    :param superscripts: whether raised numbers are marks: ``³``.
    :param round_brackets: whether numbers in round brackets are marks: ``(3)``.
    """

    labels: frozenset[str] = frozenset()
    brackets: bool = True
    superscripts: bool = False
    round_brackets: bool = False
    highest: int = field(default=0)

    def knows(self, label: str) -> bool:
        return label in self.labels

    def plausible(self, label: str) -> bool:
        """Whether a number that the list lacks may still name a source: it is not far beyond the list."""
        number = int(label)
        if self.knows(label):
            return True
        beyond = self.highest + max(self.highest, 20) if self.labels else 500
        return 0 < number <= beyond and not label.startswith("0")


def style_of(blocks: Iterable[Block], labels: Iterable[str]) -> MarkStyle:
    """How the article cites, judged by all of its blocks and the labels of its source list."""
    known = frozenset(labels)
    highest = max((int(label) for label in known if label.isdigit()), default=0)
    trial = MarkStyle(known, brackets=True, superscripts=True, round_brackets=True, highest=highest)
    bracketed: set[str] = set()
    raised: set[str] = set()
    round_marks: set[str] = set()
    enumerated = 0
    explicit = explicit_numbers = 0
    for block in blocks:
        text = block.text
        for span in _spans_of(block, SpanKind.MARK):
            explicit += 1
            explicit_numbers += not any(map(str.isalpha, text[span.start : span.end]))
        if "[" in text or "【" in text:
            for mark in _bracketed(text, trial):
                bracketed.update(mark.labels)
        raised.update(label for mark in _superscripts(text, trial) for label in mark.labels)
        raised.update(label for mark in _raised(block, trial) for label in mark.labels)
        if "(" in text:
            for match, labels_here in _round(text, trial):
                if _is_enumeration(text, match):
                    enumerated += 1
                else:
                    round_marks.update(labels_here)
    if explicit > _FEW and explicit_numbers * 5 < explicit:
        return MarkStyle(
            known, brackets=False, highest=highest
        )  # it cites by names, and the format marks them
    brackets = not known or explicit > 0 or bool(bracketed & known) or len(bracketed) > 2
    superscripts = bool(raised & known) if known else len(raised) > 1 and "1" in raised
    others = explicit > 0 or bool(bracketed) or superscripts
    found = len(round_marks & known)
    return MarkStyle(
        known,
        brackets=brackets,
        superscripts=superscripts,
        round_brackets=not others and found >= min(2, len(known)) > 0 and found * 3 >= enumerated,
        highest=highest,
    )


def marks_in(block: Block, labels_of: Mapping[str, str], style: MarkStyle) -> list[Mark]:
    """The citation marks of a block, in order, none overlapping another.

    :param labels_of: the label of each reference by the key that spans target.
    """
    text = block.text
    found = list(_explicit(block, labels_of))
    if style.brackets and ("[" in text or "【" in text):
        found += _bracketed(text, style)
    if style.superscripts:
        found += _superscripts(text, style)
        found += _raised(block, style)
    if style.round_brackets and "(" in text:
        found += [
            Mark(match.start(), match.end(), labels)
            for match, labels in _round(text, style)
            if all(map(style.knows, labels)) and not _is_enumeration(text, match)
        ]
    literals = [(s.start, s.end) for s in block.spans if s.kind is SpanKind.LITERAL]
    return _joined(text, _without_overlaps(found, literals))


def _without_overlaps(found: list[Mark], literals: Sequence[tuple[int, int]]) -> list[Mark]:
    """The marks that touch neither one found before them, nor a formula or code; the first found wins."""
    kept: list[Mark] = []
    blocked = sorted(literals)
    next_blocked = blocked_until = last_end = 0
    for mark in sorted(found, key=lambda mark: mark.start):  # stable: what the format marks up comes first
        while next_blocked < len(blocked) and blocked[next_blocked][0] < mark.end:
            blocked_until = max(blocked_until, blocked[next_blocked][1])
            next_blocked += 1
        if mark.start >= max(last_end, blocked_until):
            kept.append(mark)
            last_end = mark.end
    return kept


def _joined(text: str, marks: list[Mark]) -> list[Mark]:
    """The marks, those joined by a dash made one: ``[3]–[5]``."""
    joined: list[Mark] = []
    for mark in marks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and mark.start - last.end <= 3
            and (between := text[last.end : mark.start].strip())
            and between in _DASH
            and _is_ascending(last.labels[-1], mark.labels[0])
        ):
            labels = (*last.labels[:-1], *_range(last.labels[-1], mark.labels[0]), *mark.labels[1:])
            joined[-1] = Mark(last.start, mark.end, tuple(dict.fromkeys(labels)))
        else:
            joined.append(mark)
    return joined


# --- what the format marks up ------------------------------------------------------------------------


def _spans_of(block: Block, kind: SpanKind) -> list[Span]:
    """The spans of a kind in order, those without a printed character left out."""
    printed = (
        span
        for span in block.spans
        if span.kind is kind
        and block.text[max(span.start, 0) : span.end].strip()
        and span.end <= len(block.text)
    )
    return sorted(printed, key=lambda span: span.start)


def _explicit(block: Block, labels_of: Mapping[str, str]) -> Iterator[Mark]:
    text = block.text
    group: list[Span] = []
    for span in _spans_of(block, SpanKind.MARK):
        if group and not _reads_on(text, group[-1], span):
            yield from _group(text, group, labels_of)
            group = []
        group.append(span)
    if group:
        yield from _group(text, group, labels_of)


def _reads_on(text: str, last: Span, span: Span) -> bool:
    """Whether two marked stretches are one mark to the reader: "1" and "3" of ``[1, 3]``."""
    between = text[last.end : span.start]
    if len(between) > 8 or span.start < last.end:
        return False
    if text[last.start : last.end].rstrip().endswith(("]", "】", ")")):
        return False
    return _JOINER.fullmatch(between) is not None


def _group(text: str, group: list[Span], labels_of: Mapping[str, str]) -> Iterator[Mark]:
    labels: list[str] = []
    for index, span in enumerate(group):
        own = [labels_of[target] for target in span.targets if target in labels_of]
        printed = _ONE_NUMBER.search(text, span.start, span.end)
        if not own and not span.targets and printed:
            own = [printed[0]]
        if index and own and labels and _RANGE_JOINER.fullmatch(text[group[index - 1].end : span.start]):
            own = list(_range(labels.pop(), own[0])) + own[1:]
        labels += own
    if not labels:
        return
    start, end = group[0].start, group[-1].end
    left = text[:start].rstrip() if start and text[start - 1].isspace() else text[:start]
    for opening, closing in ("[]", "()", "【】"):
        if left.endswith(opening) and text.startswith(closing, _after_locator(text, end, closing)):
            start, end = len(left) - 1, _after_locator(text, end, closing) + 1
            break
    yield Mark(start, end, tuple(dict.fromkeys(labels)))


def _after_locator(text: str, end: int, closing: str) -> int:
    """Where the bracket closes if only a page number stands between."""
    match = re.compile(_LOCATOR + r"\s?").match(text, end)
    after = match.end() if match else end
    return after if text.startswith(closing, after) else end


# --- printed marks -----------------------------------------------------------------------------------


def _bracketed(text: str, style: MarkStyle) -> Iterator[Mark]:
    for match in _BRACKET.finditer(text):
        content = match[1] if match[2] is None else match[2].split("†")[0]
        labels = _labels(content, style)
        if labels and (match[2] is not None or not _is_no_mark(text, match, content, labels, style)):
            yield Mark(match.start(), match.end(), labels)


def _labels(content: str, style: MarkStyle) -> tuple[str, ...]:
    """The labels named between brackets; none if it is no mark."""
    numeric = _NUMERIC.fullmatch(content)
    if numeric:
        labels = tuple(dict.fromkeys(_written_out(numeric[1])))
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
    known = all(map(style.knows, labels))
    if _TWO_DECIMALS.fullmatch(content) and not (known and ", " in content):
        return True
    if after[:1].isalpha() and not before.rstrip().endswith((".", "!", "?", "]")):
        return True
    if before[-1:] in {"-", "‐"} or re.match(r"-\w", after):
        return not known
    if _INDEXED.search(before) and not (before.endswith(("]", ")")) and known):
        return not known or after.lstrip()[:1] in {"=", "+", "*", "<", ">"}
    return len(labels) > 1 and _INTERVAL_BEFORE.search(before) is not None


def _written_out(numbers: str) -> Iterator[str]:
    """The numbers of ``1, 3–5``, one by one."""
    last, joiner_start = "", 0
    for match in _ONE_NUMBER.finditer(numbers):
        if last and _RANGE_JOINER.fullmatch(numbers[joiner_start : match.start()]):
            yield from list(_range(last, match[0]))[1:]
        else:
            yield match[0]
        last, joiner_start = match[0], match.end()


def _range(first: str, last: str) -> Iterator[str]:
    if _is_ascending(first, last):
        yield from map(str, range(int(first), int(last) + 1))
    else:
        yield from (first, last)


def _is_ascending(first: str, last: str) -> bool:
    return first.isdecimal() and last.isdecimal() and 0 < int(last) - int(first) <= _LONGEST_RANGE


def _superscripts(text: str, style: MarkStyle) -> Iterator[Mark]:
    if text.isascii():
        return
    for match in _RAISED_DIGITS.finditer(text):
        yield from _raised_mark(text, match.start(), match.end(), match[0].translate(_SUPERSCRIPTS), style)


def _raised(block: Block, style: MarkStyle) -> Iterator[Mark]:
    """Marks in raised characters, those joined by raised or plain commas and dashes read as one."""
    text = block.text
    merged: list[tuple[int, int]] = []
    for start, end in ((span.start, span.end) for span in _spans_of(block, SpanKind.RAISED)):
        if merged and re.fullmatch(rf"\s?[,;{_DASH}]\s?|", text[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    for start, end in merged:
        yield from _raised_mark(text, start, end, text[start:end].strip("[]()*. \t"), style)


def _raised_mark(text: str, start: int, end: int, content: str, style: MarkStyle) -> Iterator[Mark]:
    numeric = _NUMERIC.fullmatch(content)
    labels = tuple(dict.fromkeys(_written_out(numeric[1]))) if numeric else ()
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


def _round(text: str, style: MarkStyle) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    for match in _ROUND.finditer(text):
        labels = tuple(dict.fromkeys(_written_out(match[1])))
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if all(map(style.plausible, labels)) and not _NUMBERED_THING_BEFORE.search(before):
            yield match, labels


def _is_enumeration(text: str, match: re.Match[str]) -> bool:
    """Whether "(2)" counts off parts: nothing, a colon, a comma or "and" before, a word after."""
    before = text[max(0, match.start() - 8) : match.start()].rstrip()
    if match.end() >= len(text) or not text[match.end()].isspace():
        return False
    return (
        not before or before[-1] in ":,;–—" or re.search(r"\b(?:and|or|und|oder|sowie)$", before) is not None
    )
