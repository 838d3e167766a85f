"""A village for tests of the ground floor: an organisation put together by hand, no Slack, no Bolt.

asker, bo = village.person("Anna"), village.expert("Bo")
ticket = village.ticket(asker)
"""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from models import tickets
from models.clock import STOCKHOLM
from models.db import Database, Session
from models.people import Administration, Appointment, Assignment, Department, Person, Role, Unit
from models.recognition import Kind, Urgency
from models.tickets import NextStep, State, Ticket

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=STOCKHOLM)  # a Tuesday
LONG_AGO = date(2025, 1, 1)


class Village:
    def __init__(self, db: Database) -> None:
        self.db, self.now = db, NOON
        with self.work() as session:
            session.add(Administration(id=1, key="adm", name="Vård", emergency_number="08-465 004 10"))
            session.flush()
            session.add(Department(id=1, key="home", administration_id=1, name="Hemtjänst"))
            session.add(Department(id=2, key="house", administration_id=1, name="Boende"))
            session.flush()
            for i, (name, department) in enumerate([("Norr", 1), ("Söder", 1), ("Björken", 2)], start=1):
                session.add(Unit(id=i, key=f"unit{i}", department_id=department, name=name, live=True))

    def work(self) -> AbstractContextManager[Session]:
        return self.db.transaction()

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def person(self, name: str, *, unit: int | None = 1, **values: Any) -> int:
        """Somebody with a chat account, who works on this unit."""
        with self.work() as session:
            person = Person(**({"name": name, "chat_user_id": f"U{name.upper()}"} | values))
            session.add(person)
            session.flush()
            if unit is not None:
                session.add(Assignment(person_id=person.pk, unit_id=unit, is_primary=True, starts_on=LONG_AGO))
            return person.pk

    def hat(self, person: int, role: Role, **where: Any) -> None:
        with self.work() as session:
            session.add(Appointment(person_id=person, role=role, **({"starts_on": LONG_AGO} | where)))

    def expert(self, name: str, unit: int = 1, **values: Any) -> int:
        person = self.person(name, unit=unit, **values)
        self.hat(person, Role.EXPERT_USER, unit_id=unit)
        return person

    def specialist(self, name: str, department: int | None = None, tool: str | None = None) -> int:
        person = self.person(name, unit=None)
        self.hat(person, Role.OBJECT_SPECIALIST, department_id=department, tool=tool)
        return person

    def coordinator(self, name: str) -> int:
        person = self.person(name, unit=None)
        self.hat(person, Role.COORDINATOR)
        return person

    def ticket(self, asker: int, *, cards: tuple[int, ...] = (), **values: Any) -> int:
        """A question that stands where `values` say, with cards at these people."""
        usual = {
            "asker_id": asker, "unit_id": 1, "kind": Kind.HANDLING, "urgency": Urgency.CAN_WAIT,
            "asked_at": self.now, "asker_wrote_at": self.now, "next_step": NextStep.ASK, "next_at": self.now,
        }  # fmt: skip
        with self.work() as session:
            ticket = Ticket(**(usual | values))
            tickets.create(session, ticket, by=asker, now=self.now)
            for person in cards:
                tickets.make_candidate(session, ticket, person, tickets.Rung.UNIT_EXPERT, via=tickets.Via.CARD, at=self.now)
            return ticket.pk

    def standing(self, state: State, asker: int, owner: int) -> int:
        """A question in this state, as it could really stand there."""
        has = {"owner_id": owner, "taken_at": self.now}
        values: dict[State, dict[str, Any]] = {
            State.OPEN: {},
            State.TAKEN: has | {"next_step": NextStep.REMIND},
            State.WAITING_ASKER: has | {"next_step": NextStep.WARN},
            State.WAITING_EXTERNAL: has | {"next_step": NextStep.ASK},
            State.PARKED: {},
            State.SOLVED_PROPOSED: has | {"next_step": NextStep.WARN},
            State.CLOSED: has
            | {"reason": tickets.Reason.SOLVED, "closed_at": self.now, "next_step": None, "next_at": None},
        }
        return self.ticket(asker, cards=(owner,), state=state, **values[state])

    def look(self, ticket_id: int) -> Ticket:
        """The row as it is now."""
        with self.db.snapshot() as session:
            return tickets.get(session, ticket_id)

    def story(self, ticket_id: int) -> list[str]:
        """What happened to it, in words of the history."""
        with self.db.snapshot() as session:
            return [row.event.value for row in tickets.history(session, ticket_id)]
