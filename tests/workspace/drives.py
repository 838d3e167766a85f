"""One successful call, or more, of every method of the Web API through slack_sdk's WebClient, with every parameter."""

import itertools
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from tests.slackworld import Message, Person, World
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket
from tests.workspace.test_files import fetch_post
from tests.workspace.test_views import BUTTON, Clicker, field, modal

_names = itertools.count(1)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hej"}}
META = {"event_type": "letter", "event_payload": {"id": 7}}


class Stage:
    """A workspace with two people, a channel of theirs with the app, and the app's client."""

    def __init__(self, world: World, socket: Socket) -> None:
        self.world, self.socket = world, socket
        self.web: WebClient = client(world)
        self.anna, self.bo = somebody(world, "Anna Alm"), somebody(world, "Bo Berg")
        self.channel = world.add_channel(self.name(), [self.anna, self.bo])

    def name(self) -> str:
        """A channel name that is free."""
        return f"scen-{next(_names)}"

    def said(self, text: str = "hej", **more: Any) -> str:
        """The ts of something that the app said to Anna."""
        return str(self.web.chat_postMessage(channel=self.anna.dm(), text=text, **more)["ts"])

    def written(self) -> Message:
        """Something that Anna wrote in the channel."""
        return self.anna.write("hej", channel=self.channel)

    def trigger(self, view_id: str | None = None, who: Person | None = None) -> str:
        """A fresh trigger id."""
        return Clicker(self.world, who or self.anna, self.socket).trigger(view_id)

    def uploaded(self) -> str:
        """The id of a file that waits to be completed."""
        place = self.web.files_getUploadURLExternal(filename="a.txt", length=1)
        assert fetch_post(place["upload_url"], b"a") == 200
        return str(place["file_id"])


Drive = Callable[[Stage], object]
DRIVES: dict[str, Drive] = {}


def drives(method: str) -> Callable[[Drive], Drive]:
    """This function drives that method."""

    def register(drive: Drive) -> Drive:
        DRIVES[method] = drive
        return drive

    return register


@drives("api.test")
def _(stage: Stage) -> None:
    stage.web.api_test(foo="bar")


@drives("apps.connections.open")
def _(stage: Stage) -> None:
    stage.web.apps_connections_open(app_token=stage.world.app_token)


@drives("auth.test")
def _(stage: Stage) -> None:
    stage.web.auth_test()


@drives("blocks.validate")
def _(stage: Stage) -> None:
    stage.web.blocks_validate(blocks=[SECTION])
    stage.web.blocks_validate(message={"blocks": [SECTION]})
    stage.web.blocks_validate(view=modal())


@drives("bots.info")
def _(stage: Stage) -> None:
    stage.web.bots_info(bot=stage.web.auth_test()["bot_id"], team_id=stage.world.space.team)


@drives("chat.delete")
def _(stage: Stage) -> None:
    stage.web.chat_delete(channel=stage.anna.dm(), ts=stage.said(), as_user=True)


@drives("chat.getPermalink")
def _(stage: Stage) -> None:
    stage.web.chat_getPermalink(channel=stage.anna.dm(), message_ts=stage.said())


LOOKS = {"username": "Bo", "icon_emoji": ":bell:", "icon_url": "http://127.0.0.1/bo.png", "parse": "full"}
CONTENT = {"text": "hej", "blocks": [SECTION], "attachments": [{"text": "gammalt"}], "link_names": True}


@drives("chat.postEphemeral")
def _(stage: Stage) -> None:
    to = {"channel": stage.channel, "user": stage.anna.id, "as_user": True}
    stage.web.chat_postEphemeral(**to, **CONTENT, **LOOKS, thread_ts=stage.written().ts)
    stage.web.chat_postEphemeral(**to, markdown_text="**hej**")


@drives("chat.postMessage")
def _(stage: Stage) -> None:
    to = {"channel": stage.channel, "as_user": True, "mrkdwn": True, "unfurl_links": False, "unfurl_media": False}
    parent = stage.written().ts
    more = {"thread_ts": parent, "reply_broadcast": True, "metadata": META, "container_id": "1"}
    stage.web.chat_postMessage(**to, **CONTENT, **LOOKS, **more)
    stage.web.chat_postMessage(channel=stage.channel, markdown_text="**hej**")


