"""What people do with the app, through a real Bolt app: every element, forms, shortcuts, commands, answers."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.slackworld import ControlError, Message, Person, World, wait_for
from tests.workspace.conftest import client
from tests.workspace.sockets import Socket
from tests.workspace.test_control import code
from tests.workspace.test_views import BUTTON, field, modal

PLAIN = {"type": "plain_text", "text": "ord"}
ONE, TWO = ({"text": {"type": "plain_text", "text": words}, "value": words[0]} for words in ("ett", "två"))
OPTIONS = {"options": [ONE, TWO]}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "ord"}]}],
}

# element, what the person chooses, the field it comes in, what comes
ELEMENTS: list[tuple[dict, Any, str, Any]] = [
    ({"type": "static_select", **OPTIONS}, "t", "selected_option", TWO),
    ({"type": "static_select", **OPTIONS}, None, "selected_option", None),
    ({"type": "radio_buttons", **OPTIONS}, "e", "selected_option", ONE),
    ({"type": "overflow", **OPTIONS}, "e", "selected_option", ONE),
    ({"type": "checkboxes", **OPTIONS}, ["e", "t"], "selected_options", [ONE, TWO]),
    ({"type": "multi_static_select", **OPTIONS}, ["t"], "selected_options", [TWO]),
    ({"type": "external_select"}, ONE, "selected_option", ONE),
    ({"type": "multi_external_select"}, [TWO], "selected_options", [TWO]),
    ({"type": "users_select"}, "U1", "selected_user", "U1"),
    ({"type": "multi_users_select"}, ["U1", "U2"], "selected_users", ["U1", "U2"]),
    ({"type": "conversations_select"}, "D1", "selected_conversation", "D1"),
    ({"type": "multi_conversations_select"}, ["D1"], "selected_conversations", ["D1"]),
    ({"type": "channels_select"}, "C1", "selected_channel", "C1"),
    ({"type": "multi_channels_select"}, ["C1"], "selected_channels", ["C1"]),
    ({"type": "datepicker"}, "2026-11-30", "selected_date", "2026-11-30"),
    ({"type": "timepicker"}, "14:30", "selected_time", "14:30"),
    ({"type": "datetimepicker"}, 1_790_000_000, "selected_date_time", 1_790_000_000),
    ({"type": "rich_text_input"}, "ord", "rich_text_value", RICH),
    ({"type": "button", "text": PLAIN, "value": "v"}, None, "value", "v"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("element", "choice", "key", "value"), ELEMENTS, ids=lambda each: str(each)[:40])
def test_every_element_in_a_message(
    web: WebClient, anna: Person, bolt: App, element: dict, choice: Any, key: str, value: Any
) -> None:
    bodies: list[dict] = []
    bolt.action("it")(lambda ack, body: bodies.append(body) or ack())
    element = element | {"action_id": "it"}
    web.chat_postMessage(
        channel=anna.dm(), text="välj", blocks=[{"type": "actions", "block_id": "b", "elements": [element]}]
    )
    done = anna.choose("it", choice)
    assert (done["sent"], done["acked"], done["sentence"]) == (True, True, None)
    (action,) = bodies[0]["actions"]
    assert {"action_id", "block_id", "type", "action_ts", key} <= action.keys()
    assert (action["type"], action["block_id"], action[key]) == (element["type"], "b", value)
    if element["type"] not in ("button", "overflow"):
        assert bodies[0]["state"]["values"]["b"]["it"] == {"type": element["type"], key: value}
        assert anna.messages()[-1]["state"]["b"]["it"][key] == value


def test_a_click_in_a_message_has_slacks_keys(web: WebClient, anna: Person, bolt: App) -> None:
    bodies: list[dict] = []
    bolt.action("open")(lambda ack, body: bodies.append(body) or ack())
    parent = anna.write("fråga")
    web.chat_postMessage(
        channel=anna.dm(), text="k", blocks=[{"type": "actions", "elements": [BUTTON]}], thread_ts=parent.ts
    )
    anna.press("ord", anna.thread(parent)[-1])
    (body,) = bodies
    assert body.keys() == {
        "type", "user", "api_app_id", "token", "container", "trigger_id", "team", "enterprise",
        "is_enterprise_install", "channel", "message", "state", "response_url", "actions",
    }  # fmt: skip
    reply = anna.thread(parent)[-1]
    assert body["container"] == {
        "type": "message",
        "message_ts": reply.ts,
        "channel_id": anna.dm(),
        "is_ephemeral": False,
        "thread_ts": parent.ts,
    }
    assert body["channel"] == {"id": anna.dm(), "name": "directmessage"}
    assert body["message"]["blocks"][0]["elements"][0]["action_id"] == "open"
    assert body["user"]["id"] == anna.id


def test_a_click_in_an_ephemeral_message_does_not_repeat_it(web: WebClient, anna: Person, bolt: App) -> None:
    bodies: list[dict] = []

    @bolt.action("open")
    def answer(ack, body, respond) -> None:
        bodies.append(body)
        respond(replace_original=True, text="utbytt", blocks=[])
        ack()

    blocks = [{"type": "actions", "elements": [BUTTON]}]
    web.chat_postEphemeral(channel=anna.dm(), user=anna.id, text="bara du", blocks=blocks)
    anna.press("ord")
    assert "message" not in bodies[0]
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert [(each["text"], each["ephemeral"]) for each in anna.messages()] == [("utbytt", True)]


@pytest.mark.slow
def test_an_unanswered_click_says_so(web: WebClient, anna: Person, socket: Socket) -> None:
    web.chat_postMessage(channel=anna.dm(), text="k", blocks=[{"type": "actions", "elements": [BUTTON]}])
    done = anna.press("ord")
    assert (done["acked"], done["sentence"]) == (False, "App svarade inte. Försök igen om en stund.")


def test_forms(web: WebClient, anna: Person, bolt: App) -> None:
    bodies: list[dict] = []
    opens(bolt, modal(field("namn"), field("ålder", "n"), private_metadata="p"))

    @bolt.view("form")
    def submitted(ack, body, view) -> None:
        bodies.append(body)
        wrong = view["state"]["values"]["namn"]["a"]["value"] == "fel"
        ack(response_action="errors", errors={"namn": "Inte det"}) if wrong else ack()

    anna.shortcut("ask")
    done = anna.submit({"namn": "fel", "ålder": "7"})
    assert (done["response_action"], done["errors"]) == ("errors", {"namn": "Inte det"})
    assert anna.modal()["errors"] == {"namn": "Inte det"}
    assert anna.modal()["state"]["values"]["ålder"]["n"]["value"] == "7"
    done = anna.submit({"namn": "rätt"})
    assert (done["acked"], done["response_action"], done["views"]) == (True, None, [])
    body = bodies[-1]
    assert body.keys() == {
        "type", "team", "user", "api_app_id", "token", "trigger_id", "view", "response_urls",
        "is_enterprise_install", "enterprise",
    }  # fmt: skip
    view = body["view"]
    assert {
        "id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title", "submit",
        "close", "clear_on_close", "notify_on_close", "previous_view_id", "root_view_id", "app_id", "external_id",
        "app_installed_team_id", "bot_id",
    } <= view.keys()  # fmt: skip
    assert "errors" not in view
    assert view["state"]["values"] == {
        "namn": {"a": {"type": "plain_text_input", "value": "rätt"}},
        "ålder": {"n": {"type": "plain_text_input", "value": "7"}},
    }


def test_a_form_tells_the_app_all_about_a_file(anna: Person, bolt: App) -> None:
    """Slack: `files` of a file_input's state are file objects, not ids."""
    told: list[dict] = []
    opens(bolt, modal(field(type="file_input")))
    bolt.view("form")(lambda ack, view: told.append(view["state"]["values"]["b"]["a"]) or ack())
    anna.shortcut("ask")
    with pytest.raises(ControlError):
        anna.submit({"b": ["F404"]})
    file = anna.do("upload_file", name="a.png", content="iVBORw==")["file"]
    anna.submit({"b": [file["id"]]})
    [answer] = told
    assert (answer["type"], [each["name"] for each in answer["files"]]) == ("file_input", ["a.png"])
    assert answer["files"][0].items() >= {"id": file["id"], "mimetype": "image/png"}.items()


