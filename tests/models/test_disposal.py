"""What is declared with a time goes when it is over: every column, and nothing before its time."""

from datetime import date, timedelta

import pytest
from sqlmodel import SQLModel, col, delete, select, update

from models import (
    audit,
    disposal,
    erasing,
    erasure_log,
    heard,
    holds,
    jobs,
    learning,
    lines,
    news,
    outbox,
    settings,
    tally,
    tickets,
)
from models.answers import Answer, AnswerProposal, AnswerShown, State, Verdict
from models.clusters import Cluster
from models.erasure_log import What
from models.holds import Hold
from models.ideas import Idea
from models.lines import Line, Said, Side
from models.news import News, NewsReader
from models.outbox import Letter, Outcome, Posted
from models.people import Absence, Appointment, Assignment, Person
from models.privacy import DECLARED, Keep
from models.privacy import What as Says
from models.roster import Duty
from models.shifts import Pattern
from models.stuga_series import StugaTurn
from models.summary import SummaryPicture
from models.tally import Span, Tally, TallyPeriod
from models.tickets import Candidate, History, Ticket
from tests.models import data_map
from tests.models.test_people import a_full_life

DAY = timedelta(days=1)
FOR_EVER = {Keep.FOREVER, Keep.ORGANISATION}
STAYS = {("person", "id"), ("person", "deactivated_at"), ("answer", "id")}  # a row without anybody, or any words


def dispose(village, run: str = "") -> dict[str, int]:
    """As a day does it; what its log says."""
    run = run or village.now.isoformat()
    for step in disposal.STEPS:
        more = True
        while more:
            with village.work() as session:
                more = disposal.portion(session, step, run, now=village.now)
    with village.work() as session:
        return {done.step: done.number for done in disposal.log_of(session, run)}


def said(village, ticket: int | None, author: int, text: str, ts: str) -> int:
    with village.work() as session:
        return lines.keep(session, Said(text, False, "D1", ts), by=author, side=Side.ASKER, ticket_id=ticket).pk


def closed(village, asker: int, *, cards: tuple[int, ...] = (), words: str = "Låset piper") -> int:
    """A question that ends now, with a message of ours."""
    ticket = village.ticket(asker, cards=cards)
    said(village, ticket, asker, words, f"{ticket}.1")
    with village.work() as session:
        session.add(Posted(place=f"receipt:F-{ticket}", to_id=asker, channel="D1", ts=f"{ticket}.2", digest="x", at=village.now))
        learning.learn(session, ticket, "vr", words + " i trappan", now=village.now)
        tickets.withdraw(session, ticket, by=asker, now=village.now)
        learning.learn(session, ticket, "vr", words + " i trappan", now=village.now)
    return ticket


def words_of(village, ticket: int) -> list[str]:
    with village.work() as session:
        return [line.text for line in session.exec(select(Line).where(Line.ticket_id == ticket)) if line.text]


def count_quarter(village, first: date) -> None:
    with village.work() as session:
        session.add(TallyPeriod(span=Span.QUARTER, first=first, counted_at=village.now, upto=99))


# ---- every column ---------------------------------------------------------------------------------------------------


