"""Addresses out of files that are no knowledge base: plain lists, Markdown, HTML, BibTeX."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..errors import InputError

if TYPE_CHECKING:
    from bibtexparser.model import Block
    from markdown_it.token import Token

__all__ = ["Listed", "addresses_in", "decoded", "read_list"]

_BARE = re.compile(r"""https?://[^\s<>"'`|\\{}“”„‚‘’«»]+""", re.I)
_WEB = re.compile(
    r"(?!(?:mailto|tel|data|javascript):)[a-z][a-z0-9+.-]+:", re.I
)  #: schemes that ask a server
_LINKS = "a[href], area[href], link[href], img[src], iframe[src]"
_NO_PAGE = frozenset(("preconnect", "dns-prefetch"))  #: relations that name a host only
_URL_FIELDS = re.compile(r"url|bdsk-url-\d+|ee|link|howpublished|note|annote|addendum", re.I)
_LATEX_URL = re.compile(r"\\(?:url|href)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_LATEX = re.compile(r"\\([_%&#~$^{}])|[{}]")
_TRAILING = ",;:!?\"'*_"


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
            found = _in_lines(text)
    return (Listed(url, name, line) for line, url in found)


def _in_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        url = line.strip()
        if url and not url.startswith("#"):
            yield number, url


def _in_markdown(text: str) -> Iterator[tuple[int, str]]:
    """Links, images and bare addresses of CommonMark with tables; nothing in code or comments."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    reader.normalizeLink = lambda url: url.replace(" ", "%20")  # type: ignore[method-assign]  # as written
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    defined: dict[str, dict[str, dict[str, Any]]] = {}
    found: list[tuple[int, str]] = []
    for token in reader.parse(text, defined):
        line = token.map[0] + 1 if token.map else 1
        if token.type == "html_block":
            found += [(line + at - 1, url) for at, url in _in_html(token.content)]
        elif token.type == "inline":
            found += _in_inline(token.children or [], line)
    used = {url for _, url in found}
    sentences = {}  # a footnote looks like a definition, and ends with the dot of its sentence
    for label, reference in defined.get("references", {}).items():
        url = str(reference["href"])
        if label.startswith("^"):
            sentences[url] = _trimmed(url)
        elif _WEB.match(url) and url not in used:
            found.append((reference["map"][0] + 1, url))
    found = [(line, sentences.get(url, url)) for line, url in found]
    yield from sorted(found, key=lambda one: one[0])


def _in_inline(tokens: list[Token], line: int) -> Iterator[tuple[int, str]]:
    inside = 0  #: links, in which a bare address is only their text
    for token in tokens:
        url = str(token.attrs.get("href") or token.attrs.get("src") or "")
        if _WEB.match(url):
            yield line, url
        if token.type == "html_inline":
            yield from ((line, url) for _, url in _in_html(token.content))
        elif token.type == "text" and not inside:
            yield from ((line, _trimmed(bare[0])) for bare in _BARE.finditer(token.content))
        inside += token.nesting if token.type.startswith("link") else 0
        line += token.type in {"softbreak", "hardbreak"}


def _in_html(text: str) -> Iterator[tuple[int, str]]:
    from html import escape

    from selectolax.lexbor import LexborHTMLParser

    breaks = [place.start() for place in re.finditer("\n", text)]
    position = 0
    for node in LexborHTMLParser(text).css(_LINKS):
        url = (node.attributes.get("href") or node.attributes.get("src") or "").strip()
        relations = (node.attributes.get("rel") or "").lower().split()
        if re.match(r"https?:", url, re.I) and _NO_PAGE.isdisjoint(relations):
            at = max(text.find(url, position), text.find(escape(url), position))
            position = max(at, position)
            yield bisect_left(breaks, position) + 1, url


def _in_bibtex(text: str) -> Iterator[tuple[int, str]]:
    """The addresses and DOIs of entries; of entries that are broken, what looks like an address."""
    import logging

    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what is broken is read all the same
    library = parse_string(text)
    for block in sorted(library.blocks, key=lambda one: one.start_line or 0):
        yield from _in_entry(block)


def _in_entry(block: Block) -> Iterator[tuple[int, str]]:
    from bibtexparser.model import Entry, ParsingFailedBlock

    line = (block.start_line or 0) + 1
    entry = getattr(block, "ignore_error_block", None) or block  # a key or a field that is there twice
    if isinstance(entry, ParsingFailedBlock):
        lines = enumerate((block.raw or "").split("\n"), line)
        yield from ((n, _trimmed(bare[0])) for n, one in lines for bare in _BARE.finditer(one))
    elif isinstance(entry, Entry):
        for field in entry.fields:
            value, at = str(field.value), (field.start_line or 0) + 1
            if field.key.lower() == "doi":
                doi = _plain(
                    re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip("{} "), flags=re.I)
                )
                yield at, f"https://doi.org/{quote(doi, safe='/:;()._-')}"
            elif _URL_FIELDS.fullmatch(field.key):
                yield from ((at, url) for url in _in_field(field.key.lower(), value))


def _in_field(key: str, value: str) -> Iterator[str]:
    given = [_plain(url) for url in _LATEX_URL.findall(value)]
    if not given and key.startswith(("url", "bdsk", "ee", "link")):
        text = re.sub(r"\s*\n\s*", "", value).strip()
        given = [_plain(text.strip('"{}'))] if " # " not in text else []  # put together from @string
    yield from given or [_trimmed(bare[0]) for bare in _BARE.finditer(_plain(value))]


def _plain(latex: str) -> str:
    """An address as LaTeX writes it, without what LaTeX wants."""
    return _LATEX.sub(lambda found: found[1] or "", latex.strip())


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it, and brackets that were opened outside."""
    while url and (url[-1] in _TRAILING or _closes(url, "()") or _closes(url, "[]") or _ends_sentence(url)):
        url = url[:-1]
    return url


def _ends_sentence(url: str) -> bool:
    """Whether the last dot is the sentence's; three of them say that the address is cut short."""
    return url.endswith(".") and not url.endswith("...")


def _closes(url: str, pair: str) -> bool:
    """Whether the last character is a bracket that was opened outside."""
    return url[-1] == pair[1] and url.count(pair[1]) > url.count(pair[0])
