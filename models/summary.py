"""The weekly summary: what its readers are told, as an ordered list of lines, and who gets it on which day.

What is shown of questions comes from the tally only; what has to be done comes from today. No person is in it. Not
here: the numbers and what may be shown of them (tally, disclosure), what deserves a word (comparing), and the words.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Field, Session, SQLModel, col, delete, select

from models import (
    answers,
    clock,
    comparing,
    gaps,
    ideas,
    jobs,
    news,
    orders,
    outages,
    outbox,
    people,
    settings,
    stuga,
    tally,
    words,
)
from models.administration import Told
from models.columns import instant
from models.db import changed, insert
from models.errors import NotYours, Refused
from models.outbox import Intent
from models.people import Administration, Appointment, Department, Role, Unit
from models.stuga import Wish
from models.tally import Cell, Dimension, Figures, Period, Span

JOB = "summary"
AT = time(7)
RIPENS = timedelta(seconds=10)  # Slack needs a moment before it shows a picture in a message
TOLD = 2  # tools in a line of outages or news
NAMED = 6  # units in a line, then how many more
LONG = 2  # days: a week in which somebody has waited so long is not called calm
UNIT, DEPARTMENT, ADMINISTRATION, TOOL = "unit", "department", "administration", "tool"
READERS: Mapping[str, Role] = {
    UNIT: Role.UNIT_MANAGER,
    DEPARTMENT: Role.DEPARTMENT_MANAGER,
    ADMINISTRATION: Role.COORDINATOR,
}


class NotCounted(Refused):
    """Nothing can be said of this place and time: it has not been counted, or was not there."""

    key = "refused.summary_not_counted"


class SummaryPicture(SQLModel, table=True):
    """A picture that the app keeps in Slack, so that the message and Home show the same one."""

    __tablename__ = "summary_picture"

    key: str = Field(primary_key=True, max_length=80)
    file_id: str = Field(max_length=40)
    at: datetime = instant()


@dataclass(frozen=True)
class Where:
    """What a summary is about. `id`: a row's id, or a tool's key."""

    scope: str
    id: str
    name: str = ""
    key: str = ""  # of the unit or department, as on the command line

    @property
    def code(self) -> str:
        """As controls and job slots carry it: `unit:12` is `unit-12` there."""
        return f"{self.scope}-{self.id}"

    @property
    def number(self) -> int:
        return int(self.id)


class Way(StrEnum):
    """Where a button leads."""

    ORDERS = "orders"
    EXPERTS = "experts"  # who wears which hat in the unit
    TIME = "time"
    FIGURES = "figures"  # of another period


@dataclass(frozen=True)
class Do:
    """A button under a line: where it leads, and about what."""

    way: Way
    about: str = ""


@dataclass(frozen=True)
class Line:
    """One sentence: `summary.line.<key>`, filled by `about`. A button is called `button.summary.<key>`.

    `mine`: what only the manager can do. `loud`: a week that has it is not quiet.
    """

    key: str
    about: Mapping[str, object] = field(default_factory=dict)
    do: Do | None = None
    mine: bool = False
    loud: bool = False


@dataclass(frozen=True)
class Of:
    """What the lines are made from. `before`: the totals of up to eight periods before, the oldest first.

    `troubled`: tools with far more questions than usual. `today`: the newest week, of which there is more to say than
    numbers. `reader`: whose it is; None where it is printed. `whole`: False where the total is only what may be shown,
    `hidden`: nothing of it may.
    """

    where: Where
    period: Period
    total: int
    before: Sequence[int]
    now: datetime
    figures: Figures | None = None
    units: tuple[Unit, ...] = ()
    department: str | None = None
    troubled: tuple[str, ...] = ()
    today: bool = False
    reader: int | None = None
    whole: bool = True
    hidden: bool = False

    @property
    def word(self) -> str:
        """What its number deserves to be called, beside the periods before: of one that is hidden nothing is said."""
        return "" if self.hidden else comparing.word(self.total, self.before)

    @property
    def busy(self) -> bool:
        return self.word == "busy"

    @property
    def wide(self) -> bool:
        """Wider than one unit."""
        return self.where.scope in (DEPARTMENT, ADMINISTRATION)

    @property
    def week(self) -> bool:
        return self.period.span is Span.WEEK

    def concerns(self, told: Told) -> bool:
        """Whether something that was said to departments was said to one of these units."""
        return any(told.holds_for(unit.department_id) for unit in self.units)

    @property
    def day(self) -> date:
        return clock.today(self.now)


@dataclass(frozen=True)
class Table:
    """One breakdown: what is shown, the largest first, and how many questions are not in any of it."""

    dimension: str
    cells: tuple[Cell, ...]
    rest: int


@dataclass(frozen=True)
class Summary:
    of: Of
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()

    @property
    def quiet(self) -> bool:
        """Nothing that a manager has to know or do: it is said in one line."""
        return self.calm and not any(line.mine for line in self.lines)

    @property
    def calm(self) -> bool:
        """Nothing that anybody has to know."""
        usual = not self.of.busy and not self.of.troubled
        waits = self.of.figures is not None and self.of.figures.open > 0
        return usual and not waits and not any(line.loud for line in self.lines)

    @property
    def bars(self) -> list[tuple[Period, int]]:
        """The periods before and this one, the oldest first."""
        periods = [self.of.period.earlier(n) for n in range(len(self.of.before), 0, -1)]
        return [*zip(periods, self.of.before, strict=True), (self.of.period, self.of.total)]


# ---- the lines, in the order in which they are read ------------------------------------------------------------


def verdict(session: Session, of: Of) -> Iterator[Line]:
    """Calm, as usual, busier than usual, or something is wrong with a tool."""
    known = _broken(session, of)[:TOLD]
    if known:
        yield Line("outage", {"tools": known, "n": len(known)}, loud=True)
    if of.troubled:
        yield Line("trouble", {"tools": of.troubled})
    elif of.busy or (of.word and not known and not (of.word == "calm" and _waits_long(of))):
        yield Line(of.word)


def _waits_long(of: Of) -> bool:
    return of.figures is not None and bool(of.figures.open) and (of.figures.oldest or 0) >= LONG


def _broken(session: Session, of: Of) -> list[str]:
    """Tools that were known to be out of order."""
    if not of.week or not of.units:
        return []
    found = outages.during(session, since=of.period.since, until=of.period.until)
    return list(dict.fromkeys(each.tool for each in found if of.concerns(each)))


def volume(session: Session, of: Of) -> Iterator[Line]:
    key = "volume_hidden" if of.hidden else "volume_part" if not of.whole else "volume" if of.total else "volume_none"
    yield Line(key, {"n": of.total} if of.total else {}, loud=of.where.scope == TOOL)
    if of.figures is not None and of.figures.late:
        yield Line("late", {"n": of.figures.late})
    usual = comparing.usual(of.before)
    if usual is not None:
        least, most = usual
        how = "nothing" if not most else "same" if least == most else "usual"
        yield Line(f"{how}_{of.period.span}", {"least": least, "most": most, "periods": len(of.before)})


def waiting(session: Session, of: Of) -> Iterator[Line]:
    """What is still open, and for how long."""
    if of.figures is not None and of.figures.open:
        days = of.figures.oldest or 0
        yield Line("open" if days else "open_new", {"n": of.figures.open, "days": days})


def access(session: Session, of: Of) -> Iterator[Line]:
    """Only a manager can order access."""
    if of.today and of.where.scope == UNIT:
        n = orders.waiting_in(session, of.where.number, but_for=of.reader)
        if n:
            yield Line("orders", {"n": n}, Do(Way.ORDERS), mine=True)


def experts(session: Session, of: Of) -> Iterator[Line]:
    """A unit without an expert user, now or in weeks to come, and a unit whose experts need time."""
    if not of.today or of.where.scope != UNIT:
        return
    do = Do(Way.EXPERTS, of.where.code)
    found = gaps.of_experts(session, of.units, on=of.day)
    kinds = {gap.kind: gap for gap in reversed(found)}  # of several spells the first
    if gaps.Kind.NO_EXPERT in kinds:
        yield Line("no_expert", {}, do, mine=True)
    elif gaps.Kind.NO_EXPERT_THEN in kinds:
        weeks = kinds[gaps.Kind.NO_EXPERT_THEN].weeks
        key = "no_expert_then" if len(weeks) > 1 else "no_expert_week"
        yield Line(key, {"first": weeks[0], "last": weeks[-1]}, do, mine=True)
    if of.busy and gaps.Kind.NO_EXPERT not in kinds:
        yield Line("time", {}, Do(Way.TIME), mine=True)


def suggestions(session: Session, of: Of) -> Iterator[Line]:
    """What a department can do about it: at most two things, from what may be shown."""
    if not of.wide or of.figures is None:
        return
    if of.troubled:
        yield Line("apt", {"tools": of.troubled[:1]})
    kinds = {cell.key: cell.number for cell in of.figures.table(Dimension.KIND)}
    if 3 * kinds.get("access", 0) > of.total:
        yield Line("access_first")
    elif kinds and max(kinds, key=lambda key: kinds[key]) == "handling" and not of.troubled:
        top = [cell.key for cell in of.figures.table(Dimension.TOOL) if cell.key]
        yield from (Line("apt", {"tools": (key,)}) for key in top[:1])


def units_without(session: Session, of: Of) -> Iterator[Line]:
    """By name, alphabetically: nothing else is said of single units."""
    if not of.today or not of.wide:
        return
    found = gaps.of_experts(session, of.units, on=of.day)
    names = sorted(gap.place for gap in found if gap.kind is gaps.Kind.NO_EXPERT)
    if names:
        yield Line("units_without", {"n": len(names), "names": names[:NAMED], "more": max(0, len(names) - NAMED)})


def sessions(session: Session, of: Of) -> Iterator[Line]:
    if of.wide and of.figures is not None and of.figures.sessions:
        heads = of.figures.heads or 0  # none: perhaps nobody has counted
        counted = {"n": of.figures.sessions, "heads": heads}
        yield Line("sessions_heads" if heads else "sessions", counted)


def next_session(session: Session, of: Of) -> Iterator[Line]:
    """The next drop-in to which it is invited."""
    if of.today and of.where.scope in (UNIT, DEPARTMENT):
        for found in stuga.suitable(session, Wish(department=of.department), now=of.now, most=1):
            yield Line("stuga", {"at": found.starts_at, "place": found.room or found.name})


def quarter(session: Session, of: Of) -> Iterator[Line]:
    """A unit's breakdown is shown per quarter: told once, when one is over."""
    closed = tally.last_closed(Span.QUARTER, now=of.now)
    if of.today and of.where.scope == UNIT and closed.last == of.period.last:
        yield Line("quarter", {}, Do(Way.FIGURES, f"{of.where.code}|{closed.code}"), loud=True)


