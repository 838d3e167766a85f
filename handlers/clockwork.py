"""What the clock does: questions whose next step is due, drafts that have waited, shifts that ran out.

Each step is its own transaction and harmless when it is missed, doubled or run in parallel.
"""

from datetime import timedelta

from handlers.desk import Desk
from handlers.listening import Job, Listeners
from models import asking, catalogue, ladder, lines, recognition, roster, settings, tickets, turns
from models.turns import Turn


def register(on: Listeners) -> None:
    on.job(Job("due", due, every=timedelta(seconds=2)))
    on.job(Job("catalogue", learn, every=timedelta(minutes=1)))


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
