"""The source list, ready to be asked which entry a name and a year, or the name of an institution, fits."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlsplit

from ..document import Reference
from .bibliography import surname

__all__ = ["SourceIndex"]

_FILLERS = frozenset({"der", "die", "das", "des", "für", "fur", "und", "of", "the", "for", "and"})
_UNSPOKEN = str.maketrans("", "", "'’´-‐‑")
#: Letters that Unicode takes for no accented ones.
_SPELT_OUT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


class SourceIndex:
    """The source list, ready to be asked which entry fits a name and a year."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._by_surname: dict[str, list[Reference]] = defaultdict(list)
        self._references = references
        self._by_label = {reference.label: reference for reference in references}
        self._suffixes: dict[str, str] = {}
        self._answers: dict[tuple[tuple[str, ...], int, str, bool], Reference | None] = {}
        for reference in references:
            for author in reference.authors[:1]:
                family = surname(author)
                last = family.split()[-1] if family else ""
                for name in {_fold(family), _fold(last), _fold(author), _initials(author)} - {""}:
                    self._by_surname[name].append(reference)
            lettered = re.search(r"\b(?:1[6-9]|20)\d\d([a-z])\b", reference.text)
            self._suffixes[reference.label] = lettered[1] if lettered else ""

    @cached_property
    def _by_word(self) -> dict[str, list[Reference]]:
        """The entries by the words in them; made when first asked for, which few articles need."""
        by_word: dict[str, list[Reference]] = defaultdict(list)
        for reference in self._references:
            for word in set(re.findall(r"\w{2,}", _fold(f"{reference.title} {reference.text[:1000]}"))):
                by_word[word].append(reference)
        return by_word

    @cached_property
    def _by_host(self) -> dict[str, list[Reference]]:
        by_host: dict[str, list[Reference]] = defaultdict(list)
        for reference in self._references:
            for part in _host_parts(reference.url):
                by_host[part].append(reference)
        return by_host

    def knows(self, names: str) -> bool:
        """Whether a text ends with the family name of an author in the list."""
        last = names.split()[-1:]
        return bool(last) and _fold(last[0]) in self._by_surname

    def has(self, name: str) -> bool:
        """Whether an author in the list has just this family name ("von Berg")."""
        return _fold(name) in self._by_surname

    def is_nameless(self, label: str, year: int | None) -> bool:
        """Whether an entry tells a year, or none, and nobody's name: then the text may tell whose it is."""
        reference = self._by_label.get(label)
        return reference is not None and not reference.authors and reference.year in {year, None}

    def by_author(
        self, authors: Sequence[str], year: int, letter: str = "", *, others: bool = False
    ) -> Reference | None:
        """The entry whose first author and year fit; of several, the one that most else fits.

        :param letter: of "2020a".
        :param others: whether more authors are meant than named ("et al.").
        """
        asked = (tuple(authors), year, letter, others)
        if asked not in self._answers:
            self._answers[asked] = self._by_author(*asked)
        return self._answers[asked]

    def _by_author(self, authors: tuple[str, ...], year: int, letter: str, others: bool) -> Reference | None:
        first = _fold(surname(authors[0]))
        candidates = [ref for ref in self._by_surname.get(first, []) if ref.year in {year, None}]
        if not candidates:
            candidates = [ref for ref in self._headed(first) if ref.year == year or str(year) in ref.text]
        if not candidates:
            return None
        named = [_fold(surname(author)) for author in authors]

        def fit(ref: Reference) -> tuple[bool, bool, int, bool]:
            known = [_fold(surname(author)) for author in ref.authors]
            as_many = len(known) > 2 if others else len(known) == len(named)
            return (
                ref.year == year,
                self._suffixes[ref.label] == letter,
                sum(n in known for n in named),
                as_many,
            )

        return max(candidates, key=fit)

    def _headed(self, name: str) -> list[Reference]:
        """The entries that begin with a name that was not read as an author: of an institution, mostly."""
        return [
            ref
            for ref in self._with_all_words(name)
            if len(ref.authors) < 2 and name in _fold(ref.text[: len(name) + 40])
        ]

    def by_institution(self, name: str, preferred: Sequence[str]) -> Reference | None:
        """The entry that an institution publishes, by its host, its initials or its name in the entry.

        :param preferred: labels that marks of the same sentence name.
        """
        words = [word for word in re.findall(r"\w{2,}", _fold(name)) if word not in _FILLERS]
        capitals = [word for word in name.split() if word[:1].isupper()]
        initials = "".join(word[0] for word in capitals).lower()
        found: dict[str, Reference] = {}
        if len(words) == 1 and (name.isupper() or len(words[0]) >= 6):
            found.update(
                (r.label, r) for r in [*self._by_host.get(words[0], []), *self._by_word.get(words[0], [])]
            )
        if len(words) >= 2:
            found.update((ref.label, ref) for ref in self._with_all_words(" ".join(words)))
            found.update((ref.label, ref) for ref in self._by_host.get("".join(words), []))
            if len(initials) >= 2:
                found.update((ref.label, ref) for ref in self._by_host.get(initials, []))
        return next((found[label] for label in preferred if label in found), next(iter(found.values()), None))

    def _with_all_words(self, name: str) -> list[Reference]:
        words = re.findall(r"\w{2,}", name)
        if not words:
            return []
        rarest = min(words, key=lambda word: len(self._by_word.get(word, [])))
        others = [{id(ref) for ref in self._by_word.get(word, [])} for word in words if word != rarest]
        return [ref for ref in self._by_word.get(rarest, []) if all(id(ref) in other for other in others)]


def _initials(name: str) -> str:
    """The letters by which an institution is known ("World Health Organization", "who"); of people, none."""
    capitals = [word[0] for word in re.split(r"[\s-]", name) if word[:1].isupper()]
    return "".join(capitals).lower() if len(capitals) > 2 and "," not in name and "." not in name else ""


def _host_parts(url: str | None) -> set[str]:
    if not url:
        return set()
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return set()
    labels = host.removeprefix("www.").split(".")[:-1]
    return {
        _fold(part)
        for label in labels
        for part in (label.replace("-", ""), *label.split("-"))
        if len(part) > 1
    }


def _fold(text: str) -> str:
    """Lower case, without accents and apostrophes: names are spelt in many ways."""
    plain = text.lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain.translate(_SPELT_OUT))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub("(?<=[aou])e", "", plain.translate(_UNSPOKEN))  # "Mueller" is "Müller"