def a_row_in_every_table(village, person: int) -> None:
    """A whole life that is over, and what makes it all run."""
    now, today = village.now, village.now.date()
    with village.work() as session:
        a_full_life(village, session, person)
        for table in (Assignment, Appointment, Absence, Pattern, StugaTurn):
            session.exec(update(table).values(ends_on=today))
        session.exec(update(Ticket).values(state="closed", reason="solved", closed_at=now, next_step=None, next_at=None, pictures="F1", ticked_at=now))
        session.exec(update(Cluster).values(ended_at=now))
        session.exec(update(Idea).values(reply="Ja"))
        session.exec(update(AnswerProposal).values(verdict=Verdict.ACCEPTED, decided_at=now, text="Ja", question="Hur?", why="Nej"))
        session.exec(update(Answer).values(state=State.WITHDRAWN, ended_at=now, text="Ja", question="Hur?"))
        session.exec(update(Letter).values(done_at=now, outcome=Outcome.SENT))
        session.exec(update(Person).values(deactivated_at=now, email="anna@x.example", title="t", picture_url="p", chat_channel_id="D1"))
        question = session.exec(select(Ticket.id)).first()
        session.add(AnswerShown(ticket_id=question, answer_id=1, via="asker", at=now))
        learning.learn(session, question, "vr", "Låset piper i trappan", now=now)
        heard.first_time(session, "event:1", now=now)
        jobs.claim(session, "tidy", "1", now=now)
        session.add(SummaryPicture(key="x", file_id="F", at=now))
        session.add(Hold(ticket_id=99, at=now, until_at=now))
        audit.note(session, "import", by=person, now=now, about="x")
        erasure_log.note_person(session, session.get(Person, person), now=now)
    said(village, None, person, "En rad utan fråga", "9.9")


def left(session) -> set[tuple[str, str]]:
    """Columns with a time that still hold something."""
    found = set()
    for table in SQLModel.metadata.sorted_tables:
        rows = session.execute(table.select()).mappings().all()
        for name, column in DECLARED[table.name].items():
            whole = column.what is Says.NOTHING and column.keep in (Keep.VALID, Keep.EMPLOYMENT)  # an empty row stays
            if column.keep not in FOR_EVER and not whole and any(row[name] not in (None, "", False, "sv") for row in rows):
                found.add((table.name, name))
    return found


def test_every_column_with_a_time_is_reached(village, anna):
    a_row_in_every_table(village, anna)
    with village.work() as session:
        empty = {t.name for t in SQLModel.metadata.sorted_tables} - {t for t, _ in left(session)}
        timed = {t for t, columns in DECLARED.items() if any(column.keep not in FOR_EVER for column in columns.values())}
        assert timed & empty == set(), "a table without a row proves nothing"
    village.later(days=500)
    count_quarter(village, date(2027, 6, 28))
    for _ in range(2):  # what is refused is emptied when its own time is over
        dispose(village)
        with village.work() as session:  # as delivery does it
            session.exec(delete(Posted))
            session.exec(update(Letter).where(col(Letter.done_at).is_(None)).values(done_at=village.now, outcome=Outcome.SENT))
        village.later(days=100)
    with village.work() as session:
        assert left(session) - STAYS == set()
        assert not disposal.would_go(session, now=village.now)


def test_every_time_of_the_declaration_has_a_setting():
    """And with all of them at their longest nothing is left without one."""
    keeps = {column.keep for columns in DECLARED.values() for column in columns.values()} - FOR_EVER
    assert {disposal.SPANS.get(keep, keep) for keep in keeps} <= set(settings.defaults())


# ---- questions ------------------------------------------------------------------------------------------------------


def test_words_go_after_90_days_and_the_row_after_13_months_once_it_is_counted(village, anna, bo):
    over, open_ = closed(village, anna, cards=(bo,)), village.ticket(anna, cards=(bo,))
    said(village, open_, anna, "Skrivaren skriver inte", "8.1")
    village.later(days=89)
    assert dispose(village).get("words") is None
    village.later(days=2)
    with village.work() as session:
        foreseen = {done.step: done.number for done in disposal.would_go(session, now=village.now)}
    assert foreseen == dispose(village), "the dry run says what will be"
    assert foreseen["words"] == foreseen["messages"] == 1
    assert words_of(village, over) == []
    assert words_of(village, open_) == ["Skrivaren skriver inte"]
    with village.work() as session:
        row = session.get(Ticket, over)
        assert (row.asker_id, row.disposed_at) == (anna, village.now), "different askers are counted"
        assert not session.exec(select(Candidate).where(Candidate.ticket_id == over)).all()
        assert {h.by_id for h in session.exec(select(History).where(History.ticket_id == over))} == {None}
        assert learning.in_force(session) == ()
    assert "words" not in dispose(village, "the same day again")
    village.later(days=306)
    assert "questions" not in dispose(village), "it has not been counted"
    count_quarter(village, date(2026, 9, 28))
    assert dispose(village, "once more")["questions"] == 1
    with village.work() as session:
        assert session.get(Ticket, over) is None
        assert session.get(Ticket, open_)
        assert not session.exec(select(Line).where(Line.ticket_id == over)).all()


