"""The audit as JSON: the contract's keys, stable."""

from __future__ import annotations

import json

from ...audit import Report
from ...knowledge_base import KnowledgeBase

__all__ = ["render"]


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """All findings and how many there are of each severity."""
    document = {"findings": [finding.as_json() for finding in report.findings], "summary": report.summary()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
