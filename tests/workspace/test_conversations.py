"""conversations.* and users.conversations: pages, ranges, memberships."""

import base64
from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from tests.slackworld import Person, World
from tests.workspace.conftest import client, somebody
from tests.workspace.test_chat import error


def all_pages(call: Callable, key: str, **kwargs) -> list[list]:
    """The pages of a list, by following the cursor."""
    pages, cursor = [], None
    while cursor != "":
        answer = call(cursor=cursor, **kwargs)
        pages.append(answer[key])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
    return pages


def test_opening(web: WebClient, anna: Person, bo: Person) -> None:
    answer = web.conversations_open(users=anna.id)
    assert answer["channel"] == {"id": anna.dm()}
    full = web.conversations_open(users=[anna.id], return_im=True)["channel"]
    assert (full["is_im"], full["user"]) == (True, anna.id)
    assert web.conversations_open(channel=anna.dm())["channel"]["id"] == anna.dm()
    group = web.conversations_open(users=[anna.id, bo.id], return_im=True)
    assert group["channel"]["is_mpim"]
    assert "already_open" not in group.data
    assert web.conversations_open(users=[bo.id, anna.id])["already_open"]


def test_opening_for_nobody(web: WebClient) -> None:
    assert error(web.conversations_open, users="U0000000000") == "user_not_found"
    assert error(web.api_call, "conversations.open") == "users_list_not_supplied"
    assert error(web.conversations_open, users=["U0000000000"] * 9) == "too_many_users"


def test_history_is_newest_first_in_pages_of_a_hundred(web: WebClient, anna: Person) -> None:
    for number in range(120):
        web.chat_postMessage(channel=anna.dm(), text=str(number))
    pages = all_pages(web.conversations_history, "messages", channel=anna.dm())
    assert [len(page) for page in pages] == [100, 20]
    assert [each["text"] for page in pages for each in page] == [str(number) for number in reversed(range(120))]
    first = web.conversations_history(channel=anna.dm())
    assert first["has_more"]
    assert error(web.conversations_history, channel=anna.dm(), limit=1000) == "invalid_limit"
    assert error(web.conversations_history, channel=anna.dm(), cursor="bortom") == "invalid_cursor"


def test_pages_stay_true_while_people_write(web: WebClient, anna: Person) -> None:
    for number in range(4):
        web.chat_postMessage(channel=anna.dm(), text=str(number))
    first = web.conversations_history(channel=anna.dm(), limit=2)
    anna.write("nytt")
    cursor = first["response_metadata"]["next_cursor"]
    second = web.conversations_history(channel=anna.dm(), limit=2, cursor=cursor)
    assert [each["text"] for each in second["messages"]] == ["1", "0"]


def test_history_between_two_moments(web: WebClient, anna: Person) -> None:
    stamps = [web.chat_postMessage(channel=anna.dm(), text=str(number))["ts"] for number in range(5)]

    def texts(**bounds) -> list[str]:
        return [each["text"] for each in web.conversations_history(channel=anna.dm(), **bounds)["messages"]]

    assert texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    assert texts(oldest=stamps[3]) == ["4"]
    assert texts(oldest="0") == ["4", "3", "2", "1", "0"]
    assert error(web.conversations_history, channel=anna.dm(), oldest="igår") == "invalid_ts_oldest"
    assert error(web.conversations_history, channel=anna.dm(), latest="nu!") == "invalid_ts_latest"


def test_history_shows_people_with_rich_text_and_no_replies(web: WebClient, anna: Person) -> None:
    hers = anna.write("se <@UX> & https://exempel.se")
    anna.write("tyst", thread=hers)
    (message,) = web.conversations_history(channel=anna.dm())["messages"]
    assert message["text"] == "se <@UX> &amp; <https://exempel.se>"
    section = message["blocks"][0]["elements"][0]["elements"]
    assert [each["type"] for each in section] == ["text", "user", "text", "link"]
    assert section[2]["text"] == " & "
    assert message["reply_count"] == 1


def test_replies(web: WebClient, anna: Person) -> None:
    parent = anna.write("fråga")
    stamps = [web.chat_postMessage(channel=anna.dm(), text=str(n), thread_ts=parent.ts)["ts"] for n in range(3)]

    def texts(**more) -> list[str]:
        return [each["text"] for each in web.conversations_replies(channel=anna.dm(), **more)["messages"]]

    assert texts(ts=parent.ts) == ["fråga", "0", "1", "2"]
    assert texts(ts=stamps[1]) == ["fråga", "0", "1", "2"]
    assert texts(ts=parent.ts, oldest=stamps[0]) == ["fråga", "1", "2"]
    pages = all_pages(web.conversations_replies, "messages", channel=anna.dm(), ts=parent.ts, limit=2)
    assert [len(page) for page in pages] == [2, 2]
    assert error(web.conversations_replies, channel=anna.dm(), ts="1700000000.000001") == "thread_not_found"


