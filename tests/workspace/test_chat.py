"""chat.* and reactions.*: what Slack takes, and what it refuses in which words."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slackworld import Person, World
from tests.workspace.conftest import client, somebody

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:slack_sdk")

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Gå"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hej"}}


def refused(call, *args, **kwargs) -> dict:
    """The body of an answer that says no."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return caught.value.response.data


def error(call, *args, **kwargs) -> str:
    return refused(call, *args, **kwargs)["error"]


def test_a_message_has_slacks_keys(web: WebClient, anna: Person) -> None:
    answer = web.chat_postMessage(channel=anna.dm(), text="hej")
    message = answer["message"]
    assert answer["channel"] == anna.dm()
    assert answer["ts"] == message["ts"]
    assert message["type"] == "message"
    assert message["user"] == web.auth_test()["user_id"]
    assert {"bot_id", "app_id", "team", "bot_profile", "text"} <= message.keys()
    assert [each["text"] for each in anna.messages()] == ["hej"]


def test_posting_to_a_person_opens_the_conversation(web: WebClient, anna: Person) -> None:
    assert web.chat_postMessage(channel=anna.id, text="hej")["channel"] == anna.dm()


def test_posting_by_channel_name(world: World, web: WebClient, anna: Person) -> None:
    channel = world.add_channel(f"namn-{anna.id.lower()}", [anna])
    assert web.chat_postMessage(channel=f"#namn-{anna.id.lower()}", text="hej")["channel"] == channel


@pytest.mark.parametrize("content", [{}, {"text": ""}, {"text": "   "}, {"text": "", "blocks": []}])
def test_nothing_to_say(web: WebClient, anna: Person, content: dict) -> None:
    assert error(web.chat_postMessage, channel=anna.dm(), **content) == "no_text"


def test_unknown_channels(web: WebClient) -> None:
    assert error(web.chat_postMessage, channel="C0000000000", text="hej") == "channel_not_found"
    assert error(web.chat_postMessage, channel="U0000000000", text="hej") == "channel_not_found"


def test_a_conversation_of_others_does_not_exist(world: World, web: WebClient, anna: Person, bo: Person) -> None:
    theirs = anna.do("dm", **{"with": [bo.email]})["conversation"]["id"]
    secret = world.add_channel(f"hemlig-{anna.id.lower()}", [anna], private=True, app=False)
    for channel in (theirs, secret):
        assert error(web.chat_postMessage, channel=channel, text="hej") == "channel_not_found"
        assert error(web.conversations_history, channel=channel) == "channel_not_found"


def test_a_public_channel_without_the_app(world: World, new_world, anna: Person) -> None:
    manifest = {
        "display_information": {"name": "Bot"},
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
    }
    strict = new_world(manifest=manifest)
    channel = strict.add_channel("utan-bot", [somebody(strict)], app=False)
    assert error(client(strict).chat_postMessage, channel=channel, text="hej") == "not_in_channel"
    assert error(client(strict).conversations_history, channel=channel) == "not_in_channel"


def test_long_texts_are_cut(web: WebClient, anna: Person) -> None:
    assert len(web.chat_postMessage(channel=anna.dm(), text="å" * 40_001)["message"]["text"]) == 40_000
    ts = anna.messages()[-1].ts
    assert error(web.chat_update, channel=anna.dm(), ts=ts, text="å" * 4_001) == "msg_too_long"


def test_deactivated_people_get_nothing(web: WebClient, anna: Person) -> None:
    channel = anna.dm()
    anna.set(deactivated=True)
    assert error(web.chat_postMessage, channel=channel, text="hej") == "user_disabled"
    assert error(web.conversations_open, users=anna.id) == "user_disabled"


