"""``kb.toml``: where a knowledge base is, and what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from .errors import InputError, UsageError, nearest
from .toml import read_toml
from .vocabulary import PREFIXES, Severity

__all__ = ["Config", "find_folder", "read_config"]

FILE_NAME = "kb.toml"
_BASE = "https://example.org/kb/"
_KEYS: Mapping[str, tuple[str, ...] | None] = {
    "knowledge-base": ("base", "name", "languages"),
    "prefixes": None,
    "audit": ("fail-on", "off"),
    "links": None,
}


class Config(NamedTuple):
    """What ``kb.toml`` says.

    :param folder: the folder the knowledge base lies in.
    :param base: the IRI that the IRIs of its data begin with.
    :param languages: the languages every claim must be stated in, first one first.
    :param prefixes: prefixes for its data, beside the vocabulary's.
    :param fail_on: the least severe finding that makes an audit fail; ``None`` for never.
    :param rules_off: audit rules that are switched off, each with the reason.
    :param warnings: what was not understood and was passed over.
    :param links: the table of the link check, which reads it itself.
    """

    folder: Path
    base: str = _BASE
    name: str = ""
    languages: tuple[str, ...] = ("en",)
    prefixes: Mapping[str, str] = MappingProxyType({})
    fail_on: Severity | None = Severity.ERROR
    rules_off: Mapping[str, str] = MappingProxyType({})
    warnings: tuple[str, ...] = ()
    links: Mapping[str, object] = MappingProxyType({})

    @property
    def file(self) -> Path:
        """The file this was read from."""
        return self.folder / FILE_NAME


def find_folder(start: Path) -> Path:
    """The knowledge base that ``start`` lies in: the nearest ``kb.toml`` there, in ``kb/``, or above.

    :raises UsageError: there is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        for candidate in (folder, folder / "kb"):
            if (candidate / FILE_NAME).is_file():
                return candidate
    raise UsageError(
        f"no knowledge base here: no {FILE_NAME} in {start.resolve()}, its kb/ folder or above; "
        "name one with --kb DIR, or make one with 'kb init DIR'"
    )


def given_folder(given: Path) -> Path:
    """The knowledge base a user named: its folder, its ``kb.toml``, or the folder around ``kb/``.

    :raises UsageError: there is none.
    """
    for candidate in (given, given / "kb", given.parent if given.name == FILE_NAME else given):
        if (candidate / FILE_NAME).is_file():
            return candidate
    if not given.exists():
        raise UsageError(f"{given} does not exist")
    raise UsageError(f"{given} is no knowledge base: it has no {FILE_NAME}; make one with 'kb init {given}'")


def read_config(folder: Path) -> Config:
    """The settings of the knowledge base in ``folder``.

    :raises InputError: ``kb.toml`` is missing, unreadable or says something impossible.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("is missing; 'kb init' makes one", path) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8; save the file as UTF-8", path) from None
    try:
        data = read_toml(text)
    except ValueError as error:  # tomllib's
        found = re.search(r"(.*) \(at line (\d+), column \d+\)", str(error))
        at_end = text.rstrip().count("\n") + 1
        what, line = (found[1], int(found[2])) if found else (str(error), at_end)
        raise InputError(f"broken TOML: {what}", path, line) from None
    return _Reader(path, text, data).config()


class _Reader:
    """Checks the values of one file, and knows on which line each key stands."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self._path, self._text, self._data = path, text, data

    def config(self) -> Config:
        own, audit = self._table("knowledge-base"), self._table("audit")
        return Config(
            self._path.parent,
            self._base(own),
            self._string(own, "name", ""),
            self._languages(own),
            self._prefixes(),
            self._fail_on(audit),
            self._rules_off(audit),
            tuple(self._unknown_keys()),
            self._table("links"),
        )

    def _wrong(self, key: str, what: str) -> InputError:
        found = re.search(rf"^\s*\[*\s*[\"']?{re.escape(key)}\b", self._text, re.M)
        line = self._text[: found.end()].count("\n") + 1 if found else None
        return InputError(f"{key} {what}", self._path, line)

    def _table(self, name: str) -> dict[str, Any]:
        table = self._data.get(name, {})
        if not isinstance(table, dict):
            raise self._wrong(name, f"must be a table: [{name}]")
        return table

    def _string(self, table: dict[str, Any], key: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "must be a text in quotes")
        return value

    def _base(self, own: dict[str, Any]) -> str:
        base = self._string(own, "base", _BASE)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`]+[/#]", base):
            raise self._wrong("base", f"must be an absolute IRI that ends in / or #, not {base!r}")
        return base

    def _languages(self, own: dict[str, Any]) -> tuple[str, ...]:
        languages = own.get("languages", ["en"])
        if (
            not isinstance(languages, list)
            or not languages
            or not all(isinstance(tag, str) and re.fullmatch(r"[a-z]{2,8}", tag) for tag in languages)
        ):
            raise self._wrong("languages", 'must list language tags, such as ["de", "en"]')
        return tuple(languages)

    def _prefixes(self) -> dict[str, str]:
        prefixes = self._table("prefixes")
        for prefix, namespace in prefixes.items():
            if not isinstance(namespace, str) or "://" not in namespace:
                raise self._wrong(prefix, "must be an IRI in quotes")
            if PREFIXES.get(prefix, namespace) != namespace:
                raise self._wrong(prefix, f"is taken: it stands for {PREFIXES[prefix]}")
        return prefixes

    def _fail_on(self, audit: dict[str, Any]) -> Severity | None:
        word = audit.get("fail-on", "error")
        if word == "never":
            return None
        if word not in {"error", "warning"}:
            raise self._wrong("fail-on", f'must be "error", "warning" or "never", not {word!r}')
        return Severity(word)

    def _rules_off(self, audit: dict[str, Any]) -> dict[str, str]:
        entries = audit.get("off", [])
        off = {}
        for entry in entries if isinstance(entries, list) else [None]:
            rule = entry.get("rule") if isinstance(entry, dict) else None
            reason = entry.get("reason") if isinstance(entry, dict) else None
            if not isinstance(rule, str) or not isinstance(reason, str) or not reason.strip():
                raise self._wrong("audit.off", 'needs rule = "…" and reason = "…"')
            off[rule] = reason
        return off

    def _unknown_keys(self) -> list[str]:
        warnings = []
        for table, keys in _KEYS.items():
            for key in self._table(table) if keys is not None else ():
                if keys is not None and key not in keys:
                    warnings.append(self._unknown(f"[{table}] {key}", key, keys))
        return warnings + [self._unknown(f"[{key}]", key, _KEYS) for key in self._data if key not in _KEYS]

    def _unknown(self, shown: str, key: str, known: Any) -> str:
        close = nearest(key, known, most=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        return f"{self._path}: {shown} is not known and is passed over{meant}"
