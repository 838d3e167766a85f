"""The composition root: the only place that knows every concrete thing. Tests call the same function with fakes."""

import ssl
from datetime import UTC, datetime
from functools import cache
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.wire import Wire
from handlers import features
from handlers.desk import Desk
from handlers.listening import Listeners
from models import tables as tables

VIEW_TIMEOUT = 1  # seconds: a trigger lives three, and the person waits


def wall_clock() -> datetime:
    """The only clock of the product."""
    return datetime.now(UTC)  # noqa: TID251


def build(desk: Desk, **slack: Any) -> tuple[App, Listeners]:
    """The Bolt app with every listener. `slack` goes to Bolt: token, client, authorize …

    process_before_response: a listener finishes, and commits, before Slack gets its ack.
    """
    # A name: without one Bolt reads the whole stack's source files to find one, some 50 ms.
    app = App(name="supportstuga", process_before_response=True, **slack)
    on = Listeners(app, desk)
    features.register(on)
    return app, on


def client(token: str, base_url: str, timeout: int = 30) -> WebClient:
    """What speaks to Slack. Bolt makes its own for each request after one with VIEW_TIMEOUT."""
    trusted = _trusted() if base_url.startswith("https:") else None
    return Wire(token=token, base_url=base_url, timeout=timeout, ssl=trusted)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we trust, read once: left to itself, Python 3.11 reads it anew for every call, 20 ms of CPU each time."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])  # as http.client says it of its own accord
    return context
