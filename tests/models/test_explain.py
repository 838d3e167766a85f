"""What `explain` says is what happens: the same question, asked in earnest while nobody answers, goes the same way."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import col, select

from models import asking, explain, ladder, people, roster
from models.asking import Asked
from models.clock import STOCKHOLM
from models.ladder import WhyNot
from models.people import Role, Unit
from models.recognition import Urgency
from models.tickets import Candidate, Rung, Ticket
from tests.effort import examples
from tests.models.village import NOON

LOCK = "digital_lock"
FAULT = "låset piper rött"


def explained(village, text=FAULT, unit=1, **about):
    with village.db.snapshot() as session:
        return explain.explain(session, text, session.get(Unit, unit), now=village.now, **about)


def asked_on(found):
    return [(stop.step.rung if stop.step.people else None, stop.step.people) for stop in found.stops]


def whys(found, person):
    return [look.why for stop in found.stops for _, looks in stop.rungs for look in looks if look.helper.person_id == person]


@pytest.fixture
def staffed(village):
    """One on every rung but the coordinators', who are two; the unit's other expert knows another tool."""
    village.asker = village.person("Anna")
    village.bo = village.expert("Bo")
    village.gun = village.person("Gun")
    village.hat(village.gun, Role.EXPERT_USER, unit_id=1, tool="vr")
    village.hanna = village.expert("Hanna", unit=2)
    village.cia = village.specialist("Cia", department=1, tool=LOCK)
    village.eva = village.specialist("Eva", department=2, tool=LOCK)
    village.ivar, village.jonna = village.coordinator("Ivar"), village.coordinator("Jonna")
    return village


def test_every_rung_in_its_order_with_its_reasons_and_its_times(staffed):
    found = explained(staffed)
    assert asked_on(found) == [
        (Rung.UNIT_EXPERT, (staffed.bo,)),
        (Rung.DEPARTMENT_EXPERT, (staffed.hanna,)),
        (Rung.SPECIALIST, (staffed.cia,)),
        (Rung.SPECIALIST_ELSEWHERE, (staffed.eva,)),
        (Rung.COORDINATOR, (staffed.ivar, staffed.jonna)),
        (None, ()),
    ]
    minutes = [(stop.at - NOON) // timedelta(minutes=1) for stop in found.stops]
    assert minutes == [0, 20, 40, 100, 160, 220]
    assert [stop.step.due_at for stop in found.stops[:-1]] == [stop.at for stop in found.stops[1:]]
    assert set(whys(found, staffed.gun)) == {WhyNot.WRONG_TOOL}
    assert found.ticket.tool == LOCK


def test_at_night_it_waits_for_the_first_who_comes(staffed):
    staffed.now = NOON.replace(hour=22)
    found = explained(staffed)
    assert asked_on(found)[:2] == [(None, ()), (Rung.UNIT_EXPERT, (staffed.bo,))]
    assert found.stops[0].step.due_at == found.stops[1].at == NOON.replace(hour=7) + timedelta(days=1)
    assert WhyNot.OFF_DUTY in whys(found, staffed.bo)


def test_numbers_that_are_there_to_be_rung_are_shown_and_others_are_not(staffed):
    found = explained(staffed, text="låset piper, ska jag ringa 08-465 004 10 eller 08-465 004 99")
    assert "08-465 004 10" in found.text
    assert "004 99" not in found.text


def test_a_tool_that_is_given_beats_the_text(staffed):
    found = explained(staffed, tool="vr")
    assert found.ticket.tool == "vr"
    assert asked_on(found)[0] == (Rung.UNIT_EXPERT, (staffed.bo, staffed.gun))


def test_what_is_not_sure_is_asked_about_first(staffed):
    found = explained(staffed, text="den funkar inte")
    assert found.ticket.tool is None
    assert found.stops[0].at == NOON + timedelta(minutes=3)


def test_what_is_not_ours_says_so_and_what_follows_all_the_same(staffed):
    found = explained(staffed, text="jag har glömt mitt lösenord")
    assert found.redirected
    assert found.reading.owner == "password"
    assert found.stops[0].at == NOON


def test_acute_is_never_stopped_and_its_steps_are_short(staffed):
    found = explained(staffed, text="låset går inte upp, larmet går och jag står utanför")
    assert found.ticket.urgency is Urgency.ACUTE
    assert not found.redirected
    assert found.stops[1].at - found.stops[0].at == timedelta(minutes=3)


def test_a_unit_that_is_off_asks_nobody(staffed):
    with staffed.work() as session:
        session.get(Unit, 1).live = False
    found = explained(staffed)
    assert found.off
    assert found.stops == ()
    assert found.ring.number == "08-465 004 10"


def test_where_nobody_has_a_hat_it_says_so_once(village):
    found = explained(village)
    assert asked_on(found) == [(None, ())]


def test_what_must_not_be_stored_is_masked(staffed):
    found = explained(staffed, text="låset hos 19121212-1212 på Storgatan 4 funkar ej, ring 070-174 06 05")
    assert found.text == "låset hos ‹personnummer› på ‹adress› funkar ej, ring ‹telefon›"


@hypothesis_settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hour=st.integers(0, 24 * 7), text=st.sampled_from([FAULT, "den funkar inte", "låset går inte upp, larmet går"]), duty=st.booleans())
def test_what_is_explained_is_what_happens(staffed, hour, text, duty):
    """Asked in earnest, with nobody answering."""
    staffed.now = NOON + timedelta(hours=hour)
    with staffed.db.transaction() as session:
        asker = session.get(people.Person, staffed.asker)
        if duty:
            roster.declare(session, session.get(people.Person, staffed.bo), until=staffed.now + timedelta(hours=2), now=staffed.now)
        found = explain.explain(session, text, session.get(Unit, 1), now=staffed.now)
        ticket = asking.ask(session, asker, Asked(text, hidden=False, unit_id=1), now=staffed.now)
        happened = []
        for stop in found.stops:
            if stop is not found.stops[0] or ticket.next_at == stop.at:
                ladder.tick(session, ticket.pk, now=stop.at)
            session.refresh(ticket)
            happened.append((ticket.rung, ticket.next_at))
        cards = set(session.exec(select(Candidate.person_id).where(col(Candidate.ticket_id) == ticket.id)))
        session.rollback()
    assert happened == [(stop.step.rung, stop.step.due_at) for stop in found.stops]
    assert cards == {person for stop in found.stops for person in stop.step.people}


def test_nothing_is_written(staffed):
    before = everything(staffed)
    for text in (FAULT, "jag har glömt mitt lösenord", "den funkar inte"):
        explained(staffed, text=text)
    assert everything(staffed) == before


def everything(village):
    """Every row of every table."""
    with village.db.snapshot() as session:
        return {
            table.name: session.connection().execute(table.select()).all() for table in Ticket.metadata.sorted_tables
        }


def test_the_clock_is_swedish(staffed):
    staffed.now = staffed.now.astimezone(STOCKHOLM)
    assert explained(staffed).stops[0].at == NOON
