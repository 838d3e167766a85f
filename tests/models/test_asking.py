"""Which question? The rules of contracts.md one by one, for lines that are masked already."""

import itertools
from datetime import timedelta

import pytest
from sqlmodel import select

from models import asking, ladder, lines, outbox, people, tickets
from models.errors import Gone, NotYours
from models.lines import Line, Said, Side
from models.outbox import Letter
from models.people import Person
from models.recognition import Urgency
from models.tickets import NextStep, State

LOCK, PRINTER = "Låset i 12 blinkar rött", "Skrivaren på kontoret skriver inte ut"
ACUTE = "Jag står utanför hos en brukare som larmat och kan inte öppna låset!"
MINUTE = timedelta(minutes=1)
numbers = itertools.count(1)


class Asker:
    """Anna, whose unit has two experts."""

    def __init__(self, village) -> None:
        self.village = village
        self.anna, self.bo, self.gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")

    def writes(self, text: str, *, under: int | None = None, ago: float = 0, hidden: bool = False) -> int | None:
        """What she says now (or said `ago` seconds ago); the question it went to."""
        at = self.village.now.timestamp() - ago + next(numbers) / 1_000_000
        said = Said(text, hidden, "D1", f"{at:.6f}")
        with self.village.work() as session:
            ticket = asking.hear(session, session.get(Person, self.anna), said, now=self.village.now, under=under)
            return ticket.id if ticket else None

    def said_in(self, ticket_id: int | None) -> list[str]:
        with self.village.db.snapshot() as session:
            if ticket_id is None:
                return [line.text for line in lines.unplaced(session, self.anna)]
            return [line.text for line in lines.of_ticket(session, ticket_id, Side.ASKER)]

    def last_line(self) -> int:
        with self.village.db.snapshot() as session:
            return session.exec(select(Line.id).order_by(Line.id.desc())).first()

    def does(self, verb, *about, person: int | None = None, **more):
        with self.village.work() as session:
            who = session.get(Person, person or self.anna)
            return verb(session, who, *about, now=self.village.now, **more)

    def takes(self, ticket_id: int, person: int | None = None) -> None:
        with self.village.work() as session:
            tickets.take(session, ticket_id, by=person or self.bo, now=self.village.now)

    def answers(self, ticket_id: int, text: str = "Starta om", person: int | None = None) -> None:
        said = Said(
            text, False, f"D{person or self.bo}", f"{self.village.now.timestamp() + next(numbers) / 1_000_000:.6f}"
        )
        with self.village.work() as session:
            ticket = tickets.get(session, ticket_id)
            lines.answer(session, session.get(Person, person or self.bo), ticket, said, now=self.village.now)

    def letters(self, kind: str) -> list[Letter]:
        with self.village.db.snapshot() as session:
            return list(session.exec(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


@pytest.fixture
def asker(village):
    return Asker(village)


# ---- drafts --------------------------------------------------------------------------------------------------------


def test_greetings_and_fragments_are_held_until_the_first_real_sentence(asker):
    assert asker.writes("Hej!") is None
    assert asker.writes("Alltså.") is None
    assert asker.said_in(None) == ["Hej!", "Alltså."]
    ticket = asker.writes("Låset piper rött")
    assert asker.said_in(ticket) == ["Hej!", "Alltså.", "Låset piper rött"]
    assert asker.said_in(None) == []


def test_fragments_become_a_question_together(asker):
    assert asker.writes("Låset") is None
    assert asker.writes("på rum tolv") is not None


def test_later_lines_add_and_are_read_anew_while_nobody_has_it(asker, village):
    ticket = asker.writes("Nu är det helt stopp igen och jag kommer ingen vart")
    assert village.look(ticket).tool is None
    assert asker.writes("det är låset i tolvan") == ticket
    assert village.look(ticket).tool == "digital_lock"
    asker.takes(ticket)
    asker.writes("skrivaren är det inte")
    assert village.look(ticket).tool == "digital_lock"


def test_a_tool_that_she_chose_stays(asker, village):
    ticket = asker.writes("Nu är det helt stopp igen och jag kommer ingen vart")
    with village.work() as session:
        asking.choose_tool(session, ticket, "work_phone", by=asker.anna, now=village.now)
    asker.writes("låset i tolvan blinkar")
    assert village.look(ticket).tool == "work_phone"


def test_a_bare_greeting_is_answered_once_and_dropped_after_ten_minutes(asker, village):
    asker.writes("Hej!")
    asker.writes("Hej hej")
    assert len(asker.letters("prompt")) == 1
    village.later(minutes=9, seconds=59)
    assert asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now)) is None
    assert asker.said_in(None) == ["Hej!", "Hej hej"]
    village.later(seconds=2)
    assert asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now)) is None
    assert asker.said_in(None) == []
    assert village.db.engine.connect().exec_driver_sql("select count(*) from ticket").scalar() == 0


