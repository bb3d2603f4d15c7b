"""What the elements of a page are, by tag, class, id and role: prose, apparatus, or neither.

The names that content systems use are data (``page_parts.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from ....toml import read_toml

__all__ = ["Part", "content_names", "is_control", "part_of"]

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Part(Enum):
    """What an element is, beyond its tag."""

    PLAIN = "plain"
    #: Left out with all that is in it.
    SKIP = "skip"
    #: No part of the prose; source lists in it still count.
    OUTSIDE = "outside"
    #: Holds entries of a source list, or notes.
    NOTES = "notes"
    #: Is one entry.
    ENTRY = "entry"
    #: A table of which only what carries a mark is read.
    BOX = "box"


class _Names(NamedTuple):
    exact: frozenset[str]
    prefixes: tuple[str, ...]

    def match(self, names: list[str]) -> bool:
        return any(n in self.exact or (self.prefixes and n.startswith(self.prefixes)) for n in names)


def part_of(tag: str, attributes: Mapping[str, str]) -> Part:
    """What an element is.

    >>> part_of("div", {"class": "share-buttons"}), part_of("ol", {"class": "references"})
    (<Part.OUTSIDE: 'outside'>, <Part.NOTES: 'notes'>)
    """
    if _TELLING.isdisjoint(attributes):
        return _part_of(tag)
    return _part_of(
        tag,
        attributes.get("class", ""),
        attributes.get("role", "") or attributes.get("epub:type", ""),
        attributes.get("style", ""),
        "hidden" in attributes,
        attributes.get("aria-hidden") == "true",
        attributes.get("id", "") if tag in _BLOCKS_WITH_IDS else "",
    )


_TELLING = frozenset({"class", "role", "epub:type", "style", "hidden", "aria-hidden", "id"})
_BLOCKS_WITH_IDS = frozenset(
    {"div", "section", "ol", "ul", "dl", "table", "aside", "nav", "header", "footer"}
)
_LARGE = frozenset({"html", "body", "main", "article"})
_NOTE_HOLDERS = frozenset(
    {"div", "section", "ol", "ul", "dl", "table", "aside", "tbody", "footer", "details"}
)


@lru_cache(maxsize=20_000)
def _part_of(  # what an element says of itself
    tag: str,
    classes: str = "",
    role: str = "",
    style: str = "",
    hidden: bool = False,
    aria_hidden: bool = False,
    identifier: str = "",
) -> Part:
    names = classes.lower().split()
    roles = role.lower().split()
    ids = [identifier.lower()] if identifier else []
    if tag in _LARGE:
        return Part.PLAIN
    if _is("skip", tag, names, ids, roles):
        return Part.SKIP
    if tag in _names("skip_in_lines", "tags").exact and _names("skip_in_lines", "classes").match(names):
        return Part.SKIP
    hidden = hidden or bool(style and _HIDDEN_STYLE.search(style))
    if (
        hidden
        and tag in _names("skip_in_lines", "tags").exact
        and not _names("shown", "classes").match(names)
    ):
        return Part.SKIP
    if _is("entry", "", names, [], roles):
        return Part.ENTRY
    if tag in _NOTE_HOLDERS and _is("notes", "", names, ids, roles):
        return Part.NOTES
    if tag == "table" and _names("boxes", "classes").match(names):
        return Part.BOX
    if hidden or aria_hidden or _is("outside", tag, names, ids, roles):
        return Part.OUTSIDE
    return Part.PLAIN


def is_control(text: str) -> bool:
    """Whether a block's whole text is what is written on a switch of the page ("Drucken").

    >>> is_control("Drucken"), is_control("Drucken hilft.")
    (True, False)
    """
    return text.lower().strip(" .:…»›→>") in _names("controls", "texts").exact


def content_names() -> Mapping[str, tuple[str, ...]]:
    """Where articles stand: names of classes and attributes, by table key."""
    return {key: tuple(names) for key, names in _tables()["content"].items()}


def _is(table: str, tag: str, names: list[str], ids: list[str], roles: list[str]) -> bool:
    return (
        _names(table, "classes").match(names)
        or (bool(tag) and tag in _names(table, "tags").exact)
        or (bool(ids) and _names(table, "ids").match(ids))
        or (bool(roles) and _names(table, "roles").match(roles))
    )


@cache
def _names(table: str, key: str) -> _Names:
    names = _tables()[table].get(key, [])
    prefixes = tuple(name[:-1] for name in names if name.endswith("*"))
    return _Names(frozenset(name for name in names if not name.endswith("*")), prefixes)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return read_toml(resources.files(__package__).joinpath("page_parts.toml").read_text(encoding="utf-8"))
