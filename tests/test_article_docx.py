"""DOCX articles: what a person sees in Word is what the reader finds."""

from __future__ import annotations

from typing import Any

import pytest
from article_contract import contract
from word_file import GERMAN_STYLES, field, link, note_call, p, raised, run, word_file

from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.docx.docx import read_docx
from evidence_kb.articles.manuscript import Block, BlockKind, Manuscript, SpanKind


def read(*paragraphs: str, **parts: Any) -> Manuscript:
    return read_docx(word_file(*paragraphs, **parts))


def spans(manuscript: Manuscript, kind: SpanKind) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (b.text[s.start : s.end], s.targets) for b in manuscript.blocks for s in b.spans if s.kind is kind
    ]


def texts(manuscript: Manuscript) -> list[str]:
    return [block.text for block in manuscript.blocks]


GERMAN = word_file(
    p("Kälte bei Gelenkschmerz", style="Titel"),
    p("Inhalt ........ 1", style="Verzeichnis1"),
    p("Was ist belegt?", style="berschrift1"),
    p("Kälte lindert Schwellungen ", run("[", "<w:b/>"), run("1", "<w:i/>"), run("]"), " und Schmerz [2, 4–5]."),
    p("Laut ", field('ADDIN ZOTERO_ITEM CSL_CITATION {"id": 9}', "Brandt und Kuhn (2020)"), " hilft sie z. B. nach Stürzen."),
    p("Studien zeigen, dass ", "<w:ins>" + run("kurze ") + "</w:ins>", "<w:del><w:r><w:delText>lange [3] </w:delText></w:r></w:del>", "Anwendungen genügen."),
    p("Wie lange kühlen?", style="berschrift2"),
    p("Höchstens 20 Minuten", run("3", '<w:vertAlign w:val="superscript"/>'), "."),
    p("Kälte ist keine Kur.", style="Zitat"),
    p("Quellen", style="berschrift1"),
    p("Arndt P. Kälte und Schwellung. 2011. ", link("https://kaelte.example/arndt", "r1"), number=1),
    p("Brandt L, Kuhn T. Eis nach Stürzen. Sportheilkunde. 2020;4:1–9. doi:10.5555/Eis.20", number=1),
    p("Institut für Kälte (2022): Wie lange kühlen? ", link("Merkblatt", "r2"), number=1),
    p("Dahl O. Eis. 1999.", number=1),
    p("Erb S. Schnee. ISBN 978-3-16-148410-0", number=1),
    p("Über den Autor", style="berschrift1"),
    p("Der Autor friert gern."),
    styles=GERMAN_STYLES,
    language="de-DE",
    numbering={1: "%1."},
    links={"r1": "https://kaelte.example/arndt", "r2": "https://institut.example/merkblatt.pdf"},
)  # fmt: skip


def test_a_german_article_with_a_numbered_list_reads_as_a_person_reads_it() -> None:
    first = "Kälte lindert Schwellungen [1] und Schmerz [2, 4–5]."
    assert contract(understand(read_docx(GERMAN), "docx")) == {
        "title": "Kälte bei Gelenkschmerz",
        "language": "de",
        "sections": [
            {"title": "Kälte bei Gelenkschmerz", "position": 1},
            {"title": "Was ist belegt?", "position": 2},
            {"title": "Wie lange kühlen?", "position": 3},
            {"title": "Über den Autor", "position": 4},
        ],
        "references": [
            {"number": 1, "label": "1", "title": "Kälte und Schwellung", "url": "https://kaelte.example/arndt", "doi": None, "identifiers": []},
            {"number": 2, "label": "2", "title": "Eis nach Stürzen", "url": None, "doi": "10.5555/eis.20", "identifiers": ["doi:10.5555/eis.20"]},
            {"number": 3, "label": "3", "title": "Wie lange kühlen?", "url": "https://institut.example/merkblatt.pdf", "doi": None, "identifiers": []},
            {"number": 4, "label": "4", "title": "Eis", "url": None, "doi": None, "identifiers": []},
            {"number": 5, "label": "5", "title": "Schnee", "url": None, "doi": None, "identifiers": ["isbn:9783161484100"]},
        ],
        "citations": [
            {"section": "Was ist belegt?", "sentence": first, "marks": ["1"], "text": "[1]"},
            {"section": "Was ist belegt?", "sentence": first, "marks": ["2", "4", "5"], "text": "[2, 4–5]"},
            {"section": "Wie lange kühlen?", "sentence": "Höchstens 20 Minuten3.", "marks": ["3"], "text": "3"},
        ],
        "mentions": [
            {"text": "Brandt und Kuhn (2020)", "authors": ["Brandt", "Kuhn"], "year": 2020, "reference": "2"}
        ],
        "appeals": [
            {"section": "Was ist belegt?", "sentence": "Studien zeigen, dass kurze Anwendungen genügen.", "cue": "Studien zeigen"}
        ],
    }  # fmt: skip


