"""A question as its asker and its helpers see it: the receipt and the card, one message each for its whole life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.slack_text import cut, safe
from handlers.views import answers as answer_view
from handlers.views import forms, news, outages, parts
from handlers.views import stuga as stuga_view
from handlers.views.answers import Shown
from handlers.views.forms import Groups
from handlers.views.news import Shown as News
from handlers.views.outages import Shown as Outage
from handlers.views.parts import Block
from handlers.words import Words
from models.contacts import Ring
from models.recognition import Urgency
from models.stuga import Shown as StugaShown
from models.tickets import NextStep, Reason, State

LINE, TOOL, IDEA = "line", "tool", "idea"
OFFERED, MINE = ("send", "park", "note", "pause", "others"), ("send", "out", "park", "note", "others")
PARKABLE = frozenset({State.OPEN, State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL})
MOST_BEFORE = 6
MOST_NAMES = 3
MOST_ANSWERS = 3
PUSH = 150  # what a lock screen shows
MOST_PICTURES = 3
QUOTE = 600  # a question on a card; the rest is in the thread once it is taken


@dataclass(frozen=True)
class Facts:
    """What both messages are drawn from, gathered by the handler."""

    id: int
    number: str
    state: State
    urgency: Urgency
    reason: Reason | None
    tool: str
    unit: str
    owner: str
    words_of_asker: tuple[str, ...]
    asked_at: datetime
    next_at: datetime | None
    next_step: NextStep | None
    for_colleague: bool
    pictures: int = 0
    before: tuple[tuple[str, str], ...] = ()  # (name, words) of earlier helpers, and internal notes
    stuga: StugaShown | None = None  # where it will be taken up


class Proposal(StrEnum):
    """Whether a helper's words may become an answer for others, and what became of that."""

    POSSIBLE = "possible"
    WAITS = "waits"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class NotOurs:
    """Whose it is instead, in one sentence, and how to reach them; `ring` is a number for it, or empty.

    `how` is empty once she has asked her manager for it: then `order` says what has become of that.
    """

    who: str
    how: str
    ring: str
    kept: bool  # what was written
    order: str = ""  # or how to ask the manager where a button cannot
    may_order: bool = False


@dataclass(frozen=True)
class Receipt:
    """The asker's message. `tools` and `units` are filled while the question still needs a choice."""

    facts: Facts
    asked: tuple[str, ...]
    ring: Ring
    hidden: bool
    held: bool = False  # one too many within the hour
    unit_is_off: bool = False
    file_stayed: bool = False
    by_form: bool = False  # a file may be sent in the form
    not_ours: NotOurs | None = None
    note: str = ""  # what we cannot answer beside this question
    tools: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    may_correct: bool = False  # we have understood something, perhaps wrongly
    split_line: int | None = None
    no_tool: bool = False  # nothing of a digital tool in it
    cleared: str = ""  # that words of it were cleared
    declined: bool = False  # somebody has said no
    next_up: tuple[str, ...] = ()  # whom we ask when the wait is over
    news: News | None = None
    idea: str = ""  # what has become of it, if it is a wish
    outage: Outage | None = None  # what is known to be broken: she reads that first
    answers: tuple[Shown, ...] = ()  # what has helped others with the same
    reads: bool = False  # nobody is asked until she has had time to read them


@dataclass(frozen=True)
class Card:
    """A helper's message. `mine`: she has taken it; `left`: it does not wait for her any more."""

    facts: Facts
    mine: bool
    left: bool
    asker: str
    hidden: bool
    had_by: str = ""  # who had it before her
    at_stuga: str = ""  # what a drop-in has said of it
    ready: int = 0  # answers that may suit it
    proposal: Proposal | None = None
    idea: bool = False  # its asker has made a wish of it


def title(facts: Facts) -> str:
    """`*F-12* · Digitala lås · Björken`, with what is known."""
    return " · ".join([f"*{facts.number}*", *(safe(part) for part in (facts.tool, facts.unit) if part)])


# ---- the asker's receipt -----------------------------------------------------------------------------------


def receipt_text(receipt: Receipt, words: Words) -> str:
    """What a push says: the number to ring first when it is urgent."""
    if _is_urgent(receipt):
        return words("receipt.push_urgent", number=safe(receipt.ring.number))
    if _is_turned_away(receipt):
        return _in_one_line(_whom_to_ring(receipt, words)[:2])
    if (owner := _sent_to(receipt)) is not None:
        return f"{receipt.facts.number}: {_in_one_line(_whose(owner, words))}"
    known = f"{words('outage.known')} " if receipt.outage is not None else ""
    return f"{receipt.facts.number}: {known}{status(receipt, words)}"


