"""What a Markdown file says of itself before its text: YAML between ``---``, TOML between ``+++``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...manuscript import PrintedReference

__all__ = ["FrontMatter", "split_front_matter"]

_YAML = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
#: Front matter longer than this is not read: its parser is slow, and no article needs it.
_LONGEST = 200_000


@dataclass(frozen=True)
class FrontMatter:
    """What the file says of itself.

    :param address: where the article is published, if it says so.
    :param references: those under ``references``, in the form of CSL (as pandoc reads them).
    :param lines: how many lines of the file it takes.
    """

    title: str = ""
    language: str = ""
    address: str = ""
    references: tuple[PrintedReference, ...] = ()
    notes: tuple[str, ...] = ()
    lines: int = 0

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of the references by the names that the text cites them by."""
        return {reference.key.removeprefix("cited-as-"): reference.key for reference in self.references}


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text behind it; a text without any is given back whole.

    >>> facts, body = split_front_matter('---\\ntitle: Tee\\nlang: de\\n---\\nTee hilft.')
    >>> facts.title, facts.language, facts.lines, body
    ('Tee', 'de', 4, 'Tee hilft.')
    """
    found = _YAML.match(text) or _TOML.match(text)
    if found is None or not found[1].strip():
        return FrontMatter(), text
    lines = text.count("\n", 0, found.end())
    said, note = _read(found[1], toml=text.startswith("+"))
    if said is None and note is None:
        return FrontMatter(), text  # a line drawn above the text
    body = text[found.end() :]
    if said is None:
        return FrontMatter(notes=(str(note),), lines=lines), body
    return (
        FrontMatter(
            title=_word(said, "title"),
            language=_word(said, "lang", "language", "locale"),
            address=next(
                (
                    a
                    for a in (_word(said, key) for key in ("canonical", "canonical_url", "url"))
                    if "://" in a
                ),
                "",
            ),
            references=tuple(_references(said.get("references"))),
            lines=lines,
        ),
        body,
    )


def _read(text: str, *, toml: bool) -> tuple[dict[str, Any] | None, str | None]:
    """What it says, or why that cannot be told; neither if it is no front matter at all."""
    if len(text) > _LONGEST:
        return None, f"line 1: the front matter is longer than {_LONGEST} characters and was not read"
    if toml:
        import tomllib

        try:
            return tomllib.loads(text), None
        except tomllib.TOMLDecodeError as error:
            return None, f"line 1: the front matter is no TOML ({error})"
    import yaml

    try:
        said = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        return None, f"line {line}: the front matter is no YAML and was not read"
    return (said, None) if isinstance(said, dict) else (None, None)


def _word(said: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = said.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""


def _references(said: object) -> Iterator[PrintedReference]:
    """References in the form of CSL: id, title, author, issued, DOI, URL."""
    for entry in said if isinstance(said, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str | int):
            continue
        authors = tuple(_authors(entry.get("author")))
        year = _year(entry.get("issued"))
        title = _word(entry, "title")
        doi, url = _word(entry, "DOI", "doi"), _word(entry, "URL", "url")
        shown = [
            ", ".join(authors),
            f"({year})" if year else "",
            title,
            _word(entry, "container-title"),
            doi,
            url,
        ]
        yield PrintedReference(
            f"cited-as-{entry['id']}",
            "",
            ". ".join(filter(None, shown)),
            links=(url,) if url else (),
            title=title,
            authors=authors,
            year=year,
            identifiers=(f"doi:{doi.lower()}",) if doi.startswith("10.") else (),
        )


def _authors(said: object) -> Iterator[str]:
    for author in said if isinstance(said, list) else ():
        if isinstance(author, dict):
            name = ", ".join(filter(None, (_word(author, "family", "literal"), _word(author, "given"))))
            if name:
                yield name


def _year(said: object) -> int | None:
    found = re.search(r"\b(1[5-9]|20)\d\d\b", str(said)[:200])
    return int(found[0]) if found else None
