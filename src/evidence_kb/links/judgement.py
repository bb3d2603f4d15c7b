"""What is judged, and what a judgement says."""

from __future__ import annotations

from typing import NamedTuple

from ..vocabulary import Verdict
from .addresses import Address

__all__ = ["FAILING", "Cited", "Judgement", "judge_unasked"]

FAILING = frozenset((Verdict.DEAD, Verdict.SOFT_404, Verdict.UNREACHABLE, Verdict.INVALID))


class Cited(NamedTuple):
    """What was cited at an address.

    :param titles: printed or known titles of the work.
    :param phrases: key phrases that curators found in it.
    :param fingerprint: of its main text when it was last seen as cited.
    """

    titles: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    fingerprint: str | None = None


class Judgement(NamedTuple):
    """A verdict and its reason.

    :param new_address: where the page has moved to for good.
    :param fingerprint: of the page's main text.
    :param doubt: a reason to ask a sibling address: whether this page is what the host says to everything.
    """

    verdict: Verdict
    reason: str
    new_address: str | None = None
    fingerprint: str | None = None
    doubt: str | None = None


def judge_unasked(address: Address) -> Judgement:
    """The verdict on an address that nothing can, or may, be asked for."""
    if address.problem:
        return Judgement(Verdict.INVALID, address.problem)
    return Judgement(Verdict.REFUSED, address.refusal or "")
