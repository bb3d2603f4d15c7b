"""Reads what pages show beyond the typed objects of `model`: one query for each kind of thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from ..knowledge_base import KnowledgeBase
from ..model import Claim, Texts
from ..store import Table, Term
from ..vocabulary import CODE, PREFIXES
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

__all__ = ["Reader"]


class Reader:
    """Reads details out of a knowledge base's store."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def _rows(self, body: str) -> Iterator[dict[str, Term]]:
        table = self._kb.store.query(_PREFIXES + body)
        assert isinstance(table, Table)
        return iter(table)

    def _nodes(self, pattern: str) -> dict[str, dict[str, list[Term]]]:
        """Every property of the subjects ``?s`` that match, by IRI and predicate; sorted."""
        nodes: dict[str, dict[str, list[Term]]] = {}
        for row in self._rows(f"SELECT ?s ?p ?o WHERE {{ {pattern} ?s ?p ?o }}"):
            nodes.setdefault(row["s"].value, {}).setdefault(row["p"].value, []).append(row["o"])
        return dict(sorted(nodes.items()))

    # -- articles ----------------------------------------------------------------------------------

    def articles(self, claims: Iterable[Claim]) -> tuple[Article, ...]:
        """Every article with its sections, claims and entries."""
        nodes = self._nodes("?s a schema:Article .")
        sections = self._nodes("?s a doco:Section .")
        home = {row["c"].value: row["in"].value for row in self._rows(_HOMES)}
        by_section: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            parent = home.get(claim.iri, "")
            section = parent if parent in sections else ""
            article = claim.article or (parent if parent in nodes else "")
            by_section[article if article in nodes else "", section].append(claim)
        entries = self._entries(set(nodes))
        by_article: dict[str, list[Section]] = defaultdict(list)
        for iri, node in sections.items():
            owner = _word(node, _IS_PART_OF) or ""
            key = (owner if owner in nodes else "", iri)
            by_article[key[0]].append(
                Section(iri, _number(node, _POSITION), _texts(node, _TITLE), tuple(by_section.pop(key, ())))
            )
        for (article, section), found in by_section.items():  # in no section, or one that is not described
            by_article[article].append(Section(section, None, {}, tuple(found)))
        for made in by_article.values():
            made.sort(key=lambda s: (s.position is None, s.position or 0, s.iri))
        publishers = self._nodes("{ SELECT DISTINCT ?s { ?a a schema:Article ; schema:publisher ?s } }")
        disclosures = self._nodes("{ SELECT DISTINCT ?s { ?a ekb:disclosure ?s } }")
        articles = []
        for iri, node in nodes.items():
            publisher = publishers.get(_word(node, _PUBLISHER) or "", {})
            articles.append(
                Article(
                    iri,
                    _texts(node, _NAME),
                    _word(node, PREFIXES["schema"] + "inLanguage"),
                    _word(node, PREFIXES["schema"] + "url"),
                    _word(publisher, _NAME) or _word(node, _PUBLISHER),
                    _word(publisher, _INTEREST),
                    _texts(publisher, _INTEREST_BASIS),
                    tuple(
                        _texts(disclosures.get(d, {}), _DESCRIPTION)
                        for d in _words(node, PREFIXES["ekb"] + "disclosure")
                    ),
                    tuple(by_article.get(iri, ())),
                    tuple(entries.get(iri, ())),
                )
            )
        unfiled = [s for s in by_article.get("", ()) if s.claims]
        if unfiled or entries.get(""):
            articles.append(Article("", {}, sections=tuple(unfiled), entries=tuple(entries.get("", ()))))
        return tuple(articles)

    def _entries(self, articles: set[str]) -> dict[str, list[PrintedEntry]]:
        entries: dict[str, list[PrintedEntry]] = defaultdict(list)
        for iri, node in self._nodes("?s a biro:BibliographicReference .").items():
            owner = _word(node, _IS_PART_OF) or ""
            entries[owner if owner in articles else ""].append(
                PrintedEntry(
                    iri,
                    _number(node, _POSITION),
                    next(iter(_texts(node, _TITLE).values()), ""),
                    _word(node, PREFIXES["ekb"] + "printedAddress"),
                    _word(node, PREFIXES["ekb"] + "printedSite"),
                    tuple(_words(node, PREFIXES["biro"] + "references")),
                )
            )
        for found in entries.values():
            found.sort(key=lambda e: (e.number is None, e.number or 0, e.iri))
        return entries

    # -- claims ------------------------------------------------------------------------------------

    def picos(self) -> dict[str, list[Pico]]:
        """The PICO nodes of claims."""
        nodes = self._nodes("?s a pico:PICO .")
        found: dict[str, list[Pico]] = defaultdict(list)
        for claim, iri in self._about(nodes):
            node = nodes[iri]
            population, intervention, comparator, outcome = (
                tuple(_words(node, PREFIXES["pico"] + name))
                for name in ("population", "intervention", "comparatorGroup", "outcome")
            )
            texts = _texts(node, _DESCRIPTION)
            found[claim].append(Pico(population, intervention, comparator, outcome, texts))
        return found

    def relations(self) -> dict[str, list[Relation]]:
        """The cause-and-effect nodes of claims."""
        nodes = self._nodes("?s a rdf:Statement .")
        found: dict[str, list[Relation]] = defaultdict(list)
        for claim, iri in self._about(nodes):
            parts = [_word(nodes[iri], PREFIXES["rdf"] + p) or "" for p in ("subject", "predicate", "object")]
            found[claim].append(Relation(*parts))
        return found

    def _about(self, nodes: dict[str, dict[str, list[Term]]]) -> Iterator[tuple[str, str]]:
        for row in self._rows("SELECT ?c ?n WHERE { ?c a schema:Claim ; schema:about ?n } ORDER BY ?c ?n"):
            if row["n"].value in nodes:
                yield row["c"].value, row["n"].value

    def agents(self) -> dict[str, Texts]:
        """The names of whoever made a finding, by finding."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._rows(
            "SELECT ?f ?name { ?f a ekb:EvidenceLine ; prov:wasAttributedTo/schema:name ?name }"
            " ORDER BY ?f ?name"
        ):
            if isinstance(name := row["name"], ox.Literal):
                found[row["f"].value][name.language or ""] = name.value
        return dict(found)

    # -- sources -----------------------------------------------------------------------------------

    def details(self) -> dict[str, SourceDetails]:
        """What else is known of works."""
        publishers = self._nodes("{ SELECT DISTINCT ?s { ?w dcterms:publisher ?s } }")
        works = self._nodes(
            "{ SELECT DISTINCT ?s { { ?e biro:references ?s } UNION { ?c cito:hasCitedEntity ?s }"
            " UNION { ?f ekb:evidenceItem/oa:hasSource ?s } } }"
        )
        found = {}
        for iri, node in works.items():
            publisher = _word(node, PREFIXES["dcterms"] + "publisher")
            found[iri] = SourceDetails(
                tuple(_words(node, PREFIXES["dcterms"] + "creator")),
                _word(node, PREFIXES["dcterms"] + "issued"),
                _word(node, PREFIXES["dcterms"] + "language"),
                _texts(node, PREFIXES["rdfs"] + "comment"),
                publisher,
                _texts(publishers.get(publisher or "", {}), _INTEREST_BASIS),
                tuple(_words(node, PREFIXES["rdf"] + "type")),
            )
        return found

    def history(self) -> dict[str, list[Check]]:
        """The checks at which a verdict changed, by address."""
        found: dict[str, dict[Check, None]] = defaultdict(dict)
        for row in self._rows(_HISTORY):
            verdict = row["verdict"].value.removeprefix(CODE)
            found[row["url"].value][Check(row["when"].value, verdict)] = None
        return {url: list(checks) for url, checks in found.items()}

    def addresses(self) -> dict[str, AddressDetails]:
        """What else is known of addresses."""
        return {
            iri: AddressDetails(
                _word(node, PREFIXES["ekb"] + "statusCode"),
                _word(node, PREFIXES["ekb"] + "since"),
                _number(node, PREFIXES["ekb"] + "failures") or 0,
                _word(node, PREFIXES["ekb"] + "finalAddress"),
                _word(node, PREFIXES["ekb"] + "contentChangedAt"),
            )
            for iri, node in self._nodes("?s a ekb:WebAddress .").items()
        }

    # -- names -------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> dict[tuple[str, str], Texts]:
        """The names of codes, by code list and word."""
        return self._of_codes("skos:prefLabel")

    @cached_property
    def meanings(self) -> dict[tuple[str, str], Texts]:
        """What codes mean, by code list and word."""
        return self._of_codes("skos:definition")

    def _of_codes(self, predicate: str) -> dict[tuple[str, str], Texts]:
        found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in self._rows(
            "SELECT ?scheme ?word ?text WHERE"
            f" {{ ?c skos:inScheme ?scheme ; skos:notation ?word ; {predicate} ?text }}"
        ):
            text = row["text"]
            scheme = row["scheme"].value.removeprefix(CODE)
            assert isinstance(text, ox.Literal)
            found[scheme, row["word"].value][text.language or ""] = text.value
        return dict(found)

    @cached_property
    def labels(self) -> dict[str, Texts]:
        """The names of topics, terms, properties and classes, by IRI."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._rows(
            "SELECT ?s ?text WHERE"
            " { ?s skos:prefLabel|rdfs:label ?text . FILTER(ISIRI(?s)) } ORDER BY ?s ?text"
        ):
            text = row["text"]
            if isinstance(text, ox.Literal):
                found[row["s"].value].setdefault(text.language or "", text.value)
        return dict(found)


