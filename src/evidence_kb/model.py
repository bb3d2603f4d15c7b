"""The things a knowledge base speaks of, as typed objects.

Two facts are never mixed: a `Citation` is the author's act, a `Finding` is what a curator found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .text_fragments import TextFragment
from .vocabulary import Basis, Direction, Footing, Standing, Verdict, local_name

__all__ = ["Address", "Citation", "Claim", "Entry", "Finding", "Source"]

#: A text by language tag; ``""`` where it has none.
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Address:
    """What is known of one web address; ``verdict`` is ``None`` until it was checked."""

    url: str
    verdict: Verdict | None = None
    standing: Standing | None = None
    last_checked: str | None = None
    last_alive: str | None = None
    archived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A numbered entry of an article's source list, as printed."""

    iri: str
    number: int | None
    title: str
    printed_address: str | None


@dataclass(frozen=True)
class Source:
    """A work: what an entry points to, what the text names, or what a curator brought in.

    :param entries: the numbered entries that point to it; none for works the list lacks.
    :param interest: the publisher's interest, as a word of the code list ``interests``.
    :param identifiers: compact ones, such as ``doi:10.1000/182``.
    :param study_design: MeSH publication types, as IRIs.
    """

    iri: str
    titles: Texts
    entries: tuple[Entry, ...]
    kind: str | None
    publisher: str | None
    interest: str | None
    identifiers: tuple[str, ...]
    study_design: tuple[str, ...]
    addresses: tuple[Address, ...]
    primary_sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part of its IRI."""
        return local_name(self.iri)


@dataclass(frozen=True)
class Citation:
    """The author's act of citing a work for a claim.

    :param function: the CiTO property, as an IRI.
    :param mark: the printed mark, such as ``【9】`` or ``Jenkins et al. (2025)``.
    """

    iri: str
    claim: str
    source: str
    function: str
    mark: str | None


@dataclass(frozen=True)
class Finding:
    """What a curator found about one claim in one source, and how much of it was read."""

    iri: str
    claim: str
    source: str
    direction: Direction
    basis: Basis
    reasons: tuple[str, ...]
    certainty: str | None
    quote: str | None
    descriptions: Texts
    agent: str | None
    generated_at: str | None

    @property
    def is_read(self) -> bool:
        """Whether anything beyond the title was read."""
        return self.basis is not Basis.TITLE_ONLY


@dataclass(frozen=True)
class Claim:
    """A statement of an article, in the curator's own words.

    :param passage: text fragments (``text=first,last``) that point into the article.
    :param topics: what it is about, as IRIs (PICO and relation nodes are not among them).
    :param appeals: printed words that appeal to research without naming any ("Studien zeigen").
    :param via: whether the footing comes from a source cited for it, merely listed, or elsewhere.
    """

    iri: str
    position: int | None
    article: str | None
    section: str | None
    texts: Texts
    category: str | None
    wording: str | None
    core: bool
    passages: tuple[str, ...]
    topics: tuple[str, ...]
    appeals: tuple[str, ...]
    contradicts: tuple[str, ...]
    citations: tuple[Citation, ...]
    footing: Footing
    via: str | None

    @property
    def name(self) -> str:
        """The last part of its IRI."""
        return local_name(self.iri)

    def text(self, language: str) -> str:
        """The statement in a language, or in whichever it has; of a draft the ends of its passage."""
        stated = self.texts.get(language) or next(iter(self.texts.values()), "")
        return stated or self._passage() or self.name

    def _passage(self) -> str:
        fragment = TextFragment.parse(self.passages[0]) if self.passages else None
        return f"“{fragment}”" if fragment else ""
