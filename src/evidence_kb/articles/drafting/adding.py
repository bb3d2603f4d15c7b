"""Putting an article into a knowledge base: a new folder, or an update of the one there is.

All files or none: a new folder appears whole, and an update writes every file before it renames the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ...errors import InputError, UsageError
from ...files import write_folder, write_together
from ...knowledge_base import KnowledgeBase
from ...store import read_turtle
from ...text_fragments import text_digest
from ...turtle import edit_turtle, write_turtle
from ...vocabulary import PREFIXES, compact
from ..reading import ReadArticle
from .draft import ARTICLE, CLAIMS, FINDINGS, SOURCES, draft_article
from .existing import KnownArticle, is_article, namesakes
from .naming import article_slug, check_slug, slug_of
from .prefixes import add_prefix, prefix_for
from .update import Update, refuse_another, update_article
from .works import printed

__all__ = ["Addition", "add_article"]

_HEADS = {
    ARTICLE: """\
# The article: its sections, and a digest of its text. Its publisher is to be added.
""",
    SOURCES: """\
# The entries of the source list as they are printed, and the works behind them. Publishers are to be added.
""",
    CLAIMS: """\
# What the author claims, where, and what is cited for it. Claims with ekb:status code:draft are to be worded,
# in a curator's own words; passages point into the article by a few words at each end.
""",
    FINDINGS: """\
# What curators found when they compared claims with sources: how much was read, and which way it points.
# A source without a finding has been read by nobody.
""",
}


@dataclass(frozen=True)
class Addition:
    """What `add_article` did, or would do.

    :param outcome: ``added``, ``updated`` or ``unchanged``.
    :param triples: how many triples were written anew.
    :param update: what became of passages and entries; ``None`` for a new article.
    """

    outcome: str
    slug: str
    article: str
    folder: Path
    files: tuple[Path, ...]
    triples: int
    update: Update | None = None


def add_article(
    kb: KnowledgeBase,
    read: ReadArticle,
    slug: str | None = None,
    *,
    every: bool = False,
    write: bool = True,
    new: frozenset[str] = frozenset(),
    file_name: str = "",
) -> Addition:
    """Draft an article, or update what is known of it.

    :param kb: the knowledge base; it is read before and not reloaded after.
    :param slug: name of the article's folder and prefix; where not given, that of the article with this
        text or title, else one made from the title.
    :param every: draft a claim for every check-worthy sentence, not only for those with a source.
    :param write: whether to write at all.
    :param new: slugs that are new since ``kb`` was read.
    :param file_name: what the slug is made from where the article has no title.
    :raises UsageError: the slug cannot be used, or is taken by another article.
    :raises InputError: a file of the knowledge base cannot be read or written.
    """
    if slug is not None:
        return _at(kb, read, check_slug(slug), every, write, new)
    title = article_slug(read.document.title if slug_of(read.document.title) else file_name)
    numbered = (title if number == 1 else f"{title}-{number}" for number in range(1, 1000))
    for candidate in (*namesakes(kb, printed(read.document.title), text_digest(read.text)), *numbered):
        if candidate in new:
            continue
        try:
            return _at(kb, read, candidate, every, write, new, named=False)
        except UsageError:
            continue
    raise UsageError(f"too many articles are called {title!r}; give each a --slug of its own")


def _at(
    kb: KnowledgeBase,
    read: ReadArticle,
    slug: str,
    every: bool,
    write: bool,
    new: frozenset[str],
    named: bool = True,
) -> Addition:
    folder = kb.config.folder / slug
    article = _article_in(kb, slug)
    if article is not None:
        known = KnownArticle(kb, article)
        update = update_article(known, read, every)
        refuse_another(known, slug, update, named)
        return _updated(kb, slug, known, update, write)
    if folder.exists() or folder.is_symlink() or slug in new:
        raise UsageError(f"{kb.shown(folder)} is there already and holds no article; choose another --slug")
    return _drafted(kb, read, slug, every, write)


def _article_in(kb: KnowledgeBase, slug: str) -> str | None:
    """The IRI of the article of that name, if there is one."""
    usual = f"{kb.config.base}{slug}/article"
    if is_article(kb, usual):
        return usual
    return kb.articles().get(slug) if (kb.config.folder / slug).is_dir() else None


def _drafted(kb: KnowledgeBase, read: ReadArticle, slug: str, every: bool, write: bool) -> Addition:
    namespace = f"{kb.config.base}{slug}/"
    draft = draft_article(read.document, read.text, namespace, every)
    prefix = prefix_for(kb.config.prefixes, slug, namespace)
    prefixes = PREFIXES | dict(kb.config.prefixes) | {prefix: namespace}
    texts = {name: _HEADS[name] for name in draft.sheets}
    for name, triples in draft.sheets.items():
        if triples:
            texts[name] += "\n" + _commented(write_turtle(triples, prefixes), draft.words, prefixes)
    texts[FINDINGS] = _HEADS[FINDINGS]
    folder = kb.config.folder / slug
    if write:
        write_folder(folder, texts)
        add_prefix(kb.config.file, prefix, namespace)
    return Addition(
        "added",
        slug,
        draft.article_iri,
        folder,
        tuple(folder / name for name in texts),
        sum(map(len, draft.sheets.values())),
    )


def _updated(kb: KnowledgeBase, slug: str, known: KnownArticle, update: Update, write: bool) -> Addition:
    place, _ = kb.place(known.iri)
    folder = Path(place).resolve().parent if place else kb.config.folder / slug
    texts = dict(_edited(kb, folder, update)) if update.writes else {}
    if write and texts:
        write_together(texts)
    added = sum(map(len, update.add.values()))
    outcome = "updated" if update.writes else "unchanged"
    return Addition(outcome, slug, known.iri, folder, tuple(texts), added, update)


def _edited(kb: KnowledgeBase, folder: Path, update: Update) -> Iterator[tuple[Path, str]]:
    """The files that change, sources first and the article's digest last: a run cut short can be repeated."""
    order = [folder / SOURCES, folder / CLAIMS, folder / ARTICLE]
    left = set(update.remove)
    changes = []
    for path in order:
        add = update.add.get(path.name, [])
        if path.exists() or add:
            before = read_turtle(path).decode() if path.exists() else _HEADS[path.name]
            mine = left & _triples(before, path)
            left -= mine
            if add or mine:
                after = edit_turtle(before, add, mine, kb.config.prefixes)
                changes.append((path, _commented(after, update.words, PREFIXES | dict(kb.config.prefixes))))
    home = {path.resolve() for path in order}
    for path in kb.files() if left else ():
        if path.resolve() not in home:
            before = read_turtle(path).decode()
            mine = left & _triples(before, path)
            if mine:
                yield path, edit_turtle(before, (), mine, kb.config.prefixes)
    yield from changes


def _commented(text: str, words: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """Turtle with a comment above each drafted claim that says which sentence it is about.

    The passage says so too, but further down and percent-encoded.
    """
    about = {compact(iri, prefixes): said for iri, said in words.items()}
    about |= {f"<{iri}>": said for iri, said in words.items()}
    lines = []
    for line in text.split("\n"):
        subject, _, said = line.partition(" ")
        if subject in about and said.startswith("a "):
            lines.append(f"# “{about[subject]}”")
        lines.append(line)
    return "\n".join(lines)


def _triples(text: str, path: Path) -> set[ox.Triple]:
    try:
        return {quad.triple for quad in ox.parse(text.encode(), ox.RdfFormat.TURTLE)}
    except SyntaxError as error:
        raise InputError("is broken Turtle", path, error.lineno) from None
