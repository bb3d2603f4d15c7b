"""What an editor wants to see first: how many claims stand on what, what is wrong, what to do next."""

from __future__ import annotations

from typing import NamedTuple

from ...audit import AuditFinding, Report, Rule
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...overview import Overview, overview_of
from ...vocabulary import Severity

__all__ = ["FOOTING_WORDS", "SEVERITY_WORDS", "Group", "Summary", "summarise"]

FOOTING_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "disputed": "disputed by a source that was read",
        "lost": "lost: every source's address is dead",
        "miscited": "miscited: the cited sources do not address it",
        "contested": "contested: findings both ways",
        "none": "no source at all",
        "appeal": "only “studies show”, no source",
        "cited": "cited, but nobody has read the source",
        "partly-supported": "partly supported",
        "supported": "supported by a source that was read",
    },
    "de": {
        "disputed": "bestritten von einer gelesenen Quelle",
        "lost": "verloren: alle Adressen der Quellen sind tot",
        "miscited": "falsch belegt: die zitierten Quellen sagen dazu nichts",
        "contested": "umstritten: Befunde in beide Richtungen",
        "none": "ganz ohne Quelle",
        "appeal": "nur „Studien zeigen“, keine Quelle",
        "cited": "zitiert, aber niemand hat die Quelle gelesen",
        "partly-supported": "teilweise gestützt",
        "supported": "gestützt von einer gelesenen Quelle",
    },
}

SEVERITY_WORDS: dict[str, dict[Severity, tuple[str, str]]] = {
    "en": {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.INFO: ("note", "notes"),
    },
    "de": {
        Severity.ERROR: ("Fehler", "Fehler"),
        Severity.WARNING: ("Warnung", "Warnungen"),
        Severity.INFO: ("Hinweis", "Hinweise"),
    },
}


class Group(NamedTuple):
    """One rule's findings."""

    rule: Rule
    findings: tuple[AuditFinding, ...]


class Summary(NamedTuple):
    """Counts and groups for one page."""

    overview: Overview
    groups: tuple[Group, ...]
    next_steps: tuple[str, ...]


def summarise(report: Report, kb: KnowledgeBase, language: str) -> Summary:
    """The page's numbers, from the report and the knowledge base."""
    by_rule: dict[str, list[AuditFinding]] = {}
    for finding in report.findings:
        by_rule.setdefault(finding.rule.id, []).append(finding)
    order = list(Severity)
    groups = sorted(
        (Group(found[0].rule, tuple(found)) for found in by_rule.values()),
        key=lambda g: (order.index(g.rule.severity), -len(g.findings), g.rule.id),
    )
    return Summary(
        overview_of(kb),
        tuple(groups),
        tuple(text_of(group.rule.mend, language) for group in groups[:3]),
    )
