"""A draft says in triples what the article says, no more, and in the one layout."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from article_documents import TEA_REFERENCES, TEA_SECTIONS, article, documents, reference
from hypothesis import HealthCheck, given, settings

from evidence_kb import KnowledgeBase, run_audit
from evidence_kb.articles.document import Document, Reference
from evidence_kb.articles.drafting.adding import add_article
from evidence_kb.articles.reading import ReadArticle
from evidence_kb.model import Claim
from evidence_kb.store import Table
from evidence_kb.text_fragments import TextFragment
from evidence_kb.turtle import format_turtle
from evidence_kb.vocabulary import PREFIXES

#: What a fresh draft owes, and says so itself.
TO_BE_DONE = {"claim-draft", "work-without-publisher", "article-without-publisher"}
#: What the article itself may get wrong, as the structure rules see it.
PRINTED_FAULTS = {"entry-number-gap", "entry-number-twice", "mark-pointing-nowhere"}
#: What a title or a language that cannot be written down leaves behind.
UNREADABLE = {
    "article-without-title",
    "article-without-language",
    "entry-without-title",
    "work-without-title",
}


def empty_kb(folder: Path) -> Path:
    folder.mkdir(parents=True)
    text = '[knowledge-base]\nbase = "https://example.org/kb/"\nlanguages = ["de"]\n'
    (folder / "kb.toml").write_text(text, encoding="utf-8")
    return folder


def drafted(folder: Path, read: ReadArticle, every: bool = False) -> KnowledgeBase:
    """A knowledge base that holds nothing but the draft of an article, called tea."""
    add_article(KnowledgeBase.open(empty_kb(folder)), read, "tea", every=every)
    return KnowledgeBase.open(folder)


def rows(kb: KnowledgeBase, select: str) -> list[tuple[str, ...]]:
    prologue = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
    table = kb.store.query(prologue + select)
    assert isinstance(table, Table)
    return [tuple(term.value if term else "" for term in row) for row in table.rows]


@pytest.fixture
def tea_draft(tmp_path: Path) -> KnowledgeBase:
    return drafted(tmp_path / "kb", article())


def claims(kb: KnowledgeBase) -> list[Claim]:
    return list(kb.claims())


def test_every_sentence_with_a_mark_a_mention_or_an_appeal_becomes_a_claim(tea_draft: KnowledgeBase) -> None:
    found = claims(tea_draft)

    assert [claim.name for claim in found] == ["claim-1", "claim-2", "claim-3", "claim-4"]
    assert [claim.position for claim in found] == [1, 2, 3, 4]
    assert [claim.section for claim in found] == ["Wirkung", "Wirkung", "Wirkung", "Schlaf"]
    assert [claim.footing for claim in found] == ["appeal", "cited", "cited", "cited"]
    assert found[0].appeals == ("Studien zeigen",)


def test_a_mark_for_two_entries_cites_both_works(tea_draft: KnowledgeBase) -> None:
    last = claims(tea_draft)[-1]

    assert [(c.mark, c.source.rpartition("/")[2]) for c in last.citations] == [
        ("[2, 3]", "work-koffein-am-abend"),
        ("[2, 3]", "work-schlaf-und-tee"),
    ]


def test_a_source_that_the_list_lacks_is_a_work_of_its_own(tea_draft: KnowledgeBase) -> None:
    found = {f.rule.id: f for f in run_audit(tea_draft).findings}

    assert claims(tea_draft)[2].citations[0].source == "https://example.org/kb/tea/work-byrne-2018"
    assert "Byrne (2018)" in found["mention-not-listed"].message


def test_a_truncated_address_stays_printed_and_is_no_address_of_the_work(tea_draft: KnowledgeBase) -> None:
    printed = rows(tea_draft, "SELECT ?a { ?e ekb:printedAddress ?a } ORDER BY ?a")
    addresses = rows(tea_draft, "SELECT ?u { ?w schema:url ?u } ORDER BY ?u")

    assert printed == [("https://journal.example/blutdruck",), ("https://klinik.example/…/tee",)]
    assert addresses == [("https://doi.org/10.1000/182",), ("https://journal.example/blutdruck",)]


def test_no_sentence_of_the_article_is_reprinted(tea_draft: KnowledgeBase) -> None:
    folder = tea_draft.config.folder
    written = unquote("".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.ttl")))

    for texts in TEA_SECTIONS.values():
        for sentence in texts:
            words = sentence.split()
            assert not [i for i in range(len(words) - 6) if " ".join(words[i : i + 7]) in written]


def test_passages_lead_to_their_sentence_and_nowhere_else(tea_draft: KnowledgeBase) -> None:
    text = article().text

    for claim in claims(tea_draft):
        fragment = TextFragment.parse(claim.passages[0])
        assert fragment is not None
        assert len(fragment.matches(text)) == 1


def test_the_audit_asks_for_what_only_a_curator_knows_and_nothing_else(tea_draft: KnowledgeBase) -> None:
    structure = {f.rule.id for f in run_audit(tea_draft).findings if f.rule.kind == "structure"}

    assert structure == TO_BE_DONE


def test_the_audit_agrees_with_the_text_that_was_drafted(tea_draft: KnowledgeBase) -> None:
    texts = {"https://example.org/kb/tea/article": article().text}

    assert [f for f in run_audit(tea_draft, texts).findings if f.rule.kind == "article"] == []


def test_faults_of_the_apparatus_are_found_by_the_audit(tmp_path: Path) -> None:
    sections = {
        "Tee": ["Tee hilft gegen vieles, das sagt man seit langem [1].", "Er weckt auf jeden Fall [9]."]
    }
    listed = [
        reference(1, "A"),
        reference(1, "B", url="https://b.example/"),
        reference(4, "C", url="kein Link"),
    ]
    kb = drafted(tmp_path / "kb", article(sections, listed))

    found = Counter(f.rule.id for f in run_audit(kb).findings)

    assert found["entry-number-twice"] == 2
    assert found["entry-number-gap"] == 1
    assert found["mark-pointing-nowhere"] == 1
    assert found["entry-without-address"] == 1
    assert found["entry-never-cited"] == 2
    assert found["address-malformed"] == 1


def test_entries_with_one_doi_or_one_address_are_one_work(tmp_path: Path) -> None:
    listed = [
        reference(1, "A", doi="10.1000/182"),
        reference(2, "B", url="https://www.b.example/x/"),
        reference(3, "A again", doi="10.1000/182", url="https://journal.example/a"),
        reference(4, "B again", url="http://b.example/x"),
    ]
    kb = drafted(tmp_path / "kb", article(TEA_SECTIONS, listed))

    works = dict(rows(kb, "SELECT ?n ?w { ?e schema:position ?n ; biro:references ?w }"))

    assert works["1"] == works["3"]
    assert works["2"] == works["4"]
    assert works["1"] != works["2"]
    assert Counter(f.rule.id for f in run_audit(kb).findings)["work-listed-twice"] == 2


def test_a_list_of_notes_goes_behind_the_numbered_one(tmp_path: Path) -> None:
    listed = [Reference(1, "n 1", "Eine Anmerkung"), *TEA_REFERENCES]
    read = article(TEA_SECTIONS, listed)
    kb = drafted(tmp_path / "kb", read)

    found = rows(kb, "SELECT ?n ?e { ?e a biro:BibliographicReference ; schema:position ?n } ORDER BY ?n")

    assert [(n, kb.compact(e)) for n, e in found] == [
        ("1", "tea:entry-1"),
        ("2", "tea:entry-2"),
        ("3", "tea:entry-3"),
        ("4", "tea:entry-n-1"),
    ]
    assert add_article(kb, read, "tea").outcome == "unchanged"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (reference(1, "Tea", doi="10.1000/182"), "fabio:JournalArticle"),
        (reference(1, "Tea: a systematic review", doi="10.1000/182"), "fabio:ReviewArticle"),
        (reference(1, "Tee", url="https://blog.example/review"), "fabio:WebPage"),
        (reference(1, "Tea: a systematic review", url="https://blog.example/"), "fabio:WebPage"),
        (reference(1, "Teekunde", identifiers=("isbn:9783161484100",)), "fabio:Book"),
        (reference(1, "Tee (Dissertation)", url="https://d-nb.example/1"), "fabio:DoctoralThesis"),
        (reference(1, "Tee", url="https://de.wikipedia.org/wiki/Tee"), "fabio:WikiEntry"),
        (reference(1, "Tee, gedruckt"), "fabio:Work"),
    ],
)
def test_a_work_gets_the_class_that_its_entry_tells(tmp_path: Path, entry: object, kind: str) -> None:
    kb = drafted(tmp_path / "kb", article(TEA_SECTIONS, [entry]))  # type: ignore[list-item]

    classes = rows(kb, "SELECT ?k { ?e biro:references ?w . ?w a ?k }")

    assert [kb.compact(name) for (name,) in classes] == [kind]


def test_a_name_beside_a_mark_for_the_same_entry_is_one_act_of_citing(tmp_path: Path) -> None:
    read = article({"Tee": ["Das fand auch Byrne (2018) in einer großen Untersuchung [1]."]})
    mention = read.document.mentions[0]
    named = read.document.__class__(
        **{**vars(read.document), "mentions": (mention.__class__(**{**vars(mention), "reference": "1"}),)}
    )
    kb = drafted(tmp_path / "kb", ReadArticle(named, read.text))

    assert [c.mark for c in claims(kb)[0].citations] == ["[1]"]


def expected_marks(document: Document) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for citation in document.citations:
        found.update({(citation.text, label) for label in citation.marks})
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_any_document_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, read: ReadArticle
) -> None:
    kb = drafted(tmp_path_factory.mktemp("any") / "kb", read)

    for path in kb.files():
        text = path.read_text(encoding="utf-8")
        assert format_turtle(text, kb.config.prefixes) == text, path
    numbers = Counter(
        n for (n,) in rows(kb, "SELECT ?n { ?e a biro:BibliographicReference ; schema:position ?n }")
    )
    assert numbers == Counter(str(r.number) for r in read.document.references)
    marks = rows(kb, "SELECT ?m ?t ?e { ?m c4o:hasContent ?t ; c4o:denotes ?e }")
    labels = Counter((text, entry.rpartition("entry-")[2].partition("-")[0]) for _, text, entry in marks)
    per_sentence = Counter()
    for citation in read.document.citations:
        per_sentence.update((citation.text, label) for label in dict.fromkeys(citation.marks))
    assert labels == per_sentence
    structure = {f.rule.id for f in run_audit(kb).findings if f.rule.kind == "structure"}
    assert structure <= TO_BE_DONE | PRINTED_FAULTS | UNREADABLE
    assert len(rows(kb, "SELECT ?p { ?p a oa:SpecificResource }")) == len(claims(kb))


def test_pyshacl_finds_the_same_in_a_draft(tea_draft: KnowledgeBase) -> None:
    pytest.importorskip("pyshacl")
    from evidence_kb.audit.shacl import run_shapes

    assert {f.rule.id for f in run_shapes(tea_draft).findings} == TO_BE_DONE


def test_the_entries_are_as_printed(tea_draft: KnowledgeBase) -> None:
    found = rows(
        tea_draft, "SELECT ?n ?t { ?e a biro:BibliographicReference ; schema:position ?n ; dcterms:title ?t }"
    )

    assert sorted(found) == [(r.label, r.title) for r in TEA_REFERENCES]
    assert ox.NamedNode("https://example.org/kb/tea/entry-2")


def test_a_comment_above_each_draft_says_which_sentence_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("", encoding="utf-8")
    said = ["Grüner Tee lindert bei den meisten Leuten den Kopfschmerz [1]."]
    add_article(KnowledgeBase.open(tmp_path), article({"Wirkung": said}), "tea")
    more = [*said, "Kaffee macht davon am Abend meist recht wach [1]."]
    add_article(KnowledgeBase.open(tmp_path), article({"Wirkung": more}), "tea")

    text = (tmp_path / "tea/claims.ttl").read_text(encoding="utf-8")

    assert "# “Grüner Tee lindert … den Kopfschmerz”\ntea:claim-1 a schema:Claim ;" in text
    assert "# “Kaffee macht davon … recht wach”\ntea:claim-2 a schema:Claim ;" in text
    assert text.count("# “") == 2
    assert format_turtle(text, {"tea": "https://example.org/kb/tea/"}) == text
