"""The app manifest follows what is registered, and Slack's own limits on it."""

import ast
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot import manifest
from handlers.words import LANGUAGES, plainly
from workspace import manifest as theirs

ROOT = Path(__file__).parents[2]
# Which scope a call of slack_sdk needs: docs.slack.dev/reference/methods.
NEEDED = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "reactions_add": "reactions:write",
    "reactions_remove": "reactions:write",
    "files_delete": "files:write",
    "files_info": "files:read",
    "files_upload_v2": "files:write",
    "conversations_open": "im:write",
    "conversations_history": "im:history",
    "conversations_replies": "im:history",
    "users_conversations": "im:read",
    "users_list": "users:read",
    "bots_info": "users:read",
    "users_info": "users:read",
    "dnd_teamInfo": "dnd:read",
    "auth_test": None,
    "apps_connections_open": None,
    "views_open": None,
    "views_publish": None,
    "views_update": None,
}


def made(language: str = "sv") -> dict:
    return manifest.make(manifest.registered(), language)


def test_every_event_that_is_heard_is_subscribed() -> None:
    on = manifest.registered()
    assert made()["settings"]["event_subscriptions"]["bot_events"] == sorted(
        {manifest.EVENTS[name][0] for name in on.events}
    )
    assert "message.im" in made()["settings"]["event_subscriptions"]["bot_events"]


def test_with_an_address_slack_posts_everything_to_it() -> None:
    posted = manifest.make(manifest.registered(), "sv", "https://stuga.example/bot/")
    settings, to = posted["settings"], "https://stuga.example/bot/slack/events"
    assert (settings["socket_mode_enabled"], made()["settings"]["socket_mode_enabled"]) == (False, True)
    assert {settings[part]["request_url"] for part in ("event_subscriptions", "interactivity")} == {to}
    assert {command["url"] for command in posted["features"]["slash_commands"]} == {to}
    assert [each.command for each in theirs.app(posted).commands] == [each.command for each in theirs.app(made()).commands]


def calls() -> set[str]:
    """Methods of a Slack client that the product's code mentions."""
    sources = [*ROOT.glob("bot/*.py"), *ROOT.glob("handlers/**/*.py")]
    nodes = [node for file in sources for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    methods = {name for name in dir(WebClient) if "_" in name[1:] and not name.startswith("_")}
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} & (methods - {"api_call", "retry_handlers"})


def test_every_call_has_its_scope_and_every_scope_its_use() -> None:
    assert calls() <= set(NEEDED), "say in NEEDED which scope the new call needs"
    used = {scope for call in calls() if (scope := NEEDED[call])}
    by_events = {scope for _, scope in manifest.EVENTS.values() if scope}
    # These come with fields and entries, not with methods: username of a message, profile.email, slash commands.
    by_fields = {"chat:write.customize", "users:read.email", "commands"}
    assert set(manifest.scopes(manifest.registered())) == used | by_events | by_fields


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scope_has_a_reason_in_words(language: str) -> None:
    for scope in manifest.scopes(manifest.registered()):
        assert plainly(language, f"check.scope.{scope}") != f"check.scope.{scope}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slacks_limits(language: str) -> None:
    about = made(language)["display_information"]
    assert 0 < len(about["name"]) <= 35
    assert 0 < len(about["description"]) <= 140
    features = made(language)["features"]
    assert len(features["bot_user"]["display_name"]) <= 80
    for shortcut in features["shortcuts"]:
        assert 0 < len(shortcut["name"]) <= 24
        assert 0 < len(shortcut["description"]) <= 150
    for command in features["slash_commands"]:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32
        assert 0 < len(command["description"]) <= 2000


def test_what_the_bot_relies_on_is_switched_on() -> None:
    features, settings = made()["features"], made()["settings"]
    assert features["app_home"] == {
        "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
    }  # fmt: skip
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert not settings["token_rotation_enabled"]
    assert not settings["org_deploy_enabled"]


def test_a_slack_compatible_server_reads_it() -> None:
    app = theirs.app(made())
    assert app.name == "Supportstuga"
    assert app.scopes == frozenset(manifest.scopes(manifest.registered()))
    assert app.hears("message.im")


def test_looking_creates_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made()
    assert not list(tmp_path.iterdir())
