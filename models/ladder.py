"""Who is asked next. A pure choice over a roster (`next_step`), and one function that applies it (`advance`).

The rungs are steps 3 to 6 of domain.md: the unit's own experts, those it borrows, those of the department, the
specialist of department and tool, of the tool anywhere, the coordinators; then a moment when somebody is there.
Also here: what the clock does with a question (`tick`), and what happens when a helper goes home (`let_go`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from models import clock, lines, outbox, people, roster, settings, stuga_series, tickets
from models.errors import Gone
from models.outbox import Intent
from models.people import Appointment, Role, Unit
from models.recognition import Urgency
from models.roster import Duty, Presence
from models.settings import Settings
from models.tickets import Event, NextStep, Rung, State, Step, Ticket, Via

RUNGS = tuple(Rung)
GATHER = timedelta(seconds=5)  # questions that all waited for the same opening are in the same digest
BEFORE_COORDINATORS = Rung.SPECIALIST_ELSEWHERE
ROLE_ON = {
    Rung.UNIT_EXPERT: Role.EXPERT_USER,
    Rung.LENT_EXPERT: Role.EXPERT_USER,
    Rung.DEPARTMENT_EXPERT: Role.EXPERT_USER,
    Rung.SPECIALIST: Role.OBJECT_SPECIALIST,
    Rung.SPECIALIST_ELSEWHERE: Role.OBJECT_SPECIALIST,
    Rung.COORDINATOR: Role.COORDINATOR,
}


# ---- the pure choice -----------------------------------------------------------------------------------------


class WhyNot(StrEnum):
    """Why somebody is not asked now."""

    ASKS_HERSELF = "asks_herself"
    WRONG_TOOL = "wrong_tool"
    SAID_NO = "said_no"
    OFF_DUTY = "off_duty"  # until presence.back_at
    ASKED = "asked"  # has a card that waits for her
    BUSY = "busy"  # runs a drop-in, until presence.back_at
    FULL = "full"  # has as many open cards from other units as one may have


@dataclass(frozen=True)
class Helper:
    """Somebody who could be asked: on which rung, whether she is there, and what speaks against it.

    `cards`: how many of other units' questions wait for her already.
    """

    person_id: int
    rung: Rung
    presence: Presence
    suits: bool = True  # she is an expert for this tool
    asks: bool = False  # it is her own question
    said_no: bool = False
    asked: bool = False
    had_it: bool = False  # has, or has had, a card
    cards: int = 0
    busy: bool = False  # at work, with a room full of people


@dataclass(frozen=True)
class Limits:
    """For experts of other units: open cards each may have, and how many are asked at a time."""

    open_cards: int
    at_once: int


def why_not(helper: Helper, limits: Limits) -> WhyNot | None:
    """None: she can be asked now. What lasts comes before what passes."""
    if helper.asks:
        return WhyNot.ASKS_HERSELF
    if not helper.suits:
        return WhyNot.WRONG_TOOL
    if helper.said_no:
        return WhyNot.SAID_NO
    if not helper.presence.at_work:
        return WhyNot.BUSY if helper.busy else WhyNot.OFF_DUTY
    if helper.asked:
        return WhyNot.ASKED
    full = helper.rung is Rung.DEPARTMENT_EXPERT and helper.cards >= limits.open_cards
    return WhyNot.FULL if full else None


def on_rung(helpers: Iterable[Helper], rung: Rung, limits: Limits) -> list[Helper]:
    """Who is asked on this rung. Of other units' experts only a few: those who are surely there, and have least."""
    here = [h for h in helpers if h.rung is rung and why_not(h, limits) is None]
    if rung is not Rung.DEPARTMENT_EXPERT:
        return here
    return sorted(here, key=lambda h: (not h.presence.known, h.cards))[: limits.at_once]


Target = Callable[[Rung, Sequence[Helper]], datetime]


def next_step(
    helpers: Sequence[Helper], *, after: Rung | None, target: Target, anew: datetime, limits: Limits
) -> Step:
    """The next rung with somebody who is at work and has not been asked; else the moment when it goes on.

    From the beginning (`after` is None) those count too who have a card: the question has come back to them.
    `target(rung, people)` is when to go on from there; `anew` is when a new round begins at the latest.
    """
    start = RUNGS.index(after) + 1 if after else 0
    for rung in (*RUNGS[start:], *RUNGS[:start]):
        here = on_rung(helpers, rung, limits) + (_waiting(helpers, rung, limits) if after is None else [])
        if here:
            return Step(rung, tuple(dict.fromkeys(h.person_id for h in here)), target(rung, here))
    return _wait(helpers, anew, limits)


