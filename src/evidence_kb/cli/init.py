"""Make an empty knowledge base: a kb.toml that says what can be set, and what git should know of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import UsageError
from ..files import write_together

__all__ = ["add_arguments", "run"]

_KB_TOML = """\
# A knowledge base of claims and the evidence they rest on. See the documentation of evidence-kb.

[knowledge-base]
name = "{name}"
# What the IRIs of your data begin with; use an address that you control.
base = "https://example.org/kb/"
# Languages in which every claim is stated; the first one is the main one.
languages = ["en"]

[prefixes]
# A short name for each article's part of the base, for example
# tea = "https://example.org/kb/tea/"

[audit]
# What makes "kb audit" fail: "error", "warning" or "never".
fail-on = "error"
# Rules that are not for you are switched off one by one, with the reason:
# [[audit.off]]
# rule = "one-source-only"
# reason = "Encyclopedia entries cite one source by design."

[links]
# Whom the owners of the sites you ask can write to; it is part of the name we ask under.
# contact = "you@example.org"
# Addresses that are left alone, with the reason and, if you like, a last day:
# [[links.ignore]]
# address = "https://example.org/moving/*"
# reason = "They are moving house."
# until = 2027-01-31
"""

_GIT_ATTRIBUTES = """\
# What two branches learnt about links is merged line by line; the next "kb links" leaves one line of each.
links.ttl merge=union
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder (default: ./kb)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    folder: Path = arguments.folder or Path(arguments.kb or "kb")
    path = folder / "kb.toml"
    if path.exists():
        raise UsageError(f"{path} exists already; nothing was changed")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from None
    name = folder.resolve().name.replace("\\", "").replace('"', "")
    texts = {path: _KB_TOML.format(name=name)}
    attributes = folder / ".gitattributes"
    if not attributes.exists():
        texts[attributes] = _GIT_ATTRIBUTES
    write_together(texts)
    print(f"{path} made; put articles in folders beside it, then run: kb audit --kb {folder}")
    return 0
