"""Drop-ins: questions are brought, taken up, put off, and never forgotten."""

import contextlib
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from models import asking, auditor, ladder, proposals, stuga, stuga_day, stuga_plan, tickets
from models.clock import STOCKHOLM
from models.errors import AlreadyTaken, Gone, NotYours, Refused
from models.importing import Faulty
from models.people import Person
from models.stuga import Move, NotAhead, Wish
from models.stuga_day import AlreadyLogged, NotBegun, Outcome, Word
from models.stuga_plan import One
from models.stuga_series import NotComing, Part, Stage, Stuga, StugaSeries
from models.tickets import NextStep, SolvedBy, State
from tests.effort import WHOLE
from tests.models.stugor import Stugor
from tests.models.village import Village
from tests.places import laid

LOCK, SIGNING = "digital_lock", "digital_signing"


class Scene(Stugor):
    """Tuesday at noon; at 13.30 there is a session with Cia as its host and Bo as a helper, and one on Thursday."""

    def __init__(self, village: Village) -> None:
        super().__init__(village)
        self.anna, self.bo, self.cia = village.person("Anna"), village.expert("Bo"), village.specialist("Cia")
        self.ivar = village.coordinator("Ivar")
        self.series("tis", "tue")
        self.series("tor", "thu")
        for key in ("tis", "tor"):
            self.turn(key, self.cia)
            self.turn(key, self.bo, Part.HELPER)
        self.keep()
        self.today = self.next()

    def brought(self, *tools: str | None) -> list[int]:
        """Questions of Anna's that are parked for today's session."""
        made = [self.village.ticket(self.anna, tool=tool) for tool in tools]
        for ticket_id in made:
            self.do(stuga.park, ticket_id, by=self.anna, stuga_id=self.today.pk)
        return made

    def begins(self) -> None:
        self.at(self.today.starts_at)


@pytest.fixture
def scene(village: Village) -> Scene:
    return Scene(village)


def test_a_question_is_brought_taken_up_and_its_asker_hears_of_it_after_a_moment(scene):
    solved, guide, it, away, left = scene.brought(LOCK, LOCK, SIGNING, None, None)
    for ticket_id in (solved, left):
        ticket = scene.village.look(ticket_id)
        assert (ticket.state, ticket.stuga_id, ticket.next_at) == (State.PARKED, scene.today.id, None)
    scene.begins()
    found = scene.agenda(scene.today.pk)
    assert [(group.tool, len(group.points)) for group in found.groups] == [(None, 2), (LOCK, 2), (SIGNING, 1)]
    assert {point.asker for group in found.groups for point in group.points} == {"Anna"}
    public = scene.agenda(scene.today.pk, names=False)
    assert {(p.asker, p.asked, p.with_name) for g in public.groups for p in g.points} == {("", "", "")}
    scene.log(scene.today.pk, solved, Outcome.SOLVED, scene.bo, line="Håll in knappen")
    scene.log(scene.today.pk, guide, Outcome.GUIDE, scene.bo)
    scene.log(scene.today.pk, it, Outcome.IT, scene.cia)
    scene.log(scene.today.pk, away, Outcome.FELL_AWAY, scene.cia)
    look = scene.village.look
    assert (look(solved).state, look(solved).owner_id, look(solved).solved_by) == (
        State.SOLVED_PROPOSED, scene.bo, SolvedBy.STUGA,
    )  # fmt: skip
    assert (look(guide).state, look(guide).rung) == (State.OPEN, tickets.Rung.COORDINATOR)  # Cia has a room full
    assert (look(it).state, look(it).owner_id, look(it).next_step) == (
        State.WAITING_EXTERNAL, scene.cia, NextStep.CHECK,
    )  # fmt: skip
    assert look(away).state is State.CLOSED
    told = scene.letters("stuga_outcome")
    assert [letter.to_id for letter in told] == [scene.anna] * 4
    assert {letter.due_at for letter in told} == {scene.village.now + timedelta(minutes=2)}
    with scene.village.work() as session:
        assert stuga_day.outcome_told(session, solved, scene.today.pk) == (Outcome.SOLVED, "Håll in knappen")
        assert stuga_day.to_propose(session, now=scene.village.now) == [], "it can be undone"
    scene.village.later(minutes=100)
    for _ in range(2):
        with scene.village.work() as session:
            for item in stuga_day.to_propose(session, now=scene.village.now):
                stuga_day.propose(session, item, now=scene.village.now)
    with scene.village.work() as session:
        made = proposals.of_ticket(session, solved)
        assert (made.text, made.by_id) == ("Håll in knappen", scene.bo)
    scene.do(stuga_day.end, scene.today.pk, by=scene.cia)
    assert (look(left).state, look(left).stuga_id) == (State.PARKED, scene.next("tor").id)
    assert [letter.to_id for letter in scene.letters("stuga_summary")] == [scene.cia]
    with scene.village.work() as session:
        said = stuga_day.summary(session, scene.today.pk)
    assert said.outcomes[Outcome.SOLVED] == said.outcomes[Outcome.NOT_TAKEN] == said.answers == 1


