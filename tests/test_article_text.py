"""Plain text is read for what it looks like: headings, lists, the source list and what stands below it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import DATA, REPOSITORY

from evidence_kb.articles.document import Document
from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.plain.text import read_text
from evidence_kb.articles.manuscript import BlockKind, Manuscript

ARTICLE_TEXT = REPOSITORY.parent / "shared" / "article" / "lws-schmerzen.txt"
needs_article = pytest.mark.skipif(
    not ARTICLE_TEXT.exists(), reason="the article's text is not at hand; it is not part of the repository"
)


def understood(text: str) -> Document:
    return understand(read_text(text), "text")


def summary(document: Document) -> dict[str, Any]:
    """A document in the form of the expectations in ``data/articles``."""
    section_of = {sentence.position: sentence.section for sentence in document.sentences}
    return {
        "title": document.title,
        "language": document.language,
        "sections": [section.title for section in document.sections],
        "references": [[ref.label, ref.title, ref.url, ref.doi] for ref in document.references],
        "citations": [[section_of[c.sentence], c.text, list(c.marks)] for c in document.citations],
        "mentions": [[m.text, m.year, m.reference] for m in document.mentions],
        "appeals": [appeal.cue for appeal in document.appeals],
        "problems": [problem.kind.value for problem in document.problems],
        "last": document.sentences[-1].text,
    }


@pytest.mark.parametrize(
    "name",
    ["kopfschmerz", "sleep", "blase", "migraine", "kompressen", "pollen", "kreatin", "standing"],
)
def test_a_whole_article_is_understood(name: str) -> None:
    expected = json.loads((DATA / "articles" / f"{name}.json").read_text(encoding="utf-8"))

    assert summary(understood((DATA / "articles" / f"{name}.txt").read_text(encoding="utf-8"))) == expected


def test_a_doi_in_the_running_text_is_a_source_with_the_authors_named_before_it() -> None:
    document = understood("Tee\n\nDas zeigte Elm (2016, Teeblatt, DOI: 10.1000/182) schon. Elm 2016 war das.")

    (reference,) = document.references
    assert (reference.doi, reference.year) == ("10.1000/182", 2016)
    assert [mention.reference for mention in document.mentions] == ["1", "1"]


def test_all_authors_before_such_a_doi_are_the_source_s() -> None:
    document = understood(
        "Tee\n\nDas stammt von Elm, Oak und Ash (2008, Teeblatt, DOI: 10.1000/182). Es gilt (Elm et al. 2008)."
    )

    assert document.references[0].authors == ("Elm", "Oak", "Ash")
    assert [mention.reference for mention in document.mentions] == ["1", "1"]


@needs_article
def test_the_shipped_article_is_understood() -> None:
    document = understood(ARTICLE_TEXT.read_text(encoding="utf-8"))

    assert [ref.label for ref in document.references] == [str(number) for number in range(1, 38)]
    assert all(ref.url for ref in document.references)
    assert sum(len(citation.marks) for citation in document.citations) == 8
    assert len({citation.sentence for citation in document.citations}) == 4
    assert sum(mention.year is not None for mention in document.mentions) == 3
    assert [m.reference for m in document.mentions if m.year is None] == ["9"]
    assert len(document.appeals) >= 12
    assert len(document.sections) == 13
    assert document.sections[-1].title == ""
    assert not any("Mitgründer" in ref.text for ref in document.references)


def labels_and_texts(text: str) -> list[tuple[str, str]]:
    return [(entry.label, entry.text) for entry in read_text(text).references]


BODY = "Tee\n\nTee hilft gegen Durst. Das weiß man.\n\n"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("Quellen\n[1]\nÜber Tee\nhttps://a.example\n[2]\nÜber Kaffee\nhttps://b.example", [("1", "Über Tee https://a.example"), ("2", "Über Kaffee https://b.example")]),
        ("Literatur:\n1. Berg A. Tee. 2019.\n2. Thal C. Kaffee. 2020.", [("1", "Berg A. Tee. 2019."), ("2", "Thal C. Kaffee. 2020.")]),
        ("References\n1 Berg A. Tea. 2019.\n2 Thal C. Coffee. 2020.", [("1", "Berg A. Tea. 2019."), ("2", "Thal C. Coffee. 2020.")]),
        ("Einzelnachweise\n\n¹ Berg A. Tee. 2019.\n\n² Thal C. Kaffee. 2020.", [("1", "Berg A. Tee. 2019."), ("2", "Thal C. Kaffee. 2020.")]),
        ("QUELLENVERZEICHNIS\n\n(1) Berg A. Tee. 2019.\n(2) Thal C. Kaffee. 2020.", [("1", "Berg A. Tee. 2019."), ("2", "Thal C. Kaffee. 2020.")]),
        ("Sources\n- Berg A. Tea. 2019.\n- Thal C. Coffee. 2020.", [("", "Berg A. Tea. 2019."), ("", "Thal C. Coffee. 2020.")]),
        ("5. Literatur\n\nBerg A. Tee. 2019.\n\nThal C. Kaffee. 2020.", [("", "Berg A. Tee. 2019."), ("", "Thal C. Kaffee. 2020.")]),
        ("Quellen\nÜber Tee\nhttps://a.example\nÜber Kaffee\nhttps://b.example", [("", "Über Tee https://a.example"), ("", "Über Kaffee https://b.example")]),
        ("Quellen\n[1] Über Tee: https://a.example\n[3] Über Kaffee\n[3] Über Wasser", [("1", "Über Tee: https://a.example"), ("3", "Über Kaffee"), ("3", "Über Wasser")]),
        ("References\n1. Berg A. The years\n2018. A history. 2019.\n2. Thal C. Coffee.", [("1", "Berg A. The years 2018. A history. 2019."), ("2", "Thal C. Coffee.")]),
        ("---\n[1] Über Tee, https://a.example\n[2] Über Kaffee, https://b.example", [("1", "Über Tee, https://a.example"), ("2", "Über Kaffee, https://b.example")]),
    ],
)  # fmt: skip
def test_source_lists_of_many_forms_are_read(listed: str, expected: list[tuple[str, str]]) -> None:
    assert labels_and_texts(BODY + listed) == expected


@pytest.mark.parametrize(
    "listed",
    [
        "Quellen\n[1]\nÜber Tee\nhttps://a.example\n[2]\nÜber Kaffee\nhttps://b.example\n\n{}",
        "Quellen\n[1]\nÜber Tee\nhttps://a.example\n[2]\nÜber Kaffee\nhttps://b.example\n{}",
        "Quellen\n\n[1]\n\nÜber Tee\n\nhttps://a.example\n\n[2]\n\nÜber Kaffee\n\nhttps://b.example\n\n{}",
        "Quellen\n1. Über Tee. https://a.example\n2. Über Kaffee. https://b.example\n\n{}",
        "Quellen\n- Über Tee. https://a.example\n- Über Kaffee. https://b.example\n\n{}",
        "Quellen\nÜber Tee. https://a.example\nÜber Kaffee. https://b.example\n\n{}",
        "Quellen\n1. Über Tee. https://a.example\n2. Über Kaffee. https://b.example\n\nÜber den Autor\n{}",
    ],
)
def test_the_last_entry_does_not_swallow_the_note_about_the_author(listed: str) -> None:
    note = "Der Autor verkauft Tee in Hamburg. Er berät auch am Telefon."

    manuscript = read_text(BODY + listed.format(note))

    assert [entry.text.split(" http")[0].strip(".") for entry in manuscript.references] == [
        "Über Tee",
        "Über Kaffee",
    ]
    assert [block.text for block in manuscript.blocks if block.kind is BlockKind.NOTE] == [note]


def test_further_reading_is_no_source() -> None:
    text = BODY + "Quellen\n1. Über Tee. https://a.example\n\nWeiterführende Links\nhttps://b.example"

    assert [entry.text for entry in read_text(text).references] == ["Über Tee. https://a.example"]


def headings(text: str) -> list[str]:
    return [block.text for block in read_text(text).blocks if block.kind is BlockKind.HEADING]


def test_bare_lines_are_headings_and_pointers_are_none() -> None:
    text = (
        "Titel\nVon Max Muster\nAutor: Max Berg\n12. Februar 2023\n\nTee hilft. Das ist bekannt.\nLesetipp: Kaffee oder Tee\n"
        "Warum Tee?\nTee wärmt. Das tut gut.\nWirkung im Körper\nTee regt an, sagt man.\n"
    )

    assert headings(text) == ["Titel", "Warum Tee?", "Wirkung im Körper"]


def test_a_list_without_signs_has_no_headings_in_it() -> None:
    text = "Titel\n\nDas braucht man: Folgendes.\nWasser\nTee\nEine Kanne\nTassen\n\nDann geht es los. Viel Spaß."

    assert "Tee" not in headings(text)
    assert "Eine Kanne" not in headings(text)


def test_underlined_and_numbered_headings_have_levels() -> None:
    text = "Titel\n=====\n\nTee hilft. Sehr.\n\nTeil eins\n---------\n\nTee wärmt. Ja.\n\n2.1 Wirkung\n\nEr wirkt. Gut.\n"

    blocks = [b for b in read_text(text).blocks if b.kind is BlockKind.HEADING]

    assert [(b.text, b.level) for b in blocks] == [("Titel", 1), ("Teil eins", 3), ("2.1 Wirkung", 3)]


def test_lines_broken_at_a_column_are_put_together() -> None:
    wrapped = (
        "Title\n\nTea is drunk in many countries, and it has been drunk there for a very\n"
        "long time. It is made of leaves that are dried and rolled, then it is brew-\n"
        "ed with hot water. Pre- and post-war habits differ, as do those of towns and\n"
        "villages.\n\nCoffee is another drink that many people like to have in the morning, or\n"
        "after lunch, with or without milk.\n"
    )

    paragraphs = [b.text for b in read_text(wrapped).blocks if b.kind is BlockKind.PARAGRAPH]

    assert len(paragraphs) == 2
    assert "then it is brewed with hot water. Pre- and post-war habits" in paragraphs[0]


def test_a_teaser_that_repeats_the_beginning_is_left_out() -> None:
    beginning = "Wer viel sitzt, dem tut der Rücken weh, und das betrifft heute sehr viele Menschen"
    text = f"Titel\n{beginning}, sagt man. Warum Titel...\n\n{beginning}. Dagegen hilft Bewegung.\n"

    manuscript = read_text(text)

    assert [b.text for b in manuscript.blocks[1:]] == [f"{beginning}. Dagegen hilft Bewegung."]
    assert manuscript.notes == ("line 2 repeats the beginning of the article; it is left out",)


def test_every_block_and_entry_tells_its_line() -> None:
    manuscript = read_text("Titel\n\nTee hilft. Ja.\n\nQuellen\n[1]\nÜber Tee\nhttps://a.example")

    assert [block.line for block in manuscript.blocks] == [1, 3, 5]
    assert manuscript.references[0].line == 7


@pytest.mark.parametrize("text", ["", "\n\n \t\n", "x", "Quellen", "[1]", "===\n---", "\ufeff\u200b"])
def test_files_that_hold_next_to_nothing_are_read(text: str) -> None:
    assert isinstance(read_text(text), Manuscript)


def test_line_ends_of_all_systems_are_the_same() -> None:
    text = "Titel\n\nTee hilft. Ja.\n\nQuellen\n[1] Über Tee"

    assert read_text(text.replace("\n", "\r\n")).references == read_text(text).references
    assert read_text(text.replace("\n", "\r")).blocks == read_text(text).blocks


@given(st.text(alphabet="aB .\n[1]2-=:?Quelnhtps/Ä", max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    document = understood(text)

    assert all(1 <= sentence.section <= len(document.sections) for sentence in document.sentences)


ENTRY = st.from_regex(r"[A-Z][a-z]{3,9} [a-z]{3,9} [a-z]{3,9}", fullmatch=True)


@given(st.lists(ENTRY, min_size=1, max_size=8), st.sampled_from(["[{n}]\n{t}\n{u}", "[{n}] {t} {u}", "{n}. {t}. {u}", "({n}) {t}, {u}"]))  # fmt: skip
def test_a_list_written_out_is_read_back(titles: list[str], form: str) -> None:
    written = [
        form.format(n=number, t=title, u=f"https://example.org/{number}")
        for number, title in enumerate(titles, 1)
    ]

    document = understood(BODY + "Quellen\n" + "\n".join(written))

    assert [(ref.label, ref.title, ref.url) for ref in document.references] == [
        (str(number), title, f"https://example.org/{number}") for number, title in enumerate(titles, 1)
    ]
