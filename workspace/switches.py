"""The switches for tests and demos: everything that can go wrong between an app and Slack, on demand."""

import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from workspace.errors import Refused
from workspace.shapes import Json


@dataclass
class Switches:
    """The README of the workspace explains each. Shares are between 0 and 1."""

    latency_ms: float = 0.0
    share_429: float = 0.0
    share_5xx_before: float = 0.0
    share_5xx_after: float = 0.0
    share_half: float = 0.0
    outage: bool = False
    refuse_sockets: bool = False
    redelivery_factor: float = 1.0
    keep_seconds: float = 360.0
    duplicate_share: float = 0.0
    reorder_share: float = 0.0
    rate_scale: float = 1.0
    clock_offset: float = 0.0
    ack_seconds: float = 3.0
    seed: int = 0
    _dice: random.Random = field(default_factory=lambda: random.Random(0), repr=False, compare=False)  # noqa: S311

    def happens(self, share: float) -> bool:
        """Throw the dice once. Nothing is thrown for a share of 0, so that a seed gives the same story again."""
        return share > 0 and self._dice.random() < share

    def shown(self) -> Json:
        """All switches by name."""
        return {key: value for key, value in asdict(self).items() if not key.startswith("_")}

    def turn(self, wanted: Json) -> None:
        """Set those that are named. An unknown name or a value of another type refuses all of them."""
        accepted = {name: _accepted(name, value) for name, value in wanted.items()}
        for name, value in accepted.items():
            setattr(self, name, value)
        if "seed" in accepted:
            self._dice.seed(self.seed)


NAMES: dict[str, Any] = {each.name: each.type for each in fields(Switches) if not each.name.startswith("_")}


def _accepted(name: str, value: object) -> object:
    kind = NAMES.get(name)
    if kind is None:
        raise Refused("no_such_switch", f"there is no switch {name!r}; there are {', '.join(NAMES)}", 400)
    if kind is bool:
        return _checked(name, value, isinstance(value, bool))
    number = _checked(name, value, isinstance(value, int | float) and not isinstance(value, bool))
    _checked(name, value, (not name.endswith("_share") and not name.startswith("share_")) or 0 <= number <= 1)
    return int(number) if kind is int else float(number)


def _checked(name: str, value: Any, fits: bool) -> Any:
    if not fits:
        raise Refused("bad_switch", f"{name} cannot be {value!r}", 400)
    return value
