"""Every audit rule finds the fault it is for, says where and what is at stake, and is silent otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import BASE, COFFEE, JUDGEMENT, STRUCTURE, TRIAL, Fault, drop, gone, graph, lines, swap, write
from support import REPOSITORY

from evidence_kb import KnowledgeBase, run_audit
from evidence_kb.audit import AuditFinding
from evidence_kb.audit.rules import Rule, read_rule
from evidence_kb.vocabulary import Severity

RULES = sorted((REPOSITORY / "queries/checks").glob("*.rq"))
FAULTS = STRUCTURE + JUDGEMENT


def found(folder: Path, update: str, rule: str) -> list[AuditFinding]:
    """What one rule finds after a change to the coffee knowledge base."""
    kb = KnowledgeBase.open(write(folder, lines(graph(update))))
    rules = [read_rule(REPOSITORY / f"queries/checks/{rule}.rq")]
    return list(run_audit(kb, rules=rules).findings)


def test_every_rule_is_silent_where_nothing_is_wrong() -> None:
    assert run_audit(KnowledgeBase.open(COFFEE)).findings == ()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_rule_finds_its_fault_and_just_there(fault: Fault, tmp_path: Path) -> None:
    findings = found(tmp_path, fault.update, fault.rule)

    assert {finding.subject for finding in findings} == fault.subjects
    for finding in findings:
        assert "{" not in finding.message
        if not finding.subject.endswith(("entry-3", "appeal-1")):
            assert finding.file
            assert finding.line


def test_every_rule_has_a_fault_that_makes_it_speak() -> None:
    assert {path.stem for path in RULES} == {fault.rule for fault in FAULTS}


def test_kinds_are_told_apart() -> None:
    kinds = {path.stem: read_rule(path).kind for path in RULES}

    assert {kinds[fault.rule] for fault in STRUCTURE} == {"structure"}
    assert {kinds[fault.rule] for fault in JUDGEMENT} == {"judgement"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_explains_itself_in_both_languages(path: Path) -> None:
    rule: Rule = read_rule(path)

    for text in (rule.title, rule.message, rule.why, rule.mend):
        assert set(text) == {"de", "en"}
        assert all(words.strip() for words in text.values())
    assert rule.severity in set(Severity)


# -- what is at stake ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "update"),
    [
        ("address-dead", gone(TRIAL)),
        ("address-http-only", swap("entry-1", "ekb:printedAddress", '"http://a.example/b"')),
        ("work-without-title", "DELETE WHERE { ex:work-trial dcterms:title ?any }"),
        ("mark-without-words", "DELETE WHERE { ex:mark-1 c4o:hasContent ?any }"),
    ],
)
def test_a_fault_of_a_source_names_every_claim_that_leans_on_it(
    rule: str, update: str, tmp_path: Path
) -> None:
    (finding,) = found(tmp_path, update, rule)

    assert set(finding.claims) == {BASE + "claim-delays", BASE + "claim-wakes"}


# -- where a rule must not speak -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "update"),
    [
        (
            "address-dead",
            f"{gone(TRIAL)} ; INSERT DATA {{ <{TRIAL}> schema:archivedAt <https://a.example/1> }}",
        ),
        ("address-dead", gone(TRIAL, standing="suspect")),
        ("claim-lost", gone(TRIAL)),
        ("core-claim-disputed", swap("finding-2", "ekb:direction", "code:disputes")),
        (
            "core-claim-disputed",
            (
                f"{swap('finding-1', 'ekb:direction', 'code:disputes')} ; "
                f"{swap('finding-1', 'ekb:basis', 'code:title-only')}"
            ),
        ),
        ("cited-source-off-topic", swap("finding-1", "ekb:direction", "code:partly-supports")),
        ("appeal-without-source", 'INSERT DATA { ex:claim-delays ekb:appeal [ ekb:cue "Studien" ] }'),
        ("strong-words-weak-evidence", swap("finding-2", "ekb:certainty", "code:low")),
        ("commercial-sources-only", swap("work-trial", "dcterms:publisher", "ex:org-shop")),
        (
            "web-pages-only",
            f"{swap('work-trial', 'a', 'fabio:WebPage')} ; {drop('work-trial', 'dcterms:type')}",
        ),
        (
            "registration-without-result",
            (
                'INSERT DATA { ex:work-trial schema:identifier "nct:NCT1" } ; '
                "DELETE WHERE { ex:work-trial dcterms:type ?any }"
            ),
        ),
        ("effect-without-trial", "DELETE WHERE { ex:work-trial ekb:studyDesign ?any }"),
        (
            "interest-disclosed-late",
            "INSERT DATA { ex:article ekb:disclosure [ dcterms:isPartOf ex:section-1 ] }",
        ),
        (
            "article-has-an-interest",
            "INSERT DATA { ex:org-shop schema:makesOffer [ schema:itemOffered ex:topic-sleep ] } ; "
            + swap("article", "schema:publisher", "ex:org-shop"),
        ),
        ("entry-number-gap", "DELETE WHERE { ex:entry-1 dcterms:title ?any }"),
        ("mark-number-disagrees", swap("mark-1", "c4o:hasContent", '"¹"')),
        (
            "judgement-older-than-source",
            'INSERT DATA { ex:work-trial dcterms:modified "2026-08-01T00:00:00Z"^^xsd:dateTime }',
        ),
    ],
)
def test_a_rule_is_silent_where_it_has_nothing_to_say(rule: str, update: str, tmp_path: Path) -> None:
    assert found(tmp_path, update, rule) == []
