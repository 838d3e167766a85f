"""Series of drop-ins, written down in Home by specialists and admins: the same checks as the import's, and a trail.

A change from some day on ends the row and begins another with the same key: what has been stays as it was, and each
session goes along with its week. Not here: which sessions follow from it (stuga.keep_calendar).
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models import audit, clock, editing, importing, people, stuga
from models.audit import Change
from models.editing import need
from models.errors import Gone
from models.people import Department, Person
from models.stuga_series import PLANNERS, StugaSeries, StugaTurn

Typed = dict[str, str]


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
    keys = {key: number or 0 for key, number in session.exec(select(Department.key, Department.id))}
    row = StugaSeries(**importing.one(session, "stuga_series", typed, {Department: keys})[0])
    session.add(row)
    session.flush()
    was, became = editing.differs(before, editing.said("stuga_series", row))
    said = Change(what, row_id=row.id, about=row.key, before=was, after=became)
    audit.keep(session, said, by=by, now=now)
    stuga.keep_calendar(session, now=now)
    return row


def set_turns(session: Session, key: str, turns: list[Typed], *, by: int, now: datetime) -> None:
    """Who takes turns from today on: cells `email` (the person's id), `part`, `turn`. Those who are left out end.

    Raises NotYours, Gone, importing.Faulty.
    """
    need(may_plan(session, by, now=now))
    series, today = held(session, key, on=clock.today(now)), clock.today(now)
    wanted = [_turn(session, series, typed, today) for typed in turns]
    known = {(t["person_id"], t["part"], t["turn"]) for t in wanted}
    there = set()
    for turn in session.exec(select(StugaTurn).where(StugaTurn.series == key)):
        if turn.holds(today):
            there.add((turn.person_id, turn.part, turn.turn))
            if (turn.person_id, turn.part, turn.turn) not in known:
                turn.ends_on = today - timedelta(days=1)
    session.add_all(StugaTurn(**t) for t in wanted if (t["person_id"], t["part"], t["turn"]) not in there)
    session.flush()
    audit.keep(session, Change("stuga.turns", row_id=series.id, about=key), by=by, now=now)
    stuga.keep_calendar(session, now=now)


def _turn(session: Session, series: StugaSeries, typed: Typed, today: date) -> dict[str, Any]:
    names: dict[Any, dict[str, int]] = {StugaSeries: {series.key: series.id or 0}}
    names[Person] = {str(i): i for i in people.find(session, [int(typed.get("email") or 0)])}
    values = {"series": series.key, "starts": today.isoformat()} | typed
    return importing.one(session, "stuga_turns", values, names)[0]