@pytest.mark.parametrize("word", ["Låset", "Nu igen", "???"])
def test_a_draft_with_any_word_becomes_a_question_after_ten_minutes(asker, village, word):
    asker.writes("Hej!")
    assert asker.writes(word) is None
    village.later(minutes=10, seconds=1)
    ticket = asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now))
    assert asker.said_in(ticket.id) == ["Hej!", word]
    assert asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now)) is None


def test_thanks_alone_never_become_anything(asker, village):
    assert asker.writes("tack") is None
    assert asker.said_in(None) == []
    village.later(minutes=11)
    assert asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now)) is None


def test_lines_stand_in_the_order_in_which_they_were_said(asker):
    """The second message arrived first."""
    asker.writes("på rum", ago=1)
    asker.writes("Hej!", ago=5)
    ticket = asker.writes("tolv blinkar låset rött")
    assert asker.said_in(ticket) == ["Hej!", "på rum", "tolv blinkar låset rött"]


def test_the_same_message_twice_is_one_line(asker, village):
    said = Said(LOCK, False, "D1", "1764000000.000001")
    for _ in range(2):
        asker.does(lambda s, p, now: asking.hear(s, p, said, now=now))
    assert village.story(1)[:1] == ["asked"]
    with village.db.snapshot() as session:
        assert len(session.exec(select(Line)).all()) == 1
        assert len(tickets.alive_of(session, asker.anna)) == 1


# ---- one open question ------------------------------------------------------------------------------------------------


def test_a_line_joins_the_one_open_question_while_it_is_young(asker, village):
    ticket = asker.writes(LOCK)
    village.later(minutes=9, seconds=59)
    assert asker.writes("Nu blinkar det grönt i stället") == ticket
    village.later(minutes=9, seconds=59)
    assert asker.writes("Nu är det helt dött") == ticket  # young since the last line, not since the first


def test_after_ten_minutes_it_is_a_new_question(asker, village):
    ticket = asker.writes(LOCK)
    village.later(minutes=10)
    assert asker.writes(PRINTER) not in (None, ticket)


def test_a_line_joins_if_a_helper_wrote_last_however_long_ago(asker, village):
    ticket = asker.writes(LOCK)
    asker.takes(ticket)
    asker.answers(ticket)
    village.later(hours=5)
    assert asker.writes("Nu har jag startat om det") == ticket
    village.later(minutes=10)
    assert asker.writes(PRINTER) != ticket  # now she wrote last


def test_under_the_receipt_it_belongs_to_that_question_even_when_it_is_old_or_others_are_open(asker, village):
    first = asker.writes(LOCK)
    village.later(hours=1)
    second = asker.writes(PRINTER)
    village.later(hours=1)
    assert asker.writes("Det står 4711 på skärmen", under=first) == first
    assert asker.said_in(second) == [PRINTER]


def test_under_somebody_elses_receipt_nothing_is_added_to_it(asker, village):
    other = village.ticket(village.person("Eva"))
    mine = asker.writes(LOCK, under=other)
    assert mine not in (None, other)
    assert asker.said_in(other) == []


# ---- several open questions -------------------------------------------------------------------------------------------


@pytest.fixture
def two(asker, village):
    """Two open questions, some time ago."""
    first = asker.writes(LOCK)
    village.later(minutes=11)
    second = asker.writes(PRINTER)
    village.later(minutes=2)
    return first, second


