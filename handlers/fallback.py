"""Refusals of something that was written: there is nothing to respond to, so they come as letters."""

from handlers.letters import Kind, Post, Reader
from handlers.listening import Listeners
from handlers.views import parts
from handlers.words import Words
from models.db import Session
from models.outbox import Letter


def register(on: Listeners) -> None:
    on.letter("refused", Kind(refused, Reader.ASKER))


def refused(session: Session, letter: Letter, words: Words) -> Post | None:
    """The place carries the refusal's key: `refused:refused.not_yours:Ev123`."""
    text = words(letter.place.split(":")[1], name="", number="")
    return Post(text, [parts.context(text)])
