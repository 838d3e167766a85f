"""Who works when, over a weekend, a changed shift and a summer: nobody off duty hears anything, and nothing waits longer than it must."""

import json
import shutil
from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import importing, roster, tickets
from models.clock import STOCKHOLM
from models.people import Absence, Appointment, Assignment, Role, Unit
from models.shifts import Pattern, Weekday
from models.tickets import State
from tests import slack as fake
from tests.town import DEMO, MONDAY

LONG_AGO = date(2025, 1, 1)
BO, GUN = "bo.berg@lovkoping.example", "gun.grahn@lovkoping.example"


def at(text: str):
    return MONDAY.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def asks(actor, text="Signeringsappen säger att jag saknar delegering"):
    actor.writes(text)
    actor.town.later(seconds=25)


def the_ticket(town, number=1):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def unit(town, key):
    with town.db.snapshot() as session:
        return session.exec(select(Unit).where(Unit.key == key)).one().id


def store(town, *rows):
    with town.db.transaction() as session:
        session.add_all(rows)


def only_expert(town, actor):
    """Nobody else has the unit."""
    hers = actor.id
    with town.db.transaction() as session:
        for hat in session.exec(select(Appointment).where(Appointment.role == Role.EXPERT_USER)):
            if hat.person_id != hers:
                hat.ends_on = LONG_AGO
        for hat in session.exec(select(Appointment).where(Appointment.role != Role.EXPERT_USER)):
            hat.ends_on = LONG_AGO


