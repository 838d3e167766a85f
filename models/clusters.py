"""The same trouble, asked again and again: questions on one tool and of one kind within the hour are one thing.

Its specialists and the coordinators get one notice, which is edited as the number grows; out of hours an expert user
at work has it too. One answer can go to all. Which questions it is, tool, kind and time say: nothing else is stored.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Index, or_, text
from sqlmodel import Field, Session, SQLModel, col, delete, select, update

from models import administration, clock, ladder, lines, outages, outbox, roster, settings, tickets
from models.administration import Scope
from models.columns import code, instant, paired
from models.db import add_once, changed
from models.errors import Gone, NotYours, Refused
from models.lines import Said, Side
from models.outages import Notice, Outage
from models.outbox import Intent
from models.people import Person, Unit
from models.recognition import Kind
from models.tickets import Reason, Rung, Ticket

A_DAY = timedelta(days=1)
EXPERTS = (Rung.UNIT_EXPERT, Rung.LENT_EXPERT, Rung.DEPARTMENT_EXPERT)


class NobodyWaits(Refused):
    """All have an answer, each from somebody."""

    key = "refused.cluster_none_waits"


class AllAnswered(NobodyWaits):
    """Somebody else has answered all of them. `about["name"]` is who."""

    key = "refused.cluster_answered"


class Cluster(SQLModel, table=True):
    __table_args__ = (
        paired("answered_by_id", "answered_at"),
        Index(
            "uq_cluster_alive",
            "tool",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # letters' keys hold these ids: one is never used twice
    )

    id: int | None = Field(default=None, primary_key=True)
    tool: str = Field(max_length=60)
    kind: Kind = code(Kind)
    began_at: datetime = instant()  # when the first of its questions was asked
    ended_at: datetime | None = instant(default=None, nullable=True)  # for an hour nobody has asked
    expert_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # has it while the others are off
    told: str = Field(default="", max_length=80)  # what the notices say: they are drawn anew when that changes
    answered_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    answered_at: datetime | None = instant(default=None, nullable=True)

    @property
    def pk(self) -> int:
        """The id of a stored cluster."""
        assert self.id is not None  # noqa: S101 (a row that was read has its key)
        return self.id

    def had(self, tool: str | None, kind: Kind, at: datetime) -> bool:
        """It is over, and a question about this, asked then, is one of its own."""
        alike = (self.tool, self.kind) == (tool, kind)
        return alike and self.ended_at is not None and self.began_at <= at <= self.ended_at


@dataclass(frozen=True)
class Size:
    """How many questions, how many of them wait for an answer, from how many units. Never from whom."""

    asked: int
    waiting: int
    units: int


# ---- reading -----------------------------------------------------------------------------------------------------


_COUNTS = or_(col(Ticket.reason).is_(None), col(Ticket.reason).not_in((Reason.WITHDRAWN, Reason.REDIRECTED)))


def get(session: Session, cluster_id: int | None) -> Cluster:
    """Raises Gone for one that never was."""
    found = session.get(Cluster, cluster_id) if cluster_id is not None else None
    if found is None:
        raise Gone
    return found


def questions(session: Session, cluster: Cluster) -> list[Ticket]:
    """In the order in which they were asked."""
    alike = select(Ticket).where(Ticket.tool == cluster.tool, Ticket.kind == cluster.kind, _COUNTS)
    alike = alike.where(col(Ticket.asked_at) >= cluster.began_at)
    if cluster.ended_at is not None:
        alike = alike.where(col(Ticket.asked_at) <= cluster.ended_at)
    return list(session.exec(alike.order_by(col(Ticket.asked_at), col(Ticket.id))))


def size(found: Collection[Ticket]) -> Size:
    waiting = sum(ticket.awaits_answer for ticket in found)
    return Size(len(found), waiting, len({ticket.unit_id for ticket in found} - {None}))


def outage(session: Session, cluster: Cluster) -> Outage | None:
    """What has been put up about its tool."""
    return outages.up_for(session, cluster.tool, None)


def departments(session: Session, found: Collection[Ticket]) -> frozenset[int]:
    """From which departments these questions come."""
    units = {ticket.unit_id for ticket in found} - {None}
    return frozenset(session.exec(select(Unit.department_id).where(col(Unit.id).in_(units))))


def is_hers(scope: Scope, tool: str, where: frozenset[int]) -> bool:
    """One of the departments is hers to speak to about this tool; or nobody knows where it was asked."""
    hers = scope.told_by_her(tool)
    return bool(hers) and (None in hers or not where or bool(hers & where))


# ---- rules: who may ----------------------------------------------------------------------------------------------


def answers(session: Session, person: Person, about: int | None) -> None:
    """Rule: whoever may speak about tools, and the expert user who has it now. The verb asks for tool and day."""
    if get(session, about).expert_id != person.id:
        administration.tells(session, person, about)


def waiting_for(session: Session, cluster: Cluster, *, by: int, now: datetime) -> list[Ticket]:
    """Questions without an answer that she may answer, her own left out. Raises NotYours."""
    found = questions(session, cluster)
    scope = administration.scope_of(session, by, on=clock.today(now))
    if cluster.expert_id != by and not is_hers(scope, cluster.tool, departments(session, found)):
        raise NotYours
    return [ticket for ticket in found if ticket.awaits_answer and ticket.asker_id != by]


# ---- the clock ---------------------------------------------------------------------------------------------------


def forming(session: Session, *, now: datetime) -> list[int]:
    """The first question of each group of which enough were written within one hour: of those that are no cluster yet,
    or that one that goes on has begun with earlier than we knew. For a day, so that what we were away for, and heard
    all at once afterwards, is seen then; what was written on different days is not one thing.
    """
    rules, began = settings.read(session), {(each.tool, each.kind): each.began_at for each in _alive(session)}
    within, large = rules.span("cluster.within"), max(2, rules.number("cluster.questions"))
    firsts = ((alike, _first(found, within, large)) for alike, found in _lately(session, now).items())
    return [first.id for alike, first in firsts if first and (alike not in began or first.at < began[alike])]


class _Asked(NamedTuple):
    at: datetime
    id: int


def _lately(session: Session, now: datetime) -> dict[tuple[str, Kind], list[_Asked]]:
    """What was asked within a day, in order, for each tool and kind; what a cluster that is over has, is left out."""
    known = _shown(session, now)
    asked = select(Ticket.tool, Ticket.kind, Ticket.asked_at, Ticket.id).where(col(Ticket.asked_at) > now - A_DAY)
    found: dict[tuple[str, Kind], list[_Asked]] = defaultdict(list)
    for tool, kind, at, ticket_id in session.exec(asked.where(col(Ticket.tool).is_not(None), _COUNTS)):
        alike = (tool or "", Kind(kind))
        if not any(each.had(*alike, at) for each in known):
            found[alike].append(_Asked(at, ticket_id or 0))
    return {alike: sorted(each) for alike, each in found.items()}


def _first(asked: Sequence[_Asked], within: timedelta, large: int) -> _Asked | None:
    """The first one that with those of the time after it is `large`."""
    spans = zip(asked, asked[large - 1 :], strict=False)
    return next((first for first, last in spans if last.at - first.at < within), None)


def _alive(session: Session) -> list[Cluster]:
    return list(session.exec(select(Cluster).where(col(Cluster.ended_at).is_(None)).order_by(col(Cluster.id))))


def _shown(session: Session, now: datetime) -> list[Cluster]:
    """Those of which somebody may still read: not over, or over for less than a day."""
    recent = or_(col(Cluster.ended_at).is_(None), col(Cluster.ended_at) > now - A_DAY)
    return list(session.exec(select(Cluster).where(recent).order_by(col(Cluster.id))))


def changed_ones(session: Session, *, now: datetime) -> list[int]:
    """Those that are over now, or whose notices say something else than is true. Nothing is written for that."""
    return [each.pk for each in _shown(session, now) if _standing(session, each, now).differs_from(each)]


def begin(session: Session, ticket_id: int, *, now: datetime) -> None:
    """From this question on they are one thing. Twice is once; one that goes on began so early."""
    first = tickets.get(session, ticket_id)
    add_once(session, Cluster, tool=first.tool, kind=first.kind, began_at=first.asked_at, told="")
    same = col(Cluster.tool) == first.tool, col(Cluster.kind) == first.kind, col(Cluster.ended_at).is_(None)
    if any(each.had(first.tool, first.kind, first.asked_at) for each in _shown(session, now)):
        changed(session, delete(Cluster).where(*same, col(Cluster.told) == ""))  # another has begun it, and it is over
        return
    earlier = update(Cluster).where(*same, col(Cluster.began_at) > first.asked_at)
    changed(session, earlier.values(began_at=first.asked_at))
    look_after(session, session.exec(select(Cluster).where(*same)).one().pk, now=now)


@dataclass(frozen=True)
class Standing:
    """How it stands: who has a notice, and what these say, in numbers. `over`: for an hour nobody has asked."""

    to: tuple[int, ...]
    expert: int | None
    says: str
    over: bool

    def differs_from(self, cluster: Cluster) -> bool:
        return self.says != cluster.told or (self.over and cluster.ended_at is None)


def _standing(session: Session, cluster: Cluster, now: datetime) -> Standing:
    found = questions(session, cluster)
    last = max((ticket.asked_at for ticket in found), default=cluster.began_at)
    over = cluster.ended_at is not None or now - last > settings.read(session).span("cluster.within")
    to = receivers(session, cluster.tool, departments(session, found), now=now)
    known_over = over and cluster.told != ""  # what was heard afterwards only is over before anybody knows of it
    expert = cluster.expert_id if known_over else _expert(session, cluster, found, to, now=now)
    seen, known = size(found), outage(session, cluster)
    numbers = (seen.asked, seen.waiting, seen.units, int(over), known.pk if known else 0, expert or 0)
    return Standing(tuple(to), expert, " ".join(str(each) for each in numbers), over)


def look_after(session: Session, cluster_id: int, *, now: datetime) -> None:
    """It ends when for an hour nobody has asked; whoever has the notice sees how it stands."""
    cluster = get(session, cluster_id)
    stands, before = _standing(session, cluster, now), cluster.expert_id
    if not stands.differs_from(cluster):
        return
    mine = update(Cluster).where(col(Cluster.id) == cluster.id, col(Cluster.told) == cluster.told)
    ended_at = (cluster.ended_at or now) if stands.over else None
    if not changed(session, mine.values(told=stands.says, expert_id=stands.expert, ended_at=ended_at)):
        return
    session.refresh(cluster)
    for person_id in dict.fromkeys([*stands.to, *(each for each in (stands.expert, before) if each is not None)]):
        place = notice_place(cluster.pk, person_id)
        about = Intent("cluster", person_id, cluster.pk, place, f"{stands.says} {now.isoformat()}")
        outbox.put(session, about, now=now)


def notice_place(cluster_id: int, person_id: int) -> str:
    return f"cluster:{cluster_id}:{person_id}"


def receivers(session: Session, tool: str, where: frozenset[int], *, now: datetime) -> list[int]:
    """The tool's specialists of these departments (where there are none, of any), and the coordinators."""
    tellers = administration.tellers(session, tool, on=clock.today(now)).items()
    scopes = {person_id: scope for person_id, scope in tellers if scope.tools or scope.coordinates}
    here = [person_id for person_id, scope in scopes.items() if is_hers(scope, tool, where)]
    return here if any(not scopes[person_id].coordinates for person_id in here) else list(scopes)


