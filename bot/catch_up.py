"""What was written while we were away becomes questions too: Slack's history is read and heard like events.

What we have stored and what is not there any more was deleted meanwhile, and is heard as that.

At start and after a gap in the socket. First the conversations that matter now (an open question, a draft,
activity within a week) and the threads of questions that are not closed; then every other conversation.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers import asking
from handlers.desk import Desk
from handlers.listening import CATCH_UP
from models import heard, lines, outbox, people, tickets

log = logging.getLogger(__name__)

DAYS = timedelta(days=7)
PAGE = 200
TRIES = 3  # as often as Slack delivers an event again
FRESH = timedelta(seconds=30)  # so new that the history need not have it yet
RETENTION = timedelta(days=1)  # the shortest that Slack offers: what is older may have gone by itself
GONE = ("thread_not_found", "channel_not_found")  # thrown away by Slack itself: nothing to hear, nothing to compare
LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Stretch:
    """What is read of a conversation to its end: itself since some time, or the whole thread under `root`."""

    root: str = ""
    since: datetime = LONG_AGO


def recent(app: App, client: WebClient, desk: Desk) -> int:
    """Hear what was missed where something is going on; how many messages.

    At start this comes before delivery: a line that was never heard must not be overtaken by a later one that was.
    """
    return sum(_catch_up(app, client, desk, channel, found) for channel, found in _recent(desk).items())


def run(app: App, client: WebClient, desk: Desk) -> int:
    """Those conversations first, then every other one."""
    first, since = _recent(desk), desk.now() - DAYS
    count = sum(_catch_up(app, client, desk, channel, found) for channel, found in first.items())
    read = {channel for channel, found in first.items() if not all(stretch.root for stretch in found)}
    others = (channel for channel in _conversations(client) if channel not in read)
    return count + sum(_catch_up(app, client, desk, channel, [Stretch(since=since)]) for channel in others)


def behind(app: App, client: WebClient, desk: Desk) -> None:
    """Hear, in order, where something was refused; until the database refuses again."""
    for _ in range(len(desk.hearing)):
        channel, waiting = desk.hearing.take_next()
        since = desk.now() - DAYS
        stretches = [Stretch(root) if root else Stretch(since=since) for root in waiting.roots]
        _catch_up(app, client, desk, channel, stretches)
        if not desk.hearing.caught_up(channel, waiting):
            return


def _recent(desk: Desk) -> dict[str, list[Stretch]]:
    """Conversation → what to read of it; those with a question that is not closed come first."""
    since = desk.now() - DAYS
    with desk.db.snapshot() as session:
        channels = people.recent_channels(session, since=since)
        threads = outbox.roots_alive(session, tickets.alive_places(session))
    found: dict[str, list[Stretch]] = {}
    for channel, stretch in [*((c, Stretch(ts)) for c, ts in threads), *((c, Stretch(since=since)) for c in channels)]:
        found.setdefault(channel, []).append(stretch)
    return found


def _catch_up(app: App, client: WebClient, desk: Desk, channel: str, stretches: Iterable[Stretch]) -> int:
    """What is new in it, and then what is missing: whoever wrote it anew and deleted the old one has asked once.

    Nothing is heard after what the database did not take: that would be another order.
    """
    messages: dict[str, dict[str, Any]] = {}
    missing: dict[str, str] = {}
    for stretch in stretches:
        there, gone = _compared(client, desk, channel, stretch)
        messages, missing = messages | there, missing | gone
    events = [*_unheard(desk, channel, messages.values()), *_deletions(desk, channel, missing)]
    for event in events:
        refused = desk.hearing.times(channel)
        was_heard = _tell(app, event) or desk.hearing.times(channel) == refused
        if not was_heard and desk.hearing.keeps_order(channel, desk.now()):
            break
    return len(events)


def _compared(
    client: WebClient, desk: Desk, channel: str, stretch: Stretch
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The messages by ts; what we have of it and Slack has not, ts → who wrote it.

    What we know is read before Slack is asked: what is stored meanwhile is not missing.
    """
    now = desk.now()
    with desk.db.snapshot() as session:
        stored = lines.standing(session, channel, stretch.root, since=stretch.since, until=now - FRESH)
    try:
        messages = list(_read(client, channel, stretch))
    except SlackApiError as error:
        if error.response.get("error") not in GONE:
            raise
        return {}, {}
    return {str(m["ts"]): m for m in messages}, {ts: stored[ts] for ts in _missing(stored, messages, now)}


