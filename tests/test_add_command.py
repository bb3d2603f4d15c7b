"""`kb add` as an editor meets it: one article or many, good input and bad."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import DATA, REPOSITORY, Outcome

from evidence_kb import KnowledgeBase
from evidence_kb.articles.drafting.comparing import PassageState
from evidence_kb.articles.drafting.prefixes import add_prefix, prefix_for
from evidence_kb.articles.reading import FORMATS

Kb = Callable[..., Outcome]

MARKDOWN = (DATA / "kaffee.md").read_text(encoding="utf-8")

HTML = """\
<!doctype html><html lang="en"><head><title>Tea and the heart – Tea House</title></head><body>
<nav><a href="/">Home</a></nav>
<article><h1>Tea and the heart</h1>
<p>Green tea has been drunk for centuries in many parts of the world, mostly for its taste and its warmth.</p>
<h2>Blood pressure</h2>
<p>Two cups a day lower blood pressure by about two points in adults.<sup>1</sup> Experts say that even one
cup is good for the heart of most people.</p>
<h2>References</h2>
<ol><li>Tea and blood pressure, a trial. <a href="https://journal.example/tea">journal.example</a></li></ol>
</article></body></html>
"""


@pytest.fixture
def empty(tmp_path: Path, kb: Kb) -> Path:
    """A knowledge base without articles, as ``kb init`` makes it."""
    assert kb("init", tmp_path / "kb").code == 0
    return tmp_path / "kb"


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    path = tmp_path / "kaffee.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- one article -------------------------------------------------------------------------------------------


def test_a_dry_run_needs_no_knowledge_base_and_prints_the_contract(
    kb: Kb, coffee: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = kb("add", coffee, "--slug", "coffee", "--dry-run", "--format", "json")

    said = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert (said["title"], said["language"]) == ("Kaffee und Schlaf", "de")
    assert [s["title"] for s in said["sections"]] == [
        "Kaffee und Schlaf",
        "Was die Forschung sagt",
        "Was hilft",
    ]
    assert [s["position"] for s in said["sections"]] == [1, 2, 3]
    first = said["references"][0]
    assert (first["number"], first["label"], first["doi"]) == (1, "1", "10.5664/jcsm.3170")
    assert "doi:10.5664/jcsm.3170" in first["identifiers"]
    assert said["references"][1]["url"] == "https://schlaf.example/koffein"
    assert said["references"][1]["doi"] is None
    assert [c["marks"] for c in said["citations"]] == [["1"], ["2"], ["9"], ["2"]]
    assert said["citations"][0]["section"] == "Was die Forschung sagt"
    assert said["citations"][0]["sentence"].startswith("Eine Tasse nach 16 Uhr")
    assert [(a["section"], a["cue"]) for a in said["appeals"]] == [
        ("Was die Forschung sagt", "Studien zeigen")
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kaffee.md"]


def test_an_article_becomes_a_folder_that_every_command_understands(
    kb: Kb, empty: Path, coffee: Path
) -> None:
    done = kb("add", coffee, "--slug", "coffee", "--kb", empty)

    assert done.code == 0
    assert sorted(p.name for p in (empty / "coffee").iterdir()) == [
        "article.ttl",
        "claims.ttl",
        "findings.ttl",
        "sources.ttl",
    ]
    assert 'coffee = "https://example.org/kb/coffee/"' in (empty / "kb.toml").read_text(encoding="utf-8")
    assert kb("fmt", "--check", "--kb", empty).code == 0
    found = json.loads(kb("audit", "--kb", empty, "--format", "json", "--fail-on", "never").out)["findings"]
    assert {f["rule"] for f in found if f["severity"] == "error"} == {"mark-pointing-nowhere"}
    assert {"claim-draft", "work-without-publisher", "appeal-without-source"} <= {f["rule"] for f in found}
    assert all(f["file"] for f in found)
    assert "[2]" in kb("show", "2", "--kb", empty).out
    assert "“Studien zeigen, dass … Menschen verzögert”" in kb("show", "claim-1", "--kb", empty).out
    assert "Claims that change their footing: 2" in kb("impact", "schlaf.example", "--kb", empty).out
    rests = json.loads(kb("query", "rests-on", "--kb", empty, "--format", "json").out)
    assert {row["claim"]["value"].rpartition("/")[2] for row in rests["results"]["bindings"]} == {
        f"claim-{number}" for number in range(1, 5)
    }


def test_the_audit_looks_passages_up_in_every_format(
    kb: Kb, empty: Path, coffee: Path, tmp_path: Path
) -> None:
    (tmp_path / "tea.html").write_text(HTML, encoding="utf-8")
    kb("add", coffee, "--slug", "coffee", "--kb", empty)
    kb("add", tmp_path / "tea.html", "--slug", "tea", "--kb", empty)

    for name, path in (("coffee", coffee), ("tea", tmp_path / "tea.html")):
        words = (
            "audit",
            "--kb",
            empty,
            "--article",
            f"{name}={path}",
            "--format",
            "json",
            "--fail-on",
            "never",
        )
        rules = {finding["rule"] for finding in json.loads(kb(*words).out)["findings"]}
        assert not rules & {"passage-not-in-article", "passage-ambiguous", "article-text-changed"}


def test_all_drafts_every_sentence_worth_checking(kb: Kb, empty: Path, coffee: Path) -> None:
    kb("add", coffee, "--slug", "coffee", "--kb", empty)
    few = len(list(KnowledgeBase.open(empty).claims()))

    kb("add", coffee, "--slug", "coffee", "--kb", empty, "--all")

    claims = list(KnowledgeBase.open(empty).claims())
    assert len(claims) > few
    assert kb("add", coffee, "--slug", "coffee", "--kb", empty, "--all").out.count("nothing to write") == 1


def test_adding_it_again_changes_no_file(kb: Kb, empty: Path, coffee: Path) -> None:
    kb("add", coffee, "--slug", "coffee", "--kb", empty)
    before = files(empty)

    done = kb("add", coffee, "--slug", "coffee", "--kb", empty)

    assert "nothing to write" in done.out
    assert files(empty) == before


def test_a_changed_article_is_reported_passage_by_passage(kb: Kb, empty: Path, coffee: Path) -> None:
    kb("add", coffee, "--slug", "coffee", "--kb", empty)
    coffee.write_text(
        MARKDOWN.replace("halbe Stunde", "ganze Stunde").replace(
            "\n[^1]:", "\nForscher fanden das auch bei Tee[^1].\n\n[^1]:"
        ),
        encoding="utf-8",
    )

    dry = kb("add", coffee, "--slug", "coffee", "--kb", empty, "--dry-run", "--lang", "de")
    done = kb("add", coffee, "--slug", "coffee", "--kb", empty, "--format", "json")

    update = json.loads(done.out)["update"]
    assert [p["state"] for p in update["passages"]] == ["unchanged", "changed", "unchanged", "unchanged"]
    assert update["added"]["claims"] == ["https://example.org/kb/coffee/claim-5"]
    assert "geändert: claim-2" in dry.out
    assert "ganze Stunde" in dry.out
    assert json.loads(done.out)["outcome"] == "updated"


def test_an_article_comes_from_standard_input_too(
    kb: Kb, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MARKDOWN.encode())))

    done = kb("add", "-", "--kb", empty)

    assert done.code == 0
    assert (empty / "kaffee-und-schlaf" / "claims.ttl").exists()


def test_a_wrong_ending_is_noticed(kb: Kb, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text(HTML, encoding="utf-8")

    done = kb("add", tmp_path / "tea.txt", "--slug", "tea", "--kb", empty, "--format", "json")

    said = json.loads(done.out)
    assert said["format"] == "html"
    assert any("ends in .txt" in problem["message"] for problem in said["problems"])


# -- many articles -----------------------------------------------------------------------------------------


def test_a_folder_is_read_whole_and_a_bad_file_stops_nothing(
    kb: Kb, empty: Path, coffee: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    (many / "deeper").mkdir(parents=True)
    (many / "a.md").write_text(MARKDOWN, encoding="utf-8")
    (many / "b.txt").write_bytes(bytes(range(256)) * 20)
    (many / "c.html").write_bytes(b"")
    (many / "deeper" / "d.html").write_text(HTML, encoding="utf-8")
    (many / "notes.pdf").write_bytes(b"%PDF-")

    done = kb("add", many, "--kb", empty, "--format", "json")

    said = json.loads(done.out)["articles"]
    assert done.code == 2
    assert [one.get("slug") for one in said] == ["kaffee-und-schlaf", None, None, "tea-and-the-heart"]
    assert ["error" in one for one in said] == [False, True, True, False]
    progress = done.err.splitlines()
    assert len(progress) == 4
    assert progress[0].startswith("kb: [1/4] ")
    assert (empty / "tea-and-the-heart").is_dir()
    again = kb("add", many / "a.md", many / "deeper", "--kb", empty, "--format", "json")
    assert [one["outcome"] for one in json.loads(again.out)["articles"]] == ["unchanged", "unchanged"]
    assert again.code == 0


def test_two_articles_of_one_title_get_two_names(kb: Kb, empty: Path, coffee: Path, tmp_path: Path) -> None:
    other = (
        MARKDOWN.partition("## Was die")[0]
        + "## Anderes\n\nDer Preis von Kaffee stieg um 30 % im letzten Jahr[^1].\n\n[^1]: Preise. https://markt.example/"
    )
    (tmp_path / "zwei.md").write_text(other, encoding="utf-8")

    done = kb("add", coffee, tmp_path / "zwei.md", "--kb", empty, "--format", "json")

    assert [one["slug"] for one in json.loads(done.out)["articles"]] == [
        "kaffee-und-schlaf",
        "kaffee-und-schlaf-2",
    ]


def test_an_article_of_the_same_title_about_something_else_is_not_taken_for_a_new_version(
    kb: Kb, empty: Path, tmp_path: Path
) -> None:
    (tmp_path / "eins.md").write_text(
        "# Stress\n\nStress hebt den Blutdruck [1].\n\n## Quellen\n\n1. A. https://a.example/\n"
    )
    (tmp_path / "zwei.md").write_text(
        "# Stress\n\nBrücken biegen sich unter Last [1].\n\n## Quellen\n\n1. Baubuch. https://b.example/\n"
    )
    kb("add", tmp_path / "eins.md", "--kb", empty)

    done = kb("add", tmp_path / "zwei.md", "--kb", empty, "--format", "json")

    assert (json.loads(done.out)["outcome"], json.loads(done.out)["slug"]) == ("added", "stress-2")


def test_without_a_slug_an_article_is_known_by_its_text_or_title(kb: Kb, empty: Path, coffee: Path) -> None:
    kb("add", coffee, "--slug", "kaffee", "--kb", empty)

    again = json.loads(kb("add", coffee, "--kb", empty, "--format", "json").out)
    coffee.write_text(MARKDOWN.replace("halbe Stunde", "ganze Stunde"), encoding="utf-8")
    later = json.loads(kb("add", coffee, "--kb", empty, "--format", "json").out)

    assert (again["outcome"], again["slug"]) == ("unchanged", "kaffee")
    assert (later["outcome"], later["slug"]) == ("updated", "kaffee")


def test_an_article_without_a_title_is_named_by_its_file(kb: Kb, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "Apfelessig.md"
    path.write_text("Studien zeigen, dass Apfelessig den Blutzucker senkt.\n", encoding="utf-8")

    done = kb("add", path, "--kb", empty, "--format", "json")

    assert json.loads(done.out)["slug"] == "apfelessig"


def test_two_runs_at_once_lose_no_prefix(empty: Path, tmp_path: Path) -> None:
    runs = []
    for number in range(6):
        path = tmp_path / f"a{number}.md"
        path.write_text(
            f"# Article {number}\n\nStudies show that {number} cups of tea help.\n", encoding="utf-8"
        )
        command = [
            sys.executable,
            "-m",
            "evidence_kb",
            "add",
            str(path),
            "--slug",
            f"a{number}",
            "--kb",
            str(empty),
        ]
        runs.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))

    assert [run.wait(timeout=60) for run in runs] == [0] * 6
    prefixes = KnowledgeBase.open(empty).config.prefixes
    assert {f"a{number}" for number in range(6)} <= set(prefixes)


# -- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.md", "--slug", "x"], "nowhere.md: no such file"),
        (["hollow"], "holds no article"),
        (["empty.txt", "--slug", "x"], "empty.txt: is empty"),
        (["kaffee.md", "empty.txt", "--slug", "x"], "--slug names one article"),
        (["kaffee.md", "--slug", "zwei Wörter"], "'zwei-woerter' would do"),
        (["kaffee.md", "--slug", "schema"], "stands for something else"),
        (["kaffee.md", "--slug", "taken"], "holds no article; choose another --slug"),
        (["kaffee.md", "--slug", "x", "--as", "pdf"], "invalid choice"),
        (["page.html", "--slug", "x"], "is a PDF file"),
        (["data.xml", "--slug", "x"], "data.xml: is XML, but"),
        ([], "ARTICLE"),
    ],
)
def test_bad_input_is_one_clear_line(
    kb: Kb, empty: Path, coffee: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    here = coffee.parent
    (here / "hollow").mkdir()
    (here / "empty.txt").write_bytes(b"")
    (here / "page.html").write_bytes(b"%PDF-1.7 \x00\x01")
    (here / "data.xml").write_text('<?xml version="1.0"?><rows/>', encoding="utf-8")
    (empty / "taken").mkdir()
    monkeypatch.chdir(here)
    before = files(empty)

    done = kb("add", *words, "--kb", empty)

    assert done.code == 2
    assert says in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert files(empty) == before


def test_without_a_knowledge_base_the_way_to_one_is_told(
    kb: Kb, coffee: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(coffee.parent)

    done = kb("add", coffee, "--slug", "x")

    assert done.code == 2
    assert "kb init" in done.err


def test_an_article_without_sources_is_added_and_the_lack_is_told(
    kb: Kb, empty: Path, tmp_path: Path
) -> None:
    text = "Tee\n\nStudien zeigen, dass Tee gegen vieles hilft und kaum schadet.\nMehr wissen wir nicht.\n"
    (tmp_path / "tee.txt").write_text(text, encoding="utf-8")

    done = kb("add", tmp_path / "tee.txt", "--slug", "tee", "--kb", empty)

    assert done.code == 0
    assert "no source list" in done.out
    assert next(iter(KnowledgeBase.open(empty).claims())).appeals == ("Studien zeigen",)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_knowledge_base_that_cannot_be_written_is_one_line(kb: Kb, empty: Path, coffee: Path) -> None:
    empty.chmod(0o500)
    try:
        done = kb("add", coffee, "--slug", "x", "--kb", empty)
    finally:
        empty.chmod(0o700)

    assert (done.code, "cannot be written" in done.err, done.err.count("\n")) == (2, True, 1)


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_run_that_is_killed_leaves_whole_folders_only(empty: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(40):
        (many / f"{number:02}.md").write_text(
            MARKDOWN.replace("und Schlaf", f"und Schlaf {number}"), encoding="utf-8"
        )
    command = [sys.executable, "-m", "evidence_kb", "add", str(many), "--kb", str(empty)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if "[5/" in line:
            break
    time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    folders = [p for p in empty.iterdir() if p.is_dir() and not p.name.startswith(".")]
    assert len(folders) >= 5
    assert {len(list(folder.iterdir())) for folder in folders} == {4}
    assert len(list(KnowledgeBase.open(empty).claims())) == 4 * len(folders)


# -- documentation -----------------------------------------------------------------------------------------


def test_the_page_on_articles_names_every_ending_and_every_state() -> None:
    page = (REPOSITORY / "docs" / "articles.md").read_text(encoding="utf-8")

    for word in (*(e for endings in FORMATS.values() for e in endings), *PassageState):
        assert word in page, word


# -- kb.toml -----------------------------------------------------------------------------------------------


def test_a_prefix_is_added_and_every_comment_stays(tmp_path: Path) -> None:
    file = tmp_path / "kb.toml"
    file.write_text(
        '# Kopf\n[prefixes]  # hier\na = "https://a.example/"\n\n[audit]\nfail-on = "never" # nie\n'
    )

    add_prefix(file, "tea", "https://example.org/kb/tea/")
    add_prefix(file, "again", "https://example.org/kb/tea/")

    assert file.read_text(encoding="utf-8") == (
        '# Kopf\n[prefixes]  # hier\na = "https://a.example/"\ntea = "https://example.org/kb/tea/"\n\n'
        '[audit]\nfail-on = "never" # nie\n'
    )


@pytest.mark.parametrize(
    ("slug", "prefix"),
    [("tea", "tea"), ("lws-schmerzen", "lws"), ("2024-tee", "a-2024-tee"), ("lws", "lws-2")],
)
def test_a_prefix_is_the_one_there_is_or_a_free_one(slug: str, prefix: str) -> None:
    known = {"lws": "https://example.org/kb/lws-schmerzen/"}

    assert prefix_for(known, slug, f"https://example.org/kb/{slug}/") == prefix
