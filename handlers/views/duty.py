"""How long a helper is at work: a line in Home, the form behind it, and what she leaves when she goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from handlers.views import parts
from handlers.views.parts import Block
from handlers.views.ticket import Facts, title
from handlers.words import Words

FIELD = "until"


@dataclass(frozen=True)
class Offer:
    """A declaration in one tap. `like`: the day of an earlier week that it repeats."""

    duty: int
    until: datetime
    like: datetime | None


@dataclass(frozen=True)
class Standing:
    """`until`: the end of a time at work that is known; `declared`: by herself. `back_at`: she is known to be off."""

    helps: bool
    until: datetime | None
    declared: bool
    back_at: datetime | None
    offers: tuple[Offer, ...]


def home(standing: Standing, words: Words) -> list[Block]:
    """Nothing for those who do not help."""
    if not standing.helps:
        return []
    rota = parts.button(words("button.shifts"), "shifts.form", 0)
    if standing.until is not None:
        key = "duty.until" if standing.declared else "duty.planned"
        change = parts.button(words("button.duty_change"), "duty.form", 0)
        said = parts.section(words(key, when=words.when(standing.until)))
        return [said, parts.actions(_off(words), change, rota)]
    back = standing.back_at
    said = parts.section(words("duty.unknown") if back is None else words("duty.free", when=words.when(back)))
    off = (_off(words),) if back is None else ()
    return [said, parts.actions(*_begins(standing.offers[:2], words), *off, rota)]


def _begins(offers: Sequence[Offer], words: Words) -> list[Block]:
    """The usual time is one tap; any other time is a form."""
    again = [_offer(offer, words, "primary" if offer is offers[0] else None) for offer in offers]
    return [*again, parts.button(words("button.duty_on"), "duty.form", 0, None if again else "primary")]




def _offer(offer: Offer, words: Words, style: str | None) -> Block:
    time_ = words.clock(offer.until)
    if offer.like is None:
        return parts.button(words("button.duty_again", time=time_), "duty.again", offer.duty, style)
    text = words("button.duty_like", day=words.weekday(offer.like), time=time_)
    return parts.button(text, "duty.again:like", offer.duty, style)  # two of one name may not stand in a row


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
