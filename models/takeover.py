"""[Ta frågan och skicka]: what somebody wrote under a question that another has reaches the asker after all.

Her words are kept where only she knows of them (`Side.KEPT`), until she takes the question, deletes them, or a day has
gone by. Not here: how they are kept, and that she is told (lines.answer).
"""

from datetime import datetime

from sqlalchemy import bindparam, func, text
from sqlmodel import Session, col, select, update

from models import clock, lines, people, settings, tickets
from models.db import columns, renewed
from models.errors import Gone, NotYours
from models.lines import Line, Side
from models.tickets import Ticket

_WAITS = (col(Line.id) == bindparam("line"), col(Line.side) == Side.KEPT, col(Line.deleted_at).is_(None))
_VERSION = func.coalesce(col(Line.changed_at), col(Line.said_at))
# It is said now, and its words are as old as they were: an edit that we have not heard yet is still newer.
_SEND = (
    update(Line)
    .where(*_WAITS)
    .values(side=Side.HELPER, changed_at=_VERSION, said_at=bindparam("now"))
    .returning(*columns(Line))
)
_EMPTY = update(Line).where(*_WAITS).values(text="").returning(*columns(Line))
_KEPT_LONG = select(Line).where(
    text("side = 'kept'"),  # literally, as the index has it
    Line.text != "",
    col(Line.deleted_at).is_(None),
    bindparam("before") >= _VERSION,
)


def send(session: Session, ticket_id: int, *, line_id: int, seen: int | None, by: int, now: datetime) -> Ticket:
    """She takes the question from the one of whom she was told that she has it (`seen`), and the asker gets her words.

    Twice is once. Raises Gone if there are no words any more.
    """
    first = _her_own(session, ticket_id, line_id, by=by, now=now)
    if first.side is Side.HELPER:
        return tickets.get(session, ticket_id)
    waiting = lines.unsent(session, ticket_id, by, at=first.said_at)
    if not waiting:
        raise Gone
    ticket = tickets.take_over(session, ticket_id, seen=seen, by=by, now=now)
    for line in waiting:
        if renewed(session, line, _SEND, {"line": line.pk, "now": now}):
            lines.reach(session, ticket, line, now=now)
    return ticket


def _her_own(session: Session, ticket_id: int, line_id: int, *, by: int, now: datetime) -> Line:
    """A line of hers under this question, who helps today as well."""
    line, person = session.get(Line, line_id), people.get(session, by)
    if line is None or line.ticket_id != ticket_id:
        raise Gone
    if line.author_id != by or person is None or not people.is_helper(session, person, on=clock.today(now)):
        raise NotYours
    return line


def empty(session: Session, *, now: datetime) -> int:
    """The words of what nobody has sent for a day go; its author sees that they were not sent. How many lines."""
    before = now - settings.read(session).span("keep.unsent")
    emptied = 0
    for line in session.exec(_KEPT_LONG, params={"before": before}).all():
        if renewed(session, line, _EMPTY, {"line": line.pk}):
            ticket = tickets.get(session, line.ticket_id)
            tickets.show_buttons(session, ticket, f"{line.id} emptied {now.isoformat()}", now=now)
            emptied += 1
    return emptied