def receipt(receipt: Receipt, words: Words) -> list[Block]:
    facts = receipt.facts
    blocks = _urgent(receipt, words) if _is_urgent(receipt) or _is_turned_away(receipt) else []
    if (owner := _sent_to(receipt)) is not None:
        return [*blocks, *_redirected(receipt, owner, words)]
    blocks += [parts.section(outages.line(receipt.outage, words))] if receipt.outage is not None else []
    blocks.append(parts.section(f"{title(facts)}\n{status(receipt, words)}"))
    blocks += _where(facts, words)
    blocks += _answers(receipt, words)
    blocks += _beside(receipt, words)
    if facts.state is not State.CLOSED:
        blocks += _choices(receipt, words)
        blocks += [parts.context(news.line(receipt.news, words))] if receipt.news is not None else []
    if receipt.hidden:
        blocks.append(parts.context(words("receipt.hidden")))
    if receipt.cleared:
        blocks.append(parts.context(f"{receipt.cleared} {words('receipt.cleared')}"))
    if receipt.file_stayed:
        blocks += file_stayed(receipt.by_form, words)
    return [*blocks, parts.actions(*_receipt_buttons(receipt, words))]


def _in_one_line(lines: Sequence[str]) -> str:
    return " ".join(lines).replace("*", "")


def file_stayed(by_form: bool, words: Words) -> list[Block]:
    """Why a file is not passed on, and what to do instead."""
    instead = words("file.by_form") if by_form else words("file.by_words")
    return [parts.context(f"{words('file.stayed')} {instead}")]


def _is_urgent(receipt: Receipt) -> bool:
    alive = receipt.facts.state is not State.CLOSED or _sent_to(receipt) is not None
    return alive and receipt.facts.urgency is not Urgency.CAN_WAIT


def _sent_to(receipt: Receipt) -> NotOurs | None:
    """Whose it is, while the question is closed for that reason."""
    facts = receipt.facts
    away = facts.state is State.CLOSED and facts.reason is Reason.REDIRECTED and not receipt.unit_is_off
    return receipt.not_ours if away else None


def _redirected(receipt: Receipt, owner: NotOurs, words: Words) -> list[Block]:
    """Who, how, that nobody has been asked, and the way to a human all the same."""
    told = "\n".join([title(receipt.facts), *_whose(owner, words)])
    asked = [parts.section(owner.order)] if owner.order else []
    order = [parts.button(words("button.order"), "order.open", receipt.facts.id, "primary")] if owner.may_order else []
    small = [parts.context(words("receipt.nobody_asked" if owner.kept else "receipt.not_kept"))] if owner.how else []
    hidden = [parts.context(words("receipt.hidden"))] if receipt.hidden and owner.kept else []
    human = parts.button(words("button.human"), "ticket.human", receipt.facts.id)
    clear = [_clear(receipt.facts, words)] if owner.kept else []
    cleared = [parts.context(receipt.cleared)] if receipt.cleared else []
    return [parts.section(told), *asked, *small, *hidden, *cleared, parts.actions(*order, human, *clear)]


def _whose(owner: NotOurs, words: Words) -> list[str]:
    ring = [words("receipt.ring_owner", number=safe(owner.ring))] if owner.ring else []
    return [f"*{safe(owner.who)}*", *ring, *([safe(owner.how)] if owner.how else [])]


def _beside(receipt: Receipt, words: Words) -> list[Block]:
    """What is somebody else's beside a question that goes on here."""
    if receipt.facts.state is State.CLOSED:
        return []
    owner = receipt.not_ours if receipt.facts.urgency is Urgency.ACUTE else None
    said = _in_one_line(_whose(owner, words)) if owner is not None else safe(receipt.note)
    return [parts.context(said)] if said else []


def _urgent(receipt: Receipt, words: Words) -> list[Block]:
    facts = receipt.facts
    text = "\n".join(_whom_to_ring(receipt, words))
    if _is_turned_away(receipt):
        return [parts.section(text)]
    if facts.urgency is Urgency.ACUTE:
        return [parts.section(text), parts.actions(parts.button(words("button.rung"), "ticket.rung", facts.id))]
    waits = parts.button(words("button.someone_waits"), "ticket.urgent", facts.id, "danger")
    calm = parts.button(words("button.can_wait"), "ticket.not_urgent", facts.id)
    return [parts.section(text), parts.actions(waits, *([] if facts.state is State.CLOSED else [calm]))]


