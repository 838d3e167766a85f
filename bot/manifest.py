"""The Slack app manifest, made from what is registered: nobody has to keep the two in step.

Format: docs.slack.dev/reference/app-manifest. Each scope stands beside its reason, which people are told under
`check.scope.<scope>`.
"""

from typing import Any

from bot import app
from handlers.desk import Desk
from handlers.listening import Listeners
from handlers.words import plainly
from models.db import Database

COLOUR = "#1f5f5b"  # the page's own deep green; Slack asks for a dark one

# What delivery, directory and catch-up call; not tied to anything that is registered.
CALLED = (
    "chat:write",  # every message
    "chat:write.customize",  # a workmate's words come with her name and face
    "im:write",  # conversations.open before the first message to somebody
    "im:read",  # users.conversations: which conversations to catch up
    "im:history",  # what was written while we were away, and whether a letter in doubt arrived
    "users:read",  # names, languages, accounts that end
    "users:read.email",  # people are joined with the import by e-mail
    "reactions:write",  # a workmate's emoji on the other side
    "files:read",  # pictures from the form, where they are allowed
    "files:write",  # and into the thread of the one who helps
    "dnd:read",  # a helper who does not want to be disturbed is off duty
)
# Our name for an event → Slack's subscription and the scope that it needs.
EVENTS: dict[str, tuple[str, str | None]] = {
    "message": ("message.im", "im:history"),
    "app_home_opened": ("app_home_opened", None),
    "team_join": ("team_join", "users:read"),
    "user_change": ("user_change", "users:read"),
    "reaction_added": ("reaction_added", "reactions:read"),
    "reaction_removed": ("reaction_removed", "reactions:read"),
    "app_mention": ("app_mention", "app_mentions:read"),
}


def registered() -> Listeners:
    """Everything that is registered, without Slack and without a database."""
    desk = Desk(Database("sqlite:///not-opened"), app.wall_clock, lambda: None)
    nothing_verified = {"token_verification_enabled": False, "request_verification_enabled": False}
    _, on = app.build(desk, token="xoxb-not-used", **nothing_verified)  # noqa: S106 (nobody is asked)
    return on


def scopes(on: Listeners) -> list[str]:
    """What the app must be allowed to do."""
    commands = {"commands"} if on.commands or on.shortcuts or on.message_shortcuts else set()
    return sorted({*CALLED, *commands, *(scope for name in on.events if (scope := EVENTS[name][1]))})


def make(on: Listeners, language: str, url: str = "") -> dict[str, Any]:
    """The manifest, as a dict for JSON. `url`: where Slack posts, by https; without one we call Slack (Socket Mode)."""
    posts = f"{url.rstrip('/')}/slack/events" if url else ""
    posted = {"url": posts} if posts else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": plainly(language, "cli.app.name"),
            "description": plainly(language, "cli.app.description"),
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": plainly(language, "cli.app.name"), "always_online": False},
            "slash_commands": [_command(name, language) | posted for name in on.commands],
            "shortcuts": [
                *(_shortcut("global", name, language) for name in on.shortcuts),
                *(_shortcut("message", name, language) for name in on.message_shortcuts),
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes(on)}},
        "settings": _settings(on, posts),
    }


def _command(name: str, language: str) -> dict[str, Any]:
    about = f"cli.app.command.{name.removeprefix('/')}"
    return {
        "command": name,
        "description": plainly(language, about),
        "usage_hint": plainly(language, f"{about}.hint"),
        "should_escape": False,
    }


def _shortcut(kind: str, name: str, language: str) -> dict[str, Any]:
    about = f"cli.app.shortcut.{name}"
    return {
        "type": kind,
        "callback_id": name,
        "name": plainly(language, about),
        "description": plainly(language, f"{about}.about"),
    }


def _settings(on: Listeners, posts: str) -> dict[str, Any]:
    to = {"request_url": posts} if posts else {}
    return {
        "event_subscriptions": to | {"bot_events": sorted({EVENTS[name][0] for name in on.events})},
        "interactivity": to | {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not posts,
        "token_rotation_enabled": False,
    }
