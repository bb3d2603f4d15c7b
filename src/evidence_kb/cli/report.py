"""Write pages about the knowledge base that anyone can open from disk.

OUT/index.html is the first page. The folder must be new, empty, or an earlier report's; what an earlier
report left over is removed. With --article the article's text is shown beside its claims: it goes into the
report, never into the knowledge base.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..knowledge_base import KnowledgeBase
from .audit import articles_given
from .terminal import warn

__all__ = ["add_arguments", "run"]

_WORDS = {
    "en": "{files} files ({changed} new or changed, {removed} removed): open {first}",
    "de": "{files} Dateien ({changed} neu oder geändert, {removed} entfernt): {first} öffnen",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder to write to")
    parser.add_argument(
        "--article",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="an article's text, to show beside its claims; NAME is the article's folder",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    from ..site import write_report  # brings Jinja2 along

    kb = KnowledgeBase.open(arguments.kb)
    for line in kb.config.warnings:
        warn(line)
    written = write_report(kb, arguments.out, articles_given(kb, arguments.article))
    first = arguments.out / "index.html"
    sys.stderr.write(_WORDS[arguments.lang].format(**written._asdict(), first=first) + "\n")
    return 0
