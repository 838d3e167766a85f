"""A question is brought to a drop-in, by its asker or by whoever helps: one tap where one suits, else a choice."""

from handlers.desk import Desk
from handlers.listening import Open, Press, Show, number
from handlers.views import stuga as view
from models import stuga, tickets
from models.db import Session
from models.people import Person


def brings(session: Session, person: Person, about: int | None) -> None:
    """Rule: the one who asked, whoever has it, and while nobody has, everybody with a card."""
    if tickets.get(session, about).asker_id != person.id:
        tickets.helper_only(session, person, about)


def choose(session: Session, press: Press, desk: Desk) -> Show:
    """[Ta med till supportstugan], [Till supportstugan], [Byt stuga]."""
    ticket = tickets.get(session, press.about)
    found = [each for each in stuga.options(session, ticket.pk, now=desk.now()) if each.id != ticket.stuga_id]
    if len(found) > 1:
        drawn = [stuga.shown(session, each) for each in found]
        return Open(view.choose(ticket.pk, ticket.shown, drawn, desk.words(session, press.person)))
    to = found[0].pk if found else None
    stuga.park(session, ticket.pk, by=press.person.pk, now=desk.now(), stuga_id=to)
    return None


def chosen(session: Session, press: Press, desk: Desk) -> Show:
    """The form: to this one."""
    to = number(press.values.get(view.STUGA)) or 0
    stuga.park(session, press.about or 0, by=press.person.pk, now=desk.now(), stuga_id=to)
    return None
