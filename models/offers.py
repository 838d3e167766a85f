"""To whom an answer is shown: an asker while nobody has been asked yet, a helper while she helps, anybody who searches.

An asker may read for a while (`answer.wait`) before cards go out; [Jag vill ha en människa] ends that at once.
Not here: the answers themselves (answers.py), and what makes two texts alike (similar.py).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from models import answers, catalogue, ladder, learning, lines, recognition, settings, shelf, tickets
from models.answers import BANK, Answer, AnswerShown, Result, Via
from models.db import add_once, changed
from models.errors import Gone
from models.lines import Line, Side
from models.recognition import Reading, Urgency
from models.tickets import Event, Reason, SolvedBy, State, Ticket

MOST = 3
READY, FOUND = 5, 10  # for a helper, and for a search
LIKELY = 0.3  # a tool, for its answers to be offered to who searches


# ---- to the one who asks -------------------------------------------------------------------------------------------


def offer(session: Session, ticket: Ticket, reading: Reading, text: str, *, now: datetime) -> None:
    """Up to three answers that are likely the same trouble; usually none. While she reads them nobody is asked, unless
    somebody may be waiting: then they stand below the number, and cards go out as always.

    Never when it is acute or about medication (by its words: similar.likely; by what somebody has said of it: here),
    nor once anybody has been asked.
    """
    if not _may_read(session, ticket):
        return
    found = _likely(session, ticket, reading, text, now=now)
    new = [answer for answer in found if _keep(session, ticket.pk, answer.pk, Via.ASKER, now=now)]
    if new:
        waits = ticket.urgency is Urgency.CAN_WAIT
        until = now + settings.read(session).span("answer.wait") if waits else now
        tickets.read_first(session, ticket, until, how_many=len(new), now=now)


def _may_read(session: Session, ticket: Ticket) -> bool:
    able = ticket.urgency is not Urgency.ACUTE and not answers.is_medication(session, ticket.tool)
    first = ticket.state is State.OPEN and ticket.answers_until is None and not ticket.is_held
    return first and able and not tickets.candidates(session, ticket.pk)


def _likely(session: Session, ticket: Ticket, reading: Reading, text: str, *, now: datetime) -> list[Answer]:
    found = shelf.index(session, BANK).likely(text, reading, catalogue.in_force(session))
    there = answers.in_force(session, [int(each.id) for each in found], now=now)
    return [answer for answer in there if ticket.tool in (None, answer.tool) and not answer.medication][:MOST]


def _keep(session: Session, ticket_id: int, answer_id: int, via: Via, *, now: datetime) -> bool:
    if not add_once(session, AnswerShown, ticket_id=ticket_id, answer_id=answer_id, via=via, at=now):
        return False
    answers.was_shown(session, answer_id)
    return True


_OF = select(AnswerShown).where(AnswerShown.ticket_id == bindparam("ticket")).order_by(col(AnswerShown.id))


def of_ticket(session: Session, ticket_id: int) -> list[AnswerShown]:
    return list(session.exec(_OF, params={"ticket": ticket_id}))


def standing(session: Session, ticket: Ticket, *, now: datetime) -> list[Answer]:
    """What stands in her receipt: while nobody has the question, and only what is still in force."""
    if ticket.answers_until is None or ticket.state is not State.OPEN or ticket.urgency is Urgency.ACUTE:
        return []
    shown = [row.answer_id for row in of_ticket(session, ticket.pk) if row.result is None and row.via is Via.ASKER]
    return answers.in_force(session, shown, now=now)


def helped(session: Session, ticket_id: int, answer_id: int, *, by: int, now: datetime) -> None:
    """[Det hjälpte]: the question is closed, and whoever was asked is asked no more. Twice is once."""
    ticket = tickets.get(session, ticket_id)
    if not _settle(session, ticket_id, answer_id, Result.HELPED, now=now):
        if ticket.state is State.CLOSED:
            return
        raise Gone
    for row in of_ticket(session, ticket_id):
        _settle(session, ticket_id, row.answer_id, Result.PASSED, now=now)
    values = {"solved_by": SolvedBy.SELF_HELP}
    tickets.close(session, ticket, Event.CONFIRMED, Reason.SELF_HELP, by=by, now=now, **values)


def human(session: Session, ticket_id: int, *, by: int, now: datetime) -> None:
    """[Jag vill ha en människa]: cards go out now. Twice is once."""
    ticket = tickets.get(session, ticket_id)
    if ticket.answers_until is None:
        raise Gone
    rows = [row for row in of_ticket(session, ticket_id) if row.via is Via.ASKER]
    news = [_settle(session, ticket_id, row.answer_id, Result.MISSED, now=now) for row in rows]
    if not any(news) or ticket.state is not State.OPEN:
        return
    tickets.want_human(session, ticket, by=by, now=now)
    if not tickets.candidates(session, ticket_id):
        ladder.advance(session, ticket, now=now)
    tickets.hurry_cards(session, ticket, at=now, now=now)


def _settle(session: Session, ticket_id: int, answer_id: int, result: Result, *, now: datetime) -> bool:
    """What came of showing it, once. It is counted with the answer."""
    one = update(AnswerShown).where(col(AnswerShown.ticket_id) == ticket_id, col(AnswerShown.answer_id) == answer_id)
    if not changed(session, one.where(col(AnswerShown.result).is_(None)).values(result=result)):
        return False
    if result is not Result.PASSED:
        answers.counted(session, answer_id, helped=result is Result.HELPED, now=now)
    return True


# ---- to the one who helps ------------------------------------------------------------------------------------------


def ready(session: Session, ticket: Ticket, *, now: datetime, talk: Sequence[Line] | None = None) -> list[Answer]:
    """What may suit the question she has, of its tool; medication too: she knows what she does."""
    said = lines.of_ticket(session, ticket.pk) if talk is None else talk
    text = "\n".join(line.text for line in said if line.side is Side.ASKER)
    if not text or ticket.tool is None:
        return []
    return [each for each in _nearest(session, text, now=now) if each.tool == ticket.tool][:READY]


def sent(session: Session, ticket_id: int, answer_id: int, *, now: datetime) -> None:
    """She has sent it, as it is or in her own words."""
    _keep(session, ticket_id, answer_id, Via.HELPER, now=now)


def search(session: Session, text: str, *, now: datetime) -> list[Answer]:
    """What somebody looks for, the likeliest first; nothing where nothing is near."""
    found = shelf.index(session, BANK).near(text, _read(session, text), catalogue.in_force(session), limit=FOUND)
    return answers.in_force(session, [int(each.id) for each in found], now=now)


def whose(session: Session, text: str, *, now: datetime) -> str:
    """The tool that what she looks for is likeliest about, of those with answers; empty if none is likely."""
    there = answers.tools(session, now=now)
    likely = (scored.key for scored in _read(session, text).tools if scored.score >= LIKELY)
    return next((key for key in likely if key in there), "")


def _nearest(session: Session, text: str, *, now: datetime) -> list[Answer]:
    found = shelf.index(session, BANK).nearest(text, _read(session, text), catalogue.in_force(session), limit=FOUND)
    return answers.in_force(session, [int(each.id) for each in found], now=now)


def _read(session: Session, text: str) -> Reading:
    return recognition.read(text, catalogue=catalogue.in_force(session), learnt=learning.in_force(session))


# ---- what came of it -----------------------------------------------------------------------------------------------


def to_settle(session: Session, *, now: datetime) -> list[int]:
    """Closed questions under which an answer was shown, and nobody has said whether it helped."""
    open_ = select(AnswerShown.ticket_id).join(Ticket, col(Ticket.id) == col(AnswerShown.ticket_id))
    return list(session.exec(open_.where(col(AnswerShown.result).is_(None), Ticket.state == State.CLOSED).distinct()))


def settle(session: Session, ticket_id: int, *, now: datetime) -> None:
    """The question is closed. If it is solved, what a helper sent helped; what stood in the receipt while a colleague
    had to solve it did not.
    """
    ticket = tickets.get(session, ticket_id)
    solved = ticket.reason is Reason.SOLVED and ticket.owner_id is not None
    came_of: dict[Via, Result] = {Via.HELPER: Result.HELPED, Via.ASKER: Result.MISSED} if solved else {}
    for row in of_ticket(session, ticket_id) if ticket.state is State.CLOSED else ():
        _settle(session, ticket_id, row.answer_id, came_of.get(row.via, Result.PASSED), now=now)

