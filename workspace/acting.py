"""What people do in conversations: write, edit, delete, react, read, join, upload. As in Slack's client.

Each verb takes the space, the person and the JSON of the control API (README, *Acting*), and gives back the answer.
"""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from workspace import composer, events, ids, sight, talk
from workspace.conversations import Conversation, named
from workspace.delivery import Envelope
from workspace.errors import Refused, not_found
from workspace.files import file_object
from workspace.people import LOCALES, Person, new
from workspace.shapes import Json
from workspace.space import Space

Verb = Callable[[Space, Person, Json], Awaitable[Json]]
_NOTHING_READ = "0000000000.000000"
_LONGEST = 40_000


async def told(space: Space, sent: Envelope | None, body: Json) -> Json:
    """`sent`, `acked`, `sentence` for an event. It is only waited for if that was asked for."""
    acked = (await space.delivery.answer(sent)).in_time if sent and body.get("wait") else None
    return {"sent": sent is not None, "acked": acked, "sentence": None}


def place(space: Space, person: Person, body: Json) -> Conversation:
    """The conversation that is meant; hers with the app if none is named. She has to be a member."""
    wanted = body.get("channel")
    if not wanted:
        return app_conversation(space, person)
    found = space.conversations.get(str(wanted))
    if found is None:
        raise not_found("conversation", wanted)
    if person.id not in found.members:
        raise Refused("not_in_channel", f"{person.name} is not a member of {wanted}")
    return found


def app_conversation(space: Space, person: Person) -> Conversation:
    """Her direct message with the app."""
    return space.conversations.direct([person.id, space.app.bot_user_id], now=space.clock.now())[0]


def need(body: Json, key: str) -> Any:
    """A value that has to be there."""
    if body.get(key) is None:
        raise Refused("missing", f"{key!r} is missing", 400)
    return body[key]


async def write(space: Space, person: Person, body: Json) -> Json:
    """A message, perhaps into a thread, perhaps with files."""
    conversation = place(space, person, body)
    text = composer.typed(str(body.get("text", "")), _mentionable(space))[:_LONGEST]
    files = [space.files.known(str(file_id)) for file_id in body.get("files", [])]
    if not text.strip() and not files:
        raise Refused("no_text", "there is nothing to send", 400)
    message = _message(space, person, text, files) | _reply(space, conversation, body)
    sent = talk.post(space, conversation, message)
    for file in files:
        events.file_shared(space, conversation, file, person.id)
    return {
        "message": sight.message(space, person.id, conversation.id, message),
        **await told(space, sent, body),
    }


async def edit(space: Space, person: Person, body: Json) -> Json:
    """Other words for her own message."""
    conversation = place(space, person, body)
    message = _own(space, person, conversation, body)
    text = composer.typed(str(need(body, "text")), _mentionable(space))[:_LONGEST]
    edited = {"user": person.id, "ts": space.stamps.next()}
    sent = talk.change(space, conversation, message, {"text": text, "edited": edited})
    return {
        "message": sight.message(space, person.id, conversation.id, message),
        **await told(space, sent, body),
    }


async def delete(space: Space, person: Person, body: Json) -> Json:
    """Her own message for everybody; an ephemeral one from her screen."""
    conversation, ts = place(space, person, body), str(need(body, "ts"))
    if space.ephemera.get(person.id, conversation.id, ts):
        talk.unsay(space, person.id, conversation.id, ts)
        return await told(space, None, body)
    return await told(space, talk.remove(space, conversation, _own(space, person, conversation, body)), body)


async def react(space: Space, person: Person, body: Json) -> Json:
    """An emoji under a message."""
    return await _reaction(space, person, body, on=True)


async def unreact(space: Space, person: Person, body: Json) -> Json:
    """And away with it."""
    return await _reaction(space, person, body, on=False)


async def read(space: Space, person: Person, body: Json) -> Json:
    """Read up to a message; everything if none is named."""
    conversation = place(space, person, body)
    ts = body.get("ts") or space.messages.last(conversation.id) or _NOTHING_READ
    return _marked(space, person, conversation, str(ts))


async def unread_from(space: Space, person: Person, body: Json) -> Json:
    """Mark as unread from a message on."""
    conversation = place(space, person, body)
    before = space.messages.before(conversation.id, str(need(body, "ts")))
    return _marked(space, person, conversation, before or _NOTHING_READ)


async def typing(space: Space, person: Person, body: Json) -> Json:
    """The others see that she is typing."""
    conversation = place(space, person, body)
    frame = {"channel": conversation.id, "thread_ts": body.get("thread_ts"), "person": person.id}
    for other in conversation.others(person.id):
        space.streams.tell(other, lambda: {"type": "typing", **frame})
    return {}


async def follow(space: Space, person: Person, body: Json) -> Json:
    """Get pushes for a thread."""
    space.messages.follow(place(space, person, body).id, str(need(body, "ts")), person.id)
    return {}


async def unfollow(space: Space, person: Person, body: Json) -> Json:
    """No pushes for a thread."""
    space.messages.follow(place(space, person, body).id, str(need(body, "ts")), person.id, on=False)
    return {}


