"""What a draft proposes to the curator: is a sentence worth checking, of what category, how firmly worded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..finding.lexicon import Lexicon
from ..finding.worth import judge

__all__ = ["Proposal", "propose", "wording_of"]

_WORDINGS = Path(__file__).parent / "wording.toml"


@dataclass(frozen=True)
class Proposal:
    """A first guess, for a curator to confirm.

    :param worthy: whether the sentence says something that could be checked.
    :param category: a word of the code list categories.
    :param wording: a word of the code list wordings.
    """

    worthy: bool
    category: str | None
    wording: str


def propose(sentence: str, language: str) -> Proposal:
    """What a sentence seems to be."""
    judged = judge(sentence, language)
    return Proposal(judged.worthy, judged.category, wording_of(sentence, language))


def wording_of(sentence: str, language: str) -> str:
    """How firmly a sentence is worded: hedges weigh more than boosters ("may be clearly better" is hedged).

    >>> wording_of("Massage kann bei manchen helfen.", "de"), wording_of("Tea always helps.", "en")
    ('hedged', 'strong')
    """
    found = _wordings(language).names(sentence)
    return "hedged" if "hedged" in found else "strong" if "strong" in found else "neutral"


@cache
def _wordings(language: str) -> Lexicon:
    tables = tomllib.loads(_WORDINGS.read_text(encoding="utf-8"))
    return Lexicon(tables.get(language) or tables["en"])