def test_an_edit_brings_no_old_words_back_and_a_reopened_question_is_disposed_of_again(village, anna):
    ticket = closed(village, anna)
    village.later(days=91)
    dispose(village)
    with village.work() as session:
        line = session.exec(select(Line).where(Line.ticket_id == ticket)).one()
        lines.change(session, line, Said("Låset piper igen", False, "D1", line.ts, edited=village.now), now=village.now)
        tickets.reopen(session, tickets.get(session, ticket), by=anna, to_owner=None, now=village.now)
    assert words_of(village, ticket) == []
    said(village, ticket, anna, "Nu piper det igen", "8.2")
    village.later(days=91)
    assert "words" not in dispose(village), "it is open"
    with village.work() as session:
        tickets.withdraw(session, ticket, by=anna, now=village.now)
    village.later(days=91)
    assert dispose(village)["words"] == 1
    assert words_of(village, ticket) == []


def test_a_wish_waits_for_its_reply_and_a_specialists_wording_stays(village, anna, bo):
    wish = closed(village, anna)
    with village.work() as session:
        session.add(Idea(ticket_id=wish, by_id=anna, at=village.now))
        session.exec(update(learning.Wording).values(kept_at=village.now))
    village.later(days=91)
    assert "words" not in dispose(village)
    with village.work() as session:
        session.exec(update(Idea).values(replied_by_id=bo, replied_at=village.now, reply="Det kommer"))
    assert dispose(village, "replied")["words"] == 1
    with village.work() as session:
        assert session.exec(select(Idea.reply)).one() == ""
        assert session.exec(select(learning.Wording.ticket_id)).one() is None


def test_a_hold_stops_it_and_the_log_says_so(village, anna):
    asked, other = closed(village, anna), closed(village, anna)
    village.later(days=91)
    with village.work() as session:
        hold = holds.put(session, asked, until=village.now + 30 * DAY, now=village.now)
        assert holds.is_held(session, asked, now=village.now)
        assert holds.on(session, {other}, now=village.now) is None
    dispose(village, "one")
    assert (words_of(village, asked), words_of(village, other)) == (["Låset piper"], [])
    with village.work() as session:
        done = {each.step: (each.number, each.held) for each in disposal.log_of(session, "one")}
        assert (done["words"], done["messages"]) == ((1, 1), (1, 1))
        assert not disposal.is_over(session, f"receipt:F-{asked}", now=village.now)
        holds.put(session, None, until=village.now + 30 * DAY, now=village.now)
        holds.release(session, hold.pk, now=village.now)
    assert not any(dispose(village, "two").values()), "everything is held"
    village.later(days=31)
    assert dispose(village, "three")["words"] == 1


@pytest.mark.parametrize("how", ["account ended", "works there still", "has a question", "account works"])
def test_whose_name_goes(village, how):
    person = village.person("Eva", email="eva@x.example", deactivated_at=None if how == "account works" else village.now)
    with village.work() as session:
        if how != "works there still":
            session.exec(update(Assignment).values(ends_on=village.now.date()))
        session.add(Duty(person_id=person, starts_at=village.now, until_at=village.now + DAY))
    if how == "has a question":
        village.ticket(person)
    village.later(days=91)
    gone = how == "account ended"
    assert dispose(village).get("people", 0) == gone
    with village.work() as session:
        row = session.get(Person, person)
        assert (row.name, row.email, row.chat_user_id) == (("", None, None) if gone else ("Eva", "eva@x.example", "UEVA"))
        assert bool(session.exec(select(Duty)).all()) is not gone


