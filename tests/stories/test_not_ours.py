"""What is somebody else's: whose it is and how, in the one first message. Acute is never stopped by that."""

from datetime import datetime

import pytest
from sqlmodel import select

from models import settings, tickets
from models.clock import STOCKHOLM
from models.lines import Line
from models.recognition import Urgency
from models.tickets import Event, Reason, State
from tests import slack as fake
from tests.stories import told

ACCESS = "Jag saknar behörighet till Treserva"
STORY = "Jag vill anmäla en avvikelse om lunchen som kom kall i går"


def the_ticket(town, number=1):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def numbers(town) -> list[int]:
    with town.db.snapshot() as session:
        return list(session.exec(select(tickets.Ticket.id)))


def buttons(message) -> list[str]:
    return [control["text"]["text"] for control in fake.controls(message) if control["type"] == "button"]


# ---- a morning of questions that are somebody else's ---------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "owner", "who"),
    [
        (ACCESS, "access", "Chefen beställer behörigheter."),
        ("Jag har glömt mitt lösenord", "password", "IT-servicedesk hjälper med lösenord."),
        ("Vilken dos ska hon ha av Alvedon?", "medication", "Sjuksköterskan svarar om dos och läkemedel."),
        ("Det är fel på lönen igen", "hr", "Chefen och lönekontoret svarar om lön och ledighet."),
        ("Hur beställer jag ett nytt SITHS-kort", "siths_card", "Chefen beställer SITHS-kort."),
        (STORY, "deviation", "Det här anmäls i avvikelsesystemet."),
        ("Vi har haft en personuppgiftsincident", "data_incident", "Din chef tar hand om det här i dag."),
    ],
)
def test_whose_it_is_stands_in_the_one_first_message(town, says, owner, who):
    town.anna.writes(says)
    town.later(minutes=30)
    assert len(town.anna.got) == len(town.anna.pushes) == 1
    assert who in town.anna.phone
    assert town.anna.pushes[0].startswith(f"F-1: {who}")
    assert "Jag vill ändå fråga en människa" in buttons(town.anna.got[0])
    ticket = the_ticket(town)
    assert (ticket.state, ticket.reason, ticket.belongs_to) == (State.CLOSED, Reason.REDIRECTED, owner)
    assert town.bo.got == town.gun.got == town.cia.got == town.ivar.got == []


def test_a_stolen_card_is_blocked_at_once_by_number(town):
    town.anna.writes("Mitt SITHS-kort är stulet")
    assert "Spärra kortet nu." in town.anna.phone
    assert "*Ring 08-465 004 10.*" in town.anna.phone
    assert "08-465 004 10" in town.anna.pushes[0]


def test_nobody_is_told_to_ring_a_number_that_she_does_not_have(town):
    town.anna.writes("Jag har glömt mitt lösenord")
    assert "Tryck på Glömt lösenord där du loggar in. Går det inte, fråga din chef vart du ringer." in town.anna.phone
    town.ivar.opens_home()
    town.ivar.presses("Visa alla luckor")
    assert "IT-servicedesk för lösenord: inget nummer att ringa." in town.ivar.modal_words()
    with town.db.transaction() as session:
        settings.write(session, "owner.password.number", "08-465 004 40", now=town.time)
    town.gun.writes("Jag har glömt mitt lösenord")
    assert "Går det inte, ring 08-465 004 40." in town.gun.phone
    town.gun.writes("Är det 08-465 004 40 som gäller?", under=town.gun.got[0])
    with town.db.snapshot() as session:
        assert "08-465 004 40" in session.exec(select(Line.text).order_by(Line.id.desc())).first(), "it is there to be rung"
    town.ivar.opens_home()
    town.ivar.presses("Visa alla luckor")
    assert "inget nummer att ringa" not in town.ivar.modal_words()


