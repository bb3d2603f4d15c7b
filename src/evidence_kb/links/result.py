"""What a link check says of each address, and of all."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ..vocabulary import Severity, Standing, Verdict
from .addresses import shown
from .judgement import FAILING
from .outcome import Hop
from .targets import Target

__all__ = ["LinkReport", "LinkResult"]


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
