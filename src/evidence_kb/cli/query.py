"""Ask a question of the knowledge base, and print the answer.

NAME is a named question (--list shows them); instead of it, the path of a .rq file, or - for
standard input. Parameters are given as --param name=value.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError, ParameterError, UsageError
from ..headers import text_of
from ..knowledge_base import KnowledgeBase
from ..questions import Question, question_from, read_question
from ..store import RemoteStore
from .formats.results import FORMATS, render
from .stopwatch import within
from .terminal import paint

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("question", nargs="?", metavar="NAME|FILE.rq|-", help="what to ask")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="K=V",
        help="a parameter of the question; may be repeated",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="table", help="(default: table, or turtle for triples)"
    )
    parser.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    parser.add_argument(
        "--timeout", type=float, metavar="S", help="stop a query that runs longer than S seconds"
    )
    parser.add_argument(
        "--list", action="store_true", help="list the questions, or tell all about the one named"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    if arguments.timeout is not None and not arguments.timeout > 0:
        raise UsageError("--timeout must be more than 0 seconds")
    if arguments.endpoint and not arguments.endpoint.lower().startswith(("http://", "https://")):
        raise UsageError(
            f"--endpoint {arguments.endpoint!r}: an endpoint's address begins with http:// or https://"
        )
    if arguments.list:
        kb = KnowledgeBase.open(arguments.kb)
        if arguments.question:
            sys.stdout.write(_describe(kb.questions[arguments.question], arguments.lang))
        else:
            sys.stdout.write(_listing(kb.questions, arguments.lang))
        return 0
    if not arguments.question:
        raise UsageError("name a question, a .rq file, or - for standard input (--list shows them)")
    text = sys.stdin.read() if arguments.question == "-" else None
    job = _Job(
        arguments.kb,
        arguments.question,
        text,
        _pairs(arguments.param),
        arguments.format,
        arguments.lang,
        arguments.endpoint,
        arguments.timeout,
    )
    sys.stdout.write(within(arguments.timeout, _answer, job))
    return 0


class _Job(NamedTuple):
    """All that a query needs, in a form that another process can be given."""

    folder: str | None
    question: str
    text: str | None
    parameters: dict[str, str]
    form: str
    language: str
    endpoint: str | None
    timeout: float | None


def _answer(job: _Job) -> str:
    kb = KnowledgeBase.open(job.folder)
    question = _question(kb, job)
    parameters = dict(job.parameters)
    if any(p.name == "language" for p in question.parameters):
        parameters.setdefault("language", job.language)
    store = RemoteStore(job.endpoint, job.timeout or 60.0) if job.endpoint else None
    result = kb.query(question, store, **parameters)
    return render(result, job.form, kb.config.prefixes, kb.compact)


def _question(kb: KnowledgeBase, job: _Job) -> Question:
    if job.text is not None:
        return question_from("standard input", job.text)
    path = Path(job.question)
    if path.suffix == ".rq" or "/" in job.question:
        if not path.exists():
            raise InputError("there is no such file", path)
        return read_question(path)
    return kb.questions[job.question]


def _pairs(words: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise ParameterError(f"--param {word!r} must be written name=value")
        if name in pairs:
            raise ParameterError(f"--param {name} is given twice")
        pairs[name] = value
    return pairs


def _listing(questions: Iterable[Question], language: str) -> str:
    by_tag: dict[str, list[Question]] = {}
    for question in questions:
        by_tag.setdefault(question.tags[0] if question.tags else "own", []).append(question)
    width = max((len(q.name) for group in by_tag.values() for q in group), default=0)
    lines = []
    for tag in sorted(by_tag):
        lines += ["", paint(tag, "bold")]
        for question in by_tag[tag]:
            takes = "".join(f" [{p.name}]" for p in question.parameters if p.name != "language")
            lines.append(f"  {question.name:{width}}  {text_of(question.title, language)}{takes}")
    return "\n".join(lines[1:]) + "\n" if lines else ""


def _describe(question: Question, language: str) -> str:
    lines = [paint(text_of(question.title, language), "bold"), text_of(question.summary, language)]
    for parameter in question.parameters:
        default = f" (default: {parameter.default})" if parameter.default is not None else ""
        example = f" (example: {parameter.example})" if parameter.example else ""
        scheme = f" of {parameter.scheme}" if parameter.scheme else ""
        lines.append(
            f"  --param {parameter.name}=…  {parameter.type}{scheme}: "
            f"{text_of(parameter.description, language)}{default}{example}"
        )
    for column, meaning in question.columns.items():
        lines.append(f"  ?{column}  {text_of(meaning, language)}")
    return "\n".join(line for line in lines if line) + "\n"
