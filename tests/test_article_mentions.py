"""Sources named in the text by author and year, or as an institution, are tied to the entry that fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.articles.finding.mentions import mentions_in
from evidence_kb.articles.finding.references import references_of
from evidence_kb.articles.finding.source_index import SourceIndex
from evidence_kb.articles.manuscript import PrintedReference

ENTRIES = [
    "Byrne, A. (2018). Tea and sleep. Journal of Tea, 1, 1–9.",
    "Müller, H., & Schmidt, K. (2020a). Tee und Schlaf. Verlag am See.",
    "Müller, H., & Schmidt, K. (2020b). Tee und Traum. Verlag am See.",
    "Smith J, Jones B. Coffee and sleep. J Tea. 2019;3:1-9.",
    "van der Berg E. Water. J Tea. 2017;3:1-9.",
    "O'Neill P, García López M. Milk. J Tea. 2011;3:1-9.",
    "World Health Organization. (2020). Guidelines on tea. Geneva.",
    "Ursachen von Kopfschmerz – Die Techniker https://www.tk.de/kopfschmerz",
    "Tee in Zahlen https://www.rki.de/tee",
    "Tea and health https://www.nhs.uk/tea",
]
INDEX = SourceIndex(
    references_of([PrintedReference(str(n), str(n), text) for n, text in enumerate(ENTRIES, 1)])
)


def mentions(text: str, *, numbered: bool = False) -> list[tuple[str, str | None]]:
    """The mentions in a sentence as printed, with the label of the entry each is tied to."""
    return [(m.text, m.reference) for m in mentions_in(text, 1, INDEX, numbered=numbered)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Byrne (2018) fand das.", [("Byrne (2018)", "1")]),
        ("Das fand Byrne 2018 heraus.", [("Byrne 2018", "1")]),
        ("Das ist so (Byrne, 2018).", [("Byrne, 2018", "1")]),
        ("Das ist so (vgl. Byrne 2018, S. 4).", [("Byrne 2018", "1")]),
        ("Byrne's (2018) work is known.", [("Byrne's (2018)", "1")]),
        ("Nach Byrne [2018] gilt das.", [("Byrne [2018]", "1")]),
        ("Müller und Schmidt (2020a) sahen es.", [("Müller und Schmidt (2020a)", "2")]),
        ("Müller und Schmidt (2020b) sahen es.", [("Müller und Schmidt (2020b)", "3")]),
        ("Es gilt (Smith & Jones, 2019).", [("Smith & Jones, 2019", "4")]),
        ("Das bestätigten Smith/Jones (2019).", [("Smith/Jones (2019)", "4")]),
        ("As Smith and Jones (2019) say.", [("Smith and Jones (2019)", "4")]),
        ("Das zeigte van der Berg 2017 schon.", [("van der Berg 2017", "5")]),
        ("Das sagt O'Neill (2011) auch.", [("O'Neill (2011)", "6")]),
        ("O’Neill et al. (2011) too.", [("O’Neill et al. (2011)", "6")]),
        (
            "Es gilt (Thal, 1990; van der Berg et al., 2017).",
            [("Thal, 1990", None), ("van der Berg et al., 2017", "5")],
        ),
        ("Es gilt (O'Neill & García López, 2011).", [("O'Neill & García López, 2011", "6")]),
        ("Mueller und Schmidt (2020a) sahen es.", [("Mueller und Schmidt (2020a)", "2")]),
        ("Es ist so (Byrne, Lancet 2018).", [("Byrne, Lancet 2018", "1")]),
        ("Laut WHO (2020) ist Tee gesund.", [("WHO (2020)", "7")]),
        ("Tee ist gesund (World Health Organization, 2020).", [("World Health Organization, 2020", "7")]),
        ("Es gilt (Byrne, 2018; Smith & Jones, 2019).", [("Byrne, 2018", "1"), ("Smith & Jones, 2019", "4")]),
        ("Es gilt (z. B. Byrne 2018; van der Berg 2017).", [("Byrne 2018", "1"), ("van der Berg 2017", "5")]),
        ("Laut Techniker Krankenkasse hilft Tee.", [("Techniker Krankenkasse", "8")]),
        ("Nach Angaben des RKI hilft Tee.", [("RKI", "9")]),
        ("According to the NHS tea helps.", [("NHS", "10")]),
    ],
)
def test_a_mention_is_tied_to_the_entry_that_fits(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert mentions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jenkins et al. (2025) fanden das.", ["Jenkins et al. (2025)"]),
        ("Eine Analyse von Jenkins et al. (2025) zeigt es.", ["Jenkins et al. (2025)"]),
        (
            "Studien (u. a. Majchrzycki et al., 2014; Arsovski et al., 2025) zeigen es.",
            ["Majchrzycki et al., 2014", "Arsovski et al., 2025"],
        ),
        ("Das steht bei Meier (2015).", ["Meier (2015)"]),
        ("Es ist so (Meier 2015).", ["Meier 2015"]),
        ("Meier 2015 zeigte es.", ["Meier 2015"]),
        ("Meier und Kollegen (2015) zeigten es.", ["Meier und Kollegen (2015)"]),
        ("Es gilt (Meier, 2015, 2017).", ["Meier, 2015", "2017"]),
        ("Byrne (2011) fand das nicht.", ["Byrne (2011)"]),
    ],
)
def test_a_mention_that_no_entry_fits_is_told_as_missing(text: str, expected: list[str]) -> None:
    assert mentions(text) == [(printed, None) for printed in expected]


@pytest.mark.parametrize(
    ("text", "authors", "printed"),
    [
        ("Es ist so (Elm et al., Lancet 2015).", ["Elm"], "Elm et al., Lancet 2015"),
        ("Es ist so (Elm et al., Cell Metabolism 2015).", ["Elm"], "Elm et al., Cell Metabolism 2015"),
        ("Die Analyse von Elm et al. (JAMA 2014) zeigt es.", ["Elm"], "Elm et al. (JAMA 2014)"),
        (
            "Elm et al. (Lancet Diabetes & Endocrinology 2015) zeigen es.",
            ["Elm"],
            "Elm et al. (Lancet Diabetes & Endocrinology 2015)",
        ),
        ("Elm-Thal et al. (PLOS ONE 2015) sagen es.", ["Elm-Thal"], "Elm-Thal et al. (PLOS ONE 2015)"),
        (
            "Elm und Kollegen (Annals of Internal Medicine, 2004) sahen es.",
            ["Elm"],
            "Elm und Kollegen (Annals of Internal Medicine, 2004)",
        ),
        ("Es ist so (Elm, Br J Clin Pharmacol 1995).", ["Elm"], "Elm, Br J Clin Pharmacol 1995"),
        ("Es ist so (Elm de Thal, PLOS ONE 2019).", ["Elm de Thal"], "Elm de Thal, PLOS ONE 2019"),
        (
            "Das stammt von Elm, Au und McThal (BMJ 2013).",
            ["Elm", "Au", "McThal"],
            "Elm, Au und McThal (BMJ 2013)",
        ),
        (
            "Te Elmenga, Mallow und Man (2012) fanden es.",
            ["Te Elmenga", "Mallow", "Man"],
            "Te Elmenga, Mallow und Man (2012)",
        ),
        ("Es gilt (te Elmenga et al., 2012).", ["te Elmenga"], "te Elmenga et al., 2012"),
        ("Di Elmo und Mattle (2000) sagen es.", ["Di Elmo", "Mattle"], "Di Elmo und Mattle (2000)"),
        ("Eine Arbeit von Mæhlum et al. (1986) zeigt es.", ["Mæhlum"], "Mæhlum et al. (1986)"),
        ("Es gilt (Stufen-Modell, Elm 2008).", ["Elm"], "Elm 2008"),
        ("Es gilt (REDX, Elm et al. 2018).", ["Elm"], "Elm et al. 2018"),
        (
            "Eine Studie von Elm und Kollegen aus dem Jahr 2016 zeigt es.",
            ["Elm"],
            "Elm und Kollegen aus dem Jahr 2016",
        ),
        (
            "Die Tea Risk Factors Collaboration (2011) fand es.",
            ["Tea Risk Factors Collaboration"],
            "Tea Risk Factors Collaboration (2011)",
        ),
        (
            "Es gilt (Tea Studies Collaboration 2009).",
            ["Tea Studies Collaboration"],
            "Tea Studies Collaboration 2009",
        ),
        ("In Norwegen, Elm und Thal (2010) zufolge, schneit es.", ["Elm", "Thal"], "Elm und Thal (2010)"),
        (
            "Es wirkt (Elm und Kollegen (1995, Journal of Tea, DOI: 10.1000/182)).",
            ["Elm"],
            "Elm und Kollegen (1995, Journal of Tea, DOI: 10.1000/182)",
        ),
    ],
)
def test_the_authors_are_told_from_the_journal_and_what_else_stands_by(
    text: str, authors: list[str], printed: str
) -> None:
    (found,) = mentions_in(text, 1, INDEX)

    assert (list(found.authors), found.text) == (authors, printed)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Es ist so (Elm 2007, Thal-Berg 2013).", ["Elm 2007", "Thal-Berg 2013"]),
        (
            "Es ist so [TeeInfo, 2023; Universal Tea Club, 2022].",
            ["TeeInfo, 2023", "Universal Tea Club, 2022"],
        ),
        ("Je Kilogramm Gewicht und Tag (PROT-TEE 2013).", ["PROT-TEE 2013"]),
    ],
)
def test_each_of_several_in_one_bracket_is_found(text: str, printed: list[str]) -> None:
    assert [found.text for found in mentions_in(text, 1, INDEX)] == printed


@pytest.mark.parametrize(
    "text",
    [
        "Das zeigen Analysen (Meta-Analysen Lancet 2015, JAMA 2018).",
        "Es ist belegt (DiTEAS, Lancet 2018).",
        "There are houses in Santa Clara, Toronto and Brussels in 2013.",
        "Die Studie (Lancet Diabetes & Endocrinology 2015) zeigt es.",
        "Das war im Jahr 2019 so.",
        "Seit 2018 ist es so, im März 2014 war es anders.",
        "Mit Covid 2020 kam Neues, im Sommer 2021 auch.",
        "Bei den Olympischen Spielen 2012 in London 2012 trank man Tee.",
        "Die Leitlinie 2020 rät ab (Stand: März 2021).",
        "Rudolf Virchow (1821–1902) trank Tee.",
        "Der Umsatz lag 2019 bei 2000 Euro (2018: 1900).",
        "Am 12. Mai 2019 (Montag) regnete es.",
        "Windows 2000 lief.",
        "Das zeigt die SELECT-Studie (2023), ein Review (2014) auch (Lancet 2018).",
        "Laut Bundesamt für Tee hilft Tee.",
    ],
)
def test_a_year_alone_makes_no_mention(text: str) -> None:
    assert mentions(text) == []


def test_in_an_article_that_cites_by_numbers_a_name_with_a_year_needs_an_entry() -> None:
    assert mentions("Er zog nach Berlin (1987) und traf Byrne (2018).", numbered=True) == [
        ("Byrne (2018)", "1")
    ]
    assert mentions("Der Film (Hamburg, 1987) gefiel.", numbered=True) == []


def test_the_authors_and_the_year_are_told() -> None:
    (found,) = mentions_in("Es gilt (Smith & Jones, 2019).", 7, INDEX)

    assert (found.sentence, found.authors, found.year) == (7, ("Smith", "Jones"), 2019)


@given(st.text(alphabet="AabÄ .,;&()[]2018 '’-", max_size=120))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    for mention in mentions_in(text, 1, INDEX):
        assert mention.text in text
        assert mention.authors


@given(
    st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True), st.integers(1950, 2025),
    st.sampled_from(["{} et al. ({})", "({} et al., {})", "({} & Zorn, {})"]),
)  # fmt: skip
def test_any_name_with_others_and_a_year_is_found(name: str, year: int, form: str) -> None:
    found = mentions(f"Das zeigte {form.format(name, year)} schon.")

    assert len(found) == 1
