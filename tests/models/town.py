"""A village in which much is asked: questions are written straight into the table, and counted when their week is over."""

from datetime import date, datetime
from typing import Any

from sqlmodel import insert, select

from models import tally
from models.clock import STOCKHOLM
from models.people import Person
from models.tally import Scope
from models.tickets import Ticket
from tests.models.village import Village


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM)


class Town:
    def __init__(self, village: Village) -> None:
        self.village, self.rows, self.people = village, [], {}

    def asker(self, number: int) -> int:
        if number not in self.people:
            with self.village.work() as session:
                person = Person(name=f"P{number}", chat_user_id=f"UP{number}")
                session.add(person)
                session.flush()
                self.people[number] = person.pk
        return self.people[number]

    def ask(self, at: datetime, unit: int | None, asker: int | None, tool: str | None = "lock", **more: Any) -> None:
        usual = {
            "unit_id": unit, "asker_id": None if asker is None else self.asker(asker), "tool": tool, "kind": "handling",
            "urgency": "can_wait", "state": "open", "next_step": "ask", "next_at": at, "asked_at": at,
            "asker_wrote_at": at, "closed_at": None, "reason": None, "solved_by": None, "owner_id": None, "taken_at": None,
        }  # fmt: skip
        self.rows.append(usual | more)

    def solved(self, at: datetime, unit: int, asker: int, helper: int | None = None, by: str = "self_help", **more: Any):
        """Asked and answered at once."""
        closed = {"state": "closed", "closed_at": at, "next_step": None, "next_at": None, "solved_by": by}
        owner = {} if helper is None else {"owner_id": self.asker(helper), "taken_at": at}
        self.ask(at, unit, asker, **({"reason": "solved"} | closed | owner | more))

    def settle(self, now: datetime) -> list[str]:
        with self.village.work() as session:
            if self.rows:
                session.connection().execute(insert(Ticket), self.rows)
        self.rows, done = [], []
        while True:
            with self.village.work() as session:
                found = tally.count(session, now=now)
                if found is None:
                    return done
                tally.keep(session, found)
            done.append(found.code)

    def everything(self, code: str) -> list[tally.Figures]:
        """What can be read of this period, of every place."""
        with self.village.db.snapshot() as session:
            places = session.exec(select(tally.Tally.scope, tally.Tally.scope_id).distinct()).all()
            found = [tally.figures(session, scope, place, tally.period(code)) for scope, place in sorted(places)]
        return [each for each in found if each is not None]

    def figures(self, scope: Scope, place: int, code: str) -> tally.Figures | None:
        with self.village.db.snapshot() as session:
            return tally.figures(session, scope, place, tally.period(code))
