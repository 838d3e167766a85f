"""Home, drawn: how to ask, and the questions that concern this person."""

from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views import stuga as stuga_view
from handlers.views.parts import Block
from handlers.views.ticket import Facts, title
from handlers.words import Words
from models.contacts import Ring
from models.recognition import Urgency
from models.tickets import State

ELSEWHERE = frozenset({State.WAITING_ASKER, State.WAITING_EXTERNAL, State.SOLVED_PROPOSED})


@dataclass(frozen=True)
class Some:
    """The first few of a list, and how long it is."""

    facts: tuple[Facts, ...]
    of: int


def welcome(ring: Ring, words: Words) -> list[Block]:
    """How to ask, and whom to ring when somebody waits. The other language stands at the top: who does not read this
    one reads no further, and its label is in the language that it leads to.
    """
    other = parts.button(words("button.other_language"), f"profile.speak:{words('home.other_language')}", 0)
    whom = [words("home.urgent", number=safe(ring.number))]
    whom += [words("receipt.urgent.second", number=safe(ring.second_number))] if ring.second_number else []
    return [
        parts.header(words("home.title")),
        parts.section(words("home.how"), accessory=other),
        parts.context(" ".join([*whom, words("poster.danger")])),
    ]


def own_time(count: int, minutes: int, words: Words) -> list[Block]:
    """Seen by herself only."""
    return [parts.context(words("home.own_time", n=count, minutes=minutes))] if count else []


def helping(waiting: Some, taken: Some, parked: Some, words: Words) -> list[Block]:
    """A helper's lists; an empty one is not shown."""
    blocks = _headed("home.waiting", waiting, words)
    for facts in waiting.facts:
        take = parts.button(words("button.take"), "ticket.take", facts.id)
        urgent = words("card.urgent") + "\n" if facts.urgency is Urgency.ACUTE else ""
        blocks.append(parts.section(urgent + _line(facts), accessory=take))
    blocks += [*_headed("home.taken", taken, words), *(parts.section(_hers(facts, words)) for facts in taken.facts)]
    return [*blocks, *_headed("home.parked", parked, words), *(parts.section(_line(facts)) for facts in parked.facts)]


def asking(mine: Some, words: Words) -> list[Block]:
    """Her own questions; with none it says so."""
    if not mine.facts:
        return [parts.context(words("home.nothing"))]
    return [*_headed("home.mine", mine, words), *(parts.section(_mine(facts, words)) for facts in mine.facts)]


def _headed(key: str, found: Some, words: Words) -> list[Block]:
    """What the list is; where there is more than is shown, it says so."""
    more = [words("home.some", shown=len(found.facts), of=found.of)] if found.of > len(found.facts) else []
    return [parts.section("\n".join([words(key), *more]))] if found.facts else []


def _line(facts: Facts) -> str:
    return f"{title(facts)}\n{safe(cut(' '.join(facts.words_of_asker), 120))}"


def _hers(facts: Facts, words: Words) -> str:
    """One that she has taken, and for whom it waits when not for her."""
    waits = f"\n_{words(f'home.taken.{facts.state}')}_" if facts.state in ELSEWHERE else ""
    return f"{_line(facts)}{waits}"


def _mine(facts: Facts, words: Words) -> str:
    state = words(f"home.state.{facts.state}", name=safe(facts.owner))
    if facts.stuga is not None:
        state = words("card.parked_at", name=stuga_view.brief(facts.stuga, words))
    return f"{_line(facts)}\n_{state}_"
