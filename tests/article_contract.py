"""What `kb add --dry-run --format json` promises of an article, from what the library understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evidence_kb.articles.document import Document

ARTICLES = Path(__file__).parent / "data" / "articles"


def contract(document: Document) -> dict[str, Any]:
    sections = {section.position: section.title for section in document.sections}
    sentences = {sentence.position: sentence for sentence in document.sentences}

    def place(position: int) -> dict[str, str]:
        sentence = sentences[position]
        return {"section": sections[sentence.section], "sentence": sentence.text}

    return {
        "title": document.title,
        "language": document.language,
        "sections": [{"title": s.title, "position": s.position} for s in document.sections],
        "references": [
            {
                "number": r.number,
                "label": r.label,
                "title": r.title,
                "url": r.url,
                "doi": r.doi,
                "identifiers": list(r.identifiers),
            }
            for r in document.references
        ],
        "citations": [
            {**place(c.sentence), "marks": list(c.marks), "text": c.text} for c in document.citations
        ],
        "mentions": [
            {"text": m.text, "authors": list(m.authors), "year": m.year, "reference": m.reference}
            for m in document.mentions
        ],
        "appeals": [{**place(a.sentence), "cue": a.cue} for a in document.appeals],
    }


def expected(name: str) -> dict[str, Any]:
    """What a person found in the article, written by hand beside it."""
    found: dict[str, Any] = json.loads((ARTICLES / f"{name}.json").read_text(encoding="utf-8"))
    return found
