"""Access that only a manager can order: asked for by the one who needs it, answered by the manager of her unit.

No question and in no statistics. One is open per person and tool. Not here: whose something is (catalogue.Owner), and
what people see.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, exists, func, text
from sqlalchemy.sql.dml import Update
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import catalogue, clock, outbox, people, roster, settings, tickets
from models.columns import check, code, instant, paired
from models.db import add_once, changed
from models.errors import Gone, NotYours, Refused
from models.outbox import Intent
from models.people import Appointment, Person, PersonKind, Role
from models.roster import Presence
from models.tickets import Ticket

DAYS = (0, 1, 7, 14)  # from today: when it may be needed by
MESSAGES = ("order", "order_again")  # what a manager gets: the order, and once more if nothing happens


class SharedPhone(Refused):
    """An order says who needs it, and nobody is named on a phone that several share."""

    key = "refused.order_shared"


class NoUnit(Refused):
    """Nobody knows where she works, so nobody knows her manager."""

    key = "refused.order_no_unit"


class NobodyThere(Refused):
    """The unit has no manager today. `about["names"]`: whom to turn to instead."""

    key = "refused.order_nobody"


class NobodyAtAll(NobodyThere):
    """And the department has none either."""

    key = "refused.order_nobody_at_all"


class AlreadyAsked(Refused):
    key = "refused.order_already_asked"


class AlreadyAnswered(Refused):
    """Another manager was faster. `about["name"]` is who."""

    key = "refused.order_already_answered"


class OrderState(StrEnum):
    ASKED = "asked"
    ORDERED = "ordered"
    DECLINED = "declined"


class AccessOrder(SQLModel, table=True):
    __tablename__ = "access_order"
    __table_args__ = (
        paired("answered_by_id", "answered_at"),
        check("(state = 'asked') = (answered_at IS NULL)", "answered_has_a_time"),
        check("state <> 'ordered' OR word = ''", "a_word_says_why_not"),
        Index(
            "uq_access_order_open",
            "asker_id",
            "tool",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        {"sqlite_autoincrement": True},  # letters' keys hold these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    asker_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    tool: str = Field(max_length=60)
    needed_by: date
    state: OrderState = code(OrderState, default=OrderState.ASKED, index=True)
    asked_at: datetime = instant()
    remind_at: datetime | None = instant(default=None, nullable=True)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    answered_at: datetime | None = instant(default=None, nullable=True)
    word: str = Field(default="", max_length=300)

    @property
    def pk(self) -> int:
        """The id of a stored order."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


# ---- who ---------------------------------------------------------------------------------------------------


def managers(session: Session, unit_id: int, *, asker_id: int, now: datetime) -> dict[int, Presence]:
    """The unit's managers of today, deputies too, and when each may be reached. Who is on leave is not among them."""
    on = clock.today(now)
    hats = people.holders_in(session, Role.UNIT_MANAGER, unit_id, on=on)
    ids = dict.fromkeys(hat.person_id for hat in hats if hat.person_id != asker_id)
    away = people.away_until(session, ids, on=on)
    there = [(person_id, Role.UNIT_MANAGER) for person_id in ids if person_id not in away]
    return {person_id: seen for (person_id, _), seen in roster.presences(session, there, now=now).items()}


def nobody(session: Session, unit_id: int, *, now: datetime) -> NobodyThere:
    """What is to be said where a unit has no manager today: the department's are named."""
    on = clock.today(now)
    ids = {hat.person_id for hat in people.department_managers_of(session, unit_id, on=on)}
    away = people.away_until(session, ids, on=on)
    names = sorted(person.name for person in people.find(session, ids - away.keys()).values())
    if not names:
        return NobodyAtAll()
    return NobodyThere(names=", ".join(names))


def manager_only(session: Session, person: Person, about: int | None) -> None:
    """Rule: whoever is or was a manager of the unit, never the one who asks. It has no clock: the verb looks again."""
    order = get(session, about)
    if order is None or person.deactivated_at is not None or order.asker_id == person.id:
        raise NotYours
    hers = select(Appointment.id).where(Appointment.person_id == person.id, Appointment.role == Role.UNIT_MANAGER)
    if session.exec(hers.where(Appointment.unit_id == order.unit_id)).first() is None:
        raise NotYours


# ---- reading -------------------------------------------------------------------------------------------------


def get(session: Session, order_id: int | None) -> AccessOrder | None:
    """None once it is forgotten."""
    return session.get(AccessOrder, order_id) if order_id is not None else None


def of_ticket(session: Session, ticket_id: int) -> AccessOrder | None:
    """What was asked for under this receipt, if anything."""
    return session.exec(select(AccessOrder).where(AccessOrder.ticket_id == ticket_id)).first()


