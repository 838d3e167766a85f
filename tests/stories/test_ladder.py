"""Who is asked when half of them are away: told like days, with what the asker is told and whose phone buzzes."""

from datetime import date, datetime, timedelta

from sqlmodel import select, update

from models import tickets
from models.audit import AuditEntry
from models.clock import STOCKHOLM
from models.people import Absence, Appointment, Role, Unit
from models.recognition import Urgency
from models.tickets import Rung, State
from tests import slack as fake

LONG_AGO = date(2025, 1, 1)
LOCK = "Låset i 12 blinkar rött och går inte att låsa"
SIGN = "Signeringsappen säger att jag saknar delegering"


def store(town, *rows):
    with town.db.transaction() as session:
        session.add_all(rows)


def is_away(town, *who, days=5):
    today = town.time.astimezone(STOCKHOLM).date()
    store(town, *(Absence(person_id=one.id, starts_on=today, ends_on=today + timedelta(days=days - 1)) for one in who))


def unit(town, key):
    with town.db.snapshot() as session:
        return session.exec(select(Unit).where(Unit.key == key)).one().id


def it_is(town, *moment):
    """The clock is set; nothing has happened meanwhile."""
    town.time = datetime(*moment, tzinfo=STOCKHOLM)


def the_ticket(town, number=1):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def runs(town, name):
    next(job for job in town.on.jobs if job.name == name).run(town.desk)
    town.deliver()


def buzzes(*who):
    return [len(one.pushes) for one in who]


def test_week_29_with_half_the_experts_away(town):
    """Bo and Cia are on holiday. Gun cannot; Moa on Eken, in the same department, gets it at once."""
    it_is(town, 2027, 7, 19, 10, 0)
    is_away(town, town.bo, town.cia)
    store(town, Appointment(person_id=town.moa.id, role=Role.EXPERT_USER, unit_id=unit(town, "eken"), starts_on=LONG_AGO))
    town.anna.writes(SIGN)
    town.later(seconds=25)
    assert "Vi har frågat Gun Grahn." in town.anna.phone
    town.gun.presses("Kan inte nu")
    assert "Vi har frågat Moa Myr. Har ingen tagit frågan kl. 10.20, frågar vi vidare." in town.anna.phone
    town.later(minutes=25)
    assert "Vi har frågat Ivar Isling." in town.anna.phone
    town.moa.presses("Ta frågan")
    assert "Moa Myr har tagit F-1" in town.anna.phone
    assert town.bo.got == town.cia.got == []


def test_everybody_says_no_and_the_coordinator_gets_it_back_in_the_morning(town):
    town.anna.writes(SIGN)
    town.later(seconds=25)
    for who in (town.bo, town.gun):
        who.presses("Kan inte nu")
    town.later(seconds=25)
    assert "Vi har frågat Ivar Isling." in town.anna.phone
    town.ivar.presses("Kan inte nu")
    told = "De vi har frågat kan inte just nu. Vi frågar Ivar Isling i morgon kl. 08.00. Kan det inte vänta? Ring 08-465 004 10."
    assert told in town.anna.phone
    before = buzzes(town.anna, town.bo, town.gun, town.ivar)
    town.later(hours=21)
    assert buzzes(town.anna, town.bo, town.gun, town.ivar) == before  # nothing circles
    town.later(hours=1, minutes=5)
    assert buzzes(town.anna, town.bo, town.gun, town.ivar) == [*before[:3], before[3] + 1]
    assert "Har ingen tagit frågan kl. 09.00, frågar vi vidare." in town.anna.phone
    town.ivar.presses("Ta frågan", on=town.ivar.got[-1])
    assert "Ivar Isling har tagit F-1" in town.anna.phone


def test_whoever_has_a_card_and_says_nothing_is_not_asked_round_and_round(town):
    town.anna.writes(SIGN)
    town.later(minutes=20 + 60, seconds=60)
    assert "Alla som är på plats är frågade: Ivar Isling." in town.anna.phone
    story = len(_history(town))
    before = buzzes(town.bo, town.gun, town.ivar)
    town.later(hours=8)
    assert buzzes(town.bo, town.gun, town.ivar) == before == [1, 1, 1]
    assert len(_history(town)) <= story + 1


def _history(town):
    with town.db.snapshot() as session:
        return tickets.history(session, 1)


