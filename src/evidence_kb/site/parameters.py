"""Parameters of the JSON API's operations: what they look like, and requests checked by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .protocol import Refusal

__all__ = ["Parameter", "checked", "question_parameters", "text_parameter"]

_LONGEST_TEXT = 200

Json = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation.

    :param schema: its JSON Schema: a string, integer or boolean, with enum, pattern, default and bounds.
    """

    name: str
    schema: Json
    description: str
    required: bool = False
    example: object = None


def text_parameter(name: str, description: str, **schema: Any) -> Parameter:
    """A parameter that takes a short text."""
    return Parameter(name, {"type": "string", "maxLength": _LONGEST_TEXT, **schema}, description)


def checked(parameters: Sequence[Parameter], given: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Values of parameters, of the right type, with defaults.

    :raises Refusal: 400.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, Any] = {}
    for name, text in given:
        if name not in known:
            there = ", ".join(known) or "none"
            raise Refusal(400, "Bad parameter", f"there is no parameter {name!r}; there are: {there}")
        if name in values:
            raise Refusal(400, "Bad parameter", f"{name} is given twice")
        values[name] = _value(known[name], text)
    for parameter in parameters:
        if parameter.required and parameter.name not in values:
            raise Refusal(400, "Missing parameter", f"{parameter.name} is needed: {parameter.description}")
        values.setdefault(parameter.name, parameter.schema.get("default"))
    return values


def _value(parameter: Parameter, text: str) -> Any:
    schema = parameter.schema
    wrong = Refusal(400, "Bad parameter", f"{parameter.name} must be {_wanted(schema)}, not {text[:60]!r}")
    if schema["type"] == "integer":
        if not re.fullmatch(r"-?\d{1,18}", text, re.A):
            raise wrong
        number = int(text)
        if not schema.get("minimum", number) <= number <= schema.get("maximum", number):
            raise wrong
        return number
    if schema["type"] == "boolean":
        if text not in {"true", "false"}:
            raise wrong
        return text == "true"
    fits = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    if not fits or text not in schema.get("enum", [text]):
        raise wrong
    if "pattern" in schema and not re.search(schema["pattern"], text):
        raise wrong
    return text


def _wanted(schema: Json) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if schema["type"] == "integer":
        return f"a whole number from {schema.get('minimum', '…')} to {schema.get('maximum', '…')}"
    if schema["type"] == "boolean":
        return "true or false"
    shape = f" that fits {schema['pattern']}" if "pattern" in schema else ""
    return f"a text of up to {schema.get('maxLength', '…')} characters{shape}"


_SHAPES = {
    "integer": {"type": "integer", "minimum": -(10**9), "maximum": 10**9},
    "code": {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 60},
    "language": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", "maxLength": 35},
    "date": {
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
        "maxLength": 40,
    },
}


def question_parameters(parameters: Iterable[Any]) -> tuple[Parameter, ...]:
    """The parameters of a named question as those of an operation."""
    made = []
    for p in parameters:
        schema: Json = dict(_SHAPES.get(p.type, {"type": "string", "maxLength": _LONGEST_TEXT}))
        if p.default is not None:
            schema["default"] = int(p.default) if p.type == "integer" else p.default
        text = p.description.get("en", "")
        made.append(Parameter(p.name, schema, text, required=p.default is None, example=p.example))
    return tuple(made)
