"""What an asker writes finds its question: a draft, a new question, one that she has, or a choice to make.

The rules are "Which question?" and "One message" of contracts.md. Nothing here knows of Slack; `Said` is
masked already. Not here: what helpers write (lines.answer), whom to ask (ladder.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from models import ladder, lines, outbox, people, recognition, roster, settings, tickets
from models.errors import Gone
from models.lines import Line, Said, Side
from models.outbox import Intent
from models.people import Person, PersonKind
from models.recognition import Decision, Reading, Urgency
from models.tickets import NextStep, State, Ticket


@dataclass(frozen=True)
class Asked:
    """A question that came whole: by form, command, shortcut or mention. None: read it from the text."""

    text: str
    hidden: bool
    tool: str | None = None
    unit_id: int | None = None
    urgency: Urgency | None = None
    for_colleague: bool = False
    pictures: tuple[str, ...] = ()  # ids of files, for which she has ticked that no care recipient can be seen


def hear(session: Session, person: Person, said: Said, *, now: datetime, under: int | None = None) -> Ticket | None:
    """A line in somebody's conversation with the bot; `under` is the question whose receipt it answers.

    Returns the question it went to, or None while it is a draft or waits for a choice.
    """
    people.lock(session, person.pk)
    not_hers = _settle_another_ones(session, person, said, now=now)
    mine = [ticket for ticket in tickets.alive_of(session, person.pk) if ticket.id != not_hers]
    target = tickets.get(session, under) if under is not None else _continues(session, person, mine, said, now)
    if target is not None and target.asker_id == person.id:
        return _add(session, person, target, replace(said, guessed=under is None), now=now)
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=None)
    if line is None:
        return None
    return _place_new(session, person, line, mine, now=now)


def _place_new(session: Session, person: Person, line: Line, mine: Sequence[Ticket], *, now: datetime) -> Ticket | None:
    """A line that continues nothing: it asks which one, becomes a question, or is held as a draft."""
    acute = recognition.read(line.text).urgency is Urgency.ACUTE
    is_question = recognition.is_question(line.text)
    if not is_question and recognition.is_thanks(line.text):
        lines.drop(session, [line], now=now)
        return None
    held = lines.unplaced(session, person.pk)
    if _may_be_any(person, mine) and not acute and line.text != "" and not recognition.is_greeting(line.text):
        _ask_which(session, person, line, now=now)
        return None
    if acute or is_question or recognition.is_question(_words(held)):
        return begin(session, person, held, now=now)
    _prompt(session, person, held, now=now)
    return None


def _settle_another_ones(session: Session, person: Person, said: Said, *, now: datetime) -> int | None:
    """On a shared phone an old draft is somebody else's: it becomes what it becomes before the new line comes.

    Returns the question it has become, which the new line does not continue.
    """
    held = lines.unplaced(session, person.pk) if person.kind is PersonKind.SHARED_DEVICE else []
    is_old = held and said.at - held[0].said_at >= settings.read(session).span("draft.wait")
    ticket = settle_drafts(session, person.pk, now=now) if is_old else None
    return ticket.id if ticket else None


def _may_be_any(person: Person, mine: Sequence[Ticket]) -> bool:
    """On a shared phone, also an old answer to one question: only she who holds it knows whether it was hers."""
    answered = bool(mine) and mine[0].helper_wrote_last
    return len(mine) > 1 or (person.kind is PersonKind.SHARED_DEVICE and answered)


def _continues(session: Session, person: Person, mine: Sequence[Ticket], said: Said, now: datetime) -> Ticket | None:
    """The one open question if it is young or a helper wrote last; within its first minute the newest."""
    rules = settings.read(session)
    if not mine:
        return None
    if len(mine) == 1:
        answered = mine[0].helper_wrote_last and person.kind is PersonKind.PERSONAL
        return mine[0] if answered or _is_young(mine[0], rules, now) else None
    # A second message of the bot's own accord within the first minute would be one too many.
    newest = mine[0]
    still_writing = newest.owner_id is None and now - newest.asker_wrote_at < rules.span("join.first_minute")
    return newest if still_writing else None


def _is_young(ticket: Ticket, rules: settings.Settings, now: datetime) -> bool:
    last = max(ticket.asker_wrote_at, ticket.helper_wrote_at or ticket.asker_wrote_at)
    return now - last < rules.span("join.within")


def _words(found: Sequence[Line]) -> str:
    return "\n".join(line.text for line in found)


def _ask_which(session: Session, person: Person, line: Line, *, now: datetime) -> None:
    outbox.put(session, Intent("which", person.pk, line.id, f"which:{person.id}:{line.id}", "asked"), now=now)


def _prompt(session: Session, person: Person, held: Sequence[Line], *, now: datetime) -> None:
    """ "Vad krånglar?", once a draft; it is edited when a file comes to the draft."""
    cause = "file" if any(line.left_out for line in held) else "asked"
    place, due = f"prompt:{person.id}:{held[0].id}", now + settings.read(session).span("draft.prompt")
    outbox.put(session, Intent("prompt", person.pk, held[0].id, place, cause), now=now, due=due)


def _no_longer_asks(session: Session, person: Person, line: Line, *, now: datetime) -> None:
    """ "Vilken fråga gäller det?" loses its buttons once the line has found its question, whoever placed it."""
    place = f"which:{person.id}:{line.id}"
    if outbox.carried(session, place):
        outbox.put(session, Intent("which", person.pk, line.id, place, "placed"), now=now)


def ask(session: Session, person: Person, asked: Asked, *, now: datetime) -> Ticket:
    """A question through another door than a message: it is whole, and a question at once."""
    people.lock(session, person.pk)
    people.spoke(session, person, channel=None, now=now)
    if asked.unit_id is not None:
        _check_unit(session, asked.unit_id)
        roster.work_today(session, person.pk, asked.unit_id, now=now)
    asked, left_out = _pictures_allowed(session, asked)
    said = Said(asked.text, asked.hidden, f"door:{person.id}", f"{now.timestamp():.6f}", left_out=left_out)
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=None)
    if line is None:  # the same person asked through a door in the same microsecond: a double tap
        return tickets.alive_of(session, person.pk)[0]
    return begin(session, person, [line], now=now, asked=asked)


def _pictures_allowed(session: Session, asked: Asked) -> tuple[Asked, bool]:
    """A form that was open while the setting was turned off brings no pictures in; the receipt says so."""
    if not asked.pictures or settings.read(session).says_yes("files.allowed"):
        return asked, False
    return replace(asked, pictures=()), True


def begin(
    session: Session, person: Person, found: Sequence[Line], *, now: datetime, asked: Asked | None = None
) -> Ticket:
    """A question is born from these lines: the row, its receipt, and the first step."""
    reading = recognition.read(_words(found))
    chosen = asked.tool if asked else None
    ticket = Ticket(
        asker_id=person.pk,
        unit_id=roster.working_unit(session, person.pk, now=now),
        tool=chosen or _sure_tool(reading),
        tool_chosen=chosen is not None,
        for_colleague=asked.for_colleague if asked else False,
        pictures=" ".join(asked.pictures) if asked else "",
        ticked_at=now if asked and asked.pictures else None,
        kind=reading.kind,
        urgency=(asked.urgency if asked else None) or reading.urgency,
        next_step=NextStep.ASK,
        next_at=now,
        asked_at=now,
        asker_wrote_at=now,
    )
    if _must_ask_back(ticket, reading):
        ticket.next_at = now + settings.read(session).span("choice.wait")
    tickets.create(session, ticket, by=person.pk, now=now)
    lines.put_under(session, found, ticket.pk)
    for line in found:
        _no_longer_asks(session, person, line, now=now)
    if ticket.next_at == now:
        ladder.advance(session, ticket, now=now)
    return ticket


def _sure_tool(reading: Reading) -> str | None:
    return reading.tools[0].key if reading.tools and reading.decision in (Decision.ROUTE, Decision.REDIRECT) else None


def _must_ask_back(ticket: Ticket, reading: Reading) -> bool:
    """Unit or tool are missing: the receipt asks, and the question goes on without them after a while."""
    if ticket.urgency is Urgency.ACUTE:
        return False
    return ticket.unit_id is None or ticket.tool is None


def _add(session: Session, person: Person, ticket: Ticket, said: Said, *, now: datetime) -> Ticket:
    """A further line of a question, stored once."""
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=ticket.id)
    if line is not None:
        _joined(session, person, ticket, line, now=now)
    return ticket


def _joined(session: Session, person: Person, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """The helper gets the line; a reply to what was called solved reopens it, thanks alone never do."""
    if not line.text:
        _only_a_file(session, person, ticket, now=now)
        return
    settled = ticket.state in (State.CLOSED, State.SOLVED_PROPOSED)
    if settled and recognition.is_thanks(line.text):
        return
    if settled:
        row = _reopen(session, person, ticket, now=now)
    else:
        row = tickets.asker_wrote(session, ticket, by=person.pk, now=now)
    lines.relay(session, ticket, line, to=ticket.owner_id, cause="said", now=now)
    _understand_anew(session, ticket, line, now=now)
    tickets.show_all(session, ticket, row, now=now)


def _only_a_file(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> None:
    """No word came with it: nothing to carry over, and the receipt says so."""
    row = tickets.note_down(session, ticket, tickets.Event.WROTE, by=person.id, now=now, note="file")
    tickets.show_receipt(session, ticket, row, now=now)


def _reopen(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> int:
    """To her helper while that one is at work, else somebody is asked at once."""
    owner = ticket.owner_id
    there = owner is not None and roster.may_notify_helper(session, owner, now=now) <= now
    row = tickets.reopen(session, ticket, by=person.pk, to_owner=owner if there else None, now=now)
    if ticket.owner_id is None:
        ladder.advance(session, ticket, now=now)
    return row


def _understand_anew(session: Session, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """Acute is tested on each line; the tool is read from all of them while nobody has the question."""
    if ticket.urgency is not Urgency.ACUTE and recognition.read(line.text).urgency is Urgency.ACUTE:
        hurry(session, ticket, by=None, now=now)
    if ticket.state is not State.OPEN:
        return
    tool = _sure_tool(recognition.read(_words(lines.of_ticket(session, ticket.pk, Side.ASKER))))
    if tool and tool != ticket.tool and not ticket.tool_chosen:
        tickets.understand(session, ticket, tool=tool, by=None, now=now, chosen=False)
        if ticket.unit_id is not None:
            go_on(session, ticket, now=now)
    tickets.hurry_cards(session, ticket, at=ladder.cards_at(ticket, settings.read(session), now), now=now)


def hurry(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """It is acute: cards that wait go out now, and whoever was not asked yet is asked at once."""
    tickets.set_urgency(session, ticket, Urgency.ACUTE, by=by, now=now)
    tickets.hurry_cards(session, ticket, at=now, now=now)
    go_on(session, ticket, now=now)
    ladder.hasten(session, ticket, now=now)


def go_on(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Something that was missing is known now: nobody needs to wait for it."""
    if ticket.state is State.OPEN and not tickets.candidates(session, ticket.pk):
        ladder.advance(session, ticket, now=now)


