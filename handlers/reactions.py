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

Verb = Callable[..., None]


def register(on: Listeners) -> None:
    on.event("reaction_added", added)
    on.event("reaction_removed", removed)
    on.letter("react", Kind(react, Reader.HELPER))
    on.letter("unreact", Kind(unreact, Reader.HELPER))


def added(session: Session, told: Told, desk: Desk) -> Show:
    return _carry(session, told, desk, reactions.carry, reactions.carry_later)


def removed(session: Session, told: Told, desk: Desk) -> Show:
    return _carry(session, told, desk, reactions.take_back, reactions.take_back_later)


def _carry(session: Session, told: Told, desk: Desk, verb: Verb, later: Verb) -> Show:
    item, event = told.event.get("item") or {}, told.event
    channel, ts = str(item.get("channel", "")), str(item.get("ts", ""))
    place = outbox.at(session, channel, ts)
    ours = channel == told.person.chat_channel_id and event.get("item_user") != event.get("user")
    if place is None and not ours:
        return None
    mark = Mark(place or f"{channel}:{ts}", str(event["reaction"]), str(event["event_ts"]))
    if place is not None:
        verb(session, told.person, mark, now=desk.now())
    else:
        later(session, told.person, mark, now=desk.now())  # our own message, and delivery has not marked it yet
    return None


def react(session: Session, letter: Letter, words: Words) -> React | None:
    line = _still(session, letter)
    return React(line.channel, line.ts, reactions.name_at(letter.place)) if line else None


def unreact(session: Session, letter: Letter, words: Words) -> Unreact | None:
    line = _still(session, letter)
    return Unreact(line.channel, line.ts, reactions.name_at(letter.place)) if line else None


def _still(session: Session, letter: Letter) -> Line | None:
    """The original, unless it is gone, was never a message, or something later has happened."""
    line = reactions.about(session, letter)
    return None if line is None or line.deleted_at is not None or not _in_chat(line) else line


def _in_chat(line: Line) -> bool:
    """What was written in a form stands nowhere in the chat."""
    return ":" not in line.channel
