"""The public door: what others fetch from us, without a password. Served on loopback; a reverse proxy stands before it.

Lives here: the addresses and the server's thread. Nothing personal leaves by it, and nothing is logged: addresses are
secrets.
"""

import socket
from threading import Thread

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.desk import Desk
from models import stuga_feed
from models.errors import Gone

HEADERS = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}
AT_ONCE = 64  # requests; more are sent away
STOP_WITHIN = 2  # seconds


def site(desk: Desk) -> Starlette:
    """Everything that can be fetched."""

    def feed(request: Request) -> Response:
        """A series of drop-ins, as a calendar to subscribe to."""
        try:
            with desk.db.snapshot() as session:
                content = stuga_feed.file(session, request.path_params["tail"], now=desk.now())
        except Gone:
            return Response(status_code=404)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)

    return Starlette(routes=[Route("/stuga/{tail}.ics", feed)])


class Web:
    """The server, in a thread of its own. Raises OSError where the port is taken."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        self._socket = _listening(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = uvicorn.Server(
            uvicorn.Config(
                site(desk), http="h11", ws="none", lifespan="off", log_level="critical", access_log=False,
                server_header=False, limit_concurrency=AT_ONCE, timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_WITHIN)
        self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    """Bound before the thread begins, so that a port that is taken is found out here."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