def test_the_municipality_says_it_in_its_own_words(town):
    with town.db.transaction() as session:
        settings.write(session, "owner.password.how.sv", "Ring 08-465 004 40.", now=town.time)
        with pytest.raises(settings.NoSuchSetting):
            settings.write(session, "owner.nobody.how.sv", "Ring.", now=town.time)
    town.anna.writes("Jag har glömt mitt lösenord")
    assert "Ring 08-465 004 40." in town.anna.phone
    assert not any(said in town.anna.phone for said in ("Glömt lösenord", "Går det inte"))


def test_in_english_too(town):
    town.kate.writes("I have a wage question: lönespecen")
    assert "Your manager and the pay office" in town.kate.phone


# ---- a human all the same --------------------------------------------------------------------------------------


def test_a_human_all_the_same(town):
    town.anna.writes(ACCESS)
    town.anna.presses("Jag vill ändå fråga en människa")
    town.later(seconds=25)
    assert len(town.anna.got) == 1
    assert "Vi har frågat Bo Berg och Gun Grahn" in town.anna.phone
    assert ACCESS in town.bo.phone
    assert "Chefen beställer" not in town.anna.phone
    town.anna.writes("Chefen är borta, jag saknar behörighet", under=town.anna.got[0])
    assert the_ticket(town).state is State.OPEN


def test_pressed_twice_is_once(town):
    town.anna.writes(ACCESS)
    control = next(c for c in fake.controls(town.anna.got[0]) if "människa" in fake.words_of(c))
    for _ in range(2):
        town.anna.sends(control, town.anna.got[0])
    town.later(seconds=25)
    assert len(town.bo.got) == 1
    assert town.anna.whispers == []


def test_a_reply_under_it_reopens_as_everywhere(town):
    town.anna.writes(ACCESS)
    town.later(hours=3)
    town.anna.writes("Chefen säger att expertanvändaren kan", under=town.anna.got[0])
    town.later(seconds=25)
    assert the_ticket(town).state is State.OPEN
    assert "expertanvändaren kan" in town.bo.phone


def test_a_human_for_somebody_whose_unit_is_not_known_asks_where_she_works_first(town):
    town.filip.writes(ACCESS)
    assert "Chefen beställer behörigheter." in town.filip.phone
    town.filip.presses("Jag vill ändå fråga en människa")
    town.later(seconds=25)
    assert town.ivar.got == []
    town.filip.presses("Välj enhet", choose="Björken")
    town.later(seconds=25)
    assert ACCESS in town.bo.phone


# ---- acute is never stopped ----------------------------------------------------------------------------------


def test_acute_goes_to_people_with_the_number_first_and_whose_it_is_in_small_print(town):
    town.anna.writes("Hon har fått fel dos och andas knappt, det är akut")
    assert the_ticket(town).urgency is Urgency.ACUTE
    assert the_ticket(town).state is State.OPEN
    first, *rest = fake.words_of(town.anna.got[0]["blocks"]).split("F-1")
    assert first.startswith("*Fara för liv? Ring 112.*")
    assert "Sjuksköterskan svarar om dos och läkemedel." in rest[0]
    assert "fel dos" in town.bo.phone


def test_perhaps_acute_keeps_the_number_and_yes_opens_it(town):
    town.anna.writes("Jag saknar behörighet i signeringsappen och kan inte signera, det är bråttom")
    assert the_ticket(town).urgency is Urgency.MAYBE_ACUTE
    assert the_ticket(town).is_redirected
    assert town.anna.pushes[0].startswith("08-465 004 10")
    assert "Nej, kan vänta" not in buttons(town.anna.got[0])
    town.anna.presses("Ja, någon väntar nu")
    assert the_ticket(town).urgency is Urgency.ACUTE
    assert "behörighet" in town.bo.phone
    assert len(town.anna.got) == 1


def test_the_form_with_somebody_waiting_is_not_stopped(town):
    town.anna.opens_home()
    town.anna.presses("Ställ en fråga")
    town.anna.submits(what=ACCESS, waits="yes")
    assert the_ticket(town).state is State.OPEN
    assert town.bo.got


# ---- in three messages, edited, mixed ------------------------------------------------------------------------


