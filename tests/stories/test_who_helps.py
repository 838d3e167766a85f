""" "Vem hjälper dig?": who helps where somebody works today, in Home and in a window; never why somebody is away."""

from datetime import date, timedelta

from sqlmodel import select, update

from models.people import Absence, Appointment, Role, Unit, UnitTool
from tests import slack as fake

LONG_AGO = date(2025, 1, 1)


def unit(town, key):
    with town.db.snapshot() as session:
        return session.exec(select(Unit).where(Unit.key == key)).one().id


def store(town, *rows):
    with town.db.transaction() as session:
        session.add_all(rows)


def away(who, days=1):
    today = who.town.time.date()
    return Absence(person_id=who.id, starts_on=today, ends_on=today + timedelta(days=days - 1))


def on_duty(actor):
    actor.opens_home()
    actor.presses("I tjänst")
    actor.submits(until="18:00")


def test_she_sees_faces_and_who_is_at_work_where_she_works(town):
    on_duty(town.bo)
    home = town.anna.opens_home()
    assert "Vem hjälper dig på Björken?" in home
    assert "*Bo Berg* · på plats nu" in home
    assert "*Gun Grahn* · kanske på plats nu" in home
    assert home.index("Bo Berg") < home.index("Gun Grahn")
    assert "Hanna Holm" not in home
    assert f"https://example.test/{town.bo.user}.png" in str(town.anna.home)
    assert "Kan ingen annan hjälpa, frågar vi samordnarna: Ivar Isling." in home


def test_who_is_away_is_not_at_work_and_nothing_more_is_said(town):
    store(town, away(town.bo), Appointment(
        person_id=town.moa.id, role=Role.EXPERT_USER, unit_id=unit(town, "bjorken"), starts_on=LONG_AGO,
        deputy_for_id=town.bo.id,
    ))  # fmt: skip
    home = town.anna.opens_home()
    assert "*Bo Berg* · inte på plats nu" in home
    assert "*Moa Myr* · kanske på plats nu · ersättare" in home


def test_nobody_helps_herself(town):
    home = town.bo.opens_home()
    assert "Gun Grahn" in home
    assert "*Bo Berg*" not in home
    town.bo.presses("Visa alla som hjälper")
    assert "*Bo Berg* · du själv" in town.bo.modal_words()
    assert "samordnarna" not in town.ivar.opens_home()
    store(town, away(town.gun))
    assert "Ingen är på plats just nu. Tidigast i morgon" in town.bo.opens_home()
    hers = update(Appointment).where(Appointment.person_id == town.gun.id)
    with town.db.transaction() as session:
        session.execute(hers.values(ends_on=LONG_AGO))
    assert "Du är ensam expertanvändare här. Dina egna frågor går till andra." in town.bo.opens_home()


def test_with_nobody_there_she_is_told_when_somebody_is(town):
    store(town, away(town.bo), away(town.gun))
    home = town.anna.opens_home()
    assert "Ingen är på plats just nu. Tidigast i morgon kl. 07.00 är någon här." in home


def test_a_borrowed_expert_comes_from_somewhere(town):
    store(town, Appointment(person_id=town.bo.id, role=Role.EXPERT_USER, unit_id=unit(town, "hemtjanst_soder"),
                            starts_on=LONG_AGO, tool="vr"))  # fmt: skip
    home = town.kate.opens_home()
    assert "*Bo Berg* · maybe here now · from Björken · helps with" in home


def test_a_unit_without_experts_says_what_happens_instead(town):
    assert "There is no expert user here yet." in town.kate.opens_home()


def test_the_window_has_the_specialist_of_each_tool_that_the_unit_uses(town):
    where = unit(town, "bjorken")
    store(town, *(UnitTool(unit_id=where, tool=tool, starts_on=LONG_AGO) for tool in ("digital_lock", "vr")))
    town.anna.opens_home()
    town.anna.presses("Visa alla som hjälper")
    shown = town.anna.modal_words()
    assert "Digitala lås: Cia Ceder (kanske på plats nu)" in shown
    assert "För övriga verktyg frågar vi samordnarna." in shown
    assert "VR-glasögon" not in shown
    assert "Medicin" not in shown


def test_the_window_has_the_numbers_day_and_night_with_the_second_one(town):
    home = town.eva.opens_home()
    assert "Ring 08-465 004 20. Svarar ingen? Ring 08-465 004 22. Fara för liv? Ring 112." in home
    town.eva.presses("Visa alla som hjälper")
    shown = town.eva.modal_words()
    assert "Dygnet runt: *08-465 004 20* Svarar ingen? Ring 08-465 004 22." in shown
    assert "Digitala lås, 21.00–07.00: *08-465 004 21*" in shown
    assert shown.index("Ring när någon väntar") < shown.index("Objektspecialister")


def test_another_unit_can_be_looked_at_and_worked_in_today(town):
    town.filip.opens_home()
    assert "Var jobbar du i dag?" in town.filip.opens_home()
    town.filip.presses("Välj enhet", choose="Björken")
    assert "Vem hjälper dig på Björken?" in fake.words_of(town.filip.home)
    town.filip.presses("Visa alla som hjälper")
    assert "Jag jobbar här i dag" not in town.filip.modal_words()
    looks_at(town.filip, "Hemtjänst Norr")
    assert "Hanna Holm" in town.filip.modal_words()
    assert "Jag jobbar här i dag" in town.filip.modal_words()
    town.filip.submits()
    assert "Vem hjälper dig på Hemtjänst Norr?" in fake.words_of(town.filip.home)


def looks_at(actor, name):
    view = actor.town.slack.modals[actor.user]
    menu = next(control for control in fake.controls(view) if control["action_id"] == "who_helps.unit")
    actor.sends(menu, {}, choose=name, view={**view, "id": f"V{actor.user}", "state": {"values": {}}})


def test_a_shared_phone_stands_where_it_stands(town):
    town.phone.opens_home()
    town.phone.presses("Visa alla som hjälper")
    looks_at(town.phone, "Hemtjänst Norr")
    assert "Hanna Holm" in town.phone.modal_words()
    assert "Jag jobbar här i dag" not in town.phone.modal_words()


def test_a_unit_that_has_closed_meanwhile_is_refused_kindly(town):
    town.filip.opens_home()
    with town.db.transaction() as session:
        session.get(Unit, unit(town, "bjorken")).ended_on = town.time.date()
    town.filip.presses("Välj enhet", choose="Björken")
    assert "Var jobbar du i dag?" in town.filip.opens_home()
