"""The auditor's round: who has left parts with her questions, what hangs is put right, the coordinators get a line."""

from datetime import date, timedelta

from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Job, Listeners
from handlers.views import parts
from handlers.words import Words
from models import auditor, ladder
from models.db import Session
from models.outbox import Letter

MOST = 10  # question numbers in one line


def register(on: Listeners) -> None:
    on.job(Job("audit", audit, every=timedelta(minutes=5)))
    on.letter("repaired", Kind(repaired, Reader.HELPER))


def audit(desk: Desk) -> None:
    """First what is in order: appointments that have ended, steps that the clock has not come to. Then the faults."""
    with desk.db.snapshot() as session:
        former = ladder.former(session, now=desk.now())
        suspects = auditor.suspects(session, now=desk.now())
    for person_id in sorted(former):
        desk.alone(ladder.part_with, person_id)
    for ticket_id in suspects:
        desk.alone(ladder.tick, ticket_id)
        desk.alone(auditor.mend, ticket_id)
    if former or suspects:
        desk.nudge()


def repaired(session: Session, letter: Letter, words: Words) -> Post | None:
    """One line a day, only if something was repaired."""
    day = date.fromisoformat(letter.place.rpartition(":")[2])
    numbers = auditor.repaired(session, day)
    text = words("repaired.told", n=len(numbers), numbers=words.people(numbers[:MOST]))
    return Post(text, [parts.section(text)]) if numbers else None
