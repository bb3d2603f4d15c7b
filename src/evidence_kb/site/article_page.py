"""The map of each article: sections in order with their claims, source list, and the text if at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .details import Article, Section, section_pieces
from .marked_text import marked_text
from .overview_page import footing_bars, source_charts
from .page import Page, Part
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """For each article its map (in several pages where claims are very many), and its text if at hand."""
    for article in view.facts.articles:
        path = view.page(article.iri)
        for part in _parts(article, path):
            yield Page(part.path, "article.html", _map(view, article, part))
        if article.iri in view.facts.article_files:
            yield Page(text_path(path), "text.html", _text(view, article))


def text_path(path: str) -> str:
    """Where an article's text lies, given the path of its map."""
    return path.removesuffix("index.html") + "text.html"


def _parts(article: Article, path: str) -> Iterator[Part[Section]]:
    pieces = section_pieces(article)
    stem = path.removesuffix(".html")
    paths = [path, *(f"{stem}.{number}.html" for number in range(2, len(pieces) + 1))]
    for number, piece in enumerate(pieces):
        yield Part(paths[number], piece, number + 1, paths, 1, len(article.sections))


def _map(view: View, article: Article, part: Part[Section]) -> Callable[[], Mapping[str, object]]:
    def context() -> Mapping[str, object]:
        facts = view.facts
        works = dict.fromkeys(work for entry in article.entries for work in entry.works)
        sources = [facts.sources[work] for work in works if work in facts.sources]
        path = view.page(article.iri)
        return {
            "article": article,
            "part": part,
            "footings": footing_bars(view, facts.footings(article.claims), None),
            "footings_of": lambda claims: footing_bars(view, facts.footings(claims), None),
            "charts": source_charts(view, sources) if part.number == 1 else {},
            "text_path": text_path(path) if article.iri in facts.article_files else None,
            "audit": facts.audit_of(view.language).get(article.iri, ()) if article.iri else (),
            "place": facts.place(article.iri) if article.iri else (None, None),
        }

    return context


def _text(view: View, article: Article) -> Callable[[], Mapping[str, object]]:
    def context() -> Mapping[str, object]:
        text = view.facts.article_texts[article.iri]
        return {"article": article, "marked": marked_text(text, article)}

    return context
