"""Evidence and citation knowledge base: which claims rest on which sources.

`KnowledgeBase` opens a folder; `run_audit` checks it; `impact_of` says what falls when a source goes.
"""

from __future__ import annotations

__all__ = ["KnowledgeBase", "impact_of", "run_audit"]
__version__ = "0.1.0"

TYPE_CHECKING = False  # importing typing would cost every start of kb 5 ms
if TYPE_CHECKING:
    from .audit import run_audit
    from .impact import impact_of
    from .knowledge_base import KnowledgeBase


def __getattr__(name: str) -> object:
    """Import on first use, so that ``kb --help`` does not wait for the store."""
    from importlib import import_module

    homes = {"KnowledgeBase": ".knowledge_base", "impact_of": ".impact", "run_audit": ".audit"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(homes[name], __name__), name)
