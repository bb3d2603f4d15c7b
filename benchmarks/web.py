"""``kb serve`` beside ``oxigraph serve``: the same queries over the same data, in turn.

    python benchmarks/web.py [--seconds 2] [--clients 1 16 128]

Rates, typical and 99th-percentile times of the main pages, of a cheap query (answered from memory, and
with a text of its own each time, which no memory helps) and of a dear one; then how an endless query
changes the times of the others. "Per core" is requests for each second of processor time that the server and
all its processes used, which does not depend on what else the machine does. The load comes from one process
over raw sockets. Needs Linux.
"""

from __future__ import annotations

import argparse
import itertools
import os
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

REPOSITORY = Path(__file__).resolve().parents[1]
PREFIXES = (
    "PREFIX schema: <https://schema.org/> PREFIX ekb: <https://w3id.org/evidence-kb/ns#> "
    "PREFIX cito: <http://purl.org/spar/cito/> "
)
CHEAP = PREFIXES + "SELECT ?s ?t WHERE { ?s a schema:Claim ; schema:text ?t } LIMIT 5"
DEAR = PREFIXES + (
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ekb:core true ; schema:text ?t . ?o a schema:Claim ; "
    "schema:text ?u FILTER(?s != ?o && STRSTARTS(?u, SUBSTR(?t, 1, 6))) }"
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PAGES = {
    "overview": "de/index.html",
    "article map": "de/lws-schmerzen/index.html",
    "claim page": "de/lws-schmerzen/claim-massage-data-solid.html",
    "findings": "de/findings.html",
}
Paths = Callable[[], str]


class Outcome(NamedTuple):
    """What one run of the load saw."""

    requests: int
    failed: int
    seconds: float
    times: list[float]

    def at(self, share: float) -> float:
        """The time in milliseconds that this share of the requests took at most."""
        return sorted(self.times)[min(int(len(self.times) * share), len(self.times) - 1)] * 1000


class Client:
    """One connection that asks again as soon as it is answered."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._since = 0.0

    def ask(self, path: str) -> None:
        """Send a request."""
        self._received = b""
        self._since = time.perf_counter()
        self.socket.sendall(b"GET /" + path.encode() + b" HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n")

    def read(self) -> tuple[bool, float] | None:
        """Whether the request went well and how long it took, once the answer is there."""
        data = self.socket.recv(1 << 20)
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if data and (not blank or not _is_whole(head.lower(), body)):
            return None
        return bool(data) and head.startswith(b"HTTP/1.1 200"), time.perf_counter() - self._since


def _is_whole(head: bytes, body: bytes) -> bool:
    _, found, length = head.partition(b"content-length:")
    if found:
        return len(body) >= int(length.split(b"\r\n", 1)[0])
    return body.endswith(b"0\r\n\r\n")


def load(port: int, path: Paths, clients: int, seconds: float) -> Outcome:
    """Ask with so many clients for so long."""
    poll = select.epoll()
    all_clients = {}
    for _ in range(clients):
        client = Client(port)
        all_clients[client.socket.fileno()] = client
        poll.register(client.socket, select.EPOLLIN)
    times: list[float] = []
    failed = 0
    started = time.perf_counter()
    deadline = started + seconds
    for client in all_clients.values():
        client.ask(path())
    open_requests = clients
    while open_requests:
        for number, _ in poll.poll(120):
            done = all_clients[number].read()
            if done is None:
                continue
            failed += not done[0]
            times.append(done[1])
            if time.perf_counter() < deadline and done[0]:
                all_clients[number].ask(path())
            else:
                poll.unregister(number)
                open_requests -= 1
    took = time.perf_counter() - started
    for client in all_clients.values():
        client.socket.close()
    return Outcome(len(times), failed, took, times)


class Program:
    """A server to be measured."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int, endpoint: str) -> None:
        self.name, self.process, self.port, self.endpoint = name, process, port, endpoint

    def processor_seconds(self) -> float:
        """What it and its processes, the ended ones too, have used."""
        ticks, waiting = 0, [self.process.pid]
        while waiting:
            process = waiting.pop()
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            except OSError:
                continue
            ticks += sum(map(int, fields[11:15]))
            waiting += map(int, children)
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def kb_serve() -> Iterator[Program]:
    """Our server on the shipped knowledge base."""
    command = [sys.executable, "-m", "evidence_kb", "serve", "--kb", REPOSITORY / "kb", "--port", "0"]
    with subprocess.Popen(
        [*command, "--log-format", "off"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        port = urlsplit(process.stdout.readline().decode().strip()).port
        assert port
        yield Program("kb serve", process, port, "sparql")
        process.terminate()


@contextmanager
def oxigraph_serve(folder: Path) -> Iterator[Program]:
    """Oxigraph's own server on the same triples."""
    program = Path(sys.executable).with_name("oxigraph")
    files = [
        *sorted((REPOSITORY / "kb").rglob("*.ttl")),
        *(REPOSITORY / "ontology" / n for n in ("evidence.ttl", "codes.ttl")),
    ]
    arguments: list[str | Path] = []
    for file in files:
        arguments += ["--file", file]
    subprocess.run([program, "load", "--location", folder, *arguments], check=True, capture_output=True)
    subprocess.run([program, "optimize", "--location", folder], check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [program, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Program("oxigraph serve", process, port, "query")
        process.kill()


def measure(program: Program, what: str, path: Paths, clients: int, seconds: float) -> float:
    """Measure and print one line; gives the rate per core."""
    before = program.processor_seconds()
    outcome = load(program.port, path, clients, seconds)
    used = max(program.processor_seconds() - before, 0.01)
    per_core = outcome.requests / used
    print(
        f"{what:22} {program.name:15} {clients:4}  {outcome.requests / outcome.seconds:9,.0f}/s "
        f"{per_core:9,.0f} per core  {outcome.at(0.5):8.2f} {outcome.at(0.99):8.2f} ms  "
        f"failed {outcome.failed}",
        flush=True,
    )
    return per_core


_numbers = itertools.count()


def queries(program: Program) -> dict[str, Paths]:
    """The paths of the queries."""

    def path(query: str, own: bool) -> Paths:
        start = f"{program.endpoint}?query={quote(query)}"
        return (lambda: f"{start}%20%23{next(_numbers)}") if own else (lambda: start)

    return {
        "cheap, the same": path(CHEAP, own=False),
        "cheap, each its own": path(CHEAP, own=True),
        "dear, each its own": path(DEAR, own=True),
    }


def beside_endless(program: Program, seconds: float, clients: int = 4) -> None:
    """How an endless query changes the 99th percentile of cheap ones, in rounds that take turns."""
    cheap = queries(program)["cheap, each its own"]
    endless = f"GET /{program.endpoint}?query={quote(ENDLESS)}%20%23{{}} HTTP/1.1\r\nHost: x\r\n\r\n"
    alone, beside = [], []
    for number in range(5):
        alone.append(load(program.port, cheap, clients, seconds).at(0.99))
        with socket.create_connection(("127.0.0.1", program.port)) as connection:
            connection.sendall(endless.format(number).encode())
            time.sleep(0.5)
            beside.append(load(program.port, cheap, clients, seconds).at(0.99))
        time.sleep(0.3)
    one, two = statistics.median(alone), statistics.median(beside)
    print(
        f"cheap queries, {clients} clients, {program.name}: 99th percentile {one:.2f} ms alone, "
        f"{two:.2f} ms beside an endless query ({two / one:.1f} times)",
        flush=True,
    )


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 128])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, kb_serve() as ours, oxigraph_serve(Path(folder)) as theirs:
        print(
            f"{'what':22} {'server':15} {'clients':>7} {'rate':>7}              typical and 99th percentile"
        )
        for name, page in PAGES.items():
            for clients in arguments.clients:
                measure(ours, name, lambda page=page: page, clients, arguments.seconds)  # type: ignore[misc]
        for name in queries(ours):
            for clients in arguments.clients:
                rates = [
                    measure(p, name, queries(p)[name], clients, arguments.seconds) for p in (ours, theirs)
                ]
                print(f"{'':22} per core {rates[0] / rates[1]:.2f} of oxigraph's")
        beside_endless(ours, arguments.seconds)
        beside_endless(theirs, arguments.seconds)


if __name__ == "__main__":
    main()
