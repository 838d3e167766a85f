"""The bot's voice: sentences from the text catalogues, in one person's language, with the municipality's words.

Texts are gettext catalogues whose msgid is a key named by place (`receipt.asked`); see handlers/texts. Pure.
"""

import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources

from babel.dates import format_date, format_interval
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from models import catalogue as tools
from models import clock
from models import words as municipal
from models.catalogue import Catalogue
from models.shipped import Settings
from models.words import Noun

LANGUAGES = municipal.LANGUAGES
DEFAULT = LANGUAGES[0]
SOME_MONDAY = date(2026, 11, 23)
NOTHING = Settings({})  # said by the municipality


@cache
def catalogue(language: str) -> gettext.GNUTranslations:
    """One language's sentences, read from its .po file as it stands (no build step)."""
    with resources.files("handlers.texts").joinpath(f"{language}.po").open("rb") as file:
        source = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, source)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Words:
    """What a view needs to speak to one person: `words("receipt.asked", names=…)`."""

    language: str
    nouns: Mapping[str, Noun]
    now: datetime
    tools: Catalogue

    def __call__(self, key: str, **about: object) -> str:
        """The sentence for `key`; with `n=` its singular or plural. A missing key is a bug that tests catch."""
        return _sentence(self.language, self.nouns, key, about)

    def tool(self, key: str | None) -> str:
        """The short word that staff know a tool by; empty for one that nobody knows."""
        known = self.tools.known.get(key or "")
        return known.short[self.language] if known else ""

    def clock(self, at: datetime) -> str:
        """`14.05`, the Swedish way of writing it; `14:05` in English."""
        return self.hour(clock.local(at).time())

    def hour(self, at: time) -> str:
        """A time of every day, written as `clock` writes it."""
        return at.strftime("%H.%M" if self.language == "sv" else "%H:%M")

    def when(self, at: datetime) -> str:
        """A moment in the near future or past, as one says it: `kl. 14.05`, `på torsdag kl. 07.00`."""
        key, day = self._day(at)
        return self(f"when.{key}", day=day, time=self.clock(at))

    def moment(self, at: datetime) -> str:
        """In what is read on other days too: `den 24 november kl. 14.05`."""
        return self("when.date", day=self.dated(clock.today(at)), time=self.clock(at))

    def day(self, at: datetime) -> str:
        """Where the minute does not matter: `i morgon`, `den 6 december`."""
        key, day = self._day(at)
        return self(f"day.{key}", day=day)

    def _day(self, at: datetime) -> tuple[str, str]:
        days = (clock.today(at) - clock.today(self.now)) // timedelta(days=1)
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
        if near:
            return near, ""
        key = "weekday" if 1 < days < 7 else "date"
        pattern = "EEEE" if key == "weekday" else "d MMMM"
        return key, format_date(clock.today(at), pattern, locale=self.language)

    def weekday(self, at: datetime) -> str:
        """`lördag`, `Saturday`."""
        return self.weekday_number(clock.today(at).weekday())

    def weekday_number(self, number: int) -> str:
        """0 is `måndag`."""
        return format_date(SOME_MONDAY + timedelta(days=number % 7), "EEEE", locale=self.language)

    def days(self, first: date, last: date) -> str:
        """`28 juni` to `4 juli` as one writes it, in few letters."""
        return str(format_interval(first, last, "MMMd", locale=self.language))

    def days_of(self, first: date, last: date) -> str:
        """As one writes it, with the month in full and the year."""
        return str(format_interval(first, last, "yMMMMd", locale=self.language))

    def month(self, day: date) -> str:
        """`november 2026`."""
        return format_date(day, "LLLL y", locale=self.language)

    def month_short(self, day: date) -> str:
        """`nov`."""
        return format_date(day, "LLL", locale=self.language).rstrip(".")

    def hours(self, opens: str, closes: str) -> str:
        """Two times of day as they are stored, `21:00`, as one writes them; empty where there are none."""
        if not opens:
            return ""
        first, last = (self.hour(time.fromisoformat(each)) for each in (opens, closes))
        return self("days.hours", opens=first, closes=last)

    def dated(self, day: date) -> str:
        """`1 juli`; with its year when that is another one."""
        pattern = "d MMMM" if day.year == clock.today(self.now).year else "d MMMM y"
        return format_date(day, pattern, locale=self.language)

    def period(self, starts: date, ends: date | None) -> str:
        """From when until when, as far as it is not the case already; empty for what simply holds."""
        ahead = starts > clock.today(self.now)
        if not ahead and ends is None:
            return ""
        key = "between" if ahead and ends else "until" if ends else "from"
        return self(f"days.{key}", starts=self.dated(starts), ends=self.dated(ends or starts))

    def people(self, names: Iterable[str]) -> str:
        """`Bo, Gun och Cia`."""
        return format_list([name for name in names if name], locale=self.language)


def speak(language: str, settings: Settings, *, now: datetime) -> Words:
    """Words in a language that we have; anything else becomes Swedish."""
    ours = _ours(language)
    return Words(ours, municipal.nouns(settings, ours), now, tools.of(settings))


def plainly(language: str, key: str, **about: object) -> str:
    """A sentence where there is no database: settings errors, the command line. No tool is named: none is loaded."""
    ours = _ours(language)
    return _sentence(ours, municipal.nouns(NOTHING, ours), key, about)


def _ours(language: str) -> str:
    return language if language in LANGUAGES else DEFAULT


def _sentence(language: str, nouns: Mapping[str, Noun], key: str, about: Mapping[str, object]) -> str:
    source = catalogue(language)
    n = about.get("n")
    text = source.ngettext(key, key, n) if isinstance(n, int) else source.gettext(key)
    return text.format(**{**nouns, **about})
