"""Versions of a line, and a line that leaves its question: rules one by one, for lines that are masked already."""

import itertools
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models import asking, clock, lines, tickets
from models.errors import Gone
from models.lines import Line, Said, Side
from models.outbox import Letter, Posted
from models.people import Person
from models.recognition import Urgency
from models.tickets import Event, NextStep, SolvedBy, State

LOCK, PRINTER = "Låset i 12 blinkar rött", "Skrivaren på kontoret skriver inte ut"
numbers = itertools.count(1)


class Talk:
    """Anna asks, Bo and Gun are her unit's experts."""

    def __init__(self, village) -> None:
        self.village = village
        self.anna, self.bo, self.gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")

    def stamp(self) -> float:
        return self.village.now.timestamp() + next(numbers) / 1_000_000

    def writes(self, text: str, *, under: int | None = None, left_out: bool = False) -> int:
        """The id of her line."""
        said = Said(text, False, "D1", f"{self.stamp():.6f}", left_out=left_out)
        with self.village.work() as session:
            asking.hear(session, session.get(Person, self.anna), said, now=self.village.now, under=under)
            return lines.find(session, said.channel, said.ts).pk

    def edits(self, line_id: int, text: str, *, at: datetime | None = None, hidden: bool = False) -> None:
        at = at or datetime.fromtimestamp(self.stamp(), clock.STOCKHOLM)
        with self.village.work() as session:
            line = session.get(Line, line_id)
            said = Said(text, hidden, line.channel, line.ts, edited=at)
            asking.reword(session, line, said, now=self.village.now)

    def answers(self, ticket_id: int, text: str = "Byt batteri") -> None:
        said = Said(text, False, "D2", f"{self.stamp():.6f}")
        with self.village.work() as session:
            ticket = tickets.get(session, ticket_id)
            lines.answer(session, session.get(Person, self.bo), ticket, said, now=self.village.now)

    def splits(self, line_id: int) -> int:
        with self.village.work() as session:
            return asking.split_off(session, session.get(Person, self.anna), line_id, now=self.village.now).pk

    def does(self, verb, ticket_id: int, **how) -> None:
        with self.village.work() as session:
            verb(session, ticket_id, now=self.village.now, **how)

    def runs(self, verb, ticket_id: int) -> None:
        """A step of the clock."""
        with self.village.work() as session:
            verb(session, tickets.get(session, ticket_id), now=self.village.now)

    def line(self, line_id: int) -> Line:
        with self.village.db.snapshot() as session:
            return session.get(Line, line_id)

    def letters(self, *kinds: str) -> list[Letter]:
        with self.village.db.snapshot() as session:
            found = session.exec(select(Letter).order_by(Letter.id)).all()
        return [letter for letter in found if letter.kind in kinds]


@pytest.fixture
def talk(village):
    return Talk(village)


# ---- versions --------------------------------------------------------------------------------------------------------


def test_the_newest_version_wins_and_each_counts_once(talk, village):
    line = talk.writes(LOCK)
    early, late = village.now + timedelta(seconds=1), village.now + timedelta(seconds=2)
    talk.edits(line, PRINTER, at=late)
    assert (talk.line(line).text, talk.line(line).changed_at) == (PRINTER, late)
    story = village.story(1)
    talk.edits(line, "Låset piper", at=early)
    talk.edits(line, PRINTER, at=late)
    assert talk.line(line).text == PRINTER
    assert village.story(1) == story


def test_the_same_words_in_a_newer_version_change_no_picture_but_count(talk, village):
    line = talk.writes(LOCK)
    story, letters = village.story(1), len(talk.letters("receipt", "card"))
    talk.edits(line, LOCK, at=village.now + timedelta(seconds=9))
    assert (village.story(1), len(talk.letters("receipt", "card"))) == (story, letters)
    talk.edits(line, PRINTER, at=village.now + timedelta(seconds=5))
    assert talk.line(line).text == LOCK


def test_an_older_version_that_was_masked_marks_the_line(talk, village):
    line = talk.writes(LOCK)
    talk.edits(line, PRINTER, at=village.now + timedelta(seconds=9))
    talk.edits(line, "Låset hos ‹personnummer›", at=village.now + timedelta(seconds=5), hidden=True)
    assert (talk.line(line).text, talk.line(line).hidden) == (PRINTER, True)


def test_what_its_author_deleted_is_not_worded_anew(talk, village):
    line = talk.writes(LOCK)
    with village.work() as session:
        lines.remove(session, session.get(Line, line), now=village.now)
        assert not lines.change(session, session.get(Line, line), Said(PRINTER, True, "D1", "9999999999.0"), now=village.now)
    assert (talk.line(line).text, talk.line(line).hidden) == ("", False)


