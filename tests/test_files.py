"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence_kb.errors import InputError
from evidence_kb.files import write_atomically, write_folder, write_together


def test_the_new_text_replaces_the_old_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)

    write_atomically(path, "neu ä\n")

    assert path.read_text(encoding="utf-8") == "neu ä\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.ttl"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ttl").write_text("old", encoding="utf-8")
    (tmp_path / "link.ttl").symlink_to("real.ttl")

    write_atomically(tmp_path / "link.ttl", "new")

    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "real.ttl").read_text(encoding="utf-8") == "new"


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_atomically(tmp_path / "nowhere" / "a.ttl", "x")


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_writer_that_is_killed_leaves_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("0" * 2_000_000, encoding="utf-8")
    writer = (
        "import sys; from pathlib import Path; from evidence_kb.files import write_atomically\n"
        "while True:\n  for digit in '123456789': write_atomically(Path(sys.argv[1]), digit * 2_000_000)"
    )
    for pause in (0.15, 0.21, 0.27):
        process = subprocess.Popen([sys.executable, "-c", writer, str(path)])
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()

        text = path.read_text(encoding="utf-8")
        assert len(text) == 2_000_000
        assert len(set(text)) == 1


def test_files_are_replaced_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("old", encoding="utf-8")

    with pytest.raises(InputError, match="cannot be written"):
        write_together({tmp_path / "a.ttl": "new", tmp_path / "nowhere" / "b.ttl": "new"})

    assert (tmp_path / "a.ttl").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.ttl"]
    write_together({tmp_path / "a.ttl": "new", tmp_path / "b.ttl": "new too"})
    assert [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.ttl", "b.ttl")] == [
        "new",
        "new too",
    ]


def test_a_folder_appears_whole_and_never_replaces_another(tmp_path: Path) -> None:
    write_folder(tmp_path / "tea", {"a.ttl": "ä\n", "b.ttl": ""})

    assert (tmp_path / "tea" / "a.ttl").read_text(encoding="utf-8") == "ä\n"
    with pytest.raises(InputError, match="exists already"):
        write_folder(tmp_path / "tea", {"a.ttl": "other"})
    assert (tmp_path / "tea" / "a.ttl").read_text(encoding="utf-8") == "ä\n"
    assert [p.name for p in tmp_path.iterdir()] == ["tea"]
    with pytest.raises(InputError, match="cannot be written"):
        write_folder(tmp_path / "nowhere" / "tea", {"a.ttl": "x"})
