"""One call of the Web API: its arguments, however they came, and the errors for those that are missing or wrong."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from workspace.conversations import Conversation
from workspace.errors import SlackError
from workspace.people import Person
from workspace.shapes import Json
from workspace.space import Space

Item = TypeVar("Item")
_TRUE: Final = (True, 1, "1", "true", "True", "t")


@dataclass(frozen=True)
class Call:
    """Arguments are strings when they came as a form, anything when they came as JSON.

    `read` are the names that were looked at so far: what came and is not among them had no effect (the inspector).
    """

    space: Space
    method: str
    args: Json
    read: set[str] = field(default_factory=set)

    def given(self, name: str) -> Any:
        """An argument as it came; None if it did not."""
        self.read.add(name)
        return self.args.get(name)

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as they are written."""
        value = self.given(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """A string that has to be there."""
        if value := self.text(name):
            return value
        raise SlackError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])

    def flag(self, name: str) -> bool:
        """true, 1, "1" and "true" mean yes."""
        return self.given(name) in _TRUE

    def data(self, name: str, error: str) -> Any:
        """JSON, written out or as it is; None if it is missing. Raises `error` if it is no JSON."""
        value = self.given(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def words(self, name: str) -> list[str]:
        """A list, or a string with commas."""
        value = self.given(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [word.strip() for word in str(value or "").split(",") if word.strip()]

    def number(self, name: str, default: int, most: int) -> int:
        """A limit. Out of its bounds: invalid_limit."""
        value = self.given(name)
        if value in (None, "", 0, "0"):
            return default
        if not str(value).isdigit() or not 1 <= int(str(value)) <= most:
            raise SlackError("invalid_limit")
        return int(str(value))

    @property
    def me(self) -> str:
        """The app's own user id."""
        return self.space.app.bot_user_id

    def person(self, name: str = "user", error: str = "user_not_found") -> Person:
        """A person by id."""
        wanted = self.text(name)
        person = self.space.people.get(wanted)
        if person is None or person.id != wanted:
            raise SlackError(error)
        return person

    def conversation(self, name: str = "channel") -> Conversation:
        """A conversation by id that the app may know of: public, or its own."""
        found = self.space.conversations.by_id(self.need(name))
        if found is None or (found.kind != "channel" and self.me not in found.members):
            raise SlackError("channel_not_found")
        return found

    def own_conversation(self, name: str = "channel") -> Conversation:
        """A conversation by id that the app is a member of."""
        found = self.conversation(name)
        if self.me not in found.members:
            raise SlackError("not_in_channel")
        return found

    def needs_scope(self, scope: str) -> None:
        """Refuse if the app was not given this scope."""
        provided = self.space.app.scopes
        if scope not in provided:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(provided)))

    def page(
        self, items: Sequence[Item], key: Callable[[Item], str], default: int, most: int
    ) -> tuple[list[Item], Json]:
        """One page of a list, and the `response_metadata` with the cursor of the next one.

        The cursor names the first item of the next page, so that pages stay true when items come and go.
        """
        limit = self.number("limit", default, most)
        start = self._start(items, key)
        rest = items[start + limit :]
        cursor = base64.b64encode(f"next:{key(rest[0])}".encode()).decode() if rest else ""
        return list(items[start : start + limit]), {"response_metadata": {"next_cursor": cursor}}

    def _start(self, items: Sequence[Item], key: Callable[[Item], str]) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        wanted = _decoded(cursor)
        for index, item in enumerate(items):
            if key(item) == wanted:
                return index
        raise SlackError("invalid_cursor")


def _decoded(cursor: str) -> str:
    try:
        kind, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if kind != "next":
        raise SlackError("invalid_cursor")
    return key
