"""What one colleague learnt reaches the next: proposed, merged, approved, shown, helped; refused, worn out, withdrawn."""

from datetime import timedelta

import pytest

from models import answers, offers, tickets
from models.answers import State as Stands
from models.answers import Wording
from models.people import Appointment, Role
from models.tickets import State
from tests import slack as fake
from tests.stories.test_clearing import in_files

LOCK = "Hur byter man batteri i låset?"
BATTERY = "Skruva loss locket. Byt alla fyra batterierna."
PRINTER, PAPER = "Skrivaren på kontoret skriver inte ut", "Stäng av den i en minut."
BLINKS = "Låset i 12 blinkar rött"


def solved(town, who, asks, helper, says):
    """Asked, taken, answered, called solved."""
    who.writes(asks)
    town.later(seconds=25)
    helper.presses("Ta frågan", on=helper.message_with(asks))
    helper.writes(says, under=helper.message_with(asks))
    helper.presses("Löst")
    town.later(seconds=2)


def known(town, keeper, tool, question, text, **more) -> int:
    """An answer that its keeper has written and approved."""
    with town.db.transaction() as session:
        return answers.write(session, Wording(tool, question, text, **more), by=keeper, now=town.time).pk


def answer(town, number):
    with town.db.snapshot() as session:
        return answers.get(session, number)


def the_ticket(town, number=1):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def settle(town):
    next(job for job in town.on.jobs if job.name == "answers").run(town.desk)


def opens_the_list(who, question):
    """ "Att göra" in Home, and there the answer about this."""
    who.opens_home()
    who.sends(*home_button(who, "todo.open"))
    row = next(b for b in who.town.slack.modals[who.user]["blocks"] if question in fake.words_of(b) and "accessory" in b)
    press_in_modal(who, row["accessory"])


def home_button(who, action):
    return next(c for c in fake.controls(who.home) if c["action_id"] == action), who.home


def press_in_modal(who, control):
    who.sends(control, {}, view={**who.town.slack.modals[who.user], "id": f"V{who.user}"})


def test_proposed_merged_approved_shown_and_it_helped(town):
    solved(town, town.anna, LOCK, town.bo, BATTERY)
    town.bo.presses("Föreslå som svar")
    assert "Specialisten läser ditt förslag" in town.bo.phone
    town.anna.presses("Ja, det löste sig")
    town.later(minutes=20)
    solved(town, town.gun, "Hur byter man batterier i låset?", town.bo, "Det är fyra batterier under locket.")
    town.bo.presses("Föreslå som svar", on=town.bo.message_with("F-2"))

    opens_the_list(town.cia, LOCK)
    window = town.cia.modal_words()
    assert window.count("Förslag från Bo Berg") == 2, "one answer, both colleagues' words"
    town.cia.submits(question="Byta batteri i låset", text="Skruva loss locket. Byt alla fyra. Ring 070-174 06 35", link="https://lathund.example/las")
    assert answer(town, 1).state is Stands.PROPOSED, "it came back from the gate"
    town.cia.taps_in_modal("Ta bort åt mig")
    town.cia.submits(question="Byta batteri i låset", text="Skruva loss locket. Byt alla fyra.", link="https://lathund.example/las")
    assert "Inget väntar på dig" in fake.words_of(town.slack.modals[town.cia.user])
    assert answer(town, 1).state is Stands.APPROVED
    assert town.bo.phone.count("Ditt svar hjälper nu fler") == 2
    pushed = len(town.bo.pushes)

    town.later(minutes=20)
    town.anna.writes("Hur byter jag batteri i låset på tvåan?")
    receipt = town.anna.message_with("F-3")
    shown = fake.words_of({"blocks": receipt["blocks"]})
    assert "Hjälper något av svaren? Annars frågar vi en kollega kl. " in shown
    assert shown.index("Jag vill ha en människa") < shown.index("Skruva loss locket. Byt alla fyra.")
    assert "Cia Ceder, 23 november" in shown
    assert "<https://lathund.example/las|Läs mer>" in shown
    town.later(minutes=2, seconds=30)
    assert len(town.bo.pushes) == pushed, "nobody is asked while she reads"
    town.anna.presses("Det hjälpte")
    town.later(minutes=10)
    ticket = the_ticket(town, 3)
    assert (ticket.state, ticket.reason, ticket.solved_by) == ("closed", "self_help", "self_help")
    assert len(town.bo.pushes) == pushed, "a yes is no message, and nobody was asked"
    assert "Skruva loss" not in fake.words_of({"blocks": town.anna.message_with("F-3")["blocks"]})
    assert (answer(town, 1).shown, answer(town, 1).helped, answer(town, 1).missed) == (1, 1, 0)