def test_who_is_faster_has_it_and_a_wrong_tap_can_be_put_right(scene):
    first, second, _ = scene.brought(LOCK, LOCK, SIGNING)
    with pytest.raises(NotBegun):
        scene.log(scene.today.pk, first, Outcome.SOLVED, scene.bo)
    scene.begins()
    with pytest.raises(NotYours):
        scene.log(scene.today.pk, first, Outcome.SOLVED, scene.anna)
    mine = scene.do(stuga_day.next_question, scene.today.pk, by=scene.bo)
    other = scene.do(stuga_day.next_question, scene.today.pk, by=scene.cia)
    assert {mine.pk, other.pk} == {first, second}  # the largest group comes first
    with pytest.raises(AlreadyTaken) as no:
        scene.do(stuga_day.begin, scene.today.pk, other.pk, by=scene.bo)
    assert no.value.about["name"] == "Cia"
    scene.do(stuga_day.put_back, scene.today.pk, other.pk, by=scene.cia)
    assert scene.do(stuga_day.begin, scene.today.pk, other.pk, by=scene.bo).pk == other.pk
    scene.log(scene.today.pk, first, Outcome.FELL_AWAY, scene.bo)
    with pytest.raises(AlreadyLogged):
        scene.log(scene.today.pk, first, Outcome.SOLVED, scene.cia)
    scene.log(scene.today.pk, first, Outcome.SOLVED, scene.bo, instead_of=Outcome.FELL_AWAY)
    assert scene.village.look(first).state is State.SOLVED_PROPOSED
    scene.do(tickets.confirm, first, by=scene.anna)
    with pytest.raises(tickets.NotYourTurn):
        scene.log(scene.today.pk, first, Outcome.IT, scene.bo, instead_of=Outcome.SOLVED)
    assert scene.village.look(first).state is State.CLOSED
    assert {letter.place for letter in scene.letters("stuga_outcome")} == {f"stuga_outcome:F-{first}:{scene.today.pk}"}


def test_several_are_closed_with_one_answer(scene):
    ids = scene.brought(LOCK, LOCK, LOCK)
    scene.begins()
    scene.log(scene.today.pk, ids[0], Outcome.IT, scene.cia)
    got = scene.do(stuga_day.log_many, scene.today.pk, ids, Word(Outcome.SOLVED, "Byt batteri"), by=scene.bo)
    assert (got.done, got.before) == (tuple(ids[1:]), (ids[0],))
    with scene.village.work() as session:
        assert [stuga_day.outcome_told(session, i, scene.today.pk)[1] for i in ids] == ["", "Byt batteri", "Byt batteri"]


