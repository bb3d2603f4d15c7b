"""The server's end of one worker process: giving it jobs, reading what it answers.

See `worker_process` for the other end, `template` for how workers come to be. Which worker gets which job is
decided in `lanes`.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from .answers import Answer
from .frames import DATA, END, HEAD, JOB, PROCESS, WHOLE, Frames, Whole, frame
from .protocol import Refusal

__all__ = ["Job", "Orders", "Worker"]

_OUT_OF_MEMORY = Refusal(
    422,
    "Out of memory",
    "the query was stopped because it needs more memory than this server allows; narrow it",
)
_CRASHED = Refusal(
    503,
    "Worker ended",
    "the process that worked on this ended unexpectedly; ask again, and if it happens again, tell "
    "whoever runs this server",
    [("Retry-After", "1")],
)


class Orders(Protocol):
    """The process that a worker was forked from, and that can do something to it."""

    def order(self, word: str, number: int) -> None:
        """Have something done to a worker: ``kill`` or ``slow``."""

    def when_ended(self, number: int, tell: Callable[[int], None]) -> None:
        """Call ``tell`` with the signal that ended a worker, 0 where that is not known."""


class Job:
    """Something to do, and its answer, which is there as soon as it begins."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.answer: asyncio.Future[Answer] = None  # type: ignore[assignment]  # made in the loop, by `begin`

    def begin(self) -> None:
        """Make room for the answer."""
        self.answer = asyncio.get_running_loop().create_future()

    def succeed(self, answer: Answer) -> None:
        """Give the answer to whoever waits for it."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, why: Refusal) -> None:
        """Tell whoever waits that there is no answer."""
        if not self.answer.done():
            self.answer.set_exception(why)


class Worker(asyncio.Protocol):
    """One worker process, which does its jobs one after the other.

    :param on_end: called when a job has ended; the worker may be dead by then, and other jobs left in it.
    """

    def __init__(self, number: int, template: Orders, on_end: Callable[[Worker], None]) -> None:
        self.number, self.template = number, template
        self.alive = True
        self.is_slow = False
        #: What it has been given, the one it works on first; ``None`` for one that was taken back.
        self.jobs: deque[Job | None] = deque()
        #: How long the last job took it, as it says itself.
        self.last_ms = 0.0
        self._answer: Answer | None = None
        self._on_end = on_end
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._outgoing: list[bytes] = []
        self._paused = False
        #: Done when the process is there, or will never be.
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._process_id = 0
        self._worked_before = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's classes

    def start(self, job: Job) -> None:
        """Give it a job, to be done after those it has."""
        assert self._transport is not None
        if not self.jobs:
            self._worked_before = self._worked()
        self.jobs.append(job)
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._send)
        self._outgoing.append(frame(JOB, job.content))

    def _send(self) -> None:
        """Send what was given since the last turn of the loop: every write wakes the process up."""
        if self._transport and not self._transport.is_closing():
            self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()

    def take_back(self) -> list[Job]:
        """The jobs that it has not begun; it may do them all the same, and nobody will look."""
        waiting = [job for job in list(self.jobs)[1:] if job is not None]
        for place in range(1, len(self.jobs)):
            self.jobs[place] = None
        return waiting

    def take_back_all(self) -> list[Job]:
        """The jobs that it has, begun or not."""
        jobs = [job for job in self.jobs if job is not None]
        self.jobs = deque([None] * len(self.jobs))
        return jobs

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
                self._answer = Answer(whole.status, whole.media, packed, True, deque((whole.body,)))
                self._answer.rows, self._answer.milliseconds = whole.rows, whole.microseconds / 1000
                self._finish(None)
            elif kind == HEAD:
                self._begin_answer(json.loads(content))
            elif kind == DATA and self._answer:
                if not self._answer.add(content) and self._transport and not self._paused:
                    self._paused = True
                    self._transport.pause_reading()
            elif kind == END:
                self._ended(json.loads(content))
            elif kind == PROCESS:
                self._process_id = int(content) if sys.platform == "linux" else 0
                self._be_ready()

    def _begin_answer(self, head: Mapping[str, Any]) -> None:
        job = self.jobs[0] if self.jobs else None
        if job is None:  # it was taken back
            return
        self._answer = Answer(head["status"], head["media"], head["headers"], head.get("whole", False))
        self._answer.wanted = self._go_on
        if not self._answer.whole:
            job.succeed(self._answer)

    def _ended(self, end: Mapping[str, Any]) -> None:
        refused = end.get("refused")
        if refused:
            headers = tuple(refused.pop("headers").items())
            self._finish(Refusal(**refused, headers=headers))
            return
        if self._answer:
            self._answer.rows, self._answer.milliseconds = end["rows"], end["ms"]
        self._finish(None)

    def _be_ready(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._be_ready()
        if self.alive:
            self.alive = False
            if self.jobs:
                self.template.when_ended(self.number, self._crashed)
            else:
                self._on_end(self)

    def _crashed(self, number: int) -> None:
        # The allocator aborts the process when it gets no more memory.
        self._finish(_OUT_OF_MEMORY if number == signal.SIGABRT else _CRASHED)

    def _finish(self, refusal: Refusal | None) -> None:
        """The job has ended: tell whoever waits, then whoever hands out jobs."""
        if not self.jobs:
            return
        job, answer, self._answer = self.jobs.popleft(), self._answer, None
        if answer:
            answer.end(refusal)
            answer.wanted = None
        self.last_ms = answer.milliseconds if answer else 0.0
        if job and refusal:
            job.fail(refusal)
        elif job and answer:
            job.succeed(answer)
        if self._paused:
            self._go_on()
        if self.jobs and self.alive:
            self._worked_before = self._worked()
        self._on_end(self)

    def _go_on(self) -> None:
        if self._paused and self._transport:
            self._paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
