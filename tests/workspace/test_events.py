"""What the app hears: every kind of event, with the keys of Slack's documentation."""

from typing import Any

from slack_sdk import WebClient

from tests.slackworld import Person, World
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket

# docs.slack.dev/reference/events: the keys that each event has there
CALLBACK = {
    "token", "team_id", "api_app_id", "event", "type", "event_id", "event_time", "authorizations",
    "is_ext_shared_channel", "event_context", "context_team_id", "context_enterprise_id",
}  # fmt: skip
MESSAGE = {"type", "user", "ts", "client_msg_id", "text", "team", "blocks", "channel", "event_ts", "channel_type"}
HIDDEN = {"type", "subtype", "channel", "hidden", "ts", "event_ts", "channel_type", "previous_message"}


def test_the_envelope_of_all_events(world: World, anna: Person, socket: Socket) -> None:
    anna.write("hej")
    payload = socket.take()
    assert payload.keys() == CALLBACK
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == world.app["bot_user_id"]


def test_messages(anna: Person, socket: Socket) -> None:
    hers = anna.write("hej")
    event = socket.event("message")
    assert event.keys() == MESSAGE
    assert (event["channel_type"], event["channel"], event["ts"]) == ("im", anna.dm(), hers.ts)
    anna.write("mer", thread=hers)
    reply = socket.event("message")
    assert reply.keys() == MESSAGE | {"thread_ts", "parent_user_id"}
    assert (reply["thread_ts"], reply["parent_user_id"]) == (hers.ts, anna.id)
    anna.write("till alla", thread=hers, broadcast=True)
    loud = socket.event("message", subtype="thread_broadcast")
    assert loud["root"]["text"] == "hej"


def test_the_apps_own_messages(web: WebClient, anna: Person, socket: Socket) -> None:
    web.chat_postMessage(channel=anna.dm(), text="hej")
    event = socket.event("message")
    assert {"bot_id", "app_id", "bot_profile"} <= event.keys()
    assert "client_msg_id" not in event
    assert "subtype" not in event
    web.chat_postMessage(channel=anna.dm(), text="hej", username="Bo")
    assert socket.event("message")["subtype"] == "bot_message"


def test_edits_and_deletions(web: WebClient, anna: Person, socket: Socket) -> None:
    hers = anna.write("fel")
    anna.edit(hers, "rätt")
    event = socket.event("message", subtype="message_changed")
    assert event.keys() == HIDDEN | {"message"}
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("rätt", "fel")
    assert event["message"]["edited"]["user"] == anna.id
    assert event["message"]["ts"] == hers.ts != event["ts"]
    anna.delete(hers)
    event = socket.event("message", subtype="message_deleted")
    assert event.keys() == HIDDEN | {"deleted_ts"}
    assert (event["deleted_ts"], event["previous_message"]["text"]) == (hers.ts, "rätt")
    ts = web.chat_postMessage(channel=anna.dm(), text="a")["ts"]
    web.chat_update(channel=anna.dm(), ts=ts, text="b")
    assert socket.event("message", subtype="message_changed")["message"]["bot_id"]


def test_events_tell_what_was_so_when_they_happened(new_world) -> None:
    world = new_world()
    anna = somebody(world)
    hers = anna.write("ett")
    anna.edit(hers, "två")
    anna.edit(hers, "tre")
    web = client(world)
    ours = web.chat_postMessage(channel=anna.dm(), text="ett")["ts"]
    for text in ("två", "tre"):
        web.chat_update(channel=anna.dm(), ts=ours, text=text)
    with Socket.open(world) as socket:
        for _ in range(2):
            assert socket.event("message")["text"] == "ett"
            for before, after in (("ett", "två"), ("två", "tre")):
                event = socket.event("message")
                assert (event["previous_message"]["text"], event["message"]["text"]) == (before, after)