def test_a_guide_that_is_needed_is_a_task_of_the_tools_specialist(scene):
    one, two = scene.brought(LOCK, SIGNING)
    scene.begins()
    assert wanted(scene, scene.cia) == []
    for ticket_id in (one, two):
        scene.log(scene.today.pk, ticket_id, Outcome.GUIDE, scene.bo)
    assert [guide.ticket_id for guide in wanted(scene, scene.cia)] == [one, two]
    assert (wanted(scene, scene.bo), wanted(scene, scene.cia)[0].tool) == ([], LOCK)
    item = wanted(scene, scene.cia)[0].item_id
    with pytest.raises(NotYours):
        scene.do(stuga_day.guide_done, item, by=scene.bo)
    scene.do(stuga_day.guide_done, item, by=scene.cia)
    with pytest.raises(Gone):
        scene.do(stuga_day.guide_done, item, by=scene.cia)
    scene.log(scene.today.pk, two, Outcome.FELL_AWAY, scene.bo, instead_of=Outcome.GUIDE)
    assert wanted(scene, scene.cia) == []


def wanted(scene, who):
    with scene.village.work() as session:
        return stuga_day.guides_wanted(session, who, now=scene.village.now)


def test_what_has_ended_is_found_while_outcomes_can_be_logged(scene):
    scene.begins()
    scene.do(stuga_day.end, scene.today.pk, by=scene.cia)
    for own, who in ((True, scene.bo), (False, scene.cia)):
        assert scene.today.pk in found(scene, who, own=own)
    assert found(scene, scene.anna, own=False) == []
    scene.at(datetime(2026, 11, 25, 12, 1, tzinfo=STOCKHOLM))
    assert scene.today.pk not in found(scene, scene.bo, own=True)


def found(scene, who, *, own):
    with scene.village.work() as session:
        return [each.pk for each in stuga.open_to(session, who, now=scene.village.now, own=own)]


def test_walk_ins_are_two_taps_and_nobody_is_noted(scene):
    scene.brought(SIGNING)
    scene.begins()
    with scene.village.work() as session:
        assert stuga_day.walk_in_tools(session, scene.today.pk)[0] == SIGNING
        assert len(stuga_day.walk_in_tools(session, scene.today.pk)) == 6
    done = scene.do(stuga_day.walk_in, scene.today.pk, LOCK, Word(Outcome.SOLVED), by=scene.bo)
    assert (done.state, done.asker_id, done.solved_by) == (State.CLOSED, None, SolvedBy.STUGA)
    on = scene.do(stuga_day.walk_in, scene.today.pk, LOCK, Word(Outcome.SPECIALIST, "Larmar ej"), by=scene.bo)
    assert (on.state, on.asker_id, on.for_colleague, on.next_at is not None) == (State.OPEN, scene.bo, True, True)
    for mute in (Outcome.SPECIALIST, Outcome.IT, Outcome.ROUTINE):
        with pytest.raises(stuga_day.NothingSaid):
            scene.do(stuga_day.walk_in, scene.today.pk, LOCK, Word(mute), by=scene.bo)
    guide = scene.do(stuga_day.walk_in, scene.today.pk, LOCK, Word(Outcome.GUIDE), by=scene.bo)
    assert (guide.state, guide.asker_id, guide.next_at) == (State.CLOSED, None, None), "a task: nobody has a question to answer"
    with scene.village.work() as session:
        assert [each.ticket_id for each in stuga_day.guides_wanted(session, scene.cia, now=scene.village.now)] == [guide.pk]
    assert scene.letters("stuga_outcome") == []
    for more, heads in ((5, 5), (1, 6), (-9, 0), (1, 1)):
        assert scene.do(stuga_day.count, scene.today.pk, more, by=scene.bo) == heads
    with scene.village.work() as session:
        said = stuga_day.summary(session, scene.today.pk)
    assert (said.walk_ins, said.stuga.heads, said.outcomes) == (
        3, 1, {Outcome.SOLVED: 1, Outcome.SPECIALIST: 1, Outcome.GUIDE: 1}
    )  # fmt: skip


