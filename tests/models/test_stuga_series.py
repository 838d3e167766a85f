"""Which days a series falls on, whose turn it is, and the calendar files, read back by another parser."""

import itertools
from datetime import date, datetime, timedelta

import pytest

from models import audit, clock, importing, people, settings, stuga, stuga_ics, stuga_plan, stuga_series
from models.clock import STOCKHOLM
from models.editing import ThereAlready
from models.errors import NotYours
from models.importing import Faulty
from models.people import Role
from models.settings import Settings
from models.stuga import Move, NotAhead
from models.stuga_plan import One, OnlySeries
from models.stuga_series import Part, Stage, Stuga, StugaSeries, StugaTurn
from tests.calendars import read_back
from tests.models.stugor import Stugor

RULES = Settings({key: default.value for key, default in settings.defaults().items()})
TWO_YEARS = {"first": date(2026, 11, 23), "last": date(2028, 11, 22)}


def series(**values) -> StugaSeries:
    usual = {
        "id": 7, "key": "tis", "name": "Stugan", "day": "tue", "opens": "13:30", "closes": "15:00",
        "room": "Eken", "starts_on": date(2026, 1, 5), "pauses": "",
    }  # fmt: skip
    return StugaSeries(**(usual | values))


def days(*rows, **when):
    return list(stuga_series.days(rows, RULES, **(TWO_YEARS | when)))


def held(*rows, **when):
    return [day.day for day in days(*rows, **when) if not day.why_not]


# ---- days ----------------------------------------------------------------------------------------------------------


def test_red_days_closed_eves_and_pauses_are_left_out_and_say_why():
    found = {day.day: day.why_not for row in ("tue", "thu", "fri") for day in days(series(day=row))}
    assert found[date(2027, 6, 25)] == "red"  # midsommarafton
    assert found[date(2027, 1, 1)] == found[date(2026, 12, 25)] == found[date(2026, 12, 24)] == "red"
    assert {day.isocalendar().week for day, why in found.items() if why == "paused"} == {28, 29, 30, 31}
    assert found[date(2027, 7, 6)] == found[date(2027, 8, 10)] == ""
    assert len(held(series(pauses="-"))) == len(held(series())) + 8
    assert date(2026, 12, 29) in held(series())
    assert date(2026, 12, 29) not in held(series(pauses="50-2"))


def test_every_other_week_goes_on_over_a_year_with_53_weeks():
    found = [day.day for day in days(series(weeks=2))]
    assert {(after - before).days for before, after in itertools.pairwise(found)} == {14}
    assert (found[0] - date(2026, 1, 6)).days % 14 == 0


def test_clocks_change_and_half_past_one_is_half_past_one():
    for day in (date(2027, 3, 26), date(2027, 4, 2), date(2027, 10, 29), date(2027, 11, 5)):
        starts, ends = series(day="fri").span(day)
        assert (clock.local(starts).hour, clock.local(starts).minute, ends - starts) == (13, 30, timedelta(minutes=90))


def test_a_change_from_some_day_on_is_another_row_and_one_session_a_week():
    before = series(ends_on=date(2027, 1, 20))  # a Wednesday
    after = series(id=8, day="thu", starts_on=date(2027, 1, 21))
    found = days(before, after, first=date(2027, 1, 11), last=date(2027, 1, 31))
    assert [day.day for day in found] == [date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 28)]
    assert len({day.slot for day in found}) == 3


@pytest.mark.parametrize("broken", ["x", "0-3", "54", "3-"])
def test_weeks_that_are_none_are_refused(broken):
    with pytest.raises(ValueError):  # noqa: PT011
        stuga_series.paused_weeks(broken)


def test_turns_go_round_week_by_week_also_over_new_year():
    turns = [
        StugaTurn(series="tis", person_id=p, part=part, turn=turn, starts_on=date(2026, 1, 1))
        for p, part, turn in ((1, Part.HOST, 1), (2, Part.HELPER, 1), (3, Part.HELPER, 2), (4, Part.HELPER, 2))
    ]
    tuesdays = [date(2026, 12, 15) + timedelta(weeks=n) for n in range(6)]
    found = [stuga_series.on_turn(turns, day) for day in tuesdays]
    assert all(staff[1] is Part.HOST for staff in found)
    helpers = [tuple(sorted(staff.keys() - {1})) for staff in found]
    assert set(helpers) == {(2,), (3, 4)}
    assert all(a != b for a, b in itertools.pairwise(helpers))
    every_second = [stuga_series.on_turn(turns, day, every=2) for day in tuesdays[::2]]
    assert [2 in staff for staff in every_second] in ([True, False, True], [False, True, False])


