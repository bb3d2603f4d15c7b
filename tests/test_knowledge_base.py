"""A knowledge base as typed objects: claims, sources and findings, and the names they go by."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import COFFEE, TRIAL, add, graph, lines, swap, write

from evidence_kb import KnowledgeBase
from evidence_kb.errors import InputError, UnknownName, UsageError
from evidence_kb.store import Table
from evidence_kb.vocabulary import Basis, Direction, Footing, Standing, Verdict

TEA = "https://example.org/kb/tea/"


def test_a_claim_has_all_that_hangs_on_it(tea: KnowledgeBase) -> None:
    (claim,) = tea.claims()

    assert claim.name == "claim-tea-eases-headache"
    assert claim.text("de") == "Grüner Tee lindert Spannungskopfschmerz."
    assert claim.text("fr") in claim.texts.values()
    assert (claim.category, claim.wording, claim.core) == ("treatment-effect", "strong", True)
    assert (claim.article, claim.section) == (TEA + "article", "Wirkung")
    assert claim.passages == ("text=Studien%20zeigen%2C%20dass,nach%20einer%20Tasse",)
    assert claim.appeals == ("Studien zeigen",)
    assert claim.contradicts == (TEA + "claim-tea-causes-headache",)
    assert (claim.footing, claim.via) == (Footing.DISPUTED, "cited")
    (citation,) = claim.citations
    assert citation.source == TEA + "work-klinik-tee"
    assert citation.mark == "【3】"
    assert citation.function.endswith("citesAsEvidence")


def test_a_source_has_its_entry_publisher_and_addresses(tea: KnowledgeBase) -> None:
    (source,) = tea.sources()

    assert source.titles == {"": "Kopfschmerz"}
    assert (source.publisher, source.interest) == ("Klinik am See", "treatment-provider")
    assert source.identifiers == ("doi:10.1000/182",)
    (entry,) = source.entries
    assert (entry.number, entry.printed_address) == (3, "http://klinik.example/kopf…/tee")
    (address,) = source.addresses
    assert (address.verdict, address.standing) == (Verdict.DEAD, Standing.SUSPECT)
    assert address.archived == ("https://web.archive.org/web/2026/https://klinik.example/kopfschmerz/tee",)


def test_a_finding_says_who_when_how_much_and_which_way(tea: KnowledgeBase) -> None:
    (finding,) = tea.findings()

    assert (finding.direction, finding.basis) == (Direction.DISPUTES, Basis.ABSTRACT)
    assert finding.is_read
    assert (finding.reasons, finding.certainty) == (("population-mismatch",), "low")
    assert finding.quote == "no difference between the groups"
    assert finding.generated_at == "2026-09-01T09:00:00Z"
    assert (finding.agent or "").endswith("curator-1")


def test_an_address_never_checked_has_no_verdict(tmp_path: Path) -> None:
    kb = KnowledgeBase.open(write(tmp_path, lines(graph(f"DELETE WHERE {{ <{TRIAL}> ?p ?o }}"))))
    addresses = {a.url: a for source in kb.sources() for a in source.addresses}

    assert addresses[TRIAL].verdict is None


def test_claims_come_in_the_order_of_the_article() -> None:
    assert [c.position for c in KnowledgeBase.open(COFFEE).claims()] == [1, 2]


@pytest.mark.parametrize(
    "update",
    [
        "DELETE WHERE { ex:claim-delays ?p ?o } ; INSERT DATA { ex:claim-delays a schema:Claim }",
        "DELETE WHERE { ex:finding-1 ?p ?o } ; INSERT DATA { ex:finding-1 a ekb:EvidenceLine }",
        swap("finding-1", "ekb:direction", "code:suports"),
        swap("finding-1", "ekb:basis", '"all of it"'),
        swap(TRIAL, "ekb:verdict", "code:zombie"),
        swap("entry-1", "schema:position", '"one"'),
        "DELETE WHERE { ex:work-trial ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_half_written_knowledge_is_still_read(update: str, tmp_path: Path) -> None:
    """What is missing or misspelt is the audit's to say; iterating must not fall over it."""
    kb = KnowledgeBase.open(write(tmp_path, lines(graph(update))))

    assert len(list(kb.claims())) == len({c.iri for c in kb.claims()})
    list(kb.sources())
    list(kb.findings())


def test_edits_are_seen_after_reload(tmp_path: Path) -> None:
    kb = KnowledgeBase.open(write(tmp_path, lines(graph())))
    assert len(list(kb.claims())) == 2
    write(tmp_path, lines(graph(add("ex:claim-3 a schema:Claim"))))
    assert len(list(kb.claims())) == 2

    kb.reload()

    assert len(list(kb.claims())) == 3


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("claim-delays", "https://example.org/kb/coffee/claim-delays"),
        ("CLAIM-DELAYS", "https://example.org/kb/coffee/claim-delays"),
        ("ex:claim-delays", "https://example.org/kb/coffee/claim-delays"),
        ("1", "https://example.org/kb/coffee/work-trial"),
        ("[1]", "https://example.org/kb/coffee/work-trial"),
        ("doi:10.1000/182", "https://example.org/kb/coffee/work-trial"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ],
)
def test_things_are_found_by_the_names_people_use(name: str, iri: str) -> None:
    assert KnowledgeBase.open(COFFEE).resolve(name) == iri


def test_a_name_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="claim-delays"):
        KnowledgeBase.open(COFFEE).resolve("claim-delay")


def test_a_number_that_no_entry_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no entry \[9\]: the numbers go from 1 to 2"):
        KnowledgeBase.open(COFFEE).resolve("[9]")


def test_a_name_of_two_things_asks_which(tmp_path: Path) -> None:
    twin = add("<https://example.org/other/claim-delays> a schema:Claim")

    with pytest.raises(UsageError, match="several things"):
        KnowledgeBase.open(write(tmp_path, lines(graph(twin)))).resolve("claim-delays")


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    folder = write(tmp_path, "_:a <https://example.org/p> 1 .\n")
    (folder / "more.ttl").write_text("_:a <https://example.org/p> 2 .\n", encoding="utf-8")
    table = KnowledgeBase.open(folder).store.query("SELECT DISTINCT ?s { ?s <https://example.org/p> ?o }")

    assert isinstance(table, Table)
    assert len(table.rows) == 2


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, lines(graph()))
    (folder / "broken.ttl").write_text("\n<https://example.org/a> <b c> .\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"broken\.ttl:2") as error:
        list(KnowledgeBase.open(folder).claims())
    assert str(error.value).count("\n") == 0


def test_an_empty_folder_is_an_empty_knowledge_base(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('[knowledge-base]\nbase = "https://example.org/"\n', encoding="utf-8")
    kb = KnowledgeBase.open(tmp_path)

    assert list(kb.claims()) == list(kb.sources()) == list(kb.findings()) == []


def test_the_public_names_are_these() -> None:
    import evidence_kb

    assert evidence_kb.__all__ == ["KnowledgeBase", "impact_of", "run_audit"]
    assert all(callable(getattr(evidence_kb, name)) for name in evidence_kb.__all__)
