"""Drop-ins in the village of the ground floor: a series, its sessions, and questions that are brought.

stugor = Stugor(village); tuesday = stugor.series("tis", "tue"); first = stugor.next()
"""

from datetime import datetime
from typing import Any

from sqlmodel import select

from models import stuga, stuga_day, stuga_series
from models.outbox import Letter
from models.stuga_day import Outcome, Word
from models.stuga_series import Part, Stage, Stuga, StugaSeries, StugaTurn
from models.tickets import State, Ticket
from tests.models.village import LONG_AGO, Village


class Stugor:
    def __init__(self, village: Village) -> None:
        self.village = village

    def series(self, key: str, day: str, opens: str = "13:30", closes: str = "15:00", **values: Any) -> None:
        usual = {"name": f"Stugan {key}", "room": "Eken", "starts_on": LONG_AGO}
        with self.village.work() as session:
            session.add(StugaSeries(key=key, day=day, opens=opens, closes=closes, **(usual | values)))

    def turn(self, key: str, person: int, part: Part = Part.HOST, turn: int = 1) -> None:
        with self.village.work() as session:
            session.add(StugaTurn(series=key, person_id=person, part=part, turn=turn, starts_on=LONG_AGO))

    def keep(self) -> None:
        self.do(stuga.keep_calendar)

    def do(self, verb: Any, *about: Any, **more: Any) -> Any:
        with self.village.work() as session:
            return verb(session, *about, now=self.village.now, **more)

    def all(self, *where: Any) -> list[Stuga]:
        with self.village.db.snapshot() as session:
            return list(session.exec(select(Stuga).where(*where).order_by(Stuga.starts_at, Stuga.id)))

    def next(self, key: str = "tis") -> Stuga:
        with self.village.db.snapshot() as session:
            return next(s for s in stuga_series.planned(session, since=self.village.now) if s.series == key)

    def look(self, stuga_id: int) -> Stuga:
        return self.all(Stuga.id == stuga_id)[0]

    def log(self, at: int, ticket: int, outcome: Outcome, by: int, **more: Any) -> Ticket:
        return self.do(stuga_day.log, at, ticket, Word(outcome, **more), by=by)

    def at(self, moment: datetime) -> None:
        self.village.now = moment

    def agenda(self, stuga_id: int, **more: Any) -> stuga_day.Agenda:
        with self.village.db.snapshot() as session:
            return stuga_day.agenda(session, stuga_id, **more)

    def letters(self, kind: str) -> list[Letter]:
        with self.village.db.snapshot() as session:
            return list(session.exec(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))

    def tick(self) -> None:
        """What the clock does until nothing is due."""
        with self.village.db.snapshot() as session:
            due = stuga.due(session, now=self.village.now)
        for stuga_id in due:
            self.do(stuga_day.tick, stuga_id)
        if due:
            self.tick()

    def where(self, ticket_id: int) -> str:
        """In exactly one of these, or there is no word for it."""
        ticket = self.village.look(ticket_id)
        coming = {s.id for s in self.all(Stuga.stage == Stage.PLANNED)}
        places = {
            "stuga": ticket.state is State.PARKED and ticket.stuga_id in coming,
            "waits": ticket.state is State.PARKED and ticket.stuga_id is None and ticket.next_at is not None,
            "closed": ticket.state is State.CLOSED,
            "ladder": ticket.state not in (State.PARKED, State.CLOSED)
            and (ticket.next_at is not None or ticket.owner_id is not None),
        }
        return " and ".join(name for name, here in places.items() if here)


