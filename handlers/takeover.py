"""Somebody writes under a question that another has: she is told so, and may take it with [Ta frågan och skicka]."""

from datetime import timedelta

from handlers import slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, Render
from handlers.listening import Job, Listeners, Press, Show, number
from handlers.views import parts
from handlers.views import takeover as view
from handlers.views.takeover import Standing
from handlers.words import Words
from models import lines, outbox, people, takeover, tickets
from models.db import Session
from models.lines import Line, Side
from models.outbox import Letter
from models.tickets import State, Ticket


def register(on: Listeners) -> None:
    on.action("ticket.take_over", take_over, may=tickets.candidate_only)
    for kind, render in LETTERS.items():
        on.letter(kind, Kind(render, Reader.HELPER))
    on.job(Job("unsent", empty, every=timedelta(minutes=5)))


def take_over(session: Session, press: Press, desk: Desk) -> Show:
    """The button carries the question, her line, and who had it when the button was drawn."""
    line, _, seen = press.choice.partition(":")
    takeover.send(
        session,
        press.about or 0,
        line_id=number(line) or 0,
        seen=number(seen),
        by=press.person.pk,
        now=desk.now(),
    )
    return None


def empty(desk: Desk) -> None:
    with desk.db.transaction() as session:
        emptied = takeover.empty(session, now=desk.now())
    if emptied:
        desk.nudge()


# ---- what they get -------------------------------------------------------------------------------------------


def who_has_it(session: Session, letter: Letter, words: Words) -> Post | None:
    """She has written under a question that another has: nothing crossed. The place carries her line."""
    ticket, line = tickets.get(session, letter.about_id), session.get(Line, _line_at(letter.place))
    if line is None or (line.deleted_at is not None and not outbox.where_is(session, [letter.place])):
        return None
    waits = bool(lines.unsent(session, ticket.pk, letter.to_id, at=line.said_at))
    owner = people.get(session, ticket.owner_id)
    data = view.Unsent(
        ticket=ticket.pk,
        number=ticket.shown,
        line=line.pk,
        owner=ticket.owner_id,
        name=owner.name if owner else "",
        standing=_standing(ticket, line, letter.to_id, waits=waits),
        may_send=waits and _may_send(ticket, letter.to_id),
    )
    return Post(view.text(data, words), view.blocks(data, words), thread=_card_of(letter))


def _line_at(place: str) -> int:
    """`who_has_it:F-12:57` → 57."""
    return int(place.rpartition(":")[2])


def _may_send(ticket: Ticket, reader: int) -> bool:
    hers = ticket.owner_id == reader and ticket.state is not State.CLOSED
    return hers or ticket.state in tickets.FOR_TAKING


def _standing(ticket: Ticket, line: Line, reader: int, *, waits: bool) -> Standing:
    if line.side is Side.HELPER:
        return Standing.SENT if ticket.owner_id == reader else Standing.PASSED
    if not waits:
        return Standing.REMOVED if line.deleted_at or line.cleared_at else Standing.EMPTIED
    if ticket.state is State.CLOSED:
        return Standing.CLOSED
    if ticket.owner_id is None:
        return Standing.FREE
    return Standing.YOURS if ticket.owner_id == reader else Standing.TOLD


def not_open(session: Session, letter: Letter, words: Words) -> Post | None:
    """She has written under a question that is over: nothing of it is kept."""
    text = words("not_open.told", number=tickets.get(session, letter.about_id).shown)
    return Post(text, [parts.context(text)], thread=_card_of(letter))


def taken_over(session: Session, letter: Letter, words: Words) -> Post | None:
    """She had it, and somebody else has it now. Not said if it is hers again, or over, before she could read it."""
    ticket = tickets.get(session, letter.about_id)
    owner = people.get(session, ticket.owner_id)
    if owner is None or owner.id == letter.to_id or ticket.state is State.CLOSED:
        return None
    text = words("taken_over.told", name=slack_text.safe(owner.name), number=ticket.shown)
    return Post(text, [parts.section(text)], thread=_card_of(letter), broadcast=True)


def _card_of(letter: Letter) -> str:
    return tickets.card_place(letter.about_id or 0, letter.to_id)


LETTERS: dict[str, Render] = {"who_has_it": who_has_it, "not_open": not_open, "taken_over": taken_over}
