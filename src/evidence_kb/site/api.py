"""The JSON API: the facts that pages show, for programs that do not speak SPARQL.

Each operation says itself what it takes; requests are checked by that, and `openapi` describes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Triple

from ..errors import KbError, ParameterError, QueryError, UnknownName
from ..model import Address, Claim, Finding, Source
from ..store import Graph, Table, Term
from ..vocabulary import Footing, Severity
from .outbox import Outbox
from .protocol import Refusal
from .results import too_many
from .words import LANGUAGES

if TYPE_CHECKING:
    from .tasks import Tasks

__all__ = ["OPERATIONS", "Operation", "Parameter", "answer", "question_parameters"]

_MOST_ITEMS = 500
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


@dataclass(frozen=True)
class Operation:
    """Something that can be asked: a path below ``/api/``, what it takes, and what answers.

    :param path: may have one variable part, ``{name}``, which goes to ``run`` as a parameter.
    :param gives: the schema of the answer, by its name in `openapi`.
    """

    path: str
    title: str
    gives: str
    run: Callable[[Tasks, Mapping[str, Any]], Any]
    parameters: tuple[Parameter, ...] = ()
    may_lack: bool = False


def answer(tasks: Tasks, job: Mapping[str, Any], out: Outbox) -> int | None:
    """Run the operation that a request names, and write what it gives.

    :raises Refusal: 404, there is no such operation or thing; 400, a parameter is not as it should be.
    """
    operation, fixed = _operation(job["path"])
    if operation.gives == "QuestionAnswer":
        parameters = _question_parameters_of(tasks, fixed["name"])
    else:
        parameters = operation.parameters
    values = {**_checked(parameters, job["parameters"]), **fixed}
    try:
        content = operation.run(tasks, values)
    except UnknownName as error:
        raise Refusal(404, "Not found", str(error)) from None
    out.head(200, "application/json")
    out.write(json.dumps(content, ensure_ascii=False).encode())
    items = content.get("items", content.get("rows"))
    return len(items) if isinstance(items, list) else None


def _operation(path: str) -> tuple[Operation, dict[str, str]]:
    for operation in OPERATIONS:
        pattern = re.escape(operation.path).replace(r"\{name\}", "(?P<name>.+)")
        found = re.fullmatch(pattern, path)
        if found:
            return operation, found.groupdict()
    raise Refusal(404, "Not found", f"there is no /api/{path}; /openapi.json says what there is")


def _checked(parameters: Sequence[Parameter], given: Iterable[Sequence[str]]) -> dict[str, Any]:
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


# -- things as JSON ----------------------------------------------------------------------------------


def claim_json(tasks: Tasks, claim: Claim) -> Json:
    """A claim in brief."""
    article = tasks.facts.article_of.get(claim.iri)
    return {
        "iri": claim.iri,
        "name": claim.name,
        "article": article.iri or None if article else None,
        "section": claim.section,
        "position": claim.position,
        "texts": dict(claim.texts),
        "category": claim.category,
        "wording": claim.wording,
        "core": claim.core,
        "footing": claim.footing.value,
        "via": claim.via,
    }


def source_json(source: Source) -> Json:
    """A source in brief."""
    return {
        "iri": source.iri,
        "name": source.name,
        "numbers": [entry.number for entry in source.entries if entry.number is not None],
        "titles": dict(source.titles),
        "kind": source.kind,
        "publisher": source.publisher,
        "interest": source.interest,
        "identifiers": list(source.identifiers),
        "addresses": [_address_json(address) for address in source.addresses],
    }


def _address_json(address: Address) -> Json:
    return {
        "url": address.url,
        "verdict": address.verdict.value if address.verdict else None,
        "standing": address.standing.value if address.standing else None,
        "last_checked": address.last_checked,
        "last_alive": address.last_alive,
        "archived": list(address.archived),
    }


def _finding_json(finding: Finding) -> Json:
    return {
        "iri": finding.iri,
        "claim": finding.claim,
        "source": finding.source,
        "direction": finding.direction.value,
        "basis": finding.basis.value,
        "reasons": list(finding.reasons),
        "certainty": finding.certainty,
        "quote": finding.quote,
        "descriptions": dict(finding.descriptions),
        "agent": finding.agent,
        "generated_at": finding.generated_at,
    }


def _page(items: Sequence[Any], values: Mapping[str, Any], shown: Callable[[Any], Json]) -> Json:
    start, count = values["offset"], values["limit"]
    return {
        "items": [shown(item) for item in items[start : start + count]],
        "total": len(items),
        "offset": start,
        "limit": count,
    }


def _says(texts: Iterable[str | None], wanted: str) -> bool:
    """Whether every word of ``wanted`` stands in one of the texts."""
    everything = " ".join(text for text in texts if text).casefold()
    return all(word in everything for word in wanted.casefold().split())


# -- operations --------------------------------------------------------------------------------------


def _overview(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    facts = tasks.facts
    return {
        "name": facts.name,
        "base": facts.base,
        "languages": list(tasks.kb.config.languages),
        "version": tasks.version,
        "articles": sum(bool(article.iri) for article in facts.articles),
        "claims": len(facts.claims),
        "sources": len(facts.sources),
        "findings": len(facts.findings),
        "footings": {footing.value: count for footing, count in facts.footings()},
        "audit": facts.report("en").summary(),
    }


def _articles(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    return {
        "items": [
            {
                "iri": article.iri,
                "titles": dict(article.titles),
                "language": article.language,
                "url": article.url,
                "publisher": article.publisher,
                "interest": article.interest,
                "sections": [
                    {
                        "iri": section.iri or None,
                        "position": section.position,
                        "titles": dict(section.titles),
                        "claims": len(section.claims),
                    }
                    for section in article.sections
                ],
                "claims": len(article.claims),
                "entries": len(article.entries),
            }
            for article in tasks.facts.articles
            if article.iri
        ]
    }


def _claims(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    def fits(claim: Claim) -> bool:
        article = tasks.facts.article_of.get(claim.iri)
        return (
            values["footing"] in {None, claim.footing.value}
            and values["category"] in {None, claim.category}
            and values["section"] in {None, claim.section}
            and values["core"] in {None, claim.core}
            and values["article"] in {None, article.iri if article else ""}
            and (values["q"] is None or _says([claim.name, *claim.texts.values()], values["q"]))
        )

    return _page([c for c in tasks.facts.claims.values() if fits(c)], values, lambda c: claim_json(tasks, c))


def _claim(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    facts = tasks.facts
    claim = _named(tasks, facts.claims, values["name"], "claim")
    return {
        **claim_json(tasks, claim),
        "passages": list(claim.passages),
        "topics": list(claim.topics),
        "appeals": list(claim.appeals),
        "contradicts": list(claim.contradicts),
        "citations": [
            {"iri": c.iri, "source": c.source, "function": c.function, "mark": c.mark}
            for c in claim.citations
        ],
        "findings": [_finding_json(f) for f in facts.findings_of_claim.get(claim.iri, ())],
        "audit": [_audit_json(f) for f in facts.audit_of("en").get(claim.iri, ())],
    }


def _sources(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    def fits(source: Source) -> bool:
        verdicts = {address.verdict.value for address in source.addresses if address.verdict}
        return (
            values["interest"] in {None, source.interest}
            and values["kind"] in {None, source.kind}
            and (values["verdict"] is None or values["verdict"] in verdicts)
            and (
                values["q"] is None
                or _says(
                    [source.name, source.publisher, *source.titles.values(), *source.identifiers],
                    values["q"],
                )
            )
        )

    return _page([s for s in tasks.facts.sources.values() if fits(s)], values, source_json)


def _source(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    facts = tasks.facts
    by_entry = {entry.iri: source for source in facts.sources.values() for entry in source.entries}
    source = _named(tasks, {**by_entry, **facts.sources}, values["name"], "source")
    return {
        **source_json(source),
        "entries": [
            {
                "iri": entry.iri,
                "number": entry.number,
                "title": entry.title,
                "printed_address": entry.printed_address,
            }
            for entry in source.entries
        ],
        "study_design": list(source.study_design),
        "primary_sources": list(source.primary_sources),
        "claims": [claim_json(tasks, c) for c in facts.claims_leaning.get(source.iri, ())],
        "findings": [_finding_json(f) for f in facts.findings_of_source.get(source.iri, ())],
        "falls": {iri: after.value for iri, after in facts.falls.get(source.iri, {}).items()},
    }


def _named(tasks: Tasks, things: Mapping[str, Any], name: str, kind: str) -> Any:
    """The thing that a name or IRI means.

    :raises UnknownName: there is none, or more than one.
    """
    if name in things:
        return things[name]
    try:
        iri = tasks.kb.resolve(name)
    except KbError:
        iri = ""
    if iri not in things:
        raise UnknownName(kind, name, (thing.name for thing in things.values()))
    return things[iri]


def _audit(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    found = [
        finding
        for finding in tasks.facts.report(values["language"]).findings
        if values["severity"] in {None, finding.severity.value}
        and values["rule"] in {None, finding.rule.id}
        and (values["claim"] is None or values["claim"] in {finding.subject, *finding.claims})
    ]
    return _page(found, values, _audit_json)


def _audit_json(finding: Any) -> Json:
    return {
        "rule": finding.rule.id,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "message": finding.message,
        "file": finding.file,
        "line": finding.line,
        "claims": list(finding.claims),
    }


def _impact(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    from ..impact import impact_of

    try:
        impact = impact_of(tasks.kb, values["target"])
    except KbError as error:
        raise Refusal(404, "Not found", str(error)) from None
    return {
        "target": impact.target,
        "addresses": list(impact.addresses),
        "sources": [source_json(source) for source in impact.sources],
        "kept": list(impact.kept),
        "changes": [
            {"claim": claim_json(tasks, change.claim), "after": change.after.value}
            for change in impact.changes
        ],
        "leaning": [claim_json(tasks, claim) for claim in impact.leaning],
    }


def _questions(tasks: Tasks, values: Mapping[str, Any]) -> Json:
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
            for question in tasks.kb.questions
        ]
    }


def _question(tasks: Tasks, values: Mapping[str, Any]) -> Json:
    given = {name: str(value) for name, value in values.items() if name != "name" and value is not None}
    question = tasks.kb.questions[values["name"]]
    iris = {parameter.name for parameter in question.parameters if parameter.type == "iri"}
    try:
        result = tasks.kb.query(question, **given)
    except (ParameterError, QueryError) as error:
        raise Refusal(404 if iris else 400, "Bad parameter", str(error)) from None
    except KbError as error:  # a name that means nothing here, or several things
        raise Refusal(404, "Not found", str(error)) from None
    if isinstance(result, Table):
        if len(result) > tasks.limits.rows:
            raise too_many(tasks.limits.rows, "rows")
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


def _question_parameters_of(tasks: Tasks, name: str) -> tuple[Parameter, ...]:
    try:
        return question_parameters(tasks.kb.questions[name].parameters)
    except UnknownName as error:
        raise Refusal(404, "Not found", str(error)) from None


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


def _text(name: str, description: str, **schema: Any) -> Parameter:
    return Parameter(name, {"type": "string", "maxLength": _LONGEST_TEXT, **schema}, description)


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
_SEARCH = _text("q", "words that all stand in its texts", minLength=1)
_LANGUAGE = Parameter(
    "language", {"type": "string", "enum": list(LANGUAGES), "default": "en"}, "language of the messages"
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("overview", "What the knowledge base holds, in numbers", "Overview", _overview),
    Operation("articles", "The articles with their sections", "Articles", _articles),
    Operation(
        "claims",
        "Claims in the order of the articles",
        "Claims",
        _claims,
        (
            _text("article", "IRI of an article"),
            _text("section", "title of a section"),
            Parameter(
                "footing", {"type": "string", "enum": [f.value for f in Footing]}, "what the claim stands on"
            ),
            _text("category", "a word of the code list categories"),
            Parameter("core", {"type": "boolean"}, "whether it carries the article's message"),
            _SEARCH,
            *_PAGING,
        ),
    ),
    Operation("claims/{name}", "One claim with all that hangs on it", "ClaimDetails", _claim, may_lack=True),
    Operation(
        "sources",
        "Sources, numbered ones first",
        "Sources",
        _sources,
        (
            _text("interest", "its publisher's interest, a word of the code list interests"),
            _text("kind", "a word of the code list source-kinds"),
            _text("verdict", "the verdict on one of its addresses"),
            _SEARCH,
            *_PAGING,
        ),
    ),
    Operation(
        "sources/{name}",
        "One source and every claim that leans on it",
        "SourceDetails",
        _source,
        may_lack=True,
    ),
    Operation(
        "findings",
        "What the audit finds, worst first",
        "Findings",
        _audit,
        (
            Parameter("severity", {"type": "string", "enum": [s.value for s in Severity]}, "how bad it is"),
            _text("rule", "the rule's name"),
            _text("claim", "IRI of a claim at stake"),
            _LANGUAGE,
            *_PAGING,
        ),
    ),
    Operation(
        "impact",
        "What loses its footing if a source, address or host goes away",
        "Impact",
        _impact,
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
    Operation("questions", "The named questions", "Questions", _questions),
    Operation(
        "questions/{name}/answer",
        "The answer to a named question; its parameters are the operation's",
        "QuestionAnswer",
        _question,
        may_lack=True,
    ),
)
