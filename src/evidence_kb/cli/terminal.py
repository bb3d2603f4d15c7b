"""Text for people: colour where there is a terminal, tables that fit it, bars."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

__all__ = ["bar", "label", "paint", "table", "warn", "width"]

_COLOURS = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}


def paint(text: str, *styles: str) -> str:
    """``text`` in colour, where standard output is a terminal that wants it (https://no-color.org)."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    codes = ";".join(_COLOURS[style] for style in styles)
    return f"\x1b[{codes}m{text}\x1b[0m"


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def warn(line: str) -> None:
    """A line for the user that is no data: to standard error."""
    print(f"kb: {line}", file=sys.stderr)


def bar(count: int, most: int, columns: int = 30) -> str:
    """A bar of up to ``columns`` characters; anything above zero shows at least a sliver."""
    eighths = round(count / most * columns * 8) if most else 0
    eighths = max(eighths, 1) if count else 0
    full, rest = divmod(eighths, 8)
    return "█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")


def label(text: str, columns: int) -> str:
    """``text`` cut to a number of columns."""
    return text if len(text) <= columns else text[: max(columns - 1, 1)] + "…"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], total: int | None = None) -> str:
    """A table that fits ``total`` columns (the terminal's): long cells wrap, short ones stay whole."""
    if not columns:
        return ""
    import textwrap

    total = total or (width() if sys.stdout.isatty() else 160)
    widths = _widths(columns, rows, total)
    lines = [_line(columns, widths), "  ".join("─" * w for w in widths)]
    for row in rows:
        cells = [
            textwrap.wrap(clean(cell), w, break_on_hyphens=False) or [""]
            for cell, w in zip(row, widths, strict=True)
        ]
        height = max(map(len, cells))
        lines += [_line([cell[i] if i < len(cell) else "" for cell in cells], widths) for i in range(height)]
    return "\n".join(lines)


def clean(text: str) -> str:
    """``text`` without characters that would steer a terminal."""
    return "".join(" " if c in "\n\r\t" else c for c in text if c in "\n\r\t" or c.isprintable())


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> list[int]:
    natural = [
        max(len(name), *(len(row[i]) for row in rows), 1) if rows else len(name)
        for i, name in enumerate(columns)
    ]
    room = max(total - 2 * (len(columns) - 1), 8 * len(columns))
    widths = list(natural)
    while sum(widths) > room:  # shave the widest column first, so that short ones stay readable
        widest = max(range(len(widths)), key=widths.__getitem__)
        others = sorted(widths, reverse=True)
        second = others[1] if len(others) > 1 else 0
        cut = max(1, min(widths[widest] - second, sum(widths) - room))
        if widths[widest] - cut < 8:
            break
        widths[widest] -= cut
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * max(w - _columns(cell), 0) for cell, w in zip(cells, widths, strict=True)
    ).rstrip()


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
