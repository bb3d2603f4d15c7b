"""An answer on its way from a worker to a client, piece by piece."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from .protocol import Refusal

__all__ = ["Answer"]

#: Bytes of an answer that wait for a slow reader before its worker has to wait too.
_AHEAD = 8 * 2**20


@dataclass
class Answer:
    """An answer as it arrives.

    :param whole: whether all of it came at once; then ``pieces`` has it.
    :param rows: rows of the answer, known at its end.
    :param broken: why it broke off after it had begun.
    :param wanted: called when the reader has taken all there is and waits for more.
    """

    status: int
    media: str
    headers: dict[str, str]
    whole: bool
    pieces: deque[bytes] = field(default_factory=deque)
    rows: int | None = None
    milliseconds: float = 0.0
    ended: bool = False
    broken: Refusal | None = None
    wanted: Callable[[], None] | None = None
    _waiting: asyncio.Future[None] | None = None
    _size: int = 0

    @property
    def body(self) -> bytes:
        """All of it, where it is whole."""
        return b"".join(self.pieces)

    async def stream(self) -> AsyncIterator[bytes]:
        """The pieces, as they come.

        :raises Refusal: it breaks off.
        """
        while True:
            while self.pieces:
                piece = self.pieces.popleft()
                self._size -= len(piece)
                yield piece
            if self.broken:
                raise self.broken
            if self.ended:
                return
            if self.wanted:
                self.wanted()
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting

    def add(self, piece: bytes) -> bool:
        """A piece has come; gives whether more is welcome at once."""
        self.pieces.append(piece)
        self._size += len(piece)
        self._wake()
        return self._size < _AHEAD

    def end(self, broken: Refusal | None = None) -> None:
        """Nothing more will come."""
        self.ended, self.broken = True, broken
        self._wake()

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
