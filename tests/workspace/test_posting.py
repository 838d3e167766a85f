"""HTTP mode: signed posts to a real Bolt app, behind Starlette and behind Python's own web server with Bolt's WSGI."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler as WsgiHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.slackworld import World, wait_for
from tests.workspace import recorded
from tests.workspace.conftest import client, somebody
from tests.workspace.test_interactions import ONE, opens
from tests.workspace.test_shapes import SELECT
from tests.workspace.test_views import BUTTON, modal
from workspace.posting import signed

Answer = Callable[[Request], Awaitable[Response]]


async def ok(request: Request) -> Response:
    """Give the challenge back, and ack everything else."""
    body = await request.body()
    asked = json.loads(body) if body.startswith(b"{") else {}
    return JSONResponse({"challenge": asked["challenge"]}) if "challenge" in asked else Response()


class Site:
    """A web server in a thread that answers every post with `answer`, whatever its address."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Answer = ok
        app = Starlette(routes=[Route("/{path:path}", self._post, methods=["POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()), daemon=True)
        self._thread.start()
        wait_for(lambda: self._server.started)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/slack/events"

    async def _post(self, request: Request) -> Response:
        await request.body()
        self.requests.append(request)
        return await self.answer(request)

    @property
    def events(self) -> list[Request]:
        """The posts that are no challenge."""
        return [each for each in self.requests if b"url_verification" not in each._body]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.stop()


@pytest.fixture
def served(new_world: Callable[..., World], site: Site) -> World:
    """A workspace that posts there, the challenge already answered."""
    world = new_world(events_url=site.url, ack_seconds=1, redelivery_factor=0.001)
    world.wait_connected()
    return world


def only_events(answer: Answer) -> Answer:
    """Challenges are answered as they should be."""

    async def answering(request: Request) -> Response:
        return await (ok if b"url_verification" in await request.body() else answer)(request)

    return answering


async def fail(request: Request) -> Response:
    return Response(status_code=500)


# ---- the challenge


def test_the_address_has_to_give_the_challenge_back(new_world: Callable[..., World], site: Site) -> None:
    async def other(request: Request) -> Response:
        return JSONResponse({"challenge": "another"})

    site.answer = other
    world = new_world(events_url=site.url, ack_seconds=1, redelivery_factor=0.001)
    person = somebody(world)
    wait_for(lambda: len(site.requests) > 2)
    assert world.app["connected"] == 0
    assert person.command("/fraga")["acked"] is False
    assert site.events == []
    (row,) = world.traffic(kind="post")
    assert (row["type"], row["ok"], row["error"]) == ("url_verification", False, "challenge_failed")
    asked = [json.loads(each._body) for each in site.requests]
    assert len({each["challenge"] for each in asked}) == len(asked)
    assert [fault for each in asked for fault in recorded.faults("url_verification", each)] == []
    assert SignatureVerifier("local").is_valid_request(site.requests[0]._body, dict(site.requests[0].headers))
    site.answer = ok
    world.wait_connected()
    wait_for(lambda: site.events)
    assert json.loads(site.events[0]._body)["event"]["user"]["id"] == person.id, "what happened before was kept"
    assert world.traffic(kind="post")[-1]["ok"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "verified"),
    [
        (lambda challenge: PlainTextResponse(challenge), True),
        (lambda challenge: PlainTextResponse(f"challenge={challenge}"), True),
        (lambda challenge: JSONResponse({"challenge": challenge}), True),
        (lambda challenge: JSONResponse({"challenge": challenge}, status_code=201), False),
        (lambda challenge: JSONResponse({"challenge": challenge}, status_code=404), False),
        (lambda challenge: JSONResponse([challenge]), False),
        (lambda challenge: Response(), False),
    ],
    ids=["text", "form", "json", "201", "404", "list", "nothing"],
)
def test_the_forms_of_an_answered_challenge(
    new_world: Callable[..., World], site: Site, form: Callable[[str], Response], verified: bool
) -> None:
    async def answer(request: Request) -> Response:
        return form(json.loads(await request.body())["challenge"])

    site.answer = answer
    world = new_world(events_url=site.url, redelivery_factor=0)
    wait_for(lambda: world.traffic(kind="post"))
    assert (world.app["connected"], world.traffic(kind="post")[0]["ok"]) == (int(verified), verified)


def test_nobody_there_yet(new_world: Callable[..., World]) -> None:
    world = new_world(events_url="http://127.0.0.1:9/", redelivery_factor=0)
    person = somebody(world)
    wait_for(lambda: world.traffic(kind="post"))
    assert world.traffic(kind="post")[0]["error"] == "connection_failed"
    assert person.command("/fraga")["acked"] is False
    assert world.envelopes(event="team_join") == []


# ---- what is posted


def test_bolt_over_http(served: World, site: Site) -> None:
    app = App(name="trial", client=client(served), signing_secret=served.signing_secret, process_before_response=True)
    app.event("message")(lambda event, say: say(f"eko {event['text']}"))
    app.command("/fraga")(lambda ack: ack("svar"))
    app.view("form")(lambda ack: ack(response_action="clear"))
    opens(app, modal())
    site.answer = SlackRequestHandler(app).handle
    anna = somebody(served)
    anna.write("hej på dig")
    anna.sees("eko hej på dig")
    assert anna.command("/fraga åäö")["response"]["text"] == "svar"
    assert anna.shortcut("ask")["acked"]
    assert anna.submit({"b": "x"})["response_action"] == "clear"


def test_bolt_refuses_other_signatures(new_world: Callable[..., World], site: Site) -> None:
    site.answer = fail
    world = new_world(events_url=site.url, ack_seconds=1, redelivery_factor=0.001)
    app = App(name="trial", client=client(world), signing_secret="another", process_before_response=True)
    app.command("/fraga")(lambda ack: ack("svar"))
    statuses: list[int] = []

    async def refuse(request: Request) -> Response:
        response = await SlackRequestHandler(app).handle(request)
        statuses.append(response.status_code)
        return response

    site.answer = refuse
    wait_for(lambda: len(statuses) > 1)
    assert world.app["connected"] == 0, "not even the challenge is answered"
    site.answer = ok
    world.wait_connected()
    site.answer = refuse
    assert somebody(world).command("/fraga")["acked"] is False
    assert set(statuses) == {401}


def test_slack_sdk_verifies_the_signature() -> None:
    headers = signed(b"payload", "secret")
    assert SignatureVerifier("secret").is_valid_request(b"payload", headers)
    assert not SignatureVerifier("secret").is_valid_request(b"payl0ad", headers)


def test_bodies_by_kind(served: World, site: Site) -> None:
    anna = somebody(served)
    wait_for(lambda: site.events)
    assert site.events[0].headers["content-type"] == "application/json"
    assert recorded.faults("team_join", json.loads(site.events[0]._body)["event"]) == []
    anna.command("/fraga åäö")
    assert site.events[1].headers["content-type"] == "application/x-www-form-urlencoded"
    fields = parse_qs(site.events[1]._body.decode(), keep_blank_values=True)
    assert recorded.faults("slash_command", {key: value for key, (value,) in fields.items()}) == []
    assert fields["text"] == ["åäö"]
    anna.shortcut("ask")
    ((payload,),) = parse_qs(site.events[2]._body.decode()).values()
    assert recorded.faults("shortcut", json.loads(payload)) == []
    assert "retry_attempt" not in json.loads(payload)


# ---- once more


def test_failed_posts_come_again_with_retry_headers(served: World, site: Site) -> None:
    site.answer = fail
    somebody(served)
    wait_for(lambda: len(site.events) == 4)
    served.idle()
    headers = [request.headers for request in site.events]
    assert [each.get("x-slack-retry-num") for each in headers] == [None, "1", "2", "3"]
    assert [each.get("x-slack-retry-reason") for each in headers] == [None, *["http_error"] * 3]
    assert len({json.loads(each._body)["event_id"] for each in site.events}) == 1


def test_a_slow_answer_is_no_answer(new_world: Callable[..., World], site: Site) -> None:
    """The second one comes while the first still works; its answer then changes nothing."""
    slow = asyncio.Event()

    async def work(request: Request) -> Response:
        if "x-slack-retry-num" not in request.headers:
            await slow.wait()
        return Response()

    world = new_world(events_url=site.url, ack_seconds=0.2, redelivery_factor=0.001)
    world.wait_connected()
    site.answer = work
    somebody(world)
    wait_for(lambda: len(site.events) == 2)
    assert site.events[1].headers["x-slack-retry-num"] == "1"
    assert site.events[1].headers["x-slack-retry-reason"] == "http_timeout"
    site._server.servers[0].get_loop().call_soon_threadsafe(slow.set)
    world.idle()
    assert len(site.events) == 2


def test_an_app_may_ask_not_to_be_sent_it_again(served: World, site: Site) -> None:
    async def never(request: Request) -> Response:
        return Response(status_code=500, headers={"X-Slack-No-Retry": "1"})

    site.answer = never
    somebody(served)
    wait_for(lambda: site.events)
    served.idle()
    assert len(site.events) == 1


def test_interactions_are_not_posted_again(served: World, site: Site) -> None:
    person = somebody(served)
    served.idle()
    site.answer = fail
    assert person.command("/fraga")["acked"] is False
    assert person.shortcut("ask")["acked"] is False
    served.idle()
    assert [each.headers.get("x-slack-retry-num") for each in site.events[-2:]] == [None, None]
    assert len(site.events) == 3


def test_an_app_that_went_away(new_world: Callable[..., World]) -> None:
    gone = Site()
    world = new_world(events_url=gone.url, redelivery_factor=0)
    world.wait_connected()
    gone.stop()
    somebody(world)
    world.idle()
    rows = world.envelopes(event="team_join")
    assert [(row["attempt"], row["failed"]) for row in rows] == [(n, "connection_failed") for n in range(4)]


@pytest.mark.slow
@pytest.mark.parametrize(("hops", "fault"), [(1, None), (2, None), (3, "too_many_redirects")])
def test_two_redirects_are_followed_with_the_same_post(served: World, site: Site, hops: int, fault: str | None) -> None:
    async def onward(request: Request) -> Response:
        hop = int(request.url.path.rpartition("/")[2]) if "hop" in request.url.path else 0
        return RedirectResponse(f"/hop/{hop + 1}", 302) if hop < hops else Response()

    site.answer = only_events(onward)
    somebody(served)
    served.idle()
    (first, *_) = served.envelopes(event="team_join")
    assert first.get("failed") == fault
    assert (len({each._body for each in site.events}), site.events[1].url.path) == (1, "/hop/1")
    retried = [each.headers["x-slack-retry-reason"] for each in site.events if "x-slack-retry-num" in each.headers]
    assert set(retried) == ({fault} if fault else set())


def test_a_certificate_that_is_none(new_world: Callable[..., World], site: Site) -> None:
    world = new_world(events_url=site.url.replace("http:", "https:"), redelivery_factor=0)
    wait_for(lambda: world.traffic(kind="post"))
    assert world.traffic(kind="post")[0]["error"] == "ssl_error"


# ---- Bolt behind Python's own web server


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


def _busy(_: dict, start_response: Callable) -> list[bytes]:
    start_response("503 Not Yet", [])
    return []


@pytest.fixture
def bolt_served(new_world: Callable[..., World]) -> Iterator[tuple[World, App]]:
    """A workspace and a Bolt app that know each other by address only."""
    app: App | None = None
    server = make_server("127.0.0.1", 0, lambda *call: WsgiHandler(app)(*call) if app else _busy(*call), _Threads, _Quiet)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    world = new_world(events_url=url, ack_seconds=0.3, redelivery_factor=0.001)
    app = App(name="trial", client=client(world), signing_secret=world.signing_secret, process_before_response=True)
    world.wait_connected()
    yield world, app
    server.shutdown()
    server.server_close()


def test_bolt_answers_the_challenge_by_itself(bolt_served: tuple[World, App]) -> None:
    world, _ = bolt_served
    assert world.traffic(kind="post")[-1]["ok"]
    assert world.app["connected"] == 1


def test_everything_a_person_does_reaches_bolt(bolt_served: tuple[World, App]) -> None:
    world, app = bolt_served
    done: list[str] = []
    app.event("message")(lambda event, say: say(f"eko {event['text']}"))
    app.command("/fraga")(lambda ack, command: ack(f"svar på {command['text']}"))
    app.action("open")(lambda ack, body, respond: respond(replace_original=True, text="tryckt", blocks=[]) and ack())
    app.options("tool")(lambda ack: ack(options=[ONE]))
    app.view("form")(lambda ack, view: done.append(view["state"]["values"]["b"]["a"]["value"]) or ack())
    app.view_closed("form")(lambda ack: done.append("stängd") or ack())
    app.shortcut({"type": "message_action", "callback_id": "make"})(lambda ack, respond: respond("gjort") and ack())
    app.event("app_home_opened")(
        lambda client, event: client.views_publish(user_id=event["user"], view={"type": "home", "blocks": []})
    )
    opens(app, modal(notify_on_close=True))
    anna = somebody(world, "Anna Ö")
    hers = anna.write("hej på dig")
    anna.sees("eko hej på dig")
    assert anna.command("/fraga åäö & <b>")["response"]["text"] == "svar på åäö & <b>"
    blocks = [{"type": "actions", "elements": [BUTTON, SELECT]}]
    client(world).chat_postMessage(channel=anna.dm(), text="k", blocks=blocks)
    assert anna.options("tool", "lås") == [ONE]
    assert anna.press("open")["acked"]
    anna.sees("tryckt")
    for _ in range(2):
        assert anna.shortcut("ask")["acked"]
        anna.submit({"b": "ord"}) if not done else anna.close()
    assert done == ["ord", "stängd"]
    assert anna.shortcut("make", hers)["acked"]
    anna.sees("gjort")
    assert anna.home()["type"] == "home"
    world.idle()


def test_a_listener_that_fails_is_asked_again(bolt_served: tuple[World, App]) -> None:
    world, app = bolt_served
    heard: list[tuple[str, list[str] | None, list[str] | None]] = []

    @app.event("message")
    def fails_once(body: dict, request: Any) -> None:
        headers = request.headers
        heard.append((body["event_id"], headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        if len(heard) == 1:
            raise RuntimeError("inte nu")

    somebody(world).write("hej")
    wait_for(lambda: len(heard) == 2)
    world.idle()
    assert heard == [(heard[0][0], None, None), (heard[0][0], ["1"], ["http_error"])]


def test_a_listener_that_is_slow_is_asked_again(bolt_served: tuple[World, App]) -> None:
    world, app = bolt_served
    heard: list[list[str] | None] = []
    go_on = threading.Event()

    @app.event("message")
    def slow(request: Any) -> None:
        heard.append(request.headers.get("x-slack-retry-reason"))
        if len(heard) == 1:
            go_on.wait(5)

    somebody(world).write("hej")
    wait_for(lambda: len(heard) == 2)
    go_on.set()
    world.idle()
    assert heard == [None, ["http_timeout"]]
