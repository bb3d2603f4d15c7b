"""A real ``kb serve`` in a process of its own, for tests that ask it over real sockets."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests

CLAIM = "https://example.org/kb/tea/claim-tea-eases-headache"
#: Runs for years: it counts the ways to choose five triples.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


class Server:
    """A running ``kb serve``."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "evidence_kb", "serve", "--kb", folder, "--port", "0", *options]
        self.log_file = Path(f"{folder}.log")
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], 30)
        self.url = self.process.stdout.readline().decode().strip() if ready else ""
        assert self.url, self.log()
        self.port = urlsplit(self.url).port or 0

    def log(self) -> str:
        """What it has written to standard error."""
        return self.log_file.read_text()

    def get(self, path: str, **headers: str) -> requests.Response:
        """The answer to a GET; headers are written ``If_None_Match="…"``."""
        return self.request("GET", path, headers=headers)

    def request(
        self, method: str, path: str, *, data: object = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """The answer to a request; redirects are not followed."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return requests.request(
            method,
            self.url + path,
            data=data,  # type: ignore[arg-type]
            headers={"Accept-Encoding": "identity", **named},
            allow_redirects=False,
            timeout=60,
        )

    def query(self, text: str, **headers: str) -> requests.Response:
        """The answer to a query sent by GET."""
        return self.get("sparql?query=" + quote(text), **headers)

    def connect(self) -> socket.socket:
        """A raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def descendants(self) -> list[int]:
        """The processes it has started, and those they have."""
        found: list[int] = []
        for parent in (self.process.pid, *found):
            found += _children(parent)
        return found + [grandchild for child in found for grandchild in _children(child)]

    def stop(self) -> int:
        """End it in order; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def is_alive(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    """A server for one test or module."""
    server = Server(folder, *options)
    try:
        yield server
    finally:
        server.stop()
