"""`supportstuga run` with a clock that can be moved and a database that can be full; `Weather` is what moves them.

The clock is the one that the composition root injects. The database is SQLite's `max_page_count`, on every connection.
"""

import mmap
import os
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = "FAULTS_WEATHER"  # the variable that names the file
LAYOUT = struct.Struct("dd")
ANY_SIZE, AS_IT_IS = 1_073_741_823, 1  # pages; fewer than there are mean: not one more


class Weather:
    """Two numbers in a file that both processes see."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(LAYOUT.pack(0.0, ANY_SIZE))
        with file.open("r+b") as opened:
            self._seen = mmap.mmap(opened.fileno(), LAYOUT.size)

    @property
    def offset(self) -> float:
        """Seconds that the process's clock is ahead."""
        return float(LAYOUT.unpack(self._seen[:])[0])

    @offset.setter
    def offset(self, seconds: float) -> None:
        self._seen[:] = LAYOUT.pack(seconds, self.pages)

    @property
    def pages(self) -> int:
        return int(LAYOUT.unpack(self._seen[:])[1])

    @pages.setter
    def pages(self, pages: int) -> None:
        self._seen[:] = LAYOUT.pack(self.offset, pages)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def limit(self, connection: Any) -> None:
        """As a transaction begins: the connection learns how large its file may be."""
        if connection.dialect.name == "sqlite" and connection.info.get(FILE, ANY_SIZE) != (pages := self.pages):
            connection.info[FILE] = pages
            connection.exec_driver_sql(f"pragma max_page_count = {pages}")


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from sqlalchemy import Engine, event

    from bot import app, cli

    weather = Weather(Path(os.environ[FILE]))
    app.wall_clock = weather.now
    event.listen(Engine, "begin", weather.limit)
    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())
