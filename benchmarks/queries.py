"""How long each shipped question and audit rule takes in process, on the shipped knowledge base.

The goal is 10 ms each on the embedded store. Exit code 1 if one misses it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from evidence_kb import KnowledgeBase
from evidence_kb.audit import all_rules

ROOT = Path(__file__).resolve().parents[1]
GOAL_MS = 10.0
ROUNDS = 9


def median_ms(work: Callable[[], object]) -> float:
    """Median wall-clock time of ``work`` in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main() -> int:
    """Measure, print the slowest first, and say whether every goal is met."""
    kb = KnowledgeBase.open(ROOT / "kb")
    rows = []
    for question in kb.questions:
        values = {
            p.name: p.example for p in question.parameters if p.default is None and p.example is not None
        }
        text = question.bind(values, kb.resolve)
        rows.append((median_ms(lambda text=text: kb.store.query(text)), question.name))
    for rule in all_rules(kb):
        if rule.query:
            rows.append((median_ms(lambda text=rule.query: kb.store.query(text)), f"checks/{rule.id}"))
    for milliseconds, name in sorted(rows, reverse=True):
        print(f"{milliseconds:8.2f} ms  {name}{'  missed' if milliseconds > GOAL_MS else ''}")
    return int(any(milliseconds > GOAL_MS for milliseconds, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
