"""The audit as JSON: the contract's keys, stable."""

from __future__ import annotations

import json

from ...audit import AuditFinding, Report
from ...knowledge_base import KnowledgeBase

__all__ = ["render"]


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """All findings and how many there are of each severity."""
    document = {"findings": [_finding(f) for f in report.findings], "summary": report.summary()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: AuditFinding) -> dict[str, object]:
    return {
        "rule": finding.rule.id,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "message": finding.message,
        "file": finding.file,
        "line": finding.line,
        "claims": list(finding.claims),
    }
