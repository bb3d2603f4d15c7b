"""One small article, written out in every format, reads back the same from each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from word_file import p, word_file

from evidence_kb.articles.document import Document
from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.docx.docx import read_docx
from evidence_kb.articles.formats.jats.jats import read_jats
from evidence_kb.articles.formats.plain.text import read_text
from evidence_kb.articles.formats.web.html import read_html
from evidence_kb.articles.formats.web.markdown import read_markdown

WORDS = tuple(
    "Wärme lindert den Schmerz im Knie nach langen Wegen kaum Menschen gehen täglich zur Arbeit manche "  # noqa: SIM905
    "Ärzte raten davon ab weil Ruhe selten hilft Übungen stärken Muskeln über viele Wochen hinweg".split()
)
HEADINGS = ("Worum es geht", "Was hilft", "Ursachen und Verlauf", "Übungen für zu Hause", "Wann zum Arzt")


@dataclass(frozen=True)
class Sentence:
    words: tuple[str, ...]
    marks: tuple[int, ...]

    @property
    def text(self) -> str:
        mark = f" [{', '.join(map(str, self.marks))}]" if self.marks else ""
        return " ".join(self.words).capitalize() + mark + "."


@dataclass(frozen=True)
class Article:
    """What is written: sections of paragraphs of sentences, and a numbered list."""

    title: str
    sections: tuple[tuple[str, tuple[tuple[Sentence, ...], ...]], ...]
    sources: tuple[tuple[str, str], ...]


#: So much German that no reader can take the article for another language's.
OPENING = Sentence(
    ("Viele", "Menschen", "haben", "im", "Alter", "Schmerzen", "und", "gehen", "nicht", "zum", "Arzt"), ()
)


def sentences(count: int) -> st.SearchStrategy[Sentence]:
    words = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9).map(tuple)
    marks = st.lists(st.integers(1, count), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
    return st.builds(Sentence, words, marks)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    count = draw(st.integers(2, 6))
    paragraph = st.lists(sentences(count), min_size=2, max_size=4).map(tuple)
    headings = draw(st.lists(st.sampled_from(HEADINGS[1:]), min_size=1, max_size=4, unique=True))
    sections = tuple(
        (heading, tuple(draw(st.lists(paragraph, min_size=1, max_size=3)))) for heading in headings
    )
    # A beginning that stands twice is a teaser in plain text, and is left out.
    beginnings = [prose(one)[:20] for _, paragraphs in sections for one in paragraphs]
    assume(len(set(beginnings)) == len(beginnings))
    sections = ((HEADINGS[0], ((OPENING,),)), *sections)
    titles = st.lists(st.sampled_from(WORDS), min_size=3, max_size=6).map(
        lambda words: " ".join(words).capitalize()
    )
    sources = tuple((draw(titles), f"https://quelle-{n}.example/studie/{n}") for n in range(1, count + 1))
    return Article("Knieschmerz verstehen", sections, sources)


def as_text(article: Article) -> Document:
    lines = [article.title, ""]
    for heading, paragraphs in article.sections:
        lines += [heading, "", *(line for one in paragraphs for line in (prose(one), ""))]
    lines += ["Quellen", ""]
    for number, (title, address) in enumerate(article.sources, 1):
        lines += [f"[{number}]", title, address, ""]
    return understand(read_text("\n".join(lines)), "text")


def as_markdown(article: Article) -> Document:
    lines = [f"# {article.title}", ""]
    for heading, paragraphs in article.sections:
        lines += [f"## {heading}", "", *(line for one in paragraphs for line in (prose(one), ""))]
    lines += ["## Quellen", ""]
    lines += [f"{number}. {title}. <{address}>" for number, (title, address) in enumerate(article.sources, 1)]
    return understand(read_markdown("\n".join(lines)), "markdown")


def as_html(article: Article) -> Document:
    body = "".join(
        f"<h2>{heading}</h2>" + "".join(f"<p>{escape(prose(one))}</p>" for one in paragraphs)
        for heading, paragraphs in article.sections
    )
    sources = "".join(
        f'<li>{title}. <a href="{address}">{address}</a></li>' for title, address in article.sources
    )
    page = (
        f'<!DOCTYPE html><html lang="de"><head><title>{article.title}</title></head><body><main>'
        f"<h1>{article.title}</h1>{body}<h2>Quellen</h2><ol>{sources}</ol></main></body></html>"
    )
    return understand(read_html(page.encode()), "html")


def as_jats(article: Article) -> Document:
    def tagged(sentence: Sentence) -> str:
        marks = ", ".join(f'<xref ref-type="bibr" rid="r{n}">{n}</xref>' for n in sentence.marks)
        return " ".join(sentence.words).capitalize() + (f" [{marks}]." if marks else ".")

    body = "".join(
        f"<sec><title>{heading}</title>"
        + "".join(f"<p>{' '.join(tagged(sentence) for sentence in one)}</p>" for one in paragraphs)
        + "</sec>"
        for heading, paragraphs in article.sections
    )
    sources = "".join(
        f'<ref id="r{n}"><label>{n}.</label><mixed-citation><article-title>{title}</article-title>. '
        f"<uri>{address}</uri></mixed-citation></ref>"
        for n, (title, address) in enumerate(article.sources, 1)
    )
    file = (
        f'<article xml:lang="de"><front><article-meta><title-group><article-title>{article.title}'
        f"</article-title></title-group></article-meta></front><body>{body}</body>"
        f"<back><ref-list>{sources}</ref-list></back></article>"
    )
    return understand(read_jats(file.encode()), "jats")


def as_docx(article: Article) -> Document:
    paragraphs = [p(article.title, style="T")]
    for heading, texts in article.sections:
        paragraphs += [p(heading, style="H"), *(p(prose(one)) for one in texts)]
    paragraphs.append(p("Quellen", style="H"))
    paragraphs += [p(f"{title}. {address}", number=1) for title, address in article.sources]
    styles = {"T": "Title", "H": "heading 1"}
    return understand(
        read_docx(word_file(*paragraphs, styles=styles, language="de-DE", numbering={1: "[%1]"})), "docx"
    )


def prose(paragraph: tuple[Sentence, ...]) -> str:
    return " ".join(sentence.text for sentence in paragraph)


@pytest.mark.parametrize("written", [as_text, as_markdown, as_html, as_jats, as_docx])
@settings(max_examples=40, deadline=None)
@given(article=articles())
def test_an_article_reads_back_as_it_was_written(
    written: Callable[[Article], Document], article: Article
) -> None:
    document = written(article)
    titles = {section.position: section.title for section in document.sections}
    headings = [title for title in titles.values() if title != "Quellen"]
    assert headings == [article.title, *(heading for heading, _ in article.sections)]
    assert [(r.label, r.title, r.url) for r in document.references] == [
        (str(number), title, address) for number, (title, address) in enumerate(article.sources, 1)
    ]
    read = {sentence.position: sentence for sentence in document.sentences}
    assert [
        (titles[read[c.sentence].section], read[c.sentence].text, c.marks) for c in document.citations
    ] == [
        (heading, sentence.text, tuple(map(str, sentence.marks)))
        for heading, paragraphs in article.sections
        for one in paragraphs
        for sentence in one
        if sentence.marks
    ]
    assert document.language == "de"
