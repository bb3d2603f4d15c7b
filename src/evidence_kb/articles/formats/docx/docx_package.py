"""A DOCX file made ready for the converter: checked, and with what the converter leaves out written in.

mammoth does not count Word's automatic numbers, skips simple fields, and knows raised characters only
where the run itself says so. Here the numbers are written into bookmarks, simple fields opened, and
styles' raised characters made the runs' own. Macros, pictures and whatever lies outside are left alone.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ....errors import InputError
from ...file_kinds import package_kind
from ...safety import MAX_DEPTH, check_container
from .docx_numbers import Numbering, W, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

__all__ = ["NUMBER", "Package", "open_package"]

#: What the bookmarks that carry a paragraph's printed number are called, before the number.
NUMBER = "evidence-kb-number:"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
#: Wrappers that the converter does not know, given the name of one whose contents it reads.
_WRAPPERS = tuple(f"{W}{name}" for name in ("fldSimple", "dir", "bdo"))
_HEADING = re.compile(r"(?:heading|überschrift|berschrift|titre)\s*([1-9])", re.IGNORECASE)
_LONGEST_CHAIN = 20
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TITLE_PROPERTY = "{http://purl.org/dc/elements/1.1/}title"


@dataclass(frozen=True)
class Package:
    """A DOCX file ready to be converted, and what its styles say.

    :param data: the mended file.
    :param language: of the default style; ``""`` if it says none.
    :param title: of the document's properties.
    :param levels: of headings, by the style's id.
    :param two_kinds_of_notes: whether the text calls footnotes and endnotes.
    """

    data: bytes
    language: str
    title: str
    levels: Mapping[str, int]
    two_kinds_of_notes: bool


def open_package(data: bytes) -> Package:
    """The package in a DOCX file.

    :raises InputError: it is no DOCX, damaged, protected, or would unpack to too much (`safety`).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            check_container(file.infolist())
            names = file.namelist()
            parts = {
                name: _bytes(file.read(name))
                for name in names
                if name.lower().endswith((".xml", ".rels")) and not name.startswith("word/embeddings/")
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise InputError(f"is a damaged DOCX file ({error}); open it in Word and save it again") from None
    main = _main_part(parts)
    folder = posixpath.dirname(main)
    styles, numbering = (_tree(parts, posixpath.join(folder, f"{n}.xml")) for n in ("styles", "numbering"))
    raised = _raised_styles(styles)
    document = _tree(parts, main)
    if document is None:
        raise InputError(package_kind(names))
    _number(document, Numbering(numbering, styles))
    parts[main] = _mended(document, raised, _relations(parts, main))
    for name in ("footnotes", "endnotes"):
        path = posixpath.join(folder, f"{name}.xml")
        notes = _tree(parts, path)
        if notes is not None:
            parts[path] = _mended(notes, raised, _relations(parts, path))
    return Package(
        _packed(parts), _language(styles, document), _property(parts), _levels(styles), _two_kinds(document)
    )


def _main_part(parts: Mapping[str, bytes]) -> str:
    root = _tree(parts, "_rels/.rels")
    for relation in root if root is not None else ():
        if (relation.get("Type") or "").endswith("/officeDocument"):
            return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _bytes(data: bytes) -> bytes:
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    return data


def _tree(parts: Mapping[str, bytes], name: str) -> _Element | None:
    """A part's root; what is not well-formed is read as far as it goes."""
    from lxml import etree

    data = parts.get(name)
    if not data:
        return None
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise InputError(f"declares XML entities ({name}), which Word never does; refused")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, recover=True, remove_comments=True
    )
    root = etree.fromstring(data, parser)
    if root is not None and root.xpath(f"boolean({'/*' * (MAX_DEPTH + 1)})"):
        raise InputError(f"is nested deeper than {MAX_DEPTH} elements ({name}); no article is")
    return root


def _number(document: _Element, numbering: Numbering) -> None:
    for paragraph in document.iter(f"{W}p"):
        number = numbering.number(paragraph)
        if number is not None:
            mark = paragraph.makeelement(f"{W}bookmarkStart", {f"{W}id": "0", f"{W}name": NUMBER + number})
            paragraph.insert(1 if paragraph.find(f"{W}pPr") is not None else 0, mark)


