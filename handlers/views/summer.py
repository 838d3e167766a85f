"""Summer weeks: the question, the form with its weeks, and what stands in Home."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

FIRST, SECOND = "first", "second"
MOST = 10  # checkboxes in one group


@dataclass(frozen=True)
class Week:
    """`days`: from Monday to Sunday, as one writes it."""

    number: int
    days: str
    chosen: bool


@dataclass(frozen=True)
class Chosen:
    """`asked`: it is the season for it. `weeks`: numbers of those that she has chosen."""

    asked: bool
    weeks: tuple[int, ...]


def asked(text: str, words: Words) -> list[Block]:
    button = parts.button(words("button.summer"), "summer.form", 0, "primary")
    return [parts.section(text), parts.actions(button)]


def home(chosen: Chosen, words: Words) -> list[Block]:
    if not chosen.asked:
        return []
    if not chosen.weeks:
        return [parts.section(words("summer.none")), parts.actions(_choose("button.summer", words))]
    numbers = words.people(f"{number}" for number in chosen.weeks)
    back = parts.button(words("button.summer_none"), "summer.none", 0)
    return [
        parts.section(words("summer.chosen", weeks=numbers)),
        parts.actions(_choose("button.summer_change", words), back),
    ]


def _choose(key: str, words: Words) -> Block:
    return parts.button(words(key), "summer.form", 0)


def form(weeks: Sequence[Week], words: Words) -> Block:
    """Two groups: Slack takes ten checkboxes in one."""
    shown = weeks[: 2 * MOST]
    half = (len(shown) + 1) // 2
    groups = [(FIRST, shown[:half]), (SECOND, shown[half:])]
    fields = [_group(name, group, words) for name, group in groups if group]
    title, save, close = words("summer.title"), words("button.save"), words("button.close")
    return parts.form("summer.save", title, save, close, [parts.section(words("summer.intro")), *fields])


def _group(name: str, weeks: Sequence[Week], words: Words) -> Block:
    options = [parts.option(words("summer.week", week=week.number, days=week.days), week.number) for week in weeks]
    ticked = [option for option, week in zip(options, weeks, strict=True) if week.chosen]
    boxes = {"type": "checkboxes", "action_id": name, "options": options}
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": {"type": "plain_text", "text": words(f"summer.{name}", week=weeks[0].number)},
        "element": {**boxes, "initial_options": ticked} if ticked else boxes,
    }
