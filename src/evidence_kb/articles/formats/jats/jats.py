"""Articles in JATS, the XML of journals and their archives (NISO Z39.96, and the NLM sets before it).

Title, abstracts, body and appendices become blocks in reading order, `xref` elements that name a
reference become marks, and every `ref` becomes a reference. Reviews and responses printed in the same
file, translated abstracts, and what is no prose (formulas, key words, affiliations) are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...inline import InlineText
from ...manuscript import Block, BlockKind, Manuscript, SpanKind
from .jats_elements import (
    BLOCKS,
    CALLS,
    FLOATS,
    IGNORED,
    LITERAL,
    NO_ABSTRACT,
    OPENING,
    PARTS,
    SECTIONS,
    has_own_text,
    is_apart,
    is_number,
    kind_of,
    link_target,
    readable,
)
from .jats_marks import ReferenceOrder, join_marks, untagged_is_literal
from .jats_references import note_as_reference, plain_text, read_references
from .jats_tree import find_article, local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from ...manuscript import PrintedReference

__all__ = ["read_jats"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_jats(data: bytes) -> Manuscript:
    """The article in a JATS file, also in the envelope of an archive.

    :raises InputError: it is no XML, has no ``article``, or is nested too deeply.
    """
    root, notes = parse_xml(data)
    article, count = find_article(root)
    if count > 1:
        notes += (f"holds {count} articles; only the first was read, give each a file of its own",)
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
            if abstract.get("abstract-type") not in NO_ABSTRACT:
                self._walk(abstract, 2)
        for part in self.article:
            if local(part) in PARTS:
                self._head_for_body(part)
                self._walk(part, 2)
        return Manuscript(title, self.language, tuple(self.blocks), tuple(self.references), self.notes)

    def _head_for_body(self, part: _Element) -> None:
        """Text that begins without a heading would otherwise belong to the abstract."""
        first = next((child for child in part if local(child)), None)
        abstract = any(block.kind is BlockKind.PARAGRAPH for block in self.blocks)
        if local(part) == "body" and abstract and first is not None and local(first) != "sec":
            heading = OPENING[self.language == "de"]
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
            if rid in notes and not is_apart(notes[rid])
        ]
        self.keys = {rid: rid for rid in called}
        self.footnotes = {notes[rid] for rid in self.keys}
        return [note_as_reference(notes[rid], rid) for rid in self.keys]

    # Blocks

    def _walk(self, element: _Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        name = local(element)
        if not name or name in IGNORED or element in self.footnotes:
            return
        if name in SECTIONS:
            self._section(element, level)
        elif name in FLOATS:
            self._float(element, level)
        elif name == "boxed-text":
            self.in_box += 1
            self._children(element, level, kind)
            self.in_box -= 1
        elif name in {"title", "verse-line", "attrib"}:
            self._paragraph(element, level, BlockKind.CAPTION if name == "title" else BlockKind.QUOTE)
        elif name == "alternatives":
            self._children(readable(element), level, kind)
        elif has_own_text(element):
            self._paragraph(element, level, kind_of(name, kind))
        else:
            self._children(element, level, kind_of(name, kind))

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
            self.line.add(SECTIONS[local(element)][self.language == "de"])
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
            if local(child) == "permissions":
                self._credits(child, level)
            elif child is not caption:
                self._walk(child, level, BlockKind.CAPTION)

    def _credits(self, permissions: _Element, level: int) -> None:
        """What names the source of a figure; other terms of its use are no part of the article."""
        for part in permissions.iter("{*}license-p", "{*}copyright-statement"):
            if any(self._targets(xref) for xref in part.iter("{*}xref")):
                self._paragraph(part, level, BlockKind.CAPTION)

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
            block = join_marks(self.line.block(kind, level, line), self.order)
            self.blocks.append(untagged_is_literal(block) if self.tags_citations else block)
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
            elif name and name != "fn" and name not in IGNORED and child.get("ref-type") not in CALLS:
                self._heading(child)
            self.line.add(child.tail)

    def _inline(self, element: _Element, level: int, kind: BlockKind) -> None:
        self.line.add(element.text)
        for child in element:
            name = local(child)
            if name in BLOCKS:
                self._flush(kind, element.sourceline)
                self._walk(child, level, kind_of(name, kind))
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
            for form in readable(child):
                self._piece(form, local(form), level, kind)
        elif name in LITERAL:
            self.line.add(plain_text(child))
            self.line.span(start, SpanKind.LITERAL)
        elif name in {"ext-link", "uri"}:
            self._inline(child, level, kind)
            self.line.span(start, SpanKind.LINK, (link_target(child, self.line.text[start:].strip()),))
        elif name == "sup" and next(child.iter("{*}xref"), None) is None:
            self._inline(child, level, kind)
            self.line.span(start, SpanKind.LITERAL if self.tags_citations else SpanKind.RAISED)
        elif name and name not in IGNORED:
            self._inline(child, level, kind)

    def _mark(self, xref: _Element, start: int) -> None:
        targets = self._targets(xref)
        if targets is None:
            self.line.span(start, SpanKind.LITERAL)
        elif self.line.length == start:  # an empty one within a range
            self.hidden += targets
        elif not targets and not is_number(plain_text(xref)):
            return  # an author and a year that the list lacks are a mention
        else:
            self.line.span(start, SpanKind.MARK, tuple(dict.fromkeys((*self.hidden, *targets))))
            self.hidden = ()

    def _targets(self, xref: _Element) -> tuple[str, ...] | None:
        """The references an `xref` names, if any are listed; ``None`` if it names something else."""
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
