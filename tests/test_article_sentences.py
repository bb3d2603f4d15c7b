"""Sentences end where readers see them end, in German and English, and marks stay with what they prove."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.articles.finding.marks import MarkStyle, marks_in
from evidence_kb.articles.finding.sentences import sentence_spans
from evidence_kb.articles.manuscript import Block

STYLE = MarkStyle(labels=frozenset(map(str, range(1, 40))), brackets=True, superscripts=True, highest=39)


def cut(text: str) -> list[str]:
    """The sentences of a text, its citation marks heeded."""
    marks = [(mark.start, mark.end) for mark in marks_in(Block(text), {}, STYLE)]
    return [text[start:end] for start, end in sentence_spans(text, marks)]


GERMAN = [
    ["Das gilt z. B. für Tee.", "Es gilt z.B. auch für Kaffee."],
    ["Es sind ca. 2 % der Fälle, u. a. bei Kindern.", "Mehr weiß man nicht."],
    ["Am 1. Januar 2024 begann der Versuch.", "Er endete am 3. März."],
    ["Der Mensch sitzt im 21. Jahrhundert viel.", "Früher nicht."],
    ["Ab der 20. Schwangerschaftswoche ist Vorsicht geboten.", "Vorher kaum."],
    ["Die 2. Auflage erschien 2019.", "Danach kam keine mehr."],
    ["Dr. Müller sagt nein.", "Prof. Dr. med. Berg sagt ja."],
    ["Jenkins et al. (2025) fanden 3.5 mm und 3,5 mm.", "Der Wert steht in Abb. 3 auf S. 34."],
    ["Das nennt man LWS.", "Die LWS ist wichtig."],
    ["Siehe Abschn. 3 bzw. Kap. 4.", "Warum?", "Darum!"],
    ["Es hilft bei Rücken-, Kopfschmerzen usw.", "Die Wirkung hält an."],
    ["Vitamin C. senkt nichts.", "Das gilt auch für Vitamin D.", "Die Daten sind klar."],
    ["Im Jahr 2019.", "Danach stieg der Wert um 1.500 Euro."],
    ["Er wurde 15.", "Danach zog er um."],
    ["„Es hilft. Es hilft wirklich.“", "Dann schwieg sie."],
    ["Er sagte: „Es hilft. Es hilft wirklich.“", "Dann ging er."],
    ["„Hilft das?“ fragte sie.", "„Nein!“, sagte er."],
    ["Tee (siehe Nr. 4) hilft i. d. R. gut, d. h. meistens.", "Kaffee m. E. nicht."],
    ["Nach J. W. von Goethe ist das so.", "R. Koch sah es anders."],
    ["Um 300 v. Chr. trank man Tee.", "Im 1. Jh. n. Chr. auch."],
    ["Tee hilft ... vielleicht.", "Oder nicht …", "Wer weiß?"],
    ["Die Dosis beträgt max. 3 Tassen pro Tag, mind. aber eine.", "Mehr schadet evtl. dem Schlaf."],
    ["Besuchen Sie www.example.org oder tee.de.", "Dort steht mehr."],
]
ENGLISH = [
    ["Smith et al. found it vs. placebo in Fig. 2 and No. 7.", "Dr. J. Smith and Mrs. Jones agreed."],
    ["He left at 5 p.m. on Jan. 5, 2020.", "She stayed."],
    ["The U.S. Government agreed, i.e. it paid, e.g. in cash.", "It did so twice."],
    ["The E. coli strain grew.", "See p. 12 and pp. 3–4 of vol. 2."],
    ["It was approved in the U.S.", "The drug is cheap."],
    ["He said no.", "Then he left."],
    ["The odds were 2.5 (95% CI 1.2 to 3.4).", "They fell to .5 later."],
    ["It helps with colds, flu, etc.", "The effect is small."],
    ["“It works. It really does.”", "She left."],
    ["(It was closed. Nobody knew why.)", "It opened again."],
    ["Is it safe?", "Yes!", "Mostly."],
    ["Approx. 30 patients (cf. Table 2) took St. John's wort.", "None died."],
    ["Smith, J. A. reported the same.", "A. Jones did not."],
]
MARKED = [
    ["Tee lindert Schmerz.[3]", "Danach kam nichts."],
    ["Tee lindert Schmerz. [3]", "Danach kam nichts."],
    ["Tee lindert Schmerz.[3][4]", "Danach kam nichts.[5]"],
    ["Tee lindert Schmerz.³", "Danach kam nichts."],
    ["Tee lindert Schmerz.【3】【4】", "Danach kam nichts."],
    ["Tee lindert Schmerz【3】.", "Danach kam nichts."],
    ["Tee lindert Schmerz [3, 4].", "Danach kam nichts."],
    ["„Tee lindert Schmerz.“[3]", "Danach kam nichts."],
    ["„Tee lindert Schmerz.[3]“", "Danach kam nichts."],
    ["Does tea help?[2]", "It does![3]"],
    ["Tea was found in 2019.[12]", "It was new."],
    ["Tee hilft bei Husten usw.[3]", "Das ist alles."],
    ["Es war so.", "[3] zeigte, dass es nicht so war."],
]


@pytest.mark.parametrize("sentences", [*GERMAN, *ENGLISH, *MARKED], ids=lambda sentences: sentences[0][:40])
def test_a_text_is_cut_into_its_sentences(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_a_mark_set_without_a_blank_before_the_next_sentence_still_parts_them() -> None:
    assert cut("Tee hilft.[3]Danach nichts.") == ["Tee hilft.[3]", "Danach nichts."]


def test_no_sentence_ends_inside_code_or_a_formula() -> None:
    text = "Der Aufruf f. G ist Code. Ende."

    assert [text[a:b] for a, b in sentence_spans(text, literals=[(11, 15)])] == [
        "Der Aufruf f. G ist Code.",
        "Ende.",
    ]


def test_a_long_quotation_is_read_sentence_by_sentence() -> None:
    inner = " ".join(["Dieser Satz ist einer von vielen in der langen Rede."] * 12)

    assert len(cut(f"„{inner}“ So sprach er.")) == 13


@given(st.text(alphabet='abÄ zB.!?…"„“()[]3³ \n', max_size=200))
def test_sentences_cover_all_that_is_printed_in_order(text: str) -> None:
    spans = sentence_spans(text, [(m.start, m.end) for m in marks_in(Block(text), {}, STYLE)])

    assert "".join(text[start:end] for start, end in spans).split() == text.split() or (
        "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    )
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