async def dm(space: Space, person: Person, body: Json) -> Json:
    """A conversation with others."""
    others = [_somebody(space, str(who)) for who in need(body, "with")]
    conversation, is_new = space.conversations.direct([person.id, *others], now=space.clock.now())
    if is_new:
        _tell_members(space, conversation)
    return {"conversation": sight.conversation(space, person.id, conversation)}


async def join(space: Space, person: Person, body: Json) -> Json:
    """Into a public channel."""
    conversation = _channel(space, body)
    if conversation.kind != "channel":
        raise Refused("not_public", "only public channels can be joined")
    if person.id not in conversation.members:
        enter(space, conversation, person.id)
    return {"conversation": sight.conversation(space, person.id, conversation)}


async def leave(space: Space, person: Person, body: Json) -> Json:
    """Out of a channel."""
    conversation = place(space, person, body)
    if conversation.is_direct:
        raise Refused("not_a_channel", "one cannot leave a direct message")
    _exit(space, conversation, person.id)
    return {"conversation": sight.conversation(space, person.id, conversation)}


async def invite(space: Space, person: Person, body: Json) -> Json:
    """Somebody else, or the app, into a channel."""
    conversation, who = place(space, person, body), _somebody(space, str(need(body, "person")))
    if who in conversation.members:
        raise Refused("already_in_channel", f"{who} is a member already")
    enter(space, conversation, who, inviter=person.id)
    return {}


async def remove(space: Space, person: Person, body: Json) -> Json:
    """Somebody else, or the app, out of a channel."""
    conversation, who = place(space, person, body), _somebody(space, str(need(body, "person")))
    if who not in conversation.members:
        raise Refused("not_in_channel", f"{who} is not a member")
    _exit(space, conversation, who)
    return {}


async def upload_file(space: Space, person: Person, body: Json) -> Json:
    """A file that nobody sees yet: for a file_input, or for `write`."""
    return {"file": _stored(space, person, body)}


async def upload(space: Space, person: Person, body: Json) -> Json:
    """A file into a conversation."""
    file = _stored(space, person, body)
    return {**await write(space, person, body | {"files": [file["id"]]}), "file": file}


async def change(space: Space, person: Person, body: Json) -> Json:
    """`set`: presence, do-not-disturb, language, name, deactivated. The app hears what it may hear."""
    now = space.clock.now()
    known = {"presence", "dnd", "dnd_until", "language", "locale", "deactivated", "name", "title"}
    if unknown := set(body) - known - {"wait"}:
        raise Refused("unknown", f"a person has no {', '.join(sorted(unknown))}", 400)
    for key, words in (("presence", ("active", "away")), ("language", tuple(LOCALES))):
        if body.get(key, words[0]) not in words:
            raise Refused("bad_value", f"{key} is one of {', '.join(words)}", 400)
    was_quiet = person.is_quiet(now)
    _set(person, body, now)
    space.people.save(person)
    space.streams.tell_all({"type": "person", "person": sight.person(space, person)})
    sent = events.user(space, "user_change", person) if set(body) - {"presence", "dnd", "dnd_until", "wait"} else None
    if person.is_quiet(now) != was_quiet:
        sent = events.dnd(space, person) or sent
    return {"person": sight.person(space, person), **await told(space, sent, body)}


async def add_person(space: Space, body: Json) -> Json:
    """Somebody new in the workspace."""
    email = str(need(body, "email"))
    if space.people.get(email):
        raise Refused("already_there", f"{email} is here already")
    about = {key: str(body[key]) for key in ("title", "kind", "language") if body.get(key)}
    person = new(email, str(need(body, "name")), **about)
    space.people.save(person)
    app_conversation(space, person)
    space.streams.tell_all({"type": "person", "person": sight.person(space, person)})
    sent = events.user(space, "team_join", person)
    return {"person": sight.person(space, person), **await told(space, sent, body)}


async def add_channel(space: Space, body: Json) -> Json:
    """A new channel with its members."""
    name = str(need(body, "name")).removeprefix("#")
    if space.conversations.get(name):
        raise Refused("name_taken", f"there is a channel {name!r} already")
    members = [_somebody(space, str(who)) for who in body.get("members", [])]
    members += [space.app.bot_user_id] if body.get("app", True) else []
    made = named(name, members, topic=str(body.get("topic", "")), private=bool(body.get("private")))
    made.created = space.clock.now()
    space.conversations.save(made)
    _tell_members(space, made)
    return {"channel": made.id}


def enter(space: Space, conversation: Conversation, who: str, inviter: str = "") -> None:
    """Somebody becomes a member, and the channel says so."""
    space.conversations.join(conversation, who)
    space.conversations.mark(who, conversation.id, space.messages.last(conversation.id) or _NOTHING_READ)
    events.membership(space, "member_joined_channel", conversation, who, inviter)
    _say_so(space, conversation, who, "channel_join", f"<@{who}> has joined the channel")
    _tell_members(space, conversation)