def choose_tool(session: Session, ticket_id: int, tool: str | None, *, by: int, now: datetime) -> Ticket:
    """The asker taps what it is about; None is "Något annat"."""
    ticket = tickets.get(session, ticket_id)
    tickets.understand(session, ticket, tool=tool, by=by, now=now)
    if ticket.unit_id is not None:
        go_on(session, ticket, now=now)
    return ticket


def choose_unit(session: Session, person: Person, ticket_id: int, unit_id: int, *, now: datetime) -> Ticket:
    """ "Var jobbar du?": remembered for the shift, and the question finds its people."""
    _check_unit(session, unit_id)
    ticket = tickets.get(session, ticket_id)
    roster.work_today(session, person.pk, unit_id, now=now)
    tickets.place(session, ticket, unit_id, by=person.pk, now=now)
    if ticket.state is State.OPEN and ticket.owner_id is None:
        ladder.restart(session, ticket, now=now)
    return ticket


def _check_unit(session: Session, unit_id: int) -> None:
    """A menu from yesterday may name a unit that is closed today."""
    if unit_id not in {unit.id for unit, _ in people.open_units(session)}:
        raise Gone


def choose_question(session: Session, person: Person, line_id: int, ticket_id: int | None, *, now: datetime) -> Ticket:
    """[F-12] or [Ny fråga] under "Vilken fråga gäller det?"."""
    line = _own_line(session, person, line_id)
    if line.ticket_id is not None:
        return tickets.get(session, line.ticket_id)
    ticket = _put_under(session, person, line, ticket_id, now=now)
    _no_longer_asks(session, person, line, now=now)
    return ticket


