"""Hatch's build hook: makes the browser bundles from npm's lock file, so that they travel in the wheel.

Without Node the wheel is built all the same: its pages then have a plain text area and a picture drawn in
Python.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUNDLES = ("query-editor.js", "picture-graph.js", "licences.txt")


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's parameter is of no use here
    """Builds ``src/evidence_kb/_frontend`` unless it is there and newer than what it is made of."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before it collects files; for an editable install ``make frontend`` does it."""
        if version == "editable":
            return
        source, target = Path(self.root, "frontend"), Path(self.root, "src/evidence_kb/_frontend")
        if not is_fresh(source, target):
            why_not = build(source, target)
            if why_not:
                self.app.display_warning(
                    f"{why_not}: the pages will do without the query editor and the graph"
                )
        build_data["artifacts"] += [f"/src/evidence_kb/_frontend/{name}" for name in _BUNDLES]


def is_fresh(source: Path, target: Path) -> bool:
    """Whether all bundles are there and none is older than its source."""
    bundles = [target / name for name in _BUNDLES]
    if not all(bundle.is_file() for bundle in bundles):
        return False
    sources = [source / "build.mjs", source / "package-lock.json", *(source / "src").glob("*.js")]
    newest = max((path.stat().st_mtime for path in sources if path.is_file()), default=0)
    return newest <= min(bundle.stat().st_mtime for bundle in bundles)


def build(source: Path, target: Path) -> str | None:
    """Builds the bundles of ``source`` into ``target``; gives the reason where that cannot be done.

    It works on a copy, so that builds may run beside each other and leave nothing behind in the source tree.
    """
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    if not (source / "package-lock.json").is_file():
        return f"{source} has no package-lock.json"
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(
            source, Path(folder, "frontend"), ignore=shutil.ignore_patterns("node_modules")
        )
        for words in (["ci"], ["run", "build", "--", str(target)]):
            command = [npm, *words]  # both are ours, and no shell reads them
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True)  # noqa: S603
            if done.returncode:
                last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"]
                return f"'npm {words[0]}' failed ({last[0]})"
    return None
