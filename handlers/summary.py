"""The weekly summary: the manager's message on Monday, and the same figures for everybody in the unit, in a window."""

from datetime import datetime, timedelta
from functools import partial

from handlers import figures
from handlers.desk import Desk
from handlers.letters import Kind, Post, Print, Reader
from handlers.listening import HomePart, Job, Listeners, Open, Press, Show, Swap
from handlers.views import summary as view
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, clock, people, summary, tally
from models.db import Session
from models.errors import Gone, Refused
from models.outbox import Letter
from models.people import Person
from models.summary import NotCounted, Summary, Where
from models.tally import Period, Span
from models.tickets import anyone

TOOLS = 4  # lines in Home of those who know tools
FEWEST_BARS = 2  # in a picture
PERIODS = {Span.WEEK: 9, Span.MONTH: 6, Span.QUARTER: 4, Span.YEAR: 3}  # how far back a window offers


def register(on: Listeners) -> None:
    on.home(HomePart(29, load, view.home, budget=2))
    on.action("summary.open", open_window, may=anyone)
    on.action("summary.where", turn, may=anyone)
    on.action("summary.when", turn, may=anyone)
    on.action("summary.file", order_file, may=anyone)
    on.action("summary.tips", tips, may=administration.manager_only)
    on.letter("summary", Kind(message, Reader.MANAGER))
    on.letter("summary_picture", Kind(picture, Reader.MANAGER))
    on.letter("summary_file", Kind(file, Reader.ASKER))
    on.job(Job("summary", send, every=timedelta(minutes=1)))


# ---- Monday ------------------------------------------------------------------------------------------------------


def send(desk: Desk) -> None:
    """What is due and has not gone out, each place alone. Late starts and other instances: models/summary.py."""
    with desk.db.snapshot() as session:
        due = summary.due(session, now=desk.now())
    for where in due:
        _send_one(desk, where)
    if due:
        desk.nudge()


def _send_one(desk: Desk, where: Where) -> None:
    def one(session: Session, about: int, *, now: datetime) -> None:
        summary.send(session, where, now=now)

    desk.alone(one, where.number)


def message(session: Session, letter: Letter, words: Words) -> Post | None:
    """As it is when it is sent: what has been seen to is not asked for. A newer week takes an older one's place."""
    where, period = summary.told(session, letter.place)
    if period != tally.last_closed(Span.WEEK, now=words.now):
        return None
    shown = _shown(session, where, period, words, reader=letter.to_id)
    return Post(view.push(shown, words), view.message(shown, words))


def picture(session: Session, letter: Letter, words: Words) -> Print | None:
    """The app keeps it. A quiet week needs none, and one bar alone tells nothing."""
    where, period = summary.told(session, letter.place)
    made = summary.make(session, where, period, now=words.now, reader=letter.to_id)
    if made.quiet or len(made.bars) < FEWEST_BARS:
        return None
    name = f"{period.code}-{where.code}.png"
    kept = partial(_keep, where, period, words)
    return Print(figures.picture(made, words), name, alt=figures.alternative(made, words), kept=kept)


def _keep(where: Where, period: Period, words: Words, session: Session, file_id: str) -> None:
    summary.keep_picture(session, where, period, words.language, file_id, now=words.now)


def _shown(session: Session, where: Where, period: Period, words: Words, *, reader: int) -> view.Shown:
    made = summary.make(session, where, period, now=words.now, reader=reader)
    kept = summary.picture(session, where, period, words.language, now=words.now)
    mine = summary.manages(session, reader, where, on=clock.today(words.now))
    return figures.shown(made, words, mine=mine, picture=kept)


# ---- Home and the window -----------------------------------------------------------------------------------------


