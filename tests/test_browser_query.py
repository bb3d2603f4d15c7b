"""The query page of a live server in a real browser: questions, fields, one's own SPARQL, stopping."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import barriers, need_bundle, sticks_out
from serving import ENDLESS, Server, wait_until
from support import REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.site.frontend import bundle

CLAIM = "claim-tea-eases-headache"


@pytest.fixture
def query(visit: Callable[..., Any], live: Server) -> Callable[..., Any]:
    """Opens the query page with what stands behind the ``?``; gives Playwright's page."""

    def opened(search: str = "", language: str = "en", **options: Any) -> Any:
        return visit(live.url, **options).open(f"{language}/query.html{search}")

    return opened


def status(page: Any, text: str) -> None:
    """Wait until the page announces something."""
    page.locator("#query-status", has_text=text).wait_for(timeout=15_000)


def write(page: Any, text: str) -> None:
    """Type a query of one's own in the place of what is there."""
    if bundle("query-editor.js"):
        page.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.keyboard.insert_text(text)
    else:
        page.locator("#query-text").fill(text)


def test_a_shipped_question_with_a_parameter(query: Callable[..., Any]) -> None:
    page = query()
    page.get_by_role("link", name="Claims of a category").click()
    field = page.locator("#query-fields select")
    field.select_option(label="treatment effect")
    page.get_by_role("button", name="Run").click()
    status(page, "1 row")
    assert "Green tea eases tension headache." in page.locator("#query-table").inner_text()
    field.select_option(label="definition")
    page.get_by_role("button", name="Run").click()
    status(page, "0 rows")


def test_the_names_of_claims_are_offered_and_understood(query: Callable[..., Any]) -> None:
    page = query()
    page.get_by_role("link", name="What curators found about a claim").click()
    page.locator("#query-fields input[data-type=iri]").fill(CLAIM)
    page.keyboard.press("Enter")
    status(page, "1 row")
    assert "disputes" in page.locator("#query-table").inner_text()
    offered = page.locator("#names option").evaluate_all("all => all.map((option) => option.value)")
    assert f"tea:{CLAIM}" in offered


def test_an_unknown_name_is_told_at_its_field(query: Callable[..., Any]) -> None:
    page = query()
    page.get_by_role("link", name="What curators found about a claim").click()
    page.locator("#query-fields input[data-type=iri]").fill("no-such-claim")
    page.get_by_role("button", name="Run").click()
    error = page.locator("#query-error")
    error.wait_for()
    assert "no-such-claim" in error.inner_text()
    assert page.locator("#query-fields input[aria-invalid]").count() == 1


def test_a_query_of_ones_own_by_keyboard(query: Callable[..., Any]) -> None:
    page = query()
    write(page, "SELECT ?c WHERE { ?c a <https://schema.org/Claim> }")
    page.keyboard.press("Control+Enter")
    status(page, "1 row")
    link = page.locator("#query-table td a")
    assert link.inner_text() == f"tea:{CLAIM}"
    link.click()
    page.wait_for_url(re.compile(rf"/{CLAIM}\.html$"))
    assert "Tee" in page.locator("h1").inner_text() or "tea" in page.locator("h1").inner_text()


def test_an_own_parameter_gets_a_field(query: Callable[..., Any]) -> None:
    page = query()
    write(
        page, 'SELECT ?t WHERE { ?c <https://schema.org/text> ?t FILTER(LANG(?t) = ?_tongue) } # ?_no "?_no"'
    )
    fields = page.locator("#query-fields input")
    assert fields.count() == 1
    fields.fill("de")
    page.get_by_role("button", name="Run").click()
    status(page, "1 row")
    assert "Grüner Tee lindert Spannungskopfschmerz." in page.locator("#query-table").inner_text()


