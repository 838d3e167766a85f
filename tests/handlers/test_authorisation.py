"""Who may what: every registered control, forged by everybody for every question. Nobody gets an effect that is not hers.

The table (matrix.py) says for each control what it may change and for whom. A control without a line fails.
What changes is read from the whole database, before and after. The same table is printed as docs/vem-ser-vad.md.
"""

import itertools
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from bot import manifest
from handlers.words import LANGUAGES, plainly
from models import audit, clock, learning, lines, news, outages, outbox, people, settings, tickets
from models.answers import Answer, AnswerProposal, AnswerShown
from models.audit import Change
from models.clusters import Cluster
from models.contacts import Contact
from models.db import Database
from models.ideas import Idea
from models.lines import Said, Side
from models.news import News
from models.orders import AccessOrder, OrderState
from models.outages import Outage
from models.people import Absence, Appointment, Assignment, Person, Role
from models.recognition import Kind, Urgency
from models.roster import Duty
from models.stuga_day import Outcome, StugaItem
from models.stuga_series import Part, Stuga, StugaStaff, StugaStep
from models.tally import Dimension, Scope, Shows, Span, Tally, TallyPeriod
from models.tickets import NextStep, Reason, State, Ticket, Via
from tests import slack as fake
from tests.effort import WHOLE
from tests.handlers import who_sees_what
from tests.handlers.matrix import (
    ACTIVE,
    ASKER,
    AT_STUGA,
    BROUGHT,
    CANDIDATE,
    CLOSED,
    DEPUTY,
    ELSEWHERE,
    FORMER,
    FORMER_ASKER,
    FORMER_OWNER,
    GONE_OWNER,
    HEAD,
    HOST,
    LEAD,
    LINES,
    MANAGER,
    MATE,
    OPEN,
    OUTSIDE,
    OWNER,
    PROPOSED,
    REDIRECTED,
    ROLES,
    SIGHTS,
    SPECIALIST,
    STRANGER,
    TAKEN,
    Line,
)
from tests.slack import Slack
from tests.town import MONDAY, Actor, Town

LONG_AGO = date(2025, 1, 1)

# ---- everybody, and the questions ----------------------------------------------------------------------------------


def people_it(town: Town) -> None:
    """Every role has somebody: the town's own people, and five newcomers."""
    with town.db.transaction() as session:
        _newcomers(session)
    for who, email in ((HEAD, "nils.nord"), (DEPUTY, "dora.dahl"), (HOST, "vera.vik"), (AT_STUGA, "hugo.hed"), (LEAD, "lena.lind")):
        setattr(town, who, Actor(town, who, f"{email}@lovkoping.example"))


def _newcomers(session: Any) -> None:
    """A head of department with a chat account, a manager's deputy, an expert elsewhere, a workmate in the unit."""
    known = {person.email: person for person in people.everybody(session)}
    units = {unit.key: unit.id for unit, _ in people.open_units(session)}
    known["nils.nord@lovkoping.example"].chat_user_id = "UNILS"
    dora = Person(name="Dora Dahl", email="dora.dahl@lovkoping.example", chat_user_id="UDORA")
    session.add(dora)
    session.flush()
    disa, kate, moa = (known[f"{name}@lovkoping.example"].id for name in ("disa.dal", "kate.obi", "moa.myr"))
    here = {"unit_id": units["bjorken"], "starts_on": LONG_AGO}
    session.add(Appointment(person_id=dora.id, role=Role.UNIT_MANAGER, deputy_for_id=disa, ends_on=date(2030, 1, 1), **here))
    session.add(Appointment(person_id=kate, role=Role.EXPERT_USER, unit_id=units["hemtjanst_soder"], starts_on=LONG_AGO))
    session.add(Assignment(person_id=moa, **here))
    for name, user in (("Vera Vik", "UVERA"), ("Hugo Hed", "UHUGO")):
        _at_work_in_the_south(session, name, user, units["hemtjanst_soder"])
    lena = Person(name="Lena Lind", email="lena.lind@lovkoping.example", chat_user_id="ULENA")
    session.add(lena)
    session.flush()
    for tool in ("digital_lock", "medication_dispenser"):
        session.add(Appointment(person_id=lena.id, role=Role.OBJECT_LEAD, tool=tool, starts_on=LONG_AGO))
    _a_department_without_specialists(session)