@pytest.fixture
def sheets(town, tmp_path):
    """The town's own sheets; `shifts` is written anew each night."""
    folder = tmp_path / "sheets"
    shutil.copytree(DEMO, folder)

    def nightly(*rows: str) -> None:
        lines = ["email,starts,ends", *rows]
        (folder / "shifts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with town.db.transaction() as session:
            found = importing.plan(session, importing.book.read(folder, ["people", *SHEETS]), now=town.time)
            importing.carry_out(session, found, now=town.time)

    return nightly


SHEETS = [path.stem for path in DEMO.glob("*.csv") if path.stem not in ("settings", "conversations")] + ["shifts"]


# ---- an expert with a rota over a weekend ---------------------------------------------------------------------------


def sets_her_rota(actor, *, days: str, opens: str, closes: str, weeks="1", week="0") -> None:
    actor.opens_home()
    actor.presses("Mitt schema")
    actor.submits(weeks=weeks, week=week, days=days.split(), opens=opens, closes=closes)


def test_a_question_on_saturday_waits_for_monday_and_comes_in_one_digest(town):
    only_expert(town, town.bo)
    sets_her_rota(town.bo, days="0 1 2 3 4", opens="06:30", closes="15:30")
    assert "Enligt schemat är du i tjänst till kl. 15.30" in fake.words_of(town.bo.home)
    town.at(at("2026-11-28 11:00"))
    asks(town.anna)
    assert "måndag kl. 06.30" in town.anna.phone
    asks(town.anna, "Låset i 12 blinkar rött när jag öppnar")
    town.at(at("2026-11-30 06:29"))
    assert town.bo.got == []
    town.at(at("2026-11-30 06:31"))
    assert len(town.bo.got) == 1
    assert "Signeringsappen" in town.bo.phone
    town.at(at("2026-11-30 06:45"))
    assert len(town.bo.got) == 1


def test_a_list_of_an_earlier_day_has_no_buttons(town):
    """What nobody took on Monday stands in Tuesday's list, and only there can it be taken."""
    only_expert(town, town.bo)
    sets_her_rota(town.bo, days="0 1 2 3 4", opens="06:30", closes="15:30")
    town.at(at("2026-11-28 11:00"))
    asks(town.anna)
    town.at(at("2026-12-01 06:45"))
    *older, newest = town.bo.got
    assert older, "she had one on Monday"
    assert all("Det här är en gammal lista." in fake.words_of(m) for m in older)
    assert [button for m in older for button in fake.controls(m)] == []
    town.bo.presses("Ta frågan", on=newest)
    assert the_ticket(town).owner_id == town.bo.id
    assert "Ta frågan" not in town.bo.phone


def test_at_the_end_of_her_rota_she_hears_what_is_left_and_it_moves_on(town):
    sets_her_rota(town.bo, days="0", opens="06:30", closes="15:30")
    asks(town.anna)
    town.bo.presses("Ta frågan")
    town.bo.writes("Har du testat att logga ut?", under=town.bo.got[0])
    told = len(town.bo.got)
    town.at(at("2026-11-23 15:14"))
    assert len(town.bo.got) == told
    town.at(at("2026-11-23 15:15"))
    town.later(seconds=5)
    assert "Du slutar kl. 15.30. Då går F-1 vidare till någon annan." in town.bo.phone
    town.at(at("2026-11-23 15:31"))
    assert the_ticket(town).state is State.OPEN
    assert len(town.bo.got) == told + 1


def test_two_weeks_are_set_with_two_windows_and_taken_away_with_one_button(town):
    sets_her_rota(town.bo, days="0 1", opens="06:30", closes="15:30", weeks="2", week="0")
    assert "v. 48:* mån 06.30–15.30, tis 06.30–15.30" in town.bo.modal_words()
    assert "v. 49:* ledig" in town.bo.modal_words()
    town.bo.submits(weeks="2", week="1", days=["4", "5"], opens="21:00", closes="07:00")
    assert "v. 49:* fre 21.00–07.00, lör 21.00–07.00" in town.bo.modal_words()
    town.bo.submits(weeks="2", week="0", days=["1"])
    assert "v. 48:* mån 06.30–15.30\n" in town.bo.modal_words()
    town.bo.taps_in_modal("Ta bort mitt schema")
    assert "Du har inget schema här än" in town.bo.modal_words()


def test_days_and_times_that_say_nothing_stay_in_the_form(town):
    town.bo.opens_home()
    town.bo.presses("Mitt schema")
    for wrong, said in (
        ({"days": []}, "Välj minst en dag."),
        ({"days": ["0"], "opens": "07:00"}, "Välj två olika klockslag"),
        ({"days": ["0"], "opens": "07:00", "closes": "07:00"}, "Välj två olika klockslag"),
    ):
        town.bo.submits(**wrong)
        assert said in " ".join(json.loads(town.answer.body)["errors"].values())
    with town.db.snapshot() as session:
        assert session.exec(select(Pattern)).all() == []


# ---- imported shifts and a late change --------------------------------------------------------------------------------


def test_a_swapped_shift_is_known_the_same_day(town, sheets):
    """Bo was to work this evening. At noon he and Gun swap; the next import says so."""
    bo_evening, bo_morning = f"{BO},2026-11-23 15:00,2026-11-23 23:00", f"{BO},2026-11-24 07:00,2026-11-24 15:30"
    gun_tomorrow = f"{GUN},2026-11-25 07:00,2026-11-25 15:30"
    before = (f"{BO},2026-11-22 07:00,2026-11-22 15:30", f"{GUN},2026-11-22 07:00,2026-11-22 15:30")
    town.time = at("2026-11-22 06:00")
    sheets(*before, bo_evening, bo_morning, gun_tomorrow)
    town.at(at("2026-11-23 16:00"))
    asks(town.anna)
    assert "Signeringsappen" in town.bo.phone
    assert town.gun.got == []
    town.bo.presses("Kan inte nu")
    town.at(at("2026-11-24 05:00"))
    gun_instead = f"{GUN},2026-11-24 07:00,2026-11-24 15:30"
    sheets(*before, bo_evening, f"{BO},2026-11-25 07:00,2026-11-25 15:30", gun_instead, gun_tomorrow)
    asks(town.moa)
    town.moa.presses("Välj enhet", choose="Björken")
    cards = len(town.bo.got)
    town.at(at("2026-11-24 07:01"))
    assert "delegering" in town.gun.phone
    assert len(town.bo.got) == cards


def test_leave_beats_the_shift_and_her_own_word_beats_the_leave(town, sheets):
    sheets(f"{BO},2026-11-23 07:00,2026-11-23 15:30", f"{BO},2026-11-24 07:00,2026-11-24 15:30",
           f"{BO},2026-11-25 07:00,2026-11-25 15:30")  # fmt: skip
    store(town, Absence(person_id=town.bo.id, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24)))
    town.at(at("2026-11-24 09:00"))
    asks(town.anna)
    assert town.bo.got == []
    town.bo.opens_home()
    assert "Du räknas som ledig till i morgon kl. 07.00" in fake.words_of(town.bo.home)
    town.bo.presses("I tjänst till …")
    town.bo.submits(until="16:00")
    assert "Signeringsappen" in town.bo.phone


# ---- one tap --------------------------------------------------------------------------------------------------------


def begins(actor, until: str) -> None:
    actor.opens_home()
    actor.presses("I tjänst till …")
    actor.submits(until=until)


def test_the_second_day_takes_one_tap_and_the_weekend_is_as_the_last_one(town):
    town.at(at("2026-11-28 08:00"))
    begins(town.bo, "20:30")
    town.at(at("2026-12-04 07:00"))
    begins(town.bo, "16:00")
    town.at(at("2026-12-05 08:00"))
    town.bo.opens_home()
    home = fake.words_of(town.bo.home)
    assert "I tjänst till 16.00" in home
    assert "Samma som förra lördagen: till 20.30" in home
    town.bo.presses("Samma som förra lördagen")
    assert "Du är i tjänst till kl. 20.30" in fake.words_of(town.bo.home)
    town.at(at("2026-12-06 12:00"))
    town.bo.opens_home()
    town.bo.presses("I tjänst till 20.30")
    with town.db.snapshot() as session:
        assert roster.current(session, town.bo.id, now=town.time).until_at == at("2026-12-06 20:30")


def test_who_only_ever_went_home_is_offered_nothing(town):
    town.bo.opens_home()
    town.bo.presses("Slutar för dagen")
    town.later(hours=24)
    town.bo.opens_home()
    assert "I tjänst till …" in fake.words_of(town.bo.home)
    assert "I tjänst till 10" not in fake.words_of(town.bo.home)


