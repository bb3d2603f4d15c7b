"""Pages about a knowledge base: written to a folder by `kb report`, or served live by `kb serve`."""

from .facts import Facts
from .page import Page
from .pages import Pages
from .report import Written, write_report

__all__ = ["Facts", "Page", "Pages", "Written", "write_report"]
