"""What stands inside of tables, charts, rich text and the newer elements: taken up to Slack's limits, refused beyond."""

import copy
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.models import blocks as sdk

from tests.slackworld import Person
from tests.workspace.test_blocks import BUTTON, IMAGE, PLAIN, actions, faults, form
from tests.workspace.test_chat import refused
from workspace import blocks, composer, elements

RAW = {"type": "raw_text", "text": "ord"}
NUMBER = {"type": "raw_number", "value": 1.5, "text": "1,5"}
WORD = {"type": "text", "text": "ord", "style": {"bold": True}}
SECTION = {"type": "rich_text_section", "elements": [WORD]}
RICH = {"type": "rich_text", "elements": [SECTION]}
TABLE = {
    "type": "table",
    "rows": [[RAW, RAW], [NUMBER, RICH]],
    "column_settings": [{"align": "right", "is_wrapped": True}, None],
}
DATA_TABLE = {
    "type": "data_table",
    "caption": "Frågor per vecka",
    "page_size": 10,
    "row_header_column_index": 1,
    "rows": [[RAW, RAW], [NUMBER, RICH], [RAW, NUMBER]],
}
POINTS = [{"label": "v 1", "value": -3}, {"label": "v 2", "value": 0}]
AXIS = {"categories": ["v 1", "v 2"], "x_label": "vecka", "y_label": "antal"}
LINE = {"type": "line", "series": [{"name": "a", "data": POINTS}, {"name": "b", "data": POINTS}], "axis_config": AXIS}
PIE = {"type": "pie", "segments": [{"label": "a", "value": 0.5}]}
CHART = {"type": "data_visualization", "title": "Veckor", "chart": LINE}
EVERY_PART = [
    WORD,
    {"type": "link", "url": "https://exempel.se", "text": "länk", "unsafe": False, "style": {"code": True}},
    {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#9c2f2f"},
    {"type": "date", "timestamp": 1_764_000_000, "format": "{date_num}", "fallback": "i dag"},
]
RICH_TEXT = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": EVERY_PART},
        {"type": "rich_text_list", "style": "ordered", "elements": [SECTION], "indent": 8, "offset": 3, "border": 1},
        {"type": "rich_text_quote", "elements": EVERY_PART, "border": 1},
        {"type": "rich_text_preformatted", "elements": EVERY_PART[:2], "border": 0, "language": "python"},
    ],
}
WORKFLOW = {
    "type": "workflow_button",
    "text": PLAIN,
    "accessibility_label": "Starta",
    "workflow": {
        "trigger": {
            "url": "https://exempel.se/x",
            "customizable_input_parameters": [{"name": "a", "value": "b"}],
        }
    },
}
ICON = {"type": "icon_button", "icon": "trash", "text": PLAIN, "visible_to_user_ids": ["U1"]}
CARD = {"type": "card", "title": PLAIN, "slack_icon": {"type": "icon", "name": "bot"}, "hero_image": IMAGE}


def changed(block: dict, *path: Any, to: Any) -> list[dict]:
    """The block alone, with another value at a place."""
    copied = copy.deepcopy(block)
    inner: Any = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return [copied]


def test_whole_examples_are_taken() -> None:
    card = CARD | {"actions": [BUTTON], "icon": None}
    for block in (TABLE, DATA_TABLE, CHART, CHART | {"chart": PIE}, RICH_TEXT, card):
        assert faults([block]) == []
    assert faults(actions(WORKFLOW)) == []
    assert faults([{"type": "context_actions", "elements": [ICON]}]) == []
    assert faults(form({"type": "rich_text_input", "initial_value": RICH, "max_lines": 100}), blocks.MODAL) == []


def test_what_slack_sdk_builds_is_taken() -> None:
    settings = [sdk.basic_components.TableBlockColumnSettings(align="center"), None]
    cells = [sdk.basic_components.RawTextObject(text="a"), sdk.basic_components.RawNumberObject(value=1, text="1")]
    table = sdk.TableBlock(rows=[cells], column_settings=settings)
    assert faults([table.to_dict()]) == []
    part = sdk.RichTextElementParts
    parts = [part.Text(text="a"), part.Link(url="https://a.se"), part.Emoji(name="x"), part.User(user_id="U1")]
    parts += [part.Channel(channel_id="C1"), part.UserGroup(usergroup_id="S1"), part.Broadcast(range="channel")]
    parts += [part.Date(timestamp=1, format="{date}"), part.Color(value="#fff"), part.Team(team_id="T1")]
    section = sdk.RichTextSectionElement(elements=parts)
    rich = sdk.RichTextBlock(
        elements=[
            section,
            sdk.RichTextListElement(style="bullet", indent=0, offset=0, border=0, elements=[section]),
            sdk.RichTextQuoteElement(elements=parts),
            sdk.RichTextPreformattedElement(border=0, elements=parts[:2]),
        ]
    )
    assert faults([rich.to_dict()]) == []


