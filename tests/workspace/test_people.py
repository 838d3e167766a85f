"""users.*, dnd.*, team.*, bots.*: what is told about people."""

import urllib.request

import pytest
from slack_sdk import WebClient

from tests.slackworld import Person, World
from tests.workspace.conftest import client, somebody
from tests.workspace.test_chat import error
from tests.workspace.test_conversations import all_pages


def test_a_person(web: WebClient, anna: Person) -> None:
    user = web.users_info(user=anna.id)["user"]
    assert user["real_name"] == anna.name
    assert user["tz"] == "Europe/Stockholm"
    assert user["tz_offset"] in (3600, 7200)
    assert user["profile"]["email"] == anna.email
    assert "locale" not in user
    assert web.users_info(user=anna.id, include_locale=True)["user"]["locale"] == "sv-SE"
    with urllib.request.urlopen(user["profile"]["image_72"]) as picture:
        assert picture.headers["content-type"] == "image/svg+xml"


def test_nobody(web: WebClient) -> None:
    assert error(web.users_info, user="U0000000000") == "user_not_found"
    assert error(web.users_lookupByEmail, email="ingen@exempel.se") == "users_not_found"
    assert error(web.dnd_info, user="U0000000000") == "user_not_found"
    assert error(web.bots_info, bot="B0000000000") == "bot_not_found"


def test_email_needs_its_scope(new_world) -> None:
    manifest = {"display_information": {"name": "Bot"}, "oauth_config": {"scopes": {"bot": ["users:read"]}}}
    world = new_world(manifest=manifest)
    person = somebody(world)
    assert "email" not in client(world).users_info(user=person.id)["user"]["profile"]
    assert error(client(world).users_lookupByEmail, email=person.email) == "missing_scope"


def test_finding_by_email_ignores_case(web: WebClient, anna: Person) -> None:
    assert web.users_lookupByEmail(email=anna.email.upper())["user"]["id"] == anna.id


def test_users_come_in_pages(world: World, web: WebClient) -> None:
    for _ in range(105):
        somebody(world)
    pages = all_pages(web.users_list, "members")
    assert len(pages[0]) == 100
    members = [each for page in pages for each in page]
    assert len({each["id"] for each in members}) == len(world.people()) + 1
    assert [each["id"] for each in members if each["is_bot"]] == [web.auth_test()["user_id"]]
    assert len(web.users_list(limit=1000)["members"]) == len(members)


def test_deactivated_people(web: WebClient, anna: Person) -> None:
    anna.set(deactivated=True)
    user = web.users_info(user=anna.id, include_locale=True)["user"]
    assert user["deleted"]
    assert not {"tz", "locale", "real_name"} & user.keys()
    assert error(web.users_lookupByEmail, email=anna.email) == "users_not_found"


def test_presence(web: WebClient, anna: Person) -> None:
    assert web.users_getPresence(user=anna.id)["presence"] == "active"
    anna.set(presence="away")
    assert web.users_getPresence(user=anna.id)["presence"] == "away"


def test_do_not_disturb(world: World, web: WebClient, anna: Person, bo: Person) -> None:
    now = world.space.clock.now()
    anna.set(dnd=True, dnd_until=now + 3600)
    quiet = web.dnd_teamInfo(users=[anna.id, bo.id])["users"]
    assert [quiet[each.id]["dnd_enabled"] for each in (anna, bo)] == [True, False]
    assert quiet[anna.id]["next_dnd_start_ts"] <= now + 1 < quiet[anna.id]["next_dnd_end_ts"] <= now + 3600
    anna.set(dnd=False)
    assert web.dnd_info(user=anna.id)["dnd_enabled"] is False
    assert error(web.dnd_teamInfo, users=[]) == "no_users_provided"
    assert error(web.dnd_teamInfo, users=[anna.id] * 51) == "too_many_users"


def test_do_not_disturb_ends(new_world) -> None:
    world = new_world()
    person = somebody(world)
    person.set(dnd=True, dnd_until=world.space.clock.now() + 60)
    world.switch(clock_offset=61)
    assert client(world).dnd_info(user=person.id)["dnd_enabled"] is False
    assert person.get("conversations")
    assert world.control.get(f"people/{person.id}")["person"]["dnd"] is False


def test_the_app_itself(web: WebClient) -> None:
    me = web.auth_test()
    assert web.users_info(user=me["user_id"])["user"]["is_bot"]
    assert web.bots_info(bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]
    assert web.team_info()["team"]["id"] == me["team_id"]
    assert web.usergroups_list()["usergroups"] == []
    assert web.emoji_list()["emoji"] == {}


def test_ids_belong_to_addresses(new_world) -> None:
    one, two = (new_world().add_person("karin@exempel.se", "Karin") for _ in range(2))
    assert one.id == two.id
    assert one.dm() == two.dm()


@pytest.mark.parametrize("chat", ["no", "nej"])
def test_people_of_a_folder(new_world, tmp_path, chat: str) -> None:
    (tmp_path / "people.csv").write_text(
        "email,name,title,kind,language,chat,shoe_size\n"
        "anna@exempel.se,Anna Ö,Undersköterska,personal,sv,,38\n"
        "ward@exempel.se,Mobil 2,,shared_device,en,yes,\n"
        f"bo@exempel.se,Bo,,personal,sv,{chat},\n",
        encoding="utf-8",
    )
    (tmp_path / "conversations.csv").write_text("name,topic,members\nallmänt,Allt,anna@exempel.se|bo@exempel.se\n")
    world = new_world(people=tmp_path)
    assert [(each.name, each.email) for each in world.people()] == [
        ("Anna Ö", "anna@exempel.se"),
        ("Mobil 2", "ward@exempel.se"),
    ]
    assert client(world).users_info(user=world.people()[1].id, include_locale=True)["user"]["locale"] == "en-GB"
    names = [each["name"] for each in world.person("anna@exempel.se").conversations()]
    assert names == ["App", "allmänt"]


def test_one_team(web: WebClient) -> None:
    assert error(web.team_info, team="T0000000000") == "team_not_found"
    assert error(web.team_info, domain="granne") == "team_not_found"


def test_the_app_is_never_quiet(web: WebClient) -> None:
    assert web.dnd_info()["dnd_enabled"] is False


def test_the_locale_only_where_slack_gives_it(web: WebClient, anna: Person) -> None:
    answer = web.api_call("users.lookupByEmail", params={"email": anna.email, "include_locale": "true"})
    assert "locale" not in answer["user"]
