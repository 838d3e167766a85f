"""What the app hears about: Events API payloads, sent only for what it subscribed to and may see.

Shapes: docs.slack.dev/reference/events, one function each; the envelope around them is `event_callback`.
"""

from workspace import ids
from workspace.composer import as_slack
from workspace.conversations import EVENT_OF, IM, Conversation
from workspace.delivery import Envelope
from workspace.people import Person, dnd_status, user_object
from workspace.shapes import Json
from workspace.space import Space

_LETTERS = {"im": "D", "mpim": "G", "group": "G", "channel": "C"}


def send(space: Space, event: Json, *subscriptions: str) -> Envelope | None:
    """Send an event if the app subscribed to one of these kinds."""
    if not space.app.hears(*subscriptions):
        return None
    return space.delivery.event(callback(space, event))


def callback(space: Space, event: Json) -> Json:
    """The payload around an event."""
    return {
        "token": "local",
        "team_id": space.team,
        "context_team_id": space.team,
        "context_enterprise_id": None,
        "api_app_id": space.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": ids.fresh("Ev"),
        "event_time": int(space.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": space.team,
                "user_id": space.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "local",
    }


def hears_messages(space: Space, conversation: Conversation) -> bool:
    """Whether messages of that conversation reach the app."""
    return space.app.bot_user_id in conversation.members


def written(space: Space, conversation: Conversation, message: Json) -> Envelope | None:
    """`message`, and `app_mention` where the app is mentioned outside of its own conversation."""
    if not hears_messages(space, conversation):
        return None
    about = {"channel": conversation.id, "event_ts": message["ts"], "channel_type": conversation.kind}
    sent = send(space, as_slack(_without_counts(message)) | about, EVENT_OF[conversation.kind])
    mentioned = f"<@{space.app.bot_user_id}" in message.get("text", "") and "bot_id" not in message
    if mentioned and conversation.kind != IM:
        kept = {key: value for key, value in as_slack(message).items() if key != "subtype"}
        sent = (
            send(
                space,
                kept | {"type": "app_mention", "channel": conversation.id, "event_ts": message["ts"]},
                "app_mention",
            )
            or sent
        )
    return sent


def _without_counts(message: Json) -> Json:
    return {key: value for key, value in message.items() if key not in ("reply_count", "reply_users", "latest_reply")}


def changed(space: Space, conversation: Conversation, message: Json, previous: Json) -> Envelope | None:
    """`message` with subtype message_changed."""
    event = {"subtype": "message_changed", "message": dict(as_slack(message)), "previous_message": as_slack(previous)}
    return _hidden(space, conversation, event)


def deleted(space: Space, conversation: Conversation, previous: Json) -> Envelope | None:
    """`message` with subtype message_deleted."""
    event = {"subtype": "message_deleted", "deleted_ts": previous["ts"], "previous_message": as_slack(previous)}
    return _hidden(space, conversation, event)


def _hidden(space: Space, conversation: Conversation, event: Json) -> Envelope | None:
    if not hears_messages(space, conversation):
        return None
    stamp = space.stamps.next()
    about = {"type": "message", "channel": conversation.id, "hidden": True, "ts": stamp, "event_ts": stamp}
    event = about | event | {"channel_type": conversation.kind}
    return send(space, event, EVENT_OF[conversation.kind])


def reacted(space: Space, kind: str, conversation: Conversation, message: Json, who: str, name: str) -> Envelope | None:
    """`reaction_added` or `reaction_removed`."""
    if not hears_messages(space, conversation):
        return None
    event = {
        "type": kind,
        "user": who,
        "reaction": name,
        "item": {"type": "message", "channel": conversation.id, "ts": message["ts"]},
        "item_user": message.get("user", ""),
        "event_ts": space.stamps.next(),
    }
    return send(space, event, kind)


def membership(space: Space, kind: str, conversation: Conversation, who: str, inviter: str = "") -> Envelope | None:
    """`member_joined_channel` or `member_left_channel`."""
    event = {
        "type": kind,
        "user": who,
        "channel": conversation.id,
        "channel_type": _LETTERS[conversation.kind],
        "team": space.team,
        "event_ts": space.stamps.next(),
    }
    return send(space, event | ({"inviter": inviter} if inviter else {}), kind)


def user(space: Space, kind: str, person: Person) -> Envelope | None:
    """`team_join` or `user_change`."""
    email = "users:read.email" in space.app.scopes
    shown = user_object(person, team=space.team, base=space.base, email=email, locale=True)
    stamp = space.stamps.next()
    return send(space, {"type": kind, "user": shown, "cache_ts": int(space.clock.now()), "event_ts": stamp}, kind)


def dnd(space: Space, person: Person) -> Envelope | None:
    """`dnd_updated_user`."""
    event = {
        "type": "dnd_updated_user",
        "user": person.id,
        "dnd_status": dnd_status(person, space.clock.now()),
        "event_ts": space.stamps.next(),
    }
    return send(space, event, "dnd_updated_user")


def home_opened(space: Space, who: str, channel: str, tab: str) -> Envelope | None:
    """`app_home_opened`; with the view if there is one, on the Home tab."""
    event: Json = {
        "type": "app_home_opened",
        "user": who,
        "channel": channel,
        "tab": tab,
        "event_ts": space.stamps.next(),
    }
    home = space.modals.home(who)
    return send(space, event | ({"view": home} if home and tab == "home" else {}), "app_home_opened")


def file_shared(space: Space, conversation: Conversation, file: Json, who: str) -> Envelope | None:
    """`file_shared`."""
    if not hears_messages(space, conversation):
        return None
    event = {
        "type": "file_shared",
        "file_id": file["id"],
        "user_id": who,
        "file": {"id": file["id"]},
        "channel_id": conversation.id,
        "event_ts": space.stamps.next(),
    }
    return send(space, event, "file_shared")