def test_with_several_open_she_is_asked_which(asker, two):
    assert asker.writes("Nu lyser den grönt i stället") is None
    assert len(asker.letters("which")) == 1
    line = asker.last_line()
    assert asker.does(asking.choose_question, line, two[0]).id == two[0]
    assert asker.said_in(two[0]) == [LOCK, "Nu lyser den grönt i stället"]
    assert asker.does(asking.choose_question, line, two[1]).id == two[0]  # a second tap moves nothing
    assert asker.said_in(two[1]) == [PRINTER]


def test_or_it_is_a_new_one(asker, two):
    asker.writes("Telefonen laddar inte längre")
    new = asker.does(asking.choose_question, asker.last_line(), None)
    assert new.id not in two
    assert asker.said_in(new.id) == ["Telefonen laddar inte längre"]


def test_a_line_that_was_never_placed_becomes_a_question_after_ten_minutes_and_the_buttons_go(asker, two, village):
    asker.writes("Telefonen laddar inte längre")
    village.later(minutes=10, seconds=1)
    new = asker.does(lambda s, p, now: asking.settle_drafts(s, p.pk, now=now))
    assert asker.said_in(new.id) == ["Telefonen laddar inte längre"]
    assert len(asker.letters("which")) == 2  # the same message, drawn anew without its buttons
    assert len({letter.place for letter in asker.letters("which")}) == 1


def test_within_the_first_minute_a_line_goes_to_the_newest(asker, two, village):
    third = asker.does(asking.begin, [asker.does(lines_of, "Telefonen laddar inte längre")])
    village.later(seconds=59)
    assert asker.writes("den är helt svart") == third.id
    village.later(seconds=60)
    assert asker.writes("och varm är den") is None


def lines_of(session, person, text, *, now):
    said = Said(text, False, "D1", f"{now.timestamp() + next(numbers) / 1_000_000:.6f}")
    return lines.keep(session, said, by=person.pk, side=Side.ASKER, ticket_id=None)


def test_a_greeting_does_not_ask_which(asker, two):
    assert asker.writes("Hej igen!") is None
    assert asker.letters("which") == []


def test_only_her_own_line_and_her_own_question_can_be_chosen(asker, two, village):
    asker.writes("Nu lyser den grönt i stället")
    line, others = asker.last_line(), village.ticket(village.person("Eva"))
    with pytest.raises(Gone):
        asker.does(asking.choose_question, line, two[0], person=asker.bo)
    with pytest.raises(NotYours):
        asker.does(asking.choose_question, line, others)
    for number in (4711, 2**31 - 1):
        with pytest.raises(Gone):
            asker.does(asking.choose_question, line, number)
    with pytest.raises(Gone):
        asker.does(asking.choose_question, 4711, two[0])


@pytest.mark.parametrize("where", ["new", "first"])
def test_a_line_that_was_deleted_meanwhile_cannot_be_chosen(asker, two, village, where):
    """Else an empty question would be born, and helpers asked about nothing."""
    asker.writes("Nu lyser den grönt i stället")
    line = asker.last_line()
    with village.work() as session:
        lines.remove(session, session.get(Line, line), now=village.now)
    with pytest.raises(Gone):
        asker.does(asking.choose_question, line, None if where == "new" else two[0])


# ---- [Det är en ny fråga] ----------------------------------------------------------------------------------------------


def test_a_line_that_joined_becomes_a_question_of_its_own(asker):
    first = asker.writes(LOCK)
    assert asker.writes(PRINTER) == first
    second = asker.does(asking.split_off, asker.last_line())
    assert (asker.said_in(first), asker.said_in(second.id)) == ([LOCK], [PRINTER])
    assert second.tool == "pc_print_network"
    assert asker.does(asking.split_off, asker.last_line()).id == second.id  # twice is once


def test_the_first_line_is_its_question(asker):
    first = asker.writes(LOCK)
    assert asker.does(asking.split_off, asker.last_line()).id == first


