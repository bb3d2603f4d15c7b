"""Lists, search and marked text in a real browser, from disk: what the scripts add to plain pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, visit  # noqa: F401 (fixtures)
from support import DATA, REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.site import write_report

Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The shipped knowledge base's report, as an address on disk."""
    out = tmp_path_factory.mktemp("shipped")
    write_report(KnowledgeBase.open(REPOSITORY / "kb"), out)
    return f"{out.as_uri()}/"


def _shown(page: Any) -> int:
    return int(page.locator("#rows tbody tr:visible").count())


def test_problems_are_filtered_by_severity_rule_section_and_words(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report).open("en/findings.html")
    every = _shown(page)
    page.get_by_label("Severity").select_option("error")
    errors = _shown(page)
    assert 0 < errors < every
    assert page.locator("#rows tbody tr:visible .s-error").count() == errors
    page.get_by_label("Rule").select_option("Address cut short")
    assert _shown(page) == 3
    page.get_by_label("Contains").fill("no such words")
    assert _shown(page) == 0
    assert page.locator(".filters output").inner_text() == f"0 of {every} on this page"


def test_a_filter_can_come_with_the_address(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report).open("en/findings.html?severity=error")
    assert _shown(page) == page.locator("#rows tbody tr:visible .s-error").count() > 0


def test_a_column_sorts_up_and_down_and_says_so(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report).open("en/sources.html")
    head = page.locator("th", has_text="Claims")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    numbers = [int(text) for text in page.locator("#rows tbody td:nth-child(6)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 1


@pytest.mark.parametrize("words", ["Rückenschmerzen", "rueckenschmerz", "RUCKENSCHMERZ", "rückenschm"])
def test_a_german_word_is_found_however_it_is_written(visit: Opener, report: str, words: str) -> None:  # noqa: F811
    page = visit(report).open("de/search.html")
    page.get_by_role("searchbox").fill(words)
    page.wait_for_selector(".results li")
    assert (
        page.get_by_text("Eine unpassende Matratze kann langfristig Rückenschmerzen hervorrufen.").count()
        == 1
    )


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("exercises stretching", "exercise"),
        ("mattresses", "mattress"),
        ("therapies", "therapy"),
        ("doi 10.1007", ""),
    ],
)
def test_an_english_word_is_found_by_another_form(visit: Opener, report: str, words: str, claim: str) -> None:  # noqa: F811
    page = visit(report).open("en/search.html")
    page.get_by_role("searchbox").fill(words)
    page.wait_for_selector(".results li")
    assert claim in page.locator(".results").inner_text().lower()


def test_search_results_are_claims_or_sources_as_asked_and_lead_there(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report).open("en/search.html?q=massage")
    page.get_by_role("radio", name="Sources").check()
    page.locator(".results .c-footings").first.wait_for(state="detached")
    assert page.locator(".results .c-verdicts, .results .s-unchecked").count() > 0
    page.locator(".results a").first.click()
    page.wait_for_selector("h1")
    assert "/lws-schmerzen/work-" in page.url


def test_nothing_found_is_said(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report).open("de/search.html")
    page.get_by_role("searchbox").fill("xyzzy")
    page.get_by_text("Nichts gefunden.").wait_for()


def test_a_place_in_the_files_is_copied(visit: Opener, report: str) -> None:  # noqa: F811
    seen = visit(report, permissions=["clipboard-read", "clipboard-write"])
    page = seen.open("en/findings.html")
    button = page.locator("#rows .copy").first
    button.click()
    page.wait_for_selector(".copy.done")
    assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-copy")


def test_a_mark_leads_to_its_claim_by_keyboard(visit: Opener, tmp_path: Path) -> None:  # noqa: F811
    kb = KnowledgeBase.open(DATA / "tea")
    text = tmp_path / "tea.txt"
    text.write_text("Tee und Kopfschmerz\n\nStudien zeigen, dass es hilft, nach einer Tasse. Mehr nicht.\n")
    write_report(kb, tmp_path / "out", {kb.articles()["tea"]: text})
    page = visit(f"{(tmp_path / 'out').as_uri()}/").open("de/tea/text.html")
    page.locator(".ref").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#at-claim-tea-eases-headache")
    page.locator(".card a").first.focus()
    assert page.locator("mark.lit").inner_text() == "Studien zeigen, dass es hilft, nach einer Tasse"


def test_paper_is_white_however_dark_the_screen(visit: Opener, report: str) -> None:  # noqa: F811
    page = visit(report, color_scheme="dark").open("en/index.html")
    page.get_by_role("button", name="Light colours").click()
    page.get_by_role("button", name="Dark colours").click()
    page.emulate_media(media="print")
    ground = "getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()"
    assert page.evaluate(ground) == "#fff"