def test_news_comes_to_the_owner_as_a_message_of_its_own_once_it_was_read_and_only_once(talk, village):
    talk.writes(LOCK)
    talk.does(tickets.take, 1, by=talk.bo)
    line = talk.writes("Det står fyra ett")
    with village.work() as session:
        ticket, found = tickets.get(session, 1), session.get(Line, line)
        lines.relay_news(session, ticket, found, now=village.now)
    assert [letter.place for letter in talk.letters("follow_up")] == [f"line:{line}:{talk.bo}"]  # not delivered yet
    deliver(village, f"line:{line}:{talk.bo}", talk.bo)
    for _ in range(2):
        with village.work() as session:
            lines.relay_news(session, tickets.get(session, 1), session.get(Line, line), now=village.now)
    assert [letter.place for letter in talk.letters("follow_up")][1:] == [f"again:{line}:{talk.bo}"]


def deliver(village, place: str, to: int) -> None:
    """As if the letter had been sent."""
    with village.work() as session:
        session.add(Posted(place=place, to_id=to, channel="D2", ts=f"{next(numbers)}.0", digest="", at=village.now))


def test_nobody_is_told_news_where_nobody_has_the_question(talk, village):
    line = talk.writes(LOCK)
    with village.work() as session:
        lines.relay_news(session, tickets.get(session, 1), session.get(Line, line), now=village.now)
    assert talk.letters("follow_up") == []


def test_words_of_an_erased_author_stay_as_they_are(talk, village):
    line = talk.writes(LOCK)
    with village.work() as session:
        session.get(Line, line).author_id = None
    talk.edits(line, PRINTER)
    assert talk.line(line).text == LOCK


# ---- what a version says ----------------------------------------------------------------------------------------------


def test_the_tool_is_read_anew_while_nobody_has_it(talk, village):
    line = talk.writes("Nu är det helt stopp igen och jag kommer ingen vart")
    assert village.look(1).tool is None
    talk.edits(line, LOCK)
    assert village.look(1).tool == "digital_lock"
    talk.does(tickets.take, 1, by=talk.bo)
    talk.edits(line, PRINTER)
    assert village.look(1).tool == "digital_lock"


@pytest.mark.parametrize("how", ["edit", "line"])
def test_perhaps_somebody_waits_is_asked_also_when_later_words_say_so(talk, village, how):
    line = talk.writes("Appen är seg")
    assert village.look(1).urgency is Urgency.CAN_WAIT
    talk.edits(line, LOCK) if how == "edit" else talk.writes(LOCK)
    assert village.look(1).urgency is Urgency.MAYBE_ACUTE


def test_but_not_when_she_has_answered_that(talk, village):
    line = talk.writes(LOCK)
    assert village.look(1).urgency is Urgency.MAYBE_ACUTE
    with village.work() as session:
        tickets.set_urgency(session, tickets.get(session, 1), Urgency.CAN_WAIT, by=talk.anna, now=village.now)
    talk.edits(line, LOCK + ".")
    talk.writes("Det är i rum tolv alltså")
    assert village.look(1).urgency is Urgency.CAN_WAIT


def test_a_line_that_loses_its_words_and_keeps_its_file(talk, village):
    line = talk.writes(LOCK, left_out=True)
    talk.edits(line, "")
    assert village.look(1).reason is tickets.Reason.WITHDRAWN


def test_nothing_without_words_becomes_a_question(talk, village):
    talk.writes(LOCK)
    line = talk.writes("", left_out=True)
    with pytest.raises(Gone):
        talk.splits(line)
    with village.work() as session, pytest.raises(Gone):
        asking.choose_question(session, session.get(Person, talk.anna), line, None, now=village.now)


@pytest.mark.parametrize("text", ["", "tack!", "Hej igen"])
def test_what_nobody_could_answer_is_not_offered_as_a_question(talk, text):
    talk.writes(LOCK)
    line = talk.writes(text, left_out=True)
    assert (talk.line(line).ticket_id, talk.line(line).guessed) == (1, False)


# ---- thanks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.TAKEN, State.WAITING_ASKER, State.WAITING_EXTERNAL, State.PARKED, State.OPEN])
def test_thanks_move_nothing(talk, village, state):
    ticket = village.standing(state, talk.anna, talk.bo)
    with village.work() as session:
        tickets.get(session, ticket).helper_wrote_at = village.now
    before = village.look(ticket)
    village.later(minutes=5)
    talk.writes("tack så mycket!", under=ticket)
    after = village.look(ticket)
    same = ("state", "owner_id", "next_step", "next_at", "taken_at")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.asker_wrote_at == village.now
    assert not after.helper_wrote_last  # what comes ten minutes later is a new question


# ---- a line leaves its question -----------------------------------------------------------------------------------------


@pytest.fixture
def solved(talk, village):
    """Called solved by Bo a minute ago."""
    talk.writes(LOCK)
    talk.answers(1)
    village.later(minutes=1)
    talk.does(tickets.solve, 1, by=talk.bo)
    village.later(minutes=1)
    return 1


SAME = (
    "state", "solved_by", "owner_id", "taken_at", "next_step", "next_at", "rung", "urgency", "reason", "closed_at",
    "helper_wrote_last", "tool",
)  # fmt: skip


def standing(ticket) -> dict[str, object]:
    return {name: getattr(ticket, name) for name in SAME}


