"""What a query may cost, and that nobody else pays for it."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from serving import ENDLESS, Server, running, wait_until
from support import DATA

#: Many rows at once, from a query that is never done.
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CHEAP = "SELECT ?s { ?s a schema:Claim } LIMIT 1"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that stops queries after two seconds and ten rows."""
    import shutil

    folder = Path(shutil.copytree(DATA / "tea", tmp_path_factory.mktemp("strict") / "kb"))
    with running(folder, "--query-timeout", "2", "--row-limit", "10") as server:
        yield server


def test_a_query_that_takes_too_long_is_stopped(strict: Server) -> None:
    started = time.monotonic()
    answer = strict.query(ENDLESS)
    took = time.monotonic() - started

    assert answer.status_code == 504
    assert answer.text.startswith("the query was stopped after 2 s")
    assert 1.9 < took < 15


def test_after_a_stopped_query_the_next_one_is_answered(strict: Server) -> None:
    for number in range(2):
        assert strict.query(f"{ENDLESS} #{number}").status_code == 504
        assert strict.query(f"{CHEAP} #{number}").status_code == 200


@pytest.mark.parametrize("accept", ["json", "xml", "csv", "tsv"])
def test_an_answer_with_too_many_rows_is_refused_not_cut(strict: Server, accept: str) -> None:
    ten = "SELECT * { ?s ?p ?o } LIMIT 10"

    assert strict.get(f"sparql?format={accept}&query=" + quote(ten)).status_code == 200
    refused = strict.get(f"sparql?format={accept}&query=" + quote(ten.replace("10", "11")))
    assert refused.status_code == 422
    assert refused.text.startswith("the answer has more than 10 rows")


def test_the_row_limit_stops_the_work(strict: Server) -> None:
    answer = strict.query(PRODUCT)

    assert answer.status_code == 422  # and not 504: it was stopped long before its time was up


def test_the_row_limit_holds_for_triples(strict: Server) -> None:
    many = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"

    assert strict.query(many + " LIMIT 10").status_code == 200
    assert strict.query(many).text.startswith("the answer has more than 10 triples")


def test_rows_with_awkward_values_are_counted_rightly(strict: Server) -> None:
    """Quotes, commas, braces and line breaks in values are no rows."""
    values = r"""'},{"' '"},{"' 'a"b,c' "\n" "\r\n" '<result>' "\t" '},{}' """
    query = f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"
    for form in ("json", "xml", "csv", "tsv"):
        answer = strict.get(f"sparql?format={form}&query=" + quote(query))
        assert answer.status_code == 200, form


def test_memory_is_limited(live: Server) -> None:
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(32))
    hungry = f"SELECT (STRLEN(?x32) AS ?n) {{ BIND('0123456789' AS ?x0) {doubled} }}"
    answer = live.query(hungry)

    assert answer.status_code == 422
    assert "memory" in answer.text
    assert live.query(CHEAP).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o { SELECT * { OPTIONAL { SERVICE SILENT <http://127.0.0.1:9/> {} } } } }",
        "select * { ?s ?p ?o service?o { ?a ?b ?c } }",
        "ASK { FILTER EXISTS { GRAPH ?g { ?s ?p ?o . service <http://127.0.0.1:9/> { } } } }",
        "SELECT * { BIND('\\u0027' AS ?x) SERVICE <http://127.0.0.1:9/> { ?s ?p '\\u0027' } }",
    ],
)
def test_a_federated_query_is_refused_wherever_it_hides(live: Server, query: str) -> None:
    answer = live.query(query)

    assert answer.status_code == 403
    assert answer.text.startswith("SERVICE makes this server ask another one")


def test_the_word_service_is_no_crime(live: Server) -> None:
    query = "PREFIX service: <urn:service:> SELECT ?service { BIND('SERVICE' AS ?service) } # SERVICE"

    assert live.query(query).status_code == 200


def test_federation_can_be_allowed(tea_folder: Path, live: Server) -> None:
    with running(tea_folder, "--allow-service") as server:
        query = f"SELECT ?s {{ SERVICE <{live.url}sparql> {{ ?s a <https://schema.org/Claim> }} }}"
        rows = server.query(query).json()["results"]["bindings"]

    assert [row["s"]["value"] for row in rows] == ["https://example.org/kb/tea/claim-tea-eases-headache"]


def test_a_client_that_goes_takes_its_query_along(tea_folder: Path) -> None:
    with running(tea_folder, "--log-format", "json") as server:
        connection = server.connect()
        connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert wait_until(lambda: server.get("health").json()["jobs"]["slow"] == 1)

        connection.close()

        assert wait_until(lambda: server.get("health").json()["jobs"]["slow"] == 0, 3)


def test_a_client_that_goes_while_it_reads_takes_its_query_along(tea_folder: Path) -> None:
    with running(tea_folder, "--row-limit", "100000000") as server:
        connection = server.connect()
        connection.sendall(f"GET /sparql?query={quote(PRODUCT)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(10_000).startswith(b"HTTP/1.1 200")

        connection.close()

        def at_rest() -> bool:
            jobs = server.get("health").json()["jobs"]
            return jobs["express"] + jobs["slow"] == 0

        assert wait_until(at_rest, 5)


def test_endless_queries_leave_room_for_cheap_ones(tea_folder: Path) -> None:
    """Twelve of them from one client: those that find no place wait, and cheap ones are quick as ever."""
    with running(tea_folder, "--query-timeout", "30") as server:
        session = requests.Session()

        def typical() -> float:
            times = []
            for number in range(60):
                started = time.monotonic()
                answer = session.get(
                    server.url + "sparql", params={"query": f"{CHEAP} #{number}"}, timeout=30
                )
                times.append(time.monotonic() - started)
                assert answer.status_code == 200
            return statistics.median(times)

        typical()
        connections = []
        for number in range(12):
            connection = server.connect()
            text = quote(f"{ENDLESS} #{number}")
            connection.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connections.append(connection)
        assert wait_until(lambda: server.get("health").json()["jobs"]["waiting"] == 10)

        assert typical() < 0.25

        for connection in connections:
            connection.close()
        assert wait_until(lambda: sum(server.get("health").json()["jobs"].values()) == 0, 5)


def test_when_the_slow_lane_is_full_a_dear_query_waits_its_turn(tea_folder: Path) -> None:
    with running(tea_folder, "--query-timeout", "1") as server:
        answers: list[int] = []

        def ask(number: int) -> None:
            answers.append(server.query(f"{ENDLESS} #{number}").status_code)

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert answers == [504] * 6
