"""The day of a drop-in: agenda, head-count, what becomes of each question, walk-ins, the end, and the counts after it.

Logged: session, tool, topic, outcome, minutes, head-count (domain.md 4). Not logged: who came.
Not here: which session a question is brought to (stuga.py).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, UniqueConstraint, and_, case, func, or_
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import answers, catalogue, ladder, lines, outbox, people, proposals, settings, stuga, stuga_series, tickets
from models.answers import AnswerProposal
from models.columns import check, code, instant, paired
from models.db import add_once, changed
from models.errors import AlreadyTaken, Gone, NotYours, NotYourTurn, Refused
from models.lines import Line, Said, Side
from models.outbox import Intent
from models.people import Person
from models.recognition import Kind, Urgency
from models.stuga import Shown
from models.stuga_series import NotComing, Part, Stage, Stuga, StugaStep
from models.tickets import Event, NextStep, Reason, Rung, SolvedBy, State, Ticket

MOST_HEADS = 500
ASK_AGAIN = 2  # so often a question is not taken up before its asker is asked whether it still matters
GIVE_UP = 3  # and so often before it goes back to the ladder
BUTTONS = 6


class NotBegun(Refused):
    """It is too early: the session has not begun."""

    key = "refused.stuga_not_begun"


class AlreadyLogged(Refused):
    """Somebody was faster. `about`: name, number."""

    key = "refused.stuga_already_logged"


class NothingSaid(Refused):
    """What goes on to somebody who was not there needs a line: what is it about?"""

    key = "refused.stuga_no_line"


class Outcome(StrEnum):
    """What became of a question at a session."""

    SOLVED = "solved"
    GUIDE = "guide_needed"
    SPECIALIST = "to_specialist"
    IT = "to_it"
    ROUTINE = "routine"
    FELL_AWAY = "fell_away"
    NOT_TAKEN = "not_taken_up"


class StugaItem(SQLModel, table=True):
    """A question at a session: who helps with it, since when, and what became of it.

    The seam to the answer bank: `outcome` solved with a `line_id` is an answer that somebody has given (`answers`).
    """

    __tablename__ = "stuga_item"
    __table_args__ = (
        UniqueConstraint("stuga_id", "ticket_id"),
        paired("logged_at", "outcome"),
        check("line_id IS NULL OR outcome IS NOT NULL", "a_word_about_an_outcome"),
        check("guide_done_at IS NULL OR outcome IS NOT NULL", "a_guide_that_was_asked_for"),
    )

    id: int | None = Field(default=None, primary_key=True)
    stuga_id: int = Field(foreign_key="stuga.id")
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    walk_in: bool = False
    began_at: datetime = instant()
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # None: the clock
    outcome: Outcome | None = code(Outcome, default=None, nullable=True)
    logged_at: datetime | None = instant(default=None, nullable=True)
    line_id: int | None = Field(default=None, foreign_key="line.id")
    guide_done_at: datetime | None = instant(default=None, nullable=True)  # the guide that it asked for is written


@dataclass(frozen=True)
class Word:
    """What became of it, and what to say about it, masked at the door. `vouched`: the names in it are meant to be
    there. `instead_of`: the outcome that is corrected, if there was one.
    """

    outcome: Outcome
    line: str = ""
    vouched: bool = False
    instead_of: Outcome | None = None


# ---- agenda ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A question on the agenda. `asked`: the asker's words; `tried`: what helpers have said or noted.

    `with_name`: who helps with it now. Without names `asker`, `with_name` and the words are empty.
    """

    ticket_id: int
    number: str
    tool: str | None
    kind: Kind
    asked: str = ""
    tried: tuple[str, ...] = ()
    asker: str = ""
    unit_id: int | None = None
    with_name: str = ""
    outcome: Outcome | None = None
    walk_in: bool = False


@dataclass(frozen=True)
class Group:
    """Questions alike: of one tool and kind."""

    tool: str | None
    kind: Kind
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Agenda:
    """`groups`: what is left, the largest first; `done`: what has an outcome, the latest last."""

    stuga: Shown
    groups: tuple[Group, ...] = ()
    done: tuple[Point, ...] = ()

    @property
    def left(self) -> int:
        return sum(len(group.points) for group in self.groups)


