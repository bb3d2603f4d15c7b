"""The questions give the right answers: each on the coffee knowledge base, changed as the case needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import (
    APPEAL,
    BASE,
    DISPUTES,
    ELSEWHERE,
    ENTRY,
    GUIDELINE,
    MENTION,
    NOTHING_CITED,
    SELLER,
    TRIAL,
    add,
    drop,
    every,
    gone,
    graph,
    lines,
    swap,
    write,
)

from evidence_kb import KnowledgeBase
from evidence_kb.store import Graph, Table


def changed(folder: Path, update: str) -> KnowledgeBase:
    return KnowledgeBase.open(write(folder, lines(graph(update))))


def local(value: str) -> str:
    return value.removeprefix(BASE)


def answer(kb: KnowledgeBase, question: str, column: str, **values: str) -> list[str]:
    """One column of a question's answer, IRIs by their local names, each once."""
    table = kb.query(question, **values)
    assert isinstance(table, Table)
    return list(dict.fromkeys(local(row[column].value) for row in table if column in row))


# -- the footing of a claim ----------------------------------------------------------------------------

LISTED = every(
    add(f"ex:entry-3 {ENTRY} biro:references ex:work-elsewhere"), ELSEWHERE
)  # finding 1 is on a listed work that the claim does not cite
OTHER_WAY = add(
    "ex:finding-3 a ekb:EvidenceLine ; ekb:targetClaim ex:claim-delays ; ekb:direction code:disputes ; "
    "ekb:basis code:abstract ; ekb:evidenceItem ex:item-3"
)
UNREAD = drop("finding-1", "ekb:targetClaim")
PARTLY = swap("finding-1", "ekb:direction", "code:partly-supports")
OFF_TOPIC = swap("finding-1", "ekb:direction", "code:does-not-address")
TITLE_ONLY = swap("finding-1", "ekb:basis", "code:title-only")
ALL_GONE = every(gone(TRIAL), gone(GUIDELINE))
ARCHIVED = add(f"<{TRIAL}> schema:archivedAt <https://archive.example/1>")


@pytest.mark.parametrize(
    ("update", "footing", "via"),
    [
        ("", "supported", "cited"),
        (ELSEWHERE, "supported", "elsewhere"),
        (LISTED, "supported", "listed"),
        (PARTLY, "partly-supported", "cited"),
        (every(PARTLY, ELSEWHERE), "partly-supported", "elsewhere"),
        (OTHER_WAY, "contested", "cited"),
        (every(OTHER_WAY, PARTLY), "contested", "cited"),
        (DISPUTES, "disputed", "cited"),
        (every(DISPUTES, ELSEWHERE), "disputed", "elsewhere"),
        (ALL_GONE, "lost", "cited"),
        (every(UNREAD, ALL_GONE), "lost", "cited"),
        (OFF_TOPIC, "miscited", "cited"),
        (UNREAD, "cited", "cited"),
        (every(UNREAD, NOTHING_CITED, APPEAL), "appeal", None),
        (every(UNREAD, NOTHING_CITED), "none", None),
    ],
)
def test_each_footing(tmp_path: Path, update: str, footing: str, via: str | None) -> None:
    assert _footing(tmp_path, update) == (footing, via)


