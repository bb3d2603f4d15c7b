"""The process that holds one state of the data, and from which workers are forked.

See `worker_process` for the other end.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import CannotRun, InputError
from .workers import Worker

__all__ = ["Settings", "Template", "available_cores"]

_REMEMBERED_ENDINGS = 1000
_ENDING_KNOWN_WITHIN_S = 1.0


@dataclass(frozen=True)
class Settings:
    """What a template is started with; `worker_process` reads it as JSON."""

    folder: str
    article_texts: Mapping[str, str]
    limits: Mapping[str, Any]

    def line(self) -> bytes:
        """The settings as one line."""
        return json.dumps(self.__dict__).encode() + b"\n"


class Template:
    """The process that has loaded one state of the data, and from which workers are forked.

    :param summary: what it says of its data, see `tasks.Tasks.summary`.
    """

    _numbers = itertools.count(1)

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process, self._control = process, control
        self.summary: dict[str, Any] = {}
        self.alive = True
        #: Called when the process has ended without having been told to.
        self.on_gone: Callable[[], None] | None = None
        self._rest = b""
        self._endings: dict[int, int] = {}
        self._listeners: dict[int, Callable[[int], None]] = {}

    @classmethod
    async def start(cls, settings: Settings) -> Template:
        """Start a process that loads the data, and wait until it has.

        :raises InputError: a file is broken; the message names it.
        :raises CannotRun: the process ended without a word.
        """
        here, there = socket.socketpair()
        command = [sys.executable, "-m", f"{__package__}.worker_process", str(there.fileno())]
        try:
            process = subprocess.Popen(  # noqa: S603  ourselves
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[there.fileno()]
            )
        except OSError as error:
            here.close()
            raise CannotRun(f"no worker process can be started ({error.strerror})") from None
        finally:
            there.close()
        template = cls(process, here)
        try:
            here.sendall(settings.line())
            here.setblocking(False)
            template.summary = await template._first_word()
            asyncio.get_running_loop().add_reader(here.fileno(), template._hear)
        except BaseException:
            template.close()
            raise
        return template

    async def _first_word(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        received = b""
        while not received.endswith(b"\n"):
            try:
                data = await loop.sock_recv(self._control, 1 << 16)
            except OSError:
                data = b""
            if not data:
                raise CannotRun("the process that loads the data ended without a word (out of memory?)")
            received += data
        message: dict[str, Any] = json.loads(received)
        if "broken" in message:
            raise InputError(message["broken"])
        ready: dict[str, Any] = message["ready"]
        return ready

    def _hear(self) -> None:
        """Read what it says of its workers: ``ended N SIGNAL``."""
        try:
            data = self._control.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._has_gone()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            _, number, how = line.split()
            self._endings[int(number)] = int(how)
            self._tell(int(number))
            while len(self._endings) > _REMEMBERED_ENDINGS:
                del self._endings[next(iter(self._endings))]

    def _has_gone(self) -> None:
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self.alive = False
        for number in list(self._listeners):
            self._tell(number)
        if self.on_gone:
            self.on_gone()

    def when_ended(self, number: int, tell: Callable[[int], None]) -> None:
        """Call ``tell`` with the signal that ended a worker, 0 where that is not known within a second."""
        self._listeners[number] = tell
        if number in self._endings or not self.alive:
            self._tell(number)
        else:
            asyncio.get_running_loop().call_later(_ENDING_KNOWN_WITHIN_S, self._tell, number)

    def _tell(self, number: int) -> None:
        tell = self._listeners.pop(number, None)
        if tell:
            tell(self._endings.pop(number, 0))

    async def fork(self, on_end: Callable[[Worker], None]) -> Worker:
        """A new worker.

        :raises CannotRun: the template is gone.
        """
        here, there = socket.socketpair()
        number = next(self._numbers)
        here.setblocking(False)
        try:
            socket.send_fds(self._control, [f"fork {number}\n".encode()], [there.fileno()])
        except OSError:
            here.close()
            self.alive = False
            raise CannotRun("the process that holds the data has ended") from None
        finally:
            there.close()
        loop = asyncio.get_running_loop()
        _, worker = await loop.create_connection(lambda: Worker(number, self, on_end), sock=here)
        await worker.ready  # what its start costs is not to be laid at the door of its first job
        return worker

    def order(self, word: str, number: int) -> None:
        """Have something done to a worker: ``kill`` or ``slow``."""
        with contextlib.suppress(OSError):  # it is gone, and its workers with it
            self._control.sendall(f"{word} {number}\n".encode())

    def close(self) -> None:
        """End the process; it takes its workers along."""
        self.alive = False
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        try:
            self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:  # still loading
            self._process.kill()
            self._process.wait()


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