def opens(app: App, view: dict) -> None:
    """The shortcut `ask` opens this modal."""
    app.shortcut("ask")(lambda ack, body, client: client.views_open(trigger_id=body["trigger_id"], view=view) and ack())


@pytest.mark.parametrize(
    ("element", "value", "sentence"),
    [
        ({}, "", "Fyll i det här fältet."),
        ({"min_length": 5}, "kort", "Skriv minst 5 tecken."),
        ({"max_length": 3}, "långt", "Skriv högst 3 tecken."),
        ({"type": "number_input", "is_decimal_allowed": False}, "sju", "Skriv ett tal."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "5"},
            "5.5",
            "Skriv ett tal som är högst 5.",
        ),
        ({"type": "email_text_input"}, "anna", "Skriv en giltig e-postadress."),
        ({"type": "url_text_input"}, "exempel", "Skriv en giltig webbadress."),
    ],
)
def test_what_the_form_itself_refuses(
    world: World, anna: Person, bolt: App, element: dict, value: str, sentence: str
) -> None:
    opens(bolt, modal(field(**element)))
    anna.shortcut("ask")
    world.reset_traffic()
    done = anna.submit({"b": value})
    assert (done["sent"], done["errors"]) == (False, {"b": sentence})
    assert world.envelopes(event="view_submission") == []