def test_what_slack_does_not_take_away_is_forgotten_and_numbers_that_nobody_may_see_go(village, anna):
    closed(village, anna)
    with village.work() as session:
        usual = {"scope": "unit", "scope_id": 1, "span": "week", "first": date(2026, 11, 23), "dimension": "tool", "number": 1, "enough": False}
        session.add_all([Tally(**usual, key=shows, shows=shows) for shows in ("nothing", "whole")])
    village.later(days=91)
    assert dispose(village)["messages"] == 1
    with village.work() as session:
        assert disposal.would_go(session, now=village.now) == [], "it is on its way"
        session.exec(update(Letter).where(col(Letter.kind) == "expire").values(done_at=village.now, outcome=Outcome.GIVEN_UP))
    village.later(days=1)
    dispose(village)
    village.later(days=320)
    dispose(village)
    with village.work() as session:
        assert session.exec(select(Posted)).all() == []
        assert session.exec(select(Tally.key)).all() == ["whole"]
        assert session.exec(select(tally.Tally.shows)).one() == "whole"


@pytest.mark.parametrize("over", [False, True])
def test_how_many_a_news_has_reached_does_not_fall_when_they_are_forgotten(village, bo, gun, over):
    """A manager has read it: readers are erased or have left, messages to expert users go after a while."""
    anna, moa, left = (village.person(name) for name in ("Anna", "Moa", "Liv"))
    last = village.now.date() + timedelta(days=-1 if over else 200)
    with village.work() as session:
        session.add(News(id=1, tool="vr", text="Nytt", at=village.now, by_id=bo, ends_on=last))
        session.flush()
        session.add_all(NewsReader(news_id=1, person_id=each) for each in (anna, moa, left))
        session.add_all(
            Posted(place=f"news:1:{each}", to_id=each, channel=f"D{each}", ts="1.1", digest="x", at=village.now)
            for each in (bo, gun)
        )
        assert news.reach(session, news.get(session, 1)) == 5
        erasing.erase(session, session.get(Person, anna), now=village.now)
        disposal._forget_people(session, [left], village.now)
    village.later(days=91)
    dispose(village)
    with village.work() as session:
        for each in (bo, gun):
            outbox.forget_place(session, f"news:1:{each}")  # Slack has taken it away
        assert news.reach(session, news.get(session, 1)) == 5


def test_what_the_erasure_log_knows_of_somebody(village):
    """Neither her name nor her account, and yet she is found again, also as two rows of an older copy."""
    person = village.person("Eva", email="eva@x.example")
    with village.work() as session:
        erasure_log.note_person(session, session.get(Person, person), now=village.now)
        erasure_log.note(session, What.LINE, 7, now=village.now)
        first, _ = sorted(erasure_log.entries(session), key=lambda entry: entry.what, reverse=True)
        assert not any("eva" in str(value).casefold() for value in first.model_dump().values())
        for same in ({"chat_user_id": "UEVA"}, {"email": "eva@x.example"}):
            assert erasure_log.is_she(first, Person(id=99, **same))
        assert not erasure_log.is_she(first, Person(id=99, chat_user_id="UBO", email="bo@x.example"))




def test_the_copy_reaches_every_table_that_leads_to_her(village, anna):
    with village.work() as session:
        a_full_life(village, session, anna)
        found = erasing.copy(session, session.get(Person, anna))
    leads = {
        table
        for table, columns in DECLARED.items()
        if any(column.what in (Says.PSEUDONYM, Says.PERSONAL) for column in columns.values())
    }
    assert leads - set(found) == {"heard", "wording", "erasure", "audit_entry", "answer_shown"} & leads


def test_the_data_map_is_current():
    assert data_map.FILE.read_text(encoding="utf-8") == data_map.page(), "python -m tests.models.data_map"
