"""A Monday morning: each manager learns in one line whether something is wrong, and what only a manager can do."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from handlers import summary as on_monday
from handlers import tally as on_tally
from models import clock, orders, people, stuga, summary, tally
from models.clock import STOCKHOLM
from models.ideas import Idea
from models.news import News, NewsReader
from models.outages import Outage
from models.people import Absence, Appointment, Assignment, Person, Role, Unit
from models.tickets import State, Ticket
from tests import slack as fake
from tests.town import Town

SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=STOCKHOLM)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=STOCKHOLM)
WEEK = "2026-W47"


@pytest.fixture
def town(town: Town) -> Town:
    town.time = SUNDAY
    return town


def unit(town, name="Björken") -> int:
    with town.db.snapshot() as session:
        return session.exec(select(Unit.id).where(Unit.name == name)).one()


def give(town, *rows) -> None:
    with town.db.transaction() as session:
        session.add_all(rows)


def asked(town, day: datetime, many: int, *, where="Björken", tool="digital_signing", kind="handling", alive=0, first=0) -> None:
    """So many questions on one day, by so many people from the first on; `alive` of them are not solved."""
    with town.db.transaction() as session:
        staff = [row.id for row in session.exec(select(Person).where(col(Person.name).like("Kollega%")))]
        while len(staff) < first + many:
            new = Person(name=f"Kollega {len(staff)}", email=f"kollega{len(staff)}@lovkoping.example")
            session.add(new)
            session.flush()
            staff.append(new.id)
        unit_id = session.exec(select(Unit.id).where(Unit.name == where)).one()
        for n in range(many):
            open_ = n < alive
            session.add(Ticket(
                asker_id=staff[first + n], unit_id=unit_id, tool=tool, kind=kind, urgency="can_wait", asked_at=day,
                asker_wrote_at=day, state=State.OPEN if open_ else State.CLOSED, reason=None if open_ else "self_help",
                solved_by=None if open_ else "self_help", closed_at=None if open_ else day + timedelta(hours=1),
                next_step="comes" if open_ else None, next_at=day + timedelta(days=400) if open_ else None,
            ))  # fmt: skip


def history(town, totals, until=SUNDAY, **how) -> None:
    """A number of questions for each of the weeks that end with this day, the last one last."""
    wednesday = until.replace(hour=10) - timedelta(days=4)
    for back, many in enumerate(reversed(totals)):
        asked(town, wednesday - timedelta(weeks=back), many, **how)


def monday(town, at=SEVEN) -> None:
    """The clock reaches this moment: what is over is counted, and what is due goes out."""
    town.time = at
    on_tally.count(town.desk)
    on_monday.send(town.desk)
    town.deliver()
    town.time = at + summary.RIPENS
    town.deliver()


def image(view) -> dict[str, Any] | None:
    return next((block for block in view["blocks"] if block["type"] == "image"), None)


def picture(view) -> str:
    return image(view)["slack_file"]["id"]


def files(town) -> list[str]:
    return [file["name"] for file in town.slack.files.values() if "name" in file]


def words(message) -> int:
    blocks = [block for block in message["blocks"] if block["type"] != "actions"]
    return len(fake.words_of(blocks).replace("*", " ").replace("•", " ").split())


# ---- the unit's manager ----------------------------------------------------------------------------------------


def test_a_monday(town):
    """Played as Disa: what she reads, what she can do, and how many taps it takes."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    asked(town, SUNDAY - timedelta(days=3), 2, tool="work_phone", alive=2)
    town.anna.writes("Jag saknar behörighet till Treserva")
    town.anna.presses("Be min chef beställa")
    town.anna.submits(needed="7")
    with town.db.transaction() as session:
        stuga.keep_calendar(session, now=town.time)
    monday(town)
    told = town.disa.got[-1]
    said = fake.words_of(told["blocks"])
    for fact in (
        "Björken, v. 47", "Fler frågor än vanligt.", "De senaste 8 veckorna: 2–5 i veckan.", "2 är inte lösta än.",
        "Bara du kan göra", "1 beställning av behörighet väntar.", "Ge dem tid i schemat", "Nästa supportstuga: den 24 november kl. 13.30,",
    ):  # fmt: skip
        assert fact in said, (fact, said)
    assert words(told) <= 80
    assert "Anna" not in said
    assert picture(told) in town.slack.files
    assert "v. 47: 17" in image(told)["alt_text"]
    town.disa.presses("Visa", on=told)  # one tap to what waits, one to say that it is done
    assert "Anna Alm" in town.disa.modal_words()
    town.disa.taps_in_modal("Beställd")
    assert "Inga beställningar väntar" in town.disa.modal_words()
    with town.db.snapshot() as session:
        assert orders.waiting_in(session, unit(town), but_for=None) == 0
    town.disa.presses("Så kan du göra", on=told)
    assert "arbetstid" in town.disa.modal_words()


