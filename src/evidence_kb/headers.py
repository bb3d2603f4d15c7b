"""The ``#+`` headers of query files: YAML behind ``#+``, as grlc has it.

A file says itself what it answers, what it takes and what it gives, in English and German.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import JSONDecodeError, loads
from pathlib import Path

from .errors import InputError

TYPE_CHECKING = False  # importing typing costs more than reading a header
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Text", "read_header", "read_query", "text_of"]

_PAIR = re.compile(r"( *)([A-Za-z_][\w-]*):(?: +(.+))?")
_NO_STRINGS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))

#: A text in several languages, by language tag.
Text = Mapping[str, str]


def read_query(path: Path) -> str:
    """The text of a query file.

    :raises InputError: it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8; save the file as UTF-8", path) from None


def read_header(text: str, path: object) -> dict[str, Any]:
    """The header of a query, empty where it has none.

    :raises InputError: the header is no YAML mapping, with the line.
    """
    lines = text.split("\n")
    # Lines that are no header become blank ones, so that YAML's line numbers are the file's.
    header = "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in lines)
    if not header.strip():
        return {}
    plain = _plain_header(lines)
    if plain is not None:
        return plain
    import yaml

    try:
        loaded = yaml.load(header, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(
            f"the #+ header is no YAML: {error.problem}", path, mark.line + 1 if mark else None
        ) from None
    except yaml.YAMLError as error:
        raise InputError(f"the #+ header is no YAML: {error}", path) from None
    if not isinstance(loaded, dict):
        raise InputError("the #+ header must be 'key: value' lines", path, 1)
    return loaded


def text_of(value: object, language: str) -> str:
    """``value`` in a language: a text in several languages, or one text for all."""
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("en") or next(iter(value.values()), ""))
    return "" if value is None else str(value)


def _plain_header(lines: list[str]) -> dict[str, Any] | None:
    """A header whose values are words or JSON (which is YAML too); ``None`` if it is anything else.

    The shipped files are written so, because importing PyYAML takes longer than answering most queries.
    """
    header: dict[str, Any] = {}
    for line in lines:
        if not line.startswith("#+"):
            continue
        found = _PAIR.fullmatch(line[2:].removeprefix(" ").rstrip())
        if not found:
            return None
        indent, key, value = found.groups()
        inner = next(reversed(header.values()), None) if indent else header
        if not isinstance(inner, dict) or len(indent) not in {0, 2} or key in inner:
            return None
        try:
            inner[key] = {} if value is None else value if _is_word(value) else loads(value)
        except JSONDecodeError:
            return None
    return header


def _is_word(value: str) -> bool:
    """Whether YAML reads it as the string it looks like."""
    letters = value.replace("-", "")
    plain = letters.isascii() and letters.isalpha() and value[0] != "-"
    return plain and value.lower() not in _NO_STRINGS
