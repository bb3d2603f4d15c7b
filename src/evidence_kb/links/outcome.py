"""What came back when an address was asked for: bytes and troubles, no judgement yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Exchange", "Headers", "Hop", "Outcome", "Trouble"]


class Trouble(StrEnum):
    """Why there is no whole answer."""

    NAME = "name"  #: the host's name was not resolved
    CONNECTION = "connection"  #: refused, reset, or no route
    TIMEOUT = "timeout"  #: not done in time
    CERTIFICATE = "certificate"  #: the certificate does not hold
    BROKEN = "broken"  #: the answer breaks the protocol, or ends too soon
    LOOP = "loop"  #: redirects without end
    POLICY = "policy"  #: we may not ask
    ADDRESS = "address"  #: redirected to what is no address


class Headers(Mapping[str, str]):
    """The header fields of an answer, by their names in lower case; of several, the last.

    Taken apart when first asked for: most answers are judged without.

    :param raw: as they came, of every answer on the way: behind a 103 Early Hints there is another.

    >>> Headers(b"HTTP/1.1 200 OK\\r\\nServer: a\\r\\n").get("server")
    'a'
    """

    __slots__ = ("_fields", "raw")

    def __init__(self, raw: bytes = b"") -> None:
        self.raw = raw
        self._fields: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, str]:
        if self._fields is None:
            self._fields = {}
            start = max(self.raw.rfind(b"\nHTTP/"), 0)
            for line in self.raw[start:].decode("latin-1").split("\n"):
                name, colon, value = line.partition(":")
                if colon:
                    self._fields[name.strip().lower()] = value.strip()
        return self._fields


class Exchange(NamedTuple):
    """One request and what came of it.

    :param headers: of the final answer.
    :param body: decoded, up to the cap.
    :param whole: whether the body is all there.
    :param detail: the trouble in words.
    :param connected: whether a machine answered at all: then the network is there.
    :param chain_gap: whether the server sent its own certificate only, though that says where its issuer's
        is; known where the certificate was not verified.
    """

    url: str
    status: int = 0
    headers: Headers = Headers()
    body: bytes = b""
    whole: bool = True
    trouble: Trouble | None = None
    detail: str = ""
    connected: bool = True
    chain_gap: bool = False


class Hop(NamedTuple):
    """A redirect: its status (0 for an HTML refresh), and where it led."""

    status: int
    url: str


class Outcome(NamedTuple):
    """The last exchange of a chain of redirects, after all attempts.

    :param tag: whatever the caller gave along.
    :param seconds: wall-clock time of the last attempt.
    """

    tag: object
    url: str
    hops: tuple[Hop, ...]
    last: Exchange
    attempts: int
    seconds: float
