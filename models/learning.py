"""What corrections teach: the words of a question that was read wrongly, and the tool that it was about.

Lives here: Wording, one for a question at most. It vanishes with the words it came from (cleared, withdrawn, deleted,
too old) unless a specialist of the tool keeps it; cleared ones go in any case. Read from the database with each
question: every thread and every instance knows it at once. Not here: what it does to a reading (recognition).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import clock, people, secrecy
from models.columns import check, instant
from models.db import changed, insert, looked_up
from models.errors import Gone, NotYours
from models.people import Person, Role
from models.recognition import Learnt

LONGEST = 300  # characters: the trouble itself
FEWEST_WORDS = 2
MOST = 500  # the newest


class Wording(SQLModel, table=True):
    __table_args__ = (
        check("ticket_id IS NOT NULL OR kept_at IS NOT NULL", "has_a_question_or_is_kept"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", unique=True)
    tool: str = Field(max_length=60, index=True)
    text: str = Field(max_length=LONGEST)
    learnt_at: datetime = instant(index=True)
    kept_at: datetime | None = instant(default=None, nullable=True)


_NEWEST = select(Wording).order_by(col(Wording.id).desc()).limit(MOST)
_GONE = delete(Wording).where(col(Wording.ticket_id) == bindparam("ticket"))
_GONE_UNLESS_KEPT = _GONE.where(col(Wording.kept_at).is_(None))


def learn(session: Session, ticket_id: int, tool: str, text: str, *, now: datetime) -> None:
    """Somebody has said what these words are about. The newest correction of a question holds.

    Masked without anything that passes elsewhere: a name that its writer vouched for is nothing to learn.
    """
    masked = secrecy.mask(text[:LONGEST]).text[:LONGEST].strip()
    forget(session, ticket_id, kept=False)
    if len(masked.split()) < FEWEST_WORDS:
        return
    row = {"ticket_id": ticket_id, "tool": tool, "text": masked, "learnt_at": now}
    changed(session, insert(session, Wording).values(**row).on_conflict_do_nothing())
    session.info.pop(__name__, None)


def in_force(session: Session) -> tuple[Learnt, ...]:
    """Everything that was learnt, read once in a transaction."""
    known: tuple[Learnt, ...] | None = session.info.get(__name__)
    if known is None:
        found = looked_up(session, _NEWEST, {})
        known = tuple(Learnt(row.tool, row.text, row.kept_at is not None) for row in found)
        session.info[__name__] = known
    return known


def forget(session: Session, ticket_id: int, *, kept: bool) -> None:
    """The words of this question are gone. `kept`: also what a specialist has kept."""
    changed(session, _GONE if kept else _GONE_UNLESS_KEPT, {"ticket": ticket_id})
    session.info.pop(__name__, None)


def part(session: Session, ticket_ids: Sequence[int]) -> None:
    """The words of these questions go by schedule: what is kept stays, cut off from them."""
    theirs = col(Wording.ticket_id).in_(ticket_ids)
    changed(session, delete(Wording).where(theirs, col(Wording.kept_at).is_(None)))
    changed(session, update(Wording).where(theirs).values(ticket_id=None))
    session.info.pop(__name__, None)


# ---- the specialist's hand -------------------------------------------------------------------------------------------


def to_look_at(session: Session, person: Person, *, now: datetime, limit: int) -> list[Wording]:
    """What was learnt about her tools and nobody has looked at, the oldest first."""
    tools = _tools_of(session, person.pk, now)
    if not tools:
        return []
    open_ = select(Wording).where(col(Wording.kept_at).is_(None)).order_by(col(Wording.id)).limit(limit)
    return list(session.exec(open_ if None in tools else open_.where(col(Wording.tool).in_(tools))))


def keep(session: Session, wording_id: int, *, by: int, now: datetime) -> None:
    """[Behåll]: it stays when its question goes. Twice is once."""
    found = _hers(session, wording_id, by=by, now=now)
    keeping = update(Wording).where(col(Wording.id) == found.id, col(Wording.kept_at).is_(None))
    changed(session, keeping.values(kept_at=now))
    session.info.pop(__name__, None)


def drop(session: Session, wording_id: int, *, by: int, now: datetime) -> None:
    """[Ta bort]: it was no good."""
    found = _hers(session, wording_id, by=by, now=now)
    changed(session, delete(Wording).where(col(Wording.id) == found.id))
    session.info.pop(__name__, None)


def _hers(session: Session, wording_id: int, *, by: int, now: datetime) -> Wording:
    """Raises Gone, or NotYours for who is no specialist of its tool today."""
    found, tools = session.get(Wording, wording_id), _tools_of(session, by, now)
    if not tools:
        raise NotYours
    if found is None:
        raise Gone
    if found.tool not in tools and None not in tools:
        raise NotYours
    return found


def _tools_of(session: Session, person_id: int, now: datetime) -> set[str | None]:
    """Whose specialist she is; None among them is every tool."""
    hats = people.roles_of(session, person_id, on=clock.today(now))
    return {hat.tool for hat in hats if hat.role is Role.OBJECT_SPECIALIST}
