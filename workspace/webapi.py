"""The Web API over HTTP: from a request to a method and back, with tokens, scopes, limits, and the switches' mischief.

Raw ASGI rather than a framework's request objects: this is the busiest road of the workspace. Slack answers 200 to
almost everything; errors are in the body.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from workspace.calls import Call
from workspace.errors import Limited, SlackError
from workspace.journal import encode
from workspace.manifest import App
from workspace.methods import METHODS, Method
from workspace.shapes import Json
from workspace.space import Space
from workspace.traffic import without_tokens

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


async def serve(space: Space, scope: Scope, receive: Receive, send: Send) -> None:
    """One request to /api/<method>."""
    began = time.monotonic()
    method = scope["path"].removeprefix("/api/").strip("/")
    space.traffic.counts[method] += 1
    space.traffic.last_call = began
    args, token = await _arguments(scope, receive)
    call = Call(space, method, args)
    if space.switches.latency_ms:
        await asyncio.sleep(space.switches.latency_ms / 1000)
    status, answer, headers = _answered(call, token)
    _note(call, status, answer, began)
    space.traffic.last_call = time.monotonic()
    half = status == 200 and space.switches.happens(space.switches.share_half)
    await respond(send, status, encode(answer), headers, half=half)


async def respond(send: Send, status: int, body: bytes, headers: Headers, *, half: bool = False) -> None:
    """Send an answer; or only its first half, after which the connection breaks."""
    fixed = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": fixed + headers})
    if half:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    else:
        await send({"type": "http.response.body", "body": body})


def _answered(call: Call, token: str) -> tuple[int, Json, Headers]:
    """Status, body and headers, the switches' mischief included."""
    space, name, switches = call.space, call.method, call.space.switches
    if switches.outage or switches.happens(switches.share_5xx_before):
        return 503, {"ok": False, "error": "service_unavailable"}, []
    if switches.happens(switches.share_429):
        return _limited(space, name, 1)
    try:
        answer = _called(call, token)
    except Limited as limited:
        return _limited(space, name, limited.retry_after)
    except SlackError as error:
        answer = error.body()
    except Exception:
        logging.getLogger(__name__).exception("%s failed", name)
        return 500, {"ok": False, "error": "internal_error"}, []
    if switches.happens(switches.share_5xx_after):
        return 503, {"ok": False, "error": "service_unavailable"}, []
    return 200, answer, [*_scope_headers(space, name), (b"date", formatdate(space.clock.now(), usegmt=True).encode())]


def _called(call: Call, token: str) -> Json:
    space, name = call.space, call.method
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(space.app, method, token)
    if "" in call.args:
        raise SlackError(call.args[""])
    space.limits.spend(name, method.rate, scale=space.switches.rate_scale, now=space.clock.now())
    if method.scope:
        call.needs_scope(method.scope)
    return {"ok": True, **method.answer(call)}


def _check_token(app: App, method: Method, token: str) -> None:
    if method.open:
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (app.tokens.bot, app.tokens.app):
        raise SlackError("invalid_auth")
    if (token == app.tokens.app) != method.app_token:
        raise SlackError("not_allowed_token_type")


def _limited(space: Space, name: str, seconds: int) -> tuple[int, Json, Headers]:
    space.traffic.limited[name] += 1
    return 429, {"ok": False, "error": "ratelimited"}, [(b"retry-after", str(seconds).encode())]


def _scope_headers(space: Space, name: str) -> Headers:
    method = METHODS.get(name)
    if method is None:
        return []
    provided = ",".join(sorted(space.app.scopes))
    accepted = method.scope or ""  # auth.test needs none, and tells what the token may do
    return [(b"x-oauth-scopes", provided.encode()), (b"x-accepted-oauth-scopes", accepted.encode())]


def _note(call: Call, status: int, answer: Json, began: float) -> None:
    space = call.space
    space.traffic.note(
        {
            "kind": "call",
            "time": space.clock.now(),
            "method": call.method,
            "args": without_tokens(call.args),
            "read": sorted(call.read),
            "channel": call.args.get("channel"),
            "status": status,
            "ok": bool(answer.get("ok")),
            "error": answer.get("error"),
            "response": answer,
            "ms": round((time.monotonic() - began) * 1000, 2),
        }
    )


async def _arguments(scope: Scope, receive: Receive) -> tuple[Json, str]:
    """The arguments, wherever they stand, and the token. The key "" holds the error of an unreadable body."""
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").decode("latin-1")
    args: Json = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    if kind.startswith("multipart/form-data"):
        args |= await _multipart(scope, receive)
    else:
        args |= _body(await body(receive), kind)
    bearer = headers.get(b"authorization", b"").decode("latin-1")
    token = bearer[7:].strip() if bearer.lower().startswith("bearer ") else str(args.get("token", ""))
    return args, token


async def body(receive: Receive) -> bytes:
    """All of a request's body."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _body(raw: bytes, kind: str) -> Json:
    if not kind.startswith("application/json"):
        return dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))
    try:
        args = json.loads(raw or b"{}")
    except ValueError:
        return {"": "invalid_json"}
    return args if isinstance(args, dict) else {"": "json_not_object"}


async def _multipart(scope: Scope, receive: Receive) -> Json:
    request = Request(scope, receive)
    form = await MultiPartParser(request.headers, request.stream()).parse()
    return {key: value for key, value in form.items() if isinstance(value, str)}