def test_whose_turn_it_is_passes_over_those_who_are_away():
    turns = [
        StugaTurn(series="tis", person_id=p, part=part, turn=turn, starts_on=date(2026, 1, 1))
        for p, part, turn in ((1, Part.HOST, 1), (2, Part.HOST, 2), (3, Part.HOST, 3), (3, Part.HELPER, 1), (4, Part.HELPER, 1))
    ]
    usual = [stuga_series.on_turn(turns, date(2026, 12, 1) + timedelta(weeks=n)) for n in range(3)]
    hosts = [next(who for who, part in staff.items() if part is Part.HOST) for staff in usual]
    assert sorted(hosts) == [1, 2, 3]
    first = date(2026, 12, 1)
    assert stuga_series.on_turn(turns, first, away=frozenset({hosts[0]}))[hosts[1]] is Part.HOST, "the next in turn"
    assert stuga_series.on_turn(turns, first, away=frozenset({hosts[0], hosts[1]}))[hosts[2]] is Part.HOST
    assert stuga_series.on_turn(turns, first, away=frozenset({1, 2, 3})) == {4: Part.HELPER}


# ---- calendar files ------------------------------------------------------------------------------------------------


def read(file: bytes):
    assert file.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    return read_back(file)


def session(day: date, row: StugaSeries, **values) -> Stuga:
    starts, ends = row.span(day)
    usual = {
        "id": 3, "series": row.key, "slot": stuga_series.slot_of(day), "uid": "abc", "name": row.name, "room": row.room,
        "starts_at": starts, "ends_at": ends, "changed_at": starts - timedelta(days=7), "stage": Stage.PLANNED,
    }  # fmt: skip
    return Stuga(**(usual | values))


def test_a_session_is_read_back_as_it_was_written_and_every_edition_is_newer():
    words = {
        "name": "Stugan; om lås, larm och \\annat\\ på Åkerö ängar" * 2, "address": "Storgatan 1, plan 2",
        "way_in": "Ramp vid gaveln.\nRing på.", "link": "https://mote.example/a,b;c",
    }  # fmt: skip
    here = session(date(2027, 10, 26), series(), **words)
    (event,) = read(stuga_ics.session_file(here, note="Välkommen!")).events
    assert (event.summary, event.location) == (here.name, "Eken, Storgatan 1, plan 2")
    assert event.description == "Ramp vid gaveln.\nRing på.\nhttps://mote.example/a,b;c\nVälkommen!"
    assert (event.uid, event.sequence, event.dtstart, event.dtend) == ("abc@supportstuga", 0, here.starts_at, here.ends_at)
    assert str(event.dtstart.tzinfo) == "Europe/Stockholm"
    here.sequence, here.stage = 1, Stage.CANCELLED
    calendar = read(stuga_ics.session_file(here))
    assert (calendar.method, calendar.events[0].status, calendar.events[0].sequence) == ("CANCEL", "CANCELLED", 1)
    assert calendar.events[0].uid == event.uid


def test_the_time_zone_inside_is_the_one_we_reckon_with():
    """For a calendar that knows no Europe/Stockholm: the same offsets as ours, before and after each change."""
    text = stuga_ics.session_file(session(date(2027, 3, 30), series())).decode().replace("Europe/Stockholm", "Custom/Here")
    zone = read_back(text.encode()).timezones[0]
    assert [(str(part.tz_offset_from.offset), str(part.tz_offset_to.offset), part.dtstart.isoformat()) for part in (*zone.daylight, *zone.standard)] == [
        ("1:00:00", "2:00:00", "1996-03-31T02:00:00"),
        ("2:00:00", "1:00:00", "1996-10-27T03:00:00"),
    ]


@pytest.mark.parametrize("row", [series(), series(weeks=2, day="fri"), series(day="mon", pauses="-", weeks=3), series(day="sun")])
def test_a_series_expanded_by_another_is_our_own_dates_for_two_years(row):
    """Every day but those left out; one that was cancelled, one that was moved to the next day at ten."""
    ours = days(row)
    usual = [day.day for day in ours if not day.why_not]
    gone = session(usual[3], row, stage=Stage.CANCELLED, sequence=1)
    to = clock.moment(usual[5] + timedelta(days=1), datetime.min.time().replace(hour=10))
    moved = session(usual[5], row, own=True, sequence=2, starts_at=to, ends_at=to + timedelta(hours=1))
    calendar = read(stuga_ics.series_file(ours, [gone, moved]))
    found = sorted(event.dtstart for event in calendar.timeline)
    wanted = {row.span(day)[0] for day in usual if day not in (usual[3], usual[5])} | {to}
    assert found == sorted(wanted)
    assert {event.uid for event in calendar.events} == {"tis-7@supportstuga"}
    assert {event.sequence for event in calendar.events} == {3}


