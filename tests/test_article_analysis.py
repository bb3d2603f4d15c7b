"""A manuscript of any format becomes one document: sections, sentences, citations, mentions, appeals."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.articles.document import Document, ProblemKind
from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.finding.appeals import appeal_lexicon, appeals_in
from evidence_kb.articles.finding.language import language_of
from evidence_kb.articles.finding.lexicon import Lexicon
from evidence_kb.articles.finding.worth import judge
from evidence_kb.articles.manuscript import (
    Block,
    BlockKind,
    Manuscript,
    PrintedReference,
    Span,
    SpanKind,
)
from evidence_kb.errors import InputError

SOURCES = tuple(PrintedReference(f"cite-{n}", str(n), f"Über Tee https://a.example/{n}") for n in range(1, 5))


def document(
    *blocks: Block, references: tuple[PrintedReference, ...] = SOURCES, title: str = "Tee"
) -> Document:
    return understand(Manuscript(title, "", blocks, references), "markdown")


def heading(text: str, level: int = 2) -> Block:
    return Block(text, BlockKind.HEADING, level)


def test_sections_count_from_the_title() -> None:
    found = document(
        heading("Tee", 1), Block("Tee ist alt."), heading("Wirkung"), Block("Er wirkt."), heading("Auf den Schlaf", 3)
    )  # fmt: skip

    assert [(s.position, s.title, s.level) for s in found.sections] == [
        (1, "Tee", 1),
        (2, "Wirkung", 2),
        (3, "Auf den Schlaf", 3),
    ]
    assert [(s.position, s.section, s.text) for s in found.sentences] == [
        (1, 1, "Tee ist alt."),
        (2, 2, "Er wirkt."),
    ]


def test_text_before_the_first_heading_belongs_to_the_title() -> None:
    found = document(Block("Tee ist alt."), heading("Wirkung"))

    assert [s.title for s in found.sections] == ["Tee", "Wirkung"]
    assert found.sentences[0].section == 1


def test_a_mark_is_tied_to_its_sentence_also_behind_the_full_stop() -> None:
    found = document(Block("Tee hilft.[1] Kaffee nicht [2]. Wasser auch nicht."))

    assert [(c.sentence, c.marks) for c in found.citations] == [(1, ("1",)), (2, ("2",))]


def test_a_name_beside_a_mark_tells_whose_the_entry_is() -> None:
    nameless = PrintedReference("d1", "1", "2016, Journal of Tea, https://doi.org/10.1000/182")
    found = document(
        Block(
            "Das fanden Thal und Kollegen (2016, Journal of Tea) [1]. Auch Berg et al. (2017) sahen es [1]."
        ),
        Block("Thal et al. (2016) sagen mehr."),
        references=(nameless,),
    )

    assert [(m.text, m.reference) for m in found.mentions] == [
        ("Thal und Kollegen (2016, Journal of Tea)", "1"),
        ("Berg et al. (2017)", None),
        ("Thal et al. (2016)", "1"),
    ]


def test_what_the_format_marks_up_is_tied_by_its_target() -> None:
    block = Block("Tee hilft.a Ja.", spans=(Span(10, 11, SpanKind.MARK, ("cite-3",)),))

    (citation,) = document(block).citations

    assert (citation.sentence, citation.marks, citation.text) == (1, ("3",), "a")


def test_a_mark_in_a_heading_or_cell_is_found_and_the_heading_kept_clean() -> None:
    found = document(
        heading("Wirkung[1]"), Block("20 Tassen[2]", BlockKind.CELL), Block("leer", BlockKind.CELL)
    )

    assert [s.title for s in found.sections] == ["Tee", "Wirkung"]
    assert [c.marks for c in found.citations] == [("1",), ("2",)]
    assert [s.text for s in found.sentences] == ["Wirkung[1]", "20 Tassen[2]"]


def test_words_count_as_an_appeal_only_where_no_source_stands() -> None:
    found = document(
        Block("Studien zeigen, dass Tee hilft. Studien zeigen es auch für Kaffee [2]. Zeigen Studien das?"),
        Block("Laut Studien ist das so (Berg et al., 2019)."),
    )

    assert [(a.sentence, a.cue) for a in found.appeals] == [(1, "Studien zeigen")]


def test_a_note_about_the_author_keeps_its_sentences_and_nothing_else() -> None:
    found = document(heading(""), Block("Experten sagen, er sei der Beste.", BlockKind.NOTE))

    assert [s.text for s in found.sentences] == ["Experten sagen, er sei der Beste."]
    assert found.appeals == ()


def test_marks_and_entries_without_each_other_are_told() -> None:
    found = document(Block("Tee hilft [1]. Kaffee nicht [9]. Wasser sehr [3]. Das sagen Berg et al. (2019)."))

    assert {problem.kind: problem.message for problem in found.problems} == {
        ProblemKind.MARK_WITHOUT_ENTRY: "the source list lacks what marks in the text name: 9",
        ProblemKind.ENTRY_WITHOUT_MARK: "2 of 4 entries are never cited in the text: 2, 4",
        ProblemKind.MENTION_WITHOUT_ENTRY: "“Berg et al. (2019)” is not in the source list",
    }


def test_an_article_without_sources_is_told() -> None:
    assert [p.kind for p in document(Block("Tee hilft."), references=()).problems] == [
        ProblemKind.NO_REFERENCES
    ]


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Der Tee ist nicht so gut, wie man es von ihm sagt.", "", "de"),
        ("The tea is not as good as they say it is.", "", "en"),
        ("Le thé est bon pour la santé, et les études le montrent.", "", "fr"),
        ("El té es bueno para la salud, como se sabe por los estudios.", "", "es"),
        ("Tea", "en-US", "en"),
        ("Der Tee ist gut.", "en", "en"),
        ("Der Tee ist gut.", "German", "de"),
        ("Der Tee ist gut.", "x-unknown-tongue", "de"),
        ("12345", "", "und"),
        ("Was hilft?", "", "de"),
        ("What helps?", "", "en"),
        ("Tee lindert Kopfschmerzen.", "", "de"),
        ("Tea relieves headaches.", "", "en"),
        ("Besser schlafen", "", "de"),
        ("Sleep better tonight", "", "en"),
        ("Tea", "", "und"),
    ],
)  # fmt: skip
def test_the_language_is_as_declared_or_told_from_the_words(text: str, declared: str, expected: str) -> None:
    assert language_of([text], declared) == expected


def test_a_text_in_another_language_than_its_template_declares_is_known_by_its_words() -> None:
    german = ["Der Tee ist gut und die Milch ist nicht gut, aber das ist für den Arzt auch nicht neu."] * 10
    assert language_of(german, "en-US") == "de"
    assert language_of(german[:1], "en-US") == "en"  # a quotation, perhaps
    assert language_of(german, "fi") == "fi"  # no words of it are known


@pytest.mark.parametrize(
    ("language", "text", "cues"),
    [
        ("de", "Zahlreiche Studien belegen das.", ["Zahlreiche Studien belegen"]),
        ("de", "Und tatsächlich zeigt die medizinische Forschung eindeutig: Bewegung hilft.", ["zeigt die medizinische Forschung eindeutig"]),
        ("de", "Das zeigt laut aktueller Forschung Wirkung.", ["laut aktueller Forschung"]),
        ("de", "Trotzdem betonen Fachleute die Grenzen.", ["betonen Fachleute"]),
        ("de", "Mediziner sprechen von Ischias.", ["Mediziner sprechen"]),
        ("de", "Wärme hat sich bewährt.", ["hat sich bewährt"]),
        ("de", "Der Spiegel sinkt nachweislich.", ["nachweislich"]),
        ("de", "Wissenschaftlich ist das gut belegt, Experten zufolge.", ["gut belegt", "Experten zufolge"]),
        ("de", "Eine aktuelle Studie der Universität Kiel zeigt: Tee hilft.", ["Studie der Universität Kiel zeigt"]),
        ("de", "Die Studierenden trinken Tee und zeigen Freude.", []),
        ("de", "Aerzte raten dazu, Uebersichtsarbeiten zeigen es.", ["Aerzte raten", "Uebersichtsarbeiten zeigen"]),
        ("de", "Der Arzt hat gut geschlafen.", []),
        ("en", "Studies have shown that tea helps.", ["Studies have shown"]),
        ("en", "Research suggests a link.", ["Research suggests"]),
        ("en", "Many experts say so.", ["Many experts"]),
        ("en", "According to recent studies, tea helps.", ["According to recent studies"]),
        ("en", "It is scientifically proven.", ["scientifically proven"]),
        ("en", "There is strong evidence for it.", ["There is strong evidence"]),
        ("en", "She studied tea and showed it to him.", []),
        ("xx", "Studien zeigen es. Studies show it.", ["Studien zeigen", "Studies show"]),
    ],
)  # fmt: skip
def test_appeals_are_found_by_their_words(language: str, text: str, cues: list[str]) -> None:
    assert appeals_in(text, appeal_lexicon(language)) == cues


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The line was drawn through all data points."),
        ("en", "Younger women drank more (data not shown)."),
        ("en", "Additional data are shown in Table 2."),
        ("en", "Our data show a fall in the afternoon."),
        ("en", "The present study demonstrated a rise with age."),
        ("en", "Taken together, these findings suggest a common cause."),
        ("en", "Our findings provide limited support for a link."),
        ("en", "The study was supported by the Medical Research Council."),
        ("en", "Records from the study site show much rain."),
        ("en", "The effect of age was found to be large."),
        ("en", "The fall is thought to follow from the heat."),
        ("en", "These results provide new evidence that cups matter."),
        ("de", "Diese Studie legt nahe, früher zu trinken."),
        ("de", "In der Studie tranken alle Kaffee."),
        ("de", "Unsere Daten zeigen einen Rückgang."),
        ("de", "Die messbaren Werte stehen in der Tabelle."),
    ],
)
def test_own_results_and_parts_of_a_study_are_no_appeal(language: str, text: str) -> None:
    assert appeals_in(text, appeal_lexicon(language)) == []


def test_users_can_add_words(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('de = ["großmutter … wusste"]\n', encoding="utf-8")

    found = understand(
        Manuscript("T", "de", (Block("Schon Großmutter Erna wusste das."),)), "text", lexicons=[own]
    )

    assert [appeal.cue for appeal in found.appeals] == ["Großmutter Erna wusste"]


@pytest.mark.parametrize(
    "content", ['de = "studien"', "de = [1]", 'de = ["… studien"]', "de = [", 'de = [""]']
)
def test_a_lexicon_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=r"own\.toml") as refusal:
        appeal_lexicon("de", [own, tmp_path / "missing.toml"])
    assert "\n" not in str(refusal.value)


def test_a_lexicon_finds_the_longest_words_that_fit_from_left_to_right() -> None:
    lexicon = Lexicon({"a": ["studien"], "b": ["studien zeig*"], "c": ["*forschung|*analyse"]})

    assert list(lexicon.find("Studien zeigen, Studien und die Metaanalyse.")) == [
        ("b", "Studien zeigen"),
        ("a", "Studien"),
        ("c", "Metaanalyse"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "worthy", "category"),
    [
        ("de", "Grüner Tee lindert Kopfschmerzen besser als Kaffee.", True, "treatment-effect"),
        ("de", "Bewegungsmangel erhöht das Risiko für Rückenschmerzen.", True, "risk-factor"),
        ("de", "Etwa 80 Prozent aller Deutschen leiden unter Rückenschmerzen.", True, "prevalence"),
        ("de", "Regelmäßige Bewegung beugt Rückenschmerzen vor und schützt den Körper.", True, "prevention"),
        ("de", "Die Studienlage zu Massagesesseln ist noch dünn.", True, "evidence-statement"),
        ("de", "Willst du deinem Rücken etwas Gutes tun?", False, None),
        ("de", "Lesetipp: Hier findest du mehr zum Thema Rücken.", False, None),
        ("en", "Green tea reduces headache in most adults.", True, "treatment-effect"),
        ("en", "Smoking increases the risk of back pain.", True, "risk-factor"),
        ("en", "About 80% of adults suffer from back pain.", True, "prevalence"),
        ("en", "Read more on our page about tea.", False, None),
    ],
)
def test_sentences_are_judged_worth_checking_by_what_they_say(
    language: str, text: str, worthy: bool, category: str | None
) -> None:
    judged = judge(text, language)

    assert judged.worthy is worthy
    assert category is None or judged.category == category


def test_every_proposed_category_is_one_of_the_code_list() -> None:
    from evidence_kb.articles.finding.worth import categories
    from evidence_kb.resources import ontology_folder

    codes = (ontology_folder() / "codes.ttl").read_text(encoding="utf-8")

    for language in ("de", "en"):
        assert all(f'skos:notation "{name}"' in codes for name in categories(language))


def test_a_long_article_takes_a_time_that_grows_with_its_length_only() -> None:
    sentence = (
        "Tee hilft laut Berg et al. (2019) bei ca. 2 % der Fälle, z. B. nachts [1, 3–4].¹ Studien zeigen es. "
    )
    references = tuple(
        PrintedReference(str(n), str(n), f"Berg A. Tee. J Tee. 2019;{n}:1-9.") for n in range(1, 300)
    )

    def seconds(times: int) -> float:
        blocks = tuple(Block(sentence * 10) for _ in range(times))
        start = time.perf_counter()
        understand(Manuscript("Tee", "de", blocks, references), "text")
        return time.perf_counter() - start

    seconds(5)
    assert seconds(160) < 16 * max(seconds(40), 0.05)


@pytest.mark.parametrize(
    "text",
    ["(" * 20_000, "[" * 20_000, "„a" * 10_000, "A. " * 10_000, "[1" * 10_000, "1,2," * 8_000, "Berg, " * 8_000,
     "x" * 200_000, "…" * 20_000, "et al. " * 8_000, "van der " * 8_000 + "2019", "https://" * 8_000, "studien " * 8_000,
     "10.1000/" * 5_000, "(a " * 8_000, "¹," * 8_000, "'s" * 8_000, "- " * 20_000, "Anna-" * 8_000, "Anna Berg, " * 4_000, "Berg A, " * 4_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    start = time.perf_counter()

    understand(Manuscript("T", "de", (Block(text),), (PrintedReference("1", "1", text),)), "text")

    assert time.perf_counter() - start < 5


BLOCKS = st.lists(
    st.builds(
        Block,
        st.text(alphabet="aB .[1]2(), ³é„“–", max_size=60),
        st.sampled_from(list(BlockKind)),
        spans=st.lists(
            st.builds(
                lambda start, length, kind: Span(start, start + length, kind, ("cite-1",)),
                st.integers(0, 40), st.integers(1, 9), st.sampled_from(list(SpanKind)),
            ), max_size=3,
        ).map(tuple),
    ), max_size=5,
)  # fmt: skip


@given(BLOCKS)
def test_whatever_a_reader_gives_is_understood(blocks: list[Block]) -> None:
    found = document(*blocks)

    texts = {sentence.position: sentence.text for sentence in found.sentences}
    assert list(texts) == list(range(1, len(texts) + 1))
    assert all(citation.text and citation.sentence in texts for citation in found.citations)
    assert all(mention.text in texts[mention.sentence] for mention in found.mentions)
    assert all(appeal.cue in texts[appeal.sentence] for appeal in found.appeals)