def test_another_name_and_picture(web: WebClient, anna: Person) -> None:
    web.chat_postMessage(channel=anna.dm(), text="hej", username="Bo", icon_url="http://127.0.0.1/bo.png")
    message = anna.messages()[-1]
    assert (message["subtype"], message["username"]) == ("bot_message", "Bo")
    assert (message["author"]["name"], message["author"]["avatar"]) == ("Bo", "http://127.0.0.1/bo.png")
    web.chat_postMessage(channel=anna.dm(), text="hej", icon_emoji=":bell:")
    assert anna.messages()[-1]["author"]["emoji"] == ":bell:"


def test_threads(web: WebClient, anna: Person) -> None:
    parent = web.chat_postMessage(channel=anna.dm(), text="kvitto")["ts"]
    reply = web.chat_postMessage(channel=anna.dm(), text="svar", thread_ts=parent)["message"]
    loud = web.chat_postMessage(channel=anna.dm(), text="löst", thread_ts=parent, reply_broadcast=True)["message"]
    assert reply["parent_user_id"] == web.auth_test()["user_id"]
    assert (loud["subtype"], loud["root"]["text"]) == ("thread_broadcast", "kvitto")
    assert [each["text"] for each in anna.messages()] == ["kvitto", "löst"]
    assert [each["text"] for each in anna.thread(parent)] == ["kvitto", "svar", "löst"]
    top = anna.messages()[0]
    assert (top["reply_count"], top["latest_reply"], top["thread_ts"]) == (2, loud["ts"], parent)
    nested = {"channel": anna.dm(), "text": "?", "thread_ts": reply["ts"]}
    assert error(web.chat_postMessage, **nested) == "cannot_reply_to_message"
    nested["thread_ts"] = "1700000000.000001"
    assert error(web.chat_postMessage, **nested) == "thread_not_found"
    nested["thread_ts"] = "igår"
    assert error(web.chat_postMessage, **nested) == "invalid_thread_ts"


def test_metadata_is_kept_and_given_back_when_asked_for(web: WebClient, anna: Person) -> None:
    metadata = {"event_type": "letter", "event_payload": {"id": 7}}
    ts = web.chat_postMessage(channel=anna.dm(), text="hej", metadata=metadata)["ts"]
    web.chat_postMessage(channel=anna.dm(), text="svar", thread_ts=ts, metadata=metadata)
    history = web.conversations_history(channel=anna.dm(), include_all_metadata=True)["messages"]
    replies = web.conversations_replies(channel=anna.dm(), ts=ts, include_all_metadata=True)["messages"]
    assert [each["metadata"] for each in history + replies] == [metadata] * 3
    assert "metadata" not in web.conversations_history(channel=anna.dm())["messages"][0]
    assert "metadata" not in web.conversations_replies(channel=anna.dm(), ts=ts)["messages"][1]


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ("{", "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "two words", "event_payload": {}}, "invalid_metadata_schema"),
    ],
)
def test_bad_metadata(web: WebClient, anna: Person, metadata: object, code: str) -> None:
    assert error(web.chat_postMessage, channel=anna.dm(), text="hej", metadata=metadata) == code


def test_updates_keep_what_they_do_not_name(web: WebClient, anna: Person) -> None:
    meta = {"event_type": "letter", "event_payload": {"id": 7}}
    ts = web.chat_postMessage(channel=anna.dm(), text="ett", blocks=[SECTION], metadata=meta)["ts"]
    web.chat_update(channel=anna.dm(), ts=ts, text="två")
    message = anna.messages()[-1]
    assert (message["text"], message["metadata"]) == ("två", meta)
    assert message["blocks"][0]["text"]["text"] == "hej"
    assert message["edited"]["user"] == web.auth_test()["user_id"]
    web.chat_update(channel=anna.dm(), ts=ts, text="tre", blocks=[])
    assert "blocks" not in anna.messages()[-1]


def test_only_ones_own_messages(web: WebClient, anna: Person) -> None:
    hers = anna.write("min")
    assert error(web.chat_update, channel=anna.dm(), ts=hers.ts, text="din") == "cant_update_message"
    assert error(web.chat_delete, channel=anna.dm(), ts=hers.ts) == "cant_delete_message"
    assert error(web.chat_delete, channel=anna.dm(), ts="1700000000.000001") == "message_not_found"
    assert error(web.chat_update, channel=anna.dm(), ts="1700000000.000001", text="x") == "message_not_found"


