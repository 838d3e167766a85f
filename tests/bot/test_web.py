"""The public door: a calendar to subscribe to, fetched over HTTP and read by another parser than the one that wrote it."""

import re
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from ical.calendar_stream import IcsCalendarStream

from bot.web import Web
from models import people, stuga, stuga_plan, stuga_series
from models.stuga import Move


@pytest.fixture
def town(town):
    with town.db.transaction() as session:
        stuga.keep_calendar(session, now=town.time)
    return town


@pytest.fixture
def door(town):
    web = Web(town.desk, "127.0.0.1", 0)
    web.start()
    yield f"http://127.0.0.1:{web.port}"
    web.stop()


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=5) as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        return answer.read()


def address(town) -> str:
    """Of the first series that Anna finds."""
    town.anna.command("/stuga", "")
    town.anna.taps_in_modal("Prenumerera")
    return re.search(r"https://stuga\.lovkoping\.example(/stuga/[0-9a-f]{24}\.ics)", town.anna.modal_words())[1]


def test_a_series_is_subscribed_to_and_follows_what_is_changed(town, door):
    path = address(town)
    first = IcsCalendarStream.calendar_from_ics(fetched(door + path).decode()).events[0]
    key = first.uid.rpartition("-")[0]
    by, now = town.cia.id, town.time
    with town.db.transaction() as session:
        mine = [each for each in stuga_series.planned(session, since=now) if each.series == key]
        names = {person.name for each in mine for person in people.find(session, stuga_series.staff_of(session, each.pk)).values()}
        to = mine[1].starts_at + timedelta(days=1)
        stuga.move(session, mine[1].pk, Move(to, to + timedelta(hours=1)), by=by, now=now)
        stuga.cancel(session, mine[2].pk, by=by, now=now)
        stuga_plan.change_from(session, key, mine[3].day, {"day": "fri", "from": "09:00", "to": "10:00"}, by=by, now=now)
    assert address(town) == path, "the address stays"
    file = fetched(door + path)
    found = [event.dtstart for event in IcsCalendarStream.calendar_from_ics(file.decode()).timeline]
    with town.db.snapshot() as session:
        ours = [each for each in stuga_series.planned(session, since=now) if each.series == key]
    last = ours[-1].starts_at
    assert [at for at in found if now < at <= last] == [each.starts_at for each in ours]
    assert max(found) > last + timedelta(days=300), "it goes on where no session is written down yet"
    assert not [name for name in names if name.encode() in file], "and says nothing of anybody"


def test_nothing_else_is_there(door):
    for path in ("/", "/stuga/x.ics", "/stuga/.ics", f"/stuga/{'0' * 24}.ics", "/stuga/%27%20or%201.ics"):
        with pytest.raises(HTTPError) as no:
            urlopen(door + path, timeout=5)
        assert (no.value.code, no.value.headers.get("server")) == (404, None), path


def test_without_a_public_address_nobody_is_offered_one(town):
    town.anna.command("/stuga", "")
    asked = town.anna.modal_words()
    object.__setattr__(town.desk, "public_url", "")
    town.anna.command("/stuga", "")
    assert ("Prenumerera" in asked, "Prenumerera" in town.anna.modal_words()) == (True, False)
