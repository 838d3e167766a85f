"""The catalogue: tools, whose the rest is, ambiguous words and signals, read from files that a municipality edits.

Lives here: the shape of the files (data/README.md), the check of every row, and what a municipality says of its tools
over them (settings `tool.<key>.<column>`, the sheet `tools`; decision 0020). Not here: how a text is matched against it
(recognition).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from io import StringIO
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.shipped import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

LONGEST_SHORT = 24  # fits a button on a small phone

SURPLUS = "…"  # no column is called so

Row = dict[str, str]


class Kind(StrEnum):
    """What sort of trouble it is."""

    ACCESS = "access"
    HANDLING = "handling"
    FAULT = "fault"
    ROUTINE = "routine"
    EQUIPMENT = "equipment"


class Urgency(StrEnum):
    """Whether it can wait. Somebody may be in danger when it is acute."""

    ACUTE = "acute"
    MAYBE_ACUTE = "maybe_acute"
    CAN_WAIT = "can_wait"


TOOL_COLUMNS = (
    "key",
    "name_sv",
    "name_en",
    "short_sv",
    "short_en",
    "category",
    "acute",
    "hand_off",
    "aliases",
    "products",
    "misspellings",
    "also",
    "picture",
)
AMBIGUOUS_COLUMNS = ("word", "tools")
SIGNAL_COLUMNS = ("signal", "value", "tool", "phrase")
USUAL_COLUMNS = ("tool", "sv", "en")
OWNER_COLUMNS = (
    "key",
    "ring",
    "order",
    "words",
    "who_sv",
    "who_en",
    "how_sv",
    "how_en",
    "beside",
    "note_sv",
    "note_en",
)
OWNER_SAYS = ("who", "how", "note")
PHRASING_COLUMNS = ("tool", "text")
URGENT_COLUMNS = ("urgency", "text")
ALIKE_COLUMNS = ("words",)
TOPIC_COLUMNS = ("topic", "text")
TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tools": TOOL_COLUMNS,
        "ambiguous": AMBIGUOUS_COLUMNS,
        "signals": SIGNAL_COLUMNS,
        "usual": USUAL_COLUMNS,
        "owners": OWNER_COLUMNS,
        "phrasings": PHRASING_COLUMNS,
        "urgent": URGENT_COLUMNS,
        "alike": ALIKE_COLUMNS,
        "topics": TOPIC_COLUMNS,
    }
)
OWNER_FILLED = ("key", "who_sv", "who_en", "how_sv", "how_en")
LANGUAGES = ("sv", "en")
VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "kind": frozenset(Kind),
        "urgency": frozenset(Urgency),
        "talk": frozenset({"greeting", "thanks", "filler", "link", "function", "wish"}),
        "hint": frozenset({""}),
        "weak": frozenset({""}),
        "ordinary": frozenset({""}),
        "same": frozenset({""}),
    }
)
NEEDS_TOOL = frozenset({"hint"})
REDIRECT = "redirect"  # its values are the keys of owners.csv
MEDICATION = "medication"  # the owner who answers about doses and medicines


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file. `row` counts as a spreadsheet does: the header is row 1. `why` is a code."""

    file: str
    row: int
    column: str
    why: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.file} row {self.row}, column {self.column}: {self.why} {self.value!r}"


class FaultyCatalogue(ValueError):
    """The files cannot be used. `faults` names everything that is wrong, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Tool:
    """One managed object. `name` and `short` by language (sv, en); `also` is for recognition, never shown.

    `owner`: whose its questions are (owners.csv) where they are not ours. `enabled`: whether this municipality has it.
    """

    key: str
    name: Mapping[str, str]
    short: Mapping[str, str]
    category: str
    acute: bool
    hand_off: str
    aliases: tuple[str, ...]
    products: tuple[str, ...]
    misspellings: tuple[str, ...]
    also: tuple[str, ...]
    picture: str
    owner: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Owner:
    """Who has what is not ours, and how to reach them: `says` by part (who, how, note) and language (sv, en).

    `ring`: a tool of the contact catalogue whose number is to be rung at once; empty: none. `order`: the unit's
    manager may be asked to order it. `words`: what was written is kept; False: the story belongs elsewhere.
    `beside`: tools whose questions are ours and carry the note.
    """

    key: str
    ring: str
    order: bool
    words: bool
    beside: tuple[str, ...]
    says: Mapping[str, Mapping[str, str]]

    def said(self, part: str, language: str, rules: Settings) -> str:
        """The municipality's own sentence (setting `owner.<key>.<part>.<language>`) goes before ours."""
        return self._own(part, language, rules) or self.says[part][language]

    def _own(self, part: str, language: str, rules: Settings) -> str:
        return rules.values.get(f"owner.{self.key}.{part}.{language}", "")

    def number(self, rules: Settings) -> str | None:
        """Whom to ring when that did not help; empty where the municipality has not said. None: nobody is rung, or its
        own sentence says how.
        """
        said = rules.values.get(f"owner.{self.key}.number")
        return said or (None if any(self._own("how", code, rules) for code in LANGUAGES) else said)


