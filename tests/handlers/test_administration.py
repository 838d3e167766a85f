"""Administration in Home: who sees it, what each may change, and what a forged payload reaches: nothing."""

import json
from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import select

from models import catalogue
from models.audit import AuditEntry
from models.contacts import Contact
from models.people import Area, Person, Unit
from tests import slack as fake
from tests.handlers.test_bad_input import press, submit
from tests.town import Actor

NUMBER = {"number": "08-465 004 50", "second_number": "08-465 004 51"}


def unit(town, key):
    with town.db.snapshot() as session:
        return f"unit-{session.exec(select(Unit).where(Unit.key == key)).one().id}"


def area(town, key):
    with town.db.snapshot() as session:
        return f"area-{session.exec(select(Area).where(Area.key == key)).one().id}"


def all_of(town, table):
    with town.db.snapshot() as session:
        return list(session.exec(select(table).order_by(table.id)))


def opens(actor, button):
    actor.opens_home()
    actor.presses(button)
    return actor


def chooses(actor, text):
    """In the menu of places of the open modal."""
    view = actor.town.slack.modals[actor.user]
    for control in fake.controls(view):
        if control["type"] == "static_select" and text in str(control):
            return actor.sends(control, {}, choose=text, view={**view, "id": f"V{actor.user}"})
    raise AssertionError(f"{actor.name} cannot choose {text!r}")


def errors(town):
    return json.loads(town.answer.body or "{}").get("errors", {})


def filled(values):
    return {"values": {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}}


# ---- who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["disa", "cia", "jonna"])
def test_who_administers_something_sees_it_in_home(town, name):
    assert "Administrera" in getattr(town, name).opens_home()


@pytest.mark.parametrize("name", ["anna", "bo", "ivar", "phone", "moa"])
def test_everybody_else_does_not(town, name):
    assert "Administrera" not in getattr(town, name).opens_home()


# ---- numbers to ring ---------------------------------------------------------------------------------------------------


def test_a_manager_adds_a_number_of_her_unit_and_staff_see_it_at_once(town):
    opens(town.disa, "Nummer att ringa").taps_in_modal("Lägg till nummer")
    town.disa.submits(**NUMBER, what_to_do="Ta reservnyckeln.")
    assert "Numret 08-465 004 50 gäller." in town.disa.modal_words()
    town.anna.writes("Låset går inte att öppna och larmet går, vi kommer inte in!")
    assert "08-465 004 50" in town.anna.got[0]["text"]


def test_what_is_wrong_is_said_beside_its_field_and_the_corrected_form_is_taken(town):
    """Slack sends a refused form again under the same hash."""
    state = {"number": "ring växeln", "from": "21", "what_to_do": "ord " * 36, "tools": "any", "starts": "2026-11-23"}
    form = {"private_metadata": f"{unit(town, 'bjorken')}|0", "hash": "h"}
    wrong = submit(town.disa, "contact.save", filled(state), **form)["errors"]
    assert wrong == {
        "number": "Skriv ett telefonnummer, till exempel 08-465 004 10.",
        "from": "Skriv ett klockslag, till exempel 21.00.",
        "what_to_do": "Skriv högst 35 ord.",
    }
    submit(town.disa, "contact.save", filled(state | NUMBER | {"from": "21", "to": "7.00"}), **form)
    good = state | NUMBER | {"from": "21.00", "to": "7.00", "what_to_do": "Ring först."}
    submit(town.disa, "contact.save", filled(good), **form)
    [added] = [each for each in all_of(town, Contact) if each.number == NUMBER["number"]]
    assert (added.opens, added.closes, added.second_number) == ("21:00", "07:00", "08-465 004 51")


@pytest.mark.parametrize("words", ["Koden till nyckelskåpet är 2218.", "Fråga efter 640823-3234."])
def test_no_secret_becomes_a_text_of_the_catalogue(town, words):
    opens(town.disa, "Nummer att ringa").taps_in_modal("Lägg till nummer")
    town.disa.submits(**NUMBER, what_to_do=words)
    assert set(errors(town)) == {"what_to_do"}


def test_the_same_tool_and_time_twice_is_refused_beside_the_tool(town):
    for _ in range(2):
        opens(town.disa, "Nummer att ringa").taps_in_modal("Lägg till nummer")
        town.disa.submits(**NUMBER)
    assert errors(town) == {"tools": "Det finns redan en rad för samma verktyg och tid. Ändra den i stället."}


def test_what_was_removed_comes_back_with_undo_once(town):
    opens(town.disa, "Nummer att ringa").taps_in_modal("Lägg till nummer")
    town.disa.submits(**NUMBER)
    town.disa.taps_in_modal("Ändra")
    town.disa.taps_in_modal("Ta bort numret")
    assert "Inget eget nummer finns." in town.disa.modal_words()
    undo = next(c for c in fake.controls(town.slack.modals[town.disa.user]) if c["action_id"] == "contact.undo")
    town.disa.taps_in_modal("Ångra")
    assert NUMBER["number"] in town.disa.modal_words()
    press(town.disa, "contact.undo", undo["value"])
    assert len([each for each in all_of(town, AuditEntry) if each.what == "contact.resumed"]) == 1


