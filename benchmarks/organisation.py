"""An invented municipality of any size, as the import's sheets; and tens of thousands of questions of former years.

Names are made of syllables and numbers, addresses end in `.example`: nobody is meant.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, insert, select

from models.lines import Line, Side
from models.people import Assignment, Person
from models.recognition import Kind, Urgency
from models.tickets import Candidate, Event, History, NextStep, Reason, Rung, SolvedBy, State, Ticket

MAIL = "@kvarnby.example"
FIRST = ("Alva", "Bror", "Cilla", "Dag", "Elin", "Folke", "Greta", "Hugo", "Iris", "Jarl")
LAST = ("Alsund", "Brovall", "Dunmark", "Ekvik", "Forsby", "Granlid", "Hedås", "Kvarnö", "Lindmo", "Myrhult")
SETTINGS = {
    "hours.expert_user": "mon-sun 00:00-24:00",
    "hours.asker": "mon-sun 00:00-24:00",
    "hours.coordinator": "mon-sun 00:00-24:00",
    "card.wait": "0 s",
    "choice.wait": "0 s",
    "line.settle": "0 s",
}
BATCH = 5000


@dataclass(frozen=True)
class Size:
    units: int = 100
    helpers_per_unit: int = 2
    askers_per_unit: int = 12

    @property
    def askers(self) -> int:
        return self.units * self.askers_per_unit


def asker(number: int) -> str:
    return f"asker{number}{MAIL}"


def helper(unit: int, number: int) -> str:
    return f"helper{unit}x{number}{MAIL}"


def write(folder: Path, size: Size) -> Path:
    """The sheets: one administration, a department for ten units, helpers and askers in every unit."""
    folder.mkdir(parents=True, exist_ok=True)
    units = range(size.units)
    helpers = [(helper(u, n), u) for u in units for n in range(size.helpers_per_unit)]
    askers = [(asker(n), n % size.units) for n in range(size.askers)]
    people = [*helpers, *askers, (f"samordnare{MAIL}", 0)]
    _sheet(folder, "administrations", "key,name,emergency_number", [("care", "Kvarnby", "08-465 004 10")])
    _sheet(folder, "departments", "key,administration,name", [(f"d{u}", "care", f"Avdelning {u}") for u in units[::10]])
    rooms = [(f"u{u}", f"d{u - u % 10}", f"Enhet {u}", "yes") for u in units]
    _sheet(folder, "units", "key,department,name,live", rooms)
    _sheet(folder, "people", "email,name,title,kind,language,chat", map(_person, enumerate(people)))
    places = [(mail, f"u{unit}", "yes", "2025-01-01", "") for mail, unit in people]
    _sheet(folder, "assignments", "email,unit,primary,starts,ends", places)
    hats = [(mail, "expert_user", f"u{unit}", "", "", "2025-01-01", "") for mail, unit in helpers]
    hats.append((f"samordnare{MAIL}", "coordinator", "", "", "", "2025-01-01", ""))
    _sheet(folder, "appointments", "email,role,unit,department,tools,starts,ends", hats)
    _sheet(folder, "settings", "key,value", SETTINGS.items())
    _sheet(folder, "conversations", "name,topic,members", [("kvarnby", "Alla", f"samordnare{MAIL}")])
    return folder


def _person(numbered: tuple[int, tuple[str, int]]) -> tuple[str, ...]:
    number, (mail, _) = numbered
    name = f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number}"
    return (mail, name, "undersköterska", "personal", "sv", "yes")


def _sheet(folder: Path, name: str, head: str, rows: Iterable[Sequence[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head.split(","), *rows])


def fill(session: Session, number: int, *, now: datetime) -> None:
    """So many questions of the last years: all but one in five hundred are closed, each taken by a helper."""
    mails = {person.email: person.id for person in session.exec(select(Person))}
    helpers = [i for mail, i in mails.items() if (mail or "").startswith("helper")]
    askers = [i for mail, i in mails.items() if (mail or "").startswith("asker")][600:]  # the others ask anew
    units = dict(session.exec(select(Assignment.person_id, Assignment.unit_id)).all())
    first = (session.exec(select(Ticket.id).order_by(col(Ticket.id).desc())).first() or 0) + 1
    asked = [(n, askers[n % len(askers)], helpers[n % len(helpers)]) for n in range(first, first + number)]
    times = {n: now - timedelta(days=700) * (first + number - n) / number - timedelta(days=1) for n, _, _ in asked}
    insert_many(session, Ticket, (_ticket(n, who, by, units[who], times[n]) for n, who, by in asked))
    insert_many(session, Line, (row for n, who, by in asked for row in _lines(n, who, by, times[n])))
    insert_many(session, History, (row for n, who, by in asked for row in _history(n, who, by, times[n])))
    insert_many(session, Candidate, (_candidate(n, by, times[n]) for n, _, by in asked))


def _ticket(number: int, who: int, by: int, unit: int, at: datetime) -> dict[str, Any]:
    alive = number % 500 == 0
    rest: dict[str, Any] = (
        {"state": State.TAKEN, "next_step": NextStep.CHECK, "next_at": at + timedelta(days=9000), "closed_at": None}
        if alive
        else {"state": State.CLOSED, "next_step": None, "next_at": None, "closed_at": at + timedelta(hours=2)}
    )
    closed = {"reason": None if alive else Reason.SOLVED, "solved_by": None if alive else SolvedBy.EXPERT_USER}
    return {
        "id": number, "asker_id": who, "unit_id": unit, "tool": "digital_lock", "tool_chosen": False,
        "for_colleague": False, "kind": Kind.FAULT, "urgency": Urgency.CAN_WAIT, "rung": Rung.UNIT_EXPERT,
        "owner_id": by, "taken_at": at, "asked_at": at, "asker_wrote_at": at, "helper_wrote_at": at, **rest, **closed,
    }  # fmt: skip


def _lines(number: int, who: int, by: int, at: datetime) -> list[dict[str, Any]]:
    said = ((who, Side.ASKER, "Låset blinkar rött och piper"), (by, Side.HELPER, "Byt batteri, så går det över"))
    return [
        {
            "ticket_id": number, "author_id": author, "side": side, "text": text, "channel": f"old{number}",
            "ts": f"{at.timestamp() + after:.6f}", "said_at": at + timedelta(seconds=after),
        }
        for after, (author, side, text) in enumerate(said)
    ]  # fmt: skip


def _history(number: int, who: int, by: int, at: datetime) -> list[dict[str, Any]]:
    steps = (
        (None, Event.WENT_TO, State.OPEN), (who, Event.ASKED, State.OPEN), (by, Event.TAKEN, State.TAKEN),
        (by, Event.WROTE, State.TAKEN), (who, Event.CONFIRMED, State.CLOSED),
    )  # fmt: skip
    return [{"ticket_id": number, "at": at, "by_id": who_did, "event": e, "state": s} for who_did, e, s in steps]


def _candidate(number: int, by: int, at: datetime) -> dict[str, Any]:
    return {"ticket_id": number, "person_id": by, "rung": Rung.UNIT_EXPERT, "sent_at": at, "said_no": False}


def insert_many(session: Session, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    """Without holding them all."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        session.execute(insert(table), batch)
