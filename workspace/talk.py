"""Saying things, with everything that follows: threads, events to the app, the pages, unread counts, pushes.

Everybody's messages take this way, people's and the app's: who wrote decides nothing here but who is told.
"""

import copy
import re

from workspace import events, sight
from workspace.conversations import Conversation
from workspace.delivery import Envelope
from workspace.phones import lock_screen
from workspace.shapes import Json
from workspace.space import Space

_SPEAKING = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_EVERYBODY = ("<!channel", "<!here", "<!everyone")
_COUNTED = ("reply_count", "reply_users", "reply_users_count", "latest_reply")


def post(space: Space, conversation: Conversation, message: Json) -> Envelope | None:
    """A new message. Needs `user`, `text` and perhaps `thread_ts`; gets its `ts`. Returns the event to the app."""
    message["ts"] = space.stamps.next()
    _thread(space, conversation, message)
    space.messages.add(conversation.id, message)
    if _is_top(message):
        space.conversations.mark(message["user"], conversation.id, message["ts"])
    sent = events.written(space, conversation, message)
    _show(space, conversation, "message", message)
    _buzz(space, conversation, message)
    return sent


def change(space: Space, conversation: Conversation, message: Json, changes: Json) -> Envelope | None:
    """A message with other contents under its old stamp. A value of None takes the key away."""
    previous = copy.copy(message)
    _apply(message, changes)
    space.messages.add(conversation.id, message)
    sent = events.changed(space, conversation, message, previous)
    _show(space, conversation, "changed", message)
    _stay_silent(space, conversation, message, "edit")
    return sent


def remove(space: Space, conversation: Conversation, message: Json) -> Envelope | None:
    """A message is deleted. A parent with replies becomes a tombstone, as in Slack."""
    if message.get("reply_count"):
        return _entomb(space, conversation, message)
    space.messages.remove(conversation.id, message["ts"])
    _uncount(space, conversation, message)
    sent = events.deleted(space, conversation, message)
    frame = {
        "type": "deleted",
        "channel": conversation.id,
        "ts": message["ts"],
        "thread_ts": message.get("thread_ts"),
    }
    for member in conversation.members:
        space.streams.tell(member, lambda: frame)
        tell_unread(space, member, conversation)
    return sent


def react(space: Space, conversation: Conversation, message: Json, who: str, name: str, *, on: bool) -> Envelope | None:
    """Somebody reacts, or takes a reaction back. The caller knows that it is new, or there."""
    reactions = [copy.deepcopy(each) for each in message.get("reactions", [])]
    if on:
        _add_reaction(reactions, who, name)
    else:
        reactions = _without_reaction(reactions, who, name)
    _apply(message, {"reactions": reactions or None})
    space.messages.add(conversation.id, message)
    kind = "reaction_added" if on else "reaction_removed"
    sent = events.reacted(space, kind, conversation, message, who, name)
    _show(space, conversation, "changed", message)
    if on and message.get("user") not in (who, space.app.bot_user_id):
        _push(space, message["user"], conversation, message, "reaction", buzzed=False)
    return sent


def whisper(space: Space, who: str, conversation: Conversation, message: Json) -> Json:
    """An ephemeral message for one person. Gets its `ts`."""
    message |= {"ts": space.stamps.next(), "ephemeral": True, "is_ephemeral": True}
    space.ephemera.add(who, conversation.id, message)
    _show_one(space, who, conversation.id, "ephemeral", message)
    _push(space, who, conversation, message, "ephemeral", buzzed=False)
    return message


def whisper_again(space: Space, who: str, channel: str, message: Json) -> None:
    """An ephemeral message was replaced."""
    space.ephemera.add(who, channel, message)
    _show_one(space, who, channel, "changed", message)


def unsay(space: Space, who: str, channel: str, ts: str) -> None:
    """An ephemeral message leaves her screen."""
    gone = space.ephemera.remove(who, channel, ts)
    thread_ts = gone.get("thread_ts") if gone else None
    space.streams.tell(who, lambda: {"type": "deleted", "channel": channel, "ts": ts, "thread_ts": thread_ts})


def tell_unread(space: Space, who: str, conversation: Conversation) -> None:
    """Her pages hear how many she has not read."""

    def frame() -> Json:
        count, mentions = sight.unread(space, who, conversation)
        total = sum(sight.unread(space, who, each)[0] for each in space.conversations.of(who))
        return {
            "type": "unread",
            "channel": conversation.id,
            "unread": count,
            "mentions": mentions,
            "last_read": space.conversations.last_read(who, conversation.id),
            "total": total,
        }

    space.streams.tell(who, frame)


def _apply(message: Json, changes: Json) -> None:
    message.update({key: value for key, value in changes.items() if value is not None})
    for key in [key for key, value in changes.items() if value is None]:
        message.pop(key, None)


def _is_top(message: Json) -> bool:
    return message.get("thread_ts") in (None, message["ts"]) or message.get("subtype") == "thread_broadcast"


def _thread(space: Space, conversation: Conversation, message: Json) -> None:
    """A reply: count it on the parent; writer, parent's writer and mentioned people follow from now on."""
    mentioned = _SPEAKING.findall(message.get("text", ""))
    parent_ts = message.get("thread_ts")
    if not parent_ts:
        return
    parent = space.messages.get(conversation.id, parent_ts)
    if parent is None:
        return
    message["parent_user_id"] = parent.get("user", "")
    for who in {message["user"], parent.get("user", ""), *mentioned} & set(conversation.members):
        space.messages.follow(conversation.id, parent_ts, who)
    _count(space, conversation, parent, message)
    if message.get("subtype") == "thread_broadcast":
        message["root"] = {key: value for key, value in parent.items() if key != "root"}


