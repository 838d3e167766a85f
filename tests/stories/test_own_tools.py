"""What a municipality says of its tools holds at once: for what people write, tap and read, in chat and on paper."""

from datetime import date

import pytest
from sqlmodel import select

from bot import poster
from handlers.words import speak
from models import book, contacts, explain, exporting, importing, settings, tickets
from models.contacts import Contact
from models.people import Unit
from models.tickets import Reason, State
from tests import slack as fake

LIFT = {"key": "bath_lift", "name_sv": "Badlift", "name_en": "Bath lift", "short_sv": "Badlift", "short_en": "Bath lift",
        "category": "lyft", "products": "Aqvalift", "picture": "🛁"}  # fmt: skip


@pytest.fixture
def says(town):
    """The sheet `tools` with these rows, beside everything else as it is."""

    def bring_in(*rows: dict[str, str]) -> None:
        with town.db.transaction() as session:
            sheets = exporting.export(session, now=town.time)
            sheets["tools"] = book.Sheet(sheets["tools"].columns, [(at, row) for at, row in enumerate(rows, start=2)])
            importing.carry_out(session, importing.plan(session, book.Book(sheets), now=town.time), now=town.time)

    return bring_in


def the_ticket(town, number):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def explained(town, text):
    with town.db.snapshot() as session:
        return explain.explain(session, text, session.exec(select(Unit).where(Unit.key == "bjorken")).one(), now=town.time)


@pytest.mark.slow
def test_a_product_of_its_own_and_a_name_of_its_own_hold_at_once(town, says):
    says({"key": "digital_lock", "short_sv": "Nyckelfritt", "products": "Astrid|Phoniro"}, LIFT)
    town.anna.writes("Astrid startar inte och går inte att låsa upp med")
    ticket = the_ticket(town, 1)
    assert ticket.tool == "digital_lock"
    assert "Astrid startar inte" in town.words_of_ticket(1)[0]  # a product, not somebody's first name
    town.later(seconds=25)
    assert "Nyckelfritt" in town.bo.phone
    assert "Nyckelfritt" in town.anna.opens_home()
    town.kate.writes("Aqvalift doesn't start, the bath lift is dead")
    assert the_ticket(town, 2).tool == "bath_lift"
    assert explained(town, "aqvalift startar inte").ticket.tool == "bath_lift"
    with town.db.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.key == "bjorken")).one()
        session.add(Contact(unit_id=unit.id, tool="bath_lift", number="08-465 004 33", starts_on=date(2026, 1, 1)))
    with town.db.snapshot() as session:
        words = speak("sv", settings.read(session), now=town.time)
        sheet = poster.texts(contacts.listed(session, unit, on=town.time.date()), "", words)
    assert "Badlift" in [tool["name"] for tool in sheet["tools"]]


@pytest.mark.slow
def test_what_the_municipality_does_not_have_is_neither_offered_nor_recognised(town, says):
    town.anna.writes("VR-glasögonen startar inte")
    assert the_ticket(town, 1).tool == "vr"
    says({"key": "vr", "enabled": "no"})
    town.later(seconds=25)
    assert "VR-glasögon" in town.bo.phone  # the old question keeps its name
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    assert "VR-glasögon" not in town.anna.modal_words()
    assert explained(town, "VR-glasögonen startar inte").ticket.tool is None


@pytest.mark.slow
def test_a_tool_that_is_not_ours_ends_in_one_message_by_words_and_by_tap(town, says):
    says({"key": "vr", "owner": "hr"}, LIFT | {"owner": "password"})
    town.anna.writes("VR-glasögonen startar inte")
    assert "Chefen och lönekontoret svarar" in town.anna.phone
    assert (the_ticket(town, 1).reason, the_ticket(town, 1).belongs_to) == (Reason.REDIRECTED, "hr")
    assert explained(town, "VR-glasögonen startar inte").redirected
    town.anna.presses("Jag vill ändå fråga en människa")
    town.later(seconds=25)
    assert "VR-glasögonen" in town.bo.phone
    town.gun.writes("Jag vet inte vad jag ska göra längre")
    assert the_ticket(town, 2).state is State.OPEN
    offer = next(c for c in fake.controls(town.gun.got[-1]) if c["action_id"].startswith("ticket.tool:"))
    town.gun.sends({**offer, "action_id": "ticket.tool:bath_lift"}, town.gun.got[-1])
    assert the_ticket(town, 2).belongs_to == "password"
    assert "IT-servicedesk hjälper med lösenord." in town.gun.phone
    town.moa.writes("Ingen kommer in, badliften är låst och någon ligger i vattnet akut")
    assert the_ticket(town, 3).state is State.OPEN
