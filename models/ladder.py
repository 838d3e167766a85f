"""Who is asked next. A pure choice over a roster (`next_step`), and one function that applies it (`advance`).

Rungs for now: expert users of the unit, specialists, coordinators; then a moment when somebody is there.
Also here: what the clock does with a question (`tick`), and what happens when a helper goes home (`let_go`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models import clock, outbox, people, roster, settings, tickets
from models.errors import Gone
from models.outbox import Intent
from models.people import Role
from models.recognition import Urgency
from models.roster import Duty, Presence
from models.settings import Settings
from models.tickets import Event, NextStep, State, Step, Ticket, Via

RUNGS = (Role.EXPERT_USER, Role.OBJECT_SPECIALIST, Role.COORDINATOR)


@dataclass(frozen=True)
class Helper:
    """Somebody who could be asked, on which rung, and whether she is there."""

    person_id: int
    rung: Role
    presence: Presence


Target = Callable[[Role, Sequence[Helper]], datetime]


def next_step(helpers: Sequence[Helper], *, after: Role | None, target: Target, idle: datetime) -> Step:
    """The next rung with somebody at work, round and round; with nobody there, the moment when somebody is.

    Who has a card keeps it and gets no second one (`Candidate` is unique). `target(rung, people)` is when to
    go on from there; `idle` is when to look again if nobody is ever expected back.
    """
    start = RUNGS.index(after) + 1 if after in RUNGS else 0
    for rung in (*RUNGS[start:], *RUNGS[:start]):
        here = [h for h in helpers if h.rung is rung and h.presence.at_work]
        if here:
            return Step(rung, tuple(dict.fromkeys(h.person_id for h in here)), target(rung, here))
    return Step(None, (), min([*(h.presence.back_at for h in helpers), idle]) if helpers else idle)


def helpers_for(session: Session, ticket: Ticket, *, now: datetime) -> list[Helper]:
    """Everybody the organisation has for this question, in the order of the rungs; never the asker."""
    if people.is_off(session, ticket.unit_id):
        return []
    hats = people.hats_for(session, ticket.unit_id, ticket.tool, on=clock.today(now))
    gone = {c.person_id for c in tickets.candidates(session, ticket.pk) if c.said_no}
    wanted = [(h.person_id, h.role) for h in hats if h.person_id not in gone and h.person_id != ticket.asker_id]
    found = roster.presences(session, wanted, now=now)
    return [Helper(person_id, role, found[person_id, role]) for person_id, role in dict.fromkeys(wanted)]


def advance(session: Session, ticket: Ticket, *, now: datetime) -> Step:
    """One rung on."""
    return _ask_after(session, ticket, ticket.rung, now=now)


def restart(session: Session, ticket: Ticket, *, now: datetime) -> Step:
    """From the first rung again, now that more is known: those who have a card keep it."""
    return _ask_after(session, ticket, None, now=now)


def _ask_after(session: Session, ticket: Ticket, after: Role | None, *, now: datetime) -> Step:
    """Apply the next step: cards to those who are asked now, and the time when it goes on.

    The one door to everybody who is asked: a question from a unit that is off ends here, one too many waits here.
    """
    if people.is_off(session, ticket.unit_id):
        tickets.turn_away(session, ticket, now=now)
        return Step(None, (), now)
    if ticket.is_held:
        return Step(None, (), ticket.next_at or now)
    rules = settings.read(session)
    helpers = helpers_for(session, ticket, now=now)

    def target(rung: Role, here: Sequence[Helper]) -> datetime:
        return due_at(ticket, rung, rules, known=any(h.presence.known for h in here), now=now)

    idle = (
        now + rules.span("ladder.retry")
        if not helpers
        else clock.next_open(roster.hours_of(Role.COORDINATOR, rules), now + rules.span("target.coordinator"))
    )
    step = next_step(helpers, after=after, target=target, idle=idle)
    tickets.ask_people(session, ticket, step, now=now, cards_at=cards_at(ticket, rules, now))
    return step


def due_at(ticket: Ticket, rung: Role, rules: Settings, *, known: bool, now: datetime) -> datetime:
    """Targets count support hours only; acute ones and those of somebody known to be at work always count."""
    if ticket.urgency is Urgency.ACUTE:
        return now + rules.span(f"target.acute.{rung.value}")
    span = rules.span(f"target.{rung.value}")
    return now + span if known else clock.add_open_time(roster.hours_of(rung, rules), now, span)


def hasten(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """It has become acute: whoever has a card has the acute target for it, not what is left of the usual one."""
    if ticket.state is State.OPEN and ticket.rung is not None:
        due = due_at(ticket, ticket.rung, settings.read(session), known=True, now=now)
        tickets.due_by(session, ticket, due)


def cards_at(ticket: Ticket, rules: Settings, now: datetime) -> datetime:
    """A card waits a little after the asker's last line, never when acute."""
    if ticket.urgency is Urgency.ACUTE:
        return now
    return max(now, ticket.asker_wrote_at + rules.span("card.wait"))