def test_night_in_home_care(town):
    """Two questions at two in the night: the number, who is asked and when; in the morning one digest with both."""
    it_is(town, 2026, 11, 24, 2, 0)
    town.eva.writes(LOCK)
    town.later(minutes=20)
    assert "Ring 08-465 004 21" in town.eva.phone
    assert "Ingen är på plats just nu. Vi frågar Hanna Holm kl. 07.00." in town.eva.phone
    town.kate.writes("Jag kommer inte in i signeringsappen")
    town.at(datetime(2026, 11, 24, 6, 59, tzinfo=STOCKHOLM))
    assert town.hanna.got == []
    town.later(minutes=2)
    assert len(town.hanna.pushes) == 1
    assert "F-1" in town.hanna.phone
    assert "F-2" in town.hanna.phone
    town.hanna.presses("Ta frågan")
    assert {the_ticket(town, 1).state, the_ticket(town, 2).state} == {State.TAKEN, State.OPEN}


def test_the_only_expert_falls_ill(town):
    """Hanna is Norr's only expert. She has taken a question and gets a fever: it moves on, and nobody rings her."""
    town.eva.writes(LOCK)
    town.later(seconds=25)
    town.hanna.presses("Ta frågan")
    is_away(town, town.hanna)
    told = len(town.hanna.pushes)
    town.later(minutes=61)
    assert the_ticket(town).owner_id is None
    assert "Cia Ceder" in town.eva.phone
    assert len(town.hanna.pushes) == told
    assert "Hanna Holm hade frågan före dig." in town.cia.phone
    town.eva.writes("Nu undrar jag en helt annan sak: skärmen på arbetstelefonen är svart")
    town.later(minutes=30)
    assert len(town.hanna.pushes) == told


def test_one_specialist_for_two_departments(town):
    """Cia is the specialist of locks in both. On Monday morning she has one digest, not two cards."""
    it_is(town, 2026, 11, 21, 12, 0)  # a Saturday
    is_away(town, town.bo, town.gun, town.hanna, days=2)
    town.anna.writes(LOCK)
    town.later(minutes=5)
    town.eva.writes("Låset hos en kund går inte att låsa, det blinkar rött")
    town.later(minutes=5)
    is_away(town, town.bo, town.gun, town.hanna, days=9)
    town.at(datetime(2026, 11, 23, 7, 59, tzinfo=STOCKHOLM))
    assert town.cia.got == []
    town.at(datetime(2026, 11, 23, 8, 5, tzinfo=STOCKHOLM))
    assert len(town.cia.pushes) == 1
    assert "Björken" in town.cia.phone
    assert "Hemtjänst Norr" in town.cia.phone
    town.cia.presses("Ta frågan")
    assert "Cia Ceder har tagit F-1" in town.anna.phone
    assert "har tagit" not in town.eva.phone


def test_a_lock_at_three_in_the_night_number_first_and_somebody_in_the_morning(town):
    it_is(town, 2026, 11, 24, 3, 0)
    town.eva.writes("Jag kommer inte in, låset går inte att öppna och larmet går!")
    assert the_ticket(town).urgency is Urgency.ACUTE
    assert town.eva.phone.index("Ring 08-465 004 21") < town.eva.phone.index("Ingen är på plats just nu.")
    assert the_ticket(town).next_at == datetime(2026, 11, 24, 7, 0, tzinfo=STOCKHOLM)
    town.kate.writes("Jag kommer inte in i signeringsappen")
    assert buzzes(town.hanna, town.cia, town.ivar) == [0, 0, 0]
    town.at(datetime(2026, 11, 24, 7, 0, 10, tzinfo=STOCKHOLM))
    assert len(town.hanna.pushes) == 2
    listed = fake.words_of(town.hanna.message_with("1 fråga väntar på dig."))
    assert "F-2" in listed
    assert "F-1" not in listed, "it has a card of its own"
    assert "Bråttom: någon väntar på hjälp." in town.hanna.phone
    assert the_ticket(town).rung is Rung.UNIT_EXPERT


def test_who_comes_back_to_an_acute_question_has_it_first_in_her_list(town):
    """Its card is an edit and makes no sound: the list says it."""
    town.anna.writes(SIGN)
    town.later(minutes=12)
    town.anna.writes("Vi står utanför, kommer inte in, låset går inte att öppna!")
    town.later(seconds=10)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.later(minutes=1)
    town.bo.opens_home()
    town.bo.presses("I tjänst till …")
    town.bo.submits(until="15:30")
    listed = fake.words_of(town.bo.message_with("frågor väntar på dig."))
    assert listed.index("Bråttom") < listed.index("F-2") < listed.index("F-1")


