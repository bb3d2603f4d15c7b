"""The W3C's protocol tests (https://www.w3.org/TR/sparql11-protocol/, test cases of the working group).

Written out from their descriptions, as far as they apply to an endpoint that only reads. Their graphs
are made by updates; here they are the files of the tea knowledge base.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
import requests
from serving import Server

ASK = "ASK {}"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON = "application/sparql-results+json"
BASE = "https://example.org/kb/"
#: The graphs of two files, and one that is not there.
CLAIMS, SOURCES, NOTHING = f"{BASE}tea/claims.ttl", f"{BASE}tea/sources.ttl", f"{BASE}nothing.ttl"
HAS_CLAIM = "ASK { ?s a <https://schema.org/Claim> }"
HAS_ENTRY = "ASK { ?s a <http://purl.org/spar/biro/BibliographicReference> }"
HAS_BOTH = "ASK { ?s a <https://schema.org/Claim> . ?e a <http://purl.org/spar/biro/BibliographicReference> }"


def get(live: Server, *fields: tuple[str, str], accept: str = JSON) -> requests.Response:
    return live.get("sparql?" + urlencode(fields), Accept=accept)


def post_form(live: Server, *fields: tuple[str, str], accept: str = JSON) -> requests.Response:
    return live.request(
        "POST", "sparql", data=urlencode(fields), headers={"Content-Type": FORM, "Accept": accept}
    )


def post_direct(live: Server, query: str, *fields: tuple[str, str]) -> requests.Response:
    return live.request(
        "POST",
        "sparql?" + urlencode(fields),
        data=query.encode(),
        headers={"Content-Type": DIRECT, "Accept": JSON},
    )


def truth(answer: requests.Response) -> bool:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == JSON
    return bool(answer.json()["boolean"])


# -- queries ---------------------------------------------------------------------------------------


def test_query_get(live: Server) -> None:
    assert truth(get(live, ("query", ASK))) is True


def test_query_post_form(live: Server) -> None:
    assert truth(post_form(live, ("query", ASK))) is True


def test_query_post_direct(live: Server) -> None:
    assert truth(post_direct(live, ASK)) is True


@pytest.mark.parametrize("send", [get, post_form])
def test_query_dataset_default_graph(live: Server, send) -> None:  # type: ignore[no-untyped-def]
    assert truth(send(live, ("query", HAS_CLAIM), ("default-graph-uri", CLAIMS))) is True
    assert truth(send(live, ("query", HAS_CLAIM), ("default-graph-uri", SOURCES))) is False


@pytest.mark.parametrize("send", [get, post_form])
def test_query_dataset_default_graphs(live: Server, send) -> None:  # type: ignore[no-untyped-def]
    both = (("default-graph-uri", CLAIMS), ("default-graph-uri", SOURCES))

    assert truth(send(live, ("query", HAS_BOTH), *both)) is True
    assert truth(send(live, ("query", HAS_BOTH), both[0])) is False


@pytest.mark.parametrize("send", [get, post_form])
def test_query_dataset_named_graphs(live: Server, send) -> None:  # type: ignore[no-untyped-def]
    query = f"ASK {{ GRAPH <{CLAIMS}> {{ ?s a <https://schema.org/Claim> }} }}"
    both = (("named-graph-uri", CLAIMS), ("named-graph-uri", SOURCES))

    assert truth(send(live, ("query", query), *both)) is True
    assert truth(send(live, ("query", query), both[1])) is False
    assert truth(send(live, ("query", HAS_CLAIM), *both)) is False  # the default graph is empty then


def test_query_dataset_post_direct(live: Server) -> None:
    assert truth(post_direct(live, HAS_CLAIM, ("default-graph-uri", CLAIMS))) is True
    assert truth(post_direct(live, HAS_CLAIM, ("default-graph-uri", SOURCES))) is False


def test_query_dataset_full(live: Server) -> None:
    query = (
        "ASK { ?e a <http://purl.org/spar/biro/BibliographicReference> . "
        "GRAPH ?g { ?s a <https://schema.org/Claim> } }"
    )
    fields = (("default-graph-uri", SOURCES), ("named-graph-uri", CLAIMS))

    assert truth(get(live, ("query", query), *fields)) is True
    assert truth(get(live, ("query", query), fields[0])) is False


def test_query_multiple_dataset(live: Server) -> None:
    """The dataset of the request goes before the one in the query."""
    query = f"ASK FROM <{SOURCES}> {{ ?s a <https://schema.org/Claim> }}"

    assert truth(get(live, ("query", query))) is False
    assert truth(get(live, ("query", query), ("default-graph-uri", CLAIMS))) is True


def test_an_unknown_graph_is_empty(live: Server) -> None:
    assert truth(get(live, ("query", HAS_CLAIM), ("default-graph-uri", NOTHING))) is False


def test_the_dataset_in_a_query_counts(live: Server) -> None:
    named = f"ASK FROM NAMED <{CLAIMS}> {{ GRAPH ?g {{ ?s a <https://schema.org/Claim> }} }}"
    empty_default = f"ASK FROM NAMED <{CLAIMS}> {{ ?s a <https://schema.org/Claim> }}"

    assert truth(get(live, ("query", named))) is True
    assert truth(get(live, ("query", empty_default))) is False


def test_every_file_is_a_graph_and_the_default_graph_is_all_of_them(live: Server) -> None:
    answer = get(live, ("query", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"))

    assert [row["g"]["value"] for row in answer.json()["results"]["bindings"]] == [
        f"{BASE}links.ttl",
        f"{BASE}tea/article.ttl",
        f"{BASE}tea/claims.ttl",
        f"{BASE}tea/findings.ttl",
        f"{BASE}tea/sources.ttl",
        "https://w3id.org/evidence-kb/codes/",
        "https://w3id.org/evidence-kb/ns",
    ]
    assert truth(get(live, ("query", HAS_BOTH))) is True
    mixed = f"ASK {{ ?s a <https://schema.org/Claim> . GRAPH <{SOURCES}> {{ ?e ?p ?o }} }}"
    assert truth(get(live, ("query", mixed))) is True


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT (1 AS ?value) {}", "application/sparql-results+xml"),
        ("SELECT (1 AS ?value) {}", "application/sparql-results+json"),
        ("SELECT (1 AS ?value) {}", "text/tab-separated-values"),
        ("SELECT (1 AS ?value) {}", "text/csv"),
        ("ASK {}", "application/sparql-results+xml"),
        ("ASK {}", "application/sparql-results+json"),
        ("DESCRIBE <http://example.org/>", "application/rdf+xml"),
        ("DESCRIBE <http://example.org/>", "text/turtle"),
        ("DESCRIBE <http://example.org/>", "application/ld+json"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "text/turtle"),
        ("CONSTRUCT { <http://e/s> <http://e/p> 1 } WHERE {}", "application/rdf+xml"),
        ("CONSTRUCT { <http://e/s> <http://e/p> 1 } WHERE {}", "application/n-triples"),
    ],
)
def test_query_content_type(live: Server, query: str, accept: str) -> None:
    answer = get(live, ("query", query.replace("<s> <p>", "<http://e/s> <http://e/p>")), accept=accept)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == accept


# -- bad requests ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(live: Server, method: str) -> None:
    answer = live.request(method, "sparql?" + urlencode({"query": ASK}))

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("send", [get, post_form])
def test_bad_multiple_queries(live: Server, send) -> None:  # type: ignore[no-untyped-def]
    assert send(live, ("query", ASK), ("query", "SELECT * {}")).status_code == 400


def test_bad_multiple_queries_in_address_and_body(live: Server) -> None:
    assert post_direct(live, ASK, ("query", ASK)).status_code == 400


def test_bad_query_wrong_media_type(live: Server) -> None:
    answer = live.request("POST", "sparql", data=ASK, headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415
    assert answer.headers["Accept-Post"] == f"{FORM}, {DIRECT}"


@pytest.mark.parametrize("data", [urlencode({"query": ASK}), ASK], ids=["form", "direct"])
def test_bad_query_missing_type(live: Server, data: str) -> None:
    answer = live.request("POST", "sparql", data=data.encode())

    assert answer.status_code == 415
    assert "without a Content-Type" in answer.text


def test_bad_query_non_utf8(live: Server) -> None:
    utf16 = live.request(
        "POST",
        "sparql",
        data=ASK.encode("utf-16"),
        headers={"Content-Type": f"{DIRECT}; charset=UTF-16"},
    )
    broken = live.request("POST", "sparql", data=b"ASK { 'caf\xe9' }", headers={"Content-Type": DIRECT})
    in_address = live.get("sparql?query=ASK%20%7B%20%7D%20%23%E9")

    assert utf16.status_code == 415
    assert (broken.status_code, broken.text) == (400, "the query is not UTF-8\n")
    assert in_address.status_code == 400


@pytest.mark.parametrize("query", ["ASK", "SELECT nonsense", "ASK { ?s ?p }"])
def test_bad_query_syntax(live: Server, query: str) -> None:
    answer = get(live, ("query", query))

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("query", ["", "  "])
def test_bad_query_empty(live: Server, query: str) -> None:
    assert get(live, ("query", query)).status_code == 400
    assert post_form(live, ("query", query)).status_code == 400


def test_bad_query_missing(live: Server) -> None:
    assert post_form(live, ("default-graph-uri", CLAIMS)).status_code == 400
    assert get(live, ("default-graph-uri", CLAIMS)).status_code == 400


# -- updates are refused ---------------------------------------------------------------------------

UPDATE = "INSERT DATA { <http://e/s> <http://e/p> 1 }"


def test_update_post_form_is_refused(live: Server) -> None:
    answer = post_form(live, ("update", UPDATE))

    assert answer.status_code == 403
    assert "read-only" in answer.text


def test_update_post_direct_is_refused(live: Server) -> None:
    answer = live.request(
        "POST", "sparql", data=UPDATE, headers={"Content-Type": "application/sparql-update"}
    )

    assert answer.status_code == 403


def test_update_get_is_refused(live: Server) -> None:
    assert get(live, ("update", UPDATE)).status_code == 403
    assert get(live, ("update", UPDATE), ("query", ASK)).status_code == 403


@pytest.mark.parametrize(
    "update",
    [UPDATE, "DROP ALL", "CLEAR DEFAULT", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>"],
)
def test_an_update_sent_as_a_query_is_no_query(live: Server, update: str) -> None:
    before = get(live, ("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")).json()

    assert get(live, ("query", update)).status_code == 400
    assert post_direct(live, update).status_code == 400
    assert get(live, ("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } #again")).json() == before


# -- beyond the protocol's tests -------------------------------------------------------------------


def test_an_error_says_line_and_column(live: Server) -> None:
    query = "SELECT ?s WHERE {\n  ?s a schema:Claim ;;; .\n  FILTER(\n}"
    text = get(live, ("query", query))
    problem = get(live, ("query", query), accept="application/problem+json")

    assert text.text.startswith("query:4:2: this is no SPARQL near")
    assert problem.headers["Content-Type"] == "application/problem+json"
    content = json.loads(problem.content)
    assert (content["status"], content["line"], content["column"]) == (400, 4, 2)


def test_an_undeclared_prefix_is_named(live: Server) -> None:
    answer = get(live, ("query", "SELECT * {\n ?s nope:x schema:Claim }"))

    assert answer.text.startswith("query:2:5: the prefix nope: is not declared")


def test_prefixes_of_the_vocabulary_need_no_declaration(live: Server) -> None:
    answer = get(live, ("query", "SELECT ?s { ?s a schema:Claim ; ekb:core true }"))

    assert [row["s"]["value"] for row in answer.json()["results"]["bindings"]] == [
        "https://example.org/kb/tea/claim-tea-eases-headache"
    ]


def test_a_querys_own_prefixes_go_first(live: Server) -> None:
    own = "PREFIX schema: <http://purl.org/spar/biro/> ASK { ?s a schema:BibliographicReference }"

    assert truth(get(live, ("query", own))) is True
    assert truth(get(live, ("query", "PREFIX ekb: <urn:x:> ASK { ?s a ekb:EvidenceLine }"))) is False


def test_text_is_utf8_all_the_way(live: Server) -> None:
    answer = post_direct(live, "SELECT ('Grüße 你好 🙂' AS ?x) {}")

    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "Grüße 你好 🙂"


def test_head_is_get_without_the_answer(live: Server) -> None:
    answer = live.request("HEAD", "sparql?" + urlencode({"query": ASK}), headers={"Accept": JSON})

    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, JSON, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "application/json;q=0"])
def test_a_format_that_is_not_there_is_406_with_those_that_are(live: Server, accept: str) -> None:
    answer = get(live, ("query", "SELECT * {}"), accept=accept)

    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.text


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0.1, text/*;q=0.5", "text/csv"),
        ("*/*;q=0.1, text/tab-separated-values", "text/tab-separated-values"),
        ("*/*", JSON),
        ("", JSON),
        ("application/json", "application/json"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            JSON,
        ),
    ],
)
def test_quality_values_choose_the_format(live: Server, accept: str, media: str) -> None:
    answer = get(live, ("query", "SELECT (1 AS ?x) {}"), accept=accept)

    assert answer.headers["Content-Type"].partition(";")[0] == media
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


def test_the_format_can_be_named_in_the_address(live: Server) -> None:
    table = get(live, ("query", "SELECT (1 AS ?x) {}"), ("format", "csv"), accept="text/html")
    graph = get(live, ("query", "DESCRIBE <http://e/>"), ("format", "jsonld"))

    assert table.text == "x\r\n1\r\n"
    assert graph.headers["Content-Type"] == "application/ld+json"