def test_everybody_in_the_unit_sees_the_same_figures(town):
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    monday(town)
    assert "Siffrorna för Björken, v. 47" in town.anna.opens_home()
    town.anna.presses("Visa siffrorna", on=town.anna.home)
    hers = town.anna.modal_words()
    town.disa.presses("Visa siffrorna", on=town.disa.got[-1])
    for fact in ("Fler frågor än vanligt.", "14 frågor.", "Du ser samma siffror som chefen."):
        assert fact in hers
        assert fact in town.disa.modal_words()
    assert "Bara du kan göra" in town.disa.modal_words()
    assert "Bara du kan göra" not in hers
    town.disa.opens_home()
    seen = [picture(view) for view in (town.disa.got[-1], town.disa.home, town.slack.modals[town.anna.user])]
    assert seen == [seen[0]] * 3, "the manager has it in Home too"
    assert image(town.anna.home) is None
    eken = summary.Where("unit", str(unit(town, "Eken"))).code
    stale = next(c for c in fake.controls(town.anna.home) if c["action_id"] == "summary.open")
    town.anna.sends({**stale, "value": f"{eken}|{WEEK}"}, town.anna.home)  # forged: another unit's
    assert "Eken" not in json.dumps(town.slack.modals[town.anna.user])


@pytest.mark.slow
@pytest.mark.both
def test_what_was_written_while_the_bot_was_away_is_in_its_week_the_next_morning(town):
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    monday(town)
    first, old = picture(town.disa.got[-1]), f"2026-W46:unit-{unit(town)}:sv"
    give(town, *(summary.SummaryPicture(key=key, file_id="FOLD", at=SEVEN) for key in (old, "2026-W46:unit-99:sv")))
    asked(town, SUNDAY - timedelta(days=1), 2, first=20)  # heard of only now
    monday(town, SEVEN + timedelta(hours=23, minutes=1))
    assert "16 frågor" in town.anna.opens_home()
    town.anna.presses("Visa siffrorna", on=town.anna.home)
    assert "2 av dem kom in sent." in town.anna.modal_words()
    (told,) = town.disa.got  # the message she has says so too, without another push
    assert "16 frågor.\n• 2 av dem kom in sent." in fake.words_of(told["blocks"])
    assert len(town.disa.pushes) == 1
    town.disa.opens_home()
    drawn = [picture(view) for view in (told, town.disa.home, town.slack.modals[town.anna.user])]
    assert drawn == [drawn[0]] * 3 != [first] * 3, "drawn anew"
    assert "v. 47: 16" in image(town.disa.home)["alt_text"]
    with town.db.snapshot() as session:
        kept = session.exec(select(summary.SummaryPicture.key).where(summary.SummaryPicture.file_id == "FOLD")).all()
    assert kept == ["2026-W46:unit-99:sv"], "of its other weeks too, and of no other place"


