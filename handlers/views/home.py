"""Home, drawn: how to ask, and the questions that concern this person."""

from collections.abc import Sequence

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views import stuga as stuga_view
from handlers.views.parts import Block
from handlers.views.ticket import Facts, title
from handlers.words import Words
from models.contacts import Ring


def welcome(ring: Ring, words: Words) -> list[Block]:
    """How to ask, and whom to ring when somebody waits."""
    whom = [words("home.urgent", number=safe(ring.number))]
    whom += [words("receipt.urgent.second", number=safe(ring.second_number))] if ring.second_number else []
    return [
        parts.header(words("home.title")),
        parts.section(words("home.how")),
        parts.context(" ".join([*whom, words("poster.danger")])),
        parts.divider(),
    ]


def own_time(count: int, minutes: int, words: Words) -> list[Block]:
    """Seen by herself only."""
    return [parts.context(words("home.own_time", n=count, minutes=minutes))] if count else []


def helping(waiting: Sequence[Facts], taken: Sequence[Facts], parked: Sequence[Facts], words: Words) -> list[Block]:
    """A helper's lists; an empty one is not shown."""
    blocks: list[Block] = []
    if waiting:
        blocks.append(parts.section(words("home.waiting")))
        for facts in waiting:
            take = parts.button(words("button.take"), "ticket.take", facts.id)
            blocks.append(parts.section(_line(facts), accessory=take))
    for key, found in (("home.taken", taken), ("home.parked", parked)):
        if found:
            blocks += [parts.section(words(key)), *(parts.section(_line(facts)) for facts in found)]
    return blocks


def asking(mine: Sequence[Facts], words: Words) -> list[Block]:
    """Her own questions; with none it says so."""
    if not mine:
        return [parts.context(words("home.nothing"))]
    return [parts.section(words("home.mine")), *(parts.section(_mine(facts, words)) for facts in mine)]


def _line(facts: Facts) -> str:
    return f"{title(facts)}\n{safe(cut(' '.join(facts.words_of_asker), 120))}"


def _mine(facts: Facts, words: Words) -> str:
    state = words(f"home.state.{facts.state}", name=safe(facts.owner))
    if facts.stuga is not None:
        state = words("card.parked_at", name=stuga_view.brief(facts.stuga, words))
    return f"{_line(facts)}\n_{state}_"
