"""Politeness: whose turn it is, so that no host is asked too often, too soon, or by too many at once."""

from __future__ import annotations

import heapq
from collections import deque
from datetime import UTC, datetime
from itertools import count
from typing import Generic, TypeVar

__all__ = ["Turns", "retry_after"]

Job = TypeVar("Job")


class _Host(Generic[Job]):
    __slots__ = ("active", "in_line", "jobs", "next_at", "silence", "waited")

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.active = 0  #: requests under way
        self.next_at = 0.0  #: when it may be asked again
        self.waited = 0.0  #: seconds it has made us wait by Retry-After, in all
        self.in_line = False  #: whether it stands in the queue of hosts
        self.silence = 0  #: how sure it is that it does not answer: points since it last did


class Turns(Generic[Job]):
    """Jobs by host; gives out the next one that may start.

    :param at_once: most requests under way to one host.
    :param gap: least seconds between two starts at one host.
    :param patience: most seconds one host may make us wait, in all.
    """

    def __init__(self, at_once: int, gap: float, patience: float) -> None:
        self._at_once, self._gap, self._patience = at_once, gap, patience
        self._hosts: dict[str, _Host[Job]] = {}
        self._line: list[tuple[float, int, _Host[Job]]] = []
        self._order = count()
        self.waiting = 0  #: jobs that have not started

    def add(self, host: str, job: Job) -> None:
        """Queue a job."""
        entry = self._hosts.get(host)
        if entry is None:
            entry = self._hosts[host] = _Host()
        entry.jobs.append(job)
        self.waiting += 1
        self._line_up(entry)

    def next(self, now: float) -> Job | None:
        """A job that may start now; its host's turn is used up. ``None`` if all must wait."""
        while self._line and self._line[0][0] <= now:
            host = heapq.heappop(self._line)[2]
            host.in_line = False
            if host.next_at > now or not host.jobs:  # put off, or set aside, since it lined up
                self._line_up(host)
                continue
            job = host.jobs.popleft()
            self.waiting -= 1
            host.active += 1
            host.next_at = now + self._gap
            self._line_up(host)
            return job
        return None

    def next_at(self) -> float | None:
        """When the next job may start, as far as hosts are concerned."""
        return self._line[0][0] if self._line else None

    def done(self, host: str) -> None:
        """A request to the host has ended."""
        entry = self._hosts[host]
        entry.active -= 1
        self._line_up(entry)

    def slow_down(self, host: str, now: float, seconds: float) -> bool:
        """Leave the host alone for a while; ``False`` if it asks for more patience than there is."""
        entry = self._hosts[host]
        wait = max(seconds, 0.0)
        if now + wait > entry.next_at:
            extra = now + wait - max(entry.next_at, now)
            if entry.waited + extra > self._patience:
                return False
            entry.waited += extra
            entry.next_at = now + wait
        return True

    def heard(self, host: str) -> None:
        """The host has answered something."""
        self._hosts[host].silence = 0

    def silent(self, host: str, points: int, limit: int) -> list[Job]:
        """The host has not answered; at ``limit`` points in a row, gives all jobs that wait for it."""
        entry = self._hosts[host]
        entry.silence += points
        if entry.silence < limit:
            return []
        entry.silence = 0  # when it is asked again, it begins anew
        jobs = list(entry.jobs)
        entry.jobs.clear()
        self.waiting -= len(jobs)
        return jobs

    def _line_up(self, host: _Host[Job]) -> None:
        if host.jobs and not host.in_line and host.active < self._at_once:
            host.in_line = True
            heapq.heappush(self._line, (host.next_at, next(self._order), host))


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds a ``Retry-After`` header asks for: a number, or a date (RFC 9110, 10.2.3).

    >>> retry_after("120", datetime.now(UTC)), retry_after("soon", datetime.now(UTC))
    (120.0, None)
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), 10**9))
    from email.utils import parsedate_to_datetime  # seldom needed, and slow to import

    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max((when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds(), 0.0)