@dataclass(frozen=True)
class Signal:
    """A phrase that says something: `value` (of its signal), only where one of `tools` is meant, if any."""

    signal: str
    value: str
    tools: tuple[str, ...]
    phrase: str


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All that is known. Compared by identity, so that what is derived from it can be cached.

    `tools`: those that this municipality has; `known`: all, since old questions keep the names of theirs.
    `phrasings`: a tool, or "" for none, and a text about it. `urgent`: an urgency and a text that is so urgent.
    `alike`: words that say much the same. `topics`: what the trouble is, whatever the tool, and a text about it.
    """

    tools: Mapping[str, Tool]
    known: Mapping[str, Tool]
    ambiguous: Mapping[str, tuple[str, ...]]
    signals: tuple[Signal, ...]
    troubles: Mapping[str, Mapping[str, tuple[str, ...]]]
    owners: Mapping[str, Owner]
    phrasings: tuple[tuple[str, str], ...]
    urgent: tuple[tuple[str, str], ...]
    alike: tuple[tuple[str, ...], ...]
    topics: tuple[tuple[str, str], ...]

    def beside(self, tool: str | None) -> list[Owner]:
        """Whose note goes with questions about this tool."""
        return [owner for owner in self.owners.values() if tool in owner.beside]

    @property
    def medication(self) -> frozenset[str]:
        """The tools with which doses are given: what is asked of them is never answered from a shelf."""
        return frozenset(self.owners[MEDICATION].beside) if MEDICATION in self.owners else frozenset()

    def usual(self, tool: str, language: str) -> tuple[str, ...]:
        """A tool's most usual troubles, as short sentences to tap."""
        return self.troubles.get(tool, {}).get(language, ())

    def phrases(self, signal: str, value: str = "") -> tuple[str, ...]:
        """The phrases of one signal and value, in the file's order."""
        return tuple(s.phrase for s in self.signals if (s.signal, s.value) == (signal, value))


def load(folder: Path | None = None) -> Catalogue:
    """The packaged catalogue, or the one in `folder`; a file that the folder lacks is the packaged one.

    Raises FaultyCatalogue with every fault of every file.
    """
    return _read(folder)


@cache
def _read(folder: Path | None) -> Catalogue:
    return build(**{name: _text(folder, f"{name}.csv") for name in TABLES})


def build(tools: str, ambiguous: str, signals: str, **more: str) -> Catalogue:
    """A catalogue from the text of the files, by their names; one of `more` that is not given has no rows.

    Raises FaultyCatalogue.
    """
    given = {"tools": tools, "ambiguous": ambiguous, "signals": signals, **more}
    read = {name: _rows(f"{name}.csv", given.get(name, ",".join(TABLES[name])), TABLES[name]) for name in TABLES}
    tables = {name: rows for name, (rows, _) in read.items()}
    faults = [*(fault for _, found in read.values() for fault in found), *_faults(tables)]
    if faults:
        raise FaultyCatalogue(faults)
    rows = {name: [row for _, row in table] for name, table in tables.items()}
    known = MappingProxyType({row["key"]: _tool(row) for row in rows["tools"]})
    return Catalogue(
        tools=known,
        known=known,
        ambiguous=MappingProxyType({row["word"]: listed(row["tools"]) for row in rows["ambiguous"]}),
        signals=tuple(_signal(row) for row in rows["signals"]),
        troubles=_troubles(rows["usual"]),
        owners=MappingProxyType({row["key"]: _owner(row) for row in rows["owners"]}),
        phrasings=tuple((intern(row["tool"]), row["text"]) for row in rows["phrasings"]),
        urgent=tuple((intern(row["urgency"]), row["text"]) for row in rows["urgent"]),
        alike=tuple(listed(row["words"]) for row in rows["alike"]),
        topics=tuple((intern(row["topic"]), row["text"]) for row in rows["topics"]),
    )


