"""Access that only a manager can order: one open order per person and tool, and the first answer wins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from models import orders, outbox, tickets
from models.errors import Gone, NotYours, Refused
from models.orders import (
    AccessOrder,
    AlreadyAnswered,
    AlreadyAsked,
    NobodyAtAll,
    NobodyThere,
    NoUnit,
    OrderState,
    SharedPhone,
)
from models.people import PersonKind, Role
from models.tickets import Reason, State


@pytest.fixture
def anna(village) -> int:
    return village.person("Anna")


@pytest.fixture
def disa(village) -> int:
    return manager(village, "Disa")


def manager(village, name, **where) -> int:
    person = village.person(name, unit=None)
    village.hat(person, Role.UNIT_MANAGER, **({"unit_id": 1} | where))
    return person


def sent_away(village, asker, **values) -> int:
    """A question about access that was not ours."""
    closed = {"state": State.CLOSED, "reason": Reason.REDIRECTED, "closed_at": village.now, "belongs_to": "access"}
    return village.ticket(asker, **({**closed, "next_step": None, "next_at": None} | values))


def ask(village, asker, ticket, tool="npo", days=7):
    with village.work() as session:
        orders.ask(session, session.get(orders.Person, asker), ticket, tool=tool, days=days, now=village.now)


def all_of(village) -> list[AccessOrder]:
    with village.db.snapshot() as session:
        return list(session.exec(select(AccessOrder).order_by(AccessOrder.id)))


def letters(village, kind) -> list[int]:
    with village.db.snapshot() as session:
        return [letter.to_id for letter in session.exec(select(outbox.Letter).where(outbox.Letter.kind == kind))]


def test_it_goes_to_every_manager_of_the_day_but_never_to_the_one_who_asks(village, anna, disa):
    second = manager(village, "Dora")
    manager(village, "Elsewhere", unit_id=2)
    village.hat(anna, Role.UNIT_MANAGER, unit_id=1)
    ask(village, anna, sent_away(village, anna))
    assert sorted(letters(village, "order")) == sorted([disa, second])


def test_one_open_order_per_person_and_tool(village, anna, disa):
    ask(village, anna, sent_away(village, anna))
    with pytest.raises(AlreadyAsked):
        ask(village, anna, sent_away(village, anna))
    ask(village, anna, sent_away(village, anna), tool="siths")
    assert [order.tool for order in all_of(village)] == ["npo", "siths"]


@pytest.mark.parametrize(
    ("question", "asker", "no"),
    [
        ({}, {}, None),
        ({"belongs_to": "hr"}, {}, Gone),
        ({"belongs_to": "was_there_once"}, {}, Gone),
        ({"reason": Reason.SOLVED}, {}, Gone),
        ({"unit_id": 3}, {}, NobodyAtAll),
        ({"unit_id": None}, {"unit": None}, NoUnit),
        ({}, {"kind": PersonKind.SHARED_DEVICE}, SharedPhone),
    ],
)
def test_what_can_be_asked_for_where(village, disa, question, asker, no):
    eva = village.person("Eva", **asker)
    ticket = sent_away(village, eva, **question)
    with village.db.snapshot() as session:
        found = refused(lambda: orders.askable(session, session.get(orders.Person, eva), tickets.get(session, ticket), now=village.now))
    assert found is no


def refused(verb) -> type[Refused] | None:
    try:
        verb()
    except Refused as no:
        return type(no)
    return None


def test_where_nobody_is_there_the_department_is_named(village, anna):
    nils = village.person("Nils", unit=None)
    village.hat(nils, Role.DEPARTMENT_MANAGER, department_id=1)
    with village.db.snapshot() as session:
        no = orders.nobody(session, 1, now=village.now)
    assert (type(no), no.about) == (NobodyThere, {"names": "Nils"})


def test_eight_managers_one_answer(village, anna, disa):
    others = [manager(village, f"Chef{number}") for number in range(7)]
    ask(village, anna, sent_away(village, anna))

    def tap(by: int) -> type[Refused] | None:
        def run() -> None:
            with village.work() as session:
                orders.ordered(session, 1, by=by, now=village.now)

        return refused(run)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tap, [disa, *others]))
    assert sorted(answers, key=str) == sorted([None, *[AlreadyAnswered] * 7], key=str)
    assert len(letters(village, "order_told")) == 1


def test_only_who_answered_takes_it_back(village, anna, disa):
    dora = manager(village, "Dora")
    ask(village, anna, sent_away(village, anna))
    with village.work() as session:
        orders.decline(session, 1, "Nej", by=disa, now=village.now)
    with pytest.raises(Gone), village.work() as session:
        orders.undo(session, 1, by=dora, now=village.now)
    with village.work() as session:
        orders.undo(session, 1, by=disa, now=village.now)
        orders.undo(session, 1, by=disa, now=village.now)
    (order,) = all_of(village)
    assert (order.state, order.word, order.answered_by_id) == (OrderState.ASKED, "", None)
    assert order.remind_at is not None


def test_who_is_no_manager_there_answers_nothing(village, anna, disa):
    elsewhere = manager(village, "Elsewhere", unit_id=2)
    former = manager(village, "Former", ends_on=(village.now - timedelta(days=1)).date())
    ask(village, anna, sent_away(village, anna))
    for who in (anna, elsewhere, former):
        with pytest.raises(NotYours), village.work() as session:
            orders.ordered(session, 1, by=who, now=village.now)


def test_looked_after_twice_is_once(village, anna, disa):
    ask(village, anna, sent_away(village, anna))
    village.later(days=5)
    for _ in range(3):
        with village.work() as session:
            orders.look_after(session, 1, now=village.now)
    assert letters(village, "order") == letters(village, "order_again") == [disa]
