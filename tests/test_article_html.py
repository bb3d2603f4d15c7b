"""HTML articles: what a person finds in them is what the reader finds."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from article_contract import ARTICLES, contract, expected
from hypothesis import given, settings
from hypothesis import strategies as st
from page_marks import entries, headings, literals, marks, text

from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.web.html import read_html
from evidence_kb.errors import InputError

LONG = "Tea is drunk in many places and by many people, hot or cold, with milk or without it. " * 4


@pytest.mark.parametrize("name", ["stehpult", "napping", "barfuss", "stretching"])
def test_an_article_reads_as_a_person_reads_it(name: str) -> None:
    document = understand(read_html((ARTICLES / f"{name}.html").read_bytes()), "html")
    assert contract(document) == expected(name)


#: How a mark and its entry are written by content systems, journals and word processors.
STYLES = {
    "wiki": (
        '<sup class="reference" id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup>',
        """<ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><a href="#cite_ref-1">^</a></span>
        <span>Oak 2001.</span></li></ol>""",
    ),
    "pandoc": (
        '<a href="#fn1" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
        """<section role="doc-endnotes"><ol><li id="fn1"><p>Oak 2001.<a href="#fnref1" role="doc-backlink">↩︎</a></p></li>
        </ol></section>""",
    ),
    "epub": (
        '<sup><a epub:type="noteref" href="#n1">1</a></sup>',
        '<aside epub:type="footnote" id="n1"><p>1. Oak 2001.</p></aside>',
    ),
    "easy footnotes": (
        "<span class='easy-footnote'><a href='#easy-footnote-bottom-1-5'><sup>1</sup></a></span>",
        """<h4>Notes</h4><ol class='easy-footnotes-wrapper'><li class='easy-footnote-single'>
        <span id='easy-footnote-bottom-1-5'></span>Oak 2001.<a class='easy-footnote-to-top' href='#easy-footnote-1-5'></a>
        </li></ol>""",
    ),
    "footnotes": (
        """<a role="button"><sup id="footnote_plugin_tooltip_7_1_1">[1]</sup></a><span class="footnote_tooltip">Oak</span>""",
        """<div style="display:none"><table class="footnotes_table"><tr><th><a id="footnote_plugin_reference_7_1_1">
        <span>↑</span>1</a></th><td class="footnote_plugin_text">Oak 2001.</td></tr></table></div>""",
    ),
    "block editor": (
        '<sup data-fn="ab-1" class="fn"><a href="#ab-1" id="ab-1-link">1</a></sup>',
        '<ol class="wp-block-footnotes"><li id="ab-1">Oak 2001. <a href="#ab-1-link">↩︎</a></li></ol>',
    ),
    "journal": (
        '[<a href="#pone.01-ref001" class="ref-tip">1</a>]',
        """<h2>References</h2><ol class="references"><li id="ref1"><span class="order">1.</span>
        <a name="pone.01-ref001" id="pone.01-ref001"></a>Oak 2001.</li></ol>""",
    ),
    "archive": (
        '<a href="#B1" class="bibr">1</a>',
        """<section class="ref-list"><h2>References</h2><ul class="ref-list"><li id="B1"><span class="label">1.</span>
        <cite>Oak 2001.</cite></li></ul></section>""",
    ),
    "word processor": (
        '<a href="https://tea.example/post/#_ftn1" name="_ftnref1">[1]</a>',
        '<hr><p><a href="https://tea.example/post/#_ftnref1" name="_ftn1">[1]</a> Oak 2001.</p>',
    ),
    "definition list": (
        '<a href="#r-oak">[1]</a>',
        '<h3>Bibliography</h3><dl><dt id="r-oak">[1]</dt><dd>Oak 2001.</dd></dl>',
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_mark_names_its_entry_in_every_style(style: str) -> None:
    mark, source_list = STYLES[style]
    page = (
        '<html lang="en"><head><link rel="canonical" href="https://tea.example/post/"></head><body><article>'
        f"<h1>Tea</h1><p>{LONG}</p><p>Tea helps.{mark} So it does.</p>{source_list}</article></body></html>"
    )
    manuscript = read_html(page)
    assert [found[1] for found in marks(manuscript)] == [("1",)]
    assert entries(manuscript) == [("1", "Oak 2001.")]
    assert [c.marks for c in understand(manuscript, "html").citations] == [("1",)]


def test_the_frame_of_a_page_is_left_out_and_a_source_list_outside_the_article_is_not() -> None:
    manuscript = read_html(
        "<body><nav>Menu</nav><div class='cookie-banner'>Cookies?</div><article><h1>Tea</h1>"
        f"<p>{LONG}</p><p>Tea helps.<sup><a href='#s1'>1</a></sup></p><div class='share-buttons'>Share</div></article>"
        "<section><h2>Sources</h2><ol><li id='s1'>Oak 2001.</li><li>Elm 2002.</li></ol></section>"
        "<aside><h3>Sources</h3><ul><li><a href='https://news.example/'>News</a></li></ul></aside>"
        "<div id='comments'><p>Nice!</p></div><footer>Imprint</footer></body>"
    )
    assert text(manuscript) == [LONG.strip(), "Tea helps.1"]
    assert entries(manuscript) == [("1", "Oak 2001."), ("2", "Elm 2002.")]


def test_a_page_without_places_for_articles_is_read_by_its_paragraphs() -> None:
    manuscript = read_html(
        "<body><div class='x1'><form><p>Search</p></form></div><div class='x2'><h2>Tea</h2>"
        + "".join(f"<p>{LONG}</p>" for _ in range(4))
        + "</div><div class='x3'><a href='/a'>A</a> <a href='/b'>B</a></div></body>"
    )
    assert text(manuscript) == [LONG.strip()] * 4


def test_nothing_hidden_is_read() -> None:
    manuscript = read_html(
        "<p>Tea.<span style='display:none'> no</span><span hidden>no</span></p><p style='display: none'>no</p><script>no()</script><style>no</style><template><p>no</p></template>"
        "<noscript><p>no</p></noscript><p class='sr-only'>no</p><p hidden>no</p><p>Green\u00adtea\u200b.</p>"
    )
    assert text(manuscript) == ["Tea.", "Greentea."]


def test_marks_in_tables_boxes_and_captions_count() -> None:
    mark = '<sup class="reference"><a href="#cite_note-1">[1]</a></sup>'
    manuscript = read_html(
        f'<div class="mw-parser-output"><table class="infobox"><tr><td>Box{mark}</td><td>bare</td></tr></table><p>{LONG}</p>'
        f"<table><caption>Caption{mark}</caption><tr><td>Cell{mark}</td></tr></table>"
        f"<figure><figcaption>Figure{mark}</figcaption></figure>"
        '<ol class="references"><li id="cite_note-1">Oak 2001.</li></ol></div>'
    )
    assert [block.text for block in manuscript.blocks if block.spans] == [
        "Box[1]",
        "Caption[1]",
        "Cell[1]",
        "Figure[1]",
    ]
    assert "bare" not in text(manuscript)


def test_a_page_cut_from_its_source_list_keeps_its_marks() -> None:
    manuscript = read_html('<p>Tea helps.<sup class="reference"><a href="#cite_note-x-12">[12]</a></sup></p>')
    assert marks(manuscript) == [("[12]", ())]
    assert [c.marks for c in understand(manuscript, "html").citations] == [("12",)]


def test_exponents_and_equation_numbers_of_an_encyclopedia_are_no_marks() -> None:
    manuscript = read_html(
        '<div class="mw-parser-output"><p>Area is r<sup>2</sup> by [1].<sup class="reference"><a href="#cite_note-1">[1]</a></sup></p>'
        '<ol class="references"><li id="cite_note-1">Oak 2001.</li><li id="cite_note-2">Elm 2002.</li></ol></div>'
    )
    assert [c.text for c in understand(manuscript, "html").citations] == ["[1]"]


def test_formulas_and_code_are_literal() -> None:
    manuscript = read_html(
        '<p>As <math alttext="x_{[1]}"><mi>x</mi></math> and <code>y[2]</code>.</p><pre>z[3]</pre><p>Done.</p>'
    )
    assert literals(manuscript) == ["x_{[1]}", "y[2]", "z[3]"]


def test_labels_are_those_of_the_marks_whatever_an_entry_begins_with() -> None:
    manuscript = read_html(
        "<p>Tea helps.<sup><a href='#cite_note-6'>[lower-alpha 1]</a></sup><sup><a href='#cite_note-7'>[6]</a></sup></p>"
        "<ol class='references'><li id='cite_note-6'>1. FC, a club.</li></ol>"
        "<ol class='references'><li id='cite_note-7'>2. Oak 2001.</li></ol>"
    )
    assert entries(manuscript) == [("lower-alpha 1", "1. FC, a club."), ("6", "2. Oak 2001.")]


def test_a_link_to_a_section_is_no_mark() -> None:
    manuscript = read_html("<p>See <a href='#s2'>section 2</a>.</p><h2 id='s2'>2 Tea</h2><p>Tea helps.</p>")
    assert marks(manuscript) == []
    assert headings(manuscript) == ["2 Tea"]


def test_lines_that_count_by_bare_numbers_are_entries_and_the_date_below_is_none() -> None:
    manuscript = read_html(
        "<p>Tea helps.<sup>1</sup></p><h3>Sources:</h3><p>1 Oak A (2001): Tea.<br>2 Elm B: Coffee.<br>https://elm.example/2</p>"
        "<p>Last updated: May 2024</p>"
    )
    assert entries(manuscript) == [("1", "Oak A (2001): Tea."), ("2", "Elm B: Coffee. https://elm.example/2")]


def test_links_to_the_pages_own_host_are_no_sources_even_if_it_does_not_name_itself() -> None:
    manuscript = read_html(
        "<nav><a href='https://www.tea.example/'>Home</a><a href='https://www.tea.example/a'>A</a></nav><article>"
        f"<p>{LONG} <a href='https://www.tea.example/b'>More</a>, <a href='https://oak.example/'>Oak</a>.</p></article>"
    )
    assert [reference.links for reference in manuscript.references] == [("https://oak.example/",)]


def test_two_lists_that_count_from_one_have_labels_of_their_own() -> None:
    manuscript = read_html(
        "<p>Tea helps.<sup><a href='#fn1'>1</a></sup></p><ol class='footnotes'><li id='fn1'>With milk.</li></ol>"
        "<h2>Literature</h2><ol><li>Oak 2001.</li><li>Elm 2002.</li></ol>"
    )
    assert [label for label, _ in entries(manuscript)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Tea helps - Tea blog</title><h1>Tea helps</h1>", "Tea helps"),
        ("<title>Tea helps | Tea blog</title><h1>Tea blog</h1><h1>Tea helps</h1>", "Tea helps"),
        ("<title>Tea helps | Tea blog</title>", "Tea helps"),
        ("<meta property='og:title' content='Tea helps'><title>Home</title>", "Tea helps"),
        ("<h1>Tea <span class='mw-editsection'>[edit]</span>helps</h1>", "Tea helps"),
    ],
)
def test_the_title_is_the_articles_own(page: str, title: str) -> None:
    assert read_html(f"{page}<p>{LONG}</p>").title == title


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("<meta charset='iso-8859-1'><p>Kräutertee</p>".encode("cp1252"), "Kräutertee"),
        (
            "<?xml version='1.0' encoding='ISO-8859-15'?><html><body><p>5 €</p></body></html>".encode(
                "iso8859-15"
            ),
            "5 €",
        ),
        ("<p>Kräutertee</p>".encode("utf-8-sig"), "Kräutertee"),
        ("<p>Kräutertee</p>".encode("utf-16"), "Kräutertee"),
        (
            "<meta http-equiv=content-type content='text/html; charset=koi8-r'><p>чай</p>".encode("koi8-r"),
            "чай",
        ),
    ],
    ids=["latin", "xml", "bom", "utf-16", "koi8"],
)
def test_bytes_are_read_in_the_encoding_they_say(data: bytes, word: str) -> None:
    assert text(read_html(data)) == [word]


def test_lines_are_those_of_the_file() -> None:
    manuscript = read_html(
        "<html>\n<body>\n<p>Tea\nhelps.</p>\n<ul><li>green</li>\n<li>black</li></ul></body></html>"
    )
    assert [(block.text, block.line) for block in manuscript.blocks] == [
        ("Tea helps.", 3),
        ("green", 5),
        ("black", 6),
    ]


def test_entities_of_the_file_are_not_expanded_and_nothing_is_fetched(tmp_path: object) -> None:
    manuscript = read_html(
        '<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/hostname">]><p>Tea &a; &f; helps.</p>'
    )
    assert "boom" not in " ".join(text(manuscript))
    assert text(manuscript)[-1].endswith("Tea &a; &f; helps.")


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<div>" * 100_000 + "x", "nested too deeply"),
        ("<p " + "".join(f"a{n}=1 " for n in range(100_000)) + ">x", "thousands of attributes"),
        ("<script>" + "<p>x" * 1000, "no text"),
        ("", "no text"),
        ("x " * 20_000_000, "too large"),
    ],
    ids=["deep", "attributes", "script", "empty", "large"],
)
def test_a_page_that_cannot_be_read_is_refused_in_a_line(page: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_html(page)


@pytest.mark.parametrize(
    "hard",
    [
        "<p><b>" * 20_000,
        "<p>x" * 20_000,
        "<p>" + "<sup><a href='#f1'>1</a></sup>" * 10_000 + "</p><ol class=references><li id=f1>a</ol>",
        "<p>" + "<a href='https://a.b/1'>w</a> " * 10_000,
        "<p>" + "[1] a<br>" * 10_000,
        "<h2>Quellen</h2>" * 10_000,
        "".join(f"<li id=fn{n}><a href='#fn{n}'>1</a>" for n in range(10_000)),
        "<p>" + "(" * 50_000 + "10.1234/x" + ")" * 50_000,
        "<!--" * 50_000 + "x",
        "<" * 200_000,
        "&" * 200_000,
        "<p title='" + "x" * 5_000_000 + "'>y",
        "<nav>x</nav>" + "<div>" * 500 + "<article>x</article>" * 5_000,
        "<p>a\0b</p>" * 1000,
        "<title>" + "a - " * 50_000 + "</title><p>x",
    ],
    ids=lambda hard: repr(hard[:12]),
)
def test_a_page_made_to_choke_a_reader_is_read_in_bounded_time(hard: str) -> None:
    begin = time.monotonic()
    with suppress(InputError):
        read_html(hard)
    assert time.monotonic() - begin < 10


WORDS = st.lists(st.sampled_from(["tea", "helps", "much", "sleep", "light"]), min_size=2, max_size=6).map(
    " ".join
)
ARTICLE = st.lists(st.tuples(WORDS, st.lists(st.integers(1, 5), max_size=3)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(ARTICLE)
def test_an_article_written_out_reads_back_the_same(article: list[tuple[str, list[int]]]) -> None:
    paragraphs = "".join(
        f"<p>{words}.{''.join(f'<sup><a href=#fn{n}>[{n}]</a></sup>' for n in cited)}</p>"
        for words, cited in article
    )
    notes = "".join(
        f"<li id=fn{n}>Author {n}. <a href=https://source.example/{n}>Title {n}</a>.</li>"
        for n in range(1, 6)
    )
    manuscript = read_html(f"<h1>Tea</h1>{paragraphs}<h2>Sources</h2><ol>{notes}</ol>")
    assert text(manuscript) == [f"{words}." + "".join(f"[{n}]" for n in cited) for words, cited in article]
    assert marks(manuscript) == [(f"[{n}]", (str(n),)) for _, cited in article for n in cited]
    assert [(r.label, r.text, r.links) for r in manuscript.references] == [
        (str(n), f"Author {n}. Title {n}.", (f"https://source.example/{n}",)) for n in range(1, 6)
    ]


TAGS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<li id=fn1>",
            "<ol class=references>",
            "</ol>",
            "<a href=#fn1>",
            "</a>",
            "<sup>",
            "</sup>",
        ),
        *(
            "<br>",
            "<h2>Quellen</h2>",
            "<table>",
            "<td>",
            "<tr>",
            "<div class=footnotes>",
            "<nav>",
            "</div>",
            "<dl>",
        ),
        *("<dt>", "<dd>", "[1]", "1. ", "doi:10.5555/x", "text", "&amp;", "<b>", "</b>", "<pre>", "</pre>"),
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(TAGS, max_size=30))
def test_any_page_is_read_or_refused(tags: list[str]) -> None:
    try:
        manuscript = read_html("".join(tags))
    except InputError:
        return
    known = {reference.key for reference in manuscript.references}
    for block in manuscript.blocks:
        for span in block.spans:
            assert 0 <= span.start < span.end <= len(block.text)
            assert span.kind.value != "mark" or set(span.targets) <= known
