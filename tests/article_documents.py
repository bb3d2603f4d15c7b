"""Documents for tests, written down short: sections of sentences with their marks, mentions and appeals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from evidence_kb.articles.document import Appeal, Citation, Document, Mention, Reference, Section, Sentence
from evidence_kb.articles.reading import ReadArticle

__all__ = ["TEA_REFERENCES", "TEA_SECTIONS", "article", "documents", "reference"]

_MARK = re.compile(r"\[(\d+(?:,\s*\d+)*)\]")
_NAMED = re.compile(r"([A-Z][a-z]+) \((\d{4})\)")
_CUE = re.compile(r"Studien zeigen|experts say")

TEA_SECTIONS: Mapping[str, Sequence[str]] = {
    "Grüner Tee": ["Grüner Tee ist weltweit beliebt und wird seit Jahrhunderten getrunken."],
    "Wirkung": [
        "Studien zeigen, dass grüner Tee Kopfschmerzen bei Erwachsenen lindert.",
        "Eine Tasse am Morgen senkt den Blutdruck um fünf Punkte [1].",
        "Byrne (2018) fand in seiner Untersuchung keinen Unterschied zwischen den Gruppen.",
    ],
    "Schlaf": ["Wer am Abend viel davon trinkt, schläft nach wenigen Tagen schlechter [2, 3]."],
}


def reference(number: int, title: str, **more: object) -> Reference:
    """An entry whose label is its number."""
    return Reference(number, str(number), title, **more)  # type: ignore[arg-type]


TEA_REFERENCES = (
    reference(1, "Tee und Blutdruck", url="https://journal.example/blutdruck"),
    reference(2, "Koffein am Abend", doi="10.1000/182", identifiers=("doi:10.1000/182",)),
    reference(3, "Schlaf und Tee", url="https://klinik.example/…/tee"),
)


def article(
    sections: Mapping[str, Sequence[str]] = TEA_SECTIONS,
    references: Sequence[Reference] = TEA_REFERENCES,
    title: str = "Grüner Tee",
    language: str = "de",
) -> ReadArticle:
    """An article: "[1]" is a mark, "Byrne (2018)" a mention, "Studien zeigen" an appeal."""
    headings, sentences = [], []
    citations: list[Citation] = []
    mentions: list[Mention] = []
    appeals: list[Appeal] = []
    for position, (heading, texts) in enumerate(sections.items(), 1):
        headings.append(Section(position, heading))
        for text in texts:
            at = len(sentences) + 1
            sentences.append(Sentence(at, position, text))
            citations += [
                Citation(at, tuple(re.split(r",\s*", found[1])), found[0]) for found in _MARK.finditer(text)
            ]
            mentions += [
                Mention(at, found[0], (found[1],), int(found[2]), None) for found in _NAMED.finditer(text)
            ]
            appeals += [Appeal(at, found[0]) for found in _CUE.finditer(text)]
    document = Document(
        title,
        language,
        "text",
        tuple(headings),
        tuple(sentences),
        tuple(references),
        tuple(citations),
        tuple(mentions),
        tuple(appeals),
    )
    listed = (f"[{r.label}] {r.title} {r.url or ''}" for r in references)
    lines = [line for heading, texts in sections.items() for line in (heading, " ".join(texts))]
    return ReadArticle(document, "\n".join([title, *lines, *listed]))


_words = st.text("abcdefghäöüß", min_size=1, max_size=8)
_odd = st.text(min_size=1, max_size=12)


@st.composite
def documents(draw: st.DrawFn) -> ReadArticle:
    """Any article: odd characters in titles and addresses, marks with and without entries, gaps, doubles."""
    numbers = draw(st.lists(st.integers(1, 9), max_size=5))
    references = [
        Reference(
            number,
            str(number),
            draw(_odd),
            url=draw(st.none() | _odd | _words.map(lambda w: f"https://{w}.example/{w}")),
            doi=draw(st.none() | st.just("10.1000/182") | _words.map(lambda w: f"10.1234/{w}")),
            identifiers=draw(st.sampled_from([(), ("pmid:12",), ("isbn:978",), ("bad id",)])),
            authors=tuple(draw(st.lists(_odd, max_size=2))),
            year=draw(st.none() | st.integers(0, 3000)),
        )
        for number in numbers
    ]
    sections = {}
    for index in range(draw(st.integers(1, 3))):
        texts = []
        for _ in range(draw(st.integers(0, 4))):
            words = draw(st.lists(_words, min_size=1, max_size=12))
            marks = draw(st.lists(st.integers(1, 9).map(lambda n: f"[{n}]"), max_size=2))
            cue = draw(st.sampled_from(["", "", "Studien zeigen, "]))
            texts.append(f"{cue}{' '.join(words)} {' '.join(marks)}.".replace(" .", "."))
        sections[f"{draw(_odd)} {index}"] = texts
    language = draw(st.sampled_from(["de", "en", "", "no tag!"]))
    return article(sections, references, draw(_odd), language)
