"""The processes of a server: the template that holds the present state, those of old states, idle workers.

A template that ends without having been told to is replaced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container
from typing import Any

from ..errors import CannotRun, KbError
from .template import Settings, Template
from .workers import Orders, Worker

__all__ = ["Crew"]

_RESTART_AFTER_S = 1.0

Tell = Callable[[str, str], None]


class Crew:
    """Starts and ends processes.

    :param settings: what templates are started with.
    :param on_end: called when a worker's job has ended.
    :param on_more: called when there are more idle workers than before.
    :param tell: takes an event that whoever runs the server should know of, and its details.
    """

    def __init__(
        self,
        settings: Settings,
        on_end: Callable[[Worker], None],
        on_more: Callable[[], None],
        tell: Tell,
    ) -> None:
        self._settings, self._on_end, self._on_more, self._tell = settings, on_end, on_more, tell
        self.template: Template | None = None
        self.idle: list[Worker] = []
        self._wanted_idle = 0
        self._old: list[Template] = []
        self._forking: asyncio.Task[None] | None = None
        self._restarting: asyncio.Task[None] | None = None
        self.closed = False

    async def load(self, wanted_idle: int, busy: Callable[[], Container[Orders]]) -> dict[str, Any]:
        """Load the data anew; jobs go to the new state as soon as it is there, running ones end on the old.

        :param busy: gives the templates whose workers have jobs.
        :raises InputError: a file is broken; the old state stays.
        :raises CannotRun: no process could be started.
        """
        template = await Template.start(self._settings)
        template.on_gone = lambda: self._gone(template, busy)
        old, self.template = self.template, template
        for worker in self.idle:
            worker.retire()
        self.idle = []
        if old:
            self._old.append(old)
            self.close_old(busy())
        self._wanted_idle = wanted_idle
        await self._fork_workers()
        return template.summary

    def close_old(self, busy: Container[Orders]) -> None:
        """End templates of old states whose last worker is done."""
        for template in self._old[:]:
            if template not in busy:
                self._old.remove(template)
                template.close()

    @property
    def has_old(self) -> bool:
        """Whether there are templates of old states."""
        return bool(self._old)

    def close(self) -> None:
        """End every process."""
        self.closed = True
        for task in (self._forking, self._restarting):
            if task:
                task.cancel()
        for template in (self.template, *self._old):
            if template:
                template.close()

    def welcome(self, worker: Worker) -> None:
        """A worker's jobs are done: it can be used again, or ends."""
        if worker.alive and worker.template is self.template and not worker.is_slow:
            self.idle.append(worker)
        elif worker.alive:  # of an old state, or with low priority for good
            worker.retire()

    def forget(self, worker: Worker) -> None:
        """An idle worker has ended."""
        if worker in self.idle:
            self.idle.remove(worker)

    def refill(self, wanted_idle: int) -> None:
        """See to it that so many workers are idle."""
        self._wanted_idle = wanted_idle
        is_open = self.template and self.template.alive and not self.closed
        if len(self.idle) < wanted_idle and is_open and not self._forking:
            self._forking = asyncio.get_running_loop().create_task(self._fork_in_background())

    async def _fork_in_background(self) -> None:
        try:
            await self._fork_workers()
        finally:
            self._forking = None
        self._on_more()

    async def _fork_workers(self) -> None:
        while self.template and len(self.idle) < self._wanted_idle and not self.closed:
            template = self.template
            try:
                worker = await template.fork(self._on_end)
            except CannotRun:  # `_gone` sees to it
                return
            if worker.alive and template is self.template:
                self.idle.append(worker)
                self._on_more()
            else:
                worker.retire()

    def _gone(self, template: Template, busy: Callable[[], Container[Orders]]) -> None:
        """A template has ended, which only trouble outside can bring about: start another one."""
        if self.closed or template is not self.template:
            return
        self.idle = []
        self.template = None
        template.close()
        if not self._restarting:
            self._tell("the process that holds the data has ended; starting another", "")
            self._restarting = asyncio.get_running_loop().create_task(self._load_again(busy))

    async def _load_again(self, busy: Callable[[], Container[Orders]]) -> None:
        last = ""
        try:
            while not self.closed:
                try:
                    await self.load(self._wanted_idle, busy)
                except KbError as error:
                    if str(error) != last:
                        last = str(error)
                        self._tell("no state can be loaded; trying again", last)
                    await asyncio.sleep(_RESTART_AFTER_S)
                else:
                    self._tell("the data is loaded again", "")
                    break
        finally:
            self._restarting = None
        self._on_more()