# ---- a substitute in her third unit --------------------------------------------------------------------------------------


def test_a_substitute_in_her_third_unit_is_helped_there_and_asked_again_on_her_next_shift(town):
    store(town, *(Assignment(person_id=town.moa.id, unit_id=unit(town, key), starts_on=LONG_AGO)
                  for key in ("bjorken", "eken")))  # fmt: skip
    store(town, Pattern(person_id=town.moa.id, day=Weekday.MON, opens="07:00", closes="15:30", starts_on=LONG_AGO))
    asks(town.moa)
    assert town.bo.got == town.hanna.got == []
    town.moa.presses("Välj enhet", choose="Hemtjänst Norr")
    town.later(seconds=25)
    assert the_ticket(town).unit_id == unit(town, "hemtjanst_norr")
    assert "Signeringsappen" in town.hanna.phone
    town.later(minutes=15)
    asks(town.moa, "Nu är det något med låset, det öppnar inte")
    assert the_ticket(town, 2).unit_id == unit(town, "hemtjanst_norr")  # not asked twice on one shift
    town.at(at("2026-11-23 15:31"))
    with town.db.snapshot() as session:
        assert roster.working_unit(session, town.moa.id, now=town.time) is None  # her shift was over at 15.30
    assert the_ticket(town).unit_id == unit(town, "hemtjanst_norr")  # an old question keeps its unit


# ---- week 20 ---------------------------------------------------------------------------------------------------------------


def summer_job(town) -> None:
    next(job for job in town.on.jobs if job.name == "summer").run(town.desk)
    town.deliver()


def away(town, actor) -> list[tuple[date, date]]:
    hers = actor.id
    with town.db.snapshot() as session:
        mine = select(Absence).where(Absence.person_id == hers).order_by(Absence.starts_on)
        return [(row.starts_on, row.ends_on) for row in session.exec(mine)]


def test_week_20_asks_each_expert_once_when_she_is_on_duty(town):
    town.time = at("2027-05-16 23:30")  # Sunday of week 19
    summer_job(town)
    town.time = at("2027-05-17 00:10")
    for _ in range(3):
        summer_job(town)
    assert town.bo.got == []  # nobody is woken
    town.at(at("2027-05-17 07:01"))
    assert len(town.bo.got) == len(town.gun.got) == 1
    assert town.cia.got == town.anna.got == town.disa.got == []
    assert "Vilka veckor är du ledig i sommar?" in town.bo.phone
    town.time = at("2027-05-19 10:00")
    summer_job(town)
    town.time = at("2027-05-24 10:00")
    summer_job(town)
    assert len(town.bo.got) == 1
    town.bo.presses("Välj mina veckor")
    assert "v. 27 (5–11 juli)" in str(town.slack.modals[town.bo.user])
    town.bo.submits(first=["27", "28", "29"], second=["33"])
    assert away(town, town.bo) == [(date(2027, 7, 5), date(2027, 7, 25)), (date(2027, 8, 16), date(2027, 8, 22))]
    assert "Du är ledig v. 27, 28, 29 och 33." in fake.words_of({"blocks": town.bo.home["blocks"]})
    town.bo.presses("Ta bort veckorna")
    assert away(town, town.bo) == []


def test_in_her_weeks_she_is_left_in_peace_and_a_change_on_the_way_keeps_what_has_been(town):
    town.time = at("2027-05-18 10:00")
    town.bo.opens_home()
    town.bo.presses("Välj mina veckor")
    town.bo.submits(first=["27", "28"], second=[])
    town.time = at("2027-07-07 10:00")
    asks(town.anna)
    assert town.bo.got == []
    assert "Signeringsappen" in town.gun.phone
    town.bo.opens_home()
    town.bo.presses("Ändra veckorna")
    town.bo.submits(first=[], second=["31"])
    assert away(town, town.bo) == [(date(2027, 7, 5), date(2027, 7, 6)), (date(2027, 8, 2), date(2027, 8, 8))]


def test_a_letter_that_comes_after_the_summer_has_begun_is_not_sent(town):
    town.time = at("2027-05-17 10:00")
    store(town, Absence(person_id=town.bo.id, starts_on=date(2027, 5, 1), ends_on=date(2027, 6, 20)))
    summer_job(town)
    town.at(at("2027-06-21 12:00"))
    assert "sommar" not in town.bo.phone
    assert len(town.gun.got) == 1


def test_a_shift_that_began_while_the_bot_was_down_has_its_digest_once(town):
    """It is made up for within two hours."""
    only_expert(town, town.bo)
    store(town, Pattern(person_id=town.bo.id, day=Weekday.TUE, opens="06:00", closes="14:00", starts_on=LONG_AGO))
    asks(town.anna)
    town.time = at("2026-11-24 07:30")
    for _ in range(3):
        town.tick()
        town.time += timedelta(seconds=2)
    assert len(town.bo.got) == 1
