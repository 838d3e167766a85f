"""What survives a restart: an append-only file of records, `[kind, key, value]` a line; `null` removes.

The last line about a (kind, key) holds. Reading it back at start gives the state, and writes it anew without
what was overwritten. A line is given to the operating system when it is written, so that a `kill -9` of the
workspace loses nothing; a line that was cut in half by one is left out. Nothing is ever synced to disk one by
one: this is a workspace to try things in, and must keep up with 500 messages a second.
"""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

Record = tuple[str, str, Any]
_FILE = "journal.jsonl"


def encode(value: object) -> bytes:
    """Compact JSON, the way everything leaves this process."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Busy(Exception):
    """Another workspace already keeps its state in this directory."""


class Journal:
    """The records of one directory. Use `records()` once at start, then `put` and `drop`, then `close`."""

    def __init__(self, directory: Path, *, fresh: bool = False) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._path = directory / _FILE
        self._lock = _locked(directory)
        if fresh:
            self._path.unlink(missing_ok=True)
        self._kept = _read(self._path)
        self._file = _rewritten(self._path, self._kept)

    def records(self) -> Iterator[Record]:
        """Everything that was kept, in the order in which each key was first written. Empties the memory of it."""
        kept, self._kept = self._kept, {}
        for (kind, key), value in kept.items():
            yield kind, key, value

    def put(self, kind: str, key: str, value: object) -> None:
        """From now on this is the value of that key."""
        self._file.write(encode([kind, key, value]) + b"\n")

    def drop(self, kind: str, key: str) -> None:
        """That key is gone."""
        self._file.write(encode([kind, key, None]) + b"\n")

    def close(self) -> None:
        """Let go of the file and of the directory."""
        self._file.close()
        self._lock.close()


def _locked(directory: Path) -> BinaryIO:
    lock = (directory / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        lock.close()
        raise Busy(f"another workspace keeps its state in {directory}") from problem
    return lock


def _read(path: Path) -> dict[tuple[str, str], Any]:
    kept: dict[tuple[str, str], Any] = {}
    if path.exists():
        for line in path.read_bytes().splitlines():
            _apply(kept, line)
    return kept


def _apply(kept: dict[tuple[str, str], Any], line: bytes) -> None:
    try:
        kind, key, value = json.loads(line)
    except ValueError:
        return  # the half line of a process that was killed while writing it
    if value is None:
        kept.pop((kind, key), None)
    else:
        kept[kind, key] = value


def _rewritten(path: Path, kept: dict[tuple[str, str], Any]) -> BinaryIO:
    """The file without what was overwritten, open for more. Unbuffered: a line written is a line kept."""
    new = path.with_suffix(".new")
    new.write_bytes(b"".join(encode([kind, key, value]) + b"\n" for (kind, key), value in kept.items()))
    new.replace(path)
    return path.open("ab", buffering=0)
