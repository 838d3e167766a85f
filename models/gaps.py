"""What is missing in the organisation, to be reported and mended: never an error, never about how somebody works.

One report for all (`report`), and what each reader sees of it (`scope_of`). Only questions. Not here: who is asked
instead (ladder.py). Leave comes in as days on which nobody is there; whose leave it is stays out of the report.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from models import catalogue, clock, contacts, people, roster, settings
from models.errors import NotYours
from models.people import Absence, Administration, Appointment, Department, Person, Role, Unit, UnitTool

AHEAD = timedelta(weeks=8)
DAY = timedelta(days=1)
SUMMER_TOLD = range(4, 8)  # months in which somebody can still find a deputy for July
JULY = 7


class Kind(StrEnum):
    """In the order in which they are told."""

    NO_EXPERT = "no_expert"
    NO_EXPERT_THEN = "no_expert_then"
    NO_SPECIALIST = "no_specialist"
    NO_SPECIALIST_THEN = "no_specialist_then"
    NO_NUMBER = "no_number"  # the administration's stands for it
    NO_SECOND_NUMBER = "no_second_number"
    NO_OWNER_NUMBER = "no_owner_number"  # people are sent there, and not told how
    NO_DEPUTY = "no_deputy"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True)
class Gap:
    """Something that is missing somewhere. `weeks`: ISO weeks; `days` of one week, 0 if it is missing all week."""

    kind: Kind
    place: str = ""
    unit_id: int | None = None
    department_id: int | None = None
    tool: str | None = None
    role: Role | None = None
    weeks: tuple[int, ...] = ()
    days: int = 0
    email: str = ""
    owner: str = ""  # of owners.csv


# ---- who sees what ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What somebody looks after: units, departments, tools; or everything, and then perhaps people's accounts too."""

    units: frozenset[int | None] = frozenset()
    departments: frozenset[int | None] = frozenset()
    tools: frozenset[str | None] = frozenset()  # None among them: every tool
    everything: bool = False
    accounts: bool = False

    def sees(self, gap: Gap) -> bool:
        if gap.kind is Kind.NO_ACCOUNT:
            return self.accounts
        here = gap.unit_id in self.units - {None} or gap.department_id in self.departments - {None}
        return self.everything or here or (gap.tool is not None and bool(self.tools & {gap.tool, None}))


EVERYTHING = Scope(everything=True, accounts=True)
READERS = (Role.UNIT_MANAGER, Role.DEPARTMENT_MANAGER, Role.OBJECT_SPECIALIST, Role.COORDINATOR, Role.ADMIN)


def scope_of(session: Session, person_id: int, *, on: date) -> Scope | None:
    """By the hats she wears today, a deputy's too. None: nothing is hers to see."""
    hats = [hat for hat in people.roles_of(session, person_id, on=on) if hat.role in READERS]
    roles = {hat.role for hat in hats}
    if not hats:
        return None
    return Scope(
        units=frozenset(hat.unit_id for hat in hats if hat.role is Role.UNIT_MANAGER),
        departments=frozenset(hat.department_id for hat in hats if hat.role is Role.DEPARTMENT_MANAGER),
        tools=frozenset(hat.tool for hat in hats if hat.role is Role.OBJECT_SPECIALIST),
        everything=bool(roles & {Role.COORDINATOR, Role.ADMIN}),
        accounts=Role.ADMIN in roles,
    )


def reader_only(session: Session, person: Person, about: int | None) -> None:
    """Rule: those who look after something, also when their time is not now: then `scope_of` has nothing for them."""
    hers = select(Appointment.id).where(Appointment.person_id == person.id, col(Appointment.role).in_(READERS))
    if person.deactivated_at is not None or session.exec(hers).first() is None:
        raise NotYours


# ---- the report ------------------------------------------------------------------------------------------------


