"""What an editor is told about an article, in the language asked; the sentences: ``article_notes.toml``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from ...toml import read_toml

__all__ = ["told"]

_CHANGING = re.compile(r"\{(\w+)\}")


def told(message: str, language: str) -> str:
    """The message of a `Problem` in a language; as it is where there is no sentence for it.

    >>> told("the source list goes up to 7 without 3–4", "de")
    'das Quellenverzeichnis geht bis 7, es fehlt: 3–4'
    """
    for pattern, sentences in _sentences():
        found = pattern.fullmatch(message)
        if found and language in sentences:
            values = {
                name: told(words, language) if name == "note" else words
                for name, words in found.groupdict().items()
            }
            return sentences[language].format(**values)
    return message


@cache
def _sentences() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    text = files(__package__).joinpath("article_notes.toml").read_text(encoding="utf-8")
    return [(_pattern(note["en"]), note) for note in read_toml(text)["note"]]


def _pattern(sentence: str) -> re.Pattern[str]:
    """What matches the sentence with anything in its changing places."""
    pieces = _CHANGING.split(sentence)
    parts = (f"(?P<{piece}>.+)" if i % 2 else re.escape(piece) for i, piece in enumerate(pieces))
    return re.compile("".join(parts), re.S)
