"""Telling the headings of source lists, and labels printed before entries, in German, English and French.

The words are data (``source_lists.toml``). What stands below such a heading is found by the readers.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from ..toml import read_toml

__all__ = ["is_further_reading", "is_pointer", "is_remark", "is_source_heading", "printed_label"]

_LONGEST_HEADING = 80
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,5}[.)])\s+")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BETWEEN = re.compile(r"\s+(?:und|and|et|sowie|or|oder|ou)\s+|\s*[,;/&+|:–—-]\s+|\s*[/&+|]\s*")
#: A label before an entry: ``[12]``, ``(12)``, ``12.``, ``12)``, ``¹²``, ``[A 1]``, ``12`` and a tab's worth.
_LABEL = re.compile(
    r"(?:\[\^?(?P<square>[^\[\]]{1,24})\]|【(?P<lens>[^【】]{1,12})】|\((?P<round>\d{1,4})\)"
    r"|(?P<plain>\d{1,4})(?:[.)](?=\s|[^\W\d])|:(?=\s))|(?P<raised>[⁰¹²³⁴-⁹]{1,4})(?=\s|[^\W\d]))[:.]?\s*"
)
_SQUARE = re.compile(r"(?:[^\W\d_]{1,12}\.?[ \u00a0]?)?\d{1,4}[a-z]?|[^\W\d_]{1,3}|[*†‡§¶]{1,3}")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def is_source_heading(text: str) -> bool:
    """Whether a heading announces the article's sources.

    >>> is_source_heading("7. Quellen & weiterführende Literatur:")
    True
    >>> is_source_heading("Quellen der Freude")
    False
    """
    parts = _parts(text)
    sources = _words("sources")
    return any(part in sources for part in parts) and all(
        part in sources or part in _words("further") or part in _words("beside") for part in parts
    )


def is_further_reading(text: str) -> bool:
    """Whether a heading announces links and books that the article does not rest on.

    >>> is_further_reading("Siehe auch"), is_further_reading("Quellen und Weblinks")
    (True, False)
    """
    parts = _parts(text)
    return bool(parts) and all(part in _words("further") for part in parts)


def is_pointer(text: str) -> bool:
    """Whether a paragraph only sends the reader to another article.

    >>> is_pointer("Lesetipp: Was hilft gegen Kopfschmerz?")
    True
    """
    return _begins_with(text, "pointers")


def is_remark(text: str) -> bool:
    """Whether a line below a source list says when it was written, by whom, or what it is not.

    >>> is_remark("Stand: Mai 2024")
    True
    """
    return _begins_with(text, "remarks")


def printed_label(text: str) -> tuple[str, int]:
    """The label printed before an entry, without its brackets, and where the entry's own words begin.

    >>> printed_label("[12] Byrne, A. (2018): Tea.")
    ('12', 5)
    >>> printed_label("2018 was a good year")
    ('', 0)
    """
    found = _LABEL.match(text)
    if found is None:
        return "", 0
    square = found["square"]
    if square is not None:
        return (square.strip(), found.end()) if _SQUARE.fullmatch(square.strip()) else ("", 0)
    label = found["lens"] or found["round"] or found["plain"] or found["raised"].translate(_RAISED)
    return label, found.end()


def _begins_with(text: str, table: str) -> bool:
    head = text[:40].lower().lstrip("→➡▶»›>• *").strip()
    return any(
        head.startswith(word) and not head[len(word) : len(word) + 1].isalnum() for word in _words(table)
    )


def _parts(text: str) -> list[str]:
    if len(text) > _LONGEST_HEADING:
        return []
    plain = _NUMBERING.sub("", _ASIDE.sub(" ", text).strip().lower())
    plain = " ".join(plain.split()).strip(" :.*#–—-▼▾▸►+↓")
    if plain in _words("sources") or plain in _words("further"):
        return [plain]
    parts: list[str] = []
    for part in filter(None, _BETWEEN.split(plain)):
        first, _, rest = part.partition(" ")
        known = part in _words("sources") or part in _words("further") or part in _words("beside")
        parts += [first, rest] if not known and rest and first in _words("beside") else [part]
    return parts


@cache
def _words(table: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath("source_lists.toml").read_text(encoding="utf-8")
    return frozenset(word for words in read_toml(text)[table].values() for word in words)