ENGLISH = word_file(
    p("Ice after a fall"),
    p("Use", style="Heading1"),
    p(
        "Ice eases swelling.",
        note_call("endnote", 2),
        " It may harm skin,",
        note_call("endnote", 3),
        " experts say.",
    ),
    p("Ice is old.", note_call("endnote", 4)),
    p("Limits", style="Heading1"),
    p("Nobody has tried ice on 10", raised("3"), " people."),
    styles={"Heading1": "heading 1"},
    language="en-US",
    title="Ice after a fall",
    links={"r1": "https://ice.example/skin"},
    notes={
        "endnote": {
            2: p("Adams J. Ice and swelling. J Cold. 2010;1:2. doi:10.5555/ice.1"),
            3: p("Bell K. ", link("Skin and ice", "r1"), ". 2015."),
            4: p("Cole M. A history of ice. Northport: Frost; 2003."),
        }
    },
)


def test_an_english_article_with_endnotes_reads_as_a_person_reads_it() -> None:
    found = contract(understand(read_docx(ENGLISH), "docx"))
    assert found["title"] == "Ice after a fall"
    assert found["language"] == "en"
    assert [section["title"] for section in found["sections"]] == ["Ice after a fall", "Use", "Limits"]
    assert [(r["label"], r["title"], r["url"], r["doi"]) for r in found["references"]] == [
        ("1", "Ice and swelling", None, "10.5555/ice.1"),
        ("2", "Skin and ice", "https://ice.example/skin", None),
        ("3", "A history of ice", None, None),
    ]
    assert [(c["section"], c["sentence"], c["marks"]) for c in found["citations"]] == [
        ("Use", "Ice eases swelling.1", ["1"]),
        ("Use", "It may harm skin,2 experts say.", ["2"]),
        ("Use", "Ice is old.3", ["3"]),
    ]


def test_footnotes_are_notes_where_there_is_a_source_list() -> None:
    manuscript = read(
        p("Tea helps [1].", note_call("footnote", 2)),
        p("Sources:"),
        p("[1] Smith J. Tea. 2018. https://tea.example"),
        notes={"footnote": {2: p("Only green tea.")}},
    )
    assert [reference.label for reference in manuscript.references] == ["1"]
    assert texts(manuscript)[-1] == "Only green tea."
    assert [c.text for c in understand(manuscript, "docx").citations] == ["[1]"]


def test_endnotes_beside_footnotes_have_roman_numbers() -> None:
    manuscript = read(
        p("Tea", note_call("footnote", 2), " helps", note_call("endnote", 2), "."),
        notes={"footnote": {2: p("Smith, Tea, 2018.")}, "endnote": {2: p("Jones, More tea, 2019.")}},
    )
    assert [reference.label for reference in manuscript.references] == ["1", "i"]
    assert spans(manuscript, SpanKind.MARK) == [("1", ("footnote-2",)), ("i", ("endnote-2",))]


