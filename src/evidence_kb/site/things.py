"""Claims, sources and findings as JSON, for the JSON API."""

from __future__ import annotations

from typing import Any

from ..model import Address, Claim, Finding, Source
from .state import State

__all__ = ["claim_json", "finding_json", "source_json"]

Json = dict[str, Any]


def claim_json(state: State, claim: Claim) -> Json:
    """A claim in brief."""
    article = state.facts.article_of.get(claim.iri)
    return {
        "iri": claim.iri,
        "name": claim.name,
        "article": article.iri or None if article else None,
        "section": claim.section,
        "position": claim.position,
        "texts": dict(claim.texts),
        "category": claim.category,
        "wording": claim.wording,
        "core": claim.core,
        "footing": claim.footing.value,
        "via": claim.via,
    }


def source_json(source: Source) -> Json:
    """A source in brief."""
    return {
        "iri": source.iri,
        "name": source.name,
        "numbers": [entry.number for entry in source.entries if entry.number is not None],
        "titles": dict(source.titles),
        "kind": source.kind,
        "publisher": source.publisher,
        "interest": source.interest,
        "identifiers": list(source.identifiers),
        "addresses": [_address_json(address) for address in source.addresses],
    }


def _address_json(address: Address) -> Json:
    return {
        "url": address.url,
        "verdict": address.verdict.value if address.verdict else None,
        "standing": address.standing.value if address.standing else None,
        "last_checked": address.last_checked,
        "last_alive": address.last_alive,
        "archived": list(address.archived),
    }


def finding_json(finding: Finding) -> Json:
    """What a curator found of a claim and a source."""
    return {
        "iri": finding.iri,
        "claim": finding.claim,
        "source": finding.source,
        "direction": finding.direction.value,
        "basis": finding.basis.value,
        "reasons": list(finding.reasons),
        "certainty": finding.certainty,
        "quote": finding.quote,
        "descriptions": dict(finding.descriptions),
        "agent": finding.agent,
        "generated_at": finding.generated_at,
    }
