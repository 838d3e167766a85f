"""Disposal by schedule: what privacy.py declares with a time goes when its time is over, a portion at a time.

Each step says which rows have served their purpose, and what becomes of them. Counting them is the dry run. An open
question never goes, nor what the tally has not counted, nor what is held (holds.py). What a run has done is logged in
the same transaction. Not here: the erasure of one person (erasing.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, exists, false, func, inspect, not_, or_, tuple_
from sqlalchemy import select as pick
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import clock, holds, learning, lines, news, outbox, people, settings, tally, tickets
from models.answers import NO_WORDS, Answer, AnswerProposal, AnswerShown, AnswerVersion
from models.answers import State as AnswerState
from models.audit import AuditEntry
from models.clusters import Cluster
from models.columns import instant
from models.db import changed, insert
from models.erasure_log import Erasure
from models.heard import Heard
from models.holds import Hold
from models.ideas import Idea
from models.jobs import JobRun
from models.learning import Wording
from models.lines import ClearedBy, Line
from models.news import News, NewsReader
from models.orders import AccessOrder
from models.outages import Outage
from models.outbox import Intent, Letter, Outcome, Posted
from models.people import Absence, Appointment, Assignment, Person, PersonKind
from models.privacy import Keep
from models.roster import Duty, WorkingUnit
from models.shifts import Pattern, Shift
from models.stuga_day import StugaItem
from models.stuga_series import Stuga, StugaStaff, StugaTurn
from models.summary import SummaryPicture
from models.tally import Shows, Tally, TallyPeriod
from models.tickets import Candidate, History, Ticket

PORTION = 200  # rows of one transaction: nobody waits for longer than that takes
MOST_MESSAGES = 5000  # a run; Slack lets an app delete some fifty a minute
APART = timedelta(seconds=3)

# How long each code of the declaration lasts: the key of a setting. What is not here goes with its place, or never.
SPANS: dict[str, str] = {
    Keep.WITH_QUESTION: "keep.question",
    Keep.ROUTING: "keep.routing",
    Keep.SHIFT: "keep.routing",
    Keep.APPOINTMENT: "keep.routing",
    Keep.AUDIT: "keep.audit",
    Keep.VALID: "keep.answers",
    Keep.EMPLOYMENT: "keep.person",
}


class Disposal(SQLModel, table=True):
    """What a run has disposed of: how many, and never of what. `held`: how many a hold has kept."""

    run: str = Field(primary_key=True, max_length=40)
    step: str = Field(primary_key=True, max_length=40)
    at: datetime = instant()
    number: int = 0
    held: int = 0


@dataclass(frozen=True)
class When:
    """What is over now, by the municipality's own settings."""

    session: Session
    now: datetime

    def before(self, keep: str) -> datetime:
        return self.now - settings.read(self.session).span(SPANS.get(keep, keep))

    def day(self, keep: str) -> date:
        return clock.today(self.before(keep))


Over = Callable[[When], ColumnElement[bool]]
Act = Callable[[Session, Sequence[Any], datetime], None]


@dataclass(frozen=True)
class Step:
    """`over`: which rows of `table` have served their purpose; `about`: its column of questions; `act`: what becomes of
    them; without one they are deleted.
    """

    name: str
    table: type[SQLModel]
    over: Over
    about: Any = None
    act: Act | None = None

    @property
    def keys(self) -> tuple[ColumnElement[Any], ...]:
        return tuple(inspect(self.table).primary_key)

    def due(self, when: When, limit: int | None = None) -> list[Any]:
        """Keys, in order."""
        rows = pick(*self.keys).where(self.over(when), not_(holds.covers(self.about, now=when.now)))
        return [*when.session.connection().execute(rows.order_by(*self.keys).limit(limit))]

    def held(self, when: When) -> int:
        rows = pick(func.count()).select_from(self.table)
        kept = rows.where(self.over(when), holds.covers(self.about, now=when.now))
        return int(when.session.connection().execute(kept).scalar_one())

    def end(self, session: Session, keys: Sequence[Any], now: datetime) -> None:
        if self.act is not None:
            self.act(session, [key[0] for key in keys], now)
            return
        mine = self.keys[0].in_([key[0] for key in keys]) if len(self.keys) == 1 else tuple_(*self.keys).in_(keys)
        changed(session, delete(self.table).where(mine))


