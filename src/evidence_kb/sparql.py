"""SPARQL as text: its tokens, as far as putting values in and naming mistakes needs them.

Not a parser: whether the text is SPARQL at all is the store's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

__all__ = ["PrefixUse", "keywords_of", "parameters_of", "substitute", "undeclared_prefixes", "with_prefixes"]

_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | \#[^\n]*
      | [?$](?P<variable>\w+)
      | (?P<declared>PREFIX\s+)?(?P<prefix>(?:[^\W\d_][\w.-]*)?):(?![=])""",
    re.X | re.S | re.I,
)


_WORD = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | \#[^\n]*
      | [?$@]\w+
      | (?:[^\W\d_][\w.-]*|_)?:(?:[\w.:%-]|\\.)*
      | (?P<word>[A-Za-z_]\w*)""",
    re.X | re.S,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class PrefixUse(NamedTuple):
    """A prefix, and where it is first used (both counted from 1)."""

    prefix: str
    line: int
    column: int


def keywords_of(text: str) -> frozenset[str]:
    """The bare words of a query, in capitals: its keywords and the functions it calls.

    Words inside IRIs, strings, comments, variables and prefixed names do not count. Escapes such as
    ``\\u0053`` stand for characters anywhere (SPARQL 1.1, section 19.2), but not every parser reads them
    so: both readings count.

    >>> sorted(keywords_of('ASK { ?service ex:service "service" ; <service> now } # service'))
    ['ASK', 'NOW']
    >>> "SERVICE" in keywords_of("ASK { \\\\u0053ervice ?x {} }")
    True
    """
    words = {match["word"].upper() for match in _WORD.finditer(text) if match["word"]}
    if "\\" in text:
        plain = _ESCAPE.sub(lambda match: _character(int(match[1] or match[2], 16)), text)
        words.update(match["word"].upper() for match in _WORD.finditer(plain) if match["word"])
    return frozenset(words)


def _character(number: int) -> str:
    return chr(number) if number < 0x110000 else "\ufffd"


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
