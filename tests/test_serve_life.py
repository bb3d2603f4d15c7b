"""How ``kb serve`` starts, ends, and notices that files change."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from serving import ENDLESS, Server, is_alive, running, wait_until
from support import Outcome

Kb = Callable[..., Outcome]
COUNT = "SELECT ?s { ?s a schema:Claim }"
ANOTHER = """
<https://example.org/kb/tea/claim-two> a <https://schema.org/Claim> ;
    <https://schema.org/text> "Tee macht wach."@de , "Tea wakes you up."@en .
"""


def claims(server: Server) -> int:
    return len(server.query(COUNT).json()["results"]["bindings"])


def open_files(server: Server) -> int:
    return sum(1 for _ in Path(f"/proc/{server.process.pid}/fd").iterdir())


# -- processes that end unasked ----------------------------------------------------------------------


def test_a_worker_killed_from_outside_costs_its_query_and_no_other(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        template = server.descendants()[0]
        answers: list[requests.Response] = []
        thread = threading.Thread(target=lambda: answers.append(server.query(ENDLESS)))
        thread.start()
        assert wait_until(lambda: server.get("health").json()["jobs"]["slow"] == 1)

        for process in server.descendants():
            if process != template:
                os.kill(process, signal.SIGSEGV)
        thread.join()

        assert answers[0].status_code == 503
        assert answers[0].text.startswith("the process that worked on this ended unexpectedly")
        assert [server.query(f"{COUNT} #{n}").status_code for n in range(3)] == [200, 200, 200]


def test_clients_that_go_leave_no_process_and_no_connection_behind(tea_folder: Path) -> None:
    with running(tea_folder, "--log-format", "off") as server:
        assert claims(server) == 1
        before = open_files(server)
        for number in range(60):
            connection = server.connect()
            text = quote(f"{ENDLESS} #{number}")
            connection.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.001 * (number % 4))
            connection.close()

        assert wait_until(lambda: not any(server.get("health").json()["jobs"].values()), 15)
        assert claims(server) == 1
        assert wait_until(lambda: open_files(server) <= before + 6)
        assert wait_until(lambda: len(server.descendants()) <= 6)  # one with the data, and workers


# -- starting --------------------------------------------------------------------------------------


def test_the_address_is_printed_when_requests_are_answered(live: Server) -> None:
    assert live.url.startswith("http://127.0.0.1:")
    assert f"kb: serving Tea; SPARQL at {live.url}sparql; Ctrl-C ends it" in live.log()


def test_a_port_that_is_taken_is_one_line_and_exit_3(kb: Kb, tea_folder: Path, live: Server) -> None:
    outcome = kb("--kb", tea_folder, "serve", "--port", str(live.port))

    assert outcome.code == 3
    assert outcome.err == (
        f"kb: cannot listen on 127.0.0.1 port {live.port}: Address already in use; "
        "stop what listens there, or take another with --port (0 takes any)\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--port", "70000"], 2, "there is no port 70000"),
        (["--host", "no-such-host.invalid"], 3, "no-such-host.invalid is no address of this machine"),
        (["--query-timeout", "0"], 2, "--query-timeout must be more than 0 seconds"),
        (["--query-timeout", "nan"], 2, "--query-timeout must be more than 0 seconds"),
        (["--row-limit", "0"], 2, "--row-limit must be at least 1"),
        (["--workers", "-1"], 2, "--workers goes from 1 to 256"),
        (["--root-path", "kb"], 2, "--root-path is written like /kb, not 'kb'"),
        (["--article", "coffee=x.txt"], 2, "no article is called 'coffee'"),
        (["--article", "missing.txt"], 2, "missing.txt: cannot be read"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    kb: Kb, tea_folder: Path, words: list[str], code: int, line: str
) -> None:
    outcome = kb("--kb", tea_folder, "serve", "--port", "0", *words)

    assert outcome.code == code
    assert line in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_broken_file_at_the_start_is_one_line_with_its_place(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "broken.ttl").write_text("<urn:a> <urn:b>\n\n nonsense .")

    outcome = kb("--kb", tea_folder, "serve", "--port", "0")

    assert outcome.code == 2
    assert outcome.err.startswith("kb: ")
    assert "broken.ttl:3: broken Turtle" in outcome.err
    assert outcome.err.count("\n") == 1


def test_listening_for_other_machines_is_warned_of(tea_folder: Path) -> None:
    with running(tea_folder, "--host", "0.0.0.0") as server:
        assert server.url.startswith("http://localhost:")
        assert server.get("health").status_code == 200
    assert "put a proxy with TLS in front" in server.log()


def test_ipv6_works_too(tea_folder: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    with running(tea_folder, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert server.get("health").status_code == 200


def test_behind_a_proxy_addresses_carry_its_path(tea_folder: Path) -> None:
    with running(tea_folder, "--root-path", "/kb") as server:
        assert server.get("").headers["Location"] == "/kb/de/index.html"
        assert "/kb/sparql>" in server.get("sparql", Accept="text/turtle").text
        assert server.get("en/index.html").status_code == 200
        forwarded = {"X_Forwarded_Proto": "https", "Host": "kb.example"}
        assert "<https://kb.example/kb/sparql>" in server.get("sparql", **forwarded).text


# -- ending ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order(tea_folder: Path, number: int) -> None:
    with running(tea_folder) as server:
        assert wait_until(lambda: len(server.descendants()) >= 3)
        processes = server.descendants()
        server.process.send_signal(number)

        assert server.process.wait(timeout=10) == 0
        assert wait_until(lambda: not any(map(is_alive, processes)), 5)
    assert "Traceback" not in server.log()


def test_ending_does_not_wait_for_endless_queries(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        connection = server.connect()
        connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert wait_until(lambda: server.get("health").json()["jobs"]["slow"] == 1)
        processes = server.descendants()
        server.process.terminate()

        assert server.process.wait(timeout=15) == 0
        assert wait_until(lambda: not any(map(is_alive, processes)), 5)
        connection.close()
    assert "Traceback" not in server.log()


def test_interrupted_while_it_loads_it_ends_quietly(tea_folder: Path) -> None:
    command = [sys.executable, "-m", "evidence_kb", "serve", "--kb", tea_folder, "--port", "0"]
    for wait in (0.35, 0.5, 0.7):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=15)

        assert b"Traceback" not in error
        assert process.returncode in {0, 130, -signal.SIGINT}


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_a_server_that_is_killed_leaves_no_process_behind(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        connection = server.connect()
        connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert wait_until(lambda: server.get("health").json()["jobs"]["slow"] == 1)
        assert wait_until(lambda: len(server.descendants()) >= 4)
        processes = server.descendants()
        server.process.kill()
        server.process.wait()

        assert wait_until(lambda: not any(map(is_alive, processes)), 5)
        connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_when_the_process_with_the_data_is_killed_there_is_soon_another(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        old = server.descendants()
        os.kill(old[0], signal.SIGKILL)
        assert wait_until(lambda: not any(map(is_alive, old)), 5)

        assert wait_until(lambda: server.query("ASK {} #again").status_code == 200, 10)
        assert "kb: the process that holds the data has ended; starting another\n" in server.log()
        assert wait_until(lambda: "kb: the data is loaded again\n" in server.log())


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_when_a_worker_is_killed_there_is_soon_another(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        assert wait_until(lambda: len(server.descendants()) >= 3)
        for worker in server.descendants()[1:]:
            os.kill(worker, signal.SIGKILL)

        assert wait_until(lambda: server.query("ASK {} #again").status_code == 200, 10)


# -- files change ----------------------------------------------------------------------------------


def test_an_edit_shows_up_without_a_restart(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        before = server.query(COUNT)
        page = server.get("en/claims.html").text
        (tea_folder / "more.ttl").write_text(ANOTHER)

        assert wait_until(lambda: claims(server) == 2)
        after = server.query(COUNT, If_None_Match=before.headers["ETag"])
        assert after.status_code == 200
        assert after.headers["ETag"] != before.headers["ETag"]
        assert "Tea wakes you up." not in page
        assert "Tea wakes you up." in server.get("en/claims.html").text
        assert server.get("api/claims").json()["total"] == 2

        (tea_folder / "more.ttl").unlink()
        assert wait_until(lambda: claims(server) == 1)


def test_a_broken_edit_keeps_the_old_state_and_says_so(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        (tea_folder / "more.ttl").write_text(ANOTHER + "<urn:x> <urn:y>\n")
        assert wait_until(lambda: server.get("health").json()["status"] == "stale")

        assert claims(server) == 1
        assert "more.ttl:5: broken Turtle" in server.get("health").json()["trouble"]
        for encoding in ("identity", "gzip"):
            page = server.get("de/index.html", Accept_Encoding=encoding).text
            assert "Die neuesten Dateien sind nicht lesbar" in page
            assert "more.ttl:5: broken Turtle" in page
        assert "more.ttl:5: broken Turtle" in server.log()

        (tea_folder / "more.ttl").write_text(ANOTHER)
        assert wait_until(lambda: claims(server) == 2)
        assert server.get("health").json()["status"] == "ok"
        assert "nicht lesbar" not in server.get("de/index.html").text


def test_a_query_in_flight_ends_on_the_state_it_began_with(tea_folder: Path) -> None:
    slow = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a schema:Claim . { SELECT * { ?a ?b ?c . ?d ?e ?f } } }"
    with running(tea_folder) as server:
        answers: list[dict[str, object]] = []
        asking = threading.Thread(target=lambda: answers.append(server.query(slow).json()))
        asking.start()
        assert wait_until(lambda: sum(server.get("health").json()["jobs"].values()) == 1)
        (tea_folder / "more.ttl").write_text(ANOTHER)
        assert wait_until(lambda: server.get("api/claims").json()["total"] == 2)
        asking.join(timeout=30)

    assert json.dumps(answers).count('"value": "1"') == 1


def test_a_new_question_can_be_asked_at_once(tea_folder: Path) -> None:
    with running(tea_folder) as server:
        (tea_folder / "queries").mkdir()
        (tea_folder / "queries" / "mine.rq").write_text("SELECT ?s { ?s a schema:Claim }")

        def mine() -> bool:
            return server.get("api/questions/mine/answer").status_code == 200

        assert wait_until(mine)


def test_the_articles_text_is_served_with_its_claims(tea_folder: Path) -> None:
    text = tea_folder.parent / "tea.txt"
    text.write_text("# Wirkung\n\nStudien zeigen, dass es hilft, schon nach einer Tasse.\n", encoding="utf-8")
    with running(tea_folder, "--article", str(text)) as server:
        page = re.sub("<[^>]*>", "", server.get("de/tea/text.html").text)

    assert "Studien zeigen, dass es hilft, schon nach einer Tasse" in page
