"""Where the shipped ontology and queries lie: inside the installed package, or in the repository."""

from __future__ import annotations

from pathlib import Path

__all__ = ["ontology_folder", "queries_folder"]

_PACKAGE = Path(__file__).resolve().parent


def ontology_folder() -> Path:
    """The folder of ``evidence.ttl``, ``codes.ttl`` and ``shapes.ttl``."""
    return _folder("ontology")


def queries_folder() -> Path:
    """The folder of the shipped questions; the audit's rules are in its ``checks/``."""
    return _folder("queries")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name