def _expert(
    session: Session, cluster: Cluster, found: Collection[Ticket], to: Collection[int], *, now: datetime
) -> int | None:
    """While none of the others is at work: an expert user of those units who is. Whoever has it keeps it as long."""
    if any(_are_there(session, to, now).values()):
        return cluster.expert_id
    if cluster.expert_id is not None and _are_there(session, [cluster.expert_id], now)[cluster.expert_id]:
        return cluster.expert_id
    askers = {ticket.asker_id for ticket in found}
    for ticket in sorted(found, key=lambda ticket: ticket.pk, reverse=True)[:3]:
        helpers = ladder.helpers_for(session, ticket, now=now, rungs=EXPERTS)
        there = [h for h in helpers if h.presence.at_work and h.suits and h.person_id not in askers]
        if there:
            return min(there, key=lambda h: not h.presence.known).person_id
    return cluster.expert_id


def _are_there(session: Session, ids: Collection[int], now: datetime) -> dict[int, bool]:
    return {person_id: at <= now for person_id, at in roster.may_notify_helpers(session, ids, now=now).items()}


# ---- one answer to all -------------------------------------------------------------------------------------------


def answer_all(session: Session, cluster_id: int, text: str, *, vouched: bool, by: int, now: datetime) -> int:
    """[Svara alla]: every question that waits for an answer gets this one; how many. What somebody has answered
    meanwhile is left alone. Raises NotYours, NobodyWaits.
    """
    cluster = _locked(session, cluster_id)
    waiting = _held(session, waiting_for(session, cluster, by=by, now=now))
    if not waiting:
        faster = session.get(Person, cluster.answered_by_id) if cluster.answered_by_id is not None else None
        raise AllAnswered(name=faster.name) if faster else NobodyWaits
    formers = {_answer_one(session, ticket, text, vouched=vouched, by=by, now=now) for ticket in waiting}
    changed(session, update(Cluster).where(col(Cluster.id) == cluster.id).values(answered_by_id=by, answered_at=now))
    session.refresh(cluster)
    for person_id in sorted(each for each in formers if each is not None):
        place = f"answered_all:{cluster.pk}:{person_id}:{int(now.timestamp() * 1000)}"
        outbox.put(session, Intent("answered_all", person_id, cluster.pk, place, "answered"), now=now)
    look_after(session, cluster.pk, now=now)
    return len(waiting)