@drives("chat.update")
def _(stage: Stage) -> None:
    what = {"channel": stage.anna.dm(), "ts": stage.said()}
    rest = {"as_user": True, "file_ids": ["F1"], "parse": "full", "reply_broadcast": False, "metadata": META}
    stage.web.chat_update(**what, **CONTENT, **rest)
    stage.web.chat_update(**what, markdown_text="**hej**")


@drives("conversations.create")
def _(stage: Stage) -> None:
    stage.web.conversations_create(name=stage.name(), is_private=True, team_id=stage.world.space.team)


@drives("conversations.history")
def _(stage: Stage) -> None:
    dm, first, last = stage.anna.dm(), stage.said("ett", metadata=META), stage.said("två")
    page = {"channel": dm, "oldest": first, "latest": last, "inclusive": True, "include_all_metadata": True, "limit": 1}
    cursor = stage.web.conversations_history(**page)["response_metadata"]["next_cursor"]
    assert stage.web.conversations_history(**page, cursor=cursor)["messages"][0]["metadata"] == META


@drives("conversations.info")
def _(stage: Stage) -> None:
    for channel in (stage.channel, stage.anna.dm()):
        stage.web.conversations_info(channel=channel, include_locale=True, include_num_members=True)


@drives("conversations.invite")
def _(stage: Stage) -> None:
    stage.web.conversations_invite(channel=stage.channel, users=[somebody(stage.world).id], force=True)


@drives("conversations.join")
def _(stage: Stage) -> None:
    channel = stage.world.add_channel(stage.name(), [stage.anna], app=False)
    stage.web.conversations_join(channel=channel)
    assert stage.web.conversations_join(channel=channel)["warning"] == "already_in_channel"


@drives("conversations.leave")
def _(stage: Stage) -> None:
    channel = stage.world.add_channel(stage.name(), [stage.anna])
    stage.web.conversations_leave(channel=channel)
    assert stage.web.conversations_leave(channel=channel)["not_in_channel"]


def _in_pages(call: Callable[..., Any], **arguments: Any) -> None:
    """The first page and the second."""
    cursor = call(limit=1, **arguments)["response_metadata"]["next_cursor"]
    assert cursor
    call(limit=1, cursor=cursor, **arguments)


@drives("conversations.list")
def _(stage: Stage) -> None:
    of = {"types": "im,public_channel", "exclude_archived": True, "team_id": stage.world.space.team}
    _in_pages(stage.web.conversations_list, **of)
    stage.web.conversations_list(types="im,public_channel")


@drives("conversations.members")
def _(stage: Stage) -> None:
    _in_pages(stage.web.conversations_members, channel=stage.channel)


@drives("conversations.open")
def _(stage: Stage) -> None:
    stage.web.conversations_open(users=[stage.anna.id])
    stage.web.conversations_open(users=[stage.anna.id, stage.bo.id], return_im=True)
    stage.web.conversations_open(channel=stage.anna.dm(), return_im=True)


@drives("conversations.replies")
def _(stage: Stage) -> None:
    parent = stage.said("kvitto")
    replies = [stage.said(str(number), thread_ts=parent, metadata=META) for number in range(2)]
    within = {"oldest": replies[0], "latest": replies[-1], "inclusive": True, "include_all_metadata": True}
    _in_pages(stage.web.conversations_replies, channel=stage.anna.dm(), ts=parent, **within)


@drives("dnd.info")
def _(stage: Stage) -> None:
    stage.web.dnd_info(user=stage.anna.id, team_id=stage.world.space.team)
    stage.web.dnd_info()


@drives("dnd.teamInfo")
def _(stage: Stage) -> None:
    stage.web.dnd_teamInfo(users=[stage.anna.id, stage.bo.id], team_id=stage.world.space.team)


@drives("emoji.list")
def _(stage: Stage) -> None:
    stage.web.emoji_list(include_categories=True)


@drives("files.completeUploadExternal")
def _(stage: Stage) -> None:
    files = [{"id": stage.uploaded(), "title": "Lista"}]
    thread = {"channel_id": stage.channel, "thread_ts": stage.written().ts}
    stage.web.files_completeUploadExternal(files=files, initial_comment="här", **thread)
    files = [{"id": stage.uploaded()}]
    stage.web.files_completeUploadExternal(files=files, channels=[stage.channel, stage.anna.dm()])
    assert stage.anna.messages()[-1]["files"][0]["id"] == files[0]["id"]


