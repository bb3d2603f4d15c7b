"""The query page: questions to choose, fields for what they want to know, and SPARQL of one's own.

Only where a server answers queries. The page speaks to that server alone; its editor keeps its styles in a
shadow root, so the pages' Content-Security-Policy needs no exception here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from ..headers import text_of
from ..questions import Parameter, Question
from ..store import Table
from ..vocabulary import CODE, PREFIXES
from .frontend import bundle
from .page import Page
from .view import View

__all__ = ["pages"]

_EDITOR = "query-editor.js"
#: What the page opens with.
_FIRST = """PREFIX ekb: <https://w3id.org/evidence-kb/ns#>
PREFIX schema: <https://schema.org/>

SELECT ?claim ?text WHERE {
  ?claim a schema:Claim ; ekb:core true ; schema:text ?text .
  FILTER(LANG(?text) = "LANGUAGE")
}
ORDER BY ?claim
LIMIT 20
"""


def pages(view: View) -> Iterator[Page]:
    """The query page."""

    @cache
    def context() -> Mapping[str, object]:
        questions = list(view.facts.kb.questions)
        return {
            "editor": _EDITOR if bundle(_EDITOR) else None,
            "groups": _groups(questions, view.language),
            "known_tags": {*_ORDER, "other"},
            "first": _FIRST.replace("LANGUAGE", view.language),
            "query_data": {
                "questions": {question.name: _question(view, question) for question in questions},
                "prefixes": PREFIXES | dict(view.facts.kb.config.prefixes),
                "terms": list(_terms(view)),
                "codes": CODE,
                "names_query": _NAMES.replace("LANGUAGE", view.language),
                "language": view.language,
                "words": {key: view.t(f"query.{key}") for key in _WORDS},
            },
        }

    yield Page(f"{view.language}/query.html", "query.html", context)


#: The page's texts that its script needs.
_WORDS = (
    "running",
    "stopped",
    "failed",
    "unreachable",
    "rows_one",
    "rows_many",
    "triples",
    "yes",
    "no",
    "more",
    "required",
    "unknown_name",
    "bad_integer",
    "bad_date",
    "bad_language",
    "own",
    "copied",
    "editor_label",
    "chart_of",
    "error_at",
    "truncated",
)


def _groups(questions: Iterable[Question], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The questions by their first tag: tag, and name and title of each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for question in questions:
        tag = question.tags[0] if question.tags else "other"
        groups.setdefault(tag, []).append((question.name, text_of(question.title, language) or question.name))
    order = {tag: place for place, tag in enumerate(_ORDER)}
    return sorted(groups.items(), key=lambda group: (order.get(group[0], len(order)), group[0]))


_ORDER = ("claims", "footing", "findings", "sources", "addresses", "gaps", "article", "graph")


def _question(view: View, question: Question) -> dict[str, object]:
    language = view.language
    return {
        "title": text_of(question.title, language) or question.name,
        "summary": text_of(question.summary, language),
        "text": _without_header(question.text),
        "columns": {name: text_of(texts, language) for name, texts in question.columns.items()},
        "parameters": [_parameter(view, parameter) for parameter in question.parameters],
    }


def _parameter(view: View, parameter: Parameter) -> dict[str, object]:
    made: dict[str, object] = {
        "name": parameter.name,
        "type": parameter.type,
        "label": text_of(parameter.description, view.language) or parameter.name,
        "default": view.language if parameter.type == "language" else parameter.default,
        "required": parameter.default is None,
        "example": parameter.example,
    }
    if parameter.type == "code":
        made["options"] = [
            [word, view.facts.label(word, scheme, view.language)]
            for scheme, word in sorted(view.facts.codes)
            if scheme == parameter.scheme
        ]
    return made


def _without_header(text: str) -> str:
    lines = text.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    return "".join(lines[start:])


def _terms(view: View) -> Iterator[list[str]]:
    """What can be typed in a query: name, label and kind of every property, class and code."""
    table = view.facts.kb.store.query(_TERMS)
    assert isinstance(table, Table)
    codes = {CODE + word: scheme for scheme, word in view.facts.codes}
    for row in table:
        iri = row["term"].value
        name = view.facts.kb.compact(iri)
        if name != iri:
            label = view.facts.term(iri, view.language)
            if iri in codes:
                label = view.facts.label(iri.removeprefix(CODE), codes[iri], view.language)
            yield [name, "" if label == name.partition(":")[2] else label, row["kind"].value]


_TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term (MIN(?is) AS ?kind) WHERE {
  { SELECT DISTINCT ?term ("property" AS ?is) WHERE { ?s ?term ?o } }
  UNION { SELECT DISTINCT ?term ("class" AS ?is) WHERE { ?s a ?term } }
  UNION { ?term a owl:Class BIND("class" AS ?is) }
  UNION { ?term a ?kindOfProperty BIND("property" AS ?is)
          FILTER(?kindOfProperty IN (rdf:Property, owl:ObjectProperty, owl:DatatypeProperty)) }
  UNION { ?term skos:inScheme ?scheme BIND("constant" AS ?is) }
  FILTER(ISIRI(?term))
}
GROUP BY ?term ORDER BY ?term
"""

#: Asked by the page when a field wants the name of a claim or a source.
_NAMES = """PREFIX biro: <http://purl.org/spar/biro/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
SELECT ?thing (SAMPLE(?said) AS ?text) (MIN(?position) AS ?number) WHERE {
  { ?thing a schema:Claim ; schema:text ?said . FILTER(LANG(?said) = "LANGUAGE") }
  UNION { ?entry biro:references ?thing ; schema:position ?position . ?thing dcterms:title ?said }
}
GROUP BY ?thing ORDER BY ?thing LIMIT 5000
"""