# ---- questions -----------------------------------------------------------------------------------------------------


def _wish_waits() -> ColumnElement[bool]:
    """A wish without a reply: those who know the tool have its words in their list."""
    return exists().where(col(Idea.ticket_id) == col(Ticket.id), col(Idea.replied_at).is_(None))


def _closed_before(when: When) -> ColumnElement[bool]:
    """Long enough for its words to go; a wish that nobody answers waits no longer than its row lives."""
    words = and_(col(Ticket.closed_at) < when.before(Keep.WITH_QUESTION), not_(_wish_waits()))
    return or_(words, col(Ticket.closed_at) < when.before(Keep.ROUTING))


def _has_words(when: When) -> ColumnElement[bool]:
    again = col(Ticket.disposed_at) < col(Ticket.closed_at)
    return and_(_closed_before(when), or_(col(Ticket.disposed_at).is_(None), again))


def _empty(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Its words, pictures and who did what; when, about which tool and in which role stays, and who asked."""
    of = {table: col(table.ticket_id).in_(ids) for table in (Line, History, Candidate, Idea, StugaItem)}
    words = update(Line).where(of[Line], col(Line.cleared_at).is_(None))
    changed(session, words.values(text="", cleared_at=now, cleared_by=ClearedBy.AGE))
    changed(session, update(History).where(of[History]).values(by_id=None, other_id=None))
    changed(session, update(StugaItem).where(of[StugaItem]).values(by_id=None))
    changed(session, update(Idea).where(of[Idea]).values(reply=""))
    changed(session, delete(Candidate).where(of[Candidate]))
    learning.part(session, ids)
    rows = update(Ticket).where(col(Ticket.id).in_(ids))
    changed(session, rows.values(pictures="", ticked_at=None, disposed_at=now))


def _counted(when: When) -> ColumnElement[bool]:
    """Its row has done its work: of its words nothing is left, and its quarter has been counted."""
    known = tally.counted_upto(when.session)
    last = select(func.max(TallyPeriod.first)).where(TallyPeriod.span == tally.Span.QUARTER)
    quarter = when.session.exec(last).one()
    if quarter is None:
        return false()
    until = min(tally.period_of(tally.Span.QUARTER, quarter).until, when.before(Keep.ROUTING))
    gone = and_(col(Ticket.disposed_at).is_not(None), col(Ticket.closed_at) < until)
    return and_(gone, col(Ticket.id) <= known, not_(exists().where(col(AccessOrder.ticket_id) == col(Ticket.id))))


def _delete(session: Session, ids: Sequence[int], now: datetime) -> None:
    """The question and all that hangs on it; what lives on is cut off."""
    learning.part(session, ids)
    wishes = select(Idea.id).where(col(Idea.ticket_id).in_(ids))
    changed(session, update(News).where(col(News.idea_id).in_(wishes)).values(idea_id=None))
    for lives in (NewsReader, AnswerProposal):
        changed(session, update(lives).where(col(lives.ticket_id).in_(ids)).values(ticket_id=None))
    for table in (StugaItem, Idea, AnswerShown, Candidate, History, Line):
        changed(session, delete(table).where(col(table.ticket_id).in_(ids)))
    changed(session, delete(Ticket).where(col(Ticket.id).in_(ids)))


def _empty_drafts(session: Session, ids: Sequence[int], now: datetime) -> None:
    gone = {"text": "", "deleted_at": func.coalesce(col(Line.deleted_at), now)}
    changed(session, update(Line).where(col(Line.id).in_(ids)).values(gone))


# ---- messages ------------------------------------------------------------------------------------------------------


class Messages(Step):
    """What the bot has said in Slack and has not changed since. Each goes by a letter of its own, one after the other.

    Those about an open question stay, and those about one that is held.
    """

    def due(self, when: When, limit: int | None = None) -> list[Any]:
        found = [(posted.place,) for posted, held in _old(when) if not held]
        return found if limit is None else found[: max(0, min(limit, MOST_MESSAGES - _on_their_way(when.session)))]

    def held(self, when: When) -> int:
        return sum(held for _, held in _old(when))


_EXPIRES = and_(col(Letter.place) == col(Posted.place), col(Letter.kind) == "expire")
_GOES = exists().where(_EXPIRES, col(Letter.done_at).is_(None))


def _on_their_way(session: Session) -> int:
    waiting = select(func.count(col(Letter.id))).where(Letter.kind == "expire", col(Letter.done_at).is_(None))
    return session.exec(waiting).one()


def _old(when: When) -> list[tuple[Posted, bool]]:
    rows = select(Posted).where(_unchanged(when), not_(_GOES)).order_by(col(Posted.at), col(Posted.place))
    return _may_go(when, when.session.exec(rows).all())


def is_over(session: Session, place: str, *, now: datetime) -> bool:
    """Still true when the letter is delivered: its question has not been opened again, and nobody holds it."""
    when = When(session, now)
    found = _may_go(when, session.exec(select(Posted).where(Posted.place == place, _unchanged(when))).all())
    return any(not held for _, held in found)


def _unchanged(when: When) -> ColumnElement[bool]:
    return col(Posted.at) < when.before(Keep.WITH_QUESTION)


def _may_go(when: When, found: Sequence[Posted]) -> list[tuple[Posted, bool]]:
    """Those whose question is over, and whether a hold keeps them. Files are known by their message only: they stay
    while there is a question with pictures, or a hold.
    """
    session, about = when.session, about_question(when.session, found)
    lives = select(Ticket.id, Ticket.id).where(not_(_closed_before(when)) | col(Ticket.closed_at).is_(None))
    alive = _by_id(session, lives, col(Ticket.id), about.values())
    kept = {hold.ticket_id for hold in holds.in_force(session, now=when.now)}
    files = {posted.place for posted in found if outbox.files_in(posted)}
    pictures = select(Ticket.id).where(col(Ticket.pictures) != "").limit(1)  # all questions are gone through: seldom
    stays = bool(files) and (bool(kept) or session.exec(pictures).first() is not None)
    return [
        (posted, None in kept or about[posted.place] in kept)
        for posted in found
        if about[posted.place] not in alive and not (stays and posted.place in files)
    ]


def about_question(session: Session, found: Iterable[Posted]) -> dict[str, int | None]:
    """Place → the question that it is about, by itself or by a line; None for what is about none."""
    places = [posted.place for posted in found]
    by_itself = {place: told[1] if (told := tickets.parse_place(place)) else None for place in places}
    line = {place: number for place in places if (number := lines.of_place(place)) is not None}
    known = _by_id(session, select(Line.id, Line.ticket_id), col(Line.id), line.values())
    return by_itself | {place: known.get(number) for place, number in line.items()}


def _by_id(session: Session, rows: Any, key: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    """(id, what) of these rows, five hundred a query."""
    wanted, found = sorted({each for each in ids if each is not None}), {}
    for at in range(0, len(wanted), 500):
        found.update(session.exec(rows.where(key.in_(wanted[at : at + 500]))).all())
    return found


def _say_goodbye(session: Session, places: Sequence[str], now: datetime) -> None:
    """A letter for each, some seconds apart, behind those that are on their way. What Slack would not take away is
    forgotten: nobody tries for ever.
    """
    news.keep_reach(session, news.of_places(places))
    last = session.exec(select(func.max(Letter.due_at)).where(Letter.kind == "expire", col(Letter.done_at).is_(None)))
    due = max(now, last.one() or now)
    lost = select(Letter.place).where(col(Letter.place).in_(places), Letter.kind == "expire")
    given_up = set(session.exec(lost.where(Letter.outcome == Outcome.GIVEN_UP)))
    for n, posted in enumerate(outbox.where_is(session, places).values(), start=1):
        if posted.place in given_up:
            outbox.forget_place(session, posted.place)
            continue
        intent = Intent("expire", posted.to_id, None, posted.place, f"{posted.ts} {clock.today(now)}")
        outbox.put(session, intent, now=now, due=due + n * APART)


# ---- people, answers -----------------------------------------------------------------------------------------------


HERS = (Assignment, Absence, Pattern, Shift, Duty, WorkingUnit, StugaTurn, NewsReader)  # what is hers alone


def _has_left(when: When) -> ColumnElement[bool]:
    """No account in the chat that works, no place of work any more, and no question that waits."""
    before, day = when.before(Keep.EMPLOYMENT), when.day(Keep.EMPLOYMENT)
    hers = [exists().where(col(t.person_id) == col(Person.id), _lasts(t, day)) for t in (Assignment, Appointment)]
    mine = or_(col(Ticket.asker_id) == col(Person.id), col(Ticket.owner_id) == col(Person.id))
    waits = exists().where(col(Ticket.closed_at).is_(None), mine)
    gone = or_(col(Person.deactivated_at) < before, col(Person.chat_user_id).is_(None))
    personal = col(Person.kind) == PersonKind.PERSONAL
    return and_(people.is_somebody(), personal, gone, not_(or_(*hers, waits)))


def _lasts(table: type[Assignment] | type[Appointment], day: date) -> ColumnElement[bool]:
    return or_(col(table.ends_on).is_(None), col(table.ends_on) >= day)


def _forget_people(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Her row stays as a pseudonym without anybody behind it."""
    news.keep_reach(session, news.had_by(session, ids))
    for table in HERS:
        changed(session, delete(table).where(col(table.person_id).in_(ids)))
    people.empty(session, ids, now=now)


def _empty_answers(session: Session, ids: Sequence[int], now: datetime) -> None:
    said = update(AnswerVersion).where(col(AnswerVersion.answer_id).in_(ids))
    changed(session, said.values(question="", text="", by_id=None))
    nobody = {"author_id": None, "approved_at": None, "first_by_id": None}
    changed(session, update(Answer).where(col(Answer.id).in_(ids)).values(NO_WORDS | nobody))


def _refuse(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Nobody has looked at it for so long: it goes the way of what was refused."""
    changed(session, update(Answer).where(col(Answer.id).in_(ids)).values(state=AnswerState.REFUSED, ended_at=now))


def _forget_wordings(session: Session, ids: Sequence[int], now: datetime) -> None:
    theirs = session.exec(select(Wording.ticket_id).where(col(Wording.id).in_(ids)))
    learning.part(session, [ticket_id for ticket_id in theirs if ticket_id is not None])


def _forget_readers(session: Session, ids: Sequence[int], now: datetime) -> None:
    news.forget_readers(session, on=clock.today(now))


# ---- the schedule --------------------------------------------------------------------------------------------------


def _gone(name: str, table: type[SQLModel], keep: str, time: Any, about: Any = None) -> Step:
    """Rows that go whole, so long after this time; without one they stay."""
    by_day = isinstance(time.type, Date)
    return Step(name, table, lambda when: col(time) < (when.day(keep) if by_day else when.before(keep)), about)


def _loose(keep: str) -> Over:
    """Lines that have found no question."""
    return lambda when: and_(col(Line.ticket_id).is_(None), col(Line.said_at) < when.before(keep))


def _draft(when: When) -> ColumnElement[bool]:
    return and_(_loose(Keep.WITH_QUESTION)(when), col(Line.text) != "")


def _unread(when: When) -> ColumnElement[bool]:
    return and_(col(Answer.state) == AnswerState.PROPOSED, col(Answer.made_at) < when.before(Keep.ROUTING))


def _out_of_force(when: When) -> ColumnElement[bool]:
    says = or_(*(getattr(Answer, name) != "" for name in NO_WORDS))
    return and_(col(Answer.ended_at) < when.before(Keep.VALID), says | col(Answer.author_id).is_not(None))


def _order(when: When) -> ColumnElement[bool]:
    """An order is told to two people and then lives in the municipality's own system."""
    return func.coalesce(AccessOrder.answered_at, AccessOrder.asked_at) < when.before("keep.orders")


def _learnt(when: When) -> ColumnElement[bool]:
    """What is kept and cut off from its question is nobody's; what goes with its question is not counted twice."""
    goes = exists().where(col(Ticket.id) == col(Wording.ticket_id), _has_words(when))
    return and_(col(Wording.learnt_at) < when.before("keep.wordings"), col(Wording.ticket_id).is_not(None), not_(goes))


def _held_session(when: When) -> ColumnElement[bool]:
    ended = select(Stuga.id).where(col(Stuga.ends_at) < when.before(Keep.ROUTING))
    return col(StugaStaff.stuga_id).in_(ended)


def _read(when: When) -> ColumnElement[bool]:
    """Who has read what is over: a number is enough."""
    over = or_(col(News.ended_at).is_not(None), col(News.ends_on) < clock.today(when.now))
    return and_(over, exists().where(col(NewsReader.news_id) == col(News.id)))


def _hidden_number(when: When) -> ColumnElement[bool]:
    return and_(col(Tally.first) < when.day("keep.tally"), col(Tally.shows) == Shows.NOTHING)


STEPS: tuple[Step, ...] = (
    Step("words", Ticket, _has_words, Ticket.id, _empty),
    Step("drafts", Line, _draft, None, _empty_drafts),
    Messages("messages", Posted, _unchanged, None, _say_goodbye),
    Step("orders", AccessOrder, _order, AccessOrder.ticket_id),
    Step("unread_answers", Answer, _unread, None, _refuse),
    _gone("proposals", AnswerProposal, "keep.answers", AnswerProposal.decided_at, AnswerProposal.ticket_id),
    Step("answers", Answer, _out_of_force, None, _empty_answers),
    Step("wordings", Wording, _learnt, Wording.ticket_id, _forget_wordings),
    Step("readers", News, _read, None, _forget_readers),
    Step("questions", Ticket, _counted, Ticket.id, _delete),
    Step("lines", Line, _loose(Keep.ROUTING)),
    _gone("duty", Duty, Keep.SHIFT, Duty.until_at),
    _gone("shifts", Shift, Keep.SHIFT, Shift.until_at),
    _gone("rotas", Pattern, Keep.SHIFT, Pattern.ends_on),
    _gone("absences", Absence, Keep.SHIFT, Absence.ends_on),
    Step("working_units", WorkingUnit, lambda when: col(WorkingUnit.until_at) < when.now),
    _gone("appointments", Appointment, Keep.APPOINTMENT, Appointment.ends_on),
    _gone("assignments", Assignment, Keep.APPOINTMENT, Assignment.ends_on),
    _gone("turns", StugaTurn, Keep.APPOINTMENT, StugaTurn.ends_on),
    Step("hosts", StugaStaff, _held_session),
    _gone("clusters", Cluster, Keep.ROUTING, Cluster.ended_at),
    _gone("outages", Outage, Keep.ROUTING, Outage.ended_at),
    _gone("news", News, Keep.ROUTING, News.ends_on),
    Step("people", Person, _has_left, None, _forget_people),
    _gone("letters", Letter, "keep.letters", Letter.done_at),
    _gone("pictures", SummaryPicture, "keep.letters", SummaryPicture.at),
    _gone("heard", Heard, "keep.heard", Heard.at),
    _gone("jobs", JobRun, "keep.jobs", JobRun.lease_until),
    Step("numbers", Tally, _hidden_number),
    _gone("audit", AuditEntry, Keep.AUDIT, AuditEntry.at),
    _gone("erasures", Erasure, Keep.AUDIT, Erasure.at),
    _gone("holds", Hold, Keep.ROUTING, Hold.until_at),
)


def portion(session: Session, step: Step, run: str, *, now: datetime) -> bool:
    """Some of what is due, and the log of it. True if there may be more."""
    when = When(session, now)
    keys = step.due(when, PORTION)
    if keys:
        step.end(session, keys, now)
    held = step.held(when) if holds.in_force(session, now=now) else 0
    if keys or held:
        _log(session, run, step.name, len(keys), held, now=now)
    return len(keys) == PORTION


def _log(session: Session, run: str, step: str, number: int, held: int, *, now: datetime) -> None:
    fresh = insert(session, Disposal).values(run=run, step=step, at=now, number=number, held=held)
    more = {"at": now, "number": col(Disposal.number) + number, "held": held}
    changed(session, fresh.on_conflict_do_update(index_elements=["run", "step"], set_=more))


@dataclass(frozen=True)
class Done:
    step: str
    number: int
    held: int


def would_go(session: Session, *, now: datetime) -> list[Done]:
    """The dry run: what the next one would log."""
    when, kept = When(session, now), bool(holds.in_force(session, now=now))
    found = (Done(step.name, len(step.due(when)), step.held(when) if kept else 0) for step in STEPS)
    return [each for each in found if each.number or each.held]


def log_of(session: Session, run: str) -> list[Done]:
    """What a run has done, in the order of the schedule."""
    rows = {row.step: row for row in session.exec(select(Disposal).where(Disposal.run == run))}
    return [Done(row.step, row.number, row.held) for step in STEPS if (row := rows.get(step.name)) is not None]
