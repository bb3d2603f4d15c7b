"""Understanding a manuscript: from the blocks of any format to a `Document`.

Here the parts meet: references are made of the source list, the article's way of citing is judged once,
then each block is cut into sentences around its marks, and every sentence is searched for mentions and
appeals. Nothing here depends on the format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..document import (
    Appeal,
    Citation,
    Document,
    Mention,
    Problem,
    ProblemKind,
    Reference,
    Section,
    Sentence,
)
from ..manuscript import Block, BlockKind, Manuscript, SpanKind
from .appeals import appeal_lexicon, appeals_in
from .language import language_of
from .lexicon import Lexicon
from .marks import Mark, MarkStyle, marks_in, style_of
from .mentions import mentions_in
from .references import labels_by_key, list_problems, references_of, shortened
from .sentences import sentence_spans
from .source_index import SourceIndex

__all__ = ["understand"]

#: From so many marks on an article cites by numbers throughout.
_MANY_MARKS = 10
#: How many characters behind a name a mark may stand to be taken for its source.
_CLOSE = 120
_NOT_CUT = frozenset({BlockKind.HEADING, BlockKind.CELL})


def understand(manuscript: Manuscript, format: str, *, lexicons: Sequence[Path] = ()) -> Document:  # noqa: A002
    """The document that a manuscript is.

    :param format: its name: ``text``, ``markdown``, ``html``, ``jats`` or ``docx``.
    :param lexicons: files with more cues of appeals; see ``appeals.toml``.
    :raises InputError: a lexicon cannot be read.
    """
    language = language_of((block.text for block in manuscript.blocks), manuscript.language)
    references = references_of(manuscript.references)
    reading = _Reading(
        labels=labels_by_key(manuscript.references, references),
        style=style_of(manuscript.blocks, (reference.label for reference in references)),
        index=SourceIndex(references),
        lexicon=appeal_lexicon(language, lexicons),
    )
    reading.read(manuscript)
    return Document(
        title=manuscript.title,
        language=language,
        format=format,
        sections=tuple(reading.sections),
        sentences=tuple(reading.sentences),
        references=references,
        citations=tuple(reading.citations),
        mentions=tuple(reading.mentions),
        appeals=tuple(reading.appeals),
        problems=tuple(_problems(manuscript, references, reading.citations, reading.mentions)),
    )


class _Reading:
    """One pass through the blocks, collecting what is found."""

    def __init__(
        self, labels: Mapping[str, str], style: MarkStyle, index: SourceIndex, lexicon: Lexicon
    ) -> None:
        self._labels = labels
        self._style = style
        self._index = index
        self._lexicon = lexicon
        self.sections: list[Section] = []
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.mentions: list[Mention] = []
        self.appeals: list[Appeal] = []
        self._aliases: dict[tuple[str, int | None], str] = {}

    def read(self, manuscript: Manuscript) -> None:
        self.sections.append(Section(1, manuscript.title))
        marked = [(block, marks_in(block, self._labels, self._style)) for block in manuscript.blocks]
        numbered = sum(len(marks) for _, marks in marked) >= _MANY_MARKS
        for place, (block, marks) in enumerate(marked):
            if block.kind is BlockKind.HEADING:
                title = _without(block.text, marks)
                if place > 0 or title != manuscript.title:
                    self.sections.append(Section(len(self.sections) + 1, title, max(block.level, 1)))
            if marks or block.kind not in _NOT_CUT:
                self._read_block(block, marks, numbered=numbered)
        self.mentions = [
            replace(m, reference=m.reference or self._aliases.get((m.authors[0], m.year)))
            for m in self.mentions
        ]

    def _read_block(self, block: Block, marks: Sequence[Mark], *, numbered: bool) -> None:
        literals = [(span.start, span.end) for span in block.spans if span.kind is SpanKind.LITERAL]
        spans = _spans(block, marks, literals)
        starts = [start for start, _ in spans]
        by_sentence: list[list[Mark]] = [[] for _ in spans]
        for mark in marks:
            by_sentence[max(bisect_right(starts, mark.start) - 1, 0)].append(mark)
        next_literal = 0
        for (start, end), marks_here in zip(spans, by_sentence, strict=True):
            sentence = Sentence(len(self.sentences) + 1, len(self.sections), block.text[start:end])
            self.sentences.append(sentence)
            self.citations += [
                Citation(sentence.position, mark.labels, block.text[mark.start : mark.end])
                for mark in marks_here
            ]
            own = [Mark(mark.start - start, mark.end - start, mark.labels) for mark in marks_here]
            taken = [(mark.start, mark.end) for mark in own]
            while next_literal < len(literals) and literals[next_literal][0] < end:
                taken.append((literals[next_literal][0] - start, literals[next_literal][1] - start))
                next_literal += 1
            if block.kind is not BlockKind.NOTE:
                self._search(sentence, own, sorted(taken), numbered=numbered)

    def _search(
        self, sentence: Sentence, marks: Sequence[Mark], taken: Sequence[tuple[int, int]], *, numbered: bool
    ) -> None:
        marked = [label for mark in marks for label in mark.labels]
        mentions = list(
            mentions_in(
                sentence.text, sentence.position, self._index, taken=taken, marked=marked, numbered=numbered
            )
        )
        self.mentions += mentions
        for mention in mentions:
            if mention.reference is None and mention.year is not None:
                self._learn(mention, sentence.text, marks)
        if not marks and not mentions and not sentence.text.endswith("?"):
            cues = appeals_in(sentence.text, self._lexicon)
            self.appeals += [Appeal(sentence.position, cue) for cue in cues]

    def _learn(self, mention: Mention, text: str, marks: Sequence[Mark]) -> None:
        """Ties a name to the entry without authors that is marked close behind it, of the same year."""
        position = text.find(mention.text)
        for mark in marks:
            if mark.start > position + len(mention.text) + _CLOSE:
                return
            fitting = [label for label in mark.labels if self._index.is_nameless(label, mention.year)]
            if mark.start >= position and len(fitting) == 1:
                self._aliases.setdefault((mention.authors[0], mention.year), fitting[0])
                return


def _spans(block: Block, marks: Sequence[Mark], literals: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    if block.kind not in _NOT_CUT:
        return sentence_spans(block.text, [(mark.start, mark.end) for mark in marks], literals)
    text = block.text
    return [(len(text) - len(text.lstrip()), len(text.rstrip()))] if text.strip() else []


def _without(text: str, marks: Iterable[Mark]) -> str:
    """A heading without its marks."""
    kept, last = [], 0
    for mark in marks:
        kept.append(text[last : mark.start])
        last = mark.end
    return " ".join("".join([*kept, text[last:]]).split())


def _problems(
    manuscript: Manuscript,
    references: Sequence[Reference],
    citations: Sequence[Citation],
    mentions: Sequence[Mention],
) -> Iterator[Problem]:
    yield from (Problem(ProblemKind.READING, note) for note in manuscript.notes)
    if not references:
        yield Problem(ProblemKind.NO_REFERENCES, "no source list was found")
    yield from list_problems(manuscript.references, references)
    known = {reference.label for reference in references}
    named = dict.fromkeys(label for citation in citations for label in citation.marks)
    lacking = sorted((label for label in named if label not in known), key=_by_number)
    if lacking:
        yield Problem(
            ProblemKind.MARK_WITHOUT_ENTRY,
            f"the source list lacks what marks in the text name: {shortened(lacking)}",
        )
    mentioned = {mention.reference for mention in mentions}
    unnamed = [ref.label for ref in references if ref.label not in named and ref.label not in mentioned]
    if unnamed:
        yield Problem(
            ProblemKind.ENTRY_WITHOUT_MARK,
            f"{len(unnamed)} of {len(references)} entries are never cited in the text: {shortened(unnamed)}",
        )
    for text in dict.fromkeys(mention.text for mention in mentions if mention.reference is None):
        yield Problem(ProblemKind.MENTION_WITHOUT_ENTRY, f"“{text}” is not in the source list")


def _by_number(label: str) -> tuple[int, str]:
    return (int(label) if label.isdecimal() else 0, label)
