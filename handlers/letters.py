"""What a letter becomes when it is rendered: the shape between a renderer and delivery.

A `Post` is a message with a place. An `Errand` is done to what stands there already, or in a thread that somebody
has opened: it needs no place of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from handlers.words import Words
from models.db import Session
from models.outbox import Letter

Block = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One message. `text` is what a push and a screen reader say; `thread` and `instead_of` are places.

    `name` and `picture` let a workmate's words come with her own name and face. `instead_of`: posted
    messages of which this one takes over the first, edited in place (the prompt that becomes the receipt).
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    thread: str | None = None
    broadcast: bool = False
    name: str | None = None
    picture: str | None = None
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class React:
    """The bot puts this emoji on a message, for somebody on the other side."""

    channel: str
    ts: str
    name: str


@dataclass(frozen=True)
class Unreact:
    """And takes it away."""

    channel: str
    ts: str
    name: str


@dataclass(frozen=True)
class Erase:
    """One of the bot's own messages goes, with the files in it; a later letter for its place posts anew."""

    channel: str
    ts: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class PassOn:
    """Files go into a thread. `files`: (Slack's id, the name to give it); named so that one in doubt is found again."""

    channel: str
    thread_ts: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Upload:
    """A file of our own making goes into a thread (without one: into the conversation), named so that one in doubt is
    found again."""

    channel: str
    thread_ts: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Sheet:
    """What is set in type: `template` of bot/press.py reads `texts`, which JSON can hold."""

    template: str
    texts: Mapping[str, object]
    at: datetime


@dataclass(frozen=True)
class Print:
    """A file drawn from a sheet, in a child process, when its turn comes.

    It goes to the conversation with `user`; or the app keeps it for a picture in its own messages, and `kept` is told
    its id.
    """

    sheet: Sheet
    name: str
    alt: str = ""
    user: str = ""
    kept: Callable[[Session, str], None] | None = None


@dataclass(frozen=True)
class TakeBack:
    """Files that we have passed on into a thread go again, by the names that we gave them."""

    channel: str
    thread_ts: str
    titles: tuple[str, ...]


Errand = React | Unreact | Erase | PassOn | Upload | Print | TakeBack


class Reader(StrEnum):
    """In which hat the receiver reads it: decides when a *new* message may disturb."""

    ASKER = "asker"
    HELPER = "helper"
    MANAGER = "manager"


class WhenAway(StrEnum):
    """What becomes of a new message whose receiver is off duty."""

    HOLD = "hold"
    DROP = "drop"  # the start of duty has a digest instead


Render = Callable[[Session, Letter, Words], Post | Errand | None]
Follow = Callable[[Session, Letter, datetime], None]


@dataclass(frozen=True)
class Kind:
    """A kind of letter: how it is rendered, for whom, and what happens when she is away."""

    render: Render
    reader: Reader
    when_away: WhenAway = WhenAway.HOLD
    once_sent: Follow | None = None  # in the transaction that marks it as sent
