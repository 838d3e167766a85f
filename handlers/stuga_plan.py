"""Series of drop-ins, planned in Home by specialists and admins: a new one, and a change from some day on."""

from datetime import date, datetime, time

from handlers import forms, gate
from handlers.desk import Desk
from handlers.listening import Errors, Listeners, Open, Press, Show, Swap
from handlers.views import stuga_plan as view
from handlers.views.parts import Block
from handlers.views.stuga_plan import Plan, Planned
from models import catalogue, clock, editing, people, stuga_plan, stuga_series
from models.clock import DAYS
from models.db import Session
from models.errors import Gone
from models.importing import Faulty
from models.people import Person
from models.stuga import NotAhead
from models.stuga_plan import One, OnlySeries, Typed
from models.stuga_series import NotComing, Part, StugaSeries, StugaTurn, plans


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
    shown = _shown_on(row, today)
    said["starts"] = shown.isoformat()
    departments = {department.key: department.name for _, department in people.open_units(session)}
    named = tuple((name, key) for key, name in departments.items())
    tools = forms.tools(catalogue.in_force(session).tools, words)
    crew = [_in_chat(session, _on(session, row.key, part, shown)) if row else () for part in Part]
    return Swap(view.form(Plan(row.id or 0 if row else 0, tuple(said.items()), tools, named, *crew), words))


def _shown_on(row: StugaSeries | None, today: date) -> date:
    """The day whose hosts and helpers the form shows."""
    return max(today, row.starts_on) if row else today


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
    if again := gate.refused(session, press, desk):
        return again
    typed, row, words = forms.typed(press, view.FIELDS), _row(session, press), desk.words(session, press.person)
    if not press.values.get(view.HOST):
        return Errors({view.HOST: words("stuga_plan.no_host")})
    typed |= {name: "|".join(typed[name].split()) for name in ("tools", "departments")}
    by, now = press.person.pk, desk.now()
    typed["starts"] = typed["starts"] or clock.today(now).isoformat()
    first = _first(typed["starts"], now)
    try:
        if row is None:
            row = stuga_plan.create(session, typed | {"key": stuga_series.token()[:12]}, by=by, now=now)
            _turns(session, press, row, desk, first)
        elif press.values.get(view.WHICH) == view.ONE:
            one = One(first, typed, _chosen(session, press, row, clock.today(now)))
            stuga_plan.change_one(session, row.key, one, by=by, now=now)
        else:
            _turns(session, press, row, desk, first)
            stuga_plan.change_from(session, row.key, first, typed, by=by, now=now)
    except Faulty as faulty:
        return forms.wrong(faulty, view.FIELDS, words)
    except OnlySeries as no:
        return Errors({str(no.about["column"]): words(no.key)})
    except (Gone, NotComing, NotAhead):
        return Errors({"starts": words("stuga_plan.no_session")})
    return Swap(_listed(session, press, desk, words("stuga_plan.saved")))


def _first(typed: str, now: datetime) -> date:
    """From which day a change holds; what is no day the checks complain of."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return clock.today(now)


# ---- who takes turns -------------------------------------------------------------------------------------------------


def _turns(session: Session, press: Press, row: StugaSeries, desk: Desk, first: date) -> None:
    """As the form says, from this day on; what it left as it was is not touched."""
    held = _held(session, row, clock.today(desk.now()))
    before = [_cell(turn.person_id, turn.part, turn.turn) for turns in held.values() for turn in turns]
    after = [cell for part in Part for cell in _part(session, press.values.get(part.value, ""), part, held[part])]
    if after != before:
        stuga_plan.set_turns(session, row.key, after, by=press.person.pk, now=desk.now(), first=first)


def _held(session: Session, row: StugaSeries, today: date) -> dict[Part, list[StugaTurn]]:
    """Whom the form has shown."""
    return {part: _on(session, row.key, part, _shown_on(row, today)) for part in Part}


def _chosen(session: Session, press: Press, row: StugaSeries, today: date) -> dict[Part, list[int]]:
    """For one session: the parts that are not as the form has shown them, and who has them."""
    found = {part: press.values.get(part.value, "") for part in Part}
    held = {part: _in_chat(session, turns) for part, turns in _held(session, row, today).items()}
    return {
        part: [people.chosen(session, chat).pk for chat in chosen.split()]
        for part, chosen in found.items()
        if tuple(chosen.split()) != held[part]
    }


def _part(session: Session, chosen: str, part: Part, held: list[StugaTurn]) -> list[Typed]:
    """In the order chosen, a turn each. Those whom the form could not show are not ended by it: theirs come last."""
    if tuple(chosen.split()) == _in_chat(session, held):
        return [_cell(turn.person_id, part, turn.turn) for turn in held]
    known = people.find(session, [turn.person_id for turn in held])
    unseen = [turn.person_id for turn in held if not _shows(known[turn.person_id])]
    who = [*(people.chosen(session, chat).pk for chat in chosen.split()), *unseen]
    return [_cell(person_id, part, at) for at, person_id in enumerate(dict.fromkeys(who), 1)]


def _cell(person_id: int, part: Part, turn: int) -> Typed:
    return {"email": str(person_id), "part": part.value, "turn": str(turn)}


def _on(session: Session, key: str, part: Part, day: date) -> list[StugaTurn]:
    """Those with this part on this day, the first turn first."""
    held = [turn for turn in stuga_series.turns_of(session, key) if turn.part is part and turn.holds(day)]
    return sorted(held, key=lambda turn: (turn.turn, turn.id or 0))


def _in_chat(session: Session, turns: list[StugaTurn]) -> tuple[str, ...]:
    known = people.find(session, [turn.person_id for turn in turns])
    found = [known[turn.person_id] for turn in turns]
    return tuple(person.chat_user_id or "" for person in found if _shows(person))


def _shows(person: Person) -> bool:
    """A form can show her: she has an account in the chat."""
    return bool(person.chat_user_id) and person.deactivated_at is None
