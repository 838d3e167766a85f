"""An emoji on a relayed line appears on the original, on the other side. Nothing about it is stored but the letter.

Events may come late, twice or in the wrong order: Slack's own time of each stands in the letter's key, and only the
newest of an emoji on a line counts (`is_newest`). One on a message that we have posted but not yet marked so waits in
her own queue, behind that message. Not here: lines (lines.py), and calling Slack (bot/errands.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models import lines, outbox, people, tickets
from models.lines import Line, Side
from models.outbox import Intent, Letter
from models.people import Person

LONGEST = 40  # names of emoji that are longer stay where they are: the place must hold them
LONGEST_PLACE = 80


@dataclass(frozen=True)
class Mark:
    """An emoji on a message of ours: the message's place, the emoji's name, Slack's time of the event."""

    place: str
    name: str
    ts: str


def carry(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """She put it on a line that came to her: it appears on the original, while she and its author still talk."""
    line = _relayed(session, person, mark.place)
    if line is not None and _talks(session, person, line):
        _put(session, "react", person, line, mark, now=now)


def take_back(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """She took it away. Also said if the putting has not been heard yet: it is older, and will count for nothing."""
    line = _relayed(session, person, mark.place)
    if line is not None:
        _put(session, "unreact", person, line, mark, now=now)


def carry_later(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """As `carry`, on a message that we cannot place yet; `mark.place` is `channel:ts`."""
    _put_early(session, "react", person, mark, now=now)


def take_back_later(session: Session, person: Person, mark: Mark, *, now: datetime) -> None:
    """As `take_back`, on a message that we cannot place yet."""
    _put_early(session, "unreact", person, mark, now=now)


def _put_early(session: Session, kind: str, person: Person, mark: Mark, *, now: datetime) -> None:
    place = f"early:{mark.place}:{mark.name}"
    if len(place) <= LONGEST_PLACE:
        outbox.put(session, Intent(kind, person.pk, None, place, mark.ts), now=now)


def _relayed(session: Session, person: Person, place: str) -> Line | None:
    """Only lines cross: receipts, cards and notes have places of other names."""
    number = place.partition(":")[2].partition(":")[0]
    line = session.get(Line, int(number)) if number.isdigit() else None
    ours = line is not None and line.side is not Side.INTERNAL and place in lines.places(line, person.pk)
    return line if ours else None


def _talks(session: Session, person: Person, line: Line) -> bool:
    """One who has let the question go says nothing more in it, not with an emoji either."""
    ticket = tickets.get(session, line.ticket_id)
    return person.id in (ticket.asker_id, ticket.owner_id)


def _put(session: Session, kind: str, person: Person, line: Line, mark: Mark, *, now: datetime) -> None:
    if line.author_id is not None and len(mark.name) <= LONGEST:
        outbox.put(session, Intent(kind, line.author_id, line.id, _place(line, person, mark.name), mark.ts), now=now)


def _place(line: Line, person: Person, name: str) -> str:
    return f"react:{line.id}:{person.id}:{name}"


def name_at(place: str) -> str:
    """`react:12:7:thumbsup::skin-tone-2`, or `early:D12:1764.001:thumbsup` → the emoji."""
    return place.split(":", 3)[3]


def about(session: Session, letter: Letter) -> Line | None:
    """The original on which the emoji belongs, unless something later has happened with it."""
    line, person = _line_and_person(session, letter)
    if line is None or person is None or letter.key != max(_told(session, line, person, letter), key=_time):
        return None
    return line


def _line_and_person(session: Session, letter: Letter) -> tuple[Line | None, Person | None]:
    kind, first, second, _ = letter.place.split(":", 3)
    if kind == "react":
        return session.get(Line, int(first)), people.get(session, int(second))
    person, place = people.get(session, letter.to_id), outbox.at(session, first, second)
    line = _relayed(session, person, place) if person is not None and place is not None else None
    talks = line is not None and person is not None and (letter.kind == "unreact" or _talks(session, person, line))
    return line if talks else None, person


def _told(session: Session, line: Line, person: Person, letter: Letter) -> Iterable[str]:
    """The keys of everything that we were told about this emoji on this line, by this person."""
    name = name_at(letter.place)
    standing = outbox.where_is(session, lines.places(line, person.pk)).values()
    early = [f"early:{posted.channel}:{posted.ts}:{name}" for posted in standing]
    return session.exec(select(Letter.key).where(col(Letter.place).in_([_place(line, person, name), *early])))


def _time(key: str) -> float:
    return float(key.rpartition(":")[2])
