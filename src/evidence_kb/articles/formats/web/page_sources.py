"""Telling the apparatus of a page from its prose: source lists, notes, and the marks that point to them.

Three signs make an entry: the element that it is says so (class or role), it is an item below a heading
that announces sources, or marks in the prose link to it. What else stands below such a heading (the
author's note, a word of thanks) is neither entry nor prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from ...identifiers import addresses_in, identifiers_in
from ...manuscript import BlockKind, PrintedReference, Span, SpanKind
from ...source_lists import printed_label
from ...stretches import overlapping
from .page_marks import BRACKETS, MARK_TEXT, without_backlinks
from .page_pieces import IN_PAGE, Piece, Place
from .page_zones import looks_like_source, runs_of, zones_of

__all__ = ["Apparatus", "find_apparatus"]

_AUTHOR_YEAR = re.compile(r"[^\W\d_][^\d]{1,80}\(?\b(?:1[5-9]|20)\d\d[a-z]?\)?|\(?(?:1[5-9]|20)\d\d[a-z]?\)?")
#: Ids that content systems and writers give to entries.
_ENTRY_ID = re.compile(
    r"(?:cite[_-]?note|fn|footnote|note|_?ftn|_edn|sdfootnote|sdendnote|endnote|en|ref|reference|bib|cit|citation|citeref|src|source"
    r"|quelle|fussnote|lit|literatur|easy-footnote-bottom|footnote_plugin_reference|[bcr]r?)[-_:.]?[\w.:-]{0,80}|.*[._-](?:ref|fn|bib|cr)[-_]?\d+",
    re.IGNORECASE,
)
#: Ids that they give to marks.
_MARK_ID = re.compile(
    r"cite[_-]?ref|_?fnref|footnote-?ref|noteref|ref-?link|backlink|fn-?back", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


@dataclass(slots=True)
class Apparatus:
    """What is no prose, and what the prose's links mean.

    :param references: the entries, in reading order.
    :param entries: indexes of pieces that belong to entries.
    :param dropped: indexes of pieces that are apparatus, those of entries among them.
    :param kept_notes: indexes of entries that are prose with marks of their own.
    :param remarks: indexes of what stands below a source list and is no entry (a note about the author).
    :param keys: the entry's key by the ids in it.
    """

    references: list[PrintedReference] = field(default_factory=list)
    entries: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    kept_notes: set[int] = field(default_factory=set)
    remarks: set[int] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)

    def key_of(self, target: str) -> str | None:
        """The entry that a link into the page names."""
        name = target.removeprefix(IN_PAGE)
        return self.keys.get(name) or self.keys.get(unquote(name))


def find_apparatus(pieces: Sequence[Piece], places: Mapping[str, Place], *, encyclopedia: bool) -> Apparatus:
    """The source lists and notes among the pieces of a page.

    :param encyclopedia: a MediaWiki page; its lists of books are further reading unless marks link to them.
    """
    search = _Search(pieces, places, encyclopedia)
    return search.apparatus()


class _Search:
    def __init__(self, pieces: Sequence[Piece], places: Mapping[str, Place], encyclopedia: bool) -> None:
        self.pieces, self.places, self.encyclopedia = pieces, places, encyclopedia
        self.zone = zones_of(pieces)
        self.linked = self._linked()
        self.counted = False
        self.by_item: dict[int, list[int]] = {}
        self.by_list: dict[int, list[int]] = {}
        for index, piece in enumerate(pieces):
            if piece.item:
                self.by_item.setdefault(piece.item, []).append(index)
            if piece.listed:
                self.by_list.setdefault(piece.listed, []).append(index)

    def apparatus(self) -> Apparatus:
        found = self._entries()
        groups = self._groups(found)
        result = Apparatus()
        ids: dict[int, list[str]] = {}
        for name, place in self.places.items():
            if place.single:
                ids.setdefault(place.piece, []).append(name)
        taken: set[str] = set()
        counted: list[int] = []
        for number, group in enumerate(groups, start=1):
            names = [name for index in group for name in ids.get(index, ())]
            linked = [name for name in names if name in self.linked]
            key = (linked or names or [f"entry-{number}"])[0]
            while key in taken:
                key = f"{key}-{number}"
            taken.add(key)
            for name in names:
                result.keys.setdefault(name, key)
            reference = self._reference(key, group, linked)
            counted.append(self.pieces[group[0]].listed if self.counted else 0)
            result.references.append(self._with_book(reference, group))
            result.entries.update(group)
            if self._is_prose_note(group, found):
                result.kept_notes.update(group)
        result.references = _once_counted(result.references, counted)
        result.dropped.update(result.entries)
        self._drop_zones(result, found)
        return result

    # --- which pieces are entries ----------------------------------------------------------------

    def _entries(self) -> set[int]:
        pieces = self.pieces
        found = {i for i, p in enumerate(pieces) if p.entry or (p.noted and self._in_marked_list(i))}
        for name in self.linked:
            place = self._place(name)
            if place is not None and place.piece not in found and self._is_entry(name, place):
                found.update(self._whole_list(place.piece))
        if self.encyclopedia and found:
            return found
        for start, end in runs_of(self.zone, self.pieces):
            found.update(self._zone_entries(start, end))
        return found

    def _place(self, name: str) -> Place | None:
        return self.places.get(name) or self.places.get(unquote(name))

    def _in_marked_list(self, index: int) -> bool:
        """Whether a piece of an element that is named as a source list is in an item of it."""
        piece = self.pieces[index]
        return bool(piece.item) and piece.kind is not BlockKind.HEADING

    def _is_entry(self, name: str, place: Place) -> bool:
        piece = self.pieces[place.piece]
        if not place.single or piece.kind is BlockKind.HEADING:
            return False
        if piece.noted or piece.entry or self.zone[place.piece] == "sources":
            return True
        if any(
            span.kind is SpanKind.LINK
            and span.targets[0].startswith(IN_PAGE)
            and self._leads_before(span, place)
            for span in piece.spans
        ):
            return True
        return (_ENTRY_ID.fullmatch(name) is not None and not _MARK_ID.match(name)) and (
            bool(piece.item) or bool(printed_label(piece.text)[0])
        )

    def _leads_before(self, span: Span, place: Place) -> bool:
        """Whether a link in an entry leads back to where it is cited."""
        back = self._place(span.targets[0].removeprefix(IN_PAGE))
        return back is not None and back.piece < place.piece

    def _whole_list(self, index: int) -> list[int]:
        piece = self.pieces[index]
        if piece.listed:
            return [i for i in self.by_list[piece.listed] if self.pieces[i].item]
        return self.by_item[piece.item] if piece.item else [index]

    def _zone_entries(self, start: int, end: int) -> Iterator[int]:
        if self.zone[start] != "sources":
            return
        inside = range(start + 1, end)
        items = [i for i in inside if self.pieces[i].item]
        if self.pieces[start].outside and not any(self.pieces[i].ordinal for i in items):
            items = []  # a frame's list of links may be called "Sources" too
        labelled = [i for i in inside if not self.pieces[i].item and self._is_labelled(i)]
        if items or labelled:
            yield from items
            yield from labelled
            return
        for index in inside if not self.pieces[start].outside else ():
            piece = self.pieces[index]
            if piece.kind is BlockKind.HEADING:
                continue
            if not looks_like_source(piece):
                if index > start + 1:
                    return
                continue
            yield index

    def _is_labelled(self, index: int) -> bool:
        piece = self.pieces[index]
        return bool(piece.label or printed_label(piece.text)[0])

    # --- links into the page ---------------------------------------------------------------------

    def _linked(self) -> dict[str, str]:
        """The names that marks in the page link to, and how the first mark of each is printed."""
        linked: dict[str, str] = {}
        for piece, zone in zip(self.pieces, self.zone, strict=True):
            in_raised = overlapping((s.start, s.end) for s in piece.spans if s.kind is SpanKind.RAISED)
            for span in piece.spans:
                if span.kind is SpanKind.LINK and span.targets[0].startswith(IN_PAGE):
                    text = piece.text[span.start : span.end].strip()
                    raised = in_raised(span.start, span.end)
                    if (piece.noted or piece.entry or zone == "sources") and not (
                        raised and self._is_apparatus(span)
                    ):
                        continue  # a short note that names its book, or a link back
                    if raised or MARK_TEXT.fullmatch(text) or _AUTHOR_YEAR.search(text):
                        name = span.targets[0].removeprefix(IN_PAGE)
                        name = name if name in self.places else unquote(name)
                        linked.setdefault(name, text)
        return linked

    def _is_apparatus(self, span: Span) -> bool:
        """Whether a link leads to a note or a source list."""
        place = self._place(span.targets[0].removeprefix(IN_PAGE))
        if place is None:
            return False
        piece = self.pieces[place.piece]
        return piece.noted or piece.entry or self.zone[place.piece] == "sources"

    # --- entries ---------------------------------------------------------------------------------

    def _groups(self, found: set[int]) -> list[list[int]]:
        """The pieces of each entry: those of one item together, and a book only if the prose cites it."""
        groups: list[list[int]] = []
        last = 0
        for index in sorted(found):
            item = self.pieces[index].item
            if groups and item and item == last:
                groups[-1].append(index)
            else:
                groups.append([index])
            last = item
        return groups

    def _reference(self, key: str, group: list[int], linked: list[str]) -> PrintedReference:
        texts: list[str] = []
        links: list[str] = []
        label = self.pieces[group[0]].label
        for index in group:
            piece = self.pieces[index]
            own, text = without_backlinks(piece, self.places, index)
            label = label or own
            if text:
                texts.append(text)
            links += [
                s.targets[0]
                for s in piece.spans
                if s.kind is SpanKind.LINK and not s.targets[0].startswith(IN_PAGE)
            ]
        if len(texts) > 1 and printed_label(f"{texts[0]}. ")[0] == texts[0].strip(". "):
            label = label or texts.pop(0).strip(". ")  # a row's first cell
        text = " ".join(texts)
        mark = next((self.linked[name] for name in linked if MARK_TEXT.fullmatch(self.linked[name])), "")
        mark = mark.strip(BRACKETS)
        printed, begin = printed_label(text)
        if printed and printed == (label or mark or printed) and not (_YEAR.fullmatch(printed)):
            label, text = printed, text[begin:].strip()
        ordinal = self.pieces[group[0]].ordinal
        self.counted = not (label or mark)
        label = label or mark or ("" if ordinal is None else str(ordinal))
        printed_links = [address for address in addresses_in(text) if address not in links]
        return PrintedReference(
            key, label, text, tuple(dict.fromkeys([*links, *printed_links])), line=self.pieces[group[0]].line
        )

    def _with_book(self, reference: PrintedReference, group: list[int]) -> PrintedReference:
        """A short note ("Smith 2019, p. 4") with the addresses and identifiers of the book it links to."""
        if reference.links:
            return reference
        for index in group:
            for span in self.pieces[index].spans:
                name = span.targets[0].removeprefix(IN_PAGE) if span.targets else ""
                place = self._place(name) if name.startswith("CITEREF") else None
                if place is None or place.piece in group:
                    continue
                book = self.pieces[place.piece]
                links = [
                    s.targets[0]
                    for s in book.spans
                    if s.kind is SpanKind.LINK and not s.targets[0].startswith(IN_PAGE)
                ]
                return PrintedReference(
                    reference.key, reference.label, reference.text, tuple(dict.fromkeys(links)),
                    identifiers=identifiers_in([book.text, *links]), line=reference.line,
                )  # fmt: skip
        return reference

    def _is_prose_note(self, group: list[int], found: set[int]) -> bool:
        """Whether a note cites sources itself: a mark in it links to another entry."""
        for index in group:
            piece = self.pieces[index]
            for span in piece.spans:
                if span.kind is not SpanKind.LINK or not span.targets[0].startswith(IN_PAGE):
                    continue
                place = self._place(span.targets[0].removeprefix(IN_PAGE))
                if (
                    place is not None
                    and place.piece in found
                    and place.piece not in group
                    and MARK_TEXT.fullmatch(piece.text[span.start : span.end].strip())
                ):
                    return True
        return False

    def _drop_zones(self, result: Apparatus, found: set[int]) -> None:
        if found:
            result.remarks.update(i for i, zone in enumerate(self.zone) if zone == "after")
        for start, end in runs_of(self.zone, self.pieces):
            inside = range(start, end)
            entries = [i for i in inside if i in found]
            sources = self.zone[start] == "sources"
            if self.zone[start] == "after":
                continue
            if sources and not entries and not self.encyclopedia:
                continue  # "Studien" above a section about studies
            result.dropped.update(inside)
            if (entries and sources) or any(i in result.kept_notes for i in inside):
                result.dropped.difference_update(i for i in inside if self._is_shown_heading(i))
            if entries and sources and not self.encyclopedia:
                result.remarks.update(i for i in range(entries[-1] + 1, end) if self._is_remark(i))

    def _is_shown_heading(self, index: int) -> bool:
        piece = self.pieces[index]
        return piece.kind is BlockKind.HEADING and not piece.outside

    def _is_remark(self, index: int) -> bool:
        piece = self.pieces[index]
        return piece.kind is not BlockKind.HEADING and not piece.outside


def _once_counted(references: Sequence[PrintedReference], counted: Sequence[int]) -> list[PrintedReference]:
    """The references, labels left out of a list that merely counts and whose count another list has used.

    :param counted: for each the number of the list that gives it its label by counting; 0 if it is printed.
    """
    used = {reference.label for reference, number in zip(references, counted, strict=True) if not number}
    again: set[int] = set()
    for number in dict.fromkeys(filter(None, counted)):
        own = {r.label for r, of in zip(references, counted, strict=True) if of == number}
        if own & used:
            again.add(number)
        used |= own
    return [
        replace(reference, label="") if number in again else reference
        for reference, number in zip(references, counted, strict=True)
    ]
