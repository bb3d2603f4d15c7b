"""Audit rules on a large knowledge base: none takes much longer than the reading of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence_kb import KnowledgeBase
from evidence_kb.audit import all_rules, run_audit

ARTICLES, CLAIMS = 1000, 5
#: A rule's time, in times of reading the files: the slowest takes about that, a quadratic one 15 and more.
MOST = 4

HEAD = """\
@prefix biro: <http://purl.org/spar/biro/> .
@prefix c4o: <http://purl.org/spar/c4o/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix code: <https://w3id.org/evidence-kb/codes/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doco: <http://purl.org/spar/doco/> .
@prefix ekb: <https://w3id.org/evidence-kb/ns#> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix schema: <https://schema.org/> .
@prefix k: <https://example.org/kb/> .
"""
ARTICLE = """\
k:{a}-article a schema:Article ; schema:name "Article {a}"@en ; schema:inLanguage "en" .
k:{a}-section a doco:Section ; dcterms:isPartOf k:{a}-article ; schema:position 1 ; dcterms:title "One"@en .
k:{a}-lost a fabio:WebPage ; dcterms:title "Lost {a}" ; schema:url <https://lost.example/{a}> .
k:{a}-there a fabio:WebPage ; dcterms:title "There {a}" ; schema:url <https://there.example/{a}> .
k:{a}-bare a fabio:Work ; dcterms:title "Bare {a}" .
<https://lost.example/{a}> a ekb:WebAddress ; ekb:verdict code:dead ; ekb:standing code:confirmed .
"""
ENTRY = """\
k:{a}-entry-{n} a biro:BibliographicReference ; dcterms:isPartOf k:{a}-article ; schema:position {n} ;
    dcterms:title "Entry {n}" ; biro:references k:{a}-{work} .
"""
CLAIM = """\
k:{a}-claim-{n} a schema:Claim ; dcterms:isPartOf k:{a}-section ; schema:text "Claim {n} of {a}."@en ;
    schema:position {n} ; dcterms:type code:mechanism ; ekb:certaintyOfWording code:neutral ;
    schema:appearance k:{a}-passage-{n} .
k:{a}-passage-{n} a oa:SpecificResource ; oa:hasSource k:{a}-article .
k:{a}-mark-{n} a c4o:InTextReferencePointer ; c4o:hasContent "[{n}]" ; c4o:hasContext k:{a}-passage-{n} .
k:{a}-act-{n} a cito:Citation ; cito:hasCitingEntity k:{a}-claim-{n} ; ekb:mark k:{a}-mark-{n} ;
    cito:hasCitedEntity k:{a}-{work} ; cito:hasCitationCharacterization cito:citesAsEvidence .
"""
WORKS = ("lost", "there", "bare")


def written() -> Iterator[str]:
    """Every article's text: of five claims, two rest on a dead page, two on a living one, one on a book."""
    yield HEAD
    for article in range(ARTICLES):
        yield ARTICLE.format(a=f"a{article}")
        for number, work in enumerate(WORKS, 1):
            yield ENTRY.format(a=f"a{article}", n=number, work=work)
        for number in range(1, CLAIMS + 1):
            yield CLAIM.format(a=f"a{article}", n=number, work=WORKS[(number - 1) % 3])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """1,000 articles of five claims each."""
    folder: Path = tmp_path_factory.mktemp("large")
    (folder / "kb.toml").write_text("", encoding="utf-8")
    (folder / "all.ttl").write_text("".join(written()), encoding="utf-8")
    return KnowledgeBase.open(folder)


def test_no_rule_takes_much_longer_than_reading_the_files(large: KnowledgeBase) -> None:
    reading = seconds(lambda: large.store)

    slow = {}
    for rule in (rule for rule in all_rules(large) if rule.query):
        took = seconds(lambda query=rule.query: large.store.query(query))
        if took > MOST * reading:
            slow[rule.id] = took / reading
    assert slow == {}


@pytest.mark.parametrize(
    ("rule", "count"), [("claim-lost", 2 * ARTICLES), ("entry-without-address", ARTICLES)]
)
def test_the_rules_find_what_was_planted_in_every_article(
    large: KnowledgeBase, rule: str, count: int
) -> None:
    asked = [one for one in all_rules(large) if one.id == rule]

    assert len(run_audit(large, rules=asked).findings) == count


def seconds(do: Callable[[], object]) -> float:
    """Processor time of this process; other processes make no difference."""
    start = time.process_time()
    do()
    return time.process_time() - start
