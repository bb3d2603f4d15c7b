"""The lists of claims and of sources: all of them, and those of one footing, kind, interest or verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from ..model import Claim, Source
from .page import Page, Part, parts
from .view import View

__all__ = ["pages"]


def pages(view: View) -> Iterator[Page]:
    """The lists; each in pages of its own where it is long."""
    yield from _claim_lists(view)
    yield from _source_lists(view)


def _claim_lists(view: View) -> Iterator[Page]:
    facts, lang = view.facts, view.language
    claims = list(facts.claims.values())
    yield from _claims(view, claims, f"{lang}/claims.html", None)
    by_footing: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_footing[claim.footing].append(claim)
    for footing, found in by_footing.items():
        yield from _claims(view, found, f"{lang}/claims-{footing}.html", footing)


def _claims(view: View, claims: Sequence[Claim], path: str, footing: str | None) -> Iterator[Page]:
    def context(part: Part[Claim]) -> Mapping[str, object]:
        return {"part": part, "footing": footing, "counts": view.facts.footings()}

    for part in parts(claims, path):
        yield Page(part.path, "claims.html", partial(context, part))


def _source_lists(view: View) -> Iterator[Page]:
    facts, lang = view.facts, view.language
    sources = list(facts.sources.values())
    yield from _sources(sources, f"{lang}/sources.html", None)
    groups: dict[tuple[str, str, str], list[Source]] = defaultdict(list)
    for source in sources:
        if source.kind:
            groups["kind", "source-kinds", source.kind].append(source)
        if source.interest:
            groups["interest", "interests", source.interest].append(source)
        groups["address", "verdicts", view.liveness(source)].append(source)
    for (name, scheme, word), found in groups.items():
        yield from _sources(found, f"{lang}/sources-{name}-{view.safe(word)}.html", (scheme, word))


def _sources(sources: Sequence[Source], path: str, chosen: tuple[str, str] | None) -> Iterator[Page]:
    for part in parts(sources, path):
        yield Page(part.path, "sources.html", partial(_list, part, chosen))


def _list(part: Part[Source], chosen: tuple[str, str] | None) -> Mapping[str, object]:
    return {"part": part, "chosen": chosen}
