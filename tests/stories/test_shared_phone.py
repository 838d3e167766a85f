"""A phone of the unit goes from hand to hand: nobody's name, nobody's questions, and no trace in the morning after."""

from datetime import datetime, timedelta

from sqlmodel import select

from models import roster, shared, tickets
from models.clock import STOCKHOLM
from models.outbox import Letter
from models.tickets import State

EVENING = datetime(2026, 11, 23, 22, 40, tzinfo=STOCKHOLM)
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=STOCKHOLM)


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def answered_next_morning(town):
    """22.40 a substitute asks; Bo answers at ten past seven."""
    town.at(EVENING)
    town.phone.writes("Hej!")
    town.later(seconds=2)
    town.phone.writes("Jag kommer inte in i signeringsappen, den säger fel delegering")
    town.at(MORNING + timedelta(minutes=10))
    town.bo.presses("Ta frågan")
    town.bo.writes("Logga ut och in, sedan går det", under=town.bo.got[1])


def test_a_substitute_at_22_40(town):
    """From her question to the reading of the next morning, every message and every buzz counted."""
    town.at(EVENING)
    town.phone.writes("Hej!")
    town.later(seconds=2)
    town.phone.writes("Jag kommer inte in i signeringsappen, den säger fel delegering")
    assert "Ingen är på plats just nu. Vi frågar Bo Berg och Gun Grahn i morgon kl. 07.00." in town.phone.phone
    assert "Var jobbar du" not in town.phone.phone  # the phone's unit is its assignment
    assert len(town.phone.got) == len(town.phone.pushes) == 1
    town.at(MORNING - timedelta(minutes=1))
    assert len(town.phone.got) == len(town.phone.pushes) == 1
    assert town.bo.got == []

    town.at(MORNING + timedelta(minutes=10))
    assert "fel delegering" in town.bo.phone
    town.bo.presses("Ta frågan")
    assert "Du har frågan från Björken mobil 2" in town.bo.phone
    town.bo.writes("Logga ut och in, sedan går det", under=town.bo.got[1])
    answer = town.phone.message_with("Logga ut och in")
    assert answer["blocks"][0]["text"]["text"] == "*Till dig som frågade 22.40*"
    assert answer["username"] == "Bo Berg"
    assert [push.split(":")[0] for push in town.phone.pushes] == [
        "F-1",
        "Till dig som frågade 22.40. Bo Berg har tagit F-1 och svarar här.",
        "Till dig som frågade 22.40. Bo Berg",
    ]
    town.bo.presses("Löst")
    town.phone.presses("Ja, det löste sig")
    assert the_ticket(town).state is State.CLOSED
    assert len(town.phone.got) == len(town.phone.pushes) == 4
    assert len(town.bo.got) == 3  # the digest of the morning, her card, and [Löst] under the first reply


def test_twelve_hours_later_the_bot_has_emptied_its_own_messages(town):
    answered_next_morning(town)
    hers = [m for m in town.slack.messages[town.phone.channel] if m not in town.phone.got]
    town.bo.presses("Löst")
    town.phone.presses("Ja, det löste sig")
    last = town.time
    town.at(last + timedelta(hours=11, minutes=55))
    assert len(town.phone.got) == 4
    town.at(last + timedelta(hours=12, minutes=2))
    town.later(minutes=1)
    assert town.phone.got == []
    taken = [float(about["ts"]) for method, about in town.slack.calls if method == "chat.delete"]
    assert taken == sorted(taken, reverse=True), "a thread goes before its first message, which else leaves a stone"
    with town.db.snapshot() as session:
        emptied = session.exec(select(Letter).where(Letter.kind == "empty"))
        due = {letter.place.partition(":")[0]: letter.due_at for letter in emptied}
    assert due.pop("receipt") > max(due.values()), "also where several deliver at once"
    assert town.slack.messages[town.phone.channel] == hers
    phone = town.phone.id
    with town.db.snapshot() as session:
        assert shared.standing_at(session, phone) == []
    pushes = len(town.phone.pushes)
    town.later(hours=100)
    assert town.phone.got == []
    assert len(town.phone.pushes) == pushes


def test_an_open_question_keeps_working_after_that(town):
    """Its answer comes, its receipt comes back when she writes in it, and the bot asks of its own accord for nothing."""
    answered_next_morning(town)
    town.later(hours=13)
    town.later(minutes=1)
    assert town.phone.got == []
    assert the_ticket(town).state is State.TAKEN
    town.at(MORNING + timedelta(days=1, hours=1))
    assert town.phone.got == []
    town.bo.writes("Gick det bra?", under=town.bo.got[1])
    assert "Till dig som frågade den 23 november kl. 22.40" in town.phone.phone
    assert "Gick det bra?" in town.phone.phone
    assert len(town.phone.got) == 1
    town.phone.writes("Nej, det är fortfarande fel")
    assert "Nej, det är fortfarande fel" in town.bo.phone
    assert town.phone.message_with("Bo Berg har din fråga")
    assert len(town.phone.got) == 2
    town.phone.presses("Löst, tack")
    assert the_ticket(town).state is State.CLOSED