def may_be_asked_under(session: Session, ticket: Ticket) -> bool:
    """Whether [Be min chef beställa] stands on this receipt."""
    owner = catalogue.in_force(session).owners.get(ticket.belongs_to or "")
    return ticket.is_redirected and owner is not None and owner.order and of_ticket(session, ticket.pk) is None


def waiting_for(session: Session, person_id: int, *, now: datetime) -> list[AccessOrder]:
    """What a manager of today has to order, the oldest first."""
    hats = people.roles_of(session, person_id, on=clock.today(now))
    units = [hat.unit_id for hat in hats if hat.role is Role.UNIT_MANAGER and hat.unit_id is not None]
    asked = _OPEN.where(col(AccessOrder.unit_id).in_(units), AccessOrder.asker_id != person_id)
    return list(session.exec(asked))


def waiting_in(session: Session, unit_id: int, *, but_for: int | None) -> int:
    """How many orders of a unit nobody has answered, those of this person herself left out."""
    asked = select(func.count(col(AccessOrder.id))).where(AccessOrder.state == OrderState.ASKED)
    return session.exec(asked.where(AccessOrder.unit_id == unit_id, col(AccessOrder.asker_id) != (but_for or 0))).one()


_OPEN = select(AccessOrder).where(AccessOrder.state == OrderState.ASKED).order_by(col(AccessOrder.id))


# ---- asking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Askable:
    """To whom an order goes: the unit, its managers of today, and when each may be reached."""

    unit_id: int
    managers: Mapping[int, Presence]


