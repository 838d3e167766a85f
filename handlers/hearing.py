"""What is said in a conversation is heard in order (docs/decisions/0031).

Where the database did not take something, nothing later is heard until Slack's history has been read from there on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from models.db import InTurn, takes_nothing

LONGEST = timedelta(hours=1)  # order is not worth a longer silence
TURNS = 64  # conversations share them: 32 listen at a time


class Behind(Exception):
    """Something that was said before this in the same conversation has not been heard yet."""


@dataclass(frozen=True)
class Waiting:
    """Since when; the ts of the first that was refused; the threads in which something waits ("": the conversation
    itself); how often it was refused.
    """

    since: datetime
    first: float
    roots: frozenset[str] = frozenset()
    times: int = 0

    def keeps_order(self, now: datetime) -> bool:
        return now - self.since < LONGEST


@dataclass
class Hearing:
    """One process's: another one hears what Slack tells it."""

    _behind: dict[str, Waiting] = field(default_factory=dict)
    _turns: tuple[InTurn, ...] = field(default_factory=lambda: tuple(InTurn() for _ in range(TURNS)))
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def turn(self, channel: str, root: str, ts: float, *, now: datetime, again: bool) -> Iterator[None]:
        """`again`: it was read in the history, where everything comes in order. Raises Behind."""
        with self._turns[hash(channel) % TURNS]:
            waiting = self._behind.get(channel)
            if not again and waiting is not None and waiting.keeps_order(now) and ts > waiting.first:
                self._refused(channel, root, ts, now)
                raise Behind
            try:
                yield
            except Exception as fault:
                if takes_nothing(fault):
                    self._refused(channel, root, ts, now)
                raise

    def keeps_order(self, channel: str, now: datetime) -> bool:
        """Whether nothing is heard in it before what was refused."""
        waiting = self._behind.get(channel)
        return waiting is not None and waiting.keeps_order(now)

    def _refused(self, channel: str, root: str, ts: float, now: datetime) -> None:
        with self._lock:
            before = self._behind.get(channel, Waiting(now, ts))
            self._behind[channel] = replace(before, roots=before.roots | {root}, times=before.times + 1)

    def times(self, channel: str) -> int:
        """How often something was refused in it since it fell behind."""
        waiting = self._behind.get(channel)
        return waiting.times if waiting else 0

    def __len__(self) -> int:
        """How many conversations are behind."""
        return len(self._behind)

    def take_next(self) -> tuple[str, Waiting]:
        """The one that has not been looked at for longest, which goes to the end. Raises StopIteration."""
        with self._lock:
            channel = next(iter(self._behind))
            self._behind[channel] = waiting = self._behind.pop(channel)
            return channel, waiting

    def caught_up(self, channel: str, waiting: Waiting) -> bool:
        """All of it was read and heard, unless more was refused meanwhile."""
        with self._lock:
            if self.times(channel) != waiting.times:
                return False
            self._behind.pop(channel, None)
            return True
