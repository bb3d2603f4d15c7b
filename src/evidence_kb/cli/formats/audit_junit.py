"""The audit as JUnit XML: one test case for each rule, one failure for each of its findings."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from ...audit import AuditFinding, Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Severity

__all__ = ["render"]


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """Errors and warnings are failures; what is only worth knowing is the case's output."""
    by_rule: dict[str, list[AuditFinding]] = {rule.id: [] for rule in report.rules}
    for finding in report.findings:
        by_rule[finding.rule.id].append(finding)
    failing = {f.rule.id for f in report.findings if f.severity is not Severity.INFO}
    suite = Xml.Element(
        "testsuite",
        name="kb audit",
        tests=str(len(by_rule)),
        failures=str(len(failing)),
        errors="0",
        skipped="0",
    )
    for rule_id in sorted(by_rule):
        _case(suite, rule_id, by_rule[rule_id], language)
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, rule_id: str, group: list[AuditFinding], language: str) -> None:
    case = Xml.SubElement(suite, "testcase", classname="kb.audit", name=rule_id)
    if not group:
        return
    lines = "\n".join(f"{f.file or '-'}:{f.line or 0}: {_allowed(f.message)}" for f in group)
    if group[0].severity is Severity.INFO:
        Xml.SubElement(case, "system-out").text = lines
        return
    failure = Xml.SubElement(case, "failure", type=group[0].severity.value)
    failure.set("message", f"{text_of(group[0].rule.title, language)} ({len(group)})")
    failure.text = lines


def _allowed(text: str) -> str:
    """``text`` without the control characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n" or c >= " ")