def test_what_our_own_message_box_makes_is_taken() -> None:
    text = "se <@U1> och <#C1> &amp; <https://exempel.se|här> <!here>"
    assert faults(composer.rich(text, "b")) == []
    assert faults([elements.rich_text("ord")]) == []


T, D, V = ("/blocks/0" + inner for inner in ("/rows", "/rows", "/chart"))
R = "/blocks/0/elements"
REFUSED = [
    ("no rows", changed(TABLE, "rows", to=[]), T, "at least 1"),
    ("101 rows", changed(TABLE, "rows", to=[[RAW]] * 101), T, "no more than 100"),
    ("21 cells", changed(TABLE, "rows", to=[[RAW] * 21]), f"{T}/0", "no more than 20"),
    ("empty row", changed(TABLE, "rows", to=[[]]), f"{T}/0", "at least 1"),
    ("row no list", changed(TABLE, "rows", to=[{}]), f"{T}/0", "must be an array"),
    ("cell a string", changed(TABLE, "rows", 0, 0, to="ord"), f"{T}/0/0", "must be an object"),
    ("cell mrkdwn", changed(TABLE, "rows", 0, 0, to={"type": "mrkdwn", "text": "x"}), f"{T}/0/0", "unsupported type"),
    ("empty cell", changed(TABLE, "rows", 0, 0, to={"type": "raw_text", "text": ""}), f"{T}/0/0/text", "more than 0"),
    ("number a string", changed(TABLE, "rows", 0, 0, to=NUMBER | {"value": "1"}), f"{T}/0/0/value", "must be a number"),
    ("no number", changed(TABLE, "rows", 0, 0, to=NUMBER | {"value": float("nan")}), f"{T}/0/0/value", "a number"),
    ("true", changed(TABLE, "rows", 0, 0, to=NUMBER | {"value": True}), f"{T}/0/0/value", "must be a number"),
    ("number unsaid", changed(TABLE, "rows", 0, 0, to={"type": "raw_number", "value": 1}), f"{T}/0/0", "field: text"),
    ("align", changed(TABLE, "column_settings", 0, to={"align": "top"}), "/blocks/0/column_settings/0/align", "one of"),
    ("21 settings", changed(TABLE, "column_settings", to=[None] * 21), "/blocks/0/column_settings", "no more than 20"),
    ("two tables", [TABLE, TABLE], "/blocks", "no more than 1 table blocks"),
    (
        "10,001 characters",
        changed(TABLE, "rows", to=[[{"type": "raw_text", "text": "å" * 5001}, RICH | {"elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "å" * 5000}]}
        ]}]]),
        "/blocks",
        "no more than 10000 characters in tables",
    ),
    ("header alone", changed(DATA_TABLE, "rows", to=[[RAW, RAW]]), D, "at least 2"),
    ("102 rows", changed(DATA_TABLE, "rows", to=[[RAW, RAW]] * 102), D, "no more than 101"),
    ("rich header", changed(DATA_TABLE, "rows", 0, 0, to=RICH), f"{D}/0/0", "unsupported type: rich_text"),
    ("ragged", changed(DATA_TABLE, "rows", 1, to=[RAW]), f"{D}/1", "must have 2 items"),
    ("no caption", changed(DATA_TABLE, "caption", to=None), "/blocks/0", "missing required field: caption"),
    ("page of none", changed(DATA_TABLE, "page_size", to=0), "/blocks/0/page_size", "between 1 and 100"),
    ("page of 101", changed(DATA_TABLE, "page_size", to=101), "/blocks/0/page_size", "between 1 and 100"),
    (
        "no such column",
        changed(DATA_TABLE, "row_header_column_index", to=2),
        "/blocks/0/row_header_column_index",
        "must be a column of the table",
    ),
    ("data table typo", changed(DATA_TABLE, "title", to="x"), "/blocks/0", "invalid additional property: title"),
    ("chart title", changed(CHART, "title", to="x" * 51), "/blocks/0/title", "less than 51"),
    ("chart type", changed(CHART, "chart", to={"type": "radar"}), V, "unsupported type: radar"),
    ("no segments", changed(CHART, "chart", to=PIE | {"segments": []}), f"{V}/segments", "at least 1"),
    ("7 segments", changed(CHART, "chart", to=PIE | {"segments": PIE["segments"] * 7}), f"{V}/segments", "more than 6"),
    (
        "segment of nothing",
        changed(CHART, "chart", to={"type": "pie", "segments": [{"label": "a", "value": 0}]}),
        f"{V}/segments/0/value",
        "must be more than 0",
    ),
    (
        "segment label",
        changed(CHART, "chart", to={"type": "pie", "segments": [{"label": "x" * 21, "value": 1}]}),
        f"{V}/segments/0/label",
        "less than 21",
    ),
    ("7 series", changed(CHART, "chart", "series", to=LINE["series"] * 4), f"{V}/series", "no more than 6"),
    ("name twice", changed(CHART, "chart", "series", 1, "name", to="a"), f"{V}/series/1/name", "already exists: a"),
    ("long name", changed(CHART, "chart", "series", 1, "name", to="x" * 21), f"{V}/series/1/name", "less than 21"),
    ("21 points", changed(CHART, "chart", "series", 0, "data", to=POINTS * 11), f"{V}/series/0/data", "no more than 20"),
    ("a gap", changed(CHART, "chart", "series", 0, "data", to=POINTS[:1]), f"{V}/series/0/data", "match the categories"),
    ("no value", changed(CHART, "chart", "series", 0, "data", 0, "value", to=None), f"{V}/series/0/data/0", "value"),
    ("no axis", changed(CHART, "chart", "axis_config", to=None), V, "missing required field: axis_config"),
    ("axis label", changed(CHART, "chart", "axis_config", "x_label", to="x" * 51), f"{V}/axis_config/x_label", "51"),
    ("no such part", changed(RICH_TEXT, "elements", 0, to=PLAIN), f"{R}/0", "unsupported type: plain_text"),
    ("no such word", changed(RICH_TEXT, "elements", 0, "elements", 0, to=PLAIN), f"{R}/0/elements/0", "unsupported"),
    ("empty word", changed(RICH_TEXT, "elements", 0, "elements", 0, "text", to=""), f"{R}/0/elements/0/text", "than 0"),
    (
        "style",
        changed(RICH_TEXT, "elements", 0, "elements", 0, "style", to={"big": True}),
        f"{R}/0/elements/0/style",
        "additional property: big",
    ),
    ("style list", changed(RICH_TEXT, "elements", 1, "style", to="roman"), f"{R}/1/style", "must be one of"),
    ("no style", changed(RICH_TEXT, "elements", 1, "style", to=None), f"{R}/1", "missing required field: style"),
    ("indent", changed(RICH_TEXT, "elements", 1, "indent", to=9), f"{R}/1/indent", "between 0 and 8"),
    ("border", changed(RICH_TEXT, "elements", 1, "border", to=2), f"{R}/1/border", "between 0 and 1"),
    ("list of words", changed(RICH_TEXT, "elements", 1, "elements", to=[WORD]), f"{R}/1/elements/0", "unsupported type"),
    (
        "preformatted user",
        changed(RICH_TEXT, "elements", 3, "elements", to=[{"type": "user", "user_id": "U1"}]),
        f"{R}/3/elements/0",
        "unsupported type: user",
    ),
    (
        "range",
        changed(RICH_TEXT, "elements", 0, "elements", 7, "range", to="all"),
        f"{R}/0/elements/7/range",
        "must be one of",
    ),
    ("link", changed(RICH_TEXT, "elements", 0, "elements", 1, "url", to="x"), f"{R}/0/elements/1/url", "valid url"),
    ("workflow", actions(WORKFLOW | {"workflow": {}}), f"{R}/0/workflow", "missing required field: trigger"),
    ("visible to", [{"type": "context_actions", "elements": [ICON | {"visible_to_user_ids": [1]}]}],
     f"{R}/0/visible_to_user_ids/0", "must provide a string"),
    ("two icons", [CARD | {"icon": IMAGE}], "/blocks/0", "cannot define both `icon` and `slack_icon`"),
    ("card menu", [CARD | {"actions": [{"type": "overflow", "text": PLAIN}]}], "/blocks/0/actions/0", "unsupported type"),
    ("card image", [CARD | {"hero_image": BUTTON}], "/blocks/0/hero_image", "unsupported type: button"),
    ("carousel", [{"type": "carousel", "elements": [{"type": "divider"}]}], f"{R}/0", "unsupported type: divider"),
    ("image typo", [IMAGE | {"width": 3}], "/blocks/0", "invalid additional property: width"),
    (
        "two files",
        [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://a.se/b"}}],
        "/blocks/0/slack_file",
        "cannot define both `id` and `url`",
    ),
    (
        "both kinds of options",
        actions(
            {
                "type": "static_select",
                "options": [{"text": PLAIN, "value": "a"}],
                "option_groups": [{"label": PLAIN, "options": [{"text": PLAIN, "value": "a"}]}],
            }
        ),
        f"{R}/0",
        "cannot define both `options` and `option_groups`",
    ),
    (
        "option with a link",
        actions({"type": "static_select", "options": [{"text": PLAIN, "value": "a", "url": "https://a.se"}]}),
        f"{R}/0/options/0",
        "invalid additional property: url",
    ),
    (
        "mrkdwn in a menu",
        actions(
            {
                "type": "static_select",
                "options": [{"text": PLAIN, "value": "a", "description": {"type": "mrkdwn", "text": "x"}}],
            }
        ),
        f"{R}/0/options/0/description/type",
        "must be one of plain_text",
    ),
    ("date", actions({"type": "datepicker", "initial_date": "2026-13-01"}), f"{R}/0/initial_date", "must be a date"),
    ("time", actions({"type": "timepicker", "initial_time": "24:00"}), f"{R}/0/initial_time", "must be a time"),
    (
        "number",
        form({"type": "number_input", "is_decimal_allowed": True, "min_value": "sju"}),
        "/blocks/0/element/min_value",
        "must be a number",
    ),
    (
        "rich text to begin with",
        form({"type": "rich_text_input", "initial_value": {"type": "rich_text", "elements": [WORD]}}),
        "/blocks/0/element/initial_value/elements/0",
        "unsupported type: text",
    ),
    ("lines", form({"type": "rich_text_input", "min_lines": 0}), "/blocks/0/element/min_lines", "between 1 and 100"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "place", "words"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_slack_refuses_inside_is_refused_at_its_place(wrong: Any, place: str, words: str) -> None:
    found = faults(wrong)
    assert any(words in fault and fault.endswith(f"[json-pointer:{place}]") for fault in found), found


@pytest.mark.parametrize(
    "fine",
    [
        changed(TABLE, "rows", to=[[RAW] * 20] * 100),
        changed(TABLE, "rows", to=[[RAW], [RAW, RAW]]),
        changed(TABLE, "rows", to=[[{"type": "raw_text", "text": "å" * 10_000}]]),
        changed(DATA_TABLE, "rows", to=[[RAW, RAW]] * 101),
        changed(CHART, "chart", to=PIE | {"segments": PIE["segments"] * 6}),
        actions({"type": "overflow", "options": [{"text": PLAIN, "value": "a", "url": "https://a.se"}]}),
        actions({"type": "radio_buttons", "options": [{"text": PLAIN, "value": "a", "description": PLAIN}]}),
        form({"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5"}),
    ],
)
def test_up_to_the_limit_is_fine(fine: Any) -> None:
    assert faults(fine) == []


def test_a_wrong_cell_is_told_to_the_app_with_its_place(web: WebClient, anna: Person) -> None:
    wrong = changed(TABLE, "rows", 1, 0, to={"type": "raw_number", "value": "1", "text": "1"})
    answer = refused(web.chat_postMessage, channel=anna.dm(), text="tabell", blocks=wrong)
    assert (answer["error"], answer["errors"]) == (
        "invalid_blocks",
        ["must be a number [json-pointer:/blocks/0/rows/1/0/value]"],
    )
    kept = web.chat_postMessage(channel=anna.dm(), text="tabell", blocks=[TABLE])["message"]["blocks"][0]
    assert kept["rows"] == TABLE["rows"]
