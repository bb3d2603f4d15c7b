"""A prefix for a new article in ``kb.toml``, the rest of the file left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...errors import InputError
from ...files import locked, write_atomically
from ...vocabulary import PREFIXES

__all__ = ["add_prefix", "prefix_for"]


def prefix_for(prefixes: Mapping[str, str], slug: str, namespace: str) -> str:
    """The prefix that stands for ``namespace``, or one that is free for it."""
    for prefix, known in prefixes.items():
        if known == namespace:
            return prefix
    first = slug if slug[0].isalpha() else f"a-{slug}"  # a prefix begins with a letter
    candidate, number = first, 1
    while candidate in prefixes or candidate in PREFIXES:
        number += 1
        candidate = f"{first}-{number}"
    return candidate


def add_prefix(file: Path, prefix: str, namespace: str) -> None:
    """Declare a prefix in a ``kb.toml``, if nothing stands for the namespace yet; one run at a time.

    :raises InputError: the file cannot be read or written.
    """
    with locked(file.parent):
        _add_prefix(file, prefix, namespace)


def _add_prefix(file: Path, prefix: str, namespace: str) -> None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        before = file.read_bytes().decode("utf-8-sig")
        document = tomlkit.parse(before)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise InputError(f"cannot be read ({error})", file) from None
    table = document.get("prefixes")
    if table is None:
        table = document["prefixes"] = tomlkit.table()
    if namespace in table.values():
        return
    table[prefix_for(table, prefix, namespace)] = namespace  # another run may have taken it meanwhile
    write_atomically(file, tomlkit.dumps(document))
