"""What the endpoint says of itself (SPARQL 1.1 Service Description) and of its data (VoID)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from ..store import Table
from ..vocabulary import PREFIXES
from .outbox import Outbox
from .results import content_type, format_for
from .state import State

__all__ = ["write_service", "write_triples", "write_void"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_RDF = PREFIXES["rdf"]

_Object = ox.NamedNode | ox.BlankNode | ox.Literal


class _Writer:
    """Collects triples."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def add(self, subject: ox.NamedNode | ox.BlankNode, **values: _Object) -> None:
        """Statements about ``subject``; ``sd_endpoint`` stands for ``sd:endpoint``."""
        for name, value in values.items():
            prefix, _, local = name.partition("_")
            self.triples.append(ox.Triple(subject, ox.NamedNode(_NAMESPACES[prefix] + local), value))


_NAMESPACES = {
    "sd": _SD,
    "void": _VOID,
    "rdf": _RDF,
    "dcterms": PREFIXES["dcterms"],
    "foaf": _FOAF,
}


def write_service(state: State, job: Mapping[str, Any], out: Outbox) -> int:
    """The service description (https://www.w3.org/TR/sparql11-service-description/)."""
    root = job["root"]
    writer = _Writer()
    service = ox.NamedNode(f"{root}/sparql")
    writer.add(
        service,
        rdf_type=ox.NamedNode(_SD + "Service"),
        sd_endpoint=service,
        sd_supportedLanguage=ox.NamedNode(_SD + "SPARQL11Query"),
        sd_feature=ox.NamedNode(_SD + "UnionDefaultGraph"),
    )
    if job["service"]:
        writer.add(service, sd_feature=ox.NamedNode(_SD + "BasicFederatedQuery"))
    for form in _RESULT_FORMATS:
        writer.add(service, sd_resultFormat=ox.NamedNode(_FORMATS + form))
    dataset = ox.NamedNode(f"{root}/.well-known/void#dataset")
    everything = ox.BlankNode("all")
    writer.add(service, sd_defaultDataset=dataset, sd_availableGraphs=dataset)
    writer.add(dataset, rdf_type=ox.NamedNode(_SD + "Dataset"), sd_defaultGraph=everything)
    writer.add(everything, rdf_type=ox.NamedNode(_SD + "Graph"), void_triples=_number(len(state.store)))
    for place, (graph, size) in enumerate(_sizes(state)):
        named, inside = ox.BlankNode(f"named{place}"), ox.BlankNode(f"graph{place}")
        writer.add(dataset, sd_namedGraph=named)
        writer.add(
            named, rdf_type=ox.NamedNode(_SD + "NamedGraph"), sd_name=ox.NamedNode(graph), sd_graph=inside
        )
        writer.add(inside, rdf_type=ox.NamedNode(_SD + "Graph"), void_triples=_number(size))
    return write_triples(state, writer.triples, job, out)


def write_void(state: State, job: Mapping[str, Any], out: Outbox) -> int:
    """What the data is (https://www.w3.org/TR/void/)."""
    root = job["root"]
    writer = _Writer()
    dataset = ox.NamedNode(f"{root}/.well-known/void#dataset")
    writer.add(
        dataset,
        rdf_type=ox.NamedNode(_VOID + "Dataset"),
        dcterms_title=ox.Literal(state.facts.name),
        void_sparqlEndpoint=ox.NamedNode(f"{root}/sparql"),
        void_uriSpace=ox.Literal(state.kb.config.base),
        void_triples=_number(len(state.store)),
        foaf_homepage=ox.NamedNode(f"{root}/"),
    )
    for form in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD"):
        writer.add(dataset, void_feature=ox.NamedNode(_FORMATS + form))
    for place, (name, size) in enumerate(_counted(state, "?x a ?name", "DISTINCT ?x")):
        part = ox.BlankNode(f"class{place}")
        writer.add(dataset, void_classPartition=part)
        writer.add(part, void_class=name, void_entities=size)
    for place, (name, size) in enumerate(_counted(state, "?x ?name ?o", "*")):
        part = ox.BlankNode(f"property{place}")
        writer.add(dataset, void_propertyPartition=part)
        writer.add(part, void_property=name, void_triples=size)
        namespace = _vocabulary(name.value)
        if namespace:
            writer.triples.append(
                ox.Triple(dataset, ox.NamedNode(_VOID + "vocabulary"), ox.NamedNode(namespace))
            )
    for prefix, example in _examples(state):
        writer.triples.append(ox.Triple(dataset, ox.NamedNode(_VOID + prefix), ox.NamedNode(example)))
    return write_triples(state, list(dict.fromkeys(writer.triples)), job, out)


def _examples(state: State) -> Iterator[tuple[str, str]]:
    for things in (state.facts.claims, state.facts.sources):
        for iri in list(things)[:1]:
            yield "exampleResource", iri


def _vocabulary(iri: str) -> str | None:
    return next((n for n in PREFIXES.values() if iri.startswith(n)), None)


def _counted(state: State, pattern: str, what: str) -> Iterator[tuple[ox.NamedNode, ox.Literal]]:
    """Every ``?name`` of a pattern with a count of ``what``."""
    table = state.kb.store.query(
        f"SELECT ?name (COUNT({what}) AS ?n) WHERE {{ {pattern} }} GROUP BY ?name ORDER BY ?name"
    )
    assert isinstance(table, Table)
    for row in table:
        term, count = row["name"], row["n"]
        if isinstance(term, ox.NamedNode) and isinstance(count, ox.Literal):
            yield term, count


def _sizes(state: State) -> Iterator[tuple[str, int]]:
    """The named graphs and how many triples each has."""
    table = state.named.query(
        "SELECT ?graph (COUNT(*) AS ?size) WHERE { GRAPH ?graph { ?s ?p ?o } } "
        "GROUP BY ?graph ORDER BY ?graph"
    )
    assert isinstance(table, Table)
    for row in table:
        yield row["graph"].value, int(row["size"].value)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))


def write_triples(
    state: State,
    triples: list[ox.Triple],
    job: Mapping[str, Any],
    out: Outbox,
    headers: dict[str, str] | None = None,
) -> int:
    """Triples in the format that the job's asker wants.

    :raises Refusal: 406, there is no such format.
    """
    form = format_for(None, job["accept"], job.get("format"))
    assert isinstance(form.writer, ox.RdfFormat)
    used = {t.value for triple in triples for t in triple if isinstance(t, ox.NamedNode)}
    known = {**state.prefixes, "sd": _SD, "void": _VOID, "foaf": _FOAF, "formats": _FORMATS}
    prefixes = {p: n for p, n in known.items() if any(iri.startswith(n) for iri in used)}
    out.head(200, content_type(form.media), headers)
    ox.serialize(triples, out.file, form.writer, prefixes=prefixes)
    return len(triples)
