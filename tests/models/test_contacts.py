"""Whom to ring: the most specific number that holds now, always one, and what is missing is seen."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session

from models import contacts, gaps, gate
from models.clock import STOCKHOLM
from models.contacts import Contact
from models.people import Administration, Area, Unit, UnitTool
from tests.effort import examples
from tests.models.village import LONG_AGO, NOON

ADMINISTRATION = "08-465 004 10"
LOCK = "digital_lock"


@pytest.fixture
def area(village):
    """Unit 1 lies in an area, units 2 and 3 do not."""
    with village.work() as session:
        session.add(Area(id=1, key="north", department_id=1, name="Norra"))
        session.flush()
        session.get(Unit, 1).area_id = 1
    return 1


def store(village, number, **values):
    with village.work() as session:
        session.add(Contact(number=number, **({"starts_on": LONG_AGO} | values)))


def rings(village, unit=1, tool=LOCK, at="2026-11-24 12:00"):
    now = datetime.fromisoformat(at).replace(tzinfo=STOCKHOLM)
    with village.work() as session:
        return contacts.holding(session, unit, tool, now=now).number


STAIRS = (
    ("tool and unit", {"unit_id": 1, "tool": LOCK}),
    ("tool and area", {"area_id": 1, "tool": LOCK}),
    ("unit", {"unit_id": 1}),
    ("area", {"area_id": 1}),
)


@pytest.mark.parametrize("gone", range(len(STAIRS) + 1))
def test_the_most_specific_number_comes_first_and_the_administrations_last(village, area, gone):
    for name, where in STAIRS[gone:]:
        store(village, name, **where)
    store(village, "another unit", unit_id=2)
    store(village, "another tool", unit_id=1, tool="vr")
    expected = STAIRS[gone][0] if gone < len(STAIRS) else ADMINISTRATION
    assert rings(village) == expected
    assert rings(village, unit=3) == rings(village, unit=None) == ADMINISTRATION


@pytest.mark.parametrize(
    ("at", "number"),
    [
        ("20:59", "day"),
        ("21:00", "night"),
        ("23:59", "night"),
        ("00:00", "night"),
        ("06:59", "night"),
        ("07:00", "day"),
    ],
)
def test_a_night_goes_past_midnight_and_beats_all_day(village, at, number):
    store(village, "day", unit_id=1)
    store(village, "night", unit_id=1, opens="21:00", closes="07:00")
    assert rings(village, at=f"2026-11-24 {at}") == number


@pytest.mark.parametrize(
    ("at", "number"), [("07:59", ADMINISTRATION), ("08:00", "office"), ("16:29", "office"), ("16:30", ADMINISTRATION)]
)
def test_outside_its_hours_it_is_somebody_elses(village, at, number):
    store(village, "office", unit_id=1, opens="08:00", closes="16:30")
    assert rings(village, at=f"2026-11-24 {at}") == number


def test_the_clock_is_swedish(village):
    store(village, "night", unit_id=1, opens="21:00", closes="07:00")
    with village.work() as session:
        now = datetime.fromisoformat("2026-11-24T20:30+00:00")  # 21.30 in Sweden
        assert contacts.holding(session, 1, LOCK, now=now).number == "night"


@pytest.mark.parametrize(("day", "number"), [(-1, "old"), (0, "new"), (9, "new"), (10, ADMINISTRATION)])
def test_numbers_are_dated(village, day, number):
    today = NOON.date()
    store(village, "old", unit_id=1, ends_on=today - timedelta(days=1))
    store(village, "new", unit_id=1, starts_on=today, ends_on=today + timedelta(days=9))
    assert rings(village, at=f"{today + timedelta(days=day)} 12:00") == number


def test_the_newer_of_two_equals(village):
    store(village, "newer", unit_id=1, starts_on=date(2026, 1, 1))
    store(village, "older", unit_id=1, starts_on=date(2025, 1, 1))
    assert rings(village) == "newer"


def test_what_comes_along(village):
    store(village, "1", unit_id=1, second_number="2", what_to_do="Ta nyckeln", routine="R7")
    with village.work() as session:
        assert contacts.holding(session, 1, None, now=NOON) == contacts.Ring("1", "2", "Ta nyckeln", "R7")


DAYS = st.dates(date(2026, 11, 20), date(2026, 11, 28))
TIMES = st.sampled_from(["", "00:00", "07:00", "21:00", "23:59"])
ROWS = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["a", "b"]), "unit_id": st.sampled_from([None, 1, 2]), "area_id": st.sampled_from([None, 1]),
        "tool": st.sampled_from([None, LOCK, "vr"]), "opens": TIMES, "closes": TIMES, "starts_on": DAYS, "ends_on": st.none() | DAYS,
    }
).filter(lambda c: bool(c["opens"]) == bool(c["closes"]) and bool(c["unit_id"]) != bool(c["area_id"]))  # fmt: skip


def may_be_shown(row, unit, day):
    here = unit is not None and (row["unit_id"] == unit or (row["area_id"] == 1 and unit == 1))
    return here and row["tool"] in (None, LOCK) and row["starts_on"] <= day <= (row["ends_on"] or day)


@hypothesis_settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=5), hours=st.integers(0, 47), unit=st.sampled_from([None, 1, 2, 3]))
def test_there_is_always_a_number_and_it_is_one_that_holds(village, area, rows, hours, unit):
    now = NOON + timedelta(hours=hours)
    with village.db.engine.connect() as connection, Session(connection) as session:
        session.add_all(Contact(**row) for row in rows)
        session.flush()
        number = contacts.holding(session, unit, LOCK, now=now).number
        session.rollback()
    mine = [row for row in rows if may_be_shown(row, unit, now.date())]
    assert number in {ADMINISTRATION} | {row["number"] for row in mine}
    if any(not row["opens"] for row in mine):
        assert number != ADMINISTRATION


# ---- a whole day, to be printed ----------------------------------------------------------------------------------


def day_of(session, unit=1):
    return contacts.listed(session, session.get(Unit, unit), on=NOON.date())


def spells(found):
    return [(f"{spell.opens:%H:%M}", f"{spell.closes:%H:%M}", spell.ring.number) for spell in found]


def test_a_day_is_told_in_spells_and_a_tool_only_where_it_differs(village, area):
    store(village, "day", area_id=1)
    store(village, "night", unit_id=1, opens="21:00", closes="07:00")
    store(village, "lock at night", area_id=1, tool=LOCK, opens="22:00", closes="06:00")
    store(village, "vr", unit_id=1, tool="vr")
    store(village, "day", unit_id=1, tool="same", opens="08:00", closes="16:00")
    with village.work() as session:
        found = day_of(session)
        assert spells(found.usual) == [("07:00", "21:00", "day"), ("21:00", "07:00", "night")]
        assert {tool: spells(s) for tool, s in found.by_tool.items()} == {
            LOCK: [("22:00", "06:00", "lock at night")],
            "vr": [("00:00", "00:00", "vr")],
        }


def test_a_unit_without_numbers_has_the_administrations_all_day(village):
    with village.work() as session:
        assert spells(day_of(session).usual) == [("00:00", "00:00", ADMINISTRATION)]
        session.get(Administration, 1).emergency_number = ""
        session.flush()
        with pytest.raises(contacts.NoNumber):
            day_of(session)


def test_a_tool_that_the_unit_does_not_use_is_left_out(village):
    store(village, "lock", unit_id=1, tool=LOCK)
    store(village, "vr", unit_id=1, tool="vr")
    with village.work() as session:
        session.add(UnitTool(unit_id=1, tool="vr", starts_on=LONG_AGO))
        session.flush()
        assert list(day_of(session).by_tool) == ["vr"]


def covers(spell, at):
    if spell.opens < spell.closes:
        return spell.opens <= at < spell.closes
    return at >= spell.opens or at < spell.closes


@hypothesis_settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=5), minute=st.integers(0, 24 * 60 - 1), unit=st.sampled_from([1, 2, 3]))
def test_paper_and_bot_say_the_same_at_every_minute(village, area, rows, minute, unit):
    now = datetime.combine(NOON.date(), time(minute // 60, minute % 60), STOCKHOLM)
    with village.db.engine.connect() as connection, Session(connection) as session:
        session.add_all(Contact(**row) for row in rows)
        session.flush()
        said = {tool: contacts.holding(session, unit, tool, now=now) for tool in (None, LOCK, "vr")}
        day = day_of(session, unit)
        session.rollback()
    usual = [spell.ring for spell in day.usual if covers(spell, now.time())]
    assert usual == [said[None]]
    for tool in (LOCK, "vr"):
        own = [spell.ring for spell in day.by_tool.get(tool, ()) if covers(spell, now.time())]
        assert (own or usual) == [said[tool]]


# ---- what is missing ---------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed(village, area):
    with village.work() as session:
        for unit in (1, 2, 3):
            session.get(Unit, unit).live = True
    store(village, "1", area_id=1)
    store(village, "2", unit_id=2, second_number="22")
    store(village, "3", unit_id=3, second_number="33", ends_on=NOON.date() - timedelta(days=1))
    with village.work() as session:
        assert places(session, gaps.Kind.NO_NUMBER) == ["Björken"]
        assert places(session, gaps.Kind.NO_SECOND_NUMBER) == ["Norr"]
        session.get(Unit, 3).live = session.get(Unit, 1).live = False
    with village.work() as session:
        assert places(session, gaps.Kind.NO_NUMBER) == places(session, gaps.Kind.NO_SECOND_NUMBER) == []


def places(session, kind):
    return [gap.place for gap in gaps.report(session, on=NOON.date()) if gap.kind is kind]


def test_a_number_to_ring_passes_where_whole_sentences_are_hidden(village):
    """A text of more numbers than anybody writes (crowds.py) tells none but those that are there to be rung."""
    store(village, "0771-111 222")
    with village.work() as session:
        text = gate.masked(session, "Ring 0771-111222 eller koden 4711. " * 100).text
    assert (text.count("0771-111222"), text.count("4711")) == (100, 0)
