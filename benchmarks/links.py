"""The link check beside lychee and linkinator: the same addresses, the same servers, in turn.

    python benchmarks/links.py [--size 10000] [--rounds 3] [--many 100000]

Two loads: many addresses on 250 loopback hosts that answer at once (nginx), and 1,000 on 100 hosts that take
50 ms. Politeness is equal, two connections a host in the second load; how many requests are under way in all
is each checker's own choice (kb 256, lychee 128, linkinator 100). ``--many`` then shows how kb's time and
memory grow. Checkers that are not installed are left out. Memory is the largest resident set of the process
and CPU its user and system time, both from the operating system; every program ran once before, so that
Python's modules are compiled, as pip leaves them. Needs Linux, where every 127.x address is there, and nginx
(Debian: nginx-light).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = (
    "<!doctype html><html><head><title>Page</title></head><body><nav>menu</nav><main>"
    + "<p>Back pain is common, and moving helps more than resting for most people. </p>" * 60
    + "</main></body></html>"
)
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000; default_type text/html;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 0.0.0.0:{port} reuseport backlog=4096; root {folder};
    location / {{ try_files /page.html =404; }}
  }}
}}
"""
PORT = 18080
Run = tuple[float, float, float]


@contextmanager
def nginx(folder: Path) -> Iterator[None]:
    """A fast server on every loopback address."""
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=PORT), encoding="utf-8")
    folder.chmod(0o755)
    server = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


@contextmanager
def slow_server(seconds: float) -> Iterator[None]:
    """A server that takes its time over each answer, on every loopback address."""
    body = PAGE.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(seconds)
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(answer, "0.0.0.0", PORT + 1, backlog=2048))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def run(command: list[str], folder: Path) -> Run:
    """Wall-clock seconds, peak megabytes and CPU seconds of one process."""
    start = time.perf_counter()
    environment = {name: word for name, word in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL, cwd=folder, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1, 2}:
        print(f"  {command[0]} ended with {status}", file=sys.stderr)
    seconds = time.perf_counter() - start
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def commands(folder: Path, urls: list[str], per_host: int | None) -> dict[str, list[str]]:
    """How each checker is asked to check ``urls``."""
    (folder / "urls.txt").write_text("\n".join(urls) + "\n", encoding="utf-8")
    links = "".join(f'<a href="{url}">x</a>\n' for url in urls)
    (folder / "urls.html").write_text(f"<!doctype html><html><body>{links}</body></html>", encoding="utf-8")
    found = {
        "kb links": [
            str(Path(sys.executable).with_name("kb")),
            *("links", "--urls", "urls.txt", "--allow-private", "--per-host-delay", "0", "--format", "json"),
        ]
    }
    lychee = shutil.which("lychee", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if lychee:
        polite = [f"--host-concurrency={per_host}"] if per_host else []
        found["lychee"] = [
            *(lychee, "--no-progress", "--host-request-interval=0ms", *polite, "urls.html"),
        ]
    linkinator = shutil.which("linkinator", path=f"node_modules/.bin:{os.environ['PATH']}")
    if linkinator:
        found["linkinator"] = [linkinator, "urls.html", "--format", "csv"]
    return found


def compare(name: str, urls: list[str], rounds: int, per_host: int | None, folder: Path) -> None:
    """Run all checkers in turn, and print medians and ratios to lychee."""
    times: dict[str, list[Run]] = {}
    asked = commands(folder, urls, per_host)
    for turn in range(rounds + 1):
        for checker, command in asked.items():
            measured = run(command, folder)
            if turn:  # the first compiles modules and fills caches
                times.setdefault(checker, []).append(measured)
    medians = {c: [statistics.median(v) for v in zip(*runs, strict=True)] for c, runs in times.items()}
    print(f"{name}: {len(urls)} addresses, {rounds} rounds")
    for checker, (seconds, megabytes, cpu) in medians.items():
        line = f"  {checker:12} {seconds:8.2f} s {len(urls) / seconds:9.0f} /s {megabytes:7.0f} MB"
        line += f" {cpu / len(urls) * 1e6:6.0f} µs CPU each"
        if "lychee" in medians and checker != "lychee":
            line += f"   {medians['lychee'][0] / seconds:.2f}x lychee's speed"
            line += f", {megabytes / medians['lychee'][1]:.2f}x its memory"
        print(line)


def grow(sizes: list[int], folder: Path) -> None:
    """Print how time and memory of kb grow with the number of addresses."""
    for size in sizes:
        urls = [f"http://127.0.1.{n % 250 + 1}:{PORT}/p/{n}" for n in range(size)]
        seconds, megabytes, _ = run(commands(folder, urls, None)["kb links"], folder)
        print(f"  {size:9} addresses {seconds:8.2f} s {size / seconds:9.0f} /s {megabytes:7.0f} MB")


def main() -> None:
    """Measure both loads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, help="how many addresses to end with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with nginx(folder):
            urls = [f"http://127.0.1.{n % 250 + 1}:{PORT}/p/{n}" for n in range(options.size)]
            compare("250 hosts, at once", urls, options.rounds, None, folder)
            if options.many:
                grow([options.many // 10, options.many // 2, options.many], folder)
        with slow_server(0.05):
            urls = [f"http://127.0.1.{n % 100 + 1}:{PORT + 1}/p/{n}" for n in range(1000)]
            compare("100 hosts, 50 ms", urls, options.rounds, 2, folder)


if __name__ == "__main__":
    main()
