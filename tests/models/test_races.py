"""Many at the same time, in threads and in instances: one winner, one line, one letter, one step, on every run."""

import itertools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from models import (
    asking,
    auditor,
    clusters,
    heard,
    jobs,
    ladder,
    lines,
    outages,
    outbox,
    people,
    stuga,
    stuga_day,
    takeover,
    tickets,
)
from models.audit import AuditEntry
from models.clusters import Cluster
from models.db import Database
from models.errors import AlreadyTaken, Refused
from models.lines import Line, Said, Side
from models.outages import Notice
from models.outbox import Intent, Letter
from models.people import Person
from models.stuga_day import AlreadyLogged, Outcome, Word
from models.stuga_series import Part, Stuga
from models.tickets import Event, History, State, Ticket
from tests.models.stugor import Stugor

EIGHT = 8


@pytest.fixture
def village(village):
    """Four instances on one database. Only the order of commits matters here, not whether they survive a power cut."""
    village.db.engine.dispose()
    instances = [village.db, *(Database(village.db.url) for _ in range(3))]
    if village.db.engine.dialect.name == "sqlite":
        for instance in instances:
            event.listen(instance.engine, "connect", lambda db, _: db.execute("pragma synchronous = off"))
    turns = itertools.cycle(instances)
    village.work = lambda: next(turns).transaction()
    yield village
    for instance in instances:
        instance.close()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Everybody starts at the same moment; what each got, or the Refused that she was told."""
    start = Barrier(len(works))

    def run(work):
        start.wait(10)
        try:
            return work()
        except Refused as no:
            return no

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def working(village, verb, *about, **more) -> Callable[[], Any]:
    def work():
        with village.work() as session:
            return verb(session, *about, now=village.now, **more)

    return work


def count(village, table, *where) -> int:
    with village.db.snapshot() as session:
        return len(session.exec(select(table).where(*where)).all())


def test_eight_take_the_same_question_and_one_has_it_on_every_run(village):
    anna, helpers = village.person("Anna"), [village.expert(f"Bo{i}") for i in range(EIGHT)]
    for _ in range(20):
        ticket = village.ticket(anna, cards=tuple(helpers))
        got = at_once(*(working(village, tickets.take, ticket, by=bo) for bo in helpers))
        winners = [bo for bo, what in zip(helpers, got, strict=True) if isinstance(what, Ticket)]
        assert winners == [village.look(ticket).owner_id]
        assert Counter(map(type, got)) == {Ticket: 1, AlreadyTaken: EIGHT - 1}
        assert village.story(ticket) == ["asked", "taken"]
    assert count(village, Letter, Letter.kind == "taken") == 20


def test_four_answer_all_while_somebody_takes_one_and_each_question_gets_one_answer(village):
    ivars = [village.coordinator(f"Ivar{i}") for i in range(4)]
    bo = village.expert("Bo")
    for tool in ("vr", "siths", "tablet"):
        found = [village.ticket(village.person(f"{tool}{i}"), cards=(bo,), tool=tool) for i in range(5)]
        begun = at_once(*[working(village, clusters.begin, found[0])] * 2)
        assert begun == [None, None]
        with village.db.snapshot() as session:
            cluster = session.exec(select(Cluster.id).where(Cluster.tool == tool)).one()
        answer = (working(village, clusters.answer_all, cluster, "Starta om", vouched=False, by=ivar) for ivar in ivars)
        got = at_once(*answer, working(village, tickets.take, found[0], by=bo))
        assert sorted(type(what).__name__ for what in got[:4]) == ["AllAnswered"] * 3 + ["int"]
        assert {village.look(each).state for each in found} <= {State.SOLVED_PROPOSED, State.TAKEN}
        lines_of = [count(village, Line, Line.ticket_id == each, Line.side == Side.HELPER) for each in found]
        assert lines_of == [1] * 5
        assert {village.look(each).owner_id for each in found} <= set(ivars)
    assert count(village, Cluster) == 3


def test_what_two_notice_at_once_when_it_is_over_is_noticed_once(village):
    """Heard afterwards it is over as soon as it has begun: then nothing but the first one's row keeps the second out."""
    anna, ivar, earlier = village.person("Anna"), village.coordinator("Ivar"), village.now - timedelta(hours=3)
    for tool in ("vr", "siths", "tablet"):
        found = [village.ticket(anna, tool=tool, asked_at=earlier) for _ in range(4)]
        assert set(at_once(*[working(village, clusters.begin, found[0])] * 4)) == {None}
        assert count(village, Cluster, Cluster.tool == tool, col(Cluster.ended_at).is_not(None)) == 1
    assert (count(village, Cluster), count(village, Letter, Letter.kind == "cluster", Letter.to_id == ivar)) == (3, 3)


