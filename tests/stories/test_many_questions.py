"""More than ten questions an hour: the eleventh is kept, says when it goes, and goes by itself or on a press."""

from datetime import timedelta

import pytest

from models import settings, tickets
from models.tickets import State
from tests import slack as fake

HOLDS = "Du har frågat mycket den senaste timmen."


@pytest.fixture
def three(town):
    """As many questions as are allowed within the hour, for this story."""
    with town.db.transaction() as session:
        settings.write(session, "limit.questions", "3", now=town.time)
    for number in (1, 2, 3):
        asks(town, number)


def asks(town, number, who=None, words="Skrivaren på rum {} skriver inte ut, i dag igen"):
    (who or town.anna).command("/fraga", words.format(number))
    town.later(seconds=20)


def cards(town):
    return len([m for m in town.bo.got if "thread_ts" not in m])


def look(town, number):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def test_ten_are_asked_like_any_other_and_the_eleventh_waits(town):
    for number in range(1, 11):
        asks(town, number)
    assert HOLDS not in town.anna.phone
    asks(town, 11)
    town.later(minutes=1)
    assert HOLDS in town.anna.phone
    assert cards(town) == 10


def test_one_more_waits_and_says_until_when(three, town):
    asks(town, 4)
    town.later(minutes=10)
    assert cards(town) == 3
    assert "Den här frågan skickas" in fake.words_of(town.anna.message_with("F-4"))
    assert (look(town, 4).state, look(town, 4).next_at) == (State.OPEN, look(town, 1).asked_at + timedelta(hours=1))


def test_it_goes_by_itself_when_there_is_room(three, town):
    asks(town, 4)
    town.at(look(town, 1).asked_at + timedelta(hours=1, seconds=30))
    assert "rum 4" in town.bo.phone
    assert HOLDS not in town.anna.phone


def test_a_press_sends_it_at_once(three, town):
    asks(town, 4)
    where, control = next(town.anna._offers("Skicka ändå", None))
    town.anna.sends(control, where)
    town.anna.sends(control, where)
    town.later(seconds=25)
    assert "rum 4" in town.bo.phone
    assert HOLDS not in town.anna.phone
    with town.db.snapshot() as session:
        told = [row.event.value for row in tickets.history(session, 4)]
    assert told.count("let_out") == 1


def test_they_go_at_that_pace_however_many_come_at_once(three, town):
    for number in range(4, 11):
        asks(town, number)
    first, second, third = (look(town, number) for number in (1, 4, 7))
    assert (second.next_at - first.asked_at).total_seconds() == 3600
    assert (third.next_at - second.next_at).total_seconds() == 3600


def test_nothing_urgent_waits(three, town):
    asks(town, 4, words="Jag står utanför hos en brukare som larmat och kan inte öppna låset!")
    assert "kan inte öppna låset" in town.bo.phone


def test_one_that_waits_goes_when_somebody_waits_for_it(three, town):
    asks(town, 4)
    town.anna.presses("Väntar någon nu", on=town.anna.message_with("F-4"))
    assert "rum 4" in town.bo.phone


def test_a_line_that_makes_it_urgent_lets_it_out(three, town):
    asks(town, 4)
    town.anna.writes("hon ligger på golvet och larmet svarar inte", under=town.anna.message_with("F-4"))
    assert "rum 4" in town.bo.phone


def test_what_is_chosen_meanwhile_does_not_let_it_out(three, town):
    asks(town, 4, words="Något är fel men jag vet inte vad det är för något")
    town.anna.presses("Fråga en människa", on=town.anna.message_with("F-4"))
    town.later(minutes=5)
    assert cards(town) == 3


def test_nobody_is_shown_it_at_the_start_of_a_shift(three, town):
    asks(town, 4)
    town.gun.opens_home()
    town.gun.presses("I tjänst till …")
    town.gun.submits(until="15:30")
    assert "rum 4" not in town.gun.phone


def test_a_shared_phone_asks_as_much_as_it_needs(town):
    for number in range(11):
        asks(town, number, who=town.phone)
    town.later(minutes=1)
    assert HOLDS not in town.phone.phone


def test_after_an_hour_she_asks_as_before(three, town):
    town.later(hours=1, minutes=1)
    asks(town, 4)
    assert HOLDS not in town.anna.phone


def test_it_can_be_taken_back_and_taken_along(three, town):
    for number, button in ((4, "Ta tillbaka"), (5, "supportstugan")):
        asks(town, number)
        town.anna.presses(button, on=town.anna.message_with(f"F-{number}"))
    assert (look(town, 4).state, look(town, 5).state) == (State.CLOSED, State.PARKED)
