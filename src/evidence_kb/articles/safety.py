"""What readers of articles are protected from: files too large, exploding archives, bytes that are no text.

Each refusal is one `InputError` that says how to go on. What can be mended (a wrong or mixed encoding, a
stray NUL) is mended, and a note says so. Nothing here knows any format.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import stat
from typing import TYPE_CHECKING

from ..errors import InputError
from .file_kinds import READABLE, binary_kind

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO
    from zipfile import ZipInfo

__all__ = [
    "MAX_CONTAINER_BYTES",
    "MAX_DEPTH",
    "MAX_MEMBERS",
    "MAX_RATIO",
    "MAX_TEXT_BYTES",
    "PIPE_WAIT",
    "check_container",
    "decode",
    "read_bytes",
]

#: Largest text file read, in bytes: thirty times the longest encyclopedia pages, a bound on time and memory.
MAX_TEXT_BYTES = 32 * 1024 * 1024
#: Largest packed file (DOCX) read, in bytes: pictures make them large, and are not unpacked.
MAX_CONTAINER_BYTES = 200 * 1024 * 1024
#: Most files inside a packed file.
MAX_MEMBERS = 10_000
#: How many times larger than packed the text parts of a packed file may be; Word's own come to about 20.
MAX_RATIO = 200
#: How deep elements of an XML file may be nested; articles come to about 30.
MAX_DEPTH = 120
#: How long a pipe is waited for until something is written to it, in seconds.
PIPE_WAIT = 5

_ZIP = b"PK\x03\x04"
_BOMS = (  # longest first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
#: What is a letter and a quotation mark in Windows-1252 ("Fuß“") and by accident valid UTF-8.
_LETTER_AND_QUOTE = re.compile(rb"[\xc4-\xdf][\x84\x85\x91-\x97\xab\xbb]")
#: Controls that no text has; tab, line feed, form feed, carriage return and escape are left.
_CONTROLS = bytes(sorted(set(range(32)) - {0, 9, 10, 12, 13, 27}))
#: Letters and signs that German, English and most western texts write with cp1252's upper half.
_WESTERN = frozenset("äöüÄÖÜßéèêëàâáåçíîïñóôòøúûùœæÉÀ€–—„“”’‘‚«»›‹…•·°§®©™±²³µ×½¼¾†\xa0\xad")
_SAMPLE = 200_000


def read_bytes(path: Path) -> bytes:
    """The bytes of an article's file.

    :raises InputError: it is missing, a folder, unreadable, empty, or larger than `MAX_TEXT_BYTES`
        (a packed file: `MAX_CONTAINER_BYTES`); no more than that is ever read.
    """
    try:
        if path.is_dir():
            raise InputError("is a folder; name a file in it", path)
        with _open(path) as file:
            data = file.read(MAX_TEXT_BYTES + 1)
            packed = data.startswith(_ZIP)
            if packed and len(data) > MAX_TEXT_BYTES:
                data += file.read(MAX_CONTAINER_BYTES + 1 - len(data))
    except FileNotFoundError:
        raise InputError("no such file", path) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path) from None
    most = MAX_CONTAINER_BYTES if packed else MAX_TEXT_BYTES
    if len(data) > most:
        raise InputError(f"is larger than {most >> 20} MB, too large for an article; cut it into parts", path)
    if not data:
        raise InputError("is empty; nothing to read", path)
    return data


def _open(path: Path) -> BinaryIO:
    """The file, open; a pipe only once something is written to it, as opening it could wait for ever."""
    mode = path.stat().st_mode
    if stat.S_ISSOCK(mode):
        raise InputError("is a socket; name a file", path)
    if not stat.S_ISFIFO(mode):
        return path.open("rb")
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    watch = select.poll()
    watch.register(pipe, select.POLLIN)
    if not watch.poll(PIPE_WAIT * 1000):
        os.close(pipe)
        raise InputError("is a pipe that nothing is written to; name a file", path)
    os.set_blocking(pipe, True)
    return os.fdopen(pipe, "rb")


def decode(data: bytes, path: object = None, declared: str | None = None) -> tuple[str, str | None]:
    """The text in ``data``, and a note for the user where its encoding is not what it should be.

    A byte order mark decides, then valid UTF-8, then what the file declares; then single bytes of
    Windows-1252 in UTF-8 are mended, and the rest is guessed by `charset_normalizer`.

    :param path: the file, as error messages name it.
    :param declared: the encoding that the file says it has, if it does.
    :raises InputError: it is no text, or holds nothing but blanks.

    >>> decode("Rückenschmerz".encode("cp1252"))[0]
    'Rückenschmerz'
    """
    _refuse_binary(data, path)
    text, note = _decoded(data, path, declared)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        note = _joined(note, f"line {line}: NUL characters were left out")
        text = text.replace("\0", "")
    if not text or text.isspace():
        raise InputError("holds nothing but blanks; nothing to read", path)
    return text, note


def check_container(members: list[ZipInfo], path: object = None) -> None:
    """Refuse a packed file by its list of contents, before anything of it is unpacked.

    `zipfile` never gives more of a member than the list says, so the list can be relied on.

    :raises InputError: too many members, a password, or XML parts that are too large in sum or
        against their packed size (`MAX_MEMBERS`, `MAX_TEXT_BYTES`, `MAX_RATIO`).
    """
    if len(members) > MAX_MEMBERS:
        raise InputError(f"holds {len(members)} files, more than the {MAX_MEMBERS} allowed", path)
    if any(member.flag_bits & 1 for member in members):
        raise InputError("is protected by a password; save it without one", path)
    parts = [m for m in members if m.filename.lower().endswith((".xml", ".rels"))]
    size, packed = sum(m.file_size for m in parts), sum(m.compress_size for m in parts)
    if size > MAX_TEXT_BYTES * 2:
        raise InputError(f"unpacks to {size >> 20} MB of text, too large for an article", path)
    if size > 1024 * 1024 and size > packed * MAX_RATIO:
        raise InputError(f"unpacks to {size // max(packed, 1)} times its size; refused as a zip bomb", path)


def _refuse_binary(data: bytes, path: object) -> None:
    if line := binary_kind(data):
        raise InputError(line, path)


def _decoded(data: bytes, path: object, declared: str | None) -> tuple[str, str | None]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _by_mark(data[len(bom) :], name)
    if wide := _wide(data):
        return data.decode(wide, "replace"), f"read as {wide.upper()}, which it does not say"
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS)) + sample.count(0)
    if controls * 100 > len(sample):
        raise InputError(f"is a binary file; {READABLE}", path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf_8(data, data.count(b"\n", 0, error.start) + 1, path, declared)
    return _declared_seven_bit(data, text, declared)


def _by_mark(data: bytes, name: str) -> tuple[str, str | None]:
    try:
        return data.decode(name), None
    except UnicodeDecodeError as error:
        if name == "utf-8":
            line = data.count(b"\n", 0, error.start) + 1
            return _mended(data), f"line {line}: not UTF-8, as the file's first bytes say; mended"
        return data.decode(name, "replace"), f"broken {name.upper()}: some characters are lost"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of western text is zero."""
    sample = data[: 4096 & ~1]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _declared_seven_bit(data: bytes, text: str, declared: str | None) -> tuple[str, str | None]:
    name = _codec(declared)
    if name in {None, "utf-8", "ascii"} or declared is None:
        return text, None
    if text.isascii():
        if b"\x1b" in data and name is not None and name.startswith("iso2022"):
            return data.decode(name, "replace"), None
        return text, None
    return text, f"says it is {declared}, and is UTF-8"


