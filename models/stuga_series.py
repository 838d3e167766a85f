"""Drop-ins as they are planned: series that come again every week, who runs them in turn, and the dated sessions.

The rows, and sums over a series, which are pure. Not here: questions that are brought (stuga.py), the day itself
(stuga_day.py), how a series is written down (stuga_plan.py).

A session is known by its series' key and its ISO week, so that a series that changes keeps its sessions. A `Stuga`
says of itself when and where it is: what has been, stays as it was. Nowhere is there a place for who came.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from secrets import token_hex

from sqlalchemy import UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models import clock, people, settings
from models.clock import DAYS, Weekday
from models.columns import check, code, instant, paired
from models.db import looked_up
from models.errors import Gone, NotYours, Refused
from models.people import Department, Person, Role
from models.settings import Settings

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
WEEKS = 4  # a series comes every week, or every second, third or fourth
NONE = "-"  # as a series' pauses: it goes on all year


class NotComing(Refused):
    """The session is over, cancelled, or was never there."""

    key = "refused.stuga_not_coming"


class Part(StrEnum):
    HOST = "host"
    HELPER = "helper"


class Stage(StrEnum):
    """Where a session stands. It is on from its beginning until somebody, or the clock, ends it."""

    PLANNED = "planned"
    ENDED = "ended"
    CANCELLED = "cancelled"


class StugaStep(StrEnum):
    """What the clock does at a session's `next_at`."""

    AGENDA = "agenda"  # the day before: its host and helpers see what is brought
    MORNING = "morning"  # who brings something is reminded
    SOON = "soon"  # and once more, shortly before
    END = "end"  # nobody has ended it: the next working day at noon


class Gathering(SQLModel):
    """What a series and each of its sessions say alike. Lists are keys with bars between: `hemtjanst|boende`.

    No tools: open. No departments: all. `way_in`: how to get in without steps. A room, or a link, or both.
    """

    name: str = Field(max_length=120)
    tools: str = Field(default="", max_length=400)
    departments: str = Field(default="", max_length=400)
    for_night: bool = False  # right after a night shift
    room: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=200)
    way_in: str = Field(default="", max_length=200)
    link: str = Field(default="", max_length=300)

    @property
    def themes(self) -> tuple[str, ...]:
        """Tool keys; none where it is open."""
        return tuple(filter(None, self.tools.split("|")))

    @property
    def invited(self) -> tuple[str, ...]:
        """Department keys; none where everybody is."""
        return tuple(filter(None, self.departments.split("|")))


SAID_ALIKE = tuple(Gathering.model_fields)


