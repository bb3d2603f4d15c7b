"""From triples to the typed objects of `model`: one query for each kind of thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import pyoxigraph as ox

from .model import Address, Citation, Claim, Entry, Finding, Source
from .store import Store, Table, Term
from .vocabulary import CODE, PREFIXES, Basis, Direction, Footing, Standing, Verdict, expand

__all__ = ["Records"]

_Word = TypeVar("_Word", bound=StrEnum)


class _Node:
    """The properties of one subject, by prefixed name."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self._values: dict[str, list[Term]] = defaultdict(list)

    def add(self, predicate: str, value: Term) -> None:
        self._values[predicate].append(value)

    def words(self, name: str) -> list[str]:
        """The values of a property as plain strings, sorted; code-list IRIs as their words."""
        return sorted(t.value.removeprefix(CODE) for t in self._values[expand(name) or name])

    def word(self, name: str) -> str | None:
        return next(iter(self.words(name)), None)

    def texts(self, name: str) -> dict[str, str]:
        return {
            t.language or "": t.value
            for t in sorted(self._values[expand(name) or name], key=str)
            if isinstance(t, ox.Literal)
        }

    def number(self, name: str) -> int | None:
        try:
            return int(self.word(name) or "")
        except ValueError:
            return None


class Records:
    """Reads claims, sources, citations and findings out of a store, each kind once."""

    def __init__(self, store: Store, footings: Callable[[], dict[str, tuple[str, str | None]]]) -> None:
        self._store = store
        self._footings = footings

    def _nodes(self, pattern: str) -> dict[str, _Node]:
        """Every property of the subjects ``?s`` that match ``pattern``."""
        prefixes = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
        table = self._store.query(f"{prefixes}SELECT ?s ?p ?o WHERE {{ {pattern} ?s ?p ?o }}")
        assert isinstance(table, Table)
        nodes: dict[str, _Node] = {}
        for row in table:
            iri = row["s"].value
            nodes.setdefault(iri, _Node(iri)).add(row["p"].value, row["o"])
        return dict(sorted(nodes.items()))

    @cached_property
    def addresses(self) -> dict[str, Address]:
        """Every address something is known of."""
        return {
            n.iri: Address(
                n.iri,
                _word(Verdict, n.word("ekb:verdict")),
                _word(Standing, n.word("ekb:standing")),
                n.word("ekb:lastChecked"),
                n.word("ekb:lastAlive"),
                tuple(n.words("schema:archivedAt")),
            )
            for n in self._nodes("?s a ekb:WebAddress .").values()
        }

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every work an entry references, an author cites or a finding rests on."""
        entries: dict[str, list[Entry]] = defaultdict(list)
        for node in self._nodes("?s a biro:BibliographicReference .").values():
            entry = Entry(
                node.iri,
                node.number("schema:position"),
                next(iter(node.texts("dcterms:title").values()), ""),
                node.word("ekb:printedAddress"),
            )
            for work in node.words("biro:references"):
                entries[work].append(entry)
        publishers = self._nodes("{ SELECT DISTINCT ?s { ?w dcterms:publisher ?s } }")
        return {
            node.iri: self._source(node, entries[node.iri], publishers)
            for node in self._nodes(
                "{ SELECT DISTINCT ?s { { ?e biro:references ?s } UNION { ?c cito:hasCitedEntity ?s }"
                " UNION { ?f ekb:evidenceItem/oa:hasSource ?s } } }"
            ).values()
        }

    def _source(self, node: _Node, entries: list[Entry], publishers: dict[str, _Node]) -> Source:
        publisher = publishers.get(node.word("dcterms:publisher") or "")
        return Source(
            node.iri,
            node.texts("dcterms:title"),
            tuple(sorted(entries, key=lambda e: (e.number or 0, e.iri))),
            node.word("dcterms:type"),
            publisher.word("schema:name") if publisher else None,
            publisher.word("ekb:interest") if publisher else None,
            tuple(node.words("schema:identifier")),
            tuple(node.words("ekb:studyDesign")),
            tuple(self.addresses.get(url, Address(url)) for url in node.words("schema:url")),
            tuple(node.words("prov:hadPrimarySource")),
        )

    @cached_property
    def citations(self) -> dict[str, list[Citation]]:
        """The author's citations, by claim."""
        marks = self._nodes("?s a c4o:InTextReferencePointer .")
        by_claim: dict[str, list[Citation]] = defaultdict(list)
        for node in self._nodes("?s a cito:Citation .").values():
            mark = marks.get(node.word("ekb:mark") or "")
            claim = node.word("cito:hasCitingEntity") or ""
            by_claim[claim].append(
                Citation(
                    node.iri,
                    claim,
                    node.word("cito:hasCitedEntity") or "",
                    node.word("cito:hasCitationCharacterization") or "",
                    mark.word("c4o:hasContent") if mark else None,
                )
            )
        return by_claim

    @cached_property
    def findings(self) -> list[Finding]:
        """Every curator's finding that names a claim, a direction and a basis."""
        items = self._nodes("?f ekb:evidenceItem ?s .")
        quotes = self._nodes("?i oa:hasSelector ?s . ?s a oa:TextQuoteSelector .")
        agents = self._nodes("{ SELECT DISTINCT ?s { ?f a ekb:EvidenceLine ; prov:wasAttributedTo ?s } }")
        found = []
        for node in self._nodes("?s a ekb:EvidenceLine .").values():
            direction = _word(Direction, node.word("ekb:direction"))
            basis = _word(Basis, node.word("ekb:basis"))
            item = items.get(node.word("ekb:evidenceItem") or "")
            if direction is None or basis is None or item is None:
                continue  # the audit says what is missing
            quote = quotes.get(item.word("oa:hasSelector") or "")
            curator = node.word("prov:wasAttributedTo")
            agent = agents.get(curator or "")
            found.append(
                Finding(
                    node.iri,
                    node.word("ekb:targetClaim") or "",
                    item.word("oa:hasSource") or "",
                    direction,
                    basis,
                    tuple(node.words("ekb:reason")),
                    node.word("ekb:certainty"),
                    quote.word("oa:exact") if quote else None,
                    node.texts("schema:description"),
                    (agent.word("schema:name") if agent else None) or curator,
                    node.word("prov:generatedAtTime"),
                )
            )
        return found

    def claims(self) -> Iterator[Claim]:
        """Every claim, by article and position."""
        sections = self._nodes("?s a doco:Section .")
        passages = self._nodes("?s oa:hasSelector ?x .")
        selectors = self._nodes("?s a oa:FragmentSelector .")
        appeals = self._nodes("?s a ekb:EvidenceAppeal .")
        structured = set(self._nodes("{ ?s a pico:PICO } UNION { ?s a rdf:Statement }"))
        footings = self._footings()
        contradicted: dict[str, set[str]] = defaultdict(set)
        nodes = self._nodes("?s a schema:Claim .")
        for node in nodes.values():
            for other in node.words("ekb:contradicts"):
                contradicted[node.iri].add(other)
                contradicted[other].add(node.iri)
        claims = []
        for node in nodes.values():
            section = sections.get(node.word("dcterms:isPartOf") or "")
            footing, via = footings.get(node.iri, ("none", None))
            claims.append(
                Claim(
                    node.iri,
                    node.number("schema:position"),
                    section.word("dcterms:isPartOf") if section else None,
                    section.word("dcterms:title") if section else None,
                    node.texts("schema:text"),
                    node.word("dcterms:type"),
                    node.word("ekb:certaintyOfWording"),
                    node.word("ekb:core") in {"true", "1"},
                    tuple(
                        selectors[s].word("rdf:value") or ""
                        for p in node.words("schema:appearance")
                        if p in passages
                        for s in passages[p].words("oa:hasSelector")
                        if s in selectors
                    ),
                    tuple(t for t in node.words("schema:about") if t not in structured),
                    tuple(appeals[a].word("ekb:cue") or "" for a in node.words("ekb:appeal") if a in appeals),
                    tuple(sorted(contradicted[node.iri])),
                    tuple(self.citations.get(node.iri, ())),
                    Footing(footing),
                    via,
                )
            )
        yield from sorted(claims, key=lambda c: (c.article or "", c.position or 0, c.iri))


def _word(kind: type[_Word], word: str | None) -> _Word | None:
    return kind(word) if word in set(kind) else None
