"""Home, drawn: how to ask, and the questions that concern this person."""

from collections.abc import Sequence

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.views.ticket import Facts, title
from handlers.words import Words


def welcome(number: str, words: Words) -> list[Block]:
    """How to ask, and whom to ring when somebody waits."""
    return [
        parts.header(words("home.title")),
        parts.section(words("home.how")),
        parts.context(words("home.urgent", number=safe(number))),
        parts.divider(),
    ]


def questions(waiting: Sequence[Facts], taken: Sequence[Facts], mine: Sequence[Facts], words: Words) -> list[Block]:
    """Three lists; those that are empty say so only where somebody would look for them."""
    blocks: list[Block] = []
    if waiting:
        blocks.append(parts.section(words("home.waiting")))
        for facts in waiting:
            take = parts.button(words("button.take"), "ticket.take", facts.id)
            blocks.append(parts.section(_line(facts), accessory=take))
    if taken:
        blocks += [parts.section(words("home.taken")), *(parts.section(_line(facts)) for facts in taken)]
    if mine:
        blocks += [parts.section(words("home.mine")), *(parts.section(_mine(facts, words)) for facts in mine)]
    return blocks or [parts.context(words("home.nothing"))]


def _line(facts: Facts) -> str:
    return f"{title(facts)}\n{safe(cut(' '.join(facts.words_of_asker), 120))}"


def _mine(facts: Facts, words: Words) -> str:
    return f"{_line(facts)}\n_{words(f'home.state.{facts.state}', name=safe(facts.owner))}_"
