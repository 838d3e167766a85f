""" "Att göra": everything that waits for a specialist, in one list. Each feature brings its own part (`on.tasks`).

At most one reminder a week. Not here: what the tasks are, and what is done about them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, Render
from handlers.listening import HomePart, Job, Listeners, Open, Press, PressListener, Show
from handlers.views import todo as view
from handlers.views.parts import Block
from handlers.words import Words
from models import clock, jobs, outbox, people
from models.db import Session
from models.outbox import Intent, Letter
from models.people import Person, Role
from models.tickets import anyone

KEEPERS = (Role.OBJECT_SPECIALIST, Role.OBJECT_LEAD, Role.COORDINATOR)  # whom a week's reminder may go to


def register(on: Listeners) -> None:
    on.action("todo.open", _opens(on), may=anyone)  # every source finds only what is hers
    on.home(HomePart(17, _counted(on), view.home, budget=1))
    on.letter("todo", Kind(_reminder(on), Reader.HELPER))
    on.job(Job("todo", _reminds(on), every=timedelta(hours=1)))


def window(on: Listeners, session: Session, person: Person, words: Words) -> Block:
    """All that waits for her now, drawn by whoever knows it."""
    blocks: list[Block] = []
    for source in on.task_sources:
        found = source.load(session, person, words.now)
        blocks += source.view(found, words) if found else []
    return view.window(blocks, words)


def _opens(on: Listeners) -> PressListener:
    def opened(session: Session, press: Press, desk: Desk) -> Show:
        return Open(window(on, session, press.person, desk.words(session, press.person)))

    return opened


def _count(on: Listeners, session: Session, person: Person, now: datetime) -> int:
    return sum(len(source.load(session, person, now)) for source in on.task_sources)


def _counted(on: Listeners) -> Callable[[Session, Person, Desk], int]:
    return lambda session, person, desk: _count(on, session, person, desk.now())


# ---- once a week -------------------------------------------------------------------------------------------------


def _reminds(on: Listeners) -> Callable[[Desk], None]:
    """In the first hour of the week, to whomever something waits for; it is said when she is at work."""

    def run(desk: Desk) -> None:
        now, week = desk.now(), f"{clock.today(desk.now()):%G-W%V}"
        with desk.db.transaction() as session:
            if not jobs.claim(session, "todo", week, now=now):
                return
            for person in _keepers(session, now):
                if _count(on, session, person, now):
                    intent = Intent("todo", person.pk, None, f"todo:{person.pk}:{week}", "week")
                    outbox.put(session, intent, now=now)
            jobs.finish(session, "todo", week, now=now)
        desk.nudge()

    return run


def _keepers(session: Session, now: datetime) -> list[Person]:
    hats = people.helper_hats(session, on=clock.today(now))
    return list(people.find(session, (person_id for person_id, role in hats if role in KEEPERS)).values())


def _reminder(on: Listeners) -> Render:
    """Nothing is said any more once nothing waits."""

    def run(session: Session, letter: Letter, words: Words) -> Post | None:
        person = session.get(Person, letter.to_id)
        waiting = _count(on, session, person, words.now) if person else 0
        return Post(words("todo.reminder", n=waiting), view.reminder(waiting, words)) if waiting else None

    return run
