"""Updating what a knowledge base says of an article, after the article has changed.

What a curator wrote stays: an update adds, and changes only what it is certain the article prints
otherwise (the number of an entry or a section, the wording of a mark, the digest). All else is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...errors import UsageError
from ...text_fragments import fold, text_digest
from ...vocabulary import PREFIXES
from ..document import Document
from ..reading import ReadArticle
from . import works
from .comparing import EntryMatch, EntryState, Found, find_entries, find_passages
from .draft import ARTICLE, CLAIMS, SOURCES, Drafter, Seed, marks_of, mentions_of, seeds_of
from .existing import KnownArticle, KnownMark
from .naming import Names

__all__ = ["Added", "Update", "looks_like_another", "update_article"]

#: What tells the mention of a name from a number.
_NAME = re.compile(r"[^\W\d_]{2}")


@dataclass
class Added:
    """IRIs of what an update adds."""

    entries: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    appeals: list[str] = field(default_factory=list)


@dataclass
class Update:
    """What became of an article, and what is to be written.

    :param passages: every passage, with where it stands now.
    :param entries: every entry, old or new.
    :param added: what is new.
    :param gone_marks: marks that the text no longer has where they were.
    :param title: the new title, where it has changed.
    :param text_changed: whether the article's text is another than the recorded one.
    :param words: the words at both ends of the sentence, by the IRI of each new claim.
    """

    passages: list[Found]
    entries: list[EntryMatch]
    added: Added
    gone_marks: list[KnownMark]
    title: str | None
    text_changed: bool
    add: dict[str, list[ox.Triple]] = field(default_factory=dict)
    remove: list[ox.Triple] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether any file is to be changed."""
        return bool(self.remove) or any(self.add.values())


def update_article(known: KnownArticle, read: ReadArticle, every: bool = False) -> Update:
    """What is to be done, and to be looked at, now that the article reads so.

    If the text is the one that was recorded, nothing is added: a curator has seen it and decided. With
    ``every`` the check-worthy sentences without a claim are drafted all the same.
    """
    document = read.document
    changed = text_digest(read.text) not in known.digests
    passages = find_passages(known, document, read.text)
    entries = find_entries(known, works.with_places(document.references))
    title = works.printed(document.title)
    renamed = bool(title) and fold(title) != fold(known.title)
    update = Update(passages, entries, Added(), [], title if renamed else None, changed)
    if changed or every:
        _Updater(known, read, update).run(every)
    return update


def looks_like_another(known: KnownArticle, update: Update, named: bool = True) -> bool:
    """Whether nothing of the article was found again, so that it must be another one of that name.

    :param named: whether the user gave the name. If so, the same title is enough for it to be the same
        article, rewritten from end to end; two articles may well have one title.
    """
    if not update.text_changed or (update.title is None and named):
        return False
    if not known.passages and not known.entries:
        return update.title is not None
    found = any(f.is_firm for f in update.passages) or any(
        match.known and match.reference for match in update.entries
    )
    return not found


def refuse_another(known: KnownArticle, slug: str, update: Update, named: bool) -> None:
    """Make sure that an article is not written over another one.

    :param named: whether the user gave the name.
    :raises UsageError: it is another one.
    """
    if looks_like_another(known, update, named):
        raise UsageError(
            f"{slug!r} is taken by another article (“{known.title}”), of which nothing is found here; "
            "choose another --slug"
        )


