"""Block Kit as Slack accepts it: which blocks and elements there are, what they hold, and every limit.

Source: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects), one table here for each.
`faults` checks blocks for one surface; `completed` fills in the ids that were left out, as Slack does.
"""

import copy
from typing import Any, Final

from workspace import ids, richtext, tables
from workspace.schema import (
    Place,
    Rule,
    address,
    any_of,
    anything,
    both,
    by_type,
    flag,
    items,
    matching,
    not_both,
    shape,
    string,
    whole,
)
from workspace.shapes import Json

MESSAGE, MODAL, HOME = "message", "modal", "home"
MOST_BLOCKS: Final = {MESSAGE: 50, MODAL: 100, HOME: 100}
MOST_TEXT: Final = 12_000  # characters of text in all blocks of a message; Slack documents no number, see the README

ID = string(255, 1)


def plain(most: int, least: int = 1) -> Rule:
    """A plain_text object."""
    return shape({"type": string(among=["plain_text"]), "text": string(most, least)}, {"emoji": flag})


def text(most: int, least: int = 1) -> Rule:
    """A text object of either kind."""
    mrkdwn = shape({"type": anything, "text": string(most, least)}, {"verbatim": flag})
    return by_type({"plain_text": plain(most, least), "mrkdwn": mrkdwn})


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": string(among=["primary", "danger"])},
)
DISPATCH = shape({}, {"trigger_actions_on": items(string(among=["on_enter_pressed", "on_character_entered"]), 2)})
SLACK_FILE = both(shape({}, {"id": string(), "url": address()}), any_of("id", "url"), not_both("id", "url"))


def option(label: Rule, **more: Rule) -> Rule:
    """An option; `label` is the rule for its text and for its description."""
    return shape({"text": label, "value": string(150)}, {"description": label, **more})


