"""A series as a calendar to subscribe to: one address for everybody, not to be guessed, that says nothing of anybody.

Not here: bytes (stuga_ics.py), who serves them (bot/web.py). Without a public address nobody makes a row here.
"""

from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models import clock, settings, stuga_ics, stuga_series
from models.db import add_once
from models.errors import Gone
from models.stuga_series import Day, Stuga, StugaSeries


class StugaFeed(SQLModel, table=True):
    """The last part of a series' address; it goes on when the series changes."""

    __tablename__ = "stuga_feed"

    series: str = Field(primary_key=True, max_length=80)
    tail: str = Field(max_length=32, unique=True)


def tail_of(session: Session, key: str) -> str:
    """The same for everybody and for ever; made when somebody asks for it first."""
    add_once(session, StugaFeed, series=key, tail=stuga_series.token())
    return session.exec(select(StugaFeed.tail).where(StugaFeed.series == key)).one()


def file(session: Session, tail: str, *, now: datetime) -> bytes:
    """From its first day to the end of next year: what is left out, cancelled or moved too. Raises Gone."""
    key = session.exec(select(StugaFeed.series).where(StugaFeed.tail == tail)).first()
    rows = list(session.exec(select(StugaSeries).where(StugaSeries.key == key).order_by(col(StugaSeries.starts_on))))
    found = _days(session, rows, until=date(clock.today(now).year + 1, 12, 31))
    if key is None or not found:
        raise Gone
    return stuga_ics.series_file(found, session.exec(select(Stuga).where(Stuga.series == key)).all())


def _days(session: Session, rows: list[StugaSeries], *, until: date) -> list[Day]:
    if not rows:
        return []
    return list(stuga_series.days(rows, settings.read(session), first=rows[0].starts_on, last=until))
