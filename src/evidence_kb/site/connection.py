"""HTTP connections with limits that uvicorn does not have: time and size of a request's head.

It also tells a request when its client has gone, without a task of its own for every request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["GuardedConnection"]

_HEAD_TIME_S = 10.0
_MOST_HEAD_BYTES = 64 * 1024


class GuardedConnection(HttpToolsProtocol):
    """A connection that is closed if a request's head takes too long or is too large."""

    on_gone: Callable[[], None] | None = None
    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)
        if self.on_gone:
            self.on_gone()

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            # A body that comes in the same piece counts too; pieces are far smaller than the limit.
            if self._head_bytes > _MOST_HEAD_BYTES + 256 * 1024 or (
                self._head_bytes > _MOST_HEAD_BYTES and b"\r\n\r\n" not in data
            ):
                self._refuse(b"431 Request Header Fields Too Large", b"the request's head is too large\n")
                return
        if not self.transport.is_closing():
            super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["evidence_kb.connection"] = self  # type: ignore[typeddict-unknown-key]  # ours
        self._in_head = True
        if self._head_timer is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._stop_timer()
        self._in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_TIME_S, self._head_is_late)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        self._refuse(b"408 Request Timeout", b"the request's head took too long\n")

    def _refuse(self, status: bytes, line: bytes) -> None:
        if not self.transport.is_closing():
            length = str(len(line)).encode()
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: "
                + length + b"\r\nconnection: close\r\n\r\n" + line
            )  # fmt: skip
            self.transport.close()