def test_deleting(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="bort")["ts"]
    web.chat_delete(channel=anna.dm(), ts=ts)
    assert anna.messages() == []
    assert error(web.chat_delete, channel=anna.dm(), ts=ts) == "message_not_found"


def test_a_deleted_parent_leaves_a_tombstone(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="kvitto")["ts"]
    web.chat_postMessage(channel=anna.dm(), text="svar", thread_ts=ts)
    web.chat_delete(channel=anna.dm(), ts=ts)
    stone, reply = anna.thread(ts)
    assert (stone["subtype"], stone["user"], reply["text"]) == ("tombstone", "USLACKBOT", "svar")
    assert error(web.chat_update, channel=anna.dm(), ts=ts, text="x") == "message_not_found"


def test_ephemeral_messages_are_for_one_and_not_in_history(
    world: World, web: WebClient, anna: Person, bo: Person
) -> None:
    channel = world.add_channel(f"kanal-{anna.id.lower()}", [anna, bo])
    ts = web.chat_postEphemeral(channel=channel, user=anna.id, text="bara du")["message_ts"]
    assert [(each["text"], each["ephemeral"]) for each in anna.messages(channel)] == [("bara du", True)]
    assert bo.messages(channel) == []
    assert web.conversations_history(channel=channel)["messages"] == []
    assert error(web.chat_update, channel=channel, ts=ts, text="x") == "message_not_found"
    other = somebody(world)
    assert error(web.chat_postEphemeral, channel=channel, user=other.id, text="x") == "user_not_in_channel"


def test_permalinks(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="hej")["ts"]
    link = web.chat_getPermalink(channel=anna.dm(), message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{anna.dm()}/p{ts.replace('.', '')}")
    missing = {"channel": anna.dm(), "message_ts": "1700000000.000001"}
    assert error(web.chat_getPermalink, **missing) == "message_not_found"


def test_reactions(web: WebClient, anna: Person) -> None:
    where = {"channel": anna.dm(), "timestamp": anna.write("hej").ts}
    web.reactions_add(name="eyes", **where)
    assert error(web.reactions_add, name="eyes", **where) == "already_reacted"
    assert web.reactions_get(**where)["message"]["reactions"][0]["count"] == 1
    assert error(web.reactions_remove, name="tada", **where) == "no_reaction"
    web.reactions_remove(name="eyes", **where)
    assert "reactions" not in anna.messages()[-1]
    assert error(web.reactions_add, name="inte så", **where) == "invalid_name"
    assert error(web.reactions_add, name="eyes", channel=anna.dm(), timestamp="nyss") == "bad_timestamp"
    missing = {"channel": anna.dm(), "timestamp": "1700000000.000001"}
    assert error(web.reactions_add, name="eyes", **missing) == "message_not_found"


def test_blocks_get_ids_and_faults_get_places(web: WebClient, anna: Person) -> None:
    blocks = [SECTION, {"type": "actions", "elements": [{key: BUTTON[key] for key in ("type", "text")}]}]
    kept = web.chat_postMessage(channel=anna.dm(), text="hej", blocks=blocks)["message"]["blocks"]
    assert all(each["block_id"] for each in kept)
    assert kept[1]["elements"][0]["action_id"]
    long = [SECTION, {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}]
    answer = refused(web.chat_postMessage, channel=anna.dm(), text="hej", blocks=long)
    assert answer["error"] == "invalid_blocks"
    place = "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {place}"]
    assert answer["errors"] == [place]


