"""The shapes of what the JSON API gives, as JSON Schema; `openapi` refers to them by name."""

from __future__ import annotations

from typing import Any

from ..vocabulary import Basis, Direction, Footing, Severity, Standing, Verdict

__all__ = ["schemas"]

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_TEXTS: Json = {"type": "object", "description": "texts by language tag", "additionalProperties": _TEXT}
_TEXT_LIST: Json = {"type": "array", "items": _TEXT}


def schemas() -> Json:
    """Every schema by its name."""
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
