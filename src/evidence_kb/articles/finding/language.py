"""Which language an article is in: as declared, or told from its commonest words.

Counting two dozen function words per language tells the languages of health articles apart within a
paragraph; the libraries for it bring models of tens of megabytes for languages no one cites here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import islice

from ...toml import read_toml

__all__ = ["UNDETERMINED", "language_of"]

#: The tag of BCP 47 for a text whose language cannot be told.
UNDETERMINED = "und"
_ENOUGH_WORDS = 20_000
#: So many common words of another language than the declared one, and so many times as many as of that,
#: are believed: templates and word processors declare their own language, whatever is written in them.
_CERTAIN, _MORE = 30, 5
_WORD = re.compile(r"[^\W\d_]+")


def language_of(texts: Iterable[str], declared: str = "") -> str:
    """The primary language subtag (BCP 47) of some texts: as declared, unless their words say otherwise.

    >>> language_of(["Tee hilft nicht bei Kopfschmerz, und das ist bekannt."])
    'de'
    >>> language_of([], declared="en-GB")
    'en'
    >>> language_of(["42"])
    'und'
    """
    primary = re.split(r"[-_]", declared.strip().lower(), maxsplit=1)[0]
    primary = str(_lexicon()["names"].get(primary, primary))
    known = len(primary) == 2 and primary.isascii() and primary.isalpha()
    counts = Counter(islice((word for text in texts for word in _words(text)), _ENOUGH_WORDS))
    scores = {
        language: sum(counts[word] for word in words) for language, words in _lexicon()["words"].items()
    }
    if not any(scores.values()):
        scores = {language: _fitting(counts, forms) for language, forms in _lexicon()["endings"].items()}
    best = max(scores, key=lambda language: scores[language])
    if known and not (
        primary in scores and scores[best] >= _CERTAIN and scores[best] > _MORE * scores[primary]
    ):
        return primary
    return (
        best if scores[best] > 0 and list(scores.values()).count(scores[best]) < len(scores) else UNDETERMINED
    )


def _fitting(counts: Counter[str], forms: Iterable[str]) -> int:
    """How many words have one of the endings (``*ung``) or letters (``ß``)."""
    endings = tuple(form[1:] for form in forms if form.startswith("*"))
    letters = [form for form in forms if not form.startswith("*")]
    return sum(
        count
        for word, count in counts.items()
        if (len(word) > 3 and word.endswith(endings)) or any(letter in word for letter in letters)
    )


def _words(text: str) -> Iterable[str]:
    return (match[0].lower() for match in _WORD.finditer(text))


@cache
def _lexicon() -> dict[str, dict[str, list[str]]]:
    return read_toml(resources.files(__package__).joinpath("language.toml").read_text(encoding="utf-8"))
