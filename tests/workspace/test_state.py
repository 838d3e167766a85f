"""What survives a restart, how it is kept, and the command line."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.slackworld import World
from tests.workspace.conftest import client, somebody
from tests.workspace.sockets import Socket
from tests.workspace.test_views import Clicker, modal
from workspace import cli, manifest
from workspace.clock import Clock, Stamps
from workspace.journal import Busy, Journal


def test_everything_is_there_again(new_world: Callable[..., World]) -> None:
    world = new_world()
    anna, bo = somebody(world, "Anna"), somebody(world, "Bo")
    channel = world.add_channel("minne", [anna, bo])
    question = anna.write("minns du?", channel=channel)
    bo.write("ja", thread=question)
    bo.react(question, "eyes")
    anna.upload("a.txt", b"abc")
    client(world).chat_postMessage(channel=anna.dm(), text="hej", metadata={"event_type": "a", "event_payload": {}})
    client(world).views_publish(user_id=anna.id, view={"type": "home", "blocks": []})
    with Socket.open(world) as socket:
        client(world).views_open(trigger_id=Clicker(world, anna, socket).trigger(), view=modal())
    bo.set(dnd=True, language="en")

    def seen() -> list:
        things = ("conversations", "messages", "views", "home", "pushes")
        people = [[each.get(thing) for thing in things] for each in (anna, bo)]
        return [*people, anna.thread(question), world.control.get("people")]

    before = seen()
    world.restart()
    assert seen() == before
    assert anna.write("efter").ts > question.ts


def test_unacked_events_survive_too(new_world: Callable[..., World]) -> None:
    world = new_world()
    person = somebody(world)
    person.write("är du där?")
    world.restart()
    with Socket.open(world) as socket:
        frames = [socket.frame(), socket.frame()]
        for frame in frames:
            socket.ack(frame)
        assert [frame["payload"]["event"]["type"] for frame in frames] == ["team_join", "message"]
        world.idle()
    world.restart()
    with Socket.open(world) as socket:
        assert socket.nothing()


def test_a_fresh_start(tmp_path: Path) -> None:
    for fresh, people in ((False, 4), (False, 4), (True, 3)):
        with World(tmp_path, fresh=fresh) as world:
            if not fresh and len(world.people()) == 3:
                somebody(world)
            assert len(world.people()) == people


def test_the_journal_keeps_the_last_word(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.put("a", "1", {"n": 1})
    journal.put("a", "2", {"n": 2})
    journal.put("a", "1", {"n": 3})
    journal.drop("a", "2")
    journal.close()
    again = Journal(tmp_path)
    assert list(again.records()) == [("a", "1", {"n": 3})]
    again.close()
    assert (tmp_path / "journal.jsonl").read_text() == '["a","1",{"n":3}]\n'


def test_half_a_line_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.put("a", "1", "hel")
    journal.close()
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('["a","2","hal')
    again = Journal(tmp_path)
    assert list(again.records()) == [("a", "1", "hel")]
    again.close()


def test_two_workspaces_do_not_share_a_directory(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(Busy):
        Journal(tmp_path)
    journal.close()


def test_stamps_rise_whatever_the_clock_does() -> None:
    clock = Clock()
    stamps = Stamps(clock)
    given = [stamps.next()]
    for offset in (0, -1000, 1000, -1000):
        clock.offset = offset
        given += [stamps.next(), stamps.next()]
    assert given == sorted(given)
    assert len(set(given)) == len(given)
    stamps.seen("9999999999.999998")
    assert stamps.next() == "9999999999.999999"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen, World]]]:
    """`python -m workspace` as a process of its own."""
    processes = []

    def run(*options: str) -> tuple[subprocess.Popen, str]:
        command = [sys.executable, "-m", "workspace", "--port", "0", "--state", str(tmp_path / "state"), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline()

    yield run
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_the_command_line(running, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"display_information": {"name": "Stugan"}}))
    process, line = running("--manifest", str(tmp_path / "manifest.json"), "--latency-ms", "1", "--outage")
    assert line.startswith("READY http://127.0.0.1:")
    world = World(tmp_path)
    world.connect(line.split()[1])
    assert world.app["name"] == "Stugan"
    assert (world.switch()["latency_ms"], world.switch()["outage"]) == (1, True)
    second, nothing = running()
    assert nothing == ""
    assert second.wait(10) == 1
    for stop in (signal.SIGTERM, signal.SIGINT):
        process.send_signal(stop)
        assert process.wait(10) == 0
        process, line = running()
        assert line.startswith("READY")


def test_a_manifest_that_slack_would_not_take() -> None:
    wrong = {
        "display_information": {"name": "x" * 36},
        "features": {"slash_commands": [{"command": "/fraga", "description": "Fråga"}]},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    with pytest.raises(ValueError, match="im:history") as caught:
        manifest.app(wrong)
    assert "less than 36 characters [json-pointer:/display_information/name]" in str(caught.value)
    assert "slash_commands needs the scope commands" in str(caught.value)


def test_a_start_that_fails_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.json").write_text("{")
    state = ["--state", str(tmp_path / "s"), "--port", "0"]
    assert cli.main([*state, "--manifest", str(tmp_path / "broken.json")]) == 1
    assert cli.main([*state, "--share-429", "2"]) == 1
    assert "share_429 cannot be 2.0" in capsys.readouterr().err
