"""What is sent to a manager who is asked to order something: the form that shows it, her message, and her list."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words
from models.orders import OrderState

TOOL, NEEDED, UNIT, WORD = "tool", "needed", "unit", "word"
USUALLY = 2  # which of the days stands there from the beginning: within a week


@dataclass(frozen=True)
class Form:
    """All that is sent. `tools` to choose from where it is not known which; `days`: (what it is called, how many)."""

    ticket: int
    to: tuple[str, ...]
    asker: str
    unit: str
    tool: str
    tool_key: str
    tools: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Order:
    """An order as a manager sees it. `needed`: by when, as one says it; `mine`: she has answered it herself."""

    id: int
    asker: str
    tool: str
    unit: str
    needed: str
    state: OrderState
    answered_by: str
    mine: bool
    again: bool = False


def unit_form(ticket: int, places: Sequence[tuple[str, tuple[tuple[str, int], ...]]], words: Words) -> Block:
    """Where she works has to be known first: whose manager is asked?"""
    groups = [(name, [parts.option(unit, key) for unit, key in found]) for name, found in places]
    menu = parts.menu(words("receipt.unit_menu"), UNIT, groups)
    field = _input(UNIT, words("ask.unit"), menu)
    return parts.form(
        "order.unit", words("order.title"), words("button.next"), words("button.close"), [field], ticket
    )


def form(data: Form, words: Words) -> Block:
    """She sees exactly what is sent, and to whom, before she sends it."""
    facts = [words("order.form.name", name=safe(data.asker)), words("order.form.unit", unit=safe(data.unit))]
    if data.tool_key:
        facts.append(words("order.form.tool", tool=safe(data.tool)))
    blocks = [
        parts.section(words("order.form.to", names=safe(words.people(data.to)))),
        parts.section("\n".join(facts)),
        *([] if data.tool_key else [_tool(data, words)]),
        _needed(data, words),
        parts.context(words("order.form.only")),
    ]
    return parts.form(
        "order.send", words("order.title"), words("button.send"), words("button.close"), blocks, data.ticket
    )


def message_text(order: Order, words: Words) -> str:
    """What a push and a screen reader say."""
    asks = "order.again" if order.again else "order.asks"
    return words(asks, name=safe(order.asker), tool=safe(order.tool)) if _waits(order) else _answered(order, words)


def message(order: Order, words: Words) -> list[Block]:
    """What is to be ordered, with its two answers; then one line, with a way back for the one who answered."""
    if not _waits(order):
        undo = [parts.actions(parts.button(words("button.undo"), "order.undo", order.id))] if order.mine else []
        return [parts.context(_answered(order, words)), *undo]
    return [parts.section(f"*{message_text(order, words)}*\n{_facts(order, words)}"), _buttons(order, words)]


def waiting(orders: Sequence[Order], more: int, words: Words) -> list[Block]:
    """A manager's list in Home; an empty one is not shown."""
    if not orders:
        return []
    blocks = [parts.section(words("order.home"))]
    for order in orders:
        text = f"*{safe(order.asker)}*: {safe(order.tool)}\n{_facts(order, words)}"
        blocks += [parts.section(text), _buttons(order, words)]
    return [*blocks, *([parts.context(words("order.home_more", n=more))] if more else [])]


def window(orders: Sequence[Order], more: int, words: Words) -> Block:
    """The same list in a window; with nothing left it says so."""
    blocks = waiting(orders, more, words) or [parts.section(words("order.none"))]
    return parts.window(words("order.list_title"), words("button.close"), blocks)


def decline_form(order: Order, words: Words) -> Block:
    field = {"type": "plain_text_input", "action_id": WORD, "max_length": 200}
    label = words("order.decline_word", name=order.asker)
    blocks = [parts.section(f"*{safe(order.asker)}*: {safe(order.tool)}"), _input(WORD, label, field)]
    title, submit = words("order.decline_title"), words("button.send")
    return parts.form("order.decline", title, submit, words("button.close"), blocks, order.id)


def told(text: str, word: str) -> list[Block]:
    """To the asker: the answer, and the manager's own words."""
    return [parts.section(text), *([parts.said(word)] if word else [])]


def _waits(order: Order) -> bool:
    return order.state is OrderState.ASKED


def _facts(order: Order, words: Words) -> str:
    return words("order.facts", unit=safe(order.unit), needed=order.needed)


def _answered(order: Order, words: Words) -> str:
    """`order.mine.ordered`, `order.theirs.declined` and so on."""
    whose = "mine" if order.mine else "theirs"
    about = {"who": safe(order.answered_by), "tool": safe(order.tool), "name": safe(order.asker)}
    return words(f"order.{whose}.{order.state}", **about)


def _buttons(order: Order, words: Words) -> Block:
    return parts.actions(
        parts.button(words("button.ordered"), "order.done", order.id, "primary"),
        parts.button(words("button.not_relevant"), "order.decline_form", order.id),
    )


def _tool(data: Form, words: Words) -> Block:
    choices = [(words("onward.tools"), [parts.option(name, key) for key, name in data.tools])]
    return _input(TOOL, words("ask.tool"), parts.menu(words("ask.tool_menu"), TOOL, choices))


def _needed(data: Form, words: Words) -> Block:
    options = [parts.option(name, days) for name, days in data.days][:10]
    usual = options[min(USUALLY, len(options) - 1)]
    field = {"type": "radio_buttons", "action_id": NEEDED, "options": options, "initial_option": usual}
    return _input(NEEDED, words("order.form.needed"), field)


def _input(block_id: str, label: str, element: Block) -> Block:
    text = {"type": "plain_text", "text": cut(label, 150)}
    return {"type": "input", "block_id": block_id, "label": text, "element": element}
