"""Drop-ins: what their guests, hosts and helpers are told, and what the clock does with them."""

from datetime import timedelta

from handlers import pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, Render
from handlers.listening import Job, Listeners
from handlers.views import parts
from handlers.words import Words
from models import clock, jobs, stuga, stuga_day, stuga_series, tickets
from models.db import Session
from models.outbox import Letter
from models.stuga_day import Outcome
from models.stuga_series import Stage


def register(on: Listeners) -> None:
    on.job(Job("stuga", due, every=timedelta(seconds=30)))
    on.job(Job("stuga_calendar", keep_calendar, every=timedelta(hours=1)))
    for kind, (render, reader) in LETTERS.items():
        on.letter(kind, Kind(render, reader))


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
    """What became of a question, to the one who asked it."""
    ticket = tickets.get(session, letter.about_id)
    found, line = stuga_day.outcome_told(session, ticket.pk, int(letter.place.rpartition(":")[2]))
    if found is None:
        return None
    text = words(f"stuga_outcome.{found.value}", number=ticket.shown)
    said = slack_text.safe(line)
    blocks = [parts.section(text), *([parts.section(said)] if said else [])]
    if found is Outcome.SOLVED and ticket.state is tickets.State.SOLVED_PROPOSED:
        yes = parts.button(words("button.yes_solved"), "ticket.confirm", ticket.pk)
        blocks.append(parts.actions(yes, parts.button(words("button.not_yet"), "ticket.deny", ticket.pk)))
    return pictures.to_asker(session, ticket, words, text, blocks)


def still(session: Session, letter: Letter, words: Words) -> Post | None:
    """Twice nobody had time for it."""
    ticket = tickets.get(session, letter.about_id)
    text = words("stuga_still.ask", number=ticket.shown)
    return pictures.to_asker(session, ticket, words, text, [parts.section(text)])


def told(session: Session, letter: Letter, words: Words) -> Post | None:
    """Moved or cancelled, once an edition."""
    held = stuga_series.get(session, letter.about_id)
    if held.sequence != int(letter.place.rpartition(":")[2]):
        return None
    key = "stuga_told.cancelled" if held.stage is Stage.CANCELLED else "stuga_told.moved"
    text = words(key, name=held.name, when=words.when(held.starts_at))
    return Post(text, [parts.section(text)])


def reminder(session: Session, letter: Letter, words: Words) -> Post | None:
    """To those who bring something, while they do."""
    held = stuga_series.get(session, letter.about_id)
    hers = [t for t in tickets.parked_at(session, held.pk) if t.asker_id == letter.to_id]
    newest = held.sequence == int(letter.place.rpartition(":")[2])
    if not hers or not newest or words.now >= held.starts_at:
        return None
    text = words("stuga_reminder.told", name=held.name, when=words.when(held.starts_at))
    return Post(text, [parts.section(text)])


# ---- what its host and helpers see -------------------------------------------------------------------------------


def agenda(session: Session, letter: Letter, words: Words) -> Post | None:
    """The day before, then live."""
    found = stuga_day.agenda(session, letter.about_id or 0)
    when = words.when(found.stuga.starts_at)
    text = words("stuga_agenda.told", name=found.stuga.name, when=when, n=found.left)
    return Post(text, [parts.section(text)])


def summary(session: Session, letter: Letter, words: Words) -> Post | None:
    """Numbers, to the host, when it is over."""
    found = stuga_day.summary(session, letter.about_id or 0)
    n = sum(found.outcomes.values())
    text = words("stuga_summary.told", name=found.stuga.name, heads=found.stuga.heads, n=n)
    return Post(text, [parts.section(text)])


LETTERS: dict[str, tuple[Render, Reader]] = {
    "stuga_outcome": (outcome, Reader.ASKER),
    "stuga_still": (still, Reader.ASKER),
    "stuga_told": (told, Reader.ASKER),
    "stuga_told_staff": (told, Reader.HELPER),
    "stuga_reminder": (reminder, Reader.ASKER),
    "stuga_agenda": (agenda, Reader.HELPER),
    "stuga_summary": (summary, Reader.HELPER),
}
