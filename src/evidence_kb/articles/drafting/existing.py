"""What a knowledge base says of one article already, as far as updating it needs to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...knowledge_base import KnowledgeBase
from ...sparql import with_prefixes
from ...store import Table, Term
from ...vocabulary import PREFIXES, code
from .works import address_key

__all__ = ["KnownArticle", "KnownClaim", "KnownEntry", "KnownMark", "KnownPassage", "is_article", "namesakes"]


@dataclass
class KnownEntry:
    """An entry of the source list, and the keys by which its work is recognised."""

    iri: str
    number: int | None
    title: str
    address: str | None
    work: str | None
    keys: set[str] = field(default_factory=set)


@dataclass
class KnownClaim:
    """A claim: whether it is still a draft, where it stands, and the cues of its appeals."""

    iri: str
    draft: bool
    section: str | None
    position: int = 0
    cues: set[str] = field(default_factory=set)


@dataclass
class KnownPassage:
    """A place in the article, and the claims that are made there."""

    iri: str
    fragment: str
    digest: str | None
    claims: list[str] = field(default_factory=list)


@dataclass
class KnownMark:
    """A mark or a mention: as printed, the entry it stands for, the passage it stands in."""

    iri: str
    content: str
    entry: str | None
    passage: str | None


class KnownArticle:
    """Everything about one article that an update compares with.

    :param iri: the article's IRI.
    """

    def __init__(self, kb: KnowledgeBase, iri: str) -> None:
        self._kb = kb
        self.iri = iri
        self.namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        about = self._rows("SELECT ?p ?o WHERE { ?_article ?p ?o } ORDER BY ?p ?o")
        schema, ekb = PREFIXES["schema"], PREFIXES["ekb"]
        self.title = next((r["o"].value for r in about if r["p"].value == schema + "name"), "")
        self.digests = [r["o"].value for r in about if r["p"].value == ekb + "textDigest"]
        self.sections = {
            row["section"].value: row["title"].value
            for row in self._rows(
                "SELECT ?section ?title WHERE { ?section a doco:Section ; dcterms:isPartOf ?_article ; "
                "dcterms:title ?title } ORDER BY ?section ?title"
            )
        }
        self.places = {
            row["section"].value: row["place"]
            for row in self._rows(
                "SELECT ?section ?place WHERE { ?section a doco:Section ; dcterms:isPartOf ?_article ; "
                "schema:position ?place } ORDER BY ?section ?place"
            )
        }
        self.entries = {entry.iri: entry for entry in self._entries()}
        self.claims = self._claims()
        self.passages = self._passages()
        self.marks = [
            KnownMark(row["mark"].value, row["content"].value, _value(row, "entry"), _value(row, "passage"))
            for row in self._rows(
                "SELECT ?mark ?content ?entry ?passage WHERE { ?passage oa:hasSource ?_article . "
                "?mark c4o:hasContext ?passage ; c4o:hasContent ?content . "
                "OPTIONAL { ?mark c4o:denotes ?entry } } ORDER BY ?mark ?content ?entry"
            )
        ]
        self.acts = {
            (row["claim"].value, row["work"].value): row["act"].value
            for row in self._rows(
                "SELECT ?act ?claim ?work WHERE { ?claim dcterms:isPartOf/dcterms:isPartOf ?_article . "
                "?act cito:hasCitingEntity ?claim ; cito:hasCitedEntity ?work } ORDER BY ?act"
            )
        }

    def taken_names(self) -> set[str]:
        """What stands behind the namespace in the IRIs of everything described."""
        text = f'SELECT DISTINCT ?s WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{self.namespace}")) }}'
        return {row["s"].value.removeprefix(self.namespace) for row in self._rows(text)}

    def _entries(self) -> Iterator[KnownEntry]:
        found: dict[str, KnownEntry] = {}
        for row in self._rows(
            "SELECT ?entry ?number ?title ?address ?work ?identifier ?url WHERE { "
            "?entry a biro:BibliographicReference ; dcterms:isPartOf ?_article . "
            "OPTIONAL { ?entry schema:position ?number } OPTIONAL { ?entry dcterms:title ?title } "
            "OPTIONAL { ?entry ekb:printedAddress ?address } OPTIONAL { ?entry biro:references ?work "
            "OPTIONAL { ?work schema:identifier ?identifier } OPTIONAL { ?work schema:url ?url } } } "
            "ORDER BY ?number ?entry ?title ?address ?work ?identifier ?url"
        ):
            iri, number = row["entry"].value, _value(row, "number")
            entry = found.setdefault(
                iri,
                KnownEntry(
                    iri,
                    int(number) if number and number.isdecimal() else None,
                    _value(row, "title") or "",
                    _value(row, "address"),
                    _value(row, "work"),
                ),
            )
            identifier, url = _value(row, "identifier"), _value(row, "url")
            entry.keys |= {identifier.casefold()} if identifier else set()
            entry.keys |= {address_key(address) for address in (url, entry.address) if address}
        yield from found.values()

    def _claims(self) -> dict[str, KnownClaim]:
        found: dict[str, KnownClaim] = {}
        for row in self._rows(
            "SELECT ?claim ?section ?position ?status ?cue WHERE { ?section dcterms:isPartOf ?_article . "
            "?claim a schema:Claim ; dcterms:isPartOf ?section . OPTIONAL { ?claim ekb:status ?status } "
            "OPTIONAL { ?claim schema:position ?position } OPTIONAL { ?claim ekb:appeal/ekb:cue ?cue } } "
            "ORDER BY ?claim ?section ?position ?status ?cue"
        ):
            position, cue = _value(row, "position"), _value(row, "cue")
            claim = found.setdefault(
                row["claim"].value,
                KnownClaim(
                    row["claim"].value,
                    _value(row, "status") == code("draft"),
                    row["section"].value,
                    int(position) if position and position.isdecimal() else 0,
                ),
            )
            claim.cues |= {cue.casefold()} if cue else set()
        return found

    def _passages(self) -> list[KnownPassage]:
        found: dict[str, KnownPassage] = {}
        for row in self._rows(
            "SELECT ?passage ?fragment ?digest ?claim WHERE { ?passage oa:hasSource ?_article ; "
            "oa:hasSelector/rdf:value ?fragment . OPTIONAL { ?passage ekb:textDigest ?digest } "
            "OPTIONAL { ?claim schema:appearance ?passage ; a schema:Claim } } "
            "ORDER BY ?passage ?fragment ?digest ?claim"
        ):
            passage = found.setdefault(
                row["passage"].value,
                KnownPassage(row["passage"].value, row["fragment"].value, _value(row, "digest")),
            )
            claim = _value(row, "claim")
            if claim and claim not in passage.claims:
                passage.claims.append(claim)
        return list(found.values())

    def _rows(self, text: str) -> list[dict[str, Term]]:
        table = self._kb.store.query(with_prefixes(text.replace("?_article", f"<{self.iri}>"), PREFIXES))
        assert isinstance(table, Table)
        return list(table)


def is_article(kb: KnowledgeBase, iri: str) -> bool:
    """Whether the knowledge base describes an article of that IRI."""
    return bool(kb.store.query(f"ASK {{ <{iri}> a <{PREFIXES['schema']}Article> }}"))


def namesakes(kb: KnowledgeBase, title: str, digest: str) -> list[str]:
    """The names of the articles that have this text, or this title; those with the text first."""
    table = kb.store.query(
        with_prefixes(
            "SELECT ?article (MIN(?rank) AS ?first) WHERE { ?article a schema:Article . "
            f"{{ ?article ekb:textDigest {ox.Literal(digest)} BIND(1 AS ?rank) }} UNION "
            f"{{ ?article schema:name ?name FILTER(STR(?name) = {ox.Literal(title)}) BIND(2 AS ?rank) }} }} "
            "GROUP BY ?article ORDER BY ?first ?article",
            PREFIXES,
        )
    )
    assert isinstance(table, Table)
    found = [row["article"].value for row in table]
    names = {iri: name for name, iri in kb.articles().items()} if found else {}
    return [names[iri] for iri in found if iri in names]


def _value(row: dict[str, Term], column: str) -> str | None:
    return row[column].value if column in row else None