def _at_work_in_the_south(session: Any, name: str, user: str, unit: int) -> None:
    """Host and helper of the drop-in: no other hat."""
    person = Person(name=name, email=f"{name.lower().replace(' ', '.')}@lovkoping.example", chat_user_id=user)
    session.add(person)
    session.flush()
    session.add(Assignment(person_id=person.id, unit_id=unit, starts_on=LONG_AGO))


def _a_department_without_specialists(session: Any) -> None:
    above = people.department(session, "hemtjanst")
    new = people.Department(key="rehab", name="Rehabilitering", administration_id=above.administration_id)
    session.add(new)
    session.flush()
    session.add(people.Unit(key="rehab", name="Rehab", department_id=new.id, live=True))


def _questions(session, who: dict[str, int], now) -> None:
    has = {"owner_id": who[OWNER], "taken_at": now}
    later = now + timedelta(hours=1)
    stand: dict[int, dict[str, Any]] = {
        OPEN: {"next_step": NextStep.ASK, "next_at": later, "rung": tickets.Rung.UNIT_EXPERT},
        TAKEN: has | {"state": State.TAKEN, "next_step": NextStep.REMIND, "next_at": later},
        PROPOSED: has | {"tool": "digital_lock", "state": State.SOLVED_PROPOSED, "next_step": NextStep.WARN, "next_at": later},
        OUTSIDE: has | {"state": State.WAITING_EXTERNAL, "next_step": NextStep.CHECK, "next_at": later},
        GONE_OWNER: {"asker_id": who[FORMER_ASKER], "owner_id": who[FORMER_OWNER], "taken_at": now, "state": State.TAKEN,
                     "next_step": NextStep.REMIND, "next_at": later},
        CLOSED: has | {"state": State.CLOSED, "reason": Reason.SOLVED, "closed_at": now},
        BROUGHT: {"state": State.PARKED, "stuga_id": 1, "tool": "digital_lock"},
        REDIRECTED: {"state": State.CLOSED, "reason": Reason.REDIRECTED, "belongs_to": "access", "closed_at": now},
    }  # fmt: skip
    usual = {"asker_id": who[ASKER], "unit_id": 1, "kind": Kind.HANDLING, "urgency": Urgency.MAYBE_ACUTE}
    for number, values in stand.items():
        ticket = Ticket(**(usual | {"id": number, "asked_at": now, "asker_wrote_at": now} | values))
        tickets.create(session, ticket, by=ticket.asker_id, now=now)
        for name in (OWNER, CANDIDATE, FORMER_OWNER):
            tickets.make_candidate(session, ticket, who[name], tickets.Rung.UNIT_EXPERT, via=Via.CARD, at=now)
    said = [(OPEN, ASKER, Side.ASKER), (OPEN, ASKER, Side.ASKER), (None, ASKER, Side.ASKER), (TAKEN, OWNER, Side.HELPER),
            (GONE_OWNER, FORMER_ASKER, Side.ASKER), (None, FORMER_ASKER, Side.ASKER),
            (TAKEN, CANDIDATE, Side.KEPT), (PROPOSED, OWNER, Side.HELPER)]  # fmt: skip
    for number, (ticket_id, name, side) in enumerate(said, start=1):
        lines.keep(
            session, Said(f"rad {number}", False, "D", f"{number}.0"), by=who[name], side=side, ticket_id=ticket_id
        )
    for row in session.exec(outbox.select(outbox.Letter)):
        outbox.finish(session, row, outbox.Outcome.DROPPED, now=now)
    yesterday = now - timedelta(days=1)
    session.add(Duty(person_id=who[OWNER], starts_at=yesterday, until_at=yesterday + timedelta(hours=9), ended_at=yesterday))


def _a_stuga(session: Any, who: dict[str, int], now: datetime) -> None:
    """It is on, with its host and a helper; one question will have been brought to it."""
    span = {"starts_at": now - timedelta(minutes=30), "ends_at": now + timedelta(hours=1)}
    ends = {"next_step": StugaStep.END, "next_at": now + timedelta(days=1), "changed_at": now}
    session.add(Stuga(id=1, series="man", slot="2026-W48", uid="u", name="Stugan", room="Eken", **span, **ends))
    session.flush()
    for name, part in ((HOST, Part.HOST), (AT_STUGA, Part.HELPER)):
        session.add(StugaStaff(stuga_id=1, person_id=who[name], part=part))


