"""Articles in JATS, the XML of journals and their archives (NISO Z39.96, and the NLM sets before it).

Title, abstracts, body and appendices become blocks in reading order, `xref` elements that name a
reference become marks, and every `ref` becomes a reference. Reviews and responses printed in the same
file, translated abstracts, and what is no prose (formulas, key words, affiliations) are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .inline import InlineText
from .jats_marks import ReferenceOrder, join_marks
from .jats_references import note_as_reference, plain_text, read_references
from .jats_tree import find_article, href, local, parse_xml
from .manuscript import Block, BlockKind, Manuscript, SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from .manuscript import PrintedReference

__all__ = ["read_jats"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: Parts that have a heading, and the one they get where none is printed: English, German.
_SECTIONS = {
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
_PARTS = frozenset({"body", "back", "floats-group", "floats-wrap"})
_OPENING = ("Introduction", "Einleitung")
_QUOTES = frozenset({"disp-quote", "verse-group", "speech", "attrib"})
_FLOATS = frozenset({"fig", "table-wrap", "media", "supplementary-material", "chem-struct-wrap", "graphic"})
_PICTURES = frozenset({"graphic", "inline-graphic", "media", "inline-media"})
#: What stands between paragraphs, also where it is written within one.
_BLOCKS = frozenset(
    {"p", "list", "list-item", "def-list", "def-item", "def", "boxed-text", "fig-group", "table-wrap-group"}
    | {"table", "td", "th", "tr", "tbody", "thead", "caption", "statement", "verse-line", "table-wrap-foot"}
    | {"fn-group", "sec", "supplementary", "question", "answer", "explanation", "array", "title"}
    | _QUOTES
    | _FLOATS
)
#: Abstracts that are no text: pictures, key points for tables of contents, films.
_NO_ABSTRACT = frozenset({"graphical", "toc", "video", "teaser", "web-summary"})
_IGNORED = frozenset(
    {
        "ref-list",
        "sec-meta",
        "kwd-group",
        "object-id",
        "tex-math",
        "label",
        "index-term",
        "permissions",
        "alt-text",
    }
    | {
        "long-desc",
        "inline-graphic",
        "related-article",
        "related-object",
        "target",
        "abbrev-def",
        "alt-title",
    }
    | {
        "subtitle-group",
        "annotation",
        "mml:annotation",
        "disp-formula",
        "disp-formula-group",
        "col",
        "colgroup",
    }
)
#: What marks in a heading point to that is no part of the heading.
_CALLS = frozenset({"fn", "aff", "corresp", "author-notes", "table-fn"})
_LITERAL = frozenset({"monospace", "code", "preformat", "math", "inline-formula", "chem-struct"})


def read_jats(data: bytes) -> Manuscript:
    """The article in a JATS file, also in the envelope of an archive.

    :raises InputError: it is no XML, has no ``article``, or is nested too deeply.
    """
    root, notes = parse_xml(data)
    article, count = find_article(root)
    if count > 1:
        notes += (f"holds {count} articles; the first was read",)
    return _Reader(article, notes).manuscript()


class _Reader:
    """Walks one article once, from top to bottom."""

    def __init__(self, article: _Element, notes: tuple[str, ...]) -> None:
        self.article, self.notes = article, notes
        self.language = (
            (article.get(_LANGUAGE) or article.get("lang") or "").replace("_", "-").split("-")[0].lower()
        )
        self.references, self.keys = read_references(article)
        self.footnotes: set[_Element] = set()
        if not self.references:
            self.references = self._sources_in_footnotes()
        self.order = ReferenceOrder(self.references)
        #: A file that tags its citations raises other numbers for other reasons.
        self.tags_citations = any(self._targets(xref) is not None for xref in article.iter("{*}xref"))
        self.blocks: list[Block] = []
        self.line = InlineText()
        self.waiting: list[_Element] = []
        self.hidden: tuple[str, ...] = ()
        self.in_box = 0

    def manuscript(self) -> Manuscript:
        title = self._title()
        if title:
            self.blocks.append(Block(title, BlockKind.HEADING, 1, line=self.article.sourceline))
        for abstract in self.article.iterfind("{*}front/{*}article-meta/{*}abstract"):
            if abstract.get("abstract-type") not in _NO_ABSTRACT:
                self._walk(abstract, 2)
        for part in self.article:
            if local(part) in _PARTS:
                self._head_for_body(part)
                self._walk(part, 2)
        return Manuscript(title, self.language, tuple(self.blocks), tuple(self.references), self.notes)

    def _head_for_body(self, part: _Element) -> None:
        """Text that begins without a heading would otherwise belong to the abstract."""
        first = next((child for child in part if local(child)), None)
        abstract = any(block.kind is BlockKind.PARAGRAPH for block in self.blocks)
        if local(part) == "body" and abstract and first is not None and local(first) != "sec":
            heading = _OPENING[self.language == "de"]
            self.blocks.append(Block(heading, BlockKind.HEADING, 2, line=part.sourceline))

    def _title(self) -> str:
        for path in ("{*}front//{*}title-group/{*}article-title", "{*}front//{*}article-title"):
            found = self.article.find(path)
            if found is not None:
                self._heading(found)
                title, self.line = self.line.text, InlineText()
                return title
        return ""

    def _sources_in_footnotes(self) -> list[PrintedReference]:
        """The footnotes that the text calls: the sources of an article without a source list."""
        notes = {
            str(fn.get("id")): fn
            for part in ("body", "back")
            for fn in self.article.iterfind(f"{{*}}{part}//{{*}}fn")
        }
        called = [
            rid
            for xref in self.article.iterfind("{*}body//{*}xref")
            for rid in (xref.get("rid") or "").split()
            if rid in notes and not _in_table(notes[rid])
        ]
        self.keys = {rid: rid for rid in called}
        self.footnotes = {notes[rid] for rid in self.keys}
        return [note_as_reference(notes[rid], rid) for rid in self.keys]

    # Blocks

    def _walk(self, element: _Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        name = local(element)
        if not name or name in _IGNORED or element in self.footnotes:
            return
        if name in _SECTIONS:
            self._section(element, level)
        elif name in _FLOATS:
            self._float(element, level)
        elif name == "boxed-text":
            self.in_box += 1
            self._children(element, level, kind)
            self.in_box -= 1
        elif name in {"title", "verse-line", "attrib"}:
            self._paragraph(element, level, BlockKind.CAPTION if name == "title" else BlockKind.QUOTE)
        elif name == "alternatives":
            self._children(_readable(element), level, kind)
        elif _has_own_text(element):
            self._paragraph(element, level, _kind_of(name, kind))
        else:
            self._children(element, level, _kind_of(name, kind))

    def _children(self, element: Iterable[_Element], level: int, kind: BlockKind) -> None:
        for child in element:
            self._walk(child, level, kind)

    def _section(self, element: _Element, level: int) -> None:
        title = next((child for child in element if local(child) == "title"), None)
        label = next((plain_text(child) for child in element if local(child) == "label"), "")
        start = title if title is not None else element
        self._flush(BlockKind.PARAGRAPH, None)
        self.line.add(label + " " if label else None)
        if title is not None:
            self._heading(title)
        if not self.line.text:
            self.line.add(_SECTIONS[local(element)][self.language == "de"])
        inner = level
        if self.line.text:
            inner = level + 1
            kind = BlockKind.CAPTION if self.in_box else BlockKind.HEADING
            self._flush(kind, start.sourceline, 0 if self.in_box else level)
        for child in element:
            if child is not title:
                self._walk(child, inner)

    def _float(self, element: _Element, level: int) -> None:
        label = next((plain_text(child) for child in element if local(child) == "label"), "")
        caption = next((child for child in element if local(child) == "caption"), None)
        title = None if caption is None else next((c for c in caption if local(c) == "title"), None)
        self._flush(BlockKind.CAPTION, element.sourceline)
        self.line.add(label + (" " if label.endswith((".", ":")) else ". ") if label else "")
        if title is not None:
            self._inline(title, level, BlockKind.CAPTION)
        self._flush(BlockKind.CAPTION, element.sourceline)
        for child in caption if caption is not None else ():
            if child is not title:
                self._walk(child, level, BlockKind.CAPTION)
        for child in element:
            if child is not caption:
                self._walk(child, level, BlockKind.CAPTION)

    def _paragraph(self, element: _Element, level: int, kind: BlockKind) -> None:
        self._flush(kind, element.sourceline)
        self._inline(element, level, kind)
        self._flush(kind, element.sourceline)
        waiting, self.waiting = self.waiting, []
        for note in waiting:
            self._children(note, level, BlockKind.NOTE)

    def _flush(self, kind: BlockKind, line: int | None, level: int = 0) -> None:
        self._tell_hidden()
        if self.line.text:
            self.blocks.append(join_marks(self.line.block(kind, level, line), self.order))
        self.line = InlineText()

    # Text within a block

    def _heading(self, element: _Element) -> None:
        """A heading's text, its citations as marks, without calls of footnotes."""
        self.line.add(element.text)
        for child in element:
            name, start = local(child), self.line.length
            if name == "xref" and self._targets(child) is not None:
                self._heading(child)
                self._mark(child, start)
            elif name == "break":
                self.line.add(" ")
            elif name and name != "fn" and name not in _IGNORED and child.get("ref-type") not in _CALLS:
                self._heading(child)
            self.line.add(child.tail)

    def _inline(self, element: _Element, level: int, kind: BlockKind) -> None:
        self.line.add(element.text)
        for child in element:
            name = local(child)
            if name in _BLOCKS:
                self._flush(kind, element.sourceline)
                self._walk(child, level, _kind_of(name, kind))
                self._flush(kind, child.sourceline)
            else:
                self._piece(child, name, level, kind)
            self.line.add(child.tail)

    def _piece(self, child: _Element, name: str, level: int, kind: BlockKind) -> None:
        start = self.line.length
        if name == "xref":
            self._inline(child, level, kind)
            self._mark(child, start)
        elif name == "fn":
            if child not in self.footnotes:
                self.waiting.append(child)
        elif name in {"break", "disp-formula", "disp-formula-group"}:
            self.line.add(" ")
        elif name == "alternatives":
            for readable in _readable(child):
                self._piece(readable, local(readable), level, kind)
        elif name in _LITERAL:
            self.line.add(plain_text(child))
            self.line.span(start, SpanKind.LITERAL)
        elif name in {"ext-link", "uri"}:
            self._inline(child, level, kind)
            self.line.span(start, SpanKind.LINK, (_address(child, self.line.text[start:].strip()),))
        elif name == "sup" and next(child.iter("{*}xref"), None) is None:
            self._inline(child, level, kind)
            self.line.span(start, SpanKind.LITERAL if self.tags_citations else SpanKind.RAISED)
        elif name and name not in _IGNORED:
            self._inline(child, level, kind)

    def _mark(self, xref: _Element, start: int) -> None:
        targets = self._targets(xref)
        if targets is None:
            self.line.span(start, SpanKind.LITERAL)
        elif self.line.length == start:  # an empty one within a range
            self.hidden += targets
        elif not targets and not _is_number(plain_text(xref)):
            return  # an author and a year that the list lacks are a mention
        else:
            self.line.span(start, SpanKind.MARK, tuple(dict.fromkeys((*self.hidden, *targets))))
            self.hidden = ()

    def _targets(self, xref: _Element) -> tuple[str, ...] | None:
        """The references that an `xref` names, none if the list lacks them; ``None`` if it names no reference."""
        names = (xref.get("rid") or "").split()
        known = tuple(self.keys[name] for name in names if name in self.keys)
        if known:
            return known
        if xref.get("ref-type") in {"bibr", "bib", "ref"} and not self.footnotes:
            printed = plain_text(xref).strip("[]() ")
            found = self.order.by_number.get(printed)
            return (found,) if found else ()
        return None

    def _tell_hidden(self) -> None:
        """Give what empty marks named to the mark before them."""
        if self.hidden:
            for place in range(len(self.line.spans) - 1, -1, -1):
                span = self.line.spans[place]
                if span.kind is SpanKind.MARK:
                    targets = tuple(dict.fromkeys((*span.targets, *self.hidden)))
                    self.line.spans[place] = type(span)(span.start, span.end, span.kind, targets)
                    break
            self.hidden = ()


