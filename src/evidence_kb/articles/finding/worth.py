"""Judging a sentence: whether it says something that could be checked, and what kind of statement it makes.

A proposal for the curator, no verdict: the words it goes by are data (``worth.toml``), the categories those
of the code list ``code:categories``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ...toml import read_toml
from .lexicon import Lexicon

__all__ = ["Judgement", "categories", "judge"]

_FEWEST_WORDS = 5
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:%|‰|mg|g|kg|ml|mm|cm|m|km|kcal|Prozent|percent|mal|times)\b|\d\s?%"
)
_ANY_FIGURE = re.compile(r"(?<![\w\[【])\d")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a sentence seems to be.

    :param worthy: whether it says something that could be checked.
    :param category: a term of ``code:categories``; ``None`` where no word tells one.
    """

    worthy: bool
    category: str | None


def judge(sentence: str, language: str) -> Judgement:
    """Whether a sentence is worth checking, and its category.

    >>> judge("Grüner Tee lindert Kopfschmerzen besser als Kaffee.", "de")
    Judgement(worthy=True, category='treatment-effect')
    >>> judge("Willst du mehr wissen?", "de").worthy
    False
    """
    lexicon = _lexicon(language)
    found = Counter(name for name, _ in lexicon.find(sentence))
    talk, checkable = found.pop("talk", 0), found.pop("checkable", 0)
    if "%" in sentence:
        found["prevalence"] += 1
    category = (
        max(found, key=lambda name: (found[name], -categories(language).index(name))) if found else None
    )
    if talk or sentence.rstrip().endswith("?") or len(sentence.split()) < _FEWEST_WORDS:
        return Judgement(False, category)
    figures = bool(_FIGURE.search(sentence)) * 2 + bool(_ANY_FIGURE.search(sentence))
    strong = sum(found[name] for name in found if name not in {"definition", "anatomy", "product"})
    return Judgement(strong + checkable + figures >= 1 or sum(found.values()) >= 2, category)


@cache
def categories(language: str) -> list[str]:
    """The categories that can be proposed for a language, the likelier of two equal ones first."""
    return list(_data().get(language) or _data()["en"])


@cache
def _lexicon(language: str) -> Lexicon:
    known = language if language in _data() else "en"
    data = _data()
    return Lexicon({**data[known], "checkable": data["checkable"][known], "talk": data["talk"][known]})


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return read_toml(resources.files(__package__).joinpath("worth.toml").read_text(encoding="utf-8"))
