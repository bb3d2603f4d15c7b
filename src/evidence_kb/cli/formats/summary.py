"""What an editor wants to see first: how many claims stand on what, what is wrong, what to do next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ...audit import AuditFinding, Report, Rule
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Footing, Severity

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


@dataclass(frozen=True)
class Group:
    """One rule's findings."""

    rule: Rule
    findings: tuple[AuditFinding, ...]


@dataclass(frozen=True)
class Summary:
    """Counts and groups for one page."""

    claims: int
    core: int
    entries: int
    findings: int
    unread: int
    footings: tuple[tuple[Footing, int], ...]
    groups: tuple[Group, ...]
    next_steps: tuple[str, ...]


def summarise(report: Report, kb: KnowledgeBase, language: str) -> Summary:
    """The page's numbers, from the report and the knowledge base."""
    claims = list(kb.claims())
    findings = list(kb.findings())
    sources = [source for source in kb.sources() if source.entries]
    read = {finding.source for finding in findings if finding.is_read}
    counts = Counter(claim.footing for claim in claims)
    by_rule: dict[str, list[AuditFinding]] = {}
    for finding in report.findings:
        by_rule.setdefault(finding.rule.id, []).append(finding)
    order = list(Severity)
    groups = sorted(
        (Group(found[0].rule, tuple(found)) for found in by_rule.values()),
        key=lambda g: (order.index(g.rule.severity), -len(g.findings), g.rule.id),
    )
    return Summary(
        len(claims),
        sum(claim.core for claim in claims),
        sum(len(source.entries) for source in sources),
        len(findings),
        sum(source.iri not in read for source in sources),
        tuple((footing, counts[footing]) for footing in Footing if counts[footing]),
        tuple(groups),
        tuple(text_of(group.rule.mend, language) for group in groups[:3]),
    )
