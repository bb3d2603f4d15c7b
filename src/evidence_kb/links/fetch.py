"""Moving bytes: many addresses at once through libcurl, politely, and whatever the other side does.

Knows nothing of verdicts or triples. One thread drives libcurl's *multi* interface by socket events, so
thousands of connections cost neither threads nor descriptors of `select`.
"""

from __future__ import annotations

import heapq
import selectors
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from threading import Event
from typing import NamedTuple

import pycurl

from .addresses import host_of, joined, read_address
from .hosts import Turns, retry_after
from .outcome import Exchange, Hop, Outcome, Trouble
from .policy import private_host
from .transfer import Transfer, TransferOptions

__all__ = ["Fetcher", "Options"]

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TRANSIENT_STATUS = frozenset((408, 425, 429, 500, 502, 503, 504))
_TRANSIENT_TROUBLE = frozenset((Trouble.NAME, Trouble.CONNECTION, Trouble.TIMEOUT, Trouble.BROKEN))
_MOST_HOPS = 10
_LONGEST_WAIT = 0.5  #: seconds until a request to stop is noticed
_MOST_VISITS = 2  #: of one address in a chain: a first time, and once more with the cookie it set


class Options(NamedTuple):
    """How to ask.

    :param timeout: seconds for one attempt, redirects included.
    :param concurrency: most requests under way.
    :param per_host: most requests under way to one host.
    :param per_host_delay: least seconds between two starts at one host.
    :param patience: most seconds one host may make us wait by Retry-After, in all.
    :param pauses: seconds before the second and the third try; the third comes after everything else.
    :param head: ask by HEAD first, and by GET where that gives no clear yes.
    :param allow_private: ask private and loopback addresses too.
    """

    user_agent: str
    timeout: float = 20.0
    concurrency: int = 64
    per_host: int = 2
    per_host_delay: float = 0.2
    patience: float = 90.0
    pauses: tuple[float, ...] = (1.0, 5.0)
    head: bool = False
    allow_private: bool = False


class _Job:
    __slots__ = (
        *("attempt", "began", "get", "hops", "host", "start", "tag", "transfer", "url", "verify", "visits"),
    )

    def __init__(self, tag: object, start: str, *, verify: bool, get: bool) -> None:
        self.tag, self.start, self.verify, self.get = tag, start, verify, get
        self.attempt = 0
        self.transfer: Transfer | None = None  #: kept through a chain of redirects, for its cookies
        self.begin()

    def begin(self) -> None:
        """From the first address again."""
        self.url, self.host = self.start, host_of(self.start)
        self.hops: list[Hop] = []
        self.visits = {self.start: 1}
        self.began = 0.0