def told_news(session: Session, of: Of) -> Iterator[Line]:
    """With how many have had it before their eyes, from as many on as a number may be shown of."""
    if of.week and of.units:
        found = news.published(session, since=of.period.since, until=of.period.until)
        by_tool = {each.tool: each for each in found if of.concerns(each)}
        for tool, each in list(by_tool.items())[:TOLD]:
            n, about = news.reach(session, each), {"tools": [tool]}
            told = n >= tally.rules(session).askers
            yield Line("news_reach", about | {"n": n}, loud=True) if told else Line("news", about, loud=True)


def good(session: Session, of: Of) -> Iterator[Line]:
    """A wish that was heard; from department level up also how many ready answers and replies to wishes are new."""
    if not of.week or not of.units:
        return
    span, units = {"since": of.period.since, "until": of.period.until}, [unit.id for unit in of.units if unit.id]
    heard = news.turned_into_news(session, unit_ids=units, **span)
    if heard:
        tools = list(dict.fromkeys(each.tool for each in heard))
        yield Line("good_wish", {"tools": tools[:TOLD]}, loud=True)
    fresh = len(answers.new_ones(session, **span)) if of.wide else 0
    if fresh:
        yield Line("good_answers", {"n": fresh})
    replied, askers = ideas.heard(session, unit_ids=units, **span) if of.wide else (0, 0)
    if askers >= tally.rules(session).askers:
        yield Line("ideas", {"n": replied})


