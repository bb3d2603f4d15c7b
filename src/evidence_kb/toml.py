"""Reading TOML: plain files at once, all others by the standard library."""

from __future__ import annotations

from json import JSONDecodeError, loads

__all__ = ["read_toml"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read_toml(text: str) -> dict[str, Any]:
    """What TOML text says.

    :raises tomllib.TOMLDecodeError: it is no TOML.
    """
    plain = _plain(text)
    if plain is not None:
        return plain
    import tomllib

    return tomllib.loads(text)


def _plain(text: str) -> dict[str, Any] | None:
    """Tables of strings, truth values and lists of strings; ``None`` if there is anything else.

    A kb.toml holds little else, and importing tomllib takes longer than answering most queries.
    """
    data: dict[str, Any] = {}
    table = data
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip(" \t")
        if not line.replace("\t", " ").isprintable():
            return None
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            name = line[1:-1]
            if line[-1] != "]" or not _is_bare(name) or name in data:
                return None
            table = data[name] = {}
            continue
        key, equals, value = line.partition("=")
        key, value = key.rstrip(" \t"), value.lstrip(" \t")
        read = _value(value)
        if not equals or not _is_bare(key) or key in table or read is None:
            return None
        table[key] = read
    return data


def _is_bare(key: str) -> bool:
    return key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()


def _value(text: str) -> str | bool | list[str] | None:
    if text in {"true", "false"}:
        return text == "true"
    if "\\" in text or text[:1] not in {'"', "["} or "\x7f" in text:
        return None
    try:
        value = loads(text)  # a string without escapes, and a list of them, is JSON as well
    except JSONDecodeError:
        return None
    strings = value if isinstance(value, list) else [value]
    return value if all(isinstance(one, str) for one in strings) else None
