"""The index of answers of this process, which follows what is in the database.

Lives here: the number that every change of an answer moves, in the change's own transaction, so that each instance
sees within a moment that it is behind; and the index, one a database. Not here: the answers (answers, who says what is
shown now) and what makes two texts alike (similar).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlmodel import Field, Session, SQLModel, select

from models import catalogue, memory, similar
from models.catalogue import Catalogue
from models.columns import check
from models.db import Database, changed, insert, values
from models.similar import Index, Known

SOON = 10  # answers that are read while somebody waits; the rest is the background's
AT_ONCE = 100  # answers that the background reads in one go


class Shelf(SQLModel, table=True):
    """One row: how often what may be shown has changed."""

    __table_args__ = (check("id = 1", "one_shelf"),)

    id: int = Field(default=1, primary_key=True)
    changes: int


class Source(Protocol):
    """Whose answers they are."""

    def versions(self, session: Session) -> Mapping[int, int]:
        """Of every answer that may be shown now, its version."""

    def known(self, session: Session, ids: Collection[int]) -> Iterable[Known]:
        """Their words."""


@dataclass(eq=False)
class _Held:
    """`seen`: the number as it was when nothing more was to be read; `told`: when the background last said so."""

    index: Index = similar.EMPTY
    versions: dict[int, int] = field(default_factory=dict)
    seen: int = -1
    told: int = -1
    words: Catalogue | None = None
    lock: Lock = field(default_factory=Lock)


_HELD: WeakKeyDictionary[Any, _Held] = WeakKeyDictionary()  # by the pool of connections, which a database has one of
_CHANGES = select(Shelf.changes)


def changed_now(session: Session) -> None:
    """Part of every change of what may be shown. Whoever changes next waits for this one to be whole."""
    first = insert(session, Shelf).values(id=1, changes=1)
    changed(session, first.on_conflict_do_update(index_elements=["id"], set_={"changes": Shelf.changes + 1}))
    session.info[__name__] = True


def index(session: Session, source: Source) -> Index:
    """What may be shown as the database stands; of many new answers some, the rest is the background's.

    What this transaction has changed itself is not in it: it may yet come to nothing.
    """
    held = _held(session)
    if not session.info.get(__name__) and held.lock.acquire(blocking=False):
        try:
            _follow(session, source, held, SOON)
        finally:
            held.lock.release()
    return held.index


def keep_up(db: Database, source: Source, stopped: Callable[[], bool] = lambda: False) -> bool:
    """The background's step: read what is missing, however much it is, and let others in between. True if anything has
    changed since it was last asked.
    """
    behind, new, rounds = True, False, 0
    while behind and not stopped():
        rounds += 1
        with db.snapshot() as session:
            held = _held(session)
            with held.lock:
                behind = _follow(session, source, held, AT_ONCE)
                new, held.told = new or held.told != held.seen, held.seen
    if rounds > 1:
        memory.give_back()
    return new


def _held(session: Session) -> _Held:
    pool = session.connection().engine.pool
    return _HELD.get(pool) or _HELD.setdefault(pool, _Held())


def _follow(session: Session, source: Source, held: _Held, most: int) -> bool:
    """Drop what is gone, read at most so many that are new. True if there are more."""
    words, now = catalogue.in_force(session), next(iter(values(session, _CHANGES, {})), 0)
    if held.words is not words:
        held.index, held.versions, held.seen, held.words = similar.EMPTY, {}, -1, words
    if now <= held.seen:
        return False
    versions = source.versions(session)
    stale = [at for at, version in held.versions.items() if versions.get(at) != version]
    held.index = held.index.without(stale)
    for at in stale:
        del held.versions[at]
    new = list(islice((at for at in versions if at not in held.versions), most))
    held.index = held.index.with_(source.known(session, new), words) if new else held.index
    held.versions |= {at: versions[at] for at in new}
    behind = len(held.versions) < len(versions)
    held.seen = held.seen if behind else now
    return behind
