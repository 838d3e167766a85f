"""A small app that shows the page everything a bot can show: the page's tests talk to it instead of to the product.

Write "visa block", "bara jag", "tråd" or anything else (which it repeats); /prov and the shortcuts open the form.
"""

from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.slackworld import World

Blocks = list[dict[str, Any]]

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Provbot"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Provbot"},
        "slash_commands": [{"command": "/prov", "description": "Öppna formuläret", "usage_hint": "[text]"}],
        "shortcuts": [
            {"type": "global", "callback_id": "form", "name": "Fyll i formuläret", "description": "Öppnar ett fönster"},
            {"type": "message", "callback_id": "form_about", "name": "Gör till fråga", "description": "Om meddelandet"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history", "im:read", "im:write", "users:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_home_opened"]}},
}


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": words(text), "value": value}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": words(text), "action_id": action_id, **more}


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": words(label),
        "element": {"action_id": "it", **element},
        **more,
    }


TOOLS = [option(name, name.lower()) for name in ("Planering", "Lås", "Läkemedelsrobot")]

CARD: Blocks = [
    {"type": "header", "text": words("Ny fråga")},
    {"type": "section", "text": marked("*Låset* piper på _Björken_. <script>alert(1)</script> &lt;b&gt;")},
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            button("Ta frågan", "take", style="primary"),
            button("Öppna", "open"),
            button("Svarar aldrig", "mute"),
            button(
                "Avsluta",
                "end",
                style="danger",
                confirm={
                    "title": words("Avsluta?"),
                    "text": words("Anna får veta det."),
                    "confirm": words("Avsluta"),
                    "deny": words("Inte än"),
                },
            ),
        ],
    },
    {"type": "context", "elements": [marked("Väntat *3 min*")]},
]

GALLERY: Blocks = [
    *CARD,
    {
        "type": "section",
        "text": marked("> citat\n`kod` ~struket~ :tada: <https://example.org|länk> <javascript:alert(1)|farlig>"),
        "accessory": {"type": "static_select", "action_id": "tool", "placeholder": words("Verktyg"), "options": TOOLS},
    },
    {"type": "section", "fields": [marked("*Verktyg*\nLås"), marked("*Enhet*\nBjörken")]},
    {"type": "divider"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "Gör så här", "style": {"bold": True}}],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": step}]}
                    for step in ("Håll in knappen", "Vänta på grönt")
                ],
            },
        ],
    },
    {
        "type": "actions",
        "elements": [
            {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-30"},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Pausa mig 1 h", "pause"), option("Skicka vidare", "pass")],
            },
        ],
    },
]

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": words("Ställ en fråga"),
    "submit": words("Skicka"),
    "close": words("Avbryt"),
    "blocks": [
        field(
            "what",
            "Vad krånglar?",
            {"type": "plain_text_input", "multiline": True},
            hint=words("Inga namn på brukare."),
        ),
        field("tool", "Verktyg", {"type": "static_select", "options": TOOLS}, optional=True),
        field("model", "Modell", {"type": "external_select", "min_query_length": 1}, optional=True),
        field("who", "Kollega", {"type": "multi_users_select"}, optional=True),
        field("when", "Dag", {"type": "datepicker"}, optional=True),
        field(
            "hurry",
            "Brådskar det?",
            {"type": "radio_buttons", "options": [option("Ja", "yes"), option("Nej", "no")]},
            optional=True,
        ),
        field("about", "Gäller", {"type": "checkboxes", "options": TOOLS}, optional=True),
        {"type": "actions", "block_id": "deeper", "elements": [button("Ett steg till", "push")]},
    ],
}

SECOND: dict[str, Any] = {
    "type": "modal",
    "callback_id": "second",
    "title": words("Ett steg till"),
    "close": words("Tillbaka"),
    "blocks": [{"type": "section", "text": marked("Här finns *inget* att fylla i.")}],
}

HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": words("Välkommen")},
        {
            "type": "section",
            "text": marked("Du har *ingen* öppen fråga."),
            "accessory": button("Ställ en fråga", "open"),
        },
    ],
}


def start(world: World) -> SocketModeHandler:
    """Connect the app; `close()` it afterwards."""
    client = WebClient(token=world.bot_token, base_url=world.api_url)
    app = App(name="trial", client=client, process_before_response=True)
    _talk(app)
    _press(app)
    _fill_in(app)
    handler = SocketModeHandler(app, world.app_token, concurrency=4)
    handler.connect()
    world.wait_connected()
    return handler


def _talk(app: App) -> None:
    @app.event("message")
    def answer(event: dict[str, Any], client: WebClient) -> None:
        if (
            event.get("subtype") in (None, "thread_broadcast")
            and not event.get("bot_id")
            and event["channel_type"] == "im"
        ):
            _repeat(event, client)

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)


def _repeat(event: dict[str, Any], client: WebClient) -> None:
    where = {"channel": event["channel"], "thread_ts": event.get("thread_ts")}
    match event["text"]:
        case "visa block":
            client.chat_postMessage(**where, text="Ny fråga: låset piper", blocks=GALLERY)
        case "visa kort":
            client.chat_postMessage(**where, text="Ny fråga: låset piper", blocks=CARD)
        case "bara jag":
            client.chat_postEphemeral(**where, user=event["user"], text="Det här ser bara du.")
        case "tråd":
            where["thread_ts"] = event["ts"]
            client.chat_postMessage(**where, text="Svar i tråden", reply_broadcast=True)
        case text:
            client.chat_postMessage(**where, text=f"Du skrev: {text}")


def _press(app: App) -> None:
    @app.action("take")
    def take(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        container = body["container"]
        client.chat_update(
            channel=container["channel_id"],
            ts=container["message_ts"],
            text="Tagen",
            blocks=[{"type": "section", "text": marked("*Tagen* av dig.")}],
        )

    @app.action("end")
    def end(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_delete(channel=body["container"]["channel_id"], ts=body["container"]["message_ts"])

    @app.action("mute")
    def mute(body: dict[str, Any]) -> None:
        """Never acks, so that the page has to say so."""

    @app.action("open")
    def open_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("push")
    def push(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=SECOND)

    for action in ("tool", "date", "more"):
        app.action(action)(lambda ack: ack())


def _fill_in(app: App) -> None:
    def open_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    app.command("/prov")(open_form)
    app.shortcut("form")(open_form)
    app.shortcut("form_about")(open_form)

    @app.options("it")
    def models(ack: Any, payload: dict[str, Any]) -> None:
        ack(options=[option(f"Modell {payload['value']}{number}", str(number)) for number in (1, 2)])

    @app.view("form")
    def submitted(ack: Any, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        values = view["state"]["values"]
        text = values["what"]["it"]["value"]
        if "19121212" in text:
            ack(response_action="errors", errors={"what": "Det här ser ut som ett personnummer."})
            return
        ack()
        tool = (values["tool"]["it"]["selected_option"] or {}).get("value")
        client.chat_postMessage(channel=body["user"]["id"], text=f"Mottaget: {text} ({tool})")
