"""Who knows a tool writes a few words to those who use it; they stand in Home, once in a receipt, and reach experts."""

from datetime import date, timedelta

from handlers import forms, gate, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Errors, HomePart, Listeners, Open, Press, Show, Swap
from handlers.views import news as view
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, catalogue, clock, ideas, news, outbox, people, roster, tickets
from models.administration import Scope
from models.db import Session
from models.errors import Gone
from models.news import BadDay, BadLink, Item, News
from models.outbox import Letter
from models.people import Person

USUALLY = timedelta(days=14)


def register(on: Listeners) -> None:
    on.home(HomePart(18, load, view.home, budget=view.IN_HOME + 2))
    on.action("news.open", opened, may=administration.tells)
    on.action("news.form", form, may=administration.tells)
    on.view("news.publish", publish, may=administration.tells)
    on.action("news.take_down", take_down, may=administration.tells)
    on.letter("news", Kind(told, Reader.HELPER))


# ---- what everybody sees ---------------------------------------------------------------------------------------------


def load(session: Session, person: Person, desk: Desk) -> view.Home:
    """What holds where she works; that she has had it in her Home is counted."""
    words, today = desk.words(session, person), clock.today(desk.now())
    scope = administration.scope_of(session, person.pk, on=today)
    unit = people.unit(session, roster.working_unit(session, person.pk, now=desk.now()))
    where = unit.department_id if unit is not None else None
    every = news.in_force(session, on=today)
    used = people.tools_of(session, unit.id, on=today) if unit is not None and every else frozenset()
    hers = [each for each in every if where is None or each.holds_for(where)]
    hers = [each for each in hers if not used or each.tool in used][: view.IN_HOME]
    news.seen(session, person.pk, hers)
    tells = scope.tells_everybody or bool(scope.speaks_of)
    return view.Home(tuple(_shown(session, each, words, may=False) for each in hers), tells)


def _shown(session: Session, each: News, words: Words, *, may: bool) -> view.Shown:
    return view.Shown(
        id=each.pk,
        tool=words.tool(each.tool) or each.tool,
        text=each.text,
        link=each.link,
        ends_on=each.ends_on,
        reach=news.reach(session, each) if may else 0,
        may_end=may,
    )


def told(session: Session, letter: Letter, words: Words) -> Post | None:
    """To an expert user: what is new, and that she tells the others. Taken down before she came, it is not told."""
    found = news.get(session, letter.about_id)
    tool = slack_text.safe(words.tool(found.tool) or found.tool)
    if not found.holds(clock.today(words.now)):
        text = words("news.no_more", tool=tool)
        there = outbox.where_is(session, [letter.place])
        return Post(text, [parts.context(text)]) if there else None
    drawn = _shown(session, found, words, may=False)
    return Post(words("news.about", tool=tool), view.told(drawn, words))


# ---- those who write it ----------------------------------------------------------------------------------------------


def opened(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_listed(session, press, desk, ""))


def _listed(session: Session, press: Press, desk: Desk, done: str) -> Block:
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    every = news.in_force(session, on=clock.today(desk.now()))
    hers = [each for each in every if scope.may_tell(each.tool, each.department_ids)]
    return view.listed([_shown(session, each, words, may=True) for each in hers], done, words)


def form(session: Session, press: Press, desk: Desk) -> Show:
    """[Skriv nyhet], also from a wish: then its tool is chosen already."""
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    wish = ideas.get(session, press.about) if press.about else None
    tool = tickets.get(session, wish.ticket_id).tool if wish is not None else None
    hers = [key for key in catalogue.in_force(session).tools if scope.told_by_her(key)]
    drawn = view.Form(
        idea=wish.pk if wish is not None else 0,
        tools=forms.tools(hers, words),
        tool=tool if tool in hers else "",
        departments=forms.departments(session, scope),
        ends_on=clock.today(desk.now()) + USUALLY,
    )
    shown = view.form(drawn, words)
    return Swap(shown) if press.form.get("type") == "modal" else Open(shown)


def _scope(session: Session, press: Press, desk: Desk) -> Scope:
    return administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))


def publish(session: Session, press: Press, desk: Desk) -> Show:
    """A link may name anything that the gate would take for a secret: only the words are asked about."""
    if again := gate.refused(session, press, desk):
        return again
    words, tool = desk.words(session, press.person), press.values.get(view.TOOL, "")
    if tool not in catalogue.in_force(session).tools:
        raise Gone
    text = slack_text.plain(press.values.get(view.TEXT, ""))
    if not text:
        return Errors({view.TEXT: words("refused.no_text")})
    where = forms.chosen_departments(session, press.values.get(view.WHERE, ""), _scope(session, press, desk), tool)
    link, idea = press.values.get(view.LINK, "").strip(), press.about or None
    try:
        item = Item(tool, where, text, link, date.fromisoformat(press.values.get(view.ENDS, "")), idea)
        news.publish(session, item, by=press.person.pk, now=desk.now())
    except (ValueError, BadDay):
        return Errors({view.ENDS: words("refused.news_end")})
    except BadLink as no:
        return Errors({view.LINK: words(no.key)})
    return Swap(_listed(session, press, desk, words("news.published")))


def take_down(session: Session, press: Press, desk: Desk) -> Show:
    news.take_down(session, press.about or 0, by=press.person.pk, now=desk.now())
    return Swap(_listed(session, press, desk, desk.words(session, press.person)("news.taken_down")))
