"""JATS articles: what a person finds in them is what the reader finds."""

from __future__ import annotations

import pytest
from article_contract import ARTICLES, contract, expected

from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.jats.jats import read_jats
from evidence_kb.articles.manuscript import BlockKind, Manuscript, SpanKind
from evidence_kb.errors import InputError


def article(body: str, back: str = "", front: str = "", head: str = 'xml:lang="en"') -> Manuscript:
    return read_jats(
        f'<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" {head}>'
        f"<front><article-meta><title-group><article-title>Tea</article-title></title-group>{front}"
        f"</article-meta></front><body>{body}</body><back>{back}</back></article>".encode()
    )


def ref_list(count: int, label: str = "{}") -> str:
    refs = (
        f'<ref id="B{n}"><label>{label.format(n)}</label><mixed-citation>Author {n}. Title {n}. 2001.</mixed-citation></ref>'
        for n in range(1, count + 1)
    )
    return f"<ref-list>{''.join(refs)}</ref-list>"


def bibr(number: int, text: str | None = None) -> str:
    return f'<xref ref-type="bibr" rid="B{number}">{number if text is None else text}</xref>'


def marks(manuscript: Manuscript) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (block.text[span.start : span.end], span.targets)
        for block in manuscript.blocks
        for span in block.spans
        if span.kind is SpanKind.MARK
    ]


def spans(manuscript: Manuscript, kind: SpanKind) -> list[str]:
    return [b.text[s.start : s.end] for b in manuscript.blocks for s in b.spans if s.kind is kind]


@pytest.mark.parametrize("name", ["walking", "heben"])
def test_an_article_reads_as_a_person_reads_it(name: str) -> None:
    document = understand(read_jats((ARTICLES / f"{name}.xml").read_bytes()), "jats")
    assert contract(document) == expected(name)


def test_the_second_article_of_an_envelope_is_told_and_not_read() -> None:
    manuscript = read_jats((ARTICLES / "heben.xml").read_bytes())
    assert manuscript.notes == ("holds 2 articles; only the first was read, give each a file of its own",)


def test_reviews_and_their_marks_are_not_the_articles() -> None:
    manuscript = read_jats((ARTICLES / "walking.xml").read_bytes())
    assert not any("cohort is small" in block.text for block in manuscript.blocks)
    assert "SR1" not in {reference.key for reference in manuscript.references}


@pytest.mark.parametrize(
    ("written", "printed", "named"),
    [
        (f"[{bibr(3)}]", "[3]", (3,)),
        (f"[{bibr(1)},{bibr(2)}]", "[1,2]", (1, 2)),
        (f"[{bibr(1)}, {bibr(3)}–{bibr(5)}]", "[1, 3–5]", (1, 3, 4, 5)),
        (f"[{bibr(3)}]–[{bibr(5)}]", "[3]–[5]", (3, 4, 5)),
        (f"{bibr(3, '[3]')}-{bibr(5, '[5]')}", "[3]-[5]", (3, 4, 5)),
        (f"<sup>{bibr(3)}–{bibr(5)}</sup>", "3–5", (3, 4, 5)),
        (f"{bibr(3, '<sup>3</sup>')}<sup>–</sup>{bibr(5, '<sup>5</sup>')}", "3–5", (3, 4, 5)),
        (f"{bibr(2, '<sup>2</sup>')} <sup>-</sup> {bibr(4, '<sup>4</sup>')} <sup>,</sup> {bibr(6, '<sup>6</sup>')}", "2 - 4 , 6", (2, 3, 4, 6)),
        ('[<xref ref-type="bibr" rid="B1 B2">1, 2</xref>]', "[1, 2]", (1, 2)),
        ('[<xref ref-type="bibr" rid="B3">3–5</xref>]', "[3–5]", (3, 4, 5)),
        (f"[{bibr(3)}–{bibr(4, '')}{bibr(5)}]", "[3–5]", (3, 4, 5)),
        (f"[{bibr(3)}{bibr(4, '')}–{bibr(5)}]", "[3–5]", (3, 4, 5)),
        (f"({bibr(2)} and {bibr(4)})", "(2 and 4)", (2, 4)),
        (f"<italic>{bibr(2)}</italic>", "2", (2,)),
        ('<xref rid="B6">6</xref>', "6", (6,)),
        (bibr(2, "Smith et al., 2018"), "Smith et al., 2018", (2,)),
        (f"{bibr(2, 'Smith et al.')} ({bibr(2, '2018')})", "Smith et al. (2018)", (2,)),
        (f"({bibr(2, 'Smith, 2018')})", "(Smith, 2018)", (2,)),
    ],
)  # fmt: skip
def test_neighbouring_xrefs_are_the_mark_that_is_printed(
    written: str, printed: str, named: tuple[int, ...]
) -> None:
    manuscript = article(f"<p>Tea helps {written}.</p>", ref_list(6))
    assert marks(manuscript) == [(printed, tuple(f"B{n}" for n in named))]


