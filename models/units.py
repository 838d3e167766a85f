"""A unit begins with the bot or stops, and says which tools it uses: changed in Home.

Not here: what its staff are told before it has begun (tickets.py, ladder.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from models import administration, audit, clock, editing, importing
from models.administration import Kind, Place
from models.audit import Change
from models.editing import need
from models.errors import Gone
from models.people import Unit, UnitTool


def begun(session: Session) -> tuple[int, int]:
    """How many units have begun, and how many there are."""
    there = select(func.count(col(Unit.id))).where(col(Unit.ended_on).is_(None))
    return session.exec(there.where(col(Unit.live))).one(), session.exec(there).one()


def begin(session: Session, place: Place, *, by: int, now: datetime) -> int:
    """From now on its staff get help here. Admins only. Raises NotYours, Gone."""
    return _switch(session, place, "yes", by=by, now=now)


def stop(session: Session, place: Place, *, by: int, now: datetime) -> int:
    """Its staff get a number to ring; what is still open ends at its next step (ladder.py). Raises NotYours, Gone."""
    return _switch(session, place, "no", by=by, now=now)


def _switch(session: Session, place: Place, live: str, *, by: int, now: datetime) -> int:
    need(editing.scope(session, by, now).everything and place.kind is Kind.UNIT)
    row = session.exec(select(Unit).where(Unit.id == place.id).with_for_update()).one()
    if row.live is (live == "yes"):
        raise Gone
    row.live = live == "yes"
    session.flush()
    return audit.keep(session, Change(f"unit.{live}", place.id, place.department_id, row_id=place.id), by=by, now=now)


def use_tools(session: Session, place: Place, tools: list[str], *, by: int, now: datetime) -> int:
    """Exactly these from today; none: nobody has said, so it may be any. Raises NotYours, importing.Faulty."""
    need(editing.scope(session, by, now).covers(place) and place.kind is Kind.UNIT)
    today = clock.today(now)
    row = {"unit": place.key, "tools": "|".join(tools), "starts": today.isoformat()}
    named = importing.one(session, "unit_tools", row, {Unit: {place.key: place.id}}) if tools else []
    wanted = [UnitTool(**each) for each in named]
    lasts = or_(col(UnitTool.ends_on).is_(None), col(UnitTool.ends_on) >= today)
    before = list(session.exec(select(UnitTool).where(UnitTool.unit_id == place.id, lasts).with_for_update()))
    kept = {each.tool for each in before} & {each.tool for each in wanted}
    for each in before:
        if each.tool not in kept:
            each.ends_on = today - timedelta(days=1)
    session.add_all(each for each in wanted if each.tool not in kept)
    session.flush()
    was, became = ({"tools": "|".join(sorted({e.tool for e in rows}))} for rows in (before, wanted))
    said = Change("unit.tools", place.id, place.department_id, row_id=place.id, before=was, after=became)
    return audit.keep(session, said, by=by, now=now)


def is_live(session: Session, place: Place) -> bool:
    row = session.get(Unit, place.id)
    return row is not None and row.live


def place(session: Session, code: str) -> Place:
    """A unit that a control names. Raises Gone."""
    found = administration.place(session, code)
    if found.kind is not Kind.UNIT:
        raise Gone
    return found
