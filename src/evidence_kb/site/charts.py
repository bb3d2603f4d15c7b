"""Charts made on the server: SVG that needs no script, each with the same numbers as text beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

__all__ = ["Bar", "bars", "stacked", "strip"]


class Bar(NamedTuple):
    """One line of a chart.

    :param share: its part of the longest bar, 0 to 100.
    :param part: its part of the whole, 0 to 100.
    :param link: the page that lists what was counted, from the report's root.
    """

    word: str
    label: str
    scheme: str
    number: int
    share: float
    part: float
    link: str | None = None

    @property
    def kind(self) -> str:
        """The class that gives it its colour and icon."""
        return f"{self.scheme}-{self.word or 'nothing'}"


def bars(
    counts: Mapping[str, int], labels: Mapping[str, str], scheme: str, *, keep_order: bool = False
) -> list[Bar]:
    """Counts as bars: the longest first, or in the order given; what was not counted comes last."""
    most, total = max(counts.values(), default=0) or 1, sum(counts.values()) or 1
    words = (
        list(counts) if keep_order else sorted(counts, key=lambda w: (not w, -counts[w], labels.get(w, w)))
    )
    return [
        Bar(
            w,
            labels.get(w) or w,
            scheme,
            counts[w],
            round(counts[w] / most * 100, 1),
            counts[w] / total * 100,
        )
        for w in words
    ]


def strip(bar: Bar) -> Markup:
    """One bar; its number stands beside it as text, so it says nothing to a screen reader."""
    return Markup(
        '<svg class="bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/><rect class="fill" width="{}" height="10"/></svg>'
    ).format(bar.kind, max(bar.share, 0.8) if bar.number else 0)


def stacked(found: list[Bar], title: str) -> Markup:
    """All bars in one, end to end, with a title that says the numbers."""
    pieces, x = Markup(), 0.0
    for number, bar in enumerate(found, 1):
        gap = 0.3 if number < len(found) else 0.0
        pieces += Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="10"/>').format(
            bar.kind, x, max(bar.part - gap, 0.2)
        )
        x += bar.part
    words = ", ".join(f"{bar.label}: {bar.number}" for bar in found)
    return Markup(
        '<svg class="stacked" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"'
        ' aria-label="{}: {}">{}</svg>'
    ).format(title, words, pieces)
