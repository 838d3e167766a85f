"""[Rensa] and "Rensa text": what should not have been written goes, after a question whether it shall.

From the receipt, from a card, or from any message of the question. Not here: what goes with it (models/clearing.py).
"""

from handlers.desk import Desk
from handlers.listening import Listeners, Open, Press, Show, Swap, number
from handlers.views import clearing as view
from handlers.views import notice, ticket
from models import clearing, ideas
from models.db import Session
from models.tickets import anyone


def register(on: Listeners) -> None:
    on.action("clear.open", form, may=clearing.may)
    on.message_shortcut("clear.this", form_for_message, may=anyone)
    on.view("clear.send", send, may=anyone)  # the verbs ask whether she may: a draft belongs to no question


def form(session: Session, press: Press, desk: Desk) -> Show:
    """From the menus of a receipt and a card: "Rensa text", or that it is a wish."""
    in_window = press.form.get("type") == "modal"
    if press.choice == ticket.IDEA:
        ideas.suggest(session, press.about or 0, by=press.person.pk, now=desk.now())
        return Swap(notice.done(desk.words(session, press.person))) if in_window else None
    shown = _form(session, press, desk, press.about, None)
    return Swap(shown.view) if in_window else shown


def form_for_message(session: Session, press: Press, desk: Desk) -> Show:
    """ "Rensa text" on a message: hers, or one of ours in a question of hers."""
    return _form(session, press, desk, *clearing.at(session, *press.message))


def _form(session: Session, press: Press, desk: Desk, ticket_id: int | None, line_id: int | None) -> Open:
    offer = clearing.offer(session, press.person, ticket_id, line_id)
    shown = [(line.pk, line.text) for line in offer.lines]
    return Open(view.form(offer.ticket_id, shown, offer.line_id, desk.words(session, press.person)))


def send(session: Session, press: Press, desk: Desk) -> Show:
    chosen, now = press.values.get(view.WHICH, ""), desk.now()
    if chosen == view.ALL:
        clearing.everything(session, press.person, press.about, now=now)
    else:
        clearing.line(session, press.person, number(chosen) or 0, now=now)
    return None
