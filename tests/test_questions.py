"""Questions: headers are read, parameters become RDF terms, and no value can change a query."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.errors import InputError, ParameterError, UnknownName
from evidence_kb.questions import Question, Questions, question_from, read_question

HEADER = """\
#+ title: {en: "Things called so", de: "So Genanntes"}
#+ parameters:
#+   label: {type: string, description: {en: "the name"}, example: tea}
#+   most: {type: integer, default: 3, description: {en: "how many"}}
"""
SELECT = "SELECT ?s WHERE { ?s <urn:label> ?_label } LIMIT 10 # ?_label\n"


def question(text: str) -> Question:
    return question_from("test", text)


def test_a_value_takes_the_variables_place_and_nothing_elses() -> None:
    text = """SELECT ?x { ?x <urn:?_a> ?_a . FILTER(?x != "?_a" && ?x != '''?_a''') } # ?_a"""

    assert question(text).bind({"a": "b"}) == (
        """SELECT ?x { ?x <urn:?_a> "b" . FILTER(?x != "?_a" && ?x != '''?_a''') } # ?_a"""
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_arrives_in_the_store_as_exactly_that_text(value: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:label"), ox.Literal(value)))
    store.add(ox.Quad(ox.NamedNode("urn:other"), ox.NamedNode("urn:label"), ox.Literal(value + "x")))

    rows = list(store.query(question(SELECT).bind({"label": value})))

    assert [str(row["s"]) for row in rows] == ["<urn:s>"]


def test_a_missing_parameter_is_answered_by_its_description() -> None:
    with pytest.raises(
        ParameterError, match="needs --param label=…: the name, for example --param label=tea"
    ):
        question(HEADER + "SELECT * { ?s ?p ?_label , ?_most }").bind({})


def test_a_misspelt_parameter_is_answered_by_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"'lable'.*did you mean label"):
        question(HEADER + "SELECT * { ?s ?p ?_label , ?_most }").bind({"lable": "x"})


@pytest.mark.parametrize(
    ("type_", "value", "term"),
    [
        ("string", 'a"b', '"a\\"b"'),
        ("integer", " 12", '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("iri", "https://example.org/x", "<https://example.org/x>"),
        ("code", "treatment-effect", "<https://w3id.org/evidence-kb/codes/treatment-effect>"),
        ("language", "DE", '"de"'),
        ("date", "2026-09-30", '"2026-09-30"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
)
def test_values_become_terms_of_their_type(type_: str, value: str, term: str) -> None:
    text = f"#+ parameters: {{p: {{type: {type_}}}}}\nSELECT * {{ ?s ?x ?_p }}"

    assert question(text).bind({"p": value}).endswith(f"{{ ?s ?x {term} }}")


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "many"),
        ("iri", "has blanks"),
        ("iri", "https://x/> . ?a ?b ?c . <urn:"),
        ("code", "not a code"),
        ("language", "de; DROP"),
        ("date", "yesterday"),
    ],
)
def test_values_of_the_wrong_type_are_refused(type_: str, value: str) -> None:
    text = f"#+ parameters: {{p: {{type: {type_}}}}}\nSELECT * {{ ?s ?x ?_p }}"

    with pytest.raises(ParameterError, match="parameter 'p' wants"):
        question(text).bind({"p": value})


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("#+ title: [", "no YAML"),
        ("#+ just words", "key: value"),
        ("#+ parameters: {p: {type: colour}}", "needs a type"),
        ("#+ parameters: [p]", "'parameters' must be"),
        ("#+ title: x\n# body uses ?_ghost only below", "not declared"),
    ],
)
def test_a_broken_header_is_one_clear_line(tmp_path: Path, header: str, complaint: str) -> None:
    path = tmp_path / "q.rq"
    path.write_text(header + "\nSELECT * { ?s ?p ?_ghost }", encoding="utf-8")

    with pytest.raises(InputError, match=complaint) as error:
        read_question(path)

    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_query_without_a_header_takes_its_variables_as_texts() -> None:
    assert [p.name for p in question("SELECT * { ?s ?p ?_b , ?_a }").parameters] == ["a", "b"]


def test_an_unknown_question_is_answered_by_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "footing.rq").write_text("ASK {}", encoding="utf-8")

    with pytest.raises(UnknownName, match="did you mean footing"):
        Questions([tmp_path])["foting"]


def test_the_knowledge_bases_own_question_wins(tmp_path: Path) -> None:
    for folder, text in (("shipped", "ASK {}"), ("own", "ASK { ?s ?p ?o }")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "q.rq").write_text(text, encoding="utf-8")

    assert Questions([tmp_path / "shipped", tmp_path / "own"])["q"].text == "ASK { ?s ?p ?o }"
