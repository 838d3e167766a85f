"""Week 20: an expert user is asked for her summer weeks; she chooses, changes and takes back."""

from datetime import date, timedelta

from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Home, HomePart, Job, Listeners, Open, Press, Show
from handlers.views import summer as view
from handlers.words import Words
from models import clock, people, summer
from models.db import Session
from models.outbox import Letter
from models.people import Person


def register(on: Listeners) -> None:
    on.action("summer.form", form, may=people.helper_only)
    on.action("summer.none", take_back, may=people.helper_only)
    on.view("summer.save", save, may=people.helper_only)
    on.letter("summer", Kind(asked, Reader.HELPER))
    on.home(HomePart(13, load, view.home, budget=2))
    on.job(Job("summer", ask, every=timedelta(hours=1)))


def ask(desk: Desk) -> None:
    """Looks in at every hour of the week, so that who is appointed on its Friday is asked too."""
    desk.each(summer.to_ask, summer.ask)


def asked(session: Session, letter: Letter, words: Words) -> Post | None:
    """Not when the summer has begun before she came to work."""
    weeks = summer.mondays(session, now=words.now)
    if clock.today(words.now) >= weeks[0]:
        return None
    text = words("summer.ask", first=weeks[0].isocalendar().week, last=weeks[-1].isocalendar().week)
    return Post(text, view.asked(text, words))


def form(session: Session, press: Press, desk: Desk) -> Show:
    words = desk.words(session, press.person)
    hers = set(summer.weeks_of(session, press.person.pk, now=desk.now()))
    weeks = [_week(monday, monday in hers, words) for monday in summer.mondays(session, now=desk.now())]
    return Open(view.form(weeks, words))


def _week(monday: date, chosen: bool, words: Words) -> view.Week:
    return view.Week(monday.isocalendar().week, words.days(monday, monday + timedelta(days=6)), chosen)


def save(session: Session, press: Press, desk: Desk) -> Show:
    """What she has ticked, in either half of the summer."""
    ticked = " ".join(press.values.get(name, "") for name in (view.FIRST, view.SECOND)).split()
    weeks = summer.mondays(session, now=desk.now())
    chosen = [monday for monday in weeks if str(monday.isocalendar().week) in ticked]
    summer.choose(session, press.person, chosen, now=desk.now())
    return Home()


def take_back(session: Session, press: Press, desk: Desk) -> Show:
    summer.choose(session, press.person, (), now=desk.now())
    return Home()


def load(session: Session, person: Person, desk: Desk) -> view.Chosen:
    """From the week in which one is asked until the last week is over, for those who help."""
    now = desk.now()
    weeks, today = summer.mondays(session, now=now), clock.today(now)
    since = date.fromisocalendar(weeks[0].year, summer.asking_week(session), 1)
    if not since <= today < weeks[-1] + timedelta(weeks=1) or not people.is_helper(session, person, on=today):
        return view.Chosen(False, ())
    hers = summer.weeks_of(session, person.pk, now=now)
    return view.Chosen(True, tuple(monday.isocalendar().week for monday in hers))
