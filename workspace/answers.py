"""response_urls: short-lived addresses to answer an interaction. Five uses, thirty minutes.

Source: docs.slack.dev/interactivity/handling-user-interaction (message responses).
"""

from dataclasses import dataclass

from workspace import ids
from workspace.clock import Clock

USES, SECONDS = 5, 30 * 60.0


@dataclass
class Answer:
    """What was interacted with. `ts` is empty for commands; `ephemeral`: the message was for one person only."""

    person: str
    channel: str
    at: float
    ts: str = ""
    thread_ts: str = ""
    ephemeral: bool = False
    left: int = USES


class Answers:
    """The addresses that were given out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, Answer] = {}

    def give(self, base: str, answer: Answer) -> str:
        """A new address."""
        self._forget_old()
        key = ids.fresh("", 24)
        self._given[key] = answer
        return f"{base}/response/{key}"

    def use(self, key: str) -> Answer | None:
        """Use it once. None if it never was, is too old, or was used five times."""
        answer = self._given.get(key)
        if answer is None or answer.left <= 0 or self._clock.now() - answer.at > SECONDS:
            return None
        answer.left -= 1
        return answer

    def _forget_old(self) -> None:
        edge = self._clock.now() - SECONDS
        while self._given and next(iter(self._given.values())).at < edge:
            del self._given[next(iter(self._given))]
