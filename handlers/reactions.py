"""A thumb on what a workmate wrote reaches her, both ways; nothing else crosses."""

from collections.abc import Callable

from handlers.desk import Desk
from handlers.letters import Kind, React, Reader, Unreact
from handlers.listening import Listeners, Show, Told
from handlers.words import Words
from models import outbox, reactions
from models.db import Session
from models.lines import Line
from models.outbox import Letter
from models.reactions import Mark


def register(on: Listeners) -> None:
    on.event("reaction_added", added)
    on.event("reaction_removed", removed)
    on.letter("react", Kind(react, Reader.HELPER))
    on.letter("unreact", Kind(unreact, Reader.HELPER))


def added(session: Session, told: Told, desk: Desk) -> Show:
    return _carry(session, told, desk, reactions.carry)


def removed(session: Session, told: Told, desk: Desk) -> Show:
    return _carry(session, told, desk, reactions.take_back)


def _carry(session: Session, told: Told, desk: Desk, verb: Callable[..., None]) -> Show:
    item = told.event.get("item") or {}
    place = outbox.at(session, str(item.get("channel", "")), str(item.get("ts", "")))
    if place is not None:
        mark = Mark(place, str(told.event["reaction"]), str(told.event["event_ts"]))
        verb(session, told.person, mark, now=desk.now())
    return None


def react(session: Session, letter: Letter, words: Words) -> React | None:
    line = _still(session, letter)
    return React(line.channel, line.ts, reactions.name_at(letter.place)) if line else None


def unreact(session: Session, letter: Letter, words: Words) -> Unreact | None:
    line = _still(session, letter)
    return Unreact(line.channel, line.ts, reactions.name_at(letter.place)) if line else None


def _still(session: Session, letter: Letter) -> Line | None:
    """The original, unless it is gone, was never a message, or something later has happened."""
    line = session.get(Line, letter.about_id)
    gone = line is None or line.deleted_at is not None or not _in_chat(line)
    return None if gone or not reactions.is_newest(session, letter) else line


def _in_chat(line: Line) -> bool:
    """What was written in a form stands nowhere in the chat."""
    return ":" not in line.channel
