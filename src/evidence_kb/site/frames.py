"""How the server and its workers talk: frames over a socket pair.

A frame is one letter for its kind, four bytes for its length, and its content. The server sends jobs (a
letter for packed or plain, and JSON); a worker answers each with a head (JSON), any number of pieces of data,
and an end (JSON). An answer that is there at once and needs no headers of its own goes in a single frame
instead. Before its first answer a worker says which process it is.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = [
    "DATA",
    "END",
    "HEAD",
    "JOB",
    "PROCESS",
    "WHOLE",
    "Frames",
    "Whole",
    "frame",
    "job_content",
    "json_frame",
    "read_job",
    "whole_frame",
]

JOB, HEAD, DATA, END, PROCESS, WHOLE = b"J", b"H", b"D", b"E", b"P", b"W"
_PREFIX = struct.Struct(">cI")
_PACKED, _PLAIN = b"z", b"-"
_WHOLE = struct.Struct(">HiI?B")
_NO_ROWS = -1


class Whole(NamedTuple):
    """An answer in a single frame.

    :param packed: whether ``body`` is compressed with gzip.
    :param rows: its rows or triples; ``None`` where it has none.
    """

    status: int
    media: str
    packed: bool
    rows: int | None
    microseconds: int
    body: bytes

    @classmethod
    def read(cls, content: bytes) -> Whole:
        """An answer from a frame's content."""
        status, rows, microseconds, packed, length = _WHOLE.unpack_from(content)
        end = _WHOLE.size + length
        media = content[_WHOLE.size : end].decode()
        return cls(status, media, packed, None if rows == _NO_ROWS else rows, microseconds, content[end:])


def whole_frame(answer: Whole) -> bytes:
    """The frame of a whole answer."""
    rows = _NO_ROWS if answer.rows is None else answer.rows
    media = answer.media.encode()
    head = _WHOLE.pack(answer.status, rows, min(answer.microseconds, 2**32 - 1), answer.packed, len(media))
    return frame(WHOLE, head + media + answer.body)


def job_content(job: bytes, packed: bool) -> bytes:
    """What a job's frame holds: the job as JSON, and whether its answer is to be compressed.

    >>> job_content(b"{}", packed=True)
    b'z{}'
    """
    return (_PACKED if packed else _PLAIN) + job


def frame(kind: bytes, content: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(kind, len(content)) + content


def json_frame(kind: bytes, content: dict[str, Any]) -> bytes:
    """One frame whose content is JSON."""
    return frame(kind, json.dumps(content).encode())


def read_job(content: bytes) -> tuple[dict[str, Any], bool]:
    """The job in a frame's content, and whether its answer is to be compressed."""
    return json.loads(content[1:]), content[:1] == _PACKED


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
