"""Staff ask in their own words, and see in one message who has the question and what happens next.

Here: what askers write and press, and the messages they get. Not here: helpers (helping.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handlers import forms, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Block, Errand, Kind, Post, Reader, Render
from handlers.listening import Listeners, Open, Press, Show, Told, does, number
from handlers.views import news as news_view
from handlers.views import outages as outages_view
from handlers.views import parts
from handlers.views import ticket as view
from handlers.words import Words
from models import (
    asking,
    catalogue,
    clock,
    contacts,
    gate,
    heard,
    ideas,
    ladder,
    learning,
    lines,
    news,
    offers,
    orders,
    outages,
    outbox,
    people,
    recognition,
    settings,
    shared,
    tickets,
)
from models.catalogue import Owner
from models.db import Session
from models.lines import Line, Said, Side
from models.orders import AccessOrder, OrderState
from models.outbox import Letter
from models.people import Person
from models.recognition import Urgency
from models.settings import Settings
from models.tickets import Reason, State, Ticket

EUROPE = "112"  # a unit without an administration cannot be imported; this is the belt to those braces
SPOKEN = frozenset({None, "file_share", "thread_broadcast"})
LAST_OF_A_SECOND = 0.999999


def register(on: Listeners) -> None:
    on.event("message", message)
    on.action("ticket.tool", choose_tool, may=tickets.asker_only)
    on.action("ticket.correct_form", correct_form, may=tickets.asker_only)
    on.view("ticket.correct", correct, may=tickets.asker_only)
    on.action("ticket.unit", choose_unit, may=tickets.asker_only)
    on.action("ticket.urgent", urgent, may=tickets.asker_only)
    on.action("ticket.not_urgent", not_urgent, may=tickets.asker_only)
    on.action("ticket.send_anyway", does(ladder.send_anyway), may=tickets.asker_only)
    on.action("ticket.human", does(asking.ask_human), may=tickets.asker_only)
    on.action("ticket.rung", does(asking.have_rung), may=tickets.asker_only)
    on.action("ticket.confirm", does(tickets.confirm), may=tickets.asker_only)
    on.action("ticket.deny", does(tickets.deny), may=tickets.asker_only)
    on.action("ticket.withdraw", does(tickets.withdraw), may=tickets.asker_only)
    on.action("line.which", choose_question, may=tickets.anyone)
    on.action("line.split", split, may=tickets.anyone)
    on.letter("outcome", Kind(unless_emptied(outcome), Reader.ASKER, once_sent=pictures.asked))
    for kind, render in LETTERS.items():
        on.letter(kind, Kind(unless_emptied(render), Reader.ASKER))
    on.letter("moved", Kind(moved, Reader.HELPER))
    on.letter("fault_note", Kind(fault_note, Reader.HELPER))


# ---- what they write ---------------------------------------------------------------------------------------


def message(session: Session, told: Told, desk: Desk) -> Show:
    """A message in somebody's conversation with the bot: new, changed or deleted, in whatever order we are told."""
    event = told.event
    if event.get("channel_type") != "im":
        return None
    if event.get("subtype") == "message_deleted":
        _deleted(session, event["channel"], event["deleted_ts"], desk)
    elif event.get("subtype") == "message_changed":
        _changed(session, told.person, event, desk)
    elif event.get("subtype") in SPOKEN:
        _said(session, told.person, event, _edited_at(event) if event.get("edited") else None, desk)
    return None


def _changed(session: Session, person: Person, event: dict[str, Any], desk: Desk) -> None:
    """An edit. Of a deleted message that has replies Slack says that it was changed into a tombstone."""
    message = {**event["message"], "channel": event["channel"]}
    if message.get("subtype") == "tombstone":
        _deleted(session, message["channel"], message["ts"], desk)
    elif message.get("subtype") in SPOKEN:
        _said(session, person, message, _edited_at(message, told_at=event.get("event_ts") or event.get("ts")), desk)