class StugaSeries(Gathering, table=True):
    """A day of the week and its hours. A change from some day on is another row with the same key."""

    __tablename__ = "stuga_series"
    __table_args__ = (
        check(f"weeks BETWEEN 1 AND {WEEKS}", "comes_often_enough"),
        check("opens < closes", "opens_before_it_closes"),
        UniqueConstraint("key", "starts_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=80)
    day: Weekday = code(Weekday)
    weeks: int = 1  # every so many weeks, from the week in which it starts
    opens: str = Field(max_length=5)
    closes: str = Field(max_length=5)
    pauses: str = Field(default="", max_length=80)  # ISO weeks, `28-31, 52`; empty: the municipality's; `-`: none
    starts_on: date
    ends_on: date | None = None

    def falls_in(self, monday: date) -> date | None:
        """Its day in the week that begins so, by the pattern and the season alone."""
        day = monday + DAYS.index(self.day) * DAY
        gone = (monday - clock.monday(self.starts_on)) // WEEK
        holds = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return day if holds and gone % self.weeks == 0 else None

    def span(self, day: date) -> tuple[datetime, datetime]:
        """As Swedish clocks go that day."""
        return clock.moment(day, time.fromisoformat(self.opens)), clock.moment(day, time.fromisoformat(self.closes))


class StugaTurn(SQLModel, table=True):
    """Whose turn it is: the first with this part takes the first week, and so on, round and round."""

    __tablename__ = "stuga_turn"

    id: int | None = Field(default=None, primary_key=True)
    series: str = Field(max_length=80, index=True)  # its key, which outlives the row
    person_id: int = Field(foreign_key="person.id", index=True)
    part: Part = code(Part)
    turn: int = 1  # those with the same number are there together
    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Stuga(Gathering, table=True):
    """One session. `own`: its time or place has been changed by hand, and its series does not change it back."""

    __table_args__ = (
        UniqueConstraint("series", "slot"),
        paired("next_at", "next_step"),
        check("(stage = 'planned') = (next_at IS NOT NULL)", "planned_has_a_next_step"),
        check("(stage = 'planned') = (closed_at IS NULL)", "what_is_over_has_a_time"),
        check("ends_at > starts_at", "ends_after_it_starts"),
        check("heads >= 0", "nobody_less_than_nobody"),
        {"sqlite_autoincrement": True},  # letters and calendars hold these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    series: str = Field(max_length=80)
    slot: str = Field(max_length=8)  # the ISO week, `2026-W47`
    uid: str = Field(max_length=32)  # in calendars
    sequence: int = 0  # how often its time or place has changed: calendars believe the highest
    stage: Stage = code(Stage, default=Stage.PLANNED)
    starts_at: datetime = instant(index=True)
    ends_at: datetime = instant()
    own: bool = False
    own_staff: bool = False  # somebody has said who runs this one: whose turn it is does not count
    heads: int = 0
    next_step: StugaStep | None = code(StugaStep, default=None, nullable=True)
    next_at: datetime | None = instant(default=None, nullable=True, index=True)
    changed_at: datetime = instant()
    closed_at: datetime | None = instant(default=None, nullable=True)

    @property
    def pk(self) -> int:
        """The id of a stored session."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    @property
    def day(self) -> date:
        return clock.today(self.starts_at)


class StugaStaff(SQLModel, table=True):
    """Who runs this one."""

    __tablename__ = "stuga_staff"

    stuga_id: int = Field(primary_key=True, foreign_key="stuga.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    part: Part = code(Part)


# ---- sums, pure ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One day of a series: where it falls, or why not."""

    series: StugaSeries
    day: date
    why_not: str = ""  # `paused` or `red`

    @property
    def slot(self) -> str:
        return slot_of(self.day)


def slot_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_WEEK = r"(0?[1-9]|[1-4]\d|5[0-3])"
_WEEKS = re.compile(rf"{_WEEK}(?:-{_WEEK})?")


def paused_weeks(text: str) -> frozenset[int]:
    """`28-31, 52` → those weeks; `50-2` goes past New Year; `-` → none. ValueError for anything else."""
    found: set[int] = set()
    for part in (each.strip() for each in text.split(",") if text.strip() not in ("", NONE)):
        weeks = _WEEKS.fullmatch(part)
        if weeks is None:
            raise ValueError(text)
        begin, end = int(weeks[1]), int(weeks[2] or weeks[1])
        found |= set(range(begin, end + 1)) if begin <= end else {*range(begin, 54), *range(1, end + 1)}
    return frozenset(found)


def pauses_of(series: StugaSeries, rules: Settings) -> frozenset[int]:
    return paused_weeks(series.pauses or rules.text("stuga.pauses"))


def days(series: Iterable[StugaSeries], rules: Settings, *, first: date, last: date) -> Iterator[Day]:
    """Every day of these rows from `first` to `last`, those that are left out too. A row holds until another of its key
    begins; in a week in which both have a day, the first day is the one.
    """
    rows = sorted(series, key=lambda row: (row.starts_on, row.id or 0))
    for week in range((last - clock.monday(first)) // WEEK + 1):
        monday = clock.monday(first) + week * WEEK
        found = [(row, day) for row in rows if (day := row.falls_in(monday)) is not None]
        here = [(row, day) for row, day in found if row is _in_force(rows, row.key, day)]
        falls = {row.key: (row, day) for row, day in sorted(here, key=lambda each: each[1], reverse=True)}
        for row, day in sorted(falls.values(), key=lambda found: (found[1], found[0].opens, found[0].key)):
            if first <= day <= last:
                yield Day(row, day, _why_not(row, day, rules))


def _in_force(rows: Iterable[StugaSeries], key: str, day: date) -> StugaSeries:
    return [row for row in rows if row.key == key and row.starts_on <= day][-1]


def _why_not(row: StugaSeries, day: date, rules: Settings) -> str:
    if day.isocalendar().week in pauses_of(row, rules):
        return "paused"
    return "red" if clock.is_red(day) else ""


def on_turn(
    turns: Iterable[StugaTurn], day: date, *, every: int = 1, away: frozenset[int] = frozenset()
) -> dict[int, Part]:
    """Who runs a session on this day: the parts go round by themselves, week by week, whatever is left out.

    `away`: whose turn passes to the next ones; nobody has a part for which all are away.
    """
    found: dict[int, Part] = {}
    for part in reversed(Part):  # who is both is the host
        here = [turn for turn in turns if turn.part is part and turn.holds(day)]
        numbers = sorted({turn.turn for turn in here})
        first = _week_number(day) // every % len(numbers) if numbers else 0
        for number in (*numbers[first:], *numbers[:first]):
            there = {turn.person_id: part for turn in here if turn.turn == number and turn.person_id not in away}
            if there:
                found |= there
                break
    return found


def _week_number(day: date) -> int:
    """Weeks are counted without regard to years, so that nobody's turn comes twice at New Year."""
    return clock.monday(day).toordinal() // 7


def token() -> str:
    return token_hex(12)


# ---- questions about what is stored ----------------------------------------------------------------------------------


def get(session: Session, stuga_id: int | None) -> Stuga:
    """Raises Gone for one that never was."""
    found = session.get(Stuga, stuga_id) if stuga_id is not None else None
    if found is None:
        raise Gone
    return found


def locked(session: Session, stuga_id: int | None) -> Stuga:
    """As it is now, held until the transaction ends: what is parked here and what ends it wait for each other."""
    query = select(Stuga).where(Stuga.id == stuga_id).with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise Gone
    return found


def coming_one(session: Session, stuga_id: int | None) -> Stuga:
    """Locked, and not over. Raises NotComing, Gone."""
    found = locked(session, stuga_id)
    if found.stage is not Stage.PLANNED:
        raise NotComing
    return found


def planned(session: Session, *, since: datetime, until: datetime | None = None) -> list[Stuga]:
    """Sessions that are neither over nor cancelled, and end after `since`; the next first."""
    query = select(Stuga).where(Stuga.stage == Stage.PLANNED, col(Stuga.ends_at) > since)
    if until is not None:
        query = query.where(col(Stuga.starts_at) <= until)
    return list(session.exec(query.order_by(col(Stuga.starts_at), col(Stuga.id))))


def alive(session: Session, *, now: datetime) -> set[int | None]:
    """Ids of those that are planned, and whose clock has gone on until now."""
    return set(session.exec(select(Stuga.id).where(Stuga.stage == Stage.PLANNED, col(Stuga.next_at) >= now)))


def staff_of(session: Session, stuga_id: int) -> dict[int, Part]:
    """Who runs it, the host first."""
    rows = session.exec(select(StugaStaff).where(StugaStaff.stuga_id == stuga_id).order_by(col(StugaStaff.person_id)))
    return {row.person_id: row.part for row in sorted(rows, key=lambda row: row.part is not Part.HOST)}


def series_in_force(session: Session, *, on: date) -> list[StugaSeries]:
    """Rows that hold on this day or will."""
    query = select(StugaSeries).where(col(StugaSeries.ends_on).is_(None) | (col(StugaSeries.ends_on) >= on))
    return list(session.exec(query.order_by(col(StugaSeries.starts_on), col(StugaSeries.id))))


def addresses(session: Session) -> set[str]:
    """Where drop-ins are or will be held: public places."""
    rows = select(StugaSeries.address).where(StugaSeries.address != "")
    moved = select(Stuga.address).where(Stuga.stage == Stage.PLANNED, Stuga.address != "")
    return {*session.exec(rows.distinct()), *session.exec(moved.distinct())}


def turns_of(session: Session, key: str) -> list[StugaTurn]:
    return list(session.exec(select(StugaTurn).where(StugaTurn.series == key).order_by(col(StugaTurn.id))))


_BUSY = (
    select(StugaStaff.person_id, Stuga.starts_at, Stuga.ends_at)
    .join(Stuga, col(Stuga.id) == col(StugaStaff.stuga_id))
    .where(
        Stuga.stage == Stage.PLANNED,
        col(Stuga.starts_at) <= bindparam("now"),
        col(Stuga.ends_at) > bindparam("since"),
        col(StugaStaff.person_id).in_(bindparam("ids", expanding=True)),
    )
)


def busy(session: Session, ids: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """Who of these runs a session now, and until when: it may run over by a while, or be ended before."""
    over = settings.read(session).span("stuga.overrun")
    found: dict[int, datetime] = {}
    for person_id, _, ends_at in looked_up(session, _BUSY, {"now": now, "since": now - over, "ids": list(ids)}):
        found[person_id] = max(found.get(person_id, now), ends_at if ends_at > now else ends_at + over)
    return found


# ---- rules: who may --------------------------------------------------------------------------------------------------


def runs_it(session: Session, person: Person, about: int | None) -> None:
    """Rule: its host and helpers, specialists of its departments, admins; `about` is the session.

    A rule has no clock: the verbs ask `may_run` again, for the day.
    """
    stuga, hats = get(session, about), people.hats_ever(session, person.pk)
    hers = person.pk in staff_of(session, stuga.pk) or _by_hat(session, hats, stuga)
    if person.deactivated_at is not None or not hers:
        raise NotYours


def may_run(session: Session, person_id: int, stuga: Stuga, *, on: date) -> bool:
    """On this day."""
    hats = people.roles_of(session, person_id, on=on)
    return person_id in staff_of(session, stuga.pk) or _by_hat(session, hats, stuga)


def _by_hat(session: Session, hats: Iterable[people.Appointment], stuga: Stuga) -> bool:
    ids = department_ids(session, stuga.invited)
    places = {hat.department_id for hat in hats if hat.role is Role.OBJECT_SPECIALIST}
    return any(hat.role is Role.ADMIN for hat in hats) or any(not ids or place in (None, *ids) for place in places)


def department_ids(session: Session, keys: Iterable[str]) -> frozenset[int]:
    found = session.exec(select(Department.id).where(col(Department.key).in_(list(keys))))
    return frozenset(i for i in found if i is not None)


def plans(session: Session, person: Person, about: int | None) -> None:
    """Rule: specialists and admins plan sessions; the verbs ask for the day."""
    hats = people.hats_ever(session, person.pk)
    if person.deactivated_at is not None or not any(hat.role in PLANNERS for hat in hats):
        raise NotYours


PLANNERS = (Role.ADMIN, Role.OBJECT_SPECIALIST)