def _faults(tables: Mapping[str, list[tuple[int, Row]]]) -> Iterator[Fault]:
    keys = frozenset(row["key"] for _, row in tables["tools"])
    values = {**VALUES, REDIRECT: frozenset(row["key"] for _, row in tables["owners"])}
    for name in ("usual", "phrasings"):
        for at, row in tables[name]:
            yield from _unknown_tools(f"{name}.csv", at, "tool", row["tool"], keys)
    yield from _tool_faults(tables["tools"])
    yield from _word_faults(tables["ambiguous"], keys)
    yield from _signal_faults(tables["signals"], keys, values)
    yield from _owner_faults(tables["owners"], keys)
    for name, column in (("phrasings", "text"), ("urgent", "text"), ("topics", "text"), ("topics", "topic")):
        yield from (Fault(f"{name}.csv", at, column, "empty") for at, row in tables[name] if not row[column])
    for at, row in tables["urgent"]:
        if row["urgency"] not in set(Urgency):
            yield Fault("urgent.csv", at, "urgency", "unknown_value", row["urgency"])


def _troubles(rows: list[Row]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Tool → language → its sentences, in the file's order."""
    keys = dict.fromkeys(row["tool"] for row in rows)
    return {key: {code: tuple(r[code] for r in rows if r["tool"] == key) for code in LANGUAGES} for key in keys}


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds a list, `a|b`; an empty cell is an empty list."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def as_list(cell: str) -> str:
    """A cell that holds a list, each part once."""
    return "|".join(dict.fromkeys(listed(cell)))


def _text(folder: Path | None, name: str) -> str:
    own = folder / name if folder else None
    if not own or not own.is_file():
        return resources.files("models.data").joinpath(name).read_text(encoding="utf-8")
    try:
        return own.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as broken:
        raise FaultyCatalogue([Fault(name, 1, "", "not_utf8")]) from broken


def _rows(file: str, text: str, columns: tuple[str, ...]) -> tuple[list[tuple[int, Row]], list[Fault]]:
    """Rows with their numbers, cells stripped; and what is wrong with the table. A faulty header gives no rows."""
    reader = csv.DictReader(StringIO(text), restkey=SURPLUS, restval="")
    try:
        header, raw = reader.fieldnames or (), list(enumerate(reader, start=2))
    except csv.Error:
        return [], [Fault(file, 1, "", "not_a_table")]
    missing = [Fault(file, 1, column, "missing_column") for column in columns if column not in header]
    if missing:
        return [], missing
    surplus = [Fault(file, at, columns[-1], "too_many_cells") for at, row in raw if row.get(SURPLUS)]
    return [(at, _cells(row, columns)) for at, row in raw if any(row.values())], surplus


def _cells(row: Mapping[str, str], columns: tuple[str, ...]) -> Row:
    return {column: (row[column] or "").strip() for column in columns}


def _tool_faults(rows: list[tuple[int, Row]]) -> Iterator[Fault]:
    yield from _repeated("tools.csv", "key", rows)
    for at, row in rows:
        for column in ("key", "name_sv", "name_en", "short_sv", "short_en", "picture"):
            if not row[column]:
                yield Fault("tools.csv", at, column, "empty")
        for column in ("short_sv", "short_en"):
            if len(row[column]) > LONGEST_SHORT:
                yield Fault("tools.csv", at, column, "too_long", row[column])
        if row["acute"] not in ("yes", "no"):
            yield Fault("tools.csv", at, "acute", "not_yes_or_no", row["acute"])


def _word_faults(rows: list[tuple[int, Row]], keys: frozenset[str]) -> Iterator[Fault]:
    yield from _repeated("ambiguous.csv", "word", rows)
    for at, row in rows:
        if not row["word"]:
            yield Fault("ambiguous.csv", at, "word", "empty")
        yield from _unknown_tools("ambiguous.csv", at, "tools", row["tools"], keys)


def _owner_faults(rows: list[tuple[int, Row]], keys: frozenset[str]) -> Iterator[Fault]:
    yield from _repeated("owners.csv", "key", rows)
    for at, row in rows:
        yield from (Fault("owners.csv", at, column, "empty") for column in OWNER_FILLED if not row[column])
        for column in ("ring", "beside"):
            yield from _unknown_tools("owners.csv", at, column, row[column], keys)
        for column in ("order", "words"):
            if row[column] not in ("yes", "no"):
                yield Fault("owners.csv", at, column, "not_yes_or_no", row[column])


def _signal_faults(
    rows: list[tuple[int, Row]], keys: frozenset[str], values: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    for at, row in rows:
        if row["signal"] not in values:
            yield Fault("signals.csv", at, "signal", "unknown_signal", row["signal"])
        elif row["value"] not in values[row["signal"]]:
            yield Fault("signals.csv", at, "value", "unknown_value", row["value"])
        if not row["phrase"]:
            yield Fault("signals.csv", at, "phrase", "empty")
        elif not any(letter.isalnum() for letter in row["phrase"]):
            yield Fault("signals.csv", at, "phrase", "no_word", row["phrase"])
        if row["signal"] in NEEDS_TOOL and not row["tool"]:
            yield Fault("signals.csv", at, "tool", "empty")
        yield from _unknown_tools("signals.csv", at, "tool", row["tool"], keys)


def _unknown_tools(file: str, at: int, column: str, cell: str, keys: frozenset[str]) -> Iterator[Fault]:
    for key in listed(cell):
        if key not in keys:
            yield Fault(file, at, column, "unknown_tool", key)


def _repeated(file: str, column: str, rows: list[tuple[int, Row]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, row in rows:
        name = row[column].casefold()
        if name and name in seen:
            yield Fault(file, at, column, "repeated", row[column])
        seen.add(name)


def _tool(row: Row) -> Tool:
    return Tool(
        key=row["key"],
        name=MappingProxyType({"sv": row["name_sv"], "en": row["name_en"]}),
        short=MappingProxyType({"sv": row["short_sv"], "en": row["short_en"]}),
        category=row["category"],
        acute=row["acute"] == "yes",
        hand_off=row["hand_off"],
        aliases=listed(row["aliases"]),
        products=listed(row["products"]),
        misspellings=listed(row["misspellings"]),
        also=listed(row["also"]),
        picture=row["picture"],
        owner=row.get("owner", ""),
        enabled=row.get("enabled", "yes") == "yes",
    )


def _owner(row: Row) -> Owner:
    return Owner(
        key=row["key"],
        ring=row["ring"],
        order=row["order"] == "yes",
        words=row["words"] == "yes",
        beside=listed(row["beside"]),
        says=MappingProxyType(
            {part: MappingProxyType({code: row[f"{part}_{code}"] for code in LANGUAGES}) for part in OWNER_SAYS}
        ),
    )


def _signal(row: Row) -> Signal:
    return Signal(row["signal"], row["value"], listed(row["tool"]), row["phrase"])


# ---- what a municipality says of its tools -----------------------------------------------------------------------


def in_force(session: "Session") -> Catalogue:
    """The catalogue as it holds here and now. `understand` has no database, and does not wait for the tables."""
    from models import settings

    return of(settings.read(session))


def of(rules: Settings) -> Catalogue:
    """The same object as long as nothing is changed, so that what is derived from it stays."""
    return _changed(rules.own_tools) if rules.own_tools else load()


SHEET_COLUMNS = (TOOL_COLUMNS[0], "enabled", "owner", *TOOL_COLUMNS[1:])


FILLED = ("name_sv", "name_en", "short_sv", "short_en", "category", "picture")


@cache
def shipped() -> Mapping[str, Row]:
    """The sheet `tools` as it ships, by key."""
    found, _ = _rows("tools.csv", _text(None, "tools.csv"), TOOL_COLUMNS)
    lists = ("aliases", "products", "misspellings", "also")
    own = {"enabled": "yes", "owner": ""}
    return MappingProxyType({row["key"]: row | own | {each: as_list(row[each]) for each in lists} for _, row in found})


def new_tool(key: str) -> Row:
    """What is said of a tool that we do not ship, before anybody has said anything of it."""
    named = {"name_sv": key, "name_en": key, "short_sv": key, "short_en": key, "category": key, "picture": "🔧"}
    return dict.fromkeys(SHEET_COLUMNS, "") | named | {"key": key, "acute": "no", "enabled": "yes"}


def rows(own: Iterable[tuple[str, str]]) -> dict[str, Row]:
    """The sheet `tools` as it holds, by key; `own`: (`tool.<key>.<column>`, value) of what differs from the shipped."""
    found = {key: dict(row) for key, row in shipped().items()}
    for name, value in sorted(own):
        _, key, column = name.split(".")
        found.setdefault(key, new_tool(key))[column] = value
    return found


@lru_cache(maxsize=2)
def _changed(own: frozenset[tuple[str, str]]) -> Catalogue:
    """What speaks of a tool that is not here says nothing; a word that meant it alone is an ordinary word."""
    base, known = load(), {key: _tool(row) for key, row in rows(own).items()}
    tools = {key: tool for key, tool in known.items() if tool.enabled}
    of_word = {word: tuple(key for key in keys if key in tools) for word, keys in base.ambiguous.items()}
    left = (replace(each, tools=tuple(key for key in each.tools if key in tools)) for each in base.signals)
    return replace(
        base,
        tools=MappingProxyType(tools),
        known=MappingProxyType(known),
        ambiguous=MappingProxyType({word: keys for word, keys in of_word.items() if keys or not base.ambiguous[word]}),
        signals=tuple(now for now, was in zip(left, base.signals, strict=True) if now.tools or not was.tools),
        troubles=MappingProxyType({key: said for key, said in base.troubles.items() if key in tools}),
        phrasings=tuple(each for each in base.phrasings if not each[0] or each[0] in tools),
    )
