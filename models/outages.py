"""Outages: something is broken, we know it, and until when. Put up by hand, set right by hand, or over by time.

While one is up, whoever asks about its tool reads first that others have the same fault; a person can be had all the
same. Set right, everybody who asked is told. Not here: how a fault is noticed (clusters.py).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, Update, bindparam, or_, text
from sqlmodel import Field, Session, col, select, update

from models import administration, clock, ladder, outbox, people, roster, settings, tickets
from models.administration import Told
from models.columns import check, instant
from models.db import add_once, changed, mostly_none
from models.errors import Gone, NotYours, Refused
from models.outbox import Intent
from models.people import Person, Unit
from models.recognition import Kind
from models.tickets import Reason, Rung, State, Ticket

FAULTS = (Kind.FAULT, Kind.ACCESS, Kind.HANDLING)  # how people put it when something is broken
LONGEST_TEXT = 200


class AlreadyUp(Refused):
    """Somebody has put it up already. `about["name"]` is who."""

    key = "refused.outage_already_up"


class AlreadyOver(Refused):
    """Its time has run out."""

    key = "refused.outage_already_over"


class AlreadyRight(AlreadyOver):
    """Somebody was faster. `about["name"]` is who."""

    key = "refused.outage_already_right"


class BadEnd(Refused):
    """It ends later than now, and not too late."""

    key = "refused.outage_end"


class Outage(Told, table=True):
    __table_args__ = (
        check("(ended_at IS NULL) = (next_at IS NOT NULL)", "up_has_a_next_step"),
        check("ended_by_id IS NULL OR ended_at IS NOT NULL", "ended_by_somebody"),
        check("ends_at > put_up_at", "ends_after_it_begins"),
        Index(
            "uq_outage_up",
            "tool",
            "departments",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # letters' keys hold these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(default="", max_length=LONGEST_TEXT)
    since: datetime = instant()  # whoever asked from here on is told
    put_up_at: datetime = instant(index=True)
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    ends_at: datetime = instant()
    next_at: datetime | None = instant(default=None, nullable=True, index=True)
    ended_at: datetime | None = instant(default=None, nullable=True)
    ended_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)

    @property
    def pk(self) -> int:
        """The id of a stored outage."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


@dataclass(frozen=True)
class Notice:
    """What somebody puts up. `departments`: ids; none: all of them."""

    tool: str
    departments: frozenset[int]
    text: str
    since: datetime
    ends_at: datetime


# ---- reading -----------------------------------------------------------------------------------------------------


_UP = select(Outage).where(col(Outage.ended_at).is_(None)).order_by(col(Outage.id).desc())
_UP_FOR = _UP.where(Outage.tool == bindparam("tool"))


def get(session: Session, outage_id: int | None) -> Outage:
    """Raises Gone for one that never was."""
    found = session.get(Outage, outage_id) if outage_id is not None else None
    if found is None:
        raise Gone
    return found


def up(session: Session) -> list[Outage]:
    """All that are up, the newest first."""
    return list(session.exec(_UP))


def up_for(session: Session, tool: str | None, department_id: int | None) -> Outage | None:
    """What is known to be broken now, for somebody who works in this department. Where nobody knows where, it holds."""
    found = mostly_none(session, _UP_FOR, {"tool": tool}) if tool is not None else ()
    return next((each for each in found if department_id is None or each.holds_for(department_id)), None)


def of_ticket(session: Session, ticket: Ticket) -> Outage | None:
    """What its asker reads first, while her question lives."""
    if ticket.state is State.CLOSED or ticket.kind not in FAULTS:
        return None
    unit = people.unit(session, ticket.unit_id)
    found = up_for(session, ticket.tool, unit.department_id if unit else None)
    return found if found is not None and found.since <= ticket.asked_at else None


def during(session: Session, *, since: datetime, until: datetime) -> list[Outage]:
    """Those that were up at some time of this, the first first."""
    here = col(Outage.put_up_at) < until, or_(col(Outage.ended_at).is_(None), col(Outage.ended_at) > since)
    return list(session.exec(select(Outage).where(*here).order_by(col(Outage.id))))


