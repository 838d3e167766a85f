"""The control API: what people do and see, the streams, the inspector, and who may ask at all."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.slackworld import ControlError, Person, World
from tests.workspace.conftest import somebody
from tests.workspace.sockets import Socket
from tests.workspace.test_views import Clicker, modal
from workspace.control import TYPES, VERBS


class Page:
    """The stream of a page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        assert self.frame("hello")

    def frame(self, kind: str) -> dict:
        """The next frame of this kind."""
        while True:
            frame: dict = json.loads(self._connection.recv(3))
            if frame["type"] == kind:
                return frame

    def ping(self) -> dict:
        self._connection.send('{"type": "ping"}')
        return self.frame("pong")


@pytest.fixture
def page(world: World, anna: Person) -> Iterator[Page]:
    """Anna's page."""
    with connect(f"{world.url.replace('http', 'ws')}/control/people/{anna.id}/stream") as connection:
        yield Page(connection)


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status
    except urllib.error.HTTPError as problem:
        return problem.code


def test_only_this_machine(world: World, anna: Person) -> None:
    people = f"{world.url}/control/people"
    assert status(people) == 200
    assert status(people, Origin=world.url) == 200
    assert status(people, Origin="http://localhost:5173") == 200
    assert status(people, Host="workspace.example") == 403
    assert status(people, Origin="https://evil.example") == 403
    assert status(people, Origin="null") == 403
    stream = f"{world.url.replace('http', 'ws')}/control/stream"
    with pytest.raises(InvalidStatus), connect(stream, origin="https://evil.example"):
        pass


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("dance", {}, "no_such_verb"),
        ("write", {}, "no_text"),
        ("write", {"text": "  "}, "no_text"),
        ("write", {"text": "x", "channel": "D0"}, "no_such_conversation"),
        ("write", {"text": "x", "thread_ts": "1700000000.000001"}, "no_such_message"),
        ("edit", {"text": "x"}, "missing"),
        ("react", {"ts": "1700000000.000001", "name": "eyes"}, "no_such_message"),
        ("act", {"container": {"type": "home"}, "action_id": "x"}, "no_such_view"),
        ("submit", {"view_id": "V0"}, "no_such_view"),
        ("set", {"shoes": 38}, "unknown"),
        ("upload", {"name": "a", "content": "%"}, "bad_content"),
        ("dm", {"with": ["ingen@exempel.se"]}, "no_such_person"),
    ],
)
def test_what_cannot_be_done(anna: Person, verb: str, body: dict, code: str) -> None:
    with pytest.raises(ControlError) as caught:
        anna.do(verb, **body)
    assert caught.value.code == code


def test_others_messages_are_not_ones_own(web: WebClient, anna: Person) -> None:
    web.chat_postMessage(channel=anna.dm(), text="botens")
    for change in (lambda: anna.edit(anna.messages()[-1], "min"), lambda: anna.delete(anna.messages()[-1])):
        with pytest.raises(ControlError, match="not_yours"):
            change()


def test_not_a_member(world: World, anna: Person, bo: Person) -> None:
    channel = world.add_channel("andras", [bo])
    with pytest.raises(ControlError, match="not_in_channel"):
        anna.write("hej", channel=channel)
    with pytest.raises(ControlError, match="not_in_channel"):
        anna.messages(channel)


def test_deactivated_people_do_nothing(anna: Person) -> None:
    anna.set(deactivated=True)
    with pytest.raises(ControlError, match="user_disabled"):
        anna.write("hej")


def test_the_sidebar(world: World, web: WebClient, anna: Person, bo: Person) -> None:
    channel = world.add_channel("sido", [anna, bo], topic="Ämne")
    theirs = bo.do("dm", **{"with": [anna.email]})["conversation"]["id"]
    bo.write("hej", channel=theirs)
    bo.write(f"@{anna.name} och ni andra", channel=channel)
    bo.write("mer", channel=channel)
    rows = anna.conversations()
    assert [each["kind"] for each in rows] == ["app", "dm", "channel"]
    assert [each["name"] for each in rows] == ["App", bo.name, "sido"]
    assert [(each["unread"], each["mentions"]) for each in rows] == [(0, 0), (1, 1), (2, 1)]
    anna.read(channel)
    assert anna.unread(channel) == 0
    anna.do("unread_from", channel=channel, ts=anna.messages(channel)[-1].ts)
    assert anna.unread(channel) == 1
    anna.write("svar", channel=channel)
    assert anna.unread(channel) == 0
    open_channel = world.add_channel("öppen-för-alla", [bo])
    every = {each["id"]: each for each in anna.get("conversations", all=1)["conversations"]}
    assert every[open_channel]["member"] is False


