"""Web API: chat.* and reactions.*. Source: docs.slack.dev/reference/methods/chat.postMessage and its neighbours."""

import re
from typing import Final

from workspace import drafts, talk
from workspace.calls import Call
from workspace.composer import as_slack
from workspace.conversations import Conversation
from workspace.errors import SlackError
from workspace.limits import CHANNEL
from workspace.shapes import Json

_TS = re.compile(r"\d{10}\.\d{6}")
_EMOJI = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?|[^\x00-\x7f]+")
_MOST_REACTIONS: Final = 23


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    draft = drafts.said(call)
    drafts.require_content(draft)
    conversation = _destination(call)
    message = {**drafts.byline(call), "text": "", **draft, **_place(call, conversation)}
    if metadata := drafts.metadata(call):
        message["metadata"] = metadata
    _spend(call, conversation)
    talk.post(call.space, conversation, message)
    return {"channel": conversation.id, "ts": message["ts"], "message": dict(message)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    draft = drafts.said(call)
    drafts.require_content(draft)
    conversation = call.own_conversation()
    who = call.person("user", "user_not_in_channel").id
    if who not in conversation.members:
        raise SlackError("user_not_in_channel")
    place = {"thread_ts": call.text("thread_ts")} if call.text("thread_ts") else {}
    message = {**drafts.byline(call), "text": "", **draft, **place}
    return {"message_ts": talk.whisper(call.space, who, conversation, message)["ts"]}


def update(call: Call) -> Json:
    """chat.update: text and blocks that are not given stay; blocks of [] take them away."""
    conversation = call.conversation()
    message = _message(call, conversation, "ts")
    if message.get("bot_id") != call.space.app.bot_id:
        raise SlackError("cant_update_message")
    changes = _changes(call)
    drafts.require_content(message | changes)
    if changes.get("text", message["text"]) != message["text"]:
        changes["edited"] = {"user": call.me, "ts": call.space.stamps.next()}
    talk.change(call.space, conversation, message, changes)
    return {"channel": conversation.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


def delete(call: Call) -> Json:
    """chat.delete: the app's own messages only."""
    conversation = call.conversation()
    message = _message(call, conversation, "ts")
    if message.get("bot_id") != call.space.app.bot_id:
        raise SlackError("cant_delete_message")
    talk.remove(call.space, conversation, message)
    return {"channel": conversation.id, "ts": message["ts"]}


def permalink(call: Call) -> Json:
    """chat.getPermalink."""
    conversation = call.conversation()
    message = _message(call, conversation, "message_ts")
    return {"channel": conversation.id, "permalink": _link(call, conversation, message)}


def add_reaction(call: Call) -> Json:
    """reactions.add."""
    conversation, message, name = _reacted(call)
    if _has_reacted(message, name, call.me):
        raise SlackError("already_reacted")
    if len(message.get("reactions", [])) >= _MOST_REACTIONS:
        raise SlackError("too_many_emoji")
    talk.react(call.space, conversation, message, call.me, name, on=True)
    return {}


def remove_reaction(call: Call) -> Json:
    """reactions.remove."""
    conversation, message, name = _reacted(call)
    if not _has_reacted(message, name, call.me):
        raise SlackError("no_reaction")
    talk.react(call.space, conversation, message, call.me, name, on=False)
    return {}


def get_reactions(call: Call) -> Json:
    """reactions.get."""
    conversation = call.conversation()
    message = _message(call, conversation, "timestamp")
    return {
        "type": "message",
        "channel": conversation.id,
        "message": as_slack(message) | {"permalink": _link(call, conversation, message)},
    }


def _destination(call: Call) -> Conversation:
    """Where to: a conversation by id or #name, or a person, whose direct message is opened."""
    wanted = call.need("channel")
    space = call.space
    person = space.people.get(wanted)
    if person and person.id == wanted:
        call.needs_scope("im:write")
        found: Conversation | None = space.conversations.direct([wanted, call.me], now=space.clock.now())[0]
    else:
        found = space.conversations.get(wanted)
    if found is None or (found.kind != "channel" and call.me not in found.members):
        raise SlackError("channel_not_found")
    _check_open(call, found)
    return found


def _check_open(call: Call, conversation: Conversation) -> None:
    if call.me not in conversation.members and "chat:write.public" not in call.space.app.scopes:
        raise SlackError("not_in_channel")
    if conversation.kind == "im":
        if not call.space.app.messages:
            raise SlackError("messages_tab_disabled")
        other = call.space.people.get(conversation.others(call.me)[0])
        if other is None or other.deactivated:
            raise SlackError("user_disabled")


def _place(call: Call, conversation: Conversation) -> Json:
    """Keys for a reply. The parent has to be there, and to be a parent."""
    parent_ts = call.text("thread_ts")
    if not parent_ts:
        return {}
    if not _TS.fullmatch(parent_ts):
        raise SlackError("invalid_thread_ts")
    parent = call.space.messages.get(conversation.id, parent_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.get("thread_ts", parent_ts) != parent_ts:
        raise SlackError("cannot_reply_to_message")
    broadcast = {"subtype": "thread_broadcast"} if call.flag("reply_broadcast") else {}
    return {"thread_ts": parent_ts} | broadcast


def _link(call: Call, conversation: Conversation, message: Json) -> str:
    address = f"{call.space.base}/archives/{conversation.id}/p{message['ts'].replace('.', '')}"
    parent = message.get("thread_ts")
    return f"{address}?thread_ts={parent}&cid={conversation.id}" if parent else address


def _spend(call: Call, conversation: Conversation) -> None:
    scale, now = call.space.switches.rate_scale, call.space.clock.now()
    call.space.limits.spend(f"channel:{conversation.id}", CHANNEL, scale=scale, now=now)


def _message(call: Call, conversation: Conversation, name: str) -> Json:
    message = call.space.messages.get(conversation.id, call.need(name))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    return message


def _changes(call: Call) -> Json:
    draft = drafts.said(call)
    if len(draft.get("text", "")) > drafts.MOST_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    changes: Json = {key: value if value != [] else None for key, value in draft.items()}
    metadata = drafts.metadata(call)
    if metadata is not None:
        changes["metadata"] = metadata or None
    if not changes:
        raise SlackError("no_text")
    return changes


def _reacted(call: Call) -> tuple[Conversation, Json, str]:
    conversation = call.conversation()
    name = call.need("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    if not _TS.fullmatch(call.text("timestamp")):
        raise SlackError("bad_timestamp" if call.text("timestamp") else "no_item_specified")
    return conversation, _message(call, conversation, "timestamp"), name


def _has_reacted(message: Json, name: str, who: str) -> bool:
    return any(each["name"] == name and who in each["users"] for each in message.get("reactions", []))
