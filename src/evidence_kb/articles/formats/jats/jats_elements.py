"""What the elements of JATS are to a reader: sections, paragraphs, floats, or nothing that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...manuscript import BlockKind
from .jats_tree import href, local

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "BLOCKS",
    "CALLS",
    "FLOATS",
    "IGNORED",
    "LITERAL",
    "NO_ABSTRACT",
    "OPENING",
    "PARTS",
    "SECTIONS",
    "has_own_text",
    "is_apart",
    "is_number",
    "kind_of",
    "link_target",
    "readable",
]

#: Parts that have a heading, and the one they get where none is printed: English, German.
SECTIONS = {
    "sec": ("", ""),
    "abstract": ("Abstract", "Zusammenfassung"),
    "ack": ("Acknowledgements", "Danksagung"),
    "app": ("Appendix", "Anhang"),
    "app-group": ("", ""),
    "glossary": ("Glossary", "Glossar"),
    "notes": ("Notes", "Hinweise"),
    "fn-group": ("Footnotes", "Fußnoten"),
    "floats-group": ("Figures and tables", "Abbildungen und Tabellen"),
    "floats-wrap": ("Figures and tables", "Abbildungen und Tabellen"),
    "bio": ("About the authors", "Über die Autoren"),
}
PARTS = frozenset({"body", "back", "floats-group", "floats-wrap"})
OPENING = ("Introduction", "Einleitung")
QUOTES = frozenset({"disp-quote", "verse-group", "speech", "attrib"})
FLOATS = frozenset({"fig", "table-wrap", "media", "supplementary-material", "chem-struct-wrap", "graphic"})
PICTURES = frozenset({"graphic", "inline-graphic", "media", "inline-media"})
#: What stands between paragraphs, also where it is written within one.
BLOCKS = frozenset(
    {"p", "list", "list-item", "def-list", "def-item", "def", "boxed-text", "fig-group", "table-wrap-group"}
    | {"table", "td", "th", "tr", "tbody", "thead", "caption", "statement", "verse-line", "table-wrap-foot"}
    | {"fn-group", "sec", "supplementary", "question", "answer", "explanation", "array", "title"}
    | QUOTES
    | FLOATS
)
#: Abstracts that are no text: pictures, key points for tables of contents, films.
NO_ABSTRACT = frozenset({"graphical", "toc", "video", "teaser", "web-summary"})
#: No prose.
IGNORED = frozenset(
    [
        "ref-list",
        "sec-meta",
        "kwd-group",
        "object-id",
        "tex-math",
        "label",
        "index-term",
        "permissions",
        "alt-text",
        "long-desc",
        "inline-graphic",
        "related-article",
        "related-object",
        "target",
        "abbrev-def",
        "alt-title",
        "subtitle-group",
        "annotation",
        "disp-formula",
        "disp-formula-group",
        "col",
        "colgroup",
    ]
)
#: What marks in a heading point to that is no part of the heading.
CALLS = frozenset({"fn", "aff", "corresp", "author-notes", "table-fn"})
#: What holds words even if they all stand in its children, and what those children are not.
_WORDS = frozenset({"p", "td", "th", "term"})
_NO_WORDS = BLOCKS | SECTIONS.keys() | IGNORED
LITERAL = frozenset({"monospace", "code", "preformat", "math", "inline-formula", "chem-struct"})


def kind_of(name: str, kind: BlockKind) -> BlockKind:
    """The kind of what stands in an element, given what the element stands in."""
    if kind is BlockKind.CELL or name in {"td", "th"}:
        return BlockKind.CELL
    if kind is BlockKind.NOTE or name == "fn":
        return BlockKind.NOTE
    if name in {"list", "list-item", "def-list", "def-item", "def", "term"}:
        return BlockKind.ITEM
    if name in QUOTES:
        return BlockKind.QUOTE
    if name in {"caption", "table-wrap-foot"}:
        return BlockKind.CAPTION
    return kind


def has_own_text(element: _Element) -> bool:
    """Whether it holds text or marks itself, rather than paragraphs."""
    if element.text and element.text.strip():
        return True
    holds_words = local(element) in _WORDS
    for child in element:
        if child.tail and child.tail.strip():
            return True
        if holds_words and local(child) not in _NO_WORDS:
            return True
    return False


def readable(alternatives: _Element) -> list[_Element]:
    """The one of several forms of the same thing that has text."""
    return [e for e in alternatives if local(e) not in PICTURES and local(e) not in IGNORED][:1]


def is_number(text: str) -> bool:
    return text.strip("[]()【】 ").isdecimal() and len(text) < 8


def link_target(link: _Element, printed: str) -> str:
    """Where a link goes, as an address; JATS also links by a bare DOI."""
    target = href(link) or printed
    if "://" in target or not target.startswith("10."):
        return target
    return printed if "://" in printed else f"https://doi.org/{target}"


def is_apart(note: _Element) -> bool:
    return any(
        local(above) in {"table-wrap", "table-wrap-foot", "author-notes"} for above in note.iterancestors()
    )
