"""The link check: asks every address once, has what comes back judged, and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

from ..vocabulary import Standing
from .addresses import read_address
from .case import Case
from .fetch import Fetcher, Options
from .judgement import FAILING, Cited, Judgement, judge_unasked
from .outcome import Exchange, Hop
from .result import LinkReport, LinkResult
from .standing import Observation, Record
from .targets import Target

if TYPE_CHECKING:  # a plain list has no history, and need not wait for what reads it
    from .history import History

__all__ = ["check_links"]

_NOTHING = Cited()


def check_links(  # noqa: PLR0913  each option is one a caller sets by name
    targets: Sequence[Target],
    options: Options,
    *,
    history: History | None = None,
    at: datetime | None = None,
    canary: str = "example.com",
    due: Callable[[Record, datetime], bool] = lambda _record, _now: True,
    gone_phrases: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    stop: Event | None = None,
) -> LinkReport:
    """Check ``targets`` and note what was seen in ``history``.

    :param at: the time to record, for back-filling; now where not given.
    :param canary: a name that exists: unless it resolves, no name is called non-existent.
    :param due: whether an address with this record is to be asked again.
    :param gone_phrases: by which pages say that they are gone, beside those that ship.
    :param progress: told how many of how many are done.
    :param stop: set it to end early; what was seen until then is noted.
    """
    now = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    run = _Run(targets, options, history, now, progress, stop or Event())
    return run.report(due, canary, gone_phrases)


class _Run:
    def __init__(
        self,
        targets: Sequence[Target],
        options: Options,
        history: History | None,
        now: datetime,
        progress: Callable[[int, int], None],
        stop: Event,
    ) -> None:
        self._targets, self._history, self._now = targets, history, now
        self._progress, self._stop = progress, stop
        self._fetcher = Fetcher(options, stop)
        self._results: list[LinkResult | None] = [None] * len(targets)
        self._judged = self._skipped = 0
        self._unrecorded: list[tuple[int, str | None]] = []

    def report(
        self, due: Callable[[Record, datetime], bool], canary: str, gone_phrases: Sequence[str]
    ) -> LinkReport:
        cases = self._sort(due)
        has_asked = bool(cases)
        is_there = not has_asked  #: whether the network is, as far as is known
        for case in cases:
            self._fetcher.add(case.request, case)
        del cases  # each goes when it is judged
        self._fetcher.begin()
        from .judging import Judge  # while the first servers think
        from .lexicon import Lexicon

        lexicon = Lexicon.shipped().with_gone(gone_phrases)
        judge = Judge(self._fetcher, self._targets, self._history, canary, lexicon, self._settle)
        try:
            for outcome in self._fetcher:
                judge.advance(outcome)
                self._progress(self._judged, len(self._targets))
                if self._history is not None and judge.answered:
                    self._note(self._history)
            if not self._stop.is_set():
                judge.judge_nameless()
                self._progress(self._judged, len(self._targets))
        finally:
            self._fetcher.close()
            is_there = is_there or judge.answered > 0
            if self._history is not None and (is_there or self._stop.is_set()):
                if is_there:
                    self._note(self._history)
                self._settle_history(self._history)
        results = tuple(result for result in self._results if result is not None)
        return LinkReport(results, not (is_there or self._stop.is_set()), self._skipped, self._stop.is_set())

    # -- before asking -----------------------------------------------------------------------------

    def _sort(self, due: Callable[[Record, datetime], bool]) -> list[Case]:
        """Judge what needs no asking; the rest as cases, each request once."""
        cases: dict[str, Case] = {}
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
                case = cases[address.request] = Case(address.request, index)
            elif case.others is None:
                case.others = [index]
            else:
                case.others.append(index)
            if self._history is not None or address.fragment or target.cited != _NOTHING:
                case.is_plain = False
        return list(cases.values())

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
        """Keep safe what was seen; not before it is clear that the network is there."""
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


def _is_iri(text: str) -> bool:
    """Whether RDF can name it; an address with blanks in it cannot be."""
    import pyoxigraph as ox

    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
