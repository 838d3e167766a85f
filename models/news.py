"""News, downwards: a few words from those who know a tool to those who use it, until a day.

In Home, and once in everybody's next receipt about the tool. Expert users get it as a message when they are at work, to
tell the others. How many it has reached is a number; who it was is kept only so that nobody is shown it twice, and goes
when it is over.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Update, bindparam, or_
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import administration, clock, ideas, outages, outbox, people, settings
from models.administration import Told
from models.columns import instant
from models.db import changed, insert, looked_up
from models.errors import Gone, NotYours, Refused
from models.outbox import Intent
from models.people import Role, Unit
from models.recognition import Urgency
from models.tickets import Ticket

LONGEST, LONGEST_LINK = 300, 300


class BadDay(Refused):
    """It ends today or later, and not too late."""

    key = "refused.news_end"


class BadLink(Refused):
    """A link begins with https:// and has no blanks."""

    key = "refused.news_link"


class News(Told, table=True):
    __table_args__ = ({"sqlite_autoincrement": True},)  # letters' keys hold these ids: one is never used twice

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(max_length=LONGEST)
    link: str = Field(default="", max_length=LONGEST_LINK)
    at: datetime = instant(index=True)
    by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    ends_on: date
    ended_at: datetime | None = instant(default=None, nullable=True)  # taken down before its day
    idea_id: int | None = Field(default=None, foreign_key="idea.id", index=True)  # the wish that it came from
    reached: int = 0  # how many, when the last of them was forgotten

    @property
    def pk(self) -> int:
        """The id of stored news."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    def holds(self, on: date) -> bool:
        return self.ended_at is None and on <= self.ends_on


class NewsReader(SQLModel, table=True):
    """Whose Home or receipt it has been in."""

    __tablename__ = "news_reader"

    news_id: int = Field(primary_key=True, foreign_key="news.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)  # in whose receipt it stands


@dataclass(frozen=True)
class Item:
    """What somebody writes. `departments`: ids; none: all of them. `idea`: the wish that it comes from."""

    tool: str
    departments: frozenset[int]
    text: str
    link: str
    ends_on: date
    idea: int | None = None


# ---- reading -----------------------------------------------------------------------------------------------------


_IN_FORCE = (
    select(News)
    .where(col(News.ended_at).is_(None), col(News.ends_on) >= bindparam("today"))
    .order_by(col(News.id).desc())
)
_ABOUT = _IN_FORCE.where(News.tool == bindparam("tool"))
_IN_RECEIPT = (
    select(News)
    .join(NewsReader, col(NewsReader.news_id) == col(News.id))
    .where(NewsReader.ticket_id == bindparam("ticket"))
)


def get(session: Session, news_id: int | None) -> News:
    """Raises Gone for what never was."""
    found = session.get(News, news_id) if news_id is not None else None
    if found is None:
        raise Gone
    return found


def in_force(session: Session, *, on: date) -> list[News]:
    """The newest first."""
    return list(session.exec(_IN_FORCE, params={"today": on}))


def in_receipt(session: Session, ticket_id: int, *, on: date) -> News | None:
    """What stands in this receipt, while it holds."""
    found = session.exec(_IN_RECEIPT, params={"ticket": ticket_id}).first()
    return found if found is not None and found.holds(on) else None


def of_idea(session: Session, idea_id: int) -> News | None:
    return session.exec(select(News).where(News.idea_id == idea_id)).first()


def published(session: Session, *, since: datetime, until: datetime) -> list[News]:
    """What was written within this time."""
    return list(session.exec(select(News).where(News.at >= since, News.at < until).order_by(col(News.id))))


def reach(session: Session, news: News) -> int:
    """How many colleagues have had it before their eyes. Never who."""
    readers = session.exec(select(NewsReader.person_id).where(NewsReader.news_id == news.id)).all()
    told = (posted.to_id for posted in outbox.placed(session, f"news:{news.pk}:"))
    return max(news.reached, len({*readers, *told}))


# ---- writing -----------------------------------------------------------------------------------------------------


def publish(session: Session, item: Item, *, by: int, now: datetime) -> News:
    """[Skriv nyhet]. Raises NotYours, BadDay, BadLink; for a wish that somebody has replied to, AlreadyReplied."""
    scope = administration.scope_of(session, by, on=clock.today(now))
    if not scope.may_tell(item.tool, item.departments):
        raise NotYours
    _check(session, item, now)
    fresh = News(
        tool=item.tool,
        departments="|".join(str(each) for each in sorted(item.departments)),
        text=item.text[:LONGEST],
        link=item.link,
        at=now,
        by_id=by,
        ends_on=item.ends_on,
        idea_id=item.idea,
    )
    session.add(fresh)
    session.flush()
    for person_id in _experts(session, fresh, on=clock.today(now)):
        outbox.put(session, Intent("news", person_id, fresh.pk, f"news:{fresh.pk}:{person_id}", "new"), now=now)
    if item.idea is not None:
        ideas.reply(session, item.idea, "", by=by, now=now)
    return fresh


def _check(session: Session, item: Item, now: datetime) -> None:
    today = clock.today(now)
    if not today <= item.ends_on <= today + settings.read(session).span("news.longest"):
        raise BadDay
    odd = any(each in item.link for each in " <>|\n")
    if item.link and (not item.link.startswith("https://") or odd or len(item.link) > LONGEST_LINK):
        raise BadLink


def _experts(session: Session, news: News, *, on: date) -> list[int]:
    """Expert users for the tool in units that have begun, in the departments it is for."""
    lies_in = dict(session.exec(select(Unit.id, Unit.department_id).where(col(Unit.live).is_(True))).all())
    hats = people.holders(session, Role.EXPERT_USER, on=on)
    fit = [hat for hat in hats if hat.tool in (None, news.tool) and hat.unit_id in lies_in]
    return list(dict.fromkeys(hat.person_id for hat in fit if news.holds_for(lies_in[hat.unit_id])))


def take_down(session: Session, news_id: int, *, by: int, now: datetime) -> None:
    """[Ta ner]. Where it stands as a message, it says so. Raises NotYours; twice is once."""
    news = get(session, news_id)
    if not administration.scope_of(session, by, on=clock.today(now)).may_tell(news.tool, news.department_ids):
        raise NotYours
    if changed(session, _up(news).values(ended_at=now)):
        for posted in outbox.placed(session, f"news:{news.pk}:"):
            outbox.put(session, Intent("news", posted.to_id, news.pk, posted.place, "over"), now=now)


def _up(news: News) -> Update:
    return update(News).where(col(News.id) == news.id, col(News.ended_at).is_(None))


# ---- who has seen it ---------------------------------------------------------------------------------------------


def put_in_receipt(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The newest about this tool that has been in no receipt of hers stands here. Not where somebody may wait."""
    if ticket.tool is None or ticket.asker_id is None or ticket.urgency is not Urgency.CAN_WAIT:
        return
    found = looked_up(session, _ABOUT, {"today": clock.today(now), "tool": ticket.tool})
    if not found or outages.of_ticket(session, ticket) is not None:
        return
    unit = people.unit(session, ticket.unit_id)
    where = unit.department_id if unit is not None else None
    for each in found:
        if _reaches(each.departments, where) and _first_time(session, each.id or 0, ticket):
            return


