"""The text of a page in reading order, cut into pieces: paragraphs, headings, items, cells.

What is prose and what is apparatus is told afterwards, from all pieces together; see `page_sources`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ...inline import InlineText
from ...manuscript import BlockKind, SpanKind
from ...source_lists import is_source_heading
from .page_links import link_target
from .page_parts import Part, is_control, part_of
from .page_pieces import IN_PAGE, Piece, Place, parted
from .page_tags import FORMULAS, HEADINGS, ITEMS, KINDS, LISTS, LITERAL, NOT_INLINE, PARTS, PLAIN, TREATED

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["page_text"]

_TOOLTIP, _TOOLTIP_ENTRY = "footnote_plugin_tooltip_", "footnote_plugin_reference_"


class _Context(NamedTuple):
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    outside: bool = False
    boxed: bool = False
    item: int = 0
    listed: int = 0
    ordinal: int | None = None
    noted: bool = False
    entry: bool = False
    inside: bool = False
    label: str = ""


#: What is remembered of an element until its end: tag, where it links to, the context around it, and the
#: text and the place in it that it began at.
_Opened = tuple[str, "str | None", "_Context | None", InlineText, int]
_NOTHING: Mapping[str, str] = MappingProxyType({})
_LONGEST_CONTROL = 50
_PAGES = re.compile(r"\s*:[\s\d–-]{1,20}")


def page_text(
    root: _Element,
    content: frozenset[_Element] | None = None,
    address: str = "",
    *,
    lined: bool = False,
    all_prose: bool = False,
) -> tuple[list[Piece], dict[str, Place]]:
    """The pieces below an element in reading order, and where the ids are.

    :param content: the elements that hold the article, if that is known; all other text is outside.
    :param address: the page's own, by which links into itself are known.
    :param all_prose: take what calls itself a menu, a form or a frame for prose too.
    :param lined: whether ``data-line`` says where in the file an element is; else its own line is taken.
    """
    walk = _Walk(content, address, lined=lined, all_prose=all_prose)
    walk.read(root)
    return walk.pieces, walk.places


class _Walk:
    def __init__(
        self, content: frozenset[_Element] | None, address: str, *, lined: bool, all_prose: bool
    ) -> None:
        self.lined, self.all_prose = lined, all_prose
        self.pieces: list[Piece] = []
        self.places: dict[str, Place] = {}
        self.content = content
        self.address = address.partition("#")[0].rstrip("/")
        self.context = _Context(inside=content is None)
        self.text = InlineText()
        self.line: int | None = None
        self.breaks: list[int] = []
        self.soft = False
        self.ids: list[tuple[str, int, bool]] = []
        self.serial = 0
        self.counters: list[int] = []
        self.term = 0
        self.below_sources = False

    def read(self, root: _Element) -> None:
        from lxml import etree

        opened: list[_Opened | None] = []  # nothing is to be done at the end of most
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                tag: str = element.tag  # type: ignore[assignment]  # comments are not parsed
                items = element.items()
                attributes = dict(items) if items else _NOTHING
                part = part_of(tag, attributes) if items or tag not in PLAIN else Part.PLAIN
                if part is Part.SKIP or (tag == "sup" and self._is_page_number(element, attributes)):
                    walk.skip_subtree()
                    opened.append(None)
                    continue
                if part is Part.PLAIN and tag not in TREATED:
                    opened.append(None)
                    if "id" in attributes:
                        self.ids.append((attributes["id"], self.text.length, True))
                else:
                    opened.append(self._start(element, tag, attributes, part))
                if tag in FORMULAS:
                    self._formula(element, attributes)
                    walk.skip_subtree()
                elif text := element.text:
                    self.text.add(text)
            else:
                entered = opened.pop()
                if entered is not None:
                    self._end(*entered)
                if (text := element.tail) and element is not root:
                    self.text.add(text)
        self._flush()

    # --- elements --------------------------------------------------------------------------------

    def _start(
        self, element: _Element, tag: str, attributes: Mapping[str, str], part: Part
    ) -> _Opened | None:
        before: _Context | None = None
        target: str | None = None
        if tag == "br":
            self._break(soft=attributes.get("class") == "soft")
        elif tag in NOT_INLINE or part is not Part.PLAIN:
            if tag in NOT_INLINE:
                self._flush()
                self.line = self._line(element, attributes)
            before = self.context
            self.context = self._entered(element, tag, attributes, part)
        if identifier := attributes.get("id") or (attributes.get("name") if tag == "a" else None):
            self.ids.append((identifier, self.text.length, tag not in PARTS))
        if tag == "a":
            target = link_target(attributes, self.address)
            if target is None and before is None:
                return None
        elif tag == "sup" and identifier and identifier.startswith(_TOOLTIP):
            target = IN_PAGE + identifier.replace(_TOOLTIP, _TOOLTIP_ENTRY, 1)
        return tag, target, before, self.text, self.text.length

    def _end(
        self, tag: str, target: str | None, before: _Context | None, text: InlineText, start: int
    ) -> None:
        if text is not self.text:
            start = 0
        if target:
            self.text.span(start, SpanKind.LINK, (target,))
        if tag == "sup":
            self.text.span(start, SpanKind.RAISED)
        elif tag in LITERAL or tag in FORMULAS:
            self.text.span(start, SpanKind.LITERAL)
        if tag in NOT_INLINE:
            self._flush()
            if tag in LISTS:
                self.counters.pop()
        if before is not None:
            self.context = before

    def _entered(self, element: _Element, tag: str, attributes: Mapping[str, str], part: Part) -> _Context:
        now = self.context
        changes: dict[str, object] = {}
        if tag in HEADINGS:
            changes = {"kind": BlockKind.HEADING, "level": HEADINGS[tag]}
        elif tag in KINDS:
            changes = {"kind": KINDS[tag], "level": 0}
        if part is Part.OUTSIDE and not self.all_prose:
            changes["outside"] = True
        elif part is Part.BOX:
            changes["boxed"] = True
        if part is Part.NOTES:
            changes["noted"] = True
        if self.content is not None and not now.inside and element in self.content:
            changes["inside"], changes["outside"] = True, False  # whatever the frame around it is called
        if tag in LISTS:
            self.counters.append(_integer(attributes.get("start"), 1))
            if not now.item:
                self.serial += 1
                changes["listed"] = self.serial
        elif tag == "table" and (part is Part.NOTES or now.noted or self.below_sources) and not now.item:
            self.serial += 1
            changes["listed"] = self.serial
        if part is Part.ENTRY and not now.entry:
            changes["entry"] = True
            changes["label"] = attributes.get("data-label", "")
        if self._begins_item(element, tag, part):
            changes |= self._item(element, tag, attributes)
        return now._replace(**changes) if changes else now  # type: ignore[arg-type]  # fields by name

    def _begins_item(self, element: _Element, tag: str, part: Part) -> bool:
        now = self.context
        if now.item:
            return False
        if tag == "tr":
            return now.noted or (self.below_sources and not all(cell.tag == "th" for cell in element))
        return tag in ITEMS or part is Part.ENTRY

    def _item(self, element: _Element, tag: str, attributes: Mapping[str, str]) -> dict[str, object]:
        parent = element.getparent()
        if tag == "dd" and self.term:
            item, self.term = self.term, 0
            return {"item": item}
        self.serial += 1
        self.term = self.serial if tag == "dt" else 0
        ordinal: int | None = None
        if tag == "li" and self.counters:
            number = _integer(attributes.get("value"), self.counters[-1])
            self.counters[-1] = number + 1
            if parent is not None and parent.tag == "ol":
                ordinal = number
        return {"item": self.serial, "ordinal": ordinal}

    def _formula(self, element: _Element, attributes: Mapping[str, str]) -> None:
        said = attributes.get("alttext") or "".join(element.itertext())
        self.text.add(said[:500])

    @staticmethod
    def _is_page_number(element: _Element, attributes: Mapping[str, str]) -> bool:
        """Whether it is a page number behind a mark (": 14"), which MediaWiki raises but does not link."""
        if "reference" not in attributes.get("class", "").split():
            return False
        if len(element) > 0 and element[0].tag == "a":
            if _PAGES.fullmatch(element[0].tail or ""):
                element[0].tail = None  # "[12]:207" in one
            return False
        return next(element.iter("a"), None) is None

    # --- text ------------------------------------------------------------------------------------

    def _line(self, element: _Element, attributes: Mapping[str, str]) -> int | None:
        if not self.lined:
            return element.sourceline
        said = attributes.get("data-line", "")
        return int(said) if said.isdecimal() and len(said) < 10 else self.line

    def _break(self, *, soft: bool) -> None:
        if self.breaks and self.breaks[-1] >= self.text.length:
            self._flush()
            return
        self.soft = self.soft or soft
        self.text.add(" ")
        self.breaks.append(self.text.length)

    def _flush(self) -> None:
        breaks, self.breaks = self.breaks, []
        soft, self.soft = self.soft, False
        text = self.text
        if not text.length:
            return
        self.text = InlineText()
        block = text.block()
        if not block.text:
            return
        now = self.context
        if (
            len(block.text) < _LONGEST_CONTROL
            and now.kind is not BlockKind.HEADING
            and is_control(block.text)
        ):
            now = now._replace(outside=True)
        if now.kind is BlockKind.HEADING:
            self.below_sources = is_source_heading(block.text)
        whole = Piece(
            block.text, now.kind, now.level, list(block.spans), self.line,
            now.outside or not now.inside, now.boxed, now.item, now.listed, now.ordinal, now.noted, now.entry,
            label=now.label,
        )  # fmt: skip
        parts = parted(whole, breaks, soft=soft) if breaks else [(0, whole)]
        for number, (offset, piece) in enumerate(parts):
            until = parts[number + 1][0] if number + 1 < len(parts) else len(block.text) + 2
            for identifier, position, single in self.ids:
                if offset <= position < until:
                    self.places.setdefault(identifier, Place(len(self.pieces), single))
            self.pieces.append(piece)
        self.ids = []


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.strip().isdecimal() and len(text) < 8 else otherwise
