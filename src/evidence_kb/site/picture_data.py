"""What the browser draws the picture from, made small, and what it says of each mark, in a file of its own.

Marks stand in rows and columns, so the steps from one to the next are mostly the same and compress to almost
nothing; words are numbers in a list. Below `Picture.drawn` claims the page itself has every text and link;
above, a script brings them when somebody points at the first mark.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise

from .picture import Picture
from .texts import clean
from .words import pattern_in

__all__ = ["data_of", "texts_name", "texts_of"]


def data_of(picture: Picture, up: str) -> dict[str, object]:
    """Marks and lines for the script.

    :param up: what stands before a path to make it relative to the page.
    """
    claims, sources, edges = picture.claims, picture.sources, picture.graph.edges
    source_at = {mark.source.iri: index for index, mark in enumerate(sources)}
    language = picture.view.language
    return {
        "claims": [
            _steps(round(mark.x) for mark in claims),
            _steps(round(mark.y) for mark in claims),
            _words(mark.claim.footing.value for mark in claims),
            _steps(mark.section for mark in claims),
            _words(mark.claim.category or "" for mark in claims),
        ],
        "sources": [
            _steps(round(mark.x) for mark in sources),
            _steps(round(mark.y) for mark in sources),
            _words(mark.state for mark in sources),
            _words(mark.source.interest or "" for mark in sources),
            [mark.label for mark in sources],
        ],
        "edges": [
            _steps(picture.claim_number[edge.claim] for edge in edges),
            [source_at[edge.source] for edge in edges],
            _words(edge.kind for edge in edges),
        ],
        "titles": picture.titles,
        "shapes": {"footing": picture.shapes, "state": picture.source_shapes},
        "up": up,
        "texts": "" if picture.drawn else f"{up}assets/{texts_name(language)}",
        "words": {
            **{key: pattern_in(language, f"picture.{key}") for key in ("with_sources", "with_claims")},
            "count": pattern_in(language, "picture.count"),
            "open": picture.view.t("picture.open"),
            "footings": {word: picture.facts.label(word, "footings", language) for word in picture.shapes},
            "sections": [picture.section_title(block.section.titles, 60) for block in picture.blocks],
        },
    }


def texts_name(language: str) -> str:
    """The name of the script with the texts of a language."""
    return f"picture-texts-{language}.js"


def texts_of(picture: Picture) -> bytes:
    """A script that hands over the text and the page of each claim and each source."""
    view = picture.view
    told = [
        [[_shown(view.words(mark.claim, 70)), view.page(mark.claim.iri)] for mark in picture.claims],
        [[_shown(picture.source_words(mark)), view.page(mark.source.iri)] for mark in picture.sources],
    ]
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"evidenceKbPicture({data});\n".encode("utf-8", "replace")


def _shown(text: str) -> str:
    return str(clean(text))


def _steps(numbers: Iterable[int]) -> list[int]:
    """The first number, and from each to the next."""
    return [after - before for before, after in pairwise([0, *numbers])]


def _words(words: Iterable[str]) -> tuple[Sequence[str], list[int]]:
    """The different words, and for each word its place among them."""
    place: dict[str, int] = {}
    numbers = [place.setdefault(word, len(place)) for word in words]
    return list(place), numbers
