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
from evidence_kb.files import write_atomically


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
