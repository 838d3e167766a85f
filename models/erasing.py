"""One person, at her wish: a copy of what leads to her, and its erasure. Both work from the declaration.

Counts survive: her row stays as a pseudonym without anybody behind it, and so do her questions without words. What she
wrote goes, what was said in her questions, and the bot's own messages that carry any of it, her name or her face. The
shells of her lines stay as long as their questions, so that an edit of an old message brings nothing back.
Not here: what goes by age (disposal.py), and the log (erasure_log.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_
from sqlmodel import Session, SQLModel, col, delete, select, update

from models import (
    answers,
    clearing,
    disposal,
    erasure_log,
    holds,
    ladder,
    learning,
    lines,
    news,
    outbox,
    people,
    privacy,
    tickets,
)
from models.db import changed
from models.erasure_log import Erasure, What
from models.holds import Held
from models.ideas import Idea
from models.lines import ClearedBy, Line
from models.orders import AccessOrder
from models.outbox import Intent, Letter, Posted
from models.people import Appointment, Person
from models.stuga_day import StugaItem
from models.stuga_series import StugaStaff
from models.tickets import Candidate, Event, History, Ticket

OWN = ("receipt", "card", "line", "again", "files")  # messages that are drawn anew or go for a reason of their own


def known_as(session: Session, email: str) -> Person | None:
    """By her address, or by her account in the chat."""
    same = or_(col(Person.email) == email.strip().casefold(), col(Person.chat_user_id) == email.strip())
    return session.exec(select(Person).where(same)).first()


# ---- a copy --------------------------------------------------------------------------------------------------------


def copy(session: Session, person: Person) -> dict[str, list[dict[str, str]]]:
    """Table → her rows, as text. Every row in which a column leads to her, and every line of her questions.

    What others wrote in them is theirs too: whoever hands it out looks at it first.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = session.connection().execute(table.select().where(_hers(table, person)).order_by(*table.primary_key))
        if told := [_told(row) for row in rows.mappings()]:
            found[table.name] = told
    return found


def _hers(table: Table, person: Person) -> ColumnElement[bool]:
    """By a key to her row, by her numbers in Slack, or by her question."""
    told = privacy.DECLARED[table.name]
    same = [column == person.id for column in table.columns if _leads(column, "person")]
    same += [column == person.id for column in table.columns if table.name == "person" and column.primary_key]
    numbers = {"channel": person.chat_channel_id, "chat_user_id": person.chat_user_id}
    same += [table.c[name] == number for name, number in numbers.items() if number and name in told]
    asked = select(Ticket.id).where(Ticket.asker_id == person.id)
    same += [column.in_(asked) for column in table.columns if _leads(column, "ticket")]
    if table.name == "erasure":
        same += [and_(table.c.what == What.PERSON, table.c.row_id == person.id)]
    if table.name == "audit_entry":
        same += [table.c.by_id == person.id, table.c.person_id == person.id]
    return or_(*same) if same else false()


def _leads(column: Any, table: str) -> bool:
    return any(key.column.table.name == table for key in column.foreign_keys)


def _told(row: Any) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if value not in (None, "")}


# ---- erasure -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Erased:
    """How much of it there was."""

    questions: int
    lines: int
    answers: int
    messages: int


def erase(session: Session, person: Person, *, now: datetime, again: bool = False) -> Erased:
    """Raises Held while a record of hers is requested. `again`: the log knows it, after a restore."""
    asked = list(session.exec(select(Ticket).where(Ticket.asker_id == person.id)))
    about = {ticket.pk for ticket in asked} | _with_her(session, person.pk)
    if not again:
        if (hold := holds.on(session, about, now=now)) is not None:
            raise Held(number=hold.pk)
        erasure_log.note_person(session, person, now=now)
    _let_go(session, person, now=now)
    said = _words(session, person.pk, asked, now=now)
    bank = answers.erase_of(session, person.pk, now=now)
    news.keep_reach(session, news.had_by(session, [person.pk]))
    gone = _messages(session, person, said, about, now=now)
    for ticket_id in sorted(about):
        _draw_anew(session, tickets.get(session, ticket_id), now=now)
    _rows(session, person.pk)
    people.empty(session, [person.pk], now=now)
    session.expire(person)
    return Erased(len(asked), len(said), bank, gone)


def _with_her(session: Session, person_id: int) -> set[int]:
    """Questions of others in which she had a hand: her name, or her words, stand in their messages."""
    hand = (
        *((Ticket.id, column) for column in (Ticket.owner_id, Ticket.had_by_id)),
        *((History.ticket_id, column) for column in (History.by_id, History.other_id)),
        (Line.ticket_id, Line.author_id),
        (Candidate.ticket_id, Candidate.person_id),
    )
    found = [session.exec(select(which).where(col(column) == person_id)) for which, column in hand]
    return {ticket_id for rows in found for ticket_id in rows if ticket_id is not None}


def _let_go(session: Session, person: Person, *, now: datetime) -> None:
    """Nobody waits for her, and nobody waits for an answer to her."""
    for ticket in tickets.alive_of(session, person.pk):
        tickets.withdraw(session, ticket.pk, by=person.pk, now=now)
    people.deactivate(session, person.pk, now=now)
    ladder.leave_for_good(session, person.pk, now=now)


