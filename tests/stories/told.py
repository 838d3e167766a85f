"""What Slack tells us, made before it is told: so that a story can tell it late, twice, or in another order.

    first = writes(town.anna, "Låset piper")
    better = edits(town.anna, first, "Låset i 12 piper")
    tell(town, better, first)
"""

from typing import Any

from tests.town import Actor, Town

Event = dict[str, Any]


def writes(who: Actor, text: str, *, under: dict[str, Any] | None = None, files: int = 0) -> Event:
    """She has written it, and nobody has told us."""
    message = who.town.slack.written(who.channel, who.user, text, under["ts"] if under else None)
    if files:
        message |= {"subtype": "file_share", "files": [{"id": who.town.slack.picture(who.user)} for _ in range(files)]}
    return {**message, "channel": who.channel, "channel_type": "im", "event_ts": message["ts"]}


def edits(who: Actor, written: Event, text: str) -> Event:
    """As Slack tells it: `edited.ts` in whole seconds, the event's own time to the microsecond."""
    message, stamp = _message(who, written), who.town.slack.ts()
    before = dict(message)
    message |= {"text": text, "edited": {"user": who.user, "ts": f"{int(float(stamp))}.000000"}}
    return _hidden(who, stamp, subtype="message_changed", message=dict(message), previous_message=before)


def unfurls(who: Actor, written: Event) -> Event:
    """A link has got its preview: Slack says that the message has changed."""
    message = {**_message(who, written), "attachments": [{"title": "Intranätet"}]}
    return _hidden(who, who.town.slack.ts(), subtype="message_changed", message=message, previous_message=message)


def deletes(who: Actor, written: Event) -> Event:
    message = _message(who, written)
    who.town.slack.messages[who.channel].remove(message)
    stamp = who.town.slack.ts()
    return _hidden(who, stamp, subtype="message_deleted", deleted_ts=written["ts"], previous_message=dict(message))


def entombs(who: Actor, written: Event) -> Event:
    """She deletes a message that has replies: a tombstone stays in its place, signed by Slack itself."""
    message = _message(who, written)
    before = dict(message)
    message.clear()
    message |= {
        "type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.",
        "hidden": True, "ts": before["ts"], "thread_ts": before["ts"], "reply_count": 1,
    }  # fmt: skip
    stamp = who.town.slack.ts()
    return _hidden(who, stamp, subtype="message_changed", message=dict(message), previous_message=before)


def reacts(who: Actor, message: dict[str, Any], name: str, *, added: bool = True) -> Event:
    item = {"type": "message", "channel": who.channel, "ts": message["ts"]}
    kind = "reaction_added" if added else "reaction_removed"
    about = {"user": who.user, "reaction": name, "item_user": message["user"], "item": item}
    return {"type": kind, "event_ts": who.town.slack.ts(), **about}


def tell(town: Town, *events: Event) -> None:
    """Each as an event of its own, also one that was told before: another delivery, with another id."""
    for event in events:
        assert town.event(event) == 200


def _hidden(who: Actor, stamp: str, **more: Any) -> Event:
    where = {"type": "message", "channel": who.channel, "channel_type": "im"}
    return where | {"hidden": True, "ts": stamp, "event_ts": stamp} | more


def _message(who: Actor, written: Event) -> dict[str, Any]:
    return next(m for m in who.town.slack.messages[who.channel] if m["ts"] == written["ts"])
