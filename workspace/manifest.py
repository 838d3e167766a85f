"""Who the app is: what Slack would know from its app manifest, and the ids and tokens it was given.

Format: docs.slack.dev/reference/app-manifest. Without a manifest the app may do everything and hears everything.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from workspace import ids
from workspace.shapes import Json

BOT_SCOPES: Final = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "dnd:read",
        "emoji:read",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
        "users:write",
    ]
)


@dataclass(frozen=True)
class Tokens:
    """How the app proves that it is the app: for the Web API, for Socket Mode, and how posts to it are signed."""

    bot: str = "xoxb-local"
    app: str = "xapp-local"
    signing: str = "local"


@dataclass(frozen=True)
class Command:
    """A slash command, as people see it in the composer."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """`type` is `global` or `message`."""

    type: str
    callback_id: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class App:
    """The one app of this workspace. `events` of None means: subscribed to everything."""

    name: str = "App"
    description: str = ""
    bot_name: str = "App"
    scopes: frozenset[str] = BOT_SCOPES
    events: frozenset[str] | None = None
    commands: tuple[Command, ...] | None = None
    shortcuts: tuple[Shortcut, ...] = ()
    home: bool = True
    messages: bool = True
    interactive: bool = True
    tokens: Tokens = field(default=Tokens(), repr=False)
    id: str = ids.stable("A", "app")
    bot_user_id: str = ids.stable("U", "app")
    bot_id: str = ids.stable("B", "app")

    def hears(self, *kinds: str) -> bool:
        """Whether the app subscribed to one of these event kinds (`message.im`, `app_mention`, …)."""
        return self.events is None or not self.events.isdisjoint(kinds)

    def command(self, name: str) -> Command | None:
        """The slash command of that name; without a manifest every name is one."""
        if self.commands is None:
            return Command(name)
        return next((each for each in self.commands if each.command == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """The shortcut with that callback id; without a manifest every id is one."""
        if self.commands is None:
            return Shortcut(kind, callback_id, callback_id)
        return next((each for each in self.shortcuts if (each.callback_id, each.type) == (callback_id, kind)), None)


def app(manifest: Json | None, tokens: Tokens | None = None) -> App:
    """Read a manifest. Unknown keys are left alone: Slack has many more than matter here."""
    tokens = tokens or Tokens()
    if manifest is None:
        return App(tokens=tokens)
    about, features, settings = (_part(manifest, key) for key in ("display_information", "features", "settings"))
    return App(
        tokens=tokens,
        name=about.get("name", "App"),
        description=about.get("description", ""),
        bot_name=_part(features, "bot_user").get("display_name", about.get("name", "App")),
        scopes=frozenset(_part(_part(manifest, "oauth_config"), "scopes").get("bot", ())),
        events=frozenset(_part(settings, "event_subscriptions").get("bot_events", ())),
        commands=tuple(_command(each) for each in features.get("slash_commands", ())),
        shortcuts=tuple(_shortcut(each) for each in features.get("shortcuts", ())),
        home=bool(_part(features, "app_home").get("home_tab_enabled", False)),
        messages=bool(_part(features, "app_home").get("messages_tab_enabled", True)),
        interactive=bool(_part(settings, "interactivity").get("is_enabled", True)),
    )


def _part(whole: Json, key: str) -> dict[str, Any]:
    return whole.get(key) or {}


def _command(entry: Json) -> Command:
    return Command(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""))


def _shortcut(entry: Json) -> Shortcut:
    return Shortcut(entry["type"], entry["callback_id"], entry["name"], entry.get("description", ""))