def _said(session: Session, person: Person, message: dict[str, Any], edited: datetime | None, desk: Desk) -> None:
    """The door: what is written is masked here, before anything is stored or decided.

    A message and its edits are versions of the same words. Whichever comes first is heard as the message, under the
    message's own time; of the others a newer one changes it. One that was deleted before is heard only if something
    in it is masked: to delete that is what we advise, and changes nothing in the question (contracts.md).
    """
    now, key = desk.now(), f"{message['channel']}:{message['ts']}"
    fresh = heard.first_time(session, f"said:{key}", now=now)
    if message.get("edited"):
        heard.first_time(session, edit_key(message["channel"], message), now=now)
    gone = not fresh and bool(heard.known(session, [gone_key(message["channel"], message["ts"])]))
    line = lines.find(session, message["channel"], message["ts"]) if edited or not fresh else None
    said = _masked(session, message, edited)
    if line is not None and not (gone and line.deleted_at):
        asking.reword(session, line, said, now=now)
    elif line is None and (said.hidden or not gone) and (fresh or gone or edited) and _is_recent(session, said, now):
        _heard(session, person, said, now)


def edit_key(channel: str, message: dict[str, Any]) -> str:
    """By this catch-up knows an edit that was heard."""
    return f"edited:{channel}:{message['ts']}:{message['edited'].get('ts')}"


def gone_key(channel: str, ts: str) -> str:
    """By this catch-up knows a deletion that was heard."""
    return f"gone:{channel}:{ts}"


def _masked(session: Session, message: dict[str, Any], edited: datetime | None) -> Said:
    masked, files = gate.masked(session, slack_text.plain(message.get("text", ""))), bool(message.get("files"))
    where: dict[str, Any] = {"channel": message["channel"], "ts": message["ts"], "root": _root(message)}
    own = message.get("parent_user_id") == message.get("user")
    return Said(masked.text, bool(masked.spans), left_out=files, edited=edited, under_own=own, **where)


def _root(message: dict[str, Any]) -> str:
    """The first message of the thread in which it stands; a thread's own first message stands in the conversation."""
    root = str(message.get("thread_ts") or "")
    return root if root != message["ts"] else ""


def _is_recent(session: Session, said: Said, now: datetime) -> bool:
    """Not an edit of something older than our memory: it may have been a question that is long since erased."""
    return said.edited is None or now - said.at < settings.read(session).span("keep.heard")


def _heard(session: Session, person: Person, said: Said, now: datetime) -> None:
    people.spoke(session, person, channel=said.channel, now=now)
    if said.text or said.left_out:
        _route(session, person, said, now)


def _route(session: Session, person: Person, said: Said, now: datetime) -> None:
    """Under a card it is a helper's answer, under a receipt it belongs to that question, else see asking.hear."""
    kind, ticket_id = _thread(session, person, said) if said.root else ("", None)
    if kind == "card":
        lines.answer(session, person, tickets.get(session, ticket_id), said, now=now)
    else:
        asking.hear(session, person, said, now=now, under=ticket_id)


def _thread(session: Session, person: Person, said: Said) -> tuple[str, int | None]:
    """What the thread is about: one of our messages, though it may not be marked as posted yet, or one of her own."""
    own = lines.find(session, said.channel, said.root)
    if own is not None:
        return ("receipt", own.ticket_id) if own.side is Side.ASKER else ("", None)
    place = outbox.at(session, said.channel, said.root)
    if place is None and not said.under_own:
        seen_at = datetime.fromtimestamp(float(said.root), UTC)
        place = outbox.on_its_way(session, person.pk, seen_at=seen_at)
    return (place and tickets.parse_place(place)) or ("", None)


def _edited_at(message: dict[str, Any], *, told_at: str | None = None) -> datetime:
    """Slack's time of this version. `edited.ts` often counts whole seconds: within one the event's own time decides.

    Changed by nobody (a link got its preview): the words are those of the event's time.
    """
    written, edited = float(message["ts"]), float((message.get("edited") or {}).get("ts") or 0)
    told = float(told_at or 0)
    if edited < int(written):  # unknown
        edited = told
    elif edited == int(edited) <= told:
        edited = min(told, edited + LAST_OF_A_SECOND)
    return datetime.fromtimestamp(max(edited, written + 0.000001), UTC)


