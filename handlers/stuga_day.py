"""The day of a drop-in, pressed on a phone: head-count, the next question, what became of it, who came in, the end.

Not here: what guests see (stuga.py). A window is drawn anew after every tap, so that several helpers see the same.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from handlers import gate, slack_text
from handlers.desk import Desk
from handlers.listening import Errors, HomePart, Listeners, Open, Press, Show, Swap, TaskSource, number
from handlers.views import stuga_day as view
from handlers.views.parts import Block
from handlers.views.stuga_day import Day, Phase, Row, Subject
from handlers.words import Words
from models import clock, people, stuga, stuga_day, stuga_series
from models.db import Session
from models.errors import AlreadyTaken, Gone, NotYours, Refused
from models.people import Person
from models.stuga import Move, NotAhead, Shown
from models.stuga_day import AlreadyLogged, Group, Guide, NotBegun, NothingSaid, Outcome, Point, Word
from models.stuga_series import NotComing, Stage, Stuga, runs_it
from models.tickets import anyone

MORE = {"one": 1, "five": 5, "less": -1}


def register(on: Listeners) -> None:
    on.home(HomePart(16, load, lambda found, words: view.home(found[0], found[1], words), budget=5))
    on.action("stuga.all", every, may=stuga_series.plans)
    on.tasks(TaskSource(20, guides, view.guides))
    on.action("stuga_guide.done", guide_done, may=anyone)  # the verb asks whose specialist she is today
    for name, listener in ACTIONS.items():
        on.action(f"stuga.{name}", listener, may=runs_it)
    for name, listener in FORMS.items():
        on.view(f"stuga.{name}", listener, may=runs_it)


def load(session: Session, person: Person, desk: Desk) -> tuple[list[Shown], bool]:
    """Her own; who plans sees them all in a window."""
    hers = stuga.open_to(session, person.pk, now=desk.now(), own=True)[:3]
    return [stuga.shown(session, each) for each in hers], _plans(session, person)


def _plans(session: Session, person: Person) -> bool:
    try:
        stuga_series.plans(session, person, None)
    except NotYours:
        return False
    return True


def every(session: Session, press: Press, desk: Desk) -> Show:
    """Every session that she may run, the next first."""
    drawn = [stuga.shown(session, each) for each in stuga.open_to(session, press.person.pk, now=desk.now())]
    return Open(view.listed(drawn, desk.words(session, press.person)))


# ---- "lathund behövs" ------------------------------------------------------------------------------------------------


def guides(session: Session, person: Person, now: datetime) -> list[Guide]:
    """In "Att göra" of the tool's specialist."""
    return stuga_day.guides_wanted(session, person.pk, now=now)


def guide_done(session: Session, press: Press, desk: Desk) -> Show:
    """[Klar]"""
    stuga_day.guide_done(session, press.about or 0, by=press.person.pk, now=desk.now())
    return Swap(view.guides_left(guides(session, press.person, desk.now()), desk.words(session, press.person)))


# ---- the window ------------------------------------------------------------------------------------------------------


def run(session: Session, press: Press, desk: Desk) -> Show:
    """[Öppna], in Home or under the agenda; from a list in its place."""
    drawn = _day(session, press, desk)
    return Swap(drawn) if press.form.get("type") == "modal" else Open(drawn)


