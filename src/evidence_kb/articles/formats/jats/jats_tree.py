"""The element tree of a JATS file: parsed without entities, DTDs or network, and the article found in it."""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING

from ....errors import InputError
from ...safety import MAX_DEPTH, decode

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["find_article", "href", "local", "parse_xml"]

#: A document type declaration; what stands in its brackets is never read.
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\[>]*(\[.*?\]\s*)?>", re.DOTALL)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DECLARED = re.compile(rb"""^[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9.]*);")
_HEAD = 100_000
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
#: What an article of JATS has at least one of; publishers have formats of their own with that root.
_OWN_PARTS = frozenset({"front", "front-stub", "body", "back", "sub-article", "response"})
_XLINK = "{http://www.w3.org/1999/xlink}href"


def parse_xml(data: bytes) -> tuple[_Element, tuple[str, ...]]:
    """The root element, and notes for the user.

    No DTD and no external entity is read, and the entities that a file declares for itself are not
    expanded; the names that HTML knows (``&nbsp;``) become their characters. What is not well-formed is
    read as far as it goes, with a note that says where it broke.

    :raises InputError: it is no XML at all, or nested too deeply.
    """
    found = _DECLARED.match(data)
    text, note = decode(data, declared=found[1].decode() if found else None)
    notes = [note] if note else []
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    text, own = _without_doctype(text)
    if own:
        notes.append("declares entities of its own; they were not expanded")
    text = _ENTITY.sub(_character, text)
    root, broken = _parsed(text.encode("utf-8", "replace"))
    if root.xpath(f"boolean({'/*' * (MAX_DEPTH + 1)})"):
        raise InputError(f"is nested deeper than {MAX_DEPTH} elements; no article is")
    return root, (*notes, *broken)


def _parsed(data: bytes) -> tuple[_Element, tuple[str, ...]]:
    from lxml import etree

    def parser(*, recover: bool) -> etree.XMLParser[_Element]:
        return etree.XMLParser(
            encoding="utf-8",
            recover=recover,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )

    try:
        return etree.fromstring(data, parser(recover=False)), ()
    except etree.XMLSyntaxError as error:
        if "depth" in error.msg:
            raise InputError("is nested too deeply; no article is", line=error.lineno) from None
        root = etree.fromstring(data, parser(recover=True))
        if root is None:
            raise InputError(f"is no XML ({error.msg})") from None
        return root, (f"line {error.lineno}: not well-formed XML ({error.msg}); read as far as it goes",)


def find_article(root: _Element) -> tuple[_Element, int]:
    """The article, which may stand in the envelope of an archive, and how many articles there are.

    Reviews and responses printed after it are taken out of it: they have their own texts and sources.

    :raises InputError: there is none.
    """
    found = [e for e in root.iter("{*}article") if not any(local(a) == "article" for a in e.iterancestors())]
    if not found:
        raise InputError(
            f"is XML, but no JATS: it has <{local(root)}> and no <article>; "
            "save the article's web page and name that file"
        )
    article = found[0]
    if not any(local(part) in _OWN_PARTS for part in article):
        names = ", ".join(dict.fromkeys(f"<{local(part)}>" for part in list(article)[:3])) or "no parts"
        raise InputError(
            f"is XML, but no JATS: its <article> has {names} instead of <front> and <body>; "
            "save the article's web page and name that file"
        )
    for other in list(article.iter("{*}sub-article", "{*}response")):
        parent = other.getparent()
        if parent is not None:
            parent.remove(other)
    return article, len(found)


def local(element: _Element) -> str:
    """An element's name without its namespace; ``""`` for what is no element."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)  # a file has few names, and asks for them everywhere
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def href(element: _Element) -> str:
    """Where an element links to, also where the file forgot to declare the prefix."""
    return (element.get(_XLINK) or element.get("xlink:href") or element.get("href") or "").strip()


def _without_doctype(text: str) -> tuple[str, bool]:
    head, rest = text[:_HEAD], text[_HEAD:]
    own = any("<!ENTITY" in (found[1] or "") for found in _DOCTYPE.finditer(head))
    # Its line ends stay, so that line numbers are true.
    return _DOCTYPE.sub(lambda found: "\n" * found[0].count("\n"), head) + rest, own


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_OWN:
        return found[0]
    return html5.get(f"{name};", "")
