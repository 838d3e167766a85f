"""Slack tells late, twice, and in another order than it happened: what people wrote last is what stands, once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import lines, tickets
from models.lines import Line, Side
from models.outbox import Letter
from models.recognition import Urgency
from models.tickets import NextStep, Reason, State, Ticket
from tests import slack as fake
from tests.stories.told import deletes, edits, entombs, reacts, tell, unfurls, writes

LOCK, BETTER, BEST = "Låset i 12 blinkar rött", "Låset i 14 blinkar rött", "Låset i 16 blinkar rött"
PRINTER = "Skrivaren på kontoret skriver inte ut"
ACUTE = "hon ligger på golvet och larmet svarar inte"
SECRET = "Låset hos 19811218-9876 blinkar rött"


def the_ticket(town, number=1) -> Ticket:
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def questions(town) -> int:
    with town.db.snapshot() as session:
        return len(session.exec(select(Ticket)).all())


def words(town, side: Side = Side.ASKER) -> list[str]:
    """What stands in the first question."""
    with town.db.snapshot() as session:
        return [line.text for line in lines.of_ticket(session, 1, side)]


def stored(town) -> list[Line]:
    with town.db.snapshot() as session:
        return list(session.exec(select(Line).order_by(Line.said_at, Line.id)))


def said_to(who, words: str) -> int:
    """In how many of the bot's messages somebody reads this."""
    return sum(words in fake.words_of({"blocks": m.get("blocks", [])}) for m in who.got)


def asked(town) -> None:
    """Anna has asked, Bo has taken it."""
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")


def solved(town) -> None:
    """And called it solved."""
    asked(town)
    town.bo.writes("Byt batteri", under=town.bo.got[0])
    town.later(minutes=1)
    town.bo.presses("Löst")
    town.later(minutes=1)


# ---- edits that overtake ------------------------------------------------------------------------------------------


def test_the_edit_comes_before_the_message(town):
    first = writes(town.anna, LOCK)
    better = edits(town.anna, first, BETTER)
    tell(town, better, first)
    assert words(town) == [BETTER]
    town.later(seconds=25)
    tell(town, better, first)
    assert words(town) == [BETTER]
    assert (questions(town), len(town.anna.got), len(town.bo.got)) == (1, 1, 1)
    assert BETTER in town.bo.phone
    assert LOCK not in town.bo.phone


def test_the_newest_of_three_versions_stands_in_whatever_order(town):
    first = writes(town.anna, LOCK)
    better = edits(town.anna, first, BETTER)
    town.time += timedelta(seconds=2)
    best = edits(town.anna, first, BEST)
    tell(town, best, first, better)
    assert words(town) == [BEST]
    tell(town, better, first, best)
    assert words(town) == [BEST]


def test_two_edits_in_one_second(town):
    """Slack's `edited.ts` is the same for both: the event's own time decides."""
    first = writes(town.anna, LOCK)
    better, best = edits(town.anna, first, BETTER), edits(town.anna, first, BEST)
    assert better["message"]["edited"]["ts"] == best["message"]["edited"]["ts"]
    tell(town, first, best, better)
    assert words(town) == [BEST]


def test_back_to_the_first_words_and_the_edit_between_comes_last(town):
    first = writes(town.anna, LOCK)
    better = edits(town.anna, first, BETTER)
    back = edits(town.anna, first, LOCK)
    tell(town, first, back, better)
    assert words(town) == [LOCK]


def test_a_preview_of_a_link_is_no_edit(town):
    asked(town)
    first = writes(town.anna, "Se https://intra.example/las", under=town.anna.got[0])
    preview = unfurls(town.anna, first)
    tell(town, preview, first)
    town.later(seconds=1)
    assert words(town) == [LOCK, "Se https://intra.example/las"]
    before = len(town.slack.calls)
    tell(town, preview)
    assert len(town.slack.calls) == before


def test_the_edit_of_a_line_under_the_receipt_comes_first(town):
    asked(town)
    more = writes(town.anna, "Det står fyra ett", under=town.anna.got[0])
    better = edits(town.anna, more, "Det står sju två")
    tell(town, better, more)
    town.later(seconds=1)
    assert words(town) == [LOCK, "Det står sju två"]
    assert said_to(town.bo, "Det står sju två") == 1
    assert "Det står fyra ett" not in town.bo.phone


