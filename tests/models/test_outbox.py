"""Letters: first in first out per person, edits pass what waits, nothing is lost and nothing is told twice."""

import itertools
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import event
from sqlmodel import select

from models import outbox
from models.db import Database
from models.outbox import LEASE, Intent, Letter, Outcome
from models.people import Person
from tests.effort import examples

SECOND = timedelta(seconds=1)


def put(village, to: int, place: str, cause: str = "1", kind: str = "receipt", wait: float = 0) -> bool:
    with village.work() as session:
        return outbox.put(
            session, Intent(kind, to, None, place, cause), now=village.now, due=village.now + wait * SECOND
        )


def claim(village, limit: int = 10) -> list[Letter]:
    with village.work() as session:
        return outbox.claim(session, now=village.now, limit=limit)


def places(letters: list[Letter]) -> list[str]:
    return [letter.place for letter in letters]


def send(village, letter: Letter, ts: str = "") -> None:
    with village.work() as session:
        outbox.sent(session, letter, channel="D", ts=ts or f"{letter.id}.0", digest="", now=village.now)


def do(village, verb, letter: Letter, **how) -> None:
    with village.work() as session:
        verb(session, letter, **how)


@pytest.fixture
def bo(village):
    return village.person("Bo")


@pytest.fixture
def gun(village):
    return village.person("Gun")


# ---- order -------------------------------------------------------------------------------------------------------


def test_first_in_first_out_per_person_and_people_do_not_wait_for_each_other(village, bo, gun):
    for place in ("a", "b"):
        put(village, bo, place)
    put(village, gun, "c")
    first = claim(village)
    assert places(first) == ["a", "c"]
    assert claim(village) == []  # b waits for a, which is on its way
    send(village, first[0])
    assert places(claim(village)) == ["b"]


def test_a_limit_takes_the_oldest(village, bo, gun):
    put(village, bo, "a")
    put(village, gun, "b")
    assert places(claim(village, limit=1)) == ["a"]
    assert places(claim(village, limit=1)) == ["b"]


def test_an_edit_passes_letters_that_wait_for_other_messages(village, bo):
    put(village, bo, "receipt")
    (first,) = claim(village)
    send(village, first)
    put(village, bo, "taken", kind="taken")
    (stuck,) = claim(village)
    do(village, outbox.later, stuck, at=village.now + 60 * SECOND, error="ratelimited", in_doubt=False)
    put(village, bo, "answer", kind="answer")
    put(village, bo, "receipt", cause="2")
    assert places(claim(village)) == ["receipt"]


def test_the_same_message_is_never_overtaken(village, bo):
    put(village, bo, "receipt")
    (first,) = claim(village)
    send(village, first)
    put(village, bo, "receipt", cause="2")
    put(village, bo, "receipt", cause="3")
    (second,) = claim(village)
    assert second.key.endswith(":2")
    assert claim(village) == []
    do(village, outbox.later, second, at=village.now + SECOND, error="x", in_doubt=False)
    assert claim(village) == []
    village.later(seconds=1)
    assert [letter.key for letter in claim(village)] == [second.key]


def test_a_pause_blocks_only_the_person_it_is_about(village, bo, gun):
    for to in (bo, gun):
        put(village, to, f"a{to}")
        put(village, to, f"b{to}")
    stuck, fine = claim(village)
    do(village, outbox.later, stuck, at=village.now + 900 * SECOND, error="x", in_doubt=False)
    send(village, fine)
    (other,) = claim(village)
    assert other.place == f"b{gun}"
    send(village, other)
    village.later(seconds=900)
    assert places(claim(village)) == [f"a{bo}"]


def test_what_is_held_leaves_the_queue_and_blocks_nobody(village, bo):
    put(village, bo, "a")
    put(village, bo, "b")
    (held,) = claim(village)
    do(village, outbox.hold, held, until=village.now + 3600 * SECOND)
    (passed,) = claim(village)
    assert passed.place == "b"
    send(village, passed)
    assert claim(village) == []
    village.later(hours=1)
    assert places(claim(village)) == ["a"]


