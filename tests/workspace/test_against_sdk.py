"""Every method against slack_sdk's WebClient: its name, its parameters, and a call that works."""

import inspect
import re
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.slackworld import World
from tests.workspace.drives import DRIVES, Stage
from tests.workspace.sockets import Socket
from workspace.methods import METHODS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:slack_sdk")

# Parameters of the WebClient without an effect here, and why; "*" for all methods that have them.
IGNORED: dict[str, dict[str, str]] = {
    "*": {
        "team_id": "for apps of a whole organisation; there is one workspace here",
        "as_user": "of old tokens; a bot token always speaks as the bot, as with Slack",
        "exclude_archived": "nothing is archived here",
        "link_names": "of people's clients of old; names are not links here, and Slack advises against it",
        "parse": "Slack's default is kept: what the app wrote stays as it is",
        "interactivity_pointer": "of workflow steps, which are not here; a trigger_id is what we take",
        "file_comment": "Slack has no file comments any more",
    },
    "chat.postMessage": {
        "mrkdwn": "only how people's clients draw it",
        "unfurl_links": "nothing is unfurled here",
        "unfurl_media": "nothing is unfurled here",
        "container_id": "of lists and canvases, which are not here",
    },
    "chat.update": {
        "file_ids": "files of a message stay as they are",
        "reply_broadcast": "a reply that was not broadcast stays where it is",
    },
    "conversations.invite": {"force": "one that cannot be invited refuses all of them"},
    "emoji.list": {"include_categories": "there are no emoji of our own"},
    "files.getUploadURLExternal": {"snippet_type": "every file is a whole file"},
    "files.info": dict.fromkeys(("count", "page", "cursor", "limit"), "pages of comments, of which there are none"),
    "reactions.get": {"file": "reactions are on messages here", "full": "all who reacted are always named"},
    "reactions.remove": {"file": "reactions are on messages here"},
    "team.info": {"include_slackbot_availability": "there is no Slackbot here"},
    "usergroups.list": dict.fromkeys(
        ("include_count", "include_disabled", "include_users"), "there are no user groups here"
    ),
}
# Parameters of the WebClient that it does not send as an argument.
NOT_SENT = {"apps.connections.open": {"app_token": "it is the token"}, "api.test": {"error": "makes the call fail"}}
# Names that we look at and the WebClient does not know, and why.
OURS: dict[str, dict[str, str]] = {"api.test": {"foo": "it looks at everything, to give it back"}}


@pytest.fixture(scope="module")
def stage(world: World) -> Iterator[Stage]:
    with Socket.open(world) as socket:
        while not socket.nothing(0.02):
            pass
        yield Stage(world, socket)


def _calls() -> dict[str, str]:
    """By method of the Web API, the WebClient's function that calls it, as its source says."""
    found: dict[str, str] = {}
    for name, function in inspect.getmembers(WebClient, inspect.isfunction):
        for method in re.findall(r'self\.api_call\(\s*"([^"]+)"', inspect.getsource(function)):
            found.setdefault(method, name)
    return found


FUNCTIONS = _calls()


def _parameters(method: str) -> set[str]:
    parameters = inspect.signature(getattr(WebClient, FUNCTIONS[method])).parameters.values()
    return {each.name for each in parameters if each.kind is not each.VAR_KEYWORD} - {"self"}


def test_the_webclient_was_read() -> None:
    assert len(FUNCTIONS) > 300


def test_every_method_is_one_of_the_webclient_and_has_a_drive() -> None:
    assert set(METHODS) - set(FUNCTIONS) == set()
    assert set(DRIVES) == set(METHODS)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_parameter_is_understood_or_ignored_for_a_reason(stage: Stage, method: str) -> None:
    """Driven through the WebClient with all its parameters, the method looks at those, and at no others."""
    since = max((row["id"] for row in stage.world.traffic(limit=1)), default=0)
    DRIVES[method](stage)
    rows = stage.world.calls(method, since=since)
    assert rows
    assert [row["error"] for row in rows if not row["ok"]] == []
    known = _parameters(method)
    sent = {name for row in rows for name in row["args"]}
    read = {name for row in rows for name in row["read"]}
    ignored = {name for name in IGNORED["*"] if name in known} | set(IGNORED.get(method, {}))
    assert known - sent == set(NOT_SENT.get(method, {})), "the drive leaves them out"
    assert known & sent - read == ignored, "sent and not looked at, or looked at in spite of the list"
    assert read - known == set(OURS.get(method, {})), "looked at, but no parameter of the WebClient"


def test_every_reason_is_needed() -> None:
    for lists in (IGNORED, NOT_SENT, OURS):
        assert set(lists) - set(METHODS) <= {"*"}
    for name in IGNORED["*"]:
        assert any(name in _parameters(method) for method in METHODS)
