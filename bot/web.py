"""What this process serves over HTTP: calendars, how it is, and Slack's posts where they come that way.

Lives here: the addresses and the server's thread, on loopback unless told otherwise; a reverse proxy stands before it.
Nothing personal leaves by it, and no request is logged: addresses are secrets, and posts are people's words. Not here:
what is measured (health.py, metrics.py).
"""

import logging
import socket
from collections.abc import Callable
from http import HTTPStatus
from threading import Thread
from typing import Any

import uvicorn
from anyio import CapacityLimiter, to_thread
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.health import Health
from bot.metrics import Counts
from handlers.desk import Desk
from models import stuga_feed
from models.errors import Gone

log = logging.getLogger(__name__)

HEADERS = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}
AT_ONCE = 64  # requests; more are sent away
LISTENERS = 32  # of Slack's posts at a time, as over the socket
LARGEST = 2_000_000  # bytes: a view of 250 kB, form-encoded
FINISH_WITHIN = 3  # seconds for what is being answered when we stop
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # what a reverse proxy adds

Answer = Callable[[Request], Response]


def calendars(desk: Desk) -> list[Route]:
    """For everybody who knows the address."""

    def feed(request: Request) -> Response:
        """A series of drop-ins, as a calendar to subscribe to."""
        try:
            with desk.db.snapshot() as session:
                content = stuga_feed.file(session, request.path_params["tail"], now=desk.now())
        except Gone:
            return Response(status_code=404)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)

    return [Route("/stuga/{tail}.ics", feed)]


def watching(health: Health, counts: Counts) -> list[Route]:
    """For whoever runs us."""

    def alive(_: Request) -> Response:
        return _verdict({"alive": health.alive()})

    def ready(_: Request) -> Response:
        return _verdict(*health.ready())

    def metrics(_: Request) -> Response:
        return Response(counts.written(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    answers: dict[str, Answer] = {"/healthz": alive, "/readyz": ready, "/metrics": metrics}
    return [Route(path, _inside(answer)) for path, answer in answers.items()]


def _verdict(said: dict[str, bool], waits: str = "") -> Response:
    good = all(said.values())
    note = {"waits": waits} if waits else {}
    return JSONResponse(said | note, HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE)


def _inside(answer: Answer) -> Answer:
    """Nothing for those outside: a proxy that passes on too much must not show it."""

    def run(request: Request) -> Response:
        return Response(status_code=404) if any(name in request.headers for name in FORWARDED) else answer(request)

    return run


def slack(app: App, signing_secret: str, listens: Callable[[], bool]) -> list[Route]:
    """Slack's posts, signed. What is not signed, or was signed more than five minutes ago, is not even read.

    Until `listens` Slack is asked to come again: what was missed before has to be heard first.
    """
    verifier, hands = SignatureVerifier(signing_secret), CapacityLimiter(LISTENERS)

    async def hear(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not _is_signed(verifier, body, request):
            log.warning("a post without Slack's signature was refused")
            return PlainTextResponse("not signed", HTTPStatus.UNAUTHORIZED)
        if not listens():
            return PlainTextResponse("not yet", HTTPStatus.SERVICE_UNAVAILABLE)
        # In a thread: a listener finishes before its answer leaves, and others must not wait for it.
        told = await to_thread.run_sync(app.dispatch, to_bolt_request(request, body), limiter=hands)
        return to_starlette_response(told)

    return [Route("/slack/events", hear, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    """None where it is larger than anything that Slack sends."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _is_signed(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    """A time that is no number, or letters that no signature has, make slack_sdk raise."""
    try:
        return verifier.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):
        return False


class Web:
    """The server, in a thread of its own. Raises OSError where the port is taken; port 0: the system chooses."""

    def __init__(self, routes: list[Route], host: str, port: int) -> None:
        self._socket = _listening(host, port)
        self.port = int(self._socket.getsockname()[1])
        settings: dict[str, Any] = {
            "http": "h11", "ws": "none", "lifespan": "off", "log_level": "critical", "access_log": False,
            "server_header": False, "limit_concurrency": AT_ONCE, "timeout_graceful_shutdown": FINISH_WITHIN,
        }  # fmt: skip
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), **settings))
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No new requests; what is being answered is finished."""
        self._server.should_exit = True
        self._thread.join(FINISH_WITHIN + 1)
        self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    """Bound before the thread begins, so that a port that is taken is found out here."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
