"""The JSON API's answers about claims, sources, findings and impact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..audit import AuditFinding
from ..errors import KbError, UnknownName
from ..model import Claim, Source
from .protocol import Refusal
from .state import State
from .things import claim_json, finding_json, source_json

__all__ = ["articles", "claim", "claims", "findings", "impact", "overview", "source", "sources"]

Json = dict[str, Any]


def _page(items: Sequence[Any], values: Mapping[str, Any], shown: Callable[[Any], Json]) -> Json:
    start, count = values["offset"], values["limit"]
    return {
        "items": [shown(item) for item in items[start : start + count]],
        "total": len(items),
        "offset": start,
        "limit": count,
    }


def _says(texts: Iterable[str | None], wanted: str) -> bool:
    """Whether every word of ``wanted`` stands in one of the texts."""
    everything = " ".join(text for text in texts if text).casefold()
    return all(word in everything for word in wanted.casefold().split())


# -- operations --------------------------------------------------------------------------------------


def overview(state: State, values: Mapping[str, Any]) -> Json:
    """What the knowledge base holds, in numbers."""
    facts = state.facts
    return {
        "name": facts.name,
        "base": facts.base,
        "languages": list(state.kb.config.languages),
        "version": state.version,
        "articles": sum(bool(article.iri) for article in facts.articles),
        "claims": len(facts.claims),
        "sources": len(facts.sources),
        "findings": len(facts.findings),
        "footings": {footing.value: count for footing, count in facts.footings()},
        "audit": facts.report("en").summary(),
    }


def articles(state: State, values: Mapping[str, Any]) -> Json:
    """The articles with their sections."""
    return {
        "items": [
            {
                "iri": article.iri,
                "titles": dict(article.titles),
                "language": article.language,
                "url": article.url,
                "publisher": article.publisher,
                "interest": article.interest,
                "sections": [
                    {
                        "iri": section.iri or None,
                        "position": section.position,
                        "titles": dict(section.titles),
                        "claims": len(section.claims),
                    }
                    for section in article.sections
                ],
                "claims": len(article.claims),
                "entries": len(article.entries),
            }
            for article in state.facts.articles
            if article.iri
        ]
    }


def claims(state: State, values: Mapping[str, Any]) -> Json:
    """Claims that fit, a page of them."""

    def fits(claim: Claim) -> bool:
        article = state.facts.article_of.get(claim.iri)
        return (
            values["footing"] in {None, claim.footing.value}
            and values["category"] in {None, claim.category}
            and values["section"] in {None, claim.section}
            and values["core"] in {None, claim.core}
            and values["article"] in {None, article.iri if article else ""}
            and (values["q"] is None or _says([claim.name, *claim.texts.values()], values["q"]))
        )

    return _page([c for c in state.facts.claims.values() if fits(c)], values, lambda c: claim_json(state, c))


def claim(state: State, values: Mapping[str, Any]) -> Json:
    """One claim with all that hangs on it."""
    facts = state.facts
    claim = _named(state, facts.claims, values["name"], "claim")
    return {
        **claim_json(state, claim),
        "passages": list(claim.passages),
        "topics": list(claim.topics),
        "appeals": list(claim.appeals),
        "contradicts": list(claim.contradicts),
        "citations": [
            {"iri": c.iri, "source": c.source, "function": c.function, "mark": c.mark}
            for c in claim.citations
        ],
        "findings": [finding_json(f) for f in facts.findings_of_claim.get(claim.iri, ())],
        "audit": [f.as_json() for f in facts.audit_of("en").get(claim.iri, ())],
    }


def sources(state: State, values: Mapping[str, Any]) -> Json:
    """Sources that fit, a page of them."""

    def fits(source: Source) -> bool:
        verdicts = {address.verdict.value for address in source.addresses if address.verdict}
        return (
            values["interest"] in {None, source.interest}
            and values["kind"] in {None, source.kind}
            and (values["verdict"] is None or values["verdict"] in verdicts)
            and (
                values["q"] is None
                or _says(
                    [source.name, source.publisher, *source.titles.values(), *source.identifiers],
                    values["q"],
                )
            )
        )

    return _page([s for s in state.facts.sources.values() if fits(s)], values, source_json)


def source(state: State, values: Mapping[str, Any]) -> Json:
    """One source and every claim that leans on it."""
    facts = state.facts
    by_entry = {entry.iri: source for source in facts.sources.values() for entry in source.entries}
    source = _named(state, {**by_entry, **facts.sources}, values["name"], "source")
    return {
        **source_json(source),
        "entries": [
            {
                "iri": entry.iri,
                "number": entry.number,
                "title": entry.title,
                "printed_address": entry.printed_address,
            }
            for entry in source.entries
        ],
        "study_design": list(source.study_design),
        "primary_sources": list(source.primary_sources),
        "claims": [claim_json(state, c) for c in facts.claims_leaning.get(source.iri, ())],
        "findings": [finding_json(f) for f in facts.findings_of_source.get(source.iri, ())],
        "falls": {iri: after.value for iri, after in facts.falls.get(source.iri, {}).items()},
    }


def _named(state: State, things: Mapping[str, Any], name: str, kind: str) -> Any:
    """The thing that a name or IRI means.

    :raises UnknownName: there is none, or more than one.
    """
    if name in things:
        return things[name]
    try:
        iri = state.kb.resolve(name)
    except KbError:
        iri = ""
    if iri not in things:
        raise UnknownName(kind, name, (thing.name for thing in things.values()))
    return things[iri]


def findings(state: State, values: Mapping[str, Any]) -> Json:
    """What the audit finds and fits, a page of it."""
    found = [
        finding
        for finding in state.facts.report(values["language"]).findings
        if values["severity"] in {None, finding.severity.value}
        and values["rule"] in {None, finding.rule.id}
        and (values["claim"] is None or values["claim"] in {finding.subject, *finding.claims})
    ]
    return _page(found, values, AuditFinding.as_json)


def impact(state: State, values: Mapping[str, Any]) -> Json:
    """What loses its footing if a source, address or host goes away."""
    from ..impact import impact_of

    try:
        impact = impact_of(state.kb, values["target"])
    except KbError as error:
        raise Refusal(404, "Not found", str(error)) from None
    return {
        "target": impact.target,
        "addresses": list(impact.addresses),
        "sources": [source_json(source) for source in impact.sources],
        "kept": list(impact.kept),
        "changes": [
            {"claim": claim_json(state, change.claim), "after": change.after.value}
            for change in impact.changes
        ],
        "leaning": [claim_json(state, claim) for claim in impact.leaning],
    }
