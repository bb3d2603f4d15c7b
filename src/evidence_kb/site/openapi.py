"""What the JSON API offers, as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..headers import text_of
from .openapi_schemas import schemas
from .operations import OPERATIONS, Operation
from .outbox import Outbox
from .parameters import Parameter, question_parameters
from .state import State

__all__ = ["document", "write_document", "write_page"]

Json = dict[str, Any]


def write_document(state: State, job: Mapping[str, Any], out: Outbox) -> None:
    """The document, for the address that this server is reached by."""
    out.head(200, "application/json")
    out.write(json.dumps(document(state, job["root"]), ensure_ascii=False).encode())


def write_page(state: State, job: Mapping[str, Any], out: Outbox) -> None:
    """The same as a page for people; it loads nothing but the site's own style."""
    found = document(state, job["root"])
    operations = [(path, item["get"]) for path, item in found["paths"].items()]
    out.head(200, "text/html; charset=utf-8")
    page = state.pages.fill("api.html", job["language"], 0, operations=operations, root=job["root"])
    out.write(page.encode())


def document(state: State, root: str) -> Json:
    """The document as JSON."""
    from .. import __version__

    paths: Json = {}
    for operation in OPERATIONS:
        if operation.gives == "QuestionAnswer":
            for question in state.kb.questions:
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
            "title": f"{state.facts.name}: facts",
            "version": __version__,
            "description": "Claims, the sources they rest on, and what falls when a link dies. "
            "For everything else there is SPARQL at /sparql.",
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": schemas(), "responses": _responses()},
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
    is_paged = any(parameter.name == "offset" for parameter in parameters)
    responses: Json = {
        "200": {
            "description": "the answer",
            **({"headers": _LINK} if is_paged else {}),
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


_LINK: Json = {
    "Link": {
        "description": "where the other pages are: first, last, prev, next (RFC 8288)",
        "schema": {"type": "string"},
    }
}
