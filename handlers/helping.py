"""A workmate or specialist gets a card, takes the question, answers in its thread and says when it is solved.

Here: what helpers press, and the messages they get. What they write arrives through asking.py's door.
"""

from dataclasses import replace
from datetime import datetime

from handlers import gate, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, PassOn, Post, Reader, Render, TakeBack, WhenAway
from handlers.listening import Listeners, Open, Press, Show, does
from handlers.views import parts
from handlers.views import ticket as view
from handlers.words import Words
from models import clock, ideas, ladder, lines, offers, outbox, people, proposals, stuga_day, tickets
from models.db import Session
from models.lines import Line, Said, Side
from models.outbox import Letter
from models.people import Role
from models.stuga_day import Outcome
from models.tickets import NextStep, Rung, State, Ticket, Via

ABOVE = (Rung.SPECIALIST, Rung.SPECIALIST_ELSEWHERE, Rung.COORDINATOR)  # to these a drop-in sends on


def register(on: Listeners) -> None:
    on.action("ticket.take", does(tickets.take), may=tickets.candidate_only)
    on.action("ticket.decline", decline, may=tickets.candidate_only)
    on.action("ticket.solve", does(tickets.solve), may=tickets.owner_only)
    on.action("ticket.solve_form", solve_form, may=tickets.owner_only)
    on.view("ticket.solve_with", solve_with_line, may=tickets.owner_only)
    on.letter("card", Kind(card, Reader.HELPER, WhenAway.DROP))
    on.letter("digest", Kind(digest, Reader.HELPER, once_sent=digest_stands))
    for kind, render in LETTERS.items():
        on.letter(kind, Kind(render, Reader.HELPER))


def decline(session: Session, press: Press, desk: Desk) -> Show:
    ladder.pass_on(session, press.about or 0, press.person.pk, by=press.person.pk, now=desk.now())
    return None


def solve_form(session: Session, press: Press, desk: Desk) -> Show:
    return Open(view.solve_form(press.about or 0, desk.words(session, press.person)))


def solve_with_line(session: Session, press: Press, desk: Desk) -> Show:
    """[Löst] with a line about what helped: the line goes to the asker like any other word."""
    text, now = slack_text.plain(press.values.get(view.LINE, "")), desk.now()
    if again := gate.refused(session, press, desk):
        return again
    ticket = tickets.get(session, press.about)
    if text:
        said = Said(text, False, f"solved:{press.person.id}", f"{now.timestamp():.6f}", vouched=press.vouched)
        lines.answer(session, press.person, ticket, said, now=now)
    tickets.solve(session, ticket.pk, by=press.person.pk, now=now)
    return None


# ---- what they get -------------------------------------------------------------------------------------------


def card(session: Session, letter: Letter, words: Words) -> Post | None:
    """The truth about a question on this helper's card. A card that never came is not sent to say that it is over."""
    ticket = tickets.shown(session, letter.about_id)
    mine = tickets.candidate(session, ticket.pk, letter.to_id)
    if mine is None or (not _is_news(ticket, mine) and not outbox.where_is(session, [letter.place])):
        return None
    data = _card(session, ticket, mine, words)
    return Post(view.card_text(data, words), view.card(data, words))


def _is_news(ticket: Ticket, mine: tickets.Candidate) -> bool:
    """A first card goes to whoever is asked now, or has taken the question from a digest."""
    if ticket.owner_id == mine.person_id:
        answered_with_others = mine.via is Via.CLUSTER and ticket.state is State.SOLVED_PROPOSED
        return ticket.state is not State.CLOSED and not answered_with_others
    return ticket.state is State.OPEN and mine.left_at is None and mine.via is Via.CARD


def _card(session: Session, ticket: Ticket, mine: tickets.Candidate, words: Words) -> view.Card:
    asker = people.get(session, ticket.asker_id)
    is_hers = ticket.owner_id == mine.person_id
    talk = lines.of_ticket(session, ticket.pk)
    return view.Card(
        facts=pictures.facts(session, ticket, words, talk=talk),
        mine=is_hers,
        left=mine.left_at is not None,
        asker=(asker.name or words("person.gone")) if asker and is_hers else "",  # the name is for the one who takes
        hidden=any(line.hidden for line in talk if line.side is Side.ASKER),
        had_by=_had_by(session, ticket, mine),
        at_stuga=_at_stuga(session, ticket, words),
        ready=_ready(session, ticket, talk, words) if is_hers else 0,
        proposal=_proposal(session, ticket, talk) if is_hers else None,
        idea=ideas.of_ticket(session, ticket) is not None,
    )


def _at_stuga(session: Session, ticket: Ticket, words: Words) -> str:
    """Why it comes to her from a drop-in. Of a routine, also who decides: the manager never sees the question."""
    if ticket.rung not in ABOVE:
        return ""
    found = stuga_day.led_on(session, ticket.pk)
    if found is not Outcome.ROUTINE:
        return words(f"card.at_stuga.{found}") if found else ""
    hats = people.holders_in(session, Role.UNIT_MANAGER, ticket.unit_id or 0, on=clock.today(words.now))
    managers = people.find(session, (hat.person_id for hat in hats)).values()
    names = words.people(slack_text.safe(who.name) for who in managers)
    return words("card.at_stuga.routine", names=names) if names else words("card.at_stuga.routine_nobody")


def _ready(session: Session, ticket: Ticket, talk: list[Line], words: Words) -> int:
    """How many answers may suit it, while she works on it."""
    if ticket.state not in (State.TAKEN, State.WAITING_ASKER):
        return 0
    return len(offers.ready(session, ticket, now=words.now, talk=talk))


