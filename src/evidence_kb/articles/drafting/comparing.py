"""Finding an article's entries and passages again in a changed text. Judgement only: nothing is written.

A passage is found where its words are; where they are not, the nearest sentence is named and no more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...text_fragments import TextFragment, fold
from ..document import Document, Reference
from .existing import KnownArticle, KnownEntry, KnownPassage
from .passages import sentence_digest
from .works import address_key, address_of, identifiers_of, printed, printed_title

__all__ = ["EntryMatch", "EntryState", "Found", "PassageState", "find_entries", "find_passages"]

_FINAL_MARKS = re.compile(r"(\s*(【\d+】|\[\d[\d,;–\s-]*\]|\(\d{1,3}\)))+[.!?]?$")
_NEAR = 82.0
_SAME_TITLE = 88.0


class PassageState(StrEnum):
    """What became of a passage."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    AMBIGUOUS = "ambiguous"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Found:
    """A passage, looked up in the new text.

    :param sentences: positions of the sentences it stands in; of the nearest one where it changed.
    :param old_section: heading it stood under, and ``new_section`` the one it stands under, where it moved.
    :param only_marks: nothing has changed but the citation marks that a hand-made fragment ends in.
    """

    passage: KnownPassage
    state: PassageState
    sentences: tuple[int, ...] = ()
    old_section: str | None = None
    new_section: str | None = None
    only_marks: bool = False

    @property
    def is_firm(self) -> bool:
        """Whether it is known where the passage stands now."""
        return self.only_marks or self.state in {PassageState.UNCHANGED, PassageState.MOVED}


class EntryState(StrEnum):
    """What became of an entry of the source list."""

    UNCHANGED = "unchanged"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class EntryMatch:
    """An entry of the knowledge base beside one of the article; one of them is missing if gone or new."""

    state: EntryState
    known: KnownEntry | None
    reference: Reference | None


# -- passages ----------------------------------------------------------------------------------------


def find_passages(known: KnownArticle, document: Document, text: str) -> list[Found]:
    """Every passage of the article, looked up in its new text."""
    places = _Places(document, text)
    found = {passage.iri: _found(passage, known, places) for passage in known.passages}
    found |= dict(_shared_out(list(found.values()), known, places))
    taken = {at for one in found.values() if one for at in one.sentences}
    return [found[p.iri] or _nearest(p, places, taken) for p in known.passages]


class _Places:
    """Where the sentences stand in the folded text."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.folded = fold(text)
        self.by_position = {s.position: s for s in document.sentences}
        self.titles = {section.position: section.title for section in document.sections}
        marks: dict[int, list[str]] = {}
        for citation in document.citations:
            marks.setdefault(citation.sentence, []).append(citation.text)
        self.by_digest: dict[str, list[int]] = {}
        self._starts: list[int] = []
        self._spans: list[tuple[int, int, int]] = []
        cursor = 0
        for sentence in document.sentences:
            digest = sentence_digest(sentence.text, marks.get(sentence.position, ()))
            self.by_digest.setdefault(digest, []).append(sentence.position)
            words = fold(sentence.text)
            at = self.folded.find(words, cursor)
            if words and at >= 0:
                cursor = at + len(words)
                self._starts.append(at)
                self._spans.append((at, cursor, sentence.position))

    def sentences_at(self, spans: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        """The sentences that lie, at least in part, in any of these stretches of the text."""
        found = set()
        for first, last in spans:
            index = max(bisect_right(self._starts, first) - 1, 0)
            while index < len(self._spans) and self._spans[index][0] < last:
                if self._spans[index][1] > first:
                    found.add(self._spans[index][2])
                index += 1
        return tuple(sorted(found))

    def section(self, sentence: int) -> str:
        """The heading a sentence stands under."""
        return self.titles.get(self.by_position[sentence].section, "")


def _found(passage: KnownPassage, known: KnownArticle, places: _Places) -> Found | None:
    """Where a passage stands now; ``None`` if its words are nowhere."""
    fragment = TextFragment.parse(passage.fragment)
    spans = list(fragment.spans(places.folded)) if fragment else []
    slices = {places.folded[first:last] for first, last in spans}
    here = places.sentences_at(spans)
    if passage.digest:
        same = places.by_digest.get(passage.digest, [])
        if same and len(slices) == 1:
            here = tuple(at for at in here if at in same) or tuple(same)
        elif same:  # its sentence is there, but its ends no longer lead to it alone
            return Found(passage, PassageState.AMBIGUOUS if slices else PassageState.CHANGED, tuple(same))
        elif len(slices) == 1:  # other words stand between its ends, or it leads to another sentence
            return Found(passage, PassageState.CHANGED, here)
    if len(slices) > 1:
        return Found(passage, PassageState.AMBIGUOUS, here)
    if slices:
        return _with_section(passage, known, places, here)
    bare = _without_final_marks(fragment) if fragment else None
    here = places.sentences_at(bare.spans(places.folded)) if bare else ()
    return Found(passage, PassageState.CHANGED, here, only_marks=True) if len(here) == 1 else None


def _shared_out(
    found: Iterable[Found | None], known: KnownArticle, places: _Places
) -> Iterator[tuple[str, Found]]:
    """Passages of a sentence that stands in the article more than once: one place for each.

    Those under the heading they stood under come first, then in the order of the claims. What is over
    has vanished: the sentence is said less often now.
    """
    alike: dict[str, list[Found]] = {}
    for one in found:
        if one and one.is_firm and one.passage.digest in places.by_digest:
            alike.setdefault(one.passage.digest, []).append(one)
    for digest, group in alike.items():
        if len(group) == 1:
            continue
        free = list(places.by_digest[digest])
        group.sort(key=lambda one: _order(one.passage, known))
        given: dict[str, int] = {}
        for needs_heading in (True, False):
            for passage in (one.passage for one in group):
                fits = (at for at in free if not needs_heading or _stayed(passage, known, places, at))
                at = next(fits, None) if passage.iri not in given else None
                if at is not None:
                    given[passage.iri] = at
                    free.remove(at)
        for one in group:
            if one.passage.iri in given:
                at = given[one.passage.iri]
                more = tuple(free) if one is group[-1] else ()
                yield one.passage.iri, _with_section(one.passage, known, places, (at, *more))
            else:
                yield one.passage.iri, Found(one.passage, PassageState.VANISHED)


def _order(passage: KnownPassage, known: KnownArticle) -> tuple[int, str]:
    positions = [known.claims[claim].position for claim in passage.claims if claim in known.claims]
    return min(positions, default=0), passage.iri


def _stayed(passage: KnownPassage, known: KnownArticle, places: _Places, sentence: int) -> bool:
    return _with_section(passage, known, places, (sentence,)).state is PassageState.UNCHANGED


def _without_final_marks(fragment: TextFragment) -> TextFragment | None:
    """The fragment without the citation marks at its end; ``None`` if it ends in none."""
    last = fragment.start if fragment.end is None else fragment.end
    bare = _FINAL_MARKS.sub("", last).rstrip()
    if bare == last or not bare:
        return None
    return fragment._replace(start=bare) if fragment.end is None else fragment._replace(end=bare)


def _with_section(
    passage: KnownPassage, known: KnownArticle, places: _Places, sentences: tuple[int, ...]
) -> Found:
    claimed = {known.claims[c].section for c in passage.claims if c in known.claims}
    old = {fold(known.sections[one]): known.sections[one] for one in claimed if one in known.sections}
    new = {fold(places.section(at)): places.section(at) for at in sentences}
    if old and new and not set(old) & set(new):
        return Found(
            passage, PassageState.MOVED, sentences, next(iter(old.values())), next(iter(new.values()))
        )
    return Found(passage, PassageState.UNCHANGED, sentences)


def _nearest(passage: KnownPassage, places: _Places, taken: set[int]) -> Found:
    """The sentence whose ends are most like the passage's, if any is like them at all."""
    from rapidfuzz import fuzz

    fragment = TextFragment.parse(passage.fragment)
    best, score = 0, _NEAR
    if fragment:
        start, end = fold(fragment.start), fold(fragment.end or fragment.start)
        for sentence in places.document.sentences:
            if sentence.position in taken:
                continue
            words = fold(sentence.text)
            first, last = words[: 2 * len(start) + 20], words[-2 * len(end) - 20 :]
            like = (fuzz.partial_ratio(start, first) + fuzz.partial_ratio(end, last)) / 2
            if like > score:
                best, score = sentence.position, like
    if best:
        return Found(passage, PassageState.CHANGED, (best,))
    return Found(passage, PassageState.VANISHED)


