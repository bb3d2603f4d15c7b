"""What is installed works without the repository: the wheel carries ontology, questions and rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from planted import COFFEE
from support import REPOSITORY

pytest.importorskip("hatchling", reason="hatchling is not installed: pip install 'evidence-kb[dev]'")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``kb`` from the unpacked wheel, far from the repository."""
    program = "from evidence_kb.cli.main import run; run()"
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-P", "-c", program, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_carries_what_the_code_reads(installed: Path) -> None:
    shipped = installed / "evidence_kb/_shipped"
    for folder in ("ontology", "queries", "queries/checks"):
        there = {path.name for path in (shipped / folder).iterdir()}
        assert {path.name for path in (REPOSITORY / folder).iterdir()} <= there


def test_the_wheel_carries_the_pages_and_the_bundles_with_their_licences(installed: Path) -> None:
    site = installed / "evidence_kb/site"
    for folder in ("templates", "static"):
        there = {path.name for path in (site / folder).iterdir()}
        assert {path.name for path in (REPOSITORY / "src/evidence_kb/site" / folder).iterdir()} <= there
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the wheel does without bundles")
    bundles = installed / "evidence_kb/_frontend"
    assert {path.name for path in bundles.iterdir()} == {
        "licences.txt",
        "picture-graph.js",
        "query-editor.js",
    }
    licences = (bundles / "licences.txt").read_text("utf-8")
    for package in ("cytoscape", "codemirror", "@codemirror/view", "codemirror-lang-sparql", "lodash"):
        assert re.search(rf"^{package} \d+\.\d+\.\d+ \(MIT\)$", licences, re.M), package
    assert licences.count("Permission is hereby granted") >= 20


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "frontend/package-lock.json").read_text("utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    assert [name for name, facts in packages.items() if not facts["integrity"].startswith("sha512-")] == []


def test_without_npm_the_wheel_is_built_and_says_what_it_lacks(tmp_path: Path) -> None:
    copy = tmp_path / "repository"
    skip = shutil.ignore_patterns(".*", "_frontend", "node_modules", "tests", "benchmarks", "__pycache__")
    shutil.copytree(REPOSITORY, copy, ignore=skip)
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, tmp_path],
        cwd=copy,
        env={"PATH": "/nowhere"},
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if "_frontend" in name] == []
    assert "npm is not installed: the pages will do without" in done.stdout + done.stderr


def test_a_knowledge_base_anywhere_is_audited_and_asked(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "--kb", str(COFFEE), "query", "footing", "--format", "csv")
    assert (where.returncode, where.stderr) == (0, "")
    assert "supported,cited" in where.stdout

    audit = run(installed, tmp_path, "--kb", str(COFFEE), "audit")
    assert (audit.returncode, audit.stderr) == (0, "")
    assert "Nothing is wrong" in audit.stdout


def test_the_link_check_has_its_words(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("https://a.example/…\n", encoding="utf-8")
    done = run(installed, tmp_path, "links", "--urls", "list.txt", "--format", "json")

    assert done.returncode == 1
    assert '"verdict": "invalid"' in done.stdout


def test_a_new_knowledge_base_can_be_made_and_audited(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "init", "mine").returncode == 0
    assert run(installed, tmp_path, "--kb", "mine", "audit").returncode == 0
