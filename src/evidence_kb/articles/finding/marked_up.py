"""Citation marks that the format itself marks up, put together as the reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..manuscript import Block, Span, SpanKind
from .mark_labels import JOINER, LOCATOR, ONE_NUMBER, RANGE_JOINER, Mark, range_of

__all__ = ["marked_up", "spans_of"]


def spans_of(block: Block, kind: SpanKind) -> list[Span]:
    """The spans of a kind in order, those without a printed character left out."""
    printed = (
        span
        for span in block.spans
        if span.kind is kind
        and block.text[max(span.start, 0) : span.end].strip()
        and span.end <= len(block.text)
    )
    return sorted(printed, key=lambda span: span.start)


def marked_up(block: Block, labels_of: Mapping[str, str]) -> Iterator[Mark]:
    text = block.text
    group: list[Span] = []
    for span in spans_of(block, SpanKind.MARK):
        if group and not _reads_on(text, group[-1], span):
            yield from _group(text, group, labels_of)
            group = []
        group.append(span)
    if group:
        yield from _group(text, group, labels_of)


def _reads_on(text: str, last: Span, span: Span) -> bool:
    """Whether two marked stretches are one mark to the reader: "1" and "3" of ``[1, 3]``."""
    between = text[last.end : span.start]
    if len(between) > 8 or span.start < last.end:
        return False
    if text[last.start : last.end].rstrip().endswith(("]", "】", ")")):
        return False
    return JOINER.fullmatch(between) is not None


def _group(text: str, group: list[Span], labels_of: Mapping[str, str]) -> Iterator[Mark]:
    labels: list[str] = []
    for index, span in enumerate(group):
        own = [labels_of[target] for target in span.targets if target in labels_of]
        printed = ONE_NUMBER.search(text, span.start, span.end)
        if not own and not span.targets and printed:
            own = [printed[0]]
        if index and own and labels and RANGE_JOINER.fullmatch(text[group[index - 1].end : span.start]):
            own = list(range_of(labels.pop(), own[0])) + own[1:]
        labels += own
    if not labels:
        return
    start, end = group[0].start, group[-1].end
    left = text[:start].rstrip() if start and text[start - 1].isspace() else text[:start]
    for opening, closing in ("[]", "()", "【】"):
        if left.endswith(opening) and text.startswith(closing, _after_locator(text, end, closing)):
            start, end = len(left) - 1, _after_locator(text, end, closing) + 1
            break
    yield Mark(start, end, tuple(dict.fromkeys(labels)))


def _after_locator(text: str, end: int, closing: str) -> int:
    """Where the bracket closes if only a page number stands between."""
    match = re.compile(LOCATOR + r"\s?").match(text, end)
    after = match.end() if match else end
    return after if text.startswith(closing, after) else end
