"""From what came back to a verdict, with the reason in words. Pure functions: no network, no triples."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..vocabulary import Verdict
from .addresses import Address
from .disguise import gate_or_ghost, plain, shows_what_was_cited, wall_of
from .fingerprint import distance, fingerprint
from .judgement import Cited, Judgement
from .lexicon import Lexicon
from .outcome import Exchange, Hop, Outcome, Trouble
from .page import Page, glance, page_of

__all__ = ["CHAIN_INCOMPLETE", "CHAIN_UNCLEAR", "certificate_reason", "judge", "plainly_alive"]

CHAIN_UNCLEAR = "the certificate's chain is incomplete, or its issuer unknown"
CHAIN_INCOMPLETE = "the certificate's chain is incomplete: the server does not send its issuer's certificate"
_PERMANENT = frozenset((301, 308, 0))
_WALLS = frozenset((401, 402, 403, 407, 429, 451, 999))
_GONE = frozenset((404, 410))
_SHORT = 2_000
_WORD = re.compile(r"\w+")
_FAR = 0.30  #: unrelated texts lie near 0.5, edited ones below 0.2


def plainly_alive(last: Exchange, telling: frozenset[str]) -> bool:
    """Whether a page is there beyond doubt, by a glance: long, and without a word that gives it away.

    Only for addresses of which nothing more is asked: no fragment, title, phrase or fingerprint; and for
    those `judge` comes to the same.

    :param telling: `Lexicon.telling`.
    """
    if last.status != 200 or last.trouble or b"mitigated:" in last.headers.raw.lower():
        return False
    signs = glance(last, _SHORT)
    return signs is not None and telling.isdisjoint(_WORD.findall(signs))


def judge(
    outcome: Outcome,
    address: Address,
    cited: Cited = Cited(),  # noqa: B008  immutable
    lexicon: Lexicon | None = None,
    sibling: Exchange | None = None,
    page: Page | None = None,
) -> Judgement:
    """The verdict on what came back.

    :param sibling: what the host says to an address that cannot exist, where there was a doubt.
    :param page: the page in the answer, where it has been read already.
    """
    lexicon = lexicon or Lexicon.shipped()
    last = outcome.last
    if last.trouble is not None:
        return _judge_trouble(last)
    page = page or page_of(last)
    wall = wall_of(last, page, lexicon)
    if wall is not None:
        return wall
    if not 200 <= last.status < 300:
        return _judge_status(outcome)
    gone = gate_or_ghost(outcome, page, cited, lexicon, sibling)
    if gone is not None:
        return gone
    notes = _fragment_note(address.fragment, page)
    print_ = fingerprint(page.main_text) if page else None
    drift = _drift(page, cited, print_)
    if drift:
        return Judgement(Verdict.DRIFTED, drift, fingerprint=print_)
    new = _new_address(outcome.hops)
    if new and last.url != outcome.url:  # a way round, to be given a cookie, ends where it began
        return Judgement(Verdict.MOVED, f"moved for good to {new}{notes}", new, print_)
    return Judgement(Verdict.ALIVE, f"{last.status}{_whither(outcome.hops)}{notes}", fingerprint=print_)


# -- no answer, or one that is no yes --------------------------------------------------------------------


def _judge_trouble(last: Exchange) -> Judgement:
    match last.trouble:
        case Trouble.POLICY:
            return Judgement(Verdict.REFUSED, last.detail)
        case Trouble.LOOP:
            return Judgement(Verdict.DEAD, last.detail)
        case Trouble.ADDRESS:
            return Judgement(Verdict.DEAD, last.detail)
        case Trouble.CERTIFICATE:
            return Judgement(Verdict.INSECURE, certificate_reason(last.detail))
        case Trouble.NAME:
            return Judgement(Verdict.UNREACHABLE, f"the name is not resolved ({last.detail})")
        case Trouble.TIMEOUT:
            return Judgement(Verdict.UNREACHABLE, f"time-out: {last.detail}")
        case Trouble.CONNECTION:
            return Judgement(Verdict.UNREACHABLE, f"no connection: {last.detail}")
        case _:
            return Judgement(Verdict.UNREACHABLE, f"the answer is malformed: {last.detail}")


def certificate_reason(detail: str) -> str:
    """What is wrong with a certificate, in words of one kind whatever TLS library speaks."""
    lower = detail.lower()
    if "expired" in lower:
        return "the certificate has expired"
    if "in certificate chain" in lower or "in the chain" in lower:
        return "the certificate's issuer is unknown: its chain ends in a root that is not trusted here"
    if "self-signed" in lower or "self signed" in lower:
        return "the certificate is self-signed"
    if "subject name" in lower or "hostname" in lower or "does not match" in lower:
        return "the certificate is for another host"
    if "issuer" in lower or "unable to verify the first" in lower:
        return CHAIN_UNCLEAR
    return f"the certificate does not hold ({detail})"


def _judge_status(outcome: Outcome) -> Judgement:
    status = outcome.last.status
    whither = _whither(outcome.hops)
    if status in _GONE:
        return Judgement(Verdict.DEAD, f"{status}{whither}")
    if status in _WALLS:
        return Judgement(
            Verdict.BLOCKED, f"{status}{whither}: the server refuses a program; a person must look"
        )
    if 300 <= status < 400:
        return Judgement(Verdict.UNREACHABLE, f"{status} without a place to go{whither}")
    return Judgement(Verdict.UNREACHABLE, f"{status}{whither}")


# -- 200, but is it still what was cited? ----------------------------------------------------------------


def _drift(page: Page | None, cited: Cited, print_: str | None) -> str | None:
    if page is None or len(page.text) < 200:
        return None  # too little to tell: a page made by scripts, or no page
    if shows_what_was_cited(page, cited):
        return None
    if cited.fingerprint:
        if print_ is None or distance(print_, cited.fingerprint) < _FAR:
            return None
        return "its text is another than when it was last seen"
    missing = [name for name, given in (("title", cited.titles), ("key phrase", cited.phrases)) if given]
    return f"the cited {' and '.join(missing)} is nowhere on the page" if missing else None


# -- ways -----------------------------------------------------------------------------------------------


def _new_address(hops: tuple[Hop, ...]) -> str | None:
    """Where permanent redirects lead, up to the first that is not."""
    new = None
    for hop in hops:
        if hop.status not in _PERMANENT:
            break
        new = hop.url
    return new


def _whither(hops: tuple[Hop, ...]) -> str:
    return f" at {hops[-1].url}" if hops else ""


def _fragment_note(fragment: str, page: Page | None) -> str:
    if not fragment or page is None:
        return ""
    name, _, directive = fragment.partition(":~:")
    if directive.startswith("text="):
        parts = [
            unquote(p)
            for p in directive[5:].split("&")[0].split(",")
            if not p.startswith("-") and not p.endswith("-")
        ]
        if parts and plain(parts[0]) not in plain(page.text):
            return f"; the text “{parts[0]}” is not on it"
    if (
        name
        and unquote(name) not in page.anchors
        and name not in page.anchors
        and name not in {"top"}
        and not name.startswith(("!", "/"))
    ):
        return f"; it has no place called #{name}"
    return ""
