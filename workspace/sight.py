"""What a person sees, in the shapes of the README's *Things*: Slack's objects with what the page needs beside them."""

from collections.abc import Iterator

from workspace import elements, people
from workspace.conversations import GROUP, IM, MPIM, Conversation
from workspace.people import TZ, Person
from workspace.shapes import Json
from workspace.space import Space

_KINDS = {MPIM: "mpim", "channel": "channel", GROUP: "group"}
_ORDER = ("app", "dm", "mpim", "group", "channel")


def avatar(space: Space, who: str) -> str:
    """The address of somebody's picture."""
    return f"{space.base}/avatars/{who}.svg"


def name_of(space: Space, who: str) -> str:
    """A person's name, or the app's."""
    if who == space.app.bot_user_id:
        return space.app.bot_name
    person = space.people.get(who)
    return person.name if person else "Slackbot"


def names(space: Space) -> dict[str, str]:
    """Everybody's name by id, the app's too."""
    return {person.id: person.name for person in space.people} | {space.app.bot_user_id: space.app.bot_name}


def person(space: Space, who: Person) -> Json:
    """A Person."""
    return {
        "id": who.id,
        "email": who.email,
        "name": who.name,
        "title": who.title,
        "kind": who.kind,
        "language": who.language,
        "locale": who.locale,
        "tz": TZ,
        "avatar": avatar(space, who.id),
        "presence": who.presence,
        "dnd": who.is_quiet(space.clock.now()),
        "dnd_until": who.dnd_until if who.dnd else None,
        "deactivated": who.deactivated,
        "unread": sum(unread(space, who.id, each)[0] for each in space.conversations.of(who.id)),
    }


def app(space: Space) -> Json:
    """The App."""
    about = space.app
    return {
        "id": about.id,
        "name": about.bot_name,
        "description": about.description,
        "bot_user_id": about.bot_user_id,
        "bot_id": about.bot_id,
        "avatar": avatar(space, about.bot_user_id),
        "connected": len(space.carrier),
        "home": about.home,
        "commands": [vars(command) for command in about.commands or ()],
        "shortcuts": [vars(shortcut) for shortcut in about.shortcuts],
    }


def team(space: Space) -> Json:
    """The workspace itself."""
    return {"id": space.team, "name": people.organisation(space.config.people) or space.config.team_name}


def kind(space: Space, conversation: Conversation) -> str:
    """app, dm, mpim, group or channel."""
    if conversation.kind == IM:
        return "app" if space.app.bot_user_id in conversation.members else "dm"
    return _KINDS[conversation.kind]


def conversation(space: Space, who: str, each: Conversation) -> Json:
    """A Conversation, as one person sees it."""
    others = each.others(who) if each.is_direct else []
    count, mentions = unread(space, who, each)
    return {
        "id": each.id,
        "kind": kind(space, each),
        "name": ", ".join(name_of(space, other) for other in others) or each.name,
        "topic": each.topic,
        "avatar": avatar(space, others[0]) if len(others) == 1 else None,
        "with": others,
        "member": who in each.members,
        "members": len(each.members),
        "app_member": space.app.bot_user_id in each.members,
        "unread": count,
        "mentions": mentions,
        "last_read": space.conversations.last_read(who, each.id),
        "last_ts": space.messages.last(each.id),
    }


def conversations(space: Space, who: str, *, every: bool = False) -> list[Json]:
    """Hers, in the order of the sidebar; `every` adds the public channels she could join."""
    found = space.conversations.of(who)
    if every:
        found = found + [each for each in space.conversations if each.kind == "channel" and who not in each.members]
    shown = [conversation(space, who, each) for each in found]
    return sorted(shown, key=lambda each: (_ORDER.index(each["kind"]), each["name"].lower()))


def unread(space: Space, who: str, each: Conversation) -> tuple[int, int]:
    """How many messages of others stand in the channel after her read mark, and how many of them mention her."""
    if who not in each.members:
        return 0, 0
    fresh = list(_unread_messages(space, who, each))
    mentions = sum(f"<@{who}" in message.get("text", "") for message in fresh)
    return len(fresh), len(fresh) if each.is_direct else mentions


def _unread_messages(space: Space, who: str, each: Conversation) -> Iterator[Json]:
    newest_first = space.messages.top(each.id, oldest=space.conversations.last_read(who, each.id))
    return (message for message in newest_first if message.get("user") != who)


def message(space: Space, who: str, channel: str, kept: Json) -> Json:
    """A Message: Slack's own, and what the page needs beside it."""
    shown = {**kept, "channel": channel, "author": author(space, kept)}
    if files := kept.get("files"):
        shown["files"] = [{**file, "page_url": f"{space.base}/control/files/{file['id']}"} for file in files]
    if kept.get("reply_count"):
        shown["following"] = who in space.messages.followers(channel, kept["ts"])
    if kept.get("blocks"):
        shown["state"] = state(space, who, channel, kept)
    return shown


def state(space: Space, who: str, channel: str, kept: Json) -> elements.Values:
    """What she has chosen in the inputs of a message."""
    return elements.initial(kept.get("blocks", []), space.ephemera.state(who, channel, kept["ts"]))


def author(space: Space, kept: Json) -> Json:
    """Who wrote it, as shown: an app may post under another name or picture."""
    who = kept.get("user", "")
    icons = kept.get("icons", {})
    shown = {
        "id": who,
        "name": kept.get("username") or name_of(space, who),
        "avatar": icons.get("image_48") or avatar(space, who),
        "is_app": "bot_id" in kept,
    }
    return shown | ({"emoji": icons["emoji"]} if icons.get("emoji") else {})


def messages(
    space: Space, who: str, channel: str, *, thread_ts: str, before: str, limit: int
) -> tuple[list[Json], bool]:
    """A page of a conversation or of a thread, oldest first, her ephemeral ones in place; and whether there is more."""
    hers = [each for each in space.ephemera.all(who, channel) if each.get("thread_ts", "") == thread_ts]
    if thread_ts:
        parent = space.messages.get(channel, thread_ts)
        found = ([parent] if parent else []) + space.messages.replies(channel, thread_ts)
    else:
        found = list(space.messages.top(channel, latest=before))[::-1]
    merged = sorted(
        [*found, *(each for each in hers if not before or each["ts"] < before)], key=lambda each: each["ts"]
    )
    return [message(space, who, channel, each) for each in merged[-limit:]], len(merged) > limit


def view(kept: Json | None) -> Json | None:
    """A View; as it is kept."""
    return kept
