"""SPARQL as text: its tokens, as far as putting values in and naming mistakes needs them.

Not a parser: whether the text is SPARQL at all is the store's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

__all__ = ["PrefixUse", "parameters_of", "substitute", "undeclared_prefixes", "with_prefixes"]

_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | \#[^\n]*
      | [?$](?P<variable>\w+)
      | (?P<declared>PREFIX\s+)?(?P<prefix>(?:[^\W\d_][\w.-]*)?):(?![=])""",
    re.X | re.S | re.I,
)


class PrefixUse(NamedTuple):
    """A prefix, and where it is first used (both counted from 1)."""

    prefix: str
    line: int
    column: int


def parameters_of(text: str) -> set[str]:
    """Names of the parameters (variables ``?_name``) that a query's text uses.

    >>> sorted(parameters_of("SELECT ?x { ?x ?_p ?_o } # ?_comment"))
    ['o', 'p']
    """
    found = (match["variable"] for match in _TOKEN.finditer(text))
    return {name[1:] for name in found if name and name.startswith("_")}


def substitute(text: str, terms: Mapping[str, str]) -> str:
    """``text`` with each variable that is in ``terms`` replaced by its term, token by token.

    >>> substitute("?s ?p ?_v . # ?_v", {"_v": '"x"'})
    '?s ?p "x" . # ?_v'
    """
    return _TOKEN.sub(lambda match: terms.get(match["variable"] or "", match[0]), text)


def undeclared_prefixes(text: str) -> Iterator[PrefixUse]:
    """The prefixes that ``text`` uses without declaring them, each once.

    >>> list(undeclared_prefixes("PREFIX a: <urn:a> SELECT * { ?s a:x nope:y }"))
    [PrefixUse(prefix='nope', line=1, column=37)]
    """
    matches = [match for match in _TOKEN.finditer(text) if match["prefix"] is not None]
    known = {match["prefix"] for match in matches if match["declared"]}
    for match in matches:
        prefix = match["prefix"]
        if prefix not in known and not text[: match.start()].endswith("_"):  # _:b is a blank node
            known.add(prefix)
            before = text[: match.start()]
            yield PrefixUse(prefix, before.count("\n") + 1, match.start() - before.rfind("\n"))


def with_prefixes(text: str, prefixes: Mapping[str, str]) -> str:
    """``text`` with declarations for those prefixes that it uses, that are known, and that it lacks.

    They go in front of its first line, so that line numbers stay what they were.
    """
    missing = [use.prefix for use in undeclared_prefixes(text) if use.prefix in prefixes]
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in missing) + text
