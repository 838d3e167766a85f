"""Block Kit: what slack_sdk builds is taken; everything beyond a limit of Slack's is refused at its place."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from slack_sdk.models import blocks as sdk

from tests.effort import examples
from workspace import blocks, views
from workspace.schema import Place

PLAIN = {"type": "plain_text", "text": "ord"}
OPTION = {"text": PLAIN, "value": "a"}
CONFIRM = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}
BUTTON = {"type": "button", "action_id": "x", "text": PLAIN}
IMAGE = {"type": "image", "image_url": "https://exempel.se/a.png", "alt_text": "en bild"}


def faults(given: Any, surface: str = blocks.MESSAGE) -> list[str]:
    """The faults of some blocks; of one element or block by itself too."""
    place = Place("/blocks")
    blocks.faults(given, surface, place)
    return place.faults


def actions(*elements: dict) -> list[dict]:
    return [{"type": "actions", "elements": list(elements)}]


def form(element: dict, **more: Any) -> list[dict]:
    return [{"type": "input", "label": PLAIN, "element": element} | more]


def text(length: int, kind: str = "plain_text") -> dict:
    return {"type": kind, "text": "å" * length}


def many(count: int, kind: str = "static_select") -> dict:
    options = [{"text": PLAIN, "value": str(number)} for number in range(count)]
    return {"type": kind, "action_id": "x", "options": options}


FROM_SDK = [
    sdk.SectionBlock(text="hej", fields=["a", "b"], accessory=sdk.ButtonElement(text="Ja", action_id="x")),
    sdk.SectionBlock(text="hej", accessory=sdk.ImageElement(image_url="https://a.se/b.png", alt_text="b")),
    sdk.DividerBlock(),
    sdk.ImageBlock(image_url="https://a.se/b.png", alt_text="b", title="b"),
    sdk.HeaderBlock(text="Rubrik"),
    sdk.ContextBlock(
        elements=[sdk.PlainTextObject(text="liten"), sdk.ImageElement(image_url="https://a.se/b.png", alt_text="b")]
    ),
    sdk.MarkdownBlock(text="**fet**"),
    sdk.ActionsBlock(
        elements=[
            sdk.ButtonElement(text="Ja", action_id="a", value="1", style="primary"),
            sdk.LinkButtonElement(text="Länk", action_id="b", url="https://exempel.se"),
            sdk.OverflowMenuElement(action_id="c", options=[sdk.Option(value="1", label="ett")]),
            sdk.StaticSelectElement(action_id="d", options=[sdk.Option(value="1", label="ett")]),
            sdk.ExternalDataSelectElement(action_id="e", min_query_length=0),
            sdk.UserSelectElement(action_id="f"),
            sdk.ConversationSelectElement(action_id="g", filter=sdk.ConversationFilter(include=["im"])),
            sdk.ChannelSelectElement(action_id="h"),
            sdk.DatePickerElement(action_id="i", initial_date="2026-11-30"),
            sdk.TimePickerElement(action_id="j", initial_time="14:30"),
            sdk.DateTimePickerElement(action_id="k", initial_date_time=1_760_000_000),
            sdk.CheckboxesElement(action_id="l", options=[sdk.Option(value="1", label="ett")]),
            sdk.RadioButtonsElement(action_id="m", options=[sdk.Option(value="1", label="ett")]),
        ]
    ),
    *(
        sdk.InputBlock(label="Fält", element=element, hint="så här", optional=True)
        for element in (
            sdk.PlainTextInputElement(action_id="a", multiline=True, max_length=100),
            sdk.EmailInputElement(action_id="a"),
            sdk.UrlInputElement(action_id="a"),
            sdk.NumberInputElement(action_id="a", is_decimal_allowed=False),
            sdk.RichTextInputElement(action_id="a"),
            sdk.StaticMultiSelectElement(action_id="a", options=[sdk.Option(value="1", label="ett")]),
            sdk.ExternalDataMultiSelectElement(action_id="a"),
            sdk.UserMultiSelectElement(action_id="a", max_selected_items=3),
            sdk.ConversationMultiSelectElement(action_id="a"),
            sdk.ChannelMultiSelectElement(action_id="a"),
        )
    ),
    sdk.RichTextBlock(
        elements=[sdk.RichTextSectionElement(elements=[sdk.RichTextElementParts.Text(text="hej")])],
    ),
    sdk.ContextActionsBlock(
        elements=[
            sdk.FeedbackButtonsElement(
                action_id="a",
                positive_button=sdk.FeedbackButtonObject(text="Bra", value="+"),
                negative_button=sdk.FeedbackButtonObject(text="Inte bra", value="-"),
            ),
            sdk.IconButtonElement(action_id="b", icon="trash", text="Ta bort"),
        ]
    ),
    sdk.CardBlock(title="Kort", body="Text", actions=[sdk.ButtonElement(text="Ja", action_id="x")]),
]


@pytest.mark.parametrize("block", FROM_SDK, ids=lambda block: f"{block.type}")
def test_what_slack_sdk_builds_is_taken(block: sdk.Block) -> None:
    assert faults([block.to_dict()]) == []


TOO_MUCH = [
    ("51 blocks", [{"type": "divider"}] * 51, "/blocks", "no more than 50 items"),
    ("section", [{"type": "section", "text": text(3001)}], "/blocks/0/text/text", "less than 3001"),
    ("empty text", [{"type": "section", "text": text(0)}], "/blocks/0/text/text", "more than 0"),
    ("field", [{"type": "section", "fields": [text(2001)]}], "/blocks/0/fields/0/text", "less than 2001"),
    ("fields", [{"type": "section", "fields": [PLAIN] * 11}], "/blocks/0/fields", "no more than 10"),
    ("header", [{"type": "header", "text": text(151)}], "/blocks/0/text/text", "less than 151"),
    ("header mrkdwn", [{"type": "header", "text": text(5, "mrkdwn")}], "/blocks/0/text/type", "must be one of"),
    ("context", [{"type": "context", "elements": [PLAIN] * 11}], "/blocks/0/elements", "no more than 10"),
    ("actions", actions(*[BUTTON | {"action_id": str(n)} for n in range(26)]), "/blocks/0/elements", "no more than 25"),
    ("no actions", actions(), "/blocks/0/elements", "at least 1"),
    ("button text", actions(BUTTON | {"text": text(76)}), "/blocks/0/elements/0/text/text", "less than 76"),
    ("button mrkdwn", actions(BUTTON | {"text": text(5, "mrkdwn")}), "/blocks/0/elements/0/text/type", "must be one"),
    ("button value", actions(BUTTON | {"value": "x" * 2001}), "/blocks/0/elements/0/value", "less than 2001"),
    ("button style", actions(BUTTON | {"style": "warning"}), "/blocks/0/elements/0/style", "must be one of"),
    ("button url", actions(BUTTON | {"url": "exempel"}), "/blocks/0/elements/0/url", "valid url"),
    ("action_id", actions(BUTTON | {"action_id": "x" * 256}), "/blocks/0/elements/0/action_id", "less than 256"),
    ("block_id", [{"type": "divider", "block_id": "x" * 256}], "/blocks/0/block_id", "less than 256"),
    ("options", actions(many(101)), "/blocks/0/elements/0/options", "no more than 100"),
    ("no options", actions(many(0)), "/blocks/0/elements/0/options", "at least 1"),
    ("overflow", actions(many(6, "overflow")), "/blocks/0/elements/0/options", "no more than 5"),
    ("checkboxes", actions(many(11, "checkboxes")), "/blocks/0/elements/0/options", "no more than 10"),
    ("radio", actions(many(11, "radio_buttons")), "/blocks/0/elements/0/options", "no more than 10"),
    (
        "option text",
        actions({"type": "static_select", "options": [{"text": text(76), "value": "a"}]}),
        "/blocks/0/elements/0/options/0/text/text",
        "less than 76",
    ),
    (
        "option value",
        actions({"type": "static_select", "options": [{"text": PLAIN, "value": "x" * 151}]}),
        "/blocks/0/elements/0/options/0/value",
        "less than 151",
    ),
    (
        "placeholder",
        actions(many(1) | {"placeholder": text(151)}),
        "/blocks/0/elements/0/placeholder/text",
        "less than 151",
    ),
    (
        "initial option",
        actions(many(1) | {"initial_option": {"text": PLAIN, "value": "nej"}}),
        "/blocks/0/elements/0/initial_option",
        "one of the options",
    ),
    (
        "confirm",
        actions(BUTTON | {"confirm": CONFIRM | {"confirm": text(31)}}),
        "/blocks/0/elements/0/confirm/confirm/text",
        "less than 31",
    ),
    ("label", form({"type": "users_select"}, label=text(2001)), "/blocks/0/label/text", "less than 2001"),
    ("input button", form(BUTTON), "/blocks/0/element", "unsupported type: button"),
    (
        "input length",
        form({"type": "plain_text_input", "max_length": 3001}),
        "/blocks/0/element/max_length",
        "between 1 and 3000",
    ),
    ("number", form({"type": "number_input"}), "/blocks/0/element", "missing required field: is_decimal_allowed"),
    ("alt text", [{"type": "image", "image_url": "https://a.se/b"}], "/blocks/0", "missing required field: alt_text"),
    ("no image", [{"type": "image", "alt_text": "b"}], "/blocks/0", "must define either `image_url` or `slack_file`"),
    ("section text", [{"type": "section"}], "/blocks/0", "must define either `text` or `fields`"),
    ("typo", [{"type": "divider", "colour": "red"}], "/blocks/0", "invalid additional property: colour"),
    ("unknown", [{"type": "sektion"}], "/blocks/0", "unsupported type: sektion"),
    ("no type", [{}], "/blocks/0", "missing required field: type"),
    ("no object", ["hej"], "/blocks/0", "must be an object"),
    ("no array", {}, "/blocks", "must be an array"),
    (
        "block_id twice",
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        "/blocks/1/block_id",
        "already exists",
    ),
    ("action_id twice", actions(BUTTON, BUTTON), "/blocks/0/elements/1/action_id", "already exists"),
    (
        "alert in a message",
        [{"type": "alert", "text": PLAIN}],
        "/blocks/0",
        "unsupported type: alert",
    ),
    (
        "three charts",
        [
            {
                "type": "data_visualization",
                "title": "x",
                "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
            }
        ]
        * 3,
        "/blocks",
        "no more than 2 data_visualization",
    ),
    ("card", [{"type": "card", "subtitle": PLAIN}], "/blocks/0", "must define either"),
    ("file in a message", form({"type": "file_input"}), "/blocks/0/element", "unsupported type: file_input"),
]


@pytest.mark.parametrize(
    ("wrong", "place", "words"), [each[1:] for each in TOO_MUCH], ids=[each[0] for each in TOO_MUCH]
)
def test_what_slack_refuses_is_refused_at_its_place(wrong: Any, place: str, words: str) -> None:
    found = faults(wrong)
    assert any(words in fault and fault.endswith(f"[json-pointer:{place}]") for fault in found), found


@pytest.mark.parametrize(
    "fine",
    [
        [{"type": "divider"}] * 50,
        [{"type": "section", "text": text(3000), "fields": [text(2000)] * 10}],
        [{"type": "header", "text": text(150)}],
        actions(*[BUTTON | {"action_id": str(n), "value": "x" * 2000, "text": text(75)} for n in range(25)]),
        actions(many(100)),
        [{"type": "context", "elements": [IMAGE] * 10}],
        actions(BUTTON) + actions(BUTTON),
    ],
)
def test_up_to_the_limit_is_fine(fine: Any) -> None:
    assert faults(fine) == []


@pytest.mark.parametrize(
    ("surface", "kind", "fine"),
    [
        (blocks.MODAL, "alert", True),
        (blocks.HOME, "alert", False),
        (blocks.MODAL, "markdown", False),
        (blocks.MESSAGE, "markdown", True),
        (blocks.HOME, "context_actions", False),
    ],
)
def test_some_blocks_belong_to_some_surfaces(surface: str, kind: str, fine: bool) -> None:
    example = {
        "alert": {"text": PLAIN, "level": "warning"},
        "markdown": {"text": "hej"},
        "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": PLAIN}]},
    }[kind]
    assert (faults([{"type": kind, **example}], surface) == []) is fine


def test_views_hold_a_hundred_blocks_and_files() -> None:
    assert faults([{"type": "divider"}] * 100, blocks.HOME) == []
    assert len(faults([{"type": "divider"}] * 101, blocks.MODAL)) == 1
    assert faults(form({"type": "file_input", "max_files": 3}), blocks.MODAL) == []


def test_missing_ids_are_filled_in_and_the_given_blocks_stay_as_they_were() -> None:
    given = actions({"type": "button", "text": PLAIN})
    before = copy.deepcopy(given)
    done = blocks.completed(given)
    assert given == before
    assert done[0]["block_id"]
    assert done[0]["elements"][0]["action_id"]


KEYS = some.sampled_from(
    ["type", "text", "elements", "element", "accessory", "options", "option_groups", "initial_option", "fields", "value",
     "initial_options", "block_id", "action_id", "slack_file", "confirm", "label", "actions", "blocks", "url", "submit",
     "rows", "chart", "series", "data", "axis_config", "categories", "row_header_column_index", "initial_value", "style"]
)  # fmt: skip
INNER = ("raw_text", "raw_number", "rich_text_section", "rich_text_list", "text", "link", "pie", "bar")
WORDS = some.sampled_from(
    [*blocks.ELEMENTS, *blocks.BLOCKS[blocks.MESSAGE], *INNER, "modal", "plain_text", "mrkdwn", "", "x"]
)
NOISE = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | WORDS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
TYPED = some.dictionaries(KEYS, NOISE, max_size=6).flatmap(lambda each: WORDS.map(lambda kind: each | {"type": kind}))


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(noise=NOISE | some.lists(TYPED, max_size=3))
def test_no_noise_makes_the_check_stumble(noise: Any) -> None:
    for surface in blocks.BLOCKS:
        faults(noise, surface)
    views.faults(noise, Place(""), "modal", "home")
    views.faults({"type": "modal", "blocks": noise}, Place(""), "modal", "home")
    if isinstance(noise, list) and not faults(noise):
        assert faults(blocks.completed(noise)) == []
