"""The longest of everything, for testing what people see: values for any type hint that views use."""

import itertools
import random
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
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

_numbers = itertools.count(2_000_000_000)


def every(hint: Any, name: str = "", most: int = MANY) -> Iterator[Any]:
    """Some values of a type, the most demanding first: each member of an enum, something and nothing. Lists of `most`."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        yield from itertools.chain.from_iterable(every(one, name) for one in inner)
    elif origin is tuple and inner[-1] is not Ellipsis:
        yield tuple(next(every(one, "of_a_tuple", most)) for one in inner)
    elif origin in (tuple, list, Sequence):
        yield _many(inner[0], name, most)
        yield from () if name in NEVER_NONE else ((),)
    elif is_dataclass(hint):
        yield from _every_dataclass(typing.cast(type, hint))
    else:
        yield from _simple(hint, name)


def _many(hint: Any, name: str, most: int = MANY) -> tuple[Any, ...]:
    """Each with ids and names of its own. Of lists within pairs the first is as long, the others short."""
    found = []
    for at in range(min(most, FEWER.get(name, most))):
        inner = 2 if at and typing.get_origin(hint) is tuple else MANY
        found.append(_pick(hint, name, at % 3, inner))
    return tuple(found)


def _pick(hint: Any, name: str, at: int, most: int) -> Any:
    values = list(itertools.islice(every(hint, name, most), at + 1))
    return values[-1]


def _simple(hint: Any, name: str) -> Iterator[Any]:
    if hint is type(None):
        yield None
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield from hint
    elif hint == dict[str, Any] and name == "form":
        yield FORM
    elif hint == dict[str, Any] and name == "accessory":
        yield BUTTON
    elif typing.get_origin(hint) is Mapping:
        yield {"what": TEXT}
    elif hint == dict[str, Any]:
        yield {"type": "divider"}  # a block that somebody else has drawn
    elif hint is str:
        yield _text(name)
    elif hint is bool:
        yield from (True, False)
    elif hint is int:
        yield next(_numbers)
    elif hint is datetime:
        yield datetime(2026, 11, 25, 22, 58, tzinfo=UTC)
    elif hint is date:
        yield date(2027, 12, 31)
    elif hint is time:
        yield time(23, 59)
    else:
        raise TypeError(f"no longest value for {hint!r}; teach tests/longest.py")


def _text(name: str) -> str:
    """Keys are ours and at most 60 long; nothing else is spared."""
    if name in LONG:
        return TEXT
    if name == "picture_url":
        return f"https://example.test/{'x' * 470}.png"
    if name in ("key", "tool", "category"):
        return f"{next(_numbers)}_{'x' * 60}"[:60]
    if name == "of_a_tuple":  # a name or a key, nobody says which: longer than any name that fits, as long as a key
        return f"{next(_numbers)} {AWKWARD * 20}"[:150]
    return f"{next(_numbers)} {AWKWARD * 20}"[:NAME]


def _every_dataclass(kind: type) -> Iterator[Any]:
    """First the first value of each field, then each field through all its values, then mixtures by lot (always the same)."""
    hints = typing.get_type_hints(kind)
    choices = {f.name: list(every(hints[f.name], f.name)) for f in fields(kind)}
    first = {name: values[0] for name, values in choices.items()}
    yield kind(**first)
    for name, values in choices.items():
        for value in values[1:]:
            yield kind(**(first | {name: value}))
    lot = random.Random(kind.__name__)
    for _ in range(MIXTURES):
        yield kind(**{name: lot.choice(values) for name, values in choices.items()})
