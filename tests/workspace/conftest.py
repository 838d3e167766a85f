"""A workspace a module shares, people of one's own in it, and two kinds of app: Bolt, and a bare socket."""

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from tests.slackworld import Person, World
from tests.workspace.sockets import Socket

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One workspace for a module: tests in it meet each other's channels, but have people of their own."""
    with World(tmp_path_factory.mktemp("world"), ack_seconds=1) as running:
        yield running


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Workspaces of one's own, with switches or a manifest."""
    running: list[World] = []

    def make(**options: Any) -> World:
        state = options.pop("state", tmp_path / str(len(running)))
        running.append(World(state, **options).start())
        return running[-1]

    yield make
    for each in running:
        each.stop()


@pytest.fixture
def web(world: World) -> WebClient:
    """The app's Web API client."""
    return client(world)


def client(world: World, **options: Any) -> WebClient:
    """A Web API client of a workspace."""
    return WebClient(options.pop("token", world.bot_token), base_url=world.api_url, **options)


@pytest.fixture
def anna(world: World) -> Person:
    """Somebody whom no other test knows."""
    return somebody(world, "Anna Alm")


@pytest.fixture
def bo(world: World) -> Person:
    """Somebody else."""
    return somebody(world, "Bo Berg")


def somebody(world: World, name: str = "Cia Ceder", **about: Any) -> Person:
    """A new person."""
    number = next(_numbers)
    return world.add_person(f"{name.split()[0].lower()}{number}@exempel.se", f"{name} {number}", **about)


@pytest.fixture
def socket(world: World, anna: Person, bo: Person) -> Iterator[Socket]:
    """A bare socket that acks nothing by itself. What happened before is acked already."""
    with Socket.open(world) as opened:
        while not opened.nothing(0.02):
            pass  # the coming of Anna and Bo, and what an earlier test left
        yield opened


def _unhandled(error: Exception) -> BoltResponse:
    """Events that a test does not care for are acked; clicks and forms are not."""
    known = isinstance(error, BoltUnhandledRequestError) and error.request.body["type"] == "event_callback"
    return BoltResponse(status=200 if known else 500)


def _close(handler: SocketModeHandler) -> None:
    """Takes three seconds, which nobody needs to wait for; the wire may be gone by then."""
    with contextlib.suppress(Exception):
        handler.close()


@pytest.fixture
def bolt(world: World) -> Iterator[App]:
    """A Bolt app connected by Socket Mode, in the mode of our bot. Register listeners on it, then act."""
    app = App(name="trial", client=client(world), process_before_response=True, raise_error_for_unhandled_request=True)
    app.error(_unhandled)
    handler = SocketModeHandler(app, world.app_token)
    handler.connect()
    world.wait_connected()
    yield app
    handler.client.auto_reconnect_enabled = False
    world.drop_sockets("close")
    world.wait_connected(0)
    threading.Thread(target=_close, args=(handler,), daemon=True).start()
