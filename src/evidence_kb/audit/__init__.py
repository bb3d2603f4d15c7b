"""Auditing a knowledge base: rules in, findings out, worst first."""

from .findings import AuditFinding, Baseline, Report, read_baseline
from .rules import Rule
from .run import all_rules, run_audit, run_audits, run_rule

__all__ = [
    "AuditFinding",
    "Baseline",
    "Report",
    "Rule",
    "all_rules",
    "read_baseline",
    "run_audit",
    "run_audits",
    "run_rule",
]
