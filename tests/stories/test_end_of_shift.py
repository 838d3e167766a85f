"""A helper goes home with a question in her hands: somebody else gets it, with a word from her."""

from datetime import timedelta

from models import clock, tickets
from models.tickets import State
from tests import slack as fake


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def bo_has_it(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")


def on_duty_for(town, hours, button="I tjänst till …"):
    """Bo's shift ends in so many hours."""
    town.bo.opens_home()
    town.bo.presses(button)
    town.bo.submits(until=f"{clock.local(town.time + timedelta(hours=hours)):%H:%M}")


def test_her_own_words_go_with_the_question(town):
    bo_has_it(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    assert "F-1" in town.bo.modal_words()
    assert the_ticket(town).owner_id == town.bo.id  # nothing has happened yet
    town.bo.submits(word_1="Hon är utloggad och inloggad igen, det hjälpte inte")
    assert the_ticket(town).owner_id is None
    town.gun.opens_home()
    assert "Bo Berg: Hon är utloggad och inloggad igen" in town.gun.phone
    assert "utloggad" not in town.anna.phone


def test_without_a_word_it_moves_on_as_well(town):
    bo_has_it(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.bo.submits()
    assert the_ticket(town).owner_id is None


def test_with_nothing_left_there_is_no_form(town):
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    assert town.bo.user not in town.slack.modals
    assert "Du räknas som ledig till i morgon kl. 07.00." in fake.words_of(town.bo.home)


def test_a_word_with_a_secret_stays_in_the_form(town):
    bo_has_it(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.bo.submits(word_1="Det gäller 19121212-1212")
    assert the_ticket(town).owner_id == town.bo.id
    assert "19121212" not in town.gun.phone


def test_a_quarter_before_the_end_she_hears_what_is_left(town):
    on_duty_for(town, hours=2)
    bo_has_it(town)
    town.bo.writes("Har du testat att logga ut?", under=town.bo.got[0])
    told = len(town.bo.got)
    town.later(hours=1, minutes=40)
    assert len(town.bo.got) == told
    town.later(minutes=6)
    assert "Då går F-1 vidare till någon annan" in town.bo.phone
    town.later(minutes=20)
    assert the_ticket(town).state is State.OPEN
    assert len(town.bo.got) == told + 1


def test_with_nothing_left_the_end_of_a_shift_is_silent(town):
    on_duty_for(town, hours=2)
    town.later(hours=2, minutes=5)
    assert town.bo.got == []


def test_a_shift_that_was_made_longer_is_not_said_to_end(town):
    on_duty_for(town, hours=2)
    bo_has_it(town)
    town.bo.writes("Har du testat att logga ut?", under=town.bo.got[0])
    on_duty_for(town, hours=4, button="Ändra tiden")
    told = len(town.bo.got)
    town.later(hours=1, minutes=50)
    assert len(town.bo.got) == told
    town.later(hours=2)
    assert len(town.bo.got) == told + 1
