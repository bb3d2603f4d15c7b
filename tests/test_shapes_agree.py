"""The SHACL shapes and the audit's structure rules agree, fault by fault, with pySHACL as the referee."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from planted import BASE, COFFEE, GUIDELINE, STRUCTURE, TRIAL, graph, lines, write
from support import REPOSITORY, Outcome

from evidence_kb import KnowledgeBase, run_audit
from evidence_kb.audit.rules import rules_in
from evidence_kb.audit.shacl import run_shapes

pytest.importorskip("pyshacl", reason="pySHACL is not installed: pip install 'evidence-kb[shacl]'")

Pairs = set[tuple[str, str]]


def renamed(text: str, number: int) -> str:
    """A copy of the knowledge base under names of its own, so that many lie side by side."""
    for address in (TRIAL, GUIDELINE):
        host = address.split("/")[2]
        text = text.replace(f"//{host}/", f"//f{number}.{host}/")
    return text.replace(BASE, f"{BASE}f{number}/")


def of(pairs: Pairs, number: int) -> Pairs:
    """The findings in one copy."""
    names = (f"/f{number}/", f"//f{number}.")
    return {(rule, subject) for rule, subject in pairs if any(name in subject for name in names)}


def test_both_find_the_same_fault_by_fault(tmp_path: Path) -> None:
    """Every fault is planted in a copy of its own; all copies are judged in one run, which is quicker."""
    texts = [renamed(lines(graph(fault.update)), n) for n, fault in enumerate(STRUCTURE)]
    faultless = len(STRUCTURE)
    texts.append(renamed(lines(graph()), faultless))
    kb = KnowledgeBase.open(write(tmp_path / "kb", "".join(texts)))
    rules = [r for r in rules_in([REPOSITORY / "queries/checks"]) if r.kind == "structure"]

    ours = {(f.rule.id, f.subject) for f in run_audit(kb, rules=rules).findings}
    theirs = {(f.rule.id, f.subject) for f in run_shapes(kb).findings}

    for number, fault in enumerate(STRUCTURE):
        planted = {(fault.rule, renamed(subject, number)) for subject in fault.subjects}
        assert of(ours, number) == of(theirs, number), fault
        assert planted <= of(ours, number), fault
    assert of(ours, faultless) == of(theirs, faultless) == set()
    assert ours == theirs


def test_enough_faults_are_planted() -> None:
    assert len(STRUCTURE) >= 40


def test_every_structure_rule_is_said_by_a_shape_and_no_shape_says_another() -> None:
    said = {
        line.split('"')[1]
        for line in (REPOSITORY / "ontology/shapes.ttl").read_text(encoding="utf-8").splitlines()
        if "ekb:auditRule" in line
    }
    rules = {r.id for r in rules_in([REPOSITORY / "queries/checks"]) if r.kind == "structure"}

    assert said == rules


def test_the_command_runs_the_shapes(kb: object) -> None:
    done: Outcome = kb("--kb", REPOSITORY / "kb", "audit", "--shacl", "--fail-on", "warning")  # type: ignore[operator]

    assert (done.code, done.err) == (0, "")


def test_the_codes_that_the_shapes_list_are_those_of_the_code_lists() -> None:
    ontology = ox.Store()
    for name in ("codes.ttl", "shapes.ttl"):
        ontology.load(path=str(REPOSITORY / "ontology" / name), format=ox.RdfFormat.TURTLE)
    rows = ontology.query("""
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?scheme ?list ?code WHERE {
          ?choice rdf:first/sh:in ?list ; rdf:rest/rdf:first/sh:property ?scheming .
          ?scheming sh:path skos:inScheme ; sh:hasValue ?scheme .
          ?list rdf:rest*/rdf:first ?code
        }""")
    listed: dict[str, set[str]] = {}
    for row in rows:
        listed.setdefault(row["scheme"].value, set()).add(row["code"].value)

    assert len(listed) == 10
    for scheme, codes in listed.items():
        members = ontology.quads_for_pattern(
            None, ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"), ox.NamedNode(scheme), None
        )
        assert codes == {quad.subject.value for quad in members}, scheme


def test_the_shapes_need_nothing_but_the_data(tmp_path: Path) -> None:
    """Other tools will not load our ontology beside the data; what is whole is whole without it."""
    import pyshacl

    conforms, _, text = pyshacl.validate(
        str(COFFEE / "coffee/coffee.ttl"), shacl_graph=str(REPOSITORY / "ontology/shapes.ttl")
    )

    assert conforms, text
