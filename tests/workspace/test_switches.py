"""Everything that can go wrong, on demand and by the dice of a seed."""

import http.client
import time
import urllib.error
from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackApiError

from tests.slackworld import ControlError, World, wait_for
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket


def post(world: World, channel: str) -> str:
    """Try to post: "ok", an HTTP status, or "half"."""
    try:
        client(world).chat_postMessage(channel=channel, text="hej")
    except SlackApiError as problem:
        return str(problem.response.status_code)
    except urllib.error.HTTPError as problem:
        return str(problem.code)
    except (http.client.IncompleteRead, ConnectionError, urllib.error.URLError):
        return "half"
    return "ok"


@pytest.mark.parametrize(
    ("switch", "result", "effect"),
    [
        ({"share_429": 1}, "429", False),
        ({"share_5xx_before": 1}, "503", False),
        ({"share_5xx_after": 1}, "503", True),
        ({"share_half": 1}, "half", True),
        ({"outage": True}, "503", False),
    ],
)
def test_calls_that_fail_with_and_without_effect(
    new_world: Callable[..., World], switch: dict, result: str, effect: bool
) -> None:
    world = new_world()
    person = somebody(world)
    world.switch(**switch)
    assert post(world, person.dm()) == result
    assert len(person.messages()) == int(effect)


def test_a_seed_gives_the_same_day_again(new_world: Callable[..., World]) -> None:
    world = new_world(share_429=0.5)
    channel = somebody(world).dm()
    days = []
    for _ in range(2):
        world.switch(seed=7)
        days.append([post(world, channel) for _ in range(20)])
    assert days[0] == days[1]
    assert set(days[0]) == {"ok", "429"}


def test_latency(new_world: Callable[..., World]) -> None:
    world = new_world(latency_ms=100)
    began = time.monotonic()
    client(world).api_test()
    assert time.monotonic() - began >= 0.1


def test_an_outage_takes_the_sockets_too(new_world: Callable[..., World]) -> None:
    world = new_world()
    with Socket.open(world) as socket:
        world.switch(outage=True)
        assert socket.closed()
    world.wait_connected(0)
    somebody(world)
    world.switch(outage=False)
    with Socket.open(world) as socket:
        assert socket.take()["event"]["type"] == "team_join"


def test_duplicates(new_world: Callable[..., World]) -> None:
    world = new_world(duplicate_share=1)
    with Socket.open(world) as socket:
        somebody(world)
        first, second = socket.take(), socket.take()
        assert first["event_id"] == second["event_id"]
        assert socket.nothing()


def test_disorder(new_world: Callable[..., World]) -> None:
    world = new_world()
    person = somebody(world)
    with Socket.open(world) as socket:
        socket.take()
        world.switch(reorder_share=1)
        for number in range(4):
            person.write(str(number))
        texts = [socket.take()["event"]["text"] for _ in range(4)]
        assert texts != sorted(texts)
        person.write("ensam")
        assert socket.take()["event"]["text"] == "ensam"


def test_the_clock(new_world: Callable[..., World]) -> None:
    world = new_world(clock_offset=86_400)
    person = somebody(world)
    assert float(person.write("i morgon").ts) > time.time() + 86_000
    world.switch(clock_offset=-86_400)
    first, second = person.write("i går"), person.write("i går")
    assert person.messages()[0].ts < first.ts < second.ts


@pytest.mark.parametrize("wrong", [{"latency": 1}, {"share_429": 2}, {"outage": "yes"}, {"seed": None, "outage": 1}])
def test_switches_that_are_none(world: World, wrong: dict) -> None:
    before = world.switch()
    with pytest.raises(ControlError):
        world.switch(**wrong)
    assert world.switch() == before


def test_a_bot_that_asks_again_loses_nothing(new_world: Callable[..., World]) -> None:
    world = new_world(share_5xx_before=0.3, share_429=0.3, seed=3)
    person = somebody(world)
    channel = person.dm()
    for _ in range(10):
        wait_for(lambda: post(world, channel) == "ok")
    assert len(person.messages()) == 10
