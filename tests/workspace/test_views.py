"""views.*: triggers of one use and three seconds, hashes, a stack per person, Home."""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.slackworld import Person, World, wait_for
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket
from tests.workspace.test_chat import error, refused

PLAIN = {"type": "plain_text", "text": "ord"}
BUTTON = {"type": "button", "action_id": "open", "text": PLAIN}


def field(block_id: str = "b", action_id: str = "a", **element: Any) -> dict:
    inner = {"type": "plain_text_input", "action_id": action_id} | element
    return {"type": "input", "block_id": block_id, "label": PLAIN, "element": inner}


def modal(*blocks: dict, **more: Any) -> dict:
    given = {"type": "modal", "title": PLAIN, "submit": PLAIN, "callback_id": "form"}
    return given | {"blocks": list(blocks or [field()])} | more


class Clicker:
    """A person with a shortcut, and an app that hands out the trigger id without doing anything."""

    def __init__(self, world: World, person: Person, socket: Socket) -> None:
        self.world, self.person, self.socket = world, person, socket

    def trigger(self, view_id: str | None = None) -> str:
        """A fresh trigger id: of a shortcut, or of a button in a modal."""
        with self.world.in_background() as run:
            if view_id is None:
                run(self.person.shortcut, "ask")
            else:
                container = {"type": "view", "view_id": view_id}
                run(self.person.do, "act", container=container, action_id="open")
            return str(self.socket.until(lambda payload: "trigger_id" in payload)["trigger_id"])


@pytest.fixture
def clicker(world: World, anna: Person, socket: Socket) -> Clicker:
    return Clicker(world, anna, socket)


def test_opening_once(web: WebClient, clicker: Clicker) -> None:
    trigger = clicker.trigger()
    view = web.views_open(trigger_id=trigger, view=modal(private_metadata="p"))["view"]
    assert view["id"] == view["root_view_id"] == clicker.person.modal()["id"]
    assert (view["private_metadata"], view["previous_view_id"]) == ("p", None)
    assert view["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": None}}}
    assert error(web.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"


def test_opening_too_late(new_world) -> None:
    world = new_world()
    with Socket.open(world) as socket:
        trigger = Clicker(world, somebody(world), socket).trigger()
    world.switch(clock_offset=3.5)
    assert error(client(world).views_open, trigger_id=trigger, view=modal()) == "expired_trigger_id"
    world.switch(clock_offset=1.5)
    client(world).views_open(trigger_id=trigger, view=modal())


def test_inventing_triggers(web: WebClient) -> None:
    assert error(web.views_open, trigger_id="hej", view=modal()) == "invalid_trigger_id"
    assert error(web.views_open, trigger_id="12345.98765.abcd2358fdea", view=modal()) == "expired_trigger_id"
    answer = refused(web.api_call, "views.open", json={"view": modal()})
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: trigger_id"]


@pytest.mark.parametrize(
    ("view", "place"),
    [
        (
            modal(title={"type": "plain_text", "text": "x" * 25}),
            "less than 25 characters [json-pointer:/view/title/text]",
        ),
        (modal(submit={"type": "plain_text", "text": "x" * 25}), "[json-pointer:/view/submit/text]"),
        (modal(close={"type": "plain_text", "text": "x" * 25}), "[json-pointer:/view/close/text]"),
        (modal(private_metadata="x" * 3001), "[json-pointer:/view/private_metadata]"),
        (modal(callback_id="x" * 256), "[json-pointer:/view/callback_id]"),
        (modal(*[{"type": "divider"}] * 101), "[json-pointer:/view/blocks]"),
        (modal(submit=None), "missing required field: submit [json-pointer:/view]"),
        (modal(subtitle=PLAIN), "invalid additional property: subtitle [json-pointer:/view]"),
        (modal(type="home"), "[json-pointer:/view/type]"),
        (modal(field(), field()), "[json-pointer:/view/blocks/1/block_id]"),
    ],
)
def test_views_that_slack_refuses(web: WebClient, view: dict, place: str) -> None:
    answer = refused(web.views_open, trigger_id="1.1.a", view=view)
    assert answer["error"] == "invalid_arguments"
    assert any(message.endswith(place) for message in answer["response_metadata"]["messages"])


def test_a_view_of_250_kb(web: WebClient, anna: Person) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "å" * 2900}}
    assert (
        error(web.views_publish, user_id=anna.id, view={"type": "home", "blocks": [section] * 45}) == "view_too_large"
    )


