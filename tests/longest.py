"""The longest of everything, for testing what people see: values for any type hint that views use."""

import itertools
import random
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any

AWKWARD = "Ö<&>*_~`|\n:x: "  # grows when it is made safe, and must not become markup
TEXT = AWKWARD * 2700  # 40,000 characters, the longest message of Slack
LONG = ("text", "words_of_asker")
NAME = 200  # what the database lets a name be
MANY = 120  # more than any list of Block Kit takes
MIXTURES = 20
FEWER = {"asked": 20, "usual": 8, "secrets": 30}  # people on one rung; what a file or one text can hold
NEVER_NONE = {"tools", "offered", "ahead", "days", "places", "roles", "groups", "every", "options", "rows"}  # no catalogue is empty; units, weeks ahead, settings there always are

# A form as full as Slack lets it be, as it comes back.
LABEL = {"type": "plain_text", "text": "x"}
FIELD = {"type": "input", "block_id": "what", "label": LABEL, "element": {"type": "plain_text_input", "action_id": "what"}}
FORM = {"type": "modal", "callback_id": "x", "title": LABEL, "submit": LABEL, "close": LABEL, "private_metadata": "1",
        "id": "V1", "blocks": [FIELD, *({"type": "divider"} for _ in range(99))]}  # fmt: skip
BUTTON = {"type": "button", "action_id": "x", "text": {"type": "plain_text", "text": "x" * 75}, "value": "1"}

LATE, LATE_DAY = datetime(2026, 11, 25, 22, 58, tzinfo=UTC), date(2027, 12, 31)
Maker = Callable[[], Iterator[Any]]

_numbers = itertools.count(2_000_000_000)


def every(hint: Any, name: str = "", most: int = MANY) -> Iterator[Any]:
    """Some values of a type, the most demanding first: each member of an enum, something and nothing. Lists of `most`."""
    return _maker(hint, name, most)()


@cache
def _maker(hint: Any, name: str, most: int = MANY) -> Maker:
    """How to make them, found out once: a hundred and twenty in a list ask the same of each of their fields."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = [_maker(one, name) for one in inner]
        return lambda: itertools.chain.from_iterable(make() for make in kinds)
    if origin is tuple and inner[-1] is not Ellipsis:
        parts = [_maker(one, "of_a_tuple", most) for one in inner]
        return lambda: iter([tuple(next(make()) for make in parts)])
    if origin in (tuple, list, Sequence):
        return _many(inner[0], name, most)
    return _dataclass(hint) if is_dataclass(hint) else _simple(hint, name)


def _many(hint: Any, name: str, most: int) -> Maker:
    """Each with ids and names of its own. Of lists within pairs the first is as long, the others short."""
    pairs = typing.get_origin(hint) is tuple
    rows = [(_maker(hint, name, 2 if at and pairs else MANY), at % 3) for at in range(min(most, FEWER.get(name, most)))]

    def make() -> Iterator[Any]:
        yield tuple(list(itertools.islice(values(), at + 1))[-1] for values, at in rows)
        yield from () if name in NEVER_NONE else ((),)

    return make


def _simple(hint: Any, name: str) -> Maker:
    if hint is str:
        return lambda: iter([_text(name)])
    if hint is int:
        return lambda: iter([next(_numbers)])
    values = _fixed(hint, name)
    return lambda: iter(values)


def _fixed(hint: Any, name: str) -> Sequence[Any]:
    """Where all may be the same."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)
    if hint == dict[str, Any]:
        return [{"form": FORM, "accessory": BUTTON}.get(name, {"type": "divider"})]  # or a block that somebody else has drawn
    if typing.get_origin(hint) is Mapping:
        return [{"what": TEXT}]
    known = {type(None): [None], bool: [True, False], datetime: [LATE], date: [LATE_DAY], time: [time(23, 59)]}
    if hint not in known:
        raise TypeError(f"no longest value for {hint!r}; teach tests/longest.py")
    return known[hint]


def _text(name: str) -> str:
    """Keys are ours and at most 60 long; nothing else is spared."""
    if name in LONG:
        return TEXT
    if name == "picture_url":
        return f"https://example.test/{'x' * 470}.png"
    if name in ("key", "tool", "category"):
        return f"{next(_numbers)}_{'x' * 60}"[:60]
    # In a tuple it is a name or a key, nobody says which: longer than any name that fits, as long as a key.
    return f"{next(_numbers)} {TEXT[:NAME]}"[: 150 if name == "of_a_tuple" else NAME]


def _dataclass(kind: Any) -> Maker:
    """First the first value of each field, then each field through all its values, then mixtures by lot (always the same).

    Nothing is made before it is asked for: of those in a list, most are asked for their first value only.
    """
    hints = typing.get_type_hints(kind)
    makers = {f.name: _maker(hints[f.name], f.name) for f in fields(kind)}

    def make() -> Iterator[Any]:
        streams = {name: maker() for name, maker in makers.items()}
        choices = {name: [next(values)] for name, values in streams.items()}
        first = {name: values[0] for name, values in choices.items()}
        yield kind(**first)
        for name, values in streams.items():
            for value in values:
                choices[name].append(value)
                yield kind(**(first | {name: value}))
        lot = random.Random(kind.__name__)
        for _ in range(MIXTURES):
            yield kind(**{name: lot.choice(values) for name, values in choices.items()})

    return make
