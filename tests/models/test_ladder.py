"""Who is asked next: people at work or a moment ahead, never somebody off duty, never the asker."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session

from models import clock, contacts, ladder, people, roster, settings, tickets
from models.clock import STOCKHOLM
from models.errors import NotYourTurn
from models.ladder import ROLE_ON, RUNGS, Helper, Limits, WhyNot
from models.people import Absence, Appointment, Person, Role
from models.recognition import Urgency
from models.roster import Presence
from models.settings import Settings
from models.shifts import Pattern, Weekday
from models.tickets import NextStep, Rung, State, Ticket
from tests.effort import examples
from tests.models.village import LONG_AGO, NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHIPPED = Settings({key: default.value for key, default in settings.defaults().items()})


# ---- the pure choice -----------------------------------------------------------------------------------------

away = st.one_of(st.integers(1, 5000), st.just(20 * 60)).map(lambda minutes: Presence(False, True, NOON + minutes * MINUTE))
there = st.booleans().map(lambda known: Presence(True, known, NOON))
LIMITS = Limits(open_cards=2, at_once=5)
anybody = st.builds(
    Helper, st.integers(1, 6), st.sampled_from(RUNGS), st.one_of(there, away),
    suits=st.sampled_from([True, True, True, False]), said_no=st.sampled_from([False, False, True]),
    asks=st.sampled_from([False, False, False, True]), asked=st.booleans(), had_it=st.booleans(), cards=st.integers(0, 3),
)  # fmt: skip


def _one_card_each(helpers):
    """What is true of a person is true on each of her rungs."""
    of = {h.person_id: h for h in helpers}
    return [replace(h, asks=of[h.person_id].asks, said_no=of[h.person_id].said_no, asked=of[h.person_id].asked) for h in helpers]


rosters = st.lists(anybody, max_size=10).map(_one_card_each)
afters = st.sampled_from([None, *RUNGS])


def in_an_hour(_rung, _here):
    return NOON + 60 * MINUTE


TOMORROW = NOON + timedelta(hours=20)


def choose(helpers, after):
    return ladder.next_step(helpers, after=after, target=in_an_hour, anew=TOMORROW, limits=LIMITS)


def can_be_asked(helper) -> bool:
    """In words of our own: at work, knows the tool, has not said no, no card yet, not two from other units already."""
    full = helper.rung is Rung.DEPARTMENT_EXPERT and helper.cards >= 2
    return helper.presence.at_work and helper.suits and not (helper.said_no or helper.asked or helper.asks or full)


@hypothesis_settings(max_examples=examples(200), deadline=None)
@given(rosters, st.sampled_from(RUNGS))
def test_a_step_ends_in_people_at_work_or_in_a_moment_ahead(helpers, after):
    step = choose(helpers, after)
    assert step.due_at > NOON
    willing = {(h.person_id, h.rung) for h in helpers if can_be_asked(h)}
    assert {(person, step.rung) for person in step.people} <= willing
    assert bool(step.people) == bool(willing)
    assert (step.then is NextStep.ASK) == bool(step.people)
    assert len(set(step.people)) == len(step.people)
    if not step.people:
        comes = [h.presence.back_at for h in helpers if ladder.why_not(h, LIMITS) is WhyNot.OFF_DUTY]
        assert step.due_at == min([TOMORROW, *comes])
        news = any(not h.had_it for h in helpers if ladder.why_not(h, LIMITS) is WhyNot.OFF_DUTY and h.presence.back_at == TOMORROW)
        assert (step.then is NextStep.COMES) == (step.due_at < TOMORROW or news)


@hypothesis_settings(max_examples=examples(80), deadline=None)
@given(rosters)
def test_from_the_beginning_those_count_too_who_have_a_card(helpers):
    step = choose(helpers, None)
    lowest = [h.rung for h in helpers if can_be_asked(h) or ladder.why_not(h, LIMITS) is WhyNot.ASKED]
    assert step.rung is min(lowest, key=RUNGS.index, default=None)


@hypothesis_settings(max_examples=examples(100), deadline=None)
@given(rosters, st.sampled_from(RUNGS))
def test_step_by_step_everybody_is_reached_once_and_then_it_waits(helpers, after):
    """No circle: whoever can be asked is asked, nobody twice, and after that it waits for a moment."""
    willing = {h.person_id for h in helpers if can_be_asked(h)}
    known = {h.person_id for h in helpers if h.asked}
    reached: list[int] = []
    for _ in range(len(helpers) + 1):
        step = choose(helpers, after)
        if not step.people:
            break
        reached += step.people
        after = step.rung
        helpers = [replace(h, asked=h.asked or h.person_id in step.people) for h in helpers]
    assert not step.people
    assert len(reached) == len(set(reached))
    assert willing - known <= set(reached) <= willing


@hypothesis_settings(max_examples=examples(100), deadline=None)
@given(rosters)
def test_whom_the_asker_is_told_of_are_those_who_are_asked_then(helpers):
    step = choose(helpers, Rung.COORDINATOR)
    if step.people:
        return
    then = [
        replace(h, asked=h.asked and h.presence.at_work, presence=Presence(here, False, step.due_at))
        for h in helpers for here in [h.presence.at_work or h.presence.back_at <= step.due_at]
    ]  # fmt: skip
    if step.then is NextStep.ANEW:
        again = {h.person_id for h in ladder.who_begins_anew(helpers)}
        then = [replace(h, asked=False, said_no=False) if h.person_id in again else h for h in then]
    found = ladder.expected(helpers, step, limits=LIMITS)
    assert set(found) <= {h.person_id for h in then if can_be_asked(h)}
    assert bool(found) == any(can_be_asked(h) for h in then)


def test_with_nobody_at_all_it_looks_again_when_the_next_round_begins():
    assert choose([], None) == tickets.Step(None, (), TOMORROW, NextStep.ANEW)


def test_a_new_round_is_the_coordinators_and_everybodys_where_there_is_none():
    here = Presence(True, True, NOON)
    bo, ivar = Helper(1, Rung.UNIT_EXPERT, here, said_no=True), Helper(2, Rung.COORDINATOR, here, said_no=True)
    deaf = Helper(3, Rung.UNIT_EXPERT, here, suits=False)
    assert ladder.who_begins_anew([bo, ivar, deaf]) == [ivar]
    assert ladder.who_begins_anew([bo, deaf]) == [bo]


@hypothesis_settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(RUNGS), st.sampled_from(list(Urgency)), st.booleans(), st.integers(0, 40 * 24 * 60))
def test_the_due_time_moves_forward_and_rests_within_hours(rung, urgency, known, minute):
    now = NOON + minute * MINUTE
    ticket = Ticket(urgency=urgency, asked_at=now, asker_wrote_at=now)
    due = ladder.due_at(ticket, rung, SHIPPED, known=known, now=now)
    assert due > now
    if urgency is Urgency.ACUTE:
        assert due <= now + 5 * MINUTE  # acute counts always
    elif not known:
        assert clock.is_open(roster.hours_of(ROLE_ON[rung], SHIPPED), due - timedelta(microseconds=1))


# ---- applied to a municipality ---------------------------------------------------------------------------------


def advance(village, ticket_id: int):
    with village.work() as session:
        return ladder.advance(session, tickets.get(session, ticket_id), now=village.now)


def tick(village, ticket_id: int) -> None:
    with village.work() as session:
        ladder.tick(session, ticket_id, now=village.now)


def asked(village, ticket_id: int) -> list[int]:
    with village.work() as session:
        return [c.person_id for c in tickets.candidates(session, ticket_id) if c.left_at is None]


def test_the_rungs_in_their_order_with_their_targets(village):
    """The unit's own, whom it borrows, the department's, the specialist, the specialist elsewhere, the coordinators."""
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    hanna, lena = village.expert("Hanna", unit=2), village.expert("Lena", unit=3)
    village.hat(lena, Role.EXPERT_USER, unit_id=1)
    cia, ivar = village.specialist("Cia", 1, "digital_lock"), village.coordinator("Ivar")
    doris = village.specialist("Doris", 2, "digital_lock")
    village.specialist("Sten", 1, "work_phone")
    village.specialist("Siv", 2)
    ticket = village.ticket(anna, tool="digital_lock")
    assert advance(village, ticket).people == (bo, gun)
    for who, rung, minutes in (
        ([lena], Rung.LENT_EXPERT, 20),
        ([hanna], Rung.DEPARTMENT_EXPERT, 20),
        ([cia], Rung.SPECIALIST, 60),
        ([doris], Rung.SPECIALIST_ELSEWHERE, 60),
        ([ivar], Rung.COORDINATOR, 60),
        ([], Rung.COORDINATOR, 16 * 60),  # everybody has it: a new round when the coordinators' next day begins
    ):
        before = asked(village, ticket)
        village.now = village.look(ticket).next_at
        tick(village, ticket)
        assert asked(village, ticket) == [*before, *who]
        found = village.look(ticket)
        assert (found.rung, found.next_at) == (rung, village.now + minutes * MINUTE)


def test_each_reason_not_to_ask_somebody():
    here = Helper(1, Rung.DEPARTMENT_EXPERT, Presence(True, True, NOON))
    gone = Presence(False, True, NOON + MINUTE)
    assert ladder.why_not(here, LIMITS) is None
    assert ladder.why_not(replace(here, cards=1), LIMITS) is None
    for change, why in (
        ({"asks": True}, WhyNot.ASKS_HERSELF),
        ({"suits": False}, WhyNot.WRONG_TOOL),
        ({"said_no": True}, WhyNot.SAID_NO),
        ({"presence": gone}, WhyNot.OFF_DUTY),
        ({"cards": 2}, WhyNot.FULL),
    ):
        assert ladder.why_not(replace(here, **change), LIMITS) is why
    assert ladder.why_not(replace(here, rung=Rung.UNIT_EXPERT, cards=9), LIMITS) is None


def test_a_neighbour_has_at_most_two_questions_of_other_units(village):
    anna, hanna, ivar = village.person("Anna"), village.expert("Hanna", unit=2), village.coordinator("Ivar")
    tickets_ = [village.ticket(anna) for _ in range(3)]
    assert [advance(village, ticket).people for ticket in tickets_] == [(hanna,), (hanna,), (ivar,)]
    assert advance(village, village.ticket(anna, unit_id=2)).people == (hanna,)  # her own unit's always reach her


def test_of_the_department_a_few_are_asked_those_first_who_are_surely_there(village):
    village.now = village.now.replace(hour=18)
    anna, others = village.person("Anna"), [village.expert(f"H{i}", unit=2) for i in range(7)]
    with village.work() as session:
        for person in others[5:]:
            roster.declare(session, session.get(Person, person), until=village.now + 60 * MINUTE, now=village.now)
    assert advance(village, village.ticket(anna)).people == (*others[5:], *others[:3])


def test_experts_of_a_unit_that_has_not_begun_are_left_in_peace(village):
    anna = village.person("Anna")
    village.expert("Hanna", unit=2)
    with village.work() as session:
        session.get(people.Unit, 2).live = False
    assert advance(village, village.ticket(anna)).people == ()


def test_coordinators_of_another_administration_are_not_asked(village):
    with village.work() as session:
        session.add(people.Administration(id=2, key="school", name="Skola", emergency_number="08-465 004 11"))
        session.flush()
        session.add(people.Department(id=3, key="prim", administration_id=2, name="Grundskola"))
    anna, ivar, sara = village.person("Anna"), village.person("Ivar", unit=None), village.person("Sara", unit=None)
    village.hat(ivar, Role.COORDINATOR, department_id=2)
    village.hat(sara, Role.COORDINATOR, department_id=3)
    assert advance(village, village.ticket(anna)).people == (ivar,)
    assert set(advance(village, village.ticket(anna, unit_id=None)).people) == {ivar, sara}  # nobody knows whose it is


def test_an_expert_is_never_asked_her_own_question(village):
    bo, ivar = village.expert("Bo"), village.coordinator("Ivar")
    assert advance(village, village.ticket(bo)).people == (ivar,)


def test_an_expert_for_other_tools_is_not_asked(village):
    anna, bo, gun = village.person("Anna"), village.person("Bo"), village.person("Gun")
    village.hat(bo, Role.EXPERT_USER, unit_id=1, tool="work_phone")
    village.hat(gun, Role.EXPERT_USER, unit_id=1, tool="digital_lock")
    assert advance(village, village.ticket(anna, tool="digital_lock")).people == (gun,)
    assert advance(village, village.ticket(anna, tool=None)).people == (bo, gun)


def test_nobody_at_work_means_a_moment_when_somebody_is(village):
    anna = village.person("Anna")
    village.expert("Bo")
    village.coordinator("Ivar")
    village.now = village.now.replace(hour=23)
    ticket = village.ticket(anna)
    step = advance(village, ticket)
    assert step == tickets.Step(
        None, (), clock.datetime(2026, 11, 25, 7, 0, tzinfo=STOCKHOLM).astimezone(clock.UTC), NextStep.COMES
    )
    assert asked(village, ticket) == []
    tick(village, ticket)
    assert village.story(ticket) == ["asked", "went_to"]  # nothing is due before then


def test_a_question_to_a_unit_without_anybody_still_has_a_next_step(village):
    ticket = village.ticket(village.person("Anna"))
    step = advance(village, ticket)
    assert step.people == ()
    assert step.due_at == clock.datetime(2026, 11, 25, 8, 0, tzinfo=STOCKHOLM)
    assert village.look(ticket).next_step is NextStep.ANEW


def test_an_acute_question_is_asked_on_in_minutes(village):
    anna, ivar = village.person("Anna"), village.coordinator("Ivar")
    village.expert("Bo")
    ticket = village.ticket(anna, urgency=Urgency.ACUTE)
    assert advance(village, ticket).due_at == NOON + 3 * MINUTE
    village.later(minutes=3)
    tick(village, ticket)
    assert ivar in asked(village, ticket)
    assert village.look(ticket).next_at == village.now + 5 * MINUTE


def test_cards_wait_for_the_last_line_but_never_when_acute(village):
    anna = village.person("Anna")
    bo = village.expert("Bo")
    for urgency, wait in ((Urgency.CAN_WAIT, 20), (Urgency.MAYBE_ACUTE, 20), (Urgency.ACUTE, 0)):
        ticket = village.ticket(anna, urgency=urgency)
        advance(village, ticket)
        with village.work() as session:
            assert tickets.candidate(session, ticket, bo).sent_at == NOON + timedelta(seconds=wait)


def test_passing_on_asks_the_next_rung_only_when_nobody_is_left_on_this_one(village):
    anna, bo, gun, ivar = (
        village.person("Anna"),
        village.expert("Bo"),
        village.expert("Gun"),
        village.coordinator("Ivar"),
    )
    ticket = village.ticket(anna)
    advance(village, ticket)
    for person, left in ((bo, [gun]), (gun, [ivar])):
        with village.work() as session:
            ladder.pass_on(session, ticket, person, by=person, now=village.now)
        assert asked(village, ticket) == left


def test_who_goes_home_lets_go_and_others_are_asked(village):
    anna, bo, gun, ivar = (
        village.person("Anna"),
        village.expert("Bo"),
        village.expert("Gun"),
        village.coordinator("Ivar"),
    )
    taken, waiting, external = (
        village.ticket(anna),
        village.ticket(anna),
        village.standing(State.WAITING_EXTERNAL, anna, bo),
    )
    advance(village, taken)
    advance(village, waiting)
    with village.work() as session:
        tickets.take(session, taken, by=bo, now=village.now)
        roster.end_day(session, session.get(Person, bo), now=village.now)
        ladder.let_go(session, bo, now=village.now)
    assert (village.look(taken).state, village.look(taken).owner_id) == (State.OPEN, None)
    assert asked(village, taken) == [gun]
    assert asked(village, waiting) == [gun]
    assert village.look(external).owner_id == bo  # what waits for others stays hers
    assert ivar not in asked(village, taken)


def test_the_claim_clock_reminds_and_then_frees(village):
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket = village.ticket(anna)
    advance(village, ticket)
    with village.work() as session:
        tickets.take(session, ticket, by=bo, now=village.now)
    village.later(minutes=29)
    tick(village, ticket)
    assert village.look(ticket).next_step is NextStep.REMIND
    village.later(minutes=1)
    tick(village, ticket)
    assert village.look(ticket).next_step is NextStep.FREE
    assert village.look(ticket).next_at == NOON + 60 * MINUTE
    village.later(minutes=30)
    tick(village, ticket)
    assert village.look(ticket).state is State.OPEN
    assert asked(village, ticket) == [gun]


def test_the_rest_clock_warns_after_two_working_days_and_closes_after_two_more(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.ticket(anna)
    advance(village, ticket)
    village.now = village.now.replace(day=20, month=11)  # a Friday
    with village.work() as session:
        tickets.take(session, ticket, by=bo, now=village.now)
        tickets.solve(session, ticket, by=bo, now=village.now)
    for day, step in ((24, NextStep.REST), (26, None)):
        assert village.look(ticket).next_at == village.now.replace(day=day)
        village.now = village.now.replace(day=day)
        tick(village, ticket)
        assert village.look(ticket).next_step is step
    found = village.look(ticket)
    assert (found.state, found.reason) == (State.CLOSED, tickets.Reason.SOLVED)


def test_a_digest_shows_what_waits_once_and_not_what_one_has(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    first = village.ticket(anna)
    village.ticket(village.person("Eva"), unit_id=3)  # of another department
    village.ticket(bo)  # her own
    with village.work() as session:
        assert [t.id for t in ladder.come_on_duty(session, bo, "duty:1", now=village.now)] == [first]
        assert ladder.come_on_duty(session, bo, "duty:1", now=village.now) == []
        assert tickets.candidate(session, first, bo).via is tickets.Via.DIGEST


def test_who_went_home_yesterday_is_asked_again_today(village):
    """Her card waited when she went home. Nobody else took it: in the morning it is hers to see again."""
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.ticket(anna)
    advance(village, ticket)
    with village.work() as session:
        roster.end_day(session, session.get(Person, bo), now=village.now)
        ladder.let_go(session, bo, now=village.now)
    village.later(hours=20)
    with village.work() as session:
        roster.declare(session, session.get(Person, bo), until=village.now + 60 * MINUTE, now=village.now)
        assert [t.id for t in ladder.come_on_duty(session, bo, "duty:2", now=village.now)] == [ticket]


def test_who_said_no_is_not_asked_again(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.ticket(anna)
    advance(village, ticket)
    with village.work() as session:
        ladder.pass_on(session, ticket, bo, by=bo, now=village.now)
    village.later(hours=20)
    assert advance(village, ticket).people == ()
    with village.work() as session:
        assert ladder.come_on_duty(session, bo, "duty:1", now=village.now) == []


def test_a_question_that_was_taken_meanwhile_is_not_asked_on(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.standing(State.TAKEN, anna, bo)
    with pytest.raises(NotYourTurn):
        advance(village, ticket)
    with village.work() as session:
        ladder.passed_over(session, ticket, bo, now=village.now)  # says nothing: it does not wait for anybody
    assert village.story(ticket) == ["asked"]


# ---- any municipality ----------------------------------------------------------------------------------------

MOODS = ("unknown", "on duty", "gone home", "quiet", "on leave", "night shifts", "deactivated")
somebody = st.tuples(
    st.sampled_from([*people.HELPERS, Role.UNIT_MANAGER]), st.sampled_from([1, 2, None]),
    st.sampled_from([None, "digital_lock", "work_phone"]), st.sampled_from(MOODS),
)  # fmt: skip
DAYS = [date(2026, 11, 24), date(2026, 12, 30), date(2027, 3, 27), date(2027, 6, 24), date(2027, 7, 19), date(2027, 10, 30)]
instants = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC) + minutes * MINUTE,
    st.sampled_from(DAYS), st.integers(0, 3 * 24 * 60),
)  # fmt: skip


def settle(session, drawn, now) -> dict[int, tuple[Role, str]]:
    """People with a hat and a mood each."""
    found, today = {}, clock.today(now)
    for i, (role, where, tool, mood) in enumerate(drawn):
        row = Person(name=f"P{i}", chat_user_id=f"U{i}")
        session.add(row)
        session.flush()
        place = {"unit_id": where} if role is Role.EXPERT_USER else {"department_id": where}
        session.add(Appointment(person_id=row.pk, role=role, tool=tool, starts_on=LONG_AGO, **place))
        if mood == "on duty":
            roster.declare(session, row, until=now + 300 * MINUTE, now=now)
        elif mood == "gone home":
            roster.end_day(session, row, now=now)
        elif mood == "on leave":
            session.add(Absence(person_id=row.pk, starts_on=today, ends_on=today + timedelta(days=3)))
        elif mood == "night shifts":
            session.add_all(Pattern(person_id=row.pk, day=day, opens="21:00", closes="07:00", starts_on=LONG_AGO) for day in Weekday)
        row.quiet_until = now + 90 * MINUTE if mood == "quiet" else None
        row.deactivated_at = now if mood == "deactivated" else None
        found[row.pk] = role, mood
    return found


def may_be_there(role: Role, mood: str, since: datetime, at: datetime) -> bool:
    """Of the facts alone, in words of our own; the roster is not asked."""
    usual, gone = clock.is_open(roster.hours_of(role, SHIPPED), at), at - since
    return {
        "unknown": usual,
        "on duty": gone < 5 * HOUR or (gone >= 16 * HOUR and usual),
        "gone home": gone >= 11 * HOUR and usual,
        "quiet": gone >= 90 * MINUTE and usual,
        "on leave": clock.today(at) > clock.today(since) + timedelta(days=3) and usual,
        "night shifts": not 7 <= clock.local(at).hour < 21,
        "deactivated": False,
    }[mood]


@hypothesis_settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(Role.EXPERT_USER, 1, None, "on duty")] * 2, NOON, Urgency.CAN_WAIT, 1)
@given(st.lists(somebody, max_size=8), instants, st.sampled_from(Urgency), st.sampled_from([1, 3]))
def test_any_organisation_and_instant_ends_in_a_person_a_number_or_a_moment_with_somebody(village, drawn, since, urgency, unit):
    """Through the real tables, the clock running from step to step; nothing of it is kept."""
    with village.db.engine.connect() as connection, Session(connection) as session:
        staff, now, known = settle(session, drawn, since), since, set()
        asker = next(iter(staff), None)
        ticket = Ticket(asker_id=asker, unit_id=unit, tool="digital_lock", kind="handling", urgency=urgency,
                        next_step=NextStep.ASK, next_at=now, asked_at=now, asker_wrote_at=now)  # fmt: skip
        tickets.create(session, ticket, by=asker, now=now)
        for _ in range(10):
            waited = ticket.next_step
            ladder.tick(session, ticket.pk, now=now)
            session.flush()
            session.refresh(ticket)
            cards = [card for card in tickets.candidates(session, ticket.pk) if card.left_at is None]
            fresh = {card.person_id for card in cards} - known
            assert all(may_be_there(*staff[person], since, now) for person in fresh)
            assert asker not in fresh
            assert ticket.state is State.OPEN
            assert ticket.next_at > now
            assert waited is not NextStep.COMES or cards  # somebody was there, as was said
            assert cards or ticket.next_step is NextStep.COMES or contacts.holding(session, unit, "digital_lock", now=now)
            known = {card.person_id for card in cards}
            now = ticket.next_at
        session.rollback()