def test_an_optional_field_may_be_empty(anna: Person, bolt: App) -> None:
    opens(bolt, modal(field() | {"optional": True}))
    bolt.view("form")(lambda ack: ack())
    anna.shortcut("ask")
    assert anna.submit()["acked"]


@pytest.mark.parametrize(("action", "left"), [("update", ["Ny"]), ("push", ["ord", "Ny"]), ("clear", [])])
def test_answers_to_a_form(anna: Person, bolt: App, action: str, left: list[str]) -> None:
    new = modal(title={"type": "plain_text", "text": "Ny"})
    opens(bolt, modal())
    answer = {"response_action": action} | ({} if action == "clear" else {"view": new})
    bolt.view("form")(lambda ack: ack(**answer))
    anna.shortcut("ask")
    assert anna.submit({"b": "x"})["response_action"] == action
    assert [each.title for each in anna.views()] == left


def test_answers_that_cannot_be_shown(anna: Person, bolt: App) -> None:
    opens(bolt, modal())
    bolt.view("form")(lambda ack: ack(response_action="errors", errors={"finns-inte": "?"}))
    anna.shortcut("ask")
    done = anna.submit({"b": "x"})
    assert done["sentence"] == "App svarade med något som inte går att visa."
    assert len(anna.views()) == 1


@pytest.mark.slow
def test_a_form_nobody_answers_stays_open(anna: Person, bolt: App) -> None:
    opens(bolt, modal())
    anna.shortcut("ask")
    done = anna.submit({"b": "x"})
    assert (done["acked"], done["sentence"]) == (False, "Det gick inte att skicka formuläret. Försök igen.")
    assert anna.modal()["state"]["values"]["b"]["a"]["value"] == "x"


def test_closing_tells_the_app_if_it_wants_to_know(anna: Person, bolt: App) -> None:
    closed: list[dict] = []
    opens(bolt, modal(notify_on_close=True))
    bolt.view_closed("form")(lambda ack, body: closed.append(body) or ack())
    anna.shortcut("ask")
    assert anna.close()["acked"]
    anna.shortcut("ask")
    anna.close(everything=True)
    assert [body["is_cleared"] for body in closed] == [False, True]
    opens(bolt, modal())
    assert anna.views() == []


def test_inputs_are_remembered_and_dispatched_only_when_asked(web: WebClient, anna: Person, bolt: App) -> None:
    pressed: list[str] = []
    bolt.action("live")(lambda ack, action: pressed.append(action["value"]) or ack())
    config = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    opens(bolt, modal(field("quiet"), field("loud", "live", **config) | {"dispatch_action": True}))
    anna.shortcut("ask")
    view = anna.modal()

    def act(**what: Any) -> bool:
        return bool(anna.do("act", container=view.container, **what)["sent"])

    assert not act(block_id="quiet", action_id="a", value="x")
    assert not act(action_id="live", value="x", trigger="on_enter_pressed")
    assert act(action_id="live", value="xy", trigger="on_character_entered")
    assert pressed == ["xy"]
    assert anna.modal()["state"]["values"]["quiet"]["a"]["value"] == "x"


def test_options_from_the_app(web: WebClient, anna: Person, bolt: App) -> None:
    asked: list[dict] = []
    bolt.options("tool")(lambda ack, body: asked.append(body) or ack(options=[ONE, TWO]))
    bolt.action("tool")(lambda ack, action: asked.append(action) or ack())
    element = {"type": "external_select", "action_id": "tool"}
    web.chat_postMessage(channel=anna.dm(), text="välj", blocks=[{"type": "actions", "elements": [element]}])
    assert anna.options("tool", "lås") == [ONE, TWO]
    assert (asked[0]["type"], asked[0]["value"], asked[0]["action_id"]) == ("block_suggestion", "lås", "tool")
    anna.choose("tool", "t")
    assert asked[1]["selected_option"] == TWO
    with pytest.raises(ControlError, match="no_such_option"):
        anna.choose("tool", "finns inte")


