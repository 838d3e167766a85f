"""What an administrator may change, as it ships: of which kind each value is, what fits it, and the values in force.

A row of `data/settings.csv` is key, kind, default. Kinds: `span` ("20 s", "30 min", "13 h", "7 d"), `number`,
`hours` ("mon-fri 08:00-16:30"; read by clock.py), `yes_no`, `phone` and `text`. What each one means for people
stands in the text catalogues under `setting.<key>`. What the municipality calls things stands beside them:
`word.<word>.<language>` (words.py), `owner.<key>.<part>.<language>` and `tool.<key>.<column>` (catalogue.py).
Not here: what the database says instead (settings); who reads no database does not wait for one.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from importlib import resources
from types import MappingProxyType

from models.errors import Refused

UNITS = {"ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
DAYS = "mon|tue|wed|thu|fri|sat|sun"
SHAPES = {
    "span": re.compile(r"^(\d{1,4}) (ms|s|min|h|d)$"),
    "number": re.compile(r"^\d{1,6}$"),
    "hours": re.compile(rf"^({DAYS})(-({DAYS}))? ([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$"),
    "yes_no": re.compile(r"^(yes|no)$"),
    "text": re.compile(r"^.{0,3000}$", re.DOTALL),
    "name": re.compile(r"^\S.{0,119}$"),
    "short": re.compile(r"^\S.{0,23}$"),  # fits a button on a small phone
    "owner": re.compile(r"^[a-z_]*$"),  # of owners.csv
    "phone_or_none": re.compile(r"^(\+?\d[\d ()/-]{2,38})?$"),
}


class NoSuchSetting(Refused):
    key = "refused.no_such_setting"


class WrongShape(Refused):
    """`about["expected"]` is the kind whose shape was not met."""

    key = "refused.wrong_shape"


@dataclass(frozen=True)
class Default:
    key: str
    kind: str
    value: str


@dataclass(frozen=True, eq=False)
class Settings:
    """The values in force, read once per transaction; the same object while nothing is changed."""

    values: Mapping[str, str]

    @cached_property
    def own_tools(self) -> frozenset[tuple[str, str]]:
        """(`tool.<key>.<column>`, value): what the municipality says of its tools."""
        return frozenset((key, value) for key, value in self.values.items() if sheet_of(key) == "tools")

    def text(self, key: str) -> str:
        return self.values[key]

    def number(self, key: str) -> int:
        return int(self.values[key])

    def says_yes(self, key: str) -> bool:
        return self.values[key] == "yes"

    def span(self, key: str) -> timedelta:
        return parse_span(self.values[key])


def parse_span(text: str) -> timedelta:
    """`20 min` and its kind; anything else raises ValueError."""
    found = SHAPES["span"].fullmatch(text)
    if not found:
        raise ValueError(text)
    return timedelta(**{UNITS[found[2]]: int(found[1])})


@cache
def defaults() -> dict[str, Default]:
    """What ships with the product, in the file's order."""
    with resources.files("models.data").joinpath("settings.csv").open(encoding="utf-8") as file:
        return {row["key"]: Default(row["key"], row["kind"], row["default"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=8)
def in_force(own: tuple[tuple[str, str], ...]) -> Settings:
    """What ships, with `own` over it: the same object while nothing is changed."""
    return Settings(MappingProxyType({key: d.value for key, d in defaults().items()} | dict(own)))


def fits(kind: str, value: str) -> bool:
    """Whether a value has the shape of its kind. Hours must also open on some day, and close after they open."""
    sane = {"hours": _opens, "owner": _is_owner}.get(kind)
    return SHAPES[kind].fullmatch(value) is not None and (sane is None or sane(value))


def _opens(hours: str) -> bool:
    """`sun-mon` names no day and `21:00-07:00` no time: clock.py would look for an opening for ever."""
    days, times = hours.split(" ")
    first, _, last = days.partition("-")
    opens, closes = times.split("-")
    order = DAYS.split("|")
    return order.index(first) <= order.index(last or first) and opens < closes <= "24:00"


def word(word: str, language: str) -> str:
    """The key of one of the municipality's own words."""
    return f"word.{word}.{language}"


def tool(key: str, column: str) -> str:
    """The key of what the municipality says of one of its tools."""
    return f"tool.{key}.{column}"


def _is_owner(value: str) -> bool:
    return not value or value in _keys_of("owners.csv")


def sheet_of(key: str) -> str:
    """`word.unit.sv` stands in the sheet `words`, `tool.vr.products` in `tools`, all else in `settings`."""
    return {"word": "words", "tool": "tools"}.get(key.partition(".")[0], "settings")


TOOL_KINDS = {"acute": "yes_no", "enabled": "yes_no", "owner": "owner", "short_sv": "short", "short_en": "short"}
TOOL_KINDS |= dict.fromkeys(("name_sv", "name_en", "category", "picture"), "name")
TOOL_KINDS |= dict.fromkeys(("hand_off", "aliases", "products", "misspellings", "also"), "text")


def kind_of(key: str) -> str:
    """What the municipality says itself has a kind too: `word.<word>.<language>`, `owner.<key>.<part>.<language>`, and
    `tool.<key>.<column>` of a tool that ships; its own tools are in the sheet only. Raises NoSuchSetting.
    """
    if key in defaults():
        return defaults()[key].kind
    tool = re.fullmatch(r"tool\.([a-z0-9_]+)\.([a-z_]+)", key)
    if tool and tool[1] in _keys_of("tools.csv") and tool[2] in TOOL_KINDS:
        return TOOL_KINDS[tool[2]]
    word = re.fullmatch(r"word\.([a-z_]+)\.(sv|en)", key)
    owner = re.fullmatch(r"owner\.([a-z_]+)\.(who|how|note)\.(sv|en)", key)
    if (word and word[1] in _keys_of("words.csv")) or (owner and owner[1] in _keys_of("owners.csv")):
        return "text"
    raise NoSuchSetting(name=key)


@cache
def _keys_of(name: str) -> frozenset[str]:
    """What the rows of a sheet are called; what they mean is another module's affair (words, catalogue)."""
    with resources.files("models.data").joinpath(name).open(encoding="utf-8") as file:
        return frozenset(row["key"] for row in csv.DictReader(file))