def _administered(session: Any, mate: int, lent: int, now: datetime) -> None:
    """A number, a lent expert's hat and a workmate's absence that ended a moment ago; an absence to come, and a duty."""
    day, moment = clock.today(now) - timedelta(days=1), timedelta(hours=1)
    ended = {"starts_on": LONG_AGO, "ends_on": day}
    rows = {
        "contact": Contact(unit_id=1, tool="vr", number="08-465 004 60", **ended),
        "appointment": Appointment(person_id=lent, role=Role.EXPERT_USER, unit_id=1, tool="vr", **ended),
        "absence": Absence(person_id=mate, **ended),
    }
    for what, row in rows.items():
        session.add(row)
        session.flush()
        told = Change(f"{what}.ended", 1, person_id=mate, row_id=row.id, after={"ends": day.isoformat()})
        audit.keep(session, told, by=mate, now=now)
    settings.write(session, "keep.jobs", "9 d", now=now)
    before, after = {"value": settings.defaults()["keep.jobs"].value}, {"value": "9 d"}
    audit.keep(session, Change("setting.put", about="keep.jobs", before=before, after=after), by=mate, now=now)
    session.add(Absence(person_id=mate, starts_on=date(2026, 12, 24)))
    session.add(Duty(person_id=mate, starts_at=now - moment, until_at=now + moment))


def _known(session: Any, who: dict[str, int], now: datetime) -> None:
    """Many have asked about locks, the last time in a drop-in's question; an expert user has it, and an outage is up."""
    session.add(Cluster(tool="digital_lock", kind=Kind.HANDLING, began_at=now - timedelta(minutes=5), expert_id=who[CANDIDATE]))
    ends, day = now + timedelta(minutes=10), date(2026, 12, 1)
    session.add(Idea(ticket_id=BROUGHT, by_id=who[ASKER], at=now))
    session.add(News(tool="medication_dispenser", departments="1", text="Nytt", at=now, by_id=who[SPECIALIST], ends_on=day))
    session.add(Outage(tool="digital_lock", departments="1", since=now, put_up_at=now, by_id=who[SPECIALIST], ends_at=ends, next_at=ends))


def _answers(session, who: dict[str, int], now) -> None:
    """One that is proposed, and one that stands in the receipt of the open question."""
    words = {"tool": "digital_lock", "question": "Låset gnisslar", "text": "Olja", "made_at": now}
    by = {"state": "approved", "author_id": who[SPECIALIST], "approved_at": now, "review_on": date(2030, 1, 1)}
    session.add_all([Answer(id=1, **words), Answer(id=2, **words, **by)])
    session.flush()
    session.add(AnswerProposal(answer_id=1, ticket_id=CLOSED, by_id=who[CANDIDATE], text="Olja", at=now))
    session.add(AnswerShown(ticket_id=OPEN, answer_id=2, via="asker", at=now))
    tickets.get(session, OPEN).answers_until = now


def _orders(session, who: dict[str, int], now) -> None:
    """Two under a closed question: one that waits, and one that the manager has answered."""
    usual = {"asker_id": who[ASKER], "unit_id": 1, "ticket_id": CLOSED, "needed_by": now.date(), "asked_at": now}
    answered = {"state": OrderState.ORDERED, "answered_by_id": who[MANAGER], "answered_at": now}
    session.add(AccessOrder(id=1, tool="care_record", **usual))
    session.add(AccessOrder(id=2, tool="siths", **usual, **answered))


def _counted(session: Any, now: datetime) -> None:
    """The week before, in which a department asked about locks."""
    first = clock.monday(clock.today(now)) - timedelta(weeks=1)
    session.add(TallyPeriod(span=Span.WEEK, first=first, counted_at=now))
    row = {"scope": Scope.DEPARTMENT, "scope_id": 1, "span": Span.WEEK, "first": first, "number": 6, "enough": True}
    session.add(Tally(dimension=Dimension.TOOL, key="digital_lock", shows=Shows.WHOLE, **row))


