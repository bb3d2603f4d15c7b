"""Reading Markdown: CommonMark with tables, footnotes and front matter, raw HTML inside.

The text is parsed by markdown-it-py (it follows the CommonMark tests and stays linear on text made to choke
parsers), written as HTML with line numbers, and read like a page: so a source list or a mark in raw HTML, in
a table or under ``<details>`` is found by the same code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from ....errors import InputError
from ...manuscript import Manuscript, PrintedReference
from ...safety import MAX_TEXT_BYTES
from .front_matter import FrontMatter, split_front_matter
from .html import parse_html
from .page import manuscript_of
from .page_pieces import UNDEFINED

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_NUMBER = re.compile(r"\[?(\d{1,3})\]?")
_ATTRIBUTES = re.compile(r"\s*\{:?\s?[#.][^{}]*\}\s*$")
_CITED = re.compile(r"\[[^\[\]@]{0,80}-?@[\w:.#$%&+?<>~/-]+[^\[\]]{0,300}\]")
_CITED_KEY = re.compile(r"-?@([\w:.#$%&+?<>~/-]*\w)")
_UNDEFINED = re.compile(r"\[\^([^\[\]\s]{1,80})\](?!:)")
_RAISED = re.compile(r"\^(\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,10})\^")
#: Two marks, which CommonMark takes for one link; a character that shows nothing keeps them apart.
_ADJACENT = re.compile(r"(\[\d{1,3}\])(?=\[\d{1,3}\])")
_INLINE = re.compile(f"{_CITED.pattern}|{_UNDEFINED.pattern}|{_RAISED.pattern}")


def read_markdown(text: str) -> Manuscript:
    """The article that Markdown text is.

    Footnotes keep their names as labels (``[^byrne]``: "byrne"); a note written in the text (``^[…]``) gets
    the next free number. Definitions such as ``[1]: https://…`` are references if the text has ``[1]``.

    :raises InputError: the text is too large or empty.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise InputError(
            f"is larger than {MAX_TEXT_BYTES >> 20} MB, too large for an article; cut it into parts"
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if not text.strip():
        raise InputError("holds nothing but blanks; nothing to read")
    facts, body = split_front_matter(text)
    body = _ADJACENT.sub("\\1\u2060", body)
    page = _Page(_parser(), facts)
    root = parse_html(f"<html><body>{page.render(body)}</body></html>")
    return manuscript_of(
        root,
        title=facts.title,
        language=facts.language,
        address=facts.address,
        notes=(*facts.notes, *page.notes()),
        further=page.references(),
        lined=True,
    )


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin)
    # Formulas as pandoc takes them, so that "5 $ and 6 $" is none.
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    return parser.disable("footnote_tail")  # notes stay where they are defined, the unused ones too