def test_the_edit_of_an_answer_comes_first(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    answer = writes(town.bo, "Byt batteri", under=town.bo.got[0])
    better = edits(town.bo, answer, "Byt batteri, det ligger i skåpet")
    tell(town, better, answer)
    town.later(seconds=1)
    assert words(town, Side.HELPER) == ["Byt batteri, det ligger i skåpet"]
    assert the_ticket(town).owner_id == town.bo.id
    assert said_to(town.anna, "Byt batteri") == 1
    assert len([push for push in town.anna.pushes if "Byt batteri" in push]) == 1


def test_an_older_edit_of_an_answer_changes_nothing_at_the_asker_s(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    answer = writes(town.bo, "Byt batteri", under=town.bo.got[0])
    older = edits(town.bo, answer, "Byt inte batteri")
    town.time += timedelta(seconds=3)
    newer = edits(town.bo, answer, "Byt batteri i låset")
    tell(town, answer, newer)
    town.later(seconds=1)
    tell(town, older)
    town.later(seconds=1)
    assert said_to(town.anna, "Byt batteri i låset") == 1
    assert "Byt inte batteri" not in town.anna.phone


def test_two_edits_in_one_moment_both_arrive(town):
    asked(town)
    answer = writes(town.bo, "Byt batteri", under=town.bo.got[0])
    tell(town, answer)
    town.later(seconds=1)
    tell(town, edits(town.bo, answer, "Byt batterier"), edits(town.bo, answer, "Byt båda batterierna"))
    town.later(seconds=1)
    assert said_to(town.anna, "Byt båda batterierna") == 1


def test_somebody_without_the_question_edits_first(town):
    asked(town)
    late = writes(town.gun, "Jag vet", under=town.gun.got[0])
    better = edits(town.gun, late, "Jag vet hur")
    tell(town, better, late, better)
    town.later(seconds=1)
    assert said_to(town.gun, "Det du skrev är inte skickat") == 1
    assert "Jag vet" not in town.anna.phone
    assert [line.text for line in stored(town)[1:]] == ["Jag vet hur"]  # waits for [Ta frågan och skicka]


def test_an_edit_of_something_older_than_our_memory_asks_nothing(town):
    """Its question may be erased long since."""
    old = writes(town.anna, LOCK)
    town.time += timedelta(days=30)
    tell(town, edits(town.anna, old, BETTER))
    assert questions(town) == 0
    assert stored(town) == []


# ---- deletions that overtake -----------------------------------------------------------------------------------------


def test_deleted_before_it_was_heard(town):
    first = writes(town.anna, LOCK)
    better = edits(town.anna, first, BETTER)
    gone = deletes(town.anna, first)
    tell(town, gone, first, better, gone)
    assert (questions(town), town.anna.got) == (0, [])
    assert stored(town) == []


def test_an_edit_told_after_the_deletion(town):
    first = writes(town.anna, LOCK)
    better = edits(town.anna, first, BETTER)
    gone = deletes(town.anna, first)
    tell(town, first, gone, better, first)
    assert [line.text for line in stored(town)] == [""]
    assert the_ticket(town).reason is Reason.WITHDRAWN


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_to_delete_what_was_masked_changes_nothing_whichever_is_told_first(town, order):
    first = writes(town.anna, SECRET)
    told = (first, deletes(town.anna, first))
    tell(town, *(told[at] for at in order), *told)
    assert the_ticket(town).state is State.OPEN
    assert "19811218" not in "".join(line.text for line in stored(town))


def test_every_copy_of_a_deleted_line_loses_its_words(town):
    """Also the one at somebody who has had the question and has it no more."""
    asked(town)
    more = writes(town.anna, "Det står fyra ett", under=town.anna.got[0])
    tell(town, more)
    town.later(seconds=1)
    town.bo.picks("Lämna tillbaka")
    assert "Det står fyra ett" in town.bo.phone
    tell(town, deletes(town.anna, more))
    town.later(seconds=1)
    assert "Det står fyra ett" not in town.bo.phone + town.gun.phone


def test_a_tombstone_is_a_deletion(town):
    """She deletes the message under which the talk hangs."""
    first = writes(town.anna, LOCK)
    tell(town, first)
    town.later(seconds=25)
    tell(town, writes(town.anna, "Hallå?", under=first))
    tell(town, entombs(town.anna, first))
    town.later(seconds=1)
    assert words(town) == ["Hallå?"]
    assert LOCK not in town.bo.phone
    assert "This message was deleted" not in town.bo.phone + town.anna.phone


def test_a_tombstone_before_its_message(town):
    first = writes(town.anna, LOCK)
    stone = entombs(town.anna, first)
    tell(town, stone, first, stone)
    assert (questions(town), stored(town)) == (0, [])


def test_the_tombstone_of_her_only_line_takes_the_question_back(town):
    first = writes(town.anna, LOCK)
    tell(town, first, entombs(town.anna, first))
    assert the_ticket(town).reason is Reason.WITHDRAWN


def test_what_is_left_is_a_file_and_nobody_is_asked_about_nothing(town):
    first = writes(town.anna, LOCK)
    tell(town, first, writes(town.anna, "", files=1), deletes(town.anna, first))
    assert the_ticket(town).reason is Reason.WITHDRAWN


# ---- edits that say something new ------------------------------------------------------------------------------------


def test_an_edit_that_makes_it_acute_does_what_an_acute_line_does_once(town):
    line = writes(town.anna, "Låset i 12 blinkar lite grann ibland")
    tell(town, line)
    assert town.bo.got == []
    acute = edits(town.anna, line, ACUTE)
    tell(town, acute)
    assert "Fara för liv? Ring 112." in town.anna.phone
    assert "Bråttom" in town.bo.phone  # at once, not after twenty seconds
    ticket = the_ticket(town)
    assert ticket.urgency is Urgency.ACUTE
    assert ticket.next_at <= town.time + timedelta(minutes=3)
    tell(town, acute, edits(town.anna, line, ACUTE + "!!"))
    with town.db.snapshot() as session:
        assert [row.event for row in tickets.history(session, 1)].count(tickets.Event.URGENT) == 1


def test_it_can_wait_is_not_overruled_by_a_spelling(town):
    line = writes(town.anna, ACUTE)
    tell(town, line)
    anna = town.anna.id
    with town.db.transaction() as session:
        tickets.set_urgency(session, tickets.get(session, 1), Urgency.CAN_WAIT, by=anna, now=town.time)
    tell(town, edits(town.anna, line, ACUTE + "!"))
    assert the_ticket(town).urgency is Urgency.CAN_WAIT


def test_who_has_the_question_hears_of_the_acute_edit_in_a_message_of_its_own(town):
    """An edit makes no phone buzz."""
    asked(town)
    town.bo.writes("Jag tittar", under=town.bo.got[0])
    line = writes(town.anna, "Ingen brådska", under=town.anna.got[0])
    tell(town, line)
    town.later(seconds=1)
    pushes, got = len(town.bo.pushes), len(town.bo.got)
    acute = edits(town.anna, line, ACUTE)
    tell(town, acute, acute)
    town.later(seconds=1)
    assert the_ticket(town).urgency is Urgency.ACUTE
    assert the_ticket(town).next_step is NextStep.REMIND
    assert (len(town.bo.pushes), len(town.bo.got)) == (pushes + 1, got + 1)
    tell(town, edits(town.anna, line, ACUTE + "!"))
    town.later(seconds=1)
    assert (len(town.bo.pushes), len(town.bo.got)) == (pushes + 1, got + 1)
    assert said_to(town.bo, ACUTE + "!") == said_to(town.bo, ACUTE) == 2  # where it stood, and the one that buzzed
    thumb = reacts(town.bo, town.bo.message_with(ACUTE + "!"), "eyes")
    tell(town, thumb, deletes(town.anna, line))
    town.later(seconds=1)
    assert ACUTE not in town.bo.phone


def test_a_thumb_on_the_message_that_buzzed(town):
    asked(town)
    line = writes(town.anna, "Ingen brådska", under=town.anna.got[0])
    tell(town, line)
    town.later(seconds=1)
    tell(town, edits(town.anna, line, ACUTE))
    town.later(seconds=1)
    first, again = [m for m in town.bo.got if ACUTE in fake.words_of({"blocks": m["blocks"]}) and m.get("thread_ts")]
    tell(town, reacts(town.bo, again, "eyes"))
    original = next(m for m in town.slack.messages[town.anna.channel] if m["ts"] == line["ts"])
    assert original["by_bot"] == ["eyes"]
    tell(town, reacts(town.bo, first, "eyes", added=False))
    assert original["by_bot"] == []


def test_words_that_have_not_been_carried_over_yet_come_once(town):
    asked(town)
    line = writes(town.anna, "Ingen brådska", under=town.anna.got[0])
    tell(town, line, edits(town.anna, line, ACUTE))
    town.later(seconds=1)
    assert len([m for m in town.bo.got if ACUTE in m["text"]]) == 1


def test_an_acute_edit_of_what_stands_on_the_card_only(town):
    line = writes(town.anna, LOCK)
    tell(town, line)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    got = len(town.bo.got)
    tell(town, edits(town.anna, line, ACUTE))
    town.later(seconds=1)
    assert len(town.bo.got) == got + 1


def test_an_acute_edit_of_a_solved_question_opens_it_again(town):
    solved(town)
    line = next(m for m in town.slack.messages[town.anna.channel] if m["user"] == town.anna.user)
    tell(town, edits(town.anna, line, ACUTE))
    assert the_ticket(town).state is State.TAKEN
    assert the_ticket(town).urgency is Urgency.ACUTE


def test_also_where_it_had_been_acute_before(town):
    town.anna.writes(ACUTE)
    town.bo.writes("Jag kommer", under=town.bo.got[0])
    line = writes(town.anna, "Det är i rum tolv", under=town.anna.got[0])
    tell(town, line)
    town.bo.presses("Löst")
    tell(town, edits(town.anna, line, "hon har ramlat igen och ligger på golvet i rum tolv, larmet svarar inte"))
    assert (the_ticket(town).state, the_ticket(town).urgency) == (State.TAKEN, Urgency.ACUTE)


def test_a_spelling_in_a_solved_question_opens_nothing(town):
    solved(town)
    line = next(m for m in town.slack.messages[town.anna.channel] if m["user"] == town.anna.user)
    pushes = len(town.bo.pushes), len(town.anna.pushes)
    tell(town, edits(town.anna, line, BETTER))
    assert the_ticket(town).state is State.SOLVED_PROPOSED
    assert (len(town.bo.pushes), len(town.anna.pushes)) == pushes
    assert words(town) == [BETTER]


def test_thanks_that_become_a_complaint_are_a_reply(town):
    solved(town)
    line = writes(town.anna, "tack", under=town.anna.got[0])
    tell(town, line)
    assert the_ticket(town).state is State.SOLVED_PROPOSED
    tell(town, edits(town.anna, line, "tack, men det blinkar fortfarande"))
    town.later(seconds=1)
    assert the_ticket(town).state is State.TAKEN
    assert said_to(town.bo, "tack, men det blinkar fortfarande") == 1


@pytest.mark.sqlite  # it reads the file
def test_an_edit_that_adds_a_secret_is_masked_and_says_so(town):
    line = writes(town.anna, LOCK)
    tell(town, line)
    assert "Ta bort ditt eget meddelande" not in town.anna.phone
    tell(town, edits(town.anna, line, SECRET))
    town.later(seconds=25)
    assert words(town) == ["Låset hos ‹personnummer› blinkar rött"]
    assert "Ta bort ditt eget meddelande" in town.anna.phone
    assert "‹personnummer›" in town.bo.phone
    everything = town.anna.phone + town.bo.phone + str(town.slack.calls)
    assert "19811218" not in everything
    assert b"19811218" not in town.file.read_bytes()
    assert len(town.anna.got) == 1


def test_a_secret_in_an_older_version_is_told_of_too(town):
    """The clean edit comes first: she is told all the same, as she would be the other way round."""
    line = writes(town.anna, SECRET)
    clean = edits(town.anna, line, LOCK)
    tell(town, clean, line)
    assert words(town) == [LOCK]
    assert "Ta bort ditt eget meddelande" in town.anna.phone


# ---- drafts -----------------------------------------------------------------------------------------------------------


def test_a_greeting_that_becomes_a_question_is_one_at_once(town):
    hello = writes(town.anna, "hej")
    tell(town, hello)
    tell(town, edits(town.anna, hello, "hej, låset i 12 blinkar rött"))
    assert "F-1" in town.anna.phone
    town.later(seconds=25)
    assert "låset i 12 blinkar rött" in town.bo.phone
    assert len(town.anna.got) == 1


def test_after_vad_krånglar_too_and_it_becomes_the_receipt(town):
    hello = writes(town.anna, "hej")
    tell(town, hello)
    town.later(seconds=5)
    assert "Vad krånglar?" in town.anna.phone
    tell(town, edits(town.anna, hello, "hej, låset i 12 blinkar rött"))
    assert "F-1" in town.anna.phone
    assert len(town.anna.got) == len(town.anna.pushes) == 1


def test_a_fragment_that_becomes_acute_does_not_wait(town):
    bit = writes(town.anna, "låset")
    tell(town, bit)
    tell(town, edits(town.anna, bit, ACUTE))
    assert the_ticket(town).urgency is Urgency.ACUTE
    assert town.bo.got


@pytest.mark.parametrize(("before", "wait"), [("hej", 11), ("tack", 0)])
def test_what_was_dropped_comes_back_with_its_new_words(town, before, wait):
    """A greeting that led to nothing, a thank-you without a question."""
    line = writes(town.anna, before)
    tell(town, line)
    town.later(minutes=wait)
    assert [line.text for line in stored(town) if line.deleted_at] == [""]
    tell(town, edits(town.anna, line, f"{before}, låset i 12 blinkar rött"), line)
    assert words(town) == [f"{before}, låset i 12 blinkar rött"]
    assert questions(town) == 1


def test_what_was_dropped_stays_so_when_the_message_is_told_again(town):
    line = writes(town.anna, "tack")
    tell(town, line, line, unfurls(town.anna, line), line)
    assert [one.deleted_at is not None for one in stored(town)] == [True]
    town.later(minutes=11)
    assert questions(town) == 0
    assert [one.text for one in stored(town)] == [""]


def test_vad_krånglar_once_although_the_greeting_comes_last(town):
    """And it becomes the receipt."""
    hello, bit = writes(town.anna, "Hej!"), writes(town.anna, "rummet")
    tell(town, bit)
    town.later(seconds=5)
    tell(town, hello)
    town.later(seconds=5)
    assert said_to(town.anna, "Vad krånglar?") == 1
    tell(town, writes(town.anna, LOCK))
    assert words(town) == ["Hej!", "rummet", LOCK]
    assert len(town.anna.got) == len(town.anna.pushes) == 1
    assert "F-1" in town.anna.phone


def test_a_line_that_waits_for_its_question_is_shown_with_its_new_words(town):
    town.anna.writes(LOCK)
    town.later(minutes=11)
    town.anna.writes(PRINTER)
    town.later(minutes=3)
    line = writes(town.anna, "Nu lyser den grönt")
    tell(town, line)
    tell(town, edits(town.anna, line, "Nu lyser den gult"))
    assert said_to(town.anna, "Nu lyser den gult") == 1
    assert "grönt" not in town.anna.phone
    assert said_to(town.anna, "Vilken fråga gäller det?") == 1
    town.anna.presses("F-1")
    assert words(town)[-1] == "Nu lyser den gult"


# ---- reactions ----------------------------------------------------------------------------------------------------------


def test_a_thumb_on_an_answer_that_delivery_has_not_marked_yet(town):
    """Slack has the message and its answer to us was lost: she sees it, and is quick."""
    asked(town)
    post = town.slack.chat_postMessage

    def posted_but_silent(**how):
        posted = post(**how)
        if how["channel"] == town.anna.channel:
            town.slack.chat_postMessage = post
            raise TimeoutError
        return posted

    town.slack.chat_postMessage = posted_but_silent
    answer = town.bo.writes("Byt batteri", under=town.bo.got[0])
    relayed = town.anna.message_with("Byt batteri")
    put, taken = reacts(town.anna, relayed, "heart"), reacts(town.anna, relayed, "heart", added=False)
    tell(town, put, reacts(town.anna, relayed, "eyes"), taken, put)
    assert "by_bot" not in answer
    town.later(seconds=5)
    tell(town, put, taken)
    assert said_to(town.anna, "Byt batteri") == 1
    assert answer["by_bot"] == ["eyes"]


def test_on_what_stands_nowhere_a_thumb_is_nothing(town):
    asked(town)
    own = writes(town.anna, "Jag med", under=town.anna.got[0])
    elsewhere = reacts(town.anna, {"ts": "2.0", "user": fake.BOT}, "heart")
    elsewhere["item"]["channel"] = "C1"
    tell(town, own, reacts(town.anna, own, "heart"), elsewhere)
    with town.db.snapshot() as session:
        assert session.exec(select(Letter).where(Letter.kind == "react")).all() == []
    tell(town, reacts(town.anna, {"ts": "1.0", "user": fake.BOT}, "heart"))
    tell(town, reacts(town.anna, {"ts": "1.0", "user": fake.BOT}, "a" * 90))
    assert not [method for method, _ in town.slack.calls if method.startswith("reactions.")]


# ---- thanks ---------------------------------------------------------------------------------------------------------


def test_thanks_while_somebody_has_it_start_no_clock(town):
    asked(town)
    town.bo.writes("Byt batteri", under=town.bo.got[0])
    assert the_ticket(town).next_step is None
    town.anna.writes("Tack!", under=town.anna.got[0])
    assert the_ticket(town).next_step is None
    assert "Tack!" in town.bo.phone
    pushes = len(town.bo.pushes)
    town.later(minutes=70)
    assert (the_ticket(town).state, the_ticket(town).owner_id) == (State.TAKEN, town.bo.id)
    assert len(town.bo.pushes) == pushes


def test_other_words_do(town):
    asked(town)
    town.bo.writes("Byt batteri", under=town.bo.got[0])
    town.anna.writes("Tack, men det blinkar fortfarande", under=town.anna.got[0])
    assert the_ticket(town).next_step is NextStep.REMIND


def test_thanks_are_no_answer_to_what_a_helper_waits_for(town):
    asked(town)
    town.bo.writes("Vilket rum?", under=town.bo.got[0])
    town.bo.presses("Väntar på svar")
    before = the_ticket(town)
    town.later(minutes=1)
    town.anna.writes("Tack", under=town.anna.got[0])
    after = the_ticket(town)
    assert (after.state, after.next_step, after.next_at) == (State.WAITING_ASKER, NextStep.WARN, before.next_at)
    town.anna.writes("Rum tolv", under=town.anna.got[0])
    assert the_ticket(town).state is State.TAKEN


# ---- a file and no words -----------------------------------------------------------------------------------------------


def test_a_file_does_not_turn_a_line_that_waits_for_its_question_into_one(town):
    town.anna.writes(LOCK)
    town.later(minutes=11)
    town.anna.writes(PRINTER)
    town.later(minutes=3)
    town.anna.writes("Nu lyser den grönt i stället")
    town.anna.writes("", files=1)
    town.later(seconds=5)
    assert questions(town) == 2
    assert said_to(town.anna, "Vilken fråga gäller det?") == said_to(town.anna, "Filen skickades inte vidare") == 1
    town.anna.presses("F-1")
    assert words(town) == [LOCK, "Nu lyser den grönt i stället"]


def test_a_file_cannot_be_made_a_question_of_its_own(town):
    town.anna.writes(LOCK)
    town.anna.writes("", files=1)
    assert "Filen skickades inte vidare" in town.anna.phone
    assert "Det är en ny fråga" not in town.anna.phone
    with town.db.snapshot() as session:
        line = session.exec(select(Line).where(Line.left_out)).one()
    receipt = town.anna.got[0]
    town.anna.sends({"type": "button", "action_id": "line.split", "value": str(line.id)}, receipt)
    assert questions(town) == 1


def test_words_that_are_put_to_a_file_afterwards(town):
    photo = writes(town.anna, "", files=1)
    tell(town, photo)
    town.later(seconds=5)
    tell(town, edits(town.anna, photo, LOCK))
    town.later(seconds=25)
    assert LOCK in town.bo.phone
    assert len(town.anna.got) == 1


def test_words_that_are_put_to_a_file_in_a_taken_question_reach_the_helper(town):
    asked(town)
    photo = writes(town.anna, "", files=1, under=town.anna.got[0])
    tell(town, photo)
    tell(town, edits(town.anna, photo, "Det står fyra ett"))
    town.later(seconds=1)
    assert said_to(town.bo, "Det står fyra ett") == 1


def test_words_that_a_helper_puts_to_her_file_afterwards(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    photo = writes(town.bo, "", files=1, under=town.bo.got[0])
    tell(town, photo)
    assert the_ticket(town).owner_id is None
    tell(town, edits(town.bo, photo, "Byt batteri så här"), photo)
    town.later(seconds=1)
    assert the_ticket(town).owner_id == town.bo.id
    assert said_to(town.anna, "Byt batteri så här") == 1
    assert said_to(town.bo, "Filen skickades inte vidare") == 1


# ---- a new question soon after a solved one ------------------------------------------------------------------------------


def test_split_off_leaves_the_solved_question_as_solved_as_before(town):
    solved(town)
    before = the_ticket(town)
    town.anna.writes(PRINTER)
    assert the_ticket(town).state is State.TAKEN
    town.later(seconds=30)
    pushes, got = len(town.bo.pushes), len(town.bo.got)
    town.anna.presses("Det är en ny fråga")
    after = the_ticket(town)
    same = ("state", "solved_by", "owner_id", "taken_at", "next_step", "next_at", "rung", "urgency", "helper_wrote_last")
    assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}
    assert (len(town.bo.pushes), len(town.bo.got)) == (pushes, got)  # its card comes after twenty seconds
    assert "Det här blev en egen fråga, F-2." in town.bo.phone
    assert PRINTER not in town.bo.phone
    assert "Du skrev att det är löst." in town.bo.phone
    town.anna.presses("Ja, det löste sig")
    assert the_ticket(town).reason is Reason.SOLVED
    assert the_ticket(town).solved_by == "expert_user"
    town.later(seconds=25)
    assert said_to(town.bo, PRINTER) == 1  # the card of F-2


def test_split_off_before_the_words_were_carried_over(town):
    """The helper has heard nothing, and hears nothing."""
    solved(town)
    line = writes(town.anna, PRINTER)
    tell(town, line)
    got = len(town.bo.got)
    town.anna.presses("Det är en ny fråga")
    town.later(seconds=5)
    assert the_ticket(town).state is State.SOLVED_PROPOSED
    assert len(town.bo.got) == got
    assert "egen fråga" not in town.bo.phone


def test_split_off_after_its_helper_had_gone_home(town):
    """It had gone on to others, and comes back to rest."""
    solved(town)
    before = the_ticket(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.anna.writes(PRINTER)
    assert the_ticket(town).state is State.OPEN
    town.anna.presses("Det är en ny fråga")
    after = the_ticket(town)
    same = ("state", "solved_by", "owner_id", "taken_at", "next_step", "next_at", "rung")
    assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}
    town.later(seconds=30)
    assert said_to(town.gun, LOCK) == 0  # her card for it was never sent, or shrank
    assert said_to(town.gun, PRINTER) == 1


def test_split_off_from_a_question_that_waits_for_her(town):
    asked(town)
    town.bo.writes("Vilket rum?", under=town.bo.got[0])
    town.bo.presses("Väntar på svar")
    before = the_ticket(town)
    town.later(minutes=2)
    town.anna.writes(PRINTER)
    assert the_ticket(town).state is State.TAKEN
    town.anna.presses("Det är en ny fråga")
    after = the_ticket(town)
    same = ("state", "owner_id", "taken_at", "next_step", "next_at")
    assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}


def test_split_off_from_a_question_that_was_answered_starts_no_clock(town):
    asked(town)
    town.bo.writes("Byt batteri", under=town.bo.got[0])
    town.later(minutes=1)
    town.anna.writes(PRINTER)
    assert the_ticket(town).next_step is NextStep.REMIND
    town.anna.presses("Det är en ny fråga")
    assert (the_ticket(town).state, the_ticket(town).next_step) == (State.TAKEN, None)


def test_what_was_acute_is_the_new_question_only(town):
    solved(town)
    before = the_ticket(town).urgency
    town.anna.writes(ACUTE)
    assert the_ticket(town).urgency is Urgency.ACUTE
    town.anna.presses("Det är en ny fråga")
    assert the_ticket(town).urgency is before is not Urgency.ACUTE
    assert the_ticket(town, 2).urgency is Urgency.ACUTE


@pytest.mark.parametrize("how", ["words", "button"])
def test_a_question_that_she_has_said_no_to_stays_open(town, how):
    solved(town)
    if how == "words":
        town.anna.writes("Nej, det blinkar igen", under=town.anna.got[0])
    else:
        town.anna.presses("Nej, inte än")
    town.later(seconds=10)
    town.anna.writes(PRINTER)
    town.anna.presses("Det är en ny fråga")
    assert the_ticket(town).state is State.TAKEN
    assert the_ticket(town).next_step is NextStep.REMIND


def test_one_that_somebody_has_taken_meanwhile_stays_hers(town):
    solved(town)
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.anna.writes(PRINTER)
    town.later(seconds=25)
    town.gun.presses("Ta frågan")
    town.anna.presses("Det är en ny fråga")
    assert (the_ticket(town).state, the_ticket(town).owner_id) == (State.TAKEN, town.gun.id)
