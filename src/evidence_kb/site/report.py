"""The pages as a folder that opens from disk.

A report owns the files that its manifest names and nothing else: a folder with other things in it is refused,
and what an older report left over is removed. Each file is written under another name and renamed, so a run
that is killed leaves every page whole, the old one or the new; nothing is synced to disk page by page, for a
report can be made again. Symbolic links inside the folder are not followed.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..errors import InputError, UsageError
from ..knowledge_base import KnowledgeBase
from .facts import Facts
from .pages import Pages

__all__ = ["MANIFEST", "Written", "write_report"]

MANIFEST = ".evidence-kb-report.json"
_HALF = ".evidence-kb-half-written"


class Written(NamedTuple):
    """What a run did: how many files there are, how many of them changed, and how many went."""

    files: int
    changed: int
    removed: int


def write_report(kb: KnowledgeBase, out: Path, article_texts: Mapping[str, Path] | None = None) -> Written:
    """Write the pages about ``kb`` into the folder ``out``, which is made if it is not there.

    :param article_texts: the text of articles by article IRI; shown in the report beside the claims.
    :raises UsageError: the folder holds something else.
    :raises InputError: it cannot be written to, or the knowledge base cannot be read.
    """
    pages = Pages(Facts(kb, article_texts))
    assets = pages.assets()
    folder = _Folder(out)
    wanted = {*pages.paths(), *assets}
    changed = 0
    with folder.locked():
        old = folder.owned()
        folder.own(old | wanted)  # before the first is written, so that a later run knows them all
        for path, content in assets.items():
            data = content if isinstance(content, bytes) else content.read_bytes()
            changed += folder.write(path, data)
        for path in pages.paths():
            changed += folder.write(path, (pages.render(path) or "").encode("utf-8", "replace"))
        removed = sum(folder.remove(path) for path in sorted(old - wanted))
        folder.own(wanted)
    return Written(len(wanted), changed, removed)


class _Folder:
    """The folder of a report."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._known: set[PurePosixPath] = set()
        self._descriptor: int | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the folder, which is made if need be."""
        import fcntl

        try:
            self._out.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._out, os.O_RDONLY | os.O_DIRECTORY)
        except FileExistsError:
            raise UsageError(f"{self._out} is a file; name a folder for the report") from None
        except OSError as error:
            raise InputError(f"cannot be written to ({error.strerror})", self._out) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise UsageError(f"another run is writing a report to {self._out}; wait for it") from None
        except OSError as error:
            where = error.filename or self._out
            raise InputError(f"cannot be written ({error.strerror})", where) from None
        finally:
            os.close(descriptor)

    def owned(self) -> set[str]:
        """The files that earlier reports wrote here.

        :raises UsageError: there is no report here, but something else.
        """
        try:
            data = json.loads(self._checked(MANIFEST).read_bytes())
            return {path for path in data["files"] if isinstance(path, str) and _inside(path)}
        except FileNotFoundError:
            found = sorted(entry.name for entry in os.scandir(self._out) if entry.name != _HALF)
            if found:
                raise UsageError(
                    f"{self._out} holds something else ({', '.join(found[:3])}"
                    f"{' …' if len(found) > 3 else ''}) and no report; name an empty or a new folder"
                ) from None
            return set()
        except (ValueError, KeyError, TypeError):
            raise InputError(
                "is no list of a report's files; remove the report's folder and write it anew",
                self._out / MANIFEST,
            ) from None

    def own(self, paths: set[str]) -> None:
        """Note which files are the report's."""
        text = json.dumps({"files": sorted(paths)}, ensure_ascii=True, indent=0) + "\n"
        self.write(MANIFEST, text.encode())

    def write(self, path: str, data: bytes) -> bool:
        """Put ``data`` at ``path``; whether that changed anything."""
        target = self._checked(path)
        with suppress(FileNotFoundError):
            if stat.S_ISREG(target.lstat().st_mode) and target.read_bytes() == data:
                return False
        half = self._out / _HALF
        with suppress(FileNotFoundError):
            half.unlink()
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        half.replace(target)
        return True

    def remove(self, path: str) -> bool:
        """Remove a file of the report, and its folder if that is empty now."""
        target = self._checked(path, make=False)
        try:
            target.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False
        with suppress(OSError):
            target.parent.rmdir()
        return True

    def _checked(self, path: str, *, make: bool = True) -> Path:
        """Where ``path`` is in the folder, having made sure that it is in the folder."""
        if not _inside(path):
            raise ValueError(f"{path!r} leads out of the report")
        for parent in reversed(PurePosixPath(path).parents[:-1]):
            if parent in self._known:
                continue
            place = self._out / parent
            try:
                mode = place.lstat().st_mode
            except FileNotFoundError:
                if make:
                    place.mkdir()
                    self._known.add(parent)
                continue
            if not stat.S_ISDIR(mode):
                what = "is a symbolic link" if stat.S_ISLNK(mode) else "is a file"
                raise InputError(f"{what} where the report needs a folder; remove it", place)
            self._known.add(parent)
        return self._out / path


def _inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in parts)