def test_only_her_own_line_splits_and_only_while_it_is_there(asker, village):
    ticket = asker.writes(LOCK)
    asker.writes(PRINTER)
    line = asker.last_line()
    for person in (asker.bo, asker.gun):
        with pytest.raises(Gone):
            asker.does(asking.split_off, line, person=person)
    with village.work() as session:
        lines.remove(session, session.get(Line, line), now=village.now)
    with pytest.raises(Gone):
        asker.does(asking.split_off, line)
    with village.work() as session:
        first = session.get_one(Line, lines.of_ticket(session, ticket)[0].id)
        lines.remove(session, first, now=village.now)
    with pytest.raises(Gone):
        asker.does(asking.split_off, first.id)


def test_a_helper_cannot_make_a_question_of_her_answer(asker, village):
    ticket = asker.writes(LOCK)
    asker.takes(ticket)
    asker.answers(ticket, "Starta om låset först")
    with pytest.raises(Gone):
        asker.does(asking.split_off, asker.last_line(), person=asker.bo)


# ---- acute ---------------------------------------------------------------------------------------------------------------


def test_acute_never_waits_for_a_choice(asker, two, village):
    ticket = asker.writes(ACUTE)
    assert ticket not in (None, *two)
    assert village.look(ticket).urgency is Urgency.ACUTE
    assert village.look(ticket).rung is tickets.Rung.UNIT_EXPERT


def test_acute_is_tested_on_each_line(asker, village):
    ticket = asker.writes("Låset i 12 blinkar lite grann ibland, har alltid gjort det")
    village.later(seconds=10)
    assert asker.writes(ACUTE) == ticket
    found = village.look(ticket)
    assert found.urgency is Urgency.ACUTE
    with village.db.snapshot() as session:
        assert {c.sent_at for c in tickets.candidates(session, ticket)} == {village.now}
    assert found.next_at <= village.now + 3 * MINUTE  # who was given twenty minutes has three now


def test_acute_goes_out_although_the_unit_is_unknown(village):
    moa, ivar = village.person("Moa", unit=None), village.coordinator("Ivar")
    with village.work() as session:
        said = Said(ACUTE, False, "D1", f"{village.now.timestamp():.6f}")
        ticket = asking.hear(session, session.get(Person, moa), said, now=village.now)
        assert [c.person_id for c in tickets.candidates(session, ticket.pk)] == [ivar]


def test_the_asker_says_that_somebody_waits(asker, village):
    ticket = asker.writes(LOCK)
    village.later(seconds=5)
    with village.work() as session:
        asking.hurry(session, tickets.get(session, ticket), by=asker.anna, now=village.now)
    assert village.look(ticket).next_at == village.now + 3 * MINUTE
    village.later(minutes=1)
    with village.work() as session:
        asking.hurry(session, tickets.get(session, ticket), by=asker.anna, now=village.now)
    assert village.look(ticket).next_at == village.now + 2 * MINUTE  # a second tap gives nobody more time


# ---- what is missing -----------------------------------------------------------------------------------------------------


def test_without_a_tool_the_receipt_asks_and_goes_on_after_three_minutes(asker, village):
    ticket = asker.writes("Nu är det helt stopp igen och jag kommer ingen vart")
    assert village.look(ticket).next_at == village.now + 3 * MINUTE
    village.later(minutes=3)
    with village.work() as session:
        ladder.tick(session, ticket, now=village.now)
    assert village.look(ticket).rung is tickets.Rung.UNIT_EXPERT


def test_choosing_goes_on_at_once(asker, village):
    ticket = asker.writes("Nu är det helt stopp igen och jag kommer ingen vart")
    with village.work() as session:
        asking.choose_tool(session, ticket, "digital_lock", by=asker.anna, now=village.now)
    assert (village.look(ticket).tool, village.look(ticket).rung) == ("digital_lock", tickets.Rung.UNIT_EXPERT)


