"""What an asker writes finds its question: a draft, a new question, one that she has, or a choice to make.

The rules are "Which question?" and "One message" of contracts.md. Nothing here knows of Slack; `Said` is
masked already. Not here: what helpers write (lines.answer), whom to ask (ladder.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import (
    catalogue,
    ladder,
    learning,
    lines,
    news,
    offers,
    outbox,
    people,
    recognition,
    roster,
    settings,
    tickets,
)
from models.errors import Gone
from models.lines import Line, Said, Side
from models.outbox import Intent
from models.people import Person, PersonKind
from models.recognition import Decision, Reading, Scored, Urgency
from models.tickets import Event, History, NextStep, Reason, SolvedBy, State, Ticket

SETTLED = (State.CLOSED, State.SOLVED_PROPOSED)
AT_WORK = (*tickets.TOOK, Event.REOPENED)  # from here on somebody has it
HUMAN = "human"  # opened again by [Jag vill ändå fråga en människa], not by a line
RESTING = (State.SOLVED_PROPOSED, State.WAITING_ASKER)  # the rest clock runs


@dataclass(frozen=True)
class Asked:
    """A question that came whole: by form, command, shortcut or mention. None: read it from the text."""

    text: str
    hidden: bool
    tool: str | None = None
    unit_id: int | None = None
    urgency: Urgency | None = None
    for_colleague: bool = False
    vouched: bool = False  # the names in it are meant to be there: [Skicka ändå]
    pictures: tuple[str, ...] = ()  # ids of files, for which she has ticked that no care recipient can be seen


def hear(session: Session, person: Person, said: Said, *, now: datetime, under: int | None = None) -> Ticket | None:
    """A line in somebody's conversation with the bot; `under` is the question whose receipt it answers.

    Returns the question it went to, or None while it is a draft or waits for a choice.
    """
    people.lock(session, person.pk)
    not_hers = _settle_another_ones(session, person, said, now=now)
    mine = [ticket for ticket in tickets.alive_of(session, person.pk) if ticket.id != not_hers]
    target = tickets.get(session, under) if under is not None else _continues(session, person, mine, said.at, now)
    if target is not None and target.asker_id == person.id:
        guessed = under is None and _says_something(session, said.text)
        return _add(session, person, target, replace(said, guessed=guessed), now=now)
    sent_away = _just_redirected(session, person, said.at) if under is None else None
    if sent_away is not None:
        return _add_to_redirected(session, person, sent_away, replace(said, guessed=True), now=now)
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=None)
    if line is None:
        return None
    return _place_new(session, person, line, mine, now=now)


def _read(session: Session, text: str) -> Reading:
    return recognition.read(text, catalogue=catalogue.in_force(session), learnt=learning.in_force(session))


def reading_of(session: Session, text: str, chosen: str | None) -> Reading:
    """`chosen`: the tool that the asker has tapped, which may not be ours."""
    found, tool = _read(session, text), catalogue.in_force(session).tools.get(chosen or "")
    is_theirs = tool is not None and tool.owner and not found.owner
    return replace(found, decision=Decision.REDIRECT, owner=tool.owner) if tool and is_theirs else found


def _is_greeting(session: Session, text: str) -> bool:
    return recognition.is_greeting(text, catalogue=catalogue.in_force(session))


def _is_thanks(session: Session, text: str) -> bool:
    return recognition.is_thanks(text, catalogue=catalogue.in_force(session))


def _is_question(session: Session, text: str) -> bool:
    return recognition.is_question(text, catalogue=catalogue.in_force(session))


def _says_something(session: Session, text: str) -> bool:
    """More than a file, a greeting or a thank-you: somebody could answer it."""
    return text != "" and not _is_greeting(session, text) and not _is_thanks(session, text)


def _place_new(session: Session, person: Person, line: Line, mine: Sequence[Ticket], *, now: datetime) -> Ticket | None:
    """A line that continues nothing: it asks which one, becomes a question, or is held as a draft."""
    reading = _read(session, line.text)
    acute, is_question = reading.urgency is Urgency.ACUTE, _is_question(session, line.text)
    if not is_question and _is_thanks(session, line.text):
        lines.drop(session, [line], now=now)
        return None
    if _may_be_any(person, mine) and not acute and _says_something(session, line.text):
        _ask_which(session, person, line, now=now)
        return None
    held = _drafts(session, person, line)
    if acute or is_question or _is_question(session, _words(held)):
        return begin(session, person, held, now=now, reading=reading if held == [line] else None)
    _prompt(session, person, held, now=now)
    return None


def _is_acute(session: Session, text: str) -> bool:
    return _read(session, text).urgency is Urgency.ACUTE


def _drafts(session: Session, person: Person, line: Line) -> list[Line]:
    """What waits to become a question together with this line; not what waits for her choice of one."""
    held = lines.unplaced(session, person.pk)
    return [one for one in held if one.id == line.id or not outbox.carried(session, lines.which_place(person.pk, one))]


def reword(session: Session, line: Line, said: Said, *, now: datetime) -> None:
    """Another version of a message that was heard: an edit, or the original that its edit has overtaken.

    What an asker's line says now is understood as a new line would be. What was dropped (a thank-you, a greeting
    that led to nothing) comes back with its new words; what was cleared does not.
    """
    if line.author_id is None:
        return
    person = people.lock(session, line.author_id)
    session.refresh(line)
    if line.cleared_at is not None:
        return
    before = line.text
    if line.deleted_at is not None and said.version > line.version:
        lines.revive(session, line)
    if lines.change(session, line, said, now=now) and line.side is Side.ASKER:
        _read_anew(session, person, line, before, now=now)


def _read_anew(session: Session, person: Person, line: Line, before: str, *, now: datetime) -> None:
    """An edit that only says it better changes what is shown; one that says something new is like a new line."""
    if line.ticket_id is None:
        _place_anew(session, person, line, now=now)
        return
    ticket = tickets.get(session, line.ticket_id)
    if not line.text and not line.hidden:
        withdraw_if_empty(session, line, now=now)
    elif ticket.is_redirected and not _is_ours(session, line.text):
        _leave_the_story(session, ticket, now=now)
    elif _is_news(session, ticket, before, line.text):
        _joined(session, person, ticket, line, now=now)
    else:
        _read_all_anew(session, ticket, now=now)


def _is_news(session: Session, ticket: Ticket, before: str, after: str) -> bool:
    """Words where there were none, or somebody waits now and we did not know it."""
    counts_now = after != "" and not _is_thanks(session, after)
    counted = before != "" and not _is_thanks(session, before)
    known = ticket.urgency is Urgency.ACUTE and ticket.state not in SETTLED
    return counts_now and (not counted or (not known and _is_acute(session, after) and not _is_acute(session, before)))


def _place_anew(session: Session, person: Person, line: Line, *, now: datetime) -> None:
    """A line that has found no question yet, with other words: it finds one as a new line would, and as soon."""
    mine = tickets.alive_of(session, person.pk)
    target = _continues(session, person, mine, line.version, now)
    if target is None:
        _place_new(session, person, line, mine, now=now)
        return
    line.guessed = _says_something(session, line.text)
    lines.put_under(session, [line], target.pk)
    session.refresh(line)
    lines.ask_no_more(session, person.pk, line, now=now)
    _joined(session, person, target, line, now=now)


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


def _continues(
    session: Session, person: Person, mine: Sequence[Ticket], said_at: datetime, now: datetime
) -> Ticket | None:
    """The one open question if it is young or a helper wrote last; within its first minute the newest."""
    if not mine:
        return None
    rules, newest = settings.read(session), mine[0]
    pause = _pause(session, newest, said_at, now)
    if len(mine) == 1:
        answered = _answers(newest, said_at) and person.kind is PersonKind.PERSONAL
        return newest if answered or pause < rules.span("join.within") else None
    # A second message of the bot's own accord within the first minute would be one too many.
    return newest if newest.owner_id is None and pause < rules.span("join.first_minute") else None


def _answers(ticket: Ticket, said_at: datetime) -> bool:
    """Whether a helper had written last when this was said."""
    return ticket.helper_wrote_last and ticket.helper_wrote_at is not None and ticket.helper_wrote_at <= said_at


def _pause(session: Session, ticket: Ticket, said_at: datetime, now: datetime) -> timedelta:
    """How long nobody had said a word in it when this was said. What is heard after a gap in the connection comes all
    at once: only Slack's time of the lines tells then what belongs together.
    """
    if now - said_at < settings.read(session).span("join.within"):
        return said_at - max(ticket.asker_wrote_at, ticket.helper_wrote_at or ticket.asker_wrote_at)
    return min((abs(said_at - line.said_at) for line in lines.of_ticket(session, ticket.pk)), default=timedelta.max)


def _words(found: Sequence[Line]) -> str:
    return "\n".join(line.text for line in found)


def _ask_which(session: Session, person: Person, line: Line, *, now: datetime) -> None:
    place = lines.which_place(person.pk, line)
    cause = f"changed {line.version.isoformat()}" if outbox.carried(session, place) else "asked"
    outbox.put(session, Intent("which", person.pk, line.id, place, cause), now=now)


def _prompt(session: Session, person: Person, held: Sequence[Line], *, now: datetime) -> None:
    """ "Vad krånglar?", once a draft, also when an earlier line of it comes later; it is edited when a file comes.

    Where she has been asked which question a line is about already, that message says what she has to know of a file.
    """
    waiting = lines.unplaced(session, person.pk)
    asked = next((line for line in waiting if outbox.carried(session, lines.which_place(person.pk, line))), None)
    if asked is not None:
        intent = Intent("which", person.pk, asked.id, lines.which_place(person.pk, asked), f"file {held[-1].id}")
        outbox.put(session, intent, now=now)
        return
    places = {_prompt_place(person, line): line for line in held}
    place = next((at for at in places if outbox.carried(session, at)), next(iter(places)))
    cause = "file" if any(line.left_out for line in held) else "asked"
    due = now + settings.read(session).span("draft.prompt")
    outbox.put(session, Intent("prompt", person.pk, places[place].id, place, cause), now=now, due=due)


def _prompt_place(person: Person, line: Line) -> str:
    return f"prompt:{person.id}:{line.id}"


def ask(session: Session, person: Person, asked: Asked, *, now: datetime) -> Ticket:
    """A question through another door than a message: it is whole, and a question at once."""
    people.lock(session, person.pk)
    people.spoke(session, person, channel=None, now=now)
    if asked.unit_id is not None:
        roster.work_today(session, person.pk, asked.unit_id, now=now)
    asked, left_out = _pictures_allowed(session, asked)
    said = Said(asked.text, asked.hidden, f"door:{person.id}", f"{now.timestamp():.6f}", left_out=left_out)
    said = replace(said, vouched=asked.vouched)
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=None)
    if line is None:  # the same person asked through a door in the same microsecond: a double tap
        return tickets.alive_of(session, person.pk)[0]
    ticket = begin(session, person, [line], now=now, asked=asked)
    lines.vouch(session, ticket, said, by=person.pk, now=now)
    return ticket


def _pictures_allowed(session: Session, asked: Asked) -> tuple[Asked, bool]:
    """A form that was open while the setting was turned off brings no pictures in; the receipt says so."""
    if not asked.pictures or settings.read(session).says_yes("files.allowed"):
        return asked, False
    return replace(asked, pictures=()), True


def begin(
    session: Session,
    person: Person,
    found: Sequence[Line],
    *,
    now: datetime,
    asked: Asked | None = None,
    reading: Reading | None = None,
) -> Ticket:
    """A question is born from these lines: the row, its receipt, and the first step. `reading`: of their words, where
    somebody has read them already.
    """
    reading = reading or reading_of(session, _words(found), asked.tool if asked else None)
    unit_id = roster.working_unit(session, person.pk, now=now)
    ticket = drawn_up(session, person.pk, reading, unit_id, now=now, asked=asked)
    ticket.asked_at = min(now, *(line.said_at for line in found))  # what we were away for was asked then
    if room_at := _room_at(session, person, ticket, now=now):
        ticket.next_step, ticket.next_at = NextStep.LET_OUT, room_at
    tickets.create(session, ticket, by=person.pk, now=now)
    lines.put_under(session, found, ticket.pk)
    for line in found:
        lines.ask_no_more(session, person.pk, line, now=now)
    if is_redirect(session, ticket, reading):
        _redirect(session, ticket, reading.owner, now=now)
        return ticket
    news.put_in_receipt(session, ticket, now=now)
    offers.offer(session, ticket, reading, _words(found), now=now)
    if ticket.next_at == now:
        ladder.advance(session, ticket, now=now)
    return ticket


def drawn_up(
    session: Session, asker_id: int, reading: Reading, unit_id: int | None, *, now: datetime, asked: Asked | None = None
) -> Ticket:
    """What a text makes of a question, not stored: `next_at` is when its first step is."""
    chosen = asked.tool if asked else None
    ticket = Ticket(
        asker_id=asker_id,
        unit_id=unit_id,
        tool=chosen or _sure_tool(reading),
        tool_chosen=chosen is not None,
        for_colleague=asked.for_colleague if asked else False,
        pictures=" ".join(asked.pictures) if asked else "",
        ticked_at=now if asked and asked.pictures else None,
        kind=reading.kind,
        belongs_to=None if people.is_off(session, unit_id) else reading.owner or None,
        urgency=(asked.urgency if asked else None) or reading.urgency,
        next_step=NextStep.ASK,
        next_at=now,
        asked_at=now,
        asker_wrote_at=now,
    )
    if _must_ask_back(ticket) and not people.is_off(session, ticket.unit_id):
        ticket.next_at = now + settings.read(session).span("choice.wait")
    return ticket


def _room_at(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> datetime | None:
    """When it goes out, if she has asked ten within the hour (contracts.md). Where somebody may be waiting, on a phone
    that several share, and where nobody is asked in any case, it does not wait.
    """
    free = person.kind is PersonKind.SHARED_DEVICE or ticket.urgency is not Urgency.CAN_WAIT
    return None if free or people.is_off(session, ticket.unit_id) else tickets.room_at(session, person.pk, now=now)


def is_redirect(session: Session, ticket: Ticket, reading: Reading) -> bool:
    """Not ours. What cannot wait is never stopped by that, and who has not begun with us is told so first."""
    urgent = Urgency.ACUTE in (ticket.urgency, reading.urgency)
    return reading.decision is Decision.REDIRECT and not urgent and not people.is_off(session, ticket.unit_id)


def _redirect(session: Session, ticket: Ticket, owner: str, *, now: datetime) -> None:
    tickets.redirect(session, ticket, owner, now=now)
    _leave_the_story(session, ticket, now=now)


def _leave_the_story(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """What has happened to somebody is told in its own system, and not kept here."""
    owner = catalogue.in_force(session).owners.get(ticket.belongs_to or "")
    if owner is not None and not owner.words:
        lines.drop(session, lines.of_ticket(session, ticket.pk), now=now)


def _sure_tool(reading: Reading) -> str | None:
    """Known well enough. What is not ours may name no tool, or none for sure."""
    found = [scored.key for scored in reading.tools if scored.score >= recognition.SURE]
    return found[0] if found and reading.decision in (Decision.ROUTE, Decision.REDIRECT) else None


def _must_ask_back(ticket: Ticket) -> bool:
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


def _just_redirected(session: Session, person: Person, said_at: datetime) -> Ticket | None:
    """A line within a question's first minute belongs to it (contracts.md: one message), also if it was not ours."""
    minute = settings.read(session).span("join.first_minute")
    found = tickets.redirected_since(session, person.pk, since=said_at - minute)
    return found if found is not None and found.is_redirected else None