def asked_about(session: Session, outage: Outage) -> list[Ticket]:
    """Questions that it may have caused: alive, or given up because their asker rang."""
    alive = or_(col(Ticket.state) != State.CLOSED, col(Ticket.reason) == Reason.RUNG)
    asked = Ticket.tool == outage.tool, Ticket.asked_at >= outage.since, col(Ticket.kind).in_(FAULTS)
    query = select(Ticket, Unit.department_id).join(Unit, col(Unit.id) == col(Ticket.unit_id), isouter=True)
    found = session.exec(query.where(alive, *asked).order_by(col(Ticket.id)).with_for_update(of=Ticket))
    return [ticket for ticket, department in found if department is None or outage.holds_for(department)]


# ---- verbs -------------------------------------------------------------------------------------------------------


def put_up(session: Session, notice: Notice, *, by: int, now: datetime) -> Outage:
    """[Sätt upp driftstörning]. Raises NotYours, BadEnd, AlreadyUp."""
    scope = administration.scope_of(session, by, on=clock.today(now))
    if not scope.may_tell(notice.tool, notice.departments):
        raise NotYours
    _check_end(session, notice.ends_at, now)
    fresh = Outage(
        tool=notice.tool,
        departments="|".join(str(each) for each in sorted(notice.departments)),
        text=notice.text[:LONGEST_TEXT],
        since=min(notice.since, now),
        put_up_at=now,
        by_id=by,
        ends_at=notice.ends_at,
        next_at=_warned_at(session, notice.ends_at, now),
    )
    is_new = add_once(session, Outage, **fresh.model_dump(exclude={"id"}))
    row = session.exec(_UP_FOR.where(Outage.departments == fresh.departments), params={"tool": notice.tool}).one()
    if not is_new:
        raise AlreadyUp(name=_name(session, row.by_id))
    _redraw(session, row, "up", now=now)
    return row


def prolong(session: Session, outage_id: int, *, by: int, now: datetime) -> None:
    """[En timme till], once its end is near: pressed by several it is one. Raises NotYours, AlreadyOver, BadEnd."""
    outage = _hers(session, outage_id, by, now)
    if _warned_at(session, outage.ends_at, now) != outage.ends_at:
        return  # somebody was faster
    ends_at = max(outage.ends_at, now) + settings.read(session).span("outage.again")
    _check_end(session, ends_at, now)
    later = {"ends_at": ends_at, "next_at": _warned_at(session, ends_at, now)}
    still = _still(outage).where(col(Outage.ends_at) == outage.ends_at)
    if changed(session, still.values(later)):
        session.refresh(outage)
        _redraw(session, outage, f"until {ends_at.isoformat()}", now=now)


def set_right(session: Session, outage_id: int, *, by: int, now: datetime) -> None:
    """[Rättat]: it comes down, and everybody who asked is told. Raises NotYours, AlreadyOver."""
    outage = _hers(session, outage_id, by, now)
    if not changed(session, _still(outage).values(ended_at=now, ended_by_id=by, next_at=None)):
        session.refresh(outage)
        raise _over(session, outage)
    session.refresh(outage)
    formers = {_told_right(session, outage, ticket, by=by, now=now) for ticket in asked_about(session, outage)}
    for person_id in sorted(formers - {None, by}, key=lambda each: each or 0):
        place = f"outage_mended:{outage.pk}:{person_id}"
        outbox.put(session, Intent("outage_mended", person_id or 0, outage.pk, place, "mended"), now=now)
    _redraw(session, outage, "over", now=now)


