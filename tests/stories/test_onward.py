"""A helper who cannot solve it alone."""

from models import tickets
from models.tickets import State


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def asked_and_taken(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Har du testat att logga ut?", under=town.bo.got[0])


def test_sent_on_to_a_colleague_with_a_word(town):
    asked_and_taken(town)
    town.bo.picks("Skicka vidare")
    town.bo.submits(to=str(town.cia.id), word="Hon har redan loggat ut och in")
    assert "Vi har frågat Cia Ceder" in town.anna.phone
    assert "Hon har redan loggat ut och in" in town.cia.phone
    assert "Har du testat att logga ut?" in town.cia.phone
    assert "loggat ut och in" not in town.anna.phone
    town.cia.presses("Ta frågan")
    assert the_ticket(town).owner_id == town.cia.id


def test_it_was_another_tool(town):
    asked_and_taken(town)
    town.bo.picks("Skicka vidare")
    town.bo.submits(tool="digital_lock")
    assert the_ticket(town).tool == "digital_lock"
    assert "Vi har frågat Gun Grahn" in town.anna.phone


def test_an_internal_note_stays_between_helpers(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.picks("Intern anteckning")
    town.bo.submits(word="Det är samma fel som i går")
    assert "samma fel som i går" in town.gun.phone
    assert "samma fel" not in town.anna.phone
    assert "samma fel" not in "".join(str(call) for call in town.slack.calls if call[1].get("channel") == town.anna.channel)


def test_the_asker_is_waited_for_and_only_then_the_clock_runs(town):
    asked_and_taken(town)
    town.later(hours=5)
    assert the_ticket(town).state is State.TAKEN
    town.bo.presses("Väntar på svar")
    assert "behöver ett svar från dig" in town.anna.phone
    town.later(hours=50)
    assert the_ticket(town).state is State.WAITING_ASKER
    assert "Löste sig F-1?" in town.anna.phone
    town.anna.writes("Ja nu har jag loggat ut, fortfarande fel", under=town.anna.got[0])
    assert the_ticket(town).state is State.TAKEN


def test_at_it_the_owner_stays_and_is_asked_every_working_day(town):
    asked_and_taken(town)
    town.bo.picks("Till IT")
    assert "Har du testat att logga ut?" in town.bo.modal_words()
    assert "Ärende F-1" in town.bo.modal_words()
    town.bo.submits()
    assert the_ticket(town).state is State.WAITING_EXTERNAL
    town.later(hours=25)
    assert "Har IT eller leverantören svarat om F-1?" in town.bo.phone
    town.bo.presses("Löst av IT")
    town.anna.presses("Ja, det löste sig")
    assert the_ticket(town).solved_by == "it"


def test_parked_is_not_forgotten(town):
    asked_and_taken(town)
    town.anna.presses("Ta med till supportstugan")
    assert the_ticket(town).state is State.PARKED
    assert the_ticket(town).owner_id == town.bo.id
    town.later(days=15)
    assert the_ticket(town).state in (State.OPEN, State.TAKEN)


def test_paused_for_an_hour(town):
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.picks("Pausa mig 1 h")
    assert "F-1 har gått vidare" in town.bo.phone
    town.kate.writes("The printer does not print at all")
    town.later(minutes=5)
    before = len(town.bo.got)
    town.later(minutes=60)
    assert len(town.bo.got) == before + 1
    assert "väntar på dig" in town.bo.phone


def test_the_next_one_reads_what_was_tried(town):
    asked_and_taken(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.bo.submits()
    assert "Bo Berg: Har du testat att logga ut?" in town.gun.phone
    town.gun.presses("Ta frågan")
    assert "Bo Berg: Har du testat att logga ut?" in town.gun.phone
