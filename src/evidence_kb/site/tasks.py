"""What a worker can be asked: queries, pages, facts, descriptions. Each answer goes into an outbox.

Everything here runs in a process that may be killed at any moment, and never in the server itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import api, description, linked_data, openapi, query
from .outbox import Outbox
from .protocol import Refusal
from .results import content_type
from .state import State

__all__ = ["do"]

Task = Callable[[State, Mapping[str, Any], Outbox], int | None]

_MEDIA = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
}


def do(state: State, job: Mapping[str, Any], out: Outbox) -> int | None:
    """Answer a job; gives the number of rows where there are any.

    :raises Refusal: it is not answered as asked.
    """
    return _TASKS[job["do"]](state, job, out)


def write_page(state: State, job: Mapping[str, Any], out: Outbox) -> None:
    """The HTML of one page.

    :raises Refusal: 404, there is none.
    """
    html = state.pages.render(job["path"])
    if html is None:
        raise Refusal(404, "Not found", f"there is no page {job['path']}")
    out.head(200, "text/html; charset=utf-8")
    out.write(html.encode())


def write_asset(state: State, job: Mapping[str, Any], out: Outbox) -> None:
    """A style sheet, script or search index.

    :raises Refusal: 404, there is none.
    """
    content = state.assets.get(job["path"])
    if content is None:
        raise Refusal(404, "Not found", f"there is no file {job['path']}")
    media = _MEDIA.get(Path(job["path"]).suffix, "application/octet-stream")
    out.head(200, content_type(media) if media != "text/javascript" else media + "; charset=utf-8")
    out.write(content if isinstance(content, bytes) else content.read_bytes())


_TASKS: dict[str, Task] = {
    "query": query.write_query_answer,
    "page": write_page,
    "asset": write_asset,
    "api": api.answer,
    "api-page": openapi.write_page,
    "openapi": openapi.write_document,
    "service": description.write_service,
    "void": description.write_void,
    "resource": linked_data.answer,
}
