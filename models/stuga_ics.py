"""A session, or a series, as a calendar file (RFC 5545): the same UID for ever, a higher SEQUENCE with every change.

Bytes out of rows; the library escapes and folds. Times are Swedish wall-clock times with their time zone inside.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from models import clock
from models.stuga_series import Day, Gathering, Stage, Stuga, StugaSeries

PRODID = "-//Supportstuga//Supportstuga//SV"
ZONE = str(clock.STOCKHOLM)
AT = "supportstuga"  # the right-hand side of every UID
AGAIN = timedelta(hours=6)  # how often a calendar that subscribes need look


def session_file(stuga: Stuga, *, note: str = "") -> bytes:
    """One session; a cancelled one takes itself out of the calendar. `note`: a line of text for the guests."""
    over = stuga.stage is Stage.CANCELLED
    calendar = _calendar("CANCEL" if over else "PUBLISH")
    event = _event(stuga, f"{stuga.uid}@{AT}", stuga.sequence, stuga.changed_at, note=note)
    _spans(event, stuga.starts_at, stuga.ends_at)
    event.add("status", "CANCELLED" if over else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def series_file(days: Sequence[Day], sessions: Iterable[Stuga], *, note: str = "") -> bytes:
    """All days of one key: an event for each of its rows. What is left out or cancelled is an exception; what was moved
    says so. Raises ValueError without a day.
    """
    if not days:
        raise ValueError
    here = {stuga.slot: stuga for stuga in sessions if stuga.series == days[0].series.key}
    calendar = _calendar("PUBLISH")
    for name, value in (("name", days[-1].series.name), ("x-wr-calname", days[-1].series.name)):
        calendar.add(name, value)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for _, found in groupby(days, key=lambda day: day.series.id):
        _add_row(calendar, list(found), here, note)
    return bytes(calendar.to_ical())


def _add_row(calendar: Calendar, days: Sequence[Day], here: dict[str, Stuga], note: str) -> None:
    row, changed_at = days[0].series, _changed_at(days[0].series, here)
    edition = sum(stuga.sequence for stuga in here.values())  # sessions are never deleted: it only grows
    event = _event(row, f"{row.key}-{row.id}@{AT}", edition, changed_at, note=note)
    _spans(event, *row.span(days[0].day))
    until = row.span(days[-1].day)[0]
    event.add("rrule", {"FREQ": "WEEKLY", "INTERVAL": row.weeks, "BYDAY": _weekday(row), "UNTIL": until, "WKST": "MO"})
    gone = [day for day in days if not _is_held(day, here)]
    if gone:
        event.add("exdate", [clock.local(row.span(day.day)[0]) for day in gone])
    calendar.add_component(event)
    for day in days:
        stuga = here.get(day.slot)
        if stuga is not None and stuga.own and day not in gone:
            moved = _event(stuga, f"{row.key}-{row.id}@{AT}", edition, changed_at, note=note)
            moved.add("recurrence-id", clock.local(row.span(day.day)[0]))
            _spans(moved, stuga.starts_at, stuga.ends_at)
            calendar.add_component(moved)


def _changed_at(row: StugaSeries, here: dict[str, Stuga]) -> datetime:
    return max((stuga.changed_at for stuga in here.values()), default=clock.midnight(row.starts_on))


def _is_held(day: Day, here: dict[str, Stuga]) -> bool:
    """A session says so itself; where there is none yet, its series does."""
    stuga = here.get(day.slot)
    return stuga.stage is not Stage.CANCELLED if stuga is not None else not day.why_not


def _weekday(row: StugaSeries) -> str:
    return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[clock.DAYS.index(row.day)]


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    for name, value in (("prodid", PRODID), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(_zone())
    return calendar


def _zone() -> Timezone:
    """The rule of the European Union since 1996; each onset in the local time that ends there."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, 1, 2),
        (TimezoneStandard(), "CET", 10, 3, 2, 1),
    ):
        part.add("tzname", name)
        last_sunday = 31 if month == 3 else 27
        part.add("dtstart", datetime(1996, month, last_sunday, hour))  # noqa: DTZ001 (a local time by definition)
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(part)
    return zone


def _event(where: Gathering, uid: str, sequence: int, changed_at: datetime, *, note: str) -> Event:
    event = Event()
    for name, value in (("uid", uid), ("sequence", sequence), ("dtstamp", changed_at), ("last-modified", changed_at)):
        event.add(name, value)
    event.add("summary", where.name)
    texts = {
        "location": ", ".join(filter(None, (where.room, where.address))) or where.link,
        "description": "\n".join(filter(None, (where.way_in, where.link, note))),
        "url": where.link,
    }
    for name, text in texts.items():
        if text:
            event.add(name, text)
    return event


def _spans(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    event.add("dtstart", clock.local(starts_at))
    event.add("dtend", clock.local(ends_at))
