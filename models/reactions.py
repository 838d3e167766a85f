"""An emoji on a relayed line appears on the original, on the other side. Nothing about it is stored but the letter.

Events may come late, twice or in the wrong order: Slack's own time of each stands in the letter's key, and only the
newest of a place counts (`is_newest`). Not here: lines (lines.py), and calling Slack (bot/errands.py).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from models import lines, outbox, tickets
from models.lines import Line, Side
from models.outbox import Intent, Letter
from models.people import Person

LONGEST = 40  # names of emoji that are longer stay where they are: the place must hold them


@dataclass(frozen=True)
class Mark:
    """An emoji on a message of ours: the message's place, the emoji's name, Slack's time of the event."""

    place: str
    name: str
    ts: str


def carry(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """She put it on a line that came to her: it appears on the original, while she and its author still talk."""
    line = _relayed(session, person, mark)
    if line is not None and _talks(session, person, line):
        _put(session, "react", person, line, mark, now=now)


def take_back(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """She took it away. Also said if the putting has not been heard yet: it is older, and will count for nothing."""
    line = _relayed(session, person, mark)
    if line is not None:
        _put(session, "unreact", person, line, mark, now=now)


def _relayed(session: Session, person: Person, mark: Mark) -> Line | None:
    """Only lines cross: receipts, cards and notes have places of other names."""
    number = mark.place.partition(":")[2].partition(":")[0]
    if not number.isdigit() or len(mark.name) > LONGEST:
        return None
    line = session.get(Line, int(number))
    ours = line is not None and line.side is not Side.INTERNAL and mark.place == lines.relayed_place(line, person.pk)
    return line if ours else None


def _talks(session: Session, person: Person, line: Line) -> bool:
    """One who has let the question go says nothing more in it, not with an emoji either."""
    ticket = tickets.get(session, line.ticket_id)
    return person.id in (ticket.asker_id, ticket.owner_id)


def _put(session: Session, kind: str, person: Person, line: Line, mark: Mark, *, now: datetime) -> None:
    place = f"react:{line.id}:{person.id}:{mark.name}"
    if line.author_id is not None:
        outbox.put(session, Intent(kind, line.author_id, line.id, place, mark.ts), now=now)


def name_at(place: str) -> str:
    """`react:12:7:thumbsup::skin-tone-2` → the emoji."""
    return place.split(":", 3)[3]


def is_newest(session: Session, letter: Letter) -> bool:
    """Whether nothing later has happened with this emoji on this line."""
    keys = session.exec(select(Letter.key).where(Letter.place == letter.place))
    return letter.key == max(keys, key=_time)


def _time(key: str) -> float:
    return float(key.rpartition(":")[2])
