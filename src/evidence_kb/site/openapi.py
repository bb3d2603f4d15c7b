"""What the JSON API offers, as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..headers import text_of
from ..vocabulary import Basis, Direction, Footing, Severity, Standing, Verdict
from .api import OPERATIONS, Operation, Parameter, question_parameters
from .outbox import Outbox

if TYPE_CHECKING:
    from .tasks import Tasks

__all__ = ["document", "write_document", "write_page"]

Json = dict[str, Any]


def write_document(tasks: Tasks, job: Mapping[str, Any], out: Outbox) -> None:
    """The document, for the address that this server is reached by."""
    out.head(200, "application/json")
    out.write(json.dumps(document(tasks, job["root"]), ensure_ascii=False).encode())


def write_page(tasks: Tasks, job: Mapping[str, Any], out: Outbox) -> None:
    """The same as a page for people; it loads nothing but the site's own style."""
    found = document(tasks, job["root"])
    operations = [(path, item["get"]) for path, item in found["paths"].items()]
    out.head(200, "text/html; charset=utf-8")
    page = tasks.pages.fill("api.html", job["language"], 0, operations=operations, root=job["root"])
    out.write(page.encode())


def document(tasks: Tasks, root: str) -> Json:
    """The document as JSON."""
    from .. import __version__

    paths: Json = {}
    for operation in OPERATIONS:
        if operation.gives == "QuestionAnswer":
            for question in tasks.kb.questions:
                path = f"/api/questions/{question.name}/answer"
                title = text_of(question.title, "en")
                parameters = question_parameters(question.parameters)
                may_lack = any(p.type == "iri" for p in question.parameters)
                paths[path] = _item(operation, parameters, title, f"answer_{question.name}", may_lack)
        else:
            name = operation.path.replace("/{name}", "_one")
            paths[f"/api/{operation.path}"] = _item(
                operation, operation.parameters, operation.title, name, operation.may_lack
            )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{tasks.facts.name}: facts",
            "version": __version__,
            "description": "Claims, the sources they rest on, and what falls when a link dies. "
            "For everything else there is SPARQL at /sparql.",
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": _schemas(), "responses": _responses()},
    }


def _item(
    operation: Operation, parameters: tuple[Parameter, ...], title: str, name: str, may_lack: bool
) -> Json:
    described = [_described(parameter) for parameter in parameters]
    if "{name}" in operation.path and operation.gives != "QuestionAnswer":
        described.append(
            {
                "name": "name",
                "in": "path",
                "required": True,
                "description": "the last part of its IRI, a number, an identifier or a prefixed name",
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 300,
                    "pattern": "^[A-Za-z0-9:_.-]+$",
                },
            }
        )
    responses: Json = {
        "200": {
            "description": "the answer",
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{operation.gives}"}}},
        },
        "304": {"description": "the answer is the one whose ETag was sent"},
        "400": {"$ref": "#/components/responses/Problem"},
        "503": {"$ref": "#/components/responses/Problem"},
        "504": {"$ref": "#/components/responses/Problem"},
    }
    if may_lack:
        responses["404"] = {"$ref": "#/components/responses/Problem"}
    return {
        "get": {
            "operationId": name.replace("/", "_").replace("-", "_"),
            "summary": title,
            "parameters": described,
            "responses": responses,
        }
    }


def _described(parameter: Parameter) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description or parameter.name,
        "schema": parameter.schema,
    }
    if parameter.example is not None:
        integer = parameter.schema["type"] == "integer"
        described["example"] = int(str(parameter.example)) if integer else str(parameter.example)
    return described


