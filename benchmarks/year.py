"""A simulated year: `make simulate`, or `python benchmarks/year.py --out docs`.

A clock that is only a number, an invented municipality (staff.py), and the product's own rules without a database;
then one week of it with a database, and both must agree on everybody who was asked and on every time (worlds.py).

What people do is drawn with dice that belong to the question and the person, so both worlds draw the same. Nobody who
is not really at work answers; who is takes a question, says no or is busy. Not here: what is told of it (told.py).
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlmodel import SQLModel, col, select

import models.tables  # noqa: F401 (registers every table)
from benchmarks import staff, told
from benchmarks.staff import DAY, Municipality, Question
from benchmarks.told import MINUTE, Fate, Outcome
from benchmarks.worlds import GAP, RULES, Asked, Pure, Stored, World
from models import clock
from models.db import Database
from models.ladder import ROLE_ON
from models.people import Role
from models.recognition import Urgency
from models.tickets import Rung, State, Ticket

SEED, YEAR = 20271, 2027
CARD_WAIT, CHOICE_WAIT = RULES.span("card.wait"), RULES.span("choice.wait")
# What somebody at work does with a card: takes it, says no, or has no time; and after how many minutes on average.
HABITS = {
    Role.EXPERT_USER: (0.55, 0.15, 8),
    Role.OBJECT_SPECIALIST: (0.80, 0.05, 25),
    Role.COORDINATOR: (0.85, 0.0, 30),
}


class Simulation:
    """One run: an agenda of what happens when. Every question goes on until somebody takes it."""

    def __init__(self, place: Municipality, world: World) -> None:
        self.place, self.world, self.found = place, world, Outcome()
        self.agenda: list[tuple[datetime, int, str, Fate, int]] = []
        self.serial = 0

    def run(self, asked: Iterable[Question], until: datetime) -> Outcome:
        """What is still open at `until` must have a time when it goes on."""
        for question in asked:
            self._ask(Fate(question))
        while self.agenda and self.agenda[0][0] < until:
            now, _, what, fate, person = heappop(self.agenda)
            if fate.taken_at is None:
                self._happens(what, fate, person, now)
        planned = {id(fate) for _, _, what, fate, _ in self.agenda if what in ("begin", "tick")}
        waiting = (fate for fate in self.found.fates if fate.question.ours and fate.taken_at is None)
        self.found.without_next_step += sum(id(fate) not in planned for fate in waiting)
        return self.found

    def _plan(self, at: datetime, what: str, fate: Fate, person: int = 0) -> None:
        self.serial += 1
        heappush(self.agenda, (at, self.serial, what, fate, person))

    def _ask(self, fate: Fate) -> None:
        self.found.fates.append(fate)
        question = fate.question
        if question.ours:
            unclear = question.tool is None and question.urgency is not Urgency.ACUTE
            self._plan(question.asked_at + (CHOICE_WAIT if unclear else timedelta(0)), "begin", fate)

    def _happens(self, what: str, fate: Fate, person: int, now: datetime) -> None:
        if what == "begin":
            self._moved(fate, self.world.begin(fate.question, now), now)
        elif what == "tick" and fate.moves[-1][2] == now:
            self._moved(fate, self.world.tick(fate.question, now), now)
        elif what == "card":
            self._card(fate, person, now)
        elif what == "no":
            self._passed_on(fate, person, now, herself=True)
        elif what == "take":
            self._taken(fate, person, now)

    def _moved(self, fate: Fate, step: Asked, now: datetime) -> None:
        fate.moves.append((step.rung, step.people, step.next_at))
        self.found.without_next_step += step.next_at <= now
        self._plan(step.next_at, "tick", fate)
        acute = fate.question.urgency is Urgency.ACUTE
        for person in sorted(step.people):
            self._plan(now if acute else max(now, fate.question.asked_at + CARD_WAIT), "card", fate, person)

    def _card(self, fate: Fate, person: int, now: datetime) -> None:
        """She is off duty: the question does not wait for her. Else she is notified, and perhaps answers."""
        role = ROLE_ON[fate.moves[-1][0] or Rung.COORDINATOR]
        if not self.world.may_notify(person, role, now):
            self._passed_on(fate, person, now, herself=False)
            return
        self.found.notified += 1
        self.found.off_duty += not known_on_duty(self.place, person, role, now)
        self.found.not_there += self.place.at_work(person, now) is None
        self.found.cards[person, _week(now)] += 1
        fate.first_card = fate.first_card or now
        answer = _answer(self.place, fate.question, person, role, now)
        if answer:
            self._plan(answer[0], answer[1], fate, person)

    def _passed_on(self, fate: Fate, person: int, now: datetime, *, herself: bool) -> None:
        step = self.world.decline(fate.question, person, now, herself=herself)
        if step is not None:
            self._moved(fate, step, now)

    def _taken(self, fate: Fate, person: int, now: datetime) -> None:
        self.world.take(fate.question, person, now)
        fate.taken_at, fate.taker, fate.rung = now, person, fate.moves[-1][0]
        self.found.taken[person, _week(now)] += 1


def _week(at: datetime) -> int:
    return clock.today(at).isocalendar().week


def _answer(
    place: Municipality, question: Question, person: int, role: Role, now: datetime
) -> tuple[datetime, str] | None:
    """What she does with the card, and when; nothing once her shift has ended."""
    there = place.at_work(person, now)
    dice = random.Random(f"{SEED}:{question.number}:{person}:{now.isoformat()}")
    takes, declines, minutes = HABITS[role]
    fate, at = dice.random(), now + dice.expovariate(1 / minutes) * MINUTE
    if there is None or at >= there.until_at or fate >= takes + declines:
        return None
    return (at, "take") if fate < takes else (at, "no")


def known_on_duty(place: Municipality, person: int, role: Role, now: datetime) -> bool:
    """Judged anew, without the roster: in a shift that is no day of leave; where nothing is known, the role's hours."""
    spans = place.shifts.get(person)
    today = clock.today(now)
    if spans is not None:
        inside = [s for s in spans if s.starts_at <= now < s.until_at]
        if inside:
            return not any(place.is_away(person, clock.today(span.starts_at)) for span in inside)
        before = max((s.until_at for s in spans if s.until_at <= now), default=now - 2 * GAP)
        after = min((s.starts_at for s in spans if s.starts_at > now), default=now + 2 * GAP)
        if after - before <= GAP:
            return False
    if place.is_away(person, today):
        return False
    here = clock.local(now)
    minute = here.hour * 60 + here.minute
    if role is Role.EXPERT_USER:
        return 7 * 60 <= minute < 21 * 60
    return clock.is_working_day(today) and 8 * 60 <= minute < 16 * 60 + 30


