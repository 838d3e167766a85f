"""How long a helper is at work: a line in Home, the form behind it, and what she leaves when she goes."""

from collections.abc import Sequence
from datetime import datetime, time

from handlers.views import parts
from handlers.views.parts import Block
from handlers.views.ticket import Facts, title
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


def shift_ends(text: str, words: Words) -> list[Block]:
    change = parts.button(words("button.duty_change"), "duty.form", 0)
    return [parts.section(text), parts.actions(_off(words), change)]


def hand_over(left: Sequence[Facts], words: Words) -> Block:
    """A field for each question that moves on; none has to be filled in."""
    blocks = [parts.section(words("hand_over.intro"))]
    for facts in left:
        blocks += [parts.section(title(facts)), *(parts.said(line) for line in facts.words_of_asker[:1])]
        field = {"type": "plain_text_input", "action_id": word_about(facts.id), "multiline": True, "max_length": 500}
        label = {"type": "plain_text", "text": words("hand_over.word")}
        hint = {"type": "plain_text", "text": words("ask.what_hint")}
        about = {"type": "input", "block_id": word_about(facts.id), "label": label, "element": field, "hint": hint}
        blocks.append(about | {"optional": True})
    title_, submit = words("hand_over.title"), words("button.duty_off")
    return parts.form("duty.hand_over", title_, submit, words("button.close"), blocks)


def word_about(ticket: int) -> str:
    """The field's name."""
    return f"word_{ticket}"
