"""Writing files so that a reader, or a crash, sees the old state or the new one, never half of either."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .errors import InputError

__all__ = ["locked", "write_atomically", "write_folder", "write_together"]


def write_atomically(path: Path, text: str) -> None:
    """Put ``text`` (UTF-8) at ``path`` by way of a temporary name: written, synced, renamed.

    The file's permissions stay as they were.

    :raises InputError: the folder cannot be written to.
    """
    write_together({path: text})


def write_together(texts: Mapping[Path, str]) -> None:
    """Put several files in place: nothing is renamed before all of them are written and synced.

    A crash between two renames leaves the first files new and the last ones old, so the order of
    ``texts`` should be one in which each beginning makes sense.

    :raises InputError: a folder cannot be written to; nothing has changed then.
    """
    ready: dict[Path, Path] = {}
    path = Path()
    try:
        for path, text in texts.items():
            target = path.resolve()  # a symbolic link stays one
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            ready[target] = Path(name)
            _fill(handle, text)
            ready[target].chmod(mode)
        for path in list(ready):
            ready[path].replace(path)
            del ready[path]
            _sync_folder(path.parent)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", path) from None
    finally:
        for temporary in ready.values():
            temporary.unlink(missing_ok=True)


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Make a folder with these files, all of them or nothing: filled under a hidden name, then renamed.

    :param texts: what each file holds (UTF-8), by its name.
    :raises InputError: it exists already, or cannot be written.
    """
    parent = folder.parent
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=parent, prefix=f".{folder.name}."))
        for name, text in texts.items():
            _fill(os.open(temporary / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), text)
        temporary.chmod(0o777 & ~_umask())
        _sync_folder(temporary)
        if folder.exists():  # renaming would replace an empty one
            raise InputError("exists already", folder)
        temporary.rename(folder)
        temporary = None
        _sync_folder(parent)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", folder) from None
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone, so that reading and writing a file of it is one step.

    Only those who ask for the lock wait for it. It ends with the process, however that ends. Without
    ``flock`` (Windows), nothing is locked.

    :raises InputError: the folder cannot be opened.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"cannot be locked ({error.strerror})", folder) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fill(handle: int, text: str) -> None:
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
