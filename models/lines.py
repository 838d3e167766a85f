"""What is said: the asker's lines, the helper's, and those that wait to find their question. Always masked.

A line without a ticket is a draft or waits for "which question?". Not here: which question a line belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, func, text
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import erasure_log, learning, outbox, settings, tickets
from models.columns import check, code, instant, paired
from models.db import add_once, changed, looked_up, mostly_none, values
from models.errors import AlreadyClosed, AlreadyTaken
from models.outbox import Intent, Letter
from models.people import Person
from models.tickets import Ticket


class Side(StrEnum):
    ASKER = "asker"
    HELPER = "helper"
    INTERNAL = "internal"  # between helpers; never relayed
    KEPT = "kept"  # written under a question that another has: only its author knows of it, until she takes it over


class ClearedBy(StrEnum):
    """In which hat somebody has cleared a line; who it was is not told."""

    ASKER = "asker"
    HELPER = "helper"
    AGE = "age"  # its time was over
    ERASURE = "erasure"  # somebody's words were erased at her wish


@dataclass(frozen=True)
class Said:
    """One version of a message, masked at the door. `hidden`: something was masked; `left_out`: a file came with it.

    `edited`: Slack's time of the edit; None for the message as it was first written. `root`: in whose thread it stands;
    `under_own`: in one that she has opened herself.
    `vouched`: its writer says that the names in it are meant to be there.
    """

    text: str
    hidden: bool
    channel: str
    ts: str
    guessed: bool = False
    left_out: bool = False
    edited: datetime | None = None
    root: str = ""
    under_own: bool = False
    vouched: bool = False

    @property
    def at(self) -> datetime:
        """Slack's own time of the message: lines are ordered by it, not by arrival."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def version(self) -> datetime:
        """Slack's own time of these words: of two versions the newer one counts, not the one that arrived last."""
        return self.edited or self.at


