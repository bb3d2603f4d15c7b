"""Every shipped question gives the same rows on Oxigraph and on rdflib, on the shipped knowledge base."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from support import REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.questions import Question, read_question
from evidence_kb.store import Graph, Result, Table

QUESTIONS = sorted((REPOSITORY / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def referee() -> KnowledgeBase:
    """The shipped knowledge base on rdflib."""
    return KnowledgeBase.open(REPOSITORY / "kb", engine="rdflib")


def examples(question: Question) -> dict[str, str]:
    """A value for each parameter that needs one."""
    return {p.name: p.example for p in question.parameters if p.default is None and p.example}


def rows(result: Result) -> object:
    """A result so that two engines' can be compared: blank nodes have no name of their own."""
    if isinstance(result, Table):
        return result.columns, Counter(tuple(map(nameless, row)) for row in result.rows)
    if isinstance(result, Graph):
        return {tuple(map(nameless, triple)) for triple in result.triples}
    return result


def nameless(term: object) -> str:
    if isinstance(term, ox.Literal) and term.value.replace(".", "", 1).isdigit():
        return f"{float(term.value):g}"  # 0.5 and 0.50 are the same decimal
    return "_:" if isinstance(term, ox.BlankNode) else str(term)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_rows_are_the_same_on_both_engines(
    shipped: KnowledgeBase, referee: KnowledgeBase, path: object
) -> None:
    question = read_question(path)  # type: ignore[arg-type]
    values = examples(question)

    assert rows(shipped.query(question, **values)) == rows(referee.query(question, **values))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_says_what_it_is_in_both_languages(path: object) -> None:
    question = read_question(path)  # type: ignore[arg-type]

    for text in (question.title, question.summary, *question.columns.values()):
        assert set(text) == {"de", "en"}
        assert all(text.values())
    for parameter in question.parameters:
        assert set(parameter.description) == {"de", "en"}
        assert parameter.default is not None or parameter.example is not None
    assert question.tags


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_describes_just_the_columns_it_gives(shipped: KnowledgeBase, path: object) -> None:
    question = read_question(path)  # type: ignore[arg-type]
    result = shipped.query(question, **examples(question))

    if isinstance(result, Table):
        assert list(question.columns) == list(result.columns)


def test_there_are_enough_questions() -> None:
    assert len(QUESTIONS) >= 30