@pytest.mark.parametrize(
    ("why", "update", "footing"),
    [
        ("what disputes outweighs a dead address", every(DISPUTES, ALL_GONE), "disputed"),
        ("findings both ways outweigh a dead address", every(OTHER_WAY, ALL_GONE), "contested"),
        ("a dead address outweighs support", ALL_GONE, "lost"),
        ("one address that lives is enough", gone(TRIAL), "supported"),
        ("an archived copy is enough", every(ALL_GONE, ARCHIVED), "supported"),
        ("a page that is gone though the server says 200", every(gone(TRIAL, verdict="soft-404"), gone(GUIDELINE)), "lost"),
        ("what a program cannot judge is not dead", every(gone(TRIAL, verdict="blocked"), gone(GUIDELINE)), "supported"),
        ("a source without an address cannot die", every(ALL_GONE, drop("work-trial", "schema:url")), "supported"),
        ("an address nobody checked is not dead", every(gone(GUIDELINE), f"DELETE WHERE {{ <{TRIAL}> ?p ?o }}"), "supported"),
        ("a second address of the work lives on", every(ALL_GONE, add("ex:work-trial schema:url <https://b.example/>")), "supported"),
        ("the supporting work lives elsewhere", every(ALL_GONE, ELSEWHERE, add("ex:work-elsewhere schema:url <https://b.example/>")), "supported"),
        ("a title read lifts nothing", TITLE_ONLY, "cited"),
        ("a title read disputes nothing", every(TITLE_ONLY, DISPUTES), "cited"),
        ("a title read miscites nothing", every(TITLE_ONLY, OFF_TOPIC), "cited"),
        ("what does not address the claim and is not cited says nothing", every(OFF_TOPIC, ELSEWHERE), "cited"),
        ("support from elsewhere outweighs a miscitation", every(OFF_TOPIC, add("ex:finding-3 a ekb:EvidenceLine ; ekb:targetClaim ex:claim-delays ; ekb:direction code:supports ; ekb:basis code:abstract ; ekb:evidenceItem ex:item-3")), "supported"),
        ("a citation outweighs an appeal", every(UNREAD, APPEAL), "cited"),
    ],
)  # fmt: skip
def test_which_footing_comes_first(tmp_path: Path, why: str, update: str, footing: str) -> None:
    assert _footing(tmp_path, update)[0] == footing, why


def _footing(folder: Path, update: str) -> tuple[str, str | None]:
    table = changed(folder, update).query("footing")
    assert isinstance(table, Table)
    rows = [row for row in table if local(row["claim"].value) == "claim-delays"]
    assert len(rows) == 1
    return rows[0]["footing"].value, rows[0]["via"].value if "via" in rows[0] else None


# -- every other question ------------------------------------------------------------------------------

REGISTER = swap("work-trial", "dcterms:type", "code:register-entry")


@pytest.mark.parametrize(
    ("question", "column", "update", "expected"),
    [
        ("rests-on", "source", "", ["work-guideline", "work-trial"]),
        ("appeals-without-source", "claim", every(APPEAL, NOTHING_CITED), ["claim-delays"]),
        ("appeals-without-source", "claim", APPEAL, []),
        ("causal-claims-on-observational-evidence", "claim", swap("finding-2", "ekb:reason", "code:observational-only"), ["claim-wakes"]),
        ("citations", "mark", "", ["[1]", "[2]"]),
        ("claims-all-addresses-dead", "claim", "", []),
        ("claims-all-addresses-dead", "claim", ALL_GONE, ["claim-delays", "claim-wakes"]),
        ("claims-dead-without-archive", "claim", every(ALL_GONE, ARCHIVED), []),
        ("claims-dead-without-archive", "claim", ALL_GONE, ["claim-delays", "claim-wakes"]),
        ("claims-on-commercial-sources-only", "claim", swap("work-trial", "dcterms:publisher", "ex:org-shop"), []),
        ("claims-on-commercial-sources-only", "claim", every(swap("work-trial", "dcterms:publisher", "ex:org-shop"), swap("work-guideline", "dcterms:publisher", "ex:org-shop")), ["claim-delays", "claim-wakes"]),
        ("claims-on-one-source-only", "claim", "DELETE WHERE { ex:citation-4 ?p ?o }", ["claim-wakes"]),
        ("claims-on-unread-sources-only", "claim", every(ELSEWHERE, drop("finding-2", "ekb:evidenceItem")), ["claim-delays", "claim-wakes"]),
        ("claims-on-web-pages-only", "claim", swap("work-trial", "dcterms:type", "code:shop-page"), []),
        ("claims-without-source", "claim", NOTHING_CITED, ["claim-delays"]),
        ("contested-claims", "claim", OTHER_WAY, ["claim-delays"]),
        ("contradictions", "claim", add("ex:claim-delays ekb:contradicts ex:claim-wakes"), ["claim-delays"]),
        ("coverage-by-section", "cited", "", ["2"]),
        ("disputing-findings", "claim", DISPUTES, ["claim-delays"]),
        ("disputing-findings", "claim", every(DISPUTES, TITLE_ONLY), []),
        ("effects-without-trial-or-review", "claim", "", []),
        ("effects-without-trial-or-review", "claim", NOTHING_CITED, ["claim-delays"]),
        ("interest-and-claims", "claim", "", []),
        ("interest-and-claims", "claim", SELLER, ["claim-delays"]),
        ("judgements", "agent", "", ["curator"]),
        ("judgements-older-than-source", "finding", add('ex:work-trial dcterms:modified "2026-10-01T00:00:00Z"^^xsd:dateTime'), ["finding-1"]),
        ("marks-to-nowhere", "mark", "", []),
        ("marks-to-nowhere", "mark", swap("mark-1", "c4o:denotes", "ex:entry-9"), ["[1]"]),
        ("marks-to-nowhere", "mark", add(MENTION + "ex:work-elsewhere"), ["Bean (2020)"]),
        ("miscited-claims", "claim", OFF_TOPIC, ["claim-delays"]),
        ("miscited-claims", "claim", TITLE_ONLY, []),
        ("population-or-comparator-mismatches", "claim", swap("finding-1", "ekb:reason", "code:comparator-mismatch"), ["claim-delays"]),
        ("registrations-without-results", "number", REGISTER, ["1"]),
        ("shared-primary-study", "claim", add("ex:work-guideline prov:hadPrimarySource ex:work-trial"), ["claim-delays", "claim-wakes"]),
        ("single-points-of-failure", "source", "DELETE WHERE { ex:citation-4 ?p ?o }", ["work-trial"]),
        ("sources-by-host", "host", "", ["journal.example", "university.example"]),
        ("sources-never-cited", "number", add(f"ex:entry-3 {ENTRY} biro:references ex:work-elsewhere"), ["3"]),
        ("sources-never-cited", "number", "", []),
        ("supported-elsewhere-only", "claim", "", []),
        ("supported-elsewhere-only", "claim", ELSEWHERE, ["claim-delays"]),
        ("wording-against-evidence", "claim", swap("finding-1", "ekb:certainty", "code:low"), ["claim-delays"]),
        ("wording-against-evidence", "claim", swap("finding-2", "ekb:certainty", "code:low"), []),
    ],
)  # fmt: skip
def test_a_question_gives_just_what_it_asks_for(
    tmp_path: Path, question: str, column: str, update: str, expected: list[str]
) -> None:
    assert sorted(answer(changed(tmp_path, update), question, column)) == sorted(expected)


