"""Rensa: what was said in a question, or one line of it, goes, here and in the bot's own messages; a trace stays.

The trace says by whom (asker or helper) and when, never what. Cleared stays cleared: no later version of the message
brings the words back (docs/decisions/0021). Not here: what people's own messages in Slack say; only they can delete
those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from models import answers, erasure_log, learning, lines, outbox, tickets
from models.db import changed, columns, key, renewed
from models.erasure_log import What
from models.errors import Gone, NotYours, Refused
from models.lines import ClearedBy, Line, Side
from models.outbox import Intent
from models.people import Person
from models.tickets import Event, Ticket

EVERYTHING = "question"  # the note of a history row; of a single line, the line's id
SEEN_BY_ASKER = frozenset({Side.ASKER, Side.HELPER})
SEEN_BY_HELPERS = SEEN_BY_ASKER | {Side.INTERNAL}

_WORDS_OF = (
    select(Line).where(Line.ticket_id == bindparam("ticket"), Line.text != "").order_by(col(Line.said_at), col(Line.id))
)
_CLEAR = (
    update(Line)
    .where(col(Line.id) == bindparam("line"), col(Line.text) != "")
    .values(text="", cleared_at=bindparam("now"), cleared_by=bindparam("hat"))
    .returning(*columns(Line))
)
_NO_PICTURES = update(Ticket).where(col(Ticket.id) == bindparam("ticket")).values(pictures="", ticked_at=None)


@dataclass(frozen=True)
class Offer:
    """`ticket_id`: a question all of which may be cleared; `line_id`: the line she came from, if it is among them."""

    ticket_id: int | None
    lines: Sequence[Line]
    line_id: int | None


def may(session: Session, person: Person, about: int | None) -> None:
    """Whoever asked it, and whoever has it; while nobody has, everybody with a card."""
    if tickets.get(session, about).asker_id != person.id:
        tickets.helper_only(session, person, about)


def choices(session: Session, person: Person, ticket: Ticket) -> list[Line]:
    """What she may clear line by line: what she can read there."""
    seen = SEEN_BY_ASKER if ticket.asker_id == person.id else SEEN_BY_HELPERS
    said = (line.pk for line in lines.of_ticket(session, ticket.pk) if line.text and line.side in seen)
    return [session.get_one(Line, line_id) for line_id in said]


def at(session: Session, channel: str, ts: str) -> tuple[int | None, int | None]:
    """(question, line) of a message: somebody's own, or one of ours. Raises Gone for what is neither."""
    own, place = lines.find(session, channel, ts), outbox.at(session, channel, ts)
    number = place.split(":")[1] if place and place.startswith(("line:", "again:")) else ""
    line = own or session.get(Line, key(number) or 0)
    about = tickets.parse_place(place) if place else None
    if line is None and about is None:
        raise Gone
    return (line.ticket_id, line.pk) if line is not None else (about[1] if about else None, None)


def offer(session: Session, person: Person, ticket_id: int | None, line_id: int | None) -> Offer:
    """What she may clear, coming from a question or a line. Raises Gone if there are no words, Refused if not hers."""
    line = session.get(Line, line_id) if line_id is not None else None
    own = [line] if line is not None and line.text and line.author_id == person.id else []
    try:
        may(session, person, ticket_id)
    except Refused:  # also a draft, of which no question is known yet
        if not own:
            raise
        return Offer(None, own, line_id)
    said = choices(session, person, tickets.get(session, ticket_id))
    if not said and not own:
        raise Gone
    return Offer(ticket_id, [*(each for each in own if each not in said), *said], line_id if line in said else None)


def everything(session: Session, person: Person, ticket_id: int | None, *, now: datetime) -> None:
    """Every word of a question, whoever wrote it, and its pictures. Raises Gone if it has none, Refused if not hers."""
    may(session, person, ticket_id)
    ticket = tickets.get(session, ticket_id)
    said = list(session.exec(_WORDS_OF, params={"ticket": ticket.pk}))
    if not said and not ticket.pictures:
        raise Gone
    _clear(session, ticket, said, by=person.pk, note=EVERYTHING, now=now)


