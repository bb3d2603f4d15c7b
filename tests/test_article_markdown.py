"""Markdown articles: what a person finds in them is what the reader finds."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from article_contract import ARTICLES, contract, expected
from hypothesis import given, settings
from hypothesis import strategies as st
from page_marks import entries, headings, literals, marks, text

from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.web.front_matter import split_front_matter
from evidence_kb.articles.formats.web.markdown import read_markdown
from evidence_kb.errors import InputError


@pytest.mark.parametrize("name", ["sonnenlicht", "humming", "zimt", "sieste"])
def test_an_article_reads_as_a_person_reads_it(name: str) -> None:
    document = understand(read_markdown((ARTICLES / f"{name}.md").read_text(encoding="utf-8")), "markdown")
    assert contract(document) == expected(name)


def test_lines_are_those_of_the_file_front_matter_counted() -> None:
    manuscript = read_markdown(
        "---\ntitle: Tea\n---\n\nTea helps.[^1]\n\n- green\n- black\n\n[^1]: Oak 2001.\n"
    )
    assert [(block.text, block.line) for block in manuscript.blocks] == [
        ("Tea helps.[^1]", 5),
        ("green", 7),
        ("black", 8),
    ]
    assert manuscript.references[0].line == 10


@pytest.mark.parametrize(
    "source_list",
    [
        "## Quellen\n\n1. Ahorn 2001. https://a.example/1\n2. Birke 2002. https://b.example/2\n",
        "Quellen\n-------\n\n[1] Ahorn 2001. https://a.example/1\n[2] Birke 2002. https://b.example/2\n",
        "## Quellen\n\n[1] Ahorn 2001. https://a.example/1\n\n[2] Birke 2002. https://b.example/2\n",
        "**Quellen:**\n\n1) Ahorn 2001. https://a.example/1\n2) Birke 2002. https://b.example/2\n",
        "## Literatur\n\n- Ahorn 2001. https://a.example/1\n- Birke 2002. https://b.example/2\n",
        "## References\n\nAhorn 2001. https://a.example/1\n\nBirke 2002. https://b.example/2\n",
        "## Quellen\n\n| Nr. | Quelle |\n|---|---|\n| 1 | Ahorn 2001. https://a.example/1 |\n| 2 | Birke 2002. https://b.example/2 |\n",
        (
            "<details><summary>Quellen</summary>\n\n1. Ahorn 2001. https://a.example/1\n"
            "2. Birke 2002. https://b.example/2\n\n</details>\n"
        ),
    ],
    ids=[
        "ordered",
        "bracketed lines",
        "bracketed paragraphs",
        "bold line",
        "bullets",
        "paragraphs",
        "table",
        "details",
    ],
)
def test_a_source_list_is_found_however_it_is_written(source_list: str) -> None:
    manuscript = read_markdown(f"# Tee\n\nTee hilft [1]. Kaffee auch [2].\n\n{source_list}")
    assert [reference.text for reference in manuscript.references] == [
        "Ahorn 2001. https://a.example/1",
        "Birke 2002. https://b.example/2",
    ]
    assert [reference.links for reference in manuscript.references] == [
        ("https://a.example/1",),
        ("https://b.example/2",),
    ]
    assert text(manuscript) == ["Tee hilft [1]. Kaffee auch [2]."]
    assert [c.marks for c in understand(manuscript, "markdown").citations] == [("1",), ("2",)]


def test_a_section_called_studies_is_prose_if_it_lists_none() -> None:
    manuscript = read_markdown(
        "# Tee\n\n## Studien\n\nVor Jahren wurde viel geforscht.\n\n## Fazit\n\nTee hilft.\n"
    )
    assert headings(manuscript) == ["Tee", "Studien", "Fazit"]
    assert manuscript.references == ()


def test_what_stands_below_the_list_is_no_entry_but_a_note() -> None:
    manuscript = read_markdown("Tee hilft [1].\n\n## Quellen\n\n1. Ahorn 2001.\n\nDie Autorin trinkt Tee.\n")
    assert entries(manuscript) == [("1", "Ahorn 2001.")]
    assert (manuscript.blocks[-1].text, manuscript.blocks[-1].kind.value) == (
        "Die Autorin trinkt Tee.",
        "note",
    )


def test_what_follows_a_list_under_a_mere_line_is_a_note_too() -> None:
    manuscript = read_markdown(
        "Tee hilft [1].\n\nQuellen:\n\n[1] Ahorn 2001.\n\nDie Autorin trinkt gern Tee.\n"
    )
    assert entries(manuscript) == [("1", "Ahorn 2001.")]
    assert (manuscript.blocks[-1].text, manuscript.blocks[-1].kind.value) == (
        "Die Autorin trinkt gern Tee.",
        "note",
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[^1]", "[^1]"),
        ("[[1]](#q1)", "[1]"),
        ("<sup>[1](#q1)</sup>", "[1]"),
        ("<sup><a href='#q1'>1</a></sup>", "1"),
        ("[1](https://doi.org/10.5555/tee.1)", "[1]"),
    ],
)
def test_a_mark_is_found_however_it_is_written(written: str, printed: str) -> None:
    note = "[^1]: Ahorn 2001.\n" if "^" in written else '## Quellen\n\n1. <a id="q1"></a>Ahorn 2001.\n'
    manuscript = read_markdown(f"Tee hilft.{written} Kaffee nicht.\n\n{note}")
    assert marks(manuscript) == [(printed, ("1",))]


def test_a_raised_number_without_a_link_is_told_by_the_whole_article() -> None:
    manuscript = read_markdown(
        "Tee hilft.<sup>1</sup> Auf 5 m<sup>2</sup> wächst er.^2^\n\n## Quellen\n\n1. A\n2. B\n"
    )
    assert [c.text for c in understand(manuscript, "markdown").citations] == ["1", "2"]


def test_code_and_its_brackets_are_literal() -> None:
    manuscript = read_markdown("Nimm `a[1]`.\n\n```\nb[2] # [^1]\n```\n\n    c[3]\n")
    assert literals(manuscript) == ["a[1]", "b[2] # [^1]", "c[3]"]
    assert manuscript.references == ()


def test_brackets_and_raised_numbers_in_formulas_are_no_marks() -> None:
    manuscript = read_markdown(
        "# T\n\nMit $a^2 + b[1]$ und 5 $ oder 6 $ hilft Tee.[^1]\n\n$$\nx_{[2]}\n$$\n\n[^1]: Oak 2001.\n"
    )
    assert marks(manuscript) == [("[^1]", ("1",))]
    assert literals(manuscript) == ["a^2 + b[1]", "x_{[2]}"]
    assert text(manuscript)[0] == "Mit a^2 + b[1] und 5 $ oder 6 $ hilft Tee.[^1]"


def test_marks_that_link_to_a_list_the_file_lacks_are_told() -> None:
    manuscript = read_markdown("# T\n\nTee hilft [[1]](#quellen). Milch nicht [[2]](#quellen) [3](#ref-3).\n")
    assert manuscript.notes == (
        "marks link to #quellen, #ref-3, which the file lacks; was its source list cut off?",
    )
    assert read_markdown("# T\n\nTee hilft [[1]](#quellen).\n\n## Quellen\n\n1. Oak 2001.\n").notes == ()


def test_pandoc_citations_name_the_references_of_the_front_matter() -> None:
    manuscript = read_markdown(
        "---\nreferences:\n- id: oak2001\n  title: Tea\n  author: [{family: Oak, given: T.}]\n  issued: {year: 2001}\n"
        "  DOI: 10.5555/Tea.1\n- id: elm2002\n  title: Coffee\n---\nTea helps [@oak2001, p. 3; @elm2002].\n"
    )
    assert marks(manuscript) == [("@oak2001", ("",)), ("@elm2002", ("",))]
    tea = manuscript.references[0]
    assert (tea.title, tea.authors, tea.year, tea.identifiers) == (
        "Tea",
        ("Oak, T.",),
        2001,
        ("doi:10.5555/tea.1",),
    )
    assert [c.marks for c in understand(manuscript, "markdown").citations] == [("1",), ("2",)]


def test_a_work_cited_twice_in_passing_is_one_reference() -> None:
    manuscript = read_markdown(
        "Tee hilft (Ahorn 2001, doi:10.5555/tee.1). Das sagt [Ahorn](https://doi.org/10.5555/TEE.1) noch heute."
    )
    assert [m[1] for m in marks(manuscript)] == [("1",), ("1",)]
    assert [(r.text, r.identifiers) for r in manuscript.references] == [
        ("Ahorn 2001, doi:10.5555/tee.1", ("doi:10.5555/tee.1",))
    ]


def test_a_work_cited_in_passing_that_is_listed_names_its_entry() -> None:
    manuscript = read_markdown(
        "Das [zeigt sich](https://doi.org/10.5555/tee.1).\n\n## Quellen\n\n1. A. doi:10.5555/tee.1\n"
    )
    assert marks(manuscript) == [("zeigt sich", ("1",))]
    assert len(manuscript.references) == 1


def test_links_are_sources_only_where_no_list_is() -> None:
    prose = "Tee [hilft](https://tee.example/studie), [Anna](mailto:a@b.example), [hier](/tee), ![x](https://b.example/x)."
    assert [r.links for r in read_markdown(prose).references] == [("https://tee.example/studie",)]
    listed = read_markdown(f"{prose}\n\n## Quellen\n\n1. Ahorn 2001.\n")
    assert entries(listed) == [("1", "Ahorn 2001.")]


def test_a_pointer_to_another_article_is_no_source() -> None:
    assert read_markdown("Lesetipp: [Kaffee](https://kaffee.example/)\n").references == ()


def test_headings_lose_their_attributes() -> None:
    assert headings(read_markdown("# Tee {#tee .gross}\n\n## Wirkung\n")) == ["Tee", "Wirkung"]


def test_a_footnote_without_a_definition_is_told() -> None:
    manuscript = read_markdown("Tee hilft.[^gone]\n")
    assert manuscript.notes == ("footnotes without a definition: [^gone]",)


def test_two_numbers_side_by_side_are_two_marks() -> None:
    manuscript = read_markdown("Tee hilft [1][2].\n\n[1]: https://a.example/1\n[2]: https://b.example/2\n")
    assert marks(manuscript) == [("[1]", ("1",)), ("[2]", ("2",))]


def test_link_definitions_are_mere_links_where_no_number_is_shown() -> None:
    manuscript = read_markdown("Tee [hilft][1].\n\n## Quellen\n\n- Ahorn 2001.\n\n[1]: https://a.example/1\n")
    assert entries(manuscript) == [("", "Ahorn 2001.")]


def test_broken_front_matter_is_told_with_its_line_and_left_out() -> None:
    facts, body = split_front_matter("---\ntitle: Tee\nlang: [de\n---\nTee hilft.\n")
    assert facts.notes == ("line 4: the front matter is no YAML and was not read",)
    assert body == "Tee hilft.\n"


def test_a_line_above_the_text_is_no_front_matter() -> None:
    assert text(read_markdown("---\nTee hilft.\n\n---\nKaffee auch.\n")) == ["Tee hilft.", "Kaffee auch."]


@pytest.mark.parametrize("nothing", ["", "  \n\n", "\0"])
def test_an_empty_file_is_refused(nothing: str) -> None:
    with pytest.raises(InputError, match="nothing to read"):
        read_markdown(nothing)


@pytest.mark.parametrize(
    "hard",
    [
        "[" * 20_000,
        "[^" * 10_000,
        "^[" * 10_000,
        "[a](" * 20_000,
        "*a **b _c " * 5_000,
        "> " * 20_000 + "a",
        "- " * 20_000 + "a",
        "<div>" * 50_000,
        "`a``b" * 5_000,
        "[1]: x\n" * 20_000,
        "( 10.1234/x " * 5_000,
        "(" * 20_000 + "doi:10.5555/x" + ")" * 20_000,
        "---\n" + "a: &a [*a]\n" * 1000 + "---\n\nTee",
        "wort " * 100_000,
        "| a " * 5_000 + "|\n" + "|-" * 5_000 + "|\n",
    ],
    ids=lambda hard: repr(hard[:8]),
)
def test_text_made_to_choke_a_reader_is_read_in_bounded_time(hard: str) -> None:
    begin = time.monotonic()
    with suppress(InputError):
        read_markdown(hard)
    assert time.monotonic() - begin < 10


WORDS = st.lists(st.sampled_from(["tea", "helps", "much", "sleep", "light"]), min_size=2, max_size=6).map(
    " ".join
)
ARTICLE = st.lists(st.tuples(WORDS, st.lists(st.integers(1, 5), max_size=3)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(ARTICLE)
def test_an_article_written_out_reads_back_the_same(article: list[tuple[str, list[int]]]) -> None:
    paragraphs = [words + "." + "".join(f"[^{n}]" for n in cited) for words, cited in article]
    notes = [f"[^{n}]: Author {n}. Title {n}. https://source.example/{n}" for n in range(1, 6)]
    manuscript = read_markdown("\n\n".join([*paragraphs, *notes]))
    assert text(manuscript) == paragraphs
    assert marks(manuscript) == [(f"[^{n}]", (str(n),)) for _, cited in article for n in cited]
    assert entries(manuscript) == [
        (str(n), f"Author {n}. Title {n}. https://source.example/{n}") for n in range(1, 6)
    ]


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet=st.sampled_from("[]()^*_`<>#-|:1a \n!\\&@~\t"), max_size=120))
def test_any_text_is_read_or_refused(anything: str) -> None:
    try:
        manuscript = read_markdown(anything)
    except InputError:
        return
    for block in manuscript.blocks:
        assert all(0 <= span.start < span.end <= len(block.text) for span in block.spans)
