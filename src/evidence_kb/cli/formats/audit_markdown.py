"""The audit as Markdown: for a job summary, a pull request or a wiki."""

from __future__ import annotations

from ...audit import Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Severity, local_name
from .markdown import escape
from .summary import FOOTING_WORDS, SEVERITY_WORDS, summarise

__all__ = ["render"]

_HEADS = {
    "en": ("Source audit", "claims", "what they stand on", "Where", "What", "Claims at stake"),
    "de": ("Quellenprüfung", "Behauptungen", "worauf sie stehen", "Wo", "Was", "Betroffen"),
}


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """The summary, then a table for each rule."""
    summary = summarise(report, kb, language)
    title, claims, stand, where, what, stake = _HEADS[language]
    counts = " · ".join(
        f"{n} {SEVERITY_WORDS[language][Severity(s)][n != 1]}" for s, n in report.summary().items()
    )
    lines = [f"# {title}", "", counts, ""]
    if summary.overview.footings:
        lines += [f"| {claims} | {stand} |", "| ---: | --- |"]
        lines += [f"| {n} | {FOOTING_WORDS[language][f]} |" for f, n in summary.overview.footings]
        lines.append("")
    for group in summary.groups:
        why, mend = (escape(text_of(text, language)) for text in (group.rule.why, group.rule.mend))
        severity = SEVERITY_WORDS[language][group.rule.severity][0]
        lines += [
            f"## {severity}: {escape(text_of(group.rule.title, language))}",
            "",
            f"`{group.rule.id}` – {why} {mend}",
            "",
            f"| {where} | {what} | {stake} |",
            "| --- | --- | --- |",
        ]
        for finding in group.findings:
            place = f"{finding.file}:{finding.line}" if finding.line else finding.file or ""
            names = ", ".join(local_name(iri) for iri in finding.claims)
            lines.append(f"| {escape(place)} | {escape(finding.message)} | {escape(names)} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"
