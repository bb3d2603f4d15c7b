"""What an audit found: findings, their order, and which of them are known already."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from ..vocabulary import Severity
from .rules import Rule

__all__ = ["AuditFinding", "Baseline", "Report", "read_baseline"]

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class AuditFinding(NamedTuple):
    """One thing that is wrong, where it is written, and the claims at stake (as IRIs)."""

    rule: Rule
    subject: str
    message: str
    file: str | None
    line: int | None
    claims: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same finding in another run, whatever its line or its wording."""
        return self.rule.id, self.subject

    def as_json(self) -> dict[str, object]:
        """The finding under the contract's keys, for whatever prints JSON."""
        return {
            "rule": self.rule.id,
            "severity": self.severity.value,
            "subject": self.subject,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "claims": list(self.claims),
        }

    def rank(self) -> tuple[int, int, str, str, int, str]:
        """Sort key: worst first, then those with most claims at stake."""
        return (
            _RANK[self.severity],
            -len(self.claims),
            self.rule.id,
            self.file or "",
            self.line or 0,
            self.subject,
        )


class Report(NamedTuple):
    """An audit's findings, worst first.

    :param accepted: how many findings a baseline took out.
    :param settled: findings of the baseline that are no longer there, as (rule, subject).
    :param rules: the rules that were looked at, those that found nothing too.
    """

    findings: tuple[AuditFinding, ...]
    rules: tuple[Rule, ...]
    accepted: int = 0
    settled: tuple[tuple[str, str], ...] = ()

    def summary(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        counts = Counter(finding.severity for finding in self.findings)
        return {severity.value: counts[severity] for severity in Severity}

    def fails(self, threshold: Severity | None) -> bool:
        """Whether any finding is at or above ``threshold``; ``None`` never fails."""
        return threshold is not None and any(
            _RANK[finding.severity] <= _RANK[threshold] for finding in self.findings
        )


class Baseline:
    """Findings that are known and accepted: an earlier run's ``--format json``."""

    def __init__(self, keys: Iterable[tuple[str, str]]) -> None:
        self._keys = set(keys)

    def apply(self, report: Report) -> Report:
        """``report`` without what is known."""
        new = tuple(finding for finding in report.findings if finding.key not in self._keys)
        there = {finding.key for finding in report.findings}
        settled = tuple(sorted(self._keys - there))
        return Report(new, report.rules, len(report.findings) - len(new), settled)


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file that ``kb audit --format json`` wrote.

    :raises InputError: it cannot be read or is something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        return Baseline((str(f["rule"]), str(f["subject"])) for f in data["findings"])
    except OSError as error:
        hint = "; make one with: kb audit --format json > FILE" if not path.exists() else ""
        raise InputError(f"cannot be read ({error.strerror}){hint}", path) from None
    except json.JSONDecodeError as error:
        raise InputError(f"is no JSON: {error.msg}", path, error.lineno) from None
    except (KeyError, TypeError, UnicodeDecodeError):
        raise InputError("is no baseline; make one with: kb audit --format json > FILE", path) from None