# ---- written down in Home, and in sheets -----------------------------------------------------------------------------


@pytest.fixture
def home(village):
    scene = Stugor(village)
    scene.anna, scene.bo, scene.cia = village.person("Anna"), village.expert("Bo"), village.specialist("Cia")
    scene.jonna = village.person("Jonna")
    village.hat(scene.jonna, Role.ADMIN)
    scene.typed = {"key": "tis", "name": "Stugan", "day": "tue", "from": "13:30", "to": "15:00", "room": "Eken"}
    return scene


def test_a_specialist_plans_one_and_all_following_change_with_what_is_brought(home):
    with pytest.raises(NotYours):
        home.do(stuga_plan.create, home.typed, by=home.bo)
    with pytest.raises(Faulty) as no:
        home.do(stuga_plan.create, home.typed | {"room": "", "to": "13.00", "pauses": "v28"}, by=home.cia)
    assert {fault.column for fault in no.value.faults} == {"room", "to", "pauses"}
    home.do(stuga_plan.create, home.typed, by=home.cia)
    with pytest.raises(ThereAlready):
        home.do(stuga_plan.create, home.typed, by=home.jonna)
    first, second = home.all()[:2]
    ticket = home.village.ticket(home.anna)
    home.do(stuga.park, ticket, by=home.anna, stuga_id=second.pk)
    home.do(stuga_plan.set_turns, "tis", [{"email": str(home.cia), "part": "host"}], by=home.cia)
    with home.village.work() as session:
        assert stuga_series.staff_of(session, second.pk) == {home.cia: Part.HOST}
    home.do(stuga_plan.change_from, "tis", first.day + timedelta(days=1), {"day": "thu", "from": "09:00", "to": "10:00"}, by=home.cia)
    later = home.look(second.pk)
    assert (later.day, clock.local(later.starts_at).hour, later.sequence) == (second.day + timedelta(days=2), 9, 1)
    assert home.look(first.pk).starts_at == first.starts_at
    assert home.village.look(ticket).stuga_id == second.pk
    assert [letter.to_id for letter in home.letters("stuga_told")] == [home.anna]
    home.village.later(days=2)  # the next two are within reach, and both are called off
    home.do(stuga_plan.end, "tis", home.village.now.date(), by=home.jonna)
    assert {s.stage for s in home.all(Stuga.starts_at > home.village.now)} == {Stage.CANCELLED}
    assert home.where(ticket) == "ladder"
    assert "stuga_changed" not in home.village.story(ticket)  # it was not sent from one to the other first
    assert [letter.to_id for letter in home.letters("stuga_told")] == [home.anna] * 2
    with home.village.work() as session:
        told = [entry.what for entry in session.exec(people.select(audit.AuditEntry))]
    assert told == ["stuga.added", "stuga.turns", "stuga.changed", "stuga.ended"]


def test_only_this_one_is_changed_and_stays_so(home):
    home.do(stuga_plan.create, home.typed, by=home.cia)
    home.do(stuga_plan.set_turns, "tis", [{"email": str(home.cia), "part": "host"}], by=home.cia)
    first, second, third = home.all()[:3]
    ticket = home.village.ticket(home.anna)
    home.do(stuga.park, ticket, by=home.anna, stuga_id=second.pk)
    one = One(second.day, {"day": "wed", "to": "14:30", "way_in": "Hiss"}, {Part.HELPER: [home.bo]})
    with pytest.raises(NotYours):
        home.do(stuga_plan.change_one, "tis", one, by=home.bo)
    with pytest.raises(OnlySeries) as no:
        home.do(stuga_plan.change_one, "tis", One(second.day, {"weeks": "2"}), by=home.cia)
    assert no.value.about["column"] == "weeks"
    with pytest.raises(Faulty):
        home.do(stuga_plan.change_one, "tis", One(second.day, {"to": "13:00"}), by=home.cia)
    with pytest.raises(NotAhead):
        home.do(stuga_plan.change_one, "tis", One(first.day, {"day": "mon", "from": "08:00"}), by=home.cia)
    home.do(stuga_plan.change_one, "tis", one, by=home.cia)
    changed = home.look(second.pk)
    assert (changed.day, changed.ends_at - changed.starts_at, changed.way_in) == (second.day + timedelta(days=1), timedelta(hours=1), "Hiss")
    assert [letter.to_id for letter in home.letters("stuga_told")] == [home.anna]
    assert {letter.to_id for letter in home.letters("stuga_told_staff")} == {home.bo}
    home.do(stuga_plan.change_from, "tis", second.day, {"room": "Linden"}, by=home.cia)
    assert (home.look(second.pk), home.look(third.pk).room, home.look(third.pk).day) == (changed, "Linden", third.day)
    with home.village.work() as session:
        assert stuga_series.staff_of(session, second.pk) == {home.cia: Part.HOST, home.bo: Part.HELPER}
        assert stuga_series.staff_of(session, third.pk) == {home.cia: Part.HOST}


