"""Reading articles: what a file says (`Manuscript`), what was understood of it (`Document`), and its draft.

>>> from evidence_kb.articles import read_document
>>> document = read_document("article.html")                        # doctest: +SKIP
>>> [reference.doi for reference in document.references]            # doctest: +SKIP
"""

from __future__ import annotations

__all__ = ["Document", "add_article", "read_article", "read_document", "texts_of"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .document import Document
    from .drafting.adding import add_article
    from .reading import read_article, read_document, texts_of


def __getattr__(name: str) -> object:
    """Import on first use: a reader's parsers are heavy."""
    from importlib import import_module

    homes = {
        "Document": ".document",
        "add_article": ".drafting.adding",
        "read_article": ".reading",
        "read_document": ".reading",
        "texts_of": ".reading",
    }
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(homes[name], __name__), name)
