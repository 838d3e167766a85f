"""Answers to interactions: by response_url, or in the ack of a command. Both take the same JSON.

Source: docs.slack.dev/interactivity/handling-user-interaction (composing responses).
"""

from typing import Any

from workspace import drafts, talk
from workspace.answers import Answer
from workspace.calls import Call
from workspace.conversations import Conversation
from workspace.errors import SlackError
from workspace.shapes import Json
from workspace.space import Space


def respond(space: Space, answer: Answer, given: Any) -> Json | None:
    """Do what the app answered. The message that came of it, if there is one."""
    if not isinstance(given, dict):
        raise SlackError("invalid_payload")
    conversation = space.conversations.by_id(answer.channel)
    if conversation is None:
        raise SlackError("channel_not_found")
    if given.get("delete_original"):
        _delete(space, answer, conversation)
        return None
    call = Call(space, "response_url", given)
    draft = drafts.said(call)
    drafts.require_content(draft)
    if given.get("replace_original"):
        return _replace(space, answer, conversation, draft)
    return _say(call, answer, conversation, draft)


def _say(call: Call, answer: Answer, conversation: Conversation, draft: Json) -> Json:
    message = drafts.signature(call.space.app, call.space) | {"text": ""} | draft
    if thread_ts := call.text("thread_ts"):
        message["thread_ts"] = thread_ts
    if call.text("response_type", "ephemeral") == "in_channel":
        if metadata := drafts.metadata(call):
            message["metadata"] = metadata
        talk.post(call.space, conversation, message)
        return message
    return talk.whisper(call.space, answer.person, conversation, message)


def _delete(space: Space, answer: Answer, conversation: Conversation) -> None:
    if answer.ephemeral:
        talk.unsay(space, answer.person, conversation.id, answer.ts)
    elif message := _own(space, conversation, answer.ts):
        talk.remove(space, conversation, message)


def _replace(space: Space, answer: Answer, conversation: Conversation, draft: Json) -> Json | None:
    if answer.ephemeral:
        hers = space.ephemera.get(answer.person, conversation.id, answer.ts)
        if hers:
            kept = {key: value for key, value in hers.items() if key not in ("blocks", "attachments")}
            talk.whisper_again(space, answer.person, conversation.id, kept | draft)
        return hers
    message = _own(space, conversation, answer.ts)
    if message:
        talk.change(space, conversation, message, {"blocks": None, "attachments": None} | draft)
    return message


def _own(space: Space, conversation: Conversation, ts: str) -> Json | None:
    message = space.messages.get(conversation.id, ts)
    return message if message and message.get("bot_id") == space.app.bot_id else None