def test_separate_marks_stay_separate() -> None:
    manuscript = article(
        f"<p>One [{bibr(1)}] and two [{bibr(2)}]; {bibr(3, 'Smith, 2018')}; {bibr(4, 'Jones, 2019')}.</p>",
        ref_list(4),
    )
    assert [text for text, _ in marks(manuscript)] == ["[1]", "[2]", "Smith, 2018", "Jones, 2019"]


def test_a_number_that_the_list_lacks_is_a_mark_without_an_entry() -> None:
    manuscript = article(f"<p>Tea helps [{bibr(1)}] and harms [{bibr(9)}].</p>", ref_list(2))
    document = understand(manuscript, "jats")
    assert [c.marks for c in document.citations] == [("1",), ("9",)]
    assert "mark-without-entry" in {problem.kind.value for problem in document.problems}


@pytest.mark.parametrize(
    "kind", ["fig", "table", "fn", "aff", "sec", "disp-formula", "supplementary-material"]
)
def test_xrefs_to_other_things_are_no_marks(kind: str) -> None:
    manuscript = article(
        f'<p>See (<xref ref-type="{kind}" rid="X1">1</xref>) for [{bibr(2)}].</p>', ref_list(2)
    )
    assert marks(manuscript) == [("[2]", ("B2",))]
    assert [c.marks for c in understand(manuscript, "jats").citations] == [("2",)]


def test_raised_numbers_are_exponents_where_the_file_tags_its_citations() -> None:
    assert spans(article(f"<p>10<sup>3</sup> cups{bibr(1)}.</p>", ref_list(1)), SpanKind.LITERAL) == ["3"]
    assert spans(article("<p>Tea helps.<sup>3</sup></p>", ref_list(3)), SpanKind.RAISED) == ["3"]


def test_formulas_are_literal_and_their_tex_is_left_out() -> None:
    manuscript = article(
        "<p>Let <inline-formula><alternatives><tex-math>$x [1]$</tex-math><mml:math><mml:mi>x</mml:mi></mml:math>"
        "</alternatives></inline-formula> be tea.</p><disp-formula><tex-math>y [1]</tex-math></disp-formula>",
        ref_list(1),
    )
    assert [block.text for block in manuscript.blocks[1:]] == ["Let x be tea."]
    assert spans(manuscript, SpanKind.LITERAL) == ["x"]


@pytest.mark.parametrize("label", ["{}", "{}.", "[{}]", "({})", " {} "])
def test_labels_are_numbers_however_they_are_framed(label: str) -> None:
    assert [r.label for r in article("<p>Tea.</p>", ref_list(2, label)).references] == ["1", "2"]


def test_references_without_labels_are_counted() -> None:
    refs = "<ref-list><ref><mixed-citation>A. 2001.</mixed-citation></ref><ref><mixed-citation>B. 2002.</mixed-citation></ref></ref-list>"
    assert [r.label for r in understand(article("<p>Tea.</p>", refs), "jats").references] == ["1", "2"]


def test_ref_lists_in_the_body_and_in_one_another_are_one_list() -> None:
    body = "<sec><title>Studies</title><ref-list><ref id='A'><mixed-citation>A. 2001.</mixed-citation></ref></ref-list></sec>"
    back = "<ref-list><ref-list><ref id='B'><mixed-citation>B. 2002.</mixed-citation></ref></ref-list></ref-list>"
    assert [r.key for r in article(body, back).references] == ["A", "B"]


def test_an_entry_of_parts_is_written_out_as_one_reads_it() -> None:
    (reference,) = article(
        "<p>Tea.</p>",
        '<ref-list><ref id="B1"><element-citation publication-type="journal"><person-group person-group-type="author">'
        "<name><surname>Smith</surname><given-names>J</given-names></name><collab>Tea Group</collab></person-group>"
        "<person-group person-group-type='editor'><name><surname>Ed</surname><given-names>I</given-names></name></person-group>"
        "<article-title>Is tea good?</article-title><source>Tea J</source><year>2018</year><volume>4</volume>"
        "<issue>2</issue><fpage>7</fpage><lpage>9</lpage><pub-id pub-id-type='doi'>https://doi.org/10.5555/T.1</pub-id>"
        "</element-citation></ref></ref-list>",
    ).references
    assert reference.text == ("Smith J, Tea Group (2018). Is tea good? Tea J 4(2):7–9. doi:10.5555/T.1.")
    assert reference.authors == ("Smith J", "Tea Group")
    assert (reference.title, reference.year) == ("Is tea good?", 2018)
    assert reference.identifiers == ("doi:10.5555/t.1",)


