"""The shipped knowledge base is complete, honest, and laid out as it should be."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from support import REPOSITORY, Outcome

from evidence_kb import KnowledgeBase, run_audit
from evidence_kb.model import Claim, Source
from evidence_kb.store import Table
from evidence_kb.text_fragments import TextFragment, text_digest
from evidence_kb.turtle import format_turtle
from evidence_kb.vocabulary import Basis

ARTICLE_TEXT = REPOSITORY.parent / "shared" / "article" / "lws-schmerzen.txt"
needs_article = pytest.mark.skipif(
    not ARTICLE_TEXT.exists(), reason="the article's text is not at hand; it is not part of the repository"
)
FILES = [*sorted((REPOSITORY / "kb").rglob("*.ttl")), *sorted((REPOSITORY / "ontology").glob("*.ttl"))]


@pytest.fixture(scope="module")
def claims(shipped: KnowledgeBase) -> list[Claim]:
    return list(shipped.claims())


@pytest.fixture(scope="module")
def sources(shipped: KnowledgeBase) -> dict[int, Source]:
    """The sources by the numbers of their entries."""
    return {e.number: s for s in shipped.sources() for e in s.entries if e.number}


def column(kb: KnowledgeBase, query: str) -> list[str]:
    """The first column of a query, as text."""
    table = kb.store.query("PREFIX ekb: <https://w3id.org/evidence-kb/ns#>\n" + query)
    assert isinstance(table, Table)
    return [str(row[0].value) for row in table.rows if row[0] is not None]


@pytest.mark.parametrize("path", [p for p in FILES if "kb" in p.parts], ids=lambda p: p.name)
def test_every_file_of_the_knowledge_base_is_in_the_one_layout(shipped: KnowledgeBase, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    if path.is_relative_to(REPOSITORY / "kb"):
        assert format_turtle(text, shipped.config.prefixes) == text


def test_formatting_keeps_the_meaning_of_every_file() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        before, after = (_canonical(t) for t in (text, format_turtle(text)))
        assert before == after, path


def _canonical(text: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*q.triple) for q in ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


# -- entries and works -----------------------------------------------------------------------------------


def test_all_37_entries_are_there(sources: dict[int, Source]) -> None:
    assert sorted(sources) == list(range(1, 38))


def test_addresses_are_as_printed(sources: dict[int, Source]) -> None:
    printed = {n: e.printed_address or "" for n, s in sources.items() for e in s.entries if e.number == n}

    assert {n for n, address in printed.items() if "…" in address} == {19, 21, 26}
    assert {n for n, address in printed.items() if address.startswith("http:")} == {16}
    assert printed[26] == (
        "https://www.ikt-institut.ch/…/forschungsstand-zur-wirksamkeit-des-verfahrens-shiatsu…"
    )
    assert printed[16] == "http://www2.medizin.uni-greifswald.de/neuro_ch/index.php?id=419"


@needs_article
def test_titles_and_addresses_occur_in_the_article_letter_by_letter(sources: dict[int, Source]) -> None:
    article = ARTICLE_TEXT.read_text(encoding="utf-8")

    for number, source in sources.items():
        entry = next(e for e in source.entries if e.number == number)
        assert f"[{number}]\n{entry.title}\n{entry.printed_address}" in article


def test_identifiers_that_can_be_read_off_are_recorded(sources: dict[int, Source]) -> None:
    assert "doi:10.1055/a-2607-8893" in sources[4].identifiers
    assert any("1214443125" in i for i in sources[24].identifiers)
    assert "pmcid:PMC12140169" in sources[27].identifiers
    assert any("DRKS00024848" in i for i in sources[37].identifiers)


def test_the_study_named_as_arsovski_is_entry_27(shipped: KnowledgeBase, sources: dict[int, Source]) -> None:
    mentions = [c for claim in shipped.claims() for c in claim.citations if c.mark and "Arsovski" in c.mark]

    assert mentions
    assert {c.source for c in mentions} == {sources[27].iri}


def test_a_truncated_address_is_no_address_of_a_work(shipped: KnowledgeBase) -> None:
    assert not [a.url for s in shipped.sources() for a in s.addresses if "…" in a.url or "..." in a.url]


def test_every_publisher_has_an_interest_and_the_article_sells_chairs(shipped: KnowledgeBase) -> None:
    assert all(source.interest for source in shipped.sources() if source.entries)
    assert column(
        shipped,
        "PREFIX schema: <https://schema.org/> "
        "SELECT ?i { ?a a schema:Article ; schema:publisher/ekb:interest ?i }",
    ) == ["https://w3id.org/evidence-kb/codes/product-seller"]


# -- claims ----------------------------------------------------------------------------------------------


def test_claims_are_all_there_and_numbered(claims: list[Claim]) -> None:
    assert 135 <= len(claims) <= 170
    assert [claim.position for claim in claims] == list(range(1, len(claims) + 1))


def test_every_claim_says_what_an_editor_needs(claims: list[Claim]) -> None:
    for claim in claims:
        assert set(claim.texts) == {"de", "en"}, claim.name
        assert claim.category, claim.name
        assert claim.wording, claim.name
        assert claim.section, claim.name
        assert claim.passages, claim.name
        assert claim.topics, claim.name


def test_the_eight_marks_and_three_mentions_are_the_authors_acts(shipped: KnowledgeBase) -> None:
    marks = column(
        shipped,
        "PREFIX c4o: <http://purl.org/spar/c4o/> "
        "SELECT ?t { ?m a c4o:InTextReferencePointer ; c4o:hasContent ?t }",
    )

    assert Counter(marks) == Counter(
        [
            *("【9】", "【37】", "【30】", "【31】", "【32】", "【12】", "【34】", "【36】"),
            *("Jenkins et al. (2025)", "Majchrzycki et al., 2014", "Arsovski et al., 2025"),
        ]
    )


def test_there_are_at_least_twelve_appeals_to_studies_nobody_names(claims: list[Claim]) -> None:
    assert len([claim for claim in claims if claim.appeals]) >= 12
    assert not [claim.name for claim in claims if claim.appeals and claim.citations]


def test_claims_that_contradict_one_another_are_tied(claims: list[Claim]) -> None:
    contradicting = {c.name: {o.rpartition("/")[2] for o in c.contradicts} for c in claims if c.contradicts}

    assert "claim-massage-effect-short-lived" in contradicting["claim-massage-as-effective-as-exercise"]
    assert "claim-chair-studies-few" in contradicting["claim-massage-data-solid"]


@needs_article
def test_no_sentence_of_the_article_is_reprinted(claims: list[Claim]) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    article = words(ARTICLE_TEXT.read_text(encoding="utf-8"))
    runs = {tuple(article[i : i + 7]) for i in range(len(article))}

    for claim in claims:
        said = words(claim.texts["de"])
        assert not [i for i in range(len(said) - 6) if tuple(said[i : i + 7]) in runs], claim.name


def test_passages_are_a_few_words_at_each_end(claims: list[Claim]) -> None:
    for claim in claims:
        for passage in claim.passages:
            for end in unquote(passage.removeprefix("text=")).split(","):
                assert len(end.split()) <= 6, claim.name


@needs_article
def test_every_passage_is_found_in_the_article(shipped: KnowledgeBase, claims: list[Claim]) -> None:
    text = ARTICLE_TEXT.read_text(encoding="utf-8")

    for claim in claims:
        for passage in claim.passages:
            fragment = TextFragment.parse(passage)
            assert fragment is not None
            assert len(fragment.matches(text)) == 1, (claim.name, passage)
    assert column(shipped, "SELECT ?d { ?a ekb:textDigest ?d }") == [text_digest(text)]


# -- findings ------------------------------------------------------------------------------------------


def test_findings_say_who_when_how_much_and_which_way(shipped: KnowledgeBase) -> None:
    findings = list(shipped.findings())
    known = {claim.iri for claim in shipped.claims()}
    works = {source.iri for source in shipped.sources()}

    assert len(findings) == 90
    for finding in findings:
        assert finding.claim in known
        assert finding.source in works
        assert finding.agent
        assert finding.generated_at
        assert finding.reasons
        assert finding.certainty
        assert set(finding.descriptions) == {"de", "en"}
        assert finding.basis is not Basis.TITLE_ONLY
        assert len((finding.quote or "").split()) <= 12


def test_nobody_claims_to_have_read_what_the_text_cites_by_number(
    shipped: KnowledgeBase, sources: dict[int, Source]
) -> None:
    read = {finding.source for finding in shipped.findings()}

    assert not [n for n in (9, 12, 30, 31, 32, 34, 36, 37) if sources[n].iri in read]
    assert {n for n, s in sources.items() if s.iri in read} == {13, 17, 19, 21, 22, 23, 24, 26, 27, 28, 35}


# -- the audit of it all ---------------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_knowledge_base_itself(shipped: KnowledgeBase) -> None:
    """Whatever is found is what the article gets wrong, not how we recorded it."""
    structure = [f for f in run_audit(shipped).findings if f.rule.kind == "structure"]

    assert [(f.rule.id, f.subject) for f in structure] == []


def test_the_baseline_knows_everything_the_audit_finds(kb: object) -> None:
    words = ("--kb", REPOSITORY / "kb", "audit", "--baseline", REPOSITORY / "kb/audit-baseline.json")
    done: Outcome = kb(*words, "--fail-on", "warning")  # type: ignore[operator]

    assert done.code == 0
    assert done.err == ""
