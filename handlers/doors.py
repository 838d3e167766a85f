"""Other doors to asking than a message: a form from Home or a shortcut, `/fraga`, a mention, "Gör till fråga".

All of them end in the same question as a message does (models/asking.py). A form refuses secrets before anything
is sent, which a message cannot.
"""

from dataclasses import replace
from typing import Any

from handlers import gate as form_gate
from handlers import pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, React, Reader
from handlers.listening import Errors, Home, HomePart, Listeners, Open, Press, Show, Swap, Told, number
from handlers.views import doors as view
from handlers.words import Words
from models import asking, catalogue, clock, gate, heard, outbox, people, recognition, roster, settings, shared
from models.asking import Asked
from models.db import Session
from models.errors import Gone
from models.outbox import Intent, Letter
from models.people import Person
from models.recognition import Urgency
from models.tickets import anyone

MANY = 6  # tools to tap in Home


def register(on: Listeners) -> None:
    on.action("ask.open", form, may=anyone)
    on.action("ask.tool", form_for_tool, may=anyone)
    on.action("ask.usual", send_usual, may=anyone)
    on.view("ask.send", send, may=anyone)
    on.shortcut("ask.open", form, may=anyone)
    on.message_shortcut("ask.this", form_for_message, may=anyone)
    on.command("/fraga", command, may=anyone)
    on.event("app_mention", mention)
    on.letter("mention", Kind(seen, Reader.ASKER))
    on.home(HomePart(15, load, view.tool_buttons, budget=3))


def form(session: Session, press: Press, desk: Desk) -> Show:
    words = desk.words(session, press.person)
    return Open(view.ask(_form(session, press.person, words, desk), words))


def form_for_tool(session: Session, press: Press, desk: Desk) -> Show:
    """The first tap: a tool. Its usual troubles are the second."""
    words = desk.words(session, press.person)
    if press.choice not in words.tools.tools:
        raise Gone
    usual = words.tools.usual(press.choice, words.language)
    return Open(view.ask(replace(_form(session, press.person, words, desk, tool=press.choice), usual=usual), words))


def form_for_message(session: Session, press: Press, desk: Desk) -> Show:
    """ "Gör till fråga": the one who presses asks; whose words they were is not stored."""
    words = desk.words(session, press.person)
    masked = gate.masked(session, slack_text.plain(press.values.get("text", "")))
    return Open(view.ask(_form(session, press.person, words, desk, text=masked.text), words))


def command(session: Session, press: Press, desk: Desk) -> Show:
    """`/fraga låset piper` asks at once; without words it opens the form."""
    text = slack_text.plain(press.values.get("text", ""))
    if not text or recognition.is_greeting(text, catalogue=catalogue.in_force(session)):
        return form(session, press, desk)
    masked = gate.masked(session, text)
    asking.ask(session, press.person, Asked(masked.text, bool(masked.spans)), now=desk.now())
    return None


def mention(session: Session, told: Told, desk: Desk) -> Show:
    """Somebody calls the bot in a channel: it is answered privately, under the receipt."""
    event, now = told.event, desk.now()
    if not heard.first_time(session, f"said:{event['channel']}:{event['ts']}", now=now):
        return None
    masked = gate.masked(session, slack_text.plain(event.get("text", "")).removeprefix("@").strip())
    if masked.text and not recognition.is_greeting(masked.text, catalogue=catalogue.in_force(session)):
        ticket = asking.ask(session, told.person, Asked(masked.text, bool(masked.spans)), now=now)
        place = f"mention:{event['channel']}:{event['ts']}"
        outbox.put(session, Intent("mention", told.person.pk, ticket.id, place, "heard"), now=now)
    return None


def seen(session: Session, letter: Letter, words: Words) -> React:
    """Others in the channel see that it was heard; the answer is hers alone."""
    _, channel, ts = letter.place.split(":")
    return React(channel, ts, "eyes")


def send_usual(session: Session, press: Press, desk: Desk) -> Show:
    """The second tap: a usual trouble is the question."""
    words = desk.words(session, press.person)
    usual = words.tools.usual(press.value, words.language)
    if not press.choice.isdigit() or int(press.choice) >= len(usual):
        raise Gone
    if _lacks_the_tick(press):
        form = _form(session, press.person, words, desk, tool=press.value)
        return Swap(view.ask(replace(form, usual=usual, unticked=True), words))
    asked = Asked(usual[int(press.choice)], hidden=False, tool=press.value, **_circumstances(press))
    ticket = asking.ask(session, press.person, asked, now=desk.now())
    return Swap(view.sent(ticket.shown, words))


def send(session: Session, press: Press, desk: Desk) -> Show:
    """The form is sent, unless something in it must not be."""
    if again := form_gate.refused(session, press, desk):
        return again
    if _lacks_the_tick(press):
        return Errors({view.TICK: desk.words(session, press.person)("ask.unticked")})
    chosen = press.values.get(view.TOOL) or press.note
    tool = chosen if chosen in catalogue.in_force(session).tools else None
    asked = Asked(_typed(press), hidden=False, tool=tool, vouched=press.vouched, **_circumstances(press))
    asking.ask(session, press.person, asked, now=desk.now())
    return Home()


def _typed(press: Press) -> str:
    return slack_text.plain(press.values.get(view.WHAT, ""))


def _circumstances(press: Press) -> dict[str, Any]:
    unit = press.values.get(view.UNIT, "")
    return {
        "unit_id": number(unit),
        "urgency": Urgency.ACUTE if press.values.get(view.WAITS) == view.YES else None,
        "for_colleague": press.values.get(view.COLLEAGUE) == view.YES,
        "pictures": tuple(press.values.get(view.PICTURES, "").split()[: view.MOST]),
    }


def _lacks_the_tick(press: Press) -> bool:
    return bool(press.values.get(view.PICTURES)) and press.values.get(view.TICK) != view.YES


def _form(session: Session, person: Person, words: Words, desk: Desk, *, text: str = "", tool: str = "") -> view.Form:
    phone, unit = shared.is_shared(person), roster.working_unit(session, person.pk, now=desk.now())
    return view.Form(
        tools=tuple(_shown(key, words) for key in _with(_used(session, unit, desk), tool, words)),
        units=() if phone and unit else pictures.units(session),
        text=text,
        tool=tool,
        unit=unit,
        files=settings.read(session).says_yes("files.allowed"),
        alone=not phone,
    )


def _used(session: Session, unit_id: int | None, desk: Desk) -> list[str]:
    """In the catalogue's order: what the unit where she works today uses, or all of them."""
    used = people.tools_of(session, unit_id, on=clock.today(desk.now()))
    return [key for key in catalogue.in_force(session).tools if not used or key in used]


def _with(keys: list[str], tool: str, words: Words) -> list[str]:
    """What was chosen on the way here can be seen as chosen."""
    return keys if tool in keys or tool not in words.tools.tools else [*keys, tool]


def _shown(key: str, words: Words) -> view.Tool:
    tool = words.tools.tools[key]
    return view.Tool(key, tool.short[words.language], tool.picture, tool.category)


def load(session: Session, person: Person, desk: Desk) -> tuple[view.Tool, ...]:
    """The six tools that are asked about most, for now by a setting."""
    words = desk.words(session, person)
    common = settings.read(session).text("home.common").split("|")
    used = _used(session, roster.working_unit(session, person.pk, now=desk.now()), desk)
    return tuple(_shown(key, words) for key in dict.fromkeys([*common, *used]) if key in used)[:MANY]
