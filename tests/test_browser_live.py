"""The live pages in a real browser: the same as from disk, and fresh."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browser import barriers, need_bundle
from serving import Server, running
from support import DATA

HEADACHE = "en/tea/claim-tea-eases-headache.html"


def test_from_a_finding_to_the_claim_to_its_source(visit: Callable[..., Any], live: Server) -> None:
    page = visit(live.url).open("en/findings.html")
    page.locator("main a[href*='claim-tea-eases-headache.html']").first.click()
    assert "Green tea eases tension headache." in page.locator("h1").inner_text()
    page.locator("main a[href*='work-klinik-tee.html']").first.click()
    assert "Kopfschmerz" in page.locator("h1").inner_text()


def test_every_kind_of_page_works_under_the_servers_policy(visit: Callable[..., Any], live: Server) -> None:
    seen = visit(live.url)
    for path in ("", "de/index.html", "en/claims.html", "en/sources.html", "de/search.html", HEADACHE, "api"):
        page = seen.open(path)
        page.wait_for_load_state()
        assert page.locator("h1").count() == 1, path


def test_language_and_theme_are_switched(visit: Callable[..., Any], live: Server) -> None:
    page = visit(live.url, color_scheme="dark").open(HEADACHE)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-toggle]").click()
    page.locator("a.language").click()
    page.wait_for_url("**/de/tea/claim-tea-eases-headache.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    assert "Grüner Tee lindert Spannungskopfschmerz." in page.locator("h1").inner_text()


def test_the_picture_opens_pages(visit: Callable[..., Any], live: Server) -> None:
    need_bundle("picture-graph.js")
    page = visit(live.url).open("en/picture.html")
    page.wait_for_selector("#picture-graph[data-ready]")
    page.locator("#picture-graph").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{HEADACHE}")


def test_pages_that_only_a_server_has_put_up_no_barrier(visit: Callable[..., Any], live: Server) -> None:
    seen = visit(live.url)
    for path in ("api", "resource?iri=https://w3id.org/evidence-kb/ns%23verdict"):
        assert barriers(seen.open(path)) == [], path


def test_an_edit_shows_up_without_a_restart(visit: Callable[..., Any], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "tea", tmp_path / "kb"))
    with running(folder) as server:
        page = visit(server.url).open(HEADACHE)
        claims = folder / "tea/claims.ttl"
        text = claims.read_text(encoding="utf-8")
        claims.write_text(text.replace("Green tea eases", "Black tea eases"), encoding="utf-8")
        for _ in range(40):
            page.reload()
            if "Black tea eases" in page.locator("h1").inner_text():
                break
            page.wait_for_timeout(250)
        assert "Black tea eases tension headache." in page.locator("h1").inner_text()
