"""From what came back to a verdict, with the reason in words. Pure functions: no network, no triples."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from ..toml import read_toml
from ..vocabulary import Verdict
from .addresses import Address
from .fingerprint import distance, fingerprint
from .outcome import Exchange, Hop, Outcome, Trouble
from .page import Page, glance, page_of

__all__ = ["FAILING", "Cited", "Judgement", "Lexicon", "judge", "judge_unasked", "plainly_alive"]

FAILING = frozenset((Verdict.DEAD, Verdict.SOFT_404, Verdict.UNREACHABLE, Verdict.INVALID))
_PERMANENT = frozenset((301, 308, 0))
_WALLS = frozenset((401, 402, 403, 407, 429, 451, 999))
_GONE = frozenset((404, 410))
_SHORT, _VERY_SHORT = 2_000, 500
#: What marks an answer of a wall against programs, whatever page comes with it.
_WALL_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-vercel-mitigated": ""}
#: Parameters of a query that name no page.
_BY_THE_WAY = re.compile(
    r"(utm_\w+|ref|referrer|from|source|src|lang|locale|error|err|status|code|msg|redirect\w*)="
)
_WORD = re.compile(r"\w+")
_FAR = 0.30  #: unrelated texts lie near 0.5, edited ones below 0.2


class Lexicon(NamedTuple):
    """The words that give a page away; ``lexicon.toml`` holds those that ship."""

    gone: tuple[str, ...]
    parked: tuple[str, ...]
    parking_hosts: tuple[str, ...]
    challenge: tuple[str, ...]
    login: tuple[str, ...]
    consent: tuple[str, ...]
    login_page: tuple[str, ...]
    consent_page: tuple[str, ...]
    error: tuple[str, ...]

    @property
    def telling(self) -> frozenset[str]:
        """The longest word of each phrase for a page that is gone: without one, no phrase is there."""
        return frozenset(max(_WORD.findall(phrase), key=len) for phrase in self.gone)

    @classmethod
    def shipped(cls) -> Lexicon:
        """The words that ship."""
        return _shipped()

    def with_gone(self, phrases: Iterable[str]) -> Lexicon:
        """With more phrases for pages that are not there."""
        return self._replace(gone=(*self.gone, *(phrase.lower() for phrase in phrases)))


@cache
def _shipped() -> Lexicon:
    words = read_toml(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    return Lexicon(**{field: tuple(words[field]) for field in Lexicon._fields})


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


def plainly_alive(last: Exchange, telling: frozenset[str]) -> bool:
    """Whether a page is there beyond doubt, by a glance: long, and without a word that gives it away.

    Only for addresses of which nothing more is asked: no fragment, title, phrase or fingerprint; and for
    those `judge` comes to the same.

    :param telling: `Lexicon.telling`.
    """
    if last.status != 200 or last.trouble or b"cf-mitigated" in last.headers.raw:
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
    wall = _wall(last, page, lexicon)
    if wall is not None:
        return wall
    if not 200 <= last.status < 300:
        return _judge_status(outcome)
    gone = _gate_or_ghost(outcome, page, cited, lexicon, sibling)
    if gone is not None:
        return gone
    notes = _fragment_note(address.fragment, page)
    print_ = fingerprint(page.main_text) if page else None
    drift = _drift(page, cited, print_)
    if drift:
        return Judgement(Verdict.DRIFTED, drift, fingerprint=print_)
    new = _new_address(outcome.hops)
    if new:
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
    if "self-signed" in lower or "self signed" in lower:
        return "the certificate is self-signed"
    if "subject name" in lower or "hostname" in lower or "does not match" in lower:
        return "the certificate is for another host"
    if "issuer" in lower or "unable to verify the first" in lower:
        return "the certificate's chain is incomplete, or its issuer unknown"
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


# -- is it a wall? --------------------------------------------------------------------------------------


def _wall(last: Exchange, page: Page | None, lexicon: Lexicon) -> Judgement | None:
    """A wall against programs answers in the page's stead: with 200, 202, 403, 429 or 503."""
    if last.status in _GONE or last.status in {401, 402, 407, 451}:
        return None
    for name, word in _WALL_HEADERS.items():
        if name in last.headers and word in last.headers[name].lower():
            return Judgement(Verdict.BLOCKED, "a wall against programs answers; a person must look")
    if page is None or len(page.text) >= _SHORT:
        return None
    signs, text = _signs(page), page.text.lower()
    for phrase in lexicon.challenge:
        if phrase in signs or (len(text) < _VERY_SHORT and phrase in text):
            reason = f"a wall against programs answers (“{phrase}”); a person must look"
            return Judgement(Verdict.BLOCKED, f"{last.status}: {reason}" if last.status != 200 else reason)
    return None


