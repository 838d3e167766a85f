"""People, where they work, which hats they wear and when they are away. Everything dated: it ends, it is not deleted.

Not here: who is at work right now (roster.py), and what somebody may do with a question (tickets.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, UniqueConstraint, and_, bindparam, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import clock
from models.columns import check, code, instant
from models.db import add_once, changed, looked_up, values
from models.errors import NotYours


class PersonKind(StrEnum):
    PERSONAL = "personal"
    SHARED_DEVICE = "shared_device"  # a phone of a unit: counts as one asker, has no "my questions"


class Role(StrEnum):
    EXPERT_USER = "expert_user"
    OBJECT_SPECIALIST = "object_specialist"
    OBJECT_LEAD = "object_lead"  # runs a tool: sees trends and wishes, is never asked single questions
    COORDINATOR = "coordinator"
    UNIT_MANAGER = "unit_manager"
    DEPARTMENT_MANAGER = "department_manager"
    ADMIN = "admin"


HELPERS = (Role.EXPERT_USER, Role.OBJECT_SPECIALIST, Role.COORDINATOR)


class Administration(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=120)
    emergency_number: str = Field(max_length=40)


class Department(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    administration_id: int = Field(foreign_key="administration.id", index=True)
    name: str = Field(max_length=120)


class Area(SQLModel, table=True):
    """Between department and unit, where a municipality has it: a district, a house with several units."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    department_id: int = Field(foreign_key="department.id", index=True)
    name: str = Field(max_length=120)


