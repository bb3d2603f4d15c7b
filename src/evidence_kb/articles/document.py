"""An article as it was understood: sections, sentences, references, marks, mentions and appeals.

Every format gives the same `Document`. Positions of sections count from 1 in reading order, the title's
own section first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Appeal",
    "Citation",
    "Document",
    "Mention",
    "Problem",
    "ProblemKind",
    "Reference",
    "Section",
    "Sentence",
]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading."""

    position: int
    title: str
    level: int = 1


@dataclass(frozen=True)
class Sentence:
    """One sentence, marks left in.

    :param position: counts from 1 through the article.
    :param section: position of its section.
    """

    position: int
    section: int
    text: str


@dataclass(frozen=True)
class Reference:
    """A numbered source.

    :param number: the printed number, or its place in the list where none is printed.
    :param label: as printed; the number as text where none is printed.
    :param title: what is taken for its title.
    :param url: the address as printed, even if it is cut short; ``None`` where there is none.
    :param doi: bare, lower case (``10.1000/182``).
    :param identifiers: all of them, compact: ``doi:…``, ``pmid:…``, ``pmcid:PMC…``, ``isbn:…``,
        ``drks:DRKS…``, ``nct:NCT…``, ``isrctn:ISRCTN…``.
    :param text: the whole entry as printed.
    """

    number: int
    label: str
    title: str
    url: str | None = None
    doi: str | None = None
    identifiers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    text: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Citation:
    """A mark in the text, as one reads it: ``[1,2]`` is one, ``【30】【31】`` are two.

    :param sentence: position of its sentence.
    :param marks: the labels of the references it names, ranges written out; also labels that the
        source list lacks.
    :param text: as printed.
    """

    sentence: int
    marks: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Mention:
    """A source named in the text by author and year, or by the name of an institution.

    :param reference: label of the reference that fits; ``None`` where the list has none.
    """

    sentence: int
    text: str
    authors: tuple[str, ...]
    year: int | None
    reference: str | None


@dataclass(frozen=True)
class Appeal:
    """Words that appeal to research without naming any ("Studien zeigen"), in a sentence without a source."""

    sentence: int
    cue: str


class ProblemKind(StrEnum):
    """What an article's apparatus can get wrong."""

    NO_REFERENCES = "no-references"
    NUMBER_GAP = "number-gap"
    NUMBER_TWICE = "number-twice"
    NO_ADDRESS = "no-address"
    MARK_WITHOUT_ENTRY = "mark-without-entry"
    ENTRY_WITHOUT_MARK = "entry-without-mark"
    MENTION_WITHOUT_ENTRY = "mention-without-entry"
    READING = "reading"


@dataclass(frozen=True)
class Problem:
    """Something the editor should look at; not an error."""

    kind: ProblemKind
    message: str


@dataclass(frozen=True)
class Document:
    """An article as it was understood.

    :param language: ``de``, ``en``, …; found from the words where the file does not say.
    :param format: ``text``, ``markdown``, ``html``, ``jats`` or ``docx``.
    """

    title: str
    language: str
    format: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    references: tuple[Reference, ...]
    citations: tuple[Citation, ...]
    mentions: tuple[Mention, ...]
    appeals: tuple[Appeal, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The sentences as one text, for finding passages again and for the digest."""
        return "\n".join(sentence.text for sentence in self.sentences)
