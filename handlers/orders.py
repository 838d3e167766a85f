"""A colleague asks her manager to order access, and is told when it is done. The manager has two buttons and a list."""

from collections.abc import Callable
from datetime import timedelta

from handlers import gate, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import HomePart, Job, Listeners, Open, Press, Show, Swap, does, number
from handlers.views import orders as view
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, clock, orders, outbox, people, roster, tickets
from models.db import Session
from models.errors import Gone
from models.orders import AccessOrder, NoUnit, OrderState
from models.outbox import Letter
from models.people import Person, Unit

SHOWN = 5
LISTED = 12  # blocks: a heading, five orders of two, and how many more


def register(on: Listeners) -> None:
    on.action("order.open", open_form, may=tickets.asker_only)
    on.view("order.unit", choose_unit, may=tickets.asker_only)
    on.view("order.send", send, may=tickets.asker_only)
    on.action("order.list", open_list, may=administration.manager_only)
    on.action("order.done", done, may=orders.manager_only)
    on.action("order.decline_form", decline_form, may=orders.manager_only)
    on.view("order.decline", decline, may=orders.manager_only)
    on.action("order.undo", does(orders.undo), may=orders.manager_only)
    on.letter("order", Kind(message, Reader.MANAGER))
    on.letter("order_again", Kind(message, Reader.MANAGER))
    on.letter("order_told", Kind(told, Reader.ASKER))
    on.letter("order_stuck", Kind(stuck, Reader.ASKER))
    on.home(HomePart(14, waiting, lambda found, words: view.waiting(found[0], found[1], words), budget=LISTED))
    on.job(Job("orders", look_after, every=timedelta(minutes=10)))


# ---- the one who asks ------------------------------------------------------------------------------------------


def open_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Be min chef beställa]: what is sent, and to whom. Without a unit that comes first."""
    return _form(session, press, desk, Open)


def choose_unit(session: Session, press: Press, desk: Desk) -> Show:
    """Remembered for the shift, as everywhere."""
    unit_id = number(press.values.get(view.UNIT, ""))
    roster.work_today(session, press.person.pk, unit_id or 0, now=desk.now())
    return _form(session, press, desk, Swap)


def _form(session: Session, press: Press, desk: Desk, show: Callable[[Block], Open | Swap]) -> Show:
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    try:
        to = orders.askable(session, press.person, ticket, now=desk.now())
    except NoUnit:
        return show(view.unit_form(ticket.pk, pictures.units(session), words))
    return show(view.form(_drawn_form(session, press.person, ticket, to, words), words))


def _drawn_form(
    session: Session, person: Person, ticket: tickets.Ticket, to: orders.Askable, words: Words
) -> view.Form:
    names, unit = people.find(session, to.managers), session.get(Unit, to.unit_id)
    return view.Form(
        ticket=ticket.pk,
        to=tuple(names[manager].name for manager in to.managers if manager in names),
        asker=person.name,
        unit=unit.name if unit else "",
        tool=words.tool(ticket.tool),
        tool_key=ticket.tool or "",
        tools=tuple((key, words.tool(key)) for key in words.tools.tools),
        days=tuple((words(f"order.days.{days}"), days) for days in orders.DAYS),
    )


def send(session: Session, press: Press, desk: Desk) -> Show:
    """[Skicka]. What the form showed is what is sent: a tool that was known is not asked for."""
    ticket = tickets.get(session, press.about)
    tool, days = ticket.tool or press.values.get(view.TOOL, ""), number(press.values.get(view.NEEDED, ""))
    orders.ask(session, press.person, ticket.pk, tool=tool, days=days, now=desk.now())
    return None


# ---- the manager -----------------------------------------------------------------------------------------------


def decline_form(session: Session, press: Press, desk: Desk) -> Show:
    words, order = desk.words(session, press.person), orders.get(session, press.about)
    if order is None or order.state is not OrderState.ASKED:
        raise Gone
    return Open(view.decline_form(_drawn(session, order, press.person.pk, words), words))


def decline(session: Session, press: Press, desk: Desk) -> Show:
    """[Inte aktuellt], with a word that goes to the one who asked."""
    if again := gate.refused(session, press, desk):
        return again
    word = slack_text.plain(press.values.get(view.WORD, ""))
    orders.decline(session, press.about or 0, word[:200], by=press.person.pk, now=desk.now())
    return None


def done(session: Session, press: Press, desk: Desk) -> Show:
    """[Beställd]: in the window of all that waits, what is left stays in front of her."""
    orders.ordered(session, press.about or 0, by=press.person.pk, now=desk.now())
    return Swap(_window(session, press, desk)) if press.form.get("type") == "modal" else None


def open_list(session: Session, press: Press, desk: Desk) -> Show:
    """What waits for her, from the weekly summary."""
    return Open(_window(session, press, desk))


def _window(session: Session, press: Press, desk: Desk) -> Block:
    words = desk.words(session, press.person)
    return view.window(*waiting(session, press.person, desk), words)


def waiting(session: Session, person: Person, desk: Desk) -> tuple[tuple[view.Order, ...], int]:
    """What a manager has to order, the oldest first, and how many more."""
    found, words = orders.waiting_for(session, person.pk, now=desk.now()), desk.words(session, person)
    drawn = tuple(_drawn(session, order, person.pk, words) for order in found[:SHOWN])
    return drawn, max(0, len(found) - SHOWN)


def look_after(desk: Desk) -> None:
    """Orders that nobody has answered, each by itself."""
    desk.each(lambda session, now: orders.open_ids(session), orders.look_after)


# ---- what they get -----------------------------------------------------------------------------------------------


def message(session: Session, letter: Letter, words: Words) -> Post | None:
    """A manager's message. One that never came is not sent to say that it is over."""
    order = orders.get(session, letter.about_id)
    if order is None or (order.state is not OrderState.ASKED and not outbox.where_is(session, [letter.place])):
        return None
    data = _drawn(session, order, letter.to_id, words, again=letter.kind == "order_again")
    return Post(view.message_text(data, words), view.message(data, words))