def test_her_own_eye_sees_two_that_are_one_and_what_each_said_before(town):
    door = "Kommer inte in med appen, dörren är låst"
    solved(town, town.anna, LOCK, town.bo, BATTERY)
    town.bo.presses("Föreslå som svar")
    town.anna.presses("Ja, det löste sig")
    old = known(town, town.cia.id, "digital_lock", door, "Logga in igen.")
    opens_the_list(town.cia, LOCK)
    town.cia.taps_in_modal("Slå ihop med ett annat")
    assert "Det går inte att ångra" in town.cia.modal_words()
    town.cia.submits(into=f"{old}|1")
    assert "En kollega har föreslagit samma sak" in town.cia.modal_words()
    assert LOCK not in town.cia.modal_words()

    opens_the_list(town.cia, door)
    assert BATTERY in town.cia.modal_words()
    town.cia.submits(question=door, text="Byt batterier. Logga in igen.")
    town.cia.opens_home()
    town.cia.sends(*home_button(town.cia, "answer.open"))
    town.cia.submits(word=door)
    town.cia.taps_in_modal("Öppna")
    town.cia.taps_in_modal("Tidigare versioner")
    told = town.cia.modal_words()
    assert [part in told for part in ("Version 3 · Godkänt · Cia Ceder, 23 november", "Version 2 · Ett annat slogs ihop")] == [True] * 2
    assert told.index("→ Byt batterier. Logga in igen.") < told.index("Version 1") < told.index("→ Logga in igen.")
    town.cia.taps_in_modal("Tillbaka")
    assert "Byt batterier. Logga in igen." in town.cia.modal_words()
    assert town.bo.phone.count("Ditt svar hjälper nu fler") == 1


def test_a_human_is_there_at_once_and_without_a_word_after_three_minutes(town):
    known(town, town.cia.id, "digital_lock", LOCK, BATTERY)
    town.anna.writes(LOCK)
    town.later(seconds=5)
    assert town.bo.got == []
    town.anna.presses("Jag vill ha en människa")
    assert LOCK in town.bo.phone
    assert "Vi har frågat Bo Berg" in town.anna.phone
    assert BATTERY not in town.anna.phone
    town.later(minutes=20)
    town.anna.writes("Och hur byter man batteri i låset på fyran?")
    assert "F-2" in town.anna.phone
    town.later(minutes=3, seconds=30)
    assert "Och hur byter man" in town.bo.phone
    assert BATTERY in town.anna.phone, "it may still help"
    town.bo.presses("Ta frågan", on=town.bo.message_with("Och hur byter man"))
    assert BATTERY not in town.anna.phone


def test_never_above_a_number_nor_about_medication(town):
    known(town, town.cia.id, "digital_lock", "Jag kan inte öppna låset hos en brukare", "Håll in knappen.")
    says, second = Wording("medication_dispenser", "Påsen i Evondos sitter fast", "Dra rakt ut."), town.ivar.id
    first = known(town, town.cia.id, says.tool, says.question, says.text)
    with town.db.transaction() as session:
        answers.approve(session, first, 1, says, by=second, now=town.time)
    town.anna.writes("Jag står utanför hos en brukare som larmat och kan inte öppna låset!")
    assert town.bo.got
    town.gun.writes("Påsen i Evondos sitter fast")
    for who in (town.anna, town.gun):
        assert "Kanske hjälper det här" not in who.phone
    town.later(minutes=1)
    town.bo.presses("Ta frågan", on=town.bo.message_with("Evondos"))
    town.bo.presses("Färdigt svar (1)")
    assert "Cia Ceder + Ivar Isling" in town.bo.modal_words()


def test_where_somebody_may_be_waiting_the_number_comes_first_and_cards_go_out(town):
    known(town, town.cia.id, "digital_lock", BLINKS, "Håll in knappen tills det lyser grönt.")
    town.anna.writes(BLINKS)
    shown = town.anna.phone
    assert shown.index("Fara för liv? Ring 112") < shown.index("Håll in knappen")
    assert "Jag vill ha en människa" not in shown, "one is asked already"
    town.later(seconds=25)
    assert BLINKS in town.bo.phone


