"""Audit rules: SPARQL files that find what is wrong, and say why it matters and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from ..headers import Text, read_header, read_query, text_of
from ..vocabulary import Severity

__all__ = ["KINDS", "Rule", "read_rule", "rules_in"]

KINDS = ("structure", "judgement", "article")
_TEXTS = ("title", "message", "why", "mend")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Rule(NamedTuple):
    """One thing an audit looks for.

    :param kind: ``structure`` (the knowledge base is incomplete or contradicts itself; the shapes say
        the same), ``judgement`` (what the article does wrong), or ``article`` (found by comparing
        with the article's text).
    :param message: one line about one finding; ``{column}`` stands for a column of the query.
    """

    id: str
    severity: Severity
    kind: str
    title: Text
    message: Text
    why: Text
    mend: Text
    query: str = ""
    path: Path | None = None

    def say(self, values: dict[str, str], language: str) -> str:
        """The message about one finding, in a language."""
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], "–"), text_of(self.message, language))


def read_rule(path: Path) -> Rule:
    """The rule in a file.

    :raises InputError: the file or its header is not understood.
    """
    text = read_query(path)
    header = read_header(text, path)
    try:
        severity = Severity(str(header.get("severity")))
    except ValueError:
        words = ", ".join(Severity)
        raise InputError(f"severity must be one of {words}", path, 1) from None
    if header.get("kind") not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}", path, 1)
    for key in _TEXTS:
        if not header.get(key):
            raise InputError(f"the header lacks {key!r}", path, 1)
    texts = {key: _texts(header[key]) for key in _TEXTS}
    return Rule(path.stem, severity, str(header["kind"]), query=text, path=path, **texts)


def rules_in(folders: Iterable[Path]) -> Iterator[Rule]:
    """The rules of one or more folders, by id; in later folders a rule replaces one of its name.

    :raises InputError: a rule is not understood.
    """
    paths = {path.stem: path for folder in folders for path in sorted(folder.glob("*.rq"))}
    for name in sorted(paths):
        yield read_rule(paths[name])


def _texts(value: object) -> Text:
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items()}
    return {"en": str(value)}