def _waiting(helpers: Iterable[Helper], rung: Rung, limits: Limits) -> list[Helper]:
    return [h for h in helpers if h.rung is rung and why_not(h, limits) is WhyNot.ASKED]


def _wait(helpers: Sequence[Helper], anew: datetime, limits: Limits) -> Step:
    """Nobody new is there: until somebody comes to work, or until the next round.

    Of both at the same moment, somebody who has never had it comes first.
    """
    coming = [h for h in helpers if why_not(h, limits) in (WhyNot.OFF_DUTY, WhyNot.BUSY)]
    comes = min((h.presence.back_at for h in coming), default=anew)
    news = any(not h.had_it and h.presence.back_at <= anew for h in coming)
    furthest = next((rung for rung in reversed(RUNGS) if _waiting(helpers, rung, limits)), None)
    return Step(furthest, (), min(comes, anew), NextStep.COMES if news or comes < anew else NextStep.ANEW)


def who_begins_anew(helpers: Iterable[Helper]) -> list[Helper]:
    """Whose "kan inte nu" and unanswered card a new round forgets: the coordinators', who are the last to have it.

    Without a coordinator everybody's: somebody has to be asked.
    """
    could = [h for h in helpers if h.suits and not h.asks]
    return [h for h in could if h.rung is Rung.COORDINATOR] or could


def expected(helpers: Sequence[Helper], step: Step, *, limits: Limits) -> tuple[int, ...]:
    """Whom a step that waits will lead to at its time, as far as anybody knows now."""
    again = {h.person_id for h in who_begins_anew(helpers)} if step.then is NextStep.ANEW else set()
    then = [_at(h, step.due_at, forgotten=h.person_id in again) for h in helpers]
    after = BEFORE_COORDINATORS if again else step.rung
    return next_step(then, after=after, target=lambda *_: step.due_at, anew=step.due_at, limits=limits).people


def _at(helper: Helper, moment: datetime, *, forgotten: bool) -> Helper:
    """She is there by then, unless she comes later. Who has gone home has no card when she comes back."""
    there = replace(helper.presence, at_work=helper.presence.at_work or helper.presence.back_at <= moment)
    keeps = helper.asked and helper.presence.at_work
    asked, said_no = keeps and not forgotten, helper.said_no and not forgotten
    return replace(helper, presence=there, asked=asked, said_no=said_no)


def rung_of(hat: Appointment, unit: Unit | None, *, lent: bool) -> Rung:
    """On which rung somebody with this hat stands for a question from this unit."""
    department = unit.department_id if unit else None
    if hat.role is Role.COORDINATOR:
        return Rung.COORDINATOR
    if hat.role is Role.OBJECT_SPECIALIST:
        return Rung.SPECIALIST if hat.department_id in (None, department) else Rung.SPECIALIST_ELSEWHERE
    if unit is None or hat.unit_id != unit.id:
        return Rung.DEPARTMENT_EXPERT
    return Rung.LENT_EXPERT if lent else Rung.UNIT_EXPERT


# ---- the roster of a question ----------------------------------------------------------------------------------


def helpers_for(
    session: Session, ticket: Ticket, *, now: datetime, rungs: Collection[Rung] = RUNGS
) -> list[Helper]:
    """Everybody the organisation has for this question on these rungs, in their order."""
    if people.is_off(session, ticket.unit_id):
        return []
    standing = _standing(session, ticket, now=now)
    suits = {who: fits for who, fits in standing.items() if who[1] in rungs}
    known = {card.person_id: card for card in tickets.candidates(session, ticket.pk)}
    found = roster.presences(session, [(person_id, ROLE_ON[rung]) for person_id, rung in suits], now=now)
    cards = tickets.cards_of(session, {p for p, rung in suits if rung is Rung.DEPARTMENT_EXPERT})
    busy = stuga_series.busy(session, {p for p, _ in suits}, now=now)
    return [
        Helper(
            person_id,
            rung,
            _meanwhile(found[person_id, ROLE_ON[rung]], busy.get(person_id)),
            suits=suits[person_id, rung],
            asks=person_id == ticket.asker_id,
            said_no=person_id in known and known[person_id].said_no,
            asked=person_id in known and known[person_id].left_at is None,
            had_it=person_id in known,
            cards=cards[person_id],
            busy=person_id in busy,
        )
        for person_id, rung in sorted(suits, key=lambda standing: RUNGS.index(standing[1]))
    ]


def _meanwhile(presence: Presence, busy_until: datetime | None) -> Presence:
    """Who runs a drop-in is asked when that is over."""
    if busy_until is None:
        return presence
    return replace(presence, at_work=False, known=True, back_at=max(presence.back_at, busy_until))


