"""On which line of a Turtle file a subject stands, and each of its properties."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from .tokens import Statement, Token, expand_token, statements

__all__ = ["LineIndex"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class LineIndex:
    """Lines of the subjects that head a statement in ``text``, and of their direct properties.

    Subjects nested in ``[ … ]`` have no name, so they have no line of their own.
    """

    def __init__(self, text: str) -> None:
        self._breaks = [i for i, character in enumerate(text) if character == "\n"]
        self._subjects: dict[str, int] = {}
        self._properties: dict[tuple[str, str], int] = {}
        self._read(text)

    def line(self, subject: str, predicate: str | None = None) -> int | None:
        """The 1-based line of a subject's first statement, or of one of its properties.

        Falls back to the subject's own line where the property is not there.
        """
        if predicate is not None and (subject, predicate) in self._properties:
            return self._properties[subject, predicate]
        return self._subjects.get(subject)

    def _read(self, text: str) -> None:
        prefixes: dict[str, str] = {}
        for statement in statements(text):
            declared = statement.prefix()
            if declared:
                prefixes[declared[0]] = declared[1]
            subject = statement.subject(prefixes)
            if subject is None:
                continue
            self._subjects.setdefault(subject, self._line(statement.tokens[0].start))
            for verb in _verbs(statement):
                predicate = _RDF_TYPE if verb.text == "a" else expand_token(verb.text, prefixes)
                self._properties.setdefault((subject, predicate), self._line(verb.start))

    def _line(self, position: int) -> int:
        return bisect_right(self._breaks, position) + 1


def _verbs(statement: Statement) -> Iterator[Token]:
    """The statement's own predicates, not those of nested blank nodes."""
    depth, expected = 0, True
    for token in statement.tokens[1:]:
        if token.kind == "mark":
            depth += (token.text in "[(") - (token.text in "])")
            expected = expected or (depth == 0 and token.text == ";")
        elif expected and depth == 0:
            yield token
            expected = False
