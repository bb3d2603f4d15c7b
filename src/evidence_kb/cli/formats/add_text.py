"""What was read of articles, and what became of them, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...text_fragments import TextFragment
from ...vocabulary import local_name
from ..add import Done
from ..terminal import clean, label, paint
from .article_notes import told

if TYPE_CHECKING:
    from ...articles.document import Document
    from ...articles.drafting.comparing import EntryMatch, Found
    from ...articles.drafting.update import Update

__all__ = ["render"]

_SHOWN = 12
_WORDS = {
    "en": {
        "counts": "sections: {sections}, entries: {entries}, marks: {marks} (in sentences: {cited}), "
        "mentions: {mentions}, appeals: {appeals}, sentences that become claims: {claims}",
        "look": "to look at in the article:",
        "more": "… and {n} more",
        "dry": "nothing written (dry run)",
        "added": "written: {folder}",
        "updated": "updated: {files}",
        "unchanged": "nothing to write: all of it is there already",
        "would-add": "would be added as {slug}",
        "would-update": "would change: {files}",
        "next": "next: kb audit lists the drafts to be worded, and what else is to be added",
        "same": "the text is the one that was recorded",
        "passages": "passages: {counts}",
        "entries": "entries: {counts}",
        "new": "new in it: {counts}",
        "near": "nearest sentence",
        "in": "in",
        "title": "the title now reads: {title}",
        "gone": "mark no longer there: {text} ({iri})",
        "state": {},
        "things": {"entries": "entries", "claims": "draft claims", "marks": "marks", "appeals": "appeals"},
    },
    "de": {
        "counts": "Abschnitte: {sections}, Einträge: {entries}, Marken: {marks} (in Sätzen: {cited}), "
        "Nennungen: {mentions}, Berufungen: {appeals}, Sätze, die Behauptungen werden: {claims}",
        "look": "im Artikel anzusehen:",
        "more": "… und {n} weitere",
        "dry": "nichts geschrieben (Probelauf)",
        "added": "geschrieben: {folder}",
        "updated": "aktualisiert: {files}",
        "unchanged": "nichts zu schreiben: alles ist schon da",
        "would-add": "würde als {slug} aufgenommen",
        "would-update": "würde sich ändern: {files}",
        "next": "weiter: kb audit zeigt die Entwürfe, die in Worte zu fassen sind, und was sonst fehlt",
        "same": "der Text ist der erfasste",
        "passages": "Stellen: {counts}",
        "entries": "Einträge: {counts}",
        "new": "neu darin: {counts}",
        "near": "nächster Satz",
        "in": "in",
        "title": "der Titel lautet nun: {title}",
        "gone": "Marke nicht mehr da: {text} ({iri})",
        "state": {
            "unchanged": "unverändert",
            "moved": "verschoben",
            "changed": "geändert",
            "ambiguous": "mehrdeutig",
            "vanished": "verschwunden",
            "renumbered": "umnummeriert",
            "gone": "nicht mehr gelistet",
            "new": "neu",
        },
        "things": {"entries": "Einträge", "claims": "Entwürfe", "marks": "Marken", "appeals": "Berufungen"},
    },
}


def render(done: Sequence[Done], language: str, several: bool) -> str:
    """Each article with its counts, what to look at, and what was written."""
    return "\n".join("\n".join(_one(one, _Words(language))) + "\n" for one in done)


class _Words:
    def __init__(self, language: str) -> None:
        self.language = language
        self._words: dict[str, object] = dict(_WORDS[language])

    def __call__(self, key: str, **values: object) -> str:
        return str(self._words[key]).format(**values)

    def of(self, key: str, word: str) -> str:
        table = self._words[key]
        assert isinstance(table, dict)
        return str(table.get(word, word))


def _one(done: Done, words: _Words) -> Iterator[str]:
    if done.read is None or done.error:
        yield f"{done.file}: {done.error}" if done.file not in (done.error or "") else str(done.error)
        return
    document = done.read.document
    yield f"{paint(clean(document.title) or done.file, 'bold')} ({document.language or '?'}, {done.file})"
    yield "  " + _counts(document, len(done.seeds), words)
    if document.problems:
        yield "  " + words("look")
        messages = [clean(told(problem.message, words.language)) for problem in document.problems]
        yield from _first(messages, words, "    - ")
    addition = done.addition
    if addition and addition.update:
        yield from ("  " + line for line in _update(addition.update, document, words))
    yield "  " + _outcome(done, words)
    if addition and done.written and addition.outcome == "added":
        yield "  " + words("next")


def _counts(document: Document, claims: int, words: _Words) -> str:
    return words(
        "counts",
        sections=len(document.sections),
        entries=len(document.references),
        marks=len(document.citations),
        cited=len({citation.sentence for citation in document.citations}),
        mentions=len(document.mentions),
        appeals=len(document.appeals),
        claims=claims,
    )


def _outcome(done: Done, words: _Words) -> str:
    addition = done.addition
    if addition is None:
        return words("dry")
    if addition.outcome == "unchanged":
        return words("unchanged")
    files = ", ".join(file.name for file in addition.files)
    if addition.outcome == "added":
        if done.written:
            return words("added", folder=addition.folder)
        return words("would-add", slug=addition.slug)
    return words("updated" if done.written else "would-update", files=files)


def _update(update: Update, document: Document, words: _Words) -> Iterator[str]:
    if not update.text_changed:
        yield words("same")
    if update.title:
        yield words("title", title=clean(update.title))
    if update.passages:
        yield words("passages", counts=_tally([found.state.value for found in update.passages], words))
        changed = [found for found in update.passages if found.state.value != "unchanged"]
        yield from _first([_passage(found, document, words) for found in changed], words, "  ", len(changed))
    if update.entries:
        yield words("entries", counts=_tally([match.state.value for match in update.entries], words))
        lines = [_entry(match, words) for match in update.entries if match.state.value != "unchanged"]
        yield from _first(lines, words, "  ")
    yield from (words("gone", text=clean(m.content), iri=local_name(m.iri)) for m in update.gone_marks)
    added = {
        "entries": update.added.entries,
        "claims": update.added.claims,
        "marks": update.added.marks,
        "appeals": update.added.appeals,
    }
    if any(added.values()):
        counts = ", ".join(f"{words.of('things', kind)}: {len(iris)}" for kind, iris in added.items() if iris)
        yield words("new", counts=counts)


def _tally(states: Sequence[str], words: _Words) -> str:
    return ", ".join(f"{count} {words.of('state', state)}" for state, count in Counter(states).items())


def _passage(found: Found, document: Document, words: _Words) -> str:
    fragment = TextFragment.parse(found.passage.fragment)
    who = ", ".join(local_name(claim) for claim in found.passage.claims) or local_name(found.passage.iri)
    ends = clean(str(fragment or found.passage.fragment))
    line = f"{words.of('state', found.state.value)}: {who}, “{ends}”"
    if found.new_section is not None:
        line += f": “{clean(found.old_section or '')}” → “{clean(found.new_section)}”"
    elif found.state.value in {"changed", "ambiguous"} and found.sentences:
        text = next(s.text for s in document.sentences if s.position == found.sentences[0])
        line += f"; {words('near')}: “{label(clean(text), 90)}”"
    return line


def _entry(match: EntryMatch, words: _Words) -> str:
    state = words.of("state", match.state.value)
    title = match.reference.title if match.reference else match.known.title if match.known else ""
    old = match.known.number if match.known else None
    number = match.reference.number if match.reference else old
    where = f"[{old}] → [{number}]" if old is not None and old != number else f"[{number}]"
    return f"{state}: {where} {label(clean(title), 80)}"


def _first(lines: Sequence[str], words: _Words, indent: str, most: int = _SHOWN) -> Iterator[str]:
    yield from (indent + line for line in lines[:most])
    if len(lines) > most:
        yield indent + words("more", n=len(lines) - most)
