"""Articles in DOCX, as Word, LibreOffice and Google Docs write it.

mammoth turns the file into paragraphs, runs and notes (tracked deletions, comments, field codes and
pictures are not among them). Here these become blocks, and the numbered list at the end, or else
the foot- and end-notes, become the references.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from ....errors import InputError
from ...inline import InlineText
from ...manuscript import Block, BlockKind, Manuscript, PrintedReference, Span, SpanKind
from .docx_numbers import formatted
from .docx_package import NUMBER, Package, open_package
from .docx_paragraph import Paragraph
from .docx_sources import SourceList, find_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["read_docx"]

_CONTENTS = re.compile(
    r"(?:toc|verzeichnis|table of figures|index|inhaltsverzeichnis)\s*\d*\b|toc ", re.IGNORECASE
)
_STYLES = {
    "quote": BlockKind.QUOTE,
    "intense quote": BlockKind.QUOTE,
    "zitat": BlockKind.QUOTE,
    "intensives zitat": BlockKind.QUOTE,
    "block text": BlockKind.QUOTE,
    "caption": BlockKind.CAPTION,
    "beschriftung": BlockKind.CAPTION,
    "image caption": BlockKind.CAPTION,
    "table caption": BlockKind.CAPTION,
}
_TITLES = frozenset({"title", "titel"})
_CODE = frozenset({"html preformatted", "source code", "code", "verbatim char", "html code", "plain text"})
_LONGEST_BOLD_HEADING = 90
#: What the converter raises where a file does not keep to the standard, as it trusts it to.
_TRUSTING = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_docx(data: bytes) -> Manuscript:
    """The article in a DOCX file.

    :raises InputError: it is no DOCX, damaged, protected by a password, or unpacks to too much.
    """
    package = open_package(data)
    reader = _Reader(package)
    try:
        reader.read(_converted(package.data))
    except (*_TRUSTING, ExpatError) as error:
        raise InputError(f"is a damaged DOCX file ({error}); open it in Word and save it again") from error
    return reader.manuscript()


def _converted(data: bytes) -> Any:
    """mammoth's own document tree, which its public hook hands out."""
    import mammoth

    kept: list[Any] = []

    def keep(document: Any) -> Any:
        kept.append(document)
        return document.copy(children=[], notes=type(document.notes)({}), comments=[])

    mammoth.convert_to_html(io.BytesIO(data), transform_document=keep, include_embedded_style_map=False)
    return kept[0]