LINES: tuple[Callable[[Session, Of], Iterable[Line]], ...] = (
    verdict,
    volume,
    waiting,
    access,
    experts,
    suggestions,
    units_without,
    sessions,
    told_news,
    good,
    next_session,
    quarter,
)


# ---- making one ------------------------------------------------------------------------------------------------


def newest(session: Session, *, now: datetime) -> Period:
    """The last week that is over and counted. Raises NotCounted before the first."""
    week = tally.last_closed(Span.WEEK, now=now)
    for period in (week, week.earlier(1)):  # on Monday before six the week has not been counted yet
        if tally.is_counted(session, period):
            return period
    raise NotCounted


def make(session: Session, where: Where, period: Period, *, now: datetime, reader: int | None = None) -> Summary:
    """What is said of this place and time. Raises NotCounted."""
    if not tally.is_counted(session, period):
        raise NotCounted
    if where.scope == TOOL:
        return _of_tool(session, where, period, now=now)
    scope = tally.Scope(where.scope)
    figures = tally.figures(session, scope, where.number, period)
    if figures is None:
        raise NotCounted
    units, department = _units(session, where)
    of = Of(
        where,
        period,
        figures.total,
        _before(session, where, period),
        now,
        figures=figures,
        units=units,
        department=department,
        troubled=_troubled(session, period, units, now),
        today=period.span is Span.WEEK and period == tally.last_closed(Span.WEEK, now=now),
        reader=reader,
    )
    return Summary(of, _lines(session, of), tuple(_tables(figures)))


