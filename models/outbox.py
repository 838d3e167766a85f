"""Letters: what shall be said to whom, about which row. Intention, not pixels; delivery renders at sending time.

First in, first out per person. A letter names its *place*, the message it is (`receipt:F-12`): a place that
is posted already is edited, else posted. An edit may pass letters that wait for other messages.
An expired lease or an unclear answer from Slack leaves the letter *in doubt*: delivery then looks for its
`mark` among what was posted before it sends again. Not here: rendering (handlers) and sending (bot/delivery.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Subquery,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    or_,
    text,
)
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import Field, Session, SQLModel, col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from models.columns import code, instant, paired
from models.db import add_once, changed, given_back, insert_on, looked_up, values

LEASE = timedelta(seconds=60)


class Outcome(StrEnum):
    SENT = "sent"
    UNCHANGED = "unchanged"  # the message shows this already
    DROPPED = "dropped"  # no longer true, or its receiver is off duty
    GIVEN_UP = "given_up"  # Slack will never take it; `error` says why


class Letter(SQLModel, table=True):
    __table_args__ = (
        paired("done_at", "outcome"),
        Index(
            "ix_letter_waiting",
            "to_id",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=160)
    mark: str = Field(unique=True, max_length=32)
    kind: str = Field(max_length=40)
    to_id: int = Field(foreign_key="person.id", index=True)
    about_id: int | None = None
    place: str = Field(max_length=80, index=True)
    created_at: datetime = instant()
    due_at: datetime = instant()
    retry_at: datetime | None = instant(default=None, nullable=True)
    lease_until: datetime | None = instant(default=None, nullable=True)
    in_doubt: bool = False
    tries: int = 0
    error: str = Field(default="", max_length=120)
    done_at: datetime | None = instant(default=None, nullable=True, index=True)
    outcome: Outcome | None = code(Outcome, default=None, nullable=True)

    @property
    def pk(self) -> int:
        """The id of a stored letter."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


class Posted(SQLModel, table=True):
    """Where a place stands in Slack, and what it shows: a digest of it, or the ids of its files."""

    __table_args__ = (UniqueConstraint("channel", "ts"),)

    place: str = Field(primary_key=True, max_length=80)
    to_id: int = Field(foreign_key="person.id", index=True)
    channel: str = Field(max_length=40)
    ts: str = Field(max_length=30)
    digest: str = Field(max_length=64)
    at: datetime = instant()


@dataclass(frozen=True)
class Intent:
    """What somebody shall see. `cause` is the history row or the job's slot: a second run adds nothing."""

    kind: str
    to: int
    about: int | None
    place: str
    cause: str


def put(session: Session, intent: Intent, *, now: datetime, due: datetime | None = None) -> bool:
    """Queue a letter; True if it is new. `due` later than `now` keeps it out of the queue until then.

    A picture is drawn from what is true when it is sent: a second one for the same message in one transaction,
    due no sooner, would show the same, and is left out.
    """
    due = due or now
    queued = session.info.setdefault(__name__, {})
    picture = (intent.place, intent.to)
    if queued.get(picture, ("", due))[0] == intent.kind and queued[picture][1] <= due:
        return False
    queued[picture] = (intent.kind, due)
    return add_once(
        session,
        Letter,
        key=f"{intent.kind}:{intent.place}:{intent.cause}",
        mark=token_hex(12),
        kind=intent.kind,
        to_id=intent.to,
        about_id=intent.about,
        place=intent.place,
        created_at=now,
        due_at=due,
        in_doubt=False,
        tries=0,
        error="",
    )


def claim(session: Session, *, now: datetime, limit: int) -> list[Letter]:
    """Lease the next letters, the oldest first, never one whose turn it is not. In doubt: see the module."""
    ready = looked_up(session, _READY, {"now": now, "most": limit})
    return _leased(session, ready, now) if ready else []


def _leased(session: Session, ready: Sequence[Letter], now: datetime) -> list[Letter]:
    """Those that nobody else was faster with. A letter keeps the doubt it had when it was claimed; the row is in doubt
    from here until it is answered.
    """
    claim = {"ids": [letter.pk for letter in ready], "now": now, "lease": now + LEASE}
    won = {won_id for (won_id,) in given_back(session, _LEASE, claim)}
    return [letter for letter in ready if letter.id in won]


