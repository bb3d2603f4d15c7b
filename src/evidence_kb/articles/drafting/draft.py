"""Turning a `Document` into triples: the only place that knows how an article is written down.

What comes out is a draft for a curator: everything the article itself says (entries, marks, mentions,
appeals, where they stand), and no judgement. Statements are left to be worded, publishers to be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from ...text_fragments import text_digest
from ...vocabulary import PREFIXES, code, expand
from ..document import Appeal, Citation, Document, Mention, Reference, Section
from . import works
from .naming import Names, slug_of
from .passages import fragment_of, sentence_digest
from .proposals import Proposal, propose

__all__ = ["FILES", "Drafter", "Seed", "draft_article", "seeds_of"]

ARTICLE, SOURCES, CLAIMS, FINDINGS = FILES = ("article.ttl", "sources.ttl", "claims.ttl", "findings.ttl")
_FRAGMENTS = "https://wicg.github.io/scroll-to-text-fragment/"
_Value = ox.NamedNode | ox.BlankNode | ox.Literal
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*")


@dataclass(frozen=True)
class Seed:
    """A sentence that becomes the draft of a claim, and why.

    :param sentence: its position in the document, from 1.
    """

    sentence: int
    citations: tuple[Citation, ...]
    mentions: tuple[Mention, ...]
    appeals: tuple[Appeal, ...]
    proposal: Proposal

    @property
    def marks(self) -> list[str]:
        """Its citation marks, as printed, in reading order."""
        return [citation.text for citation in self.citations]


def seeds_of(document: Document, every: bool = False) -> list[Seed]:
    """The sentences with a mark, a mention or an appeal; with ``every``, all that are check-worthy."""
    citations = _by_sentence(document.citations)
    mentions = _by_sentence(document.mentions)
    appeals = _by_sentence(document.appeals)
    found = []
    for sentence in document.sentences:
        at = sentence.position
        cited = at in citations or at in mentions or at in appeals
        if not cited and not every:
            continue
        proposal = propose(sentence.text, document.language)
        if cited or proposal.worthy:
            found.append(
                Seed(
                    at,
                    tuple(citations.get(at, ())),
                    tuple(mentions.get(at, ())),
                    tuple(appeals.get(at, ())),
                    proposal,
                )
            )
    return found


def draft_article(document: Document, text: str, namespace: str, every: bool = False) -> Drafter:
    """The whole article as a draft.

    :param text: the text that passages are looked up in and the digest is made of.
    :param namespace: what the IRIs of the article's things begin with.
    :param every: draft a claim for every check-worthy sentence.
    """
    drafter = Drafter(document, text, Names(namespace))
    drafter.article()
    for section in document.sections:
        drafter.section(section)
    for reference in works.with_places(document.references):
        drafter.reference(reference)
    for position, seed in enumerate(seeds_of(document, every), 1):
        drafter.claim(seed, position)
    return drafter


class Drafter:
    """Writes down single things of an article, each with all that belongs to it, into `sheets`.

    :param document: the article.
    :param text: the text that passages are looked up in.
    :param names: gives the IRIs.
    """

    def __init__(self, document: Document, text: str, names: Names) -> None:
        self.document, self.text, self.names = document, text, names
        #: What goes into each file.
        self.sheets: dict[str, list[ox.Triple]] = {ARTICLE: [], SOURCES: [], CLAIMS: []}
        #: Label in the source list → IRI of the entry.
        self.entries: dict[str, str] = {}
        #: IRI of an entry → IRI of its work.
        self.works: dict[str, str] = {}
        #: Identifier, address, or author and year in the text → IRI of the work.
        self.known_works: dict[str, str] = {}
        #: Position of a section → its IRI.
        self.sections: dict[int, str] = {}
        #: IRIs of a claim and a work → the act of citing the one for the other.
        self.acts: dict[tuple[str, str], str] = {}
        #: IRI of a claim that was drafted → the words at both ends of its sentence.
        self.words: dict[str, str] = {}
        self.article_iri = names("article")
        self._places = {s.position: i for i, s in enumerate(document.sentences)}
        self._language = document.language if _LANGUAGE.fullmatch(document.language) else None

    # -- the article and its sources ---------------------------------------------------------------

    def article(self) -> None:
        """The article: title, language, and the digest of its text."""
        self.names.free("article")
        self._say(
            ARTICLE,
            self.article_iri,
            ("rdf:type", _term("schema:Article")),
            ("schema:name", self._words(self.document.title)),
            ("schema:inLanguage", ox.Literal(self._language) if self._language else None),
            ("ekb:textDigest", ox.Literal(text_digest(self.text))),
        )

    def section(self, section: Section) -> str:
        """A section, under its heading."""
        iri = self.names.free(f"section-{section.position}")
        self.sections[section.position] = iri
        self._say(
            ARTICLE,
            iri,
            ("rdf:type", _term("doco:Section")),
            ("dcterms:isPartOf", ox.NamedNode(self.article_iri)),
            ("dcterms:title", self._words(section.title)),
            ("schema:position", ox.Literal(section.position)),
        )
        return iri

    def reference(self, reference: Reference) -> str:
        """An entry as it is printed, and the work it stands for."""
        iri = self.names.free(works.entry_name(reference))
        # The first entry of a number is the one its marks mean; the audit tells of the second.
        self.entries.setdefault(reference.label, iri)
        self.works[iri] = self._work(reference)
        self._say(
            SOURCES,
            iri,
            ("rdf:type", _term("biro:BibliographicReference")),
            ("biro:references", ox.NamedNode(self.works[iri])),
            ("dcterms:isPartOf", ox.NamedNode(self.article_iri)),
            ("dcterms:title", _text(works.printed_title(reference))),
            ("ekb:printedAddress", _text(reference.url)),
            ("schema:position", ox.Literal(reference.number)),
        )
        return iri

    def _work(self, reference: Reference) -> str:
        keys = list(works.same_work_keys(reference))
        iri = next((self.known_works[key] for key in keys if key in self.known_works), None)
        kind = source_kind = None
        if iri is None:
            iri = self.names.free(works.work_name(reference))
            kind, source_kind = works.kind_of(reference), works.source_kind_of(reference)
            address = works.address_of(reference)
            self._say(
                SOURCES,
                iri,
                ("rdf:type", _term(kind)),
                ("dcterms:creator", _text(", ".join(reference.authors))),
                ("dcterms:issued", _year(reference.year)),
                ("dcterms:title", _text(works.printed_title(reference))),
                ("dcterms:type", ox.NamedNode(code(source_kind)) if source_kind else None),
                ("schema:url", ox.NamedNode(address) if address else None),
            )
            identifiers = works.identifiers_of(reference)
            self._say(SOURCES, iri, *(("schema:identifier", _text(each)) for each in identifiers))
        for key in keys:
            self.known_works.setdefault(key, iri)
        return iri

    # -- what the author claims and cites ----------------------------------------------------------

    def claim(self, seed: Seed, position: int) -> str:
        """The draft of a claim, with its passage, marks, mentions and appeals.

        :param position: its place among the article's claims.
        """
        iri = self.names.next("claim")
        passage, self.words[iri] = self.passage(seed)
        section = self.document.sentences[self._places[seed.sentence]].section
        self._say(
            CLAIMS,
            iri,
            ("rdf:type", _term("schema:Claim")),
            ("dcterms:isPartOf", self._section_of(section)),
            ("dcterms:type", _code(seed.proposal.category)),
            ("ekb:certaintyOfWording", _code(seed.proposal.wording)),
            ("ekb:status", ox.NamedNode(code("draft"))),
            ("schema:appearance", ox.NamedNode(passage)),
            ("schema:position", ox.Literal(position)),
        )
        for content, label in marks_of(seed):
            self.mark(iri, passage, content, label)
        for mention in mentions_of(seed):
            self.mention(iri, passage, mention)
        for cue in dict.fromkeys(appeal.cue for appeal in seed.appeals):
            self.appeal(iri, cue)
        return iri

    def passage(self, seed: Seed) -> tuple[str, str]:
        """The place of a sentence in the article, and the words it is found by."""
        at = self._places[seed.sentence]
        sentences = self.document.sentences
        fragment = fragment_of(sentences[at].text, seed.marks, self.text)
        iri = self.names.next("passage")
        selector = ox.BlankNode()
        self._say(
            CLAIMS,
            iri,
            ("rdf:type", _term("oa:SpecificResource")),
            ("ekb:textDigest", ox.Literal(sentence_digest(sentences[at].text, seed.marks))),
            ("oa:hasSelector", selector),
            ("oa:hasSource", ox.NamedNode(self.article_iri)),
        )
        self._say(
            CLAIMS,
            selector,
            ("rdf:type", _term("oa:FragmentSelector")),
            ("dcterms:conformsTo", ox.NamedNode(_FRAGMENTS)),
            ("rdf:value", ox.Literal(fragment.value)),
        )
        return iri, works.printed(str(fragment))

    def mark(self, claim: str, passage: str, content: str, label: str) -> str:
        """A printed mark that stands for one entry, and the author's act of citing its work.

        Where the list lacks the entry, the mark points to one that is not there: the audit says so.
        """
        entry = self.entry_of(label)
        iri = self._pointer(passage, content, entry)
        if entry in self.works:
            self._cite(claim, self.works[entry], iri, "cito:citesAsEvidence")
        return iri

    def entry_of(self, label: str) -> str:
        """The IRI of the entry with that label, also where the list has none."""
        return self.entries.get(label) or self.names(f"entry-{slug_of(label) or 'unreadable'}")

    def mention(self, claim: str, passage: str, mention: Mention) -> str:
        """A source named in the text, and the author's act of citing it."""
        entry = self.entries.get(mention.reference) if mention.reference is not None else None
        iri = self._pointer(passage, mention.text, entry)
        work = self.works[entry] if entry in self.works else self._named_work(mention)
        act = "cito:citesAsEvidence" if mention.year or entry else "cito:citesAsAuthority"
        self._cite(claim, work, iri, act)
        return iri

    def appeal(self, claim: str, cue: str) -> str:
        """An appeal to research that names none."""
        iri = self.names.next("appeal")
        self._say(CLAIMS, iri, ("rdf:type", _term("ekb:EvidenceAppeal")), ("ekb:cue", self._words(cue)))
        self._say(CLAIMS, claim, ("ekb:appeal", ox.NamedNode(iri)))
        return iri

    def _pointer(self, passage: str, content: str, entry: str | None) -> str:
        iri = self.names.next("mark")
        self._say(
            CLAIMS,
            iri,
            ("rdf:type", _term("c4o:InTextReferencePointer")),
            ("c4o:denotes", ox.NamedNode(entry) if entry else None),
            ("c4o:hasContent", _text(content)),
            ("c4o:hasContext", ox.NamedNode(passage)),
        )
        return iri

    def _cite(self, claim: str, work: str, mark: str, function: str) -> None:
        """One act for each claim and work, however many marks serve it."""
        act = self.acts.get((claim, work))
        if act is None:
            act = self.acts[claim, work] = self.names.next("citation")
            self._say(
                CLAIMS,
                act,
                ("rdf:type", _term("cito:Citation")),
                ("cito:hasCitationCharacterization", _term(function)),
                ("cito:hasCitedEntity", ox.NamedNode(work)),
                ("cito:hasCitingEntity", ox.NamedNode(claim)),
            )
        self._say(CLAIMS, act, ("ekb:mark", ox.NamedNode(mark)))

    def _named_work(self, mention: Mention) -> str:
        key = works.mention_name(mention)
        iri = self.known_works.get(key)
        if iri is None:
            iri = self.known_works[key] = self.names.free(key)
            self._say(
                SOURCES,
                iri,
                ("rdf:type", _term("fabio:Work")),
                ("dcterms:creator", _text(", ".join(mention.authors))),
                ("dcterms:issued", _year(mention.year)),
                ("dcterms:title", _text(mention.text)),
            )
        return iri

    def _section_of(self, position: int) -> ox.NamedNode | None:
        if position not in self.sections:
            section = next((s for s in self.document.sections if s.position == position), None)
            if section is None:
                return None
            self.section(section)
        return ox.NamedNode(self.sections[position])

    # -- triples -----------------------------------------------------------------------------------

    def _say(self, sheet: str, subject: str | ox.BlankNode, *pairs: tuple[str, _Value | None]) -> None:
        node = ox.NamedNode(subject) if isinstance(subject, str) else subject
        self.sheets[sheet] += [
            ox.Triple(node, _term(predicate), value) for predicate, value in pairs if value is not None
        ]

    def _words(self, text: str) -> ox.Literal | None:
        """Words of the article, with its language."""
        clean = works.printed(text)
        return ox.Literal(clean, language=self._language) if clean and self._language else _text(text)