def redraw(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(_day(session, press, desk))


def _day(session: Session, press: Press, desk: Desk, told: str = "") -> dict[str, object]:
    words, about = desk.words(session, press.person), press.about or 0
    held, found = stuga_series.get(session, about), stuga_day.agenda(session, about)
    left = [row for group in found.groups for row in _rows(session, press, words, group)]
    done = [_row(session, press.person, press.about or 0, point) for point in found.done]
    tools = tuple((key, words.tool(key)) for key in stuga_day.walk_in_tools(session, about))
    phase = _phase(session, press, held, desk.now())
    return view.day(Day(found.stuga, phase, tuple(left), tuple(done), tools, told), words)


def _phase(session: Session, press: Press, held: Stuga, now: datetime) -> Phase:
    """What can be done with it, asked of the rules themselves."""
    try:
        stuga_day.opened(session, held.pk, by=press.person.pk, now=now)
    except NotBegun:
        return Phase.AHEAD
    except NotComing:
        return Phase.OFF
    return Phase.OVER if held.stage is Stage.ENDED else Phase.ON


def _rows(session: Session, press: Press, words: Words, group: Group) -> list[Row]:
    """Of one group; the first carries its heading."""
    rows = [_row(session, press.person, press.about or 0, point) for point in group.points]
    name = f"{words.tool(group.tool) or words('stuga.no_tool')} · {words(f'cli.explain.kind.{group.kind}')}"
    return [replace(rows[0], group=name, tool=_key(group), many=len(rows)), *rows[1:]]


def _key(group: Group) -> str:
    """By this [Flera med ett svar] finds its group again."""
    return f"{group.tool or ''}:{group.kind}"


def _row(session: Session, person: Person, about: int, point: Point) -> Row:
    unit, item = people.unit(session, point.unit_id), stuga_day.item_of(session, about, point.ticket_id)
    return Row(
        point.ticket_id,
        point.number,
        point.asker,
        unit.name if unit else "",
        point.asked,
        " / ".join(point.tried),
        point.with_name,
        person.id == (item.by_id if item else None),
        point.outcome,
    )


def board(session: Session, press: Press, desk: Desk) -> Show:
    """[Storbild]: everybody in the room may read it."""
    words, found = desk.words(session, press.person), stuga_day.agenda(session, press.about or 0, names=False)
    groups = tuple(
        (words.tool(group.tool) or words("stuga.no_tool"), tuple(point.number for point in group.points))
        for group in found.groups
    )
    return Swap(view.board(view.Board(found.stuga, groups, len(found.done)), words))


# ---- while it is on --------------------------------------------------------------------------------------------------


def count(session: Session, press: Press, desk: Desk) -> Show:
    if press.choice not in MORE:
        raise Gone
    stuga_day.count(session, press.about or 0, MORE[press.choice], by=press.person.pk, now=desk.now())
    return redraw(session, press, desk)


def heads_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Skriv antal]"""
    held = stuga.shown(session, stuga_series.get(session, press.about))
    return Swap(view.heads_form(held, stuga_day.MOST_HEADS, desk.words(session, press.person)))


def heads(session: Session, press: Press, desk: Desk) -> Show:
    typed = press.values.get(view.HEADS, "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(stuga_day.MOST_HEADS))):
        return Errors({view.HEADS: desk.words(session, press.person)("stuga.no_number", most=stuga_day.MOST_HEADS)})
    stuga_day.set_heads(session, press.about or 0, int(typed), by=press.person.pk, now=desk.now())
    return redraw(session, press, desk)


def begin(session: Session, press: Press, desk: Desk) -> Show:
    """[Ta upp]: hers, and what can become of it."""
    ticket = number(press.choice) or 0
    try:
        stuga_day.begin(session, press.about or 0, ticket, by=press.person.pk, now=desk.now())
    except (AlreadyTaken, AlreadyLogged) as faster:
        return _said_no(session, press, desk, faster)
    return _about(session, press, desk, str(ticket))


def next_one(session: Session, press: Press, desk: Desk) -> Show:
    """[Nästa fråga]"""
    found = stuga_day.next_question(session, press.about or 0, by=press.person.pk, now=desk.now())
    if found is None:
        told = desk.words(session, press.person)("stuga.all_are_taken")
        return Swap(_day(session, press, desk, told))
    return _about(session, press, desk, str(found.pk))


def put_back(session: Session, press: Press, desk: Desk) -> Show:
    ticket = number(press.choice) or 0
    stuga_day.put_back(session, press.about or 0, ticket, by=press.person.pk, now=desk.now())
    return redraw(session, press, desk)


def change(session: Session, press: Press, desk: Desk) -> Show:
    """[Ändra], of an outcome and the taps of a walk-in."""
    return _about(session, press, desk, press.choice)


def _about(session: Session, press: Press, desk: Desk, code: str) -> Show:
    words = desk.words(session, press.person)
    held = stuga.shown(session, stuga_series.get(session, press.about))
    return Swap(view.subject(held, _subject(session, press, code, words), words))


def _subject(session: Session, press: Press, code: str, words: Words) -> Subject:
    """A question that is or was here, or what somebody came with."""
    if code == view.NEW or code in words.tools.tools:
        return Subject(code, words.tool(code) or words("stuga.no_tool"))
    found = stuga_day.agenda(session, press.about or 0)
    points = [*(point for group in found.groups for point in group.points), *found.done]
    point = next((point for point in points if str(point.ticket_id) == code), None)
    if point is None:
        raise Gone
    return Subject(code, point.number, _row(session, press.person, press.about or 0, point))


def log_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Skriv en rad]"""
    return Swap(_log_form(session, press, desk, press.choice))


