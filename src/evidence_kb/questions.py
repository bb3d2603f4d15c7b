"""Named questions: SPARQL files that say what they answer and what they take.

Parameters are variables named ``?_name``. A value is first made an RDF term (an IRI that pyoxigraph
accepts, a literal that it serialises); the term then stands where the variable stood, token by token,
never inside a string, an IRI or a comment. So a value cannot change the query's shape, and the same
text runs on every SPARQL engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph as ox

from .errors import InputError, ParameterError, UnknownName
from .headers import Text, read_header, read_query, text_of
from .sparql import parameters_of, substitute
from .vocabulary import PREFIXES, code

__all__ = ["Parameter", "Question", "Questions", "question_from", "read_question"]

_TYPES = ("string", "iri", "integer", "language", "date", "code")
_NO_TEXT: Text = MappingProxyType({})
_LANGUAGE = r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"
_DATE = r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?"

#: Finds the IRI that a user's name for a claim, source or term means.
Resolver = Callable[[str], str]


class Parameter(NamedTuple):
    """Something a question wants to know before it can be asked.

    :param type: string, iri, integer, language, date (xsd:date or xsd:dateTime) or code.
    :param scheme: for codes, the code list, for example ``categories``.
    :param default: the value used where none is given; ``None`` makes the parameter required.
    """

    name: str
    type: str
    description: Text
    default: str | None = None
    example: str | None = None
    scheme: str | None = None

    def term(self, value: str, resolve: Resolver | None = None) -> ox.NamedNode | ox.Literal:
        """``value`` as an RDF term.

        :raises ParameterError: the value does not fit the type.
        """
        try:
            return self._term(value, resolve)
        except ValueError as error:
            example = f", for example {self.example}" if self.example else ""
            raise ParameterError(
                f"parameter {self.name!r} wants {self._wanted()}{example}, not {value!r} ({error})"
            ) from None

    def _term(self, value: str, resolve: Resolver | None) -> ox.NamedNode | ox.Literal:
        xsd = PREFIXES["xsd"]
        match self.type:
            case "iri":
                return ox.NamedNode(resolve(value) if resolve else value)
            case "code":
                if not re.fullmatch(r"[a-z0-9-]+", value):
                    raise ValueError("a code is a hyphenated lower-case word")
                return ox.NamedNode(code(value))
            case "integer":
                return ox.Literal(str(int(value)), datatype=ox.NamedNode(xsd + "integer"))
            case "date":
                if not re.fullmatch(_DATE, value):
                    raise ValueError("a date is written 2026-09-30 or 2026-09-30T06:00:00Z")
                kind = "dateTime" if "T" in value else "date"
                return ox.Literal(value, datatype=ox.NamedNode(xsd + kind))
            case "language":
                if not re.fullmatch(_LANGUAGE, value):
                    raise ValueError("a language tag is like de or en-GB")
                return ox.Literal(value.lower())
            case _:
                return ox.Literal(value)

    def _wanted(self) -> str:
        return {
            "iri": "the name or IRI of something in the knowledge base",
            "code": f"a word of the code list {self.scheme or ''}".rstrip(),
            "integer": "a whole number",
            "date": "a date",
            "language": "a language tag",
        }.get(self.type, "a text")


class Question(NamedTuple):
    """A SPARQL query with a name, a description and parameters."""

    name: str
    text: str
    path: Path | None = None
    title: Text = _NO_TEXT
    summary: Text = _NO_TEXT
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, Text] = MappingProxyType({})

    def bind(self, values: Mapping[str, str], resolve: Resolver | None = None) -> str:
        """The query's text with its parameters in place.

        :param values: parameter values as a user writes them; missing ones take their default.
        :param resolve: turns a user's name into an IRI, for parameters of type iri.
        :raises ParameterError: a parameter is unknown, missing, or has an unusable value.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise UnknownName(f"parameter of {self.name}", name, known, self._parameters_hint())
        terms: dict[str, str] = {}
        for parameter in self.parameters:
            value = values.get(parameter.name, parameter.default)
            if value is None:
                example = f", for example --param {parameter.name}={parameter.example}"
                raise ParameterError(
                    f"{self.name} needs --param {parameter.name}=…: "
                    f"{text_of(parameter.description, 'en')}{example if parameter.example else ''}"
                )
            terms["_" + parameter.name] = str(parameter.term(value, resolve))
        return substitute(self.text, terms)

    def _parameters_hint(self) -> str:
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"it takes {names}" if names else "it takes no parameters"


class Questions:
    """The questions of one or more folders, read when they are asked for; later folders win."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._paths = {path.stem: path for folder in folders for path in sorted(folder.glob("*.rq"))}

    def names(self) -> list[str]:
        """Every question's name, sorted."""
        return sorted(self._paths)

    def __getitem__(self, name: str) -> Question:
        """The question of that name.

        :raises UnknownName: there is none; the nearest ones are suggested.
        """
        if name not in self._paths:
            raise UnknownName("question", name, self._paths, "kb query --list shows them all")
        return read_question(self._paths[name])

    def __iter__(self) -> Iterator[Question]:
        return (self[name] for name in self.names())


def read_question(path: Path) -> Question:
    """A query file with its header.

    :raises InputError: the file cannot be read, or its header is not understood.
    """
    text = read_query(path)
    return question_from(path.stem, text, path)


def question_from(name: str, text: str, path: Path | None = None) -> Question:
    """A question from its text; without a header, its ``?_name`` variables are string parameters.

    :raises InputError: the header is not understood.
    """
    header = read_header(text, path or name)
    declared = header.get("parameters") or {}
    if not isinstance(declared, dict):
        raise InputError("'parameters' must be 'name: {type: …}' lines", path or name)
    parameters = [_parameter(key, value, path or name) for key, value in declared.items()]
    undeclared = parameters_of(text) - {parameter.name for parameter in parameters}
    if header and undeclared:
        missing = ", ".join(sorted(undeclared))
        raise InputError(f"?_{missing} is used but not declared under 'parameters'", path or name)
    parameters += [Parameter(key, "string", {"en": "a text"}) for key in sorted(undeclared)]
    return Question(
        name,
        text,
        path,
        _texts(header.get("title")),
        _texts(header.get("summary")),
        tuple(map(str, header.get("tags") or ())),
        tuple(parameters),
        {str(k): _texts(v) for k, v in (header.get("columns") or {}).items()},
    )


def _parameter(name: object, value: object, where: object) -> Parameter:
    if not isinstance(value, dict) or value.get("type") not in _TYPES:
        raise InputError(f"parameter {name!r} needs a type: {', '.join(_TYPES)}", where)

    def word(key: str) -> str | None:
        return None if value.get(key) is None else str(value[key])

    return Parameter(
        str(name),
        str(value["type"]),
        _texts(value.get("description")),
        word("default"),
        word("example"),
        word("scheme"),
    )


def _texts(value: object) -> Text:
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items()}
    return {} if value is None else {"en": str(value)}
