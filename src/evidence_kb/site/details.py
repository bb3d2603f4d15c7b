"""What pages show beyond the typed objects of `model`: articles, and details of claims and sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..model import Claim, Texts

__all__ = [
    "AddressDetails",
    "Article",
    "Check",
    "Pico",
    "PrintedEntry",
    "Relation",
    "Section",
    "SourceDetails",
    "section_pieces",
]


@dataclass(frozen=True)
class Section:
    """A section with its claims in the order of the text; ``iri`` is empty for "in no section"."""

    iri: str
    position: int | None
    titles: Texts
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class PrintedEntry:
    """An entry of an article's source list, and the works it points to (none, for a broken one)."""

    iri: str
    number: int | None
    title: str
    printed_address: str | None
    printed_site: str | None
    works: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """An article as far as it is recorded; ``iri`` is empty for what belongs to none.

    :param url: where it was published, for links to its passages.
    :param interest: its publisher's, as a word of the code list.
    :param disclosures: what is recorded of the places where it discloses its interest.
    """

    iri: str
    titles: Texts
    language: str | None = None
    url: str | None = None
    publisher: str | None = None
    interest: str | None = None
    interest_basis: Texts = field(default_factory=dict)
    disclosures: tuple[Texts, ...] = ()
    sections: tuple[Section, ...] = ()
    entries: tuple[PrintedEntry, ...] = ()

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """All its claims, section by section."""
        return tuple(claim for section in self.sections for claim in section.claims)


def section_pieces(article: Article, most: int = 300) -> list[list[Section]]:
    """An article's sections in pieces that have few enough claims for a page; at least one piece."""
    pieces: list[list[Section]] = [[]]
    room = most
    for section in article.sections:
        claims = section.claims
        if len(claims) > room and pieces[-1]:
            pieces.append([])
            room = most
        while len(claims) > room:
            pieces[-1].append(Section(section.iri, section.position, section.titles, claims[:room]))
            claims, room = claims[room:], most
            pieces.append([])
        pieces[-1].append(Section(section.iri, section.position, section.titles, claims))
        room -= len(claims)
    return pieces


@dataclass(frozen=True)
class Pico:
    """What an effect is about; IRIs of topics, and the curator's summary."""

    population: tuple[str, ...]
    intervention: tuple[str, ...]
    comparator: tuple[str, ...]
    outcome: tuple[str, ...]
    descriptions: Texts


@dataclass(frozen=True)
class Relation:
    """What a claim says of a cause and its effect; all three are IRIs."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True)
class SourceDetails:
    """What else is known of a work.

    :param publisher_iri: the organisation that publishes it.
    :param interest_basis: how its interest is known.
    """

    creators: tuple[str, ...] = ()
    issued: str | None = None
    language: str | None = None
    comments: Texts = field(default_factory=dict)
    publisher_iri: str | None = None
    interest_basis: Texts = field(default_factory=dict)
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A check at which an address's verdict changed."""

    when: str
    verdict: str


@dataclass(frozen=True)
class AddressDetails:
    """What else is known of an address."""

    status: str | None = None
    since: str | None = None
    failures: int = 0
    final: str | None = None
    changed_at: str | None = None
