"""What the documentation says is so: every page is up to date, every command in it runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import REPOSITORY, Outcome

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
    if line.startswith("kb ")
]
PAGES = sorted(REPOSITORY.glob("*.md")) + sorted((REPOSITORY / "docs").glob("*.md"))


def test_the_reference_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, REPOSITORY / "docs/generate.py", "--check"], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_runs(
    kb: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(REPOSITORY)
    words = shlex.split(command)[1:]
    if words[0] == "links":
        pytest.skip("asks the real web; test_links_command.py asks servers of our own")
    if words[0] == "serve":
        pytest.skip("runs until it is stopped; test_serve_life.py starts and stops it")
    if words[0] in {"init", "report"}:
        words[1] = str(tmp_path / words[1])
    if "my-kb" in words:  # what the lines above it have made
        assert kb("init", tmp_path / "my-kb").code == 0
        words[words.index("my-kb")] = str(tmp_path / "my-kb")
        if words[0] == "audit":
            assert kb("add", "tests/data/kaffee.md", "--kb", tmp_path / "my-kb").code == 0

    assert kb(*words).code in ({0, 1} if words[0] == "audit" else {0})


def test_the_readme_has_commands_to_run() -> None:
    assert len(COMMANDS) >= 8


def test_the_readmes_python_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.S)
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["kb/kb.toml", "README.md", "pyproject.toml"])
def test_nothing_speaks_of_the_machine_it_was_made_on(name: str) -> None:
    assert "/work/" not in (REPOSITORY / name).read_text(encoding="utf-8")
