"""Clients that others have written, and our own, against a running server."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import CLAIM, Server
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from support import Outcome

SCHEMA = "https://schema.org/"
SELECT = f"SELECT ?s WHERE {{ ?s a <{SCHEMA}Claim> }}"


# -- rdflib ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks_by_every_method(live: Server, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(live.url + "sparql", method=method))

    assert [str(row[0]) for row in graph.query(SELECT)] == [CLAIM]  # type: ignore[index]
    assert bool(graph.query(f"ASK {{ <{CLAIM}> ?p ?o }}")) is True


def test_rdflib_reads_the_endpoint_as_if_it_were_a_graph(live: Server) -> None:
    graph = rdflib.Graph(SPARQLStore(live.url + "sparql"))
    claim = rdflib.URIRef(CLAIM)

    texts = {str(text) for text in graph.objects(claim, rdflib.URIRef(SCHEMA + "text"))}

    assert texts == {"Grüner Tee lindert Spannungskopfschmerz.", "Green tea eases tension headache."}
    assert (claim, rdflib.RDF.type, rdflib.URIRef(SCHEMA + "Claim")) in graph
    assert len(graph) > 1000


@pytest.mark.parametrize(
    ("media", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_rdflib_reads_every_format_of_triples(live: Server, media: str, parser: str) -> None:
    answer = live.query(f"DESCRIBE <{CLAIM}>", Accept=media)

    graph = rdflib.Graph().parse(data=answer.content, format=parser)

    assert answer.headers["Content-Type"].startswith(media)
    statement = rdflib.Literal("Green tea eases tension headache.", lang="en")
    assert (rdflib.URIRef(CLAIM), rdflib.URIRef(SCHEMA + "text"), statement) in graph


@pytest.mark.parametrize("media", ["json", "xml", "csv", "tsv"])
def test_rdflib_reads_every_format_of_tables(live: Server, media: str) -> None:
    answer = live.get("sparql", Accept="*/*")
    assert answer.status_code == 200
    query = "SELECT ?s ?t { ?s schema:text ?t } ORDER BY ?t"
    answer = live.request("POST", "sparql", data={"query": query, "format": media})

    result = rdflib.query.Result.parse(source=_file(answer.content), format=media)

    rows = [tuple(map(str, row)) for row in result]  # type: ignore[call-overload]
    assert (CLAIM, "Grüner Tee lindert Spannungskopfschmerz.") in rows


def _file(content: bytes):  # type: ignore[no-untyped-def]
    import io

    return io.BytesIO(content)


# -- SPARQLWrapper ---------------------------------------------------------------------------------


def wrapper(live: Server, query: str, form: str) -> SPARQLWrapper:
    client = SPARQLWrapper(live.url + "sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    return client


def test_sparqlwrapper_reads_tables(live: Server) -> None:
    found = wrapper(live, SELECT, JSON).queryAndConvert()

    assert [row["s"]["value"] for row in found["results"]["bindings"]] == [CLAIM]
    assert CLAIM in wrapper(live, SELECT, XML).queryAndConvert().toxml()
    assert CLAIM.encode() in wrapper(live, SELECT, CSV).queryAndConvert()
    assert CLAIM.encode() in wrapper(live, SELECT, TSV).queryAndConvert()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_reads_triples(live: Server, form: str) -> None:
    found = wrapper(live, f"DESCRIBE <{CLAIM}>", form).queryAndConvert()

    if isinstance(found, bytes):
        found = rdflib.Graph().parse(data=found, format="turtle")
    assert (rdflib.URIRef(CLAIM), rdflib.RDF.type, rdflib.URIRef(SCHEMA + "Claim")) in found


@pytest.mark.parametrize("style", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_posts(live: Server, style: str) -> None:
    client = wrapper(live, SELECT, JSON)
    client.setMethod(POST)
    client.setRequestMethod(style)

    assert [row["s"]["value"] for row in client.queryAndConvert()["results"]["bindings"]] == [CLAIM]


def test_sparqlwrapper_is_told_what_is_wrong(live: Server) -> None:
    with pytest.raises(QueryBadFormed, match="this is no SPARQL near"):
        wrapper(live, "SELECT nonsense", JSON).query()


# -- curl ------------------------------------------------------------------------------------------

curl = shutil.which("curl")


@pytest.mark.skipif(curl is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "words",
    [
        ["--get", "--data-urlencode", f"query={SELECT}"],
        ["--data-urlencode", f"query={SELECT}"],
        ["-H", "Content-Type: application/sparql-query", "--data", SELECT],
        ["--compressed", "--data-urlencode", f"query={SELECT}"],
        ["--http1.0", "--get", "--data-urlencode", f"query={SELECT}"],
        ["-H", "Expect: 100-continue", "--data-urlencode", f"query={SELECT}"],
    ],
)
def test_curl_asks_by_every_method(live: Server, words: list[str]) -> None:
    assert curl
    command = [curl, "-sS", "--fail", "-H", "Accept: text/csv", *words, live.url + "sparql"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert (done.stdout, done.stderr) == (f"s\n{CLAIM}\n", "")


# -- kb --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "form"),
    [("footing", "json"), ("rests-on", "csv"), ("is-anything-lost", "json"), ("claim-graph", "turtle")],
)
def test_our_own_client_gets_what_it_would_find_itself(
    kb: Callable[..., Outcome], tea_folder: Path, live: Server, question: str, form: str
) -> None:
    words = ("--kb", tea_folder, "query", question, "--format", form)

    there = kb(*words, "--endpoint", live.url + "sparql")

    assert (there.code, there.out) == (0, kb(*words).out)
