"""Who people are in the chat: names, pictures, languages, which each chooses herself, and accounts that end."""

from typing import Any

from handlers.desk import Desk
from handlers.listening import Home, Listeners, Press, Show, Told
from handlers.words import LANGUAGES
from models import asking, ladder, people, summary, tickets
from models.db import Session
from models.errors import Gone
from models.people import Person


def register(on: Listeners) -> None:
    on.event("team_join", changed)
    on.event("user_change", changed)
    on.action("profile.speak", speak, may=tickets.anyone)


def changed(session: Session, told: Told, desk: Desk) -> Show:
    """Slack says who somebody is, or that her account has ended."""
    store(session, told.person, told.event.get("user") or {}, desk)
    return None


def speak(session: Session, press: Press, desk: Desk) -> Show:
    """[In English], [På svenska]: what she has to read still is drawn anew."""
    if press.choice not in LANGUAGES:
        raise Gone
    now, her = desk.now(), press.person.pk
    people.speak(session, her, press.choice)
    tickets.show_anew(session, her, f"{press.choice} {now.isoformat()}", now=now)
    summary.speak(session, her, press.choice, now=now)
    return Home()


def store(session: Session, person: Person, user: dict[str, Any], desk: Desk) -> Person:
    """Slack's user object → our person. `locale` comes only where Slack was asked for it."""
    if user.get("deleted"):
        people.deactivate(session, person.pk, now=desk.now())
        ladder.leave_for_good(session, person.pk, now=desk.now())
        return person
    if person.deactivated_at is not None:
        people.reactivate(session, person.pk)
    first = person.profile_at is None
    person = people.profile(session, person, now=desk.now(), **read(user, first=first))
    if first:
        asking.recognised(session, person, now=desk.now())
    return person


def says_something_new(person: Person | None, user: dict[str, Any]) -> bool:
    """Whether there is anything to store of what Slack says of somebody."""
    if person is None:
        return True
    if user.get("deleted"):
        return person.deactivated_at is None
    told = {key: value for key, value in read(user, first=False).items() if value}
    told["email"] = address(user) or person.email or ""
    never = person.profile_at is None or person.deactivated_at is not None
    return never or any(getattr(person, key) != value for key, value in told.items())


def address(user: dict[str, Any]) -> str:
    """As it is stored."""
    return str((user.get("profile") or {}).get("email") or "").strip().casefold()


def read(user: dict[str, Any], *, first: bool) -> dict[str, str]:
    """The facts we keep. The language only at first contact: after that it is her own choice."""
    profile = user.get("profile") or {}
    facts = {
        "name": profile.get("real_name") or user.get("real_name") or user.get("name") or "",
        "email": address(user),
        "picture_url": profile.get("image_72") or "",
        "title": profile.get("title") or "",
    }
    locale = str(user.get("locale") or "")
    return {**facts, "language": "sv" if locale.startswith("sv") else "en"} if first and locale else facts
