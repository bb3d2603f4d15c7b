"""What the JSON API can be asked.

Each operation says itself what it takes; requests are checked by that, and `openapi` describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..vocabulary import Footing, Severity
from . import api_questions, facts_api
from .parameters import Parameter, text_parameter
from .state import State
from .words import LANGUAGES

__all__ = ["OPERATIONS", "Operation"]

_MOST_ITEMS = 500

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """Something that can be asked: a path below ``/api/``, what it takes, and what answers.

    :param path: may have one variable part, ``{name}``, which goes to ``run`` as a parameter.
    :param gives: the schema of the answer, by its name in `openapi`.
    """

    path: str
    title: str
    gives: str
    run: Callable[[State, Mapping[str, Any]], Any]
    parameters: tuple[Parameter, ...] = ()
    may_lack: bool = False


_PAGING = (
    Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": _MOST_ITEMS, "default": 50},
        "how many to give at most",
    ),
    Parameter(
        "offset",
        {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0},
        "how many to pass over",
    ),
)
_SEARCH = text_parameter("q", "words that all stand in its texts", minLength=1)
_LANGUAGE = Parameter(
    "language", {"type": "string", "enum": list(LANGUAGES), "default": "en"}, "language of the messages"
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("overview", "What the knowledge base holds, in numbers", "Overview", facts_api.overview),
    Operation("articles", "The articles with their sections", "Articles", facts_api.articles),
    Operation(
        "claims",
        "Claims in the order of the articles",
        "Claims",
        facts_api.claims,
        (
            text_parameter("article", "IRI of an article"),
            text_parameter("section", "title of a section"),
            Parameter(
                "footing", {"type": "string", "enum": [f.value for f in Footing]}, "what the claim stands on"
            ),
            text_parameter("category", "a word of the code list categories"),
            Parameter("core", {"type": "boolean"}, "whether it carries the article's message"),
            _SEARCH,
            *_PAGING,
        ),
    ),
    Operation(
        "claims/{name}", "One claim with all that hangs on it", "ClaimDetails", facts_api.claim, may_lack=True
    ),
    Operation(
        "sources",
        "Sources, numbered ones first",
        "Sources",
        facts_api.sources,
        (
            text_parameter("interest", "its publisher's interest, a word of the code list interests"),
            text_parameter("kind", "a word of the code list source-kinds"),
            text_parameter("verdict", "the verdict on one of its addresses"),
            _SEARCH,
            *_PAGING,
        ),
    ),
    Operation(
        "sources/{name}",
        "One source and every claim that leans on it",
        "SourceDetails",
        facts_api.source,
        may_lack=True,
    ),
    Operation(
        "findings",
        "What the audit finds, worst first",
        "Findings",
        facts_api.findings,
        (
            Parameter("severity", {"type": "string", "enum": [s.value for s in Severity]}, "how bad it is"),
            text_parameter("rule", "the rule's name"),
            text_parameter("claim", "IRI of a claim at stake"),
            _LANGUAGE,
            *_PAGING,
        ),
    ),
    Operation(
        "impact",
        "What loses its footing if a source, address or host goes away",
        "Impact",
        facts_api.impact,
        (
            Parameter(
                "target",
                {"type": "string", "minLength": 1, "maxLength": 2000},
                "a source's name or number, an address, or a host",
                required=True,
            ),
        ),
        may_lack=True,
    ),
    Operation("questions", "The named questions", "Questions", api_questions.questions),
    Operation(
        "questions/{name}/answer",
        "The answer to a named question; its parameters are the operation's",
        "QuestionAnswer",
        api_questions.answer,
        may_lack=True,
    ),
)
