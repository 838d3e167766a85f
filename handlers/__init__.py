"""Slack's shapes, in and out: what came in, what people see. Never SQL, never a rule."""

from handlers import (
    absences,
    administration,
    appointments,
    asking,
    audit,
    auditor,
    clearing,
    clockwork,
    contacts,
    doors,
    duty,
    fallback,
    gaps,
    gate,
    helping,
    home,
    learning,
    onward,
    orders,
    profiles,
    reactions,
    settings,
    shared,
    shifts,
    stuga,
    stuga_day,
    summer,
    takeover,
    units,
    who_helps,
)
from handlers.listening import Listeners

FEATURES = (
    asking,
    doors,
    helping,
    takeover,
    onward,
    orders,
    reactions,
    duty,
    shifts,
    summer,
    stuga,
    stuga_day,
    gate,
    clearing,
    home,
    learning,
    who_helps,
    gaps,
    administration,
    contacts,
    appointments,
    absences,
    units,
    settings,
    audit,
    shared,
    profiles,
    clockwork,
    auditor,
    fallback,
)


def register(on: Listeners) -> None:
    """Everything people can do, one line a feature."""
    for feature in FEATURES:
        feature.register(on)
