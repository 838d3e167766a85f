"""Units in Home: admins start and stop them, whoever answers for one says which tools it uses."""

from handlers import forms
from handlers.desk import Desk
from handlers.listening import Listeners, Press, Show, Swap
from handlers.views import units as view
from handlers.views.forms import Frame
from handlers.views.parts import Block
from models import administration, clock, contacts, people, units
from models.administration import Kind, Place, Scope
from models.db import Session
from models.importing import Faulty


def register(on: Listeners) -> None:
    on.action("unit.open", forms.opens(drawn), may=administration.manager_only)
    on.action("unit.list", forms.lists(drawn), may=administration.manager_only)
    on.action("unit.form", form, may=administration.manager_only)
    on.view("unit.save", save, may=administration.manager_only)
    on.action("unit.begin", begin, may=administration.admin_only)
    on.action("unit.stop", stop, may=administration.admin_only)


def form(session: Session, press: Press, desk: Desk) -> Show:
    words = desk.words(session, press.person)
    frame, place, _ = _where(session, press, desk, forms.about(press.value)[0])
    used = people.tools_of(session, place.id, on=clock.today(desk.now()))
    return Swap(view.form(frame, forms.tools(words.tools.tools, words), tuple(sorted(used)), words))


def save(session: Session, press: Press, desk: Desk) -> Show:
    words, code = desk.words(session, press.person), forms.about(press.note)[0]
    tools = press.values.get("tools", "").split()
    try:
        units.use_tools(session, units.place(session, code), tools, by=press.person.pk, now=desk.now())
    except Faulty as faulty:
        return forms.wrong(faulty, ["tools"], words)
    return Swap(drawn(session, press, desk, code, done=words("unit.saved")))


def begin(session: Session, press: Press, desk: Desk) -> Show:
    code = forms.about(press.value)[0]
    units.begin(session, units.place(session, code), by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("unit.has_begun")))


def stop(session: Session, press: Press, desk: Desk) -> Show:
    code = forms.about(press.value)[0]
    units.stop(session, units.place(session, code), by=press.person.pk, now=desk.now())
    return Swap(drawn(session, press, desk, code, done=desk.words(session, press.person)("unit.has_stopped")))


def drawn(session: Session, press: Press, desk: Desk, code: str, *, done: str = "") -> Block:
    words, today = desk.words(session, press.person), clock.today(desk.now())
    frame, place, scope = _where(session, press, desk, code, done)
    used = people.tools_of(session, place.id, on=today)
    count, everywhere = units.begun(session)
    unit = view.Unit(
        live=units.is_live(session, place),
        switches=scope.everything,
        tools=tuple(words.tool(key) for key in words.tools.tools if key in used),
        experts=len(people.experts_of(session, place.id, on=today)),
        numbers=len(contacts.of_place(session, unit_id=place.id, area_id=None, on=today)),
        begun=count,
        all=everywhere,
    )
    return view.shown(frame, unit, words)


def _where(session: Session, press: Press, desk: Desk, code: str, done: str = "") -> tuple[Frame, Place, Scope]:
    scope = administration.scope_of(session, press.person.pk, on=clock.today(desk.now()))
    found = forms.groups(session, (Kind.UNIT,), scope.covers, desk.words(session, press.person))
    return (*forms.frame(session, found, code, done=done), scope)