def brief(session: Session, where: Where, period: Period, *, now: datetime) -> Summary:
    """Its totals and what is open, without a word: for Home. Raises NotCounted."""
    if where.scope == TOOL:
        return _of_tool(session, where, period, now=now)
    figures = tally.figures(session, tally.Scope(where.scope), where.number, period)
    if figures is None:
        raise NotCounted
    return Summary(Of(where, period, figures.total, _before(session, where, period), now, figures=figures), ())


def _before(session: Session, where: Where, period: Period) -> Sequence[int]:
    scope, weeks = tally.Scope(where.scope), comparing.WEEKS
    return tally.totals(session, scope, period, before=weeks, place=where.number).get(where.number, [])


def _lines(session: Session, of: Of) -> tuple[Line, ...]:
    return tuple(line for find in LINES for line in find(session, of))


def _tables(figures: Figures) -> Iterator[Table]:
    for dimension in (Dimension.TOOL, Dimension.KIND, Dimension.SOLVED):
        cells = figures.table(dimension)
        if cells:
            yield Table(dimension.value, cells, figures.rest(dimension))


def _of_tool(session: Session, where: Where, period: Period, *, now: datetime) -> Summary:
    """How much it was in the whole municipality, and in which departments."""
    found = tally.tool_figures(session, period, before=comparing.WEEKS).get(where.id)
    if found is None:
        of = Of(where, period, 0, (), now, hidden=True)
        return Summary(of, tuple(volume(session, of)))
    of = Of(where, period, found.number, found.before, now, whole=found.whole)
    names = {row.id: row.name for row in session.exec(select(Department))}
    cells = [Cell(names.get(key, ""), cell.number, cell.whole) for key, cell in found.departments.items()]
    table = Table(DEPARTMENT, tuple(sorted(cells, key=lambda cell: cell.key)), 0)  # no ranking of named places
    told = [*(verdict(session, of) if of.before else ()), *volume(session, of)]
    return Summary(of, tuple(told), (table,))


def tools_of(session: Session, found: Iterable[Where], period: Period) -> list[tuple[Where, int | None, bool]]:
    """Those of these places that are tools: what is shown of each, if anything, and whether that is all."""
    tools = [where for where in found if where.scope == TOOL]
    known = tally.tool_figures(session, period, before=0) if tools else {}
    read = [(where, known.get(where.id)) for where in tools]
    return [(where, each.number if each else None, each is None or each.whole) for where, each in read]


