"""From an answer to a verdict, by way of what must be asked besides.

Kept apart from `check`, and imported when the first requests are under way: what judges pages takes as long
to import as a server takes to answer.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from ..vocabulary import Verdict
from .addresses import joined, read_address
from .case import Case
from .judgement import Cited, Judgement
from .lexicon import Lexicon
from .outcome import Exchange, Hop, Outcome, Trouble
from .page import Page, page_of
from .targets import Target
from .verdict import CHAIN_INCOMPLETE, CHAIN_UNCLEAR, certificate_reason, judge, plainly_alive

if TYPE_CHECKING:
    from .fetch import Fetcher
    from .history import History

__all__ = ["Judge", "Settle"]

Settle = Callable[[int, Judgement, Exchange | None, tuple[Hop, ...], float], None]

_MOST_REFRESHES = 3
_NETWORK = frozenset((Trouble.NAME, Trouble.CONNECTION, Trouble.TIMEOUT))
_ALIVE = Judgement(Verdict.ALIVE, "200")


class Judge:
    """Takes outcomes as they come, asks for more where there is a doubt, and settles each target.

    :param canary: a name that exists: unless it resolves, no name is called non-existent.
    :param settle: told the number of a target, and what became of it.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        targets: Sequence[Target],
        history: History | None,
        canary: str,
        lexicon: Lexicon,
        settle: Settle,
    ) -> None:
        self._fetcher, self._targets, self._history = fetcher, targets, history
        self._canary, self._lexicon, self._settle = canary, lexicon, settle
        self._telling = lexicon.telling
        self.answered = 0  #: outcomes that show that the network is there
        self._nameless: list[tuple[Case, Outcome]] = []
        self._siblings: dict[str, list[Case]] = {}

    def advance(self, outcome: Outcome) -> None:
        tag = outcome.tag
        if isinstance(tag, str):  # a sibling address, asked on a doubt
            for case in self._siblings.pop(tag, ()):
                case.sibling = outcome.last
                assert case.outcome is not None
                self._decide(case, case.outcome)
            return
        assert isinstance(tag, Case)
        case = tag
        if outcome.last.connected or outcome.last.trouble not in _NETWORK or outcome.hops:
            self.answered += 1
        plain = case.is_plain and not (outcome.hops or case.hops or case.certificate)
        if plain and plainly_alive(outcome.last, self._telling):
            for index in case.targets:
                self._settle(index, _ALIVE, outcome.last, (), outcome.seconds)
            return
        if outcome.last.chain_gap and case.certificate == CHAIN_UNCLEAR:
            case.certificate = CHAIN_INCOMPLETE
        outcome = outcome._replace(url=case.request, hops=case.hops + outcome.hops)
        if outcome.last.trouble is Trouble.CERTIFICATE and not case.certificate:
            case.certificate = certificate_reason(outcome.last.detail)
            self._fetcher.add(case.request, case, verify=False)
            return
        page = page_of(outcome.last) if outcome.last.status == 200 and not outcome.last.trouble else None
        if self._refreshes(case, outcome, page):
            return
        if outcome.last.trouble is Trouble.NAME:
            self._nameless.append((case, outcome))
            return
        self._decide(case, outcome, page)

    def _refreshes(self, case: Case, outcome: Outcome, page: Page | None) -> bool:
        """Follow an HTML refresh, which is a redirect by other means."""
        if page is None or page.sends_to is None:
            return False
        to = read_address(joined(outcome.last.url, page.sends_to))
        if to.request is None and to.refusal is None:
            return False
        if to.request == outcome.last.url:
            return False
        hop = Hop(0, to.request or to.given)
        trouble, detail = None, ""
        if to.request is None:
            trouble, detail = Trouble.POLICY, f"it sends its reader to {to.given[:200]!r}: {to.refusal}"
        elif to.request == case.request or hop in outcome.hops or case.refreshes >= _MOST_REFRESHES:
            trouble, detail = Trouble.LOOP, "its pages send their reader in a circle"
        if trouble is not None:
            last = outcome.last._replace(trouble=trouble, detail=detail)
            self._decide(case, outcome._replace(last=last))
            return True
        assert to.request is not None
        case.refreshes += 1
        case.hops = (*outcome.hops, hop)
        self._fetcher.add(to.request, case, verify=not case.certificate)
        return True

    def _decide(self, case: Case, outcome: Outcome, page: Page | None = None) -> None:
        cited = self._cited(case)
        address = read_address(self._targets[case.first].given)
        verdict = judge(outcome, address, cited, self._lexicon, case.sibling, page)
        if verdict.doubt and case.sibling is None:
            case.outcome = outcome
            self._ask_sibling(case, outcome.last.url)
            return
        if case.certificate and verdict.verdict in {Verdict.ALIVE, Verdict.MOVED, Verdict.DRIFTED}:
            verdict = verdict._replace(
                verdict=Verdict.INSECURE, reason=f"{case.certificate}; past it: {verdict.reason}"
            )
        for index in case.targets:
            fragment = read_address(self._targets[index].given).fragment
            own = verdict
            if fragment != address.fragment:
                own = judge(outcome, address._replace(fragment=fragment), cited, self._lexicon, case.sibling)
            self._settle(index, own, outcome.last, outcome.hops, outcome.seconds)

    def _cited(self, case: Case) -> Cited:
        first = self._targets[case.first]
        record = self._history.record(first.given) if self._history else None
        return first.cited._replace(fingerprint=record.fingerprint if record else None)

    def _ask_sibling(self, case: Case, url: str) -> None:
        """One random address beside this one: does the host say the same to it?"""
        parts = urlsplit(url)
        folder = parts.path.rpartition("/")[0]
        key = f"{parts.scheme}://{parts.netloc}{folder}"
        waiting = self._siblings.setdefault(key, [])
        waiting.append(case)
        if len(waiting) == 1:
            path = f"{folder}/{os.urandom(8).hex()}"
            self._fetcher.add(urlunsplit((parts.scheme, parts.netloc, path, "", "")), key)

    def judge_nameless(self) -> None:
        """A name is only called non-existent where another one, known to exist, is found."""
        canary = bool(self._nameless) and _lookup(self._canary) is None
        for case, outcome in self._nameless:
            verdict = judge(outcome, read_address(self._targets[case.first].given))
            host = urlsplit(outcome.last.url).hostname or ""
            if canary and _lookup(host) is False:
                self.answered += 1
                verdict = Judgement(Verdict.DEAD, f"there is no host called {host}")
            for index in case.targets:
                self._settle(index, verdict, outcome.last, outcome.hops, outcome.seconds)


def _lookup(name: str) -> bool | None:
    """``None`` if a name resolves, ``False`` if there is no such name, ``True`` if it cannot be told."""
    try:
        socket.getaddrinfo(name, None)
    except socket.gaierror as error:
        return error.errno not in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
    except UnicodeError:
        return False
    return None
