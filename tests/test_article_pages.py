"""Web pages as sites make them: what their plugins, menus and switches do to an article."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_marks import entries, marks, text

from evidence_kb.articles.formats.web.html import read_html
from evidence_kb.articles.reading import read_document

LONG = "Tea is drunk in many places and by many people, hot or cold, with milk or without it. " * 4


def test_a_note_printed_within_its_sentence_is_an_entry_and_no_words_of_it() -> None:
    manuscript = read_html(
        f"""<article><h1>Tea</h1><p>{LONG}</p><p>Tea helps.<sup class="modern-footnotes-footnote"
        data-mfn="1"><a href="javascript:void(0)" role="button">1</a></sup><span
        class="modern-footnotes-footnote__note"
        role="tooltip" data-mfn="1">Oak 2001, <a href="https://a.example/1">Leaves</a>.</span> Milk does
        not.<sup class="modern-footnotes-footnote" data-mfn="2"><a href="javascript:void(0)">2</a></sup><span
        class="modern-footnotes-footnote__note" data-mfn="2">Elm 2002.</span></p><p>The end.</p></article>"""
    )
    assert text(manuscript)[1:] == ["Tea helps.1 Milk does not.2", "The end."]
    assert marks(manuscript) == [("1", ("1",)), ("2", ("2",))]
    assert entries(manuscript) == [("1", "Oak 2001, Leaves."), ("2", "Elm 2002.")]
    assert manuscript.references[0].links == ("https://a.example/1",)


def test_margin_notes_are_counted_as_the_page_shows_them() -> None:
    manuscript = read_html(
        f"""<article><h1>Tea</h1><p>{LONG}</p><p>Tea helps<label for="a"
        class="margin-toggle sidenote-number"></label><input type="checkbox" id="a">
        <span class="sidenote">Oak 2001.</span> a lot.</p></article>"""
    )
    assert text(manuscript)[1:] == ["Tea helps1 a lot."]
    assert marks(manuscript) == [("1", ("1",))]
    assert entries(manuscript) == [("1", "Oak 2001.")]


def test_menus_behind_the_article_are_no_entries_of_its_source_list() -> None:
    manuscript = read_html(
        f"""<body><div class="entry-content"><h1>Tea</h1><p>{LONG}</p><h2>Quellen</h2><ul>
        <li>Oak 2001. Leaves.<li>Elm 2002. Roots.</ul></div>
        <div class="foot"><ul><li>Mehr zum Thema<li>Über uns</ul>
        <ol><li>Presse<li>Hilfe</ol></div></body>"""
    )
    assert [words for _, words in entries(manuscript)] == ["Oak 2001. Leaves.", "Elm 2002. Roots."]
    assert "Presse" not in text(manuscript)


def test_a_source_list_that_is_folded_away_is_read_though_it_is_outside_the_article() -> None:
    manuscript = read_html(
        f"""<body><div class="entry-content"><h1>Tea</h1><p>{LONG}</p><h2>Quellen</h2></div>
        <div style="display:none"><ol><li>Oak 2001. Leaves.<li>Elm 2002. Roots.</ol></div></body>"""
    )
    assert entries(manuscript) == [("1", "Oak 2001. Leaves."), ("2", "Elm 2002. Roots.")]


def test_all_that_stands_below_a_list_is_a_note_not_only_its_first_paragraph() -> None:
    manuscript = read_html(
        f"<article><h1>Tea</h1><p>{LONG}</p><p>Quellen:</p><p>1. Oak 2001.</p><p>2. Elm 2002.</p>"
        "<p>Die Autorin trinkt Tee.</p><p>Sie lebt am Meer.</p></article>"
    )
    assert [(b.kind, b.text) for b in manuscript.blocks if b.text][-2:] == [
        ("note", "Die Autorin trinkt Tee."),
        ("note", "Sie lebt am Meer."),
    ]


def test_switches_of_the_page_are_no_sentences() -> None:
    manuscript = read_html(
        f"<article><h1>Tea</h1><p>Vorlesen</p><p>{LONG}</p><p>Anzeige</p><p>Drucken kann jeder.</p>"
        "<p>Teilen:</p><p>Zurück zur Startseite</p></article>"
    )
    assert text(manuscript)[1:] == ["Drucken kann jeder."]


def test_licences_and_services_cite_nothing() -> None:
    manuscript = read_html(
        f"""<article><h1>Tea</h1><p>{LONG}</p><p>This text is under
        <a href="https://creativecommons.org/licenses/by/4.0/">a licence</a> and can be <a href="https://app.readspeaker.com/x">heard</a>.
        See <a href="https://a.example/study">a study</a>.</p>
        </article>"""
    )
    assert [reference.links for reference in manuscript.references] == [("https://a.example/study",)]


def test_page_numbers_within_an_encyclopedias_mark_are_no_words() -> None:
    manuscript = read_html(
        """<body><div class="mw-parser-output"><p>Tea helps.<sup class="reference"><a
        href="#cite_note-1">[1]</a>:207–9</sup> Milk does not.</p>
        <ol class="references"><li id="cite_note-1">Oak 2001.</li></ol></div></body>"""
    )
    assert text(manuscript) == ["Tea helps.[1] Milk does not."]
    assert marks(manuscript) == [("[1]", ("1",))]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<!-- draft -->\n## Tee und Milch\n\nText.\n\n### Mehr\n\nText.\n", "Tee und Milch"),
        ("Text.\n\n## In Kürze\n\nText.\n\n## Mehr\n\nText.\n", "Tee milch 2024"),
        ("Text.\n\n## Quellen\n\n1. Oak 2001.\n", "Tee milch 2024"),
    ],
)
def test_an_article_without_a_title_is_called_by_its_top_heading_or_its_file(
    tmp_path: Path, written: str, title: str
) -> None:
    file = tmp_path / "tee-milch_2024.md"
    file.write_text(written, encoding="utf-8")
    assert read_document(file).title == title