PLAIN_OPTION, RICH_OPTION = option(plain(75)), option(text(75))
LINK_OPTION = option(plain(75), url=address())  # of overflow menus only
OPTIONS = items(PLAIN_OPTION, 100)
GROUPS = items(shape({"label": plain(75), "options": OPTIONS}), 100)
FILTER = shape(
    {},
    {
        "include": items(string(among=["im", "mpim", "private", "public"]), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def element(required: dict[str, Rule], optional: dict[str, Rule]) -> Rule:
    """An interactive element: these keys, an action_id, and what most of them may have."""
    return shape({"type": anything, **required}, {"action_id": ID, **optional})


_COMMON: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": flag}
_MENU: dict[str, Rule] = {**_COMMON, "placeholder": plain(150)}
_MANY: dict[str, Rule] = {**_MENU, "max_selected_items": whole(1)}
_TYPED: dict[str, Rule] = {
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
    "focus_on_load": flag,
}
_NUMBER = matching(r"-?\d+(\.\d+)?", "a number")
_DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date in the format YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time in the format HH:mm")


def _known(initial: str, *, many: bool = False) -> Rule:
    """The initial choice is one of the options."""

    def check(value: Any, place: Place) -> None:
        chosen = value.get(initial) if isinstance(value, dict) else None
        for each in chosen if many and isinstance(chosen, list) else [chosen]:
            if isinstance(each, dict) and each.get("value") not in [known.get("value") for known in options_of(value)]:
                place.at(initial).fault("must be one of the options provided")

    return check


def _static(initial: dict[str, Rule], common: dict[str, Rule]) -> Rule:
    menu = element({}, {**common, **initial, "options": OPTIONS, "option_groups": GROUPS})
    return both(menu, any_of("options", "option_groups"), not_both("options", "option_groups"))


BUTTON = element(
    {"text": plain(75)},
    {
        "url": address(),
        "value": string(2000),
        "style": string(among=["primary", "danger"]),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
_FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
IMAGE = both(
    shape({"type": anything, "alt_text": string(2000)}, {"image_url": address(), "slack_file": SLACK_FILE}),
    any_of("image_url", "slack_file"),
)
_TRIGGER = shape(
    {"url": address()},
    {"customizable_input_parameters": items(shape({"name": string(None, 1), "value": anything}), None, 0)},
)

ELEMENTS: Final[dict[str, Rule]] = {
    "button": BUTTON,
    "workflow_button": element(
        {"text": plain(75), "workflow": shape({"trigger": _TRIGGER})},
        {"style": string(among=["primary", "danger"]), "accessibility_label": string(75), "confirm": CONFIRM},
    ),
    "icon_button": element(
        {"icon": string(), "text": plain(75)},
        {
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string(None, 1), None),
        },
    ),
    "feedback_buttons": element({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {}),
    "overflow": element({"options": items(LINK_OPTION, 5)}, {"confirm": CONFIRM}),
    "checkboxes": both(
        element({"options": items(RICH_OPTION, 10)}, {**_COMMON, "initial_options": items(RICH_OPTION, 10)}),
        _known("initial_options", many=True),
    ),
    "radio_buttons": both(
        element({"options": items(RICH_OPTION, 10)}, {**_COMMON, "initial_option": RICH_OPTION}),
        _known("initial_option"),
    ),
    "static_select": both(_static({"initial_option": PLAIN_OPTION}, _MENU), _known("initial_option")),
    "multi_static_select": both(
        _static({"initial_options": items(PLAIN_OPTION, 100)}, _MANY), _known("initial_options", many=True)
    ),
    "external_select": element({}, {**_MENU, "initial_option": PLAIN_OPTION, "min_query_length": whole(0)}),
    "multi_external_select": element(
        {}, {**_MANY, "initial_options": items(PLAIN_OPTION, 100), "min_query_length": whole(0)}
    ),
    "users_select": element({}, {**_MENU, "initial_user": string()}),
    "multi_users_select": element({}, {**_MANY, "initial_users": items(string(), 100)}),
    "conversations_select": element(
        {},
        {
            **_MENU,
            "initial_conversation": string(),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": element(
        {},
        {
            **_MANY,
            "initial_conversations": items(string(), 100),
            "default_to_current_conversation": flag,
            "filter": FILTER,
        },
    ),
    "channels_select": element({}, {**_MENU, "initial_channel": string(), "response_url_enabled": flag}),
    "multi_channels_select": element({}, {**_MANY, "initial_channels": items(string(), 100)}),
    "datepicker": element({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": element({}, {**_MENU, "initial_time": _TIME, "timezone": string()}),
    "datetimepicker": element({}, {**_COMMON, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": element(
        {},
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
    ),
    "email_text_input": element({}, {**_TYPED, "initial_value": string()}),
    "url_text_input": element({}, {**_TYPED, "initial_value": string()}),
    "number_input": element(
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "rich_text_input": element(
        {},
        {**_TYPED, "initial_value": richtext.RICH_TEXT, "min_lines": whole(1, 100), "max_lines": whole(1, 100)},
    ),
    "file_input": element({}, {"filetypes": items(string(), 100), "max_files": whole(1, 10)}),
}
STATEFUL: Final = frozenset(ELEMENTS) - {
    "button",
    "workflow_button",
    "icon_button",
    "feedback_buttons",
    "overflow",
}
_TYPED_KINDS = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
_INPUT_KINDS = STATEFUL
_PRESSED = {"button", "workflow_button", "overflow"}
_SECTION_KINDS = (STATEFUL - _TYPED_KINDS - {"rich_text_input", "datetimepicker"}) | _PRESSED
_ACTION_KINDS = (STATEFUL - _TYPED_KINDS) | _PRESSED


def _some(kinds: set[str] | frozenset[str], **more: Rule) -> Rule:
    return by_type({kind: rule for kind, rule in ELEMENTS.items() if kind in kinds} | more)


def _block(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": anything, **required}, {"block_id": ID, **(optional or {})})


_CARD = both(
    _block(
        {},
        {
            "hero_image": by_type({"image": IMAGE}),
            "icon": by_type({"image": IMAGE}),
            "slack_icon": shape({"type": string(among=["icon"]), "name": string(None, 1)}),
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "subtext": text(200),
            "actions": items(by_type({"button": BUTTON}), 5),
        },
    ),
    any_of("hero_image", "title", "actions", "body"),
    not_both("icon", "slack_icon"),
)
_SECTION = both(
    _block(
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": _some(_SECTION_KINDS, image=IMAGE),
            "expand": flag,
        },
    ),
    any_of("text", "fields"),
)
_INPUT = _block(
    {"label": plain(2000), "element": _some(_INPUT_KINDS)},
    {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
)
_IMAGE_BLOCK = both(
    _block(
        {"alt_text": string(2000)},
        {
            "image_url": address(),
            "slack_file": SLACK_FILE,
            "title": plain(2000),
            **dict.fromkeys(("image_width", "image_height", "image_bytes"), whole(0)),  # as Slack gives a block back
            "fallback": string(),
            "is_animated": flag,
        },
    ),
    any_of("image_url", "slack_file"),
)
_VIDEO = _block(
    {"alt_text": string(), "title": plain(200), "thumbnail_url": address(), "video_url": address()},
    {
        "author_name": string(50),
        "description": plain(200),
        "provider_icon_url": address(),
        "provider_name": string(),
        "title_url": address(),
    },
)
_CONTEXT = by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": text(3000)})

EVERYWHERE: Final[dict[str, Rule]] = {
    "section": _SECTION,
    "divider": _block({}),
    "header": _block({"text": plain(150)}, {"level": whole(1, 4)}),
    "context": _block({"elements": items(_CONTEXT, 10)}),
    "actions": _block({"elements": items(_some(_ACTION_KINDS), 25)}),
    "image": _IMAGE_BLOCK,
    "input": _INPUT,
    "rich_text": _block({"elements": richtext.ELEMENTS}),
    "video": _VIDEO,
}
_MESSAGES_ONLY: Final[dict[str, Rule]] = {
    "markdown": _block({"text": string(12_000, 1)}),
    "file": _block({"external_id": string(), "source": string(among=["remote"])}),
    "context_actions": _block({"elements": items(_some({"feedback_buttons", "icon_button"}), 5)}),
    "table": _block(*tables.TABLE),
    "data_table": both(_block(*tables.DATA_TABLE), tables.data_table),
    "data_visualization": _block({"title": string(50, 1), "chart": tables.CHART}),
    "card": _CARD,
    "carousel": _block({"elements": items(by_type({"card": _CARD}), 10)}),
}
_MODALS_ONLY: Final[dict[str, Rule]] = {
    "alert": _block({"text": text(200)}, {"level": string(among=["default", "info", "warning", "error", "success"])}),
}
BLOCKS: Final = {
    MESSAGE: EVERYWHERE | _MESSAGES_ONLY,
    MODAL: EVERYWHERE | _MODALS_ONLY,
    HOME: EVERYWHERE,
}
_RULES: Final = {surface: items(by_type(BLOCKS[surface]), MOST_BLOCKS[surface], 0) for surface in BLOCKS}
_AT_MOST: Final = {"data_visualization": 2, "table": 1}


def faults(blocks: Any, surface: str, place: Place) -> None:
    """Report everything that Slack would refuse about these blocks."""
    _RULES[surface](blocks, place)
    if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
        _unique_block_ids(blocks, place)
        _unique_action_ids(blocks, place)
        _counts(blocks, place)
        if surface != MODAL:
            _no_files(blocks, place)


def _unique_block_ids(blocks: list[Json], place: Place) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = _string(block, "block_id")
        if block_id in seen:
            place.at(index).at("block_id").fault(f"`block_id` already exists: {block_id}")
        seen |= {block_id} - {""}


def _unique_action_ids(blocks: list[Json], place: Place) -> None:
    for index, block in enumerate(blocks):
        seen: set[str] = set()
        for step, each in elements_of(block):
            action_id = _string(each, "action_id")
            if action_id in seen:
                place.at(index).at(step).at("action_id").fault(f"`action_id` already exists in the block: {action_id}")
            seen |= {action_id} - {""}


def _string(value: Json, key: str) -> str:
    """The string under that key, "" for anything else."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _counts(blocks: list[Json], place: Place) -> None:
    for kind, most in _AT_MOST.items():
        if sum(block.get("type") == kind for block in blocks) > most:
            place.fault(f"no more than {most} {kind} blocks allowed")
    if tables.cells_length(blocks) > tables.MOST_TEXT:
        place.fault(f"no more than {tables.MOST_TEXT} characters in tables allowed")


def _no_files(blocks: list[Json], place: Place) -> None:
    for index, block in enumerate(blocks):
        for step, each in elements_of(block):
            if each["type"] == "file_input":
                place.at(index).at(step).fault("unsupported type: file_input")


def elements_of(block: Json) -> list[tuple[str, Json]]:
    """The interactive elements of a block, each with its place in it. Blocks of any quality."""
    found: list[tuple[str, Any]] = [(key, block.get(key)) for key in ("accessory", "element")]
    for key in ("elements", "actions"):
        inner = block.get(key)
        found += [(f"{key}/{index}", each) for index, each in enumerate(inner if isinstance(inner, list) else [])]
    for step, each in list(found):
        if block.get("type") == "carousel" and isinstance(each, dict):
            found += [(f"{step}/{inner_step}", inner) for inner_step, inner in elements_of(each)]
    return [(step, each) for step, each in found if isinstance(each, dict) and _string(each, "type") in ELEMENTS]


def options_of(each: Json) -> list[Json]:
    """All options of an element, groups or not."""
    groups = [group.get("options") or [] for group in each.get("option_groups") or [] if isinstance(group, dict)]
    return [
        option for options in [each.get("options") or [], *groups] for option in options if isinstance(option, dict)
    ]


def completed(blocks: list[Json]) -> list[Json]:
    """The same blocks with an id for each block and each element."""
    whole_blocks = copy.deepcopy(blocks)
    for block in whole_blocks:
        block.setdefault("block_id", ids.short())
        for _, each in elements_of(block):
            each.setdefault("action_id", ids.short())
    return whole_blocks


def text_length(value: Any) -> int:
    """Characters of text in blocks, wherever they stand."""
    if isinstance(value, list):
        return sum(text_length(each) for each in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(
        text_length(inner) for inner in value.values() if isinstance(inner, dict | list)
    )
