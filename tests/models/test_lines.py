"""What is said: kept once, carried to the other side, changed and deleted there too."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models import lines, outbox, tickets
from models.errors import NotYours
from models.lines import Line, Said, Side
from models.outbox import Letter
from models.people import Person
from models.tickets import State


def said(text: str, ts: float = 1.0, channel: str = "D1", edited: datetime | None = None) -> Said:
    return Said(text, False, channel, f"{ts:.6f}", edited=edited)


def letters(village) -> list[tuple[str, int]]:
    with village.db.snapshot() as session:
        quiet = ("receipt", "card")
        return [(x.kind, x.to_id) for x in session.exec(select(Letter).order_by(Letter.id)) if x.kind not in quiet]


def answer(village, person: int, ticket: int, text: str = "Starta om", ts: float = 2.0) -> None:
    with village.work() as session:
        lines.answer(
            session,
            session.get(Person, person),
            tickets.get(session, ticket),
            said(text, ts, f"D{person}"),
            now=village.now,
        )


def test_a_line_is_kept_once(village, anna):
    with village.work() as session:
        assert lines.keep(session, said("Hej"), by=anna, side=Side.ASKER, ticket_id=None).text == "Hej"
        assert lines.keep(session, said("Hej"), by=anna, side=Side.ASKER, ticket_id=None) is None
        assert lines.keep(session, said("Hej", channel="D2"), by=anna, side=Side.ASKER, ticket_id=None) is not None


def test_lines_are_ordered_by_slacks_time_and_deleted_ones_left_out(village, anna):
    ticket = village.ticket(anna)
    with village.work() as session:
        for text, ts in (("tre", 3), ("ett", 1), ("borta", 2.5), ("två", 2)):
            lines.keep(session, said(text, ts), by=anna, side=Side.ASKER, ticket_id=ticket)
        lines.remove(session, lines.find(session, "D1", "2.500000"), now=village.now)
        assert [line.text for line in lines.of_ticket(session, ticket)] == ["ett", "två", "tre"]
        assert lines.of_ticket(session, ticket, Side.HELPER) == []


def test_answering_under_the_card_takes_the_question_and_carries_the_words(village, anna, bo, gun):
    ticket = village.ticket(anna, cards=(bo, gun))
    answer(village, bo, ticket)
    assert (village.look(ticket).state, village.look(ticket).owner_id) == (State.TAKEN, bo)
    assert village.story(ticket) == ["asked", "taken", "wrote"]
    assert letters(village) == [("solve_offer", bo), ("answer", anna)]  # the answer says who has it


def test_the_same_answer_twice_is_once(village, anna, bo):
    ticket = village.ticket(anna, cards=(bo,))
    answer(village, bo, ticket)
    answer(village, bo, ticket)
    assert village.story(ticket) == ["asked", "taken", "wrote"]


def test_who_has_not_got_it_is_told_who_has_and_nothing_of_hers_is_to_be_seen(village, anna, bo, gun):
    ticket = village.ticket(anna, cards=(bo, gun))
    answer(village, bo, ticket)
    answer(village, gun, ticket, "Jag vet!", ts=3.0)
    with village.db.snapshot() as session:
        assert [line.text for line in lines.of_ticket(session, ticket)] == ["Starta om"]
    assert letters(village)[-1] == ("who_has_it", gun)
    assert village.look(ticket).owner_id == bo


def test_nor_after_it_is_closed(village, anna, bo):
    ticket = village.standing(State.CLOSED, anna, bo)
    answer(village, bo, ticket)
    assert village.look(ticket).state is State.CLOSED
    assert letters(village) == [("not_open", bo)]
    with village.db.snapshot() as session:
        assert session.exec(select(Line)).all() == []


def test_somebody_who_never_had_a_card_cannot_answer(village, anna, bo, gun):
    ticket = village.ticket(anna, cards=(bo,))
    for person in (gun, anna):
        with pytest.raises(NotYours):
            answer(village, person, ticket)
    assert village.story(ticket) == ["asked"]


def test_a_note_stays_among_helpers(village, anna, bo):
    ticket = village.ticket(anna, cards=(bo,))
    answer(village, bo, ticket)
    with village.work() as session:
        lines.note(
            session,
            session.get(Person, bo),
            tickets.get(session, ticket),
            "Ring leverantören",
            vouched=False,
            now=village.now,
        )
    with village.work() as session:
        note = session.get_one(Line, lines.of_ticket(session, ticket, Side.INTERNAL)[0].id)
        before = len(letters(village))
        for to in (anna, bo):
            lines.relay(session, tickets.get(session, ticket), note, to=to, cause="said", now=village.now)
        lines.change(session, note, said("Ring inte", edited=village.later(minutes=1)), now=village.now)
    assert len(letters(village)) == before


def test_a_changed_line_changes_the_message_that_carried_it(village, anna, bo):
    ticket = village.ticket(anna, cards=(bo,))
    answer(village, bo, ticket)
    with village.work() as session:
        line = lines.find(session, f"D{bo}", "2.000000")
        lines.change(session, line, said("Starta inte om", edited=village.later(minutes=1)), now=village.now)
        assert (line.text, line.changed_at) == ("Starta inte om", village.now)
    with village.db.snapshot() as session:
        carried = session.exec(select(Letter).where(Letter.kind == "answer")).all()
        assert len(carried) == 2
        assert {letter.place for letter in carried} == {lines.relayed_place(line, anna)}


def test_what_was_masked_once_stays_marked_as_such(village, anna):
    ticket = village.ticket(anna)
    with village.work() as session:
        lines.keep(session, Said("‹telefon›", True, "D1", "1.0"), by=anna, side=Side.ASKER, ticket_id=ticket)
        line = lines.find(session, "D1", "1.0")
        lines.change(session, line, said("inget", edited=village.now), now=village.now)
        assert line.text == "inget"
        assert line.hidden


def test_a_deleted_line_loses_its_words_everywhere_and_only_once(village, anna, bo):
    ticket = village.ticket(anna, cards=(bo,))
    answer(village, bo, ticket)
    with village.work() as session:
        line = lines.find(session, f"D{bo}", "2.000000")
        lines.remove(session, line, now=village.later(minutes=1))
        lines.remove(session, line, now=village.later(minutes=1))
        assert (line.text, line.deleted_at) == ("", village.now - timedelta(minutes=1))
    assert [kind for kind, _ in letters(village)].count("answer") == 2
    with village.work() as session:
        assert outbox.carried(session, lines.relayed_place(line, anna))


def test_drafts_that_have_waited(village, anna, bo):
    with village.work() as session:
        early = lines.keep(session, said("Hej", village.now.timestamp()), by=anna, side=Side.ASKER, ticket_id=None)
        lines.keep(session, said("Hej", village.now.timestamp() + 60), by=bo, side=Side.ASKER, ticket_id=None)
        assert lines.unplaced_since(session, before=village.now) == [anna]
        lines.drop(session, [early], now=village.now)
        assert lines.unplaced_since(session, before=village.now) == []
        assert session.get(Line, early.id, populate_existing=True).text == ""
