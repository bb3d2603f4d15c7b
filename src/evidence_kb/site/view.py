"""What templates call to show facts in one language: names, chips, links, dates.

Gives text, or `Markup` that is safe to print; every text from data is cleaned and escaped here or by the
template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from urllib.parse import quote

from markupsafe import Markup, escape

from ..audit import AuditFinding
from ..model import Address, Claim, Source
from ..vocabulary import Footing, Severity, Verdict, local_name
from .details import Article, Section, section_pieces
from .facts import Facts
from .field_names import DESIGNS, FUNCTIONS, MONTHS, REGISTER_NAMES, REGISTERS
from .names import safe_name
from .texts import clean, cut, web_address
from .words import words_in

__all__ = ["View"]

_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class View:
    """A knowledge base's facts as they are shown in one language."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.facts = facts
        self.language = language
        self.t = words_in(language)
        self._anchors: dict[str, str] = {}
        self._chips: dict[tuple[str, str | None], Markup] = {}

    # -- paths -------------------------------------------------------------------------------------

    def path(self, iri: str) -> str | None:
        """The page about an article, a claim, a work, or the place of an entry, with its language."""
        page = self.facts.names.pages.get(iri)
        if page is None:
            return self._place_of_entry(iri)
        return f"{self.language}/{page}"

    def page(self, iri: str) -> str:
        """The page about an article, a claim or a work that has one."""
        return f"{self.language}/{self.facts.names.pages[iri]}"

    def safe(self, word: str) -> str:
        """A word from data as a part of a file's name; upper and lower case may be one to a file system."""
        return safe_name(word) if word == word.lower() else safe_name(f"{word} ").lower()

    def _place_of_entry(self, iri: str) -> str | None:
        entry = self._entries.get(iri)
        if entry is None:
            return None
        article, number = entry
        return f"{self.language}/{self.facts.names.pages[article.iri]}#entry-{number}"

    @cached_property
    def _entries(self) -> dict[str, tuple[Article, int]]:
        return {
            entry.iri: (article, place)
            for article in self.facts.articles
            for place, entry in enumerate(article.entries, 1)
        }

    def place_of_section(self, article: Article, section: Section) -> str:
        """Where a section of an article is, on whichever page of its map."""
        number = self._map_pages[article.iri].get(section.iri, 1)
        page = self.page(article.iri)
        page = page if number == 1 else f"{page.removesuffix('.html')}.{number}.html"
        return f"{page}#{self.anchor(section.iri or 'no-section')}"

    @cached_property
    def _map_pages(self) -> dict[str, dict[str, int]]:
        """On which page of an article's map each of its sections begins."""
        return {
            article.iri: {
                section.iri: number
                for number, piece in reversed(list(enumerate(section_pieces(article), 1)))
                for section in piece
            }
            for article in self.facts.articles
        }

    def anchor(self, iri: str) -> str:
        """The name of the place on a page that is about something; no other part of a page has it."""
        name = "at-" + safe_name(local_name(iri) or iri)
        if self._anchors.setdefault(name, iri) != iri:
            name = "at-" + safe_name(iri)
        return name

    def data_address(self, iri: str, url: Callable[[str], str]) -> str:
        """Where a server has the triples about something."""
        if iri.startswith(self.facts.base):
            return url("data/" + quote(iri[len(self.facts.base) :], safe="/"))
        return url("resource?iri=" + quote(iri, safe=""))

    # -- texts -------------------------------------------------------------------------------------

    def said(self, texts: Mapping[str, str], fallback: str = "", most: int | None = None) -> Markup:
        """A text in the page's language, or in whichever it has, marked with the language it is in."""
        language = self.language if self.language in texts else next(iter(texts), "")
        text = texts.get(language) or fallback
        shown = escape(clean(cut(text, most) if most else text))
        if language == self.language:
            return Markup('<span dir="auto">{}</span>').format(shown)
        return Markup('<span lang="{}" dir="auto">{}</span>').format(self.tag(language), shown)

    def tag(self, language: str) -> str:
        """A language tag as pages may have it; empty (unknown) where it is none."""
        return language if _TAG.fullmatch(language) else ""

    def message(self, text: str, url: Callable[[str], str]) -> Markup:
        """An audit's message, in which the names of claims, sources and articles are links."""

        def linked(found: re.Match[str]) -> str:
            iri = self._by_compact.get(found[0])
            if iri is None:
                return found[0]
            return Markup('<a href="{}">{}</a>').format(url(self.page(iri)), found[0].partition(":")[2])

        shown = str(escape(clean(cut(text, 1500))))
        return Markup(_NAME.sub(linked, shown))  # noqa: S704 (escaped above; what is put in is escaped too)

    @cached_property
    def _by_compact(self) -> dict[str, str]:
        """What pages are about, by the short name that messages call it."""
        return {str(escape(self.facts.kb.compact(iri))): iri for iri in self.facts.names.pages if iri}

    def function(self, iri: str) -> str:
        """Why the author cites something, as the vocabulary calls it."""
        name = local_name(iri)
        return (
            FUNCTIONS.get(name, {}).get(self.language)
            or re.sub("(?<=[a-z])(?=[A-Z])", " ", cut(name, 60)).lower()
        )

    def design(self, iri: str) -> str:
        """A study's design: a MeSH publication type, which has no name in the data."""
        return DESIGNS.get(local_name(iri), {}).get(self.language) or self.facts.term(iri, self.language)

    def source_group(self, chosen: tuple[str, str] | None) -> str:
        """What the sources of a list have in common."""
        if chosen is None:
            return ""
        scheme, word = chosen
        return (
            self._liveness_name(word)
            if scheme == "verdicts"
            else self.facts.label(word, scheme, self.language)
        )

    def section_names(self, finding: AuditFinding) -> str:
        """The section of the first claim at stake, for filtering."""
        section = next((s for s in map(self.facts.section_of.get, finding.claims) if s), None)
        return self.plain(section.titles, "", 80) if section else ""

    def plain(self, texts: Mapping[str, str], fallback: str = "", most: int = 160) -> str:
        """The same as a plain text, cut."""
        return cut(texts.get(self.language) or next(iter(texts.values()), "") or fallback, most)

    def statement(self, claim: Claim, most: int | None = None) -> Markup:
        """A claim's statement; of a draft, that it waits for one, and the ends of its passage."""
        if claim.texts or not claim.passages:
            return self.said(claim.texts, claim.name, most)
        article = self.facts.article_of.get(claim.iri)
        tag = self.tag((article and article.language) or "")
        return Markup('<span class="unworded">{}</span> <span lang="{}" dir="auto">{}</span>').format(
            self.t("claim.unworded"), tag, clean(cut(claim.text(self.language), most or 600))
        )

    def words(self, claim: Claim, most: int = 160) -> str:
        """The same as a plain text, cut."""
        if claim.texts or not claim.passages:
            return self.plain(claim.texts, claim.name, most)
        return cut(f"{self.t('claim.unworded')} {claim.text(self.language)}", most)

    def title(self, source: Source, most: int | None = None) -> Markup:
        """A work's title; else what an entry prints, else its name."""
        printed = next((entry.title for entry in source.entries if entry.title), source.name)
        return self.said(source.titles, printed, most)

    def article_title(self, article: Article, most: int | None = None) -> Markup:
        """An article's title."""
        if not article.iri:
            return escape(self.t("article.none"))
        return self.said(article.titles, local_name(article.iri), most)

    def date(self, stamp: str | None) -> str:
        """The day of a timestamp as people write it; the text itself where it is none."""
        found = re.match(r"(\d{4})-(\d\d)-(\d\d)", stamp or "")
        if not found or not 1 <= int(found[2]) <= 12:
            return cut(stamp or "–", 40)
        day, month = int(found[3]), MONTHS[self.language][int(found[2]) - 1]
        return f"{day}. {month} {found[1]}" if self.language == "de" else f"{day} {month} {found[1]}"

    # -- links -------------------------------------------------------------------------------------

    def web(self, address: str | None, text: str | None = None, most: int = 90) -> Markup:
        """A link to the web, if that is a web address; else just the text."""
        address = address or ""
        shown = escape(clean(cut(text if text is not None else _readable(address), most)))
        target = web_address(address)
        if target is None:
            return Markup('<bdi class="address">{}</bdi>').format(shown)
        return Markup('<a class="out" href="{}" rel="noopener noreferrer external"><bdi>{}</bdi></a>').format(
            target, shown
        )

    def passage(self, article: Article | None, fragment: str) -> str | None:
        """The address of a passage at its publisher's, where the article's own is known."""
        page = web_address(article.url) if article and article.url else None
        if page is None or not fragment.startswith("text="):
            return None
        return page.partition("#")[0] + "#:~:" + quote(fragment, safe="=,-%&!'()*;:@/?~._")

    def identifier(self, compact: str) -> Markup:
        """An identifier such as ``doi:10.1000/182``, as a link to where it is registered."""
        kind, _, value = compact.partition(":")
        pattern = REGISTERS.get(kind.lower())
        name = REGISTER_NAMES.get(kind.lower(), kind.upper())
        if pattern is None or not value or not re.fullmatch(r"[^\s\x00-\x1f]{1,300}", value):
            return Markup("<bdi>{}</bdi>").format(clean(cut(compact, 120)))
        return self.web(pattern.format(quote(value, safe="/.()-;:")), f"{name} {value}", 120)

    # -- chips -------------------------------------------------------------------------------------

    def chip(self, scheme: str, word: str | None, text: str | None = None) -> Markup:
        """A code as a chip: an icon and its name, never colour alone. Empty where there is no word."""
        if not word:
            return Markup("")
        made = self._chips.get((scheme, word)) if text is None else None
        if made is None:
            known = (scheme, word) in self.facts.codes
            kind = f"{scheme}-{word}" if known else "unknown-code"
            label = text or self.facts.label(word, scheme, self.language)
            made = Markup('<span class="chip {} {}"{}><i aria-hidden="true"></i>{}</span>').format(
                f"c-{scheme}",
                kind,
                Markup(' title="{}"').format(self.facts.meaning(word, scheme, self.language))
                if known
                else "",
                clean(cut(label, 60)),
            )
            if text is None:
                self._chips[scheme, word] = made
        return made

    def footing(self, word: str) -> Markup:
        """A claim's footing as a chip."""
        return self.chip("footings", word)

    def verdict(self, address: Address) -> Markup:
        """An address's verdict as a chip; says so where it was never checked."""
        if address.verdict is None:
            return self.severity_chip("unchecked", self.t("address.unchecked"))
        return self.chip("verdicts", address.verdict)

    def liveness_chip(self, source: Source) -> Markup:
        """Whether a work can be reached, as a chip."""
        word = self.liveness(source)
        known = (("verdicts", word)) in self.facts.codes
        return self.chip("verdicts", word) if known else self.severity_chip(word, self._liveness_name(word))

    def liveness_label(self, source: Source) -> str:
        """The same in words."""
        return self._liveness_name(self.liveness(source))

    def _liveness_name(self, word: str) -> str:
        own = {"unchecked": "address.unchecked", "no-address": "address.none"}
        return self.t(own[word]) if word in own else self.facts.label(word, "verdicts", self.language)

    def rank(self, footing: str) -> int:
        """The place of a footing from the worst, for sorting."""
        return _FOOTINGS.index(footing)

    def worst(self, claims: Iterable[Claim]) -> str:
        """The worst footing of some claims."""
        return min((claim.footing.value for claim in claims), key=self.rank)

    def severity_rank(self, severity: str) -> int:
        """The place of a severity from the worst, for sorting."""
        return _SEVERITIES.index(severity)

    def words_of(self, scheme: str) -> list[str]:
        """The words of a code list."""
        return sorted(word for own, word in self.facts.codes if own == scheme)

    def severity(self, word: str) -> Markup:
        """A severity as a chip."""
        return self.severity_chip(word, self.t(f"severity.{word}"))

    def severity_chip(self, kind: str, text: str) -> Markup:
        """A chip that stands for no code."""
        return Markup('<span class="chip s-{}"><i aria-hidden="true"></i>{}</span>').format(kind, text)

    def liveness(self, source: Source) -> str:
        """Whether a work can be reached, at its best address: a verdict, ``unchecked`` or ``no-address``."""
        if not source.addresses:
            return "no-address"
        return best_verdict(source.addresses)


def best_verdict(addresses: Iterable[Address]) -> str:
    """The best that is known of some addresses."""
    order = [verdict.value for verdict in _BEST_FIRST]
    words = {address.verdict.value if address.verdict else "unchecked" for address in addresses}
    return next(
        (word for word in (order[0], order[1], "unchecked", *order[2:]) if word in words), "unchecked"
    )


_FOOTINGS = [footing.value for footing in Footing]
_SEVERITIES = [severity.value for severity in Severity]
_NAME = re.compile(r"(?<![\w:/])[\w-]+:[^\s,;“”„()]*[\w/]")
_BEST_FIRST = (
    Verdict.ALIVE,
    Verdict.MOVED,
    Verdict.INSECURE,
    Verdict.DRIFTED,
    Verdict.BLOCKED,
    Verdict.REFUSED,
    Verdict.UNREACHABLE,
    Verdict.SOFT_404,
    Verdict.DEAD,
    Verdict.INVALID,
)


def _readable(address: str) -> str:
    """An address as people read it: without its scheme and a closing slash."""
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
