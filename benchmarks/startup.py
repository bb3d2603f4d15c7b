"""How long whole ``kb`` processes take on the shipped knowledge base, as ratios to ``python -c pass``.

Every round runs the bare interpreter and each command once, in turn, so that a busy machine slows all of
them alike; the ratio is that of the medians. Exit code 1 if a goal is missed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KB = str(Path(sys.executable).with_name("kb"))
BARE = "python -c pass"
#: Command, and how many times the bare interpreter's time it may take.
GOALS: dict[str, tuple[list[str], float]] = {
    BARE: ([sys.executable, "-c", "pass"], 1.0),
    "kb --help": ([KB, "--help"], 3.0),
    "kb query rests-on": ([KB, "query", "rests-on"], 6.0),
    "kb audit": ([KB, "audit", "--fail-on", "never"], 15.0),
}
ROUNDS = 21
#: As on a user's machine: what was compiled once is kept.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def seconds(command: list[str]) -> float:
    """Wall-clock time of one run."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print a table, and say whether every goal is met."""
    times: dict[str, list[float]] = {name: [] for name in GOALS}
    for command, _ in GOALS.values():
        seconds(command)  # the first run compiles and fills the file cache
    for _ in range(ROUNDS):
        for name, (command, _) in GOALS.items():
            times[name].append(seconds(command))
    bare = statistics.median(times[BARE])
    missed = False
    print(f"{'process':22} {'min ms':>8} {'median':>8} {'max':>8} {'ratio':>7} {'goal':>6}")
    for name, (_, goal) in GOALS.items():
        low, middle, high = min(times[name]), statistics.median(times[name]), max(times[name])
        ratio = middle / bare
        missed |= ratio > goal
        print(
            f"{name:22} {low * 1e3:8.1f} {middle * 1e3:8.1f} {high * 1e3:8.1f} {ratio:7.2f} {goal:6.1f}"
            f"{'  missed' if ratio > goal else ''}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
