"""Finding the article on a page, and what the page says of itself.

First by the places that HTML and content systems provide for articles; where a page has none, by
readability's scoring of paragraphs (measured beside trafilatura and resiliparse: it alone keeps the
source list, the marks and their ids).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .page_parts import Part, content_names, part_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["PageFacts", "content_of", "described"]

#: A place for articles is taken only if it has this much text in paragraphs and items.
_LEAST_TEXT = 200
#: And this share of the best place's.
_LEAST_SHARE = 0.5
_SCORED = ("p", "li", "h2", "h3", "blockquote", "pre", "td", "div")
#: A page with more places for articles than this is a list of them.
_MOST_PLACES = 500
_HOST = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+(?:[|–—·•]|-)\s+[^|–—]{1,60}$")


class PageFacts(NamedTuple):
    """What a page says of itself."""

    title: str
    language: str
    address: str
    encyclopedia: bool


def described(root: _Element) -> PageFacts:
    """Title, language, own address, and whether it is a MediaWiki page."""
    facts: dict[str, str] = {}
    for meta in root.iter("meta", "link"):
        name = (meta.get("property") or meta.get("name") or meta.get("rel") or "").lower()
        if value := meta.get("content") or meta.get("href"):
            facts.setdefault(name, value.strip())
    base = next((b.get("href", "") for b in root.iter("base")), "")
    html = root if root.tag == "html" else None
    language = (html.get("lang") or html.get("xml:lang") or "" if html is not None else "") or facts.get(
        "content-language", ""
    )
    if not language:
        parts = (e for tag in ("body", "article", "main", "div", "section") for e in root.iter(tag))
        language = next((said for e in parts if (said := e.get("lang"))), "")
    encyclopedia = facts.get("generator", "").startswith("MediaWiki") or any(
        "mw-parser-output" in e.get("class", "") or e.get("id", "").startswith("cite_note")
        for e in root.iter("div", "body", "li")
    )
    address = facts.get("canonical") or facts.get("og:url") or base or _own_host(root)
    return PageFacts(_title(root, facts), language.strip(), address, encyclopedia)


def _own_host(root: _Element) -> str:
    """The host that the page's frame links to most: a page that does not name its address is on that one."""
    hosts: Counter[str] = Counter()
    for frame in root.iter("nav", "header", "footer", "head"):
        for link in frame.iter("a", "link"):
            found = _HOST.match(link.get("href", ""))
            if found and link.get("rel", "") not in {"stylesheet", "preconnect", "dns-prefetch"}:
                hosts[found[0]] += 1
    host, count = next(iter(hosts.most_common(1)), ("", 0))
    return host if count > 1 else ""


def _title(root: _Element, facts: dict[str, str]) -> str:
    """The heading that the page's title repeats, or the only one; else the title without the site's name."""
    whole = next((" ".join("".join(t.itertext()).split()) for t in root.iter("title")), "")
    said = " ".join(facts.get("og:title", "").split())
    headings = [text for h in root.iter("h1") if (text := _plain(h))]
    for heading in sorted(headings, key=len, reverse=True):
        if (
            len(headings) == 1
            or heading in said
            or (heading in whole and not whole.endswith(heading))
            or heading == whole
        ):
            return heading
    site = facts.get("og:site_name", "")
    if said:
        return _SITE_NAME.sub("", said) if site and site in said else said
    return _SITE_NAME.sub("", whole) or next(iter(headings), "")


def _plain(heading: _Element) -> str:
    return " ".join("".join(_visible(heading)).replace("\u00ad", "").split())


def _visible(element: _Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if part_of(str(child.tag), dict(child.items())) is not Part.SKIP:
            yield from child.itertext()
        if child.tail:
            yield child.tail


def content_of(root: _Element) -> frozenset[_Element] | None:
    """The elements that hold the article; ``None`` if it is all there is."""
    body = next(root.iter("body"), root)
    best: tuple[int, list[_Element]] = (0, [])
    for places in _places(body):
        outermost = _outermost(places)
        scored = sorted(((_prose(e), e) for e in outermost), key=lambda pair: -pair[0])
        if not scored:
            continue
        most = scored[0][0]
        chosen = [e for amount, e in scored if amount >= max(_LEAST_TEXT, most * 0.3)]
        if most > best[0] * 2 and most >= _LEAST_TEXT:
            best = (most, chosen)
    if best[1]:
        return frozenset(best[1])
    return _by_readability(body)


def _places(body: _Element) -> Iterator[list[_Element]]:
    """The places where articles stand, the surest first."""
    names = content_names()
    surest, later = frozenset(names["classes"]), frozenset(names["later_classes"])
    attributes = frozenset(names["attributes"])
    found: dict[str, list[_Element]] = {"surest": [], "said": [], "later": [], "article": [], "main": []}
    for element in body.iter("div", "section", "article", "main", "body", "td"):
        classes = frozenset(element.get("class", "").lower().split())
        if classes & surest:
            found["surest"].append(element)
        elif attributes & {
            element.get("itemprop", "").lower(),
            element.get("property", "").lower().rpartition(":")[2],
        }:
            found["said"].append(element)
        elif classes & later:
            found["later"].append(element)
        elif element.tag == "article":
            found["article"].append(element)
        elif element.tag == "main" or element.get("role") == "main":
            found["main"].append(element)
    yield from found.values()


def _outermost(elements: Sequence[_Element]) -> list[_Element]:
    if len(elements) > _MOST_PLACES:
        return []
    inside = set(elements)
    return [e for e in elements if not any(a in inside for a in e.iterancestors())]


def _prose(element: _Element) -> int:
    """Characters in paragraphs and list items, those of links left out."""
    amount = 0
    for part in element.iter("p", "li", "blockquote", "dd"):
        amount += len(part.text or "") + sum(
            len(child.tail or "") + (0 if child.tag == "a" else len(child.text or "")) for child in part
        )
    return amount


def _by_readability(body: _Element) -> frozenset[_Element] | None:
    """The smallest element that holds what readability keeps; ``None`` where a page has no frame."""
    frame = any(True for _ in body.iter("nav", "footer", "header", "aside", "form"))
    if not frame:
        return None
    from lxml import etree
    from lxml import html as lxml_html
    from readability import Document  # type: ignore[import-untyped]  # has no types

    for number, element in enumerate(body.iter(*_SCORED)):
        element.set("data-kb-place", str(number))
    try:
        text = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
        kept_html = Document(text).summary(html_partial=True)
        kept = {
            e.get("data-kb-place") for e in lxml_html.fromstring(kept_html).iter() if e.get("data-kb-place")
        }
    except (etree.LxmlError, ValueError, RecursionError):
        return None
    holders = [e for e in body.iter(*_SCORED) if e.get("data-kb-place") in kept]
    return frozenset({_common(holders)}) if holders else None


def _common(elements: Sequence[_Element]) -> _Element:
    """The nearest element around nine tenths of the given ones."""
    elements = elements[:: len(elements) // _MOST_PLACES + 1]
    counts: dict[_Element, int] = {}
    for element in elements:
        for holder in (element, *element.iterancestors()):
            counts[holder] = counts.get(holder, 0) + 1
    enough = len(elements) * 0.9
    first = elements[0]
    return next(h for h in (first, *first.iterancestors()) if h.getparent() is None or counts[h] >= enough)
