"""What the tags of HTML are to a reader: headings, blocks, lists, or words within a line."""

from __future__ import annotations

from ...manuscript import BlockKind

__all__ = [
    "FORMULAS",
    "HEADINGS",
    "ITEMS",
    "KINDS",
    "LISTS",
    "LITERAL",
    "NOT_INLINE",
    "PARTS",
    "PLAIN",
    "TREATED",
]

HEADINGS = {f"h{level}": level for level in range(1, 7)}
KINDS = {
    "li": BlockKind.ITEM,
    "dt": BlockKind.ITEM,
    "dd": BlockKind.ITEM,
    "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "td": BlockKind.CELL,
    "th": BlockKind.CELL,
}
BLOCKS = frozenset(KINDS) | {
    "address", "article", "aside", "body", "center", "details", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hgroup", "hr", "html", "legend", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
#: What is a mere part of the text if it has no attributes.
PLAIN = BLOCKS - {"aside", "footer", "form", "header", "nav"}
LITERAL = frozenset({"code", "kbd", "samp", "tt", "var", "pre"})
LISTS = frozenset({"ol", "ul", "dl"})
ITEMS = frozenset({"li", "dt", "dd"})
#: An id on one of these names a part of the article, not one entry.
PARTS = frozenset(HEADINGS) | {
    "ol",
    "ul",
    "dl",
    "table",
    "tbody",
    "figure",
    "main",
    "article",
    "body",
    "html",
}
NOT_INLINE = frozenset(HEADINGS) | BLOCKS
FORMULAS = frozenset({"math"})
#: Elements of which more is to be done than taking their text in.
TREATED = NOT_INLINE | {"br", "a", "sup"} | LITERAL | FORMULAS
