"""An invented municipality at work for a year: units, hats, shifts, leave, sick days and questions, all from one seed.

Sizes of contracts.md (6,000 staff, 200 units, 600 questions a week, doubled in June to August), shifts of domain.md 7.
Everything is rows of the product's own tables, not stored; `benchmarks/year.py` says what becomes of it.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from models import clock
from models.people import Absence, Appointment, Role, Unit
from models.recognition import Urgency
from models.shifts import Span

DAY = timedelta(days=1)
LONG_AGO = date(2025, 1, 1)

UNITS, UNITS_OF_DEPARTMENT, STAFF_OF_UNIT = 200, 10, 30
QUESTIONS_A_WEEK, SUMMER = 600, (6, 7, 8)
EXPERTS_OF_UNIT = (0, 1, 1, 1, 1, 2, 2, 2)  # drawn evenly: an eighth of the units has none
KNOWN_SHIFTS = 0.7  # of the experts, as the staffing system tells the bot; of the others nothing is known
NIGHT_STAFF, FOR_SOME_TOOLS, LENDING_UNITS = 0.12, 0.15, 12
SHIFTS = {"day": (time(6, 30), time(15, 30)), "evening": (time(15, 30), time(23)), "night": (time(21), time(7))}
SHIFTS_A_WEEK = {True: 17 / 4, False: 4.25}  # 38.25 h; nights are longer and fewer in reality, so this is generous
SICK_SPELLS = 4  # a year, of one to three days
LEAVE_WEEKS = (25, 26, 27, 27, 28, 28, 28, 29, 29, 30)  # when four weeks of leave begin
# What is asked about: weights after the questions of the development set, specialists exist for each.
TOOLS = {
    "digital_lock": 20, "digital_signing": 16, "medication_dispenser": 12, "work_phone": 12, "safety_alarm": 9,
    "visit_planning": 9, "care_record": 8, "safety_camera": 4, "m365": 4, "video_communication": 3, "sensors": 2,
    "vr": 1,
}  # fmt: skip
WITHOUT_TOOL, NOT_OURS, ACUTE, BY_AN_EXPERT = 0.08, 0.18, 0.04, 0.03
# Of a day's questions, which share is asked in each hour from midnight: rounds in the morning and before the night.
BY_HOUR = (6, 5, 4, 4, 5, 8, 25, 62, 70, 60, 55, 50, 40, 55, 62, 55, 50, 52, 48, 45, 40, 32, 20, 10)
TOOLS_OF_SPECIALIST, DEPARTMENTS_OF_SPECIALIST, COORDINATORS = 2, 4, 4


@dataclass(frozen=True)
class Question:
    number: int
    asked_at: datetime
    asker_id: int
    unit: Unit
    tool: str | None
    urgency: Urgency
    ours: bool


@dataclass
class Municipality:
    """`shifts`: what the bot knows, by person. `works`: when she really works, sick days taken out."""

    units: list[Unit] = field(default_factory=list)
    hats: list[Appointment] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)
    shifts: dict[int, list[Span]] = field(default_factory=dict)
    works: dict[int, list[Span]] = field(default_factory=dict)
    absences: dict[int, list[Absence]] = field(default_factory=dict)
    away: dict[int, list[tuple[date, date]]] = field(default_factory=dict)  # the same, as plain days
    lent: set[tuple[int, int]] = field(default_factory=set)
    people: int = 0

    def at_work(self, person: int, at: datetime) -> Span | None:
        """The time at work that she really is in."""
        spans = self.works.get(person, [])
        i = bisect_left(spans, at, key=lambda span: span.until_at)
        while i < len(spans) and spans[i].starts_at <= at:
            if at < spans[i].until_at:
                return spans[i]
            i += 1
        return None

    def is_away(self, person: int, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away.get(person, ()))


def found(year: int, seed: int) -> Municipality:
    """The municipality, with working hours from a month before the year to a month after it."""
    dice, place = random.Random(seed), Municipality()
    days = [date(year, 1, 1) - 30 * DAY + i * DAY for i in range(366 + 60)]
    for number in range(1, UNITS + 1):
        department = (number - 1) // UNITS_OF_DEPARTMENT + 1
        unit = Unit(id=number, key=f"u{number}", department_id=department, name=f"Enhet {number}", live=True)
        place.units.append(unit)
    _experts(place, days, dice)
    _lend(place, dice)
    _specialists(place, days, dice)
    for _ in range(COORDINATORS):
        person = _person(place, None)
        _hat(place, person, Role.COORDINATOR)
        _office(place, person, days, dice)
    return place


def _person(place: Municipality, unit: int | None) -> int:
    place.people += 1
    if unit is not None:
        place.homes[place.people] = unit
    return place.people


def _hat(place: Municipality, person: int, role: Role, **where: object) -> None:
    place.hats.append(Appointment(id=len(place.hats) + 1, person_id=person, role=role, starts_on=LONG_AGO, **where))


# ---- who, and when they work -----------------------------------------------------------------------------------


def _experts(place: Municipality, days: list[date], dice: random.Random) -> None:
    for unit in place.units:
        for _ in range(dice.choice(EXPERTS_OF_UNIT)):
            person = _person(place, unit.id)
            only = dice.sample(sorted(TOOLS), 3) if dice.random() < FOR_SOME_TOOLS else [None]
            for tool in only:
                _hat(place, person, Role.EXPERT_USER, unit_id=unit.id, tool=tool)
            _care(place, person, days, dice)


def _care(place: Municipality, person: int, days: list[date], dice: random.Random) -> None:
    """Shifts of care: five of seven days a week, every other week-end, 11 hours between them."""
    night, known = dice.random() < NIGHT_STAFF, dice.random() < KNOWN_SHIFTS
    spans: list[Span] = []
    for week in range(0, len(days), 7):
        wanted = SHIFTS_A_WEEK[night] + dice.random()
        here = [day for day in days[week : week + 7] if day.weekday() < 5 or (week // 7 + person) % 2]
        for day in sorted(dice.sample(here, min(int(wanted), len(here)))):
            kind = "night" if night else dice.choice(("day", "day", "evening"))
            span = _span(day, *SHIFTS[kind])
            if not spans or span.starts_at - spans[-1].until_at >= timedelta(hours=11):
                spans.append(span)
    _leave(place, person, days, dice, sick_is_known=known)
    sick = _sick(place, person, days, dice, known=known)
    place.works[person] = [
        s for s in spans if not place.is_away(person, clock.today(s.starts_at)) and clock.today(s.starts_at) not in sick
    ]
    if known:
        place.shifts[person] = spans


def _span(day: date, opens: time, closes: time) -> Span:
    return Span(_at(day, opens), _at(day if closes > opens else day + DAY, closes))


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.STOCKHOLM).astimezone(UTC)


def _office(place: Municipality, person: int, days: list[date], dice: random.Random) -> None:
    """Working days 08.00 to 16.30; the bot knows the leave and assumes the hours."""
    _leave(place, person, days, dice, sick_is_known=False)
    sick = _sick(place, person, days, dice, known=False)
    there = [d for d in days if clock.is_working_day(d) and d not in sick and not place.is_away(person, d)]
    place.works[person] = [_span(day, time(8), time(16, 30)) for day in there]


def _leave(place: Municipality, person: int, days: list[date], dice: random.Random, *, sick_is_known: bool) -> None:
    """Four weeks in summer, one in spring and one in autumn."""
    year = days[60].year
    for week, weeks in ((dice.choice(LEAVE_WEEKS), 4), (dice.randint(7, 20), 1), (dice.randint(40, 51), 1)):
        monday = date.fromisocalendar(year, week, 1)
        _away(place, person, monday, monday + (7 * weeks - 1) * DAY)


def _sick(place: Municipality, person: int, days: list[date], dice: random.Random, *, known: bool) -> set[date]:
    """Days; where the staffing system tells the bot they are absences too."""
    sick: set[date] = set()
    for _ in range(SICK_SPELLS):
        first = dice.choice(days)
        spell = [first + i * DAY for i in range(dice.randint(1, 3))]
        sick |= set(spell)
        if known:
            _away(place, person, spell[0], spell[-1])
    return sick


def _away(place: Municipality, person: int, first: date, last: date) -> None:
    place.absences.setdefault(person, []).append(Absence(person_id=person, starts_on=first, ends_on=last))
    place.away.setdefault(person, []).append((first, last))


def _lend(place: Municipality, dice: random.Random) -> None:
    """Some units without an expert borrow one from another department."""
    served = {hat.unit_id for hat in place.hats}
    bare = [unit for unit in place.units if unit.id not in served]
    experts = sorted(place.homes)
    for unit in bare[:LENDING_UNITS]:
        person = dice.choice(experts)
        _hat(place, person, Role.EXPERT_USER, unit_id=unit.id)
        place.lent.add((person, unit.id or 0))


def _specialists(place: Municipality, days: list[date], dice: random.Random) -> None:
    """One for two tools in four departments, each the deputy of the one before."""
    tools, departments = list(TOOLS), UNITS // UNITS_OF_DEPARTMENT
    for first in range(0, len(tools), TOOLS_OF_SPECIALIST):
        before = None
        for start in range(1, departments + 1, DEPARTMENTS_OF_SPECIALIST):
            person = _person(place, None)
            _office(place, person, days, dice)
            for department in range(start, start + DEPARTMENTS_OF_SPECIALIST):
                for tool in tools[first : first + TOOLS_OF_SPECIALIST]:
                    _hat(place, person, Role.OBJECT_SPECIALIST, department_id=department, tool=tool)
                    if before:
                        where = {"department_id": department - DEPARTMENTS_OF_SPECIALIST, "tool": tool}
                        _hat(place, person, Role.OBJECT_SPECIALIST, deputy_for_id=before, **where)
            before = person


# ---- what they ask ---------------------------------------------------------------------------------------------


def questions(place: Municipality, first: date, last: date, seed: int) -> Iterator[Question]:
    """In the order of time, from the first day to the last."""
    dice, number = random.Random(seed), 0
    experts: dict[int, list[int]] = {}
    for person, home in place.homes.items():
        experts.setdefault(home, []).append(person)
    for ahead in range((last - first).days + 1):
        day = first + ahead * DAY
        moments = sorted(_moments(day, dice))
        for at in moments:
            number += 1
            yield _question(place, experts, number, at, dice)


def _moments(day: date, dice: random.Random) -> Iterator[datetime]:
    """A seventh of a week's questions, spread over the hours; fewer at week-ends are made up for on weekdays."""
    volume = QUESTIONS_A_WEEK * (2 if day.month in SUMMER else 1) / 7 * (0.8 if day.weekday() > 4 else 1.08)
    for _ in range(int(volume + dice.random())):
        hour = dice.choices(range(24), BY_HOUR)[0]
        yield _at(day, time(hour)) + timedelta(seconds=dice.randrange(3600))


def _question(
    place: Municipality, experts: dict[int, list[int]], number: int, at: datetime, dice: random.Random
) -> Question:
    unit = dice.choice(place.units)
    tool = None if dice.random() < WITHOUT_TOOL else dice.choices(list(TOOLS), list(TOOLS.values()))[0]
    acute = dice.random() < ACUTE
    ours = acute or dice.random() >= NOT_OURS
    here = experts.get(unit.id or 0)
    asker = place.people + dice.randrange(UNITS * STAFF_OF_UNIT) + 1
    if here and dice.random() < BY_AN_EXPERT:
        asker = dice.choice(here)
    return Question(number, at, asker, unit, tool, Urgency.ACUTE if acute else Urgency.CAN_WAIT, ours)
