"""The link check as Markdown: for a job summary, a pull request or a wiki."""

from __future__ import annotations

from ...audit import Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...links.result import LinkReport
from ...vocabulary import local_name
from .markdown import escape
from .summary import SEVERITY_WORDS

__all__ = ["render"]

_HEADS = {
    "en": (
        "Link check",
        "addresses",
        "verdict",
        "Severity",
        "What",
        "Address and reason",
        "Where",
        "Claims at stake",
    ),
    "de": ("Linkprüfung", "Adressen", "Urteil", "Schwere", "Was", "Adresse und Grund", "Wo", "Betroffen"),
}
_DOWN = {
    "en": "No host could be reached: the network seems to be down. Nothing was recorded.",
    "de": "Kein Rechner war zu erreichen: Das Netz scheint weg zu sein. Nichts wurde festgehalten.",
}


def render(links: LinkReport, findings: Report, kb: KnowledgeBase, language: str) -> str:
    """A table of counts, then one of findings."""
    title, addresses, verdict, *heads = _HEADS[language]
    lines = [f"# {title}", ""]
    if links.network_down:
        lines += [_DOWN[language], ""]
    lines += [f"| {addresses} | {verdict} |", "| ---: | --- |"]
    lines += [f"| {number} | {word} |" for word, number in links.summary().items()]
    if findings.findings:
        lines += ["", "| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for finding in findings.findings:
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file or ""
        names = ", ".join(local_name(iri) for iri in finding.claims)
        severity = SEVERITY_WORDS[language][finding.severity][0]
        cells = (severity, text_of(finding.rule.title, language), finding.message, place, names)
        lines.append("| " + " | ".join(map(escape, cells)) + " |")
    return "\n".join(lines) + "\n"
