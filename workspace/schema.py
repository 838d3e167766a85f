"""Small rules that check JSON and say where it is wrong, in the words that Slack uses.

A rule is called with a value and a `Place`; it reports faults and returns nothing. The messages end with the place,
as Slack's do: `[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Place:
    """Where in the document we are, and the faults found in the whole of it."""

    path: str
    faults: list[str] = field(default_factory=list)

    def at(self, step: object) -> "Place":
        """One step deeper."""
        return Place(f"{self.path}/{step}", self.faults)

    def fault(self, what: str) -> None:
        """Report something here."""
        self.faults.append(f"{what} [json-pointer:{self.path}]")


Rule = Callable[[Any, Place], None]


def string(most: int | None = None, least: int = 0, *, among: Collection[str] = ()) -> Rule:
    """A string of so many characters, or one of a few words."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str):
            place.fault("must provide a string")
        elif among and value not in among:
            place.fault(f"must be one of {', '.join(among)}")
        else:
            _length(value, most, least, place)

    return check


def _length(value: str, most: int | None, least: int, place: Place) -> None:
    if most is not None and len(value) > most:
        place.fault(f"must be less than {most + 1} characters")
    if len(value) < least:
        place.fault(f"must be more than {least - 1} characters")


def address(most: int = 3000) -> Rule:
    """An absolute URL."""
    length = string(most, 1)

    def check(value: Any, place: Place) -> None:
        length(value, place)
        if isinstance(value, str) and not (urlsplit(value).scheme and (urlsplit(value).netloc or ":" in value)):
            place.fault("must be a valid url")

    return check


def flag(value: Any, place: Place) -> None:
    """true or false."""
    if not isinstance(value, bool):
        place.fault("must be a boolean")


def whole(least: int | None = None, most: int | None = None) -> Rule:
    """A whole number within bounds."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            place.fault("must be an integer")
        elif (least is not None and value < least) or (most is not None and value > most):
            place.fault(f"must be between {least} and {most}")

    return check


def number(above: float | None = None) -> Rule:
    """A number that JSON can hold, above a bound if there is one."""

    def check(value: Any, place: Place) -> None:
        if type(value) not in (int, float) or (isinstance(value, float) and not isfinite(value)):
            place.fault("must be a number")
        elif above is not None and value <= above:
            place.fault(f"must be more than {above:g}")

    return check


def matching(pattern: str, what: str) -> Rule:
    """A string of a certain form."""
    form = re.compile(pattern, re.ASCII)

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str):
            place.fault("must provide a string")
        elif not form.fullmatch(value):
            place.fault(f"must be {what}")

    return check


def or_null(rule: Rule) -> Rule:
    """null, or what the rule says: for lists, in which null is no missing field."""

    def check(value: Any, place: Place) -> None:
        if value is not None:
            rule(value, place)

    return check


def anything(value: Any, place: Place) -> None:
    """No rule."""


def items(rule: Rule, most: int | None, least: int = 1) -> Rule:
    """An array of so many, each under the rule."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, list):
            place.fault("must be an array")
            return
        if most is not None and len(value) > most:
            place.fault(f"no more than {most} items allowed")
        if len(value) < least:
            place.fault(f"must have at least {least} items")
        for index, item in enumerate(value):
            rule(item, place.at(index))

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *, loose: bool = False) -> Rule:
    """An object with these keys and no others (`loose`: others are fine)."""
    rules = {**required, **(optional or {})}

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            place.fault("must be an object")
            return
        for key in required:
            if value.get(key) is None:
                place.fault(f"missing required field: {key}")
        for key, inner in value.items():
            if key not in rules:
                _extra(key, place, loose)
            elif inner is not None:  # null is a missing field
                rules[key](inner, place.at(key))

    return check


def _extra(key: str, place: Place, loose: bool) -> None:
    if not loose:
        place.fault(f"invalid additional property: {key}")


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """An object whose `type` names the rule for it."""

    def check(value: Any, place: Place) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            place.fault("missing required field: type" if isinstance(value, dict) else "must be an object")
        elif not isinstance(kind, str) or kind not in rules:
            place.fault(f"unsupported type: {kind}")
        else:
            rules[kind](value, place)

    return check


def both(*checks: Rule) -> Rule:
    """All rules, one after the other."""

    def check(value: Any, place: Place) -> None:
        for each in checks:
            each(value, place)

    return check


def not_both(one: str, other: str) -> Rule:
    """One of the two keys at most."""

    def check(value: Any, place: Place) -> None:
        if isinstance(value, dict) and value.get(one) is not None and value.get(other) is not None:
            place.fault(f"cannot define both `{one}` and `{other}`")

    return check


def any_of(*keys: str) -> Rule:
    """At least one of the keys is there."""

    def check(value: Any, place: Place) -> None:
        if isinstance(value, dict) and not any(value.get(key) for key in keys):
            place.fault(f"must define either {' or '.join(f'`{key}`' for key in keys)}")

    return check
