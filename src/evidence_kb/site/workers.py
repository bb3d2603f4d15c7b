"""The server's end of one worker process: giving it jobs, reading what it answers.

See `worker_process` for the other end, `template` for how workers come to be. Which worker gets which job is
decided in `lanes`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from .answers import Answer
from .frames import DATA, END, HEAD, JOB, PROCESS, WHOLE, Frames, Whole, frame
from .protocol import Refusal

__all__ = ["Orders", "Worker"]


class Orders(Protocol):
    """The process that a worker was forked from, and that can do something to it."""

    def order(self, word: str, number: int) -> None:
        """Have something done to a worker: ``kill`` or ``slow``."""


class Worker(asyncio.Protocol):
    """One worker process, which does one job at a time.

    :param on_free: called when the job has ended; the worker may be dead by then.
    """

    def __init__(self, number: int, template: Orders, on_free: Callable[[Worker], None]) -> None:
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

    def start(self, job: bytes) -> asyncio.Future[Answer]:
        """Give it a job, the content of its frame; the answer comes as soon as its head is known."""
        assert self._transport is not None
        self._future = asyncio.get_running_loop().create_future()
        self.answer = None
        self._worked_before = self._worked()
        self._transport.write(frame(JOB, job))
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
            if kind == WHOLE:
                whole = Whole.read(content)
                packed = {"Content-Encoding": "gzip"} if whole.packed else {}
                self.answer = Answer(whole.status, whole.media, packed, True, deque((whole.body,)))
                self.answer.rows, self.answer.milliseconds = whole.rows, whole.microseconds / 1000
                self._finish(None)
            elif kind == HEAD:
                head = json.loads(content)
                self.answer = Answer(head["status"], head["media"], head["headers"], head.get("whole", False))
                self.answer.wanted = self._go_on
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
            answer.wanted = None
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
