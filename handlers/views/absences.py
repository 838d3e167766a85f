"""Who is away and who is on duty, drawn for a manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.slack_text import safe
from handlers.views import forms, parts, shifts
from handlers.views.forms import Frame
from handlers.views.parts import Block
from handlers.words import Words

FIELDS = ("person", "starts", "ends")
DUTY = ("person", "until")


@dataclass(frozen=True)
class Away:
    """`now`: already; `ends` None: until further notice."""

    id: int
    name: str
    starts: date
    ends: date | None
    now: bool


@dataclass(frozen=True)
class OnDuty:
    """Declared, by herself or for her. `person`: her id."""

    person: int
    name: str
    until: datetime


def listed(frame: Frame, away: tuple[Away, ...], duty: tuple[OnDuty, ...], words: Words) -> Block:
    """Away first: that is why somebody looks."""
    undo = parts.button(words("admin.undo"), "absence.undo", forms.value(frame, frame.undo))
    new = parts.button(words("absence.new"), "absence.form", forms.value(frame, 0), "primary")
    rota = parts.button(words("rota.new"), "rota.form", forms.value(frame, 0))
    begin = parts.button(words("duty.new"), "duty.other_form", forms.value(frame, 0))
    turn = parts.button(words("admin.later"), "absence.list", 0)
    rows = [_away(each, frame, words) for each in away] or [parts.section(words("absence.none"))]
    here = [_on_duty(each, frame, words) for each in duty[: 2 * forms.PAGE]]
    blocks = [*forms.done(frame, undo), *forms.menu(frame, "absence.list", words), *rows[: forms.PAGE]]
    blocks += [*forms.more(frame, turn, words), *here, parts.actions(new, begin, rota)]
    return parts.window(words("absence.title"), words("button.close"), blocks)


def _away(each: Away, frame: Frame, words: Words) -> Block:
    key = "until" if each.now and each.ends else "open" if each.now else "from" if each.ends is None else "between"
    about = {"starts": words.dated(each.starts), "ends": words.dated(each.ends or each.starts)}
    text = f"*{safe(each.name or words('admin.unnamed'))}*\n{words(f'absence.{key}', **about)}"
    back = parts.button(
        words("absence.back" if each.now else "absence.cancel"), "absence.end", forms.value(frame, each.id)
    )
    return parts.section(text, accessory=back)


def _on_duty(each: OnDuty, frame: Frame, words: Words) -> Block:
    text = words("duty.other", name=safe(each.name or words("admin.unnamed")), when=words.when(each.until))
    return parts.section(
        text, accessory=parts.button(words("duty.end"), "duty.other_off", forms.value(frame, each.person))
    )


def form(frame: Frame, starts: date, words: Words) -> Block:
    """Never why."""
    until = words("admin.ends_hint")
    blocks = [
        parts.section(words("absence.intro")),
        forms.field("person", words("admin.person"), forms.person()),
        forms.field("starts", words("absence.starts"), forms.day(starts)),
        forms.field("ends", words("absence.ends"), forms.day(starts), until, optional=True),
    ]
    about = forms.value(frame, 0)
    return parts.form("absence.save", words("absence.new"), words("button.save"), words("button.close"), blocks, about)


def duty_form(frame: Frame, words: Words) -> Block:
    """As if she had said so herself."""
    blocks = [
        forms.field("person", words("admin.person"), forms.person()),
        forms.field("until", words("duty.other_until"), {"type": "timepicker", "initial_time": "15:30"}),
    ]
    about = forms.value(frame, 0)
    return parts.form("duty.other_on", words("duty.new"), words("button.save"), words("button.close"), blocks, about)


def rota_form(frame: Frame, ahead: Sequence[int], words: Words) -> Block:
    """As if she had said so herself: some days at a time."""
    blocks = [
        parts.section(words("rota.intro")),
        forms.field("person", words("admin.person"), forms.person()),
        *shifts.fields(1, ahead, words),
    ]
    about = forms.value(frame, 0)
    return parts.form("rota.save", words("rota.new"), words("button.save"), words("button.close"), blocks, about)