class Scene:
    """The town with its questions, and a copy of it to return to."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.who = {name: getattr(town, name).id for name in ROLES}
        assert self.who[OWNER] == OWNERS_ID
        with town.db.transaction() as session:
            _a_stuga(session, self.who, town.time)
            _questions(session, self.who, town.time)
            _administered(session, self.who[MATE], self.who[ELSEWHERE], town.time)
            _orders(session, self.who, town.time)
            _known(session, self.who, town.time)
            _answers(session, self.who, town.time)
            _counted(session, town.time)
            learning.learn(session, CLOSED, "digital_lock", "flurpen gnisslar", now=town.time)
            session.add(StugaItem(stuga_id=1, ticket_id=CLOSED, began_at=town.time, logged_at=town.time, outcome=Outcome.GUIDE))
            for name in FORMER:
                people.deactivate(session, self.who[name], now=town.time)
        self.raw = sqlite3.connect(town.file, isolation_level=None)
        self.copy = sqlite3.connect(":memory:")
        self.raw.backup(self.copy)
        self.seen = self._version()
        self.before = self.look()

    def _version(self) -> int:
        """Another one whenever somebody else has written to the file."""
        return self.raw.execute("pragma data_version").fetchone()[0]

    def look(self) -> dict[str, set[tuple[Any, ...]]]:
        """Every row of every table, but what only says what was heard, and where it was shown."""
        found = {}
        for table in TABLES:
            found[table] = set(self.raw.execute(f"select {', '.join(COLUMNS[table])} from {table}"))
        return found

    def changes(self, body: dict[str, Any], who: str) -> set[int | str]:
        """What is different after this; then all is as before."""
        self.town.slack.triggers[body["trigger_id"]] = who
        self.town.dispatch(body)
        if self._version() == self.seen:
            return set()
        after = self.look()
        changed = self._changed(after, self.who[who])
        if after != self.before:
            self.restore()
        self.seen = self._version()
        return changed

    def restore(self) -> None:
        self.copy.backup(self.raw)

    def _changed(self, after: dict[str, set[tuple[Any, ...]]], actor: int) -> set[int | str]:
        things = set()
        for table, rows in self.before.items():
            for row in rows ^ after[table]:
                things.add(_thing(table, dict(zip(COLUMNS[table], row, strict=True)), actor))
        named = things - {None, "letter"}
        return named | ({"letter"} & things if not named else set())


TABLES = [name for name in SQLModel.metadata.tables if name not in ("heard", "job_run", "posted", "news_reader", "audit_entry", "erasure")]
COLUMNS = {
    name: [column.name for column in SQLModel.metadata.tables[name].columns if column.name not in ("active_at", "chat_channel_id")]
    for name in TABLES
}


def _thing(table: str, row: dict[str, Any], actor: int) -> int | str | None:
    """What a row is called in the table: its question, or whose it is. A letter to somebody else follows from something."""
    if table == "letter":
        return None if row["to_id"] == actor else "letter"
    number = row["id"] if table == "ticket" else row.get("ticket_id")
    if table in ("ticket", "candidate", "history", "line"):
        return _question(table, row, number, actor)
    owner = row["id"] if table == "person" else row.get("person_id", row.get("asker_id"))
    return f"own {table}" if owner == actor else table


def _question(table: str, row: dict[str, Any], number: int | None, actor: int) -> int | str | None:
    if number is None:
        return "own draft" if row["author_id"] == actor else "draft"
    if number <= len(QUESTIONS):
        return number
    if table != "ticket":
        return None  # what stands under a new question, the question itself says
    return "own question" if row["asker_id"] == actor else "question"


@pytest.fixture(scope="module")
def played(settled_database, tmp_path_factory) -> Iterator[Scene]:
    """Made once: every test leaves it as it was."""
    file = tmp_path_factory.mktemp("scene") / "town.db"
    shutil.copy(settled_database, file)
    with pytest.MonkeyPatch.context() as patch:
        slack = Slack(lambda: MONDAY)
        slack.install(patch)
        town = Town(Database(f"sqlite:///{file}"), slack)
        people_it(town)
        yield Scene(town)
        town.db.close()


@pytest.fixture
def scene(played: Scene) -> Scene:
    played.restore()
    played.seen = played._version()
    return played


# ---- what can be forged ------------------------------------------------------------------------------------------------

stamps = itertools.count(1)
ON = manifest.registered()
QUESTIONS = [str(number) for number in range(1, 9)]
SAID = [str(number) for number in range(1, 8)]
OWNERS_ID = 2  # of whom a forged button says that she has the question
WISHES = ("send", "note", "park", "pause", "out", "give_back", "others")

# Where the value of a control is not just a number: (action id, value) of every forgery.
VALUES: dict[str, list[tuple[str, str]]] = {
    "ticket.tool": [("ticket.tool:digital_lock", q) for q in QUESTIONS],
    "ticket.unit": [("ticket.unit", f"{q}:1") for q in QUESTIONS],
    "ticket.more": [("ticket.more", f"{q}:{wish}") for q in QUESTIONS for wish in WISHES],
    "line.which": [(f"line.which:{q}", line) for line in SAID for q in (*QUESTIONS, "new")],
    "ticket.take_over": [("ticket.take_over", f"{q}:{line}:{OWNERS_ID}") for q in QUESTIONS for line in SAID],
    "line.split": [("line.split", line) for line in SAID],
    "ask.tool": [("ask.tool:digital_lock", q) for q in QUESTIONS],
    "ask.usual": [("ask.usual:0", "digital_lock")],
}
OF_THE_DAY = ("put_back", "change", "walk_in", "log_form", "begin")
VALUES |= {f"stuga.{name}": [(f"stuga.{name}", f"{s}:{code}") for s in "12" for code in (*QUESTIONS, "digital_lock")] for name in OF_THE_DAY}
VALUES["clear.open"] = [("clear.open", f"{q}{wish}") for q in QUESTIONS for wish in ("", ":idea")]
VALUES["stuga_plan.form"] = [("stuga_plan.form", "0")]
VALUES["stuga.log"] = [("stuga.log:solved", f"{s}:{q}:solved:") for s in "12" for q in QUESTIONS]
VALUES["stuga.many_form"] = [("stuga.many_form", f"{s}:digital_lock:handling") for s in "12"]
VALUES["stuga.count"] = [("stuga.count:one", f"{s}:one") for s in "12"]
VALUES["answer.helped"] = [(f"answer.helped:{answer}", q) for answer in "12" for q in QUESTIONS]
VALUES["answer.use"] = [("answer.use", f"{q}:2") for q in QUESTIONS]
VALUES["profile.speak"] = [(f"profile.speak:{language}", "0") for language in ("sv", "en", "x")]
VALUES["answer.tool"] = [("answer.tool", "digital_lock")]
SEEN = ["1|1", "2|1", "0|0", "3|1"]
VALUES |= {f"answer.{name}": [(f"answer.{name}", code) for code in SEEN] for name in ("keep", "withdraw", "refuse_form", "merge_form")}
# Figures: of a unit, of wider places, of a tool, of nothing.
FIGURES_OF = ("unit-1", "department-1", "administration-1", "tool-digital_lock", "unit-0", "area-1", "x")
OF_FIGURES = [f"{place}|{week}" for place in FIGURES_OF for week in ("2026-W47", "2026-W99", "x")]
VALUES |= {f"summary.{name}": [(f"summary.{name}", value) for value in OF_FIGURES] for name in ("open", "where", "when")}
VALUES["summary.file"] = [(f"summary.file:{form}", value) for form in ("paper", "workbook", "x") for value in OF_FIGURES]
# The administration: wherever it may be, and whichever row there.
PLACES = ["unit-1", "area-1", "department-1", "all-0", "x"]
ROWS = [f"{place}|0" for place in PLACES] + [f"unit-1|{row}" for row in (1, 2, 3, 6, 12)]
ADMINISTERED = ("contact", "appointment", "absence", "unit")
VALUES |= {f"{thing}.list": [(f"{thing}.list", place) for place in PLACES] for thing in ADMINISTERED}
VALUES |= {
    name: [(name, row) for row in ROWS]
    for name in (
        *("contact.form", "contact.end", "contact.undo", "appointment.form", "appointment.ending", "appointment.undo"),
        *("absence.form", "absence.end", "absence.undo", "duty.other_form", "duty.other_off", "rota.form"),
        *("unit.form", "unit.begin", "unit.stop"),
    )
}
KEYS = ["target.unit_expert", "no.such", "word.unit.sv", "word.x.sv", "x", "", "1"]
VALUES |= {name: [(name, key) for key in KEYS] for name in ("settings.form", "settings.reset", "words.form", "words.reset")}
VALUES["duty.other_off"] = [("duty.other_off", f"unit-1|{person}") for person in range(1, 17)]
VALUES["unit.begin"].append(("unit.begin", "unit-3|0"))  # the one that has not begun
VALUES["audit.list"] = [("audit.list", q) for q in QUESTIONS]
FORMS = ("contact.save", "appointment.save", "appointment.end", "absence.save", "duty.other_on", "rota.save", "unit.save")
ABOUT = {**dict.fromkeys(FORMS, ROWS), "answer.approve": SEEN, "answer.refuse": SEEN, "answer.merge": SEEN, "settings.save": KEYS, "words.save": KEYS, "stuga_plan.save": ["0"]}
# Pressed in a window, which is drawn anew.
INSIDE = ("answer.edit", "answer.new", "answer.versions", "news.take_down", "idea.form", "stuga_plan.form", "stuga.keep", "stuga.subscribe", "stuga.redraw", "stuga.board", "stuga.heads_form", "stuga.move_form", "stuga.hand_over_form", "gate.clean", "gate.anyway", "ask.usual", "shifts.end", "who_helps.unit", "gaps.page", *(set(VALUES) & set(ON.rules)))
NO = [plainly(language, "notice.title") for language in LANGUAGES]
# What stands in the fields of a form. Every form gets the usual ones.
USUAL_FIELDS = {"word": "Ring", "line": "Ring", "what": "Låset i 12 blinkar rött", "until": "18:00"}
ORDER_FIELDS = {"tool": "login_eid", "needed": "7", "unit": "1"}
FIELDS: dict[str, dict[str, str]] = {
    "answer.approve": {"tool": "digital_lock", "question": "Låset gnisslar", "text": "Olja"},
    "answer.refuse": {"reason": "Finns redan"},
    "answer.merge": {"into": "2|1"},
    "answer.send": {"text:2": "Olja"},
    "shifts.save": {"weeks": "1", "week": "0", "days": "0 2", "opens": "21:00", "closes": "07:00"},
    "summer.save": {"first": "27 28", "second": "33"},
    "contact.save": {"number": "08-465 004 50", "tools": "digital_lock", "starts": "2026-11-23"},
    "appointment.save": {"person": "UEVA", "role": "expert_user", "starts": "2026-11-23"},
    "appointment.end": {"ends": ""},
    "absence.save": {"person": "UGUN", "starts": "2026-12-01", "ends": "2026-12-02"},
    "duty.other_on": {"person": "UGUN", "until": "18:00"},
    "rota.save": {"person": "UGUN", "weeks": "1", "week": "0", "days": "0 2", "opens": "21:00", "closes": "07:00"},
    "unit.save": {"tools": "digital_lock vr"},
    "settings.save": {"value": "25 min"},
    "ticket.correct": {"tool": "vr"},
    "words.save": {"one": "hus", "the": "huset", "many": "hus", "all": "husen"},
    "duty.hand_over": {f"word_{q}": "Ring" for q in QUESTIONS},
    "stuga_plan.save": {"name": "Stugan", "day": "wed", "weeks": "1", "from": "13:30", "to": "15:00", "room": "Eken", "host": "UEVA"},
    "stuga.park": {"stuga": "1"},
    "stuga.heads": {"heads": "4"},
    "stuga.log": {"outcome": "8:solved:", "line": "Ring"},
    "stuga.log_many": {"which": " ".join(QUESTIONS), "outcome": "solved"},
    "stuga.move": {"day": "2026-11-24", "starts": "13:00", "ends": "14:00"},
    "stuga.hand_over": {"who": "UEVA"},
    "news.publish": {"tool": "digital_lock", "text": "Nytt", "ends": "2026-12-01"},
    "idea.reply": {"reply": "Bra tanke"},
    "outage.put_up": {"day": "2026-11-23", "time": "15:00"},
    "order.unit": ORDER_FIELDS,
    "order.send": ORDER_FIELDS,
}


def pressed(user: str, action_id: str, value: str) -> dict[str, Any]:
    number = f"{next(stamps)}.0"
    action = {"type": "button", "block_id": "b", "action_id": action_id, "action_ts": number, "value": value}
    window = {"id": f"V{user}", "type": "modal", "hash": number, "blocks": [], "state": {"values": {}}}
    view = {"view": window} if action_id.partition(":")[0] in INSIDE else {}
    return said_with(user, type="block_actions", actions=[action], channel={"id": "D"},
                     response_url=f"https://hooks.test/{user}", **view)  # fmt: skip


def submitted(user: str, callback_id: str, about: str, **values: str) -> dict[str, Any]:
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V", "type": "modal", "callback_id": callback_id, "private_metadata": about, "hash": f"{next(stamps)}.0",
            "blocks": [], "state": {"values": state}}  # fmt: skip
    return said_with(user, type="view_submission", view=view)


def forgeries(name: str, user: str) -> list[dict[str, Any]]:
    """Every way in that this control has, with every value that could make it reach what is somebody else's."""
    found: list[dict[str, Any]] = []
    if name in ON.actions:
        found += [pressed(user, *forged) for forged in VALUES.get(name, [(name, q) for q in QUESTIONS])]
    if name in ON.views:
        filled = [{"which": which} for which in ("all", *SAID)] if name == "clear.send" else [FIELDS.get(name, USUAL_FIELDS)]
        found += [submitted(user, name, q, **fields) for q in ABOUT.get(name, QUESTIONS) for fields in filled]
    if name in ON.commands:
        found.append(said_with(user, command=name, text="F-1", user_id=user))
    if name in ON.shortcuts:
        found.append(said_with(user, type="shortcut", callback_id=name))
    if name in ON.message_shortcuts:
        message = {"type": "message", "user": "USOMEBODY", "text": "Låset i 12 blinkar rött"}
        found += [
            said_with(user, type="message_action", callback_id=name, message=message | {"ts": ts}, channel={"id": channel})
            for channel, ts in [("C1", "1.0"), *(("D", f"{line}.0") for line in SAID)]
        ]
    return found


