"""The life of a question: its states, who may move it, its history. Every transition is one conditional update.

Lives here: Ticket, History, Candidate, the state machine, and the letters that each move causes.
Not here: what is said in it (lines.py), who is asked next (ladder.py), how a question begins (asking.py).
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, func, or_
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlmodel import Field, Session, SQLModel, col, insert, select, update
from sqlmodel.sql.expression import SelectOfScalar

from models import clock, learning, outbox, people, settings
from models.columns import check, code, instant, paired
from models.db import changed, columns, given_back, insert_on, looked_up, mostly_none, renewed, stored, values
from models.errors import AlreadyClosed, AlreadyTaken, Gone, NotYours, NotYourTurn, Refused
from models.outbox import Intent
from models.people import Person
from models.recognition import Kind, Urgency


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    WAITING_ASKER = "waiting_asker"
    WAITING_EXTERNAL = "waiting_external"
    PARKED = "parked"
    SOLVED_PROPOSED = "solved_proposed"
    CLOSED = "closed"


class Reason(StrEnum):
    SOLVED = "solved"
    SELF_HELP = "self_help"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RUNG = "rung"


class SolvedBy(StrEnum):
    SELF_HELP = "self_help"
    EXPERT_USER = "expert_user"
    OBJECT_SPECIALIST = "object_specialist"
    IT = "it"
    STUGA = "stuga"


class Rung(StrEnum):
    """How far a question has gone, and on which step of the ladder somebody was asked (domain.md 3)."""

    UNIT_EXPERT = "unit_expert"
    LENT_EXPERT = "lent_expert"  # of another unit, which lends her
    DEPARTMENT_EXPERT = "department_expert"
    SPECIALIST = "specialist"  # of the department and the tool
    SPECIALIST_ELSEWHERE = "specialist_elsewhere"  # of the tool, in another department
    COORDINATOR = "coordinator"


class NextStep(StrEnum):
    """What the clock does at `next_at`."""

    ASK = "ask"
    LET_OUT = "let_out"  # her eleventh within an hour: nobody is asked until there is room, or she says so
    COMES = "comes"  # somebody comes to work: what waits is shown to her in one digest
    ANEW = "anew"  # everybody has been asked and nobody has it: a new round begins
    REMIND = "remind"
    FREE = "free"
    WARN = "warn"
    REST = "rest"
    CHECK = "check"  # has IT or the vendor answered?
    UNPARK = "unpark"


class Event(StrEnum):
    """What happened: one word per history row."""

    ASKED = "asked"
    UNDERSTOOD = "understood"
    PLACED = "placed"
    URGENT = "urgent"
    NOT_URGENT = "not_urgent"
    WENT_TO = "went_to"
    LET_OUT = "let_out"
    DECLINED = "declined"
    TAKEN = "taken"
    TAKEN_OVER = "taken_over"
    REMINDED = "reminded"
    FREED = "freed"
    WENT_HOME = "went_home"
    RETURNED = "returned"
    WROTE = "wrote"
    NOTED = "noted"
    VOUCHED = "vouched"  # names in what was written are meant to be there
    SENT_ON = "sent_on"
    PARKED = "parked"
    UNPARKED = "unparked"
    ASKED_BACK = "asked_back"
    SENT_OUT = "sent_out"
    CHECKED = "checked"
    CAME_BACK = "came_back"
    SOLVED = "solved"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    WARNED = "warned"
    RESTED = "rested"
    UNIT_OFF = "unit_off"
    REDIRECTED = "redirected"
    RUNG = "rung"
    ANEW = "anew"
    REPAIRED = "repaired"
    CLEARED = "cleared"  # its words are gone, or those of one line
    OFFERED = "offered"  # answers stand in the receipt: nobody is asked for a while
    HUMAN = "human"  # the asker wants a person rather than answers
    STUGA_CHANGED = "stuga_changed"  # parked for another drop-in
    ANSWERED_ALL = "answered_all"  # with the others like it: one answer to all, or the fault is mended
    SUGGESTED = "suggested"  # it is a wish, and goes to those who know the tool
    AT_STUGA = "at_stuga"  # what became of it there: a code of stuga_day.Outcome


CLAIM = frozenset({NextStep.REMIND, NextStep.FREE})  # somebody waits for the taker's word
# Messages that say something else once the question has moved: most of them lose their buttons.
ASKS = ("outcome", "stuga_outcome", "outage_over")  # whether it is solved
WITH_BUTTONS = (
    *(*ASKS, "stuga_still"),
    *("solve_offer", "check_outside", "who_has_it", "fault_note", "reminder"),
)
ALIVE = frozenset(State) - {State.CLOSED}
HELD = frozenset({State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL, State.SOLVED_PROPOSED})
TOOK = frozenset({Event.TAKEN, Event.TAKEN_OVER})
SOLVES = frozenset({Event.SOLVED, Event.ANSWERED_ALL})
FROM_HOLDER = frozenset({Event.TAKEN_OVER, Event.ANSWERED_ALL})  # of two at once only the one who saw who has it wins

# The state machine: which event may happen in which states, and where it leads (None: stays).
MOVES: dict[Event, tuple[frozenset[State], State | None]] = {
    Event.UNDERSTOOD: (ALIVE, None),
    Event.PLACED: (ALIVE, None),
    Event.URGENT: (ALIVE, None),
    Event.NOT_URGENT: (ALIVE, None),
    Event.WENT_TO: (frozenset({State.OPEN}), None),
    Event.LET_OUT: (frozenset({State.OPEN}), None),
    Event.TAKEN: (frozenset({State.OPEN, State.PARKED}), State.TAKEN),
    Event.TAKEN_OVER: (frozenset({State.TAKEN, State.WAITING_ASKER}), State.TAKEN),
    Event.REMINDED: (frozenset({State.TAKEN}), None),
    Event.FREED: (HELD, State.OPEN),
    Event.WENT_HOME: (HELD, State.OPEN),
    Event.RETURNED: (HELD, State.OPEN),
    Event.WROTE: (ALIVE, None),
    Event.NOTED: (ALIVE, None),
    Event.SENT_ON: (frozenset({State.OPEN, State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL}), State.OPEN),
    Event.PARKED: (frozenset({State.OPEN, State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL}), State.PARKED),
    Event.UNPARKED: (frozenset({State.PARKED}), State.OPEN),
    Event.ASKED_BACK: (frozenset({State.TAKEN}), State.WAITING_ASKER),
    Event.SENT_OUT: (frozenset({State.TAKEN, State.WAITING_ASKER}), State.WAITING_EXTERNAL),
    Event.CHECKED: (frozenset({State.WAITING_EXTERNAL}), None),
    Event.CAME_BACK: (frozenset({State.WAITING_EXTERNAL}), State.TAKEN),
    Event.SOLVED: (
        frozenset({State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL}),
        State.SOLVED_PROPOSED,
    ),
    Event.ANSWERED_ALL: (frozenset({State.OPEN, State.TAKEN, State.PARKED}), State.SOLVED_PROPOSED),
    Event.CONFIRMED: (ALIVE, State.CLOSED),
    Event.DENIED: (frozenset({State.SOLVED_PROPOSED}), State.TAKEN),
    Event.REOPENED: (frozenset({State.SOLVED_PROPOSED, State.CLOSED}), None),
    Event.WITHDRAWN: (ALIVE, State.CLOSED),
    Event.WARNED: (frozenset({State.SOLVED_PROPOSED, State.WAITING_ASKER}), None),
    Event.RESTED: (frozenset({State.SOLVED_PROPOSED, State.WAITING_ASKER}), State.CLOSED),
    Event.UNIT_OFF: (frozenset({State.OPEN}), State.CLOSED),
    Event.REDIRECTED: (frozenset({State.OPEN}), State.CLOSED),
    Event.RUNG: (ALIVE, State.CLOSED),
    Event.SUGGESTED: (ALIVE, State.CLOSED),
    Event.ANEW: (frozenset({State.OPEN}), None),
    Event.REPAIRED: (ALIVE, State.OPEN),
    Event.OFFERED: (frozenset({State.OPEN}), None),
    Event.HUMAN: (frozenset({State.OPEN}), None),
    Event.STUGA_CHANGED: (frozenset({State.PARKED}), None),
    Event.AT_STUGA: (frozenset(State) - {State.TAKEN, State.WAITING_ASKER}, None),
}
# Of two at once only the one who saw it where it is wins.
OF_STUGA = frozenset({Event.UNPARKED, Event.STUGA_CHANGED, Event.AT_STUGA})
PARKABLE = MOVES[Event.PARKED][0]


FOR_TAKING = MOVES[Event.TAKEN][0] | MOVES[Event.TAKEN_OVER][0]  # also from somebody who has it
# Coordinators have no code of their own in contracts.md: theirs stays empty.
SOLVERS = {
    Rung.UNIT_EXPERT: SolvedBy.EXPERT_USER,
    Rung.LENT_EXPERT: SolvedBy.EXPERT_USER,
    Rung.DEPARTMENT_EXPERT: SolvedBy.EXPERT_USER,
    Rung.SPECIALIST: SolvedBy.OBJECT_SPECIALIST,
    Rung.SPECIALIST_ELSEWHERE: SolvedBy.OBJECT_SPECIALIST,
}


class Via(StrEnum):
    """How a candidate learnt of the question."""

    CARD = "card"
    CLUSTER = "cluster"  # answered with others like it: a card of her own only if its asker says that it did not help
    DIGEST = "digest"  # listed when she came or came back to work: a new card only once she has taken it


class Ticket(SQLModel, table=True):
    """A question. `F-<id>` for people."""

    __table_args__ = (
        paired("owner_id", "taken_at"),
        check("held_until IS NULL OR owner_id IS NOT NULL", "held_by_somebody"),
        paired("next_at", "next_step"),
        paired("closed_at", "reason"),
        check(
            "owner_id IS NOT NULL OR next_at IS NOT NULL OR stuga_id IS NOT NULL OR state = 'closed'",
            "never_without_a_next_step",
        ),
        check("stuga_id IS NULL OR (state = 'parked' AND next_at IS NULL)", "at_a_stuga_while_parked"),
        check("state <> 'parked' OR stuga_id IS NOT NULL OR next_at IS NOT NULL", "parked_for_something"),
        check("(state = 'closed') = (closed_at IS NOT NULL)", "closed_has_a_time"),
        check("state <> 'open' OR owner_id IS NULL", "open_has_no_owner"),
        check("(pictures = '') = (ticked_at IS NULL)", "no_picture_without_the_tick"),
        check("state NOT IN ('taken', 'solved_proposed') OR owner_id IS NOT NULL", "taken_has_an_owner"),
        {"sqlite_autoincrement": True},  # F-123 is said on the phone: it never comes back as another question
    )

    id: int | None = Field(default=None, primary_key=True)
    asker_id: int | None = Field(foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    tool: str | None = Field(default=None, max_length=60)
    tool_chosen: bool = False  # by a person: later lines do not change it
    belongs_to: str | None = Field(default=None, max_length=40)  # whose it is if not ours: a key of owners.csv
    for_colleague: bool = False  # the asker does not stand before the thing herself
    pictures: str = Field(default="", max_length=120)  # Slack's ids of at most three files, with a blank between
    ticked_at: datetime | None = instant(default=None, nullable=True)  # "inga uppgifter om brukare syns"
    kind: Kind = code(Kind)
    urgency: Urgency = code(Urgency)
    state: State = code(State, default=State.OPEN, index=True)
    reason: Reason | None = code(Reason, default=None, nullable=True)
    solved_by: SolvedBy | None = code(SolvedBy, default=None, nullable=True)
    rung: Rung | None = code(Rung, default=None, nullable=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    taken_at: datetime | None = instant(default=None, nullable=True)
    stuga_id: int | None = Field(default=None, foreign_key="stuga.id", index=True)  # where it will be taken up
    held_until: datetime | None = instant(default=None, nullable=True)  # when the taker's time at work ends
    had_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # whoever had it last
    answers_until: datetime | None = instant(default=None, nullable=True)  # she reads answers: nobody is asked before
    next_step: NextStep | None = code(NextStep, default=None, nullable=True)
    next_at: datetime | None = instant(default=None, nullable=True, index=True)
    asked_at: datetime = instant(index=True)
    asker_wrote_at: datetime = instant()
    helper_wrote_at: datetime | None = instant(default=None, nullable=True)
    closed_at: datetime | None = instant(default=None, nullable=True, index=True)
    disposed_at: datetime | None = instant(default=None, nullable=True)  # its words went by schedule

    @property
    def pk(self) -> int:
        """The id of a stored question."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    @property
    def picture_ids(self) -> list[str]:
        return self.pictures.split()

    @property
    def shown(self) -> str:
        """The number people say: F-123. The masker knows the form."""
        return f"F-{self.id}"

    @property
    def is_held(self) -> bool:
        """Nobody is asked yet: it is one too many within the hour."""
        return self.next_step is NextStep.LET_OUT

    @property
    def is_redirected(self) -> bool:
        """Its asker was pointed to the owner, and has not asked for a human since."""
        return self.state is State.CLOSED and self.reason is Reason.REDIRECTED and self.belongs_to is not None

    @property
    def is_answered(self) -> bool:
        """Whoever has it has written to the asker."""
        wrote, taken = self.helper_wrote_at, self.taken_at
        return self.owner_id is not None and wrote is not None and taken is not None and wrote >= taken

    @property
    def awaits_answer(self) -> bool:
        return self.state in MOVES[Event.ANSWERED_ALL][0] and not self.is_answered

    @property
    def helper_wrote_last(self) -> bool:
        return self.helper_wrote_at is not None and self.helper_wrote_at >= self.asker_wrote_at