class _Reader:
    """Walks the converter's tree once; `manuscript` then tells prose from apparatus."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.paragraphs: list[Paragraph] = []
        self.notes: dict[str, list[Paragraph]] = {}
        self.labels: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def read(self, document: Any) -> None:
        from mammoth import documents

        self.documents = documents
        self.paragraphs = list(self._blocks(document.children, BlockKind.PARAGRAPH))
        for key in list(self.labels):
            kind, _, name = key.partition("-")
            try:
                body = document.notes.find_note(kind, name).body
            except KeyError:  # a call of a note that is not there
                continue
            self.notes[key] = list(self._blocks(body, BlockKind.PARAGRAPH))

    # Walking

    def _blocks(self, elements: Iterable[Any], kind: BlockKind) -> Iterator[Paragraph]:
        tree = self.documents
        for element in elements:
            if isinstance(element, tree.Paragraph):
                yield from self._paragraph(element, kind)
            elif isinstance(element, tree.Table | tree.TableRow | tree.TableCell):
                yield from self._blocks(element.children, BlockKind.CELL)

    def _paragraph(self, element: Any, kind: BlockKind) -> Iterator[Paragraph]:
        paragraph = Paragraph(InlineText(), kind, style=(element.style_name or "").lower())
        level = self.package.levels.get(element.style_id or "")
        runs: list[bool] = []
        self._inline(element.children, paragraph, runs)
        paragraph.bold = bool(runs) and all(runs)
        if level is not None and kind is not BlockKind.CELL:
            paragraph.kind, paragraph.level = BlockKind.HEADING, level
        elif kind is not BlockKind.CELL:
            paragraph.kind = _STYLES.get(paragraph.style, kind)
            if paragraph.number is not None and paragraph.kind is BlockKind.PARAGRAPH:
                paragraph.kind = BlockKind.ITEM
        if paragraph.style in _CODE:
            paragraph.line.span(0, SpanKind.LITERAL)
        if paragraph.text and not _CONTENTS.match(paragraph.style):
            yield paragraph

    def _inline(self, elements: Iterable[Any], paragraph: Paragraph, runs: list[bool]) -> None:
        tree, line = self.documents, paragraph.line
        for element in elements:
            start = line.length
            if isinstance(element, tree.Text):
                line.add(element.value)
            elif isinstance(element, tree.Tab | tree.Break):
                line.add(" ")
            elif isinstance(element, tree.Run):
                self._run(element, paragraph, runs)
            elif isinstance(element, tree.Hyperlink):
                self._inline(element.children, paragraph, runs)
                target = element.href or (f"#{element.anchor}" if element.anchor else "")
                if target:
                    _link(line, start, target)
            elif isinstance(element, tree.NoteReference):
                key = f"{element.note_type}-{element.note_id}"
                line.add(self._label(element.note_type, key))
                line.span(start, SpanKind.MARK, (key,))
            elif isinstance(element, tree.Bookmark):
                if element.name and element.name.startswith(NUMBER):
                    paragraph.number = element.name.removeprefix(NUMBER)
                elif element.name:
                    paragraph.bookmarks.append(element.name)

    def _run(self, run: Any, paragraph: Paragraph, runs: list[bool]) -> None:
        line, start, spans = paragraph.line, paragraph.line.length, len(paragraph.line.spans)
        self._inline(run.children, paragraph, runs)
        if "".join(line.pieces)[start:].strip():
            runs.append(run.is_bold)
        if any(span.kind is SpanKind.MARK for span in line.spans[spans:]):
            return
        if run.vertical_alignment == "superscript":
            line.span(start, SpanKind.RAISED)
        elif (run.style_name or "").lower() in _CODE:
            line.span(start, SpanKind.LITERAL)

    def _label(self, kind: str, key: str) -> str:
        if key not in self.labels:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            number = self.counts[kind]
            # Word's own way of telling them apart.
            roman = kind == "endnote" and self.package.two_kinds_of_notes
            self.labels[key] = formatted(number, "lowerRoman" if roman else "decimal")
        return self.labels[key]

    # What is what

    def manuscript(self) -> Manuscript:
        self._bold_headings()
        title = self._title()
        sources = find_sources(self.paragraphs)
        references = sources.references
        notes_are_sources = not references
        if notes_are_sources:
            references = [self._note(key) for key in self.labels if self.notes.get(key)]
        blocks = [
            block
            for index, paragraph in enumerate(self.paragraphs)
            if index not in sources.apparatus
            for block in (self._block(paragraph, sources, notes_are_sources),)
            if block.text
        ]
        if not notes_are_sources:
            blocks += [
                self._block(paragraph, sources, notes_are_sources)
                for paragraphs in self.notes.values()
                for paragraph in paragraphs
            ]
        return Manuscript(title, self.package.language, tuple(blocks), tuple(references))

    def _bold_headings(self) -> None:
        """Short bold paragraphs are headings where an author used no heading styles."""
        if any(p.kind is BlockKind.HEADING and p.level for p in self.paragraphs):
            return
        for paragraph in self.paragraphs:
            short = len(paragraph.text) <= _LONGEST_BOLD_HEADING and paragraph.text[-1:] not in ".;,"
            if paragraph.bold and short and paragraph.kind is BlockKind.PARAGRAPH:
                paragraph.kind, paragraph.level = BlockKind.HEADING, 2

    def _title(self) -> str:
        """The title; headings are moved so that it alone is at level 1."""
        title = self._title_paragraph()
        if title is not None:
            title.kind = BlockKind.HEADING
        headings = [p for p in self.paragraphs if p.kind is BlockKind.HEADING]
        top = min((p.level for p in headings if p is not title and p.level), default=2)
        for heading in headings:
            heading.level = 1 if heading is title else max(heading.level, top) - top + 2
        return self.package.title if title is None else title.text

    def _title_paragraph(self) -> Paragraph | None:
        for paragraph in self.paragraphs:
            if paragraph.style in _TITLES and not paragraph.level:
                return paragraph
        if not self.paragraphs:
            return None
        first = self.paragraphs[0]
        if first.text == self.package.title:
            return first
        levels = [p.level for p in self.paragraphs if p.kind is BlockKind.HEADING]
        if first.kind is not BlockKind.HEADING:
            return None
        # The only heading of its level, or one that another heading follows at once.
        second = self.paragraphs[1] if len(self.paragraphs) > 1 else first
        alone = levels.count(first.level) == 1 and first.level == min(levels)
        return first if alone or second.kind is BlockKind.HEADING or first.bold else None

    def _note(self, key: str) -> PrintedReference:
        texts, links = [], []
        for paragraph in self.notes[key]:
            texts.append(paragraph.text)
            links += [
                t for s in paragraph.line.spans if s.kind is SpanKind.LINK for t in s.targets if t[:1] != "#"
            ]
        return PrintedReference(key, self.labels[key], " ".join(texts), tuple(dict.fromkeys(links)))

    def _block(self, paragraph: Paragraph, sources: SourceList, notes_are_sources: bool) -> Block:
        block = paragraph.line.block(paragraph.kind, paragraph.level)
        spans = []
        for span in block.spans:
            if span.kind is SpanKind.LINK and span.targets[0].startswith("#"):
                key = sources.keys.get(span.targets[0][1:])
                if key is not None:
                    spans.append(Span(span.start, span.end, SpanKind.MARK, (key,)))
            elif span.kind is SpanKind.MARK and not notes_are_sources:
                spans.append(Span(span.start, span.end, SpanKind.LITERAL))
            else:
                spans.append(span)
        text = block.text
        if paragraph.kind is BlockKind.HEADING and paragraph.number:
            return Block(f"{paragraph.number} {text}", paragraph.kind, paragraph.level)
        return Block(text, paragraph.kind, paragraph.level, tuple(spans))


def _link(line: InlineText, start: int, target: str) -> None:
    """A link; the pieces that a field gives run by run become one."""
    last = line.spans[-1] if line.spans else None
    if last is not None and last.kind is SpanKind.LINK and last.targets == (target,) and last.end == start:
        line.spans.pop()
        start = last.start
    line.span(start, SpanKind.LINK, (target,))
