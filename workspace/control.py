"""The control API: act as people, read what people see, switches, inspector. Documented in the README.

Only for this machine: requests under another name than a loopback one, or from a page of another site, are refused,
so that no web site that a developer visits can reach it.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from workspace import acting, interacting, sight, tour
from workspace.errors import Refused, not_found
from workspace.people import Person
from workspace.shapes import Json
from workspace.space import Space
from workspace.streams import ALL, Queue

VERBS: Final = acting.VERBS | interacting.VERBS
TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("text", "ts", "thread_ts", "name", "action_id", "block_id", "view_id", "callback_id"), str),
    **dict.fromkeys(("channel", "query", "trigger", "tab", "person", "alt", "presence", "language", "locale"), str),
    **dict.fromkeys(("email", "title", "kind", "topic"), str),
    **dict.fromkeys(("broadcast", "all", "wait", "dnd", "deactivated", "private", "app"), bool),
    **dict.fromkeys(("files", "with", "members"), list),
    **dict.fromkeys(("container", "values"), dict),
    "dnd_until": (int, float),
    "content": (str, bytes),
}
_HOSTS: Final = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}
Handler = Callable[[Space, Request], Awaitable[Json]]


class Answer(JSONResponse):
    """JSON with letters as they are."""

    def render(self, content: Any) -> bytes:
        """Encode it."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def routes(space: Space) -> list[BaseRoute]:
    """All addresses under /control."""
    reads: dict[str, Handler] = {
        "/control/app": _app,
        "/control/people": _people,
        "/control/people/{who}": _person,
        "/control/people/{who}/conversations": _conversations,
        "/control/people/{who}/messages": _messages,
        "/control/people/{who}/members": _members,
        "/control/people/{who}/views": _views,
        "/control/people/{who}/home": _home,
        "/control/people/{who}/pushes": _pushes,
        "/control/people/{who}/sees": _sees,
        "/control/switches": _switches,
        "/control/tour": _tour,
        "/control/traffic": _traffic,
    }
    writes: dict[str, Handler] = {
        "/control/people": _add_person,
        "/control/channels": _add_channel,
        "/control/people/{who}/{verb}": _act,
        "/control/switches": _turn,
        "/control/sockets/drop": _drop,
        "/control/traffic/reset": _reset,
        "/control/idle": _idle,
    }
    return [
        *(Route(path, _answering(space, handler), methods=["GET"]) for path, handler in reads.items()),
        *(Route(path, _answering(space, handler), methods=["POST"]) for path, handler in writes.items()),
        Route("/control/files/{file_id}", _file(space)),
        WebSocketRoute("/control/people/{who}/stream", _stream(space)),
        WebSocketRoute("/control/stream", _stream(space)),
    ]


def is_local(headers: Any) -> bool:
    """Whether a request comes from this machine's own page, or from a program."""
    host = headers.get("host", "").rsplit(":", 1)[0].lower()
    origin = headers.get("origin")
    return host in _HOSTS and (origin is None or origin.endswith("://" + headers.get("host", "")) or _same(origin))


def _same(origin: str) -> bool:
    return (urlsplit(origin).hostname or "") in _HOSTS


