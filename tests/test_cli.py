"""``kb`` as a user meets it: what it prints, what it says when something is wrong, how it exits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import REPOSITORY, Outcome

from evidence_kb.cli.main import COMMANDS

Kb = Callable[..., Outcome]


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n")


# -- kb itself ---------------------------------------------------------------------------------------


def test_help_names_every_command(kb: Kb) -> None:
    done = kb("--help")

    assert done.code == 0
    assert all(f"\n  {name} " in done.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_what_it_is_for(kb: Kb, command: str) -> None:
    done = kb(command, "--help")

    assert done.code == 0
    assert done.out.startswith(f"usage: kb {command}")


def test_no_command_at_all_shows_the_help(kb: Kb) -> None:
    assert kb().out == kb("--help").out


def test_a_misspelt_command_is_answered_with_the_nearest(kb: Kb) -> None:
    done = kb("qurey")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: no command is called 'qurey'; did you mean query?")
    assert one_line(done.err)


@pytest.mark.parametrize(
    "words", [["query", "--fromat", "csv"], ["--nope"], ["show"], ["audit", "--fail-on", "x"]]
)
def test_a_wrong_option_is_one_line_and_exit_2(kb: Kb, words: list[str]) -> None:
    done = kb(*words)

    assert done.code == 2
    assert one_line(done.err)
    assert "--help" in done.err


def test_the_knowledge_base_may_be_named_before_or_after_the_command(kb: Kb, tea_folder: Path) -> None:
    before = kb("--kb", tea_folder, "query", "footing", "--format", "csv")
    after = kb("query", "footing", "--kb", tea_folder, "--format", "csv")

    assert before == after
    assert before.code == 0


def test_outside_a_knowledge_base_it_says_how_to_get_one(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = kb("audit")

    assert done.code == 2
    assert "--kb DIR" in done.err
    assert "kb init" in done.err
    assert one_line(done.err)


@pytest.mark.skipif(os.name != "posix", reason="uses a shell pipe")
def test_a_reader_that_stops_early_is_no_error(tea_folder: Path) -> None:
    program = f"'{sys.executable}' -m evidence_kb --kb '{tea_folder}' query --list | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", program], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "words", [["--help"], ["query", "--list"], ["audit", "--format", "json"], ["fmt", "--help"]]
)
def test_a_full_disk_is_one_line_and_exit_3(tea_folder: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "evidence_kb", "--kb", str(tea_folder), *words]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert done.returncode == 3
    assert done.stderr == "kb: the output cannot be read or written (No space left on device)\n"


@pytest.mark.skipif(os.name != "posix", reason="uses a shell")
def test_without_an_output_it_runs_all_the_same(tea_folder: Path) -> None:
    program = f"'{sys.executable}' -m evidence_kb --kb '{tea_folder}' query --list >&-"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


# -- query -------------------------------------------------------------------------------------------


def test_a_named_question_prints_a_table(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footing")

    assert done.code == 0
    assert "tea:claim-tea-eases-headache" in done.out
    assert "disputed" in done.out


def test_csv_tsv_json_and_markdown_carry_the_same_row(kb: Kb, tea_folder: Path) -> None:
    query = "SELECT ?n ?t WHERE { ?e schema:position ?n ; dcterms:title ?t ; a biro:BibliographicReference }"
    (tea_folder / "own.rq").write_text(query, encoding="utf-8")
    title = "Kopfschmerz – Klinik am See"

    def ask(form: str) -> str:
        done = kb("--kb", tea_folder, "query", tea_folder / "own.rq", "--format", form)
        assert done.code == 0
        return done.out

    assert ask("csv") == f"n,t\r\n3,{title}\r\n"
    assert ask("tsv") == f'?n\t?t\n"3"^^<http://www.w3.org/2001/XMLSchema#integer>\t"{title}"\n'
    assert json.loads(ask("json")) == {
        "head": {"vars": ["n", "t"]},
        "results": {
            "bindings": [
                {
                    "n": {
                        "type": "literal",
                        "value": "3",
                        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                    },
                    "t": {"type": "literal", "value": title},
                }
            ]
        },
    }
    assert ask("markdown") == f"| n | t |\n| --- | --- |\n| 3 | {title} |\n"


def test_markdown_cells_cannot_break_out(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "own.rq").write_text('SELECT ("a|b<script>\\n*x*" AS ?t) {}', encoding="utf-8")
    done = kb("--kb", tea_folder, "query", tea_folder / "own.rq", "--format", "markdown")

    assert done.out.splitlines()[-1] == r"| a\|b\<script\> \*x\* |"


def test_terminal_tables_swallow_control_characters(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "own.rq").write_text('SELECT ("a\\u001b[31mb\\u202Ec" AS ?t) {}', encoding="utf-8")
    done = kb("--kb", tea_folder, "query", tea_folder / "own.rq")

    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_standard_input_is_a_query_too(kb: Kb, tea_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("ASK { ?c a schema:Claim }"))
    assert kb("--kb", tea_folder, "query", "-").out == "true\n"


def test_construct_gives_turtle_or_ntriples(kb: Kb, tea_folder: Path) -> None:
    query = "CONSTRUCT { ?c a schema:Claim } WHERE { ?c a schema:Claim }"
    (tea_folder / "own.rq").write_text(query, encoding="utf-8")
    run = lambda *more: kb("--kb", tea_folder, "query", tea_folder / "own.rq", *more)  # noqa: E731

    assert run().out.endswith("\ntea:claim-tea-eases-headache a schema:Claim .\n")
    assert run("--format", "turtle").out == run().out
    assert run("--format", "ntriples").out == (
        "<https://example.org/kb/tea/claim-tea-eases-headache> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/Claim> .\n"
    )
    assert run("--format", "csv").err == (
        "kb: --format csv is for tables; this query gives triples: turtle or ntriples\n"
    )


def test_a_table_is_not_turtle(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footing", "--format", "turtle")

    assert done.code == 2
    assert one_line(done.err)


def test_a_misspelt_question_is_answered_with_the_nearest(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footin")

    assert done.code == 2
    assert "did you mean footing" in done.err
    assert one_line(done.err)


def test_a_syntax_error_is_told_with_file_line_and_column(kb: Kb, tea_folder: Path) -> None:
    own = tea_folder / "own.rq"
    own.write_text("SELECT *\nWHERE { ?s ?p }", encoding="utf-8")
    done = kb("--kb", tea_folder, "query", own)

    assert done.code == 2
    assert f"{own}:2:16: this is no SPARQL near 'WHERE {{ ?s ?p }}'" in done.err
    assert one_line(done.err)


def test_a_missing_file_is_one_line(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "./nowhere.rq")

    assert (done.code, done.err) == (2, "kb: nowhere.rq: there is no such file\n")


@pytest.mark.parametrize("words", [["--param", "x"], ["--param", "=1"], ["--param", "a=1", "--param", "a=2"]])
def test_badly_written_parameters_are_refused(kb: Kb, tea_folder: Path, words: list[str]) -> None:
    done = kb("--kb", tea_folder, "query", "footing", *words)

    assert done.code == 2
    assert one_line(done.err)


def test_every_question_can_be_described(kb: Kb, tea_folder: Path) -> None:
    listing = kb("--kb", tea_folder, "query", "--list")
    assert listing.code == 0
    assert "footing" in listing.out

    described = kb("--kb", tea_folder, "query", "--list", "claims-about", "--lang", "de")
    assert "--param topic=" in described.out


def test_a_query_that_never_ends_is_stopped(tea_folder: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    done = subprocess.run(
        [sys.executable, "-m", "evidence_kb", "--kb", tea_folder, "query", "-", "--timeout", "0.7"],
        input=endless,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("kb: the query was stopped after 0.7 s")
    assert one_line(done.stderr)


def test_a_query_in_time_answers_the_same_with_a_limit(kb: Kb, tea_folder: Path) -> None:
    words = ("--kb", tea_folder, "query", "footing", "--format", "json")

    assert kb(*words, "--timeout", "30").out == kb(*words).out


def test_errors_inside_the_time_limit_keep_their_line_and_code(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footin", "--timeout", "30")

    assert done.code == 2
    assert "did you mean footing" in done.err


def test_an_endpoint_is_asked_by_http_only(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footing", "--endpoint", "ftp://store.example/")

    assert (done.code, done.out) == (2, "")
    assert "begins with http:// or https://" in done.err
    assert one_line(done.err)


def test_an_endpoint_that_is_away_is_exit_3(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "query", "footing", "--endpoint", "http://127.0.0.1:9/sparql")

    assert done.code == 3
    assert "does not answer" in done.err
    assert one_line(done.err)


# -- show and impact -----------------------------------------------------------------------------------


def test_show_tells_all_about_a_claim(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "show", "claim-tea-eases-headache")

    assert done.code == 0
    for fact in (
        "Green tea eases tension headache.",
        "disputed",
        "【3】",
        "https://klinik.example/kopfschmerz/tee (dead, suspect)",
        "Studien zeigen",
        "population-mismatch, abstract, low",
        "no difference between the groups",
        "text=Studien%20zeigen%2C%20dass,nach%20einer%20Tasse",
    ):
        assert fact in done.out


@pytest.mark.parametrize("name", ["3", "[3]", "work-klinik-tee", "doi:10.1000/182", "tea:entry-3"])
def test_a_source_has_many_names(kb: Kb, tea_folder: Path, name: str) -> None:
    done = kb("--kb", tea_folder, "show", name)

    assert done.code == 0
    assert "Klinik am See (treatment-provider)" in done.out
    assert "http://klinik.example/kopf…/tee" in done.out


def test_show_gives_json(kb: Kb, tea_folder: Path) -> None:
    shown = json.loads(kb("--kb", tea_folder, "show", "claim-tea-eases-headache", "--format", "json").out)

    assert shown["claim"]["footing"] == "disputed"
    assert shown["findings"][0]["direction"] == "disputes"


def test_show_shows_anything_else_as_turtle(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "show", "org-klinik")

    assert "tea:org-klinik a schema:Organization" in done.out


def test_show_answers_a_misspelt_name_with_the_nearest(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "show", "claim-tea-ease-headache")

    assert done.code == 2
    assert "did you mean claim-tea-eases-headache" in done.err
    assert one_line(done.err)


def without(folder: Path, file: str, text: str) -> None:
    """Take a piece of text out of a file of the knowledge base."""
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert text in before
    path.write_text(before.replace(text, ""), encoding="utf-8")


def make_cited_and_alive(folder: Path) -> None:
    """The tea claim cites one source that is alive, has no archived copy and nobody has read."""
    (folder / "tea/findings.ttl").unlink()
    (folder / "links.ttl").unlink()


@pytest.mark.parametrize(
    "target", ["klinik.example", "https://klinik.example/kopfschmerz/tee", "3", "work-klinik-tee"]
)
def test_impact_says_what_falls(kb: Kb, tea_folder: Path, target: str) -> None:
    make_cited_and_alive(tea_folder)
    done = kb("--kb", tea_folder, "impact", target, "--format", "json")

    assert done.code == 0
    assert json.loads(done.out)["changes"] == [
        {
            "claim": "https://example.org/kb/tea/claim-tea-eases-headache",
            "text": "Green tea eases tension headache.",
            "footing": "cited",
            "footing_after": "lost",
        }
    ]


def test_an_archived_copy_keeps_a_claim_on_its_feet(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "tea/findings.ttl").unlink()
    done = kb("--kb", tea_folder, "impact", "klinik.example")

    assert done.code == 0
    assert "No claim changes its footing." in done.out


def test_a_printed_work_without_an_address_can_go_too(kb: Kb, tea_folder: Path) -> None:
    make_cited_and_alive(tea_folder)
    without(tea_folder, "tea/sources.ttl", "    schema:url <https://klinik.example/kopfschmerz/tee> .")
    path = tea_folder / "tea/sources.ttl"
    path.write_text(path.read_text(encoding="utf-8").rstrip().rstrip(";") + " .\n", encoding="utf-8")

    done = kb("--kb", tea_folder, "impact", "3", "--format", "json")

    assert [c["footing_after"] for c in json.loads(done.out)["changes"]] == ["lost"]


def test_impact_answers_an_unknown_host_with_the_nearest(kb: Kb, tea_folder: Path) -> None:
    done = kb("--kb", tea_folder, "impact", "klinik.exampel")

    assert done.code == 2
    assert "did you mean klinik.example" in done.err


# -- fmt and init --------------------------------------------------------------------------------------


def test_fmt_mends_the_layout_and_then_has_nothing_to_do(kb: Kb, tea_folder: Path) -> None:
    path = tea_folder / "tea/article.ttl"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(" ;\n    ", " ; "), encoding="utf-8")

    assert kb("--kb", tea_folder, "fmt", "--check").code == 1
    assert kb("--kb", tea_folder, "fmt").code == 0
    assert path.read_text(encoding="utf-8") == before
    assert kb("--kb", tea_folder, "fmt", "--check") == Outcome(0, "", "")


def test_fmt_changes_nothing_at_all_if_one_file_is_broken(kb: Kb, tea_folder: Path) -> None:
    good = tea_folder / "tea/article.ttl"
    good.write_text(good.read_text(encoding="utf-8").replace(" ;\n    ", " ; "), encoding="utf-8")
    before = good.read_bytes()
    (tea_folder / "tea/zebra.ttl").write_text("<urn:a> <urn:b> .", encoding="utf-8")

    done = kb("--kb", tea_folder, "fmt")

    assert done.code == 2
    assert "zebra.ttl:1: broken Turtle" in done.err
    assert one_line(done.err)
    assert good.read_bytes() == before


def test_fmt_check_notices_carriage_returns_and_byte_order_marks(kb: Kb, tea_folder: Path) -> None:
    path = tea_folder / "tea/article.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert kb("--kb", tea_folder, "fmt", "--check").code == 1


def test_init_makes_a_knowledge_base_that_can_be_audited(kb: Kb, tmp_path: Path) -> None:
    assert kb("init", tmp_path / "new").code == 0

    done = kb("--kb", tmp_path / "new", "audit")
    assert done.code == 0
    assert "The knowledge base is empty" in done.out


def test_init_tells_git_to_merge_what_is_known_of_links(kb: Kb, tmp_path: Path) -> None:
    kb("init", tmp_path / "new")

    subprocess.run(["git", "init", "-q", str(tmp_path / "new")], check=True)
    asked = ["git", "-C", str(tmp_path / "new"), "check-attr", "merge", "links.ttl", "tea/claims.ttl"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert told == "links.ttl: merge: union\ntea/claims.ttl: merge: unspecified\n"


def test_init_leaves_what_git_knows_already(kb: Kb, tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.docx binary\n", encoding="utf-8")

    assert kb("init", tmp_path).code == 0
    assert (tmp_path / ".gitattributes").read_text(encoding="utf-8") == "*.docx binary\n"


def test_init_never_overwrites(kb: Kb, tea_folder: Path) -> None:
    before = (tea_folder / "kb.toml").read_bytes()
    done = kb("init", tea_folder)

    assert done.code == 2
    assert "exists already" in done.err
    assert (tea_folder / "kb.toml").read_bytes() == before


# -- bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["audit"], ["query", "footing"], ["show", "3"], ["impact", "3"]])
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"tea:a tea:b", "claims.ttl:1: broken Turtle"),
        (b'<urn:a> <urn:b>\n"\xfc" .', "claims.ttl:2: is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00", "claims.ttl:3: is not text"),
    ],
)
def test_a_broken_file_is_one_line_and_exit_2(
    kb: Kb, tea_folder: Path, command: list[str], content: bytes, complaint: str
) -> None:
    (tea_folder / "tea/claims.ttl").write_bytes(content)
    done = kb("--kb", tea_folder, *command)

    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert one_line(done.err)


def test_a_folder_where_a_file_should_be_is_one_line(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "tea/extra.ttl").mkdir()
    done = kb("--kb", tea_folder, "audit")

    assert done.code == 2
    assert one_line(done.err)


def test_half_written_files_of_a_killed_writer_are_ignored(kb: Kb, tea_folder: Path) -> None:
    (tea_folder / "tea/.claims.ttl.x7").write_text("<urn:a> <urn", encoding="utf-8")
    (tea_folder / "tea/.hidden.ttl").write_text("<urn:a> <urn", encoding="utf-8")

    assert kb("--kb", tea_folder, "query", "footing").code == 0


# -- scripts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "words"), [("audit_sources.py", ["--fail-on", "never"]), ("run_query.py", ["footing"])]
)
def test_the_scripts_do_what_the_command_does(
    kb: Kb, tea_folder: Path, script: str, words: list[str]
) -> None:
    command = {"audit_sources.py": "audit", "run_query.py": "query"}[script]
    done = subprocess.run(
        [sys.executable, REPOSITORY / "scripts" / script, *words, "--kb", tea_folder],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0
    assert done.stdout == kb(command, *words, "--kb", tea_folder).out


def test_the_command_is_installed() -> None:
    found = shutil.which("kb", path=str(Path(sys.executable).parent))

    assert found
    assert subprocess.run([found, "--version"], capture_output=True, text=True).stdout.startswith("kb ")
