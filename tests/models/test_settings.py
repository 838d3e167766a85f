"""Defaults ship as a file, the database overrides them, and a value that would stop the bot is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models import clock, settings
from models.settings import NoSuchSetting, WrongShape
from tests.effort import examples

SPANS = [key for key, default in settings.defaults().items() if default.kind == "span"]
HOURS = [key for key, default in settings.defaults().items() if default.kind == "hours"]


def test_what_ships_is_what_contracts_say(village):
    with village.work() as session:
        rules = settings.read(session)
    assert rules.span("target.unit_expert") == timedelta(minutes=20)
    assert rules.span("target.specialist") == timedelta(minutes=60)
    assert rules.span("target.acute.unit_expert") == timedelta(minutes=3)
    assert rules.span("card.wait") == timedelta(seconds=20)
    assert rules.span("claim.remind") == timedelta(minutes=30)
    assert rules.span("claim.free") == timedelta(minutes=60)
    assert rules.span("duty.longest") == timedelta(hours=13)
    assert rules.span("duty.daily_rest") == timedelta(hours=11)
    assert rules.span("draft.wait") == timedelta(minutes=10)
    assert (rules.number("rest.warn"), rules.number("rest.close")) == (2, 2)
    assert rules.text("hours.asker") == "mon-sun 07:00-21:00"


@pytest.mark.parametrize("key", list(settings.defaults()))
def test_every_default_has_the_shape_that_is_asked_of_others(village, key):
    with village.work() as session:
        settings.write(session, key, settings.defaults()[key].value, now=village.now)


def test_an_override_holds_until_it_is_taken_back(village):
    with village.work() as session:
        settings.write(session, "card.wait", "5 s", now=village.now)
        settings.write(session, "card.wait", "7 s", now=village.now)
        assert settings.read(session).span("card.wait") == timedelta(seconds=7)
        settings.reset(session, "card.wait")
        assert settings.read(session).span("card.wait") == timedelta(seconds=20)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("card.wait", "20"),
        ("card.wait", "20s"),
        ("card.wait", "-20 s"),
        ("card.wait", "20 weeks"),
        ("card.wait", "20 s\n"),
        ("card.wait", ""),
        ("rest.warn", "two"),
        ("rest.warn", "-1"),
        ("rest.warn", "2\n"),
        ("files.allowed", "ja"),
        ("files.allowed", "yes\n"),
        ("hours.asker", "07-21"),
        ("hours.asker", "mån-sön 07:00-21:00"),
        ("hours.asker", "mon-sun 07:00-21:00\n"),
        ("hours.asker", "mon-sun 07:00-24:30"),  # no such time of day
        ("hours.asker", "mon-sun 24:00-24:00"),
        ("hours.asker", "sun-mon 07:00-21:00"),  # no day at all
        ("hours.asker", "mon-sun 21:00-07:00"),  # closes before it opens
        ("hours.asker", "mon-sun 07:00-07:00"),  # never open
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_by_name(village, key, value):
    with pytest.raises(WrongShape) as no, village.work() as session:
        settings.write(session, key, value, now=village.now)
    assert no.value.about == {"name": key, "expected": settings.defaults()[key].kind}


@pytest.mark.parametrize(
    "key", ["card", "card.wait.long", "", "word.unit", "word.unit.de", "word.UNIT.sv", "Card.wait"]
)
def test_a_setting_that_does_not_exist_is_refused(village, key):
    with pytest.raises(NoSuchSetting), village.work() as session:
        settings.write(session, key, "1", now=village.now)


def test_a_tool_that_ships_is_changed_cell_by_cell_and_only_into_what_can_be_shown(village):
    with village.work() as session:
        for key, value in {"tool.vr.enabled": "no", "tool.vr.owner": "hr", "tool.vr.products": "Glasögonen"}.items():
            settings.write(session, key, value, now=village.now)
        settings.write(session, "tool.vr.owner", "", now=village.now)
        bad = {"enabled": "nej", "owner": "nobody", "short_sv": "x" * 25, "name_en": "", "picture": " "}
        for column, value in bad.items():
            with pytest.raises(WrongShape):
                settings.write(session, f"tool.vr.{column}", value, now=village.now)
        for key in ("tool.vr.key", "tool.vr", "tool.bath_lift.products", "tool.vr.colour"):
            with pytest.raises(NoSuchSetting):
                settings.write(session, key, "x", now=village.now)


days, times = (
    st.sampled_from(settings.DAYS.split("|")),
    st.sampled_from(["00:00", "07:00", "16:30", "23:59", "24:00", "24:01"]),
)


@hypothesis_settings(max_examples=examples(80), deadline=None)
@given(st.builds(lambda a, b, c, d: f"{a}-{b} {c}-{d}", days, days, times, times))
def test_hours_that_are_accepted_do_open_and_never_hang_the_ladder(text):
    if not settings.fits("hours", text):
        return
    hours = clock.parse_hours(text)
    start = clock.datetime(2026, 12, 23, 12, tzinfo=clock.UTC)
    assert clock.next_open(hours, start) >= start
    assert clock.add_open_time(hours, start, timedelta(minutes=61)) > start