@pytest.mark.parametrize(
    ("entries", "labels"),
    [
        ([p("Smith. Tea. 2018.", number=1), p("Jones. Tea. 2019.", number=1)], ["1", "2"]),
        ([p("[1] Smith. Tea. 2018."), p("[2] Jones. Tea. 2019.")], ["1", "2"]),
        ([p("1. Smith. Tea. 2018."), p("2. Jones. Tea. 2019.")], ["1", "2"]),
        ([p("[1]\tSmith. Tea. 2018."), p("https://tea.example/1"), p("[2]\tJones. Tea. 2019.")], ["1", "2"]),
        ([p("Jones, K. (2019). Tea."), p("Smith, J. (2018). Tea.")], ["", ""]),
        ([p("Jones, K. (2019). Tea.", number=2), p("Smith, J. (2018). Tea.", number=2)], ["", ""]),
    ],
)
def test_entries_are_found_however_they_are_numbered(entries: list[str], labels: list[str]) -> None:
    manuscript = read(
        p("Tea helps."),
        p("References", style="H"),
        *entries,
        styles={"H": "heading 1"},
        numbering={1: "[%1]", 2: "•"},
    )
    assert [reference.label for reference in manuscript.references] == labels
    assert texts(manuscript) == ["Tea helps."]


def test_entries_copied_from_an_encyclopedia_lose_their_links_back() -> None:
    manuscript = read(
        p("Tea helps [1]."), p("Sources:"), p("[1] ^ a b Smith. Tea. 2018."), p("[2] ^ Oak. 2019.")
    )
    assert [reference.text for reference in manuscript.references] == ["Smith. Tea. 2018.", "Oak. 2019."]


def test_a_bibliography_is_known_by_its_style_alone() -> None:
    manuscript = read(
        p("Tea helps (Smith 2018)."),
        p("Smith, J. (2018). Tea.", style="Literaturverzeichnis"),
        p("Jones, K. (2019). Tea.", style="Literaturverzeichnis"),
        styles=GERMAN_STYLES,
    )
    assert [reference.text for reference in manuscript.references] == [
        "Smith, J. (2018). Tea.",
        "Jones, K. (2019). Tea.",
    ]
    assert understand(manuscript, "docx").mentions[0].reference == "1"


def test_a_numbered_list_at_the_end_needs_no_heading() -> None:
    manuscript = read(
        p("Tea helps [1]."),
        p("Smith. Tea. 2018.", number=1),
        p("Jones. https://tea.example", number=1),
        numbering={1: "%1"},
    )
    assert [reference.label for reference in manuscript.references] == ["1", "2"]


def test_steps_at_the_end_are_no_sources() -> None:
    manuscript = read(p("Make tea:"), p("Boil water.", number=1), p("Wait.", number=1), numbering={1: "%1."})
    assert manuscript.references == ()
    assert [block.kind for block in manuscript.blocks][1:] == [BlockKind.ITEM, BlockKind.ITEM]


def test_lists_restart_count_on_and_nest() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2)"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    from lxml import etree

    from evidence_kb.articles.formats.docx.docx_numbers import Numbering

    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = etree.fromstring(f'<w:numbering xmlns:w="{name}">{numbering}</w:numbering>')
    counted = Numbering(root, None)
    items = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (2, 0), (2, 0), (1, 0)]
    paragraphs = (
        etree.fromstring(p("x", number=n, level=level).replace("<w:p>", f'<w:p xmlns:w="{name}">'))
        for n, level in items
    )
    assert [counted.number(paragraph) for paragraph in paragraphs] == [
        "3.",
        "3a)",
        "3b)",
        "4.",
        "4a)",
        "1.",
        "2.",
        "3.",
    ]


def test_headings_are_known_by_outline_and_inheritance() -> None:
    manuscript = read(
        p("Part", style="Mine"), p("Tea."), p("Chapter", style="Deep"), p("More tea."),
        p("Part two", style="Mine"),
        styles={"berschrift1": "heading 1", "Mine": "My part", "Deep": "Whatever"},
        style_properties={"Mine": '<w:basedOn w:val="berschrift1"/>', "Deep": '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'},
    )  # fmt: skip
    headings = [(b.text, b.level) for b in manuscript.blocks if b.kind is BlockKind.HEADING]
    assert headings == [("Part", 2), ("Chapter", 3), ("Part two", 2)]


