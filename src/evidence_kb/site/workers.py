"""The server's end of its worker processes: starting them, giving them jobs, reading what they answer.

See `worker_process` for the other end. Which worker gets which job is decided in `lanes`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ..errors import CannotRun, InputError
from .frames import DATA, END, HEAD, JOB, PROCESS, Frames, json_frame
from .protocol import Refusal

__all__ = ["Answer", "Settings", "Template", "Worker"]

#: Bytes of an answer that wait for a slow reader before its worker has to wait too.
_AHEAD = 8 * 2**20


@dataclass(frozen=True)
class Settings:
    """What a template is started with; `worker_process` reads it as JSON."""

    folder: str
    article_texts: Mapping[str, str]
    limits: Mapping[str, Any]

    def line(self) -> bytes:
        """The settings as one line."""
        return json.dumps(self.__dict__).encode() + b"\n"


@dataclass
class Answer:
    """An answer as it arrives.

    :param whole: whether all of it came at once; then ``pieces`` has it.
    :param rows: rows of the answer, known at its end.
    :param broken: why it broke off after it had begun.
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
    _waiting: asyncio.Future[None] | None = None
    _wanted: Callable[[], None] | None = None
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
            if self._wanted:
                self._wanted()
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


class Worker(asyncio.Protocol):
    """One worker process, which does one job at a time.

    :param on_free: called when the job has ended; the worker may be dead by then.
    """

    def __init__(self, number: int, template: Template, on_free: Callable[[Worker], None]) -> None:
        self.number, self.template = number, template
        self.alive = True
        self.is_slow = False
        self.answer: Answer | None = None
        self._on_free = on_free
        self._frames = Frames()
        self._future: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None
        self._paused = False
        self._process_id = 0
        self._worked_before = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's classes

    def start(self, job: Mapping[str, Any]) -> asyncio.Future[Answer]:
        """Give it a job; the answer comes as soon as its head is known."""
        assert self._transport is not None
        self._future = asyncio.get_running_loop().create_future()
        self.answer = None
        self._worked_before = self._worked()
        self._transport.write(json_frame(JOB, dict(job)))
        return self._future

    @property
    def is_waiting_for_reader(self) -> bool:
        """Whether it cannot go on because nobody takes what it has sent."""
        return self._paused

    @property
    def worked(self) -> float | None:
        """Seconds of processor time that the job has used so far; ``None`` where that is not known."""
        return self._worked() - self._worked_before if self._process_id else None

    def _worked(self) -> float:
        if not self._process_id or sys.platform != "linux":
            return 0.0
        try:  # the clock of another process's processor time, see clock_getcpuclockid(3)
            return time.clock_gettime((~self._process_id << 3) | 2)
        except OSError:  # it has just ended
            return 0.0

    def kill(self, why: Refusal) -> None:
        """End the process and with it its job, for a reason that is told to whoever waits."""
        if self.alive:
            self.alive = False
            self.template.order("kill", self.number)
            self._finish(why)
            if self._transport:
                self._transport.abort()

    def slow_down(self) -> None:
        """Let other processes go first from now on."""
        self.is_slow = True
        self.template.order("slow", self.number)

    def retire(self) -> None:
        """Let it end: there is no more work for it."""
        self.alive = False
        if self._transport:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        for kind, content in self._frames.feed(data):
            if kind == HEAD:
                head = json.loads(content)
                self.answer = Answer(head["status"], head["media"], head["headers"], head.get("whole", False))
                self.answer._wanted = self._go_on
                if not self.answer.whole:
                    self._resolve(self.answer)
            elif kind == DATA and self.answer:
                if not self.answer.add(content) and self._transport and not self._paused:
                    self._paused = True
                    self._transport.pause_reading()
            elif kind == END:
                self._ended(json.loads(content))
            elif kind == PROCESS and sys.platform == "linux":
                self._process_id = int(content)

    def _ended(self, end: Mapping[str, Any]) -> None:
        refused = end.get("refused")
        if refused:
            headers = tuple(refused.pop("headers").items())
            self._finish(Refusal(**refused, headers=headers))
            return
        if self.answer:
            self.answer.rows, self.answer.milliseconds = end["rows"], end["ms"]
        self._finish(None)

    def connection_lost(self, error: Exception | None) -> None:
        if self.alive:
            self.alive = False
            self._finish(
                Refusal(
                    422,
                    "Out of memory",
                    "the query was stopped because it needs more memory than this server allows; narrow it",
                )
            )

    def _resolve(self, answer: Answer) -> None:
        if self._future and not self._future.done():
            self._future.set_result(answer)

    def _finish(self, refusal: Refusal | None) -> None:
        """The job has ended: tell whoever waits, then whoever hands out jobs."""
        future, self._future = self._future, None
        if future is None:
            return
        answer = self.answer
        if answer:
            answer.end(refusal)
            answer._wanted = None
        if not future.done():
            if refusal:
                future.set_exception(refusal)
            elif answer:
                future.set_result(answer)
        if self._paused:
            self._go_on()
        self._on_free(self)

    def _go_on(self) -> None:
        if self._paused and self._transport:
            self._paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()


