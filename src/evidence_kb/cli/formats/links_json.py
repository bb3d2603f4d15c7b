"""The link check as JSON: the contract's keys, in the order asked."""

from __future__ import annotations

import json

from ...audit import Report
from ...knowledge_base import KnowledgeBase
from ...links.check import LinkReport, LinkResult

__all__ = ["render"]


def render(links: LinkReport, findings: Report, kb: KnowledgeBase, language: str) -> str:
    """One object for each address, each on a line of its own."""
    every = ",\n  ".join(json.dumps(_link(result), ensure_ascii=False) for result in links.results)
    return f'{{"links": [\n  {every}\n ],\n "summary": {json.dumps(links.summary())}}}\n'


def _link(result: LinkResult) -> dict[str, object]:
    return {
        "url": result.url,
        "verdict": result.verdict,
        "standing": result.standing,
        "status": result.status,
        "final_url": result.final,
        "reason": result.reason,
        "redirects": [{"status": hop.status, "url": hop.url} for hop in result.hops],
        "checked_at": result.checked.isoformat().replace("+00:00", "Z"),
        "elapsed_ms": round(result.seconds * 1000),
        "claims": list(result.target.claims),
    }