class History(SQLModel, table=True):
    """What happened to a question. Rows are added, never changed; who did it goes with the question's words."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # letters' keys hold these ids: one is never used twice

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = instant()
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    event: Event = code(Event)
    state: State = code(State)
    other_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    note: str = Field(default="", max_length=80)  # a code (tool key, rung), never words of a person


class Candidate(SQLModel, table=True):
    """Somebody who was sent a card, on which rung, and whether the question may still come to her."""

    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    rung: Rung = code(Rung)
    via: Via = code(Via, default=Via.CARD)
    sent_at: datetime = instant()
    left_at: datetime | None = instant(default=None, nullable=True)
    said_no: bool = False  # handed on by herself, or out of reach: the ladder does not come back to her


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: whom to ask now (maybe nobody), and when to go on."""

    rung: Rung | None
    people: tuple[int, ...]
    due_at: datetime
    then: NextStep = NextStep.ASK  # what the clock does at `due_at`


def receipt_place(ticket_id: int) -> str:
    return f"receipt:F-{ticket_id}"


def card_place(ticket_id: int, person_id: int) -> str:
    return f"card:F-{ticket_id}:{person_id}"


def own_time(session: Session, person_id: int, *, since: datetime, most: timedelta) -> tuple[int, timedelta]:
    """Questions somebody has taken since then, and the time from taking to her last word, at most `most` each.

    Shown to herself only (domain.md 1: visible time spent, never a ranking).
    """
    mine = select(History).where(History.by_id == person_id, History.at >= since).order_by(col(History.id))
    spans: dict[int, list[datetime]] = {}
    for row in session.exec(mine):
        if row.event in TOOK or row.ticket_id in spans:
            spans.setdefault(row.ticket_id, []).append(row.at)
    return len(spans), sum((min(most, at[-1] - at[0]) for at in spans.values()), timedelta())


