"""Reading an entry that says no more of its source than the running text would: "Oak et al. 2016, Tea"."""

from __future__ import annotations

import re

__all__ = ["short_citation"]

_UPPER = "A-ZÀ-ÖØ-Þ"
_NAME = (
    rf"(?:(?:[Vv]an|[Vv]on|[Dd]e|der|den|[Dd]i|[Ll]a|[Ll]e|[Tt]en?|[Vv]an(?:der|den))\s){{0,3}}[{_UPPER}][\w'’´‐-]+"
    rf"(?:\s(?:de\s)?[{_UPPER}][\w'’´‐-]+)?"
)
_OTHERS = r"(?:,?\s(?:et\s?al\.?|u\.\s?a\.|und Kolleg\w+|und Mitarbeit\w+|and colleagues|and co-?workers))"
_SEVERAL = rf"{_NAME}(?:(?:,\s{_NAME}){{0,8}}(?:,?\s(?:&|und|and)\s{_NAME})|{_OTHERS})"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)[a-z]?"
_PAGE = r",\s(?:S|pp?)\.\s?\d{1,4}(?:\s?[–-]\s?\d{1,4}|\s?ff?\.?)?"
#: Behind the year at most the journal or a remark, without a full stop as before a title.
_SHORT = re.compile(
    rf"(?:(?P<several>{_SEVERAL})[,.]?\s\(?{_YEAR}(?:\)?,\s[^.:“„\"]{{1,90}})?"
    rf"|(?P<one>{_NAME}),?\s\(?{_YEAR.replace('year', 'dated')}\)?{_PAGE})"
    r"[).,;\s]{0,4}"
)
_JOINS = re.compile(r",?\s(?:&|und|and)\s|,\s")


def short_citation(text: str) -> tuple[str, tuple[str, ...], int] | None:
    """Title, authors and year of an entry in the words of running text; ``None`` if it is a full one.

    :param text: without addresses and identifiers.

    >>> short_citation("Oak und Kollegen (1995, Journal of Tea, DOI:)")
    ('Oak und Kollegen (1995, Journal of Tea)', ('Oak',), 1995)
    >>> short_citation("Hale 2015, p. 14.")
    ('Hale 2015, p. 14', ('Hale',), 2015)
    >>> short_citation("Oak et al. 2016. Tea and sleep. Journal of Tea 3.") is None
    True
    """
    plain = re.sub(r"(?:,\s)?\b(?:doi|PMID):?\s?(?=[\s).;]*$)", "", text.strip(), flags=re.IGNORECASE)
    found = _SHORT.fullmatch(plain)
    if found is None:
        return None
    names = re.sub(rf"{_OTHERS}$", "", found["several"] or found["one"])
    title = plain.rstrip(" .,;")
    title += ")" * (title.count("(") - title.count(")"))
    return title, tuple(_JOINS.split(names)), int(found["year"] or found["dated"])
