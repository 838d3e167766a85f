"""The workspace's clock: the machine's, moved by a switch, and the stamps (`ts`) that it gives to messages."""

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """Seconds since 1970. `offset` moves every time that Slack would give or check, never the waits."""

    offset: float = 0.0

    def now(self) -> float:
        """What time the workspace believes it is."""
        return time.time() + self.offset


class Stamps:
    """Gives every message its `ts`: seconds with six decimals, as text, never the same one twice and always rising.

    Rising even when the clock is turned back, because history, threads and read marks are ordered by it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """A new stamp, later than all before it."""
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def seen(self, ts: str) -> None:
        """A stamp from a former life of the workspace: the next ones must be later."""
        seconds, _, micros = ts.partition(".")
        self._last = max(self._last, int(seconds) * 1_000_000 + int(micros))
