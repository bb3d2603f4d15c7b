"""Reading an HTML page: its main content, the source list wherever it stands, and nothing of the frame.

The parser is libxml2's by `lxml`: it keeps line numbers, and its trees are walked twice as fast as
lexbor's. Scripts, entities of the file's own and addresses are never run, expanded or fetched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ....errors import InputError
from ...manuscript import Manuscript
from ...safety import MAX_TEXT_BYTES, decode
from .page import manuscript_of
from .page_content import content_of, described
from .page_notes import move_notes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["parse_html", "read_html"]

_CHARSET = re.compile(
    rb"""<meta\b[^<>]{0,400}?\bcharset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE
)
_DECLARATION = re.compile(
    rb"""^\s{0,100}<\?xml\b[^<>]{0,200}?\bencoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_.:-]{1,40})"""
)
_HEAD_BYTES = 16_384
#: No page has a tag with so many attributes; parsers take time by their square.
_MOST_ATTRIBUTES = 5_000
_LONG_TAG = 50_000
_WINDOW = _LONG_TAG // 2


def read_html(data: str | bytes) -> Manuscript:
    """The article on a page.

    :param data: the page; bytes are decoded by their byte order mark, then as UTF-8, then as the page says.
    :raises InputError: it is no text, has no text, or is made to choke a parser.
    """
    notes: tuple[str, ...] = ()
    if isinstance(data, bytes):
        head = data[:_HEAD_BYTES]
        said = _CHARSET.search(head) or _DECLARATION.match(head)
        data, note = decode(data, declared=said[1].decode("ascii") if said else None)
        notes = (note,) if note else ()
    root = parse_html(data)
    if "modern-footnotes" in data or "sidenote" in data:
        move_notes(root)
    page = described(root)
    manuscript = manuscript_of(
        root,
        title=page.title,
        language=page.language,
        content=content_of(root),
        address=page.address,
        encyclopedia=page.encyclopedia,
        notes=notes,
    )
    if not manuscript.blocks and not manuscript.references:
        raise InputError("has no text; is it a page that only a browser's scripts fill?")
    return manuscript


def parse_html(text: str) -> _Element:
    """The tree of a page.

    :raises InputError: it is too large, nested deeper than 2,048 elements, or has a tag with thousands of
        attributes.
    """
    from lxml import etree

    if len(text) > MAX_TEXT_BYTES:
        raise InputError(
            f"is larger than {MAX_TEXT_BYTES >> 20} MB, too large for an article; cut it into parts"
        )
    _refuse_endless_tags(text)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace") or b"<p>", parser)
    if root is None:
        raise InputError("is no HTML; nothing to read")
    for fault in parser.error_log:
        if fault.type_name == "ERR_RESOURCE_LIMIT":
            raise InputError("elements are nested too deeply; are tags left unclosed?", line=fault.line)
    return root


def _refuse_endless_tags(text: str) -> None:
    # Every stretch that long without a ">" holds a whole window without one.
    if all(text.find(">", at, at + _WINDOW) >= 0 for at in range(0, len(text) - _WINDOW, _WINDOW)):
        return
    at = 0
    while (end := text.find(">", at)) >= 0 or at < len(text):
        end = end if end >= 0 else len(text)
        if (
            end - at > _LONG_TAG
            and text.count("=", at, end) > _MOST_ATTRIBUTES
            and text.count(" ", at, end) > _MOST_ATTRIBUTES
        ):
            opened = text.find("<", at, end)
            if opened >= 0 and re.match(r"<[A-Za-z]+(?:\s+[\w-]+=[^\s]{0,100}){100}", text[opened:end]):
                line = text.count("\n", 0, opened) + 1
                raise InputError("a tag has thousands of attributes; no article has", line=line)
        at = end + 1
