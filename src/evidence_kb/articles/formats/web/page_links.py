"""Where the links of a page lead: to another page, into this one, or nowhere that could be a source."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .page_pieces import IN_PAGE

__all__ = ["link_target"]

#: Links that say of themselves that they cite nothing.
_NO_SOURCES = frozenset({"license", "tag", "category", "author", "sponsored", "next", "prev", "home"})
_WEB_ADDRESS = re.compile(r"https?://[^/\s]", re.IGNORECASE)


def link_target(attributes: Mapping[str, str], address: str) -> str | None:
    """Where a link leads: an address, a place in the page (`IN_PAGE`), or ``None`` if it can cite nothing.

    :param address: the page's own, without fragment and closing slash.

    >>> link_target({"href": "//a.example/1"}, ""), link_target({"href": "page#fn-1"}, "https://b.example/page")
    ('https://a.example/1', '#fn-1')
    """
    href = attributes.get("href", "").strip()
    if not href or ("rel" in attributes and not _NO_SOURCES.isdisjoint(attributes["rel"].lower().split())):
        return None
    if href.startswith("#"):
        return href if len(href) > 1 else None
    if "#" in href:
        base, _, fragment = href.partition("#")
        if _is_this_page(base.rstrip("/"), fragment, address):
            return IN_PAGE + fragment
    if href.startswith("//"):
        return "https:" + href
    return href if _WEB_ADDRESS.match(href) else None


def _is_this_page(base: str, fragment: str, address: str) -> bool:
    if fragment.startswith(("cite_note", "CITEREF")):
        return True
    if address:
        relative = "://" not in base and address.endswith("/" + base.lstrip("./"))
        return relative or base == address
    return False
