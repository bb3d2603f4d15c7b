"""The picture's layout and what its page says, without a browser."""

from __future__ import annotations

import json
import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from support import REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.site import Facts, Pages
from evidence_kb.site.graph import Mark, graph_of
from evidence_kb.site.outlines import FOOTING_SHAPES, SOURCE_SHAPES
from evidence_kb.vocabulary import Footing

BASE = "https://example.org/kb/tea/"


@pytest.fixture(scope="module")
def facts() -> Facts:
    """The facts of the knowledge base that ships."""
    return Facts(KnowledgeBase.open(REPOSITORY / "kb"))


def marks(facts: Facts) -> list[Mark]:
    """Every mark of the picture."""
    return [
        mark
        for panel in graph_of(facts).panels
        for mark in (*(m for b in panel.blocks for m in b.marks), *panel.sources, *panel.unused)
    ]


def test_every_claim_and_every_source_has_one_place(facts: Facts) -> None:
    names = [mark.iri for mark in marks(facts)]
    assert len(names) == len(set(names)) == 159 + 67
    assert set(names) == {*facts.claims, *facts.sources}


def test_no_two_marks_touch(facts: Facts) -> None:
    for a, b in combinations(marks(facts), 2):
        assert abs(a.x - b.x) >= 25 or abs(a.y - b.y) >= 25, (a, b)


def test_claims_stand_in_the_order_of_the_text(facts: Facts) -> None:
    (panel,) = graph_of(facts).panels
    order = [mark.iri for block in panel.blocks for mark in block.marks]
    assert order == [claim.iri for claim in panel.article.claims]
    lefts = [block.x for block in panel.blocks]
    assert lefts == sorted(lefts)
    assert len(set(lefts)) == 2


def test_the_picture_is_the_same_every_time(facts: Facts) -> None:
    assert graph_of(facts) == graph_of(Facts(facts.kb))


def test_lines_tell_what_the_author_did_and_what_a_curator_found(tea: KnowledgeBase) -> None:
    edges = [tuple(edge) for edge in graph_of(Facts(tea)).edges]
    claim, work = BASE + "claim-tea-eases-headache", BASE + "work-klinik-tee"
    assert edges == [(claim, work, "cites"), (claim, work, "disputes")]


def test_several_articles_stand_beside_each_other(tea_folder: Path) -> None:
    for name in ("mint", "sage", "lime"):
        copy = Path(shutil.copytree(tea_folder / "tea", tea_folder / name))
        for file in copy.glob("*.ttl"):
            file.write_text(file.read_text("utf-8").replace("/kb/tea/", f"/kb/{name}/"), "utf-8")
    panels = graph_of(Facts(KnowledgeBase.open(tea_folder))).panels
    assert len(panels) == 4
    for a, b in combinations(panels, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a.article.iri, b.article.iri)


def test_an_empty_knowledge_base_has_an_empty_picture(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('[knowledge-base]\nname = "Empty"\nbase = "https://example.org/"\n')
    facts = Facts(KnowledgeBase.open(tmp_path))
    assert graph_of(facts).panels == ()
    assert "<h1" in (Pages(facts).render("en/picture.html") or "")


def test_every_footing_has_a_shape_of_its_own() -> None:
    assert set(FOOTING_SHAPES) == {footing.value for footing in Footing}
    assert len(set(FOOTING_SHAPES.values())) == len(FOOTING_SHAPES)
    for outline in (*FOOTING_SHAPES.values(), *SOURCE_SHAPES.values()):
        if outline not in {"circle", "ring"}:
            assert all(-1 <= float(number) <= 1 for number in outline.split())
            assert len(outline.split()) % 2 == 0


def test_the_table_says_what_the_picture_shows(tea: KnowledgeBase) -> None:
    page = Pages(Facts(tea)).render("en/picture.html") or ""
    table = re.sub(r"<[^>]+>", " ", page[page.index("<table") : page.index("</table>")])
    for words in ("Wirkung", "Green tea eases tension headache.", "disputed", "[3]"):
        assert words in table


def test_the_scripts_data_is_short_and_safe(tea_folder: Path) -> None:
    claims = tea_folder / "tea/claims.ttl"
    text = claims.read_text("utf-8").replace("Green tea eases", "</script><b>Green</b> tea eases")
    claims.write_text(text, "utf-8")
    page = Pages(Facts(KnowledgeBase.open(tea_folder))).render("en/picture.html") or ""
    (data,) = re.findall(r'<script type="application/json" id="picture-data">(.*?)</script>', page, re.S)
    assert json.loads(data)["edges"] == [[0, 0], [0, 0], [["cites", "disputes"], [0, 1]]]
    assert "<b>Green" not in page