def _troubled(session: Session, period: Period, units: Sequence[Unit], now: datetime) -> tuple[str, ...]:
    """Tools with far more questions than usual in one of these units' departments, of those that they use."""
    if period.span is not Span.WEEK:
        return ()
    departments = sorted({unit.department_id for unit in units})
    found = {tool for department in departments for tool in _unusual(session, period, department)}
    own = people.tools_of(session, units[0].id, on=clock.today(now)) if len(units) == 1 else frozenset()
    return tuple(sorted(tool for tool in found if not own or tool in own))


def _unusual(session: Session, period: Period, department: int) -> Iterator[str]:
    """Beside the weeks in which the tool was shown: hidden weeks had less, so that none is told lightly."""
    for tool, numbers in tally.tools_by_week(session, department, period, comparing.WEEKS).items():
        now = numbers.pop(period.first, 0)
        if tool and comparing.is_more(now, list(numbers.values()), comparing.RARE):
            yield tool


def _units(session: Session, where: Where) -> tuple[tuple[Unit, ...], str | None]:
    """Its live units, and the key of its department."""
    if where.scope == UNIT:
        unit = session.get(Unit, where.number)
        above = session.get(Department, unit.department_id) if unit else None
        return ((unit,) if unit else ()), above.key if above else None
    live = select(Unit).where(col(Unit.live), col(Unit.ended_on).is_(None)).order_by(col(Unit.name))
    if where.scope == DEPARTMENT:
        return tuple(session.exec(live.where(Unit.department_id == where.number))), where.key
    inside = select(Department.id).where(Department.administration_id == where.number)
    return tuple(session.exec(live.where(col(Unit.department_id).in_(inside)))), None


# ---- who may read what -----------------------------------------------------------------------------------------


def everything(session: Session, *, since: date = date.max) -> list[Where]:
    """Administrations, departments, live units, by name; also units that ended on `since` or later."""
    found = [_administration(row) for row in session.exec(select(Administration).order_by(col(Administration.name)))]
    found += [_department(row) for row in session.exec(select(Department).order_by(col(Department.name)))]
    there = or_(col(Unit.ended_on).is_(None), col(Unit.ended_on) >= since)
    live = select(Unit).where(col(Unit.live), there).order_by(col(Unit.name), col(Unit.id))
    return [*found, *(_unit(row) for row in session.exec(live))]


def _unit(row: Unit) -> Where:
    return Where(UNIT, str(row.id), row.name, row.key)


def _department(row: Department) -> Where:
    return Where(DEPARTMENT, str(row.id), row.name, row.key)


def _administration(row: Administration) -> Where:
    return Where(ADMINISTRATION, str(row.id), row.name, row.key)


def places(session: Session, person_id: int, *, on: date) -> list[Where]:
    """What she may open: what she manages, the units in which she works, her tools; the widest first."""
    hats = people.roles_of(session, person_id, on=on)
    worn = {hat.role for hat in hats}
    found: list[Where] = []
    if worn & {Role.COORDINATOR, Role.ADMIN}:
        found += [_administration(row) for row in session.exec(select(Administration).order_by(col(Administration.id)))]
    led = {hat.department_id for hat in hats if hat.role is Role.DEPARTMENT_MANAGER}
    units = {hat.unit_id for hat in hats if hat.role is Role.UNIT_MANAGER}
    units |= {each.unit_id for each in people.units_of(session, person_id, on=on)}
    for_departments = select(Department).where(col(Department.id).in_(led)).order_by(col(Department.name))
    for_units = select(Unit).where(col(Unit.id).in_(units), col(Unit.live)).order_by(col(Unit.name))
    found += [_department(row) for row in session.exec(for_departments)] if led else []
    found += [_unit(row) for row in session.exec(for_units)] if units else []
    tools = {hat.tool for hat in hats if hat.role in (Role.OBJECT_SPECIALIST, Role.OBJECT_LEAD)}
    return [*found, *_tools(session, tools, on)]


