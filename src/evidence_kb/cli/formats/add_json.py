"""What was read of articles, and what became of them, for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..add import Done
from .article_notes import told

if TYPE_CHECKING:
    from ...articles.document import Document, Reference
    from ...articles.drafting.adding import Addition
    from ...articles.drafting.draft import Seed
    from ...articles.drafting.update import Update

__all__ = ["document_json", "render"]


def render(done: Sequence[Done], language: str, several: bool) -> str:
    """One article as an object; several as ``{"articles": […]}``, failures among them."""
    shown = [_one(one, language) for one in done]
    return json.dumps({"articles": shown} if several else shown[0], ensure_ascii=False, indent=2) + "\n"


def _one(done: Done, language: str) -> dict[str, object]:
    if done.read is None:
        return {"file": done.file, "error": done.error}
    shown = document_json(done.read.document, done.seeds, language)
    shown |= {"file": done.file}
    if done.error:
        shown["error"] = done.error
    if done.addition:
        shown |= _addition(done.addition, done.written)
    return shown


def document_json(document: Document, seeds: Sequence[Seed], language: str = "en") -> dict[str, object]:
    """What was understood of an article, and the claims a draft has."""
    sections = {section.position: section.title for section in document.sections}
    sentences = {s.position: (sections.get(s.section, ""), s.text) for s in document.sentences}

    def place(position: int) -> dict[str, object]:
        section, sentence = sentences[position]
        return {"section": section, "sentence": sentence}

    return {
        "title": document.title,
        "language": document.language,
        "sections": [{"title": s.title, "position": s.position} for s in document.sections],
        "references": [_reference(reference) for reference in document.references],
        "citations": [
            {**place(c.sentence), "marks": list(c.marks), "text": c.text} for c in document.citations
        ],
        "mentions": [
            {
                "text": m.text,
                "authors": list(m.authors),
                "year": m.year,
                "reference": m.reference,
                **place(m.sentence),
            }
            for m in document.mentions
        ],
        "appeals": [{**place(a.sentence), "cue": a.cue} for a in document.appeals],
        "claims": [
            {**place(s.sentence), "category": s.proposal.category, "wording": s.proposal.wording}
            for s in seeds
        ],
        "problems": [{"kind": p.kind.value, "message": told(p.message, language)} for p in document.problems],
        "format": document.format,
    }


def _reference(reference: Reference) -> dict[str, object]:
    return {
        "number": reference.number,
        "label": reference.label,
        "title": reference.title,
        "url": reference.url,
        "doi": reference.doi,
        "identifiers": list(reference.identifiers),
        "authors": list(reference.authors),
        "year": reference.year,
    }


def _addition(addition: Addition, written: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "outcome": addition.outcome,
        "written": written and addition.outcome != "unchanged",
        "slug": addition.slug,
        "article": addition.article,
        "folder": str(addition.folder),
        "files": [str(file) for file in addition.files],
    }
    if addition.update:
        shown["update"] = _update(addition.update)
    return shown


def _update(update: Update) -> dict[str, object]:
    return {
        "text_changed": update.text_changed,
        "title": update.title,
        "passages": [
            {
                "passage": found.passage.iri,
                "state": found.state.value,
                "fragment": found.passage.fragment,
                "claims": found.passage.claims,
                "sentences": list(found.sentences),
                "old_section": found.old_section,
                "new_section": found.new_section,
            }
            for found in update.passages
        ],
        "entries": [
            {
                "entry": match.known.iri if match.known else None,
                "state": match.state.value,
                "old_number": match.known.number if match.known else None,
                "number": match.reference.number if match.reference else None,
                "title": match.reference.title if match.reference else getattr(match.known, "title", None),
            }
            for match in update.entries
        ],
        "gone_marks": [{"mark": mark.iri, "text": mark.content} for mark in update.gone_marks],
        "added": {
            "entries": update.added.entries,
            "claims": update.added.claims,
            "marks": update.added.marks,
            "appeals": update.added.appeals,
        },
    }
