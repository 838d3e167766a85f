"""The auditor: every open question has somebody who can act, or a next step at a time that is kept; else it repairs.

What it finds is an accident of ours: the ladder moves questions on by itself when a helper leaves (ladder.py). It puts
the question back on the ladder, due at once, and tells the coordinators in one line a day.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from models import audit, clock, outbox, people, roster, settings, stuga_series, tickets
from models.outbox import Intent
from models.people import Role
from models.tickets import Event, History, State, Ticket

# In these the question waits for what its owner does. What was called solved rests, and closes by the clock.
NEEDS_OWNER = tickets.HELD - {State.SOLVED_PROPOSED}
LOOK_BACK = timedelta(days=14)  # longer than any stretch of days off


class Fault(StrEnum):
    NOBODY = "nobody"  # the one who has it can do nothing: her account or her appointment has ended
    OVERDUE = "overdue"  # the time of the next step is long past
    NO_STUGA = "no_stuga"  # it is parked for a drop-in that does not come, or that nobody has ended


def fault(ticket: Ticket, *, helps: bool, now: datetime, patience: timedelta, comes: bool = True) -> Fault | None:
    """`helps`: whether its owner still helps; `comes`: its drop-in, if it is parked for one. None: somebody can act, or
    something happens at a time.
    """
    if ticket.stuga_id is not None and not comes:
        return Fault.NO_STUGA
    if ticket.state in NEEDS_OWNER and not helps:
        return Fault.NOBODY
    if ticket.next_at is not None and ticket.next_at < now - patience:
        return Fault.OVERDUE
    return None


def suspects(session: Session, *, now: datetime) -> list[int]:
    """Questions with a fault, the oldest first; asked without a lock, so each is looked at again."""
    alive = list(session.exec(select(Ticket).where(col(Ticket.closed_at).is_(None)).order_by(col(Ticket.id))))
    helping = people.helping(session, {t.owner_id for t in alive if t.owner_id}, on=clock.today(now))
    patience = settings.read(session).span("audit.patience")
    come = stuga_series.alive(session, now=now - patience) | {None}

    def found(ticket: Ticket) -> Fault | None:
        helps, comes = ticket.owner_id in helping, ticket.stuga_id in come
        return fault(ticket, helps=helps, now=now, patience=patience, comes=comes)

    return [ticket.pk for ticket in alive if found(ticket)]


def mend(session: Session, ticket_id: int, *, now: datetime) -> None:
    """Safe twice and in parallel: the row is locked and looked at again."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.state != State.CLOSED).with_for_update()
    ticket = session.exec(query).first()
    if ticket is None:
        return
    helps = ticket.owner_id in people.helping(session, {ticket.owner_id or 0}, on=clock.today(now))
    patience = settings.read(session).span("audit.patience")
    comes = ticket.stuga_id in stuga_series.alive(session, now=now - patience)
    found = fault(ticket, helps=helps, now=now, patience=patience, comes=comes)
    if found is None:
        return
    tickets.back_to_ladder(session, ticket, why=found, now=now)
    audit.note(session, "question.repaired", by=None, now=now, about=f"{ticket.shown} {found}")
    _tell_coordinators(session, now=now)


def _tell_coordinators(session: Session, *, now: datetime) -> None:
    """One line a day, when their next working day begins: the key is that day."""
    told_at = _told_at(session, now)
    slot = clock.today(told_at).isoformat()
    for person_id, role in people.helper_hats(session, on=clock.today(now)):
        if role is Role.COORDINATOR:
            intent = Intent("repaired", person_id, None, f"repaired:{person_id}:{slot}", slot)
            outbox.put(session, intent, now=now, due=told_at)


def _told_at(session: Session, at: datetime) -> datetime:
    return clock.opens_anew(roster.hours_of(Role.COORDINATOR, settings.read(session)), at)


def repaired(session: Session, slot: date) -> list[str]:
    """The questions of which this day's line tells, as people say them: `F-12`."""
    begins = clock.midnight(slot)
    rows = session.exec(
        select(History)
        .where(History.event == Event.REPAIRED, col(History.at) >= begins - LOOK_BACK)
        .order_by(col(History.id))
    )
    found = [row.ticket_id for row in rows if clock.today(_told_at(session, row.at)) == slot]
    return [tickets.get(session, ticket_id).shown for ticket_id in dict.fromkeys(found)]