def _words(node: dict[str, list[Term]], predicate: str) -> list[str]:
    return sorted(term.value.removeprefix(CODE) for term in node.get(predicate, ()))


def _word(node: dict[str, list[Term]], predicate: str) -> str | None:
    return next(iter(_words(node, predicate)), None)


def _texts(node: dict[str, list[Term]], predicate: str) -> dict[str, str]:
    terms = sorted(node.get(predicate, ()), key=str)
    return {term.language or "": term.value for term in terms if isinstance(term, ox.Literal)}


def _number(node: dict[str, list[Term]], predicate: str) -> int | None:
    word = _word(node, predicate) or ""
    return int(word) if word.lstrip("-").isdecimal() and len(word) < 19 else None


_PREFIXES = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items())
_IS_PART_OF = PREFIXES["dcterms"] + "isPartOf"
_POSITION = PREFIXES["schema"] + "position"
_TITLE = PREFIXES["dcterms"] + "title"
_NAME = PREFIXES["schema"] + "name"
_PUBLISHER = PREFIXES["schema"] + "publisher"
_DESCRIPTION = PREFIXES["schema"] + "description"
_INTEREST = PREFIXES["ekb"] + "interest"
_INTEREST_BASIS = PREFIXES["ekb"] + "interestBasis"
_HOMES = "SELECT ?c ?in WHERE { ?c a schema:Claim ; dcterms:isPartOf ?in } ORDER BY DESC(?in)"
_HISTORY = """
SELECT ?url ?when ?verdict WHERE {
  ?assertion a earl:Assertion ; earl:subject ?url ; earl:result ?result .
  ?result ekb:verdict ?verdict ; dcterms:date ?when
} ORDER BY ?url ?when ?verdict
"""
