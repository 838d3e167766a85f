"""What only one person sees: ephemeral messages. In memory, as in a chat client: never in history, gone at a restart.

Also the choices she has made in the inputs of messages, which are hers alone as well.
"""

from workspace.elements import Values
from workspace.shapes import Json


class Ephemera:
    """Ephemeral messages by person and conversation, and states by person and message."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], dict[str, Json]] = {}
        self._states: dict[tuple[str, str, str], Values] = {}
        self.offered: dict[tuple[str, str], list[Json]] = {}

    def add(self, who: str, channel: str, message: Json) -> None:
        """A new one, or a replaced one under its old stamp."""
        self._messages.setdefault((who, channel), {})[message["ts"]] = message

    def get(self, who: str, channel: str, ts: str) -> Json | None:
        """One of hers, or None."""
        return self._messages.get((who, channel), {}).get(ts)

    def all(self, who: str, channel: str) -> list[Json]:
        """All of hers in a conversation, oldest first."""
        return list(self._messages.get((who, channel), {}).values())

    def remove(self, who: str, channel: str, ts: str) -> Json | None:
        """Gone from her screen; what it was."""
        return self._messages.get((who, channel), {}).pop(ts, None)

    def state(self, who: str, channel: str, ts: str) -> Values | None:
        """What she has chosen in a message so far."""
        return self._states.get((who, channel, ts))

    def remember(self, who: str, channel: str, ts: str, values: Values) -> None:
        """Keep what she has chosen."""
        self._states[who, channel, ts] = values
