"""Jobs that wait for a worker; clients take turns."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping

from .workers import Job, Worker

__all__ = ["Queue", "Ticket"]


class Ticket(Job):
    """One job on its way: waiting, running in a lane, or done.

    :param content: the job as a worker gets it, see `frames.job_content`.
    :param key: what is asked, whoever asks it.
    """

    def __init__(self, content: bytes, client: str, key: object) -> None:
        super().__init__(content)
        self.client, self.key = client, key
        self.worker: Worker | None = None
        #: Ends the waiting, later the running.
        self.timer: asyncio.TimerHandle | None = None
        #: Seconds of work after which it counts as dear, and seconds that it may run on after those.
        self.first = 0.0
        self.left = 0.0
        self.is_dear = False
        #: Whether it has only just begun, so that others may stand behind it.
        self.is_fresh = False
        self.cancelled = False

    def stop_timer(self) -> None:
        """Let the timer ring no more."""
        if self.timer:
            self.timer.cancel()
            self.timer = None


class Queue:
    """Waiting tickets of one lane."""

    def __init__(self) -> None:
        self._by_client: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self.length = 0

    def add(self, ticket: Ticket) -> None:
        """Put a ticket behind the others of its client."""
        self._by_client.setdefault(ticket.client, deque()).append(ticket)
        self.length += 1

    def put_back(self, ticket: Ticket) -> None:
        """Put a ticket that had its turn, and could not use it, in front of all others."""
        self._by_client.setdefault(ticket.client, deque()).appendleft(ticket)
        self._by_client.move_to_end(ticket.client, last=False)
        self.length += 1

    def remove(self, ticket: Ticket) -> None:
        """Take a ticket out, if it is here."""
        tickets = self._by_client.get(ticket.client)
        if tickets and ticket in tickets:
            tickets.remove(ticket)
            self.length -= 1
            if not tickets:
                del self._by_client[ticket.client]

    def next(self, barred: Mapping[str, int], most: int) -> Ticket | None:
        """The first ticket of the client whose turn it is, of those that hold fewer than ``most`` places."""
        for client in self._by_client:
            if barred.get(client, 0) < most:
                ticket = self._by_client[client].popleft()
                self.length -= 1
                if self._by_client[client]:
                    self._by_client.move_to_end(client)
                else:
                    del self._by_client[client]
                return ticket
        return None
