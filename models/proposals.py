"""From [Löst] to the answer bank: the words of a solved question, proposed with one tap; alike ones are merged.

What a keeper then does with it: answers.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models import answers, catalogue, lines, outbox, recognition, secrecy, shelf, tickets
from models.answers import LONGEST, LONGEST_QUESTION, Answer, AnswerProposal, Did
from models.db import add_once
from models.errors import Gone, NotYours
from models.lines import Line, Side
from models.outbox import Intent
from models.people import Person
from models.tickets import Reason, State, Ticket

ALIKE = 0.75  # how likely the same trouble it is, for two proposals to be one
COMPARED = 20  # proposals of a tool that wait, the newest


def of_ticket(session: Session, ticket_id: int) -> AnswerProposal | None:
    """What was proposed from this question, if anything."""
    return session.exec(select(AnswerProposal).where(AnswerProposal.ticket_id == ticket_id)).first()


def helper_only(session: Session, person: Person, about: int | None) -> None:
    """Rule: the one who has solved it."""
    if tickets.get(session, about).owner_id != person.id:
        raise NotYours


def may_be_proposed(ticket: Ticket, talk: list[Line]) -> bool:
    """Solved by somebody, with words, about a tool that we know."""
    solved = ticket.state is State.SOLVED_PROPOSED or (ticket.state is State.CLOSED and ticket.reason is Reason.SOLVED)
    return solved and ticket.tool is not None and _words(talk, Side.HELPER, ticket.owner_id) != ""


def propose(session: Session, ticket_id: int, *, by: int, now: datetime) -> None:
    """[Föreslå som svar]: its question and her words, as they are; the keeper makes an answer of them. Twice is once.

    Raises Gone where there is nothing to propose.
    """
    ticket, talk = tickets.get(session, ticket_id), lines.of_ticket(session, ticket_id)
    if not may_be_proposed(ticket, talk) or ticket.tool is None:
        raise Gone
    question, text = _words(talk, Side.ASKER, ticket.asker_id), _words(talk, Side.HELPER, by)
    put(session, ticket_id, Words(ticket.tool, question, text), by=by, now=now)
    place = tickets.card_place(ticket_id, by)
    outbox.put(session, Intent("card", by, ticket_id, place, f"answer proposed {ticket_id}"), now=now)


def _words(talk: list[Line], side: Side, by: int | None) -> str:
    return "\n".join(line.text for line in talk if line.side is side and line.author_id == by and line.text)


@dataclass(frozen=True)
class Words:
    """What somebody asked about this tool, and what helped. `question` is empty for what nobody wrote."""

    tool: str
    question: str
    text: str


def put(session: Session, ticket_id: int, said: Words, *, by: int | None, now: datetime) -> None:
    """One proposal a question; another one changes nothing."""
    if of_ticket(session, ticket_id) is not None:
        return
    words = _masked(said)
    alike = _alike(session, words)
    answer_id = alike if alike is not None else _new(session, words, by=by, now=now)
    row = {"answer_id": answer_id, "ticket_id": ticket_id, "by_id": by, "at": now, "why": ""}
    if not add_once(session, AnswerProposal, question=words.question, text=words.text, **row):
        raise Gone  # two taps at once: the other one's is there


def _masked(said: Words) -> Words:
    """Without anything that passes elsewhere: a name that its writer vouched for is nobody else's."""
    question, text = secrecy.mask(said.question).text, secrecy.mask(said.text).text
    return Words(said.tool, question[:LONGEST_QUESTION].strip(), text[:LONGEST].strip())


def _new(session: Session, words: Words, *, by: int | None, now: datetime) -> int:
    answer = Answer(tool=words.tool, question=words.question, text=words.text, made_at=now)
    answer.medication = answers.is_medication(session, words.tool)
    session.add(answer)
    session.flush()
    answers.note_version(session, answer, Did.PROPOSED, by=by, now=now)
    return answer.pk


def _alike(session: Session, words: Words) -> int | None:
    """An answer of this tool, or a proposal that waits, which is likely about the same trouble."""
    if not words.question:
        return None
    tools = catalogue.in_force(session)
    of_tool = select(Answer).where(Answer.tool == words.tool)
    waiting = of_tool.where(Answer.state == answers.State.PROPOSED, Answer.question != "")
    newest = session.exec(waiting.order_by(col(Answer.id).desc()).limit(COMPARED))
    index = shelf.index(session, answers.BANK).with_((answers.known(each) for each in newest), tools)
    likely = index.nearest(words.question, recognition.read(words.question, catalogue=tools), tools)
    wanted = [int(found.id) for found in likely if found.score >= ALIKE]
    alive = of_tool.where(col(Answer.state).in_(answers.ALIVE))
    there = {answer.pk for answer in session.exec(alive.where(col(Answer.id).in_(wanted)))}
    return next((answer_id for answer_id in wanted if answer_id in there), None)