def test_thread_replies_do_not_count_as_unread(web: WebClient, anna: Person) -> None:
    ts = web.chat_postMessage(channel=anna.dm(), text="kvitto")["ts"]
    web.chat_postMessage(channel=anna.dm(), text="svar", thread_ts=ts)
    assert anna.unread() == 1
    web.chat_postMessage(channel=anna.dm(), text="till alla", thread_ts=ts, reply_broadcast=True)
    assert anna.unread() == 2


def test_pages_of_messages(anna: Person) -> None:
    for number in range(5):
        anna.write(str(number))
    last = anna.get("messages", limit=2)
    assert ([each["text"] for each in last["messages"]], last["has_more"]) == (["3", "4"], True)
    first = anna.get("messages", limit=50, before=last["messages"][0]["ts"])
    assert ([each["text"] for each in first["messages"]], first["has_more"]) == (["0", "1", "2"], False)


def test_the_stream_tells_everything(world: World, web: WebClient, anna: Person, bo: Person, page: Page) -> None:
    dm = anna.dm()
    ts = web.chat_postMessage(channel=dm, text="ett")["ts"]
    assert page.frame("message")["message"]["author"]["is_app"]
    assert page.frame("unread")["unread"] == 1
    assert page.frame("push")["push"]["reason"] == "dm"
    web.chat_update(channel=dm, ts=ts, text="två")
    assert page.frame("changed")["message"]["text"] == "två"
    assert page.frame("silent")["push"]["reason"] == "edit"
    web.chat_postMessage(channel=dm, text="svar", thread_ts=ts)
    assert page.frame("changed")["message"]["reply_count"] == 1
    assert page.frame("message")["message"]["thread_ts"] == ts
    web.chat_postEphemeral(channel=dm, user=anna.id, text="bara du")
    assert page.frame("ephemeral")["message"]["ephemeral"]
    web.reactions_add(channel=dm, timestamp=ts, name="eyes")
    assert page.frame("changed")["message"]["reactions"][0]["count"] == 1
    extra = web.chat_postMessage(channel=dm, text="bort")["ts"]
    web.chat_delete(channel=dm, ts=extra)
    assert page.frame("deleted")["ts"] == extra
    web.views_publish(user_id=anna.id, view={"type": "home", "blocks": []})
    assert page.frame("home")["home"]["type"] == "home"


def test_the_stream_tells_about_others_and_the_world(world: World, anna: Person, bo: Person, page: Page) -> None:
    theirs = bo.do("dm", **{"with": [anna.email]})["conversation"]["id"]
    assert page.frame("conversation")["conversation"]["id"] == theirs
    bo.do("typing", channel=theirs)
    assert page.frame("typing")["person"] == bo.id
    bo.set(presence="away")
    assert page.frame("person")["person"]["presence"] == "away"
    world.switch(latency_ms=0)
    assert page.frame("switches")["switches"]["latency_ms"] == 0
    with Socket.open(world):
        assert page.frame("app")["app"]["connected"] == 1
    assert page.frame("app")["app"]["connected"] == 0
    assert page.ping()


def test_views_on_the_stream(world: World, web: WebClient, anna: Person, page: Page) -> None:
    with Socket.open(world) as socket:
        view = web.views_open(trigger_id=Clicker(world, anna, socket).trigger(), view=modal())["view"]
    assert [each["id"] for each in page.frame("view_opened")["views"]] == [view["id"]]
    web.views_update(view_id=view["id"], view=modal())
    assert page.frame("view_updated")["view"]["id"] == view["id"]
    anna.close()
    assert page.frame("view_closed")["views"] == []


def test_everything_at_once_for_a_page_that_starts(anna: Person) -> None:
    sees = anna.get("sees")
    assert {"person", "people", "app", "team", "language", "conversations", "views", "home"} <= sees.keys()
    assert sees["person"]["id"] == anna.id