def report(session: Session, scope: Scope = EVERYTHING, *, on: date) -> list[Gap]:
    """What is missing today, in the coming eight weeks and in July, by kind and place."""
    outlook = _outlook(session, on, max(on + AHEAD, *_july(on), on))
    found = [*_experts(_live(session), outlook, scope, on), *_specialists(session, outlook, scope, on)]
    found += [*_numbers(session, on), *_owners(session), *_deputies(session, outlook, on), *_accounts(session)]
    return _in_order(gap for gap in found if scope.sees(gap))


def _in_order(found: Iterable[Gap]) -> list[Gap]:
    order = list(Kind)
    return sorted(found, key=lambda gap: (order.index(gap.kind), gap.place, gap.tool or "", gap.weeks))


def of_experts(session: Session, units: Iterable[Unit], *, on: date) -> list[Gap]:
    """What lacks an expert user among these units. Nothing is read of others: on Mondays it is asked of each."""
    live = [unit for unit in units if unit.live and unit.ended_on is None]
    outlook = _outlook(session, on, on + AHEAD, [unit.id for unit in live])
    return _in_order(_experts(live, outlook, EVERYTHING, on))


def may_start(session: Session) -> bool:
    """There is an administration, and each one has a number to ring."""
    return _administrations(session) > 0 and not _without_number(session)


def _administrations(session: Session) -> int:
    return session.exec(select(func.count(col(Administration.id)))).one()


def _without_number(session: Session) -> list[str]:
    bare = select(Administration.name).where(func.trim(Administration.emergency_number) == "")
    return list(session.exec(bare.order_by(col(Administration.name))))


# ---- who is there on a day -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """All hats of some months and everybody's leave in them."""

    hats: tuple[Appointment, ...]
    absences: Mapping[int, Sequence[Absence]]
    gone: frozenset[int]

    def of(self, role: Role) -> list[Appointment]:
        return [hat for hat in self.hats if hat.role is role]

    def holds(self, hat: Appointment, day: date) -> bool:
        """As people.hat_holds, on any day: a standing deputy's hat holds while the other one is away."""
        if not hat.starts_on <= day <= (hat.ends_on or date.max):
            return False
        other = hat.deputy_for_id
        return other is None or hat.ends_on is not None or self.is_away(other, day) or other in self.gone

    def is_away(self, person_id: int, day: date) -> bool:
        """Leave without an end is until further notice."""
        return any(a.starts_on <= day <= (a.ends_on or date.max) for a in self.absences.get(person_id, ()))

    def is_there(self, hat: Appointment, day: date) -> bool:
        return hat.person_id not in self.gone and self.holds(hat, day) and not self.is_away(hat.person_id, day)

    def bare(self, hats: Iterable[Appointment], days: Iterable[date]) -> list[date]:
        """The days on which none of these is there."""
        some = list(hats)
        return [day for day in days if not any(self.is_there(hat, day) for hat in some)]


def _outlook(session: Session, first: date, last: date, units: Sequence[int | None] | None = None) -> Outlook:
    """`units`: only of expert users of these."""
    worn = select(Appointment).where(
        col(Appointment.starts_on) <= last,
        or_(col(Appointment.ends_on).is_(None), col(Appointment.ends_on) >= first),
    )
    if units is not None:
        worn = worn.where(Appointment.role == Role.EXPERT_USER, col(Appointment.unit_id).in_(units))
    hats = tuple(session.exec(worn.order_by(col(Appointment.id))))
    left = select(Person.id).where(col(Person.deactivated_at).is_not(None))
    absent = select(Absence).where(
        col(Absence.starts_on) <= last, or_(col(Absence.ends_on).is_(None), col(Absence.ends_on) >= first)
    )
    if units is not None:
        those = {hat.person_id for hat in hats} | {hat.deputy_for_id for hat in hats if hat.deputy_for_id}
        left, absent = left.where(col(Person.id).in_(those)), absent.where(col(Absence.person_id).in_(those))
    absences: dict[int, list[Absence]] = {}
    for absence in session.exec(absent):
        absences.setdefault(absence.person_id, []).append(absence)
    gone = frozenset(i for i in session.exec(left) if i is not None)
    return Outlook(hats, absences, gone)