# -- entries -----------------------------------------------------------------------------------------


def find_entries(known: KnownArticle, references: Sequence[Reference]) -> list[EntryMatch]:
    """The entries of the knowledge base and those of the article, side by side.

    An entry is the same if it has the same identifier, address or title; or the same number and nearly
    the same title.
    """
    free = list(known.entries.values())
    pairs: dict[int, KnownEntry] = {}
    for is_same in (_same_place_and_work, _same_work, _same_print, _same_title, _nearly_same):
        for index, reference in enumerate(references):
            if index in pairs:
                continue
            entry = next((e for e in free if is_same(e, reference)), None)
            if entry:
                pairs[index] = entry
                free.remove(entry)
    matches = []
    for index, reference in enumerate(references):
        entry = pairs.get(index)
        matches.append(EntryMatch(_entry_state(entry, reference), entry, reference))
    return [*matches, *(EntryMatch(EntryState.GONE, entry, None) for entry in free)]


def _entry_state(entry: KnownEntry | None, reference: Reference) -> EntryState:
    if entry is None:
        return EntryState.NEW
    if entry.number != reference.number:
        return EntryState.RENUMBERED
    if _title(reference) == fold(entry.title) and _same_address(entry, reference):
        return EntryState.UNCHANGED
    return EntryState.CHANGED


def _same_place_and_work(entry: KnownEntry, reference: Reference) -> bool:
    return entry.number == reference.number and _same_work(entry, reference)


def _same_work(entry: KnownEntry, reference: Reference) -> bool:
    keys = {identifier.casefold() for identifier in identifiers_of(reference)}
    keys |= {address_key(address) for address in (reference.url, address_of(reference)) if address}
    return bool(entry.keys & keys)


def _same_print(entry: KnownEntry, reference: Reference) -> bool:
    same_words = _same_title(entry, reference) and _same_address(entry, reference)
    return entry.number == reference.number and same_words


def _same_title(entry: KnownEntry, reference: Reference) -> bool:
    return bool(entry.title) and fold(entry.title) == _title(reference)


def _nearly_same(entry: KnownEntry, reference: Reference) -> bool:
    from rapidfuzz import fuzz

    near = fuzz.ratio(fold(entry.title), _title(reference))
    return entry.number == reference.number and near >= _SAME_TITLE


def _title(reference: Reference) -> str:
    return fold(printed_title(reference))


def _same_address(entry: KnownEntry, reference: Reference) -> bool:
    return (entry.address or "") == printed(reference.url)
