"""What a person's choice in an element becomes: an entry of `state.values`, and an action of `block_actions`.

Shapes: docs.slack.dev/reference/interaction-payloads (block_actions, view_submission), one field per element type.
"""

import re
from typing import Any, Final

from workspace.blocks import STATEFUL, elements_of, options_of
from workspace.errors import Refused
from workspace.shapes import Json

# element type -> (field in state and action, the element's key with the initial value)
FIELDS: Final = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_LISTS: Final = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
_SHOWN: Final = ("text", "value", "style", "placeholder", "url", "accessibility_label")
_FORMS: Final = {
    "datepicker": r"\d{4}-\d\d-\d\d",
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "number_input": r"-?\d+([.,]\d+)?",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"[a-z][a-z0-9+.-]*://\S+",
}

Values = dict[str, dict[str, Json]]


def initial(blocks: list[Json], kept: Values | None = None) -> Values:
    """The state of fresh blocks: initial values, or what a person had filled in in elements that are still there."""
    values: Values = {}
    for block in blocks:
        for _, element in elements_of(block):
            if element["type"] in STATEFUL:
                before = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
                same = before is not None and before["type"] == element["type"]
                entry = before if same and before is not None else _initial(element)
                values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def _initial(element: Json) -> Json:
    name, key = FIELDS[element["type"]]
    empty: Any = [] if name in _LISTS else None
    return {"type": element["type"], name: element.get(key, empty)}


def find(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json]:
    """The block and the element with that action id. Refuses if there is none, or more than one without a block id."""
    fitting = [
        (block, element)
        for block in blocks
        if block_id in (None, "", block.get("block_id"))
        for _, element in elements_of(block)
        if element.get("action_id") == action_id
    ]
    if not fitting:
        raise Refused("no_such_element", f"nothing here has the action_id {action_id!r}", 404)
    if len(fitting) > 1:
        raise Refused("which_element", f"{len(fitting)} elements have the action_id {action_id!r}; name the block", 400)
    return fitting[0]


def entry(element: Json, value: Any, offered: list[Json]) -> Json:
    """What the state says after this choice. `offered`: options that the app gave for an external select."""
    kind = element["type"]
    name, _ = FIELDS[kind]
    if value is None:
        return {"type": kind, name: [] if name in _LISTS else None}
    return {"type": kind, name: _coerced(element, name, value, offered)}


def _coerced(element: Json, name: str, value: Any, offered: list[Json]) -> Any:
    if name == "selected_option":
        return _option(element, value, offered)
    if name == "selected_options":
        return [_option(element, each, offered) for each in _list(value)]
    if name == "rich_text_value":
        return rich_text(value) if isinstance(value, str) else _of(value, dict)
    if name in _LISTS:
        return [_of(each, str) for each in _list(value)]
    return _picked(element["type"], value)


def _picked(kind: str, value: Any) -> Any:
    """One word, date or number, as the element's own picker would give it."""
    if kind == "datetimepicker":
        return _of(value, int)
    if kind in ("datepicker", "timepicker") and not re.fullmatch(_FORMS[kind], _of(value, str)):
        raise Refused("bad_value", f"{value!r} is not what a {kind} gives", 400)
    return _of(value, str)


def _of(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise Refused("bad_value", f"this element does not take {value!r}", 400)
    return value


def _list(value: Any) -> list[Any]:
    return list(_of(value, list))


def _option(element: Json, value: Any, offered: list[Json]) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    known = options_of(element) + offered
    found = next((option for option in known if option.get("value") == wanted), None)
    if found is None:
        raise Refused("no_such_option", f"{wanted!r} is not among {[option.get('value') for option in known]}", 400)
    return found


def action(element: Json, block: Json, value: Any, changed: Json, at: str) -> Json:
    """The entry of `actions` in block_actions. `changed` is the new state entry, {} for what has none."""
    done: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    done |= {key: element[key] for key in _SHOWN if key in element}
    if element["type"] == "feedback_buttons":
        done |= _feedback(element, value)
    return done | {key: inner for key, inner in changed.items() if key != "type"} | {"action_ts": at}


def _feedback(element: Json, value: Any) -> Json:
    for key in ("positive_button", "negative_button"):
        if element[key]["value"] == value:
            return {"text": element[key]["text"], "value": value}
    raise Refused("no_such_option", f"{value!r} is neither of the two buttons", 400)


def rich_text(text: str) -> Json:
    """Plain words as Slack's rich text."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def sends_at_once(block: Json, element: Json, trigger: str) -> bool:
    """Whether touching the element tells the app, or is only remembered."""
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    if element["type"] not in ("plain_text_input", "email_text_input", "url_text_input", "number_input"):
        return True
    config = element.get("dispatch_action_config") or {}
    return trigger in config.get("trigger_actions_on", ["on_enter_pressed"])


def missing(blocks: list[Json], values: Values) -> dict[str, tuple[str, int]]:
    """What Slack's own form refuses to send: block_id -> (kind of fault, number to mention)."""
    wrong: dict[str, tuple[str, int]] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            value = _value(values.get(block["block_id"], {}).get(element["action_id"]))
            if fault := _fault(element, value, optional=bool(block.get("optional"))):
                wrong[block["block_id"]] = fault
    return wrong


def _value(stored: Json | None) -> Any:
    return next((inner for key, inner in (stored or {}).items() if key != "type"), None)


def _fault(element: Json, value: Any, *, optional: bool) -> tuple[str, int] | None:
    if value in (None, "", []):
        return None if optional else ("required", 0)
    kind = element["type"]
    if kind in _FORMS and not re.fullmatch(_FORMS[kind], str(value), re.IGNORECASE):
        return kind, 0
    if kind == "plain_text_input":
        return _length_fault(element, str(value))
    return _range_fault(element, str(value)) if kind == "number_input" else None


def _length_fault(element: Json, value: str) -> tuple[str, int] | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return "too_short", least
    return ("too_long", most) if len(value) > most else None


def _range_fault(element: Json, value: str) -> tuple[str, int] | None:
    number = float(value.replace(",", "."))
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return "too_small", int(float(least))
    return ("too_large", int(float(most))) if most is not None and number > float(most) else None