def askable(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> Askable:
    """Who would get it. Raises SharedPhone, Gone, NoUnit, NobodyThere."""
    if person.kind is PersonKind.SHARED_DEVICE:
        raise SharedPhone
    if not may_be_asked_under(session, ticket):
        raise Gone
    unit_id = ticket.unit_id or roster.working_unit(session, person.pk, now=now)
    if unit_id is None:
        raise NoUnit
    found = managers(session, unit_id, asker_id=person.pk, now=now)
    if not found:
        raise nobody(session, unit_id, now=now)
    return Askable(unit_id, found)


def ask(session: Session, person: Person, ticket_id: int, *, tool: str, days: int | None, now: datetime) -> None:
    """[Skicka]: one order to the unit's managers of today. Raises also Gone for what no form offers, AlreadyAsked."""
    people.lock(session, person.pk)
    to = askable(session, person, tickets.get(session, ticket_id), now=now)
    if tool not in catalogue.in_force(session).tools or days not in DAYS:
        raise Gone
    fresh = AccessOrder(
        asker_id=person.pk,
        unit_id=to.unit_id,
        ticket_id=ticket_id,
        tool=tool,
        needed_by=clock.today(now) + timedelta(days=days),
        asked_at=now,
        remind_at=_remind_at(session, now),
    )
    if not add_once(session, AccessOrder, **fresh.model_dump(exclude={"id"})):
        raise AlreadyAsked
    order = session.exec(select(AccessOrder).where(AccessOrder.ticket_id == ticket_id)).one()
    _send(session, order, to.managers, now=now)
    _show_receipt(session, order, "asked", due=now, now=now)


def _remind_at(session: Session, now: datetime) -> datetime:
    return clock.working_days_later(now, settings.read(session).number("order.remind"))


def _send(session: Session, order: AccessOrder, to: Iterable[int], *, now: datetime) -> None:
    """Once to each manager; who has it already gets nothing."""
    for person_id in to:
        place = f"order:{order.id}:{person_id}"
        outbox.put(session, Intent("order", person_id, order.id, place, "asked"), now=now)


# ---- answering -------------------------------------------------------------------------------------------------


def ordered(session: Session, order_id: int, *, by: int, now: datetime) -> None:
    """[Beställd]. The first tap wins; her own second one changes nothing."""
    _answer(session, order_id, OrderState.ORDERED, "", by=by, now=now)


def decline(session: Session, order_id: int, word: str, *, by: int, now: datetime) -> None:
    """[Inte aktuellt], with a word for the one who asked."""
    _answer(session, order_id, OrderState.DECLINED, word, by=by, now=now)


def _answer(session: Session, order_id: int, state: OrderState, word: str, *, by: int, now: datetime) -> None:
    order = _hers(session, order_id, by, now)
    if order.answered_by_id == by and order.state is state:
        return
    values = {"state": state, "word": word, "answered_by_id": by, "answered_at": now, "remind_at": None}
    if not changed(session, _still(order, col(AccessOrder.state) == OrderState.ASKED).values(values)):
        session.refresh(order)
        winner = people.get(session, order.answered_by_id)
        raise AlreadyAnswered(name=winner.name if winner else "")
    session.refresh(order)
    told_at = now + settings.read(session).span("order.undo")
    _show_managers(session, order, f"{state} {now.isoformat()}", now=now)
    _tell(session, order, _told_place(order), state, due=told_at, now=now)
    _show_receipt(session, order, f"{state} {now.isoformat()}", due=told_at, now=now)


def undo(session: Session, order_id: int, *, by: int, now: datetime) -> None:
    """[Ångra], by the one who answered: it is open again, and whoever has been told learns so in the same message."""
    order = _hers(session, order_id, by, now)
    if order.state is OrderState.ASKED:
        return
    other = AccessOrder.__table__.alias()  # type: ignore[attr-defined]
    another = exists().where(
        other.c.asker_id == order.asker_id, other.c.tool == order.tool, other.c.state == OrderState.ASKED
    )
    told_at, cause = _told_place(order), f"undone {now.isoformat()}"
    again = _still(order, col(AccessOrder.answered_by_id) == by, ~another).values(
        state=OrderState.ASKED, word="", answered_by_id=None, answered_at=None, remind_at=_remind_at(session, now)
    )
    if not changed(session, again):
        raise Gone
    session.refresh(order)
    _show_managers(session, order, cause, now=now)
    _tell(session, order, told_at, cause, due=now, now=now)
    _show_receipt(session, order, cause, due=now, now=now)


def _hers(session: Session, order_id: int, by: int, now: datetime) -> AccessOrder:
    """Raises NotYours for somebody who is no manager of the unit today."""
    order = get(session, order_id)
    if order is None:
        raise Gone
    hats = people.holders_in(session, Role.UNIT_MANAGER, order.unit_id, on=clock.today(now))
    if by == order.asker_id or by not in {hat.person_id for hat in hats}:
        raise NotYours
    return order


def _still(order: AccessOrder, *so: ColumnElement[bool]) -> Update:
    return update(AccessOrder).where(col(AccessOrder.id) == order.id, *so)


# ---- the clock -------------------------------------------------------------------------------------------------


def open_ids(session: Session) -> list[int]:
    """What nobody has answered."""
    return [order.pk for order in session.exec(_OPEN)]


def look_after(session: Session, order_id: int, *, now: datetime) -> None:
    """Who has become the manager since gets it too; and when it has waited, whoever is there is reminded, once.

    With nobody there then, the asker is told whom to turn to instead.
    """
    order = get(session, order_id)
    if order is None or order.state is not OrderState.ASKED:
        return
    there = managers(session, order.unit_id, asker_id=order.asker_id, now=now)
    _send(session, order, there, now=now)
    waited = _still(order, col(AccessOrder.state) == OrderState.ASKED, col(AccessOrder.remind_at) <= now)
    if changed(session, waited.values(remind_at=None)):
        _remind(session, order, there, now=now)


def _remind(session: Session, order: AccessOrder, there: Collection[int], *, now: datetime) -> None:
    for person_id in there:
        place = f"order_again:{order.id}:{person_id}"
        outbox.put(session, Intent("order_again", person_id, order.id, place, now.isoformat()), now=now)
    if not there:
        place = f"order_stuck:{order.id}"
        outbox.put(session, Intent("order_stuck", order.asker_id, order.id, place, now.isoformat()), now=now)



# ---- letters ---------------------------------------------------------------------------------------------------


def _show_managers(session: Session, order: AccessOrder, cause: str, *, now: datetime) -> None:
    """The truth on every manager's message; the others' shrink to a line."""
    for posted in outbox.placed(session, *(f"{kind}:{order.id}:" for kind in MESSAGES)):
        kind = posted.place.partition(":")[0]
        outbox.put(session, Intent(kind, posted.to_id, order.id, posted.place, cause), now=now)


def _tell(session: Session, order: AccessOrder, place: str, cause: str, *, due: datetime, now: datetime) -> None:
    """The asker, of an answer."""
    outbox.put(session, Intent("order_told", order.asker_id, order.id, place, cause), now=now, due=due)


def _told_place(order: AccessOrder) -> str:
    """Ends with the moment of the answer: each has a message of its own."""
    return f"order_told:{order.id}:{_moment(order)}"


def _moment(order: AccessOrder) -> str:
    return str(int(order.answered_at.timestamp() * 1000)) if order.answered_at else ""


def still_says(order: AccessOrder, place: str) -> bool:
    """Whether the answer that this message told still stands."""
    return order.state is not OrderState.ASKED and place.endswith(f":{_moment(order)}")


def _show_receipt(session: Session, order: AccessOrder, cause: str, *, due: datetime, now: datetime) -> None:
    place = tickets.receipt_place(order.ticket_id)
    about = Intent("receipt", order.asker_id, order.ticket_id, place, f"order{order.id} {cause}")
    outbox.put(session, about, now=now, due=due)
