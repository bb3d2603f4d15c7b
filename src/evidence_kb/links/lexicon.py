"""The words by which pages give themselves away; ``lexicon.toml`` holds those that ship."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..toml import read_toml

__all__ = ["Lexicon"]

_WORD = re.compile(r"\w+")


class Lexicon(NamedTuple):
    """The words that give a page away; ``lexicon.toml`` holds those that ship."""

    gone: tuple[str, ...]
    parked: tuple[str, ...]
    parking_hosts: tuple[str, ...]
    challenge: tuple[str, ...]
    login: tuple[str, ...]
    consent: tuple[str, ...]
    login_page: tuple[str, ...]
    consent_page: tuple[str, ...]
    error: tuple[str, ...]
    filler: tuple[str, ...]

    @property
    def telling(self) -> frozenset[str]:
        """The longest word of each phrase for a page that is gone: without one, no phrase is there."""
        return frozenset(max(_WORD.findall(phrase), key=len) for phrase in self.gone)

    @classmethod
    def shipped(cls) -> Lexicon:
        """The words that ship."""
        return _shipped()

    def with_gone(self, phrases: Iterable[str]) -> Lexicon:
        """With more phrases for pages that are not there."""
        return self._replace(gone=(*self.gone, *(phrase.lower() for phrase in phrases)))


@cache
def _shipped() -> Lexicon:
    words = read_toml(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    return Lexicon(**{field: tuple(words[field]) for field in Lexicon._fields})
