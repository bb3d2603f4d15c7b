"""Moving bytes: many addresses at once through libcurl, politely, and whatever the other side does.

Knows nothing of verdicts or triples. One thread drives libcurl's *multi* interface by socket events, so
thousands of connections cost neither threads nor descriptors of `select`.
"""

from __future__ import annotations

import heapq
import re
import resource
import select
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from threading import Event
from typing import NamedTuple

import pycurl

from .addresses import host_of, joined, read_address
from .hosts import Turns, retry_after
from .outcome import Exchange, Hop, Outcome, Trouble
from .policy import metadata_host, private_host
from .transfer import Transfer, TransferOptions

__all__ = ["Fetcher", "Options"]

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TRANSIENT_STATUS = frozenset((408, 425, 429, *range(500, 600))) - {501, 505}
_TRANSIENT_TROUBLE = frozenset((Trouble.NAME, Trouble.CONNECTION, Trouble.TIMEOUT, Trouble.BROKEN))
_SILENCE = frozenset((Trouble.NAME, Trouble.CONNECTION, Trouble.TIMEOUT))
#: How much not to be connected, or a time-out, says of a host; when the rest of it waits, and is given up.
_NOT_CONNECTED, _TIMED_OUT, _SET_ASIDE, _GIVEN_UP = 5, 1, 20, 20
_MOST_HOPS = 20  #: as browsers have it
_LONGEST_WAIT = 0.5  #: seconds until a request to stop is noticed
_MOST_VISITS = 2  #: of one address in a chain: a first time, and once more with the cookie it set
_POLL: type[select.epoll] = getattr(select, "epoll", None) or select.poll  # type: ignore[assignment]
_POLL_UNITS = 1 if hasattr(select, "epoll") else 1000  #: what a second is to it
_READABLE, _WRITABLE = 1, 4  #: POLLIN and POLLOUT, whose numbers are the same everywhere
_MASKS = tuple(  #: libcurl's word for each set of events; errors show in reading and writing
    (pycurl.CSELECT_IN if events & ~_WRITABLE else 0) | (pycurl.CSELECT_OUT if events & ~_READABLE else 0)
    for events in range(64)
)


class Options(NamedTuple):
    """How to ask.

    :param timeout: seconds for one attempt, redirects included.
    :param concurrency: most requests under way; fewer where the system allows fewer open files.
    :param per_host: most requests under way to one host.
    :param per_host_delay: least seconds between two starts at one host.
    :param patience: most seconds one host may make us wait by Retry-After, in all.
    :param pauses: seconds before the second and the third try; the third comes after everything else.
    :param head: ask by HEAD first, and by GET where that gives no clear yes.
    :param allow_private: ask private and loopback addresses too.
    """

    user_agent: str
    timeout: float = 20.0
    concurrency: int = 256
    per_host: int = 2
    per_host_delay: float = 0.2
    patience: float = 90.0
    pauses: tuple[float, ...] = (1.0, 5.0)
    head: bool = False
    allow_private: bool = False