def _own_line(session: Session, person: Person, line_id: int) -> Line:
    """What she wrote as asker and has not deleted since: nobody is asked about nothing."""
    line = session.get(Line, line_id)
    if line is None or line.author_id != person.id or line.side is not Side.ASKER or line.deleted_at is not None:
        raise Gone
    return line


def _put_under(session: Session, person: Person, line: Line, ticket_id: int | None, *, now: datetime) -> Ticket:
    if ticket_id is None:
        return begin(session, person, [line], now=now)
    ticket = tickets.get(session, ticket_id)
    tickets.asker_only(session, person, ticket_id)
    lines.put_under(session, [line], ticket_id)
    _joined(session, person, ticket, line, now=now)
    return ticket


def split_off(session: Session, person: Person, line_id: int, *, now: datetime) -> Ticket:
    """[Det är en ny fråga]: the line that joined becomes a question of its own."""
    line = _own_line(session, person, line_id)
    if line.ticket_id is None:
        raise Gone
    old = tickets.get(session, line.ticket_id)
    if lines.of_ticket(session, old.pk, Side.ASKER)[0].id == line.id:
        return old
    line.guessed = False
    new = begin(session, person, [line], now=now)
    row = tickets.note_down(session, old, tickets.Event.WROTE, by=person.id, now=now, note="split")
    tickets.show_all(session, old, row, now=now)
    return new


def settle_drafts(session: Session, person_id: int, *, now: datetime) -> Ticket | None:
    """Ten minutes later: a draft with any word becomes a question, a bare greeting is dropped."""
    person = people.lock(session, person_id)
    held = lines.unplaced(session, person_id)
    if not held or now - held[0].said_at < settings.read(session).span("draft.wait"):
        return None
    if all(line.text == "" or recognition.is_greeting(line.text) for line in held):
        lines.drop(session, held, now=now)
        return None
    return begin(session, person, held, now=now)


def withdraw_if_empty(session: Session, line: Line, *, now: datetime) -> None:
    """An asker who deletes all her lines takes the question back; one masked line keeps it (contracts.md)."""
    if line.ticket_id is None or line.side is not Side.ASKER:
        return
    ticket = tickets.get(session, line.ticket_id)
    if ticket.state is not State.CLOSED and not lines.of_ticket(session, ticket.pk, Side.ASKER):
        tickets.withdraw(session, ticket.pk, by=line.author_id or 0, now=now)