def test_a_personal_phone_keeps_its_messages_and_nobody_is_hailed(town):
    town.at(EVENING)
    town.anna.writes("Jag kommer inte in i signeringsappen, den säger fel delegering")
    town.at(MORNING + timedelta(minutes=10))
    town.bo.presses("Ta frågan")
    town.bo.writes("Logga ut och in, sedan går det", under=town.bo.got[1])
    town.later(hours=20)
    assert "Till dig" not in town.anna.phone
    assert len(town.anna.got) >= 3


def test_an_answer_within_half_an_hour_needs_no_hail(town):
    town.phone.writes("Låset i 12 blinkar rött")
    town.later(minutes=25)
    town.phone.writes("Det blinkar fortfarande rött", under=town.phone.got[0])
    town.later(minutes=25)
    town.bo.writes("Byt batteri", under=town.bo.got[0])
    assert "Till dig" not in town.phone.phone


def test_no_name_is_asked_or_shown(town):
    town.phone.opens_home()
    assert "Dina frågor" not in town.phone.opens_home()
    assert "öppna frågor" not in town.phone.opens_home()
    town.phone.presses("Ställ en fråga")
    assert "Vem frågar?" not in town.phone.modal_words()
    assert "Var jobbar du i dag?" not in town.phone.modal_words()
    town.phone.submits(what="Låset i 12 blinkar rött")
    town.later(seconds=25)
    assert "Björken" in town.bo.phone
    assert "mobil" not in town.bo.phone
    assert "F-1" not in town.phone.opens_home()


def test_two_colleagues_say_hello(town):
    """The first one's greeting is answered and dropped; it does not become part of the second one's question."""
    town.phone.writes("Hej!")
    town.later(seconds=5)
    assert "Vad krånglar?" in town.phone.phone
    town.time += timedelta(minutes=11)  # the clock's job has not run meanwhile
    town.phone.writes("Låset i 12 blinkar rött")
    assert town.words_of_ticket(1) == ["Låset i 12 blinkar rött"]


def test_two_colleagues_begin_a_sentence(town):
    town.phone.writes("Alltså skrivaren")
    town.time += timedelta(minutes=11)
    town.phone.writes("Låset i 12 blinkar rött")
    assert town.words_of_ticket(1) == ["Alltså skrivaren"]
    assert town.words_of_ticket(2) == ["Låset i 12 blinkar rött"]


def test_another_colleague_asks_after_an_answer(town):
    """The helper wrote last, but ten minutes have gone: only the one who holds the phone knows what it is about."""
    town.phone.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.writes("Be Disa beställa den", under=town.bo.got[0])
    town.later(minutes=15)
    town.phone.writes("Låset i 12 blinkar rött")
    assert "Låset i 12" not in town.bo.phone
    town.phone.presses("Ny fråga")
    assert town.words_of_ticket(2) == ["Låset i 12 blinkar rött"]
    town.later(minutes=15)
    town.bo.writes("Hur gick det?", under=town.bo.got[0])
    town.later(minutes=5)
    town.phone.writes("Det gick inte alls", under=town.phone.got[0])
    assert "Det gick inte alls" in town.bo.phone


def test_an_acute_line_waits_for_no_choice(town):
    town.phone.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.writes("Be Disa beställa den", under=town.bo.got[0])
    town.later(minutes=15)
    town.phone.writes("Jag står utanför hos en brukare som larmat och kan inte öppna låset!")
    assert town.phone.pushes[-1].startswith("08-465 004 10")
    assert the_ticket(town, 2).urgency == "acute"


def test_the_unit_is_the_phones_own_whatever_somebody_chose(town):
    phone = town.phone.id
    with town.db.transaction() as session:
        roster.work_today(session, phone, 2, now=town.time)
        at_home = roster.working_unit(session, phone, now=town.time)
    town.phone.writes("Låset i 12 blinkar rött")
    assert the_ticket(town).unit_id == at_home != 2


def test_emptying_that_is_doubled_or_meets_somebody_new(town):
    """Two instances empty at once; and somebody who begins to write in that second keeps what she is answered."""
    answered_next_morning(town)
    empty = next(job for job in town.on.jobs if job.name == "empty")
    town.time += timedelta(hours=12, minutes=5)
    empty.run(town.desk)
    empty.run(town.desk)
    town.phone.writes("Låset i 12 blinkar rött")
    assert "Logga ut och in" in town.phone.phone
    town.later(hours=12, minutes=5)
    town.later(minutes=1)
    assert town.phone.got == []
