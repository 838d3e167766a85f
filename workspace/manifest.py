"""Who the app is: what Slack would know from its app manifest, and the ids and tokens it was given.

Format: docs.slack.dev/reference/app-manifest. Without a manifest the app may do everything and hears everything.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from workspace import ids
from workspace.schema import Place, flag, items, shape, string
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
    check(manifest)
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


_EVENT_SCOPES: Final = {
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "file_shared": "files:read",
    "dnd_updated_user": "dnd:read",
}
_SHAPE: Final = shape(
    {"display_information": shape({"name": string(35, 1)}, {"description": string(140)}, loose=True)},
    {
        "features": shape(
            {},
            {
                "bot_user": shape({"display_name": string(80, 1)}, loose=True),
                "shortcuts": items(
                    shape(
                        {
                            "name": string(24, 1),
                            "type": string(among=["message", "global"]),
                            "callback_id": string(255, 1),
                            "description": string(150, 1),
                        }
                    ),
                    10,
                    0,
                ),
                "slash_commands": items(
                    shape(
                        {"command": string(32, 2), "description": string(2000, 1)},
                        {"usage_hint": string(1000), "url": string(), "should_escape": flag},
                    ),
                    50,
                    0,
                ),
            },
            loose=True,
        )
    },
    loose=True,
)


def check(manifest: Json) -> None:
    """Raise ValueError with everything for which Slack would not take the manifest."""
    place = Place("")
    _SHAPE(manifest, place)
    scopes = set(_part(_part(manifest, "oauth_config"), "scopes").get("bot", ()))
    events = _part(_part(manifest, "settings"), "event_subscriptions").get("bot_events", ())
    features = _part(manifest, "features")
    needed = {kind: _EVENT_SCOPES[kind] for kind in events if kind in _EVENT_SCOPES}
    needed |= {"slash_commands": "commands"} if features.get("slash_commands") else {}
    needed |= {"shortcuts": "commands"} if features.get("shortcuts") else {}
    for what, scope in needed.items():
        if scope not in scopes:
            place.fault(f"{what} needs the scope {scope}")
    if place.faults:
        raise ValueError("the app manifest is not valid: " + "; ".join(place.faults))


def _part(whole: Json, key: str) -> dict[str, Any]:
    return whole.get(key) or {}


def _command(entry: Json) -> Command:
    return Command(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""))


def _shortcut(entry: Json) -> Shortcut:
    return Shortcut(entry["type"], entry["callback_id"], entry["name"], entry.get("description", ""))
