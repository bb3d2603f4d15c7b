"""What is a citation mark, what only looks like one, and which references a mark names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.articles.finding.marks import marks_in, style_of
from evidence_kb.articles.manuscript import Block, Span, SpanKind

LABELS = tuple(map(str, range(1, 41)))


def marks(text: str, *more: str, labels: tuple[str, ...] = LABELS) -> list[tuple[str, tuple[str, ...]]]:
    """The marks of a text as printed, with the labels they name; ``more`` is the rest of the article."""
    blocks = [Block(text), *map(Block, more)]
    found = marks_in(blocks[0], {}, style_of(blocks, labels))
    return [(text[mark.start : mark.end], mark.labels) for mark in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tee hilft【9】.", [("【9】", ("9",))]),
        ("Tee hilft【30】【31】【32】.", [("【30】", ("30",)), ("【31】", ("31",)), ("【32】", ("32",))]),
        ("Tee hilft【12†L3-L5】.", [("【12†L3-L5】", ("12",))]),
        ("Tee hilft [9].", [("[9]", ("9",))]),
        ("Tee hilft [1,2].", [("[1,2]", ("1", "2"))]),
        ("Tee hilft [1, 2; 5].", [("[1, 2; 5]", ("1", "2", "5"))]),
        ("Tee hilft [3–5].", [("[3–5]", ("3", "4", "5"))]),
        ("Tee hilft [3-5, 8].", [("[3-5, 8]", ("3", "4", "5", "8"))]),
        ("Tee hilft [3]–[5].", [("[3]–[5]", ("3", "4", "5"))]),
        ("Tee hilft [1,3]–[5].", [("[1,3]–[5]", ("1", "3", "4", "5"))]),
        ("Tee hilft [1], [2].", [("[1]", ("1",)), ("[2]", ("2",))]),
        ("Tee hilft [1][2].", [("[1]", ("1",)), ("[2]", ("2",))]),
        ("Tee hilft [1 und 2].", [("[1 und 2]", ("1", "2"))]),
        ("Tee hilft.[3] Danach nicht.", [("[3]", ("3",))]),
        ("Tee hilft [12, S. 34].", [("[12, S. 34]", ("12",))]),
        ("Tea helps [3: p. 5].", [("[3: p. 5]", ("3",))]),
        ("Tea helps [3, pp. 5–7; 4, p. 2].", [("[3, pp. 5–7; 4, p. 2]", ("3", "4"))]),
        ("Das steht bei Meier [5] und in [6].", [("[5]", ("5",)), ("[6]", ("6",))]),
        ("Vitamin C[3] hilft.", [("[3]", ("3",))]),
        ("Tee hilft¹².", [("¹²", ("12",))]),
        ("Tee hilft.³ Danach nicht.", [("³", ("3",))]),
        ("Tee hilft¹,² und¹⁻³ mehr.", [("¹,²", ("1", "2")), ("¹⁻³", ("1", "2", "3"))]),
        ("Tee hilft [5–3].", [("[5–3]", ("5", "3"))]),
        ("Tee hilft [vgl. 3].", [("[vgl. 3]", ("3",))]),
        ("Tee hilft [siehe auch 4, 5].", [("[siehe auch 4, 5]", ("4", "5"))]),
        ("Tee hilft [z. B. 3].", [("[z. B. 3]", ("3",))]),
        ("Tea helps [reviewed in 3].", [("[reviewed in 3]", ("3",))]),
        ("Tee hilft [Quellen 3, 4].", [("[Quellen 3, 4]", ("3", "4"))]),
        ("Tee hilft (Quelle 3).", [("(Quelle 3)", ("3",))]),
        ("Tee hilft (siehe Quelle 3, S. 12).", [("(siehe Quelle 3, S. 12)", ("3",))]),
    ],
)
def test_marks_are_read_as_printed(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert marks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr (2019) war es so, und [2019] auch.",
        "Er sagte „Tee hillft [sic] immer“ und […] ging [...] fort.",
        "Das [Anm. d. Red.] ist [citation needed] so.",
        "1) Tee kochen, 2) Tee trinken.",
        "Es gibt zwei Gründe: (1) Tee wärmt und (2) Tee schmeckt.",
        "Der Raum hat 20 m² und 60 m³, das sind 10⁶ cm³ bei 5 µm².",
        "CO₂ und H₂O sowie Ca²⁺ und ¹⁴C.",
        "Im 21. Jahrhundert sitzt man viel.",
        "Abb. 3 und Bild 4 zeigen es.",
        "Der Wert lag bei 3 [0,5; 1,2].",
        "Das Risiko sank (OR 1,7; 95 % CI [1.2–3.4]) und 95 % KI [1–3].",
        "Der Ausdruck x[3] = 5 greift auf arr[0] zu.",
        "Benzo[a]pyren, [18]Krone-6 und Bicyclo[2.2.1]heptan sind Stoffe.",
        "Mit χ² und R² rechnet man, auch mit n².",
        "Der Median lag bei 4 (IQR [2, 6]).",
        "Die Gleichung (3) gilt, siehe auch Eq. (4).",
        "Werte im Intervall [1, 10] sind erlaubt.",
        "Die Gruppen wichen ab, F[1,12] = 8.42, und χ²[3] = 4.",
        "Es lag bei CI [1,2], der Wert t[3] bei 5.",
        "Der Spiegel stieg auf [1,2] mmol und [3,5] %.",
        "Danach gilt liste[3] = 5.",
    ],
)
def test_what_only_looks_like_a_mark_is_none(text: str) -> None:
    assert marks(text, "Der Artikel zitiert sonst so [7] und so [8].") == []


def test_raised_exponents_are_no_marks_in_an_article_that_cites_by_raised_numbers() -> None:
    assert marks("Auf 20 m² wirkt Tee² stärker.", "Sonst so.¹ Und so.³") == [("²", ("2",))]


def test_a_number_that_the_list_lacks_is_a_mark_all_the_same() -> None:
    assert marks("Tee hilft [3], Kaffee nicht [14].", labels=("1", "2", "3")) == [
        ("[3]", ("3",)),
        ("[14]", ("14",)),
    ]


def test_numbers_in_round_brackets_are_marks_where_the_article_cites_so() -> None:
    rest = ("Kaffee hilft nicht (2). Wasser auch nicht (3, 4).",)

    assert marks("Tee hilft (1). Zwei Wege: (1) heiß und (2) kalt.", *rest, labels=LABELS[:4]) == [
        ("(1)", ("1",))
    ]
    assert marks("Tee hilft (1).", "Sonst zitiert er so [2].", labels=LABELS[:4]) == []


def test_raised_numbers_that_were_flattened_are_marks_where_nothing_else_is() -> None:
    text = "Tee lindert.1 Er senkt den Blutdruck1,2 und wirkt „beruhigend“3."
    rest = "Kaffee weckt.2-4 Vitamin B12 und CO2 sind Stoffe, Omega3 auch, 1,2 Liter und Version2 ebenso."

    assert marks(text, rest, labels=LABELS[:4]) == [("1", ("1",)), ("1,2", ("1", "2")), ("3", ("3",))]
    assert marks(rest, text, labels=LABELS[:4]) == [("2-4", ("2", "3", "4"))]
    assert marks(text, rest, "Sonst so [2].", labels=LABELS[:4]) == []
    assert marks(text, rest) == []


def test_marks_are_found_even_without_a_source_list() -> None:
    assert marks("Tee hilft [1]. Kaffee nicht [2]. Im Jahr [2019] auch nicht.", labels=()) == [
        ("[1]", ("1",)),
        ("[2]", ("2",)),
    ]


def test_labels_of_letters_are_marks_if_the_list_has_them() -> None:
    assert marks("Tee hilft [Mül20], sagt [sic] er [RFC7].", labels=("Mül20", "RFC7")) == [
        ("[Mül20]", ("Mül20",)),
        ("[RFC7]", ("RFC7",)),
    ]


def spans_of(text: str, *parts: tuple[str, tuple[str, ...]], kind: SpanKind = SpanKind.MARK) -> Block:
    """A block in which the given parts, in order, are spans with the given targets."""
    spans, position = [], 0
    for part, targets in parts:
        start = text.index(part, position)
        position = start + len(part)
        spans.append(Span(start, position, kind, targets))
    return Block(text, spans=tuple(spans))


KEYS = {f"r{number}": str(number) for number in range(1, 41)}


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("Tea helps [1,2].", ["1", "2"], [("[1,2]", ("1", "2"))]),
        ("Tea helps [1–3].", ["1", "3"], [("[1–3]", ("1", "2", "3"))]),
        ("Tea helps [1, 3–5].", ["1", "3", "5"], [("[1, 3–5]", ("1", "3", "4", "5"))]),
        ("Tea helps [4].", ["4"], [("[4]", ("4",))]),
        ("Tea helps.[1][2] So.", ["[1]", "[2]"], [("[1]", ("1",)), ("[2]", ("2",))]),
        ("Tea helps1,2.", ["1", "2"], [("1,2", ("1", "2"))]),
        ("Tea helps [1]–[3].", ["[1]", "[3]"], [("[1]–[3]", ("1", "2", "3"))]),
        ("Tea helps (1, 2).", ["1", "2"], [("(1, 2)", ("1", "2"))]),
        ("Tea helps [12, p. 34].", ["12"], [("[12, p. 34]", ("12",))]),
    ],
)
def test_what_the_format_marks_up_is_read_with_the_brackets_around_it(
    text: str, parts: list[str], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    block = spans_of(text, *((part, (f"r{part.strip('[]')}",)) for part in parts))

    found = marks_in(block, KEYS, style_of([block], LABELS))

    assert [(text[m.start : m.end], m.labels) for m in found] == expected


def test_authors_and_years_that_the_format_links_are_one_mark() -> None:
    text = "Tea helps (Byrne, 2018; Thal et al., 2020) a lot."
    block = spans_of(text, ("Byrne, 2018", ("r1",)), ("Thal et al., 2020", ("r2",)))

    (found,) = marks_in(block, KEYS, style_of([block], LABELS))

    assert (text[found.start : found.end], found.labels) == (
        "(Byrne, 2018; Thal et al., 2020)",
        ("1", "2"),
    )


def test_numbers_in_brackets_are_none_where_the_format_marks_up_authors_and_years() -> None:
    cited = spans_of("Byrne 2018, Thal 2019, Berg 2020 und Zorn 2021.", *((name, ("r1",)) for name in ("Byrne 2018", "Thal 2019", "Berg 2020", "Zorn 2021")))  # fmt: skip
    block = Block("Die Reihen [1, 2] und [3] wurden gezählt.")

    assert marks_in(block, KEYS, style_of([cited, block], LABELS)) == []


def test_raised_characters_are_marks_but_no_exponents_or_ordinals() -> None:
    text = "Tea helps1,2 on 20 m2 on the 4th floor.3"
    block = spans_of(text, ("1,2", ()), ("2", ()), ("th", ()), ("3", ()), kind=SpanKind.RAISED)

    found = marks_in(block, {}, style_of([block], LABELS))

    assert [text[m.start : m.end] for m in found] == ["1,2", "3"]


def test_nothing_inside_code_or_a_formula_is_a_mark() -> None:
    block = Block("Der Code a = liste [3] zeigt Tee [4].", spans=(Span(9, 22, SpanKind.LITERAL),))

    found = marks_in(block, {}, style_of([block], LABELS))

    assert [m.labels for m in found] == [("4",)]


NUMBERS = st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True).map(sorted)


@given(
    st.lists(NUMBERS, min_size=1, max_size=5),
    st.sampled_from(["[{}]", "【{}】"]),
    st.sampled_from([",", ", ", ";"]),
)
def test_marks_written_out_are_read_back(groups: list[list[int]], bracket: str, comma: str) -> None:
    printed = [bracket.format(comma.join(map(str, group))) for group in groups]
    text = "".join(f"Tee hilft {mark}. " for mark in printed)

    assert marks(text) == [(p, tuple(map(str, g))) for p, g in zip(printed, groups, strict=True)]


@given(
    st.text(alphabet="a1 2[]()【】³²,;–-.:Sp", max_size=120),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 9)), max_size=5),
)
def test_marks_lie_in_the_text_and_never_overlap(text: str, at: list[tuple[int, int]]) -> None:
    spans = tuple(
        Span(start, min(start + length, len(text)), SpanKind.MARK, ("r1",))
        for start, length in at
        if start < len(text) and length
    )
    block = Block(text, spans=spans)

    found = marks_in(block, KEYS, style_of([block], LABELS))

    assert all(0 <= m.start < m.end <= len(text) and m.labels for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
