"""Connections to Slack stay open while they are used, and nothing is said twice because of it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.request import Request

import pytest
from slack_sdk.errors import SlackApiError

from bot import wire
from tests.slackworld import wait_for


class Slack(BaseHTTPRequestHandler):
    """Answers with what it was told; counts connections and what was said on them."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections.append(self)

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.said.append(said["text"])
        body = json.dumps({"ok": True, "text": said["text"]} if self.server.status == 200 else {"ok": False}).encode()
        self.send_response(self.server.status)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if said["text"] == "half" else body)
        self.close_connection = said["text"] in ("half", "last")

    def log_message(self, *_):
        pass


@pytest.fixture
def slack():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
    server.connections, server.said, server.status = [], [], 200
    server.wire = wire.Wire(token="xoxb-0", base_url=f"http://127.0.0.1:{server.server_port}/api/")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def say(slack, text: str) -> str:
    return slack.wire.chat_postMessage(channel="D1", text=text)["text"]


@pytest.mark.slow
def test_calls_after_each_other_share_a_connection_and_those_at_once_do_not_mix(slack):
    assert [say(slack, str(n)) for n in range(20)] == [str(n) for n in range(20)]
    assert len(slack.connections) == 1
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: say(slack, str(n)), range(200))) == [str(n) for n in range(200)]
    assert len(slack.connections) <= 8
    assert len(slack.said) == 220


def test_one_that_slack_has_closed_or_that_has_rested_long_is_not_used_again(slack, monkeypatch):
    say(slack, "last")  # closed, although no header has said so
    wait_for(lambda: slack.connections[0].connection.fileno() == -1, what="it is closed")
    say(slack, "new")
    monkeypatch.setattr(wire, "REST", 0)
    say(slack, "newer")
    assert slack.said == ["last", "new", "newer"]
    assert len(slack.connections) == 3


def test_no_and_half_an_answer_come_as_they_always_have(slack):
    slack.status = 429
    with pytest.raises(SlackApiError) as refused:
        say(slack, "no")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
    slack.status = 200
    with pytest.raises(IncompleteRead):
        say(slack, "half")
    assert say(slack, "whole") == "whole"
    assert slack.said == ["no", "half", "whole"]
    assert len(slack.connections) == 2  # after a refusal it stays, after half an answer it goes


def test_nobody_there_is_said_as_before(slack):
    silent = wire.Wire(token="xoxb-0", base_url="http://127.0.0.1:9/api/")
    with pytest.raises(OSError, match="refused"):
        silent.chat_postMessage(channel="D1", text="hallå")


def test_an_attempt_through_a_proxy_leaves_the_request_as_it_was():
    """Found with a proxy that was away for a moment: slack_sdk tries again with the same request."""
    asked = Request("https://slack.example/api/api.test", b"{}")
    through = wire.Wire(token="x", proxy="http://127.0.0.1:9")
    for _ in range(2):
        with pytest.raises(URLError):
            through._perform_urllib_http_request_internal(asked.full_url, asked)
    assert (asked.host, asked.selector) == ("slack.example", "/api/api.test")