def agenda(session: Session, stuga_id: int, *, names: bool = True) -> Agenda:
    """For host and helpers; without names (and without anybody's words) for the big screen. Raises Gone."""
    held = stuga_series.get(session, stuga_id)
    items = {item.ticket_id: item for item in items_of(session, stuga_id)}
    logged = sorted((i for i in items.values() if i.logged_at), key=lambda item: (item.logged_at, item.id))
    waiting = [t for t in tickets.parked_at(session, stuga_id) if t.pk not in items or not items[t.pk].outcome]
    done = [tickets.get(session, item.ticket_id) for item in logged]
    who = people.find(session, [t.asker_id for t in (*waiting, *done)] + [i.by_id for i in items.values()])
    point = _pointer(session, items, who, names=names)
    groups: dict[tuple[str, Kind], list[Point]] = {}
    for ticket in waiting:
        groups.setdefault((ticket.tool or "", ticket.kind), []).append(point(ticket))
    found = [Group(tool or None, kind, tuple(points)) for (tool, kind), points in groups.items()]
    found.sort(key=lambda group: (-len(group.points), group.tool or "", group.kind))
    return Agenda(stuga.shown(session, held), tuple(found), tuple(point(ticket) for ticket in done))


def _pointer(
    session: Session, items: dict[int, StugaItem], who: dict[int, Person], *, names: bool
) -> Callable[[Ticket], Point]:
    def name(person_id: int | None) -> str:
        return who[person_id].name if names and person_id in who else ""

    def point(ticket: Ticket) -> Point:
        item = items.get(ticket.pk)
        said = lines.of_ticket(session, ticket.pk) if names else []
        return Point(
            ticket.pk,
            ticket.shown,
            ticket.tool,
            ticket.kind,
            "\n".join(line.text for line in said if line.side is Side.ASKER),
            tuple(line.text for line in said if line.side is not Side.ASKER and line.text),
            name(ticket.asker_id),
            ticket.unit_id,
            name(item.by_id) if item else "",
            item.outcome if item else None,
            item.walk_in if item else False,
        )

    return point


def items_of(session: Session, stuga_id: int) -> list[StugaItem]:
    query = select(StugaItem).where(StugaItem.stuga_id == stuga_id).order_by(col(StugaItem.id))
    return list(session.exec(query.execution_options(populate_existing=True)))