@dataclass
class _Page:
    """One text on its way to HTML."""

    parser: MarkdownIt
    facts: FrontMatter
    environment: dict[str, Any] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)
    undefined: dict[str, None] = field(default_factory=dict)
    inline_notes: dict[int, str] = field(default_factory=dict)

    def render(self, text: str) -> str:
        """HTML of the text, block elements with their line (``data-line``)."""
        tokens = self.parser.parse(text, self.environment)
        self.inline_notes = self._inline_labels(tokens)
        rendered = "".join(self._blocks(tokens))
        return rendered + "".join(self._inline_definitions())

    def notes(self) -> Iterator[str]:
        """What the user should know."""
        if self.undefined:
            yield "footnotes without a definition: " + ", ".join(
                f"[^{name}]" for name in list(self.undefined)[:20]
            )

    def references(self) -> Sequence[PrintedReference]:
        """References given apart from the text: link definitions with numbers, and the front matter's."""
        defined: Mapping[str, Mapping[str, Any]] = self.environment.get("references", {})
        numbers = sorted((int(name), name) for name in defined if name.isdecimal() and len(name) <= 3)
        links = [
            PrintedReference(
                f"link-{name}",
                name,
                defined[name].get("title") or defined[name]["href"],
                (defined[name]["href"],),
                line=defined[name]["map"][0] + 1 + self.facts.lines,
            )
            for _, name in numbers
            if self.numbered and re.match("https?://", defined[name]["href"])
        ]
        return [*links, *self.facts.references]

    def _inline_labels(self, tokens: Sequence[Token]) -> dict[int, str]:
        """Labels of the notes written in the text: the numbers that no definition has."""
        defined = {t.meta["label"] for t in tokens if t.type == "footnote_reference_open"}
        notes: Mapping[int, Mapping[str, Any]] = self.environment.get("footnotes", {}).get("list", {})
        labels: dict[int, str] = {}
        number = 0
        for place, note in notes.items():
            if "tokens" in note:
                number += 1
                while str(number) in defined:
                    number += 1
                labels[place] = str(number)
        return labels

    def _inline_definitions(self) -> Iterator[str]:
        notes = self.environment.get("footnotes", {}).get("list", {})
        for place, label in self.inline_notes.items():
            inner = "".join(self._inline(notes[place]["tokens"]))
            name = f"{UNDEFINED}inline-{place}"
            yield f'<div role="doc-footnote" id="{name}" data-label="{label}"><p>{inner}</p></div>'

    # --- rendering -------------------------------------------------------------------------------

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        heading = False
        for token in tokens:
            line = f' data-line="{token.map[0] + 1 + self.facts.lines}"' if token.map else ""
            if token.type == "inline":
                yield from self._inline(token.children or (), heading=heading)
            elif token.type == "footnote_reference_open":
                label = escape(token.meta["label"])
                yield f'<div role="doc-footnote" id="{UNDEFINED}{label}" data-label="{label}"{line}>'
            elif token.type == "footnote_reference_close":
                yield "</div>"
            elif token.type in {"fence", "code_block", "math_block", "math_block_label"}:
                yield f"<pre{line}>{escape(token.content)}</pre>"
            elif token.type == "html_block":
                yield token.content
            elif token.type == "hr":
                yield "<hr>"
            elif not token.hidden and token.tag:
                heading = token.type == "heading_open"
                start = token.attrGet("start")
                number = f' start="{start}"' if start is not None else ""
                yield f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}{line}{number}>"

    def _inline(self, children: Sequence[Token], *, heading: bool = False) -> Iterator[str]:
        for index, token in enumerate(children):
            kind = token.type
            if kind == "text":
                content = token.content
                if heading and index == len(children) - 1:
                    content = _ATTRIBUTES.sub("", content)
                yield self._text(content, linked=index > 0 and children[index - 1].type == "link_open")
            elif kind == "softbreak":
                yield '<br class="soft">'
            elif kind == "hardbreak":
                yield "<br>"
            elif kind in {"code_inline", "math_inline", "math_inline_double"}:
                yield f"<code>{escape(token.content)}</code>"
            elif kind == "html_inline":
                yield token.content
            elif kind == "footnote_ref":
                yield self._mark(token)
            elif kind == "link_open":
                yield f'<a href="{escape(str(token.attrGet("href") or ""))}">'
            elif token.tag and token.nesting and kind != "image":
                yield f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"

    def _mark(self, token: Token) -> str:
        label = token.meta.get("label")
        if label is None:
            place = token.meta["id"]
            return (
                f'<sup><a href="#{UNDEFINED}inline-{place}">[^{self.inline_notes.get(place, "")}]</a></sup>'
            )
        return f'<sup><a href="#{UNDEFINED}{escape(label)}">[^{escape(label)}]</a></sup>'

    def _text(self, content: str, *, linked: bool) -> str:
        if linked:
            number = _NUMBER.fullmatch(content)
            if number:
                self.numbered.add(number[1])
                return f"[{number[1]}]"
        if "@" not in content and "^" not in content:
            return escape(content, quote=False)
        pieces: list[str] = []
        at = 0
        for match in _INLINE.finditer(content):
            pieces += [escape(content[at : match.start()], quote=False), self._special(match)]
            at = match.end()
        return "".join([*pieces, escape(content[at:], quote=False)])

    def _special(self, match: re.Match[str]) -> str:
        undefined, raised = match[1], match[2]
        if undefined is not None:
            self.undefined[undefined] = None
            return f'<sup><a href="#{UNDEFINED}{escape(undefined)}">{escape(match[0])}</a></sup>'
        if raised is not None:
            return f"<sup>{raised}</sup>"
        keys = self.facts.keys
        return _CITED_KEY.sub(
            lambda found: (
                f'<a href="#{keys[found[1]]}">{escape(found[0])}</a>'
                if found[1] in keys
                else escape(found[0])
            ),
            match[0].replace("<", "&lt;"),
        )
