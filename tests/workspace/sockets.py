"""A bare Socket Mode client: sees every frame, acks only when told."""

import json
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.slackworld import World

Frame = dict[str, Any]


class Socket:
    """One connection, its `hello` already read."""

    def __init__(self, url: str) -> None:
        self._context = connect(url, max_queue=None)  # a queue that is full would hold up the closing
        self.connection: ClientConnection = self._context.__enter__()
        self.hello = self.frame()

    @classmethod
    def open(cls, world: World) -> "Socket":
        """Ask for an address and connect."""
        url = WebClient(base_url=world.api_url).apps_connections_open(app_token=world.app_token)["url"]
        return cls(url)

    def __enter__(self) -> "Socket":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close politely."""
        self._context.__exit__(None, None, None)

    def frame(self, timeout: float = 3.0) -> Frame:
        """The next frame, whatever it is."""
        frame: Frame = json.loads(self.connection.recv(timeout))
        return frame

    def nothing(self, timeout: float = 0.15) -> bool:
        """Nothing comes for a while. What comes is acked."""
        try:
            self.ack(self.frame(timeout))
        except TimeoutError:
            return True
        return False

    def closed(self, timeout: float = 3.0) -> bool:
        """The connection ends."""
        try:
            self.frame(timeout)
        except ConnectionClosed:
            return True
        return False

    def ack(self, frame: Frame, payload: Any = None) -> None:
        """Ack an envelope."""
        answer = {"envelope_id": frame["envelope_id"]} | ({} if payload is None else {"payload": payload})
        self.connection.send(json.dumps(answer))

    def take(self, payload: Any = None) -> Frame:
        """The next envelope, acked; its payload."""
        frame = self.frame()
        self.ack(frame, payload)
        inner: Frame = frame["payload"]
        return inner

    def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Ack everything up to the payload that is wanted."""
        while not wanted(payload := self.take()):
            pass
        return payload

    def event(self, kind: str, **about: Any) -> Frame:
        """Ack everything up to an event of that type with these values; the event."""

        def fits(payload: Frame) -> bool:
            event = payload.get("event", {})
            return event.get("type") == kind and all(event.get(key) == value for key, value in about.items())

        event: Frame = self.until(fits)["event"]
        return event