def test_a_mistake_is_told_with_its_place_and_marked(visit: Callable[..., Any], live: Server) -> None:
    seen = visit(live.url)
    seen.expected = ("status of 400",)
    page = seen.open("en/query.html")
    write(page, "SELECT ?c WHERE {\n  ?c a ?_kind ; a nope:Claim\n}")
    page.locator("#query-fields input").fill("a long text that moves what stands behind it")
    page.get_by_role("button", name="Run").click()
    error = page.locator("#query-error")
    error.wait_for()
    assert error.inner_text().startswith("Line 2, column 19: the prefix nope: is not declared")
    if bundle("query-editor.js"):
        assert page.locator(".cm-lintRange-error").inner_text() == "nope:Claim"
    write(page, "ASK {}")
    assert not error.is_visible()


def test_a_query_that_never_ends_is_stopped(query: Callable[..., Any], live: Server) -> None:
    page = query()
    write(page, ENDLESS)
    page.get_by_role("button", name="Run").click()
    status(page, "running")
    stop = page.get_by_role("button", name="Stop")
    assert stop.is_enabled()
    page.wait_for_timeout(300)
    stop.click()
    status(page, "Stopped after")
    assert not stop.is_enabled()
    write(page, "ASK {}")
    page.get_by_role("button", name="Run").click()
    status(page, "Yes")


def test_an_address_brings_question_and_values_back(query: Callable[..., Any]) -> None:
    page = query("?question=claims-by-category&category=treatment-effect", language="de")
    status(page, "1 Zeile")
    assert "Grüner Tee lindert Spannungskopfschmerz." in page.locator("#query-table").inner_text()
    assert page.locator("[data-question=claims-by-category]").get_attribute("aria-current") == "true"
    write(page, "ASK { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    status(page, "Ja")
    assert "query=ASK" in page.url
    page.reload()
    status(page, "Ja")
    page.go_back()
    status(page, "1 Zeile")


def test_results_are_saved_as_csv_and_json(query: Callable[..., Any]) -> None:
    page = query("?query=SELECT (1 AS ?n) ('a,\"b\"' AS ?t) {}")
    status(page, "1 row")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    assert Path(saved.value.path()).read_bytes() == b'n,t\r\n1,"a,""b"""\r\n'
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    assert json.loads(Path(saved.value.path()).read_text())["head"]["vars"] == ["n", "t"]


def test_numbers_by_name_are_drawn_as_a_chart(query: Callable[..., Any]) -> None:
    page = query("?query=SELECT ?name ?sources { VALUES (?name ?sources) { ('a' 1) ('b' 4) } }")
    status(page, "2 rows")
    assert page.get_by_role("img", name="sources by name").is_visible()
    widths = page.locator("#chart-place rect").evaluate_all(
        "all => all.map((bar) => +bar.getAttribute('width'))"
    )
    assert widths[1] == 4 * widths[0]


def test_a_chart_names_codes_as_people_do(query: Callable[..., Any]) -> None:
    rows = "('treatment-effect' 1) (<https://w3id.org/evidence-kb/codes/risk-factor> 2) ('rubbish' 3)"
    page = query(f"?query=SELECT ?name ?sources {{ VALUES (?name ?sources) {{ {rows} }} }}")
    status(page, "3 rows")
    said = page.locator("#chart-place text").all_text_contents()
    assert said[::2] == ["treatment effect", "risk factor or cause", "rubbish"]


def test_a_table_is_sorted_by_a_click_on_its_column(query: Callable[..., Any]) -> None:
    def column() -> list[str]:
        return [str(text) for text in page.locator("#query-table td").all_inner_texts()]

    page = query("?query=SELECT ?n { VALUES ?n { 10 9 100 } }")
    status(page, "3 rows")
    page.get_by_role("button", name="n", exact=True).click()
    assert column() == ["9", "10", "100"]
    page.get_by_role("button", name="n", exact=True).click()
    assert column() == ["100", "10", "9"]


def test_a_graph_comes_as_turtle(query: Callable[..., Any]) -> None:
    page = query("?query=CONSTRUCT WHERE { ?c a <https://schema.org/Claim> }")
    status(page, "Turtle")
    assert CLAIM in page.locator("#query-table pre").inner_text()


def test_completion_offers_terms_and_declares_their_prefix(query: Callable[..., Any]) -> None:
    need_bundle("query-editor.js")
    page = query()
    write(page, "")
    page.keyboard.type("SELECT * { ?s ekb:verd")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="ekb:verdict").first
    option.wait_for()
    page.wait_for_timeout(150)  # the editor takes no key for a list that has only just appeared
    page.keyboard.press("Enter")
    text = page.locator(".cm-content").inner_text()
    assert text.startswith("PREFIX ekb: <https://w3id.org/evidence-kb/ns#>")
    assert "?s ekb:verdict" in text


