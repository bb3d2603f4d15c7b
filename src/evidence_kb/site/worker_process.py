"""The processes that hold the data: a template that loads it once, and workers forked from it.

A worker shares the template's memory, so a new one is there in milliseconds, whatever the size of the data.
The template does nothing but fork, kill and reap, as the server tells it over a socket; when that socket
closes, because the server has ended in whatever way, it ends and takes its workers along.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any

from ..errors import KbError
from .frames import JOB, PROCESS, Frames, frame, read_job
from .outbox import Outbox
from .protocol import Refusal
from .state import Limits, State
from .tasks import do

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1
_REAP_EVERY_S = 1.0
_SLOW_LANE_NICENESS = 10


def main() -> int:
    """Run the template. Its only argument is the number of the socket that the server speaks through."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server ends us
    settings = json.loads(control.makefile("r").readline())
    limits = Limits(**settings["limits"])
    try:
        state = State.load(settings["folder"], settings["article_texts"], limits)
    except KbError as error:
        _say(control, {"broken": str(error)})
        return error.exit_code
    # Objects that the collector never looks at again stay shared between the processes.
    gc.collect()
    gc.freeze()
    _say(control, {"ready": state.summary()})
    _Template(control, state, limits).run()
    return 0


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the server has gone; the next read will tell
        control.sendall(json.dumps(message).encode() + b"\n")


class _Template:
    """Forks, slows down and kills workers, which the server knows by numbers of its own."""

    def __init__(self, control: socket.socket, state: State, limits: Limits) -> None:
        self._control, self._state, self._limits = control, state, limits
        self._workers: dict[str, int] = {}
        self._sockets: list[int] = []  # sent along with orders to fork, in their order

    def run(self) -> None:
        """Obey until the server hangs up: ``fork N`` (with a socket), ``slow N``, ``kill N``."""
        rest = b""
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        while True:
            readable, _, _ = select.select([self._control, woken], [], [], _REAP_EVERY_S)
            with contextlib.suppress(BlockingIOError):
                woken.recv(4096)
            self._reap()
            if self._control not in readable:  # older Pythons' recv_fds waits, whatever its flags say
                continue
            try:
                data, sockets, _, _ = socket.recv_fds(self._control, 4096, 16)
            except OSError:
                break
            if not data:
                break
            self._sockets += sockets
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                order, _, number = line.decode().partition(" ")
                if order == "fork":
                    self._fork(number, self._sockets.pop(0))
                elif number in self._workers:
                    self._handle(order, number)
        signal.set_wakeup_fd(-1)
        for number in list(self._workers):
            self._handle("kill", number)

    def _handle(self, order: str, number: str) -> None:
        with contextlib.suppress(OSError):  # it has ended, and is a zombie of ours until it is reaped
            if order == "kill":
                os.kill(self._workers[number], signal.SIGKILL)
            elif order == "slow":
                os.setpriority(os.PRIO_PROCESS, self._workers[number], _SLOW_LANE_NICENESS)

    def _reap(self) -> None:
        while self._workers:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                break
            number = next((n for n, p in self._workers.items() if p == process), None)
            if number is not None:
                del self._workers[number]
                how = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                with contextlib.suppress(OSError):  # the server has gone; the next read will tell
                    self._control.sendall(f"ended {number} {how}\n".encode())

    def _fork(self, number: str, descriptor: int) -> None:
        parent = os.getpid()
        process = os.fork()
        if process:
            self._workers[number] = process
            os.close(descriptor)
            return
        code = 1
        try:
            self._control.close()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _die_with(parent)
            _work(socket.socket(fileno=descriptor), self._state, self._limits)
            code = 0
        finally:
            os._exit(code)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends; elsewhere than on Linux its socket closes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _work(connection: socket.socket, state: State, limits: Limits) -> None:
    """Do jobs until the server hangs up."""
    _limit_memory(limits.memory)
    silence = os.open(os.devnull, os.O_WRONLY)  # the store's last words when memory is up are of no use
    os.dup2(silence, 2)
    connection.sendall(frame(PROCESS, str(os.getpid()).encode()))
    frames = Frames()
    while data := connection.recv(1 << 16):
        for kind, content in frames.feed(data):
            if kind == JOB:
                _do(connection, state, limits, content)


def _do(connection: socket.socket, state: State, limits: Limits, content: bytes) -> None:
    job, packed = read_job(content)
    out = Outbox(connection, job["do"], packed, limits.size)
    try:
        out.finish(do(state, job, out))
    except Refusal as refusal:
        out.fail(refusal)
    except KbError as error:
        out.fail(Refusal(400, "Bad request", str(error)))
    except MemoryError:
        out.fail(Refusal(422, "Out of memory", "the answer needs more memory than this server allows"))
    except Exception as error:  # noqa: BLE001  whatever goes wrong in one answer must not end the others
        out.fail(Refusal(500, "Internal error", f"{type(error).__name__}: {error}"))


def _limit_memory(more: int) -> None:
    """Allow this process ``more`` bytes beyond what it shares with the template."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  pathlib costs more than the read
            now = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # no Linux: there, address space is no measure of memory
        return
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))


if __name__ == "__main__":
    sys.exit(main())
