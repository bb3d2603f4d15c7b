"""`kb report`: what it writes, what it leaves alone, and what it refuses."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import DATA, Outcome

Run = Callable[..., Outcome]


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_report_opens_at_its_index(kb: Run, tmp_path: Path) -> None:
    done = kb("--kb", DATA / "tea", "report", tmp_path / "out")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(f"open {tmp_path / 'out' / 'index.html'}\n")
    wanted = {"index.html", "de/index.html", "en/tea/claim-tea-eases-headache.html", "assets/site.css"}
    assert wanted <= _files(tmp_path / "out")


def test_a_second_report_changes_nothing_that_stayed_as_it_was(kb: Run, tmp_path: Path) -> None:
    kb("--kb", DATA / "tea", "report", tmp_path / "out")
    page = tmp_path / "out" / "de" / "index.html"
    os.utime(page, (1, 1))
    done = kb("--kb", DATA / "tea", "report", tmp_path / "out")
    assert "(0 new or changed, 0 removed)" in done.err
    assert page.stat().st_mtime == 1


def test_pages_of_what_is_gone_are_removed_and_nothing_else(
    kb: Run, tea_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    kb("--kb", tea_folder, "report", out)
    (out / "notes.txt").write_text("mine")
    claims = tea_folder / "tea" / "claims.ttl"
    claims.write_text(claims.read_text().replace("tea:claim-tea-eases-headache", "tea:claim-renamed"))
    kb("--kb", tea_folder, "report", out)
    files = _files(out)
    assert "de/tea/claim-renamed.html" in files
    assert "de/tea/claim-tea-eases-headache.html" not in files
    assert (out / "notes.txt").read_text() == "mine"


def test_a_folder_with_other_things_in_it_is_refused(kb: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "index.html").write_text("mine")
    done = kb("--kb", DATA / "tea", "report", tmp_path / "photos")
    assert done.code == 2
    assert "holds something else (index.html) and no report" in done.err
    assert _files(tmp_path / "photos") == {"index.html"}


def test_a_file_is_no_folder(kb: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = kb("--kb", DATA / "tea", "report", tmp_path / "out")
    assert done.code == 2
    assert "is a file; name a folder" in done.err


def test_a_manifest_that_lists_what_lies_elsewhere_removes_nothing(kb: Run, tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious.txt"
    precious.write_text("mine")
    kb("--kb", DATA / "tea", "report", out)
    manifest = out / ".evidence-kb-report.json"
    manifest.write_text(
        manifest.read_text().replace('"index.html"', f'"../precious.txt", "{precious}", "index.html"')
    )
    assert kb("--kb", DATA / "tea", "report", out).code == 0
    assert precious.read_text() == "mine"


def test_a_broken_manifest_is_told_and_nothing_is_removed(kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kb("--kb", DATA / "tea", "report", out)
    (out / ".evidence-kb-report.json").write_text("{")
    done = kb("--kb", DATA / "tea", "report", out)
    assert done.code == 2
    assert ".evidence-kb-report.json: is no list of a report's files" in done.err
    assert (out / "index.html").exists()


def test_symbolic_links_are_not_followed_out_of_the_report(kb: Run, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    kb("--kb", DATA / "tea", "report", out)
    elsewhere.mkdir()
    page = out / "de" / "index.html"
    page.unlink()
    page.symlink_to(elsewhere / "stolen.html")  # a page that is a link: replaced, not followed
    (elsewhere / "stolen.html").write_text("mine")
    assert kb("--kb", DATA / "tea", "report", out).code == 0
    assert not page.is_symlink()
    assert (elsewhere / "stolen.html").read_text() == "mine"
    (out / "en").rename(tmp_path / "en")
    (out / "en").symlink_to(elsewhere)  # a folder that is a link: refused
    done = kb("--kb", DATA / "tea", "report", out)
    assert done.code == 2
    assert "is a symbolic link where the report needs a folder; remove it" in done.err
    assert _files(elsewhere) == {"stolen.html"}


def test_two_runs_at_once_do_not_mix(kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kb("--kb", DATA / "tea", "report", out)
    descriptor = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        done = kb("--kb", DATA / "tea", "report", out)
    finally:
        os.close(descriptor)
    assert done.code == 2
    assert "another run is writing a report" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told(kb: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    done = kb("--kb", DATA / "tea", "report", tmp_path / "out")
    assert done.code == 2
    assert "cannot be written" in done.err


def test_a_killed_run_leaves_every_page_whole_and_the_next_mends_it(tea_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "evidence_kb", "--kb", str(tea_folder), "report", str(out)]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while run.poll() is None and not (out / "assets").exists():
        time.sleep(0.002)
    run.send_signal(signal.SIGKILL)
    run.wait()
    for page in out.rglob("*.html"):
        assert page.read_text().endswith("</html>")
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert "de/tea/index.html" in _files(out)
    assert not [name for name in _files(out) if "half" in name]


def test_an_article_s_text_is_shown_beside_its_claims(kb: Run, tmp_path: Path) -> None:
    text = tmp_path / "tea.txt"
    text.write_text("Tee und Kopfschmerz\n\nStudien zeigen, dass es hilft, nach einer Tasse.\n")
    done = kb("--kb", DATA / "tea", "report", tmp_path / "out", "--article", f"tea={text}")
    assert done.code == 0
    assert "dass es hilft" in (tmp_path / "out" / "de" / "tea" / "text.html").read_text()
    kb("--kb", DATA / "tea", "report", tmp_path / "out")
    assert "de/tea/text.html" not in _files(tmp_path / "out")


def test_wrong_articles_are_told_before_anything_is_written(kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    unknown = kb("--kb", DATA / "tea", "report", out, "--article", "coffee=x.txt")
    missing = kb("--kb", DATA / "tea", "report", out, "--article", str(tmp_path / "no.txt"))
    assert (unknown.code, missing.code) == (2, 2)
    assert "no article is called 'coffee'" in unknown.err
    assert "no.txt: no such file" in missing.err
    assert not out.exists()


def test_the_message_speaks_german_too(kb: Run, tmp_path: Path) -> None:
    done = kb("--kb", DATA / "tea", "--lang", "de", "report", tmp_path / "out")
    assert "öffnen" in done.err