def _log_form(session: Session, press: Press, desk: Desk, code: str, chosen: Outcome | None = None) -> Block:
    words = desk.words(session, press.person)
    return view.log_form(press.about or 0, _subject(session, press, code, words), words, chosen)


def log(session: Session, press: Press, desk: Desk) -> Show:
    """An outcome: in one tap, or from the form with its line. Of a question, or of what somebody came with."""
    if again := gate.refused(session, press, desk):
        return again
    code, said, seen = [*(press.choice or press.values.get(view.OUTCOME, "")).split(":"), "", ""][:3]
    line = slack_text.plain(press.values.get(view.LINE, ""))
    word = Word(_outcome(said), line, press.vouched, _outcome(seen) if seen else None)
    try:
        shown = _log(session, press, desk, code, word)
    except AlreadyLogged as faster:
        return _said_no(session, press, desk, faster)
    except NothingSaid as no:
        return _needs_line(session, press, desk, code, word.outcome, no)
    words = desk.words(session, press.person)
    return Swap(_day(session, press, desk, words("stuga.logged", number=shown, outcome=words(f"stuga.outcome.{said}"))))


def _log(session: Session, press: Press, desk: Desk, code: str, word: Word) -> str:
    about, by, now = press.about or 0, press.person.pk, desk.now()
    if code.isdigit():
        return stuga_day.log(session, about, int(code), word, by=by, now=now).shown
    tool = None if code == view.NEW else code
    return stuga_day.walk_in(session, about, tool, word, by=by, now=now).shown


def _needs_line(session: Session, press: Press, desk: Desk, code: str, said: Outcome, no: NothingSaid) -> Show:
    """Tapped: the form for it. From the form: beside the field."""
    if press.choice:
        return Swap(_log_form(session, press, desk, code, said))
    return Errors({f"{view.LINE}:{code}": desk.words(session, press.person)(no.key)})


def _outcome(code: str) -> Outcome:
    if code not in set(Outcome):
        raise Gone
    return Outcome(code)


