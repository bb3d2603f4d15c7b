"""Finding citation marks in running text: which characters are one, and which references they name.

Two passes: `style_of` looks over the whole article for how it cites, then `marks_in` reads each block by
that. So "(2)" is a mark in an article that cites that way and an enumeration in all others, and "m²" is one
in neither. What a format marks up itself (`SpanKind.MARK`) is a mark always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..manuscript import Block, SpanKind
from .mark_labels import DASH, Mark, MarkStyle, is_ascending, range_of
from .marked_up import marked_up, spans_of
from .printed_marks import (
    bracketed,
    flattened,
    is_enumeration,
    named_sources,
    raised,
    round_bracketed,
    superscripts,
)

__all__ = ["Mark", "MarkStyle", "marks_in", "style_of"]

#: From more marks than these on, what the format marks up tells how the article cites.
_FEW = 3


def style_of(blocks: Iterable[Block], labels: Iterable[str]) -> MarkStyle:
    """How the article cites, judged by all of its blocks and the labels of its source list."""
    known = frozenset(labels)
    highest = max((int(label) for label in known if label.isdigit()), default=0)
    trial = MarkStyle(known, highest=highest)
    in_brackets: set[str] = set()
    in_superscript: set[str] = set()
    in_round: set[str] = set()
    flat: set[str] = set()
    enumerated = explicit = explicit_numbers = 0
    for block in blocks:
        text = block.text
        for span in spans_of(block, SpanKind.MARK):
            explicit += 1
            explicit_numbers += not any(map(str.isalpha, text[span.start : span.end]))
        if "[" in text or "【" in text:
            in_brackets.update(label for mark in bracketed(text, trial) for label in mark.labels)
        in_superscript.update(label for mark in superscripts(text, trial) for label in mark.labels)
        in_superscript.update(label for mark in raised(block, trial) for label in mark.labels)
        if highest:
            flat.update(label for mark in flattened(text, trial) for label in mark.labels)
        if "(" in text:
            for match, labels_here in round_bracketed(text, trial):
                if is_enumeration(text, match):
                    enumerated += 1
                else:
                    in_round.update(labels_here)
    if explicit > _FEW and explicit_numbers * 5 < explicit:
        # it cites by names, and the format marks them
        return MarkStyle(known, brackets=False, highest=highest)
    by_superscript = (
        bool(in_superscript & known) if known else len(in_superscript) > 1 and "1" in in_superscript
    )
    others = explicit > 0 or bool(in_brackets) or by_superscript
    found = len(in_round & known)
    by_round = not others and found >= min(2, len(known)) > 0 and found * 3 >= enumerated
    return MarkStyle(
        known,
        brackets=not known or explicit > 0 or bool(in_brackets & known) or len(in_brackets) > 2,
        superscripts=by_superscript,
        round_brackets=by_round,
        flattened=not others and not by_round and len(flat) > 1 and len(flat) * 2 >= len(known),
        highest=highest,
    )


def marks_in(block: Block, labels_of: Mapping[str, str], style: MarkStyle) -> list[Mark]:
    """The citation marks of a block, in order, none overlapping another.

    :param labels_of: the label of each reference by the key that spans target.
    """
    text = block.text
    found = list(marked_up(block, labels_of))
    if style.brackets and ("[" in text or "【" in text):
        found += bracketed(text, style)
    if style.superscripts:
        found += superscripts(text, style)
        found += raised(block, style)
    if style.flattened:
        found += flattened(text, style)
    if "(" in text:
        found += named_sources(text, style)
    if style.round_brackets and "(" in text:
        found += [
            Mark(match.start(), match.end(), labels)
            for match, labels in round_bracketed(text, style)
            if all(map(style.knows, labels)) and not is_enumeration(text, match)
        ]
    literals = [(s.start, s.end) for s in block.spans if s.kind is SpanKind.LITERAL]
    return _joined(text, _without_overlaps(found, literals))


def _without_overlaps(found: list[Mark], literals: Sequence[tuple[int, int]]) -> list[Mark]:
    """The marks that touch neither one found before them, nor a formula or code; the first found wins."""
    kept: list[Mark] = []
    blocked = sorted(literals)
    next_blocked = blocked_until = last_end = 0
    for mark in sorted(found, key=lambda mark: mark.start):  # stable: what the format marks up comes first
        while next_blocked < len(blocked) and blocked[next_blocked][0] < mark.end:
            blocked_until = max(blocked_until, blocked[next_blocked][1])
            next_blocked += 1
        if mark.start >= max(last_end, blocked_until):
            kept.append(mark)
            last_end = mark.end
    return kept


def _joined(text: str, marks: list[Mark]) -> list[Mark]:
    """The marks, those joined by a dash made one: ``[3]–[5]``."""
    joined: list[Mark] = []
    for mark in marks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and mark.start - last.end <= 3
            and (between := text[last.end : mark.start].strip())
            and between in DASH
            and is_ascending(last.labels[-1], mark.labels[0])
        ):
            labels = (*last.labels[:-1], *range_of(last.labels[-1], mark.labels[0]), *mark.labels[1:])
            joined[-1] = Mark(last.start, mark.end, tuple(dict.fromkeys(labels)))
        else:
            joined.append(mark)
    return joined
