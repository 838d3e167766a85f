"""The product's rules in two forms that must agree: pure, without a database, and as verbs on real rows.

`Pure` asks `roster.presence`, `ladder.rung_of` and `ladder.choose`; what it remembers itself (who has a card, who said
no) is what the tables hold. `Stored` calls `ladder.advance`, `tick`, `pass_on`, `passed_over` and `tickets.take`.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlmodel import SQLModel, col, select

from benchmarks import staff
from benchmarks.staff import DAY, Municipality, Question
from models import clock, ladder, roster, settings, tickets
from models.db import Database
from models.ladder import ROLE_ON, RUNGS, Helper
from models.people import Administration, Appointment, Assignment, Department, Person, Role
from models.recognition import Kind
from models.roster import Known, Presence
from models.settings import Settings
from models.shifts import Plan, Shift, Span
from models.tickets import Candidate, NextStep, Rung, Ticket

RULES = Settings({key: default.value for key, default in settings.defaults().items()})
GAP = RULES.span("shifts.gap")


@dataclass
class Asked:
    """Where a question stands after a move: on which rung, who got a card just now, and when it goes on."""

    rung: Rung | None
    people: tuple[int, ...]
    next_at: datetime


class World(Protocol):
    """What the simulation needs of the product. `None`: nothing moved."""

    def begin(self, question: Question, now: datetime) -> Asked: ...
    def tick(self, question: Question, now: datetime) -> Asked: ...
    def take(self, question: Question, person: int, now: datetime) -> None: ...
    def decline(self, question: Question, person: int, now: datetime, *, herself: bool) -> Asked | None: ...
    def may_notify(self, person: int, role: Role, now: datetime) -> bool: ...


# ---- the rules without a database ------------------------------------------------------------------------------


@dataclass
class Standing:
    """A question of the pure world: its row, who has or had a card on which rung, and who said no."""

    ticket: Ticket
    cards: dict[int, Rung] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    said_no: set[int] = field(default_factory=set)


class Pure:
    def __init__(self, place: Municipality) -> None:
        self.place, self.standing = place, dict[int, Standing]()
        self.open_cards: Counter[int] = Counter()
        self.presences: dict[tuple[int, Role], tuple[Presence, datetime]] = {}
        self.computed = 0
        self._by_department: dict[int, list[Appointment]] = defaultdict(list)
        self._by_unit: dict[int, list[Appointment]] = defaultdict(list)
        self._by_tool: dict[str | None, list[Appointment]] = defaultdict(list)
        department = {unit.id: unit.department_id for unit in place.units}
        for hat in place.hats:
            if hat.role is Role.EXPERT_USER:
                self._by_department[department[hat.unit_id]].append(hat)
                self._by_unit[hat.unit_id or 0].append(hat)
            elif hat.role is Role.OBJECT_SPECIALIST:
                self._by_tool[hat.tool].append(hat)
        self._known_hats: dict[tuple[int | None, str | None], list[tuple[tuple[int, Rung], bool, int | None]]] = {}
        self._people = {number: Person(id=number) for number in range(1, place.people + 1)}
        self._coordinators = [hat for hat in place.hats if hat.role is Role.COORDINATOR]

    def begin(self, question: Question, now: datetime) -> Asked:
        ticket = Ticket(
            id=question.number, asker_id=question.asker_id, unit_id=question.unit.id, tool=question.tool,
            kind=Kind.HANDLING, urgency=question.urgency, asked_at=question.asked_at, asker_wrote_at=question.asked_at,
        )  # fmt: skip
        self.standing[question.number] = Standing(ticket)
        return self._ask_after(question, None, now)

    def tick(self, question: Question, now: datetime) -> Asked:
        standing = self.standing[question.number]
        if standing.ticket.next_step is not NextStep.ANEW:
            return self._ask_after(question, standing.ticket.rung, now)
        for helper in ladder.who_begins_anew(self._helpers(question, standing, now)):
            self._leave(standing, helper.person_id)
            standing.said_no.discard(helper.person_id)
        return self._ask_after(question, ladder.BEFORE_COORDINATORS, now)

    def _ask_after(self, question: Question, after: Rung | None, now: datetime) -> Asked:
        """As ladder.py applies it: a card each, none any more for who has gone home."""
        standing = self.standing[question.number]
        helpers = self._helpers(question, standing, now)
        step = ladder.choose(standing.ticket, helpers, after, RULES, now=now)
        for helper in helpers:
            if helper.asked and not helper.presence.at_work:
                self._leave(standing, helper.person_id)
        standing.ticket.rung, standing.ticket.next_step = step.rung, step.then
        fresh = tuple(p for p in step.people if p not in standing.cards or p in standing.left)
        for person in fresh:
            standing.left.discard(person)
            standing.cards[person] = step.rung or RUNGS[0]
            self.open_cards[person] += step.rung is Rung.DEPARTMENT_EXPERT
        return Asked(step.rung, fresh, step.due_at)

    def _leave(self, standing: Standing, person: int) -> bool:
        """Whether she still had a card."""
        had = person in standing.cards and person not in standing.left
        if had:
            standing.left.add(person)
            self.open_cards[person] -= standing.cards[person] is Rung.DEPARTMENT_EXPERT
        return had

    def take(self, question: Question, person: int, now: datetime) -> None:
        standing = self.standing.pop(question.number)
        for other, rung in standing.cards.items():
            self.open_cards[other] -= rung is Rung.DEPARTMENT_EXPERT and other not in standing.left

    def decline(self, question: Question, person: int, now: datetime, *, herself: bool) -> Asked | None:
        standing = self.standing[question.number]
        had = self._leave(standing, person)
        if had and herself:
            standing.said_no.add(person)
        if not had and not herself:
            return None
        waits = any(r is standing.ticket.rung and p not in standing.left for p, r in standing.cards.items())
        return None if waits else self._ask_after(question, standing.ticket.rung, now)

    def may_notify(self, person: int, role: Role, now: datetime) -> bool:
        return self.presence(person, role, now).at_work

    def _helpers(self, question: Question, standing: Standing, now: datetime) -> list[Helper]:
        today = clock.today(now)
        suits: dict[tuple[int, Rung], bool] = {}
        for key, fits, stands_in_for in self._hats(question):
            if stands_in_for is None or self.place.is_away(stands_in_for, today):
                suits[key] = suits.get(key, False) or fits
        return [
            Helper(
                person, rung, self.presence(person, ROLE_ON[rung], now), suits=fits,
                asks=person == question.asker_id, said_no=person in standing.said_no,
                asked=person in standing.cards and person not in standing.left, had_it=person in standing.cards,
                cards=self.open_cards[person] if rung is Rung.DEPARTMENT_EXPERT else 0,
            )
            for (person, rung), fits in sorted(suits.items(), key=lambda item: RUNGS.index(item[0][1]))
        ]  # fmt: skip

    def _hats(self, question: Question) -> list[tuple[tuple[int, Rung], bool, int | None]]:
        """As `people.hats_for` finds them, in the order of their ids: who on which rung, fits, is whose deputy."""
        unit, tool = question.unit, question.tool
        if (unit.id, tool) not in self._known_hats:
            found = [*self._by_department[unit.department_id], *self._by_unit[unit.id or 0]]
            found += self._by_tool[tool] if tool is not None else []
            found = sorted({hat.id or 0: hat for hat in [*found, *self._coordinators]}.items())
            self._known_hats[unit.id, tool] = [
                (
                    (hat.person_id, ladder.rung_of(hat, unit, lent=(hat.person_id, unit.id) in self.place.lent)),
                    None in (hat.tool, tool) or hat.tool == tool,
                    hat.deputy_for_id,
                )
                for _, hat in found
            ]
        return self._known_hats[unit.id, tool]

    def presence(self, person: int, role: Role, now: datetime) -> Presence:
        """`roster.presence`, remembered as long as nothing can change: nobody says anything of her own day here."""
        kept, until = self.presences.get((person, role), (None, now))
        if kept is None or now >= until:
            kept = self.computed_presence(person, role, now)
            end = kept.until or clock.closes(roster.hours_of(role, RULES), now) if kept.at_work else kept.back_at
            self.presences[person, role] = kept, min(end, clock.midnight(clock.today(now) + DAY))
        return kept

    def computed_presence(self, person: int, role: Role, now: datetime) -> Presence:
        self.computed += 1
        spans = self.place.shifts.get(person, [])
        first = bisect_left(spans, now - GAP, key=lambda span: span.until_at)
        last = bisect_left(spans, now + GAP, key=lambda span: span.starts_at)
        coming = clock.today(now) - 3 * DAY
        away = tuple(a for a in self.place.absences.get(person, ()) if (a.ends_on or date.max) >= coming)
        plan = Plan(tuple(s for s in spans[first:last] if s.until_at > now - GAP), (), GAP)
        return roster.presence(Known(self._people[person], None, away, plan), role, RULES, now=now)


# ---- the same through the database -----------------------------------------------------------------------------


class Stored:
    """The product's verbs on real rows, one transaction a move."""

    def __init__(self, place: Municipality, db: Database, first: date) -> None:
        self.db, self.ids = db, dict[int, int]()
        with db.transaction() as session:
            session.add(Administration(id=1, key="care", name="Vård", emergency_number="08-465 004 10"))
            session.flush()
            departments = {unit.department_id for unit in place.units}
            for rows in (
                [Department(id=d, key=f"d{d}", administration_id=1, name=f"Avdelning {d}") for d in departments],
                place.units,
                [_person(number) for number in range(1, place.people + staff.UNITS * staff.STAFF_OF_UNIT + 1)],
                [_home(person, unit) for person, unit in place.homes.items()],
                place.hats,
                [a for found in place.absences.values() for a in found],
                [_shift(p, s) for p, spans in place.shifts.items() for s in spans if _is_near(s, first)],
            ):
                session.add_all(_copy(row) for row in rows)
                session.flush()

    def begin(self, question: Question, now: datetime) -> Asked:
        ticket = Ticket(
            asker_id=question.asker_id, unit_id=question.unit.id, tool=question.tool, kind=Kind.HANDLING,
            urgency=question.urgency, asked_at=question.asked_at, asker_wrote_at=question.asked_at,
            next_step=NextStep.ASK, next_at=now,
        )  # fmt: skip
        with self.db.transaction() as session:
            tickets.create(session, ticket, by=question.asker_id, now=question.asked_at)
            self.ids[question.number] = ticket.pk
            ladder.advance(session, ticket, now=now)
            return _where(session, ticket, before=set())

    def tick(self, question: Question, now: datetime) -> Asked:
        with self.db.transaction() as session:
            ticket, before = self._before(session, question)
            if ticket.next_step is NextStep.ANEW:
                helpers = ladder.helpers_for(session, ticket, now=now)
                before -= {helper.person_id for helper in ladder.who_begins_anew(helpers)}
            ladder.tick(session, ticket.pk, now=now)
            return _where(session, ticket, before)

    def take(self, question: Question, person: int, now: datetime) -> None:
        with self.db.transaction() as session:
            tickets.take(session, self.ids[question.number], by=person, now=now)

    def decline(self, question: Question, person: int, now: datetime, *, herself: bool) -> Asked | None:
        with self.db.transaction() as session:
            ticket, before = self._before(session, question)
            step = ticket.rung, ticket.next_at, ticket.next_step
            if herself:
                ladder.pass_on(session, ticket.pk, person, by=person, now=now)
            else:
                ladder.passed_over(session, ticket.pk, person, now=now)
            session.refresh(ticket)
            stays = step == (ticket.rung, ticket.next_at, ticket.next_step)
            return None if stays else _where(session, ticket, before - {person})

    def may_notify(self, person: int, role: Role, now: datetime) -> bool:
        with self.db.snapshot() as session:
            return roster.may_notify_helper(session, person, now=now) <= now

    def _before(self, session: Any, question: Question) -> tuple[Ticket, set[int]]:
        ticket = tickets.get(session, self.ids[question.number])
        return ticket, {card.person_id for card in _cards(session, ticket) if card.left_at is None}


def _cards(session: Any, ticket: Ticket) -> list[Candidate]:
    return list(session.exec(select(Candidate).where(Candidate.ticket_id == ticket.id).order_by(col(Candidate.id))))


def _where(session: Any, ticket: Ticket, before: set[int]) -> Asked:
    session.refresh(ticket)
    fresh = tuple(c.person_id for c in _cards(session, ticket) if c.left_at is None and c.person_id not in before)
    return Asked(ticket.rung, fresh, ticket.next_at or ticket.asked_at)


def _home(person: int, unit: int) -> Assignment:
    return Assignment(person_id=person, unit_id=unit, is_primary=True, starts_on=staff.LONG_AGO)


def _person(number: int) -> Person:
    return Person(id=number, name=f"Person {number}", chat_user_id=f"U{number}")


def _shift(person: int, span: Span) -> Shift:
    return Shift(person_id=person, starts_at=span.starts_at, until_at=span.until_at)


def _is_near(span: Span, day: date) -> bool:
    return abs((clock.today(span.starts_at) - day).days) < 40


def _copy(row: SQLModel) -> SQLModel:
    """A row of its own: the municipality's are used by the other world, too."""
    return type(row)(**row.model_dump())
