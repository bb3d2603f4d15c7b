"""``kb links``: the contract's JSON, exit codes, what is recorded, and which claims are at stake."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hard_server import Request, Server, bare, html, serving
from planted import graph, lines, swap, write
from support import REPOSITORY, Outcome

from evidence_kb import KnowledgeBase

Kb = Callable[..., Outcome]
FAST = ("--allow-private", "--per-host-delay", "0", "--timeout", "2")


def answer(request: Request) -> bytes:
    name = request.path.strip("/")
    if name == "dead":
        return bare("404 Not Found")
    if name == "moved":
        return bare("301 Moved Permanently", "Location: /there\r\n")
    return html("Coffee before bed, a trial; Sleep guideline")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer) as running:
        yield running


@pytest.fixture
def coffee(tmp_path: Path, server: Server) -> Path:
    """The coffee knowledge base with its two addresses on our server: one alive, one dead."""
    base = f"http://127.0.0.1:{server.port}"
    update = " ; ".join(
        (
            swap("work-trial", "schema:url", f"<{base}/dead>"),
            swap("entry-1", "ekb:printedAddress", f'"{base}/dead"'),
            swap("work-guideline", "schema:url", f"<{base}/alive>"),
            swap("entry-2", "ekb:printedAddress", f'"{base}/alive"'),
            "DELETE WHERE { ?address a ekb:WebAddress ; ?p ?o }",
        )
    )
    return write(tmp_path / "kb", lines(graph(update)))


def links(kb: Kb, folder: Path, *words: str) -> Outcome:
    return kb("--kb", folder, "links", *FAST, *words)


def test_json_has_the_contracts_keys(kb: Kb, coffee: Path, server: Server) -> None:
    done = links(kb, coffee, "--format", "json", "--at", "2026-09-01T09:00:00Z")
    document = json.loads(done.out)

    assert done.code == 1
    assert document["summary"] == {"alive": 1, "dead": 1}
    dead, alive = document["links"]
    assert dead == {
        "url": f"http://127.0.0.1:{server.port}/dead",
        "verdict": "dead",
        "standing": "confirmed",
        "status": 404,
        "final_url": f"http://127.0.0.1:{server.port}/dead",
        "reason": "404",
        "redirects": [],
        "checked_at": "2026-09-01T09:00:00Z",
        "elapsed_ms": dead["elapsed_ms"],
        "claims": [
            "https://example.org/kb/coffee/claim-delays",
            "https://example.org/kb/coffee/claim-wakes",
        ],
    }
    assert (alive["verdict"], alive["standing"]) == ("alive", "steady")


def test_what_was_seen_is_in_the_knowledge_base(kb: Kb, coffee: Path) -> None:
    links(kb, coffee)
    addresses = {
        address.url.rpartition("/")[2]: address
        for source in KnowledgeBase.open(coffee).sources()
        for address in source.addresses
    }

    assert addresses["dead"].verdict == "dead"
    assert addresses["alive"].verdict == "alive"
    audit = kb("--kb", coffee, "audit", "--rule", "address-dead", "--format", "json")
    assert len(json.loads(audit.out)["findings"][0]["claims"]) == 2
    assert kb("--kb", coffee, "fmt", "--check").code == 1  # all.ttl is not; links.ttl is
    assert "links.ttl" not in kb("--kb", coffee, "fmt", "--check").out


def test_a_death_is_a_warning_until_it_is_confirmed(kb: Kb, coffee: Path, server: Server) -> None:
    server.answer = lambda _: html("Coffee before bed, a trial; Sleep guideline")
    assert links(kb, coffee, "--at", "2026-09-01T09:00:00Z").code == 0
    server.answer = answer
    codes = [links(kb, coffee, "--at", f"2026-09-{day:02}T09:00:00Z").code for day in (2, 5, 9)]

    assert codes == [0, 0, 1]


def test_what_was_checked_recently_is_not_asked_again(kb: Kb, coffee: Path, server: Server) -> None:
    links(kb, coffee)
    server.log.clear()
    again = links(kb, coffee)

    assert server.log == []
    assert "2 were checked recently" in again.out
    assert again.code == 1
    links(kb, coffee, "--all")
    assert len(server.log) == 2


def test_no_record_writes_nothing(kb: Kb, coffee: Path) -> None:
    before = sorted(coffee.iterdir())
    links(kb, coffee, "--no-record")

    assert sorted(coffee.iterdir()) == before


def test_without_a_network_nothing_is_recorded_and_the_code_is_3(kb: Kb, tmp_path: Path) -> None:
    update = " ; ".join(
        swap(f"work-{w}", "schema:url", f"<http://127.0.0.1:9/{w}>") for w in ("trial", "guideline")
    )
    update += " ; DELETE WHERE { ?e ekb:printedAddress ?a }"
    folder = write(tmp_path / "kb", lines(graph(update)))
    before = sorted(folder.iterdir())
    done = links(kb, folder)

    assert (done.code, sorted(folder.iterdir())) == (3, before)
    assert "nothing was recorded" in done.err


def test_plain_lists_need_no_knowledge_base(
    kb: Kb, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    base = f"http://127.0.0.1:{server.port}"
    (tmp_path / "list.txt").write_text(f"# ours\n{base}/alive\n\n{base}/dead\n", encoding="utf-8")
    done = kb("links", "--urls", "list.txt", *FAST, "--format", "github")

    assert done.code == 1
    assert done.out.startswith("::error file=list.txt,line=4,title=link-dead")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{base}/moved\n".encode())))
    moved = json.loads(kb("links", "--urls", "-", *FAST, "--format", "json").out)["links"][0]
    assert (moved["verdict"], moved["redirects"]) == ("moved", [{"status": 301, "url": f"{base}/there"}])


@pytest.mark.parametrize("form", ["text", "markdown", "sarif", "junit", "github"])
def test_every_format_names_what_is_dead(kb: Kb, coffee: Path, form: str) -> None:
    out = links(kb, coffee, "--format", form, "--no-record").out

    assert "/dead" in out.replace("\\", "")


def test_junit_has_a_case_for_each_address(kb: Kb, coffee: Path, server: Server) -> None:
    document = ElementTree.fromstring(links(kb, coffee, "--format", "junit", "--no-record").out)
    suite = document.find("testsuite")
    assert suite is not None
    dead, alive = suite.findall("testcase")

    assert suite.attrib == {"name": "kb links", "tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    assert (alive.get("classname"), list(alive)) == ("kb.links.127.0.0.1", [])
    assert dead.get("name") == f"http://127.0.0.1:{server.port}/dead"
    assert [child.get("message") for child in dead] == ["Address dead"]


def test_a_host_whose_turn_takes_long_is_told_beforehand(capsys: pytest.CaptureFixture[str]) -> None:
    from evidence_kb.cli.links import _warn_of_long_waits
    from evidence_kb.links import Target

    same = [Target("https://a.example/same")] * 400
    _warn_of_long_waits([*same, Target("https://b.example/")], 0.2)
    assert capsys.readouterr().err == ""
    _warn_of_long_waits([Target(f"https://a.example/{n}") for n in range(1000)], 0.2)
    assert "1000 addresses at a.example take at least 200 s" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"http://a.example/\xe4\n", b"\xff\xfeh\x00"])
def test_a_list_that_is_no_utf_8_is_one_line(
    kb: Kb, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.txt").write_bytes(data)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    for name in (str(tmp_path / "list.txt"), "-"):
        done = kb("links", "--urls", name)

        assert (done.code, done.err.count("\n")) == (2, 1)
        assert ":1: is not UTF-8" in done.err


def test_an_address_may_be_left_alone_with_a_reason_until_a_day(kb: Kb, coffee: Path, server: Server) -> None:
    toml = coffee / "kb.toml"
    rule = '[[links.ignore]]\naddress = "*/dead"\nreason = "they are moving"\nuntil = 2026-10-01\n'
    toml.write_text(toml.read_text(encoding="utf-8") + rule, encoding="utf-8")
    during = links(kb, coffee, "--at", "2026-09-15T09:00:00Z")
    afterwards = links(kb, coffee, "--at", "2026-10-02T09:00:00Z", "--format", "github")

    assert during.code == 0
    assert "link-ignore-expired" in afterwards.out
    assert afterwards.code == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[links]\nfailures = "three"\n', "failures must be a number"),
        ("[links]\nfailure = 3\n", "failure is not known"),
        ("[links]\ncanary = 3\n", "canary must be a text"),
        ('[[links.ignore]]\naddress = "x"\n', "ignore needs address"),
    ],
)
def test_settings_that_are_wrong_are_one_line(kb: Kb, coffee: Path, text: str, complaint: str) -> None:
    toml = coffee / "kb.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + text, encoding="utf-8")
    done = links(kb, coffee)

    assert (done.code, done.err.count("\n")) == (2, 1)
    assert complaint in done.err


@pytest.mark.parametrize("words", [("--timeout", "0"), ("--concurrency", "0"), ("--at", "yesterday")])
def test_options_that_make_no_sense_are_one_line(kb: Kb, coffee: Path, words: tuple[str, str]) -> None:
    done = kb("--kb", coffee, "links", *words)

    assert (done.code, done.err.count("\n")) == (2, 1)


def test_the_shipped_knowledge_base_has_its_invalid_addresses_told() -> None:
    from evidence_kb.links import targets_of
    from evidence_kb.links.addresses import read_address

    targets = targets_of(KnowledgeBase.open(REPOSITORY / "kb"))
    problems = [t.given for t in targets if read_address(t.given).problem]

    assert len(problems) == 3
    assert all("…" in given for given in problems)
    assert len({t.given for t in targets}) == len(targets)


def test_a_stopped_run_records_what_it_saw_and_the_next_goes_on(coffee: Path, server: Server) -> None:
    """Ctrl-C on a real process, while one host hangs."""

    def slow(request: Request) -> bytes:
        if request.path == "/dead":
            time.sleep(5)
        return html("Sleep guideline")

    server.answer = slow
    program = "from evidence_kb.cli.main import run; run()"
    words = ("--kb", str(coffee), "links", "--allow-private", "--per-host-delay", "0", "--timeout", "9")
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    while not list(coffee.glob(".links.ttl.*.journal")) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)

    assert process.returncode == 130
    assert "the next run goes on with the other 1" in said
    assert "/alive" in (coffee / "links.ttl").read_text(encoding="utf-8")


def test_github_gets_a_summary_for_the_jobs_page(
    kb: Kb, coffee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    links(kb, coffee, "--format", "github")

    assert "| 1 | dead |" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_job_summary_says_that_the_network_is_down(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("http://no-such-name.invalid/\n", encoding="utf-8")
    done = kb("links", *FAST, "--urls", tmp_path / "list.txt", "--format", "markdown")

    assert done.code == 3
    assert "No host could be reached" in done.out
