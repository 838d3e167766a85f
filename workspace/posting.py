"""HTTP mode: the same payloads as signed posts to the app's address, for apps that do not use Socket Mode.

Sources: docs.slack.dev/authentication/verifying-requests-from-slack (signature), docs.slack.dev/apis/events-api (retry
headers). Events are JSON, commands are forms, interactions are forms with one field `payload`.
"""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from workspace.delivery import COMMANDS, EVENTS, Delivery, Envelope
from workspace.journal import encode


class Posts:
    """Carries envelopes to one address. The app is always "connected"; whether it answers is another matter."""

    def __init__(self, delivery: Delivery, url: str, secret: str) -> None:
        self._delivery = delivery
        self._url = url
        self._secret = secret
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, envelope: Envelope) -> str:
        """Post it from a thread; the answer is the ack."""
        task = asyncio.create_task(self._deliver(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return "http"

    async def _deliver(self, envelope: Envelope) -> None:
        body, kind = _body(envelope)
        headers = signed(body, self._secret) | {"Content-Type": kind} | _retry_headers(envelope)
        status, answer, no_retry = await asyncio.to_thread(_post, Request(self._url, body, headers))  # noqa: S310
        if 200 <= status < 300:
            self._delivery.acked(envelope.id, _payload(answer))
        else:
            reason = "http_error" if status else "connection_failed"
            self._delivery.failed(envelope.id, reason, again=not no_retry)


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The two headers that prove that a request comes from Slack."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Envelope) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if envelope.type == EVENTS:
        return encode(envelope.payload), "application/json"
    if envelope.type == COMMANDS:
        return urlencode(envelope.payload).encode(), form
    return urlencode({"payload": json.dumps(envelope.payload)}).encode(), form


def _retry_headers(envelope: Envelope) -> dict[str, str]:
    if not envelope.attempt:
        return {}
    reason = "http_timeout" if envelope.reason == "timeout" else envelope.reason
    return {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": reason}


def _post(request: Request) -> tuple[int, bytes, bool]:
    """Status (0: no connection), body, and whether the app asked not to be sent this again."""
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310  the address is the developer's own
            return answer.status, answer.read(), False
    except HTTPError as problem:
        return problem.code, b"", problem.headers.get("X-Slack-No-Retry") == "1"
    except OSError:
        return 0, b"", False


def _payload(answer: bytes) -> Any:
    if not answer.strip():
        return None
    try:
        return json.loads(answer)
    except ValueError:
        return {"text": answer.decode(errors="replace")}