def _free() -> ColumnElement[bool]:
    lease, retry = col(Letter.lease_until), col(Letter.retry_at)
    now: BindParameter[datetime] = bindparam("now")
    return and_(or_(lease.is_(None), lease <= now), or_(retry.is_(None), retry <= now))


def _turns() -> Subquery:
    """Each waiting letter's turn in its person's queue, and among those for the same message.

    By window functions: comparing every letter with every earlier one made a coordinator's queue of 2,000 crawl.
    """
    order = (col(Letter.due_at), col(Letter.id))
    numbered: Any = select(
        col(Letter.id).label("id"),
        func.row_number().over(partition_by=col(Letter.to_id), order_by=order).label("turn"),
        func.row_number()
        .over(partition_by=(col(Letter.to_id), col(Letter.place)), order_by=order)
        .label("turn_of_place"),
    )
    found: Subquery = numbered.where(col(Letter.done_at).is_(None), col(Letter.due_at) <= bindparam("now")).subquery()
    return found


# Built once: building these costs more than running them. `now` and the like are given with each call.
_TURNS = _turns()
_IS_EDIT = exists().where(col(Posted.place) == col(Letter.place)).correlate(Letter)  # it may pass other messages
_ITS_TURN = or_(_TURNS.c.turn == 1, and_(_TURNS.c.turn_of_place == 1, _IS_EDIT))
_READY = (
    select(Letter)
    .join(_TURNS, _TURNS.c.id == col(Letter.id))
    .where(_free(), _ITS_TURN)
    .order_by(col(Letter.due_at), col(Letter.id))
    .limit(bindparam("most"))
)
_LEASE = (
    update(Letter)
    .where(col(Letter.id).in_(bindparam("ids", expanding=True)), col(Letter.done_at).is_(None), _free())
    .values(lease_until=bindparam("lease"), tries=col(Letter.tries) + 1, in_doubt=True, retry_at=None)
    .returning(col(Letter.id))
)
_FINISH = (
    update(Letter)
    .where(col(Letter.id) == bindparam("letter"))
    .values(
        done_at=bindparam("now"), outcome=bindparam("how"), error=bindparam("why"), lease_until=None, in_doubt=False
    )
)
_WHEN_FREE = func.coalesce(col(Letter.retry_at), col(Letter.lease_until), col(Letter.due_at))
_NEXT_FREE = select(func.min(_WHEN_FREE)).join(_TURNS, _TURNS.c.id == col(Letter.id)).where(_ITS_TURN)
_NEXT_NEW = select(func.min(col(Letter.due_at))).where(
    col(Letter.done_at).is_(None), col(Letter.due_at) > bindparam("now")
)
_WHERE_IS = select(Posted).where(col(Posted.place).in_(bindparam("places", expanding=True)))


def sent(session: Session, letter: Letter, *, channel: str, ts: str, digest: str, now: datetime) -> None:
    """Slack has it. The place is remembered in the same transaction."""
    remember(session, letter.place, letter.to_id, (channel, ts), digest=digest, now=now)
    finish(session, letter, Outcome.SENT, now=now)


def found(session: Session, letter: Letter, *, channel: str, ts: str, now: datetime) -> None:
    """It had been posted; what it shows nobody knows. It is drawn anew, as an edit."""
    remember(session, letter.place, letter.to_id, (channel, ts), now=now)
    later(session, letter, at=now, error="", in_doubt=False)


def remember(session: Session, place: str, to: int, at: tuple[str, str], *, now: datetime, digest: str = "") -> None:
    """`at`: channel and ts where it stands. Without a digest nobody knows what it shows."""
    row = {"place": place, "to_id": to, "channel": at[0], "ts": at[1], "digest": digest, "at": now}
    changed(session, _put_place(session.get_bind().dialect.name), row)


def files_stand(
    session: Session, letter: Letter, *, channel: str, ts: str, files: tuple[str, ...], now: datetime
) -> None:
    """A message with these files: Slack does not post it as a letter, and it is known by a row all the same."""
    shown = " ".join(files)[:64]
    remember(session, files_place(channel, ts), letter.to_id, (channel, ts), digest=shown, now=now)


def files_place(channel: str, ts: str) -> str:
    return f"files:{channel}:{ts}"