def _tools(session: Session, tools: set[str | None], on: date) -> list[Where]:
    """Those that she is a specialist of; of all of them: those that are asked about."""
    if None not in tools:
        return [Where(TOOL, key) for key in sorted(key for key in tools if key)]
    week = tally.last_closed(Span.WEEK, now=clock.midnight(on))
    return [Where(TOOL, key) for key in sorted(tally.tool_figures(session, week)) if key]


def hers(session: Session, person_id: int, code: str, *, on: date) -> Where:
    """The place that a control names, if she may read about it. Raises NotYours."""
    found = next((where for where in places(session, person_id, on=on) if where.code == code), None)
    if found is None:
        raise NotYours
    return found


def manages(session: Session, person_id: int, where: Where, *, on: date) -> bool:
    """Whether what only the manager can do is hers."""
    return person_id in receivers(session, where, on=on) or any(
        hat.role is READERS.get(where.scope) and where.id in (str(hat.unit_id), str(hat.department_id))
        for hat in people.roles_of(session, person_id, on=on)
    )


# ---- Monday ----------------------------------------------------------------------------------------------------


def due_at(period: Period) -> datetime:
    """When a week's summary goes out: Monday at seven on Swedish clocks, the next working day when that is red."""
    day = period.last + timedelta(days=1)
    while not clock.is_working_day(day):
        day += timedelta(days=1)
    return clock.moment(day, AT)


def receivers(session: Session, where: Where, *, on: date) -> list[int]:
    """The managers of this day, or who stands in for them; whoever is away gets nothing."""
    role = READERS.get(where.scope)
    if role is None:
        return []
    hats = [hat for hat in _hats(session, where, role, on) if hat.role is role]
    away = people.away_until(session, {hat.person_id for hat in hats}, on=on)
    there = [hat for hat in hats if hat.person_id not in away]
    stood_in_for = {hat.deputy_for_id for hat in there}
    return sorted({hat.person_id for hat in there} - stood_in_for)


def _hats(session: Session, where: Where, role: Role, on: date) -> list[Appointment]:
    if where.scope == UNIT:
        return people.holders_in(session, role, where.number, on=on)
    found = people.holders(session, role, on=on)
    return [hat for hat in found if where.scope == ADMINISTRATION or hat.department_id == where.number]


def due(session: Session, *, now: datetime) -> list[Where]:
    """Places whose summary of the last week is due and has not gone out."""
    period = tally.last_closed(Span.WEEK, now=now)
    if now < due_at(period) or not tally.is_counted(session, period):
        return []
    found = everything(session, since=period.first)
    done = jobs.finished(session, JOB, [_slot(where, period) for where in found])
    return [where for where in found if _slot(where, period) not in done]


def _slot(where: Where, period: Period) -> str:
    return f"{period.code}:{where.scope}:{where.id}"


def send(session: Session, where: Where, *, now: datetime) -> None:
    """To whoever reads it today, once a week and place; with nobody there it waits for somebody."""
    period = tally.last_closed(Span.WEEK, now=now)
    to = receivers(session, where, on=clock.today(now))
    if not to or not jobs.claim(session, JOB, _slot(where, period), now=now):
        return
    _tell(session, where, period, to, "week", now=now)
    jobs.finish(session, JOB, _slot(where, period), now=now)


def _tell(session: Session, where: Where, period: Period, to: Sequence[int], cause: str, *, now: datetime) -> None:
    """A picture in each language in which it is read, and then the message."""
    there = people.speaking_in(session, where.number, on=clock.today(now)) if where.scope == UNIT else []
    by_language = {person.language: person.pk for person in (*there, *people.find(session, to).values())}
    for language, reader in by_language.items():
        drawn = f"summary_picture:{_slot(where, period)}:{language}"
        outbox.put(session, Intent("summary_picture", reader, None, drawn, cause), now=now)
    for person_id in to:
        place = f"{JOB}:{_slot(where, period)}:{person_id}"
        outbox.put(session, Intent("summary", person_id, None, place, cause), now=now, due=now + RIPENS)