def _is_turned_away(receipt: Receipt) -> bool:
    """Her unit has not begun yet. Once it has, the question belongs elsewhere like others."""
    facts = receipt.facts
    return receipt.unit_is_off and facts.state is State.CLOSED and facts.reason is Reason.REDIRECTED


def _whom_to_ring(receipt: Receipt, words: Words) -> list[str]:
    """The number first, then what to do, then who else answers; what is not known is left out."""
    ring = receipt.ring
    lines = [words("receipt.urgent", number=safe(ring.number))]
    if _is_turned_away(receipt):
        danger = [words("receipt.danger")] if receipt.facts.urgency is not Urgency.CAN_WAIT else []
        lines = [*danger, words("receipt.unit_is_off", number=safe(ring.number))]
    if ring.what_to_do:
        lines.append(safe(ring.what_to_do))
    if ring.second_number:
        lines.append(words("receipt.urgent.second", number=safe(ring.second_number)))
    if ring.routine:
        lines.append(words("receipt.urgent.routine", routine=safe(ring.routine)))
    return lines


def status(receipt: Receipt, words: Words) -> str:
    """Where the question stands, in one or two sentences."""
    facts = receipt.facts
    if _is_turned_away(receipt):
        return words("receipt.nobody_asked")
    if facts.state is State.CLOSED:
        return receipt.idea or words(f"receipt.closed.{facts.reason or Reason.SOLVED}")
    if facts.state is State.PARKED and facts.stuga is not None:
        return words("receipt.parked_at", name=stuga_view.brief(facts.stuga, words))
    when, day = (words.when(facts.next_at), words.day(facts.next_at)) if facts.next_at else ("", "")
    if facts.state is not State.OPEN:
        return words(f"receipt.{facts.state}", name=safe(facts.owner), when=when, day=day)
    return _open(receipt, when, words)


def _open(receipt: Receipt, when: str, words: Words) -> str:
    """Nobody has it yet: who is asked, or why nobody is."""
    facts = receipt.facts
    if receipt.held or receipt.reads:
        return words("receipt.held" if receipt.held else "receipt.reads", when=when)
    if receipt.asked:
        key = "receipt.asked_all" if facts.next_step is NextStep.ANEW else "receipt.asked"
        return words(key, names=safe(words.people(receipt.asked)), when=when)
    if facts.next_step is NextStep.ASK and (receipt.tools or receipt.units):
        return words("receipt.needs_choice")
    return _nobody(receipt, when, words)


def _nobody(receipt: Receipt, when: str, words: Words) -> str:
    """Nobody is there, or everybody who is has said no: who is asked next and when, and whom to ring until then."""
    why = words("receipt.all_said_no" if receipt.declined else "receipt.nobody_there")
    few = 0 < len(receipt.next_up) <= MOST_NAMES
    names = safe(words.people(receipt.next_up))
    then = words("receipt.asks_next", names=names, when=when) if few else words("receipt.asks_again", when=when)
    ring = [] if _is_urgent(receipt) else [words("receipt.ring_meanwhile", number=safe(receipt.ring.number))]
    return " ".join([why, then, *ring])


def _answers(receipt: Receipt, words: Words) -> list[Block]:
    """What has helped others; a human comes first, until one is asked."""
    if not receipt.answers:
        return []
    ticket = receipt.facts.id
    human = [parts.actions(parts.button(words("button.a_human"), "answer.human", ticket))] if receipt.reads else []
    blocks = [*human, parts.section(words("receipt.answers"))]
    for each in receipt.answers[:MOST_ANSWERS]:
        yes = parts.button(words("button.it_helped"), f"answer.helped:{each.id}", ticket)
        blocks += answer_view.answer(each, words, accessory=yes)
    return blocks


def _where(facts: Facts, words: Words) -> list[Block]:
    """Where and when it is taken up, and the way in."""
    if facts.state is not State.PARKED or facts.stuga is None:
        return []
    return [parts.context(stuga_view.there(facts.stuga, words))]


