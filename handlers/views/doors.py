"""The form for asking, in three pictures: the whole form, a tool's usual troubles, and what had to be hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

WHAT, TOOL, UNIT, WAITS, COLLEAGUE = "what", "tool", "unit", "waits", "colleague"
PICTURES, TICK = "pictures", "tick"
MOST, KINDS = 3, ["jpg", "jpeg", "png", "heic", "webp"]
YES = "yes"


@dataclass(frozen=True)
class Tool:
    """A tool as a person chooses it."""

    key: str
    name: str
    picture: str
    category: str


@dataclass(frozen=True)
class Form:
    """What the form knows beforehand."""

    tools: tuple[Tool, ...]
    units: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    text: str = ""
    tool: str = ""
    unit: int | None = None
    usual: tuple[str, ...] = ()
    files: bool = False  # pictures may come with it
    unticked: bool = False  # they did, and nobody said that no care recipient can be seen
    alone: bool = True  # not on a phone that several share: there it is always for whoever holds it


def ask(form: Form, words: Words) -> Block:
    """The form. With `usual` troubles first: two taps are enough."""
    blocks = [*_warning(form, words), *_usual(form, words), _what(form, words)]
    blocks += [_tool(form, words)] if not form.usual else []
    blocks += [_unit(form, words)] if form.units else []
    blocks += [_waits(words), *([_colleague(words)] if form.alone else []), *_pictures(form, words)]
    about = f"{form.tool}" if form.usual else ""
    return parts.form("ask.send", words("ask.title"), words("ask.send"), words("button.close"), blocks, about)


def sent(number: str, words: Words) -> Block:
    """After a tap on a usual trouble: it is on its way."""
    return parts.window(words("ask.title"), words("button.close"), [parts.section(words("ask.sent", number=number))])


def tool_buttons(tools: Sequence[Tool], words: Words) -> list[Block]:
    """In Home: six tools to tap, and the form for everything else."""
    buttons = [parts.button(f"{tool.picture} {tool.name}", f"ask.tool:{tool.key}", 0) for tool in tools]
    other = parts.button(words("button.ask"), "ask.open", 0, "primary")
    return [parts.section(words("home.what")), parts.actions(*buttons, other)]


def _warning(form: Form, words: Words) -> list[Block]:
    """The tick that is missing."""
    return [parts.section(words("ask.unticked"))] if form.unticked else []


def _usual(form: Form, words: Words) -> list[Block]:
    if not form.usual:
        return []
    buttons = [parts.button(text, f"ask.usual:{index}", form.tool) for index, text in enumerate(form.usual)]
    ask = words("ask.usual", tool=safe(words.tool(form.tool)))
    return [parts.section(ask), *(parts.actions(button) for button in buttons), parts.divider()]


def _what(form: Form, words: Words) -> Block:
    field = {"type": "plain_text_input", "action_id": WHAT, "multiline": True, "max_length": 3000}
    if form.text:
        field["initial_value"] = cut(form.text, 3000)
    hint = {"type": "plain_text", "text": words("ask.what_hint")}
    return _input(WHAT, words("ask.what"), field) | {"hint": hint}


def _tool(form: Form, words: Words) -> Block:
    groups: dict[str, list[Block]] = {}
    for tool in form.tools:
        groups.setdefault(tool.category, []).append(parts.option(f"{tool.picture} {tool.name}", tool.key))
    menu = parts.menu(words("ask.tool_menu"), TOOL, list(groups.items()))
    chosen = next((o for options in groups.values() for o in options if o["value"] == form.tool), None)
    return _input(TOOL, words("ask.tool"), menu | ({"initial_option": chosen} if chosen else {})) | {"optional": True}


def _unit(form: Form, words: Words) -> Block:
    groups = [(name, [parts.option(unit, key) for unit, key in units]) for name, units in form.units]
    menu = parts.menu(words("receipt.unit_menu"), UNIT, groups)
    chosen = next((o for _, options in groups for o in options if o["value"] == str(form.unit)), None)
    return _input(UNIT, words("ask.unit"), menu | ({"initial_option": chosen} if chosen else {})) | {"optional": True}


def _waits(words: Words) -> Block:
    options = [parts.option(words("ask.waits_no"), "no"), parts.option(words("ask.waits_yes"), YES)]
    field = {"type": "radio_buttons", "action_id": WAITS, "options": options, "initial_option": options[0]}
    return _input(WAITS, words("ask.waits"), field)


def _colleague(words: Words) -> Block:
    field = {"type": "checkboxes", "action_id": COLLEAGUE, "options": [parts.option(words("ask.colleague"), YES)]}
    return _input(COLLEAGUE, words("ask.colleague_label"), field) | {"optional": True}


def _pictures(form: Form, words: Words) -> list[Block]:
    """At most three, and the promise that goes with them. We ask for the tick ourselves: only pictures need it."""
    if not form.files:
        return []
    field = {"type": "file_input", "action_id": PICTURES, "filetypes": KINDS, "max_files": MOST}
    tick = {"type": "checkboxes", "action_id": TICK, "options": [parts.option(words("ask.tick"), YES)]}
    return [
        _input(PICTURES, words("ask.pictures"), field) | {"optional": True},
        _input(TICK, words("ask.tick_label"), tick) | {"optional": True},
    ]


def _input(block_id: str, label: str, element: Block) -> Block:
    text = {"type": "plain_text", "text": cut(label, 150)}
    return {"type": "input", "block_id": block_id, "label": text, "element": element}
