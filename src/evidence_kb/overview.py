"""What a knowledge base holds, in numbers: counted in the store, without making objects of it all."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from .knowledge_base import KnowledgeBase
from .store import Table
from .vocabulary import Footing

__all__ = ["Overview", "overview_of"]


class Overview(NamedTuple):
    """Counts of a knowledge base.

    :param core: claims that carry an article's message.
    :param entries: numbered entries of source lists.
    :param unread: entries whose work nobody has read beyond its title.
    :param findings: curators' findings.
    :param footings: claims by footing, worst first; footings that no claim has are left out.
    """

    claims: int
    core: int
    entries: int
    unread: int
    findings: int
    footings: tuple[tuple[Footing, int], ...]


def overview_of(kb: KnowledgeBase) -> Overview:
    """The counts of a knowledge base, with the footings that ``queries/footing.rq`` gives."""
    counts = Counter(footing for footing, _ in kb.footings().values())
    return Overview(
        claims=sum(counts.values()),
        core=_count(kb, _CORE),
        entries=_count(kb, _ENTRIES),
        unread=_count(kb, _UNREAD),
        findings=_count(kb, _FINDINGS),
        footings=tuple((footing, counts[footing]) for footing in Footing if counts[footing]),
    )


def _count(kb: KnowledgeBase, pattern: str) -> int:
    table = kb.store.query(f"{_PREFIXES}SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} }}")
    assert isinstance(table, Table)
    return int(next(iter(table))["count"].value)


_PREFIXES = """
PREFIX biro: <http://purl.org/spar/biro/>
PREFIX code: <https://w3id.org/evidence-kb/codes/>
PREFIX ekb: <https://w3id.org/evidence-kb/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX schema: <https://schema.org/>
"""
_CORE = "?thing a schema:Claim ; ekb:core true ."
_ENTRIES = "?thing a biro:BibliographicReference ."
_FINDINGS = "?thing a ekb:EvidenceLine ."
_UNREAD = """
  ?thing a biro:BibliographicReference .
  MINUS {
    ?thing biro:references ?work . ?item oa:hasSource ?work .
    ?finding ekb:evidenceItem ?item ; ekb:basis ?basis . FILTER(?basis != code:title-only)
  }
"""
