"""Every way of asking ends in the same question."""

import pytest

from models import tickets
from models.errors import Gone
from models.recognition import Urgency
from models.tickets import Event


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def test_two_taps_are_enough(town):
    """Home → the tool → its usual trouble."""
    town.anna.opens_home()
    town.anna.presses("🔒")
    modal = town.slack.modals[town.anna.user]
    town.anna.taps_in_modal("Låset blinkar rött")
    assert "Frågan är F-1" in town.anna.modal_words()
    assert the_ticket(town).tool == "digital_lock"
    assert "Vi har frågat Bo Berg och Gun Grahn" in town.anna.phone
    assert modal["callback_id"] == "ask.send"


def test_the_form_from_home(town):
    town.moa.opens_home()
    town.moa.presses("Ställ en fråga")
    town.moa.submits(what="Skärmen är svart", tool="work_phone", unit="1", waits="yes", colleague=["yes"])
    ticket = the_ticket(town)
    assert (ticket.tool, ticket.unit_id, ticket.urgency, ticket.for_colleague) == ("work_phone", 1, Urgency.ACUTE, True)
    assert "Frågar åt en kollega" in town.bo.phone
    assert "F-1" in town.moa.phone


@pytest.mark.sqlite  # it reads the file
def test_the_form_refuses_secrets_before_anything_is_stored(town):
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what="Kommer inte in med 19850709-9805 i appen")
    assert "Det här får inte skickas" in town.anna.modal_words()
    assert "19850709-9805" in town.anna.modal_words()
    assert b"9805" not in (town.file.read_bytes() + town.file.with_name(town.file.name + "-wal").read_bytes())
    town.anna.taps_in_modal("Ta bort åt mig")
    assert "9805" not in town.anna.modal_words()
    town.anna.submits()
    assert "Kommer inte in med" in str(town.words_of_ticket(1))


def test_a_name_can_be_taken_out_or_vouched_for(town):
    """ "Ester" may be a care recipient or the one at the IT desk. Who writes knows."""
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what="Ester på IT säger att skrivaren är trasig")
    assert "Är det här namn på brukare eller anhöriga?" in town.anna.modal_words()
    town.anna.taps_in_modal("Skicka ändå", what="Ester på IT säger att skrivaren är trasig")
    assert "Klart, det är skickat" in town.anna.modal_words()
    assert "Ester" in str(town.words_of_ticket(1))
    with town.db.transaction() as session:
        told = tickets.history(session, 1)
    assert [row.by_id for row in told if row.event is Event.VOUCHED] == [town.anna.id]


def test_a_personnummer_cannot_be_vouched_for(town):
    text = "Ester 19850709-9805 kommer inte in"
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what=text)
    assert "Skicka ändå" not in town.anna.modal_words()
    forged = {**town.slack.modals[town.anna.user], "id": "V1", "state": {"values": {"what": {"what": {"type": "plain_text_input", "value": text}}}}}
    town.anna.sends({"type": "button", "action_id": "gate.anyway", "value": "0"}, {}, view=forged)
    assert "Det här får inte skickas" in town.anna.modal_words()
    with pytest.raises(Gone):
        the_ticket(town)


def test_a_number_of_the_contact_catalogue_passes(town):
    town.anna.writes("Jag ringde 08 465 00 410 och 070-174 06 59, låset blinkar rött")
    assert "08 465 00 410" in str(town.words_of_ticket(1))
    assert "070-174 06 59" not in str(town.words_of_ticket(1))


def test_a_message_becomes_a_question_of_the_one_who_presses(town):
    town.anna.shortcut("ask.this", message="Skrivaren på kontoret skriver inte ut, säger Eva")
    town.anna.submits()
    assert the_ticket(town).asker_id == town.anna.id


def test_slash_fraga(town):
    town.anna.command("/fraga", "låset blinkar rött")
    assert the_ticket(town).tool == "digital_lock"
    town.anna.command("/fraga", "")
    assert town.slack.modals[town.anna.user]["callback_id"] == "ask.send"


def test_a_mention_in_a_channel_is_answered_privately(town):
    said = town.slack.written("CALLMANT", town.anna.user, "<@UBOT> låset blinkar rött", None)
    town.event({**said, "type": "app_mention", "channel": "CALLMANT"})
    assert "F-1" in town.anna.phone
    (there,) = town.slack.messages["CALLMANT"]
    assert there["by_bot"] == ["eyes"], "nothing is said there, but that it was heard"
