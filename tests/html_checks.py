"""What must hold of every page, found out by reading its HTML: used by the tests of pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_LINKS = ("href", "src", "action")


def faults_of(path: str, html: str) -> list[str]:
    """What is wrong with one page by itself."""
    page = LexborHTMLParser(html)
    faults = []
    ids = [node.attributes["id"] or "" for node in page.css("[id]")]
    faults += [f"id {name!r} stands twice" for name in ids if ids.count(name) > 1]
    if len(page.css("h1")) != 1:
        faults.append(f"{len(page.css('h1'))} h1")
    if len(page.css("main")) != 1:
        faults.append("no main")
    for attribute in ("aria-labelledby", "for"):
        for node in page.css(f"[{attribute}]"):
            if node.attributes[attribute] not in ids:
                faults.append(f"{attribute}={node.attributes[attribute]!r} names nothing")
    policies = [
        n.attributes.get("content") or "" for n in page.css("meta[http-equiv=Content-Security-Policy]")
    ]
    if not policies or "default-src 'none'" not in policies[0]:
        faults.append("no content security policy")
    scripts = [n for n in page.css("script:not([src])") if n.attributes.get("type") != "application/json"]
    faults += [f"script in the page: {n.text()[:40]!r}" for n in scripts]
    faults += ["a style in the page" for _ in page.css("style, [style]")]
    for node in page.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on"):
                faults.append(f"<{node.tag} {name}>")
            if name in _LINKS and not _may_lead_to(node.tag or "", value or ""):
                faults.append(f"<{node.tag} {name}={value!r}>")
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", html):
        faults.append("control characters")
    return [f"{path}: {fault}" for fault in faults]


def _may_lead_to(tag: str, address: str) -> bool:
    if tag == "a":
        return urlsplit(address).scheme in {"", "http", "https"} and not address.startswith("//")
    return not re.match(r"(?i)\s*([a-z][a-z0-9+.-]*:|//)", address) or address.startswith(
        "data:image/svg+xml,"
    )


def broken_links(pages: Mapping[str, str], assets: set[str]) -> list[str]:
    """Relative links that lead to no page, asset or place in a page."""
    parsed = {path: LexborHTMLParser(html) for path, html in pages.items()}
    places = {path: {n.attributes["id"] for n in page.css("[id]")} for path, page in parsed.items()}
    broken = []
    for path, page in parsed.items():
        for name in _LINKS:
            for node in page.css(f"[{name}]"):
                address = node.attributes[name] or ""
                parts = urlsplit(address)
                if parts.scheme or parts.netloc:
                    continue
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
                if not parts.path:
                    target = path
                if target in assets:
                    continue
                if target not in places:
                    broken.append(f"{path}: {address!r}")
                elif parts.fragment and parts.fragment not in places[target]:
                    broken.append(f"{path}: {address!r} has no such place")
    return broken
