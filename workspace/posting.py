"""HTTP mode: the same payloads as signed posts to the app's address, for apps that do not use Socket Mode.

Sources: docs.slack.dev/authentication/verifying-requests-from-slack (signature), docs.slack.dev/reference/events
(url_verification), docs.slack.dev/apis/events-api (retries, redirects). Events are JSON, commands are forms,
interactions are forms with one field `payload`.

Slack lets nobody save an address that does not give back a challenge. Here the address is asked again and again until
it does, since the app is often started after the workspace; until then the app has no connection.
"""

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from workspace import ids
from workspace.delivery import COMMANDS, EVENTS, Delivery, Envelope
from workspace.journal import encode
from workspace.switches import Switches

_ASK_AGAIN: Final = 5.0  # seconds between two challenges, times the factor of redelivery
_REASONS: Final = {"timeout": "http_timeout"}
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Outcome:
    """What came of a post. `fault` is Slack's word for why it failed, empty if it did not."""

    fault: str = ""
    status: int = 0
    body: bytes = b""
    no_retry: bool = False


class Posts:
    """Carries envelopes to one address, once it has proved itself. `changed` is called when it has."""

    def __init__(
        self, delivery: Delivery, switches: Switches, url: str, secret: str, changed: Callable[[], None]
    ) -> None:
        self._delivery = delivery
        self._switches = switches
        self._url = url
        self._secret = secret
        self._changed = changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._verified = False

    def __len__(self) -> int:
        return int(self._verified)

    def start(self) -> None:
        """Ask for the challenge, in the event loop of the server."""
        self._run(self._verify())

    def send(self, envelope: Envelope) -> str | None:
        """Post it from a thread; the answer is the ack. None while the address has not proved itself."""
        if not self._verified:
            return None
        self._run(self._deliver(envelope))
        return "http"

    def _run(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _verify(self) -> None:
        told = None
        while fault := await self._challenged():
            if fault != told:
                self._delivery.challenged(fault)
                told = fault
            await asyncio.sleep(max(0.02, _ASK_AGAIN * self._switches.redelivery_factor))
        self._delivery.challenged("")
        self._verified = True
        self._delivery.opened()
        self._changed()

    async def _challenged(self) -> str:
        """Why the address is not the app's; empty if it gave the challenge back."""
        challenge = ids.fresh("", 52)
        body = encode({"token": "local", "challenge": challenge, "type": "url_verification"})
        outcome = await self._post(body, "application/json", {})
        if outcome.fault:
            return outcome.fault
        return "" if outcome.status == 200 and _challenge(outcome.body) == challenge else "challenge_failed"

    async def _deliver(self, envelope: Envelope) -> None:
        body, kind = _body(envelope)
        outcome = await self._post(body, kind, _retry_headers(envelope))
        if outcome.fault:
            self._delivery.failed(envelope.id, outcome.fault, again=not outcome.no_retry)
        else:
            self._delivery.acked(envelope.id, _payload(outcome.body))

    async def _post(self, body: bytes, kind: str, more: dict[str, str]) -> Outcome:
        headers = signed(body, self._secret) | {"Content-Type": kind} | more
        request = Request(self._url, body, headers)  # noqa: S310  the address is the developer's own
        return await asyncio.to_thread(_post, request, self._switches.ack_seconds)


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The two headers that prove that a request comes from Slack."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.type == EVENTS:
        return encode(envelope.payload), "application/json"
    if envelope.type == COMMANDS:
        return urlencode(envelope.payload).encode(), _FORM
    return urlencode({"payload": json.dumps(envelope.payload)}).encode(), _FORM


def _retry_headers(envelope: Envelope) -> dict[str, str]:
    if not envelope.attempt:
        return {}
    reason = _REASONS.get(envelope.reason, envelope.reason)
    return {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": reason}


class _Redirects(HTTPRedirectHandler):
    """Goes after two redirects at most, each time with the same post."""

    max_redirections = max_repeats = 2

    def redirect_request(self, req: Request, *answer: Any) -> Request:
        """The same request at the new address, which comes last."""
        return Request(answer[-1], req.data, dict(req.header_items()))  # noqa: S310  urllib lets only http through


_OPENER: Final = build_opener(_Redirects)


def _post(request: Request, seconds: float) -> Outcome:
    try:
        with _OPENER.open(request, timeout=seconds) as answer:
            return Outcome("", answer.status, answer.read())
    except HTTPError as problem:
        redirected = 300 <= problem.code < 400 and "Location" in problem.headers
        fault = "too_many_redirects" if redirected else "http_error"
        return Outcome(fault, problem.code, no_retry=problem.headers.get("X-Slack-No-Retry") == "1")
    except OSError as problem:
        return Outcome(_fault(problem.reason if isinstance(problem, URLError) else problem))


def _fault(problem: object) -> str:
    if isinstance(problem, TimeoutError):
        return "timeout"
    return "ssl_error" if isinstance(problem, ssl.SSLError) else "connection_failed"


def _payload(answer: bytes) -> Any:
    if not answer.strip():
        return None
    try:
        return json.loads(answer)
    except ValueError:
        return {"text": answer.decode(errors="replace")}


def _challenge(answer: bytes) -> str:
    """The challenge in an answer: JSON, a form, or the bare words."""
    found = _payload(answer) or {}
    if isinstance(found, dict) and isinstance(found.get("challenge"), str):
        return str(found["challenge"])
    text = answer.decode(errors="replace").strip()
    return parse_qs(text).get("challenge", [text])[0]