def parse_place(place: str) -> tuple[str, int] | None:
    """`card:F-12:7` → ("card", 12); None for places that are not about a question."""
    kind, _, rest = place.partition(":F-")
    number = rest.split(":")[0]
    return (kind, int(number)) if number.isdigit() else None


def get(session: Session, ticket_id: int | None) -> Ticket:
    """Raises Gone for a number that never was."""
    ticket = session.get(Ticket, ticket_id) if ticket_id is not None else None
    if ticket is None:
        raise Gone
    return ticket


def shown(session: Session, ticket_id: int | None) -> Ticket:
    """To be drawn, and never moved. Raises Gone."""
    for ticket in looked_up(session, _SHOWN, {"ticket": ticket_id}):
        return ticket
    raise Gone


# Built once: building a statement costs more than running it, and these are asked for every message and picture.
_SHOWN = select(Ticket).where(Ticket.id == bindparam("ticket"))
_ALIVE_OF = (
    select(Ticket)
    .where(Ticket.asker_id == bindparam("asker"), Ticket.state != State.CLOSED)
    .order_by(col(Ticket.id).desc())
)
_LATEST_REDIRECTED = (
    select(Ticket)
    .where(Ticket.asker_id == bindparam("asker"), Ticket.reason == Reason.REDIRECTED)
    .where(col(Ticket.belongs_to).is_not(None), col(Ticket.asked_at) > bindparam("since"))
    .order_by(col(Ticket.id).desc())
)
_ONE_BEFORE = (
    select(Ticket)
    .where(Ticket.asker_id == bindparam("asker"))
    .order_by(col(Ticket.id).desc())
    .offset(bindparam("skip"))
    .limit(1)
)
_CANDIDATES = (
    select(Candidate)
    .where(Candidate.ticket_id == bindparam("ticket"))
    .order_by(col(Candidate.id))
)
_CANDIDATE = select(Candidate).where(
    Candidate.ticket_id == bindparam("ticket"), Candidate.person_id == bindparam("person")
)
_CARDS_OF = (
    select(Candidate.person_id)
    .join(Ticket, col(Ticket.id) == col(Candidate.ticket_id))
    .where(Ticket.state == State.OPEN, Candidate.rung == Rung.DEPARTMENT_EXPERT)
    .where(col(Candidate.left_at).is_(None), col(Candidate.person_id).in_(bindparam("ids", expanding=True)))
)


def alive_of(session: Session, asker_id: int) -> list[Ticket]:
    """An asker's questions that are not closed, newest first."""
    return mostly_none(session, _ALIVE_OF, {"asker": asker_id})


def redirected_since(session: Session, asker_id: int, *, since: datetime) -> Ticket | None:
    """An asker's newest question that was not ours, if it was asked after this moment."""
    return next(iter(mostly_none(session, _LATEST_REDIRECTED, {"asker": asker_id, "since": since})), None)


def owned_by(session: Session, person_id: int) -> list[Ticket]:
    return list(session.exec(select(Ticket).where(Ticket.owner_id == person_id, Ticket.state != State.CLOSED)))


def holders(session: Session) -> set[int]:
    """Everybody who has a question in her hands, or a card that waits for her."""
    owned = select(Ticket.owner_id).where(col(Ticket.state).in_(HELD - {State.SOLVED_PROPOSED}))
    asked = (
        select(Candidate.person_id)
        .join(Ticket, col(Ticket.id) == col(Candidate.ticket_id))
        .where(Ticket.state == State.OPEN, col(Candidate.left_at).is_(None))
    )
    return {i for i in (*session.exec(owned), *session.exec(asked)) if i is not None}


def asked_of(session: Session, person_id: int) -> list[Ticket]:
    """Open questions that somebody may still take."""
    return list(session.exec(_asked_of(person_id)))


def listed_for(session: Session, person_id: int) -> list[Ticket]:
    """Those of them that have no card of their own; where somebody waits now comes first."""
    found = session.exec(_asked_of(person_id).where(Candidate.via == Via.DIGEST))
    return sorted(found, key=lambda ticket: ticket.urgency is not Urgency.ACUTE)


def _asked_of(person_id: int) -> SelectOfScalar[Ticket]:
    hers = select(Ticket).join(Candidate, col(Candidate.ticket_id) == col(Ticket.id))
    waits = hers.where(Candidate.person_id == person_id, col(Candidate.left_at).is_(None), Ticket.state == State.OPEN)
    return waits.order_by(col(Ticket.id))


def cards_of(session: Session, ids: Iterable[int]) -> Counter[int]:
    """How many open questions of other units wait for each of these people."""
    wanted = list(ids)
    return Counter(values(session, _CARDS_OF, {"ids": wanted}))


def by_state(session: Session) -> dict[State, int]:
    """How many questions are in each state; states without any are left out."""
    counted = session.exec(select(Ticket.state, func.count()).group_by(col(Ticket.state)))
    return {State(state): number for state, number in counted}