class Line(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        paired("cleared_at", "cleared_by"),
        check("cleared_at IS NULL OR text = ''", "cleared_has_no_words"),
        Index("ix_line_unplaced", "author_id", "ticket_id"),
        Index("ix_line_kept", "said_at", sqlite_where=text("side = 'kept'"), postgresql_where=text("side = 'kept'")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    author_id: int | None = Field(foreign_key="person.id")
    side: Side = code(Side)
    text: str
    hidden: bool = False
    guessed: bool = False  # joined its question by our rule, not by the asker's hand: she may say that it is a new one
    left_out: bool = False  # a file came with it, and stayed where it was
    channel: str = Field(max_length=40)
    ts: str = Field(max_length=30)
    root: str = Field(default="", max_length=30)  # the message in whose thread it stands; empty in the conversation
    said_at: datetime = instant()
    changed_at: datetime | None = instant(default=None, nullable=True)  # Slack's time of its newest version
    cleared_at: datetime | None = instant(default=None, nullable=True)
    cleared_by: ClearedBy | None = code(ClearedBy, default=None, nullable=True)
    deleted_at: datetime | None = instant(default=None, nullable=True)

    @property
    def pk(self) -> int:
        """The id of a stored line."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    @property
    def version(self) -> datetime:
        """Slack's own time of the words as they stand."""
        return self.changed_at or self.said_at


def keep(session: Session, said: Said, *, by: int, side: Side, ticket_id: int | None) -> Line | None:
    """Store a line once, however often it is delivered; it is to be read. None if it was there already."""
    row = {
        "ticket_id": ticket_id,
        "author_id": by,
        "side": side,
        "text": said.text,
        "hidden": said.hidden,
        "guessed": said.guessed,
        "left_out": said.left_out,
        "channel": said.channel,
        "ts": said.ts,
        "root": said.root,
        "said_at": said.at,
        "changed_at": said.edited,
    }
    if not add_once(session, Line, **row):
        return None
    return looked_up(session, _FIND, {"channel": said.channel, "ts": said.ts})[0]


def find(session: Session, channel: str, ts: str) -> Line | None:
    return next(iter(mostly_none(session, _FIND, {"channel": channel, "ts": ts})), None)


def standing(session: Session, channel: str, root: str, *, since: datetime, until: datetime) -> dict[str, str]:
    """What people have written in a conversation, or in one thread of it, and not deleted: Slack's ts → whose."""
    written = (
        select(Line.ts, Person.chat_user_id)
        .join(Person, col(Person.id) == col(Line.author_id))
        .where(Line.channel == channel, Line.root == root, col(Line.deleted_at).is_(None))
        .where(Line.ts >= f"{since.timestamp():.6f}", Line.ts < f"{until.timestamp():.6f}")
    )
    return {ts: user for ts, user in session.exec(written) if user is not None}


# Built once: building a statement costs more than running it, and these are asked for every message and picture.
_FIND = select(Line).where(Line.channel == bindparam("channel"), Line.ts == bindparam("ts"))
_OF_TICKET = (
    select(Line)
    .where(Line.ticket_id == bindparam("ticket"), col(Line.deleted_at).is_(None), Line.side != Side.KEPT)
    .order_by(col(Line.said_at), col(Line.id))
)
_UNSENT = (
    select(Line)
    .where(
        Line.ticket_id == bindparam("ticket"),
        Line.author_id == bindparam("author"),
        Line.side == Side.KEPT,
        Line.text != "",
        col(Line.deleted_at).is_(None),
        Line.said_at >= bindparam("since"),
    )
    .order_by(col(Line.said_at), col(Line.id))
)
_STORED_BEFORE = select(Line).where(  # although they were said after it
    Line.ticket_id == bindparam("ticket"),
    Line.side == bindparam("side"),
    col(Line.id) < bindparam("line"),
    Line.said_at > bindparam("said_at"),
)
_PUT_UNDER = update(Line).where(col(Line.id) == bindparam("line"))
_UNPLACED = (
    select(Line)
    .where(Line.author_id == bindparam("author"), col(Line.ticket_id).is_(None), col(Line.deleted_at).is_(None))
    .order_by(col(Line.said_at), col(Line.id))
)


def of_ticket(session: Session, ticket_id: int, side: Side | None = None) -> list[Line]:
    """In the order in which they were said, to be read; without deleted ones, and what only their author knows of."""
    found = looked_up(session, _OF_TICKET, {"ticket": ticket_id})
    return [line for line in found if side in (None, line.side)]


def unsent(session: Session, ticket_id: int, author_id: int, *, at: datetime) -> list[Line]:
    """What somebody has written under a question that another has, from about this moment on, and nobody has read."""
    since = at - settings.read(session).span("join.within")
    return list(session.exec(_UNSENT, params={"ticket": ticket_id, "author": author_id, "since": since}))


def unplaced(session: Session, author_id: int) -> list[Line]:
    """Somebody's lines that have found no question yet, oldest first, to be read."""
    return looked_up(session, _UNPLACED, {"author": author_id})


def unplaced_since(session: Session, *, before: datetime) -> list[int]:
    """Whose unplaced lines have waited long enough."""
    who: list[int | None] = values(session, _WAITING, {"before": before})
    return sorted({i for i in who if i is not None})


_WAITING: Any = select(Line.author_id).where(
    col(Line.ticket_id).is_(None), col(Line.deleted_at).is_(None), col(Line.said_at) <= bindparam("before")
)


def put_under(session: Session, found: Sequence[Line], ticket_id: int) -> None:
    """These lines belong to this question."""
    for line in found:
        changed(session, _PUT_UNDER, {"line": line.pk, "ticket_id": ticket_id})


def which_place(person_id: int, line: Line) -> str:
    """ "Vilken fråga gäller det?", which quotes the line."""
    return f"which:{person_id}:{line.id}"


def has_to_choose(session: Session, person_id: int, held: Sequence[Line]) -> bool:
    """Whether she has been asked which question one of these is about, and has not answered."""
    return any(outbox.carried(session, which_place(person_id, line)) for line in held)


def ask_no_more(session: Session, person_id: int, line: Line, *, now: datetime) -> None:
    """ "Vilken fråga gäller det?" loses its buttons and its quote: the line has found its question, or is gone."""
    place = which_place(person_id, line)
    if outbox.carried(session, place):
        outbox.put(session, Intent("which", person_id, line.id, place, "placed"), now=now)


def drop(session: Session, found: Sequence[Line], *, now: datetime) -> None:
    """A bare greeting, or a thank-you: nothing to keep."""
    ids = [line.id for line in found]
    changed(session, update(Line).where(col(Line.id).in_(ids)).values(text="", deleted_at=now))


def revive(session: Session, line: Line) -> None:
    """It was dropped, and now there are other words in it. Whoever deleted hers cannot edit them any more."""
    changed(session, update(Line).where(col(Line.id) == line.id).values(deleted_at=None))


def relay(session: Session, ticket: Ticket, line: Line, *, to: int | None, cause: str, now: datetime) -> None:
    """Carry a line to the other side; a changed line edits the message that carried it.

    Two lines of a second are heard by two threads. Each waits a moment and is due by its own time of writing, so
    that letters, first in first out by due time, keep the order in which people wrote.
    """
    if to is not None and (line.text or line.deleted_at is not None):
        _carry(session, line, to, relayed_place(line, to), cause=cause, now=now)


def relay_news(session: Session, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """An asker's line that says something new."""
    _tell_news(session, ticket, line, "follow_up", now=now)


def call_helper(session: Session, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """As relay_news, one that she must not miss."""
    _tell_news(session, ticket, line, "needs_helper", now=now)


def _tell_news(session: Session, ticket: Ticket, line: Line, kind: str, *, now: datetime) -> None:
    """Where its owner has read older words of it, an edit would not be noticed: it comes as a message of its own,
    once.
    """
    owner = ticket.owner_id
    if owner is None or not (line.text or line.deleted_at is not None):
        return
    place = relayed_place(line, owner)
    if outbox.where_is(session, [place]) or was_left_behind(session, place):
        place = _again_place(line, owner)
    _put(session, line, Intent(kind, owner, line.id, place, "said"), now=now)


def is_unseen(session: Session, ticket: Ticket) -> bool:
    """Whether its owner has not written in her card's thread: of a thread that she has no part in Slack tells her
    nothing.
    """
    wrote = select(Line.id).where(Line.ticket_id == ticket.id, Line.author_id == ticket.owner_id, Line.root != "")
    return ticket.owner_id is not None and session.exec(wrote.limit(1)).first() is None


def was_called(session: Session, ticket: Ticket) -> bool:
    """Whether a line has called the one who has the question since she took it."""
    theirs = of_ticket(session, ticket.pk, Side.ASKER)
    carried = [place for line in theirs for place in places(line, ticket.owner_id or 0)]
    calls = select(Letter.id).where(col(Letter.place).in_(carried), Letter.kind == "needs_helper")
    return session.exec(calls.where(col(Letter.created_at) >= ticket.taken_at).limit(1)).first() is not None


def _carry(session: Session, line: Line, to: int, place: str, *, cause: str, now: datetime) -> None:
    if line.side not in (Side.INTERNAL, Side.KEPT):
        kind = "answer" if line.side is Side.HELPER else "follow_up"
        _put(session, line, Intent(kind, to, line.id, place, cause), now=now)


def _put(session: Session, line: Line, intent: Intent, *, now: datetime) -> None:
    settled = min(line.said_at, now) + settings.read(session).span("line.settle")
    outbox.put(session, intent, now=now, due=settled)


def relayed_place(line: Line, to: int) -> str:
    return f"line:{line.id}:{to}"


def _again_place(line: Line, to: int) -> str:
    return f"again:{line.id}:{to}"


def places(line: Line, to: int) -> tuple[str, str]:
    """Where this line may stand in front of somebody."""
    return relayed_place(line, to), _again_place(line, to)


def of_place(place: str) -> int | None:
    """The line that a message carries or quotes."""
    kind, *rest = place.split(":")
    at = {"line": 0, "again": 0, "which": 1, "prompt": 1}.get(kind)
    number = rest[at] if at is not None and at < len(rest) else ""
    return int(number) if number.isdecimal() else None


def was_overtaken(session: Session, line: Line, letter: Letter) -> bool:
    """Whether what was said after `line` is told this letter's reader before it, because it reached us first."""
    later = {"ticket": line.ticket_id, "side": line.side, "line": line.pk, "said_at": line.said_at}
    places = [relayed_place(found, letter.to_id) for found in looked_up(session, _STORED_BEFORE, later)]
    if not places:
        return False
    there = outbox.where_is(session, [letter.place, *places])
    here = there.pop(letter.place, None)
    return any(here is None or float(told.ts) < float(here.ts) for told in there.values())


def leave_behind(session: Session, line: Line, ticket: Ticket, *, now: datetime) -> None:
    """It belongs to another question now: whoever has read it in this one is told so, in the same message."""
    for to, place in _copies(session, line, ticket):
        outbox.put(session, Intent("moved", to, line.id, place, "moved"), now=now)


def was_left_behind(session: Session, place: str) -> bool:
    """Whether this copy of a line stands in a question that the line has left."""
    return session.exec(select(Letter.id).where(Letter.key == f"moved:{place}:moved")).first() is not None


def _copies(session: Session, line: Line, ticket: Ticket) -> list[tuple[int, str]]:
    """(whom, place) of every message that carries it, also to those who had the question before."""
    cards = tickets.candidates(session, ticket.pk)
    readers = [card.person_id for card in cards] if line.side is Side.ASKER else [ticket.asker_id]
    wanted = {place: to for to in readers if to is not None for place in places(line, to)}
    found = session.exec(select(Letter.place).where(col(Letter.place).in_(wanted)).distinct()).all()
    return [(wanted[place], place) for place in sorted(found) if not was_left_behind(session, place)]


def answer(session: Session, person: Person, ticket: Ticket, said: Said, *, now: datetime) -> None:
    """A helper writes under her card: that takes the question, and the asker gets her words.

    Somebody who has not got it is told who has: nothing of hers crosses, her words wait for [Ta frågan och skicka].
    Those about a question that is over are not kept.
    Raises NotYours for somebody who never had a card.
    """
    tickets.candidate_only(session, person, ticket.id)
    if find(session, said.channel, said.ts) is not None:
        return
    if not said.text:
        _tell_file_stayed(session, person.pk, ticket, said.ts, now=now)
        return
    try:
        tickets.take_to_answer(session, ticket.pk, by=person.pk, now=now)
    except AlreadyTaken:
        _keep_back(session, person, ticket, said, now=now)
        return
    except AlreadyClosed:
        place = f"not_open:{ticket.shown}:{person.id}:{said.ts}"
        outbox.put(session, Intent("not_open", person.pk, ticket.id, place, "wrote"), now=now)
        return
    line = keep(session, said, by=person.pk, side=Side.HELPER, ticket_id=ticket.id)
    if line is not None:
        reach(session, ticket, line, now=now)
        vouch(session, ticket, said, by=person.pk, now=now)


def reach(session: Session, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """A line of the one who has the question reaches the asker."""
    author = line.author_id or 0
    tickets.helper_wrote(session, ticket, by=author, now=now)
    relay(session, ticket, line, to=ticket.asker_id, cause="said", now=now)
    if line.left_out:
        _tell_file_stayed(session, author, ticket, line.ts, now=now)


def _keep_back(session: Session, person: Person, ticket: Ticket, said: Said, *, now: datetime) -> None:
    """Only she knows of it. One message says who has the question, also when she writes three lines in a row."""
    in_a_row = unsent(session, ticket.pk, person.pk, at=said.at)
    line = keep(session, said, by=person.pk, side=Side.KEPT, ticket_id=ticket.id)
    if line is not None and not in_a_row:
        place = f"who_has_it:{ticket.shown}:{line.id}"
        outbox.put(session, Intent("who_has_it", person.pk, ticket.id, place, "wrote"), now=now)


def _tell_file_stayed(session: Session, to: int, ticket: Ticket, ts: str, *, now: datetime) -> None:
    place = f"file_stayed:{ticket.shown}:{to}:{ts}"
    outbox.put(session, Intent("file_stayed", to, ticket.id, place, "wrote"), now=now)


def note(session: Session, person: Person, ticket: Ticket, text: str, *, vouched: bool, now: datetime) -> None:
    """[Intern anteckning], or the word that goes with [Skicka vidare]: on the helpers' cards, nowhere else."""
    said = Said(text, False, f"note:{person.id}:{ticket.id}", f"{now.timestamp():.6f}", vouched=vouched)
    if keep(session, said, by=person.pk, side=Side.INTERNAL, ticket_id=ticket.id) is not None:
        row = tickets.move(session, ticket, tickets.Event.NOTED, by=person.pk, now=now)
        vouch(session, ticket, said, by=person.pk, now=now)
        tickets.show_all(session, ticket, row, now=now)


def teach(session: Session, ticket: Ticket, tool: str, *, now: datetime) -> None:
    """Somebody says what the asker's words are about: the next one who writes so is read so."""
    said = " ".join(line.text for line in of_ticket(session, ticket.pk, Side.ASKER))
    learning.learn(session, ticket.pk, tool, said, now=now)


def vouch(session: Session, ticket: Ticket, said: Said, *, by: int, now: datetime) -> None:
    """[Skicka ändå]: that somebody says the names may be there is written down, the names are not."""
    if said.vouched:
        tickets.note_down(session, ticket, tickets.Event.VOUCHED, by=by, now=now)


def change(session: Session, line: Line, said: Said, *, now: datetime) -> bool:
    """Another version of a message: the newest wins, whichever is heard first. True if the line reads otherwise now.

    An older version that had to be masked marks the line too: it has been seen in the chat.
    """
    before = line.text, line.hidden
    there = col(Line.deleted_at).is_(None), col(Line.cleared_at).is_(None)
    standing = update(Line).where(col(Line.id) == line.id, *there)
    older = func.coalesce(col(Line.changed_at), col(Line.said_at)) < said.version
    changed(session, standing.where(older).values(text=said.text, changed_at=said.version))
    if said.hidden:
        changed(session, standing.values(hidden=True))
    session.refresh(line)
    if (line.text, line.hidden) == before:
        return False
    _carry_change(session, line, cause=f"changed {line.version.isoformat()} {now.isoformat()}", now=now)
    return True


def remove(session: Session, line: Line, *, now: datetime) -> None:
    """Its author deleted the message: the words go, a trace without content stays."""
    gone = update(Line).where(col(Line.id) == line.id, col(Line.deleted_at).is_(None))
    if changed(session, gone.values(text="", deleted_at=now)):
        erasure_log.note(session, erasure_log.What.LINE, line.pk, now=now)
        if line.ticket_id is not None:
            learning.forget(session, line.ticket_id, kept=False)
        session.refresh(line)
        _carry_change(session, line, cause="deleted", now=now)


def _carry_change(session: Session, line: Line, *, cause: str, now: datetime) -> None:
    """To everybody who has read it, and to the pictures of its question."""
    show_to_readers(session, line, cause=cause, now=now)
    if line.ticket_id is not None and line.side is Side.ASKER:
        ticket = tickets.get(session, line.ticket_id)
        row = tickets.note_down(session, ticket, tickets.Event.WROTE, by=line.author_id, now=now, note="edited")
        tickets.show_all(session, ticket, row, now=now)


def show_to_readers(session: Session, line: Line, *, cause: str, now: datetime) -> None:
    """As it reads now, in every message that carries it."""
    if line.ticket_id is None:
        return
    ticket = tickets.get(session, line.ticket_id)
    if line.side is Side.KEPT:
        tickets.show_buttons(session, ticket, f"{line.id} {cause}", now=now)
        return
    for to, place in _copies(session, line, ticket):
        _carry(session, line, to, place, cause=cause, now=now)
