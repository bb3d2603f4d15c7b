"""The audit as SARIF 2.1.0 (OASIS), for code-scanning views."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ... import __version__
from ...audit import AuditFinding, Report, Rule
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...vocabulary import Severity

__all__ = ["render"]

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, kb: KnowledgeBase, language: str, every: bool) -> str:
    """One run, with every rule that was looked at and every finding."""
    driver = {
        "name": "evidence-kb",
        "semanticVersion": __version__,
        "rules": [_rule(rule, language) for rule in report.rules],
    }
    index = {rule.id: position for position, rule in enumerate(report.rules)}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "results": [_result(finding, index, kb) for finding in report.findings],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule, language: str) -> dict[str, object]:
    mend = text_of(rule.mend, language)
    return {
        "id": rule.id,
        "shortDescription": {"text": text_of(rule.title, language)},
        "fullDescription": {"text": text_of(rule.why, language)},
        "help": {"text": mend},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {"tags": [rule.kind]},
    }


def _result(finding: AuditFinding, index: dict[str, int], kb: KnowledgeBase) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.message},
        "partialFingerprints": {
            "ruleAndSubject/v1": hashlib.sha256("\n".join(finding.key).encode()).hexdigest()
        },
        "properties": {"subject": finding.subject, "claims": list(finding.claims)},
    }
    if finding.file:
        location: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line:
            location["region"] = {"startLine": finding.line}
        result["locations"] = [
            {
                "physicalLocation": location,
                "logicalLocations": [{"fullyQualifiedName": kb.compact(finding.subject)}],
            }
        ]
    return result


def _uri(file: str) -> str:
    path = Path(file)
    if path.is_absolute():
        return path.as_uri()
    from urllib.parse import quote

    return quote(path.as_posix())
