"""The addresses of claims, sources and terms: a page for people, triples for programs."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from serving import CLAIM, Server

from evidence_kb.site import linked_data
from evidence_kb.site.frames import HEAD, Frames
from evidence_kb.site.outbox import Outbox
from evidence_kb.site.state import Limits, State

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EKB = "https://w3id.org/evidence-kb/ns#"
CITO = rdflib.Namespace("http://purl.org/spar/cito/")


def triples(live: Server, path: str) -> rdflib.Graph:
    answer = live.get(path, Accept="text/turtle")
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.content, format="turtle")


def test_where_not_all_that_leads_to_a_thing_is_given_a_link_asks_for_the_rest(
    tea_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_data, "_MOST_LEADING_HERE", 1)
    job = {"path": "/resource", "iri": CLAIM, "format": "ntriples", "accept": "*/*", "prefix": "/kb"}
    state = State.load(str(tea_folder), {}, Limits())
    here, there = socket.socketpair()
    with here, there:
        out = Outbox(there, "resource", packed=False, most_bytes=2**20)
        out.finish(linked_data.answer(state, job, out))
        head = next(json.loads(c) for k, c in Frames().feed(here.recv(2**20)) if k == HEAD)

    address, *attributes = head["headers"]["Link"].split("; ")
    assert attributes[0] == 'rel="next"'
    assert address.startswith("</kb/sparql?query=CONSTRUCT+")
    assert address.endswith("+OFFSET+1>")


def test_a_claims_address_leads_people_to_its_page(live: Server) -> None:
    answer = live.get("data/tea/claim-tea-eases-headache", Accept=BROWSER, Accept_Language="en")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/tea/claim-tea-eases-headache.html"
    assert "Accept-Language" in answer.headers["Vary"]


def test_an_entrys_address_leads_to_its_place_in_the_page(live: Server) -> None:
    answer = live.get("data/tea/entry-3", Accept=BROWSER, Accept_Language="de")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/de/tea/")


def test_a_claims_address_gives_programs_what_begins_and_ends_at_it(live: Server) -> None:
    graph = triples(live, "data/tea/claim-tea-eases-headache")
    claim = rdflib.URIRef(CLAIM)

    assert (claim, rdflib.RDF.type, rdflib.URIRef("https://schema.org/Claim")) in graph
    assert (None, CITO.hasCitingEntity, claim) in graph
    assert (None, rdflib.URIRef(EKB + "targetClaim"), claim) in graph


@pytest.mark.parametrize("media", ["application/ld+json", "application/rdf+xml", "application/n-triples"])
def test_triples_come_in_the_format_asked_for(live: Server, media: str) -> None:
    answer = live.get("data/tea/claim-tea-eases-headache", Accept=media)

    assert answer.headers["Content-Type"] == media


def test_a_format_in_the_address_goes_before_the_browsers_wish(live: Server) -> None:
    answer = live.get(f"resource?format=turtle&iri={quote(CLAIM, safe='')}", Accept=BROWSER)

    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_the_vocabulary_is_there_for_people_and_programs(live: Server) -> None:
    page = live.get("ns", Accept=BROWSER, Accept_Language="en")
    graph = triples(live, "ns")

    assert page.status_code == 200
    assert 'id="EvidenceLine"' in page.text
    assert (rdflib.URIRef(EKB + "EvidenceLine"), rdflib.RDF.type, None) in graph


def test_a_code_is_described(live: Server) -> None:
    page = live.get("codes/disputes", Accept=BROWSER, Accept_Language="de")
    graph = triples(live, "codes/disputes")

    assert "skos:prefLabel" in page.text
    assert (
        rdflib.URIRef("https://w3id.org/evidence-kb/codes/disputes"),
        rdflib.SKOS.prefLabel,
        None,
    ) in graph


def test_a_files_address_gives_its_triples(live: Server) -> None:
    graph = triples(live, "data/tea/findings.ttl")

    assert (None, rdflib.RDF.type, rdflib.URIRef(EKB + "EvidenceLine")) in graph
    assert (None, rdflib.RDF.type, CITO.Citation) not in graph  # the author's acts are in another file


def test_anything_the_data_speaks_of_can_be_looked_up(live: Server) -> None:
    graph = triples(live, "resource?iri=" + quote("https://klinik.example/kopfschmerz/tee", safe=""))

    assert (None, rdflib.URIRef(EKB + "verdict"), None) in graph


@pytest.mark.parametrize("path", ["data/tea/no-such-claim", "codes/no-such-code", "resource?iri=urn:nothing"])
def test_what_is_not_there_is_404_in_the_format_asked_for(live: Server, path: str) -> None:
    page = live.get(path, Accept=BROWSER)
    text = live.get(path, Accept="text/turtle")
    problem = live.get(path, Accept="application/problem+json")

    assert {page.status_code, text.status_code, problem.status_code} == {404}
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert problem.json()["status"] == 404


@pytest.mark.parametrize("iri", ["", "no iri", "urn:a> . <urn:b", "x" * 5000, "javascript:alert(1)"])
def test_an_impossible_iri_does_no_harm(live: Server, iri: str) -> None:
    answer = live.get("resource?iri=" + quote(iri, safe=""), Accept=BROWSER)

    assert answer.status_code in {400, 404}


def test_the_endpoint_describes_itself(live: Server) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    graph = triples(live, "sparql")
    service = rdflib.URIRef(live.url + "sparql")

    assert (service, sd.endpoint, service) in graph
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
    assert (service, sd.feature, sd.UnionDefaultGraph) in graph
    assert (service, sd.feature, sd.BasicFederatedQuery) not in graph
    assert (None, sd.name, rdflib.URIRef("https://example.org/kb/tea/claims.ttl")) in graph
    formats = {str(o).rpartition("/")[2] for o in graph.objects(service, sd.resultFormat)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD"} <= formats


def test_the_endpoint_shows_people_the_query_page(live: Server) -> None:
    answer = live.get("sparql", Accept=BROWSER, Accept_Language="en")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/query.html")


def test_the_data_is_described_in_void(live: Server) -> None:
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    graph = triples(live, ".well-known/void")
    (dataset,) = graph.subjects(rdflib.RDF.type, void.Dataset)

    assert (dataset, void.sparqlEndpoint, rdflib.URIRef(live.url + "sparql")) in graph
    (count,) = graph.objects(dataset, void.triples)
    asked = live.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]
    assert str(count) == asked
    claims = graph.value(predicate=void["class"], object=rdflib.URIRef("https://schema.org/Claim"))
    assert str(graph.value(claims, void.entities)) == "1"
