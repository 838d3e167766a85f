"""The confidentiality gate of every form: what must not be sent comes back, and can be taken out or, names, be kept.

A message in the chat cannot be refused; it is masked before it is written (handlers/asking.py).
"""

import re
from dataclasses import replace

from handlers import slack_text
from handlers.desk import Desk
from handlers.listening import Listeners, Open, Press, PressListener, Show, Swap, number
from handlers.views import gate as view
from models import gate
from models.db import Session
from models.errors import Gone
from models.secrecy import Masked, Secret
from models.tickets import anyone

# What a field with this name is there to publish: where everybody may go, and the key to a meeting inside its link.
PLACES = {"address": frozenset({Secret.ADDRESS}), "link": frozenset({Secret.ADDRESS, Secret.KEY_CODE})}
LINK = re.compile(r"https://\S+")


def register(on: Listeners) -> None:
    on.action("gate.clean", clean, may=anyone)
    on.action("gate.anyway", _sends_anyway(on), may=anyone)


def refused(session: Session, press: Press, desk: Desk) -> Show:
    """The form with a warning if one of its texts holds what must not be sent; None if it may be."""
    found = _found(session, press)
    names = [word for word, kind in found.items() if kind is Secret.NAME]
    secrets = [word for word, kind in found.items() if kind is not Secret.NAME]
    if not secrets and (press.vouched or not names):
        return None
    return Swap(view.refused(press.form, typed(press), secrets, names, desk.words(session, press.person)))


def clean(session: Session, press: Press, desk: Desk) -> Show:
    """[Ta bort åt mig]: the same form without the words in question."""
    if not press.form.get("callback_id"):
        raise Gone
    clean_ = {name: _masked(session, name, text).text for name, text in typed(press).items()}
    return Swap(view.cleaned(press.form, clean_))


def _sends_anyway(on: Listeners) -> PressListener:
    """[Skicka ändå]: the form as if it had been sent, its names vouched for by who sends it."""

    def anyway(session: Session, press: Press, desk: Desk) -> Show:
        name = str(press.form.get("callback_id") or "")
        if name not in on.forms:
            raise Gone
        listener, may = on.forms[name]
        submitted = replace(press, about=number(press.note), choice="", vouched=True)
        may(session, press.person, submitted.about)
        show = listener(session, submitted, desk)
        words = desk.words(session, press.person)
        return show if isinstance(show, Swap | Open) else Swap(view.sent(words("gate.sent"), words))

    return anyway


def typed(press: Press) -> dict[str, str]:
    """What stands in a form, by the name of the field: all of it, whatever sort of field the payload claims it is."""
    return {name: slack_text.plain(value) for name, value in press.values.items() if value}


def _found(session: Session, press: Press) -> dict[str, Secret]:
    """What must not be sent, each wording once, and of which sort it is."""
    found = {name: (text, _masked(session, name, text).spans) for name, text in typed(press).items()}
    return {text[span.start : span.end]: span.kind for text, spans in found.values() for span in spans}


def _masked(session: Session, name: str, text: str) -> Masked:
    """In a field that asks for a public place, that place is no secret; everything else is one there too."""
    found, public = gate.masked(session, text), PLACES.get(name, frozenset())
    if name == "link" and not LINK.fullmatch(text):
        public = frozenset()
    here = frozenset(text[span.start : span.end] for span in found.spans if span.kind in public)
    return gate.masked(session, text, public=here) if here else found