def test_what_is_not_due_yet_waits_without_blocking(village, bo):
    put(village, bo, "card", wait=20)
    put(village, bo, "receipt")
    (now,) = claim(village)
    assert now.place == "receipt"
    send(village, now)
    village.later(seconds=19)
    assert claim(village) == []
    village.later(seconds=1)
    assert places(claim(village)) == ["card"]


def test_cards_that_wait_are_moved_but_not_those_that_are_due_or_tried(village, bo, gun):
    with village.work() as session:
        for to, due in ((bo, 20), (gun, 0)):
            outbox.put(
                session, Intent("card", to, 7, f"card{to}", "1"), now=village.now, due=village.now + due * SECOND
            )
        outbox.reschedule(session, "card", 7, due=village.now + 40 * SECOND, now=village.now)
        outbox.reschedule(session, "card", 8, due=village.now + 90 * SECOND, now=village.now)
    with village.work() as session:
        due = {letter.to_id: letter.due_at - village.now for letter in session.exec(select(Letter))}
    assert due == {bo: 40 * SECOND, gun: 0 * SECOND}


# ---- once ----------------------------------------------------------------------------------------------------------


def test_a_cause_has_one_letter(village, bo):
    assert put(village, bo, "receipt")
    assert not put(village, bo, "receipt")
    assert put(village, bo, "receipt", cause="2")
    assert put(village, bo, "receipt", kind="taken")


def test_every_letter_has_a_mark_of_its_own(village, bo):
    for i in range(20):
        put(village, bo, "receipt", cause=str(i))
    with village.work() as session:
        assert len(set(session.exec(select(Letter.mark)))) == 20


def test_a_lease_that_ran_out_means_in_doubt(village, bo):
    put(village, bo, "a")
    (first,) = claim(village)
    assert (first.in_doubt, first.tries) == (False, 0)
    village.now += LEASE - SECOND
    assert claim(village) == []
    village.later(seconds=1)
    (again,) = claim(village)
    assert again.in_doubt
    assert again.tries == 1


@pytest.mark.parametrize("doubt", [True, False])
def test_a_letter_keeps_the_doubt_that_slack_left(village, bo, doubt):
    put(village, bo, "a")
    (first,) = claim(village)
    do(village, outbox.later, first, at=village.now + SECOND, error="x", in_doubt=doubt)
    village.later(seconds=1)
    (again,) = claim(village)
    assert again.in_doubt is doubt


def test_a_letter_in_doubt_that_is_held_overnight_is_still_in_doubt_in_the_morning(village, bo):
    """Else what was posted just before the process died would be posted again at seven."""
    put(village, bo, "a")
    claim(village)
    village.now += LEASE
    (again,) = claim(village)
    do(village, outbox.hold, again, until=village.now + 3600 * SECOND)
    village.later(hours=1)
    assert [letter.in_doubt for letter in claim(village)] == [True]


def test_a_letter_that_was_never_tried_is_held_without_a_doubt(village, bo):
    put(village, bo, "a")
    (first,) = claim(village)
    do(village, outbox.hold, first, until=village.now + 3600 * SECOND)
    village.later(hours=1)
    assert [(letter.in_doubt, letter.tries) for letter in claim(village)] == [(False, 0)]


def test_what_is_done_stays_done(village, bo):
    put(village, bo, "a")
    (first,) = claim(village)
    do(village, outbox.finish, first, outcome=Outcome.GIVEN_UP, now=village.now, error="user_disabled")
    do(village, outbox.later, first, at=village.now, error="late", in_doubt=True)
    village.later(days=1)
    assert claim(village) == []
    with village.work() as session:
        (lost,) = outbox.given_up(session)
        assert (lost.error, lost.outcome) == ("user_disabled", Outcome.GIVEN_UP)
        assert outbox.waiting(session, now=village.now) == 0


