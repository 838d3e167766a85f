"""PostgreSQL, asked past its driver's cursors: those cost three times what the question does, in CPU and by the clock.

psycopg's connection, types and errors are used. Loaded only where PostgreSQL is.
Not here: transactions (db.py), and what is asked (prepared.py).
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg import Connection, Error, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

MOST = 500  # statements that a connection keeps; each length of a list is one of its own


class Server:
    """One connection. What comes a second time is prepared: neither parsed again nor, soon, planned."""

    def __init__(self, driver: Connection[Any]) -> None:
        self._wire, self._types, self._encoding = driver.pgconn, Transformer(driver), driver.info.encoding
        self._names: dict[str, bytes] = {}  # empty: it has come once
        self._number = count()

    def ask(self, text: str, given: Sequence[Any]) -> tuple[list[Any], int]:
        """Rows, and how many were touched; `$1` in the text is the first that is given. Raises psycopg's errors."""
        result = self._answer(text, self._types.dump_sequence(given, [PyFormat.TEXT] * len(given)))
        self._types.set_pgresult(result)
        return self._types.load_rows(0, result.ntuples, tuple), result.command_tuples or 0

    def _answer(self, text: str, given: Sequence[Any]) -> PGresult:
        if text not in self._names and len(self._names) < MOST:
            self._names[text] = b""
        elif self._names.get(text) == b"":
            self._names[text] = self._prepared(text)
        name = self._names.get(text)
        if name:
            return self._checked(self._wire.exec_prepared(name, given))
        return self._checked(self._wire.exec_params(text.encode(self._encoding), given))

    def _prepared(self, text: str) -> bytes:
        name = b"ours_%d" % next(self._number)
        self._checked(self._wire.prepare(name, text.encode(self._encoding)))
        return name

    def _checked(self, result: PGresult) -> PGresult:
        if result.status != ExecStatus.FATAL_ERROR:
            return result
        lost = self._wire.status != ConnStatus.OK
        fault: Error = OperationalError("the connection is lost") if lost else error_from_result(result, self._encoding)
        raise fault
