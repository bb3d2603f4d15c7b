"""References made in the running text itself: linked or printed DOIs, register numbers, and web links.

A link to a scholarly record (DOI, PubMed, PMC, a register of trials, arXiv) is a citation wherever it
stands. Other links are sources only where an article has no source list: a link in prose is more often a
service to the reader than a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from .identifiers import identifiers_in
from .manuscript import Block, BlockKind, PrintedReference, Span, SpanKind
from .source_lists import is_pointer
from .stretches import overlapping

__all__ = ["cite_links"]

_DOI = re.compile(
    r"(?:\bdoi:?\s?|https?://(?:dx\.)?doi\.org/)?\b10\.\d{4,9}/[^\s\"<>„“”»«{}|\\^`]{1,300}", re.IGNORECASE
)
_PRINTED = re.compile(
    r"\bPMID:?\s?\d{1,8}\b|\bPMCID:?\s?PMC\d{3,9}\b|\bPMC\d{3,9}\b|\bDRKS\s?\d{8}\b|\bNCT\s?\d{8}\b|\bISRCTN\s?\d{8}\b"
    r"|\barxiv:\s?\d{4}\.\d{4,5}\b",
    re.IGNORECASE,
)
_SCHOLARLY_HOST = re.compile(
    r"https?://(?:(?:dx\.)?doi\.org|(?:www\.|pubmed\.|pmc\.)?ncbi\.nlm\.nih\.gov|europepmc\.org|(?:www\.)?clinicaltrials\.gov"
    r"|(?:www\.)?drks\.de|(?:www\.)?isrctn\.com|arxiv\.org)/",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\[(【]?\s?(\d{1,3})\s?[\])】]?")
#: Hosts that links in prose lead to without citing: sharing, shops, maps, profiles.
_NO_SOURCE = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|linkedin|pinterest|xing|whatsapp|telegram|youtube|tiktok|amazon|paypal"
    r"|patreon|steadyhq|ko-fi|readspeaker|printfriendly|flickr|apple|spotify|google|unsplash|pexels|pixabay|shutterstock|gettyimages|istockphoto|stock\.adobe)"
    r"\.(?:com|de|org|co\.uk|fr|me)$|(?:^|\.)(?:amzn\.to|t\.me|wa\.me|youtu\.be|wikipedia\.org|wikimedia\.org|creativecommons\.org)$"
)
_BEGINS_WITH_YEAR = re.compile(r"(?:1[89]|20)\d\d\b")
#: Names before a bracket that begins with the year: "Oak und Kollegen (2001, …)".
_NAMES_BEFORE = re.compile(
    r"\b((?:[A-ZÄÖÜÉ][\w’'-]{1,30}(?: [A-ZÄÖÜÉ][\w’'-]{1,30})?, ){0,8}"
    r"[A-ZÄÖÜÉ][\w’'-]{1,30}(?:,? (?:&|und|and|et) [A-ZÄÖÜÉ][\w’'-]{1,30}| et al\.?| u\. ?a\."
    r"| und Kolleg\w{1,5}| und Mitarbeite\w{1,5}| and colleagues)?)\s?$"
)
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.CELL})
_LONGEST_ASIDE = 200
_CLOSING = ".,;:!?'’*_|"


def cite_links(
    blocks: Sequence[Block], listed: Sequence[PrintedReference], address: str = ""
) -> tuple[list[Block], list[PrintedReference]]:
    """The blocks with marks where they cite in passing, and all references: the listed ones, then those.

    Every distinct work becomes one reference, numbered on from the list. Where the list already has the
    work, the mark names its entry.

    :param address: the page's own; links to its host are no sources.
    """
    cited = _Cited(listed, _host(address))
    return [cited.block(block) for block in blocks], [*listed, *cited.added]


class _Cited:
    def __init__(self, listed: Sequence[PrintedReference], own_host: str) -> None:
        self.any_listed = bool(listed)
        self.own_host = own_host
        self.added: list[PrintedReference] = []
        self.keys: dict[str, str] = {}
        self.labels = {entry.label: entry.key for entry in listed if entry.label}
        numbers = [int(label) for label in self.labels if label.isdecimal() and len(label) < 6]
        self.number = max(numbers, default=0 if self.labels else len(listed))
        for entry in listed:
            for name in (
                *identifiers_in([entry.text, *entry.links]),
                *entry.identifiers,
                *map(_plain, entry.links),
            ):
                self.keys.setdefault(name, entry.key)

    def block(self, block: Block) -> Block:
        """The block, the links that cite made marks."""
        text = block.text
        if block.kind not in _PROSE or (
            not any(span.kind is SpanKind.LINK for span in block.spans)
            and "10." not in text
            and not _PRINTED.search(text)
        ):
            return block
        pointer = is_pointer(text)
        is_taken = overlapping(
            (s.start, s.end) for s in block.spans if s.kind in {SpanKind.MARK, SpanKind.LITERAL}
        )
        last = 0
        links = {(s.start, s.end): s for s in block.spans if s.kind is SpanKind.LINK}
        spans = [span for span in block.spans if span.kind is not SpanKind.LINK]
        for start, end in sorted({*links, *_printed(text)}):
            key = None
            if start >= last and not is_taken(start, end):
                if (start, end) in links:
                    key = self._linked(block, links[start, end], pointer=pointer)
                elif names := identifiers_in([text[start:end]]):
                    key = self._key(names, text[start:end], block, start, end)
            if key is not None:
                spans.append(Span(start, end, SpanKind.MARK, (key,)))
                last = end
            elif (start, end) in links:
                spans.append(links[start, end])
        return replace(block, spans=tuple(sorted(spans, key=lambda s: (s.start, s.end))))

    def _linked(self, block: Block, span: Span, *, pointer: bool) -> str | None:
        """The key of what a link cites, if it cites."""
        url = span.targets[0]
        words = block.text[span.start : span.end]
        number = _NUMBER.fullmatch(words)
        if number:
            return self._numbered(number[1], url)
        if not words.strip():
            return None
        if _plain(url) in self.keys:
            return self.keys[_plain(url)]
        names = identifiers_in([url])
        if names and (_SCHOLARLY_HOST.match(url) or names[0].startswith("doi:")):
            return self._key(names, url, block, span.start, span.end)
        if pointer or self.any_listed or not self._may_be_source(url):
            return None
        return self._key((_plain(url),), url, block, span.start, span.end)

    def _numbered(self, label: str, url: str) -> str | None:
        """A number linked to an address: the listed entry of that number, or one made of the address."""
        if label in self.labels:
            return self.labels[label]
        if self._is_own(_host(url)):
            return None
        key = f"link-{label}"
        self.labels[label] = key
        self.added.append(PrintedReference(key, label, url, (url,)))
        self.number = max(self.number, int(label))
        for name in (*identifiers_in([url]), _plain(url)):
            self.keys.setdefault(name, key)
        return key

    def _key(self, names: Sequence[str], printed: str, block: Block, start: int, end: int) -> str:
        known = next((self.keys[name] for name in names if name in self.keys), None)
        link = printed if printed.lower().startswith("http") else ""
        known = known or (self.keys.get(_plain(link)) if link else None)
        if known is None:
            self.number += 1
            while str(self.number) in self.labels:
                self.number += 1
            known = f"cited-{self.number}"
            self.labels[str(self.number)] = known
            identifiers = tuple(name for name in names if not name.startswith("//"))
            self.added.append(
                PrintedReference(
                    known,
                    str(self.number),
                    _words_around(block.text, start, end),
                    (link,) if link else (),
                    identifiers=identifiers,
                    line=block.line,
                )
            )
        for name in names:
            self.keys.setdefault(name, known)
        return known

    def _may_be_source(self, url: str) -> bool:
        host = _host(url)
        return "." in host and not self._is_own(host) and not _NO_SOURCE.search(host)

    def _is_own(self, host: str) -> bool:
        own = self.own_host
        return bool(own) and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))


def _printed(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_DOI, _PRINTED):
        for match in pattern.finditer(text):
            end = match.end()
            while end > match.start() and (
                text[end - 1] in _CLOSING
                or (
                    text[end - 1] == ")"
                    and text.count("(", match.start(), end) < text.count(")", match.start(), end)
                )
                or (
                    text[end - 1] == "]"
                    and text.count("[", match.start(), end) < text.count("]", match.start(), end)
                )
            ):
                end -= 1
            yield match.start(), end


def _words_around(text: str, start: int, end: int) -> str:
    """What the text says of a work where it cites it: its part of the brackets around, or the link's words.

    >>> _words_around("Tea helps (Byrne 2018, doi:10.1000/182; Berg 2019).", 23, 38)
    'Byrne 2018, doi:10.1000/182'
    >>> _words_around("As Berg et al. (2019, doi:10.1000/182) say.", 21, 36)
    'Berg et al. (2019, doi:10.1000/182)'
    """
    opened = text.rfind("(", max(0, start - _LONGEST_ASIDE), start)
    while opened > 0 and text.count(")", opened, start) >= text.count("(", opened, start):
        opened = text.rfind("(", max(0, start - _LONGEST_ASIDE), opened)
    closed = text.find(")", end, end + _LONGEST_ASIDE)
    if opened >= 0 and closed >= 0 and text.count(")", opened, start) == text.count("(", opened, start) - 1:
        left = text.rfind(";", opened, start) + 1 or opened + 1
        right = text.find(";", end, closed)
        words = text[left : right if right >= 0 else closed].strip()
        named = (
            _NAMES_BEFORE.search(text, max(0, opened - 120), opened)
            if _BEGINS_WITH_YEAR.match(words)
            else None
        )
        return f"{named[1]} ({words})" if named else words
    return text[start:end].strip()


def _plain(url: str) -> str:
    """An address as it is compared: without scheme, "www.", fragment and closing slash."""
    bare = re.sub(r"^https?://(?:www\.)?", "//", url.split("#", maxsplit=1)[0], flags=re.IGNORECASE)
    return bare.rstrip("/").lower()


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