def many_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Flera med ett svar]: those of one tool and kind."""
    words = desk.words(session, press.person)
    for group in stuga_day.agenda(session, press.about or 0).groups:
        if _key(group) == press.choice:
            rows = [_row(session, press.person, press.about or 0, point) for point in group.points]
            name = words.tool(group.tool) or words("stuga.no_tool")
            return Swap(view.many_form(press.about or 0, name, rows, words))
    raise Gone


def log_many(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    ids = [number(each) or 0 for each in press.values.get(view.WHICH, "").split()]
    line = slack_text.plain(press.values.get(view.LINE, ""))
    word = Word(_outcome(press.values.get(view.OUTCOME, "")), line, press.vouched)
    done = stuga_day.log_many(session, press.about or 0, ids, word, by=press.person.pk, now=desk.now())
    words = desk.words(session, press.person)
    told = words("stuga.logged_many", n=len(done.done), outcome=words(f"stuga.outcome.{word.outcome}"))
    return Swap(_day(session, press, desk, told))


def _said_no(session: Session, press: Press, desk: Desk, no: Refused) -> Show:
    """Somebody was faster: said in the window, which shows what is true now."""
    words = desk.words(session, press.person)
    told = {name: slack_text.safe(str(value)) for name, value in no.about.items()}
    return Swap(_day(session, press, desk, words(no.key, **told)))


def end(session: Session, press: Press, desk: Desk) -> Show:
    """[Avsluta]"""
    stuga_day.end(session, press.about or 0, by=press.person.pk, now=desk.now())
    return redraw(session, press, desk)


# ---- cancel, move, hand over -----------------------------------------------------------------------------------------


def cancel(session: Session, press: Press, desk: Desk) -> Show:
    stuga.cancel(session, press.about or 0, by=press.person.pk, now=desk.now())
    return redraw(session, press, desk)


def move_form(session: Session, press: Press, desk: Desk) -> Show:
    held = stuga.shown(session, stuga_series.get(session, press.about))
    return Swap(view.move_form(held, desk.words(session, press.person)))


def move(session: Session, press: Press, desk: Desk) -> Show:
    """Another time or place."""
    if again := gate.refused(session, press, desk):
        return again
    place = {name: slack_text.plain(press.values.get(name, "")) for name in view.PLACE}
    words = desk.words(session, press.person)
    try:
        to = Move(_moment(press, view.STARTS), _moment(press, view.ENDS), **place)
        stuga.move(session, press.about or 0, to, by=press.person.pk, now=desk.now())
    except ValueError:
        return Errors({view.DAY: words("refused.no_time")})
    except NotAhead as no:
        return Errors({view.DAY: words(no.key)})
    return Swap(_day(session, press, desk, words("stuga.moved")))


def _moment(press: Press, name: str) -> datetime:
    """As Swedish clocks go that day. ValueError for what is no time."""
    day = date.fromisoformat(press.values.get(view.DAY, ""))
    return clock.moment(day, time.fromisoformat(press.values.get(name, "")))


def hand_over_form(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(view.hand_over_form(press.about or 0, desk.words(session, press.person)))


def hand_over(session: Session, press: Press, desk: Desk) -> Show:
    """Somebody else is host of this one."""
    words, to = desk.words(session, press.person), people.by_chat_user(session, press.values.get(view.WHO, ""))
    if to is None or to.deactivated_at is not None:
        return Errors({view.WHO: words("refused.nobody_chosen")})
    held = stuga.hand_over(session, press.about or 0, to.pk, by=press.person.pk, now=desk.now())
    told = words("stuga.handed_over", name=slack_text.safe(to.name))
    still_hers = stuga_series.may_run(session, press.person.pk, held, on=clock.today(desk.now()))
    return Swap(_day(session, press, desk, told) if still_hers else view.only(told, words))


ACTIONS: dict[str, Callable[[Session, Press, Desk], Show]] = {
    "run": run,
    "redraw": redraw,
    "board": board,
    "count": count,
    "heads_form": heads_form,
    "begin": begin,
    "next": next_one,
    "put_back": put_back,
    "change": change,
    "walk_in": change,
    "log": log,
    "log_form": log_form,
    "many_form": many_form,
    "end": end,
    "cancel": cancel,
    "move_form": move_form,
    "hand_over_form": hand_over_form,
}
FORMS: dict[str, Callable[[Session, Press, Desk], Show]] = {
    "heads": heads,
    "log": log,
    "log_many": log_many,
    "move": move,
    "hand_over": hand_over,
}
