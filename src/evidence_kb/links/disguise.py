"""What an answer of 200 may hide: a wall, a gate, a parked domain, a page that is not there.

Pure functions of what came back; `verdict` asks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from ..vocabulary import Verdict
from .judgement import Cited, Judgement
from .lexicon import Lexicon
from .outcome import Exchange, Outcome
from .page import Page, page_of

__all__ = ["gate_or_ghost", "plain", "shows_what_was_cited", "wall_of"]

_GONE = frozenset((404, 410))
_SHORT, _VERY_SHORT = 2_000, 500
#: What marks an answer of a wall against programs, whatever page comes with it.
_WALL_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-vercel-mitigated": ""}
_OWN = 20  #: word triples; fewer are no text of its own
_WORD, _LETTERS = re.compile(r"\w+"), re.compile(r"[^\W\d_]{2,}")
_PARTS = re.compile(r"\s+[-–—/]+\s+|[|:·»«•,.!?…]+(?:\s|$)")  #: what parts of a title stand between
#: Paths of front pages, also of one language's: /ok is a page like any other.
_HOME = re.compile(
    r"/?((index|home|default|start|startseite)(\.\w+)?"
    r"|(ar|bg|ca|cs|da|de|el|en|es|et|fi|fr|he|hr|hu|is|it|ja|ko|lb|lt|lv|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|tr|uk|zh"
    r"|at|ch|eu|gb|us)([-_][a-z]{2})?/?((index|home|default|start|startseite)(\.\w+)?)?)?/?",
    re.I,
)
#: Parameters of a query that name no page.
_BY_THE_WAY = re.compile(
    r"(utm_\w+|ref|referrer|from|source|src|lang|locale|error|err|status|code|msg|redirect\w*)="
)


# -- is it a wall? --------------------------------------------------------------------------------------


def wall_of(last: Exchange, page: Page | None, lexicon: Lexicon) -> Judgement | None:
    """A wall against programs answers in the page's stead: with 200, 202, 403, 429 or 503."""
    if last.status in _GONE or last.status in {401, 402, 407, 451}:
        return None
    for name, word in _WALL_HEADERS.items():
        if name in last.headers and word in last.headers[name].lower():
            return Judgement(Verdict.BLOCKED, "a wall against programs answers; a person must look")
    if page is None or len(page.text) >= _SHORT:
        return None
    signs, text = _signs(page), _straight(page.text)
    for phrase in lexicon.challenge:
        if phrase in signs or (len(text) < _VERY_SHORT and phrase in text):
            reason = f"a wall against programs answers (“{phrase}”); a person must look"
            return Judgement(Verdict.BLOCKED, f"{last.status}: {reason}" if last.status != 200 else reason)
    return None


def _signs(page: Page) -> str:
    """Title and headings, by which a page says what it is."""
    return _straight(" · ".join((page.title, *page.headings)))


def _straight(text: str) -> str:
    """In lower case, and with the apostrophe that typewriters have, as the lexicon writes it."""
    return text.lower().replace("’", "'")


# -- 200, but is it the page? ----------------------------------------------------------------------------


def gate_or_ghost(
    outcome: Outcome, page: Page | None, cited: Cited, lexicon: Lexicon, sibling: Exchange | None
) -> Judgement | None:
    """What a 200 hides: a gate, a parked domain, or a page that is not there."""
    asked, final = urlsplit(outcome.url), urlsplit(outcome.last.url)
    if outcome.hops:
        elsewhere = _sent_elsewhere(asked, final, page, lexicon)
        if elsewhere:
            return elsewhere
        if not _is_home(asked) and _is_home(final) and not shows_what_was_cited(page, cited):
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
    if any(phrase in _straight(title) for title in cited.titles) and shows_what_was_cited(page, cited):
        return None  # it is what the work is called
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
    is_one = len(page.text) < _VERY_SHORT  # too little for a page behind it
    return phrase_in(page.title) or (next(filter(None, found), None) if is_all or is_one else None)


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
        if not re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", signs):
            continue
        # A page about 404s is long, and says more in its title than that it is one.
        in_title = _says_only(page.title, phrase, lexicon)
        said = in_title or any(_says_only(heading, phrase, lexicon) for heading in page.headings)
        length = len(page.main_text or page.text)  # menus make no page
        return phrase, (said and length < _VERY_SHORT) or (in_title and length < _SHORT)
    if len(page.text) < _VERY_SHORT:
        text = _straight(page.text)
        for phrase in lexicon.gone:
            if len(phrase) > 8 and phrase in text:
                return phrase, False
    return None


def _says_only(sign: str, phrase: str, lexicon: Lexicon) -> bool:
    """Whether a part of a title or heading is the phrase: in “Cause not found” it is but a part of it."""
    idle = {*lexicon.error, *lexicon.filler, *_WORD.findall(phrase)}
    return any(
        phrase in part and idle.issuperset(_WORD.findall(part)) for part in _PARTS.split(_straight(sign))
    )


def _like(page: Page, sibling: Exchange) -> bool:
    """Whether the host answered a nonsense address with the same page, whatever its status.

    It may name the address, or a time and a number: what counts is that it says nothing more of its own.
    """
    other = page_of(sibling)
    if other is None or not (200 <= sibling.status < 300 or sibling.status in _GONE):
        return False
    mine, theirs = _triples(page), _triples(other)
    own = len(mine - theirs)
    if not mine or not theirs:
        return page.title == other.title and page.headings == other.headings
    return own < _OWN and own <= len(mine) / 2


def _triples(page: Page) -> set[tuple[str, str, str]]:
    """Every three words in a row of a page's text, numbers left out."""
    words = _LETTERS.findall(page.main_text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def _is_home(parts: SplitResult) -> bool:
    """Whether an address is a site's front page; ``/?p=12`` is a page of its own."""
    if parts.query and not all(_BY_THE_WAY.match(one) for one in parts.query.split("&")):
        return False
    return _HOME.fullmatch(parts.path) is not None


# -- what was cited --------------------------------------------------------------------------------------


def shows_what_was_cited(page: Page | None, cited: Cited) -> bool:
    """Whether a key phrase, or most words of a title, are on the page."""
    if page is None or not (cited.phrases or cited.titles):
        return False
    text = plain(f"{page.title} {' '.join(page.headings)} {page.text}")
    return any(plain(phrase) in text for phrase in cited.phrases) or any(
        _share_of_words(title, text) >= 0.6 for title in cited.titles
    )


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _share_of_words(title: str, text: str) -> float:
    words = {word for word in plain(title).split() if len(word) > 3}
    there = set(text.split())
    return len(words & there) / len(words) if words else 1.0
