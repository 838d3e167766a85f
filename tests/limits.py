"""Slack's limits on what we show, checked with the rules of the workspace (an independent piece of code)."""

from typing import Any

from workspace import blocks
from workspace.schema import Place


def check(what: dict[str, Any]) -> None:
    """Raise AssertionError where Slack would answer invalid_blocks or no_text."""
    surface = {"modal": blocks.MODAL, "home": blocks.HOME}.get(str(what.get("type")), blocks.MESSAGE)
    place = Place("")
    blocks.faults(what.get("blocks", []), surface, place)
    assert not place.faults, place.faults
    if surface == blocks.MESSAGE:
        assert what.get("text"), "a message needs its text: push and screen reader say it"