def tick(session: Session, ticket_id: int, *, now: datetime) -> None:
    """What the clock does. Safe to run twice and in parallel: the row is locked and looked at again."""
    query = select(Ticket).where(Ticket.id == ticket_id, col(Ticket.next_at) <= now).with_for_update()
    ticket = session.exec(query).first()
    if ticket is None or ticket.state is State.CLOSED or ticket.next_step is None:
        return
    STEPS[ticket.next_step](session, ticket, now=now)


def _free(session: Session, ticket: Ticket, *, now: datetime) -> None:
    release(session, ticket, Event.FREED, by=None, now=now)


def send_anyway(session: Session, ticket_id: int, *, by: int | None, now: datetime) -> None:
    """[Skicka ändå], or somebody waits now: a question that is one too many within the hour waits no longer. Twice is
    once.
    """
    ticket = tickets.get(session, ticket_id)
    session.refresh(ticket, with_for_update=True)
    if ticket.is_held and ticket.state is State.OPEN:
        tickets.let_out(session, ticket, by=by, now=now)
        advance(session, ticket, now=now)


def _let_out(session: Session, ticket: Ticket, *, now: datetime) -> None:
    send_anyway(session, ticket.pk, by=None, now=now)


def _ask(session: Session, ticket: Ticket, *, now: datetime) -> None:
    advance(session, ticket, now=now)


def _unpark(session: Session, ticket: Ticket, *, now: datetime) -> None:
    tickets.unpark(session, ticket, by=None, now=now)
    advance(session, ticket, now=now)


STEPS: dict[NextStep, Callable[..., None]] = {
    NextStep.ASK: _ask,
    NextStep.LET_OUT: _let_out,
    NextStep.REMIND: tickets.remind,
    NextStep.FREE: _free,
    NextStep.WARN: tickets.warn,
    NextStep.REST: tickets.rest,
    NextStep.CHECK: tickets.check_outside,
    NextStep.UNPARK: _unpark,
}


@dataclass(frozen=True)
class Onward:
    """[Skicka vidare]: to a person, or about another tool; neither means the next step of the ladder."""

    person: int | None = None
    tool: str | None = None


def forward(session: Session, ticket_id: int, onward: Onward, *, by: int, now: datetime) -> None:
    """The sender lets go and somebody else is asked at once. Raises Gone for somebody who helps nobody."""
    ticket = tickets.get(session, ticket_id)
    rung = ticket.rung
    if onward.tool is not None:
        tickets.understand(session, ticket, tool=onward.tool, by=by, now=now)
        rung = None
    tickets.send_on(session, ticket, by=by, to=onward.person, now=now)
    if onward.person is None:
        _ask_after(session, ticket, rung, now=now)
    else:
        _ask_one(session, ticket, onward.person, now=now)


def _ask_one(session: Session, ticket: Ticket, person_id: int, *, now: datetime) -> None:
    hats = [hat.role for hat in people.roles_of(session, person_id, on=clock.today(now)) if hat.role in RUNGS]
    if not hats or person_id == ticket.asker_id:
        raise Gone
    step = Step(hats[0], (person_id,), due_at(ticket, hats[0], settings.read(session), known=True, now=now))
    tickets.ask_people(session, ticket, step, now=now, cards_at=now)
    tickets.return_to(session, ticket.pk, person_id)
    row = tickets.note_down(session, ticket, Event.WENT_TO, by=None, now=now, other=person_id)
    tickets.show_all(session, ticket, row, now=now)


def colleagues(session: Session, *, now: datetime) -> list[tuple[people.Person, Role]]:
    """Everybody with a helper's hat who is at work now, whom a question may be sent to."""
    hats = people.helper_hats(session, on=clock.today(now))
    found = roster.presences(session, hats, now=now)
    names = people.find(session, (person_id for person_id, _ in hats))
    return [(names[p], role) for (p, role), presence in found.items() if presence.at_work]


def pause(session: Session, person: people.Person, *, now: datetime) -> None:
    """[Pausa mig 1 h]: what waits for her goes on; what she has taken stays."""
    roster.pause(session, person, until=now + settings.read(session).span("pause"))
    for ticket in tickets.asked_of(session, person.pk):
        pass_on(session, ticket.pk, person.pk, by=None, now=now)


def release(session: Session, ticket: Ticket, event: Event, *, by: int | None, now: datetime) -> None:
    """The claim ends and somebody else is asked at once."""
    tickets.free(session, ticket, event, by=by, now=now)
    advance(session, ticket, now=now)


def pass_on(session: Session, ticket_id: int, person_id: int, *, by: int | None, now: datetime) -> None:
    """[Kan inte nu]: without a reason; when nobody else on the rung has it, the question goes on at once."""
    if tickets.decline(session, ticket_id, person_id, by=by, now=now):
        advance(session, tickets.get(session, ticket_id), now=now)


def give_back(session: Session, ticket_id: int, *, by: int, now: datetime) -> None:
    """[Lämna tillbaka]: the taker lets go by herself."""
    release(session, tickets.get(session, ticket_id), Event.RETURNED, by=by, now=now)


def passed_over(session: Session, ticket_id: int, person_id: int, *, now: datetime) -> None:
    """A card was not sent because she is off duty: the question does not wait for this person."""
    if _waits_for(session, ticket_id, person_id):
        pass_on(session, ticket_id, person_id, by=None, now=now)


