"""Ideas, upwards: "Det här är ett förslag" takes a wish off the ladder and to those who know the tool, who reply.

The reply is shown to whoever asked, in her question's receipt and as a message. A wish may become news (news.py). What
was wished for is what the question says: nothing of it is copied here.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select, update

from models import administration, clock, outbox, people, tickets
from models.administration import Scope
from models.columns import check, instant, paired
from models.db import changed, insert
from models.errors import Gone, NotYours, Refused
from models.outbox import Intent
from models.people import Person
from models.tickets import Event, Reason, State, Ticket

LONGEST = 500
LOOKED_AT = 200


class AlreadyReplied(Refused):
    """Somebody was faster. `about["name"]` is who."""

    key = "refused.idea_replied"


class Idea(SQLModel, table=True):
    __table_args__ = (
        paired("replied_by_id", "replied_at"),
        check("replied_at IS NOT NULL OR reply = ''", "a_reply_has_a_time"),
        {"sqlite_autoincrement": True},  # letters' keys hold these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # who says that it is one
    at: datetime = instant()
    reply: str = Field(default="", max_length=LONGEST)  # empty where it became news
    replied_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    replied_at: datetime | None = instant(default=None, nullable=True, index=True)

    @property
    def pk(self) -> int:
        """The id of a stored idea."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id


# ---- reading -----------------------------------------------------------------------------------------------------


def get(session: Session, idea_id: int | None) -> Idea:
    """Raises Gone for one that never was."""
    found = session.get(Idea, idea_id) if idea_id is not None else None
    if found is None:
        raise Gone
    return found


def of_ticket(session: Session, ticket: Ticket) -> Idea | None:
    """What became an idea is closed for that reason; only then is there one to look for."""
    if ticket.state is not State.CLOSED or ticket.reason is not Reason.REDIRECTED or ticket.belongs_to is not None:
        return None
    return under(session, ticket.pk)


def under(session: Session, ticket_id: int) -> Idea | None:
    """Whatever has become of the question since."""
    return session.exec(select(Idea).where(Idea.ticket_id == ticket_id)).first()


def waiting_for(session: Session, person_id: int, *, now: datetime) -> list[Idea]:
    """Ideas without a reply about her tools, the oldest first; to coordinators those that nobody else would see."""
    scope = administration.scope_of(session, person_id, on=clock.today(now))
    if not scope.speaks_of and not scope.coordinates:
        return []
    open_ = select(Idea, Ticket).join(Ticket, col(Ticket.id) == col(Idea.ticket_id))
    open_ = open_.where(col(Idea.replied_at).is_(None)).order_by(col(Idea.id)).limit(LOOKED_AT)
    return [idea for idea, ticket in session.exec(open_) if _reaches(session, scope, ticket, now)]


def _reaches(session: Session, scope: Scope, ticket: Ticket, now: datetime) -> bool:
    if is_hers(session, scope, ticket) and not scope.coordinates:
        return True
    return scope.coordinates and not _kept_by_others(session, ticket, now)


def is_hers(session: Session, scope: Scope, ticket: Ticket) -> bool:
    """She knows the tool, in the department where it was wished for."""
    if ticket.tool is None:
        return scope.tells_everybody
    unit, hers = people.unit(session, ticket.unit_id), scope.told_by_her(ticket.tool)
    return bool(hers) and (None in hers or unit is None or unit.department_id in hers)


def _kept_by_others(session: Session, ticket: Ticket, now: datetime) -> bool:
    """The tool has a specialist there."""
    on = clock.today(now)
    scopes = administration.tellers(session, ticket.tool, on=on).values() if ticket.tool is not None else ()
    return any(is_hers(session, scope, ticket) for scope in scopes if not scope.coordinates)


def for_whom(session: Session, ticket: Ticket, *, now: datetime) -> list[int]:
    """Who will see it: named to the one who asked."""
    if ticket.tool is None:
        return [hat.person_id for hat in people.coordinators(session, on=clock.today(now))]
    scopes = administration.tellers(session, ticket.tool, on=clock.today(now))
    others = [each for each, scope in scopes.items() if not scope.coordinates and is_hers(session, scope, ticket)]
    return others or list(scopes)


# ---- verbs -------------------------------------------------------------------------------------------------------


def suggest(session: Session, ticket_id: int, *, by: int, now: datetime) -> None:
    """ "Det här är ett förslag": nobody is asked any more, and who knows the tool has it in her list. Twice is once;
    one that was opened again since waits anew.
    """
    ticket = tickets.get(session, ticket_id)
    if of_ticket(session, ticket) is not None:
        return
    tickets.close(session, ticket, Event.SUGGESTED, Reason.REDIRECTED, by=by, now=now, belongs_to=None)
    anew = {"by_id": by, "at": now, "reply": "", "replied_by_id": None, "replied_at": None}
    put = insert(session, Idea).values(ticket_id=ticket.pk, **anew)
    changed(session, put.on_conflict_do_update(index_elements=["ticket_id"], set_=anew))


def reply(session: Session, idea_id: int, text: str, *, by: int, now: datetime) -> Idea:
    """The asker is told, and her receipt says it. Raises NotYours, AlreadyReplied."""
    idea = get(session, idea_id)
    ticket = tickets.get(session, idea.ticket_id)
    if not is_hers(session, administration.scope_of(session, by, on=clock.today(now)), ticket):
        raise NotYours
    mine = update(Idea).where(col(Idea.id) == idea.id, col(Idea.replied_at).is_(None))
    if not changed(session, mine.values(reply=text[:LONGEST], replied_by_id=by, replied_at=now)):
        session.refresh(idea)
        faster = session.get(Person, idea.replied_by_id) if idea.replied_by_id is not None else None
        raise AlreadyReplied(name=faster.name if faster else "")
    session.refresh(idea)
    _tell(session, idea, ticket, now=now)
    return idea


def _tell(session: Session, idea: Idea, ticket: Ticket, *, now: datetime) -> None:
    if ticket.asker_id is None:
        return
    place, cause = f"idea_told:{ticket.shown}:{moment(idea)}", f"idea{idea.pk} {moment(idea)}"
    outbox.put(session, Intent("idea_told", ticket.asker_id, ticket.pk, place, cause), now=now)
    receipt = Intent("receipt", ticket.asker_id, ticket.pk, tickets.receipt_place(ticket.pk), cause)
    outbox.put(session, receipt, now=now)


def moment(idea: Idea) -> str:
    """Of the reply: each has a message of its own."""
    return str(int(idea.replied_at.timestamp())) if idea.replied_at else ""


def replied(session: Session, *, unit_ids: Iterable[int], since: datetime, until: datetime) -> list[Idea]:
    """Ideas of these units that got their reply within this time."""
    there = col(Ticket.unit_id).in_(list(unit_ids)), col(Idea.replied_at) >= since, col(Idea.replied_at) < until
    found = select(Idea).join(Ticket, col(Ticket.id) == col(Idea.ticket_id)).where(*there)
    return list(session.exec(found.order_by(col(Idea.id))))


def heard(session: Session, *, unit_ids: Iterable[int], since: datetime, until: datetime) -> tuple[int, int]:
    """How many ideas of these units got their reply within this time, and how many people had had them."""
    found = replied(session, unit_ids=unit_ids, since=since, until=until)
    askers = select(Ticket.asker_id).where(col(Ticket.id).in_([idea.ticket_id for idea in found])).distinct()
    return len(found), sum(asker is not None for asker in session.exec(askers))
