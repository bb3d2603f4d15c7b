"""Jobs that wait for a worker; clients take turns."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping

from .workers import Worker

__all__ = ["Queue", "Ticket"]


class Ticket:
    """One job on its way: waiting, running in a lane, or done.

    :param job: the job as a worker gets it, see `frames.job_content`.
    :param key: what is asked, whoever asks it.
    """

    def __init__(self, job: bytes, client: str, key: object) -> None:
        self.job, self.client, self.key = job, client, key
        self.granted: asyncio.Future[Worker] | None = None
        self.worker: Worker | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.left = 0.0
        self.is_dear = False
        self.again = False
        self.cancelled = False


class Queue:
    """Waiting tickets of one lane."""

    def __init__(self) -> None:
        self._by_client: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self.length = 0

    def add(self, ticket: Ticket) -> None:
        self._by_client.setdefault(ticket.client, deque()).append(ticket)
        self.length += 1

    def remove(self, ticket: Ticket) -> None:
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
