"""A helper says how long she is at work, and when she goes home; what only she had moves on, with a word from her."""

from datetime import time, timedelta

from handlers import gate, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, WhenAway
from handlers.listening import Errors, Home, HomePart, Listeners, Open, Press, Show
from handlers.views import duty as view
from handlers.words import Words
from models import clock, ladder, lines, people, roster, settings
from models.db import Session
from models.errors import Refused
from models.outbox import Letter
from models.people import Person, Role

A_MINUTE = timedelta(minutes=1)


def register(on: Listeners) -> None:
    on.action("duty.form", form, may=people.helper_only)
    on.view("duty.on", begin, may=people.helper_only)
    on.action("duty.again", again, may=people.helper_only)
    on.action("duty.off", end, may=people.helper_only)
    on.view("duty.hand_over", hand_over, may=people.helper_only)
    on.letter("shift_ends", Kind(shift_ends, Reader.HELPER, WhenAway.DROP))
    on.home(HomePart(11, load, view.home, budget=3))


def form(session: Session, press: Press, desk: Desk) -> Show:
    """The time is filled in as last time."""
    before = roster.last(session, press.person.pk)
    until = clock.local(before.until_at).time() if before else time(15, 30)
    return Open(view.form(until, desk.words(session, press.person)))


def begin(session: Session, press: Press, desk: Desk) -> Show:
    now = desk.now()
    try:
        until = clock.next_time(time.fromisoformat(press.values.get("until", "")), now)
        duty = roster.declare(session, press.person, until=until, now=now)
    except (Refused, ValueError) as no:
        key = no.key if isinstance(no, Refused) else "refused.no_time"
        about = no.about if isinstance(no, Refused) else {}
        return Errors({view.FIELD: desk.words(session, press.person)(key, **about)})
    ladder.begin_shift(session, duty, now=now)
    return Home()


def again(session: Session, press: Press, desk: Desk) -> Show:
    """[I tjänst till 19.00], [Samma som förra lördagen]: as she said then, in one tap."""
    duty = roster.repeat(session, press.person, press.about, now=desk.now())
    ladder.begin_shift(session, duty, now=desk.now())
    return Home()


def end(session: Session, press: Press, desk: Desk) -> Show:
    """[Slutar för dagen]. Who has questions left is asked for a word to the next one first."""
    left = ladder.left_at_the_end(session, press.person.pk)
    if left:
        words = desk.words(session, press.person)
        return Open(view.hand_over([pictures.facts(session, ticket, words) for ticket in left], words))
    return _goes_home(session, press.person, desk)


def hand_over(session: Session, press: Press, desk: Desk) -> Show:
    """Her words go with the questions that are still hers; nothing is needed."""
    if again := gate.refused(session, press, desk):
        return again
    said = {block: slack_text.plain(text) for block, text in press.values.items()}
    for ticket in ladder.left_at_the_end(session, press.person.pk):
        if text := said.get(view.word_about(ticket.pk)):
            lines.note(session, press.person, ticket, text, vouched=press.vouched, now=desk.now())
    return _goes_home(session, press.person, desk)


def _goes_home(session: Session, person: Person, desk: Desk) -> Show:
    roster.end_day(session, person, now=desk.now())
    ladder.let_go(session, person.pk, now=desk.now())
    return Home()


def shift_ends(session: Session, letter: Letter, words: Words) -> Post | None:
    """A while before the end, only if something would move on, and only while that end still holds."""
    until = roster.on_duty_until(session, letter.to_id, now=words.now)
    left = ladder.left_at_the_end(session, letter.to_id)
    soon = words.now + settings.read(session).span("duty.warn") + A_MINUTE
    if until is None or until > soon or not left:
        return None
    numbers = words.people(ticket.shown for ticket in left)
    text = words("shift_ends.told", when=words.when(until), numbers=numbers)
    return Post(text, view.shift_ends(text, words))


def load(session: Session, person: Person, desk: Desk) -> view.Standing:
    now = desk.now()
    if not people.is_helper(session, person, on=clock.today(now)):
        return view.Standing(False, None, False, None, ())
    there = roster.presences(session, [(person.pk, Role.EXPERT_USER)], now=now)[person.pk, Role.EXPERT_USER]
    declared = roster.current(session, person.pk, now=now) is not None
    offers = [view.Offer(o.duty_id, o.until, o.like) for o in roster.offers(session, person.pk, now=now)]
    off = there.known and not there.at_work
    return view.Standing(True, there.until, declared, there.back_at if off else None, tuple(offers))