def test_options_beyond_slacks_limits_are_not_shown(web: WebClient, anna: Person, bolt: App) -> None:
    bolt.options("tool")(lambda ack: ack(options=[ONE] * 101))
    element = {"type": "external_select", "action_id": "tool"}
    web.chat_postMessage(channel=anna.dm(), text="välj", blocks=[{"type": "actions", "elements": [element]}])
    message = anna.messages()[-1]
    answer = anna.do("options", container=message.container, action_id="tool", query="x")
    assert (answer["options"], answer["sentence"]) == ([], "Det gick inte att hämta några val.")


def test_feedback(web: WebClient, anna: Person, bolt: App) -> None:
    actions: list[dict] = []
    bolt.action("fb")(lambda ack, action: actions.append(action) or ack())
    both = {"positive_button": {"text": PLAIN, "value": "+"}, "negative_button": {"text": PLAIN, "value": "-"}}
    element = {"type": "feedback_buttons", "action_id": "fb", **both}
    web.chat_postMessage(channel=anna.dm(), text="?", blocks=[{"type": "context_actions", "elements": [element]}])
    anna.press("fb", value="-")
    assert (actions[0]["type"], actions[0]["value"]) == ("feedback_buttons", "-")


def test_message_shortcuts(world: World, web: WebClient, anna: Person, bo: Person, bolt: App) -> None:
    bodies: list[dict] = []

    @bolt.shortcut({"type": "message_action", "callback_id": "make"})
    def make(ack, body, respond) -> None:
        bodies.append(body)
        respond("gjort")
        ack()

    channel = world.add_channel("genväg", [anna, bo])
    message = bo.write("kan nån hjälpa?", channel=channel)
    assert anna.shortcut("make", message)["acked"]
    (body,) = bodies
    assert body.keys() == {
        "type", "token", "team", "user", "enterprise", "is_enterprise_install", "callback_id", "trigger_id", "action_ts",
        "channel", "message_ts", "message", "response_url",
    }  # fmt: skip
    assert (body["message"]["text"], body["message"]["user"], body["user"]["id"]) == (message["text"], bo.id, anna.id)
    assert anna.messages(channel)[-1]["text"] == "gjort"
    assert bo.messages(channel)[-1]["text"] == "kan nån hjälpa?"


def test_commands(web: WebClient, anna: Person, bolt: App) -> None:
    heard: list[dict] = []
    bolt.command("/fraga")(lambda ack, command: heard.append(command) or ack("svar"))
    done = anna.command("/fraga  hur gör jag? ")
    assert Message(done["response"]).words == "svar"
    assert done["response"]["ephemeral"]
    (command,) = heard
    assert command.keys() == {
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
        "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    }  # fmt: skip
    assert (command["command"], command["text"], command["channel_id"]) == ("/fraga", "hur gör jag?", anna.dm())
    bolt.command("/alla")(lambda ack: ack(text="till alla", response_type="in_channel"))
    anna.command("/alla")
    assert "ephemeral" not in anna.sees("till alla")


def test_only_known_commands_and_shortcuts(new_world) -> None:
    features = {
        "slash_commands": [{"command": "/fraga", "description": "Fråga"}],
        "shortcuts": [{"type": "global", "callback_id": "ask", "name": "Fråga", "description": "Fråga"}],
    }
    scopes = {"scopes": {"bot": ["commands"]}}
    manifest = {"display_information": {"name": "Bot"}, "features": features, "oauth_config": scopes}
    world = new_world(manifest=manifest)
    person = world.person("anna@exempel.se")
    with pytest.raises(ControlError, match="unknown_command"):
        person.command("/annat")
    with pytest.raises(ControlError, match="no_such_shortcut"):
        person.shortcut("annat")
    app = world.app
    assert [each["command"] for each in app["commands"]] == ["/fraga"]
    assert [each["name"] for each in app["shortcuts"]] == ["Fråga"]


def test_a_response_url_works_five_times_for_half_an_hour(new_world) -> None:
    world = new_world(ack_seconds=0.2)
    anna = world.person("anna@exempel.se")
    with Socket.open(world) as socket, world.in_background() as run:
        run(anna.command, "/fraga")
        first = WebhookClient(socket.take()["response_url"])
        run(anna.command, "/fraga")
        second = WebhookClient(socket.take()["response_url"])
    answers = [first.send(text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[0].body == "ok"
    assert [each["text"] for each in anna.messages()] == ["0", "1", "2", "3", "4"]
    assert second.send(text="").status_code == 400
    assert second.send(text="x", blocks=[{"type": "nej"}]).body == "invalid_blocks"
    world.switch(clock_offset=1801)
    assert second.send(text="sent").status_code == 404


def test_answering_a_click_by_response_url(web: WebClient, anna: Person, bolt: App) -> None:
    bolt.action("open")(lambda ack, respond: respond(replace_original=True, text="utbytt", blocks=[]) and ack())
    bolt.action("gone")(lambda ack, respond: respond(delete_original=True) and ack())
    both = [{"type": "actions", "elements": [BUTTON, BUTTON | {"action_id": "gone"}]}]
    for action in ("open", "gone"):
        web.chat_postMessage(channel=anna.dm(), text=f"k {action}", blocks=both)
        anna.press(action)
    assert [each["text"] for each in anna.messages()] == ["utbytt"]


def test_home(web: WebClient, anna: Person, bolt: App) -> None:
    bodies: list[dict] = []
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [BUTTON]}]}
    bolt.event("app_home_opened")(lambda client, event: client.views_publish(user_id=event["user"], view=view))
    bolt.action("open")(lambda ack, body: bodies.append(body) or ack())
    anna.press("ord", anna.home())
    assert bodies[0]["container"]["type"] == "view"
    assert bodies[0]["view"]["type"] == "home"
    assert "response_url" not in bodies[0]


