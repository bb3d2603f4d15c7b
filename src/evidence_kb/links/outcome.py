"""What came back when an address was asked for: bytes and troubles, no judgement yet."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["Exchange", "Hop", "Outcome", "Trouble"]


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


class Exchange(NamedTuple):
    """One request and what came of it.

    :param headers: of the final answer, names in lower case; of several, the last.
    :param body: decoded, up to the cap.
    :param whole: whether the body is all there.
    :param detail: the trouble in words.
    """

    url: str
    status: int = 0
    headers: dict[str, str] = {}  # noqa: RUF012  never written to
    body: bytes = b""
    whole: bool = True
    trouble: Trouble | None = None
    detail: str = ""


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