def test_without_the_editor_there_is_a_plain_text_area(visit: Callable[..., Any], live: Server) -> None:
    seen = visit(live.url)
    seen.page.route(
        "**/query-editor.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page = seen.open("en/query.html")
    page.locator("#query-text").fill("ASK {}")
    page.locator("#query-text").press("Control+Enter")
    status(page, "Yes")


def test_without_scripts_the_form_asks_the_endpoint(visit: Callable[..., Any], live: Server) -> None:
    page = visit(live.url, java_script_enabled=False).open("en/query.html")
    page.locator("#query-text").fill("SELECT (1 AS ?n) {}")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Run").click()
    assert Path(saved.value.path()).read_text().split() == ["n", "1"]


def test_texts_in_answers_are_texts(query: Callable[..., Any]) -> None:
    page = query()
    image = "<img src=x onerror='window.harmed=1'>"
    write(page, f'SELECT ?t {{ VALUES ?t {{ "{image}" <javascript:window.harmed=2> }} }}')
    page.keyboard.press("Control+Enter")
    status(page, "2 rows")
    assert page.locator("#query-table img").count() == 0
    assert page.locator("#query-table a").count() == 0
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(query: Callable[..., Any], scheme: str) -> None:
    page = query("?question=claims-by-category&category=treatment-effect", color_scheme=scheme)
    status(page, "1 row")
    assert barriers(page) == []
    page = query(
        "?query=SELECT ?name ?sources { VALUES (?name ?sources) { ('a' 1) ('b' 4) } }", color_scheme=scheme
    )
    status(page, "2 rows")
    assert barriers(page) == []


def test_it_fits_a_phone(query: Callable[..., Any]) -> None:
    page = query(
        "?question=claims-by-category&category=treatment-effect", viewport={"width": 320, "height": 640}
    )
    status(page, "1 row")
    assert sticks_out(page) == []


def test_the_page_binds_parameters_as_the_command_does(query: Callable[..., Any]) -> None:
    kb = KnowledgeBase.open(REPOSITORY / "kb")
    page = query()
    values = {
        "string": 'a "b"\n\\c ?_language',
        "language": "DE",
        "code": "risk-factor",
        "iri": "https://a.example/x",
    }
    for question in kb.questions:
        given = {parameter.name: values[parameter.type] for parameter in question.parameters}
        types = {parameter.name: parameter.type for parameter in question.parameters}
        bound = page.evaluate(
            """([text, given, types]) => {
              const { bind, term } = window.kbQuery;
              const codes = "https://w3id.org/evidence-kb/codes/";
              const resolve = (value) => value;
              const termOf = ([name, value]) => [name, term(types[name], value, { codes, resolve })];
              const terms = Object.fromEntries(Object.entries(given).map(termOf));
              return bind(text, terms).bound;
            }""",
            [question.text, given, types],
        )
        assert bound == question.bind(given), question.name


def test_the_server_stops_working_when_a_query_is_stopped(query: Callable[..., Any], live: Server) -> None:
    before = set(live.descendants())
    page = query()
    write(page, ENDLESS)
    page.keyboard.press("Control+Enter")
    status(page, "running")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Stop").click()
    status(page, "Stopped after")
    assert wait_until(lambda: _work(live) < 0.2, 15), f"still busy; it had {before}"


def _work(live: Server) -> float:
    """Processor time that the server's processes use in a quarter of a second, as a share of one core."""
    import time

    def ticks() -> int:
        total = 0
        for process in live.descendants():
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total

    before = ticks()
    time.sleep(0.25)
    return (ticks() - before) / 100 / 0.25
