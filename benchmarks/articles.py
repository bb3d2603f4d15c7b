"""How long reading an article takes, by format and size, beside the parser underneath; and what 1,000 cost.

The articles are made here: German prose with a mark in every other sentence and a numbered list. "parser" is
the library's own work on the same bytes (markdown-it, lxml's HTML and XML parsers, mammoth; plain text has
none), "library" is that and the library that finds a page's main content (readability), "read" is our
reader up to the manuscript, "understood" is everything `kb add` finds in it, both with their ratios to the
parser, and to parser and library where there is one. Times are of the processor, so that a busy machine
changes little.

The goal is to read in at most 4 times what the parser takes. It is judged where the parser is written in
Python, and for pages against parser and library; lxml alone parses in C, some hundred times as fast as
Python can look at what it parsed, so there the ratio is only shown. Exit code 1 if a goal is missed, or if
memory grows over 1,000 articles.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from html import escape

from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.docx.docx import read_docx
from evidence_kb.articles.formats.jats.jats import read_jats
from evidence_kb.articles.formats.plain.text import read_text
from evidence_kb.articles.formats.web.html import read_html
from evidence_kb.articles.formats.web.markdown import read_markdown
from evidence_kb.articles.manuscript import Manuscript

GOAL = 4.0
ROUNDS = 5
ARTICLES = 1000
#: Formats whose parser or library is written in Python.
JUDGED = frozenset({"markdown", "html", "docx"})
#: Growth of resident memory, in MB, that counts as none: caches fill, allocators keep pages.
FLAT = 8.0
SIZES = {"short": 10, "usual": 60, "long": 400}  # paragraphs
SENTENCES = (
    "Wärme lindert bei vielen Menschen den Schmerz im unteren Rücken",
    "Studien zeigen, dass Bewegung nach etwa sechs Wochen hilft",
    "Laut Byrne (2018) gehen z. B. Pflegekräfte seltener zum Arzt",
    "In der Gruppe mit Übungen sank der Wert um 2,4 Punkte (95 % KI 1,1–3,7)",
    "Warum das so ist, wissen auch Fachleute nicht genau",
)


def paragraphs(count: int) -> list[list[tuple[str, tuple[int, ...]]]]:
    """Sentences with the numbers they cite."""
    return [
        [(SENTENCES[(n + k) % 5], (1 + (n * 3 + k) % count,) if k % 2 else ()) for k in range(5)]
        for n in range(count)
    ]


def sources(count: int) -> list[tuple[str, str]]:
    return [
        (f"Byrne A, Wolff T. Wärme und Rücken, Teil {n}. Schmerzheilkunde. 2018;{n}:1–9", f"https://quelle.example/studie/{n}")
        for n in range(1, count + 1)
    ]  # fmt: skip


def prose(paragraph: list[tuple[str, tuple[int, ...]]]) -> str:
    return " ".join(text + (f" [{marks[0]}]." if marks else ".") for text, marks in paragraph)


def text(count: int) -> bytes:
    lines = ["Rücken und Wärme", ""]
    for n, one in enumerate(paragraphs(count)):
        lines += [f"Abschnitt {n}", ""] * (n % 5 == 0) + [f"Zu {n}: {prose(one)}", ""]
    lines += ["Quellen", ""]
    for n, (title, address) in enumerate(sources(count), 1):
        lines += [f"[{n}]", title, address]
    return "\n".join(lines).encode()


def markdown(count: int) -> bytes:
    lines = ["# Rücken und Wärme", ""]
    for n, one in enumerate(paragraphs(count)):
        lines += [f"## Abschnitt {n}", ""] * (n % 5 == 0) + [prose(one), ""]
    lines += ["## Quellen", ""]
    lines += [f"{n}. {title}. <{address}>" for n, (title, address) in enumerate(sources(count), 1)]
    return "\n".join(lines).encode()


def html(count: int) -> bytes:
    body = "".join(
        (f"<h2>Abschnitt {n}</h2>" if n % 5 == 0 else "") + f"<p>{escape(prose(one))}</p>"
        for n, one in enumerate(paragraphs(count))
    )
    items = "".join(
        f'<li>{title}. <a href="{address}">{address}</a></li>' for title, address in sources(count)
    )
    return (
        '<!DOCTYPE html><html lang="de"><head><title>Rücken</title></head><body><main>'
        f"<h1>Rücken und Wärme</h1>{body}<h2>Quellen</h2><ol>{items}</ol></main></body></html>"
    ).encode()


def jats(count: int) -> bytes:
    def tagged(one: list[tuple[str, tuple[int, ...]]]) -> str:
        return " ".join(
            t + (f' [<xref ref-type="bibr" rid="B{m[0]}">{m[0]}</xref>].' if m else ".") for t, m in one
        )

    body = "".join(
        f"<sec><title>Abschnitt {n}</title><p>{tagged(one)}</p></sec>"
        for n, one in enumerate(paragraphs(count))
    )
    refs = "".join(
        f'<ref id="B{n}"><label>{n}</label><element-citation publication-type="journal"><person-group>'
        f"<name><surname>Byrne</surname><given-names>A</given-names></name></person-group>"
        f"<article-title>Wärme, Teil {n}</article-title><source>Schmerzheilkunde</source><year>2018</year>"
        f'<pub-id pub-id-type="doi">10.5555/w.{n}</pub-id></element-citation></ref>'
        for n in range(1, count + 1)
    )
    return (
        '<article xml:lang="de"><front><article-meta><title-group><article-title>Rücken</article-title>'
        f"</title-group></article-meta></front><body>{body}</body><back><ref-list>{refs}</ref-list></back></article>"
    ).encode()


def docx(count: int) -> bytes:
    def paragraph(words: str) -> str:
        return f'<w:p><w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'

    body = "".join(paragraph(prose(one)) for one in paragraphs(count)) + paragraph("Quellen:")
    body += "".join(paragraph(f"[{n}] {t}. {a}") for n, (t, a) in enumerate(sources(count), 1))
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "word/document.xml", f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
        )
    return buffer.getvalue()


def parse_markdown(data: bytes) -> object:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").render(data.decode())


def parse_html(data: bytes) -> object:
    from lxml import etree

    return etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))


def find_content(data: bytes) -> object:
    """The same, and the main content of the page by the library that is made for that."""
    from readability import Document

    parse_html(data)
    return Document(data.decode()).summary(html_partial=True)


def parse_xml(data: bytes) -> object:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False))


def parse_docx(data: bytes) -> object:
    import mammoth

    return mammoth.convert_to_html(io.BytesIO(data))


Reader = Callable[[bytes], Manuscript]
FORMATS: dict[str, tuple[Callable[[int], bytes], Callable[[bytes], object] | None, Reader]] = {
    "text": (text, None, lambda data: read_text(data.decode())),
    "markdown": (markdown, parse_markdown, lambda data: read_markdown(data.decode())),
    "html": (html, parse_html, read_html),
    "jats": (jats, parse_xml, read_jats),
    "docx": (docx, parse_docx, read_docx),
}


#: Libraries that do more of a reader's work than the parser, by format.
LIBRARIES: dict[str, Callable[[bytes], object]] = {"html": find_content}


def median_ms(work: Callable[[], object]) -> float:
    """Median processor time of ``work`` in milliseconds, after one run that does not count."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times)