def files_in(posted: Posted) -> tuple[str, ...]:
    """The files of a message that carries any."""
    return tuple(posted.digest.split()) if posted.place.startswith("files:") else ()


@cache
def _put_place(dialect: str) -> UpdateBase:
    put = insert_on(dialect, Posted)
    again = {name: put.excluded[name] for name in ("channel", "ts", "digest", "at")}
    statement: UpdateBase = put.on_conflict_do_update(index_elements=["place"], set_=again)
    return statement


def finish(session: Session, letter: Letter, outcome: Outcome, *, now: datetime, error: str = "") -> None:
    """The letter needs nothing more."""
    changed(session, _FINISH, {"letter": letter.id, "now": now, "how": outcome, "why": error[:120]})


def later(session: Session, letter: Letter, *, at: datetime, error: str, in_doubt: bool) -> None:
    """Try again at `at`. `in_doubt` when Slack may have got it although it did not say so."""
    again = update(Letter).where(col(Letter.id) == letter.id, col(Letter.done_at).is_(None))
    changed(session, again.values(retry_at=at, lease_until=None, in_doubt=in_doubt, error=error[:120]))


def hold(session: Session, letter: Letter, *, until: datetime) -> None:
    """Its receiver is off duty or asleep: it leaves the queue until then, and blocks nobody.

    The doubt it was claimed with stays: it may have been posted just before a process died.
    """
    held = update(Letter).where(col(Letter.id) == letter.id)
    changed(session, held.values(due_at=until, lease_until=None, in_doubt=letter.in_doubt, tries=0))


def step_aside(session: Session, letter: Letter, *, until: datetime, error: str) -> None:
    """Something is wrong with this very letter: it goes to the end of its reader's queue, and blocks nobody."""
    last = update(Letter).where(col(Letter.id) == letter.id)
    changed(session, last.values(due_at=until, lease_until=None, in_doubt=letter.in_doubt, error=error[:120]))


def reschedule(session: Session, kind: str, about: int, *, due: datetime, now: datetime) -> None:
    """Move letters of this kind that are not due yet: cards wait a little after the asker's last line."""
    waiting = update(Letter).where(
        col(Letter.kind) == kind,
        col(Letter.about_id) == about,
        col(Letter.done_at).is_(None),
        col(Letter.due_at) > now,
        col(Letter.tries) == 0,
    )
    changed(session, waiting.values(due_at=due))


def not_before(session: Session, prefix: str, *, until: datetime) -> None:
    """Letters for places whose names begin so wait at least until then."""
    still = col(Letter.done_at).is_(None), col(Letter.lease_until).is_(None), col(Letter.due_at) < until
    changed(session, update(Letter).where(_begins(prefix), *still).values(due_at=until))


def written(session: Session, kind: str, prefix: str) -> dict[str, int]:
    """To whom each letter of this kind was written whose place begins so, sent or not yet."""
    return dict(session.exec(select(Letter.place, Letter.to_id).where(Letter.kind == kind, _begins(prefix))).all())


def _begins(prefix: str) -> ColumnElement[bool]:
    """A range, so that the index serves."""
    place = col(Letter.place)
    return and_(place >= prefix, place < prefix[:-1] + chr(ord(prefix[-1]) + 1))


def where_is(session: Session, places: Sequence[str]) -> dict[str, Posted]:
    """Places that are posted, by name."""
    return {posted.place: posted for posted in looked_up(session, _WHERE_IS, {"places": list(places)})}


def behind(session: Session, kind: str, to: int, *, now: datetime) -> datetime:
    """When what of this kind waits for her has gone out: now, if nothing does."""
    waiting = select(func.max(col(Letter.due_at))).where(
        Letter.kind == kind, Letter.to_id == to, col(Letter.done_at).is_(None)
    )
    return max(now, session.exec(waiting).one() or now)


def placed(session: Session, *prefixes: str) -> list[Posted]:
    """Posted places whose names begin so, by name (ranges, so that the key's index serves; put in order here: asked to
    do that too, SQLite goes through the whole table by that index).
    """
    ends = {f"from{i}": start for i, start in enumerate(prefixes)}
    ends |= {f"to{i}": start[:-1] + chr(ord(start[-1]) + 1) for i, start in enumerate(prefixes)}
    return sorted(looked_up(session, _placed(len(prefixes)), ends), key=lambda posted: posted.place)