def _choices(receipt: Receipt, words: Words) -> list[Block]:
    blocks: list[Block] = []
    if receipt.units:
        groups = [
            (department, [parts.option(name, f"{receipt.facts.id}:{unit}") for name, unit in units])
            for department, units in receipt.units
        ]
        menu = parts.menu(words("receipt.unit_menu"), "ticket.unit", groups)
        blocks.append(parts.section(words("receipt.which_unit"), accessory=menu))
    if receipt.tools:
        buttons = [parts.button(name, f"ticket.tool:{key}", receipt.facts.id) for key, name in receipt.tools]
        ask = words("receipt.no_tool" if receipt.no_tool else "receipt.which_tool")
        label = words("button.ask_person" if receipt.no_tool else "button.other_tool")
        other = parts.button(label, "ticket.tool:other", receipt.facts.id, "primary" if receipt.no_tool else None)
        order = [other, *buttons] if receipt.no_tool else [*buttons, other]
        blocks += [parts.section(ask), parts.actions(*order)]
    return blocks


def _receipt_buttons(receipt: Receipt, words: Words) -> list[Block]:
    facts = receipt.facts
    clear = _clear(facts, words)
    if facts.state in (State.CLOSED, State.SOLVED_PROPOSED):
        return [clear]  # "löste det sig?" has its own two buttons
    buttons = [
        parts.button(words("button.solved_thanks"), "ticket.confirm", facts.id),
        parts.button(words("button.withdraw"), "ticket.withdraw", facts.id),
    ]
    if facts.state is State.PARKED:
        buttons.insert(0, _unpark(facts, words))
        buttons.append(parts.button(words("button.park_other"), "ticket.park", facts.id))
    elif facts.urgency is Urgency.CAN_WAIT:
        buttons.insert(0, parts.button(words("button.waits_now"), "ticket.urgent", facts.id))
    if receipt.held and facts.state is State.OPEN:
        buttons.insert(0, parts.button(words("button.send_anyway"), "ticket.send_anyway", facts.id, "primary"))
    if receipt.may_correct:
        buttons.append(parts.button(words("button.wrong_tool"), "ticket.correct_form", facts.id))
    if facts.state in PARKABLE:
        buttons.append(parts.button(words("button.park"), "ticket.park", facts.id))
    if receipt.split_line is not None:
        buttons.append(parts.button(words("button.new_question"), "line.split", receipt.split_line))
    return [*buttons, clear]


def _unpark(facts: Facts, words: Words) -> Block:
    return parts.button(words("button.unpark"), "ticket.unpark", facts.id)


# ---- the helper's card ---------------------------------------------------------------------------------------


def card_text(card: Card, words: Words) -> str:
    """What a push and a screen reader say."""
    facts = card.facts
    asked = safe(cut(" ".join(facts.words_of_asker), PUSH))
    what = ", ".join(safe(part) for part in (facts.tool, facts.unit) if part)
    return _card_line(card, words) or words("card.push", number=facts.number, what=what, text=asked)


def card(card: Card, words: Words) -> list[Block]:
    line = _card_line(card, words)
    if line is not None and not card.mine:
        again = card.left and card.facts.state is State.OPEN
        undo = [parts.actions(_take(card, words))] if again else []
        return [parts.context(line), *undo]
    return _mine(card, words) if card.mine else _offered(card, words)


def _card_line(card: Card, words: Words) -> str | None:
    """The one line that a card shrinks to when it is nobody's task any more, or somebody else's."""
    facts = card.facts
    if facts.state is State.CLOSED:
        return _closed(card, words)
    if card.mine:
        return words("card.mine_push", number=facts.number, name=safe(card.asker))
    if facts.state is State.PARKED and not facts.owner:
        return f"{facts.number}: {_parked(facts, words)}"
    if facts.state is not State.OPEN:
        return words("card.taken", number=facts.number, name=safe(facts.owner))
    return words("card.left", number=facts.number) if card.left else None


def _parked(facts: Facts, words: Words) -> str:
    """To which session it is brought; it may still wait for one."""
    if facts.stuga is None:
        return words("card.parked")
    return words("card.parked_at", name=stuga_view.brief(facts.stuga, words))


def _closed(card: Card, words: Words) -> str:
    """Thanks go to the one who had it; for the others it is only over."""
    if card.idea:
        return words("card.idea", number=card.facts.number)
    reason = card.facts.reason or Reason.SOLVED
    thanked = card.mine or reason is not Reason.SOLVED
    return words(f"card.closed.{reason if thanked else Reason.SELF_HELP}", number=card.facts.number)


