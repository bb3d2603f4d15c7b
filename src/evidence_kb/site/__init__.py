"""Pages about a knowledge base: written to a folder by `kb report`, or served live by `kb serve`."""

from .facts import Facts
from .pages import Page, Pages

__all__ = ["Facts", "Page", "Pages"]