def _standing(session: Session, ticket: Ticket, *, now: datetime) -> dict[tuple[int, Rung], bool]:
    """Who stands on which rung, and whether any of her hats there fits the tool."""
    today = clock.today(now)
    unit = people.unit(session, ticket.unit_id)
    hats = people.hats_for(session, ticket.unit_id, ticket.tool, on=today)
    lent = _lent_to(session, unit, hats, on=today) if unit else frozenset()
    suits: dict[tuple[int, Rung], bool] = {}
    for hat in hats:
        standing = hat.person_id, rung_of(hat, unit, lent=hat.person_id in lent)
        suits[standing] = suits.get(standing, False) or _fits(hat, ticket.tool)
    return suits


def _fits(hat: Appointment, tool: str | None) -> bool:
    """While nobody knows what it is about, every expert will do."""
    return None in (hat.tool, tool) or hat.tool == tool


def _lent_to(session: Session, unit: Unit, hats: Iterable[Appointment], *, on: date) -> frozenset[int]:
    """Experts of the unit who are employed in others only."""
    hers = {hat.person_id for hat in hats if hat.unit_id == unit.id}
    homes = people.homes_of(session, hers, on=on)
    return frozenset(p for p, places in homes.items() if unit.id not in {place.id for place in places})


# ---- applied ---------------------------------------------------------------------------------------------------


def advance(session: Session, ticket: Ticket, *, now: datetime) -> Step:
    """One rung on."""
    return _ask_after(session, ticket, ticket.rung, now=now)


def restart(session: Session, ticket: Ticket, *, now: datetime) -> Step:
    """From the first rung again, now that more is known: those who have a card keep it."""
    return _ask_after(session, ticket, None, now=now)


def go_on_after(session: Session, ticket: Ticket, rung: Rung, *, now: datetime) -> Step:
    """From the rung that follows this one: a drop-in has found out whose it is."""
    return _ask_after(session, ticket, rung, now=now)


def _ask_after(
    session: Session, ticket: Ticket, after: Rung | None, *, now: datetime, waited_for: datetime | None = None
) -> Step:
    """Apply the next step: cards to those who are asked now, and the time when it goes on.

    The one door to everybody who is asked: a question from a unit that is off ends here, one too many waits here, and
    so does one whose asker is reading answers.
    `waited_for`: the moment at which somebody comes to work; she gets what waits in one digest, unless it is acute.
    """
    if people.is_off(session, ticket.unit_id):
        tickets.turn_away(session, ticket, now=now)
        return Step(None, (), now)
    if ticket.is_held:
        return Step(None, (), ticket.next_at or now)
    if (until := reads_until(ticket, now)) is not None:
        tickets.put_off(session, ticket, until)
        return Step(None, (), until)
    rules = settings.read(session)
    cards = tickets.candidates(session, ticket.pk)
    helpers, step = _chosen(session, ticket, after, rules, is_new=not cards, now=now)
    come_back = _take_back(session, ticket, helpers, now=now) | {c.person_id for c in cards if c.left_at}
    have_it = {c.person_id for c in cards} - come_back
    in_digest = waited_for is not None and ticket.urgency is not Urgency.ACUTE
    via = Via.DIGEST if in_digest else Via.CARD
    tickets.ask_people(session, ticket, step, now=now, cards_at=cards_at(ticket, rules, now), via=via)
    unseen = set(step.people) - have_it if in_digest else come_back  # a card that comes back is an edit
    for person_id in (p for p in step.people if p in unseen):
        _show_digest(session, person_id, f"{waited_for or now:%Y%m%d%H%M}", now=now, due=now + GATHER)
    return step


def reads_until(ticket: Ticket, now: datetime) -> datetime | None:
    """Until when its asker reads what might help. Nobody waits for that where somebody may be waiting."""
    calm = ticket.urgency is Urgency.CAN_WAIT and ticket.answers_until is not None and ticket.answers_until > now
    return ticket.answers_until if calm else None


def _chosen(
    session: Session, ticket: Ticket, after: Rung | None, rules: Settings, *, is_new: bool, now: datetime
) -> tuple[list[Helper], Step]:
    """Most questions that nobody has had end on the first rung: of all the others nothing needs to be known then."""
    if is_new and after is None:
        first = helpers_for(session, ticket, now=now, rungs=RUNGS[:1])
        step = choose(ticket, first, None, rules, now=now)
        if step.people:
            return first, step
    helpers = helpers_for(session, ticket, now=now)
    return helpers, choose(ticket, helpers, after, rules, now=now)


