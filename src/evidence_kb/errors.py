"""What can go wrong, and what the user is told.

Every error carries one line: what is wrong, where, and how to mend it. The command prints that line
and exits with the error's code; the library raises it.

    KbError
    ├── UsageError          2   the call is off: an unknown name, a missing parameter, a bad option
    │   ├── UnknownName     2   nothing has that name; the nearest ones are suggested
    │   └── ParameterError  2   a question's parameter is missing or has an unusable value
    ├── InputError          2   a file cannot be read or understood; says file:line
    ├── QueryError          2   SPARQL that does not parse or cannot be evaluated; says line:column
    ├── QueryTimeout        2   the query was stopped because its time was up
    └── CannotRun           3   the surroundings are missing: an endpoint away, a package not installed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = [
    "CannotRun",
    "InputError",
    "KbError",
    "ParameterError",
    "QueryError",
    "QueryTimeout",
    "UnknownName",
    "UsageError",
    "nearest",
]


class KbError(Exception):
    """Base of all errors this package raises on purpose; ``str(error)`` is the line for the user."""

    exit_code = 2


class UsageError(KbError):
    """The call itself is off."""


class UnknownName(UsageError):
    """Nothing is called that.

    :param kind: what was looked for, in words ("question", "claim or source").
    :param name: the name as given.
    :param known: the names there are; the nearest go into the message.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.name = name
        self.suggestions = nearest(name, known)
        line = f"no {kind} is called {name!r}"
        if self.suggestions:
            line += "; did you mean " + " or ".join(self.suggestions) + "?"
        if hint:
            line += f" ({hint})" if self.suggestions else f"; {hint}"
        super().__init__(line)


class ParameterError(UsageError):
    """A question's parameter is missing or unusable."""


class InputError(KbError):
    """A file cannot be read or understood.

    :param what: what is wrong, and how to mend it.
    :param file: the file, as the user would name it.
    :param line: 1-based line, where one is known.
    """

    def __init__(self, what: str, file: object = None, line: int | None = None) -> None:
        self.what, self.file, self.line = what, None if file is None else str(file), line
        where = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(where + what)


class QueryError(KbError):
    """A query does not parse or cannot be evaluated; line and column count from 1 in its text."""

    def __init__(
        self, what: str, file: object = None, line: int | None = None, column: int | None = None
    ) -> None:
        self.what, self.line, self.column = what, line, column
        name = "query" if file is None else str(file)
        where = name if line is None else f"{name}:{line}:{column}"
        super().__init__(f"{where}: {what}")


class QueryTimeout(KbError):
    """The query ran longer than it was allowed to, and was stopped."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the query was stopped after {seconds:g} s; narrow it, or allow more with --timeout"
        )


class CannotRun(KbError):
    """What the command needs is not there: the network, an endpoint, an optional package."""

    exit_code = 3


def nearest(name: str, known: Iterable[str], most: int = 3) -> Sequence[str]:
    """The known names most like ``name``, best first.

    >>> nearest("footin", ["footing", "citations"])
    ['footing']
    """
    from difflib import get_close_matches

    names = sorted(set(known))
    close = get_close_matches(name, names, n=most, cutoff=0.6)
    inside = [n for n in names if name and name.lower() in n.lower() and n not in close]
    return (close + inside)[:most]
