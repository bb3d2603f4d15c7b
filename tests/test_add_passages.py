"""A passage leads to its own sentence by a few words, whatever stands around it."""

from __future__ import annotations

import pytest
from article_documents import documents
from hypothesis import given, settings

from evidence_kb.articles.drafting.naming import Names, article_slug, check_slug, slug_of
from evidence_kb.articles.drafting.passages import fragment_of, sentence_digest, without_marks
from evidence_kb.articles.reading import ReadArticle
from evidence_kb.errors import UsageError
from evidence_kb.text_fragments import TextFragment, fold

LONG = "Grüner Tee senkt den Blutdruck bei Erwachsenen in kleinen Studien um einige Punkte."


@pytest.mark.parametrize(
    ("sentence", "marks", "around", "value"),
    [
        pytest.param(
            LONG, [], "{}", "text=Gr%C3%BCner%20Tee%20senkt,einige%20Punkte", id="three words and two"
        ),
        pytest.param(
            "Rund 40 % der Menschen trinken täglich Tee [3].",
            ["[3]"],
            "{}",
            "text=Rund%2040%20%25,t%C3%A4glich%20Tee",
            id="a sign is no word but stands between words, and marks stay out",
        ),
        pytest.param(
            LONG,
            [],
            "Grüner Tee senkt vieles. {} Noch einer.",
            "text=Gr%C3%BCner%20Tee%20senkt%20den,einige%20Punkte",
            id="a word more where three begin elsewhere too",
        ),
        pytest.param(
            "Grüner Tee hilft allen sehr gut.",
            [],
            "Grüner Tee hilft allen sehr gut. Zwei. {}",
            "text=Gr%C3%BCner%20Tee%20hilft,sehr%20gut",
            id="word for word twice is one passage",
        ),
        pytest.param(
            "Marsh cohort [9]",
            ["[9]"],
            "{} 19 days. Marsh cohort. Fen.",
            "text=Marsh%20cohort,-%5B9%5D%2019%20days.%20Marsh",
            id="a cell with its neighbours",
        ),
        pytest.param(
            "Der Rücken12 schmerzt im Alter bei sehr vielen Menschen.",
            ["12"],
            "{}",
            "text=Der,vielen%20Menschen",
            id="a word that a raised mark is glued to is not looked for",
        ),
        pytest.param(
            "日本茶は血圧を下げる。",
            [],
            "前の文。{}次の文。",
            "text=%E6%97%A5%E6%9C%AC%E8%8C%B6%E3%81%AF%E8%A1%80%E5%9C%A7%E3%82%92%E4%B8%8B%E3%81%92%E3%82%8B%E3%80%82",
            id="without blanks",
        ),
    ],
)
def test_a_sentence_is_pointed_at_by_few_words(
    sentence: str, marks: list[str], around: str, value: str
) -> None:
    text = around.format(sentence)

    fragment = fragment_of(sentence, marks, text)

    assert fragment.value == value
    assert len(fragment.matches(text)) == 1


def test_a_teaser_that_breaks_off_does_not_catch_the_passage() -> None:
    words = " ".join(LONG.split()[:7])
    text = f"Tee im Test\n{words} …\n\nTee im Test\n{LONG} Mehr dazu unten."

    fragment = fragment_of(LONG, [], text)

    found = fragment.matches(text)
    assert len(found) == 1
    assert found[0] in fold(LONG)


def test_marks_are_cut_out_from_behind() -> None:
    assert without_marks("Von 12 Menschen half es 1112", ["12"]) == ["Von 12 Menschen half es 11", ""]


def test_the_digest_of_a_sentence_heeds_words_and_not_marks() -> None:
    before = sentence_digest("Tee hilft [1], sagt man [2].", ["[1]", "[2]"])

    assert sentence_digest("Tee hilft, sagt man.", []) == before
    assert sentence_digest("Tee hilft [7], sagt  man!", ["[7]"]) == before
    assert sentence_digest("Tee half [1], sagt man [2].", ["[1]", "[2]"]) != before


@settings(max_examples=150, deadline=None)
@given(documents())
def test_a_fragment_survives_being_written_down(read: ReadArticle) -> None:
    marks: dict[int, list[str]] = {}
    for citation in read.document.citations:
        marks.setdefault(citation.sentence, []).append(citation.text)
    for sentence in read.document.sentences:
        fragment = fragment_of(sentence.text, marks.get(sentence.position, []), read.text)

        assert TextFragment.parse(fragment.value) == fragment
        assert fragment.matches(read.text)


# -- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Grüner Tee & Blutdruck", "gruener-tee-blutdruck"),
        ("Straße – «naïve» Café", "strasse-naive-cafe"),
        ("日本茶", ""),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "donaudampfschifffahrtsgesellschaftskapit"),
    ],
)
def test_a_title_becomes_a_name(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("title", "slug"), [("日本茶", "article"), ("10 Tipps", "article-10-tipps"), ("Code", "article-code")]
)
def test_a_title_that_makes_no_slug_gets_one(title: str, slug: str) -> None:
    assert article_slug(title) == slug


@pytest.mark.parametrize("slug", ["", "-a", "a/b", "..", "ä", "a b", "queries", "rdf", "x" * 61])
def test_a_slug_that_cannot_be_a_folder_and_a_prefix_is_refused(slug: str) -> None:
    with pytest.raises(UsageError, match="--slug"):
        check_slug(slug)


def test_names_are_never_given_twice() -> None:
    names = Names("https://example.org/", ["work-a", "claim-9", "claim-x"])

    assert names.free("work-a") == "https://example.org/work-a-2"
    assert [names.next("claim"), names.next("claim")] == [
        "https://example.org/claim-10",
        "https://example.org/claim-11",
    ]