def choose(ticket: Ticket, helpers: Sequence[Helper], after: Rung | None, rules: Settings, *, now: datetime) -> Step:
    """`next_step` by the municipality's settings. Pure: what an explanation and a simulation ask, too."""

    def target(rung: Rung, here: Sequence[Helper]) -> datetime:
        return due_at(ticket, rung, rules, known=any(h.presence.known for h in here), now=now)

    anew = clock.opens_anew(roster.hours_of(Role.COORDINATOR, rules), now)
    step = next_step(helpers, after=after, target=target, anew=anew, limits=limits_of(rules))
    if ticket.urgency is Urgency.ACUTE and not step.people and any(h.busy for h in helpers):
        called = [_called_out(h, now) if h.busy else h for h in helpers]
        return next_step(called, after=after, target=target, anew=anew, limits=limits_of(rules))
    return step


def _called_out(helper: Helper, now: datetime) -> Helper:
    """Somebody waits now and nobody else is there: she leaves the drop-in for a moment."""
    return replace(helper, presence=Presence(True, True, now))


def _take_back(session: Session, ticket: Ticket, helpers: Iterable[Helper], *, now: datetime) -> set[int]:
    """Who has gone home has no card any more: it comes back to her when she does. Says who."""
    gone = {helper.person_id for helper in helpers if helper.asked and not helper.presence.at_work}
    for person_id in gone:
        tickets.leave(session, ticket.pk, person_id, said_no=False, now=now)
    return gone


def _show_digest(session: Session, person_id: int, cause: str, *, now: datetime, due: datetime | None = None) -> None:
    outbox.put(session, Intent("digest", person_id, None, digest_place(person_id, cause), cause), now=now, due=due)


def who_is_next(session: Session, ticket: Ticket, *, now: datetime) -> tuple[int, ...]:
    """Whom an open question that waits will be shown to at its next time, for the asker to know."""
    if ticket.next_step not in (NextStep.COMES, NextStep.ANEW) or ticket.next_at is None:
        return ()
    step = Step(ticket.rung, (), ticket.next_at, ticket.next_step)
    return expected(helpers_for(session, ticket, now=now), step, limits=limits_of(settings.read(session)))


def limits_of(rules: Settings) -> Limits:
    return Limits(rules.number("ladder.other_units"), rules.number("ladder.at_once"))


def due_at(ticket: Ticket, rung: Rung, rules: Settings, *, known: bool, now: datetime) -> datetime:
    """Targets count support hours only; acute ones and those of somebody known to be at work always count."""
    if ticket.urgency is Urgency.ACUTE:
        return now + rules.span(f"target.acute.{rung.value}")
    span = rules.span(f"target.{rung.value}")
    return now + span if known else clock.add_open_time(roster.hours_of(ROLE_ON[rung], rules), now, span)


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


def _comes(session: Session, ticket: Ticket, *, now: datetime) -> None:
    _ask_after(session, ticket, ticket.rung, now=now, waited_for=ticket.next_at)


