"""Text for people: colour where there is a terminal, tables that fit it, bars."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import zip_longest

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
    total = total or (width() if sys.stdout.isatty() else 160)
    widths = _widths(columns, rows, total)
    lines = [_line(columns, widths), "  ".join("─" * w for w in widths)]
    for row in rows:
        cells = [_wrapped(clean(cell), w) for cell, w in zip(row, widths, strict=True)]
        lines += [_line(line, widths) for line in zip_longest(*cells, fillvalue="")]
    return "\n".join(lines)


def clean(text: str) -> str:
    """``text`` without characters that would steer a terminal."""
    if text.isprintable():
        return text
    return "".join(" " if c in "\n\r\t" else c for c in text if c in "\n\r\t" or c.isprintable())


def _wrapped(cell: str, columns: int) -> list[str]:
    """``cell`` in lines of at most ``columns`` characters, broken at blanks, hyphens, or where it must."""
    # textwrap does this too, at the price of a tenth of the whole process.
    lines = []
    rest = cell.strip()
    while len(rest) > columns:
        cut = rest.rfind(" ", 0, columns + 1)
        if cut <= 0:
            cut = rest.rfind("-", 0, columns) + 1 or columns
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest or not lines else lines


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """Widths that fit ``total``: the widest columns give way first, names last, for they are copied."""
    cells = [[name, *(row[i] for row in rows)] for i, name in enumerate(columns)]
    widths = [max(1, *map(len, column)) for column in cells]
    whole = [min(_longest_word(column), 30) for column in cells]
    _shave(widths, total - 2 * (len(columns) - 1), whole)
    _shave(widths, total - 2 * (len(columns) - 1), [8] * len(columns))
    return widths


def _longest_word(cells: Sequence[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=1)


def _shave(widths: list[int], room: int, least: Sequence[int]) -> None:
    """Make columns narrower, the widest first, until they fit or have their least width."""
    while sum(widths) > room:
        free = [i for i, w in enumerate(widths) if w > least[i]]
        if not free:
            return
        widest = max(free, key=widths.__getitem__)
        next_widest = max((widths[i] for i in free if i != widest), default=0)
        target = max(next_widest if next_widest < widths[widest] else widths[widest] - 1, least[widest])
        widths[widest] -= min(widths[widest] - target, sum(widths) - room)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(w + len(cell) - _columns(cell)) for cell, w in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _columns(text: str) -> int:
    if text.isascii() or max(text) < "\u0300":  # below it every character takes one column
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