def _missing(stored: Iterable[str], messages: Iterable[dict[str, Any]], now: datetime) -> list[str]:
    """Stored, and not in Slack. What is older than everything there may have been taken by Slack's own retention."""
    there = {str(m["ts"]) for m in messages if m.get("subtype") != "tombstone"}
    first = min(map(float, there), default=now.timestamp())
    kept_until = (now - RETENTION).timestamp()
    return sorted(ts for ts in stored if ts not in there and float(ts) > min(first, kept_until))


def _deletions(desk: Desk, channel: str, missing: Mapping[str, str]) -> list[dict[str, Any]]:
    """`missing`: ts → who wrote it. As Slack would have told it, once."""
    with desk.db.snapshot() as session:
        known = heard.known(session, [asking.gone_key(channel, ts) for ts in missing])
    return [_as_deletion(channel, ts, by) for ts, by in missing.items() if asking.gone_key(channel, ts) not in known]


def _as_deletion(channel: str, ts: str, user: str) -> dict[str, Any]:
    where = {"type": "message", "subtype": "message_deleted", "channel": channel, "channel_type": "im"}
    event = where | {"deleted_ts": ts, "previous_message": {"type": "message", "user": user, "ts": ts}}
    return {"type": "event_callback", "event_id": f"{CATCH_UP}gone:{channel}:{ts}", "event": event}


def _unheard(desk: Desk, channel: str, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oldest first, each through the same door as an event; what was heard before is skipped, an edit that was not
    heard is told as one.
    """
    spoken = [m for m in messages if _is_spoken(m)]
    with desk.db.snapshot() as session:
        known = heard.known(session, [key for m in spoken for key in (_key(channel, m), _edit_key(channel, m))])
    missed = [m for m in spoken if not {_key(channel, m), _edit_key(channel, m)} <= known]
    in_order = sorted(missed, key=lambda m: float(m["ts"]))
    return [_as_event(channel, message, edit=_key(channel, message) in known) for message in in_order]


def _is_spoken(message: dict[str, Any]) -> bool:
    """By a person; a tombstone is what Slack leaves of a message that was deleted."""
    of_a_person = message.get("user") and not message.get("bot_id") and message.get("subtype") != "tombstone"
    return bool(of_a_person and message.get("type") == "message")


def _key(channel: str, message: dict[str, Any]) -> str:
    return f"said:{channel}:{message['ts']}"


def _edit_key(channel: str, message: dict[str, Any]) -> str:
    """The same key for what was never edited: there is nothing more to hear."""
    return asking.edit_key(channel, message) if message.get("edited") else _key(channel, message)


def _tell(app: App, event: dict[str, Any]) -> bool:
    """What is not acked is told again, as Slack would; then it has to wait for the next catch-up."""
    statuses = (app.dispatch(BoltRequest(mode="socket_mode", body=event)).status for _ in range(TRIES))
    if any(status == HTTPStatus.OK for status in statuses):
        return True
    log.error("a missed message could not be heard: %s", event["event_id"])
    return False


def _as_event(channel: str, message: dict[str, Any], *, edit: bool) -> dict[str, Any]:
    """As Slack would have told it: a message, or that one which we know was changed."""
    where = {"type": "message", "channel": channel, "channel_type": "im"}
    event = where | {"subtype": "message_changed", "message": message} if edit else message | where
    key = _edit_key(channel, message).partition(":")[2]
    return {"type": "event_callback", "event_id": f"{CATCH_UP}{key}", "event": event}


def _read(client: WebClient, channel: str, stretch: Stretch) -> Iterator[dict[str, Any]]:
    if stretch.root:
        return _pages(client.conversations_replies, channel=channel, ts=stretch.root)
    oldest = f"{stretch.since.timestamp():.6f}"
    return _pages(client.conversations_history, channel=channel, oldest=oldest)


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