def said_with(user: str, **what: Any) -> dict[str, Any]:
    number = f"{next(stamps)}.0"
    return {"user": {"id": user}, "team": {"id": "T1"}, "team_id": "T1", "api_app_id": "A", "trigger_id": number} | what


# ---- the test ------------------------------------------------------------------------------------------------------------


def test_every_control_has_its_line_in_the_table():
    assert set(ON.rules) == set(LINES), "one line each in tests/handlers/matrix.py"


def test_every_role_of_the_product_is_in_the_table(scene):
    with scene.town.db.snapshot() as session:
        worn = {hat.role for who in scene.who.values() for hat in people.roles_of(session, who, on=MONDAY.date())}
    assert worn == set(Role)


def one_of_each(line: Line) -> set[str]:
    """Somebody for each right that the line gives, and somebody who has none."""
    everybody = sorted(ROLES, key=STRANGER.__eq__)  # for a right that the stranger has, or has not, the stranger
    return set({(frozenset(line.effects.get(who, ())), who in line.shows_to): who for who in everybody}.values())


@pytest.mark.parametrize("name", list(LINES))
def test_nobody_gets_an_effect_or_a_window_that_is_not_hers(scene, name):
    forged_by(scene, name, one_of_each(LINES[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(LINES))
def test_not_one_of_all_others_does_either(scene, name):
    forged_by(scene, name, set(ROLES) - one_of_each(LINES[name]))


def forged_by(scene: Scene, name: str, everyone: set[str]) -> None:
    """Every forgery of a control: what is changed by it, and the window that it opens, are what the table says."""
    line = LINES[name]
    assert forgeries(name, "U")
    for at, who in enumerate(sorted(everyone)):
        scene.town.slack.modals.clear()
        forged = forgeries(name, getattr(scene.town, who).user)
        if not WHOLE and not line.effects.get(who) and who not in line.shows_to:
            forged = forged[at % min(4, len(forged)) :: 4]  # others for each; all of them in test-all
        changed = set().union(*(scene.changes(body, who) for body in forged))
        assert changed == line.effects.get(who, set()), who
        if not changed:
            assert (window_of(scene.town) is not None) == (who in line.shows_to), who


def window_of(town: Town) -> dict[str, Any] | None:
    """What somebody was shown, other than a refusal."""
    shown = [view for view in town.slack.modals.values() if view["title"]["text"] not in NO]
    return shown[0] if shown else None


def test_the_page_is_what_the_table_says():
    written = who_sees_what.PAGE.read_text(encoding="utf-8")
    assert written == who_sees_what.page(), "python -m tests.handlers.who_sees_what"


def test_somebody_whose_account_has_ended_asks_nothing_and_is_told_nothing(scene):
    for body in (
        submitted(scene.town.filip.user, "ask.send", "", what="Låset i 12 blinkar rött"),
        said_with(scene.town.filip.user, command="/fraga", text="Låset i 12 blinkar rött", user_id=scene.town.filip.user),
    ):
        scene.town.dispatch(body)
    filip = scene.town.filip.id
    with scene.town.db.snapshot() as session:
        assert [t.id for t in tickets.alive_of(session, filip)] == [GONE_OWNER]
    assert scene.town.filip.got == []


def test_writing_under_anothers_card_or_receipt_reaches_nobody(town):
    """Eva finds the channel and time of Bo's card: her words stay with her."""
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    card, receipt = town.bo.got[0], town.anna.got[0]
    for channel, root in ((town.bo.channel, card), (town.anna.channel, receipt)):
        town.event({"type": "message", "user": town.eva.user, "text": "Jag ser dig", "channel": channel,
                    "channel_type": "im", "ts": town.slack.ts(), "thread_ts": root["ts"]})  # fmt: skip
    assert town.words_of_ticket(1) == ["Låset i 12 blinkar rött"]
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.OPEN
    assert "Jag ser dig" not in town.anna.phone + town.bo.phone + town.gun.phone


def to_departments(user: str, callback_id: str, tool: str, *departments: int) -> dict[str, Any]:
    """News, or an outage, with departments that no form has offered."""
    body = submitted(user, callback_id, "", **(FIELDS[callback_id] | {"tool": tool}))
    chosen = [{"value": str(each)} for each in departments]
    body["view"]["state"]["values"]["departments"] = {"departments": {"type": "multi_static_select", "selected_options": chosen}}
    return body


def test_nobody_speaks_to_a_department_that_is_not_hers(town):
    """Eva knows locks in the one department and the dispenser in the other: her forms offer both, and she swaps them."""
    hats = [Appointment(person_id=town.eva.id, role=Role.OBJECT_SPECIALIST, tool=tool, department_id=where, starts_on=LONG_AGO)
            for tool, where in (("digital_lock", 1), ("medication_dispenser", 2))]  # fmt: skip
    with town.db.transaction() as session:
        _a_department_without_specialists(session)
        session.add_all(hats)

    def said() -> list[str]:
        with town.db.snapshot() as session:
            return [each.departments for table in (News, Outage) for each in session.exec(outbox.select(table))]

    theirs = (("digital_lock", 2), ("digital_lock", 1, 2), ("digital_lock", 3), ("medication_dispenser", 1), ("vr",))
    for callback_id in ("news.publish", "outage.put_up"):
        for tool, *where in theirs:
            town.dispatch(to_departments(town.eva.user, callback_id, tool, *where))
            assert said() == [], (callback_id, tool, where)
        town.dispatch(to_departments(town.ivar.user, callback_id, "digital_lock", 99))
        assert said() == [], "the coordinator speaks to all of them, but there is no such"
    for callback_id in ("news.publish", "outage.put_up"):
        town.dispatch(to_departments(town.eva.user, callback_id, "digital_lock"))
    assert said() == ["1", "1"], "none chosen: hers"
    town.dispatch(to_departments(town.cia.user, "news.publish", "digital_lock", 2))
    town.dispatch(to_departments(town.cia.user, "outage.put_up", "digital_lock", 2))
    for action_id in ("news.take_down", "outage.right", "outage.prolong"):
        town.slack.triggers["T"] = town.eva.user
        town.dispatch(pressed(town.eva.user, action_id, "2"))
    with town.db.snapshot() as session:
        assert [news.get(session, 2).ended_at, outages.get(session, 2).ended_at] == [None, None]


# ---- what can be read --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_everybody_reads_what_is_hers_and_nothing_else(town):
    """A question is asked, taken and answered, and everybody opens all that she can open."""
    people_it(town)
    with town.db.transaction() as session:
        _counted(session, town.time)
    read = dict.fromkeys(ACTIVE, "")
    town.anna.writes("Låset i 12 blinkar rött i nödläge, jag heter 19121212-1212")
    town.later(seconds=25)
    look_around(town, read)
    town.bo.presses("Ta frågan")
    card = town.bo.message_with("blinkar rött")
    town.bo.writes("Byt batteri i dosan", under=card)
    town.bo.picks("Intern anteckning")
    town.bo.submits(word="Jag har provat omstart")
    town.later(minutes=5)
    look_around(town, read)
    for sight in SIGHTS:
        assert {who for who in ACTIVE if re.search(sight.probe, read[who])} == set(sight.read_by), sight.label


def look_around(town: Town, read: dict[str, str]) -> None:
    for who in ACTIVE:
        actor = getattr(town, who)
        read[who] += actor.opens_home() + actor.phone + "".join(windows(actor))


def windows(actor: Actor) -> Iterator[str]:
    """Whatever opens from Home without changing anything."""
    for control in fake.controls(actor.home):
        name = control["action_id"].partition(":")[0]
        if "value" in control and not LINES[name].effects:
            actor.sends(control, actor.home)
            yield actor.modal_words()