def line(session: Session, person: Person, line_id: int, *, now: datetime) -> None:
    """One line: her own, or one that she can read in a question of hers. Raises Gone, NotYours."""
    found = session.get(Line, line_id)
    if found is None or not found.text:
        raise Gone
    if found.ticket_id is None or found.side is Side.KEPT:
        _own(session, person, found, now=now)
        return
    ticket = tickets.get(session, found.ticket_id)
    if found.author_id != person.id:
        may(session, person, ticket.id)
        if found not in choices(session, person, ticket):
            raise NotYours
    _clear(session, ticket, [found], by=person.pk, note=str(found.pk), now=now)


def _own(session: Session, person: Person, found: Line, *, now: datetime) -> None:
    """Words that only their writer knows of: a draft, or what waits under a question that another has."""
    if found.author_id != person.id:
        raise NotYours
    hat = ClearedBy.HELPER if found.side is Side.KEPT else ClearedBy.ASKER
    renewed(session, found, _CLEAR, {"line": found.pk, "now": now, "hat": hat})
    erasure_log.note(session, What.LINE, found.pk, now=now)
    if found.ticket_id is None:
        lines.drop(session, [found], now=now)
        lines.ask_no_more(session, person.pk, found, now=now)
    else:
        lines.show_to_readers(session, found, cause="cleared", now=now)


def _clear(session: Session, ticket: Ticket, said: Sequence[Line], *, by: int, note: str, now: datetime) -> None:
    row = tickets.note_down(session, ticket, Event.CLEARED, by=by, now=now, note=note)
    hat = ClearedBy.ASKER if by == ticket.asker_id else ClearedBy.HELPER
    whole = note == EVERYTHING
    erasure_log.note(session, What.QUESTION if whole else What.LINE, ticket.pk if whole else said[0].pk, now=now)
    for each in said:
        if renewed(session, each, _CLEAR, {"line": each.pk, "now": now, "hat": hat}):
            lines.show_to_readers(session, each, cause="cleared", now=now)
    learning.forget(session, ticket.pk, kept=True)
    answers.forget_question(session, ticket.pk, now=now)
    if whole and ticket.pictures:
        take_back_pictures(session, ticket, row, now=now)
    tickets.show_all(session, ticket, row, now=now)
    show_digests(session, ticket, row, now=now)


def clear_again(session: Session, found: Line, *, now: datetime) -> None:
    """A line that a restored backup has brought back, and the erasure log knows as gone."""
    renewed(session, found, _CLEAR, {"line": found.pk, "now": now, "hat": ClearedBy.ERASURE})
    lines.show_to_readers(session, found, cause="cleared", now=now)
    if found.ticket_id is not None:
        learning.forget(session, found.ticket_id, kept=True)
        answers.forget_question(session, found.ticket_id, now=now)


def take_back_pictures(session: Session, ticket: Ticket, row: int, *, now: datetime) -> None:
    """Out of the threads into which they were passed on."""
    changed(session, _NO_PICTURES, {"ticket": ticket.pk})
    session.refresh(ticket)
    for card in tickets.candidates(session, ticket.pk):
        place = f"pictures:{ticket.shown}:{card.person_id}"
        if outbox.carried(session, place):
            outbox.put(session, Intent("pictures_gone", card.person_id, ticket.id, place, str(row)), now=now)


def show_digests(session: Session, ticket: Ticket, row: int, *, now: datetime) -> None:
    """A digest quotes what waited at the start of a shift."""
    theirs = {card.person_id for card in tickets.candidates(session, ticket.pk)}
    for posted in tickets.digests_of(session, theirs):
        outbox.put(session, Intent("digest", posted.to_id, None, posted.place, f"cleared {row}"), now=now)
