"""Who is served when: an express lane for what is quick, and a slow lane for queries that turn out dear.

Every job starts in the express lane, which has a worker for each core. A job that is not done within a
fraction of a second moves to the slow lane with its worker: the process yields to others from then on, and
a fresh one takes its place. The slow lane has few places, and no client may have more than half of them.
When it is full, a dear query is stopped and waits for its turn there; a query that was dear once starts
there at once. So however many endless queries there are, a cheap one finds a free worker, and within each
lane clients take turns.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any

from ..errors import CannotRun, KbError
from .answers import Answer
from .protocol import Refusal
from .template import Settings, Template
from .waiting import Queue, Ticket
from .workers import Worker

__all__ = ["LaneSettings", "Pool"]

_RETRY_AFTER_S = 5
_CANCELLED = Refusal(499, "Client closed request", "nobody waits for the answer any more")
_REMEMBERED_DEAR = 1000


@dataclass(frozen=True)
class LaneSettings:
    """How many jobs run and wait, and how long.

    :param workers: jobs at once in the express lane.
    :param slow: jobs at once in the slow lane.
    :param readers: answers at once that wait for slow readers.
    :param time_limit: seconds that a job may run.
    :param express_time: seconds of work after which a job counts as dear.
    :param longest_queue: jobs that may wait in each lane.
    :param longest_wait: seconds that a job may wait.
    """

    workers: int = 2
    slow: int = 4
    readers: int = 32
    time_limit: float = 30.0
    express_time: float = 0.1
    longest_queue: int = 1000
    longest_wait: float = 30.0


class Pool:
    """Hands jobs to workers.

    :param settings: what workers are started with.
    """

    def __init__(self, settings: Settings, lanes: LaneSettings) -> None:
        self.settings, self.lanes = settings, lanes
        self.template: Template | None = None
        self._idle: list[Worker] = []
        self._running: dict[Worker, Ticket] = {}
        self._express = 0
        self._slow: Counter[str] = Counter()
        self._aside: set[Worker] = set()
        self._express_queue, self._slow_queue = Queue(), Queue()
        self._dear: OrderedDict[object, None] = OrderedDict()
        self._forking: asyncio.Task[None] | None = None
        self._old: list[Template] = []
        self._restarting: asyncio.Task[None] | None = None
        self._closed = False

    # -- states of the data ------------------------------------------------------------------------

    async def load(self) -> dict[str, Any]:
        """Load the data anew; jobs go to the new state as soon as it is there, running ones end on the old.

        :raises InputError: a file is broken; the old state stays.
        :raises CannotRun: no process could be started.
        """
        template = await Template.start(self.settings)
        old, self.template = self.template, template
        for worker in self._idle:
            worker.retire()
        self._idle = []
        if old:
            self._old.append(old)
            self._close_old()
        await self._fork_workers()
        return template.summary

    def _close_old(self) -> None:
        """End templates whose last worker is done."""
        busy = {worker.template for worker in self._running}
        for template in self._old[:]:
            if template not in busy:
                self._old.remove(template)
                template.close()

    def close(self) -> None:
        """End every process."""
        self._closed = True
        for worker in list(self._running):
            worker.kill(Refusal(503, "Shutting down", "the server is being shut down"))
        for template in (self.template, *self._old):
            if template:
                template.close()

    @property
    def summary(self) -> dict[str, Any]:
        """What the present state says of itself."""
        return self.template.summary if self.template else {}

    @property
    def load_now(self) -> dict[str, int]:
        """Jobs that run and wait, by lane."""
        return {
            "express": self._express,
            "slow": sum(self._slow.values()),
            "reading": len(self._aside),
            "waiting": self._express_queue.length + self._slow_queue.length,
        }

    # -- jobs --------------------------------------------------------------------------------------

    async def ask(self, ticket: Ticket) -> Answer:
        """The answer to a job, as soon as it begins.

        :raises Refusal: the job is refused, takes too long, or there is too much to do (503).
        """
        while True:
            ticket.is_dear = ticket.key in self._dear
            worker = await self._grant(ticket)
            try:
                return await self._run(worker, ticket)
            except Refusal:
                if not ticket.again:
                    raise
                ticket.again = False

    def cancel(self, ticket: Ticket) -> None:
        """Nobody wants the answer any more: stop working on it."""
        ticket.cancelled = True
        if ticket.worker:
            ticket.worker.kill(_CANCELLED)
        elif ticket.granted and not ticket.granted.done():
            ticket.granted.set_exception(_CANCELLED)

    async def _grant(self, ticket: Ticket) -> Worker:
        is_free = self._idle and self._express < self.lanes.workers and not self._express_queue.length
        if is_free and not ticket.is_dear:  # the usual case, and the quickest
            self._express += 1
            ticket.granted = None
            return self._give(ticket)
        queue = self._slow_queue if ticket.is_dear else self._express_queue
        if queue.length >= self.lanes.longest_queue:
            raise self._busy()
        ticket.granted = asyncio.get_running_loop().create_future()
        queue.add(ticket)
        self._hand_out()
        if ticket.granted.done():
            return ticket.granted.result()
        try:
            async with asyncio.timeout(self.lanes.longest_wait):
                return await ticket.granted
        except BaseException as error:
            self._express_queue.remove(ticket)
            self._slow_queue.remove(ticket)
            if ticket.worker:  # granted in the same moment
                self._free(ticket.worker)
            if isinstance(error, TimeoutError):
                raise self._busy() from None
            raise

    def _busy(self) -> Refusal:
        return Refusal(
            503,
            "Too busy",
            "there are too many queries at the moment; try again later",
            [("Retry-After", str(_RETRY_AFTER_S))],
        )

    def _hand_out(self) -> None:
        """Give free workers to those whose turn it is."""
        while self._idle and self._express < self.lanes.workers:
            ticket = self._express_queue.next({}, 1)
            if ticket is None:
                break
            if ticket.key in self._dear:  # it has turned out dear while this one waited
                ticket.is_dear = True
                self._slow_queue.add(ticket)
                continue
            self._express += 1
            self._give(ticket)
        share = max(self.lanes.slow // 2, 1)
        while self._idle and sum(self._slow.values()) < self.lanes.slow:
            ticket = self._slow_queue.next(self._slow, share)
            if ticket is None:
                break
            self._slow[ticket.client] += 1
            self._give(ticket).slow_down()
        self._refill()

    def _give(self, ticket: Ticket) -> Worker:
        worker = self._idle.pop()
        self._running[worker] = ticket
        ticket.worker = worker
        if ticket.granted:
            ticket.granted.set_result(worker)
        return worker

    async def _run(self, worker: Worker, ticket: Ticket) -> Answer:
        if (
            not worker.alive or ticket.cancelled
        ):  # it died, or the client went, while the grant was on its way
            self._free(worker)
            if ticket.cancelled:
                raise _CANCELLED
            raise Refusal(503, "Too busy", "the worker has ended; try again")
        loop = asyncio.get_running_loop()
        limit = self.lanes.time_limit
        first = limit if ticket.is_dear else min(self.lanes.express_time, limit)
        ticket.left = limit - first
        ticket.timer = loop.call_later(first, self._time_is_up, worker, ticket)
        return await worker.start(ticket.job)

    def _time_is_up(self, worker: Worker, ticket: Ticket) -> None:
        loop = asyncio.get_running_loop()
        tick = min(self.lanes.express_time, ticket.left)
        if worker.is_waiting_for_reader:  # the reader is slow, not the query: that time does not count
            if self._step_aside(worker, ticket):
                ticket.timer = loop.call_later(self.lanes.express_time, self._time_is_up, worker, ticket)
            return
        is_busy_elsewhere = worker.worked is not None and worker.worked < self.lanes.express_time
        if ticket.left > 0 and (worker in self._aside or (is_busy_elsewhere and not worker.is_slow)):
            # It could not work much: the machine is busy, or the worker has only just been forked.
            ticket.left -= tick
            ticket.timer = loop.call_later(tick, self._time_is_up, worker, ticket)
            return
        if ticket.left > 0 and not worker.is_slow:
            self._move_to_slow_lane(worker, ticket)
            return
        limit = f"{self.lanes.time_limit:g} s"
        worker.kill(
            Refusal(
                504,
                "Time is up",
                f"the query was stopped after {limit}; narrow it, or run it on a copy of the data",
            )
        )

    def _step_aside(self, worker: Worker, ticket: Ticket) -> bool:
        """Take a worker that waits for its reader out of the lanes, where it would keep a place from others.

        Gives ``False`` where too many wait already; then the answer is broken off.
        """
        if worker in self._aside:
            return True
        if len(self._aside) >= self.lanes.readers:
            worker.kill(self._busy())
            return False
        self._leave_lane(worker, ticket)
        self._aside.add(worker)
        self._hand_out()
        return True

    def _leave_lane(self, worker: Worker, ticket: Ticket) -> None:
        if worker in self._aside:
            self._aside.remove(worker)
        elif worker.is_slow:
            self._slow[ticket.client] -= 1
            self._slow += Counter()  # drops those at zero
        else:
            self._express -= 1

    def _move_to_slow_lane(self, worker: Worker, ticket: Ticket) -> None:
        self._dear[ticket.key] = None
        if len(self._dear) > _REMEMBERED_DEAR:
            self._dear.popitem(last=False)
        share = max(self.lanes.slow // 2, 1)
        if sum(self._slow.values()) >= self.lanes.slow or self._slow[ticket.client] >= share:
            ticket.again = worker.answer is None or not worker.answer.pieces
            worker.kill(self._busy())
            return
        worker.slow_down()
        self._express -= 1
        self._slow[ticket.client] += 1
        ticket.timer = asyncio.get_running_loop().call_later(ticket.left, self._time_is_up, worker, ticket)
        self._hand_out()

    def _free(self, worker: Worker) -> None:
        """A worker's job has ended, one way or another."""
        ticket = self._running.pop(worker, None)
        if ticket is None:
            return
        ticket.worker = None
        if ticket.timer:
            ticket.timer.cancel()
        self._leave_lane(worker, ticket)
        if self._closed:
            return
        if worker.alive and worker.template is self.template and not worker.is_slow:
            self._idle.append(worker)
        elif worker.alive:  # of an old state, or with low priority for good
            worker.retire()
        if self._old:
            self._close_old()
        self._hand_out()

    # -- processes ---------------------------------------------------------------------------------

    def _refill(self) -> None:
        """See to it that there is a worker for every free place of the express lane, and one to spare."""
        if len(self._idle) < self._wanted_idle() and not self._forking and not self._closed:
            self._forking = asyncio.get_running_loop().create_task(self._fork_in_background())

    def _wanted_idle(self) -> int:
        return self.lanes.workers - self._express + 1

    async def _fork_in_background(self) -> None:
        try:
            await self._fork_workers()
        except CannotRun:
            self._restart()
        finally:
            self._forking = None
        self._hand_out()

    async def _fork_workers(self) -> None:
        while self.template and len(self._idle) < self._wanted_idle() and not self._closed:
            template = self.template
            worker = await template.fork(self._free)
            if template is self.template:
                self._idle.append(worker)
            else:
                worker.retire()

    def _restart(self) -> None:
        """The template has ended, which only trouble outside can bring about: start another one."""
        if not self._restarting and not self._closed:
            self._restarting = asyncio.get_running_loop().create_task(self._load_again())

    async def _load_again(self) -> None:
        try:
            while not self._closed:
                try:
                    await self.load()
                except KbError:
                    await asyncio.sleep(1)
                else:
                    return
        finally:
            self._restarting = None
