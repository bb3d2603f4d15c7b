"""The source list of a JATS article: every `ref`, in whichever of the standard's forms it is written.

JATS writes a reference as `mixed-citation` (as printed, with punctuation), `element-citation` (parts
only), both in `citation-alternatives`, or, in its older versions, `nlm-citation` and `citation`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...inline import InlineText
from ...manuscript import PrintedReference
from .jats_tree import href, local

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lxml.etree import _Element

__all__ = ["note_as_reference", "plain_text", "read_references"]

_CITATIONS = ("element-citation", "nlm-citation", "mixed-citation", "citation", "product", "related-object")
_TITLES = ("article-title", "chapter-title", "data-title", "part-title", "trans-title", "source", "conf-name")
#: What an entry made of parts says last.
_REST = frozenset(
    ["publisher-name", "publisher-loc", "pub-id", "ext-link", "uri", "comment", "isbn", "date-in-citation"]
)
_IDENTIFYING = frozenset({"pub-id", "ext-link", "uri", "object-id", "isbn", "elocation-id"})
_LINKING = frozenset({"ext-link", "uri", "self-uri"})
_NAMES = frozenset({"name", "string-name", "collab", "institution", "anonymous"})
#: Persons who did not write the source.
_OTHER_ROLES = frozenset(
    {"editor", "translator", "guest-editor", "compiler", "director", "inventor-assignee"}
)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_PUBMED = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|nih\.gov/pubmed)/(\d+)")
_PMC = re.compile(r"PMC\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"]+")
_TRIAL = re.compile(r"\b(NCT\d{8}|ISRCTN\d{6,8}|DRKS\d{8})\b")
_LABEL_FRAME = re.compile(r"^[\s\[\(【]+|[\s\]\)】.:,;]+$")
_SKIPPED = frozenset({"label", "tex-math", "graphic", "inline-graphic", "object-id", "annotation"})
_PREFIXES = {"doi": "doi:", "pmid": "PMID ", "pmcid": "PMCID ", "isbn": "ISBN "}
#: Elements whose parts are printed apart though the file has nothing between them.
_APART = frozenset(
    {"name", "string-name", "person-group", "date", "element-citation", "nlm-citation", "conference"}
)


def read_references(article: _Element) -> tuple[list[PrintedReference], dict[str, str]]:
    """The references in order, and for each id that a mark can name the key of its reference."""
    references, keys = [], {}
    for position, ref in enumerate(article.iter("{*}ref"), 1):
        key = ref.get("id") or f"ref-{position}"
        references.append(_reference(ref, key))
        keys[key] = key
        for part in ref.iterdescendants():  # [3b] may be named by the id of its own citation
            if part.get("id"):
                keys.setdefault(str(part.get("id")), key)
    return references, keys


def note_as_reference(note: _Element, key: str) -> PrintedReference:
    """A footnote, where an article has footnotes for its sources."""
    return _reference(note, key)


def plain_text(element: _Element) -> str:
    """An element's text with blanks folded, labels and formula sources left out."""
    if not len(element):  # most names, years and pages
        text = element.text or ""
        if text.isascii():
            return " ".join(text.split())
    line = InlineText()
    _gather(element, line)
    return line.text


class _Parts:
    """An element and all within it in reading order, each with its name, gathered in one pass."""

    def __init__(self, element: _Element) -> None:
        self.element = element
        self.all = [(local(e), e) for e in element.iter()]

    def named(self, names: Collection[str]) -> list[_Element]:
        return [e for name, e in self.all if name in names]

    def called(self, name: str) -> list[_Element]:
        return [e for own, e in self.all if own == name]

    def first(self, *names: str) -> str:
        """The text of the first one of these names."""
        return next((plain_text(e) for own, e in self.all if own in names), "")


class _Citation(_Parts):
    """A citation within an entry, or an entry that has none."""

    def __init__(self, element: _Element) -> None:
        super().__init__(element)
        self.structured = _structured(element)
        self.authors = tuple(_unique(_authors(self)))

    def text(self) -> str:
        return _composed(self) if self.structured else plain_text(self.element)


def _reference(ref: _Element, key: str) -> PrintedReference:
    whole = _Parts(ref)
    citations = [_Citation(c) for c in whole.named(_CITATIONS)]
    printed = [c for c in citations if not c.structured]
    # Both forms side by side say the same twice, with or without `citation-alternatives` around them.
    shown = printed or citations
    text = " ".join(filter(None, (c.text() for c in shown)))
    if not citations:
        text = plain_text(ref)
    else:
        notes = (plain_text(n) for n in ref if local(n) in {"note", "p"} and not _holds_citation(n))
        text = " ".join(filter(None, (text, *notes)))
    parts = sorted(citations, key=lambda c: c.structured, reverse=True) or [_Citation(ref)]
    return PrintedReference(
        key=key,
        label=_label(whole),
        text=text,
        links=tuple(_unique(_links(whole, text))),
        title=_title(parts),
        authors=next((part.authors for part in parts if part.authors), ()),
        year=_year(parts),
        identifiers=tuple(_unique(_identifiers(whole, text))),
        line=ref.sourceline,
    )


def _holds_citation(element: _Element) -> bool:
    return any(local(e) in _CITATIONS for e in element.iter())


def _label(ref: _Parts) -> str:
    label = next(iter(ref.called("label")), None)
    if label is None:
        return ""
    # "Smith, J. (2018)" keeps its closing bracket: only a frame around the whole label is taken off.
    text = " ".join("".join(label.itertext()).split())
    return text if "(" in text[1:] else _LABEL_FRAME.sub("", text)


