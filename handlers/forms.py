"""What the features of the administration share: which places to choose among, and what is wrong field by field."""

from collections.abc import Callable, Iterable, Sequence
from datetime import time, timedelta
from typing import TypeVar

from handlers.desk import Desk
from handlers.listening import Errors, Open, Press, PressListener, Show, Swap, number
from handlers.views import shifts as rota
from handlers.views.forms import PAGE, Frame, Groups
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, audit, clock, people
from models.administration import Kind, Place, Scope
from models.db import Session
from models.errors import NotYours
from models.importing import Faulty
from models.settings import SHAPES
from models.shifts import LONGEST_CYCLE, Spells, Weekday

T = TypeVar("T")
Draw = Callable[[Session, Press, Desk, str], Block]


def groups(session: Session, kinds: Sequence[Kind], may: Callable[[Place], bool], words: Words) -> Groups:
    """The places that she may choose among; the whole administration first."""
    whole = [("", [administration.WHOLE])] if Kind.ALL in kinds else []
    found = [*whole, *administration.places(session, *kinds)]
    drawn = [(name or words("admin.all"), tuple(_named(p, words) for p in lying if may(p))) for name, lying in found]
    return tuple((name, lying) for name, lying in drawn if lying)


def _named(place: Place, words: Words) -> tuple[str, str]:
    key = f"admin.place.{place.kind}"
    return words(key, name=place.name), place.code


def frame(session: Session, found: Groups, code: str, *, done: str = "", undo: int = 0) -> tuple[Frame, Place]:
    """Where she is: what she chose, or the first of hers. Raises NotYours for one that is not among them."""
    codes = {key: name for _, lying in found for name, key in lying}
    where, _, page = code.partition("|")
    where = where or next(iter(codes), "")
    if where not in codes:
        raise NotYours
    return Frame(found, where, codes[where], done, undo, number(page) or 1), administration.place(session, where)


def page(rows: Sequence[T], of: int) -> tuple[Sequence[T], int]:
    """The rows of one page, and how many pages there are."""
    return rows[(of - 1) * PAGE : of * PAGE], max(1, -(-len(rows) // PAGE))


def opens(draw: Draw, read: str = "") -> PressListener:
    """A list, from its button in Home; from elsewhere the button may name the place. `read`: a list of people, by the
    code under which the change log says who has opened it.
    """

    def opened(session: Session, press: Press, desk: Desk) -> Show:
        if read:
            audit.note(session, read, by=press.person.pk, now=desk.now())
        return Open(draw(session, press, desk, press.value if "-" in press.value else ""))

    return opened


def lists(draw: Draw) -> PressListener:
    """Another place or page of the list that is open."""

    def listed(session: Session, press: Press, desk: Desk) -> Show:
        return Swap(draw(session, press, desk, press.value))

    return listed


def about(text: str) -> tuple[str, int]:
    """A place and the row there, as `views.forms.value` has put them."""
    place, _, row = text.partition("|")
    return place, number(row) or 0


def typed(press: Press, names: Iterable[str]) -> dict[str, str]:
    """What stands in these fields."""
    return {name: press.values.get(name, "") for name in names}


def wrong(faulty: Faulty, names: Sequence[str], words: Words) -> Errors:
    """What the import's checks found, each beside its field; what has no field stands beside the first."""
    found = {fault.column: explained(fault.expected, fault.about, words) for fault in faulty.faults}
    return Errors({name if name in names else names[0]: text for name, text in found.items()})


def explained(expected: str, about: str, words: Words) -> str:
    if expected in SHAPES:
        return words("wrong.shape", shape=words(f"cli.shape.{expected}"))
    return words(f"wrong.{expected.replace(' ', '_')}" if "|" not in expected else "wrong.choice", about=about)


def tools(keys: Iterable[str], words: Words) -> Groups:
    """Tools to choose among, under their categories."""
    by: dict[str, list[tuple[str, str]]] = {}
    for key in keys:
        tool = words.tools.tools[key]
        by.setdefault(tool.category, []).append((f"{tool.picture} {tool.short[words.language]}", key))
    return tuple((name, tuple(found)) for name, found in by.items())


def departments(session: Session, scope: Scope) -> tuple[tuple[str, str], ...]:
    """(name, id) of those to which she may say something about a tool of hers."""
    hers = {department for _, department in scope.speaks_of}
    every = scope.tells_everybody or None in hers
    found = {each.id or 0: each.name for _, each in people.open_units(session)}
    return tuple((name, str(key)) for key, name in found.items() if every or key in hers)


def chosen_departments(session: Session, chosen: str, scope: Scope, tool: str) -> frozenset[int]:
    """Those that she has chosen; none chosen: all that are hers to speak to, empty where that is everybody. Raises
    NotYours for what no form has offered her.
    """
    offered, hers = {key for _, key in departments(session, scope)}, scope.told_by_her(tool)
    if not offered.issuperset(chosen.split()):
        raise NotYours
    named = frozenset(int(key) for key in chosen.split())
    return named or frozenset(each for each in hers if each is not None and None not in hers)


# ---- hours on days of the week ---------------------------------------------------------------------------------------


def spells(press: Press, words: Words) -> Spells | Errors:
    """What the fields of `views.shifts` say."""
    days = frozenset(list(Weekday)[int(day)] for day in press.values.get(rota.DAYS, "").split() if day in "0123456")
    opens, closes = (press.values.get(name, "") for name in (rota.FROM, rota.TO))
    if not days:
        return Errors({rota.DAYS: words("shifts.no_days")})
    if not _are_times(opens, closes):
        return Errors({rota.TO: words("shifts.two_times")})
    weeks, week = number(press.values.get(rota.WEEKS)) or 1, number(press.values.get(rota.WEEK)) or 0
    return Spells(weeks, week, days, (opens, closes) if opens else None)


def _are_times(opens: str, closes: str) -> bool:
    """Two different ones, or none."""
    if not opens and not closes:
        return True
    try:
        return time.fromisoformat(opens) != time.fromisoformat(closes)
    except ValueError:
        return False


def weeks_ahead(desk: Desk) -> list[int]:
    """The numbers of this week and the next ones, as many as a cycle may have."""
    monday = clock.monday(clock.today(desk.now()))
    return [(monday + timedelta(weeks=n)).isocalendar().week for n in range(LONGEST_CYCLE)]