def _add_to_redirected(session: Session, person: Person, ticket: Ticket, said: Said, *, now: datetime) -> Ticket:
    """More of the same stays with its owner; what is a question of ours, or cannot wait, opens it."""
    line = lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=ticket.id)
    if line is None:
        return ticket
    if _is_ours(session, line.text):
        _joined(session, person, ticket, line, now=now)
        return ticket
    row = tickets.note_down(session, ticket, Event.WROTE, by=person.id, now=now)
    _leave_the_story(session, ticket, now=now)
    tickets.show_receipt(session, ticket, row, now=now)
    return ticket


def _is_ours(session: Session, text: str) -> bool:
    """A question in itself that surely is about a tool; a hint alone may speak of the same trouble."""
    reading = _read(session, text)
    likely = any(scored.score >= recognition.UNNAMED_SURE for scored in reading.tools)
    known = reading.decision is Decision.ROUTE or (reading.decision is Decision.ASK and likely)
    asks = known and _is_question(session, text)
    return asks or reading.urgency is Urgency.ACUTE


def _joined(session: Session, person: Person, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """The helper gets the line; a reply to what was called solved reopens it, thanks alone never do."""
    if not line.text:
        _only_a_file(session, person, ticket, now=now)
        return
    settled, thanks = ticket.state in SETTLED, _is_thanks(session, line.text)
    if settled and thanks:
        return
    if settled:
        row = _reopen(session, person, ticket, now=now)
    elif thanks:
        row = _thanked(session, person, ticket, now=now)
    else:
        row = tickets.asker_wrote(session, ticket, by=person.pk, now=now)
    tell = lines.call_helper if _must_be_seen(session, ticket, line) else lines.relay_news
    tell(session, ticket, line, now=now)
    _understand_anew(session, ticket, line, now=now)
    tickets.show_all(session, ticket, row, now=now)


def _must_be_seen(session: Session, ticket: Ticket, line: Line) -> bool:
    """Her helper has pressed [Ta frågan] and not written yet, so Slack would not tell her: the first line since she got
    the question does, also when it is hers again, and one by which somebody waits now.
    """
    if not lines.is_unseen(session, ticket):
        return False
    becomes_acute = ticket.urgency is not Urgency.ACUTE and _is_acute(session, line.text)
    return becomes_acute or not (_is_thanks(session, line.text) or lines.was_called(session, ticket))


def _thanked(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> int:
    """She wrote last, and nobody is waited for because of it: no clock starts, and no answer has come."""
    return tickets.move(session, ticket, Event.WROTE, by=person.id, now=now, asker_wrote_at=now)


def _only_a_file(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> None:
    """No word came with it: nothing to carry over, and the receipt says so."""
    row = tickets.note_down(session, ticket, Event.WROTE, by=person.id, now=now, note="file")
    tickets.show_receipt(session, ticket, row, now=now)


def _reopen(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> int:
    """To her helper while that one is at work, else somebody is asked at once."""
    owner = ticket.owner_id
    there = owner is not None and roster.may_notify_helper(session, owner, now=now) <= now
    row = tickets.reopen(session, ticket, by=person.pk, to_owner=owner if there else None, now=now)
    if ticket.owner_id is None:
        _start(session, ticket, now=now)
    return row


def ask_human(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """[Jag vill ändå fråga en människa]: the ladder, as if it were ours. Twice is once."""
    ticket = tickets.get(session, ticket_id)
    if ticket.is_redirected:
        tickets.reopen(session, ticket, by=by, to_owner=None, now=now, note=HUMAN)
        _start(session, ticket, now=now)
    elif ticket.state is State.CLOSED or ticket.belongs_to is None:
        raise Gone
    return ticket


def _start(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The first step after a reopening. Who was sent away may not have been asked yet where she works."""
    if ticket.belongs_to is not None and _must_ask_back(ticket):
        tickets.put_off(session, ticket, now + settings.read(session).span("choice.wait"))
    else:
        ladder.advance(session, ticket, now=now)


def have_rung(session: Session, ticket_id: int, *, by: int, now: datetime) -> Ticket:
    """[Jag har ringt]: it ends for the asker; the tool's specialists get a note of the fault. Twice is once."""
    ticket = tickets.get(session, ticket_id)
    if ticket.reason is Reason.RUNG:
        return ticket
    row = tickets.close(session, ticket, Event.RUNG, Reason.RUNG, by=by, now=now)
    helpers = ladder.helpers_for(session, ticket, now=now)
    specialists = {helper.person_id for helper in helpers if helper.rung is tickets.Rung.SPECIALIST}
    for person_id in sorted(specialists - {ticket.asker_id, ticket.owner_id}):
        place = f"fault_note:{ticket.shown}:{person_id}"
        outbox.put(session, Intent("fault_note", person_id, ticket.id, place, str(row)), now=now)
    return ticket


def _understand_anew(session: Session, ticket: Ticket, line: Line, *, now: datetime) -> None:
    """Acute is tested on each line; what it is about is read from all of them."""
    if ticket.urgency is not Urgency.ACUTE and _is_acute(session, line.text):
        hurry(session, ticket, by=None, now=now)
    _read_all_anew(session, ticket, now=now)


def _read_all_anew(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """While nobody has the question."""
    if ticket.state is not State.OPEN:
        return
    chosen = ticket.tool if ticket.tool_chosen else None
    said = _words(lines.of_ticket(session, ticket.pk, Side.ASKER))
    reading = reading_of(session, said, chosen)
    if _turns_out_not_ours(session, ticket, reading, now):
        _redirect(session, ticket, reading.owner, now=now)
        return
    tool = None if _is_a_second_matter(ticket, reading) else _sure_tool(reading)
    if tool and tool != ticket.tool and not ticket.tool_chosen:
        tickets.understand(session, ticket, tool=tool, by=None, now=now, chosen=False)
        news.put_in_receipt(session, ticket, now=now)
        offers.offer(session, ticket, reading, said, now=now)
        if ticket.unit_id is not None:
            go_on(session, ticket, now=now)
    if ticket.urgency is Urgency.CAN_WAIT and reading.urgency is not Urgency.CAN_WAIT:
        _ask_whether_urgent(session, ticket, now=now)
    tickets.hurry_cards(session, ticket, at=ladder.cards_at(ticket, settings.read(session), now), now=now)


def _turns_out_not_ours(session: Session, ticket: Ticket, reading: Reading, now: datetime) -> bool:
    """Before anybody has got a card. Who has asked for a human has said so already."""
    unseen = all(card.sent_at > now for card in tickets.candidates(session, ticket.pk))
    stays = ticket.belongs_to is not None or _is_a_second_matter(ticket, reading)
    return unseen and not stays and is_redirect(session, ticket, reading)


def _is_a_second_matter(ticket: Ticket, reading: Reading) -> bool:
    """What is not ours, told of another tool than the question's: the question must not be lost with it. Whoever takes
    it reads both, and [Det är en ny fråga] parts them.
    """
    best = reading.tools[0].key if reading.tools else None
    return reading.decision is Decision.REDIRECT and ticket.tool not in (None, best)


def _ask_whether_urgent(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Perhaps somebody waits: the receipt shows the number and asks, as if it had been born so; not what she has
    answered already.
    """
    if any(row.event is Event.NOT_URGENT for row in tickets.history(session, ticket.pk)):
        return
    maybe = Urgency.MAYBE_ACUTE
    row = tickets.move(session, ticket, Event.UNDERSTOOD, by=None, now=now, note=maybe, urgency=maybe)
    tickets.show_receipt(session, ticket, row, now=now)
    ladder.send_anyway(session, ticket.pk, by=None, now=now)
    if ticket.answers_until is not None:  # she is not left to read
        go_on(session, ticket, now=now)


def hurry(session: Session, ticket: Ticket, *, by: int | None, now: datetime) -> None:
    """It is acute: cards that wait go out now, and whoever was not asked yet is asked at once, whosesoever it is. It
    waits for no drop-in.
    """
    parked = ticket.state is State.PARKED
    if parked:
        tickets.unpark(session, ticket, by=by, now=now)
    if ticket.is_redirected and by is not None:
        tickets.reopen(session, ticket, by=by, to_owner=None, now=now)
    tickets.set_urgency(session, ticket, Urgency.ACUTE, by=by, now=now)
    ladder.send_anyway(session, ticket.pk, by=by, now=now)
    tickets.hurry_cards(session, ticket, at=now, now=now)
    if parked:
        ladder.advance(session, ticket, now=now)
    go_on(session, ticket, now=now)
    ladder.hasten(session, ticket, now=now)


def go_on(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Something that was missing is known now: nobody needs to wait for it."""
    if ticket.state is State.OPEN and not tickets.candidates(session, ticket.pk):
        ladder.advance(session, ticket, now=now)


def choose_tool(session: Session, ticket_id: int, tool: str | None, *, by: int, now: datetime) -> Ticket:
    """The asker taps what it is about; None is "Något annat"."""
    ticket = tickets.get(session, ticket_id)
    before, said = ticket.tool, _words(lines.of_ticket(session, ticket.pk, Side.ASKER))
    if tool is not None and _sure_tool(_read(session, said)) != tool:
        lines.teach(session, ticket, tool, now=now)
    tickets.understand(session, ticket, tool=tool, by=by, now=now)
    news.put_in_receipt(session, ticket, now=now)
    reading = reading_of(session, said, tool)
    if ticket.state is State.OPEN and _turns_out_not_ours(session, ticket, reading, now):
        _redirect(session, ticket, reading.owner, now=now)
    elif ticket.state is State.OPEN and before not in (None, tool):
        ladder.restart(session, ticket, now=now)
    else:
        offers.offer(session, ticket, _about(reading, tool), said, now=now)
        if ticket.unit_id is not None:
            go_on(session, ticket, now=now)
    return ticket


def _about(reading: Reading, tool: str | None) -> Reading:
    """What a text says to somebody who knows what it is about."""
    known = (Scored(tool, 1.0),) if tool is not None else ()
    return replace(reading, tools=known, decision=Decision.ROUTE) if known else reading


def choose_unit(session: Session, person: Person, ticket_id: int, unit_id: int, *, now: datetime) -> Ticket:
    """ "Var jobbar du?": remembered for the shift, and the question finds its people."""
    ticket = tickets.get(session, ticket_id)
    roster.work_today(session, person.pk, unit_id, now=now)
    _find_its_people(session, person, ticket, unit_id, now=now)
    return ticket


def recognised(session: Session, person: Person, *, now: datetime) -> None:
    """Somebody wrote before we knew who she is: once we do, her questions find the people of her unit by themselves."""
    lost = [ticket for ticket in tickets.alive_of(session, person.pk) if ticket.unit_id is None]
    unit_id = roster.working_unit(session, person.pk, now=now) if lost else None
    if unit_id is not None:
        for ticket in lost:
            _find_its_people(session, person, ticket, unit_id, now=now)


def _find_its_people(session: Session, asker: Person, ticket: Ticket, unit_id: int, *, now: datetime) -> None:
    tickets.place(session, ticket, unit_id, by=asker.pk, now=now)
    if ticket.state is State.OPEN and ticket.owner_id is None:
        ladder.restart(session, ticket, now=now)


def choose_question(session: Session, person: Person, line_id: int, ticket_id: int | None, *, now: datetime) -> Ticket:
    """[F-12] or [Ny fråga] under "Vilken fråga gäller det?"."""
    line = _own_line(session, person, line_id)
    if line.ticket_id is not None:
        return tickets.get(session, line.ticket_id)
    ticket = _put_under(session, person, line, ticket_id, now=now)
    lines.ask_no_more(session, person.pk, line, now=now)
    return ticket


def _own_line(session: Session, person: Person, line_id: int) -> Line:
    """What she wrote as asker and has not deleted since: nobody is asked about nothing."""
    line = session.get(Line, line_id)
    if line is None or line.author_id != person.id or line.side is not Side.ASKER or not line.text:
        raise Gone
    return line


def _put_under(session: Session, person: Person, line: Line, ticket_id: int | None, *, now: datetime) -> Ticket:
    if ticket_id is None:
        return begin(session, person, [line], now=now)
    ticket = tickets.get(session, ticket_id)
    tickets.asker_only(session, person, ticket_id)
    lines.put_under(session, [line], ticket_id)
    session.refresh(line)
    _joined(session, person, ticket, line, now=now)
    return ticket


def split_off(session: Session, person: Person, line_id: int, *, now: datetime) -> Ticket:
    """[Det är en ny fråga]: the line that joined becomes a question of its own, and the old one is as it was."""
    line = _own_line(session, person, line_id)
    if line.ticket_id is None:
        raise Gone
    old = tickets.get(session, line.ticket_id)
    if lines.of_ticket(session, old.pk, Side.ASKER)[0].id == line.id:
        return old
    line.guessed = False
    new = begin(session, person, [line], now=now)
    session.refresh(line)
    lines.leave_behind(session, line, old, now=now)
    row = _as_it_was(session, person, old, now=now)
    tickets.show_all(session, old, row, now=now)
    return new


def _as_it_was(session: Session, person: Person, ticket: Ticket, *, now: datetime) -> int:
    """Her line was about something else: what a helper has said last about this question holds again."""
    session.refresh(ticket, with_for_update=True)
    told = tickets.history(session, ticket.pk)
    if ticket.belongs_to is not None and _only_such_lines_opened_it(ticket, told):
        return tickets.redirect(session, ticket, ticket.belongs_to, now=now)
    last = max((at for at, row in enumerate(told) if _is_helpers_word(row, ticket)), default=None)
    values: dict[str, Any] = {}
    if last is not None and not _has_replied(session, ticket, told[last:]):
        values = _standing(session, ticket, told[: last + 1], told[last + 1 :])
    values |= _tool_of_the_rest(session, ticket)
    return tickets.move(session, ticket, Event.WROTE, by=person.id, now=now, note="split", **values)


def _tool_of_the_rest(session: Session, ticket: Ticket) -> dict[str, Any]:
    """The line that is no longer here may have made it about another tool; what somebody has chosen stays."""
    if ticket.tool_chosen:
        return {}
    tool = _sure_tool(reading_of(session, _words(lines.of_ticket(session, ticket.pk, Side.ASKER)), None))
    return {"tool": tool} if tool else {}


def _only_such_lines_opened_it(ticket: Ticket, told: Sequence[History]) -> bool:
    """It stayed with its owner until lines opened it of which none is left, and nobody has done anything with it."""
    opened = max((at for at, row in enumerate(told) if row.event is Event.REOPENED), default=0)
    closed = [row.event for row in told[:opened] if row.event is not Event.WROTE][-1:]
    if ticket.state is not State.OPEN or closed != [Event.REDIRECTED] or told[opened].note == HUMAN:
        return False
    since = [row for row in told[opened + 1 :] if row.by_id is not None and row.event is not Event.DECLINED]
    lines_left = sum({"": 1, "split": -1}.get(row.note, 0) for row in since)
    return told[opened].by_id == ticket.asker_id and all(row.event is Event.WROTE for row in since) and lines_left <= 0


def _is_helpers_word(row: History, ticket: Ticket) -> bool:
    """What a helper does with the question; who only passes it on, or notes something, leaves it where it stands."""
    return row.by_id not in (None, ticket.asker_id) and row.event not in (Event.NOTED, Event.DECLINED)


def _has_replied(session: Session, ticket: Ticket, since: Sequence[History]) -> bool:
    """Whether anything that the asker has said or pressed since is about this question."""
    pressed = any(row.by_id == ticket.asker_id and row.event not in (Event.WROTE, Event.REOPENED) for row in since)
    said = lines.of_ticket(session, ticket.pk, Side.ASKER)
    return pressed or any(line.said_at > since[0].at and _says_something(session, line.text) for line in said)


def _standing(
    session: Session, ticket: Ticket, until: Sequence[History], after: Sequence[History]
) -> dict[str, Any]:
    """How the question stood after `until`, which ends with a helper's word; {} where it stands so still."""
    word = until[-1]
    if word.state in RESTING and ticket.state in (State.OPEN, State.TAKEN):
        values = _at_rest(session, ticket, until)
    elif word.event is Event.WROTE and ticket.owner_id == word.by_id and ticket.next_step in tickets.CLAIM:
        values = {"next_step": None, "next_at": None}
    else:
        return {}
    if any(row.event is Event.URGENT for row in after):
        said = lines.of_ticket(session, ticket.pk, Side.ASKER)
        values["urgency"] = _read(session, _words(said)).urgency
    spoke = (Event.ASKED, Event.WROTE, Event.DENIED, Event.REOPENED)
    hers = [row.at for row in until if row.by_id == ticket.asker_id and row.event in spoke and row.note in ("", HUMAN)]
    return values | {"asker_wrote_at": hers[-1]}


def _at_rest(session: Session, ticket: Ticket, until: Sequence[History]) -> dict[str, Any]:
    """Called solved, or waiting for the asker: with its helper, and on the rest clock that was running."""
    word, rests = until[-1], (*tickets.SOLVES, Event.ASKED_BACK, Event.WARNED, Event.AT_STUGA)
    taken = [row.at for row in until if row.event in AT_WORK and row.state is State.TAKEN] or [word.at]
    clock = [row for row in tickets.history(session, ticket.pk) if row.event in rests][-1]
    warned = clock.event is Event.WARNED
    rungs = [row.note for row in until if row.event is Event.WENT_TO and row.note]
    return {
        "to": word.state,
        "rung": tickets.Rung(rungs[-1]) if rungs else None,
        "owner_id": word.by_id,
        "taken_at": taken[-1],
        "solved_by": _solved_by(session, ticket, until),
        "next_step": NextStep.REST if warned else NextStep.WARN,
        "next_at": tickets.rests_at(session, "rest.close" if warned else "rest.warn", clock.at),
    }


def _solved_by(session: Session, ticket: Ticket, until: Sequence[History]) -> SolvedBy | None:
    """As it was written down before the reopening took it away."""
    if until[-1].state is not State.SOLVED_PROPOSED:
        return None
    solved = max(at for at, row in enumerate(until) if row.event in (*tickets.SOLVES, Event.AT_STUGA))
    if until[solved].event is Event.AT_STUGA:
        return SolvedBy.STUGA
    if until[solved - 1].state is State.WAITING_EXTERNAL:
        return SolvedBy.IT
    card = tickets.candidate(session, ticket.pk, until[solved].by_id or 0)
    return tickets.SOLVERS.get(card.rung) if card is not None else None


def settle_drafts(session: Session, person_id: int, *, now: datetime) -> Ticket | None:
    """Ten minutes later: a draft with any word becomes a question, a bare greeting is dropped."""
    person = people.lock(session, person_id)
    held = lines.unplaced(session, person_id)
    if not held or now - held[0].said_at < settings.read(session).span("draft.wait"):
        return None
    if all(line.text == "" or _is_greeting(session, line.text) for line in held):
        lines.drop(session, held, now=now)
        return None
    return begin(session, person, held, now=now)


def withdraw_if_empty(session: Session, line: Line, *, now: datetime) -> None:
    """An asker who deletes all her words takes the question back; one masked line keeps it (contracts.md)."""
    if line.ticket_id is None or line.side is not Side.ASKER:
        return
    ticket = tickets.get(session, line.ticket_id)
    said = lines.of_ticket(session, ticket.pk, Side.ASKER)
    if ticket.state is not State.CLOSED and not any(one.text for one in said):
        tickets.withdraw(session, ticket.pk, by=line.author_id or 0, now=now)
