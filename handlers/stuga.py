"""Drop-ins: how one finds them, brings a question and leaves it there; what everybody is told, and the clock's part.

Not here: the day itself (stuga_day.py).
"""

from datetime import timedelta

from handlers import parking, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, Render, Upload
from handlers.listening import HomePart, Job, Listeners, Open, Press, Show, Swap, UnitPart, does
from handlers.views import parts
from handlers.views import stuga as view
from handlers.words import Words
from models import clock, jobs, outbox, stuga, stuga_day, stuga_feed, stuga_ics, stuga_series, tickets
from models.db import Session
from models.errors import Gone
from models.outbox import Letter
from models.people import Department, Person, Unit
from models.stuga_day import Outcome
from models.stuga_series import Stage
from models.tickets import State, Ticket


def register(on: Listeners) -> None:
    on.home(HomePart(27, load, view.home, budget=1))
    on.unit_page(UnitPart(5, of_unit, view.unit, budget=1))
    on.action("stuga.find", find, may=tickets.anyone)
    on.command("/stuga", find, may=tickets.anyone)
    on.action("ticket.park", parking.choose, may=tickets.asker_only)
    on.action("ticket.unpark", does(stuga.unpark), may=parking.brings)
    on.view("stuga.park", parking.chosen, may=parking.brings)
    on.action("stuga.keep", keep, may=tickets.anyone)
    on.action("stuga.subscribe", subscribe, may=tickets.anyone)
    on.action("stuga.still", does(stuga_day.still_wanted), may=tickets.asker_only)
    on.job(Job("stuga", due, every=timedelta(seconds=30)))
    on.job(Job("stuga_calendar", keep_calendar, every=timedelta(hours=1)))
    on.letter("stuga_outcome", Kind(outcome, Reader.ASKER, once_sent=pictures.asked))
    for kind, (render, reader) in LETTERS.items():
        on.letter(kind, Kind(render, reader))


# ---- finding one -------------------------------------------------------------------------------------------------


def load(session: Session, person: Person, desk: Desk) -> view.Finding:
    now = desk.now()
    return view.Finding(tuple(stuga.next_for(session, person, now=now, most=1)), stuga.pause_now(session, now=now))


def of_unit(session: Session, person: Person, unit_id: int, desk: Desk) -> view.Finding:
    """The next one to which this unit is invited."""
    now, unit = desk.now(), session.get(Unit, unit_id)
    department = session.get(Department, unit.department_id) if unit else None
    wish = stuga.Wish(department=department.key if department else None)
    found = stuga.suitable(session, wish, now=now, most=1)
    return view.Finding(tuple(stuga.shown(session, each) for each in found), stuga.pause_now(session, now=now))


def find(session: Session, press: Press, desk: Desk) -> Show:
    """`/stuga`, and [Visa alla] in Home."""
    now = desk.now()
    coming = tuple(stuga.next_for(session, press.person, now=now, most=view.MOST))
    found = view.Finding(coming, stuga.pause_now(session, now=now), bool(desk.public_url))
    return Open(view.window(found, desk.words(session, press.person)))


def subscribe(session: Session, press: Press, desk: Desk) -> Show:
    """[Prenumerera]: the series whose next sessions suit her. Raises Gone where nothing is public."""
    if not desk.public_url:
        raise Gone
    wish = stuga.wish_for(session, press.person, now=desk.now())
    series = {each.series: each.name for each in stuga.suitable(session, wish, now=desk.now(), most=view.MOST)}
    address = f"{desk.public_url}/stuga/{{}}.ics"
    feeds = [(name, address.format(stuga_feed.tail_of(session, key))) for key, name in series.items()]
    return Swap(view.addresses(feeds, desk.words(session, press.person)))


def keep(session: Session, press: Press, desk: Desk) -> Show:
    """[Lägg i min kalender]"""
    held = stuga.keep_in_calendar(session, press.about or 0, by=press.person.pk, now=desk.now())
    words = desk.words(session, press.person)
    told = view.kept(view.brief(stuga.shown(session, held), words), words)
    return Swap(told) if press.form.get("type") == "modal" else None


# ---- the clock ---------------------------------------------------------------------------------------------------


def due(desk: Desk) -> None:
    """Reminders, agendas, and the end of what nobody has ended."""
    with desk.db.snapshot() as session:
        found = stuga.due(session, now=desk.now())
    for stuga_id in found:
        desk.alone(stuga_day.tick, stuga_id)
    if found:
        desk.nudge()