def _answering(space: Space, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler with its answers and refusals as HTTP."""

    async def answer(request: Request) -> Response:
        if not is_local(request.headers):
            return Answer({"ok": False, "error": "not_local", "detail": "only for this machine"}, 403)
        try:
            return Answer({"ok": True, **await handler(space, request)})
        except Refused as refused:
            return Answer({"ok": False, "error": refused.code, "detail": refused.detail}, refused.status)
        except Exception:
            logging.getLogger(__name__).exception("%s failed", request.url.path)
            return Answer({"ok": False, "error": "internal", "detail": "see the log of the workspace"}, 500)

    return answer


async def _body(request: Request) -> Json:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _form(request)
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        raise Refused("bad_json", "the body is not JSON", 400) from None
    if not isinstance(body, dict):
        raise Refused("bad_json", "the body is not a JSON object", 400)
    for key, value in body.items():
        if value is not None and not isinstance(value, TYPES.get(key, object)):
            raise Refused("bad_type", f"{key} cannot be {value!r}", 400)
    return body


async def _form(request: Request) -> Json:
    form = await request.form()
    body: Json = {}
    for key, value in form.items():
        if isinstance(value, str):
            body[key] = value
        else:
            body[key] = await value.read()
            body.setdefault("name", value.filename)
    return body


def _who(space: Space, request: Request) -> Person:
    who = request.path_params["who"]
    person = space.people.get(who)
    if person is None:
        raise not_found("person", who)
    return person


async def _act(space: Space, request: Request) -> Json:
    person, verb = _who(space, request), request.path_params["verb"]
    if verb not in VERBS:
        raise not_found("verb", verb)
    if person.deactivated and verb != "set":
        raise Refused("user_disabled", f"{person.name} is deactivated")
    return await VERBS[verb](space, person, await _body(request))


async def _add_person(space: Space, request: Request) -> Json:
    return await acting.add_person(space, await _body(request))


async def _add_channel(space: Space, request: Request) -> Json:
    return await acting.add_channel(space, await _body(request))


async def _app(space: Space, request: Request) -> Json:
    return _about(space)


def _about(space: Space) -> Json:
    return {"app": sight.app(space), "team": sight.team(space), "language": space.config.language}


async def _people(space: Space, request: Request) -> Json:
    return {"people": [sight.person(space, person) for person in space.people]}


async def _tour(space: Space, request: Request) -> Json:
    return {"tour": tour.read(space.config.people)}


async def _person(space: Space, request: Request) -> Json:
    return {"person": sight.person(space, _who(space, request))}


async def _conversations(space: Space, request: Request) -> Json:
    every = request.query_params.get("all") == "1"
    return {"conversations": sight.conversations(space, _who(space, request).id, every=every)}


async def _messages(space: Space, request: Request) -> Json:
    person, wanted = _who(space, request), request.query_params
    conversation = acting.place(space, person, dict(wanted))
    found, has_more = sight.messages(
        space,
        person.id,
        conversation.id,
        thread_ts=wanted.get("thread_ts", ""),
        before=wanted.get("before", ""),
        limit=_number(wanted.get("limit", "50")),
    )
    return {"channel": conversation.id, "messages": found, "has_more": has_more}


async def _members(space: Space, request: Request) -> Json:
    conversation = acting.place(space, _who(space, request), dict(request.query_params))
    members = [
        {
            "id": who,
            "name": sight.name_of(space, who),
            "avatar": sight.avatar(space, who),
            "is_app": who == space.app.bot_user_id,
        }
        for who in conversation.members
    ]
    return {"members": members}


async def _views(space: Space, request: Request) -> Json:
    return {"views": space.modals.stack(_who(space, request).id)}


async def _home(space: Space, request: Request) -> Json:
    return {"home": space.modals.home(_who(space, request).id)}


async def _pushes(space: Space, request: Request) -> Json:
    wanted = request.query_params
    since, silent = _number(wanted.get("since", "0")), wanted.get("all") == "1"
    return {"pushes": space.phones.of(_who(space, request).id, since=since, silent=silent)}


async def _sees(space: Space, request: Request) -> Json:
    person = _who(space, request)
    return {
        "person": sight.person(space, person),
        "people": [sight.person(space, each) for each in space.people],
        **_about(space),
        "conversations": sight.conversations(space, person.id),
        "views": space.modals.stack(person.id),
        "home": space.modals.home(person.id),
    }


async def _switches(space: Space, request: Request) -> Json:
    return {"switches": space.switches.shown()}


async def _turn(space: Space, request: Request) -> Json:
    space.switches.turn(await _body(request))
    space.turned()
    if space.switches.outage:
        space.sockets.drop("abrupt")
    shown = space.switches.shown()
    space.streams.tell_all({"type": "switches", "switches": shown})
    return {"switches": shown}


async def _drop(space: Space, request: Request) -> Json:
    body = await _body(request)
    how = body.get("how", "abrupt")
    if how not in ("abrupt", "close", "refresh"):
        raise Refused("bad_how", "how is abrupt, close or refresh", 400)
    return {"dropped": space.sockets.drop(how, float(body.get("refresh_in", 0)))}


async def _traffic(space: Space, request: Request) -> Json:
    traffic, wanted = space.traffic, dict(request.query_params)
    since, limit = (_number(wanted.pop(key, default)) for key, default in (("since", "0"), ("limit", "200")))
    return {
        "traffic": traffic.rows(wanted, since=since, limit=limit),
        "counts": dict(traffic.counts),
        "envelopes": dict(traffic.envelopes),
        "limited": dict(traffic.limited),
        "connections": len(space.carrier),
        "waiting": space.delivery.waiting,
    }


async def _reset(space: Space, request: Request) -> Json:
    space.traffic.reset()
    return {}


async def _idle(space: Space, request: Request) -> Json:
    """Wait until everything is acked and the app has been quiet for a moment."""
    body = await _body(request)
    end, quiet = time.monotonic() + float(body.get("timeout", 5)), float(body.get("quiet", 0.05))
    while not (idle := _is_idle(space, quiet)) and time.monotonic() < end:
        await asyncio.sleep(0.01)
    return {"idle": idle, "waiting": space.delivery.waiting}


def _is_idle(space: Space, quiet: float) -> bool:
    return not space.delivery.waiting and time.monotonic() - space.traffic.last_call >= quiet


def _number(text: str) -> int:
    if not text.isdigit():
        raise Refused("bad_number", f"{text!r} is no number", 400)
    return int(text)


def _file(space: Space) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        file = space.files.get(request.path_params["file_id"])
        if file is None or not is_local(request.headers):
            return Response(status_code=404)
        return file_response(space, file)

    return serve


def file_response(space: Space, file: Json) -> Response:
    """A file's bytes. Only pictures are shown in place; nothing that could run is ever served as a page."""
    picture = file["mimetype"].startswith("image/") and "svg" not in file["mimetype"]
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    headers |= {} if picture else {"Content-Disposition": "attachment"}
    return Response(space.files.content(file["id"]), media_type=file["mimetype"], headers=headers)


def _stream(space: Space) -> Callable[[WebSocket], Awaitable[None]]:
    async def serve(socket: WebSocket) -> None:
        person = space.people.get(socket.path_params.get("who", ""))
        if not is_local(socket.headers) or (person is None and "who" in socket.path_params):
            await socket.close(4404)
            return
        await socket.accept()
        with space.streams.opened(person.id if person else ALL) as queue:
            hello = {"type": "hello", "person": sight.person(space, person) if person else None}
            await socket.send_text(json.dumps(hello, ensure_ascii=False))
            await _converse(socket, queue)

    return serve


async def _converse(socket: WebSocket, queue: Queue) -> None:
    """Both ways, until either ends."""
    tasks = [asyncio.create_task(_write(socket, queue)), asyncio.create_task(_listen(socket))]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _write(socket: WebSocket, queue: Queue) -> None:
    while (frame := await queue.get()) is not None:
        await socket.send_text(json.dumps(frame, ensure_ascii=False))
    await socket.close(1013)


async def _listen(socket: WebSocket) -> None:
    try:
        while True:
            if json.loads(await socket.receive_text()).get("type") == "ping":
                await socket.send_text('{"type": "pong"}')
    except (WebSocketDisconnect, ValueError, AttributeError, KeyError, RuntimeError):
        return
