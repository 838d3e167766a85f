"""HTTP mode: signed posts to a real Bolt app behind Starlette."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.slackworld import World, wait_for
from tests.workspace.conftest import client, somebody
from tests.workspace.test_interactions import opens
from tests.workspace.test_views import modal
from workspace.posting import signed


class Site:
    """A web server in a thread that answers every post with `answer`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer = self._ok
        app = Starlette(routes=[Route("/slack/events", self._post, methods=["POST"])])
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

    async def _ok(self, request: Request) -> Response:
        return Response()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.stop()


@pytest.fixture
def served(new_world, site: Site) -> World:
    return new_world(events_url=site.url, ack_seconds=1, redelivery_factor=0.001)


def test_bolt_over_http(served: World, site: Site) -> None:
    app = App(client=client(served), signing_secret=served.signing_secret, process_before_response=True)
    app.event("message")(lambda event, say: say(f"eko {event['text']}"))
    app.command("/fraga")(lambda ack: ack("svar"))
    app.view("form")(lambda ack: ack(response_action="clear"))
    opens(app, modal())
    handler = SlackRequestHandler(app)
    site.answer = handler.handle
    anna = somebody(served)
    anna.write("hej på dig")
    anna.sees("eko hej på dig")
    assert anna.command("/fraga åäö")["response"]["text"] == "svar"
    assert anna.shortcut("ask")["acked"]
    assert anna.submit({"b": "x"})["response_action"] == "clear"


def test_bolt_refuses_other_signatures(new_world, site: Site) -> None:
    world = new_world(events_url=site.url, ack_seconds=1, redelivery_factor=0.001)
    app = App(client=client(world), signing_secret="another", process_before_response=True)
    app.command("/fraga")(lambda ack: ack("svar"))
    site.answer = SlackRequestHandler(app).handle
    assert somebody(world).command("/fraga")["acked"] is False


def test_slack_sdk_verifies_the_signature() -> None:
    headers = signed(b"payload", "secret")
    assert SignatureVerifier("secret").is_valid_request(b"payload", headers)
    assert not SignatureVerifier("secret").is_valid_request(b"payl0ad", headers)


def test_failed_posts_come_again_with_retry_headers(served: World, site: Site) -> None:
    async def fail(request: Request) -> Response:
        return Response(status_code=500)

    site.answer = fail
    somebody(served)
    wait_for(lambda: len(site.requests) == 4)
    served.idle()
    headers = [request.headers for request in site.requests]
    assert [each.get("x-slack-retry-num") for each in headers] == [None, "1", "2", "3"]
    assert headers[1]["x-slack-retry-reason"] == "http_error"


def test_an_app_may_ask_not_to_be_sent_it_again(served: World, site: Site) -> None:
    async def fail(request: Request) -> Response:
        return Response(status_code=500, headers={"X-Slack-No-Retry": "1"})

    site.answer = fail
    somebody(served)
    wait_for(lambda: site.requests)
    served.idle()
    assert len(site.requests) == 1


def test_nobody_there(new_world) -> None:
    world = new_world(events_url="http://127.0.0.1:9/", redelivery_factor=0.0)
    person = somebody(world)
    assert person.command("/fraga")["acked"] is False
    world.idle()
    assert [row["attempt"] for row in world.envelopes(event="team_join")] == [0, 1, 2, 3]