def test_mentions_outside_of_the_apps_own_conversation(world: World, anna: Person, socket: Socket) -> None:
    channel = world.add_channel("omnämnd", [anna])
    anna.write(f"@{world.app['name']} hjälp", channel=channel)
    text = f"<@{world.app['bot_user_id']}> hjälp"
    event = socket.event("message")
    assert (event["channel_type"], event["text"]) == ("channel", text)
    assert socket.event("app_mention")["text"] == text
    anna.write(f"@{world.app['name']} hjälp")
    assert socket.event("message")["channel_type"] == "im"
    assert socket.nothing()


def test_conversations_without_the_app_are_silent(world: World, anna: Person, bo: Person, socket: Socket) -> None:
    theirs = anna.do("dm", **{"with": [bo.email]})["conversation"]["id"]
    anna.write("hemligt", channel=theirs)
    channel = world.add_channel("utan", [anna], app=False)
    anna.write("också", channel=channel)
    assert socket.nothing()


def test_reactions(anna: Person, socket: Socket) -> None:
    hers = anna.write("hej")
    anna.react(hers, "eyes")
    event = socket.event("reaction_added")
    assert event.keys() == {"type", "user", "reaction", "item", "item_user", "event_ts"}
    assert event["item"] == {"type": "message", "channel": anna.dm(), "ts": hers.ts}
    anna.unreact(hers, "eyes")
    assert socket.event("reaction_removed")["reaction"] == "eyes"


def test_people_come_and_change(world: World, socket: Socket) -> None:
    person = somebody(world)
    assert socket.event("team_join")["user"]["id"] == person.id
    person.set(language="en")
    assert socket.event("user_change")["user"]["locale"] == "en-GB"
    person.set(deactivated=True)
    assert socket.event("user_change")["user"]["deleted"] is True
    person.set(deactivated=False)
    socket.event("user_change")
    person.set(dnd=True)
    assert socket.event("dnd_updated_user")["dnd_status"]["dnd_enabled"] is True


def test_home(web: WebClient, anna: Person, socket: Socket) -> None:
    anna.do("home")
    event = socket.event("app_home_opened")
    assert event.keys() == {"type", "user", "channel", "tab", "event_ts"}
    assert (event["tab"], event["channel"]) == ("home", anna.dm())
    web.views_publish(user_id=anna.id, view={"type": "home", "blocks": []})
    anna.do("home")
    assert socket.event("app_home_opened")["view"]["type"] == "home"
    anna.do("home", tab="messages")
    assert "view" not in socket.event("app_home_opened", tab="messages")


def test_joining_and_leaving(world: World, anna: Person, bo: Person, socket: Socket) -> None:
    channel = world.add_channel("in-och-ut", [anna])
    bo.do("join", channel=channel)
    event = socket.event("member_joined_channel")
    assert (event["user"], event["channel"], event["channel_type"]) == (bo.id, channel, "C")
    assert socket.event("message")["subtype"] == "channel_join"
    bo.do("leave", channel=channel)
    assert socket.event("message")["subtype"] == "channel_leave"
    assert socket.event("member_left_channel")["user"] == bo.id


def test_files(anna: Person, socket: Socket) -> None:
    anna.upload("bild.png", b"\x89PNG", text="se här")
    event = socket.event("message")
    assert (event["subtype"], event["text"]) == ("file_share", "se här")
    file = event["files"][0]
    assert {"id", "name", "mimetype", "filetype", "url_private", "size", "user", "mode"} <= file.keys()
    assert (file["mimetype"], file["size"]) == ("image/png", 4)
    assert socket.event("file_shared")["file_id"] == file["id"]


def test_only_what_was_subscribed_to(new_world) -> None:
    manifest: dict[str, Any] = {
        "display_information": {"name": "Bot"},
        "oauth_config": {"scopes": {"bot": ["im:history", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    world = new_world(manifest=manifest)
    anna = somebody(world)
    channel = world.add_channel("tyst", [anna])
    with Socket.open(world) as socket:
        anna.write("i kanalen", channel=channel)
        anna.react(anna.write("till boten"), "eyes")
        assert anna.do("home")["sent"] is False
        assert socket.take()["event"]["text"] == "till boten"
        assert socket.nothing()
