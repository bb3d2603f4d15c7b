"""Answers SPARQL queries over one state, each over the dataset that it or its request names."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import QueryError
from ..store import Answer
from .outbox import Outbox
from .protocol import Refusal, names_dataset, names_graphs
from .results import content_type, format_for, write_answer
from .state import State

__all__ = ["write_query_answer"]


def write_query_answer(state: State, job: Mapping[str, Any], out: Outbox) -> int | None:
    """Answer a query in the format the asker wants; gives its number of rows or triples.

    :raises Refusal: 400, it cannot be understood or answered; 406; 422, the answer is too large.
    """
    with _network(state.limits.service):
        answer = _evaluate(state, job["query"], job["default_graphs"], job["named_graphs"])
        form = format_for(answer, job["accept"], job["format"])
        out.head(200, content_type(form.media))
        try:
            return write_answer(answer, form, out.file, state.limits.rows, state.prefixes)
        except (ValueError, RuntimeError, OSError) as error:
            raise Refusal(400, "The query cannot be answered", " ".join(str(error).split())) from None


def _evaluate(
    state: State, text: str, default_graphs: list[str] | None, named_graphs: list[str] | None
) -> Answer:
    """Begin to answer a query, over the dataset that it or the request names.

    :raises Refusal: 400, with line and column where the text does not parse.
    """
    chosen = default_graphs is not None
    from_inside = names_dataset(text)
    store = state.named if chosen or from_inside or names_graphs(text) else state.store
    try:
        return store.evaluate(
            text,
            _prefixes_in(text, state.prefixes),
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            union=store is state.named and not chosen and not from_inside,
        )
    except QueryError as error:
        place = {} if error.line is None else {"line": error.line, "column": error.column or 1}
        raise Refusal(400, "The query cannot be understood", str(error), place=place) from None


def _prefixes_in(text: str, prefixes: Mapping[str, str]) -> Mapping[str, str]:
    """The prefixes that a query may use: the store reads each one anew for every query."""
    if "\\" in text:  # an escape may stand for any character
        return prefixes
    return {prefix: namespace for prefix, namespace in prefixes.items() if prefix + ":" in text}


@contextlib.contextmanager
def _network(allowed: bool) -> Iterator[None]:
    """Without permission, no file or connection can be opened: what slips through has nowhere to go."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft if allowed else 0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
