"""A helper who cannot solve it alone: sends it on, asks back, parks it, hands it to IT, leaves a note, pauses."""

from collections.abc import Callable

from handlers import gate, parking, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader, Render
from handlers.listening import Listeners, Open, Press, Rule, Show, Swap, does, number
from handlers.views import notice, parts
from handlers.views import onward as view
from handlers.words import Words
from models import catalogue, ladder, lines, people, tickets
from models.db import Session
from models.errors import Gone
from models.ladder import Onward
from models.outbox import Letter
from models.tickets import State, Ticket


def register(on: Listeners) -> None:
    on.action("ticket.more", more, may=tickets.helper_only)
    on.action("ticket.ask_back", does(tickets.ask_back), may=tickets.owner_only)
    on.action("ticket.came_back", does(tickets.come_back), may=tickets.owner_only)
    on.action("ticket.solved_outside", does(tickets.solve_outside), may=tickets.owner_only)
    on.view("onward.send", send, may=tickets.helper_only)
    on.view("onward.note", note, may=tickets.helper_only)
    on.view("onward.out", does(tickets.send_out), may=tickets.owner_only)
    on.letter("needs_you", Kind(needs_you, Reader.ASKER))
    for kind, render in LETTERS.items():
        on.letter(kind, Kind(render, Reader.HELPER))


# ---- the menu on a card --------------------------------------------------------------------------------------


def more(session: Session, press: Press, desk: Desk) -> Show:
    """One menu, several wishes, each with its own rule."""
    if press.choice not in WISHES:
        raise Gone
    rule, listener = WISHES[press.choice]
    rule(session, press.person, press.about)
    show = listener(session, press, desk)
    in_window = press.form.get("type") == "modal"
    return Swap(notice.done(desk.words(session, press.person))) if in_window and show is None else show


def _send_form(session: Session, press: Press, desk: Desk) -> Show:
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    others = [
        (person.name, person.pk, role)
        for person, role in ladder.colleagues(session, now=desk.now())
        if person.id not in (press.person.id, ticket.asker_id)
    ]
    tools = [(words.tool(key), key) for key in words.tools.tools if key != ticket.tool]
    return Open(view.send_form(ticket.pk, others, tools, words))


def _note_form(session: Session, press: Press, desk: Desk) -> Show:
    return Open(view.note_form(press.about or 0, desk.words(session, press.person)))


def _out_form(session: Session, press: Press, desk: Desk) -> Show:
    """The text for IT or a vendor, ready to copy."""
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    tool = words.tools.known.get(ticket.tool or "")
    talk = pictures.talk(session, ticket, words)
    facts = pictures.facts(session, ticket, words)
    return Open(view.out_form(facts, tool.hand_off if tool else "", talk, press.person.name, words))


def _others(session: Session, press: Press, desk: Desk) -> Show:
    words, ticket = desk.words(session, press.person), tickets.get(session, press.about)
    facts = pictures.facts(session, ticket, words)
    return Open(view.others(facts, words, mine=ticket.owner_id == press.person.pk))


def _pause(session: Session, press: Press, desk: Desk) -> Show:
    ladder.pause(session, press.person, now=desk.now())
    return None


WISHES: dict[str, tuple[Rule, Callable[[Session, Press, Desk], Show]]] = {
    "send": (tickets.helper_only, _send_form),
    "note": (tickets.helper_only, _note_form),
    "park": (tickets.helper_only, parking.choose),
    "pause": (tickets.candidate_only, _pause),
    "out": (tickets.owner_only, _out_form),
    "others": (tickets.helper_only, _others),
    "give_back": (tickets.owner_only, does(ladder.give_back)),
}


# ---- what they send ------------------------------------------------------------------------------------------


def send(session: Session, press: Press, desk: Desk) -> Show:
    """[Skicka vidare], with a word for the next one."""
    if again := gate.refused(session, press, desk):
        return again
    ticket = tickets.get(session, press.about)
    _write_down(session, press, ticket, desk)
    person, tool = press.values.get(view.TO, ""), press.values.get(view.TOOL, "")
    onward = Onward(number(person), tool if tool in catalogue.in_force(session).tools else None)
    ladder.forward(session, ticket.pk, onward, by=press.person.pk, now=desk.now())
    return None


def note(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    _write_down(session, press, tickets.get(session, press.about), desk)
    return None


def _write_down(session: Session, press: Press, ticket: Ticket, desk: Desk) -> None:
    text = slack_text.plain(press.values.get(view.WORD, ""))
    if text:
        lines.note(session, press.person, ticket, text, vouched=press.vouched, now=desk.now())


# ---- what they get -------------------------------------------------------------------------------------------


def needs_you(session: Session, letter: Letter, words: Words) -> Post | None:
    """The helper waits for an answer: the asker has to do something."""
    ticket = tickets.get(session, letter.about_id)
    owner = people.get(session, ticket.owner_id)
    if ticket.state is not State.WAITING_ASKER or owner is None:
        return None
    text = words("needs_you.told", name=slack_text.safe(owner.name), number=ticket.shown)
    return pictures.to_asker(session, ticket, words, text, [parts.section(text)])


def check_outside(session: Session, letter: Letter, words: Words) -> Post | None:
    """A working day has gone by: has IT answered?"""
    ticket = tickets.get(session, letter.about_id)
    text, place = words("check_outside.ask", number=ticket.shown), tickets.card_place(ticket.pk, letter.to_id)
    if ticket.state is not State.WAITING_EXTERNAL:
        done = words("check_outside.done", number=ticket.shown)
        return Post(done, [parts.context(done)], thread=place, broadcast=True)
    return Post(text, view.check_outside(ticket.pk, text, words), thread=place, broadcast=True)


LETTERS: dict[str, Render] = {"check_outside": check_outside}