def test_the_solved_question_stands_as_it_did(talk, solved, village):
    before = village.look(solved)
    assert before.solved_by is SolvedBy.EXPERT_USER
    line = talk.writes(PRINTER)
    assert village.look(solved).state is State.TAKEN
    village.later(seconds=30)
    second = talk.splits(line)
    assert standing(village.look(solved)) == standing(before)
    assert village.look(second).state is State.OPEN
    assert talk.splits(line) == second  # a second tap
    assert standing(village.look(solved)) == standing(before)
    assert [letter.place for letter in talk.letters("moved")] == [f"line:{line}:{talk.bo}"]
    assert len(talk.letters("outcome")) == 1  # nobody is asked again whether it helped


def test_also_when_she_had_been_reminded_of_it_and_it_was_solved_outside(talk, village):
    talk.writes(LOCK)
    village.later(minutes=1)
    talk.answers(1)
    talk.does(tickets.send_out, 1, by=talk.bo)
    talk.does(tickets.solve_outside, 1, by=talk.bo)
    village.later(days=2)
    talk.runs(tickets.warn, 1)
    before = village.look(1)
    assert (before.solved_by, before.next_step) == (SolvedBy.IT, NextStep.REST)
    village.later(hours=1)
    line = talk.writes("Skrivaren på kontoret skriver inte ut", under=1)
    assert village.look(1).state is State.TAKEN
    talk.splits(line)
    assert standing(village.look(1)) == standing(before)


def test_two_lines_leave_one_after_the_other(talk, solved, village):
    before = village.look(solved)
    first, second = talk.writes(PRINTER), talk.writes("Och datorn är helt svart")
    talk.splits(second)
    assert village.look(solved).state is State.TAKEN  # the first is still there
    talk.splits(first)
    assert standing(village.look(solved)) == standing(before)


def test_neither_a_note_nor_a_no_from_another_keeps_it_open(talk, solved, village):
    before = village.look(solved)
    village.now = village.now.replace(hour=22)  # Bo has gone home: it goes to the ladder
    line = talk.writes(PRINTER)
    assert village.look(solved).state is State.OPEN
    with village.work() as session:
        ticket = tickets.get(session, solved)
        lines.note(session, session.get(Person, talk.bo), ticket, "Samma fel i går", vouched=False, now=village.now)
        tickets.decline(session, solved, talk.gun, by=talk.gun, now=village.now)
    talk.splits(line)
    assert standing(village.look(solved)) == standing(before)


def test_what_somebody_does_with_it_meanwhile_stands(talk, solved, village):
    line = talk.writes(PRINTER)
    village.later(seconds=5)
    talk.answers(solved, "Vilken skrivare?")
    talk.splits(line)
    assert village.look(solved).state is State.TAKEN


def test_a_claim_that_was_running_runs_on(talk, village):
    """Taken and not answered: her other question changes nothing in that."""
    talk.writes(LOCK)
    talk.does(tickets.take, 1, by=talk.bo)
    before = village.look(1)
    village.later(minutes=5)
    line = talk.writes(PRINTER)
    talk.splits(line)
    after = village.look(1)
    assert (after.state, after.next_step, after.next_at) == (State.TAKEN, NextStep.REMIND, before.next_at)


def test_an_untaken_question_goes_on_as_it_was(talk, village):
    talk.writes(LOCK)
    before = village.look(1)
    line = talk.writes(PRINTER)
    talk.splits(line)
    assert (village.look(1).state, village.look(1).next_at) == (State.OPEN, before.next_at)
    assert village.story(1)[-1] == Event.WROTE
    assert talk.letters("moved") == []


def test_an_edit_of_the_line_that_left_does_not_come_back_to_its_old_place(talk, solved, village):
    line = talk.writes(PRINTER)
    deliver(village, f"line:{line}:{talk.bo}", talk.bo)
    talk.splits(line)
    before = len(talk.letters("follow_up", "needs_helper"))
    talk.does(tickets.take, 2, by=talk.bo)
    talk.edits(line, "Skrivaren på kontoret är död")
    assert [x for x in talk.letters("follow_up", "needs_helper")[before:] if x.place.startswith("line:")] == []


def test_news_about_a_line_that_left_before_it_was_read_arrives_all_the_same(talk, solved, village):
    line = talk.writes(PRINTER)
    talk.splits(line)
    talk.does(tickets.take, 2, by=talk.bo)
    talk.edits(line, "hon ligger på golvet och larmet svarar inte")
    assert [letter.place for letter in talk.letters("follow_up", "needs_helper")][1:] == [f"again:{line}:{talk.bo}"]


def test_a_helper_s_edit_goes_where_her_words_went(talk):
    talk.writes(LOCK)
    talk.answers(1)
    with talk.village.db.snapshot() as session:
        answer = lines.of_ticket(session, 1, Side.HELPER)[0]
    talk.edits(answer.pk, "Byt båda batterierna")
    assert talk.line(answer.pk).text == "Byt båda batterierna"
    assert len(talk.letters("answer")) == 2
    assert {letter.place for letter in talk.letters("answer")} == {f"line:{answer.pk}:{talk.anna}"}
