"""Leave, deputies, lent experts, units with tools of their own: who gets the card then."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import tickets
from models.contacts import Contact
from models.people import Absence, Appointment, Assignment, Role, Unit, UnitTool
from models.tickets import Reason, State

LONG_AGO = date(2025, 1, 1)


def unit(town, key):
    with town.db.snapshot() as session:
        return session.exec(select(Unit).where(Unit.key == key)).one().id


def store(town, *rows):
    with town.db.transaction() as session:
        session.add_all(rows)


def asks(actor, text="Signeringsappen säger att jag saknar delegering"):
    actor.writes(text)
    actor.town.later(seconds=25)


def test_the_one_on_leave_is_left_in_peace_and_her_standing_deputy_is_asked(town):
    today = town.time.date()
    store(
        town,
        Absence(person_id=town.bo.id, starts_on=today, ends_on=today + timedelta(days=2)),
        Appointment(person_id=town.moa.id, role=Role.EXPERT_USER, unit_id=unit(town, "bjorken"), starts_on=LONG_AGO,
                    deputy_for_id=town.bo.id),
    )  # fmt: skip
    asks(town.anna)
    assert "Gun Grahn" in town.anna.phone
    assert "Moa Myr" in town.anna.phone
    assert town.bo.got == []
    town.moa.presses("Ta frågan")
    assert "Moa Myr har tagit F-1" in town.anna.phone


def test_a_standing_deputy_is_not_asked_while_everybody_is_there(town):
    store(town, Appointment(person_id=town.moa.id, role=Role.EXPERT_USER, unit_id=unit(town, "bjorken"),
                            starts_on=LONG_AGO, deputy_for_id=town.bo.id))  # fmt: skip
    asks(town.anna)
    assert "Bo Berg" in town.anna.phone
    assert town.moa.got == []


def test_everybody_away_says_when_somebody_is_there(town):
    today = town.time.date()
    everybody = (town.bo, town.gun, town.cia, town.ivar)
    store(town, *(Absence(person_id=who.id, starts_on=today, ends_on=today) for who in everybody))
    asks(town.anna)
    assert "Ingen är på plats just nu." in town.anna.phone
    assert all(who.got == [] for who in everybody)
    town.later(hours=21, minutes=5)
    assert "Signeringsappen" in town.bo.phone


def test_a_unit_borrows_the_expert_of_another(town):
    soder = unit(town, "hemtjanst_soder")
    store(town, Appointment(person_id=town.bo.id, role=Role.EXPERT_USER, unit_id=soder, starts_on=LONG_AGO))
    asks(town.kate)
    assert "Bo Berg" in town.kate.phone
    assert "Hemtjänst Söder" in town.bo.phone


def test_a_unit_is_offered_the_tools_it_uses(town):
    store(
        town, *(UnitTool(unit_id=unit(town, "bjorken"), tool=tool, starts_on=LONG_AGO) for tool in ("vr", "work_phone"))
    )
    town.anna.opens_home()
    assert "VR-glasögon" in town.anna.phone + str(town.anna.home)
    assert "Digitala lås" not in str(town.anna.home)
    town.eva.opens_home()
    assert "Digitala lås" in str(town.eva.home)


def test_somebody_in_a_unit_from_today_asks_its_experts_at_once(town):
    """Moa is new and belonged nowhere until this morning's import."""
    store(town, Assignment(person_id=town.moa.id, unit_id=unit(town, "hemtjanst_norr"), starts_on=town.time.date()))
    asks(town.moa)
    assert "Hanna Holm" in town.moa.phone


# ---- the number to ring ------------------------------------------------------------------------------------------


def test_the_lock_at_three_in_the_night_shows_the_number_of_the_night_and_what_to_do(town):
    town.at(town.time.replace(hour=3) + timedelta(days=1))
    town.eva.writes("Jag kommer inte in, låset går inte att öppna och larmet går!")
    receipt = town.eva.got[0]
    assert receipt["text"].startswith("08-465 004 21 ")
    said = town.eva.phone
    assert (
        said.index("Ring 08-465 004 21")
        < said.index("Ta reservnyckeln")
        < said.index("Svarar ingen? Ring 08-465 004 22.")
    )
    assert "Rutin: Lås som inte öppnar" in said


