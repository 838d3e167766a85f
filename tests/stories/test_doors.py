"""Every way of asking ends in the same question."""

from models import tickets
from models.recognition import Urgency


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


def test_the_form_refuses_secrets_before_anything_is_stored(town):
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what="Kommer inte in med 19850709-9805 i appen")
    assert "Det här får inte stå i en fråga" in town.anna.modal_words()
    assert "19850709-9805" in town.anna.modal_words()
    assert b"9805" not in (town.file.read_bytes() + town.file.with_name(town.file.name + "-wal").read_bytes())
    town.anna.taps_in_modal("Ta bort åt mig")
    assert "9805" not in town.anna.modal_words()
    town.anna.submits()
    assert "Kommer inte in med" in str(town.words_of_ticket(1))


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
    town.event(
        {"type": "app_mention", "user": town.anna.user, "channel": "CALLMANT", "ts": town.slack.ts(), "text": "<@UBOT> låset blinkar rött"}
    )  # fmt: skip
    assert "F-1" in town.anna.phone
    assert "CALLMANT" not in town.slack.messages
