"""How the server and its workers talk: frames over a socket pair.

A frame is one letter for its kind, four bytes for its length, and its content. The server sends jobs (JSON);
a worker answers each with a head (JSON), any number of pieces of data, and an end (JSON). Before its first
answer it says which process it is.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

__all__ = ["DATA", "END", "HEAD", "JOB", "PROCESS", "Frames", "frame", "json_frame"]

JOB, HEAD, DATA, END, PROCESS = b"J", b"H", b"D", b"E", b"P"
_PREFIX = struct.Struct(">cI")


def frame(kind: bytes, content: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(kind, len(content)) + content


def json_frame(kind: bytes, content: dict[str, Any]) -> bytes:
    """One frame whose content is JSON."""
    return frame(kind, json.dumps(content).encode())


class Frames:
    """Cuts a stream of bytes into frames.

    >>> list(Frames().feed(frame(DATA, b"ab") + frame(END, b"{}") + b"D"))
    [(b'D', b'ab'), (b'E', b'{}')]
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that ``data`` completes."""
        data = self._rest + data if self._rest else data
        place = 0
        while len(data) - place >= _PREFIX.size:
            kind, length = _PREFIX.unpack_from(data, place)
            end = place + _PREFIX.size + length
            if end > len(data):
                break
            yield kind, data[place + _PREFIX.size : end]
            place = end
        self._rest = data[place:]
