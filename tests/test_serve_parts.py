"""The server's pure parts: frames, row counts, turns in a queue, choosing a format."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.site.frames import DATA, END, HEAD, WHOLE, Frames, Whole, frame, whole_frame
from evidence_kb.site.front import Log
from evidence_kb.site.protocol import Refusal, negotiate, preferred_language, prefers_html, read_request
from evidence_kb.site.results import TABLE_FORMATS, RowCounter
from evidence_kb.site.waiting import Queue, Ticket

KINDS = st.sampled_from([HEAD, DATA, END])


@given(st.lists(st.tuples(KINDS, st.binary(max_size=40))), st.integers(1, 30))
def test_frames_arrive_as_they_were_sent_however_they_are_cut(
    frames: list[tuple[bytes, bytes]], size: int
) -> None:
    stream = b"".join(frame(kind, content) for kind, content in frames)
    reader = Frames()

    received = [f for at in range(0, len(stream), size) for f in reader.feed(stream[at : at + size])]

    assert received == frames


def test_a_whole_answer_arrives_as_it_was_sent() -> None:
    sent = Whole(200, "text/csv; charset=utf-8", packed=True, rows=None, microseconds=7, body=b"\0x")
    ((kind, content),) = Frames().feed(whole_frame(sent))

    assert kind == WHOLE
    assert Whole.read(content) == sent


VALUES = st.one_of(
    st.none(),
    st.text(alphabet='{}[],":<result>\\\n\r\t aé', max_size=12).map(ox.Literal),
    st.sampled_from(["urn:a", "urn:a,b", "http://example.org/x?y=z"]).map(ox.NamedNode),
)


@given(
    st.lists(st.tuples(VALUES, VALUES).filter(any), max_size=12),
    st.integers(1, 17),
    st.sampled_from(["json", "xml", "csv", "tsv"]),
)
def test_rows_are_counted_rightly_whatever_is_in_them_and_however_they_are_cut(
    rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]], size: int, word: str
) -> None:
    values = " ".join("(" + " ".join("UNDEF" if v is None else str(v) for v in row) + ")" for row in rows)
    answer = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    writer = next(f.writer for f in TABLE_FORMATS if f.word == word)
    written = answer.serialize(format=writer)  # type: ignore[call-arg, arg-type]
    assert isinstance(written, bytes)
    counter = RowCounter(io.BytesIO(), word, most=1000)

    for at in range(0, len(written), size):
        counter.write(written[at : at + size])

    assert counter.rows == len(rows)


def test_clients_take_turns_in_a_queue() -> None:
    queue = Queue()
    for number, client in enumerate("aaabbc"):
        queue.add(Ticket(b"", client, number))

    order = [queue.next({}, 1) for _ in range(6)]

    assert [ticket.client for ticket in order if ticket] == ["a", "b", "c", "a", "b", "a"]
    assert queue.next({}, 1) is None


def test_a_client_with_its_share_of_places_is_passed_over() -> None:
    queue = Queue()
    for number, client in enumerate("aab"):
        queue.add(Ticket(b"", client, number))

    assert (ticket := queue.next({"a": 2}, 2)) is not None
    assert ticket.client == "b"
    assert queue.next({"a": 2}, 2) is None
    assert queue.length == 2


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", "text/turtle"),
        ("nonsense", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle;q=0.2, application/*;q=0.9", "application/ld+json"),
        ("*/*;q=0.9, text/turtle;q=0", "application/ld+json"),
        ("application/ld+json;profile=compact", "application/ld+json"),
        ("TEXT/TURTLE;Q=1.0", "text/turtle"),
        ("text/turtle;q=x, application/ld+json;q=0.1", "application/ld+json"),
        ("image/*", None),
        ("text/turtle;q=0", None),
    ],
)
def test_a_format_is_chosen_as_http_says(accept: str, best: str | None) -> None:
    assert negotiate(accept, ["text/turtle", "application/ld+json"]) == best


@pytest.mark.parametrize(
    ("accept", "yes"),
    [
        ("text/html,application/xml;q=0.9,*/*;q=0.8", True),
        ("*/*", False),
        ("", False),
        ("text/turtle, text/html;q=0.9", False),
        ("text/html;q=0", False),
    ],
)
def test_a_person_is_told_from_a_program(accept: str, yes: bool) -> None:
    assert prefers_html(accept) is yes


def test_the_language_is_the_askers_or_the_first() -> None:
    assert preferred_language("fr, en-GB;q=0.8, de;q=0.9", ["en", "de"]) == "de"
    assert preferred_language("fr", ["de", "en"]) == "de"
    assert preferred_language("en;q=0", ["de", "en"]) == "de"


@given(st.binary(max_size=60), st.sampled_from(["GET", "POST"]), st.binary(max_size=60))
def test_any_request_is_a_query_or_refused(query_string: bytes, method: str, body: bytes) -> None:
    status = 200
    try:
        read_request(method, query_string, "application/x-www-form-urlencoded", body)
    except Refusal as refusal:
        status = refusal.status

    assert status in {200, 400, 403}


@given(st.text(max_size=40))
def test_a_path_cannot_forge_a_line_of_the_log(path: str) -> None:
    file = io.StringIO()
    entry = {"client": "c", "method": "GET", "path": path, "status": 200, "bytes": 0, "ms": 1, "id": "i"}

    Log("text", file).request(entry)

    assert len(file.getvalue().splitlines()) == 1