def test_where_she_works_finds_her_people_and_is_remembered(village):
    moa, bo = village.person("Moa", unit=None), village.expert("Bo")
    with village.work() as session:
        person = session.get(Person, moa)
        ticket = asking.hear(
            session, person, Said(LOCK, False, "D1", f"{village.now.timestamp():.6f}"), now=village.now
        )
        assert tickets.candidates(session, ticket.pk) == []
        with pytest.raises(Gone):
            asking.choose_unit(session, person, ticket.pk, 4711, now=village.now)
        asking.choose_unit(session, person, ticket.pk, 1, now=village.now)
        assert [c.person_id for c in tickets.candidates(session, ticket.pk)] == [bo]
        said = Said(PRINTER, False, "D1", f"{village.later(minutes=11).timestamp():.6f}")
        assert asking.hear(session, person, said, now=village.now).unit_id == 1


# ---- what was called solved ------------------------------------------------------------------------------------------------


@pytest.fixture
def solved(asker, village):
    ticket = asker.writes(LOCK)
    asker.takes(ticket)
    with village.work() as session:
        tickets.solve(session, ticket, by=asker.bo, now=village.later(minutes=1))
    return ticket


def test_a_reply_reopens_it_to_its_helper_while_she_is_at_work(asker, solved, village):
    asker.writes("Nej, det blinkar igen", under=solved)
    found = village.look(solved)
    assert (found.state, found.owner_id, found.next_step) == (State.TAKEN, asker.bo, NextStep.REMIND)
    assert [letter.to_id for letter in asker.letters("needs_helper")] == [asker.bo]


def test_or_to_others_when_she_has_gone(asker, solved, village):
    village.now = village.now.replace(hour=22)
    asker.writes("Nej, det blinkar igen", under=solved)
    found = village.look(solved)
    assert (found.state, found.owner_id, found.next_step) == (State.OPEN, None, NextStep.COMES)
    assert found.next_at > village.now


@pytest.mark.parametrize("closed", [False, True])
def test_thanks_alone_never_reopen(asker, solved, village, closed):
    if closed:
        with village.work() as session:
            tickets.confirm(session, solved, by=asker.anna, now=village.now)
    before = village.look(solved).state
    asker.writes("Tack så mycket!", under=solved)
    assert village.look(solved).state is before


@pytest.mark.parametrize("how", ["confirm", "withdraw"])
def test_any_other_reply_reopens_what_was_closed(asker, solved, village, how):
    with village.work() as session:
        getattr(tickets, how)(session, solved, by=asker.anna, now=village.now)
    asker.writes("Nu krånglar det igen", under=solved)
    found = village.look(solved)
    assert (found.state, found.reason, found.closed_at) == (State.TAKEN, None, None)


# ---- deleting --------------------------------------------------------------------------------------------------------------


def delete(village, line_id: int) -> None:
    """As the door does it: a masked line is left alone."""
    with village.work() as session:
        line = session.get(Line, line_id)
        if not line.hidden:
            lines.remove(session, line, now=village.now)
            asking.withdraw_if_empty(session, line, now=village.now)


def test_deleting_every_line_takes_the_question_back(asker, village):
    ticket = asker.writes(LOCK)
    first = asker.last_line()
    asker.writes("i tolvan alltså")
    delete(village, first)
    assert village.look(ticket).state is State.OPEN
    delete(village, asker.last_line())
    assert village.look(ticket).reason is tickets.Reason.WITHDRAWN


def test_deleting_a_masked_line_changes_nothing(asker, village):
    ticket = asker.writes("Låset hos ‹personnummer› blinkar rött", hidden=True)
    delete(village, asker.last_line())
    assert village.look(ticket).state is State.OPEN
    asker.writes("i tolvan alltså")
    delete(village, asker.last_line())
    assert village.look(ticket).state is State.OPEN


def test_people_are_only_looked_up_by_their_own_lines(asker, village):
    """Two who write at the same time each have their own draft."""
    eva = village.person("Eva")
    asker.writes("Låset")
    with village.work() as session:
        said = Said("rum tolv", False, "D2", f"{village.now.timestamp():.6f}")
        assert asking.hear(session, people.lock(session, eva), said, now=village.now) is None
    assert asker.said_in(None) == ["Låset"]
    with village.db.snapshot() as session:
        assert outbox.waiting(session, now=village.now) == 0
