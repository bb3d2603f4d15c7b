"""Short, stable names: of articles (slugs), of works, and the numbered ones of claims, marks and passages."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from ...errors import UsageError
from ...vocabulary import PREFIXES

__all__ = ["Names", "check_slug", "slug_of"]

_SLUG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_LONGEST = 60
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "&": " "}
)
#: Folders beside the articles' that mean something else.
_TAKEN = {"queries"}


def slug_of(text: str, longest: int = 40) -> str:
    """``text`` as a name: lower case letters, digits and hyphens, cut at a word's end; ``""`` for none.

    >>> slug_of("Lendenwirbelsäule-Schmerzen: Wenn der Rücken das Kommando übernimmt")
    'lendenwirbelsaeule-schmerzen-wenn-der'
    """
    spelt = text.casefold().translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:longest]
        if len(longer) > longest:
            break
        slug = longer
    return slug


def article_slug(title: str) -> str:
    """The slug an article gets from its title where the user gives none."""
    slug = slug_of(title) or "article"
    return slug if slug[0].isalpha() and slug not in PREFIXES and slug not in _TAKEN else f"article-{slug}"


def check_slug(slug: str) -> str:
    """``slug``, if a folder and a prefix can be called that.

    :raises UsageError: they cannot.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST:
        close = slug_of(slug, _LONGEST)
        meant = f"; {close!r} would do" if close else ""
        raise UsageError(
            f"--slug {slug!r}: a slug is made of letters a to z, digits and hyphens, "
            f"and has at most {_LONGEST} characters{meant}"
        )
    if slug in PREFIXES or slug in _TAKEN:
        raise UsageError(f"--slug {slug!r} stands for something else already; choose another")
    return slug


class Names:
    """The IRIs of one article's things, none given twice.

    >>> names = Names("https://example.org/kb/tea/", ["claim-7", "entry-3"])
    >>> names.next("claim"), names.free("entry-3")
    ('https://example.org/kb/tea/claim-8', 'https://example.org/kb/tea/entry-3-2')

    :param namespace: what they begin with.
    :param taken: what stands behind it in the IRIs there are.
    """

    def __init__(self, namespace: str, taken: Iterable[str] = ()) -> None:
        self.namespace = namespace
        self._taken = set(taken)
        self._last: dict[str, int] = defaultdict(int)
        for name in self._taken:
            kind, _, number = name.rpartition("-")
            if number.isascii() and number.isdecimal():
                self._last[kind] = max(self._last[kind], int(number))

    def __call__(self, name: str) -> str:
        """The IRI of that name, whether it is taken or not."""
        return self.namespace + name

    def next(self, kind: str) -> str:
        """An IRI of the form ``kind-N``, one higher than all there are."""
        self._last[kind] += 1
        return self.free(f"{kind}-{self._last[kind]}")

    def free(self, name: str) -> str:
        """The IRI of that name, or of the name with a number behind it where it is taken."""
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name}-{number}"
        self._taken.add(candidate)
        return self.namespace + candidate
