"""Who is served when: an express lane for what is quick, and a slow lane for queries that turn out dear.

Every job starts in the express lane, which has a worker for each core. A job that is not done within a
fraction of a second moves to the slow lane with its worker: the process yields to others from then on, and
a fresh one takes its place. The slow lane has few places, and no client may have more than half of them.
When it is full, a dear query is stopped and waits for its turn there; a query that was dear once starts
there at once. So however many endless queries there are, a cheap one finds a free worker, and within each
lane clients take turns.

As long as jobs are quick, busy workers of the express lane are given the next ones ahead of time. Those that
turn out to stand behind a dear one are taken back, and go to another worker.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Any

from .answers import Answer
from .crew import Crew, Tell
from .lane_settings import LaneSettings
from .protocol import Refusal
from .template import Settings
from .waiting import Queue, Ticket
from .workers import Job, Orders, Worker

__all__ = ["Pool"]

_RETRY_AFTER_S = 5
_CANCELLED = Refusal(499, "Client closed request", "nobody waits for the answer any more")
_REMEMBERED_DEAR = 1000
#: Jobs that a worker has at once, the one that it works on among them.
_JOBS_AHEAD = 6
#: Work on a job after which those behind it go elsewhere.
_FRESH_S = 0.01
#: Work after which a job counts as dear while its client has dear ones waiting.
_STORM_S = 0.03
#: Jobs are given ahead while they typically take less; the newest job has this weight in what is typical.
_QUICK_MS, _WEIGHT = 3.0, 0.1


class Pool:
    """Hands jobs to workers.

    :param settings: what workers are started with.
    :param tell: takes an event that whoever runs the server should know of, and its details.
    """

    def __init__(self, settings: Settings, lanes: LaneSettings, tell: Tell) -> None:
        self.lanes = lanes
        self.crew = Crew(settings, self._job_ended, self._hand_out, tell)
        self._summary: dict[str, Any] = {}
        self._running: dict[Worker, Ticket] = {}
        self._express = 0
        self._slow: Counter[str] = Counter()
        self._aside: set[Worker] = set()
        self._express_queue, self._slow_queue = Queue(), Queue()
        self._dear: OrderedDict[object, None] = OrderedDict()
        self._typical_ms = 0.0  # of jobs in the express lane, the newest counting most

    async def load(self) -> dict[str, Any]:
        """Load the data anew; jobs go to the new state as soon as it is there, running ones end on the old.

        :raises InputError: a file is broken; the old state stays.
        :raises CannotRun: no process could be started.
        """
        self._summary = await self.crew.load(self._wanted_idle(), self._busy_templates)
        self._hand_out()
        return self._summary

    def close(self) -> None:
        """End every process."""
        self.crew.closed = True
        shutting = Refusal(503, "Shutting down", "the server is being shut down")
        for worker in list(self._running):
            for job in worker.take_back():
                job.fail(shutting)
            worker.kill(shutting)
        self.crew.close()

    @property
    def summary(self) -> dict[str, Any]:
        """What the present state says of itself."""
        return self.crew.template.summary if self.crew.template else self._summary

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
        ticket.begin()
        self._enter(ticket)
        try:
            return await ticket.answer
        except asyncio.CancelledError:
            self.cancel(ticket)
            raise

    def cancel(self, ticket: Ticket) -> None:
        """Nobody wants the answer any more: stop working on it."""
        ticket.cancelled = True
        ticket.fail(_CANCELLED)
        worker = ticket.worker
        if worker is None:
            ticket.stop_timer()
            self._express_queue.remove(ticket)
            self._slow_queue.remove(ticket)
        elif self._running.get(worker) is ticket:
            worker.kill(_CANCELLED)
        # else it waits in its worker, and will be looked at when its turn comes

    def _enter(self, ticket: Ticket) -> None:
        ticket.is_dear = ticket.key in self._dear
        is_free = self.crew.idle and self._express < self.lanes.workers and not self._express_queue.length
        if is_free and not ticket.is_dear:  # the usual case, and the quickest
            self._express += 1
            self._give(ticket)
            return
        queue = self._slow_queue if ticket.is_dear else self._express_queue
        if queue.length >= self.lanes.longest_queue:
            raise self._busy()
        self._wait(ticket)
        queue.add(ticket)
        self._hand_out()

    def _wait(self, ticket: Ticket) -> None:
        ticket.stop_timer()
        ticket.timer = asyncio.get_running_loop().call_later(
            self.lanes.longest_wait, self._waited_too_long, ticket
        )

    def _waited_too_long(self, ticket: Ticket) -> None:
        self._express_queue.remove(ticket)
        self._slow_queue.remove(ticket)
        ticket.fail(self._busy())

    def _busy(self) -> Refusal:
        return Refusal(
            503,
            "Too busy",
            "there are too many queries at the moment; try again later",
            [("Retry-After", str(_RETRY_AFTER_S))],
        )

    def _hand_out(self) -> None:
        """Give free workers to those whose turn it is."""
        idle = self.crew.idle
        while idle and self._express < self.lanes.workers:
            ticket = self._next_express()
            if ticket is None:
                break
            self._express += 1
            self._give(ticket)
        share = max(self.lanes.slow // 2, 1)
        while idle and self._slow_queue.length and sum(self._slow.values()) < self.lanes.slow:
            ticket = self._slow_queue.next(self._slow, share)
            if ticket is None:
                break
            self._slow[ticket.client] += 1
            self._give(ticket).slow_down()
        self._give_ahead()
        self.crew.refill(self._wanted_idle())

    def _next_express(self) -> Ticket | None:
        while (ticket := self._express_queue.next({}, 1)) is not None:
            if ticket.key not in self._dear:
                return ticket
            ticket.is_dear = True  # it has turned out dear while this one waited
            self._slow_queue.add(ticket)
        return None

    def _give_ahead(self) -> None:
        """Give busy workers of the express lane their next jobs already.

        They go on at once, without falling asleep and being woken, which takes as long as a cheap query.
        """
        if not self._express_queue.length or self._typical_ms > _QUICK_MS:
            return
        for worker, current in self._running.items():
            if current.is_dear or worker.is_slow or worker.template is not self.crew.template:
                continue
            while len(worker.jobs) < _JOBS_AHEAD and current.is_fresh:
                ticket = self._next_express()
                if ticket is None:
                    return
                ticket.stop_timer()
                ticket.worker = worker
                worker.start(ticket)

    def _give(self, ticket: Ticket) -> Worker:
        worker = self.crew.idle.pop()
        worker.start(ticket)
        self._begin(ticket, worker)
        return worker

    def _begin(self, ticket: Ticket, worker: Worker) -> None:
        """A worker has come to a job."""
        ticket.stop_timer()
        ticket.worker, self._running[worker] = worker, ticket
        limit = self.lanes.time_limit
        first = limit if ticket.is_dear else min(self._express_time(ticket.client), limit)
        ticket.first, ticket.left = first, limit - first
        ticket.is_fresh = not ticket.is_dear
        loop = asyncio.get_running_loop()
        if ticket.is_fresh and first > _FRESH_S:
            ticket.timer = loop.call_later(_FRESH_S, self._is_not_quick, worker, ticket, first - _FRESH_S)
        else:
            ticket.timer = loop.call_later(first, self._time_is_up, worker, ticket)

    def _express_time(self, client: str) -> float:
        """Seconds of work after which a client's job counts as dear.

        Fewer while others of its jobs wait for the slow lane: who sends dear ones by the hundred would else
        hold up the express lane with finding them out.
        """
        is_storm = self._slow_queue.length and not self._has_room(client)
        return min(_STORM_S, self.lanes.express_time) if is_storm else self.lanes.express_time

    def _has_room(self, client: str) -> bool:
        """Whether the slow lane would take another job of a client."""
        share = max(self.lanes.slow // 2, 1)
        return sum(self._slow.values()) < self.lanes.slow and self._slow[client] < share

    def _is_not_quick(self, worker: Worker, ticket: Ticket, rest: float) -> None:
        """Those that wait behind it in the same worker had better go elsewhere."""
        if ticket.cancelled:
            worker.kill(_CANCELLED)
            return
        loop = asyncio.get_running_loop()
        is_busy_elsewhere = worker.worked is not None and worker.worked < _FRESH_S
        if is_busy_elsewhere and not worker.is_waiting_for_reader and rest > _FRESH_S:
            ticket.timer = loop.call_later(_FRESH_S, self._is_not_quick, worker, ticket, rest - _FRESH_S)
            return
        ticket.is_fresh = False
        ticket.timer = loop.call_later(rest, self._time_is_up, worker, ticket)
        if self._put_back(worker.take_back()):
            self._hand_out()

    def _put_back(self, jobs: Iterable[Job]) -> bool:
        tickets = [job for job in jobs if isinstance(job, Ticket) and not job.answer.done()]
        for ticket in reversed(tickets):
            ticket.worker = None
            self._wait(ticket)
            self._express_queue.put_back(ticket)
        return bool(tickets)

    def _time_is_up(self, worker: Worker, ticket: Ticket) -> None:
        loop = asyncio.get_running_loop()
        tick = min(ticket.first, ticket.left)
        if worker.is_waiting_for_reader:  # the reader is slow, not the query: that time does not count
            if self._step_aside(worker, ticket):
                ticket.timer = loop.call_later(self.lanes.express_time, self._time_is_up, worker, ticket)
            return
        is_busy_elsewhere = worker.worked is not None and worker.worked < ticket.first
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
        if not self._has_room(ticket.client):
            if ticket.answer.done():  # it has begun to be sent, and cannot begin anew
                worker.kill(self._busy())
                return
            worker.take_back_all()
            worker.kill(self._busy())
            ticket.is_dear = True
            self._wait(ticket)
            self._slow_queue.add(ticket)
            self._hand_out()
            return
        worker.slow_down()
        self._express -= 1
        self._slow[ticket.client] += 1
        ticket.timer = asyncio.get_running_loop().call_later(ticket.left, self._time_is_up, worker, ticket)
        self._hand_out()

    def _job_ended(self, worker: Worker) -> None:
        """A worker's job has ended, one way or another."""
        ticket = self._running.get(worker)
        if ticket is None:
            self.crew.forget(worker)
            self.crew.refill(self._wanted_idle())
            return
        ticket.worker = None
        ticket.stop_timer()
        self._typical_ms += _WEIGHT * (worker.last_ms - self._typical_ms)
        if not worker.alive:
            self._put_back(worker.take_back_all())
        following = worker.jobs[0] if worker.jobs and worker.alive else None
        if isinstance(following, Ticket):
            self._begin(following, worker)
            self._give_ahead()
            return
        del self._running[worker]
        self._leave_lane(worker, ticket)
        if self.crew.closed:
            return
        if worker.jobs:  # it is to do what was taken back from it
            worker.retire()
        self.crew.welcome(worker)
        if self.crew.has_old:
            self.crew.close_old(self._busy_templates())
        self._hand_out()

    def _busy_templates(self) -> set[Orders]:
        return {worker.template for worker in self._running}

    def _wanted_idle(self) -> int:
        """A worker for every free place of the express lane, and one to spare."""
        return self.lanes.workers - self._express + 1
