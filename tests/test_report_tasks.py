"""What an editor finds on the pages about what to do next, what the words mean, and drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from html5lib import parse
from support import DATA

from evidence_kb import KnowledgeBase
from evidence_kb.cli.main import main
from evidence_kb.site import Facts, Pages

ARTICLE = """# Kaffee

Studien zeigen, dass Kaffee die Wirkung von Ibuprofen bei Kopfschmerz verstärkt [1].

## Quellen

1. Müller A. Koffein und Ibuprofen. Schmerz 2019. https://example.org/koffein
"""


def text_of(pages: Pages, path: str) -> str:
    """What a page says, without its marks."""
    html = pages.render(path)
    assert html is not None
    tree = parse(html, namespaceHTMLElements=False)
    return " ".join(" ".join(tree.find("body").itertext()).split())


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """A knowledge base of one article that nobody has worded a claim of."""
    folder = tmp_path_factory.mktemp("drafts")
    (folder / "kaffee.md").write_text(ARTICLE, encoding="utf-8")
    assert main(["init", str(folder / "kb")]) == 0
    assert main(["--kb", str(folder / "kb"), "add", str(folder / "kaffee.md")]) == 0
    return Pages(Facts(KnowledgeBase.open(folder / "kb")))


@pytest.fixture(scope="module")
def tea() -> Pages:
    """A claim that a source disputes, and one source, whose address is dead."""
    return Pages(Facts(KnowledgeBase.open(DATA / "tea")))


def test_a_draft_shows_the_ends_of_its_passage_and_that_it_waits_for_words(drafts: Pages) -> None:
    passage = "To be worded: “Studien zeigen, dass … Kopfschmerz verstärkt”"
    for path in ("en/kaffee/claim-1.html", "en/kaffee/index.html", "en/claims.html", "en/tasks.html"):
        assert passage in text_of(drafts, path), path
    assert "Noch zu formulieren:" in text_of(drafts, "de/kaffee/claim-1.html")
    assert ">“Studien zeigen, dass" in (drafts.render("en/kaffee/claim-1.html") or "")
    assert "To be worded: “Studien" in str(drafts.assets()["assets/search-en-0.js"], "utf-8")


def test_what_is_to_do_with_drafts_is_to_word_them_and_to_read_their_sources(drafts: Pages) -> None:
    said = text_of(drafts, "en/tasks.html")
    assert "Drafts that are still to be worded 1" in said
    assert "Sources that nobody has read 1" in said
    assert "Claims that stand badly" not in said
    assert "kb/kaffee/claims.ttl:" in said


def test_what_is_to_do_names_the_claims_that_stand_badly_and_the_sources_that_are_gone(tea: Pages) -> None:
    said = text_of(tea, "en/tasks.html")
    assert "Claims that stand badly 1" in said
    assert "Sources that can no longer be reached 1" in said
    assert "Sources that nobody has read" not in said
    assert 'href="../en/tea/claim-tea-eases-headache.html"' in (tea.render("en/tasks.html") or "")


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('[knowledge-base]\nbase = "https://example.org/kb/"\n')
    assert "Nothing to do." in text_of(Pages(Facts(KnowledgeBase.open(tmp_path))), "en/tasks.html")


def test_every_page_leads_to_what_the_words_mean(tea: Pages) -> None:
    for path in tea.paths():
        if path.startswith("en/"):
            assert "en/help.html" in (tea.render(path) or ""), path


def test_the_words_are_explained_with_how_they_are_judged(tea: Pages) -> None:
    said = text_of(tea, "en/help.html")
    assert "disputed 1 At least one read finding disputes the claim" in said
    assert "Given by kb links at every check." in said
    german = text_of(tea, "de/help.html")
    assert "bestritten 1 Mindestens ein gelesener Befund" in german
    assert "ohne Beleg Hinter der Behauptung steht nichts" in german


def test_the_limits_of_a_knowledge_base_are_told(drafts: Pages) -> None:
    said = text_of(drafts, "en/help.html")
    assert "This is no medical advice." in said
    assert "Nobody has read 1 of 1 sources." in said
    assert "Nobody has compared 1 of 1 claims with a source." in said
    assert "Of 1 of 1 sources no address has been checked yet." in said
    assert "1 claim is still a draft without a statement." in said


def test_a_study_s_design_has_a_name(tea: Pages) -> None:
    assert "randomisierte Studie" in text_of(tea, "de/tea/work-klinik-tee.html")
    assert "randomised trial" in text_of(tea, "en/tea/work-klinik-tee.html")
