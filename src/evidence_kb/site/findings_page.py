"""What the audit finds: all of it, worst first, and rule by rule with why it matters and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ..audit import AuditFinding
from .overview_page import RuleCount, by_rule
from .page import Page, Part, parts
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """The list of findings, and a page for each rule that found something."""
    report = view.facts.report(view.language)
    counts = by_rule(report.findings)

    def every(part: Part[AuditFinding]) -> Mapping[str, object]:
        return {"part": part, "counts": counts, "summary": report.summary()}

    def one(part: Part[AuditFinding], count: RuleCount) -> Mapping[str, object]:
        return {"part": part, "count": count}

    for part in parts(report.findings, f"{view.language}/findings.html"):
        yield Page(part.path, "findings.html", partial(every, part))
    for count in counts:
        for part in parts(count.findings, f"{view.language}/findings-{view.safe(count.rule.id)}.html"):
            yield Page(part.path, "rule.html", partial(one, part, count))
