"""Slack's shapes, in and out: what came in, what people see. Never SQL, never a rule."""

from handlers import asking, clockwork, doors, duty, fallback, helping, home, onward, profiles, reactions, shared
from handlers.listening import Listeners


def register(on: Listeners) -> None:
    """Everything people can do, one line a feature."""
    for feature in (asking, doors, helping, onward, reactions, duty, home, shared, profiles, clockwork, fallback):
        feature.register(on)
