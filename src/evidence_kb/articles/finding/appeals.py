"""Finding appeals: words that lean on research or experts without saying which."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from ...errors import InputError
from ...toml import read_toml
from .lexicon import Lexicon

__all__ = ["appeal_lexicon", "appeals_in"]

_APPEAL, _NONE = "appeal", "none"


def appeals_in(text: str, lexicon: Lexicon) -> list[str]:
    """The cues in a sentence, as printed, from left to right.

    Words that only read like one ("our data show", "data not shown") are told by ``no_appeals.toml``.

    >>> appeals_in("Tee hilft, das ist wissenschaftlich belegt.", appeal_lexicon("de"))
    ['wissenschaftlich belegt']
    """
    return [cue for name, cue in lexicon.find(text) if name == _APPEAL]


def appeal_lexicon(language: str, extra: Sequence[Path] = ()) -> Lexicon:
    """The cues of a language; of all languages where the lexicon lacks it.

    :param extra: more lexicon files of the same form: lists of patterns by language.
    :raises InputError: such a file cannot be read, or holds anything else.
    """
    if not extra:
        return _shipped(language)
    patterns = _of_language(_shipped_patterns("appeals.toml"), language)
    for path in extra:
        patterns += _of_language(_read(path), language)
    return _lexicon(patterns, language)


@cache
def _shipped(language: str) -> Lexicon:
    return _lexicon(_of_language(_shipped_patterns("appeals.toml"), language), language)


def _lexicon(patterns: list[str], language: str) -> Lexicon:
    """The cues; of two that fit as many words, what is no appeal comes first."""
    return Lexicon({_NONE: _of_language(_shipped_patterns("no_appeals.toml"), language), _APPEAL: patterns})


@cache
def _shipped_patterns(name: str) -> dict[str, list[str]]:
    return read_toml(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _of_language(patterns: dict[str, list[str]], language: str) -> list[str]:
    if language in patterns or language in _shipped_patterns("appeals.toml"):
        return list(patterns.get(language, []))
    return [pattern for some in patterns.values() for pattern in some]


def _read(path: Path) -> dict[str, list[str]]:
    example = 'write lists of patterns by language, such as de = ["studien … zeig*"]'
    try:
        data = read_toml(path.read_text(encoding="utf-8"))
        for language, patterns in data.items():
            if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
                raise InputError(f"{path}: {language} is no list of patterns; {example}")
            Lexicon({language: patterns})
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{path}: {error}; {example}") from error
    return data