def test_members_and_invitations(world: World, anna: Person, bo: Person) -> None:
    channel = world.add_channel("gäster", [anna], app=False)
    anna.do("invite", channel=channel, person=bo.email)
    anna.do("invite", channel=channel, person="app")
    members = anna.get("members", channel=channel)["members"]
    assert [each["is_app"] for each in members] == [False, False, True]
    anna.do("remove", channel=channel, person="app")
    assert len(anna.get("members", channel=channel)["members"]) == 2
    with pytest.raises(ControlError, match="already_in_channel"):
        anna.do("invite", channel=channel, person=bo.id)


def test_files_as_forms(world: World, anna: Person) -> None:
    parts = '--xx\r\nContent-Disposition: form-data; name="content"; filename="a.txt"\r\n\r\nhej\r\n--xx--\r\n'
    request = urllib.request.Request(
        f"{world.url}/control/people/{anna.id}/upload",
        parts.encode(),
        {"Content-Type": "multipart/form-data; boundary=xx"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.loads(answer.read())["file"]["size"] == 3
    assert anna.messages()[-1]["files"][0]["name"] == "a.txt"


def test_the_inspector(world: World, web: WebClient, anna: Person) -> None:
    world.reset_traffic()
    web.chat_postMessage(channel=anna.dm(), text="hej")
    with pytest.raises(Exception, match="channel_not_found"):
        web.chat_postMessage(channel="D0000000000", text="hej")
    good, bad = world.calls("chat.postMessage")
    assert (good["args"]["text"], good["ok"], good["status"]) == ("hej", True, 200)
    assert (bad["error"], world.calls(error="channel_not_found")) == ("channel_not_found", [bad])
    assert world.calls(since=good["id"]) == [bad]
    assert world.counts() == {"chat.postMessage": 2}
    assert world.bot_token not in json.dumps(world.traffic())


def test_envelopes_in_the_inspector(new_world) -> None:
    world = new_world()
    with Socket.open(world) as socket:
        somebody(world)
        socket.take({"text": "tack"})
        world.idle()
    (row,) = world.envelopes(event="team_join")
    assert (row["type"], row["acked"], row["attempt"]) == ("events_api", True, 0)
    assert row["ack_payload"] == {"text": "tack"}
    assert row["ack_ms"] >= 0


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("se https://exempel.se/a?b=1.", "se <https://exempel.se/a?b=1>."),
        ("till anna@exempel.se!", "till <mailto:anna@exempel.se|anna@exempel.se>!"),
        ("<@U123> <!here>", "<@U123> <!here>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_the_composer(anna: Person, typed: str, text: str) -> None:
    assert anna.write(typed)["text"] == text


def test_mentions_by_name(world: World, anna: Person, bo: Person) -> None:
    assert anna.write(f"fråga @{bo.name} eller @App")["text"] == (
        f"fråga <@{bo.id}> eller <@{world.app['bot_user_id']}>"
    )


def test_forty_thousand_letters(anna: Person) -> None:
    assert len(anna.write("å" * 40_001)["text"]) == 40_000


def test_pictures(world: World, anna: Person) -> None:
    with urllib.request.urlopen(f"{world.url}/avatars/{anna.id}.svg") as answer:
        assert b">A" in answer.read()


def test_the_page_itself(world: World) -> None:
    assert status(f"{world.url}/") == 200
    assert status(f"{world.url}/nothing-here.js") == 404


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/css/base.css"])
def test_the_pages_files_are_asked_for_again(world: World, path: str) -> None:
    with urllib.request.urlopen(f"{world.url}{path}") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def code(call: Callable[..., object], *args: object, **kwargs: object) -> object:
    """How the control API answers: "ok" or the error."""
    try:
        call(*args, **kwargs)
    except ControlError as refused:
        return refused.code
    return "ok"


JUNK = [{}, {"a": []}, {"type": "message"}, {"type": "view", "view_id": []}, [], [{}], [5], 5, -1, True, "", "x", "app"]


@pytest.mark.slow
@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_no_junk_makes_a_verb_stumble(world: World, anna: Person, verb: str, junk: object) -> None:
    fitting = {key: junk for key, kind in TYPES.items() if isinstance(junk, kind)} | {"value": junk}
    in_place = fitting | {"channel": anna.dm(), "ts": anna.write("x").ts}
    for body in (dict.fromkeys(TYPES, junk), fitting, in_place):
        assert code(anna.do, verb, **body) != "internal"