def _deleted(session: Session, channel: str, ts: str, desk: Desk) -> None:
    """Deleting a masked or cleared line is what we advise, and changes nothing in the question (contracts.md).

    It is remembered, because what was said and changed before it may come after it.
    """
    now = desk.now()
    heard.first_time(session, f"said:{channel}:{ts}", now=now)
    heard.first_time(session, gone_key(channel, ts), now=now)
    line = lines.find(session, channel, ts)
    if line is not None and not line.hidden and line.cleared_at is None:
        lines.remove(session, line, now=now)
        asking.withdraw_if_empty(session, line, now=now)


# ---- what they press ---------------------------------------------------------------------------------------


def choose_tool(session: Session, press: Press, desk: Desk) -> Show:
    key = press.choice if press.choice in catalogue.in_force(session).tools else None
    asking.choose_tool(session, press.about or 0, key, by=press.person.pk, now=desk.now())
    return None


def correct_form(session: Session, press: Press, desk: Desk) -> Show:
    """[Fel verktyg?]: what else it may be about, of what her unit uses."""
    ticket, words = tickets.get(session, press.about), desk.words(session, press.person)
    used = people.tools_of(session, ticket.unit_id, on=clock.today(desk.now()))
    others = [key for key in words.tools.tools if key != ticket.tool and (not used or key in used)]
    return Open(view.correct_form(ticket.pk, forms.tools(others, words), words))


def correct(session: Session, press: Press, desk: Desk) -> Show:
    return choose_tool(session, replace(press, choice=press.values.get(view.TOOL, "")), desk)


def choose_unit(session: Session, press: Press, desk: Desk) -> Show:
    asking.choose_unit(session, press.person, press.about or 0, number(press.choice) or 0, now=desk.now())
    return None


def urgent(session: Session, press: Press, desk: Desk) -> Show:
    asking.hurry(session, tickets.get(session, press.about), by=press.person.pk, now=desk.now())
    return None


def not_urgent(session: Session, press: Press, desk: Desk) -> Show:
    ticket = tickets.get(session, press.about)
    tickets.set_urgency(session, ticket, Urgency.CAN_WAIT, by=press.person.pk, now=desk.now())
    return None


def choose_question(session: Session, press: Press, desk: Desk) -> Show:
    asking.choose_question(session, press.person, press.about or 0, number(press.choice), now=desk.now())
    return None


def split(session: Session, press: Press, desk: Desk) -> Show:
    asking.split_off(session, press.person, press.about or 0, now=desk.now())
    return None


# ---- what they get -------------------------------------------------------------------------------------------


def receipt(session: Session, letter: Letter, words: Words) -> Post | None:
    """The one message of a question."""
    ticket = tickets.shown(session, letter.about_id)
    talk = lines.of_ticket(session, ticket.pk)
    data = _receipt(session, ticket, talk, words)
    text, blocks = view.receipt_text(data, words), view.receipt(data, words)
    return Post(text, blocks, instead_of=_asked_before(ticket, talk))


def _asked_before(ticket: Ticket, talk: list[Line]) -> tuple[str, ...]:
    """ "Vad krånglar?" or "Vilken fråga?" that led to this question becomes its receipt: one message, not two."""
    said = [line for line in talk if line.side is Side.ASKER]
    return tuple(f"{kind}:{ticket.asker_id}:{line.id}" for line in said for kind in ("prompt", "which"))


def _receipt(session: Session, ticket: Ticket, talk: list[Line], words: Words) -> view.Receipt:
    said = [line for line in talk if line.side is Side.ASKER]
    undecided = ticket.state is State.OPEN
    return view.Receipt(
        facts=pictures.facts(session, ticket, words, talk=talk),
        asked=_asked(session, ticket),
        declined=any(card.said_no for card in tickets.candidates(session, ticket.pk)),
        next_up=_next_up(session, ticket, words),
        ring=_ring(session, ticket, words),
        held=ticket.is_held,
        unit_is_off=people.is_off(session, ticket.unit_id),
        hidden=any(line.hidden for line in said),
        file_stayed=any(line.left_out for line in said),
        by_form=settings.read(session).says_yes("files.allowed"),
        not_ours=_not_ours(session, ticket, words),
        note=_note(session, ticket, words),
        tools=_suggested(session, ticket, said, words) if undecided else (),
        no_tool=undecided and _is_no_tool(session, ticket, said, words),
        units=pictures.units(session) if undecided and ticket.unit_id is None else (),
        may_correct=undecided and ticket.tool is not None,
        split_line=said[-1].id if said and said[-1].guessed and said[-1].text else None,
        cleared=pictures.last_trace(talk, words),
        outage=_outage(session, ticket, words),
        news=_news(session, ticket, words),
        idea=_idea(session, ticket, words),
        answers=pictures.answers(session, offers.standing(session, ticket, now=words.now), words),
        reads=undecided and ladder.reads_until(ticket, words.now) is not None,
    )


