"""Calendar files, read by another parser than the one that wrote them."""

from typing import Any


def read_back(file: bytes) -> Any:
    from ical.calendar_stream import IcsCalendarStream  # reads every time zone there is: only where it is wanted

    return IcsCalendarStream.calendar_from_ics(file.decode())