@drives("files.delete")
def _(stage: Stage) -> None:
    stage.web.files_upload_v2(channel=stage.anna.dm(), file=b"a", filename="a.txt")
    sent = stage.anna.messages()[-1]["files"][0]["id"]
    stage.web.files_delete(file=sent)
    assert all(sent != file["id"] for message in stage.anna.messages() for file in message.get("files", ()))


@drives("files.getUploadURLExternal")
def _(stage: Stage) -> None:
    stage.web.files_getUploadURLExternal(filename="a.txt", length=1, alt_txt="ett a", snippet_type="text")


@drives("files.info")
def _(stage: Stage) -> None:
    file = stage.anna.upload("a.png", b"\x89PNG")["files"][0]["id"]
    stage.web.files_info(file=file, count=1, page=1, limit=1, cursor="x")


@drives("reactions.add")
def _(stage: Stage) -> None:
    stage.web.reactions_add(channel=stage.anna.dm(), timestamp=stage.said(), name="eyes")


@drives("reactions.get")
def _(stage: Stage) -> None:
    ts = stage.written().ts
    stage.web.reactions_add(channel=stage.channel, timestamp=ts, name="eyes")
    stage.web.reactions_get(channel=stage.channel, timestamp=ts, full=True, file="F1", file_comment="Fc1")


@drives("reactions.remove")
def _(stage: Stage) -> None:
    where = {"channel": stage.anna.dm(), "timestamp": stage.said(), "name": "eyes"}
    stage.web.reactions_add(**where)
    stage.web.reactions_remove(**where, file="F1", file_comment="Fc1")


@drives("team.info")
def _(stage: Stage) -> None:
    team = stage.web.team_info()["team"]
    stage.web.team_info(team=team["id"], domain=team["domain"], include_slackbot_availability=True)


@drives("usergroups.list")
def _(stage: Stage) -> None:
    more = {"include_count": True, "include_disabled": True, "include_users": True}
    stage.web.usergroups_list(**more, team_id=stage.world.space.team)


@drives("users.conversations")
def _(stage: Stage) -> None:
    of = {"types": "im,public_channel", "exclude_archived": True, "team_id": stage.world.space.team}
    _in_pages(stage.web.users_conversations, user=stage.anna.id, **of)
    stage.web.users_conversations(types="im,public_channel")


@drives("users.getPresence")
def _(stage: Stage) -> None:
    stage.web.users_getPresence(user=stage.anna.id)
    stage.web.users_getPresence(user=stage.web.auth_test()["user_id"])


@drives("users.info")
def _(stage: Stage) -> None:
    gone = somebody(stage.world)
    gone.set(deactivated=True)
    for who in (stage.anna.id, gone.id, stage.web.auth_test()["user_id"]):
        stage.web.users_info(user=who, include_locale=True)


@drives("users.list")
def _(stage: Stage) -> None:
    _in_pages(stage.web.users_list, include_locale=True, team_id=stage.world.space.team)
    stage.web.users_list(limit=1000)


@drives("users.lookupByEmail")
def _(stage: Stage) -> None:
    stage.web.users_lookupByEmail(email=stage.anna.email)


@drives("views.open")
def _(stage: Stage) -> None:
    stage.web.views_open(trigger_id=stage.trigger(), interactivity_pointer="x", view=modal())


@drives("views.publish")
def _(stage: Stage) -> None:
    home = {"type": "home", "blocks": [field()]}
    first = stage.web.views_publish(user_id=stage.anna.id, view=home)["view"]
    stage.web.views_publish(user_id=stage.anna.id, view=home, hash=first["hash"])


@drives("views.push")
def _(stage: Stage) -> None:
    button = {"type": "actions", "elements": [BUTTON]}
    below = stage.web.views_open(trigger_id=stage.trigger(), view=modal(button))["view"]["id"]
    stage.web.views_push(trigger_id=stage.trigger(below), interactivity_pointer="x", view=modal())


@drives("views.update")
def _(stage: Stage) -> None:
    name = stage.name()
    view = stage.web.views_open(trigger_id=stage.trigger(), view=modal(external_id=name))["view"]
    stage.web.views_update(view_id=view["id"], hash=view["hash"], view=modal(external_id=name))
    stage.web.views_update(external_id=name, view=modal())
    home = stage.web.views_publish(user_id=stage.anna.id, view={"type": "home", "blocks": []})["view"]
    stage.web.views_update(view_id=home["id"], view={"type": "home", "blocks": []})
