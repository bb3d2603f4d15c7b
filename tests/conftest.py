"""What the tests share: the tea knowledge base, and a way to run ``kb`` as a user does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import chromium, visit  # noqa: F401  fixtures, which pytest finds here
from serving import Server, running
from support import DATA, REPOSITORY, Outcome

from evidence_kb import KnowledgeBase
from evidence_kb.cli.main import main


@pytest.fixture
def tea_folder(tmp_path: Path) -> Path:
    """A copy of the tea knowledge base (the design's worked example) that a test may change."""
    return Path(shutil.copytree(DATA / "tea", tmp_path / "kb"))


@pytest.fixture
def tea(tea_folder: Path) -> KnowledgeBase:
    """The tea knowledge base, opened."""
    return KnowledgeBase.open(tea_folder)


@pytest.fixture(scope="session")
def shipped() -> KnowledgeBase:
    """The knowledge base that ships with the project; not to be changed."""
    return KnowledgeBase.open(REPOSITORY / "kb")


@pytest.fixture
def kb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Runs ``kb`` with the given words."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: str | Path) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server of the tea knowledge base; not to be changed."""
    folder = tmp_path_factory.mktemp("live") / "kb"
    shutil.copytree(DATA / "tea", folder)
    with running(folder, "--query-timeout", "60", "--row-limit", "2000") as server:
        yield server
