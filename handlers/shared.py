"""A phone that several share: what the bot said there goes after a while."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.letters import Erase, Kind, Reader
from handlers.listening import Job, Listeners
from handlers.words import Words
from models import outbox, shared
from models.db import Session
from models.outbox import Letter


def register(on: Listeners) -> None:
    on.letter("empty", Kind(empty, Reader.ASKER))
    on.job(Job("empty", empty_phones, every=timedelta(minutes=1)))


def empty_phones(desk: Desk) -> None:
    """Harmless when it is doubled: a stretch of silence has one letter for each message."""
    desk.each(shared.to_empty, shared.empty)


def empty(session: Session, letter: Letter, words: Words) -> Erase | None:
    posted = outbox.where_is(session, [letter.place]).get(letter.place)
    if posted is None or not shared.is_silent(session, letter.to_id, now=words.now):
        return None
    return Erase(posted.channel, posted.ts, outbox.files_in(posted))
