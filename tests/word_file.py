"""Writes small Word files part by part, so that a test shows what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = f'xmlns:w="{_MAIN}" xmlns:r="{_RELATION}"'

#: Style ids and names as German Word writes them: the ids are German, the names are not.
GERMAN_STYLES = {
    "Titel": "Title",
    "berschrift1": "heading 1",
    "berschrift2": "heading 2",
    "Zitat": "Quote",
    "Literaturverzeichnis": "Bibliography",
    "Verzeichnis1": "toc 1",
}


def run(text: str, properties: str = "") -> str:
    """A run of characters; ``properties`` such as ``<w:vertAlign w:val="superscript"/>``."""
    kept = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{kept}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def raised(text: str) -> str:
    return run(text, '<w:vertAlign w:val="superscript"/>')


def link(text: str, relation: str) -> str:
    return f'<w:hyperlink r:id="{relation}">{run(text)}</w:hyperlink>'


def field(instruction: str, shown: str) -> str:
    """A field as Word, Zotero, Mendeley, EndNote and Citavi write one: instruction, then what is shown."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def note_call(kind: str, number: int) -> str:
    """``footnote`` or ``endnote``; Word's own ids begin at 1 after two separators."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'


def p(*content: str, style: str = "", number: int | None = None, level: int = 0) -> str:
    """A paragraph of runs (plain words become one), numbered by list ``number`` if given."""
    inner = "".join(part if part.startswith("<w:") else run(part) for part in content)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def word_file(
    *paragraphs: str,
    styles: Mapping[str, str] | None = None,
    language: str = "",
    numbering: Mapping[int, str] | None = None,
    links: Mapping[str, str] | None = None,
    notes: Mapping[str, Mapping[int, str]] | None = None,
    style_properties: Mapping[str, str] | None = None,
    title: str = "",
) -> bytes:
    """A Word file.

    :param styles: names by id.
    :param numbering: the text of a list's levels by its number, such as ``[%1]``; ``•`` for bullets.
    :param links: addresses by relation id.
    :param notes: paragraphs by id, for ``footnote`` and ``endnote``.
    :param style_properties: XML in the definition of a style, by its id.
    """
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/hyperlink" Target={quoteattr(address)} TargetMode="External"/>'
        for name, address in (links or {}).items()
    )
    package = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    parts = {
        "_rels/.rels": package.format(
            f'<Relationship Id="d" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{''.join(paragraphs)}</w:body></w:document>",
        "word/_rels/document.xml.rels": package.format(relations),
        "word/styles.xml": _styles(styles or {}, language, style_properties or {}),
        "word/numbering.xml": _numbering(numbering or {}),
        "docProps/core.xml": (
            f'<c:p xmlns:c="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title></c:p>"
        ),
    }
    for kind, bodies in (notes or {}).items():
        inner = "".join(f'<w:{kind} w:id="{n}">{body}</w:{kind}>' for n, body in bodies.items())
        parts[f"word/{kind}s.xml"] = f"<w:{kind}s {_NAMESPACES}>{inner}</w:{kind}s>"
        parts[f"word/_rels/{kind}s.xml.rels"] = package.format(relations)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return buffer.getvalue()


def _styles(names: Mapping[str, str], language: str, properties: Mapping[str, str]) -> str:
    default = f'<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    styles = "".join(
        f'<w:style w:type="{"character" if "rPr" in properties.get(name, "") else "paragraph"}" w:styleId="{name}">'
        f'<w:name w:val="{shown}"/>{properties.get(name, "")}</w:style>'
        for name, shown in names.items()
    )
    return f"<w:styles {_NAMESPACES}>{default if language else ''}{styles}</w:styles>"


def _numbering(lists: Mapping[int, str]) -> str:
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{"bullet" if text == "•" else "decimal"}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        for n, text in lists.items()
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in lists)
    return f"<w:numbering {_NAMESPACES}>{abstract}{numbers}</w:numbering>"