def test_eight_prolong_an_outage_by_one_hour_and_what_is_right_stays_so(village):
    ivars = [village.coordinator(f"Ivar{i}") for i in range(4)]
    for tool in ("vr", "siths", "npo"):
        notice = Notice(tool, frozenset(), "", village.now, village.now + timedelta(minutes=10))
        outage = working(village, outages.put_up, notice, by=ivars[0])().pk
        right = [working(village, outages.set_right, outage, by=ivars[0])] * (tool == "npo")
        got = at_once(*[working(village, outages.prolong, outage, by=ivar) for ivar in ivars * 2], *right)
        assert {type(what) for what in got} <= {type(None), *([outages.AlreadyRight] if right else [])}
        with village.db.snapshot() as session:
            row = outages.get(session, outage)
        assert (row.ended_at is None, row.next_at is not None) == (not right, not right)
        assert (row.ends_at - village.now) / timedelta(minutes=10) in ((1, 7) if right else (7,))


def test_one_takes_it_with_eight_thumbs(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.ticket(anna, cards=(bo,))
    got = at_once(*[working(village, tickets.take, ticket, by=bo)] * EIGHT)
    assert {type(what) for what in got} == {Ticket}
    assert village.story(ticket) == ["asked", "taken"]


@pytest.mark.slow
def test_eight_take_it_over_from_the_same_person_and_one_has_it(village):
    """Each has written something; only the winner's words reach the asker."""
    anna, bo = village.person("Anna"), village.expert("Bo")
    helpers = [village.expert(f"Gun{i}") for i in range(EIGHT)]
    for _ in range(5):
        ticket = village.ticket(anna, cards=(bo, *helpers))
        working(village, tickets.take, ticket, by=bo)()
        kept = []
        for i, gun in enumerate(helpers):
            with village.work() as session:
                said = Said("Jag vet!", False, f"D{gun}", f"{ticket}.{i}")
                kept.append(lines.keep(session, said, by=gun, side=Side.KEPT, ticket_id=ticket).pk)
        press = [(gun, line) for gun, line in zip(helpers, kept, strict=True) for _ in range(2)]  # with both thumbs
        works = (working(village, takeover.send, ticket, line_id=line, seen=bo, by=gun) for gun, line in press)
        got = at_once(*works)
        winners = {gun for (gun, _), what in zip(press, got, strict=True) if isinstance(what, Ticket)}
        assert winners == {village.look(ticket).owner_id}
        assert Counter(map(type, got)) == {Ticket: 2, AlreadyTaken: 2 * EIGHT - 2}
        assert village.story(ticket) == ["asked", "taken", "taken_over", "wrote"]
        assert count(village, Line, Line.ticket_id == ticket, Line.side == Side.HELPER) == 1
    assert count(village, Letter, Letter.kind == "answer") == count(village, Letter, Letter.kind == "taken_over") == 5


def test_eight_auditors_at_once_repair_each_question_once_and_say_it_in_one_line(village):
    anna, ivar = village.person("Anna"), village.coordinator("Ivar")
    hanging = [village.ticket(anna) for _ in range(5)]
    village.later(hours=2)

    def round_of_one_auditor():
        with village.db.snapshot() as session:
            found = auditor.suspects(session, now=village.now)
        for ticket in found:
            working(village, auditor.mend, ticket)()

    at_once(*[round_of_one_auditor] * EIGHT)
    assert [village.story(ticket) for ticket in hanging] == [["asked", "repaired"]] * 5
    assert count(village, AuditEntry, AuditEntry.what == "question.repaired") == 5
    assert count(village, Letter, Letter.kind == "repaired", Letter.to_id == ivar) == 1


def test_eight_workers_deliver_and_no_letter_goes_twice_or_out_of_turn(village):
    receivers = [village.person(f"P{i}") for i in range(4)]
    for i in range(40):
        with village.work() as session:  # in one transaction, letters for the same message would be one
            to = receivers[i % 4]
            outbox.put(session, Intent("k", to, None, f"{to}:{i % 3}", str(i)), now=village.now)
    sent: list[tuple[int, int]] = []

    def work():
        while True:
            with village.work() as session:
                mine = outbox.claim(session, now=village.now, limit=2)
            if not mine and not count(village, Letter, Letter.done_at.is_(None)):
                return
            for letter in mine:
                sent.append((letter.to_id, letter.id))
                with village.work() as session:
                    outbox.sent(session, letter, channel="D", ts=letter.place, digest="", now=village.now)

    at_once(*[work] * EIGHT)
    assert len(sent) == len(set(sent)) == 40
    with village.db.snapshot() as session:
        place = dict(session.exec(select(Letter.id, Letter.place)).all())
    for message in set(place.values()):
        order = [number for _, number in sent if place[number] == message]
        assert order == sorted(order)


def test_eight_deliveries_of_one_message_are_one_line_and_one_question(village):
    anna = village.person("Anna")
    village.expert("Bo")
    said = Said("Låset i 12 blinkar rött", False, "D1", f"{village.now.timestamp():.6f}")

    def hear(session, *, now):
        if heard.first_time(session, "event:Ev1", now=now):
            asking.hear(session, session.get(Person, anna), said, now=now)

    at_once(*[working(village, hear)] * EIGHT)
    assert (count(village, Line), count(village, Ticket)) == (1, 1)


def test_and_under_eight_event_ids_too(village):
    """Catch-up and the socket bring the same message under different names."""
    anna = village.person("Anna")
    village.expert("Bo")
    said = Said("Låset i 12 blinkar rött", False, "D1", f"{village.now.timestamp():.6f}")

    def hear(session, *, now):
        asking.hear(session, session.get(Person, anna), said, now=now)

    at_once(*[working(village, hear)] * EIGHT)
    assert (count(village, Line), count(village, Ticket)) == (1, 1)


def test_eight_lines_of_one_asker_at_once_are_one_question(village):
    """Her lines are handled one at a time."""
    anna = village.person("Anna")
    village.expert("Bo")

    def hear(session, number, *, now):
        said = Said(f"Låset i {number} blinkar rött", False, "D1", f"{now.timestamp() + number / 1000:.6f}")
        asking.hear(session, session.get(Person, anna), said, now=now)

    at_once(*(working(village, hear, number) for number in range(EIGHT)))
    assert count(village, Ticket) == 1
    with village.db.snapshot() as session:
        found = lines.of_ticket(session, 1)
    assert [line.text for line in found] == [f"Låset i {number} blinkar rött" for number in range(EIGHT)]


def test_somebody_new_who_writes_eight_times_is_one_person(village):
    got = at_once(*[working(village, people.first_contact, "UNEW")] * EIGHT)
    assert len({person.id for person in got}) == 1


def test_two_clocks_tick_and_one_step_is_made(village):
    anna = village.person("Anna")
    village.expert("Bo")
    for _ in range(5):
        ticket = village.ticket(anna)
        at_once(*[working(village, ladder.tick, ticket)] * 2)
        assert count(village, History, History.ticket_id == ticket, History.event == Event.WENT_TO) == 1


def test_two_clocks_free_what_nobody_answered_once(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    ticket = village.ticket(anna, cards=(bo,))
    with village.work() as session:
        tickets.take(session, ticket, by=bo, now=village.now)
    for hours, last in ((1, "reminded"), (1, "went_to")):
        village.later(hours=hours)
        at_once(*[working(village, ladder.tick, ticket)] * 3)
        assert village.story(ticket)[-1] == last
    assert village.story(ticket) == ["asked", "taken", "reminded", "freed", "went_to"]


def test_a_slot_of_a_job_is_one_instances(village):
    got = at_once(*[working(village, jobs.claim, "tidy", "2026-11-24")] * EIGHT)
    assert sorted(got) == [False] * (EIGHT - 1) + [True]
    village.now += jobs.LEASE
    assert sorted(at_once(*[working(village, jobs.claim, "tidy", "2026-11-24")] * 4)) == [False, False, False, True]
    with village.work() as session:
        jobs.finish(session, "tidy", "2026-11-24", now=village.now)
    village.later(days=1)
    assert at_once(*[working(village, jobs.claim, "tidy", "2026-11-24")] * 2) == [False, False]


def test_the_asker_writes_while_a_helper_takes(village):
    """Whoever is first: the line is in the question, the helper has it, and she gets the line."""
    anna, bo = village.person("Anna"), village.expert("Bo")
    for i in range(8):
        ticket = village.ticket(anna, cards=(bo,))

        def writes(session, *, now, ticket=ticket, i=i):
            said = Said("det piper också", False, "D1", f"{now.timestamp() + i:.6f}")
            return asking.hear(session, session.get(Person, anna), said, now=now, under=ticket)

        at_once(working(village, writes), working(village, tickets.take, ticket, by=bo))
        found = village.look(ticket)
        assert (found.state, found.owner_id) == (State.TAKEN, bo)
        assert count(village, Line, Line.ticket_id == ticket) == 1
        assert sorted(set(village.story(ticket)) - {"understood"}) == ["asked", "taken", "wrote"]  # it may say what pipes


def test_the_asker_withdraws_while_a_helper_takes(village):
    anna, bo = village.person("Anna"), village.expert("Bo")
    for _ in range(8):
        ticket = village.ticket(anna, cards=(bo,))
        at_once(working(village, tickets.withdraw, ticket, by=anna), working(village, tickets.take, ticket, by=bo))
        assert village.look(ticket).state is State.CLOSED


def test_everybody_declines_at_once_and_the_next_are_asked_once(village):
    anna, ivar = village.person("Anna"), village.coordinator("Ivar")
    experts = [village.expert(f"Bo{i}") for i in range(4)]
    ticket = village.ticket(anna)
    with village.work() as session:
        ladder.advance(session, tickets.get(session, ticket), now=village.now)
    at_once(*(working(village, ladder.pass_on, ticket, bo, by=bo) for bo in experts))
    assert village.story(ticket).count("went_to") == 2
    with village.db.snapshot() as session:
        assert [c.person_id for c in tickets.candidates(session, ticket) if c.left_at is None] == [ivar]


def test_losing_no_update_under_load(village):
    """SQLite as Python opens it loses every fourth of these."""
    bo = village.person("Bo")

    def note(session, *, now):
        session.get(Person, bo).title += "x"

    at_once(*[lambda: [working(village, note)() for _ in range(10)]] * EIGHT)
    with village.db.snapshot() as session:
        assert len(session.get(Person, bo).title) == 10 * EIGHT


# ---- drop-ins -------------------------------------------------------------------------------------------------------


def test_eight_helpers_at_a_drop_in_and_each_question_has_one_helper_and_one_outcome(village):
    """They ask for the next one, tap outcomes, count heads and end it, all at the same moment."""
    scene, anna = Stugor(village), village.person("Anna")
    helpers = [village.expert(f"Bo{i}") for i in range(EIGHT)]
    scene.series("tis", "tue")
    for helper in helpers:
        scene.turn("tis", helper, Part.HELPER)
    scene.keep()
    held = scene.next()
    asked = [village.ticket(anna, tool="digital_lock") for _ in range(EIGHT)]
    for ticket in asked:
        scene.do(stuga.park, ticket, by=anna, stuga_id=held.pk)
    scene.at(held.starts_at)
    got = at_once(*(working(village, stuga_day.next_question, held.pk, by=bo) for bo in helpers))
    assert sorted(ticket.pk for ticket in got) == asked
    word = Word(Outcome.SOLVED, "Byt batteri")
    got = at_once(*(working(village, stuga_day.log, held.pk, asked[0], word, by=bo) for bo in helpers))
    assert Counter(map(type, got)) == {Ticket: 1, AlreadyLogged: EIGHT - 1}
    at_once(*(working(village, stuga_day.count, held.pk, 1, by=bo) for bo in helpers))
    assert scene.look(held.pk).heads == EIGHT
    ends = [working(village, stuga_day.end, held.pk, by=bo) for bo in helpers[:3]]
    cancels = [working(village, stuga.cancel, held.pk, by=bo) for bo in helpers[3:5]]
    parks = [working(village, stuga.park, ticket, by=anna, stuga_id=held.pk) for ticket in asked[5:]]
    got = at_once(*ends, *cancels, *parks)
    assert sum(isinstance(what, Stuga) for what in got) == 1
    assert {scene.where(ticket) for ticket in asked} <= {"stuga", "ladder"}
    assert count(village, Letter, Letter.kind == "stuga_outcome", Letter.about_id == asked[0]) == 1
