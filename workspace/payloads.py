"""What the app is sent when a person does something: interaction payloads and slash commands.

Shapes: docs.slack.dev/reference/interaction-payloads and docs.slack.dev/interactivity/implementing-slash-commands.
"""

from workspace import sight
from workspace.answers import Answer
from workspace.composer import as_slack
from workspace.conversations import Conversation
from workspace.people import Person
from workspace.shapes import Json
from workspace.space import Space

NO_NAME = {"im": "directmessage", "mpim": "mpdm", "group": "privategroup"}


def actor(space: Space, person: Person) -> Json:
    """Who did it."""
    return {"id": person.id, "username": person.handle, "name": person.handle, "team_id": space.team}


def base(space: Space, person: Person, kind: str) -> Json:
    """The keys that all interactions have; shortcuts leave out `api_app_id`."""
    return {
        "type": kind,
        "user": actor(space, person),
        "api_app_id": space.app.id,
        "token": "local",
        "team": {"id": space.team, "domain": space.config.team_name.lower()},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut(space: Space, person: Person, callback_id: str) -> Json:
    """A global shortcut, which tells less than other interactions."""
    who = {"id": person.id, "username": person.handle, "team_id": space.team}
    payload = base(space, person, "shortcut") | {
        "user": who,
        "callback_id": callback_id,
        "trigger_id": space.triggers.give(person.id),
        "action_ts": space.stamps.next(),
    }
    del payload["api_app_id"]
    return payload


def channel(conversation: Conversation) -> Json:
    """A conversation as interactions name it."""
    return {"id": conversation.id, "name": conversation.name or NO_NAME.get(conversation.kind, "")}


def on_message(space: Space, person: Person, conversation: Conversation, message: Json) -> Json:
    """Where a click in a message happened: container, channel, message, state. An ephemeral message is not repeated."""
    ephemeral = bool(message.get("ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": ephemeral,
    }
    where: Json = {"container": container, "channel": channel(conversation)}
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    if not ephemeral:
        where["message"] = as_slack(message)
    return where | {"state": {"values": sight.state(space, person.id, conversation.id, message)}}


def on_view(view: Json) -> Json:
    """Where a click in a modal or in Home happened."""
    shown = without_errors(view)
    return {"container": {"type": "view", "view_id": view["id"]}, "view": shown}


def without_errors(view: Json) -> Json:
    """The view as Slack sends it: what the form complained about stays with the person."""
    return {key: value for key, value in view.items() if key != "errors"}


def answer_on(person: Person, conversation: Conversation, message: Json, now: float) -> Answer:
    """What a response_url for that message may answer to."""
    ephemeral = bool(message.get("ephemeral"))
    return Answer(person.id, conversation.id, now, message["ts"], message.get("thread_ts", ""), ephemeral)


def command(space: Space, person: Person, conversation: Conversation, name: str, text: str) -> Json:
    """A slash command: a flat form."""
    answer = Answer(person.id, conversation.id, space.clock.now())
    return {
        "token": "local",
        "team_id": space.team,
        "team_domain": space.config.team_name.lower(),
        "channel_id": conversation.id,
        "channel_name": channel(conversation)["name"],
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": space.app.id,
        "is_enterprise_install": "false",
        "response_url": space.answers.give(space.base, answer),
        "trigger_id": space.triggers.give(person.id),
    }
