"""What tests look at in a manuscript: its marks, its text, its entries."""

from __future__ import annotations

from evidence_kb.articles.manuscript import BlockKind, Manuscript, SpanKind

__all__ = ["entries", "headings", "literals", "marks", "text"]


def marks(manuscript: Manuscript) -> list[tuple[str, tuple[str, ...]]]:
    """What the marks are printed as, and the labels of the entries they name."""
    labels = {reference.key: reference.label for reference in manuscript.references}
    return [
        (block.text[span.start : span.end], tuple(labels[target] for target in span.targets))
        for block in manuscript.blocks
        for span in block.spans
        if span.kind is SpanKind.MARK
    ]


def literals(manuscript: Manuscript) -> list[str]:
    return [b.text[s.start : s.end] for b in manuscript.blocks for s in b.spans if s.kind is SpanKind.LITERAL]


def text(manuscript: Manuscript) -> list[str]:
    return [block.text for block in manuscript.blocks if block.kind is not BlockKind.HEADING]


def headings(manuscript: Manuscript) -> list[str]:
    return [block.text for block in manuscript.blocks if block.kind is BlockKind.HEADING]


def entries(manuscript: Manuscript) -> list[tuple[str, str]]:
    return [(reference.label, reference.text) for reference in manuscript.references]
