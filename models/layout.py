"""Which sheets the organisation is written in: their columns, what each cell may hold, what makes a row that row.

One declaration for both ways: importing.py reads by it, exporting.py writes by it. Only data; no rules, no files.
"""

from dataclasses import dataclass
from enum import Enum, auto

from sqlmodel import SQLModel

from models import catalogue, words
from models.contacts import Contact
from models.people import (
    Absence,
    Administration,
    Appointment,
    Area,
    Assignment,
    Department,
    Person,
    PersonKind,
    Role,
    Unit,
    UnitTool,
)
from models.settings import Setting
from models.shifts import LONGEST_CYCLE, Pattern, Shift, Weekday
from models.stuga_series import WEEKS, Part, StugaSeries, StugaTurn
from models.words import LANGUAGES


class Shape(Enum):
    """What a cell holds."""

    TEXT = auto()
    PROSE = auto()  # sentences, in which a phone number may stand
    EMAIL = auto()
    PHONE = auto()
    DAY = auto()
    TIME = auto()
    CODE = auto()
    FLAG = auto()
    TOOLS = auto()  # a|b in the sheet, a row each in the database
    THEMES = auto()  # tools, a|b in both
    KEYS = auto()  # keys of another sheet, a|b in both
    WEEKS = auto()  # weeks of the year, 28-31
    REF = auto()
    MOMENT = auto()  # a day and a time of day
    NUMBER = auto()
    FORMS = auto()  # the four forms of a word, a|b|c|d
    NAME = auto()  # as code and tables name a thing: small letters, figures, _
    LIST = auto()  # a|b, in one cell of the database too
    HIDDEN_DAY = auto()  # not in the sheet: where the database notes that a row has vanished
    HIDDEN_FLAG = auto()  # not in the sheet: whether the row is somebody's own word, which no sheet ends


HIDDEN = (Shape.HIDDEN_DAY, Shape.HIDDEN_FLAG)


@dataclass(frozen=True)
class Column:
    """`attr` is the column of the table. `once`: hers to change when the row exists. `may_lack`: a newer column.
    `lists`: whose keys the cell holds, as a text.
    """

    name: str
    attr: str
    shape: Shape = Shape.TEXT
    filled: bool = False
    longest: int = 200
    of: type[SQLModel] | None = None
    codes: tuple[str, ...] = ()
    once: bool = False
    may_lack: bool = False
    lists: type[SQLModel] | None = None


@dataclass(frozen=True)
class Sheet:
    """`key`: the columns that make a row that row. `ends`: the column whose day ends it; None: it never vanishes.

    `guarded`: when more than a tenth would end, somebody has to confirm it. `passes`: its rows are moments that go by,
    from the first to the second of these columns; what has begun is not ended, what is over is neither new.
    """

    table: type[SQLModel]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    ends: str | None = None
    optional: bool = False
    guarded: bool = False
    passes: tuple[str, str] | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def shown(self) -> tuple[Column, ...]:
        """What stands in the sheet."""
        return tuple(column for column in self.columns if column.shape not in HIDDEN)


YES_NO = ("", "no", "yes")  # empty: as it ships
CYCLE = tuple(str(week) for week in range(1, LONGEST_CYCLE + 1))
IGNORED = frozenset({("people", "chat")})  # columns that only the demo's workspace reads

NAMED_BY: dict[type[SQLModel], tuple[str, str]] = {
    Administration: ("administrations", "key"),
    Department: ("departments", "key"),
    Area: ("areas", "key"),
    Unit: ("units", "key"),
    Person: ("people", "email"),
    StugaSeries: ("stuga_series", "key"),
}

KEY = Column("key", "key", filled=True, longest=80)
NAME = Column("name", "name", filled=True, longest=120)
PERSON = Column("email", "person_id", Shape.REF, filled=True, of=Person)
STARTS = Column("starts", "starts_on", Shape.DAY, filled=True)
ENDS = Column("ends", "ends_on", Shape.DAY)
UNIT = Column("unit", "unit_id", Shape.REF, of=Unit)
OWN = Column("own", "own", Shape.HIDDEN_FLAG, once=True)

