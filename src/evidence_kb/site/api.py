"""The JSON API: the facts that pages show, for programs that do not speak SPARQL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ..errors import UnknownName
from . import api_questions
from .operations import OPERATIONS, Operation
from .outbox import Outbox
from .parameters import checked
from .protocol import Refusal
from .state import State

__all__ = ["answer"]


def answer(state: State, job: Mapping[str, Any], out: Outbox) -> int | None:
    """Run the operation that a request names, and write what it gives.

    :raises Refusal: 404, there is no such operation or thing; 400, a parameter is not as it should be.
    """
    operation, fixed = _operation(job["path"])
    if operation.gives == "QuestionAnswer":
        parameters = api_questions.parameters_of(state, fixed["name"])
    else:
        parameters = operation.parameters
    values = {**checked(parameters, job["parameters"]), **fixed}
    try:
        content = operation.run(state, values)
    except UnknownName as error:
        raise Refusal(404, "Not found", str(error)) from None
    link = _links(job, content)
    out.head(200, "application/json", {"Link": link} if link else None)
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


def _links(job: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """Where the other pages of a list are (RFC 8288), relative to the list's own address."""
    if "offset" not in content:
        return ""
    offset, limit, total = content["offset"], content["limit"], content["total"]
    places = {"first": 0, "last": max(total - 1, 0) // limit * limit}
    if offset > 0:
        places["prev"] = min(max(offset - limit, 0), places["last"])
    if offset + limit < total:
        places["next"] = offset + limit
    others = [(name, value) for name, value in job["parameters"] if name not in {"offset", "limit"}]
    return ", ".join(
        f'<?{urlencode([*others, ("limit", limit), ("offset", place)])}>; rel="{relation}"'
        for relation, place in places.items()
    )
