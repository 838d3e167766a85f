"""Series of drop-ins, planned in Home by specialists and admins: a new one, and a change from some day on."""

from datetime import date, datetime, time

from handlers import forms
from handlers.desk import Desk
from handlers.listening import Listeners, Open, Press, Show, Swap
from handlers.views import stuga_plan as view
from handlers.views.parts import Block
from handlers.views.stuga_plan import Plan, Planned
from models import catalogue, clock, editing, people, stuga_plan, stuga_series
from models.clock import DAYS
from models.db import Session
from models.errors import Gone
from models.importing import Faulty
from models.stuga_series import Part, StugaSeries, plans


def register(on: Listeners) -> None:
    on.action("stuga_plan.open", opened, may=plans)
    on.action("stuga_plan.form", form, may=plans)
    on.view("stuga_plan.save", save, may=plans)


def opened(session: Session, press: Press, desk: Desk) -> Show:
    return Open(_listed(session, press, desk))


def _listed(session: Session, press: Press, desk: Desk, told: str = "") -> Block:
    """The rows that hold today or will, each key once."""
    rows = stuga_series.series_in_force(session, on=clock.today(desk.now()))
    latest = {row.key: row for row in rows}.values()
    return view.listed([_planned(row) for row in latest], told, desk.words(session, press.person))


def _planned(row: StugaSeries) -> Planned:
    opens, closes = time.fromisoformat(row.opens), time.fromisoformat(row.closes)
    return Planned(row.id or 0, row.name, DAYS.index(row.day), opens, closes)


def form(session: Session, press: Press, desk: Desk) -> Show:
    """[Ny serie], [Ändra]"""
    words, row = desk.words(session, press.person), _row(session, press)
    today = clock.today(desk.now())
    said = editing.said("stuga_series", row) if row else {}
    said["starts"] = max(today, row.starts_on if row else today).isoformat()
    departments = {department.key: department.name for _, department in people.open_units(session)}
    named = tuple((name, key) for key, name in departments.items())
    tools = forms.tools(catalogue.in_force(session).tools, words)
    return Swap(view.form(Plan(row.id or 0 if row else 0, tuple(said.items()), tools, named), words))


def _row(session: Session, press: Press) -> StugaSeries | None:
    """The row that is changed; None for a new series. Raises Gone for one that never was."""
    if not press.about:
        return None
    found = session.get(StugaSeries, press.about)
    if found is None:
        raise Gone
    return found


def save(session: Session, press: Press, desk: Desk) -> Show:
    """The checks of the import; what is wrong stands beside its field."""
    typed, row, words = forms.typed(press, view.FIELDS), _row(session, press), desk.words(session, press.person)
    typed |= {name: "|".join(typed[name].split()) for name in ("tools", "departments")}
    by, now = press.person.pk, desk.now()
    typed["starts"] = typed["starts"] or clock.today(now).isoformat()
    try:
        if row is None:
            series = stuga_plan.create(session, typed | {"key": stuga_series.token()[:12]}, by=by, now=now)
        else:
            series = stuga_plan.change_from(session, row.key, _first(typed["starts"], now), typed, by=by, now=now)
        _turns(session, press, series.key, desk)
    except Faulty as faulty:
        return forms.wrong(faulty, view.FIELDS, words)
    return Swap(_listed(session, press, desk, words("stuga_plan.saved")))


def _first(typed: str, now: datetime) -> date:
    """From which day a change holds; what is no day the checks complain of."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return clock.today(now)


def _turns(session: Session, press: Press, key: str, desk: Desk) -> None:
    """Host and helper, where they were chosen; else they stay."""
    turns = []
    for part in (Part.HOST, Part.HELPER):
        person = people.by_chat_user(session, press.values.get(part.value, ""))
        turns += [{"email": str(person.pk), "part": part.value, "turn": "1"}] if person else []
    if turns:
        stuga_plan.set_turns(session, key, turns, by=press.person.pk, now=desk.now())
