"""Notes that a page prints within the sentence that calls them, moved behind their paragraph.

Some systems write a note's text next to its mark and let scripts or styles show it elsewhere: the WordPress
plugin Modern Footnotes, and margin notes as Tufte CSS has them. Read as they stand, the notes would be words
of the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .page_pieces import UNDEFINED

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["move_notes"]

_MODERN, _MODERN_MARK = "modern-footnotes-footnote__note", "modern-footnotes-footnote"
_MARGIN, _MARGIN_MARK = "sidenote", "sidenote-number"
_IN_LINE = frozenset({"a", "b", "cite", "em", "i", "small", "span", "strong", "sub", "sup"})


def move_notes(root: _Element) -> None:
    """Move the notes within sentences behind the block they stand in, each linked by its mark.

    What then stands there is what HTML has for notes: ``<div role="doc-footnote" id="…">``.
    """
    after: dict[_Element, _Element] = {}
    counted = 0
    for note in list(root.iter("span", "small")):
        classes = note.get("class", "").split()
        if _MODERN in classes:
            mark, label = _mark_before(note, _MODERN_MARK), note.get("data-mfn", "")
        elif _MARGIN in classes:
            mark, label = _mark_before(note, _MARGIN_MARK), str(counted + 1)
        else:
            continue
        if mark is None or not label:
            continue
        counted += 1
        name = f"{UNDEFINED}in-line-{counted}"
        block = note.getparent()
        while block is not None and block.tag in _IN_LINE:
            block = block.getparent()
        if block is None:
            continue
        _call(mark, name, label)
        _take_out(note)
        note.tag = "div"
        note.attrib.clear()
        note.attrib.update({"role": "doc-footnote", "id": name, "data-label": label})
        place = after.get(block, block)
        place.addnext(note)
        after[block] = note


def _mark_before(note: _Element, name: str) -> _Element | None:
    """The mark before a note, which only a switch may stand between."""
    before = note.getprevious()
    if before is not None and before.tag == "input":
        before = before.getprevious()
    return before if before is not None and name in before.get("class", "").split() else None


def _call(mark: _Element, name: str, label: str) -> None:
    """Make a mark the raised link that it looks like."""
    tail = mark.tail
    mark.clear()
    mark.tag, mark.tail = "sup", tail
    link = mark.makeelement("a", {"href": f"#{name}"})
    link.text = label
    mark.append(link)


def _take_out(note: _Element) -> None:
    """Remove an element from its parent, the text behind it left where it is."""
    parent, before, tail = note.getparent(), note.getprevious(), note.tail
    note.tail = None
    if parent is None:
        return
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(note)
