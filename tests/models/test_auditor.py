"""The auditor: what it takes for a fault, what it mends, and that the coordinators get one line a day about it."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import auditor, outbox, people, tickets
from models.audit import AuditEntry
from models.auditor import Fault
from models.outbox import Letter
from models.tickets import NextStep, State
from tests.models.village import NOON

PATIENCE = timedelta(hours=1)


@pytest.fixture
def staffed(village):
    village.anna, village.bo = village.person("Anna"), village.expert("Bo")
    village.ivar, village.eva = village.coordinator("Ivar"), village.coordinator("Eva")
    return village


def suspects(village) -> list[int]:
    with village.db.snapshot() as session:
        return auditor.suspects(session, now=village.now)


def mends(village, *which: int) -> None:
    for ticket in which or suspects(village):
        with village.work() as session:
            auditor.mend(session, ticket, now=village.now)


def lines(village) -> list[tuple[int, str, object]]:
    """To whom, about which day, when it falls due."""
    with village.db.snapshot() as session:
        found = session.exec(select(Letter).where(Letter.kind == "repaired").order_by(Letter.id))
        return [(each.to_id, each.place.rpartition(":")[2], each.due_at) for each in found]


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_what_is_a_fault_and_what_is_not(staffed, state):
    """Whoever can do nothing any more, where it waits for her; a time that nobody kept, wherever it stands."""
    ticket = staffed.look(staffed.standing(state, staffed.anna, staffed.bo))
    soon, late = NOON + PATIENCE, NOON + PATIENCE + timedelta(seconds=1)
    needs = state in (State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL)

    def found(helps, now):
        return auditor.fault(ticket, helps=helps, now=now, patience=PATIENCE)

    assert found(True, soon) is None
    assert found(True, late) is (Fault.OVERDUE if ticket.next_at else None)
    assert found(False, soon) is (Fault.NOBODY if needs else None)


def test_it_mends_what_hangs_once_and_leaves_the_rest_alone(staffed):
    fine, gone = staffed.standing(State.TAKEN, staffed.anna, staffed.bo), staffed.ticket(staffed.anna)
    before = staffed.story(fine)
    staffed.later(hours=2)
    with staffed.work() as session:
        tickets.get(session, fine).next_at = staffed.now + timedelta(hours=1)
    assert suspects(staffed) == [gone]
    mends(staffed, gone, fine, gone)
    now = staffed.look(gone)
    assert (now.state, now.owner_id, now.next_step, now.next_at) == (State.OPEN, None, NextStep.ASK, staffed.now)
    assert staffed.story(gone).count("repaired") == 1
    assert staffed.story(fine) == before
    assert suspects(staffed) == []
    with staffed.db.snapshot() as session:
        assert [e.about for e in session.exec(select(AuditEntry)) if e.what == "question.repaired"] == [f"F-{gone} overdue"]


def test_whose_helper_has_gone_is_asked_about_anew(staffed):
    held = staffed.standing(State.WAITING_EXTERNAL, staffed.anna, staffed.bo)
    with staffed.work() as session:
        people.deactivate(session, staffed.bo, now=staffed.now)
        tickets.get(session, held).next_at = staffed.now + timedelta(days=1)
    mends(staffed)
    assert (staffed.look(held).state, staffed.look(held).owner_id) == (State.OPEN, None)


def test_the_coordinators_get_one_line_a_day_and_none_when_nothing_was_repaired(staffed):
    """Repaired at noon and at four on Tuesday: one line on Wednesday at eight. On Friday night: on Monday."""
    mends(staffed)
    assert lines(staffed) == []
    for hours in (2, 4):
        staffed.ticket(staffed.anna, next_at=NOON)
        staffed.now = NOON + timedelta(hours=hours)
        mends(staffed)
    wednesday = (NOON + timedelta(days=1)).replace(hour=8)
    assert lines(staffed) == [(who, "2026-11-25", wednesday) for who in (staffed.ivar, staffed.eva)]
    with staffed.db.snapshot() as session:
        assert auditor.repaired(session, date(2026, 11, 25)) == ["F-1", "F-2"]
        assert auditor.repaired(session, date(2026, 11, 26)) == []
    staffed.now = NOON + timedelta(days=3, hours=10)
    with staffed.work() as session:
        for row in session.exec(select(Letter)):
            outbox.finish(session, row, outbox.Outcome.DROPPED, now=staffed.now)
    staffed.ticket(staffed.anna, next_at=NOON)
    mends(staffed)
    assert [day for _, day, _ in lines(staffed)] == ["2026-11-25"] * 2 + ["2026-11-30"] * 2
    with staffed.db.snapshot() as session:
        told = auditor.repaired(session, date(2026, 11, 30))
    assert "F-3" in told
