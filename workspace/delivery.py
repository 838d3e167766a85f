"""Getting payloads to the app: envelopes, acks, and the redelivery of events that were not acked.

Sources: docs.slack.dev/apis/events-api/using-socket-mode and docs.slack.dev/apis/events-api (error handling).
An event that is not acked comes again with the same event_id: at once, after a minute, after five, then never.
Interactive payloads (buttons, forms, commands) do not come again: the person is told instead.
While the app has no connection, events are kept for `keep_seconds`; a real outage of that length loses them in
Slack too, which is what an app's catch-up is for.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol
from uuid import uuid4

from workspace.clock import Clock
from workspace.journal import Journal
from workspace.shapes import Json
from workspace.switches import Switches
from workspace.traffic import Traffic

WAITS = (0.0, 60.0, 300.0)
EVENTS, INTERACTIVE, COMMANDS = "events_api", "interactive", "slash_commands"
_ANSWERED = ("view_submission", "block_suggestion")  # interactions that take their answer in the ack


@dataclass
class Envelope:
    """One payload on its way. `reason` and `attempt` are those of a redelivery."""

    type: str
    payload: Json
    id: str = field(default_factory=lambda: str(uuid4()))
    attempt: int = 0
    reason: str = ""
    since: float = 0.0
    sent: float = 0.0
    connection: str = ""
    answered: asyncio.Future["Ack"] | None = None
    timer: asyncio.TimerHandle | None = None
    row: Json = field(default_factory=dict)

    @property
    def event_id(self) -> str:
        """Of an event; empty for everything else."""
        return str(self.payload.get("event_id", ""))

    def frame(self) -> Json:
        """What goes over the socket."""
        frame = {
            "envelope_id": self.id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.type == COMMANDS or self.payload.get("type") in _ANSWERED,
        }
        if self.type == EVENTS:
            frame |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return frame


@dataclass(frozen=True)
class Ack:
    """What the app said. `in_time` false: nothing, within the seconds that Slack waits."""

    in_time: bool
    payload: Any = None


NONE = Ack(in_time=False)


class Carrier(Protocol):
    """Brings envelopes to the app: sockets, or signed posts."""

    def __len__(self) -> int:
        """How many connections are open."""

    def send(self, envelope: Envelope) -> str | None:
        """Hand it over; the name of the connection, or None when the app has none open."""


class Delivery:
    """All envelopes between the workspace and the app."""

    def __init__(self, journal: Journal, clock: Clock, switches: Switches, traffic: Traffic) -> None:
        self._journal = journal
        self._clock = clock
        self._switches = switches
        self._traffic = traffic
        self._sent: dict[str, Envelope] = {}
        self._kept: deque[Envelope] = deque()
        self._later: dict[int, asyncio.TimerHandle] = {}
        self._numbers = count()
        self._held: Envelope | None = None
        self.carrier: Carrier | None = None

    @property
    def waiting(self) -> int:
        """Envelopes that are neither acked nor given up."""
        return len(self._sent) + len(self._kept) + len(self._later) + (self._held is not None)

    def event(self, payload: Json) -> Envelope:
        """Send an event_callback. It survives a restart of the workspace until it is acked or given up."""
        envelope = Envelope(EVENTS, payload, since=time.monotonic())
        self._journal.put("pending", envelope.event_id, payload)
        self._in_order(envelope)
        return envelope

    def load(self, payload: Json) -> None:
        """An event of a former life that was never acked."""
        self._kept.append(Envelope(EVENTS, payload, since=time.monotonic(), attempt=1, reason="connection_failed"))

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Send something interactive or a command, and wait for the answer."""
        envelope = Envelope(kind, payload, answered=asyncio.get_running_loop().create_future())
        self._offer(envelope)
        return await self.answer(envelope)

    async def answer(self, envelope: Envelope) -> Ack:
        """Wait for the ack of an envelope, as long as Slack would."""
        if envelope.answered is None:
            envelope.answered = asyncio.get_running_loop().create_future()
        if envelope.row.get("acked"):
            return Ack(in_time=True, payload=envelope.row.get("ack_payload"))
        try:
            return await asyncio.wait_for(asyncio.shield(envelope.answered), self._switches.ack_seconds)
        except TimeoutError:
            return NONE

    def acked(self, envelope_id: str, payload: Any = None) -> None:
        """The app acked. Too late or unknown: nothing happens, as with Slack."""
        envelope = self._sent.pop(envelope_id, None)
        if envelope is None:
            return
        self._stop(envelope)
        envelope.row |= {"acked": True, "ack_ms": _ms(envelope.sent), "ack_payload": payload}
        self._settle(envelope, Ack(in_time=True, payload=payload))
        if envelope.type == EVENTS:
            self._done(envelope)

    def failed(self, envelope_id: str, reason: str, *, again: bool = True) -> None:
        """Not acked in time, or the app answered with an error, or its connection broke."""
        envelope = self._sent.pop(envelope_id, None)
        if envelope is None:
            return
        self._stop(envelope)
        envelope.row["failed"] = reason
        self._settle(envelope, NONE)
        if envelope.type == EVENTS:
            self._retry(envelope, reason, again=again)

    def lost(self, connection: str) -> None:
        """A connection broke: what it had not acked has failed."""
        for envelope in [each for each in self._sent.values() if each.connection == connection]:
            self.failed(envelope.id, "connection_failed")

    def opened(self) -> None:
        """A connection opened: what was kept goes out, oldest first, unless it was kept for too long."""
        kept, self._kept = self._kept, deque()
        for envelope in kept:
            if time.monotonic() - envelope.since > self._switches.keep_seconds:
                self._journal.drop("pending", envelope.event_id)
            else:
                self._offer(envelope)

    def challenged(self, fault: str) -> None:
        """The app's address was asked for a challenge: the inspector shows what came of it."""
        row = {"kind": "post", "time": self._clock.now(), "type": "url_verification", "ok": not fault}
        self._traffic.note(row | {"error": fault or None})

    def stop(self) -> None:
        """No more redelivery: the workspace is going down, its journal knows what is open."""
        for timer in [*self._later.values(), *(each.timer for each in self._sent.values() if each.timer)]:
            timer.cancel()

    def _in_order(self, envelope: Envelope) -> None:
        """Send it now; or, when the switch for disorder says so, only after the next one."""
        held, self._held = self._held, None
        if held is None and self._switches.happens(self._switches.reorder_share):
            self._held = envelope
            asyncio.get_running_loop().call_later(0.2, self._release, envelope)
            return
        self._offer(envelope)
        if held:
            self._offer(held)

    def _release(self, envelope: Envelope) -> None:
        if self._held is envelope:
            self._held = None
            self._offer(envelope)

    def _offer(self, envelope: Envelope) -> None:
        envelope.sent = time.monotonic()
        connection = self.carrier.send(envelope) if self.carrier is not None else None
        if connection is not None:
            envelope.connection = connection
            self._await(envelope)
        elif envelope.type == EVENTS:
            self._kept.append(envelope)
        else:
            self._note(envelope)
            self._settle(envelope, NONE)

    def _await(self, envelope: Envelope) -> None:
        self._sent[envelope.id] = envelope
        self._note(envelope)
        loop = asyncio.get_running_loop()
        envelope.timer = loop.call_later(self._switches.ack_seconds, self.failed, envelope.id, "timeout")

    def _retry(self, envelope: Envelope, reason: str, *, again: bool) -> None:
        if not again or envelope.attempt >= len(WAITS):
            self._journal.drop("pending", envelope.event_id)
            return
        self._again(envelope, WAITS[envelope.attempt] * self._switches.redelivery_factor, reason)

    def _again(self, envelope: Envelope, wait: float, reason: str) -> None:
        """The same event in a new envelope, after a while."""
        copy = Envelope(EVENTS, envelope.payload, attempt=envelope.attempt + 1, reason=reason, since=time.monotonic())
        number = next(self._numbers)
        self._later[number] = asyncio.get_running_loop().call_later(wait, self._due, number, copy)

    def _due(self, number: int, envelope: Envelope) -> None:
        del self._later[number]
        self._offer(envelope)

    def _done(self, envelope: Envelope) -> None:
        self._journal.drop("pending", envelope.event_id)
        if envelope.attempt == 0 and self._switches.happens(self._switches.duplicate_share):
            self._again(envelope, 0.0, "timeout")

    def _note(self, envelope: Envelope) -> None:
        self._traffic.envelopes[envelope.type] += 1
        envelope.row = self._traffic.note(
            {
                "kind": "envelope",
                "time": self._clock.now(),
                "envelope_id": envelope.id,
                "type": envelope.type,
                "event": _event(envelope),
                "event_id": envelope.event_id,
                "attempt": envelope.attempt,
                "connection": envelope.connection,
                "payload": envelope.payload,
                "acked": False,
                "ack_ms": None,
                "ack_payload": None,
            }
        )

    def _stop(self, envelope: Envelope) -> None:
        if envelope.timer:
            envelope.timer.cancel()

    def _settle(self, envelope: Envelope, ack: Ack) -> None:
        if envelope.answered and not envelope.answered.done():
            envelope.answered.set_result(ack)


def _ms(since: float) -> float:
    return round((time.monotonic() - since) * 1000, 2)


def _event(envelope: Envelope) -> str:
    """What the inspector calls it: the event's type, the interaction's, or the command."""
    payload = envelope.payload
    return str(payload.get("event", {}).get("type") or payload.get("command") or payload.get("type"))