# ---- from the command line -------------------------------------------------------------------------------------


MEMORY = Path("/dev/shm")  # noqa: S108 (rules are compared, not disks)


def compare(place: Municipality, first: date, days: int) -> int:
    """Some days in both worlds. The number of questions that did not go the same way."""
    asked = list(staff.questions(place, first, first + (days - 1) * DAY, SEED))
    until = clock.midnight(first + (days + 2) * DAY)
    pure = Simulation(place, Pure(place)).run(asked, until)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        db = Database(f"sqlite:///{folder}/week.db")
        SQLModel.metadata.create_all(db.engine)
        stored = Simulation(place, Stored(place, db, first)).run(asked, until)
        with db.snapshot() as session:
            lost = session.exec(select(Ticket).where(Ticket.state == State.OPEN, col(Ticket.next_at).is_(None))).all()
        db.close()
    differ = [
        (one, other)
        for one, other in zip(pure.fates, stored.fates, strict=True)
        if (_moves(one), one.taken_at, one.taker) != (_moves(other), other.taken_at, other.taker)
    ]
    for one, other in differ[:3]:
        sys.stdout.write(f"{one.question}\n  {_moves(one)}\n  {_moves(other)}\n")
    return len(differ) + len(lost)


def _moves(fate: Fate) -> list[tuple[Rung | None, frozenset[int], datetime]]:
    return [(rung, frozenset(people), at) for rung, people, at in fate.moves]


def main() -> int:
    options = _options()
    begun = time.monotonic()
    place = staff.found(YEAR, SEED)
    asked = list(staff.questions(place, date(YEAR, 1, 1), date(YEAR, 12, 31), SEED))
    found = Simulation(place, Pure(place)).run(asked[: options.most], clock.midnight(date(YEAR + 1, 1, 1)))
    sys.stdout.write(told.report(place, found, time.monotonic() - begun))
    if options.out:
        (options.out / "pictures" / "year.svg").write_text(told.picture(place, found), encoding="utf-8")
    bad = found.off_duty + found.without_next_step
    if options.week:
        begun = time.monotonic()
        differ = compare(place, date.fromisocalendar(YEAR, options.week, 1), options.days)
        seconds = time.monotonic() - begun
        sys.stdout.write(f"\nWeek {options.week} with the database: {differ} questions differ, {seconds:.0f} s.\n")
        bad += differ
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A simulated year.")
    parser.add_argument("--out", type=Path, help="the docs folder: the picture is written there")
    parser.add_argument("--week", type=int, default=47, help="which week goes through the database too; 0: none")
    parser.add_argument("--days", type=int, default=7, help="how many of its days")
    parser.add_argument("--most", type=int, help="stop after so many questions")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
