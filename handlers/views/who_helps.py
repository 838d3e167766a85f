""" "Vem hjälper dig?", drawn: faces and who is at work, the specialist for each tool, the coordinators."""

from collections.abc import Iterable, Sequence

from handlers.slack_text import safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words
from models import who_helps
from models.contacts import Spell
from models.who_helps import Helper

Units = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
Numbers = tuple[tuple[str, tuple[Spell, ...]], ...]
FACES, MORE_FACES = 6, 20  # in Home, in the window


def where(units: Units, words: Words) -> list[Block]:
    """Home of somebody whose unit nobody knows: she is asked, and goes on from there."""
    if not units:
        return []
    menu = parts.menu(words("receipt.unit_menu"), "who_helps.work_here", _groups(units))
    return [parts.section(words("who_helps.where"), accessory=menu)]


def home(unit: str, unit_id: int, blocks: Sequence[Block], words: Words) -> list[Block]:
    more = parts.button(words("button.who_helps"), "who_helps.open", unit_id)
    return [parts.section(words("who_helps.home", unit=safe(unit)), accessory=more), *blocks]


def window(unit: str, unit_id: int, blocks: Sequence[Block], units: Units, movable: bool, words: Words) -> Block:
    """Everything about a unit, and a menu of the others. Who does not work there today can say that she does."""
    menu = parts.menu(words("receipt.unit_menu"), "who_helps.unit", _groups(units))
    other = [parts.section(words("who_helps.other"), accessory=menu)] if units else []
    shown = [parts.header(unit), *other, *blocks[:90]]
    title, close = words("who_helps.title"), words("button.close")
    if not movable:
        return parts.window(title, close, shown)
    return parts.form("who_helps.work_here", title, words("button.work_here"), close, shown, unit_id)


def _groups(units: Units) -> list[tuple[str, list[Block]]]:
    return [(name, [parts.option(unit, key) for unit, key in found]) for name, found in units]


# ---- the parts ---------------------------------------------------------------------------------------------------


def experts_brief(found: Sequence[Helper], words: Words) -> list[Block]:
    """Faces of the others, those who are at work first."""
    others = _others(found)
    return [parts.context(words("who_helps.only_you"))] if found and not others else _faces(others, FACES, words)


def experts(found: Sequence[Helper], words: Words) -> list[Block]:
    return [parts.section(f"*{words('role.expert_user')}*"), *_faces(found, MORE_FACES, words)]


def _faces(found: Sequence[Helper], most: int, words: Words) -> list[Block]:
    if not found:
        return [parts.context(words("who_helps.no_expert"))]
    faces = [parts.face(helper.picture_url, helper.name, _line(helper, words)) for helper in found[:most]]
    more = [parts.context(words("who_helps.more", n=len(found) - most))] if len(found) > most else []
    return [*_when(found, words), *faces, *more]


def _when(found: Iterable[Helper], words: Words) -> list[Block]:
    """With nobody at work: when somebody may be."""
    helpers = _others(found)
    there = who_helps.next_there(helpers)
    if there is None or any(helper.at_work for helper in helpers):
        return []
    return [parts.context(words("who_helps.nobody", when=words.when(there)))]


def _line(helper: Helper, words: Words) -> str:
    """`*Bo Berg* · på plats nu · ersättare`."""
    marks = [words("who_helps.deputy")] if helper.deputy else []
    marks += [words("who_helps.lent", unit=safe(helper.lent_by))] if helper.lent_by else []
    tools = words.people(safe(_tool(key, words)) for key in helper.tools)
    marks += [words("who_helps.only", tools=tools)] if tools else []
    return " · ".join([f"*{safe(helper.name)}*", _presence(helper, words), *marks])


def _others(found: Iterable[Helper]) -> list[Helper]:
    return [helper for helper in found if not helper.herself]


def _presence(helper: Helper, words: Words) -> str:
    if helper.herself:
        return words("who_helps.you")
    if not helper.at_work:
        return words("who_helps.away")
    return words("who_helps.here") if helper.known else words("who_helps.maybe")


def numbers(found: Numbers, words: Words) -> list[Block]:
    """Whom to ring and when, first for anything, then for the tools that have a number of their own."""
    if not found:
        return []
    rows = [_number(tool, spell, words) for tool, spells in found for spell in spells]
    return [parts.section(f"*{words('who_helps.numbers')}*"), *(parts.section("\n".join(s)) for s in _sections(rows))]


def _number(tool: str, spell: Spell, words: Words) -> str:
    hours = words("poster.hours", opens=words.hour(spell.opens), closes=words.hour(spell.closes))
    when = words("poster.always") if spell.opens == spell.closes else hours
    what = f"{safe(_tool(tool, words))}, {when}" if tool else when
    second = words("receipt.urgent.second", number=safe(spell.ring.second_number)) if spell.ring.second_number else ""
    return f"{what}: *{safe(spell.ring.number)}* {second}".rstrip()


def specialists(found: Sequence[tuple[str, Sequence[Helper]]], words: Words) -> list[Block]:
    """A line for each tool that somebody knows best. The others are no list that helps anybody who asks."""
    known = [f"{safe(_tool(tool, words))}: {_names(helpers, words)}" for tool, helpers in found if helpers]
    others = [parts.context(words("who_helps.other_tools"))] if len(known) < len(found) else []
    blocks = [parts.section("\n".join(some)) for some in _sections(known)]
    return [parts.section(f"*{words('role.object_specialist')}*"), *blocks, *others] if blocks else []


def _sections(lines: Sequence[str], each: int = 10) -> list[Sequence[str]]:
    return [lines[start : start + each] for start in range(0, len(lines), each)]


def _names(helpers: Iterable[Helper], words: Words) -> str:
    return words.people(f"{safe(helper.name)} ({_presence(helper, words)})" for helper in helpers)


def coordinators(found: Sequence[Helper], words: Words) -> list[Block]:
    """In words: they are asked when nobody else can."""
    names = words.people(safe(helper.name) for helper in _others(found))
    return [parts.context(words("who_helps.coordinators", names=names))] if names else []


def _tool(key: str, words: Words) -> str:
    return words.tool(key) or key
