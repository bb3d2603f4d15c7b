"""What is known of every address: ``links.ttl``, one record each and an assertion per change of verdict.

The file is read, changed and written under a lock, by way of a temporary name: two runs at once lose
nothing, and a run that is killed leaves the old state whole. Every statement is a line of its own, so that
branches can be merged line by line (``merge=union`` in ``.gitattributes``); an address then has a line from
each, of which the one that was checked last holds, and the next run leaves one.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO, TypeVar

import pyoxigraph as ox

from ..errors import InputError
from ..files import locked, write_atomically
from ..store import read_turtle, turtle_complaint
from ..turtle import write_turtle
from ..vocabulary import CODE, EKB, PREFIXES, Standing, Verdict, code
from .judgement import FAILING
from .standing import NEUTRAL, REACHED, Observation, Record, Rules, next_record

__all__ = ["History"]

_HEAD = "# What the link check knows of every address. Written by kb links; merge branches by union.\n\n"

_PREFIXES = ("code", "dcterms", "earl", "ekb", "schema", "xsd")  #: declared whether used or not

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_DATE_TIME = ox.NamedNode(PREFIXES["xsd"] + "dateTime")
_INTEGER = ox.NamedNode(PREFIXES["xsd"] + "integer")


def _ekb(name: str) -> ox.NamedNode:
    return ox.NamedNode(EKB + name)


def _earl(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["earl"] + name)


_ARCHIVED = ox.NamedNode(PREFIXES["schema"] + "archivedAt")
_WEB_ADDRESS = ox.NamedNode("https://w3id.org/evidence-kb/ns#WebAddress")
_ASSERTION, _RESULT = _earl("Assertion"), _earl("TestResult")
_KEPT_BY_US = frozenset(
    _ekb(name)
    for name in (
        *("verdict", "standing", "statusCode", "since", "lastChecked", "lastAlive", "failures"),
        *("finalAddress", "fingerprint", "contentChangedAt"),
    )
)


class History:
    """The file of a knowledge base's link check.

    What a run sees goes into a journal beside the file at once, line by line, and from there into the file
    when the run ends; the journal of a run that was killed is taken up by the next.

    :param path: ``links.ttl``; it need not exist yet.
    :param base: the IRI that assertions' IRIs begin with.
    :param read_only: work out what would be known, and write nothing.
    :raises InputError: the file cannot be read or is no Turtle.
    """

    def __init__(self, path: Path, base: str, rules: Rules | None = None, *, read_only: bool = False) -> None:
        self._path, self._base, self._rules = path, base, rules or Rules()
        self._read_only = read_only
        self._journal: TextIO | None = None
        self._seen: list[Observation] = []
        self._triples: set[ox.Triple] = set()
        self._records: dict[str, Record] = {}
        self._assertions: set[str] = set()
        self._merged: set[str] = set()  #: addresses with lines from several branches
        self._read()

    def record(self, url: str) -> Record | None:
        """What is known of an address."""
        return self._records.get(url)

    def take_up(self) -> int:
        """Note what runs that were killed had seen; gives how many observations there were."""
        number = 0
        for path in sorted(self._path.parent.glob(f".{self._path.name}.*.journal")):
            with path.open("r+", encoding="utf-8") as journal:
                try:
                    fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue  # its run is still at work
                seen = [o for o in map(_from_line, journal) if o]
                self.add(seen)
                path.unlink(missing_ok=True)
                number += len(seen)
        return number

    def note(self, seen: Observation) -> None:
        """Keep an observation safe until `settle`."""
        if self._read_only:
            self._note(seen)
            return
        if self._journal is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = mkstemp(".journal", f".{self._path.name}.", self._path.parent)
            self._journal = os.fdopen(handle, "w", encoding="utf-8", buffering=1)
            self._journal_path = Path(name)
            fcntl.flock(self._journal, fcntl.LOCK_EX)
        self._journal.write(_line(seen))
        self._seen.append(seen)

    def settle(self) -> None:
        """Put everything noted into the file, and make one of the lines that merged branches left."""
        if self._journal is None and self._merged and not self._read_only:
            self.add(())
        if self._journal is not None:
            self.add(self._seen)
            self._journal_path.unlink(missing_ok=True)
            self._journal.close()
            self._journal, self._seen = None, []

    def add(self, observations: Iterable[Observation]) -> None:
        """Put observations into the file.

        An observation older than what is known (back-filling) adds to the history and changes no record.
        """
        with locked(self._path.parent):  # not the file, which is replaced
            self._read()
            self._put(observations)
            write_atomically(self._path, _one_a_line(self._triples))

    def text(self) -> str:
        """What the file says, as it is written: sorted, one line for each address, whatever was merged."""
        self._put(())
        return _one_a_line(self._triples)

    def _put(self, observations: Iterable[Observation]) -> None:
        for url in self._merged:
            self._assert_change(self._records[url])
        touched = {seen.url for seen in observations if self._note(seen)} | self._merged
        subjects = {ox.NamedNode(url) for url in touched}
        self._triples = {
            t for t in self._triples if t.subject not in subjects or t.predicate not in _KEPT_BY_US
        }
        for subject in subjects:
            self._triples.update(_triples(subject, self._records[subject.value]))
        self._merged = set()

    # -- reading -----------------------------------------------------------------------------------

    def _read(self) -> None:
        self._triples, self._records, self._assertions, self._merged = set(), {}, set(), set()
        if not self._path.exists():
            return
        data = read_turtle(self._path)
        values: dict[str, _Values] = {}
        lines: dict[str, list[_Values]] = {}
        is_web_address = (_A, _WEB_ADDRESS)
        try:
            for quad in ox.parse(data, ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                triple = quad.triple
                self._triples.add(triple)
                assert isinstance(triple.subject, ox.NamedNode | ox.BlankNode)
                subject = triple.subject.value
                if (triple.predicate, triple.object) == is_web_address:  # how every such line begins
                    lines.setdefault(subject, []).append({})
                for of in (values.setdefault(subject, {}), *lines.get(subject, ())[-1:]):
                    of.setdefault(triple.predicate.value, []).append(triple.object)
        except SyntaxError as error:
            raise InputError(turtle_complaint(str(error.msg)), self._path, error.lineno) from None
        self._assertions = {name for name, of in values.items() if _ASSERTION in of.get(_A.value, ())}
        changes = _changes(values)
        for url, own in lines.items():
            history = sorted(changes.get(url, ()))
            if len(own) > 1:
                self._merged.add(url)
            record = _latest([r for r in (_record(url, of, history) for of in own) if r], history)
            if record:
                self._records[url] = record
        self._merged &= self._records.keys()

    # -- writing -----------------------------------------------------------------------------------

    def _note(self, seen: Observation) -> bool:
        """Whether an observation changes what is known now."""
        before = self._records.get(seen.url)
        if before and seen.when < before.last_checked:
            self._assert(seen)
            return False
        after = self._records[seen.url] = next_record(before, seen, self._rules)
        if before is None or before.verdict is not after.verdict:
            self._assert(seen)
        return True

    def _assert_change(self, record: Record) -> None:
        """A change that neither branch saw, for each knew but its own half."""
        self._assert(Observation(record.url, record.verdict, record.since))

    def _assert(self, seen: Observation) -> None:
        when = _stamp(seen.when)
        name = sha1(f"{seen.url} {when}".encode(), usedforsecurity=False).hexdigest()[:16]
        assertion = ox.NamedNode(f"{self._base}links/{name}")
        if assertion.value in self._assertions:
            return
        self._assertions.add(assertion.value)
        result = ox.BlankNode()
        outcome = "passed" if seen.verdict in REACHED else "failed" if seen.verdict in FAILING else "cantTell"
        date = ox.NamedNode(PREFIXES["dcterms"] + "date")
        self._triples |= {
            ox.Triple(assertion, _A, _ASSERTION),
            ox.Triple(assertion, _earl("subject"), ox.NamedNode(seen.url)),
            ox.Triple(assertion, _earl("result"), result),
            ox.Triple(result, _A, _RESULT),
            ox.Triple(result, _earl("outcome"), _earl(outcome)),
            ox.Triple(result, _ekb("verdict"), ox.NamedNode(code(seen.verdict))),
            ox.Triple(result, date, ox.Literal(when, datatype=_DATE_TIME)),
        }


def _one_a_line(triples: set[ox.Triple]) -> str:
    turtle = write_turtle(triples, PREFIXES)
    statements = re.sub(r"\n +", " ", turtle).split("\n")
    declared = {line for line in statements if line.startswith("@prefix")} | {
        f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in _PREFIXES
    }
    lines = [line for line in statements if line and line not in declared]
    return _HEAD + "\n".join((*sorted(declared), "", *lines)) + "\n"


def _line(seen: Observation) -> str:
    values = (seen.url, seen.verdict, _stamp(seen.when), seen.status, seen.final, seen.fingerprint)
    return json.dumps(values, ensure_ascii=False) + "\n"


def _from_line(line: str) -> Observation | None:
    """An observation from a journal; ``None`` for a line that was not written to its end."""
    try:
        url, verdict, when, status, final, print_ = json.loads(line)
        return Observation(url, Verdict(verdict), datetime.fromisoformat(when), status, final, print_)
    except ValueError:
        return None


def _triples(subject: ox.NamedNode, record: Record) -> Iterator[ox.Triple]:
    yield ox.Triple(subject, _A, _WEB_ADDRESS)
    yield ox.Triple(subject, _ekb("verdict"), ox.NamedNode(code(record.verdict)))
    yield ox.Triple(subject, _ekb("standing"), ox.NamedNode(code(record.standing)))
    yield ox.Triple(subject, _ekb("failures"), ox.Literal(record.failures))
    if record.status:
        yield ox.Triple(subject, _ekb("statusCode"), ox.Literal(record.status))
    for name, when in (
        ("since", record.since),
        ("lastChecked", record.last_checked),
        ("lastAlive", record.last_alive),
        ("contentChangedAt", record.changed_at),
    ):
        if when:
            yield ox.Triple(subject, _ekb(name), ox.Literal(_stamp(when), datatype=_DATE_TIME))
    if record.final and record.final != record.url:
        yield ox.Triple(subject, _ekb("finalAddress"), ox.NamedNode(record.final))
    if record.fingerprint:
        yield ox.Triple(subject, _ekb("fingerprint"), ox.Literal(record.fingerprint))


_Enum = TypeVar("_Enum", Verdict, Standing)
_Values = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


def _record(url: str, of: _Values, changes: list[tuple[datetime, Verdict]]) -> Record | None:
    def words(name: str) -> list[str]:
        return sorted(term.value for term in of.get(EKB + name, ()))

    def latest(name: str) -> datetime | None:
        times = [when for when in map(_time, words(name)) if when]
        return max(times) if times else None

    verdicts = [v for v in (_word(Verdict, word) for word in words("verdict")) if v]
    last_checked = latest("lastChecked")
    if not verdicts or last_checked is None:
        return None
    verdict, since = verdicts[0], latest("since") or last_checked
    if len(verdicts) > 1 and changes:  # merged by union: the later change holds
        since, verdict = changes[-1]
    last_alive = latest("lastAlive")
    if last_alive == last_checked:
        verdict = next((v for v in verdicts if v in REACHED), verdict)
    standings = {s for s in (_word(Standing, word) for word in words("standing")) if s}
    failures = max((int(word) for word in words("failures") if word.isdecimal()), default=0)
    failing_since = None
    if verdict in FAILING:
        after = [when for when, v in changes if v in FAILING and (last_alive is None or when > last_alive)]
        failing_since = min([*after, since])
    else:
        failures = 0 if verdict not in NEUTRAL else failures
    order = (Standing.SUSPECT, Standing.CONFIRMED) if verdict in FAILING else (Standing.STEADY, *standings)
    standing = next((s for s in order if s in standings), Standing.STEADY)
    statuses = [int(word) for word in words("statusCode") if word.isdecimal()]
    return Record(
        url,
        verdict,
        standing,
        since,
        last_checked,
        statuses[0] if statuses else None,
        last_alive,
        failures,
        failing_since,
        next(iter(words("finalAddress")), None),
        next(iter(words("fingerprint")), None),
        latest("contentChangedAt"),
        tuple(sorted(term.value for term in of.get(_ARCHIVED.value, ()))),
    )


def _latest(records: list[Record], changes: list[tuple[datetime, Verdict]]) -> Record | None:
    """Of what several branches know of an address, the latest, with what the others saw beside it."""
    if len(records) < 2:
        return records[0] if records else None
    last = max(records, key=lambda record: record.last_checked)
    between = [when for when, verdict in changes if when > last.since and verdict is not last.verdict]
    alive = [record.last_alive for record in records if record.last_alive]
    changed = [record.changed_at for record in records if record.changed_at]
    return last._replace(
        since=last.last_checked if between else last.since,
        last_alive=max(alive, default=None),
        changed_at=max(changed, default=None),
        fingerprint=last.fingerprint or next((r.fingerprint for r in records if r.fingerprint), None),
    )


def _changes(values: dict[str, _Values]) -> dict[str, list[tuple[datetime, Verdict]]]:
    """Every change of verdict that was noted, by address."""
    changes: dict[str, list[tuple[datetime, Verdict]]] = {}
    for of in values.values():
        if _ASSERTION not in of.get(_A.value, ()):
            continue
        for subject in of.get(_earl("subject").value, ()):
            for result in of.get(_earl("result").value, ()):
                inner = values.get(result.value, {})
                dates = inner.get(PREFIXES["dcterms"] + "date", ())
                verdicts = inner.get(EKB + "verdict", ())
                for date, word in zip(dates, verdicts, strict=False):
                    when, verdict = _time(date.value), _word(Verdict, word.value)
                    if when and verdict:
                        changes.setdefault(subject.value, []).append((when, verdict))
    return changes


def _word(kind: type[_Enum], iri: str) -> _Enum | None:
    try:
        return kind(iri.removeprefix(CODE))
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