SHEETS: dict[str, Sheet] = {
    "administrations": Sheet(
        Administration,
        (KEY, NAME, Column("emergency_number", "emergency_number", Shape.PHONE, filled=True, longest=40)),
        ("key",),
    ),
    "departments": Sheet(
        Department,
        (KEY, Column("administration", "administration_id", Shape.REF, filled=True, of=Administration), NAME),
        ("key",),
    ),
    "areas": Sheet(
        Area,
        (KEY, Column("department", "department_id", Shape.REF, filled=True, of=Department), NAME),
        ("key",),
        optional=True,
    ),
    "units": Sheet(
        Unit,
        (
            KEY,
            Column("department", "department_id", Shape.REF, filled=True, of=Department),
            Column("area", "area_id", Shape.REF, of=Area, may_lack=True),
            NAME,
            Column("live", "live", Shape.FLAG, codes=("no", "yes")),
            Column("ended", "ended_on", Shape.HIDDEN_DAY),
        ),
        ("key",),
        ends="ended",
        guarded=True,
    ),
    "people": Sheet(
        Person,
        (
            Column("email", "email", Shape.EMAIL, filled=True),
            Column("name", "name"),
            Column("title", "title"),
            Column("kind", "kind", Shape.CODE, codes=tuple(PersonKind)),
            Column("language", "language", Shape.CODE, codes=LANGUAGES, once=True),
        ),
        ("email",),
    ),
    "assignments": Sheet(
        Assignment,
        (
            PERSON,
            Column("unit", "unit_id", Shape.REF, filled=True, of=Unit),
            Column("primary", "is_primary", Shape.FLAG, codes=("no", "yes")),
            STARTS,
            ENDS,
        ),
        ("email", "unit", "starts"),
        ends="ends",
        guarded=True,
    ),
    "appointments": Sheet(
        Appointment,
        (
            PERSON,
            Column("role", "role", Shape.CODE, codes=tuple(Role)),
            UNIT,
            Column("department", "department_id", Shape.REF, of=Department),
            Column("tools", "tool", Shape.TOOLS),
            Column("deputy_for", "deputy_for_id", Shape.REF, of=Person, may_lack=True),
            STARTS,
            ENDS,
        ),
        ("email", "role", "unit", "department", "tools", "deputy_for", "starts"),
        ends="ends",
        guarded=True,
    ),
    "absences": Sheet(
        Absence,
        (PERSON, STARTS, ENDS, OWN),
        ("email", "starts"),
        ends="ends",
        optional=True,
    ),
    "shifts": Sheet(
        Shift,
        (
            PERSON,
            Column("starts", "starts_at", Shape.MOMENT, filled=True),
            Column("ends", "until_at", Shape.MOMENT, filled=True),
            Column("cancelled", "cancelled_on", Shape.HIDDEN_DAY),
        ),
        ("email", "starts"),
        ends="cancelled",
        optional=True,
        guarded=True,
        passes=("starts", "ends"),
    ),
    "patterns": Sheet(
        Pattern,
        (
            PERSON,
            Column("weeks", "weeks", Shape.NUMBER, codes=CYCLE),
            Column("week", "week", Shape.NUMBER, codes=CYCLE),
            Column("day", "day", Shape.CODE, filled=True, codes=tuple(Weekday)),
            Column("from", "opens", Shape.TIME, filled=True),
            Column("to", "closes", Shape.TIME, filled=True),
            STARTS,
            ENDS,
            OWN,
        ),
        ("email", "week", "day", "from", "starts"),
        ends="ends",
        optional=True,
        guarded=True,
    ),
    "unit_tools": Sheet(
        UnitTool,
        (
            Column("unit", "unit_id", Shape.REF, filled=True, of=Unit),
            Column("tools", "tool", Shape.TOOLS, filled=True),
            STARTS,
            ENDS,
        ),
        ("unit", "tools", "starts"),
        ends="ends",
        optional=True,
        guarded=True,
    ),
    "contacts": Sheet(
        Contact,
        (
            UNIT,
            Column("area", "area_id", Shape.REF, of=Area),
            Column("tools", "tool", Shape.TOOLS),
            Column("from", "opens", Shape.TIME),
            Column("to", "closes", Shape.TIME),
            Column("number", "number", Shape.PHONE, filled=True, longest=40),
            Column("second_number", "second_number", Shape.PHONE, longest=40),
            Column("what_to_do", "what_to_do", Shape.PROSE, longest=400),
            Column("routine", "routine"),
            STARTS,
            ENDS,
        ),
        ("unit", "area", "tools", "from", "to", "starts"),
        ends="ends",
        optional=True,
        guarded=True,
    ),
    "tools": Sheet(
        Setting,
        (
            Column("key", "key", Shape.NAME, filled=True, longest=40),
            Column("enabled", "enabled", Shape.CODE, codes=YES_NO),
            Column("owner", "owner", Shape.CODE, codes=("", *catalogue.load().owners)),
            *(Column(name, name, longest=120) for name in ("name_sv", "name_en")),
            *(Column(name, name, longest=catalogue.LONGEST_SHORT) for name in ("short_sv", "short_en")),
            Column("category", "category", longest=60),
            Column("acute", "acute", Shape.CODE, codes=YES_NO),
            Column("hand_off", "hand_off", longest=400),
            *(
                Column(name, name, Shape.LIST, longest=3000)
                for name in ("aliases", "products", "misspellings", "also")
            ),
            Column("picture", "picture", longest=8),
        ),
        ("key",),
        optional=True,
    ),
    "stuga_series": Sheet(
        StugaSeries,
        (
            KEY,
            NAME,
            Column("day", "day", Shape.CODE, filled=True, codes=tuple(Weekday)),
            Column("weeks", "weeks", Shape.NUMBER, codes=CYCLE[:WEEKS]),
            Column("from", "opens", Shape.TIME, filled=True),
            Column("to", "closes", Shape.TIME, filled=True),
            Column("tools", "tools", Shape.THEMES, longest=400),
            Column("departments", "departments", Shape.KEYS, longest=400, lists=Department),
            Column("for_night", "for_night", Shape.FLAG, codes=("no", "yes")),
            Column("room", "room", longest=120),
            Column("address", "address"),
            Column("way_in", "way_in"),
            Column("link", "link", longest=300),
            Column("pauses", "pauses", Shape.WEEKS, longest=80),
            STARTS,
            ENDS,
        ),
        ("key", "starts"),
        ends="ends",
        optional=True,
        guarded=True,
    ),
    "stuga_turns": Sheet(
        StugaTurn,
        (
            Column("series", "series", Shape.KEYS, filled=True, longest=80, lists=StugaSeries),
            PERSON,
            Column("part", "part", Shape.CODE, filled=True, codes=tuple(Part)),
            Column("turn", "turn", Shape.NUMBER, codes=CYCLE),
            STARTS,
            ENDS,
        ),
        ("series", "email", "part", "turn", "starts"),
        ends="ends",
        optional=True,
        guarded=True,
    ),
    "words": Sheet(
        Setting,
        (
            Column("key", "key", Shape.CODE, filled=True, codes=tuple(words.defaults()[LANGUAGES[0]])),
            *(Column(language, language, Shape.FORMS) for language in LANGUAGES),
        ),
        ("key",),
        optional=True,
    ),
    "settings": Sheet(
        Setting,
        (KEY, Column("value", "value", longest=3000)),
        ("key",),
        optional=True,
    ),
}