def test_told_in_three_messages_it_is_one_message_and_nobody_is_asked(town):
    for says in ("Hej!", ACCESS, "har jobbat här sen i måndags"):
        town.anna.writes(says)
    town.later(minutes=20)
    assert len(town.anna.got) == 1
    assert numbers(town) == [1]
    assert the_ticket(town).is_redirected
    assert town.bo.got == []


def test_a_question_of_ours_in_the_same_minute_goes_to_people(town):
    town.anna.writes(ACCESS)
    town.anna.writes("Och låset i 12 blinkar rött, vad gör jag")
    town.later(seconds=25)
    assert the_ticket(town).state is State.OPEN
    assert "Och låset i 12 blinkar rött" in town.bo.phone
    assert len(town.anna.got) == 1


def test_what_opened_it_becomes_a_question_of_its_own_and_the_old_one_stays_with_its_owner(town):
    town.anna.writes(ACCESS)
    town.anna.writes("Och låset i 12 blinkar rött, vad gör jag")
    town.later(seconds=25)
    assert ACCESS in town.bo.phone
    town.anna.presses("Det är en ny fråga")
    assert (the_ticket(town).state, the_ticket(town).reason) == (State.CLOSED, Reason.REDIRECTED)
    assert "Chefen beställer behörigheter." in town.anna.phone
    assert the_ticket(town, 2).state is State.OPEN
    town.later(minutes=70)
    assert ACCESS not in town.cia.phone + town.ivar.phone
    with pytest.raises(AssertionError, match="sees no"):
        town.bo.presses("Ta frågan", on=town.bo.got[0])
    town.bo.presses("Ta frågan")
    assert "Bo Berg har tagit F-2" in town.anna.phone


def test_who_has_asked_for_a_human_keeps_the_old_question_too(town):
    town.anna.writes(ACCESS)
    town.anna.presses("Jag vill ändå fråga en människa")
    town.anna.writes("Och låset i 12 blinkar rött, vad gör jag")
    town.anna.presses("Det är en ny fråga")
    assert the_ticket(town).state is the_ticket(town, 2).state is State.OPEN


def test_it_turns_out_before_anybody_has_a_card(town):
    town.anna.writes("Kommer inte in i Treserva")
    town.anna.writes("det står att jag saknar behörighet")
    town.later(minutes=5)
    assert the_ticket(town).is_redirected
    assert "Chefen beställer behörigheter." in town.anna.phone
    assert town.bo.got == town.gun.got == []


def test_a_second_matter_that_is_not_ours_does_not_take_the_first_with_it(town):
    town.anna.writes("Skrivaren skriver inte ut")
    town.anna.writes("Jag saknar behörighet till Treserva")
    town.later(minutes=5)
    assert (the_ticket(town).state, the_ticket(town).tool) == (State.OPEN, "pc_print_network")
    assert "behörighet till Treserva" in town.bo.phone
    town.anna.presses("Det är en ny fråga")
    assert the_ticket(town, 2).is_redirected
    assert "Chefen beställer behörigheter." in town.anna.phone
    assert the_ticket(town).state is State.OPEN


def test_thanks_open_nothing(town):
    town.anna.writes(ACCESS)
    town.anna.writes("Tack!", under=town.anna.got[0])
    town.anna.writes("Tack så mycket!")
    town.later(minutes=20)
    assert the_ticket(town).is_redirected
    assert len(town.anna.got) == 1


# ---- the story of a deviation is not taken -------------------------------------------------------------------


def everything_stored(town) -> str:
    with town.db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from line").all()
    return str(rows)


def test_what_happened_is_not_kept_and_she_is_told_so(town):
    message = town.anna.writes(STORY)
    assert "Vi har inte sparat det du skrev." in town.anna.phone
    assert "lunchen" not in everything_stored(town)
    town.anna.deletes(message)
    assert the_ticket(town).reason is Reason.REDIRECTED
    town.anna.presses("Jag vill ändå fråga en människa")
    town.later(seconds=25)
    assert "vill prata med en människa" in town.bo.phone
    assert "lunchen" not in town.bo.phone


