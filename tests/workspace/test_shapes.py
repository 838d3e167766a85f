"""What the workspace sends has the shapes of Slack's documentation: events, interactions, frames, answers."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed

from tests.slackworld import World, wait_for
from tests.workspace import recorded
from tests.workspace.conftest import client, somebody
from tests.workspace.drives import DRIVES, META, SECTION, Stage
from tests.workspace.sockets import Frame, Socket
from tests.workspace.test_interactions import ELEMENTS, ONE, OPTIONS
from tests.workspace.test_views import BUTTON, field, modal
from workspace.methods import METHODS

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:slack_sdk")
SELECT = {"type": "external_select", "action_id": "tool"}


class Recorder:
    """Acks everything on a socket, options with some, and keeps every frame."""

    def __init__(self, socket: Socket) -> None:
        self.frames: list[Frame] = []
        self._socket = socket
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while True:
                frame = self._socket.frame(60)
                self.frames.append(frame)
                if "payload" in frame:
                    suggestion = frame["payload"].get("type") == "block_suggestion"
                    self._socket.ack(frame, {"options": [ONE]} if suggestion else None)
        except (ConnectionClosed, TimeoutError):
            return

    def trigger(self) -> str:
        """The newest trigger id."""
        payloads = [frame["payload"] for frame in self.frames if "trigger_id" in frame.get("payload", {})]
        return str(payloads[-1]["trigger_id"])


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Frame]]]:
    """A day in a workspace in which everything happens that an app can hear of; the frames by kind."""
    with World(tmp_path_factory.mktemp("day")) as world, Socket.open(world) as socket:
        recorder = Recorder(socket)
        _talk(world)
        _people(world)
        _interact(world, recorder)
        world.idle()
        world.drop_sockets("refresh")
        wait_for(lambda: recorder.frames[-1]["type"] == "disconnect")
        by_kind: dict[str, list[Frame]] = {}
        for frame in [socket.hello, *recorder.frames]:
            by_kind.setdefault(_kind(frame), []).append(frame)
        yield by_kind


def _talk(world: World) -> None:
    """Messages of all kinds."""
    anna, bo, web = somebody(world, "Anna Alm"), somebody(world, "Bo Berg"), client(world)
    channel = world.add_channel("dagen", [anna])
    hers = anna.write(f"@{world.app['name']} se här", channel=channel)
    anna.write("till alla", thread=hers, broadcast=True)
    anna.write("svar", thread=hers)
    anna.react(hers, "eyes")
    anna.unreact(hers, "eyes")
    anna.delete(anna.edit(hers, "rättat"))  # a parent: a tombstone
    anna.delete(anna.write("bort"))
    for name in ("bild.png", "lista.csv"):
        anna.upload(name, b"123", text="se här", channel=channel)
    bo.do("join", channel=channel)
    bo.do("leave", channel=channel)
    anna.do("invite", channel=channel, person=bo.id)
    ts = web.chat_postMessage(channel=channel, text="hej", blocks=[SECTION], metadata=META)["ts"]
    web.chat_postMessage(channel=channel, text="svar", thread_ts=ts)
    web.chat_update(channel=channel, ts=ts, text="nytt")
    web.chat_postMessage(channel=channel, text="hej", username="Stugan", icon_emoji=":bell:")
    web.files_upload_v2(channel=channel, filename="a.txt", content="a")


def _people(world: World) -> None:
    """People come and change, and open Home."""
    anna = somebody(world, "Anna Alm")
    anna.set(language="en")
    anna.set(deactivated=True)
    anna.set(deactivated=False)
    anna.set(dnd=True)
    anna.set(dnd=False)
    anna.do("home")
    client(world).views_publish(user_id=anna.id, view={"type": "home", "blocks": [SECTION]})
    anna.do("home")
    anna.do("home", tab="messages")


def _interact(world: World, recorder: Recorder) -> None:
    """Clicks everywhere, forms, shortcuts, commands."""
    anna, web = somebody(world, "Anna Alm"), client(world)
    buttons = [{"type": "actions", "block_id": "k", "elements": [BUTTON, SELECT]}]
    channel = world.add_channel("klicka", [anna])
    parent = anna.write("fråga", channel=channel)
    web.chat_postMessage(channel=channel, thread_ts=parent.ts, text="k", blocks=buttons)
    in_thread = anna.thread(parent)[-1]
    anna.press("open", in_thread)
    anna.options("tool", "lås", in_thread)
    web.chat_postEphemeral(channel=channel, user=anna.id, text="k", blocks=buttons)
    anna.press("open", anna.messages(channel)[-1])
    _every_element(world, anna)
    web.views_publish(user_id=anna.id, view={"type": "home", "blocks": buttons})
    anna.press("open", anna.home())
    anna.shortcut("ask")
    web.views_open(trigger_id=recorder.trigger(), view=modal(*buttons, field(), notify_on_close=True))
    anna.press("open")
    anna.options("tool", "lås")
    anna.close()
    anna.shortcut("ask")
    web.views_open(trigger_id=recorder.trigger(), view=modal(field()))
    anna.submit({"b": "x"})
    anna.shortcut("make", parent)
    anna.command("/fraga hur gör jag?")


def _every_element(world: World, anna: Any) -> None:
    feedback = {
        "type": "feedback_buttons",
        "positive_button": {"text": BUTTON["text"], "value": "+"},
        "negative_button": {"text": BUTTON["text"], "value": "-"},
    }
    icon = {"type": "icon_button", "icon": "trash", "text": BUTTON["text"], "value": "v"}
    menu = {"type": "static_select", **OPTIONS, "placeholder": BUTTON["text"], "initial_option": ONE}
    for kind, (element, choice) in [
        *(("actions", each[:2]) for each in ELEMENTS),
        ("actions", (menu, "t")),
        ("context_actions", (feedback, "-")),
        ("context_actions", (icon, None)),
    ]:
        blocks = [{"type": kind, "elements": [element | {"action_id": "it"}]}]
        client(world).chat_postMessage(channel=anna.dm(), text="välj", blocks=blocks)
        anna.choose("it", choice)


def _kind(frame: Frame) -> str:
    """What the shape of its inside is called."""
    payload = frame.get("payload")
    if payload is None:
        return str(frame["type"])
    if frame["type"] == "slash_commands":
        return "slash_command"
    if frame["type"] == "events_api":
        return _event(payload["event"])
    return str(payload["type"]) + _where(payload)


def _event(event: Frame) -> str:
    if event["type"] == "message" and "subtype" not in event:
        return "message.app" if "bot_id" in event else "message"
    return ".".join(filter(None, (event["type"], event.get("subtype"))))


def _where(payload: Frame) -> str:
    container = payload.get("container")
    if container is None:
        return ""
    if payload["type"] == "block_suggestion":
        return f".{container['type']}"
    if container["type"] == "view":
        return f".{payload['view']['type']}"
    return ".ephemeral" if container["is_ephemeral"] else ".message"


ANSWERED = ("view_submission", "block_suggestion")
KINDS = sorted(
    (set(recorded.FILES["events"]) | set(recorded.FILES["interactions"]) | {"hello", "disconnect"})
    - {"event_callback", "action"}
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_app_is_sent(frames: dict[str, list[Frame]], kind: str) -> None:
    assert frames.get(kind), "nothing of this kind was sent"
    for frame in frames[kind]:
        payload = frame.get("payload", frame)
        assert recorded.faults(kind, payload.get("event", payload)) == []


def test_everything_that_was_sent_has_a_shape(frames: dict[str, list[Frame]]) -> None:
    assert sorted(frames) == KINDS


def test_the_envelopes_around_it(frames: dict[str, list[Frame]]) -> None:
    for frame in [each for kind in frames.values() for each in kind if "payload" in each]:
        answered = frame["payload"].get("type") in ANSWERED
        assert recorded.faults("interactive.answered" if answered else frame["type"], frame) == []
        if frame["type"] == "events_api":
            assert recorded.faults("event_callback", frame["payload"]) == []


def test_an_eleventh_connection_is_told_so(new_world) -> None:
    world = new_world()
    sockets = [Socket.open(world) for _ in range(11)]
    assert recorded.faults("disconnect", sockets[-1].hello) == []
    for each in sockets:
        each.close()


@pytest.fixture(scope="module")
def stage(world: World) -> Iterator[Stage]:
    with Socket.open(world) as socket:
        yield Stage(world, socket)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_what_a_method_answers(stage: Stage, method: str) -> None:
    since = max((row["id"] for row in stage.world.traffic(limit=1)), default=0)
    DRIVES[method](stage)
    rows = stage.world.calls(method, since=since)
    assert rows
    assert [fault for row in rows for fault in recorded.faults(method, row["response"])] == []


@pytest.mark.parametrize(
    ("method", "arguments", "shape"),
    [
        ("chat.postMessage", {"channel": "C0", "text": "hej"}, "error"),
        ("chat.postMessage", {"text": "hej"}, "error.invalid_arguments"),
        ("chat.postMessage", {"channel": "C0", "text": "x", "blocks": [{"type": "nej"}]}, "error.invalid_blocks"),
        ("views.publish", {"user_id": "U0", "view": {"type": "home", "blocks": 1}}, "error"),
    ],
)
def test_what_a_refusal_looks_like(stage: Stage, method: str, arguments: dict, shape: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        stage.web.api_call(method, json=arguments)
    assert recorded.faults(shape, caught.value.response.data) == []


def test_a_missing_scope_says_which(new_world) -> None:
    world = new_world(manifest={"display_information": {"name": "Bot"}})
    with pytest.raises(SlackApiError) as caught:
        client(world).users_list()
    assert recorded.faults("error.missing_scope", caught.value.response.data) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"user": "U1", "ts": "1700000000.000001"}, None),
        ({"user": "U1"}, "edited.ts: missing"),
        ({"user": 1, "ts": "1700000000.000001"}, "edited.user: 1, not string"),
        ({"user": "U1", "ts": "1700000000"}, "edited.ts: '1700000000', not a ts"),
        ({"user": "U1", "ts": "1700000000.000001", "more": 1}, "edited.more: not Slack's"),
        ([], "edited: no object but []"),
    ],
)
def test_the_comparison_sees_what_is_missing_wrong_or_too_much(value: Any, fault: str | None) -> None:
    assert recorded.faults("edited", value) == ([fault] if fault else [])


def test_every_shape_names_its_source_and_no_name_stands_twice() -> None:
    assert all(shape["source"] for shape in recorded.SHAPES.values())
    assert len(recorded.SHAPES) == sum(len(file) for file in recorded.FILES.values())
    assert "://" not in "".join(path.read_text() for path in recorded.FOLDER.glob("*.json"))
