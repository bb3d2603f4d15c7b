"""The audit as GitHub workflow commands: each finding appears beside its line in a pull request."""

from __future__ import annotations

from ...audit import AuditFinding, Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Severity

__all__ = ["render"]

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """One command for each finding."""
    return "".join(_command(finding, language) + "\n" for finding in report.findings)


def _command(finding: AuditFinding, language: str) -> str:
    properties = {
        "file": finding.file or "",
        "line": str(finding.line or ""),
        "title": f"{finding.rule.id}: {text_of(finding.rule.title, language)}",
    }
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{_COMMAND[finding.severity]} {shown}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
