"""Numbers to ring, drawn: the list of a place, and the form behind each."""

from dataclasses import dataclass
from datetime import date

from handlers.slack_text import safe
from handlers.views import forms, parts
from handlers.views.forms import Frame, Groups
from handlers.views.parts import Block
from handlers.words import Words

ANY = "any"  # the option that stands for no tool: a menu without a choice cannot be emptied on every phone
FIELDS = ("number", "second_number", "tools", "from", "to", "what_to_do", "routine", "starts", "ends")


@dataclass(frozen=True)
class Number:
    """A contact as it is read. Days and times are written out."""

    id: int
    tool: str
    hours: str
    days: str
    number: str
    second: str
    what_to_do: str
    routine: str


@dataclass(frozen=True)
class Form:
    """`id` 0 is a new one. `groups`: the tools to choose from; `any`: or all."""

    frame: Frame
    id: int
    groups: Groups
    any: bool
    tools: str = ""
    number: str = ""
    second_number: str = ""
    opens: str = ""
    closes: str = ""
    what_to_do: str = ""
    routine: str = ""
    starts: date | None = None
    ends: date | None = None


def listed(frame: Frame, numbers: tuple[Number, ...], words: Words) -> Block:
    """What holds there, each with its button."""
    undo = parts.button(words("admin.undo"), "contact.undo", forms.value(frame, frame.undo))
    new = parts.button(words("contact.new"), "contact.form", forms.value(frame, 0), "primary")
    turn = parts.button(words("admin.later"), "contact.list", 0)
    rows = [_row(each, frame, words) for each in numbers] or [parts.section(words("contact.none"))]
    where = forms.menu(frame, "contact.list", words)
    blocks = [*forms.done(frame, undo), *where, *rows[: forms.PAGE], parts.actions(new)]
    return parts.window(words("contact.title"), words("button.close"), [*blocks, *forms.more(frame, turn, words)])


def _row(each: Number, frame: Frame, words: Words) -> Block:
    when = ", ".join(filter(None, (each.hours, each.days)))
    head = f"*{safe(each.tool or words('contact.any_tool'))}*" + (f" · {when}" if when else "")
    ring = words("contact.ring", number=safe(each.number))
    second = words("receipt.urgent.second", number=safe(each.second)) if each.second else words("contact.no_second")
    rest = [safe(each.what_to_do), words("receipt.urgent.routine", routine=safe(each.routine)) if each.routine else ""]
    text = "\n".join(filter(None, (head, ring, second, *rest)))
    change = parts.button(words("admin.change"), "contact.form", forms.value(frame, each.id))
    return parts.section(text, accessory=change)


def form(form: Form, words: Words) -> Block:
    """The number first: it is what is rung."""
    title = words("contact.new_title") if not form.id else words("contact.change_title")
    about = forms.value(form.frame, form.id)
    blocks = [
        parts.section(f"*{safe(form.frame.name)}*"),
        forms.field("number", words("contact.number"), forms.line(form.number, 40), words("contact.number_hint")),
        forms.field(
            "second_number",
            words("contact.second"),
            forms.line(form.second_number, 40),
            words("contact.second_hint"),
            optional=True,
        ),
        forms.field("tools", words("contact.tool"), _tools(form, words)),
        forms.field(
            "from", words("contact.from"), forms.line(form.opens, 5), words("contact.from_hint"), optional=True
        ),
        forms.field("to", words("contact.to"), forms.line(form.closes, 5), optional=True),
        forms.field(
            "what_to_do",
            words("contact.what"),
            forms.line(form.what_to_do, 400, multiline=True),
            words("contact.what_hint"),
            optional=True,
        ),
        forms.field(
            "routine",
            words("contact.routine"),
            forms.line(form.routine, 200),
            words("contact.routine_hint"),
            optional=True,
        ),
        forms.field("starts", words("admin.starts"), forms.day(form.starts)),
        forms.field("ends", words("admin.ends"), forms.day(form.ends), words("admin.ends_hint"), optional=True),
        *_end(form, about, words),
    ]
    return parts.form("contact.save", title, words("button.save"), words("button.close"), blocks, about)


def _tools(form: Form, words: Words) -> Block:
    every = (words("contact.general"), [parts.option(words("contact.any_tool"), ANY)])
    groups = [*([every] if form.any or not form.groups else []), *forms.options(form.groups)]
    chosen = [option for _, found in groups for option in found if option["value"] == (form.tools or ANY)]
    menu = parts.menu(words("contact.tool_menu"), "tools", groups)
    return {**menu, "initial_option": chosen[0]} if chosen else menu


def _end(form: Form, about: str, words: Words) -> list[Block]:
    if not form.id:
        return []
    ask = forms.confirm(words("contact.end"), words("contact.end_sure"), words("contact.end"), words("button.close"))
    end = parts.button(words("contact.end"), "contact.end", about, "danger")
    return [parts.actions({**end, "confirm": ask})]
