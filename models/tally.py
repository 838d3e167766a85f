"""How much was asked, counted for good: numbers of a place and a period, never a person. All that anybody sees of how
much was asked is read here.

A week is counted when it is over. What was asked in it and heard of only later (Slack or we were away) is counted as a
block of its own, which must by itself be fit to be shown: two versions of a number tell what lies between them. A
number that is read is the sum of its blocks. Not here: what may be shown (disclosure.py), words (summary.py).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, func, or_
from sqlalchemy import select as pick
from sqlmodel import Field, Session, SQLModel, col, insert, select

from models import clock, disclosure, settings, stuga_series
from models.columns import check, code, instant
from models.db import changed, looked_up
from models.disclosure import Rules, Seen
from models.people import Administration, Department, Unit
from models.recognition import Kind
from models.stuga_series import Stuga
from models.tickets import Reason, SolvedBy, Ticket

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
THURSDAY = 3 * DAY
READY = timedelta(hours=6)  # after midnight of Monday: what was written in the evening has come in
PATIENCE = timedelta(hours=12)  # until when the count waits for what was written while we or Slack were away
NOWHERE = 0  # the department of questions whose unit nobody knows; shown only within its administration


Row = dict[str, Any]  # of Tally


class Scope(StrEnum):
    UNIT = "unit"
    DEPARTMENT = "department"
    ADMINISTRATION = "administration"


class Span(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Dimension(StrEnum):
    TOTAL = "total"
    OPEN = "open"
    OLDEST = "oldest"  # days
    CLOSED = "closed"
    TOOL = "tool"
    KIND = "kind"
    SOLVED = "solved"
    SESSIONS = "sessions"
    HEADS = "heads"


class Shows(StrEnum):
    """What of a row may be seen. `part`: the number is the sum of those parts that may."""

    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


ALWAYS = (Dimension.TOTAL, Dimension.OPEN, Dimension.OLDEST, Dimension.CLOSED, Dimension.SESSIONS)
BROKEN_DOWN = (Dimension.TOOL, Dimension.KIND, Dimension.SOLVED)
BY_UNIT = (Dimension.TOOL, Dimension.KIND)  # a quarter's, for a unit
SOLVED = ("self_help", "expert_user", "object_specialist", "coordinator", "it", "stuga", "redirected", "rung", "ended")
BY_HELPERS = frozenset({"expert_user", "object_specialist", "coordinator", "stuga"})
CLOSED_LISTS: Mapping[Dimension, Collection[str]] = {
    Dimension.KIND: tuple(kind.value for kind in Kind),
    Dimension.SOLVED: SOLVED,
}


class Tally(SQLModel, table=True):
    """One number. `above_id`: the unit's department, the department's administration, as it was when it was counted.

    `late`: of what was counted so many days after the rest; 0: when the period was over.
    """

    __table_args__ = (
        UniqueConstraint("span", "first", "late", "scope", "scope_id", "dimension", "key"),
        check("number >= 0", "counts_up"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scope: Scope = code(Scope)
    scope_id: int
    above_id: int | None = None
    span: Span = code(Span)
    first: date
    late: int = 0
    dimension: Dimension = code(Dimension)
    key: str = Field(default="", max_length=60)
    number: int
    enough: bool  # k askers stood behind it when it was counted
    shows: Shows = code(Shows)


class TallyPeriod(SQLModel, table=True):
    """A period that has been counted, also if nothing happened in it; for a week also each time more had come in.

    `upto`: the last question that was known then; only of weeks.
    """

    __tablename__ = "tally_period"

    span: Span = code(Span, primary_key=True)
    first: date = Field(primary_key=True)
    late: int = Field(default=0, primary_key=True)
    upto: int = 0
    counted_at: datetime = instant()


# ---- periods -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """Whole ISO weeks. A week belongs to the month, quarter and year in which its Thursday lies."""

    span: Span
    first: date
    last: date

    @property
    def code(self) -> str:
        """`2026-W47`, `2026-11`, `2026-Q4`, `2026`."""
        day = self.first + THURSDAY
        if self.span is Span.WEEK:
            return f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
        within = {Span.MONTH: f"-{day:%m}", Span.QUARTER: f"-Q{(day.month + 2) // 3}", Span.YEAR: ""}
        return f"{day.year}{within[self.span]}"

    @property
    def weeks(self) -> tuple["Period", ...]:
        found = range((self.last - self.first + DAY) // WEEK)
        return tuple(period_of(Span.WEEK, self.first + n * WEEK) for n in found)

    @property
    def since(self) -> datetime:
        return clock.midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        return clock.midnight(self.last + DAY)

    def earlier(self, n: int = 1) -> "Period":
        return self if n == 0 else period_of(self.span, self.first - DAY).earlier(n - 1)


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


def period_of(span: Span, day: date) -> Period:
    """The period of this span to which the day's week belongs."""
    monday = clock.monday(day)
    if span is Span.WEEK:
        return Period(span, monday, monday + 6 * DAY)
    months, thursday = MONTHS[span], monday + THURSDAY
    at = thursday.year * 12 + (thursday.month - 1) // months * months
    first, after = (_first_monday(month) for month in (at, at + months))
    return Period(span, first, after - DAY)