def test_short_bold_lines_are_headings_where_there_are_no_styles() -> None:
    manuscript = read(
        p(run("Tea", "<w:b/>")), p("It helps."), p(run("Sources", "<w:b/>")), p("[1] Smith. 2018.")
    )
    assert manuscript.title == "Tea"
    assert [block.text for block in manuscript.blocks] == ["Tea", "It helps."]
    assert [reference.label for reference in manuscript.references] == ["1"]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (["Tea ", "<w:ins>" + run("helps") + "</w:ins>"], "Tea helps"),
        (["Tea ", "<w:del><w:r><w:delText>harms</w:delText></w:r></w:del>", "helps"], "Tea helps"),
        (
            [
                "Tea ",
                "<w:moveFrom>" + run("x") + "</w:moveFrom>",
                "<w:moveTo>" + run("helps") + "</w:moveTo>",
            ],
            "Tea helps",
        ),
        (["Tea ", run("secret", "<w:vanish/>"), "helps"], "Tea helps"),
        (["Tea ", field(" ADDIN EN.CITE <EndNote>[9]</EndNote>", "[1]"), " helps"], "Tea [1] helps"),
        (
            [
                "Tea ",
                '<w:fldSimple w:instr="CITATION Smi18">' + run("(Smith, 2018)") + "</w:fldSimple>",
                " helps",
            ],
            "Tea (Smith, 2018) helps",
        ),
        (["Tea ", "<w:sdt><w:sdtContent>" + run("helps") + "</w:sdtContent></w:sdt>"], "Tea helps"),
        (["Tea", "<w:r><w:tab/></w:r>", "helps", "<w:r><w:br/></w:r>", "me"], "Tea helps me"),
        (["Tea\u00ad time", '<w:r><w:commentReference w:id="1"/></w:r>'], "Tea time"),
    ],
)
def test_the_text_is_what_is_seen(content: list[str], seen: str) -> None:
    assert texts(read(p(*content))) == [seen]


def test_raised_numbers_are_raised_by_themselves_or_by_style() -> None:
    manuscript = read(
        p("Tea", raised("1"), " and ", run("2", '<w:rStyle w:val="Hoch"/>'), "."),
        styles={"Hoch": "Hochgestellt"},
        style_properties={"Hoch": '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'},
    )
    assert [text for text, _ in spans(manuscript, SpanKind.RAISED)] == ["1", "2"]


def test_links_keep_their_addresses_also_in_fields() -> None:
    manuscript = read(
        p("See ", link("this", "r1"), " and ", field('HYPERLINK "https://tea.example/b"', "that"), "."),
        links={"r1": "https://tea.example/a?x=1&y=2"},
    )
    assert spans(manuscript, SpanKind.LINK) == [
        ("this", ("https://tea.example/a?x=1&y=2",)),
        ("that", ("https://tea.example/b",)),
    ]


def test_links_to_an_entry_are_marks_of_it() -> None:
    call = '<w:hyperlink w:anchor="_ENREF_2">' + run("2") + "</w:hyperlink>"
    name = '<w:bookmarkStart w:id="5" w:name="_ENREF_2"/>'
    manuscript = read(
        p("Tea helps (", call, ")."),
        p("References:"),
        p("1. Smith. Tea. 2018."),
        p(name, run("2. Jones. Tea. 2019.")),
    )
    assert spans(manuscript, SpanKind.MARK) == [("2", ("entry-2",))]
    assert [c.marks for c in understand(manuscript, "docx").citations] == [("2",)]


def test_cells_are_cells() -> None:
    table = "<w:tbl><w:tr><w:tc>" + p("Tea [1]") + "</w:tc><w:tc>" + p("good") + "</w:tc></w:tr></w:tbl>"
    assert read(table).blocks == (Block("Tea [1]", BlockKind.CELL), Block("good", BlockKind.CELL))


@pytest.mark.parametrize(
    ("default", "runs", "language"),
    [
        ("de-DE", [run("Tee.")], "de"),
        ("en-US", [run("Tee hilft.", '<w:lang w:val="de-AT"/>')], "de"),
        ("", [run("Tee.")], ""),
    ],
)
def test_the_language_is_that_of_most_of_the_text(default: str, runs: list[str], language: str) -> None:
    assert read(p(*runs), language=default).language == language
