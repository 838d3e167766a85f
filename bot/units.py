"""Which unit somebody at the terminal means."""

import difflib
from collections.abc import Iterable

from models import people
from models.db import Session
from models.errors import Refused
from models.people import Unit

NEAR = 3  # keys that may have been meant


class NoUnit(Refused):
    """No unit has this key; `near` names those that were perhaps meant."""

    def __init__(self, key: str, near: str) -> None:
        super().__init__(unit=key, near=near)
        self.key = "cli.unit.near" if near else "cli.unit.unknown"


def meant(session: Session, key: str) -> Unit:
    """The unit with this key, whether it has begun or not. Raises NoUnit."""
    known = [unit for unit, _ in people.open_units(session)]
    found = next((unit for unit in known if unit.key == key), None)
    if found is None:
        raise NoUnit(key, ", ".join(_near(key, known)))
    return found


def _near(key: str, known: Iterable[Unit]) -> list[str]:
    """Keys that look or read like it: `bjorken` for Björken, which is its name."""
    keys = {unit.key.casefold(): unit.key for unit in known}
    names = {unit.name.casefold(): unit.key for unit in known}
    alike = difflib.get_close_matches(key.casefold(), [*keys, *names], NEAR)
    return list(dict.fromkeys(keys.get(like) or names[like] for like in alike))
