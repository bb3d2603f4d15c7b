"""Everything that pages need of a knowledge base, read once; no HTML.

`Facts` is a reading at one moment: a server makes a new one when the files have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ..audit import AuditFinding, Report, run_audits
from ..knowledge_base import KnowledgeBase
from ..model import Claim, Finding, Source, Texts
from ..vocabulary import Footing, local_name
from .details import (
    AddressDetails,
    Article,
    Check,
    Pico,
    PrintedEntry,
    Relation,
    Section,
    SourceDetails,
)
from .names import Names
from .reading import Reader
from .words import LANGUAGES

__all__ = ["Facts"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Facts:
    """A knowledge base as its pages show it.

    :param article_files: files with the text of articles, by article IRI. The text is shown in pages
        and never kept.
    :raises InputError: a file cannot be read.
    """

    def __init__(self, kb: KnowledgeBase, article_files: Mapping[str, Path] | None = None) -> None:
        self.kb = kb
        self.base = kb.config.base
        self.name = kb.config.name or kb.config.folder.name
        self.article_files = dict(article_files or {})
        self._reader = Reader(kb)

    @cached_property
    def article_texts(self) -> dict[str, str]:
        """The text of each article that was given, by IRI.

        :raises InputError: a file cannot be read.
        """
        if not self.article_files:
            return {}
        from ..articles import texts_of  # its parsers are heavy

        return texts_of(self.article_files)

    # -- what there is -----------------------------------------------------------------------------

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Every claim by IRI, in the order of the articles."""
        return {claim.iri: claim for claim in self.kb.claims()}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every work by IRI, numbered ones first."""
        return {source.iri: source for source in self.kb.sources()}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every curator's finding."""
        return tuple(self.kb.findings())

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Every article with its sections and entries, by IRI.

        What belongs to no article comes last, in an article without an IRI of its own.
        """
        return self._reader.articles(self.claims.values())

    @cached_property
    def article_of(self) -> dict[str, Article]:
        """The article of every claim and entry, by IRI."""
        found: dict[str, Article] = {}
        for article in self.articles:
            found |= dict.fromkeys((claim.iri for claim in article.claims), article)
            found |= dict.fromkeys((entry.iri for entry in article.entries), article)
        return found

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of every claim that has one."""
        return {
            claim.iri: section
            for article in self.articles
            for section in article.sections
            for claim in section.claims
        }

    @cached_property
    def names(self) -> Names:
        """Where the page of every article, claim and source lies."""
        return Names(self.base, (a.iri for a in self.articles), [*self.claims, *self.sources])

    # -- who is tied to whom -----------------------------------------------------------------------

    @cached_property
    def findings_of_claim(self) -> dict[str, list[Finding]]:
        """Curators' findings by claim."""
        return _grouped((f.claim, f) for f in self.findings)

    @cached_property
    def findings_of_source(self) -> dict[str, list[Finding]]:
        """Curators' findings by work."""
        return _grouped((f.source, f) for f in self.findings)

    @cached_property
    def claims_citing(self) -> dict[str, list[Claim]]:
        """The claims that an author cites a work for, by work."""
        return _grouped(
            (source, claim)
            for claim in self.claims.values()
            for source in dict.fromkeys(citation.source for citation in claim.citations)
        )

    @cached_property
    def claims_leaning(self) -> dict[str, list[Claim]]:
        """The claims that cite a work, or that a finding about it speaks of, by work."""
        leaning = {
            source: dict.fromkeys(c.iri for c in found) for source, found in self.claims_citing.items()
        }
        for finding in self.findings:
            if finding.claim in self.claims:
                leaning.setdefault(finding.source, {})[finding.claim] = None
        order = {iri: place for place, iri in enumerate(self.claims)}
        return {
            source: [self.claims[iri] for iri in sorted(iris, key=order.__getitem__)]
            for source, iris in leaning.items()
        }

    @cached_property
    def entries_of(self) -> dict[str, list[tuple[Article, PrintedEntry]]]:
        """The entries of source lists that point to a work, by work."""
        return _grouped(
            (work, (article, entry))
            for article in self.articles
            for entry in article.entries
            for work in entry.works
        )

    @cached_property
    def relayed_by(self) -> dict[str, list[Source]]:
        """The works that only retell another, by that other."""
        return _grouped(
            (first, source) for source in self.sources.values() for first in source.primary_sources
        )

    @cached_property
    def falls_of_claim(self) -> dict[str, list[tuple[Source, Footing]]]:
        """The works that a claim's footing hangs on, each alone, and the footing without it."""
        return _grouped(
            (claim, (self.sources[source], footing))
            for source, falling in self.falls.items()
            if source in self.sources
            for claim, footing in falling.items()
        )

    @cached_property
    def falls(self) -> dict[str, dict[str, Footing]]:
        """What falls if a work goes: for each work, the claims that get another footing, and which."""
        from ..impact import footings_without

        return footings_without(self.kb)

    # -- details -----------------------------------------------------------------------------------

    @cached_property
    def picos(self) -> dict[str, list[Pico]]:
        """Population, intervention, comparator and outcome, by claim."""
        return self._reader.picos()

    @cached_property
    def relations(self) -> dict[str, list[Relation]]:
        """What is said to cause or change what, by claim."""
        return self._reader.relations()

    @cached_property
    def agents(self) -> dict[str, Texts]:
        """The names of whoever made a finding, by finding."""
        return self._reader.agents()

    @cached_property
    def details(self) -> dict[str, SourceDetails]:
        """What else is known of a work, by IRI."""
        return self._reader.details()

    @cached_property
    def history(self) -> dict[str, list[Check]]:
        """The checks at which an address's verdict changed, by address, oldest first."""
        return self._reader.history()

    @cached_property
    def addresses(self) -> dict[str, AddressDetails]:
        """What the link check knows of addresses beyond their verdict, by address."""
        return self._reader.addresses()

    @property
    def codes(self) -> Mapping[tuple[str, str], Texts]:
        """The names of codes, by code list and word."""
        return self._reader.codes

    def label(self, word: str | None, scheme: str, language: str) -> str:
        """A code's name in a language: ``label("dead", "verdicts", "de")`` is "tot"; else the word."""
        return self._reader.codes.get((scheme, word or ""), {}).get(language) or word or ""

    def meaning(self, word: str, scheme: str, language: str) -> str:
        """What a code means, in a sentence or two; empty where nothing is said."""
        return self._reader.meanings.get((scheme, word), {}).get(language, "")

    def term(self, iri: str, language: str) -> str:
        """The name of a topic, MeSH heading, property or class; else the last part of its IRI."""
        named = self._reader.labels.get(iri)
        return (named and (named.get(language) or next(iter(named.values())))) or local_name(iri)

    def place(self, iri: str) -> tuple[str | None, int | None]:
        """File and line where something is written, see `shown_file`."""
        file, line = self.kb.place(iri)
        return self.shown_file(file), line

    def shown_file(self, file: str | None) -> str | None:
        """A file of the knowledge base as readers are told of it: they need not know where it lies here."""
        if file is None or not Path(file).is_absolute():
            return file
        folder = self.kb.config.folder.resolve()
        return Path(file).relative_to(folder.parent).as_posix() if Path(file).is_relative_to(folder) else file

    # -- the audit ---------------------------------------------------------------------------------

    def report(self, language: str) -> Report:
        """The audit's report, with its messages in a language."""
        return self._reports[language]

    @cached_property
    def _reports(self) -> dict[str, Report]:
        return run_audits(self.kb, self.article_texts, LANGUAGES)

    def audit_of(self, language: str) -> dict[str, list[AuditFinding]]:
        """The audit's findings by the claims at stake and by their subject."""
        return self._audit_by_iri[language]

    @cached_property
    def _audit_by_iri(self) -> dict[str, dict[str, list[AuditFinding]]]:
        return {
            language: _grouped(
                (iri, finding)
                for finding in report.findings
                for iri in dict.fromkeys((finding.subject, *finding.claims))
            )
            for language, report in self._reports.items()
        }

    # -- counts ------------------------------------------------------------------------------------

    def footings(self, claims: Iterable[Claim] | None = None) -> list[tuple[Footing, int]]:
        """How many claims there are of each footing, worst first; footings that none has left out."""
        counts = Counter(claim.footing for claim in (self.claims.values() if claims is None else claims))
        return [(footing, counts[footing]) for footing in Footing if counts[footing]]


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