def tell_anew(session: Session, late: Collection[str], *, now: datetime) -> None:
    """More is known of these places (by their codes): their pictures go, and what was sent of the last week is drawn
    anew, as an edit, for those who still may read it.
    """
    kept = session.exec(select(SummaryPicture.key)).all()
    stale = [key for key in kept if key.split(":")[1] in late]
    changed(session, delete(SummaryPicture).where(col(SummaryPicture.key).in_(stale)))
    period, to = tally.last_closed(Span.WEEK, now=now), defaultdict[str, list[int]](list)
    for place, person_id in outbox.written(session, JOB, f"{JOB}:{period.code}:").items():
        to[place.rpartition(":")[0]].append(person_id)
    for place in [place for place in to if "-".join(place.split(":")[2:]) in late]:
        with suppress(NotCounted):  # a place that is no more
            where, _ = told(session, place)
            still = [each for each in to[place] if manages(session, each, where, on=clock.today(now))]
            _tell(session, where, period, still, f"late {tally.counted_upto(session)}", now=now)


def speak(session: Session, person_id: int, language: str, *, now: datetime) -> None:
    """She reads another language from now on: last week's pictures of her places are drawn in it, and her messages."""
    period, cause = tally.last_closed(Span.WEEK, now=now), f"{language} {now.isoformat()}"
    for where in places(session, person_id, on=clock.today(now)):
        slot = _slot(where, period)
        if not picture(session, where, period, language, now=now):
            continue
        if session.get(SummaryPicture, _picture(where, period, language)) is None:
            drawn = f"summary_picture:{slot}:{language}"
            outbox.put(session, Intent("summary_picture", person_id, None, drawn, cause), now=now)
        for place in outbox.where_is(session, [f"{JOB}:{slot}:{person_id}"]):
            outbox.put(session, Intent("summary", person_id, None, place, cause), now=now, due=now + RIPENS)


def told(session: Session, place: str) -> tuple[Where, Period]:
    """What a letter is about, by its place. Raises NotCounted for what is no more."""
    _, code, scope, number = place.split(":")[:4]
    return of_row(session, scope, number), tally.period(code)


def of_row(session: Session, scope: str, number: str) -> Where:
    """Raises NotCounted."""
    if scope == TOOL:
        return Where(TOOL, number)
    if scope == UNIT and (unit := session.get(Unit, int(number))) is not None:
        return _unit(unit)
    if scope == DEPARTMENT and (department := session.get(Department, int(number))) is not None:
        return _department(department)
    if scope == ADMINISTRATION and (administration := session.get(Administration, int(number))) is not None:
        return _administration(administration)
    raise NotCounted


def order_file(session: Session, where: Where, period: Period, form: str, *, by: int, now: datetime) -> None:
    """[Excel], [PDF]: it comes into the conversation; each press is a file of its own."""
    place = f"summary_{form}:{period.code}:{where.scope}:{where.id}:{by}:{int(now.timestamp())}"
    outbox.put(session, Intent("summary_file", by, None, place, "pressed"), now=now)


# ---- pictures --------------------------------------------------------------------------------------------------


def picture(session: Session, where: Where, period: Period, language: str, *, now: datetime) -> str | None:
    """The id of its picture in Slack; in another language for those who read this one only since Monday. None where
    there is none, or Slack may have hidden it by now.
    """
    drawn = (session.get(SummaryPicture, _picture(where, period, each)) for each in (language, *words.LANGUAGES))
    row = next((row for row in drawn if row is not None), None)
    lasts = settings.read(session).span("keep.letters")
    return row.file_id if row is not None and now - row.at < lasts - timedelta(days=1) else None


def keep_picture(
    session: Session, where: Where, period: Period, language: str, file_id: str, *, now: datetime
) -> None:
    """Messages that show it wait until Slack can."""
    outbox.not_before(session, f"{JOB}:{_slot(where, period)}:", until=now + RIPENS)
    values = {"file_id": file_id, "at": now}
    fresh = insert(session, SummaryPicture).values(key=_picture(where, period, language), **values)
    changed(session, fresh.on_conflict_do_update(index_elements=["key"], set_=values))


def _picture(where: Where, period: Period, language: str) -> str:
    return f"{period.code}:{where.code}:{language}"
