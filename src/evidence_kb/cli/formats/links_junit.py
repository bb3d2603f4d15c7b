"""The link check as JUnit XML: one test case for each address, by its host."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from ...audit import AuditFinding, Report
from ...headers import text_of
from ...knowledge_base import KnowledgeBase
from ...links.result import LinkReport
from ...vocabulary import Severity

__all__ = ["render"]


def render(links: LinkReport, findings: Report, kb: KnowledgeBase, language: str) -> str:
    """Errors and warnings are failures; what is only worth knowing is the case's output."""
    found = {finding.subject: finding for finding in findings.findings}
    cases = [(result.url, found.get(result.url)) for result in links.results]
    checked = {result.url for result in links.results}
    cases += [(url, finding) for url, finding in found.items() if url not in checked]  # rules that ran out
    failures = sum(finding is not None and finding.severity is not Severity.INFO for _, finding in cases)
    root = Xml.Element("testsuites")
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suite = Xml.SubElement(root, "testsuite", {"name": "kb links", **counts})
    for url, finding in cases:
        _case(suite, url, finding, language)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, url: str, finding: AuditFinding | None, language: str) -> None:
    case = Xml.SubElement(suite, "testcase", classname=f"kb.links.{_host(url)}", name=_allowed(url))
    if finding is None:
        return
    if finding.file:
        case.set("file", finding.file)
        case.set("line", str(finding.line or 1))
    claims = "".join(f"\n{iri}" for iri in finding.claims)
    text = _allowed(f"{finding.message}{claims}")
    if finding.severity is Severity.INFO:
        Xml.SubElement(case, "system-out").text = text
        return
    title = text_of(finding.rule.title, language)
    Xml.SubElement(case, "failure", type=finding.severity.value, message=title).text = text


def _host(url: str) -> str:
    try:
        return _allowed(urlsplit(url).hostname or "none")
    except ValueError:
        return "none"


def _allowed(text: str) -> str:
    """``text`` without the characters that XML 1.0 has no way to write."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