def test_a_ready_answer_is_changed_and_sent_by_the_one_who_helps(town):
    number = known(town, town.cia.id, "digital_lock", LOCK, BATTERY, text_en="Change all four batteries.")
    town.anna.writes(LOCK)
    town.anna.presses("Jag vill ha en människa")
    town.bo.presses("Ta frågan")
    town.bo.presses("Färdigt svar (1)")
    town.bo.taps_in_modal("Använd")
    assert BATTERY in town.bo.modal_words()
    town.bo.submits(**{f"text:{number}": "Byt alla fyra. De ligger i skåpet."})
    town.later(seconds=1)
    assert "Byt alla fyra. De ligger i skåpet." in town.anna.phone
    assert town.anna.message_with("De ligger i skåpet")["username"] == "Bo Berg"
    town.bo.presses("Löst")
    town.anna.presses("Ja, det löste sig")
    settle(town)
    assert (answer(town, number).shown, answer(town, number).missed) == (1, 1), "in the receipt it had not helped"


def test_refused_with_a_reason_that_the_proposer_reads(town):
    solved(town, town.anna, PRINTER, town.bo, PAPER)
    town.bo.presses("Föreslå som svar")
    opens_the_list(town.ivar, PRINTER)
    town.ivar.taps_in_modal("Säg nej")
    pushes = len(town.bo.pushes)
    town.ivar.submits(reason="Gäller bara den gamla skrivaren")
    assert "Inget väntar på dig" in fake.words_of(town.slack.modals[town.ivar.user])
    assert "Gäller bara den gamla skrivaren" in town.bo.phone
    assert len(town.bo.pushes) == pushes + 1
    assert "Ditt förslag blev inget svar" in fake.words_of({"blocks": town.bo.message_with("F-1")["blocks"]})
    town.later(minutes=11)
    town.gun.writes(PRINTER)
    assert PAPER not in town.gun.phone


def test_two_keepers_have_it_open_and_the_second_hears_who_was_faster(town):
    make_specialist(town, town.hanna)
    solved(town, town.anna, LOCK, town.bo, BATTERY)
    town.bo.presses("Föreslå som svar")
    for who in (town.cia, town.hanna):
        opens_the_list(who, LOCK)
    town.cia.submits(question="Byta batteri i låset")
    town.hanna.submits(text="Byt låset.")
    assert answer(town, 1).text == BATTERY
    assert "Cia Ceder hann före" in town.hanna.modal_words()


def make_specialist(town, who):
    person, since = who.id, (town.time - timedelta(days=9)).date()
    with town.db.transaction() as session:
        session.add(Appointment(person_id=person, role=Role.OBJECT_SPECIALIST, tool="digital_lock", starts_on=since))


def test_an_answer_that_went_stale_comes_back_and_one_withdrawn_vanishes(town):
    number = known(town, town.cia.id, "digital_lock", LOCK, BATTERY)
    with town.db.transaction() as session:
        for _ in range(9):
            answers.counted(session, number, helped=False, now=town.time)
    town.anna.writes(LOCK)
    assert BATTERY in town.anna.phone
    town.anna.presses("Jag vill ha en människa")
    town.gun.writes(LOCK)
    assert BATTERY not in town.gun.phone, "the tenth in a row did not help either"
    opens_the_list(town.cia, LOCK)
    assert "Svaret har slutat hjälpa" in town.cia.modal_words()
    assert "Visat: 1. Hjälpte: 0. Hjälpte inte: 10." in town.cia.modal_words()
    town.cia.taps_in_modal("Stämmer fortfarande")
    town.eva.writes(LOCK)
    assert BATTERY in town.eva.phone
    keeper = town.cia.id
    with town.db.transaction() as session:
        answers.withdraw(session, number, answers.get(session, number).version, by=keeper, now=town.time)
    town.deliver()
    assert BATTERY not in town.eva.phone
    assert the_ticket(town, 3).state is State.OPEN


