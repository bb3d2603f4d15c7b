"""Turtle is written in one way, keeps its meaning and its comments, and its lines are known."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import REPOSITORY

from evidence_kb.turtle import LineIndex, edit_turtle, format_turtle, write_turtle
from evidence_kb.vocabulary import PREFIXES

IRIS = st.sampled_from(
    [
        "https://schema.org/Claim",
        "https://schema.org/a.b",
        "https://schema.org/.x",
        "https://schema.org/a/b",
        "https://schema.org/-",
        "https://schema.org/ä",
        "https://schema.org/",
        "https://example.org/a%20b?c=1#d",
        "https://klinik.example/kopf…/tee",
        "urn:x",
    ]
).map(ox.NamedNode)
BLANKS = st.sampled_from("abcde").map(ox.BlankNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.tuples(TEXTS, st.sampled_from(["de", "en-gb"])).map(lambda t: ox.Literal(t[0], language=t[1])),
    st.sampled_from(["1", "-03", "+1", "1.", "x", ""]).map(
        lambda t: ox.Literal(t, datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    ),
    st.booleans().map(ox.Literal),
    st.sampled_from([1.5, 1e30]).map(ox.Literal),
)
TRIPLES = st.builds(ox.Triple, st.one_of(IRIS, BLANKS), IRIS, st.one_of(IRIS, BLANKS, LITERALS))


def triples_of(text: str) -> ox.Dataset:
    """The triples of a document, with blank nodes named by what they say."""
    dataset = ox.Dataset(ox.Quad(*q.triple) for q in ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@given(st.lists(TRIPLES, max_size=14))
def test_what_is_written_reads_back_as_the_same_triples(triples: list[ox.Triple]) -> None:
    expected = ox.Dataset(ox.Quad(*t) for t in triples)
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    assert triples_of(write_turtle(triples, PREFIXES)) == expected


@given(st.lists(TRIPLES, max_size=14))
def test_formatting_twice_changes_nothing(triples: list[ox.Triple]) -> None:
    once = format_turtle(write_turtle(triples, PREFIXES))

    assert format_turtle(once) == once


@given(st.permutations(list(range(6))))
def test_the_order_of_statements_does_not_matter(order: list[int]) -> None:
    lines = [
        "<urn:a> <urn:p> [ <urn:q> 1 ; <urn:r> ( 1 2 ) ] .",
        "<urn:a> <urn:p> <urn:b> , 'x'@de .",
        "<urn:b> a <urn:C> .",
        "_:x <urn:p> _:y .",
        "_:y <urn:p> _:x .",
        "<urn:b> <urn:p> _:x .",
    ]

    assert format_turtle("\n".join(lines[i] for i in order)) == format_turtle("\n".join(lines))


def test_the_layout_is_one_property_a_line_sorted_with_the_type_first() -> None:
    text = """
    @prefix schema: <https://schema.org/> . @prefix t: <http://t.example/> .
    t:entry-10 schema:position 10 . t:entry-2 t:z "en"@en, "de"@de ; schema:position 2 ;
    a schema:Claim ; t:p [ t:q t:r ] .
    """

    assert format_turtle(text) == (
        "@prefix schema: <https://schema.org/> .\n"
        "@prefix t: <http://t.example/> .\n"
        "\n"
        "t:entry-2 a schema:Claim ;\n"
        "    schema:position 2 ;\n"
        "    t:p [\n"
        "            t:q t:r\n"
        "        ] ;\n"
        '    t:z "de"@de ,\n'
        '        "en"@en .\n'
        "\n"
        "t:entry-10 schema:position 10 .\n"
    )


def test_comments_stay_with_the_block_they_belong_to() -> None:
    text = (
        "# what this file is\n"
        "@prefix t: <http://t.example/> .\n"
        "# about b\n"
        "t:b t:p 1 ; # inside b\n  t:q 2 . # behind b\n"
        "t:a t:p '# no comment' .\n"
        "# the end\n"
    )

    assert format_turtle(text) == (
        "# what this file is\n\n"
        "@prefix t: <http://t.example/> .\n\n"
        't:a t:p "# no comment" .\n\n'
        "# about b\n# inside b\n# behind b\n"
        "t:b t:p 1 ;\n    t:q 2 .\n\n"
        "# the end\n"
    )


def test_an_empty_document_stays_empty_and_a_lone_comment_stays() -> None:
    assert format_turtle("") == ""
    assert format_turtle("# nothing yet\n") == "# nothing yet\n"


def test_only_used_prefixes_are_declared() -> None:
    assert "cito" not in format_turtle("<https://schema.org/a> a <https://schema.org/Claim> .")


def test_a_very_deep_nesting_is_written_with_labels() -> None:
    deep = "<urn:a> <urn:p> " + "[ <urn:p> " * 200 + "1" + " ]" * 200 + " ."

    assert triples_of(format_turtle(deep)) == triples_of(deep)


@pytest.mark.parametrize(
    ("subject", "predicate", "line"),
    [
        ("http://t.example/a", None, 4),
        ("http://t.example/a", "http://t.example/q", 6),
        ("http://t.example/a", "http://t.example/nested", 4),
        ("http://t.example/x,y", None, 8),
        ("http://t.example/full", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", 9),
        ("http://t.example/nowhere", None, None),
    ],
)
def test_subjects_and_properties_are_found_by_line(
    subject: str, predicate: str | None, line: int | None
) -> None:
    text = (
        "@prefix t: <http://t.example/> .\n"
        "PREFIX u: <http://u.example/>\n"
        "# t:a . is mentioned here\n"
        't:a t:p "t:b . # [" ;\n'
        "    t:p [ t:nested 1 ; t:more 2 ] ;\n"
        '    t:q """many\n lines""" .\n'
        "t:x\\,y t:p 1.5 .\n"
        "<http://t.example/full> a t:C .\n"
    )

    assert LineIndex(text).line(subject, predicate) == line


# -- both ways to find lines agree -------------------------------------------------------------------


@pytest.mark.parametrize("break_", ["\r\n", "\n", "  \n", "    \n"])
def test_lines_are_found_whatever_ends_them(break_: str) -> None:
    text = "@prefix ex: <urn:ex:> .\n\nex:one a ex:Thing ;\n    ex:size 1 .\n\n# two\nex:two a ex:Thing .\n"
    index = LineIndex(text.replace("\n", break_))

    assert index.line("urn:ex:one", "urn:ex:size") == 4
    assert index.line("urn:ex:two") == 7


def test_comments_lose_the_carriage_returns_of_another_system() -> None:
    text = "# head\r\n\r\n@prefix ex: <urn:ex:> .\r\n\r\n# on one\r\nex:one a ex:Thing . # behind\r\n"

    assert "\r" not in edit_turtle(text, ())


def _both(text: str) -> tuple[LineIndex, LineIndex]:
    """The index as it is made, and as it is made the slow way."""
    index, slow = LineIndex(text), LineIndex("")
    slow._breaks = [i for i, c in enumerate(text) if c == "\n"]
    slow._read(text)
    return index, slow


@pytest.mark.parametrize(
    "text",
    [
        "a:b a:c a:d .\na:e a:f a:g .\n",
        "a:b a:c a:d . a:e a:f a:g .\n",
        "a:b a:c a:d. a:e a:f a:g .\n",
        'a:b a:c "x". a:e a:f a:g .\n',
        'a:b a:c "x" . a:e a:f a:g .\n',
        'a:b a:c "x. y" .\na:e a:f "not \\"x\\". y" ;\n    a:h 1 .\n',
        "a:b a:c\na:d .\na:e a:f a:g .\n",
        "a:b\n    a:c a:d ;\n    a:e a:f .\n",
        "a:b a:c a:d . # a:x a:y a:z .\na:e a:f a:g .\n",
        "a:b a:c a:d ; # one .\n    a:e 1 .\n",
        'a:b a:c """\na:x a:y a:z .\n""" .\na:e a:f a:g .\n',
        "a:b a:c '''\na:x a:y a:z .\n''' .\na:e a:f a:g .\n",
        "@prefix a: <http://a/> .\na:b a a:c ;\n    a:d [\n            a:e a:f\n        ] ;\n    a:g 1 .\n",
        "PREFIX a: <http://a/>\na:b a:c 1 .\n",
        "@prefix a: <http://a/> . a:b a:c 1 .\n",
        "@prefix a:\n    <http://a/> .\na:b a:c 1 .\n",
        "[] a:c 1 .\na:b a:c 1 .\n",
        "_:x a:c 1 .\na:b a:c 1 .\n",
        "a:b a:c 1.5 .\na:e a:f 1 .\n",
        "a:b a:c 1.\na:e a:f 1 .\n",
        "\ta:b a:c 1 .\na:e a:f 1 .\n",
        "a:b a:c 'it. x' .\na:e a:f 1 .\n",
        "# a:x a:y 1 .\n\n\na:b a:c 1 ;\n\n    a:d 2 .\n",
        "<http://a/b. c> a:c 1 .\n",
        "a:b a:c <http://x/#y> .\na:e a:f 1 .\n",
    ],
)
def test_lines_are_the_same_whichever_way_they_are_found(text: str) -> None:
    index, slow = _both(text)

    assert index._subjects == slow._subjects
    assert index._properties == slow._properties


def test_lines_of_written_turtle_are_found_the_quick_way() -> None:
    for path in sorted((REPOSITORY / "kb").rglob("*.ttl")):
        index, slow = _both(path.read_text(encoding="utf-8"))
        assert not index._breaks, path
        assert (index._subjects, index._properties) == (slow._subjects, slow._properties), path


def test_triples_are_added_and_removed_and_every_comment_stays() -> None:
    text = format_turtle(
        "# Head\n@prefix ex: <http://ex.example/> .\n\n"
        "# about a\nex:a ex:p 1 ; ex:q [ ex:r 2 ] .\n\n# the end\n"
    )
    subject, predicate = ox.NamedNode("http://ex.example/a"), ox.NamedNode("http://ex.example/p")

    changed = edit_turtle(
        text, [ox.Triple(subject, predicate, ox.Literal(3))], [ox.Triple(subject, predicate, ox.Literal(1))]
    )

    assert changed == text.replace("ex:p 1", "ex:p 3")
    assert edit_turtle(changed, [], [ox.Triple(subject, predicate, ox.Literal(9))]) == changed
