"""All pages of a knowledge base by path, and how they are rendered.

Paths begin with the language: ``de/index.html``, ``en/tea/claim-tea-eases-headache.html``. The same HTML
works from disk and over HTTP, for all its links are relative.
What a page shows is gathered when it is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..site import (
    article_page,
    claim_page,
    findings_page,
    help_page,
    lists,
    overview_page,
    picture_page,
    query_page,
    search_page,
    source_page,
    tasks_page,
)
from .charts import stacked, strip
from .facts import Facts
from .frontend import bundles
from .page import Page
from .search import index_of
from .texts import clean, cut
from .view import View
from .words import LANGUAGES, words_in

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Page", "Pages"]

_HERE = Path(__file__).parent
#: Modules with a function ``pages(view) -> Iterator[Page]``; it is asked once for each language.
_KINDS: tuple[ModuleType, ...] = (
    overview_page,
    lists,
    findings_page,
    tasks_page,
    picture_page,
    search_page,
    help_page,
    article_page,
    claim_page,
    source_page,
)
_LIVE_KINDS: tuple[ModuleType, ...] = (query_page,)


class Pages:
    """The pages about a knowledge base.

    :param live: whether a server answers queries: adds the query page and links to the data.
    """

    def __init__(self, facts: Facts, *, live: bool = False) -> None:
        self.facts = facts
        self.live = live
        self.views = {language: View(facts, language) for language in LANGUAGES}
        first = next((tag for tag in facts.kb.config.languages if tag in LANGUAGES), "en")
        self._pages = {"index.html": Page("index.html", "languages.html", dict)}
        self._first = first
        for view in self.views.values():
            for kind in (*_KINDS, *(_LIVE_KINDS if live else ())):
                for page in kind.pages(view):
                    self._pages[page.path] = page
        self._environment = _environment()

    def paths(self) -> Iterator[str]:
        """The paths of all pages."""
        return iter(self._pages)

    def render(self, path: str) -> str | None:
        """The HTML of one page; ``None`` if there is no such page."""
        page = self._pages.get(path)
        if page is None:
            return None
        language = path.partition("/")[0] if "/" in path else self._first
        other = next(tag for tag in LANGUAGES if tag != language)
        translated = other + path[path.index("/") :] if "/" in path else path
        return self._fill(page.template, page.context(), language, path, translated, path.count("/"))

    def fill(self, template: str, language: str, depth: int, /, **context: object) -> str:
        """The HTML of a page that is none of `paths`: made for one request, ``depth`` folders deep."""
        other = next(tag for tag in LANGUAGES if tag != language)
        return self._fill(template, context, language, "", f"{other}/index.html", depth)

    def _fill(
        self,
        template: str,
        context: Mapping[str, object],
        language: str,
        path: str,
        other_path: str,
        depth: int,
    ) -> str:
        up = "../" * depth
        return self._environment.get_template(template).render(
            context,
            lang=language,
            t=words_in(language),
            view=self.views[language],
            facts=self.facts,
            live=self.live,
            page_path=path,
            other_language=next(tag for tag in LANGUAGES if tag != language),
            other_language_path=other_path,
            has=self._pages.__contains__,
            url=lambda target: up + target,
            asset=lambda name: f"{up}assets/{name}",
        )

    def template_of(self, path: str) -> str:
        """The template that a page is made with."""
        return self._pages[path].template

    def path_of(self, iri: str, language: str) -> str | None:
        """The page about a claim, a work, an entry or an article; may end in ``#…`` for a place in it."""
        return self.views[language].path(iri)

    def assets(self) -> dict[str, bytes | Path]:
        """The files that pages need beside themselves: path and content, or the file that has it."""
        found: dict[str, bytes | Path] = {
            f"assets/{file.name}": file
            for file in sorted((_HERE / "static").iterdir())
            if self.live or not file.name.startswith("query")
        }
        found |= {f"assets/{name}": file for name, file in bundles(live=self.live).items()}
        found |= {f"assets/{name}": data for name, data in index_of(self.views.values()).items()}
        found |= {f"assets/{name}": data for name, data in picture_page.scripts(self.views.values()).items()}
        return found


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters: dict[str, Any] = {"cut": cut}
    environment.filters.update(filters)
    environment.globals.update(stacked=stacked, strip=strip)
    return environment