def test_neither_is_what_she_adds_or_edits(town):
    message = told.writes(town.anna, STORY)
    told.tell(town, message)
    town.anna.writes("hon fick ett sår på armen")
    told.tell(town, told.edits(town.anna, message, STORY.replace("i går", "klockan tre")))
    town.later(minutes=20)
    assert the_ticket(town).is_redirected
    assert len(town.anna.got) == 1
    assert not any(word in everything_stored(town) for word in ("lunchen", "sår", "klockan tre"))


# ---- beside, and before ----------------------------------------------------------------------------------------


def test_beside_the_medication_robot_it_says_what_is_not_ours(town):
    town.anna.writes("Medicinroboten piper och matar inte ut påsen")
    assert "Bara maskinen. Dos och läkemedel: sjuksköterska." in town.anna.phone
    assert town.bo.got


def test_a_unit_that_has_not_begun_is_told_so_first(town):
    town.filip.writes("Hej")
    town.filip.command("/fraga", "")
    town.filip.submits(what=ACCESS, unit=str(unit(town, "Linden")))
    assert "Din enhet är inte med än." in town.filip.phone
    assert the_ticket(town).belongs_to is None


def unit(town, name):
    from models.people import Unit

    with town.db.snapshot() as session:
        return session.exec(select(Unit.id).where(Unit.name == name)).one()


# ---- [Jag har ringt] -------------------------------------------------------------------------------------------

ALARM = "Det larmar hos en kund och jag kan inte öppna dörren, låset är dött"


def test_rung_ends_it_for_her_and_the_specialist_learns_of_the_fault(town):
    town.anna.writes(ALARM)
    town.anna.presses("Jag har ringt")
    assert (the_ticket(town).state, the_ticket(town).reason) == (State.CLOSED, Reason.RUNG)
    assert "Du har ringt." in town.anna.phone
    assert "har ringt i stället" in town.bo.phone
    assert "ringde i stället för att vänta" in town.cia.phone
    assert "låset är dött" in town.cia.phone
    assert len(town.anna.got) == 1
    town.later(days=3)
    assert len(town.cia.got) == len(town.anna.got) == 1


def test_at_three_in_the_night_the_note_waits_for_the_specialist(town):
    town.at(datetime(2026, 11, 24, 3, 0, tzinfo=STOCKHOLM))
    town.anna.writes(ALARM)
    town.anna.presses("Jag har ringt")
    town.later(hours=4)
    assert town.cia.got == []
    town.later(hours=2)
    assert "ringde i stället för att vänta" in town.cia.phone


def test_she_rang_nobody_answered_and_she_comes_back_before_the_note_has_gone(town):
    town.at(datetime(2026, 11, 24, 3, 0, tzinfo=STOCKHOLM))
    town.anna.writes(ALARM)
    town.anna.presses("Jag har ringt")
    town.anna.writes("Ingen svarade", under=town.anna.got[0])
    assert the_ticket(town).state is State.OPEN
    town.later(hours=6)
    assert "ringde i stället" not in town.cia.phone


def test_opened_again_the_note_says_so_and_rung_again_it_counts_again(town):
    town.anna.writes(ALARM)
    town.anna.presses("Jag har ringt")
    town.anna.writes("Nu är det dött igen", under=town.anna.got[0])
    assert "F-1 är öppen igen." in town.cia.phone
    town.anna.presses("Jag har ringt")
    assert "ringde i stället för att vänta" in town.cia.phone
    assert len([m for m in town.cia.got if "ringde" in fake.words_of(m)]) == 1


def test_rung_is_offered_only_when_it_is_acute_and_twice_is_once(town):
    town.anna.writes("Låset i 12 blinkar rött")
    assert "Jag har ringt" not in str(town.anna.got[0]["blocks"])
    town.anna.writes("Nu larmar det och jag kan inte öppna dörren, det är akut")
    control = next(c for c in fake.controls(town.anna.got[0]) if "ringt" in fake.words_of(c))
    for _ in range(2):
        town.anna.sends(control, town.anna.got[0])
    with town.db.snapshot() as session:
        assert [row.event for row in tickets.history(session, 1)].count(Event.RUNG) == 1
    assert town.anna.whispers == []
