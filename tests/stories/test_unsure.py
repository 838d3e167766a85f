"""We are not sure, or see no digital tool: three buttons in plain words, and always a person."""

from models import tickets
from tests import slack as fake


def labels(message):
    return [fake.words_of(control) for control in fake.controls(message) if str(control["action_id"]).startswith("ticket.tool:")]


def test_unsure_has_three_buttons_and_something_else(town):
    town.anna.writes("den piper när jag kommer dit och appen säger nej")
    shown = labels(town.anna.got[0])
    assert len(shown) == 4
    assert shown[-1] == "Något annat"
    assert "Vad gäller det?" in town.anna.phone
    assert town.bo.got == []
    town.anna.presses("Något annat")
    town.later(seconds=25)
    assert "den piper när jag kommer dit" in town.bo.phone
    with town.db.snapshot() as session:
        ticket = tickets.get(session, 1)
    assert (ticket.tool, ticket.tool_chosen) == (None, True)


def test_no_digital_tool_is_said_kindly_and_a_person_comes_first(town):
    town.anna.writes("vem har hand om kaffet på fredag eftermiddag?")
    assert "Vi känner inte igen något digitalt verktyg" in town.anna.phone
    assert labels(town.anna.got[0])[0] == "Fråga en människa"
    town.anna.presses("Fråga en människa")
    town.later(seconds=25)
    assert "kaffet på fredag" in town.bo.phone
    assert "Vi känner inte igen" not in town.anna.phone