def test_who_runs_a_session_is_asked_when_it_is_over_unless_somebody_waits_now(scene):
    """Bo is the only expert of the unit: his cards wait until three, or until four if it runs over."""
    scene.begins()
    calm = scene.village.ticket(scene.anna, tool=SIGNING)
    acute = scene.village.ticket(scene.anna, tool=SIGNING, urgency="acute")
    busy = {h.person_id: (h.busy, h.presence.back_at) for h in helpers(scene, calm)}
    assert busy[scene.bo] == busy[scene.cia] == (True, scene.today.ends_at)
    assert busy[scene.ivar][0] is False
    with scene.village.work() as session:
        session.get(Person, scene.ivar).paused_until = scene.village.now + timedelta(hours=3)
    for ticket_id in (calm, acute):
        with scene.village.work() as session:
            ladder.advance(session, tickets.get(session, ticket_id), now=scene.village.now)
    assert scene.village.look(calm).next_at == scene.today.ends_at
    assert cards(scene, calm) == []
    assert cards(scene, acute) == [scene.bo]  # nobody else is there
    scene.at(scene.today.ends_at + timedelta(minutes=40))  # it runs over
    assert {h.person_id: h.presence.back_at for h in helpers(scene, calm)}[scene.bo] == (
        scene.today.ends_at + timedelta(minutes=60)
    )
    scene.do(stuga_day.end, scene.today.pk, by=scene.cia)
    scene.do(ladder.tick, calm)
    assert cards(scene, calm) == [scene.bo]


def helpers(scene, ticket_id):
    with scene.village.work() as session:
        return ladder.helpers_for(session, tickets.get(session, ticket_id), now=scene.village.now)


def cards(scene, ticket_id):
    with scene.village.work() as session:
        return [c.person_id for c in tickets.candidates(session, ticket_id) if c.left_at is None]


def test_nobody_ends_it_and_the_clock_does_the_next_working_day_at_noon(scene):
    missed, late = scene.brought(None, LOCK)
    scene.begins()
    scene.at(datetime(2026, 11, 25, 11, 0, tzinfo=STOCKHOLM))
    scene.tick()
    assert scene.look(scene.today.pk).stage is Stage.PLANNED
    scene.log(scene.today.pk, late, Outcome.SOLVED, scene.bo)
    scene.village.later(hours=1)
    scene.tick()
    assert scene.look(scene.today.pk).stage is Stage.ENDED
    assert scene.village.look(missed).stuga_id == scene.next("tor").id
    with pytest.raises(NotComing):
        scene.do(stuga_day.end, scene.today.pk, by=scene.cia)


def test_what_is_not_taken_up_is_asked_about_and_never_lies_for_ever(scene):
    (ticket,) = scene.brought(None)
    kinds = []
    for key in ("tis", "tor", "tis"):
        held = scene.next(key)
        scene.at(held.starts_at)
        scene.do(stuga_day.end, held.pk, by=scene.cia)
        kinds.append((scene.letters("stuga_still") or scene.letters("stuga_outcome"))[-1].kind)
    assert kinds == ["stuga_outcome", "stuga_still", "stuga_still"]
    assert scene.where(ticket) == "ladder"


def test_what_was_put_off_can_still_be_logged_until_noon(scene):
    (ticket,) = scene.brought(LOCK)
    scene.begins()
    scene.do(stuga_day.end, scene.today.pk, by=scene.cia)
    scene.village.later(hours=2)
    scene.log(scene.today.pk, ticket, Outcome.SOLVED, scene.bo, line="Batteriet")
    assert (scene.village.look(ticket).state, scene.village.look(ticket).stuga_id) == (State.SOLVED_PROPOSED, None)
    scene.at(datetime(2026, 11, 25, 12, 1, tzinfo=STOCKHOLM))
    with pytest.raises(NotComing):
        scene.log(scene.today.pk, ticket, Outcome.IT, scene.bo, instead_of=Outcome.SOLVED)