def in_order(session: Session, *prefixes: str) -> list[Posted]:
    """As `placed`, the newest message last."""
    return sorted(placed(session, *prefixes), key=lambda posted: float(posted.ts))


def is_newest(session: Session, place: str, *prefixes: str) -> bool:
    """Whether of the messages at such places none is newer; what is not posted yet will be the newest."""
    return place not in [posted.place for posted in in_order(session, *prefixes)[:-1]]


@cache
def _placed(number: int) -> SelectOfScalar[Posted]:
    name = col(Posted.place)
    ranges = (and_(name >= bindparam(f"from{i}"), name < bindparam(f"to{i}")) for i in range(number))
    return select(Posted).where(or_(*ranges))


def places(session: Session) -> set[str]:
    """Those that stand, and those for which a letter waits."""
    waits = session.exec(select(Letter.place).where(col(Letter.done_at).is_(None)))
    return {*session.exec(select(Posted.place)), *waits}


def at(session: Session, channel: str, ts: str) -> str | None:
    """The place of a message: which card or receipt somebody writes under."""
    return next(iter(values(session, _AT, {"channel": channel, "ts": ts})), None)


_AT = select(Posted.place).where(Posted.channel == bindparam("channel"), Posted.ts == bindparam("ts"))


def on_its_way(session: Session, to: int, *, seen_at: datetime) -> str | None:
    """The place of a message that somebody reads already, and that is not written down yet: Slack had it at `seen_at`.

    Between posting and marking lie milliseconds, or a minute where the answer was lost or the process died. It is the
    one letter to her in doubt; of several nobody can tell which, and no word may reach the wrong one: None.
    """
    found = values(session, _ON_ITS_WAY, {"to": to, "seen": seen_at + CLOCKS_DIFFER})
    return found[0] if len(found) == 1 else None


CLOCKS_DIFFER = timedelta(minutes=1)  # Slack's and ours, at the most
_ON_ITS_WAY = select(Letter.place).where(
    Letter.to_id == bindparam("to"),
    col(Letter.done_at).is_(None),
    col(Letter.in_doubt),
    Letter.created_at <= bindparam("seen"),
    ~_IS_EDIT,
)


def forget_place(session: Session, place: str) -> None:
    """The message is gone from Slack; the next letter for this place posts anew."""
    changed(session, delete(Posted).where(col(Posted.place) == place))


def move_place(session: Session, old: str, new: str) -> None:
    """The message of `old` becomes the message of `new` (a prompt that turns into the receipt)."""
    changed(session, update(Posted).where(col(Posted.place) == old).values(place=new))


def next_due(session: Session, *, now: datetime) -> datetime | None:
    """When a letter whose turn it is may be claimed next, so that the worker need not poll."""
    found = (at for query in (_NEXT_FREE, _NEXT_NEW) for at in values(session, query, {"now": now}))
    return min((at for at in found if at is not None), default=None)


def waiting(session: Session, *, now: datetime) -> int:
    """Letters that are due and not finished."""
    due = select(func.count(col(Letter.id))).where(col(Letter.done_at).is_(None), col(Letter.due_at) <= now)
    return session.exec(due).one()


def waits_since(session: Session, *, now: datetime) -> datetime | None:
    """When the oldest of them fell due."""
    waits = (col(Letter.done_at).is_(None), col(Letter.due_at) <= now)
    return session.exec(select(func.min(col(Letter.due_at))).where(*waits)).one()


def given_up(session: Session, *, limit: int = 20) -> list[Letter]:
    """What could not be delivered, newest first, for `supportstuga check`."""
    lost = select(Letter).where(Letter.outcome == Outcome.GIVEN_UP).order_by(col(Letter.id).desc())
    return list(session.exec(lost.limit(limit)))



def carried(session: Session, place: str) -> bool:
    """Whether a letter for this place was ever written."""
    return bool(values(session, _CARRIED, {"at": place}))


_CARRIED = select(Letter.place).where(Letter.place == bindparam("at")).limit(1)


def roots_alive(session: Session, places: Sequence[str]) -> list[tuple[str, str]]:
    """(channel, ts) of these places where they are posted: the threads to catch up."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(places), 500):
        found += [(p.channel, p.ts) for p in where_is(session, places[start : start + 500]).values()]
    return found