def test_searched_with_a_word_and_by_tool_in_ones_own_language(town):
    known(town, town.cia.id, "digital_lock", LOCK, BATTERY, question_en="The lock's battery", text_en="Change all four batteries.")
    known(town, town.ivar.id, "vr", "Glasögonen är svarta", "Ladda dem i en timme.")
    town.kate.command("/svar", "lock battery")
    assert "Change all four batteries." in town.kate.modal_words()
    assert BATTERY not in town.kate.modal_words()
    town.anna.opens_home()
    town.anna.sends(*home_button(town.anna, "answer.open"))
    town.anna.submits(word="svarta glasögon")
    assert "Ladda dem i en timme." in town.anna.modal_words()
    assert BATTERY not in town.anna.modal_words(), "only what is near"
    menu = next(c for c in fake.controls(town.slack.modals[town.anna.user]) if c["action_id"] == "answer.tool")
    town.anna.sends(menu, {}, "🔒 Digitala lås", view={**town.slack.modals[town.anna.user], "id": f"V{town.anna.user}"})
    assert BATTERY in town.anna.modal_words()
    assert "Skriv ett svar" not in town.anna.modal_words()
    town.anna.command("/svar", "hur byter jag däck på tjänstebilen")
    assert "Inget färdigt svar ligger nära" in town.anna.modal_words()
    assert not [each for each in (BATTERY, "Ladda dem i en timme.") if each in town.anna.modal_words()]
    assert "Alla svar om" not in town.anna.modal_words(), "it is about no tool that has any"


def test_written_by_a_keeper_and_reminded_of_once_a_week(town):
    solved(town, town.anna, PRINTER, town.bo, PAPER)
    town.bo.presses("Föreslå som svar")
    job = next(job for job in town.on.jobs if job.name == "todo")
    for _ in range(3):
        job.run(town.desk)
    town.deliver()
    assert town.ivar.phone.count("1 sak väntar på dig under Att göra.") == 1
    town.cia.command("/svar", "")
    assert "Det finns inga färdiga svar ännu." in town.cia.modal_words()
    town.cia.taps_in_modal("Skriv ett svar")
    town.cia.submits(tool="digital_lock", question=LOCK, text=BATTERY)
    assert answer(town, 2).state is Stands.APPROVED
    town.cia.command("/svar", "")
    town.cia.taps_in_modal("Skriv ett svar")
    town.cia.submits(tool="medication_dispenser", question="Den piper", text="Stäng luckan.")
    assert "Det visas när en till har godkänt det." in town.cia.modal_words()
    town.cia.command("/svar", LOCK)
    town.cia.taps_in_modal("Öppna")
    town.cia.submits(tool="vr")
    assert "hos dem som kan" in town.cia.modal_words()


@pytest.mark.slow
@pytest.mark.sqlite  # it reads the file
def test_what_is_cleared_is_in_no_answer_and_in_no_file(town):
    slip, before = "Hasselblomma bodde granne med lekplatsen", set(town.file.parent.iterdir())
    solved(town, town.anna, f"{PRINTER}. {slip}", town.bo, PAPER)
    town.bo.presses("Föreslå som svar")
    assert in_files(town, slip)
    assert found(town, PRINTER) == [], "nobody has approved it"
    opens_the_list(town.ivar, PRINTER)
    town.ivar.submits(question=PRINTER, text=f"Fråga den där {slip}")
    run(town, "answers_found")
    assert found(town, PRINTER) == [1]
    town.anna.picks("Rensa text")
    town.anna.submits(which="all")
    assert found(town, PRINTER) == []
    assert on_disk(town, PAPER), "SQLite's journal has it yet"
    run(town, "answers_found")
    assert on_disk(town, PAPER) == [], "a second later it has not, and nobody has closed anything"
    town.ivar.opens_home()
    town.ivar.sends(*home_button(town.ivar, "todo.open"))
    press_in_modal(town.ivar, next(c for c in fake.controls(town.slack.modals[town.ivar.user]) if c["action_id"] == "answer.edit"))
    withdraw = next(c for c in fake.controls(town.slack.modals[town.ivar.user]) if c["action_id"] == "answer.withdraw")
    assert "går inte att ångra" in withdraw["confirm"]["text"]["text"], "it asks first"
    press_in_modal(town.ivar, withdraw)
    assert found(town, PRINTER) == []
    town.later(days=91)
    run(town, "tidy")
    assert on_disk(town, slip) == []
    new = {each.name.removeprefix(town.file.name) for each in set(town.file.parent.iterdir()) - before}
    assert new <= {"-wal", "-shm"}, "no index is kept"


def on_disk(town, words) -> list[str]:
    """While the bot runs."""
    files = town.file.parent.glob(f"{town.file.name}*")
    return [each.name for each in files if words.encode() in each.read_bytes()]


def run(town, name):
    next(job for job in town.on.jobs if job.name == name).run(town.desk)


def found(town, text):
    with town.db.snapshot() as session:
        return [each.pk for each in offers.search(session, text, now=town.time)]