def test_twelve_are_brought_three_walk_in_two_help_and_it_runs_over(scene):
    asked = scene.brought(*[LOCK] * 5, *[SIGNING] * 4, *[None] * 3)
    scene.begins()
    for n in range(5):
        taken = [scene.do(stuga_day.next_question, scene.today.pk, by=who) for who in (scene.bo, scene.cia)]
        scene.village.later(minutes=20)
        for who, ticket in zip((scene.bo, scene.cia), taken, strict=True):
            scene.log(scene.today.pk, ticket.pk, Outcome.SOLVED, who, line="Så här" if n else "")
        if n < 3:
            scene.do(stuga_day.walk_in, scene.today.pk, LOCK, Word(Outcome.SOLVED), by=scene.bo)
    scene.at(datetime(2026, 11, 24, 15, 40, tzinfo=STOCKHOLM))
    assert next(h.busy for h in helpers(scene, asked[0]) if h.person_id == scene.bo)
    assert scene.agenda(scene.today.pk).left == 2
    scene.do(stuga_day.end, scene.today.pk, by=scene.bo)
    with scene.village.work() as session:
        said = stuga_day.summary(session, scene.today.pk)
    assert (said.outcomes, said.walk_ins, said.answers, said.minutes) == (
        {Outcome.SOLVED: 13, Outcome.NOT_TAKEN: 2}, 3, 8, 200,
    )  # fmt: skip
    assert sum(said.tools.values()) == 15
    left = [t for t in asked if scene.village.look(t).state is State.PARKED]
    assert {scene.village.look(t).stuga_id for t in left} == {scene.next("tor").id}
    assert sorted(letter.about_id for letter in scene.letters("stuga_outcome")) == asked


# ---- cancelled, moved, out of season -------------------------------------------------------------------------------


def test_the_host_falls_ill_and_everybody_is_told_once(scene):
    """At 13.00: what fits goes to Thursday's, which is about signing only; the rest back to the ladder."""
    with scene.village.work() as session:
        for row in session.exec(select(StugaSeries).where(StugaSeries.key == "tor")):
            row.tools = SIGNING
        for row in session.exec(select(StugaSeries).where(StugaSeries.key == "tis")):
            row.ends_on = date(2026, 11, 30)
    scene.keep()
    moa = scene.village.person("Moa")
    signing, lock = scene.brought(SIGNING, LOCK)
    hers = scene.village.ticket(moa, tool=SIGNING)
    scene.do(stuga.park, hers, by=moa)
    assert scene.village.look(hers).stuga_id == scene.today.id
    scene.village.later(hours=1)
    with pytest.raises(NotYours):
        scene.do(stuga.cancel, scene.today.pk, by=moa)
    scene.do(stuga.cancel, scene.today.pk, by=scene.cia)
    with pytest.raises(NotComing):
        scene.do(stuga.cancel, scene.today.pk, by=scene.cia)
    assert [scene.where(t) for t in (signing, hers, lock)] == ["stuga", "stuga", "ladder"]
    assert sorted(letter.to_id for letter in scene.letters("stuga_told")) == sorted([scene.anna, moa])
    staff = scene.letters("stuga_told_staff")
    assert [letter.to_id for letter in staff if letter.about_id == scene.today.id] == [scene.bo]
    assert len(staff) == 3  # that the season ends was told once to each, not once a week
    with scene.village.work() as session:
        assert {t.id for t in stuga.brought(session, scene.today.pk, scene.anna)} == {signing, lock}


def test_a_move_keeps_what_is_brought_while_it_is_near_enough(scene):
    (ticket,) = scene.brought(LOCK)
    starts = scene.today.starts_at + timedelta(days=1)
    with pytest.raises(NotAhead):
        scene.do(stuga.move, scene.today.pk, Move(starts_at=starts), by=scene.cia)  # it would end before
    scene.do(stuga.move, scene.today.pk, Move(starts, starts + timedelta(hours=1), room="Linden"), by=scene.cia)
    scene.keep()  # the calendar does not move it back
    held = scene.look(scene.today.pk)
    assert (held.starts_at, held.room, held.sequence, held.own) == (starts, "Linden", 1, True)
    assert scene.village.look(ticket).stuga_id == held.id
    far = scene.village.now + timedelta(days=30)
    scene.do(stuga.move, scene.today.pk, Move(far, far + timedelta(hours=1)), by=scene.cia)
    assert scene.village.look(ticket).stuga_id == scene.next("tor").id
    assert len(scene.letters("stuga_told")) == 2