class Template:
    """The process that has loaded one state of the data, and from which workers are forked.

    :param summary: what it says of its data, see `tasks.Tasks.summary`.
    """

    _numbers = itertools.count(1)

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process, self._control = process, control
        self.summary: dict[str, Any] = {}
        self.alive = True

    @classmethod
    async def start(cls, settings: Settings) -> Template:
        """Start a process that loads the data, and wait until it has.

        :raises InputError: a file is broken; the message names it.
        :raises CannotRun: the process ended without a word.
        """
        here, there = socket.socketpair()
        command = [sys.executable, "-m", f"{__package__}.worker_process", str(there.fileno())]
        try:
            process = subprocess.Popen(  # noqa: S603  ourselves
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[there.fileno()]
            )
        except OSError as error:
            here.close()
            raise CannotRun(f"no worker process can be started ({error.strerror})") from None
        finally:
            there.close()
        template = cls(process, here)
        try:
            here.sendall(settings.line())
            here.setblocking(False)
            template.summary = await template._first_word()
        except BaseException:
            template.close()
            raise
        return template

    async def _first_word(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        received = b""
        while not received.endswith(b"\n"):
            try:
                data = await loop.sock_recv(self._control, 1 << 16)
            except OSError:
                data = b""
            if not data:
                raise CannotRun("the process that loads the data ended without a word (out of memory?)")
            received += data
        message: dict[str, Any] = json.loads(received)
        if "broken" in message:
            raise InputError(message["broken"])
        ready: dict[str, Any] = message["ready"]
        return ready

    async def fork(self, on_free: Callable[[Worker], None]) -> Worker:
        """A new worker.

        :raises CannotRun: the template is gone.
        """
        here, there = socket.socketpair()
        number = next(self._numbers)
        here.setblocking(False)
        try:
            socket.send_fds(self._control, [f"fork {number}\n".encode()], [there.fileno()])
        except OSError:
            here.close()
            self.alive = False
            raise CannotRun("the process that holds the data has ended") from None
        finally:
            there.close()
        loop = asyncio.get_running_loop()
        _, worker = await loop.create_connection(lambda: Worker(number, self, on_free), sock=here)
        return worker

    def order(self, word: str, number: int) -> None:
        """Have something done to a worker: ``kill`` or ``slow``."""
        with contextlib.suppress(OSError):  # it is gone, and its workers with it
            self._control.sendall(f"{word} {number}\n".encode())

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone, for whatever reason."""
        return self._process.poll() is not None

    @property
    def process_id(self) -> int:
        """The process's number."""
        return self._process.pid

    def close(self) -> None:
        """End the process; it takes its workers along."""
        self.alive = False
        self._control.close()
        try:
            self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:  # still loading
            self._process.kill()
            self._process.wait()


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
