"""Where the page about a thing lies: names that any file system takes, and that never leave the folder.

An IRI comes from data, so nothing in it is trusted: a name is made of ``a-z A-Z 0-9 . _ -`` only, is never
hidden, reserved or overlong, and differs from every other even where upper and lower case are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

__all__ = ["Names", "safe_name"]

_LONGEST = 80
_ELSEWHERE = "more"
_NOT_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Windows refuses these whatever their ending; index and text are an article's own pages.
_TAKEN = frozenset(
    (
        "index",
        "text",
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
    )
)


def safe_name(text: str) -> str:
    """``text`` as a file name without ending; gets a digest of the text where something had to go.

    >>> safe_name("claim-tea")
    'claim-tea'
    >>> safe_name("../../etc/passwd")
    'etc-passwd-3754d6cb'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = _NOT_SAFE.sub("-", plain).strip(".-_ ")[:_LONGEST].strip(".-_ ")
    if name.partition(".")[0].lower() in _TAKEN:
        name = f"x-{name}"
    if (
        name != text or not name or name.lower().endswith(".html")
    ):  # a folder must not have the name of a page
        name = f"{name or 'x'}-{_digest(text)}"
    return name


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Names:
    """The paths of pages, without their language: ``tea/claim-tea-eases-headache.html``.

    :param base: the IRI that the knowledge base's IRIs begin with.
    :param articles: their IRIs; each is the ``index.html`` of a folder.
    :param things: IRIs that have a page of their own.
    """

    def __init__(self, base: str, articles: Iterable[str], things: Iterable[str]) -> None:
        self._base = base
        self._used: dict[str, str] = {}
        self.folders: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        for iri in sorted(set(articles)):
            folder, name = self._parts(iri) if iri else ("without-article", "article")
            plain = folder if folder != _ELSEWHERE and name == "article" else f"{folder}-{name}"
            slug = self._unique(safe_name(plain), iri)
            self.folders[iri] = slug
            self.pages[iri] = f"{slug}/index.html"
        # A thing lies where its IRI says; should a folder's name be an article's by chance, no matter:
        # names within a folder are unique in any case.
        for iri in sorted(set(things)):
            folder, name = self._parts(iri)
            self.pages[iri] = self._unique(f"{safe_name(folder)}/{safe_name(name)}", iri) + ".html"

    def _parts(self, iri: str) -> tuple[str, str]:
        rest = iri[len(self._base) :] if iri.startswith(self._base) else ""
        folder, slash, name = rest.partition("/")
        if not slash:
            folder, name = _ELSEWHERE, rest
        return (folder, name) if folder and name else (_ELSEWHERE, iri)

    def _unique(self, name: str, iri: str) -> str:
        while self._used.setdefault(name.lower(), iri) != iri:
            name = f"{name}-{_digest(iri)}"  # and once more, should somebody have foreseen that
        return name
