"""The composition root: the only place that knows every concrete thing. Tests call the same function with fakes."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

import handlers
from handlers.desk import Desk
from handlers.listening import Listeners

VIEW_TIMEOUT = 1  # seconds: a trigger lives three, and the person waits


def wall_clock() -> datetime:
    """The only clock of the product."""
    return datetime.now(UTC)  # noqa: TID251


def build(desk: Desk, **slack: Any) -> tuple[App, Listeners]:
    """The Bolt app with every listener. `slack` goes to Bolt: token, client, authorize …

    process_before_response: a listener finishes, and commits, before Slack gets its ack.
    """
    app = App(process_before_response=True, **slack)
    on = Listeners(app, desk)
    handlers.register(on)
    return app, on


def view_client(token: str, base_url: str) -> WebClient:
    """The client that Bolt copies for each request: for what needs a trigger."""
    return WebClient(token=token, base_url=base_url, timeout=VIEW_TIMEOUT)