def alive_places(session: Session) -> list[str]:
    """Receipts and cards of questions that are not closed: where somebody may have written."""
    alive = select(Ticket.id).where(Ticket.state != State.CLOSED)
    ids = [i for i in session.exec(alive) if i is not None]
    cards = select(Candidate.ticket_id, Candidate.person_id).join(Ticket, col(Ticket.id) == col(Candidate.ticket_id))
    held = session.exec(cards.where(Ticket.state != State.CLOSED))
    return [*(receipt_place(i) for i in ids), *(card_place(ticket, person) for ticket, person in held)]


def due(session: Session, *, now: datetime, limit: int = 50) -> list[int]:
    """Questions whose next step is due, the oldest first."""
    return values(session, _DUE, {"now": now, "most": limit})


def claims_to_look_at(session: Session, *, now: datetime, limit: int = 50) -> list[int]:
    """Taken questions whose taker's time at work has ended, or of which nobody knows yet when it does."""
    return values(session, _TO_LOOK_AT, {"now": now, "most": limit})


_DUE: Any = (
    select(Ticket.id)
    .where(Ticket.state != State.CLOSED, col(Ticket.next_at) <= bindparam("now"))
    .order_by(col(Ticket.next_at))
    .limit(bindparam("most"))
)
_ENDS = or_(col(Ticket.held_until).is_(None), col(Ticket.held_until) <= bindparam("now"))
_TO_LOOK_AT: Any = select(Ticket.id).where(Ticket.state == State.TAKEN, _ENDS).limit(bindparam("most"))


def hold_until(session: Session, ticket: Ticket, at: datetime) -> None:
    """When the taker's time at work ends; looked at again then."""
    mine = update(Ticket).where(col(Ticket.id) == ticket.id, col(Ticket.owner_id) == ticket.owner_id)
    changed(session, mine.values(held_until=at))
    session.refresh(ticket)


def back_to_ladder(session: Session, ticket: Ticket, *, why: str, now: datetime) -> None:
    """The auditor's verb: whatever it hung on, it is open again and due at once."""
    row = move(
        session, ticket, Event.REPAIRED, by=None, now=now, note=why, solved_by=None, **to_ladder(ticket, now)
    )
    show_all(session, ticket, row, now=now)


def candidates(session: Session, ticket_id: int) -> list[Candidate]:
    return looked_up(session, _CANDIDATES, {"ticket": ticket_id})


def candidate(session: Session, ticket_id: int, person_id: int) -> Candidate | None:
    return next(iter(looked_up(session, _CANDIDATE, {"ticket": ticket_id, "person": person_id})), None)


def took(session: Session, history_id: int) -> int | None:
    """Who did what this history row tells."""
    row = session.get(History, history_id)
    return row.by_id if row else None


def history(session: Session, ticket_id: int) -> list[History]:
    return list(session.exec(select(History).where(History.ticket_id == ticket_id).order_by(col(History.id))))


# ---- rules: who may -------------------------------------------------------------------------------------


def anyone(session: Session, person: Person, about: int | None) -> None:
    """Every colleague with an account may."""


def asker_only(session: Session, person: Person, about: int | None) -> None:
    """The one who asked. Others learn only that it is not theirs."""
    if get(session, about).asker_id != person.id:
        raise NotYours


def candidate_only(session: Session, person: Person, about: int | None) -> None:
    """Somebody who was sent the card, and never the asker herself."""
    ticket = get(session, about)
    if ticket.asker_id == person.id or candidate(session, ticket.pk, person.pk) is None:
        raise NotYours


def helper_only(session: Session, person: Person, about: int | None) -> None:
    """The one who has it; while nobody has, everybody with a card."""
    ticket = get(session, about)
    if ticket.owner_id is not None:
        owner_only(session, person, about)
    else:
        candidate_only(session, person, about)


def owner_only(session: Session, person: Person, about: int | None) -> None:
    """The one who took it."""
    ticket = get(session, about)
    if ticket.owner_id != person.id:
        raise _taken_by_another(session, ticket) if ticket.owner_id else NotYours()


# ---- moves ------------------------------------------------------------------------------------------------


def move(  # noqa: PLR0913 (one place through which every transition goes)
    session: Session,
    ticket: Ticket,
    event: Event,
    *,
    by: int | None,
    now: datetime,
    to: State | None = None,
    other: int | None = None,
    note: str = "",
    **values: Any,
) -> int:
    """One transition: a conditional update and its history row. Raises the fitting Refused if it lost."""
    leaves_holder = event in FROM_HOLDER or ("owner_id" in values and values["owner_id"] is None)
    read = {"holder": ticket.owner_id} if leaves_holder else {}
    read |= {"seen_at": ticket.stuga_id} if event in OF_STUGA else {}
    row = {"ticket": ticket.pk, **read, **values}
    if not renewed(session, ticket, _transition(event, to, leaves_holder), row):
        raise refusal(session, ticket.pk, event)
    return note_down(session, ticket, event, by=by, now=now, other=other, note=note)


@cache
def _transition(event: Event, to: State | None, leaves_holder: bool) -> UpdateBase:
    """From where it is allowed, and only from the holder that was read if it leaves her; what is parked no longer has
    left its drop-in. What else is set, the call says.
    """
    allowed, leads_to = MOVES[event]
    won = update(Ticket).where(col(Ticket.id) == bindparam("ticket"), col(Ticket.state).in_(allowed))
    if leaves_holder:
        won = won.where(col(Ticket.owner_id).is_not_distinct_from(bindparam("holder")))
    if event in OF_STUGA:
        won = won.where(col(Ticket.stuga_id).is_not_distinct_from(bindparam("seen_at")))
    after = to or leads_to
    left = {} if after in (None, State.PARKED) else {"stuga_id": None}
    return won.values(state=after or col(Ticket.state), **left).returning(*columns(Ticket))


def note_down(  # noqa: PLR0913
    session: Session,
    ticket: Ticket,
    event: Event,
    *,
    by: int | None,
    now: datetime,
    other: int | None = None,
    note: str = "",
) -> int:
    """Append a history row. Its id is the cause of the letters that follow."""
    row = {"ticket_id": ticket.pk, "at": now, "by_id": by, "event": event, "state": ticket.state}
    ((noted,),) = given_back(session, _NOTE, {**row, "other_id": other, "note": note})
    return int(noted)


_NOTE: Insert = insert(History).returning(col(History.id))  # not by session.add, which costs five times as much


def refusal(session: Session, ticket_id: int, event: Event) -> Refused:
    """Why a move was not possible, as the person should hear it."""
    ticket = get(session, ticket_id)
    session.refresh(ticket)
    if ticket.state is State.CLOSED:
        return AlreadyClosed(number=ticket.shown)
    if ticket.owner_id is not None and event in (*TOOK, Event.DECLINED):
        return _taken_by_another(session, ticket)
    return NotYourTurn()


def _taken_by_another(session: Session, ticket: Ticket) -> Refused:
    owner = people.get(session, ticket.owner_id)
    return AlreadyTaken(name=owner.name if owner else "", number=ticket.shown)