def _relations(parts: Mapping[str, bytes], name: str) -> frozenset[str]:
    folder, base = posixpath.split(name)
    root = _tree(parts, posixpath.join(folder, "_rels", f"{base}.rels"))
    return frozenset(relation.get("Id") or "" for relation in (root if root is not None else ()))


def _mended(root: _Element, raised: frozenset[str], relations: frozenset[str]) -> bytes:
    from lxml import etree

    for picture in list(root.iter(*_PICTURES)):
        parent = picture.getparent()
        if parent is not None:
            parent.remove(picture)
    for link in root.iter(f"{W}hyperlink"):
        if link.get(_RELATION) not in relations:
            link.attrib.pop(_RELATION, None)
    for wrapper in list(root.iter(*_WRAPPERS)):
        wrapper.tag = f"{W}smartTag"
    for run in list(root.iter(f"{W}r")):
        properties = run.find(f"{W}rPr")
        if properties is None:
            continue
        hidden = properties.find(f"{W}vanish")
        parent = run.getparent()
        if hidden is not None and hidden.get(f"{W}val") not in {"0", "false"} and parent is not None:
            if run.find(f"{W}fldChar") is None:
                parent.remove(run)
        elif value(properties, "rStyle") in raised and properties.find(f"{W}vertAlign") is None:
            etree.SubElement(properties, f"{W}vertAlign", {f"{W}val": "superscript"})
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def _chains(styles: _Element | None) -> Iterator[tuple[str, list[_Element]]]:
    """Each style's id, with the style and those it is based on, itself first."""
    known = {} if styles is None else {e.get(f"{W}styleId"): e for e in styles.iterfind(f"{W}style")}
    for identifier in known:
        chain: list[_Element] = []
        style: str | None = identifier
        while style in known and known[style] not in chain and len(chain) < _LONGEST_CHAIN:
            chain.append(known[style])
            style = value(known[style], "basedOn")
        yield identifier or "", chain


def _raised_styles(styles: _Element | None) -> frozenset[str]:
    said = ((name, (value(link, "rPr/vertAlign") for link in chain)) for name, chain in _chains(styles))
    return frozenset(name for name, own in said if next(filter(None, own), None) == "superscript")


def _levels(styles: _Element | None) -> dict[str, int]:
    """Heading levels by style: English Word, German Word and styles made from theirs."""
    levels = {}
    for identifier, chain in _chains(styles):
        for link in chain if chain[0].get(f"{W}type") == "paragraph" else ():
            named = _HEADING.match(value(link, "name") or "") or _HEADING.match(link.get(f"{W}styleId") or "")
            outline = value(link, "pPr/outlineLvl")
            if named:
                levels[identifier] = int(named[1])
            elif outline is not None and outline in set("01234567"):
                levels[identifier] = int(outline) + 1
            else:
                continue
            break
    return levels


def _language(styles: _Element | None, document: _Element) -> str:
    """What the runs say most, weighed by their length, or else the default style."""
    default = value(styles, "docDefaults/rPrDefault/rPr/lang")
    for style in (
        styles.iterfind(f"{W}style[@{W}default='1'][@{W}type='paragraph']") if styles is not None else ()
    ):
        default = value(style, "rPr/lang") or default
    weights: dict[str, int] = {}
    for text in document.iter(f"{W}t"):
        run = text.getparent()
        said = value(run, "rPr/lang") or default
        if said:
            weights[said[:2].lower()] = weights.get(said[:2].lower(), 0) + len(text.text or "")
    return max(weights, key=lambda name: weights[name]) if weights else (default or "")[:2].lower()


def _two_kinds(document: _Element) -> bool:
    return all(document.find(f".//{W}{kind}Reference") is not None for kind in ("footnote", "endnote"))


def _property(parts: Mapping[str, bytes]) -> str:
    root = _tree(parts, "docProps/core.xml")
    found = None if root is None else root.find(_TITLE_PROPERTY)
    return "" if found is None else " ".join((found.text or "").split())