def _had_by(card: Card, words: Words) -> list[Block]:
    """Who had it before her, and what a drop-in has said of it."""
    had = [parts.context(words("card.had_by", name=safe(card.had_by)))] if card.had_by else []
    return [*had, *([parts.context(card.at_stuga)] if card.at_stuga else [])]


def _offered(card: Card, words: Words) -> list[Block]:
    facts = card.facts
    decline = parts.button(words("button.not_now"), "ticket.decline", facts.id)
    return [
        *_question(card, words),
        *_had_by(card, words),
        *_so_far(facts, words),
        parts.context(words("card.since", when=words.when(facts.asked_at))),
        parts.actions(_take(card, words), decline, _more(facts, OFFERED, words)),
    ]


def _take(card: Card, words: Words) -> Block:
    return parts.button(words("button.take"), "ticket.take", card.facts.id, "primary")


def _more(facts: Facts, wishes: Sequence[str], words: Words) -> Block:
    """What is needed now and then stands in one menu: a card has few buttons on a phone. Slack takes five lines."""
    options = [parts.option(words(f"more.{wish}"), f"{facts.id}:{wish}") for wish in wishes]
    return {"type": "overflow", "action_id": "ticket.more", "options": options}


def _clear(facts: Facts, words: Words) -> Block:
    options = [parts.option(words("more.clear"), facts.id)]
    if facts.state not in (State.CLOSED, State.SOLVED_PROPOSED):
        options.append(parts.option(words("more.idea"), f"{facts.id}:{IDEA}"))
    return {"type": "overflow", "action_id": "clear.open", "options": options}


def _mine(card: Card, words: Words) -> list[Block]:
    facts = card.facts
    if facts.state is State.CLOSED:
        return [parts.context(_closed(card, words)), *_proposal(card, words)]
    if facts.state is State.PARKED:
        told = parts.context(_parked(facts, words))
        return [parts.section(title(facts)), told, parts.actions(_unpark(facts, words))]
    if facts.state is State.SOLVED_PROPOSED:
        told = parts.context(words("card.solved_proposed", name=safe(card.asker)))
        return [parts.section(title(facts)), told, *_proposal(card, words)]
    told = parts.section(words(f"card.mine.{facts.state}", name=safe(card.asker)))
    return [*_question(card, words), *_had_by(card, words), *_so_far(facts, words), told, _my_buttons(card, words)]


def _proposal(card: Card, words: Words) -> list[Block]:
    """One tap, and her answer may help the next one."""
    if card.proposal is None:
        return []
    if card.proposal is not Proposal.POSSIBLE:
        return [parts.context(words(f"proposal.{card.proposal}"))]
    tap = parts.button(words("button.propose"), "answer.propose", card.facts.id)
    return [parts.context(words("proposal.possible")), parts.actions(tap)]


def _my_buttons(card: Card, words: Words) -> Block:
    facts = card.facts
    more = _more(facts, MINE, words)
    if facts.state is State.WAITING_EXTERNAL:
        outside = parts.button(words("button.solved_outside"), "ticket.solved_outside", facts.id, "primary")
        back = parts.button(words("button.came_back"), "ticket.came_back", facts.id)
        return parts.actions(outside, back, more)
    solved = parts.button(words("button.solved"), "ticket.solve", facts.id, "primary")
    waiting = [parts.button(words("button.ask_back"), "ticket.ask_back", facts.id)]
    ready = [parts.button(words("button.ready", n=card.ready), "answer.ready", facts.id)] if card.ready else []
    return parts.actions(solved, *(waiting if facts.state is State.TAKEN else []), *ready, more)


def _so_far(facts: Facts, words: Words) -> list[Block]:
    """What those before her have written: the hand-over note, and what helpers told each other."""
    latest = facts.before[-MOST_BEFORE:]
    return [parts.context(words("card.before", name=safe(name), text=safe(cut(text, 300)))) for name, text in latest]


def _question(card: Card, words: Words) -> list[Block]:
    """Number, tool, unit; then the asker's own words, masked and literal."""
    facts = card.facts
    urgent = words("card.urgent") + "\n" if facts.urgency is Urgency.ACUTE else ""
    text = cut("\n".join(facts.words_of_asker), QUOTE) or words("card.no_words")
    colleague = [parts.context(words("card.for_colleague"))] if facts.for_colleague else []
    return [parts.section(urgent + title(facts)), parts.said(text), *colleague, *_pictures(card, words)]