def item_of(session: Session, stuga_id: int, ticket_id: int) -> StugaItem | None:
    query = select(StugaItem).where(StugaItem.stuga_id == stuga_id, StugaItem.ticket_id == ticket_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


# ---- while it is on --------------------------------------------------------------------------------------------------


def opened(session: Session, stuga_id: int, *, by: int, now: datetime) -> Stuga:
    """The session, held, for somebody who may run it now, and afterwards until outcomes can be logged no more.

    Raises NotBegun, NotComing, NotYours, Gone.
    """
    held = stuga_series.locked(session, stuga_id)
    stuga.need_run(session, by, held, now=now)
    if held.stage is Stage.CANCELLED or now > stuga.ends_by_itself(held):
        raise NotComing
    if now < held.starts_at - settings.read(session).span("stuga.early"):
        raise NotBegun
    return held


def count(session: Session, stuga_id: int, more: int, *, by: int, now: datetime) -> int:
    """[+1], [+5], or fewer: how many are here, a number and nothing else. Never below nobody."""
    opened(session, stuga_id, by=by, now=now)
    heads = col(Stuga.heads) + more
    within = case((heads < 0, 0), (heads > MOST_HEADS, MOST_HEADS), else_=heads)
    return _set_heads(session, stuga_id, within, now=now)


def set_heads(session: Session, stuga_id: int, heads: int, *, by: int, now: datetime) -> int:
    """The number itself, typed."""
    opened(session, stuga_id, by=by, now=now)
    return _set_heads(session, stuga_id, max(0, min(MOST_HEADS, heads)), now=now)


def _set_heads(session: Session, stuga_id: int, heads: Any, *, now: datetime) -> int:
    changed(session, update(Stuga).where(col(Stuga.id) == stuga_id).values(heads=heads))
    held = stuga_series.get(session, stuga_id)
    session.refresh(held)
    stuga.show_agenda(session, stuga_id, now=now)
    return held.heads


def begin(session: Session, stuga_id: int, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """Somebody helps with this one now. Raises AlreadyTaken, AlreadyLogged, NotComing for one that is not here."""
    opened(session, stuga_id, by=by, now=now)
    ticket = tickets.get(session, ticket_id)
    if ticket.stuga_id != stuga_id:
        raise NotComing
    if not _claim(session, stuga_id, ticket_id, by=by, now=now):
        item = item_of(session, stuga_id, ticket_id)
        if item is None or item.by_id != by:
            raise AlreadyTaken(name=_name(session, item.by_id if item else None), number=ticket.shown)
    stuga.show_agenda(session, stuga_id, now=now)
    return ticket


def next_question(session: Session, stuga_id: int, *, by: int, now: datetime) -> Ticket | None:
    """The next on the agenda that nobody helps with; hers from now on. None: nothing is left."""
    opened(session, stuga_id, by=by, now=now)
    for group in agenda(session, stuga_id).groups:
        for point in group.points:
            if _claim(session, stuga_id, point.ticket_id, by=by, now=now):
                stuga.show_agenda(session, stuga_id, now=now)
                return tickets.get(session, point.ticket_id)
    return None


def put_back(session: Session, stuga_id: int, ticket_id: int, *, by: int, now: datetime) -> None:
    """She does not help with it after all: it is on the agenda for anybody."""
    opened(session, stuga_id, by=by, now=now)
    hers = delete(StugaItem).where(col(StugaItem.stuga_id) == stuga_id, col(StugaItem.ticket_id) == ticket_id)
    changed(session, hers.where(col(StugaItem.outcome).is_(None)))
    stuga.show_agenda(session, stuga_id, now=now)


def _claim(session: Session, stuga_id: int, ticket_id: int, *, by: int | None, now: datetime, **more: bool) -> bool:
    """Whoever inserts the row has it."""
    return add_once(
        session,
        StugaItem,
        stuga_id=stuga_id,
        ticket_id=ticket_id,
        by_id=by,
        began_at=now,
        **({"walk_in": False} | more),
    )


def _name(session: Session, person_id: int | None) -> str:
    person = people.get(session, person_id) if person_id is not None else None
    return person.name if person else ""


# ---- outcomes --------------------------------------------------------------------------------------------------------


def log(session: Session, stuga_id: int, ticket_id: int, word: Word, *, by: int, now: datetime) -> Ticket:
    """What became of it.

    Raises AlreadyLogged for the second of two; NotComing for one that was never here; NotYourTurn for a correction
    after somebody has acted on it.
    """
    held = opened(session, stuga_id, by=by, now=now)
    ticket = tickets.get(session, ticket_id)
    item = item_of(session, stuga_id, ticket_id)
    if ticket.stuga_id != stuga_id and (item is None or item.outcome is None):
        raise NotComing
    _log(session, held, ticket, word, by=by, now=now)
    return ticket


@dataclass(frozen=True)
class Logged:
    """Of several closed with one answer: which are, and which had an outcome before."""

    done: tuple[int, ...]
    before: tuple[int, ...]


def log_many(
    session: Session, stuga_id: int, ticket_ids: Iterable[int], word: Word, *, by: int, now: datetime
) -> Logged:
    """Several with one answer. Those that somebody was faster with are left alone."""
    done, before = [], []
    for ticket_id in dict.fromkeys(ticket_ids):
        try:
            log(session, stuga_id, ticket_id, word, by=by, now=now)
        except (AlreadyLogged, NotComing):
            before.append(ticket_id)
        else:
            done.append(ticket_id)
    return Logged(tuple(done), tuple(before))


def _log(session: Session, held: Stuga, ticket: Ticket, word: Word, *, by: int | None, now: datetime) -> None:
    _claim(session, held.pk, ticket.pk, by=by, now=now)
    item = item_of(session, held.pk, ticket.pk)
    if item is None or not _won(session, item, word, by=by, now=now):
        raise AlreadyLogged(name=_name(session, item.by_id if item else None), number=ticket.shown)
    if item.outcome is not None and not _untouched(session, ticket):
        raise NotYourTurn
    line = _say(session, held, ticket, word, by=by, now=now)
    changed(session, update(StugaItem).where(col(StugaItem.id) == item.id).values(line_id=line))
    _apply(session, held, ticket, word.outcome, by=by, now=now)
    stuga.show_agenda(session, held.pk, now=now)


def _won(session: Session, item: StugaItem, word: Word, *, by: int | None, now: datetime) -> bool:
    """The one conditional update. What the clock has put off can be logged as if nothing had been."""
    as_seen: ColumnElement[bool] = col(StugaItem.outcome).is_not_distinct_from(word.instead_of)
    if word.instead_of is None:
        as_seen = or_(as_seen, and_(col(StugaItem.outcome) == Outcome.NOT_TAKEN, col(StugaItem.by_id).is_(None)))
    first = update(StugaItem).where(col(StugaItem.id) == item.id, as_seen)
    new = {"outcome": word.outcome, "by_id": by, "logged_at": now, "line_id": None, "guide_done_at": None}
    return changed(session, first.values(**new)) == 1


def _untouched(session: Session, ticket: Ticket) -> bool:
    """Nobody has acted on what the session said of it."""
    story = tickets.history(session, ticket.pk)
    last = max(at for at, row in enumerate(story) if row.event is Event.AT_STUGA)
    after = (row for row in story[last + 1 :] if row.by_id is not None)
    return all(row.event in (Event.STUGA_CHANGED, Event.UNPARKED) for row in after)


def _say(session: Session, held: Stuga, ticket: Ticket, word: Word, *, by: int | None, now: datetime) -> int | None:
    """Her line stands under the question as a helper's; the asker reads it with the outcome."""
    if not word.line or by is None:
        return None
    at = f"{now.timestamp():.6f}"
    said = Said(word.line, False, f"stuga:{held.id}:{by}:{ticket.id}", at, vouched=word.vouched)
    line = lines.keep(session, said, by=by, side=Side.HELPER, ticket_id=ticket.id)
    lines.vouch(session, ticket, said, by=by, now=now)
    return line.id if line else None


def _apply(session: Session, held: Stuga, ticket: Ticket, outcome: Outcome, *, by: int | None, now: datetime) -> None:
    """The question goes where its outcome leads; its asker learns of it after a moment in which a wrong tap can be
    put right.
    """
    to, values = LEADS[outcome](session, ticket, by, now)
    none: dict[str, Any] = {"reason": None, "closed_at": None, "solved_by": None, "next_step": None, "next_at": None}
    row = tickets.at_stuga(session, ticket, outcome=outcome, to=to, by=by, now=now, **(none | values))
    if outcome in ONWARD and to is State.OPEN:
        ladder.go_on_after(session, ticket, ONWARD[outcome], now=now)
    elif outcome is Outcome.NOT_TAKEN:
        _put_off(session, ticket, by=by, now=now)
    _tell_asker(session, held, ticket, row, by=by, now=now)


Led = tuple[State, dict[str, Any]]


def _solved(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    """Its asker is asked whether it was; where nobody asked, it is closed."""
    if ticket.asker_id is None or by is None:
        closed = {"closed_at": now, "reason": Reason.SOLVED, "solved_by": SolvedBy.STUGA}
        return State.CLOSED, closed
    rest = {"next_step": NextStep.WARN, "next_at": tickets.rests_at(session, "rest.warn", now)}
    return State.SOLVED_PROPOSED, _owned(ticket, by, now) | rest | {"solved_by": SolvedBy.STUGA, "helper_wrote_at": now}


def _to_it(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    """With IT: whoever says so has it, and is asked about it every working day."""
    return State.WAITING_EXTERNAL, _owned(ticket, by, now) | tickets.check_clock(session, now)


def _owned(ticket: Ticket, by: int | None, now: datetime) -> dict[str, Any]:
    return {"owner_id": by, "taken_at": now, "held_until": None, "had_by_id": ticket.owner_id or ticket.had_by_id}


def _onward(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    return State.OPEN, tickets.to_ladder(ticket, now)


def _guide(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    """Asked on, where somebody asked."""
    return (_fell_away if ticket.asker_id is None else _onward)(session, ticket, by, now)


def _fell_away(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    return State.CLOSED, {"closed_at": now, "reason": Reason.EXPIRED}


def _not_taken(session: Session, ticket: Ticket, by: int | None, now: datetime) -> Led:
    return State.PARKED, tickets.parked_for(session, None, now)


LEADS: dict[Outcome, Callable[[Session, Ticket, int | None, datetime], Led]] = {
    Outcome.SOLVED: _solved,
    Outcome.GUIDE: _guide,
    Outcome.SPECIALIST: _onward,
    Outcome.IT: _to_it,
    Outcome.ROUTINE: _onward,
    Outcome.FELL_AWAY: _fell_away,
    Outcome.NOT_TAKEN: _not_taken,
}
# After whom it goes on: a guide is the specialist's to write; of a routine the coordinator knows who decides.
ONWARD = {
    Outcome.GUIDE: Rung.DEPARTMENT_EXPERT,
    Outcome.SPECIALIST: Rung.DEPARTMENT_EXPERT,
    Outcome.ROUTINE: Rung.SPECIALIST_ELSEWHERE,
}


def led_on(session: Session, ticket_id: int) -> Outcome | None:
    """What the latest session that took it up said of it, if that sent it on to the ladder."""
    said = select(StugaItem.outcome).where(StugaItem.ticket_id == ticket_id, col(StugaItem.outcome).is_not(None))
    latest = session.exec(said.order_by(col(StugaItem.logged_at).desc(), col(StugaItem.id).desc())).first()
    return Outcome(latest) if latest in ONWARD else None


def misses(session: Session, ticket_id: int) -> int:
    """How often it has been brought and not taken up."""
    query = select(func.count(col(StugaItem.id))).where(StugaItem.ticket_id == ticket_id)
    return session.exec(query.where(StugaItem.outcome == Outcome.NOT_TAKEN)).one()


def _put_off(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """To the next session; not for ever."""
    if misses(session, ticket.pk) >= GIVE_UP:
        stuga.unpark(session, ticket.pk, by=by, now=now)
    else:
        stuga.place_anew(session, ticket, by=by, now=now)


def _tell_asker(session: Session, held: Stuga, ticket: Ticket, cause: int, *, by: int | None, now: datetime) -> None:
    """One message a session; after two misses it asks "Aktuellt än?"."""
    if ticket.asker_id in (None, by):
        return
    item = item_of(session, held.pk, ticket.pk)
    still = item is not None and item.outcome is Outcome.NOT_TAKEN and misses(session, ticket.pk) >= ASK_AGAIN
    kind = "stuga_still" if still else "stuga_outcome"
    intent = Intent(kind, ticket.asker_id or 0, ticket.id, f"stuga_outcome:{ticket.shown}:{held.id}", str(cause))
    outbox.put(session, intent, now=now, due=now + settings.read(session).span("stuga.undo"))


def outcome_told(session: Session, ticket_id: int, stuga_id: int) -> tuple[Outcome | None, str]:
    """For the letter to its asker: what became of it at that session, and the line that goes with it."""
    item = item_of(session, stuga_id, ticket_id)
    line = session.get(Line, item.line_id) if item is not None and item.line_id is not None else None
    return (item.outcome if item else None), (line.text if line and not line.deleted_at else "")


def still_wanted(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """ "Aktuellt än?" [Ja]: it stays where it is, and its asker has spoken."""
    ticket = tickets.get(session, ticket_id)
    row = tickets.asker_wrote(session, ticket, by=by, now=now)
    tickets.show_all(session, ticket, row, now=now)
    return ticket


# ---- walk-ins --------------------------------------------------------------------------------------------------------


def walk_in_tools(session: Session, stuga_id: int) -> list[str]:
    """Six tool buttons: the theme, what is on the agenda, the most common."""
    held = stuga_series.get(session, stuga_id)
    on_it = Counter(tool for ticket in stuga.brought(session, stuga_id) if (tool := ticket.tool) is not None)
    common = settings.read(session).text("home.common").split("|")
    known = catalogue.load().tools
    wanted = [*held.themes, *(tool for tool, _ in on_it.most_common()), *common]
    return [tool for tool in dict.fromkeys(wanted) if tool in known][:BUTTONS]


def walk_in(session: Session, stuga_id: int, tool: str | None, word: Word, *, by: int, now: datetime) -> Ticket:
    """Somebody came with a question: what about, what became of it. Nobody notes who.

    What is not settled there and then is asked on by the one who logs it, for a colleague: the answer comes to her.
    A guide that is needed, and not a word of what for, is nothing that anybody could answer: a task, and no question.
    Raises NothingSaid for another that goes on without a word, Gone for a tool that there is not.
    """
    held = opened(session, stuga_id, by=by, now=now)
    if tool is not None and tool not in catalogue.load().tools:
        raise Gone
    settled = word.outcome in (Outcome.SOLVED, Outcome.FELL_AWAY) or (word.outcome is Outcome.GUIDE and not word.line)
    if not (settled or word.line):
        raise NothingSaid
    ticket = Ticket(
        asker_id=None if settled else by,
        tool=tool,
        tool_chosen=tool is not None,
        for_colleague=not settled,
        kind=Kind.HANDLING,
        urgency=Urgency.CAN_WAIT,
        state=State.PARKED,
        asked_at=now,
        asker_wrote_at=now,
        **tickets.parked_for(session, None, now),
    )
    tickets.create(session, ticket, by=by, now=now)
    _claim(session, stuga_id, ticket.pk, by=by, now=now, walk_in=True)
    _log(session, held, ticket, _asked_on(session, ticket, word, settled, by=by, now=now), by=by, now=now)
    return ticket


def _asked_on(session: Session, ticket: Ticket, word: Word, settled: bool, *, by: int, now: datetime) -> Word:
    """Her line is the question, where somebody else is to answer it."""
    if settled or not word.line:
        return word
    said = Said(word.line, False, f"walk_in:{ticket.id}:{by}", f"{now.timestamp():.6f}", vouched=word.vouched)
    lines.keep(session, said, by=by, side=Side.ASKER, ticket_id=ticket.id)
    lines.vouch(session, ticket, said, by=by, now=now)
    return Word(word.outcome)


# ---- the end ---------------------------------------------------------------------------------------------------------


def end(session: Session, stuga_id: int, *, by: int, now: datetime) -> Stuga:
    """[Avsluta]: what was not taken up goes on, the host gets a summary. Raises NotBegun, NotComing, NotYours."""
    held = opened(session, stuga_id, by=by, now=now)
    if now < held.starts_at:
        raise NotBegun
    _end(session, held, now=now)
    return held


def _end(session: Session, held: Stuga, *, now: datetime) -> None:
    stuga.close(session, held, Stage.ENDED, now=now)
    for ticket in tickets.parked_at(session, held.pk):
        _log(session, held, ticket, Word(Outcome.NOT_TAKEN), by=None, now=now)
    for person_id, part in stuga_series.staff_of(session, held.pk).items():
        if part is Part.HOST:
            place = f"stuga_summary:{held.id}:{person_id}"
            outbox.put(session, Intent("stuga_summary", person_id, held.id, place, "ended"), now=now)


def tick(session: Session, stuga_id: int, *, now: datetime) -> None:
    """What the clock does with one session. Safe twice and in parallel: the row is held and looked at again."""
    held = stuga_series.locked(session, stuga_id)
    if held.stage is not Stage.PLANNED or held.next_at is None or held.next_at > now:
        return
    if held.next_step is StugaStep.END:
        _end(session, held, now=now)
        return
    if held.next_step is StugaStep.AGENDA:
        stuga.hand_out_agenda(session, held, now=now)
    else:
        stuga.remind(session, held, now=now)
    stuga.step_on(session, held, now=now)


# ---- afterwards ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """Of a session that is over; numbers only. `minutes`: spent on questions, by those that were begun with a tap."""

    stuga: Shown
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    tools: dict[str, int] = field(default_factory=dict)
    walk_ins: int = 0
    answers: int = 0  # lines that may become answers for everybody
    minutes: int = 0


def summary(session: Session, stuga_id: int) -> Summary:
    """What its host reads, and what the weekly summary adds up. Raises Gone."""
    held = stuga_series.get(session, stuga_id)
    items = [item for item in items_of(session, stuga_id) if item.outcome is not None]
    about = Counter(tickets.get(session, item.ticket_id).tool or "" for item in items)
    spent = sum((item.logged_at - item.began_at for item in items if item.logged_at and item.by_id), timedelta())
    return Summary(
        stuga.shown(session, held),
        dict(Counter(item.outcome for item in items if item.outcome is not None)),
        dict(about),
        sum(item.walk_in for item in items),
        sum(item.outcome is Outcome.SOLVED and item.line_id is not None for item in items),
        spent // timedelta(minutes=1),
    )


def to_propose(session: Session, *, now: datetime) -> list[int]:
    """Solved questions of the last days whose answer nobody has proposed yet, once it can be undone no more."""
    rules = settings.read(session)
    logged = col(StugaItem.logged_at)
    ours = and_(logged >= now - rules.span("keep.heard"), logged <= now - rules.span("stuga.undo"))
    proposed = select(AnswerProposal.ticket_id).where(col(AnswerProposal.ticket_id).is_not(None))
    solved = select(StugaItem.id).where(StugaItem.outcome == Outcome.SOLVED, col(StugaItem.line_id).is_not(None), ours)
    return [i for i in session.exec(solved.where(col(StugaItem.ticket_id).not_in(proposed))) if i is not None]


def propose(session: Session, item_id: int, *, now: datetime) -> None:
    """Its line becomes a proposal for the answer bank, where the tool is known. Twice is once."""
    item = session.get(StugaItem, item_id)
    line = session.get(Line, item.line_id) if item is not None and item.line_id is not None else None
    ticket = tickets.get(session, item.ticket_id) if item is not None else None
    if line is not None and line.text and ticket is not None and ticket.tool is not None:
        words = proposals.Words(ticket.tool, _asked(session, ticket), line.text)
        proposals.put(session, ticket.pk, words, by=line.author_id, now=now)


def _asked(session: Session, ticket: Ticket) -> str:
    return " ".join(line.text for line in lines.of_ticket(session, ticket.pk, Side.ASKER))


# ---- guides that somebody has to write -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guide:
    """ "Lathund behövs": what was asked (empty once its words are gone), about which tool, on which day."""

    item_id: int
    ticket_id: int
    tool: str | None
    asked: str
    day: date


def guides_wanted(session: Session, person_id: int, *, now: datetime, most: int = 20) -> list[Guide]:
    """The tasks of who keeps the tool's answers, today; the oldest first. Without a tool they are every keeper's."""
    kept = answers.kept_by(session, person_id, now=now)
    if kept.nothing:
        return []
    query = (
        select(StugaItem, Ticket, Stuga)
        .join(Ticket, col(Ticket.id) == col(StugaItem.ticket_id))
        .join(Stuga, col(Stuga.id) == col(StugaItem.stuga_id))
        .where(StugaItem.outcome == Outcome.GUIDE, col(StugaItem.guide_done_at).is_(None))
        .order_by(col(StugaItem.logged_at), col(StugaItem.id))
    )
    hers = [found for found in session.exec(query) if found[1].tool is None or kept.has(found[1].tool)]
    return [
        Guide(item.id or 0, ticket.pk, ticket.tool, _asked(session, ticket), held.day)
        for item, ticket, held in hers[:most]
    ]


def guide_done(session: Session, item_id: int, *, by: int, now: datetime) -> None:
    """[Klar]. Raises NotYours for who does not keep its tool's answers today, Gone for the second of two."""
    kept, item = answers.kept_by(session, by, now=now), session.get(StugaItem, item_id)
    tool = tickets.get(session, item.ticket_id).tool if item else None
    if kept.nothing or (tool is not None and not kept.has(tool)):
        raise NotYours
    open_ = update(StugaItem).where(col(StugaItem.id) == item_id, col(StugaItem.outcome) == Outcome.GUIDE)
    if changed(session, open_.where(col(StugaItem.guide_done_at).is_(None)).values(guide_done_at=now)) == 0:
        raise Gone