def test_nobody_touches_the_forms_of_others(anna: Person, bo: Person, bolt: App) -> None:
    opens(bolt, modal())
    anna.shortcut("ask")
    view = anna.modal()
    for verb in ("submit", "close"):
        with pytest.raises(ControlError, match="no_such_view"):
            bo.do(verb, view_id=view["id"])
    wait_for(anna.views)


@pytest.mark.slow
@pytest.mark.parametrize("junk", [{}, {"value": []}, [], [{}], [5], 5.5, "", "x", "2026-1-1"], ids=repr)
@pytest.mark.parametrize("element", [each[0] for each in ELEMENTS], ids=lambda each: each["type"])
def test_elements_take_only_what_their_pickers_give(web: WebClient, anna: Person, element: dict, junk: Any) -> None:
    """Whatever is sent, the control API refuses it or takes it; it never stumbles."""
    blocks = [{"type": "actions", "elements": [element | {"action_id": "it"}]}]
    web.chat_postMessage(channel=anna.dm(), text="x", blocks=blocks)
    container = anna.messages()[-1].container
    assert code(anna.do, "act", container=container, action_id="it", value=junk) != "internal"


def test_a_response_url_takes_json_objects(new_world) -> None:
    world = new_world(ack_seconds=0.2)
    anna = world.person("anna@exempel.se")
    with Socket.open(world) as socket, world.in_background() as run:
        run(anna.command, "/fraga")
        url = socket.take()["response_url"]
    for wrong in (b"[]", b"{", b"text=hej"):
        request = urllib.request.Request(url, wrong, {"Content-Type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert (caught.value.code, caught.value.read()) == (400, b"invalid_payload")
    assert anna.messages() == []


def test_an_answer_in_the_ack_of_a_click_is_not_heard(web: WebClient, anna: Person, bolt: App) -> None:
    """As Slack says of the envelope: `accepts_response_payload` is false."""
    bolt.action("open")(lambda ack: ack(text="hör du mig?"))
    web.chat_postMessage(channel=anna.dm(), text="k", blocks=[{"type": "actions", "elements": [BUTTON]}])
    assert anna.press("ord")["acked"]
    assert [each["text"] for each in anna.messages()] == ["k"]


def test_interactivity_has_to_be_switched_on(new_world) -> None:
    settings = {"interactivity": {"is_enabled": False}}
    features = {"shortcuts": [{"type": "global", "callback_id": "ask", "name": "Fråga", "description": "Fråga"}]}
    scopes = {"scopes": {"bot": ["commands", "chat:write"]}}
    manifest = {"display_information": {"name": "Bot"}, "features": features, "oauth_config": scopes}
    world = new_world(manifest=manifest | {"settings": settings})
    anna = world.person("anna@exempel.se")
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    client(world).chat_postMessage(channel=anna.dm(), text="k", blocks=blocks)
    for act in (lambda: anna.press("ord"), lambda: anna.shortcut("ask")):
        with pytest.raises(ControlError, match="not_interactive"):
            act()
    assert world.envelopes() == []
