"""Socket Mode: hello, one connection for each envelope, acks, redelivery, refreshes, broken wires."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from websockets.exceptions import InvalidStatus

from tests.slackworld import Person, World, wait_for
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A workspace whose app hears direct messages only: nothing else comes between."""
    manifest = {
        "display_information": {"name": "Bot"},
        "features": {"slash_commands": [{"command": "/fraga", "description": "fråga"}]},
        "oauth_config": {"scopes": {"bot": ["im:history", "commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    with World(tmp_path_factory.mktemp("world"), manifest=manifest, ack_seconds=0.3) as running:
        yield running


@pytest.fixture
def quick(new_world: Callable[..., World]) -> World:
    """A workspace that loses patience after a tenth of a second."""
    return new_world(ack_seconds=0.1, redelivery_factor=0.001)


def test_hello(world: World) -> None:
    with Socket.open(world) as socket:
        assert (socket.hello["type"], socket.hello["num_connections"]) == ("hello", 1)
        assert socket.hello["connection_info"]["app_id"] == world.app["id"]
        with Socket.open(world) as second:
            assert second.hello["num_connections"] == 2
    world.wait_connected(0)


def test_an_address_is_good_for_one_connection(world: World) -> None:
    url = client(world).apps_connections_open(app_token=world.app_token)["url"]
    with Socket(url), pytest.raises(InvalidStatus):
        Socket(url)
    with pytest.raises(InvalidStatus):
        Socket(url.replace("ticket=", "ticket=x"))


def test_frames(world: World, anna: Person, socket: Socket) -> None:
    anna.write("hej")
    frame = socket.frame()
    assert frame.keys() == {
        "envelope_id", "payload", "type", "accepts_response_payload", "retry_attempt", "retry_reason",
    }  # fmt: skip
    assert (frame["type"], frame["accepts_response_payload"], frame["retry_attempt"]) == ("events_api", False, 0)
    socket.ack(frame)
    with world.in_background() as run:
        run(anna.command, "/fraga hej")
        frame = socket.frame()
        socket.ack(frame)
    assert (frame["type"], frame["accepts_response_payload"]) == ("slash_commands", True)
    assert "retry_attempt" not in frame


def test_each_envelope_goes_to_one_connection(world: World, anna: Person) -> None:
    with Socket.open(world) as one, Socket.open(world) as two:
        for number in range(6):
            anna.write(str(number))
        texts = [[socket.take()["event"]["text"] for _ in range(3)] for socket in (one, two)]
        assert sorted(texts[0] + texts[1]) == [str(number) for number in range(6)]
        assert one.nothing()
        assert two.nothing()


def test_at_most_ten_connections(world: World) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(Socket.open(world))
        with Socket.open(world) as eleventh:
            assert (eleventh.hello["type"], eleventh.hello["reason"]) == ("disconnect", "too_many_websockets")
            assert eleventh.closed()


@pytest.mark.slow
def test_unacked_events_come_again_three_times_with_the_same_id(quick: World) -> None:
    with Socket.open(quick) as socket:
        somebody(quick).write("hej")
        socket.until(lambda payload: payload["event"]["type"] == "team_join")
        frames = [socket.frame() for _ in range(4)]
        assert len({frame["payload"]["event_id"] for frame in frames}) == 1
        assert len({frame["envelope_id"] for frame in frames}) == 4
        assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2, 3]
        assert [frame["retry_reason"] for frame in frames] == ["", "timeout", "timeout", "timeout"]
        assert socket.nothing(0.5)
        quick.idle()


def test_an_ack_ends_the_redelivery(quick: World) -> None:
    with Socket.open(quick) as socket:
        somebody(quick).write("hej")
        socket.take()
        first, second = socket.frame(), socket.frame()
        socket.ack(second)
        assert first["payload"] == second["payload"]
        assert socket.nothing(0.4)


def test_interactive_envelopes_do_not_come_again(quick: World) -> None:
    person = somebody(quick)
    with Socket.open(quick) as socket, quick.in_background() as run:
        socket.take()
        done = run(person.command, "/fraga hej")
        socket.frame()
        result = done.result()
        assert (result["acked"], result["sentence"]) == (
            False,
            "/fraga misslyckades: App svarade inte. Försök igen om en stund.",
        )
        assert socket.nothing(0.4)


def test_events_wait_for_a_connection(new_world: Callable[..., World]) -> None:
    world = new_world()
    person = somebody(world)
    person.write("är någon där?")
    with Socket.open(world) as socket:
        assert socket.event("message")["text"] == "är någon där?"


def test_events_wait_no_longer_than_slack_would(new_world: Callable[..., World]) -> None:
    world = new_world(keep_seconds=0)
    person = somebody(world)
    person.write("är någon där?")
    with Socket.open(world) as socket:
        assert socket.nothing()
    world.idle()


def test_people_are_told_at_once_when_nobody_is_connected(new_world: Callable[..., World]) -> None:
    world = new_world(ack_seconds=30)
    result = somebody(world, language="en").command("/fraga hej")
    assert result["sentence"] == "/fraga failed: App did not answer. Try again in a moment."


def test_what_was_unacked_when_the_wire_broke_comes_again(world: World, anna: Person) -> None:
    with Socket.open(world) as socket:
        anna.write("hej")
        lost = socket.frame()
        world.drop_sockets()
        assert socket.closed()
    with Socket.open(world) as socket:
        again = socket.frame()
        assert again["payload"]["event_id"] == lost["payload"]["event_id"]
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
        socket.ack(again)


def test_an_abrupt_break_has_no_closing_frame(world: World) -> None:
    with Socket.open(world) as socket:
        world.drop_sockets("abrupt")
        assert socket.closed()
        assert socket.connection.close_code == 1006


def test_a_refresh_asks_for_a_new_connection_and_then_closes_the_old_one(world: World, anna: Person) -> None:
    with Socket.open(world) as old:
        assert world.drop_sockets("refresh") == 1
        assert old.frame()["reason"] == "refresh_requested"
        with Socket.open(world) as new:
            assert old.closed()
            anna.write("hej")
            assert new.take()["event"]["text"] == "hej"


def test_bolt_comes_back_after_a_refresh(world: World, anna: Person, bolt: App) -> None:
    bolt.event("message")(lambda event, say: say(f"eko {event['text']}"))
    world.drop_sockets("refresh")
    anna.write("hej")
    anna.sees("eko hej")


def test_refused_sockets(new_world: Callable[..., World]) -> None:
    world = new_world(refuse_sockets=True)
    with pytest.raises(InvalidStatus):
        Socket.open(world)
    world.switch(refuse_sockets=False)
    Socket.open(world).close()


def test_noise_on_the_socket_is_ignored(world: World, anna: Person, socket: Socket) -> None:
    for noise in ("hej", "[]", '{"envelope_id": "inget"}', "{}"):
        socket.connection.send(noise)
    anna.write("hej")
    assert socket.take()["event"]["text"] == "hej"


@pytest.mark.slow
def test_an_event_listener_that_fails_is_asked_again(new_world: Callable[..., World]) -> None:
    world = new_world(ack_seconds=0.2, redelivery_factor=0.001)
    person = somebody(world)
    heard: list[str] = []
    app = App(name="trial", client=client(world), process_before_response=True)

    @app.event("message")
    def fails_once(event: dict, body: dict, request) -> None:
        heard.append(body["event_id"])
        if len(heard) == 1:
            raise RuntimeError("inte nu")
        assert request.headers["x-slack-retry-num"] == ["1"]

    handler = SocketModeHandler(app, world.app_token)
    handler.connect()
    world.wait_connected()
    person.write("hej")
    wait_for(lambda: len(heard) == 2)
    assert heard[0] == heard[1]
    world.idle()
    handler.client.auto_reconnect_enabled = False


def test_an_address_is_good_for_half_a_minute(world: World) -> None:
    url = client(world).apps_connections_open(app_token=world.app_token)["url"]
    tickets = world.space.sockets._tickets
    tickets[url.partition("ticket=")[2].partition("&")[0]] -= 31
    with pytest.raises(InvalidStatus):
        Socket(url)


def test_nothing_new_goes_to_a_connection_that_is_to_be_refreshed(world: World, anna: Person) -> None:
    with Socket.open(world) as old:
        world.drop_sockets("refresh")
        assert old.frame()["reason"] == "refresh_requested"
        anna.write("hej")
        assert old.nothing()
        with Socket.open(world) as new:
            assert new.take()["event"]["text"] == "hej"


def test_an_ack_that_comes_too_late_is_none(quick: World) -> None:
    with Socket.open(quick) as socket:
        somebody(quick)
        first, second = socket.frame(), socket.frame()
        socket.ack(first)
        third = socket.frame()
        assert [frame["retry_attempt"] for frame in (first, second, third)] == [0, 1, 2]
        socket.ack(third)
