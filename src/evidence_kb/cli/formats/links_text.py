"""The link check for people: what is gone, which claims lose their footing, and a count."""

from __future__ import annotations

from ...audit import Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...links.result import LinkReport
from ...vocabulary import Severity, local_name
from ..terminal import paint
from .summary import SEVERITY_WORDS

__all__ = ["render"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_CLAIMS = 4
_WORDS = {
    "en": {
        "stake": "claims that lean on it: {claims}",
        "checked": "Addresses: {n}",
        "skipped": ", of which {skipped} were checked recently",
        "fine": "Every address answers with what was cited.",
    },
    "de": {
        "stake": "Behauptungen, die sich darauf stützen: {claims}",
        "checked": "Adressen: {n}",
        "skipped": ", davon {skipped} erst kürzlich geprüft",
        "fine": "Jede Adresse antwortet mit dem, was zitiert wurde.",
    },
}


def render(links: LinkReport, findings: Report, kb: KnowledgeBase, language: str) -> str:
    """The findings, worst first, then how many addresses have each verdict."""
    words = _WORDS[language]
    lines: list[str] = []
    for finding in findings.findings:
        word = SEVERITY_WORDS[language][finding.severity][0].upper()
        head = paint(f"{word:8}", _COLOURS[finding.severity], "bold")
        lines.append(f"{head} {paint(text_of(finding.rule.title, language), 'bold')}")
        lines.append(f"  {finding.message}")
        if finding.file:
            lines.append(paint(f"  {finding.file}:{finding.line or 1}", "dim"))
        if finding.claims:
            names = [local_name(iri) for iri in finding.claims]
            more = f" +{len(names) - _CLAIMS}" if len(names) > _CLAIMS else ""
            lines.append("  " + words["stake"].format(claims=", ".join(names[:_CLAIMS]) + more))
        lines.append("")
    if not findings.findings and links.results and not links.network_down:
        lines += [words["fine"], ""]
    skipped = words["skipped"].format(skipped=links.skipped) if links.skipped else ""
    lines.append(words["checked"].format(n=len(links.results)) + skipped)
    lines += [f"{number:6} {verdict}" for verdict, number in links.summary().items()]
    return "\n".join(lines) + "\n"
