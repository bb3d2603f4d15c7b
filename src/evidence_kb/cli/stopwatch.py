"""Work that may be stopped: Oxigraph cannot be interrupted, so what has a time limit gets a process."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import CannotRun, KbError, QueryTimeout

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["within"]

_Job = TypeVar("_Job")


def within(seconds: float | None, work: Callable[[_Job], str], job: _Job) -> str:
    """What ``work(job)`` gives, or an error when ``seconds`` are up; ``None`` waits for ever.

    :raises QueryTimeout: the time was up; the work was stopped.
    """
    # Ctrl-C must stop a query at once; Python would only notice when the query has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if seconds is None:
        return work(job)
    import multiprocessing

    ways = multiprocessing.get_all_start_methods()
    start: Any = multiprocessing.get_context("fork" if "fork" in ways else "spawn")
    here, there = start.Pipe(duplex=False)
    process = start.Process(target=_send, args=(there, work, job), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(seconds):
            raise QueryTimeout(seconds)
        outcome, exit_code = here.recv()
    except EOFError:
        raise CannotRun("the query's process ended without an answer (out of memory?)") from None
    finally:
        process.kill()
        process.join()
    if exit_code:
        error = KbError(outcome)
        error.exit_code = exit_code
        raise error
    return str(outcome)


def _send(connection: Connection, work: Callable[[_Job], str], job: _Job) -> None:
    try:
        message = work(job), 0
    except KbError as error:
        message = str(error), error.exit_code
    connection.send(message)
