"""What ``[links]`` in ``kb.toml`` says: how to ask, what to leave alone, when a death is believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from .standing import REACHED, Record, Rules

__all__ = ["Ignore", "LinkSettings", "read_settings"]

_NUMBERS = ("failures", "days", "recheck-alive-days", "recheck-others-days")
_KEYS = (*_NUMBERS, "contact", "canary", "gone-phrases", "ignore")


class Ignore(NamedTuple):
    """Addresses that are not asked, why, and until when."""

    pattern: str
    reason: str
    until: date | None

    def covers(self, url: str) -> bool:
        """Whether the pattern, in which ``*`` stands for anything, is the whole address."""
        return fnmatchcase(url, self.pattern)

    def expired(self, today: date) -> bool:
        """Whether its last day has gone by."""
        return self.until is not None and today > self.until


class LinkSettings(NamedTuple):
    """The link check's settings.

    :param contact: whom a site's owner can write to; goes into the User-Agent.
    :param recheck_alive: days after which a live address is asked again.
    :param recheck_others: days after which any other is.
    """

    contact: str = ""
    canary: str = "example.com"
    gone_phrases: tuple[str, ...] = ()
    rules: Rules = Rules()
    recheck_alive: float = 7.0
    recheck_others: float = 1.0
    ignore: tuple[Ignore, ...] = ()

    def user_agent(self, version: str) -> str:
        """An honest name, with the contact where there is one."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"evidence-kb/{version} (link check{contact})"

    def due(self, record: Record, now: datetime) -> bool:
        """Whether an address is to be asked again."""
        days = self.recheck_alive if record.verdict in REACHED else self.recheck_others
        return now - record.last_checked >= timedelta(days=days) or now < record.last_checked

    def ignored(self, url: str, now: datetime) -> Ignore | None:
        """The rule by which an address is left alone today."""
        today = now.astimezone(UTC).date()
        return next((r for r in self.ignore if r.covers(url) and not r.expired(today)), None)


def read_settings(table: Mapping[str, object], file: Path) -> LinkSettings:
    """The settings in the table ``[links]``.

    :raises InputError: a value is of the wrong kind, or a key is not known.
    """

    def wrong(key: str, what: str) -> InputError:
        line = next((n for n, t in enumerate(_lines(file), 1) if t.lstrip("[ ").startswith(key)), None)
        return InputError(f"[links] {key} {what}", file, line)

    numbers = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise wrong(key, f"is not known; there are {', '.join(_KEYS)}")
        if key in _NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise wrong(key, "must be a number, not below 0")
            numbers[key] = float(value)
    for key in ("contact", "canary"):
        if not isinstance(table.get(key, ""), str):
            raise wrong(key, "must be a text in quotes")
    phrases = table.get("gone-phrases", [])
    if not isinstance(phrases, list) or not all(isinstance(one, str) for one in phrases):
        raise wrong("gone-phrases", "must be a list of texts")
    entries = table.get("ignore", [])
    ignore = []
    for entry in entries if isinstance(entries, list) else [None]:
        rule = _ignore(entry)
        if rule is None:
            raise wrong(
                "ignore", 'needs address = "https://…", reason = "…", and may have until = 2027-01-31'
            )
        ignore.append(rule)
    default = LinkSettings()
    return LinkSettings(
        str(table.get("contact", "")),
        str(table.get("canary", default.canary)),
        tuple(phrases),
        Rules(int(numbers.get("failures", Rules().failures)), numbers.get("days", Rules().days)),
        numbers.get("recheck-alive-days", default.recheck_alive),
        numbers.get("recheck-others-days", default.recheck_others),
        tuple(ignore),
    )


def _ignore(entry: object) -> Ignore | None:
    if not isinstance(entry, dict):
        return None
    address, reason, until = (entry.get(key) for key in ("address", "reason", "until"))
    if not isinstance(address, str) or not isinstance(reason, str) or not reason.strip():
        return None
    if isinstance(until, datetime):
        until = until.date()
    if until is not None and not isinstance(until, date):
        return None
    return Ignore(address, reason, until)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        return []
