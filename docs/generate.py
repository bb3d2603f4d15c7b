"""Writes the reference pages from what the code and the query files say of themselves.

python docs/generate.py            write docs/commands.md, docs/questions.md and docs/rules.md
python docs/generate.py --check    write nothing; exit 1 if a page is out of date
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from evidence_kb import KnowledgeBase
from evidence_kb.audit import all_rules
from evidence_kb.cli.main import COMMANDS, parser_of, top_parser
from evidence_kb.vocabulary import Severity

DOCS = Path(__file__).resolve().parent
INTRODUCTION = """\
`kb audit --rule ID` runs one of them. Rules of kind *structure* say the same as `ontology/shapes.ttl`;
*judgement* rules say what an article does wrong; *article* rules need the article's text (`--article`).
"""
NOTE = "<!-- Written by docs/generate.py; change what it reads, not this page. -->\n"


def commands() -> str:
    """Every command's ``--help``."""
    os.environ["COLUMNS"] = "100"
    parts = ["# Commands\n", NOTE, "```text\n" + top_parser().format_help() + "```\n"]
    for name in COMMANDS:
        parts += [f"## kb {name}\n", "```text\n" + parser_of(name).format_help() + "```\n"]
    return "\n".join(parts)


def questions(kb: KnowledgeBase) -> str:
    """Every shipped question, by its first tag."""
    by_tag: dict[str, list[str]] = {}
    for question in kb.questions:
        lines = [f"### {question.name}\n", f"{question.title['en']}. {question.summary['en']}\n"]
        lines += [
            f"- `--param {p.name}=…` ({p.type}): {p.description['en']}"
            + (f"; default `{p.default}`" if p.default is not None else "; required")
            + (f", for example `{p.example}`" if p.example else "")
            for p in question.parameters
        ]
        lines += ["", "| column | meaning |", "| --- | --- |"]
        lines += [f"| `{column}` | {text['en']} |" for column, text in question.columns.items()]
        by_tag.setdefault(question.tags[0], []).append("\n".join(lines) + "\n")
    parts = ["# Questions\n", NOTE, "Asked with `kb query NAME`; `kb query --list` lists them.\n"]
    for tag in sorted(by_tag):
        parts += [f"## {tag}\n", *by_tag[tag]]
    return "\n".join(parts)


def rules(kb: KnowledgeBase) -> str:
    """Every audit rule, worst first."""
    parts = [
        "# Audit rules\n",
        NOTE,
        INTRODUCTION,
        *_rules(kb),
    ]
    return "\n".join(parts)


def _rules(kb: KnowledgeBase) -> Iterator[str]:
    found = sorted(all_rules(kb), key=lambda r: (list(Severity).index(r.severity), r.kind, r.id))
    for rule in found:
        yield f"## {rule.id}\n"
        yield f"**{rule.title['en']}** ({rule.severity}, {rule.kind})\n"
        yield f"{rule.why['en']}\n\n*To mend it:* {rule.mend['en']}\n"


def main() -> int:
    """Write or check the pages."""
    kb = KnowledgeBase.open(DOCS.parent / "kb")
    stale = []
    for name, text in (
        ("commands.md", commands()),
        ("questions.md", questions(kb)),
        ("rules.md", rules(kb)),
    ):
        page = DOCS / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/{name} {'is out of date' if '--check' in sys.argv else 'written'}")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