class _Job:
    __slots__ = (
        *("attempt", "began", "get", "hops", "host", "start", "tag", "transfer", "url", "verify"),
    )  # fmt: skip

    def __init__(self, tag: object, start: str, *, verify: bool, get: bool) -> None:
        self.tag, self.start, self.verify, self.get = tag, start, verify, get
        self.attempt = 0
        self.transfer: Transfer | None = None  #: kept through a chain of redirects, for its cookies
        self.url, self.host = start, sys.intern(host_of(start))
        self.hops: tuple[Hop, ...] = ()
        self.began = 0.0

    def begin_again(self) -> None:
        """From the first address."""
        self.url, self.host = self.start, host_of(self.start)
        self.hops = ()
        self.began = 0.0

    def visits(self, url: str) -> int:
        """How often an address was asked in this chain."""
        return (self.start == url) + sum(hop.url == url for hop in self.hops)


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
        self._last_pass: list[tuple[_Job, Exchange]] = []
        self._is_last_pass = False
        self._is_nameless = True  #: whether no name was resolved so far
        self._refusals: dict[str, str | None] = {}  #: why a host may not be asked, by host
        self._order = count()
        self._done: list[Outcome] = []
        self._active = 0
        self._idle: list[Transfer] = []
        self._running: dict[pycurl.Curl, Transfer] = {}
        self._timer: float | None = None
        self._poll = _POLL()
        self._watched: set[int] = set()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        room = files if files != resource.RLIM_INFINITY else 65_536
        self._at_once = max(min(options.concurrency, room // 4), 1)  # a look-up of a name takes some too
        self._multi.setopt(pycurl.M_MAXCONNECTS, max(min(options.concurrency * 4, room // 2), 1))
        self._transfer_options = TransferOptions.of(options.user_agent, options.allow_private)

    def add(self, url: str, tag: object = None, *, verify: bool = True) -> None:
        """Queue an address; ``verify=False`` looks past a bad certificate."""
        job = _Job(tag, url, verify=verify, get=not self._options.head)
        self._queue(job)

    def begin(self) -> None:
        """Send the first requests; what they come to is told when iterating."""
        self._start_what_may()
        self._move(0.0)

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
        if hasattr(self._poll, "close"):
            self._poll.close()

    # -- what runs when ------------------------------------------------------------------------------

    def _queue(self, job: _Job) -> None:
        if job.host not in self._refusals:
            name = re.sub(r":\d+$", "", job.host)
            may_not = metadata_host if self._options.allow_private else private_host
            self._refusals[job.host] = may_not(name)
        refusal = self._refusals[job.host]
        if refusal:
            self._put_back(job)
            self._finish(job, Exchange(job.url, trouble=Trouble.POLICY, detail=refusal, connected=False))
            return
        self._turns.add(job.host, job)

    def _start_what_may(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._queue(heapq.heappop(self._later)[2])
        if self._last_pass and not (self._active or self._turns.waiting or self._later):
            self._begin_last_pass()
        while self._active < self._at_once:
            job = self._turns.next(now)
            if job is None:
                break
            self._start(job, now)
        self._let_timers_act()  # requests go out now, and servers work while what came in is judged

    def _begin_last_pass(self) -> None:
        self._is_last_pass = True
        waiting, self._last_pass = self._last_pass, []
        for job, exchange in waiting:
            if self._is_nameless and len(self._refusals) > 1:  # no network, or none that leads out
                self._finish(job, exchange)
            else:
                self._queue(job)

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
        if self._active < self._at_once:
            times.append(self._turns.next_at())
        due = [moment for moment in times if moment is not None]
        pause = min(max(min(due) - now, 0.0), _LONGEST_WAIT) if due else _LONGEST_WAIT
        self._move(pause)
        self._collect()

    def _move(self, pause: float) -> None:
        """Let libcurl read and write what it can, after at most ``pause`` seconds."""
        for descriptor, events in self._poll.poll(pause * _POLL_UNITS):
            self._multi.socket_action(descriptor, _MASKS[events & 63])
        self._let_timers_act()

    def _let_timers_act(self) -> None:
        if self._timer is not None and self._timer <= time.monotonic():
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def _watch(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        """libcurl wants to know of events on a socket, or no longer."""
        if what == pycurl.POLL_REMOVE:
            if descriptor in self._watched:
                self._watched.remove(descriptor)
                with suppress(OSError):  # it may be closed already
                    self._poll.unregister(descriptor)
            return
        events = (_READABLE if what & pycurl.POLL_IN else 0) | (_WRITABLE if what & pycurl.POLL_OUT else 0)
        if descriptor in self._watched:
            self._poll.modify(descriptor, events)
        else:
            self._watched.add(descriptor)
            self._poll.register(descriptor, events)

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
        self._is_nameless = self._is_nameless and exchange.trouble is Trouble.NAME
        if exchange.trouble in _SILENCE:
            self._set_aside(job.host, exchange)
        else:
            self._turns.heard(job.host)
        if exchange.status in _REDIRECTS and exchange.trouble is None:
            location = exchange.headers.get("location")
            if location:
                job.transfer = transfer
                self._redirect(job, exchange, location)
                return
        self._idle.append(transfer)
        self._settle(job, exchange)

    def _too_slow(self) -> str:
        return f"no whole answer in {self._options.timeout:g} s"

    # -- what comes next for a job -------------------------------------------------------------------

    def _redirect(self, job: _Job, exchange: Exchange, location: str) -> None:
        # Browsers encode the blanks that some servers leave in it.
        to = read_address(joined(job.url, _text(location).strip().replace(" ", "%20")))
        if to.request is None:
            trouble = Trouble.ADDRESS if to.problem else Trouble.POLICY
            detail = f"it redirects to {to.given[:200]!r}: {to.problem or to.refusal}"
            self._settle(job, exchange._replace(trouble=trouble, detail=detail))
            return
        job.hops = (*job.hops, Hop(exchange.status, to.request))
        is_circle = job.visits(to.request) > _MOST_VISITS
        if is_circle or len(job.hops) > _MOST_HOPS:
            detail = (
                f"it redirects {'in a circle' if is_circle else 'without end'}: {len(job.hops)} redirects"
            )
            self._settle(job, exchange._replace(trouble=Trouble.LOOP, detail=detail))
            return
        job.url, job.host = to.request, host_of(to.request)
        self._queue(job)

    def _set_aside(self, host: str, exchange: Exchange) -> None:
        """Put off what else is waiting for a host that does not answer; in the last pass, give it up."""
        points = _TIMED_OUT if exchange.connected else _NOT_CONNECTED
        limit = _GIVEN_UP if self._is_last_pass else _SET_ASIDE
        for job in self._turns.silent(host, points, limit):
            if not self._is_last_pass and self._options.pauses:
                job.attempt = len(self._options.pauses)
                self._last_pass.append((job, exchange._replace(url=job.url)))
                continue
            self._put_back(job)
            job.attempt = 0
            detail = f"not asked, for {host} answers no others ({exchange.detail})"
            self._finish(job, exchange._replace(url=job.url, detail=detail))

    def _settle(self, job: _Job, exchange: Exchange) -> None:
        """The chain has ended: try again, or be done."""
        self._put_back(job)
        if not job.get and not (200 <= exchange.status < 300 and exchange.trouble is None):
            job.get = True  # HEAD lies too often to believe anything but a yes
            job.begin_again()
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
        job.begin_again()
        if failed == len(self._options.pauses):
            self._last_pass.append((job, exchange))
        else:
            heapq.heappush(self._later, (now + pause, next(self._order), job))

    def _put_back(self, job: _Job) -> None:
        """The handle that a chain of redirects kept may serve others."""
        if job.transfer:
            self._idle.append(job.transfer)
            job.transfer = None

    def _finish(self, job: _Job, exchange: Exchange) -> None:
        seconds = time.monotonic() - job.began if job.began else 0.0
        self._done.append(Outcome(job.tag, job.start, job.hops, exchange, max(job.attempt, 1), seconds))


def _text(header: str) -> str:
    """A Location as servers write it: what is no ASCII is UTF-8, or else bytes to be sent as they came."""
    try:
        data = header.encode("latin-1")
        return data.decode("utf-8")
    except UnicodeEncodeError:
        return header
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in data)
