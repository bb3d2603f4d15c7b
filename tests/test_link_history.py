"""What is remembered of an address: standing over time, changes of verdict, nothing lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.links.history import History
from evidence_kb.links.judgement import FAILING
from evidence_kb.links.standing import Observation, Record, Rules, next_record
from evidence_kb.vocabulary import Standing, Verdict

URL = "https://a.example/x"
START = datetime(2026, 9, 1, 6, tzinfo=UTC)
BASE = "https://example.org/kb/"


def seen(verdict: str, days: float = 0.0, url: str = URL, **more: object) -> Observation:
    return Observation(url, Verdict(verdict), START + timedelta(days=days), **more)  # type: ignore[arg-type]


def after(*observations: Observation) -> Record:
    record = None
    for one in observations:
        record = next_record(record, one, Rules())
    assert record is not None
    return record


# -- standing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdicts", "standing", "failures"),
    [
        ([("alive", 0)], "steady", 0),
        ([("dead", 0)], "confirmed", 1),
        ([("invalid", 0)], "confirmed", 1),
        ([("unreachable", 0)], "confirmed", 1),
        ([("alive", 0), ("dead", 1)], "suspect", 1),
        ([("alive", 0), ("dead", 1), ("dead", 3)], "suspect", 2),
        ([("alive", 0), ("dead", 1), ("dead", 3), ("dead", 5)], "suspect", 3),
        ([("alive", 0), ("dead", 1), ("dead", 3), ("dead", 7)], "confirmed", 3),
        ([("alive", 0), ("dead", 1), ("dead", 9)], "suspect", 2),
        ([("alive", 0), ("dead", 1), ("soft-404", 4), ("unreachable", 7.5)], "confirmed", 3),
        ([("alive", 0), ("dead", 1), ("dead", 4), ("dead", 8), ("alive", 9)], "steady", 0),
        ([("alive", 0), ("dead", 1), ("dead", 4), ("dead", 8), ("moved", 9)], "steady", 0),
        ([("alive", 0), ("dead", 1), ("dead", 4), ("alive", 5), ("dead", 8)], "suspect", 1),
        ([("alive", 0), ("dead", 1), ("dead", 1.01), ("dead", 1.02), ("dead", 8)], "suspect", 2),
        ([("alive", 0), ("dead", 1), ("blocked", 3), ("dead", 7.5)], "suspect", 2),
        ([("blocked", 0)], "steady", 0),
        ([("alive", 0), ("insecure", 1)], "steady", 0),
        ([("alive", 0), ("drifted", 1)], "steady", 0),
    ],
)
def test_standing(verdicts: list[tuple[str, float]], standing: str, failures: int) -> None:
    record = after(*(seen(verdict, days) for verdict, days in verdicts))

    assert (record.standing, record.failures) == (standing, failures)


def test_since_is_when_the_verdict_began() -> None:
    assert after(seen("dead", 1), seen("dead", 3)).since == START + timedelta(days=1)
    assert after(seen("dead", 1), seen("soft-404", 3)).since == START + timedelta(days=3)


def test_the_fingerprint_is_that_of_the_page_as_cited() -> None:
    record = after(seen("alive", 0, fingerprint="aa"), seen("drifted", 1, fingerprint="bb"))

    assert (record.fingerprint, record.changed_at) == ("aa", START + timedelta(days=1))


@given(st.lists(st.tuples(st.sampled_from(list(Verdict)), st.floats(0.05, 9)), min_size=1, max_size=12))
def test_no_order_of_events_breaks_the_rule(events: list[tuple[Verdict, float]]) -> None:
    record, day, alive = None, 0.0, False
    for verdict, pause in events:
        day += pause
        record = next_record(record, seen(verdict, day), Rules())
        alive = alive or verdict in {Verdict.ALIVE, Verdict.MOVED}
        if verdict in FAILING:
            assert record.standing is not Standing.STEADY
            assert alive or record.standing is Standing.CONFIRMED
        if verdict in {Verdict.ALIVE, Verdict.MOVED}:
            assert (record.standing, record.failures) == (Standing.STEADY, 0)


# -- the file ----------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "links.ttl"


def test_what_is_written_is_read_again(path: Path) -> None:
    History(path, BASE).add(
        [
            seen("alive", 0, status=200, final="https://a.example/y", fingerprint="aa"),
            seen("dead", 1, status=404),
        ]
    )
    record = History(path, BASE).record(URL)

    assert record == Record(
        URL,
        Verdict.DEAD,
        Standing.SUSPECT,
        START + timedelta(days=1),
        START + timedelta(days=1),
        404,
        START,
        1,
        START + timedelta(days=1),
        None,
        "aa",
    )


def test_every_statement_is_a_line_and_writing_it_again_changes_nothing(path: Path) -> None:
    History(path, BASE).add([seen("alive"), seen("dead", 1), seen("alive", url="https://b.example/")])
    text = path.read_text(encoding="utf-8")

    assert History(path, BASE).text() == text
    assert text.startswith("# What the link check knows")
    assert [line.split(" ", 1)[0] for line in text.splitlines() if line.startswith("<https://")][:2] == [
        "<https://a.example/x>",
        "<https://b.example/>",
    ]
    assert all(line.endswith(" .") for line in text.splitlines() if line.startswith(("<", "@")))


def test_only_changes_of_verdict_are_asserted(path: Path) -> None:
    history = History(path, BASE)
    for day, verdict in enumerate(["alive", "alive", "dead", "dead", "alive"]):
        history.add([seen(verdict, day)])

    assert path.read_text(encoding="utf-8").count("a earl:Assertion") == 3


def test_an_older_observation_joins_the_history_and_changes_nothing(path: Path) -> None:
    history = History(path, BASE)
    history.add([seen("dead", 5)])
    history.add([seen("alive", 1)])

    record = history.record(URL)
    assert record is not None
    assert record.verdict is Verdict.DEAD
    assert "earl:passed" in path.read_text(encoding="utf-8")


def test_what_others_wrote_about_an_address_stays(path: Path) -> None:
    History(path, BASE).add([seen("alive")])
    note = (
        f'<{URL}> <https://schema.org/archivedAt> <https://archive.example/1> ; <https://a.example/p> "x" .\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + note, encoding="utf-8")
    History(path, BASE).add([seen("dead", 1)])
    record = History(path, BASE).record(URL)

    assert record is not None
    assert record.archived == ("https://archive.example/1",)
    assert "https://a.example/p" in path.read_text(encoding="utf-8")


def merged(ours: Path, base: str, theirs: Path) -> None:
    """What git does with merge=union in .gitattributes."""
    (ours.parent / "base.ttl").write_text(base, encoding="utf-8")
    words = ["git", "merge-file", "--union", str(ours), str(ours.parent / "base.ttl"), str(theirs)]
    subprocess.run(words, check=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict", "standing", "since"),
    [
        (("dead", 2), ("moved", 4), "moved", "steady", 4),
        (("alive", 4), ("dead", 2), "alive", "steady", 4),
        (("dead", 2), ("alive", 4), "alive", "steady", 4),
        (("dead", 3), ("dead", 2), "dead", "suspect", 3),
        (("alive", 4), ("alive", 2), "alive", "steady", 0),
    ],
)
def test_branches_merged_by_union_agree_on_the_later_and_are_one_line_after_the_next_run(
    path: Path,
    tmp_path: Path,
    ours: tuple[str, float],
    theirs: tuple[str, float],
    verdict: str,
    standing: str,
    since: float,
) -> None:
    others = [seen("alive", url=f"https://a.example/{n}") for n in range(3)]
    History(path, BASE).add([seen("alive", 0), *others])
    base = path.read_text(encoding="utf-8")
    other = tmp_path / "other.ttl"
    other.write_text(base, encoding="utf-8")
    History(path, BASE).add([seen(*ours), *(one._replace(when=START + timedelta(days=1)) for one in others)])
    History(other, BASE).add(
        [seen(*theirs), *(one._replace(when=START + timedelta(days=3)) for one in others)]
    )
    merged(path, base, other)

    def lines() -> int:
        return sum(line.startswith(f"<{URL}> ") for line in path.read_text(encoding="utf-8").splitlines())

    record = History(path, BASE).record(URL)
    assert record is not None
    assert lines() == 2
    assert (record.verdict, record.standing) == (Verdict(verdict), Standing(standing))
    assert (record.last_checked, record.since) == (
        START + timedelta(days=max(ours[1], theirs[1])),
        START + timedelta(days=since),
    )
    History(path, BASE).settle()
    assert lines() == 1
    assert History(path, BASE).record(URL) == record


def _add(path: Path, number: int) -> None:
    history = History(path, BASE)
    for n in range(10):
        history.note(seen("alive", n, url=f"https://a.example/{number}/{n}"))
        history.settle()


def test_two_runs_at_once_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    runs = [context.Process(target=_add, args=(path, number)) for number in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    history = History(path, BASE)
    assert all(history.record(f"https://a.example/{number}/{n}") for number in range(3) for n in range(10))


def _note_and_die(path: Path) -> None:
    history = History(path, BASE)
    for n in range(5):
        history.note(seen("alive", n, url=f"https://a.example/{n}"))
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_run_saw_is_taken_up_by_the_next(path: Path) -> None:
    run = multiprocessing.get_context("fork").Process(target=_note_and_die, args=(path,))
    run.start()
    run.join()
    assert not path.exists()

    history = History(path, BASE)

    assert history.take_up() == 5
    assert History(path, BASE).record("https://a.example/4")
    assert list(path.parent.glob(".*.journal")) == []


def test_a_read_only_history_writes_nothing(path: Path) -> None:
    history = History(path, BASE, read_only=True)
    history.note(seen("dead"))
    history.settle()
    record = history.record(URL)

    assert record is not None
    assert record.standing is Standing.CONFIRMED
    assert list(path.parent.iterdir()) == []


def test_the_store_can_ask_it(path: Path) -> None:
    History(path, BASE).add([seen("alive"), seen("dead", 1)])
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)

    assert len(store) > 15
