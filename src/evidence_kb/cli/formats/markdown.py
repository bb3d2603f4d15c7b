"""Putting data into Markdown."""

from __future__ import annotations

import re

__all__ = ["escape"]


def escape(text: str) -> str:
    """``text`` on one line, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
