"""A worker's answer on its way to the server: held back while it is small, then sent in pieces.

As long as nothing was sent, a failure can still become a proper answer.
"""

from __future__ import annotations

import io
import socket
import time
import zlib
from typing import IO, Any, cast

from .frames import DATA, END, HEAD, Whole, frame, json_frame, whole_frame
from .protocol import Refusal

__all__ = ["Outbox"]

_PIECE = 64 * 1024
#: What is held back before the first piece goes: an answer up to this size goes out whole, and may be kept.
_HELD_BACK = {"query": 256 * 1024}
_PAGE_HELD_BACK = 4 * 2**20
#: Below it, compressing costs more than it saves.
_WORTH_PACKING = 1000


class Outbox(io.RawIOBase):
    """A file that the answer to one job is written to.

    :param kind: what is asked for, see `tasks`.
    :param packed: whether to compress it, if that is worth while.
    :param most_bytes: the size (before compression) at which an answer is refused.
    """

    def __init__(self, connection: socket.socket, kind: str, packed: bool, most_bytes: int) -> None:
        super().__init__()
        self._connection = connection
        self._wants_packing, self._most = packed, most_bytes
        self._packer: Any = None
        self._room = _HELD_BACK.get(kind, _PAGE_HELD_BACK)
        self._head: dict[str, Any] = {}
        self._waiting: list[bytes] = []
        self._size = self._written = 0
        self._since = time.perf_counter()
        self.sent = False

    @property
    def file(self) -> IO[bytes]:
        """This, as what typed functions call a file."""
        return cast("IO[bytes]", self)

    def head(self, status: int, media: str, headers: dict[str, str] | None = None) -> None:
        """Say what is coming, before anything is written."""
        self._head = {"status": status, "media": media, "headers": headers or {}}

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += len(data)
        if self._written > self._most:
            raise Refusal(
                422,
                "Answer too large",
                f"the answer is larger than {self._most // 2**20:,} MiB, the most this server gives at once; "
                "narrow the query, or fetch it in parts with ORDER BY, LIMIT and OFFSET",
            )
        self._waiting.append(data if type(data) is bytes else bytes(data))
        self._size += len(data)
        if self._size >= self._room:
            self._room = _PIECE
            self._send_pieces()
        return len(data)

    def _send_pieces(self, last: bool = False) -> None:
        content = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        start = b""
        if last and not self.sent and not self._head["headers"]:
            self._send_whole(content)
            return
        if not self.sent:
            if self._wants_packing and (not last or len(content) >= _WORTH_PACKING):
                self._packer = zlib.compressobj(5, zlib.DEFLATED, 31)  # 31: with gzip's header
                self._head["headers"]["Content-Encoding"] = "gzip"
            if last:  # known now, and worth a header
                self._head["whole"] = True
            start = json_frame(HEAD, self._head)
        if self._packer is not None:
            content = self._packer.compress(content) + (self._packer.flush() if last else b"")
        self.sent = True
        self._connection.sendall(
            start + (frame(DATA, content) if content else b"") + (self._end() if last else b"")
        )

    def _send_whole(self, content: bytes) -> None:
        packed = self._wants_packing and len(content) >= _WORTH_PACKING
        if packed:
            packer = zlib.compressobj(5, zlib.DEFLATED, 31)
            content = packer.compress(content) + packer.flush()
        took = int((time.perf_counter() - self._since) * 1e6)
        head = self._head
        self.sent = True
        self._connection.sendall(
            whole_frame(Whole(head["status"], head["media"], packed, self._rows, took, content))
        )

    def finish(self, rows: int | None = None) -> None:
        """Send what is left, and the end."""
        self._rows = rows
        self._send_pieces(last=True)

    def _end(self) -> bytes:
        milliseconds = (time.perf_counter() - self._since) * 1000
        return json_frame(END, {"rows": self._rows, "ms": round(milliseconds, 2)})

    def fail(self, refusal: Refusal) -> None:
        """End with a refusal: as the answer if nothing was sent yet, else as a broken-off one."""
        content = {
            "status": refusal.status,
            "title": refusal.title,
            "detail": refusal.detail,
            "headers": dict(refusal.headers),
            "place": refusal.place,
        }
        self._connection.sendall(json_frame(END, {"refused": content}))
