"""An address over time: what is known of it after one more check. Pure functions: no files, no triples."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from ..vocabulary import Standing, Verdict
from .judgement import FAILING

__all__ = ["NEUTRAL", "REACHED", "Observation", "Record", "Rules", "next_record"]

REACHED = frozenset((Verdict.ALIVE, Verdict.MOVED))
NEUTRAL = frozenset((Verdict.BLOCKED, Verdict.REFUSED))  #: what a program cannot judge
_ONCE = timedelta(hours=1)  #: observations closer than this count once


class Rules(NamedTuple):
    """When an address that was alive counts as dead: so many failures, over so many days."""

    failures: int = 3
    days: float = 6.0


class Observation(NamedTuple):
    """One check of one address."""

    url: str
    verdict: Verdict
    when: datetime
    status: int | None = None
    final: str | None = None
    fingerprint: str | None = None


class Record(NamedTuple):
    """What is known of an address.

    :param since: when the present verdict was first seen.
    :param failing_since: when the present row of failures began; ``None`` where it does not fail.
    """

    url: str
    verdict: Verdict
    standing: Standing
    since: datetime
    last_checked: datetime
    status: int | None = None
    last_alive: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    final: str | None = None
    fingerprint: str | None = None
    changed_at: datetime | None = None
    archived: tuple[str, ...] = ()


def next_record(record: Record | None, seen: Observation, rules: Rules) -> Record:
    """What is known after an observation.

    An address never seen alive is ``confirmed`` at once when it fails; one that was is ``suspect`` until
    it failed often and long enough. A success clears it. What a program cannot judge changes nothing.
    """
    before = record or Record(seen.url, seen.verdict, Standing.STEADY, seen.when, seen.when)
    failures, standing, failing_since = before.failures, before.standing, before.failing_since
    last_alive = seen.when if seen.verdict in REACHED else before.last_alive
    if seen.verdict in FAILING:
        again = record is not None and record.verdict in FAILING and seen.when - record.last_checked < _ONCE
        failures = failures if again and failures else failures + 1
        failing_since = failing_since or seen.when
        enough = failures >= rules.failures and seen.when - failing_since >= timedelta(days=rules.days)
        standing = Standing.CONFIRMED if last_alive is None or enough else Standing.SUSPECT
    elif seen.verdict not in NEUTRAL:
        failures, standing, failing_since = 0, Standing.STEADY, None
    drifted_now = seen.verdict is Verdict.DRIFTED and before.verdict is not Verdict.DRIFTED
    return before._replace(
        verdict=seen.verdict,
        standing=standing,
        since=before.since if record and record.verdict is seen.verdict else seen.when,
        last_checked=seen.when,
        status=seen.status,
        last_alive=last_alive,
        failures=failures,
        failing_since=failing_since,
        final=seen.final,
        # What was cited is what was seen before it drifted; that is what later pages are held against.
        fingerprint=before.fingerprint
        if seen.verdict not in REACHED
        else seen.fingerprint or before.fingerprint,
        changed_at=seen.when if drifted_now else before.changed_at,
    )