def test_on_a_monday_without_slack_the_numbers_wait_until_everything_is_heard(town):
    """Until noon at the most; who has not heard yet leaves it to an instance that has."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    town.desk = deaf = replace(town.desk, caught_up=lambda: False)
    monday(town, SEVEN + timedelta(hours=2))
    assert town.disa.got == []
    asked(town, SUNDAY - timedelta(days=1), 2, first=20)
    town.desk = replace(town.desk, caught_up=lambda: True)
    monday(town, SEVEN + timedelta(hours=2, minutes=5))
    assert "16 frågor." in town.disa.phone
    assert "sent" not in town.disa.phone
    town.desk = deaf
    monday(town, SEVEN + timedelta(weeks=1, hours=4, minutes=59))
    assert len(town.disa.got) == 1
    monday(town, SEVEN + timedelta(weeks=1, hours=5))
    assert "v. 48" in town.disa.phone


def test_each_reads_the_picture_in_her_own_language(town):
    """Drawn where somebody reads it: one of Björken in English, none of Eken, where nobody does."""
    english = town.anna.id, town.ivar.id
    with town.db.transaction() as session:
        for each in english:
            session.get(Person, each).language = "en"
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    monday(town)
    town.anna.opens_home()
    town.anna.presses("Show the figures", on=town.anna.home)
    hers, his = picture(town.slack.modals[town.anna.user]), picture(town.disa.got[-1])
    assert town.slack.contents[hers] != town.slack.contents[his]
    with town.db.snapshot() as session:
        kept = {row.key: row.file_id for row in session.exec(select(summary.SummaryPicture))}
    of = f"{WEEK}:unit-{unit(town)}"
    assert {f"{of}:en": hers, f"{of}:sv": his}.items() <= kept.items()
    assert [key for key in kept if "administration" in key] == [f"{WEEK}:administration-1:en"]


def test_who_changes_language_after_monday_sees_her_own_picture_and_the_words_with_it(town):
    """In Home, in the message that she has and on what she asked."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    monday(town)
    town.disa.writes("Skrivaren på kontoret skriver inte ut")
    told, swedish = town.disa.got[0], picture(town.disa.got[0])
    town.disa.opens_home()
    town.disa.presses("In English", on=town.disa.home)
    assert "På svenska" in fake.words_of(town.disa.home)
    town.later(seconds=30)
    assert picture(told) != swedish
    assert town.slack.contents[picture(told)] != town.slack.contents[swedish]
    assert "questions than usual" in fake.words_of(told["blocks"])
    assert "We have asked Bo Berg" in fake.words_of(town.disa.message_with("F-"))
    town.disa.opens_home()
    assert picture(town.disa.home) == picture(told)
    kept = len(files(town))
    for label in ("På svenska", "In English"):
        town.disa.presses(label, on=town.disa.home)
        town.later(seconds=30)
    assert len(files(town)) == kept, "both are there"
    assert len(town.disa.pushes) == 2, "her summary and her receipt: an edit disturbs nobody"


def test_a_message_waits_until_slack_can_show_its_picture(town):
    """However late it was drawn: a file that is younger than some seconds would cost the message its blocks."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    town.time = SEVEN
    on_tally.count(town.desk)
    on_monday.send(town.desk)
    for seconds, messages in ((9, 0), (10, 0), (18, 0), (19, 1)):
        town.time = SEVEN + timedelta(seconds=seconds)
        town.deliver()
        assert len(town.disa.got) == messages
    assert picture(town.disa.got[0]) in town.slack.files


def test_a_picture_that_is_gone_takes_nothing_with_it(town):
    """Somebody has deleted the file in Slack, which then takes no view that shows it."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    monday(town)
    town.slack.fail = lambda method, args: "invalid_arguments" if "slack_file" in str(args.get("view")) else None
    assert "14 frågor" in town.disa.opens_home()
    town.disa.presses("Visa siffrorna", on=town.disa.home)
    assert "Fler frågor än vanligt." in town.disa.modal_words()
    assert not any(image(view) for view in (town.disa.home, town.slack.modals[town.disa.user]))


def test_a_quiet_week_is_one_line(town):
    history(town, [1, 0, 1, 1, 0, 1, 1, 1, 1])
    monday(town)
    section = town.disa.got[-1]["blocks"]
    assert [block["type"] for block in section] == ["section"]
    assert "Lugnt. 1 fråga, inget väntar." in fake.words_of(section)
    assert files(town) == [], "no picture of nothing"


# ---- when, to whom, how often ------------------------------------------------------------------------------------


def test_not_before_seven_and_once_whatever_happens(town):
    """Two instances, restarts and a late start: each place once."""
    history(town, [3] * 9)
    monday(town, SEVEN - timedelta(minutes=1))
    assert town.disa.got == []
    other = Town(town.db, town.slack, SEVEN)
    for instance in (town, other, town, other):
        monday(instance)
    assert len(town.disa.got) == 1
    monday(town, SEVEN + timedelta(days=3))
    assert len(town.disa.got) == 1
    assert len(town.ivar.got) == 1  # the administration's
    monday(town, SEVEN + timedelta(weeks=1, days=2, hours=4))  # down since; Wednesday is soon enough
    assert "v. 48" in town.disa.phone
    assert len(town.disa.got) == 2


