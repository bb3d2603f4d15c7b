"""What an entry of a source list, or a mention in the text, says of the work it means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from ..document import Mention, Reference
from .naming import slug_of

__all__ = [
    "address_key",
    "address_of",
    "entry_name",
    "identifiers_of",
    "kind_of",
    "mention_name",
    "printed",
    "printed_title",
    "same_work_keys",
    "source_kind_of",
    "with_places",
    "work_name",
]

_ADDRESS = re.compile(r"https?://[^\s/?#…]+([/?#][^\s…]*)?")
_IDENTIFIER = re.compile(r"(?!doi:)[a-z][a-z0-9]*:\S+|doi:10[.][0-9]{4,9}/\S+")
_REGISTERS = ("drks:", "nct:", "isrctn:")
#: FaBiO classes by words of the title, more telling ones first.
_BY_TITLE = (
    ("fabio:DoctoralThesis", re.compile(r"\b(dissertation|doctoral thesis|phd thesis)\b", re.I)),
    ("fabio:ClinicalGuideline", re.compile(r"\b(\w*leitlinie|clinical practice guidelines?)\b", re.I)),
    (
        "fabio:ReviewArticle",
        re.compile(r"systematic(?:al)? review|meta-?analys|scoping review|systematische übersicht", re.I),
    ),
)
_ARTICLE = {"fabio:ReviewArticle"}


def address_of(reference: Reference) -> str | None:
    """The address of the work, as an IRI: the printed one if it is whole, else that of its DOI."""
    whole = (reference.url or "").strip()
    if _is_address(whole):
        return whole
    if reference.doi and _IDENTIFIER.fullmatch(f"doi:{reference.doi}"):
        return "https://doi.org/" + quote(reference.doi, safe="/:;().,_-~!$&'*+=@")
    return None


def identifiers_of(reference: Reference) -> list[str]:
    """Its identifiers, those that are well-formed."""
    found = list(reference.identifiers)
    if reference.doi:
        found.append(f"doi:{reference.doi}")
    return sorted({identifier for identifier in found if _IDENTIFIER.fullmatch(identifier)})


def entry_name(reference: Reference) -> str:
    """A name for the entry: by its number, or by its label where that is none ("n 1")."""
    label = reference.label if reference.label.isdecimal() else slug_of(reference.label)
    return f"entry-{label or reference.number}"


def with_places(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references with numbers that differ, as far as the article does not print one twice.

    A list of notes ("n 1", "n 2") beside the numbered one counts from 1 again; it goes behind that.
    """
    taken = {reference.number for reference in references if reference.label.isdecimal()}
    placed = []
    for reference in references:
        one = reference
        if not one.label.isdecimal():
            if one.number in taken:
                one = replace(one, number=max(taken) + 1)
            taken.add(one.number)
        placed.append(one)
    return tuple(placed)


def printed_title(reference: Reference) -> str:
    """The title as it is written down; where none is printed, whatever the entry has."""
    found = (printed(words) for words in (reference.title, reference.text, reference.url))
    return next((words for words in found if words), f"[{reference.label}]")


def printed(words: str | None) -> str:
    """Words of an article as they are written down: blanks folded, control characters left out."""
    return " ".join("".join(c for c in words or "" if c.isprintable() or c.isspace()).split())


def same_work_keys(reference: Reference) -> Iterator[str]:
    """What two entries for the same work have in common: an identifier, or the address."""
    yield from identifiers_of(reference)
    address = address_of(reference)
    if address:
        yield address_key(address)


def address_key(address: str) -> str:
    """An address as two printings of it are compared: without scheme, "www." and a closing slash."""
    bare = re.sub(r"^https?://(www\.)?", "", address, flags=re.I).rstrip("/")
    host, slash, path = bare.partition("/")
    return host.lower() + slash + path


def kind_of(reference: Reference) -> str:
    """The FaBiO class that fits, as far as the entry tells."""
    identifiers = identifiers_of(reference)
    told = next((kind for kind, words in _BY_TITLE if words.search(_title(reference))), None)
    if any(i.startswith(("doi:", "pmid:", "pmcid:")) for i in identifiers):
        return told or "fabio:JournalArticle"
    if any(i.startswith("isbn:") for i in identifiers):
        return "fabio:Book"
    if told and not (told in _ARTICLE and reference.url):  # a page may tell of a review without being one
        return told
    if any(i.startswith(_REGISTERS) for i in identifiers):
        return "fabio:WebPage"
    host = _host(reference.url)
    if host.endswith(("wikipedia.org", "flexikon.doccheck.com")):
        return "fabio:WikiEntry"
    return "fabio:WebPage" if host else "fabio:Work"


def source_kind_of(reference: Reference) -> str | None:
    """A word of the code list source-kinds, only where the entry leaves no doubt."""
    if any(i.startswith(_REGISTERS) for i in identifiers_of(reference)) and not reference.doi:
        return "register-entry"
    return {
        "fabio:WikiEntry": "encyclopedia",
        "fabio:DoctoralThesis": "thesis",
        "fabio:ClinicalGuideline": "guideline",
    }.get(kind_of(reference))


def work_name(reference: Reference) -> str:
    """A name for the work: first author and year, else the first words of its title."""
    if reference.authors and reference.year:
        surname = slug_of(_surname(reference.authors[0]), 30)
        if surname:
            return f"work-{surname}-{reference.year}"
    return "work-" + (slug_of(_title(reference), 36) or slug_of(_host(reference.url)) or "untitled")


def mention_name(mention: Mention) -> str:
    """A name for a work that only the text names."""
    who = slug_of(_surname(mention.authors[0]) if mention.authors else mention.text, 36) or "untitled"
    return f"work-{who}-{mention.year}" if mention.year else f"work-{who}"


def _title(reference: Reference) -> str:
    return reference.title or reference.text


def _surname(author: str) -> str:
    """The family name: before the comma, or the last word that is no initial."""
    family, comma, _ = author.partition(",")
    if comma:
        return family
    words = [w for w in author.split() if not re.fullmatch(r"(?:[A-ZÄÖÜ]\.?-?){1,3}", w)]
    return words[-1] if words else author


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" and the like
        return ""


def _is_address(url: str) -> bool:
    if not _ADDRESS.fullmatch(url) or "..." in url:
        return False
    try:
        ox.NamedNode(url)
    except ValueError:
        return False
    return bool(_host(url))