def marks_of(seed: Seed) -> list[tuple[str, str]]:
    """Mark as printed and label, one pair for each entry a mark stands for."""
    return [(c.text, label) for c in seed.citations for label in dict.fromkeys(c.marks)]


def mentions_of(seed: Seed) -> list[Mention]:
    """The mentions that are not merely the name beside a mark for the same entry."""
    marked = {label for c in seed.citations for label in c.marks}
    return [m for m in dict.fromkeys(seed.mentions) if m.reference is None or m.reference not in marked]


_Thing = TypeVar("_Thing", Citation, Mention, Appeal)


def _by_sentence(things: Iterable[_Thing]) -> dict[int, list[_Thing]]:
    found: dict[int, list[_Thing]] = {}
    for thing in things:
        found.setdefault(thing.sentence, []).append(thing)
    return found


def _term(name: str) -> ox.NamedNode:
    iri = expand(name)
    assert iri is not None
    return ox.NamedNode(iri)


def _code(word: str | None) -> ox.NamedNode | None:
    return ox.NamedNode(code(word)) if word else None


def _text(words: str | None) -> ox.Literal | None:
    clean = works.printed(words)
    return ox.Literal(clean) if clean else None


def _year(year: int | None) -> ox.Literal | None:
    if year is None or not 1000 <= year <= 9999:
        return None
    return ox.Literal(str(year), datatype=ox.NamedNode(PREFIXES["xsd"] + "gYear"))
