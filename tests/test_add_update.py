"""A changed article: passages are found again or reported, what is new is added, nothing is lost."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from article_documents import TEA_REFERENCES, TEA_SECTIONS, article, documents, reference
from hypothesis import given, settings
from hypothesis import strategies as st
from support import REPOSITORY

from evidence_kb import KnowledgeBase, impact_of, run_audit
from evidence_kb.articles.drafting.adding import Addition, add_article
from evidence_kb.articles.reading import ReadArticle, read_article
from evidence_kb.errors import UsageError
from evidence_kb.turtle import format_turtle
from evidence_kb.vocabulary import EKB, PREFIXES

Add = Callable[..., Addition]
TEA = "https://example.org/kb/tea/"
ARTICLE_TEXT = REPOSITORY.parent / "shared" / "article" / "lws-schmerzen.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge base with the draft of the tea article."""
    made = tmp_path / "kb"
    made.mkdir()
    (made / "kb.toml").write_text('[knowledge-base]\nbase = "https://example.org/kb/"\n', encoding="utf-8")
    add(made, article())
    return made


def add(folder: Path, read: ReadArticle, **more: bool) -> Addition:
    return add_article(KnowledgeBase.open(folder), read, "tea", **more)


def changed(sections: dict[str, list[str]] | None = None, **more: object) -> ReadArticle:
    """The tea article with some sections of its own."""
    return article({**TEA_SECTIONS, **(sections or {})}, **more)  # type: ignore[arg-type]