def test_what_a_helper_had_moves_on_when_her_appointment_ends(town):
    """The import ends Bo's appointment. Gun has the question, who had it, and what was tried."""
    town.anna.writes(SIGN)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Har du loggat ut och in?", under=town.bo.got[0])
    hers = update(Appointment).where(Appointment.person_id == town.bo.id)
    with town.db.transaction() as session:
        session.execute(hers.values(ends_on=date(2026, 11, 22)))
    runs(town, "audit")
    assert the_ticket(town).owner_id is None
    assert "Vi har frågat Gun Grahn." in town.anna.phone
    assert "Bo Berg hade frågan före dig." in town.gun.phone
    assert "Bo Berg: Har du loggat ut och in?" in town.gun.phone
    runs(town, "audit")
    assert len([row for row in _history(town) if row.event == "went_home"]) == 1
    assert town.ivar.got == []  # that is in order, and nobody needs to hear of it


def test_a_deputy_ends_what_she_has_begun(town):
    today = town.time.astimezone(STOCKHOLM).date()
    is_away(town, town.bo, days=1)
    store(town, Appointment(person_id=town.moa.id, role=Role.EXPERT_USER, unit_id=unit(town, "bjorken"),
                            starts_on=LONG_AGO, deputy_for_id=town.bo.id))  # fmt: skip
    town.anna.writes(SIGN)
    town.later(seconds=25)
    town.moa.presses("Ta frågan")
    town.moa.writes("Jag tittar på det i morgon bitti", under=town.moa.got[0])
    assert today < date(2026, 11, 24)
    it_is(town, 2026, 11, 24, 10, 0)
    runs(town, "audit")
    assert the_ticket(town).owner_id == town.moa.id


def test_the_claim_ends_with_the_hours_where_no_end_was_said(town):
    """Nobody has declared anything. Bo takes it in the evening and says no word: at closing it is free again."""
    it_is(town, 2026, 11, 23, 20, 20)
    town.anna.writes(SIGN)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.at(datetime(2026, 11, 23, 20, 59, tzinfo=STOCKHOLM))
    assert the_ticket(town).owner_id == town.bo.id
    town.at(datetime(2026, 11, 23, 21, 0, 5, tzinfo=STOCKHOLM))
    assert the_ticket(town).owner_id is None
    assert "Ingen är på plats just nu. Vi frågar Bo Berg och Gun Grahn i morgon kl. 07.00." in town.anna.phone


def test_what_was_answered_stays_when_only_the_hours_say_that_she_is_gone(town):
    it_is(town, 2026, 11, 23, 20, 20)
    town.anna.writes(SIGN)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Logga ut och in", under=town.bo.got[0])
    town.later(hours=12)
    assert the_ticket(town).owner_id == town.bo.id


def test_the_auditor_puts_back_what_hangs_and_the_coordinator_gets_one_line(town):
    """A row that no rule of ours could have made: open, with a reminder as its next step, hours ago."""
    for who in (town.anna, town.eva):
        who.writes(SIGN)
        town.later(seconds=25)
    with town.db.transaction() as session:
        session.execute(update(tickets.Ticket).values(next_step="remind", next_at=town.time - timedelta(hours=2)))
    runs(town, "audit")
    runs(town, "audit")
    town.later(seconds=5)
    assert all(the_ticket(town, number).next_step == "ask" for number in (1, 2))
    with town.db.snapshot() as session:
        assert [entry.about for entry in session.exec(select(AuditEntry)) if entry.what == "question.repaired"] == [
            "F-1 overdue", "F-2 overdue",
        ]  # fmt: skip
    town.bo.presses("Ta frågan")
    line = "2 frågor hade fastnat: F-1 och F-2. Vi letar efter hjälp igen."
    assert line not in town.ivar.phone
    town.at(datetime(2026, 11, 24, 8, 1, tzinfo=STOCKHOLM))
    assert town.ivar.phone.count(line) == 1
    town.at(datetime(2026, 11, 26, 8, 1, tzinfo=STOCKHOLM))
    assert town.ivar.phone.count("fastnat") == 1