def test_a_specialist_changes_the_text_of_her_tool_and_sees_nothing_else(town):
    opens(town.cia, "Nummer att ringa")
    chooses(town.cia, "Område: Norra området")
    seen = town.cia.modal_words()
    assert "08-465 004 21" in seen
    assert "08-465 004 20" not in seen, "the one for any tool is not hers"
    town.cia.taps_in_modal("Ändra")
    town.cia.submits(what_to_do="Ta reservnyckeln. Ring sedan larmgruppen.")
    assert "Ta reservnyckeln. Ring sedan larmgruppen." in town.cia.modal_words()
    [entry] = all_of(town, AuditEntry)[-1:]
    assert (entry.what, entry.by_id, entry.about) == ("contact.changed", town.cia.id, "digital_lock")
    assert json.loads(entry.before) == {"what_to_do": "Ta reservnyckeln i nyckelskåpet. Ring först, åk sedan."}
    assert json.loads(entry.after) == {"what_to_do": "Ta reservnyckeln. Ring sedan larmgruppen."}


def test_forty_numbers_are_read_page_by_page(town):
    with town.db.transaction() as session:
        where = int(unit(town, "bjorken").removeprefix("unit-"))
        session.add_all(
            Contact(unit_id=where, tool=tool, number=f"08-465 004 {at}", starts_on=date(2026, 1, 1))
            for at, tool in enumerate(list(catalogue.load().tools)[:35], start=10)
        )
    opens(town.disa, "Nummer att ringa")
    seen = 0
    for _ in range(3):
        seen += town.disa.modal_words().count("Ring 08-465 004")
        if "Visa fler" in town.disa.modal_words():
            town.disa.taps_in_modal("Visa fler")
    assert seen == 35
    town.disa.taps_in_modal("Visa tidigare")


# ---- role by role, with forged payloads ------------------------------------------------------------------------------------

ROLES = {  # what each may change
    "anna": set(),  # staff
    "bo": set(),  # expert user
    "ivar": set(),  # coordinator
    "moa": set(),  # nobody at all
    "phone": set(),  # a shared phone
    "disa": {"bjorken"},  # unit manager
    "nils": {"bjorken", "hemtjanst_norr", "norra", "norra_lock"},  # department manager of both departments
    "cia": {"norra_lock"},  # specialist of locks in both departments
    "jonna": {"bjorken", "hemtjanst_norr", "norra", "norra_lock"},  # admin
}
TODAY = "2026-11-23"


def nils(town):
    """The department manager has an account, too."""
    actor = Actor(town, "nils", "nils.nord@lovkoping.example")
    town.slack.users[actor.user] = actor.profile("Nils Nord")
    with town.db.transaction() as session:
        person = session.exec(select(Person).where(Person.email == actor.email)).one()
        person.chat_user_id = actor.user
    return actor


def contact_of(town, name):
    """An own number of each place, added in the database; the lock of the area is the demo's."""
    with town.db.transaction() as session:
        if name == "norra_lock":
            return session.exec(select(Contact).where(Contact.tool == "digital_lock")).one().id
        where = unit(town, name) if name != "norra" else area(town, name)
        kind, _, number = where.partition("-")
        row = Contact(**{f"{kind}_id": int(number)}, tool="vr", number="08-465 004 60", starts_on=date(2026, 1, 1))
        session.add(row)
        session.flush()
        return row.id


@pytest.mark.parametrize("who", ROLES)
def test_a_contact_changes_only_for_those_who_may(town, who):
    actor = nils(town) if who == "nils" else getattr(town, who)
    for name in ("bjorken", "hemtjanst_norr", "norra", "norra_lock"):
        changes_if_it_is_hers(town, who, actor, name)


def changes_if_it_is_hers(town, who, actor, name):
    row = contact_of(town, name)
    where = area(town, "norra") if name.startswith("norra") else unit(town, name)
    tool = "digital_lock" if name == "norra_lock" else "vr"
    state = filled(NUMBER | {"tools": tool, "starts": TODAY, "ends": "2027-01-01"})
    for lie in (unit(town, "bjorken"), "all-0", "", "unit-99999", "unit-x", where):
        changed = attempts(town, actor, row, state, lie)
        assert not changed or name in ROLES[who], (name, lie)
    assert changed == (name in ROLES[who]), name


def attempts(town, actor, row, state, place):
    """The form of that row, forged with any place: whether the row changed."""
    submit(actor, "contact.save", state, private_metadata=f"{place}|{row}")
    with town.db.snapshot() as session:
        return session.get(Contact, row).number == NUMBER["number"]


# ---- large ---------------------------------------------------------------------------------------------------------------


def statements(town, act):
    """How many the database is asked."""
    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(town.db.engine, "before_cursor_execute", note)
    act()
    event.remove(town.db.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("button", ["Nummer att ringa", "Uppdrag", "Frånvaro och tjänst", "Enheter och verktyg"])
def test_three_hundred_units_cost_no_more_questions_than_six(town, button):
    few = statements(town, lambda: opens(town.jonna, button))
    with town.db.transaction() as session:
        session.add_all(Unit(key=f"unit_{at}", department_id=1, name=f"Enhet {at}") for at in range(300))
    assert statements(town, lambda: opens(town.jonna, button)) <= few
    assert "Enhet 299" in str(town.slack.modals[town.jonna.user])
