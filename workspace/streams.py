"""What the pages hear: one queue for every open stream, filled as things happen.

A page that does not read loses its stream rather than filling the memory; it reads the state anew when it is back.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workspace.shapes import Json

_MOST_WAITING = 10_000
ALL = ""

Queue = asyncio.Queue[Json | None]


class Streams:
    """Streams by person; `ALL` is the one for everybody's pushes."""

    def __init__(self) -> None:
        self._queues: dict[str, set[Queue]] = {}

    def is_open(self, who: str) -> bool:
        """Whether anybody looks: if not, nothing needs to be prepared."""
        return bool(self._queues.get(who))

    @contextmanager
    def opened(self, who: str) -> Iterator[Queue]:
        """A stream for as long as somebody reads it. `None` in the queue means: too slow, go away."""
        queue: Queue = asyncio.Queue(_MOST_WAITING)
        self._queues.setdefault(who, set()).add(queue)
        try:
            yield queue
        finally:
            self._queues.get(who, set()).discard(queue)

    def tell(self, who: str, frame: Callable[[], Json]) -> None:
        """Tell one person's pages. The frame is made only if there is a page."""
        if self.is_open(who):
            made = frame()
            for queue in self._queues[who].copy():
                self._put(who, queue, made)

    def tell_all(self, frame: Json) -> None:
        """Tell every page there is."""
        for who, queues in self._queues.items():
            for queue in queues.copy():
                self._put(who, queue, frame)

    def _put(self, who: str, queue: Queue, frame: Json) -> None:
        if queue.full():
            self._queues[who].discard(queue)
            queue.get_nowait()
            queue.put_nowait(None)
        else:
            queue.put_nowait(frame)