def _outage(session: Session, ticket: Ticket, words: Words) -> outages_view.Shown | None:
    """Others have the same fault, and it is known."""
    found = outages.of_ticket(session, ticket)
    tool = words.tool(ticket.tool)
    return outages_view.Shown(found.pk, tool, found.text, found.ends_at) if found is not None else None


def _news(session: Session, ticket: Ticket, words: Words) -> news_view.Shown | None:
    """What is new about the tool, in one receipt of hers."""
    if ticket.state is State.CLOSED or ticket.tool is None:
        return None
    found = news.in_receipt(session, ticket.pk, on=clock.today(words.now))
    tool = words.tool(ticket.tool)
    return news_view.Shown(found.pk, tool, found.text, found.link, found.ends_on) if found is not None else None


def _idea(session: Session, ticket: Ticket, words: Words) -> str:
    """What has become of a wish, in a sentence."""
    found = ideas.of_ticket(session, ticket)
    if found is None:
        return ""
    if found.replied_at is None:
        known = people.find(session, ideas.for_whom(session, ticket, now=words.now))
        return words("idea.sent_to", names=slack_text.safe(words.people(who.name for who in known.values())))
    if news.of_idea(session, found.pk) is not None:
        return words("idea.is_news")
    by = session.get(Person, found.replied_by_id)
    return words("idea.has_reply", name=slack_text.safe(by.name if by else ""))


def _ring(session: Session, ticket: Ticket, words: Words) -> contacts.Ring:
    """Whom she rings if it cannot wait: the most specific number that holds now."""
    return contacts.holding(session, ticket.unit_id, ticket.tool, now=words.now) or contacts.Ring(EUROPE)


def _not_ours(session: Session, ticket: Ticket, words: Words) -> view.NotOurs | None:
    """Whose it is; the number from the contact catalogue, as the most specific one holds now."""
    owner, rules = words.tools.owners.get(ticket.belongs_to or ""), settings.read(session)
    if owner is None:
        return None
    found = contacts.holding(session, ticket.unit_id, owner.ring, now=words.now) if owner.ring else None
    has_asked = orders.of_ticket(session, ticket.pk) is not None
    return view.NotOurs(
        who=owner.said("who", words.language, rules),
        how="" if has_asked else _how(owner, rules, words),
        ring=found.number if found else "",
        kept=owner.words,
        order=_order(session, ticket, words) if owner.order else "",
        may_order=orders.may_be_asked_under(session, ticket) and not _is_shared(session, ticket),
    )


def _how(owner: Owner, rules: Settings, words: Words) -> str:
    """What to do, and whom to ring if that does not help. Nobody is told to ring a number that she does not have."""
    number = owner.number(rules)
    ring = words("receipt.owner_number", number=number) if number else words("receipt.owner_no_number")
    return " ".join([owner.said("how", words.language, rules), *([] if number is None else [ring])])


def _order(session: Session, ticket: Ticket, words: Words) -> str:
    """What has become of asking the manager, in a sentence; on a shared phone how to do it instead."""
    order = orders.of_ticket(session, ticket.pk)
    if order is None:
        return words("order.shared") if _is_shared(session, ticket) else ""
    tool = slack_text.safe(words.tool(order.tool) or order.tool)
    if order.state is OrderState.ASKED:
        return _asked_manager(session, order, tool, words)
    by = people.get(session, order.answered_by_id)
    return words(f"order.receipt.{order.state}", who=slack_text.safe(by.name if by else ""), tool=tool)


