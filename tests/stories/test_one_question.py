"""The main job, as a day goes: a question finds a helper, the answer comes back, it is solved."""

from models import tickets
from models.tickets import State
from tests import slack as fake


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def test_hej_alltsa_laset_piper(town):
    """Three messages make one question, with one message from the bot."""
    town.anna.writes("Hej!")
    town.later(seconds=1)
    town.anna.writes("Alltså.")
    town.later(seconds=1)
    assert town.anna.got == []
    town.anna.writes("Låset piper.")
    assert len(town.anna.got) == 1
    assert "F-1" in town.anna.phone
    assert "Bo Berg och Gun Grahn" in town.anna.phone
    assert town.bo.got == []
    town.later(seconds=25)
    assert "Låset piper." in town.bo.phone
    assert "Anna" not in town.bo.phone
    assert len(town.bo.got) == len(town.gun.got) == 1
    assert town.eva.got == town.hanna.got == town.cia.got == []


def test_asked_taken_answered_solved(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    assert "Bo Berg har tagit F-1" in town.anna.phone
    assert "Anna Alm" in town.bo.phone
    assert "Bo Berg har tagit F-1." in town.gun.phone

    card = town.bo.got[0]
    town.bo.writes("Be Disa beställa den", under=card)
    answer = town.anna.message_with("Be Disa beställa den")
    assert answer["username"] == "Bo Berg"
    assert answer["reply_broadcast"]
    assert answer["thread_ts"] == town.anna.got[0]["ts"]

    town.anna.writes("Okej, gör det", under=town.anna.got[0])
    assert town.bo.message_with("Okej, gör det")["username"] == "Anna Alm"

    town.bo.presses("Löst")
    assert the_ticket(town).state is State.SOLVED_PROPOSED
    town.anna.presses("Ja, det löste sig")
    ticket = the_ticket(town)
    assert (ticket.state, ticket.reason, ticket.solved_by) == ("closed", "solved", "expert_user")
    assert "F-1 är löst. Tack för hjälpen!" in town.bo.phone


def test_who_asks_the_same_twice_is_read_once(town):
    for words in ("Skrivaren på kontoret skriver inte ut", "skrivaren på kontoret skriver inte ut!!", "Den blinkar"):
        town.anna.writes(words)
    town.later(seconds=25)
    (card,) = town.bo.got
    assert fake.words_of(card["blocks"]).lower().count("skriver inte ut") == 1
    assert "Den blinkar" in fake.words_of(card["blocks"])


def test_solved_with_a_line_asks_after_the_line(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.writes("Be Disa beställa den", under=town.bo.got[0])
    town.bo.presses("Löst, skriv en rad")
    town.bo.submits(line="Logga ut och in när den har kommit.")
    town.later(seconds=2)
    assert [push.split(":")[0] for push in town.anna.pushes[-2:]] == ["Bo Berg", "Bo Berg skriver att F-1 är löst. Löste det sig?"]
    assert town.anna.pushes[-2] == "Bo Berg: Logga ut och in när den har kommit."


def test_not_solved_yet_goes_back_to_the_helper(town):
    town.anna.writes("Skrivaren på kontoret skriver inte ut")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.writes("Starta om den", under=town.bo.got[0])
    town.bo.presses("Löst")
    town.anna.presses("Nej, inte än")
    assert the_ticket(town).state is State.TAKEN
    assert "inte är löst än" in town.bo.phone


def test_a_reply_two_days_later(town):
    """What was solved is open again with her words, and the one who solved it has them."""
    town.anna.writes("Skrivaren på kontoret skriver inte ut")
    town.later(seconds=25)
    town.bo.writes("Starta om den", under=town.bo.got[0])
    town.bo.presses("Löst")
    town.anna.presses("Ja, det löste sig")
    assert the_ticket(town).state is State.CLOSED
    town.later(days=2)
    town.anna.writes("Tack!", under=town.anna.got[0])
    town.later(seconds=25)
    assert the_ticket(town).state is State.CLOSED
    town.anna.writes("Nu skriver den inte ut igen", under=town.anna.got[0])
    town.later(seconds=25)
    assert (the_ticket(town).state, the_ticket(town).owner_id) == (State.TAKEN, town.bo.id)
    assert "Nu skriver den inte ut igen" in town.bo.pushes[-1]


def test_two_want_the_same_question(town):
    """Två tar samma fråga: one has it, the other is told kindly who."""
    town.anna.writes("Låset på rum 4 går inte att öppna med appen")
    town.later(seconds=25)
    bos_button = next(town.bo._offers("Ta frågan", None))
    guns = next(town.gun._offers("Ta frågan", None))
    town.bo.sends(bos_button[1], bos_button[0])
    town.gun.sends(guns[1], guns[0])
    assert the_ticket(town).owner_id == town.bo.id
    assert town.gun.whispers == ["Bo Berg hann före och har F-1."]
    assert "Bo Berg har tagit F-1." in town.gun.phone
    assert len([p for p in town.anna.pushes if "har tagit" in p]) == 1


def test_two_questions_are_kept_apart(town):
    """Två frågor på en gång."""
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=10)
    town.anna.writes("Och skrivaren på kontoret skriver inte ut")
    assert len(town.anna.got) == 1
    town.anna.presses("Det är en ny fråga")
    assert "F-2" in town.anna.phone
    town.later(minutes=3)

    town.anna.writes("Nu lyser den grönt i stället")
    assert "Vilken fråga gäller det?" in town.anna.phone
    town.anna.presses("F-1")
    assert "Tillagt i F-1" in town.anna.phone
    assert "Nu lyser den grönt" in town.bo.phone

    town.bo.presses("Ta frågan", on=town.bo.message_with("skrivaren"))
    receipt_of_second = town.anna.message_with("F-2")
    town.anna.writes("det står papper slut", under=receipt_of_second)
    assert town.bo.message_with("det står papper slut")["thread_ts"] == town.bo.message_with("skrivaren")["ts"]


def test_the_expert_goes_home(town):
    """Experten slutar för dagen: what she had goes on, the asker sees it, nothing buzzes for nothing."""
    town.anna.writes("Evondos piper och säger att påsen sitter fast")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    pushes = len(town.anna.pushes)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.bo.submits()
    assert the_ticket(town).state is State.OPEN
    assert "Vi har frågat Gun Grahn" in town.anna.phone
    assert len(town.anna.pushes) == pushes
    town.gun.presses("Ta frågan")
    assert the_ticket(town).owner_id == town.gun.id


def test_nobody_answers_and_it_moves_on(town):
    town.anna.writes("Nyckelskåpet öppnar inte med min kod, ny vikarie")
    town.later(minutes=25)
    assert "Vi har frågat" in town.anna.phone
    assert town.cia.got or town.ivar.got
    town.later(minutes=70)
    assert town.ivar.got


def test_somebody_new_meets_no_dead_end(town):
    """Moa works nowhere that we know of."""
    town.moa.writes("Jag kommer inte in i TES på telefonen")
    assert "Var jobbar du i dag?" in town.moa.phone
    town.moa.presses("Välj enhet", choose="Björken")
    assert "Vi har frågat Bo Berg och Gun Grahn" in town.moa.phone
    assert len(town.moa.got) == 1


def test_acute_comes_first_and_at_once(town):
    town.anna.writes("Jag står utanför hos en brukare som larmat och kan inte öppna låset!")
    assert town.anna.pushes[0].startswith("08-465 004 10")
    assert "Fara för liv? Ring 112." in town.anna.phone
    assert town.bo.got
    assert "Bråttom" in town.bo.phone


def test_a_helper_off_duty_is_never_notified(town):
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(minutes=30)
    assert town.bo.got == []


def test_digest_at_the_start_of_duty(town):
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.gun.opens_home()
    town.gun.presses("Slutar för dagen")
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=40)
    town.bo.opens_home()
    town.bo.presses("I tjänst till …")
    town.bo.submits(until="15:30")
    assert "1 fråga väntar på dig." in town.bo.phone
    assert len(town.bo.got) == 1
    town.bo.presses("Ta frågan")
    assert the_ticket(town).owner_id == town.bo.id
    assert "Du har frågan från Anna Alm" in town.bo.phone
    assert "Inget väntar på dig längre." in town.bo.phone
    assert "väntar på dig." not in town.bo.phone