def test_footnotes_are_the_sources_of_an_article_without_a_list() -> None:
    manuscript = article(
        '<p>Tea helps<xref ref-type="fn" rid="n1"><sup>1</sup></xref> and harms<xref ref-type="fn" rid="n2"><sup>2</sup></xref>.</p>',
        '<fn-group><fn id="n1"><label>1</label><p>Smith, Tea, 2018.</p></fn>'
        '<fn id="n2"><label>2</label><p>Jones, <ext-link xlink:href="https://tea.example/x">More tea</ext-link>, 2019.</p></fn></fn-group>',
    )
    assert [(r.label, r.text) for r in manuscript.references] == [
        ("1", "Smith, Tea, 2018."),
        ("2", "Jones, More tea, 2019."),
    ]
    assert manuscript.references[1].links == ("https://tea.example/x",)
    assert marks(manuscript) == [("1", ("n1",)), ("2", ("n2",))]
    assert not any("Smith" in block.text for block in manuscript.blocks)


def test_kinds_of_blocks_and_where_they_stand() -> None:
    manuscript = article(
        "<sec><title>Uses</title><p>Drink <list><list-item><p>hot</p></list-item></list> or cold.</p>"
        "<disp-quote><p>Tea!</p></disp-quote><fig><label>Figure 1</label><caption><title>A cup</title></caption></fig></sec>"
    )
    assert [(b.kind, b.text) for b in manuscript.blocks] == [
        (BlockKind.HEADING, "Tea"),
        (BlockKind.HEADING, "Uses"),
        (BlockKind.PARAGRAPH, "Drink"),
        (BlockKind.ITEM, "hot"),
        (BlockKind.PARAGRAPH, "or cold."),
        (BlockKind.QUOTE, "Tea!"),
        (BlockKind.CAPTION, "Figure 1. A cup"),
    ]


def test_lines_are_those_of_the_file() -> None:
    manuscript = read_jats(
        b'<?xml version="1.0"?>\n<!DOCTYPE article\n  PUBLIC "-//NLM//DTD JATS//EN" "jats.dtd">\n<article><body>\n<p>Tea.</p></body></article>'
    )
    assert [(block.text, block.line) for block in manuscript.blocks] == [("Tea.", 5)]


@pytest.mark.parametrize(
    ("said", "language"), [('xml:lang="DE"', "de"), ('xml:lang="en-GB"', "en"), ("", "")]
)
def test_the_language_is_what_the_file_says(said: str, language: str) -> None:
    assert article("<p>Tea.</p>", head=said).language == language


@pytest.mark.parametrize(
    "envelope",
    [
        "<pmc-articleset>{}</pmc-articleset>",
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>{}</metadata></record></GetRecord></OAI-PMH>',
    ],
)  # fmt: skip
def test_an_article_is_found_in_the_envelope_of_an_archive(envelope: str) -> None:
    inner = '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.4/"><body><p>Tea.</p></body></article>'
    assert [b.text for b in read_jats(envelope.format(inner).encode()).blocks] == ["Tea."]


def test_of_several_forms_of_a_piece_the_readable_one_is_read() -> None:
    forms = "<alternatives><inline-graphic/><tex-math>$y$</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives>"
    assert [block.text for block in article(f"<p>Let {forms} be tea.</p>").blocks[1:]] == ["Let x be tea."]


def test_bracketed_numbers_are_no_marks_where_the_file_tags_its_citations() -> None:
    body = f"<p>Tea [{bibr(1)}] took [2, 3] minutes (F[1,2] = 8.4) in women [2].</p>"
    document = understand(article(body, ref_list(3)), "jats")
    assert [citation.text for citation in document.citations] == ["[1]", "[2]"]


def test_a_figures_credit_cites_and_its_other_terms_of_use_are_left_out() -> None:
    manuscript = article(
        "<p>Text.</p><fig><label>Figure 1</label><caption><p>Leaves.</p></caption><permissions>"
        f"<copyright-statement>© 2001 Oak</copyright-statement><license><license-p>From {bibr(2, 'Author 2')}.</license-p>"
        "<license-p>Not for sale.</license-p></license></permissions></fig>",
        ref_list(2),
    )
    captions = [block.text for block in manuscript.blocks if block.kind is BlockKind.CAPTION]
    assert captions == ["Figure 1.", "Leaves.", "From Author 2."]
    assert marks(manuscript) == [("Author 2", ("B2",))]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"<article><pubfm><jtl>Tea</jtl></pubfm><bdy><p>Tea.</p></bdy></article>",
            "its <article> has <pubfm>, <bdy>",
        ),
        (b"<rss version='2.0'><channel/></rss>", "it has <rss> and no <article>"),
    ],
)
def test_xml_of_other_kinds_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match="no JATS") as refused:
        read_jats(data)
    assert said in str(refused.value)
    assert "save the article's web page" in str(refused.value)
