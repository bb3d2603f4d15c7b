"""An entry of a source list becomes a reference: address, identifiers, authors, year, title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.articles.document import ProblemKind, Reference
from evidence_kb.articles.finding.bibliography import describe, surname
from evidence_kb.articles.finding.references import list_problems, references_of
from evidence_kb.articles.identifiers import addresses_in, identifiers_in
from evidence_kb.articles.manuscript import PrintedReference


def reference(text: str, *links: str) -> Reference:
    (found,) = references_of([PrintedReference("1", "1", text, links)])
    return found


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("doi:10.1000/182", ("doi:10.1000/182",)),
        ("DOI: 10.1000/AbC.182.", ("doi:10.1000/abc.182",)),
        ("(doi.org/10.1000/182).", ("doi:10.1000/182",)),
        ("https://doi.org/10.1016/S0140-6736(05)66545-0.", ("doi:10.1016/s0140-6736(05)66545-0",)),
        ("(https://dx.doi.org/10.1016/S0140-6736(05)66545-0)", ("doi:10.1016/s0140-6736(05)66545-0",)),
        ("https://doi.org/10.1000%2F182", ("doi:10.1000/182",)),
        ("https://journal.example/doi/full/10.1000/j.tea.2019.182?src=x#s2", ("doi:10.1000/j.tea.2019.182",)),
        ("https://journal.example/articles/10.1000/tea.2019.00182/full", ("doi:10.1000/tea.2019.00182",)),
        ("https://journal.example/pdf/10.1055/a-2607-8893.pdf", ("doi:10.1055/a-2607-8893",)),
        ("10.1002/(SICI)1097(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", ("doi:10.1002/(sici)1097(19980815)17:15<1661::aid-sim968>3.0.co;2-2",)),
        ("https://doi.org/10.1000/18…", ()),
        ("PMID: 12345678; PMCID: PMC7654321.", ("pmid:12345678", "pmcid:PMC7654321")),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", ("pmid:12345678",)),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", ("pmid:12345678",)),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC12140169/", ("pmcid:PMC12140169",)),
        ("ISBN 978-3-16-148410-0", ("isbn:9783161484100",)),
        ("ISBN-10: 3-16-148410-X", ("isbn:316148410X",)),
        ("ISBN 978-3-16-148410-1 ist verdruckt", ()),
        ("https://drks.de/search/de/trial/DRKS00024848", ("drks:DRKS00024848",)),
        ("NCT01234567 und ISRCTN12345678", ("nct:NCT01234567", "isrctn:ISRCTN12345678")),
        ("arXiv:2101.00001v2", ("arxiv:2101.00001",)),
        ("doi:10.1000/tea.182/full", ("doi:10.1000/tea.182",)),
        ("DOI 10.1000/tea.182/abstract.", ("doi:10.1000/tea.182",)),
        ("J Tea 2019;3:1-9PMID: 1234567PMCID: PMC7654321", ("pmid:1234567", "pmcid:PMC7654321")),
        ("Version 10.4, Band 10, Seite 182/183", ()),
    ],
)  # fmt: skip
def test_identifiers_are_found_and_written_compactly(printed: str, expected: tuple[str, ...]) -> None:
    assert identifiers_in([printed]) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Siehe https://example.org/tee.", ["https://example.org/tee"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("<https://example.org/a>, www.example.org;", ["https://example.org/a", "www.example.org"]),
        ("„https://example.org/a“", ["https://example.org/a"]),
        ("https://klinik.example/…/tee", ["https://klinik.example/…/tee"]),
        ("https://klinik.example/tee…", ["https://klinik.example/tee…"]),
        ("https://klinik.example/tee...", ["https://klinik.example/tee..."]),
        ("https://example.org/?q=a&b=c,d!", ["https://example.org/?q=a&b=c,d"]),
        ("kein Link", []),
    ],
)
def test_addresses_end_where_the_sentence_goes_on(printed: str, expected: list[str]) -> None:
    assert addresses_in(printed) == expected


@pytest.mark.parametrize(
    ("printed", "authors", "year", "title"),
    [
        (
            "Berg, A., & Thal, C. D. (2019). Green tea and headache: a trial. Journal of Tea, 3(1), 1–9.",
            ("Berg, A.", "Thal, C. D."),
            2019,
            "Green tea and headache: a trial",
        ),
        (
            "Berg A, Thal CD, van der Moor E, et al. Green tea and headache. J Tea. 2019;3(1):1-9.",
            ("Berg A", "Thal CD", "van der Moor E"),
            2019,
            "Green tea and headache",
        ),
        (
            "Berg, A. and Thal, C. (2020a) 'Why tea?', Journal of Tea, 3(1), pp. 1-9.",
            ("Berg, A.", "Thal, C."),
            2020,
            "Why tea?",
        ),
        (
            "Berg A, Thal C: Grüner Tee bei Kopfschmerz. Zeitschrift für Tee 2019; 3: 1–9",
            ("Berg A", "Thal C"),
            2019,
            "Grüner Tee bei Kopfschmerz",
        ),
        (
            "Anna Berg, Carl Thal: Grüner Tee. Eine Einführung. In: Teeblatt. Band 3, 2019, S. 1–9.",
            ("Anna Berg", "Carl Thal"),
            2019,
            "Grüner Tee",
        ),
        (
            'Berg, Anna; Thal, Carl (May 2019). "Green Tea and Headache". Journal of Tea. 3 (1): 1–9.',
            ("Berg, Anna", "Thal, Carl"),
            2019,
            "Green Tea and Headache",
        ),
        (
            "Müller-Lüdenscheidt, H. (Hrsg.) (2011). Das Teebuch. Berlin: Verlag am See.",
            ("Müller-Lüdenscheidt, H."),
            2011,
            "Das Teebuch",
        ),
        (
            "World Health Organization. (2020). Guidelines on tea. Geneva: WHO.",
            ("World Health Organization",),
            2020,
            "Guidelines on tea",
        ),
        (
            "Robert Koch-Institut (2021): Tee in Deutschland. https://www.rki.example/tee (abgerufen am 3.4.2023)",
            ("Robert Koch-Institut",),
            2021,
            "Tee in Deutschland",
        ),
        (
            "Deutsche Gesellschaft für Tee (DGT): Teekuren – Stellungnahme (2024) https://dgt.example",
            ("Deutsche Gesellschaft für Tee (DGT)",),
            2024,
            "Teekuren – Stellungnahme",
        ),
        ("1 2 Berg, Anna (2019). \"Half a cup and a pot of tea\". The Paper.", ("Berg, Anna",), 2019, "Half a cup and a pot of tea"),
        ("WHO: Tea. www.who.example/tea, abgerufen am 3. Mai 2022", ("WHO",), None, "Tea"),
        ("https://tee.example/presse (Zugriff: 12.01.2023)", (), None, "https://tee.example/presse (Zugriff: 12.01.2023)"),
        ("Elm A, Oak B. Tea. I. Green tea. J Tea. 1952;3:1.", ("Elm A", "Oak B"), 1952, "Tea. I. Green tea"),
        ("Elm A. What is tea?. J Tea. 2002;3:1.", ("Elm A.",), 2002, "What is tea?"),
        ("List Th, Oak B. Tea at night. J Tea. 2004;3:1.", ("List Th", "Oak B"), 2004, "Tea at night"),
        ("O′Elm ST, Oak B. Tea at night. J Tea. 2004;3:1.", ("O′Elm ST", "Oak B"), 2004, "Tea at night"),
        ("A. B. Elm, C. Oak, “Tea’s way to ‘sleep’,” J Tea 3 (2006): 5.", ("A. B. Elm", "C. Oak"), 2006, "Tea’s way to ‘sleep’"),
        ("A. B. Elm, C. D. Oak, and E. Ash, \"Tea and sleep,\" J. Tea, vol. 3, no. 2, pp. 12-19, Mar. 2018.", ("A. B. Elm", "C. D. Oak", "E. Ash"), 2018, "Tea and sleep"),
        ("Ruth Elm, “Tea and Sleep,” The Paper, March 3, 2020.", ("Ruth Elm",), 2020, "Tea and Sleep"),
        ("Elm, Ruth. \"Tea and Sleep.\" Journal of Tea 3.2 (2018): 12-19.", ("Elm, Ruth",), 2018, "Tea and Sleep"),
        ("A. Elm und C. Oak, „Tee und Schlaf“, Zeitschrift für Tee, Bd. 3, 2018.", ("A. Elm", "C. Oak"), 2018, "Tee und Schlaf"),
        ("Elm, H.: Tee und Schlaf. Verlag am See, Berlin 2019, S. 12", ("Elm, H.",), 2019, "Tee und Schlaf"),
        ("Elm, Hans: Tee und Schlaf, Berlin 2019.", ("Elm, Hans",), 2019, "Tee und Schlaf"),
        ("Tee und Schlaf, in: Teeblatt 3/2020", (), 2020, "Tee und Schlaf"),
        ("Ruth Elm: Wie Tee wirkt. In: blatt.example. 12. März 2021, abgerufen am 3. Mai 2022.", ("Ruth Elm",), 2021, "Wie Tee wirkt"),
        ("BLATT ONLINE: Macht Tee müde? 12.03.2021", ("BLATT ONLINE",), 2021, "Macht Tee müde?"),
        ("Tea and Sleep. Leeds: Leaf Press. ISBN 978-3-16-148410-0.", (), None, "Tea and Sleep"),
        ("Leitlinie Kopfschmerz. Register Nr. 030/077, Stand: 2018.", (), 2018, "Leitlinie Kopfschmerz"),
        ("Bundeszentrale für Tee (BZT) (2019). Tee im Alltag. Köln.", ("Bundeszentrale für Tee (BZT)",), 2019, "Tee im Alltag"),
        ("Teezahlen (2021). Teekonsum in Deutschland 2020. Abgerufen am 3. Mai 2021", ("Teezahlen",), 2021, "Teekonsum in Deutschland 2020"),
        ("Hauptquelle: Elm EW, Oak R. Tea at night. Tea. 2023.", ("Elm EW", "Oak R"), 2023, "Tea at night"),
        ("Elm 2015, p. 14.", ("Elm",), 2015, "Elm 2015, p. 14"),
        ("Vgl. Elm 2015, S. 14–16.", ("Elm",), 2015, "Elm 2015, S. 14–16"),
        ("Elm et al. 2018", ("Elm",), 2018, "Elm et al. 2018"),
        ("Elm & Oak 2020, 6-Monats-RCT", ("Elm", "Oak"), 2020, "Elm & Oak 2020, 6-Monats-RCT"),
        ("Elm und Kollegen (1995, Journal of Tea, DOI: 10.1000/182)", ("Elm",), 1995, "Elm und Kollegen (1995, Journal of Tea)"),
        ("Elm et al. 2016, Tea, DOI: 10.1000/182", ("Elm",), 2016, "Elm et al. 2016, Tea"),
        ("Stiftung am See: „Tee im Test“ (2023)", ("Stiftung am See",), 2023, "Tee im Test"),
        ("Chang, Li (31 January 2006). \"Tea Time\". The Paper.", ("Chang, Li",), 2006, "Tea Time"),
        ("Ursachen von Kopfschmerz – Die Kasse https://kasse.example/kopf", (), None, "Ursachen von Kopfschmerz – Die Kasse"),
        ("Was hilft gegen Kopfschmerz? – Klinik am See https://klinik.example", (), None, "Was hilft gegen Kopfschmerz? – Klinik am See"),
        ("Kopf und Rücken: Sorgen sitzen tief – Blatt https://blatt.example/1", (), None, "Kopf und Rücken: Sorgen sitzen tief – Blatt"),
    ],
)  # fmt: skip
def test_printed_styles_are_understood(
    printed: str, authors: tuple[str, ...] | str, year: int | None, title: str
) -> None:
    found = describe(printed)

    assert found.title == title
    assert found.year == year
    assert found.authors == ((authors,) if isinstance(authors, str) else authors)


def test_the_address_is_the_one_the_entry_is_about() -> None:
    links = (
        "https://en.wikipedia.org/wiki/Tea",
        "https://journal.example/tea",
        "https://doi.org/10.1000/182",
        "https://web.archive.org/web/2020/https://journal.example/tea",
    )

    found = reference("Berg, Anna (2019). “Tea”. doi:10.1000/182.", *links)

    assert (found.url, found.doi) == ("https://journal.example/tea", "10.1000/182")


def test_a_truncated_address_is_kept_as_printed() -> None:
    assert reference("Tee – Klinik https://klinik.example/…/tee").url == "https://klinik.example/…/tee"


def test_an_address_without_a_scheme_is_an_address() -> None:
    assert reference("Tee bei Kopfschmerz, example.org/tee").url == "example.org/tee"


def test_what_the_format_names_is_taken() -> None:
    printed = PrintedReference(
        "b1", "1", "Berg A. Tea. 2019.", title="Tea, at length", authors=("Berg, Anna",), year=2018, identifiers=("pmid:1",)
    )  # fmt: skip

    (found,) = references_of([printed])

    assert (found.title, found.authors, found.year, found.identifiers) == (
        "Tea, at length",
        ("Berg, Anna",),
        2018,
        ("pmid:1",),
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Berg, A.", "Berg"),
        ("Berg A", "Berg"),
        ("A. Berg", "Berg"),
        ("Anna Berg", "Berg"),
        ("van der Moor E", "van der Moor"),
        ("Erik van der Moor", "van der Moor"),
        ("O'Neill, P.", "O'Neill"),
        ("WHO", "WHO"),
    ],
)
def test_family_names_are_told_from_given_names(author: str, expected: str) -> None:
    assert surname(author) == expected


def test_gaps_doubles_and_entries_without_address_are_told() -> None:
    printed = [
        PrintedReference("1", "1", "Tee https://example.org/1"),
        PrintedReference("3", "3", "Kaffee"),
        PrintedReference("3b", "3", "Kakao https://example.org/3"),
        PrintedReference("6", "6", "Wasser doi:10.1000/6"),
    ]

    problems = {problem.kind: problem.message for problem in list_problems(printed, references_of(printed))}

    assert set(problems) == {ProblemKind.NUMBER_GAP, ProblemKind.NUMBER_TWICE, ProblemKind.NO_ADDRESS}
    assert "2, 4–5" in problems[ProblemKind.NUMBER_GAP]
    assert problems[ProblemKind.NUMBER_TWICE].endswith("3")
    assert problems[ProblemKind.NO_ADDRESS].endswith("3")


def test_an_unnumbered_list_is_numbered_by_place() -> None:
    found = references_of([PrintedReference("a", "", "Tee"), PrintedReference("b", "", "Kaffee")])

    assert [(ref.number, ref.label) for ref in found] == [(1, "1"), (2, "2")]


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=3))
def test_any_entry_can_be_read(text: str, links: list[str]) -> None:
    (found,) = references_of([PrintedReference("k", "", text, tuple(links))])

    assert found.text == text
    assert found.doi is None or f"doi:{found.doi}" in found.identifiers


@given(st.from_regex(r"10\.\d{4}/[a-z0-9]{1,12}(\.[a-z0-9]{1,6}){0,2}", fullmatch=True), st.sampled_from(["doi:{}.", "https://doi.org/{}", "({})", "DOI {};", "<https://doi.org/{}>,"]))  # fmt: skip
def test_a_doi_is_found_however_it_is_printed(doi: str, form: str) -> None:
    assert identifiers_in([f"Berg A. Tea. 2019. {form.format(doi)}"]) == (f"doi:{doi.removesuffix('.pdf')}",)