def _first_monday(month: int) -> date:
    """Of the first week whose Thursday lies in the month, counted from year 0."""
    begins = date(month // 12, month % 12 + 1, 1)
    return clock.monday(begins + (THURSDAY - begins.weekday() * DAY) % WEEK)


def period(code: str) -> Period:
    """As `Period.code` writes it. Raises ValueError."""
    year, _, part = code.partition("-")
    if part.startswith("W"):
        found = period_of(Span.WEEK, date.fromisocalendar(int(year), int(part[1:]), 1))
    elif part.startswith("Q"):
        found = period_of(Span.QUARTER, date(int(year), int(part[1:]) * 3 - 1, 15))
    else:
        found = period_of(Span.MONTH if part else Span.YEAR, date(int(year), int(part or 6), 15))
    if found.code != code:
        raise ValueError(code)
    return found


def last_closed(span: Span, *, now: datetime) -> Period:
    """The latest that is over."""
    return period_of(span, clock.today(now)).earlier()


# ---- what is read ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """`whole`: False where only the parts that may be shown are in the number."""

    key: str
    number: int
    whole: bool = True


@dataclass(frozen=True)
class Figures:
    """A place's numbers of one period. `cells` hold what may be shown, the largest first.

    `late`: how many of its questions came in after the rest had been counted.
    """

    scope: Scope
    scope_id: int
    period: Period
    total: int = 0
    open: int = 0
    oldest: int | None = None
    closed: int = 0
    cells: Mapping[Dimension, tuple[Cell, ...]] = field(default_factory=dict)
    sessions: int = 0
    heads: int | None = None
    late: int = 0

    def table(self, dimension: Dimension) -> tuple[Cell, ...]:
        return self.cells.get(dimension, ())

    def rest(self, dimension: Dimension) -> int:
        """What lies outside the cells that are shown."""
        whole = self.closed if dimension is Dimension.SOLVED else self.total
        return whole - sum(cell.number for cell in self.table(dimension))


@dataclass(frozen=True)
class ToolFigures:
    """A tool in the whole municipality. `departments`: those of which it may be told; `before`: of the periods before,
    none if one of them is not known as a whole: what is hidden is not nothing.
    """

    tool: str
    period: Period
    number: int
    whole: bool
    departments: Mapping[int, Cell]
    before: tuple[int, ...]


def is_counted(session: Session, period: Period) -> bool:
    return session.get(TallyPeriod, (period.span, period.first, 0)) is not None


def counted(session: Session, periods: Collection[Period]) -> tuple[Period, ...]:
    """Those of these that have been counted."""
    rows = select(col(TallyPeriod.span), col(TallyPeriod.first)).where(
        col(TallyPeriod.first).in_([period.first for period in periods])
    )
    known = set(session.exec(rows).all())
    return tuple(period for period in periods if (period.span, period.first) in known)


def tools_by_week(session: Session, department_id: int, week: Period, before: int = 8) -> dict[str, dict[date, int]]:
    """What a department shows of each tool in this week and those before, by their Mondays, as it was known when each
    was over; without hidden weeks.
    """
    asked = [week.earlier(n).first for n in range(before, -1, -1)]
    rows = select(col(Tally.key), col(Tally.first), col(Tally.number)).where(
        Tally.span == Span.WEEK,
        Tally.scope == Scope.DEPARTMENT,
        Tally.scope_id == department_id,
        Tally.dimension == Dimension.TOOL,
        Tally.shows == Shows.WHOLE,
        Tally.late == 0,
        col(Tally.first).in_(asked),
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for key, first, number in looked_up(session, rows.order_by(col(Tally.first)), {}):
        found[key][first] = number
    return dict(found)


def figures(session: Session, scope: Scope, scope_id: int, period: Period) -> Figures | None:
    """None: not counted, so nothing can be said yet."""
    if not is_counted(session, period):
        return None
    here = Tally.span == period.span, Tally.first == period.first, Tally.scope == scope, Tally.scope_id == scope_id
    return _figures(scope, scope_id, period, _read(session, *here, Tally.shows != Shows.NOTHING))


def _read(session: Session, *where: Any) -> list[Row]:
    """The oldest first."""
    rows = select(Tally).where(*where).order_by(col(Tally.first), col(Tally.late))
    return [dict(row) for row in session.connection().execute(rows).mappings()]


def _merged(period: Period, rows: Iterable[Row]) -> list[Row]:
    """One row of what was counted on different days. `whole`: of every block in which anything happened."""
    return _sums(period, [(row, (row["scope"], row["scope_id"], None)) for row in rows])


def _figures(scope: Scope, scope_id: int, period: Period, rows: list[Row]) -> Figures:
    plain: dict[Dimension, int] = {}
    cells: dict[Dimension, list[Cell]] = defaultdict(list)
    for row in _merged(period, rows) if any(row["late"] for row in rows) else rows:
        plain[row["dimension"]] = row["number"]
        cells[row["dimension"]].append(Cell(row["key"], row["number"], row["shows"] is Shows.WHOLE))
    return Figures(
        scope,
        scope_id,
        period,
        plain.get(Dimension.TOTAL, 0),
        plain.get(Dimension.OPEN, 0),
        plain.get(Dimension.OLDEST),
        plain.get(Dimension.CLOSED, 0),
        {d: tuple(sorted(cells[d], key=lambda c: (-c.number, c.key))) for d in BROKEN_DOWN if d in cells},
        plain.get(Dimension.SESSIONS, 0),
        plain.get(Dimension.HEADS),
        sum(row["number"] for row in rows if row["late"] and row["dimension"] is Dimension.TOTAL),
    )


def totals(
    session: Session, scope: Scope, period: Period, before: int = 8, place: int | None = None
) -> dict[int, list[int]]:
    """The totals of the periods before, the oldest first, from the first one in which a place had anything to count.

    `place`: only of this one.
    """
    counted = _counted_before(session, period, before)
    columns: list[Any] = [col(Tally.scope_id), col(Tally.first), func.sum(Tally.number)]
    rows = pick(*columns).where(
        col(Tally.span) == period.span,
        col(Tally.scope) == scope,
        col(Tally.dimension) == Dimension.TOTAL,
        col(Tally.first).in_(counted),
    )
    rows = rows.group_by(col(Tally.scope_id), col(Tally.first))
    rows = rows if place is None else rows.where(col(Tally.scope_id) == place)
    found = {(each, first): number for each, first, number in session.connection().execute(rows)}
    begun: dict[int, date] = {}
    for each, first in sorted(found):
        begun.setdefault(each, first)
    return {each: [found.get((each, first), 0) for first in counted if first >= since] for each, since in begun.items()}


def _counted_before(session: Session, period: Period, before: int) -> list[date]:
    asked = [period.earlier(n).first for n in range(before, 0, -1)]
    rows = select(col(TallyPeriod.first)).where(TallyPeriod.span == period.span, col(TallyPeriod.first).in_(asked))
    known = set(session.exec(rows))
    return [first for first in asked if first in known]


def tool_figures(session: Session, period: Period, before: int = 8) -> dict[str, ToolFigures]:
    """Of each tool that some department shows in this period."""
    counted = [*_counted_before(session, period, before), period.first]
    by_first: dict[date, list[Row]] = {first: [] for first in counted}
    rows = _read(
        session,
        Tally.span == period.span,
        Tally.scope == Scope.DEPARTMENT,
        col(Tally.dimension).in_((Dimension.TOTAL, Dimension.TOOL)),
        Tally.shows != Shows.NOTHING,
        col(Tally.first).in_(counted),
    )
    for row in rows:
        by_first[row["first"]].append(row)
    *earlier, now = [_tools(_merged(period, by_first[first])) for first in counted]
    return {tool: _tool(tool, period, now, earlier) for tool in now}


def _tools(rows: list[Row]) -> dict[str, tuple[dict[int, Cell], bool]]:
    """What departments show of each tool, and whether that is all of it."""
    asking = sum(row["dimension"] is Dimension.TOTAL and row["number"] > 0 for row in rows)
    found: dict[str, dict[int, Cell]] = defaultdict(dict)
    for row in rows:
        if row["dimension"] is Dimension.TOOL:
            found[row["key"]][row["scope_id"]] = Cell(row["key"], row["number"], row["shows"] is Shows.WHOLE)
    return {tool: (cells, sum(cell.whole for cell in cells.values()) == asking) for tool, cells in found.items()}


def _tool(
    tool: str,
    period: Period,
    now: Mapping[str, tuple[dict[int, Cell], bool]],
    earlier: list[dict[str, tuple[dict[int, Cell], bool]]],
) -> ToolFigures:
    departments, whole = now[tool]
    before = [found[tool][0].values() for found in earlier if tool in found and found[tool][1]]
    known = tuple(sum(cell.number for cell in cells) for cells in before) if len(before) == len(earlier) else ()
    return ToolFigures(tool, period, sum(cell.number for cell in departments.values()), whole, departments, known)


# ---- counting ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """Periods that have been counted together, what of them is kept, and how many had been counted before.

    `code`: the period that is over; empty where only late questions were counted.
    """

    code: str
    periods: list[Row]
    rows: list[Row]
    known: int

    @property
    def late(self) -> set[str]:
        """The places of which earlier weeks say something else now, as controls name them."""
        return {f"{row['scope'].value}-{row['scope_id']}" for row in self.rows if row["late"]}


def count(session: Session, *, now: datetime, ready: timedelta = READY) -> Count | None:
    """The next period that is over. It only reads: a quarter takes seconds, and nobody is to wait for that.

    `ready`: how long after its end a week is counted.
    """
    coming = _next(session, now - ready)
    if coming is not None and coming.span is not Span.WEEK:
        return _count(session, [(coming, 0)], _longer(session, coming), now)
    blocks, rows = _late(session, now, with_week=coming is not None)
    if coming is not None:
        rows += _week(session, Week(session, coming))
    return _count(session, [*blocks, *([(coming, 0)] if coming else [])], rows, now) if blocks or coming else None


def _count(session: Session, blocks: list[tuple[Period, int]], rows: list[Row], now: datetime) -> Count:
    upto = session.exec(select(func.max(Ticket.id))).one() or 0
    periods = [
        {"span": period.span, "first": period.first, "late": late, "counted_at": now,
         "upto": upto if period.span is Span.WEEK else 0}
        for period, late in blocks
    ]  # fmt: skip
    last, late = blocks[-1]
    return Count("" if late else last.code, periods, rows, _known(session))


def _known(session: Session) -> int:
    return session.exec(select(func.count()).select_from(TallyPeriod)).one()


def keep(session: Session, found: Count) -> bool:
    """False where another instance was faster, with anything: what it counted may belong to this."""
    if _known(session) != found.known:
        return False
    changed(session, insert(TallyPeriod), found.periods)
    if found.rows:
        changed(session, insert(Tally), found.rows)
    return True


def _next(session: Session, over: datetime) -> Period | None:
    """Weeks from the first question on that were over then; what ends with a week comes after it."""
    latest = _latest(session)
    if latest is None:
        begun = session.exec(select(func.min(Ticket.asked_at))).one()
        return _if(period_of(Span.WEEK, clock.today(begun)), over) if begun else None
    for span in MONTHS:
        longer = period_of(span, latest)
        if longer.last == latest + 6 * DAY and not is_counted(session, longer):
            return longer
    return _if(period_of(Span.WEEK, latest + WEEK), over)


def _latest(session: Session) -> date | None:
    return session.exec(select(func.max(TallyPeriod.first)).where(TallyPeriod.span == Span.WEEK)).one()


def _if(week: Period, over: datetime) -> Period | None:
    return week if week.until <= over else None


# ---- what came late ------------------------------------------------------------------------------------------------


def _late(session: Session, now: datetime, *, with_week: bool) -> tuple[list[tuple[Period, int]], list[Row]]:
    """Questions of weeks that have been counted without them: a block of each week, once a day at most.

    The longer periods that have been counted get the sums of what these blocks show.
    """
    latest, after = _latest(session), counted_upto(session)
    if latest is None or not (with_week or _is_next_day(session, now)):
        return [], []
    first = _first_late(session, after, period_of(Span.WEEK, latest))
    weeks = [] if first is None else _weeks(period_of(Span.WEEK, first), latest)
    counted_ = set(counted(session, weeks))
    blocks = [(week, (clock.today(now) - week.last) // DAY if week in counted_ else 0) for week in weeks]
    rows = {week: _as_late(_week(session, Week(session, week, after)), late) for week, late in blocks}
    longer = {period_of(span, week.first) for span in MONTHS for week in weeks}
    found = [row for week in weeks for row in rows[week]]
    for period in counted(session, longer):
        parts = [row for week in weeks if period.first <= week.first <= period.last for row in rows[week]]
        found += _as_late(_summed(period, parts, Span.WEEK), (clock.today(now) - period.last) // DAY)
    return blocks, found


def counted_upto(session: Session) -> int:
    return session.exec(select(func.max(TallyPeriod.upto))).one() or 0


def _is_next_day(session: Session, now: datetime) -> bool:
    """It is past six, and nothing has been counted since."""
    counted_at = session.exec(select(func.max(TallyPeriod.counted_at))).one()
    at_six = clock.midnight(clock.today(now)) + READY
    return counted_at is not None and counted_at < at_six <= now


def _first_late(session: Session, after: int, latest: Period) -> date | None:
    late = select(func.min(Ticket.asked_at)).where(col(Ticket.id) > after, col(Ticket.asked_at) < latest.until)
    asked_at = session.exec(late).one()
    return clock.today(asked_at) if asked_at else None


def _weeks(first: Period, latest: date) -> list[Period]:
    return [period_of(Span.WEEK, first.first + n * WEEK) for n in range((latest - first.first) // WEEK + 1)]


def _as_late(rows: list[Row], late: int) -> list[Row]:
    return [row | {"late": late} for row in rows]


@dataclass
class Counted:
    """What a week's questions of one place add up to."""

    above_id: int | None
    plain: Counter[Dimension] = field(default_factory=Counter)
    cells: dict[Dimension, dict[str, Seen]] = field(default_factory=lambda: {d: defaultdict(Seen) for d in BROKEN_DOWN})
    oldest: datetime | None = None

    def add(self, dimension: Dimension, key: str, asker: int | None, helper: int | None = None) -> None:
        seen = self.cells[dimension][key]
        seen.add(1, asker)
        if key in BY_HELPERS and dimension is Dimension.SOLVED:
            seen.helpers = (seen.helpers or set()) | ({helper} if helper is not None else set())


class Week:
    """A week while it is counted: units and their departments. `after`: only what came in after this question."""

    def __init__(self, session: Session, period: Period, after: int = 0) -> None:
        self.period, self.after, self.rules = period, after, rules(session)
        self.home = dict(session.exec(select(Unit.id, Unit.department_id)).all())
        self.over: dict[int | None, int | None] = {}
        self.over.update(session.exec(select(Department.id, Department.administration_id)).all())
        self.over[NOWHERE] = session.exec(select(func.min(Administration.id))).one()
        self.units: dict[int, Counted] = {}
        self.departments: dict[int, Counted] = {}

    def places(self, unit_id: int | None) -> list[Counted]:
        above = self.home.get(unit_id, NOWHERE)
        found = [self.departments.setdefault(above, Counted(self.over.get(above)))]
        return found + ([self.units.setdefault(unit_id, Counted(above))] if unit_id is not None else [])

    def asked(self, session: Session) -> None:
        for _, unit_id, asker, tool, kind, _ in _asked_in(session, self.period, self.after):
            for place in self.places(unit_id):
                place.plain[Dimension.TOTAL] += 1
                place.add(Dimension.TOOL, tool or "", asker)
                place.add(Dimension.KIND, kind.value, asker)

    def closed(self, session: Session) -> None:
        columns = [col(c) for c in (Ticket.unit_id, Ticket.asker_id, Ticket.owner_id, Ticket.reason, Ticket.solved_by)]
        over = (col(Ticket.closed_at) >= self.period.since) & (col(Ticket.closed_at) < self.period.until)
        for row in session.connection().execute(pick(*columns).where(over, col(Ticket.id) > self.after)):
            for place in self.places(row.unit_id):
                place.plain[Dimension.CLOSED] += 1
                place.add(Dimension.SOLVED, _how(row.reason, row.solved_by), row.asker_id, row.owner_id)

    def left_open(self, session: Session) -> None:
        alive = or_(col(Ticket.closed_at).is_(None), col(Ticket.closed_at) >= self.period.until)
        here = alive, col(Ticket.asked_at) < self.period.until, col(Ticket.id) > self.after
        rows = select(Ticket.unit_id, Ticket.asked_at).where(*here)
        for unit_id, asked_at in looked_up(session, rows, {}):
            for place in self.places(unit_id):
                place.plain[Dimension.OPEN] += 1
                place.oldest = min(asked_at, place.oldest or asked_at)


def _asked_in(session: Session, period: Period, after: int = 0) -> Iterator[Any]:
    """(id, unit, asker, tool, kind, when) of each question."""
    columns = [Ticket.id, Ticket.unit_id, Ticket.asker_id, Ticket.tool, Ticket.kind, Ticket.asked_at]
    when = (col(Ticket.asked_at) >= period.since) & (col(Ticket.asked_at) < period.until)
    yield from session.connection().execute(pick(*map(col, columns)).where(when, col(Ticket.id) > after))


def _how(reason: Reason | None, solved_by: SolvedBy | None) -> str:
    """What ended it, as one of SOLVED."""
    if reason in (Reason.WITHDRAWN, Reason.EXPIRED, None):
        return "ended"
    if reason is not Reason.SOLVED:
        return reason.value
    return solved_by.value if solved_by else "coordinator"


def rules(session: Session) -> Rules:
    read = settings.read(session)
    return Rules(read.number("tally.k"), read.number("tally.helpers"))


def _week(session: Session, week: Week) -> list[Row]:
    week.asked(session)
    week.closed(session)
    week.left_open(session)
    found = [row for unit, counted in week.units.items() for row in _of_unit(week, unit, counted)]
    for department, counted in week.departments.items():
        found += _of_department(week, department, counted)
    found += [] if week.after else _gatherings(session, week)
    return found + _above(week.period, found)


def _row(period: Period, scope: Scope, scope_id: int, dimension: Dimension, number: int, **more: Any) -> Row:
    usual = {"above_id": None, "key": "", "enough": True, "shows": Shows.WHOLE, "late": 0}
    place = {"scope": scope, "scope_id": scope_id, "span": period.span, "first": period.first}
    return usual | place | {"dimension": dimension, "number": number} | more


def _plain(week: Week, scope: Scope, place: int, counted: Counted) -> Iterator[Row]:
    plain = {d: counted.plain[d] for d in (Dimension.TOTAL, Dimension.OPEN, Dimension.CLOSED)}
    if counted.oldest:
        plain[Dimension.OLDEST] = (week.period.until - counted.oldest) // DAY
    for dimension, number in plain.items():
        yield _row(week.period, scope, place, dimension, number, above_id=counted.above_id)


def _cells(
    week: Week, scope: Scope, place: int, counted: Counted, shown: Mapping[Dimension, set[str]]
) -> Iterator[Row]:
    for dimension, keys in shown.items():
        for key, seen in counted.cells[dimension].items():
            shows = Shows.WHOLE if key in keys else Shows.NOTHING
            more = {"above_id": counted.above_id, "key": key, "enough": seen.enough(week.rules), "shows": shows}
            yield _row(week.period, scope, place, dimension, seen.number, **more)


def _of_unit(week: Week, unit: int, counted: Counted) -> Iterator[Row]:
    """Its week by tool or kind is kept for the quarter and shown to nobody."""
    yield from _plain(week, Scope.UNIT, unit, counted)
    yield from _cells(week, Scope.UNIT, unit, counted, {dimension: set() for dimension in BY_UNIT})


def _of_department(week: Week, department: int, counted: Counted) -> Iterator[Row]:
    shown = {}
    for dimension in BROKEN_DOWN:
        whole = Dimension.CLOSED if dimension is Dimension.SOLVED else Dimension.TOTAL
        units = {u: c.plain[whole] for u, c in week.units.items() if c.above_id == department}
        units[NOWHERE] = counted.plain[whole] - sum(units.values())
        keys = CLOSED_LISTS.get(dimension)
        shown[dimension] = disclosure.of_week(counted.cells[dimension], units, week.rules, keys)
    yield from _plain(week, Scope.DEPARTMENT, department, counted)
    yield from _cells(week, Scope.DEPARTMENT, department, counted, shown)


# ---- drop-ins ----------------------------------------------------------------------------------------------------


def _gatherings(session: Session, week: Week) -> Iterator[Row]:
    """How many drop-ins ended for a place, and how many came: sums over those with the same guests, of whom k came to
    one. Who came is not known: two drop-ins with three each may be the same three.
    """
    held: dict[tuple[str, ...], list[int]] = defaultdict(list)
    rows = select(Stuga).where(
        Stuga.stage == stuga_series.Stage.ENDED,
        col(Stuga.closed_at) >= week.period.since,
        col(Stuga.closed_at) < week.period.until,
    )
    for stuga in session.exec(rows):
        held[tuple(sorted(stuga.invited))].append(stuga.heads)
    if held:
        known = {row.key: (row.id or 0, row.administration_id) for row in session.exec(select(Department))}
        for key, (department, above) in known.items():
            asked = [found for invited, found in held.items() if not invited or key in invited]
            yield from _came(week, Scope.DEPARTMENT, department, above, asked)
        for administration in sorted({above for _, above in known.values()}):
            own = {key for key, (_, above) in known.items() if above == administration}
            asked = [found for invited, found in held.items() if not invited or own & set(invited)]
            yield from _came(week, Scope.ADMINISTRATION, administration, None, asked)


def _came(week: Week, scope: Scope, place: int, above: int | None, held: list[list[int]]) -> Iterator[Row]:
    """`held`: of each sort of guests how many came, time for time."""
    if held:
        yield _row(week.period, scope, place, Dimension.SESSIONS, sum(map(len, held)), above_id=above)
        enough = [sum(heads) for heads in held if max(heads) >= week.rules.askers]
        if enough:
            shows = Shows.WHOLE if len(enough) == len(held) else Shows.PART
            yield _row(week.period, scope, place, Dimension.HEADS, sum(enough), above_id=above, shows=shows)


# ---- sums of what is shown -------------------------------------------------------------------------------------------


WHOLE_OF = {Dimension.SOLVED: Dimension.CLOSED, Dimension.HEADS: Dimension.SESSIONS}
Place = tuple[Scope, int, int | None]


def _above(period: Period, rows: Iterable[Row]) -> list[Row]:
    """An administration is the sum of what its departments show."""
    parts = [row for row in rows if row["scope"] is Scope.DEPARTMENT and row["above_id"] is not None]
    parts = [row for row in parts if row["dimension"] not in (Dimension.SESSIONS, Dimension.HEADS)]
    return _sums(period, [(row, (Scope.ADMINISTRATION, row["above_id"], None)) for row in parts])


def _sums(period: Period, parts: Iterable[tuple[Row, Place]]) -> list[Row]:
    """One row of each place, dimension and key. `whole` where every part in which anything happened shows the key."""
    numbers = Counter[tuple[Place, Dimension, str]]()
    whole = Counter[tuple[Place, Dimension, str]]()
    blocks = Counter[tuple[Place, Dimension]]()
    for row, place in parts:
        cell = (place, row["dimension"], row["key"])
        blocks[cell[:2]] += row["dimension"] in ALWAYS and row["number"] > 0
        if row["shows"] is not Shows.NOTHING:
            oldest = row["dimension"] is Dimension.OLDEST
            numbers[cell] = max(numbers[cell], row["number"]) if oldest else numbers[cell] + row["number"]
            whole[cell] += row["shows"] is Shows.WHOLE
    return [
        _row(period, place[0], place[1], dimension, number, above_id=place[2], key=key, shows=shows)
        for (place, dimension, key), number in numbers.items()
        for shows in [_shows(dimension, whole[place, dimension, key], blocks, place)]
    ]


def _shows(dimension: Dimension, whole: int, blocks: Mapping[tuple[Place, Dimension], int], place: Place) -> Shows:
    if dimension in ALWAYS:
        return Shows.WHOLE
    return Shows.WHOLE if whole == blocks[place, WHOLE_OF.get(dimension, Dimension.TOTAL)] else Shows.PART


# ---- months, quarters, years ---------------------------------------------------------------------------------------


def _longer(session: Session, period: Period) -> list[Row]:
    """Sums of weeks, a year's of its quarters; a quarter may show more than its weeks did."""
    inside = Span.QUARTER if period.span is Span.YEAR else Span.WEEK
    parts = _parts(session, period, inside)
    return _summed(period, parts, inside, Quarter(session, period, parts) if period.span is Span.QUARTER else None)


def _summed(period: Period, parts: list[Row], inside: Span, quarter: "Quarter | None" = None) -> list[Row]:
    last = period_of(inside, period.last).first
    kept = [row for row in parts if row["dimension"] not in (Dimension.OPEN, Dimension.OLDEST) or row["first"] == last]
    above = {(row["scope"], row["scope_id"]): row["above_id"] for row in parts}  # where it belonged last
    placed = [(row, (row["scope"], row["scope_id"], above[row["scope"], row["scope_id"]])) for row in kept]
    found = _sums(period, [(row, place) for row, place in placed if row["scope"] is not Scope.ADMINISTRATION])
    if quarter is not None:
        found = _released(period, quarter, found, above)
    common = [(row, place) for row, place in placed if row["scope"] is Scope.ADMINISTRATION]
    gathered = [(row, place) for row, place in common if row["dimension"] in (Dimension.SESSIONS, Dimension.HEADS)]
    return found + _sums(period, gathered) + _above(period, found)


def _parts(session: Session, period: Period, inside: Span) -> list[Row]:
    """The rows of its weeks or quarters, the oldest first. A quarter needs those too that nobody may see."""
    seen = [] if period.span is Span.QUARTER else [Tally.shows != Shows.NOTHING]
    return _read(session, Tally.span == inside, col(Tally.first).between(period.first, period.last), *seen)


def _released(
    period: Period, asked: "Quarter", found: list[Row], above: Mapping[tuple[Scope, int], int | None]
) -> list[Row]:
    """With what disclosure lets a quarter show beside the sums of its weeks."""
    more: dict[tuple[Scope, int, Dimension, str], Row] = {}
    for (department, dimension), one in asked.by_department.items():
        shown = disclosure.of_quarter(one, asked.rules)
        places = [(Scope.DEPARTMENT, department, key) for key in shown.department]
        places += [(Scope.UNIT, unit, key) for unit, keys in shown.units.items() for key in keys]
        for scope, place, key in places:
            number = asked.numbers[scope, place, dimension, key]
            more[scope, place, dimension, key] = _row(
                period, scope, place, dimension, number, above_id=above[scope, place], key=key
            )
    kept = [row for row in found if (row["scope"], row["scope_id"], row["dimension"], row["key"]) not in more]
    return [*kept, *more.values()]


Block = tuple[date, int]  # a week's questions that were counted together: its Monday, and how late


class Quarter:
    """A quarter while it is counted: its weeks as they were counted, and who asked as far as it is still known."""

    def __init__(self, session: Session, period: Period, parts: list[Row]) -> None:
        self.rules, self.numbers = rules(session), Counter[tuple[Scope, int, Dimension, str]]()
        self.upto = _blocks(session, period)
        self.blocks = [(week, late) for week, counted in self.upto.items() for late in counted]
        self.homes: dict[tuple[int, Block], int] = {}
        self.shown: dict[tuple[int, Dimension, Block], set[str]] = defaultdict(set)
        self.counts: dict[tuple[int, Dimension], dict[tuple[int, int, str], int]] = defaultdict(dict)
        for row in parts:
            self._heard(row)
        self.seen: dict[tuple[Scope, int, Dimension], dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
        for (department, dimension), counts in self.counts.items():
            for (unit, block, key), number in counts.items():
                self._add(department, unit, dimension, self.blocks[block], key, number, None)
        self._askers(session, period)
        self.by_department = {place: self._asked(*place) for place in self.counts}

    def _heard(self, row: Row) -> None:
        place, dimension, key, block = row["scope_id"], row["dimension"], row["key"], (row["first"], row["late"])
        if dimension in BY_UNIT and row["scope"] is not Scope.ADMINISTRATION:
            self.numbers[row["scope"], place, dimension, key] += row["number"]
        if row["scope"] is Scope.UNIT:
            self.homes[place, block] = row["above_id"]
            if dimension in BY_UNIT:
                self.counts[row["above_id"], dimension][place, self.blocks.index(block), key] = row["number"]
        elif row["scope"] is Scope.DEPARTMENT and dimension in BY_UNIT and row["shows"] is not Shows.NOTHING:
            self.shown[place, dimension, block].add(key)

    def _add(  # noqa: PLR0913 (one question, or some alike)
        self, department: int, unit: int, dimension: Dimension, block: Block, key: str, number: int, asker: int | None
    ) -> None:
        cells = [self.seen[Scope.UNIT, unit, dimension]]
        if key not in self.shown[department, dimension, block]:
            cells.append(self.seen[Scope.DEPARTMENT, department, dimension])
        for cell in cells:
            cell[key].add(number, asker)

    def _askers(self, session: Session, period: Period) -> None:
        for id_, unit, asker, tool, kind, asked_at in _asked_in(session, period):
            week = clock.monday(clock.today(asked_at))
            late = next((late for late, upto in self.upto.get(week, {}).items() if id_ <= upto), None)
            home = self.homes.get((unit, (week, late))) if late is not None else None
            if home is not None and late is not None:
                self._add(home, unit, Dimension.TOOL, (week, late), tool or "", 0, asker)
                self._add(home, unit, Dimension.KIND, (week, late), kind.value, 0, asker)

    def _asked(self, department: int, dimension: Dimension) -> disclosure.Asked:
        counts = self.counts[department, dimension]
        weeks = {block: self.shown[department, dimension, self.blocks[block]] for _, block, _ in counts}
        moved = {unit for (unit, _), home in self.homes.items() if home != department}
        units = {unit: self.seen[Scope.UNIT, unit, dimension] for unit, _, _ in counts if unit not in moved}
        hidden = self.seen[Scope.DEPARTMENT, department, dimension]
        within = {block: self._longer_than(self.blocks[block][0]) for block in weeks}
        return disclosure.Asked(counts, weeks, within, hidden, units, CLOSED_LISTS.get(dimension))

    def _longer_than(self, week: date) -> tuple[str, ...]:
        """A block's month, and its week where that has several."""
        several = (period_of(Span.WEEK, week).code,) if len(self.upto[week]) > 1 else ()
        return (period_of(Span.MONTH, week).code, *several)


def _blocks(session: Session, period: Period) -> dict[date, dict[int, int]]:
    """How each week of it was counted: how late, and up to which question; the first first."""
    inside = TallyPeriod.span == Span.WEEK, col(TallyPeriod.first).between(period.first, period.last)
    rows = select(TallyPeriod).where(*inside).order_by(col(TallyPeriod.first), col(TallyPeriod.upto))
    found: dict[date, dict[int, int]] = defaultdict(dict)
    for row in looked_up(session, rows, {}):
        found[row.first][row.late] = row.upto
    return found