def _asked_manager(session: Session, order: AccessOrder, tool: str, words: Words) -> str:
    """Who has it, or when she gets it: nobody is disturbed off duty."""
    to = orders.managers(session, order.unit_id, asker_id=order.asker_id, now=words.now)
    if not to:
        return words("order.receipt.nobody", tool=tool)
    found, there = people.find(session, to), min(seen.back_at for seen in to.values())
    names = slack_text.safe(words.people(found[manager].name for manager in to))
    if there > words.now:
        return words("order.receipt.later", names=names, tool=tool, when=words.when(there))
    return words("order.receipt.asked", names=names, tool=tool)


def _is_shared(session: Session, ticket: Ticket) -> bool:
    return ticket.asker_id is not None and shared.is_shared(people.get(session, ticket.asker_id))


def _note(session: Session, ticket: Ticket, words: Words) -> str:
    """What is not ours beside a question that is: "Bara maskinen"."""
    rules = settings.read(session)
    return " ".join(owner.said("note", words.language, rules) for owner in words.tools.beside(ticket.tool))


def _asked(session: Session, ticket: Ticket) -> tuple[str, ...]:
    """Who has been asked on this rung and has not said no."""
    cards = tickets.candidates(session, ticket.pk)
    ids = [card.person_id for card in cards if card.left_at is None and card.rung == ticket.rung]
    found = people.find(session, ids)
    return tuple(found[i].name for i in ids if i in found)


def _next_up(session: Session, ticket: Ticket, words: Words) -> tuple[str, ...]:
    """Whom we ask when the wait is over."""
    if ticket.state is not State.OPEN:
        return ()
    ids = ladder.who_is_next(session, ticket, now=words.now)
    found = people.find(session, ids)
    return tuple(found[i].name for i in ids if i in found)


def _reading(session: Session, said: list[Line], words: Words) -> recognition.Reading:
    text = "\n".join(line.text for line in said)
    return recognition.read(text, catalogue=words.tools, learnt=learning.in_force(session))


def _is_no_tool(session: Session, ticket: Ticket, said: list[Line], words: Words) -> bool:
    """Nothing of a digital tool in it: a person is offered first."""
    unknown = ticket.tool is None and not ticket.tool_chosen and ticket.belongs_to is None
    return unknown and _reading(session, said, words).decision is recognition.Decision.NONE


def _suggested(session: Session, ticket: Ticket, said: list[Line], words: Words) -> tuple[tuple[str, str], ...]:
    """Three likely tools, of those that the unit uses, while nothing is understood or chosen."""
    if ticket.tool is not None or ticket.tool_chosen:
        return ()
    reading = _reading(session, said, words)
    common = settings.read(session).text("choice.common").split("|")
    used = people.tools_of(session, ticket.unit_id, on=clock.today(words.now))
    likely = dict.fromkeys([*(scored.key for scored in reading.tools), *common])
    keys = [key for key in likely if not used or key in used][:3]
    return tuple((key, words.tool(key)) for key in keys)


def prompt(session: Session, letter: Letter, words: Words) -> Post | None:
    """ "Vad krånglar?", unless the question has come meanwhile, or something else is being asked."""
    line, held = session.get(Line, letter.about_id), lines.unplaced(session, letter.to_id)
    if line is None or line.ticket_id is not None or line.deleted_at is not None:
        return None
    if lines.has_to_choose(session, letter.to_id, held):
        return None
    return Post(words("prompt.ask"), [parts.section(words("prompt.ask")), *_stayed(session, held, words)])


def _stayed(session: Session, held: Sequence[Line], words: Words) -> list[Block]:
    """What she has to know of a file among lines that have no question yet."""
    by_form = settings.read(session).says_yes("files.allowed")
    return view.file_stayed(by_form, words) if any(draft.left_out for draft in held) else []


