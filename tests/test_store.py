"""Stores answer alike, whoever holds the triples, and say what is wrong in one line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from evidence_kb.errors import InputError, QueryError
from evidence_kb.store import EmbeddedStore, Graph, Table
from evidence_kb.store_rdflib import RdflibStore

TURTLE = """
@prefix x: <urn:x:> .
x:a x:label "tea"@en, "Tee"@de ; x:n 3 ; x:to [ x:n 4 ] .
"""


@pytest.fixture(params=[EmbeddedStore, RdflibStore])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EmbeddedStore | RdflibStore:
    (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
    made: EmbeddedStore | RdflibStore = request.param()
    made.load(tmp_path / "a.ttl")
    return made


def test_select_gives_a_table_of_terms(store: EmbeddedStore | RdflibStore) -> None:
    answer = store.query(
        "SELECT ?l ?none WHERE { <urn:x:a> <urn:x:label> ?l OPTIONAL { ?l <urn:p> ?none } } ORDER BY ?l"
    )

    assert isinstance(answer, Table)
    assert answer.columns == ("l", "none")
    assert set(answer.rows) == {
        (ox.Literal("Tee", language="de"), None),
        (ox.Literal("tea", language="en"), None),
    }


def test_ask_gives_yes_or_no(store: EmbeddedStore | RdflibStore) -> None:
    assert store.query("ASK { ?s <urn:x:n> 4 }") is True
    assert store.query("ASK { ?s <urn:x:n> 5 }") is False


def test_construct_and_describe_give_triples(store: EmbeddedStore | RdflibStore) -> None:
    answer = store.query("CONSTRUCT { ?s <urn:y> ?n } WHERE { ?s <urn:x:n> ?n . FILTER(?n = 3) }")

    assert answer == Graph(
        (
            ox.Triple(
                ox.NamedNode("urn:x:a"),
                ox.NamedNode("urn:y"),
                ox.Literal("3", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
            ),
        )
    )
    described = store.query("DESCRIBE <urn:x:a>")
    assert isinstance(described, Graph)
    assert len(described.triples) >= 4


def test_a_syntax_error_has_line_and_column() -> None:
    with pytest.raises(
        QueryError, match=r"^own\.rq:2:11: this is no SPARQL near '\?s \?p \. \?p \}'"
    ) as error:
        EmbeddedStore().query("SELECT * WHERE {\n  ?s ?p . ?p }", "own.rq")

    assert "\n" not in str(error.value)


def test_an_unknown_prefix_is_named() -> None:
    with pytest.raises(QueryError, match="query:2:5: the prefix nope: is not declared"):
        EmbeddedStore().query("SELECT *\n{?s nope:p ?o }")


@pytest.mark.parametrize(
    ("content", "line", "complaint"),
    [
        (b"<urn:a> <urn:b> .\n", 1, "broken Turtle"),
        (b"<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> [ ;\n", 2, "broken Turtle"),
        (b'<urn:a>\n<urn:b> "\xe4" .', 2, "not UTF-8"),
        (b"\xff\xfe<\x00u\x00", None, "UTF-16"),
        (b"<urn:a>\n\x00", 2, "NUL"),
        (b"<a> <urn:b> 1 .", 1, "broken Turtle"),
        (b"x:a x:b 1 .", 1, "broken Turtle"),
    ],
)
def test_a_broken_file_is_one_line_with_its_place(
    tmp_path: Path, content: bytes, line: int | None, complaint: str
) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(content)

    with pytest.raises(InputError, match=complaint) as error:
        EmbeddedStore().load(path)

    assert str(error.value).startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert "\n" not in str(error.value)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> 1 .")
    store = EmbeddedStore()
    store.load(tmp_path / "a.ttl")

    assert len(store) == 1


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    store = EmbeddedStore()
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("_:x <urn:p> <urn:o> .", encoding="utf-8")
        store.load(tmp_path / name)

    assert len(store) == 2


def test_a_copy_can_be_changed_without_the_original(tmp_path: Path) -> None:
    store = EmbeddedStore()
    triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("x"))
    store.add([triple])
    twin = store.copy()
    twin.remove(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"))

    assert (len(store), len(twin)) == (1, 0)