def test_members_and_lists_come_in_pages(world: World, web: WebClient) -> None:
    people = [somebody(world) for _ in range(5)]
    channel = world.add_channel("sidor", people)
    pages = all_pages(web.conversations_members, "members", channel=channel, limit=2)
    assert [len(page) for page in pages] == [2, 2, 2]
    assert {who for page in pages for who in page} == {each.id for each in people} | {web.auth_test()["user_id"]}
    dms = all_pages(web.users_conversations, "channels", types="im", limit=3)
    assert len(dms) > 1
    assert {each.dm() for each in people} <= {each["id"] for page in dms for each in page}
    assert error(web.conversations_members, channel=channel, limit=2000) == "invalid_limit"


def test_lists_hold_public_channels_unless_asked(world: World, web: WebClient, anna: Person) -> None:
    open_channel = world.add_channel("lista", [anna], app=False)
    secret = world.add_channel("lista-hemlig", [anna], private=True, app=False)
    ours = world.add_channel("lista-egen", [anna], private=True)
    listed = {each["id"]: each for each in web.conversations_list()["channels"]}
    assert listed[open_channel]["is_member"] is False
    assert not {secret, ours, anna.dm()} & set(listed)
    private = {each["id"] for each in web.conversations_list(types="private_channel")["channels"]}
    assert ours in private
    assert secret not in private
    assert error(web.conversations_list, types="slask") == "invalid_types"


def test_info(world: World, web: WebClient, anna: Person) -> None:
    channel = world.add_channel("om", [anna], topic="Ämnet")
    about = web.conversations_info(channel=channel, include_num_members=True)["channel"]
    assert (about["name"], about["topic"]["value"], about["num_members"]) == ("om", "Ämnet", 2)
    assert web.conversations_info(channel=anna.dm())["channel"]["user"] == anna.id


def test_coming_and_going(world: World, web: WebClient, anna: Person, bo: Person) -> None:
    channel = world.add_channel("dörr", [anna], app=False)
    assert web.conversations_join(channel=channel)["channel"]["is_member"]
    assert web.conversations_join(channel=channel)["warning"] == "already_in_channel"
    web.conversations_invite(channel=channel, users=[bo.id])
    assert error(web.conversations_invite, channel=channel, users=[bo.id]) == "already_in_channel"
    assert [each["subtype"] for each in anna.messages(channel)] == ["channel_join", "channel_join"]
    web.conversations_leave(channel=channel)
    assert error(web.conversations_history, channel=channel) == "not_in_channel"
    assert error(web.conversations_join, channel=anna.dm()) == "method_not_supported_for_channel_type"


def test_creating(web: WebClient) -> None:
    assert web.conversations_create(name="ny-kanal")["channel"]["is_member"]
    assert error(web.conversations_create, name="ny-kanal") == "name_taken"
    assert error(web.conversations_create, name="Ny Kanal") == "invalid_name_specials"


@pytest.mark.parametrize("kind", ["im", "channels"])
def test_scopes_by_kind_of_conversation(new_world, kind: str) -> None:
    other = {"im": "channels", "channels": "im"}[kind]
    scopes = [f"{kind}:history", f"{kind}:read", "chat:write"]
    manifest = {"display_information": {"name": "Bot"}, "oauth_config": {"scopes": {"bot": scopes}}}
    world = new_world(manifest=manifest)
    person = somebody(world)
    places = {"im": person.dm(), "channels": world.add_channel("öppen", [person])}
    web = client(world)
    web.conversations_history(channel=places[kind])
    web.conversations_info(channel=places[kind])
    assert error(web.conversations_history, channel=places[other]) == "missing_scope"
    assert error(web.conversations_info, channel=places[other]) == "missing_scope"


def test_names_of_channels(web: WebClient) -> None:
    assert error(web.conversations_create, name="x" * 81) == "invalid_name_maxlength"
    assert web.conversations_create(name="x" * 80)["channel"]["name"] == "x" * 80


def test_inviting_those_who_can_come(world: World, web: WebClient, anna: Person) -> None:
    channel = world.add_channel(f"bjud-{anna.id.lower()}", [anna])
    assert error(web.api_call, "conversations.invite", json={"channel": channel}) == "no_user"
    assert error(web.conversations_invite, channel=channel, users=["U0000000000"]) == "user_not_found"
    gone = somebody(world)
    gone.set(deactivated=True)
    assert error(web.conversations_invite, channel=channel, users=[gone.id]) == "user_disabled"
    assert error(web.conversations_leave, channel=anna.dm()) == "method_not_supported_for_channel_type"


@pytest.mark.parametrize("inside", ["next:", "next:U0000000000", "before:{me}", "{me}"])
def test_cursors_are_ours_or_none(web: WebClient, anna: Person, inside: str) -> None:
    """Some that lead to nobody, some of another kind, and what is no base64."""
    cursor = base64.b64encode(inside.format(me=anna.id).encode()).decode()
    assert error(web.users_list, cursor=cursor) == "invalid_cursor"
    assert error(web.users_list, cursor=inside) == "invalid_cursor"
    ours = base64.b64encode(f"next:{anna.id}".encode()).decode()
    assert web.users_list(cursor=ours)["members"][0]["id"] == anna.id


@pytest.mark.parametrize("limit", [-1, 1001, "ett"])
def test_limits_have_limits(web: WebClient, limit: object) -> None:
    assert error(web.users_list, limit=limit) == "invalid_limit"