# ---- places --------------------------------------------------------------------------------------------------------


def test_a_place_is_where_it_was_posted_last(village, bo):
    put(village, bo, "receipt:F-1")
    (first,) = claim(village)
    send(village, first, ts="1.0")
    with village.work() as session:
        assert outbox.at(session, "D", "1.0") == "receipt:F-1"
        assert outbox.at(session, "D", "2.0") is None
        outbox.forget_place(session, "receipt:F-1")
        assert outbox.where_is(session, ["receipt:F-1"]) == {}
    send(village, first, ts="2.0")
    send(village, first, ts="3.0")
    with village.work() as session:
        assert outbox.where_is(session, ["receipt:F-1"])["receipt:F-1"].ts == "3.0"
        outbox.move_place(session, "receipt:F-1", "receipt:F-2")
        assert outbox.at(session, "D", "3.0") == "receipt:F-2"
        assert outbox.roots_alive(session, ["receipt:F-2"] * 600) == [("D", "3.0")] * 2



# ---- when the worker looks again ------------------------------------------------------------------------------------


def next_due(village):
    with village.db.snapshot() as session:
        return outbox.next_due(session, now=village.now)


def test_the_worker_sleeps_until_something_can_be_done(village, bo):
    assert next_due(village) is None
    put(village, bo, "a", wait=90)
    assert next_due(village) == village.now + 90 * SECOND
    put(village, bo, "b")
    assert next_due(village) == village.now
    (letter,) = claim(village)
    assert next_due(village) == village.now + LEASE  # unless it is answered before: that wakes the worker
    do(village, outbox.later, letter, at=village.now + 5 * SECOND, error="x", in_doubt=False)
    assert next_due(village) == village.now + 5 * SECOND


def test_letters_behind_a_pause_do_not_keep_the_worker_awake(village, bo):
    """It would ask the database fifty times a second, for a quarter of an hour."""
    put(village, bo, "a")
    put(village, bo, "b")
    (stuck,) = claim(village)
    do(village, outbox.later, stuck, at=village.now + 900 * SECOND, error="x", in_doubt=False)
    assert next_due(village) == village.now + 900 * SECOND


# ---- anything in any order -------------------------------------------------------------------------------------------

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
PEOPLE, PLACES = (1, 2), ("x", "y", "z")