def _locked(session: Session, cluster_id: int) -> Cluster:
    """Held until the transaction ends: of two who answer at once the second sees what the first has done."""
    query = select(Cluster).where(Cluster.id == cluster_id).with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise Gone
    return found


def _held(session: Session, found: Collection[Ticket]) -> list[Ticket]:
    """As they are now, so that nobody answers one meanwhile."""
    query = select(Ticket).where(col(Ticket.id).in_([ticket.pk for ticket in found])).order_by(col(Ticket.id))
    held = session.exec(query.with_for_update().execution_options(populate_existing=True))
    return [ticket for ticket in held if ticket.awaits_answer]


def _answer_one(
    session: Session, ticket: Ticket, text: str, *, vouched: bool, by: int, now: datetime
) -> int | None:
    """To its asker like any other answer, and the question whether it helped. Returns who had taken it."""
    former = ticket.owner_id
    rung = ladder.rung_for(session, ticket, by, now=now) or Rung.COORDINATOR
    row = tickets.answer_with_others(session, ticket, rung, by=by, now=now)
    said = Said(text, False, f"all:{by}:{ticket.pk}", f"{now.timestamp():.6f}", vouched=vouched)
    line = lines.keep(session, said, by=by, side=Side.HELPER, ticket_id=ticket.pk)
    if line is not None:
        lines.relay(session, ticket, line, to=ticket.asker_id, cause="said", now=now)
        lines.vouch(session, ticket, said, by=by, now=now)
    tickets.ask_whether_solved(session, ticket, row, now=now)
    return former if former != by else None


# ---- its outage --------------------------------------------------------------------------------------------------


def put_up(session: Session, notice: Notice, *, by: int, now: datetime) -> None:
    """As `outages.put_up`, and the notices say so."""
    outages.put_up(session, notice, by=by, now=now)
    _tell_of(session, notice.tool, now=now)


def set_right(session: Session, outage_id: int, *, by: int, now: datetime) -> None:
    """As `outages.set_right`, and the notices say so."""
    outages.set_right(session, outage_id, by=by, now=now)
    _tell_of(session, outages.get(session, outage_id).tool, now=now)


def _tell_of(session: Session, tool: str, *, now: datetime) -> None:
    for cluster in _shown(session, now):
        if cluster.tool == tool:
            look_after(session, cluster.pk, now=now)