def _responses() -> Json:
    return {
        "Problem": {
            "description": "why there is no answer (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }


# -- schemas -----------------------------------------------------------------------------------------

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_TEXTS: Json = {"type": "object", "description": "texts by language tag", "additionalProperties": _TEXT}
_TEXT_LIST: Json = {"type": "array", "items": _TEXT}


def _or_null(schema: Json) -> Json:
    if "enum" in schema:
        return {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _word(kind: Any) -> Json:
    return {"type": "string", "enum": [member.value for member in kind]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _object(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


def _with(name: str, **more: Json) -> Json:
    return {"allOf": [_ref(name), _object(**more)]}


def _paged(name: str) -> Json:
    return _object(items=_list(_ref(name)), total=_COUNT, offset=_COUNT, limit=_COUNT)


def _schemas() -> Json:
    maybe = _or_null(_TEXT)
    number = _or_null({"type": "integer"})
    return {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "line": {"type": "integer", "minimum": 1},
                "column": {"type": "integer", "minimum": 1},
            },
        },
        "Overview": _object(
            name=_TEXT,
            base=_TEXT,
            languages=_TEXT_LIST,
            version=_TEXT,
            articles=_COUNT,
            claims=_COUNT,
            sources=_COUNT,
            findings=_COUNT,
            footings={"type": "object", "additionalProperties": _COUNT},
            audit={"type": "object", "additionalProperties": _COUNT},
        ),
        "Articles": _object(items=_list(_ref("Article"))),
        "Article": _object(
            iri=_TEXT,
            titles=_TEXTS,
            language=maybe,
            url=maybe,
            publisher=maybe,
            interest=maybe,
            sections=_list(_object(iri=maybe, position=number, titles=_TEXTS, claims=_COUNT)),
            claims=_COUNT,
            entries=_COUNT,
        ),
        "Claims": _paged("Claim"),
        "Claim": _object(
            iri=_TEXT,
            name=_TEXT,
            article=maybe,
            section=maybe,
            position=number,
            texts=_TEXTS,
            category=maybe,
            wording=maybe,
            core={"type": "boolean"},
            footing=_word(Footing),
            via=maybe,
        ),
        "ClaimDetails": _with(
            "Claim",
            passages=_TEXT_LIST,
            topics=_TEXT_LIST,
            appeals=_TEXT_LIST,
            contradicts=_TEXT_LIST,
            citations=_list(_object(iri=_TEXT, source=_TEXT, function=_TEXT, mark=maybe)),
            findings=_list(_ref("EvidenceLine")),
            audit=_list(_ref("Finding")),
        ),
        "EvidenceLine": _object(
            iri=_TEXT,
            claim=_TEXT,
            source=_TEXT,
            direction=_word(Direction),
            basis=_word(Basis),
            reasons=_TEXT_LIST,
            certainty=maybe,
            quote=maybe,
            descriptions=_TEXTS,
            agent=maybe,
            generated_at=maybe,
        ),
        "Sources": _paged("Source"),
        "Source": _object(
            iri=_TEXT,
            name=_TEXT,
            numbers=_list({"type": "integer"}),
            titles=_TEXTS,
            kind=maybe,
            publisher=maybe,
            interest=maybe,
            identifiers=_TEXT_LIST,
            addresses=_list(_ref("Address")),
        ),
        "Address": _object(
            url=_TEXT,
            verdict=_or_null(_word(Verdict)),
            standing=_or_null(_word(Standing)),
            last_checked=maybe,
            last_alive=maybe,
            archived=_TEXT_LIST,
        ),
        "SourceDetails": _with(
            "Source",
            entries=_list(_object(iri=_TEXT, number=number, title=_TEXT, printed_address=maybe)),
            study_design=_TEXT_LIST,
            primary_sources=_TEXT_LIST,
            claims=_list(_ref("Claim")),
            findings=_list(_ref("EvidenceLine")),
            falls={"type": "object", "additionalProperties": _word(Footing)},
        ),
        "Findings": _paged("Finding"),
        "Finding": _object(
            rule=_TEXT,
            severity=_word(Severity),
            subject=_TEXT,
            message=_TEXT,
            file=maybe,
            line=number,
            claims=_TEXT_LIST,
        ),
        "Impact": _object(
            target=_TEXT,
            addresses=_TEXT_LIST,
            sources=_list(_ref("Source")),
            kept=_TEXT_LIST,
            changes=_list(_object(claim=_ref("Claim"), after=_word(Footing))),
            leaning=_list(_ref("Claim")),
        ),
        "Questions": _object(
            items=_list(
                _object(
                    name=_TEXT,
                    titles=_TEXTS,
                    summaries=_TEXTS,
                    tags=_TEXT_LIST,
                    parameters=_list(
                        _object(
                            name=_TEXT,
                            type=_TEXT,
                            descriptions=_TEXTS,
                            required={"type": "boolean"},
                            default=maybe,
                            example=maybe,
                        )
                    ),
                    columns={"type": "object", "additionalProperties": _TEXTS},
                )
            )
        ),
        "QuestionAnswer": _object(
            kind={"type": "string", "enum": ["table", "graph", "truth"]},
            columns=_TEXT_LIST,
            rows=_list({"type": "object", "additionalProperties": {"type": ["string", "boolean", "null"]}}),
        ),
    }
