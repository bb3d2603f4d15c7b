"""The report from disk, in a real browser: what an editor does with it, and that everybody can."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import barriers, need_bundle, sticks_out, write_report
from support import DATA, REPOSITORY

HEADACHE = "en/tea/claim-tea-eases-headache.html"
#: One page of each kind, of the tea knowledge base.
KINDS = (
    "en/index.html",
    "en/claims.html",
    "en/sources.html",
    "en/findings.html",
    "en/picture.html",
    "en/tasks.html",
    "en/help.html",
    "en/search.html",
    "en/tea/index.html",
    HEADACHE,
    "en/tea/work-klinik-tee.html",
)


@pytest.fixture(scope="module")
def tea_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tea knowledge base's pages; gives the address they are opened from."""
    return write_report(DATA / "tea", tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def shipped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the knowledge base that ships."""
    folder = tmp_path_factory.mktemp("shipped")
    write_report(REPOSITORY / "kb", folder)
    return folder


def test_from_a_finding_to_the_claim_to_its_source(visit: Callable[..., Any], tea_report: str) -> None:
    page = visit(tea_report).open("en/findings.html")
    page.locator("main a[href*='claim-tea-eases-headache.html']").first.click()
    assert "Green tea eases tension headache." in page.locator("h1").inner_text()
    page.locator("main a[href*='work-klinik-tee.html']").first.click()
    assert "Kopfschmerz" in page.locator("h1").inner_text()
    assert page.locator("main a[href*='claim-tea-eases-headache.html']").count() >= 1


def test_the_first_page_leads_to_the_knowledge_bases_first_language(
    visit: Callable[..., Any], tea_report: str
) -> None:
    page = visit(tea_report).open("index.html")
    page.wait_for_url("**/de/index.html")
    assert page.get_attribute("html", "lang") == "de"


def test_the_language_is_switched_on_the_same_page(visit: Callable[..., Any], tea_report: str) -> None:
    page = visit(tea_report).open(HEADACHE)
    page.locator("a.language").click()
    assert page.url.endswith("/de/tea/claim-tea-eases-headache.html")
    assert page.get_attribute("html", "lang") == "de"
    assert "Grüner Tee lindert Spannungskopfschmerz." in page.locator("h1").inner_text()


def test_light_and_dark_are_switched_and_remembered(visit: Callable[..., Any], tea_report: str) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page = visit(tea_report, color_scheme="light").open("en/index.html")
    light = ground()
    page.locator("[data-theme-toggle]").click()
    dark = ground()
    assert dark != light
    page.goto(tea_report + HEADACHE)
    assert ground() == dark


def test_a_page_is_printed_without_its_navigation(visit: Callable[..., Any], tea_report: str) -> None:
    page = visit(tea_report).open(HEADACHE)
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert page.locator("h1").is_visible()


def test_the_picture_is_printed_as_a_drawing(visit: Callable[..., Any], tea_report: str) -> None:
    need_bundle("picture-graph.js")
    page = visit(tea_report).open("en/picture.html")
    assert not page.locator("#picture-svg").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#picture-svg svg").is_visible()
    assert not page.locator("#picture-graph").is_visible()


def test_search_finds_a_german_claim_by_another_form_of_its_word(
    visit: Callable[..., Any], tea_report: str
) -> None:
    page = visit(tea_report).open("de/search.html")
    page.locator("main input[type=search]").fill("spannungskopfschmerzen")
    link = page.locator("main a[href*='claim-tea-eases-headache.html']").first
    link.wait_for()
    assert link.is_visible()


def test_pages_do_without_scripts(visit: Callable[..., Any], tea_report: str) -> None:
    seen = visit(tea_report, java_script_enabled=False)
    page = seen.open("en/findings.html")
    page.locator("main a[href*='claim-tea-eases-headache.html']").first.click()
    assert "Green tea eases tension headache." in page.locator("h1").inner_text()
    page = seen.open("en/picture.html")
    page.locator("#picture-svg a[href*='claim-tea-eases-headache.html']").click()
    assert page.url.endswith(HEADACHE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_any_kind_of_page(
    visit: Callable[..., Any], tea_report: str, scheme: str
) -> None:
    seen = visit(tea_report, color_scheme=scheme)
    found = {}
    for path in (*KINDS, "de/picture.html", "de/tea/index.html"):
        page = seen.open(path)
        page.wait_for_load_state()
        found[path] = barriers(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_axe_finds_no_barrier_in_the_shipped_pages(visit: Callable[..., Any], shipped_folder: Path) -> None:
    seen = visit(shipped_folder.as_uri() + "/", color_scheme="light")
    found = {
        path: barriers(seen.open(path))
        for path in ("de/index.html", "de/findings.html", "de/picture.html", "de/lws-schmerzen/index.html")
    }
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_no_page_is_wider_than_a_phone(visit: Callable[..., Any], shipped_folder: Path) -> None:
    seen = visit(shipped_folder.as_uri() + "/", viewport={"width": 320, "height": 640})
    claim = next((shipped_folder / "de/lws-schmerzen").glob("claim-*.html"))
    source = next((shipped_folder / "de/lws-schmerzen").glob("work-*.html"))
    pages = [path.replace("en/", "de/") for path in KINDS if "tea" not in path]
    pages += [
        "de/lws-schmerzen/index.html",
        *(p.relative_to(shipped_folder).as_posix() for p in (claim, source)),
    ]
    found = {path: sticks_out(seen.open(path)) for path in pages}
    assert {path: outside for path, outside in found.items() if outside} == {}


def test_no_page_weighs_more_than_150_kilobytes_compressed(shipped_folder: Path) -> None:
    need_bundle("picture-graph.js")
    weights = {
        path.relative_to(shipped_folder).as_posix(): _weight(path) for path in shipped_folder.rglob("*.html")
    }
    assert {path: weight for path, weight in weights.items() if weight > 150_000} == {}


def _weight(page: Path) -> int:
    """Bytes of a page and of the files that it names, each compressed as a server does."""
    html = page.read_text(encoding="utf-8")
    named = re.findall(r'<(?:script|link rel="stylesheet")[^>]* (?:src|href)="([^"]+)"', html)
    files = [page.read_bytes(), *((page.parent / name).read_bytes() for name in named if ":" not in name)]
    return sum(len(gzip.compress(data, 6)) for data in files)


HOSTILE = """
@prefix schema: <https://schema.org/> .
@prefix tea: <https://example.org/kb/tea/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
tea:claim-tea-eases-headache schema:text
    "</script><script>window.harmed = 1</script>{{ 7 * 7 }}\\u202Egnp"@fr ,
    "<img src=x onerror='window.harmed = 2'>"@es .
tea:claim-hostile a schema:Claim ; dcterms:isPartOf tea:section-2 ;
    dcterms:type <https://w3id.org/evidence-kb/codes/risk-factor> ;
    schema:text "</script><script>window.harmed = 3</script><svg onload='window.harmed = 4'>"@en ,
        "\\u202E</title><script>window.harmed = 5</script>"@de .
tea:work-klinik-tee schema:url <javascript:window.harmed=6> ;
    dcterms:title "\\"><script>window.harmed = 7</script>"@en .
"""


def test_a_hostile_knowledge_base_does_no_harm(visit: Callable[..., Any], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "tea", tmp_path / "kb"))
    (folder / "tea/hostile.ttl").write_text(HOSTILE, encoding="utf-8")
    seen = visit(write_report(folder, tmp_path / "out"))
    for path in (*KINDS, "de/picture.html", "en/tea/claim-hostile.html", "de/tea/claim-hostile.html"):
        page = seen.open(path)
        page.wait_for_load_state()
        assert page.evaluate("window.harmed") is None, path
        assert page.locator("a[href^='javascript:' i]").count() == 0, path
    page = seen.open("en/picture.html")
    if page.locator("#picture-graph").is_visible():
        page.locator("#picture-graph").focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        assert page.evaluate("window.harmed") is None