def _count(space: Space, conversation: Conversation, parent: Json, message: Json) -> None:
    users = parent.get("reply_users", [])
    users = users if message["user"] in users else [*users, message["user"]]
    counts = {
        "reply_count": parent.get("reply_count", 0) + 1,
        "reply_users": users,
        "latest_reply": message["ts"],
    }
    _apply(parent, {"thread_ts": parent["ts"], "reply_users_count": len(users), **counts})
    space.messages.add(conversation.id, parent)
    _show(space, conversation, "changed", parent)


def _uncount(space: Space, conversation: Conversation, message: Json) -> None:
    parent_ts = message.get("thread_ts")
    parent = space.messages.get(conversation.id, parent_ts) if parent_ts and parent_ts != message["ts"] else None
    if parent is None or parent_ts is None:
        return
    left = space.messages.replies(conversation.id, parent_ts)
    users = list(dict.fromkeys(reply["user"] for reply in left))
    counts = {"reply_count": len(left), "reply_users": users, "reply_users_count": len(users)}
    none = dict.fromkeys((*_COUNTED, "thread_ts"))
    _apply(parent, counts | {"latest_reply": left[-1]["ts"]} if left else none)
    space.messages.add(conversation.id, parent)
    _show(space, conversation, "changed", parent)


def _entomb(space: Space, conversation: Conversation, message: Json) -> Envelope | None:
    kept = {key: message[key] for key in (*_COUNTED, "thread_ts", "ts", "type") if key in message}
    stone = kept | {
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
    }
    space.messages.add(conversation.id, stone)
    sent = events.changed(space, conversation, stone, message)
    _show(space, conversation, "changed", stone)
    return sent


def _add_reaction(reactions: list[Json], who: str, name: str) -> None:
    for each in reactions:
        if each["name"] == name:
            each["users"].append(who)
            each["count"] += 1
            return
    reactions.append({"name": name, "users": [who], "count": 1})


def _without_reaction(reactions: list[Json], who: str, name: str) -> list[Json]:
    for each in reactions:
        if each["name"] == name:
            each["users"].remove(who)
            each["count"] -= 1
    return [each for each in reactions if each["count"]]


def _show(space: Space, conversation: Conversation, kind: str, message: Json) -> None:
    for member in conversation.members:
        if space.streams.is_open(member):
            _show_one(space, member, conversation.id, kind, message)
            if kind == "message":
                tell_unread(space, member, conversation)


def _show_one(space: Space, who: str, channel: str, kind: str, message: Json) -> None:
    shown = sight.message
    space.streams.tell(who, lambda: {"type": kind, "channel": channel, "message": shown(space, who, channel, message)})


def _buzz(space: Space, conversation: Conversation, message: Json) -> None:
    if message.get("subtype") in ("channel_join", "channel_leave"):
        return
    for member in conversation.others(message["user"]):
        if member != space.app.bot_user_id:
            reason, buzzed = _reason(space, conversation, message, member)
            _push(space, member, conversation, message, reason, buzzed=buzzed)


def _reason(space: Space, conversation: Conversation, message: Json, who: str) -> tuple[str, bool]:
    """Why her phone buzzes, or why it does not."""
    why = _wanted(space, conversation, message, who)
    person = space.people.get(who)
    if why in ("channel", "thread_not_followed") or person is None:
        return why, False
    if person.deactivated:
        return "deactivated", False
    return ("dnd", False) if person.is_quiet(space.clock.now()) else (why, True)


def _wanted(space: Space, conversation: Conversation, message: Json, who: str) -> str:
    text, parent = message.get("text", ""), message.get("thread_ts")
    if who in _SPEAKING.findall(text) or (not conversation.is_direct and any(each in text for each in _EVERYBODY)):
        return "mention"
    if message.get("subtype") == "thread_broadcast" and conversation.is_direct:
        return "broadcast"
    if parent and who in space.messages.followers(conversation.id, parent):
        return "thread"
    if parent:
        return "thread_not_followed"
    if conversation.is_direct:
        return "file" if message.get("files") else "dm"
    return "channel"


def _stay_silent(space: Space, conversation: Conversation, message: Json, reason: str) -> None:
    for member in conversation.others(message.get("user", "")):
        if member != space.app.bot_user_id:
            _push(space, member, conversation, message, reason, buzzed=False)


def _push(space: Space, who: str, conversation: Conversation, message: Json, reason: str, *, buzzed: bool) -> None:
    text = message.get("text", "") or next((file["name"] for file in message.get("files", [])), "")
    push = space.phones.note(
        {
            "time": space.clock.now(),
            "person": who,
            "channel": conversation.id,
            "ts": message["ts"],
            "thread_ts": message.get("thread_ts"),
            "from": sight.author(space, message)["name"],
            "text": lock_screen(text, sight.names(space) if "<@" in text else {}),
            "buzzed": buzzed,
            "reason": reason,
        }
    )
    frame = {"type": "push" if buzzed else "silent", "push": push}
    space.streams.tell(who, lambda: frame)
    space.streams.tell("", lambda: frame)