def test_the_season_ends_with_questions_left_and_the_weeks_of_the_pause_say_so(scene):
    scene.at(datetime(2027, 6, 29, 12, 0, tzinfo=STOCKHOLM))  # Tuesday of week 26
    scene.keep()
    pauses = [s for s in scene.all() if s.starts_at > scene.village.now and 28 <= s.day.isocalendar().week <= 31]
    assert pauses == []
    scene.at(datetime(2027, 7, 12, 12, 0, tzinfo=STOCKHOLM))  # Monday of week 28
    lost = scene.village.ticket(scene.anna, tool=LOCK)
    scene.do(stuga.park, lost, by=scene.anna)
    assert scene.where(lost) == "waits"
    with scene.village.work() as session:
        pause = stuga.pause_now(session, now=scene.village.now)
    assert (pause.first_week, pause.last_week, pause.back_at.date()) == (28, 31, date(2027, 8, 10))
    scene.village.later(days=14)
    scene.do(ladder.tick, lost)
    assert scene.where(lost) == "ladder"


def test_a_question_that_waits_without_a_session_gets_one_that_is_planned_later(scene):
    for stuga_id in (s.pk for s in scene.all(Stuga.stage == Stage.PLANNED)):
        scene.do(stuga.cancel, stuga_id, by=scene.cia)
    ticket = scene.village.ticket(scene.anna, tool=LOCK)
    scene.do(stuga.park, ticket, by=scene.anna)
    assert scene.where(ticket) == "waits"
    scene.series("fre", "fri")
    scene.keep()
    assert scene.village.look(ticket).stuga_id == scene.next("fre").id


def test_night_staff_get_theirs_and_others_get_it_last(scene):
    scene.series("natt", "wed", "07:15", "07:45", for_night=True)
    scene.keep()
    scene.at(datetime(2026, 11, 25, 2, 0, tzinfo=STOCKHOLM))
    with scene.village.work() as session:
        names = [s.series for s in stuga.suitable(session, Wish(night=True), now=scene.village.now)]
        assert names[0] == "natt"
        assert [s.series for s in stuga.suitable(session, Wish(), now=scene.village.now, most=9)].index("natt") > 0
        assert stuga.works_nights(session, scene.anna, now=scene.village.now)
        assert not stuga.works_nights(session, scene.anna, now=scene.village.now + timedelta(hours=8))


def test_an_acute_line_waits_for_no_drop_in(scene):
    (ticket,) = scene.brought(LOCK)
    with scene.village.work() as session:
        asking.hurry(session, tickets.get(session, ticket), by=scene.anna, now=scene.village.now)
    assert (scene.where(ticket), scene.village.look(ticket).rung) == ("ladder", tickets.Rung.UNIT_EXPERT)


def test_the_auditor_finds_what_is_parked_for_what_does_not_come(scene):
    ticket, fine = scene.brought(LOCK, LOCK)
    scene.do(stuga.park, fine, by=scene.anna, stuga_id=scene.next("tor").pk)
    with scene.village.db.engine.begin() as connection:
        connection.execute(
            text("update stuga set stage = 'ended', next_at = null, next_step = null, closed_at = changed_at where id = :id"),
            {"id": scene.today.pk},
        )
    with scene.village.work() as session:
        assert auditor.suspects(session, now=scene.village.now) == [ticket]
    scene.do(auditor.mend, ticket)
    assert (scene.where(ticket), scene.where(fine)) == ("ladder", "stuga")


# ---- whatever happens ----------------------------------------------------------------------------------------------

PLACES = {"stuga", "waits", "ladder", "closed"}
DO = (
    *("park", "unpark", "take", "cancel", "move", "far", "end", "log", "reopen", "withdraw", "later", "days", "keep"),
    *("begin", "confirm", "deny", "still", "replan", "once", "stop", "walk"),
)