@pytest.mark.parametrize(
    ("sunday", "due", "week"),
    [
        ("2027-03-28", "2027-03-30T07:00+02:00", "2027-W12"),  # Easter Monday is red, and clocks changed the night before
        ("2027-10-31", "2027-11-01T07:00+01:00", "2027-W43"),  # an hour more
        ("2027-01-03", "2027-01-04T07:00+01:00", "2026-W53"),
        ("2028-12-31", "2029-01-02T07:00+01:00", "2028-W52"),  # New Year's Day is a Monday
    ],
)
def test_the_first_working_day_at_seven_on_swedish_clocks(sunday, due, week):
    period = tally.period_of(tally.Span.WEEK, date.fromisoformat(sunday))
    assert period.code == week
    assert summary.due_at(period) == datetime.fromisoformat(due)


def test_a_red_monday_and_week_53(town):
    sunday = datetime(2027, 1, 3, 20, tzinfo=STOCKHOLM)
    history(town, [3] * 9, until=sunday)
    town.time = sunday
    monday(town, datetime(2027, 1, 4, 7, tzinfo=STOCKHOLM))
    assert "v. 53 2026" in town.disa.phone


def test_the_deputy_of_the_day_gets_it_instead(town):
    """A summer deputy; and somebody who comes back in mid-week."""
    sunday = datetime(2026, 7, 5, 20, tzinfo=STOCKHOLM)
    hat = {"role": Role.UNIT_MANAGER, "unit_id": unit(town), "starts_on": date(2026, 1, 1)}
    give(town, Absence(person_id=town.disa.id, starts_on=date(2026, 6, 29), ends_on=date(2026, 7, 21)))
    history(town, [3] * 9, until=sunday)
    town.time = sunday
    monday(town, datetime(2026, 7, 6, 7, tzinfo=STOCKHOLM))
    assert town.disa.got == town.eva.got == []  # nobody is there yet
    give(town, Appointment(person_id=town.eva.id, deputy_for_id=town.disa.id, **hat))
    monday(town, datetime(2026, 7, 7, 9, tzinfo=STOCKHOLM))
    assert "v. 27" in town.eva.phone
    assert "Bara du kan göra" not in town.anna.phone
    assert town.disa.got == []
    monday(town, datetime(2026, 7, 22, 9, tzinfo=STOCKHOLM))  # she is back on the Wednesday
    assert "v. 29" in town.disa.phone
    assert len(town.eva.got) == 1


def test_an_expert_away_or_missing_is_the_managers_to_mend(town):
    history(town, [3] * 9)
    with town.db.transaction() as session:
        for hat in people.experts_of(session, 1, on=clock.today(town.time)):
            session.add(Absence(person_id=hat.person_id, starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 20)))
    monday(town)
    assert "Ingen expertanvändare på plats v. 50–51. Utse en ersättare." in town.disa.phone
    town.disa.presses("Utse", on=town.disa.got[-1])
    assert "Björken" in town.disa.modal_words()
    assert "Bo Berg" in town.disa.modal_words()


def test_a_manager_who_is_the_only_asker(town):
    """Her own questions are her unit's total, and nothing more is told of them; her own order is not hers to answer."""
    hers = {"asker_id": town.disa.id, "unit_id": unit(town), "tool": "siths", "kind": "access", "urgency": "can_wait"}
    closed = {"state": "closed", "reason": "redirected", "closed_at": SUNDAY, "asker_wrote_at": SUNDAY}
    give(town, *(Ticket(**hers, **closed, asked_at=SUNDAY - timedelta(days=n)) for n in range(3)))
    monday(town)
    assert "Lugnt. 3 frågor, inget väntar." in town.disa.phone
    assert "Vad det gällde" not in town.ivar.phone


def test_an_empty_database_and_the_first_week_ever(town):
    monday(town)
    assert town.disa.got == town.ivar.got == []
    assert "Siffrorna" not in town.disa.opens_home()
    asked(town, SEVEN + timedelta(days=1), 6)
    monday(town, SEVEN + timedelta(weeks=1))
    assert ": 6 frågor, inget väntar." in town.disa.phone  # nothing to compare with: no word of more or less


