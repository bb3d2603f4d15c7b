"""The texts of pages, in German and English: ``words.toml`` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "Words", "pattern_in", "words_in"]

LANGUAGES = ("de", "en")

#: ``t("claims.count", n=3)``: the text of a key, with its values in place.
Words = Callable[..., str]


@cache
def words_in(language: str) -> Words:
    """The texts of one language.

    A text with a bar is two: ``"{n} claim|{n} claims"``, for one and for any other ``n``.
    """

    def say(key: str, **values: object) -> str:
        text = pattern_in(language, key)
        if "|" in text:
            one, _, many = text.partition("|")
            text = one if values.get("n") == 1 else many
        return text.format(**{k: _shown(v, language) for k, v in values.items()}) if values else text

    return say


def pattern_in(language: str, key: str) -> str:
    """A text as it is written, with its bar and places for values: for scripts, which fill them in."""
    return _texts(language)[key]


@cache
def _texts(language: str) -> dict[str, str]:
    return {f"{table}.{key}": both[language] for table, keys in _read().items() for key, both in keys.items()}


def _shown(value: object, language: str) -> object:
    """A number with its thousands set apart as the language does."""
    if isinstance(value, int):
        text = f"{value:,}"
        return text.replace(",", ".") if language == "de" else text
    return value


@cache
def _read() -> dict[str, dict[str, dict[str, str]]]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return tomllib.load(file)
