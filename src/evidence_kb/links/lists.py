"""Addresses out of files that are no knowledge base: plain lists, Markdown, HTML, BibTeX."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError

__all__ = ["Listed", "addresses_in", "decoded", "read_list"]

_BARE = re.compile(r"""https?://[^\s<>"'`|\\{}]+""", re.I)
_MARKDOWN = re.compile(
    r"\]\(\s*<?([^()\s>]*(?:\([^()\s]*\)[^()\s>]*)*)>?(?:\s+[\"'(][^\n]*?)?\s*\)|^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)",
    re.M,
)
_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.M | re.S)
_BIBTEX = re.compile(
    r"""\b(?:url|howpublished)\s*=\s*[{"]\s*(?:\\url\{)?\s*([^}"\s]+)|\bdoi\s*=\s*[{"]\s*([^}"\s]+)""", re.I
)
_TRAILING = ".,;:!?\"'*_"


class Listed(NamedTuple):
    """An address and where it was found."""

    url: str
    file: str
    line: int


def read_list(path: Path) -> Iterator[Listed]:
    """The addresses in a file, by its ending: ``.md``, ``.html``, ``.bib``; otherwise one a line.

    :raises InputError: it cannot be read, or is no UTF-8 text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path) from None
    return addresses_in(decoded(data, str(path)), path.suffix.lower(), str(path))


def decoded(data: bytes, name: str) -> str:
    """``data`` as text.

    :raises InputError: it is no UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8 here; save the file as UTF-8", name, line) from None


def addresses_in(text: str, ending: str, name: str) -> Iterator[Listed]:
    """The addresses in a text of the kind its file's ending says, each with its line."""
    match ending:
        case ".md" | ".markdown":
            found = _in_markdown(text)
        case ".html" | ".htm" | ".xhtml":
            found = _in_html(text)
        case ".bib":
            found = _in_bibtex(text)
        case _:
            for number, line in enumerate(text.split("\n"), 1):
                url = line.strip()
                if url and not url.startswith("#"):
                    yield Listed(url, name, number)
            return
    breaks = [place.start() for place in re.finditer("\n", text)]
    for position, url in found:
        yield Listed(url, name, bisect_left(breaks, position) + 1)


def _in_markdown(text: str) -> Iterator[tuple[int, str]]:
    text = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    seen = []
    for link in _MARKDOWN.finditer(text):
        url = link[1] if link[1] is not None else link[2]
        if url and re.match(r"[a-z][a-z0-9+.-]*:", url, re.I):
            seen.append((link.start(), url))
            text = text[: link.start()] + re.sub(r"[^\n]", " ", link[0]) + text[link.end() :]
    seen += [(bare.start(), _trimmed(bare[0])) for bare in _BARE.finditer(text)]
    yield from sorted(seen)


def _in_html(text: str) -> Iterator[tuple[int, str]]:
    from selectolax.lexbor import LexborHTMLParser

    position = 0
    for node in LexborHTMLParser(text).css("a[href], link[href]"):
        url = (node.attributes.get("href") or "").strip()
        if re.match(r"https?:", url, re.I):
            at = text.find(url, position)
            position = at if at >= 0 else position
            yield position, url


def _in_bibtex(text: str) -> Iterator[tuple[int, str]]:
    for field in _BIBTEX.finditer(text):
        doi = field[2]
        url = field[1] if doi is None else doi if "://" in doi else f"https://doi.org/{doi}"
        yield (
            field.start(),
            url.replace("\\_", "_").replace("\\%", "%").replace("\\&", "&").replace("\\#", "#"),
        )


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it, and brackets that were opened outside."""
    while url and (url[-1] in _TRAILING or _closes(url, "()") or _closes(url, "[]")):
        url = url[:-1]
    return url


def _closes(url: str, pair: str) -> bool:
    """Whether the last character is a bracket that was opened outside."""
    return url[-1] == pair[1] and url.count(pair[1]) > url.count(pair[0])