def resident_mb() -> float:
    """Resident memory of this process, in MB (Linux); elsewhere its highest so far."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file to speak of
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def shown(ms: float | None) -> str:
    return "–" if ms is None else f"{ms:.1f} ms"


def ratios(ms: float, *others: float | None) -> str:
    return " ".join(f"{ms / other:.1f}×" for other in others if other)


def times() -> bool:
    """Print a row for each format and size; whether every goal is met."""
    met = True
    print(
        f"{'format':9} {'size':6} {'KB':>6} {'parser':>9} {'library':>9} {'read':>9} {'ratios':>14}"
        f" {'understood':>10} {'ratios':>14}"
    )
    for name, (write, parse, read) in FORMATS.items():
        for size, count in SIZES.items():
            data = write(count)
            alone = median_ms(lambda data=data, parse=parse: parse(data)) if parse else None
            find = LIBRARIES.get(name)
            library = median_ms(lambda data=data, find=find: find(data)) if find else None
            reading = median_ms(lambda data=data, read=read: read(data))
            whole = median_ms(lambda data=data, read=read, name=name: understand(read(data), name))
            measure = library or alone
            missed = measure is not None and name in JUDGED and reading > GOAL * measure
            met = met and not missed
            print(
                f"{name:9} {size:6} {len(data) / 1e3:6.0f} {shown(alone):>9} {shown(library):>9}"
                f" {shown(reading):>9} {ratios(reading, alone, library):>14}"
                f" {shown(whole):>10} {ratios(whole, alone, library):>14}{'  missed' if missed else ''}"
            )
    return met


def memory() -> bool:
    """Read 1,000 articles in this process; whether memory stays flat."""
    files = [(name, write(SIZES["usual"]), read) for name, (write, _, read) in FORMATS.items()]
    start, early = time.process_time(), 0.0
    for number in range(ARTICLES):
        name, data, read = files[number % len(files)]
        understand(read(data), name)
        if number == ARTICLES // 10:
            early = resident_mb()
    late = resident_mb()
    rate = ARTICLES / (time.process_time() - start)
    print(f"{ARTICLES} articles: {rate:.0f} a second of processor time, ", end="")
    print(f"{early:.1f} MB after {ARTICLES // 10}, {late:.1f} MB at the end")
    return late - early <= FLAT


def main() -> int:
    """Measure both."""
    met = times()
    return int(not (memory() and met))


if __name__ == "__main__":
    sys.exit(main())
