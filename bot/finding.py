"""What a command has to tell of how things stand: a line for a person, with one of three marks."""

from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    GAP = "!"  # the bot works; somebody ought to see to it
    WRONG = "✗"


@dataclass(frozen=True)
class Finding:
    """One line for a person: `key` names the sentence, `about` fills it."""

    mark: Mark
    key: str
    about: dict[str, object] = field(default_factory=dict)


def good(key: str, **about: object) -> Finding:
    return Finding(Mark.GOOD, key, about)


def gap(key: str, **about: object) -> Finding:
    return Finding(Mark.GAP, key, about)


def wrong(key: str, **about: object) -> Finding:
    return Finding(Mark.WRONG, key, about)