def texts(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def triples(folder: Path) -> set[str]:
    """Every triple as a line; blank nodes by what is said of them."""
    found = set()
    for path in KnowledgeBase.open(folder).files():
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        about: dict[object, list[str]] = {}
        for quad in quads:
            about.setdefault(quad.subject, []).append(f"{quad.predicate} {quad.object}")
        for quad in quads:
            if not isinstance(quad.subject, ox.BlankNode):
                value = (
                    sorted(about.get(quad.object, []))
                    if isinstance(quad.object, ox.BlankNode)
                    else quad.object
                )
                found.add(f"{quad.subject} {quad.predicate} {value}")
    return found


def states(addition: Addition) -> dict[str, str]:
    assert addition.update
    return {f.passage.iri.removeprefix(TEA): f.state.value for f in addition.update.passages}


WIRKUNG = list(TEA_SECTIONS["Wirkung"])


def test_an_unchanged_article_changes_no_file(folder: Path) -> None:
    before = texts(folder)

    done = add(folder, article())

    assert done.outcome == "unchanged"
    assert set(states(done).values()) == {"unchanged"}
    assert texts(folder) == before


def test_new_sentences_become_claims_behind_the_old_ones(folder: Path) -> None:
    done = add(
        folder,
        changed(
            {"Neues": ["Studien zeigen, dass weißer Tee die Konzentration fördert [4]."]},
            references=[*TEA_REFERENCES, reference(4, "Weißer Tee")],
        ),
    )

    kb = KnowledgeBase.open(folder)
    new = list(kb.claims())[-1]
    assert done.update
    assert done.update.added.claims == [TEA + "claim-5"]
    assert (new.name, new.position, new.section, new.footing) == ("claim-5", 5, "Neues", "cited")
    assert set(states(done).values()) == {"unchanged"}
    assert (
        add(
            folder,
            changed(
                {"Neues": ["Studien zeigen, dass weißer Tee die Konzentration fördert [4]."]},
                references=[*TEA_REFERENCES, reference(4, "Weißer Tee")],
            ),
        ).outcome
        == "unchanged"
    )


def test_a_mark_set_into_a_known_sentence_joins_its_claim(folder: Path) -> None:
    done = add(folder, changed({"Wirkung": [WIRKUNG[0].replace("lindert.", "lindert [3]."), *WIRKUNG[1:]]}))

    claim = next(iter(KnowledgeBase.open(folder).claims()))
    assert done.update
    assert done.update.added.claims == []
    assert [(c.mark, c.source.removeprefix(TEA)) for c in claim.citations] == [("[3]", "work-schlaf-und-tee")]


def test_a_passage_under_another_heading_has_moved(folder: Path) -> None:
    done = add(folder, changed({"Wirkung": WIRKUNG[:2], "Schlaf": [*TEA_SECTIONS["Schlaf"], WIRKUNG[2]]}))

    assert states(done) == {
        "passage-1": "unchanged",
        "passage-2": "unchanged",
        "passage-3": "moved",
        "passage-4": "unchanged",
    }
    assert done.update
    moved = next(f for f in done.update.passages if f.state == "moved")
    assert (moved.old_section, moved.new_section) == ("Wirkung", "Schlaf")
    assert done.update.added.claims == []


def test_words_changed_in_the_middle_are_noticed_though_both_ends_still_fit(folder: Path) -> None:
    done = add(
        folder, changed({"Wirkung": [WIRKUNG[0].replace("Kopfschmerzen", "Zahnschmerzen"), *WIRKUNG[1:]]})
    )

    assert states(done)["passage-1"] == "changed"
    again = add(
        folder, changed({"Wirkung": [WIRKUNG[0].replace("Kopfschmerzen", "Zahnschmerzen"), *WIRKUNG[1:]]})
    )
    assert states(again)["passage-1"] == "changed"  # until a curator has looked


def test_a_reworded_sentence_is_only_proposed(folder: Path) -> None:
    before = KnowledgeBase.open(folder).query("passages")
    done = add(
        folder,
        changed(
            {"Wirkung": [WIRKUNG[0], "Eine Kanne am Morgen senkt den Druck um fünf Punkte [1].", WIRKUNG[2]]}
        ),
    )

    assert done.update
    found = next(f for f in done.update.passages if f.passage.iri == TEA + "passage-2")
    assert (found.state, found.sentences) == ("changed", (3,))
    assert done.update.added.claims == []
    assert KnowledgeBase.open(folder).query("passages").rows == before.rows  # type: ignore[union-attr]


def test_a_sentence_that_is_gone_has_vanished_and_its_claim_stays(folder: Path) -> None:
    done = add(folder, changed({"Wirkung": [WIRKUNG[0], WIRKUNG[2]]}))

    assert states(done)["passage-2"] == "vanished"
    assert [c.name for c in KnowledgeBase.open(folder).claims()] == [
        "claim-1",
        "claim-2",
        "claim-3",
        "claim-4",
    ]


def test_a_passage_is_never_moved_to_another_sentence_with_the_same_ends(folder: Path) -> None:
    other = "Studien zeigen, dass grüner Tee das Einschlafen von Kindern nie und nimmer lindert."
    done = add(folder, changed({"Wirkung": [other, *WIRKUNG[1:]]}))

    assert states(done)["passage-1"] == "changed"


def test_a_passage_that_now_fits_two_sentences_is_ambiguous(folder: Path) -> None:
    second = WIRKUNG[0].replace("Kopfschmerzen", "Bauchschmerzen")
    done = add(folder, changed({"Wirkung": [*WIRKUNG, second]}))

    assert states(done)["passage-1"] == "ambiguous"
    kb = KnowledgeBase.open(folder)
    rules = {
        f.rule.id
        for f in run_audit(kb, {TEA + "article": changed({"Wirkung": [*WIRKUNG, second]}).text}).findings
    }
    assert "passage-ambiguous" in rules


def test_renumbered_entries_keep_their_names_and_their_marks(folder: Path) -> None:
    first = reference(1, "Ganz neu", url="https://neu.example/")
    moved = [
        reference(r.number + 1, r.title, url=r.url, doi=r.doi, identifiers=r.identifiers)
        for r in TEA_REFERENCES
    ]
    shifted = {
        heading: [re.sub(r"(?<=[\[ ])\d(?=[,\]])", lambda m: str(int(m[0]) + 1), s) for s in sentences]
        for heading, sentences in TEA_SECTIONS.items()
    }
    done = add(folder, article(shifted, [first, *moved]))

    kb = KnowledgeBase.open(folder)
    assert done.update
    assert [(m.state.value, m.known.number if m.known else None) for m in done.update.entries] == [
        ("new", None),
        ("renumbered", 1),
        ("renumbered", 2),
        ("renumbered", 3),
    ]
    assert done.update.added.claims == done.update.added.marks == []
    assert kb.resolve("2") == TEA + "work-tee-und-blutdruck"
    assert [c.mark for claim in kb.claims() for c in claim.citations] == [
        "[2]",
        "Byrne (2018)",
        "[3, 4]",
        "[3, 4]",
    ]
    structure = {f.rule.id for f in run_audit(kb).findings if f.rule.kind == "structure"}
    assert structure == {"claim-draft", "work-without-publisher", "article-without-publisher"}


def test_an_entry_gone_from_the_list_is_reported_and_kept(folder: Path) -> None:
    done = add(folder, article(TEA_SECTIONS, TEA_REFERENCES[:2]))

    assert done.update
    assert [m.known.iri for m in done.update.entries if m.state == "gone" and m.known] == [TEA + "entry-3"]
    assert (folder / "tea" / "sources.ttl").read_text(encoding="utf-8").count("tea:entry-3 a ") == 1


def test_a_mark_taken_out_of_the_text_is_reported_and_kept(folder: Path) -> None:
    done = add(folder, changed({"Schlaf": [TEA_SECTIONS["Schlaf"][0].replace("[2, 3]", "[2]")]}))

    assert done.update
    assert [m.iri for m in done.update.gone_marks] == [TEA + "mark-4"]
    assert "tea:mark-4 a " in (folder / "tea" / "claims.ttl").read_text(encoding="utf-8")


def test_the_new_digest_is_recorded_so_that_the_audit_agrees(folder: Path) -> None:
    read = changed({"Neues": ["Kaffee ist auch beliebt und wird in vielen Ländern getrunken."]})
    add(folder, read)

    kb = KnowledgeBase.open(folder)
    assert "article-text-changed" not in {
        f.rule.id for f in run_audit(kb, {TEA + "article": read.text}).findings
    }


def test_what_a_curator_wrote_stays_also_in_other_files_and_comments(folder: Path) -> None:
    claims = folder / "tea" / "claims.ttl"
    text = claims.read_text(encoding="utf-8").replace("    ekb:status code:draft ;\n", "", 1)
    text = text.replace(
        "tea:claim-1 a schema:Claim ;",
        '# Gelesen am Montag.\ntea:claim-1 a schema:Claim ;\n    schema:text "Tee hilft gegen Kopfweh."@de ;',
    )
    claims.write_text(text, encoding="utf-8")
    (folder / "eigenes.ttl").write_text(
        "@prefix tea: <https://example.org/kb/tea/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'tea:claim-6 rdfs:comment "nur notiert" .  # nicht im Layout\n',
        encoding="utf-8",
    )
    before, untouched = triples(folder), (folder / "eigenes.ttl").read_bytes()

    done = add(
        folder,
        changed(
            {
                "Neues": [
                    "Studien zeigen, dass Tee gegen Müdigkeit im Büro hilft.",
                    "Studien zeigen, dass Tee auch im Winter bei Kälte wärmt.",
                ]
            }
        ),
    )

    assert done.update
    assert done.update.added.claims == [TEA + "claim-7", TEA + "claim-8"]
    lost = before - triples(folder)
    assert {line.split()[1] for line in lost} == {f"<{EKB}textDigest>"}
    assert len(lost) == 1
    after = claims.read_text(encoding="utf-8")
    assert "# Gelesen am Montag." in after
    assert after == format_turtle(after, KnowledgeBase.open(folder).config.prefixes)
    assert (folder / "eigenes.ttl").read_bytes() == untouched


def test_a_claim_that_a_curator_deleted_is_not_drafted_again(folder: Path) -> None:
    """As long as its passage stays, it has been seen."""
    claims = folder / "tea" / "claims.ttl"
    text = re.sub(r"tea:claim-1 a .*?\.\n\n", "", claims.read_text(encoding="utf-8"), flags=re.S)
    claims.write_text(text, encoding="utf-8")

    done = add(folder, changed({"Neues": ["Kaffee ist auch beliebt und wird in vielen Ländern getrunken."]}))

    assert done.update
    assert done.update.added.claims == []


def test_another_article_of_that_name_is_refused(folder: Path) -> None:
    other = article(
        {"Kaffee": ["Experten raten von Kaffee am Abend ab [1]."]}, [reference(1, "Anderes")], "Kaffee"
    )
    before = texts(folder)

    with pytest.raises(UsageError, match="taken by another article"):
        add(folder, other)
    assert texts(folder) == before


def test_a_dry_run_says_what_would_change_and_writes_nothing(folder: Path) -> None:
    before = texts(folder)

    done = add(
        folder, changed({"Neues": ["Studien zeigen, dass Tee gegen Müdigkeit im Büro hilft."]}), write=False
    )

    assert done.outcome == "updated"
    assert [path.name for path in done.files] == ["claims.ttl", "article.ttl"]
    assert texts(folder) == before


@settings(max_examples=40, deadline=None)
@given(documents(), documents(), st.booleans())
def test_no_update_ever_drops_what_it_did_not_print_itself(
    tmp_path_factory: pytest.TempPathFactory, first: ReadArticle, second: ReadArticle, every: bool
) -> None:
    folder = tmp_path_factory.mktemp("any") / "kb"
    folder.mkdir()
    (folder / "kb.toml").write_text('[knowledge-base]\nbase = "https://example.org/kb/"\n', encoding="utf-8")
    add(folder, first)
    once = texts(folder)
    assert add(folder, first).outcome == "unchanged"
    assert texts(folder) == once
    before = triples(folder)

    try:
        add(folder, second, every=every)
    except UsageError:  # nothing in common: another article
        assert texts(folder) == once
        return

    lost = {line.split()[1] for line in before - triples(folder)}
    printed = {f"<{EKB}textDigest>", f"<{PREFIXES['schema']}position>", f"<{PREFIXES['c4o']}hasContent>"}
    assert lost <= printed
    assert add(folder, second, every=every).outcome == "unchanged"


@pytest.mark.skipif(not ARTICLE_TEXT.exists(), reason="the article's text is not part of the repository")
def test_the_shipped_knowledge_base_is_left_alone_by_its_own_article(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(REPOSITORY / "kb", tmp_path / "kb"))
    before = texts(folder)

    done = add_article(KnowledgeBase.open(folder), read_article(ARTICLE_TEXT), "lws-schmerzen")

    assert done.outcome == "unchanged"
    assert done.update
    assert {f.state.value for f in done.update.passages} == {"unchanged"}
    assert texts(folder) == before


# -- a sentence that is said twice -------------------------------------------------------------------------

TWICE = {
    "Wirkung": ["Grüner Tee lindert den Kopfschmerz vieler Leute [1]."],
    "Fazit": ["Grüner Tee lindert den Kopfschmerz vieler Leute [1]."],
}


def test_each_saying_of_a_sentence_keeps_its_own_mark(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("", encoding="utf-8")
    add(tmp_path, article(TWICE, [reference(1, "Teestudie")]))

    done = add(tmp_path, article({**TWICE, "Mehr": ["Wasser auch."]}, [reference(1, "Teestudie")]))

    assert done.update is not None
    assert [(found.state, found.sentences) for found in done.update.passages] == [
        ("unchanged", (1,)),
        ("unchanged", (2,)),
    ]
    assert done.update.gone_marks == []
    assert done.update.added.claims == []


def test_a_sentence_that_is_said_once_less_has_vanished_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("", encoding="utf-8")
    add(tmp_path, article(TWICE, [reference(1, "Teestudie")]))

    done = add(tmp_path, article({"Fazit": TWICE["Fazit"]}, [reference(1, "Teestudie")]))

    assert done.update is not None
    assert [found.state for found in done.update.passages] == ["vanished", "unchanged"]


# -- sections and works -------------------------------------------------------------------------------------


def test_sections_are_numbered_as_they_stand_now(folder: Path) -> None:
    before = KnowledgeBase.open(folder).config
    first, *rest = TEA_SECTIONS
    moved = {
        first: TEA_SECTIONS[first],
        "Neu": ["Tee ist grün [1]."],
        **{one: TEA_SECTIONS[one] for one in rest},
    }
    add(folder, article(moved))

    table = KnowledgeBase(before).query("coverage-by-section")
    asked = KnowledgeBase(before).store.query(
        "PREFIX schema: <https://schema.org/> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "PREFIX doco: <http://purl.org/spar/doco/> "
        "SELECT ?title WHERE { ?s a doco:Section ; dcterms:title ?title ; schema:position ?at } ORDER BY ?at"
    )
    assert table
    assert [row["title"].value for row in asked] == [first, "Neu", *rest]  # type: ignore[union-attr]


def test_one_study_in_two_articles_falls_for_both(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("", encoding="utf-8")
    study = [reference(1, "Teestudie", doi="10.1000/182")]
    for slug, said in (("tea", "Tee lindert Kopfschmerz"), ("sleep", "Tee raubt vielen den Schlaf")):
        add_article(KnowledgeBase.open(tmp_path), article({"Wirkung": [f"{said} [1]."]}, study, slug), slug)

    falls = impact_of(KnowledgeBase.open(tmp_path), "doi:10.1000/182")

    assert sorted(change.claim.iri for change in falls.changes) == [
        "https://example.org/kb/sleep/claim-1",
        "https://example.org/kb/tea/claim-1",
    ]
    assert len(falls.sources) == len(falls.leaning) == 2


# -- cut short -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a process of its own")
@pytest.mark.parametrize("renamed", [0, 1, 2])
def test_an_update_that_dies_between_two_files_is_made_whole_by_the_next_run(
    folder: Path, tmp_path: Path, renamed: int
) -> None:
    first, *_ = TEA_SECTIONS
    news = {first: [*TEA_SECTIONS[first], "Kakao hebt die Laune [4]. Studien zeigen, dass Mate wach hält."]}
    sources = [*TEA_REFERENCES[1:], reference(4, "Kakao und Laune", url="https://kakao.example/laune")]
    whole = tmp_path / "whole"
    shutil.copytree(folder, whole)
    add(whole, changed(news, references=sources))

    child = os.fork()
    if child == 0:
        left, rename = iter(range(renamed)), Path.replace

        def replace(self: Path, target: Path) -> Path:
            if next(left, None) is None:
                os._exit(9)  # as kill -9 would
            return rename(self, target)

        Path.replace = replace  # type: ignore[method-assign, assignment]
        add(folder, changed(news, references=sources))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert triples(folder) != triples(whole)

    add(folder, changed(news, references=sources))

    assert triples(folder) == triples(whole)