def _proposal(session: Session, ticket: Ticket, talk: list[Line]) -> view.Proposal | None:
    """Whether her answer may serve others, and what became of it."""
    if not proposals.may_be_proposed(ticket, talk):
        return None
    made = proposals.of_ticket(session, ticket.pk)
    if made is None:
        return view.Proposal.POSSIBLE
    return view.Proposal(made.verdict) if made.verdict else view.Proposal.WAITS


def _had_by(session: Session, ticket: Ticket, mine: tickets.Candidate) -> str:
    """Who had it before her: the head of the hand-over note. What was tried stands below it."""
    before = people.get(session, ticket.had_by_id) if ticket.had_by_id not in (None, mine.person_id) else None
    return before.name if before else ""


def follow_up(session: Session, letter: Letter, words: Words) -> Post | None:
    """The asker has written more. Not said any more if it has become a question of its own meanwhile."""
    line = session.get(Line, letter.about_id)
    if line is None or line.ticket_id is None or lines.was_left_behind(session, letter.place):
        return None
    place = tickets.card_place(line.ticket_id, letter.to_id)
    return pictures.spoken(session, line, letter, words, thread=place)


def needs_helper(session: Session, letter: Letter, words: Words) -> Post | None:
    """A line that she must not miss, although she has not written in the thread yet."""
    post = follow_up(session, letter, words)
    return replace(post, broadcast=True) if post is not None else None


def solve_offer(session: Session, letter: Letter, words: Words) -> Post | None:
    """[Löst] under the first reply."""
    ticket = tickets.get(session, letter.about_id)
    if ticket.state is not State.TAKEN and not outbox.where_is(session, [letter.place]):
        return None
    blocks = view.solve_offer(pictures.facts(session, ticket, words), words, mine=ticket.owner_id == letter.to_id)
    return Post(words("solve_offer.ask"), blocks, thread=_card_of(letter))


def reminder(session: Session, letter: Letter, words: Words) -> Post | None:
    ticket = tickets.get(session, letter.about_id)
    if ticket.owner_id == letter.to_id and ticket.next_step is NextStep.FREE and ticket.next_at is not None:
        text = words("reminder.ask", number=ticket.shown, when=words.when(ticket.next_at))
        return Post(text, [parts.section(text)], thread=_card_of(letter), broadcast=True)
    if not outbox.where_is(session, [letter.place]):
        return None
    over = words("reminder.over", number=ticket.shown)
    return Post(over, [parts.context(over)], thread=_card_of(letter), broadcast=True)


def denied(session: Session, letter: Letter, words: Words) -> Post | None:
    ticket = tickets.get(session, letter.about_id)
    asker = people.get(session, ticket.asker_id)
    text = words("denied.told", name=slack_text.safe(asker.name if asker else ""), number=ticket.shown)
    return Post(text, [parts.section(text)], thread=_card_of(letter), broadcast=True)


def file_stayed(session: Session, letter: Letter, words: Words) -> Post | None:
    """Her words went on, her file did not."""
    told = f"{words('file.stayed')} {words('file.by_words')}"
    return Post(told, [parts.context(told)], thread=_card_of(letter))


def taken_pictures(session: Session, letter: Letter, words: Words) -> PassOn | None:
    """What came with the question goes under the card of whoever has it now."""
    ticket, place = tickets.get(session, letter.about_id), _card_of(letter)
    card = outbox.where_is(session, [place]).get(place)
    if card is None or ticket.owner_id != letter.to_id or not ticket.pictures:
        return None
    return PassOn(card.channel, card.ts, tuple(zip(ticket.picture_ids, _titles(ticket, words), strict=False)))


def pictures_gone(session: Session, letter: Letter, words: Words) -> TakeBack | None:
    """They were cleared: out of the thread again."""
    ticket, place = tickets.get(session, letter.about_id), _card_of(letter)
    card = outbox.where_is(session, [place]).get(place)
    return TakeBack(card.channel, card.ts, _titles(ticket, words)) if card is not None else None


def _titles(ticket: Ticket, words: Words) -> tuple[str, ...]:
    return tuple(words("card.picture", number=ticket.shown, at=at) for at in range(1, 1 + view.MOST_PICTURES))


def digest(session: Session, letter: Letter, words: Words) -> Post | None:
    """What waits at the start of duty, in one message. Once a newer one stands, only that one has buttons."""
    if not outbox.is_newest(session, letter.place, tickets.digests(letter.to_id)):
        return Post(words("digest.older"), [parts.context(words("digest.older"))])
    waiting = tickets.listed_for(session, letter.to_id)
    if not waiting and not outbox.where_is(session, [letter.place]):
        return None
    if not waiting:
        return Post(words("digest.none"), [parts.context(words("digest.none"))])
    data = [pictures.facts(session, ticket, words) for ticket in waiting]
    return Post(words("digest.ask", n=len(data)), view.digest(data, words))


def digest_stands(session: Session, letter: Letter, now: datetime) -> None:
    """The one before it loses its buttons."""
    tickets.show_older_digest(session, letter.to_id, now=now)


def _card_of(letter: Letter) -> str:
    return tickets.card_place(letter.about_id or 0, letter.to_id)


LETTERS: dict[str, Render] = {
    "follow_up": follow_up,
    "needs_helper": needs_helper,
    "solve_offer": solve_offer,
    "reminder": reminder,
    "denied": denied,
    "file_stayed": file_stayed,
    "pictures": taken_pictures,
    "pictures_gone": pictures_gone,
}