def _signs(page: Page) -> str:
    """Title and headings, by which a page says what it is."""
    return " · ".join((page.title, *page.headings)).lower()


# -- 200, but is it the page? ----------------------------------------------------------------------------


def _gate_or_ghost(
    outcome: Outcome, page: Page | None, cited: Cited, lexicon: Lexicon, sibling: Exchange | None
) -> Judgement | None:
    """What a 200 hides: a gate, a parked domain, or a page that is not there."""
    asked, final = urlsplit(outcome.url), urlsplit(outcome.last.url)
    if outcome.hops:
        elsewhere = _sent_elsewhere(asked, final, page, lexicon)
        if elsewhere:
            return elsewhere
        if not _is_home(asked) and _is_home(final) and not _shows_what_was_cited(page, cited):
            return Judgement(Verdict.SOFT_404, f"a deep link is sent to the home page {outcome.last.url}")
    if page is None:
        return None
    if len(page.text) < _SHORT:
        found = _gate_or_parking(page, lexicon)
        if found:
            return found
    ghost = _says_gone(page, lexicon)
    if ghost is None:
        return None
    phrase, sure = ghost
    if sure:
        return Judgement(Verdict.SOFT_404, f"{outcome.last.status}, but the page says “{phrase}”")
    if sibling is None:
        return Judgement(Verdict.ALIVE, str(outcome.last.status), doubt=phrase)
    if _like(page, sibling):
        reason = f"the host shows this page for addresses that cannot exist (“{phrase}”)"
        return Judgement(Verdict.SOFT_404, reason)
    return None


def _gate_or_parking(page: Page, lexicon: Lexicon) -> Judgement | None:
    signs, text = _signs(page), page.text.lower()
    for phrase in lexicon.parked:
        if phrase in signs or phrase in text:
            return Judgement(Verdict.SOFT_404, f"the domain is parked (“{phrase}”)")
    says_login = any(phrase in signs for phrase in lexicon.login_page)
    if page.asks_for_a_password and (says_login or len(text) < _VERY_SHORT):
        return Judgement(Verdict.BLOCKED, "the page asks for a password, a login; a person must look")
    asked = _asks_for_consent(page, lexicon)
    if asked:
        return Judgement(Verdict.BLOCKED, f"the page asks for consent first (“{asked}”); a person must look")
    return None


def _asks_for_consent(page: Page, lexicon: Lexicon) -> str | None:
    """The phrase by which a page asks for consent, and for nothing else: a banner has a page behind it."""

    def phrase_in(text: str) -> str | None:
        return next((phrase for phrase in lexicon.consent_page if phrase in text.lower()), None)

    found = [phrase_in(heading) for heading in page.headings]
    is_all = bool(found) and all(found) and len(page.text) < _SHORT // 2
    return phrase_in(page.title) or (found[0] if is_all else None)


def _sent_elsewhere(
    asked: SplitResult, final: SplitResult, page: Page | None, lexicon: Lexicon
) -> Judgement | None:
    """A redirect to a login, to a page that asks for consent, to an error page, or to a dealer in names."""
    where, before = _words(f"{final.netloc} {final.path}"), _words(f"{asked.netloc} {asked.path}")
    is_short = page is not None and len(page.text) < _SHORT
    if (
        page is not None
        and (where & set(lexicon.login)) - before
        and (page.asks_for_a_password or (is_short and any(w in _signs(page) for w in lexicon.login_page)))
    ):
        return Judgement(Verdict.BLOCKED, "it leads to a login page; a person must look")
    if (where & set(lexicon.consent)) - before:
        return Judgement(Verdict.BLOCKED, "it leads to a page that asks for consent; a person must look")
    if _is_at(final, lexicon.parking_hosts) and not _is_at(asked, lexicon.parking_hosts):
        return Judgement(Verdict.SOFT_404, f"the domain is parked: it leads to {final.netloc}")
    name = _last_word(final.path)
    if name and name != _last_word(asked.path) and set(re.split(r"[^a-z0-9]+", name)) <= set(lexicon.error):
        return Judgement(Verdict.SOFT_404, f"it is sent to an error page: {final.path}")
    return None


