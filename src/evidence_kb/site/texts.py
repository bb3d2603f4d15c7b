"""Text from data, made fit to be shown: nothing in it steers the page, and only web addresses are links.

Templates escape what they print; this takes out what escaping leaves: control characters, and the
characters that turn the direction of everything behind them (https://www.w3.org/International/questions/qa-bidi-unicode-controls).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["clean", "cut", "web_address"]

_GONE = dict.fromkeys(
    [
        *range(0x09),
        *(0x0B, 0x0C),
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),  # embeddings and overrides
        *range(0x2066, 0x206A),  # isolates
        *(0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF),
    ]
) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")

_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0<>\"\\^`{|}\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(value: object) -> object:
    """``value``; a plain text without characters that would steer the page."""
    if type(value) is not str or value.isprintable():
        return value
    return value.translate(_GONE)


def cut(text: str, most: int = 300) -> str:
    """``text`` in at most ``most`` characters, for lists.

    >>> cut("a long text", 7)
    'a long…'
    """
    text = text if text.isprintable() else text[: most * 4].translate(_GONE)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def web_address(text: str) -> str | None:
    """``text`` if it is a web address that may be a link, else ``None``.

    One with a user's name in it is none: ``https://bank.example@elsewhere.example`` is there to deceive.

    >>> web_address("javascript:alert(1)") is None
    True
    """
    if _IN_ADDRESS.search(text) or len(text) > 4000:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    return text if good and "…" not in text else None