class Fetcher:
    """Asks for addresses; iterate over it to get outcomes as they come in.

    More addresses may be added while iterating. The addresses must be `addresses.Address.request`.

    :param stop: once set, no more outcomes come.

    >>> fetcher = Fetcher(Options("evidence-kb"))     # doctest: +SKIP
    >>> fetcher.add("https://a.example/", tag=1)      # doctest: +SKIP
    >>> [outcome.last.status for outcome in fetcher]  # doctest: +SKIP
    [200]
    """

    def __init__(self, options: Options, stop: Event | None = None) -> None:
        self._options = options
        self._stop = stop or Event()
        self._turns: Turns[_Job] = Turns(options.per_host, options.per_host_delay, options.patience)
        self._later: list[tuple[float, int, _Job]] = []
        self._last_pass: list[_Job] = []
        self._order = count()
        self._done: list[Outcome] = []
        self._active = 0
        self._idle: list[Transfer] = []
        self._running: dict[pycurl.Curl, Transfer] = {}
        self._timer: float | None = None
        self._selector = selectors.DefaultSelector()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, max(options.concurrency * 4, 64))
        self._transfer_options = TransferOptions.of(options.user_agent, options.allow_private)

    def add(self, url: str, tag: object = None, *, verify: bool = True) -> None:
        """Queue an address; ``verify=False`` looks past a bad certificate."""
        job = _Job(tag, url, verify=verify, get=not self._options.head)
        self._queue(job)

    def __iter__(self) -> Iterator[Outcome]:
        while True:
            self._start_what_may()
            while self._done:
                yield self._done.pop()
            idle = not (self._active or self._turns.waiting or self._later or self._last_pass)
            if idle or self._stop.is_set():
                return
            self._wait()

    def close(self) -> None:
        """Drop whatever is under way."""
        for transfer in self._running.values():
            self._multi.remove_handle(transfer.curl)
        for transfer in (*self._idle, *self._running.values()):
            transfer.close()
        self._multi.close()
        self._selector.close()

    # -- what runs when ------------------------------------------------------------------------------

    def _queue(self, job: _Job) -> None:
        if not self._options.allow_private:
            refusal = private_host(job.host.rpartition(":")[0] if ":" in job.host else job.host)
            if refusal:
                if job.transfer:
                    self._idle.append(job.transfer)
                    job.transfer = None
                self._finish(job, Exchange(job.url, trouble=Trouble.POLICY, detail=refusal))
                return
        self._turns.add(job.host, job)

    def _start_what_may(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2])
        if self._last_pass and not (self._active or self._turns.waiting or self._later):
            for waiting in self._last_pass:
                self._queue(waiting)
            self._last_pass.clear()
        while self._active < self._options.concurrency:
            job = self._turns.next(now)
            if job is None:
                return
            self._start(job, now)

    def _start(self, job: _Job, now: float) -> None:
        job.began = job.began or now
        left = self._options.timeout - (now - job.began)
        if left <= 0:
            self._turns.done(job.host)
            self._settle(job, Exchange(job.url, trouble=Trouble.TIMEOUT, detail=self._too_slow()))
            return
        transfer = job.transfer or (self._idle.pop() if self._idle else Transfer(self._transfer_options))
        job.transfer = None
        transfer.prepare(job.url, job, left, get=job.get, verify=job.verify, fresh=not job.hops)
        self._active += 1
        self._running[transfer.curl] = transfer
        self._multi.add_handle(transfer.curl)

    def _wait(self) -> None:
        now = time.monotonic()
        times = [self._timer, self._later[0][0] if self._later else None]
        if self._active < self._options.concurrency:
            times.append(self._turns.next_at())
        due = [moment for moment in times if moment is not None]
        pause = min(max(min(due) - now, 0.0), _LONGEST_WAIT) if due else _LONGEST_WAIT
        for key, events in self._selector.select(pause):
            mask = (pycurl.CSELECT_IN if events & selectors.EVENT_READ else 0) | (
                pycurl.CSELECT_OUT if events & selectors.EVENT_WRITE else 0
            )
            self._multi.socket_action(key.fd, mask)
        if self._timer is not None and self._timer <= time.monotonic():
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()

    def _watch(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        """libcurl wants to know of events on a socket, or no longer."""
        known = descriptor in self._selector.get_map()
        if what == pycurl.POLL_REMOVE:
            if known:
                self._selector.unregister(descriptor)
            return
        events = (selectors.EVENT_READ if what & pycurl.POLL_IN else 0) | (
            selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0
        )
        (self._selector.modify if known else self._selector.register)(descriptor, events)

    def _set_timer(self, milliseconds: int) -> None:
        self._timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def _collect(self) -> None:
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl in good:
                self._ended(curl, 0, "")
            for curl, number, message in bad:
                self._ended(curl, number, message)

    def _ended(self, curl: pycurl.Curl, number: int, message: str) -> None:
        self._multi.remove_handle(curl)
        transfer = self._running.pop(curl)
        job: _Job = transfer.job  # type: ignore[assignment]
        exchange = transfer.exchange(number, message)
        if exchange.trouble is Trouble.TIMEOUT:
            exchange = exchange._replace(detail=self._too_slow())
        self._active -= 1
        self._turns.done(job.host)
        location = exchange.headers.get("location")
        if exchange.status in _REDIRECTS and location is not None and exchange.trouble is None:
            job.transfer = transfer
            self._redirect(job, exchange, location)
        else:
            self._idle.append(transfer)
            self._settle(job, exchange)

    def _too_slow(self) -> str:
        return f"no whole answer in {self._options.timeout:g} s"

    # -- what comes next for a job -------------------------------------------------------------------

    def _redirect(self, job: _Job, exchange: Exchange, location: str) -> None:
        to = read_address(joined(job.url, _text(location)))
        if to.request is None:
            trouble = Trouble.ADDRESS if to.problem else Trouble.POLICY
            detail = f"it redirects to {to.given[:200]!r}: {to.problem or to.refusal}"
            self._settle(job, exchange._replace(trouble=trouble, detail=detail))
            return
        job.hops.append(Hop(exchange.status, to.request))
        job.visits[to.request] = job.visits.get(to.request, 0) + 1
        if job.visits[to.request] > _MOST_VISITS or len(job.hops) > _MOST_HOPS:
            detail = f"it redirects in a circle, after {len(job.hops)} redirects"
            self._settle(job, exchange._replace(trouble=Trouble.LOOP, detail=detail))
            return
        job.url, job.host = to.request, host_of(to.request)
        self._queue(job)

    def _settle(self, job: _Job, exchange: Exchange) -> None:
        """The chain has ended: try again, or be done."""
        if job.transfer:
            self._idle.append(job.transfer)
            job.transfer = None
        if not job.get and not (200 <= exchange.status < 300 and exchange.trouble is None):
            job.get = True  # HEAD lies too often to believe anything but a yes
            job.begin()
            self._queue(job)
            return
        transient = exchange.status in _TRANSIENT_STATUS or exchange.trouble in _TRANSIENT_TROUBLE
        job.attempt += 1
        if not transient or job.attempt > len(self._options.pauses):
            self._finish(job, exchange)
            return
        now = time.monotonic()
        pause = self._options.pauses[job.attempt - 1]
        if exchange.status in {429, 503}:
            asked = retry_after(exchange.headers.get("retry-after"), datetime.now(UTC))
            if not self._turns.slow_down(host_of(exchange.url), now, pause if asked is None else asked):
                self._finish(job, exchange)
                return
        failed = job.attempt
        job.begin()
        if failed == len(self._options.pauses):
            self._last_pass.append(job)
        else:
            heapq.heappush(self._later, (now + pause, next(self._order), job))

    def _finish(self, job: _Job, exchange: Exchange) -> None:
        seconds = time.monotonic() - job.began if job.began else 0.0
        self._done.append(
            Outcome(job.tag, job.start, tuple(job.hops), exchange, max(job.attempt, 1), seconds)
        )


def _text(header: str) -> str:
    """A Location as servers write it: UTF-8 sent as Latin-1 is UTF-8 again."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return header
