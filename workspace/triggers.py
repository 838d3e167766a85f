"""Trigger ids: what lets an app open a modal for the person who just did something. One use, three seconds.

Source of rules and error names: docs.slack.dev/reference/methods/views.open.
"""

from dataclasses import dataclass

from workspace import ids
from workspace.clock import Clock
from workspace.errors import SlackError

SECONDS = 3.0


@dataclass
class Trigger:
    """For whom, from when, used or not. `view_id` is the modal it came from, if it came from one."""

    person: str
    at: float
    view_id: str | None = None
    used: bool = False


class Triggers:
    """All trigger ids that were given out in the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, Trigger] = {}

    def give(self, person: str, view_id: str | None = None) -> str:
        """A new trigger id, of Slack's form `number.number.hex`."""
        self._forget_old()
        trigger_id = f"{len(self._given) + 1}.{int(self._clock.now() * 1000)}.{ids.fresh('', 16).lower()}"
        self._given[trigger_id] = Trigger(person, self._clock.now(), view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use it up. Expired, used or invented ones raise Slack's errors."""
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise SlackError("expired_trigger_id" if _well_formed(trigger_id) else "invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if not 0 <= self._clock.now() - trigger.at <= SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def _forget_old(self) -> None:
        """Oldest first, as a dict keeps them: stops at the first one that is young."""
        edge = self._clock.now() - 60
        while self._given and next(iter(self._given.values())).at < edge:
            del self._given[next(iter(self._given))]


def _well_formed(trigger_id: str) -> bool:
    parts = trigger_id.split(".")
    return len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit() and parts[2].isalnum()
