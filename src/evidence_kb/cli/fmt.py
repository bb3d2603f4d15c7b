"""Write the knowledge base's Turtle files in the one sorted way, so that changes show as small diffs.

Nothing but the layout changes. Files that are so already are left alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import InputError
from ..files import write_atomically
from ..knowledge_base import KnowledgeBase
from ..links.history import History
from ..store import read_turtle, turtle_complaint
from ..turtle import format_turtle

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("files", nargs="*", type=Path, help="(default: all files of it)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    kb = KnowledgeBase.open(arguments.kb)
    changes = []
    for path in arguments.files or kb.files():  # all are read before any is written
        before = read_turtle(path).decode()
        try:
            if path.resolve() == (kb.config.folder / "links.ttl").resolve():
                after = History(path, kb.config.base).text()  # a statement a line, that branches merge
            else:
                after = format_turtle(before, kb.config.prefixes)
        except SyntaxError as error:
            raise InputError(turtle_complaint(str(error.msg)), kb.shown(path), error.lineno) from None
        if path.read_bytes() != after.encode():
            changes.append((path, after))
    for path, after in changes:
        if arguments.check:
            print(f"{kb.shown(path)} is not in the sorted layout; 'kb fmt' mends it")
        else:
            write_atomically(path, after)
            print(f"{kb.shown(path)} rewritten")
    return 1 if changes and arguments.check else 0