def _pictures(card: Card, words: Words) -> list[Block]:
    """How many; whoever takes the question gets them."""
    n = card.facts.pictures
    if not n:
        return []
    return [parts.context(words("card.has_pictures", n=n) if card.mine else words("card.pictures", n=n))]


# ---- the few other messages ----------------------------------------------------------------------------------


def outcome(facts: Facts, words: Words) -> list[Block]:
    """ "Löste det sig?" with its two answers, until it is answered."""
    if facts.state is not State.SOLVED_PROPOSED:
        key = f"receipt.closed.{facts.reason or Reason.SOLVED}" if facts.state is State.CLOSED else "outcome.not_yet"
        return [parts.section(words(key, name=safe(facts.owner)))]
    return [
        parts.section(words("outcome.ask", name=safe(facts.owner), number=facts.number)),
        parts.actions(
            parts.button(words("button.yes_solved"), "ticket.confirm", facts.id, "primary"),
            parts.button(words("button.not_yet"), "ticket.deny", facts.id),
        ),
    ]


def solve_offer(facts: Facts, words: Words, *, mine: bool) -> list[Block]:
    """Under the helper's first reply, while it is hers."""
    if not mine or facts.state not in (State.TAKEN, State.WAITING_ASKER):
        return [parts.context(words("solve_offer.done"))]
    solved = parts.button(words("button.solved"), "ticket.solve", facts.id, "primary")
    with_line = parts.button(words("button.solved_with"), "ticket.solve_form", facts.id)
    return [parts.section(words("solve_offer.ask")), parts.actions(solved, with_line)]


def fault_note(facts: Facts, words: Words) -> list[Block]:
    """Somebody rang instead of waiting: nobody has to answer, but the thing may still be broken."""
    if facts.state is not State.CLOSED:
        return [parts.context(words("fault_note.open_again", number=facts.number))]
    quote = cut("\n".join(facts.words_of_asker), QUOTE)
    return [parts.section(f"{title(facts)}\n{words('fault_note.told')}"), parts.said(quote)]


def solve_form(ticket: int, words: Words) -> Block:
    """[Löst] with a line about what helped."""
    field = {"type": "plain_text_input", "action_id": LINE, "multiline": True, "max_length": 500}
    label = {"type": "plain_text", "text": words("solve_form.line")}
    block = {"type": "input", "block_id": LINE, "label": label, "element": field, "optional": True}
    title, send = words("solve_form.title"), words("button.solved")
    return parts.form("ticket.solve_with", title, send, words("button.close"), [block], ticket)


def correct_form(ticket: int, groups: Groups, words: Words) -> Block:
    """What it is about instead of what we have understood."""
    options = [(name, [parts.option(label, key) for label, key in tools]) for name, tools in groups]
    field = forms.field(TOOL, words("correct.which"), parts.menu(words("ask.tool_menu"), TOOL, options))
    title, send = words("correct.title"), words("button.save")
    return parts.form("ticket.correct", title, send, words("button.close"), [field], ticket)


def which(line: int, text: str, questions: Sequence[Facts], words: Words) -> list[Block]:
    """ "Vilken fråga gäller det?" for a line that could belong to several."""
    buttons = [
        parts.button(" · ".join(filter(None, (q.number, q.tool))), f"line.which:{q.id}", line) for q in questions[:5]
    ]
    new = parts.button(words("button.new_question_short"), "line.which:new", line)
    return [parts.section(words("which.ask")), parts.said(cut(text, 200)), parts.actions(*buttons, new)]


def digest(questions: Sequence[Facts], words: Words) -> list[Block]:
    """What waits at the start of duty: one message, a button each."""
    blocks = [parts.section(words("digest.ask", n=len(questions)))]
    for facts in questions[:10]:
        button = parts.button(words("button.take"), "ticket.take", facts.id)
        when = words("digest.since", when=words.when(facts.asked_at))
        urgent = words("card.urgent") + "\n" if facts.urgency is Urgency.ACUTE else ""
        text = f"{urgent}{title(facts)}\n{safe(cut(' '.join(facts.words_of_asker), 150))}\n{when}"
        blocks.append(parts.section(text, accessory=button))
    return blocks