def keep_calendar(desk: Desk) -> None:
    """Once a day: the sessions of the weeks to come."""
    now, slot = desk.now(), clock.today(desk.now()).isoformat()
    with desk.db.transaction() as session:
        if jobs.claim(session, "stuga_calendar", slot, now=now):
            stuga.keep_calendar(session, now=now)
            jobs.finish(session, "stuga_calendar", slot, now=now)


# ---- what its guests are told ------------------------------------------------------------------------------------


def outcome(session: Session, letter: Letter, words: Words) -> Post | None:
    """What became of a question, to the one who asked it, with the line that helped."""
    ticket = tickets.get(session, letter.about_id)
    found, line = stuga_day.outcome_told(session, ticket.pk, int(letter.place.rpartition(":")[2]))
    if found is None:
        return None
    text = words(f"stuga_outcome.{found.value}", number=ticket.shown)
    said = [parts.said(line)] if line else []
    blocks = [parts.section(text), *said, *_then(session, ticket, letter, found, words)]
    return pictures.to_asker(session, ticket, words, text, blocks)


def _then(session: Session, ticket: Ticket, letter: Letter, found: Outcome, words: Words) -> list[parts.Block]:
    """What she can do about it, or where it is now."""
    asks = found is Outcome.SOLVED and ticket.state is State.SOLVED_PROPOSED
    if asks and pictures.asks_last(session, ticket, letter):
        yes = parts.button(words("button.yes_solved"), "ticket.confirm", ticket.pk, "primary")
        return [parts.actions(yes, parts.button(words("button.not_yet"), "ticket.deny", ticket.pk))]
    if found is Outcome.NOT_TAKEN:
        return [parts.context(_where_now(session, ticket, words))]
    return []


def _where_now(session: Session, ticket: Ticket, words: Words) -> str:
    """What has become of a question that was brought to something else than it ended up at."""
    if ticket.state is State.PARKED and ticket.stuga_id is not None:
        held = stuga.shown(session, stuga_series.get(session, ticket.stuga_id))
        return words("stuga.now_at", number=ticket.shown, stuga_name=view.brief(held, words))
    if ticket.state is State.CLOSED:
        return words("stuga.now_closed", number=ticket.shown)
    return words("stuga.now_asked", number=ticket.shown)


def still(session: Session, letter: Letter, words: Words) -> Post | None:
    """Twice nobody had time for it."""
    ticket = tickets.get(session, letter.about_id)
    if ticket.state is not State.PARKED:
        text = _where_now(session, ticket, words)
        return pictures.to_asker(session, ticket, words, text, [parts.section(text)])
    text = words("stuga_still.ask", number=ticket.shown)
    return pictures.to_asker(session, ticket, words, text, view.still(ticket.pk, text, words))


def told(session: Session, letter: Letter, words: Words) -> Post | None:
    """Moved or cancelled, once an edition; to a guest also where her questions are now."""
    held = stuga_series.get(session, letter.about_id)
    if held.sequence != int(letter.place.rpartition(":")[2]):
        return None
    shown = stuga.shown(session, held)
    off = held.stage is Stage.CANCELLED
    text = words("stuga_told.cancelled" if off else "stuga_told.moved", name=view.brief(shown, words))
    hers = [ticket for ticket in stuga.brought(session, held.pk, letter.to_id) if off or ticket.stuga_id != held.id]
    where = [parts.section("\n".join(_where_now(session, ticket, words) for ticket in hers))] if hers else []
    about = [] if off else [parts.context(view.there(shown, words))]
    return Post(text, [parts.section(text), *about, *where])


def told_staff(session: Session, letter: Letter, words: Words) -> Post | None:
    """The same for host and helpers. Who is made host is told so."""
    post, staff = told(session, letter, words), stuga_series.staff_of(session, letter.about_id or 0)
    held = stuga_series.get(session, letter.about_id)
    if post is None or held.stage is Stage.CANCELLED or letter.to_id not in staff:
        return post
    text = words("stuga_told.staff", name=view.brief(stuga.shown(session, held), words))
    run = parts.button(words("button.stuga_run"), "stuga.run", held.pk)
    return Post(text, [parts.section(text), *post.blocks[1:2], parts.actions(run)])


