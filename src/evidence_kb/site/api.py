"""The JSON API: the facts that pages show, for programs that do not speak SPARQL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

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