class PostOffice(RuleBasedStateMachine):
    """Two people, three messages each; letters come, are sent, fail, are held, and processes die."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "town.db"
        shutil.copy(self.template, file)
        self.db, self.now, self.count = Database(f"sqlite:///{file}"), START, itertools.count(1)
        event.listen(self.db.engine, "connect", lambda db, _: db.execute("pragma synchronous = off"))
        with self.db.transaction() as session:
            session.add_all(Person(id=i, chat_user_id=f"U{i}") for i in PEOPLE)
        self.due: dict[str, datetime] = {}  # letters that are written and not finished
        self.held: dict[str, datetime] = {}  # claimed: until when nobody else may
        self.free_at: dict[str, datetime] = {}
        self.doubtful: dict[str, bool] = {}
        self.order: dict[str, int] = {}
        self.posted: set[tuple[int, str]] = set()
        self.hands: list[Letter] = []
        self.written = 0

    def teardown(self) -> None:
        """No letter is lost: after long enough every one of them has been finished."""
        self.hands = []
        for _ in range(self.written + 1):
            self.now += timedelta(minutes=5)
            self._claim(50)
            for letter in list(self.hands):
                self._send(letter)
        assert self.due == {}
        with self.db.transaction() as session:
            rows = session.exec(select(Letter)).all()
        assert len(rows) == self.written
        assert all(row.done_at for row in rows)
        self.db.close()
        self.folder.cleanup()

    @rule(to=st.sampled_from(PEOPLE), place=st.sampled_from(PLACES), wait=st.sampled_from([0, 0, 20]))
    def write(self, to: int, place: str, wait: int) -> None:
        number = next(self.count)
        due = self.now + wait * SECOND
        with self.db.transaction() as session:
            assert outbox.put(session, Intent("k", to, None, f"{to}{place}", str(number)), now=self.now, due=due)
            assert not outbox.put(session, Intent("k", to, None, f"{to}{place}", str(number)), now=self.now)
        key = f"k:{to}{place}:{number}"
        self.due[key], self.order[key], self.free_at[key], self.doubtful[key] = due, number, due, False
        self.written += 1

    @rule(limit=st.sampled_from([1, 2, 5]))
    def _claim(self, limit: int) -> None:
        with self.db.transaction() as session:
            claimed = outbox.claim(session, now=self.now, limit=limit)
        for letter in claimed:
            self._may_be_claimed(letter)
            assert letter.in_doubt is self.doubtful[letter.key]
            self.held[letter.key], self.doubtful[letter.key] = self.now + LEASE, True
        self.hands = [old for old in self.hands if old.key not in {new.key for new in claimed}] + claimed

    def _may_be_claimed(self, letter: Letter) -> None:
        key, person = letter.key, letter.to_id
        assert self.due[key] <= self.now
        assert self.free_at[key] <= self.now
        assert self.held.get(key, self.now) <= self.now
        turn = (self.due[key], self.order[key])
        for other, due in self.due.items():
            mine = other.startswith(f"k:{person}")
            if mine and due <= self.now and (due, self.order[other]) < turn:
                assert (person, letter.place) in self.posted  # only an edit may pass
                assert other.split(":")[1] != letter.place  # and never a letter for the same message

    def _current(self, letter: Letter) -> bool:
        """Whoever holds an expired lease may still answer; here only those whose lease holds do."""
        return self.held.get(letter.key, self.now) > self.now

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(self.hands), label="letter")
        if self._current(letter):
            self._send(letter)

    def _send(self, letter: Letter) -> None:
        with self.db.transaction() as session:
            outbox.sent(session, letter, channel=f"D{letter.to_id}", ts=letter.place, digest="", now=self.now)
        self.posted.add((letter.to_id, letter.place))
        self._forget(letter)
        del self.due[letter.key]

    @precondition(lambda self: self.hands)
    @rule(data=st.data(), pause=st.sampled_from([1, 30]), doubt=st.booleans())
    def fail(self, data: st.DataObject, pause: int, doubt: bool) -> None:
        letter = data.draw(st.sampled_from(self.hands), label="letter")
        if not self._current(letter):
            return
        with self.db.transaction() as session:
            outbox.later(session, letter, at=self.now + pause * SECOND, error="x", in_doubt=doubt)
        self.free_at[letter.key], self.doubtful[letter.key] = self.now + pause * SECOND, doubt
        self._forget(letter)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(self.hands), label="letter")
        if not self._current(letter):
            return
        with self.db.transaction() as session:
            outbox.hold(session, letter, until=self.now + 40 * SECOND)
        self.due[letter.key] = self.free_at[letter.key] = self.now + 40 * SECOND
        self.doubtful[letter.key] = letter.in_doubt
        self._forget(letter)

    @rule()
    def die(self) -> None:
        """The process is killed with letters in its hands."""
        self.hands = []

    @rule(seconds=st.sampled_from([1, 20, 61]))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    def _forget(self, letter: Letter) -> None:
        self.hands = [other for other in self.hands if other.key != letter.key]
        self.held.pop(letter.key, None)


def test_no_letter_is_lost_and_each_person_gets_hers_in_order(empty_database):
    class Here(PostOffice):
        template = empty_database

    run_state_machine_as_test(
        Here,
        settings=hypothesis_settings(max_examples=examples(20), stateful_step_count=25, deadline=None, phases=[Phase.generate]),
    )
