"""An article's text with the passages of its claims marked.

Passages overlap, so the text is cut at every end of one; each piece knows all claims whose passage it is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..model import Claim
from ..text_fragments import TextFragment, fold
from .details import Article, Section

__all__ = ["MarkedText", "Paragraph", "Piece", "find", "marked_text"]


@dataclass(frozen=True)
class Piece:
    """Some words, the claims they are a passage of, and the claims whose passage ends with them."""

    text: str
    claims: tuple[Claim, ...]
    ending: tuple[Claim, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in pieces, and the claims whose passage begins in it.

    :param section: the section that it is the heading of.
    """

    pieces: tuple[Piece, ...]
    claims: tuple[Claim, ...]
    section: Section | None


@dataclass(frozen=True)
class MarkedText:
    """A text in paragraphs; ``missing`` are the claims whose passage it does not have."""

    paragraphs: tuple[Paragraph, ...]
    missing: tuple[Claim, ...]


def marked_text(text: str, article: Article) -> MarkedText:
    """``text`` with the passages of an article's claims."""
    folded = _Folded(text)
    spans: list[tuple[int, int, Claim]] = []
    missing = []
    for claim in article.claims:
        found = [span for fragment in claim.passages for span in find(folded, fragment)]
        spans += [(start, end, claim) for start, end in found]
        if not found:
            missing.append(claim)
    spans.sort(key=lambda span: span[:2])
    headings = {fold(title): section for section in article.sections for title in section.titles.values()}
    paragraphs = []
    shown: set[str] = set()
    for start, end in _lines(text):
        words = text[start:end]
        own = [span for span in spans if span[0] < end and span[1] > start]
        begun = dict.fromkeys(claim.iri for _, _, claim in own if claim.iri not in shown)
        shown.update(begun)
        claims = {claim.iri: claim for _, _, claim in own}
        section = headings.pop(fold(words), None)
        paragraphs.append(
            Paragraph(tuple(_pieces(text, start, end, own)), tuple(claims[iri] for iri in begun), section)
        )
    return MarkedText(tuple(paragraphs), tuple(missing))


def _pieces(text: str, start: int, end: int, spans: list[tuple[int, int, Claim]]) -> Iterator[Piece]:
    cuts = {start, end, *(min(max(place, start), end) for span in spans for place in span[:2])}
    for first, last in pairwise(sorted(cuts)):
        inside = {claim.iri: claim for s, e, claim in spans if s < last and e > first}
        ending = {claim.iri: claim for _, e, claim in spans if e == last}
        yield Piece(text[first:last], tuple(inside.values()), tuple(ending.values()))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line that has something in it begins and ends."""
    start = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            first = start + line.index(bare[0])
            yield first, first + len(bare)
        start += len(line)


class _Folded:
    """A text with blanks folded and case ignored, that remembers where each character stood."""

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self._places: list[int] = []
        blank = True
        for place, character in enumerate(text):
            if character.isspace():
                if blank:
                    continue
                folded, blank = " ", True
            else:
                folded, blank = character.casefold(), False
            characters.append(folded)
            self._places += [place] * len(folded)
        self.text = "".join(characters)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the text itself."""
        return self._places[start], self._places[end - 1] + 1


def find(folded: _Folded, fragment: str) -> list[tuple[int, int]]:
    """Where the passage that a text fragment points to begins and ends: the first that fits.

    Where it stands again word for word (a teaser repeats it), there too.
    """
    parsed = TextFragment.parse(fragment)
    spans = list(parsed.spans(folded.text)) if parsed else []
    if not spans:
        return []
    passage = folded.text[slice(*spans[0])]
    return [folded.span(start, end) for start, end in spans if folded.text[start:end] == passage]
