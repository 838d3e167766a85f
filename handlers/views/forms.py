"""What the lists and forms of the administration have in common: where one is, what was just done, how much more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

LABEL = 150
PAGE = 15  # rows of a list: short enough for a phone, and far within a modal's hundred blocks

Groups = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Frame:
    """`menu`: department → (name, code) of its places; `place`: where one is; `undo`: what can be undone."""

    menu: Groups
    place: str
    name: str
    done: str = ""
    undo: int = 0
    page: int = 1
    pages: int = 1


def value(frame: Frame, number: int) -> str:
    """What a control carries: where, and which row or page there."""
    return f"{frame.place}|{number}"


def menu(frame: Frame, action_id: str, words: Words) -> list[Block]:
    """The other places; with only one there is nothing to choose."""
    where = [parts.section(f"*{safe(frame.name)}*")]
    if sum(len(places) for _, places in frame.menu) < 2:
        return where
    return [*where, parts.actions(parts.menu(words("admin.place_menu"), action_id, options(frame.menu)))]


def options(groups: Groups) -> list[tuple[str, list[Block]]]:
    """Headings of at most a hundred each: what is over goes under the same heading again."""
    most = parts.OPTIONS
    return [
        (name, [parts.option(label, key) for label, key in places[at : at + most]])
        for name, places in groups
        for at in range(0, len(places), most)
    ]


def done(frame: Frame, undo: Block | None) -> list[Block]:
    """What was just done, and the way back."""
    if not frame.done:
        return []
    return [parts.section(frame.done, accessory=undo if frame.undo else None), parts.divider()]


def more(frame: Frame, turn: Block, words: Words) -> list[Block]:
    """To the page before and the one after, by buttons like `turn`."""
    pages = {"earlier": frame.page - 1, "later": frame.page + 1}
    found = [
        parts.button(words(f"admin.{which}"), f"{turn['action_id']}:{which}", value(frame, page))
        for which, page in pages.items()
        if 1 <= page <= frame.pages
    ]
    return [parts.actions(*found)] if found else []


# ---- fields ----------------------------------------------------------------------------------------------------------


def field(name: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    """A field of a form; its block and its element have one name, so that what is wrong can be said beside it."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": {"type": "plain_text", "text": cut(label, LABEL)},
        "element": {"action_id": name, **element},
    }
    return {**block, "hint": {"type": "plain_text", "text": cut(hint, LABEL)}} if hint else block


def line(value: str, longest: int, *, multiline: bool = False) -> Block:
    """A field for words, with what stands in it."""
    element: Block = {"type": "plain_text_input", "max_length": longest, "multiline": multiline}
    return {**element, "initial_value": cut(value, longest)} if value else element


def day(value: date | None) -> Block:
    """A field for a date."""
    return {"type": "datepicker", "initial_date": value.isoformat()} if value else {"type": "datepicker"}


def choice(options: Sequence[Block], chosen: str) -> Block:
    """A menu in a form, with what is chosen in it."""
    found = [option for option in options[: parts.OPTIONS] if option["value"] == chosen]
    element: Block = {"type": "static_select", "options": list(options)[: parts.OPTIONS]}
    return {**element, "initial_option": found[0]} if found else element


def several(placeholder: str, groups: Sequence[tuple[str, Sequence[Block]]], chosen: Sequence[str] = ()) -> Block:
    """A menu in which any number may be chosen."""
    drawn = [{"label": {"type": "plain_text", "text": cut(name, 75)}, "options": list(found)} for name, found in groups]
    there = [option for _, found in groups for option in found if option["value"] in chosen][: parts.OPTIONS]
    text = {"type": "plain_text", "text": cut(placeholder, LABEL)}
    menu: Block = {"type": "multi_static_select", "placeholder": text, "option_groups": drawn[: parts.OPTIONS]}
    return {**menu, "initial_options": there} if there else menu


def where(name: str, departments: tuple[tuple[str, str], ...], words: Words) -> list[Block]:
    """For which departments; none chosen: all that are hers. With only one there is nothing to choose."""
    if len(departments) < 2:
        return []
    found = options(((words("told.departments"), departments),))
    return [field(name, words("told.where"), several(words("told.all"), found), optional=True)]


def person() -> Block:
    """Anybody in the chat."""
    return {"type": "users_select"}


def persons(chosen: Sequence[str], most: int) -> Block:
    """Some of those in the chat, in the order in which they are chosen."""
    element: Block = {"type": "multi_users_select", "max_selected_items": most}
    return {**element, "initial_users": list(chosen)[:most]} if chosen else element


def count(value: int, most: int) -> Block:
    """A whole number that is typed, with what it is now."""
    least = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
    return {**least, "max_value": str(most), "initial_value": str(value)}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """Asked before a tap that hurts."""
    plain = {"title": (title, 100), "confirm": (yes, 30), "deny": (no, 30)}
    named = {name: {"type": "plain_text", "text": cut(said, longest)} for name, (said, longest) in plain.items()}
    return {**named, "text": parts.marked(text, 300), "style": "danger"}
