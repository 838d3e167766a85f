"""Web API: conversations.*. Source: docs.slack.dev/reference/methods/conversations.open and its neighbours."""

import re
from typing import Final

from workspace import events, talk
from workspace.calls import Call
from workspace.composer import as_slack
from workspace.conversations import SCOPE_OF, TYPE_OF, Conversation, conversation_object, named
from workspace.errors import SlackError
from workspace.shapes import Json

_MOST_USERS: Final = 8
_TS = re.compile(r"\d{1,10}(\.\d{1,6})?")


def open_(call: Call) -> Json:
    """conversations.open: by `users`, or a known direct message by `channel`."""
    if call.text("channel"):
        conversation, is_new = call.own_conversation(), False
    else:
        conversation, is_new = _with_users(call)
    answer: Json = {"channel": {"id": conversation.id}}
    if call.flag("return_im"):
        answer = {"channel": _object(call, conversation)}
    return answer | ({} if is_new else {"no_op": True, "already_open": True})


def _with_users(call: Call) -> tuple[Conversation, bool]:
    users = call.words("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > _MOST_USERS:
        raise SlackError("too_many_users")
    for who in users:
        _check_user(call, who)
    call.needs_scope("im:write" if len(users) == 1 else "mpim:write")
    return call.space.conversations.direct([*users, call.me], now=call.space.clock.now())


def _check_user(call: Call, who: str) -> None:
    person = call.space.people.get(who)
    if person is None or person.id != who:
        raise SlackError("user_not_found")
    if person.deactivated:
        raise SlackError("user_disabled")


def info(call: Call) -> Json:
    """conversations.info."""
    conversation = call.conversation()
    _needs(call, conversation, "read")
    shown = _object(call, conversation)
    if call.flag("include_num_members"):
        shown["num_members"] = len(conversation.members)
    if call.flag("include_locale"):
        shown["locale"] = "sv-SE"
    return {"channel": shown}


def members(call: Call) -> Json:
    """conversations.members: 100 a page."""
    conversation = call.conversation()
    _needs(call, conversation, "read")
    found, more = call.page(conversation.members, lambda who: who, 100, 1000)
    return {"members": found, **more}


def list_(call: Call) -> Json:
    """conversations.list: 100 a page, public channels unless `types` says more."""
    seen = [each for each in _of_types(call) if each.kind == "channel" or call.me in each.members]
    found, more = call.page(seen, lambda each: each.id, 100, 1000)
    return {"channels": [_counted(call, each) for each in found], **more}


def of_user(call: Call) -> Json:
    """users.conversations: those of the app, or those of a user that the app may see."""
    who = call.person().id if call.text("user") else call.me
    seen = [each for each in _of_types(call) if who in each.members]
    seen = [each for each in seen if each.kind == "channel" or call.me in each.members]
    found, more = call.page(seen, lambda each: each.id, 100, 1000)
    return {"channels": [_object(call, each) for each in found], **more}


def history(call: Call) -> Json:
    """conversations.history: newest first, 100 a page, threads by their parents only."""
    conversation = call.own_conversation()
    _needs(call, conversation, "history")
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    found = list(
        call.space.messages.top(conversation.id, oldest=oldest, latest=latest, inclusive=call.flag("inclusive"))
    )
    page, more = call.page(found, lambda message: str(message["ts"]), 100, 999)
    answer = {"messages": _shown(call, page), "has_more": bool(more["response_metadata"]["next_cursor"])}
    answer |= {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}
    return answer | (more if answer["has_more"] else {})


def replies(call: Call) -> Json:
    """conversations.replies: the parent first, then the replies, oldest first; 1000 a page."""
    conversation = call.own_conversation()
    _needs(call, conversation, "history")
    message = call.space.messages.get(conversation.id, call.need("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    parent_ts: str = message.get("thread_ts") or message["ts"]
    parent = call.space.messages.get(conversation.id, parent_ts) or message
    inside = [each for each in call.space.messages.replies(conversation.id, parent_ts) if _within(call, each["ts"])]
    page, more = call.page([parent, *inside], lambda each: str(each["ts"]), 1000, 1000)
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": _shown(call, page), "has_more": has_more, **(more if has_more else {})}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    conversation = call.conversation()
    if conversation.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if call.me not in conversation.members:
        enter(call, conversation, call.me)
        return {"channel": _object(call, conversation)}
    warning = "already_in_channel"
    return {
        "channel": _object(call, conversation),
        "warning": warning,
        "response_metadata": {"warnings": [warning]},
    }


def leave(call: Call) -> Json:
    """conversations.leave."""
    conversation = call.conversation()
    if conversation.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if call.me not in conversation.members:
        return {"not_in_channel": True}
    call.space.conversations.leave(conversation, call.me)
    events.membership(call.space, "member_left_channel", conversation, call.me)
    return {}


def invite(call: Call) -> Json:
    """conversations.invite."""
    conversation = call.own_conversation()
    users = call.words("users")
    if not users:
        raise SlackError("no_user")
    for who in users:
        _check_user(call, who)
        if who in conversation.members:
            raise SlackError("already_in_channel")
    for who in users:
        enter(call, conversation, who)
    return {"channel": _object(call, conversation)}


def create(call: Call) -> Json:
    """conversations.create."""
    name = call.need("name")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if call.space.conversations.get(name):
        raise SlackError("name_taken")
    made = named(name, [call.me], private=call.flag("is_private"), now=call.space.clock.now())
    call.space.conversations.save(made)
    return {"channel": _object(call, made)}


def enter(call: Call, conversation: Conversation, who: str) -> None:
    """Somebody becomes a member, and the channel says so."""
    space = call.space
    space.conversations.join(conversation, who)
    space.conversations.mark(who, conversation.id, space.messages.last(conversation.id) or "0000000000.000000")
    events.membership(space, "member_joined_channel", conversation, who, inviter=call.me if who != call.me else "")
    said = {
        "type": "message",
        "subtype": "channel_join",
        "user": who,
        "team": space.team,
        "text": f"<@{who}> has joined the channel",
    }
    talk.post(space, conversation, said)


def _object(call: Call, conversation: Conversation) -> Json:
    return conversation_object(conversation, me=call.me, team=call.space.team)


def _counted(call: Call, conversation: Conversation) -> Json:
    shown = _object(call, conversation)
    return shown if conversation.kind == "im" else shown | {"num_members": len(conversation.members)}


def _needs(call: Call, conversation: Conversation, what: str) -> None:
    call.needs_scope(f"{SCOPE_OF[conversation.kind]}:{what}")


def _of_types(call: Call) -> list[Conversation]:
    types = call.words("types") or ["public_channel"]
    if unknown := set(types) - set(TYPE_OF):
        raise SlackError("invalid_types", messages=[f"[ERROR] {kind}" for kind in sorted(unknown)])
    kinds = {TYPE_OF[kind] for kind in types}
    for kind in kinds:
        call.needs_scope(f"{SCOPE_OF[kind]}:read")
    return [each for each in call.space.conversations if each.kind in kinds]


def _ts(call: Call, name: str) -> str:
    value = call.text(name)
    if value in ("", "0", "now"):
        return ""
    if not _TS.fullmatch(value):
        raise SlackError(f"invalid_ts_{name}")
    seconds, _, micros = value.partition(".")
    return f"{int(seconds):010d}.{micros:0<6}"


def _within(call: Call, ts: str) -> bool:
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    if call.flag("inclusive"):
        return (not oldest or ts >= oldest) and (not latest or ts <= latest)
    return (not oldest or ts > oldest) and (not latest or ts < latest)


def _shown(call: Call, found: list[Json]) -> list[Json]:
    """Messages as the app gets them; metadata only if it asks for it."""
    everything = call.flag("include_all_metadata")
    return [
        {key: value for key, value in as_slack(message).items() if everything or key != "metadata"} for message in found
    ]