def _spells(bare: Sequence[date], days: Sequence[date]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Days without anybody → (weeks in a row that lack everybody, 0), (a week, days of it)."""
    count = {week: len(list(some)) for week, some in groupby(days, key=clock.monday)}
    lacking = {week: len(list(some)) for week, some in groupby(bare, key=clock.monday)}
    whole = [week for week, n in lacking.items() if n == count[week]]
    yield from ((weeks, 0) for weeks in _in_a_row(whole))
    yield from (((_number(week),), n) for week, n in lacking.items() if n < count[week])


def _in_a_row(mondays: Sequence[date]) -> Iterator[tuple[int, ...]]:
    """Mondays a week apart belong together."""
    for _, run in groupby(enumerate(mondays), key=lambda pair: pair[1] - pair[0] * timedelta(weeks=1)):
        yield tuple(_number(monday) for _, monday in run)


def _number(day: date) -> int:
    return day.isocalendar().week


def _coming(on: date) -> list[date]:
    """From this day to the end of the eighth week, so that every week but this one is whole."""
    return [on + n * DAY for n in range((clock.monday(on) + AHEAD - on).days)]


# ---- each kind of gap ------------------------------------------------------------------------------------------


def _experts(units: Iterable[Unit], outlook: Outlook, scope: Scope, on: date) -> Iterator[Gap]:
    worn: dict[int | None, list[Appointment]] = {}
    for hat in outlook.of(Role.EXPERT_USER):
        worn.setdefault(hat.unit_id, []).append(hat)
    for unit in units:
        here, where = worn.get(unit.id, []), _at(unit, Kind.NO_EXPERT)
        if not scope.sees(where):
            continue  # days are looked at only where somebody will read of them: it is drawn in Home
        if any(outlook.holds(hat, on) for hat in here):
            yield from _then(outlook, here, on, replace(where, kind=Kind.NO_EXPERT_THEN))
        else:
            yield where


def _then(outlook: Outlook, hats: Sequence[Appointment], on: date, gap: Gap) -> Iterator[Gap]:
    """The same gap, for the weeks to come in which nobody is there."""
    days = _coming(on)
    if any(_is_always_there(outlook, hat, days[-1]) for hat in hats):
        return
    for weeks, some in _spells(outlook.bare(hats, days), days):
        yield replace(gap, weeks=weeks, days=some)


def _is_always_there(outlook: Outlook, hat: Appointment, last: date) -> bool:
    """Nearly everybody: no need to look at each day."""
    lasts = hat.ends_on is None or hat.ends_on >= last
    own = hat.deputy_for_id is None and hat.person_id not in outlook.gone
    return own and lasts and hat.starts_on <= last - AHEAD and not outlook.absences.get(hat.person_id)


def _specialists(session: Session, outlook: Outlook, scope: Scope, on: date) -> Iterator[Gap]:
    hats = outlook.of(Role.OBJECT_SPECIALIST)
    for department, tools in _used(session, on):
        for tool in tools:
            able = [h for h in hats if h.department_id in (None, department.id) and h.tool in (None, tool)]
            where = Gap(Kind.NO_SPECIALIST, department.name, department_id=department.id, tool=tool)
            if not scope.sees(where):
                continue
            if any(outlook.holds(hat, on) for hat in able):
                yield from _then(outlook, able, on, replace(where, kind=Kind.NO_SPECIALIST_THEN))
            else:
                yield where


def _used(session: Session, on: date) -> Iterator[tuple[Department, list[str]]]:
    """For each department with live units, the tools that any of them uses, in the catalogue's order."""
    rows = select(UnitTool).where(
        col(UnitTool.starts_on) <= on, or_(col(UnitTool.ends_on).is_(None), col(UnitTool.ends_on) >= on)
    )
    named: dict[int, set[str]] = {}
    for row in session.exec(rows):
        named.setdefault(row.unit_id, set()).add(row.tool)
    tools, units = catalogue.in_force(session).tools, _live(session)
    for department in session.exec(select(Department).order_by(col(Department.name))):
        here = (named.get(unit.id or 0, set(tools)) for unit in units if unit.department_id == department.id)
        used = set().union(*here)
        yield department, [tool for tool in tools if tool in used]


def _numbers(session: Session, on: date) -> Iterator[Gap]:
    yield from (_at(unit, Kind.NO_NUMBER) for unit in contacts.units_without(session, on=on))
    yield from (_at(unit, Kind.NO_SECOND_NUMBER) for unit in contacts.units_with_one_number(session, on=on))


def _owners(session: Session) -> Iterator[Gap]:
    rules = settings.read(session)
    owners = catalogue.in_force(session).owners.values()
    yield from (Gap(Kind.NO_OWNER_NUMBER, owner=owner.key) for owner in owners if owner.number(rules) == "")


def _deputies(session: Session, outlook: Outlook, on: date) -> Iterator[Gap]:
    """Weeks of July in which a role hangs on one person, and nobody is named in her place."""
    units = {unit.id: unit for unit in session.exec(select(Unit))}
    departments = {department.id: department.name for department in session.exec(select(Department))}
    mondays = sorted({clock.monday(day) for day in _july(on)})
    for (role, unit_id, department_id, tool), hats in _by_place(outlook.hats).items():
        lone = [week for week in mondays if _hangs_on_one(outlook, hats, week)]
        unit = units.get(unit_id)
        place = unit.name if unit else departments.get(department_id, "")
        above = unit.department_id if unit else department_id
        for weeks in _in_a_row(lone):
            yield Gap(Kind.NO_DEPUTY, place, unit_id, above, tool, role, weeks)


Place = tuple[Role, int | None, int | None, str | None]


def _by_place(hats: Iterable[Appointment]) -> dict[Place, list[Appointment]]:
    found: dict[Place, list[Appointment]] = {}
    for hat in hats:
        found.setdefault((hat.role, hat.unit_id, hat.department_id, hat.tool), []).append(hat)
    return found


def _hangs_on_one(outlook: Outlook, hats: Iterable[Appointment], monday: date) -> bool:
    week = [hat for hat in hats if hat.starts_on <= monday + 6 * DAY and (hat.ends_on or date.max) >= monday]
    holders = {hat.person_id for hat in week if hat.deputy_for_id is None and hat.person_id not in outlook.gone}
    return len(holders) == 1 and not any(hat.deputy_for_id in holders for hat in week)


def _july(on: date) -> list[date]:
    """The days of this year's July that are left, in the months in which it is worth telling."""
    if on.month not in SUMMER_TOLD:
        return []
    days = (date(on.year, JULY, 1) + n * DAY for n in range(31))
    return [day for day in days if day >= on]


def _accounts(session: Session) -> Iterator[Gap]:
    bare = select(Person.email).where(col(Person.chat_user_id).is_(None), col(Person.deactivated_at).is_(None))
    yield from (Gap(Kind.NO_ACCOUNT, email=email or "") for email in session.exec(bare.order_by(col(Person.email))))


def _live(session: Session) -> list[Unit]:
    live = select(Unit).where(col(Unit.live), col(Unit.ended_on).is_(None))
    return list(session.exec(live.order_by(col(Unit.name))))


def _at(unit: Unit, kind: Kind) -> Gap:
    return Gap(kind, unit.name, unit.id, unit.department_id)


# ---- the coming week's hours -----------------------------------------------------------------------------------


def known_share(session: Session, unit_id: int, *, now: datetime) -> int | None:
    """Per cent of the coming week's hours with an expert user known to be at work. None: nothing is known of any."""
    hats = people.experts_of(session, unit_id, on=clock.today(now))
    return roster.known_share(session, [hat.person_id for hat in hats], now=now, ahead=timedelta(weeks=1))
