"""The numbers that Word prints before paragraphs and does not store: counted from its numbering definitions.

ECMA-376 part 1, 17.9: a paragraph names a list (`numId`) and a level; the list names an abstract one, whose
levels have a first number, a form (decimal, roman, letters) and a text such as "[%1]". Lists of one
abstract list count on together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Numbering", "W", "formatted", "value"]

#: The namespace of WordprocessingML, in Clark notation.
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN: tuple[tuple[int, str], ...] = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
_MOST = 100_000
_LEVELS = 9


def value(element: _Element | None, path: str) -> str | None:
    """The `w:val` of an element's descendant, if it is there."""
    found = None if element is None else element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}val")


class Numbering:
    """Counts numbered paragraphs, which must be asked about in reading order."""

    def __init__(self, numbering: _Element | None, styles: _Element | None) -> None:
        self.abstract = {} if numbering is None else _by_id(numbering, "abstractNum", "abstractNumId")
        self.lists = {} if numbering is None else _by_id(numbering, "num", "numId")
        self.styles = {} if styles is None else _by_id(styles, "style", "styleId")
        self.counters: dict[str, list[int | None]] = {}
        self.begun: set[str] = set()

    def number(self, paragraph: _Element) -> str | None:
        """What Word prints before a paragraph: "3.", "[3]"; ``""`` for a bullet, ``None`` for no item."""
        list_id, level = self._place(paragraph)
        if list_id in {None, "0"} or list_id not in self.lists or not 0 <= level < _LEVELS:
            return None
        abstract_id = self._abstract_id(list_id)
        definition = self._level(abstract_id, level)
        if abstract_id is None or definition is None:
            return None
        self._restart(list_id, abstract_id)
        counters = self.counters[abstract_id]
        if counters[level] is None:
            counters[level] = _integer(value(definition, "start"), 1) - 1
        counters[level] = min((counters[level] or 0) + 1, _MOST)
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._printed(abstract_id, level, definition)

    def _place(self, paragraph: _Element) -> tuple[str | None, int]:
        properties = paragraph.find(f"{W}pPr")
        own = None if properties is None else properties.find(f"{W}numPr")
        list_id, level = value(own, "numId"), value(own, "ilvl")
        style, seen = value(properties, "pStyle"), set()
        while (list_id is None or level is None) and style in self.styles and style not in seen:
            seen.add(style)
            inherited = self.styles[style].find(f"{W}pPr/{W}numPr")
            list_id = list_id or value(inherited, "numId")
            level = level or value(inherited, "ilvl") or self._level_of_style(list_id, style)
            style = value(self.styles[style], "basedOn")
        return list_id, _integer(level, 0)

    def _level_of_style(self, list_id: str | None, style: str) -> str | None:
        abstract = self.abstract.get(self._abstract_id(list_id) or "")
        for level in abstract.iterfind(f"{W}lvl") if abstract is not None else ():
            if value(level, "pStyle") == style:
                return level.get(f"{W}ilvl")
        return None

    def _abstract_id(self, list_id: str | None, depth: int = 0) -> str | None:
        if list_id not in self.lists:
            return None
        abstract_id = value(self.lists[list_id], "abstractNumId")
        linked = value(self.abstract.get(abstract_id or ""), "numStyleLink")
        if linked in self.styles and depth < 5:
            return self._abstract_id(value(self.styles[linked], "pPr/numPr/numId"), depth + 1) or abstract_id
        return abstract_id

    def _level(self, abstract_id: str | None, level: int) -> _Element | None:
        abstract = self.abstract.get(abstract_id or "")
        if abstract is None:
            return None
        return next((e for e in abstract.iterfind(f"{W}lvl") if e.get(f"{W}ilvl") == str(level)), None)

    def _restart(self, list_id: str, abstract_id: str) -> None:
        counters = self.counters.setdefault(abstract_id, [None] * _LEVELS)
        if list_id in self.begun:
            return
        self.begun.add(list_id)
        for override in self.lists[list_id].iterfind(f"{W}lvlOverride"):
            start, level = value(override, "startOverride"), _integer(override.get(f"{W}ilvl"), 0)
            if start is not None and 0 <= level < _LEVELS:
                counters[level] = _integer(start, 1) - 1

    def _printed(self, abstract_id: str, level: int, definition: _Element) -> str:
        if value(definition, "numFmt") == "bullet":
            return ""
        text = value(definition, "lvlText") or ""

        def count(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            form = value(self._level(abstract_id, at), "numFmt") or "decimal"
            number = self.counters[abstract_id][at] if at <= level else None
            return formatted(1 if number is None else number, form)

        return re.sub(r"%([1-9])", count, text).strip()


def _by_id(parent: _Element, name: str, attribute: str) -> dict[str, _Element]:
    return {str(e.get(f"{W}{attribute}")): e for e in parent.iterfind(f"{W}{name}")}


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def formatted(number: int, form: str) -> str:
    """A number in one of Word's forms; forms other than roman and letters are decimal.

    >>> formatted(4, "lowerRoman"), formatted(28, "upperLetter"), formatted(7, "decimalZero")
    ('iv', 'BB', '07')
    """
    if form in {"none", "bullet"}:
        return ""
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        roman = ""
        for size, letters in _ROMAN:
            roman += letters * (number // size)
            number %= size
        return roman.upper() if form == "upperRoman" else roman
    return f"{number:02}" if form == "decimalZero" else str(number)
