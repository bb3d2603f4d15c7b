"""What loses its footing if a source, an address or a host goes away.

Not a second definition of footing: the addresses are marked dead in a copy of the store, and
``queries/footing.rq`` is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pyoxigraph as ox

from .errors import UnknownName, UsageError
from .knowledge_base import KnowledgeBase
from .model import Claim, Source
from .store import EmbeddedStore
from .vocabulary import EKB, PREFIXES, Footing, Verdict, code

__all__ = ["Change", "Impact", "host_of", "impact_of"]


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
