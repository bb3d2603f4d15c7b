"""The index that the search page reads: scripts beside the pages, so that it works from disk too.

Words are folded (ä, ae and a are one letter; ß is ss) and stemmed lightly by Snowball; the page folds what is
typed the same way and looks for stems that begin with it, so it needs no stemmer. The index is cut into
pieces, of which a search loads only those it needs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..impact import host_of
from ..model import Source, Texts
from .facts import Facts
from .texts import clean, cut
from .view import View

__all__ = ["documents", "fold", "index_of", "stems"]

_PIECE = 100_000  #: characters of a piece of the index
_DOCUMENTS = 400  #: documents in a piece
_LONGEST = 20_000  #: characters of a text that are looked at
_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"de": "german", "en": "english"}


def fold(word: str) -> str:
    """A word with its case, umlauts and accents folded.

    >>> fold("Rückenmuskeln"), fold("Rueckenmuskeln"), fold("Ruckenmuskeln")
    ('ruckenmuskeln', 'ruckenmuskeln', 'ruckenmuskeln')
    """
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub("(?<![aeq])([aou])e", r"\1", plain)


def stems(text: str, language: str = "") -> Iterator[str]:
    """What the words of a text are found by: their stems, folded; both languages' where it says none."""
    from snowballstemmer import stemmer

    chosen = [stemmer(name) for tag, name in _STEMMERS.items() if language[:2] in {tag, ""}]
    for word in {word[:40] for word in _WORD.findall(text[:_LONGEST].casefold())}:
        yield from {fold(stem.stemWord(word)) for stem in chosen} or {fold(word)}


def index_of(views: Iterable[View]) -> dict[str, bytes]:
    """The files of the index, by name: the words, which all languages share, and what each shows."""
    views = list(views)
    files: dict[str, bytes] = {}
    postings: dict[str, list[int]] = defaultdict(list)
    facts = views[0].facts
    for number, (told, about) in enumerate(_words(facts)):
        for word in told | about:
            postings[word].append(2 * number + (word in told))
    pieces = list(_pieces(postings))
    for number, piece in enumerate(pieces):
        files[f"search-words-{number}.js"] = _script(f"words-{number}", piece)
    for view in views:
        lines = list(documents(view))
        for start in range(0, len(lines), _DOCUMENTS):
            name = f"{view.language}-{start // _DOCUMENTS}"
            files[f"search-{name}.js"] = _script(name, lines[start : start + _DOCUMENTS])
    starts = [next(iter(piece)) for piece in pieces]
    files["search-start.js"] = _script(
        "start", {"starts": starts, "size": _DOCUMENTS, "claims": len(facts.claims)}
    )
    return files


def documents(view: View) -> Iterator[list[str]]:
    """What is shown of each claim and each source, in the order in which they are counted."""
    facts = view.facts
    for claim in facts.claims.values():
        article = facts.article_of[claim.iri]
        about = view.plain(article.titles, article.iri, 80)
        yield [
            view.page(claim.iri),
            "claim",
            claim.footing,
            _shown(view.words(claim, 240)),
            about,
        ]
    for source in facts.sources.values():
        title = view.plain(source.titles, source.name, 240)
        numbers = " ".join(f"[{entry.number}]" for entry in source.entries[:5])
        about = " · ".join(part for part in (numbers, cut(source.publisher or "", 80)) if part)
        yield [view.page(source.iri), "source", view.liveness(source), _shown(title), _shown(about)]


def _words(facts: Facts) -> Iterator[tuple[set[str], set[str]]]:
    """For each claim and source the words of its statement or title, and those it is about."""
    for claim in facts.claims.values():
        topics = ({tag: facts.term(topic, tag) for tag in _STEMMERS} for topic in claim.topics)
        yield _all([claim.texts or {"": claim.text("")}]), _all(topics) | _name(claim.name)
    for source in facts.sources.values():
        yield _all([source.titles]), _all(_around(source)) | _name(source.name)


def _around(source: Source) -> Iterator[Texts]:
    yield {"": " ".join(entry.title for entry in source.entries)}
    hosts = {host_of(address.url) for address in source.addresses}
    yield {"": " ".join([source.publisher or "", *source.identifiers, *hosts])}


def _all(texts: Iterable[Texts]) -> set[str]:
    return {stem for text in texts for language, words in text.items() for stem in stems(words, language)}


def _name(name: str) -> set[str]:
    return {fold(word) for word in _WORD.findall(name[:200])}


def _pieces(postings: dict[str, list[int]]) -> Iterator[dict[str, list[int]]]:
    piece: dict[str, list[int]] = {}
    size = 0
    for word in sorted(postings):
        piece[word] = postings[word]
        size += len(word) + 6 * len(postings[word])
        if size > _PIECE:
            yield piece
            piece, size = {}, 0
    if piece:
        yield piece


def _shown(text: str) -> str:
    return str(clean(text))


def _script(name: str, value: object) -> bytes:
    """A script that hands its data to the page; U+2028 and U+2029 are line ends to old readers of scripts."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'evidenceKbSearch.take("{name}",{data});\n'.encode("utf-8", "replace")
