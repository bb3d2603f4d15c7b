"""What loses its footing if a source, an address or a host goes away.

Not a second definition of footing: the addresses are marked dead in a copy of the store, and
``queries/footing.rq`` is asked again. For all sources at once that would be a copy for each; so
`footings_without` puts all the "what ifs" into one store, side by side, and asks once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox

from .errors import UnknownName, UsageError
from .knowledge_base import KnowledgeBase
from .model import Claim, Source
from .store import EmbeddedStore, Table, Term
from .vocabulary import EKB, PREFIXES, Footing, Verdict, code

__all__ = ["Change", "Impact", "footings_without", "host_of", "impact_of"]


_URL = PREFIXES["schema"] + "url"


@dataclass(frozen=True)
class Change:
    """A claim whose footing is another one afterwards."""

    claim: Claim
    after: Footing


@dataclass(frozen=True)
class Impact:
    """What happens if ``addresses`` are gone.

    :param sources: the works that have any of these addresses, or were named themselves.
    :param kept: addresses of these works that stay, or have an archived copy.
    :param changes: claims that get another footing.
    :param leaning: claims that cite these works or have findings in them, whether they fall or not.
    """

    target: str
    addresses: tuple[str, ...]
    sources: tuple[Source, ...]
    kept: tuple[str, ...]
    changes: tuple[Change, ...]
    leaning: tuple[Claim, ...]


def host_of(url: str) -> str:
    """The host of an address, lower case, without ``www.``.

    >>> host_of("https://www.Klinik.example:8080/kopf")
    'klinik.example'
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def impact_of(kb: KnowledgeBase, target: str) -> Impact:
    """What loses its footing if ``target`` (a source's name, an address, a host) goes away.

    :raises UnknownName: no source, address or host of the knowledge base is called that.
    """
    store = kb.store
    if not isinstance(store, EmbeddedStore):
        raise UsageError("impact needs the embedded store")
    sources = list(kb.sources())
    hit, addresses = _meant(kb, target, sources)
    gone = store.copy()
    for url in addresses:
        node = ox.NamedNode(url)
        gone.remove(node, ox.NamedNode(EKB + "verdict"))
        gone.add([ox.Triple(node, ox.NamedNode(EKB + "verdict"), ox.NamedNode(code(Verdict.DEAD)))])
    for source in hit:
        if not source.addresses:  # a printed work: give it an address, and let that be the dead one
            nowhere = ox.NamedNode(source.iri + "#gone")
            gone.add(
                [
                    ox.Triple(ox.NamedNode(source.iri), ox.NamedNode(_URL), nowhere),
                    ox.Triple(nowhere, ox.NamedNode(EKB + "verdict"), ox.NamedNode(code(Verdict.DEAD))),
                ]
            )
    after = kb.footings(gone)
    claims = {claim.iri: claim for claim in kb.claims()}
    works = {source.iri for source in hit}
    leaning = {f.claim for f in kb.findings() if f.source in works}
    leaning |= {c.iri for c in claims.values() if any(x.source in works for x in c.citations)}
    kept = [
        address.url
        for source in hit
        for address in source.addresses
        if address.archived or address.url not in addresses
    ]
    return Impact(
        target,
        tuple(addresses),
        tuple(hit),
        tuple(kept),
        tuple(
            Change(claim, Footing(after[iri][0]))
            for iri, claim in claims.items()
            if iri in after and after[iri][0] != claim.footing
        ),
        tuple(claim for iri, claim in claims.items() if iri in leaning),
    )


def footings_without(kb: KnowledgeBase) -> dict[str, dict[str, Footing]]:
    """For each work, the claims that get another footing if it alone goes away, and which.

    Says the same as `impact_of` for every work, in one query. Works that nothing falls with are left out.
    """
    rests = _rests(kb)
    by_address: dict[str, set[str]] = defaultdict(set)
    leaning: dict[str, set[str]] = defaultdict(set)
    for work, urls in rests.addresses.items():
        for url in urls:
            by_address[url].add(work)
    for claim, lines in rests.lines.items():
        for line in lines:
            leaning[line.work].add(claim)
    scenes = EmbeddedStore()
    scene_of: dict[str, tuple[str, str]] = {}
    for work in leaning:
        gone = rests.addresses.get(work, frozenset())
        shared = {work}.union(*(by_address[url] for url in gone))
        for claim in sorted(set().union(*(leaning.get(other, ()) for other in shared))):
            scene = f"urn:scene:{len(scene_of)}"
            scene_of[scene] = (work, claim)
            scenes.add(rests.scene(scene, claim, work))
    falls: dict[str, dict[str, Footing]] = defaultdict(dict)
    now = kb.footings()
    for scene, (footing, _) in kb.footings(scenes).items():
        work, claim = scene_of[scene]
        if footing != now[claim][0]:
            falls[work][claim] = Footing(footing)
    return dict(falls)


class _Line(NamedTuple):
    """A citation, or a finding with its direction and basis, that ties a claim to a work."""

    work: str
    direction: ox.NamedNode | None
    basis: ox.NamedNode | None


