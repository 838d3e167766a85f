"""Those who can mend it see in Home what is missing, week by week; nobody else, and nobody's leave by name."""

from datetime import timedelta

from models.people import Absence
from tests import slack as fake


def away_next_week(town, *people):
    monday = town.time.date() + timedelta(days=7)
    leave = [Absence(person_id=who.id, starts_on=monday, ends_on=monday + timedelta(days=6)) for who in people]
    with town.db.transaction() as session:
        session.add_all(leave)


def test_the_manager_sees_the_week_without_anybody_and_no_name(town):
    away_next_week(town, town.bo, town.gun)
    town.disa.opens_home()
    (said,) = [fake.words_of(block) for block in town.disa.home["blocks"] if "Luckor att ordna" in fake.words_of(block)]
    assert "Björken, v. 49: ingen expertanvändare." in said
    assert "Bo Berg" not in said
    assert "Hemtjänst" not in said
    assert "lennart.lund" not in said


def test_with_one_of_two_away_nothing_is_missing(town):
    away_next_week(town, town.bo)
    assert "v. 49" not in town.disa.opens_home()


def test_a_specialist_sees_her_tools_and_an_admin_everything(town):
    assert "ingen objektspecialist" not in town.cia.opens_home()
    town.jonna.opens_home()
    town.jonna.presses("Visa alla luckor")
    shown = town.jonna.modal_words()
    assert "Hemtjänst Söder: ingen expertanvändare utsedd." in shown
    assert "Särskilt boende: ingen objektspecialist. Det gäller" in shown
    assert "lennart.lund@lovkoping.example: inget konto i chatten." in shown


def test_those_who_only_ask_or_help_are_spared(town):
    away_next_week(town, town.bo, town.gun)
    for who in (town.anna, town.bo, town.phone):
        assert "Luckor" not in who.opens_home()
