"""A unit manager's Monday, a specialist's afternoon and an admin's tap: told as they would do it, in Home."""

import json
from datetime import date, timedelta

from sqlmodel import select

from models import audit, people, settings, tickets
from models.people import Absence, Appointment, Assignment, Person, Role, Unit
from models.tickets import State
from tests import slack as fake

TODAY = date(2026, 11, 23)


def opens(actor, button):
    actor.opens_home()
    actor.presses(button)
    return actor


def chooses(actor, text):
    """In a menu of the open window."""
    view = actor.town.slack.modals[actor.user]
    menu = next(c for c in fake.controls(view) if c["type"] == "static_select" and text in str(c))
    return actor.sends(menu, {}, choose=text, view={**view, "id": f"V{actor.user}"})


def hats(town, actor):
    person = actor.id
    with town.db.snapshot() as session:
        return list(session.exec(select(Appointment).where(Appointment.person_id == person)))


def refused(town):
    """What stands beside the fields of the form that was sent last."""
    return " ".join(json.loads(town.answer.body)["errors"].values())


def asks(actor, text="Signeringsappen säger att jag saknar delegering"):
    actor.writes(text)
    actor.town.later(seconds=25)


# ---- Monday ------------------------------------------------------------------------------------------------------------


def test_she_appoints_a_new_expert_who_is_asked_the_same_minute(town):
    opens(town.disa, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.disa.submits(person=town.moa.user, role="expert_user", starts="2026-11-23")
    assert "Moa Myr" in town.disa.modal_words()
    asks(town.anna)
    assert "Moa Myr" in town.anna.phone
    assert "Signeringsappen" in town.moa.phone


def test_somebody_whom_nobody_knows_yet_becomes_a_person(town):
    opens(town.disa, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.disa.submits(person="UNEWCOMER", role="expert_user", starts="2026-11-23")
    assert "Ny person" in town.disa.modal_words()
    with town.db.snapshot() as session:
        newcomer = session.exec(select(Person).where(Person.chat_user_id == "UNEWCOMER")).one()
        assert [hat.role for hat in people.roles_of(session, newcomer.pk, on=TODAY)] == [Role.EXPERT_USER]


def test_she_sets_a_deputy_for_july_who_has_her_administration_then_and_only_then(town):
    opens(town.disa, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.disa.submits(person=town.gun.user, role="unit_manager", deputy_for=str(town.disa.id), starts="2027-07-01",
                      ends="2027-07-31")  # fmt: skip
    assert "ersättare för Disa Dal, 1 juli 2027–31 juli 2027" in town.disa.modal_words()
    assert "Administrera" not in town.gun.opens_home()
    town.time = town.time.replace(year=2027, month=7, day=5)
    assert "Administrera" in town.gun.opens_home()
    town.time = town.time.replace(month=8, day=2)
    assert "Administrera" not in town.gun.opens_home()


def test_a_deputy_cannot_make_a_deputy_of_her_own(town):
    unit, gun, disa = hats(town, town.disa)[0].unit_id, town.gun.id, town.disa.id
    with town.db.transaction() as session:
        session.add(Appointment(person_id=gun, role=Role.UNIT_MANAGER, unit_id=unit, deputy_for_id=disa,
                                starts_on=TODAY, ends_on=TODAY + timedelta(days=5)))  # fmt: skip
    opens(town.gun, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.gun.submits(person=town.moa.user, role="unit_manager", deputy_for=str(town.gun.id), starts="2026-11-23")
    assert hats(town, town.moa) == []


def test_she_ends_the_hat_of_somebody_with_a_question_and_is_told_that_it_moves_on(town):
    asks(town.anna)
    town.bo.presses("Ta frågan")
    said = len(town.bo.pushes)
    opens(town.disa, "Uppdrag").taps_in_modal("Avsluta")  # Bo's is the first
    assert "Personen har 1 öppen fråga. Den går vidare till någon annan" in town.disa.modal_words()
    town.disa.submits()
    town.later(seconds=30)
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.OPEN
    assert len(town.bo.pushes) == said
    town.gun.presses("Ta frågan")
    assert "Gun Grahn har tagit F-1" in town.anna.phone


def test_a_wrong_tap_is_undone(town):
    opens(town.disa, "Uppdrag").taps_in_modal("Avsluta")
    town.disa.submits()
    assert "Bo Berg" not in town.disa.modal_words()
    town.disa.taps_in_modal("Ångra")
    assert "Bo Berg" in town.disa.modal_words()
    asks(town.anna)
    assert "Bo Berg" in town.anna.phone


def test_an_end_in_the_future_changes_nothing_today(town):
    opens(town.disa, "Uppdrag").taps_in_modal("Avsluta")
    town.disa.submits(ends="2026-11-20")
    assert "Välj i dag eller en senare dag." in refused(town)
    town.disa.submits(ends="2026-12-31")
    assert "till och med 31 december" in town.disa.modal_words()
    asks(town.anna)
    assert "Bo Berg" in town.anna.phone


def test_bo_is_ill_today_his_questions_move_on_and_his_phone_says_nothing(town):
    asks(town.anna)
    town.bo.presses("Ta frågan")
    before = len(town.bo.pushes)
    opens(town.disa, "Frånvaro och tjänst").taps_in_modal("Anmäl frånvaro")
    town.disa.submits(person=town.bo.user)
    assert "Borta till och med 23 november." in town.disa.modal_words()
    town.later(minutes=5)
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).owner_id is None
    town.anna.writes("Nu krånglar den igen, fast på ett annat sätt")
    town.later(hours=2)
    assert len(town.bo.pushes) == before
    town.gun.presses("Ta frågan")
    assert "Gun Grahn har tagit" in town.anna.phone


def test_she_took_the_wrong_one_and_he_is_back(town):
    opens(town.disa, "Frånvaro och tjänst").taps_in_modal("Anmäl frånvaro")
    town.disa.submits(person=town.bo.user)
    town.disa.taps_in_modal("Är tillbaka")
    asks(town.anna)
    assert "Bo Berg" in town.anna.phone
    town.disa.taps_in_modal("Ångra")
    bo = town.bo.id
    with town.db.snapshot() as session:
        assert people.away_until(session, [bo], on=TODAY) == {bo: TODAY}


def test_she_cannot_send_away_who_works_elsewhere_not_even_her_borrowed_expert(town):
    unit, hanna = hats(town, town.disa)[0].unit_id, town.hanna.id
    with town.db.transaction() as session:
        session.add(Appointment(person_id=hanna, role=Role.EXPERT_USER, unit_id=unit, starts_on=TODAY))
    opens(town.disa, "Frånvaro och tjänst").taps_in_modal("Anmäl frånvaro")
    town.disa.submits(person=town.hanna.user)
    assert "Välj någon som arbetar där du är chef." in refused(town)
    with town.db.snapshot() as session:
        assert session.exec(select(Absence)).all() == []


def test_she_sets_the_hours_of_her_staff_and_of_nobody_elses(town):
    """Bo works the nights of Mondays and Thursdays: at ten on a Monday morning Gun is asked, and he is not."""
    opens(town.disa, "Frånvaro och tjänst").taps_in_modal("Sätt arbetstider")
    nights = {"weeks": "1", "week": "0", "days": ["0", "3"], "opens": "21:00", "closes": "07:00"}
    town.disa.submits(person=town.bo.user, **nights | {"closes": "21:00"})
    assert "closes" in json.loads(town.answer.body)["errors"]
    town.disa.submits(person=town.hanna.user, **nights)
    assert "Välj någon som arbetar där du är chef." in refused(town)
    town.disa.submits(person=town.bo.user, **nights)
    assert "Arbetstiderna gäller från i dag." in town.disa.modal_words()
    asks(town.anna)
    assert "Vi har frågat Gun Grahn." in town.anna.phone
    assert town.bo.got == []
    trail = opens(town.disa, "Ändringar").modal_words()
    assert "Ändrade arbetstider: Bo Berg" in trail
    assert "Arbetstider: 48: mon 21:00-07:00, thu 21:00-07:00" in trail


def test_she_puts_bo_on_duty_in_the_evening_and_takes_him_off_again(town):
    town.time = town.time.replace(hour=21, minute=30)
    opens(town.disa, "Frånvaro och tjänst").taps_in_modal("Sätt i tjänst")
    town.disa.submits(person=town.bo.user, until="23:00")
    assert "I tjänst till kl. 23.00." in town.disa.modal_words()
    asks(town.anna)
    assert "Bo Berg" in town.anna.phone
    town.disa.taps_in_modal("Slutar nu")
    assert "I tjänst till" not in town.disa.modal_words()


def test_the_last_admin_cannot_leave_until_there_is_another(town):
    opens(town.jonna, "Uppdrag")
    view = town.slack.modals[town.jonna.user]
    ending = [c for c in fake.controls(view) if c["action_id"] == "appointment.ending"]
    town.jonna.sends(ending[-1], {}, view={**view, "id": f"V{town.jonna.user}"})
    town.jonna.submits()
    assert "Det måste finnas en administratör kvar." in refused(town)
    opens(town.jonna, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.jonna.submits(person=town.moa.user, role="admin", starts="2026-11-23")
    town.jonna.sends(ending[-1], {}, view={**view, "id": f"V{town.jonna.user}"})
    town.jonna.submits()
    assert [hat.ends_on for hat in hats(town, town.jonna)] == [TODAY - timedelta(days=1)]


# ---- an admin's taps ---------------------------------------------------------------------------------------------------


def test_an_admin_switches_a_unit_on_and_its_staff_get_help_the_same_minute(town):
    opens(town.jonna, "Enheter och verktyg")
    chooses(town.jonna, "Linden")
    assert "Enheten är inte med än." in town.jonna.modal_words()
    assert "Ingen expertanvändare finns än." in town.jonna.modal_words()
    town.jonna.taps_in_modal("Starta enheten")
    assert "Klart. Enheten är med." in town.jonna.modal_words()
    linden, moa = "linden", town.moa.id
    with town.db.transaction() as session:
        unit = session.exec(select(Unit).where(Unit.key == linden)).one()
        assert unit.live
        session.add(Assignment(person_id=moa, unit_id=unit.id, starts_on=TODAY))
    asks(town.moa)
    assert "inte med än" not in town.moa.phone
    town.jonna.taps_in_modal("Stäng av enheten")
    assert "Starta enheten" in town.jonna.modal_words()


def test_a_manager_says_which_tools_her_unit_uses_and_cannot_switch_it(town):
    opens(town.disa, "Enheter och verktyg")
    assert "Stäng av enheten" not in town.disa.modal_words()
    town.disa.taps_in_modal("Välj verktyg")
    town.disa.submits(tools=["vr", "work_phone"])
    assert "Verktyg:" in town.disa.modal_words()
    town.anna.opens_home()
    assert "VR-glasögon" in str(town.anna.home)
    assert "Digitala lås" not in str(town.anna.home)
    town.disa.taps_in_modal("Välj verktyg")
    town.disa.submits(tools=[])
    assert "Alla verktyg" in town.disa.modal_words()


def test_a_setting_is_refused_with_its_shape_changed_and_reset(town):
    opens(town.jonna, "Inställningar")
    chooses(town.jonna, "Hur länge enhetens expertanvändare får på sig innan frågan går vidare.")
    assert "Standard: 20 min" in town.jonna.modal_words()
    town.jonna.submits(value="en kvart")
    assert "Skriv så här: ett heltal och en enhet" in refused(town)
    town.jonna.submits(value="15 min")
    assert "15 min" in town.jonna.modal_words()
    with town.db.snapshot() as session:
        assert settings.read(session).text("target.unit_expert") == "15 min"
    town.jonna.taps_in_modal("Ändra")
    town.jonna.taps_in_modal("Använd standard")
    assert "Alla inställningar har sina standardvärden." in town.jonna.modal_words()
    town.jonna.taps_in_modal("Ångra")
    with town.db.snapshot() as session:
        assert settings.read(session).text("target.unit_expert") == "15 min"
    trail = fake.words_of(opens(town.jonna, "Ändringar").town.slack.modals[town.jonna.user])
    assert "Ändrade en inställning: Hur länge enhetens expertanvändare får på sig innan frågan går vidare" in trail
    assert "target.unit_expert" not in trail


def test_a_setting_and_a_word_that_were_a_wrong_tap_are_as_they_were(town):
    opens(town.jonna, "Inställningar")
    chooses(town.jonna, "Hur länge enhetens expertanvändare får på sig innan frågan går vidare.")
    town.jonna.submits(value="15 min")
    stale = next(c for c in fake.controls(town.slack.modals[town.jonna.user]) if c["action_id"] == "settings.undo")
    town.jonna.taps_in_modal("Ångra")
    assert "Alla inställningar har sina standardvärden." in town.jonna.modal_words()
    with town.db.transaction() as session:
        assert session.exec(select(settings.Setting)).all() == []  # not the default written down as their own
        settings.write(session, "target.unit_expert", "15 min", now=town.time)
        settings.write(session, "target.unit_expert", "25 min", now=town.time)
    town.jonna.sends(stale, {}, view={**town.slack.modals[town.jonna.user], "id": "V"})
    with town.db.snapshot() as session:
        assert settings.read(session).text("target.unit_expert") == "25 min"  # somebody has changed it since
    opens(town.jonna, "Våra ord").taps_in_modal("Ändra")
    town.jonna.submits(one="superanvändare", the="superanvändaren", many="superanvändare", all="superanvändarna")
    town.jonna.taps_in_modal("Ångra")
    assert "superanvändare" not in town.jonna.modal_words()
    trail = fake.words_of(opens(town.jonna, "Ändringar").town.slack.modals[town.jonna.user])
    assert "Ordet expertanvändare (sv)" in trail


def test_a_word_needs_its_four_forms_and_is_said_at_once(town):
    opens(town.jonna, "Våra ord").taps_in_modal("Ändra")
    town.jonna.submits(one="superanvändare", the="superanvändaren", many="super|användare", all="superanvändarna")
    assert "Fyll i alla fyra formerna" in refused(town)
    town.jonna.submits(one="superanvändare", the="superanvändaren", many="superanvändare", all="superanvändarna")
    assert "Nu säger vi superanvändare." in town.jonna.modal_words()
    opens(town.disa, "Uppdrag")
    assert "superanvändare" in town.disa.modal_words()


# ---- the trail ---------------------------------------------------------------------------------------------------------


def test_the_trail_says_who_changed_what_from_what_to_what_to_those_whom_it_concerns(town):
    opens(town.disa, "Nummer att ringa").taps_in_modal("Lägg till nummer")
    town.disa.submits(number="08-465 004 60", **{"from": "21.00", "to": "07.00"})
    town.disa.taps_in_modal("Ändra")
    town.disa.submits(number="08-465 004 61")
    opens(town.disa, "Uppdrag").taps_in_modal("Ge ett uppdrag")
    town.disa.submits(person=town.gun.user, role="unit_manager", deputy_for=str(town.disa.id), starts="2027-07-01",
                      ends="2027-07-31")  # fmt: skip
    opens(town.jonna, "Inställningar")
    chooses(town.jonna, "Hur länge avdelningens objektspecialister får på sig.")
    town.jonna.submits(value="45 min")
    opens(town.disa, "Ändringar")
    hers = town.disa.modal_words()
    assert "*Disa Dal*, kl. 10.00" in hers
    assert "Ändrade ett nummer: Björken" in hers
    assert "Nummer: 08-465 004 60 → 08-465 004 61" in hers
    assert "Gav ett uppdrag: Gun Grahn, Björken" in hers
    assert "Ersättare för: Disa Dal" in hers
    assert "45 min" not in hers
    opens(town.jonna, "Ändringar")
    everything = town.jonna.modal_words()
    assert "Värde: 60 min → 45 min" in everything
    assert "08-465 004 61" in everything


def test_a_long_trail_is_read_page_by_page(town):
    for at in range(20):
        with town.db.transaction() as session:
            audit.note(session, "import", by=None, now=town.time, about=f"nummer {at:02}")
    opens(town.jonna, "Ändringar")
    assert "nummer 19" in town.jonna.modal_words()
    assert "nummer 04" not in town.jonna.modal_words()
    town.jonna.taps_in_modal("Visa äldre")
    assert "nummer 00" in town.jonna.modal_words()
    assert "nummer 19" not in town.jonna.modal_words()
    opens(town.jonna, "Ändringar")
    assert "Läste ändringsloggen" in town.jonna.modal_words(), "reading is written down too"


def test_who_opens_a_list_of_people_is_written_down(town):
    """A number that leads to her and no name of anybody in it; what is no list of people leaves nothing."""
    for button in ("Uppdrag", "Frånvaro och tjänst", "Enheter", "Uppdrag"):
        opens(town.disa, button)
    town.anna.opens_home()  # she manages nobody, and sees no such button
    with town.db.snapshot() as session:
        noted = [(e.what, e.by_id, e.about) for e in session.exec(select(audit.AuditEntry).order_by(audit.AuditEntry.id))]
    assert noted[-3:] == [(f"read.{what}", town.disa.id, "") for what in ("appointments", "absences", "appointments")]
    opens(town.jonna, "Ändringar")
    said = town.jonna.modal_words()
    assert ("Läste uppdragen" in said, "Läste bemanningen" in said) == (True, True)
