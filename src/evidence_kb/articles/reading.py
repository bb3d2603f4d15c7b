"""Reading an article whatever its format: which format it is, and what was understood of it.

The file's name proposes a format, its content decides.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, UsageError
from ..text_fragments import fold
from .document import Document, Problem, ProblemKind
from .file_kinds import READABLE
from .safety import MAX_TEXT_BYTES, decode, read_bytes

if TYPE_CHECKING:
    from .manuscript import Manuscript

__all__ = ["FORMATS", "ReadArticle", "articles_in", "read_article", "read_document", "texts_of"]

#: The formats, and what names of their files end in.
FORMATS: dict[str, tuple[str, ...]] = {
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
    "html": (".html", ".htm", ".xhtml"),
    "jats": (".xml", ".nxml", ".jats"),
    "docx": (".docx",),
}
_BY_SUFFIX = {suffix: name for name, suffixes in FORMATS.items() for suffix in suffixes}
_HEAD = 4096
_JATS = re.compile(rb"<(\w+:)?(article|pmc-articleset)[\s>]|JATS|NLM//DTD", re.I)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_MARKDOWN = re.compile(r"^#{1,6} \S|^\[\^[^\]\n]+\]:|\]\(https?://|^(?:```|~~~)|^---\n", re.M)
#: What web pages begin with that have lost their <html>.
_TAGS = re.compile(rb"\s*<(!--|head|body|div|article|section|main|p|h1)[\s>]", re.I)


@dataclass(frozen=True)
class ReadArticle:
    """An article, read.

    :param document: what was understood of it.
    :param text: what its passages are looked up in and its digest is made of: of plain text the whole
        file, of other formats everything that a reader sees, source list included.
    """

    document: Document
    text: str


def read_document(
    path: str | Path,
    format: str | None = None,  # noqa: A002 - the word everybody uses for it
    *,
    lexicons: Sequence[Path] = (),
) -> Document:
    """What was understood of the article in a file.

    :param path: the file; ``-`` for standard input.
    :param format: one of `FORMATS`; found from name and content where not given.
    :param lexicons: files with more words by which articles appeal to studies; see ``appeals.toml``.
    :raises InputError: it cannot be read, or is no article in a format we know.
    :raises UsageError: no format is called that.
    """
    return read_article(path, format, lexicons=lexicons).document


def read_article(
    path: str | Path,
    format: str | None = None,  # noqa: A002
    *,
    lexicons: Sequence[Path] = (),
) -> ReadArticle:
    """The article in a file, with the text that passages are looked up in; as `read_document`."""
    if format is not None and format not in FORMATS:
        raise UsageError(f"no format is called {format!r}: it is one of {', '.join(FORMATS)}")
    shown = "standard input" if str(path) == "-" else str(path)
    data = _standard_input() if str(path) == "-" else read_bytes(Path(path))
    suffix = "" if str(path) == "-" else Path(path).suffix.lower()
    expected = _BY_SUFFIX.get(suffix)
    kind = format or _format_of(data, expected, shown)
    try:
        manuscript, text, notes = _READERS[kind](data, Path(shown))
    except InputError as error:
        raise error if error.file else InputError(error.what, shown, error.line) from None
    if format is None and expected not in {None, kind}:
        notes = (*notes, f"the name ends in {suffix}, but this is {_CALLED[kind]}: read as such")
    return _understood(manuscript, kind, text, notes, shown, lexicons)


def texts_of(files: Mapping[str, Path]) -> dict[str, str]:
    """The texts of articles in files of any format, by the same keys.

    :raises InputError: a file cannot be read.
    """
    return {article: read_article(file).text for article, file in files.items()}


def articles_in(given: Iterable[str | Path]) -> Iterator[Path]:
    """The files that are meant: files as given, folders by what can be read in them, sorted, each once.

    :raises InputError: a folder holds no readable file.
    """
    seen: set[Path] = set()
    for word in given:
        path = Path(word)
        if _circles(path):
            raise InputError("is a link that leads back to itself; name the file", path)
        if str(word) == "-" or not path.is_dir():
            found = [path]
        else:
            found = sorted(_readable_in(path))
            if not found:
                endings = " ".join(_BY_SUFFIX)
                raise InputError(f"holds no article: none of its files ends in {endings}", path)
        for one in found:
            key = one if str(one) == "-" else one.resolve()
            if key not in seen:
                seen.add(key)
                yield one


def _circles(path: Path) -> bool:
    try:
        path.resolve()
    except (RuntimeError, OSError) as error:  # up to Python 3.12 the first, later the second
        return isinstance(error, RuntimeError) or error.errno == errno.ELOOP
    return False


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise InputError(
            f"has more than {MAX_TEXT_BYTES // 1024**2} MB; name the file instead", "standard input"
        )
    if not data.strip():
        raise InputError("is empty: there is no article in it", "standard input")
    return data


def _readable_in(folder: Path) -> Iterator[Path]:
    for inner, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if Path(name).suffix.lower() in _BY_SUFFIX and not name.startswith((".", "~$")):
                yield Path(inner, name)


# -- which format ------------------------------------------------------------------------------------


def _format_of(data: bytes, expected: str | None, shown: str) -> str:
    """The format that the content shows; the one that the name proposes where it shows none."""
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    head = data[:_HEAD].replace(b"\0", b"")  # UTF-16 reads like ASCII then
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        page, journal = _HTML.search(head), _JATS.search(head)
        if page and (not journal or page.start() < journal.start()):
            return "html"
        if start.startswith(b"<?xml") or expected == "jats" or re.match(rb"<!doctype\s+article", start, re.I):
            if journal or expected == "jats":
                return "jats"
            raise InputError(
                "is XML, but neither JATS nor a web page; save the article's web page and name that file",
                shown,
            )
        if re.match(rb"<article\s[^>]*(article-type|dtd-version)", start, re.I):
            return "jats"
        if _TAGS.match(start) and expected != "markdown":
            return "html"
    if expected is None and _is_json(data):
        raise InputError(f"is JSON, no article; {READABLE}", shown)
    if expected in {None, "jats", "docx"}:
        text = data[: _HEAD * 16].decode("utf-8", "ignore").replace("\r\n", "\n")
        return "markdown" if _MARKDOWN.search(text) else "text"
    return expected


def _is_json(data: bytes) -> bool:
    if not data.lstrip().startswith(b"{"):
        return False
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


# -- readers -----------------------------------------------------------------------------------------

_Read = tuple["Manuscript", "str | None", tuple[str, ...]]


def _read_text(data: bytes, path: Path) -> _Read:
    from .formats.plain.text import read_text

    text, note = decode(data, path)
    return read_text(text), text, (note,) if note else ()


def _read_markdown(data: bytes, path: Path) -> _Read:
    from .formats.web.markdown import read_markdown

    text, note = decode(data, path)
    return read_markdown(text), None, (note,) if note else ()


def _read_html(data: bytes, path: Path) -> _Read:
    from .formats.web.html import read_html

    return read_html(data), None, ()


def _read_jats(data: bytes, path: Path) -> _Read:
    from .formats.jats.jats import read_jats

    return read_jats(data), None, ()


def _read_docx(data: bytes, path: Path) -> _Read:
    from .formats.docx.docx import read_docx

    return read_docx(data), None, ()


_READERS: dict[str, Callable[[bytes, Path], _Read]] = {
    "text": _read_text,
    "markdown": _read_markdown,
    "html": _read_html,
    "jats": _read_jats,
    "docx": _read_docx,
}
_CALLED = {
    "text": "plain text",
    "markdown": "Markdown",
    "html": "a web page",
    "jats": "JATS XML",
    "docx": "a Word document",
}


def _understood(
    manuscript: Manuscript,
    kind: str,
    text: str | None,
    notes: tuple[str, ...],
    shown: str,
    lexicons: Sequence[Path],
) -> ReadArticle:
    from .finding.analysis import understand

    title = manuscript.title or _title_for(manuscript, shown)
    document = understand(replace(manuscript, title=title), kind, lexicons=lexicons)
    if not (manuscript.title or manuscript.blocks or manuscript.references):
        raise InputError("holds no text that could be an article", shown)
    if notes:
        problems = tuple(Problem(ProblemKind.READING, note) for note in notes)
        document = replace(document, problems=(*problems, *document.problems))
    if text is None or not _has_sentences(text, document):
        text = "\n".join(
            [
                manuscript.title,
                *(block.text for block in manuscript.blocks),
                *(f"{entry.label} {entry.text}" for entry in manuscript.references),
            ]
        )
    return ReadArticle(document, text)


def _title_for(manuscript: Manuscript, shown: str) -> str:
    """What an article without a title is called: by a heading above it all, else by its file's name."""
    headings = [block for block in manuscript.blocks if block.kind == "heading" and block.text]
    first = headings[0] if headings else None
    above_all = first is manuscript.blocks[0] if manuscript.blocks else False
    if first is not None and above_all and all(other.level > first.level for other in headings[1:]):
        return first.text
    if shown == "standard input":
        return first.text if first is not None else ""
    words = " ".join(re.split(r"[\s_-]+", Path(shown).stem)).strip()
    return words[:1].upper() + words[1:]


def _has_sentences(text: str, document: Document) -> bool:
    """Whether every sentence stands in ``text`` letter by letter."""
    folded = fold(text)
    return all(fold(sentence.text) in folded for sentence in document.sentences)
