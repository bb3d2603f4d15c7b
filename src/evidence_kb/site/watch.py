"""Notices when files of a knowledge base change, by looking at their sizes and times."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import KbError
from ..knowledge_base import KnowledgeBase
from .state import watched_files

__all__ = ["Watch"]

_State = dict[str, tuple[int, int, int]]


class Watch:
    """Looks at the files that a state was read from; works on every file system, network shares too."""

    def __init__(self, folder: str, others: Iterable[str]) -> None:
        self._folder, self._others = folder, [Path(other) for other in others]
        self._seen = self._waiting = self._look()

    def has_changed(self) -> bool:
        """Whether the files are others than at the last yes, and have been at rest since the last call."""
        now = self._look()
        if now == self._seen:
            self._waiting = now
            return False
        if now != self._waiting:  # somebody is writing; an editor may not be done
            self._waiting = now
            return False
        self._seen = now
        return True

    def _look(self) -> _State:
        try:
            files = watched_files(KnowledgeBase.open(self._folder))
        except KbError:  # kb.toml is broken or away: changed, in any case
            files = []
        state: _State = {}
        for path in [*files, *self._others]:
            try:
                found = path.stat()
            except OSError:
                continue
            state[str(path)] = (found.st_mtime_ns, found.st_size, found.st_ino)
        return state
