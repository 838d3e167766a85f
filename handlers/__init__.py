"""Slack's shapes, in and out: what came in, what people see. Never SQL, never a rule."""

from handlers import (
    asking,
    clockwork,
    doors,
    duty,
    fallback,
    gate,
    helping,
    home,
    onward,
    profiles,
    reactions,
    shared,
    shifts,
    summer,
    takeover,
    who_helps,
)
from handlers.listening import Listeners

FEATURES = (
    asking,
    doors,
    helping,
    takeover,
    onward,
    reactions,
    duty,
    shifts,
    summer,
    gate,
    home,
    who_helps,
    shared,
    profiles,
    clockwork,
    fallback,
)


def register(on: Listeners) -> None:
    """Everything people can do, one line a feature."""
    for feature in FEATURES:
        feature.register(on)
