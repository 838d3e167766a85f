"""What an administrator may change without a restart: the rows that the database keeps over what ships (shipped)."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from models.columns import instant
from models.db import changed, insert, looked_up
from models.shipped import DAYS as DAYS
from models.shipped import SHAPES as SHAPES
from models.shipped import NoSuchSetting as NoSuchSetting
from models.shipped import Settings as Settings
from models.shipped import WrongShape as WrongShape
from models.shipped import defaults as defaults
from models.shipped import fits as fits
from models.shipped import in_force
from models.shipped import kind_of as kind_of
from models.shipped import sheet_of as sheet_of
from models.shipped import tool as tool
from models.shipped import word as word


class Setting(SQLModel, table=True):
    """Only what differs from the file."""

    key: str = Field(primary_key=True, max_length=80)
    value: str = Field(max_length=3000)
    at: datetime = instant()


_OWN = select(Setting.key, Setting.value)


def read(session: Session) -> Settings:
    """The values in force now, read once per transaction."""
    kept = session.info.get(__name__)
    if not isinstance(kept, Settings):
        kept = session.info[__name__] = in_force(tuple(map(tuple, looked_up(session, _OWN, {}))))
    return kept


def write(session: Session, key: str, value: str, *, now: datetime) -> None:
    """Override a default. Raises NoSuchSetting, WrongShape."""
    kind = kind_of(key)
    if not fits(kind, value):
        raise WrongShape(name=key, expected=kind)
    put(session, key, value, now=now)


def put(session: Session, key: str, value: str, *, now: datetime) -> None:
    """What somebody else has checked."""
    fresh = insert(session, Setting).values(key=key, value=value, at=now)
    changed(session, fresh.on_conflict_do_update(index_elements=["key"], set_={"value": value, "at": now}))
    session.info.pop(__name__, None)


def reset(session: Session, key: str) -> None:
    """Back to the default."""
    changed(session, delete(Setting).where(col(Setting.key) == key))
    session.info.pop(__name__, None)
