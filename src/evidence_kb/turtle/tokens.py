"""Cutting Turtle into tokens, with their places: for line numbers and for keeping comments.

Not a parser: whether the text is Turtle at all is pyoxigraph's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

__all__ = ["Statement", "Token", "expand_token", "statements", "tokens"]

_DIRECTIVES = {"@prefix", "@base", "prefix", "base"}
_ESCAPE = re.compile(r"\\(.)")
_TOKEN = re.compile(
    r"""
      (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
                |"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    | (?P<comment>\#[^\n]*)
    | (?P<iri><[^<>\s]*>)
    | (?P<mark>\^\^|[;,\[\]()]|\.(?=[\s\[\]();,#<"'@]|$))
    | (?P<word>(?:[^\s;,\[\]()<>"'#^.\\]|\\.|\.(?![\s\[\]();,#<"'@]|$))
               (?:[^\s;,\[\]()<>"'^.\\]|\\.|\.(?![\s\[\]();,#<"'@]|$))*)
    """,
    re.X | re.S,
)


class Token(NamedTuple):
    """One token: its kind (string, comment, iri, mark, word), its text, and where it starts."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of ``text`` in order, comments included.

    >>> [t.text for t in tokens('a:b a:c 1.5 . # end')]
    ['a:b', 'a:c', '1.5', '.', '# end']
    """
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "", match.group(), match.start())


class Statement:
    """The tokens of one statement or directive, and the comments in front of it, in it and behind it."""

    __slots__ = ("comments", "end", "tokens")

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.comments: list[str] = []
        self.end = 0

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix or the base."""
        return bool(self.tokens) and self.tokens[0].text.lower() in _DIRECTIVES

    def prefix(self) -> tuple[str, str] | None:
        """The prefix it declares, with its namespace."""
        if not self.is_directive or len(self.tokens) < 3:
            return None
        return self.tokens[1].text.rstrip(":"), self.tokens[2].text.strip("<>")

    def subject(self, prefixes: Mapping[str, str]) -> str | None:
        """The IRI it is about; ``None`` for blank nodes and directives."""
        first = self.tokens[0] if self.tokens else None
        if first is None or self.is_directive or first.kind not in {"word", "iri"}:
            return None
        return None if first.text.startswith("_:") else expand_token(first.text, prefixes)


def expand_token(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that an IRI or a prefixed name stands for.

    >>> expand_token("a:b", {"a": "http://a/"}), expand_token("<http://a/b>", {})
    ('http://a/b', 'http://a/b')
    """
    if text.startswith("<"):
        return text[1:-1]
    prefix, _, local = text.partition(":")
    return prefixes.get(prefix, prefix + ":") + _ESCAPE.sub(r"\1", local)


def statements(text: str) -> Iterator[Statement]:
    """The statements and directives of ``text``; comments at its end come in a last one without tokens."""
    current, done = Statement(), Statement()
    depth = 0
    for token in tokens(text):
        if token.kind == "comment":
            behind = not current.tokens and done.tokens and "\n" not in text[done.end : token.start]
            (done if behind else current).comments.append(token.text.rstrip())
            continue
        if not current.tokens and done.tokens:
            yield done
            done = Statement()
        if token.kind == "mark" and depth == 0 and token.text == ".":
            current.end = token.start + 1
            current, done = Statement(), current
            continue
        if token.kind == "mark":
            depth += (token.text in "[(") - (token.text in "])")
        current.tokens.append(token)
        if len(current.tokens) < 4 and _sparql_directive_ends(current.tokens):  # it has no full stop
            current.end = token.start + len(token.text)
            current, done = Statement(), current
    yield from (statement for statement in (done, current) if statement.tokens or statement.comments)


def _sparql_directive_ends(found: list[Token]) -> bool:
    return len(found) == {"PREFIX": 3, "BASE": 2}.get(found[0].text.upper(), 0)