def test_the_same_lock_by_day_has_the_number_of_the_area_and_another_unit_the_administrations(town):
    town.eva.writes("Jag kommer inte in, låset går inte att öppna och larmet går!")
    assert town.eva.got[0]["text"].startswith("08-465 004 20 ")
    town.anna.writes("Jag kommer inte in, låset går inte att öppna och larmet går!")
    assert town.anna.got[0]["text"].startswith("08-465 004 10 ")
    assert "Svarar ingen" not in town.anna.phone


# ---- unit by unit ----------------------------------------------------------------------------------------------------

LINDEN = "Din enhet är inte med än. Ring 08-465 004 10."


def works_in_linden(town):
    store(town, Assignment(person_id=town.moa.id, unit_id=unit(town, "linden"), starts_on=LONG_AGO))


def nobody_is_disturbed(town):
    town.later(hours=30)
    return all(actor.got == [] for actor in (town.bo, town.gun, town.hanna, town.cia, town.ivar, town.jonna, town.disa))


def the_ticket(town):
    with town.db.snapshot() as session:
        return tickets.get(session, 1)


@pytest.mark.parametrize(
    "text", ["Signeringsappen säger att jag saknar delegering", "Något krånglar på jobbet, vem kan hjälpa mig?"]
)
def test_a_unit_that_has_not_begun_gets_a_number_and_nobody_is_asked(town, text):
    works_in_linden(town)
    town.moa.writes(text)
    assert len(town.moa.got) == 1
    assert town.moa.got[0]["text"] == LINDEN
    assert LINDEN in town.moa.phone
    assert "Vi har inte frågat någon." in town.moa.phone
    assert "Välj enhet" not in town.moa.phone
    assert nobody_is_disturbed(town)
    assert (the_ticket(town).state, the_ticket(town).reason) == (State.CLOSED, Reason.REDIRECTED)


def test_danger_comes_first_there_too(town):
    works_in_linden(town)
    town.moa.writes("Jag kommer inte in, låset går inte att öppna och larmet går!")
    assert town.moa.got[0]["text"] == f"Fara för liv? Ring 112. {LINDEN}"
    assert town.moa.phone.index("Ring 112") < town.moa.phone.index("Ring 08-465 004 10")
    assert nobody_is_disturbed(town)


def test_the_number_there_is_the_most_specific_one_too(town):
    linden = unit(town, "linden")
    works_in_linden(town)
    store(town, Contact(unit_id=linden, tool="digital_signing", number="08-465 004 40", second_number="08-465 004 41",
                        starts_on=LONG_AGO))  # fmt: skip
    town.moa.writes("Signeringsappen säger att jag saknar delegering")
    assert "Din enhet är inte med än. Ring 08-465 004 40." in town.moa.phone
    assert "Svarar ingen? Ring 08-465 004 41." in town.moa.phone


def test_chosen_from_the_menu_and_written_under_again_it_stays_with_the_number(town):
    town.moa.writes("Signeringsappen säger att jag saknar delegering")
    town.moa.presses("Välj enhet", choose="Linden")
    assert LINDEN in town.moa.phone
    town.moa.writes("Men jag behöver hjälp med appen", under=town.moa.got[0])
    assert LINDEN in town.moa.phone
    assert nobody_is_disturbed(town)


def test_an_open_question_ends_when_its_unit_is_turned_off_and_the_next_day_can_be_on_again(town):
    asks(town.anna)
    with town.db.transaction() as session:
        session.get(Unit, unit(town, "bjorken")).live = False
    town.later(minutes=45)
    assert LINDEN in town.anna.phone
    with town.db.transaction() as session:
        session.get(Unit, unit(town, "bjorken")).live = True
    town.anna.writes("Hej, nu krånglar signeringsappen igen")
    town.later(seconds=25)
    assert "Bo Berg" in town.anna.phone
