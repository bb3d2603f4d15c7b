"""The link check: asks every address once, judges what comes back, and remembers it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from ..vocabulary import Severity, Standing, Verdict
from .addresses import joined, read_address, shown
from .fetch import Fetcher, Options
from .outcome import Exchange, Hop, Outcome, Trouble
from .page import Page, page_of
from .standing import Observation, Record
from .targets import Target
from .verdict import (
    FAILING,
    Cited,
    Judgement,
    Lexicon,
    certificate_reason,
    judge,
    judge_unasked,
    plainly_alive,
)

if TYPE_CHECKING:  # a plain list has no history, and need not wait for what reads it
    from .history import History

__all__ = ["LinkReport", "LinkResult", "check_links"]

_MOST_REFRESHES = 3
_NETWORK = frozenset((Trouble.NAME, Trouble.CONNECTION, Trouble.TIMEOUT))


class LinkResult(NamedTuple):
    """What is known of one address now.

    :param target: the address as asked, with what leans on it.
    :param standing: over time; for plain lists as if it were seen for the first time.
    :param checked: when; earlier than this run where the last check was recent enough.
    :param hops: the redirects it took.
    """

    target: Target
    verdict: Verdict
    standing: Standing
    reason: str
    status: int | None
    final: str | None
    hops: tuple[Hop, ...]
    checked: datetime
    seconds: float

    @property
    def url(self) -> str:
        """The address, without a password."""
        return shown(self.target.given)

    @property
    def severity(self) -> Severity:
        """How bad it is: a death is an error once it is confirmed."""
        if self.verdict in FAILING:
            return Severity.ERROR if self.standing is Standing.CONFIRMED else Severity.WARNING
        is_fine = self.verdict in {Verdict.ALIVE, Verdict.MOVED, Verdict.BLOCKED}
        return Severity.INFO if is_fine else Severity.WARNING


class LinkReport(NamedTuple):
    """The results in the order asked.

    :param network_down: every host failed by a network error: nothing was recorded.
    :param skipped: how many were checked recently enough.
    :param stopped: it was ended early; addresses not yet judged are missing.
    """

    results: tuple[LinkResult, ...]
    network_down: bool = False
    skipped: int = 0
    stopped: bool = False

    def summary(self) -> dict[str, int]:
        """How many addresses have each verdict."""
        counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
        for result in self.results:
            counts[result.verdict] += 1
        return {word: number for word, number in counts.items() if number}


_NOTHING = Cited()
_ALIVE = Judgement(Verdict.ALIVE, "200")


class _Case:
    """One request address on its way to a verdict, and the targets that have it."""

    __slots__ = (
        *("certificate", "first", "hops", "is_plain", "others", "outcome", "refreshes", "request", "sibling"),
    )  # fmt: skip

    def __init__(self, request: str, first: int) -> None:
        self.request, self.first = request, first
        self.others: list[int] | None = None
        self.hops: tuple[Hop, ...] = ()
        self.refreshes = 0
        self.certificate = ""
        self.outcome: Outcome | None = None
        self.sibling: Exchange | None = None
        self.is_plain = True  #: whether nothing more is asked of it than to be there

    @property
    def targets(self) -> list[int]:
        """Where the targets stand in the order asked."""
        return [self.first, *(self.others or ())]


def check_links(  # noqa: PLR0913  each option is one a caller sets by name
    targets: Sequence[Target],
    options: Options,
    *,
    history: History | None = None,
    at: datetime | None = None,
    canary: str = "example.com",
    due: Callable[[Record, datetime], bool] = lambda _record, _now: True,
    lexicon: Lexicon | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    stop: Event | None = None,
) -> LinkReport:
    """Check ``targets`` and note what was seen in ``history``.

    :param at: the time to record, for back-filling; now where not given.
    :param canary: a name that exists: unless it resolves, no name is called non-existent.
    :param due: whether an address with this record is to be asked again.
    :param progress: told how many of how many are done.
    :param stop: set it to end early; what was seen until then is noted.
    """
    now = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    run = _Run(
        targets, options, history, now, canary, lexicon or Lexicon.shipped(), progress, stop or Event()
    )
    return run.report(due)


class _Run:
    def __init__(  # noqa: PLR0913  check_links' own options, passed on
        self,
        targets: Sequence[Target],
        options: Options,
        history: History | None,
        now: datetime,
        canary: str,
        lexicon: Lexicon,
        progress: Callable[[int, int], None],
        stop: Event,
    ) -> None:
        self._stop = stop
        self._targets, self._history, self._now = targets, history, now
        self._canary, self._lexicon, self._progress = canary, lexicon, progress
        self._results: list[LinkResult | None] = [None] * len(targets)
        self._judged = 0
        self._telling = lexicon.telling
        self._fetcher = Fetcher(options, stop)
        self._asked = self._answered = self._skipped = 0
        self._nameless: list[tuple[_Case, Outcome]] = []
        self._siblings: dict[str, list[_Case]] = {}
        self._unrecorded: list[tuple[int, str | None]] = []

    def report(self, due: Callable[[Record, datetime], bool]) -> LinkReport:
        cases = self._sort(due)
        self._asked = len(cases)
        for case in cases:
            self._fetcher.add(case.request, case)
        del cases  # each goes when it is judged
        try:
            for outcome in self._fetcher:
                self._advance(outcome)
                self._progress(self._judged, len(self._targets))
                if self._history is not None:
                    self._note(self._history)
            if not self._stop.is_set():
                self._judge_nameless()
        finally:
            self._fetcher.close()
            down = self._asked > 0 and not self._answered and not self._stop.is_set()
            if not down and self._history is not None:
                self._answered = self._answered or 1  # there was nothing to ask
                self._note(self._history)
                self._settle_history(self._history)
        results = tuple(result for result in self._results if result is not None)
        return LinkReport(results, down, self._skipped, self._stop.is_set())

    # -- before asking -----------------------------------------------------------------------------

    def _sort(self, due: Callable[[Record, datetime], bool]) -> list[_Case]:
        """Judge what needs no asking; the rest as cases, each request once."""
        cases: dict[str, _Case] = {}
        for index, target in enumerate(self._targets):
            record = self._history.record(target.given) if self._history else None
            if record and not due(record, self._now):
                self._results[index] = _from_record(target, record)
                self._skipped += 1
                self._judged += 1
                continue
            address = read_address(target.given)
            if address.request is None:
                self._settle(index, judge_unasked(address), None, (), 0.0)
                continue
            case = cases.get(address.request)
            if case is None:
                case = cases[address.request] = _Case(address.request, index)
            elif case.others is None:
                case.others = [index]
            else:
                case.others.append(index)
            if self._history is not None or address.fragment or target.cited != _NOTHING:
                case.is_plain = False
        return list(cases.values())

    # -- as answers come in ------------------------------------------------------------------------

    def _advance(self, outcome: Outcome) -> None:
        tag = outcome.tag
        if isinstance(tag, str):  # a sibling address, asked on a doubt
            for case in self._siblings.pop(tag, ()):
                case.sibling = outcome.last
                assert case.outcome is not None
                self._decide(case, case.outcome)
            return
        assert isinstance(tag, _Case)
        case = tag
        if outcome.last.connected or outcome.last.trouble not in _NETWORK or outcome.hops:
            self._answered += 1
        plain = case.is_plain and not (outcome.hops or case.hops or case.certificate)
        if plain and plainly_alive(outcome.last, self._telling):
            for index in case.targets:
                self._settle(index, _ALIVE, outcome.last, (), outcome.seconds)
            return
        outcome = outcome._replace(url=case.request, hops=case.hops + outcome.hops)
        if outcome.last.trouble is Trouble.CERTIFICATE and not case.certificate:
            case.certificate = certificate_reason(outcome.last.detail)
            self._fetcher.add(case.request, case, verify=False)
            return
        page = page_of(outcome.last) if outcome.last.status == 200 and not outcome.last.trouble else None
        if self._refreshes(case, outcome, page):
            return
        if outcome.last.trouble is Trouble.NAME:
            self._nameless.append((case, outcome))
            return
        self._decide(case, outcome, page)

    def _refreshes(self, case: _Case, outcome: Outcome, page: Page | None) -> bool:
        """Follow an HTML refresh, which is a redirect by other means."""
        if page is None or page.sends_to is None:
            return False
        to = read_address(joined(outcome.last.url, page.sends_to))
        if to.request is None and to.refusal is None:
            return False
        if to.request == outcome.last.url:
            return False
        hop = Hop(0, to.request or to.given)
        trouble, detail = None, ""
        if to.request is None:
            trouble, detail = Trouble.POLICY, f"it sends its reader to {to.given[:200]!r}: {to.refusal}"
        elif to.request == case.request or hop in outcome.hops or case.refreshes >= _MOST_REFRESHES:
            trouble, detail = Trouble.LOOP, "its pages send their reader in a circle"
        if trouble is not None:
            last = outcome.last._replace(trouble=trouble, detail=detail)
            self._decide(case, outcome._replace(last=last))
            return True
        assert to.request is not None
        case.refreshes += 1
        case.hops = (*outcome.hops, hop)
        self._fetcher.add(to.request, case, verify=not case.certificate)
        return True

    def _decide(self, case: _Case, outcome: Outcome, page: Page | None = None) -> None:
        cited = self._cited(case)
        address = read_address(self._targets[case.first].given)
        verdict = judge(outcome, address, cited, self._lexicon, case.sibling, page)
        if verdict.doubt and case.sibling is None:
            case.outcome = outcome
            self._ask_sibling(case, outcome.last.url)
            return
        if case.certificate and verdict.verdict in {Verdict.ALIVE, Verdict.MOVED, Verdict.DRIFTED}:
            verdict = verdict._replace(
                verdict=Verdict.INSECURE, reason=f"{case.certificate}; past it: {verdict.reason}"
            )
        for index in case.targets:
            fragment = read_address(self._targets[index].given).fragment
            own = verdict
            if fragment != address.fragment:
                own = judge(outcome, address._replace(fragment=fragment), cited, self._lexicon, case.sibling)
            self._settle(index, own, outcome.last, outcome.hops, outcome.seconds)

    def _cited(self, case: _Case) -> Cited:
        first = self._targets[case.first]
        record = self._history.record(first.given) if self._history else None
        return first.cited._replace(fingerprint=record.fingerprint if record else None)

    def _ask_sibling(self, case: _Case, url: str) -> None:
        """One random address beside this one: does the host say the same to it?"""
        parts = urlsplit(url)
        folder = parts.path.rpartition("/")[0]
        key = f"{parts.scheme}://{parts.netloc}{folder}"
        waiting = self._siblings.setdefault(key, [])
        waiting.append(case)
        if len(waiting) == 1:
            path = f"{folder}/{os.urandom(8).hex()}"
            self._fetcher.add(urlunsplit((parts.scheme, parts.netloc, path, "", "")), key)

    # -- names ---------------------------------------------------------------------------------------

    def _judge_nameless(self) -> None:
        """A name is only called non-existent where another one, known to exist, is found."""
        canary = bool(self._nameless) and _lookup(self._canary) is None
        for case, outcome in self._nameless:
            verdict = judge(outcome, read_address(self._targets[case.first].given))
            host = urlsplit(outcome.last.url).hostname or ""
            if canary and _lookup(host) is False:
                self._answered += 1
                verdict = Judgement(Verdict.DEAD, f"there is no host called {host}")
            for index in case.targets:
                self._settle(index, verdict, outcome.last, outcome.hops, outcome.seconds)
        self._progress(self._judged, len(self._targets))

    # -- what was seen ---------------------------------------------------------------------------------

    def _settle(
        self, index: int, verdict: Judgement, last: Exchange | None, hops: tuple[Hop, ...], seconds: float
    ) -> None:
        target = self._targets[index]
        failing = verdict.verdict in FAILING
        self._judged += 1
        self._results[index] = LinkResult(
            target,
            verdict.verdict,
            Standing.CONFIRMED if failing else Standing.STEADY,
            verdict.reason,
            (last.status or None) if last else None,
            last.url if last else None,
            hops,
            self._now,
            seconds,
        )
        if self._history is not None:
            self._unrecorded.append((index, verdict.fingerprint))

    def _note(self, history: History) -> None:
        """Keep safe what was seen, once it is clear that the network is there."""
        if not self._answered:
            return
        fresh, self._unrecorded = self._unrecorded, []
        for index, print_ in fresh:
            r = self._results[index]
            if r is not None and _is_iri(r.target.given):
                history.note(Observation(r.target.given, r.verdict, r.checked, r.status, r.final, print_))

    def _settle_history(self, history: History) -> None:
        history.settle()
        for index, result in enumerate(self._results):
            record = history.record(result.target.given) if result else None
            if result and record and record.last_checked == result.checked:
                self._results[index] = result._replace(standing=record.standing)


def _from_record(target: Target, record: Record) -> LinkResult:
    reason = f"not asked again: checked {record.last_checked:%Y-%m-%d}"
    return LinkResult(
        target,
        record.verdict,
        record.standing,
        reason,
        record.status,
        record.final,
        (),
        record.last_checked,
        0.0,
    )


def _lookup(name: str) -> bool | None:
    """``None`` if a name resolves, ``False`` if there is no such name, ``True`` if it cannot be told."""
    try:
        socket.getaddrinfo(name, None)
    except socket.gaierror as error:
        return error.errno not in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
    except UnicodeError:
        return False
    return None


def _is_iri(text: str) -> bool:
    """Whether RDF can name it; an address with blanks in it cannot be."""
    import pyoxigraph as ox

    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
