"""The administration's part of Home, drawn."""

from dataclasses import dataclass

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


@dataclass(frozen=True)
class May:
    """Which buttons somebody has."""

    numbers: bool
    people: bool
    everything: bool


def home(may: May, words: Words) -> list[Block]:
    """Nothing for those who administer nothing."""
    if not may.numbers:
        return []
    buttons = [parts.button(words("contact.title"), "contact.open", 0)]
    if may.people:
        buttons.append(parts.button(words("appointment.title"), "appointment.open", 0))
        buttons.append(parts.button(words("absence.title"), "absence.open", 0))
        buttons.append(parts.button(words("unit.title"), "unit.open", 0))
    if may.everything:
        buttons.append(parts.button(words("settings.title"), "settings.open", 0))
        buttons.append(parts.button(words("words.title"), "words.open", 0))
    if may.people:
        buttons.append(parts.button(words("audit.title"), "audit.open", 0))
    return [parts.divider(), parts.section(words("admin.home")), parts.actions(*buttons)]