def test_leave_passes_the_turn_on_and_who_comes_in_late_gets_the_agenda(home):
    home.do(stuga_plan.create, home.typed, by=home.cia)
    home.do(stuga_plan.set_turns, "tis", [{"email": str(who), "part": "host", "turn": str(n)} for n, who in enumerate((home.cia, home.bo), 1)], by=home.cia)
    first, second = home.all()[:2]
    hosts = {first.pk: host(home, first), second.pk: host(home, second)}
    assert set(hosts.values()) == {home.cia, home.bo}
    home.at(first.starts_at - timedelta(hours=20))
    home.tick()  # the agenda is out
    with home.village.work() as session:
        session.add(people.Absence(person_id=hosts[first.pk], starts_on=first.day, ends_on=first.day))
    home.keep()
    assert host(home, first) == host(home, second) == hosts[second.pk]
    assert [letter.to_id for letter in home.letters("stuga_agenda")] == [hosts[first.pk], hosts[second.pk]]
    assert [letter.to_id for letter in home.letters("stuga_told_staff")] == [hosts[second.pk]]


def host(home, held):
    with home.village.work() as session:
        return next(who for who, part in stuga_series.staff_of(session, held.pk).items() if part is Part.HOST)


def test_turns_change_from_the_day_that_the_form_says(home):
    home.do(stuga_plan.create, home.typed, by=home.cia)
    for who, first in ((home.cia, None), (home.bo, home.all()[2].day), (home.jonna, home.all()[1].day)):
        home.do(stuga_plan.set_turns, "tis", [{"email": str(who), "part": "host"}], by=home.cia, first=first)
    assert [host(home, each) for each in home.all()[:3]] == [home.cia, home.jonna, home.jonna], "the last word holds"


def test_a_session_moved_by_hand_stays_there_when_its_series_changes(home):
    home.do(stuga_plan.create, home.typed, by=home.cia)
    held = home.all()[1]
    to = held.starts_at + timedelta(days=1)
    home.do(stuga.move, held.pk, Move(to, to + timedelta(hours=1)), by=home.cia)
    was, now = (read(stuga_ics.session_file(each)).events[0] for each in (held, home.look(held.pk)))
    assert (now.uid, now.sequence, now.dtstart, now.last_modified) == (was.uid, was.sequence + 1, to, home.village.now)
    home.do(stuga_plan.change_from, "tis", home.village.now.date(), {"room": "Linden"}, by=home.cia)
    found = home.all(Stuga.stage == Stage.PLANNED)
    assert [s.room for s in found[:3]] == ["Eken", "Eken", "Linden"]
    assert home.look(held.pk).starts_at == to
    before = found
    home.keep()
    assert home.all(Stuga.stage == Stage.PLANNED) == before  # twice is once


def test_the_sheets_say_it_too_and_the_demo_has_its_drop_ins(db):
    from tests.town import DEMO, MONDAY

    with db.transaction() as session:
        importing.from_folder(session, DEMO, now=MONDAY)
        stuga.keep_calendar(session, now=MONDAY)
    with db.transaction() as session:
        assert not importing.plan(session, importing.book.read(DEMO, importing.layout.SHEETS), now=MONDAY).any
        found = stuga_series.planned(session, since=MONDAY)
        week = [(s.series, s.day) for s in found if s.day <= date(2026, 11, 29)]
        assert ("tisdag", date(2026, 11, 24)) in week
        assert ("torsdag", date(2026, 11, 26)) in week
        names = people.find(session, stuga_series.staff_of(session, found[0].pk))
        assert len(names) >= 1
        assert all(s.starts_at > datetime(2026, 11, 23, tzinfo=STOCKHOLM) for s in found)