def _anew(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Nobody has taken it, whoever was asked: whoever is last gets it back, once a working day."""
    begin = who_begins_anew(helpers_for(session, ticket, now=now))
    tickets.forget_no(session, ticket, {h.person_id for h in begin}, now=now)
    _ask_after(session, ticket, BEFORE_COORDINATORS, now=now, waited_for=ticket.next_at)


def _unpark(session: Session, ticket: Ticket, *, now: datetime) -> None:
    tickets.unpark(session, ticket, by=None, now=now)
    advance(session, ticket, now=now)


STEPS: dict[NextStep, Callable[..., None]] = {
    NextStep.ASK: _ask,
    NextStep.LET_OUT: _let_out,
    NextStep.COMES: _comes,
    NextStep.ANEW: _anew,
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
        lines.teach(session, ticket, onward.tool, now=now)
        tickets.understand(session, ticket, tool=onward.tool, by=by, now=now)
        rung = None
    tickets.send_on(session, ticket, by=by, to=onward.person, now=now)
    if onward.person is None:
        _ask_after(session, ticket, rung, now=now)
    else:
        _ask_one(session, ticket, onward.person, now=now)


def _ask_one(session: Session, ticket: Ticket, person_id: int, *, now: datetime) -> None:
    rung = rung_for(session, ticket, person_id, now=now)
    if rung is None or person_id == ticket.asker_id:
        raise Gone
    step = Step(rung, (person_id,), due_at(ticket, rung, settings.read(session), known=True, now=now))
    tickets.ask_people(session, ticket, step, now=now, cards_at=now)
    tickets.return_to(session, ticket.pk, person_id)
    row = tickets.note_down(session, ticket, Event.WENT_TO, by=None, now=now, other=person_id)
    tickets.show_all(session, ticket, row, now=now)


def rung_for(session: Session, ticket: Ticket, person_id: int, *, now: datetime) -> Rung | None:
    """On which rung somebody stands for a question, by her nearest hat; None for one who helps nobody."""
    unit = people.unit(session, ticket.unit_id)
    hats = [hat for hat in people.roles_of(session, person_id, on=clock.today(now)) if hat.role in people.HELPERS]
    return min((rung_of(hat, unit, lent=False) for hat in hats), key=RUNGS.index, default=None)


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


def look_at_claim(session: Session, ticket_id: int, *, now: datetime) -> None:
    """A claim lasts as long as its taker is at work, also where she never said when she goes home."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.state == State.TAKEN).with_for_update()
    ticket = session.exec(query).first()
    if ticket is None or (ticket.held_until is not None and ticket.held_until > now):
        return
    until = _holds_until(session, ticket, now=now)
    if until > now:
        tickets.hold_until(session, ticket, until)
    else:
        release(session, ticket, Event.WENT_HOME, by=None, now=now)


def _holds_until(session: Session, ticket: Ticket, *, now: datetime) -> datetime:
    """The end of her time at work. Who took it in her free time has it until the end of the next one.

    Where only the hours of her role speak, nobody knows that she is gone: who has written lately is evidently there,
    and what she has answered waits for nobody (if the asker writes again, the claim's own clock runs).
    """
    rules, owner = settings.read(session), ticket.owner_id or 0
    card = tickets.candidate(session, ticket.pk, owner)
    role = ROLE_ON[card.rung if card else Rung.UNIT_EXPERT]
    presence = roster.presences(session, [(owner, role)], now=now)[owner, role]
    if presence.at_work:
        return presence.until or clock.closes(roster.hours_of(role, rules), now)
    if ticket.held_until is None:
        return presence.back_at
    if presence.known:
        return now
    if ticket.helper_wrote_last:
        return presence.back_at
    spoke_at = max(filter(None, (ticket.taken_at, ticket.helper_wrote_at)))
    return spoke_at + rules.span("claim.remind")


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
    return person_id in {h.person_id for h in helpers_for(session, ticket, now=now) if h.suits and not h.asks}


def former(session: Session, *, now: datetime) -> set[int]:
    """Who still has a question or a card, and helps nobody any more: an appointment or an account has ended."""
    holders = tickets.holders(session)
    return holders - people.helping(session, holders, on=clock.today(now))


def part_with(session: Session, person_id: int, *, now: datetime) -> None:
    """As `leave_for_good`, if it is still so: she may have been appointed anew."""
    if person_id not in people.helping(session, {person_id}, on=clock.today(now)):
        leave_for_good(session, person_id, now=now)


def waiting_for(session: Session, person_id: int, *, now: datetime) -> list[tuple[Ticket, Rung]]:
    """Open questions that are hers to take, and on which rung: what a digest at the start of duty shows."""
    waiting = session.exec(select(Ticket).where(Ticket.state == State.OPEN).order_by(col(Ticket.id)).limit(200))
    out = [ticket for ticket in waiting if not ticket.is_held]
    found = ((ticket, _place_of(session, ticket, person_id, now=now)) for ticket in out)
    return [(ticket, rung) for ticket, rung in found if rung is not None]


def _place_of(session: Session, ticket: Ticket, person_id: int, *, now: datetime) -> Rung | None:
    """The rung she is asked on, once the question has come so far or nobody is at work below her."""
    limits = limits_of(settings.read(session))
    hers = [h for h in helpers_for(session, ticket, now=now) if h.person_id == person_id and why_not(h, limits) is None]
    return next((h.rung for h in hers if _has_reached(ticket, h.rung)), None)


def _has_reached(ticket: Ticket, rung: Rung) -> bool:
    """To the unit's own experts a question belongs from the beginning, to others when its time comes."""
    return rung is Rung.UNIT_EXPERT or ticket.rung is None or RUNGS.index(ticket.rung) >= RUNGS.index(rung)


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
    found = waiting_for(session, person_id, now=now)
    for ticket, rung in found:
        tickets.make_candidate(session, ticket, person_id, rung, via=Via.DIGEST, at=now)
    if found:
        _show_digest(session, person_id, cause, now=now)
    return [ticket for ticket, _ in found]


def digest_place(person_id: int, cause: str) -> str:
    return f"{tickets.digests(person_id)}{cause}"
