"""The server: who answers which address, and how it is run, in the foreground or in a thread of a test."""

import asyncio
import socket as sockets
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from workspace import answering, api_files, avatars, control, sight, webapi
from workspace.errors import SlackError
from workspace.space import Config, Space

PAGE: Final = Path(__file__).with_name("page")
# Without it browsers guess how long a module is fresh, and mix old and new ones after an update.
ASK_AGAIN: Final = {"Cache-Control": "no-cache"}


class _PageFiles(StaticFiles):
    """The page's own files; the ETag makes asking again cheap."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers.update(ASK_AGAIN)
        return response


class _Cuttable(WebSocketsSansIOProtocol):
    """A socket that the switches can cut without a closing frame."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"] or {}
            extensions["workspace.abort"] = self.transport.abort


class _Uvicorn(uvicorn.Server):
    """Leaves signals to the command line: uvicorn raises them again at its end, before the state is put away."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        """Wait for the end in small steps: tests start and stop many workspaces."""
        while not self.should_exit:
            await asyncio.sleep(0.02)


class Site:
    """The ASGI application: the Web API on the short way, everything else through routes."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._rest = Starlette(
            routes=[
                *control.routes(space),
                WebSocketRoute("/link/", space.sockets.serve),
                Route("/response/{key}", self._response, methods=["POST"]),
                Route("/upload/{file_id}", self._upload, methods=["POST", "PUT"]),
                Route("/files-pri/{file_id}/{name}", self._private_file),
                Route("/avatars/{name}", self._avatar),
                Route("/", self._index),
            ],
        )
        if PAGE.is_dir():
            self._rest.mount("/", _PageFiles(directory=PAGE))

    async def __call__(self, scope: webapi.Scope, receive: webapi.Receive, send: webapi.Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            await webapi.serve(self._space, scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _index(self, request: Request) -> Response:
        page = PAGE / "index.html"
        if not page.exists():
            return PlainTextResponse("The page is not here yet.")
        return FileResponse(page, headers=ASK_AGAIN)

    async def _response(self, request: Request) -> Response:
        if self._space.switches.outage:
            return PlainTextResponse("service_unavailable", 503)
        answer = self._space.answers.use(request.path_params["key"])
        if answer is None:
            return PlainTextResponse("used_url", 404)
        try:
            answering.respond(self._space, answer, await _json(request))
        except SlackError as error:
            return PlainTextResponse(error.code, 400)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        content = await _uploaded(request)
        if not api_files.receive(self._space, request.path_params["file_id"], content):
            return PlainTextResponse("not_found", 404)
        return PlainTextResponse(f"OK - {len(content)}")

    async def _private_file(self, request: Request) -> Response:
        file = self._space.files.get(request.path_params["file_id"])
        wanted = f"Bearer {self._space.app.tokens.bot}"
        if file is None or "files:read" not in self._space.app.scopes:
            return Response(status_code=404)
        if request.headers.get("authorization") != wanted:
            return Response("<html>Sign in</html>", 302, {"Location": "/"}, media_type="text/html")
        return control.file_response(self._space, file)

    async def _avatar(self, request: Request) -> Response:
        who = request.path_params["name"].removesuffix(".svg")
        is_app = who == self._space.app.bot_user_id
        drawing = avatars.drawing(who, sight.name_of(self._space, who), is_app=is_app)
        return Response(drawing, media_type="image/svg+xml", headers={"Cache-Control": "max-age=300"})


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError:
        return None


async def _uploaded(request: Request) -> bytes:
    """The bytes of an upload, as a form or as they are."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    form = await request.form()
    for value in form.values():
        if not isinstance(value, str):
            return await value.read()
    return b""


class Server:
    """A running workspace. `start` returns when it listens; `stop` when everything is kept."""

    def __init__(self, config: Config, port: int = 0) -> None:
        self.space = Space(config)
        self._socket = _listening(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.space.base = self.url
        self.space.app_changed = self._app_changed
        self._server = _Uvicorn(
            uvicorn.Config(
                Site(self.space),
                http="h11",
                ws=_Cuttable,
                lifespan="off",
                log_level="critical",
                access_log=False,
                ws_per_message_deflate=False,
                ws_ping_interval=10,
                timeout_graceful_shutdown=1,
                timeout_keep_alive=60,
                server_header=False,
            )
        )
        self._thread: threading.Thread | None = None

    async def run(self, ready: Callable[[], None] | None = None) -> None:
        """Serve in this event loop until `end`."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        self.space.serving()
        if ready:
            ready()
        try:
            await serving
        finally:
            self.space.close()

    def start(self) -> "Server":
        """Serve in a thread of its own."""
        started = threading.Event()
        self._thread = threading.Thread(target=_in_thread, args=(self.run, started.set), daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def end(self) -> None:
        """Stop serving soon."""
        self._server.should_exit = True

    def stop(self) -> None:
        """End, from another thread, and wait for it."""
        self.end()
        if self._thread:
            self._thread.join(10)

    def _app_changed(self) -> None:
        self.space.streams.tell_all({"type": "app", "app": sight.app(self.space)})


def _in_thread(run: Callable[[Callable[[], None]], Awaitable[None]], ready: Callable[[], None]) -> None:
    async def main() -> None:
        await run(ready)

    asyncio.run(main())


def _listening(port: int) -> sockets.socket:
    """A socket of the loopback address, listening: a client that comes early waits instead of being refused."""
    # asyncio switches off the delay of small packets only where the protocol is named: 5 ms instead of 45 a call
    listening = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    listening.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(1024)
    return listening