def test_blocks_that_are_no_blocks(web: WebClient, anna: Person) -> None:
    assert error(web.chat_postMessage, channel=anna.dm(), text="x", blocks="[") == "invalid_blocks_format"
    assert error(web.chat_postMessage, channel=anna.dm(), text="x", blocks="{}") == "invalid_blocks_format"
    much = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3000}}] * 4
    web.chat_postMessage(channel=anna.dm(), text="x", blocks=much)
    much += [{"type": "header", "text": {"type": "plain_text", "text": "a"}}]
    assert error(web.chat_postMessage, channel=anna.dm(), text="x", blocks=much) == "msg_blocks_too_long"


def test_markdown_text_goes_alone(web: WebClient, anna: Person) -> None:
    message = web.chat_postMessage(channel=anna.dm(), markdown_text="**hej**")["message"]
    assert message["blocks"][0]["type"] == "markdown"
    both = {"channel": anna.dm(), "markdown_text": "a", "text": "b"}
    assert error(web.chat_postMessage, **both) == "markdown_text_conflict"


def test_attachments_are_tolerated_and_their_blocks_checked(web: WebClient, anna: Person) -> None:
    web.chat_postMessage(channel=anna.dm(), attachments=[{"text": "gammalt", "blocks": [SECTION]}])
    assert anna.messages()[-1]["attachments"][0]["blocks"][0]["block_id"]
    bad = [{"blocks": [{"type": "nej"}]}]
    assert error(web.chat_postMessage, channel=anna.dm(), attachments=bad) == "invalid_blocks"
    many = [{"text": "x"}] * 101
    assert error(web.chat_postMessage, channel=anna.dm(), attachments=many) == "too_many_attachments"


@pytest.mark.parametrize("wrong", ["[", {}, ["hej"], [1]], ids=repr)
def test_attachments_that_are_none(web: WebClient, anna: Person, wrong: object) -> None:
    assert error(web.chat_postMessage, channel=anna.dm(), text="x", attachments=wrong) == "invalid_attachments"


def test_a_message_has_twenty_three_kinds_of_reactions(web: WebClient, anna: Person) -> None:
    where = {"channel": anna.dm(), "timestamp": anna.write("hej").ts}
    for number in range(23):
        web.reactions_add(name=f"e{number}", **where)
    assert error(web.reactions_add, name="e23", **where) == "too_many_emoji"


def test_an_app_without_its_messages_tab_writes_to_nobody(new_world) -> None:
    features = {"app_home": {"messages_tab_enabled": False}}
    scopes = {"bot": ["chat:write", "im:write"]}
    manifest = {"display_information": {"name": "Bot"}, "features": features, "oauth_config": {"scopes": scopes}}
    world = new_world(manifest=manifest)
    channel = world.person("anna@exempel.se").dm()
    assert error(client(world).chat_postMessage, channel=channel, text="hej") == "messages_tab_disabled"


def test_opening_a_conversation_by_posting_wants_its_scope(new_world) -> None:
    scopes = {"bot": ["chat:write"]}
    world = new_world(manifest={"display_information": {"name": "Bot"}, "oauth_config": {"scopes": scopes}})
    anna = world.person("anna@exempel.se")
    answer = refused(client(world).chat_postMessage, channel=anna.id, text="hej")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:write")
    assert refused(client(world).conversations_open, users=[anna.id])["needed"] == "im:write"
    two = [anna.id, world.person("bo@exempel.se").id]
    assert refused(client(world).conversations_open, users=two)["needed"] == "mpim:write"
    client(world).chat_postMessage(channel=anna.dm(), text="hej")


def test_whispering_where_the_app_is_not(world: World, web: WebClient, anna: Person) -> None:
    channel = world.add_channel(f"utan-{anna.id.lower()}", [anna], app=False)
    assert error(web.chat_postEphemeral, channel=channel, user=anna.id, text="hej") == "not_in_channel"


def test_an_update_says_something(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="hej")["ts"]
    for nothing in ({}, {"text": ""}, {"text": " ", "blocks": []}):
        assert error(web.api_call, "chat.update", json={"channel": anna.dm(), "ts": ts} | nothing) == "no_text"
    assert anna.messages()[-1]["text"] == "hej"
