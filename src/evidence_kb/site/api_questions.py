"""The named questions in the JSON API: what there is to ask, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Triple

from ..errors import KbError, ParameterError, QueryError, UnknownName
from ..store import Graph, Table, Term
from .parameters import Parameter, question_parameters
from .protocol import Refusal
from .results import too_many
from .state import State

__all__ = ["answer", "parameters_of", "questions"]

Json = dict[str, Any]


def questions(state: State, values: Mapping[str, Any]) -> Json:
    """The named questions."""
    return {
        "items": [
            {
                "name": question.name,
                "titles": dict(question.title),
                "summaries": dict(question.summary),
                "tags": list(question.tags),
                "parameters": [
                    {
                        "name": p.name,
                        "type": p.type,
                        "descriptions": dict(p.description),
                        "required": p.default is None,
                        "default": p.default,
                        "example": p.example,
                    }
                    for p in question.parameters
                ],
                "columns": {name: dict(meaning) for name, meaning in question.columns.items()},
            }
            for question in state.kb.questions
        ]
    }


def answer(state: State, values: Mapping[str, Any]) -> Json:
    """The answer to a named question.

    :raises Refusal: 404, a name means nothing here; 400, a parameter is not as it should be; 422.
    """
    given = {name: str(value) for name, value in values.items() if name != "name" and value is not None}
    question = state.kb.questions[values["name"]]
    iris = {parameter.name for parameter in question.parameters if parameter.type == "iri"}
    try:
        result = state.kb.query(question, **given)
    except (ParameterError, QueryError) as error:
        raise Refusal(404 if iris else 400, "Bad parameter", str(error)) from None
    except KbError as error:  # a name that means nothing here, or several things
        raise Refusal(404, "Not found", str(error)) from None
    if isinstance(result, Table):
        if len(result) > state.limits.rows:
            raise too_many(state.limits.rows, "rows")
        rows = [{c: _plain(t) for c, t in zip(result.columns, row, strict=True)} for row in result.rows]
        return {"kind": "table", "columns": list(result.columns), "rows": rows}
    if isinstance(result, Graph):
        return {
            "kind": "graph",
            "columns": ["subject", "predicate", "object"],
            "rows": [
                {"subject": _plain(t.subject), "predicate": t.predicate.value, "object": _plain(t.object)}
                for t in result.triples
            ],
        }
    return {"kind": "truth", "columns": ["answer"], "rows": [{"answer": result}]}


def _plain(term: Term | Triple | None) -> str | None:
    return None if term is None else str(term) if isinstance(term, Triple) else term.value


def parameters_of(state: State, name: str) -> tuple[Parameter, ...]:
    """The parameters that a named question takes.

    :raises Refusal: 404, there is no such question.
    """
    try:
        return question_parameters(state.kb.questions[name].parameters)
    except UnknownName as error:
        raise Refusal(404, "Not found", str(error)) from None
