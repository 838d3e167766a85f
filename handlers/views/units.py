"""A unit, drawn: whether it has begun, what it lacks, which tools it uses."""

from dataclasses import dataclass

from handlers.slack_text import safe
from handlers.views import forms, parts
from handlers.views.forms import Frame, Groups
from handlers.views.parts import Block
from handlers.words import Words


@dataclass(frozen=True)
class Unit:
    """`switches`: the one who reads may start and stop it. No `tools`: any. `begun` of `all` units have begun."""

    live: bool
    switches: bool
    tools: tuple[str, ...]
    experts: int
    numbers: int
    begun: int
    all: int


def shown(frame: Frame, unit: Unit, words: Words) -> Block:
    """One unit at a time."""
    here = forms.value(frame, 0)
    tools = ", ".join(safe(tool) for tool in unit.tools) or words("contact.any_tool")
    lacks = [] if unit.experts else [words("unit.no_expert")]
    lacks += [] if unit.numbers else [words("unit.no_number")]
    choose = parts.button(words("unit.choose_tools"), "unit.form", here)
    facts = [parts.section("\n".join([words("unit.live" if unit.live else "unit.off"), *lacks]))]
    blocks = [*forms.done(frame, None), *forms.menu(frame, "unit.list", words), *facts]
    blocks += [parts.section(words("unit.tools", tools=tools)), parts.actions(choose, *_switch(unit, here, words))]
    blocks += [parts.context(words("unit.begun", begun=unit.begun, all=unit.all))] if unit.switches else []
    return parts.window(words("unit.title"), words("button.close"), blocks)


def _switch(unit: Unit, here: str, words: Words) -> list[Block]:
    if not unit.switches:
        return []
    if not unit.live:
        return [parts.button(words("unit.begin"), "unit.begin", here, "primary")]
    sure = forms.confirm(words("unit.stop"), words("unit.stop_sure"), words("unit.stop"), words("button.close"))
    return [{**parts.button(words("unit.stop"), "unit.stop", here, "danger"), "confirm": sure}]


def form(frame: Frame, groups: Groups, chosen: tuple[str, ...], words: Words) -> Block:
    """All its tools at once."""
    several = forms.several(words("contact.tool_menu"), forms.options(groups), chosen)
    blocks = [
        parts.section(f"*{safe(frame.name)}*"),
        forms.field("tools", words("unit.uses"), several, words("unit.tools_hint"), optional=True),
    ]
    about = forms.value(frame, 0)
    return parts.form("unit.save", words("unit.title"), words("button.save"), words("button.close"), blocks, about)
