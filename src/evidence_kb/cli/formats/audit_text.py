"""The audit for people: what is wrong, worst first, and a summary at the end, where the eye is."""

from __future__ import annotations

from ...audit import AuditFinding, Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Footing, Severity, local_name
from ..terminal import bar, clean, paint
from .summary import FOOTING_WORDS, SEVERITY_WORDS, Group, Summary, summarise

__all__ = ["render"]

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_FOOTING_COLOUR = {
    Footing.DISPUTED: "red",
    Footing.LOST: "red",
    Footing.MISCITED: "red",
    Footing.CONTESTED: "yellow",
    Footing.PARTLY_SUPPORTED: "cyan",
    Footing.SUPPORTED: "green",
}
_SHOWN_PER_RULE = 3
_CLAIMS_SHOWN = 3
_WORDS = {
    "en": {
        "empty": "The knowledge base is empty: it has no claims yet.",
        "claims": "Claims: {claims} (core: {core}) · Numbered entries: {entries} (read by nobody: {unread}) "
        "· Findings of curators: {findings}",
        "footing": "What the claims stand on",
        "counts": "Findings",
        "nothing": "Nothing is wrong, as far as {rules} rules can tell.",
        "next": "What to do next",
        "more": "… and {n} more: kb audit --rule {rule}",
        "stake": "claims at stake: {claims}",
        "accepted": "{n} known findings are accepted by the baseline",
        "why": "Why it matters",
        "mend": "How to mend it",
    },
    "de": {
        "empty": "Die Wissensbasis ist leer: Sie hat noch keine Behauptungen.",
        "claims": "Behauptungen: {claims} (Kernaussagen: {core}) · Nummerierte Einträge: {entries} (von "
        "niemandem gelesen: {unread}) · Befunde von Kuratoren: {findings}",
        "footing": "Worauf die Behauptungen stehen",
        "counts": "Funde",
        "nothing": "Nichts zu beanstanden, soweit {rules} Regeln das sagen können.",
        "next": "Was als Nächstes zu tun ist",
        "more": "… und {n} weitere: kb audit --rule {rule}",
        "stake": "betroffene Behauptungen: {claims}",
        "accepted": "{n} bekannte Funde sind durch die Baseline angenommen",
        "why": "Warum es zählt",
        "mend": "Wie man es behebt",
    },
}


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """The findings by rule, then the summary.

    :param every: show all findings of each rule, and why they matter, instead of the first few.
    """
    summary = summarise(report, kb, language)
    lines: list[str] = []
    for group in summary.groups:
        lines += [*_group(group, language, every), ""]
    lines += _summary(summary, report, language)
    return "\n".join(lines) + "\n"


def _group(group: Group, language: str, every: bool) -> list[str]:
    words, rule = _WORDS[language], group.rule
    name = SEVERITY_WORDS[language][rule.severity][0].upper()
    title = text_of(rule.title, language)
    head = paint(f"{name:8}", _COLOUR[rule.severity], "bold") + paint(f" {title}", "bold")
    lines = [f"{head}  {paint(f'{len(group.findings)}× {rule.id}', 'dim')}"]
    if every:
        lines.append(f"  {words['why']}: {text_of(rule.why, language)}")
        lines.append(f"  {words['mend']}: {text_of(rule.mend, language)}")
    shown = group.findings if every else group.findings[:_SHOWN_PER_RULE]
    for finding in shown:
        lines += _finding(finding, language, every)
    if len(shown) < len(group.findings):
        rest = len(group.findings) - len(shown)
        lines.append(paint("  " + words["more"].format(n=rest, rule=rule.id), "dim"))
    return lines


def _finding(finding: AuditFinding, language: str, every: bool) -> list[str]:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file or ""
    lines = [f"  {clean(finding.message)}", paint(f"    {place}", "dim")] if place else []
    lines = lines or [f"  {clean(finding.message)}"]
    others = [iri for iri in finding.claims if iri != finding.subject]
    if others:
        names = [local_name(iri) for iri in (others if every else others[:_CLAIMS_SHOWN])]
        rest = f" +{len(others) - len(names)}" if len(others) > len(names) else ""
        stake = _WORDS[language]["stake"].format(claims=", ".join(names) + rest)
        lines.append(paint(f"    {stake}", "dim"))
    return lines


def _summary(summary: Summary, report: Report, language: str) -> list[str]:
    words = _WORDS[language]
    lines = []
    if not summary.overview.claims:
        lines.append(words["empty"])
    else:
        numbers = {
            "claims": summary.overview.claims,
            "core": summary.overview.core,
            "entries": summary.overview.entries,
            "unread": summary.overview.unread,
            "findings": summary.overview.findings,
        }
        lines += [paint(words["claims"].format(**numbers), "bold"), "", words["footing"]]
        most = max(count for _, count in summary.overview.footings)
        for footing, count in summary.overview.footings:
            bar_text = paint(f"{bar(count, most):30}", _FOOTING_COLOUR.get(footing, "dim"))
            lines.append(f"  {count:4} {bar_text} {FOOTING_WORDS[language][footing]}")
    lines.append("")
    if report.accepted:
        lines.append(words["accepted"].format(n=report.accepted))
    if not report.findings:
        lines.append(words["nothing"].format(rules=len(report.rules)))
        return lines
    counts = [
        paint(f"{n} {SEVERITY_WORDS[language][Severity(s)][n != 1]}", _COLOUR[Severity(s)], "bold")
        for s, n in report.summary().items()
        if n
    ]
    lines += [f"{words['counts']}: " + " · ".join(counts), "", words["next"]]
    lines += [f"  {i}. {step}" for i, step in enumerate(summary.next_steps, 1)]
    return lines
