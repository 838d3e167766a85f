"""The answer bank: what has helped one colleague and shall help the next, and those who keep it.

Lives here: the tables, who keeps what, what a keeper does with an answer, and what is erased with its question. Every
verb says which version it has seen: of two keepers at once the second is told who was faster.
Not here: how a question proposes an answer (proposals.py), and to whom one is shown (offers.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, UniqueConstraint, and_, false, func, or_, true
from sqlmodel import Field, Session, SQLModel, col, select, update

from models import catalogue, clock, outbox, people, settings, shelf, tickets
from models.columns import check, code, instant, paired
from models.db import changed
from models.errors import Gone, NotYours, Refused
from models.outbox import Intent
from models.people import Person, Role
from models.similar import Known
from models.tickets import Ticket

LONGEST_QUESTION, LONGEST, LONGEST_LINK = 300, 1500, 300  # characters
AWAITS = 50  # at most so many tasks are looked for
MERGED_WITH = 100  # at most so many are offered: a menu has no room for more


class AlreadyDone(Refused):
    """Another keeper was faster. `about["name"]` is who."""

    key = "refused.answer_already_done"


class NotComplete(Refused):
    """An answer without a question or without words."""

    key = "refused.answer_not_complete"


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # another one says it


ALIVE = (State.PROPOSED, State.APPROVED)
OVER = (State.REFUSED, State.WITHDRAWN, State.MERGED)


class Verdict(StrEnum):
    """What became of a proposal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Did(StrEnum):
    """One word a version."""

    PROPOSED = "proposed"
    FIRST = "first"  # the first of two approvals
    HANDED_OVER = "handed_over"  # it is about another tool, whose keepers see it now
    APPROVED = "approved"
    KEPT = "kept"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # into another one
    JOINED = "joined"  # another one was merged into it
    ERASED = "erased"
    SOURCE_GONE = "source_gone"  # the question it came from was cleared; its words are the keeper's own


class Why(StrEnum):
    """Why an answer waits for its keeper."""

    NEW = "new"
    SECOND = "second"  # one has approved, medication takes two
    JOINED = "joined"  # it is approved, and somebody has proposed the same
    SOURCE_GONE = "source_gone"
    NO_HELP = "no_help"  # it has stopped helping
    DUE = "due"  # its day of review has come


