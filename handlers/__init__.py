"""Slack's shapes, in and out: what came in, what people see. Never SQL, never a rule."""

from handlers import asking, clockwork, duty, fallback, helping, home, profiles
from handlers.listening import Listeners


def register(on: Listeners) -> None:
    """Everything people can do, one line a feature."""
    for feature in (asking, helping, duty, home, profiles, clockwork, fallback):
        feature.register(on)
