"""Where the browser bundles are that ``make frontend`` and the wheel's build make; they may be missing."""

from __future__ import annotations

from pathlib import Path

__all__ = ["bundle", "bundles"]

_FOLDER = Path(__file__).resolve().parents[1] / "_frontend"
_PICTURE = ("picture-graph.js", "licences.txt")
_QUERY = ("query-editor.js",)


def bundle(name: str) -> Path | None:
    """The bundle of that name, or ``None`` where it was not built."""
    path = _FOLDER / name
    return path if path.is_file() else None


def bundles(*, live: bool) -> dict[str, Path]:
    """The bundles that pages ask for, by name; the query editor only where queries are answered."""
    found = ((name, bundle(name)) for name in (*_PICTURE, *(_QUERY if live else ())))
    return {name: path for name, path in found if path is not None}