def _reaches(departments: str, where: int | None) -> bool:
    return not departments or str(where) in departments.split("|")


def _first_time(session: Session, news_id: int, ticket: Ticket) -> bool:
    """In Home she may have seen it; in a receipt it stands once."""
    put = insert(session, NewsReader).values(news_id=news_id, person_id=ticket.asker_id, ticket_id=ticket.id)
    once = put.on_conflict_do_update(
        index_elements=["news_id", "person_id"],
        set_={"ticket_id": ticket.id},
        where=col(NewsReader.ticket_id).is_(None),
    )
    return changed(session, once) == 1


def seen(session: Session, person_id: int, found: Iterable[News]) -> None:
    """It has been in her Home."""
    for each in found:
        fresh = insert(session, NewsReader).values(news_id=each.pk, person_id=person_id, ticket_id=None)
        changed(session, fresh.on_conflict_do_nothing())


def forget_readers(session: Session, *, on: date) -> None:
    """What is over keeps its number, and no longer who."""
    over = or_(col(News.ended_at).is_not(None), col(News.ends_on) < on)
    read = set(session.exec(select(NewsReader.news_id).where(col(NewsReader.news_id).in_(select(News.id).where(over)))))
    keep_reach(session, read)
    changed(session, delete(NewsReader).where(col(NewsReader.news_id).in_(read)))


def keep_reach(session: Session, news_ids: Collection[int]) -> None:
    """Before anything goes by which it was counted: a number that somebody has seen does not fall."""
    for news in session.exec(select(News).where(col(News.id).in_(news_ids))).all():
        changed(session, update(News).where(col(News.id) == news.id).values(reached=reach(session, news)))


def had_by(session: Session, person_ids: Collection[int]) -> set[int]:
    """Which news these people have had before their eyes."""
    read = session.exec(select(NewsReader.news_id).where(col(NewsReader.person_id).in_(person_ids)))
    told = (posted.place for posted in outbox.placed(session, "news:") if posted.to_id in person_ids)
    return {*read, *of_places(told)}


def of_places(places: Iterable[str]) -> set[int]:
    """Which news stands there, by the places' names."""
    return {int(place.split(":")[1]) for place in places if place.startswith("news:")}


def turned_into_news(session: Session, *, unit_ids: Iterable[int], since: datetime, until: datetime) -> list[News]:
    """Wishes of these units that became news within this time."""
    wished = {idea.pk for idea in ideas.replied(session, unit_ids=unit_ids, since=since, until=until)}
    return [each for each in published(session, since=since, until=until) if each.idea_id in wished]