def unreachable(session: Session, ticket_id: int, person_id: int, *, now: datetime) -> None:
    """Her card can never arrive: the question goes on and does not come back to her, round and round for ever."""
    if _waits_for(session, ticket_id, person_id):
        tickets.leave(session, ticket_id, person_id, said_no=True, now=now)
        pass_on(session, ticket_id, person_id, by=None, now=now)


def _waits_for(session: Session, ticket_id: int, person_id: int) -> bool:
    ticket, card = tickets.get(session, ticket_id), tickets.candidate(session, ticket_id, person_id)
    return ticket.state is State.OPEN and card is not None and card.left_at is None


def left_at_the_end(session: Session, person_id: int) -> list[Ticket]:
    """What moves on to somebody else when she goes off duty, although she has it."""
    return [ticket for ticket in tickets.owned_by(session, person_id) if ticket.state is State.TAKEN]


def let_go(
    session: Session, person_id: int, *, now: datetime, states: frozenset[State] = frozenset({State.TAKEN})
) -> None:
    """Somebody goes off duty: what she has taken and what only she was asked moves on.

    What waits for the asker or for IT stays hers, nobody waits for a word from her; unless `states` says more.
    """
    for ticket in tickets.owned_by(session, person_id):
        if ticket.state in states:
            release(session, ticket, Event.WENT_HOME, by=None, now=now)
    for ticket in tickets.asked_of(session, person_id):
        pass_on(session, ticket.pk, person_id, by=None, now=now)


def leave_for_good(session: Session, person_id: int, *, now: datetime) -> None:
    """Her account has ended: whatever she had goes to somebody else."""
    let_go(session, person_id, now=now, states=tickets.HELD - {State.SOLVED_PROPOSED})


def hat_ended(session: Session, person_id: int, *, now: datetime) -> None:
    """What she had only because of a hat that has ended goes to somebody else."""
    for ticket in open_with(session, person_id):
        if not _still_helps(session, ticket, person_id, now):
            release(session, ticket, Event.WENT_HOME, by=None, now=now)
    for ticket in tickets.asked_of(session, person_id):
        if not _still_helps(session, ticket, person_id, now):
            pass_on(session, ticket.pk, person_id, by=None, now=now)


def open_with(session: Session, person_id: int) -> list[Ticket]:
    """What would have to move on if she helped no more."""
    return [t for t in tickets.owned_by(session, person_id) if t.state in tickets.HELD - {State.SOLVED_PROPOSED}]


def _still_helps(session: Session, ticket: Ticket, person_id: int, now: datetime) -> bool:
    return person_id in {helper.person_id for helper in helpers_for(session, ticket, now=now)}


def waiting_for(session: Session, person_id: int, *, now: datetime) -> list[Ticket]:
    """Open questions that would come to this person: what a digest at the start of duty shows, oldest first."""
    waiting = session.exec(select(Ticket).where(Ticket.state == State.OPEN).order_by(col(Ticket.id)).limit(200))
    out = [ticket for ticket in waiting if not ticket.is_held]
    return [t for t in out if person_id in {h.person_id for h in helpers_for(session, t, now=now)}]


def wanted(session: Session, *, now: datetime) -> set[int]:
    """Whom an open question would come to, whoever it is."""
    waiting = session.exec(select(Ticket).where(Ticket.state == State.OPEN).order_by(col(Ticket.id)).limit(200))
    return {helper.person_id for ticket in waiting for helper in helpers_for(session, ticket, now=now)}


def begin_shift(session: Session, duty: Duty, *, now: datetime) -> None:
    """She has said until when she works: what waits comes in one digest, and before the end she hears what is left."""
    come_on_duty(session, duty.person_id, f"duty{duty.id}", now=now)
    warned = duty.until_at - settings.read(session).span("duty.warn")
    if warned > now:
        intent = Intent("shift_ends", duty.person_id, duty.id, f"shift:{duty.id}", "shift")
        outbox.put(session, intent, now=now, due=warned)


def come_on_duty(session: Session, person_id: int, cause: str, *, now: datetime) -> list[Ticket]:
    """One digest of what waits instead of single cards; empty when nothing does."""
    found = [t for t in waiting_for(session, person_id, now=now) if not _may_take(session, t, person_id)]
    for ticket in found:
        tickets.make_candidate(
            session, ticket, person_id, _rung_of(session, ticket, person_id, now), via=Via.DIGEST, at=now
        )
    if found:
        place = digest_place(person_id, cause)
        outbox.put(session, Intent("digest", person_id, None, place, cause), now=now)
    return found


def digest_place(person_id: int, cause: str) -> str:
    return f"digest:{person_id}:{cause}"


def _rung_of(session: Session, ticket: Ticket, person_id: int, now: datetime) -> Role:
    return next(h.rung for h in helpers_for(session, ticket, now=now) if h.person_id == person_id)


def _may_take(session: Session, ticket: Ticket, person_id: int) -> bool:
    card = tickets.candidate(session, ticket.pk, person_id)
    return card is not None and card.left_at is None