def told(session: Session, letter: Letter, words: Words) -> Post | None:
    """The answer. Taken back before it was told, it is not told; after that, the message says so."""
    order = orders.get(session, letter.about_id)
    if order is None:
        return None
    data = _drawn(session, order, letter.to_id, words)
    if orders.still_says(order, letter.place):
        who, tool = slack_text.safe(data.answered_by), slack_text.safe(data.tool)
        text = words(f"order.told.{order.state}", who=who, tool=tool)
        blocks = view.told(text, order.word)
    elif outbox.where_is(session, [letter.place]):
        text = words("order.told.undone", tool=slack_text.safe(data.tool))
        blocks = view.told(text, "")
    else:
        return None
    return pictures.to_asker(session, tickets.get(session, order.ticket_id), words, text, blocks)


def stuck(session: Session, letter: Letter, words: Words) -> Post | None:
    """Nobody is there to order it: whom to turn to instead."""
    order = orders.get(session, letter.about_id)
    if order is None or order.state is not OrderState.ASKED:
        return None
    nobody = orders.nobody(session, order.unit_id, now=words.now)
    text = words(nobody.key, names=slack_text.safe(str(nobody.about.get("names", ""))))
    return pictures.to_asker(session, tickets.get(session, order.ticket_id), words, text, view.told(text, ""))


def _drawn(session: Session, order: AccessOrder, reader: int, words: Words, *, again: bool = False) -> view.Order:
    names, unit = people.find(session, (order.asker_id, order.answered_by_id)), session.get(Unit, order.unit_id)
    answered_by = names.get(order.answered_by_id or 0)
    return view.Order(
        id=order.pk,
        asker=names[order.asker_id].name,
        tool=words.tool(order.tool) or order.tool,
        unit=unit.name if unit else "",
        needed=words.day(clock.midnight(order.needed_by)),
        state=order.state,
        answered_by=answered_by.name if answered_by else "",
        mine=order.answered_by_id == reader,
        again=again,
    )
