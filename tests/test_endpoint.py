"""``--endpoint``: the same questions, asked of real servers over real sockets."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support import DATA, Outcome

from evidence_kb.errors import CannotRun, QueryError
from evidence_kb.resources import ontology_folder
from evidence_kb.store import RemoteStore

Kb = Callable[..., Outcome]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An Oxigraph server with the tea knowledge base and the code lists."""
    program = Path(sys.executable).with_name("oxigraph")
    store = tmp_path_factory.mktemp("store")
    files = [*sorted((DATA / "tea").rglob("*.ttl")), ontology_folder() / "codes.ttl"]
    load = [program, "load", "--location", store]
    for file in files:
        load += ["--file", file]
    subprocess.run(load, check=True, capture_output=True)
    port = free_port()
    serve = [program, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
        server.kill()


@pytest.mark.parametrize("question", ["footing", "rests-on", "claims-about"])
def test_a_question_gives_the_same_rows_here_and_there(
    kb: Kb, tea_folder: Path, endpoint: str, question: str
) -> None:
    words = ("--kb", tea_folder, "query", question, "--format", "json")

    there = kb(*words, "--endpoint", endpoint)

    assert there.code == 0
    assert there.out == kb(*words).out


def test_ask_and_construct_work_there_too(endpoint: str) -> None:
    store = RemoteStore(endpoint)

    assert store.query("ASK { ?s a <https://schema.org/Claim> }") is True
    graph = store.query("CONSTRUCT { ?s a <urn:C> } WHERE { ?s a <https://schema.org/Claim> }")
    assert [str(t.subject) for t in graph.triples] == [  # type: ignore[union-attr]
        "<https://example.org/kb/tea/claim-tea-eases-headache>"
    ]


def test_a_syntax_error_is_the_users_not_the_servers(endpoint: str) -> None:
    with pytest.raises(QueryError, match="the endpoint refuses it"):
        RemoteStore(endpoint).query("SELECT nonsense")


@pytest.fixture
def strange_server() -> Iterator[Callable[[int, str, bytes], str]]:
    """A server that answers every query with a given status, media type and body."""
    servers = []

    def start(status: int, media: str, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


JSON = "application/sparql-results+json"


@pytest.mark.parametrize(
    ("status", "media", "body", "complaint"),
    [
        (500, "text/plain", b"oops", "answers 500"),
        (404, "text/html", b"<h1>no</h1>", "answers 404"),
        (200, "text/html", b"<h1>log in</h1>", "answers in text/html format"),
        (200, JSON, b'{"head": {"vars": ["s"]', "sends an answer that is no"),
        (200, "text/turtle", b"<a> <b>", "sends an answer that is no"),
    ],
)
def test_a_server_that_answers_nonsense_is_exit_3_and_one_line(
    strange_server: Callable[[int, str, bytes], str],
    status: int,
    media: str,
    body: bytes,
    complaint: str,
) -> None:
    with pytest.raises(CannotRun, match=complaint) as error:
        RemoteStore(strange_server(status, media, body)).query("SELECT * { ?s ?p ?o }")

    assert "\n" not in str(error.value)


def test_a_servers_table_answer_to_ask_is_understood(
    strange_server: Callable[[int, str, bytes], str],
) -> None:
    body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'

    assert RemoteStore(strange_server(200, JSON, body)).query("PREFIX a: <urn:a>\nASK { }") is True


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.org/", "http://127.0.0.1:99999/"])
def test_an_impossible_address_is_one_line(url: str) -> None:
    with pytest.raises(CannotRun) as error:
        RemoteStore(url).query("ASK {}")

    assert "\n" not in str(error.value)
