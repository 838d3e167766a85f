"""A correction is learnt at once, by every instance, and goes with its question unless a specialist keeps it."""

import pytest
from sqlmodel import select

from models import learning, recognition, tickets
from models.db import Database
from models.learning import Wording
from models.recognition import Decision, Learnt
from tests import slack as fake
from tests.stories.test_clearing import in_files

ODD = "flurpen gnisslar när jag trycker på grunkan"


def read(db, text):
    with db.snapshot() as session:
        return recognition.read(text, learnt=learning.in_force(session))


def corrected(town, text=ODD, to="vr"):
    """She is asked what it is about, or says that it is something else."""
    message = town.anna.writes(text)
    with town.db.snapshot() as session:
        number = max(ticket.pk for ticket in tickets.alive_of(session, town.anna.id))
    town.anna.sends({"action_id": f"ticket.tool:{to}", "type": "button", "value": str(number)}, town.anna.got[-1])
    return message


def wordings(town):
    with town.db.snapshot() as session:
        return [(row.tool, row.text, row.kept_at is not None) for row in session.exec(select(Wording))]


def test_learnt_at_once_by_every_instance_and_asked_about_not_sent(town):
    assert read(town.db, ODD).tools[0].key != "vr"
    corrected(town)
    other = Database(town.db.url)  # another instance
    for db in (town.db, other):
        again = read(db, "nu gnisslar flurpen igen, grunkan går inte att trycka på")
        assert again.tools[0].key == "vr"
        assert again.decision is Decision.ASK, "one person's word sends nobody else's question away"
    other.close()
    assert read(town.db, "skrivaren skriver inte ut").tools[0].key != "vr"
    town.later(minutes=11)
    town.anna.writes("flurpen på tvåan gnisslar fast jag trycker på grunkan")
    first = next(c for c in fake.controls(town.anna.got[-1]) if str(c["action_id"]).startswith("ticket.tool:"))
    assert first["action_id"] == "ticket.tool:vr"


def test_what_was_understood_is_corrected_in_the_receipt(town):
    town.anna.writes("Låset i 12 blinkar rött")
    assert "Digitala lås" in town.anna.phone
    town.anna.presses("Fel verktyg?")
    town.anna.submits(tool="vr")
    assert "VR-glasögon" in town.anna.phone
    assert "Digitala lås" not in town.anna.phone
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).tool == "vr"
    assert wordings(town) == [("vr", "Låset i 12 blinkar rött", False)]


def test_a_helper_who_sends_it_on_teaches_too_and_only_masked_words(town):
    town.anna.writes("grunkan hos Berit Ahlgren på Storgatan 4 surrar, ring 08-465 004 17")
    town.later(minutes=5)
    town.bo.picks("Skicka vidare")
    town.bo.submits(tool="vr")
    ((tool, text, _),) = wordings(town)
    assert tool == "vr"
    assert "grunkan" in text
    for secret in ("Berit", "Storgatan", "08-465 004 17"):
        assert secret not in text


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "cleared", "old"])
def test_it_goes_with_its_question(town, how):
    message = corrected(town)
    assert wordings(town)
    if how == "withdrawn":
        town.anna.presses("Ta tillbaka", on=town.anna.got[0])
    elif how == "deleted":
        town.anna.deletes(message)
    elif how == "cleared":
        town.anna.picks("Rensa text")
        town.anna.submits()
    else:
        town.time = town.time.replace(year=2027)
        next(job for job in town.on.jobs if job.name == "tidy").run(town.desk)
    assert wordings(town) == []
    assert read(town.db, ODD).tools[0].key != "vr"
    if how == "cleared":
        assert in_files(town, "grunkan") == []


def test_the_specialist_keeps_or_removes_it(town):
    corrected(town, to="digital_lock")
    assert ODD not in town.disa.opens_home() + town.ivar.opens_home()
    assert ODD in town.cia.opens_home()
    town.cia.presses("Behåll")
    assert ODD not in town.cia.opens_home()
    town.anna.presses("Ta tillbaka", on=town.anna.got[0])
    assert [kept for _, _, kept in wordings(town)] == [True]
    assert read(town.db, ODD).decision is Decision.ROUTE
    corrected(town, "spolka vrider sig åt fel håll", to="digital_lock")
    assert "spolka" in town.cia.opens_home()
    town.cia.presses("Ta bort")
    assert [text for _, text, _ in wordings(town)] == [ODD]


def test_many_wordings_cost_little_and_none_of_a_tool_that_is_gone():
    many = tuple(Learnt("vr", f"pryl {at} står och blinkar bredvid hyllan") for at in range(500))
    assert recognition.read("pryl 7 står och blinkar bredvid hyllan", learnt=many).tools[0].key == "vr"
    gone = (Learnt("no_such_tool", ODD, kept=True),)
    assert recognition.read(ODD, learnt=gone) == recognition.read(ODD)
