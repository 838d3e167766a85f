"""Somebody's own rota: what it says, week by week, and a form that sets the same hours on some days of one week."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

WEEKS, WEEK, DAYS, FROM, TO = "weeks", "week", "days", "opens", "closes"


@dataclass(frozen=True)
class Spell:
    """`day`: 0 is Monday. Times as `21:00`."""

    day: int
    opens: str
    closes: str


@dataclass(frozen=True)
class Week:
    """`number`: of the ISO week in which it comes next."""

    number: int
    spells: tuple[Spell, ...]


def form(rota: Sequence[Week], ahead: Sequence[int], words: Words) -> Block:
    """`ahead`: the numbers of this week and the next ones, as many as a cycle may have."""
    shown = "\n".join(_line(week, words) for week in rota) or words("shifts.none")
    end = [parts.actions(parts.button(words("button.shifts_end"), "shifts.end", 0))] if rota else []
    title, save, close = words("shifts.title"), words("button.save"), words("button.close")
    blocks = [parts.section(shown), *end, *fields(len(rota), ahead, words)]
    return parts.form("shifts.save", title, save, close, blocks)


def fields(weeks_now: int, ahead: Sequence[int], words: Words) -> list[Block]:
    """The same hours on some days of one week; `weeks_now`: how long the cycle is."""
    numbers = [parts.option(words("shifts.long", n=n), n) for n in range(1, len(ahead[:10]) + 1)]
    weeks = [parts.option(_week(number, at, words), at) for at, number in enumerate(ahead[:10])]
    days = [parts.option(words.weekday_number(day), day) for day in range(7)]
    return [
        _field(WEEKS, words("shifts.cycle"), _select(WEEKS, numbers, max(1, weeks_now) - 1)),
        _field(WEEK, words("shifts.which"), _select(WEEK, weeks, 0)),
        _field(DAYS, words("shifts.days"), {"type": "checkboxes", "action_id": DAYS, "options": days}),
        _field(FROM, words("shifts.from"), {"type": "timepicker", "action_id": FROM}) | {"optional": True},
        _field(TO, words("shifts.to"), {"type": "timepicker", "action_id": TO})
        | {"optional": True, "hint": {"type": "plain_text", "text": words("shifts.hint")}},
    ]


def _line(week: Week, words: Words) -> str:
    """The week's number, then its days with their hours."""
    spells = [_spell(spell, words) for spell in week.spells]
    return words("shifts.week", week=week.number, spells=", ".join(spells) or words("shifts.free"))


def _spell(spell: Spell, words: Words) -> str:
    opens, closes = _clock(spell.opens, words), _clock(spell.closes, words)
    return words("shifts.spell", day=words.weekday_number(spell.day)[:3], opens=opens, closes=closes)


def _clock(text: str, words: Words) -> str:
    return text.replace(":", ".") if words.language == "sv" else text


def _week(number: int, at: int, words: Words) -> str:
    return words("shifts.later" if at else "shifts.this", week=number)


def _field(block: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }


def _select(action: str, options: list[Block], chosen: int) -> Block:
    first = options[min(chosen, len(options) - 1)]
    return {"type": "static_select", "action_id": action, "options": options, "initial_option": first}