def _exit(space: Space, conversation: Conversation, who: str) -> None:
    _say_so(space, conversation, who, "channel_leave", f"<@{who}> has left the channel")
    space.conversations.leave(conversation, who)
    events.membership(space, "member_left_channel", conversation, who)
    _tell(space, who, conversation)


def _say_so(space: Space, conversation: Conversation, who: str, subtype: str, text: str) -> None:
    said = {"type": "message", "subtype": subtype, "user": who, "team": space.team, "text": text}
    talk.post(space, conversation, said)


def _tell_members(space: Space, conversation: Conversation) -> None:
    for member in conversation.members:
        _tell(space, member, conversation)


def _tell(space: Space, who: str, conversation: Conversation) -> None:
    space.streams.tell(
        who, lambda: {"type": "conversation", "conversation": sight.conversation(space, who, conversation)}
    )


def _mentionable(space: Space) -> list[tuple[str, str]]:
    return [(name, who) for who, name in sight.names(space).items()]


def _message(space: Space, person: Person, text: str, files: list[Json]) -> Json:
    message: Json = {
        "type": "message",
        "user": person.id,
        "text": text,
        "team": space.team,
        "client_msg_id": str(uuid4()),
    }
    shared = {"subtype": "file_share", "files": files, "upload": False, "display_as_bot": False}
    return message | (shared if files else {})


def _reply(space: Space, conversation: Conversation, body: Json) -> Json:
    parent_ts = body.get("thread_ts")
    if not parent_ts:
        return {}
    parent = space.messages.get(conversation.id, str(parent_ts))
    if parent is None:
        raise not_found("message", parent_ts)
    reply = {"thread_ts": parent.get("thread_ts", parent["ts"])}
    return reply | ({"subtype": "thread_broadcast"} if body.get("broadcast") else {})


def _own(space: Space, person: Person, conversation: Conversation, body: Json) -> Json:
    message = find_message(space, conversation, str(need(body, "ts")))
    if message.get("user") != person.id:
        raise Refused("not_yours", "only one's own messages can be edited or deleted")
    return message


def find_message(space: Space, conversation: Conversation, ts: str) -> Json:
    """A message that everybody in the conversation sees."""
    message = space.messages.get(conversation.id, ts)
    if message is None:
        raise not_found("message", ts)
    return message


async def _reaction(space: Space, person: Person, body: Json, *, on: bool) -> Json:
    conversation, name = place(space, person, body), str(need(body, "name")).strip(":")
    message = find_message(space, conversation, str(need(body, "ts")))
    there = any(each["name"] == name and person.id in each["users"] for each in message.get("reactions", []))
    if there == on:
        raise Refused("already_reacted" if on else "no_reaction", f"{name} is {'' if on else 'not '}there")
    sent = talk.react(space, conversation, message, person.id, name, on=on)
    return {
        "message": sight.message(space, person.id, conversation.id, message),
        **await told(space, sent, body),
    }


def _marked(space: Space, person: Person, conversation: Conversation, ts: str) -> Json:
    space.conversations.mark(person.id, conversation.id, ts)
    talk.tell_unread(space, person.id, conversation)
    return {"unread": sight.unread(space, person.id, conversation)[0]}


def _somebody(space: Space, who: str) -> str:
    if who in ("app", space.app.bot_user_id):
        return space.app.bot_user_id
    person = space.people.get(who)
    if person is None:
        raise not_found("person", who)
    return person.id


def _channel(space: Space, body: Json) -> Conversation:
    found = space.conversations.get(str(need(body, "channel")))
    if found is None:
        raise not_found("conversation", body["channel"])
    return found


def _stored(space: Space, person: Person, body: Json) -> Json:
    name = re.sub(r"[/\\\x00-\x1f]", "_", str(need(body, "name")))
    content = _content(need(body, "content"))
    now = space.clock.now()
    file = file_object(ids.fresh("F"), name, len(content), user=person.id, base=space.base, now=now)
    file |= {"alt_txt": str(body["alt"])} if body.get("alt") else {}
    space.files.store(file["id"], content)
    space.files.save(file)
    return file


def _content(given: Any) -> bytes:
    if isinstance(given, bytes):
        return given
    try:
        return base64.b64decode(str(given), validate=True)
    except binascii.Error:
        raise Refused("bad_content", "content is not base64", 400) from None


def _set(person: Person, body: Json, now: float) -> None:
    for key in ("presence", "dnd", "dnd_until", "language", "deactivated", "name", "title"):
        if key in body:
            setattr(person, key, body[key])
    if "language" in body:
        person.locale = LOCALES.get(person.language, person.locale)
    if "locale" in body:
        person.locale = str(body["locale"])
        person.language = person.locale[:2]
    if body.get("dnd"):
        person.dnd_since, person.dnd_until = now, body.get("dnd_until")
    person.updated = now


VERBS: dict[str, Verb] = {
    "write": write,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "read": read,
    "unread_from": unread_from,
    "typing": typing,
    "follow": follow,
    "unfollow": unfollow,
    "dm": dm,
    "join": join,
    "leave": leave,
    "invite": invite,
    "remove": remove,
    "upload": upload,
    "upload_file": upload_file,
    "set": change,
}
