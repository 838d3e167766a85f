"""Who may administer what: the one place that says so. Asked inside every verb, with the ids as they came in.

Admins everything, unit managers their unit, department managers their department, specialists the contacts of their
tools; a deputy while her hat holds. Not here: the changes themselves (editing.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from models import people
from models.db import key
from models.errors import Gone, NotYours
from models.people import Appointment, Area, Department, Person, Role, Unit

MANAGERS = (Role.ADMIN, Role.DEPARTMENT_MANAGER, Role.UNIT_MANAGER)
TELLERS = (Role.ADMIN, Role.OBJECT_SPECIALIST, Role.OBJECT_LEAD, Role.COORDINATOR)
EVERYBODY = (*MANAGERS, Role.OBJECT_SPECIALIST)


class Kind(StrEnum):
    UNIT = "unit"
    AREA = "area"
    DEPARTMENT = "department"
    ALL = "all"  # the whole administration


@dataclass(frozen=True)
class Place:
    """Where something holds. `department_id`: in which department that lies; None for the whole administration."""

    kind: Kind
    id: int = 0
    key: str = ""
    name: str = ""
    department_id: int | None = None

    @property
    def code(self) -> str:
        """As a control carries it: `unit-12`."""
        return f"{self.kind}-{self.id}"

    @property
    def unit_id(self) -> int | None:
        return self.id if self.kind is Kind.UNIT else None

    @property
    def area_id(self) -> int | None:
        return self.id if self.kind is Kind.AREA else None


WHOLE = Place(Kind.ALL)


class Told(SQLModel):
    """Something said about a tool to some departments. `departments`: ids with bars between; empty: all of them."""

    tool: str = Field(max_length=60)
    departments: str = Field(default="", max_length=400)

    @property
    def department_ids(self) -> frozenset[int]:
        return frozenset(int(each) for each in self.departments.split("|") if each)

    def holds_for(self, department_id: int | None) -> bool:
        return not self.departments or department_id in self.department_ids


PLACES_OF: dict[Role, tuple[Kind, ...]] = {
    Role.EXPERT_USER: (Kind.UNIT,),
    Role.UNIT_MANAGER: (Kind.UNIT,),
    Role.DEPARTMENT_MANAGER: (Kind.DEPARTMENT,),
    Role.OBJECT_SPECIALIST: (Kind.DEPARTMENT, Kind.ALL),
    Role.OBJECT_LEAD: (Kind.DEPARTMENT, Kind.ALL),
    Role.COORDINATOR: (Kind.ALL,),
    Role.ADMIN: (Kind.ALL,),
}
OF_DEPARTMENT_MANAGERS = (Role.EXPERT_USER, Role.UNIT_MANAGER, Role.OBJECT_SPECIALIST)


@dataclass(frozen=True)
class Scope:
    """What one person may administer on one day. `tools`: (tool, department) as a specialist; None means any."""

    person_id: int
    everything: bool = False
    departments: frozenset[int] = field(default_factory=frozenset)
    units: frozenset[int] = field(default_factory=frozenset)  # managed by herself, her departments' not among them
    tools: frozenset[tuple[str | None, int | None]] = field(default_factory=frozenset)
    coordinates: bool = False
    leads: frozenset[tuple[str | None, int | None]] = field(default_factory=frozenset)  # tools that she runs

    @property
    def speaks_of(self) -> frozenset[tuple[str | None, int | None]]:
        """(tool, department) as specialist or object lead; None means any."""
        return self.tools | self.leads

    @property
    def tells_everybody(self) -> bool:
        """About every tool, in every department."""
        return self.everything or self.coordinates or (None, None) in self.speaks_of

    def told_by_her(self, tool: str) -> frozenset[int | None]:
        """The departments to which she may say something about this tool; None among them: all."""
        everywhere = frozenset({None}) if self.tells_everybody else frozenset()
        return everywhere | {department for own, department in self.speaks_of if own in (None, tool)}

    def may_tell(self, tool: str, departments: Iterable[int]) -> bool:
        """An outage, or news. With no department named it is said to all of them."""
        hers, wanted = self.told_by_her(tool), frozenset(departments)
        return None in hers or (bool(wanted) and wanted <= hers)

    @property
    def manages(self) -> bool:
        return self.everything or bool(self.departments or self.units)

    @property
    def any(self) -> bool:
        return self.manages or bool(self.tools)

    def covers(self, place: Place) -> bool:
        """As a manager: her unit, or what lies in her department."""
        hers = place.kind is Kind.UNIT and place.id in self.units
        return self.everything or hers or place.department_id in self.departments

    def may_appoint(self, role: Role, place: Place, deputy_for: int | None = None) -> bool:
        """Give this hat there, or end it: one below her own, and a deputy of her own."""
        if place.kind not in PLACES_OF[role]:
            return False
        hers = deputy_for == self.person_id
        if place.department_id in self.departments:
            return self.everything or role in OF_DEPARTMENT_MANAGERS or (role is Role.DEPARTMENT_MANAGER and hers)
        if place.unit_id in self.units:
            return self.everything or role is Role.EXPERT_USER or (role is Role.UNIT_MANAGER and hers)
        return self.everything

    def may_see_contacts(self, place: Place) -> bool:
        return self.covers(place) or any(department in (None, place.department_id) for _, department in self.tools)

    def may_contact(self, place: Place, tool: str | None) -> bool:
        """The numbers of a place; a specialist those of her tools only, never the ones for any tool."""
        if place.kind not in (Kind.UNIT, Kind.AREA):
            return False
        known = tool is not None and any(
            own in (None, tool) and department in (None, place.department_id) for own, department in self.tools
        )
        return self.covers(place) or known


def scope_of(session: Session, person_id: int, *, on: date) -> Scope:
    """One query: asked each time somebody opens Home."""
    return _scope(person_id, people.roles_of(session, person_id, on=on))


def tellers(session: Session, tool: str, *, on: date) -> dict[int, Scope]:
    """Who can be told that something is wrong with a tool, and may say so; coordinators last."""
    hats = [hat for role in TELLERS[1:] for hat in people.holders(session, role, on=on)]
    worn: dict[int, list[Appointment]] = {}
    for hat in hats:
        worn.setdefault(hat.person_id, []).append(hat)
    scopes = {person_id: _scope(person_id, hers) for person_id, hers in worn.items()}
    return {person_id: scope for person_id, scope in scopes.items() if scope.told_by_her(tool)}


def _scope(person_id: int, hats: Iterable[Appointment]) -> Scope:
    hats = list(hats)
    return Scope(
        person_id,
        everything=any(hat.role is Role.ADMIN for hat in hats),
        departments=_ids(hat.department_id for hat in hats if hat.role is Role.DEPARTMENT_MANAGER),
        units=_ids(hat.unit_id for hat in hats if hat.role is Role.UNIT_MANAGER),
        tools=frozenset((hat.tool, hat.department_id) for hat in hats if hat.role is Role.OBJECT_SPECIALIST),
        leads=frozenset((hat.tool, hat.department_id) for hat in hats if hat.role is Role.OBJECT_LEAD),
        coordinates=any(hat.role is Role.COORDINATOR for hat in hats),
    )


def _ids(found: Iterable[int | None]) -> frozenset[int]:
    return frozenset(each for each in found if each is not None)


# ---- places ----------------------------------------------------------------------------------------------------------


def place(session: Session, code: str) -> Place:
    """The place that a control names. Raises Gone for one that is not there any more, or never was."""
    kind, _, number = code.partition("-")
    if code == WHOLE.code:
        return WHOLE
    row = key(number)
    found = FINDS[kind](session, row) if kind in FINDS and row is not None else None
    if found is None:
        raise Gone
    return found


def unit(session: Session, unit_id: int) -> Place | None:
    row = session.get(Unit, unit_id)
    return _of_unit(row) if row is not None and row.ended_on is None else None


def _of_unit(row: Unit) -> Place:
    return Place(Kind.UNIT, row.id or 0, row.key, row.name, row.department_id)


def area(session: Session, area_id: int) -> Place | None:
    row = session.get(Area, area_id)
    return _of_area(row) if row is not None else None


def _of_area(row: Area) -> Place:
    return Place(Kind.AREA, row.id or 0, row.key, row.name, row.department_id)


def department(session: Session, department_id: int) -> Place | None:
    row = session.get(Department, department_id)
    return _of_department(row) if row is not None else None


def _of_department(row: Department) -> Place:
    return Place(Kind.DEPARTMENT, row.id or 0, row.key, row.name, row.id)


FINDS: dict[str, Callable[[Session, int], Place | None]] = {
    Kind.UNIT: unit,
    Kind.AREA: area,
    Kind.DEPARTMENT: department,
}


def places(session: Session, *kinds: Kind) -> list[tuple[str, list[Place]]]:
    """All that there is now of these kinds, by department: three queries whatever their number."""
    groups = {row.id: (row.name, [_of_department(row)]) for row in session.exec(_DEPARTMENTS)}
    found = [*map(_of_area, session.exec(_AREAS)), *map(_of_unit, session.exec(_UNITS))]
    for each in found:
        groups[each.department_id][1].append(each)
    return [(name, [each for each in lying if each.kind in kinds]) for name, lying in groups.values()]


_DEPARTMENTS = select(Department).order_by(col(Department.name), col(Department.id))
_AREAS = select(Area).order_by(col(Area.name), col(Area.id))
_UNITS = select(Unit).where(col(Unit.ended_on).is_(None)).order_by(col(Unit.name), col(Unit.id))


def of_hat(session: Session, hat: Appointment) -> Place | None:
    """Where an appointment holds; None where that has ended."""
    if hat.unit_id is not None:
        return unit(session, hat.unit_id)
    return department(session, hat.department_id) if hat.department_id is not None else WHOLE


def responsible(session: Session, person_id: int, *, by: Scope, on: date) -> Place | None:
    """Where `by` answers for somebody: her workplaces; where she has none, her hats. None: nowhere.

    A hat alone is not enough: whoever gives one could otherwise send another unit's staff on leave.
    """
    found = [unit(session, each.unit_id) for each in people.units_of(session, person_id, on=on)]
    found = found or [of_hat(session, hat) for hat in people.roles_of(session, person_id, on=on)] or [WHOLE]
    return next((place for place in found if place is not None and by.covers(place)), None)


# ---- rules of controls: they have no clock, so the verb asks again, for the day --------------------------------------


def _wears(*roles: Role) -> Callable[[Session, Person, int | None], None]:
    def rule(session: Session, person: Person, about: int | None) -> None:
        hers = select(Appointment.id).where(Appointment.person_id == person.id, col(Appointment.role).in_(roles))
        if person.deactivated_at is not None or session.exec(hers).first() is None:
            raise NotYours

    return rule


administers = _wears(*EVERYBODY)
manager_only = _wears(*MANAGERS)
admin_only = _wears(Role.ADMIN)
tells = _wears(*TELLERS)
