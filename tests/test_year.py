"""The simulated year in small: what must never happen does not, and both worlds go the same way."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from benchmarks import staff, told, year
from benchmarks.worlds import Pure
from benchmarks.year import SEED, YEAR, Simulation, known_on_duty
from models import clock
from models.people import Role

TUESDAY = date(YEAR, 11, 23)


@pytest.fixture(scope="module")
def place():
    return staff.found(YEAR, SEED)


def run(place, world, day, *, days=1, most=None):
    asked = list(staff.questions(place, day, day + (days - 1) * staff.DAY, SEED))[:most]
    return Simulation(place, world).run(asked, clock.midnight(day + (days + 3) * staff.DAY))


@pytest.mark.parametrize("day", [TUESDAY, date(YEAR, 3, 28), *(pytest.param(date(YEAR, *day), marks=pytest.mark.slow) for day in ((7, 14), (10, 31), (12, 24)))])
def test_nobody_is_disturbed_and_no_question_is_left_lying(place, day):
    found = run(place, Pure(place), day)
    assert len(found.fates) > 50
    assert found.notified > 100
    assert (found.off_duty, found.without_next_step) == (0, 0)


def test_the_count_can_be_other_than_nought(place):
    """A world that notifies everybody is found out, and so is one that forgets its questions."""

    class Rude(Pure):
        def presence(self, person, role, now):
            return replace(super().presence(person, role, now), at_work=True)

    class Forgetful(Pure):
        def begin(self, question, now):
            return replace(super().begin(question, now), next_at=now)

    assert run(place, Rude(place), TUESDAY).off_duty > 0
    assert run(place, Forgetful(place), TUESDAY, most=3).without_next_step > 0


@pytest.mark.slow
def test_what_is_remembered_of_somebodys_hours_is_what_would_be_computed(place):
    world, at = Pure(place), clock.midnight(date(YEAR, 7, 5))
    people = sorted(place.homes)[::20]
    for _ in range(200):
        at += timedelta(minutes=97)
        for person in people:
            fresh = world.computed_presence(person, Role.EXPERT_USER, at)
            kept = world.presence(person, Role.EXPERT_USER, at)
            assert (kept.at_work, kept.known) == (fresh.at_work, fresh.known)
            assert not kept.at_work or known_on_duty(place, person, Role.EXPERT_USER, at)


@pytest.mark.slow
def test_a_day_with_the_database_goes_the_same_way(place):
    assert year.compare(place, TUESDAY, 1) == 0


@pytest.mark.slow
def test_the_same_seed_gives_the_same_day(place):
    first, second = (run(staff.found(YEAR, SEED), Pure(place), TUESDAY, most=40) for _ in range(2))
    assert [fate.moves for fate in first.fates] == [fate.moves for fate in second.fates]


def test_the_volume_and_the_staff_are_those_that_were_planned_for(place):
    assert len(place.units) * staff.STAFF_OF_UNIT == 6000
    weeks = Counter(clock.today(q.asked_at).isocalendar().week for q in staff.questions(place, date(YEAR, 4, 5), date(YEAR, 7, 18), SEED))
    assert all(570 < weeks[week] < 630 for week in range(14, 21))
    assert all(1140 < weeks[week] < 1260 for week in range(23, 28))
    hours = [sum((s.until_at - s.starts_at) / timedelta(hours=1) for s in place.works[p]) for p in place.homes]
    assert 25 < sum(hours) / len(hours) / 61 < 38.25  # leave and sick days taken out


def test_the_report_and_the_picture(place):
    found = run(place, Pure(place), TUESDAY)
    text, picture = told.report(place, found, 1.0), told.picture(place, found)
    assert "| cards to somebody known to be off duty | 0 |" in text
    assert text.count("\n| ") > 30
    assert picture.startswith("<svg ")
    assert picture.count("<rect") > 24
