"""Every method of the Web API that is spoken here: who answers, which scope it needs, how often it may be called.

Scopes and tiers: docs.slack.dev/reference/methods, the "Facts" of each page. Where the scope depends on the kind of
conversation, the method checks it itself and none stands here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workspace import api_chat, api_conversations, api_files, api_people, api_views
from workspace.calls import Call
from workspace.limits import SPECIAL, TIER_1, TIER_2, TIER_3, TIER_4, Rate
from workspace.shapes import Json

Answer = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """`app_token`: wants the app-level token instead of the bot's. `open`: wants none."""

    answer: Answer
    scope: str = ""
    rate: Rate = TIER_3
    app_token: bool = False
    open: bool = False


METHODS: Final[dict[str, Method]] = {
    "api.test": Method(api_people.test, rate=TIER_4, open=True),
    "apps.connections.open": Method(api_people.connections_open, rate=TIER_1, app_token=True),
    "auth.test": Method(api_people.auth_test, rate=SPECIAL),
    "blocks.validate": Method(api_views.validate, rate=SPECIAL),
    "bots.info": Method(api_people.bots_info, "users:read", TIER_3),
    "chat.delete": Method(api_chat.delete, "chat:write", TIER_3),
    "chat.getPermalink": Method(api_chat.permalink, rate=SPECIAL),
    "chat.postEphemeral": Method(api_chat.post_ephemeral, "chat:write", TIER_4),
    "chat.postMessage": Method(api_chat.post_message, "chat:write", SPECIAL),
    "chat.update": Method(api_chat.update, "chat:write", TIER_3),
    "conversations.create": Method(api_conversations.create, "channels:manage", TIER_2),
    "conversations.history": Method(api_conversations.history, rate=TIER_3),
    "conversations.info": Method(api_conversations.info, rate=TIER_3),
    "conversations.invite": Method(api_conversations.invite, "channels:manage", TIER_3),
    "conversations.join": Method(api_conversations.join, "channels:join", TIER_3),
    "conversations.leave": Method(api_conversations.leave, "channels:manage", TIER_3),
    "conversations.list": Method(api_conversations.list_, rate=TIER_2),
    "conversations.members": Method(api_conversations.members, rate=TIER_4),
    "conversations.open": Method(api_conversations.open_, rate=TIER_3),
    "conversations.replies": Method(api_conversations.replies, rate=TIER_3),
    "dnd.info": Method(api_people.dnd_info, "dnd:read", TIER_3),
    "dnd.teamInfo": Method(api_people.dnd_team_info, "dnd:read", TIER_2),
    "emoji.list": Method(api_people.emoji, "emoji:read", TIER_2),
    "files.completeUploadExternal": Method(api_files.complete, "files:write", TIER_4),
    "files.delete": Method(api_files.delete, "files:write", TIER_3),
    "files.getUploadURLExternal": Method(api_files.upload_url, "files:write", TIER_4),
    "files.info": Method(api_files.info, "files:read", TIER_4),
    "reactions.add": Method(api_chat.add_reaction, "reactions:write", TIER_3),
    "reactions.get": Method(api_chat.get_reactions, "reactions:read", TIER_3),
    "reactions.remove": Method(api_chat.remove_reaction, "reactions:write", TIER_2),
    "team.info": Method(api_people.team_info, "team:read", TIER_3),
    "usergroups.list": Method(api_people.usergroups, "usergroups:read", TIER_2),
    "users.conversations": Method(api_conversations.of_user, rate=TIER_3),
    "users.getPresence": Method(api_people.presence, "users:read", TIER_3),
    "users.info": Method(api_people.info, "users:read", TIER_4),
    "users.list": Method(api_people.list_, "users:read", TIER_2),
    "users.lookupByEmail": Method(api_people.lookup_by_email, "users:read.email", TIER_3),
    "views.open": Method(api_views.open_, rate=TIER_4),
    "views.publish": Method(api_views.publish, rate=TIER_4),
    "views.push": Method(api_views.push, rate=TIER_4),
    "views.update": Method(api_views.update, rate=TIER_4),
}