def test_a_first_week_is_told_without_a_picture_and_not_as_calm(town):
    """One bar tells nothing; and somebody has waited for days."""
    asked(town, SUNDAY - timedelta(days=4), 4, alive=1)
    monday(town)
    assert "1 är inte löst än." in town.disa.phone
    assert "Lugnt" not in town.disa.phone
    assert files(town) == []


def test_a_unit_that_was_merged_in_mid_week(town):
    """Its questions stay its own; whoever manages it still reads of them; a week later there is none."""
    history(town, [4, 3, 5, 4, 2, 4, 3, 5, 14])
    with town.db.transaction() as session:
        session.exec(select(Unit).where(Unit.name == "Björken")).one().ended_on = date(2026, 11, 18)
    monday(town)
    assert "14 frågor" in town.disa.phone
    monday(town, SEVEN + timedelta(weeks=1))
    assert len(town.disa.got) == 1


# ---- wider: the department, the administration, a tool ----------------------------------------------------------------


@pytest.fixture
def wide(town):
    """Eva leads the department of Björken and Eken; one tool goes wrong this week."""
    with town.db.snapshot() as session:
        department = session.get(Unit, 1).department_id
    hat = {"role": Role.DEPARTMENT_MANAGER, "department_id": department, "starts_on": date(2026, 1, 1)}
    give(town, Appointment(person_id=town.eva.id, **hat))
    mixed(town, [3] * 8 + [13])
    return town


def mixed(town, signing, until=SUNDAY) -> None:
    """Two units of a department with the same questions: one tool goes up and down, the others are rare or steady."""
    for at, where in enumerate(("Björken", "Eken")):
        history(town, signing, until, where=where, first=at * 30)
        history(town, [6] * len(signing), until, where=where, tool="digital_lock", kind="fault", first=at * 30)
        for n, tool in enumerate(("work_phone", "siths", "email", "printer")):
            history(town, [2] * len(signing), until, where=where, tool=tool, kind="access", first=at * 30 + 3 * n)


@pytest.mark.slow
@pytest.mark.both
def test_a_department(wide):
    """More of everything, and what can be done about it."""
    monday(wide)
    told = wide.eva.got[-1]
    said = fake.words_of(told["blocks"])
    for fact in ("Särskilt boende, v. 47", "Något verkar fel med Signering", "54 frågor", "Ta 10 minuter på APT: Signering.",
                 "saknar expertanvändare: Eken"):  # fmt: skip
        assert fact in said, (fact, said)
    assert "Björken" not in said, "no unit is compared with another"
    wide.eva.presses("Visa siffrorna", on=told)
    window = wide.eva.modal_words()
    assert "Signering: 26" in window
    assert "Något verkar fel med Signering" in wide.disa.phone  # the unit's manager learns of it too


@pytest.mark.slow
def test_a_department_takes_it_to_a_meeting(wide):
    """The files come into the conversation, and are what they say they are."""
    monday(wide)
    wide.eva.presses("Excel", on=wide.eva.got[-1])
    wide.eva.presses("PDF", on=next(m for m in wide.eva.got if m.get("blocks")))
    names = files(wide)
    assert any(name.endswith(".xlsx") for name in names)
    assert any(name.endswith(".pdf") for name in names)
    wide.disa.sends({"action_id": "summary.file:paper", "type": "button", "value": f"unit-{unit(wide)}|{WEEK}"}, wide.disa.got[-1])
    assert files(wide) == names, "a unit has no file"


@pytest.mark.slow
@pytest.mark.both
def test_a_specialist_looks_at_her_tool(wide):
    monday(wide)
    assert wide.cia.got == [], "only managers are sent it"
    home = wide.cia.opens_home()
    assert "Siffrorna för Digitala lås, v. 47" in home
    assert "Medicinrobot: för få för att visas" in home
    wide.cia.presses("Visa siffrorna", on=wide.cia.home)
    for fact in ("Som vanligt.", "12 frågor", "De senaste 8 veckorna: 12 varje vecka.", "Särskilt boende: 12"):
        assert fact in wide.cia.modal_words()
    menu = next(c for c in fake.controls(wide.slack.modals[wide.cia.user]) if c["action_id"] == "summary.where")
    view = {**wide.slack.modals[wide.cia.user], "id": f"V{wide.cia.user}"}
    wide.cia.sends(menu, {}, "Medicinrobot", view=view)
    assert "Talet visas inte" in wide.cia.modal_words(), "a rare tool is told of in words"


