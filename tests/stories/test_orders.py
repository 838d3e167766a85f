"""Access that only the manager can order: asked for in a form that shows all that is sent, answered in one tap."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from models import clock, orders, people, tickets
from models.clock import STOCKHOLM
from models.orders import AccessOrder, OrderState
from models.people import Absence, Appointment, Assignment, Person, Role, Unit
from tests import slack as fake

ACCESS = "Jag saknar behörighet till Treserva"


def row(town, number=1) -> AccessOrder:
    with town.db.snapshot() as session:
        return orders.get(session, number)


def rows(town) -> list[AccessOrder]:
    with town.db.snapshot() as session:
        return list(session.exec(select(AccessOrder)))


def unit(town, name="Björken") -> int:
    with town.db.snapshot() as session:
        return session.exec(select(Unit.id).where(Unit.name == name)).one()


def give(town, *rows) -> None:
    with town.db.transaction() as session:
        for one in rows:
            session.add(one)


def deputy(town, **more) -> Appointment:
    hat = {"person_id": town.eva.id, "role": Role.UNIT_MANAGER, "unit_id": unit(town), "starts_on": date(2026, 1, 1)}
    return Appointment(**hat, **more)


def away(town, who, days=30) -> Absence:
    today = clock.today(town.time)
    return Absence(person_id=who.id, starts_on=today, ends_on=today + timedelta(days=days))


def asks(who, says=ACCESS, **form) -> None:
    who.writes(says)
    who.presses("Be min chef beställa")
    who.submits(**form)


def controls(message) -> list[str]:
    return [control["action_id"] for control in fake.controls(message)]


def stale(who, text):
    """A button as it stood, to press it after it has gone."""
    return next((json.loads(json.dumps(c)), m) for m in reversed(who.got) for c in fake.controls(m) if text in fake.words_of(c))


# ---- a Monday ------------------------------------------------------------------------------------------------


def test_asked_ordered_told(town):
    town.anna.writes(ACCESS)
    town.anna.presses("Be min chef beställa")
    shown = town.anna.modal_words()
    assert all(fact in shown for fact in ("Disa Dal", "Namn: *Anna Alm*", "Enhet: *Björken*", "Journal (SoL/LSS)", "Inget annat skickas"))
    town.anna.submits(needed="1")
    assert "Du har bett Disa Dal beställa Journal (SoL/LSS)." in town.anna.phone
    assert "Vi har inte frågat någon." not in town.anna.phone
    assert town.disa.pushes == ["Anna Alm ber dig beställa: Journal (SoL/LSS)"]
    assert "Enhet: Björken" in town.disa.phone
    assert "senast i morgon" in town.disa.phone
    assert "Treserva" not in town.disa.phone  # her words stay where she wrote them
    town.disa.presses("Beställd")
    town.later(minutes=2)
    assert town.anna.pushes[1:] == ["Disa Dal har beställt Journal (SoL/LSS) till dig."]
    assert "Du har beställt Journal (SoL/LSS) till Anna Alm." in town.disa.phone
    town.later(days=10)
    assert len(town.anna.got) == 2  # the receipt and the answer
    assert len(town.disa.got) == len(town.disa.pushes) == 1
    assert row(town).needed_by == date(2026, 11, 24)


def test_a_tool_that_is_not_known_is_chosen(town):
    asks(town.anna, "Jag saknar behörighet", tool="npo", needed="7")
    assert "NPÖ" in town.disa.phone


def test_it_is_in_no_statistics_and_no_question(town):
    asks(town.anna)
    with town.db.snapshot() as session:
        assert len(session.exec(select(tickets.Ticket)).all()) == 1
        assert [h.event for h in tickets.history(session, 1)] == ["asked", "redirected"]


def test_in_her_home_until_it_is_answered(town):
    asks(town.anna)
    home = town.disa.opens_home()
    assert "Väntar på dig: beställningar" in home
    assert "Anna Alm" in home
    town.disa.sends(next(c for c in fake.controls(town.disa.home) if c["action_id"] == "order.done"), town.disa.home)
    assert "beställningar" not in fake.words_of(town.disa.home)
    assert row(town).state is OrderState.ORDERED
    assert "beställningar" not in town.anna.opens_home()


def test_not_relevant_with_a_word(town):
    asks(town.anna)
    town.disa.presses("Inte aktuellt")
    town.disa.submits(word="Du har redan läsbehörighet")
    town.later(minutes=2)
    assert "Disa Dal svarar att Journal (SoL/LSS) inte är aktuellt." in town.anna.phone
    assert "Du har redan läsbehörighet" in town.anna.phone
    town.anna.writes("Men det går inte att skriva", under=town.anna.got[0])
    town.later(seconds=25)
    assert ACCESS in town.bo.phone  # a human all the same


def test_what_must_not_be_sent_is_refused_in_the_form(town):
    asks(town.anna)
    town.disa.presses("Inte aktuellt")
    town.disa.submits(word="Ring 070-174 06 05")
    assert row(town).state is OrderState.ASKED


# ---- a thumb that slipped --------------------------------------------------------------------------------------


def test_undone_before_she_was_told_she_never_hears_of_it(town):
    asks(town.anna)
    town.disa.presses("Beställd")
    town.later(seconds=20)
    town.disa.presses("Ångra")
    town.later(minutes=10)
    assert len(town.anna.got) == 1
    assert "Du har bett Disa Dal" in town.anna.phone
    assert row(town).state is OrderState.ASKED
    town.disa.presses("Beställd")
    town.later(minutes=2)
    assert len(town.anna.pushes) == 2


def test_undone_afterwards_the_message_says_so_and_the_next_answer_is_a_new_one(town):
    asks(town.anna)
    town.disa.presses("Beställd")
    town.later(minutes=5)
    town.disa.presses("Ångra")
    assert "Din chef ångrade sitt svar." in town.anna.phone
    assert "har beställt" not in town.anna.phone
    town.disa.presses("Beställd")
    town.later(minutes=2)
    assert len(town.anna.pushes) == 3
    assert town.anna.phone.count("har beställt Journal (SoL/LSS) till dig") == 1


def test_pressed_twice_is_once(town):
    asks(town.anna)
    control, message = stale(town.disa, "Beställd")
    for _ in range(2):
        town.disa.sends(control, message)
    town.later(minutes=5)
    assert len(town.anna.pushes) == 2
    assert town.disa.whispers == []


# ---- whoever is the manager that day ---------------------------------------------------------------------------


def test_two_managers_the_first_tap_wins_and_the_others_message_shrinks(town):
    give(town, deputy(town, deputy_for_id=town.disa.id, ends_on=date(2027, 1, 1)))
    asks(town.anna)
    control, message = stale(town.eva, "Beställd")
    town.disa.presses("Beställd")
    assert "Disa Dal har beställt Journal (SoL/LSS) till Anna Alm." in town.eva.phone
    assert controls(town.eva.got[0]) == []
    town.eva.sends(control, message)
    assert town.eva.whispers == ["Disa Dal hann före och har svarat."]
    assert len(town.eva.pushes) == 1


def test_on_leave_the_deputy_of_the_day_gets_it_and_the_manager_nothing(town):
    give(town, away(town, town.disa), deputy(town, deputy_for_id=town.disa.id))
    town.anna.writes(ACCESS)
    town.anna.presses("Be min chef beställa")
    assert "Eva Ek" in town.anna.modal_words()
    assert "Disa Dal" not in town.anna.modal_words()
    town.anna.submits()
    assert town.eva.pushes == ["Anna Alm ber dig beställa: Journal (SoL/LSS)"]
    town.later(days=2)
    assert town.disa.got == []


def test_nobody_there_is_said_with_whom_to_turn_to(town):
    give(town, away(town, town.disa))
    with town.db.transaction() as session:
        nils = session.exec(select(Person).where(Person.email == "nils.nord@lovkoping.example")).one()
        nils.chat_user_id = "UNILS"
        session.add(nils)
    town.anna.writes(ACCESS)
    town.anna.presses("Be min chef beställa")
    assert town.anna.whispers == ["Din enhet har ingen chef på plats i dag. Vänd dig till Nils Nord."]
    assert rows(town) == []


def test_nobody_at_all(town):
    give(town, away(town, town.disa))
    town.anna.writes(ACCESS)
    town.anna.presses("Be min chef beställa")
    assert town.anna.whispers == ["Vi hittar ingen chef för din enhet i dag. Prata med den som leder ditt pass."]


def test_a_manager_who_asks_is_not_her_own_manager(town):
    give(town, Assignment(person_id=town.disa.id, unit_id=unit(town), starts_on=date(2026, 1, 1)))
    town.disa.writes(ACCESS)
    town.disa.presses("Be min chef beställa")
    assert town.disa.whispers[0].startswith("Vi hittar ingen chef")


def test_deactivated_in_between_the_next_manager_gets_it(town):
    asks(town.anna)
    disa = town.disa.id
    with town.db.transaction() as session:
        people.deactivate(session, disa, now=town.time)
    control, message = stale(town.disa, "Beställd")
    town.disa.sends(control, message)
    assert row(town).state is OrderState.ASKED
    give(town, deputy(town))
    look_after(town)
    assert "Anna Alm ber dig beställa" in town.eva.phone
    town.eva.presses("Beställd")
    town.later(minutes=2)
    assert "Eva Ek har beställt" in town.anna.phone


def test_a_deputy_whose_time_is_over_answers_no_more(town):
    give(town, deputy(town, deputy_for_id=town.disa.id, ends_on=clock.today(town.time)))
    asks(town.anna)
    town.later(hours=24)
    town.eva.presses("Beställd")
    assert row(town).state is OrderState.ASKED
    assert town.eva.whispers == ["Det här är någon annans fråga."]


# ---- office hours, and the clock ---------------------------------------------------------------------------------


def look_after(town) -> None:
    next(job for job in town.on.jobs if job.name == "orders").run(town.desk)
    town.deliver()


def test_in_the_evening_it_waits_for_the_managers_morning_and_the_receipt_says_so(town):
    town.at(datetime(2026, 11, 27, 20, 0, tzinfo=STOCKHOLM))  # a Friday
    asks(town.anna)
    assert "Det kommer fram på måndag kl. 07.00." in town.anna.phone
    town.later(hours=58)
    assert town.disa.got == []
    town.later(hours=2)
    assert town.disa.pushes == ["Anna Alm ber dig beställa: Journal (SoL/LSS)"]


def test_a_manager_who_is_an_expert_too_is_not_disturbed_on_a_saturday(town):
    give(town, Appointment(person_id=town.disa.id, role=Role.EXPERT_USER, unit_id=unit(town), starts_on=date(2026, 1, 1)))
    town.at(datetime(2026, 11, 28, 10, 0, tzinfo=STOCKHOLM))
    asks(town.anna)
    town.later(hours=5)
    assert town.disa.got == []


def test_reminded_once_after_three_working_days(town):
    town.at(datetime(2026, 11, 26, 10, 0, tzinfo=STOCKHOLM))  # a Thursday
    asks(town.anna)
    for _ in range(4):
        town.later(hours=23)
        look_after(town)
    assert len(town.disa.pushes) == 1
    for _ in range(5):
        town.later(hours=24)
        look_after(town)
    assert town.disa.pushes[1:] == ["Anna Alm väntar på att du beställer: Journal (SoL/LSS)"]
    town.disa.presses("Beställd")
    assert not any(controls(message) == ["order.done", "order.decline_form"] for message in town.disa.got)
    assert len(town.disa.pushes) == 2


def test_with_nobody_there_to_remind_she_is_told_whom_to_turn_to(town):
    asks(town.anna)
    give(town, away(town, town.disa))
    town.later(days=3, hours=1)
    look_after(town)
    look_after(town)
    assert town.anna.pushes[1:] == ["Vi hittar ingen chef för din enhet i dag. Prata med den som leder ditt pass."]
    assert "Ingen chef är på plats i dag." in town.anna.phone or "Du har bett" in town.anna.phone


def test_it_is_forgotten_after_its_time(town):
    asks(town.anna)
    town.disa.presses("Beställd")
    town.later(minutes=5)
    tidy = next(job for job in town.on.jobs if job.name == "tidy")
    town.time += timedelta(days=89)
    tidy.run(town.desk)
    assert len(rows(town)) == 1
    town.time += timedelta(days=2)
    tidy.run(town.desk)
    assert rows(town) == []
    control, message = stale(town.disa, "Ångra")
    town.disa.sends(control, message)
    assert "Det här är någon annans fråga." in town.disa.whispers


# ---- whose unit, whose phone, twice, and what is forged ----------------------------------------------------------


def test_without_a_unit_she_is_asked_first(town):
    town.filip.writes(ACCESS)
    town.filip.presses("Be min chef beställa")
    assert "Var jobbar du i dag?" in json.dumps(town.slack.modals[town.filip.user], ensure_ascii=False)
    town.filip.submits(unit=str(unit(town)))
    assert "Disa Dal" in town.filip.modal_words()
    town.filip.submits()
    assert "Filip Fors ber dig beställa" in town.disa.phone


def test_from_a_shared_phone_it_says_how_instead(town):
    town.phone.writes(ACCESS)
    assert "Be din chef själv. Från en delad telefon skickas inget namn." in town.phone.phone
    assert "order.open" not in controls(town.phone.got[0])
    forged = {"type": "button", "action_id": "order.open", "value": "1"}
    town.phone.sends(forged, town.phone.got[0])
    assert town.phone.whispers == ["En delad telefon skickar inget namn. Be din chef själv."]
    assert rows(town) == []


def test_asked_twice_while_it_waits_is_one_order(town):
    asks(town.anna)
    town.later(hours=2)
    asks(town.anna, "Jag behöver behörighet till Treserva nu")
    assert "Du har redan bett din chef om det." in town.anna.modal_words()
    assert len(rows(town)) == 1
    assert len(town.disa.got) == 1
    town.disa.presses("Beställd")
    town.later(hours=2)
    asks(town.anna, "Jag saknar behörighet till Treserva igen")
    assert len(rows(town)) == 2


def test_an_answer_cannot_be_taken_back_into_a_second_open_order(town):
    asks(town.anna)
    town.disa.presses("Beställd")
    undo = stale(town.disa, "Ångra")
    town.later(hours=2)
    asks(town.anna, "Jag saknar behörighet till Treserva igen")
    town.disa.sends(*undo)
    assert [order.state for order in rows(town)] == [OrderState.ORDERED, OrderState.ASKED]


@pytest.mark.parametrize("form", [{"needed": "400"}, {"needed": "nu"}, {"tool": "tvättstuga", "needed": "1"}])
def test_what_no_form_offers_is_refused(town, form):
    asks(town.anna, "Jag saknar behörighet", **form)
    assert "Knappen gäller inte längre." in town.anna.modal_words()
    assert rows(town) == []


def test_only_under_what_a_manager_can_order(town):
    town.anna.writes("Det är fel på lönen igen")
    assert "order.open" not in controls(town.anna.got[0])
    town.anna.sends({"type": "button", "action_id": "order.open", "value": "1"}, town.anna.got[0])
    assert town.anna.whispers == ["Knappen gäller inte längre. Titta på det senaste meddelandet."]


def test_once_a_human_has_been_asked_the_form_is_sent_no_more(town):
    town.anna.writes(ACCESS)
    town.anna.presses("Be min chef beställa")
    town.anna.presses("Jag vill ändå fråga en människa")
    town.anna.submits()
    assert rows(town) == []


def test_a_tool_that_has_gone_from_the_catalogue_is_named_by_its_key(town):
    asks(town.anna)
    with town.db.transaction() as session:
        orders.get(session, 1).tool = "old_record"
    assert "*Anna Alm*: old" in town.disa.opens_home()


def test_a_colleague_who_is_not_the_manager_answers_nothing(town):
    asks(town.anna)
    control, message = stale(town.disa, "Beställd")
    for who in (town.anna, town.bo, town.hanna, town.jonna):
        who.sends(control, message)
        assert who.whispers == ["Det här är någon annans fråga."]
    assert row(town).state is OrderState.ASKED


def test_many_orders_are_listed_five_and_how_many_more(town):
    for tool in ("npo", "siths", "pascal", "m365", "vr", "scheduling", "login_eid"):
        town.later(hours=1)
        asks(town.anna, "Jag saknar behörighet", tool=tool)
    home = town.disa.opens_home()
    assert home.count("Anna Alm") == 5
    assert "Och 2 till." in home