class _Rests(NamedTuple):
    """What the footing of claims is made of."""

    lines: dict[str, list[_Line]]
    appealing: frozenset[str]
    addresses: dict[str, frozenset[str]]
    verdicts: dict[str, list[ox.NamedNode]]
    archived: frozenset[str]

    def scene(self, name: str, claim: str, without: str) -> Iterator[ox.Triple]:
        """The claim and all it rests on, under names of their own, with one work gone."""
        node, gone = ox.NamedNode(name), self.addresses.get(without, frozenset())
        works: dict[str, ox.NamedNode] = {}
        yield ox.Triple(node, _A, ox.NamedNode(PREFIXES["schema"] + "Claim"))
        if claim in self.appealing:
            yield ox.Triple(node, ox.NamedNode(EKB + "appeal"), node)
        for number, line in enumerate(self.lines[claim]):
            work = works.setdefault(line.work, ox.NamedNode(f"{name}:work:{len(works)}"))
            tie = ox.NamedNode(f"{name}:line:{number}")
            if line.direction is None or line.basis is None:
                yield ox.Triple(tie, ox.NamedNode(PREFIXES["cito"] + "hasCitingEntity"), node)
                yield ox.Triple(tie, ox.NamedNode(PREFIXES["cito"] + "hasCitedEntity"), work)
                continue
            yield ox.Triple(tie, ox.NamedNode(EKB + "targetClaim"), node)
            yield ox.Triple(tie, ox.NamedNode(EKB + "direction"), line.direction)
            yield ox.Triple(tie, ox.NamedNode(EKB + "basis"), line.basis)
            yield ox.Triple(tie, ox.NamedNode(EKB + "evidenceItem"), tie)
            yield ox.Triple(tie, ox.NamedNode(PREFIXES["oa"] + "hasSource"), work)
        for iri, work in works.items():
            urls = self.addresses.get(iri) or (frozenset(("",)) if iri == without else frozenset())
            for number, url in enumerate(sorted(urls)):
                address = ox.NamedNode(f"{work.value}:{number}")
                dead = url in gone or not url  # a printed work gets an address, and that is the dead one
                yield ox.Triple(work, ox.NamedNode(_URL), address)
                for verdict in [ox.NamedNode(code(Verdict.DEAD))] if dead else self.verdicts.get(url, ()):
                    yield ox.Triple(address, ox.NamedNode(EKB + "verdict"), verdict)
                if url in self.archived:
                    yield ox.Triple(address, ox.NamedNode(PREFIXES["schema"] + "archivedAt"), address)


def _rests(kb: KnowledgeBase) -> _Rests:
    lines: dict[str, list[_Line]] = defaultdict(list)
    for claim, work in _rows(kb, _CITED):
        lines[claim.value].append(_Line(work.value, None, None))
    for claim, work, direction, basis in _rows(kb, _FOUND):
        if isinstance(direction, ox.NamedNode) and isinstance(basis, ox.NamedNode):
            lines[claim.value].append(_Line(work.value, direction, basis))
    addresses: dict[str, set[str]] = defaultdict(set)
    for work, url in _rows(kb, _ADDRESSES):
        addresses[work.value].add(url.value)
    verdicts: dict[str, list[ox.NamedNode]] = defaultdict(list)
    for url, verdict in _rows(kb, _VERDICTS):
        if isinstance(verdict, ox.NamedNode):  # two, where branches were merged line by line
            verdicts[url.value].append(verdict)
    return _Rests(
        lines,
        frozenset(claim.value for (claim,) in _rows(kb, _APPEALS)),
        {work: frozenset(urls) for work, urls in addresses.items()},
        verdicts,
        frozenset(url.value for (url,) in _rows(kb, _ARCHIVED)),
    )


def _rows(kb: KnowledgeBase, text: str) -> Iterator[tuple[Term, ...]]:
    table = kb.store.query("".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items()) + text)
    assert isinstance(table, Table)
    return ((*(term for term in row if term is not None),) for row in table.rows)


_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_CITED = "SELECT ?c ?w { ?x cito:hasCitingEntity ?c ; cito:hasCitedEntity ?w . ?c a schema:Claim }"
_APPEALS = "SELECT DISTINCT ?c { ?c a schema:Claim ; ekb:appeal ?a }"
_ADDRESSES = "SELECT ?w ?u { ?w schema:url ?u . FILTER(ISIRI(?u)) }"
_VERDICTS = "SELECT ?u ?v { ?u ekb:verdict ?v . FILTER(ISIRI(?u)) }"
_ARCHIVED = "SELECT DISTINCT ?u { ?u schema:archivedAt ?a . FILTER(ISIRI(?u)) }"
_FOUND = """
SELECT ?c ?w ?d ?b {
  ?f ekb:targetClaim ?c ; ekb:direction ?d ; ekb:basis ?b ; ekb:evidenceItem/oa:hasSource ?w .
  ?c a schema:Claim
}
"""


def _of_identifier(kb: KnowledgeBase, target: str, sources: list[Source]) -> list[Source]:
    """The works with an identifier: every article has its own, and all of them are the same study."""
    wanted = target.casefold()
    return [s for s in sources if any(i.casefold() == wanted for i in s.identifiers)]


def _meant(kb: KnowledgeBase, target: str, sources: list[Source]) -> tuple[list[Source], list[str]]:
    """The sources and addresses that a user's word means."""
    urls = {a.url: host_of(a.url) for source in sources for a in source.addresses}
    if "://" in target:
        wanted = {url for url in urls if url.rstrip("/") == target.strip("<>").rstrip("/")}
    else:
        wanted = {url for url, host in urls.items() if host == host_of("//" + target)}
    if wanted:
        hit = [s for s in sources if any(a.url in wanted for a in s.addresses)]
        return hit, sorted(wanted)
    same = _of_identifier(kb, target, sources)
    if same:
        return same, sorted({a.url for source in same for a in source.addresses})
    try:
        iri = kb.resolve(target)
    except UnknownName as error:
        known = [*sorted(set(urls.values())), *(s.name for s in sources)]
        raise UnknownName("source, address or host", target, known) from error
    by_entry = {e.iri: s for s in sources for e in s.entries}
    named = next((s for s in sources if s.iri == iri), by_entry.get(iri))
    if named is None:
        known = [*sorted(set(urls.values())), *(s.name for s in sources)]
        raise UnknownName("source, address or host", target, known)
    return [named], sorted(a.url for a in named.addresses)