def test_outages_news_and_a_wish_that_was_heard(town):
    """What others have said in the week: to the departments concerned, and never who."""
    wednesday = SUNDAY - timedelta(days=4)
    asked(town, wednesday, 1)
    by, last = town.cia.id, date(2026, 12, 31)
    ended = {"put_up_at": wednesday, "ends_at": SUNDAY, "ended_at": SUNDAY - timedelta(days=1)}
    give(town, Outage(tool="digital_lock", since=wednesday, by_id=by, **ended),
         Outage(tool="siths", departments="99", since=wednesday, by_id=by, **ended),
         Idea(id=1, ticket_id=1, by_id=town.anna.id, at=wednesday, reply="Ja", replied_by_id=by, replied_at=wednesday))
    give(town, News(tool="work_phone", text="Nya mobiler", at=wednesday, by_id=by, ends_on=last, idea_id=1))
    monday(town)
    said = fake.words_of(town.disa.got[-1]["blocks"])
    assert "Driftstörning: Digitala lås." in said
    assert "Lugnt" not in said
    assert "Nyhet om Jobbmobil och platta. Berätta på APT." in said
    assert "Ett förslag härifrån blev en nyhet om Jobbmobil och platta." in said
    assert "SITHS" not in said
    assert "Anna" not in said


@pytest.mark.parametrize(("many", "said"), [(4, ()), (5, ("5 kollegor har sett den.", "5 förslag har fått svar."))])
def test_reach_and_replies_are_told_from_as_many_on_as_any_number(town, many, said):
    wednesday, by = SUNDAY - timedelta(days=4), town.cia.id
    asked(town, wednesday, 5)
    give(town, News(id=1, tool="work_phone", text="Nytt", at=wednesday, by_id=by, ends_on=date(2026, 12, 31)))
    with town.db.snapshot() as session:
        askers = session.exec(select(Ticket.asker_id).order_by(col(Ticket.id))).all()
    reply = {"at": wednesday, "reply": "Ja", "replied_by_id": by, "replied_at": wednesday}
    give(town, *(NewsReader(news_id=1, person_id=asker) for asker in askers[:many]))
    give(town, *(Idea(ticket_id=1 + n, by_id=by, **reply) for n in range(many)))
    monday(town)
    told = fake.words_of(town.ivar.got[-1]["blocks"])
    assert "Nyhet om Jobbmobil och platta." in told
    assert [each for each in ("5 kollegor har sett den.", "5 förslag har fått svar.") if each in told] == list(said)


@pytest.mark.slow
@pytest.mark.both
def test_a_quarter_is_over_and_its_breakdown_can_be_seen(town):
    """Only per quarter does a unit have enough questions to be told apart."""
    sunday = datetime(2027, 1, 3, 20, tzinfo=STOCKHOLM)
    mixed(town, [7] * 14, until=sunday)
    town.time = sunday
    monday(town, datetime(2027, 1, 4, 7, tzinfo=STOCKHOLM))
    assert "Kvartalet är klart." in town.disa.phone
    town.disa.presses("Visa kvartalet", on=town.disa.got[-1])
    assert "Signering" in town.disa.modal_words()
    assert "kvartal 4 2026" in town.disa.modal_words()


def test_the_manager_is_on_the_phone_of_another_unit_too(town):
    """Two places: the menu leads from one to the other, and to last week."""
    give(town, Assignment(person_id=town.disa.id, unit_id=unit(town, "Eken"), starts_on=date(2026, 1, 1)))
    history(town, [7] * 9)
    monday(town)
    town.disa.opens_home()
    town.disa.presses("Visa siffrorna", on=town.disa.home)
    menu = next(c for c in fake.controls(town.slack.modals[town.disa.user]) if c["action_id"] == "summary.where")
    view = {**town.slack.modals[town.disa.user], "id": f"V{town.disa.user}"}
    town.disa.sends(menu, {}, "Eken", view=view)
    assert "Eken, v. 47" in town.disa.modal_words()
    assert "Ingen har frågat" in town.disa.modal_words()
