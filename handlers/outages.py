"""Something is broken and known: who may says until when, everybody reads it first, and is told when it works."""

from datetime import date, datetime, time, timedelta

from handlers import forms, gate, pictures, slack_text
from handlers.desk import Desk
from handlers.letters import Kind, Post, Reader
from handlers.listening import Errors, HomePart, Job, Listeners, Open, Press, Show, Swap, does
from handlers.views import notice, parts
from handlers.views import outages as view
from handlers.words import Words
from models import administration, catalogue, clock, clusters, outages, outbox, people, roster, settings, tickets
from models.administration import Scope
from models.clusters import Cluster
from models.db import Session
from models.errors import Gone
from models.outages import AlreadyUp, BadEnd, Notice, Outage
from models.outbox import Letter
from models.people import Person
from models.tickets import State


def register(on: Listeners) -> None:
    on.action("outage.form", form, may=administration.tells)
    on.view("outage.put_up", put_up, may=administration.tells)
    on.action("outage.right", does(clusters.set_right), may=administration.tells)
    on.action("outage.prolong", does(outages.prolong), may=administration.tells)
    on.letter("outage_ends", Kind(ends, Reader.HELPER))
    on.letter("outage_mended", Kind(mended, Reader.HELPER))
    on.letter("outage_over", Kind(over, Reader.ASKER, once_sent=pictures.asked))
    on.home(HomePart(9, load, view.home, budget=view.MOST))
    on.job(Job("outages", due, every=timedelta(seconds=30)))


# ---- putting it up ---------------------------------------------------------------------------------------------------


def form(session: Session, press: Press, desk: Desk) -> Show:
    """[Sätt upp driftstörning], from a notice or from Home."""
    words, scope = desk.words(session, press.person), _scope(session, press, desk)
    cluster = _cluster(session, press)
    hers = [key for key in catalogue.in_force(session).tools if scope.told_by_her(key)]
    drawn = view.Form(
        about=cluster.pk if cluster else 0,
        tool=words.tool(cluster.tool) if cluster else "",
        tools=forms.tools(hers, words),
        departments=forms.departments(session, scope),
        now=desk.now(),
    )
    return Open(view.form(drawn, words))


def _cluster(session: Session, press: Press) -> Cluster | None:
    return clusters.get(session, press.about) if press.about else None


def _scope(session: Session, press: Press, desk: Desk) -> Scope:
    return administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))


def put_up(session: Session, press: Press, desk: Desk) -> Show:
    if again := gate.refused(session, press, desk):
        return again
    words, cluster = desk.words(session, press.person), _cluster(session, press)
    tool = cluster.tool if cluster else press.values.get(view.TOOL, "")
    if tool not in catalogue.in_force(session).tools:
        raise Gone
    within = settings.read(session).span("cluster.within")
    since = cluster.began_at if cluster else desk.now() - within
    said = slack_text.plain(press.values.get(view.TEXT, ""))
    try:
        where = forms.chosen_departments(session, press.values.get(view.WHERE, ""), _scope(session, press, desk), tool)
        told = Notice(tool, where, said, since, _moment(press))
        clusters.put_up(session, told, by=press.person.pk, now=desk.now())
    except (ValueError, BadEnd):
        return Errors({view.TIME: words("refused.outage_end")})
    except AlreadyUp as no:
        return Swap(notice.form(words(no.key, name=slack_text.safe(str(no.about["name"]))), words))
    return Swap(notice.done(words, words("outage.is_up", tool=slack_text.safe(words.tool(tool)))))


def _moment(press: Press) -> datetime:
    """As Swedish clocks go that day. ValueError for what is no time."""
    day = date.fromisoformat(press.values.get(view.DAY, ""))
    return clock.moment(day, time.fromisoformat(press.values.get(view.TIME, "")))


def due(desk: Desk) -> None:
    """Ends that are near, and those that have come."""
    desk.each(outages.due, outages.tick)


# ---- what they see ---------------------------------------------------------------------------------------------------


def load(session: Session, person: Person, desk: Desk) -> tuple[view.Shown, ...]:
    """What holds where she works today, and what she may set right."""
    found = outages.up(session)
    if not found:
        return ()
    words, now = desk.words(session, person), desk.now()
    scope = administration.scope_of(session, person.pk, on=clock.today(now))
    unit = people.unit(session, roster.working_unit(session, person.pk, now=now))
    where = unit.department_id if unit is not None else None
    drawn = [_shown(each, words, may_end=scope.may_tell(each.tool, each.department_ids)) for each in found]
    near = [where is None or each.holds_for(where) for each in found]
    return tuple(each for each, here in zip(drawn, near, strict=True) if here or each.may_end)


def _shown(outage: Outage, words: Words, *, may_end: bool = True) -> view.Shown:
    return view.Shown(outage.pk, words.tool(outage.tool) or outage.tool, outage.text, outage.ends_at, may_end)


def ends(session: Session, letter: Letter, words: Words) -> Post | None:
    """It comes down soon, unless somebody says otherwise."""
    outage = outages.get(session, letter.about_id)
    tool = slack_text.safe(words.tool(outage.tool))
    if outage.ended_at is not None or not letter.place.endswith(f":{int(outage.ends_at.timestamp())}"):
        if not outbox.where_is(session, [letter.place]):
            return None
        text = words(_became(outage), tool=tool, when=words.when(outage.ended_at or outage.ends_at))
        return Post(text, [parts.context(text)])
    text = words("outage.ends", tool=tool, when=words.when(outage.ends_at))
    return Post(text, view.ends(_shown(outage, words), text, words))


def _became(outage: Outage) -> str:
    if outage.ended_at is None:
        return "outage.goes_on"
    return "outage.is_right" if outage.ended_by_id is not None else "outage.down"


def mended(session: Session, letter: Letter, words: Words) -> Post | None:
    """She had taken a question about it: its asker has been told."""
    text = words("outage.yours_too", tool=slack_text.safe(words.tool(outages.get(session, letter.about_id).tool)))
    return Post(text, [parts.section(text)])


def over(session: Session, letter: Letter, words: Words) -> Post | None:
    """It works again, to one who asked; once she has answered, the buttons go."""
    ticket = tickets.get(session, letter.about_id)
    outage = outages.get(session, int(letter.place.rpartition(":")[2]))
    asks = ticket.state is not State.CLOSED and pictures.asks_last(session, ticket, letter)
    denies = asks and ticket.state is State.SOLVED_PROPOSED
    key = "outage.over_asks" if asks else "outage.over"
    text = words(key, tool=slack_text.safe(words.tool(outage.tool)), number=ticket.shown)
    return pictures.to_asker(session, ticket, words, text, view.over(ticket.pk, text, words, asks=asks, denies=denies))
