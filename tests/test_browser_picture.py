"""The picture in a real browser: pointing, filtering, typing, with and without the graph library."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import need_bundle, write_report, write_some
from support import DATA, REPOSITORY


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pages of the knowledge base that ships."""
    need_bundle("picture-graph.js")
    return write_some(REPOSITORY / "kb", tmp_path_factory.mktemp("shipped"), "^en/(picture|lws-.*/claim-)")


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The pages of the tea knowledge base: one claim that leans on one work."""
    need_bundle("picture-graph.js")
    return write_report(DATA / "tea", tmp_path_factory.mktemp("tea"))


def drawn(page: Any) -> Any:
    """The page, once its graph stands."""
    page.wait_for_selector("#picture-graph[data-ready]")
    return page


def place_of(page: Any, mark: str) -> tuple[float, float]:
    """Where a mark is in the window."""
    box = page.locator("#picture-graph").bounding_box()
    at = page.evaluate(
        "id => document.getElementById('picture-graph').graph.getElementById(id).renderedPosition()", mark
    )
    return box["x"] + at["x"], box["y"] + at["y"]


def count(page: Any) -> int:
    """How many claims the graph shows in full."""
    graph = "document.getElementById('picture-graph').graph"
    return int(page.evaluate(f"{graph}.nodes('.claim').filter((node) => !node.hasClass('off')).length"))


def test_a_click_on_a_mark_opens_its_page(visit: Callable[..., Any], shipped: str) -> None:
    page = drawn(visit(shipped).open("en/picture.html"))
    statement = page.locator("#c0").text_content()
    page.locator("#picture-graph").scroll_into_view_if_needed()
    page.mouse.click(*place_of(page, "c0"))
    page.wait_for_url(re.compile(r"/en/lws-schmerzen/claim-"))
    assert statement.rstrip("…") in page.locator("h1").inner_text()


def test_a_mark_is_found_where_the_page_above_has_just_grown(visit: Callable[..., Any], tea: str) -> None:
    """Nothing scrolls and the box keeps its size, so the graph library hears of no change."""
    page = drawn(visit(tea, viewport={"width": 1280, "height": 1400}).open("en/picture.html"))
    page.mouse.move(*place_of(page, "s0"))
    page.locator("#picture-card", has_text="Kopfschmerz").wait_for()
    page.evaluate("document.querySelector('h1').style.marginTop = '90px'")
    page.mouse.move(*place_of(page, "c0"))
    page.locator("#picture-card", has_text="Green tea eases tension headache.").wait_for(timeout=5000)


def test_a_finger_s_first_touch_tells_and_its_second_opens(visit: Callable[..., Any], tea: str) -> None:
    page = drawn(visit(tea, has_touch=True).open("en/picture.html"))
    page.locator("#picture-graph").scroll_into_view_if_needed()
    page.touchscreen.tap(*place_of(page, "c0"))
    page.locator("#picture-card", has_text="Green tea eases tension headache.").wait_for()
    assert page.url.endswith("/en/picture.html")
    page.touchscreen.tap(*place_of(page, "c0"))
    page.wait_for_url("**/en/tea/claim-tea-eases-headache.html")


def test_two_fingers_zoom_the_picture(visit: Callable[..., Any], tea: str) -> None:
    zoom = "document.getElementById('picture-graph').graph.zoom()"
    page = drawn(visit(tea, has_touch=True).open("en/picture.html"))
    page.locator("#picture-graph").scroll_into_view_if_needed()
    before = page.evaluate(zoom)
    box = page.locator("#picture-graph").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = page.context.new_cdp_session(page)

    def put(kind: str, *apart: int) -> None:
        points = [{"x": x + side * distance, "y": y, "id": side} for distance in apart for side in (0, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    put("touchStart", 40)
    for apart in (60, 90, 120, 150):
        put("touchMove", apart)
    put("touchEnd")
    page.wait_for_function(f"before => {zoom} > before * 1.2", arg=before)


def test_pointing_at_a_mark_tells_what_it_is(visit: Callable[..., Any], tea: str) -> None:
    page = drawn(visit(tea).open("en/picture.html"))
    page.locator("#picture-graph").scroll_into_view_if_needed()
    page.mouse.move(*place_of(page, "c0"))
    card = page.locator("#picture-card")
    card.wait_for()
    assert "Green tea eases tension headache." in card.inner_text()
    assert "disputed" in card.inner_text()
    assert "1 source" in card.inner_text()


def test_the_keyboard_goes_from_mark_to_mark_and_opens_one(visit: Callable[..., Any], tea: str) -> None:
    page = drawn(visit(tea).open("en/picture.html"))
    page.locator("#picture-graph").focus()
    page.keyboard.press("ArrowDown")
    said = page.locator("#picture-said")
    assert "Green tea eases tension headache." in said.text_content()
    page.keyboard.press("ArrowRight")
    assert "[3] Kopfschmerz" in said.text_content()
    assert "1 claim" in said.text_content()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/tea/work-klinik-tee.html")


def test_the_keyboard_and_the_buttons_move_and_zoom(visit: Callable[..., Any], tea: str) -> None:
    def view() -> Any:
        return page.evaluate(
            "(cy => [cy.zoom(), cy.pan().x, cy.pan().y])(document.getElementById('picture-graph').graph)"
        )

    page = drawn(visit(tea).open("en/picture.html"))
    start = view()
    page.get_by_role("button", name="Zoom in").click()
    assert view()[0] > start[0]
    page.get_by_role("button", name="Move left").click()
    assert view()[1] > 0
    page.locator("#picture-graph").focus()
    page.keyboard.press("0")
    assert view() == pytest.approx(start)


def test_the_section_filter_leaves_its_claims_and_their_sources(
    visit: Callable[..., Any], shipped: str
) -> None:
    page = drawn(visit(shipped).open("en/picture.html"))
    assert count(page) == 159
    page.select_option("select[name=section]", label="Welche Übungen helfen bei LWS-Schmerzen?")
    assert page.locator("#picture-count").inner_text() == "19 of 159 claims"
    assert count(page) == 19
    page.locator("summary", has_text="As a table").click()
    assert page.locator("tr[data-claim]:visible").count() == 19
    page.get_by_role("button", name="Show all").click()
    page.locator("#picture-count", has_text="159 of 159 claims").wait_for()


def test_filters_by_kind_and_interest_and_footing_add_up(visit: Callable[..., Any], shipped: str) -> None:
    page = drawn(visit(shipped).open("en/picture.html"))
    page.select_option("select[name=category]", value="treatment-effect")
    assert page.locator("#picture-count").inner_text() == "42 of 159 claims"
    page.locator("input[name=footing][value=none]").uncheck()
    narrow = int(page.locator("#picture-count").inner_text().split()[0])
    assert 0 < narrow < 42
    page.select_option("select[name=interest]", value="publisher")
    narrower = int(page.locator("#picture-count").inner_text().split()[0])
    assert 0 < narrower < narrow
    assert count(page) == narrower


def test_a_filtered_picture_has_an_address(visit: Callable[..., Any], shipped: str) -> None:
    seen = visit(shipped)
    page = drawn(seen.open("en/picture.html"))
    page.select_option("select[name=category]", value="risk-factor")
    address = page.url
    assert address.endswith("#category=risk-factor")
    page.goto("about:blank")
    page.goto(address)
    drawn(page)
    assert page.locator("#picture-count").inner_text() == "23 of 159 claims"


def test_the_picture_follows_the_theme(visit: Callable[..., Any], tea: str) -> None:
    def colour() -> str:
        graph = "document.getElementById('picture-graph').graph"
        return str(page.evaluate(f"{graph}.nodes('.claim')[0].style('background-color')"))

    page = drawn(visit(tea, color_scheme="light").open("en/picture.html"))
    light = colour()
    page.locator("[data-theme-toggle]").click()
    page.wait_for_timeout(100)
    assert colour() != light


def test_without_the_graph_library_the_drawing_is_filtered(visit: Callable[..., Any], tmp_path: Path) -> None:
    seen = visit(write_report(DATA / "tea", tmp_path / "out"))
    for bundle in tmp_path.rglob("picture-graph.js"):
        bundle.write_text("", encoding="utf-8")
    page = seen.open("en/picture.html")
    assert page.locator("#picture-svg a[data-claim]").count() == 1
    page.locator("input[name=footing][value=disputed]").uncheck()
    assert page.locator("#picture-svg a[data-claim].off").count() == 1
    page.locator("#picture-svg a[data-source]").first.click()
    assert page.url.endswith("/en/tea/work-klinik-tee.html")


def test_a_picture_of_many_claims_has_bars_and_sums(visit: Callable[..., Any], tmp_path: Path) -> None:
    """Beyond 600 claims the drawing shows sections, and the graph still has every mark."""
    need_bundle("picture-graph.js")
    folder = Path(shutil.copytree(DATA / "tea", tmp_path / "kb"))
    prefixes = (
        "@prefix schema: <https://schema.org/> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix tea: <https://example.org/kb/tea/> .\n"
    )
    claims = (
        f'tea:claim-{n} a schema:Claim ; dcterms:isPartOf tea:section-2 ; schema:text "Claim {n}."@en .\n'
        for n in range(700)
    )
    (folder / "tea/many.ttl").write_text(prefixes + "".join(claims), encoding="utf-8")
    seen = visit(write_some(folder, tmp_path / "out", r"^en/(picture|tea/claim-0\.html)"))
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page = drawn(seen.open("en/picture.html"))
    assert "picture-texts-en.js" not in asked  # only who points at a mark needs them
    assert count(page) == 701
    assert page.locator("#picture-svg rect").count() == 2  # disputed, and no footing
    page.locator("summary", has_text="As a table").click()
    assert page.locator("tr[data-section]").inner_text().split() == ["Wirkung", "701", "1", "700"]
    page.locator("#picture-graph").scroll_into_view_if_needed()
    page.mouse.move(*place_of(page, "c5"))
    page.locator("#picture-card").wait_for()
    assert "Claim" in page.locator("#picture-card").inner_text()
    assert asked.count("picture-texts-en.js") == 1
    page.mouse.click(*place_of(page, "c0"))
    page.wait_for_url("**/en/tea/claim-0.html")
    assert page.locator("h1").inner_text() == "Claim 0."
