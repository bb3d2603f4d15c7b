"""Check the knowledge base: what is wrong, worst first, and which claims are at stake.

Exit code 1 if there are findings at or above --fail-on. An earlier run's --format json, given as
--baseline, accepts what is known, so that only what is new counts.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from ..audit import Report, all_rules, read_baseline, run_audit
from ..audit.rules import Rule
from ..errors import UnknownName, UsageError
from ..knowledge_base import KnowledgeBase
from ..vocabulary import Severity
from .terminal import warn

__all__ = ["FORMATS", "add_arguments", "articles_given", "run"]

FORMATS = ("text", "json", "markdown", "sarif", "junit", "github")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        help="the least severe finding that counts (default: kb.toml's, else error)",
    )
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="findings that are known: audit JSON")
    parser.add_argument(
        "--article",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="an article, in any format kb add reads: look its passages up in it; NAME is its folder",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="ID",
        help="run only this rule; say why and how",
    )
    parser.add_argument(
        "--all", action="store_true", help="text: every finding, not only the first of each rule"
    )
    parser.add_argument(
        "--shacl", action="store_true", help="check structure by ontology/shapes.ttl with pySHACL"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    kb = KnowledgeBase.open(arguments.kb)
    for line in kb.config.warnings:
        warn(line)
    if arguments.shacl:
        if arguments.rule or arguments.article:
            raise UsageError("--shacl checks structure only; leave out --rule and --article")
        from ..audit.shacl import run_shapes

        report = run_shapes(kb, arguments.lang)
    else:
        rules = _chosen(all_rules(kb), arguments.rule)
        report = run_audit(kb, _texts(articles_given(kb, arguments.article)), arguments.lang, rules)
    if arguments.baseline:
        report = read_baseline(arguments.baseline).apply(report)
        _say_settled(kb, report)
    formatter = import_module(f".formats.audit_{arguments.format}", __package__)
    every = arguments.all or bool(arguments.rule)
    sys.stdout.write(formatter.render(report, kb, arguments.lang, every))
    return 1 if report.fails(_threshold(kb, arguments.fail_on)) else 0


def _threshold(kb: KnowledgeBase, word: str | None) -> Severity | None:
    if word is None:
        return kb.config.fail_on
    return None if word == "never" else Severity(word)


def _chosen(rules: list[Rule], wanted: list[str]) -> list[Rule]:
    by_id = {rule.id: rule for rule in rules}
    for name in wanted:
        if name not in by_id:
            raise UnknownName("audit rule", name, by_id)
    return [by_id[name] for name in dict.fromkeys(wanted)] if wanted else rules


def articles_given(kb: KnowledgeBase, given: list[str]) -> dict[str, Path]:
    """Article IRI and the file of its text, for each ``--article``."""
    found = kb.articles()
    files = {}
    for word in given:
        name, equals, file = word.partition("=")
        if not equals:
            if len(found) != 1:
                known = ", ".join(sorted(found)) or "none yet"
                raise UsageError(f"--article NAME={word}: name one of the articles ({known})")
            name, file = next(iter(found)), word
        if name not in found:
            raise UnknownName("article", name, found)
        files[found[name]] = Path(file)
    return files


def _texts(files: dict[str, Path]) -> dict[str, str]:
    if not files:
        return {}
    from ..articles import texts_of  # its parsers are heavy

    return texts_of(files)


def _say_settled(kb: KnowledgeBase, report: Report) -> None:
    if report.settled:
        rule, subject = report.settled[0]
        more = f" and {len(report.settled) - 1} more" if len(report.settled) > 1 else ""
        warn(f"the baseline accepts what is no longer there: {rule} of {kb.compact(subject)}{more}")