def test_a_stack_of_three_for_each_person(world: World, web: WebClient, clicker: Clicker) -> None:
    button = {"type": "actions", "elements": [BUTTON]}
    view = web.views_open(trigger_id=clicker.trigger(), view=modal(button))["view"]
    root = view["id"]
    for _ in range(2):
        below = view["id"]
        view = web.views_push(trigger_id=clicker.trigger(below), view=modal(button))["view"]
        assert (view["previous_view_id"], view["root_view_id"]) == (below, root)
    trigger = clicker.trigger(view["id"])
    assert error(web.views_push, trigger_id=trigger, view=modal()) == "push_limit_reached"
    other = Clicker(world, somebody(world), clicker.socket)
    web.views_open(trigger_id=other.trigger(), view=modal())
    assert [len(each.person.views()) for each in (clicker, other)] == [3, 1]
    assert error(web.views_push, trigger_id=other.trigger(), view=modal()) == "not_found"


def test_updates_of_an_older_version(web: WebClient, clicker: Clicker) -> None:
    view = web.views_open(trigger_id=clicker.trigger(), view=modal(external_id="mitt"))["view"]
    renewed = web.views_update(view_id=view["id"], hash=view["hash"], view=modal(external_id="mitt"))["view"]
    assert renewed["hash"] != view["hash"]
    late = {"view_id": view["id"], "hash": view["hash"], "view": modal()}
    assert error(web.views_update, **late) == "hash_conflict"
    web.views_update(external_id="mitt", view=modal(title={"type": "plain_text", "text": "Ny"}))
    assert clicker.person.modal().title == "Ny"
    clicker.person.close()
    assert error(web.views_update, view_id=view["id"], view=modal()) == "not_found"


def test_external_ids_are_unique(world: World, web: WebClient, clicker: Clicker) -> None:
    web.views_open(trigger_id=clicker.trigger(), view=modal(external_id="en"))
    other = Clicker(world, somebody(world), clicker.socket)
    twice = {"trigger_id": other.trigger(), "view": modal(external_id="en")}
    assert error(web.views_open, **twice) == "duplicate_external_id"


def test_what_was_filled_in_survives_an_update_where_the_field_stays(web: WebClient, clicker: Clicker) -> None:
    view = web.views_open(trigger_id=clicker.trigger(), view=modal(field("b1"), field("b2")))["view"]
    anna = clicker.person
    for block_id in ("b1", "b2"):
        anna.do("act", container={"type": "view", "view_id": view["id"]}, block_id=block_id, action_id="a", value="ord")
    values = web.views_update(view_id=view["id"], view=modal(field("b1"), field("b2", "ny")))["view"]["state"]["values"]
    assert (values["b1"]["a"]["value"], values["b2"]["ny"]["value"]) == ("ord", None)


def test_home(web: WebClient, anna: Person) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = web.views_publish(user_id=anna.id, view=home)["view"]
    second = web.views_publish(user_id=anna.id, view=home, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    assert error(web.views_publish, user_id=anna.id, view=home, hash=first["hash"]) == "hash_conflict"
    assert error(web.views_publish, user_id="U0000000000", view=home) == "user_not_found"
    assert error(web.views_publish, user_id=anna.id, view=modal()) == "invalid_arguments"
    assert wait_for(lambda: anna.get("home")["home"])["id"] == first["id"]


def test_home_has_to_be_switched_on(new_world) -> None:
    world = new_world(manifest={"display_information": {"name": "Bot"}})
    person = somebody(world)
    home = {"type": "home", "blocks": []}
    assert error(client(world).views_publish, user_id=person.id, view=home) == "not_enabled"


def test_validating_without_doing(web: WebClient) -> None:
    wrong = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    web.blocks_validate(blocks=[{"type": "divider"}])
    web.blocks_validate(view=modal())
    answer = refused(web.blocks_validate, blocks=wrong)
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        {"pointer": "/0/text/text", "code": "failed_constraint", "message": "must be less than 3001 characters"}
    ]
    assert refused(web.blocks_validate, message={"blocks": wrong})["errors"][0]["pointer"] == "/blocks/0/text/text"
    assert error(web.blocks_validate, view=modal(title=None)) == "invalid_view"
    assert error(web.blocks_validate) == "invalid_arguments"


@pytest.mark.parametrize(
    ("method", "arguments", "missing"),
    [
        ("views.open", {"trigger_id": "1.1.a"}, "view"),
        ("views.publish", {"user_id": "anna"}, "view"),
        ("views.update", {"view": modal()}, "view_id"),
    ],
)
def test_what_is_missing_is_named(web: WebClient, anna: Person, method: str, arguments: dict, missing: str) -> None:
    arguments = {key: anna.id if value == "anna" else value for key, value in arguments.items()}
    answer = refused(web.api_call, method, json=arguments)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] missing required field: {missing}"]