def load(session: Session, person: Person, desk: Desk) -> view.Headline | None:
    """The first place that is hers, as it was last week; to those who know tools also these."""
    now = desk.now()
    found = summary.places(session, person.pk, on=clock.today(now))
    try:
        period = summary.newest(session, now=now)
        made = summary.brief(session, found[0], period, now=now) if found else None
    except NotCounted:
        return None
    if made is None:
        return None
    tools, words = summary.tools_of(session, found[1:], period), desk.words(session, person)
    return _headline(made, tools, _managers(session, made, person, words), words)


def _managers(session: Session, made: Summary, person: Person, words: Words) -> str | None:
    """The picture of her message. To others it is one tap away: Home is theirs for asking."""
    where, today = made.of.where, clock.today(words.now)
    if not summary.manages(session, person.pk, where, on=today):
        return None
    return summary.picture(session, where, made.of.period, words.language, now=words.now)


def _headline(
    made: Summary, tools: list[tuple[Where, int | None, bool]], picture: str | None, words: Words
) -> view.Headline:
    of = made.of
    waiting = of.figures.open if of.figures else 0
    shown = [figures.tool_count(*each, words) for each in tools[:TOOLS]]
    more = [words("summary.home.more", n=len(tools) - TOOLS)] if len(tools) > TOOLS else []
    about, count = figures.control(of.where, of.period), figures.count(of, words)
    told, seen = "\n".join([*shown, *more]), figures.alternative(made, words)
    return view.Headline(figures.title(made, words), about, count, waiting, told, picture, seen)


def open_window(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_window(session, press, desk))


def turn(session: Session, press: Press, desk: Desk) -> Show:
    """Another place or another period."""
    return Swap(_window(session, press, desk))


def _window(session: Session, press: Press, desk: Desk, done: str = "") -> Block:
    where, period = _meant(session, press, desk)
    words = desk.words(session, press.person)
    found = summary.places(session, press.person.pk, on=clock.today(desk.now()))
    periods = figures.periods(_periods(session, desk), where, words)
    menus = view.Menus(figures.places(found, period, words), periods)
    return view.window(_shown(session, where, period, words, reader=press.person.pk), menus, done, words)


def _meant(session: Session, press: Press, desk: Desk) -> tuple[Where, Period]:
    """What a control names; whether she may read about it is looked up anew."""
    code, _, when = press.value.partition("|")
    where = summary.hers(session, press.person.pk, code, on=clock.today(desk.now()))
    try:
        period = tally.period(when)
    except ValueError:
        raise Gone from None
    return where, period


def _periods(session: Session, desk: Desk) -> tuple[Period, ...]:
    """What has been counted, the latest first."""
    found: list[Period] = []
    for span, most in PERIODS.items():
        last = tally.last_closed(span, now=desk.now())
        found += [last.earlier(n) for n in range(most)]
    return tally.counted(session, found)


def order_file(session: Session, press: Press, desk: Desk) -> Show:
    """[Excel] and [PDF]: the file comes into the conversation."""
    where, period = _meant(session, press, desk)
    form = press.choice
    if form not in figures.FORMS or where.scope == summary.UNIT:
        raise Gone
    summary.make(session, where, period, now=desk.now())
    summary.order_file(session, where, period, form, by=press.person.pk, now=desk.now())
    if press.form.get("type") != "modal":
        return None
    return Swap(_window(session, press, desk, desk.words(session, press.person)("summary.file_comes")))


def file(session: Session, letter: Letter, words: Words) -> Print | None:
    """Drawn when its turn comes."""
    where, period = summary.told(session, letter.place)
    form = letter.place.partition(":")[0].removeprefix("summary_")
    to = people.find(session, [letter.to_id])[letter.to_id]
    try:
        made = summary.make(session, where, period, now=words.now)
    except Refused:
        return None
    ends = "xlsx" if form == "workbook" else "pdf"
    return Print(figures.paper(made, words, form), figures.file_name(made, words, ends), user=to.chat_user_id or "")


def tips(session: Session, press: Press, desk: Desk) -> Show:
    return Open(view.tips(desk.words(session, press.person)))
