"""What people hand in by mistake: files of kinds that are not read, and how to mend that."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["READABLE", "binary_kind", "package_kind"]

READABLE = "text, Markdown, HTML, JATS XML and DOCX can be read"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURE = f"take its text out first; {READABLE}"
_PACKED = "unpack it and name the file in it"
#: First bytes, what begins so, and what to do about it.
_KINDS = (
    (b"%PDF-", "a PDF file", f"convert it first, for example with pdftotext; {READABLE}"),
    (b"{\\rtf", "an RTF file", "save it as DOCX"),
    (b"PK\x03\x04", "a packed file", _PACKED),
    (b"\x1f\x8b", "a packed file (gzip)", _PACKED),
    (b"BZh", "a packed file (bzip2)", _PACKED),
    (b"\xfd7zXZ\x00", "a packed file (xz)", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)", _PACKED),
    (b"\x89PNG", "a picture (PNG)", _PICTURE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _PICTURE),
    (b"GIF8", "a picture (GIF)", _PICTURE),
    (b"SQLite format 3\0", "a database (SQLite)", READABLE),
)
#: Names of streams in Microsoft's older container, as its directory spells them.
_STREAMS = (
    ("EncryptedPackage", "is protected by a password; save it without one"),
    ("WordDocument", "is an old Word file (.doc); save it as DOCX"),
    ("Workbook", "is an Excel file; save the article as DOCX"),
    ("PowerPoint Document", "is a PowerPoint file; save the article as DOCX"),
)
#: What a packed file has that is no Word document.
_MEMBERS = (
    ("META-INF/container.xml", "is an e-book (EPUB); unpack it and name the .xhtml file of a chapter"),
    ("OEBPS/", "is an e-book (EPUB); unpack it and name the .xhtml file of a chapter"),
    ("xl/", "is an Excel file; save the article as DOCX"),
    ("ppt/", "is a PowerPoint file; save the article as DOCX"),
    ("Index/", "is a file of Pages, Numbers or Keynote; export it as DOCX"),
    ("content.xml", "is an OpenDocument file (.odt); save it as DOCX"),
)


def binary_kind(data: bytes) -> str | None:
    """The whole line that refuses a file by its first bytes; ``None`` if they are those of no kind known.

    >>> binary_kind(b"{\\\\rtf1 Tea}"), binary_kind(b"Tea")
    ('is an RTF file; save it as DOCX', None)
    """
    if data.startswith(_OLE):
        for stream, line in _STREAMS:
            if stream.encode("utf-16-le") in data:
                return line
        return "is an old Word file (.doc) or a file under a password; save it as DOCX without one"
    return next((f"is {what}; {advice}" for magic, what, advice in _KINDS if data.startswith(magic)), None)


def package_kind(names: Collection[str]) -> str:
    """The line that refuses a packed file without a Word document in it, by the names of what is in it."""
    for member, line in _MEMBERS:
        if any(name.startswith(member) for name in names):
            return line
    return "is a packed file without a Word document in it; unpack it and name the article"