def create(session: Session, ticket: Ticket, *, by: int, now: datetime) -> int:
    """A new question, its first history row and its receipt. `ticket` is not stored yet."""
    stored(session, ticket)
    row = note_down(session, ticket, Event.ASKED, by=by, now=now)
    show_receipt(session, ticket, row, now=now)
    return row


def room_at(session: Session, asker_id: int, *, now: datetime) -> datetime | None:
    """When she may ask one more, if not now: an hour after the one so many questions ago went out, or will."""
    rules = settings.read(session)
    last = {"asker": asker_id, "skip": max(0, rules.number("limit.questions") - 1)}
    before = next(iter(looked_up(session, _ONE_BEFORE, last)), None)
    if before is None:
        return None
    out_at = (before.next_at if before.is_held else None) or before.asked_at
    room = out_at + rules.span("limit.within")
    return room if room > now else None


def let_out(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """It waits no longer: somebody is to be asked."""
    row = move(session, ticket, Event.LET_OUT, by=by, now=now, next_step=NextStep.ASK, next_at=now)
    show_receipt(session, ticket, row, now=now)


def ask_people(
    session: Session, ticket: Ticket, step: Step, *, now: datetime, cards_at: datetime, via: Via = Via.CARD
) -> None:
    """The ladder's verb: cards to those who are asked now; the question stays open and knows its next time."""
    row = move(
        session,
        ticket,
        Event.WENT_TO,
        by=None,
        now=now,
        note=step.rung or "",
        rung=step.rung,
        next_step=step.then,
        next_at=step.due_at,
    )
    for person_id in step.people:
        make_candidate(session, ticket, person_id, step.rung, via=via, at=cards_at)
    show_all(session, ticket, row, now=now)


def make_candidate(
    session: Session, ticket: Ticket, person_id: int, rung: Rung | None, *, via: Via, at: datetime
) -> None:
    """Somebody may take the question from `at` on. Twice is once; who was away gets it back, in her list."""
    who = {"ticket_id": ticket.pk, "person_id": person_id, "rung": rung}
    put = _put_candidate(session.get_bind().dialect.name)
    changed(session, put, {**who, "via": via, "sent_at": at, "said_no": False})


@cache
def _put_candidate(dialect: str) -> UpdateBase:
    put = insert_on(dialect, Candidate)
    away = col(Candidate.left_at).is_not(None) & col(Candidate.said_no).is_(False)
    again = {"left_at": None, "rung": put.excluded.rung, "via": Via.DIGEST}
    statement: UpdateBase = put.on_conflict_do_update(index_elements=["ticket_id", "person_id"], set_=again, where=away)
    return statement


def take(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """Whoever updates the row wins; the asker is told once. Taking what one has already changes nothing."""
    ticket, row = _take(session, ticket_id, by=by, now=now)
    if row is not None:
        tell_asker(session, ticket, "taken", row, now=now)
    return ticket


def take_to_answer(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """As `take`, for whoever answers in the same breath: her answer, under her name, is what the asker hears of it."""
    return _take(session, ticket_id, by=by, now=now)[0]


def _take(session: Session, ticket_id: int, *, by: int, now: datetime) -> tuple[Ticket, int | None]:
    """The question, and the history row unless she has it already."""
    ticket = get(session, ticket_id)
    session.refresh(ticket)
    if ticket.owner_id == by and ticket.state is not State.CLOSED:
        return ticket, None
    row = move(session, ticket, Event.TAKEN, by=by, now=now, **_claim(session, by, now))
    _show_taken(session, ticket, row, now=now)
    return ticket, row


def take_over(session: Session, ticket_id: int, *, seen: int | None, by: int, now: datetime) -> Ticket:
    """To answer, from the one of whom she was told that she has it (`seen`), who is told in turn. One that nobody has
    any more, or that is hers, is taken as usual; of two who take it from the same person the second one is told who
    was faster.
    """
    ticket = get(session, ticket_id)
    session.refresh(ticket)
    if ticket.owner_id == by or ticket.state in MOVES[Event.TAKEN][0]:
        return take_to_answer(session, ticket_id, by=by, now=now)
    if ticket.owner_id != seen and ticket.state is not State.CLOSED:
        raise _taken_by_another(session, ticket)
    claim = _claim(session, by, now) | {"had_by_id": ticket.owner_id}
    row = move(session, ticket, Event.TAKEN_OVER, by=by, now=now, other=seen, **claim)
    _tell_former(session, ticket, seen, row, now=now)
    _show_taken(session, ticket, row, now=now)
    return ticket


def _claim(session: Session, by: int, now: datetime) -> dict[str, Any]:
    return {"owner_id": by, "taken_at": now, "held_until": None} | _claim_clock(session, now)


def _show_taken(session: Session, ticket: Ticket, cause: int, *, now: datetime) -> None:
    show_all(session, ticket, cause, now=now)
    _hand_over_pictures(session, ticket, now=now)


def _hand_over_pictures(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Into the taker's thread, once, after the card under which they stand."""
    if ticket.pictures and ticket.owner_id is not None:
        place = f"pictures:{ticket.shown}:{ticket.owner_id}"
        outbox.put(session, Intent("pictures", ticket.owner_id, ticket.id, place, "taken"), now=now)


def decline(session: Session, ticket_id: int, person_id: int, *, by: int | None, now: datetime) -> bool:
    """[Kan inte nu], or she is off duty: the card leaves this person. True if nobody else on the rung has it."""
    ticket = get(session, ticket_id)
    if ticket.state is not State.OPEN:
        raise refusal(session, ticket.pk, Event.DECLINED)
    leave(session, ticket.pk, person_id, said_no=by == person_id, now=now)
    row = note_down(session, ticket, Event.DECLINED, by=by, now=now, other=person_id)
    show_all(session, ticket, row, now=now)
    return not _still_asked(session, ticket)


def leave(session: Session, ticket_id: int, person_id: int, *, said_no: bool, now: datetime) -> None:
    """The question waits for this person no longer; if she said no herself, it does not come back."""
    hers = update(Candidate).where(col(Candidate.ticket_id) == ticket_id, col(Candidate.person_id) == person_id)
    changed(session, hers.where(col(Candidate.left_at).is_(None)).values(left_at=now, said_no=said_no))


def forget_no(session: Session, ticket: Ticket, ids: Iterable[int], *, now: datetime) -> None:
    """A new round: these people have neither a card nor a "kan inte nu" any more."""
    move(session, ticket, Event.ANEW, by=None, now=now)
    theirs = update(Candidate).where(col(Candidate.ticket_id) == ticket.id, col(Candidate.person_id).in_(ids))
    changed(session, theirs.values(left_at=func.coalesce(col(Candidate.left_at), now), said_no=False))


def return_to(session: Session, ticket_id: int, person_id: int) -> None:
    """Somebody sends it to her by name: an earlier "kan inte nu" is forgotten."""
    hers = update(Candidate).where(col(Candidate.ticket_id) == ticket_id, col(Candidate.person_id) == person_id)
    changed(session, hers.values(left_at=None, said_no=False, via=Via.CARD))


def _still_asked(session: Session, ticket: Ticket) -> bool:
    return any(c.left_at is None and c.rung == ticket.rung for c in candidates(session, ticket.pk))


def free(session: Session, ticket: Ticket, event: Event, *, by: int | None, now: datetime) -> None:
    """The claim ends without an answer: the question is open again and due at once. FREED, RETURNED or WENT_HOME."""
    before = ticket.owner_id
    row = move(session, ticket, event, by=by, now=now, other=before, **to_ladder(ticket, now))
    if before is not None:
        leave(session, ticket.pk, before, said_no=event is not Event.WENT_HOME, now=now)
    show_all(session, ticket, row, now=now)


def remind(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The taker has not written a word: one line to her, and the time when the question is freed."""
    rules = settings.read(session)
    grace = rules.span("claim.free") - rules.span("claim.remind")
    row = move(session, ticket, Event.REMINDED, by=None, now=now, next_step=NextStep.FREE, next_at=now + grace)
    tell_owner(session, ticket, "reminder", row, now=now)


def _claim_clock(session: Session, now: datetime) -> dict[str, Any]:
    """From now on somebody waits for the taker's word."""
    remind_at = now + settings.read(session).span("claim.remind")
    return {"next_step": NextStep.REMIND, "next_at": remind_at}


def understand(
    session: Session, ticket: Ticket, *, tool: str | None, by: int | None, now: datetime, chosen: bool = True
) -> None:
    """The tool, as chosen by a person or read from a later line."""
    row = move(session, ticket, Event.UNDERSTOOD, by=by, now=now, note=tool or "", tool=tool, tool_chosen=chosen)
    show_all(session, ticket, row, now=now)


def place(session: Session, ticket: Ticket, unit_id: int, *, by: int, now: datetime) -> None:
    """Where the asker works today."""
    row = move(session, ticket, Event.PLACED, by=by, now=now, note=str(unit_id), unit_id=unit_id)
    show_receipt(session, ticket, row, now=now)


def set_urgency(session: Session, ticket: Ticket, urgency: Urgency, *, by: int | None, now: datetime) -> None:
    event = Event.URGENT if urgency is Urgency.ACUTE else Event.NOT_URGENT
    row = move(session, ticket, event, by=by, now=now, urgency=urgency)
    show_all(session, ticket, row, now=now)


def due_by(session: Session, ticket: Ticket, at: datetime) -> None:
    """The next step comes no later than this."""
    sooner = update(Ticket).where(
        col(Ticket.id) == ticket.id, col(Ticket.state) == State.OPEN, col(Ticket.next_at) > at
    )
    changed(session, sooner.values(next_at=at))
    session.refresh(ticket)


def put_off(session: Session, ticket: Ticket, until: datetime) -> None:
    """Nobody has been asked yet: the first step waits for a choice of the asker's."""
    waiting = update(Ticket).where(col(Ticket.id) == ticket.id, col(Ticket.state) == State.OPEN)
    changed(session, waiting.values(next_at=until))
    session.refresh(ticket)


def read_first(session: Session, ticket: Ticket, until: datetime, *, how_many: int, now: datetime) -> None:
    """Answers stand in the receipt; whoever is to be asked is asked when she has had time to read them."""
    later = max(until, ticket.next_at or until)
    wait: dict[str, Any] = {"next_step": NextStep.ASK, "next_at": later} if until > now else {}
    row = move(session, ticket, Event.OFFERED, by=None, now=now, note=str(how_many), answers_until=until, **wait)
    show_receipt(session, ticket, row, now=now)


def want_human(session: Session, ticket: Ticket, *, by: int, now: datetime) -> None:
    """[Jag vill ha en människa]: she has read enough."""
    row = move(session, ticket, Event.HUMAN, by=by, now=now, answers_until=now)
    show_receipt(session, ticket, row, now=now)


def asker_wrote(session: Session, ticket: Ticket, *, by: int, now: datetime) -> int:
    """A line from the asker to a question that is alive: whoever has it is waited for again."""
    values: dict[str, Any] = {"asker_wrote_at": now}
    silent = ticket.owner_id is not None and ticket.next_step is None and ticket.state is not State.PARKED
    if ticket.state is State.WAITING_ASKER or silent:
        values |= _claim_clock(session, now)
    back = State.TAKEN if ticket.state is State.WAITING_ASKER else None
    return move(session, ticket, Event.WROTE, by=by, now=now, to=back, **values)


def reopen(
    session: Session, ticket: Ticket, *, by: int, to_owner: int | None, now: datetime, note: str = ""
) -> int:
    """A reply to what was called solved: back to its helper, or with nobody given to the ladder at once."""
    values: dict[str, Any] = {"reason": None, "closed_at": None, "solved_by": None, "asker_wrote_at": now}
    if to_owner is None:
        values |= to_ladder(ticket, now)
        row = move(session, ticket, Event.REOPENED, by=by, now=now, to=State.OPEN, note=note, **values)
    else:
        values |= _claim(session, to_owner, now)
        row = move(session, ticket, Event.REOPENED, by=by, now=now, to=State.TAKEN, **values)
    show_all(session, ticket, row, now=now)
    return row


def helper_wrote(session: Session, ticket: Ticket, *, by: int, now: datetime) -> int:
    """A word to the asker: the claim is kept, it stays taken."""
    first = _first_word(ticket)
    # Her word ends the claim clock; a rest clock goes on.
    answered: dict[str, Any] = {"next_step": None, "next_at": None} if ticket.next_step in CLAIM else {}
    row = move(session, ticket, Event.WROTE, by=by, now=now, helper_wrote_at=now, **answered)
    if first:
        tell_owner(session, ticket, "solve_offer", row, now=now)
    show_all(session, ticket, row, now=now)
    return row


def _first_word(ticket: Ticket) -> bool:
    """Of this helper: one who had it before her may have written."""
    before = ticket.helper_wrote_at
    return before is None or (ticket.taken_at is not None and before < ticket.taken_at)


def solve(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """[Löst] by the helper: the asker is asked whether it was. Closes by itself on the rest clock."""
    ticket = get(session, ticket_id)
    rung = next((c.rung for c in candidates(session, ticket_id) if c.person_id == by), None)
    row = move(
        session,
        ticket,
        Event.SOLVED,
        by=by,
        now=now,
        solved_by=SOLVERS.get(rung) if rung else None,
        next_step=NextStep.WARN,
        next_at=rests_at(session, "rest.warn", now),
    )
    ask_whether_solved(session, ticket, row, now=now)
    show_all(session, ticket, row, now=now)
    return ticket


def rests_at(session: Session, key: str, now: datetime) -> datetime:
    """The rest clock counts working days: nobody is asked to answer over Christmas."""
    return clock.working_days_later(now, settings.read(session).number(key))


def answer_with_others(session: Session, ticket: Ticket, rung: Rung, *, by: int, now: datetime) -> int:
    """[Svara alla], or the fault is mended: hers from now on, and called solved, in one move. Who had it has it no
    more. She gets no card for it, unless its asker says that it did not help.
    """
    former = ticket.owner_id
    row = move(
        session,
        ticket,
        Event.ANSWERED_ALL,
        by=by,
        now=now,
        other=former,
        owner_id=by,
        taken_at=now,
        held_until=None,
        helper_wrote_at=now,
        solved_by=SOLVERS.get(rung),
        next_step=NextStep.WARN,
        next_at=rests_at(session, "rest.warn", now),
    )
    make_candidate(session, ticket, by, rung, via=Via.CLUSTER, at=now)
    if former not in (None, by):
        leave(session, ticket.pk, former, said_no=True, now=now)
    show_all(session, ticket, row, now=now)
    return row


def solve_outside(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """IT or the vendor solved it: the asker is asked as always."""
    ticket = solve(session, ticket_id, by=by, now=now)
    changed(session, update(Ticket).where(col(Ticket.id) == ticket_id).values(solved_by=SolvedBy.IT))
    return ticket


def ask_back(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """[Väntar på svar]: the asker has to do something; only now does the rest clock run."""
    ticket = get(session, ticket_id)
    rest: dict[str, Any] = {"next_step": NextStep.WARN, "next_at": rests_at(session, "rest.warn", now)}
    row = move(session, ticket, Event.ASKED_BACK, by=by, now=now, **rest)
    tell_asker(session, ticket, "needs_you", row, now=now)
    show_all(session, ticket, row, now=now)
    return ticket


def send_out(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """It lies with IT or a vendor: the owner stays, and is asked about it every working day."""
    ticket = get(session, ticket_id)
    row = move(session, ticket, Event.SENT_OUT, by=by, now=now, **check_clock(session, now))
    show_all(session, ticket, row, now=now)
    return ticket


def check_outside(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The next working day has come: has it been answered?"""
    row = move(session, ticket, Event.CHECKED, by=None, now=now, **check_clock(session, now))
    tell_owner(session, ticket, "check_outside", row, now=now)


def check_clock(session: Session, now: datetime) -> dict[str, Any]:
    return {"next_step": NextStep.CHECK, "next_at": rests_at(session, "external.check", now)}


def come_back(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """IT has answered, but it is not solved: it is the owner's again."""
    ticket = get(session, ticket_id)
    row = move(session, ticket, Event.CAME_BACK, by=by, now=now, **_claim_clock(session, now))
    show_all(session, ticket, row, now=now)
    return ticket


def park(session: Session, ticket: Ticket, *, stuga_id: int | None, by: int | None, now: datetime) -> None:
    """It leaves the escalation clock, keeps its owner, and cannot be forgotten: it is at a drop-in that comes, or has
    a time. Which one, stuga.py decides.
    """
    event = Event.STUGA_CHANGED if ticket.state is State.PARKED else Event.PARKED
    row = move(session, ticket, event, by=by, now=now, note=str(stuga_id or ""), **parked_for(session, stuga_id, now))
    show_all(session, ticket, row, now=now)


def parked_for(session: Session, stuga_id: int | None, now: datetime) -> dict[str, Any]:
    """What a parked question's row says."""
    if stuga_id is not None:
        return {"stuga_id": stuga_id, "next_step": None, "next_at": None}
    back_at = now + settings.read(session).span("parked.back")
    return {"stuga_id": None, "next_step": NextStep.UNPARK, "next_at": back_at}


def parked_at(session: Session, stuga_id: int | None) -> list[Ticket]:
    """What is to be taken up there, in the order in which it was asked; None: what waits for a drop-in."""
    where = col(Ticket.stuga_id).is_not_distinct_from(stuga_id)
    return list(session.exec(select(Ticket).where(Ticket.state == State.PARKED, where).order_by(col(Ticket.id))))


def at_stuga(
    session: Session, ticket: Ticket, *, outcome: str, to: State, by: int | None, now: datetime, **values: Any
) -> int:
    """What became of it there. Its history row is the cause of the word to its asker."""
    row = move(session, ticket, Event.AT_STUGA, by=by, now=now, to=to, note=outcome, **values)
    show_all(session, ticket, row, now=now)
    return row


def unpark(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """Back to the ladder, due at once."""
    row = move(session, ticket, Event.UNPARKED, by=by, now=now, **to_ladder(ticket, now))
    show_all(session, ticket, row, now=now)


def to_ladder(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """What the row of a question says that nobody has: due at once."""
    nobody = {"owner_id": None, "taken_at": None, "held_until": None, "had_by_id": ticket.owner_id or ticket.had_by_id}
    return nobody | {"rung": None, "next_step": NextStep.ASK, "next_at": now}


def send_on(session: Session, ticket: Ticket, *, by: int, now: datetime, to: int | None = None) -> None:
    """[Skicka vidare]: the sender lets go; who is asked now is the ladder's affair."""
    row = move(session, ticket, Event.SENT_ON, by=by, now=now, other=to, **to_ladder(ticket, now))
    leave(session, ticket.pk, by, said_no=True, now=now)
    show_all(session, ticket, row, now=now)


def confirm(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """The asker says it is solved, also where no helper was needed. Twice is once."""
    ticket = get(session, ticket_id)
    if ticket.state is State.CLOSED:
        return ticket
    helped = ticket.solved_by or (None if ticket.owner_id else SolvedBy.SELF_HELP)
    close(session, ticket, Event.CONFIRMED, Reason.SOLVED, by=by, now=now, solved_by=helped)
    return ticket


def deny(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """ "Nej, inte än": it is the helper's again, and she is told."""
    ticket = get(session, ticket_id)
    row = move(
        session,
        ticket,
        Event.DENIED,
        by=by,
        now=now,
        solved_by=None,
        asker_wrote_at=now,
        **_claim_clock(session, now),
    )
    tell_owner(session, ticket, "denied", row, now=now)
    show_all(session, ticket, row, now=now)
    return ticket


def withdraw(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """[Ta tillbaka]: the asker does not need it any more."""
    ticket = get(session, ticket_id)
    close(session, ticket, Event.WITHDRAWN, Reason.WITHDRAWN, by=by, now=now)
    learning.forget(session, ticket_id, kept=False)
    return ticket


def warn(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """It has rested for two working days: a last question to the asker before it closes."""
    row = move(
        session,
        ticket,
        Event.WARNED,
        by=None,
        now=now,
        next_step=NextStep.REST,
        next_at=rests_at(session, "rest.close", now),
    )
    tell_asker(session, ticket, "rest_warning", row, now=now)


def rest(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """No answer: what a helper called solved closes as solved, what waited for the asker as expired."""
    reason = Reason.SOLVED if ticket.state is State.SOLVED_PROPOSED else Reason.EXPIRED
    close(session, ticket, Event.RESTED, reason, by=None, now=now)


def turn_away(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Her unit has not begun yet: a row, so that it is counted, and nobody is asked."""
    close(session, ticket, Event.UNIT_OFF, Reason.REDIRECTED, by=None, now=now)


def redirect(session: Session, ticket: Ticket, owner: str, *, now: datetime) -> int:
    """It is not ours: a row, so that it is counted, and its asker learns in the receipt whose it is."""
    return close(session, ticket, Event.REDIRECTED, Reason.REDIRECTED, by=None, now=now, belongs_to=owner)


def close(
    session: Session,
    ticket: Ticket,
    event: Event,
    reason: Reason,
    *,
    by: int | None,
    now: datetime,
    **values: Any,
) -> int:
    row = move(
        session,
        ticket,
        event,
        by=by,
        now=now,
        reason=reason,
        closed_at=now,
        next_step=None,
        next_at=None,
        **values,
    )
    show_all(session, ticket, row, now=now)
    return row


# ---- letters ------------------------------------------------------------------------------------------------


def show_receipt(session: Session, ticket: Ticket, cause: int, *, now: datetime) -> None:
    if ticket.asker_id is not None:
        place = receipt_place(ticket.pk)
        outbox.put(session, Intent("receipt", ticket.asker_id, ticket.id, place, str(cause)), now=now)


def show_card(session: Session, ticket: Ticket, card: Candidate, cause: int, *, now: datetime) -> None:
    """A card that still waits for its first moment is not hurried by what happens meanwhile."""
    place = card_place(ticket.pk, card.person_id)
    due = max(now, card.sent_at)
    outbox.put(session, Intent("card", card.person_id, ticket.id, place, str(cause)), now=now, due=due)


def hurry_cards(session: Session, ticket: Ticket, *, at: datetime, now: datetime) -> None:
    """Cards that are not out yet go out at `at`: later while the asker still writes, at once when acute."""
    waiting = update(Candidate).where(col(Candidate.ticket_id) == ticket.id, col(Candidate.sent_at) > now)
    changed(session, waiting.values(sent_at=at))
    outbox.reschedule(session, "card", ticket.pk, due=at, now=now)


def show_all(session: Session, ticket: Ticket, cause: int, *, now: datetime) -> None:
    """The truth on everybody's message: the asker's receipt, every card that was sent."""
    show_receipt(session, ticket, cause, now=now)
    told = candidates(session, ticket.pk)
    for card in told:
        show_card(session, ticket, card, cause, now=now)
    show_buttons(session, ticket, str(cause), now=now)
    show_digests(session, {card.person_id for card in told if card.via is Via.DIGEST}, str(cause), now=now)


def show_anew(session: Session, person_id: int, cause: str, *, now: datetime) -> None:
    """Her own receipts and cards of what is not closed, where they stand."""
    asked = {receipt_place(ticket.pk): ticket.pk for ticket in alive_of(session, person_id)}
    for place in outbox.where_is(session, sorted(asked)):
        outbox.put(session, Intent("receipt", person_id, asked[place], place, cause), now=now)
    helps = [*asked_of(session, person_id), *owned_by(session, person_id)]
    cards = {card_place(ticket.pk, person_id): ticket.pk for ticket in helps}
    for place in outbox.where_is(session, sorted(cards)):
        outbox.put(session, Intent("card", person_id, cards[place], place, cause), now=now)
    show_digests(session, [person_id], cause, now=now)


def show_digests(session: Session, people: Collection[int], cause: str, *, now: datetime) -> None:
    """What waited for them at the start of duty: their newest list."""
    newest = {posted.to_id: posted for posted in digests_of(session, people)}
    for posted in newest.values():
        outbox.put(session, Intent("digest", posted.to_id, None, posted.place, cause), now=now)


def show_older_digest(session: Session, person_id: int, *, now: datetime) -> None:
    """A newer list stands: the one before it is drawn for the last time, without buttons."""
    for older, newest in list(pairwise(digests_of(session, [person_id])))[-1:]:
        intent = Intent("digest", person_id, None, older.place, f"before {newest.place}")
        outbox.put(session, intent, now=now)


def digests_of(session: Session, people: Collection[int]) -> list[outbox.Posted]:
    """Where their lists stand, the newest last."""
    return outbox.in_order(session, *(digests(person_id) for person_id in people)) if people else []


def digests(person_id: int) -> str:
    """How the places of her lists begin."""
    return f"digest:{person_id}:"


def show_buttons(session: Session, ticket: Ticket, cause: str, *, now: datetime) -> None:
    """The few other messages that carry buttons, where they stand already."""
    for posted in outbox.placed(session, *(f"{kind}:{ticket.shown}:" for kind in WITH_BUTTONS)):
        kind = posted.place.partition(":")[0]
        outbox.put(session, Intent(kind, posted.to_id, ticket.id, posted.place, cause), now=now)


def show_older_asks(session: Session, ticket: Ticket, newest: str, *, now: datetime) -> None:
    """Whether it is solved is asked in one message: those before it lose their buttons."""
    for posted in outbox.placed(session, *(f"{kind}:{ticket.shown}:" for kind in ASKS)):
        if posted.place != newest:
            kind = posted.place.partition(":")[0]
            outbox.put(session, Intent(kind, posted.to_id, ticket.id, posted.place, f"before {newest}"), now=now)


def asks_of(ticket: Ticket) -> tuple[str, ...]:
    """How the places begin of the messages that ask whether it is solved."""
    return tuple(f"{kind}:{ticket.shown}:" for kind in ASKS)


def tell_asker(session: Session, ticket: Ticket, kind: str, cause: int, *, now: datetime) -> None:
    """A new message to the asker; only kinds that contracts.md allows."""
    if ticket.asker_id is not None:
        place = f"{kind}:{ticket.shown}:{cause}"
        outbox.put(session, Intent(kind, ticket.asker_id, ticket.id, place, str(cause)), now=now)


def ask_whether_solved(session: Session, ticket: Ticket, cause: int, *, now: datetime) -> None:
    """After what the helper has just said, which waits a moment (lines.relay): the question comes last."""
    if ticket.asker_id is not None:
        intent = Intent("outcome", ticket.asker_id, ticket.id, f"outcome:{ticket.shown}:{cause}", str(cause))
        outbox.put(session, intent, now=now, due=outbox.behind(session, "answer", ticket.asker_id, now=now))


def tell_owner(session: Session, ticket: Ticket, kind: str, cause: int, *, now: datetime) -> None:
    if ticket.owner_id is not None:
        place = f"{kind}:{ticket.shown}:{cause}"
        outbox.put(session, Intent(kind, ticket.owner_id, ticket.id, place, str(cause)), now=now)


def _tell_former(session: Session, ticket: Ticket, former: int | None, cause: int, *, now: datetime) -> None:
    if former is not None:
        place = f"taken_over:{ticket.shown}:{cause}"
        outbox.put(session, Intent("taken_over", former, ticket.id, place, str(cause)), now=now)
