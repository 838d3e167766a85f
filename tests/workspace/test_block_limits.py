"""Every number in Slack's tables of blocks, views and manifests: so many are taken, one more is refused at its place."""

import json
import re
from typing import Any

import pytest

from tests.workspace.test_blocks import CONFIRM, IMAGE, PLAIN, actions, faults, form
from tests.workspace.test_tables import CARD, CHART, DATA_TABLE, LINE, RICH, RICH_TEXT, TABLE
from workspace import blocks, manifest, views
from workspace.schema import Place

OPTION = {"text": PLAIN, "value": "a", "description": PLAIN}
GROUP = {"label": PLAIN, "options": [OPTION]}
BUTTON = {
    "type": "button",
    "action_id": "x",
    "text": PLAIN,
    "value": "v",
    "url": "https://exempel.se/",
    "style": "primary",
    "confirm": CONFIRM | {"style": "danger"},
    "accessibility_label": "knapp",
}
ICON = {"type": "icon_button", "icon": "trash", "text": PLAIN, "value": "v", "accessibility_label": "x"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": PLAIN, "value": "+", "accessibility_label": "bra"},
    "negative_button": {"text": PLAIN, "value": "-", "accessibility_label": "dåligt"},
}
WORKFLOW = {
    "type": "workflow_button",
    "text": PLAIN,
    "accessibility_label": "x",
    "workflow": {"trigger": {"url": "https://exempel.se/"}},
}
MENU = {"placeholder": PLAIN, "confirm": CONFIRM, "focus_on_load": True}
FILTER = {"include": ["im"], "exclude_bot_users": True, "exclude_external_shared_channels": True}
MENUS: dict[str, dict] = {
    "static_select": MENU | {"options": [OPTION], "initial_option": OPTION},
    "multi_static_select": MENU | {"options": [OPTION], "initial_options": [OPTION], "max_selected_items": 1},
    "external_select": MENU | {"min_query_length": 0, "initial_option": OPTION},
    "multi_external_select": MENU | {"min_query_length": 0, "initial_options": [OPTION]},
    "users_select": MENU | {"initial_user": "U1"},
    "multi_users_select": MENU | {"initial_users": ["U1"]},
    "conversations_select": MENU | {"initial_conversation": "C1", "filter": FILTER, "response_url_enabled": True},
    "multi_conversations_select": MENU | {"initial_conversations": ["C1"], "filter": FILTER},
    "channels_select": MENU | {"initial_channel": "C1", "response_url_enabled": True},
    "multi_channels_select": MENU | {"initial_channels": ["C1"]},
    "datepicker": MENU | {"initial_date": "2026-11-30"},
    "timepicker": MENU | {"initial_time": "14:30", "timezone": "Europe/Stockholm"},
    "datetimepicker": {"initial_date_time": 1_790_000_000, "confirm": CONFIRM},
    "checkboxes": {"options": [OPTION], "initial_options": [OPTION]},
    "radio_buttons": {"options": [OPTION], "initial_option": OPTION},
    "overflow": {"options": [OPTION | {"url": "https://exempel.se/"}], "confirm": CONFIRM},
}
TYPED = {"placeholder": PLAIN, "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}
INPUTS: dict[str, dict] = {
    "plain_text_input": TYPED | {"initial_value": "x", "multiline": True, "min_length": 1, "max_length": 9},
    "email_text_input": TYPED | {"initial_value": "a@b.se"},
    "url_text_input": TYPED | {"initial_value": "https://exempel.se/"},
    "number_input": TYPED | {"is_decimal_allowed": True, "initial_value": "1", "min_value": "0", "max_value": "9"},
    "rich_text_input": TYPED | {"initial_value": RICH, "min_lines": 1, "max_lines": 9},
    "file_input": {"filetypes": ["png"], "max_files": 1},
}
VIDEO = {
    "type": "video",
    "alt_text": "x",
    "title": PLAIN,
    "thumbnail_url": "https://exempel.se/a.png",
    "video_url": "https://exempel.se/v",
    "title_url": "https://exempel.se/v",
    "author_name": "x",
    "provider_name": "x",
    "provider_icon_url": "https://exempel.se/i.png",
    "description": PLAIN,
}
SECTION = {"type": "section", "text": PLAIN, "fields": [PLAIN], "accessory": BUTTON, "block_id": "b", "expand": True}
INPUT = {"type": "input", "label": PLAIN, "hint": PLAIN, "element": {"type": "users_select"}, "optional": True}
CONTEXT = {"type": "context", "elements": [PLAIN, {"type": "mrkdwn", "text": "x"}, IMAGE]}
CARDS = CARD | {"subtitle": PLAIN, "body": PLAIN, "subtext": PLAIN, "actions": [BUTTON]}


def one(kind: str) -> list[dict]:
    """The element in the block that it belongs to."""
    if kind in INPUTS:
        return form({"type": kind} | INPUTS[kind])
    return actions({"type": kind} | MENUS[kind])


GROUPED = actions({"type": "static_select", "option_groups": [GROUP]})
E, F, LATE = "0/elements/0/", "0/element/", 10_000_000_000
# blocks, place, kind of number, the number
NUMBERS: list[tuple[list[dict], str, str, int]] = [
    ([SECTION], "", "items", 50),
    ([SECTION], "0/block_id", "text", 255),
    ([SECTION], "0/text/text", "text", 3000),
    ([SECTION], "0/fields", "items", 10),
    ([SECTION], "0/fields/0/text", "text", 2000),
    ([{"type": "header", "text": PLAIN, "level": 1}], "0/text/text", "text", 150),
    ([{"type": "header", "text": PLAIN, "level": 1}], "0/level", "number", 4),
    ([{"type": "markdown", "text": "x"}], "0/text", "text", 12_000),
    ([CONTEXT], "0/elements", "items", 10),
    ([CONTEXT], "0/elements/0/text", "text", 3000),
    ([CONTEXT], "0/elements/1/text", "text", 3000),
    ([CONTEXT], "0/elements/2/alt_text", "text", 2000),
    ([INPUT], "0/label/text", "text", 2000),
    ([INPUT], "0/hint/text", "text", 2000),
    ([IMAGE | {"title": PLAIN}], "0/alt_text", "text", 2000),
    ([IMAGE | {"title": PLAIN}], "0/title/text", "text", 2000),
    ([IMAGE], "0/image_url", "address", 3000),
    ([VIDEO], "0/title/text", "text", 200),
    ([VIDEO], "0/description/text", "text", 200),
    ([VIDEO], "0/author_name", "text", 50),
    ([CARDS], "0/title/text", "text", 150),
    ([CARDS], "0/subtitle/text", "text", 150),
    ([CARDS], "0/body/text", "text", 200),
    ([CARDS], "0/subtext/text", "text", 200),
    ([CARDS], "0/actions", "items", 5),
    ([{"type": "carousel", "elements": [CARD]}], "0/elements", "items", 10),
    ([{"type": "context_actions", "elements": [FEEDBACK]}], "0/elements", "items", 5),
    ([{"type": "context_actions", "elements": [FEEDBACK]}], E + "positive_button/text/text", "text", 75),
    ([{"type": "context_actions", "elements": [FEEDBACK]}], E + "positive_button/value", "text", 2000),
    ([{"type": "context_actions", "elements": [FEEDBACK]}], E + "negative_button/accessibility_label", "text", 75),
    ([{"type": "context_actions", "elements": [ICON]}], E + "text/text", "text", 75),
    ([{"type": "context_actions", "elements": [ICON]}], E + "value", "text", 2000),
    ([{"type": "context_actions", "elements": [ICON]}], E + "accessibility_label", "text", 75),
    (actions(BUTTON), "0/elements", "items", 25),
    (actions(BUTTON), E + "text/text", "text", 75),
    (actions(BUTTON), E + "value", "text", 2000),
    (actions(BUTTON), E + "url", "address", 3000),
    (actions(BUTTON), E + "action_id", "text", 255),
    (actions(BUTTON), E + "accessibility_label", "text", 75),
    (actions(BUTTON), E + "confirm/title/text", "text", 100),
    (actions(BUTTON), E + "confirm/text/text", "text", 300),
    (actions(BUTTON), E + "confirm/confirm/text", "text", 30),
    (actions(BUTTON), E + "confirm/deny/text", "text", 30),
    (actions(WORKFLOW), E + "text/text", "text", 75),
    (actions(WORKFLOW), E + "accessibility_label", "text", 75),
    (one("static_select"), E + "placeholder/text", "text", 150),
    (one("static_select"), E + "options", "items", 100),
    (one("static_select"), E + "options/0/text/text", "text", 75),
    (one("static_select"), E + "options/0/value", "text", 150),
    (one("static_select"), E + "options/0/description/text", "text", 75),
    (GROUPED, E + "option_groups", "items", 100),
    (GROUPED, E + "option_groups/0/label/text", "text", 75),
    (GROUPED, E + "option_groups/0/options", "items", 100),
    (one("multi_static_select"), E + "initial_options", "items", 100),
    (one("multi_external_select"), E + "initial_options", "items", 100),
    (one("multi_users_select"), E + "initial_users", "items", 100),
    (one("multi_conversations_select"), E + "initial_conversations", "items", 100),
    (one("multi_conversations_select"), E + "filter/include", "items", 4),
    (one("multi_channels_select"), E + "initial_channels", "items", 100),
    (one("checkboxes"), E + "options", "items", 10),
    (one("checkboxes"), E + "initial_options", "items", 10),
    (one("checkboxes"), E + "options/0/text/text", "text", 75),
    (one("radio_buttons"), E + "options", "items", 10),
    (one("overflow"), E + "options", "items", 5),
    (one("overflow"), E + "options/0/text/text", "text", 75),
    (one("datetimepicker"), E + "initial_date_time", "number", LATE - 1),
    (one("plain_text_input"), F + "initial_value", "text", 3000),
    (one("plain_text_input"), F + "min_length", "number", 3000),
    (one("plain_text_input"), F + "max_length", "number", 3000),
    (one("plain_text_input"), F + "placeholder/text", "text", 150),
    (one("plain_text_input"), F + "dispatch_action_config/trigger_actions_on", "items", 2),
    (one("rich_text_input"), F + "min_lines", "number", 100),
    (one("rich_text_input"), F + "max_lines", "number", 100),
    ([TABLE], "0/rows", "items", 100),
    ([TABLE], "0/rows/0", "items", 20),
    ([TABLE], "0/column_settings", "items", 20),
    ([DATA_TABLE], "0/rows", "items", 101),
    ([DATA_TABLE], "0/page_size", "number", 100),
    ([CHART], "0/title", "text", 50),
    ([CHART | {"chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]}}], "0/chart/segments", "items", 6),
    ([CHART], "0/chart/series", "items", 6),
    ([CHART], "0/chart/series/0/name", "text", 20),
    ([CHART], "0/chart/series/0/data", "items", 20),
    ([CHART], "0/chart/series/0/data/0/label", "text", 20),
    ([CHART], "0/chart/axis_config/categories", "items", 20),
    ([CHART], "0/chart/axis_config/x_label", "text", 50),
    ([CHART | {"chart": LINE | {"type": "area"}}], "0/chart/axis_config/y_label", "text", 50),
    ([RICH_TEXT], "0/elements/0/elements/3/user_id", "text", 255),
    ([RICH_TEXT], "0/elements/0/elements/2/skin_tone", "number", 6),
    ([RICH_TEXT], "0/elements/1/indent", "number", 8),
    ([RICH_TEXT], "0/elements/1/border", "number", 1),
]
IN_MODALS: list[tuple[list[dict], str, str, int]] = [
    ([SECTION], "", "items", 100),
    ([{"type": "alert", "text": PLAIN, "level": "info"}], "0/text/text", "text", 200),
    (one("file_input"), F + "max_files", "number", 10),
    (one("file_input"), F + "filetypes", "items", 100),
]


def with_so_many(whole: Any, place: str, kind: str, count: int) -> Any:
    """A copy in which the thing at that place is so long, so many or so large."""
    changed = {"": json.loads(json.dumps(whole))}  # what is the same in the example is not in the copy
    inner: Any = changed
    *steps, last = ["", *filter(None, place.split("/"))]
    for step in steps:
        inner = inner[int(step) if isinstance(inner, list) else step]
    key = int(last) if isinstance(inner, list) else last
    inner[key] = _so_many(inner[key], kind, count)
    return changed[""]


def _so_many(example: Any, kind: str, count: int) -> Any:
    if kind == "text":
        return "å" * count
    if kind == "address":
        return "https://exempel.se/".ljust(count, "x")
    if kind == "number":
        return count
    return [_numbered(example[0], number) for number in range(count)]


def _numbered(item: Any, number: int) -> Any:
    """Ids differ from one to the next."""
    ids = {key: f"{key}{number}" for key in ("action_id", "block_id") if isinstance(item, dict) and key in item}
    return item | ids if ids else item


def at(place: str, found: list[str]) -> list[str]:
    """The faults at that place that speak of a number."""
    here = [fault for fault in found if fault.endswith(f"[json-pointer:/blocks{'/' if place else ''}{place}]")]
    return [fault for fault in here if re.match("must be less than|no more than|must be between", fault)]


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and "/" in value else None


def test_the_examples_have_everything_and_are_taken() -> None:
    for example, *_ in NUMBERS:
        assert faults(example) == []
    for example, *_ in IN_MODALS:
        assert faults(example, blocks.MODAL) == []
    for kind in MENUS | INPUTS:
        assert faults(one(kind), blocks.MODAL) == []
    assert {"button", "workflow_button", "icon_button", "feedback_buttons", *MENUS, *INPUTS} == set(blocks.ELEMENTS)


@pytest.mark.parametrize(("example", "place", "kind", "most"), NUMBERS, ids=_name)
def test_so_many_in_a_message(example: list[dict], place: str, kind: str, most: int) -> None:
    assert at(place, faults(with_so_many(example, place, kind, most))) == []
    assert at(place, faults(with_so_many(example, place, kind, most + 1))) != []


@pytest.mark.parametrize(("example", "place", "kind", "most"), IN_MODALS, ids=_name)
def test_so_many_in_a_modal(example: list[dict], place: str, kind: str, most: int) -> None:
    assert at(place, faults(with_so_many(example, place, kind, most), blocks.MODAL)) == []
    assert at(place, faults(with_so_many(example, place, kind, most + 1), blocks.MODAL)) != []


def test_so_many_in_home() -> None:
    for count, found in ((100, 0), (101, 1)):
        assert len(faults([{"type": "divider"}] * count, blocks.HOME)) == found


def test_dates_are_of_these_centuries() -> None:
    for when in (999_999_999, LATE):
        assert faults(with_so_many(one("datetimepicker"), E + "initial_date_time", "number", when)) != []
    assert faults(with_so_many(one("datetimepicker"), E + "initial_date_time", "number", 1_000_000_000)) == []


MODAL = {
    "type": "modal",
    "title": PLAIN,
    "submit": PLAIN,
    "close": PLAIN,
    "callback_id": "x",
    "private_metadata": "x",
    "external_id": "x",
    "blocks": [],
}


@pytest.mark.parametrize(
    ("place", "most"),
    [
        ("title/text", 24),
        ("submit/text", 24),
        ("close/text", 24),
        ("callback_id", 255),
        ("private_metadata", 3000),
        ("external_id", 255),
    ],
)
def test_so_many_in_a_view(place: str, most: int) -> None:
    for count, right in ((most, True), (most + 1, False)):
        found = Place("")
        views.faults(with_so_many(MODAL, place, "text", count), found, "modal")
        assert (found.faults == []) is right


def test_a_view_is_so_large() -> None:
    """As JSON in UTF-8, to the byte."""
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2999}}
    home = {"type": "home", "private_metadata": "", "blocks": [section] * 81}
    home["private_metadata"] = "x" * (250_000 - len(views.encode(home)))
    assert len(views.encode(home)) == 250_000
    views.checked(home, "home")
    with pytest.raises(views.SlackError, match="view_too_large"):
        views.checked(home | {"private_metadata": home["private_metadata"] + "x"}, "home")


MANIFEST = {
    "display_information": {"name": "Stugan", "description": "Svarar"},
    "features": {
        "bot_user": {"display_name": "Stugan"},
        "shortcuts": [{"name": "Fråga", "type": "global", "callback_id": "ask", "description": "Fråga"}],
        "slash_commands": [{"command": "/fraga", "description": "Fråga", "usage_hint": "vad?"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands"]}},
}


@pytest.mark.parametrize(
    ("place", "kind", "most"),
    [
        ("display_information/name", "text", 35),
        ("display_information/description", "text", 140),
        ("features/bot_user/display_name", "text", 80),
        ("features/shortcuts", "items", 10),
        ("features/shortcuts/0/name", "text", 24),
        ("features/shortcuts/0/callback_id", "text", 255),
        ("features/shortcuts/0/description", "text", 150),
        ("features/slash_commands", "items", 50),
        ("features/slash_commands/0/command", "text", 32),
        ("features/slash_commands/0/description", "text", 2000),
        ("features/slash_commands/0/usage_hint", "text", 1000),
    ],
)
def test_so_many_in_a_manifest(place: str, kind: str, most: int) -> None:
    manifest.check(with_so_many(MANIFEST, place, kind, most))
    with pytest.raises(ValueError, match=f"/{place}"):
        manifest.check(with_so_many(MANIFEST, place, kind, most + 1))


def test_a_command_is_more_than_its_slash() -> None:
    manifest.check(with_so_many(MANIFEST, "features/slash_commands/0/command", "text", 2))
    with pytest.raises(ValueError, match="command"):
        manifest.check(with_so_many(MANIFEST, "features/slash_commands/0/command", "text", 1))