def _structured(citation: _Element) -> bool:
    """Whether a citation is parts only, without the punctuation that would make it readable."""
    if local(citation) in {"element-citation", "nlm-citation"}:
        return True
    between = [citation.text, *(child.tail for child in citation)]
    return len(citation) > 1 and not any(text and text.strip() for text in between)


def _composed(citation: _Citation) -> str:
    """A readable entry from parts: authors (year). title. source volume(issue):pages. the rest."""
    authors = ", ".join(citation.authors)
    year = citation.first("year")
    titles = [plain_text(e) for name in _TITLES[:5] for e in citation.called(name)][:2]
    source = " ".join(map(plain_text, citation.called("source")))
    volume = citation.first("volume")
    issue = "".join(f"({plain_text(e)})" for e in citation.called("issue")[:1])
    first = citation.first("fpage", "elocation-id")
    last = citation.first("lpage")
    pages = f"{first}–{last}" if last and last != first else first
    place = " ".join(filter(None, (source, f"{volume}{issue}" + (f":{pages}" if pages else ""))))
    if not volume and not issue and pages:
        place = ", ".join(filter(None, (source, pages)))
    head = " ".join(filter(None, (authors, f"({year})" if year else "")))
    others = map(_part, citation.named(_REST))
    parts = _unique(p.rstrip(".") for p in (head, *titles, place, *others) if p)
    ended = (part if part.endswith(("?", "!")) else f"{part}." for part in parts)
    return " ".join(ended) or plain_text(citation.element)


def _part(element: _Element) -> str:
    text = plain_text(element)
    kind = element.get("pub-id-type") or local(element)
    found = _DOI.search(text)
    return _PREFIXES.get(kind, "") + (found[0] if kind == "doi" and found else text)


def _title(citations: list[_Citation]) -> str:
    for citation in citations:
        for name in _TITLES[:5] if _is_in_a_journal(citation) else _TITLES:
            for element in citation.called(name):
                if title := plain_text(element).rstrip(".,: "):
                    return title
    return ""


def _is_in_a_journal(citation: _Citation) -> bool:
    """Whether its source is a journal, whose name is no title of what is cited."""
    kind = citation.element.get("publication-type") or citation.element.get("citation-type") or ""
    return kind == "journal" or (not kind and bool(citation.called("volume")))


def _authors(citation: _Parts) -> Iterator[str]:
    for element in citation.named(_NAMES):
        groups = []
        above = element
        inner = False
        while above is not citation.element and (parent := above.getparent()) is not None:
            above = parent
            if above is citation.element:
                break
            name = local(above)
            inner = inner or name in _NAMES
            if name == "person-group":
                groups.append(above.get("person-group-type"))
        if inner or any(group in _OTHER_ROLES for group in groups):
            continue
        if local(element) == "institution" and not groups:
            continue
        if name := _name(element):
            yield name


def _name(element: _Element) -> str:
    surname = given = ""
    for part in element.iter():
        name = local(part)
        if name == "surname":
            surname = surname or plain_text(part)
        elif name == "given-names":
            given = given or plain_text(part)
    if surname:
        return f"{surname} {given}" if given else surname
    return plain_text(element).strip(" ,.;")


def _year(citations: list[_Citation]) -> int | None:
    for citation in citations:
        for element in citation.called("year"):
            if local(element.getparent()) == "date-in-citation":  # type: ignore[arg-type]  # it has one
                continue
            found = _YEAR.search(element.get("iso-8601-date", "") + " " + "".join(element.itertext()))
            if found:
                return int(found[1])
    return None


def _identifiers(ref: _Parts, text: str) -> Iterator[str]:
    for element in ref.named(_IDENTIFYING):
        kind = (element.get("pub-id-type") or element.get("ext-link-type") or local(element)).lower()
        value = " ".join("".join(element.itertext()).split())
        yield from _identifier(kind, value, href(element) or (element.get("assigning-authority") or ""))
    for found in _TRIAL.finditer(text):
        register = re.sub(r"\d", "", found[1]).lower()
        yield f"{register}:{found[1]}"


def _identifier(kind: str, value: str, link: str) -> Iterator[str]:
    for candidate in (value, link):
        if "10." in candidate and (found := _DOI.search(candidate)):
            yield "doi:" + found[0].rstrip(".,;)]").lower()
            break
    digits = "".join(filter(str.isdecimal, value or link))
    pubmed = _PUBMED.search(link) if link else None
    if kind in {"pmid", "pubmed"} and digits:
        yield f"pmid:{digits}"
    elif pubmed:
        yield f"pmid:{pubmed[1]}"
    if kind in {"pmcid", "pmc"} and digits:
        yield f"pmcid:PMC{digits}"
    elif found := _PMC.search(link):
        yield f"pmcid:{found[0].upper()}"
    if kind == "isbn":
        isbn = re.sub(r"[^\dXx]", "", value).upper()
        if len(isbn) in {10, 13}:
            yield f"isbn:{isbn}"


def _links(ref: _Parts, text: str) -> Iterator[str]:
    for element in ref.named(_LINKING):
        for candidate in (href(element), "".join(element.itertext()).strip()):
            if _ADDRESS.match(candidate):
                yield candidate
                break
    for found in _ADDRESS.finditer(text) if "://" in text or "www." in text else ():
        yield found[0].rstrip(".,;)]")


def _gather(element: _Element, line: InlineText) -> None:
    apart = local(element) in _APART
    line.add(element.text)
    for place, child in enumerate(element):
        if apart and place and not (element[place - 1].tail or "").strip():
            line.add(" ")
        if local(child) not in _SKIPPED and local(child):
            _gather(child, line)
        line.add(child.tail)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