def _last_word(path: str) -> str:
    """The last part of a path, without the ending that says what wrote it."""
    return re.sub(r"\.\w+$", "", path.rstrip("/").rpartition("/")[2].lower())


def _is_at(parts: SplitResult, hosts: Iterable[str]) -> bool:
    """Whether an address is at one of the hosts, or below the path that stands behind one."""
    host = f".{parts.hostname}"
    return any(
        host.endswith(f".{h}") or f"{host}{parts.path}".startswith((f".{h}/", f".www.{h}/")) for h in hosts
    )


def _words(text: str) -> set[str]:
    """The words of an address, with and without the hyphens inside."""
    return set(re.split(r"[^a-z0-9_-]+", text.lower())) | set(re.split(r"[^a-z0-9]+", text.lower()))


def _says_gone(page: Page, lexicon: Lexicon) -> tuple[str, bool] | None:
    """The phrase by which a page says it is not there, and whether that is sure."""
    signs = _signs(page)
    for phrase in sorted((p for p in lexicon.gone if p in signs), key=len, reverse=True):
        place = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", signs)
        if not place:
            continue
        in_title = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", page.title.lower())
        # A page about 404s is long, and says more in its title than that it is one.
        bare = in_title is not None and len(page.title) <= len(phrase) + 30
        length = len(page.main_text or page.text)  # menus make no page
        return phrase, length < _VERY_SHORT or (length < _SHORT and bare)
    if len(page.text) < _VERY_SHORT:
        text = page.text.lower()
        for phrase in lexicon.gone:
            if len(phrase) > 8 and phrase in text:
                return phrase, False
    return None


def _like(page: Page, sibling: Exchange) -> bool:
    """Whether the host answered a nonsense address with the same page, whatever its status."""
    other = page_of(sibling)
    if other is None or not (200 <= sibling.status < 300 or sibling.status in _GONE):
        return False
    one, two = fingerprint(page.main_text), fingerprint(other.main_text)
    if one and two:
        return distance(one, two) < 0.1
    return page.title == other.title and page.headings == other.headings


def _is_home(parts: SplitResult) -> bool:
    """Whether an address is a site's front page; ``/?p=12`` is a page of its own."""
    if parts.query and not all(_BY_THE_WAY.match(one) for one in parts.query.split("&")):
        return False
    return (
        re.fullmatch(
            r"/?((index|home|default|start|startseite)(\.\w+)?|[a-z]{2}(-[a-z]{2})?/?)?/?", parts.path, re.I
        )
        is not None
    )


# -- 200, but is it still what was cited? ----------------------------------------------------------------


def _drift(page: Page | None, cited: Cited, print_: str | None) -> str | None:
    if page is None or len(page.text) < 200:
        return None  # too little to tell: a page made by scripts, or no page
    if _shows_what_was_cited(page, cited):
        return None
    if cited.fingerprint:
        if print_ is None or distance(print_, cited.fingerprint) < _FAR:
            return None
        return "its text is another than when it was last seen"
    missing = [name for name, given in (("title", cited.titles), ("key phrase", cited.phrases)) if given]
    return f"the cited {' and '.join(missing)} is nowhere on the page" if missing else None


def _shows_what_was_cited(page: Page | None, cited: Cited) -> bool:
    """Whether a key phrase, or most words of a title, are on the page."""
    if page is None or not (cited.phrases or cited.titles):
        return False
    text = _plain(f"{page.title} {' '.join(page.headings)} {page.text}")
    return any(_plain(phrase) in text for phrase in cited.phrases) or any(
        _share_of_words(title, text) >= 0.6 for title in cited.titles
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _share_of_words(title: str, text: str) -> float:
    words = {word for word in _plain(title).split() if len(word) > 3}
    there = set(text.split())
    return len(words & there) / len(words) if words else 1.0


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
        if parts and _plain(parts[0]) not in _plain(page.text):
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
