"""A wish goes up to those who know the tool, and their reply comes back to the one who had it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers import gate, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Errors, Listeners, Open, Press, Show, Swap, TaskSource
from handlers.views import ideas as view
from handlers.views import notice
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, clock, ideas, lines, news, tickets
from models.db import Session
from models.errors import NotYours
from models.ideas import Idea
from models.lines import Side
from models.outbox import Letter
from models.people import Person

DRAWN = 10


def register(on: Listeners) -> None:
    on.tasks(TaskSource(30, load, drawn))
    on.action("idea.form", form, may=administration.tells)
    on.view("idea.reply", reply, may=administration.tells)
    on.letter("idea_told", Kind(told, Reader.ASKER))


def load(session: Session, person: Person, now: datetime) -> Sequence[view.Wish]:
    """What waits for a reply of hers."""
    return [_wish(session, idea) for idea in ideas.waiting_for(session, person.pk, now=now)]


def _wish(session: Session, idea: Idea) -> view.Wish:
    """In the asker's own masked words; never who it was."""
    ticket = tickets.get(session, idea.ticket_id)
    said = " ".join(line.text for line in lines.of_ticket(session, ticket.pk, Side.ASKER) if line.text)
    return view.Wish(idea.pk, ticket.tool or "", said)


def drawn(found: Sequence[Any], words: Words) -> list[Block]:
    return view.waiting(found[:DRAWN], words)


def form(session: Session, press: Press, desk: Desk) -> Show:
    """[Svara], in the list: in its place stands the wish with a field."""
    idea, words = ideas.get(session, press.about), desk.words(session, press.person)
    scope = administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))
    if not ideas.is_hers(session, scope, tickets.get(session, idea.ticket_id)):
        raise NotYours
    shown = view.form(_wish(session, idea), words)
    return Swap(shown) if press.form.get("type") == "modal" else Open(shown)


def reply(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    words, text = desk.words(session, press.person), slack_text.plain(press.values.get(view.REPLY, ""))
    if not text:
        return Errors({view.REPLY: words("refused.no_text")})
    ideas.reply(session, press.about or 0, text, by=press.person.pk, now=desk.now())
    return Swap(notice.done(words, words("idea.sent")))


def told(session: Session, letter: Letter, words: Words) -> Post | None:
    """The reply, to the one whose wish it was; or that it has become news."""
    ticket = tickets.get(session, letter.about_id)
    idea = ideas.under(session, ticket.pk)
    by = session.get(Person, idea.replied_by_id) if idea is not None and idea.replied_by_id is not None else None
    if idea is None or by is None or not letter.place.endswith(f":{ideas.moment(idea)}"):
        return None
    became = news.of_idea(session, idea.pk)
    name = slack_text.safe(by.name)
    text = words("idea.became_news" if became is not None else "idea.replied", name=name, number=ticket.shown)
    said = became.text if became is not None else idea.reply
    return pictures.to_asker(session, ticket, words, text, view.told(text, said))
