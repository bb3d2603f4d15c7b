"""Passages of claims, marked in the article's text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.model import Claim
from evidence_kb.site.details import Article, Section
from evidence_kb.site.marked_text import MarkedText, marked_text
from evidence_kb.vocabulary import Footing


def claim(name: str, *passages: str) -> Claim:
    nothing: tuple[str, ...] = ()
    return Claim(
        *(
            name,
            1,
            None,
            None,
            {},
            None,
            None,
            False,
            passages,
            nothing,
            nothing,
            nothing,
            (),
            Footing.NONE,
            None,
        )
    )


def marked(text: str, *claims: Claim) -> MarkedText:
    return marked_text(text, Article("a", {}, sections=(Section("s", 1, {"de": "Wirkung"}, claims),)))


def pieces(found: MarkedText, paragraph: int = 0) -> list[tuple[str, list[str]]]:
    return [(p.text, [c.iri for c in p.claims]) for p in found.paragraphs[paragraph].pieces]


def test_a_passage_is_marked_from_its_first_words_to_its_last() -> None:
    found = marked("Man sagt, Tee hilft gegen Schmerz. Mehr nicht.", claim("tea", "text=Tee%20hilft,Schmerz"))
    assert pieces(found) == [("Man sagt, ", []), ("Tee hilft gegen Schmerz", ["tea"]), (". Mehr nicht.", [])]
    assert [c.iri for c in found.paragraphs[0].claims] == ["tea"]


def test_where_passages_overlap_each_piece_knows_all_its_claims() -> None:
    found = marked("eins zwei drei vier", claim("a", "text=eins,drei"), claim("b", "text=zwei,vier"))
    assert pieces(found) == [("eins ", ["a"]), ("zwei drei", ["a", "b"]), (" vier", ["b"])]
    assert [[c.iri for c in p.ending] for p in found.paragraphs[0].pieces] == [[], ["a"], ["b"]]


def test_two_claims_with_the_same_passage_share_its_mark() -> None:
    found = marked("Tee hilft.", claim("a", "text=Tee%20hilft"), claim("b", "text=Tee%20hilft"))
    assert pieces(found) == [("Tee hilft", ["a", "b"]), (".", [])]


def test_a_passage_within_another_splits_it_in_three() -> None:
    found = marked("eins zwei drei", claim("all", "text=eins,drei"), claim("one", "text=zwei"))
    assert pieces(found) == [("eins ", ["all"]), ("zwei", ["all", "one"]), (" drei", ["all"])]


def test_a_passage_may_run_over_paragraphs() -> None:
    found = marked("Tee hilft\n\nauch bei Schmerz.", claim("tea", "text=Tee,Schmerz"))
    assert pieces(found, 0) == [("Tee hilft", ["tea"])]
    assert pieces(found, 1) == [("auch bei Schmerz", ["tea"]), (".", [])]
    assert [len(p.claims) for p in found.paragraphs] == [1, 0]  # told once, where it begins


def test_a_passage_that_a_teaser_repeats_is_marked_in_both_places() -> None:
    found = marked("Tee hilft.\nTee hilft.", claim("tea", "text=Tee%20hilft"))
    assert [pieces(found, n)[0] for n in (0, 1)] == [("Tee hilft", ["tea"])] * 2


def test_case_blanks_and_letters_that_fold_to_two_do_not_matter() -> None:
    found = marked("DIE  STRASSE\u00a0ist\tHEIß heute", claim("hot", "text=die%20stra%C3%9Fe,heiss"))
    assert pieces(found)[0] == ("DIE  STRASSE\u00a0ist\tHEIß", ["hot"])


def test_words_are_found_as_whole_words_only() -> None:
    assert marked("Kräutertee", claim("tea", "text=tee")).missing


def test_a_claim_whose_passage_is_not_there_is_missing() -> None:
    found = marked("Kaffee.", claim("a", "text=Tee"), claim("b"), claim("c", "javascript:alert(1)"))
    assert [c.iri for c in found.missing] == ["a", "b", "c"]


def test_a_line_that_is_a_section_s_title_is_its_heading() -> None:
    found = marked("Wirkung\nTee hilft.\nWirkung")
    assert [p.section.iri if p.section else None for p in found.paragraphs] == ["s", None, None]


@given(
    st.text(alphabet="ab ß\nÄ.", max_size=60),
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "ab", "ss", "a b"]), st.sampled_from(["", ",b", ",a", ",ss"]))
    ),
)
def test_the_pieces_put_together_are_the_text(text: str, passages: list[tuple[str, str]]) -> None:
    claims = [claim(str(n), f"text={first}{last}") for n, (first, last) in enumerate(passages)]
    found = marked(text, *claims)
    shown = ["".join(piece.text for piece in paragraph.pieces) for paragraph in found.paragraphs]
    assert shown == [line.strip() for line in text.splitlines() if line.strip()]
