"""Series of drop-ins, written down in Home by specialists and admins: the same checks as the import's, and a trail.

A change from some day on ends the row and begins another with the same key: what has been stays as it was, and each
session goes along with its week. Not here: which sessions follow from it (stuga.keep_calendar).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models import audit, clock, editing, importing, people, stuga, stuga_series
from models.audit import Change
from models.clock import DAYS
from models.editing import need
from models.errors import Gone, Refused
from models.people import Department, Person
from models.stuga_series import PLANNERS, SAID_ALIKE, Part, Stuga, StugaSeries, StugaTurn

Typed = dict[str, str]
OF_SERIES = {"weeks": "weeks", "pauses": "pauses", "ends_on": "ends"}  # what one session has nothing of: its column


class OnlySeries(Refused):
    """`about["column"]` holds for all sessions or for none."""

    key = "refused.stuga_only_series"


def may_plan(session: Session, by: int, *, now: datetime) -> bool:
    """On this day: specialists and admins."""
    return any(hat.role in PLANNERS for hat in people.roles_of(session, by, on=clock.today(now)))


def create(session: Session, typed: Typed, *, by: int, now: datetime) -> StugaSeries:
    """`typed`: cells of the sheet `stuga_series`; `starts` is today where it is empty.

    Raises NotYours, editing.ThereAlready for a key that is taken, importing.Faulty.
    """
    need(may_plan(session, by, now=now))
    typed = {"starts": clock.today(now).isoformat()} | typed
    if session.exec(select(StugaSeries.id).where(StugaSeries.key == typed.get("key", ""))).first() is not None:
        raise editing.ThereAlready
    return _begin(session, typed, what="stuga.added", before={}, by=by, now=now)


def change_from(session: Session, key: str, first: date, typed: Typed, *, by: int, now: datetime) -> StugaSeries:
    """All from this day on, not before tomorrow: who comes today has been told. Raises as `create`, and Gone."""
    need(may_plan(session, by, now=now))
    row = held(session, key, on=max(first, clock.today(now)))
    before, first = editing.said("stuga_series", row), max(first, clock.today(now) + timedelta(days=1))
    typed = before | typed | {"key": key, "starts": max(first, row.starts_on).isoformat()}
    _stop(session, key, first - timedelta(days=1))
    return _begin(session, typed, what="stuga.changed", before=before, by=by, now=now)


@dataclass(frozen=True)
class One:
    """The session of the week in which `day` lies: cells as they shall be, and people for the parts that change."""

    day: date
    typed: Typed
    crew: dict[Part, list[int]] = field(default_factory=dict)


def change_one(session: Session, key: str, change: One, *, by: int, now: datetime) -> Stuga:
    """Only what differs from its series is changed, and stays so.

    Raises NotYours, Gone for a week without one, OnlySeries, stuga.NotAhead, importing.Faulty.
    """
    need(may_plan(session, by, now=now))
    row, one = held(session, key, on=change.day), _one_of(session, key, change.day)
    stuga.alter(session, one, _differs(session, row, change), by=by, now=now)
    if change.crew:
        kept = {who: part for who, part in stuga_series.staff_of(session, one.pk).items() if part not in change.crew}
        chosen = {who: part for part in reversed(Part) for who in change.crew.get(part, ())}
        stuga.staff_one(session, one, kept | chosen, by=by, now=now)
    audit.keep(session, Change("stuga.once", row_id=one.id, about=f"{key} {one.slot}"), by=by, now=now)
    return one


def _differs(session: Session, row: StugaSeries, change: One) -> dict[str, Any]:
    """What a session has of it."""
    same = {"key": row.key, "starts": row.starts_on.isoformat()}
    new = _read(session, editing.said("stuga_series", row) | change.typed | same)
    other = {name: value for name, value in new.items() if getattr(row, name) != value}
    if beyond := [name for name in OF_SERIES if name in other]:
        raise OnlySeries(column=OF_SERIES[beyond[0]])
    values = {name: value for name, value in other.items() if name in SAID_ALIKE}
    if not other.keys() & {"day", "opens", "closes"}:
        return values
    there = StugaSeries(**new)
    starts_at, ends_at = there.span(clock.monday(change.day) + DAYS.index(there.day) * timedelta(days=1))
    return values | {"starts_at": starts_at, "ends_at": ends_at}


def _one_of(session: Session, key: str, day: date) -> Stuga:
    """Held, and still to come."""
    where = select(Stuga.id).where(Stuga.series == key, Stuga.slot == stuga_series.slot_of(day))
    return stuga_series.coming_one(session, session.exec(where).first())


def end(session: Session, key: str, last: date, *, by: int, now: datetime) -> None:
    """This is its last day; sessions after it are cancelled and everybody concerned is told. Raises NotYours, Gone."""
    need(may_plan(session, by, now=now))
    row = held(session, key, on=clock.today(now))
    last = max(last, clock.today(now))
    _stop(session, key, last)
    said = Change("stuga.ended", row_id=row.id, about=key, after={"ends": last.isoformat()})
    audit.keep(session, said, by=by, now=now)
    stuga.keep_calendar(session, now=now)


def _stop(session: Session, key: str, last: date) -> None:
    """No row of this key holds after this day. Those that would only begin then have nothing to keep."""
    for row in session.exec(select(StugaSeries).where(StugaSeries.key == key)).all():
        if row.starts_on > last:
            session.delete(row)
        elif row.ends_on is None or row.ends_on > last:
            row.ends_on = last
    session.flush()


def held(session: Session, key: str, *, on: date) -> StugaSeries:
    """The row of this key that holds on this day, or the next one that will. Raises Gone."""
    mine = select(StugaSeries).where(StugaSeries.key == key).order_by(col(StugaSeries.starts_on))
    rows = [row for row in session.exec(mine) if row.ends_on is None or row.ends_on >= on]
    if not rows:
        raise Gone
    return rows[0]


def _begin(session: Session, typed: Typed, *, what: str, before: Typed, by: int, now: datetime) -> StugaSeries:
    row = StugaSeries(**_read(session, typed))
    session.add(row)
    session.flush()
    was, became = editing.differs(before, editing.said("stuga_series", row))
    said = Change(what, row_id=row.id, about=row.key, before=was, after=became)
    audit.keep(session, said, by=by, now=now)
    stuga.keep_calendar(session, now=now)
    return row


def _read(session: Session, typed: Typed) -> dict[str, Any]:
    """Raises importing.Faulty."""
    keys = {key: number or 0 for key, number in session.exec(select(Department.key, Department.id))}
    return importing.one(session, "stuga_series", typed, {Department: keys})[0]


def set_turns(
    session: Session, key: str, turns: list[Typed], *, by: int, now: datetime, first: date | None = None
) -> None:
    """Who takes turns from this day on, from today at the earliest: cells `email` (the person's id), `part`, `turn`.
    Those who are left out end the day before.

    Raises NotYours, Gone, importing.Faulty.
    """
    need(may_plan(session, by, now=now))
    first = max(first or clock.today(now), clock.today(now))
    series = held(session, key, on=first)
    wanted = [_turn(session, series, typed, first) for typed in turns]
    known = {(t["person_id"], t["part"], t["turn"]) for t in wanted}
    there = set()
    for turn in stuga_series.turns_of(session, key):
        said = (turn.person_id, turn.part, turn.turn)
        if turn.holds(first) and said in known:
            there.add(said)
        elif turn.starts_on >= first:
            session.delete(turn)
        elif turn.holds(first):
            turn.ends_on = first - timedelta(days=1)
    session.add_all(StugaTurn(**t) for t in wanted if (t["person_id"], t["part"], t["turn"]) not in there)
    session.flush()
    audit.keep(session, Change("stuga.turns", row_id=series.id, about=key), by=by, now=now)
    stuga.keep_calendar(session, now=now)


def _turn(session: Session, series: StugaSeries, typed: Typed, first: date) -> dict[str, Any]:
    names: dict[Any, dict[str, int]] = {StugaSeries: {series.key: series.id or 0}}
    names[Person] = {str(i): i for i in people.find(session, [int(typed.get("email") or 0)])}
    values = {"series": series.key, "starts": first.isoformat()} | typed
    return importing.one(session, "stuga_turns", values, names)[0]
