"""An address between the asking and the verdict."""

from __future__ import annotations

from .outcome import Exchange, Hop, Outcome

__all__ = ["Case"]


class Case:
    """One request address on its way to a verdict, and the targets that have it."""

    __slots__ = (
        *("certificate", "first", "hops", "is_plain", "others", "outcome", "refreshes", "request", "sibling"),
    )  # fmt: skip

    def __init__(self, request: str, first: int) -> None:
        self.request, self.first = request, first
        self.others: list[int] | None = None
        self.hops: tuple[Hop, ...] = ()
        self.refreshes = 0
        self.certificate = ""
        self.outcome: Outcome | None = None
        self.sibling: Exchange | None = None
        self.is_plain = True  #: whether nothing more is asked of it than to be there

    @property
    def targets(self) -> list[int]:
        """Where the targets stand in the order asked."""
        return [self.first, *(self.others or ())]
