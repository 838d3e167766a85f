"""What was written while we were away becomes questions too: Slack's history is read and heard like events.

At start and after a gap in the socket. First the conversations that matter now (an open question, a draft,
activity within a week) and the threads of questions that are not closed; then every other conversation.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from handlers import asking
from handlers.desk import Desk
from models import heard, outbox, people, tickets

log = logging.getLogger(__name__)

DAYS = timedelta(days=7)
PAGE = 200
TRIES = 3  # as often as Slack delivers an event again


def recent(app: App, client: WebClient, desk: Desk) -> int:
    """Hear what was missed where something is going on; how many messages.

    At start this comes before delivery: a line that was never heard must not be overtaken by a later one that was.
    """
    since = desk.now() - DAYS
    with desk.db.snapshot() as session:
        channels = people.recent_channels(session, since=since)
        threads = outbox.roots_alive(session, tickets.alive_places(session))
    count = sum(_hear(app, desk, channel, _replies(client, channel, ts)) for channel, ts in threads)
    return count + sum(_hear(app, desk, channel, _history(client, channel, since)) for channel in channels)


def run(app: App, client: WebClient, desk: Desk) -> int:
    """Those conversations first, then every other one."""
    since = desk.now() - DAYS
    with desk.db.snapshot() as session:
        done = set(people.recent_channels(session, since=since))
    count = recent(app, client, desk)
    others = (channel for channel in _conversations(client) if channel not in done)
    return count + sum(_hear(app, desk, channel, _history(client, channel, since)) for channel in others)


def _hear(app: App, desk: Desk, channel: str, messages: Iterable[dict[str, Any]]) -> int:
    """Oldest first, each through the same door as an event; what was heard before is skipped, an edit that was not
    heard is told as one.
    """
    spoken = [m for m in messages if _is_spoken(m)]
    with desk.db.snapshot() as session:
        known = heard.known(session, [key for m in spoken for key in (_key(channel, m), _edit_key(channel, m))])
    missed = [m for m in spoken if not {_key(channel, m), _edit_key(channel, m)} <= known]
    for message in sorted(missed, key=lambda m: float(m["ts"])):
        _tell(app, _as_event(channel, message, edit=_key(channel, message) in known))
    return len(missed)


def _is_spoken(message: dict[str, Any]) -> bool:
    """By a person; a tombstone is what Slack leaves of a message that was deleted."""
    of_a_person = message.get("user") and not message.get("bot_id") and message.get("subtype") != "tombstone"
    return bool(of_a_person and message.get("type") == "message")


def _key(channel: str, message: dict[str, Any]) -> str:
    return f"said:{channel}:{message['ts']}"


def _edit_key(channel: str, message: dict[str, Any]) -> str:
    """The same key for what was never edited: there is nothing more to hear."""
    return asking.edit_key(channel, message) if message.get("edited") else _key(channel, message)


def _tell(app: App, event: dict[str, Any]) -> None:
    """What is not acked is told again, as Slack would; then it has to wait for the next catch-up."""
    statuses = (app.dispatch(BoltRequest(mode="socket_mode", body=event)).status for _ in range(TRIES))
    if not any(status == HTTPStatus.OK for status in statuses):
        log.error("a missed message could not be heard: %s", event["event_id"])


def _as_event(channel: str, message: dict[str, Any], *, edit: bool) -> dict[str, Any]:
    """As Slack would have told it: a message, or that one which we know was changed."""
    where = {"type": "message", "channel": channel, "channel_type": "im"}
    event = where | {"subtype": "message_changed", "message": message} if edit else message | where
    key = _edit_key(channel, message).partition(":")[2]
    return {"type": "event_callback", "event_id": f"catch-up:{key}", "event": event}


def _history(client: WebClient, channel: str, since: datetime) -> Iterator[dict[str, Any]]:
    yield from _pages(client.conversations_history, channel=channel, oldest=f"{since.timestamp():.6f}")


def _replies(client: WebClient, channel: str, ts: str) -> Iterator[dict[str, Any]]:
    yield from (m for m in _pages(client.conversations_replies, channel=channel, ts=ts) if m["ts"] != ts)


def _pages(call: Any, **what: Any) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = call(limit=PAGE, cursor=cursor, **what)
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _conversations(client: WebClient) -> Iterator[str]:
    cursor = ""
    while True:
        page = client.users_conversations(types="im", limit=PAGE, cursor=cursor)
        yield from (str(channel["id"]) for channel in page["channels"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
