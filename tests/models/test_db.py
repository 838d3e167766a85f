"""The one way in: writers in the order in which they came, and statements that go past SQLAlchemy's execution."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, insert, select, update

from models import tickets
from models.db import InTurn, changed, given_back, looked_up, renewed, stored, values
from models.people import Absence, Person
from models.tickets import NextStep, State, Ticket
from tests.slackworld import wait_for


def test_who_waits_longest_comes_first():
    lock, order = InTurn(), []

    def work(number: int) -> None:
        with lock:
            order.append(number)

    threads = [Thread(target=work, args=(number,)) for number in range(20)]
    with lock:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            wait_for(lambda waiting=waiting: len(lock) == waiting, what="it queues")
        assert order == []
    for thread in threads:
        thread.join(timeout=5)
    assert order == list(range(20))


def test_only_one_at_a_time_and_a_fault_hands_it_on():
    lock, inside, most = InTurn(), [], []

    def work(number: int) -> None:
        for _ in range(50):
            try:
                with lock:
                    inside.append(number)
                    most.append(len(inside))
                    inside.pop()
                    raise ValueError
            except ValueError:
                pass

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (len(most), max(most), len(lock)) == (400, 1, 0)


def test_a_fault_inside_is_not_swallowed():
    with pytest.raises(KeyError), InTurn():
        raise KeyError


# ---- past SQLAlchemy's execution (prepared.py) --------------------------------------------------------------------------

OF_THESE = select(Ticket).where(col(Ticket.id).in_(bindparam("ids", expanding=True)), Ticket.state != State.CLOSED)
NUMBERS = select(Ticket.id).where(col(Ticket.asked_at) <= bindparam("now")).order_by(col(Ticket.id))
NEW = insert(Absence).returning(col(Absence.id), col(Absence.starts_on))
MOVED = update(Ticket).where(col(Ticket.id) == bindparam("ticket")).returning(*Ticket.__table__.c)


def test_rows_that_are_looked_up_say_what_the_orm_says(village, anna):
    asked = [village.ticket(anna) for _ in range(3)]
    with village.work() as session:
        for ids in ([], asked[:1], asked, asked[:1]):
            plain = looked_up(session, OF_THESE, {"ids": ids})
            rows = session.exec(OF_THESE, params={"ids": ids}).all()
            assert [row._asdict() for row in plain] == [row.model_dump() for row in rows]
            assert [row.shown for row in plain] == [row.shown for row in rows]
        assert all(row.asked_at.tzinfo and row.urgency is rows[0].urgency for row in plain)
        assert values(session, NUMBERS, {"now": village.now}) == asked


def test_what_is_pending_is_seen_and_what_is_changed_is_read_back(village, anna):
    asked = village.ticket(anna)
    with village.work() as session:
        session.get(Person, anna).language = "en"
        assert looked_up(session, select(Person).where(Person.id == bindparam("who")), {"who": anna})[0].language == "en"
        row = {"person_id": anna, "starts_on": date(2026, 7, 1), "own": True}
        assert given_back(session, NEW, row) == [(1, date(2026, 7, 1))]
        ticket = tickets.get(session, asked)
        assert renewed(session, ticket, MOVED, {"ticket": ticket.pk, "next_step": NextStep.WARN, "tool": None})
        assert (ticket.next_step, ticket.tool) == (NextStep.WARN, None)
        assert not renewed(session, ticket, MOVED, {"ticket": 0, "next_step": NextStep.REST})
        assert ticket not in session.dirty


def test_what_is_asked_twice_is_answered_from_memory_until_its_table_is_written_to(village, anna):
    """A row from memory is the same object. The ORM's own writes count too, and the next transaction begins anew."""
    asked = village.ticket(anna)
    her, it = select(Person).where(Person.id == bindparam("who")), select(Ticket).where(Ticket.id == bindparam("it"))
    with village.work() as session:
        person, ticket = lambda: looked_up(session, her, {"who": anna})[0], lambda: looked_up(session, it, {"it": asked})[0]
        first = person(), ticket()
        assert (person() is first[0], ticket() is first[1]) == (True, True)
        looked_up(session, her, {"who": anna}).clear()
        changed(session, update(Person).where(col(Person.id) == bindparam("who")), {"who": anna, "language": "en"})
        assert (person().language, ticket() is first[1]) == ("en", True), "of another table nothing is forgotten"
        session.exec(update(Person).values(title="Undersköterska"))
        assert (person().title, ticket() is first[1]) == ("Undersköterska", False), "past us: nothing is known any more"
        session.get(Person, anna).name = "Anna Test"
        assert person().name == "Anna Test"
    with village.work() as session:
        assert looked_up(session, it, {"it": asked})[0] is not first[1]


def test_a_stored_row_is_held_as_if_it_had_been_read(village, anna):
    with village.work() as session:
        away = Absence(person_id=anna, starts_on=date(2026, 7, 1))
        stored(session, away)
        assert session.get(Absence, away.id) is away
        away.ends_on = date(2026, 7, 2)
    with village.work() as session:
        assert session.get(Absence, away.id).ends_on == date(2026, 7, 2)


def test_an_error_names_the_statement_and_never_what_was_in_it(village, anna):
    wrong = {"person_id": 1, "starts_on": None, "own": True}
    with village.work() as session, pytest.raises(IntegrityError) as raised:
        given_back(session, NEW, wrong)
    assert "INSERT INTO absence" in str(raised.value)
    with village.work() as session, pytest.raises(IntegrityError) as raised:
        changed(session, update(Person).where(col(Person.id) == bindparam("who")), {"who": anna, "name": "Siv Test", "title": None})
    assert "Siv" not in str(raised.value)
