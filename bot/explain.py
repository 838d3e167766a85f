"""`supportstuga explain`: who would be asked about a text, why, and why not the others. Changes nothing.

Here: the account of it in words or as JSON. Not here: the rules (models/explain).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import app, units
from bot.voice import Voice
from handlers.words import Words, speak
from models import catalogue, clock, people
from models import explain as rules
from models import settings as kept
from models.db import Database
from models.errors import Refused
from models.explain import Explanation, Look, Stop
from models.people import Person
from models.settings import Settings

DONE = 0


@dataclass(frozen=True)
class Wishes:
    """What was asked for. No `at`: now. No tool: read from the text."""

    text: str
    unit: str
    at: datetime | None = None
    tool: str | None = None
    as_json: bool = False


class NoTool(Refused):
    key = "cli.explain.unknown_tool"


def show(wishes: Wishes, db: Database, voice: Voice) -> int:
    """From a snapshot: no lock is taken and nothing is written."""
    now = wishes.at or app.wall_clock()
    with db.snapshot() as session:
        unit = units.meant(session, wishes.unit)
        if wishes.tool is not None and wishes.tool not in catalogue.in_force(session).tools:
            raise NoTool(tool=wishes.tool, tools=", ".join(sorted(catalogue.in_force(session).tools)))
        found = rules.explain(session, wishes.text, unit, now=now, tool=wishes.tool)
        staff = people.find(session, found.people)
        settings = kept.read(session)
    words = speak(voice.language, settings, now=now)
    if wishes.as_json:
        voice.write(json.dumps(_data(found, staff, now), indent=2, ensure_ascii=False))
    else:
        voice.write("\n".join(_account(found, staff, settings, words)))
    return DONE


# ---- in words ------------------------------------------------------------------------------------------------


def _account(found: Explanation, staff: Mapping[int, Person], settings: Settings, words: Words) -> Iterator[str]:
    yield words("cli.explain.text", text=found.text)
    day = f"{clock.today(words.now):%Y-%m-%d}"
    yield words("cli.explain.asked_in", unit=found.unit.name, date=day, when=words.when(words.now))
    yield words(
        "cli.explain.read",
        tool=_tool(found.ticket.tool, words),
        kind=words(f"cli.explain.kind.{found.ticket.kind.value}"),
        urgency=words(f"cli.explain.urgency.{found.ticket.urgency.value}"),
    )
    yield from _number(found, words)
    yield from _detours(found, settings, words)
    asked = False
    for number, stop in enumerate(found.stops, start=1):
        yield words("cli.explain.stop", number=number, when=words.when(stop.at))
        yield from _rungs(stop, staff, words)
        yield "   " + words(_then(stop, asked), when=words.when(stop.step.due_at))
        asked = asked or bool(stop.step.people)


def _tool(key: str | None, words: Words) -> str:
    known = words.tools.known.get(key or "")
    return known.name[words.language] if known else key or words("cli.explain.no_tool")


def _number(found: Explanation, words: Words) -> Iterator[str]:
    if found.ring is not None:
        yield words("cli.explain.ring", number=found.ring.number)
        if found.ring.second_number:
            yield words("cli.explain.ring_second", number=found.ring.second_number)


def _detours(found: Explanation, settings: Settings, words: Words) -> Iterator[str]:
    """What comes before the ladder, or instead of it."""
    if found.off:
        yield words("cli.explain.off")
    elif found.redirected:
        owner = words.tools.owners[found.reading.owner]
        yield words("cli.explain.owner", who=owner.said("who", words.language, settings))
    elif found.stops[0].at > words.now:
        yield words("cli.explain.choice", when=words.when(found.stops[0].at))


def _then(stop: Stop, asked: bool) -> str:
    if stop.step.people:
        return "cli.explain.next"
    return "cli.explain.nobody_new" if asked else "cli.explain.nobody"


def _rungs(stop: Stop, staff: Mapping[int, Person], words: Words) -> Iterator[str]:
    for rung, looks in stop.rungs:
        heading = words(f"cli.explain.rung.{rung.value}")
        yield "   " + words("cli.explain.some" if looks else "cli.explain.no_one", rung=heading)
        for look in looks:
            person = staff[look.helper.person_id]
            yield "      " + words("cli.explain.person", name=person.name or person.email, why=_why(look, words))


def _why(look: Look, words: Words) -> str:
    if look.asked:
        return words("cli.explain.asked" if look.helper.presence.known else "cli.explain.asked_maybe")
    if look.why is None:
        return words("cli.explain.enough")
    return words(f"cli.explain.not.{look.why.value}", when=words.when(look.helper.presence.back_at))


# ---- as data -------------------------------------------------------------------------------------------------


def _data(found: Explanation, staff: Mapping[int, Person], now: datetime) -> dict[str, object]:
    """Codes instead of words, times as Swedish clocks show them."""
    return {
        "text": found.text,
        "unit": found.unit.key,
        "at": _time(now),
        "tool": found.ticket.tool,
        "kind": found.ticket.kind.value,
        "urgency": found.ticket.urgency.value,
        "decision": found.reading.decision.value,
        "unit_is_off": found.off,
        "redirected_to": found.reading.owner if found.redirected else None,
        "ring": found.ring and {"number": found.ring.number, "second_number": found.ring.second_number},
        "steps": [_step(stop, staff) for stop in found.stops],
    }


def _step(stop: Stop, staff: Mapping[int, Person]) -> dict[str, object]:
    return {
        "at": _time(stop.at),
        "asked_on": stop.step.rung.value if stop.step.rung and stop.step.people else None,
        "next_at": _time(stop.step.due_at),
        "rungs": {rung.value: [_look(look, staff) for look in looks] for rung, looks in stop.rungs},
    }


def _look(look: Look, staff: Mapping[int, Person]) -> dict[str, object]:
    person, presence = staff[look.helper.person_id], look.helper.presence
    return {
        "name": person.name,
        "email": person.email,
        "asked": look.asked,
        "why_not": look.why and look.why.value,
        "at_work": presence.at_work,
        "known": presence.known,
        "back_at": _time(presence.back_at),
    }


def _time(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")