class _Updater:
    def __init__(self, known: KnownArticle, read: ReadArticle, update: Update) -> None:
        self._known, self._update = known, update
        self._document: Document = read.document
        self._text = read.text
        taken = known.taken_names()
        self._draft = Drafter(read.document, read.text, Names(known.namespace, taken))
        self._draft.known_works.update({n: known.namespace + n for n in taken if n.startswith("work-")})
        self._draft.article_iri = known.iri
        self._draft.acts.update(known.acts)

    def run(self, every: bool) -> None:
        self._sections()
        self._entries()
        self._claims(every)
        self._digest()
        self._update.add = self._draft.sheets
        self._update.words = self._draft.words

    def _sections(self) -> None:
        by_title = {fold(title): iri for iri, title in self._known.sections.items()}
        for section in self._document.sections:
            if fold(section.title) in by_title:
                self._draft.sections[section.position] = by_title[fold(section.title)]
        if self._update.text_changed:
            self._places_of_sections()

    def _places_of_sections(self) -> None:
        """Number the sections anew, those whose heading tells them from all others."""
        known = Counter(fold(title) for title in self._known.sections.values())
        printed = Counter(fold(section.title) for section in self._document.sections)
        for section in self._document.sections:
            heading = fold(section.title)
            iri = self._draft.sections.get(section.position)
            old = self._known.places.get(iri or "")
            new = ox.Literal(section.position)
            if iri and isinstance(old, ox.Literal) and old != new and known[heading] == printed[heading] == 1:
                self._replace(ARTICLE, iri, PREFIXES["schema"] + "position", old, new)

    def _entries(self) -> None:
        changed = self._update.text_changed
        for match in self._update.entries:
            if match.known and match.reference:
                entry = match.known
                self._draft.entries.setdefault(match.reference.label, entry.iri)
                if entry.work:
                    self._draft.works[entry.iri] = entry.work
                    for key in works.same_work_keys(match.reference):
                        self._draft.known_works.setdefault(key, entry.work)
                if match.state is EntryState.RENUMBERED and entry.number is not None and changed:
                    self._replace(
                        SOURCES,
                        entry.iri,
                        PREFIXES["schema"] + "position",
                        ox.Literal(entry.number),
                        ox.Literal(match.reference.number),
                    )
        for match in self._update.entries:
            if match.state is EntryState.NEW and match.reference and changed:
                self._update.added.entries.append(self._draft.reference(match.reference))

    def _claims(self, every: bool) -> None:
        firm: dict[int, list[Found]] = {}
        seen: set[int] = set()
        for found in self._update.passages:
            seen |= set(found.sentences)
            for at in found.sentences if found.is_firm else ():
                firm.setdefault(at, []).append(found)
        last = max((claim.position for claim in self._known.claims.values()), default=0)
        for seed in seeds_of(self._document, every):
            if seed.sentence in firm:
                if self._update.text_changed:
                    self._revisit(seed, firm[seed.sentence])
            elif seed.sentence not in seen:
                last += 1
                self._update.added.claims.append(self._draft.claim(seed, last))
        if self._update.text_changed:
            cited = {c.sentence for c in self._document.citations}
            cited |= {m.sentence for m in self._document.mentions}
            for at, passages in firm.items():
                if at not in cited:
                    self._update.gone_marks += self._marks_in(passages)

    def _revisit(self, seed: Seed, passages: list[Found]) -> None:
        """Add to a sentence's claims the marks and mentions that they lack, and to drafts the appeals."""
        claims = sorted(
            {c for f in passages for c in f.passage.claims if c in self._known.claims},
            key=lambda iri: (self._known.claims[iri].position, iri),
        )
        marks = self._marks_in(passages)
        passage = passages[-1].passage.iri
        for content, label in marks_of(seed):
            entry = self._draft.entry_of(label)
            mark = _take_entry(marks, entry)
            if mark is None:
                if claims:
                    self._update.added.marks.append(self._draft.mark(claims[-1], passage, content, label))
            elif mark.content != works.printed(content):
                self._replace(
                    CLAIMS,
                    mark.iri,
                    PREFIXES["c4o"] + "hasContent",
                    ox.Literal(mark.content),
                    ox.Literal(works.printed(content)),
                )
        for mention in mentions_of(seed):
            if _take_mention(marks, mention.text) is None and claims:
                self._update.added.marks.append(self._draft.mention(claims[-1], passage, mention))
        named = {fold(mention.text) for mention in seed.mentions}
        self._update.gone_marks += [m for m in marks if fold(m.content) not in named]
        for cue in dict.fromkeys(appeal.cue for appeal in seed.appeals):
            lacking = [self._known.claims[c] for c in claims]
            if lacking and all(c.draft and cue.casefold() not in c.cues for c in lacking):
                self._update.added.appeals.append(self._draft.appeal(claims[-1], cue))

    def _marks_in(self, passages: Iterable[Found]) -> list[KnownMark]:
        here = {found.passage.iri for found in passages}
        return [mark for mark in self._known.marks if mark.passage in here]

    def _digest(self) -> None:
        new = text_digest(self._text)
        if self._known.digests == [new]:
            return
        predicate = PREFIXES["ekb"] + "textDigest"
        for old in self._known.digests:
            self._update.remove.append(_triple(self._known.iri, predicate, ox.Literal(old)))
        self._draft.sheets[ARTICLE].append(_triple(self._known.iri, predicate, ox.Literal(new)))

    def _replace(self, sheet: str, subject: str, predicate: str, old: ox.Literal, new: ox.Literal) -> None:
        self._update.remove.append(_triple(subject, predicate, old))
        self._draft.sheets[sheet].append(_triple(subject, predicate, new))


def _take_entry(marks: list[KnownMark], entry: str) -> KnownMark | None:
    """The first mark for an entry, taken out of the list."""
    return _take(marks, [mark for mark in marks if mark.entry == entry])


def _take_mention(marks: list[KnownMark], text: str) -> KnownMark | None:
    """The first mark that names the same source, with more words or fewer, taken out of the list."""
    name = fold(text)
    named = [(mark, fold(mark.content)) for mark in marks if _NAME.search(mark.content)]
    return _take(marks, [mark for mark, content in named if content in name or name in content])


def _take(marks: list[KnownMark], fitting: list[KnownMark]) -> KnownMark | None:
    if not fitting:
        return None
    marks.remove(fitting[0])
    return fitting[0]


def _triple(subject: str, predicate: str, value: ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
