"""Hats, drawn: who has which in a place, and the forms to give one and to end one."""

from dataclasses import dataclass
from datetime import date

from handlers.slack_text import safe
from handlers.views import forms, parts
from handlers.views.forms import Frame, Groups
from handlers.views.parts import Block
from handlers.words import Words
from models.people import Role

NOBODY = "nobody"  # the option that stands for a hat of her own
FIELDS = ("person", "role", "tools", "deputy_for", "starts", "ends")


@dataclass(frozen=True)
class Hat:
    """One hat as it is read. `other`: for whom she stands in. `mine`: may be ended by the one who reads."""

    id: int
    name: str
    role: Role
    tool: str
    other: str
    days: str
    mine: bool


@dataclass(frozen=True)
class Form:
    """`roles`: what may be given here; `others`: (name, person, role) of those who can have a deputy."""

    frame: Frame
    roles: tuple[Role, ...]
    others: tuple[tuple[str, int, Role], ...]
    groups: Groups
    starts: date


def listed(frame: Frame, hats: tuple[Hat, ...], words: Words) -> Block:
    """Each with the way to its end."""
    undo = parts.button(words("admin.undo"), "appointment.undo", forms.value(frame, frame.undo))
    new = parts.button(words("appointment.new"), "appointment.form", forms.value(frame, 0), "primary")
    turn = parts.button(words("admin.later"), "appointment.list", 0)
    rows = [_row(each, frame, words) for each in hats] or [parts.section(words("appointment.none"))]
    where = forms.menu(frame, "appointment.list", words)
    blocks = [*forms.done(frame, undo), *where, *rows[: forms.PAGE], parts.actions(new)]
    return parts.window(
        words("appointment.title"), words("button.close"), [*blocks, *forms.more(frame, turn, words)]
    )


def _row(hat: Hat, frame: Frame, words: Words) -> Block:
    other = words("appointment.deputy", name=safe(hat.other)) if hat.other else ""
    facts = ", ".join(filter(None, (words(f"hat.{hat.role}"), other, safe(hat.tool), hat.days)))
    text = f"*{safe(hat.name or words('admin.unnamed'))}*\n{facts}"
    if not hat.mine:
        return parts.section(text)
    end = parts.button(words("appointment.end"), "appointment.ending", forms.value(frame, hat.id))
    return parts.section(text, accessory=end)


def form(form: Form, words: Words) -> Block:
    """Who, what, for whom, when."""
    roles = [parts.option(words(f"hat.{role}"), role.value) for role in form.roles]
    own = parts.option(words("appointment.own"), NOBODY)
    others = [parts.option(f"{name} ({words(f'hat.{role}')})", person) for name, person, role in form.others]
    tools = forms.several(words("contact.tool_menu"), forms.options(form.groups))
    any_tool, until = words("appointment.tools_hint"), words("admin.ends_hint")
    blocks = [
        parts.section(f"*{safe(form.frame.name)}*"),
        forms.field("person", words("admin.person"), forms.person()),
        forms.field("role", words("appointment.role"), forms.choice(roles, roles[0]["value"])),
        forms.field("deputy_for", words("appointment.deputy_for"), forms.choice([own, *others], NOBODY)),
        forms.field("tools", words("contact.tool"), tools, any_tool, optional=True),
        forms.field("starts", words("admin.starts"), forms.day(form.starts)),
        forms.field("ends", words("admin.ends"), forms.day(None), until, optional=True),
    ]
    title, about = words("appointment.new"), forms.value(form.frame, 0)
    return parts.form("appointment.save", title, words("button.save"), words("button.close"), blocks, about)


def ending(frame: Frame, hat: Hat, questions: int, words: Words) -> Block:
    """What it means, before it is done."""
    name, role = safe(hat.name or words("admin.unnamed")), words(f"hat.{hat.role}")
    moves = [parts.section(words("appointment.moves", n=questions))] if questions else []
    blocks = [
        parts.section(words("appointment.ending", name=name, role=role, where=safe(frame.name))),
        *moves,
        forms.field("ends", words("admin.ends"), forms.day(None), words("appointment.ends_hint"), optional=True),
    ]
    title, about = words("appointment.end_title"), forms.value(frame, hat.id)
    return parts.form("appointment.end", title, words("appointment.end"), words("button.close"), blocks, about)