class Unit(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    department_id: int = Field(foreign_key="department.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    name: str = Field(max_length=120)
    live: bool = False  # whether it has begun with the bot: unit by unit
    ended_on: date | None = None


class UnitTool(SQLModel, table=True):
    """A tool that a unit uses. A unit without any such row uses them all."""

    __tablename__ = "unit_tool"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    tool: str = Field(max_length=60)
    starts_on: date
    ends_on: date | None = None


class Person(SQLModel, table=True):
    """Somebody who asks, helps or manages. Never a care recipient, never a personnummer."""

    __table_args__ = (
        check("language IN ('sv', 'en')", "language_is_ours"),
        {"sqlite_autoincrement": True},  # the erasure log names these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_user_id: str | None = Field(default=None, unique=True, max_length=40)
    email: str | None = Field(default=None, unique=True, max_length=200)
    name: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=200)
    picture_url: str = Field(default="", max_length=500)
    language: str = Field(default="sv", max_length=2)
    kind: PersonKind = code(PersonKind, default=PersonKind.PERSONAL)
    chat_channel_id: str | None = Field(default=None, max_length=40)
    profile_at: datetime | None = instant(default=None, nullable=True)
    active_at: datetime | None = instant(default=None, nullable=True)
    quiet_until: datetime | None = instant(default=None, nullable=True)
    paused_until: datetime | None = instant(default=None, nullable=True)
    deactivated_at: datetime | None = instant(default=None, nullable=True)

    @property
    def pk(self) -> int:
        """The id of a stored person."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


class Assignment(SQLModel, table=True):
    """Where somebody is employed. Several for pool staff."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    is_primary: bool = False
    starts_on: date
    ends_on: date | None = None


class Appointment(SQLModel, table=True):
    """A hat: role, where, for which tool (empty = all), from when, until when.

    A deputy's hat with an end holds on its days; one without an end holds while the one she stands in for is away.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = code(Role)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    tool: str | None = Field(default=None, max_length=60)
    deputy_for_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    starts_on: date
    ends_on: date | None = None


class Absence(SQLModel, table=True):
    """Days on which somebody does not work. Never why. Without an end: until further notice.

    `own`: she has said so herself; the import does not end it.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_on: date
    ends_on: date | None = None
    own: bool = False


# Built once: building a statement costs more than running it, and these are asked at every message.
_BY_CHAT_USER = select(Person).where(Person.chat_user_id == bindparam("chat"))
_LOCK = select(Person).where(Person.id == bindparam("person")).with_for_update()
_HERS = update(Person).where(col(Person.id) == bindparam("person"))  # what is set, the call says
_BY_ADDRESS = update(Person).where(col(Person.email) == bindparam("address"), col(Person.chat_user_id).is_(None))
_ACCOUNTS = select(Person).where(col(Person.chat_user_id).in_(bindparam("accounts", expanding=True)))
_OF_ADDRESS = select(Person).where(Person.email == bindparam("address"))
_THEIRS = update(Person).where(col(Person.id).in_(bindparam("ids", expanding=True)))
_FIND = select(Person).where(col(Person.id).in_(bindparam("ids", expanding=True)))


def first_contact(session: Session, chat_user_id: str, *, now: datetime) -> Person:
    """The person behind a chat account; somebody new becomes a row at once, her profile follows later."""
    known = by_chat_user(session, chat_user_id)
    if known is not None:
        return known
    fresh = Person(chat_user_id=chat_user_id, active_at=now).model_dump(exclude={"id"})
    add_once(session, Person, **fresh)
    return looked_up(session, _BY_CHAT_USER, {"chat": chat_user_id})[0]


def chosen(session: Session, chat_user_id: str, email: str = "") -> Person:
    """Somebody whom another has chosen in the chat, or whom its list names: who is not known yet becomes a row, and her
    profile follows. One who was imported by this address, and has no account, is the same row from here on.
    """
    known = by_chat_user(session, chat_user_id)
    if known is not None:
        return known
    if not (email and changed(session, _BY_ADDRESS, {"address": email, "chat_user_id": chat_user_id})):
        add_once(session, Person, **Person(chat_user_id=chat_user_id).model_dump(exclude={"id"}))
    return looked_up(session, _BY_CHAT_USER, {"chat": chat_user_id})[0]


def lock(session: Session, person_id: int) -> Person:
    """One person's lines are handled one at a time, in every instance (a row lock on PostgreSQL)."""
    return looked_up(session, _LOCK, {"person": person_id})[0]


def spoke(session: Session, person: Person, *, channel: str | None, now: datetime) -> None:
    """Remember the conversation with the bot, so that it need not be opened and can be caught up."""
    values: dict[str, object] = {"active_at": now}
    if channel and channel.startswith("D"):
        values["chat_channel_id"] = channel
    changed(session, _HERS, {"person": person.pk, **values})


def keep_channel(session: Session, person_id: int, channel: str) -> None:
    """conversations.open is asked once per person."""
    changed(session, _HERS, {"person": person_id, "chat_channel_id": channel})


def by_chat_user(session: Session, chat_user_id: str) -> Person | None:
    return next(iter(looked_up(session, _BY_CHAT_USER, {"chat": chat_user_id})), None)


def find(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    """People by id, in one query."""
    wanted = list({i for i in ids if i is not None})
    return {person.pk: person for person in looked_up(session, _FIND, {"ids": wanted})} if wanted else {}


def with_accounts(session: Session, accounts: Sequence[str]) -> dict[str, Person]:
    """People by their account in the chat, in one query."""
    found = looked_up(session, _ACCOUNTS, {"accounts": list(accounts)}) if accounts else ()
    return {person.chat_user_id or "": person for person in found}


def seen_again(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """The chat says of them what it said before."""
    if ids:
        changed(session, _THEIRS, {"ids": list(ids), "profile_at": now})


def get(session: Session, person_id: int | None) -> Person | None:
    return find(session, [person_id]).get(person_id or 0)


def profile(session: Session, person: Person, *, now: datetime, **facts: str) -> Person:
    """Store what the chat says of somebody: name, email, picture_url, language, title.

    A person imported by e-mail who now appears in the chat becomes the same row.
    """
    told = {key: value for key, value in facts.items() if value}
    if address := told.pop("email", "").strip().casefold():
        known = next(iter(looked_up(session, _OF_ADDRESS, {"address": address})), None)
        if known is not None and known.id != person.id:
            person = merge(session, keep=session.get_one(Person, known.pk), gone=session.get_one(Person, person.pk))
        told |= {"email": address}
    changed(session, _HERS, {"person": person.pk, "profile_at": now, **told})
    if isinstance(person, Person):
        session.refresh(person)
        return person
    return find(session, [person.pk])[person.pk]


def speak(session: Session, person_id: int, language: str) -> None:
    """In which language she reads us from here on."""
    changed(session, _HERS, {"person": person_id, "language": language})


def merge(session: Session, *, keep: Person, gone: Person) -> Person:
    """Two rows turned out to be one human: everything that points to `gone` points to `keep`."""
    chat, channel = gone.chat_user_id, gone.chat_channel_id
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                _make_room(session, column, keep=keep.pk, gone=gone.pk)
                session.execute(table.update().where(column == gone.id).values({column.name: keep.id}))
    session.delete(gone)
    session.flush()
    keep.chat_user_id, keep.chat_channel_id = chat, channel or keep.chat_channel_id
    keep.active_at = max(filter(None, (keep.active_at, gone.active_at)), default=None)
    keep.quiet_until, keep.deactivated_at = gone.quiet_until or keep.quiet_until, gone.deactivated_at
    session.add(keep)
    session.flush()
    return keep


def _make_room(session: Session, column: Column[Any], *, keep: int, gone: int) -> None:
    """Where a person may stand only once, the row of the account that is used now stays."""
    table, twin = column.table, column.table.alias()
    for key in (table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint))):
        if column.name in key.columns:
            same = [twin.c[other.name] == other for other in key.columns if other is not column]
            taken = exists().where(twin.c[column.name] == gone, *same)
            session.execute(table.delete().where(column == keep, taken))


def deactivate(session: Session, person_id: int, *, now: datetime) -> None:
    """The chat account is gone: appointments end today. Open questions are moved on by the ladder."""
    off = update(Person).where(col(Person.id) == person_id, col(Person.deactivated_at).is_(None))
    today = clock.today(now)
    if changed(session, off.values(deactivated_at=now)):
        changed(
            session,
            update(Appointment)
            .where(col(Appointment.person_id) == person_id, func.coalesce(col(Appointment.ends_on), today) >= today)
            .values(ends_on=today - timedelta(days=1)),
        )


def is_somebody() -> ColumnElement[bool]:
    """Whether anybody stands behind a row: what leads to her has not gone yet."""
    return or_(col(Person.name) != "", col(Person.email).is_not(None), col(Person.chat_user_id).is_not(None))


def empty(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """What leads to these people goes; their rows stay, so that what is counted is counted still."""
    blank: dict[str, Any] = {name: field.get_default() for name, field in Person.model_fields.items() if name != "id"}
    gone = blank | {"kind": PersonKind.PERSONAL, "deactivated_at": now}
    changed(session, update(Person).where(col(Person.id).in_(ids)).values(gone))


def reactivate(session: Session, person_id: int) -> None:
    changed(session, update(Person).where(col(Person.id) == person_id).values(deactivated_at=None))


Dated = type[Assignment] | type[Appointment] | type[Absence] | type[UnitTool]


def _in_force(table: Dated) -> ColumnElement[bool]:
    """On the day that is given as `today`."""
    today: BindParameter[date] = bindparam("today")
    return and_(col(table.starts_on) <= today, or_(col(table.ends_on).is_(None), col(table.ends_on) >= today))


def hat_holds() -> ColumnElement[bool]:
    """Whether an appointment holds on the day that is given as `today`, a deputy's included."""
    stands_in_for = col(Appointment.deputy_for_id)
    absent = exists().where(col(Absence.person_id) == stands_in_for, _in_force(Absence))
    other = aliased(Person)
    gone = exists().where(col(other.id) == stands_in_for, col(other.deactivated_at).is_not(None))
    needed = or_(stands_in_for.is_(None), col(Appointment.ends_on).is_not(None), absent, gone)
    return and_(_in_force(Appointment), needed)


_UNITS_OF = (
    select(Assignment)
    .where(Assignment.person_id == bindparam("person"), _in_force(Assignment))
    .order_by(col(Assignment.is_primary).desc(), col(Assignment.id))
)
_ROLES_OF = select(Appointment).where(
    col(Appointment.person_id).in_(bindparam("ids", expanding=True)), hat_holds()
)


def units_of(session: Session, person_id: int, *, on: date) -> list[Assignment]:
    """Current assignments, primary first."""
    return looked_up(session, _UNITS_OF, {"person": person_id, "today": on})


def roles_of(session: Session, person_id: int, *, on: date) -> list[Appointment]:
    """The hats somebody wears today."""
    return worn_by(session, [person_id], on=on)


def worn_by(session: Session, ids: Iterable[int], *, on: date) -> list[Appointment]:
    """The hats that these people wear today."""
    return looked_up(session, _ROLES_OF, {"ids": list(ids), "today": on})


def is_helper(session: Session, person: Person, *, on: date) -> bool:
    """Whether she helps on this day, as a deputy too."""
    return any(hat.role in HELPERS for hat in roles_of(session, person.pk, on=on))


def helping(session: Session, ids: Iterable[int], *, on: date) -> set[int]:
    """Who of these helps: an account that works, and a hat on its days. A deputy ends what she has begun."""
    wearing = (
        select(Appointment.person_id)
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(col(Appointment.person_id).in_(ids), col(Appointment.role).in_(HELPERS), _in_force(Appointment))
        .where(col(Person.deactivated_at).is_(None))
    )
    return set(session.exec(wearing, params={"today": on}))


def helper_only(session: Session, person: Person, about: int | None) -> None:
    """Rule: expert users, specialists and coordinators, also those whose time as one is not now.

    A rule has no clock. All that hangs on it is what somebody says of her own working day.
    """
    if person.deactivated_at is not None or not any(hat.role in HELPERS for hat in hats_ever(session, person.pk)):
        raise NotYours


def hats_ever(session: Session, person_id: int) -> list[Appointment]:
    """Hats that she wears, has worn or will, for rules that have no clock."""
    return list(session.exec(select(Appointment).where(Appointment.person_id == person_id)))


_AWAY = select(Absence).where(
    col(Absence.person_id).in_(bindparam("ids", expanding=True)),
    or_(col(Absence.ends_on).is_(None), col(Absence.ends_on) >= bindparam("today")),
)


def away_until(session: Session, ids: Iterable[int], *, on: date) -> dict[int, date]:
    """The last day away of everybody who is away on this day; date.max until further notice."""
    found = absences(session, ids, on=on)
    return last_days_away((absence for hers in found.values() for absence in hers), on=on)


def absences(session: Session, ids: Iterable[int], *, on: date) -> dict[int, list[Absence]]:
    """Leave that is not over on this day, begun or not."""
    found: dict[int, list[Absence]] = {}
    for absence in looked_up(session, _AWAY, {"ids": list(ids), "today": on}):
        found.setdefault(absence.person_id, []).append(absence)
    return found


def last_days_away(absences: Iterable[Absence], *, on: date) -> dict[int, date]:
    """As `away_until`. Absences that follow each other or overlap are one."""
    last: dict[int, date] = {}
    for absence in sorted(absences, key=lambda absence: absence.starts_on):
        who, until = absence.person_id, absence.ends_on or date.max
        if absence.starts_on <= on <= until or (who in last and absence.starts_on - timedelta(days=1) <= last[who]):
            last[who] = max(until, last.get(who, until))
    return last


_TOOLS_OF = select(UnitTool.tool).where(UnitTool.unit_id == bindparam("unit"), _in_force(UnitTool))


def tools_of(session: Session, unit_id: int | None, *, on: date) -> frozenset[str]:
    """The tools that a unit uses; empty where nobody has said so: then it may be any."""
    if unit_id is None:
        return frozenset()
    return frozenset(values(session, _TOOLS_OF, {"unit": unit_id, "today": on}))


def experts_of(session: Session, unit_id: int, *, on: date) -> list[Appointment]:
    return holders_in(session, Role.EXPERT_USER, unit_id, on=on)


def holders_in(session: Session, role: Role, unit_id: int, *, on: date) -> list[Appointment]:
    """Who wears this hat for the unit, deputies of the day too."""
    return list(session.exec(_OF_UNIT, params={"role": role, "today": on, "unit": unit_id}))


def department_managers_of(session: Session, unit_id: int, *, on: date) -> list[Appointment]:
    """Of the unit's department."""
    hats = session.exec(_IN_DEPARTMENT, params={"role": Role.DEPARTMENT_MANAGER, "today": on, "unit": unit_id})
    return [hat for hat in hats if hat.department_id is not None]


def specialists_of(session: Session, unit_id: int, *, on: date) -> list[Appointment]:
    """Of the unit's department and those without one, for every tool."""
    return list(session.exec(_IN_DEPARTMENT, params={"role": Role.OBJECT_SPECIALIST, "today": on, "unit": unit_id}))


def coordinators(session: Session, *, on: date) -> list[Appointment]:
    return holders(session, Role.COORDINATOR, on=on)


def homes_of(session: Session, ids: Iterable[int], *, on: date) -> dict[int, list[Unit]]:
    """Where each of these people is employed, primary first."""
    found: dict[int, list[Unit]] = {}
    rows: list[Any] = looked_up(session, _HOMES, {"ids": list(ids), "today": on})
    for place in rows:  # the unit's columns, and whose it is
        found.setdefault(place.person_id, []).append(place)
    return found


def hats_for(session: Session, unit_id: int | None, tool: str | None, *, on: date) -> list[Appointment]:
    """Everybody from whom an answer could come: experts of the unit and of its department, whatever their tools;
    specialists of the tool, wherever they are; the coordinators of the administration.

    A specialist without a department helps everywhere, one without a tool with everything in her department.
    """
    return looked_up(session, _HATS_FOR, {"today": on, "unit": unit_id, "tool": tool})


# Appointments in force of people who have a chat account that works, in a stable order.
_REACHABLE = (
    select(Appointment)
    .join(Person, col(Person.id) == col(Appointment.person_id))
    .where(
        col(Person.chat_user_id).is_not(None),
        col(Person.deactivated_at).is_(None),
        hat_holds(),
    )
    .order_by(col(Appointment.id))
)
_HOLDERS = _REACHABLE.where(Appointment.role == bindparam("role"))
_OF_UNIT = _HOLDERS.where(col(Appointment.unit_id) == bindparam("unit"))
_ITS_DEPARTMENT = select(Unit.department_id).where(Unit.id == bindparam("unit")).scalar_subquery()
_OF_DEPARTMENT = or_(col(Appointment.department_id).is_(None), col(Appointment.department_id) == _ITS_DEPARTMENT)
_IN_DEPARTMENT = _HOLDERS.where(_OF_DEPARTMENT)
_HOMES = (
    select(Assignment.person_id, Unit)
    .join(Unit, col(Unit.id) == col(Assignment.unit_id))
    .where(col(Assignment.person_id).in_(bindparam("ids", expanding=True)), _in_force(Assignment))
    .order_by(col(Assignment.is_primary).desc(), col(Assignment.id))
)
# Experts of a unit that has not begun have never heard of the bot: workmates elsewhere do not reach them.
_NEIGHBOURS = select(Unit.id).where(
    col(Unit.department_id) == _ITS_DEPARTMENT, col(Unit.live).is_(True), col(Unit.ended_on).is_(None)
)
_ITS_ADMINISTRATION = select(Department.administration_id).where(Department.id == _ITS_DEPARTMENT).scalar_subquery()
_OF_ADMINISTRATION = or_(
    col(Appointment.department_id).is_(None),
    _ITS_ADMINISTRATION.is_(None),
    col(Appointment.department_id).in_(
        select(Department.id).where(col(Department.administration_id) == _ITS_ADMINISTRATION)
    ),
)
_HATS_FOR = _REACHABLE.where(
    or_(
        and_(
            col(Appointment.role) == Role.EXPERT_USER,
            or_(col(Appointment.unit_id) == bindparam("unit"), col(Appointment.unit_id).in_(_NEIGHBOURS)),
        ),
        and_(
            col(Appointment.role) == Role.OBJECT_SPECIALIST,
            or_(
                col(Appointment.tool) == bindparam("tool"),
                and_(col(Appointment.tool).is_(None), _OF_DEPARTMENT),
            ),
        ),
        and_(col(Appointment.role) == Role.COORDINATOR, _OF_ADMINISTRATION),
    )
)


def holders(session: Session, role: Role, *, on: date) -> list[Appointment]:
    """Everybody who can be reached and wears this hat, wherever."""
    return list(session.exec(_HOLDERS, params={"role": role, "today": on}))


def open_units(session: Session) -> list[tuple[Unit, Department]]:
    """Units one can work in, by department and name: what a menu offers."""
    return list(
        session.exec(
            select(Unit, Department)
            .join(Department, col(Department.id) == col(Unit.department_id))
            .where(col(Unit.ended_on).is_(None))
            .order_by(col(Department.name), col(Unit.name))
        )
    )


def department(session: Session, name: str) -> Department | None:
    """By its key or its name, in whatever case."""
    found = session.exec(select(Department).order_by(col(Department.id))).all()
    return next((d for d in found if name.casefold() in (d.key.casefold(), d.name.casefold())), None)


def unit(session: Session, unit_id: int | None) -> Unit | None:
    found = looked_up(session, _UNIT, {"unit": unit_id}) if unit_id is not None else ()
    return next(iter(found), None)


_UNIT = select(Unit).where(Unit.id == bindparam("unit"))


def is_off(session: Session, unit_id: int | None) -> bool:
    """The unit is known and has not begun yet: its staff get a number to ring, and nobody gets their questions."""
    place = unit(session, unit_id)
    return place is not None and not place.live


_NUMBERS = select(Administration.emergency_number).order_by(col(Administration.id))
_NUMBER_OF_UNIT = (
    _NUMBERS.join(Department, col(Department.administration_id) == col(Administration.id))
    .join(Unit, col(Unit.department_id) == col(Department.id))
    .where(Unit.id == bindparam("unit"))
)


def emergency_number(session: Session, unit_id: int | None) -> str | None:
    """The number of the unit's administration; of the first one while the unit is unknown.

    It stands where no contact holds (contacts.py).
    """
    if unit_id is None:
        return next(iter(values(session, _NUMBERS, {})), None)
    return next(iter(values(session, _NUMBER_OF_UNIT, {"unit": unit_id})), None)


def _belongs(*, unit_id: int | None, department_id: int | None) -> ColumnElement[bool]:
    """To a place by a hat that has not ended; neither: to the whole administration."""
    lasts = or_(col(Appointment.ends_on).is_(None), col(Appointment.ends_on) >= bindparam("today"))
    return and_(col(Appointment.unit_id) == unit_id, col(Appointment.department_id) == department_id, lasts)


def hats_of(session: Session, *, unit_id: int | None, department_id: int | None, on: date) -> list[Appointment]:
    """The hats of a place that hold or will, deputies' too, by role."""
    here = select(Appointment).where(_belongs(unit_id=unit_id, department_id=department_id))
    order = list(Role)
    found = session.exec(here, params={"today": on})
    return sorted(found, key=lambda hat: (order.index(hat.role), hat.tool or "", hat.starts_on, hat.id or 0))


def staff_of(session: Session, *, unit_id: int | None, department_id: int | None, on: date) -> set[int]:
    """Who is employed in a unit, and who has a hat in a place."""
    hats = select(Appointment.person_id).where(_belongs(unit_id=unit_id, department_id=department_id))
    hers = select(Assignment.person_id).where(col(Assignment.unit_id) == unit_id, _in_force(Assignment))
    return {*session.exec(hats, params={"today": on}), *session.exec(hers, params={"today": on})}


def speaking_in(session: Session, unit_id: int, *, on: date) -> list[Person]:
    """Of those who work there today one for each language."""
    first = select(func.min(Person.id)).join(Assignment, col(Assignment.person_id) == col(Person.id))
    here = first.where(Assignment.unit_id == unit_id, _in_force(Assignment), col(Person.deactivated_at).is_(None))
    return list(find(session, session.exec(here.group_by(col(Person.language)), params={"today": on})).values())


def absences_of(session: Session, ids: Iterable[int], *, on: date) -> list[Absence]:
    """Who of them is away, or will be, the next one first."""
    found = session.exec(_AWAY, params={"ids": list(ids), "today": on})
    return sorted(found, key=lambda absence: (absence.starts_on, absence.id or 0))


def count(session: Session) -> int:
    return session.exec(select(func.count(col(Person.id)))).one()


def without_profile(session: Session, *, limit: int) -> list[Person]:
    """People of whom we know no more than their chat id."""
    return looked_up(session, _UNKNOWN, {"most": limit})


_UNKNOWN = (
    select(Person)
    .where(col(Person.profile_at).is_(None), col(Person.chat_user_id).is_not(None))
    .limit(bindparam("most"))
)


def recent_channels(session: Session, *, since: datetime) -> list[str]:
    """Conversations with the bot in which something happened lately, the latest first."""
    recent = select(Person.chat_channel_id).where(
        col(Person.chat_channel_id).is_not(None), col(Person.active_at) >= since
    )
    return [channel for channel in session.exec(recent.order_by(col(Person.active_at).desc())) if channel]


def everybody(session: Session) -> list[Person]:
    return list(session.exec(select(Person).order_by(col(Person.id))))


def has_account(session: Session) -> bool:
    """Whether the chat has told us about anybody yet."""
    return session.exec(select(Person.id).where(col(Person.profile_at).is_not(None)).limit(1)).first() is not None


def met(session: Session) -> tuple[int, int]:
    """Of how many the chat has told us, and how many there are."""
    everybody: Any = (func.count(col(Person.profile_at)), func.count(col(Person.id)))
    known, there = session.exec(select(*everybody)).one()
    return known, there


def helpers(session: Session) -> list[Person]:
    """Everybody with a helper's hat and a chat account."""
    hats = set(session.exec(select(Appointment.person_id).where(col(Appointment.role).in_(HELPERS))))
    return [p for p in everybody(session) if p.chat_user_id and p.id in hats]


def quiet(session: Session, person_id: int, *, until: datetime | None) -> None:
    """Do-not-disturb, as last heard from Slack."""
    changed(session, _HERS, {"person": person_id, "quiet_until": until})


def helper_hats(session: Session, *, on: date) -> list[tuple[int, Role]]:
    """(person, role) of everybody who helps and can be reached, each pair once."""
    hats = [hat for role in HELPERS for hat in holders(session, role, on=on)]
    return list(dict.fromkeys((hat.person_id, hat.role) for hat in hats))
