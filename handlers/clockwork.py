"""What the clock does: questions whose next step is due, drafts that have waited, shifts that ran out, tidying.

Each step is its own transaction and harmless when it is missed, doubled or run in parallel.
"""

from datetime import timedelta

from handlers.desk import Desk
from handlers.listening import Job, Listeners
from models import (
    answers,
    asking,
    catalogue,
    clock,
    heard,
    jobs,
    ladder,
    learning,
    lines,
    news,
    orders,
    outbox,
    recognition,
    roster,
    settings,
    summary,
    tally,
    tickets,
    turns,
)
from models.turns import Turn


def register(on: Listeners) -> None:
    on.job(Job("due", due, every=timedelta(seconds=2)))
    on.job(Job("catalogue", learn, every=timedelta(minutes=1)))
    on.job(Job("tidy", tidy, every=timedelta(hours=1)))


def due(desk: Desk) -> None:
    """Everything that has fallen due, one at a time, so that one that fails stops no other."""
    with desk.db.snapshot() as session:
        waited = desk.now() - settings.read(session).span("draft.wait")
        due_tickets = tickets.due(session, now=desk.now())
        drafts = lines.unplaced_since(session, before=waited)
        over = roster.any_run_out(session, now=desk.now())
        turned = turns.due(session, now=desk.now())
        claims = tickets.claims_to_look_at(session, now=desk.now())
    if over:
        _end_shifts(desk)
    for turn in turned:
        _turn(desk, turn)
    for ticket_id in claims:
        desk.alone(ladder.look_at_claim, ticket_id)
    for ticket_id in due_tickets:
        desk.alone(ladder.tick, ticket_id)
    for person_id in drafts:
        desk.alone(asking.settle_drafts, person_id)
    if over or turned or claims or due_tickets or drafts:
        desk.nudge()


def _end_shifts(desk: Desk) -> None:
    with desk.db.transaction() as session:
        for person_id in roster.run_out(session, now=desk.now()):
            ladder.let_go(session, person_id, now=desk.now())
        for person_id in roster.back_from_pause(session, now=desk.now()):
            ladder.come_on_duty(session, person_id, f"pause{desk.now():%Y%m%d%H%M}", now=desk.now())


def _turn(desk: Desk, turn: Turn) -> None:
    """Planned shifts that begin or end at one instant. Before the questions: a digest comes instead of single cards."""
    with desk.db.transaction() as session:
        if not turns.claim(session, turn, now=desk.now()):
            return
    with desk.db.snapshot() as session:
        concerned = turns.concerned(session, turn, now=desk.now())
    for person_id in concerned:
        desk.alone(turns.VERBS[turn.what], person_id)
    with desk.db.transaction() as session:
        turns.finish(session, turn, now=desk.now())


def learn(desk: Desk) -> None:
    """What the municipality says of its tools may have been changed from anywhere."""
    with desk.db.snapshot() as session:
        found = catalogue.in_force(session)
    recognition.prepare(found)


def tidy(desk: Desk) -> None:
    """Once a day: what has served its purpose goes."""
    now, slot = desk.now(), clock.today(desk.now()).isoformat()
    with desk.db.transaction() as session:
        if not jobs.claim(session, "tidy", slot, now=now):
            return
        keep = settings.read(session).span
        heard.forget(session, before=now - keep("keep.heard"))
        orders.forget(session, before=now - keep("keep.orders"))
        news.forget_readers(session, on=clock.today(now))
        outbox.forget(session, before=now - keep("keep.letters"))
        answers.forget_old(session, before=now - keep("keep.answers"))
        summary.forget_pictures(session, before=now - keep("keep.letters"))
        learning.forget_old(session, before=now - keep("keep.wordings"))
        tally.forget(session, before=clock.today(now - keep("keep.tally")))
        jobs.forget(session, before=now - keep("keep.jobs"))
        jobs.finish(session, "tidy", slot, now=now)
