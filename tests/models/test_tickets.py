"""The life of a question: every event in every state, what the database itself refuses, and twice is once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from models import tickets
from models.errors import AlreadyClosed, AlreadyTaken, Gone, NotYours, NotYourTurn, Refused
from models.outbox import Letter
from models.people import Person
from models.recognition import Urgency
from models.tickets import Event, NextStep, Reason, Rung, SolvedBy, State, Step

OPEN, TAKEN, ASKER, OUT, PARKED, PROPOSED, CLOSED = State
LIVE = (OPEN, TAKEN, ASKER, OUT, PARKED, PROPOSED)


# ---- the state machine -------------------------------------------------------------------------------------------


class Move:
    """One event as its verb does it, who acts, and where it must lead from each state."""

    def __init__(self, event, act, leads):
        self.event, self.act, self.leads = event, act, leads


def stays(*states):
    return {state: state for state in states}


def everywhere(to, *states):
    return dict.fromkeys(states, to)


def verb(function, **more):
    return lambda v, s, t, who: function(s, t, by=who["by"], now=v.now, **more)


def by_id(function):
    return lambda v, s, t, who: function(s, t.pk, by=who["by"], now=v.now)


SAID_ONLY = {Event.ASKED, Event.DECLINED, Event.VOUCHED, Event.CLEARED}  # no transitions
MOVES = {
    "understood": Move(Event.UNDERSTOOD, verb(tickets.understand, tool="digital_lock"), stays(*LIVE)),
    "placed": Move(Event.PLACED, lambda v, s, t, who: tickets.place(s, t, 2, by=who["by"], now=v.now), stays(*LIVE)),
    "urgent": Move(
        Event.URGENT, lambda v, s, t, who: tickets.set_urgency(s, t, Urgency.ACUTE, by=1, now=v.now), stays(*LIVE)
    ),
    "not urgent": Move(
        Event.NOT_URGENT,
        lambda v, s, t, who: tickets.set_urgency(s, t, Urgency.CAN_WAIT, by=1, now=v.now),
        stays(*LIVE),
    ),
    "went to": Move(
        Event.WENT_TO,
        lambda v, s, t, who: tickets.ask_people(
            s, t, Step(Rung.COORDINATOR, (), v.now + timedelta(hours=1)), now=v.now, cards_at=v.now
        ),
        stays(OPEN),
    ),
    "offered": Move(
        Event.OFFERED, lambda v, s, t, who: tickets.read_first(s, t, v.now, how_many=1, now=v.now), stays(OPEN)
    ),
    "human": Move(Event.HUMAN, lambda v, s, t, who: tickets.want_human(s, t, by=who["by"], now=v.now), stays(OPEN)),
    "let out": Move(Event.LET_OUT, verb(tickets.let_out), stays(OPEN)),
    "taken": Move(Event.TAKEN, by_id(tickets.take), everywhere(TAKEN, OPEN, PARKED)),
    "taken over": Move(
        Event.TAKEN_OVER,
        lambda v, s, t, who: tickets.take_over(s, t.pk, seen=who["owner"], by=who["by"], now=v.now),
        everywhere(TAKEN, TAKEN, ASKER),
    ),
    "reminded": Move(Event.REMINDED, lambda v, s, t, who: tickets.remind(s, t, now=v.now), stays(TAKEN)),
    "freed": Move(
        Event.FREED,
        lambda v, s, t, who: tickets.free(s, t, Event.FREED, by=None, now=v.now),
        everywhere(OPEN, TAKEN, ASKER, OUT, PROPOSED),
    ),
    "went home": Move(
        Event.WENT_HOME,
        lambda v, s, t, who: tickets.free(s, t, Event.WENT_HOME, by=None, now=v.now),
        everywhere(OPEN, TAKEN, ASKER, OUT, PROPOSED),
    ),
    "returned": Move(
        Event.RETURNED,
        lambda v, s, t, who: tickets.free(s, t, Event.RETURNED, by=who["owner"], now=v.now),
        everywhere(OPEN, TAKEN, ASKER, OUT, PROPOSED),
    ),
    "the asker wrote": Move(
        Event.WROTE, verb(tickets.asker_wrote), stays(OPEN, TAKEN, OUT, PARKED, PROPOSED) | {ASKER: TAKEN}
    ),
    "a helper wrote": Move(Event.WROTE, verb(tickets.helper_wrote), stays(TAKEN, ASKER, OUT, PROPOSED)),
    "solved": Move(Event.SOLVED, by_id(tickets.solve), everywhere(PROPOSED, TAKEN, ASKER, OUT)),
    "confirmed": Move(Event.CONFIRMED, by_id(tickets.confirm), everywhere(CLOSED, *LIVE)),
    "denied": Move(Event.DENIED, by_id(tickets.deny), {PROPOSED: TAKEN}),
    "reopened to nobody": Move(Event.REOPENED, verb(tickets.reopen, to_owner=None), everywhere(OPEN, PROPOSED, CLOSED)),
    "reopened to its helper": Move(
        Event.REOPENED,
        lambda v, s, t, who: tickets.reopen(s, t, by=who["by"], to_owner=who["owner"], now=v.now),
        everywhere(TAKEN, PROPOSED, CLOSED),
    ),
    "withdrawn": Move(Event.WITHDRAWN, by_id(tickets.withdraw), everywhere(CLOSED, *LIVE)),
    "warned": Move(Event.WARNED, lambda v, s, t, who: tickets.warn(s, t, now=v.now), stays(PROPOSED, ASKER)),
    "noted": Move(
        Event.NOTED, lambda v, s, t, who: tickets.move(s, t, Event.NOTED, by=who["by"], now=v.now), stays(*LIVE)
    ),
    "sent on": Move(Event.SENT_ON, verb(tickets.send_on), everywhere(OPEN, OPEN, TAKEN, ASKER, OUT)),
    "parked": Move(Event.PARKED, verb(tickets.park, stuga_id=None), everywhere(PARKED, OPEN, TAKEN, ASKER, OUT)),
    "parked elsewhere": Move(
        Event.STUGA_CHANGED,
        lambda v, s, t, who: tickets.move(s, t, Event.STUGA_CHANGED, by=who["by"], now=v.now),
        stays(PARKED),
    ),
    "at a drop-in": Move(
        Event.AT_STUGA,
        lambda v, s, t, who: tickets.at_stuga(
            s, t, outcome="to_specialist", to=OPEN, by=1, now=v.now,
            **tickets.to_ladder(t, v.now), reason=None, closed_at=None, solved_by=None,
        ),
        everywhere(OPEN, OPEN, OUT, PARKED, PROPOSED, CLOSED),
    ),
    "unparked": Move(Event.UNPARKED, verb(tickets.unpark), {PARKED: OPEN}),
    "answered with others": Move(
        Event.ANSWERED_ALL,
        lambda v, s, t, who: tickets.answer_with_others(s, t, Rung.SPECIALIST, by=who["by"], now=v.now),
        everywhere(PROPOSED, OPEN, TAKEN, PARKED),
    ),
    "asked back": Move(Event.ASKED_BACK, by_id(tickets.ask_back), {TAKEN: ASKER}),
    "sent out": Move(Event.SENT_OUT, by_id(tickets.send_out), everywhere(OUT, TAKEN, ASKER)),
    "checked": Move(Event.CHECKED, lambda v, s, t, who: tickets.check_outside(s, t, now=v.now), stays(OUT)),
    "came back": Move(Event.CAME_BACK, by_id(tickets.come_back), {OUT: TAKEN}),
    "rested": Move(
        Event.RESTED, lambda v, s, t, who: tickets.rest(s, t, now=v.now), everywhere(CLOSED, PROPOSED, ASKER)
    ),
    "anew": Move(Event.ANEW, lambda v, s, t, who: tickets.forget_no(s, t, (), now=v.now), stays(OPEN)),
    "repaired": Move(
        Event.REPAIRED, lambda v, s, t, who: tickets.back_to_ladder(s, t, why="overdue", now=v.now), everywhere(OPEN, *LIVE)
    ),
    "redirected": Move(
        Event.REDIRECTED, lambda v, s, t, who: tickets.redirect(s, t, "password", now=v.now), everywhere(CLOSED, OPEN)
    ),
    "rung": Move(
        Event.RUNG,
        lambda v, s, t, who: tickets.close(s, t, Event.RUNG, Reason.RUNG, by=who["by"], now=v.now),
        everywhere(CLOSED, *LIVE),
    ),
    "suggested": Move(
        Event.SUGGESTED,
        lambda v, s, t, who: tickets.close(s, t, Event.SUGGESTED, Reason.REDIRECTED, by=who["by"], now=v.now),
        everywhere(CLOSED, *LIVE),
    ),
    "unit is off": Move(
        Event.UNIT_OFF, lambda v, s, t, who: tickets.turn_away(s, t, now=v.now), everywhere(CLOSED, OPEN)
    ),
}
# Nobody writes who has not taken it (lines.answer); confirming what is closed is told of further down.
# What nobody has is not taken over but taken.
SILENT = {
    ("confirmed", CLOSED), ("a helper wrote", OPEN), ("a helper wrote", PARKED), ("taken over", OPEN), ("taken over", PARKED),
    ("parked", PARKED),
}  # fmt: skip


def right_refusal(move: Move, state: State) -> type[Refused]:
    if state is CLOSED:
        return AlreadyClosed
    return AlreadyTaken if move.event in tickets.TOOK else NotYourTurn


def rows(village) -> list[tuple]:
    """Everything that a refused move must leave alone."""
    with village.db.engine.connect() as connection:
        return [
            tuple(connection.execute(text(f"select * from {table} order by id")))
            for table in ("ticket", "history", "candidate", "letter")
        ]


@pytest.mark.parametrize("name", list(MOVES))
def test_every_event_in_every_state_moves_as_it_should_or_changes_nothing(village, name):
    asker, owner, other = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    who = {"by": other if name.startswith("taken") else asker, "owner": owner}
    for state in State:
        if (name, state) not in SILENT:
            try_it(village, MOVES[name], village.standing(state, asker, owner), who)


def try_it(village, move: Move, ticket_id: int, who: dict[str, int]) -> None:
    state, before, told = village.look(ticket_id).state, rows(village), village.story(ticket_id)
    village.later(minutes=5)
    if state in move.leads:
        with village.work() as session:
            move.act(village, session, tickets.get(session, ticket_id), who)
        assert village.look(ticket_id).state is move.leads[state]
        assert village.story(ticket_id) == [*told, move.event]
        with village.work() as session:
            last = tickets.history(session, ticket_id)[-1]
            assert (last.state, last.at) == (move.leads[state], village.now)
    else:
        with pytest.raises(right_refusal(move, state)), village.work() as session:
            move.act(village, session, tickets.get(session, ticket_id), who)
        assert rows(village) == before


def test_every_event_is_told_of_above():
    assert {move.event for move in MOVES.values()} == set(Event) - SAID_ONLY
    assert set(tickets.MOVES) == set(Event) - SAID_ONLY


def test_a_move_that_somebody_else_made_meanwhile_is_not_made_again(village):
    """The row decides, not what was read before."""
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket_id = village.ticket(anna, cards=(bo, gun))
    with village.db.snapshot() as session:
        old = tickets.get(session, ticket_id)
    with village.work() as session:
        tickets.take(session, ticket_id, by=bo, now=village.now)
    with pytest.raises(AlreadyTaken) as no, village.work() as session:
        tickets.move(
            session,
            session.merge(old, load=False),
            Event.TAKEN,
            by=gun,
            now=village.now,
            owner_id=gun,
            taken_at=village.now,
        )
    assert no.value.about == {"name": "Bo", "number": f"F-{ticket_id}"}
    assert village.look(ticket_id).owner_id == bo


def test_freeing_needs_the_same_owner_that_was_read(village):
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket_id = village.standing(TAKEN, anna, bo)
    with village.db.snapshot() as session:
        old = tickets.get(session, ticket_id)
    with village.work() as session:
        tickets.free(session, tickets.get(session, ticket_id), Event.RETURNED, by=bo, now=village.now)
        tickets.take(session, ticket_id, by=gun, now=village.now)
    with pytest.raises(Refused), village.work() as session:
        tickets.free(session, session.merge(old, load=False), Event.FREED, by=None, now=village.now)
    assert village.look(ticket_id).owner_id == gun


# ---- twice is once -----------------------------------------------------------------------------------------------


def letters(village) -> int:
    with village.db.snapshot() as session:
        return len(session.exec(select(Letter)).all())


def test_taking_what_one_has_already_changes_nothing(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.ticket(anna, cards=(bo,))
    for _ in range(2):
        with village.work() as session:
            tickets.take(session, ticket_id, by=bo, now=village.now)
    assert village.story(ticket_id) == ["asked", "taken"]
    with village.db.snapshot() as session:
        assert len(session.exec(select(Letter).where(Letter.kind == "taken")).all()) == 1


def test_confirming_twice_is_once(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.standing(PROPOSED, anna, bo)
    with village.work() as session:
        tickets.confirm(session, ticket_id, by=anna, now=village.now)
    before = rows(village)
    with village.work() as session:
        tickets.confirm(session, ticket_id, by=anna, now=village.later(minutes=1))
    assert rows(village) == before


@pytest.mark.parametrize("again", [tickets.solve, tickets.deny])
def test_a_second_tap_on_solved_or_not_yet_is_not_blamed_on_somebody_faster(village, again):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.standing(TAKEN, anna, bo)
    by = bo if again is tickets.solve else anna
    with village.work() as session:
        tickets.solve(session, ticket_id, by=bo, now=village.now)
        if again is tickets.deny:
            tickets.deny(session, ticket_id, by=anna, now=village.now)
    with pytest.raises(NotYourTurn), village.work() as session:
        again(session, ticket_id, by=by, now=village.now)


def test_a_card_is_sent_once_to_one_person(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.ticket(anna, cards=(bo, bo))
    with village.work() as session:
        assert len(tickets.candidates(session, ticket_id)) == 1


# ---- what each move carries with it ---------------------------------------------------------------------------------


def test_taking_starts_the_claim_clock_and_a_word_stops_it(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.ticket(anna, cards=(bo,))
    with village.work() as session:
        taken = tickets.take(session, ticket_id, by=bo, now=village.now)
        assert (taken.next_step, taken.next_at) == (NextStep.REMIND, village.now + timedelta(minutes=30))
        tickets.helper_wrote(session, taken, by=bo, now=village.later(minutes=1))
        assert (taken.next_step, taken.next_at, taken.helper_wrote_last) == (None, None, True)
        tickets.asker_wrote(session, taken, by=anna, now=village.later(minutes=1))
        assert (taken.next_step, taken.helper_wrote_last) == (NextStep.REMIND, False)


def test_a_word_after_solved_leaves_the_rest_clock_alone(village):
    """[Löst], and then "hör av dig annars": it must still close by itself."""
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.standing(TAKEN, anna, bo)
    with village.work() as session:
        ticket = tickets.solve(session, ticket_id, by=bo, now=village.now)
        due = ticket.next_at
        tickets.helper_wrote(session, ticket, by=bo, now=village.later(minutes=1))
        assert (ticket.state, ticket.next_step, ticket.next_at) == (PROPOSED, NextStep.WARN, due)


def test_each_new_helper_is_offered_solved_under_her_first_word(village):
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket_id = village.ticket(anna, cards=(bo, gun))
    with village.work() as session:
        ticket = tickets.get(session, ticket_id)
        for person in (bo, gun):
            tickets.take(session, ticket_id, by=person, now=village.later(minutes=1))
            for _ in range(2):
                tickets.helper_wrote(session, ticket, by=person, now=village.later(minutes=1))
            tickets.free(session, ticket, Event.RETURNED, by=person, now=village.later(minutes=1))
    with village.db.snapshot() as session:
        offers = session.exec(select(Letter.to_id).where(Letter.kind == "solve_offer").order_by(Letter.id)).all()
    assert list(offers) == [bo, gun]


@pytest.mark.parametrize(
    ("rung", "who"),
    [
        (Rung.UNIT_EXPERT, SolvedBy.EXPERT_USER),
        (Rung.SPECIALIST_ELSEWHERE, SolvedBy.OBJECT_SPECIALIST),
        (Rung.COORDINATOR, None),
    ],
)
def test_who_solved_it_is_the_rung_she_was_asked_on(village, rung, who):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.ticket(anna)
    with village.work() as session:
        tickets.make_candidate(session, tickets.get(session, ticket_id), bo, rung, via=tickets.Via.CARD, at=village.now)
        tickets.take(session, ticket_id, by=bo, now=village.now)
        assert tickets.solve(session, ticket_id, by=bo, now=village.now).solved_by is who
        assert tickets.confirm(session, ticket_id, by=anna, now=village.now).solved_by is who
    assert village.look(ticket_id).reason is Reason.SOLVED


def test_solved_without_a_helper_is_self_help(village):
    anna = village.person("Anna")
    ticket_id = village.ticket(anna)
    with village.work() as session:
        assert tickets.confirm(session, ticket_id, by=anna, now=village.now).solved_by is SolvedBy.SELF_HELP


@pytest.mark.parametrize(("state", "reason"), [(PROPOSED, Reason.SOLVED), (ASKER, Reason.EXPIRED)])
def test_what_rests_closes_with_its_reason(village, state, reason):
    ticket_id = village.standing(state, village.person("Anna"), village.expert("Bo"))
    with village.work() as session:
        tickets.rest(session, tickets.get(session, ticket_id), now=village.now)
    assert village.look(ticket_id).reason is reason


def test_declining_is_history_too_and_says_whether_anybody_is_left(village):
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket_id = village.ticket(anna, cards=(bo, gun), rung=Rung.UNIT_EXPERT)
    with village.work() as session:
        assert tickets.decline(session, ticket_id, bo, by=bo, now=village.now) is False
        assert tickets.decline(session, ticket_id, gun, by=gun, now=village.now) is True
        assert [row.other_id for row in tickets.history(session, ticket_id)] == [None, bo, gun]


@pytest.mark.parametrize("state", [s for s in State if s is not OPEN])
def test_only_an_open_question_can_be_declined(village, state):
    anna, bo, gun = village.person("Anna"), village.expert("Bo"), village.expert("Gun")
    ticket_id = village.standing(state, anna, bo)
    before = rows(village)
    with pytest.raises(Refused), village.work() as session:
        tickets.decline(session, ticket_id, gun, by=gun, now=village.now)
    assert rows(village) == before


def test_cards_that_still_wait_follow_the_last_line(village):
    """Also those that were read earlier in the same transaction."""
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket_id = village.ticket(anna)
    with village.work() as session:
        ticket = tickets.get(session, ticket_id)
        soon, later = village.now + timedelta(seconds=20), village.now + timedelta(seconds=30)
        tickets.ask_people(session, ticket, Step(Rung.UNIT_EXPERT, (bo,), later), now=village.now, cards_at=soon)
        kept = tickets.candidates(session, ticket_id)
        tickets.hurry_cards(session, ticket, at=later, now=village.now)
        row = tickets.note_down(session, ticket, Event.WROTE, by=anna, now=village.now)
        tickets.show_all(session, ticket, row, now=village.now)
        cards = session.exec(select(Letter).where(Letter.kind == "card")).all()
        assert {card.due_at for card in cards} == {later}
        assert len(kept) == 1


def test_places_read_back():
    assert tickets.parse_place(tickets.receipt_place(12)) == ("receipt", 12)
    assert tickets.parse_place(tickets.card_place(12, 7)) == ("card", 12)
    for other in ("prompt:1:2", "line:1:2", "digest:1:2", "card:F-x:1", "", "card:F-"):
        assert tickets.parse_place(other) is None


@pytest.mark.parametrize("number", [None, 0, -1, 999, 2**31 - 1])
def test_a_number_that_never_was_is_gone(village, number):
    with pytest.raises(Gone), village.work() as session:
        tickets.get(session, number)


# ---- who may -------------------------------------------------------------------------------------------------------


def may(village, rule, person: int, ticket_id: int | None) -> type[Refused] | None:
    with village.work() as session:
        try:
            rule(session, session.get(Person, person), ticket_id)
        except Refused as no:
            return type(no)
    return None


def test_the_rules(village):
    anna, bo, gun, eva = village.person("Anna"), village.expert("Bo"), village.expert("Gun"), village.person("Eva")
    waiting, taken = village.ticket(anna, cards=(bo, anna)), village.standing(TAKEN, anna, bo)
    own = village.ticket(bo, cards=(bo, gun))
    table = [
        (tickets.asker_only, waiting, {anna: None, bo: NotYours, gun: NotYours, eva: NotYours}),
        (tickets.candidate_only, waiting, {anna: NotYours, bo: None, gun: NotYours, eva: NotYours}),
        (tickets.candidate_only, own, {bo: NotYours, gun: None}),
        (tickets.owner_only, taken, {anna: AlreadyTaken, bo: None, gun: AlreadyTaken, eva: AlreadyTaken}),
        (tickets.owner_only, waiting, {anna: NotYours, bo: NotYours, eva: NotYours}),
        (tickets.anyone, None, {anna: None, eva: None}),
    ]
    for rule, ticket_id, expected in table:
        assert {person: may(village, rule, person, ticket_id) for person in expected} == expected, rule.__name__
    for rule in (tickets.asker_only, tickets.candidate_only, tickets.owner_only):
        assert may(village, rule, bo, None) is Gone
        assert may(village, rule, bo, 999) is Gone


# ---- what the database holds by itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "change"),
    [
        (TAKEN, "taken_at = null"),
        (TAKEN, "owner_id = null"),
        (TAKEN, "owner_id = null, taken_at = null"),
        (TAKEN, "next_at = null"),
        (OPEN, "next_at = null, next_step = null"),
        (OPEN, "next_step = null"),
        (OPEN, "owner_id = asker_id, taken_at = asked_at"),
        (OPEN, "state = 'closed'"),
        (OPEN, "closed_at = asked_at, reason = 'solved'"),
        (PARKED, "next_at = null, next_step = null"),
        (PROPOSED, "owner_id = null, taken_at = null"),
        (CLOSED, "closed_at = null, reason = null"),
        (CLOSED, "reason = null"),
        (OPEN, "state = 'lost'"),
        (OPEN, "state = null"),
        (OPEN, "kind = 'other'"),
        (OPEN, "urgency = 'panic'"),
        (OPEN, "next_step = 'wait'"),
        (OPEN, "rung = 'boss'"),
        (CLOSED, "reason = 'lost'"),
        (CLOSED, "solved_by = 'coordinator'"),
        (TAKEN, "owner_id = 4711"),
        (OPEN, "unit_id = 4711"),
    ],
)  # fmt: skip
def test_the_database_refuses_a_question_that_would_be_lost(village, state, change):
    ticket_id = village.standing(state, village.person("Anna"), village.expert("Bo"))
    with pytest.raises(IntegrityError), village.db.engine.begin() as connection:
        connection.execute(text(f"update ticket set {change} where id = {ticket_id}"))


def test_the_database_takes_a_question_as_it_should_be(village):
    """The other half of the test above: the CHECKs are not simply always against."""
    ticket_id = village.standing(OPEN, village.person("Anna"), village.expert("Bo"))
    with village.db.engine.begin() as connection:
        connection.execute(text("update ticket set state = 'parked', rung = 'unit_expert', unit_id = 2"))
        connection.execute(
            text(
                "update ticket set state = 'closed', closed_at = asked_at, reason = 'rung', next_at = null, next_step = null"
            )
        )
    assert village.look(ticket_id).state is CLOSED


@pytest.mark.parametrize(
    "statement",
    [
        "insert into candidate (ticket_id, person_id, rung, via, sent_at) select ticket_id, person_id, rung, via, sent_at from candidate",
        "insert into history (ticket_id, at, event, state, note) values (1, '2026-01-01', 'vanished', 'open', '')",
        "insert into history (ticket_id, at, event, state, note) values (99, '2026-01-01', 'asked', 'open', '')",
        "update candidate set via = 'pigeon'",
        "delete from ticket",
        "delete from person",
        """insert into letter (key, mark, kind, to_id, place, created_at, due_at, in_doubt, tries, error)
        select key, 'x', kind, to_id, place, created_at, due_at, in_doubt, 0, '' from letter""",
        "update letter set done_at = due_at",
        "update letter set outcome = 'sent'",
        "update letter set outcome = 'lost', done_at = due_at",
        "insert into duty (person_id, starts_at, until_at) values (1, '2026-01-02', '2026-01-01')",
        "update person set language = 'de'",
        "update person set kind = 'patient'",
        "update person set chat_user_id = 'UANNA'",
    ],
)
def test_the_database_refuses_what_must_not_be(village, statement):
    village.standing(OPEN, village.person("Anna"), village.expert("Bo"))
    with pytest.raises(IntegrityError), village.db.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_clock_finds_what_is_due_the_oldest_first(village):
    anna = village.person("Anna")
    late, early = (
        village.ticket(anna, next_at=village.now),
        village.ticket(anna, next_at=village.now - timedelta(hours=1)),
    )
    village.ticket(anna, next_at=village.now + timedelta(seconds=1))
    closed = village.standing(CLOSED, anna, village.expert("Bo"))
    with village.work() as session:
        assert tickets.due(session, now=village.now) == [early, late]
        assert closed not in tickets.due(session, now=village.now + timedelta(days=30))
        assert tickets.alive_places(session)[:2] == ["receipt:F-1", "receipt:F-2"]
