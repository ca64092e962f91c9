"""The folder of versions: immutable builds, one pointer to the live one, one writer at a time.

versions/<id>/  chroma/ keywords/ chunks.jsonl documents.jsonl manifest.json
live            the id of the live version; replaced atomically
previous        the ids that were live before, newest last, for `rollback`
build.lock      held by the one process that builds; build.holder says which
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.files import write_atomically
from index.errors import IndexingError
from index.version.manifest import Manifest


@dataclass(frozen=True)
class VersionStore:
    """All versions below one folder."""

    folder: Path

    @property
    def live(self) -> str | None:
        """The id of the live version."""
        try:
            return (self.folder / "live").read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexingError("index", f"{self.folder / 'live'}: cannot be read: {error.strerror}") from error

    def path(self, version: str) -> Path:
        """The folder of a version; raises IndexingError where there is none."""
        path = self.folder / "versions" / version
        if not version or "/" in version or "\x00" in version or version.startswith(".") or not path.is_dir():
            raise IndexingError("version", f"no index version {version!r}; `evidence-bot index versions` lists them")
        return path

    def manifest(self, version: str) -> Manifest:
        """What a version is made of."""
        path = self.path(version) / "manifest.json"
        try:
            return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexingError("index", f"{path}: the version is damaged; build another or roll back") from error

    def versions(self) -> list[str]:
        """All versions, oldest first."""
        root = self.folder / "versions"
        return sorted(p.name for p in root.iterdir() if (p / "manifest.json").is_file()) if root.is_dir() else []

    def promote(self, version: str) -> None:
        """Make a version live; running readers move to it with their next question."""
        self.path(version)
        before = self._previous()
        if (live := self.live) and live != version:
            before = [v for v in before if v != live] + [live]
        write_atomically(self.folder / "previous", json.dumps(before) + "\n")
        write_atomically(self.folder / "live", version + "\n")

    def rollback(self) -> str:
        """Make the version that was live before live again, and give its id."""
        before = [v for v in self._previous() if (self.folder / "versions" / v).is_dir() and v != self.live]
        if not before:
            raise IndexingError("version", "there is no earlier version to go back to")
        write_atomically(self.folder / "previous", json.dumps(before[:-1]) + "\n")
        write_atomically(self.folder / "live", before[-1] + "\n")
        return before[-1]

    def _previous(self) -> list[str]:
        try:
            found = json.loads((self.folder / "previous").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [str(v) for v in found] if isinstance(found, list) else []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the one place for a writer; raises IndexingError that says who holds it. Half-built leftovers are cleared."""
        holder = self.folder / "build.holder"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "build.lock", timeout=0)
            with lock:
                holder.write_text(f"process {os.getpid()}", encoding="utf-8")
                for left in self.folder.glob("building-*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield
        except Timeout as error:
            who = holder.read_text(encoding="utf-8") if holder.is_file() else "another process"
            raise IndexingError(
                "locked", f"an index is being built by {who}; wait until it is done and try again"
            ) from error
        except OSError as error:
            raise IndexingError("disk", f"{self.folder}: cannot be written: {error.strerror or error}") from error