def _not_utf_8(data: bytes, line: int, path: object, declared: str | None) -> tuple[str, str | None]:
    says_utf_8 = _codec(declared) == "utf-8"
    if _valid_sequences(data) * 2 > _stray_bytes(data):
        return _mended(data), f"line {line}: bytes of Windows-1252 within UTF-8 were mended"
    name = _codec(declared)
    if name not in {None, "utf-8", "ascii"}:
        try:
            return data.decode(str(name)), None
        except UnicodeDecodeError:
            return _guessed(data, path, f"is not {declared}, as it says; ")
    return _guessed(data, path, f"is not {declared}, as it says; " if says_utf_8 else "is not UTF-8; ")


def _guessed(data: bytes, path: object, why: str) -> tuple[str, str]:
    signs = [sign for sign in _windows_1252(data[:_SAMPLE]) if sign > "\x7f"]
    if sum(sign in _WESTERN for sign in signs) >= len(signs) * 0.9:
        return _windows_1252(data), f"{why}read as Windows-1252; save it as UTF-8"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise InputError(
            f"is in no encoding that can be told, or no text; save it as UTF-8. {READABLE}", path
        )
    return data.decode(best.encoding, "replace"), f"{why}read as {best.encoding}; save it as UTF-8"


def _mended(data: bytes) -> str:
    """UTF-8 in which single bytes of Windows-1252 stand."""
    return data.decode("utf-8", "evidence_kb.cp1252")


def _windows_1252(data: bytes) -> str:
    """Windows-1252 in which a few signs may be UTF-8: what makes a western sign that way is taken for it."""
    pieces, last = [], 0
    for found in _SEQUENCE.finditer(data):
        sign = found[0].decode("utf-8", "replace")
        if sign in _WESTERN:
            pieces += [data[last : found.start()].decode("cp1252", "replace"), sign]
            last = found.end()
    return "".join([*pieces, data[last:].decode("cp1252", "replace")])


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("evidence_kb.cp1252", _one_byte)


def _valid_sequences(data: bytes) -> int:
    return len(_SEQUENCE.findall(data)) - len(_LETTER_AND_QUOTE.findall(data))


def _stray_bytes(data: bytes) -> int:
    return sum(byte > 127 for byte in _SEQUENCE.sub(b"", data).translate(None, bytes(range(128))))


def _codec(declared: str | None) -> str | None:
    """Python's name of an encoding; Latin-1 is Windows-1252, as browsers have it; ``None`` if unknown."""
    try:
        name = codecs.lookup((declared or "").strip().strip("\"'")).name
    except LookupError:
        return None
    return "cp1252" if name in {"iso8859-1", "latin_1"} else name


def _joined(first: str | None, second: str) -> str:
    return f"{first}; {second}" if first else second
