"""Once a day what has served its purpose goes, and the bot's own messages about it with it."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.letters import Erase, Kind, Reader
from handlers.listening import Job, Listeners
from handlers.words import Words
from models import clock, disposal, jobs, outbox
from models.db import Session
from models.disposal import Done
from models.outbox import Letter


def register(on: Listeners) -> None:
    on.letter("expire", Kind(expire, Reader.ASKER))
    on.letter("erase", Kind(erase, Reader.ASKER))
    on.job(Job("tidy", tidy, every=timedelta(hours=1)))


def tidy(desk: Desk) -> None:
    """One instance a day; one that dies in the middle leaves the rest to the next hour."""
    slot = clock.today(desk.now()).isoformat()
    with desk.db.transaction() as session:
        mine = jobs.claim(session, "tidy", slot, now=desk.now())
    if mine:
        dispose(desk, slot)
        with desk.db.transaction() as session:
            jobs.finish(session, "tidy", slot, now=desk.now())


def dispose(desk: Desk, run: str) -> list[Done]:
    """All that is due, a portion a transaction; then it leaves the file's bytes too. Answers what the log says."""
    for step in disposal.STEPS:
        more = True
        while more:
            with desk.db.transaction() as session:
                more = disposal.portion(session, step, run, now=desk.now())
    desk.db.fold()
    desk.nudge()
    with desk.db.snapshot() as session:
        return disposal.log_of(session, run)


def expire(session: Session, letter: Letter, words: Words) -> Erase | None:
    """By schedule, if it is over still."""
    return erase(session, letter, words) if disposal.is_over(session, letter.place, now=words.now) else None


def erase(session: Session, letter: Letter, words: Words) -> Erase | None:
    """At somebody's wish."""
    posted = outbox.where_is(session, [letter.place]).get(letter.place)
    return Erase(posted.channel, posted.ts, outbox.files_in(posted)) if posted is not None else None