class Answer(SQLModel, table=True):
    """`first_by_id`: who has approved a medication answer first. `in_vain`: how often in a row it was shown and did not
    help; so often that it is shown no more until its keeper has read it: `look_at`.
    """

    __table_args__ = (
        paired("author_id", "approved_at"),
        check("state <> 'approved' OR (author_id IS NOT NULL AND review_on IS NOT NULL)", "approved_by_somebody"),
        check("state <> 'approved' OR (question <> '' AND text <> '')", "approved_has_words"),
        check("state <> 'approved' OR NOT medication OR first_by_id IS NOT NULL", "medication_takes_two"),
        check("first_by_id IS NULL OR author_id IS NULL OR first_by_id <> author_id", "two_are_not_one"),
        check("(look_at IS NULL) = (look_why IS NULL)", "looked_at_for_a_reason"),
        check("(state = 'merged') = (merged_into_id IS NOT NULL)", "merged_into_another"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    tool: str = Field(max_length=60, index=True)
    question: str = Field(default="", max_length=LONGEST_QUESTION)
    text: str = Field(default="", max_length=LONGEST)
    question_en: str = Field(default="", max_length=LONGEST_QUESTION)
    text_en: str = Field(default="", max_length=LONGEST)
    link: str = Field(default="", max_length=LONGEST_LINK)
    state: State = code(State, default=State.PROPOSED, index=True)
    medication: bool = False
    version: int = 1
    first_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    approved_at: datetime | None = instant(default=None, nullable=True)
    review_on: date | None = None
    made_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)
    look_at: datetime | None = instant(default=None, nullable=True)
    look_why: Why | None = code(Why, default=None, nullable=True)
    merged_into_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    shown: int = 0
    helped: int = 0
    missed: int = 0
    in_vain: int = 0

    @property
    def pk(self) -> int:
        """The id of a stored answer."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    def said(self, language: str) -> tuple[str, str]:
        """Question and answer in this language where there is one, else in Swedish."""
        in_english = language == "en" and self.text_en != ""
        return (self.question_en or self.question, self.text_en) if in_english else (self.question, self.text)


class AnswerProposal(SQLModel, table=True):
    """Somebody's words for an answer. Several may stand for one: alike ones are merged."""

    __tablename__ = "answer_proposal"
    __table_args__ = (paired("verdict", "decided_at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", unique=True)
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    question: str = Field(default="", max_length=LONGEST_QUESTION)
    text: str = Field(default="", max_length=LONGEST)
    at: datetime = instant()
    verdict: Verdict | None = code(Verdict, default=None, nullable=True)
    decided_at: datetime | None = instant(default=None, nullable=True)
    why: str = Field(default="", max_length=300)

    @property
    def pk(self) -> int:
        """The id of a stored proposal."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


class AnswerVersion(SQLModel, table=True):
    """What an answer said, and who did what to it. Rows are added; only erasure empties their words."""

    __tablename__ = "answer_version"
    __table_args__ = (UniqueConstraint("answer_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id")
    version: int
    did: Did = code(Did)
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    at: datetime = instant()
    question: str = Field(default="", max_length=LONGEST_QUESTION)
    text: str = Field(default="", max_length=LONGEST)


class Via(StrEnum):
    ASKER = "asker"  # in her receipt
    HELPER = "helper"  # sent by the one who helps


class Result(StrEnum):
    HELPED = "helped"
    MISSED = "missed"
    PASSED = "passed"  # another one helped, or nobody knows


class AnswerShown(SQLModel, table=True):
    """An answer under a question, and what came of it."""

    __tablename__ = "answer_shown"
    __table_args__ = (UniqueConstraint("ticket_id", "answer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    answer_id: int = Field(foreign_key="answer.id", index=True)
    via: Via = code(Via)
    at: datetime = instant()
    result: Result | None = code(Result, default=None, nullable=True, index=True)


# ---- who keeps what ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """Of these tools, and if `rest` of all but `others`."""

    tools: frozenset[str]
    rest: bool = False
    others: frozenset[str] = frozenset()

    def has(self, tool: str) -> bool:
        return tool in self.tools or (self.rest and tool not in self.others)

    @property
    def nothing(self) -> bool:
        return not self.tools and not self.rest

    def where(self) -> ColumnElement[bool]:
        rest = and_(true(), col(Answer.tool).not_in(self.others)) if self.rest else false()
        return or_(col(Answer.tool).in_(self.tools), rest)


def kept_by(session: Session, person_id: int, *, now: datetime) -> Kept:
    """A specialist keeps her tools; what no specialist has, or medication only one, the coordinators keep."""
    on = clock.today(now)
    hats = people.roles_of(session, person_id, on=on)
    hers = {hat.tool for hat in hats if hat.role is Role.OBJECT_SPECIALIST}
    named = frozenset(tool for tool in hers if tool is not None)
    if None in hers:
        return Kept(named, rest=True)
    if not any(hat.role is Role.COORDINATOR for hat in hats):
        return Kept(named)
    return Kept(named, True, _manned(session, on))


def _manned(session: Session, on: date) -> frozenset[str]:
    """Tools with as many specialists as it takes to approve."""
    who: dict[str | None, set[int]] = {}
    for hat in people.holders(session, Role.OBJECT_SPECIALIST, on=on):
        who.setdefault(hat.tool, set()).add(hat.person_id)
    of_all = who.pop(None, set())
    tools = catalogue.in_force(session).known
    return frozenset(t for t in tools if len(who.get(t, set()) | of_all) >= (2 if is_medication(session, t) else 1))


def need_kept(session: Session, tool: str, by: int, *, now: datetime) -> None:
    """Raises NotYours for who does not keep this tool's answers today."""
    if not kept_by(session, by, now=now).has(tool):
        raise NotYours


# ---- reading -----------------------------------------------------------------------------------------------------


def get(session: Session, answer_id: int | None) -> Answer:
    """As the database says now. Raises Gone."""
    found = session.get(Answer, answer_id, populate_existing=True) if answer_id is not None else None
    if found is None:
        raise Gone
    return found


def hers(session: Session, answer_id: int | None, by: int, *, now: datetime) -> Answer:
    """An answer that she keeps. Raises Gone, NotYours: also for one that never was, if she keeps none at all."""
    if kept_by(session, by, now=now).nothing:
        raise NotYours
    found = get(session, answer_id)
    need_kept(session, found.tool, by, now=now)
    return found


def _in_force(session: Session, on: date) -> ColumnElement[bool]:
    """Approved, helping, and not long past its day of review."""
    last = on - settings.read(session).span("answer.grace")
    return and_(col(Answer.state) == State.APPROVED, col(Answer.look_at).is_(None), col(Answer.review_on) >= last)


def in_force(session: Session, ids: Sequence[int], *, now: datetime) -> list[Answer]:
    """Of these, in their order, what may be shown now: whatever an index still says."""
    if not ids:
        return []
    query = select(Answer).where(col(Answer.id).in_(ids), _in_force(session, clock.today(now)))
    found = {answer.pk: answer for answer in session.exec(query.execution_options(populate_existing=True))}
    return [found[answer_id] for answer_id in ids if answer_id in found]


def of_tool(session: Session, tool: str, *, now: datetime, most: int) -> list[Answer]:
    """What has helped most comes first."""
    query = select(Answer).where(Answer.tool == tool, _in_force(session, clock.today(now)))
    return list(session.exec(query.order_by(col(Answer.helped).desc(), col(Answer.id)).limit(most)))


def tools(session: Session, *, now: datetime) -> dict[str, int]:
    """How many answers each tool has; those without any are left out."""
    query = select(Answer.tool, func.count(col(Answer.id))).where(_in_force(session, clock.today(now)))
    return dict(session.exec(query.group_by(col(Answer.tool))).all())


def authors(session: Session, found: Iterable[Answer]) -> dict[int, str]:
    """Answer → who answers for it: one, for medication two."""
    several = list(found)
    who = people.find(session, [i for answer in several for i in (answer.first_by_id, answer.author_id)])
    return {answer.pk: " + ".join(_names(answer, who)) for answer in several}


def _names(answer: Answer, who: Mapping[int, Person]) -> list[str]:
    ids = (answer.first_by_id, answer.author_id) if answer.medication else (answer.author_id,)
    return [who[person_id].name for person_id in ids if person_id is not None and person_id in who]


def proposal(session: Session, proposal_id: int | None) -> AnswerProposal | None:
    """None once it is forgotten."""
    return session.get(AnswerProposal, proposal_id) if proposal_id is not None else None


def proposals_of(session: Session, answer_id: int, *, undecided: bool = False) -> list[AnswerProposal]:
    query = select(AnswerProposal).where(AnswerProposal.answer_id == answer_id).order_by(col(AnswerProposal.id))
    return list(session.exec(query.where(col(AnswerProposal.verdict).is_(None)) if undecided else query))


def versions_of(session: Session, answer_id: int) -> list[AnswerVersion]:
    query = select(AnswerVersion).where(AnswerVersion.answer_id == answer_id)
    return list(session.exec(query.order_by(col(AnswerVersion.version))))


def new_ones(session: Session, *, since: datetime, until: datetime) -> list[Answer]:
    """Approved in this time, for the summary's good news."""
    query = select(Answer).where(Answer.state == State.APPROVED, col(Answer.approved_at) >= since)
    return list(session.exec(query.where(col(Answer.approved_at) < until).order_by(col(Answer.id))))


def others(session: Session, answer: Answer, *, most: int) -> list[Answer]:
    """What it could be merged into: of its tool, and what is shown only into what is shown too. The newest first."""
    alive = (State.APPROVED,) if answer.state is State.APPROVED else ALIVE
    query = select(Answer).where(Answer.tool == answer.tool, Answer.id != answer.pk, col(Answer.state).in_(alive))
    return list(session.exec(query.order_by(col(Answer.id).desc()).limit(most)))


class Bank:
    """What shelf.py asks of us: what may be found, and its words."""

    def versions(self, session: Session) -> Mapping[int, int]:
        """By id, a number that grows with each change. What has expired by the clock is left out when it is read."""
        query = select(Answer.id, Answer.version).where(Answer.state == State.APPROVED, col(Answer.look_at).is_(None))
        return {answer_id: version for answer_id, version in session.exec(query) if answer_id is not None}

    def known(self, session: Session, ids: Collection[int]) -> Iterable[Known]:
        for answer in session.exec(select(Answer).where(col(Answer.id).in_(ids))):
            yield known(answer)


def known(answer: Answer) -> Known:
    """Its words in both languages, as it is found by them."""
    both = [(answer.question, answer.question_en), (answer.text, answer.text_en)]
    question, text = ("\n".join(filter(None, pair)) for pair in both)
    return Known(answer.pk, question, text, (answer.tool,))


BANK = Bank()


# ---- what waits for a keeper ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """`proposed`: how many colleagues have proposed it and wait for a word."""

    answer: Answer
    why: Why
    proposed: int = 0


def waiting_for(session: Session, person_id: int, *, now: datetime) -> list[Task]:
    """What she has to look at, the oldest first."""
    hers = kept_by(session, person_id, now=now)
    if hers.nothing:
        return []
    joined = col(Answer.id).in_(select(AnswerProposal.answer_id).where(col(AnswerProposal.verdict).is_(None)))
    new = and_(col(Answer.state) == State.PROPOSED, col(Answer.first_by_id).is_distinct_from(person_id))
    again = or_(joined, col(Answer.look_at).is_not(None), col(Answer.review_on) <= clock.today(now))
    waits = or_(new, and_(col(Answer.state) == State.APPROVED, again))
    query = select(Answer).where(hers.where(), waits).order_by(col(Answer.id)).limit(AWAITS)
    found = list(session.exec(query.execution_options(populate_existing=True)))
    each = zip(found, _proposed(session, found), strict=True)
    return [Task(answer, why_of(answer, now=now) or Why.JOINED, n) for answer, n in each]


def _proposed(session: Session, found: Sequence[Answer]) -> list[int]:
    """How many undecided proposals each has."""
    count = select(AnswerProposal.answer_id, func.count(col(AnswerProposal.id)))
    theirs = count.where(col(AnswerProposal.verdict).is_(None)).group_by(col(AnswerProposal.answer_id))
    numbers = dict(session.exec(theirs.where(col(AnswerProposal.answer_id).in_([each.pk for each in found]))).all())
    return [numbers.get(each.pk, 0) for each in found]


def why_of(answer: Answer, *, now: datetime) -> Why | None:
    """Why it waits for its keeper, but for what was proposed beside it."""
    if answer.state is State.PROPOSED:
        return Why.SECOND if answer.first_by_id is not None else Why.NEW
    due = answer.review_on is not None and answer.review_on <= clock.today(now)
    return answer.look_why or (Why.DUE if due else None)


# ---- what a keeper does --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wording:
    """An answer as its keeper wants it. Everything has passed the gate."""

    tool: str
    question: str
    text: str
    question_en: str = ""
    text_en: str = ""
    link: str = ""
    review_on: date | None = None  # None: as long from today as the setting says


def write(session: Session, wording: Wording, *, by: int, now: datetime) -> Answer:
    """An answer that nobody has proposed: approved at once, for medication by its first."""
    need_kept(session, wording.tool, by, now=now)
    fresh = Answer(tool=wording.tool, made_at=now, version=0)
    session.add(fresh)
    session.flush()
    return approve(session, fresh.pk, 0, wording, by=by, now=now)


def approve(session: Session, answer_id: int, seen: int, wording: Wording, *, by: int, now: datetime) -> Answer:
    """[Godkänn], with what she has changed. Medication takes two: whoever changes a word is the first again.

    About a tool that she does not keep it is that tool's keepers' to approve. Raises AlreadyDone, NotComplete, Gone.
    """
    answer, kept = hers(session, answer_id, by, now=now), kept_by(session, by, now=now)
    if not wording.question or not wording.text:
        raise NotComplete
    if wording.tool not in catalogue.in_force(session).tools:
        raise Gone
    medication = is_medication(session, wording.tool)
    did, values = _approved(session, answer, wording, by, now) if kept.has(wording.tool) else (Did.HANDED_OVER, OPEN)
    if did is Did.APPROVED and medication and not _is_second(answer, wording, by):
        did, values = Did.FIRST, OPEN | {"first_by_id": by}
    words = {name: getattr(wording, name) for name in WORDS}
    _change(session, answer, seen, did, by=by, now=now, medication=medication, **words, **values)
    if did is Did.APPROVED:
        _decide(session, answer, Verdict.ACCEPTED, "", by=by, now=now)
    return answer


WORDS = ("tool", "question", "text", "question_en", "text_en", "link")
SEEN_AGAIN: dict[str, Any] = {"look_at": None, "look_why": None, "in_vain": 0}
OPEN: dict[str, Any] = SEEN_AGAIN | {
    "state": State.PROPOSED, "author_id": None, "approved_at": None, "review_on": None, "first_by_id": None,
}  # fmt: skip


def _approved(
    session: Session, answer: Answer, wording: Wording, by: int, now: datetime
) -> tuple[Did, dict[str, Any]]:
    first = answer.first_by_id if is_medication(session, wording.tool) else None
    review = wording.review_on or next_review(session, now=now)
    values = {"state": State.APPROVED, "author_id": by, "approved_at": now, "review_on": review, "first_by_id": first}
    return Did.APPROVED, SEEN_AGAIN | values


def _is_second(answer: Answer, wording: Wording, by: int) -> bool:
    """Another one has approved these very words."""
    same = all(getattr(answer, name) == getattr(wording, name) for name in WORDS)
    return same and answer.state is State.PROPOSED and answer.first_by_id not in (None, by)


def is_medication(session: Session, tool: str | None) -> bool:
    """Whether a slip could harm somebody: questions about it get no ready answers, and its answers take two."""
    return tool in catalogue.in_force(session).medication


def next_review(session: Session, *, now: datetime) -> date:
    return clock.today(now + settings.read(session).span("answer.review"))


def refuse(session: Session, answer_id: int, seen: int, why: str, *, by: int, now: datetime) -> None:
    """[Säg nej]: whoever proposed it hears why. One that is approved already stays."""
    answer = hers(session, answer_id, by, now=now)
    values = {"state": State.REFUSED, "ended_at": now} if answer.state is State.PROPOSED else {}
    _change(session, answer, seen, Did.REFUSED, by=by, now=now, **values)
    _decide(session, answer, Verdict.REFUSED, why, by=by, now=now)


def keep(session: Session, answer_id: int, seen: int, *, by: int, now: datetime) -> None:
    """[Stämmer fortfarande]: until the next day of review. Raises Gone for what is not approved."""
    answer = hers(session, answer_id, by, now=now)
    if answer.state is not State.APPROVED:
        raise Gone
    _change(session, answer, seen, Did.KEPT, by=by, now=now, review_on=next_review(session, now=now), **SEEN_AGAIN)
    _decide(session, answer, Verdict.ACCEPTED, "", by=by, now=now)


def withdraw(session: Session, answer_id: int, seen: int, *, by: int, now: datetime) -> None:
    """[Dra tillbaka]: nobody is shown it any more. Raises Gone for what is not approved."""
    answer = hers(session, answer_id, by, now=now)
    if answer.state is not State.APPROVED:
        raise Gone
    _change(session, answer, seen, Did.WITHDRAWN, by=by, now=now, state=State.WITHDRAWN, ended_at=now)
    _decide(session, answer, Verdict.ACCEPTED, "", by=by, now=now)


def merge(session: Session, answer_id: int, seen: int, into: tuple[int, int], *, by: int, now: datetime) -> None:
    """[Slå ihop]: what was proposed here stands with the other one (`into`: which, and the version that she has seen),
    and this one is over. Raises AlreadyDone, and Gone for what cannot be one.
    """
    answer, other = hers(session, answer_id, by, now=now), hers(session, into[0], by, now=now)
    if other.pk not in {each.pk for each in others(session, answer, most=MERGED_WITH)}:
        raise Gone
    over = {"state": State.MERGED, "ended_at": now, "merged_into_id": other.pk}
    _change(session, answer, seen, Did.MERGED, by=by, now=now, **over)
    _change(session, other, into[1], Did.JOINED, by=by, now=now)
    theirs = update(AnswerProposal).where(col(AnswerProposal.answer_id) == answer.pk)
    changed(session, theirs.values(answer_id=other.pk))
    earlier = update(Answer).where(col(Answer.merged_into_id) == answer.pk)
    changed(session, earlier.values(merged_into_id=other.pk))


def _change(
    session: Session, answer: Answer, seen: int, did: Did, *, by: int | None, now: datetime, **values: Any
) -> None:
    """One version on, from the one that was seen. Raises AlreadyDone."""
    alive = col(Answer.state).in_(ALIVE)
    as_seen = update(Answer).where(col(Answer.id) == answer.pk, col(Answer.version) == seen, alive)
    if not changed(session, as_seen.values(version=seen + 1, **values)):
        raise AlreadyDone(name=_last_hand(session, answer.pk))
    session.refresh(answer)
    note_version(session, answer, did, by=by, now=now)
    shelf.changed_now(session)
    _show_anew(session, answer, now=now)


def note_version(session: Session, answer: Answer, did: Did, *, by: int | None, now: datetime) -> None:
    """What it says from now on."""
    row = AnswerVersion(answer_id=answer.pk, version=answer.version, did=did, by_id=by, at=now)
    row.question, row.text = answer.question, answer.text
    session.add(row)
    session.flush()


def _show_anew(session: Session, answer: Answer, *, now: datetime) -> None:
    """Receipts in which it stands say so: it reads otherwise, or is gone."""
    open_ = select(Ticket).join(AnswerShown, col(AnswerShown.ticket_id) == col(Ticket.id))
    there = open_.where(AnswerShown.answer_id == answer.pk, col(AnswerShown.result).is_(None))
    for ticket in session.exec(there.where(Ticket.state == tickets.State.OPEN, col(Ticket.asker_id).is_not(None))):
        cause, place = f"answer {answer.pk} {answer.version}", tickets.receipt_place(ticket.pk)
        outbox.put(session, Intent("receipt", ticket.asker_id or 0, ticket.pk, place, cause), now=now)


def _last_hand(session: Session, answer_id: int) -> str:
    last = next(reversed(versions_of(session, answer_id)), None)
    person = session.get(Person, last.by_id) if last is not None and last.by_id is not None else None
    return person.name if person else ""


def _decide(session: Session, answer: Answer, verdict: Verdict, why: str, *, by: int, now: datetime) -> None:
    """Everybody who proposed it: a yes stands on her card, a no is said with its reason."""
    for proposal in proposals_of(session, answer.pk, undecided=True):
        one = update(AnswerProposal).where(col(AnswerProposal.id) == proposal.pk)
        decided = one.values(verdict=verdict, decided_at=now, why=why)
        if changed(session, decided.where(col(AnswerProposal.verdict).is_(None))):
            _tell(session, proposal, verdict, by=by, now=now)


def _tell(session: Session, proposal: AnswerProposal, verdict: Verdict, *, by: int, now: datetime) -> None:
    to = proposal.by_id
    if to is None:
        return
    if verdict is Verdict.REFUSED and to != by:
        intent = Intent("answer_refused", to, proposal.pk, f"answer_refused:{proposal.pk}", "refused")
        outbox.put(session, intent, now=now)
    place = tickets.card_place(proposal.ticket_id or 0, to)
    if outbox.where_is(session, [place]):
        outbox.put(session, Intent("card", to, proposal.ticket_id, place, f"answer {proposal.pk} {verdict}"), now=now)


# ---- when it stops helping -----------------------------------------------------------------------------------------


def counted(session: Session, answer_id: int, *, helped: bool, now: datetime) -> None:
    """It was shown and helped, or did not. So often in a row without helping (`answer.vain`), and its keeper reads it
    before anybody is shown it again.
    """
    one = update(Answer).where(col(Answer.id) == answer_id)
    if helped:
        changed(session, one.values(helped=col(Answer.helped) + 1, in_vain=0))
        return
    changed(session, one.values(missed=col(Answer.missed) + 1, in_vain=col(Answer.in_vain) + 1))
    most = settings.read(session).number("answer.vain")
    worn = one.where(col(Answer.in_vain) >= most, col(Answer.look_at).is_(None))
    if changed(session, worn.values(look_at=now, look_why=Why.NO_HELP)):
        shelf.changed_now(session)


def was_shown(session: Session, answer_id: int) -> None:
    changed(session, update(Answer).where(col(Answer.id) == answer_id).values(shown=col(Answer.shown) + 1))


# ---- erasure -------------------------------------------------------------------------------------------------------


def forget_question(session: Session, ticket_id: int, *, now: datetime) -> None:
    """The words of this question are cleared: so are they where an answer came from them.

    An answer that says a sentence of it literally is emptied and gone. One that its keeper has written anew is shown no
    more until she has read it again.
    """
    proposal = session.exec(select(AnswerProposal).where(AnswerProposal.ticket_id == ticket_id)).first()
    if proposal is None or not (proposal.question or proposal.text):
        return
    answer = get(session, proposal.answer_id)
    literal = _says(answer, proposal)
    _empty(session, answer, proposal)
    changed(session, update(AnswerProposal).where(col(AnswerProposal.id) == proposal.pk).values(question="", text=""))
    if answer.state not in ALIVE:
        literal = False
    if literal:
        gone = NO_WORDS | {"state": State.WITHDRAWN, "ended_at": now}
        _change(session, answer, answer.version, Did.ERASED, by=None, now=now, **gone)
    elif answer.state is State.APPROVED:
        why = {"look_at": now, "look_why": Why.SOURCE_GONE}
        _change(session, answer, answer.version, Did.SOURCE_GONE, by=None, now=now, **why)


def erase_of(session: Session, person_id: int, *, now: datetime) -> int:
    """Somebody's words: what she has proposed, and answers in which nobody else had a hand. An answer that another
    keeper has read, too, is the tool's and stays, without her name. How many are gone.
    """
    proposed = list(session.exec(select(AnswerProposal).where(AnswerProposal.by_id == person_id)))
    for proposal in proposed:
        if proposal.ticket_id is not None:
            forget_question(session, proposal.ticket_id, now=now)
    words = {"question": "", "text": "", "why": ""}
    changed(session, update(AnswerProposal).where(col(AnswerProposal.by_id) == person_id).values(words))
    mine = [found for found in _touched(session, person_id) if _is_hers_alone(session, found, person_id)]
    for answer in mine:
        said = update(AnswerVersion).where(col(AnswerVersion.answer_id) == answer.pk)
        changed(session, said.values(question="", text=""))
        if answer.state in (State.PROPOSED, State.APPROVED):
            gone = NO_WORDS | {"state": State.WITHDRAWN, "ended_at": now}
            _change(session, answer, answer.version, Did.ERASED, by=None, now=now, **gone)
        else:
            changed(session, update(Answer).where(col(Answer.id) == answer.pk).values(NO_WORDS))
    return len(mine) + len(proposed)


def _touched(session: Session, person_id: int) -> list[Answer]:
    hers = select(AnswerVersion.answer_id).where(AnswerVersion.by_id == person_id)
    return list(session.exec(select(Answer).where(col(Answer.id).in_(hers)).execution_options(populate_existing=True)))


def _is_hers_alone(session: Session, answer: Answer, person_id: int) -> bool:
    return {row.by_id for row in versions_of(session, answer.pk)} <= {person_id, None}


NO_WORDS: dict[str, Any] = dict.fromkeys(("question", "text", "question_en", "text_en"), "")


def _says(said: Answer | AnswerVersion, proposal: AnswerProposal) -> bool:
    pairs = ((said.question, proposal.question), (said.text, proposal.text))
    return any(came != "" and came in stands for stands, came in pairs)


def _empty(session: Session, answer: Answer, proposal: AnswerProposal) -> None:
    """Every version that said so, and what is no longer in force; also of what was merged into it."""
    these = or_(col(Answer.id) == answer.pk, col(Answer.merged_into_id) == answer.pk)
    query = select(AnswerVersion).where(col(AnswerVersion.answer_id).in_(select(Answer.id).where(these)))
    for row in session.exec(query).all():
        if _says(row, proposal):
            changed(session, update(AnswerVersion).where(col(AnswerVersion.id) == row.id).values(question="", text=""))
    changed(session, update(Answer).where(these, col(Answer.state).in_(OVER)).values(NO_WORDS))
