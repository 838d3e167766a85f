"""Errands against the workspace of our own, over real HTTP: the bytes arrive, twice is once, the token stays home."""

import base64
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import errands
from handlers.letters import Erase, PassOn, React, TakeBack, Unreact
from tests.slackworld import Person, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def web(world: World) -> WebClient:
    return WebClient(world.bot_token, base_url=world.api_url)


@pytest.fixture
def bo(world: World) -> Person:
    return world.add_person(f"bo{len(world.people())}@example.test", "Bo Berg")


def chosen(person: Person, content: bytes, name: str = "foto.png") -> str:
    """A file in a form: stored, and shared with nobody."""
    file = person.do("upload_file", name=name, content=base64.b64encode(content).decode())["file"]
    return str(file["id"])


def test_pictures_arrive_and_twice_is_once(web: WebClient, bo: Person) -> None:
    card = bo.write("kortet")
    files = ((chosen(bo, b"one"), "F-1 bild 1"), (chosen(bo, b"words", "lista.csv"), "F-1 bild 2"), ("FNONE", "F-1 bild 3"))
    errand = PassOn(card.channel, card.ts, files)
    done = errands.run(web, errand, in_doubt=False)
    assert errands.run(web, errand, in_doubt=True) == done
    messages = [message for message in bo.thread(card) if message.get("files")]
    assert done.stand == tuple((m.channel, m.ts, tuple(file["id"] for file in m["files"])) for m in messages)
    assert [file["title"] for message in messages for file in message["files"]] == ["F-1 bild 1"]
    sent = messages[0]["files"][0]
    assert (sent["name"], sent["alt_txt"], sent["size"]) == ("F-1 bild 1.png", "F-1 bild 1", 3)
    assert errands._download(web, web.files_info(file=sent["id"])["file"]) == b"one"
    back = TakeBack(card.channel, card.ts, ("F-1 bild 1", "F-1 bild 2"))
    gone = [errands.run(web, back, in_doubt=False).gone for _ in range(2)]
    assert gone == [tuple((m.channel, m.ts) for m in messages), ()]
    assert not any(message.get("files") for message in bo.thread(card))


def test_emoji_and_erasing_may_be_repeated(web: WebClient, bo: Person) -> None:
    hers = bo.write("tack")
    for errand in (React(hers.channel, hers.ts, "eyes"), Unreact(hers.channel, hers.ts, "eyes")):
        errands.run(web, errand, in_doubt=False)
        errands.run(web, errand, in_doubt=True)
    ours = web.chat_postMessage(channel=hers.channel, text="klart")
    errands.run(web, Erase(hers.channel, ours["ts"]), in_doubt=False)
    errands.run(web, Erase(hers.channel, ours["ts"]), in_doubt=True)
    with pytest.raises(SlackApiError):
        errands.run(web, Erase(hers.channel, hers.ts), in_doubt=False)  # what she wrote herself


@pytest.fixture
def elsewhere() -> Iterator[list[str]]:
    """A stranger's server; what it is told of a token."""
    told: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    told.append(f"http://127.0.0.1:{server.server_port}/foto.png")
    yield told
    server.shutdown()


def test_a_redirect_does_not_carry_the_token_away(elsewhere: list[str]) -> None:
    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", elsewhere[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    Thread(target=server.serve_forever, daemon=True).start()
    web = WebClient("xoxb-secret", base_url=f"http://127.0.0.1:{server.server_port}/api/")
    there = {"url_private": f"http://127.0.0.1:{server.server_port}/foto.png", "mimetype": "image/png"}
    with pytest.raises(errands.NotAPicture):
        errands._download(web, there)
    server.shutdown()
    assert elsewhere[1:] == []


def test_a_page_to_log_in_on_is_no_picture(web: WebClient, bo: Person) -> None:
    """What Slack answers a token without files:read: a page, and 200."""
    file = web.files_info(file=chosen(bo, b"one"))["file"]
    stranger = WebClient("xoxb-wrong", base_url=web.base_url)
    with pytest.raises(errands.NotAPicture):
        errands._download(stranger, file)


def test_nothing_is_written_to_disk(web: WebClient, bo: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    card = bo.write("kortet")
    errands.run(web, PassOn(card.channel, card.ts, ((chosen(bo, b"one"), "F-1 bild 1"),)), in_doubt=False)
    assert list(tmp_path.iterdir()) == []
