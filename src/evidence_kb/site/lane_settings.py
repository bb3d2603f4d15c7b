"""How many jobs run and wait at once, and how long."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LaneSettings"]


@dataclass(frozen=True)
class LaneSettings:
    """How many jobs run and wait, and how long.

    :param workers: jobs at once in the express lane.
    :param slow: jobs at once in the slow lane.
    :param readers: answers at once that wait for slow readers.
    :param time_limit: seconds that a job may run.
    :param express_time: seconds of work after which a job counts as dear.
    :param longest_queue: jobs that may wait in each lane.
    :param longest_wait: seconds that a job may wait.
    """

    workers: int = 2
    slow: int = 4
    readers: int = 32
    time_limit: float = 30.0
    express_time: float = 0.1
    longest_queue: int = 1000
    longest_wait: float = 30.0
