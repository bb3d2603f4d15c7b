"""A real Chromium for tests: started once for each file of tests, and watched for all it should not do.

Where Chromium or the bundles are missing these tests are skipped and say why; with ``CI_MUST_RUN_BROWSER``
set they fail instead, so that continuous integration cannot pass without them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support import REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.cli.main import main
from evidence_kb.site import Facts, Pages

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
_AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def need(there: object, why: str) -> None:
    """Skip the test where something is missing, or fail where it must not be."""
    if not there:
        (pytest.fail if os.environ.get("CI_MUST_RUN_BROWSER") else pytest.skip)(why)


def need_bundle(name: str) -> None:
    """Skip the test where a bundle was not built."""
    from evidence_kb.site.frontend import bundle

    need(bundle(name), f"{name} was not built: make frontend")


@dataclass
class Visit:
    """A page of a browser, and what it did that it should not have done.

    :param origin: where everything must come from.
    :param expected: words of the console's messages that belong to what is tested.
    """

    page: Any
    origin: str
    faults: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def open(self, path: str) -> Any:
        """Go to a page of the site; gives Playwright's page."""
        self.page.goto(self.origin + path)
        return self.page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    need(find_spec("playwright"), "playwright is not installed: pip install 'evidence-kb[dev]'")
    from playwright import sync_api as playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(program, "there is no chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*_ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """Opens pages; at the end of the test nothing may have gone wrong in any of them.

    A console error, a script's error, a breach of the Content-Security-Policy, a dialogue and a request to
    any other host are faults.
    """
    visits: list[Visit] = []

    def begin(origin: str, **options: Any) -> Visit:
        # places are measured in pages that stand still: where motion is welcome they scroll smoothly
        still = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        context = chromium.new_context(**still | options)
        seen = Visit(context.new_page(), origin)
        _watch(seen)
        visits.append(seen)
        return seen

    yield begin
    for seen in visits:
        seen.page.context.close()
    faults = [fault for seen in visits for fault in seen.faults]
    assert not faults, "\n".join(faults)


def _watch(seen: Visit) -> None:
    def on_request(request: Any) -> None:
        if not request.url.startswith((seen.origin, "data:", "blob:")):
            seen.faults.append(f"asked {request.url}")

    def on_dialog(dialog: Any) -> None:
        seen.faults.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    page = seen.page

    def on_console(message: Any) -> None:
        expected = any(words in message.text for words in seen.expected)
        if message.type in {"error", "warning"} and not expected:
            seen.faults.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: seen.faults.append(f"script: {error}"))
    page.on("request", on_request)
    page.on("dialog", on_dialog)


def write_report(folder: Path, out: Path) -> str:
    """Write a knowledge base's pages with ``kb report``; gives the address they are opened from."""
    assert main(["--kb", str(folder), "report", str(out)]) == 0
    return out.resolve().as_uri() + "/"


def write_some(folder: Path, out: Path, wanted: str) -> str:
    """The same for those pages only whose path matches a pattern, which is quicker."""
    pages = Pages(Facts(KnowledgeBase.open(folder)))
    files = {path: (pages.render(path) or "").encode() for path in pages.paths() if re.search(wanted, path)}
    for path, content in (files | pages.assets()).items():
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    return out.resolve().as_uri() + "/"


def barriers(page: Any) -> list[str]:
    """What keeps people out of a page, as axe-core finds it (https://github.com/dequelabs/axe-core)."""
    need(_AXE.is_file(), "axe-core is not there: make frontend")
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN_AXE, _TAGS)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sticks_out(page: Any) -> list[str]:
    """The elements that make a page wider than its window; none where nothing has to be scrolled sideways."""
    return list(page.evaluate(_STICKS_OUT))


# Style sheets are not read: from disk a script may not.
_RUN_AXE = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
})"""

_STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .slice(-5)
    .map((element) => element.outerHTML.slice(0, 120));
}"""
