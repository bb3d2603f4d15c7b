"""What every response gets, whatever answers it: security headers, a request's number, a line in the log."""

from __future__ import annotations

import itertools
import json
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Front", "Log"]

#: For pages: scripts, styles and requests from this server only, and in nobody's frame.
_PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"
_COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
# Requests are counted behind a random start: as telling in a log as a random number each, and quicker.
_RUN, _COUNT = secrets.token_hex(4).encode() + b"-", itertools.count(1)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Log:
    """Writes one line for every request and event.

    :param form: ``text`` for people, ``json`` for machines (one object a line), ``off`` for events only.
    """

    def __init__(self, form: str = "text", file: TextIO | None = None) -> None:
        self._form = form
        self._file = file or sys.stderr

    @property
    def wants_requests(self) -> bool:
        """Whether requests are written at all."""
        return self._form in {"json", "text"}

    def request(self, entry: dict[str, Any]) -> None:
        """A request that was answered."""
        if self._form == "json":
            self._line({"time": _now(), "event": "request", **entry})
        elif self._form == "text":
            rows = f" {entry['rows']} rows" if entry.get("rows") is not None else ""
            self._write(
                f"{_now()} {entry['client']} {entry['method']} {_one_line(entry['path'])} "
                f"{entry['status']} {entry['bytes']} bytes{rows} {entry['ms']} ms {entry['id']}"
            )

    def event(self, what: str, **details: Any) -> None:
        """Something that is worth knowing: a start, a reload, a fault."""
        if self._form == "json":
            self._line({"time": _now(), "event": what, **details})
        else:
            told = " ".join(f"{value}" for value in details.values())
            self._write(f"kb: {what}: {told}" if told else f"kb: {what}")

    def _line(self, entry: dict[str, Any]) -> None:
        self._write(json.dumps(entry, ensure_ascii=False, default=str))

    def _write(self, line: str) -> None:
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except (OSError, ValueError):  # whoever read the log has gone; the server has not
            self._form = "gone"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    return text.encode("unicode_escape").decode() if not text.isprintable() else text


class Front:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        number = _request_id(scope)
        entry: dict[str, Any] = {"status": 0, "bytes": 0}
        scope["evidence_kb.entry"] = entry

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
                headers = message["headers"]
                message["headers"] = [*headers, *_COMMON, *_policy(message), (b"x-request-id", number)]
            else:
                entry["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001  a fault of ours: told in the log, not to the client
            self._log.event("fault", id=number.decode(), error=repr(error), trace=traceback.format_exc())
            if not entry["status"]:
                await _sorry(send_with_headers, number)
        finally:
            if self._log.wants_requests:
                client = scope["client"]
                self._log.request(
                    {
                        "id": number.decode(),
                        "client": client[0] if client else "-",
                        "method": scope["method"],
                        "path": scope["path"],
                        **entry,
                        "ms": round((time.perf_counter() - started) * 1000, 1),
                    }
                )


def _policy(start: Message) -> list[tuple[bytes, bytes]]:
    """The policy of a response; none for a 304, whose headers take the place of the stored page's own."""
    if start["status"] == 304:
        return []
    is_page = any(k == b"content-type" and v.startswith(b"text/html") for k, v in start["headers"])
    return [(b"content-security-policy", _PAGE_POLICY if is_page else _DATA_POLICY)]


def _request_id(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return bytes(value)
    return _RUN + b"%x" % next(_COUNT)


async def _sorry(send: Send, number: bytes) -> None:
    body = b"something went wrong here; the log has it under " + number + b"\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
