"""What falls if a work goes: for all works at once, as `kb impact` says it for one."""

from __future__ import annotations

from pathlib import Path

from evidence_kb import KnowledgeBase, impact_of
from evidence_kb.impact import footings_without

KB = '[knowledge-base]\nbase = "https://example.org/kb/"\n'
HEAD = """
@prefix biro: <http://purl.org/spar/biro/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix code: <https://w3id.org/evidence-kb/codes/> .
@prefix ekb: <https://w3id.org/evidence-kb/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix schema: <https://schema.org/> .
@prefix x: <https://example.org/kb/> .
"""


def _kb(folder: Path, turtle: str) -> KnowledgeBase:
    (folder / "kb.toml").write_text(KB)
    (folder / "x.ttl").write_text(HEAD + turtle)
    return KnowledgeBase.open(folder)


def _falls(kb: KnowledgeBase) -> dict[str, dict[str, str]]:
    return {
        work.rpartition("/")[2]: {
            claim.rpartition("/")[2]: footing.value for claim, footing in claims.items()
        }
        for work, claims in footings_without(kb).items()
    }


ONE = "x:c a schema:Claim . x:cite cito:hasCitingEntity x:c ; cito:hasCitedEntity x:w . "


def test_a_claim_falls_with_the_one_work_it_cites(tmp_path: Path) -> None:
    kb = _kb(tmp_path, ONE + "x:w schema:url <https://a.example/> .")
    assert _falls(kb) == {"w": {"c": "lost"}}


def test_a_printed_work_can_go_too(tmp_path: Path) -> None:
    assert _falls(_kb(tmp_path, ONE)) == {"w": {"c": "lost"}}


def test_an_archived_copy_holds_a_claim(tmp_path: Path) -> None:
    archived = (
        "x:w schema:url <https://a.example/> . <https://a.example/> schema:archivedAt <https://b.example/> ."
    )
    assert _falls(_kb(tmp_path, ONE + archived)) == {}


def test_a_second_work_holds_a_claim_unless_it_is_dead_already(tmp_path: Path) -> None:
    second = """
    x:w schema:url <https://a.example/> . x:w2 schema:url <https://b.example/> .
    x:cite-2 cito:hasCitingEntity x:c ; cito:hasCitedEntity x:w2 . """
    assert _falls(_kb(tmp_path, ONE + second)) == {}
    dead = "<https://b.example/> ekb:verdict code:dead ."
    assert _falls(_kb(tmp_path, ONE + second + dead)) == {"w": {"c": "lost"}}


def test_works_at_one_address_go_together(tmp_path: Path) -> None:
    shared = """
    x:w schema:url <https://a.example/> . x:w2 schema:url <https://a.example/> .
    x:w3 schema:url <https://a.example/> .
    x:d a schema:Claim . x:cite-2 cito:hasCitingEntity x:d ; cito:hasCitedEntity x:w2 . """
    assert _falls(_kb(tmp_path, ONE + shared)) == {
        "w": {"c": "lost", "d": "lost"},
        "w2": {"c": "lost", "d": "lost"},
    }


def test_a_disputed_claim_has_nothing_to_lose(tmp_path: Path) -> None:
    disputed = """
    x:f a ekb:EvidenceLine ; ekb:targetClaim x:c ; ekb:direction code:disputes ; ekb:basis code:abstract ;
      ekb:evidenceItem [ oa:hasSource x:w ] . """
    assert _falls(_kb(tmp_path, ONE + disputed)) == {}


def test_it_is_what_kb_impact_says_of_each_work(shipped: KnowledgeBase) -> None:
    falls = footings_without(shipped)
    assert falls
    for source in list(shipped.sources())[:12]:
        changes = {change.claim.iri: change.after for change in impact_of(shipped, source.iri).changes}
        assert falls.get(source.iri, {}) == changes