ACTS = st.lists(st.tuples(st.sampled_from(DO), st.integers(0, 3), st.integers(0, 5)), min_size=4, max_size=14)


@pytest.mark.sqlite  # many databases in one test, each a file
def test_every_parked_question_is_in_exactly_one_place(village, tmp_path):
    """Whatever is cancelled, moved, ended, closed and reopened in any order; the scene is set once and copied."""
    scene = Scene(village)
    questions = scene.brought(LOCK, None, SIGNING, None)
    village.db.close()
    file, began = Path(village.db.url.removeprefix("sqlite:///")), village.now
    usual = shutil.copy(file, tmp_path)

    @given(acts=ACTS)
    @hypothesis.settings(max_examples=60 if WHOLE else 5, deadline=None)
    def told(acts):
        laid(usual, file)
        village.now = began
        try:
            for each in acts:
                whatever_happens(scene, questions, *each)
        finally:
            village.db.close()

    told()


def whatever_happens(scene: Scene, questions: list[int], what: str, which: int, number: int) -> None:
    with contextlib.suppress(Refused, Faulty):
        act(scene, what, questions[which], number)
    scene.tick()
    assert {scene.where(question) for question in questions} <= PLACES, what
    with scene.village.db.snapshot() as session:
        found = auditor.suspects(session, now=scene.village.now)
    assert not [q for q in found if scene.village.look(q).state is State.PARKED]


def act(scene: Scene, what: str, ticket: int, number: int) -> None:
    sessions = scene.all(Stuga.stage == Stage.PLANNED) or scene.all()
    held, far = sessions[number % len(sessions)], scene.village.now + timedelta(days=20 * number + 1)
    match what:
        case "park":
            scene.do(stuga.park, ticket, by=scene.anna, stuga_id=held.pk if number else None)
        case "unpark":
            scene.do(stuga.unpark, ticket, by=scene.anna)
        case "take":
            scene.do(tickets.take, ticket, by=scene.bo)
        case "cancel":
            scene.do(stuga.cancel, held.pk, by=scene.cia)
        case "move" | "far":
            starts = held.starts_at + timedelta(hours=number) if what == "move" else far
            scene.do(stuga.move, held.pk, Move(starts, starts + timedelta(hours=1)), by=scene.cia)
        case "end":
            scene.at(max(scene.village.now, held.starts_at))
            scene.do(stuga_day.end, held.pk, by=scene.cia)
        case "log":
            here = scene.village.look(ticket).stuga_id or held.pk
            scene.at(max(scene.village.now, scene.look(here).starts_at))
            scene.log(here, ticket, list(Outcome)[number], scene.bo)
        case "reopen":
            with scene.village.work() as session:
                tickets.reopen(session, tickets.get(session, ticket), by=scene.anna, to_owner=None, now=scene.village.now)
        case "withdraw":
            scene.do(tickets.withdraw, ticket, by=scene.anna)
        case "later" | "days":
            scene.village.later(hours=number + 1) if what == "later" else scene.village.later(days=number)
        case "keep":
            scene.keep()
        case "begin" | "walk":
            scene.at(max(scene.village.now, held.starts_at))
            if what == "begin":
                scene.do(stuga_day.next_question, held.pk, by=scene.bo)
            else:
                scene.do(stuga_day.walk_in, held.pk, LOCK, Word(list(Outcome)[number]), by=scene.bo)
        case "confirm" | "deny" | "still":
            verb = {"confirm": tickets.confirm, "deny": tickets.deny, "still": stuga_day.still_wanted}[what]
            scene.do(verb, ticket, by=scene.anna)
        case "replan":
            day = {"day": ("mon", "tue", "wed", "thu", "fri", "sun")[number]}
            scene.do(stuga_plan.change_from, held.series, held.day, day, by=scene.cia)
        case "once":
            theme = {"tools": SIGNING} if number % 2 else {"day": "fri"}
            scene.do(stuga_plan.change_one, held.series, One(held.day, theme), by=scene.cia)
        case "stop":
            scene.do(stuga_plan.end, held.series, held.day, by=scene.cia)
