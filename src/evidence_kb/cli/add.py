"""Read articles and draft their claims: sections, sources, citation marks, mentions, appeals to studies.

A new article gets a folder, ready to curate. If it is there already, its passages are looked up in the new
text, what is new is added, and what a curator wrote stays. Reads text, Markdown, HTML, JATS XML and DOCX.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from ..errors import KbError, UsageError
from .terminal import warn

__all__ = ["add_arguments", "run"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..articles.drafting.adding import Addition
    from ..articles.drafting.draft import Seed
    from ..articles.reading import ReadArticle
    from ..knowledge_base import KnowledgeBase


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "articles",
        nargs="+",
        metavar="ARTICLE",
        help="files, folders of files, or - for standard input",
    )
    parser.add_argument(
        "--slug", metavar="S", help="name of the article's folder and prefix (default: from its title)"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing; say what was found, or what would change"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--all",
        action="store_true",
        help="draft every sentence that is worth checking, not only those with a mark, mention or appeal",
    )
    parser.add_argument(
        "--as",
        dest="read_as",
        choices=("text", "markdown", "html", "jats", "docx"),
        help="the articles' format (default: found from name and content)",
    )
    parser.add_argument(
        "--lexicon",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="more words by which articles appeal to studies (also appeals.toml in the knowledge base)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    from ..articles.reading import articles_in

    given = [word for word in arguments.articles if word != "-"]
    several = len(arguments.articles) > 1 or any(Path(word).is_dir() for word in given)
    if several and arguments.slug:
        raise UsageError("--slug names one article; leave it out for several, and each is named by its title")
    kb = _knowledge_base(arguments)
    paths = list(articles_in(arguments.articles))
    work = _Work(kb, arguments, len(paths), several)
    for path in paths:
        work.do(path)
    formatter = import_module(f".formats.add_{arguments.format}", __package__)
    sys.stdout.write(formatter.render(work.done, arguments.lang, several))
    return 2 if work.failed else 0


class Done:
    """One article: what was read, what was done with it, or why not."""

    __slots__ = ("addition", "error", "file", "read", "seeds", "written")

    def __init__(self, file: str) -> None:
        self.file = file
        self.read: ReadArticle | None = None
        self.seeds: list[Seed] = []
        self.addition: Addition | None = None
        self.written = False
        self.error: str | None = None


class _Work:
    """The articles one after another; a bad one does not stop the rest."""

    def __init__(
        self, kb: KnowledgeBase | None, arguments: argparse.Namespace, total: int, several: bool
    ) -> None:
        self.done: list[Done] = []
        self.failed = False
        self._kb, self._arguments, self._total, self._several = kb, arguments, total, several
        self._new: set[str] = set()

    def do(self, path: Path) -> None:
        """Read one article and add it."""
        done = Done("standard input" if str(path) == "-" else str(path))
        self.done.append(done)
        try:
            said = self._add(path, done)
        except KbError as error:
            if not self._several:
                raise
            self.failed, done.error = True, str(error)
            said = "failed: " + str(error).removeprefix(f"{done.file}: ")
        if self._several:
            warn(f"[{len(self.done)}/{self._total}] {done.file}: {said}")

    def _add(self, path: Path, done: Done) -> str:
        from ..articles.drafting.adding import add_article
        from ..articles.drafting.draft import seeds_of
        from ..articles.reading import read_article

        done.read = read_article(path, self._arguments.read_as, lexicons=self._lexicons())
        done.seeds = seeds_of(done.read.document, self._arguments.all)
        document = done.read.document
        found = f"entries: {len(document.references)}, marks: {len(document.citations)}"
        if self._kb is None:
            return found
        done.addition = add_article(
            self._kb,
            done.read,
            self._arguments.slug,
            every=self._arguments.all,
            write=not self._arguments.dry_run,
            new=frozenset(self._new),
            file_name="" if str(path) == "-" else path.stem,
        )
        done.written = not self._arguments.dry_run
        self._new.add(done.addition.slug)
        return f"{done.addition.outcome} as {done.addition.slug}, {found}"

    def _lexicons(self) -> list[Path]:
        own = self._kb.config.folder / "appeals.toml" if self._kb else None
        return [*([own] if own and own.is_file() else []), *self._arguments.lexicon]


def _knowledge_base(arguments: argparse.Namespace) -> KnowledgeBase | None:
    """The knowledge base to write to; for a dry run, the one that has the article already, if any."""
    from ..knowledge_base import KnowledgeBase

    if not arguments.dry_run:
        return KnowledgeBase.open(arguments.kb)
    if arguments.slug is None:
        return None
    try:
        return KnowledgeBase.open(arguments.kb)
    except UsageError:
        if arguments.kb:
            raise
        return None
