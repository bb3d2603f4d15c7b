"""What every response carries, and what careless or hostile clients get."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import Server, running, wait_until

ASK = "sparql?query=" + quote("ASK {}")
SOME = "sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 100")


# -- caches ----------------------------------------------------------------------------------------


def test_an_answer_that_the_client_has_is_not_sent_again(live: Server) -> None:
    first = live.get(ASK)
    again = live.get(ASK, If_None_Match=first.headers["ETag"])

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_each_query_and_format_has_an_etag_of_its_own(live: Server) -> None:
    tags = {
        live.get(ASK).headers["ETag"],
        live.get(ASK, Accept="application/sparql-results+xml").headers["ETag"],
        live.query("ASK { }").headers["ETag"],
        live.get(ASK, Accept_Encoding="gzip").headers["ETag"],
    }

    assert len(tags) == 4


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "STRUUID()"])
def test_an_answer_that_changes_by_itself_is_not_kept(live: Server, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = live.query(query), live.query(query)

    assert "ETag" not in first.headers
    assert first.headers["Cache-Control"] == "no-store"
    assert first.text != second.text


@pytest.mark.parametrize("path", [SOME, "en/index.html", "assets/site.css", "api/questions", "openapi.json"])
def test_answers_are_compressed_where_the_client_can_read_it(live: Server, path: str) -> None:
    plain = live.get(path)
    for _ in "made", "from memory":
        packed = live.get(path, Accept_Encoding="br, gzip")

        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert packed.content == plain.content  # requests unpacks it
        assert int(packed.headers["Content-Length"]) < len(plain.content)
    refused = live.get(path, Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in refused.headers


def test_a_short_answer_is_not_compressed(live: Server) -> None:
    assert "Content-Encoding" not in live.get(ASK, Accept_Encoding="gzip").headers


def test_a_long_answer_comes_in_pieces_and_whole(tea_folder: Path) -> None:
    query = "sparql?query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")
    with running(tea_folder) as server:
        plain = server.get(query, Accept="text/tab-separated-values")
        packed = server.get(query, Accept="text/tab-separated-values", Accept_Encoding="gzip")

    assert plain.headers["Transfer-Encoding"] == packed.headers["Transfer-Encoding"] == "chunked"
    assert len(plain.content) > 1_000_000
    assert plain.text.count("\n") == packed.text.count("\n") == 20001


# -- other sites, browsers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [ASK, "api/overview", "openapi.json", "data/tea/article", ".well-known/void"]
)
def test_scripts_of_other_sites_may_read_data(live: Server, path: str) -> None:
    assert live.get(path, Origin="https://elsewhere.example").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["sparql", "api/overview", "data/tea/article"])
def test_a_browsers_question_before_the_question_is_answered(live: Server, path: str) -> None:
    answer = live.request(
        "OPTIONS",
        path,
        headers={
            "Origin": "https://elsewhere.example",
            "Access_Control_Request_Method": "POST",
            "Access_Control_Request_Headers": "content-type",
        },
    )

    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_an_error_can_be_read_by_other_sites_too(live: Server) -> None:
    assert live.query("nonsense").headers["Access-Control-Allow-Origin"] == "*"


def test_a_page_runs_only_its_own_scripts_and_stands_in_no_frame(live: Server) -> None:
    policy = live.get("en/index.html").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["en/index.html", ASK, "nothing", "sparql?query=x", "assets/site.css"])
def test_every_response_is_taken_for_what_it_says_it_is(live: Server, path: str) -> None:
    headers = live.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Request-Id"]


def test_a_browser_is_led_to_pages_in_its_language(live: Server) -> None:
    assert live.get("", Accept_Language="en-GB,en;q=0.9").headers["Location"] == "/en/index.html"
    assert live.get("", Accept_Language="de-AT").headers["Location"] == "/de/index.html"
    assert live.get("", Accept_Language="fr").headers["Location"] == "/de/index.html"  # its first language


@pytest.mark.parametrize(
    "path",
    [
        "../kb.toml",
        "%2e%2e/kb.toml",
        "..%2fkb.toml",
        "assets/../../kb.toml",
        "assets/%2e%2e/%2e%2e/pages.py",
        "assets//etc/passwd",
        "en/..%5c..%5ckb.toml",
        "en/index.html%00.css",
        "data/../../../etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_pages(live: Server, path: str) -> None:
    with live.connect() as connection:
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = _everything(connection)

    assert answer.startswith(b"HTTP/1.1 404"), answer[:100]
    assert b"[knowledge-base]" not in answer
    assert b"root:" not in answer


def test_what_a_client_sends_is_not_echoed_as_markup(live: Server) -> None:
    answer = live.get("data/%3Cscript%3Ealert(1)%3C/script%3E", Accept="text/html")

    assert answer.status_code == 404
    assert "<script" not in answer.text


@pytest.mark.parametrize("host", ['evil"><script>', "a b", "x" * 300 + "/"])
def test_an_impossible_host_does_not_get_into_answers(live: Server, host: str) -> None:
    answer = live.get(".well-known/void", Host=host)

    assert answer.status_code == 200
    assert host not in answer.text
    assert f"http://127.0.0.1:{live.port}/sparql" in answer.text


# -- limits ----------------------------------------------------------------------------------------


def _everything(connection) -> bytes:  # type: ignore[no-untyped-def]
    received = b""
    while data := connection.recv(65536):
        received += data
    return received


def test_a_huge_body_is_refused_before_it_is_read(live: Server) -> None:
    with live.connect() as connection:
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        connection.sendall(f"{head}Content-Length: 10000000000\r\n\r\n".encode())
        answer = _everything(connection)

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_does_not_say_how_long_it_is_is_counted(live: Server) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(30):
            yield b"#" * 65536

    answer = live.request(
        "POST", "sparql", data=pieces(), headers={"Content-Type": "application/sparql-query"}
    )

    assert answer.status_code == 413


def test_a_long_query_fits_into_a_body(live: Server) -> None:
    query = "ASK { FILTER(1 = 1) }" + " # and so on\n" * 50_000
    answer = live.request("POST", "sparql", data=query, headers={"Content-Type": "application/sparql-query"})

    assert answer.status_code == 200


def test_endless_headers_are_cut_off(live: Server) -> None:
    with live.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        try:
            for _ in range(200):
                connection.sendall(b"X-A: " + b"a" * 8000 + b"\r\n")
            answer = _everything(connection)
        except (BrokenPipeError, ConnectionResetError):
            return
    assert answer.startswith(b"HTTP/1.1 431")


def test_nonsense_instead_of_http_gets_one_answer(live: Server) -> None:
    with live.connect() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00hello\r\n\r\n")
        answer = _everything(connection)

    assert answer.startswith(b"HTTP/1.1 400")
    assert "Traceback" not in live.log()


def test_clients_that_dawdle_over_their_requests_are_dropped(live: Server) -> None:
    started = time.monotonic()
    connections = [live.connect() for _ in range(4)]
    for connection, begun in zip(
        connections, [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: x\r\n", b"\r\n"], strict=True
    ):
        connection.sendall(begun)
    for connection in connections:
        assert _everything(connection).startswith(b"HTTP/1.1 408")
        connection.close()

    assert 8 < time.monotonic() - started < 20


def test_a_client_that_does_not_read_holds_up_nobody(tea_folder: Path) -> None:
    big = "sparql?query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000")
    with running(tea_folder) as server:
        idle = []
        for _ in range(8):
            connection = server.connect()
            connection.sendall(f"GET /{big} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            idle.append(connection)
        time.sleep(0.5)
        started = time.monotonic()
        for number in range(20):
            assert server.query(f"ASK {{}} #{number}").status_code == 200
        assert time.monotonic() - started < 5
        for connection in idle:
            connection.close()
        assert wait_until(lambda: sum(server.get("health").json()["jobs"].values()) == 0, 5)


# -- logs ------------------------------------------------------------------------------------------


def test_the_log_is_one_json_object_for_each_request(tea_folder: Path) -> None:
    with running(tea_folder, "--log-format", "json") as server:
        server.get("sparql?query=" + quote("SELECT ?s { ?s a schema:Claim }"), X_Request_Id="mine-1")
        server.get("nowhere%0Aforged", X_Request_Id="bad id\t")
    lines = [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]

    first, second = [line for line in lines if line["event"] == "request"]
    assert (first["id"], first["status"], first["rows"], first["method"]) == ("mine-1", 200, 1, "GET")
    assert first["query"] == "SELECT ?s { ?s a schema:Claim }"
    assert first["ms"] > 0
    assert second["status"] == 404
    assert second["id"] != "bad id"


def test_the_log_for_people_is_one_line_for_each_request(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        server.get("nowhere%0Aforged")
    (line,) = [line for line in server.log().splitlines() if "nowhere" in line]

    assert " 127.0.0.1 GET /nowhere\\nforged 404 " in line


def test_health_says_what_is_served(live: Server) -> None:
    state = live.get("health").json()

    assert state["status"] == "ok"
    assert (state["name"], state["claims"]) == ("Tea", 1)
    assert state["version"]


def test_pages_of_claims_are_there(live: Server) -> None:
    answer = live.get("en/tea/claim-tea-eases-headache.html")

    assert answer.status_code == 200
    assert "Green tea eases tension headache." in answer.text