def _told_right(session: Session, outage: Outage, ticket: Ticket, *, by: int, now: datetime) -> int | None:
    """Its asker is told. What nobody has answered is asked about as if it had been; who had taken it, is the answer."""
    former = None
    if ticket.awaits_answer and ticket.state is not State.PARKED and ticket.asker_id != by:
        former = ticket.owner_id
        rung = ladder.rung_for(session, ticket, by, now=now) or Rung.COORDINATOR
        tickets.answer_with_others(session, ticket, rung, by=by, now=now)
    if ticket.asker_id is not None:
        place = f"outage_over:{ticket.shown}:{outage.pk}"
        outbox.put(session, Intent("outage_over", ticket.asker_id, ticket.pk, place, "over"), now=now)
    return former


def _hers(session: Session, outage_id: int, by: int, now: datetime) -> Outage:
    outage = get(session, outage_id)
    scope = administration.scope_of(session, by, on=clock.today(now))
    if not scope.may_tell(outage.tool, outage.department_ids):
        raise NotYours
    if outage.ended_at is not None:
        raise _over(session, outage)
    return outage


def _over(session: Session, outage: Outage) -> AlreadyOver:
    by = _name(session, outage.ended_by_id)
    return AlreadyRight(name=by) if by else AlreadyOver()


def _still(outage: Outage) -> Update:
    return update(Outage).where(col(Outage.id) == outage.id, col(Outage.ended_at).is_(None))


def _check_end(session: Session, ends_at: datetime, now: datetime) -> None:
    if not now < ends_at <= now + settings.read(session).span("outage.longest"):
        raise BadEnd


def _warned_at(session: Session, ends_at: datetime, now: datetime) -> datetime:
    """A while before the end; one that is short comes down unannounced."""
    warned = ends_at - settings.read(session).span("outage.warn")
    return warned if warned > now else ends_at


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person else ""


# ---- the clock ---------------------------------------------------------------------------------------------------


def due(session: Session, *, now: datetime) -> list[int]:
    found = session.exec(select(Outage.id).where(col(Outage.next_at) <= now).order_by(col(Outage.id)))
    return [each for each in found if each is not None]


def tick(session: Session, outage_id: int, *, now: datetime) -> None:
    """Its end is near: somebody who may say so is asked. Its time has run out: it comes down by itself."""
    outage = get(session, outage_id)
    mine = _still(outage).where(col(Outage.next_at) == outage.next_at)
    if outage.ended_at is not None or outage.next_at is None or outage.next_at > now:
        return
    if outage.ends_at > now:
        if changed(session, mine.values(next_at=outage.ends_at)):
            _remind(session, outage, now=now)
    elif changed(session, mine.values(ended_at=outage.ends_at, next_at=None)):
        session.refresh(outage)
        _redraw(session, outage, "run out", now=now)


def _remind(session: Session, outage: Outage, *, now: datetime) -> None:
    """Whoever put it up if she is at work, else the first who may; with nobody there, whoever put it up hears later."""
    may = administration.tellers(session, outage.tool, on=clock.today(now)).items()
    others = [each for each, scope in may if scope.may_tell(outage.tool, outage.department_ids)]
    first = [outage.by_id] if outage.by_id is not None else []
    free_at = roster.may_notify_helpers(session, [*first, *others], now=now)
    there = [each for each in (*first, *others) if free_at[each] <= now]
    for person_id in (there or first)[:1]:
        place = f"outage_ends:{outage.pk}:{int(outage.ends_at.timestamp())}"
        outbox.put(session, Intent("outage_ends", person_id, outage.pk, place, "soon"), now=now)


# ---- letters -----------------------------------------------------------------------------------------------------


def _redraw(session: Session, outage: Outage, cause: str, *, now: datetime) -> None:
    """What is known now, in the receipts of those who asked and where somebody was asked about its end."""
    for ticket in asked_about(session, outage):
        if ticket.asker_id is not None:
            place = tickets.receipt_place(ticket.pk)
            about = Intent("receipt", ticket.asker_id, ticket.pk, place, f"outage{outage.pk} {cause}")
            outbox.put(session, about, now=now)
    for posted in outbox.placed(session, f"outage_ends:{outage.pk}:"):
        outbox.put(session, Intent("outage_ends", posted.to_id, outage.pk, posted.place, cause), now=now)