def which(session: Session, letter: Letter, words: Words) -> Post | None:
    """ "Vilken fråga gäller det?"; once chosen, it says so."""
    line = session.get(Line, letter.about_id)
    if line is None or line.deleted_at is not None:
        return _asked_for_nothing(session, letter, words)
    if line.ticket_id is not None:
        if lines.of_ticket(session, line.ticket_id, Side.ASKER)[0].id == line.id:
            return None  # it became a question of its own, and this message its receipt
        text = words("which.done", number=f"F-{line.ticket_id}")
        return Post(text, [parts.context(text)])
    alive = tickets.alive_of(session, letter.to_id)
    questions = [pictures.facts(session, ticket, words) for ticket in alive]
    stayed = _stayed(session, lines.unplaced(session, letter.to_id), words)
    return Post(words("which.ask"), [*view.which(line.pk, line.text, questions, words), *stayed])


def _asked_for_nothing(session: Session, letter: Letter, words: Words) -> Post | None:
    """The line is gone: where it is quoted already, the quote goes too."""
    text = words("which.gone")
    return Post(text, [parts.context(text)]) if outbox.where_is(session, [letter.place]) else None


def taken(session: Session, letter: Letter, words: Words) -> Post | None:
    """Somebody has it. Not said if she has let it go again before it could be delivered."""
    ticket = tickets.get(session, letter.about_id)
    owner = people.get(session, ticket.owner_id)
    if owner is None or tickets.took(session, int(letter.place.split(":")[-1])) != owner.id:
        return None
    text = words("taken.told", name=slack_text.safe(owner.name), number=ticket.shown)
    return pictures.to_asker(session, ticket, words, text, [parts.section(text)])


def answer(session: Session, letter: Letter, words: Words) -> Post | None:
    """A workmate's words, with her name and face."""
    line = session.get(Line, letter.about_id)
    if line is None or line.ticket_id is None:
        return None
    ticket = tickets.get(session, line.ticket_id)
    post = pictures.spoken(session, line, letter, words, thread=tickets.receipt_place(ticket.pk))
    return replace(pictures.hailed(session, ticket, post, words, at=line.said_at), broadcast=True)


def outcome(session: Session, letter: Letter, words: Words) -> Post | None:
    ticket = tickets.get(session, letter.about_id)
    data = pictures.facts(session, ticket, words)
    if ticket.state is State.SOLVED_PROPOSED and not pictures.asks_last(session, ticket, letter):
        return Post(words("outcome.asked_again"), [parts.context(words("outcome.asked_again"))])
    text = words("outcome.ask", name=slack_text.safe(data.owner), number=data.number)
    return pictures.to_asker(session, ticket, words, text, view.outcome(data, words))


def rest_warning(session: Session, letter: Letter, words: Words) -> Post | None:
    ticket = tickets.get(session, letter.about_id)
    if ticket.next_at is None:
        return None
    data = pictures.facts(session, ticket, words)
    text = words("rest_warning.ask", number=data.number, day=words.day(ticket.next_at))
    return pictures.to_asker(session, ticket, words, text, [parts.section(text)])


def moved(session: Session, letter: Letter, words: Words) -> Post | None:
    """A line that a helper has read in her question is one of its own now: said where it stands, or not at all."""
    line = session.get(Line, letter.about_id)
    if line is None or not outbox.where_is(session, [letter.place]):
        return None
    text = words("line.moved", number=f"F-{line.ticket_id}")
    return Post(text, [parts.context(text)])


def fault_note(session: Session, letter: Letter, words: Words) -> Post | None:
    """The asker has rung. Not sent any more if she has come back meanwhile."""
    ticket = tickets.get(session, letter.about_id)
    if ticket.reason is not Reason.RUNG and not outbox.where_is(session, [letter.place]):
        return None
    data = pictures.facts(session, ticket, words)
    text = " · ".join(part for part in (ticket.shown, data.tool, words("fault_note.told")) if part)
    return Post(text, view.fault_note(data, words))


def unless_emptied(render: Render) -> Render:
    """What was taken away from a shared phone does not come back by itself."""

    def run(session: Session, letter: Letter, words: Words) -> Post | Errand | None:
        return None if shared.stays_empty(session, letter) else render(session, letter, words)

    return run


LETTERS: dict[str, Render] = {
    "receipt": receipt,
    "prompt": prompt,
    "which": which,
    "taken": taken,
    "answer": answer,
    "rest_warning": rest_warning,
}
