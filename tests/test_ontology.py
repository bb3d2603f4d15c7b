"""The vocabulary and its use agree: what is used is declared, what is declared is used and explained.

Reads the files as they lie in the repository; needs no network and no knowledge base object. It does not
check whether data is complete or sensible: that is the audit's work.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib.namespace as known
from rdflib import URIRef

from evidence_kb import vocabulary
from evidence_kb.vocabulary import CODE, EKB, PREFIXES

ROOT = Path(__file__).resolve().parents[1]
ONTOLOGY = ROOT / "ontology"
EVIDENCE, CODES, BORROWED = (ONTOLOGY / f"{n}.ttl" for n in ("evidence", "codes", "borrowed"))
SHAPES = ONTOLOGY / "shapes.ttl"

RDF_TYPE = PREFIXES["rdf"] + "type"
SKOS, RDFS = PREFIXES["skos"], PREFIXES["rdfs"]
#: Their objects are pointed at, not used.
POINTERS = {SKOS + "closeMatch", SKOS + "relatedMatch", RDFS + "isDefinedBy"}

#: Vocabularies whose terms rdflib lists completely.
CLOSED = {
    PREFIXES["dcterms"]: known.DCTERMS,
    PREFIXES["owl"]: known.OWL,
    PREFIXES["prov"]: known.PROV,
    PREFIXES["rdf"]: known.RDF,
    PREFIXES["rdfs"]: known.RDFS,
    PREFIXES["schema"]: known.SDO,
    PREFIXES["sh"]: known.SH,
    PREFIXES["skos"]: known.SKOS,
    PREFIXES["vann"]: known.VANN,
    PREFIXES["xsd"]: known.XSD,
}

#: Which enumeration of `evidence_kb.vocabulary` speaks for which code list.
ENUMERATIONS = {
    "bases": "Basis",
    "directions": "Direction",
    "footings": "Footing",
    "standings": "Standing",
    "verdicts": "Verdict",
}


# -- what the files say -----------------------------------------------------------------------------


@cache
def triples(path: Path) -> tuple[ox.Triple, ...]:
    parsed = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    return tuple(quad.triple for quad in parsed)


@cache
def _values(path: Path) -> dict[tuple[str, str], list[ox.NamedNode | ox.Literal]]:
    index: dict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = {}
    for triple in triples(path):
        index.setdefault((triple.subject.value, triple.predicate.value), []).append(triple.object)
    return index


def values(path: Path, subject: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    return _values(path).get((subject, predicate), [])


def words(path: Path, subject: str, predicate: str) -> list[str]:
    return [value.value for value in values(path, subject, predicate)]


def subjects(path: Path, namespace: str = "") -> set[str]:
    found = {t.subject.value for t in triples(path) if isinstance(t.subject, ox.NamedNode)}
    return {iri for iri in found if iri.startswith(namespace) and iri != namespace}


def ekb_terms() -> set[str]:
    return subjects(EVIDENCE, EKB)


def code_terms() -> set[str]:
    return subjects(CODES, CODE)


def schemes() -> set[str]:
    return {s for s in code_terms() if SKOS + "ConceptScheme" in words(CODES, s, RDF_TYPE)}


def members(scheme: str) -> set[str]:
    return {c for c in code_terms() if scheme in words(CODES, c, SKOS + "inScheme")}


def namespaces() -> set[str]:
    """The namespaces this project speaks in: its own two, and those it borrows from."""
    borrowed = {words(BORROWED, s, RDFS + "isDefinedBy")[0] for s in subjects(BORROWED)}
    return {EKB, CODE} | borrowed


# -- what the files use -----------------------------------------------------------------------------

_SPARQL = re.compile(
    r"""
    (?P<string> \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
              | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
  | < (?P<iri> [^<>"{}|^`\\\s]* ) >
  | (?P<comment> \#[^\n]* )
  | (?P<prefix> [A-Za-z][\w-]* ) : (?P<local> \w[\w-]* (?:\.[\w-]+)* )
    """,
    re.VERBOSE | re.DOTALL,
)
_DECLARED_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_CODE_SCHEME = re.compile(r"^#\+.*\bscheme:\s*[\"']?([\w-]+)", re.MULTILINE)
_NAME_IN_PYTHON = re.compile(r"(?<![\w:/.-])([a-z][a-z0-9]*):([A-Za-z][\w-]*)")
_IRI_IN_PYTHON = re.compile(r"https?://[^\s<>\"'{}|\\^`]+")


def terms_of_turtle(path: Path) -> Iterator[str]:
    for triple in triples(path):
        yield triple.predicate.value
        pointer = triple.predicate.value in POINTERS
        for node in (triple.subject,) if pointer else (triple.subject, triple.object):
            if isinstance(node, ox.NamedNode):
                yield node.value
            elif isinstance(node, ox.Literal) and node.language is None:
                yield node.datatype.value


def terms_of_sparql(text: str) -> Iterator[str]:
    prefixes = dict(_DECLARED_PREFIX.findall(text))
    for token in _SPARQL.finditer(text):
        if token["iri"]:
            yield token["iri"]
        elif token["prefix"] in prefixes:
            yield prefixes[token["prefix"]] + token["local"]
    for scheme in _CODE_SCHEME.findall(text):
        yield CODE + scheme


def terms_of_python(text: str) -> Iterator[str]:
    """Prefixed names, IRIs and ``code("word")`` in strings; what docstrings say is no use."""
    tree = ast.parse(text)
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="code"), args=[ast.Constant(value=str(word))]):
                yield CODE + word
            case ast.BinOp(left=ast.Name(id="CODE"), right=ast.Constant(value=str(word))):
                yield CODE + word
            case ast.BinOp(left=ast.Name(id="EKB"), right=ast.Constant(value=str(word))):
                yield EKB + word
            case ast.Constant(value=str(string)) if id(node) not in docstrings:
                for prefix, local in _NAME_IN_PYTHON.findall(string):
                    if prefix in PREFIXES:
                        yield PREFIXES[prefix] + local
                yield from _IRI_IN_PYTHON.findall(string)


def terms_of_enumerations() -> Iterator[str]:
    for scheme, name in ENUMERATIONS.items():
        if hasattr(vocabulary, name):
            yield CODE + scheme


@cache
def uses() -> dict[str, set[str]]:
    """Every IRI of a namespace we speak in, with the files that use it."""
    found: dict[str, set[str]] = {}
    ours = tuple(namespaces())

    def note(path: Path, iris: Iterator[str]) -> None:
        for iri in iris:
            namespace = max((n for n in ours if iri.startswith(n)), key=len, default=None)
            if namespace and iri != namespace:
                found.setdefault(iri, set()).add(path.relative_to(ROOT).as_posix())

    for path in sorted([*(ROOT / "kb").rglob("*.ttl"), *ONTOLOGY.glob("*.ttl")]):
        if path != BORROWED:
            note(path, terms_of_turtle(path))
    for path in sorted((ROOT / "queries").rglob("*.rq")):
        note(path, terms_of_sparql(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "src").rglob("*.py")):
        note(path, terms_of_python(path.read_text(encoding="utf-8")))
    note(Path(vocabulary.__file__ or "").resolve(), terms_of_enumerations())
    return found


def used_in_earnest(iri: str) -> bool:
    """Whether anything but the term's own declaration uses it."""
    own = {"ontology/evidence.ttl"} if iri.startswith(EKB) else {"ontology/codes.ttl"}
    return bool(uses().get(iri, set()) - own)


def listing(iris: set[str]) -> str:
    """The terms, one a line, with the files that use them."""
    return "".join(
        f"\n  {vocabulary.compact(iri)}  in {', '.join(sorted(uses().get(iri, {'ontology/'})))}"
        for iri in sorted(iris)
    )


def all_there() -> bool:
    return SHAPES.exists() and any((ROOT / "kb").rglob("*.ttl")) and any((ROOT / "queries").rglob("*.rq"))


# -- the files themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(ONTOLOGY.glob("*.ttl")), ids=lambda p: p.name)
def test_every_ontology_file_parses_and_opens_with_what_it_is(path: Path) -> None:
    assert triples(path)
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("path", sorted(ONTOLOGY.glob("*.ttl")), ids=lambda p: p.name)
def test_a_prefix_means_the_same_in_the_ontology_as_in_the_code(path: Path) -> None:
    declared = re.findall(r"@prefix\s+([\w-]*):\s*<([^>]*)>", path.read_text(encoding="utf-8"))
    assert {p: n for p, n in declared if PREFIXES.get(p, n) != n} == {}


# -- used, therefore declared -----------------------------------------------------------------------


def test_every_ekb_term_and_code_in_use_is_declared() -> None:
    ours = {iri for iri in uses() if iri.startswith((EKB, CODE))}
    missing = ours - ekb_terms() - code_terms()
    assert not missing, f"declare in ontology/evidence.ttl or codes.ttl:{listing(missing)}"


def test_every_borrowed_term_in_use_is_listed() -> None:
    foreign = {iri for iri in uses() if not iri.startswith((EKB, CODE))}
    missing = foreign - subjects(BORROWED)
    assert not missing, f"misspelt, or list in ontology/borrowed.ttl:{listing(missing)}"


def test_every_property_and_class_of_the_data_comes_from_a_vocabulary_we_name() -> None:
    paths = [*(ROOT / "kb").rglob("*.ttl"), *ONTOLOGY.glob("*.ttl")]
    said = {t.predicate.value for path in paths for t in triples(path)}
    said |= {t.object.value for p in paths for t in triples(p) if t.predicate.value == RDF_TYPE}
    strangers = said - ekb_terms() - subjects(BORROWED)
    assert not strangers, f"from no listed vocabulary:{listing(strangers)}"


def test_every_borrowed_term_exists_where_rdflib_knows_the_whole_vocabulary() -> None:
    invented = {
        iri
        for iri in subjects(BORROWED)
        for namespace, vocabulary_of_rdflib in CLOSED.items()
        if iri.startswith(namespace) and URIRef(iri) not in vocabulary_of_rdflib
    }
    assert not invented, f"not in its vocabulary:{listing(invented)}"


def test_the_closed_lists_of_rdflib_would_notice_a_misspelling() -> None:
    for namespace, vocabulary_of_rdflib in CLOSED.items():
        assert URIRef(namespace + "minCuont") not in vocabulary_of_rdflib


# -- declared, therefore used -----------------------------------------------------------------------


def test_no_declared_ekb_term_is_unused() -> None:
    if not all_there():
        pytest.skip("needs the data, the queries and the shapes")
    idle = {iri for iri in ekb_terms() if not used_in_earnest(iri)}
    assert not idle, f"declared but used nowhere:{listing(idle)}"


def test_no_code_is_out_of_reach() -> None:
    if not all_there():
        pytest.skip("needs the data, the queries and the shapes")
    in_reach = {c for scheme in schemes() if used_in_earnest(scheme) for c in members(scheme)}
    idle = {iri for iri in code_terms() - schemes() - in_reach if not used_in_earnest(iri)}
    assert not idle, f"neither the code nor its scheme is named anywhere:{listing(idle)}"


# -- declared, therefore explained ------------------------------------------------------------------


def languages(path: Path, subject: str, predicate: str) -> list[str]:
    texts = (v for v in values(path, subject, predicate) if isinstance(v, ox.Literal) and v.value.strip())
    return sorted(text.language or "" for text in texts)


@pytest.mark.parametrize("iri", sorted(ekb_terms()), ids=vocabulary.compact)
def test_every_ekb_term_is_explained_in_both_languages(iri: str) -> None:
    assert languages(EVIDENCE, iri, RDFS + "label") == ["de", "en"]
    assert languages(EVIDENCE, iri, RDFS + "comment") == ["de", "en"]
    assert words(EVIDENCE, iri, RDFS + "isDefinedBy") == [EKB.rstrip("#")]


@pytest.mark.parametrize("iri", sorted(code_terms()), ids=vocabulary.compact)
def test_every_code_and_code_list_is_explained_in_both_languages(iri: str) -> None:
    assert languages(CODES, iri, SKOS + "prefLabel") == ["de", "en"]
    assert languages(CODES, iri, SKOS + "definition") == ["de", "en"]


@pytest.mark.parametrize("iri", sorted(subjects(BORROWED)), ids=vocabulary.compact)
def test_every_borrowed_term_says_where_it_is_from_and_how_it_is_used(iri: str) -> None:
    (home,) = words(BORROWED, iri, RDFS + "isDefinedBy")
    assert iri.startswith(home)
    assert languages(BORROWED, iri, RDFS + "label") == ["en"]
    assert languages(BORROWED, iri, SKOS + "scopeNote") == ["de", "en"]


# -- the code lists ---------------------------------------------------------------------------------


@pytest.mark.parametrize("iri", sorted(code_terms() - schemes()), ids=vocabulary.compact)
def test_a_code_sits_in_one_list_under_the_contracts_word(iri: str) -> None:
    (scheme,) = words(CODES, iri, SKOS + "inScheme")
    assert words(CODES, iri, SKOS + "topConceptOf") == [scheme]
    assert scheme in schemes()
    word = "none" if iri == CODE + "no-footing" else iri.removeprefix(CODE)
    assert words(CODES, iri, SKOS + "notation") == [word]


@pytest.mark.parametrize("scheme", sorted(schemes()), ids=vocabulary.compact)
def test_a_list_is_ranked_throughout_or_not_at_all(scheme: str) -> None:
    codes = members(scheme)
    ranks = sorted(int(rank) for code in codes for rank in words(CODES, code, EKB + "rank"))
    assert ranks in ([], list(range(1, len(codes) + 1)))


@pytest.mark.parametrize(("scheme", "name"), sorted(ENUMERATIONS.items()))
def test_the_codes_words_are_the_words_of_the_code(scheme: str, name: str) -> None:
    notations = {w for c in members(CODE + scheme) for w in words(CODES, c, SKOS + "notation")}
    assert notations == {member.value for member in getattr(vocabulary, name)}


def test_footings_rank_worst_first_as_in_the_code() -> None:
    ranked = sorted(
        (int(words(CODES, c, EKB + "rank")[0]), words(CODES, c, SKOS + "notation")[0])
        for c in members(CODE + "footings")
    )
    assert [word for _, word in ranked] == [footing.value for footing in vocabulary.Footing]


# -- how uses are found -----------------------------------------------------------------------------


def test_names_in_comments_and_strings_of_a_query_are_no_use() -> None:
    query = """
        #+ parameters:
        # ekb:inComment
        PREFIX ekb: <https://w3id.org/evidence-kb/ns#>
        SELECT * { ?x ekb:appeal/ekb:cue "ekb:inString # no comment" .
                   ?x <https://w3id.org/evidence-kb/ns#core> 1 .
                   FILTER(?x < 3 && 4 > 2) ?x ekb:mark ?m.}
    """
    local = {iri.removeprefix(EKB) for iri in terms_of_sparql(query)}
    assert local - {""} == {"appeal", "cue", "core", "mark"}


def test_a_code_list_named_in_a_querys_header_is_used() -> None:
    assert list(terms_of_sparql("#+ parameters:\n#+   v: {type: code, scheme: verdicts}\n")) == [
        CODE + "verdicts"
    ]


def test_names_in_strings_of_python_are_uses_but_docstrings_are_not() -> None:
    source = '''
def f():
    """Reads ekb:inDocstring."""
    return node.word("ekb:verdict"), code("dead"), CODE + "verdicts", "a word: then text", "doi:10.1"
'''
    assert set(terms_of_python(source)) == {EKB + "verdict", CODE + "dead", CODE + "verdicts"}
