"""Finding addresses and identifiers in printed text: URL, DOI, PMID, PMCID, ISBN, registers, arXiv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

__all__ = ["addresses_in", "identifiers_in", "is_isbn", "without_addresses"]

_ADDRESS = re.compile(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\"„“”»«]+", re.IGNORECASE)
_BARE_HOST = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:de|com|org|net|at|ch|eu|info|gov|edu|uk|io|int|health)(?:/[^\s<>\"„“”»«]*)?(?![\w@])",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.\d{4,9}(?:\.\d+)*/(?:[^\s\"<>„“”»«{}|\\^`]|<[^\s<>]{1,60}>(?=\d))+", re.IGNORECASE)
#: What publishers' addresses put behind a DOI.
_DOI_TAIL = re.compile(
    r"(?:[?#].*|/?\.(?:pdf|full|full\.pdf|full-text|short|long|abstract|html?|xml|epub)|/(?:full|pdf|abstract|epdf|html|fulltext"
    r"|pdfdirect|meta|full/html|full-text|tables/\d+))$",
    re.IGNORECASE,
)
#: What is left of an address where its beginning was not printed; a DOI itself hardly ever ends so.
_PRINTED_TAIL = re.compile(r"\.pdf$|/(?:full|abstract|pdf|epdf|fulltext|full-text)$", re.IGNORECASE)
_PUBMED = re.compile(
    r"(?<![^\W\d_])PMID:?\s{0,2}(\d{1,8})(?!\d)|pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,8})\b|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(\d{1,8})\b"
    r"|europepmc\.org/(?:article|abstract)/med/(\d{1,8})\b",
    re.IGNORECASE,
)
_PMC = re.compile(
    r"(?<![^\W\d_])PMC\s?(\d{3,9})(?!\d)|(?<![^\W\d_])PMCID:?\s{0,2}(?:PMC)?(\d{3,9})(?!\d)", re.IGNORECASE
)
_ISBN = re.compile(
    r"\bISBN(?:-1[03])?(?:\s?\(?1[03]\)?)?:?\s{0,2}((?:97[89][\s‐–-]?)?\d(?:[\s‐–-]?\d){8}[\s‐–-]?[\dXx])\b"
)
_REGISTERS = (
    ("drks", re.compile(r"\bDRKS\s?(\d{8})\b", re.IGNORECASE), "DRKS"),
    ("nct", re.compile(r"\bNCT\s?(\d{8})\b", re.IGNORECASE), "NCT"),
    ("isrctn", re.compile(r"\bISRCTN\s?(\d{8})\b", re.IGNORECASE), "ISRCTN"),
)
_ARXIV = re.compile(
    r"\barxiv(?:\.org/(?:abs|pdf)/|:\s?)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE
)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def addresses_in(text: str) -> list[str]:
    """The web addresses printed in a text, in order; what closes the sentence is no part of them.

    >>> addresses_in("See (https://example.org/a_(b)). Or www.example.org/kur…/x…, later.")
    ['https://example.org/a_(b)', 'www.example.org/kur…/x…']
    """
    return [_trimmed(match[0]) for match in _ADDRESS.finditer(text)]


def bare_hosts_in(text: str) -> list[str]:
    """Addresses printed without a scheme: ``example.org/tea``."""
    return [_trimmed(match[0]) for match in _BARE_HOST.finditer(text)]


def without_addresses(text: str) -> str:
    """The text with its printed addresses, DOIs and identifiers left out."""
    bare = _ADDRESS.sub(" ", text)
    bare = re.sub(r"\bdoi(?:\s?:|\.org/)?\s?(?=10\.)", " ", bare, flags=re.IGNORECASE)
    bare = _DOI.sub(" ", bare)
    return " ".join(bare.split())


def identifiers_in(texts: Iterable[str]) -> tuple[str, ...]:
    """All identifiers in some texts (printed entry, linked addresses), compact, without doubles.

    >>> identifiers_in(["doi: 10.1000/182). PMID 123", "https://doi.org/10.1000%2F182"])
    ('doi:10.1000/182', 'pmid:123')
    """
    found: dict[str, None] = {}
    for text in texts:
        plain = unquote(text) if "%" in text else text
        for identifier in _identifiers(plain):
            found[identifier] = None
    order = ("doi", "pmid", "pmcid", "isbn", "drks", "nct", "isrctn", "arxiv")
    return tuple(sorted(found, key=lambda identifier: order.index(identifier.partition(":")[0])))


def is_isbn(digits: str) -> bool:
    """Whether ten or thirteen characters are an ISBN, by its check digit (ISO 2108).

    >>> is_isbn("316148410X"), is_isbn("9783161484100"), is_isbn("9783161484101")
    (True, True, False)
    """
    if len(digits) == 10 and digits[:9].isdecimal():
        values = [10 if digit in "Xx" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if len(digits) == 13 and digits.isdecimal() and digits[:3] in {"978", "979"}:
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    return False


def _identifiers(text: str) -> Iterator[str]:
    lower = text.lower()  # each pattern is tried only where its letters stand
    if "10." in lower:
        yield from _dois(text)
    if "pm" in lower or "pubmed" in lower:
        yield from _pubmed_numbers(text)
    if "isbn" in lower:
        yield from _isbns(text)
    for scheme, pattern, prefix in _REGISTERS:
        if scheme in lower:
            yield from (f"{scheme}:{prefix}{match[1]}" for match in pattern.finditer(text))
    if "arxiv" in lower:
        yield from (f"arxiv:{match[1]}" for match in _ARXIV.finditer(text))


def _dois(text: str) -> Iterator[str]:
    for match in _DOI.finditer(text):
        doi = _doi(match[0], in_address=_is_in_address(text, match.start()))
        if doi:
            yield f"doi:{doi}"


def _pubmed_numbers(text: str) -> Iterator[str]:
    for match in _PUBMED.finditer(text):
        yield f"pmid:{next(filter(None, match.groups()))}"
    for match in _PMC.finditer(text):
        yield f"pmcid:PMC{match[1] or match[2]}"


def _isbns(text: str) -> Iterator[str]:
    for match in _ISBN.finditer(text):
        digits = re.sub(r"[^\dXx]", "", match[1]).upper()
        if is_isbn(digits):
            yield f"isbn:{digits}"


def _is_in_address(text: str, position: int) -> bool:
    return "//" in text[max(0, position - 200) : position].rsplit(" ", maxsplit=1)[-1]


def _doi(printed: str, *, in_address: bool) -> str:
    """A DOI as it is registered: lower case, without what the sentence or the address puts behind it."""
    doi = _trimmed(printed)
    if "…" in doi or doi.endswith("..."):
        return ""
    if in_address:
        doi = _DOI_TAIL.sub("", _DOI_TAIL.sub("", doi))
        doi = doi.split("&")[0]
    else:
        doi = _PRINTED_TAIL.sub("", doi)
    doi = re.sub(r"[;,](?:pmid|pmc).*$", "", doi, flags=re.IGNORECASE)
    return _trimmed(doi).rstrip("/").lower()


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        if address.endswith("...") or last == "…":
            return address
        if last in ".,;:!?'’*_|" or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            return address
    return address
