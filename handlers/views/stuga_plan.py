"""Series of drop-ins, drawn for those who plan them: a list, and one form for a new one and for a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from handlers.slack_text import safe
from handlers.views import forms, parts
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words
from models.clock import DAYS

TEXTS = {"name": 120, "room": 120, "address": 200, "way_in": 200, "link": 300, "pauses": 80}
FIELDS = (
    *("name", "day", "weeks", "from", "to", "tools", "departments", "for_night", "room", "address", "way_in", "link"),
    *("pauses", "starts", "ends"),
)
HOST, HELPER = "host", "helper"
WHICH, ONE, ALL = "which", "one", "all"
MOST = 20  # people who take turns
OPTIONAL = ("room", "address", "way_in", "link", "pauses")


@dataclass(frozen=True)
class Planned:
    """A series in the list. `day`: 0 is Monday."""

    id: int
    name: str
    day: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Plan:
    """What the form knows. `said`: cells of the sheet; `about`: the row that is changed, or 0.

    `hosts`, `helpers`: chat ids of those who take turns now, in that order.
    """

    about: int
    said: tuple[tuple[str, str], ...]
    tools: Groups
    departments: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()


def listed(series: Sequence[Planned], told: str, words: Words) -> Block:
    rows = [_row(each, words) for each in series[:40]] or [parts.section(words("stuga_plan.none"))]
    done = [parts.section(told), parts.divider()] if told else []
    new = parts.actions(parts.button(words("button.stuga_new"), "stuga_plan.form", 0, "primary"))
    return parts.window(words("stuga_plan.title"), words("button.close"), [*done, *rows, new])


def _row(each: Planned, words: Words) -> Block:
    hours = words("days.hours", opens=words.hour(each.opens), closes=words.hour(each.closes))
    text = f"*{safe(each.name)}*\n{words.weekday_number(each.day)} {hours}"
    return parts.section(text, accessory=parts.button(words("button.stuga_change"), "stuga_plan.form", each.id))


def _every(n: int, words: Words) -> str:
    return words("stuga_plan.every_other") if n == 2 else words("stuga_plan.every", n=n)


def form(plan: Plan, words: Words) -> Block:
    """A change holds from the day in `starts` on, or for the session of that week only."""
    said = dict(plan.said)
    days = [parts.option(words.weekday_number(at).capitalize(), day.value) for at, day in enumerate(DAYS)]
    weeks = [parts.option(_every(n, words), n) for n in (1, 2, 3, 4)]
    night = [parts.option(words(f"stuga_plan.night_{answer}"), answer) for answer in ("no", "yes")]
    texts = {name: _text(name, said.get(name, ""), words) for name in TEXTS}
    blocks = [
        parts.context(words("stuga_plan.intro_change" if plan.about else "stuga_plan.intro")),
        *(_which(said, words) if plan.about else []),
        texts["name"],
        _field("day", forms.choice(days, said.get("day", DAYS[1].value)), words),
        _field("from", {"type": "timepicker", "initial_time": said.get("from", "13:30")}, words),
        _field("to", {"type": "timepicker", "initial_time": said.get("to", "15:00")}, words),
        _field("weeks", forms.choice(weeks, said.get("weeks") or "1"), words),
        *(texts[name] for name in OPTIONAL[:-1]),
        *_themes(plan, said, words),
        _field("for_night", forms.choice(night, said.get("for_night") or "no"), words),
        *([] if plan.about else [_starts("starts", said, words, optional=True)]),
        _field("ends", forms.day(None) | _date(said.get("ends", "")), words, optional=True),
        texts["pauses"],
        _crew(HOST, plan.hosts, words),
        _crew(HELPER, plan.helpers, words),
    ]
    title, close = words("stuga_plan.title"), words("button.close")
    return parts.form("stuga_plan.save", title, words("button.save"), close, blocks, plan.about)


def _which(said: dict[str, str], words: Words) -> list[Block]:
    """All from some day on, or one."""
    options = [parts.option(words(f"stuga_plan.which_{which}"), which) for which in (ALL, ONE)]
    element: Block = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
    chosen = forms.field(WHICH, words("stuga_plan.field.which"), element)
    return [chosen, _starts("day_of", said, words, optional=False)]


def _starts(label: str, said: dict[str, str], words: Words, *, optional: bool) -> Block:
    day = forms.day(None) | _date(said.get("starts", ""))
    return forms.field("starts", words(f"stuga_plan.field.{label}"), day, optional=optional)


def _themes(plan: Plan, said: dict[str, str], words: Words) -> list[Block]:
    """About what, and for whom; nothing chosen means everything and everybody."""
    tools = forms.several(words("stuga_plan.all"), forms.options(plan.tools), said.get("tools", "").split("|"))
    found = [(words("stuga_plan.departments"), plan.departments)] if plan.departments else []
    where = forms.several(words("stuga_plan.all"), forms.options(tuple(found)), said.get("departments", "").split("|"))
    drawn = [_field("tools", tools, words, optional=True)] if plan.tools else []
    return [*drawn, *([_field("departments", where, words, optional=True)] if plan.departments else [])]


def _crew(part: str, chosen: Sequence[str], words: Words) -> Block:
    """Who is left standing stays; somebody has to be host."""
    label, hint = words(f"stuga_plan.field.{part}"), words("stuga_plan.in_turn")
    return forms.field(part, label, forms.persons(chosen, MOST), hint, optional=part != HOST)


def _date(value: str) -> Block:
    return {"initial_date": value} if len(value) == 10 and value[4] == "-" else {}


def _text(name: str, value: str, words: Words) -> Block:
    return _field(name, forms.line(value, TEXTS[name]), words, optional=name in OPTIONAL)


def _field(name: str, element: Block, words: Words, *, optional: bool = False) -> Block:
    return forms.field(name, words(f"stuga_plan.field.{name}"), element, optional=optional)
