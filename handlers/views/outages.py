"""Something is broken and known: the line that everybody reads, its form, and what comes when it works again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words
from models import clock

TOOL, TEXT, WHERE, DAY, TIME = "tool", "text", "departments", "day", "time"
LONGEST = 200
USUALLY = timedelta(hours=2)
MOST = 3  # in Home


@dataclass(frozen=True)
class Shown:
    """An outage as somebody sees it. `may_end`: it is hers to set right."""

    id: int
    tool: str
    text: str
    ends_at: datetime
    may_end: bool = False


@dataclass(frozen=True)
class Form:
    """`about`: the cluster it comes from, or 0; then the tool is known. `departments`: (name, id) of hers."""

    about: int
    tool: str
    tools: Groups
    departments: tuple[tuple[str, str], ...]
    now: datetime


def line(shown: Shown, words: Words) -> str:
    """What a new asker reads first."""
    said = f" {safe(cut(shown.text, LONGEST))}" if shown.text else ""
    return f"*{words('outage.known')}*{said} {words('outage.until', when=words.when(shown.ends_at))}"


def home(outages: Sequence[Shown], words: Words) -> list[Block]:
    """Nothing where nothing is broken."""
    return [_in_home(each, words) for each in outages[:MOST]]


def _in_home(shown: Shown, words: Words) -> Block:
    right = parts.button(words("button.outage_right"), "outage.right", shown.id) if shown.may_end else None
    said = f"\n{safe(cut(shown.text, LONGEST))}" if shown.text else ""
    until = words("outage.until", when=words.when(shown.ends_at))
    return parts.section(f"*{words('outage.in_home', tool=safe(shown.tool))}*{said}\n{until}", accessory=right)


def form(form: Form, words: Words) -> Block:
    ends = clock.local(form.now + USUALLY)
    time = {"type": "timepicker", "initial_time": f"{ends:%H:%M}"}
    blocks = [
        *_what(form, words),
        _field(TEXT, forms.line("", LONGEST), words, optional=True),
        _field(DAY, forms.day(ends.date()), words),
        _field(TIME, time, words),
        *forms.where(WHERE, form.departments, words),
    ]
    title, send = words("outage.form.title"), words("button.outage_save")
    return parts.form("outage.put_up", title, send, words("button.close"), blocks, form.about)


def _what(form: Form, words: Words) -> list[Block]:
    """About which tool: known, or to be chosen."""
    if form.about:
        return [parts.section(words("outage.form.intro", tool=safe(form.tool)))]
    menu = parts.menu(words("ask.tool_menu"), TOOL, forms.options(form.tools))
    return [parts.section(words("outage.form.intro_any")), _field(TOOL, menu, words)]


def _field(name: str, element: Block, words: Words, *, optional: bool = False) -> Block:
    return forms.field(name, words(f"outage.field.{name}"), element, optional=optional)


def ends(shown: Shown, text: str, words: Words) -> list[Block]:
    """Its end is near: mended, or not yet?"""
    right = parts.button(words("button.outage_right"), "outage.right", shown.id, "primary")
    more = parts.button(words("button.outage_more"), "outage.prolong", shown.id)
    return [parts.section(text), parts.actions(right, more)]


def over(ticket: int, text: str, words: Words, *, asks: bool, denies: bool) -> list[Block]:
    """It works again. `asks`: her question is not closed; `denies`: and somebody is there who hears that it is not."""
    yes = parts.button(words("button.yes_solved"), "ticket.confirm", ticket, "primary")
    no = parts.button(words("button.not_yet"), "ticket.deny", ticket)
    buttons = [yes, no] if denies else [yes] if asks else []
    return [parts.section(text), *([parts.actions(*buttons)] if buttons else [])]
