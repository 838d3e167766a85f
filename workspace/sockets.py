"""Socket Mode: the connections that the app opens, and the frames on them.

Source: docs.slack.dev/apis/events-api/using-socket-mode. At most 10 connections; each envelope goes to one of them,
in turn; `disconnect` asks the app for a new connection and sends nothing more on the old one.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from starlette.websockets import WebSocket, WebSocketDisconnect

from workspace import ids
from workspace.delivery import Delivery, Envelope
from workspace.journal import encode
from workspace.shapes import Json
from workspace.switches import Switches

MOST: Final = 10
_OLD_AFTER_REFRESH: Final = 10.0
_CLOSE: Final = object()


@dataclass
class Connection:
    """One open socket. `retiring`: a refresh was asked for, nothing new goes there."""

    socket: WebSocket
    id: str = field(default_factory=lambda: ids.fresh("", 12).lower())
    retiring: bool = False
    outbox: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    def send(self, frame: Json) -> None:
        """Put it in line; a task of the connection writes."""
        self.outbox.put_nowait(encode(frame).decode())

    def close(self) -> None:
        """Close politely, after what stands in line."""
        self.outbox.put_nowait(_CLOSE)

    def abort(self) -> None:
        """Cut the wire: no closing frame, as a broken network does."""
        cut: Callable[[], None] | None = self.socket.scope.get("extensions", {}).get("workspace.abort")
        (cut or self.close)()


class Sockets:
    """All connections of the app. `changed` is called when one opens or goes away."""

    def __init__(self, delivery: Delivery, switches: Switches, app_id: str, changed: Callable[[], None]) -> None:
        self._delivery = delivery
        self._switches = switches
        self._app_id = app_id
        self._changed = changed
        self._tickets: dict[str, float] = {}
        self._connections: dict[str, Connection] = {}
        self._turn = 0

    def __len__(self) -> int:
        return len(self._connections)

    def address(self, base: str) -> str:
        """A new socket address, good for one connection within 30 seconds."""
        ticket = ids.fresh("", 24).lower()
        self._tickets[ticket] = time.monotonic()
        return f"{base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={quote(self._app_id)}"

    def send(self, envelope: Envelope) -> str | None:
        """Hand an envelope to the next connection in turn."""
        ready = [each for each in self._connections.values() if not each.retiring]
        if not ready:
            return None
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        connection.send(envelope.frame())
        return connection.id

    async def serve(self, socket: WebSocket) -> None:
        """A connection from its handshake to its end."""
        if not self._admits(socket.query_params.get("ticket", "")):
            await socket.close(4403)
            return
        await socket.accept()
        if len(self._connections) >= MOST:
            await socket.send_text(json.dumps(_disconnect("too_many_websockets")))
            await socket.close()
            return
        await self._converse(Connection(socket))

    def drop(self, how: str, after: float = 0.0) -> int:
        """Break all connections: `abrupt`, `close`, or `refresh` after some seconds. How many there were."""
        dropped = list(self._connections.values())
        for connection in dropped:
            if how == "refresh":
                asyncio.get_running_loop().call_later(after, self._refresh, connection)
            elif how == "close":
                connection.close()
            else:
                connection.abort()
        return len(dropped)

    def _admits(self, ticket: str) -> bool:
        given = self._tickets.pop(ticket, None)
        refusing = self._switches.refuse_sockets or self._switches.outage
        return given is not None and time.monotonic() - given < 30 and not refusing

    async def _converse(self, connection: Connection) -> None:
        writer = asyncio.create_task(_write(connection))
        self._open(connection)
        try:
            while True:
                self._heard(connection, await connection.socket.receive_text())
        except (WebSocketDisconnect, KeyError, RuntimeError):
            pass  # gone, or closed by us
        finally:
            writer.cancel()
            self._gone(connection)

    def _open(self, connection: Connection) -> None:
        self._connections[connection.id] = connection
        connection.send(_hello(self._app_id, len(self._connections)))
        for old in [each for each in self._connections.values() if each.retiring]:
            old.close()
        self._delivery.opened()
        self._changed()

    def _gone(self, connection: Connection) -> None:
        self._connections.pop(connection.id, None)
        self._delivery.lost(connection.id)
        self._changed()

    def _heard(self, connection: Connection, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return  # a client's own ping or noise: Slack ignores it
        if isinstance(frame, dict) and "envelope_id" in frame:
            self._delivery.acked(frame["envelope_id"], frame.get("payload"))

    def _refresh(self, connection: Connection) -> None:
        connection.retiring = True
        connection.send(_disconnect("refresh_requested"))
        asyncio.get_running_loop().call_later(_OLD_AFTER_REFRESH, connection.close)


async def _write(connection: Connection) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (text := await connection.outbox.get()) is not _CLOSE:
            await connection.socket.send_text(text)
        await connection.socket.close()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}


def _hello(app_id: str, connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": app_id},
    }
