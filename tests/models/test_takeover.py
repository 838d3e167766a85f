"""[Ta frågan och skicka]: what was kept reaches the asker once, and only from the one who has taken the question."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import asking, lines, takeover, tickets
from models.errors import AlreadyClosed, AlreadyTaken, Gone, NotYours
from models.lines import Line, Said, Side
from models.outbox import Letter, Posted
from models.people import Appointment, Person
from models.tickets import Event, NextStep, State


@pytest.fixture
def ticket(village, anna, bo, gun):
    """Bo has it; Gun had a card too."""
    number = village.ticket(anna, cards=(bo, gun))
    with village.work() as session:
        tickets.take(session, number, by=bo, now=village.now)
    return number


def writes(village, person: int, ticket: int, text: str = "Jag vet!", *, ts: float | None = None) -> int:
    """Under her card; the line that was stored."""
    stamp = f"{village.now.timestamp() if ts is None else ts:.6f}"
    with village.work() as session:
        said = Said(text, False, f"D{person}", stamp)
        lines.answer(session, session.get(Person, person), tickets.get(session, ticket), said, now=village.now)
        return lines.find(session, f"D{person}", stamp).pk


def sends(village, line: int, *, seen: int, by: int, ticket: int) -> None:
    with village.work() as session:
        takeover.send(session, ticket, line_id=line, seen=seen, by=by, now=village.now)


def look(village, line: int) -> Line:
    with village.db.snapshot() as session:
        return session.get(Line, line)


def letters(village, *kinds: str) -> list[tuple[str, int]]:
    with village.db.snapshot() as session:
        found = session.exec(select(Letter).where(Letter.kind.in_(kinds)).order_by(Letter.due_at, Letter.id))
        return [(letter.kind, letter.to_id) for letter in found]


def posts(village, place: str, to: int) -> None:
    """The message stands in Slack."""
    with village.work() as session:
        session.add(Posted(place=place, to_id=to, channel="D", ts=place[-20:], digest="", at=village.now))


def test_what_is_kept_is_in_no_talk_and_no_letter(village, ticket, anna, gun):
    line = writes(village, gun, ticket)
    assert look(village, line).side is Side.KEPT
    with village.db.snapshot() as session:
        assert lines.of_ticket(session, ticket) == []
        assert lines.of_ticket(session, ticket, Side.HELPER) == []
    with village.work() as session:
        kept = session.get(Line, line)
        lines.relay(session, tickets.get(session, ticket), kept, to=anna, cause="said", now=village.now)
    assert letters(village, "answer", "follow_up") == []
    assert village.story(ticket) == ["asked", "taken"]


def test_she_takes_it_over_and_her_words_go(village, ticket, anna, bo, gun):
    line = writes(village, gun, ticket)
    village.later(minutes=3)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    now = village.look(ticket)
    assert (now.state, now.owner_id, now.taken_at, now.next_step) == (State.TAKEN, gun, village.now, None)
    assert village.story(ticket) == ["asked", "taken", "taken_over", "wrote"]
    with village.db.snapshot() as session:
        row = tickets.history(session, ticket)[2]
        assert (row.by_id, row.other_id) == (gun, bo)
        assert [one.text for one in lines.of_ticket(session, ticket, Side.HELPER)] == ["Jag vet!"]
    told = letters(village, "taken", "taken_over", "answer")
    assert told == [("taken", anna), ("taken_over", bo), ("answer", anna)]


def test_what_waited_for_the_asker_is_taken_over_too(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    with village.work() as session:
        tickets.ask_back(session, ticket, by=bo, now=village.now)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert (village.look(ticket).state, village.look(ticket).owner_id) == (State.TAKEN, gun)


@pytest.mark.parametrize("away", [tickets.send_out, tickets.solve])
def test_what_lies_with_it_or_is_called_solved_is_not(village, ticket, bo, gun, away):
    line = writes(village, gun, ticket)
    with village.work() as session:
        away(session, ticket, by=bo, now=village.now)
    with pytest.raises(AlreadyTaken):
        sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert look(village, line).side is Side.KEPT


def test_a_second_press_does_nothing(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    for _ in range(2):
        sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert village.story(ticket) == ["asked", "taken", "taken_over", "wrote"]
    assert letters(village, "answer").__len__() == 1


def test_of_two_the_second_is_told_who_was_faster(village, ticket, bo, gun, anna):
    cia = village.expert("Cia")
    with village.work() as session:
        asked = tickets.get(session, ticket)
        tickets.make_candidate(session, asked, cia, tickets.Rung.UNIT_EXPERT, via=tickets.Via.CARD, at=village.now)
    hers, cias = writes(village, gun, ticket), writes(village, cia, ticket)
    sends(village, hers, seen=bo, by=gun, ticket=ticket)
    with pytest.raises(AlreadyTaken) as no:
        sends(village, cias, seen=bo, by=cia, ticket=ticket)
    assert no.value.about["name"] == "Gun"
    assert village.look(ticket).owner_id == gun
    assert look(village, cias).side is Side.KEPT
    sends(village, cias, seen=gun, by=cia, ticket=ticket)  # the message has been drawn anew, with Gun's name
    assert village.look(ticket).owner_id == cia


def test_taking_over_needs_the_owner_that_was_read(village, ticket, bo, gun):
    """The row decides, not what was read before."""
    cia = village.expert("Cia")
    with village.db.snapshot() as session:
        old = tickets.get(session, ticket)
    with village.work() as session:
        tickets.take_over(session, ticket, seen=bo, by=gun, now=village.now)
    with pytest.raises(AlreadyTaken), village.work() as session:
        stale = session.merge(old, load=False)
        taken = {"owner_id": cia, "taken_at": village.now}
        tickets.move(session, stale, Event.TAKEN_OVER, by=cia, now=village.now, **taken)
    assert village.look(ticket).owner_id == gun


def test_if_nobody_has_it_any_more_it_is_taken(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    with village.work() as session:
        tickets.free(session, tickets.get(session, ticket), Event.RETURNED, by=bo, now=village.now)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert village.look(ticket).owner_id == gun
    assert village.story(ticket) == ["asked", "taken", "returned", "taken", "wrote"]
    assert letters(village, "taken_over") == []


def test_if_it_is_over_she_is_told_so(village, ticket, anna, bo, gun):
    line = writes(village, gun, ticket)
    with village.work() as session:
        tickets.withdraw(session, ticket, by=anna, now=village.now)
    with pytest.raises(AlreadyClosed):
        sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert look(village, line).side is Side.KEPT


def test_nobody_sends_anothers_words(village, ticket, anna, bo, gun):
    line, other = writes(village, gun, ticket), village.ticket(anna, cards=(bo, gun))
    with pytest.raises(NotYours):
        sends(village, line, seen=bo, by=bo, ticket=ticket)
    with pytest.raises(Gone):
        sends(village, line, seen=bo, by=gun, ticket=other)
    with pytest.raises(Gone):
        sends(village, 999, seen=bo, by=gun, ticket=ticket)


def test_nobody_sends_who_is_no_helper_any_more(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    with village.work() as session:
        for hat in session.exec(select(Appointment).where(Appointment.person_id == gun)):
            hat.ends_on = village.now.date() - timedelta(days=1)
    with pytest.raises(NotYours):
        sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert village.look(ticket).owner_id == bo


# ---- several lines, other words, no words ----------------------------------------------------------------------


def test_three_lines_in_a_row_are_one_message_and_one_press(village, ticket, anna, bo, gun):
    first = writes(village, gun, ticket, "Hej!")
    for text in ("Jag har haft det där.", "Starta om den."):
        village.later(minutes=1)
        writes(village, gun, ticket, text)
    assert letters(village, "who_has_it") == [("who_has_it", gun)]
    sends(village, first, seen=bo, by=gun, ticket=ticket)
    with village.db.snapshot() as session:
        said = [line.text for line in lines.of_ticket(session, ticket, Side.HELPER)]
    assert said == ["Hej!", "Jag har haft det där.", "Starta om den."]
    assert letters(village, "answer") == [("answer", anna)] * 3


def test_a_line_that_comes_late_goes_with_the_others(village, ticket, bo, gun):
    first = writes(village, gun, ticket, "Starta om den.")
    writes(village, gun, ticket, "Hej!", ts=village.now.timestamp() - 2)
    assert len(letters(village, "who_has_it")) == 1
    sends(village, first, seen=bo, by=gun, ticket=ticket)
    with village.db.snapshot() as session:
        assert len(lines.of_ticket(session, ticket, Side.HELPER)) == 2


def test_what_she_wrote_an_hour_ago_is_another_matter(village, ticket, bo, gun):
    old = writes(village, gun, ticket, "Vem har den?")
    village.later(hours=1)
    new = writes(village, gun, ticket, "Starta om den.")
    assert len(letters(village, "who_has_it")) == 2
    sends(village, new, seen=bo, by=gun, ticket=ticket)
    assert look(village, old).side is Side.KEPT


def test_her_newest_words_are_sent_however_late_we_hear_of_them(village, ticket, anna, bo, gun):
    line = writes(village, gun, ticket, "Starta inte om den")
    edited = village.later(minutes=1)
    village.later(minutes=1)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    with village.work() as session:
        found = session.get(Line, line)
        said = Said("Starta om den", False, found.channel, found.ts, edited=edited)
        asking.reword(session, found, said, now=village.now)
    assert look(village, line).text == "Starta om den"
    assert len(letters(village, "answer")) == 2


def test_other_words_are_what_is_sent(village, ticket, bo, gun):
    line = writes(village, gun, ticket, "Starta inte om den")
    with village.work() as session:
        found = session.get(Line, line)
        said = Said("‹namn› vet", True, found.channel, found.ts, edited=village.later(minutes=1))
        asking.reword(session, found, said, now=village.now)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert (look(village, line).text, look(village, line).hidden) == ("‹namn› vet", True)


def test_words_that_she_has_deleted_do_not_go(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    with village.work() as session:
        lines.remove(session, session.get(Line, line), now=village.now)
    with pytest.raises(Gone):
        sends(village, line, seen=bo, by=gun, ticket=ticket)
    assert village.look(ticket).owner_id == bo
    assert letters(village, "answer") == []


def test_the_clock_takes_what_nobody_has_sent(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    posts(village, f"who_has_it:F-{ticket}:{line}", gun)
    village.later(hours=23)
    with village.work() as session:
        assert takeover.empty(session, now=village.now) == 0
    village.later(hours=1)
    for emptied in (1, 0):
        with village.work() as session:
            assert takeover.empty(session, now=village.now) == emptied
    assert (look(village, line).text, look(village, line).side) == ("", Side.KEPT)
    assert len(letters(village, "who_has_it")) == 2  # drawn anew, without its button
    with pytest.raises(Gone):
        sends(village, line, seen=bo, by=gun, ticket=ticket)


def test_the_clock_leaves_what_was_sent(village, ticket, bo, gun):
    line = writes(village, gun, ticket)
    sends(village, line, seen=bo, by=gun, ticket=ticket)
    village.later(days=3)
    with village.work() as session:
        assert takeover.empty(session, now=village.now) == 0
    assert look(village, line).text == "Jag vet!"


@pytest.mark.sqlite
def test_the_clock_finds_them_by_their_index(village):
    with village.db.engine.connect() as connection:
        query = str(takeover._KEPT_LONG.compile(village.db.engine, compile_kwargs={"literal_binds": False}))
        plan = connection.exec_driver_sql(f"explain query plan {query}", ("", "2026")).all()
    assert any("ix_line_kept" in str(step) for step in plan), plan


def test_the_taker_is_waited_for_again(village, ticket, bo, gun):
    with village.work() as session:
        tickets.helper_wrote(session, tickets.get(session, ticket), by=bo, now=village.now)
        tickets.take_over(session, ticket, seen=bo, by=gun, now=village.later(minutes=1))
    assert (village.look(ticket).next_step, village.look(ticket).next_at) == (
        NextStep.REMIND,
        village.now + timedelta(minutes=30),
    )


def test_it_counts_in_her_own_time(village, ticket, bo, gun):
    with village.work() as session:
        tickets.take_over(session, ticket, seen=bo, by=gun, now=village.now)
        most = timedelta(minutes=30)
        assert tickets.own_time(session, gun, since=village.now - timedelta(days=1), most=most)[0] == 1
