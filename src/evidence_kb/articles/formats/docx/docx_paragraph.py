"""A paragraph of a DOCX file, on its way to becoming a block of prose or an entry."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...inline import InlineText
from ...manuscript import BlockKind

__all__ = ["Paragraph"]


@dataclass
class Paragraph:
    """A paragraph of the document, with what tells apparatus from prose.

    :param number: what Word prints before it; ``None`` if it is no list item.
    :param style: the style's name in lower case.
    :param bookmarks: names in it that links may go to.
    :param bold: whether all of it is.
    """

    line: InlineText
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    number: str | None = None
    style: str = ""
    bookmarks: list[str] = field(default_factory=list)
    bold: bool = False

    @property
    def text(self) -> str:
        return self.line.text