def _words(session: Session, person_id: int, asked: Sequence[Ticket], *, now: datetime) -> list[int]:
    """Every line of hers, and of her questions; what was learnt from them, pictures, replies."""
    ids = [ticket.pk for ticket in asked]
    hers = or_(col(Line.author_id) == person_id, col(Line.ticket_id).in_(ids))
    found = [line_id for line_id in session.exec(select(Line.id).where(hers)) if line_id is not None]
    standing = update(Line).where(hers, col(Line.cleared_at).is_(None))
    changed(session, standing.values(text="", cleared_at=now, cleared_by=ClearedBy.ERASURE))
    for ticket in asked:
        learning.forget(session, ticket.pk, kept=True)
        answers.forget_question(session, ticket.pk, now=now)
        if ticket.pictures:
            clearing.take_back_pictures(session, ticket, _noted(session, ticket, now), now=now)
    wishes = or_(col(Idea.ticket_id).in_(ids), col(Idea.replied_by_id) == person_id)
    changed(session, update(Idea).where(wishes).values(reply=""))
    return found


def _messages(session: Session, person: Person, said: Sequence[int], about: set[int], *, now: datetime) -> int:
    """A letter for each message that goes: on her screen, with words of hers, or with her name in what is over.

    Letters to her go too. Those that take messages away are made after that.
    """
    done = or_(col(Letter.done_at).is_not(None), col(Letter.kind) != "expire")
    changed(session, delete(Letter).where(col(Letter.to_id) == person.id, done))
    lives = col(Ticket.id).in_(about), Ticket.state != tickets.State.CLOSED
    alive = set(session.exec(select(Ticket.id).where(*lives)))
    orders = set(session.exec(select(AccessOrder.id).where(AccessOrder.asker_id == person.id)))
    told = session.exec(select(Posted)).all()
    going = [p for p in told if p.to_id == person.pk or _goes(p, set(said), about, alive, orders)]
    for posted in going:
        intent = Intent("erase", posted.to_id, None, posted.place, f"{posted.ts} erased")
        outbox.put(session, intent, now=now)
    return len(going)


def _goes(posted: Posted, said: set[int], about: set[int], alive: set[Any], orders: set[Any]) -> bool:
    """What has buttons that somebody needs is drawn anew instead, and so are receipts and cards."""
    if lines.of_place(posted.place) in said:
        return True
    kind, *rest = posted.place.split(":")
    told = tickets.parse_place(posted.place)
    if told is not None:
        needed = told[1] in alive and kind in tickets.WITH_BUTTONS
        return told[1] in about and kind not in OWN and not needed
    return kind in ("order", "order_again") and rest[:1] in [[str(order)] for order in orders]


def _draw_anew(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Cards shrink, and where her name stood it stands no more."""
    row = tickets.note_down(session, ticket, Event.CLEARED, by=None, now=now, note="person")
    tickets.show_all(session, ticket, row, now=now)
    clearing.show_digests(session, ticket, row, now=now)


def _rows(session: Session, person_id: int) -> None:
    """What says something of her alone goes; what is counted, or another's too, keeps only her number."""
    for table in (*disposal.HERS, Appointment, StugaStaff, Candidate):
        changed(session, delete(table).where(col(table.person_id) == person_id))
    changed(session, delete(AccessOrder).where(col(AccessOrder.asker_id) == person_id))
    changed(session, update(AccessOrder).where(col(AccessOrder.answered_by_id) == person_id).values(word=""))
    changed(session, update(History).where(col(History.by_id) == person_id).values(by_id=None))
    changed(session, update(History).where(col(History.other_id) == person_id).values(other_id=None))
    changed(session, update(StugaItem).where(col(StugaItem.by_id) == person_id).values(by_id=None))
    changed(session, delete(Letter).where(col(Letter.to_id) == person_id, col(Letter.kind).not_in(("erase", "expire"))))


# ---- after a restore -----------------------------------------------------------------------------------------------


def reapply(session: Session, log: Iterable[Erasure], *, now: datetime) -> int:
    """What another copy of the log knows and this database, an older one, does not. How many entries there were."""
    missing = erasure_log.missing(session, log)
    for entry in missing:
        _apply(session, entry, now=now)
        session.add(Erasure(**entry.model_dump()))
    return len(missing)


def _apply(session: Session, entry: Erasure, *, now: datetime) -> None:
    if entry.what is What.PERSON:
        for person in [each for each in people.everybody(session) if erasure_log.is_she(entry, each)]:
            erase(session, person, now=now, again=True)
        return
    column = Line.ticket_id if entry.what is What.QUESTION else Line.id
    for line in session.exec(select(Line).where(col(column) == entry.row_id, Line.text != "")).all():
        clearing.clear_again(session, line, now=now)
    asked = session.get(Ticket, entry.row_id) if entry.what is What.QUESTION else None
    if asked is not None and asked.pictures:
        clearing.take_back_pictures(session, asked, _noted(session, asked, now), now=now)


def _noted(session: Session, ticket: Ticket, now: datetime) -> int:
    return tickets.note_down(session, ticket, Event.CLEARED, by=None, now=now, note=clearing.EVERYTHING)
