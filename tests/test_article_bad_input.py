"""Articles that are broken, hostile or empty: one clear line or a note, in bounded time, and nothing fetched."""

from __future__ import annotations

import codecs
import io
import os
import socket
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from evidence_kb.articles import safety
from evidence_kb.articles.finding.analysis import understand
from evidence_kb.articles.formats.docx.docx import read_docx
from evidence_kb.articles.formats.jats.jats import read_jats
from evidence_kb.articles.manuscript import Block, Manuscript
from evidence_kb.articles.reading import articles_in, read_document
from evidence_kb.articles.safety import MAX_MEMBERS, MAX_TEXT_BYTES, decode, read_bytes
from evidence_kb.errors import InputError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def jats(inner: str, doctype: str = "") -> bytes:
    return f"<?xml version='1.0'?>{doctype}<article><body><p>{inner}</p></body></article>".encode()


def texts(manuscript: Manuscript) -> list[str]:
    return [block.text for block in manuscript.blocks]


def docx(document: str, *, others: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", document)
        for name, data in (others or {}).items():
            file.writestr(name, data)
    return buffer.getvalue()


# XML


@pytest.fixture
def requests_seen() -> Iterator[tuple[list[str], str]]:
    """A server that notes whatever is asked of it, and its address."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield seen, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_external_dtds_and_entities_are_never_fetched(
    requests_seen: tuple[list[str], str], tmp_path: Path
) -> None:
    seen, address = requests_seen
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    doctype = (
        f'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "{address}/jats.dtd" ['
        f'<!ENTITY web SYSTEM "{address}/entity"> <!ENTITY file SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY % outer SYSTEM "{address}/parameter"> %outer; ]>'
    )
    inclusion = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    )
    manuscript = read_jats(jats(f"a&web;b&file;c{inclusion}d", doctype))
    assert texts(manuscript) == ["abcd"]
    assert manuscript.notes == ("declares entities of its own; they were not expanded",)
    assert seen == []


@pytest.mark.parametrize("use", ["&e9;", '<xref rid="&e9;">1</xref>'])
def test_entities_within_entities_are_not_expanded(use: str) -> None:
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    begin = time.perf_counter()
    manuscript = read_jats(jats(f"Tea {use}", f"<!DOCTYPE article [{entities}]>"))
    assert "ha" not in "".join(texts(manuscript))
    assert time.perf_counter() - begin < 1


def test_names_that_html_knows_become_characters() -> None:
    assert texts(read_jats(jats("5&nbsp;mg T&eacute;&mdash;&amp;&unheard;"))) == ["5 mg Té—&"]


def test_broken_xml_is_read_as_far_as_it_goes_and_the_line_is_told() -> None:
    manuscript = read_jats(b"<article><body>\n<p>Tea helps.</p>\n<p>Coffee <b>wakes.</p></body></article>")
    assert texts(manuscript)[0] == "Tea helps."
    assert manuscript.notes[0].startswith("line 3: not well-formed XML")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><body>Tea</body></html>", "is XML, but no JATS: it has <html> and no <article>"),
        (b"Tea helps.", "is no XML"),
        (b"   \n", "holds nothing but blanks"),
        (b"%PDF-1.7 \x00\x01", "is a PDF file"),
        (b"<article>" * 200 + b"Tea" + b"</article>" * 200, "is nested deeper than 120 elements"),
        (b"<article>" * 20_000, "nested"),
    ],
)
def test_what_is_no_article_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_jats(data)
    assert "\n" not in str(caught.value)


def test_undeclared_prefixes_do_not_lose_links() -> None:
    data = b'<article><body><p>Tea</p></body><back><ref-list><ref id="a"><mixed-citation>A <ext-link xlink:href="https://tea.example/a">x</ext-link></mixed-citation></ref></ref-list></back></article>'
    assert read_jats(data).references[0].links == ("https://tea.example/a",)


# DOCX


def paragraph(text: str) -> str:
    return f"<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"


def test_the_smallest_document_is_read() -> None:
    assert texts(read_docx(docx(paragraph("Tea helps.")))) == ["Tea helps."]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and then nothing", "damaged DOCX"),
        (docx(paragraph("Tea"))[:-40], "damaged DOCX"),
        (docx(""), "without a Word document"),
        (docx("<w:document"), "damaged DOCX"),
        (docx(f'<!DOCTYPE a [<!ENTITY b "c">]>{paragraph("&b;")}'), "declares XML entities"),
        (docx(paragraph("Tea " + "x" * 30_000_000)), "refused as a zip bomb"),
        (
            docx(paragraph("Tea"), others={"word/a.xml": b" " * (MAX_TEXT_BYTES * 2)}),
            "too large for an article",
        ),
        (docx(paragraph("Tea"), others={f"{n}": b"" for n in range(MAX_MEMBERS)}), "files, more than"),
        (
            docx(f"<w:document {W}><w:body>{'<w:sdt>' * 300}{'</w:sdt>' * 300}</w:body></w:document>"),
            "nested deeper",
        ),
    ],
    ids=["no-zip", "cut", "empty", "no-xml", "entities", "bomb", "large", "many", "deep"],
)
def test_a_hostile_or_damaged_document_is_refused_in_one_line(data: bytes, said: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(InputError, match=said) as caught:
        read_docx(data)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - begin < 5


def test_a_packed_file_under_a_password_is_refused() -> None:
    data = bytearray(docx(paragraph("Tea")))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    with pytest.raises(InputError, match="protected by a password"):
        read_docx(bytes(data))


def test_a_size_that_lies_gives_no_more_than_it_says() -> None:
    data = bytearray(docx(paragraph("Tea " * 1000)))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + place
        data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(InputError, match="damaged DOCX"):
        read_docx(bytes(data))


def test_linked_pictures_and_templates_are_never_fetched(requests_seen: tuple[list[str], str]) -> None:
    seen, address = requests_seen
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{kind}/{name}" Target="{address}/{name}" TargetMode="External"/>'
        for n, name in enumerate(("image", "attachedTemplate", "footnotes", "styles", "numbering"))
    )
    picture = (
        '<w:r><w:drawing xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:blip '
        f'xmlns:r="{kind}" r:link="r0"/></w:drawing></w:r>'
    )
    document = paragraph("Tea").replace("</w:p>", f"{picture}</w:p>")
    data = docx(
        document,
        others={
            "word/_rels/document.xml.rels": (
                f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
                "</Relationships>"
            ).encode(),
            "word/vbaProject.bin": b"Sub AutoOpen()",
        },
    )
    assert texts(read_docx(data)) == ["Tea"]
    assert seen == []


def test_links_without_a_target_keep_their_words() -> None:
    link = '<w:hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="gone"><w:r><w:t>there</w:t></w:r></w:hyperlink>'
    assert texts(read_docx(docx(paragraph("Tea ").replace("</w:p>", f"{link}</w:p>")))) == ["Tea there"]


# Bytes

GERMAN = "Rückenschmerz – „groß“ wie ein Fuß“. " * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_that_says_what_it_is_needs_no_note(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == (GERMAN, None)


@pytest.mark.parametrize(
    ("data", "declared", "text", "note"),
    [
        (GERMAN.encode("cp1252"), None, GERMAN, "is not UTF-8; read as Windows-1252; save it as UTF-8"),
        (GERMAN.encode("cp1252"), "utf-8", GERMAN, "is not utf-8, as it says; read as Windows-1252; save it as UTF-8"),
        (GERMAN.encode("cp1252"), "iso-8859-1", GERMAN, None),
        (GERMAN.encode(), "iso-8859-1", GERMAN, "says it is iso-8859-1, and is UTF-8"),
        (GERMAN.encode("utf-16-le"), None, GERMAN, "read as UTF-16-LE, which it does not say"),
        (GERMAN.encode("utf-16-be"), None, GERMAN, "read as UTF-16-BE, which it does not say"),
        (b"gr\xc3\xb6\xc3\x9fe\n" * 3 + b"gr\xf6\xdfe", None, "größe\n" * 3 + "größe", "line 4: bytes of Windows-1252 within UTF-8 were mended"),
        (b"gr\xf6\xdfer\n" * 3 + b"gr\xc3\xb6\xdfer", None, "größer\n" * 3 + "größer", "is not UTF-8; read as Windows-1252; save it as UTF-8"),
        (codecs.BOM_UTF8 + b"gr\xf6\xdfe", None, "größe", "line 1: not UTF-8, as the file's first bytes say; mended"),
        ("Боль в спине лечат движением. ".encode("cp1251") * 4, None, "Боль в спине лечат движением. " * 4, "is not UTF-8; read as cp1251; save it as UTF-8"),
        ("腰痛は動くと良くなる。".encode("shift_jis") * 9, "shift_jis", "腰痛は動くと良くなる。" * 9, None),
        (b"Tea helps.\n" * 20 + b"Tea\0 helps.", None, "Tea helps.\n" * 20 + "Tea helps.", "line 21: NUL characters were left out"),
        (b"Tea", "no-such-encoding", "Tea", None),
    ],
)  # fmt: skip
def test_wrong_and_mixed_encodings_are_mended_and_told(
    data: bytes, declared: str | None, text: str, note: str | None
) -> None:
    assert decode(data, declared=declared) == (text, note)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(256)) * 40, "is a binary file"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "is a binary file"),
        (b"%PDF-1.4\nTea", "is a PDF file; convert it first"),
        (OLE, "is an old Word file"),
        (b"{\\rtf1 Tea}", "is an RTF file; save it as DOCX"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password; save it without one"),
        (OLE + "WordDocument".encode("utf-16-le"), "is an old Word file .*; save it as DOCX"),
        (b" \t\r\n\xc2\xa0", "holds nothing but blanks"),
        (codecs.BOM_UTF8, "holds nothing but blanks"),
        (b"", "holds nothing but blanks"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        decode(data, "article.txt")
    assert str(caught.value).startswith("article.txt: ")


def test_files_are_refused_before_they_are_read_whole(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:  # a sparse file: one line of 100 MB
        file.truncate(100_000_000)
    empty = tmp_path / "empty.txt"
    empty.touch()
    for path, said in (
        (large, "is larger than 32 MB"),
        (empty, "is empty"),
        (tmp_path, "is a folder"),
        (tmp_path / "gone.txt", "no such file"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            read_bytes(path)
        assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("content.xml", r"is an OpenDocument file \(.odt\); save it as DOCX"),
        ("META-INF/container.xml", r"is an e-book \(EPUB\); unpack it"),
        ("xl/workbook.xml", "is an Excel file"),
        ("notes.txt", "is a packed file without a Word document in it"),
    ],
)
def test_a_packed_file_of_another_kind_is_named(member: str, said: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(member, "<x/>")
    with pytest.raises(InputError, match=said):
        read_docx(buffer.getvalue())


def test_what_is_no_file_is_refused_and_never_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "PIPE_WAIT", 0.05)
    pipe, address, circle = tmp_path / "pipe.md", tmp_path / "socket.md", tmp_path / "circle.md"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        with pytest.raises(InputError, match="is a socket"):
            read_bytes(address)
    with pytest.raises(InputError, match="is a pipe that nothing is written to"):
        read_bytes(pipe)
    with pytest.raises(InputError, match="leads back to itself"):
        list(articles_in([circle]))


def test_a_pipe_that_is_written_to_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    writer = Thread(target=lambda: pipe.write_bytes(b"Tea helps.\n" * 20_000))
    writer.start()
    assert len(read_bytes(pipe)) == 220_000
    writer.join()


def test_json_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "tea.json"
    path.write_text('{"title": "Tea", "url": "https://tea.example"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"tea\.json: is JSON, no article"):
        read_document(path)


# Apparatus


def test_an_article_without_sources_is_a_finding() -> None:
    document = understand(read_jats(jats("Studies show that tea helps.")), "jats")
    assert document.references == ()
    assert "no-references" in {problem.kind.value for problem in document.problems}


def test_marks_without_entries_and_entries_without_marks_are_findings() -> None:
    data = jats('Tea [<xref ref-type="bibr" rid="b7">7</xref>].').replace(
        b"</article>",
        b'<back><ref-list><ref id="b1"><label>1</label><mixed-citation>A. 2001.</mixed-citation></ref></ref-list></back></article>',
    )
    kinds = {problem.kind.value for problem in understand(read_jats(data), "jats").problems}
    assert {"mark-without-entry", "entry-without-mark", "no-address"} <= kinds


@pytest.mark.parametrize("run", ["(", '"', "-(", ") ", "a, ", "【", "[1", "z. B. ", "¹"])
def test_long_runs_of_one_sign_take_no_time(run: str) -> None:
    text = f"Studien {run * 2000} zeigen, dass Tee hilft [1]."
    begin = time.perf_counter()
    understand(Manuscript("", "de", (Block(text),)), "text")
    assert time.perf_counter() - begin < 2
