"""The wire to Slack: its client, with connections that stay open while they are used.

slack_sdk opens one for every call. Over TLS that is two journeys to Slack and back and some milliseconds of CPU before
a word is said; without it still half of what a call costs us. Not here: what is said, and what a refusal means.
"""

import io
import time
from collections import deque
from copy import copy
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from select import select
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient

REST = 10.0  # seconds: servers and what stands before them close what is idle longer; whom that surprises is in doubt


class Wire(WebClient):
    """Safe for any number of threads. Behind a proxy each call has a connection of its own, as before."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._idle: deque[tuple[HTTPConnection, float]] = deque()  # used last, taken first

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """Status, headers and body; HTTPError and URLError as urllib raises them, which the retry handlers know."""
        if self.proxy is not None:  # urllib leaves it in the request, and a second attempt would ask for another path
            return super()._perform_urllib_http_request_internal(url, copy(req))
        connection = self._kept() or self._new(url)
        try:
            answer = self._asked(connection, url, req)
            body = answer.read()
        except BaseException:
            connection.close()
            raise
        if not answer.will_close:
            self._idle.append((connection, time.monotonic()))
        if not 200 <= answer.status < 300:
            raise HTTPError(url, answer.status, answer.reason, answer.headers, io.BytesIO(body))
        text = body.decode(answer.headers.get_content_charset() or "utf-8")
        return {"status": answer.status, "headers": answer.headers, "body": text}

    def _asked(self, connection: HTTPConnection, url: str, req: Request) -> HTTPResponse:
        at = urlsplit(url)
        where = f"{at.path}?{at.query}" if at.query else at.path
        headers = {name: str(value) for name, value in (*req.unredirected_hdrs.items(), *req.headers.items())}
        connection.request(req.get_method(), where, req.data, headers)
        return connection.getresponse()

    def _kept(self) -> HTTPConnection | None:
        """One that Slack has not closed meanwhile: of a closed one the end can be read."""
        while self._idle:
            try:
                connection, used_at = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            alive = connection.sock is not None and time.monotonic() - used_at < REST
            if alive and not select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()
        return None

    def _new(self, url: str) -> HTTPConnection:
        at = urlsplit(url)
        name, port = at.hostname or "", at.port
        connection = (
            HTTPSConnection(name, port, timeout=self.timeout, context=self.ssl)
            if at.scheme == "https"
            else HTTPConnection(name, port, timeout=self.timeout)
        )
        try:
            connection.connect()
        except OSError as fault:
            raise URLError(fault) from fault
        return connection
