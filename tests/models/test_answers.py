"""The answer bank: proposed, merged, approved by one or two, shown, counted, worn out, erased; and two at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models import answers, clearing, disposal, lines, offers, proposals, recognition, shelf, tickets
from models.answers import AlreadyDone, Answer, AnswerProposal, Did, Kept, NotComplete, Result, Verdict, Why, Wording
from models.answers import State as Stands
from models.errors import Gone, NotYours, Refused
from models.lines import Said, Side
from models.outbox import Letter
from models.people import Person, Role
from models.recognition import Urgency
from models.tickets import Reason, State

LOCK, MACHINE = "digital_lock", "medication_dispenser"
ASKED, HELPED = "Låset i 12 blinkar rött när jag trycker", "Håll in knappen i fem sekunder"
ALSO = "Låset i 14 blinkar rött när jag trycker"
PLAIN = Wording(LOCK, "Låset blinkar rött", "Håll in knappen. Släpp när det lyser grönt.")


@pytest.fixture
def cia(village) -> int:
    """She keeps the answers about locks."""
    return village.specialist("Cia", tool=LOCK)


def solved(village, anna, bo, asked=ASKED, text=HELPED, tool=LOCK) -> int:
    """A question that Bo has answered and called solved."""
    ticket = village.ticket(anna, cards=(bo,), tool=tool)
    with village.work() as session:
        says(session, anna, Side.ASKER, ticket, asked)
        tickets.take(session, ticket, by=bo, now=village.now)
        says(session, bo, Side.HELPER, ticket, text)
        tickets.solve(session, ticket, by=bo, now=village.now)
    return ticket


def says(session, who, side, ticket, text):
    lines.keep(session, Said(text, False, f"D{who}", f"{ticket}.{len(text)}"), by=who, side=side, ticket_id=ticket)


def propose(village, *about, **more) -> int:
    """The answer that it became part of."""
    ticket = solved(village, *about, **more)
    do(village, proposals.propose, ticket, by=about[1])
    with village.db.snapshot() as session:
        return proposals.of_ticket(session, ticket).answer_id


def do(village, verb, *about, **more):
    with village.work() as session:
        return verb(session, *about, now=village.now, **more)


def look(village, answer_id) -> Answer:
    with village.db.snapshot() as session:
        return answers.get(session, answer_id)


def approved(village, cia, wording=PLAIN) -> int:
    return do(village, answers.write, wording, by=cia).pk


def waiting(village, person) -> list[tuple[int, Why, int]]:
    with village.db.snapshot() as session:
        return [(task.answer.pk, task.why, task.proposed) for task in answers.waiting_for(session, person, now=village.now)]


def letters(village, kind) -> list[int]:
    with village.db.snapshot() as session:
        return [letter.to_id for letter in session.exec(select(Letter).where(Letter.kind == kind))]


def found(village, text) -> list[int]:
    with village.db.snapshot() as session:
        return [answer.pk for answer in offers.search(session, text, now=village.now)]


def asked(village, anna, text=ASKED, **values) -> tuple[int, bool]:
    """A question as asking.py begins it: whether answers were offered."""
    ticket = village.ticket(anna, **values)
    with village.work() as session:
        says(session, anna, Side.ASKER, ticket, text)
        offers.offer(session, tickets.get(session, ticket), recognition.read(text), text, now=village.now)
        return ticket, bool(offers.of_ticket(session, ticket))


# ---- from [Löst] to the bank -----------------------------------------------------------------------------------------


def test_one_tap_proposes_its_words_and_alike_ones_are_one(village, anna, bo, gun, cia):
    first = propose(village, anna, bo)
    assert (look(village, first).question, look(village, first).text) == (ASKED, HELPED)
    assert propose(village, anna, gun, asked=ALSO, text="Byt batterierna") == first
    other = propose(village, anna, bo, asked="Appen säger att jag saknar behörighet till låset", text="Logga in igen")
    assert other != first
    assert waiting(village, cia) == [(first, Why.NEW, 2), (other, Why.NEW, 1)]
    assert waiting(village, bo) == []


def test_proposed_twice_is_once_and_nothing_is_proposed_from_nothing(village, anna, bo):
    ticket = solved(village, anna, bo)
    for _ in range(2):
        do(village, proposals.propose, ticket, by=bo)
    with village.db.snapshot() as session:
        assert len(session.exec(select(AnswerProposal)).all()) == 1
    for empty in (solved(village, anna, bo, tool=None), solved(village, anna, bo, text=""), village.ticket(anna, tool=LOCK)):
        with pytest.raises(Gone):
            do(village, proposals.propose, empty, by=bo)


def test_a_name_that_was_vouched_for_is_nothing_for_everybody(village, anna, bo):
    answer = propose(village, anna, bo, text="Ring Karl-Erik på 070-174 06 35, brukaren Karl-Erik vet")
    assert "Karl-Erik vet" not in look(village, answer).text
    assert "06 35" not in look(village, answer).text


def test_approved_with_the_keepers_words_and_shown_with_her_name(village, anna, bo, cia):
    answer = propose(village, anna, bo)
    do(village, answers.approve, answer, 1, replace(PLAIN, text_en="Hold the button.", link="https://x.example"), by=cia)
    row = look(village, answer)
    assert (row.state, row.author_id, row.version) == (Stands.APPROVED, cia, 2)
    assert row.review_on == (village.now + timedelta(days=180)).date()
    assert (row.said("sv")[1], row.said("en")) == (PLAIN.text, (PLAIN.question, "Hold the button."))
    assert waiting(village, cia) == []
    with village.db.snapshot() as session:
        assert [row.did for row in answers.versions_of(session, answer)] == [Did.PROPOSED, Did.APPROVED]
        assert [p.verdict for p in answers.proposals_of(session, answer)] == [Verdict.ACCEPTED]
        assert answers.authors(session, [row]) == {answer: "Cia"}
    assert letters(village, "answer_refused") == []


def test_a_proposal_that_is_refused_is_refused_with_a_reason_to_all_who_proposed_it(village, anna, bo, gun, cia):
    answer = propose(village, anna, bo)
    assert propose(village, anna, gun, asked=ALSO) == answer
    do(village, answers.refuse, answer, 1, "Gäller bara gamla lås", by=cia)
    assert look(village, answer).state is Stands.REFUSED
    assert letters(village, "answer_refused") == [bo, gun]
    with village.db.snapshot() as session:
        assert {p.why for p in answers.proposals_of(session, answer)} == {"Gäller bara gamla lås"}
    with pytest.raises(AlreadyDone):
        do(village, answers.approve, answer, 2, PLAIN, by=cia)


def test_what_is_proposed_again_waits_beside_the_approved_answer_which_stays(village, anna, bo, cia):
    answer = approved(village, cia, replace(PLAIN, question=ASKED))
    assert propose(village, anna, bo, asked=ALSO) == answer
    assert waiting(village, cia) == [(answer, Why.JOINED, 1)]
    do(village, answers.refuse, answer, 1, "Finns redan", by=cia)
    assert look(village, answer).state is Stands.APPROVED
    assert letters(village, "answer_refused") == [bo]
    assert waiting(village, cia) == []


APP = "Appen säger att jag saknar behörighet till låset"


def test_two_that_their_keeper_sees_are_one_become_one_and_what_was_proposed_moves(village, anna, bo, gun, cia):
    other, first = propose(village, anna, gun, asked=APP, text="Logga in igen"), propose(village, anna, bo)
    assert first != other
    do(village, answers.merge, first, 1, (other, 1), by=cia)
    assert (look(village, first).state, look(village, first).merged_into_id) == (Stands.MERGED, other)
    assert waiting(village, cia) == [(other, Why.NEW, 2)]
    for stale in ((first, 2), (other, 1)):
        with pytest.raises(AlreadyDone, match="answer_already_done"):
            do(village, answers.approve, *stale, PLAIN, by=cia)
    with village.db.snapshot() as session:
        told = [(row.did, row.by_id) for row in answers.versions_of(session, other)]
    assert told == [(Did.PROPOSED, gun), (Did.JOINED, cia)]
    third = approved(village, cia)
    do(village, answers.merge, other, 2, (third, 1), by=cia)
    assert look(village, first).merged_into_id == third
    do(village, answers.refuse, third, 2, "Finns redan", by=cia)
    assert sorted(letters(village, "answer_refused")) == sorted([bo, gun])
    clear(village, anna, third)
    assert APP not in words_of(village, other), "it stood in what was merged, too"
    assert ASKED in words_of(village, first), "whose question was not cleared"


def test_what_cannot_be_one(village, anna, bo, cia):
    ivar = village.coordinator("Ivar")
    mine, shown, theirs = propose(village, anna, bo), approved(village, cia), approved(village, ivar, replace(PLAIN, tool="vr"))
    ended = approved(village, cia)
    do(village, answers.withdraw, ended, 1, by=cia)
    for about, by, no in (
        ((mine, 1, (mine, 1)), cia, Gone),
        ((shown, 1, (mine, 1)), cia, Gone),  # it would be shown no more
        ((mine, 1, (ended, 2)), cia, Gone),
        ((mine, 1, (theirs, 1)), cia, NotYours),
        ((theirs, 1, (mine, 1)), ivar, NotYours),
        ((mine, 1, (shown, 7)), cia, AlreadyDone),
    ):
        with pytest.raises(no):
            do(village, answers.merge, *about, by=by)
    assert [look(village, each).state for each in (mine, shown, theirs)] == [Stands.PROPOSED, Stands.APPROVED, Stands.APPROVED]


def test_medication_takes_two_and_whoever_changes_a_word_is_the_first(village, anna, bo):
    cia, doris, ester = (village.specialist(name) for name in ("Cia", "Doris", "Ester"))
    answer = propose(village, anna, bo, asked="Evondos säger att påsen sitter fast", text="Dra rakt ut", tool=MACHINE)
    says = Wording(MACHINE, "Påsen sitter fast", "Dra den rakt ut.")
    do(village, answers.approve, answer, 1, says, by=cia)
    assert look(village, answer).state is Stands.PROPOSED
    assert (waiting(village, cia), waiting(village, doris)) == ([], [(answer, Why.SECOND, 1)])
    do(village, answers.approve, answer, 2, says, by=cia)
    assert look(village, answer).state is Stands.PROPOSED, "one person is one"
    do(village, answers.approve, answer, 3, replace(says, text="Dra den försiktigt rakt ut."), by=doris)
    assert look(village, answer).state is Stands.PROPOSED, "nobody else has read these words"
    do(village, answers.approve, answer, 4, replace(says, text="Dra den försiktigt rakt ut."), by=ester)
    row = look(village, answer)
    assert (row.state, row.first_by_id, row.author_id) == (Stands.APPROVED, doris, ester)
    do(village, answers.approve, answer, 5, replace(says, text="Dra."), by=ester)
    assert look(village, answer).state is Stands.PROPOSED, "also what was approved"


def test_where_only_one_specialist_knows_the_machine_a_coordinator_is_the_second(village):
    cia, ivar = village.specialist("Cia", tool=MACHINE), village.coordinator("Ivar")
    says = Wording(MACHINE, "Påsen sitter fast", "Dra den rakt ut.")
    answer = approved(village, cia, says)
    assert waiting(village, ivar) == [(answer, Why.SECOND, 0)]
    do(village, answers.approve, answer, 1, says, by=ivar)
    assert look(village, answer).state is Stands.APPROVED


def test_two_keepers_at_once_one_wins_and_the_other_hears_who(village, anna, bo):
    keepers = [village.specialist(f"Cia{i}") for i in range(4)]
    for tool in (LOCK, "vr", "siths", "npo", "sensors"):
        answer, says = propose(village, anna, bo, tool=tool), replace(PLAIN, tool=tool)
        with ThreadPoolExecutor(4) as pool:
            got = list(pool.map(lambda at, a=answer, w=says: pressed(village, a, w, keepers[at], at), range(4)))
        (winner,) = (at for at, no in enumerate(got) if no is None)
        assert [(type(no), no.about["name"]) for no in got if no] == [(AlreadyDone, f"Cia{winner}")] * 3
        assert look(village, answer).state is (Stands.REFUSED if winner % 2 else Stands.APPROVED)
        assert look(village, answer).version == 2


def pressed(village, answer, says, by, at) -> Refused | None:
    """Every second one refuses what the others approve."""
    try:
        if at % 2:
            do(village, answers.refuse, answer, 1, "Nej", by=by)
        else:
            do(village, answers.approve, answer, 1, says, by=by)
    except Refused as no:
        return no
    return None


def test_who_keeps_what(village, cia):
    everything, other, ivar = village.specialist("Doris"), village.specialist("Eva", tool="vr"), village.coordinator("Ivar")
    former = village.person("Former")
    village.hat(former, Role.OBJECT_SPECIALIST, tool=LOCK, ends_on=(village.now - timedelta(days=1)).date())
    answer = approved(village, cia)
    for who in (other, former, ivar, village.expert("Bo"), village.person("Anna")):
        for verb, about in ((answers.approve, (PLAIN,)), (answers.refuse, ("Nej",)), (answers.keep, ()), (answers.withdraw, ())):
            with pytest.raises(NotYours):
                do(village, verb, answer, 1, *about, by=who)
        with pytest.raises(NotYours):
            do(village, answers.write, PLAIN, by=who)
    do(village, answers.keep, answer, 1, by=everything)


def test_what_no_specialist_has_the_coordinators_keep(village, cia):
    ivar = village.coordinator("Ivar")
    approved(village, ivar, replace(PLAIN, tool="vr"))
    with village.db.snapshot() as session:
        assert answers.kept_by(session, ivar, now=village.now) == Kept(frozenset(), True, frozenset({LOCK}))
        assert answers.kept_by(session, cia, now=village.now) == Kept(frozenset({LOCK}))
    handed = propose(village, village.person("Anna"), village.expert("Bo"))
    do(village, answers.approve, handed, 1, replace(PLAIN, tool="vr"), by=cia)
    assert look(village, handed).state is Stands.PROPOSED
    assert waiting(village, ivar) == [(handed, Why.NEW, 1)]


@pytest.mark.parametrize("wrong", [replace(PLAIN, question=""), replace(PLAIN, text=""), replace(PLAIN, tool="no_tool")])
def test_nothing_half_done_is_approved(village, wrong):
    keeper = village.specialist("Doris")
    with pytest.raises((NotComplete, Gone)):
        do(village, answers.write, wrong, by=keeper)
    with village.db.snapshot() as session:
        assert session.exec(select(Answer)).all() == []


# ---- shown, and what comes of it -------------------------------------------------------------------------------------


def test_shown_to_who_asks_the_same_helped_and_counted(village, anna, bo, cia):
    answer = approved(village, cia)
    ticket, offered = asked(village, anna, tool=LOCK)
    assert offered
    assert village.look(ticket).next_at == village.now + timedelta(minutes=3)
    for _ in range(2):
        do(village, offers.helped, ticket, answer, by=anna)
    closed = village.look(ticket)
    assert (closed.state, closed.reason, closed.solved_by) == (State.CLOSED, Reason.SELF_HELP, "self_help")
    row = look(village, answer)
    assert (row.shown, row.helped, row.missed) == (1, 1, 0)


def test_where_somebody_may_be_waiting_it_stands_below_the_number_and_nobody_waits_for_it(village, anna, cia):
    answer = approved(village, cia)
    ticket, offered = asked(village, anna, tool=LOCK, urgency=Urgency.MAYBE_ACUTE)
    assert offered
    assert village.look(ticket).next_at == village.now
    with village.db.snapshot() as session:
        assert [a.pk for a in offers.standing(session, tickets.get(session, ticket), now=village.now)] == [answer]


def test_a_human_never_waits(village, anna, bo, cia):
    answer = approved(village, cia)
    ticket, _ = asked(village, anna, tool=LOCK)
    for _ in range(2):
        do(village, offers.human, ticket, by=anna)
    assert village.story(ticket) == ["asked", "offered", "human", "went_to"]
    with village.db.snapshot() as session:
        (card,) = tickets.candidates(session, ticket)
        assert (card.person_id, card.sent_at) == (bo, village.now)
    assert (look(village, answer).missed, look(village, answer).in_vain) == (1, 1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (ASKED, {"tool": LOCK, "urgency": Urgency.ACUTE}),
        (ASKED, {"tool": MACHINE}),
        (ASKED, {"tool": "vr"}),
        ("Någon har larmat och jag kan inte öppna låset, det blinkar rött!", {"tool": LOCK}),
        ("Vad serveras till lunch?", {"tool": None}),
    ],
)
def test_no_answer_above_a_number_about_medication_or_about_something_else(village, anna, cia, text, values):
    approved(village, cia)
    _, offered = asked(village, anna, text, **values)
    assert not offered


def test_a_medication_answer_is_for_those_who_help(village, anna, bo):
    cia, doris = village.specialist("Cia"), village.specialist("Doris")
    says = Wording(MACHINE, "Evondos säger att påsen sitter fast", "Dra den rakt ut.")
    answer = approved(village, cia, says)
    do(village, answers.approve, answer, 1, says, by=doris)
    ticket, offered = asked(village, anna, says.question, tool=MACHINE)
    assert not offered
    with village.db.snapshot() as session:
        assert [each.pk for each in offers.ready(session, tickets.get(session, ticket), now=village.now)] == [answer]


def test_ten_times_in_a_row_without_helping_and_its_keeper_reads_it_first(village, anna, cia):
    answer = approved(village, cia)
    with village.work() as session:
        for _ in range(9):
            answers.counted(session, answer, helped=False, now=village.now)
        answers.counted(session, answer, helped=True, now=village.now)
        for _ in range(9):
            answers.counted(session, answer, helped=False, now=village.now)
    assert found(village, ASKED) == [answer]
    do(village, answers.counted, answer, helped=False)
    assert found(village, ASKED) == []
    assert waiting(village, cia) == [(answer, Why.NO_HELP, 0)]
    do(village, answers.keep, answer, 1, by=cia)
    assert found(village, ASKED) == [answer]
    assert look(village, answer).in_vain == 0


def test_past_its_day_of_review_it_waits_and_a_month_later_it_is_shown_no_more(village, anna, cia):
    answer = approved(village, cia, replace(PLAIN, review_on=village.now.date()))
    assert waiting(village, cia) == [(answer, Why.DUE, 0)]
    village.later(days=30)
    assert found(village, ASKED) == [answer]
    village.later(days=1)
    assert found(village, ASKED) == []
    assert not asked(village, anna, tool=LOCK)[1]
    do(village, answers.keep, answer, 1, by=cia)
    assert found(village, ASKED) == [answer]


def test_withdrawn_is_gone_at_once_also_from_what_is_being_read(village, anna, cia):
    answer = approved(village, cia)
    ticket, _ = asked(village, anna, tool=LOCK)
    do(village, answers.withdraw, answer, 1, by=cia)
    with village.db.snapshot() as session:
        assert offers.standing(session, tickets.get(session, ticket), now=village.now) == []
        assert list(shelf.index(session, answers.BANK).ids) == []
        told = [letter.key for letter in session.exec(select(Letter).where(Letter.kind == "receipt"))]
    assert f"receipt:receipt:F-{ticket}:answer {answer} 2" in told
    assert found(village, ASKED) == []


def test_what_came_of_it_once_the_question_is_closed(village, anna, bo, cia):
    """One in her receipt did not help, one that her helper sent did."""
    ivar = village.coordinator("Ivar")
    read, sent = approved(village, cia), approved(village, ivar, Wording("vr", "Glasögonen är tomma", "Ladda dem."))
    ticket, _ = asked(village, anna, tool=LOCK)
    with village.work() as session:
        tickets.make_candidate(session, tickets.get(session, ticket), bo, tickets.Rung.UNIT_EXPERT, via=tickets.Via.CARD, at=village.now)
        tickets.take(session, ticket, by=bo, now=village.now)
        for answer in (sent, sent, read):  # the last stands in the receipt already
            offers.sent(session, ticket, answer, now=village.now)
        tickets.solve(session, ticket, by=bo, now=village.now)
        assert offers.to_settle(session, now=village.now) == []
        tickets.confirm(session, ticket, by=anna, now=village.now)
    for _ in range(2):
        with village.work() as session:
            for each in offers.to_settle(session, now=village.now):
                offers.settle(session, each, now=village.now)
    with village.db.snapshot() as session:
        came_of = {row.answer_id: row.result for row in offers.of_ticket(session, ticket)}
    assert came_of == {read: Result.MISSED, sent: Result.HELPED}
    assert (look(village, read).missed, look(village, sent).helped, look(village, sent).shown) == (1, 1, 1)


# ---- erasure -----------------------------------------------------------------------------------------------------------


def clear(village, anna, answer):
    with village.work() as session:
        proposal = answers.proposals_of(session, answer)[0]
        clearing.everything(session, session.get(Person, anna), proposal.ticket_id, now=village.now)


def words_of(village, answer) -> str:
    with village.db.snapshot() as session:
        rows = [answers.get(session, answer), *answers.versions_of(session, answer), *answers.proposals_of(session, answer)]
        return " ".join(f"{row.question} {row.text}" for row in rows)


@pytest.mark.parametrize("wording", [None, Wording(LOCK, ASKED, "Nytt"), Wording(LOCK, "Nytt", f"{HELPED}.")])
def test_an_answer_that_says_what_was_cleared_goes_with_it(village, anna, bo, cia, wording):
    answer = propose(village, anna, bo)
    if wording is not None:
        do(village, answers.approve, answer, 1, wording, by=cia)
    clear(village, anna, answer)
    assert look(village, answer).state is Stands.WITHDRAWN
    assert words_of(village, answer).split() in ([], ["Nytt"])
    assert found(village, ASKED) == []


def test_one_that_its_keeper_has_written_anew_waits_for_her(village, anna, bo, cia):
    answer = propose(village, anna, bo)
    do(village, answers.approve, answer, 1, PLAIN, by=cia)
    clear(village, anna, answer)
    assert ASKED not in words_of(village, answer)
    assert HELPED not in words_of(village, answer)
    assert found(village, ASKED) == []
    assert waiting(village, cia) == [(answer, Why.SOURCE_GONE, 0)]
    do(village, answers.keep, answer, 3, by=cia)
    assert found(village, ASKED) == [answer]


def test_words_of_what_is_over_go_after_a_while(village, anna, bo, cia):
    refused, withdrawn, stays = propose(village, anna, bo), approved(village, cia), approved(village, cia)
    do(village, answers.refuse, refused, 1, "Nej", by=cia)
    do(village, answers.withdraw, withdrawn, 1, by=cia)
    for days, gone in ((89, {}), (2, {"proposals": 1, "answers": 2})):
        village.later(days=days)
        with village.work() as session:
            found = {done.step: done.number for done in disposal.would_go(session, now=village.now)}
            assert {step: n for step, n in found.items() if step in ("proposals", "answers")} == gone
            for step in disposal.STEPS:
                disposal.portion(session, step, "a run", now=village.now)
    assert words_of(village, refused).split() == words_of(village, withdrawn).split() == []
    assert PLAIN.text in words_of(village, stays)
