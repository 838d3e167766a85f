"""The rules of views (modals and Home): what Slack accepts as one.

Source: docs.slack.dev/reference/views. Faults are `invalid_arguments` with the places in response_metadata.messages.
"""

from typing import Any, Final, cast

from workspace import blocks
from workspace.errors import SlackError
from workspace.journal import encode
from workspace.schema import Place, Rule, anything, flag, shape, string
from workspace.shapes import Json

MOST_BYTES: Final = 250_000

_IDS: dict[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = shape(
    {"type": anything, "title": blocks.plain(24), "blocks": anything},
    {
        **_IDS,
        "submit": blocks.plain(24),
        "close": blocks.plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME = shape({"type": anything, "blocks": anything}, _IDS)


def checked(view: Any, *kinds: str) -> Json:
    """The view, if Slack would take it as one of these kinds (`modal`, `home`)."""
    place = Place("/view")
    faults(view, place, *kinds)
    if place.faults:
        raise SlackError("invalid_arguments", messages=[f"[ERROR] {fault}" for fault in place.faults])
    if len(encode(view)) > MOST_BYTES:
        raise SlackError("view_too_large")
    return cast(Json, view)


def faults(view: Any, place: Place, *kinds: str) -> None:
    """Report everything that Slack would refuse about a view."""
    if not isinstance(view, dict):
        place.fault("must provide an object")
    elif view.get("type") not in kinds:
        place.at("type").fault(f"must be one of {', '.join(kinds)}")
    else:
        _check(view, place)


def _check(view: Json, place: Place) -> None:
    (MODAL if view["type"] == "modal" else HOME)(view, place)
    blocks.faults(view.get("blocks"), view["type"], place.at("blocks"))
    inner = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in inner or [])
    if view["type"] == "modal" and has_input and not view.get("submit"):
        place.fault("missing required field: submit")
