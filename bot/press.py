"""Paper and pictures: a template and its texts become a PDF, tagged (PDF/UA-1), a PNG or a workbook.

Not here: what is drawn (poster.py, handlers/views/summary.py), and the words. Nothing is fetched and no font of the
machine is used: the same sheet gives the same bytes everywhere. What draws (drawing.py) weighs 80 MB and keeps what it
has taken: it lives in a child process that ends when nobody needs it. A plain one, since multiprocessing would first
import the whole bot into it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import IO

from handlers.letters import Sheet

PATIENCE = 60  # seconds for one sheet
A_CHILD = 40  # sheets: what it keeps of each adds up (docs/performance.md)
CHILD = (sys.executable, "-P", "-m", "bot.drawing")


class Jammed(Exception):
    """The child could not draw this, or died."""


class Press:
    """One child for all who need it at the same time, a sheet at a time. It ends with the last of them."""

    def __init__(self) -> None:
        self._counting, self._turn, self._waiting = Lock(), Lock(), 0
        self._child: subprocess.Popen[bytes] | None = None
        self._drawn = 0

    def print(self, sheet: Sheet) -> bytes:
        """One file. Raises Jammed; the next one gets a new child."""
        with self.held(), self._turn:
            try:
                drawn = self._ask(sheet)
            except (OSError, Jammed):
                self._end()
                raise
            self._drawn += 1
            if self._drawn == A_CHILD:
                self._end()
            return drawn

    @property
    def pid(self) -> int | None:
        """Of the child, while there is one."""
        return self._child.pid if self._child is not None else None

    @contextmanager
    def held(self) -> Iterator[None]:
        """As long as anybody holds it the child stays."""
        with self._counting:
            self._waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self._waiting -= 1
                last = self._waiting == 0
            if last:
                with self._turn:
                    self._end()

    def _ask(self, sheet: Sheet) -> bytes:
        if self._child is None:
            self._child = subprocess.Popen(CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (ourselves)
        child = self._child
        if child.stdin is None or child.stdout is None:
            raise Jammed
        patience = Timer(PATIENCE, child.kill)
        patience.start()
        try:
            asked = {"template": sheet.template, "texts": dict(sheet.texts), "at": sheet.at.isoformat()}
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            child.stdin.flush()
            return _answer(child.stdout)
        finally:
            patience.cancel()

    def _end(self) -> None:
        child, self._child, self._drawn = self._child, None, 0
        if child is not None:
            child.kill()
            child.communicate()


def _answer(out: IO[bytes]) -> bytes:
    """Its length in eight bytes, then the file; 0: it could not be drawn."""
    length = int.from_bytes(out.read(8), "big")
    content = out.read(length)
    if not length or len(content) < length:
        raise Jammed
    return content


PRESS = Press()


def printed(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """One file a sheet, in order, from one child."""
    with PRESS.held():
        for sheet in sheets:
            yield PRESS.print(sheet)
