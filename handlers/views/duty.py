"""How long a helper is at work: a line in Home, and the form behind it."""

from datetime import datetime, time

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

FIELD = "until"


def home(helps: bool, until: datetime | None, words: Words) -> list[Block]:
    """Nothing for those who do not help."""
    if not helps:
        return []
    if until is None:
        button = parts.button(words("button.duty_on"), "duty.form", 0, "primary")
        return [parts.section(words("duty.unknown")), parts.actions(button, _off(words))]
    change = parts.button(words("button.duty_change"), "duty.form", 0)
    return [parts.section(words("duty.until", when=words.when(until))), parts.actions(_off(words), change)]


def _off(words: Words) -> Block:
    return parts.button(words("button.duty_off"), "duty.off", 0)


def form(until: time, words: Words) -> Block:
    """One field, filled in as last time."""
    field = {
        "type": "input",
        "block_id": FIELD,
        "label": {"type": "plain_text", "text": words("duty.form_label")},
        "hint": {"type": "plain_text", "text": words("duty.form_hint")},
        "element": {"type": "timepicker", "action_id": FIELD, "initial_time": until.strftime("%H:%M")},
    }
    return parts.form("duty.on", words("duty.form_title"), words("button.save"), words("button.close"), [field])