@pytest.mark.parametrize(
    ("question", "values", "expected"),
    [
        ("claims-about", {"topic": "Schlaf"}, ["claim-delays", "claim-wakes"]),
        ("claims-about", {"topic": "SLEEP"}, ["claim-delays", "claim-wakes"]),
        ("claims-about", {"topic": "tea"}, []),
        ("claims-by-category", {"category": "risk-factor"}, ["claim-wakes"]),
        ("claims-of-source", {"source": "work-trial"}, ["claim-delays", "claim-wakes"]),
        ("claims-of-source", {"source": "2"}, ["claim-delays", "claim-wakes"]),
        ("findings-of-claim", {"claim": "claim-wakes"}, ["work-guideline"]),
    ],
)
def test_a_question_with_a_parameter(question: str, values: dict[str, str], expected: list[str]) -> None:
    kb = KnowledgeBase.open(Path(__file__).parent / "data/coffee")
    column = "source" if question == "findings-of-claim" else "claim"

    assert answer(kb, question, column, **values) == expected


def test_whether_anything_is_lost(tmp_path: Path) -> None:
    assert changed(tmp_path / "a", "").query("is-anything-lost") is False
    assert changed(tmp_path / "b", ALL_GONE).query("is-anything-lost") is True


def test_the_history_of_an_address_is_told_in_order(tmp_path: Path) -> None:
    seen = " . ".join(
        f"ex:seen-{n} a earl:Assertion ; earl:subject <{TRIAL}> ; earl:result [ a earl:TestResult ; "
        f"earl:outcome earl:{outcome} ; ekb:verdict code:{verdict} ; "
        f'dcterms:date "2026-0{n}-01T00:00:00Z"^^xsd:dateTime ]'
        for n, (verdict, outcome) in enumerate([("alive", "passed"), ("dead", "failed")], 1)
    )
    kb = changed(tmp_path, add(seen))

    assert answer(kb, "address-history", "verdict") == ["alive", "dead"]


def test_the_graph_of_claims_can_be_loaded_elsewhere() -> None:
    result = KnowledgeBase.open(Path(__file__).parent / "data/coffee").query("claim-graph")
    assert isinstance(result, Graph)

    said = {(local(t.subject.value), t.predicate.value.rsplit("/", 1)[-1]) for t in result.triples}
    assert ("claim-delays", "obtainsSupportFrom") in said or ("work-trial", "supports") in said
