"""Which claims lose their footing if a source, an address or a host goes away.

TARGET is a source's name or number, an identifier (doi:…), an address, or a host name.
"""

from __future__ import annotations

import argparse
import json
import sys

from ..impact import Impact, impact_of
from ..knowledge_base import KnowledgeBase
from .terminal import paint, table

__all__ = ["add_arguments", "run"]

_WORDS = {
    "en": {
        "if": "If {target} goes away (addresses: {n})",
        "none": "No claim changes its footing.",
        "change": "Claims that change their footing: {n}",
        "lean": "Claims that lean on it in all (it is cited for them, or in a finding): {n}",
        "kept": "Still there: {kept}",
        "columns": ("claim", "now", "then", "statement"),
    },
    "de": {
        "if": "Wenn {target} wegfällt (Adressen: {n})",
        "none": "Keine Behauptung ändert ihren Halt.",
        "change": "Behauptungen, die ihren Halt ändern: {n}",
        "lean": "Behauptungen, die sich insgesamt darauf stützen (dafür zitiert oder in einem Befund): {n}",
        "kept": "Noch da: {kept}",
        "columns": ("Behauptung", "jetzt", "dann", "Aussage"),
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("target", metavar="SOURCE|URL|HOST", help="what goes away")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    kb = KnowledgeBase.open(arguments.kb)
    result = impact_of(kb, arguments.target)
    if arguments.format == "json":
        sys.stdout.write(_json(result, arguments.lang))
    else:
        sys.stdout.write(_text(result, kb, arguments.lang))
    return 0


def _text(result: Impact, kb: KnowledgeBase, language: str) -> str:
    words = _WORDS[language]
    several = len(kb.articles()) > 1  # then there is more than one claim-1
    lines = [paint(str(words["if"]).format(target=result.target, n=len(result.addresses)), "bold")]
    lines += [f"  {url}" for url in result.addresses]
    if result.kept:
        lines.append(str(words["kept"]).format(kept=", ".join(result.kept)))
    if result.changes:
        lines += ["", str(words["change"]).format(n=len(result.changes))]
        rows = [
            (
                kb.compact(c.claim.iri) if several else c.claim.name,
                c.claim.footing,
                c.after,
                c.claim.text(language),
            )
            for c in result.changes
        ]
        lines.append(table(words["columns"], rows))
    else:
        lines += ["", str(words["none"])]
    lines += ["", str(words["lean"]).format(n=len(result.leaning))]
    return "\n".join(lines) + "\n"


def _json(result: Impact, language: str) -> str:
    document = {
        "target": result.target,
        "addresses": result.addresses,
        "sources": [source.iri for source in result.sources],
        "kept": result.kept,
        "changes": [
            {
                "claim": change.claim.iri,
                "text": change.claim.text(language),
                "footing": change.claim.footing,
                "footing_after": change.after,
            }
            for change in result.changes
        ],
        "leaning": [claim.iri for claim in result.leaning],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
