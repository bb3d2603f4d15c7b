"""Which addresses a knowledge base has, what was cited there, and which claims lean on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .judgement import Cited

if TYPE_CHECKING:
    from ..knowledge_base import KnowledgeBase

__all__ = ["Target", "targets_of"]


class Target(NamedTuple):
    """An address to check.

    :param given: as written.
    :param claims: the claims that lean on it: for which its work is cited, or speaks by a finding.
    :param places: subjects to show where it is written: entries, else works.
    """

    given: str
    cited: Cited = Cited()
    claims: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def targets_of(kb: KnowledgeBase) -> list[Target]:
    """Every address of works, and every printed one, each once, in the order of the source lists."""
    titles, phrases, claims, places, numbers = (_Lists() for _ in range(5))
    for row in _rows(kb, _ADDRESSES):
        url = row["url"]
        places.add(url, row.get("entry") or row["work"])
        numbers.add(url, row.get("number", "999999"))
        for title in (row.get("title"), row.get("printed")):
            if title:
                titles.add(url, title)
        phrases.touch(url)
    for row in _rows(kb, _PHRASES):
        phrases.add(row["url"], row["phrase"])
    for row in _rows(kb, _CLAIMS):
        claims.add(row["url"], row["claim"])
    order = sorted(phrases, key=lambda url: (min(int(n) for n in numbers[url]), url))
    return [Target(url, Cited(titles[url], phrases[url]), claims[url], places[url]) for url in order]


class _Lists(dict[str, tuple[str, ...]]):
    """Values by key, each once, in the order they came."""

    def __missing__(self, key: str) -> tuple[str, ...]:
        return ()

    def add(self, key: str, value: str) -> None:
        if value not in self[key]:
            self[key] = (*self[key], value)

    def touch(self, key: str) -> None:
        self.setdefault(key, ())


def _rows(kb: KnowledgeBase, query: str) -> list[dict[str, str]]:
    from ..store import Table

    table = kb.store.query(_PREFIXES + query)
    assert isinstance(table, Table)
    return [{column: term.value for column, term in row.items()} for row in table]


_PREFIXES = """
PREFIX biro: <http://purl.org/spar/biro/>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ekb: <https://w3id.org/evidence-kb/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX schema: <https://schema.org/>
"""
#: A printed address is one of its own unless the work has the same.
_URL = """
  { ?work schema:url ?url }
  UNION { ?entry biro:references ?work ; ekb:printedAddress ?url . MINUS { ?entry biro:references/schema:url ?known ; ekb:printedAddress ?same . FILTER(STR(?known) = STR(?same)) } }
"""  # noqa: E501
_ADDRESSES = f"""
SELECT DISTINCT ?url ?work ?entry ?number ?title ?printed WHERE {{
  {_URL}
  OPTIONAL {{ ?work dcterms:title ?title }}
  OPTIONAL {{ ?entry biro:references ?work . OPTIONAL {{ ?entry schema:position ?number }} OPTIONAL {{ ?entry dcterms:title ?printed }} }}
}} ORDER BY ?url ?number ?entry ?title ?printed
"""  # noqa: E501
_PHRASES = f"""
SELECT DISTINCT ?url ?phrase WHERE {{
  ?item oa:hasSource ?work ; oa:hasSelector/oa:exact ?phrase . ?finding ekb:evidenceItem ?item .
  {_URL}
}} ORDER BY ?url ?phrase
"""
_CLAIMS = f"""
SELECT DISTINCT ?url ?claim WHERE {{
  {{ ?citation cito:hasCitedEntity ?work ; cito:hasCitingEntity ?claim }}
  UNION {{ ?item oa:hasSource ?work . ?finding ekb:evidenceItem ?item ; ekb:targetClaim ?claim }}
  {_URL}
}} ORDER BY ?url ?claim
"""