def _kind_of(name: str, kind: BlockKind) -> BlockKind:
    """The kind of what stands in an element, given what the element stands in."""
    if kind is BlockKind.CELL or name in {"td", "th"}:
        return BlockKind.CELL
    if kind is BlockKind.NOTE or name == "fn":
        return BlockKind.NOTE
    if name in {"list", "list-item", "def-list", "def-item", "def", "term"}:
        return BlockKind.ITEM
    if name in _QUOTES:
        return BlockKind.QUOTE
    if name in {"caption", "table-wrap-foot"}:
        return BlockKind.CAPTION
    return kind


def _has_own_text(element: _Element) -> bool:
    """Whether it holds text or marks itself, rather than paragraphs."""
    if element.text and element.text.strip():
        return True
    for child in element:
        if child.tail and child.tail.strip():
            return True
        if local(child) not in _BLOCKS | _SECTIONS.keys() | _IGNORED and local(element) in {
            "p",
            "td",
            "th",
            "term",
        }:
            return True
    return False


def _readable(alternatives: _Element) -> list[_Element]:
    """The one of several forms of the same thing that has text."""
    return [e for e in alternatives if local(e) not in _PICTURES and local(e) not in _IGNORED][:1]


def _is_number(text: str) -> bool:
    return text.strip("[]()【】 ").isdecimal() and len(text) < 8


def _address(link: _Element, printed: str) -> str:
    """Where a link goes, as an address; JATS also links by a bare DOI."""
    target = href(link) or printed
    if "://" in target or not target.startswith("10."):
        return target
    return printed if "://" in printed else f"https://doi.org/{target}"


def _in_table(note: _Element) -> bool:
    return any(
        local(above) in {"table-wrap", "table-wrap-foot", "author-notes"} for above in note.iterancestors()
    )
