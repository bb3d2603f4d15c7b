"""Fingerprints of texts that stay close when the text changes a little.

Charikar, "Similarity estimation techniques from rounding algorithms" (STOC 2002): 64 bits from the hashes of
word triples. Numbers, dates and repeated lines weigh nothing, so that counters and calendars do not count.
"""

from __future__ import annotations

import re

__all__ = ["distance", "fingerprint"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_BITS = 64
_SPREAD = [sum((byte >> bit & 1) << 32 * bit for bit in range(8)) for byte in range(256)]


def fingerprint(text: str) -> str | None:
    """Sixteen hexadecimal digits; ``None`` where there are too few words to tell texts apart.

    >>> fingerprint("too short") is None
    True
    """
    from hashlib import blake2b  # slow to import, and seldom needed for plain lists

    words = _WORD.findall(text.lower())
    shingles = {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}
    if len(shingles) < 30:
        return None
    # Each bit has a lane of 32 bits in one large number, so that an addition counts eight bits at once.
    lanes = [0] * (_BITS // 8)
    for shingle in shingles:
        for place, byte in enumerate(blake2b(shingle.encode(), digest_size=8).digest()):
            lanes[place] += _SPREAD[byte]
    half = len(shingles) / 2
    bits = "".join(
        "1" if (lane >> 32 * bit & 0xFFFFFFFF) > half else "0" for lane in lanes for bit in range(7, -1, -1)
    )
    return f"{int(bits, 2):016x}"


def distance(one: str, other: str) -> float:
    """How far two fingerprints are apart: 0 the same, about 0.5 for unrelated texts.

    >>> distance("00000000000000ff", "0000000000000000")
    0.125
    """
    return (int(one, 16) ^ int(other, 16)).bit_count() / _BITS