def reminder(session: Session, letter: Letter, words: Words) -> Post | None:
    """To those who bring something, while they do."""
    held = stuga_series.get(session, letter.about_id)
    hers = [t for t in tickets.parked_at(session, held.pk) if t.asker_id == letter.to_id]
    newest = held.sequence == int(letter.place.rpartition(":")[2])
    if not hers or not newest or words.now >= held.starts_at:
        return None
    shown, numbers = stuga.shown(session, held), words.people(ticket.shown for ticket in hers)
    text = words("stuga_reminder.told", name=view.brief(shown, words), numbers=numbers)
    return Post(text, [parts.section(text), parts.context(view.there(shown, words))])


def in_calendar(session: Session, letter: Letter, words: Words) -> Post | None:
    """Under this message its calendar file lies, the newest last."""
    shown = stuga.shown(session, stuga_series.get(session, letter.about_id))
    text = words("stuga_ics.told", name=view.brief(shown, words))
    return Post(text, [parts.section(text), parts.context(view.there(shown, words))])


def calendar_file(session: Session, letter: Letter, words: Words) -> Upload | None:
    """Of the newest edition. The place carries whom it is for and which edition."""
    held = stuga_series.get(session, letter.about_id)
    place = f"stuga_ics:{held.id}:{letter.to_id}"
    message = outbox.where_is(session, [place]).get(place)
    if message is None or held.sequence != int(letter.place.rpartition(":")[2]):
        return None
    name = f"supportstuga-{held.slot}-{held.sequence + 1}.ics"
    return Upload(message.channel, message.ts, name, stuga_ics.session_file(held))


# ---- what its host and helpers see -------------------------------------------------------------------------------


def agenda(session: Session, letter: Letter, words: Words) -> Post | None:
    """The day before, then live: how much there is of what, and the way to it."""
    found = stuga_day.agenda(session, letter.about_id or 0)
    if found.stuga.ends_at <= words.now and not outbox.where_is(session, [letter.place]):
        return None  # we were away when it was time
    name = view.brief(found.stuga, words)
    text = words("stuga_agenda.told", name=name, n=found.left) if found.left else words("stuga_agenda.none", name=name)
    none = words("stuga.no_tool")
    groups = [
        f"• {words.tool(g.tool) or none} · {words(f'cli.explain.kind.{g.kind}')}: {len(g.points)}" for g in found.groups
    ]
    about = [parts.section("\n".join(groups[:15]))] if groups else []
    run = parts.button(words("button.stuga_run"), "stuga.run", found.stuga.id, "primary")
    return Post(text, [parts.section(text), *about, parts.actions(run)])


def summary(session: Session, letter: Letter, words: Words) -> Post | None:
    """Numbers, to the host, when it is over; what was tapped wrongly can still be put right."""
    found = stuga_day.summary(session, letter.about_id or 0)
    n = sum(many for each, many in found.outcomes.items() if each is not Outcome.NOT_TAKEN)
    text = _how_it_was(found.stuga.name, found.stuga.heads, n, words)
    counts = [f"• {words(f'stuga.outcome.{each}')}: {many}" for each, many in found.outcomes.items()]
    more = [words("stuga_summary.walk_ins", n=found.walk_ins)] if found.walk_ins else []
    more += [words("stuga_summary.minutes", n=found.minutes)] if found.minutes else []
    more += [words("stuga_summary.answers", n=found.answers)] if found.answers else []
    lines = [parts.section("\n".join(counts))] if counts else []
    small = [parts.context(" · ".join(more))] if more else []
    put_right = parts.button(words("button.stuga_put_right"), "stuga.run", found.stuga.id)
    return Post(text, [parts.section(text), *lines, *small, parts.actions(put_right)])


def _how_it_was(name: str, heads: int, n: int, words: Words) -> str:
    """Heads are tapped by hand: with questions and no heads, nobody has counted."""
    came = [words("stuga_summary.heads", n=heads)] if heads else []
    asked = [words("stuga_summary.questions", n=n)] if n else []
    told = [*came, *asked] or [words("stuga_summary.empty")]
    return " ".join([words("stuga_summary.over", name=slack_text.safe(name)), *told])


LETTERS: dict[str, tuple[Render, Reader]] = {
    "stuga_still": (still, Reader.ASKER),
    "stuga_told": (told, Reader.ASKER),
    "stuga_told_staff": (told_staff, Reader.HELPER),
    "stuga_ics": (in_calendar, Reader.ASKER),
    "stuga_ics_file": (calendar_file, Reader.ASKER),
    "stuga_reminder": (reminder, Reader.ASKER),
    "stuga_agenda": (agenda, Reader.HELPER),
    "stuga_summary": (summary, Reader.HELPER),
}
